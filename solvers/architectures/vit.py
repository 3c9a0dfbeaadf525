"""Transformers on the patches of images."""

from __future__ import annotations

import torch
from torch import Tensor, nn

SIZES = {"base": (12, 768, 12), "large": (24, 1024, 16)}
"""Layers, hidden size and heads."""


class VisionTransformer(nn.Module):
    """Patches, a class token, learned positions and pre-norm layers.

    Source: Dosovitskiy et al. 2021, An image is worth 16x16 words, section 3.1 and
    table 1.
    """

    def __init__(
        self, size: str = "base", patch: int = 16, side: int = 224, classes: int = 1000
    ) -> None:
        """Build the layers."""
        super().__init__()
        layers, width, heads = SIZES[size]
        self.patches = nn.Conv2d(3, width, patch, stride=patch)
        self.class_token = nn.Parameter(torch.zeros(1, 1, width))
        self.positions = nn.Parameter(torch.zeros(1, (side // patch) ** 2 + 1, width))
        layer = nn.TransformerEncoderLayer(
            width,
            heads,
            4 * width,
            activation="gelu",
            batch_first=True,
            norm_first=True,
        )
        self.encoder = nn.TransformerEncoder(
            layer, layers, norm=nn.LayerNorm(width), enable_nested_tensor=False
        )
        self.head = nn.Linear(width, classes)

    def forward(self, images: Tensor) -> Tensor:
        """The logits of the classes, from (batch, 3, side, side) images."""
        x = self.patches(images).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_token.expand(len(x), -1, -1), x], dim=1)
        return self.head(self.encoder(x + self.positions)[:, 0])
