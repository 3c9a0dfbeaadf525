"""Graphs in memory: tensors that are measured, batches that are put together."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

Pairs = Sequence[tuple[int, int]]


def dense_sparse_storage(
    form: str,
    sizes: Sequence[int],
    edges: Sequence[int],
    entry: str,
    index: str,
    weighted: bool,
    dense: float | None = None,
    inside: float | None = None,
    columns: float | None = None,
    sparse: float | None = None,
    per_edge: float | None = None,
) -> dict[str, Any]:
    """Make the tensors without their contents, and measure them."""
    nodes = sum(sizes)
    matrix = torch.empty(nodes, nodes, dtype=data_type(entry), device="meta")
    if form == "break even":
        one_edge = occupied(edge_index(1, index))
        if weighted:
            one_edge += occupied(torch.empty(2, dtype=data_type(entry), device="meta"))
        room, each = dense or occupied(matrix), per_edge or one_edge
        most = bisect_left(range(int(room) + 1), room, key=lambda n: n * each) - 1
        return {"dense": occupied(matrix), "per_edge": one_edge, "most": most}
    stored = edge_index(sum(edges), index)
    if form == "bytes":
        ratio = (dense or occupied(matrix)) / (sparse or occupied(stored))
        pairs = sum(range(nodes))
        measured = {"dense": occupied(matrix), "sparse": occupied(stored)}
        return {**measured, "ratio": ratio, "density": sum(edges) / pairs}
    found = {"dense": matrix.numel(), "columns": stored.shape[1]}
    own_columns = stored.shape[1] if columns is None else columns
    if form == "counts":
        return {**found, "integers": round(len(stored) * own_columns)}
    blocks = torch.block_diag(*(torch.ones(size, size) for size in sizes))
    ones = int(blocks.count_nonzero())
    all_entries = dense or blocks.numel()
    outside = round(all_entries - (ones if inside is None else inside))
    filled = own_columns / all_entries
    return {**found, "inside": ones, "outside": outside, "filled": filled}


def edge_index(edges: int, index: str) -> Tensor:
    """The shape of an edge index with both directions of each edge."""
    return torch.empty(2, 2 * edges, dtype=data_type(index), device="meta")


def data_type(name: str) -> torch.dtype:
    """The type of that name; any will do where there is none."""
    found: torch.dtype = getattr(torch, name or "float32")
    return found


def occupied(tensor: Tensor) -> int:
    """The bytes of all entries."""
    return tensor.numel() * tensor.element_size()


def batching(
    form: str,
    sizes: Sequence[int],
    edges: Sequence[Pairs],
    features: Sequence[int],
    chosen: int,
    counts: Sequence[int],
    offsets: Sequence[int] | None = None,
    node_counts: Sequence[float] | None = None,
    sums: Sequence[float] | None = None,
    offset: int | None = None,
) -> dict[str, Any]:
    """Put the graphs together, and read them out by their number."""
    batch = torch.cat([torch.full((size,), graph) for graph, size in enumerate(sizes)])
    if form == "shapes":
        return shapes(sizes, counts)
    found_sizes = batch.bincount()
    first = torch.searchsorted(batch, torch.arange(len(sizes)))
    if form == "vector":
        return {"offsets": first, "batch": batch}
    own_sizes = found_sizes if node_counts is None else torch.tensor(node_counts)
    if form == "readout":
        values = torch.tensor(features, dtype=torch.float64)
        empty = torch.zeros(len(sizes), dtype=torch.float64)
        totals = empty.index_add(0, batch, values)
        own_sums = totals if sums is None else torch.tensor(sums, dtype=torch.float64)
        maxima = empty.scatter_reduce(0, batch, values, "amax", include_self=False)
        found = {"sums": totals.long(), "maxima": maxima.long()}
        return {"node_counts": found_sizes, "means": own_sums / own_sizes, **found}
    starts = first.tolist() if offsets is None or form == "split" else offsets
    pairs = zip(edges, starts, strict=True)
    index = torch.cat([torch.tensor(rows).T + n for rows, n in pairs], dim=1)
    if form == "shift":
        return {"offsets": first, "edge_index": index}
    before = int(own_sizes[:chosen].sum())
    inside = index[:, batch[index[0]] == chosen]
    local = inside - (before if offset is None else offset)
    return {"node_counts": found_sizes, "offset": before, "edge_index": local}


def shapes(sizes: Sequence[int], counts: Sequence[int]) -> dict[str, Any]:
    """Join tensors that have shapes only."""
    *edges, width = counts
    x = torch.cat([torch.empty(size, width, device="meta") for size in sizes])
    columns = torch.cat([edge_index(count, "int64") for count in edges], dim=1)
    readouts = torch.stack([rows.sum(dim=0) for rows in x.split(list(sizes))])
    adjacency = torch.block_diag(*(torch.empty(size, size) for size in sizes))
    named = {"x": x, "edge_index": columns, "batch": x[:, 0], "readout": readouts}
    named["adjacency"] = adjacency
    return {blank: tuple(tensor.shape) for blank, tensor in named.items()}
