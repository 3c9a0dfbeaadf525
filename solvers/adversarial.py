"""Attacks on a logistic classifier, along gradients that autograd finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch.nn import functional


def perturbation_step(
    form: str,
    weights: Sequence[int],
    bias: float,
    inputs: Sequence[float],
    epsilon: float,
    step: float,
    label: int,
) -> dict[str, Any]:
    """Follow the gradient of the loss with respect to the inputs."""
    w = torch.tensor(weights, dtype=torch.float64)
    x = torch.tensor(inputs, dtype=torch.float64)
    if form == "iterated":
        return iterated(w, bias, x, epsilon, step, 1 - label)
    score = w @ x + bias
    gradient = input_gradient(w, bias, x, label)
    direction = functional.normalize(gradient, dim=0)
    moved = x + epsilon * (direction if form == "ball" else gradient.sign())
    new_score = w @ moved + bias
    found = {"perturbed": moved, "new_score": new_score}
    if form == "score":
        return found | {"score": score}
    found["smallest"] = change_to_zero(score, w @ (x + gradient.sign()) + bias)
    if form == "ball":
        length = change_to_zero(score, w @ (x + direction) + bias)
        return found | {"smallest_length": length}
    return found | {"gradient": gradient, "new_probability": new_score.sigmoid()}


def input_gradient(
    w: torch.Tensor, bias: float, x: torch.Tensor, label: int
) -> torch.Tensor:
    """The slope of the cross-entropy for each input."""
    x = x.clone().requires_grad_()
    target = torch.tensor(label, dtype=torch.float64)
    loss = functional.binary_cross_entropy_with_logits(w @ x + bias, target)
    return torch.autograd.grad(loss, x)[0]


def change_to_zero(score: torch.Tensor, after: torch.Tensor) -> torch.Tensor:
    """How large a step makes a score zero that a step of size 1 takes to `after`."""
    return score / (score - after)


def iterated(
    w: torch.Tensor,
    bias: float,
    start: torch.Tensor,
    epsilon: float,
    step: float,
    target: int,
) -> dict[str, Any]:
    """Two steps towards the target, clipped after each."""
    x, path = start, []
    for _ in range(2):
        x = x - step * input_gradient(w, bias, x, target).sign()
        x = torch.clamp(x, start - epsilon, start + epsilon).clamp(0, 1)
        path.append(x)
    score = w @ x + bias
    return {
        "first": path[0],
        "second": path[1],
        "new_score": score,
        "new_probability": score.sigmoid(),
    }
