"""Gradients of mini-batches and clipped gradients, from autograd and torch.optim."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils import clip_grad_norm_, clip_grad_value_


def minibatch_gradient(
    form: str,
    samples: Sequence[Sequence[int]],
    size: int,
    start: Sequence[float],
    rate: float,
) -> dict[str, Any]:
    """Differentiate the mean loss of each batch, or draw every possible batch."""
    data = torch.tensor(samples, dtype=torch.float64)
    if form == "gradients":
        weights, batch = sgd_step(linear_loss, data[:size], start, rate)
        _, full = sgd_step(linear_loss, data, start, rate)
        return {"full": full, "batch": batch, "weights": weights}
    if form == "updates":
        values, weight = {}, start
        for number, batch in enumerate(data.split(size), 1):
            weight = sgd_step(squared_error, batch, weight, rate)[0].tolist()
            values[f"w{number}"] = weight[0]
        descent, _ = sgd_step(squared_error, data, start, rate)
        return values | {"descent": descent.item()}
    single = [sgd_step(squared_error, row, start, rate)[1] for row in data.split(1)]
    gradients = torch.cat(single)
    batches = itertools.product(gradients.tolist(), repeat=size)
    means = torch.tensor([*batches], dtype=torch.float64).mean(dim=1)
    return {
        "gradients": gradients,
        "expectation": means.mean(),
        "variance": means.var(correction=0),
        "weight_variance": (start[0] - rate * means).var(correction=0),
    }


def sgd_step(
    loss: Callable[[Tensor, Tensor], Tensor],
    batch: Tensor,
    start: Sequence[float],
    rate: float,
) -> tuple[Tensor, Tensor]:
    """The weights after one step, and the gradient that it went by."""
    weights = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    (weights.grad,) = torch.autograd.grad(loss(weights, batch), weights)
    torch.optim.SGD([weights], rate).step()
    return weights.detach(), weights.grad


def squared_error(weight: Tensor, batch: Tensor) -> Tensor:
    """The mean over a batch of inputs and targets."""
    inputs, targets = batch.unbind(dim=1)
    return ((weight * inputs - targets) ** 2).mean()


def linear_loss(weights: Tensor, batch: Tensor) -> Tensor:
    """The mean loss of samples that have the rows of the batch as gradients."""
    return (batch @ weights).mean()


def gradient_clipping(
    gradients: Sequence[Sequence[int]],
    limit: float,
    bound: float,
    weights: Sequence[Sequence[int]],
    rate: float,
) -> dict[str, Any]:
    """Clip by PyTorch's functions, and take the step by its optimizer."""
    unit = 2.0**-20  # PyTorch adds 1e-6 to the norm: in small units that is nothing
    scaled = [
        torch.tensor(entries, dtype=torch.float64) / unit for entries in gradients
    ]
    norm = clip_grad_norm_(
        [with_gradient(g, [0] * len(g)) for g in scaled], limit / unit
    )
    values: dict[str, Any] = {"norm": norm * unit}
    for number, gradient in enumerate(scaled, 1):  # they were clipped in place
        values[f"clipped{number}"] = gradient * unit
        if weights:
            moved = with_gradient(gradient * unit, weights[number - 1])
            torch.optim.SGD([moved], rate).step()
            values[f"weights{number}"] = moved
    if bound:
        by_value = torch.tensor(gradients[0], dtype=torch.float64)
        clip_grad_value_(with_gradient(by_value, gradients[0]), bound)
        values["by_value"] = by_value
    return values


def with_gradient(gradient: Tensor, weights: Sequence[int]) -> Tensor:
    """Weights that have a gradient."""
    tensor = torch.tensor(weights, dtype=torch.float64)
    tensor.grad = gradient
    return tensor
