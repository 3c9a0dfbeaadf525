"""Messages between nodes, scattered along the edges by PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import permutations
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


def readout_and_permutation(
    form: str,
    items: Sequence[Sequence[int]],
    others: Sequence[Sequence[int]],
    score_numbers: Sequence[float],
    edges: Pairs,
    order: Sequence[int],
    factors: Sequence[int],
    wanted: str,
    models: Sequence[str],
    pooled: Sequence[float] | None = None,
    weights: Sequence[float] | None = None,
    matrix: Sequence[Sequence[float]] | None = None,
    features: Sequence[float] | None = None,
    output: Sequence[float] | None = None,
) -> dict[str, Any]:
    """Pool tensors, and try models on reordered inputs."""
    if form == "models":
        return {"models": {n: has(wanted, name) for n, name in enumerate(models)}}
    x = double(items)
    if form == "readouts":
        largest = x.amax(dim=0).long()
        return {"sum": x.sum(dim=0).long(), "mean": x.mean(dim=0), "maximum": largest}
    if form == "attention":
        alpha = double(score_numbers).softmax(dim=0)
        return {
            "weights": alpha,
            "output": (alpha if weights is None else double(weights)) @ x,
        }
    if form == "deep set":
        return deep_set(x[:, 0], factors, pooled)
    if form == "collision":
        sets = x, double(others)
        read = {
            "sums": torch.cat([one.sum(dim=0) for one in sets]),
            "means": torch.cat([one.mean(dim=0) for one in sets]),
            "maxima": torch.cat([one.amax(dim=0) for one in sets]),
        }
        apart = {n: abs(a - b) > 1e-9 for n, (a, b) in enumerate(read.values())}
        whole = {"sums": read["sums"].long(), "maxima": read["maxima"].long()}
        return {**whole, "means": read["means"], "telling": apart}
    adjacency = torch.zeros(len(items), len(items), dtype=torch.float64)
    for a, b in edges:
        adjacency[a, b] = adjacency[b, a] = 1
    move = torch.eye(len(items), dtype=torch.float64)[:, list(order)]
    moved, numbers = move @ adjacency @ move.T, move @ x[:, 0]
    own_matrix = moved if matrix is None else double(matrix)
    own_numbers = numbers if features is None else double(features)
    out = factors[0] * own_numbers + own_matrix @ own_numbers
    total = out.sum() if output is None else double(output).sum()
    found = {"matrix": moved.long(), "features": numbers.long()}
    return {**found, "output": out.long(), "pooled": round(total.item())}


def deep_set(
    x: Tensor, factors: Sequence[int], pooled: Sequence[float] | None
) -> dict[str, Any]:
    """Sum over the elements, once and with each of them twice, and go on from there."""
    moments = torch.stack([x, x**2]).sum(dim=1)
    once = moments if pooled is None else double(pooled)
    twice = torch.stack([once, once]).sum(dim=0)
    results = [factors[0] * s[1] - s[0] ** 2 / factors[1] for s in (once, twice)]
    return {"pooled": moments.long(), "output": results[0], "twice": results[1]}


def has(symmetry: str, name: str) -> bool:
    """Run a model on three nodes in every order."""
    x = double([[1, 0.5], [-1, 2], [0.3, -0.7]])
    adjacency = double([[0, 1, 0], [1, 0, 1], [0, 1, 0]])
    usual = run(name, x, adjacency, adjacency)
    rows_move = symmetry == "equivariant"
    if rows_move and len(usual) != len(x):
        return False
    for order in map(list, permutations(range(3))):
        found = run(name, x[order], adjacency[order][:, order], adjacency)
        if not torch.allclose(found, usual[order] if rows_move else usual):
            return False
    return True


def run(name: str, x: Tensor, adjacency: Tensor, fixed: Tensor) -> Tensor:
    """A model with weights of no special kind; outputs for nodes are rows."""
    w = double([[0.9, -0.4], [0.3, 1.1]])
    places = double([[0.1, 0.9], [0.8, 0.2], [0.5, -0.6]])
    nothing = torch.zeros_like(x[:1])
    models: dict[str, Callable[[], Tensor]] = {
        "sum": lambda: x.sum(dim=0, keepdim=True),
        "maximum": lambda: x.amax(dim=0, keepdim=True),
        "variance": lambda: x.var(dim=0, keepdim=True),
        "deep set": lambda: torch.tanh((x @ w).tanh().sum(dim=0, keepdim=True) @ w),
        "pooled attention": lambda: attend(x, w).mean(dim=0, keepdim=True),
        "attention": lambda: attend(x, w),
        "positions": lambda: attend(x + places, w),
        "each alone": lambda: torch.tanh(x @ w),
        "centred": lambda: x - x.mean(dim=0),
        "convolution": lambda: torch.tanh((x + adjacency @ x) @ w),
        "fixed convolution": lambda: torch.tanh((x + fixed @ x) @ w),
        "concatenation": lambda: torch.tanh((x * places).sum(dim=0, keepdim=True) @ w),
        "recurrent": lambda: last_state(x, w),
        "sequence convolution": lambda: (
            2 * x + torch.cat([nothing, x[:-1]]) - 3 * torch.cat([x[1:], nothing])
        ),
    }
    return models[name]()


def attend(x: Tensor, w: Tensor) -> Tensor:
    """Self-attention with weights in columns."""
    return (x @ w @ x.T).T.softmax(dim=0).T @ x


def last_state(x: Tensor, w: Tensor) -> Tensor:
    """What a recurrent network ends with."""
    state = torch.zeros_like(x[0])
    for row in x:
        state = (row + w @ state).tanh()
    return state[None]
