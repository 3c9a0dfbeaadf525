"""Teacher forcing by slices of a batch, and likelihoods by losses of PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

PAD = 0
BOS = 1
EOS = 2


def teacher_forcing_io(
    word: str,
    sequences: Sequence[Sequence[int]],
    following: Sequence[int],
    vocabulary: int,
    batch: int,
    letters: Sequence[str],
) -> dict[str, Any]:
    """Cut the last column off for the inputs and the first for the targets."""
    if word:
        sequences = [[letters.index(letter) + 1 for letter in word]]
    rows = [torch.tensor([BOS, *sequence, EOS]) for sequence in sequences]
    if word:
        rows = [torch.tensor([1, *sequences[0], 2])]
    padded = pad_sequence(rows, batch_first=True, padding_value=PAD)
    inputs, targets = padded[:, :-1], padded[:, 1:]
    if following:
        return run(inputs, targets, following) | {
            "logits": flattened(batch, inputs.shape[1], vocabulary)
        }
    terms = loss_terms(targets)
    if word:
        return {"terms": terms} | {
            f"{name}_{number}": letters[token - 1]
            for name, row in (("input", inputs[0]), ("target", targets[0]))
            for number, token in enumerate(row.tolist(), 1)
        }
    return {"inputs": inputs, "targets": targets, "terms": terms}


def loss_terms(targets: Tensor) -> int:
    """The cases of which the loss is summed; each counts 1 if all logits are 0."""
    classes = int(targets.max()) + 1
    logits = torch.zeros(targets.numel(), classes, dtype=torch.float64)
    loss = functional.cross_entropy(
        logits, targets.flatten(), ignore_index=PAD, reduction="sum"
    )
    return round(loss.item() / logits.logsumexp(dim=1)[0].item())


def run(inputs: Tensor, targets: Tensor, following: Sequence[int]) -> dict[str, Any]:
    """What the model predicts from the right tokens and from its own."""
    table = torch.tensor(following)
    forced = table[inputs[0]]
    token, free = inputs[0, 0], []
    for _ in range(inputs.shape[1]):
        token = table[token]
        free.append(token)
    own = torch.stack(free)
    return {
        "forced": forced,
        "forced_errors": (forced != targets[0]).sum(),
        "free": own,
        "free_errors": (own != targets[0]).sum(),
    }


def flattened(batch: int, steps: int, vocabulary: int) -> Sequence[int]:
    """The shape of logits for which the cross-entropy takes one target a row."""
    with torch.device("meta"):
        logits = torch.zeros(batch, steps, vocabulary).flatten(0, 1)
        nn.CrossEntropyLoss()(logits, torch.zeros(batch * steps, dtype=torch.long))
    return tuple(logits.shape)


def sequence_nll_perplexity(
    form: str, probabilities: Sequence[Sequence[float]], lengths: Sequence[int]
) -> dict[str, Any]:
    """Sum and average the losses of tokens; padding is ignored by its label."""
    shares = [torch.tensor(row, dtype=torch.float64) for row in probabilities]
    if form == "compare":
        totals = torch.stack([loss(row, "sum") for row in shares])
        means = torch.stack([loss(row, "mean") for row in shares])
        choice = {"likelier": totals, "likelier_per_token": means}
        better = {blank: "AB"[int(losses.argmin())] for blank, losses in choice.items()}
        return better | {"totals": totals, "means": means}
    row = torch.cat(shares)
    width = len(probabilities[0])
    kept = [place < length for length in lengths for place in range(width)]
    total, mean = loss(row, "sum", kept), loss(row, "mean", kept)
    found = {"perplexity": mean.exp(), "total": total, "mean": mean}
    if form == "halves":
        return {"bits": -row.log2().sum(), "perplexity": mean.exp()}
    return found | ({"probability": row.prod()} if form == "chain" else {})


def loss(row: Tensor, reduction: str, kept: Sequence[bool] = ()) -> Tensor:
    """The loss of tokens of which the right one is class 0, the others ignored."""
    labels = torch.zeros(len(row), dtype=torch.long)
    if kept:
        labels[~torch.tensor(kept)] = -100
    return functional.nll_loss(row.log()[:, None], labels, reduction=reduction)
