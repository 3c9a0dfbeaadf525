"""Gradient descent, run step by step by PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor


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


def stable_learning_rate(
    form: str,
    matrix: Sequence[Sequence[int]],
    scaling: str,
    ridge: int,
    rate: float,
) -> dict[str, Any]:
    """Differentiate the loss twice, try the bound by running, search the best rate."""
    data = torch.tensor(matrix, dtype=torch.float64)
    if form == "inputs":
        data = data.T
    elif form != "matrix":
        data = torch.diag(data[0] if form == "singular_values" else data[0].sqrt())

    def loss(weight: Tensor) -> Tensor:
        errors = (data @ weight).square()  # the targets move the minimum only
        penalty = ridge * weight.square().sum()
        if scaling == "half":
            return (errors.sum() + penalty) / 2
        return (errors.sum() if scaling == "sum" else errors.mean()) + penalty

    start = torch.zeros(data.shape[1], dtype=torch.float64)
    hessian = torch.autograd.functional.hessian(loss, start)
    eigenvalues, directions = torch.linalg.eigh(hessian)
    steepest, bound = directions[:, -1], 2 / eigenvalues[-1].item()
    assert descended(hessian, steepest, 0.95 * bound).norm() < 1
    assert descended(hessian, steepest, 1.05 * bound).norm() > 1
    if form == "inputs":
        first = descended(hessian, steepest, rate, steps=1) @ steepest
        shrinks = descended(hessian, steepest, rate).norm() < 1
        behaviour = (0 if first > 0 else 1) if shrinks else (3 if first > 0 else 2)
        return {"curvature": eigenvalues[-1], "bound": bound, "behaviour": behaviour}
    values = {"eigenvalues": eigenvalues.flip(0), "bound": bound}
    if form == "matrix":
        rate = values["best"] = best_rate(eigenvalues.tolist(), bound)
    step = torch.eye(2, dtype=torch.float64) - rate * hessian
    return {**values, "factor": torch.linalg.matrix_norm(step, 2)}


def descended(hessian: Tensor, start: Tensor, rate: float, steps: int = 20) -> Tensor:
    """Take steps of gradient descent on the quadratic function of a Hessian matrix."""
    weight = start
    for _ in range(steps):
        weight = weight - rate * hessian @ weight
    return weight


def best_rate(eigenvalues: Sequence[float], bound: float) -> float:
    """Search the rate at which the slowest direction is fastest, by thirds."""
    low, high = 0.0, bound
    for _ in range(100):
        left, right = low + (high - low) / 3, high - (high - low) / 3
        slowest = [
            max(abs(1 - r * value) for value in eigenvalues) for r in (left, right)
        ]
        low, high = (left, high) if slowest[0] > slowest[1] else (low, right)
    return low
