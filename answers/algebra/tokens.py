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

GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau "
        "upsilon phi chi psi omega".split(),
        strict=True,
    )
) | dict(zip("ΓΔΘΛΞΠΣΦΨΩ", "Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega".split(), strict=True))
"""The names of Greek letters."""

_SIGNS = {
    **dict.fromkeys("−–‐‑", "-"),
    **dict.fromkeys("·⋅×∙•∗", "*"),
    **dict.fromkeys("÷∕⁄", "/"),
    "ˆ": "^",
    "∣": "|",
}
_ACCENTS = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde"}
_COMMANDS = {
    **dict.fromkeys(("cdot", "times", "ast"), "*"),
    "div": "/",
    **dict.fromkeys(("lvert", "rvert", "vert"), "|"),
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac"), "frac"),
    "{": "{",
    "}": "}",
}
_LETTER_COMMANDS = {
    **{name: name for name in GREEK.values()},
    "varepsilon": "epsilon",
    "varphi": "phi",
    "vartheta": "theta",
}
_FUNCTION_COMMANDS = (
    "exp ln log sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth max min sqrt".split()
)


class Token(NamedTuple):
    """A piece of the text.

    Attributes:
        kind: "number", "word" (letters as typed, which may be several names in a row), "name" (one name),
            "frac", "end", or the sign itself: one of `+ - * / ^ ( ) [ ] { } | ,`.
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


def tokens(text: str, notation: Notation) -> list[Token]:
    """The tokens of a typed text, with one of kind "end" behind them.

    Raises:
        Unreadable: a character or a LaTeX command has no meaning here, or a number is too long.
        Ambiguous: a comma may begin decimals or separate numbers, or an e may be Euler's number.
    """
    simple, origins = _simplified(text)
    found = list(_scan(simple, origins, notation))
    return [*found, Token("end", "", len(text))]


def place(start: int) -> str:
    """How a message names a place in the text."""
    return f"at character {start + 1}"


def _simplified(text: str) -> tuple[str, list[int]]:
    """The text in simple characters, and for each of them its place in the typed text."""
    simple: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        pieces = character if character.isascii() else _simple_character(character)
        simple += pieces
        origins += [index] * len(pieces)
    return "".join(simple), origins


def _simple_character(character: str) -> str:
    """Full-width and mathematical letters become plain, accented ones a letter with its accent behind it."""
    if unicodedata.decomposition(character).startswith(("<super>", "<sub>")):
        return character  # a raised or lowered sign must not lose its place
    letters = unicodedata.normalize("NFD", character)
    if len(letters) == 2 and letters[1] in _ACCENTS:
        return letters
    compatible = unicodedata.normalize("NFKC", character)
    compatible = compatible if len(compatible) == 1 else character
    return _SIGNS.get(compatible, compatible)


def _raised(character: str, kind: str) -> str:
    """The plain form of a raised ("<super>") or lowered ("<sub>") character, or nothing."""
    mark, _, code = unicodedata.decomposition(character).partition(" ")
    plain = chr(int(code, 16)) if mark == kind and " " not in code else ""
    return _SIGNS.get(plain, plain)


@lru_cache(maxsize=2)
def _pattern(decimal: str) -> re.Pattern[str]:
    comma = r"\{,\}|,|\." if decimal == "," else r"\."
    return re.compile(
        rf"""
        (?P<blank> [\s~$\u200b\u200e\u200f\u2060-\u2063\ufeff] | \\[,;:!\ ()\[\]]
            | \\(?:q?quad|left|right|[bB]igg?[lr]?|displaystyle|textstyle)(?![A-Za-z]) )
        | (?P<number> (?:[0-9]+(?:(?:{comma})[0-9]+)?|(?:{comma})[0-9]+) (?P<exponent>[eE][+-]?[0-9]+)? )
        | \\(?P<accent>hat|bar|tilde)\s*(?:\{{\s*)?(?P<under>\\?[A-Za-z]+)\s*(?(accent)\}}?)
        | \\(?:operatorname|mathrm|mathit|text|textrm)\*?\s*\{{\s*(?P<upright>[A-Za-z]+[0-9]*)\s*\}}
        | \\[dt]?frac\s*(?P<over>[0-9])\s*(?P<below>[0-9])
        | \\(?P<command>[A-Za-z]+|[{{}}])
        | (?P<letter>[A-Za-z])(?P<mark>[\u0302\u0303\u0304])
        | (?P<word>[A-Za-z][A-Za-z0-9]*)
        | (?P<greek>[α-ωΓΔΘΛΞΠΣΦΨΩ])
        | (?P<root>√)
        | (?P<power>\*\*)
        | (?P<sign>[-+*/^()\[\]{{}}|,;])
        """,
        re.VERBOSE | re.ASCII,
    )


_SUBSCRIPT = re.compile(r"_(?:\{([A-Za-z0-9, ]+)\}|([A-Za-z0-9]+))", re.ASCII)


def _scan(text: str, origins: list[int], notation: Notation) -> Iterator[Token]:
    pattern = _pattern(notation.decimal)
    position, spaced = 0, False
    while position < len(text):
        start = origins[position]
        if raised := _run(text, position, "<super>"):
            position += len(raised)
            yield Token("^", "^", start)
            yield Token("(", "(", start)
            yield from _scan(raised, [start] * len(raised), notation)
            yield Token(")", ")", start)
            spaced = False
            continue
        match = pattern.match(text, position)
        if not match:
            raise Unreadable(_strange(text, position, start))
        position = match.end()
        if match["blank"]:
            spaced = True
            continue
        found = list(_tokens_of(match, start, notation, spaced))
        if found[-1].kind in ("word", "name"):
            subscript, position = _subscript(text, position)
            found[-1] = found[-1]._replace(text=found[-1].text + subscript)
        if match["exponent"]:
            _check_exponent(match, text, position, start)
        yield from found
        spaced = False


def _tokens_of(match: re.Match[str], start: int, notation: Notation, spaced: bool) -> Iterator[Token]:
    kind, text = match.lastgroup, match[match.lastgroup or 0]
    if match["number"]:
        yield Token("number", _number(match["number"], start, notation), start, spaced)
    elif match["accent"]:
        letter = match["under"].removeprefix("\\")
        yield Token("name", f"{_LETTER_COMMANDS.get(letter, letter)}_{match['accent']}", start, spaced)
    elif match["over"]:
        for sign in ("frac", "{", match["over"], "}", "{", match["below"], "}"):
            yield Token("number" if sign.isdigit() else sign, sign, start, spaced)
    elif match["command"]:
        yield _command(match["command"], start, spaced)
    elif match["mark"]:
        yield Token("name", f"{match['letter']}_{_ACCENTS[match['mark']]}", start, spaced)
    elif kind == "greek":
        yield Token("name", GREEK[text], start, spaced)
    elif kind == "root":
        yield Token("name", "sqrt", start, spaced)
    elif kind == "upright":
        yield Token("name", text, start, spaced)
    elif kind == "word":
        yield Token("word", text, start, spaced)
    else:
        sign = {"**": "^", ";": ","}.get(text, text)
        yield Token(sign, sign, start, spaced)


def _command(name: str, start: int, spaced: bool) -> Token:
    if name in _COMMANDS:
        return Token(_COMMANDS[name], _COMMANDS[name], start, spaced)
    if name in _LETTER_COMMANDS:
        return Token("name", _LETTER_COMMANDS[name], start, spaced)
    if name in _FUNCTION_COMMANDS:
        return Token("name", name, start, spaced)
    raise Unreadable(f"the LaTeX command “\\{name[:20]}” {place(start)} has no meaning here")


def _number(text: str, start: int, notation: Notation) -> str:
    if len(text) > MOST_DIGITS:
        raise Unreadable(f"the number {place(start)} has more than {MOST_DIGITS} characters")
    mantissa, _, exponent = text.lower().partition("e")
    if abs(int(exponent or "0")) > LARGEST_EXPONENT:
        raise Unreadable(f"the exponent of the number {place(start)} is out of range")
    whole, sign, decimals = re.sub(r"\{?,\}?", ",", mantissa).replace(",", " , ").replace(".", " . ").partition(" ")
    del whole, sign, decimals
    return text


def _subscript(text: str, position: int) -> tuple[str, int]:
    """The subscript that stands at a position, with a low line before it, and the place behind it."""
    if match := _SUBSCRIPT.match(text, position):
        return "_" + (match[1] or match[2]).replace(" ", ""), match.end()
    lowered = _run(text, position, "<sub>")
    return (f"_{lowered}" if lowered else ""), position + len(lowered)


def _run(text: str, position: int, kind: str) -> str:
    """The raised or lowered characters that begin at a position, as plain ones."""
    plain = []
    while position < len(text) and not text[position].isascii() and (sign := _raised(text[position], kind)):
        plain.append(sign)
        position += 1
    return "".join(plain)


def _check_exponent(match: re.Match[str], text: str, position: int, start: int) -> None:
    """An e between digits is a power of ten only where no factor follows."""
    if position < len(text) and (text[position].isalpha() or text[position] in "(\\^"):
        raise Ambiguous(
            f"“{match['number']}” {place(start)} may contain a power of ten or the number e: "
            "write * between the factors"
        )


def _strange(text: str, position: int, start: int) -> str:
    character = text[position]
    if character == "=":
        return f"“=” {place(start)}: give the expression alone, without a left-hand side"
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    return f"“{shown}” {place(start)} has no meaning here"
