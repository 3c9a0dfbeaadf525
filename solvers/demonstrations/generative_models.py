"""Statements on autoencoders, contrastive learning, GANs and diffusion."""

import math

import torch
from torch.nn import functional


def vae_02() -> bool:
    """Whether two codes of the same mean and deviation are equal."""
    torch.manual_seed(0)
    code = torch.distributions.Normal(torch.zeros(4), torch.ones(4))
    return torch.equal(code.rsample(), code.rsample())


def contrastive_01() -> bool:
    """Whether each view of five images has 2 * 5 - 2 views of other images."""
    images = [image for image in range(5) for _ in range(2)]
    return all(sum(other != image for other in images) == 2 * 5 - 2 for image in images)


def contrastive_03() -> bool:
    """Whether equal logits for four rotations have the loss ln 4."""
    loss = functional.cross_entropy(torch.zeros(4, 4), torch.arange(4))
    return math.isclose(loss.item(), math.log(4), rel_tol=1e-6)


def gan_04() -> bool:
    """Whether logits of zero on both kinds of samples give the loss 2 ln 2."""
    logit = torch.zeros(1)
    real = functional.binary_cross_entropy_with_logits(logit, torch.ones(1))
    generated = functional.binary_cross_entropy_with_logits(logit, torch.zeros(1))
    return math.isclose((real + generated).item(), 2 * math.log(2), rel_tol=1e-6)


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
