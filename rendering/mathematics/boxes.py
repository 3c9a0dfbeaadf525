"""Boxes: what is set, with its size, and how boxes are put beside, above and into each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from .font import Metrics


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph of the mathematics font.

    Attributes:
        index: its number in the font.
        text: what it stands for.
        x: its origin, in em.
        y: its baseline, in em upwards.
        size: its size as a part of the formula's.
        color: its colour as #rrggbb; none is the colour of the formula.
    """

    index: int
    text: str
    x: float
    y: float
    size: float
    color: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A filled rectangle in em, by its lower left corner."""

    x: float
    y: float
    width: float
    height: float
    color: str | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """Something set: its size in em, and its parts from the left end of its baseline.

    Attributes:
        width: how far it moves the next box.
        ascent: how far it goes above the baseline.
        descent: how far it goes below it.
        parts: what it is made of, each with its place.
        italic: the room that its slant needs before something upright.
        attachment: where an accent is centred, if it is a single character.
        simple: whether scripts stand at their usual height, however high it is.
    """

    width: float
    ascent: float
    descent: float
    parts: tuple[tuple[float, float, Box | Glyph | Rule], ...] = ()
    italic: float = 0.0
    attachment: float | None = None
    simple: bool = False
    color: str | None = None

    @property
    def height(self) -> float:
        """Ascent and descent."""
        return self.ascent + self.descent


EMPTY = Box(0.0, 0.0, 0.0)


def character(metrics: Metrics, text: str, size: float) -> Box:
    """A single glyph."""
    return Box(
        metrics.width * size,
        metrics.ascent * size,
        metrics.descent * size,
        ((0.0, 0.0, Glyph(metrics.index, text, 0.0, 0.0, size)),),
        metrics.italic * size,
        None if metrics.attachment is None else metrics.attachment * size,
        simple=True,
    )


def rule(width: float, height: float) -> Box:
    """A rectangle that stands on the baseline."""
    return Box(width, height, 0.0, ((0.0, 0.0, Rule(0.0, 0.0, width, height)),))


def space(width: float) -> Box:
    """An empty box."""
    return Box(width, 0.0, 0.0)


def pile(width: float, parts: Iterable[tuple[float, float, Box]]) -> Box:
    """Boxes at given places, in a box of a given width that is as high and deep as they are."""
    parts = tuple(parts)
    return Box(
        width,
        max((y + box.ascent for _, y, box in parts), default=0.0),
        max((box.descent - y for _, y, box in parts), default=0.0),
        parts,
    )


def beside(boxes: Sequence[Box]) -> Box:
    """Boxes on one baseline, one after the other."""
    if len(boxes) == 1:
        return boxes[0]
    x, parts = 0.0, []
    for box in boxes:
        parts.append((x, 0.0, box))
        x += box.width
    return replace(pile(x, parts), italic=boxes[-1].italic if boxes else 0.0)


def raised(box: Box, height: float) -> Box:
    """A box above its place."""
    return pile(box.width, [(0.0, height, box)])


def drawn(box: Box, x: float = 0.0, y: float = 0.0, color: str | None = None) -> Iterator[Glyph | Rule]:
    """All glyphs and rules of a box at their places."""
    color = box.color or color
    for dx, dy, part in box.parts:
        match part:
            case Box():
                yield from drawn(part, x + dx, y + dy, color)
            case Glyph():
                yield Glyph(part.index, part.text, x + dx, y + dy, part.size, color)
            case Rule():
                yield Rule(x + dx, y + dy, part.width, part.height, color)
