"""Statements on losses."""

import math

import torch
from torch import nn
from torch.distributions import Normal, kl_divergence
from torch.nn import functional


def loss_01() -> bool:
    """Whether the loss of probabilities is minus the logarithm of one."""
    probabilities = torch.tensor([[0.01, 0.97, 0.02]])
    loss = nn.CrossEntropyLoss()(probabilities, torch.tensor([0]))
    return bool(torch.isclose(loss, -probabilities[0, 0].log()))


def loss_02() -> bool:
    """Whether the loss of probabilities is minus the logarithm of one."""
    probabilities = torch.tensor([[1.0, 2.0, 0.0]]).softmax(1)
    loss = nn.NLLLoss()(probabilities, torch.tensor([1]))
    return bool(torch.isclose(loss, -probabilities[0, 1].log()))


def loss_03() -> bool:
    """Whether the two losses agree on a batch."""
    logits, labels = (
        torch.tensor([[1.0, 2.0, 0.0], [0.5, -1.0, 3.0]]),
        torch.tensor([1, 0]),
    )
    return torch.allclose(
        nn.CrossEntropyLoss()(logits, labels),
        nn.NLLLoss()(logits.log_softmax(1), labels),
    )


def loss_04() -> bool:
    """Whether bits exceed nats by 1/ln 2 for a probability of 1/100."""
    probability = torch.tensor(0.01, dtype=torch.float64)
    return math.isclose(
        (-probability.log2()).item(), (-probability.log()).item() / math.log(2)
    )


def loss_05() -> bool:
    """Whether logits (5, 0, 0) of class 0 have a gradient by one loss only."""
    label = torch.tensor([0])
    logits = torch.tensor([[5.0, 0.0, 0.0]], requires_grad=True)
    (hinge,) = torch.autograd.grad(functional.multi_margin_loss(logits, label), logits)
    (entropy,) = torch.autograd.grad(functional.cross_entropy(logits, label), logits)
    return bool((hinge == 0).all() and (entropy != 0).all())


def loss_06() -> bool:
    """Whether the loss of one sample is the sum of its margin violations."""
    scores, label = torch.tensor([[2.0, 3.0, 1.5, -1.0]]), torch.tensor([0])
    violations = (scores[0, 1:] - scores[0, 0] + 1).clamp(min=0)
    return bool(torch.isclose(nn.MultiMarginLoss()(scores, label), violations.sum()))


def loss_07() -> bool:
    """Whether the loss of one sample is the sum of its squared errors."""
    probabilities, target = (
        torch.tensor([[0.01, 0.97, 0.02]]),
        torch.tensor([[1.0, 0.0, 0.0]]),
    )
    return bool(
        torch.isclose(
            nn.MSELoss()(probabilities, target), ((probabilities - target) ** 2).sum()
        )
    )


def loss_08() -> bool:
    """Whether autograd finds probabilities minus targets at the logits."""
    logits = torch.tensor([[1.0, 2.0, 0.0]], requires_grad=True)
    functional.cross_entropy(logits, torch.tensor([1])).backward()
    assert logits.grad is not None
    return torch.allclose(
        logits.grad, logits.softmax(1) - torch.tensor([[0.0, 1.0, 0.0]])
    )


def loss_09() -> bool:
    """Whether two distributions have the same divergence in both directions."""
    p, q = torch.tensor([0.5, 0.5]), torch.tensor([0.75, 0.25])
    return bool(torch.isclose((p * (p / q).log()).sum(), (q * (q / p).log()).sum()))


def loss_10() -> bool:
    """Whether the divergence vanishes at (0, 1) only, on a grid."""
    mu, sigma = torch.meshgrid(
        torch.arange(-2.0, 3.0) / 2, torch.arange(1.0, 6.0) / 2, indexing="ij"
    )
    divergence = kl_divergence(Normal(mu.double(), sigma.double()), Normal(0.0, 1.0))
    zero = divergence.abs() < 1e-9
    return torch.equal(zero, (mu == 0) & (sigma == 1))


def loss_11() -> bool:
    """Whether the smoothed loss has the target 1 − α for the true class."""
    logits, alpha = torch.tensor([[1.0, 2.0, 0.0, -1.0]]), 0.2
    target = torch.tensor([[0.2 / 4, 1 - 0.2, 0.2 / 4, 0.2 / 4]])
    smoothed = functional.cross_entropy(
        logits, torch.tensor([1]), label_smoothing=alpha
    )
    return bool(torch.isclose(smoothed, -(target * logits.log_softmax(1)).sum()))
