"""Score functions and attention pooling, computed by PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

Rows = Sequence[Sequence[float]]


def score_functions(
    form: str,
    query: Sequence[float],
    keys: Rows,
    matrix: Rows,
    network_numbers: Sequence[float],
) -> dict[str, Any]:
    """Score all keys at once by PyTorch's functions."""
    k = torch.tensor(keys, dtype=torch.float64)
    q = torch.tensor([query], dtype=torch.float64).expand_as(k)
    if form == "network":
        network = nn.Linear(len(network_numbers), 1, bias=False, dtype=torch.float64)
        network.weight.data = torch.tensor([network_numbers], dtype=torch.float64)
        logit = network(torch.cat([q, k], dim=1)).item()
        score = network(torch.cat([q, k], dim=1)).sigmoid().item()
        turned = network(torch.cat([k, q], dim=1)).sigmoid().item()
        return {"logit": logit, "score": score, "reversed_score": turned}
    dots = torch.linalg.vecdot(q, k)
    cosines = functional.cosine_similarity(q, k)
    scaled = dots[0] / q.shape[1] ** 0.5
    if form == "angle":
        return {"dot": dots[0], "cosine": cosines[0], "scaled": scaled}
    w = torch.tensor(matrix, dtype=torch.float64)
    bilinears = functional.bilinear(q, k, w[None])[:, 0]
    if form == "ranking":
        preferred = [scores.argmax() + 1 for scores in (dots, cosines, bilinears)]
        found = {"dots": dots, "cosines": cosines, "bilinears": bilinears}
        return found | {"preferred": torch.stack(preferred)}
    reversed_bilinear = functional.bilinear(k, q, w[None])[0, 0]
    return {
        "dot": dots[0],
        "scaled": scaled,
        "product": functional.linear(k, w)[0],
        "bilinear": bilinears[0],
        "reversed_bilinear": reversed_bilinear,
    }


def attention_pooling(
    form: str,
    words: Rows,
    numbers: Sequence[float],
    weights: Sequence[int],
    visible: int,
    place: int,
) -> dict[str, Tensor]:
    """Mask the padding, and leave the gradient to autograd."""
    h = torch.tensor(words, dtype=torch.float64)
    scores = torch.tensor(numbers, dtype=torch.float64)
    if form == "linear":
        scores = torch.mv(h, torch.tensor(weights, dtype=torch.float64))
    padding = torch.arange(len(h)) >= visible

    def pool(scores: Tensor) -> Tensor:
        return scores.masked_fill(padding, -torch.inf).softmax(dim=0) @ h

    alphas = scores.masked_fill(padding, -torch.inf).softmax(dim=0)
    found = {"alphas": alphas, "pooled": pool(scores)}
    if form == "linear":
        found |= {"scores": scores, "mean": h.mean(dim=0)}
    if form == "padded":
        jacobian = torch.autograd.functional.jacobian(pool, scores)
        found["gradient"] = jacobian[:, place]
    return found
