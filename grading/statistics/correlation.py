"""Correlations with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, fsum, sqrt, tanh
from statistics import NormalDist

CONFIDENCE = 0.95
FEWEST = 3
"""With fewer pairs every correlation is 1 or -1."""
ROUNDING = 1e-12
"""A share of the sum of squares below which a spread is nothing but rounding."""


@dataclass(frozen=True)
class Interval:
    """A confidence interval of 95 %."""

    low: float
    high: float


@dataclass(frozen=True)
class Correlation:
    """A correlation of Pearson.

    Attributes:
        value: from -1 to 1.
        count: the number of pairs.
        interval: Fisher's; None below four pairs and for a perfect correlation.
    """

    value: float
    count: int
    interval: Interval | None


def correlation(first: Sequence[float], second: Sequence[float]) -> Correlation | None:
    """The correlation of paired numbers, or None where it is undefined: too few, or all equal."""
    count = len(first)
    if count < FEWEST:
        return None
    one, other = deviations(first), deviations(second)
    squares, other_squares = fsum(x * x for x in one), fsum(y * y for y in other)
    if _constant(squares, first) or _constant(other_squares, second):
        return None
    product = fsum(x * y for x, y in zip(one, other, strict=True))
    value = max(-1.0, min(1.0, product / sqrt(squares * other_squares)))
    return Correlation(value, count, fisher_interval(value, count))


def fisher_interval(value: float, count: int) -> Interval | None:
    """Fisher's interval of a correlation, or None where it is undefined."""
    if count <= FEWEST or abs(value) > 1 - ROUNDING:
        return None
    reach = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) / sqrt(count - 3)
    return Interval(tanh(atanh(value) - reach), tanh(atanh(value) + reach))


def deviations(values: Sequence[float]) -> list[float]:
    """The values less their mean."""
    mean = fsum(values) / len(values)
    return [value - mean for value in values]


def _constant(squares: float, values: Sequence[float]) -> bool:
    return squares <= ROUNDING * fsum(value * value for value in values)
