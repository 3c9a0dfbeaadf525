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


def covariance_trace(
    form: str,
    points: Sequence[Sequence[int]],
    divisor: str,
    direction: Sequence[int],
    sizes: Sequence[int],
    samples_in: str,
) -> dict[str, Any]:
    """Let NumPy compute the covariance, its eigenvalues, and projections."""
    ddof = 1 if divisor == "n-1" else 0
    if form == "layout":
        samples, features, energy = sizes
        return of_layout(samples, features, energy, samples_in == "rows", ddof)
    X = np.array(points, dtype=float)
    covariance = np.cov(X, rowvar=False, ddof=ddof)
    if form == "axes":
        values = np.linalg.eigvalsh(covariance)[::-1]
        deviations = np.linalg.svd(X - X.mean(axis=0), compute_uv=False)
        half_axes = deviations / (len(X) - ddof) ** 0.5
        share = values[0] / covariance.trace()
        return {
            "covariance": covariance,
            "eigenvalues": values,
            "half_axes": half_axes,
            "share": share,
        }
    total = X.var(axis=0, ddof=ddof).sum()
    found = {"covariance": covariance, "total": total}
    if form == "points":
        unit = np.array(direction) / np.linalg.norm(direction)
        found |= {"mean": X.mean(axis=0), "along": (X @ unit).var(ddof=ddof)}
    return found


def of_layout(
    samples: int, features: int, energy: int, in_rows: bool, ddof: int
) -> dict[str, Any]:
    """Draw centred data of this size, and look at their covariance."""
    X = np.random.default_rng(0).normal(size=(samples, features))
    X -= X.mean(axis=0)
    X *= (energy / (X**2).sum()) ** 0.5
    data = X if in_rows else X.T
    covariance = np.cov(data, rowvar=not in_rows, ddof=ddof)
    return {
        "shape": covariance.shape,
        "rank": int(np.linalg.matrix_rank(X)),
        "total": covariance.trace(),
        "mean_variance": np.diag(covariance).mean(),
    }
