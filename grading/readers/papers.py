"""From a paper as a file has it to a submission for a form of the exam."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from ...answers import Answer, Matrix, Vector
from ...answers.tensor import MOST_CELLS, joined
from ...exams.codes import PREFIX, FormName
from ...exams.roster import CONTROL, ROUNDED, clean_id
from ...exams.store import StoredExam, StoredForm
from ..csv_output import neutral
from ..grade import form_of
from ..submissions import Fault, Submission
from .sources import shown

LONGEST_TEXT = 100_000
"""Characters of a typed text."""
SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a character, which no file can hold."""

_BOX = re.compile(
    r"([^\s.\[\]]{1,80})\.([^\s.\[\]]{1,80})"
    r"(?:\[([1-9][0-9]{0,2})(?:\s*[,;]\s*([1-9][0-9]{0,2}))?\]|\.([1-9][0-9]{0,2})(?:\.([1-9][0-9]{0,2}))?)?"
)


@dataclass(frozen=True, order=True)
class Box:
    """A box to write in: a blank, or a cell of its grid.

    Attributes:
        item: e.g. `q3`.
        blank: e.g. `weights`.
        place: row and column, or the number of an entry, from 1; empty for the whole blank.
    """

    item: str
    blank: str
    place: tuple[int, ...] = ()

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """The box of a name such as `q3.rows`, `q3.weights[1,2]` or `q3.weights.1.2`, or None."""
        match = _BOX.fullmatch(name.strip())
        if not match:
            return None
        return cls(match[1], match[2], tuple(int(number) for number in match.groups()[2:] if number))

    def __str__(self) -> str:
        place = f"[{','.join(map(str, self.place))}]" if self.place else ""
        return shown(f"{self.item[:40]}.{self.blank[:40]}".rstrip(".") + place)


@dataclass(frozen=True)
class Paper:
    """What one student handed in, as a file has it.

    Attributes:
        source: file and row.
        form: the form's code, or the text of its QR code, or empty.
        student: the student's id, or empty.
        texts: what was typed in each box.
        received: when it came, or empty.
    """

    source: str
    form: str
    student: str
    texts: Mapping[Box, str]
    received: str = ""


class Desk:
    """Takes papers in: finds the form of each, and puts together what was typed in the cells of a blank."""

    def __init__(self, exam: StoredExam) -> None:
        self._exam = exam
        self._form_of_student = {form.student.id: form.code for form in exam.forms.values() if form.student}
        self._ids = {neutral(id_): id_ for id_ in self._form_of_student}
        shortened = Counter(id_.lstrip("0") for id_ in self._form_of_student)
        for id_ in self._form_of_student:
            if shortened[id_.lstrip("0")] == 1:
                self._ids.setdefault(id_.lstrip("0"), id_)

    def take(self, paper: Paper) -> tuple[Submission | None, list[Fault]]:
        """The submission if it is one for this exam, and what a person should know about it."""
        try:
            code, student = self._names(paper)
        except ValueError as fault:
            return None, [Fault(paper.source, str(fault))]
        form = form_of(self._exam, Submission(code, student, paper.source, {}))
        if isinstance(form, Fault):
            return None, [form]
        remarks = _Remarks(paper.source)
        answers = _answers(form, paper.texts, remarks)
        received = _time(paper.received, remarks)
        if not answers:
            remarks.add("nothing was answered; take it out if nothing was handed in")
        return Submission(form.code, student, paper.source, answers, received), list(remarks.faults())

    def _names(self, paper: Paper) -> tuple[str, str]:
        """The form's code, as far as it can be known, and the student's id as the roster has it."""
        code, student = self._code(paper.form), self._id(paper.student)
        if ROUNDED.fullmatch(student):
            if not code:
                raise ValueError(
                    f"the id {student[:40]} was rounded by a spreadsheet; format that column as text"
                )
            student = ""
        return code or self._form_of_student.get(student, ""), student

    def _code(self, text: str) -> str:
        code = text.strip().upper()
        if not code.startswith(f"{PREFIX}-"):
            return code
        name = FormName.parse(code)
        if name.exam != self._exam.id:
            raise ValueError(f"it belongs to another exam, {name.exam!r}")
        return name.form

    def _id(self, text: str) -> str:
        """The id in the roster's spelling, also where a spreadsheet took leading zeros away."""
        id_ = clean_id(text)
        if CONTROL.search(id_) or SURROGATE.search(id_):
            raise ValueError(f"the student id {id_[:40]!r} contains a control character")
        return id_ if id_ in self._form_of_student else self._ids.get(id_, id_)


