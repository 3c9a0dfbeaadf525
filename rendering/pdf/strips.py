"""A column of strips: slices of a page that are never cut, and what may happen between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import inf
from typing import NamedTuple

from .pen import Pen

Drawing = Callable[[Pen, float, float, float], None]
"""Draws a strip: pen, left edge, top edge, height."""

NEVER = inf
"""The penalty of a place where a page must not end."""


class Strip(NamedTuple):
    """A slice of a page as wide as the column.

    Attributes:
        height: its natural height.
        draw: draws it.
        ascent: from its top to its first baseline.
        above: the white space between it and the strip before it, which the top of a page swallows.
        penalty: how bad it is to end a page before it; see `pages`.
        stretch: how much higher it may become to fill a page.
        shrink: how much lower it may become to fit on a page.
        head: what is repeated above it where it begins a page, e.g. the heading of its table.
    """

    height: float
    draw: Drawing
    ascent: float = 0
    above: float = 0
    penalty: float = 0
    stretch: float = 0
    shrink: float = 0
    head: Strip | None = None


Column = list[Strip]


def led(column: Sequence[Strip], above: float, penalty: float) -> Column:
    """The column with white space above it and a penalty for ending a page there."""
    if not column:
        return []
    return [column[0]._replace(above=above, penalty=penalty), *column[1:]]


def together(column: Column) -> Column:
    """The column with no page end within it."""
    return [*column[:1], *(strip._replace(penalty=NEVER) for strip in column[1:])]


def tied(column: Column) -> Column:
    """The column whose last strip never begins a page, so that no single line is left over."""
    return [*column[:-1], column[-1]._replace(penalty=NEVER)] if len(column) > 1 else column


def indented(column: Column, indent: float) -> Column:
    """The column moved to the right."""
    return [_moved(strip, indent) for strip in column]


def _moved(strip: Strip, indent: float) -> Strip:
    def draw(pen: Pen, x: float, top: float, height: float) -> None:
        strip.draw(pen, x + indent, top, height)

    return strip._replace(draw=draw, head=_moved(strip.head, indent) if strip.head else None)


def beside(ornament: Callable[[Pen, float, float], None], column: Column) -> Column:
    """The column with something drawn at the left edge of its first baseline."""
    if not column:
        return []
    first, *others = column

    def draw(pen: Pen, x: float, top: float, height: float) -> None:
        ornament(pen, x, top - first.ascent)
        first.draw(pen, x, top, height)

    return [first._replace(draw=draw), *others]


def placed(column: Iterable[Strip], top: float) -> Iterator[tuple[Strip, float]]:
    """Each strip with its top edge, one below the other at natural height."""
    y = top
    for place, strip in enumerate(column):
        y -= strip.above if place else 0
        yield strip, y
        y -= strip.height


def height_of(column: Column) -> float:
    """The natural height without the space above the first strip."""
    return sum(strip.height + strip.above for strip in column) - (column[0].above if column else 0)
