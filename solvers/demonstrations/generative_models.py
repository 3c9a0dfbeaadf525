"""Statements on autoencoders, contrastive learning and GANs."""

import math

import torch
from torch import Tensor, nn
from torch.distributions import Normal, kl_divergence
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


def cloud(rank: int) -> Tensor:
    """Twenty centred points of three dimensions that span a subspace of some rank."""
    torch.manual_seed(0)
    points = torch.randn(20, rank, dtype=torch.float64) @ torch.randn(rank, 3).double()
    return points - points.mean(dim=0)


def projected(points: Tensor, units: int) -> Tensor:
    """What the best linear autoencoder of so many hidden units makes of points."""
    _, _, directions = torch.linalg.svd(points)
    return points @ directions[:units].T @ directions[:units]


def autoencoder_05() -> bool:
    """Whether points of a plane differ from what a code of two numbers gives."""
    points = cloud(rank=2)
    return not torch.allclose(projected(points, units=2), points)


def autoencoder_06() -> bool:
    """Whether the error of the projection is the square of the last singular value."""
    points = cloud(rank=3)
    error = ((projected(points, units=2) - points) ** 2).sum()
    return bool(torch.isclose(error, torch.linalg.svdvals(points)[2] ** 2))


def autoencoder_07() -> bool:
    """Whether 784 inputs and 32 units have half the weights if the matrix is shared."""
    apart = nn.ModuleList([nn.Linear(784, 32), nn.Linear(32, 784)])
    encoder = nn.Linear(784, 32)
    shared = nn.ModuleList([encoder])
    plain, tied = (
        sum(p.numel() for p in model.parameters() if p.ndim == 2)
        for model in (apart, shared)
    )
    reconstruction = functional.linear(torch.zeros(1, 32), encoder.weight.T)
    return plain == 2 * tied and reconstruction.shape == (1, 784)


def divergence_from_prior(mu: float, sigma: float) -> float:
    """The KL term of a single code."""
    code = Normal(torch.tensor(mu).double(), torch.tensor(sigma).double())
    prior = Normal(torch.tensor(0.0).double(), torch.tensor(1.0).double())
    return kl_divergence(code, prior).item()


def vae_04() -> bool:
    """Whether the term falls as the deviation goes to zero."""
    terms = [divergence_from_prior(0.0, sigma) for sigma in (1.0, 0.1, 0.01)]
    return terms == sorted(terms, reverse=True)


def vae_05() -> bool:
    """Whether the divergence of the prior from itself is zero."""
    return divergence_from_prior(0.0, 1.0) == 0


def vae_06() -> bool:
    """Whether a code drawn so requires gradients."""
    mu = torch.zeros(4, requires_grad=True)
    sigma = torch.ones(4, requires_grad=True)
    code = Normal(mu, sigma)
    assert code.rsample().requires_grad
    return code.sample().requires_grad


def loss_of_views(embeddings: Tensor) -> Tensor:
    """The loss of SimCLR at temperature 1/2; views 2i and 2i + 1 are of one image."""
    unit = functional.normalize(embeddings, dim=1)
    similarities = (unit @ unit.T / 0.5).fill_diagonal_(-math.inf)
    positives = torch.arange(len(unit)) ^ 1
    return functional.cross_entropy(similarities, positives)


def contrastive_04() -> bool:
    """Whether the loss of six views changes with the length of their embeddings."""
    torch.manual_seed(0)
    embeddings = torch.randn(6, 4, dtype=torch.float64)
    return not torch.isclose(loss_of_views(2 * embeddings), loss_of_views(embeddings))


def contrastive_05() -> bool:
    """Whether six equal embeddings have the loss ln 5."""
    loss = loss_of_views(torch.ones(6, 4, dtype=torch.float64))
    return math.isclose(loss.item(), math.log(5))


def gan_06() -> bool:
    """Whether the one derivative by the logit is 100 times the other at -6."""
    logit = torch.tensor(-6.0, dtype=torch.float64, requires_grad=True)
    saturating = torch.log(1 - logit.sigmoid())
    other = -functional.logsigmoid(logit)
    (weak,) = torch.autograd.grad(saturating, logit)
    (strong,) = torch.autograd.grad(other, logit)
    return bool(strong.abs() > 100 * weak.abs())


def gan_07() -> bool:
    """Whether 1/2 is best for data (3/4, 1/4) and samples (1/4, 3/4)."""
    data, generated = torch.tensor([[0.75, 0.25], [0.25, 0.75]]).double()
    answers = torch.full((2,), 0.5, dtype=torch.float64, requires_grad=True)
    loss = -(data * answers.log() + generated * (1 - answers).log()).sum()
    (gradient,) = torch.autograd.grad(loss, answers)
    return torch.allclose(gradient, torch.zeros(2).double())


def gan_08() -> bool:
    """Whether a detached image leaves the discriminator without a gradient."""
    torch.manual_seed(0)
    generator, discriminator = nn.Linear(2, 3), nn.Linear(3, 1)
    image = generator(torch.ones(1, 2)).detach()
    functional.softplus(discriminator(image)).sum().backward()
    assert generator.weight.grad is None
    return discriminator.weight.grad is None
