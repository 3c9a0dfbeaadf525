"""Answers that are chosen: single choice, multiple choice."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_lowercase
from typing import Any, ClassVar, Self

from .base import POINT, Answer, Notation, Unreadable, Verdict, bounded

MOST_OPTIONS = len(ascii_lowercase)


@dataclass(frozen=True)
class Option:
    """One option of a choice.

    Attributes:
        text: what it says, in Markdown.
        right: whether it is to be chosen.
        why: what a student is told who decided wrongly on it.
        name: a lasting name, e.g. that of the mistake that leads to it or of its statement.
        origin: its place in the author's order, before shuffling; statistics are mapped back by it.
    """

    text: str
    right: bool = False
    why: str = ""
    name: str = ""
    origin: int = -1


@dataclass(frozen=True)
class Choice(Answer):
    """What single and multiple choice share. A reading is the set of the chosen places on the paper.

    Attributes:
        options: in the order in which the paper shows them.
    """

    options: tuple[Option, ...]

    def __post_init__(self) -> None:
        """Number the options in the author's order, once."""
        if any(option.origin < 0 for option in self.options):
            numbered = tuple(replace(option, origin=place) for place, option in enumerate(self.options))
            object.__setattr__(self, "options", numbered)

    @property
    def right_places(self) -> frozenset[int]:
        """The places on the paper that are to be chosen."""
        return frozenset(place for place, option in enumerate(self.options) if option.right)

    @property
    def right_origins(self) -> frozenset[int]:
        """The same in the author's order."""
        return frozenset(option.origin for option in self.options if option.right)

    def shuffled(self, order: Sequence[int]) -> Self:
        """The same choice with the option at place `order[i]` moved to place i."""
        return replace(self, options=tuple(self.options[place] for place in order))

    def read(self, text: str, notation: Notation = POINT) -> frozenset[int]:
        """The chosen places from their letters: `b`, `(b)`, `a, c`, `acd`; `none` or `-` for no option."""
        letters = bounded(text).lower()
        if letters in {"none", "-", "–", "no option"}:
            return frozenset()
        marks = re.split(r"[\s,;.()\[\]]+|\band\b", letters)
        compact = "".join(marks)
        allowed = ascii_lowercase[: len(self.options)]
        if not compact or any(mark not in allowed for mark in compact) or len(set(compact)) != len(compact):
            raise Unreadable(f"“{text.strip()[:40]}” does not name options from a to {allowed[-1]}")
        return frozenset(allowed.index(mark) for mark in compact)

    def carried(self, reading: frozenset[int]) -> Any:
        """Choices carry no error forward."""
        raise ValueError("a choice carries no error forward")

    def printed(self, notation: Notation = POINT) -> str:
        """The letters of the right options, or `none`."""
        return ", ".join(ascii_lowercase[place] for place in sorted(self.right_places)) or "none"

    def latex(self, notation: Notation = POINT) -> str:
        """The letters, upright."""
        return rf"\text{{{self.printed()}}}"

    def like(self, value: Any) -> Self:
        """The same options with other ones right, given by place in the author's order."""
        origins = frozenset([value] if isinstance(value, int) else value)
        return replace(
            self, options=tuple(replace(option, right=option.origin in origins) for option in self.options)
        )

    def agrees(self, executed: Any) -> bool:
        """The solver names the right options in the author's order, or judges each option it could run."""
        if isinstance(executed, Mapping):
            verdicts = {option.origin: option.right for option in self.options}
            return all(verdicts[int(origin)] == bool(right) for origin, right in executed.items())
        if isinstance(executed, int):
            return self.right_origins == {executed}
        return isinstance(executed, Iterable) and self.right_origins == frozenset(executed)

    @abstractmethod
    def flaw(self) -> str | None:
        """Too few or too many options."""
        texts = [option.text for option in self.options]
        if len(set(texts)) != len(texts):
            return "two options read the same"
        if not 2 <= len(texts) <= MOST_OPTIONS:
            return f"a choice has {len(texts)} options"
        return None

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`."""
        return cls(tuple(Option(**option) for option in fields["options"]))


@dataclass(frozen=True)
class SingleChoice(Choice):
    """Exactly one option is right."""

    kind: ClassVar[str] = "single choice"

    def compare(self, reading: frozenset[int]) -> Verdict:
        """Two crosses are wrong."""
        if len(reading) > 1:
            return Verdict((False,), "one option was to be chosen")
        return Verdict((reading == self.right_places,))

    def spellings(self, notation: Notation = POINT) -> tuple[str, ...]:
        """As a capital, in brackets."""
        letter = self.printed()
        return letter.upper(), f"({letter})", f"{letter})"

    def outside(self) -> tuple[str, ...]:
        """Every other option."""
        return tuple(
            ascii_lowercase[place] for place in range(len(self.options)) if place not in self.right_places
        )

    def flaw(self) -> str | None:
        """Also: not exactly one right option."""
        return super().flaw() or (None if len(self.right_places) == 1 else "not exactly one option is right")


@dataclass(frozen=True)
class MultipleChoice(Choice):
    """Any number of options is right; each option is a decision of its own."""

    kind: ClassVar[str] = "multiple choice"

    def compare(self, reading: frozenset[int]) -> Verdict:
        """A cell per option: chosen if and only if it is right."""
        return Verdict(tuple((place in reading) == option.right for place, option in enumerate(self.options)))

    def spellings(self, notation: Notation = POINT) -> tuple[str, ...]:
        """As capitals, without separators, in brackets."""
        letters = [ascii_lowercase[place] for place in sorted(self.right_places)]
        if not letters:
            return "-", "None"
        return (
            " ".join(letters).upper(),
            "".join(letters),
            " ".join(f"({letter})" for letter in letters),
            " and ".join(letters),
        )

    def outside(self) -> tuple[str, ...]:
        """One decision changed."""
        flipped = (self.right_places ^ {place} for place in range(len(self.options)))
        return tuple(
            " ".join(ascii_lowercase[place] for place in sorted(places)) or "none" for places in flipped
        )

    def flaw(self) -> str | None:
        """Also: all or none right, which no policy of partial credit can mark fairly."""
        if 0 < len(self.right_places) < len(self.options):
            return super().flaw()
        return "all or none of the options are right"
