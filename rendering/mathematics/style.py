"""In which style a part of a formula is set, and the measures that follow from it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .font import math_font


@dataclass(frozen=True, slots=True)
class Style:
    """Display style or not, the level of scripts (0 to 2), and whether superscripts are kept low."""

    display: bool
    level: int = 0
    cramped: bool = False

    @property
    def script(self) -> Style:
        """The style of a superscript."""
        return Style(False, min(self.level + 1, 2), self.cramped)

    @property
    def numerator(self) -> Style:
        """The style of a numerator."""
        return Style(False, 0, self.cramped) if self.display else self.script

    @property
    def lowered(self) -> Style:
        """The same style with low superscripts."""
        return replace(self, cramped=True)

    @property
    def size(self) -> float:
        """The size of its characters, as a part of the formula's."""
        return math_font().scales[self.level]

    def measure(self, name: str) -> float:
        """A constant of the font at this size in em."""
        return math_font().constant(name) * self.size
