"""Bidirectional encoders of text."""

from __future__ import annotations

import torch
from torch import Tensor, nn

SIZES = {"base": (12, 768, 12), "large": (24, 1024, 16)}
"""Layers, hidden size and heads."""


class Bert(nn.Module):
    """Embeddings, an encoder stack and a pooler; without the heads of pre-training.

    Source: Devlin et al. 2019, BERT: pre-training of deep bidirectional transformers
    for language understanding, section 3; the vocabulary is that of the uncased models.
    """

    def __init__(self, size: str = "base", vocabulary: int = 30_522) -> None:
        """Build the layers."""
        super().__init__()
        layers, width, heads = SIZES[size]
        self.words = nn.Embedding(vocabulary, width, padding_idx=0)
        self.positions = nn.Embedding(512, width)
        self.segments = nn.Embedding(2, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        layer = nn.TransformerEncoderLayer(
            width, heads, 4 * width, activation="gelu", batch_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.pooler = nn.Linear(width, width)

    def forward(self, tokens: Tensor) -> Tensor:
        """The pooled first token of each sequence, from (batch, length) tokens."""
        places = torch.arange(tokens.shape[1], device=tokens.device)
        first = self.segments(torch.zeros_like(tokens))
        x = self.norm(self.words(tokens) + self.positions(places) + first)
        return torch.tanh(self.pooler(self.encoder(x)[:, 0]))


class BertForPreTraining(nn.Module):
    """BERT with its two heads; that for masked words shares the word embeddings."""

    def __init__(self, size: str = "base") -> None:
        """Build the layers."""
        super().__init__()
        self.bert = Bert(size)
        vocabulary, width = self.bert.words.weight.shape
        self.transform = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)
        self.decoder = nn.Linear(width, vocabulary)
        self.decoder.weight = self.bert.words.weight
        self.next_sentence = nn.Linear(width, 2)
