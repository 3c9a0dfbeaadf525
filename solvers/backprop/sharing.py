"""A weight that is used twice: autograd with one weight, and with two copies."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional


def shared_weight_gradient(
    form: str,
    weights: Sequence[Sequence[int]],
    inputs: Sequence[int],
    bias: int,
    target: int,
) -> dict[str, Tensor]:
    """Give each use a copy for its own gradient, then share one weight for all."""
    x = torch.tensor(inputs, dtype=torch.float64)

    def passed(first: Tensor, second: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        hidden = functional.linear(x, first) + bias
        output = second.T @ (hidden.relu() if form == "rectified" else hidden)
        wanted = x if form == "tied" else torch.tensor([target], dtype=torch.float64)
        loss = (output - wanted).square().sum() / 2
        return hidden, output, output.sum() if form == "nested" else loss

    copies = [
        torch.tensor(weights, dtype=torch.float64, requires_grad=True) for _ in "ab"
    ]
    hidden, output, result = passed(*copies)
    uses = torch.autograd.grad(result, copies)
    shared = copies[0]
    (gradient,) = torch.autograd.grad(passed(shared, shared)[2], shared)
    found = {
        "hidden": hidden.detach(),
        "output": output.detach(),
        "first_use": uses[0],
        "second_use": uses[1],
        "gradient": gradient,
    }
    if form == "tied":
        return found
    return {name: value.squeeze() for name, value in found.items()}
