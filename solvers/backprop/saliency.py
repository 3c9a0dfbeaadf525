"""Saliency, by autograd with respect to the input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch


def input_saliency(
    weights: Sequence[Any],
    outputs: Sequence[int],
    pre_activations: Sequence[int],
    image: Sequence[Any],
) -> dict[str, Any]:
    """Build the score of an image whose units have these pre-activations."""
    w = torch.tensor(weights, dtype=torch.float64)
    shown = torch.tensor(image or 0.0, dtype=torch.float64)
    pixels = shown.expand(w.shape[1:]).clone().requires_grad_()
    z = (w * pixels).sum((1, 2, 3))
    score = z.sum()
    if outputs:
        wanted, v = torch.tensor([pre_activations, outputs], dtype=torch.float64)
        biases = wanted - z.detach()
        score = v @ torch.relu(z + biases)
    (gradient,) = torch.autograd.grad(score, pixels)
    saliency = gradient.abs().amax(0)
    row, column = divmod(int(saliency.argmax()), saliency.shape[1])
    found = {f"gradient_{n}": part for n, part in enumerate(gradient, 1)}
    return found | {"saliency": saliency, "row": row + 1, "column": column + 1}
