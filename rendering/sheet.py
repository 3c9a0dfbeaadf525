"""What a page needs to know: a form of an exam as documents, answers and points, ready to be set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from ..answers import Answer, Notation
from .document import Document

Paper = Literal["A4", "Letter"]


@dataclass(frozen=True)
class KeyNotes:
    """What only the key sheet shows of an item.

    Attributes:
        question: the question's name, e.g. `cnn/conv_output_size`.
        level: the level at which it was drawn.
        solution: the worked solution.
        executed: one line per blank: what the solver returned; or why a blank was reviewed, not executed.
        snippet: Python source that repeats the check.
        mistakes: modelled mistakes as (value as typed, or letter of the option, sentence).
    """

    question: str
    level: int
    solution: Document
    executed: tuple[str, ...]
    snippet: str
    mistakes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SheetItem:
    """One question on the paper.

    Attributes:
        number: as printed, from 1.
        id: names the item in form fields and files, e.g. `q3`; it does not change with the printed order.
        title: what the question is about.
        points: what the whole item is worth.
        minutes: the time it should take; the space for work follows from it.
        prompt: the text with its blanks.
        answers: the key of each blank, in order; on the student's paper only their kinds and options show.
        blank_points: what each blank is worth.
        work_lines: lines of space for work; 0 for none, None to follow from the minutes.
        key: what the key sheet shows.
    """

    number: int
    id: str
    title: str
    points: Fraction
    minutes: float
    prompt: Document
    answers: Mapping[str, Answer] = field(hash=False)
    blank_points: Mapping[str, Fraction] = field(hash=False)
    work_lines: int | None = None
    key: KeyNotes | None = None


@dataclass(frozen=True)
class SheetSection:
    """Questions under one heading."""

    title: str
    items: tuple[SheetItem, ...]


@dataclass(frozen=True)
class Sheet:
    """One form of an exam.

    Attributes:
        title: e.g. Midterm.
        course: e.g. Introduction to Deep Learning.
        date: as printed.
        minutes: the time allowed.
        instructions: one paragraph of Markdown, or empty.
        student: name as printed, or None for a line to write on.
        student_id: id as printed, or None for a line to write on.
        form: the form's code as printed, e.g. `K7Q2`.
        qr: what the QR code says.
        sections: in printed order.
        paper: the paper's size.
        large_print: whether to set everything larger.
        notation: how numbers are written.
    """

    title: str
    course: str
    date: str
    minutes: int
    instructions: str
    student: str | None
    student_id: str | None
    form: str
    qr: str
    sections: tuple[SheetSection, ...]
    paper: Paper = "A4"
    large_print: bool = False
    notation: Notation = field(default_factory=Notation)

    @property
    def items(self) -> tuple[SheetItem, ...]:
        """All items in printed order."""
        return tuple(item for section in self.sections for item in section.items)

    @property
    def points(self) -> Fraction:
        """What the whole form is worth."""
        return sum((item.points for item in self.items), Fraction(0))
