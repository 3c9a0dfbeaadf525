"""Distances and nearest neighbours of word vectors, by PyTorch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch.nn import functional


def distances(
    form: str,
    query: Sequence[int],
    candidates: Sequence[Sequence[int]],
    factor: int,
    names: str,
) -> dict[str, Any]:
    """Compare the query with all candidates at once."""
    x = torch.tensor(query, dtype=torch.float64)
    Y = torch.tensor(candidates, dtype=torch.float64)
    cosines = functional.cosine_similarity(x, Y)
    euclidean = functional.pairwise_distance(x, Y, eps=0)
    if form == "pair":
        return {"dot": x @ Y[0], "distance": euclidean[0], "cosine": cosines[0]}
    if form == "nearest":
        return {
            "cosines": cosines,
            "distances": euclidean,
            "nearest_distance": names[int(euclidean.argmin())],
            "nearest_cosine": names[int(cosines.argmax())],
        }
    unit, units = functional.normalize(x, dim=0), functional.normalize(Y)
    apart = functional.pairwise_distance(unit, units, eps=0)
    return {
        "cosines": cosines,
        "normalized": apart,
        "nearest_normalized": names[int(apart.argmin())],
        "scaled_dot": Y[0] @ (factor * x),
        "scaled_cosine": functional.cosine_similarity(factor * x, Y[:1])[0],
    }


def analogy(
    vocabulary: Mapping[str, Sequence[int]], compares: bool, exact: bool
) -> dict[str, Any]:
    """Add the step from a to b to c, and look for the nearest word."""
    words = "".join(vocabulary)
    table = torch.tensor(list(vocabulary.values()), dtype=torch.float64)
    a, b, c = table[:3]
    target = b - a + c
    apart = (table - target).norm(dim=1)
    found = {"target": target, "word": words[3 + int(apart[3:].argmin())]}
    if exact:
        return found
    found["distances"] = apart[3:]
    if compares:
        similar = functional.cosine_similarity(table[3:], target, dim=1)
        found["cosines"] = similar
        found["word_by_cosine"] = words[3 + int(similar.argmax())]
        found["without_exclusion"] = words[int(apart.argmin())]
    return found
