"""Decoders of text that only look back."""

from __future__ import annotations

import torch
from torch import Tensor, nn

SIZES = {
    "small": (12, 768, 12),
    "medium": (24, 1024, 16),
    "large": (36, 1280, 20),
    "xl": (48, 1600, 25),
}
"""Layers, hidden size and heads."""


class Gpt2(nn.Module):
    """Pre-norm layers with a causal mask; the word embeddings are the output layer.

    Source: Radford et al. 2019, Language models are unsupervised multitask learners,
    section 2.3 and table 2. The table's smallest sizes, 117M and 345M, were misprints.
    """

    def __init__(self, size: str = "small", vocabulary: int = 50_257) -> None:
        """Build the layers."""
        super().__init__()
        layers, width, heads = SIZES[size]
        self.words = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(1024, width)
        layer = nn.TransformerEncoderLayer(
            width,
            heads,
            4 * width,
            activation="gelu",
            batch_first=True,
            norm_first=True,
        )
        self.layers = nn.TransformerEncoder(
            layer, layers, norm=nn.LayerNorm(width), enable_nested_tensor=False
        )

    def forward(self, tokens: Tensor) -> Tensor:
        """The logits of the next token, (batch, length, vocabulary)."""
        length = tokens.shape[1]
        places = torch.arange(length, device=tokens.device)
        later = nn.Transformer.generate_square_subsequent_mask(length, tokens.device)
        x = self.layers(
            self.words(tokens) + self.positions(places), mask=later, is_causal=True
        )
        return x @ self.words.weight.T
