"""Outlines of the letters of STIX Two Math, for figures on screens."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

UNITS = 1000
"""Units of the font's outlines per em."""


@cache
def font() -> Any:
    """The font of formulas and labels, read by ziafont."""
    import ziafont
    import ziamath

    return ziafont.Font(Path(ziamath.__file__).parent / "fonts" / "STIXTwoMath-Regular.ttf")


@lru_cache(maxsize=2000)
def outline(index: int) -> tuple[int, int, str]:
    """A glyph as an SVG path: where it starts, and the rest of the path relative to there."""
    commands: list[str] = []
    first = start = here = (0, 0)
    for operator in font().glyph_fromid(index).operators:
        points, _ = operator.points()
        ends = [(round(point.x), round(point.y)) for point in points]
        if type(operator).__name__ == "Moveto":
            if commands:
                commands.append("zm" + _steps(start, ends))
            else:
                first = ends[0]
            start = ends[0]
        elif ends[-1] != here or len(ends) > 1:
            commands.append("lqc"[len(ends) - 1] + _steps(here, ends))
        here = ends[-1]
    return *first, "".join(commands) + ("z" if commands else "")


def _steps(here: tuple[int, int], ends: list[tuple[int, int]]) -> str:
    numbers = " ".join(f"{x - here[0]} {y - here[1]}" for x, y in ends)
    return numbers.replace(" -", "-")
