"""LaTeX to positioned glyphs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .mathml import element

_SIZE = 24.0


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph of the mathematics font: its number there, the text it stands for, its origin and size in em."""

    index: int
    text: str
    x: float
    y: float
    size: float
    color: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A filled rectangle, in em; x and y are its lower left corner."""

    x: float
    y: float
    width: float
    height: float
    color: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A formula set at size 1: its box in em, and what is drawn with the baseline at y = 0, y upwards."""

    width: float
    ascent: float
    descent: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]


@lru_cache(maxsize=20_000)
def layout(latex: str, display: bool = False) -> Layout:
    """Set a formula."""
    import ziamath

    root = element(latex, display)
    root.attrib.pop("xmlns", None)
    formula = ziamath.Math(root, size=_SIZE)
    glyphs: list[Glyph] = []
    rules: list[Rule] = []
    _walk(formula.node, 0, 0, glyphs, rules)
    box = formula.node.bbox
    return Layout(
        (box.xmax - min(box.xmin, 0)) / _SIZE,
        max(box.ymax, 0) / _SIZE,
        max(-box.ymin, 0) / _SIZE,
        tuple(glyphs),
        tuple(rules),
    )


def _walk(node: Any, x: float, y: float, glyphs: list[Glyph], rules: list[Rule]) -> None:
    kind = type(node).__name__
    if kind == "Glyph":
        scale = node.size / node.glyph.font.info.layout.unitsperem
        if hasattr(node.glyph, "offsets"):
            for part, offset in zip(node.glyph.glyphs, node.glyph.offsets, strict=True):
                glyphs.append(
                    Glyph(part.index, node.char, x / _SIZE, (offset * scale - y) / _SIZE, node.size / _SIZE)
                )
        else:
            glyphs.append(Glyph(node.glyph.index, node.char, x / _SIZE, -y / _SIZE, node.size / _SIZE))
    elif kind == "HLine":
        rules.append(Rule(x / _SIZE, -(y + node.lw) / _SIZE, node.length / _SIZE, node.lw / _SIZE))
    for (dx, dy), child in zip(getattr(node, "nodexy", ()), getattr(node, "nodes", ()), strict=False):
        _walk(child, x + dx, y + dy, glyphs, rules)
