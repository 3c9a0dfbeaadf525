"""Other losses of classification, computed by PyTorch's own functions."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional


def bce_value(
    form: str,
    values: Sequence[float],
    flat_targets: Sequence[int],
    positive_weight: int,
) -> dict[str, Tensor]:
    """Take the losses from PyTorch's functions of probabilities or logits."""
    inputs = torch.tensor(values, dtype=torch.float64)
    targets = torch.tensor(flat_targets, dtype=torch.float64)
    if form == "probabilities":
        losses = functional.binary_cross_entropy(inputs, targets, reduction="none")
        loss = functional.binary_cross_entropy(inputs, targets)
        return {"loss": loss} if len(values) == 1 else {"losses": losses, "loss": loss}
    weight = torch.tensor(positive_weight, dtype=torch.float64)
    criterion = functional.binary_cross_entropy_with_logits
    losses = criterion(inputs, targets, reduction="none", pos_weight=weight)
    loss = criterion(inputs, targets, pos_weight=weight)
    return {"probabilities": torch.sigmoid(inputs), "losses": losses, "loss": loss}


def hinge_multiclass(
    form: str,
    scores: Sequence[Sequence[float]],
    labels: Sequence[int],
    margin: float,
) -> dict[str, Tensor]:
    """Undo PyTorch's division by the number of classes; differentiate by autograd."""
    inputs = torch.tensor(scores, dtype=torch.float64, requires_grad=True)
    targets = torch.tensor(labels)
    classes = len(scores[0])
    each = functional.multi_margin_loss(
        inputs, targets, margin=margin, reduction="none"
    )
    losses = classes * each
    if form == "batch":
        return {"losses": losses.detach(), "loss": each.mean().detach()}
    if form == "loss":
        return {"loss": losses[0].detach()}
    right = inputs[0, labels[0]]
    above = torch.relu(inputs[0] - right + margin)
    (gradient,) = torch.autograd.grad(above.sum(), inputs)
    terms = above.detach()
    terms[labels[0]] = 0
    values = {"terms": terms, "loss": losses[0].detach()}
    return values | ({"gradient": gradient[0]} if form == "gradient" else {})


def label_smoothing(
    smoothing: float, classes: int, label: int, values: Sequence[float], form: str
) -> dict[str, Tensor]:
    """Read the smoothed target off the gradient of PyTorch's own smoothed loss."""
    scores = torch.zeros(classes, dtype=torch.float64, requires_grad=True)
    right = torch.tensor(label)
    smoothed = functools.partial(
        functional.cross_entropy, target=right, label_smoothing=smoothing
    )
    (gradient,) = torch.autograd.grad(smoothed(scores), scores)
    target = torch.softmax(scores.detach(), dim=0) - gradient
    if form == "target":
        return {"right": target[label], "other": target[label - 1]}
    loss = smoothed(torch.tensor(values, dtype=torch.float64))
    if form == "loss":
        return {"target": target, "loss": loss}
    return {"target": target, "loss": loss, "least": smoothed(target.log())}
