"""The structure of graphs, in PyTorch tensors."""

from __future__ import annotations

from collections.abc import Sequence
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
