"""The encoder-decoder that gave transformers their name."""

from __future__ import annotations

from torch import Tensor, nn

SIZES = {"base": (512, 2048, 8), "big": (1024, 4096, 16)}
"""Hidden size, inner size and heads."""


class Transformer(nn.Module):
    """Six layers each; both embeddings and the output layer share one table.

    The sinusoidal positions have no parameters. The paper says that the vocabulary has
    about 37000 tokens, so that its 65 and 213 million parameters are met roughly.

    Source: Vaswani et al. 2017, Attention is all you need, section 3 and table 3.
    """

    def __init__(self, size: str = "base", vocabulary: int = 37_000) -> None:
        """Build the layers."""
        super().__init__()
        width, inner, heads = SIZES[size]
        self.words = nn.Embedding(vocabulary, width)
        encoder = nn.TransformerEncoderLayer(width, heads, inner, batch_first=True)
        decoder = nn.TransformerDecoderLayer(width, heads, inner, batch_first=True)
        self.encoder = nn.TransformerEncoder(encoder, 6, enable_nested_tensor=False)
        self.decoder = nn.TransformerDecoder(decoder, 6)

    def forward(self, source: Tensor) -> Tensor:
        """The logits of the source given itself, (batch, length, tokens)."""
        x = self.words(source)
        return self.decoder(x, self.encoder(x)) @ self.words.weight.T
