"""A single neuron by autograd and an optimizer."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch.nn import functional

from .tensors import constant, leaf


def delta_rule(
    inputs: Sequence[int],
    weights: Sequence[int],
    bias: int,
    logarithm: int,
    target: int,
    activation: str,
    loss: str,
    rate: float,
    delta: float | None = None,
) -> dict[str, float]:
    """Differentiate the error by autograd, and let an optimizer make the step."""
    w = leaf(weights)
    b = leaf(bias + math.copysign(math.log(abs(logarithm)), logarithm))
    x, t = constant(inputs), constant(target)
    z = w @ x + b
    y = z if activation == "linear" else getattr(torch, activation)(z)
    if loss == "cross_entropy":
        error = functional.binary_cross_entropy(y, t)
    else:
        error = (y - t) ** 2 / (2 if loss == "half_squared" else 1)
    (slope,) = torch.autograd.grad(error, z, retain_graph=True)
    z.backward(slope if delta is None else constant(delta))
    names = [*(f"w{place}" for place in range(1, len(weights) + 1)), "b"]
    answers = {"output": y.item(), "delta": slope.item()}
    for name, gradient in zip(names, [*w.grad.tolist(), b.grad.item()], strict=True):
        answers[f"gradient_{name}"] = gradient
    if rate:
        torch.optim.SGD([w, b], rate, foreach=False).step()
        for name, value in zip(names, [*w.tolist(), b.item()], strict=True):
            answers[f"new_{name}"] = value
    return answers
