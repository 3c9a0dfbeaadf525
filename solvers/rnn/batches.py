"""Padding that PyTorch adds, counted in tensors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence


def padding_waste(
    lengths: Sequence[int], batch: int, losses: Sequence[float]
) -> dict[str, Any]:
    """Fill up batches of ones with zeros, and count the zeros."""
    unsorted, best = batches(lengths, batch), batches(sorted(lengths), batch)
    if len(unsorted) == 1:
        padding = zeros(unsorted)
        share = 100 * padding / unsorted[0].numel()
        return {"length": unsorted[0].shape[1], "padding": padding, "share": share}
    places = sum(tensor.numel() for tensor in best)
    found: dict[str, Any] = {
        "batches": len(unsorted),
        "unsorted": zeros(unsorted),
        "sorted": zeros(best),
        "share": 100 * zeros(best) / places,
    }
    if losses:
        rows = [
            torch.full((n,), loss / n, dtype=torch.float64)
            for loss, n in zip(losses, lengths, strict=True)
        ]
        mean = pad_sequence(rows, batch_first=True).double()
        mask = pad_sequence([torch.ones(n) for n in lengths], batch_first=True).bool()
        found["loss"] = mean[mask].mean()
    return found


def batches(lengths: Sequence[int], size: int) -> list[Tensor]:
    """Sentences of ones, so many to a batch, padded to its longest one."""
    sentences = [torch.ones(length) for length in lengths]
    starts = range(0, len(lengths), size)
    return [pad_sequence(sentences[n : n + size], batch_first=True) for n in starts]


def zeros(tensors: Sequence[Tensor]) -> int:
    """The padding of all batches."""
    return sum(int((tensor == 0).sum()) for tensor in tensors)
