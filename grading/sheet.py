"""The empty table for typing in answers from paper."""

from __future__ import annotations

from ..exams.store import StoredExam
from .csv_output import csv_text


def sheet(exam: StoredExam) -> str:
    """A CSV file with a row for each form and a column for each blank of any form.

    A matrix is typed into one cell, as in `1 2; 3 4`. A cell stays empty where its form has no such blank.
    """
    columns = blanks(exam)
    rows = (
        [
            form.code,
            *((form.student.id, form.student.name) if form.student else ("", "")),
            *[""] * len(columns),
        ]
        for form in exam.forms.values()
    )
    return csv_text(["form", "student_id", "name", *columns], rows)


def blanks(exam: StoredExam) -> list[str]:
    """The blanks of all forms, e.g. `q3.rows`, in the order of the blueprint."""
    found = dict.fromkeys(
        (item.id, blank)
        for form in exam.forms.values()
        for item in sorted(form.items, key=lambda item: int(item.id[1:]))
        for blank in item.item.answers
    )
    return [f"{item}.{blank}" for item, blank in sorted(found, key=lambda pair: int(pair[0][1:]))]
