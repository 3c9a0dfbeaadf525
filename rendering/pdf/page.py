"""Sheets of paper: what stands on every page around the text, and the file that they make."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from ..sheet import Paper
from .fields import Fields
from .lines import Word, words
from .pages import Placed, pages
from .pen import Pen
from .strips import Column
from .styles import COLUMN, MILLIMETRE, PAPERS, RULE, Style, Type

# Streams stay bytes: writing them as ASCII would cost a fifth of the time and of the size.
rl_config.useA85 = 0

_TOP_FIRST = 19 * MILLIMETRE
_TOP = 25 * MILLIMETRE
_BOTTOM = 28 * MILLIMETRE
_RUNNING_HEAD = 15 * MILLIMETRE
_FOOT = 14 * MILLIMETRE
_QR = 15 * MILLIMETRE
_QR_BOTTOM = 9 * MILLIMETRE
_SMALLEST = 0.75
"""How far a line shrinks before it is cut."""
_CODE = "code"
FORM_FIELD = "quizgrad.form"
"""The hidden form field with the text of the QR code."""


@dataclass(frozen=True)
class Frame:
    """What a document says around its text.

    Attributes:
        title: of the document, for viewers.
        left: of the running head, which stands on all pages but the first.
        right: of the running head.
        foot: at the left of every page's foot, e.g. the form's code.
        qr: what the QR code at the right of every page's foot says; none if empty.
        paper: the size.
    """

    title: str
    left: str
    right: str = ""
    foot: str = ""
    qr: str = ""
    paper: Paper = "A4"


def pdf(
    column: Column, frame: Frame, style: Style, *, fillable: bool = False, cohesion: float = 1.0
) -> bytes:
    """The file: the same bytes for the same column and frame.

    Args:
        column: the text.
        frame: what stands around it.
        style: the sizes.
        fillable: whether boxes are form fields.
        cohesion: how strongly what belongs together is kept on one page; see `pages`.
    """
    buffer = io.BytesIO()
    canvas = Canvas(
        buffer, PAPERS[frame.paper], pageCompression=1, invariant=1, lang="en", initialFontName="Helvetica"
    )
    canvas.setTitle(frame.title)
    canvas.setAuthor("")
    canvas.setSubject("")
    canvas.setCreator("quizgrad")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    fields = Fields(canvas, style.body.size) if fillable else None
    pen = Pen(canvas, fields)
    if frame.qr:
        _define_code(pen, frame.qr)
    height = PAPERS[frame.paper][1]
    laid = pages(column, height - _TOP - _BOTTOM, height - _TOP_FIRST - _BOTTOM, cohesion) or [[]]
    for number, placed in enumerate(laid, 1):
        _draw_page(pen, placed, frame, style, number, len(laid))
    if fields:
        fields.finish()
    canvas.save()
    return buffer.getvalue()


def _define_code(pen: Pen, text: str) -> None:
    """Keep the QR code in the file once, for all pages; in a form, say the same in a hidden field."""
    pen.canvas.beginForm(_CODE, 0, 0, _QR, _QR)
    pen.code(_qr_path(text))
    pen.canvas.endForm()
    if pen.fields:
        pen.fields.constant(FORM_FIELD, text)


def _draw_page(
    pen: Pen, placed: Sequence[Placed], frame: Frame, style: Style, number: int, count: int
) -> None:
    width, height = PAPERS[frame.paper]
    left, top = (width - COLUMN) / 2, height - (_TOP_FIRST if number == 1 else _TOP)
    if number > 1:
        _draw_head(pen, frame, style, left, height - _RUNNING_HEAD)
    for place in placed:
        place.strip.draw(pen, left, top - place.top, place.height)
    _draw_foot(pen, frame, style, left, f"Page {number} of {count}")
    pen.canvas.showPage()


def _draw_head(pen: Pen, frame: Frame, style: Style, left: float, y: float) -> None:
    kind = style.small
    right = shortened(frame.right, kind, 0.5 * COLUMN)
    extent = sum(word.width for word in right)
    draw_words(pen, shortened(frame.left, kind, COLUMN - extent - 18), left, y)
    draw_words(pen, right, left + COLUMN - extent, y)
    pen.line((left, y - 5), (left + COLUMN, y - 5), 0.5, RULE)


def _draw_foot(pen: Pen, frame: Frame, style: Style, left: float, pages: str) -> None:
    kind = style.small
    draw_words(pen, shortened(frame.foot, kind, 0.4 * COLUMN), left, _FOOT)
    number = words(pages, kind)
    draw_words(pen, number, left + (COLUMN - sum(word.width for word in number)) / 2, _FOOT)
    if frame.qr:
        x = left + COLUMN - _QR
        pen.code(f"q 1 0 0 1 {x:.2f} {_QR_BOTTOM:.2f} cm")
        pen.canvas.doForm(_CODE)
        pen.code("Q")


def draw_words(pen: Pen, line: tuple[Word, ...], x: float, y: float) -> None:
    """Write one line of words that stand side by side."""
    for word in line:
        word.draw(pen, x, y)
        x += word.width


@lru_cache(maxsize=1000)
def shortened(text: str, kind: Type, width: float) -> tuple[Word, ...]:
    """One line of text in any script: smaller where it is too wide, then with an ellipsis."""
    line = words(text, kind)
    if line and (extent := sum(word.width for word in line)) > width:
        kind = kind.scaled(max(_SMALLEST, width / extent))
        line = words(text, kind)
    length = len(text)
    while sum(word.width for word in line) > width + 0.01 and length:
        length -= 1
        line = words(text[:length].rstrip() + "…", kind)
    return line


@lru_cache(maxsize=64)
def _qr_path(text: str) -> str:
    """The dark modules as few rectangles: runs within a row, joined with equal runs in the rows below."""
    import segno

    # With a fixed mask the code takes a fifth of the time; readers take any.
    matrix = [bytes(row) for row in segno.make(text, error="m", micro=False, mask=0).matrix]
    unit = _QR / len(matrix)
    rectangles = [
        f"{unit * a:.3f} {_QR - unit * (row + rows):.3f} {unit * (b - a):.3f} {unit * rows:.3f} re"
        for a, b, row, rows in _merged_runs(matrix)
    ]
    return f"0 g {' '.join(rectangles)} f"


def _merged_runs(matrix: list[bytes]) -> Iterator[tuple[int, int, int, int]]:
    """Rectangles as first column, end column, first row, rows."""
    open_runs: dict[tuple[int, int], int] = {}
    for number, row in enumerate([*matrix, b""]):
        runs = set(_runs(row))
        for run in sorted(open_runs.keys() - runs):
            first = open_runs.pop(run)
            yield *run, first, number - first
        for run in runs:
            open_runs.setdefault(run, number)


def _runs(row: bytes) -> Iterator[tuple[int, int]]:
    start = row.find(1)
    while start >= 0:
        end = row.find(0, start)
        end = len(row) if end < 0 else end
        yield start, end
        start = row.find(1, end)
