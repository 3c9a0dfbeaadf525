"""Attention of one query, computed by PyTorch's own functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.distributions import Binomial
from torch.nn.functional import scaled_dot_product_attention

Rows = Sequence[Sequence[float]]


def scaled_dot_product(
    form: str,
    query_numbers: Sequence[float],
    keys: Rows,
    values: Rows,
    masked: Sequence[bool],
    scores: Sequence[float] | None = None,
    weights: Sequence[float] | None = None,
) -> dict[str, Tensor]:
    """Attend once, or go on from scores or weights of one's own."""
    q, k, v = (
        torch.tensor(rows, dtype=torch.float64)
        for rows in ([query_numbers], keys, values)
    )
    if form == "temperature":
        return several_temperatures(q, k, v)
    visible = ~torch.tensor([masked])
    found = q @ k.T * k.shape[1] ** -0.5
    own = found if scores is None else torch.tensor([scores], dtype=torch.float64)
    alpha = own.masked_fill(~visible, -torch.inf).softmax(dim=1)
    if scores is None and weights is None:
        output = scaled_dot_product_attention(q, k, v, visible)
    elif weights is None:
        output = alpha @ v
    else:
        output = torch.tensor([weights], dtype=torch.float64) @ v
    return {"scores": found[0], "weights": alpha[0], "output": output[0]}


def several_temperatures(q: Tensor, k: Tensor, v: Tensor) -> dict[str, Tensor]:
    """Attend with the usual scale and others; values that are one-hot show weights."""
    size = k.shape[1]
    one_hot = torch.eye(len(k), dtype=torch.float64)
    return {
        "products": (q @ k.T)[0],
        "weights": scaled_dot_product_attention(q, k, one_hot)[0],
        "flat_weights": scaled_dot_product_attention(q, k, one_hot, scale=1 / size)[0],
        "coldest": scaled_dot_product_attention(q, k, v, scale=1e6)[0],
        "hottest": scaled_dot_product_attention(q, k, v, scale=0.0)[0],
    }


def score_variance(
    form: str,
    size: int,
    query_variance: float,
    key_variance: float,
    divisor: str,
    scores: Sequence[int],
) -> dict[str, Any]:
    """Weigh all outcomes of a dot product whose entries take two opposite values."""
    if form == "softmax":
        return weights_and_slopes(scores, size)
    entry = (query_variance * key_variance) ** 0.5
    mean, variance = moments(size, entry)
    scaled = moments(size, entry / size**0.5)[1]
    if form == "unit":
        deviation = variance**0.5
        found = {"mean": round(mean, 6), "variance": round(variance, 6)}
        return found | {"deviation": deviation, "scaled": scaled}
    if form == "general":
        found = {"product": moments(1, entry)[1], "variance": variance}
        over = moments(size, entry / size)[1]
        return found | {"scaled": scaled, "over_dimension": over}
    power = {"nothing": 0, "root": 0.5, "dimension": 1}[divisor]
    divided = moments(size, entry / size**power)[1]
    later = moments(4 * size, entry / (4 * size) ** power)[1]
    growth = 0 if later > 2 * divided else 2 if later < divided / 2 else 1
    found = {"variance": variance, "right_divisor": variance**0.5}
    return found | {"divided": divided, "growth": growth}


def moments(size: int, entry: float) -> tuple[float, float]:
    """Mean and variance of a sum of terms that are plus or minus the entry."""
    positive = torch.arange(size + 1, dtype=torch.float64)
    half = torch.tensor(0.5, dtype=torch.float64)
    chances = Binomial(size, half).log_prob(positive).exp()
    sums = entry * (2 * positive - size)
    mean = (chances * sums).sum()
    return mean.item(), (chances * (sums - mean) ** 2).sum().item()


def weights_and_slopes(scores: Sequence[int], size: int) -> dict[str, Tensor]:
    """Differentiate the largest weight for its own score."""
    found: dict[str, Any] = {}
    best = scores.index(max(scores))
    for weights, slope, scale in (
        ("weights", "slope", 1),
        ("scaled", "scaled_slope", size**-0.5),
    ):
        x = (scale * torch.tensor(scores, dtype=torch.float64)).requires_grad_()
        alpha = x.softmax(dim=0)
        (gradient,) = torch.autograd.grad(alpha[best], x)
        found |= {weights: alpha.detach(), slope: gradient[best]}
    return found
