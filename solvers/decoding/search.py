"""Beam search with tensors of log-probabilities, and all sequences at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor


def beam_search(
    form: str,
    first: Sequence[float],
    table: Sequence[Sequence[float]],
    steps: int,
    beam: int,
) -> dict[str, Any]:
    """Keep the best of the extended hypotheses; compare with the best of all."""
    start = torch.tensor(first, dtype=torch.float64).log()
    after = torch.tensor(table, dtype=torch.float64).log()
    number = 0 if form == "ended" else 1  # of the first token
    if form == "ended":  # nothing but the end follows the end
        stay = torch.zeros(1, len(first), dtype=torch.float64).log()
        stay[0, 0] = 0.0
        after = torch.cat([stay, after])
    scores, last = start.topk(beam)
    sequences, found, scored = last[:, None], {}, len(first)
    for step in range(2, steps + 1):
        candidates = scores[:, None] + after[last]
        scored += candidates.numel()
        scores, places = candidates.flatten().topk(beam)
        parents, last = places // len(first), places % len(first)
        sequences = torch.cat([sequences[parents], last[:, None]], dim=1)
        found[f"kept_{step}"] = sequences + number
    if form == "ended":
        return found | by_length(sequences, scores)
    greedy = follow_largest(start, after, steps)
    every = all_scores(start, after, steps)
    found |= {"greedy": greedy + number, "greedy_probability": every[*greedy].exp()}
    if form == "beam":
        counts = {"scored": scored, "exhaustive": every.numel()}
        return found | counts | {"probabilities": scores.exp()}
    best = torch.stack(torch.unravel_index(every.argmax(), every.shape))
    return {
        **{blank: found[blank] for blank in ("greedy", "greedy_probability")},
        "best": best + number,
        "best_probability": every.max().exp(),
    }


def follow_largest(start: Tensor, after: Tensor, steps: int) -> Tensor:
    """The greedy sequence."""
    sequence = [start.argmax()]
    while len(sequence) < steps:
        sequence.append(after[sequence[-1]].argmax())
    return torch.stack(sequence)


def all_scores(start: Tensor, after: Tensor, steps: int) -> Tensor:
    """The log-probability of every sequence, with an axis for each step."""
    scores = start
    for _ in range(steps - 1):
        scores = scores[..., None] + after
    return scores


def by_length(sequences: Tensor, scores: Tensor) -> dict[str, Any]:
    """Scores divided by the number of tokens up to the first end, which is token 0."""
    lengths = ((sequences == 0).cumsum(dim=1) <= 1).sum(dim=1)
    means = scores / lengths
    return {"scores": scores, "means": means, "best": sequences[means.argmax()]}
