"""MobileNet and its depthwise separable convolutions."""

from __future__ import annotations

from torch import nn

BLOCKS = (
    (32, 64, 1),
    (64, 128, 2),
    (128, 128, 1),
    (128, 256, 2),
    (256, 256, 1),
    (256, 512, 2),
    *((512, 512, 1) for _ in range(5)),
    (512, 1024, 2),
    (1024, 1024, 1),
)
"""Channels in, channels out and stride of each block."""


def depthwise_separable(
    channels: int, filters: int, stride: int = 1
) -> list[nn.Module]:
    """A 3 × 3 filter for each channel, then a 1 × 1 convolution that mixes them.

    Source: Howard et al. 2017, MobileNets, figure 3 (right).
    """
    return [
        nn.Conv2d(channels, channels, 3, stride, 1, groups=channels, bias=False),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
        nn.Conv2d(channels, filters, 1, bias=False),
        nn.BatchNorm2d(filters),
        nn.ReLU(),
    ]


def mobilenet(classes: int = 1000) -> nn.Sequential:
    """Thirteen depthwise separable blocks, for images of 3 × 224 × 224.

    Source: Howard et al. 2017, table 1.
    """
    return nn.Sequential(
        nn.Conv2d(3, 32, 3, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        *(layer for block in BLOCKS for layer in depthwise_separable(*block)),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(1024, classes),
    )
