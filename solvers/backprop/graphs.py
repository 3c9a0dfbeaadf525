"""Computation graphs by autograd."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from .tensors import leaf

OPERATIONS: dict[str, Callable[..., Tensor]] = {
    "+": torch.add,
    "*": torch.mul,
    "max": torch.maximum,
    "square": torch.square,
    "exp": torch.exp,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
}


def scalar_graph(
    inputs: Sequence[tuple[str, int]],
    nodes: Sequence[Sequence[str]],
    outputs: Sequence[tuple[str, int]],
) -> dict[str, float]:
    """Build the graph of tensors and let autograd differentiate it."""
    tensors = {name: leaf(value) for name, value in inputs}
    for name, operation, *operands in nodes:
        arguments = (tensors[operand] for operand in operands)
        tensors[name] = OPERATIONS[operation](*arguments)
    answers = {f"value_{name}": tensors[name].item() for name, *_ in nodes}
    ends = [tensors.pop(name) for name, _ in outputs]
    slopes = [leaf(slope) for _, slope in outputs]
    gradients = torch.autograd.grad(ends, list(tensors.values()), slopes)
    for name, gradient in zip(tensors, gradients, strict=True):
        answers[f"derivative_{name}"] = gradient.item()
    return answers
