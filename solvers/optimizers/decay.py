"""Weight decay by PyTorch's optimizers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch


def weight_decay_step(
    form: str,
    weights: Sequence[int],
    gradients: Sequence[int],
    rate: float,
    decay: float,
    steps: int,
    fraction: float,
    epsilon: int,
) -> dict[str, Any]:
    """Give the decay to the optimizers, or differentiate the penalty by autograd."""
    if form == "shrink":
        return shrunk(weights, rate, decay, steps, fraction)
    start = torch.tensor(weights, dtype=torch.float64, requires_grad=True)
    given = torch.tensor(gradients, dtype=torch.float64)
    penalty = decay * (start.abs() if form == "absolute" else start.square() / 2).sum()
    (slope,) = torch.autograd.grad(penalty, start)
    if form == "adam":
        options = {"lr": rate, "eps": epsilon, "weight_decay": decay, "foreach": False}
        return {
            "coupled": given + slope,
            "adam": stepped(torch.optim.Adam, start, given, **options),
            "adamw": stepped(torch.optim.AdamW, start, given, **options),
        }
    if form == "squared":
        after = stepped(torch.optim.SGD, start, given, lr=rate, weight_decay=decay)
    else:
        after = stepped(torch.optim.SGD, start, given + slope, lr=rate)
    return {"penalty": slope[0], "w": after[0]}


def stepped(
    optimizer: type[torch.optim.Optimizer],
    start: torch.Tensor,
    gradient: torch.Tensor,
    **options: Any,
) -> torch.Tensor:
    """The weights after the first step of an optimizer."""
    weights = start.detach().clone()
    weights.grad = gradient.clone()
    optimizer([weights], **options).step()
    return weights


def shrunk(
    start: Sequence[int], rate: float, decay: float, steps: int, fraction: float
) -> dict[str, Any]:
    """Take steps without gradients for as long as it is asked."""
    weights = torch.tensor(start, dtype=torch.float64)
    weights.grad = torch.zeros_like(weights)
    sgd = torch.optim.SGD([weights], rate, weight_decay=decay, foreach=False)
    path = [weights.clone()]
    while len(path) <= steps or path[-1][0].abs() >= fraction * path[0][0].abs():
        sgd.step()
        path.append(weights.clone())
    shares = [(weights[0] / path[0][0]).item() for weights in path]
    return {
        "penalty": decay / 2 * path[0].square().sum(),
        "factor": shares[1],
        "weights": path[steps],
        "steps": next(time for time, share in enumerate(shares) if share < fraction),
    }
