"""Windows, n-grams and co-occurrences, by enumeration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import torch
from torch import nn


def window_pairs(
    words: Sequence[str],
    window: int,
    centre: int,
    removed: Sequence[int],
    vectors: Sequence[Sequence[int]],
) -> dict[str, Any]:
    """Compare the places of all pairs of words."""
    places = np.array([n for n in range(1, len(words) + 1) if n not in removed])
    order = np.arange(len(places))
    near = np.abs(order[:, None] - order) <= window
    near &= ~np.eye(len(places), dtype=bool)
    if not centre:
        return {"counts": near.sum(axis=1), "pairs": near.sum()}
    neighbours = places[near[places == centre][0]]
    if not vectors:
        return {"neighbours": neighbours, "pairs": len(neighbours)}
    table = torch.tensor(vectors, dtype=torch.float64)
    cbow = nn.EmbeddingBag.from_pretrained(table, mode="mean")
    full = near.sum(axis=1) == 2 * window
    mean = cbow(torch.from_numpy(neighbours - 1)[None])[0]
    return {"pairs": near.sum(), "full_windows": full.sum(), "mean": mean}


def k_skip_ngrams(words: Sequence[str], n: int, k: int) -> dict[str, Any]:
    """Choose n places and count what lies between the first and the last."""
    skips, grams = Counter[int](), set()
    for places in combinations(range(len(words)), n):
        skipped = places[-1] - places[0] - (n - 1)
        if skipped <= k:
            skips[skipped] += 1
            grams.add(tuple(words[place] for place in places))
    found = {"by_skips": [skips[s] for s in range(k + 1)], "total": skips.total()}
    repeats = len(set(words)) < len(words)
    return found | ({"different": len(grams)} if repeats else {})


def cooccurrence(
    sentences: Sequence[Sequence[str]],
    window: int,
    asked: str,
    vectors: Sequence[Sequence[int]],
    biases: Sequence[float],
) -> dict[str, Any]:
    """Count the pairs of each sentence by their distance, then in both directions."""
    pairs: Counter[tuple[str, str]] = Counter()
    for text in sentences:
        for distance in range(1, window + 1):
            for pair in zip(text, text[distance:], strict=False):
                weight = 1 / distance if asked == "loss" else 1
                pairs.update({pair: weight, pair[::-1]: weight})
    words = sorted({word for text in sentences for word in text})
    X = torch.tensor([[pairs[i, j] for j in words] for i in words], dtype=torch.float64)
    if asked == "entries":
        return {"entry": X[0, 1], "other": X[1, 2]}
    shares = X[0] / X[0].sum()
    if asked == "matrix":
        return {"matrix": X, "total": X[0].sum(), "share": shares[1]}
    w, context = torch.tensor(vectors, dtype=torch.float64)
    predicted = w @ context + sum(biases)
    loss = nn.functional.mse_loss(predicted, X[0, 1].log())
    ratio = shares[1] / shares[2]
    answers = {"row": X[0], "first": shares[1], "second": shares[2]}
    return answers | {"ratio": ratio, "loss": loss}
