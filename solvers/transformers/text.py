"""Operations counted while they run, and masks made of tensors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

KINDS = ("self-attention", "recurrent", "convolution", "restricted attention")


def complexity(
    form: str,
    length: int,
    dimension: int,
    kernel: int,
    window: int,
    batch: int,
    heads: int,
) -> dict[str, Any]:
    """Run the layers on shapes alone and count their multiplications."""
    if form == "limits":
        queries = torch.zeros(batch, heads, length, 1, device="meta")
        weights = queries @ queries.transpose(2, 3)
        return {
            "crossover": crossover(dimension),
            "dilated": dilated_layers(length, kernel),
            "weights": weights.numel(),
            "megabytes": weights.numel() * weights.element_size() / 1e6,
        }
    with torch.device("meta"):
        x = torch.zeros(length, dimension)
        step = nn.Linear(dimension, dimension, bias=False)
        along = nn.Conv1d(dimension, dimension, kernel, padding="same", bias=False)
        near = torch.zeros(length, window, dimension)
        costs = [
            multiplications(lambda: x @ x.T),
            length * multiplications(lambda: step(x[0])),
            multiplications(lambda: along(x.T[None])),
        ]
        if window:
            costs.append(multiplications(lambda: near @ x[:, :, None]))
    names = ("attention", "recurrent", "convolution", "restricted")
    found: dict[str, Any] = dict(zip(names, costs, strict=False))
    found["cheapest"] = KINDS[costs.index(min(costs))]
    if form == "compare":
        found["steps"] = (1, length, 1, 1)
    return found


def multiplications(run: Callable[[], Tensor]) -> int:
    """The counter has two operations, a multiplication and an addition, for each."""
    with FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops() // 2


def crossover(dimension: int) -> int:
    """The first length at which attention is not cheaper than a recurrent layer."""
    lengths = torch.arange(1, 2 * dimension)
    dearer = lengths**2 * dimension >= lengths * dimension**2
    return int(lengths[dearer][0])


def dilated_layers(length: int, kernel: int) -> int:
    """Layers until the last token depends on the first one; gaps grow by the kernel."""
    sees, layers = torch.zeros(length, dtype=torch.bool), 0
    sees[-1] = True
    while not sees[0]:
        sees = reach(sees, kernel**layers, kernel)
        layers += 1
    return layers


def reach(sees: Tensor, gap: int, kernel: int) -> Tensor:
    """What a layer that looks back `kernel` places, so far apart, makes visible."""
    back = [functional.pad(sees, (0, gap * n))[gap * n :] for n in range(kernel)]
    return torch.stack(back).any(dim=0)


def bert_masking(
    tokens: int,
    batch: int,
    split: bool,
    first: int,
    padded: int,
    losses: Sequence[float],
    chosen: Sequence[int],
) -> dict[str, Any]:
    """Mark what is selected, what is special and what is padding."""
    special = torch.zeros(tokens, dtype=torch.bool)
    if padded:
        ends = torch.tensor([0, first + 1, tokens + 2])
        special = torch.ones(padded, dtype=torch.bool)
        special[: tokens + 3] = False
        special[ends] = True
    eligible = (~special).nonzero().flatten()
    selected = eligible[: round(0.15 * len(eligible))].repeat(batch)
    if split:
        masked, random, kept = selected.tensor_split(
            [8 * len(selected) // 10, 9 * len(selected) // 10]
        )
        counts = {"masked": masked, "random": random, "kept": kept}
        return {"selected": len(selected)} | {
            b: len(part) for b, part in counts.items()
        }
    found: dict[str, Any] = {"selected": len(selected)}
    if not padded:
        return found
    second = (torch.arange(tokens + 3) > ends[1]).sum()
    return found | {
        "length": tokens + 3,
        "first_segment": tokens + 3 - second,
        "second_segment": second,
        "padding": padded - (tokens + 3),
        "loss": mean_loss(losses, chosen),
    }


def mean_loss(losses: Sequence[float], chosen: Sequence[int]) -> Tensor:
    """The mean over the selected places, whose labels are not ignored."""
    labels = torch.full((len(losses),), -100)
    labels[list(chosen)] = 0
    scores = -torch.tensor(losses, dtype=torch.float64)[:, None]
    return functional.nll_loss(scores, labels, ignore_index=-100)
