"""Convolutional networks, built in PyTorch and run."""

from __future__ import annotations

import torch
from torch import nn

Pair = tuple[int, int]


def conv_output_size(
    height: int, width: int, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair
) -> dict[str, int]:
    """Convolve an image of that size and look at what comes out."""
    conv = nn.Conv2d(1, 1, kernel, stride, padding, dilation, device="meta")
    features = conv(torch.zeros(1, 1, height, width, device="meta"))
    return {"rows": features.shape[2], "columns": features.shape[3]}
