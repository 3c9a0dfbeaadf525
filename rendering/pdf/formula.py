"""Formulas in a PDF as real text.

The mathematics font is embedded as one composite font whose character codes are its glyph numbers. The
operators that draw a formula are therefore the same in every document and are kept; each document embeds only
the glyphs that it uses.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from typing import Any
from weakref import WeakKeyDictionary

from reportlab.lib.colors import toColor
from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.ttfonts import TTFontFace
from reportlab.pdfgen.canvas import Canvas

from ..mathematics import Glyph, Layout, Rule, layout
from ..mathematics.font import FILE

_RESOURCE = "Math"
_GLYPH_CODES = 0x100000  # private code points by which ReportLab's subsetter can reach every glyph


def draw(
    canvas: Canvas, latex: str, display: bool, x: float, y: float, size: float, color: str | None = None
) -> None:
    """Draw a formula with its baseline at x, y, in black or another colour."""
    canvas._code.append(operators(canvas, latex, display, x, y, size, color))


def operators(
    canvas: Canvas, latex: str, display: bool, x: float, y: float, size: float, color: str | None = None
) -> str:
    """The page operators that draw a formula with its baseline at x, y.

    They can be put wherever a text object may begin, so that a page is in the order in which it is read. The
    formula's glyphs are noted as used in the canvas's document.

    Args:
        canvas: of the page.
        latex: the formula.
        display: whether it is set in display style.
        x: of its left edge in points.
        y: of its baseline in points.
        size: of its type in points.
        color: its colour; black by default.

    Raises:
        MathError: the formula cannot be set.
    """
    picture = _picture(latex, display)
    _embedded_font(canvas._doc).pictures[picture] = None
    scale = _number(size)
    place = f"{scale} 0 0 {scale} {_number(x)} {_number(y)} cm"
    return f"{picture.head}q {place} {_fill(color)} {picture.code} Q EMC"


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class _Picture:
    """A formula as page operators at size 1, with the words that stand for it and its glyphs."""

    head: str
    code: str
    characters: tuple[tuple[int, str], ...]


@lru_cache(maxsize=4000)
def _picture(latex: str, display: bool) -> _Picture:
    formula = layout(latex, display)
    words = "FEFF" + f"${latex}$".encode("utf-16-be").hex().upper()
    return _Picture(
        f"/Span <</ActualText <{words}>>> BDC ",
        " ".join(_code(formula)),
        tuple({glyph.index: glyph.text for glyph in formula.glyphs}.items()),
    )


def _code(formula: Layout) -> Iterable[str]:
    """Operators in em, the parts in each colour together."""
    colors = [glyph.color for glyph in formula.glyphs] + [rule.color for rule in formula.rules]
    for color in dict.fromkeys(colors):
        if color:
            yield f"q {_fill(color)}"
        glyphs = [glyph for glyph in formula.glyphs if glyph.color == color]
        if glyphs:
            yield from ("BT", *_text(glyphs), "ET")
        yield from (_rectangle(rule) for rule in formula.rules if rule.color == color)
        if color:
            yield "Q"


def _text(glyphs: Sequence[Glyph]) -> Iterable[str]:
    size = None
    for (size_, y), run in groupby(glyphs, key=lambda glyph: (glyph.size, glyph.y)):
        if size_ != size:
            size = size_
            yield f"/{_RESOURCE} {_number(size)} Tf"
        first, *rest = run
        yield f"1 0 0 1 {_number(first.x)} {_number(y)} Tm"
        yield f"[<{first.index:04X}{''.join(_following(first, rest))}>] TJ"


def _following(previous: Glyph, glyphs: Iterable[Glyph]) -> Iterable[str]:
    """The rest of a TJ array: glyphs, and shifts in thousandths of their size between them."""
    x = previous.x
    for glyph in glyphs:
        x += _advance(previous.index) * previous.size
        shift = round((x - glyph.x) / glyph.size * 1000)
        x -= shift / 1000 * glyph.size
        yield f">{shift}<{glyph.index:04X}" if shift else f"{glyph.index:04X}"
        previous = glyph


def _rectangle(rule: Rule) -> str:
    return f"{_number(rule.x)} {_number(rule.y)} {_number(rule.width)} {_number(rule.height)} re f"


def _number(value: float) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


@cache
def _fill(color: str | None) -> str:
    if color is None:
        return "0 g"
    red, green, blue = toColor(color).rgb()
    return f"{_number(red)} {_number(green)} {_number(blue)} rg"


@cache
def _face() -> TTFontFace:
    face = TTFontFace(str(FILE))
    face.charToGlyph.update((_GLYPH_CODES + index, index) for index in range(len(face.hmetrics)))
    return face


def _advance(index: int) -> float:
    """The advance width of a glyph in em."""
    return float(_face().hmetrics[index][0]) / float(_face().unitsPerEm)


class _EmbeddedFont:
    """The mathematics font in one document; ReportLab calls `addObjects` when the document is saved."""

    def __init__(self) -> None:
        self.pictures: dict[_Picture, None] = {}

    def addObjects(self, document: pdfdoc.PDFDocument) -> None:  # noqa: N802  # ReportLab's name
        characters: dict[int, str] = {}
        for picture in self.pictures:
            for index, text in picture.characters:
                characters.setdefault(index, text)
        if characters:
            fonts = document.idToObject["BasicFonts"].dict
            fonts[_RESOURCE] = _font_object(document, tuple(sorted(characters.items())))


_embedded_fonts: WeakKeyDictionary[pdfdoc.PDFDocument, _EmbeddedFont] = WeakKeyDictionary()


def _embedded_font(document: pdfdoc.PDFDocument) -> _EmbeddedFont:
    font = _embedded_fonts.get(document)
    if font is None:
        font = _embedded_fonts[document] = _EmbeddedFont()
        document.delayedFonts.append(font)
    return font


def _font_object(
    document: pdfdoc.PDFDocument, characters: tuple[tuple[int, str], ...]
) -> pdfdoc.PDFObjectReference:
    """The Type 0 font of ISO 32000-1, 9.7, with the glyphs that a document uses."""
    face = _face()
    name = pdfdoc.PDFName("MATHAA+STIXTwoMath-Regular")
    subset = _subset(characters)

    def put(key: str, value: Any) -> Any:
        return document.Reference(value, f"math.{key}")

    def stream(data: bytes, **entries: int) -> pdfdoc.PDFStream:
        result = pdfdoc.PDFStream(content=data)
        result.dictionary.dict.update(entries, Filter=pdfdoc.PDFName("FlateDecode"))
        return result

    descriptor = pdfdoc.PDFDictionary(
        {
            "Type": "/FontDescriptor",
            "FontName": name,
            "Flags": 4,
            "FontBBox": pdfdoc.PDFArray(face.bbox),
            "ItalicAngle": 0,
            "Ascent": face.ascent,
            "Descent": face.descent,
            "CapHeight": face.capHeight,
            "StemV": 80,
            "FontFile2": put("file", stream(subset.font, Length1=subset.length)),
        }
    )
    descendant = pdfdoc.PDFDictionary(
        {
            "Type": "/Font",
            "Subtype": "/CIDFontType2",
            "BaseFont": name,
            "CIDSystemInfo": pdfdoc.PDFDictionary(
                {
                    "Registry": pdfdoc.PDFString("Adobe"),
                    "Ordering": pdfdoc.PDFString("Identity"),
                    "Supplement": 0,
                }
            ),
            "FontDescriptor": put("descriptor", descriptor),
            "W": pdfdoc.PDFArray(subset.widths),
            "CIDToGIDMap": put("glyphs", stream(subset.glyphs)),
        }
    )
    font = pdfdoc.PDFDictionary(
        {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": name,
            "Encoding": "/Identity-H",
            "DescendantFonts": pdfdoc.PDFArray([put("descendant", descendant)]),
            "ToUnicode": put("unicode", stream(subset.unicode)),
        }
    )
    return put("font", font)


@dataclass(frozen=True, slots=True)
class _Subset:
    """The streams of an embedded font, compressed, and its widths in thousandths of an em."""

    font: bytes
    length: int
    glyphs: bytes
    unicode: bytes
    widths: list[Any]


@lru_cache(maxsize=64)
def _subset(characters: tuple[tuple[int, str], ...]) -> _Subset:
    indices = [index for index, _ in characters]
    font = _face().makeSubset([_GLYPH_CODES + index for index in indices])
    places = bytearray(2 * indices[-1] + 2)
    for place, index in enumerate(
        indices, start=1
    ):  # the subsetter keeps the order; place 0 is the missing glyph
        places[2 * index : 2 * index + 2] = place.to_bytes(2, "big")
    widths: list[Any] = []
    for index in indices:
        widths += [index, pdfdoc.PDFArray([round(1000 * _advance(index))])]
    return _Subset(
        zlib.compress(font),
        len(font),
        zlib.compress(bytes(places)),
        zlib.compress(_character_map(characters)),
        widths,
    )


def _character_map(characters: Sequence[tuple[int, str]]) -> bytes:
    """The text that each code stands for, as a ToUnicode CMap; a section holds at most 100 entries."""
    rows = [f"<{index:04X}> <{text.encode('utf-16-be').hex().upper()}>" for index, text in characters]
    sections = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <FFFF> endcodespacerange",
            *("\n".join([f"{len(section)} beginbfchar", *section, "endbfchar"]) for section in sections),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    ).encode()
