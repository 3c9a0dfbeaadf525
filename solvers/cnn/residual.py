"""Residual blocks, run and differentiated by PyTorch, and built to be counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from ..architectures.resnet import BasicBlock, Bottleneck

FUNCTIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "linear": lambda z: z,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "sin": torch.sin,
}


def residual_gradient(
    start: Sequence[float],
    weights: Sequence[float],
    matrix: Sequence[Sequence[float]],
    function: str,
    skip: float,
    upstream: Sequence[float],
) -> dict[str, Any]:
    """Run the blocks, and let autograd go back through them."""
    if matrix:
        return block_of_vectors(start, matrix, skip, upstream)
    x = torch.tensor(start[0], dtype=torch.float64, requires_grad=True)
    coming = torch.tensor(upstream[0], dtype=torch.float64)
    states = [x]
    for weight in weights:
        states.append(FUNCTIONS[function](weight * states[-1]) + skip * states[-1])
    (gradient,) = torch.autograd.grad(states[-1], x, coming, retain_graph=True)
    if len(weights) > 2:
        alone = x
        for weight in weights:
            alone = weight * alone
        (without,) = torch.autograd.grad(alone, x, coming)
        return {"output": states[-1], "gradient": gradient, "without": without}
    found = {"gradient": gradient}
    for number, (before, after) in enumerate(pairwise(states), 1):
        (slope,) = torch.autograd.grad(after, before, retain_graph=True)
        found |= {f"output_{number}": after, f"slope_{number}": slope}
    return found


def block_of_vectors(
    start: Sequence[float],
    matrix: Sequence[Sequence[float]],
    skip: float,
    upstream: Sequence[float],
) -> dict[str, Tensor]:
    """One block with ReLU behind the addition."""
    x = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    coming = torch.tensor(upstream, dtype=torch.float64)
    sums = torch.tensor(matrix, dtype=torch.float64) @ x + skip * x
    output = torch.relu(sums)
    rows = torch.eye(len(x), dtype=torch.float64)
    (jacobian,) = torch.autograd.grad(
        output, x, rows, retain_graph=True, is_grads_batched=True
    )
    (gradient,) = torch.autograd.grad(output, x, coming)
    return {"sums": sums, "output": output, "jacobian": jacobian, "gradient": gradient}


Block = BasicBlock | Bottleneck
BLOCKS: dict[str, type[Block]] = {"basic": BasicBlock, "bottleneck": Bottleneck}


def residual_block_parameters(
    kind: str,
    size: tuple[int, int, int],
    width: int,
    stride: int,
    stages: Sequence[int],
    stage: int,
) -> dict[str, Any]:
    """Build the blocks without memory, count their parameters, and run them."""
    make = BLOCKS[kind]
    with torch.device("meta"):
        block = make(size[0], width, stride)
        output = block.eval()(torch.empty(1, *size))
    found: dict[str, Any] = {"size": tuple(output.shape[1:])}
    if not stages:
        return found | parts_of(block)
    with torch.device("meta"):
        other = make(output.shape[1], width)
    convolutions = sum(isinstance(layer, nn.Conv2d) for layer in block.branch)
    return found | {
        "first": parameters(block),
        "other": parameters(other),
        "total": parameters(block) + (stages[stage] - 1) * parameters(other),
        "layers": convolutions * sum(stages) + 2,
    }


def parts_of(block: Block) -> dict[str, int]:
    """The parameters of a block by what they belong to."""
    found = {"convolutions": 0, "normalizations": 0, "total": parameters(block)}
    for layer in block.branch:
        convolves = isinstance(layer, nn.Conv2d)
        found["convolutions" if convolves else "normalizations"] += parameters(layer)
    if parameters(block.shortcut):
        found["projection"] = parameters(block.shortcut)
    return found


def parameters(module: nn.Module) -> int:
    """The number of all weights and biases."""
    return sum(parameter.numel() for parameter in module.parameters())
