"""Samples whose statistics are friendly numbers."""

from __future__ import annotations

import math
from random import Random

from ..numbers import Row

MOST_ATTEMPTS = 10_000


def mean(values: Row) -> float:
    """The arithmetic mean."""
    return sum(values) / len(values)


def variance(values: Row, correction: int = 0) -> float:
    """The mean squared deviation from the mean; with a correction of 1, divided by one less."""
    center = mean(values)
    return sum((value - center) ** 2 for value in values) / (len(values) - correction)


def deviation(values: Row, correction: int = 0) -> float:
    """The standard deviation."""
    return math.sqrt(variance(values, correction))


def drawn_sample(
    rng: Random, size: int, low: int, high: int, *, correction: int = 0, eps: int = 0, distinct: int = 2
) -> tuple[int, ...]:
    """Whole numbers with a whole mean, whose variance, with eps added, is the square of a whole number.

    Raises:
        ValueError: none was found.
    """
    for _ in range(MOST_ATTEMPTS):
        values = [rng.randint(low, high) for _ in range(size - 1)]
        fitting = [value for value in range(low, high + 1) if (sum(values) + value) % size == 0]
        values.append(rng.choice(fitting))
        if len(set(values)) < distinct:
            continue
        center = sum(values) // size
        squares, left = divmod(sum((value - center) ** 2 for value in values), size - correction)
        if not left and squares and math.isqrt(squares + eps) ** 2 == squares + eps:
            return tuple(rng.sample(values, size))
    raise ValueError("there is no such sample")
