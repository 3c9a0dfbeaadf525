"""Optimizers of PyTorch, run step by step."""

from __future__ import annotations

from collections.abc import Sequence

import torch


def adam_step(
    start: float,
    rate: float,
    betas: tuple[float, float],
    epsilon: float,
    gradients: Sequence[int],
    curvature: int,
    minimum: int,
) -> dict[str, float]:
    """Take the steps and read Adam's state after each of them."""
    weight = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    adam = torch.optim.Adam([weight], rate, betas, epsilon, foreach=False)
    values = {}
    for time in range(1, (len(gradients) or 2) + 1):
        if curvature:
            loss = curvature / 2 * (weight - minimum) ** 2
        else:
            loss = gradients[time - 1] * weight
        (weight.grad,) = torch.autograd.grad(loss, weight)
        if curvature:
            values[f"g{time}"] = weight.grad.item()
        adam.step()
        state = adam.state[weight]
        mean, square = state["exp_avg"].item(), state["exp_avg_sq"].item()
        values |= {
            f"m{time}": mean,
            f"v{time}": square,
            f"mhat{time}": mean / (1 - betas[0] ** time),
            f"vhat{time}": square / (1 - betas[1] ** time),
            f"w{time}": weight.item(),
        }
    return values
