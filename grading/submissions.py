"""What students handed in, as it was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Submission:
    """The answers on one form, untouched from reader to report.

    Attributes:
        form: the form's code, or empty where only the student is known.
        student: the student's id, or empty where only the form is known.
        source: file and row, for messages.
        answers: the typed texts by item and blank, e.g. `{"q3": {"rows": "24"}}`.
        received: when it came, in any text that sorts by time; empty if unknown.
    """

    form: str
    student: str
    source: str
    answers: Mapping[str, Mapping[str, str]] = field(hash=False)
    received: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered."""
        return not any(text.strip() for blanks in self.answers.values() for text in blanks.values())


@dataclass(frozen=True)
class Fault:
    """Something that could not be graded, for a person to look at."""

    source: str
    reason: str
