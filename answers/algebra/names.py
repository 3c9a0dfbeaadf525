"""Which symbols, functions and constants the letters of an expression stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

from ..base import Ambiguous, Unreadable
from .functions import SPELLINGS
from .tokens import Token

LONGEST_WORD = 60
_CONSTANTS = {"e": "e", "E": "e", "pi": "pi", "Pi": "pi"}


class Meaning(NamedTuple):
    """What a name stands for.

    Attributes:
        kind: "symbol", "function" or "constant".
        name: its name in the tree.
    """

    kind: str
    name: str


@lru_cache(maxsize=1_000)
def names(symbols: tuple[str, ...]) -> Names:
    """The names that are known where these symbols are declared."""
    return Names(symbols)


class Names:
    """The names that are known where some symbols are declared.

    A declared symbol hides a function or constant of the same name. `x_1`, `x_{1}` and `x1` are the same
    symbol, unless two of them are declared.
    """

    def __init__(self, symbols: tuple[str, ...]) -> None:
        self._symbols = symbols
        self._meanings: dict[str, Meaning] = {}
        for name in symbols:
            self._meanings[name] = Meaning("symbol", name)
        for plain in {_plain(name) for name in symbols}:
            alike = [name for name in symbols if _plain(name) == plain]
            if len(alike) == 1:
                self._meanings.setdefault(plain, Meaning("symbol", alike[0]))
        for spelling, function in SPELLINGS.items():
            self._meanings.setdefault(spelling, Meaning("function", function))
        for base in ("2", "10"):
            self._meanings.setdefault(f"log_{base}", Meaning("function", f"log{base}"))
        for spelling, constant in _CONSTANTS.items():
            self._meanings.setdefault(spelling, Meaning("constant", constant))

    def resolved(self, token: Token) -> Iterator[Token]:
        """A token of letters as tokens of kind "symbol", "function" or "constant", one for each name.

        Letters that are no known name as a whole are taken apart into the fewest known names.

        Raises:
            Unreadable: they are no names that are known here.
            Ambiguous: they can be taken apart in several ways, or end in digits.
        """
        if meaning := self._whole(token.text):
            yield Token(meaning.kind, meaning.name, token.start, token.spaced)
            return
        pieces = self._pieces(token) if token.kind == "word" else None
        if not pieces:
            raise self._unknown(token)
        start = token.start
        for index, piece in enumerate(pieces):
            meaning = self._meanings[piece]
            if meaning == ("constant", "e") and index < len(pieces) - 1:
                raise Ambiguous(f"“{token.text}” {token.place} may be a product with e or a power of e")
            yield Token(meaning.kind, meaning.name, start, token.spaced and index == 0)
            start += len(piece)

    def _whole(self, text: str) -> Meaning | None:
        found = self._meanings.get(text) or self._meanings.get(_plain(text))
        if not found and len(text) > 1:
            found = self._meanings.get(text.lower())
            found = found if found and found.kind == "function" else None
        return found

    def _pieces(self, token: Token) -> tuple[str, ...] | None:
        """The fewest known names that make up a word."""
        word = token.text
        if len(word) > LONGEST_WORD:
            return None
        ways: list[list[tuple[str, ...]]] = [[()]]
        for end in range(1, len(word) + 1):
            found = [
                (*before, word[start:end])
                for start in range(end)
                if word[start:end] in self._meanings
                for before in ways[start]
            ]
            fewest = min(map(len, found), default=0)
            ways.append([way for way in found if len(way) == fewest][:2])
        if len(ways[-1]) > 1:
            readings = " or ".join("*".join(way) for way in ways[-1])
            raise Ambiguous(f"“{word[:40]}” {token.place} may be {readings}")
        return ways[-1][0] if ways[-1] else None

    def _unknown(self, token: Token) -> Unreadable:
        letters = re.fullmatch(r"(.*?[A-Za-z])_?([0-9]+)", token.text)
        meaning = self._whole(letters[1]) if letters else None
        if letters and meaning and meaning.kind != "function":
            base, digits = letters.groups()
            return Ambiguous(f"“{token.text[:40]}” {token.place} may mean {base}*{digits} or {base}^{digits}")
        near = get_close_matches(token.text[:LONGEST_WORD], self._meanings, 1) if len(token.text) > 1 else ()
        known = f"did you mean “{near[0]}”?" if near else self._declared()
        return Unreadable(f"the name “{token.text[:40]}” {token.place} is not known; {known}")

    def _declared(self) -> str:
        if not self._symbols:
            return "there are no symbols here"
        if len(self._symbols) == 1:
            return f"the only symbol here is {self._symbols[0]}"
        return f"the symbols here are {', '.join(self._symbols[:-1])} and {self._symbols[-1]}"


def _plain(name: str) -> str:
    """A name without the signs of its subscript."""
    return re.sub(r"[_{},]", "", name)
