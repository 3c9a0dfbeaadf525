"""The memory that training takes, measured on PyTorch's tensors after one step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn


def state_memory(
    form: str, optimizer: str, widths: Sequence[int], frozen: int, batch: int
) -> dict[str, float]:
    """Build the layers, take a step, and measure what is there."""
    kind = torch.bfloat16 if form == "mixed" else torch.float32
    layers = [
        nn.utils.skip_init(nn.Linear, inputs, outputs, dtype=kind)
        for inputs, outputs in pairwise(widths)
    ]
    parameters = [p for layer in layers for p in layer.parameters()]
    trained = [p for layer in layers[frozen:] for p in layer.parameters()]
    for parameter in trained:
        parameter.grad = torch.zeros_like(parameter)
    gradients = [p.grad for p in parameters if p.grad is not None]
    values = {"parameters": counted(parameters)}
    if form == "mixed":
        copies = [parameter.detach().float() for parameter in trained]
        kept = measured(copies) + measured(state_after_step(optimizer, copies))
        total = measured(parameters) + measured(gradients) + kept
        return {**values, "trainable": counted(trained), "kept": kept, "total": total}
    state = state_after_step(optimizer, parameters)
    size = measured(parameters) + measured(gradients) + measured(state)
    if form == "activations":
        saved = saved_activations(layers, torch.zeros(batch, widths[0]))
        return {
            **values,
            "activations": counted(saved),
            "total": size + measured(saved),
        }
    values["state"] = counted(state)
    if form == "megabytes":
        return {**values, "megabytes": size / 10**6}
    return {**values, "total": sum(map(counted, (parameters, gradients, state)))}


def counted(tensors: Iterable[Tensor]) -> int:
    """How many values tensors have."""
    return sum(tensor.numel() for tensor in tensors)


def measured(tensors: Iterable[Tensor]) -> int:
    """How many bytes tensors have."""
    return sum(tensor.nbytes for tensor in tensors)


def state_after_step(name: str, parameters: Sequence[Tensor]) -> list[Tensor]:
    """What an optimizer keeps after its first step, but for Adam's step counters."""
    optimizer: torch.optim.Optimizer
    if name == "adam":
        optimizer = torch.optim.Adam(parameters, foreach=False)
    else:
        momentum = 0.9 if name == "momentum" else 0.0
        optimizer = torch.optim.SGD(parameters, 0.1, momentum, foreach=False)
    for parameter in parameters:
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    states = [value for state in optimizer.state.values() for value in state.values()]
    return [value for value in states if isinstance(value, Tensor) and value.dim() > 0]


def saved_activations(layers: Sequence[nn.Linear], inputs: Tensor) -> list[Tensor]:
    """The tensors other than parameters that autograd keeps for the backward pass."""
    own = {p.data_ptr() for layer in layers for p in layer.parameters()}
    saved: dict[int, Tensor] = {}

    def keep(tensor: Tensor) -> Tensor:
        if tensor.data_ptr() not in own:
            saved[tensor.data_ptr()] = tensor
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        for layer in layers[:-1]:
            inputs = layer(inputs).relu()
        layers[-1](inputs)
    return list(saved.values())
