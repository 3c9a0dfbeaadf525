"""A U-Net, run without memory, with its maps looked at on their way."""

from __future__ import annotations

from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from ..architectures.unet import UNet


def unet_shapes(
    size: tuple[int, int, int], width: int, depth: int, classes: int, valid: bool
) -> dict[str, Any]:
    """Build the network, and note what goes into and comes out of its boxes."""
    found: dict[str, Any] = {}
    with torch.device("meta"):
        network = UNet(size[0], width, depth, classes, padding=0 if valid else 1)
        image = torch.empty(1, *size)
    for level, box in enumerate(network.downs, 1):
        name = f"down_{level}" if level <= depth else "bottom"
        box.register_forward_hook(partial(note_output, found, name))
    for level, box in zip(range(depth, 0, -1), network.ups, strict=True):
        box.register_forward_pre_hook(partial(note_input, found, f"joined_{level}"))
    found["output"] = tuple(network(image).shape[1:])
    if valid:
        for level in range(1, depth + 1):
            surplus = found[f"down_{level}"][1] - found[f"joined_{level}"][1]
            found[f"crop_{level}"] = surplus / 2
    elif depth > 1:
        behind_copy = next(network.ups[-1].children())
        found["parameters"] = sum(p.numel() for p in behind_copy.parameters())
    return found


def note_output(
    found: dict[str, Any], name: str, box: nn.Module, maps: tuple[Tensor], made: Tensor
) -> None:
    """Keep the size of what a box makes."""
    found[name] = tuple(made.shape[1:])


def note_input(
    found: dict[str, Any], name: str, box: nn.Module, maps: tuple[Tensor]
) -> None:
    """Keep the size of what goes into a box."""
    found[name] = tuple(maps[0].shape[1:])
