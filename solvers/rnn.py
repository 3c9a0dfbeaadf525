"""Recurrent networks, built in PyTorch and counted."""

from __future__ import annotations

from torch import nn


def lstm_parameter_count(
    inputs: int,
    hidden: int,
    two_biases: bool,
    outputs: int,
    projection: int,
    compared: bool,
) -> dict[str, int]:
    """Build the layers without memory for their weights, and count."""
    lstm = nn.LSTM(inputs, hidden, proj_size=projection, device="meta")
    sizes = kept(lstm, two_biases)
    counts = {
        "input_weights": sizes["weight_ih_l0"],
        "recurrent_weights": sizes["weight_hh_l0"],
        "biases": sizes["bias_ih_l0"] + sizes.get("bias_hh_l0", 0),
        "lstm": sum(sizes.values()),
    }
    if projection:
        counts["projection_weights"] = sizes["weight_hr_l0"]
    if outputs:
        head = nn.Linear(projection or hidden, outputs, device="meta")
        counts["head"] = sum(parameter.numel() for parameter in head.parameters())
        counts["total"] = counts["lstm"] + counts["head"]
    if compared:
        counts["gru"] = sum(
            kept(nn.GRU(inputs, hidden, device="meta"), two_biases).values()
        )
        counts["saving"] = counts["lstm"] - counts["gru"]
    return counts


def kept(layer: nn.RNNBase, two_biases: bool) -> dict[str, int]:
    """The sizes of the parameters, without second bias vectors if there are none."""
    sizes = {name: parameter.numel() for name, parameter in layer.named_parameters()}
    return {
        name: size
        for name, size in sizes.items()
        if two_biases or not name.startswith("bias_hh")
    }
