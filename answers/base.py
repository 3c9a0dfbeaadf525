"""What every kind of answer can do: read what was typed, compare it with the key, print the key."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Literal, Self

LONGEST_TEXT = 2_000
"""Characters of a typed answer that are looked at; a longer one is not readable."""


class Unreadable(ValueError):
    """What was typed cannot be read as this kind of answer; the text says why."""


class Ambiguous(Unreadable):
    """What was typed can be read in two ways: a person must decide."""


@dataclass(frozen=True)
class Notation:
    """How an exam writes numbers."""

    decimal: Literal[".", ","] = "."

    @property
    def separator(self) -> str:
        """What stands between the numbers of a list: a comma, or a semicolon beside decimal commas."""
        return ", " if self.decimal == "." else "; "


POINT = Notation()


@dataclass(frozen=True)
class Verdict:
    """What a comparison found.

    Attributes:
        cells: for each part of the answer (one for a number, one per entry of a matrix), whether it is right.
        note: what the student should know, e.g. that the shape is wrong; empty where there is nothing to say.
        coarse: right in value, but written with fewer decimals than wanted.
        undecided: neither proved right nor wrong: a person must look.
    """

    cells: tuple[bool, ...]
    note: str = ""
    coarse: bool = False
    undecided: bool = False

    @property
    def right(self) -> bool:
        """Whether all of the answer is right."""
        return bool(self.cells) and all(self.cells) and not self.undecided

    @property
    def share(self) -> Fraction:
        """The part of the answer that is right, from 0 to 1."""
        return Fraction(sum(self.cells), len(self.cells)) if self.cells else Fraction(0)


RIGHT = Verdict((True,))
WRONG = Verdict((False,))


@dataclass(frozen=True)
class Answer(ABC):
    """The key of one blank: an immutable value that goes to JSON and back."""

    kind: ClassVar[str]
    """The name of the kind, as lists and files show it."""

    @abstractmethod
    def read(self, text: str, notation: Notation = POINT) -> Any:
        """What was typed, as a value that `compare` takes.

        Raises:
            Unreadable: it is no answer of this kind; the message says what was expected.
            Ambiguous: it has two readings.
        """

    @abstractmethod
    def compare(self, reading: Any) -> Verdict:
        """Decide on a reading."""

    def judge(self, text: str, notation: Notation = POINT) -> Verdict:
        """Read and compare.

        Raises:
            Unreadable: see `read`.
        """
        return self.compare(self.read(text, notation))

    @abstractmethod
    def carried(self, reading: Any) -> Any:
        """The reading as the value that the closed form and the solver take, to carry an error forward.

        Raises:
            ValueError: the reading has no such value.
        """

    @abstractmethod
    def printed(self, notation: Notation = POINT) -> str:
        """The key as text that a student could have typed."""

    @abstractmethod
    def latex(self, notation: Notation = POINT) -> str:
        """The key as LaTeX mathematics."""

    def spellings(self, notation: Notation = POINT) -> tuple[str, ...]:
        """The printed key in every other notation that is accepted."""
        return ()

    def edges(self) -> tuple[str, ...]:
        """Typed texts at the very edge of the tolerance: they are right."""
        return ()

    def outside(self) -> tuple[str, ...]:
        """Typed texts just outside the tolerance: they are wrong."""
        return ()

    def accepts(self, other: Self) -> bool:
        """Whether another value of this kind, as it is printed, would be marked right.

        Raises:
            Unreadable: what is printed cannot be read.
        """
        return self.judge(other.printed()).right

    @abstractmethod
    def agrees(self, executed: Any) -> bool:
        """Whether the solver's value equals the key, as strictly as the gate demands."""

    def impossible(self) -> str | None:
        """Why nobody can be asked for this value, e.g. that it is not finite, or None."""
        return None

    def flaw(self) -> str | None:
        """Why this key is unfit for an exam: impossible, or e.g. on a rounding edge; or None."""
        return self.impossible()

    @abstractmethod
    def like(self, value: Any) -> Self:
        """The same kind of answer with another value, e.g. that of a mistake."""

    @property
    def hint(self) -> str:
        """What the paper says about the wanted notation, e.g. "3 decimals"; empty where there is no need."""
        return ""

    @property
    def width(self) -> int:
        """How many characters the answer box must hold. It does not betray the key's length."""
        return 8

    def to_json(self) -> dict[str, Any]:
        """The fields and the kind, as JSON types."""
        return {"kind": self.kind} | dataclasses.asdict(self)

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`, given the fields without the kind."""
        return cls(**{name: _tuples(value) for name, value in fields.items()})


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def bounded(text: str) -> str:
    """The text without surrounding white space, if there is a text and it is not too long.

    Raises:
        Unreadable: it is empty, or longer than LONGEST_TEXT.
    """
    stripped = text.strip()
    if not stripped:
        raise Unreadable("nothing was written")
    if len(stripped) > LONGEST_TEXT:
        raise Unreadable(f"the text has {len(stripped)} characters, more than {LONGEST_TEXT}")
    return stripped
