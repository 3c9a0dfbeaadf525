"""Word2vec losses and their gradients, by PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional


def skipgram_probability(
    form: str,
    centre: Sequence[int],
    outputs: Sequence[Sequence[int]],
    context: int,
    logarithm: int,
) -> dict[str, Any]:
    """Score all words against the centre and differentiate the loss."""
    units = torch.tensor(centre, dtype=torch.float64)
    v = (log(logarithm) * units).requires_grad_()
    U = torch.tensor(outputs, dtype=torch.float64)
    scores = U @ v
    if form == "negative":
        loss = negative_sampling(scores)
        found = {"sigmoids": scores.sigmoid(), "loss": loss}
        return found | {"gradient": torch.autograd.grad(loss, v)[0]}
    answers: dict[str, Any] = {"probabilities": scores.softmax(dim=0)}
    if form == "pair":
        return answers
    answers["loss"] = functional.cross_entropy(scores, torch.tensor(context))
    if form == "gradient":
        answers["gradient"] = torch.autograd.grad(answers["loss"], v)[0]
    return answers


def negative_sampling(scores: Tensor) -> Tensor:
    """The loss of the context word, which comes first, and of the drawn words."""
    signs = -torch.ones_like(scores)
    signs[0] = 1
    return -functional.logsigmoid(signs * scores).sum()
