"""Where answers go in running text and tables: boxes to write in, and grids of boxes in brackets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...answers import Answer, Matrix, Notation, Unreadable, Vector
from ...answers.tensor import split_rows
from ..document import DocumentError
from .lines import Piece, words
from .pen import Pen
from .styles import INK, MILLIMETRE, Style, Type

BOX_HEIGHT = 7 * MILLIMETRE
_BELOW = 0.32
"""The share of a box that is below the baseline."""
_NEGATIVE = re.compile(r"^-(?=[\d.,]+$)")
_CHARACTER = 8.2
_PADDING = 6.0
_LINE = 0.7
_CELL_GAP = 3.0
_BRACKET = 5.0
_SIDE = 1.5
_EDGE = 2.0
"""The white space beside, and above and below a box, so that it touches neither letters nor other boxes."""


@dataclass(frozen=True)
class Blanks:
    """The blanks of one question and what stands in them.

    Attributes:
        answers: the key of each blank; on an empty paper only its kind and options show.
        filled: what stands in a blank, as it was or could have been typed.
        color: of what stands there.
        prefix: what the names of form fields begin with, e.g. the item's id.
        label: what their accessible names begin with, e.g. `Question 3`.
        notation: how numbers are written.
    """

    answers: Mapping[str, Answer] = field(default_factory=dict)
    filled: Mapping[str, str] = field(default_factory=dict)
    color: str = INK
    prefix: str = ""
    label: str = ""
    notation: Notation = field(default_factory=Notation)

    def answer(self, name: str) -> Answer:
        """The answer of a blank.

        Raises:
            DocumentError: there is none.
        """
        if name not in self.answers:
            raise DocumentError(
                f"There is no answer for the blank {name!r}; there are {', '.join(self.answers) or 'none'}"
            )
        return self.answers[name]

    def field_name(self, *parts: str | int) -> str:
        """The full name of a form field."""
        return ".".join(str(part) for part in (self.prefix, *parts) if part != "")

    def tooltip(self, name: str, detail: str = "") -> str:
        """The accessible name of a form field."""
        return ", ".join(part for part in (self.label, name.replace("_", " "), detail) if part)


def piece(name: str, blanks: Blanks, style: Style, width: float) -> Piece:
    """The box or grid of a blank, at most as wide as a line.

    Raises:
        DocumentError: there is no answer for the blank.
    """
    answer = blanks.answer(name)
    if isinstance(answer, Vector | Matrix):
        return _grid(name, answer, blanks, style, width)
    height, side, edge = style.points(BOX_HEIGHT), style.points(_SIDE), style.points(_EDGE)
    return Box(
        width=min(box_width(answer, style) + 2 * side, width),
        ascent=height * (1 - _BELOW) + edge,
        descent=height * _BELOW + edge,
        name=blanks.field_name(name),
        tooltip=blanks.tooltip(name),
        entry=blanks.filled.get(name, ""),
        kind=style.entry(blanks.color),
        side=side,
        edge=edge,
    )


def box_width(answer: Answer, style: Style) -> float:
    """The width of the box of an answer, for handwriting."""
    return style.points(answer.width * _CHARACTER + _PADDING)


@dataclass(frozen=True, slots=True)
class Box:
    """A box to write in.

    Attributes:
        name: of its form field.
        tooltip: the accessible name.
        entry: what stands in it.
        kind: how that is set.
        side: the white space on either side, within the width.
        edge: the white space above and below, within the ascent and the descent.
        framed: whether it draws its own border; the cell of a table has one already.
    """

    width: float
    ascent: float
    descent: float
    name: str
    tooltip: str
    entry: str
    kind: Type
    side: float = 0.0
    edge: float = 0.0
    framed: bool = True

    def draw(self, pen: Pen, x: float, y: float) -> None:
        """Draw it with the baseline of the text around it at x, y."""
        left, bottom = x + self.side, y - self.descent + self.edge
        width, height = self.width - 2 * self.side, self.ascent + self.descent - 2 * self.edge
        if self.framed:
            pen.rectangle((left, bottom), width, height, line=_LINE)
        if self.entry:
            write(pen, self.entry, self.kind, (left, bottom, left + width, bottom + height))
        if pen.fields:
            inset = (left + 1, bottom + 1, left + width - 1, bottom + height - 1)
            pen.fields.text(self.name, inset, self.tooltip)


def write(pen: Pen, text: str, kind: Type, box: tuple[float, float, float, float]) -> None:
    """Write a text in the middle of a box, smaller where it is too wide; the sign of a number is a minus."""
    left, bottom, right, top = box
    room = right - left - 4
    text = _NEGATIVE.sub("−", text)
    runs = words(text, kind)
    if not runs:
        return  # nothing of it can be seen
    extent = sum(run.width for run in runs)
    if extent > room:
        runs = words(text, kind.scaled(room / extent))
        extent = room
    x = (left + right - extent) / 2
    y = (bottom + top) / 2 - 0.34 * runs[0].size
    for run in runs:
        run.draw(pen, x, y)
        x += run.width


@dataclass(frozen=True, slots=True)
class Grid:
    """Boxes in rows between brackets."""

    width: float
    ascent: float
    descent: float
    rows: tuple[tuple[Box, ...], ...]
    gap: float
    bracket: float
    edge: float

    def draw(self, pen: Pen, x: float, y: float) -> None:
        """Draw it with the baseline of the text around it at x, y."""
        top = y + self.ascent - self.edge
        for row in self.rows:
            left = x + 1.8 * self.bracket
            for box in row:
                box.draw(pen, left, top - self.gap - box.ascent)
                left += box.width + self.gap
            top -= row[0].ascent + row[0].descent + self.gap
        self._bracket(pen, x + 0.4 * self.bracket, y, self.bracket)
        self._bracket(pen, x + self.width - 0.4 * self.bracket, y, -self.bracket)

    def _bracket(self, pen: Pen, x: float, y: float, arm: float) -> None:
        bottom, top = y - self.descent + self.edge, y + self.ascent - self.edge
        pen.path([((x + arm, top), (x, top), (x, bottom), (x + arm, bottom))], 0.9, INK)


def _grid(name: str, answer: Vector | Matrix, blanks: Blanks, style: Style, width: float) -> Grid:
    rows, columns = answer.shape if isinstance(answer, Matrix) else (1, len(answer.value))
    gap, bracket, height = style.points(_CELL_GAP), style.points(_BRACKET), style.points(BOX_HEIGHT)
    room = (width - 3.6 * bracket + gap) / columns - gap
    cell = min(box_width(answer, style), room)
    texts = entries(blanks.filled.get(name, ""), rows, columns, blanks.notation)
    boxes = tuple(
        tuple(
            Box(
                width=cell,
                ascent=height * (1 - _BELOW),
                descent=height * _BELOW,
                name=blanks.field_name(name, *_cell_name(answer, row, column)),
                tooltip=blanks.tooltip(name, _cell_label(answer, row, column)),
                entry=texts[row - 1][column - 1],
                kind=style.entry(blanks.color),
            )
            for column in range(1, columns + 1)
        )
        for row in range(1, rows + 1)
    )
    edge = style.points(_EDGE)
    half, axis = (rows * (height + gap) + gap) / 2 + edge, 0.25 * style.body.size
    return Grid(
        columns * (cell + gap) - gap + 3.6 * bracket, half + axis, half - axis, boxes, gap, bracket, edge
    )


def _cell_name(answer: Vector | Matrix, row: int, column: int) -> tuple[int, ...]:
    return (row, column) if isinstance(answer, Matrix) else (column,)


def _cell_label(answer: Vector | Matrix, row: int, column: int) -> str:
    return f"row {row}, column {column}" if isinstance(answer, Matrix) else f"entry {column}"


def entries(text: str, rows: int, columns: int, notation: Notation) -> Sequence[Sequence[str]]:
    """What was typed as the texts of a grid; all of it in the first cell where it has another shape."""
    empty = [[""] * columns for _ in range(rows)]
    if not text.strip():
        return empty
    try:
        given = split_rows(text, notation, rows_by_semicolon=rows > 1)
    except Unreadable:
        given = []
    if rows == 1 and len(given) > 1 and all(len(row) == 1 for row in given):
        given = [[row[0] for row in given]]
    if [len(row) for row in given] == [columns] * rows:
        return given
    empty[0][0] = text.strip()
    return empty
