"""Breaks a column into pages the way TeX breaks a paragraph into lines: with the least total badness."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf

from .strips import NEVER, Column, Strip

_EMPTY = 3000.0
"""The badness of an empty page; that of a partly empty one grows with the square of its empty share."""
_PAGE = 60.0
_STRETCHED = 12.0
"""The badness of a page whose space for work is stretched or shrunk as far as it can be."""
_OVERFULL = 1e6


@dataclass(frozen=True)
class Placed:
    """A strip on a page: its distance from the top of the page's text, and its height there."""

    strip: Strip
    top: float
    height: float


def pages(
    column: Column, height: float, first_height: float | None = None, cohesion: float = 1.0
) -> list[list[Placed]]:
    """The strips of each page.

    Args:
        column: the strips.
        height: of a page's text.
        first_height: of the first page's text, if that is different.
        cohesion: multiplies all penalties; what must not be divided never is.
    """
    first_height = height if first_height is None else first_height
    ends = _page_ends(column, height, first_height, cohesion)
    heights = [first_height, *[height] * len(ends)]
    starts = [0, *ends]
    return [
        _set(_headed(column[start:end]), room, last=end == len(column))
        for start, end, room in zip(starts, ends, heights, strict=False)
    ]


def _page_ends(column: Sequence[Strip], height: float, first_height: float, cohesion: float) -> list[int]:
    """Where the pages end, as the places of the strips after them."""
    if not column:
        return []
    measures = _Measures(column)
    breaks = [
        0,
        *(place for place, strip in enumerate(column) if place and strip.penalty < NEVER),
        len(column),
    ]
    best = {0: (0.0, 0)}
    for place, end in enumerate(breaks[1:], 1):
        penalty = cohesion * column[end].penalty if end < len(column) else 0.0
        candidates: list[tuple[float, int]] = []
        for start in reversed(breaks[:place]):
            badness = measures.badness(start, end, height if start else first_height)
            if badness < inf:
                candidates.append((best[start][0] + badness + penalty, start))
            else:
                break
        nearest = breaks[place - 1]
        best[end] = min(candidates, default=(best[nearest][0] + _OVERFULL + penalty, nearest))
    ends = [len(column)]
    while best[ends[0]][1]:
        ends.insert(0, best[ends[0]][1])
    return ends


class _Measures:
    """Sums over runs of strips."""

    def __init__(self, column: Sequence[Strip]) -> None:
        self._column = column
        self._heights = [0.0, *accumulate(strip.above + strip.height for strip in column)]
        self._stretches = [0.0, *accumulate(strip.stretch for strip in column)]
        self._shrinks = [0.0, *accumulate(strip.shrink for strip in column)]

    def badness(self, start: int, end: int, room: float) -> float:
        """How bad a page of the strips from start to end is; infinite where they do not fit."""
        first = self._column[start]
        free = room - (self._heights[end] - self._heights[start] - first.above)
        free -= first.head.height if first.head else 0.0
        stretch = self._stretches[end] - self._stretches[start]
        shrink = self._shrinks[end] - self._shrinks[start]
        if free + shrink < -0.01:
            return inf
        if free < 0 < shrink:
            return _PAGE + _STRETCHED * (free / shrink) ** 2
        if end == len(self._column):
            return _PAGE
        free = max(free, 0.0)
        used = min(free, stretch)
        badness = _PAGE + _EMPTY * ((free - used) / room) ** 2
        return badness + _STRETCHED * (used / stretch) ** 2 if stretch else badness


def _headed(column: Column) -> Column:
    """The strips of a page below what its first strip repeats."""
    head = column[0].head
    return [head, *column] if head else column


def _set(column: Column, room: float, *, last: bool) -> list[Placed]:
    """The strips of a page, stretched to fill it, or shrunk to fit."""
    return list(_placed(column, _ratio(column, room, last=last)))


def _ratio(column: Column, room: float, *, last: bool) -> float:
    free = room - sum(strip.height + strip.above for strip in column) + column[0].above
    stretch, shrink = sum(strip.stretch for strip in column), sum(strip.shrink for strip in column)
    if free < 0:
        return max(free / shrink, -1.0) if shrink else 0.0
    return min(free / stretch, 1.0) if stretch and not last else 0.0


def _placed(column: Column, ratio: float) -> Iterator[Placed]:
    top = 0.0
    for place, strip in enumerate(column):
        top += strip.above if place else 0.0
        height = strip.height + ratio * (strip.stretch if ratio > 0 else strip.shrink)
        yield Placed(strip, top, height)
        top += height
