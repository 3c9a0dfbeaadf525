"""Multi-head attention, built on tensors without data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention


def multihead_shapes(
    form: str,
    batch: int,
    queries: int,
    keys: int,
    width: int,
    heads: int,
    weights: str,
    candidates: Sequence[int],
    listing: str,
) -> dict[str, Any]:
    """Pass tensors through, or run the call."""
    if form == "call":
        return called(listing, wants_weights=weights != "none")
    if form == "heads":
        accepted = [number for number in candidates if constructs(width, number)]
        places = [candidates.index(number) for number in accepted]
        module = nn.MultiheadAttention(width, max(accepted), device="meta")
        return {"accepted": places, "head_size": module.head_dim}
    x = torch.zeros(batch, queries, width, device="meta")
    y = torch.zeros(batch, keys, width, device="meta")
    q, k, v = (in_heads(z, heads) for z in (x, y, y))
    found = {"head_size": q.shape[3], "split": tuple(q.shape)}
    if form == "split":
        return found
    attended = scaled_dot_product_attention(q, k, v)
    if form == "cross":
        found["split_keys"] = tuple(k.shape)
    return found | {
        "scores": tuple((q @ k.transpose(2, 3)).shape),
        "attended": tuple(attended.shape),
        "concatenated": tuple(attended.transpose(1, 2).flatten(2).shape),
    }


def in_heads(x: Tensor, heads: int) -> Tensor:
    """Project, and give each head its part of the result."""
    projection = nn.Linear(x.shape[2], x.shape[2], device="meta")
    parts: Tensor = projection(x).unflatten(2, (heads, -1))
    return parts.transpose(1, 2)


def constructs(width: int, heads: int) -> bool:
    """Whether PyTorch makes a module of so many heads."""
    try:
        nn.MultiheadAttention(width, heads, device="meta")
    except AssertionError:
        return False
    return True


def called(listing: str, *, wants_weights: bool) -> dict[str, Any]:
    """Run the call, and look at what it returns."""
    names: dict[str, Any] = {"torch": torch, "nn": nn}
    with torch.device("meta"):
        exec(listing, names)
    result = names["result"]
    if isinstance(result, Tensor):
        return {"returned": 0, "output": tuple(result.shape)}
    output, weights = result
    if not wants_weights:
        return {"returned": 2 if weights is None else 1, "output": tuple(output.shape)}
    found = {"output": tuple(output.shape), "weights": tuple(weights.shape)}
    return found | {
        "returned": 1 if output.shape[-1] == names["query"].shape[-1] else 3
    }


def multihead_parameter_count(
    form: str, width: int, heads: int, other_heads: int, inputs: Sequence[int]
) -> dict[str, int]:
    """Build the module, and count what it learns."""
    if form == "grouped":
        return grouped(width, heads, other_heads)
    widths = (
        dict(zip(("kdim", "vdim"), inputs, strict=True)) if form == "widths" else {}
    )
    attention = nn.MultiheadAttention(
        width, heads, bias=form != "plain", device="meta", **widths
    )
    total = count(attention)
    if form == "plain":
        return {"matrix": count(attention.out_proj), "total": total}
    biases = sum(w.numel() for w in attention.parameters() if w.dim() == 1)
    if form == "biased":
        other = nn.MultiheadAttention(width, other_heads, device="meta")
        head = nn.Linear(width, attention.head_dim, device="meta")
        found = {"weights": total - biases, "biases": biases, "total": total}
        return found | {"per_head": count(head), "other_total": count(other)}
    if form == "widths":
        shapes = {name: w.numel() for name, w in attention.named_parameters()}
        found = {"key_matrix": shapes["k_proj_weight"], "biases": biases}
        return found | {"value_matrix": shapes["v_proj_weight"], "total": total}
    layers = nn.ModuleList(nn.Linear(inputs[0], width, device="meta") for _ in range(3))
    both = nn.ModuleList([layers, attention])
    return {"front": count(layers), "attention": total, "total": count(both)}


def grouped(width: int, heads: int, key_heads: int) -> dict[str, int]:
    """Count four projections, of which those of keys and values have fewer heads."""
    size = width // heads
    outputs = {"q": heads * size, "k": key_heads * size, "v": key_heads * size}
    network = nn.ModuleDict(
        {
            name: nn.Linear(width, out, bias=False, device="meta")
            for name, out in (outputs | {"out": width}).items()
        }
    )
    usual = nn.MultiheadAttention(width, heads, bias=False, device="meta")
    total = count(network)
    saved = count(usual) - total
    return {"key_matrix": count(network["k"]), "total": total, "saved": saved}


def count(module: nn.Module) -> int:
    """The learned numbers of a module."""
    return sum(parameter.numel() for parameter in module.parameters())
