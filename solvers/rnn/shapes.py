"""Recurrent layers of PyTorch, run to see what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn


def output_shapes(
    kind: str,
    inputs: int,
    hidden: int,
    layers: int,
    bidirectional: bool,
    batch_first: bool,
    projection: int,
    x: Sequence[int],
    last_step: str,
    classes: int,
    located: bool,
    places: Sequence[str],
) -> dict[str, Any]:
    """Run the layers on noise, and look for the last state in the output."""
    settings: dict[str, object] = {"proj_size": projection} if projection else {}
    settings |= {"bidirectional": bidirectional, "batch_first": batch_first}
    layer = getattr(nn, kind)(inputs, hidden, layers, **settings).double()
    output, states = layer(torch.randn(*x, dtype=torch.float64))
    h_n, c_n = states if kind == "LSTM" else (states, None)
    last = output[:, -1] if last_step == "output[:, -1]" else output[-1]
    found: dict[str, Any] = {
        "output": tuple(output.shape),
        "h_n": tuple(h_n.shape),
        "last": tuple(last.shape),
    }
    if c_n is not None:
        found["c_n"] = tuple(c_n.shape)
    if classes:
        found["features"] = last.shape[-1]
    if located:
        parts = [part(output, place, h_n.shape[-1]) for place in places]
        (found["place"],) = (
            n for n, entries in enumerate(parts) if torch.equal(entries, h_n[-1])
        )
    return found


def part(output: Tensor, place: str, s: int) -> Tensor:
    """The part of the output that a place such as output[:, -1, s:] names."""
    *axes, half = place.removeprefix("output[").removesuffix("]").split(", ")
    index = [slice(None) if axis == ":" else int(axis) for axis in axes]
    return output[(*index, slice(s) if half == ":s" else slice(s, None))]
