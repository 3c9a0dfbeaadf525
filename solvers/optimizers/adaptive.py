"""Optimizers of PyTorch that scale each weight's steps, run step by step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch


def adam_step(
    form: str,
    start: float,
    rate: float,
    betas: tuple[float, float],
    epsilon: float,
    gradients: Sequence[int],
    curvature: int,
    minimum: int,
) -> dict[str, Any]:
    """Take the steps and read Adam's state after each of them."""
    if form == "pair":
        return first_step(start, rate, betas, epsilon, gradients)
    weight = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    adam = torch.optim.Adam([weight], rate, betas, epsilon, foreach=False)
    values: dict[str, Any] = {}
    for time in range(1, (len(gradients) or 2) + 1):
        if curvature:
            loss = curvature / 2 * (weight - minimum) ** 2
        else:
            loss = gradients[time - 1] * weight
        (weight.grad,) = torch.autograd.grad(loss, weight)
        left = [1 - beta**time for beta in betas]
        if form == "uncorrected":  # a rate and an epsilon that undo the correction
            adam.param_groups[0]["lr"] = rate * left[0] / math.sqrt(left[1])
            adam.param_groups[0]["eps"] = epsilon / math.sqrt(left[1])
        adam.step()
        state = adam.state[weight]
        mean, square = state["exp_avg"].item(), state["exp_avg_sq"].item()
        step = {"g": weight.grad.item()} if curvature else {}
        step |= {"m": mean, "v": square, "w": weight.item()}
        if form != "uncorrected":
            step |= {"mhat": mean / left[0], "vhat": square / left[1]}
        values |= {f"{name}{time}": value for name, value in step.items()}
    return values


def first_step(
    start: float,
    rate: float,
    betas: tuple[float, float],
    epsilon: float,
    gradients: Sequence[int],
) -> dict[str, Any]:
    """Let Adam and SGD take the first step of several weights."""
    weights = torch.full((len(gradients),), start, dtype=torch.float64)
    plain = weights.clone()
    weights.grad = plain.grad = torch.tensor(gradients, dtype=torch.float64)
    adam = torch.optim.Adam([weights], rate, betas, epsilon, foreach=False)
    adam.step()
    torch.optim.SGD([plain], rate, foreach=False).step()
    mean, square = adam.state[weights]["exp_avg"], adam.state[weights]["exp_avg_sq"]
    return {
        "m1": mean,
        "v1": square,
        "mhat1": mean / (1 - betas[0]),
        "vhat1": square / (1 - betas[1]),
        "w1": weights,
        "plain": plain,
    }


def adagrad_rmsprop_step(
    method: str,
    start: int,
    rate: float,
    decay: float,
    gradients: Sequence[Sequence[int]],
) -> dict[str, Any]:
    """Let PyTorch's optimizers take the steps, and read their accumulators."""
    adagrad = accumulated("adagrad", start, rate, decay, gradients)
    rmsprop = accumulated("rmsprop", start, rate, decay, gradients)
    if method == "both":
        sums, means = adagrad[-1][0], rmsprop[-1][0]
        return {
            "sums": sums,
            "sum_rates": rate * sums.rsqrt(),
            "means": means,
            "mean_rates": rate * means.rsqrt(),
        }
    steps = adagrad if method == "adagrad" else rmsprop
    values: dict[str, Any] = {}
    for time, (accumulator, weight) in enumerate(steps, 1):
        values |= {f"s{time}": accumulator[0], f"w{time}": weight[0]}
    return values


def accumulated(
    method: str,
    start: int,
    rate: float,
    decay: float,
    gradients: Sequence[Sequence[int]],
) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Accumulators and weights after each step of an optimizer."""
    weights = torch.full((len(gradients),), float(start), dtype=torch.float64)
    optimizer: torch.optim.Optimizer
    if method == "adagrad":
        optimizer = torch.optim.Adagrad([weights], rate, eps=0, foreach=False)
        name = "sum"
    else:
        optimizer = torch.optim.RMSprop([weights], rate, decay, eps=0, foreach=False)
        name = "square_avg"
    steps = []
    for gradient in torch.tensor(gradients, dtype=torch.float64).T:
        weights.grad = gradient
        optimizer.step()
        steps.append((optimizer.state[weights][name].clone(), weights.clone()))
    return steps
