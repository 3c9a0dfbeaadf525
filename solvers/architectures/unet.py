"""U-Net."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class UNet(nn.Module):
    """A contracting path, an expanding path, and copies from one to the other.

    Source: Ronneberger et al. 2015, U-Net, figure 1: four levels of 64 to 1024
    channels, 3 × 3 convolutions without padding, copies that are cropped.
    """

    def __init__(
        self,
        channels: int = 1,
        width: int = 64,
        levels: int = 4,
        classes: int = 2,
        padding: int = 0,
    ) -> None:
        super().__init__()
        widths = [width * 2**level for level in range(levels + 1)]
        ins = [channels, *widths[:-1]]
        downs = map(two_convolutions, ins, widths, [padding] * len(widths))
        pairs = list(zip(widths[:0:-1], widths[-2::-1], strict=True))
        self.downs = nn.ModuleList(downs)
        self.pool = nn.MaxPool2d(2)
        self.enlarge = nn.ModuleList(
            nn.ConvTranspose2d(deep, high, 2, stride=2) for deep, high in pairs
        )
        self.ups = nn.ModuleList(
            two_convolutions(2 * high, high, padding) for _, high in pairs
        )
        self.head = nn.Conv2d(width, classes, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Shape (N, channels, H, W) to (N, classes, h, w); 572 leads to 388."""
        copies = []
        for number, down in enumerate(self.downs):
            x = down(self.pool(x) if number else x)
            copies.append(x)
        steps = zip(self.enlarge, self.ups, copies[-2::-1], strict=True)
        for enlarge, up, copy in steps:
            x = enlarge(x)
            x = up(torch.cat([cropped(copy, x), x], dim=1))
        return self.head(x)


def two_convolutions(channels: int, filters: int, padding: int) -> nn.Sequential:
    """Two 3 × 3 convolutions, each followed by ReLU."""
    return nn.Sequential(
        nn.Conv2d(channels, filters, 3, padding=padding),
        nn.ReLU(),
        nn.Conv2d(filters, filters, 3, padding=padding),
        nn.ReLU(),
    )


def cropped(maps: Tensor, like: Tensor) -> Tensor:
    """The middle of maps, as large as others."""
    top, left = ((maps.shape[axis] - like.shape[axis]) // 2 for axis in (2, 3))
    return maps[:, :, top : top + like.shape[2], left : left + like.shape[3]]
