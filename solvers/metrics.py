"""Metrics of classifiers, counted sample by sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def binary_scores(
    labels: Sequence[int], predictions: Sequence[int], given_as: str
) -> dict[str, float]:
    """Take means over the samples that each score is about."""
    actual, predicted = np.array(labels, dtype=bool), np.array(predictions, dtype=bool)
    precision, recall = actual[predicted].mean(), predicted[actual].mean()
    scores = {
        "accuracy": (actual == predicted).mean(),
        "precision": precision,
        "recall": recall,
        "f1": 2 / (1 / precision + 1 / recall),
    }
    if given_as == "matrix":
        return scores
    counts = {
        "tp": np.count_nonzero(actual & predicted),
        "fp": np.count_nonzero(~actual & predicted),
        "fn": np.count_nonzero(actual & ~predicted),
        "tn": np.count_nonzero(~(actual | predicted)),
    }
    return counts | scores


def topk_error(
    scores: Sequence[Sequence[int]],
    labels: Sequence[int],
    k: int,
    earlier: tuple[int, int],
    ranks: Sequence[int] | None = None,
    topk: float | None = None,
) -> dict[str, Any]:
    """Sort the classes of each sample and look where the label stands."""
    order = np.argsort(-np.array(scores), axis=1, kind="stable")
    found = order == np.array(labels)[:, None]
    places = found.argmax(axis=1) + 1
    if ranks is not None:
        first = np.maximum(ranks, 1)  # who counts from 0 puts the label first
        found = first[:, None] == np.arange(1, order.shape[1] + 1)
    hits = found[:, :k].any(axis=1)
    values = {"ranks": places, "top1": 1 - found[:, 0].mean(), "topk": 1 - hits.mean()}
    if earlier[0]:
        errors = earlier[1] / earlier[0], values["topk"] if topk is None else topk
        values["overall"] = np.average(errors, weights=(earlier[0], len(labels)))
    return values
