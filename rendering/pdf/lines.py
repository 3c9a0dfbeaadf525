"""Breaks running text with formulas and answer boxes into lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from reportlab.pdfbase.pdfmetrics import stringWidth

from ..document import Alignment, Blank, Inline, LineBreak, Math, Text
from ..mathematics import layout
from .fonts import register, text_runs
from .pen import Pen
from .strips import NEVER, Column, Strip
from .styles import Type

CODE_SIZE = 0.86
"""The size of code among words: monospaced letters look larger."""

_TIED = 0.95
"""A box stays with what is before it unless both fill more than this share of a line."""
_WIDE = 0.4
"""A box that is wider than this share of a line leaves the word before it rather than drag it along."""
_RELATIONS = frozenset("=≈≤≥<>")
"""Words that begin no line."""
_SPACE_AFTER_BOX = 2.5
"""The space between a box and what follows, in spaces, so that a label is nearer to its own box."""
_LINE_GAP = 0.15
"""The least white between two lines, in type sizes: fractions and boxes need it."""
_SCRAP = 0.14
"""A last line shorter than this share of the width looks lost."""
_NARROWER = (0.97, 0.94, 0.91, 0.88, 0.85, 0.82)
_WIDOW = 400.0
_LOOSE = 80.0


class Piece(Protocol):
    """What stands on a line: it has a width, and reaches above and below the baseline."""

    @property
    def width(self) -> float:
        """From its left to its right edge."""

    @property
    def ascent(self) -> float:
        """Its height above the baseline."""

    @property
    def descent(self) -> float:
        """Its depth below the baseline."""

    def draw(self, pen: Pen, x: float, y: float) -> None:
        """Draw it with its baseline at x, y."""


class Word(NamedTuple):
    """A run of text in one font."""

    text: str
    font: str
    size: float
    color: str
    width: float
    ascent: float
    descent: float

    def draw(self, pen: Pen, x: float, y: float) -> None:
        """Write it."""
        pen.text(x, y, self.text, self.font, self.size, self.color)


class Formula(NamedTuple):
    """An inline formula."""

    latex: str
    size: float
    color: str
    width: float
    ascent: float
    descent: float

    def draw(self, pen: Pen, x: float, y: float) -> None:
        """Draw it."""
        pen.formula(x, y, self.latex, False, self.size, self.color)


class Chunk(NamedTuple):
    """Pieces that stay on one line.

    Attributes:
        pieces: each with its distance from the chunk's left edge.
        width: of all.
        space: the white space before it, if it does not begin a line.
        forced: whether it begins a line in any case.
    """

    pieces: tuple[tuple[float, Piece], ...]
    width: float
    space: float = 0
    forced: bool = False


_EAST_ASIAN = re.compile(
    r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff][\u3000-\u3003\uff00-\uff0f]*|[^\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]+"
)
"""A letter of East Asian scripts with the punctuation after it, or what is written in other scripts."""

PieceOf = Callable[[Blank], Piece]
"""The box of a blank."""


def text_width(text: str, font: str, size: float) -> float:
    """The width of a text in one font, in points."""
    return _width(text, font) * size


@lru_cache(maxsize=50_000)
def _width(text: str, font: str) -> float:
    return float(stringWidth(text, font, 1))


@lru_cache(maxsize=20_000)
def words(text: str, kind: Type, code: bool = False) -> tuple[Word, ...]:
    """A text without spaces at which it may break, as runs of one font."""
    register()
    size = kind.size * CODE_SIZE if code else kind.size
    runs = _code_runs(text, kind) if code else text_runs(text, kind.bold, kind.italic)
    return tuple(
        Word(part, font, size, kind.color, text_width(part, font, size), kind.ascent, kind.descent)
        for font, part in runs
    )


def _code_runs(text: str, kind: Type) -> tuple[tuple[str, str], ...]:
    return (("Mono-Bold" if kind.bold else "Mono", text),)


@lru_cache(maxsize=20_000)
def formula(latex: str, kind: Type, shrink: float = 1.0) -> Formula:
    """A formula of the text's size."""
    size = kind.size * shrink
    box = layout(latex)
    return Formula(latex, size, kind.color, box.width * size, box.ascent * size, box.descent * size)


def chunks(inlines: Iterable[Inline], kind: Type, width: float, piece_of: PieceOf) -> list[Chunk]:
    """The unbreakable parts of a text.

    Args:
        inlines: the text.
        kind: how it is set.
        width: of a line, so that a chunk which is wider can be made to fit.
        piece_of: gives the box of a blank.
    """
    gathered = _Gathered(kind, width)
    for inline in inlines:
        match inline:
            case Text():
                gathered.add_text(inline)
            case Math(latex):
                gathered.add((formula(latex, kind),))
            case Blank():
                gathered.add_box(piece_of(inline))
            case LineBreak():
                gathered.end_line()
    return gathered.finished()


