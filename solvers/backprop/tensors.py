"""Tensors in float64."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


def constant(value: Any) -> Tensor:
    """A tensor in float64."""
    return torch.tensor(value, dtype=torch.float64)


def leaf(value: Any, scale: float = 1.0) -> Any:
    """A tensor in float64, times a scale, that gradients are wanted for."""
    return (scale * constant(value)).requires_grad_()
