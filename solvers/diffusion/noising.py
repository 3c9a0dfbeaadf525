"""The forward process of a diffusion model, step by step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch.nn import functional


def alpha_bar(
    betas: tuple[float, ...],
    ends: tuple[float, float],
    steps: int,
    asked: int,
    threshold: float,
    inverse: bool,
) -> dict[str, Any]:
    """Multiply up the schedule with PyTorch."""
    if betas:
        return listed(torch.tensor(betas, dtype=torch.float64), inverse)
    schedule = torch.linspace(*ends, steps, dtype=torch.float64)
    bars = torch.cumprod(1 - schedule, 0)
    bar = bars[asked - 1].item()
    if threshold:
        below = (bars < threshold).nonzero()[0].item() + 1
        return {"alpha_bar": bar, "ratio": bar / (1 - bar), "first": below}
    beta = schedule[asked - 1].item()
    roots = {"signal": math.sqrt(bar), "noise": math.sqrt(1 - bar)}
    return {"beta": beta, "alpha_bar": bar, **roots}


def listed(betas: torch.Tensor, inverse: bool) -> dict[str, float]:
    """Alpha and alpha bar of each step, or from alpha bars the way back."""
    bars = torch.cumprod(1 - betas, 0)
    if inverse:
        before = torch.cat([torch.ones(1), bars[:-1]])
        found = {f"beta_{t}": x for t, x in enumerate((1 - bars / before).tolist(), 1)}
        return found | {"ratio": (bars[-1] / (1 - bars[-1])).item()}
    found = {f"alpha_{t}": x for t, x in enumerate((1 - betas).tolist(), 1)}
    return found | {f"alpha_bar_{t}": x for t, x in enumerate(bars.tolist(), 1)}


def forward_sample(
    betas: tuple[float, ...],
    given_alpha_bar: float,
    image: tuple[float, ...],
    noise: tuple[float, ...],
    predicted: tuple[float, ...],
    spread: float,
    sample: tuple[float, ...],
    asked: str,
) -> dict[str, Any]:
    """Go through the steps one by one."""
    signal, variance = after_steps(betas or (1 - given_alpha_bar,))
    found = {"alpha_bar": 1 - variance} if betas else {}
    scale = math.sqrt(variance)
    x, true, guess, noised = (
        torch.tensor(values, dtype=torch.float64)
        for values in (image, noise, predicted, sample)
    )
    if asked == "variance":
        _, whole = after_steps(betas or (1 - given_alpha_bar,), spread)
        return found | {"mean": signal * image[0], "variance": whole}
    if asked == "sample":
        noised = signal * x + scale * true
        return found | {"signal": signal, "scale": scale, "sample": noised}
    if asked == "noise":
        return found | {"noise": (noised - signal * x) / scale}
    estimate = (noised - scale * guess) / signal
    loss = functional.mse_loss(guess, true).item()
    return found | {"estimate": estimate, "loss": loss}


def after_steps(betas: Sequence[float], variance: float = 0.0) -> tuple[float, float]:
    """The factor of the image, and the variance, after all steps."""
    signal = 1.0
    for beta in betas:
        signal *= math.sqrt(1 - beta)
        variance = (1 - beta) * variance + beta
    return signal, variance
