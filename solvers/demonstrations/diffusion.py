"""Statements on diffusion."""

import itertools
import math

import torch
from torch import Tensor


def diffusion_01() -> bool:
    """Whether such steps keep the variance 1 of many samples."""
    torch.manual_seed(0)
    x = torch.randn(20_000)
    for beta in (0.1, 0.2, 0.3):
        x = math.sqrt(1 - beta) * x + math.sqrt(beta) * torch.randn(20_000)
    return abs(x.var().item() - 1) < 0.05


def diffusion_02() -> bool:
    """Whether the product falls at each of 1000 steps of the usual schedule."""
    alpha_bar = (1 - torch.linspace(1e-4, 0.02, 1000, dtype=torch.float64)).cumprod(0)
    return bool((alpha_bar.diff() < 0).all())


def alpha_bars() -> Tensor:
    """The products of the usual linear schedule of 1000 steps."""
    return (1 - torch.linspace(1e-4, 0.02, 1000, dtype=torch.float64)).cumprod(0)


def diffusion_06() -> bool:
    """Whether two steps of beta 1/2 leave a quarter of an image of ones."""
    mean = torch.ones(1, dtype=torch.float64)
    for beta in (0.5, 0.5):
        mean = math.sqrt(1 - beta) * mean
    return bool(torch.isclose(mean, torch.tensor(0.25).double()))


def diffusion_07() -> bool:
    """Whether mean and variance after two steps are those of the single step."""
    first, second = 0.1, 0.3
    beta = 1 - (1 - first) * (1 - second)
    factor = math.sqrt(1 - second) * math.sqrt(1 - first)
    variance = (1 - second) * first + second
    return math.isclose(factor, math.sqrt(1 - beta)) and math.isclose(variance, beta)


def diffusion_08() -> bool:
    """Whether solving for the image gives something else than the image."""
    torch.manual_seed(0)
    image, noise = torch.randn(2, 8, dtype=torch.float64)
    kept = 0.2
    noisy = math.sqrt(kept) * image + math.sqrt(1 - kept) * noise
    solved = (noisy - math.sqrt(1 - kept) * noise) / math.sqrt(kept)
    return not torch.allclose(solved, image)


def diffusion_09() -> bool:
    """Whether the ratio falls at each of 1000 steps."""
    kept = alpha_bars()
    return bool(((kept / (1 - kept)).diff() < 0).all())


def diffusion_10() -> bool:
    """Whether ten steps of 1/10 leave less than a hundredth of the variance."""
    return (1 - 0.1) ** 10 < 0.01


def diffusion_11() -> bool:
    """Whether the variance given both ends is below beta, by Gaussian conditioning.

    With the precisions of both neighbours: of x_t given x_{t-1}, and of x_{t-1} given
    the image.
    """
    betas = torch.linspace(1e-4, 0.02, 1000, dtype=torch.float64)[1:]
    precision = (1 - betas) / betas + 1 / (1 - alpha_bars()[:-1])
    return bool((1 / precision < betas).all())


def diffusion_12() -> bool:
    """Whether two runs agree, with the exact noise of standard normal data."""
    start = torch.tensor([0.7, -1.2], dtype=torch.float64)
    ends = []
    for _ in range(2):
        kept, x = alpha_bars().flip(0)[::100], start
        for now, following in itertools.pairwise(kept):
            noise = (1 - now).sqrt() * x
            image = (x - (1 - now).sqrt() * noise) / now.sqrt()
            x = following.sqrt() * image + (1 - following).sqrt() * noise
        ends.append(x)
    return torch.equal(ends[0], ends[1])


def diffusion_13() -> bool:
    """Whether many pixels have the correlation 1/4 where that is kept."""
    torch.manual_seed(0)
    image, noise = torch.randn(2, 20_000, dtype=torch.float64)
    noisy = math.sqrt(0.25) * image + math.sqrt(0.75) * noise
    return abs(torch.corrcoef(torch.stack([image, noisy]))[0, 1].item() - 0.25) < 0.05


def diffusion_14() -> bool:
    """Whether a weight of one gives the unconditional prediction."""
    unconditional, conditional = torch.tensor([[0.2, -1.0], [0.5, 0.3]]).double()
    guided = unconditional + 1 * (conditional - unconditional)
    return torch.allclose(guided, unconditional)
