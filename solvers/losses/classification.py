"""Losses, computed by PyTorch's own functions."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.distributions import Normal, kl_divergence
from torch.nn import functional


def regression_errors(
    form: str,
    targets: Sequence[Sequence[int]],
    predictions: Sequence[Sequence[float]],
    measures: Sequence[str],
) -> dict[str, Tensor]:
    """Let PyTorch's losses reduce the errors in their own ways."""
    true = torch.tensor(targets, dtype=torch.float64)
    predicted = torch.tensor(predictions, dtype=torch.float64)
    squares = functional.mse_loss(predicted, true, reduction="none")
    mean = functional.mse_loss(predicted, true)
    total = functional.mse_loss(predicted, true, reduction="sum")
    if form == "vectors":
        sums = squares.sum(dim=1)
        return {"sums": sums, "mean_over_samples": sums.mean(), "mean_over_all": mean}
    if form == "one_hot":
        return {"squares": squares[0], "total": total, "mean": mean}
    values = {
        "sse": total,
        "half_sse": total / 2,
        "mse": mean,
        "rmse": mean.sqrt(),
        "mae": functional.l1_loss(predicted, true),
        "mbd": predicted.mean() - true.mean(),
    }
    asked = {name: values[name] for name in measures}
    return asked if len(asked) == 1 else {"errors": (predicted - true)[0], **asked}


def softmax_vector(form: str, values: Sequence[float]) -> dict[str, Tensor]:
    """Let PyTorch take the softmax, or go back from its logarithm to the logits."""
    logits = torch.tensor(values, dtype=torch.float64)
    if form == "log":
        return {
            "shifted": logits - logits.max(),
            "logsumexp": torch.logsumexp(logits, dim=0),
            "log_probabilities": functional.log_softmax(logits, dim=0),
        }
    probabilities = torch.softmax(logits, dim=0)
    if form == "inverse":
        return {"logits": torch.log(probabilities[1:] / probabilities[0])}
    if form == "friendly":
        return {"probabilities": probabilities}
    return {"exponentials": logits.exp(), "probabilities": probabilities}


def cross_entropy_single(
    form: str,
    probabilities: Sequence[float],
    target: Sequence[float],
    largest_loss: float,
) -> dict[str, Any]:
    """Take the loss from PyTorch; logarithms of probabilities serve as logits."""
    logits = torch.tensor(probabilities, dtype=torch.float64).log()
    wanted = torch.tensor(target, dtype=torch.float64)
    nats = functional.cross_entropy(logits, wanted)
    if form == "soft":
        terms = [
            functional.cross_entropy(logits, share) for share in torch.diag(wanted)
        ]
        return {"terms": torch.stack(terms), "nats": nats}
    bits = -(wanted * logits).sum() / torch.tensor(2.0, dtype=torch.float64).log()
    if form == "bits":
        return {"bits": bits}
    if form == "convert":
        return {"nats": nats, "bits": bits}
    # The logit of two classes whose loss is the largest allowed one, as a probability.
    odds = torch.expm1(torch.tensor(largest_loss, dtype=torch.float64))
    return {"nats": nats, "smallest": torch.sigmoid(-odds.log())}


def cross_entropy_batch(
    values: Sequence[Sequence[float]],
    labels: Sequence[int],
    listing: str,
    probabilities: Sequence[float] | None = None,
    losses: Sequence[float] | None = None,
) -> dict[str, Tensor]:
    """Run the listing, or go on from probabilities or losses of one's own."""
    logits = torch.tensor(values, dtype=torch.float64)
    names: dict[str, Any] = {
        "torch": torch,
        "F": functional,
        "logits": logits,
        "labels": torch.tensor(labels),
    }
    exec(listing, names)
    loss = names["loss"]
    if "losses" not in names:
        if probabilities is not None:
            own = torch.tensor([probabilities], dtype=torch.float64)
            loss = functional.nll_loss(own.log(), names["labels"])
        return {"probabilities": names["probabilities"][0], "loss": loss}
    if losses is not None:
        loss = loss * sum(losses) / names["losses"].sum()
    return {"losses": names["losses"], "loss": loss}


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
    (gradient,) = torch.autograd.grad(losses.sum(), inputs)
    right = inputs[0, labels[0]]
    terms = torch.relu(inputs[0] - right + margin).detach()
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


def kl_discrete(
    form: str, target: Sequence[float], model: Sequence[float]
) -> dict[str, Tensor]:
    """Let PyTorch sum; its kl_div takes the logarithm of Q first, and then P."""
    p, q = torch.tensor([target, model], dtype=torch.float64)
    divergence = functional.kl_div(q.log(), p, reduction="sum")
    if form == "bits":
        return {"divergence": divergence / torch.tensor(2.0).double().log()}
    if form == "directions":
        reverse = functional.kl_div(p.log(), q, reduction="sum")
        terms = functional.kl_div(q.log(), p, reduction="none")
        return {"terms": terms, "divergence": divergence, "reverse": reverse}
    return {
        "entropy": torch.distributions.Categorical(p, validate_args=False).entropy(),
        "cross_entropy": functional.cross_entropy(q.log(), p),
        "divergence": divergence,
    }


def kl_gaussian_vae(
    means: Sequence[Sequence[float]],
    deviations: Sequence[Sequence[float]],
) -> dict[str, Tensor]:
    """Take the divergence of normal distributions from torch.distributions."""
    code = Normal(
        torch.tensor(means, dtype=torch.float64),
        torch.tensor(deviations, dtype=torch.float64),
    )
    terms = kl_divergence(code, Normal(0.0, 1.0))
    divergences = terms.sum(dim=1)
    if len(means) > 1:
        return {"divergences": divergences, "mean": divergences.mean()}
    if len(means[0]) == 1:
        return {"divergence": divergences[0]}
    return {"terms": terms[0], "divergence": divergences[0]}
