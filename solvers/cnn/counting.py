"""What convolutional networks hold and compute, counted by PyTorch."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode


def flatten_features(
    listing: str,
    image: tuple[int, int, int],
    units: tuple[int, ...],
    batch: int,
    other: tuple[int, int],
) -> dict[str, Any]:
    """Run the listing, let linear layers find their inputs, and view the batch."""
    with torch.device("meta"):
        model = built(listing)
        maps = model(torch.zeros(1, *image))
        features = nn.Flatten()(maps).shape[1]
        found: dict[str, Any] = {"maps": maps.shape[1:], "features": features}
        if units:
            head = nn.Sequential(*map(nn.LazyLinear, units))
            head(nn.Flatten()(maps))
            convolutional, linear = parameters(model), parameters(head)
            found |= {"convolutional": convolutional, "linear": linear}
            found |= {"share": linear / (convolutional + linear)}
        if batch:
            maps = model(torch.zeros(batch, image[0], *other))
            found["other_maps"] = maps.shape[1:]
            try:
                found["rows"] = maps.view(-1, features).shape[0]
            except RuntimeError:
                found["rows"] = 0
    return found


def conv_flops(
    listing: str,
    image: tuple[int, int, int],
    batch: int,
    filters: tuple[int, ...],
    kernels: tuple[int, ...],
    paddings: tuple[int, ...],
    compared: str,
) -> dict[str, Any]:
    """Run the listing layer by layer under PyTorch's counter."""
    found: dict[str, Any] = {}
    operations = numbers = 0
    with torch.device("meta"):
        model = built(listing)
        x = torch.zeros(batch, *image)
        for number, layer in enumerate(model, 1):
            x, flops = counted(layer, x)
            found |= {f"size_{number}": x.shape[1:], f"macs_{number}": flops // 2}
            operations += flops
            numbers += x.numel() * x.element_size()
        if compared == "linear":
            linear = nn.Linear(math.prod(image), x[0].numel())
            found |= {"parameters": parameters(model), "linear": parameters(linear)}
            found["ratio"] = parameters(linear) / parameters(model)
        elif compared == "plain":
            plain = nn.Conv2d(image[0], filters[0], kernels[0], padding=paddings[0])
            x, flops = counted(plain, torch.zeros(batch, *image))
            found |= {"plain_size": x.shape[1:], "plain_macs": flops // 2}
            found["ratio"] = flops / operations
        elif batch > 1:
            found |= {"flops": operations, "bytes": numbers}
    return found


def counted(layer: nn.Module, x: torch.Tensor) -> tuple[torch.Tensor, int]:
    """What a layer yields, and how many floating-point operations it takes."""
    with FlopCounterMode(display=False) as counter:
        x = layer(x)
    return x, counter.get_total_flops()


def parameters(module: nn.Module) -> int:
    """How many numbers a module learns."""
    return sum(parameter.numel() for parameter in module.parameters())


def built(listing: str) -> nn.Sequential:
    """The model that a listing makes."""
    names: dict[str, Any] = {"nn": nn}
    exec(listing, names)
    model: nn.Sequential = names["model"]
    return model
