"""Tables with a row for each student and a column for each blank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...errors import UserError
from ...exams import roster, tables
from ...exams.files import decoded
from ..submissions import Fault
from .papers import Box, Paper

HEADINGS = {
    "form": ("form", "form code", "form id", "code", "version"),
    "student": roster.HEADINGS["id"],
    "received": ("date", "received", "submission time", "submitted", "submitted at", "time", "timestamp"),
    "unused": tuple(
        usual for role, headings in roster.HEADINGS.items() if role != "id" for usual in headings
    ),
}
"""The columns besides those of blanks, with their usual headings."""
_ROLES = tables.roles(HEADINGS)


@dataclass(frozen=True)
class _Columns:
    """The meaning of the columns by their index."""

    roles: Mapping[str, int]
    boxes: Mapping[int, Box]
    count: int


def read(source: str, data: bytes) -> Iterator[Paper | Fault]:
    """The papers of a table.

    Args:
        source: its name, for messages.
        data: CSV in UTF-8 or UTF-16 with commas, semicolons or tabs.

    Raises:
        UserError: it cannot be read at all.
    """
    text = decoded(source, data)
    rows = tables.rows(text, _meaning, longest=len(text) + 1)
    headings = next(rows, None)
    if headings is None:
        raise UserError("it is empty; expected a row of headings, such as form,student_id,q1.rows")
    if headings.fault:
        raise UserError(f"row {headings.number} is not CSV ({headings.fault})")
    columns, faults = _columns(source, headings.cells)
    yield from faults
    for row in rows:
        place = f"{source}, row {row.number}"
        if row.fault:
            yield Fault(place, f"this is not CSV ({row.fault})")
        elif tables.filled(row.cells[columns.count :]):
            cells = f"{len(row.cells)} cells, but {columns.count} headings"
            yield Fault(place, f"there are {cells}; a cell that contains a separator needs quotation marks")
        else:
            paper = _paper(place, row.cells, columns)
            if paper.received.strip() or tables.filled(list(paper.texts.values())):
                yield paper  # any other row is as `quizgrad sheet` wrote it: that student was absent


def _paper(place: str, cells: Sequence[str], columns: _Columns) -> Paper:
    named = {role: tables.plain(cells[index]) for role, index in columns.roles.items() if index < len(cells)}
    texts = {box: cells[index] for index, box in columns.boxes.items() if index < len(cells)}
    return Paper(place, named.get("form", ""), named.get("student", ""), texts, named.get("received", ""))


def _meaning(heading: str) -> str | Box | None:
    return _ROLES.get(tables.letters(heading)) or Box.parse(heading)


def _columns(source: str, headings: Sequence[str]) -> tuple[_Columns, list[Fault]]:
    """The columns, and those that are not read: unknown ones, and those of a blank that has two."""
    found: dict[str | Box, list[int]] = {}
    unknown = []
    for index, heading in enumerate(headings):
        meaning = _meaning(heading)
        if meaning:
            found.setdefault(meaning, []).append(index)
        elif heading.strip():
            unknown.append(heading)
    roles: dict[str, int] = {
        role: _only(role, found[role], headings) for role in ("form", "student", "received") if role in found
    }
    if not {"form", "student"} & set(roles):
        raise UserError(f"it has neither a column form nor student_id; it has {_listed(headings)}")
    boxes = {indices[0]: box for box, indices in found.items() if isinstance(box, Box) and len(indices) == 1}
    twice = [str(box) for box, indices in found.items() if isinstance(box, Box) and len(indices) > 1]
    faults: list[Fault] = []
    if unknown:
        faults.append(
            Fault(source, f"these columns belong to no blank and were not read: {_listed(unknown)}")
        )
    if twice:
        faults.append(
            Fault(source, f"these columns occur more than once and were not read: {_listed(twice)}")
        )
    if not boxes:
        raise UserError(f"it has no column of a blank, such as q1.rows; it has {_listed(headings)}")
    count = max(index for index, heading in enumerate(headings, 1) if heading.strip())
    return _Columns(roles, boxes, count), faults


def _only(role: str, indices: Sequence[int], headings: Sequence[str]) -> int:
    if len(indices) > 1:
        named = _listed([headings[index] for index in indices])
        raise UserError(f"the columns {named} all seem to hold the {role}; keep one of them")
    return indices[0]


def _listed(headings: Sequence[str]) -> str:
    return ", ".join(repr(heading.strip()[:40]) for heading in headings[:12])
