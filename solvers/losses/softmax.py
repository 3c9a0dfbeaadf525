"""Softmax and cross-entropy, computed by PyTorch's own functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional


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
