"""Step through the text of a formula."""

from __future__ import annotations

import re

from ...errors import TypesettingError

_LONGEST = 4000
_SHOWN = 200

PLACEHOLDER = "\U000f0000"
"""The first of the characters that stand for a digit yet unknown; see `layout`."""

DIGIT = "[0-9\U000f0000-\U000ffffd]"

_SPACE = re.compile(r"\s*")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)
_LENGTH = re.compile(r"\s*(-?(?:[0-9]+\.?[0-9]*|\.[0-9]+))\s*(em|ex|mu|pt)\s*")
_EM = {"em": 1.0, "ex": 0.43, "mu": 1 / 18, "pt": 0.1}


class MathError(TypesettingError):
    """A formula that cannot be set; the message names what is wrong and the formula."""


class DigitsMatterError(Exception):
    """The placeholder of a digit stands where the digit decides more than a glyph."""


class Source:
    """The text of a formula and the place that has been reached in it."""

    def __init__(self, latex: str) -> None:
        self.latex = latex
        self._place = 0
        if len(latex) > _LONGEST:
            raise self.error(f"more than {_LONGEST} characters")

    def error(self, problem: str) -> MathError:
        """An error about this formula."""
        shown = self.latex if len(self.latex) <= _SHOWN else self.latex[:_SHOWN] + "…"
        return MathError(f"{problem}, in the formula {shown!r}")

    def token(self) -> str:
        """The next command or character, which is not taken yet; empty at the end."""
        space = _SPACE.match(self.latex, self._place)
        self._place = space.end() if space else self._place
        command = _COMMAND.match(self.latex, self._place)
        return command.group() if command else self.latex[self._place : self._place + 1]

    def skip(self, token: str) -> None:
        """Take what `token` has shown."""
        self._place += len(token)

    def next_is(self, token: str) -> bool:
        """Whether a token comes next; it is taken if so."""
        found = self.token() == token
        if found:
            self.skip(token)
        return found

    def expect(self, token: str, after: str) -> None:
        """Take a token that has to come next."""
        if not self.next_is(token):
            raise self.error(f"a missing {token} after {after}")

    def take(self, pattern: re.Pattern[str]) -> str:
        """Take what matches a pattern here; empty if nothing does."""
        match = pattern.match(self.latex, self._place)
        self._place = match.end() if match else self._place
        return match.group() if match else ""

    def until(self, end: str, after: str) -> str:
        """Take the text up to a character, and that character."""
        place = self.latex.find(end, self._place)
        if place < 0:
            raise self.error(f"a missing {end} after {after}")
        text = self.latex[self._place : place]
        self._place = place + 1
        return text

    def braced(self, after: str) -> str:
        """Take the text within the braces that come next."""
        self.expect("{", after)
        depth, start = 1, self._place
        while depth:
            character = self.latex[self._place : self._place + 1]
            if not character:
                raise self.error(f"a missing }} after {after}")
            depth += (character == "{") - (character == "}")
            self._place += 2 if character == "\\" else 1
        return self.latex[start : self._place - 1]

    def length(self, text: str) -> float:
        """The length that a text such as 2em names, in em."""
        if re.search(DIGIT, text) and not re.search("[0-9]", text):
            raise DigitsMatterError
        match = _LENGTH.fullmatch(text)
        if not match:
            raise self.error(f"{text!r} where a length such as 2em was expected")
        return float(match[1]) * _EM[match[2]]
