"""The networks of the Visual Geometry Group."""

from __future__ import annotations

from torch import nn

FILTERS = (64, 128, 256, 512, 512)
"""The filters of each block."""
CONVOLUTIONS = {
    11: (1, 1, 2, 2, 2),
    13: (2, 2, 2, 2, 2),
    16: (2, 2, 3, 3, 3),
    19: (2, 2, 4, 4, 4),
}
"""The convolutions of each block, by the number of layers with weights."""


def vgg(depth: int, classes: int = 1000) -> nn.Sequential:
    """Blocks of 3 × 3 convolutions and three linear layers, for 3 × 224 × 224.

    Source: Simonyan & Zisserman 2015, Very deep convolutional networks for large-scale
    image recognition, table 1, columns A, B, D and E.
    """
    layers: list[nn.Module] = []
    channels = 3
    for width, convolutions in zip(FILTERS, CONVOLUTIONS[depth], strict=True):
        layers += vgg_block(channels, width, convolutions)
        channels = width
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(512 * 7 * 7, 4096),
        nn.ReLU(),
        nn.Dropout(),
        nn.Linear(4096, 4096),
        nn.ReLU(),
        nn.Dropout(),
        nn.Linear(4096, classes),
    )


def vgg_block(channels: int, width: int, convolutions: int) -> list[nn.Module]:
    """Convolutions that keep the size, then a pooling that halves it."""
    layers: list[nn.Module] = []
    for number in range(convolutions):
        layers.append(nn.Conv2d(width if number else channels, width, 3, padding=1))
        layers.append(nn.ReLU())
    return [*layers, nn.MaxPool2d(2)]
