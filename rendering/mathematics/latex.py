"""Read LaTeX mathematics: a closed list of commands, and a clear refusal of everything else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

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
_NUMBER = re.compile(rf"{_DIGIT}+(?:(?:\.|\{{,\}}){_DIGIT}+)*|\.{_DIGIT}+")
_NAME = re.compile(rf"(?:[A-Za-z]|{_DIGIT})+")
_SPACE = re.compile(r"\s*")
_COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
_FENCE = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_LENGTH = re.compile(r"(-?(?:[0-9]+\.?[0-9]*|\.[0-9]+))\s*(em|ex|mu|pt)")
_UNITS = {"em": 1.0, "ex": 0.43, "mu": 1 / 18, "pt": 0.1}

_SIDES: dict[str, Atom] = {"": "ord", "l": "open", "r": "close", "m": "rel"}
_BIG = {
    f"{name}{side}": (atom, size)
    for name, size in {"big": 1.2, "Big": 1.623, "bigg": 2.047, "Bigg": 2.47}.items()
    for side, atom in _SIDES.items()
}
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

_MARKS = dict(
    zip("'`^\"~=.cvuHrk", "\u0301\u0300\u0302\u0308\u0303\u0304\u0307\u0327\u030c\u0306\u030b\u030a\u0328", strict=True)
)
_ACCENTED = re.compile(r"\\(?:(['`^\"~=.])\s*|([cvuHrk])(?:\s+|(?=\{)))(?:\{\\?([A-Za-z])\}|\\?([A-Za-z]))")
_SPECIAL_LETTERS = {"ss": "ß", "o": "ø", "O": "Ø", "ae": "æ", "AE": "Æ", "aa": "å", "AA": "Å", "l": "ł"}
_SPECIAL_LETTERS |= {"L": "Ł", "oe": "œ", "OE": "Œ", "ldots": "…", "dots": "…"}
_SPECIAL_LETTER = re.compile(rf"\\({'|'.join(_SPECIAL_LETTERS)})(?![A-Za-z])\s*")


def _accented(match: re.Match[str]) -> str:
    """The letter and the mark of an accent command as one character."""
    return unicodedata.normalize("NFC", (match[3] or match[4]) + _MARKS[match[1] or match[2]])


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
        if name in _BIG:
            return Delimiter(self._fence(token), *_BIG[name])
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
        text = _ACCENTED.sub(_accented, text)
        text = _SPECIAL_LETTER.sub(lambda match: _SPECIAL_LETTERS[match[1]], text)
        text = re.sub(r"(?<!\\)[{}]", "", text)
        if command := re.search(r"\\(?![%$&#_{} ])([A-Za-z]+|.?)", text):
            self._fail(f"{command.group()} within words")
        text = re.sub(r"\\(.)", r"\1", text)
        return re.sub(r"\s+", " ", text).replace("~", "\xa0").replace("'", "’")

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

    # Commands with a structure of their own

    def _fraction(self, token: str) -> Node:
        display = {"d": True, "t": False}.get(token[1])
        numerator, denominator = self._argument(token), self._argument(token)
        if token.endswith("frac"):
            return Fraction(numerator, denominator, True, display)
        return Fenced(("(", ")"), (Fraction(numerator, denominator, False, display),))

    def _root(self, token: str) -> Node:
        degree = None
        if self._next_is("["):
            end = self._latex.find("]", self._at)
            if end < 0:
                self._fail(f"a missing ] after {token}[")
            degree = parse(self._latex[self._at : end])
            self._at = end + 1
        return Root(self._argument(token), degree)

    def _stacked(self, token: str) -> Node:
        script, base = self._argument(token), self._argument(token)
        if token == "\\underset":
            return Scripts(base, script, None, "stacked")
        return Scripts(base, None, script, "stacked")

    def _line(self, token: str) -> Node:
        return Line(self._argument(token), token.startswith("\\under"))

    def _brace(self, token: str) -> Node:
        return Brace(self._argument(token), token.startswith("\\under"))

    def _phantom(self, token: str) -> Node:
        return Phantom(self._argument(token), width=token[1] != "v", height=token[1] != "h")

    def _box(self, token: str) -> Node:
        if token == "\\boxed":
            return Boxed(Styled(self._argument(token), True, 0))
        return Boxed(self._text(self._braced(token), "upright"))

    def _colored(self, token: str) -> Node:
        color = self._color(token)
        return Colored(self._argument(token), color)

    def _hspace(self, token: str) -> Node:
        self._next_is("*")
        return Space(self._length(self._braced(token)))

    def _operator_name(self, token: str) -> Node:
        limits = self._next_is("*")
        name = re.sub(r"\\[,;: ]|~", "\u2009", self._braced(token)).strip()
        if not re.fullmatch(r"[\w\u2009*-]+", name):
            self._fail(f"the name {name!r} after {token}, where letters were expected")
        return Symbol(name, "op", limits=limits)

    def _negation(self, token: str) -> Node:
        negated = self._unit()
        if not isinstance(negated, Symbol):
            self._fail(f"something after {token} that is no sign")
        text = unicodedata.normalize("NFC", negated.text + "\u0338")
        if len(text) > 1:
            self._fail(f"{token} before {negated.text}, for which there is no crossed sign")
        return Symbol(text, negated.atom)

    def _modulo(self, token: str) -> Node:
        if token == "\\bmod":
            return Symbol("mod", "bin")
        modulus = self._argument(token)
        return Row((Space(0.5), Symbol("(", "open"), Symbol("mod"), Space(6 / 18), modulus, Symbol(")", "close")))

    def _left(self, token: str) -> Node:
        fences = [self._fence(token)]
        parts: list[Node] = []
        while True:
            parts.append(_together(self._items()))
            closer = self._token()
            if closer not in ("\\middle", "\\right"):
                self._fail("\\left without \\right")
            self._at += len(closer)
            fences.append(self._fence(closer))
            if closer == "\\right":
                return Fenced(tuple(fences), tuple(parts))

    # Tables

    def _substack(self, token: str) -> Node:
        self._expect("{", token)
        rows, _, gaps = self._rows("substack")
        self._expect("}", token)
        return Table(_even(rows), ("center",) * max(map(len, rows)), "substack", gaps=gaps)

    def _environment(self, token: str) -> Node:
        name = self._braced(token).strip()
        starred = name.removesuffix("*") in _MATRICES and name.endswith("*")
        alignment: Alignment = "center"
        if starred and self._next_is("["):
            letter = self._token()
            if letter not in _COLUMNS:
                self._fail(f"the alignment {letter!r} of {name}")
            alignment = _COLUMNS[letter]
            self._at += 1
            self._expect("]", letter)
        if name == "array":
            return self._array()
        rows, horizontal, gaps = self._rows(name)
        if horizontal:
            self._fail(f"\\hline in {name} (it belongs in array)")
        self._end(name)
        columns = max(map(len, rows))
        cells = _even(rows)
        if name.removesuffix("*") in _MATRICES:
            table = Table(cells, (alignment,) * columns, "matrix", gaps=gaps)
            fences = _MATRICES[name.removesuffix("*")]
            return Fenced(fences, (table,)) if any(fences) else table
        if name == "smallmatrix":
            return Table(cells, ("center",) * columns, "small", gaps=gaps)
        if name in _CASES:
            if name == "dcases":
                cells = tuple(tuple(Styled(cell, True, 0) for cell in row) for row in cells)
            return Fenced(_CASES[name], (Table(cells, ("left",) * columns, "cases", gaps=gaps),))
        if name in _ALIGNED:
            pairs: tuple[Alignment, ...] = ("right", "left") * columns
            cells = tuple(tuple(_continued(cell) if place % 2 else cell for place, cell in enumerate(row)) for row in cells)
            return Table(cells, pairs[:columns], "aligned", gaps=gaps)
        if name in _GATHERED:
            return Table(cells, ("center",) * columns, "gathered", gaps=gaps)
        self._fail(f"the environment {name}, which cannot be set")

    def _array(self) -> Node:
        specification = self._braced("\\begin{array}").replace(" ", "")
        if not re.fullmatch(r"[lcr|]+", specification):
            self._fail(f"the columns {specification!r} of an array (l, c, r and | are known)")
        alignments = tuple(_COLUMNS[letter] for letter in specification if letter != "|")
        vertical = [
            len(specification[:place].replace("|", ""))
            for place, letter in enumerate(specification)
            if letter == "|"
        ]
        rows, horizontal, gaps = self._rows("array")
        self._end("array")
        if max(map(len, rows)) > len(alignments):
            self._fail(f"a row of an array with more cells than its columns {specification!r}")
        cells = _even(rows, len(alignments))
        return Table(cells, alignments, "matrix", tuple(vertical), horizontal, gaps)

    def _rows(self, name: str) -> tuple[list[list[Node]], tuple[int, ...], tuple[float, ...]]:
        """The cells of a table, the rows that a line stands before, and the extra space below each row."""
        rows: list[list[Node]] = [[]]
        horizontal: list[int] = []
        gaps: list[float] = []
        while True:
            while not rows[-1] and self._next_is("\\hline"):
                horizontal.append(len(rows) - 1)
            rows[-1].append(_together(self._items()))
            if self._next_is("&"):
                continue
            if not self._next_is("\\\\"):
                break
            gaps.append(self._row_gap())
            rows.append([])
        if len(rows) > 1 and rows[-1] == [Row(())]:
            rows.pop()
        if rows == [[Row(())]]:
            self._fail(f"{name} without content")
        return rows, tuple(horizontal), tuple(gaps[: len(rows) - 1])

    def _row_gap(self) -> float:
        if not self._next_is("["):
            return 0.0
        end = self._latex.find("]", self._at)
        gap = self._length(self._latex[self._at : end])
        self._at = end + 1
        return gap

    def _end(self, name: str) -> None:
        if not self._next_is("\\end"):
            self._fail(f"\\begin{{{name}}} without \\end{{{name}}}")
        ended = self._braced("\\end").strip()
        if ended != name:
            self._fail(f"\\begin{{{name}}} that ends with \\end{{{ended}}}")


def _together(items: list[Node]) -> Node:
    return items[0] if len(items) == 1 else Row(tuple(items))


def _even(rows: list[list[Node]], columns: int = 0) -> tuple[tuple[Node, ...], ...]:
    """Rows of equal length."""
    columns = max(columns, *map(len, rows))
    return tuple((*row, *[Row(())] * (columns - len(row))) for row in rows)


def _continued(cell: Node) -> Node:
    """A cell that goes on from the one before it, so that a relation at its beginning has space around it."""
    return Row((Row(()), *(cell.items if isinstance(cell, Row) else (cell,))))


_COMMANDS: dict[str, Callable[[_Parser, str], Node]] = {
    **dict.fromkeys(("frac", "dfrac", "tfrac", "binom", "dbinom", "tbinom"), _Parser._fraction),
    **dict.fromkeys(("overset", "underset", "stackrel"), _Parser._stacked),
    **dict.fromkeys(("overline", "underline"), _Parser._line),
    **dict.fromkeys(("overbrace", "underbrace"), _Parser._brace),
    **dict.fromkeys(("phantom", "hphantom", "vphantom"), _Parser._phantom),
    **dict.fromkeys(("boxed", "fbox"), _Parser._box),
    **dict.fromkeys(("bmod", "pmod"), _Parser._modulo),
    "sqrt": _Parser._root,
    "textcolor": _Parser._colored,
    "hspace": _Parser._hspace,
    "operatorname": _Parser._operator_name,
    "not": _Parser._negation,
    "left": _Parser._left,
    "substack": _Parser._substack,
    "begin": _Parser._environment,
}
