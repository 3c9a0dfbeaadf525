"""The document tree as plain text for a terminal."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, groupby
from string import ascii_lowercase, ascii_uppercase

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
from .markdown import inlines
from .mathematics import plain

INDENT = "    "
NO_BREAK = "\N{NO-BREAK SPACE}"
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
    writer = _Writer(answers, filled or {})
    blocks = ("\n".join(writer.block(block, max(width, 20))) for block in document.blocks)
    return "\n\n".join(block.rstrip() for block in blocks)


class _Writer:
    """Writes blocks as lines, and knows what goes into the blanks."""

    def __init__(self, answers: Mapping[str, Answer], filled: Mapping[str, str]) -> None:
        self._answers = answers
        self._filled = filled

    def block(self, block: Block, width: int) -> list[str]:
        match block:
            case Paragraph(words):
                lines = self._paragraph(words, width)
            case Heading(level, words):
                lines = self._paragraph(words, width)
                lines.append(("=" if level == 1 else "-") * max(map(len, lines)))
            case DisplayMath(latex):
                lines = [INDENT + line for line in plain(latex).splitlines()]
            case Code(code, _):
                lines = [INDENT + line for line in printable(code).splitlines()]
            case Table():
                lines = self._table(block, width)
            case Listing():
                lines = self._listing(block, width)
            case Figure():
                lines = _wrapped(f"[Figure: {block.alt}]", width)
            case Blank():
                lines = self._paragraph((block,), width)
        return lines

    def _paragraph(self, words: Iterable[Inline], width: int) -> list[str]:
        """Wrapped lines; options and steps stand on lines of their own."""
        lines = []
        for lists, run in groupby(words, self._is_list):
            if lists:
                lines += chain.from_iterable(self._list(word, width) for word in run)
            else:
                lines += _wrapped("".join(self._word(word) for word in run), width)
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
        lines = []
        for number, item in enumerate(listing.items, start=1):
            mark = f"{number}. " if listing.ordered else "- "
            inner = chain.from_iterable(self.block(block, width - len(mark)) for block in item)
            lines += _hanging(mark, inner)
        return lines

    def _word(self, word: Inline) -> str:
        return self._blank(word.name) if isinstance(word, Blank) else _word(word)

    def _answer(self, name: str) -> Answer:
        if name not in self._answers:
            known = ", ".join(self._answers) or "none"
            raise DocumentError(f"The text has a blank {name}, but the answers are: {known}")
        return self._answers[name]

    def _blank(self, name: str) -> str:
        answer = self._answer(name)
        if name in self._filled:
            return _glued(" ".join(printable(self._filled[name]).split()) or "—")
        notes = ", ".join(filter(None, (_shape(answer), answer.hint)))
        box = f"[{'_' * answer.width}]"
        return f"{box} ({notes})" if notes else box

    def _is_list(self, word: Inline) -> bool:
        return isinstance(word, Blank) and isinstance(self._answer(word.name), Choice | Ordering)
