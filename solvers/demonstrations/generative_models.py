"""Statements on autoencoders, contrastive learning and GANs."""

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
