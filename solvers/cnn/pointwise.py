"""Pointwise convolutions, built in PyTorch and counted, or carried out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from .counting import parameters
from .factorized import macs

Map = Sequence[Sequence[float]]


def pointwise_bottleneck(
    image: tuple[int, int, int],
    branches: tuple[tuple[tuple[int, int], ...], ...],
    pooled: bool,
    biased: bool,
    direct: int,
    maps: Sequence[Map],
    weights: Map,
    biases: tuple[int, ...],
) -> dict[str, Any]:
    """Build the branches and join what they yield, or mix channels at each place."""
    if maps:
        x, mixing, shift = (
            torch.tensor(values, dtype=torch.float64)
            for values in (maps, weights, biases)
        )
        mixed = torch.einsum("fc,chw->fhw", mixing, x) + shift[:, None, None]
        return {f"map_{number}": one for number, one in enumerate(mixed, 1)}
    with torch.device("meta"):
        x = torch.zeros(1, *image)
        built = [branch(image[0], layers, biased) for layers in branches]
        if pooled:
            built[-1].insert(0, nn.MaxPool2d(3, stride=1, padding=1))
        joined = torch.cat([one(x) for one in built], dim=1)
        total = sum(map(parameters, built))
        found: dict[str, Any] = {"output": joined.shape[1:], "total": total}
        if len(built) > 1:
            counts = {f"branch_{n}": parameters(one) for n, one in enumerate(built, 1)}
            return found | counts
        if len(built[0]) == 1:
            weight = sum(p.numel() for p in built[0].parameters() if p.dim() > 1)
            return found | {"weights": weight, "biases": total - weight}
        found |= {f"layer_{n}": parameters(one) for n, one in enumerate(built[0], 1)}
        if direct:
            channels = image[0], joined.shape[1]
            whole = nn.Conv2d(*channels, direct, padding=direct // 2, bias=False)
            found |= {"macs": macs(built[0], x), "direct": parameters(whole)}
            found["ratio"] = total / parameters(whole)
    return found


def branch(
    channels: int, layers: tuple[tuple[int, int], ...], biased: bool
) -> nn.Sequential:
    """Convolutions one after the other that keep rows and columns."""
    built = nn.Sequential()
    for filters, kernel in layers:
        built.append(
            nn.Conv2d(channels, filters, kernel, padding=kernel // 2, bias=biased)
        )
        channels = filters
    return built
