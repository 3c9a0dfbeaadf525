"""Graph convolutions, with NetworkX graphs and PyTorch matrices."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def gcn_normalized_adjacency(
    nodes: int,
    edges: Sequence[tuple[int, int]],
    asked: str,
    pair: tuple[int, int],
    degrees: Sequence[float] | None = None,
) -> dict[str, Tensor]:
    """Add the self-loops to the graph itself, and normalise its adjacency matrix."""
    import networkx

    graph = networkx.Graph(edges)
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from((node, node) for node in range(nodes))
    adjacency = torch.from_numpy(networkx.to_numpy_array(graph, nodelist=range(nodes)))
    true_degrees = adjacency.sum(dim=1)
    own_degrees = (
        true_degrees if degrees is None else torch.tensor(degrees, dtype=torch.float64)
    )
    scale = torch.diag(own_degrees.rsqrt())
    matrix = scale @ adjacency @ scale
    if asked == "entry":
        return {"degrees": true_degrees.long(), "entry": matrix[pair]}
    if asked == "matrix":
        return {"degrees": true_degrees.long(), "matrix": matrix}
    other = torch.diag(1 / own_degrees) @ adjacency
    return {
        "degrees": true_degrees.long(),
        "row_sums": matrix.sum(dim=1),
        "other_row_sums": other.sum(dim=1),
    }
