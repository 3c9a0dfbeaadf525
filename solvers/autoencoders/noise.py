"""Noise in autoencoders, with PyTorch's losses, distributions and autograd."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.distributions import AffineTransform, Bernoulli


def denoising(
    form: str,
    clean: Sequence[float],
    noise: Sequence[float],
    factor: float,
    output: Sequence[float],
    image: Sequence[int],
    noisy_input: Sequence[float] | None = None,
) -> dict[str, Any]:
    """Corrupt the pixels, and compare the output with its targets."""
    x, e, y = (torch.tensor(row, dtype=torch.float64) for row in (clean, noise, output))
    if form == "mask":
        hidden = e == 0
        noisy = x.masked_fill(hidden, 0)
        rate = torch.full(tuple(image), factor, dtype=torch.float64)
        return {
            "noisy_input": noisy,
            "loss": nn.MSELoss()(y, x),
            "masked_loss": nn.MSELoss()(y[hidden], x[hidden]),
            "expected": Bernoulli(rate).mean.sum().round(decimals=9).item(),
        }
    noisy = torch.add(x, e, alpha=factor).clamp(0, 1)
    found = {"noisy_input": noisy}
    if form == "noise":
        return found
    found["loss"] = nn.MSELoss()(y, x)
    if form == "compare":
        given = noisy if noisy_input is None else torch.tensor(noisy_input).double()
        found["noisy_error"] = nn.MSELoss()(y, given)
        found["copied_loss"] = nn.MSELoss()(given, x)
        found["ratio"] = torch.norm(x).square() / torch.norm(given - x).square()
    return found


def vae_reparameterisation(
    form: str,
    means: Sequence[Sequence[float]],
    spread_numbers: Sequence[Sequence[float]],
    noise: Sequence[Sequence[float]],
    weights: Sequence[int],
    target: float,
    share: float,
) -> dict[str, Any]:
    """Shift and scale standard normal noise, and let autograd differentiate."""
    mu, spread, e = (
        torch.tensor(rows, dtype=torch.float64)
        for rows in (means, spread_numbers, noise)
    )
    mu.requires_grad_()
    spread.requires_grad_()
    sigma = spread if form == "deviation" else spread.exp().sqrt()
    z = AffineTransform(mu, sigma)(e)
    if form == "deviation":
        return {"code": z[0].detach()}
    if form == "log variance":
        slopes = torch.autograd.grad(z.sum(), spread)[0]
        return {
            "deviation": sigma[0].detach(),
            "code": z[0].detach(),
            "derivatives": slopes[0],
        }
    if form == "interpolation":
        first, second = z.detach()
        prior = AffineTransform(torch.zeros_like(e), torch.ones_like(e))
        return {
            "first": first,
            "second": second,
            "between": torch.lerp(first, second, share),
            "generated": prior(e)[0],
        }
    output = nn.functional.linear(z[0], torch.tensor(weights).double())
    loss = (output - target).square()
    mean_gradient, variance_gradient = torch.autograd.grad(loss, [mu, spread])
    return {
        "code": z[0].detach(),
        "output": output.detach(),
        "mean_gradient": mean_gradient[0],
        "variance_gradient": variance_gradient[0],
    }
