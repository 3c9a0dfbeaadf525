"""Sets the blocks of a document as a column of strips."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeGuard

from ...answers import Choice, Ordering
from ..document import (
    Alignment,
    Blank,
    Block,
    Code,
    DisplayMath,
    Document,
    Figure,
    Heading,
    Inline,
    Listing,
    Paragraph,
    Table,
    Text,
)
from ..mathematics import layout
from .blanks import Blanks, Box, piece
from .choices import options, steps
from .lines import Piece, Word, chunks, filled, natural_width, words
from .listing import listing
from .pen import Pen
from .strips import NEVER, Column, Strip, beside, indented, led, together
from .styles import Style, Type
from .tables import Cell, least_width, table

_GAPS: dict[type[Block], float] = {
    Paragraph: 6,
    Heading: 10,
    DisplayMath: 7,
    Code: 8,
    Table: 9,
    Listing: 6,
    Figure: 10,
    Blank: 7,
}
"""The white space above and below each kind of block; the larger one of two neighbours counts."""

_ABOVE_SECTION = 18.0
"""The white space above a heading of level 1."""

_SPLITS: dict[type[Block], float] = {
    Paragraph: 220,
    Heading: 60,
    DisplayMath: 300,
    Code: 180,
    Table: 240,
    Listing: 180,
    Figure: 180,
    Blank: 250,
}
"""How bad it is to end a page before a block: worst where it belongs to what stands above it."""

_INDENT = 17.0
_LONGEST_LABEL = 40
_NO_BREAK = "\N{NO-BREAK SPACE}"
_LEAST_SCALE = 0.7
"""The scale of the smallest type in a table that is too wide."""
_LEAST_BOX = 0.45
"""How far the box of an answer shrinks where a table is too wide."""


@dataclass(frozen=True)
class Setter:
    """Sets blocks in one style.

    Attributes:
        style: the sizes.
        blanks: the blanks of the document and what stands in them.
        kind: how running text is set.
    """

    style: Style
    blanks: Blanks
    kind: Type

    def document(self, document: Document, width: float) -> Column:
        """The column of a document.

        Raises:
            DocumentError: it has a blank without an answer.
            MathError: a formula cannot be set.
            FigureError: a figure cannot be drawn.
        """
        return self.blocks(document.blocks, width)

    def blocks(self, blocks: Sequence[Block], width: float) -> Column:
        """The column of blocks; no page ends after a heading."""
        column: Column = []
        previous: Block | None = None
        for block in blocks:
            gap, penalty = 0.0, 0.0
            if previous is not None:
                gap = max(_GAPS[type(previous)], _GAPS[type(block)])
                gap = _ABOVE_SECTION if isinstance(block, Heading) and block.level == 1 else gap
                gap = 4.0 if isinstance(previous, Heading) else gap
                penalty = NEVER if isinstance(previous, Heading) else _SPLITS[type(block)]
            column += led(self._block(block, width), self.style.points(gap), penalty)
            previous = block
        return column

    def paragraph(
        self, inlines: Iterable[Inline], width: float, kind: Type | None = None, alignment: Alignment = "left"
    ) -> Column:
        """The lines of a text, cut where the options of a choice stand."""
        kind = kind or self.kind
        column: Column = []
        run: list[Inline] = []
        for inline in (*inlines, None):
            if inline is not None and not self._is_block(inline):
                run.append(inline)
                continue
            if run:
                lines = self._lines(tuple(run), width, kind, alignment)
                column += led(lines, self.style.points(6), _SPLITS[Paragraph])
                run = []
            if isinstance(inline, Blank):
                column += led(self._blank(inline, width), self.style.points(6), _SPLITS[Blank])
        return column

    def _lines(
        self, inlines: tuple[Inline, ...], width: float, kind: Type, alignment: Alignment
    ) -> Sequence[Strip]:
        if not any(isinstance(inline, Blank) for inline in inlines):
            return _plain_lines(inlines, width, kind, alignment)
        parts = chunks(_with_whole_labels(inlines), kind, width, lambda blank: self._piece(blank, width))
        return filled(parts, width, kind, alignment)

    def _is_box(self, cell: Sequence[Inline]) -> TypeGuard[Sequence[Blank]]:
        """Whether a cell is nothing but a box to write in."""
        return len(cell) == 1 and isinstance(cell[0], Blank) and not self._is_block(cell[0])

    def _is_block(self, inline: Inline) -> bool:
        return isinstance(inline, Blank) and isinstance(self.blanks.answer(inline.name), Choice | Ordering)

    def _piece(self, blank: Blank, width: float) -> Piece:
        return piece(blank.name, self.blanks, self.style, width)

    def _block(self, block: Block, width: float) -> Column:
        match block:
            case Paragraph(inlines):
                column = self.paragraph(inlines, width)
            case Heading(level, inlines):
                column = together(self.paragraph(inlines, width, self.style.heading(level)))
            case DisplayMath(latex):
                column = [display_formula(latex, self.kind, width)]
            case Code(code, language):
                column = listing(code, language, self.style, width)
            case Table():
                column = self._table(block, width)
            case Listing():
                column = self._list(block, width)
            case Figure():
                column = [figure(block, self.style, width)]
            case Blank():
                column = self._blank(block, width)
        return column

    def _blank(self, blank: Blank, width: float) -> Column:
        match self.blanks.answer(blank.name):
            case Choice() as choice:
                return options(blank.name, choice, self.blanks, self.style, width)
            case Ordering() as ordering:
                return steps(blank.name, ordering, self.blanks, self.style, width)
            case _:
                return filled(
                    chunks([blank], self.kind, width, lambda blank: self._piece(blank, width)),
                    width,
                    self.kind,
                )

    def _list(self, block: Listing, width: float) -> Column:
        indent = self.style.points(_INDENT)
        column: Column = []
        for number, item in enumerate(block.items, 1):
            rows = indented(self.blocks(item, width - indent), indent)
            if rows:
                label = words(f"{number}." if block.ordered else "•", self.kind)[0]
                rows = beside(_at_right(label, indent - self.style.points(5)), rows)
            column += led(rows, self.style.points(4), _SPLITS[Listing])
        return column

    def _table(self, block: Table, width: float) -> Column:
        alignments = [
            "center" if any(map(self._is_box, cells)) else alignment
            for cells, alignment in zip(zip(*block.rows, strict=True), block.alignments, strict=False)
        ] or block.alignments
        rows = [
            [
                self._cell(cell, alignment, width, heading=row is block.header)
                for cell, alignment in zip(row, alignments, strict=True)
            ]
            for row in (block.header, *block.rows)
        ]
        needed = least_width(rows, self.style)
        if needed > width and self.style.scale > _LEAST_SCALE:
            scale = max(_LEAST_SCALE, self.style.scale * min(0.95, width / needed))
            smaller = replace(self, style=Style(scale), kind=self.kind.scaled(scale / self.style.scale))
            return smaller._table(block, width)
        return table(rows, self.style, width)

    def _cell(self, inlines: Sequence[Inline], alignment: Alignment, width: float, *, heading: bool) -> Cell:
        kind = replace(self.kind, bold=True) if heading else self.kind
        if self._is_box(inlines):
            box = self._piece(inlines[0], width)
            if isinstance(box, Box):
                natural = box.width - self.style.points(6)
                return Cell(natural, _LEAST_BOX * natural, lambda _: [], box)
        parts = chunks(
            [inline for inline in inlines if not self._is_block(inline)],
            kind,
            width,
            lambda blank: self._piece(blank, width),
        )
        natural = natural_width(parts)
        least = max((chunk.width for chunk in parts), default=0.0)
        if any(map(self._is_block, inlines)):
            natural, least = max(natural, 0.4 * width), max(least, 0.2 * width)
        return Cell(natural, least, lambda extent: self.paragraph(inlines, extent + 0.01, kind, alignment))


def _with_whole_labels(inlines: Sequence[Inline]) -> Iterator[Inline]:
    """The text with no line end within the label of a further box, as in `Rows: ▭ Number of columns: ▭`."""
    for before, inline, after in zip((None, *inlines), inlines, (*inlines[1:], None), strict=False):
        between = isinstance(before, Blank) and isinstance(after, Blank)
        yield _unbroken(inline) if between and isinstance(inline, Text) else inline


def _unbroken(text: Text) -> Text:
    label = text.text.strip()
    if len(label) > _LONGEST_LABEL:
        return text
    return replace(text, text=text.text.replace(label, label.replace(" ", _NO_BREAK)))


@lru_cache(maxsize=2000)
def _plain_lines(
    inlines: tuple[Inline, ...], width: float, kind: Type, alignment: Alignment
) -> tuple[Strip, ...]:
    """The lines of a text without blanks, which may stand in many forms, and on paper and key."""
    return tuple(filled(chunks(inlines, kind, width, _no_piece), width, kind, alignment))


def _no_piece(blank: Blank) -> Piece:
    raise AssertionError(f"a text without blanks has the blank {blank.name}")


def _at_right(label: Word, right: float) -> Callable[[Pen, float, float], None]:
    """Writes a label that ends at a distance from the left edge."""
    return lambda pen, x, y: label.draw(pen, x + right - label.width, y)


def display_formula(latex: str, kind: Type, width: float) -> Strip:
    """A formula on a line of its own, smaller where it is wider than the column."""
    box = layout(latex, True)
    size = min(kind.size, width / max(box.width, 1e-6))

    def draw(pen: Pen, x: float, top: float, _height: float) -> None:
        left = x + (width - box.width * size) / 2
        pen.formula(left, top - box.ascent * size, latex, True, size, kind.color)

    return Strip((box.ascent + box.descent) * size, draw, box.ascent * size)


def figure(block: Figure, style: Style, width: float) -> Strip:
    """A drawing in the middle of the column, with words for those who cannot see it.

    Raises:
        FigureError: it cannot be drawn.
    """
    from reportlab.graphics import renderPDF

    from ..figures import drawing

    picture = drawing(block, style.scale)
    words = block.alt.encode("utf-16-be").hex().upper()

    def draw(pen: Pen, x: float, top: float, _height: float) -> None:
        pen.code(f"/Span <</Alt <FEFF{words}>>> BDC")
        renderPDF.draw(picture, pen.canvas, x + (width - picture.width) / 2, top - picture.height)
        pen.code("EMC")

    return Strip(picture.height, draw)
