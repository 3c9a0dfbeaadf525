"""Drawings as SVG that stands in an HTML page: no identifiers to collide, no script, no fonts to load.

Strokes and texts take the colour of the text around the figure, so that dark pages work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape
from itertools import islice
from typing import TypeVar

from reportlab.graphics.shapes import Circle, Drawing, Group, Path, Rect, Shape

from ..characters import printable
from ..mathematics import layout
from .glyphs import UNITS, outline
from .label import Formula, Label, Words
from .style import INK, PEN, SIZE, Tint

_FAMILY = "'Source Serif 4','Source Serif Pro','STIX Two Text','Times New Roman',Times,serif"
_COMMANDS = "MLCZ"
_POINTS = (1, 1, 3, 0)

Kind = TypeVar("Kind", Words, Formula)


def element(drawing: Drawing, alt: str) -> str:
    """The drawing as one `<svg>` element.

    Args:
        drawing: made by a `Sheet`.
        alt: what it shows, in words.
    """
    width, height = _number(drawing.width), _number(drawing.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" '
        f'width="{width}pt" height="{height}pt" style="max-width:100%;height:auto" fill="none" '
        f'stroke-width="{_number(PEN.width)}" stroke-linejoin="round" '
        f'font-family="{_FAMILY}" font-size="{_number(SIZE)}">'
        f"<title>{escape(printable(alt), quote=False)}</title>"
        f'<g transform="matrix(1 0 0 -1 0 {height})">{_shapes(drawing.contents)}</g></svg>'
    )


def _shapes(shapes: Iterable[Shape]) -> str:
    """Shapes with y upwards; letters would stand on their heads, so words follow in a group turned back."""
    drawn: list[str] = []
    written: list[str] = []
    for shape in shapes:
        if isinstance(shape, Label):
            drawn += _formulas(shape)
            written += _words(shape)
        else:
            drawn.append(_shape(shape))
    if written:
        drawn.append(f'<g transform="scale(1 -1)" fill="{INK.css}">{"".join(written)}</g>')
    return "".join(drawn)


def _shape(shape: Shape) -> str:
    if isinstance(shape, Group):
        return f'<g transform="matrix({_numbers(shape.transform)})">{_shapes(shape.contents)}</g>'
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
    rest = iter(path.points)
    return "".join(
        _COMMANDS[operator] + _numbers(islice(rest, 2 * _POINTS[operator])) for operator in path.operators
    )


def _words(label: Label) -> Iterable[str]:
    size = f' font-size="{_number(label.size)}"' if label.size != SIZE else ""
    y = _number(-label.y)
    if len(label.setting.pieces) == 1:
        # The reader's font may run wider or narrower than ours, so the text hangs from its own point.
        anchor = round(label.side.real)
        x = label.x + (1 - anchor) / 2 * label.width
        hang = {-1: ' text-anchor="end"', 0: ' text-anchor="middle"', 1: ""}[anchor]
        for _, words in _placed(label, Words):
            yield f'<text x="{_number(x)}" y="{y}"{hang}{size}>{escape(words.text, quote=False)}</text>'
    else:
        for x, words in _placed(label, Words):
            text = escape(words.text, quote=False).replace(" ", "\N{NO-BREAK SPACE}")
            length = f'textLength="{_number(words.width * label.size)}" lengthAdjust="spacingAndGlyphs"'
            yield f'<text x="{_number(x)}" y="{y}" {length}{size}>{text}</text>'


def _formulas(label: Label) -> Iterable[str]:
    for x, formula in _placed(label, Formula):
        for size, color, course in _outlines(formula.latex):
            scale = f"{size * label.size / UNITS:.5f}"
            place = f"matrix({scale} 0 0 {scale} {_number(x)} {_number(label.y)})"
            yield f'<path transform="{place}" fill="{color}" d="{course}"/>'


def _placed(label: Label, kind: type[Kind]) -> Iterator[tuple[float, Kind]]:
    """The pieces of one kind, with their left ends."""
    x = label.x
    for piece in label.setting.pieces:
        if isinstance(piece, kind):
            yield x, piece
        x += piece.width * label.size


@lru_cache(maxsize=5000)
def _outlines(latex: str) -> tuple[tuple[float, str, str], ...]:
    """The glyphs of a formula as one path for each size and colour, in units of the font."""
    box = layout(latex, False)
    courses: dict[tuple[float, str], str] = defaultdict(str)
    for glyph in box.glyphs:
        x, y, course = outline(glyph.index)
        if course:
            unit = UNITS / glyph.size
            start = f"M{glyph.x * unit + x:.0f} {glyph.y * unit + y:.0f}"
            courses[glyph.size, glyph.color or INK.css] += start + course
    for rule in box.rules:
        x, y, width, height = (round(UNITS * part) for part in (rule.x, rule.y, rule.width, rule.height))
        courses[1.0, rule.color or INK.css] += f"M{x} {y}h{width}v{height}h{-width}z"
    return tuple((size, color, course) for (size, color), course in courses.items())


def _numbers(values: Iterable[float]) -> str:
    return " ".join(map(_number, values))


def _number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text if text != "-0" else "0"
