"""Read LaTeX mathematics: a closed list of commands, and a clear refusal of everything else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Literal

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
    TableKind,
    Text,
)
from .source import DIGIT, PLACEHOLDER, DigitsMatterError, Source
from .words import words

_DEEPEST = 40
_NUMBER = re.compile(rf"{DIGIT}+(?:(?:\.|\{{,\}}){DIGIT}+)*|\.{DIGIT}+")
_NAME = re.compile(rf"(?:[A-Za-z]|{DIGIT})+")
_PRIMES = ("'", "′")
_CLOSERS = ("", "}", "&", r"\\", r"\end", r"\right", r"\middle")

_SIDES: dict[str, Atom] = {"": "ord", "l": "open", "r": "close", "m": "rel"}
_BIG = {
    f"{name}{side}": (atom, size)
    for name, size in {"big": 1.2, "Big": 1.623, "bigg": 2.047, "Bigg": 2.47}.items()
    for side, atom in _SIDES.items()
}
_STYLES = {
    r"\displaystyle": (True, 0),
    r"\textstyle": (False, 0),
    r"\scriptstyle": (False, 1),
    r"\scriptscriptstyle": (False, 2),
}
_COLUMNS: dict[str, Alignment] = {"l": "left", "c": "center", "r": "right"}


@dataclass(frozen=True, slots=True)
class _Environment:
    """How the rows of an environment are set: the alignments of its columns repeat."""

    kind: TableKind
    fences: tuple[str, str] = ("", "")
    columns: str = "c"
    display: bool = False


_MATRICES = {
    "matrix": _Environment("matrix"),
    "pmatrix": _Environment("matrix", ("(", ")")),
    "bmatrix": _Environment("matrix", ("[", "]")),
    "Bmatrix": _Environment("matrix", ("{", "}")),
    "vmatrix": _Environment("matrix", ("|", "|")),
    "Vmatrix": _Environment("matrix", ("‖", "‖")),
}
_ENVIRONMENTS = {
    **_MATRICES,
    **{f"{name}*": matrix for name, matrix in _MATRICES.items()},
    "smallmatrix": _Environment("small"),
    "cases": _Environment("cases", ("{", ""), "l"),
    "dcases": _Environment("cases", ("{", ""), "l", display=True),
    "rcases": _Environment("cases", ("", "}"), "l"),
    **dict.fromkeys(("aligned", "align*", "split"), _Environment("aligned", columns="rl")),
    **dict.fromkeys(("gathered", "gather*"), _Environment("gathered")),
}


def parse(latex: str) -> Node:
    """The tree of a formula.

    Raises:
        MathError: a command is unknown, something is missing or left over, or it is too long or too deep.
    """
    source = Source(latex)
    node = _Parser(source).row()
    if source.token():
        raise source.error(f"{source.token()} that closes nothing")
    return node


class _Parser:
    """Recursive descent: each method takes one construct from the source."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._depth = 0
        self._alphabet: Alphabet | None = None

    # Rows and scripts

    def row(self) -> Node:
        """Everything up to what closes the surrounding group."""
        return _together(self._items())

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._source.error(f"more than {_DEEPEST} levels of nesting")
        yield
        self._depth -= 1

    def _items(self) -> list[Node]:
        items: list[Node] = []
        with self._deeper():
            while (token := self._source.token()) not in _CLOSERS:
                if token in _STYLES:
                    self._source.skip(token)
                    items.append(Styled(self.row(), *_STYLES[token]))
                elif token == r"\color":
                    self._source.skip(token)
                    color = self._color(token)
                    items.append(Colored(self.row(), color))
                else:
                    items.append(self._scripts(self._nucleus(token)))
        return items

    def _nucleus(self, token: str) -> Node:
        if token in ("^", "_", *_PRIMES):
            return Row(())  # scripts of nothing
        if number := self._source.take(_NUMBER):
            return self._symbol(number.replace("{,}", ","), "ord")
        return self._unit()

    def _unit(self) -> Node:
        """A group, a command with its arguments, or one character."""
        token = self._source.token()
        if token in _CLOSERS or token in ("^", "_"):
            raise self._source.error(f"something missing before {token or 'the end'}")
        if self._alphabet in ("upright", "sans-serif", "monospace") and (name := self._source.take(_NAME)):
            return self._symbol(name, "ord")
        self._source.skip(token)
        if token == "{":
            node = self.row()
            self._source.expect("}", token)
            return node if getattr(node, "atom", "ord") == "ord" else Row((node,))
        return self._command(token) if token[0] == "\\" else self._character(token)

    def _argument(self, command: str) -> Node:
        if not self._source.token():
            raise self._source.error(f"nothing after {command}")
        if not self._source.next_is("{"):
            return self._unit()
        node = self.row()
        self._source.expect("}", command)
        return node

    def _scripts(self, base: Node) -> Node:
        placement = self._placement(base)
        scripts: dict[str, Node] = {}
        while (token := self._source.token()) in ("_", "^", *_PRIMES):
            sign = "^" if token in _PRIMES else token
            if sign in scripts:
                raise self._source.error(
                    f"two {'subscripts' if sign == '_' else 'superscripts'} of one thing"
                )
            if token in _PRIMES:
                scripts[sign] = self._primes()
            else:
                self._source.skip(token)
                scripts[sign] = self._argument(token)
        return Scripts(base, scripts.get("_"), scripts.get("^"), placement) if scripts else base

    def _placement(self, base: Node) -> Literal["beside", "stacked", "display"]:
        limits = isinstance(base, Symbol) and base.limits
        token = self._source.token()
        if token in (r"\limits", r"\nolimits"):
            if not (isinstance(base, Symbol) and base.atom == "op"):
                raise self._source.error(f"{token} after something that is no operator")
            self._source.skip(token)
            return "stacked" if token == r"\limits" else "beside"
        if isinstance(base, Brace):
            return "stacked"
        return "display" if limits else "beside"

    def _primes(self) -> Node:
        count = 0
        while self._source.token() in _PRIMES:
            self._source.skip("'")
            count += 1
        primes = Symbol("′" * count)
        return Row((primes, self._argument("^"))) if self._source.next_is("^") else primes

    # Symbols

    def _symbol(self, text: str, atom: Atom, *, slanted: bool = False) -> Symbol:
        """A symbol in the current alphabet."""
        alphabet = self._alphabet or ("italic" if slanted else "upright")
        if alphabet == "bold-italic" and not slanted:
            alphabet = "bold"
        if alphabet not in ("italic", "upright") and any(character >= PLACEHOLDER for character in text):
            raise DigitsMatterError
        return Symbol(text, atom, alphabet, text in symbols.LARGE, text in symbols.WITH_LIMITS)

    def _character(self, character: str) -> Node:
        if character == "~":
            return Space(symbols.SPACES[" "])
        if character in symbols.CHARACTERS:
            return self._symbol(*symbols.CHARACTERS[character])
        if re.fullmatch(DIGIT, character):
            return self._symbol(character, "ord")
        if not character.isalpha():
            hint = f" (write \\{character})" if character in symbols.SIGNS else ""
            raise self._source.error(f"{character!r}, which has no meaning here{hint}")
        return self._symbol(character, "ord", slanted=not "Α" <= character <= "Ω")

    def _command(self, token: str) -> Node:
        method = _COMMANDS.get(token[1:])
        if method is None:
            raise self._source.error(f"the command {token}, which cannot be set")
        return method(self, token)

    def _sign(self, token: str) -> Node:
        return self._symbol(*symbols.SIGNS[token[1:]])

    def _slanted(self, token: str) -> Node:
        return self._symbol(symbols.SLANTED[token[1:]], "ord", slanted=True)

    def _function(self, token: str) -> Node:
        return Symbol(symbols.FUNCTIONS[token[1:]], "op", limits=token[1:] in symbols.FUNCTIONS_WITH_LIMITS)

    def _space(self, token: str) -> Node:
        return Space(symbols.SPACES[token[1:]])

    def _in_alphabet(self, token: str) -> Node:
        before, self._alphabet = self._alphabet, symbols.ALPHABETS[token[1:]]
        body = self._argument(token)
        self._alphabet = before
        return body

    def _text(self, token: str) -> Node:
        """Words, in which dollar signs enclose mathematics."""
        text = self._source.braced(token)
        parts = re.split(r"(?<!\\)\$", text)
        if len(parts) % 2 == 0:
            raise self._source.error(f"an odd number of $ in {text!r}")
        alphabet = symbols.TEXTS[token[1:]]
        return _together([
            parse(part) if place % 2 else Text(self._words(part), alphabet)
            for place, part in enumerate(parts)
            if part
        ])  # fmt: skip

    def _words(self, text: str) -> str:
        try:
            return words(text)
        except ValueError as error:
            raise self._source.error(f"{error} within the words {text!r}") from None

    def _operator_name(self, token: str) -> Node:
        limits = self._source.next_is("*")
        name = re.sub(r"\\[,;: ]|~", "\u2009", self._source.braced(token)).strip()
        if not re.fullmatch(r"[\w\u2009*-]+", name):
            raise self._source.error(f"the name {name!r} after {token}, where letters were expected")
        return Symbol(name, "op", limits=limits)

    def _negation(self, token: str) -> Node:
        negated = self._unit()
        if not isinstance(negated, Symbol):
            raise self._source.error(f"something after {token} that is no sign")
        text = unicodedata.normalize("NFC", negated.text + "\N{COMBINING LONG SOLIDUS OVERLAY}")
        if len(text) > 1:
            raise self._source.error(f"{token} before {negated.text}, which has no crossed form")
        return Symbol(text, negated.atom)

    def _modulo(self, token: str) -> Node:
        if token == r"\bmod":
            return Symbol("mod", "bin")
        opening = (Space(0.5), Symbol("(", "open"), Symbol("mod"), Space(1 / 3))
        return Row((*opening, self._argument(token), Symbol(")", "close")))

    # Structures

    def _fraction(self, token: str) -> Node:
        display = {"d": True, "t": False}.get(token[1])
        fraction = Fraction(
            self._argument(token), self._argument(token), bar=token.endswith("frac"), display=display
        )
        return fraction if fraction.bar else Fenced(("(", ")"), (fraction,))

    def _root(self, token: str) -> Node:
        degree = parse(self._source.until("]", token)) if self._source.next_is("[") else None
        return Root(self._argument(token), degree)

    def _stacked(self, token: str) -> Node:
        script, base = self._argument(token), self._argument(token)
        if token == r"\underset":
            return Scripts(base, script, None, "stacked")
        return Scripts(base, None, script, "stacked")

    def _accent(self, token: str) -> Node:
        return Accent(self._argument(token), token[1:])

    def _line(self, token: str) -> Node:
        return Line(self._argument(token), below=token == r"\underline")

    def _brace(self, token: str) -> Node:
        return Brace(self._argument(token), below=token == r"\underbrace")

    def _phantom(self, token: str) -> Node:
        return Phantom(self._argument(token), width=token != r"\vphantom", height=token != r"\hphantom")

    def _boxed(self, token: str) -> Node:
        return Boxed(Styled(self._argument(token), display=True, level=0))

    def _framed(self, token: str) -> Node:
        return Boxed(Text(self._words(self._source.braced(token))))

    def _colored(self, token: str) -> Node:
        color = self._color(token)
        return Colored(self._argument(token), color)

    def _color(self, token: str) -> str:
        name = self._source.braced(token).strip()
        if name not in symbols.COLORS:
            raise self._source.error(f"the colour {name!r} (known are {', '.join(symbols.COLORS)})")
        return symbols.COLORS[name]

    def _length(self, token: str) -> Node:
        self._source.next_is("*")
        return Space(self._source.length(self._source.braced(token)))

    # Brackets

    def _bracket(self, token: str) -> str:
        bracket = self._source.token()
        if bracket not in symbols.BRACKETS:
            raise self._source.error(f"{bracket or 'nothing'} after {token}, where a bracket was expected")
        self._source.skip(bracket)
        return symbols.BRACKETS[bracket]

    def _big(self, token: str) -> Node:
        bracket = self._bracket(token)
        return Delimiter(bracket, *_BIG[token[1:]]) if bracket else Row(())

    def _left(self, token: str) -> Node:
        fences = [self._bracket(token)]
        parts: list[Node] = []
        while token != r"\right":
            parts.append(self.row())
            token = self._source.token()
            if token not in (r"\middle", r"\right"):
                raise self._source.error(r"\left without \right")
            self._source.skip(token)
            fences.append(self._bracket(token))
        return Fenced(tuple(fences), tuple(parts))

    # Tables

    def _substack(self, token: str) -> Node:
        self._source.expect("{", token)
        table = self._table(token, _Environment("substack"))
        self._source.expect("}", token)
        return table

    def _environment(self, token: str) -> Node:
        name = self._source.braced(token).strip()
        opened = f"{token}{{{name}}}"
        vertical: tuple[int, ...] = ()
        if name == "array":
            columns = self._source.braced(opened).replace(" ", "")
            if not re.fullmatch(r"[lcr|]*[lcr][lcr|]*", columns):
                raise self._source.error(f"the columns {columns!r} (an array knows l, c, r and |)")
            bars = [place for place, letter in enumerate(columns) if letter == "|"]
            vertical = tuple(len(columns[:place].replace("|", "")) for place in bars)
            environment = _Environment("matrix", columns=columns.replace("|", ""))
        elif name in _ENVIRONMENTS:
            environment = _ENVIRONMENTS[name]
            if name.endswith("matrix*") and self._source.next_is("["):
                environment = self._aligned(environment, opened)
        else:
            raise self._source.error(f"the environment {name}, which cannot be set")
        table = self._table(opened, environment, vertical, is_array=name == "array")
        self._source.expect(r"\end", opened)
        if (ended := self._source.braced(r"\end").strip()) != name:
            raise self._source.error(f"{opened} that ends with \\end{{{ended}}}")
        return Fenced(environment.fences, (table,)) if any(environment.fences) else table

    def _aligned(self, environment: _Environment, opened: str) -> _Environment:
        columns = self._source.until("]", opened).strip()
        if columns not in _COLUMNS:
            raise self._source.error(f"the alignment {columns!r} (a matrix knows l, c and r)")
        return _Environment(environment.kind, environment.fences, columns)

    def _table(
        self,
        opened: str,
        environment: _Environment,
        vertical: tuple[int, ...] = (),
        *,
        is_array: bool = False,
    ) -> Table:
        rows, horizontal, gaps = self._rows()
        columns = max(map(len, rows))
        if is_array and columns > len(environment.columns):
            raise self._source.error(f"more cells in a row than the columns of {opened}")
        if horizontal and not is_array:
            raise self._source.error(rf"\hline in {opened} (it belongs in an array)")
        if rows == [[Row(())]]:
            raise self._source.error(f"nothing in {opened}")
        columns = max(columns, len(environment.columns) if is_array else 0)
        cells = (
            tuple(_cell(cell, column, environment) for column, cell in enumerate(_filled(row, columns)))
            for row in rows
        )
        alignments = (_COLUMNS[letter] for letter in islice(cycle(environment.columns), columns))
        return Table(tuple(cells), tuple(alignments), environment.kind, vertical, horizontal, gaps)

    def _rows(self) -> tuple[list[list[Node]], tuple[int, ...], tuple[float, ...]]:
        """The cells, the rows that a line stands before, and the extra space below each row."""
        rows: list[list[Node]] = [[]]
        horizontal: list[int] = []
        gaps: list[float] = []
        while True:
            while not rows[-1] and self._source.next_is(r"\hline"):
                horizontal.append(len(rows) - 1)
            rows[-1].append(self.row())
            if self._source.next_is("&"):
                continue
            if not self._source.next_is(r"\\"):
                break
            gap = self._source.until("]", r"\\[") if self._source.next_is("[") else "0em"
            gaps.append(self._source.length(gap))
            rows.append([])
        if len(rows) > 1 and rows[-1] == [Row(())]:
            rows.pop()
        return rows, tuple(horizontal), tuple(gaps[: len(rows) - 1])


