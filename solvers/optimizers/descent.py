"""Gradient descent, run step by step by PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch


def gd_quadratic(
    form: str,
    coefficients: Sequence[int],
    minimum: Sequence[int],
    start: Sequence[int],
    rate: float,
    steps: int,
    tolerance: float,
) -> dict[str, Any]:
    """Let autograd differentiate and SGD step; measure the factors, count the steps."""
    a, c = torch.tensor(coefficients), torch.tensor(minimum)
    weight = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    sgd = torch.optim.SGD([weight], rate, foreach=False)
    offsets, values = [weight.detach() - c], {}
    while len(offsets) <= steps or offsets[-1].abs().max() >= tolerance > 0:
        loss = (a * (weight - c) ** 2).sum()
        (weight.grad,) = torch.autograd.grad(loss, weight)
        sgd.step()
        values[f"g{len(offsets)}"] = weight.grad[0].item()
        values[f"w{len(offsets)}"] = weight[0].item()
        offsets.append(weight.detach() - c)
    factors = offsets[1] / offsets[0]
    if form == "tolerance":
        return {"factor": factors[0].abs(), "steps": len(offsets) - 1}
    if form == "coordinates":
        return {"factors": factors, "weights": weight.detach()}
    return values
