"""Questions on paper: heading, prompt, space for work; on the key also the solution and the checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from ...answers import Notation
from ..document import Block, Code, Heading, Inline, LineBreak, Listing, Paragraph, Text
from ..markdown import inlines
from ..sheet import SheetItem
from .blanks import Blanks
from .blocks import Setter
from .lines import CODE_SIZE, text_width, words
from .page import draw_words
from .pen import Pen
from .strips import NEVER, Column, Strip, beside, led, tied, together
from .styles import COLUMN, GREY, KEY, MILLIMETRE, RULE, Style

_NUMBER_GAP = 6.0
_WORK_LINE = 8 * MILLIMETRE
_WORK_MINUTE = 12 * MILLIMETRE
_LEAST_WORK = 15 * MILLIMETRE
_MOST_WORK = 90 * MILLIMETRE
_WORK_STRETCH = 0.6
_WORK_SHRINK = 0.2
_WORK_SPLIT = 45.0
_NO_BREAK = "\N{NO-BREAK SPACE}"


def question(item: SheetItem, notation: Notation, style: Style) -> Column:
    """A question on the student's paper."""
    blanks = _blanks(item, notation)
    prompt = Setter(style, blanks, style.body).document(item.prompt, COLUMN)
    return [
        *_heading(item, notation, style),
        *led(tied(prompt), style.points(7), NEVER),
        *led(_work(item, style), style.points(9), _WORK_SPLIT),
    ]


def solved_question(item: SheetItem, notation: Notation, style: Style) -> Column:
    """A question on the key, with the keys in its boxes, the solution and the checks."""
    keys = {name: answer.printed(notation) for name, answer in item.answers.items()}
    blanks = replace(_blanks(item, notation), filled=keys, color=KEY)
    prompt = Setter(style, blanks, style.body).document(item.prompt, COLUMN)
    column = [*_heading(item, notation, style)]
    if item.key:
        origin = Text(f"{item.key.question} · level {item.key.level}")
        column += led(_setter(style).paragraph((origin,), COLUMN, replace(style.small, color=GREY)), 2, NEVER)
    column += led(tied(prompt), style.points(7), NEVER)
    column += led(_setter(style).blocks(tuple(_notes(item, notation, style)), COLUMN), style.points(10), 60)
    return column


def points_text(points: Fraction, notation: Notation) -> str:
    """Points as a decimal if that is short, else as a fraction."""
    if 100 % points.denominator:
        return f"{points.numerator}/{points.denominator}"
    return f"{float(points):.2f}".rstrip("0").rstrip(".").replace(".", notation.decimal)


def counted(points: Fraction, notation: Notation) -> str:
    """Points with their unit."""
    return f"{points_text(points, notation)} {'point' if points == 1 else 'points'}"


def _setter(style: Style) -> Setter:
    return Setter(style, Blanks(), style.body)


def _blanks(item: SheetItem, notation: Notation) -> Blanks:
    return Blanks(item.answers, prefix=item.id, label=f"Question {item.number}", notation=notation)


def _heading(item: SheetItem, notation: Notation, style: Style) -> Column:
    """The number in the margin, the title and the points."""
    kind = style.question
    text = (Text(f"{item.title} ", bold=True), Text(f"({counted(item.points, notation)})"))
    number = words(f"{item.number}.", replace(kind, bold=True))[0]

    def draw_number(pen: Pen, x: float, y: float) -> None:
        number.draw(pen, x - number.width - _NUMBER_GAP, y)

    return together(beside(draw_number, _setter(style).paragraph(text, COLUMN, kind)))


def _work(item: SheetItem, style: Style) -> Column:
    """Space for work: it takes what a page has left, and gives a little where that saves a page."""
    if item.work_lines == 0:
        return []
    height = item.minutes * _WORK_MINUTE if item.work_lines is None else item.work_lines * _WORK_LINE
    height = min(max(height, _LEAST_WORK), _MOST_WORK)

    kind = replace(style.small, color=GREY)
    label = words(f"Work for question {item.number}", kind)

    def draw(pen: Pen, x: float, top: float, extent: float) -> None:
        pen.rectangle((x, top - extent), COLUMN, extent, line=0.4, color=RULE)
        draw_words(pen, label, x + 5, top - 4 - kind.ascent)

    stretch, shrink = _WORK_STRETCH * height + 12 * MILLIMETRE, _WORK_SHRINK * (height - _LEAST_WORK)
    return [Strip(height, draw, stretch=stretch, shrink=shrink)]


def _notes(item: SheetItem, notation: Notation, style: Style) -> Iterator[Block]:
    if len(item.blank_points) > 1:
        yield Paragraph((Text("Points: ", bold=True), Text(_shares(item, notation))))
    if item.key is None:
        return
    yield from _labelled("Worked solution", *item.key.solution.blocks)
    if item.key.executed:
        yield from _labelled("Executed check", _lines(item.key.executed, style))
    if item.key.mistakes:
        yield from _labelled("Common mistakes", Listing(tuple(map(_mistake, item.key.mistakes))))
    if item.key.snippet:
        yield from _labelled("Check it yourself", Code(item.key.snippet.replace("\n\n\n", "\n\n"), "python"))


def _lines(texts: Sequence[str], style: Style) -> Paragraph:
    """Lines of code, side by side where they are short."""
    cell = max(map(len, texts)) + 3
    line_length = COLUMN / text_width("m", "Mono", CODE_SIZE * style.body.size)
    count = max(1, int(line_length / cell))
    inlines: list[Inline] = []
    for start in range(0, len(texts), count):
        line = "".join(text.ljust(cell) for text in texts[start : start + count]).rstrip()
        inlines += [LineBreak(), Text(line.replace(" ", _NO_BREAK) if count > 1 else line, code=True)]
    return Paragraph(tuple(inlines[1:]))


def _labelled(label: str, *blocks: Block) -> Iterator[Block]:
    yield Heading(2, (Text(label),))
    yield from blocks


def _shares(item: SheetItem, notation: Notation) -> str:
    """What each blank is worth, in one phrase where all are worth the same."""
    shares = {name: points_text(points, notation) for name, points in item.blank_points.items()}
    if len(set(shares.values())) == 1:
        return f"{next(iter(shares.values()))} for each of the {len(shares)} blanks"
    return ", ".join(f"{name.replace('_', ' ')} {points}" for name, points in shares.items())


def _mistake(mistake: tuple[str, str]) -> tuple[Block, ...]:
    value, sentence = mistake
    said: tuple[Inline, ...] = inlines(sentence)
    return (Paragraph((Text(f"{value}: " if value else "", bold=True), *said)),)