def _together(items: list[Node]) -> Node:
    return items[0] if len(items) == 1 else Row(tuple(items))


def _filled(row: list[Node], columns: int) -> list[Node]:
    return row + [Row(())] * (columns - len(row))


def _cell(cell: Node, column: int, environment: _Environment) -> Node:
    """A cell as its environment has it; an aligned one goes on from the cell before it."""
    if environment.kind == "aligned" and column % 2:
        return Row((Row(()), *(cell.items if isinstance(cell, Row) else (cell,))))
    return Styled(cell, display=True, level=0) if environment.display else cell


_COMMANDS: dict[str, Callable[[_Parser, str], Node]] = {
    **dict.fromkeys(symbols.SIGNS, _Parser._sign),
    **dict.fromkeys(symbols.SLANTED, _Parser._slanted),
    **dict.fromkeys(symbols.FUNCTIONS, _Parser._function),
    **dict.fromkeys(symbols.SPACES, _Parser._space),
    **dict.fromkeys(symbols.ACCENTS, _Parser._accent),
    **dict.fromkeys(symbols.ALPHABETS, _Parser._in_alphabet),
    **dict.fromkeys(symbols.TEXTS, _Parser._text),
    **dict.fromkeys(_BIG, _Parser._big),
    **dict.fromkeys(("frac", "dfrac", "tfrac", "binom", "dbinom", "tbinom"), _Parser._fraction),
    **dict.fromkeys(("overset", "underset", "stackrel"), _Parser._stacked),
    **dict.fromkeys(("overline", "underline"), _Parser._line),
    **dict.fromkeys(("overbrace", "underbrace"), _Parser._brace),
    **dict.fromkeys(("phantom", "hphantom", "vphantom"), _Parser._phantom),
    **dict.fromkeys(("bmod", "pmod"), _Parser._modulo),
    "sqrt": _Parser._root,
    "boxed": _Parser._boxed,
    "fbox": _Parser._framed,
    "textcolor": _Parser._colored,
    "hspace": _Parser._length,
    "operatorname": _Parser._operator_name,
    "not": _Parser._negation,
    "left": _Parser._left,
    "substack": _Parser._substack,
    "begin": _Parser._environment,
}
