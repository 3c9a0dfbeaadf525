"""Tables: columns as wide as their contents need, and cells that are boxes to write in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from .blanks import BOX_HEIGHT, Box
from .pen import Pen
from .strips import NEVER, Column, Strip, height_of, placed
from .styles import INK, RULE, SHADE, Style

_SIDE = 7.0
_TOP = 4.0
_LEAST_ROW = 20.0
_BORDER = 0.5
_ROW_SPLIT = 700.0
_LONG_TABLE = 14
_LONG_ROW_SPLIT = 90.0


@dataclass(frozen=True)
class Cell:
    """The contents of a cell.

    Attributes:
        natural: the width that they would like.
        least: the width that they need.
        column: sets them at a width; for a box, nothing.
        box: the box that fills the cell, whatever its size.
    """

    natural: float
    least: float
    column: Callable[[float], Column]
    box: Box | None = None


def table(rows: Sequence[Sequence[Cell]], style: Style, width: float) -> Column:
    """A table whose first row is its heading, in the middle of the column; each page of it has the heading.

    Args:
        rows: the cells, as many in each row.
        style: the sizes.
        width: the most that the table may fill.
    """
    side = style.points(_SIDE)
    widths = _widths(rows, width - 2 * side * len(rows[0]))
    outer = [extent + 2 * side for extent in widths]
    indent = (width - sum(outer)) / 2
    column: Column = []
    split = _ROW_SPLIT if len(rows) <= _LONG_TABLE else _LONG_ROW_SPLIT
    for place, cells in enumerate(rows):
        strip = _row(
            [(cell, cell.column(extent)) for cell, extent in zip(cells, widths, strict=True)],
            outer,
            indent,
            style,
            heading=place == 0,
        )
        divided = 2 <= place < len(rows) - 1
        column.append(
            strip._replace(penalty=split, head=column[0]) if divided else strip._replace(penalty=NEVER)
        )
    return column


def least_width(rows: Sequence[Sequence[Cell]], style: Style) -> float:
    """The width that a table needs, if no word is to be broken."""
    columns = zip(*rows, strict=True)
    least: Iterator[float] = (max(cell.least for cell in cells) for cells in columns)
    return sum(least) + 2 * style.points(_SIDE) * len(rows[0])


def _widths(rows: Sequence[Sequence[Cell]], room: float) -> list[float]:
    """The natural widths if there is room for them; else each column gives in proportion to what it can."""
    natural = [max(cell.natural for cell in cells) for cells in zip(*rows, strict=True)]
    least = [max(cell.least for cell in cells) for cells in zip(*rows, strict=True)]
    lacking, slack = sum(natural) - room, sum(natural) - sum(least)
    if lacking <= 0:
        return natural
    if lacking >= slack:
        return [extent * room / sum(least) for extent in least]
    return [wide - (wide - narrow) * lacking / slack for wide, narrow in zip(natural, least, strict=True)]


def _row(
    cells: Sequence[tuple[Cell, Column]],
    outer: Sequence[float],
    indent: float,
    style: Style,
    *,
    heading: bool,
) -> Strip:
    side, top = style.points(_SIDE), style.points(_TOP)
    contents = max((height_of(column) for _, column in cells), default=0)
    boxed = any(cell.box for cell, _ in cells)
    height = max(contents + 2 * top, style.points(BOX_HEIGHT + 2) if boxed else style.points(_LEAST_ROW))

    def draw(pen: Pen, x: float, y: float, _height: float) -> None:
        left = x + indent
        if heading:
            pen.rectangle((left, y - height), sum(outer), height, fill=SHADE)
        for extent in outer:
            pen.rectangle((left, y - height), extent, height, line=_BORDER, color=RULE)
            left += extent
        left = x + indent
        for (cell, column), extent in zip(cells, outer, strict=True):
            if cell.box:
                _fill(pen, cell.box, (left, y - height), extent, height)
            above = y - (height - height_of(column)) / 2
            for strip, edge in placed(column, above):
                strip.draw(pen, left + side, edge, strip.height)
            left += extent

    return Strip(height, draw)


def _fill(pen: Pen, box: Box, corner: tuple[float, float], width: float, height: float) -> None:
    """Draw a box as the cell itself, with the cell's border in black."""
    pen.rectangle(corner, width, height, line=0.8, color=INK)
    inside = replace(box, width=width, ascent=height, descent=0, side=0, edge=0, framed=False)
    inside.draw(pen, corner[0], corner[1])
