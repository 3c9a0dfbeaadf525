"""Messages between nodes, scattered along the edges by PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import leaky_relu

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


def gat_attention(
    scoring: str,
    nodes: int,
    edges: Pairs,
    centre: int,
    with_itself: bool,
    features: Sequence[Sequence[int]],
    score_numbers: Sequence[float],
    projections: Sequence[Any],
    vectors: Sequence[Sequence[int]],
    averaged: bool,
    scores: Sequence[float] | None = None,
    weights: Sequence[float] | None = None,
) -> dict[str, Tensor]:
    """Score all pairs of nodes at once, mask those without an edge, and mix."""
    linked = torch.zeros(nodes, nodes, dtype=torch.bool)
    linked[tuple(torch.tensor(edges).T)] = True
    linked |= linked.T.clone()
    linked.fill_diagonal_(with_itself)
    around = linked[centre]
    asked = torch.ones_like(around) if scoring == "given" else around
    found, outputs = {}, []
    matrices = projections or [[[1, 0], [0, 1]]]
    for head, matrix in enumerate(matrices):
        name = f"_{head + 1}" if len(matrices) > 1 else ""
        z = double(features) @ double(matrix).T
        if scoring == "given":
            row = double(score_numbers)
        elif scoring == "dot":
            row = (z @ z.T)[centre]
        else:
            mine, theirs = double(vectors[head]).reshape(2, 2)
            sums = (z @ mine)[:, None] + (z @ theirs)[None, :]
            row = leaky_relu(sums, negative_slope=0.2)[centre]
        if scoring != "given":
            found["scores" + name] = row[around]
        if scores is not None:
            row[around] = double(scores)
        alpha = row.masked_fill(~around, -torch.inf).softmax(dim=0)
        found["weights" + name] = alpha[asked]
        if weights is not None:
            alpha[asked] = double(weights)
        outputs.append(alpha @ z)
    stacked = torch.stack(outputs)
    return {**found, "output": stacked.mean(dim=0) if averaged else stacked.flatten()}


def double(numbers: Any) -> Tensor:
    """A tensor of double precision."""
    return torch.tensor(numbers, dtype=torch.float64)
