"""Attention of all tokens to each other, computed by PyTorch's own modules."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import linear, scaled_dot_product_attention

Rows = Sequence[Sequence[float]]


def self_attention_matrix(
    form: str,
    inputs: Rows,
    query_weights: Rows,
    key_weights: Rows,
    value_weights: Rows,
    output_weights: Rows,
    order: Sequence[int],
) -> dict[str, Tensor]:
    """Load the weights into a module of PyTorch, whose matrices are transposed."""
    x, *projections = (
        torch.tensor(rows, dtype=torch.float64)
        for rows in (inputs, query_weights, key_weights, value_weights)
    )
    heads = 2 if form == "heads" else 1
    attention = nn.MultiheadAttention(2, heads, bias=False, dtype=torch.float64)
    attention.in_proj_weight.data = torch.cat([w.T for w in projections])
    out = torch.tensor(output_weights or ((1, 0), (0, 1)), dtype=torch.float64)
    attention.out_proj.weight.data = out.T
    with torch.no_grad():
        output, weights = attention(x, x, x, average_attn_weights=False)
        if form == "heads":
            attention.out_proj.weight.data = torch.eye(2, dtype=torch.float64)
            concatenated, _ = attention(x, x, x)
            found = {"first_weights": weights[0], "second_weights": weights[1]}
            return found | {"concatenated": concatenated, "output": output}
        found = {"weights": weights[0], "output": output}
        queries, keys, values = linear(x, attention.in_proj_weight).chunk(3, dim=1)
        found["scores"] = torch.einsum("id,jd->ij", queries, keys)
        if form == "projected":
            found |= {"queries": queries, "keys": keys, "values": values}
        if form == "permuted":
            moved = x[list(order)]
            found["permuted_output"], _ = attention(moved, moved, moved)
    return found


def causal_mask(
    form: str,
    tokens: int,
    length: int,
    padding: int,
    window: int,
    numbers: Rows,
    values: Rows,
) -> dict[str, Any]:
    """Take the scores as queries and one-hot keys, whose products they are."""
    everything = torch.ones(tokens, tokens, dtype=torch.bool)
    if form == "mask":
        longer = torch.ones(length, length, dtype=torch.bool).tril()
        found = {"mask": everything.tril().long(), "pairs": longer.sum().item()}
        return found | {"hidden": (~longer).sum().item()}
    scores = torch.tensor(numbers, dtype=torch.float64)
    one_hot = torch.eye(tokens, dtype=torch.float64)
    v = torch.tensor(values, dtype=torch.float64)
    if form == "weights":
        attend = partial(scaled_dot_product_attention, is_causal=True, scale=1.0)
        weights = attend(scores, one_hot, one_hot)
        return {"weights": weights, "output": attend(scores, one_hot, v)}
    seen = everything.tril().triu(1 - (window or tokens))
    seen[:, :padding] = False
    rows, q = seen[padding:], scores[padding:]
    attend = partial(scaled_dot_product_attention, attn_mask=rows, scale=1.0)
    weights = attend(q, one_hot, one_hot)
    if form == "leak":
        zeroed = scores.masked_fill(~seen, 0.0).softmax(dim=1)
        return {"weights": weights, "leaks": (zeroed * ~seen).sum(dim=1)}
    output = attend(q, one_hot, v)
    return {"pairs": rows.sum().item(), "weights": weights, "output": output}
