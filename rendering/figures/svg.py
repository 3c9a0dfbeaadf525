"""Drawings as SVG that stands in an HTML page: no identifiers to collide, no script, no fonts to load.

Strokes and texts take the colour of the text around the figure, so that dark pages work.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from reportlab.graphics.shapes import Circle, Drawing, Group, Path, Rect, Shape

from ..mathematics import layout
from .glyphs import UNITS, outline
from .label import Formula, Label, Words
from .style import INK, PEN, Tint

_FAMILY = "'Source Serif 4','Source Serif Pro','STIX Two Text','Times New Roman',Times,serif"
_COMMANDS = "MLCZ"
_POINTS = (1, 1, 3, 0)


def element(drawing: Drawing, alt: str) -> str:
    """The drawing as one `<svg>` element.

    Args:
        drawing: made by a `Sheet`.
        alt: what it shows, in words.
    """
    width, height = _number(drawing.width), _number(drawing.height)
    body = "".join(_shape(shape) for shape in drawing.contents)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" '
        f'width="{width}pt" height="{height}pt" style="max-width:100%;height:auto" fill="none" '
        f'stroke-width="{_number(PEN.width)}" stroke-linejoin="round" font-family="{_FAMILY}">'
        f"<title>{escape(alt, quote=False)}</title>"
        f'<g transform="matrix(1 0 0 -1 0 {height})">{body}</g></svg>'
    )


def _shape(shape: Shape) -> str:
    if isinstance(shape, Group):
        body = "".join(_shape(child) for child in shape.contents)
        return f'<g transform="matrix({_numbers(shape.transform)})">{body}</g>'
    if isinstance(shape, Label):
        return "".join(_label(shape))
    if isinstance(shape, Circle):
        place = f'cx="{_number(shape.cx)}" cy="{_number(shape.cy)}" r="{_number(shape.r)}"'
        return f"<circle {place}{_look(shape)}/>"
    if isinstance(shape, Rect):
        place = f'x="{_number(shape.x)}" y="{_number(shape.y)}"'
        size = f'width="{_number(shape.width)}" height="{_number(shape.height)}"'
        corner = f' rx="{_number(shape.rx)}"' if shape.rx else ""
        return f"<rect {place} {size}{corner}{_look(shape)}/>"
    if isinstance(shape, Path):
        return f'<path d="{_course(shape)}"{_look(shape)}/>'
    raise TypeError(f"{type(shape).__name__} is no shape of figures")


def _look(shape: Shape) -> str:
    look = _paint("fill", shape.fillColor) + _paint("stroke", shape.strokeColor)
    if shape.strokeColor and shape.strokeWidth != PEN.width:
        look += f' stroke-width="{_number(shape.strokeWidth)}"'
    if getattr(shape, "strokeDashArray", None):
        look += f' stroke-dasharray="{_numbers(shape.strokeDashArray)}"'
    return look


def _paint(attribute: str, tint: Tint | None) -> str:
    if tint is None:
        return ""
    opacity = f' {attribute}-opacity="{_number(tint.strength)}"' if tint.strength < 1 else ""
    return f' {attribute}="{tint.css}"{opacity}'


def _course(path: Path) -> str:
    commands, rest = [], iter(path.points)
    for operator in path.operators:
        commands.append(
            _COMMANDS[operator] + _numbers(next(rest) for _ in range(2 * _POINTS[operator]))
        )
    return "".join(commands)


def _label(label: Label) -> Iterable[str]:
    x = label.x
    for piece in label.setting.pieces:
        if isinstance(piece, Formula):
            yield from _formula(piece, x, label)
        else:
            yield _words(piece, x, label)
        x += piece.width * label.size


def _words(words: Words, x: float, label: Label) -> str:
    # The reader's font may run wider or narrower than ours: the width keeps the text in its place.
    width = f' textLength="{_number(words.width * label.size)}" lengthAdjust="spacingAndGlyphs"'
    return (
        f'<text transform="matrix(1 0 0 -1 {_number(x)} {_number(label.y)})" font-size="{_number(label.size)}"'
        f'{width} fill="{INK.css}">{escape(words.text, quote=False)}</text>'
    )


def _formula(formula: Formula, x: float, label: Label) -> Iterable[str]:
    for size, course in _outlines(formula.latex):
        scale = f"{size * label.size / UNITS:.5f}"
        yield (
            f'<path transform="matrix({scale} 0 0 {scale} {_number(x)} {_number(label.y)})"'
            f' fill="{INK.css}" d="{course}"/>'
        )


@lru_cache(maxsize=5000)
def _outlines(latex: str) -> tuple[tuple[float, str], ...]:
    """The glyphs of a formula as one path for each size, in units of the font."""
    boxes = layout(latex, False)
    courses: dict[float, str] = {}
    for glyph in boxes.glyphs:
        x, y, course = outline(glyph.index)
        if course:
            unit = UNITS / glyph.size
            start = f"M{glyph.x * unit + x:.0f} {glyph.y * unit + y:.0f}"
            courses[glyph.size] = courses.get(glyph.size, "") + start + course
    for rule in boxes.rules:
        x, y, width, height = (round(UNITS * part) for part in (rule.x, rule.y, rule.width, rule.height))
        courses[1.0] = courses.get(1.0, "") + f"M{x} {y}h{width}v{height}h{-width}z"
    return tuple(courses.items())


def _numbers(values: Iterable[float]) -> str:
    return " ".join(map(_number, values))


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-0.", "-.").removeprefix("0") or "0"
