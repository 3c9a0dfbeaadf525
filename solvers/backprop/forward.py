"""Networks run forward, and weights that are used twice, in PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

GATES = {
    torch.logical_and: (0, 2),
    torch.logical_or: (1, 3),
    torch.logical_xor: (4, 5),
}
"""The places of each logical function and of its negation among the options."""


def mlp_forward(
    inputs: Sequence[Sequence[int]],
    layers: Sequence[tuple[Sequence[Sequence[int]], Sequence[float], str, int]],
) -> dict[str, Any]:
    """Apply layer after layer; the rows of a batch are samples."""
    x = torch.tensor(inputs, dtype=torch.float64)
    found: dict[str, Any] = {}
    for place, (weights, biases, activation, logarithm) in enumerate(layers, 1):
        unit = log(logarithm) if logarithm > 1 else 1
        W = unit * torch.tensor(weights, dtype=torch.float64)
        b = unit * torch.tensor(biases, dtype=torch.float64)
        z = functional.linear(x, W, b)
        x = activated(z, activation)
        if len(inputs) == 1 and activation != "linear":
            found[f"z_{place}"] = z.squeeze().tolist()
        blank = "output" if place == len(layers) else f"h_{place}"
        found[blank] = x.squeeze(0).tolist() if x.numel() > 1 else x.item()
    if activation == "softmax" or (activation == "linear" and x.numel() > len(x) > 1):
        classes = x.argmax(dim=1) + 1
        found["class"] = classes.tolist() if len(classes) > 1 else classes.item()
    if activation == "step":
        found["function"] = gate(torch.tensor(inputs), x.squeeze())
    return found


def activated(z: Tensor, activation: str) -> Tensor:
    """The activation function by its name in PyTorch."""
    if activation == "linear":
        return z
    if activation == "step":
        return torch.heaviside(z, torch.ones_like(z))
    if activation == "softmax":
        return z.softmax(dim=1)
    return getattr(torch, activation)(z)


def gate(inputs: Tensor, outputs: Tensor) -> int:
    """Which of AND, OR, NAND, NOR, XOR and XNOR the outputs belong to, from 0."""
    for function, (plain, negated) in GATES.items():
        right = function(*inputs.T)
        if torch.equal(outputs.bool(), right):
            return plain
        if torch.equal(outputs.bool(), ~right):
            return negated
    raise ValueError("the outputs belong to none of the functions")
