"""Networks of layers by autograd."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch.nn import functional

from .tensors import constant, leaf


def mlp_gradients(
    inputs: Sequence[Sequence[int]],
    W1: Sequence[Sequence[int]],
    b1: Sequence[int],
    W2: Sequence[Sequence[int]],
    b2: Sequence[int],
    targets: Sequence[Sequence[int]],
    loss: str,
    logarithm: int,
    rate: float,
) -> dict[str, Any]:
    """Run the network forward and backward in PyTorch."""
    scale = math.log(logarithm) if logarithm > 1 else 1.0
    first, second = [leaf(W1), leaf(b1)], [leaf(W2, scale), leaf(b2, scale)]
    x, t = constant(inputs), constant(targets)
    z1 = functional.linear(x, *first)
    hidden = functional.relu(z1)
    z2 = functional.linear(hidden, *second)
    if loss == "cross_entropy":
        output, error = z2.softmax(1), functional.cross_entropy(z2, t)
    else:
        output, error = z2, (z2 - t).square().sum(1).mean() / 2
    z1.retain_grad()
    z2.retain_grad()
    error.backward()
    answers: dict[str, Any] = {
        "hidden": hidden,
        "output": output,
        "output_delta": z2.grad,
        "hidden_delta": z1.grad,
    }
    if len(inputs) == 1:
        answers = {blank: rows.squeeze() for blank, rows in answers.items()}
    else:
        answers["b1_gradient"] = first[1].grad
    answers |= {"W1_gradient": first[0].grad, "W2_gradient": second[0].grad}
    if rate:
        torch.optim.SGD([*first, *second], rate, foreach=False).step()
        answers["new_W1"] = first[0]
    return {blank: value.tolist() for blank, value in answers.items()}
