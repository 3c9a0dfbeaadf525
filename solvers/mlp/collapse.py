"""Networks of linear layers, built and read off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn


def linear_collapse(
    weights: Sequence[Sequence[Sequence[int]]],
    biases: Sequence[Sequence[int]],
    normalization: Sequence[Sequence[int]],
    point: Sequence[int],
) -> dict[str, Any]:
    """Build the network, and read its matrix off the outputs for basis vectors."""
    layers: list[nn.Module] = [
        linear(matrix, biases[number] if biases else None)
        for number, matrix in enumerate(weights)
    ]
    if normalization:
        layers.insert(1, batch_norm(*normalization))
    network = nn.Sequential(*layers)
    matrix, bias = read_off(network, len(weights[0][0]))
    values: dict[str, Any] = {"weight": matrix}
    if biases:
        values["bias"] = bias
    if point:
        values["output"] = network(torch.tensor([point], dtype=torch.float64))[0]
    if len(layers) > 2:
        inner = read_off(network[:2], len(weights[0][0]))
        values["inner_weight"], values["inner_bias"] = inner
    if len(weights) > 2:
        sizes = [(len(matrix), len(matrix[0])) for matrix in reversed(weights)]
        random = [torch.randn(size, dtype=torch.float64) for size in sizes]
        values["rank"] = torch.linalg.matrix_rank(torch.linalg.multi_dot(random)).item()
        values["separate"] = sum(p.numel() for p in network.parameters())
        values["together"] = matrix.numel() + bias.numel()
    return values


def linear(matrix: Sequence[Sequence[int]], bias: Sequence[int] | None) -> nn.Linear:
    """A linear layer with these parameters."""
    layer = nn.Linear(1, 1, bias is not None)
    layer.weight = nn.Parameter(torch.tensor(matrix, dtype=torch.float64))
    if bias is not None:
        layer.bias = nn.Parameter(torch.tensor(bias, dtype=torch.float64))
    return layer


def batch_norm(
    mean: Sequence[int],
    variance: Sequence[int],
    scale: Sequence[int],
    shift: Sequence[int],
) -> nn.Module:
    """Batch normalization in evaluation mode."""
    layer = nn.BatchNorm1d(len(mean), eps=0.0, dtype=torch.float64)
    layer.running_mean = torch.tensor(mean, dtype=torch.float64)
    layer.running_var = torch.tensor(variance, dtype=torch.float64)
    layer.weight = nn.Parameter(torch.tensor(scale, dtype=torch.float64))
    layer.bias = nn.Parameter(torch.tensor(shift, dtype=torch.float64))
    return layer.eval()


def read_off(network: nn.Module, inputs: int) -> tuple[Tensor, Tensor]:
    """The matrix and the bias of a network that is a linear layer in disguise."""
    with torch.no_grad():
        bias = network(torch.zeros(1, inputs, dtype=torch.float64))[0]
        columns = network(torch.eye(inputs, dtype=torch.float64)) - bias
    return columns.T, bias
