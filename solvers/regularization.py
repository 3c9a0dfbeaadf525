"""Dropout, by PyTorch's layer and by trying all masks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import torch
from torch import nn

ENOUGH = 64
"""So many ones are dropped at random until one of them is kept and shows the scale."""


def dropout(
    form: str,
    rate: float,
    units: Sequence[float],
    weights: Sequence[float],
    mask: Sequence[int],
    count: int,
) -> dict[str, Any]:
    """Take the scale from PyTorch; go through all masks with their probabilities."""
    if form == "depth":
        return stochastic_depth(rate, count)
    h = torch.tensor(units, dtype=torch.float64)
    layer = nn.Dropout(rate)
    if form == "random":
        return over_all_masks(
            h * torch.tensor(weights, dtype=torch.float64), rate, count
        )
    scale = scale_in_training(layer)
    kept = h * torch.tensor(mask)
    at_inference = layer.eval()(h)
    if form == "layer":
        return {"scale": scale, "training": scale * kept, "inference": at_inference}
    w = torch.tensor(weights, dtype=torch.float64)
    return {
        "inverted_training": w @ (scale * kept),
        "inverted_inference": w @ at_inference,
        "classic_training": w @ kept,
        "classic_inference": (w / scale) @ h,
    }


def scale_in_training(layer: nn.Dropout) -> float:
    """What PyTorch multiplies the units by that it keeps."""
    with torch.random.fork_rng(devices=[]):
        while True:
            ones = layer.train()(torch.ones(ENOUGH, dtype=torch.float64))
            if ones.any():
                return ones.max().item()


def over_all_masks(terms: torch.Tensor, rate: float, count: int) -> dict[str, Any]:
    """Mean and variance of the sum of scaled terms, by all masks."""
    masks = torch.tensor(list(product([0.0, 1.0], repeat=len(terms))))
    masks = masks.double()
    kept = masks.sum(1)
    chances = (1 - rate) ** kept * rate ** (len(terms) - kept)
    sums = masks @ terms / (1 - rate)
    mean = chances @ sums
    variance = chances @ (sums - mean) ** 2
    return {
        "masks": len(masks),
        "probability": chances[kept == count].sum(),
        "mean": mean,
        "variance": variance,
        "deviation": variance.sqrt(),
    }


def stochastic_depth(rate: float, blocks: int) -> dict[str, Any]:
    """Add up the survival of all blocks."""
    survival = 1 - torch.arange(1, blocks + 1).double() / blocks * rate
    expected = survival.sum()
    return {
        "survival": survival[blocks // 2 - 1],
        "expected": expected,
        "saved": 100 * (1 - expected / blocks),
    }
