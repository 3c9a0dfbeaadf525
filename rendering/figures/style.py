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
        css: the unmixed colour as CSS has it: #rrggbb, or currentColor for ink.
        strength: the share of the colour, from 0 (paper) to 1.
    """

    def __init__(self, css: str, strength: float = 1.0) -> None:
        parts = bytes(3) if css == "currentColor" else bytes.fromhex(css[1:])
        super().__init__(*(1 - strength * (1 - part / 255) for part in parts))
        self.css = css
        self.strength = strength


INK = Tint("currentColor")
GREY = Tint("currentColor", 0.45)
BLUE = Tint("#3579c4")
RED = Tint("#cc4a30")
GREEN = Tint("#3c8a4e")
SHADE = Tint("#3579c4", 0.13)
ACCENT = Tint("#e0902a", 0.36)


@dataclass(frozen=True)
class Pen:
    """How a line is drawn; `dash` gives the lengths of strokes and gaps."""

    colour: Tint = INK
    width: float = 0.65
    dash: tuple[float, ...] = ()


PEN = Pen()
HAIR = Pen(GREY, 0.45)
