"""Losses of regression, reduced by PyTorch."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional


def regression_errors(
    form: str,
    targets: Sequence[Sequence[int]],
    predictions: Sequence[Sequence[float]],
    measures: Sequence[str],
) -> dict[str, Tensor]:
    """Let PyTorch's losses reduce the errors in their own ways."""
    true = torch.tensor(targets, dtype=torch.float64)
    predicted = torch.tensor(predictions, dtype=torch.float64)
    squares = functional.mse_loss(predicted, true, reduction="none")
    mean = functional.mse_loss(predicted, true)
    total = functional.mse_loss(predicted, true, reduction="sum")
    if form == "vectors":
        sums = squares.sum(dim=1)
        return {"sums": sums, "mean_over_samples": sums.mean(), "mean_over_all": mean}
    if form == "one_hot":
        return {"squares": squares[0], "total": total, "mean": mean}
    values = {
        "sse": total,
        "half_sse": total / 2,
        "mse": mean,
        "rmse": mean.sqrt(),
        "mae": functional.l1_loss(predicted, true),
        "mbd": predicted.mean() - true.mean(),
    }
    asked = {name: values[name] for name in measures}
    return asked if len(asked) == 1 else {"errors": (predicted - true)[0], **asked}
