"""Attention, computed by PyTorch's own functions."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

Rows = Sequence[Sequence[float]]


def scaled_dot_product(
    query: Sequence[float],
    keys: Rows,
    values: Rows,
    masked: Sequence[bool],
    scores: Sequence[float] | None = None,
    weights: Sequence[float] | None = None,
) -> dict[str, Tensor]:
    """Attend once, or go on from scores or weights of one's own."""
    q, k, v = (
        torch.tensor(rows, dtype=torch.float64) for rows in ([query], keys, values)
    )
    visible = ~torch.tensor([masked])
    true_scores = q @ k.T * k.shape[1] ** -0.5
    if scores is None:
        true_weights = scaled_dot_product_attention(
            q, k, torch.eye(len(keys), dtype=torch.float64), visible
        )
    else:
        own_scores = torch.tensor([scores], dtype=torch.float64)
        true_weights = own_scores.masked_fill(~visible, -torch.inf).softmax(dim=1)
    if scores is None and weights is None:
        output = scaled_dot_product_attention(q, k, v, visible)
    else:
        output = (
            true_weights
            if weights is None
            else torch.tensor([weights], dtype=torch.float64)
        ) @ v
    return {"scores": true_scores[0], "weights": true_weights[0], "output": output[0]}
