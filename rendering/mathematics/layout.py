"""Set a formula: LaTeX to positioned glyphs, kept for formulas that differ in their digits only."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from .boxes import Glyph, Rule, drawn
from .font import NoGlyphError, math_font
from .latex import parse
from .source import PLACEHOLDER, DigitsMatterError, MathError
from .style import Style
from .typesetting import digit_shift, typeset


@dataclass(frozen=True, slots=True)
class Layout:
    """A formula set at size 1: its measures in em, and what is drawn, with the baseline at y = 0.

    Attributes:
        width: its width.
        ascent: how far it goes above the baseline.
        descent: how far it goes below it.
        glyphs: its characters.
        rules: its bars.
    """

    width: float
    ascent: float
    descent: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]


# Digits that choose an alphabet's cut or a length stay; every other one may be replaced.
_REPLACEABLE = re.compile(
    r"(\\(?:math|text|operatorname|boldsymbol|bm|hspace)[a-z]*\*?\s*\{[^{}]*\})|([0-9])"
)


@lru_cache(maxsize=4000)
def layout(latex: str, display: bool = False) -> Layout:
    """Set a formula.

    All digits have the measures of the digit 0. A formula is therefore set once with placeholders for its
    digits, and what differs from that in its digits only is that layout with other glyphs.

    Raises:
        MathError: the formula cannot be read, or the font lacks one of its characters.
    """
    digits: list[str] = []

    def placeholder(match: re.Match[str]) -> str:
        if match[1]:
            return match[1]
        digits.append(match[2])
        return chr(ord(PLACEHOLDER) + len(digits) - 1)

    if any(character >= PLACEHOLDER for character in latex):
        raise MathError(f"a private character, in the formula {latex!r}")
    try:
        skeleton = _typeset_kept(_REPLACEABLE.sub(placeholder, latex), display)
    except (DigitsMatterError, MathError):  # an error is to show the formula as it is
        return typeset_directly(latex, display)
    return _filled(skeleton, digits)


def typeset_directly(latex: str, display: bool = False) -> Layout:
    """Set a formula without the layouts that are kept; the result is the same."""
    try:
        box = typeset(parse(latex), Style(display))
    except NoGlyphError as error:
        raise MathError(
            f"{error.args[0]!r}, which the mathematics font lacks, in the formula {latex!r}"
        ) from None
    parts = tuple(drawn(box))
    return Layout(
        box.width + box.italic,
        box.ascent,
        box.descent,
        tuple(part for part in parts if isinstance(part, Glyph)),
        tuple(part for part in parts if isinstance(part, Rule)),
    )


_typeset_kept: Callable[[str, bool], Layout] = lru_cache(maxsize=4000)(typeset_directly)


def _filled(skeleton: Layout, digits: list[str]) -> Layout:
    """A layout with its digits in the place of their placeholders."""
    if not digits:
        return skeleton
    glyphs = tuple(
        _digit(glyph, digits[ord(glyph.text) - ord(PLACEHOLDER)]) if glyph.text >= PLACEHOLDER else glyph
        for glyph in skeleton.glyphs
    )
    return replace(skeleton, glyphs=glyphs)


def _digit(glyph: Glyph, digit: str) -> Glyph:
    level = math_font().scales.index(glyph.size)
    x = glyph.x + digit_shift(digit, level) * glyph.size
    return Glyph(math_font().glyph(digit, level).index, digit, x, glyph.y, glyph.size, glyph.color)
