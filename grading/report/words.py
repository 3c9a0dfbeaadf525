"""How the report puts figures into words, cells and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ...rendering.characters import with_apostrophes
from ...rendering.document import Alignment, Heading, Inline, Math, Paragraph, Table, Text
from ..outputs import number
from ..statistics import Interval

Cell = tuple[Inline, ...]
NONE: Cell = (Text("–"),)


def heading(text: str, level: int = 1) -> Heading:
    """A heading of plain text."""
    return Heading(level, (Text(text),))


def paragraph(text: str) -> Paragraph:
    """A paragraph of plain text."""
    return Paragraph((Text(with_apostrophes(text)),))


def cell(content: str | int) -> Cell:
    """A cell of plain text."""
    return (Text(str(content)),)


def table(columns: Mapping[str, Alignment], rows: Sequence[Sequence[Cell]]) -> Table:
    """A table from the titles of its columns with their alignments, and its rows."""
    return Table(tuple(map(cell, columns)), tuple(map(tuple, rows)), tuple(columns.values()))


def decimal(value: float) -> str:
    """At most two decimals."""
    return _minus(f"{value:.2f}".rstrip("0").rstrip("."))


def hundredths(value: float) -> str:
    """Two decimals."""
    return _minus(f"{value:.2f}")


def between(interval: Interval) -> str:
    """The ends of an interval, on one line."""
    return f"{hundredths(interval.low)}\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}{hundredths(interval.high)}"


def percent(share: float | Fraction) -> str:
    """A share in percent."""
    return f"{number(Fraction(round(1000 * share), 10))}\N{NO-BREAK SPACE}%"


def whole_percent(share: float) -> str:
    """A share in whole percent."""
    return percent(round(share, 2))


def power(probability: float) -> Cell:
    """A small probability, with one figure."""
    mantissa, _, exponent = f"{probability:.0e}".partition("e")
    return (Math(rf"{mantissa} \cdot 10^{{{int(exponent)}}}"),)


def counted(count: int, thing: str) -> str:
    """A number of things."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _minus(text: str) -> str:
    """The text of a number with a true minus sign, and none before zero."""
    return text.replace("-", "−") if text.strip("-0.") else text.lstrip("-")
