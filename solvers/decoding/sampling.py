"""Temperatures of a softmax, by PyTorch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.distributions import Categorical


def temperature_softmax(
    form: str,
    values: Sequence[float],
    temperature: float,
    ratio: int,
    kept: int,
    limit: str,
) -> dict[str, Any]:
    """Divide the logits by the temperature; find one by halving an interval."""
    z = torch.tensor(values, dtype=torch.float64)
    if form == "solve":
        T = temperature_of_ratio(z, ratio)
        found = {"temperature": T, "distribution": (z / T).softmax(dim=0)}
        return found | {"limit": limit_of(z, 1e-4 if limit == "zero" else 1e6)}
    distribution = (z / temperature).softmax(dim=0)
    answers: dict[str, Any] = {"distribution": distribution}
    if form == "truncated":
        smallest = z.topk(kept).values.min()
        distribution = (
            (z / temperature).masked_fill(z < smallest, -math.inf).softmax(dim=0)
        )
        answers["truncated"] = distribution
    if form != "logits":
        answers["entropy"] = Categorical(distribution).entropy() / math.log(2)
    return answers


def temperature_of_ratio(z: Tensor, ratio: int) -> float:
    """The temperature at which token 0 is so many times as probable as token 1."""
    low, high = 0.01, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        first, second = (z[:2] / middle).softmax(dim=0).tolist()
        low, high = (middle, high) if first > ratio * second else (low, middle)
    return low


def limit_of(z: Tensor, temperature: float) -> int:
    """What an extreme temperature comes to: its place in this list."""
    one_hot = torch.eye(len(z), dtype=z.dtype)
    uniform = torch.full_like(z, 1 / len(z))
    cases = [one_hot[z.argmax()], uniform, z.softmax(dim=0), one_hot[z.argmin()]]
    distribution = (z / temperature).softmax(dim=0)
    return [torch.allclose(distribution, case, atol=1e-4) for case in cases].index(True)
