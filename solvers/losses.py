"""Losses, computed by PyTorch's own functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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


def cross_entropy_batch(
    values: Sequence[Sequence[float]],
    labels: Sequence[int],
    listing: str,
    probabilities: Sequence[float] | None = None,
    losses: Sequence[float] | None = None,
) -> dict[str, Tensor]:
    """Run the listing, or go on from probabilities or losses of one's own."""
    logits = torch.tensor(values, dtype=torch.float64)
    names: dict[str, Any] = {
        "torch": torch,
        "F": functional,
        "logits": logits,
        "labels": torch.tensor(labels),
    }
    exec(listing, names)
    loss = names["loss"]
    if "losses" not in names:
        if probabilities is not None:
            own = torch.tensor([probabilities], dtype=torch.float64)
            loss = functional.nll_loss(own.log(), names["labels"])
        return {"probabilities": names["probabilities"][0], "loss": loss}
    if losses is not None:
        loss = loss * sum(losses) / names["losses"].sum()
    return {"losses": names["losses"], "loss": loss}
