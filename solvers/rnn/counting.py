"""Recurrent layers, built in PyTorch without memory for their weights, and counted."""

from __future__ import annotations

import numpy
import torch
from torch import nn


def vanilla_parameter_count(
    inputs: int, hidden: int, two_biases: bool, outputs: int, vocabulary: int
) -> dict[str, int]:
    """Build the layers, the embedding from vectors that are never filled, and count."""
    counts = parts(nn.RNN(inputs, hidden, device="meta"), two_biases)
    if outputs:
        counts["head"] = size(nn.Linear(hidden, outputs, device="meta"))
        counts["total"] = counts["rnn"] + counts["head"]
    if vocabulary:
        vectors = torch.empty(vocabulary, inputs, device="meta")
        counts["embedding"] = size(nn.Embedding.from_pretrained(vectors, freeze=True))
        counts["stored"] = counts["total"] + counts["embedding"]
    return counts


def lstm_parameter_count(
    inputs: int,
    hidden: int,
    two_biases: bool,
    outputs: int,
    projection: int,
    compared: bool,
    hidden_sought: bool,
) -> dict[str, int]:
    """Build and count the layers; units are found as the root of a polynomial."""
    counts = parts(
        nn.LSTM(inputs, hidden, proj_size=projection, device="meta"), two_biases
    )
    if hidden_sought:
        return units(counts["lstm"] // 4, inputs, two_biases)
    if outputs:
        counts["head"] = size(nn.Linear(projection or hidden, outputs, device="meta"))
        counts["total"] = counts["lstm"] + counts["head"]
    if compared:
        counts["gru"] = parts(nn.GRU(inputs, hidden, device="meta"), two_biases)["gru"]
        counts["rnn"] = parts(nn.RNN(inputs, hidden, device="meta"), two_biases)["rnn"]
        counts["saving"] = counts["lstm"] - counts["gru"]
    return counts


def gru_parameter_count(
    inputs: int,
    hidden: int,
    two_biases: bool,
    outputs: int,
    compared: bool,
    hidden_sought: bool,
) -> dict[str, int]:
    """Build and count the layers; units are found as the root of a polynomial."""
    counts = parts(nn.GRU(inputs, hidden, device="meta"), two_biases)
    if outputs:
        counts["head"] = size(nn.Linear(hidden, outputs, device="meta"))
        counts["total"] = counts["gru"] + counts["head"]
    if compared or hidden_sought:
        lstm = parts(nn.LSTM(inputs, hidden, device="meta"), two_biases)["lstm"]
        if hidden_sought:
            return {"gru": counts["gru"], **units(lstm // 4, inputs, two_biases)}
        counts |= {"lstm": lstm, "saving": lstm - counts["gru"]}
    return counts


def deep_bidirectional_count(
    kind: str, inputs: int, hidden: int, layers: int, bidirectional: bool, outputs: int
) -> dict[str, int]:
    """Build all layers at once, and count them by the numbers in their names."""
    stack = getattr(nn, kind)(
        inputs, hidden, layers, bidirectional=bidirectional, device="meta"
    )
    sizes = {name: parameter.numel() for name, parameter in stack.named_parameters()}

    def of(layer: str) -> int:
        return sum(size for name, size in sizes.items() if layer in name)

    width = (2 if bidirectional else 1) * hidden
    counts = {"first": of("_l0"), "width": width}
    if bidirectional:
        counts["one_direction"] = of("_l0_reverse")
    if layers > 1:
        counts["later"] = of(f"_l{layers - 1}")
        counts["total"] = size(stack)
        counts["width"] = stack.weight_ih_l1.shape[1]
    if outputs:
        counts["head"] = size(nn.Linear(width, outputs, device="meta"))
        counts["whole"] = size(stack) + counts["head"]
    return counts


def parts(layer: nn.RNNBase, two_biases: bool) -> dict[str, int]:
    """The sizes of a layer's parts, with one bias vector or both."""
    sizes = {name: parameter.numel() for name, parameter in layer.named_parameters()}
    second = sizes.pop("bias_hh_l0")
    counts = {
        "input_weights": sizes["weight_ih_l0"],
        "recurrent_weights": sizes["weight_hh_l0"],
        "biases": sizes["bias_ih_l0"] + two_biases * second,
        type(layer).__name__.lower(): sum(sizes.values()) + two_biases * second,
    }
    if layer.proj_size:
        counts["projection_weights"] = sizes["weight_hr_l0"]
    return counts


def units(one_set: int, inputs: int, two_biases: bool) -> dict[str, int]:
    """The units whose weights and biases are this many in one set."""
    roots = numpy.roots([1, inputs + 1 + two_biases, -one_set])
    return {"one_set": one_set, "hidden": round(max(roots))}


def size(module: nn.Module) -> int:
    """The number of parameters."""
    return sum(parameter.numel() for parameter in module.parameters())
