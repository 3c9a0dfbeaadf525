"""Who sits the exam: the students of a CSV file, as spreadsheets and learning platforms write it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import UserError
from . import tables
from .files import read_text

LARGEST_FILE = 64_000_000
MOST_STUDENTS = 100_000

HEADINGS = {
    "id": (
        "id",
        "id number",
        "matriculation number",
        "registration number",
        "student id",
        "student no",
        "student number",
    ),
    "name": ("full name", "name", "student name"),
    "first name": ("first name", "first names", "forename", "given name", "given names"),
    "last name": ("family name", "last name", "last names", "surname"),
    "email": ("email", "email address", "mail"),
}
"""The columns that are looked at, with their usual headings; case, spaces and punctuation do not matter."""

LONGEST = {"id": 64, "name": 300, "first name": 300, "last name": 300, "email": 254}
"""Characters that a cell of each column may hold."""

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
ROUNDED = re.compile(r"\d[.,]?\d*e\+\d+", re.IGNORECASE)


@dataclass(frozen=True)
class Student:
    """Somebody who sits the exam.

    Attributes:
        id: what identifies the student, as text; leading zeros are kept.
        name: as typed, in any script, in Unicode's normal form C; may be empty.
        email: may be empty.
    """

    id: str
    name: str
    email: str = ""


def load(path: Path) -> tuple[Student, ...]:
    """The students of a roster, in its order.

    The file is CSV in UTF-8 or UTF-16 with commas, semicolons or tabs and a row of headings, among them one
    for ids; see `HEADINGS`. Empty rows are skipped, white space around and within cells is reduced to single
    spaces, and every cell is text, even where it looks like a number or a formula.

    Raises:
        UserError: the file cannot be read as such, has no students or more than `MOST_STUDENTS`, or an id is
            missing or occurs twice.
    """
    rows = _rows(path, read_text(path, LARGEST_FILE))
    _, headings = next(rows, (0, []))
    if not headings:
        raise UserError(f"{path} is empty; expected a row of headings, such as student_id,name,email")
    columns = _columns(path, headings)
    students: dict[str, tuple[Student, int]] = {}
    for row, cells in rows:
        student = _student(f"{path}, row {row}", cells, columns, len(headings))
        if student.id in students:
            first = students[student.id][1]
            raise UserError(f"{path}: rows {first} and {row} have the same id {student.id}")
        students[student.id] = student, row
        if len(students) > MOST_STUDENTS:
            raise UserError(f"{path} has more than {MOST_STUDENTS:,} students")
    if not students:
        raise UserError(f"{path} has headings but no students; expected a row for each")
    return tuple(student for student, _ in students.values())


def _rows(path: Path, text: str) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows that are not empty, with their numbers in a spreadsheet."""
    for row in tables.rows(text, _role):
        if row.fault:
            raise UserError(
                f"{path}, row {row.number}: this is not CSV ({row.fault}); a cell in quotation marks must "
                "end with one, and those inside must be doubled"
            )
        yield row.number, row.cells


def _columns(path: Path, headings: Sequence[str]) -> dict[str, int]:
    """The index of each column that is looked at."""
    columns: dict[str, int] = {}
    for index, heading in enumerate(headings):
        role = _role(heading)
        if role in columns:
            raise UserError(
                f"{path}: the columns {headings[columns[role]].strip()!r} and {heading.strip()!r} both seem "
                f"to hold the {role}; keep one of them"
            )
        if role:
            columns[role] = index
    if "id" not in columns:
        found = ", ".join(heading.strip()[:40] for heading in headings[:12])
        raise UserError(f"{path} has no column student_id; it has {found}")
    return columns


def _role(heading: str) -> str | None:
    return _ROLES.get(tables.letters(heading))


_ROLES = tables.roles(HEADINGS)


def _student(place: str, cells: Sequence[str], columns: Mapping[str, int], width: int) -> Student:
    if tables.filled(cells[width:]):
        raise UserError(
            f"{place} has {len(cells)} cells, but there are {width} headings; "
            "a cell that contains a separator needs quotation marks"
        )
    texts = {
        role: _text(place, role, tables.plain(cells[index]))
        for role, index in columns.items()
        if index < len(cells)
    }
    id_ = clean_id(texts.get("id", ""))
    if not id_:
        raise UserError(f"{place} has no id; expected one for each student")
    if ROUNDED.fullmatch(id_):
        raise UserError(f"{place}: the id {id_} was rounded by a spreadsheet; format that column as text")
    name = texts.get("name") or f"{texts.get('first name', '')} {texts.get('last name', '')}".strip()
    return Student(id_, name, texts.get("email", ""))


def _text(place: str, role: str, cell: str) -> str:
    text = _spaced(cell)
    if fault := CONTROL.search(cell):
        raise UserError(
            f"{place}: the {role} contains the control character U+{ord(fault[0]):04X}; remove it"
        )
    if len(text) > LONGEST[role]:
        raise UserError(f"{place}: the {role} has {len(text)} characters; expected at most {LONGEST[role]}")
    return text


def clean_id(text: str) -> str:
    """An id as a roster holds it, without what makes ids differ that look equal."""
    return _visible(_spaced(text))


def _spaced(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _visible(text: str) -> str:
    """Without the invisible marks that copying from other programs leaves, and that make equal ids differ."""
    return text if text.isprintable() else "".join(c for c in text if unicodedata.category(c) != "Cf").strip()
