"""Metrics of classifiers, counted sample by sample."""

from __future__ import annotations

from collections.abc import Sequence

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