class _Remarks:
    """What is wrong with the boxes of a paper: one sentence for each sort of fault, however many boxes."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._boxes: dict[str, list[Box]] = {}

    def add(self, sentence: str, *boxes: Box) -> None:
        self._boxes.setdefault(sentence, []).extend(boxes)

    def faults(self) -> Iterator[Fault]:
        for sentence, boxes in self._boxes.items():
            named = ", ".join(str(box) for box in boxes[:3])
            more = f" and {len(boxes) - 3} more" if len(boxes) > 3 else ""
            yield Fault(self._source, f"{named}{more}: {sentence}" if boxes else sentence)


def _answers(form: StoredForm, texts: Mapping[Box, str], remarks: _Remarks) -> dict[str, dict[str, str]]:
    """The texts by item and blank."""
    keys = {item.id: item.item.answers for item in form.items}
    cells: dict[tuple[str, str], dict[Box, str]] = {}
    for box, text in texts.items():
        if box.blank not in keys.get(box.item, {}):
            if text.strip():
                remarks.add(f"form {form.code} has no such blank", box)
        elif len(text) > LONGEST_TEXT:
            remarks.add(f"the text is longer than {LONGEST_TEXT:,} characters and was not read", box)
        elif text:
            cells.setdefault((box.item, box.blank), {})[box] = _writable(box, text, remarks)
    answers: dict[str, dict[str, str]] = {}
    for (item, blank), typed in cells.items():
        if text := _text(keys[item][blank], typed, remarks):
            answers.setdefault(item, {})[blank] = text
    return answers


def _writable(box: Box, text: str, remarks: _Remarks) -> str:
    if CONTROL.search(text):
        remarks.add("the text contains a control character", box)
    if SURROGATE.search(text):
        remarks.add("the text contains half a character, which was replaced", box)
        return SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
    return text


def _text(answer: Answer, cells: Mapping[Box, str], remarks: _Remarks) -> str:
    """The text of a blank from those of its boxes."""
    whole = next((box for box in cells if not box.place), None)
    if whole:
        if len(cells) > 1:
            remarks.add("it is filled as a whole and cell by cell; the cells were not read", whole)
        return cells[whole]
    if not any(text.strip() for text in cells.values()):
        return ""
    if not isinstance(answer, Vector | Matrix) and all(len(box.place) == 1 for box in cells):
        return ", ".join(cells[box] for box in sorted(cells))
    grid = {(1, *box.place)[-2:]: text for box, text in cells.items()}
    rows, columns = _shape(answer, grid)
    if rows * columns > MOST_CELLS:
        remarks.add("there are too many cells; they were not read", next(iter(cells)))
        return ""
    return joined(
        [[grid.get((row, column), "") for column in range(1, columns + 1)] for row in range(1, rows + 1)]
    )


def _shape(answer: Answer, grid: Mapping[tuple[int, ...], str]) -> tuple[int, int]:
    """The rows and columns of the key, or more where more is filled in: the grader names a wrong shape."""
    rows, columns = 1, 1
    if isinstance(answer, Matrix):
        rows, columns = answer.shape
    elif isinstance(answer, Vector):
        columns = len(answer.value)
    filled = [place for place, text in grid.items() if text.strip()]
    return max(rows, *(row for row, _ in filled)), max(columns, *(column for _, column in filled))


def _time(text: str, remarks: _Remarks) -> str:
    """A time in one notation, so that times sort as texts."""
    if not text.strip():
        return ""
    try:
        time = datetime.fromisoformat(text.strip())
        return (time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time).isoformat()
    except (ValueError, OverflowError):
        remarks.add(f"the time {text[:40]!r} was not read; expected one such as 2026-07-01 09:30")
        return ""
