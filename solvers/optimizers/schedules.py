"""Learning rate schedules, stepped through by PyTorch."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch.optim.lr_scheduler import (
    LinearLR,
    LRScheduler,
    MultiStepLR,
    ReduceLROnPlateau,
    StepLR,
)


def lr_schedule(
    initial: float,
    factor: float,
    milestones: Sequence[int],
    period: int,
    batches: tuple[int, int],
    warmup: int,
    epochs: Sequence[int],
    losses: Sequence[float],
    patience: int,
    scaled: float | None = None,
) -> dict[str, float]:
    """Let the schedulers change an optimizer's rate epoch by epoch."""
    base = initial / batches[0] * batches[1]
    optimizer = torch.optim.SGD([torch.zeros(1)], base if scaled is None else scaled)
    if losses:
        plateau = ReduceLROnPlateau(
            optimizer, factor=factor, patience=patience, threshold=0
        )
        rates = []
        for loss in losses:
            plateau.step(loss)
            rates.append(optimizer.param_groups[0]["lr"])
        return {f"rate{number}": rate for number, rate in enumerate(rates, 1)}
    schedulers: list[LRScheduler] = []
    if period:
        schedulers.append(StepLR(optimizer, period, factor))
    else:
        schedulers.append(MultiStepLR(optimizer, list(milestones), factor))
    if warmup:
        schedulers.append(LinearLR(optimizer, 1 / warmup, total_iters=warmup - 1))
    rates = []
    for _ in range(max(epochs) + 1):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        for scheduler in schedulers:
            scheduler.step()
    asked = {f"rate{number}": rates[epoch] for number, epoch in enumerate(epochs, 1)}
    return asked if batches[0] == batches[1] else {"scaled": base, **asked}
