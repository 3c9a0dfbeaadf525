"""GoogLeNet and its Inception blocks."""

from __future__ import annotations

import torch
from torch import Tensor, nn

INCEPTIONS = (
    (192, 64, 96, 128, 16, 32, 32),
    (256, 128, 128, 192, 32, 96, 64),
    (480, 192, 96, 208, 16, 48, 64),
    (512, 160, 112, 224, 24, 64, 64),
    (512, 128, 128, 256, 24, 64, 64),
    (512, 112, 144, 288, 32, 64, 64),
    (528, 256, 160, 320, 32, 128, 128),
    (832, 256, 160, 320, 32, 128, 128),
    (832, 384, 192, 384, 48, 128, 128),
)
"""Input channels, then the filters of each branch, from 3a to 5b."""
POOLED_AFTER = (1, 6)
"""Inceptions 3b and 4e, counted from 0."""


class Inception(nn.Module):
    """Four branches side by side.

    Source: Szegedy et al. 2015, Going deeper with convolutions, figure 2b and table 1.
    """

    def __init__(
        self,
        channels: int,
        one: int,
        before_three: int,
        three: int,
        before_five: int,
        five: int,
        pooled: int,
        *,
        normalized: bool = False,
    ) -> None:
        super().__init__()
        convolved = normalized_convolution if normalized else convolution
        wide = 3 if normalized else 5
        self.branches = nn.ModuleList(
            [
                nn.Sequential(*convolved(channels, one, 1)),
                nn.Sequential(
                    *convolved(channels, before_three, 1),
                    *convolved(before_three, three, 3, padding=1),
                ),
                nn.Sequential(
                    *convolved(channels, before_five, 1),
                    *convolved(before_five, five, wide, padding=wide // 2),
                ),
                nn.Sequential(
                    nn.MaxPool2d(3, stride=1, padding=1),
                    *convolved(channels, pooled, 1),
                ),
            ]
        )

    def forward(self, x: Tensor) -> Tensor:
        """Shape (N, channels, H, W) to (N, one + three + five + pooled, H, W)."""
        return torch.cat([branch(x) for branch in self.branches], dim=1)


def convolution(
    channels: int, filters: int, kernel: int, stride: int = 1, padding: int = 0
) -> list[nn.Module]:
    """A convolution with biases, and ReLU."""
    return [nn.Conv2d(channels, filters, kernel, stride, padding), nn.ReLU()]


def normalized_convolution(
    channels: int, filters: int, kernel: int, stride: int = 1, padding: int = 0
) -> list[nn.Module]:
    """A convolution without biases, batch normalization, and ReLU."""
    conv = nn.Conv2d(channels, filters, kernel, stride, padding, bias=False)
    return [conv, nn.BatchNorm2d(filters, eps=0.001), nn.ReLU()]


def googlenet(classes: int = 1000, *, normalized: bool = False) -> nn.Sequential:
    """Nine Inception blocks, for images of 3 × 224 × 224.

    Without the auxiliary classifiers, which only help in training, and without local
    response normalization, which has no parameters.

    Source: Szegedy et al. 2015, table 1.

    Args:
        classes: the number of outputs.
        normalized: as torchvision builds it: batch normalization in place of biases,
            and 3 × 3 in place of 5 × 5 kernels.
    """
    convolved = normalized_convolution if normalized else convolution
    blocks: list[nn.Module] = []
    for number, filters in enumerate(INCEPTIONS):
        blocks.append(Inception(*filters, normalized=normalized))
        if number in POOLED_AFTER:
            blocks.append(nn.MaxPool2d(3, stride=2, padding=1))
    return nn.Sequential(
        *convolved(3, 64, 7, stride=2, padding=3),
        nn.MaxPool2d(3, stride=2, padding=1),
        *convolved(64, 64, 1),
        *convolved(64, 192, 3, padding=1),
        nn.MaxPool2d(3, stride=2, padding=1),
        *blocks,
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Dropout(0.4),
        nn.Linear(1024, classes),
    )


def auxiliary_classifier(
    channels: int, classes: int = 1000, *, normalized: bool = False
) -> nn.Sequential:
    """What classifies from maps of channels × 14 × 14 half-way, while training.

    Source: Szegedy et al. 2015, section 5.
    """
    convolved = normalized_convolution if normalized else convolution
    return nn.Sequential(
        nn.AvgPool2d(5, stride=3),
        *convolved(channels, 128, 1),
        nn.Flatten(),
        nn.Linear(128 * 4 * 4, 1024),
        nn.ReLU(),
        nn.Dropout(0.7),
        nn.Linear(1024, classes),
    )
