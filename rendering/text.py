"""The document tree as plain text for a terminal."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, groupby
from string import ascii_lowercase, ascii_uppercase
from typing import cast

from rich import box
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text as Cell

from ..answers import Answer, Choice, Matrix, Ordering, SingleChoice, Unreadable, Vector
from .characters import printable
from .document import (
    Blank,
    Block,
    Code,
    DisplayMath,
    Document,
    DocumentError,
    Figure,
    Heading,
    Inline,
    LineBreak,
    Listing,
    Math,
    Paragraph,
    Table,
    Text,
)
from .hints import unsaid_hints
from .markdown import inlines
from .mathematics import plain

INDENT = "    "
NARROWEST = 8
"""Columns that a line may always have, however deep it is indented."""
NO_BREAK = "\N{NO-BREAK SPACE}"
LONGEST_GLUED = 24
"""Characters of a formula or a piece of code within which no line breaks."""
UNLIMITED = 1_000_000
"""A width at which nothing is wrapped."""


def text(
    document: Document,
    answers: Mapping[str, Answer],
    filled: Mapping[str, str] | None = None,
    width: int = 80,
) -> str:
    """A document as lines of text without colours.

    Args:
        document: the text with its blanks.
        answers: the key of each blank; only its kind, options and notation are shown.
        filled: what stands in a blank instead of an empty box: the key or what a student typed.
        width: columns of the terminal. Listings and formulas are not wrapped.

    Raises:
        DocumentError: the text has a blank that has no answer.
        MathError: a formula cannot be set.
    """
    writer = _Writer(answers, filled or {}, unsaid_hints(document, answers))
    blocks = ("\n".join(writer.block(block, max(width, NARROWEST))) for block in document.blocks)
    return "\n\n".join(block.rstrip() for block in blocks)


@dataclass(frozen=True)
class _Writer:
    """Writes blocks as lines.

    Attributes:
        answers: the key of each blank.
        filled: what stands in the blanks.
        hints: what to say beside each blank about its notation.
    """

    answers: Mapping[str, Answer]
    filled: Mapping[str, str]
    hints: Mapping[str, str]

    def block(self, block: Block, width: int) -> list[str]:
        match block:
            case Paragraph(words):
                lines = self._paragraph(words, width)
            case Heading(level, words):
                lines = self._paragraph(words, width)
                lines.append(("=" if level == 1 else "-") * max(map(len, lines), default=0))
            case DisplayMath(latex):
                lines = _indented(plain(latex))
            case Code(code, _):
                lines = _indented(printable(code))
            case Table():
                lines = self._table(block, width)
            case Listing():
                lines = self._listing(block, width)
            case Figure():
                lines = _wrapped(f"[Figure: {printable(block.alt)}]", width)
            case Blank():
                lines = self._paragraph((block,), width)
        return lines

    def _paragraph(self, words: Iterable[Inline], width: int) -> list[str]:
        """Wrapped lines; options and steps stand on lines of their own."""
        lines: list[str] = []
        for lists, run in groupby(words, self._is_list):
            if lists:
                lines += chain.from_iterable(self._list(cast(Blank, word), width) for word in run)
            else:
                lines += _wrapped("".join(map(self._word, run)), width)
        return lines

    def _table(self, table: Table, width: int) -> list[str]:
        grid = Grid(box=box.SQUARE)
        for header, alignment in zip(table.header, table.alignments, strict=True):
            grid.add_column(self._cell(header), justify=alignment, overflow="fold")
        for row in table.rows:
            grid.add_row(*map(self._cell, row))
        console = Console(file=io.StringIO(), width=width, color_system=None)
        with console.capture() as capture:
            console.print(grid)
        return [line.rstrip() for line in capture.get().splitlines()]

    def _cell(self, words: tuple[Inline, ...]) -> Cell:
        return Cell("\n".join(self._paragraph(words, UNLIMITED)))

    def _listing(self, listing: Listing, width: int) -> list[str]:
        lines: list[str] = []
        for number, item in enumerate(listing.items, start=1):
            mark = f"{number}. " if listing.ordered else "- "
            inner = chain.from_iterable(self.block(block, width - len(mark)) for block in item)
            lines += _hanging(mark, inner)
        return lines

    def _word(self, word: Inline) -> str:
        return self._blank(word.name) if isinstance(word, Blank) else _word(word)

    def _answer(self, name: str) -> Answer:
        if name not in self.answers:
            known = ", ".join(self.answers) or "none"
            raise DocumentError(f"The text has a blank {name}, but the answers are: {known}")
        return self.answers[name]

    def _blank(self, name: str) -> str:
        answer = self._answer(name)
        if name in self.filled:
            return _glued(" ".join(printable(self.filled[name]).split()) or "—")
        notes = ", ".join(filter(None, (_shape(answer), self.hints[name])))
        gap = f"[{'_' * answer.width}]"
        return f"{gap} ({notes})" if notes else gap

    def _is_list(self, word: Inline) -> bool:
        """Whether a word is a blank that needs lines of its own."""
        return isinstance(word, Blank) and isinstance(self._answer(word.name), Choice | Ordering)

    def _list(self, blank: Blank, width: int) -> Iterator[str]:
        """The options to choose from, or the steps to bring into order, and what was answered."""
        answer = self._answer(blank.name)
        given = self.filled.get(blank.name)
        for mark, markdown in _marked(answer, given):
            yield from _hanging(mark, _wrapped(_line(markdown), width - len(mark)))
        if isinstance(answer, Ordering):
            yield from _wrapped(f"Order: {self._blank(blank.name)}", width)
        elif given is not None:
            yield from _wrapped(f"Answer: {self._blank(blank.name)}", width)


def _marked(answer: Answer, given: str | None) -> Iterator[tuple[str, str]]:
    """The label and the Markdown of each option or step."""
    match answer:
        case Choice(options):
            off, on = ("( )", "(x)") if isinstance(answer, SingleChoice) else ("[ ]", "[x]")
            chosen = _chosen(answer, given)
            for place, (letter, option) in enumerate(zip(ascii_lowercase, options, strict=False)):
                yield f"{on if place in chosen else off} ({letter}) ", option.text
        case Ordering(items):
            for letter, item in zip(ascii_uppercase, items, strict=False):
                yield f"{letter}. ", item


def _chosen(choice: Choice, given: str | None) -> frozenset[int]:
    """The chosen places, none where the text cannot be read: it is shown below the options anyway."""
    try:
        return choice.read(given or "")
    except Unreadable:
        return frozenset()


def _shape(answer: Answer) -> str:
    match answer:
        case Vector(value):
            return f"vector of {len(value)} entries"
        case Matrix():
            rows, columns = answer.shape
            return f"{rows} × {columns} matrix"
        case _:
            return ""


def _line(markdown: str) -> str:
    """One line of Markdown that has no blanks."""
    return "".join(map(_word, inlines(markdown)))


def _word(word: Inline) -> str:
    match word:
        case Text(text, code=True):
            return _glued(f"`{printable(text)}`")
        case Text(text):
            return printable(text)
        case Math(latex):
            return _glued(" ".join(plain(latex).splitlines()))
        case LineBreak():
            return "\n"
        case Blank(name):
            raise DocumentError(f"The blank {name} cannot stand within an option")


def _glued(piece: str) -> str:
    """A short piece so that no line breaks within it."""
    return piece.replace(" ", NO_BREAK) if len(piece) <= LONGEST_GLUED else piece


def _wrapped(line: str, width: int) -> list[str]:
    wrapped = (
        textwrap.wrap(part, max(width, NARROWEST), break_on_hyphens=False) for part in line.split("\n")
    )
    return [part.replace(NO_BREAK, " ") for part in chain.from_iterable(wrapped)]


def _indented(text: str) -> list[str]:
    return textwrap.indent(text, INDENT).splitlines()


def _hanging(mark: str, lines: Iterable[str]) -> Iterator[str]:
    """Lines behind a mark; those after the first are indented as far."""
    for line in lines:
        yield mark + line
        mark = " " * len(mark)
