"""Fully connected networks, built in PyTorch and counted."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode


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


def flops_memory(
    widths: tuple[int, ...], batch: int, biased: bool, precision: str, rank: int
) -> dict[str, int]:
    """Count with PyTorch's counter while a batch without memory goes through."""
    number = getattr(torch, precision or "float32")
    network = forward_pass(widths, batch, biased, number)
    if rank:
        before, after = widths
        low = forward_pass((before, rank, after), batch, biased, number)
        values = {name: network[name] for name in ("weights", "flops", "bytes")}
        values |= {f"low_{name}": low[name] for name in ("weights", "flops", "bytes")}
        ranks = range(1, min(widths))
        saving = [r for r in ranks if before * r + r * after < before * after]
        return values | {"rank": max(saving)}
    network["macs"] = network["flops"] // 2
    memory = ["parameters", "bytes", "activations"] if precision else []
    return {name: network[name] for name in ["macs", "flops", *memory]}


def forward_pass(
    widths: tuple[int, ...], batch: int, biased: bool, number: torch.dtype
) -> dict[str, int]:
    """What the layers hold, and what they do with a batch."""
    activations = 0
    with torch.device("meta"), FlopCounterMode(display=False) as counter:
        x = torch.zeros(batch, widths[0], dtype=number)
        layers = [nn.Linear(n, m, biased, dtype=number) for n, m in pairwise(widths)]
        for layer in layers:
            x = layer(x)
            activations += x.numel()
    parameters = [p for layer in layers for p in layer.parameters()]
    return {
        "flops": counter.get_total_flops(),
        "weights": sum(layer.weight.numel() for layer in layers),
        "parameters": sum(p.numel() for p in parameters),
        "bytes": sum(p.numel() * p.element_size() for p in parameters),
        "activations": activations,
    }
