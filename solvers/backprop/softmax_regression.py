"""Softmax regression, differentiated by autograd and stepped by SGD."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional


def softmax_regression_gradient(
    exponentials: Sequence[Sequence[int]],
    labels: Sequence[int],
    inputs: Sequence[Sequence[int]],
    weights: Sequence[Sequence[int]],
    rate: float,
    smoothing: float,
) -> dict[str, Tensor]:
    """Let PyTorch's cross-entropy differentiate a linear layer with these logits."""
    wanted = torch.tensor(exponentials, dtype=torch.float64).log()
    x = torch.tensor(inputs or [[1]], dtype=torch.float64)
    start = weights or [[0] * x.shape[1]] * wanted.shape[1]
    W = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    rest = wanted - functional.linear(x, W).detach()
    bias = torch.zeros(wanted.shape[1], dtype=torch.float64, requires_grad=True)
    logits = functional.linear(x, W, bias) + rest
    right = torch.tensor(labels) - 1
    loss = functional.cross_entropy(logits, right, label_smoothing=smoothing)
    of_logits, of_weights, of_bias = torch.autograd.grad(loss, (logits, W, bias))
    one = len(labels) == 1
    probabilities = logits.softmax(1)
    found = {
        "probabilities": probabilities[0] if one else probabilities,
        "logits_gradient": of_logits[0] if one else of_logits,
    }
    if not inputs:
        return found
    found["weights_gradient"] = of_weights.clone()
    if not weights:
        return found | {"bias_gradient": of_bias}
    W.grad = of_weights
    torch.optim.SGD([W], lr=rate).step()
    return found | {"new_weights": W.detach()}
