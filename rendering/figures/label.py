"""Labels of figures: plain text, formulas, and mixtures of both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from reportlab.graphics.shapes import DirectDraw
from reportlab.pdfbase.pdfmetrics import stringWidth

from ..characters import printable
from ..mathematics import Layout, MathError, layout
from ..pdf.fonts import text_runs
from .curves import Box
from .errors import FigureError
from .style import SIZE

Content = str | int | float
"""What a label says. A text is LaTeX where it has a backslash, ^ or _, or is one letter; `$...$` marks LaTeX
within a text."""

LONGEST = 200
"""The most characters of a label."""
MOST_DIGITS = 1e12
"""Whole numbers from here on are written with a power of ten."""
FIGURE_HEIGHT = 0.67
"""The height of digits and capitals in em: plain text is centred by it, so that a row keeps its baseline."""
DESCENT = 0.21
"""How far plain text may reach below its baseline, in em."""


@dataclass(frozen=True, slots=True)
class Words:
    """Plain text in one font."""

    text: str
    font: str
    width: float


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and its boxes."""

    latex: str
    layout: Layout

    @property
    def width(self) -> float:
        """The width in em."""
        return self.layout.width


Piece = Words | Formula


@dataclass(frozen=True, slots=True)
class Setting:
    """A label set at size 1: pieces from left to right, and what they measure in em."""

    pieces: tuple[Piece, ...]
    width: float
    ascent: float
    descent: float
    plain: bool


@lru_cache(maxsize=20_000)
def setting(text: str) -> Setting:
    """Set a label.

    Raises:
        FigureError: it is too long, or its LaTeX cannot be set.
    """
    if len(text) > LONGEST:
        raise FigureError(f"a label has {len(text)} characters, more than {LONGEST}")
    pieces = tuple(_pieces(printable(text)))
    formulas = [piece.layout for piece in pieces if isinstance(piece, Formula) and not _is_word(piece.layout)]
    plain = len(formulas) < len(pieces) or not pieces
    return Setting(
        pieces,
        sum(piece.width for piece in pieces),
        max([formula.ascent for formula in formulas] + [FIGURE_HEIGHT] * plain),
        max([formula.descent for formula in formulas] + [0.0] * plain),
        not formulas,
    )


def _is_word(formula: Layout) -> bool:
    """Whether a formula is a run of letters, e.g. exp, which stands like plain text."""
    glyphs = formula.glyphs
    return (
        len(glyphs) > 1
        and not formula.rules
        and all(glyph.text.isalpha() and not glyph.y for glyph in glyphs)
    )


def _pieces(text: str) -> list[Piece]:
    if "$" in text and text.count("$") % 2 == 0:
        return [
            piece
            for index, part in enumerate(text.split("$"))
            for piece in ([_formula(part)] if index % 2 else _words(part))
            if part
        ]
    if re.search(r"[\\^_]|^[A-Za-zα-ωΑ-Ω]$", text):
        return [_formula(text)]
    return list(_words(text))


def _formula(latex: str) -> Formula:
    try:
        return Formula(latex, layout(latex, False))
    except MathError as error:
        raise FigureError(f"the label {latex!r} cannot be set: {error}") from error


def _words(text: str) -> list[Words]:
    text = re.sub(r"(?<![^\s(\[,])-(?=\.?\d)", "\N{MINUS SIGN}", text)
    return [Words(run, font, stringWidth(run, font, 1)) for font, run in text_runs(text)]


def shown(content: Content) -> str:
    """The text of a label that may be a number: whole numbers exactly, others with six figures."""
    if isinstance(content, str):
        return content
    if isinstance(content, int) or (content.is_integer() and abs(content) < MOST_DIGITS):
        return f"{int(content):d}"
    mantissa, _, exponent = f"{content:.6g}".partition("e")
    if not exponent:
        return mantissa
    power = f"10^{{{int(exponent)}}}"
    return {"1": power, "-1": f"-{power}"}.get(mantissa, rf"{mantissa} \cdot {power}")


class Label(DirectDraw):  # type: ignore[misc]  # reportlab has no types
    """A label in a drawing: real text in PDF, and outlines of formulas in SVG.

    Attributes:
        setting: what it says.
        x: the left end of its baseline, in points.
        y: its baseline.
        size: the type size.
        side: where it stands beside its point, see `beside`.
    """

    _attrMap = None  # noqa: N815  # reportlab's name: it need not check our attributes

    def __init__(self, content: Content, size: float = SIZE) -> None:
        self.setting = setting(shown(content))
        self.size = size
        self.x = self.y = 0.0
        self.side = 0j

    @property
    def width(self) -> float:
        """The width in points."""
        return self.setting.width * self.size

    @property
    def height(self) -> float:
        """The height in points, without the descenders of plain text."""
        return (self.setting.ascent + self.setting.descent) * self.size

    @property
    def box(self) -> Box:
        """What the label covers, without the descenders of plain text."""
        bottom = self.y - self.setting.descent * self.size
        return Box(self.x, bottom, self.x + self.width, bottom + self.height)

    def beside(self, point: complex, side: complex = 0j) -> Label:
        """Move the label to a side of a point: 0 centres it there, 1 puts it to the right, 1j above.

        Between these, e.g. at 0.7 + 0.7j, it touches the point with the part of its border that faces it.
        """
        self.side = side
        self.x = point.real + (side.real - 1) / 2 * self.width
        self.y = point.imag + (side.imag - 1) / 2 * self.height + self.setting.descent * self.size
        return self

    def drawDirectly(self, renderer: object) -> None:  # noqa: N802  # reportlab's name
        """Draw on the canvas of reportlab's PDF renderer."""
        from ..pdf import formula

        canvas = renderer._canvas  # type: ignore[attr-defined]
        x = self.x
        for piece in self.setting.pieces:
            if isinstance(piece, Formula):
                formula.draw(canvas, piece.latex, False, x, self.y, self.size)
            else:
                canvas.setFont(piece.font, self.size)
                canvas.drawString(x, self.y, piece.text)
            x += piece.width * self.size
