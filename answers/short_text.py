"""Answers that are one word or phrase of a closed list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from .base import POINT, Answer, Notation, Unreadable, Verdict, bounded


@dataclass(frozen=True)
class ShortText(Answer):
    """One of the words that the question lists; case, spaces and hyphens do not matter.

    Attributes:
        value: the right word.
        words: the closed list that the paper shows.
        aliases: pairs of another spelling and the word that it stands for.
    """

    kind: ClassVar[str] = "short text"
    value: str
    words: tuple[str, ...]
    aliases: tuple[tuple[str, str], ...] = ()

    def read(self, text: str, notation: Notation = POINT) -> str:
        """The word of the list that was meant."""
        known = {_folded(word): word for word in self.words}
        known |= {_folded(alias): word for alias, word in self.aliases}
        word = known.get(_folded(bounded(text)))
        if word is None:
            raise Unreadable(f"“{text.strip()[:40]}” is none of: {', '.join(self.words)}")
        return word

    def compare(self, reading: str) -> Verdict:
        """Right if it is the word."""
        return Verdict((reading == self.value,))

    def carried(self, reading: str) -> str:
        """The word."""
        return reading

    def printed(self, notation: Notation = POINT) -> str:
        """The word as the list has it."""
        return self.value

    def latex(self, notation: Notation = POINT) -> str:
        """The word, upright."""
        return rf"\text{{{self.value}}}"

    def spellings(self, notation: Notation = POINT) -> tuple[str, ...]:
        """In capitals, in small letters, and by its aliases."""
        return (
            self.value.upper(),
            self.value.lower(),
            *(alias for alias, word in self.aliases if word == self.value),
        )

    def outside(self) -> tuple[str, ...]:
        """The other words."""
        return tuple(word for word in self.words if word != self.value)

    def agrees(self, executed: Any) -> bool:
        """The same word."""
        return bool(executed == self.value)

    def flaw(self) -> str | None:
        """The word must be on its list."""
        return None if self.value in self.words else "the key is not on the list of words"

    def like(self, value: Any) -> Self:
        """Another word of the list."""
        return replace(self, value=value)

    @property
    def hint(self) -> str:
        """The closed list."""
        return f"one of: {', '.join(self.words)}"

    @property
    def width(self) -> int:
        """Room for the longest word."""
        return max(8, *(len(word) + 2 for word in self.words))

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`."""
        aliases = tuple((alias, word) for alias, word in fields["aliases"])
        return cls(fields["value"], tuple(fields["words"]), aliases)


def _folded(text: str) -> str:
    return re.sub(r"[\s_-]+", "", text).casefold()
