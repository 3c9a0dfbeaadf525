"""Draws text, lines and boxes by page operators.

Everything is placed in coordinates of the page and leaves no state behind, so that the content of a page is
in the order in which it is read, and form fields need no transformation.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reportlab.lib.colors import toColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from .formula import operators
from .styles import INK

if TYPE_CHECKING:
    from .fields import Fields

_ROUND = 0.5523
"""Where the control points of a quarter of a circle lie, in radii."""


class Pen:
    """Draws on the current page of a canvas.

    Attributes:
        canvas: the canvas.
        fields: where form fields go, or None on paper.
    """

    def __init__(self, canvas: Canvas, fields: Fields | None = None) -> None:
        self.canvas = canvas
        self.fields = fields

    def text(self, x: float, y: float, text: str, font: str, size: float, color: str = INK) -> None:
        """Write a text in one font with its baseline at x, y."""
        face: Any = pdfmetrics.getFont(font)
        if not face._dynamicFont:
            self._foreign_text(x, y, text, font, size, color)
            return
        document = self.canvas._doc
        code = " ".join(
            f"{face.getSubsetInternalName(subset, document)} {size:.2f} Tf ({_escaped(part)}) Tj"
            for subset, part in _split(face, text, document)
        )
        ink = "" if color == INK else f"{components(color)} rg "
        self._add(f"BT {ink}{x:.2f} {y:.2f} Td {code} ET{' 0 g' if ink else ''}")

    def formula(self, x: float, y: float, latex: str, display: bool, size: float, color: str = INK) -> None:
        """Draw a formula with its baseline at x, y."""
        tint = None if color == INK else color
        self._add(operators(self.canvas, latex, display, x, y, size, tint))

    def line(self, start: tuple[float, float], end: tuple[float, float], width: float, color: str) -> None:
        """Draw a straight line."""
        self.path([(start, end)], width, color)

    def path(
        self, runs: list[tuple[tuple[float, float], ...]], width: float, color: str, dash: str = ""
    ) -> None:
        """Draw lines, each through several points."""
        strokes = " ".join(
            f"{run[0][0]:.2f} {run[0][1]:.2f} m " + " ".join(f"{x:.2f} {y:.2f} l" for x, y in run[1:])
            for run in runs
        )
        pattern = f"[{dash}] 0 d 1 J " if dash else ""
        self._add(f"q {components(color)} RG {width:.2f} w {pattern}{strokes} S Q")

    def rectangle(
        self,
        corner: tuple[float, float],
        width: float,
        height: float,
        *,
        line: float = 0,
        color: str = INK,
        fill: str = "",
    ) -> None:
        """Draw a rectangle by its lower left corner, with a line of some width, a filling, or both."""
        paint = "B" if line and fill else "S" if line else "f"
        look = (f"{components(color)} RG {line:.2f} w " if line else "") + (
            f"{components(fill)} rg " if fill else ""
        )
        self._add(f"q {look}{corner[0]:.2f} {corner[1]:.2f} {width:.2f} {height:.2f} re {paint} Q")

    def circle(
        self, centre: tuple[float, float], radius: float, line: float, color: str, fill: str = ""
    ) -> None:
        """Draw a circle."""
        look = f"{components(fill)} rg " if fill else ""
        path = circle_path(*centre, radius)
        self._add(f"q {look}{components(color)} RG {line:.2f} w {path} {'b' if fill else 's'} Q")

    def code(self, operators: str) -> None:
        """Add page operators as they are."""
        self._add(operators)

    def _add(self, operators: str) -> None:
        self.canvas._code.append(operators)

    def _foreign_text(self, x: float, y: float, text: str, font: str, size: float, color: str) -> None:
        """Write in a font that viewers bring."""
        run = self.canvas.beginText(x, y)
        run.setFont(font, size)
        run.setFillColor(toColor(color))
        run.textOut(text)
        run.setFillColor(toColor(INK))
        self.canvas.drawText(run)


def circle_path(x: float, y: float, radius: float) -> str:
    """The operators of a closed circle."""
    r, c = radius, radius * _ROUND
    return (
        f"{x + r:.2f} {y:.2f} m {x + r:.2f} {y + c:.2f} {x + c:.2f} {y + r:.2f} {x:.2f} {y + r:.2f} c "
        f"{x - c:.2f} {y + r:.2f} {x - r:.2f} {y + c:.2f} {x - r:.2f} {y:.2f} c "
        f"{x - r:.2f} {y - c:.2f} {x - c:.2f} {y - r:.2f} {x:.2f} {y - r:.2f} c "
        f"{x + c:.2f} {y - r:.2f} {x + r:.2f} {y - c:.2f} {x + r:.2f} {y:.2f} c"
    )


def _split(face: Any, text: str, document: Any) -> list[tuple[int, bytes]]:
    """The text in the codes of the font's subsets; the first subset begins with ASCII."""
    if text.isascii() and text.isprintable() and document in face.state:
        return [(0, text.encode())]
    parts: list[tuple[int, bytes]] = face.splitString(text, document)
    return parts


@lru_cache(maxsize=20_000)
def _escaped(codes: bytes) -> str:
    return "".join(
        chr(code) if 32 <= code < 127 and code not in b"()\\" else f"\\{code:03o}" for code in codes
    )


@lru_cache(maxsize=64)
def components(color: str) -> str:
    """The parts of a colour as operands."""
    return " ".join(f"{part:.3f}".rstrip("0").rstrip(".") for part in toColor(color).rgb())
