"""Objectives of several parts, computed by PyTorch's losses and distributions."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.distributions import Bernoulli, Independent, Normal, kl_divergence
from torch.nn import functional


def elbo(
    form: str,
    likelihood: Sequence[float],
    pixels: Sequence[int],
    prior: Sequence[float],
    posterior: Sequence[float],
    deviations: Sequence[float],
    beta: float,
) -> dict[str, Tensor]:
    """Let distributions know their likelihoods and divergences; enumerate the codes."""
    probabilities, q = (
        torch.tensor(row, dtype=torch.float64) for row in (likelihood, posterior)
    )
    if form == "parts":
        loss = torch.add(-probabilities, q, alpha=beta)
        return {"elbo": (probabilities - q)[0], "loss": loss[0]}
    if form == "gaussian":
        image = torch.tensor(pixels, dtype=torch.float64)
        decoder = Independent(Bernoulli(probabilities), 1)
        encoder = Normal(q, torch.tensor(deviations, dtype=torch.float64))
        standard = Normal(torch.zeros_like(q), torch.ones_like(q))
        divergence = kl_divergence(encoder, standard).sum()
        found = {"reconstruction": decoder.log_prob(image), "divergence": divergence}
        return found | {"elbo": found["reconstruction"] - divergence}
    p = torch.tensor(prior, dtype=torch.float64)
    joint = p * probabilities
    true_posterior = joint / joint.sum()
    return {
        "reconstruction": (q * probabilities.log()).sum(),
        "divergence": functional.kl_div(p.log(), q, reduction="sum"),
        "elbo": (q * (joint / q).log()).sum(),
        "evidence": joint.log().logsumexp(0),
        "gap": functional.kl_div(true_posterior.log(), q, reduction="sum"),
    }


def contrastive_ntxent(
    similarities: Sequence[float],
    views: Sequence[Sequence[int]],
    temperature: float,
) -> dict[str, Tensor]:
    """Let the cross-entropy pick each anchor's partner among all other views."""
    if not views:
        logits = torch.tensor(similarities, dtype=torch.float64) / temperature
        loss = functional.cross_entropy(logits, torch.tensor(0))
        return {"probability": logits.softmax(0)[0], "loss": loss}
    embeddings = functional.normalize(torch.tensor(views, dtype=torch.float64))
    cosines = embeddings @ embeddings.T
    logits = (cosines / temperature).fill_diagonal_(-torch.inf)
    partners = torch.tensor([1, 0, 3, 2])
    losses = functional.cross_entropy(logits, partners, reduction="none")
    return {"similarities": cosines[0, 1:], "losses": losses, "mean": losses.mean()}


def regularized_objective(
    loss: float,
    weights: Sequence[Sequence[int]],
    penalties: Sequence[str],
    strengths: Sequence[float],
    code: Sequence[float],
    code_strength: float,
    auxiliary: Sequence[float],
    auxiliary_weight: float,
) -> dict[str, Tensor]:
    """Let PyTorch's losses against zero be the penalties."""
    matrix = torch.tensor(weights, dtype=torch.float64)
    zeros = torch.zeros_like(matrix)
    squares = functional.mse_loss(matrix, zeros, reduction="sum")
    norms = {
        "absolute": functional.l1_loss(matrix, zeros, reduction="sum"),
        "squares": squares,
        "half_squares": squares / 2,
    }
    pairs = zip(penalties, strengths, strict=True)
    parts = {kind: strength * norms[kind] for kind, strength in pairs}
    if code:
        hidden = torch.tensor(code, dtype=torch.float64)
        parts["code_penalty"] = code_strength * torch.vdot(hidden, hidden)
    if auxiliary:
        others = torch.tensor(auxiliary, dtype=torch.float64)
        parts["auxiliary_loss"] = auxiliary_weight * others.sum()
    return parts | {"total": loss + torch.stack(list(parts.values())).sum()}
