"""Options to choose from and steps to bring into order."""

from __future__ import annotations

from collections.abc import Callable
from string import ascii_lowercase, ascii_uppercase

from ...answers import Choice, Ordering, SingleChoice, Unreadable
from ..markdown import inlines
from .blanks import BOX_HEIGHT, Blanks, piece, write
from .lines import chunks, filled, words
from .pen import Pen
from .strips import NEVER, Column, Strip, beside, indented, led
from .styles import INK, Style

_OPTION_GAP = 6.0
_MARK = 5.0
"""The radius of the circle before an option, and half the side of the square."""
_LETTER = 17.0
_OPTION = 36.0
_STEP = 20.0
_CELL = 22.0
_SPLIT = 250.0


def options(name: str, choice: Choice, blanks: Blanks, style: Style, width: float) -> Column:
    """The options of a choice, one below the other, each with a circle or a square to mark."""
    chosen = _chosen(choice, blanks.filled.get(name, ""))
    column: Column = []
    for place, option in enumerate(choice.options):
        mark = _mark(name, choice, place, place in chosen, blanks, style)
        column += led(
            _line(option.text, mark, style.points(_OPTION), blanks, style, width),
            style.points(_OPTION_GAP),
            _SPLIT,
        )
    return column


def steps(name: str, ordering: Ordering, blanks: Blanks, style: Style, width: float) -> Column:
    """The steps of an ordering with their letters, and a row of boxes for the letters."""
    column: Column = []
    for letter, item in zip(ascii_uppercase, ordering.items, strict=False):
        mark = _step_letter(letter, style)
        column += led(
            _line(item, mark, style.points(_STEP), blanks, style, width),
            style.points(_OPTION_GAP),
            _SPLIT,
        )
    return [*column, *led([_order_boxes(name, ordering, blanks, style, width)], style.points(9), NEVER)]


def _chosen(choice: Choice, text: str) -> frozenset[int]:
    try:
        return choice.read(text)
    except Unreadable:
        return frozenset()


def _line(
    text: str,
    mark: Callable[[Pen, float, float], None],
    indent: float,
    blanks: Blanks,
    style: Style,
    width: float,
) -> Column:
    room = width - indent
    parts = chunks(inlines(text), style.body, room, lambda blank: piece(blank.name, blanks, style, room))
    return beside(mark, indented(filled(parts, room, style.body), indent))


def _mark(
    name: str, choice: Choice, place: int, chosen: bool, blanks: Blanks, style: Style
) -> Callable[[Pen, float, float], None]:
    letter, radius = ascii_lowercase[place], style.points(_MARK)
    single = isinstance(choice, SingleChoice)
    color = blanks.color if chosen else INK
    label = words(f"({letter})", style.body)[0]

    def draw(pen: Pen, x: float, y: float) -> None:
        centre = x + radius + 1, y + 0.32 * style.body.size
        box = (centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius)
        if single:
            pen.circle(centre, radius, 0.7, color)
        else:
            pen.rectangle(box[:2], 2 * radius, 2 * radius, line=0.7, color=color)
        if chosen:
            _fill_mark(pen, single, centre, radius, color)
        label.draw(pen, x + style.points(_LETTER), y)
        if pen.fields and single:
            pen.fields.radio(blanks.field_name(name), letter, box, blanks.tooltip(name))
        elif pen.fields:
            pen.fields.check(blanks.field_name(name, letter), box, blanks.tooltip(name, f"option {letter}"))

    return draw


def _fill_mark(pen: Pen, single: bool, centre: tuple[float, float], radius: float, color: str) -> None:
    if single:
        pen.circle(centre, 0.6 * radius, 0.1, color, fill=color)
        return
    (x, y), reach = centre, 0.62 * radius
    strokes: list[tuple[tuple[float, float], ...]] = [
        ((x - reach, y - reach), (x + reach, y + reach)),
        ((x - reach, y + reach), (x + reach, y - reach)),
    ]
    pen.path(strokes, 0.28 * radius, color)


def _step_letter(letter: str, style: Style) -> Callable[[Pen, float, float], None]:
    label = words(letter, style.strong)[0]
    return lambda pen, x, y: label.draw(pen, x + style.points(3), y)


def _order_boxes(name: str, ordering: Ordering, blanks: Blanks, style: Style, width: float) -> Strip:
    """One box per letter, side by side: as a form field each is a cell of one text."""
    height, label = style.points(BOX_HEIGHT), words("Order:", style.body)[0]
    start, count = label.width + style.points(8), len(ordering.items)
    cell = min(style.points(_CELL), (width - start) / count)
    letters = _letters(ordering, blanks.filled.get(name, ""))

    def draw(pen: Pen, x: float, top: float, _height: float) -> None:
        left, right, bottom = x + start, x + start + count * cell, top - height
        label.draw(pen, x, bottom + 0.5 * height - 0.32 * style.body.size)
        pen.rectangle((left, bottom), count * cell, height, line=0.7)
        borders = [left + place * cell for place in range(1, count)]
        pen.path([((border, bottom), (border, top)) for border in borders], 0.4, INK)
        for place, letter in enumerate(letters):
            box = (left + place * cell, bottom, left + (place + 1) * cell, top)
            write(pen, letter, style.entry(blanks.color), box)
        if pen.fields:
            tooltip = blanks.tooltip(name, "letters in order")
            pen.fields.text(blanks.field_name(name), (left, bottom, right, top), tooltip, cells=count)

    return Strip(height, draw, 0.66 * height)


def _letters(ordering: Ordering, text: str) -> str:
    try:
        places = ordering.read(text)
    except Unreadable:
        return ""
    return "".join(ascii_uppercase[place] for place in places[: len(ordering.items)])
