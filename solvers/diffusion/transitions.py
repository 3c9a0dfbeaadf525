"""Single steps of a diffusion model, forward and back."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor
from torch.distributions import Normal, kl_divergence
from torch.nn import functional


def step_kernel(
    betas: tuple[float, ...],
    image: tuple[float, ...],
    noise: tuple[float, ...],
    sample: float,
    spread: float,
) -> dict[str, Any]:
    """Take the steps one by one; condition a joint normal distribution to go back."""
    if spread:
        return compared(betas, spread)
    if sample:
        return posterior(betas, image[0], sample)
    start = torch.tensor(image, dtype=torch.float64)
    steps = Normal(math.sqrt(1 - betas[0]) * start, math.sqrt(betas[0]))
    if not noise:
        return {"mean": steps.mean, "variance": steps.variance[0].item()}
    found, value, factor, variance = {}, image[0], 1.0, 0.0
    for step, (beta, number) in enumerate(zip(betas, noise, strict=True), 1):
        value = math.sqrt(1 - beta) * value + math.sqrt(beta) * number
        found[f"sample_{step}"] = value
        factor *= math.sqrt(1 - beta)
        variance = (1 - beta) * variance + beta
    return found | {"factor": factor, "variance": variance}


KERNELS = (
    lambda beta: (math.sqrt(1 - beta), beta),
    lambda beta: (math.sqrt(beta), 1 - beta),
    lambda beta: (1.0, beta),
)
"""The factor and the added variance of each kernel."""


def compared(betas: tuple[float, ...], spread: float) -> dict[str, Any]:
    """Follow factor and variance step by step, then see what small steps lead to."""
    found: dict[str, Any] = {}
    for number, kernel in enumerate(KERNELS, 1):
        factor, variance = 1.0, spread
        for beta in betas:
            scale, added = kernel(beta)
            factor *= scale
            variance = scale**2 * variance + added
        found |= {f"factor_{number}": factor, f"variance_{number}": variance}
    for number, kernel in enumerate(KERNELS):
        scale, added = kernel(0.001)
        settled = added / (1 - scale**2) if scale < 1 else math.inf
        if math.isclose(settled, 1) and scale > 0.99:
            found["kernel"] = number
    return found


def posterior(
    betas: tuple[float, ...], image: float, sample: float
) -> dict[str, float]:
    """The first of two steps, given the second: a conditional normal distribution."""
    first, second = betas
    made = torch.tensor(  # the two values, made of the image and two noises
        [
            [math.sqrt(1 - first), math.sqrt(first), 0.0],
            [
                math.sqrt((1 - first) * (1 - second)),
                math.sqrt((1 - second) * first),
                math.sqrt(second),
            ],
        ],
        dtype=torch.float64,
    )
    covariance = made[:, 1:] @ made[:, 1:].T
    gain = (covariance[0, 1] / covariance[1, 1]).item()
    of_image = (made[0, 0] - gain * made[1, 0]).item()
    return {
        "image_weight": of_image,
        "sample_weight": gain,
        "mean": of_image * image + gain * sample,
        "variance": (covariance[0, 0] - gain * covariance[0, 1]).item(),
    }


def markov_and_loss(
    steps: int,
    size: tuple[int, int, int],
    images: int,
    batch: int,
    term: str,
    target: tuple[float, ...],
    predicted: tuple[float, ...],
    deviation: float,
    alpha_bar: float,
) -> dict[str, Any]:
    """Let autograd find what each term trains, and count calls while sampling."""
    if term:
        trained = trained_steps()
        asked = {"prior": set(), "denoising": {2, 3}, "reconstruction": {1}}[term]
        return {
            "term": trained.index(asked),
            "divergences": len(range(2, steps + 1)),
            "output": torch.randn_like(torch.zeros(batch, *size, device="meta")).shape,
            "calls": sampled(steps),
        }
    left, right = (
        torch.tensor(values, dtype=torch.float64) for values in (target, predicted)
    )
    right.requires_grad_()
    if deviation:
        divergence = kl_divergence(Normal(left, deviation), Normal(right, deviation))
        (gradient,) = torch.autograd.grad(divergence.sum(), right)
        return {
            "distance": (left - right).square().sum().item(),
            "divergence": divergence.sum().item(),
            "gradient": gradient,
        }
    signal, scale = math.sqrt(alpha_bar), math.sqrt(1 - alpha_bar)
    noised = signal * torch.ones_like(left) + scale * left
    estimate = (noised - scale * right) / signal
    factor = torch.autograd.grad(estimate[0], right)[0][0].abs()
    return {
        "loss": functional.mse_loss(right, left).item(),
        "factor": factor.item(),
        "image_loss": functional.mse_loss(estimate, torch.ones_like(left)).item(),
        "calls": sum(sampled(steps) for _ in range(0, images, batch)),
    }


def sampled(steps: int) -> int:
    """How often a network is called on the way from noise to an image."""
    calls = 0

    def network(x: float, t: int) -> float:
        nonlocal calls
        calls += 1
        return x / (t + 1)

    x = 1.0
    for t in range(steps, 0, -1):
        x -= network(x, t)
    return calls


def trained_steps() -> list[set[int]]:
    """The steps back that move each term of the bound, in a chain of three."""
    betas = torch.tensor([0.1, 0.2, 0.3], dtype=torch.float64)
    bars = (1 - betas).cumprod(0)
    parameters = torch.full((3,), 0.7, dtype=torch.float64, requires_grad=True)
    samples = bars.sqrt()  # of the image 1, with noise 0

    def back(t: int) -> Normal:
        return Normal(parameters[t - 1] * samples[t - 1], betas[t - 1].sqrt())

    prior = kl_divergence(Normal(samples[2], (1 - bars[2]).sqrt()), Normal(0.0, 1.0))
    posteriors = [(Normal(samples[t - 2], betas[t - 1].sqrt()), t) for t in (2, 3)]
    denoising = torch.stack([kl_divergence(one, back(t)) for one, t in posteriors])
    reconstruction = -back(1).log_prob(torch.ones(()))
    return [
        moved(value, parameters) for value in (prior, denoising.sum(), reconstruction)
    ]


def moved(value: Tensor, parameters: Tensor) -> set[int]:
    """The numbers, from 1, of the parameters with a gradient."""
    if not value.requires_grad:
        return set()
    (gradient,) = torch.autograd.grad(value, parameters)
    return {place + 1 for place in gradient.nonzero().flatten().tolist()}
