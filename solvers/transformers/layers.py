"""A token through layers of PyTorch with loaded weights, and positions as waves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional


def encoder_sublayer(
    form: str,
    x: Sequence[int],
    sublayer: Sequence[int],
    W1: Sequence[Sequence[int]],
    b1: Sequence[int],
    W2: Sequence[Sequence[int]],
    b2: Sequence[int],
) -> dict[str, Any]:
    """Add and normalize, or run an encoder layer whose attention hands on its token."""
    token = tensor(x)
    if form == "residual":
        total = token + tensor(sublayer)
        output = functional.layer_norm(total, [len(x)], eps=0)
        return {"sum": total, "output": output}
    layer = encoder_layer(len(x), len(b1), norm_first=form == "pre")
    load(layer.linear1, W1, b1)
    load(layer.linear2, W2, b2)
    seen: dict[str, Tensor] = {}
    layer.linear2.register_forward_hook(
        lambda module, inputs, output: seen.update(hidden=inputs[0], network=output)
    )
    if form == "feed_forward":
        output = token + layer.linear2(layer.linear1(token).relu())
        return seen | {"output": output}
    keep_tokens(layer.self_attn, len(x))
    norms = [layer.norm1, layer.norm2]
    norms[form == "pre"].register_forward_hook(
        lambda module, inputs, output: seen.update(
            first=output if form == "post" else inputs[0]
        )
    )
    output = layer(token[None, None])[0, 0]
    return {
        "first": seen["first"][0, 0],
        "hidden": seen["hidden"][0, 0],
        "output": output,
    }


def tensor(values: Any) -> Tensor:
    """Numbers in float64."""
    return torch.tensor(values, dtype=torch.float64)


def encoder_layer(size: int, units: int, norm_first: bool) -> Any:
    """A layer without dropout and epsilon, in training mode so that hooks run."""
    return nn.TransformerEncoderLayer(
        size,
        1,
        units,
        dropout=0,
        layer_norm_eps=0,
        batch_first=True,
        norm_first=norm_first,
        dtype=torch.float64,
    )


def load(linear: Any, weights: Sequence[Sequence[int]], biases: Sequence[int]) -> None:
    """Put numbers into a linear layer."""
    linear.weight.data, linear.bias.data = tensor(weights), tensor(biases)


def keep_tokens(attention: Any, size: int) -> None:
    """Values and output are the tokens themselves, all weights of one token are 1."""
    unit = torch.eye(size, dtype=torch.float64)
    attention.in_proj_weight.data = torch.cat([unit, unit, unit])
    attention.out_proj.weight.data = unit
    attention.in_proj_bias.data.zero_()
    attention.out_proj.bias.data.zero_()


def positional_encoding(
    form: str,
    position: int,
    dimension: int,
    embedding: Sequence[float],
    offset: int,
    shift: int,
    longest: int,
) -> dict[str, Any]:
    """The rows of the whole table of encodings, by the formula of the paper."""
    table = encodings(position + offset + shift + 1, dimension)
    here = table[position]
    if form == "vector":
        return {"encoding": here}
    if form == "sum":
        return {"encoding": here, "input": tensor(embedding) + here}
    # The matrix from the first pair of any position to that of a later one.
    rows = encodings(offset + 10, dimension)[:, :2]
    turned = torch.linalg.lstsq(rows[:10], rows[offset : offset + 10]).solution.T
    with torch.device("meta"):
        learned = nn.Embedding(longest, dimension)
    return {
        "product": here @ table[position + offset],
        "shifted": table[position + shift] @ table[position + shift + offset],
        "rotation": turned,
        "learned": learned.weight.numel(),
    }


def encodings(length: int, dimension: int) -> Tensor:
    """The encodings of the first positions, (length, dimension)."""
    places = torch.arange(length, dtype=torch.float64)[:, None]
    even = torch.arange(0, dimension, 2, dtype=torch.float64)
    angles = places / 10_000 ** (even / dimension)
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)
