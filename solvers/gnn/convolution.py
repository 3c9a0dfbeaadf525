"""Graph convolutions: NetworkX graphs, messages along edges, and PyTorch layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

Rows = Sequence[Sequence[float]]


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


def double(numbers: Any) -> Tensor:
    """A tensor of double precision."""
    return torch.tensor(numbers, dtype=torch.float64)


def gcn_parameter_count(
    kind: str,
    nodes: int,
    widths: Sequence[int],
    heads: Sequence[int],
    outputs: int,
    embedding: int | None = None,
    total: int | None = None,
) -> dict[str, int]:
    """Build the layers without their contents, and count what is in them."""
    modules: dict[str, nn.Module] = {}
    if kind == "embedding":
        table = torch.empty(nodes, widths[0], device="meta")
        modules["embedding"] = nn.Embedding.from_pretrained(table, freeze=False)
    into = widths[0]
    for number, width in enumerate(widths[1:]):
        count = heads[number] if heads else 1
        modules[f"layer_{number + 1}"] = graph_layer(kind, into, width, count)
        into = width * count
    if outputs:
        modules["classifier"] = nn.Linear(into, outputs, device="meta")
    sizes = {name: parameter_count(module) for name, module in modules.items()}
    found_total = parameter_count(nn.ModuleList(modules.values()))
    if kind == "gcn" and len(modules) == 1:
        layer = graph_layer(kind, widths[0], widths[1], 1)
        weights, biases = (parameter.numel() for parameter in layer.parameters())
        return {"weights": weights, "biases": biases, "total": found_total}
    if kind == "gcn":
        return {**sizes, "total": found_total}
    own = sizes.get("embedding", 0) if embedding is None else embedding
    larger = (found_total if total is None else total) + own
    return {**sizes, "total": found_total, "larger": larger}


def graph_layer(kind: str, into: int, width: int, heads: int) -> nn.Module:
    """A layer's parameters."""
    if kind == "sage":
        itself = nn.Linear(into, width, device="meta")
        return nn.ModuleList([itself, nn.Linear(into, width, False, device="meta")])
    if kind != "gat":
        return nn.Linear(into, width, device="meta")
    projection = nn.Linear(into, heads * width, bias=False, device="meta")
    attention = nn.Parameter(torch.empty(heads, 2 * width, device="meta"))
    bias = nn.Parameter(torch.empty(heads * width, device="meta"))
    return nn.ModuleList([projection, nn.ParameterList([attention, bias])])


def parameter_count(module: nn.Module) -> int:
    """How many parameters a module has, those of its parts included."""
    return sum(parameter.numel() for parameter in module.parameters())
