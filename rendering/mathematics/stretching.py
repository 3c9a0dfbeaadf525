"""Characters of any size: a larger glyph of the font, or one made of pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import ceil

from . import boxes
from .boxes import Box
from .font import Part, math_font
from .style import Style


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
    length = least / style.size
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
    """Pieces with as many repeats as a length needs, overlapping so that the length is met."""
    least_overlap = math_font().least_overlap
    fixed = sum(part.length - least_overlap for part in parts if not part.repeats) + least_overlap
    growth = sum(part.length - least_overlap for part in parts if part.repeats)
    repeats = max(0, ceil((length - fixed) / growth))
    pieces = [part for part in parts for _ in range(repeats if part.repeats else 1)]
    joints = [min(left.end, right.start) for left, right in pairwise(pieces)]
    spare = fixed + repeats * growth - length
    extra = min(spare / len(joints), min(joints) - least_overlap) if joints else 0.0
    offset, placed = 0.0, []
    for piece in pieces:
        glyph = boxes.character(piece.metrics, character, size)
        if vertical:
            placed.append((0.0, offset * size + glyph.descent, glyph))
        else:
            placed.append((offset * size - piece.metrics.left * size, 0.0, glyph))
        offset += piece.length - least_overlap - extra
    total = (offset + least_overlap + extra) * size
    if vertical:
        return boxes.pile(max(glyph.width for _, _, glyph in placed), placed)
    return boxes.pile(total, placed)
