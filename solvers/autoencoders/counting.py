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
