"""Fully connected networks, built in PyTorch and counted."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


def parameter_count(
    inputs: tuple[tuple[int, ...], ...],
    branches: tuple[int, ...],
    layers: tuple[int, ...],
    biases: tuple[bool, ...],
    normalized: bool,
    frozen: bool,
) -> dict[str, int]:
    """Build the layers without memory for weights, freeze, and count."""
    biased = iter(biases)
    with torch.device("meta"):
        readers = nn.ModuleList(
            nn.Linear(torch.zeros(size).numel(), units, bias=next(biased))
            for size, units in zip(inputs, branches, strict=True)
        )
        features = sum(branches)
        head = nn.ModuleList([nn.BatchNorm1d(features)] if normalized else [])
        for units in layers:
            head.append(nn.Linear(features, units, bias=next(biased)))
            features = units
    readers.requires_grad_(not frozen)
    network = nn.ModuleList([readers, head])
    linear = [layer for layer in network.modules() if isinstance(layer, nn.Linear)]
    counts = {
        "weights": sum(layer.weight.numel() for layer in linear),
        "biases": sum(layer.bias.numel() for layer in linear if layer.bias is not None),
        "total": sum(parameter.numel() for parameter in network.parameters()),
    }
    if normalized:
        counts["normalization"] = sum(
            parameter.numel() for parameter in head[0].parameters()
        )
    if frozen:
        trained = (
            parameter for parameter in network.parameters() if parameter.requires_grad
        )
        counts["trainable"] = sum(parameter.numel() for parameter in trained)
    return counts


def shared_layer_count(listing: str, inputs: int, tied: bool) -> dict[str, int]:
    """Run the listing, and pass an input while linear layers report each use."""
    names: dict[str, Any] = {"nn": nn}
    exec(listing, names)
    network = names["Network"]()
    multiplications = []

    def report(
        layer: nn.Linear, given: tuple[torch.Tensor], output: torch.Tensor
    ) -> None:
        multiplications.append(given[0].numel() * output.numel())

    for module in network.modules():
        if isinstance(module, nn.Linear):
            module.register_forward_hook(report)
    network(torch.tensor(0) if tied else torch.zeros(inputs))
    return {
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "applications": len(multiplications),
        "multiplications": sum(multiplications),
    }
