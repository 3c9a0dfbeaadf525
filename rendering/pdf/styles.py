"""The look of every page: type sizes, colours, measures. Lengths are in points (1/72 inch)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from ..sheet import Paper

MILLIMETRE = 72 / 25.4

INK = "#000000"
GREY = "#5f5f5f"
"""Words that only accompany."""
RULE = "#9a9a9a"
"""Lines that only accompany."""
SHADE = "#f3f3f3"
"""The ground of listings and of the headings of tables."""
KEY = "#a3171c"
"""What only the key shows: a red that is dark enough for a grey print."""

PAPERS: dict[Paper, tuple[float, float]] = {"A4": (595.28, 841.89), "Letter": (612.0, 792.0)}
COLUMN = 160 * MILLIMETRE
LARGE_PRINT = 15 / 10.5


@dataclass(frozen=True, slots=True)
class Type:
    """How a run of text is set.

    Attributes:
        size: of the letters.
        leading: from one baseline to the next.
        bold: whether the heavy cut is used.
        italic: whether the italic cut is used.
        color: as `#rrggbb`.
    """

    size: float = 10.5
    leading: float = 14.0
    bold: bool = False
    italic: bool = False
    color: str = INK

    @property
    def ascent(self) -> float:
        """How far a line of plain text reaches above its baseline."""
        return 0.73 * self.size

    @property
    def descent(self) -> float:
        """How far a line of plain text reaches below its baseline."""
        return 0.23 * self.size

    def scaled(self, factor: float) -> Type:
        """The same, larger or smaller."""
        return replace(self, size=self.size * factor, leading=self.leading * factor)


@dataclass(frozen=True)
class Style:
    """The sizes of one document; all of them grow with the type.

    Attributes:
        scale: 1 for normal print.
    """

    scale: float = 1.0

    @cached_property
    def body(self) -> Type:
        """Running text."""
        return Type().scaled(self.scale)

    @cached_property
    def strong(self) -> Type:
        """Labels in running text."""
        return replace(self.body, bold=True)

    def entry(self, color: str) -> Type:
        """What stands in a box."""
        return replace(self.strong, color=color)

    @cached_property
    def small(self) -> Type:
        """Notes and running heads."""
        return Type(8.5, 11).scaled(self.scale)

    @cached_property
    def question(self) -> Type:
        """The heading of a question, whose title is bold and whose points are not."""
        return Type(11.5, 15).scaled(self.scale)

    @cached_property
    def section(self) -> Type:
        """The heading of a section."""
        return Type(13.5, 17, bold=True).scaled(self.scale)

    @cached_property
    def title(self) -> Type:
        """The title of the document."""
        return Type(21, 25, bold=True).scaled(self.scale**0.5)

    def heading(self, level: int) -> Type:
        """The heading of a part of a document, and, at levels 2 and 3, headings within a question."""
        if level == 1:
            return replace(self.question, bold=True)
        return replace(self.body, bold=level == 2, italic=level == 3)

    def points(self, length: float) -> float:
        """A length of normal print in this print."""
        return length * self.scale
