"""Training steps by running their lines."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain, combinations
from types import CodeType
from typing import Any

import torch
from torch import Tensor, nn


def training_step_order(
    numbers: Sequence[tuple[str, float]], setup: Sequence[str], lines: Sequence[str]
) -> dict[str, Any]:
    """Run the lines in other orders to see what must be kept, then in the right one."""
    names = tuple(name for name, _ in numbers)
    answers: dict[str, Any] = {
        "order": pairs_to_keep(names, tuple(setup), tuple(lines))
    }
    if "start" in names:
        w = run(dict(numbers), [*setup, *lines])["w"]
        answers |= {"gradient": w.grad.item(), "weight": w.item()}
    return answers


@lru_cache(maxsize=4096)
def pairs_to_keep(
    names: tuple[str, ...], setup: tuple[str, ...], lines: tuple[str, ...]
) -> frozenset[tuple[int, int]]:
    """The pairs of lines that must not be exchanged, found with arbitrary numbers.

    For each pair an order is made in which they are neighbours: what must follow the
    first is moved behind them. Then they are exchanged and the lines are run.
    """
    numbers = {name: 0.7 + 0.37 * place**1.3 for place, name in enumerate(names)}
    right = outcome(numbers, [*setup, *lines])
    keep: set[tuple[int, int]] = set()
    pairs = combinations(range(len(lines)), 2)
    for first, second in sorted(pairs, key=lambda pair: pair[1] - pair[0]):
        between = range(first + 1, second)
        behind = [place for place in between if (first, place) in keep]
        ahead = [place for place in between if place not in behind]
        after = range(second + 1, len(lines))
        order = [*range(first), *ahead, second, first, *behind, *after]
        follows = any((place, second) in keep for place in behind)
        exchanged = [*setup, *(lines[place] for place in order)]
        if follows or not same(outcome(numbers, exchanged), right):
            keep.add((first, second))
    return frozenset(keep)


def outcome(numbers: Mapping[str, float], lines: Sequence[str]) -> list[float]:
    """All numbers that the lines leave behind; none if they do not run."""
    try:
        left = run(numbers, lines)
    except (NameError, RuntimeError):
        return []
    values = [left[name] for name in sorted(left)]
    models = [value for value in values if isinstance(value, nn.Module)]
    weights = chain.from_iterable(model.parameters() for model in models)
    tensors = [value for value in [*values, *weights] if isinstance(value, Tensor)]
    tensors += [
        tensor.grad for tensor in tensors if tensor.is_leaf and tensor.grad is not None
    ]
    entries = chain.from_iterable(tensor.flatten().tolist() for tensor in tensors)
    return [*(value for value in values if isinstance(value, int | float)), *entries]


def same(left: Sequence[float], right: Sequence[float]) -> bool:
    """Whether two outcomes are equal up to rounding."""
    return len(left) == len(right) and all(
        math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-6)
        for a, b in zip(left, right, strict=True)
    )


def run(numbers: Mapping[str, float], lines: Sequence[str]) -> dict[str, Any]:
    """Execute the lines one after another; returns the names that they leave behind."""
    names: dict[str, Any] = {"torch": torch, "nn": nn, **numbers}
    for line in lines:
        exec(compiled(line), names)
    return names


@lru_cache(maxsize=4096)
def compiled(line: str) -> CodeType:
    """A line, ready to run."""
    return compile(line, "line", "exec")
