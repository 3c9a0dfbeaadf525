"""Read LaTeX mathematics: a closed list of commands, and a clear refusal of everything else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from contextlib import contextmanager
from collections.abc import Iterator
from typing import Any, NoReturn, get_args

from . import symbols
from .nodes import (
    Accent,
    Alignment,
    Alphabet,
    Atom,
    Boxed,
    Brace,
    Colored,
    Delimiter,
    Fenced,
    Fraction,
    Line,
    Node,
    Phantom,
    Root,
    Row,
    Scripts,
    Space,
    Styled,
    Symbol,
    Table,
    Text,
)

_LONGEST = 4000
_DEEPEST = 40


class MathError(ValueError):
    """A formula that cannot be set; the message names what is wrong and the formula."""


class DigitsMatterError(Exception):
    """A placeholder of a digit stands where its value decides more than a glyph."""


PLACEHOLDER = "\U000f0000"
"""The first of the characters that stand for a digit yet unknown; see `layout`."""

_DIGIT = "[0-9\U000f0000-\U000ffffd]"
_NUMBER = re.compile(rf"{_DIGIT}+(?:(?:\.|{{,}}){_DIGIT}+)*|\.{_DIGIT}+")
_NAME = re.compile(rf"(?:[A-Za-z]|{_DIGIT})+")
_SPACE = re.compile(r"\s*")
_COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
_FENCE = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_LENGTH = re.compile(r"(-?(?:[0-9]+\.?[0-9]*|\.[0-9]+))\s*(em|ex|mu|pt)")
_UNITS = {"em": 1.0, "ex": 0.43, "mu": 1 / 18, "pt": 0.1}

_BIG = {"big": 1.2, "Big": 1.623, "bigg": 2.047, "Bigg": 2.47}
_BIG_ATOMS: dict[str, Atom] = {"": "ord", "l": "open", "r": "close", "m": "rel"}
_STYLES = {
    "displaystyle": (True, 0),
    "textstyle": (False, 0),
    "scriptstyle": (False, 1),
    "scriptscriptstyle": (False, 2),
}
_MATRICES = {
    "matrix": ("", ""),
    "pmatrix": ("(", ")"),
    "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"),
}
_ALIGNED = ("aligned", "align*", "split")
_GATHERED = ("gathered", "gather*")
_CASES = {"cases": ("{", ""), "dcases": ("{", ""), "rcases": ("", "}")}
_COLUMNS: dict[str, Alignment] = {"l": "left", "c": "center", "r": "right"}

# The accents of words, as combining marks.
_TEXT_ACCENTS = dict(zip("'`^\"~=.cvuHrk", map(chr, (0x301, 0x300, 0x302, 0x308, 0x303, 0x304, 0x307, 0x327,
                                                  0x30C, 0x306, 0x30B, 0x30A, 0x328)), strict=True))
_TEXT_LETTERS = {"ss": "ß", "o": "ø", "O": "Ø", "ae": "æ", "AE": "Æ", "aa": "å", "AA": "Å", "l": "ł", "L": "Ł",
                 "oe": "œ", "OE": "Œ", "i": "ı", "j": "ȷ", "ldots": "…", "dots": "…"}


def parse(latex: str) -> Node:
    """The tree of a formula.

    Raises:
        MathError: a command is unknown, something is missing or left over, or the formula is too long or deep.
    """
    return _Parser(latex).formula()


class _Parser:
    """Recursive descent over the source text; `_at` is the place of the next character."""

    def __init__(self, latex: str) -> None:
        self._latex = latex
        self._at = 0
        self._depth = 0
        self._alphabet: Alphabet | None = None
        if len(latex) > _LONGEST:
            self._fail(f"more than {_LONGEST} characters")

    def formula(self) -> Node:
        items = self._items()
        if self._at < len(self._latex):
            self._fail(f"{self._token()!r} with nothing before it that it closes")
        return _together(items)

    def _fail(self, problem: str) -> NoReturn:
        shown = self._latex if len(self._latex) < 200 else self._latex[:200] + "…"
        raise MathError(f"{problem}, in the formula {shown!r}")

    # Reading characters

    def _skip_space(self) -> None:
        self._at = _SPACE.match(self._latex, self._at).end()  # type: ignore[union-attr]  # it matches anywhere

    def _token(self) -> str:
        """The next command or character, which stays where it is; empty at the end."""
        self._skip_space()
        command = _COMMAND.match(self._latex, self._at)
        return command.group() if command else self._latex[self._at : self._at + 1]

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self._latex, self._at)
        if match:
            self._at = match.end()
        return match

    def _next_is(self, token: str) -> bool:
        """Whether a token comes next; it is taken if so."""
        if self._token() != token:
            return False
        self._at += len(token)
        return True

    def _expect(self, token: str, after: str) -> None:
        if not self._next_is(token):
            self._fail(f"a missing {token} after {after}")

    def _braced(self, command: str) -> str:
        """The text in the braces after a command, as it is."""
        self._expect("{", command)
        depth, start = 1, self._at
        while depth:
            if self._at >= len(self._latex):
                self._fail(f"a missing }} after {command}")
            character = self._latex[self._at]
            depth += (character == "{") - (character == "}")
            self._at += 2 if character == "\\" else 1
        return self._latex[start : self._at - 1]

    def _length(self, text: str) -> float:
        if re.search(f"[{PLACEHOLDER}-\U000ffffd]", text):
            raise DigitsMatterError
        match = _LENGTH.fullmatch(text.strip())
        if not match:
            self._fail(f"{text!r} where a length such as 2em was expected")
        return float(match[1]) * _UNITS[match[2]]

    # Rows and scripts

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self._depth += 1
        if self._depth > _DEEPEST:
            self._fail(f"more than {_DEEPEST} levels of nesting")
        yield
        self._depth -= 1

    def _items(self) -> list[Node]:
        """Everything up to what closes the surrounding group."""
        items: list[Node] = []
        with self._deeper():
            while (token := self._token()) not in ("", "}", "&", "\\\\", "\\end", "\\right", "\\middle"):
                if token[1:] in _STYLES and token[0] == "\\":
                    self._at += len(token)
                    items.append(Styled(Row(tuple(self._items())), *_STYLES[token[1:]]))
                elif token == "\\color":
                    self._at += len(token)
                    color = self._color(token)
                    items.append(Colored(_together(self._items()), color))
                else:
                    items.append(self._scripts(self._item()))
        return items

    def _item(self) -> Node:
        """One nucleus."""
        token = self._token()
        if token in ("^", "_", "'", "′"):
            return Row(())  # scripts of nothing
        if number := self._take(_NUMBER):
            return self._symbol(number.group().replace("{,}", ","), "ord")
        return self._unit()

    def _unit(self) -> Node:
        """One nucleus, of a single digit if of a digit."""
        token = self._token()
        if not token or token in ("}", "&", "^", "_"):
            self._fail("something missing at the end" if not token else f"something missing before {token}")
        if self._alphabet in ("upright", "sans-serif", "monospace") and (name := self._take(_NAME)):
            return self._symbol(name.group(), "ord")
        self._at += len(token)
        if token == "{":
            return self._group(token)
        if token[0] == "\\":
            return self._command(token)
        return self._character(token)

    def _group(self, opener: str) -> Node:
        """The rest of a group whose opening brace has been read."""
        items = self._items()
        self._expect("}", opener)
        if len(items) == 1 and getattr(items[0], "atom", "ord") == "ord":
            return items[0]
        return Row(tuple(items))

    def _argument(self, command: str) -> Node:
        if not self._token():
            self._fail(f"nothing after {command}")
        if not self._next_is("{"):
            return self._unit()
        items = self._items()
        self._expect("}", command)
        return _together(items)

    def _scripts(self, base: Node) -> Node:
        placement = self._placement(base)
        sub: Node | None = None
        sup: Node | None = None
        while (token := self._token()) in ("_", "^", "'", "′"):
            if token in ("'", "′"):
                if sup is not None:
                    self._fail("a prime after a superscript")
                sup = self._primes()
                continue
            self._at += 1
            if (sub if token == "_" else sup) is not None:
                self._fail(f"two {'subscripts' if token == '_' else 'superscripts'} of one thing")
            if token == "_":
                sub = self._argument("_")
            else:
                sup = self._argument("^")
        if sub is None and sup is None:
            return base
        return Scripts(base, sub, sup, placement)

    def _placement(self, base: Node) -> Any:
        if isinstance(base, Brace):
            return "stacked"
        limits = isinstance(base, Symbol) and base.limits
        if self._token() in ("\\limits", "\\nolimits"):
            if not (isinstance(base, Symbol) and base.atom == "op"):
                self._fail(f"{self._token()} after something that is no operator")
            limits = self._token() == "\\limits"
            self._at += len(self._token())
            return "stacked" if limits else "beside"
        return "display" if limits else "beside"

    def _primes(self) -> Node:
        count = 0
        while self._token() in ("'", "′"):
            self._at += 1
            count += 1
        primes = Symbol("′" * count)
        if self._next_is("^"):
            return Row((primes, self._argument("^")))
        return primes

    # Characters and commands

    def _symbol(self, text: str, atom: Atom, *, slanted: bool = False) -> Symbol:
        """A symbol in the current alphabet."""
        alphabet = self._alphabet
        if alphabet is None:
            alphabet = "italic" if slanted else "upright"
        elif alphabet == "bold-italic" and not slanted:
            alphabet = "bold"
        if alphabet not in ("italic", "upright") and any(character >= PLACEHOLDER for character in text):
            raise DigitsMatterError
        return Symbol(text, atom, alphabet, text in symbols.LARGE, text in symbols.WITH_LIMITS)

    def _character(self, character: str) -> Node:
        if character in symbols.CHARACTERS:
            return self._symbol(*symbols.CHARACTERS[character])
        if character == "~":
            return Space(symbols.SPACES[" "])
        if character == "%":
            self._fail("a bare % (write \\%)")
        if re.fullmatch(_DIGIT, character):
            return self._symbol(character, "ord")
        if character.isalpha() and character < PLACEHOLDER:
            capital_greek = "Α" <= character <= "Ω"
            return self._symbol(character, "ord", slanted=not capital_greek)
        self._fail(f"{character!r}, which has no meaning here")

    def _command(self, token: str) -> Node:
        name = token[1:]
        if name in symbols.SLANTED:
            return self._symbol(symbols.SLANTED[name], "ord", slanted=True)
        if name in symbols.SIGNS:
            return self._symbol(*symbols.SIGNS[name])
        if name in symbols.FUNCTIONS:
            limits = name in symbols.FUNCTIONS_WITH_LIMITS
            return Symbol(symbols.FUNCTIONS[name], "op", limits=limits)
        if name in symbols.SPACES:
            return Space(symbols.SPACES[name])
        if name in symbols.ACCENTS:
            return Accent(self._argument(token), name)
        if name in symbols.ALPHABETS:
            return self._in_alphabet(token, symbols.ALPHABETS[name])
        if name in symbols.TEXTS:
            return self._text(self._braced(token), symbols.TEXTS[name])
        if name.rstrip("lrm") in _BIG and name.removeprefix(name.rstrip("lrm")) in _BIG_ATOMS:
            size = name.rstrip("lrm")
            return Delimiter(self._fence(token), _BIG_ATOMS[name.removeprefix(size)], _BIG[size])
        method = _COMMANDS.get(name)
        if method is None:
            self._fail(f"the command {token}, which cannot be set")
        return method(self, token)

    def _in_alphabet(self, token: str, alphabet: Alphabet) -> Node:
        before, self._alphabet = self._alphabet, alphabet
        body = self._argument(token)
        self._alphabet = before
        return body

    def _text(self, text: str, alphabet: Alphabet) -> Node:
        """Words, in which dollar signs enclose mathematics."""
        parts = re.split(r"(?<!\\)\$", text)
        if len(parts) % 2 == 0:
            self._fail(f"an odd number of $ in {text!r}")
        nodes = [
            parse(part) if place % 2 else Text(self._words(part), alphabet)
            for place, part in enumerate(parts)
            if part
        ]
        return nodes[0] if len(nodes) == 1 else Row(tuple(nodes))

    def _words(self, text: str) -> str:
        """Words with their accents composed and their escapes removed."""

        def written(match: re.Match[str]) -> str:
            command, letter = match["command"], match["letter"] or match["bare"]
            if letter and command in _TEXT_ACCENTS:
                return unicodedata.normalize("NFC", letter + _TEXT_ACCENTS[command])
            if command in _TEXT_LETTERS:
                return _TEXT_LETTERS[command] + (letter or "")
            if command in "%$&#_{}":
                return command + (letter or "")
            return self._fail(f"the command \\{command} in the words {text!r}")

        text = re.sub(r"\s+", " ", text)
        pattern = r"\\(?P<command>[A-Za-z]+|.)(?:\s*\{\\?(?P<letter>[^{}]?)\}|(?P<bare>(?<![A-Za-z])[A-Za-z])|\s*)"
        text = re.sub(pattern, written, text)
        return text.replace("{", "").replace("}", "").replace("~", "\xa0").replace("--", "–").replace("'", "’")

    def _fence(self, token: str) -> str:
        self._skip_space()
        fence = self._take(_FENCE)
        if not fence or fence.group() not in symbols.FENCES:
            self._fail(f"{fence.group() if fence else 'nothing'!r} after {token}, where a bracket was expected")
        return symbols.FENCES[fence.group()]

    def _color(self, token: str) -> str:
        name = self._braced(token).strip()
        if name not in symbols.COLORS:
            self._fail(f"the colour {name!r} (known: {', '.join(symbols.COLORS)})")
        return symbols.COLORS[name]