class _Gathered:
    """Chunks as they grow: what is not set apart by a space belongs to the chunk before it."""

    def __init__(self, kind: Type, width: float) -> None:
        self._kind = kind
        self._line = width
        self._chunks: list[Chunk] = []
        self._pieces: list[tuple[float, Piece]] = []
        self._width = 0.0
        self._before = 0.0
        self._space = 0.0
        self._pending = False
        self._forced = False
        self._after_box = False

    def add_text(self, text: Text) -> None:
        kind = self._kind
        if text.bold or text.italic:
            kind = _cut(kind, text.bold, text.italic)
        for part in _parts(text.text):
            if part in (" ", ""):
                self._add_space(_space(kind, text.code) if part else 0.0)
            else:
                self.add(words(part, kind, text.code), tied=part in _RELATIONS)

    def add(self, pieces: Sequence[Piece], tied: bool = False) -> None:
        width = sum(piece.width for piece in pieces)
        if self._pending:
            stays = tied and self._pieces and self._width + self._space + width < _TIED * self._line
            if stays:
                self._width += self._space
            else:
                self._close()
            self._space, self._pending = (0.0, False) if stays else (self._space, False)
        for piece in pieces:
            self._pieces.append((self._width, piece))
            self._width += piece.width
        self._after_box = False

    def add_box(self, box: Piece) -> None:
        """Stays with the formula before it, or with the word if it is not wide."""
        after_formula = bool(self._pieces) and isinstance(self._pieces[-1][1], Formula)
        self.add((box,), tied=after_formula or box.width < _WIDE * self._line)
        self._after_box = True

    def end_line(self) -> None:
        self._close()
        self._forced, self._pending, self._space = True, False, 0.0

    def finished(self) -> list[Chunk]:
        self._close()
        return self._chunks

    def _add_space(self, space: float) -> None:
        self._space = space * _SPACE_AFTER_BOX if self._after_box else space
        self._pending = True

    def _close(self) -> None:
        if self._pieces:
            chunk = Chunk(tuple(self._pieces), self._width, self._before, self._forced)
            self._chunks += [chunk] if chunk.width <= self._line else _fitting(chunk, self._kind, self._line)
            self._forced = False
        self._before = self._space
        self._pieces, self._width, self._space = [], 0.0, 0.0


@lru_cache(maxsize=256)
def _cut(kind: Type, bold: bool, italic: bool) -> Type:
    return Type(kind.size, kind.leading, kind.bold or bold, kind.italic or italic, kind.color)


@lru_cache(maxsize=256)
def _space(kind: Type, code: bool) -> float:
    return sum(word.width for word in words(" ", kind, code))


@lru_cache(maxsize=20_000)
def _parts(text: str) -> tuple[str, ...]:
    """Words and the spaces between them; an empty space is where East Asian writing may break."""
    parts: list[str] = []
    for part in re.split(r"([ \t\n]+)", text):
        if part.isspace():
            parts.append(" ")
        elif part.isascii():
            parts += [part] if part else []
        else:
            parts += [piece for letters in _EAST_ASIAN.findall(part) for piece in ("", letters)][1:]
    return tuple(parts)


def _fitting(chunk: Chunk, kind: Type, width: float) -> list[Chunk]:
    """A chunk that is wider than a line: its pieces apart, letters apart, formulas made smaller."""
    parts: list[Chunk] = []
    for _, piece in chunk.pieces:
        if piece.width <= width:
            parts.append(Chunk(((0.0, piece),), piece.width))
        elif isinstance(piece, Word):
            parts += _letters(piece, width)
        elif isinstance(piece, Formula):
            small = formula(piece.latex, kind, width / piece.width)
            parts.append(Chunk(((0.0, small),), small.width))
        else:
            parts.append(Chunk(((0.0, piece),), width))
    first = parts[0]
    return [Chunk(first.pieces, first.width, chunk.space, chunk.forced), *parts[1:]]


def _letters(word: Word, width: float) -> Iterator[Chunk]:
    start = 0
    for end in range(1, len(word.text) + 1):
        if end == len(word.text) or text_width(word.text[start : end + 1], word.font, word.size) > width:
            part = word.text[start:end]
            extent = text_width(part, word.font, word.size)
            piece = Word(part, word.font, word.size, word.color, extent, word.ascent, word.descent)
            yield Chunk(((0.0, piece),), extent)
            start = end


