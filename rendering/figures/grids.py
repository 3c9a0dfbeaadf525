"""Tables of square cells: matrices, feature maps, confusion matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from .curves import Box, line
from .errors import FigureError
from .label import Content, Label
from .sheet import Sheet
from .style import ACCENT, GREY, INK, SHADE, Pen, Tint

CELL = 21.0
"""The least side of a cell."""
WIDEST_SQUARE = 36.0
"""Cells that must be wider than this are no longer square."""
PADDING = 4.5
HEADING = 9.0
"""Type size of the labels of rows and columns."""
GAP = 5.0

Row = Annotated[Sequence[Content | None], Field(min_length=1, max_length=40)]
Rows = Annotated[Sequence[Row], Field(min_length=1, max_length=40)]
Labels = Annotated[Sequence[Content], Field(max_length=40)]
Cells = Annotated[Sequence[tuple[int, int]], Field(max_length=1600)]
Share = Annotated[float, Field(ge=0, le=1)]
Shares = Annotated[Sequence[Annotated[Sequence[Share], Field(max_length=40)]], Field(max_length=40)]

DARKEST = 0.42
"""The strength of the ink behind a cell whose share is 1: its value stays readable."""


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Grid:
    """A table of cells; `None` leaves a cell empty.

    Attributes:
        values: what the cells say, row by row.
        title: stands above.
        highlight: rows and columns, from 0, of the cells that are tinted.
        row_labels: stand to the left.
        column_labels: stand above.
        heat: for each cell a share from 0 to 1, by which it is shaded in grey.
    """

    values: Rows
    title: Content = ""
    highlight: Cells = ()
    row_labels: Labels = ()
    column_labels: Labels = ()
    heat: Shares = ()


def grid(
    sheet: Sheet,
    /,
    *,
    values: Rows | None = None,
    title: Content = "",
    highlight: Cells = (),
    row_labels: Labels = (),
    column_labels: Labels = (),
    heat: Shares = (),
    grids: Annotated[Sequence[Grid], Field(max_length=12)] = (),
    symbols: Annotated[Sequence[str], Field(max_length=12)] = (),
) -> None:
    r"""A matrix or feature map, or several side by side.

    Args:
        sheet: where to draw.
        values: the cells of the only grid, row by row; `None` leaves a cell empty.
        title: see `Grid`, as the four arguments that follow.
        highlight: see `Grid`.
        row_labels: see `Grid`.
        column_labels: see `Grid`.
        heat: see `Grid`.
        grids: several grids instead of `values`, each with the arguments of `Grid`.
        symbols: LaTeX that stands between neighbouring grids, e.g. `["*", "="]`.

    Raises:
        FigureError: the rows differ in length, or something does not match the cells.
    """
    if bool(values) == bool(grids):
        raise FigureError("it takes either values or grids")
    if symbols and len(symbols) != len(grids) - 1:
        raise FigureError(
            f"symbols has {len(symbols)} entries, but stands {len(grids) - 1} times between grids"
        )
    if values:
        grids = (Grid(values, title, highlight, row_labels, column_labels, heat),)
    x = 0.0
    for index, one in enumerate(grids):
        if index:
            x += 9
            if symbols:
                sign = Label(f"${symbols[index - 1]}$", 13).beside(complex(x, 0), 1 + 0j)
                x = sheet.place(sign).box.right + 9
        table = _Table(one)
        table.draw(sheet, x - table.box.left)
        x += table.box.right - table.box.left


def confusion_matrix(
    sheet: Sheet,
    /,
    *,
    counts: Rows,
    labels: Labels = (),
    row_title: Content = "actual",
    column_title: Content = "predicted",
) -> None:
    """A confusion matrix with its diagonal tinted.

    Args:
        sheet: where to draw.
        counts: the cells, row by row.
        labels: the classes, in the order of rows and columns; by default their numbers from 0.
        row_title: what a row stands for.
        column_title: what a column stands for.

    Raises:
        FigureError: it is not square, or the labels do not match.
    """
    size = len(counts)
    if any(len(row) != size for row in counts):
        raise FigureError(f"counts has {size} rows, so each must have {size} entries")
    names = labels or tuple(range(size))
    diagonal = tuple((index, index) for index in range(size))
    table = _Table(Grid(counts, column_title, diagonal, names, names), least=30, tint=SHADE)
    table.draw(sheet, 0)
    sheet.turned(row_title, complex(table.box.left - GAP, 0))


class _Table:
    """A grid with the measures that its labels demand, its cells centred on the origin."""

    def __init__(self, content: Grid, least: float = CELL, tint: Tint = ACCENT) -> None:
        self._content, self._tint = content, tint
        self._rows, self._columns = len(content.values), len(content.values[0])
        _check(content, self._rows, self._columns)
        self._cells = [[Label("" if cell is None else cell) for cell in row] for row in content.values]
        self._row_labels = [Label(text, HEADING) for text in content.row_labels]
        self._column_labels = [Label(text, HEADING) for text in content.column_labels]
        self._title = Label(content.title)
        self._measure(least)

    def _measure(self, least: float) -> None:
        labels = [label for row in self._cells for label in row]
        wide = max(label.width for label in labels + self._column_labels) + 2 * PADDING
        tall = max(label.height for label in labels) + 2 * PADDING
        self._height = max(least, tall)
        self._width = max(least, wide)
        if self._width <= WIDEST_SQUARE:
            self._width = self._height = max(self._width, self._height)
        half = self._width * self._columns / 2
        head = max((label.width for label in self._row_labels), default=-GAP) + GAP
        overhang = max(0.0, self._title.width / 2 - half)
        top = self._height * self._rows / 2
        self._frame = Box(-half, -top, half, top)
        self.box = Box(-half - max(head, overhang), -top, half + overhang, top)

    def draw(self, sheet: Sheet, x: float) -> None:
        """Draw it with the middle of its cells at (x, 0)."""
        frame = Box(x + self._frame.left, self._frame.bottom, x + self._frame.right, self._frame.top)
        self._shade(sheet, frame)
        for row, column in sorted(set(self._content.highlight)):
            sheet.area(self._cell(frame, row, column), self._tint)
        self._lines(sheet, frame)
        for row, labels in enumerate(self._cells):
            for column, label in enumerate(labels):
                box = self._cell(frame, row, column)
                middle = complex((box.left + box.right) / 2, (box.bottom + box.top) / 2)
                sheet.place(label.beside(middle))
        self._margins(sheet, frame)

    def _shade(self, sheet: Sheet, frame: Box) -> None:
        for row, shares in enumerate(self._content.heat):
            for column, share in enumerate(shares):
                if share:
                    sheet.area(self._cell(frame, row, column), Tint(INK.css, DARKEST * share))

    def _cell(self, frame: Box, row: int, column: int) -> Box:
        left, top = frame.left + column * self._width, frame.top - row * self._height
        return Box(left, top - self._height, left + self._width, top)

    def _lines(self, sheet: Sheet, frame: Box) -> None:
        inner = [
            line(complex(x, frame.bottom), complex(x, frame.top))
            for x in (frame.left + self._width * column for column in range(1, self._columns))
        ] + [
            line(complex(frame.left, y), complex(frame.right, y))
            for y in (frame.bottom + self._height * row for row in range(1, self._rows))
        ]
        sheet.strokes(inner, Pen(GREY, 0.4))
        sheet.frame(frame, Pen(INK, 0.8))

    def _margins(self, sheet: Sheet, frame: Box) -> None:
        for row, label in enumerate(self._row_labels):
            sheet.place(
                label.beside(complex(frame.left - GAP, frame.top - (row + 0.5) * self._height), -1 + 0j)
            )
        baseline = (
            frame.top
            + GAP
            + max((label.setting.descent * label.size for label in self._column_labels), default=0)
        )
        for column, label in enumerate(self._column_labels):
            label.beside(complex(frame.left + (column + 0.5) * self._width, 0)).y = baseline
            sheet.place(label)
        top = max((label.box.top for label in self._column_labels), default=frame.top)
        if self._title.width:
            sheet.place(self._title.beside(complex((frame.left + frame.right) / 2, top + GAP + 1), 1j))


def _check(content: Grid, rows: int, columns: int) -> None:
    for index, cells in enumerate(content.values):
        if len(cells) != columns:
            raise FigureError(f"row {index} has {len(cells)} cells, but row 0 has {columns}")
    for name, labels, wanted in (
        ("row_labels", content.row_labels, rows),
        ("column_labels", content.column_labels, columns),
    ):
        if labels and len(labels) != wanted:
            raise FigureError(f"{name} has {len(labels)} entries, but there are {wanted} to label")
    if content.heat and [*map(len, content.heat)] != [columns] * rows:
        raise FigureError(f"heat must have a share for each of the {rows} × {columns} cells")
    for row, column in content.highlight:
        if not (0 <= row < rows and 0 <= column < columns):
            raise FigureError(
                f"highlight names the cell ({row}, {column}), but there are {rows} × {columns} cells"
            )
