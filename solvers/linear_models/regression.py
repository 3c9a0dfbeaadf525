"""Regressions, solved by PyTorch's least squares, autograd and optimizers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor


def ols_closed_form(
    form: str,
    features: Sequence[Sequence[int]],
    targets: Sequence[int],
    fixed: int,
    gram: Sequence[Sequence[float]] | None = None,
    moments: Sequence[float] | None = None,
    w: float | None = None,
    missing: float | None = None,
) -> dict[str, Any]:
    """Let torch.linalg.lstsq fit; the missing value makes det XᵀX least."""
    y = torch.tensor(targets, dtype=torch.float64)
    x = torch.tensor(features[0], dtype=torch.float64)
    ones = torch.ones_like(x)
    if form == "origin":
        return {"w": least_squares([x], y)[0]}
    if form == "line":
        bias, slope = least_squares([ones, x], y)
        return {"w": slope, "b": bias if w is None else (y - w * x).mean()}
    if form == "collinear":
        known = torch.tensor([*features[1], 0], dtype=torch.float64)
        last = torch.zeros_like(x)
        last[-1] = 1
        at = [singularity([ones, x, known + c * last]) for c in (-1, 0, 1)]
        lowest = (at[0] - at[2]) / (at[0] + at[2] - 2 * at[1]) / 2
        found = round(lowest.item()) if missing is None else missing
        second = known + found * last
        weights = least_squares([ones, x], y - fixed * second)
        return {"missing": found, "weights": weights}
    X = torch.stack([ones, *torch.tensor(features, dtype=torch.float64)], dim=1)
    products, right = X.T @ X, X.T @ y
    weights = least_squares(list(X.T), y)
    if gram is not None or moments is not None:
        left = products if gram is None else torch.tensor(gram, dtype=torch.float64)
        own = right if moments is None else torch.tensor(moments, dtype=torch.float64)
        weights = torch.linalg.solve(left, own)
    return {"gram": products, "moments": right, "weights": weights}


def bias_variance(
    form: str,
    truths: Sequence[int],
    predictions: Sequence[Sequence[int]],
    noise: float,
    errors: Sequence[int],
) -> dict[str, Any]:
    """Average squared errors over all models and both signs of the noise."""
    if form == "diagnosis":
        bias, gap = torch.tensor(errors).sort().values.diff().tolist()
        word = "underfitting" if bias > gap else "overfitting"
        return {"bias": bias, "gap": gap, "diagnosis": word}
    y = torch.tensor(truths, dtype=torch.float64)
    deviation = torch.tensor([noise, noise], dtype=torch.float64).sqrt()
    noisy = y[:, None] + deviation * torch.tensor([1, -1])
    if form == "parts":
        best = least_squares([torch.ones_like(y)], y)
        learned = torch.tensor(predictions[0], dtype=torch.float64)
        floor = (noisy - y[:, None]).square().mean()
        reached, least = ((noisy - c).square().mean() for c in (learned, best))
        return {
            "irreducible": floor,
            "approximation": least - floor,
            "estimation": reached - least,
            "total": reached,
        }
    values: dict[str, Any] = {}
    totals = []
    for n, row in enumerate(predictions, 1):
        models = torch.tensor(row, dtype=torch.float64)
        pairs = models[:, None] - models
        values[f"bias{n}"] = (y - models).mean().square()
        values[f"variance{n}"] = pairs.square().mean() / 2
        totals.append((noisy.T - models).square().mean())
        values[f"total{n}"] = totals[-1]
    if form == "families":
        values["better"] = "A" if totals[0] < totals[1] else "B"
    return values


def least_squares(columns: Sequence[Tensor], y: Tensor) -> Tensor:
    """The weights of the columns for which the sum of squared errors is least."""
    return torch.linalg.lstsq(torch.stack(list(columns), dim=1), y[:, None]).solution[
        :, 0
    ]


def singularity(columns: Sequence[Tensor]) -> Tensor:
    """The determinant of XᵀX, which is 0 if the columns of X are collinear."""
    X = torch.stack(list(columns), dim=1)
    return torch.linalg.det(X.T @ X)
