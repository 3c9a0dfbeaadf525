"""Self-supervised tasks: pairs enumerated, images rotated and cut by PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch.nn import functional


def pretext_counts(
    form: str,
    images: int,
    anchor: int,
    alternating: bool,
    picture: Sequence[Sequence[int]],
    shown: Sequence[Sequence[int]],
    turns: Sequence[int],
    size: Sequence[int],
    patch: int,
    percent: int,
) -> dict[str, Any]:
    """Do what the task does, and count."""
    if form == "rotations":
        return rotations(picture, shown, turns[0], images)
    if form == "patches":
        return masked_patches(size, patch, percent)
    numbers = torch.arange(images)
    order = numbers.repeat_interleave(2) if alternating else numbers.repeat(2)
    same = order.unsqueeze(1) == order
    oneself = torch.eye(len(order), dtype=torch.bool)
    positive, negative = same & ~oneself, ~same
    if form == "views":
        return {
            "views": len(order),
            "negatives": negative[anchor].sum().item(),
            "pairs": positive.triu().sum().item(),
        }
    return {
        "entries": same.numel(),
        "positives": positive.sum().item(),
        "negatives": negative.sum().item(),
        "column": positive[anchor].nonzero().item(),
        "loss": loss_of_chance(len(order) - 1),
    }


def loss_of_chance(classes: int) -> torch.Tensor:
    """The cross-entropy where all classes have the same logit."""
    logits = torch.zeros(1, classes, dtype=torch.float64)
    return functional.cross_entropy(logits, torch.tensor([0]))


def rotations(
    picture: Sequence[Sequence[int]],
    shown: Sequence[Sequence[int]],
    turns: int,
    images: int,
) -> dict[str, Any]:
    """Rotate the picture, and try which rotation makes the one that is shown."""
    original = torch.tensor(picture)
    copies = [torch.rot90(original, turn) for turn in range(4)]
    seen = [torch.equal(copy, torch.tensor(shown)) for copy in copies]
    everything = torch.empty(images, *original.shape, device="meta")
    samples = [torch.rot90(everything, turn, (1, 2)) for turn in range(len(copies))]
    return {
        "rotated": copies[turns],
        "turns_seen": seen.index(True),
        "samples": len(torch.cat(samples)),
        "loss": loss_of_chance(len(copies)),
    }


def masked_patches(size: Sequence[int], patch: int, percent: int) -> dict[str, Any]:
    """Cut an image that takes no memory, and keep the first patches."""
    image = torch.empty(tuple(size), device="meta")
    cut = image.unfold(1, patch, patch).unfold(2, patch, patch)
    patches = cut.flatten(1, 2).transpose(0, 1)
    visible = patches[: round(len(patches) * (100 - percent) / 100)]
    masked = patches[len(visible) :]
    whole, kept = (part[:, 0, :1, 0] for part in (patches, visible))
    return {
        "patches": len(patches),
        "masked": len(masked),
        "visible": len(visible),
        "targets": masked.numel(),
        "share": (kept @ kept.T).numel() / (whole @ whole.T).numel(),
    }
