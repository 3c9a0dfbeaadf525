"""From typed text to tokens: plain syntax, Unicode mathematics and LaTeX become the same few signs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from ..base import Ambiguous, Notation, Unreadable

MOST_DIGITS = 40
LARGEST_EXPONENT = 300

_GREEK_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau "
    "upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
)
GREEK = dict(zip("αβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΠΣΦΨΩ", _GREEK_NAMES.split(), strict=True))
"""The names of Greek letters."""

ACCENTS = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde"}
"""The LaTeX names of the accents that a letter may carry; ŷ is the symbol `y_hat`."""

_SIGNS = {
    **dict.fromkeys("−–‐‑", "-"),
    **dict.fromkeys("·⋅×∙•∗", "*"),
    **dict.fromkeys("÷∕⁄", "/"),
    **dict.fromkeys("∣", "|"),
    "ˆ": "^",
    ";": ",",
}
_SIGN_COMMANDS = {
    **dict.fromkeys(("cdot", "times", "ast"), "*"),
    "vert": "|",
    **dict.fromkeys(("frac", "dfrac", "tfrac"), "frac"),
    "div": "/",
    "{": "{",
    "}": "}",
}
_FUNCTION_COMMANDS = (
    "exp ln log sqrt sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth max min"
)
_NAME_COMMANDS = {
    **{name: name for name in GREEK.values()},
    **{f"var{name}": name for name in ("epsilon", "phi", "theta")},
    **{name: name for name in _FUNCTION_COMMANDS.split()},
}

_BLANKS = re.compile(
    r"(?:[\s~$\u200b\u200e\u200f\u2060-\u2063\ufeff]|\\[,;:! ()\[\]]"
    r"|\\(?:q?quad|[bB]igg?[lr]?|displaystyle|textstyle)(?![A-Za-z])|\\(?:left|right)(?![A-Za-z]|\s*\|))+"
)
_SIDED_BAR = re.compile(r"\\(?:(left)\s*\||right\s*\||(lvert)(?![A-Za-z])|rvert(?![A-Za-z]))")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_GREEK_NAME = re.compile(rf"([{''.join(GREEK)}])([0-9]*)")
_ACCENTED = re.compile(
    r"\\(?P<accent>hat|bar|tilde)(?![A-Za-z])\s*(?:\{\s*\\?(?P<braced>[A-Za-z]+)\s*\}|\\?(?P<bare>[A-Za-z]+))"
    rf"|(?P<letter>[A-Za-zα-ω])(?P<mark>[{''.join(ACCENTS)}])"
)
_UPRIGHT = re.compile(r"\\(?:operatorname|mathrm|mathit|text|textrm)\*?\s*\{\s*([A-Za-z]+[0-9]*)\s*\}")
_SHORT_FRACTION = re.compile(r"\\[dt]?frac\s*([0-9])\s*([0-9])")
_COMMAND = re.compile(r"\\([A-Za-z]+|[{}])")
_SUBSCRIPT = re.compile(r"_(?:\{([A-Za-z0-9, ]+)\}|([A-Za-z0-9]+))")
_NUMBERS = {
    decimal: re.compile(
        rf"(?=[0-9]|(?:{sign})[0-9])(?P<whole>[0-9]*)(?:(?P<sign>{sign})(?P<decimals>[0-9]+))?"
        r"(?P<exponent>[eE][+-]?[0-9]+)?"
    )
    for decimal, sign in ((".", r"\."), (",", r",|\{,\}|\."))
}


class Token(NamedTuple):
    """A piece of the text.

    Attributes:
        kind: "number", "word" (letters as typed, perhaps several names in a row), "name" (one name), "frac",
            "end", "<|" and "|>" for bars that LaTeX opens and closes, or the sign itself: one of
            `+ - * / ^ ( ) [ ] { } | ,`.
        text: a number in Python's notation, a name with its subscript, or the sign.
        start: the place of its first character in the typed text, counted from 0.
        spaced: whether a blank stands before it.
    """

    kind: str
    text: str
    start: int
    spaced: bool = False

    @property
    def value(self) -> Fraction:
        """The exact value of a number."""
        return Fraction(self.text)

    @property
    def place(self) -> str:
        """How a message names its place."""
        return f"at character {self.start + 1}"


def tokens(text: str, notation: Notation) -> list[Token]:
    """The tokens of a typed text, with one of kind "end" behind them.

    Raises:
        Unreadable: a character or a LaTeX command has no meaning here, or a number is too long.
        Ambiguous: a point may group thousands, or an e may be Euler's number.
    """
    simple, origins = _simplified(text)
    return [*_Scanner(simple, origins, notation).scan(), Token("end", "", len(text))]


def _simplified(text: str) -> tuple[str, list[int]]:
    """The text in simple characters, and for each of them its place in the typed text."""
    simple: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        pieces = _simple_character(character)
        simple += pieces
        origins += [index] * len(pieces)
    return "".join(simple), origins


@lru_cache(maxsize=1_000)
def _simple_character(character: str) -> str:
    """Full-width and mathematical letters become plain, accented ones a letter with its accent behind it."""
    if unicodedata.decomposition(character).startswith(("<super>", "<sub>")):
        return character  # what is raised or lowered must stay so
    letters = unicodedata.normalize("NFD", character)
    if len(letters) == 2 and letters[1] in ACCENTS:
        return letters
    compatible = unicodedata.normalize("NFKC", character)
    compatible = compatible if len(compatible) == 1 else character
    return _SIGNS.get(compatible, compatible)


class _Scanner:
    """Walks through a simplified text once."""

    def __init__(self, text: str, origins: list[int], notation: Notation) -> None:
        self._text = text
        self._origins = origins
        self._notation = notation
        self._position = 0

    def scan(self) -> Iterator[Token]:
        while True:
            spaced = self._take(_BLANKS) is not None
            if self._position == len(self._text):
                return
            first, *others = self._next(self._origins[self._position])
            yield first._replace(spaced=spaced)
            yield from others

    def _next(self, start: int) -> list[Token]:
        """The tokens of the construct at the position, and the position moved behind it."""
        if raised := self._run("<super>"):
            inner = _Scanner(raised, [start] * len(raised), self._notation).scan()
            return [Token("^", "^", start), Token("(", "(", start), *inner, Token(")", ")", start)]
        if number := self._take(_NUMBERS[self._notation.decimal]):
            return [Token("number", self._number(number, start), start)]
        if name := self._letters(start):
            return [name]
        if self._text[self._position] == "\\":
            return self._latex(start)
        return [self._sign(start)]

    def _letters(self, start: int) -> Token | None:
        """The name or word at the position, if there is one."""
        if accented := self._take(_ACCENTED):
            return self._name("name", _accented_name(accented), start)
        if word := self._take(_WORD):
            return self._name("word", word[0], start)
        if greek := self._take(_GREEK_NAME):
            return self._name("name", GREEK[greek[1]] + greek[2], start)
        return None

    def _sign(self, start: int) -> Token:
        character = self._text[self._position]
        self._position += 1
        if character == "*" and self._text.startswith("*", self._position):
            self._position += 1
            character = "^"
        if character == "√":
            return Token("name", "sqrt", start)
        if character in "+-*/^()[]{}|,":
            return Token(character, character, start)
        raise Unreadable(_strange(character, start))

    def _latex(self, start: int) -> list[Token]:
        if bar := self._take(_SIDED_BAR):
            return [Token("<|" if bar[1] or bar[2] else "|>", "|", start)]
        if upright := self._take(_UPRIGHT):
            return [self._name("name", upright[1], start)]
        if fraction := self._take(_SHORT_FRACTION):
            pieces = ("frac", "{", fraction[1], "}", "{", fraction[2], "}")
            return [Token("number" if piece.isdigit() else piece, piece, start) for piece in pieces]
        command = self._take(_COMMAND)
        name = command[1] if command else ""
        if name in _SIGN_COMMANDS:
            return [Token(_SIGN_COMMANDS[name], _SIGN_COMMANDS[name], start)]
        if name in _NAME_COMMANDS:
            return [self._name("name", _NAME_COMMANDS[name], start)]
        raise Unreadable(f"the LaTeX command “\\{name[:20]}” at character {start + 1} has no meaning here")

    def _name(self, kind: str, name: str, start: int) -> Token:
        """A token of a name, with the subscripts that follow."""
        if lowered := self._run("<sub>"):
            name += f"_{lowered}"
        while match := self._take(_SUBSCRIPT):
            name += "_" + (match[1] or match[2]).replace(" ", "")
        return Token(kind, name, start)

    def _number(self, match: re.Match[str], start: int) -> str:
        """A number in Python's notation."""
        whole, decimals, exponent = (match[name] or "" for name in ("whole", "decimals", "exponent"))
        if len(whole + decimals) > MOST_DIGITS:
            raise Unreadable(f"the number at character {start + 1} has more than {MOST_DIGITS} digits")
        if len(exponent) > 6 or abs(int(exponent[1:] or "0")) > LARGEST_EXPONENT:
            raise Unreadable(f"the number at character {start + 1} is out of range")
        grouped = match["sign"] == "." != self._notation.decimal and re.fullmatch("[1-9][0-9]{0,2}", whole)
        if grouped and len(decimals) == 3:
            raise Ambiguous(f"“{match[0]}” at character {start + 1} may group thousands or have decimals")
        following = self._text[self._position : self._position + 1]
        if exponent and (following.isalpha() or following in ("(", "\\", "^")):
            raise Ambiguous(f"“{match[0]}” at character {start + 1} may have a power of ten or the factor e")
        return f"{whole}.{decimals}{exponent}" if decimals else f"{whole}{exponent}"

    def _run(self, kind: str) -> str:
        """The raised or lowered characters at the position, as plain ones; the position moves behind them."""
        plain = ""
        while self._position < len(self._text) and (sign := _lifted(self._text[self._position], kind)):
            plain += sign
            self._position += 1
        return plain

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What the pattern finds at the position, which moves behind it."""
        match = pattern.match(self._text, self._position)
        if match:
            self._position = match.end()
        return match


def _lifted(character: str, kind: str) -> str:
    """The plain form of a raised ("<super>") or lowered ("<sub>") character; of any other, nothing."""
    if character.isascii():
        return ""
    mark, _, code = unicodedata.decomposition(character).partition(" ")
    plain = chr(int(code, 16)) if mark == kind and " " not in code else ""
    return _SIGNS.get(plain, plain)


def _accented_name(match: re.Match[str]) -> str:
    letter = match["letter"] or match["braced"] or match["bare"]
    accent = match["accent"] or ACCENTS[match["mark"]]
    return f"{GREEK.get(letter, letter)}_{accent}"


def _strange(character: str, start: int) -> str:
    if character == "=":
        return f"“=” at character {start + 1}: give the expression alone, without a left-hand side"
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    return f"“{shown}” at character {start + 1} has no meaning here"
