"""Standardization, column by column in PyTorch."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def standardize(
    form: str,
    features: Sequence[Sequence[float]],
    new: Sequence[Sequence[float]],
    scored: Sequence[float],
    correction: int,
) -> dict[str, Tensor]:
    """Let PyTorch find the statistics of each column, and apply them to all rows."""
    data = torch.tensor(features, dtype=torch.float64).T
    deviations, means = torch.std_mean(data, dim=0, correction=correction)
    if form == "scores":
        scores = (data - means) / deviations
        return {"mean": means[0], "deviation": deviations[0], "scores": scores[:, 0]}
    rows = (torch.tensor(new, dtype=torch.float64) - means) / deviations
    found = {"means": means, "deviations": deviations}
    if form == "new":
        return found | {"scores": rows}
    original = torch.addcmul(
        means, torch.tensor(scored, dtype=torch.float64), deviations
    )
    first, second = (data[:2] - means) / deviations
    distance = torch.linalg.vector_norm(first - second)
    return found | {"scores": rows[0], "original": original, "distance": distance}
