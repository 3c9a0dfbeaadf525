"""The list of questions that a bank holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from .bank import Entry
from .question import Question


@dataclass(frozen=True)
class Row:
    """What the list says of a question."""

    name: str
    title: str
    minutes: str
    kinds: tuple[str, ...]


def rows(entries: Iterable[Entry]) -> list[Row]:
    """One row per question."""
    return [
        Row(entry.name, entry.question.title, _minutes(entry.question), _kinds(entry.question))
        for entry in entries
    ]


def table(rows: Iterable[Row]) -> str:
    """The rows as aligned text."""
    lines = [("question", "title", "minutes by level", "answers")]
    lines += [(row.name, row.title, row.minutes, ", ".join(row.kinds)) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    padded = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(line[:3], widths, strict=True)), line[3]])
        for line in lines
    ]
    return "\n".join(line.rstrip() for line in padded)


def _minutes(question: type[Question]) -> str:
    return ", ".join(f"{level}: {minutes:g}" for level, minutes in sorted(question.minutes.items()))


def _kinds(question: type[Question]) -> tuple[str, ...]:
    """The kinds of answers that the levels ask for, from one draw of each."""
    kinds: dict[str, None] = {}
    for level in question.levels():
        drawn = (question.draw(Random(f"{question.__name__} {attempt}"), level) for attempt in range(100))
        fair = next((instance for instance in drawn if instance.flaw() is None), None)
        kinds |= dict.fromkeys(answer.kind for answer in (fair.answer().values() if fair else ()))
    return tuple(kinds)
