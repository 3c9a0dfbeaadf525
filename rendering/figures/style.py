"""The look of every figure: colours, line widths, type sizes. Lengths are in points (1/72 inch)."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.lib.colors import Color

COLUMN = 453.5
"""The width of a text column: 160 mm."""
SIZE = 10.0
"""Type size of labels."""
SMALL = 8.5
"""Type size of values, weights and tick labels."""


class Tint(Color):  # type: ignore[misc]  # reportlab has no types
    """A colour mixed with paper: solid in print, translucent on a screen, where the page may be dark.

    Attributes:
        css: the unmixed colour as CSS has it.
        strength: the share of the colour, from 0 (paper) to 1.
    """

    def __init__(self, css: str, rgb: tuple[int, int, int], strength: float = 1.0) -> None:
        super().__init__(*(1 - strength * (1 - part / 255) for part in rgb))
        self.css = css
        self.strength = strength


def _ink(strength: float) -> Tint:
    return Tint("currentColor", (0, 0, 0), strength)


INK = _ink(1)
GREY = _ink(0.45)
BLUE = Tint("#2f6db0", (0x2F, 0x6D, 0xB0))
RED = Tint("#c2452d", (0xC2, 0x45, 0x2D))
GREEN = Tint("#3c8a4e", (0x3C, 0x8A, 0x4E))
SHADE = Tint("#2f6db0", (0x2F, 0x6D, 0xB0), 0.13)
ACCENT = Tint("#e0902a", (0xE0, 0x90, 0x2A), 0.36)


@dataclass(frozen=True)
class Pen:
    """How a line is drawn; `dash` gives the lengths of strokes and gaps."""

    colour: Tint = INK
    width: float = 0.65
    dash: tuple[float, ...] = ()


PEN = Pen()
HAIR = Pen(GREY, 0.45)
