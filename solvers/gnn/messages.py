"""Messages between nodes, scattered along the edges by PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

Pairs = Sequence[tuple[int, int]]


def message_passing(
    aggregate: str,
    edges: Pairs,
    directed: bool,
    features: Sequence[int],
    edge_features: Sequence[int],
    own: float,
    other: float,
    rectified: bool,
    rounds: int,
    aggregated: Sequence[float] | None = None,
    round_1: Sequence[float] | None = None,
) -> dict[str, Tensor]:
    """Gather what each edge carries, and reduce it at the node where the edge ends."""
    factors = list(edge_features or [1] * len(edges))
    arrows = list(edges)
    if not directed:
        arrows += [(b, a) for a, b in edges]
        factors += factors
    sender, receiver = torch.tensor(arrows).T
    weight = double(factors)

    def collected(states: Tensor) -> Tensor:
        reduction = {"sum": "sum", "mean": "mean", "max": "amax"}[aggregate]
        empty = torch.zeros_like(states)
        sent = weight * states[sender]
        return empty.scatter_reduce(0, receiver, sent, reduction, include_self=False)

    def updated(states: Tensor, inbox: Tensor) -> Tensor:
        linear = own * states + other * inbox
        return linear.relu() if rectified else linear

    start = double(features)
    inbox = collected(start)
    first = updated(start, inbox if aggregated is None else double(aggregated))
    found = {"aggregated": inbox, "round_1": first}
    if rounds == 1:
        return found
    states = first if round_1 is None else double(round_1)
    return {**found, "round_2": updated(states, collected(states))}


def double(numbers: Any) -> Tensor:
    """A tensor of double precision."""
    return torch.tensor(numbers, dtype=torch.float64)
