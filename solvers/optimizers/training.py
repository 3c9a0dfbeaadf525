"""Training, organised by PyTorch's own samplers, utilities and optimizers."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import torch
from torch.distributions import Geometric
from torch.optim.lr_scheduler import ReduceLROnPlateau
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


def early_stopping(
    losses: Sequence[float], patience: int, min_delta: float, rules: Sequence[str]
) -> dict[str, int]:
    """Let PyTorch's plateau detector, or runs of rising losses, end the training."""
    values = np.rint(100 * np.array(losses))  # hundredths are compared exactly
    ends = {
        "best": stop_against_best(values, patience, 100 * min_delta),
        "previous": stop_against_previous(values, patience),
    }
    epochs = {}
    for rule, suffix in zip(rules, ("", "_previous"), strict=False):
        epochs[f"stop{suffix}"], epochs[f"best{suffix}"] = ends[rule]
    return epochs


def stop_against_best(
    values: np.ndarray, patience: int, min_delta: float
) -> tuple[int, int]:
    """The learning rate falls after more bad epochs than PyTorch's patience."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    plateau = ReduceLROnPlateau(
        optimizer,
        patience=patience - 1,
        threshold=round(min_delta),
        threshold_mode="abs",
    )
    best_epoch = epoch = 0
    for epoch, loss in enumerate(values.tolist(), 1):
        best = plateau.best
        plateau.step(loss)
        if plateau.best < best:
            best_epoch = epoch
        if optimizer.param_groups[0]["lr"] < 1:
            break
    return epoch, best_epoch


def stop_against_previous(values: np.ndarray, patience: int) -> tuple[int, int]:
    """The first window of so many epochs in a row that were not better."""
    worse = np.diff(values) >= 0
    windows = np.lib.stride_tricks.sliding_window_view(worse, patience).all(axis=1)
    stop = int(windows.argmax()) + patience + 1 if windows.any() else len(values)
    return stop, int(values[:stop].argmin()) + 1


def grid_random_search(
    values: Sequence[Sequence[float]],
    folds: int,
    duration: int,
    best: float,
    wanted: float,
    settings: int | None = None,
    trainings: int | None = None,
) -> dict[str, float]:
    """Go through the grid, draw at random, and add up chances of the first hit."""
    grid = list(itertools.product(*values))
    tried = len(grid) if settings is None else settings
    if best:
        first_hit = Geometric(torch.tensor(best, dtype=torch.float64))
        chances = first_hit.log_prob(torch.arange(max(tried, 1000)).double()).exp()
        hit = chances.cumsum(dim=0)
        return {
            "settings": len(grid),
            "probability": hit[tried - 1].item(),
            "trials": int((hit < wanted).sum()) + 1,
        }
    if folds == 1:
        sharing = sum(setting[0] == values[0][0] for setting in grid)
        return {"settings": len(grid), "sharing": sharing * tried // len(grid)}
    runs = list(itertools.product(range(tried), range(folds)))
    return {
        "settings": len(grid),
        "trainings": len(runs),
        "hours": (len(runs) if trainings is None else trainings) * duration / 60,
        "distinct": len(torch.rand(tried, dtype=torch.float64).unique()),
    }
