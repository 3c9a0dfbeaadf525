"""Saliency, by autograd with respect to the input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch


def input_saliency(
    weights: Sequence[Any],
    outputs: Sequence[int],
    pre_activations: Sequence[int],
) -> dict[str, Any]:
    """Build the score of an image whose units have these pre-activations."""
    w = torch.tensor(weights, dtype=torch.float64)
    image = torch.zeros(w.shape[1:], dtype=torch.float64, requires_grad=True)
    z = (w * image).sum((1, 2, 3))
    score = z.sum()
    if outputs:
        biases, v = torch.tensor([pre_activations, outputs], dtype=torch.float64)
        score = v @ torch.relu(z + biases)
    (gradient,) = torch.autograd.grad(score, image)
    saliency = gradient.abs().amax(0)
    row, column = divmod(int(saliency.argmax()), saliency.shape[1])
    found = {f"gradient_{n}": part for n, part in enumerate(gradient, 1)}
    return found | {"saliency": saliency, "row": row + 1, "column": column + 1}
