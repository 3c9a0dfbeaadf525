"""A form of an exam as PDF, the student's paper and its key; and documents on their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from ...answers import Answer, Notation
from ...errors import naming
from ..document import Document, Text
from ..sheet import Paper, Sheet, SheetItem
from .blanks import Blanks
from .blocks import Setter
from .heads import head, key_head
from .page import Frame, pdf
from .questions import question, solved_question
from .strips import NEVER, Column, Strip, led, together
from .styles import COLUMN, KEY, LARGE_PRINT, RULE, Style

_BETWEEN_ITEMS = 20.0
_BEFORE_SECTION = 24.0
_AFTER_SECTION = 12.0
_LOOSE = 0.3
"""The cohesion of what nobody works on: it may be divided more freely than a question on paper."""


def exam_pdf(sheet: Sheet, fillable: bool = False) -> bytes:
    """The student's paper; the same sheet gives the same bytes.

    Args:
        sheet: the form.
        fillable: whether the boxes are form fields, named by item and blank.

    Raises:
        UserError: a formula cannot be set, a figure cannot be drawn, or a blank has no answer; names the
            question.
    """
    style = _style(large_print=sheet.large_print)
    column = [*head(sheet, style), *_sections(sheet, style, question)]
    return pdf(column, _frame(sheet), style, fillable=fillable)


def key_pdf(sheet: Sheet) -> bytes:
    """The key of a form: its questions with the keys in the boxes, the worked solutions and the checks.

    Raises:
        UserError: see `exam_pdf`.
    """
    style = _style(large_print=sheet.large_print)
    column = [*key_head(sheet, style), *_sections(sheet, style, solved_question)]
    frame = _frame(sheet)
    frame = replace(frame, title=f"{frame.title}, key", left=f"{frame.left} · Key")
    return pdf(column, frame, style, cohesion=_LOOSE)


def document_pdf(
    title: str,
    document: Document,
    answers: Mapping[str, Answer] | None = None,
    filled: Mapping[str, str] | None = None,
    *,
    paper: Paper = "A4",
    notation: Notation | None = None,
    large_print: bool = False,
) -> bytes:
    """A document on its own.

    Args:
        title: stands above it.
        document: the text with its blanks.
        answers: the key of each blank; only its kind and options are shown.
        filled: what stands in a blank instead of an empty box: the key or what a student typed.
        paper: the size.
        notation: how numbers are written.
        large_print: whether to set everything larger.

    Raises:
        TypesettingError: something in the document cannot be set.
    """
    style = _style(large_print=large_print)
    blanks = Blanks(answers or {}, filled or {}, color=KEY, notation=notation or Notation())
    setter = Setter(style, blanks, style.body)
    heading = together(setter.paragraph((Text(title),), COLUMN, style.section))
    column = [*heading, *led(setter.document(document, COLUMN), style.points(10), NEVER)]
    return pdf(column, Frame(title, title, paper=paper), style, cohesion=_LOOSE)


def _style(*, large_print: bool) -> Style:
    return Style(LARGE_PRINT if large_print else 1.0)


def _frame(sheet: Sheet) -> Frame:
    subject = " · ".join(part for part in (sheet.course, sheet.title) if part)
    student = " · ".join(part for part in (sheet.student, sheet.student_id) if part)
    return Frame(
        title=f"{subject}, form {sheet.form}",
        left=subject,
        right=student,
        foot=f"Form {sheet.form}",
        qr=sheet.qr,
        paper=sheet.paper,
    )


def _sections(sheet: Sheet, style: Style, setting: Callable[[SheetItem, Notation, Style], Column]) -> Column:
    """All questions under their headings; no page ends after a heading."""
    column: Column = []
    for section in sheet.sections:
        heading = _section_heading(section.title, style)
        column += led(heading, style.points(_BEFORE_SECTION), 0)
        for place, item in enumerate(section.items):
            follows = heading and not place
            gap = style.points(_AFTER_SECTION if follows else _BETWEEN_ITEMS)
            with naming(f"question {item.key.question if item.key else item.title}"):
                rows = setting(item, sheet.notation, style)
            column += led(rows, gap, NEVER if follows else 0)
    return column


def _section_heading(title: str, style: Style) -> Column:
    if not title:
        return []
    lines = Setter(style, Blanks(), style.body).paragraph((Text(title),), COLUMN, style.section)
    rule = Strip(1, lambda pen, x, top, _: pen.line((x, top), (x + COLUMN, top), 0.6, RULE))
    return together([*lines, *led([rule], style.points(4), NEVER)])
