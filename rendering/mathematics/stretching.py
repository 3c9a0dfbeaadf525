"""Characters of any size: a larger glyph of the font, or one made of pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from math import ceil

from . import boxes
from .boxes import Box
from .font import Part, math_font
from .style import Style

_LONGEST = 80.0
"""No page is higher, in em; brackets around lopsided fractions double with every level of nesting."""


def bracket(character: str, least: float, style: Style) -> Box:
    """A character at least so high in em, centred on the axis of the formula."""
    return centred(_stretched(character, True, least, style), style)


def horizontal(character: str, least: float, style: Style) -> Box:
    """A character at least so wide in em."""
    return _stretched(character, False, least, style)


def radical(least: float, style: Style) -> Box:
    """A root sign at least so high in em."""
    return _stretched("√", True, least, style)


def operator(character: str, style: Style) -> Box:
    """A large operator, larger still in display style; its scripts stand at its upper and lower end."""
    least = style.measure("DisplayOperatorMinHeight") if style.display else 0.0
    return replace(bracket(character, least, style), simple=False)


def accent(character: str, width: float, style: Style) -> tuple[Box, float]:
    """The widest glyph of an accent that is no wider than something, or its smallest, and its middle."""
    variants = math_font().variants(character, False)
    fitting = [metrics for metrics, length in variants if length * style.size <= width]
    metrics = fitting[-1] if fitting else math_font().glyph(character, 0)
    middle = (metrics.left + metrics.right) / 2 if metrics.attachment is None else metrics.attachment
    return boxes.character(metrics, character, style.size), middle * style.size


def centred(box: Box, style: Style) -> Box:
    """A box with its middle on the axis of the formula."""
    lift = style.measure("AxisHeight") - (box.ascent - box.descent) / 2
    return replace(boxes.raised(box, lift), italic=box.italic, simple=box.simple)


def _stretched(character: str, vertical: bool, least: float, style: Style) -> Box:
    """The smallest glyph that reaches a length, else pieces put together, else the largest glyph."""
    length = min(least / style.size, _LONGEST)
    variants = math_font().variants(character, vertical)
    for metrics, reached in variants:
        if reached >= length:
            return boxes.character(metrics, character, style.size)
    parts = math_font().parts(character, vertical)
    if parts:
        return _assembled(character, parts, vertical, length, style.size)
    metrics = variants[-1][0] if variants else math_font().glyph(character, style.level)
    return boxes.character(metrics, character, style.size)


def _assembled(character: str, parts: Sequence[Part], vertical: bool, length: float, size: float) -> Box:
    """Pieces with as many repeats as a length needs, which overlap so that the length is met."""
    least = math_font().least_overlap
    fixed = sum(part.length - least for part in parts if not part.repeats) + least
    growth = sum(part.length - least for part in parts if part.repeats)
    repeats = max(0, ceil((length - fixed) / growth))
    pieces = [part for part in parts for _ in range(repeats if part.repeats else 1)]
    reserves = [min(left.end, right.start) - least for left, right in pairwise(pieces)]
    spare = fixed + repeats * growth - length
    used = min(1.0, spare / sum(reserves)) if any(reserves) else 0.0
    steps = [piece.length - least - used * reserve for piece, reserve in zip(pieces, reserves, strict=False)]
    offsets = [offset * size for offset in accumulate(steps, initial=0.0)]
    glyphs = [boxes.character(piece.metrics, character, size) for piece in pieces]
    if vertical:
        width = max(glyph.width for glyph in glyphs)
        placed = zip(offsets, glyphs, strict=True)
        return boxes.pile(width, [(0.0, offset + glyph.descent, glyph) for offset, glyph in placed])
    lefts = (offset - piece.metrics.left * size for offset, piece in zip(offsets, pieces, strict=True))
    width = offsets[-1] + pieces[-1].length * size
    return boxes.pile(width, [(left, 0.0, glyph) for left, glyph in zip(lefts, glyphs, strict=True)])
