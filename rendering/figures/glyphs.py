"""Outlines of the glyphs of the mathematics font, for figures on screens."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

from ..mathematics.font import FILE

UNITS = 1000
"""Units of the font's outlines per em."""


@lru_cache(maxsize=2000)
def outline(index: int) -> tuple[int, int, str]:
    """A glyph as an SVG path: where it starts, and the rest of the path relative to there."""
    font = _font()
    pen = _RelativePen(glyphs := font.getGlyphSet())
    glyphs[font.getGlyphName(index)].draw(pen)
    return *pen.start, "".join(pen.commands)


@cache
def _font() -> Any:
    return TTFont(FILE, lazy=True)


Place = tuple[int, int]


class _RelativePen(BasePen):  # type: ignore[misc]  # fontTools has no types
    """Writes a path with whole numbers, each point relative to the one before."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.start: Place = (0, 0)
        self.commands: list[str] = []
        self._here: Place = (0, 0)
        self._contour: Place = (0, 0)

    def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802  # fontTools' name, as those below
        place = _rounded(point)
        if self.commands:
            self._write("m", point)
        else:
            self.start = self._here = place
        self._contour = place

    def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        if _rounded(point) != self._here:
            self._write("l", point)

    def _qCurveToOne(self, control: tuple[float, float], end: tuple[float, float]) -> None:  # noqa: N802
        self._write("q", control, end)

    def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._write("c", *points)

    def _closePath(self) -> None:  # noqa: N802
        self.commands.append("z")
        self._here = self._contour

    def _write(self, command: str, *points: tuple[float, float]) -> None:
        places = [_rounded(point) for point in points]
        numbers = " ".join(f"{x - self._here[0]} {y - self._here[1]}" for x, y in places)
        self.commands.append(command + numbers.replace(" -", "-"))
        self._here = places[-1]


def _rounded(point: tuple[float, float]) -> Place:
    return round(point[0]), round(point[1])
