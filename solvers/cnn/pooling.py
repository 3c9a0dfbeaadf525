"""Pooling, run by PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

Map = Sequence[Sequence[float]]


def pool_output_size(
    size: tuple[int, int, int], lines: Sequence[str]
) -> dict[str, Any]:
    """Pool maps of that size, and count what the layers learn."""
    maps = torch.zeros(1, *size, device="meta")
    layers = [eval(line, {"nn": nn}) for line in lines]
    found: dict[str, Any] = {
        "parameters": sum(p.numel() for layer in layers for p in layer.parameters())
    }
    for number, layer in enumerate(layers, 1):
        maps = layer(maps)
        found[f"size_{number}"] = tuple(maps.shape[1:])
    return found


def numeric_pooling(
    image: Map, window: int, stride: int, padding: int, upstream: Map
) -> dict[str, Tensor]:
    """Let PyTorch pool, and autograd carry the gradient back."""
    maps = torch.tensor([[image]], dtype=torch.float64, requires_grad=True)
    largest = functional.max_pool2d(maps, window, stride, padding)
    means = functional.avg_pool2d(maps, window, stride, padding)
    if not upstream:
        return {"largest": largest[0, 0], "means": means[0, 0]}
    gradient = torch.tensor([[upstream]], dtype=torch.float64)
    (routed,) = torch.autograd.grad(largest, maps, gradient)
    (shared,) = torch.autograd.grad(means, maps, gradient)
    return {"largest": largest[0, 0], "routed": routed[0, 0], "shared": shared[0, 0]}


def global_average_pooling(
    maps: Sequence[Map],
    size: tuple[int, int, int],
    classes: int,
    weights: Sequence[Sequence[int]],
    side: int,
) -> dict[str, Any]:
    """Pool with PyTorch's adaptive layer, and build both heads."""
    pool = nn.AdaptiveAvgPool2d(side)
    if not maps:
        channels, rows, columns = size
        with torch.device("meta"):
            heads = (
                nn.Linear(channels, classes),
                nn.Linear(channels * rows * columns, classes),
            )
        pooled, flattened = (
            sum(p.numel() for p in head.parameters()) for head in heads
        )
        return {"pooled": pooled, "flattened": flattened, "saved": flattened - pooled}
    image = torch.tensor([maps], dtype=torch.float64, requires_grad=True)
    if side > 1:
        pooled = pool(image).detach()[0]
        head = nn.Linear(pooled.numel(), classes, device="meta")
        found = {f"pooled_{number}": part for number, part in enumerate(pooled, 1)}
        return found | {"head": sum(p.numel() for p in head.parameters())}
    means = pool(image).flatten()
    if not classes:
        return {"means": means}
    logits = torch.tensor(weights, dtype=torch.float64) @ means
    (gradient,) = torch.autograd.grad(logits[0], image)
    return {"means": means, "logits": logits, "gradient": gradient[0, 0, 0, 0]}
