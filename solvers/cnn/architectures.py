"""Classic networks, built without memory and looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from ..architectures.alexnet import alexnet
from ..architectures.lenet import lenet5
from ..architectures.vgg import CONVOLUTIONS, WIDTHS, vgg_block


def classic_totals(
    network: str, part: str, block: int, side: int, classes: int
) -> dict[str, Any]:
    """Build the part that is asked for, run an image through it, and count."""
    with torch.device("meta"):
        if network == "LeNet-5":
            return table_of(weighted(lenet5(classes)))
        if network == "AlexNet":
            return split(weighted(alexnet(classes)))
        blocks = vgg_blocks(int(network.removeprefix("VGG-")))
        if part == "block":
            return block_of(blocks, block, side)
        maps = nn.Sequential(*blocks)(torch.empty(1, 3, side, side))
        head = [
            nn.Linear(maps[0].numel(), 4096),
            nn.Linear(4096, 4096),
            nn.Linear(4096, classes),
        ]
    if part == "head":
        return {"features": maps[0].numel()} | table_of(head)
    return split([*weighted(nn.Sequential(*blocks)), *head])


def vgg_blocks(depth: int) -> list[nn.Sequential]:
    """The convolutions and poolings of a VGG network, block by block."""
    channels = (3, *WIDTHS)
    sizes = zip(channels, WIDTHS, CONVOLUTIONS[depth], strict=False)
    return [nn.Sequential(*vgg_block(*size)) for size in sizes]


def block_of(blocks: Sequence[nn.Module], place: int, side: int) -> dict[str, Any]:
    """The parameters of a block's convolutions, and what it makes of the image."""
    counts = [parameters(layer) for layer in weighted(blocks[place])]
    maps = nn.Sequential(*blocks[: place + 1])(torch.empty(1, 3, side, side))
    return {
        "first": counts[0],
        "other": counts[1],
        "total": sum(counts),
        "size": tuple(maps.shape[1:]),
    }


def table_of(layers: Sequence[nn.Module]) -> dict[str, int]:
    """The parameters of each layer, and of all."""
    counts = [parameters(layer) for layer in layers]
    rows = {f"layer_{number}": count for number, count in enumerate(counts, 1)}
    return rows | {"total": sum(counts)}


def split(layers: Sequence[nn.Module]) -> dict[str, float]:
    """The parameters of convolutions and of linear layers, and the share of these."""
    linear = sum(parameters(layer) for layer in layers if isinstance(layer, nn.Linear))
    total = sum(map(parameters, layers))
    return {
        "convolutions": total - linear,
        "linear": linear,
        "total": total,
        "share": 100 * linear / total,
    }


def weighted(network: nn.Module) -> list[nn.Module]:
    """The layers that have weights, in their order."""
    modules = network.modules()
    return [layer for layer in modules if isinstance(layer, nn.Conv2d | nn.Linear)]


def parameters(module: nn.Module) -> int:
    """The number of all weights and biases."""
    return sum(parameter.numel() for parameter in module.parameters())
