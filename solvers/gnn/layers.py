"""Attention on graphs, and layers that are counted, in PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu

from .messages import double

Pairs = Sequence[tuple[int, int]]


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
