"""Layer normalization and its relatives, run by PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

SMALLEST_EPS = 1e-14


def layernorm(
    samples: Sequence[Sequence[float]],
    sublayer: Sequence[Sequence[float]],
    gamma: Sequence[float],
    beta: Sequence[float],
) -> dict[str, Tensor]:
    """Let PyTorch normalize the rows, after adding what a sublayer made of them."""
    rows = torch.tensor(samples, dtype=torch.float64)
    if sublayer:
        rows = rows + torch.tensor(sublayer, dtype=torch.float64)
    scale, shift = torch.tensor([gamma, beta], dtype=torch.float64)
    output = functional.layer_norm(rows, scale.shape, scale, shift, SMALLEST_EPS)
    variances, means = torch.var_mean(rows, dim=1, correction=0)
    if len(samples) == 1:
        found = {"mean": means[0], "variance": variances[0], "output": output[0]}
        return found | ({"sum": rows[0]} if sublayer else {})
    found = {"means": means, "variances": variances, "output": output}
    return found | ({"sum": rows} if sublayer else {})


def axes_and_parameters(
    size: tuple[int, int, int, int],
    groups: int,
    methods: Sequence[str],
    learned: bool,
    affine: bool,
    tracked: bool,
) -> dict[str, int]:
    """Average a tensor over each method's axes; count what PyTorch's layers hold."""
    samples, channels, *sides = size
    with torch.device("meta"):
        values = torch.zeros(size)
        averaged = {
            "batch": values.mean((0, 2, 3)),
            "layer": values.mean((1, 2, 3)),
            "instance": values.mean((2, 3)),
            "group": values.reshape(samples, groups, -1).mean(2),
        }
        layers: dict[str, nn.Module] = {
            "batch": nn.BatchNorm2d(
                channels, affine=affine, track_running_stats=tracked
            ),
            "layer": nn.LayerNorm((channels, *sides)),
            "instance": nn.InstanceNorm2d(channels, affine=affine),
            "group": nn.GroupNorm(groups, channels, affine=affine),
        }
    if not learned:
        means = {f"{method}_means": averaged[method].numel() for method in methods}
        return means | {
            f"{method}_values": values.numel() // averaged[method].numel()
            for method in methods
        }
    counts = {f"{method}_parameters": held(layers[method]) for method in methods}
    statistics: list[Any] = [layers["batch"].running_mean, layers["batch"].running_var]
    running = sum(buffer.numel() for buffer in statistics if buffer is not None)
    return counts | {"total": sum(counts.values()), "running": running}


def held(layer: nn.Module) -> int:
    """The numbers that a layer learns."""
    return sum(parameter.numel() for parameter in layer.parameters())
