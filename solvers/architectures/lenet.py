"""LeNet-5, as courses build it today."""

from __future__ import annotations

from torch import nn


def lenet5(classes: int = 10) -> nn.Sequential:
    """Two convolutions, two poolings, three linear layers, for images of 1 × 32 × 32.

    Source: LeCun et al. 1998, Gradient-based learning applied to document recognition,
    section II.B; with full connections in the second convolution and a linear output.
    """
    return nn.Sequential(
        nn.Conv2d(1, 6, 5),
        nn.Tanh(),
        nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5),
        nn.Tanh(),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120),
        nn.Tanh(),
        nn.Linear(120, 84),
        nn.Tanh(),
        nn.Linear(84, classes),
    )
