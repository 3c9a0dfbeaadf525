"""Graph convolutions: NetworkX graphs and messages along edges."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from .messages import double

Rows = Sequence[Sequence[float]]


def gcn_normalized_adjacency(
    nodes: int,
    edges: Sequence[tuple[int, int]],
    weights: Sequence[int],
    asked: str,
    pair: tuple[int, int],
    degrees: Sequence[float] | None = None,
) -> dict[str, Tensor]:
    """Add the self-loops to the graph itself, and normalise its adjacency matrix."""
    import networkx

    graph = networkx.empty_graph(nodes)
    pairs = zip(edges, weights or [1] * len(edges), strict=True)
    graph.add_weighted_edges_from((a, b, weight) for (a, b), weight in pairs)
    graph.add_edges_from(((node, node) for node in range(nodes)), weight=1)
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


def gcn_layer(
    kind: str,
    nodes: int,
    edges: Sequence[tuple[int, int]],
    features: Rows,
    weights: Sequence[Rows],
    bias: Sequence[float],
    degrees: Sequence[float] | None = None,
    matrix: Rows | None = None,
    messages: Rows | None = None,
    hidden: Rows | None = None,
) -> dict[str, Tensor]:
    """Send a message along each edge, in both directions, and add up what arrives."""
    loops = [] if kind == "sum" else [(node, node) for node in range(nodes)]
    arrows = torch.tensor([*edges, *((b, a) for a, b in edges), *loops]).T
    sender, receiver = arrows
    true_degrees = receiver.bincount()
    d = true_degrees.double() if degrees is None else double(degrees)
    power = {"sum": (0.0, 0.0), "mean": (0.0, -1.0), "symmetric": (-0.5, -0.5)}[kind]
    shares = d[sender] ** power[0] * d[receiver] ** power[1]
    mixing = torch.zeros(nodes, nodes, dtype=torch.float64)
    mixing.index_put_((receiver, sender), shares)
    if matrix is not None:
        shares = double(matrix)[receiver, sender]
    first = double(features) @ double(weights[0])
    own = first if messages is None else double(messages)
    output = aggregated(own, arrows, shares)
    output = (output + double(bias) if bias else output).relu()
    if kind == "sum":
        return {"messages": first.long(), "output": output.long()}
    found = {"degrees": true_degrees, "matrix": mixing}
    if len(weights) == 1:
        return {**found, "messages": first.long(), "output": output}
    own_hidden = output if hidden is None else double(hidden)
    last = aggregated(own_hidden @ double(weights[1]), arrows, shares)
    return {**found, "hidden": output, "output": last}


def aggregated(messages: Tensor, arrows: Tensor, shares: Tensor) -> Tensor:
    """The sum of the messages that arrive at each node, each with its share."""
    sender, receiver = arrows
    sent = shares[:, None] * messages[sender]
    return torch.zeros_like(messages).index_add(0, receiver, sent)
