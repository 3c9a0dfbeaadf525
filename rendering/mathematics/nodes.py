"""A formula as a tree: what the parser makes of LaTeX, and what every output is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Atom = Literal["ord", "op", "bin", "rel", "open", "close", "punct", "inner"]
"""The kind of a symbol, which decides the space around it (The TeXbook, chapter 17)."""

Alphabet = Literal[
    "italic",
    "upright",
    "bold",
    "bold-italic",
    "script",
    "fraktur",
    "double-struck",
    "sans-serif",
    "monospace",
]

Alignment = Literal["left", "center", "right"]

TableKind = Literal["matrix", "small", "cases", "aligned", "gathered", "substack"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A letter, a number, a sign or the name of a function.

    Attributes:
        text: plain characters; a bold x is "x" in the alphabet "bold".
        atom: its kind.
        alphabet: the cut of its letters and digits.
        large: whether it grows in display style, as a sum does.
        limits: whether its scripts stand above and below it in display style.
    """

    text: str
    atom: Atom = "ord"
    alphabet: Alphabet = "upright"
    large: bool = False
    limits: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """Words within a formula."""

    text: str
    alphabet: Alphabet = "upright"


@dataclass(frozen=True, slots=True)
class Space:
    """A horizontal space in em."""

    width: float


@dataclass(frozen=True, slots=True)
class Row:
    """A group."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Scripts:
    """A base with a subscript, a superscript or both.

    Attributes:
        base: what carries the scripts.
        sub: the lower script.
        sup: the upper script.
        placement: beside the base, above and below it, or that in display style only.
    """

    base: Node
    sub: Node | None
    sup: Node | None
    placement: Literal["beside", "stacked", "display"] = "beside"


@dataclass(frozen=True, slots=True)
class Fraction:
    """One thing over another, with a bar or, in a binomial coefficient, without; `display` forces a style."""

    numerator: Node
    denominator: Node
    bar: bool = True
    display: bool | None = None


@dataclass(frozen=True, slots=True)
class Root:
    """A root; a square root has no degree."""

    body: Node
    degree: Node | None = None


@dataclass(frozen=True, slots=True)
class Accent:
    """A mark over a letter, by its LaTeX name."""

    body: Node
    mark: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line over or under something."""

    body: Node
    below: bool


@dataclass(frozen=True, slots=True)
class Brace:
    """A horizontal brace over or under something."""

    body: Node
    below: bool


@dataclass(frozen=True, slots=True)
class Delimiter:
    """A bracket of a fixed size in em."""

    text: str
    atom: Atom
    size: float


@dataclass(frozen=True, slots=True)
class Fenced:
    """Parts between brackets that grow with them; an empty bracket is invisible.

    Attributes:
        fences: the brackets: left, any in the middle, right.
        parts: what stands between them, one fewer than the brackets.
    """

    fences: tuple[str, ...]
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells.

    Attributes:
        rows: the cells; all rows have the same number.
        alignments: one for each column.
        kind: the environment it is spaced as.
        vertical: numbers of the columns that a line stands before; the number of columns for the last line.
        horizontal: the same for rows.
        gaps: extra space below each row in em.
    """

    rows: tuple[tuple[Node, ...], ...]
    alignments: tuple[Alignment, ...]
    kind: TableKind
    vertical: tuple[int, ...] = ()
    horizontal: tuple[int, ...] = ()
    gaps: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Styled:
    """Something in a style of its own: display, text, script or scriptscript."""

    body: Node
    display: bool
    level: int


@dataclass(frozen=True, slots=True)
class Colored:
    """Something in a colour, as #rrggbb."""

    body: Node
    color: str


@dataclass(frozen=True, slots=True)
class Phantom:
    """The room that something would take."""

    body: Node
    width: bool = True
    height: bool = True


@dataclass(frozen=True, slots=True)
class Boxed:
    """Something in a frame."""

    body: Node


Node = (
    Symbol
    | Text
    | Space
    | Row
    | Scripts
    | Fraction
    | Root
    | Accent
    | Line
    | Brace
    | Delimiter
    | Fenced
    | Table
    | Styled
    | Colored
    | Phantom
    | Boxed
)
