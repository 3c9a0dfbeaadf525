"""Divergences, computed by PyTorch's own functions."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.distributions import Normal, kl_divergence
from torch.nn import functional


def kl_discrete(
    form: str, target: Sequence[float], model: Sequence[float]
) -> dict[str, Tensor]:
    """Let PyTorch sum; its kl_div takes the logarithm of Q first, and then P."""
    p, q = torch.tensor([target, model], dtype=torch.float64)
    divergence = functional.kl_div(q.log(), p, reduction="sum")
    if form == "bits":
        return {"divergence": divergence / torch.tensor(2.0).double().log()}
    if form == "directions":
        reverse = functional.kl_div(p.log(), q, reduction="sum")
        terms = functional.kl_div(q.log(), p, reduction="none")
        return {"terms": terms, "divergence": divergence, "reverse": reverse}
    return {
        "entropy": torch.distributions.Categorical(p, validate_args=False).entropy(),
        "cross_entropy": functional.cross_entropy(q.log(), p),
        "divergence": divergence,
    }


def kl_gaussian_vae(
    means: Sequence[Sequence[float]],
    deviations: Sequence[Sequence[float]],
) -> dict[str, Tensor]:
    """Take the divergence of normal distributions from torch.distributions."""
    code = Normal(
        torch.tensor(means, dtype=torch.float64),
        torch.tensor(deviations, dtype=torch.float64),
    )
    terms = kl_divergence(code, Normal(0.0, 1.0))
    divergences = terms.sum(dim=1)
    if len(means) > 1:
        return {"divergences": divergences, "mean": divergences.mean()}
    if len(means[0]) == 1:
        return {"divergence": divergences[0]}
    return {"terms": terms[0], "divergence": divergences[0]}
