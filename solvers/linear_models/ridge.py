"""Ridge regression: by least squares on more rows, autograd and SGD."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.distributions import Normal
from torch.nn.functional import mse_loss


def ridge_map(
    form: str,
    features: Sequence[Sequence[int]],
    targets: Sequence[int],
    ratio: float,
    noise: float,
    prior: float,
) -> dict[str, Any]:
    """Append a row per weight to the data; read λ off the densities."""
    X = torch.tensor(features, dtype=torch.float64)
    y = torch.tensor(targets, dtype=torch.float64)
    penalties = torch.full([X.shape[1]], ratio, dtype=torch.float64)
    if form == "bias":
        X = torch.cat([torch.ones_like(X), X], dim=1)
        penalties = torch.tensor([0, ratio], dtype=torch.float64)
    if form == "prior":
        found = curvature(prior) / curvature(noise)
        weights = penalised(X, y, found.expand(2))
        return {"penalty": found, "weights": weights}
    weights = penalised(X, y, penalties)
    if form == "single":
        return {"w": weights[0]}
    if form == "bias":
        return {"w": weights[1], "b": weights[0]}
    if form == "orthogonal":
        free = penalised(X, y, torch.zeros_like(penalties))
        return {"least_squares": free, "factors": weights / free, "weights": weights}
    system = X.T @ X + torch.diag(penalties)
    return {"system": system, "moments": X.T @ y, "weights": weights}


def ridge_gd_step(
    features: Sequence[Sequence[int]],
    targets: Sequence[int],
    start: Sequence[float],
    rate: float,
    penalty: int,
    averaged: bool,
    steps: int,
) -> dict[str, Any]:
    """Let autograd differentiate; let SGD step on the errors, with weight decay."""
    X = torch.tensor(features, dtype=torch.float64)
    y = torch.tensor(targets, dtype=torch.float64)
    weights = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    sgd = torch.optim.SGD([weights], rate, weight_decay=2 * penalty, foreach=False)
    values: dict[str, Any] = {}
    for step in range(1, steps + 1):
        errors = mse_loss(X @ weights, y, reduction="mean" if averaged else "sum")
        loss = errors + penalty * weights.square().sum()
        (gradient,) = torch.autograd.grad(loss, weights, retain_graph=True)
        (weights.grad,) = torch.autograd.grad(errors, weights)
        sgd.step()
        values[f"gradient{step}"] = gradient.squeeze()
        values[f"weights{step}"] = weights.detach().squeeze().clone()
    return values


def penalised(X: Tensor, y: Tensor, penalties: Tensor) -> Tensor:
    """Least squares; each weight times the root of its penalty is wanted to be 0."""
    longer = torch.cat([X, torch.diag(penalties.sqrt())])
    wanted = torch.cat([y, torch.zeros_like(penalties)])
    return torch.linalg.lstsq(longer, wanted[:, None]).solution[:, 0]


def curvature(variance: float) -> Tensor:
    """The second derivative of minus the logarithm of a normal density."""
    x = torch.zeros((), dtype=torch.float64, requires_grad=True)
    density = Normal(torch.zeros_like(x), torch.full_like(x, variance).sqrt())
    (slope,) = torch.autograd.grad(-density.log_prob(x), x, create_graph=True)
    return torch.autograd.grad(slope, x)[0]