def natural_width(parts: Sequence[Chunk]) -> float:
    """The width of the text where only forced breaks end its lines."""
    widest = line = 0.0
    for place, chunk in enumerate(parts):
        line = chunk.width if chunk.forced or not place else line + chunk.space + chunk.width
        widest = max(widest, line)
    return widest


def filled(parts: Sequence[Chunk], width: float, kind: Type, alignment: Alignment = "left") -> Column:
    """The lines of a text, each as full as it can be.

    Args:
        parts: the text.
        width: of a line.
        kind: how it is set.
        alignment: of each line.
    """
    column: Column = []
    lines = _even_lines(parts, width)
    below = 0.0
    for place, (line, extent) in enumerate(lines):
        pieces = _joined(line)
        ascent = max([kind.ascent, *(piece.ascent for _, piece in pieces)])
        descent = max([kind.descent, *(piece.descent for _, piece in pieces)])
        above = max(kind.leading - below - ascent, _LINE_GAP * kind.size) if place else 0.0
        start = {"left": 0.0, "center": (width - extent) / 2, "right": width - extent}[alignment]
        column.append(
            Strip(
                ascent + descent,
                _line_drawing(pieces, start, ascent),
                ascent,
                above,
                _line_penalty(place, len(lines)),
            )
        )
        below = descent
    return column


def _line_penalty(place: int, lines: int) -> float:
    """Neither the first nor the last line of a text stands alone on a page."""
    if place == 0:
        return 0
    if place == 1 or place == lines - 1:
        return NEVER if lines < 6 else _WIDOW
    return _LOOSE


def _even_lines(parts: Sequence[Chunk], width: float) -> list[tuple[list[tuple[float, Piece]], float]]:
    """The lines of a text, so that no scrap is left over for the last one."""
    lines = list(_lines(parts, width))
    for share in _NARROWER:
        if len(lines) < 2 or lines[-1][1] > _SCRAP * width:
            break
        narrower = list(_lines(parts, share * width))
        if len(narrower) > len(lines):
            break
        if narrower[-1][1] > _SCRAP * width:
            return narrower
    return lines


def _lines(parts: Sequence[Chunk], width: float) -> Iterator[tuple[list[tuple[float, Piece]], float]]:
    """The pieces of each line with their places, and the line's extent."""
    line: list[tuple[float, Piece]] = []
    extent = 0.0
    for chunk in parts:
        start = extent + chunk.space if line else 0.0
        if line and (chunk.forced or start + chunk.width > width + 0.01):
            yield line, extent
            line, start = [], 0.0
        line += [(start + offset, piece) for offset, piece in chunk.pieces]
        extent = start + chunk.width
    if line:
        yield line, extent


def _joined(pieces: Sequence[tuple[float, Piece]]) -> list[tuple[float, Piece]]:
    """The pieces of a line, with neighbouring words of one look as one run."""
    joined: list[tuple[float, Piece]] = []
    run: list[tuple[float, Word]] = []
    for x, piece in pieces:
        if not isinstance(piece, Word):
            joined += _as_one(run)
            joined.append((x, piece))
            run = []
        elif run and not _continues(run[-1], x, piece):
            joined += _as_one(run)
            run = [(x, piece)]
        else:
            run.append((x, piece))
    return joined + _as_one(run)


def _continues(previous: tuple[float, Word], x: float, word: Word) -> bool:
    """Whether a word looks like the one before it, and nothing or an ordinary space is between them."""
    start, last = previous
    if (last.font, last.size, last.color) != (word.font, word.size, word.color):
        return False
    gap = x - start - last.width
    return gap < 0.01 or abs(gap - text_width(" ", word.font, word.size)) < 0.01


def _as_one(run: Sequence[tuple[float, Word]]) -> list[tuple[float, Piece]]:
    if len(run) < 2:
        return list(run)
    (start, first), (x, last) = run[0], run[-1]
    text, end = first.text, start + first.width
    for place, word in run[1:]:
        text += word.text if place - end < 0.01 else f" {word.text}"
        end = place + word.width
    return [(start, first._replace(text=text, width=x + last.width - start))]


def _line_drawing(
    pieces: list[tuple[float, Piece]], start: float, ascent: float
) -> Callable[[Pen, float, float, float], None]:
    def draw(pen: Pen, x: float, top: float, _height: float) -> None:
        for offset, piece in pieces:
            piece.draw(pen, x + start + offset, top - ascent)

    return draw
