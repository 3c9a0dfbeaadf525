"""Probabilities, by adding up all cases of a joint distribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def bayes(
    form: str,
    priors: Sequence[float],
    likelihoods: Sequence[Sequence[float]],
    observed: Sequence[bool],
    counts: Sequence[int],
) -> dict[str, Any]:
    """List every case with its probability, keep those that were seen, and divide."""
    if form == "table":
        return from_table(np.reshape(counts, (2, 2, 2)) / sum(counts))
    yes = np.array(likelihoods)
    if form == "test":
        yes[0, 1] = 1 - yes[0, 1]
    outcomes = np.stack([1 - yes, yes])  # not seen or seen, feature, class
    if form == "naive":
        cases = np.einsum("k,ik,jk->kij", priors, outcomes[:, 0], outcomes[:, 1])
        seen = cases[:, int(observed[0]), int(observed[1])]
        best = seen.argmax() + 1
        return {"joint": seen, "posterior": seen / seen.sum(), "best": best}
    cases = np.einsum("k,ik->ki", priors, outcomes[:, 0])
    posteriors = cases / cases.sum(axis=0)
    found = {"evidence": cases[:, 1].sum(), "posterior": posteriors[0, 1]}
    return found | ({"negative": posteriors[1, 0]} if form == "test" else {})


def from_table(cases: np.ndarray) -> dict[str, Any]:
    """Conditional probabilities of a joint table with the axes A, B and C."""
    given_c = cases[:, :, 1] / cases[:, :, 1].sum()
    product = np.outer(given_c.sum(axis=1), given_c.sum(axis=0))
    return {
        "marginal": cases.sum(axis=(0, 1))[1],
        "given_c": given_c.sum(axis=1)[1],
        "given_b_and_c": (given_c / given_c.sum(axis=0))[1, 1],
        "independence": 0 if np.allclose(given_c, product) else 1,
    }
