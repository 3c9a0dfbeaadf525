"""The head of a form's first page: title, student, instructions, and the table of points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...errors import naming
from ..document import Text
from ..markdown import inlines
from ..sheet import Sheet
from .blanks import Blanks
from .blocks import Setter
from .lines import Word, words
from .page import draw_words, shortened
from .pen import Pen
from .questions import counted, points_text
from .strips import NEVER, Column, Strip, beside, led
from .styles import COLUMN, INK, KEY, RULE, SHADE, Style

NAME_FIELD = "quizgrad.name"
ID_FIELD = "quizgrad.id"

_NAME_SHARE = 0.6
_LABELS = 58.0
_LEAST_CELL = 25.0
_MOST_CELL = 38.0
_ROW = 17.0
_SCORES = 23.0


def head(sheet: Sheet, style: Style) -> Column:
    """What precedes the questions on the student's paper; no page ends within it.

    Raises:
        UserError: the instructions cannot be set.
    """
    rows = _opening(sheet, style, ())
    if sheet.instructions.strip():
        with naming("the text of the instructions"):
            text = Setter(style, Blanks(), style.body).paragraph(inlines(sheet.instructions), COLUMN)
        rows += led(text, style.points(10), NEVER)
    for table in _points_tables(sheet, style):
        rows += led([table], style.points(12), NEVER)
    return [strip._replace(penalty=NEVER) for strip in rows]


def key_head(sheet: Sheet, style: Style) -> Column:
    """What precedes the questions on the key."""
    return _opening(sheet, style, words("Key", replace(style.title, color=KEY)))


def _opening(sheet: Sheet, style: Style, mark: tuple[Word, ...]) -> Column:
    facts = [sheet.date, f"{sheet.minutes} minutes", counted(sheet.points, sheet.notation)]
    extent = sum(word.width for word in mark)
    setter = Setter(style, Blanks(), style.body)
    title = setter.paragraph((Text(sheet.title),), COLUMN - 1.2 * extent, style.title)
    column = [
        *setter.paragraph((Text(sheet.course),), COLUMN),
        *led(
            beside(lambda pen, x, y: draw_words(pen, mark, x + COLUMN - extent, y), title),
            style.points(4),
            NEVER,
        ),
        *led(setter.paragraph((Text(" · ".join(filter(None, facts))),), COLUMN), style.points(5), NEVER),
        *led([_student(sheet, style)], style.points(10), NEVER),
    ]
    return [strip._replace(penalty=NEVER) for strip in column]


def _student(sheet: Sheet, style: Style) -> Strip:
    """Name and id: printed, or a line to write on."""
    height, middle = style.points(26), _NAME_SHARE * COLUMN

    def draw(pen: Pen, x: float, top: float, _height: float) -> None:
        y = top - height + style.points(6)
        span = (x, x + middle - style.points(14))
        _entry(pen, "Name", sheet.student, NAME_FIELD, span, y, style)
        _entry(pen, "Student id", sheet.student_id, ID_FIELD, (x + middle, x + COLUMN), y, style)

    return Strip(height, draw, height - style.points(6))


def _entry(
    pen: Pen, label: str, text: str | None, name: str, span: tuple[float, float], y: float, style: Style
) -> None:
    left, right = span
    tag = words(label, style.body)
    draw_words(pen, tag, left, y)
    left += sum(word.width for word in tag) + style.points(6)
    pen.line((left, y - 4), (right, y - 4), 0.6, INK)
    if text is not None:
        draw_words(pen, shortened(text, style.strong, right - left - 4), left + 2, y)
    elif pen.fields:
        pen.fields.text(name, (left, y - 3.5, right, y + style.points(14)), label)


def _points_tables(sheet: Sheet, style: Style) -> list[Strip]:
    """Question numbers, points and room for the marks, in as few bands as the column's width allows."""
    columns = [(str(item.number), points_text(item.points, sheet.notation)) for item in sheet.items]
    columns.append(("Total", points_text(sheet.points, sheet.notation)))
    scale = style.scale
    room = COLUMN - _LABELS * scale
    bands = -(-len(columns) // int(room / (_LEAST_CELL * scale)))
    size = -(-len(columns) // bands)
    cell = room / size if bands > 1 else min(_MOST_CELL * scale, room / size)
    return [
        _band(columns[start : start + size], cell, scale, style) for start in range(0, len(columns), size)
    ]


def _band(columns: Sequence[tuple[str, str]], cell: float, scale: float, style: Style) -> Strip:
    rows = [
        (_ROW * scale, ["Question", *(number for number, _ in columns)]),
        (_ROW * scale, ["Points", *(points for _, points in columns)]),
        (_SCORES * scale, ["Score", *("" for _ in columns)]),
    ]
    widths = [_LABELS * scale, *[cell] * len(columns)]
    kind = style.small

    def draw(pen: Pen, x: float, top: float, _height: float) -> None:
        pen.rectangle((x, top - rows[0][0]), sum(widths), rows[0][0], fill=SHADE)
        for height, texts in rows:
            left = x
            for text, width in zip(texts, widths, strict=True):
                pen.rectangle((left, top - height), width, height, line=0.5, color=RULE)
                line = words(text, kind) if text else ()
                indent = 5 if left == x else (width - sum(word.width for word in line)) / 2
                draw_words(pen, line, left + indent, top - height / 2 - 0.33 * kind.size)
                left += width
            top -= height

    return Strip(sum(height for height, _ in rows), draw)
