"""Convolutional networks, built in PyTorch and run."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

Pair = tuple[int, int]


def conv_output_size(
    channels: int,
    height: int,
    width: int,
    filters: int,
    kernel: Pair,
    stride: Pair,
    padding: Pair,
    dilation: Pair,
) -> dict[str, int]:
    """Convolve an image of that size and look at what comes out."""
    layer = nn.Conv2d(
        channels, filters, kernel, stride, padding, dilation, device="meta"
    )
    maps = layer(torch.zeros(1, channels, height, width, device="meta"))
    return dict(zip(("channels", "rows", "columns"), maps.shape[1:], strict=True))


def transposed_output_size(
    height: int,
    width: int,
    kernel: Pair,
    stride: Pair,
    padding: Pair,
    output_padding: Pair,
    dilation: Pair,
) -> dict[str, int]:
    """Pass a feature map of that size through the layer and look at what comes out."""
    layer = nn.ConvTranspose2d(
        1, 1, kernel, stride, padding, output_padding, dilation=dilation, device="meta"
    )
    maps = layer(torch.zeros(1, 1, height, width, device="meta"))
    return dict(zip(("rows", "columns"), maps.shape[2:], strict=True))


def conv_parameter_count(listing: str) -> dict[str, int]:
    """Run the listing and count what its layers keep."""
    with torch.device("meta"):
        model = built(listing)
    counts: dict[str, int] = {}
    for number, layer in enumerate(model, 1):
        counts |= counted(layer, number)
    return counts | {
        "total": sum(parameter.numel() for parameter in model.parameters())
    }


def sequential_table(listing: str, image: tuple[int, int, int]) -> dict[str, Any]:
    """Run the listing, and pass an image through its layers one by one."""
    model = built(listing)
    maps = torch.zeros(1, *image)
    rows: dict[str, Any] = {}
    number = 0
    for layer in model:
        maps = layer(maps)
        if not isinstance(layer, nn.Flatten):
            number += 1
            rows |= {f"size_{number}": maps.shape[1:], **counted(layer, number)}
    total = sum(parameter.numel() for parameter in model.parameters())
    return rows | {"in_features": model[-1].in_features, "total": total}


def built(listing: str) -> nn.Sequential:
    """The model that a listing makes."""
    names: dict[str, Any] = {"nn": nn}
    exec(listing, names)
    model: nn.Sequential = names["model"]
    return model


def counted(layer: nn.Module, number: int) -> dict[str, int]:
    """The weights and biases of a layer."""
    sizes = {name: parameter.numel() for name, parameter in layer.named_parameters()}
    return {
        f"weights_{number}": sizes.get("weight", 0),
        f"biases_{number}": sizes.get("bias", 0),
    }
