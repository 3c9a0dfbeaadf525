"""Who sits the exam: the students of a CSV file, as spreadsheets and learning platforms write it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import UserError
from .files import read_text

LARGEST_FILE = 64_000_000
MOST_STUDENTS = 100_000
LONGEST = {"id": 64, "name": 300, "email": 254}
"""Characters that each column may hold."""

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}

HEADINGS = {
    "id": (
        "id",
        "id number",
        "matriculation number",
        "registration number",
        "student",
        "student id",
        "student no",
        "student number",
    ),
    "name": ("full name", "name", "student name"),
    "first": ("first name", "first names", "forename", "given name", "given names"),
    "last": ("family name", "last name", "last names", "surname"),
    "email": ("email", "email address", "mail"),
}
"""The columns that are looked at, with their usual headings; case, spaces and punctuation do not matter."""


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
