"""The distribution of totals."""

from __future__ import annotations

import statistics
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

MOST_BINS = 14


@dataclass(frozen=True)
class Bin:
    """A bar of a histogram: totals from `low` up to, but without, `high`; the last one includes it."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Totals:
    """The distribution of totals, in points.

    Attributes:
        count: the number of students.
        possible: the most that a form was worth.
        mean: of all totals.
        deviation: the standard deviation with divisor n - 1; None for one student.
        lowest: the lowest total.
        quartiles: the lower quartile, the median and the upper quartile.
        highest: the highest total.
        bins: of equal width, from 0 (or the lowest total, if negative) to the possible points.
    """

    count: int
    possible: float
    mean: float
    deviation: float | None
    lowest: float
    quartiles: tuple[float, float, float]
    highest: float
    bins: tuple[Bin, ...]


def describe(totals: Sequence[float], possible: float) -> Totals | None:
    """Describe totals; None where there are none."""
    if not totals:
        return None
    return Totals(
        count=len(totals),
        possible=possible,
        mean=statistics.fmean(totals),
        deviation=statistics.stdev(totals) if len(totals) > 1 else None,
        lowest=min(totals),
        quartiles=quartiles(totals),
        highest=max(totals),
        bins=histogram(totals, possible),
    )


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """The quartiles of at least one value, by linear interpolation between neighbours."""
    if len(values) == 1:
        return values[0], values[0], values[0]
    lower, median, upper = statistics.quantiles(values, n=4, method="inclusive")
    return lower, median, upper


def histogram(totals: Sequence[float], possible: float) -> tuple[Bin, ...]:
    """Counts in bins whose width is 1, 2 or 5 times a power of ten."""
    low, high = min(0.0, *totals), max(possible, *totals)
    width = _width(high - low)
    first, last = floor(low / width), max(ceil(high / width), floor(low / width) + 1)
    edges = [float(f"{place * width:.12g}") for place in range(first, last + 1)]
    counts = [0] * (len(edges) - 1)
    for total in totals:
        counts[min(bisect_right(edges, total), len(counts)) - 1] += 1
    return tuple(Bin(low, high, count) for (low, high), count in zip(pairwise(edges), counts, strict=True))


def _width(span: float) -> float:
    if span <= 0:
        return 1.0
    power = 10.0 ** floor(log10(span / MOST_BINS))
    return next(width for factor in (1, 2, 5, 10, 20) if span <= MOST_BINS * (width := factor * power))
