"""Answers of several cells: shapes, vectors and matrices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, ClassVar, Self

from .base import POINT, Ambiguous, Answer, Notation, Unreadable, Verdict, bounded
from .number import Integer, Number, Real, read_number

LARGEST_SIZE = 10**9
MOST_CELLS = 400

Cell = Number | Unreadable | None
"""A cell as it was read: a number, the reason why it is none, or None where nothing was written."""


@dataclass(frozen=True)
class Shape(Answer):
    """The sizes of a tensor, e.g. channels × height × width."""

    kind: ClassVar[str] = "shape"
    value: tuple[int, ...]

    def read(self, text: str, notation: Notation = POINT) -> tuple[int, ...]:
        """The sizes, written as 16x32x32, (16, 32, 32), [16, 32, 32], 16 32 32 or torch.Size([16])."""
        inner = re.sub(
            r"torch\.Size|\\times|\\left|\\right", lambda m: "×" if m[0] == r"\times" else "", bounded(text)
        )
        sizes = re.split(
            r"\s*[x×*,;·]\s*|\s+by\s+|\s+",
            inner.strip("()[] \t\n").removesuffix(",").strip(),
            flags=re.IGNORECASE,
        )
        if not all(re.fullmatch(r"[0-9]{1,10}", size) for size in sizes):
            raise Unreadable(f"“{text.strip()[:40]}” is not a list of sizes such as 16x32x32")
        return tuple(int(size) for size in sizes)

    def compare(self, reading: tuple[int, ...]) -> Verdict:
        """Size by size; another number of dimensions is wrong as a whole."""
        if len(reading) != len(self.value):
            note = f"{_count(len(self.value), 'size')} expected, {len(reading)} given"
            return Verdict((False,) * len(self.value), note)
        return Verdict(tuple(typed == key for typed, key in zip(reading, self.value, strict=True)))

    def carried(self, reading: tuple[int, ...]) -> tuple[int, ...]:
        """The typed sizes if there are as many as in the key and none is zero or absurd."""
        if len(reading) != len(self.value) or not all(0 < size <= LARGEST_SIZE for size in reading):
            raise ValueError("these sizes cannot be carried forward")
        return reading

    def printed(self, notation: Notation = POINT) -> str:
        """With × between the sizes."""
        return "×".join(map(str, self.value)) if len(self.value) > 1 else str(self.value[0])

    def latex(self, notation: Notation = POINT) -> str:
        """With times signs between the sizes."""
        return r" \times ".join(map(str, self.value))

    def spellings(self, notation: Notation = POINT) -> tuple[str, ...]:
        """As a tuple, a list, with the letter x, with spaces, as PyTorch prints it."""
        parts = list(map(str, self.value))
        tuple_text = f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
        return (
            tuple_text,
            f"[{','.join(parts)}]",
            "x".join(parts),
            " ".join(parts),
            f"torch.Size([{', '.join(parts)}])",
        )

    def edges(self) -> tuple[str, ...]:
        """There is no tolerance."""
        return (self.printed(),)

    def outside(self) -> tuple[str, ...]:
        """One size off by one, and one size too many."""
        return Shape((*self.value[:-1], self.value[-1] + 1)).printed(), Shape((1, *self.value)).printed()

    def agrees(self, executed: Any) -> bool:
        """The same sizes."""
        return isinstance(executed, list | tuple) and tuple(executed) == self.value

    def impossible(self) -> str | None:
        """A size of zero."""
        return "a shape has a size that is not positive" if min(self.value, default=0) < 1 else None

    def like(self, value: Any) -> Self:
        """Other sizes."""
        return type(self)(tuple(value))

    @property
    def width(self) -> int:
        """Room for three sizes, or more in steps of 4."""
        return max(12, -4 * (-(len(self.printed()) + 2) // 4))


@dataclass(frozen=True)
class Vector(Answer):
    """Numbers in a row or column; whole numbers where no decimals are wanted.

    Attributes:
        value: the entries.
        decimals: the wanted decimals of each entry; 0 for exact whole numbers.
        tolerance: as in Real.
    """

    kind: ClassVar[str] = "vector"
    value: tuple[float, ...]
    decimals: int = 0
    tolerance: str | None = None

    @cached_property
    def cells(self) -> tuple[Integer | Real, ...]:
        """One scalar key per entry."""
        return tuple(_scalar(entry, self.decimals, self.tolerance) for entry in self.value)

    def read(self, text: str, notation: Notation = POINT) -> tuple[Cell, ...]:
        """The entries, written as (1, 2, 3), [1 2 3], 1; 2; 3 or one per line."""
        rows = split_rows(text, notation, rows_by_semicolon=False)
        if len(rows) > 1 and all(len(row) == 1 for row in rows):
            rows = [[row[0] for row in rows]]
        if len(rows) != 1:
            raise Unreadable(f"a vector of {len(self.value)} entries was expected, not {len(rows)} rows")
        return _read_cells(rows[0], notation)

    def compare(self, reading: tuple[Cell, ...]) -> Verdict:
        """Entry by entry; another length is wrong as a whole, unless it is words that were counted."""
        if len(reading) != len(self.value):
            note = f"{_count(len(self.value), 'entry', 'entries')} expected, {len(reading)} given"
            return Verdict((False,) * len(self.value), note, undecided=_is_in_words(reading))
        return _compared(self.cells, reading, [f"entry {number}" for number in range(1, len(reading) + 1)])

    def carried(self, reading: tuple[Cell, ...]) -> tuple[float, ...]:
        """The typed entries, if all are there."""
        if len(reading) != len(self.value):
            raise ValueError("a vector of another length cannot be carried forward")
        return tuple(_carried(key, cell) for key, cell in zip(self.cells, reading, strict=True))

    def printed(self, notation: Notation = POINT) -> str:
        """In round brackets."""
        return f"({notation.separator.join(cell.printed(notation) for cell in self.cells)})"

    def latex(self, notation: Notation = POINT) -> str:
        """In round brackets."""
        separator = r",\; " if notation.decimal == "." else r";\; "
        return f"({separator.join(cell.latex(notation) for cell in self.cells)})"

    def spellings(self, notation: Notation = POINT) -> tuple[str, ...]:
        """In square brackets, with spaces, with semicolons, one per line."""
        texts = [cell.printed(notation) for cell in self.cells]
        return f"[{notation.separator.join(texts)}]", " ".join(texts), "; ".join(texts), "\n".join(texts)

    def edges(self) -> tuple[str, ...]:
        """Every entry at its lower and every entry at its upper edge."""
        return tuple(" ".join(row) for row in zip(*(_both(cell.edges()) for cell in self.cells), strict=True))

    def outside(self) -> tuple[str, ...]:
        """One entry just outside, the others right."""
        texts = [cell.printed() for cell in self.cells]
        return tuple(
            " ".join([*texts[:index], cell.outside()[0], *texts[index + 1 :]])
            for index, cell in enumerate(self.cells)
        )

    def accepts(self, other: Self) -> bool:
        """Entry by entry."""
        if len(other.value) != len(self.value):
            return super().accepts(other)
        return _all_accepted(self.cells, other.cells)

    def agrees(self, executed: Any) -> bool:
        """As many entries, each as for its kind."""
        return (
            isinstance(executed, list | tuple)
            and len(executed) == len(self.value)
            and _all_agree(self.cells, executed)
        )

    def impossible(self) -> str | None:
        """The first impossible entry."""
        return next((reason for cell in self.cells if (reason := cell.impossible())), None)

    def flaw(self) -> str | None:
        """The first flaw of an entry; small entries may round to zero as long as not all do."""
        return _flaw_of(self.cells)

    def like(self, value: Any) -> Self:
        """Another vector of the same decimals."""
        return type(self)(tuple(value), self.decimals, self.tolerance)

    @property
    def hint(self) -> str:
        """The wanted decimals."""
        return self.cells[0].hint

    @property
    def width(self) -> int:
        """The width of one cell."""
        return max(6, *(len(cell.printed()) + 1 for cell in self.cells))


@dataclass(frozen=True)
class Matrix(Answer):
    """A matrix, entered cell by cell.

    Attributes:
        value: the rows.
        decimals: the wanted decimals of each entry; 0 for exact whole numbers.
        tolerance: as in Real.
    """

    kind: ClassVar[str] = "matrix"
    value: tuple[tuple[float, ...], ...]
    decimals: int = 0
    tolerance: str | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.value), len(self.value[0])

    @cached_property
    def cells(self) -> tuple[Integer | Real, ...]:
        """One scalar key per entry, row by row."""
        return tuple(_scalar(entry, self.decimals, self.tolerance) for row in self.value for entry in row)

    def read(self, text: str, notation: Notation = POINT) -> tuple[tuple[Cell, ...], ...]:
        """The rows, written as [[1, 2], [3, 4]], 1 2; 3 4, one row per line, or as a LaTeX matrix."""
        rows = split_rows(text, notation, rows_by_semicolon=True)
        if len({len(row) for row in rows}) > 1:
            raise Unreadable("the rows have different lengths")
        return tuple(_read_cells(row, notation) for row in rows)

    def compare(self, reading: tuple[tuple[Cell, ...], ...]) -> Verdict:
        """Entry by entry; another shape is wrong as a whole, unless it is words that were counted."""
        rows, columns = self.shape
        given = len(reading), len(reading[0])
        if given != self.shape:
            note = f"a {rows} × {columns} matrix was expected, not {given[0]} × {given[1]}"
            return Verdict((False,) * (rows * columns), note, undecided=any(map(_is_in_words, reading)))
        names = [
            f"row {row}, column {column}" for row in range(1, rows + 1) for column in range(1, columns + 1)
        ]
        return _compared(self.cells, [cell for row in reading for cell in row], names)

    def carried(self, reading: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[float, ...], ...]:
        """The typed entries, if all are there."""
        if (len(reading), len(reading[0])) != self.shape:
            raise ValueError("a matrix of another shape cannot be carried forward")
        columns = self.shape[1]
        return tuple(
            tuple(
                _carried(key, cell)
                for key, cell in zip(self.cells[row * columns : (row + 1) * columns], cells, strict=True)
            )
            for row, cells in enumerate(reading)
        )

    def printed(self, notation: Notation = POINT) -> str:
        """As nested lists."""
        rows = (f"[{notation.separator.join(row)}]" for row in self.texts(notation))
        return f"[{notation.separator.join(rows)}]"

    def texts(self, notation: Notation = POINT) -> list[list[str]]:
        """The printed entries by row."""
        columns = self.shape[1]
        texts = [cell.printed(notation) for cell in self.cells]
        return [texts[start : start + columns] for start in range(0, len(texts), columns)]

    def latex(self, notation: Notation = POINT) -> str:
        """As a bmatrix."""
        rows = r" \\ ".join(" & ".join(row) for row in self.texts(notation))
        return r"\begin{bmatrix}" + rows.replace(",", "{,}") + r"\end{bmatrix}"

    def spellings(self, notation: Notation = POINT) -> tuple[str, ...]:
        """With semicolons between rows, one row per line, with round brackets, as a LaTeX matrix."""
        rows = self.texts(notation)
        spaced = [" ".join(row) for row in rows]
        nested = notation.separator.join(f"({notation.separator.join(row)})" for row in rows)
        return "; ".join(spaced), "\n".join(spaced), f"({nested})", self.latex(notation).replace("{,}", ",")

    def edges(self) -> tuple[str, ...]:
        """Every entry at its lower and every entry at its upper edge."""
        lower, upper = zip(*(_both(cell.edges()) for cell in self.cells), strict=True)
        return self._rows_of(lower), self._rows_of(upper)

    def outside(self) -> tuple[str, ...]:
        """The first entry just outside, the others right."""
        texts = [cell.printed() for cell in self.cells]
        return tuple(self._rows_of([edge, *texts[1:]]) for edge in self.cells[0].outside())

    def accepts(self, other: Self) -> bool:
        """Entry by entry."""
        if list(map(len, other.value)) != list(map(len, self.value)):
            return super().accepts(other)
        return _all_accepted(self.cells, other.cells)

    def agrees(self, executed: Any) -> bool:
        """The same shape, and each entry as for its kind."""
        return (
            isinstance(executed, list | tuple)
            and len(executed) == len(self.value)
            and all(
                isinstance(entries, list | tuple) and len(entries) == len(row)
                for row, entries in zip(self.value, executed, strict=True)
            )
            and _all_agree(self.cells, list(chain.from_iterable(executed)))
        )

    def impossible(self) -> str | None:
        """The first impossible entry."""
        return next((reason for cell in self.cells if (reason := cell.impossible())), None)

    def flaw(self) -> str | None:
        """The first flaw of an entry; small entries may round to zero as long as not all do."""
        return _flaw_of(self.cells)

    def like(self, value: Any) -> Self:
        """Another matrix of the same decimals."""
        return type(self)(tuple(tuple(row) for row in value), self.decimals, self.tolerance)

    @property
    def hint(self) -> str:
        """The wanted decimals."""
        return self.cells[0].hint

    @property
    def width(self) -> int:
        """The width of one cell."""
        return max(6, *(len(cell.printed()) + 1 for cell in self.cells))

    def _rows_of(self, texts: Sequence[str]) -> str:
        columns = self.shape[1]
        return "; ".join(" ".join(texts[start : start + columns]) for start in range(0, len(texts), columns))


def joined(rows: Sequence[Sequence[str]]) -> str:
    """The texts of a grid of boxes as one text that `Vector.read` and `Matrix.read` take apart again.

    Where a row has a single cell, a bar stands before it, so that it stays one whatever was typed.
    """
    lines = [[re.sub(r"[][();|]", " ", cell) for cell in row] for row in rows]
    texts = ("; ".join(line) if len(line) > 1 else f"|{line[0]}" for line in lines)
    return f"[{', '.join(f'[{text}]' for text in texts)}]"


def split_rows(text: str, notation: Notation, *, rows_by_semicolon: bool) -> list[list[str]]:
    """The texts of the cells by row; an empty cell is an empty text.

    Raises:
        Unreadable: brackets do not match, or there are too many cells.
    """
    body = _without_latex(bounded(text))
    inner = re.findall(r"[\[(]([^\[\]()]*)[\])]", body)
    nested = re.fullmatch(r"[\[(]\s*(?:[\[(][^\[\]()]*[\])][\s,;]*)+[\])]", body)
    if nested or len(inner) > 1:
        rows = [_cells(row, notation, semicolons=True) for row in inner]
    else:
        body = body.strip()
        if body[0] in "[(" and body[-1] in "])":
            body = body[1:-1]
        if re.search(r"[\[\]()]", body):
            raise Unreadable("the brackets do not match")
        breaks = r"\n" if not rows_by_semicolon else r"[;\n]"
        rows = [
            _cells(row, notation, semicolons=not rows_by_semicolon)
            for row in re.split(breaks, body)
            if row.strip()
        ]
    if sum(map(len, rows)) > MOST_CELLS:
        raise Unreadable(f"more than {MOST_CELLS} entries were written")
    if not any(rows):
        raise Unreadable("nothing was written between the brackets")
    return rows


def _without_latex(text: str) -> str:
    """A LaTeX matrix as lines of cells set apart by semicolons within brackets."""
    match = re.fullmatch(
        r"\s*\\begin\{([bpv]?matrix|array)\}(?:\{[^}]*\})?(.*)\\end\{\1\}\s*", text, re.DOTALL
    )
    if not match:
        return text
    rows = [row for row in match[2].split(r"\\") if row.strip()]
    return "[" + ", ".join(f"[{row.replace('&', ';')}]" for row in rows) + "]"


def _cells(row: str, notation: Notation, *, semicolons: bool) -> list[str]:
    if row.startswith("|"):
        return [row.removeprefix("|").strip()]
    if semicolons and ";" in row:
        return [cell.strip() for cell in row.split(";")]
    if notation.decimal == "." and "," in row:
        return [cell.strip() for cell in row.removesuffix(",").split(",")]
    return row.split()


def _read_cells(texts: Sequence[str], notation: Notation) -> tuple[Cell, ...]:
    return tuple(_read_cell(text, notation) for text in texts)


def _read_cell(text: str, notation: Notation) -> Cell:
    if not text:
        return None
    try:
        return read_number(text, notation)
    except Ambiguous:
        raise
    except Unreadable as reason:
        return reason


def _compared(keys: Sequence[Integer | Real], reading: Sequence[Cell], names: Sequence[str]) -> Verdict:
    verdicts = [
        key.compare(cell) if isinstance(cell, Number) else None
        for key, cell in zip(keys, reading, strict=True)
    ]
    unreadable = [
        f"{name}: {cell}" for name, cell in zip(names, reading, strict=True) if isinstance(cell, Unreadable)
    ]
    cells = tuple(verdict is not None and verdict.right for verdict in verdicts)
    if unreadable:
        return Verdict(cells, "; ".join(unreadable), undecided=True)
    coarse = next((verdict for verdict in verdicts if verdict and verdict.coarse), None)
    return Verdict(cells, coarse.note, coarse=True) if coarse else Verdict(cells)


def _is_in_words(cells: Sequence[Cell]) -> bool:
    return any(isinstance(cell, Unreadable) for cell in cells)


def _carried(key: Integer | Real, cell: Cell) -> float:
    if not isinstance(cell, Number):
        raise ValueError("an entry is missing or not readable")
    return key.carried(cell)


def _scalar(value: float, decimals: int, tolerance: str | None) -> Integer | Real:
    if decimals:
        return Real(float(value), decimals, tolerance)
    if value != int(value):
        raise ValueError(f"{value} is not a whole number: name the wanted decimals")
    return Integer(int(value))


def _all_accepted(keys: Sequence[Answer], others: Sequence[Answer]) -> bool:
    return all(key.accepts(other) for key, other in zip(keys, others, strict=True))


def _all_agree(keys: Sequence[Integer | Real], executed: Sequence[Any]) -> bool:
    return all(key.agrees(entry) for key, entry in zip(keys, executed, strict=True))


def _both(edges: tuple[str, ...]) -> tuple[str, str]:
    return edges[0], edges[-1]


def _flaw_of(cells: Sequence[Integer | Real]) -> str | None:
    invisible = "an answer rounds to zero without being zero"
    flaws = [flaw for cell in cells if (flaw := cell.flaw())]
    serious = [flaw for flaw in flaws if flaw != invisible]
    if serious:
        return serious[0]
    return "all entries of an answer round to zero" if len(flaws) == len(cells) else None


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
