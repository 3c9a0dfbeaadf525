"""Autoencoders, built in PyTorch without memory for their weights, and counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count, pairwise, takewhile
from typing import Any

import torch
from torch import nn
from torch.nn import functional


def compression_and_parameters(
    form: str,
    image: tuple[int, ...],
    hidden: tuple[int, ...],
    percent: int,
    wanted: int,
) -> dict[str, Any]:
    """Build the network, pass an input through it, and count."""
    x = torch.zeros(image, device="meta")
    if form == "convolutional":
        return convolutional(x, hidden, wanted)
    widths = (x.numel(), *hidden)
    encoder = [nn.Linear(*pair, device="meta") for pair in pairwise(widths)]
    decoder = [nn.Linear(*pair, device="meta") for pair in pairwise(widths[::-1])]
    whole = parameters_of([*encoder, *decoder])
    code = nn.Sequential(*encoder)(x.flatten())
    found: dict[str, Any] = {"ratio": x.numel() / code.numel()}
    if form == "tied":
        output = code
        for source, layer in zip(reversed(encoder), decoder, strict=True):
            output = functional.linear(output, source.weight.T, layer.bias)
            del layer.weight
    else:
        output = nn.Sequential(*decoder)(code)
    if len(image) > 1:
        found["inputs"] = output.numel()
    if form == "sparse":
        found |= stored_sparsely(code.numel(), percent)
        found["ratio"] = x.numel() / found["stored"]
    found["encoder"] = parameters_of(encoder)
    found["decoder"] = parameters_of(decoder)
    found["total"] = parameters_of([*encoder, *decoder])
    if form == "tied":
        found["saved"] = whole - found["total"]
    return found


def parameters_of(layers: Iterable[nn.Module]) -> int:
    """Those of all layers together."""
    return sum(weights.numel() for layer in layers for weights in layer.parameters())


def stored_sparsely(units: int, percent: int) -> dict[str, int]:
    """What a sparse tensor keeps of a code: values and their positions."""
    code = torch.zeros(units)
    code[: round(units * percent / 100)] = 1
    kept = code.to_sparse()
    values, positions = kept.values().numel(), kept.indices().numel()
    return {"active": values, "stored": values + positions}


def convolutional(
    x: torch.Tensor, hidden: Sequence[int], wanted: int
) -> dict[str, Any]:
    """Halve rows and columns with each convolution; then try larger codes."""
    layers = [
        nn.Conv2d(*pair, kernel_size=3, stride=2, padding=1, device="meta")
        for pair in pairwise((x.shape[0], *hidden))
    ]
    code = nn.Sequential(*layers)(x)
    fitting = takewhile(
        lambda channels: x.numel() >= wanted * channels * code[0].numel(), count(1)
    )
    return {
        "code_shape": tuple(code.shape),
        "numbers": code.numel(),
        "ratio": x.numel() / code.numel(),
        "encoder": parameters_of(layers),
        "most_channels": max(fitting),
    }


def conv_autoencoder_shapes(
    image: tuple[int, ...],
    channels: tuple[int, ...],
    kernels: tuple[int, ...],
    strides: tuple[int, ...],
    paddings: tuple[int, ...],
    extras: tuple[int, ...],
) -> dict[str, Any]:
    """Run encoder and decoder on an image that takes no memory."""
    sides = list(pairwise((image[0], *channels)))
    stages = list(zip(sides, kernels, strides, paddings, strict=True))
    added = extras or (0,) * len(stages)
    with torch.device("meta"):
        encoder = [
            nn.Conv2d(before, after, k, s, p) for (before, after), k, s, p in stages
        ]
        decoder = [
            nn.ConvTranspose2d(after, before, k, s, p, extra)
            for ((before, after), k, s, p), extra in zip(
                reversed(stages), added, strict=True
            )
        ]
    maps = [torch.zeros(image, device="meta")]
    for layer in [*encoder, *decoder]:
        maps.append(layer(maps[-1]))
    sizes = [tuple(one.shape) for one in maps]
    depth = len(encoder)
    shown = sizes if extras else sizes[: depth + 1]
    found: dict[str, Any] = {
        f"size_{number}": size for number, size in enumerate(shown) if number
    }
    if not extras:
        found["without"] = sizes[-1]
        return found | missing_sides(decoder, maps[: depth + 1])
    found["numbers"] = maps[depth].numel()
    if depth > 1:
        found["encoder"] = parameters_of(encoder)
        found["decoder"] = parameters_of(decoder)
        found["total"] = parameters_of([*encoder, *decoder])
    return found


def missing_sides(
    decoder: Sequence[nn.ConvTranspose2d], maps: Sequence[torch.Tensor]
) -> dict[str, Any]:
    """How far each layer falls short of the size that PyTorch can make it reach."""
    found = {}
    steps = zip(decoder, pairwise(reversed(maps)), strict=True)
    for number, (layer, (given, wanted)) in enumerate(steps, 1):
        short = layer(given).shape
        reached = layer(given, output_size=wanted.shape[1:]).shape
        found[f"padding_{number}"] = (reached[1] - short[1], reached[2] - short[2])
    return found
