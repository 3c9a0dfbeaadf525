"""Layers of a network, made by their lines and run on tensors without data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

Call = tuple[int, str, tuple[int, ...]]


def layer_table(
    calls: Sequence[Call],
    counted: Sequence[tuple[int, int, int]],
    repeated: Sequence[int],
    counting: bool,
) -> dict[str, Any]:
    """Make each layer by its line, run it, and count its parameters."""
    table: dict[str, Any] = {}
    total = sum(weights + biases for _, weights, biases in counted)
    for number, line, size in calls:
        layer = made(line)
        table[f"size_{number}"] = tuple(output_of(layer, size).shape[1:])
        if counting and number not in repeated:
            table[f"weights_{number}"], table[f"biases_{number}"] = counts(layer)
            total += sum(counts(layer))
    return table | ({"total": total} if counting else {})


def parameter_totals(
    calls: Sequence[Call],
    counted: Sequence[tuple[int, int, int]],
    repeated: Sequence[int],
    frozen: int,
) -> dict[str, int]:
    """Make the layers, freeze the first ones, and count."""
    layers = [
        (number, made(line)) for number, line, _ in calls if number not in repeated
    ]
    rows = [(number, *counts(layer)) for number, layer in layers] + list(counted)
    weights, biases = sum(row[1] for row in rows), sum(row[2] for row in rows)
    sums = {"weights": weights, "biases": biases, "total": weights + biases}
    for number, layer in layers:
        layer.requires_grad_(number > frozen)
    trained = [
        p.numel() for _, layer in layers for p in layer.parameters() if p.requires_grad
    ]
    trained += [w + b for number, w, b in counted if number > frozen]
    return sums | ({"trainable": sum(trained)} if frozen else {})


def made(line: str) -> nn.Module:
    """The layer of a line, on tensors that have a size but no data."""
    with torch.device("meta"):
        layer: nn.Module = eval(line, {"nn": nn})
    return layer.eval()


def output_of(layer: nn.Module, size: tuple[int, ...]) -> torch.Tensor:
    """What a layer makes of one input of a size."""
    words = isinstance(layer, nn.Embedding)
    one = torch.zeros(
        1, *size, dtype=torch.long if words else torch.float, device="meta"
    )
    attends = isinstance(layer, nn.MultiheadAttention)
    output = layer(one, one, one) if attends else layer(one)
    return output[0] if isinstance(output, tuple) else output


def counts(layer: nn.Module) -> tuple[int, int]:
    """The weights and the biases of a layer."""
    sizes = {True: 0, False: 0}
    for name, parameter in layer.named_parameters():
        sizes["bias" in name] += parameter.numel()
    return sizes[False], sizes[True]
