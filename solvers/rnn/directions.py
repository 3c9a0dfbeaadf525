"""A bidirectional layer of PyTorch with loaded weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def bidirectional_output(
    inputs: Sequence[int],
    forward: Sequence[int],
    backward: Sequence[int],
    padding: int,
) -> dict[str, Any]:
    """Run the layer on a packed sequence, and on one whose padding is read."""
    layer = loaded(forward, backward)
    x = torch.tensor([*inputs, *[0] * padding], dtype=torch.float64)[None, :, None]
    packed = pack_padded_sequence(x, [len(inputs)], batch_first=True)
    states, last = layer(packed)
    output = pad_packed_sequence(states, batch_first=True)[0][0]
    found: dict[str, Any] = {"outputs": output, "last": last.flatten()}
    if padding:
        found["sums"] = output.sum(dim=1)
        found["unpacked"] = layer(x)[1][1, 0, 0]
    return found


def loaded(forward: Sequence[int], backward: Sequence[int]) -> Any:
    """One ReLU unit for each direction; the second bias of PyTorch is zero."""
    layer = nn.RNN(1, 1, nonlinearity="relu", bidirectional=True, batch_first=True)
    layer = layer.double()
    numbers = [(w, u, b, 0) for w, u, b in (forward, backward)]
    for parameters, values in zip(layer.all_weights, numbers, strict=True):
        for parameter, value in zip(parameters, values, strict=True):
            fill(parameter, value)
    return layer


def fill(parameter: Tensor, value: int) -> None:
    """Put a number into a parameter."""
    parameter.data.fill_(value)
