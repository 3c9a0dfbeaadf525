"""Training, organised by PyTorch's own samplers, utilities and optimizers."""

from __future__ import annotations

import torch
from torch.utils.data import BatchSampler


def epochs_iterations_split(
    samples: int,
    shares: tuple[int, int, int],
    copies: int,
    replicas: int,
    batch: int,
    accumulation: int,
    epochs: int,
    drop_last: bool,
    split: bool,
) -> dict[str, int]:
    """Split, multiply and deal out the samples' numbers, and count the batches."""
    sizes = [samples * share // 100 for share in shares]
    training = torch.arange(samples).split(sizes)[0].repeat(copies)
    dealt = training[::replicas].tolist()  # to the first GPU
    batches = [len(part) for part in BatchSampler(dealt, batch, drop_last)]
    updates = 0
    for number in range(1, len(batches) + 1):
        updates += number % accumulation == 0 or number == len(batches)
    counts = {"training": len(training)} if split else {}
    counts |= {"iterations": len(batches), "updates": epochs * updates}
    rest = len(dealt) - sum(batches) if drop_last else batches[-1]
    if drop_last or rest < batch:
        counts["dropped" if drop_last else "last"] = rest
    return counts
