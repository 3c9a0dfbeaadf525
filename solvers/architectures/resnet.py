"""Residual networks."""

from __future__ import annotations

from torch import Tensor, nn

WIDTHS = (64, 128, 256, 512)
"""The channels inside the blocks of each stage."""
STAGES = {
    18: (2, 2, 2, 2),
    34: (3, 4, 6, 3),
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
}
"""The blocks of each stage, by the number of layers with weights."""
BOTTLENECKS_FROM = 50
EXPANSION = 4
"""The output of a bottleneck has so many times the channels inside."""


class BasicBlock(nn.Module):
    """Two 3 × 3 convolutions, and what came in is added.

    Source: He et al. 2016, Deep residual learning for image recognition, figure 5
    (left).
    """

    def __init__(self, channels: int, width: int, stride: int = 1) -> None:
        super().__init__()
        self.branch = nn.Sequential(
            nn.Conv2d(channels, width, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
        )
        self.shortcut = shortcut(channels, width, stride)
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        """Shape (N, channels, H, W) to (N, width, H / stride, W / stride)."""
        return self.relu(self.branch(x) + self.shortcut(x))


class Bottleneck(nn.Module):
    """A 1 × 1, a 3 × 3 and a 1 × 1 convolution, and what came in is added.

    Source: He et al. 2016, figure 5 (right); the stride is that of the 3 × 3
    convolution, as in torchvision.
    """

    def __init__(self, channels: int, width: int, stride: int = 1) -> None:
        super().__init__()
        self.branch = nn.Sequential(
            nn.Conv2d(channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, EXPANSION * width, 1, bias=False),
            nn.BatchNorm2d(EXPANSION * width),
        )
        self.shortcut = shortcut(channels, EXPANSION * width, stride)
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        """Shape (N, channels, H, W) to (N, 4 width, H / stride, W / stride)."""
        return self.relu(self.branch(x) + self.shortcut(x))


def shortcut(channels: int, outputs: int, stride: int) -> nn.Module:
    """Nothing where the shapes agree, otherwise a projection.

    Source: He et al. 2016, section 3.3, option B.
    """
    if stride == 1 and channels == outputs:
        return nn.Identity()
    return nn.Sequential(
        nn.Conv2d(channels, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
    )


def resnet(depth: int, classes: int = 1000) -> nn.Sequential:
    """Four stages of residual blocks, for images of 3 × 224 × 224.

    Source: He et al. 2016, table 1.
    """
    expansion = 1 if depth < BOTTLENECKS_FROM else EXPANSION
    stages, channels = [], 64
    sizes = zip(WIDTHS, STAGES[depth], strict=True)
    for number, (width, blocks) in enumerate(sizes):
        stages.append(stage(depth, channels, width, blocks, stride=2 if number else 1))
        channels = expansion * width
    return nn.Sequential(
        nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2, padding=1),
        *stages,
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(channels, classes),
    )


def stage(
    depth: int, channels: int, width: int, blocks: int, stride: int
) -> nn.Sequential:
    """Blocks of which the first one changes the size."""
    kind: type[nn.Module] = BasicBlock if depth < BOTTLENECKS_FROM else Bottleneck
    inside = width if kind is BasicBlock else EXPANSION * width
    others = [kind(inside, width) for _ in range(blocks - 1)]
    return nn.Sequential(kind(channels, width, stride), *others)
