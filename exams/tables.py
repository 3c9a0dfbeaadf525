"""Tables in the sorts of CSV that spreadsheets and learning platforms write."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

LONGEST_CELL = 131_072
FORCED_TEXT = re.compile(r'="((?:[^"]|"")*)"')
SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?\r?\n')
"""Excel's own first line."""


@dataclass(frozen=True)
class Row:
    """A row that is not empty.

    Attributes:
        number: in a spreadsheet, from 1.
        cells: as typed.
        fault: why the row is not CSV; there are no cells then.
    """

    number: int
    cells: Sequence[str]
    fault: str = ""


def rows(text: str, known: Callable[[str], object], longest: int = LONGEST_CELL) -> Iterator[Row]:
    """The rows that are not empty, the headings first.

    Args:
        text: the file.
        known: tells the headings that are looked at; the separator is the one with which most of them are.
        longest: characters of a cell.
    """
    declared = SEPARATOR_LINE.match(text)
    if declared:
        text = text[declared.end() :]
    reader = _reader(text, declared[1] if declared else _separator(text, known, longest))
    for number in itertools.count(1):
        try:
            cells = _next(reader, longest)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(number, (), str(error))
        else:
            if filled(cells):
                yield Row(number, cells)


def filled(cells: Sequence[str]) -> bool:
    """Whether anything is written in them."""
    return any(cell.strip() for cell in cells)


def roles(headings: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The role of each usual heading, by its `letters`."""
    return {letters(heading): role for role, usual in headings.items() for heading in usual}


def plain(cell: str) -> str:
    """What a cell shows: programs write `="0012"` so that a spreadsheet takes it for text."""
    forced = FORCED_TEXT.fullmatch(cell.strip())
    return forced[1].replace('""', '"') if forced else cell


def letters(heading: str) -> str:
    """What tells a heading from others: case, spaces and punctuation do not matter."""
    return re.sub(r"[\W_]+", "", heading.casefold())


def _reader(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _next(reader: Iterator[list[str]], longest: int) -> list[str]:
    """The next row; the length of cells is a setting of the whole process, which is put back at once."""
    former = csv.field_size_limit(longest)
    try:
        return next(reader)
    finally:
        csv.field_size_limit(former)


def _separator(text: str, known: Callable[[str], object], longest: int) -> str:
    """The separator with which the headings make most sense."""

    def sense(separator: str) -> tuple[int, int]:
        reader = _reader(text, separator)
        try:
            while not filled(headings := _next(reader, longest)):
                pass
        except (csv.Error, StopIteration):
            return 0, 0
        return sum(known(heading) is not None for heading in headings), len(headings)

    return max(",;\t", key=sense)
