"""Embedding tables and bags of words, by PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional

MILLION = 1_000_000


def one_hot_lookup(
    words: Sequence[str],
    table: Sequence[Sequence[int]],
    tokens: Sequence[Sequence[int]],
    vocabulary: int,
    dimension: int,
    classes: int,
    frozen: bool,
) -> dict[str, Any]:
    """Encode, multiply by the table, or look up and send gradients back."""
    numbers = torch.tensor(tokens)
    if words:
        first, second = functional.one_hot(numbers[0], len(words)).double()
        return {"first": first, "second": second, "distance": (first - second).norm()}
    with torch.device("meta"):
        embedding = nn.Embedding(vocabulary, dimension, padding_idx=0)
        context = nn.Embedding(vocabulary, dimension)
    size = count(embedding)
    if table:
        picked = functional.one_hot(numbers[0], len(table)) @ torch.tensor(table)
        return {"rows": picked, "parameters": size, "both": size + count(context)}
    with torch.device("meta"):
        linear = nn.Linear(dimension, classes)
        shape = tuple(embedding(numbers.to("meta")).shape)
    embedding.requires_grad_(not frozen)
    weight = embedding.weight
    return {
        "shape": shape,
        "trained": count(embedding) + count(linear),
        "megabytes": weight.numel() * weight.element_size() / MILLION,
        "changed_rows": rows_with_gradient(numbers, vocabulary),
    }


def count(module: nn.Module) -> int:
    """The numbers of a module that are trained."""
    return sum(p.numel() for p in module.parameters() if p.requires_grad)


def rows_with_gradient(numbers: torch.Tensor, vocabulary: int) -> int:
    """How many rows of a table change in a step on these tokens; row 0 is padding."""
    table = nn.Embedding(vocabulary, 1, padding_idx=0, sparse=True)
    loss = table(numbers).sum()
    gradient = torch.autograd.grad(loss, table.weight)[0].coalesce()
    return int((gradient.values() != 0).sum())


def sentence_pooling(
    vectors: Sequence[Sequence[int]],
    sentences: Sequence[str],
    sizes: Sequence[int],
    letters: str,
) -> dict[str, Any]:
    """Let a bag of words add and average; count layers without weights in memory."""
    if sizes:
        return counted(*sizes)
    table = torch.tensor(vectors, dtype=torch.float64)
    tokens = [
        torch.tensor([letters.index(word) for word in text if word in letters])
        for text in sentences
    ]
    bag = nn.EmbeddingBag.from_pretrained
    means = [bag(table, mode="mean")(row[None])[0] for row in tokens]
    if len(sentences) == 1:
        return {"sum": bag(table, mode="sum")(tokens[0][None])[0], "mean": means[0]}
    joined = [table[row].flatten() for row in tokens]
    same = len(joined[0]) == len(joined[1]) and torch.equal(*joined)
    return {
        "first": means[0],
        "second": means[1],
        "same_mean": "yes" if torch.allclose(*means) else "no",
        "same_concatenation": "yes" if same else "no",
    }


def counted(
    words: int, dimension: int, hidden: int, filters: int, width: int
) -> dict[str, int]:
    """Build the three kinds of first layer."""
    with torch.device("meta"):
        text = torch.zeros(1, words, dimension)
        flat = text.flatten(1)
        concatenation = nn.Linear(flat.shape[1], hidden)
        mean_layer = nn.Linear(text.mean(dim=1).shape[1], hidden)
        convolution = nn.Conv1d(dimension, filters, width)
        maps = convolution(text.transpose(1, 2))
    return {
        "inputs": flat.shape[1],
        "concatenation": count(concatenation),
        "mean_layer": count(mean_layer),
        "length": maps.shape[2],
        "convolution": count(convolution),
    }
