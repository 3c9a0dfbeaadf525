"""The structure of graphs, in PyTorch tensors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch

Pairs = Sequence[Sequence[int]]


def adjacency_degree(
    form: str,
    nodes: int,
    arrows: Pairs,
    weights: Sequence[int],
    order: Sequence[int],
    pair: Sequence[int],
    matrix: Sequence[Sequence[float]] | None = None,
    degrees: Sequence[float] | None = None,
    square: Sequence[Sequence[float]] | None = None,
) -> dict[str, Any]:
    """Write the edges into a dense matrix at once, and go on with it."""
    edge_index = torch.tensor(arrows).T
    ones = torch.ones(len(arrows), dtype=torch.long)
    entries = torch.tensor(weights) if weights else ones
    true = torch.zeros(nodes, nodes, dtype=torch.long)
    true.index_put_(tuple(edge_index), entries)
    if form == "walks":
        found = torch.linalg.matrix_power(true.double(), 2)
        own = found if square is None else torch.tensor(square, dtype=torch.float64)
        walks = (own @ true.double())[tuple(pair)]
        return {"square": found.long(), "walks": round(walks.item())}
    if form == "relabelled":
        permutation = torch.eye(nodes, dtype=torch.long)[list(order)].T
        true = permutation @ true @ permutation.T
    own = true if matrix is None else torch.tensor(matrix).long()
    sums = own.sum(dim=1)
    if form == "directed":
        return {"matrix": true, "out_degrees": sums, "in_degrees": own.sum(dim=0)}
    found = {"matrix": true, "degrees": sums}
    ends = sums.sum() if degrees is None else torch.tensor(degrees).sum()
    if form == "drawing":
        return found | {"columns": round(ends.item())}
    if form == "edge index":
        return found | {"edges": round((ends - own.trace()).item() / 2)}
    return found


def khop_receptive_field(
    form: str,
    nodes: int,
    arrows: Pairs,
    start: int,
    layers: int,
    degree: int,
    wanted: int,
    distances: Sequence[float] | None = None,
    counts: Sequence[float] | None = None,
) -> dict[str, Any]:
    """Follow which features have entered each node, layer by layer."""
    if form == "tree":
        return growth(lambda word: branches(word, degree), (), layers, wanted)
    if form == "grid":
        return growth(lambda place: crossings(*place), (0, 0), layers, wanted)
    step = torch.eye(nodes, dtype=torch.long)
    step[[end for _, end in arrows], [begin for begin, _ in arrows]] = 1
    powers = [torch.linalg.matrix_power(step.double(), k) > 0 for k in range(nodes)]
    missing = torch.stack([~power for power in powers]).sum(dim=0)
    found = missing[start]
    own = found if distances is None else torch.tensor(distances)
    if form == "whole graph":
        eccentricity = round(own.max().item())
        diameter = int(missing.max())
        answers = {"eccentricity": eccentricity, "diameter": diameter}
        return {"distances": found, **answers}
    sizes = [int((own <= k).sum()) for k in range(1, layers + 1)]
    if form == "directed":
        last = sizes[-1] if counts is None else counts[-1]
        return {"counts": sizes, "never": round(nodes - last)}
    return {"distances": found, "counts": sizes}


def branches(word: tuple[int, ...], degree: int) -> Iterable[tuple[int, ...]]:
    """The neighbours in a regular tree whose nodes are ways without a step back."""
    for letter in range(degree):
        yield word[:-1] if word[-1:] == (letter,) else (*word, letter)


def crossings(x: int, y: int) -> Iterable[tuple[int, int]]:
    """The neighbours in a grid."""
    return (x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)


def growth(
    neighbours: Callable[[Any], Iterable[Any]], start: Any, layers: int, wanted: int
) -> dict[str, int]:
    """Spread from the start until there are layers enough and nodes enough."""
    field, front, rings = {start}, {start}, [1]
    while len(rings) <= layers or sum(rings) < wanted:
        front = {new for node in front for new in neighbours(node)} - field
        field |= front
        rings.append(len(front))
    needed = next(k for k in range(len(rings)) if sum(rings[: k + 1]) >= wanted)
    return {"ring": rings[layers], "size": sum(rings[: layers + 1]), "needed": needed}
