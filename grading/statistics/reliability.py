"""How far the total would come out the same on another exam of the same kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import variance

from .correlation import CONFIDENCE, ROUNDING, Interval
from .distributions import f_quantile
from .responses import Responses


@dataclass(frozen=True)
class Reliability:
    """Cronbach's alpha.

    Attributes:
        alpha: at most 1; negative where items contradict each other.
        interval: Feldt's; None where alpha is 1.
        students: how many were counted: those who were asked all of the items.
        items: how many items were counted.
    """

    alpha: float
    interval: Interval | None
    students: int
    items: int


def reliability_of(responses: Responses) -> Reliability | None:
    """Cronbach's alpha of the items that were not dropped, or None where it is undefined."""
    asked = [rows for rows in responses.by_place.values() if rows]
    if len(asked) < 2:
        return None
    everywhere = set.intersection(*({row.student for row in rows} for rows in asked))
    columns = [[row.points for row in rows if row.student in everywhere] for rows in asked]
    return cronbach(columns)


def cronbach(columns: Sequence[Sequence[float]]) -> Reliability | None:
    """Cronbach's alpha, or None for fewer than two items or students, or where all totals are equal.

    Args:
        columns: the points of each item, by student in the same order.
    """
    items, students = len(columns), len(columns[0]) if columns else 0
    if items < 2 or students < 2:
        return None
    spread = variance([sum(points) for points in zip(*columns, strict=True)])
    single = sum(map(variance, columns))
    if spread <= ROUNDING * single or not single:
        return None
    alpha = items / (items - 1) * (1 - single / spread)
    return Reliability(alpha, feldt_interval(alpha, students, items), students, items)


def feldt_interval(alpha: float, students: int, items: int) -> Interval | None:
    """Feldt's interval of alpha, or None where alpha is 1."""
    if alpha > 1 - ROUNDING:
        return None
    above, below = students - 1, (students - 1) * (items - 1)
    tail = (1 - CONFIDENCE) / 2
    return Interval(
        1 - (1 - alpha) * f_quantile(1 - tail, above, below), 1 - (1 - alpha) * f_quantile(tail, above, below)
    )
