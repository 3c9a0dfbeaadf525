"""Set the rows and columns of matrices, cases and aligned formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from . import boxes
from .boxes import Box
from .nodes import Alignment, Node, Table
from .style import Style

_LINE = 0.045
_BETWEEN_PAIRS = 2.0


@dataclass(frozen=True, slots=True)
class _Spacing:
    """The room of a table in em.

    Attributes:
        ascent: the least height of a row.
        descent: the least depth of a row.
        rows: the least space between the ink of a row and that of the next.
        columns: the space between columns.
    """

    ascent: float
    descent: float
    rows: float
    columns: float


_SPACINGS = {
    "matrix": _Spacing(0.88, 0.4, 0.3, 1.0),
    "small": _Spacing(0.6, 0.16, 0.1, 0.4),
    "cases": _Spacing(1.0, 0.46, 0.3, 1.0),
    "aligned": _Spacing(0.99, 0.51, 0.38, 0.0),
    "gathered": _Spacing(0.99, 0.51, 0.38, 0.0),
    "substack": _Spacing(0.48, 0.12, 0.08, 0.0),
}


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of cells: its ink, and its room with the least height and depth."""

    cells: tuple[Box, ...]
    ink: tuple[float, float]
    ascent: float
    descent: float


def typeset_table(table: Table, style: Style, typeset: Callable[[Node, Style], Box]) -> Box:
    """A table, centred on the axis of the formula.

    Args:
        table: its cells.
        style: the style of what surrounds it.
        typeset: sets a cell.
    """
    em, spacing = style.size, _SPACINGS[table.kind]
    lines = [_line(row, spacing, em, _cell_style(table, style), typeset) for row in table.rows]
    widths = [
        max(cell.width for cell in column) for column in zip(*(line.cells for line in lines), strict=True)
    ]
    lefts, width = _columns(table, widths, spacing.columns * em, em)
    baselines = _baselines(lines, table.gaps, spacing.rows * em)
    bottom = baselines[-1] - lines[-1].descent
    placed = [
        (left + _indent(alignment, room - cell.width), baseline, cell)
        for line, baseline in zip(lines, baselines, strict=True)
        for cell, left, room, alignment in zip(line.cells, lefts, widths, table.alignments, strict=True)
    ]
    rules = [
        *_vertical(table, lefts, widths, width, (bottom, lines[0].ascent), em),
        *_horizontal(table, lines, baselines, width, em),
    ]
    lift = style.measure("AxisHeight") - (lines[0].ascent + bottom) / 2
    strut = Box(0.0, lines[0].ascent, -bottom)
    body = boxes.pile(width, [*placed, *rules, (0.0, 0.0, strut)])
    return boxes.raised(body, lift)


def _cell_style(table: Table, style: Style) -> Style:
    if table.kind in ("aligned", "gathered"):
        return Style(True, style.level)
    if table.kind == "small":
        return Style(False, style.level).script
    return Style(False, style.level)


def _line(
    row: Sequence[Node], spacing: _Spacing, em: float, style: Style, typeset: Callable[[Node, Style], Box]
) -> _Line:
    cells = tuple(typeset(cell, style) for cell in row)
    ascent = max(cell.ascent for cell in cells)
    descent = max(cell.descent for cell in cells)
    return _Line(
        cells, (ascent, descent), max(ascent, spacing.ascent * em), max(descent, spacing.descent * em)
    )


def _indent(alignment: Alignment, room: float) -> float:
    return {"left": 0.0, "center": room / 2, "right": room}[alignment]


def _columns(table: Table, widths: Sequence[float], gap: float, em: float) -> tuple[list[float], float]:
    """The left edge of each column, and the width of the table."""
    gaps = [gap] * (len(widths) - 1)
    if table.kind == "aligned":
        gaps = [_BETWEEN_PAIRS * em * (place % 2) for place in range(len(gaps))]
    margin = gap / 2 if 0 in table.vertical else 0.0
    steps = (width + gap for width, gap in zip(widths, gaps, strict=False))
    lefts = list(accumulate(steps, initial=margin))
    return lefts, lefts[-1] + widths[-1] + (gap / 2 if len(widths) in table.vertical else 0.0)


def _baselines(lines: Sequence[_Line], gaps: Sequence[float], least: float) -> list[float]:
    """The baseline of each row, below that of the first."""
    steps = [
        max(upper.descent + lower.ascent, upper.ink[1] + least + lower.ink[0])
        for upper, lower in pairwise(lines)
    ]
    return list(accumulate((-step - gap for step, gap in zip(steps, gaps, strict=True)), initial=0.0))


def _vertical(
    table: Table,
    lefts: Sequence[float],
    widths: Sequence[float],
    width: float,
    span: tuple[float, float],
    em: float,
) -> Iterator[tuple[float, float, Box]]:
    rights = [0.0, *(left + room for left, room in zip(lefts, widths, strict=True))]
    edges = [*lefts, width]
    for column in sorted(set(table.vertical)):
        x = {0: 0.0, len(lefts): width}.get(column, (rights[column] + edges[column]) / 2)
        yield x - _LINE * em / 2, span[0], boxes.rule(_LINE * em, span[1] - span[0])


def _horizontal(
    table: Table, lines: Sequence[_Line], baselines: Sequence[float], width: float, em: float
) -> Iterator[tuple[float, float, Box]]:
    tops = [baseline + line.ascent for baseline, line in zip(baselines, lines, strict=True)]
    bottoms = [baseline - line.descent for baseline, line in zip(baselines, lines, strict=True)]
    for row in sorted(set(table.horizontal)):
        y = {0: tops[0], len(lines): bottoms[-1]}.get(row)
        if y is None:
            y = (bottoms[row - 1] + tops[row]) / 2
        yield 0.0, y - _LINE * em / 2, boxes.rule(width, _LINE * em)
