"""TrueType fonts whose subsets are made once per process, as the forms of an exam use the same letters."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, makeToUnicodeCMap

_USUAL = "·×−–—‘’“”…•"
"""Characters beyond ASCII that every subset begins with, so that those of most documents are the same."""
_SYMBOLIC, _NONSYMBOLIC = 1 << 2, 1 << 5


class EmbeddedFont(TTFont):  # type: ignore[misc]  # ReportLab has no types
    """A font as ReportLab has it, but embedded faster."""

    def splitString(self, text: str, doc: Any, encoding: str = "utf-8") -> list[tuple[int, bytes]]:  # noqa: N802  # ReportLab's name
        """The text in the codes of the document's subsets."""
        if doc not in self.state:
            super().splitString(_USUAL, doc)
        parts: list[tuple[int, bytes]] = super().splitString(text, doc, encoding)
        return parts

    def addObjects(self, doc: Any) -> None:  # noqa: N802  # ReportLab's name
        """Put the subsets into the document; ReportLab calls it when the document is saved."""
        for number, subset in enumerate(self.state[doc].subsets):
            name = self.getSubsetInternalName(number, doc)[1:]
            base = f"{6 * chr(ord('A') + number % 26)}+{self.face.name.decode()}"
            font = _font(doc, name, base, self, tuple(subset))
            doc.idToObject["BasicFonts"].dict[name] = doc.Reference(font, name)
        del self.state[doc]


@dataclass(frozen=True)
class _Subset:
    """The parts of an embedded font: compressed streams, and widths as PDF text."""

    file: bytes
    length: int
    unicode: bytes
    widths: str


@lru_cache(maxsize=256)
def _subset(font: str, characters: tuple[int, ...]) -> _Subset:
    face = pdfmetrics.getFont(font).face
    file = face.makeSubset(list(characters))
    return _Subset(
        zlib.compress(file),
        len(file),
        zlib.compress(makeToUnicodeCMap(font, characters).encode()),
        f"[{' '.join(f'{face.getCharWidth(character):.0f}' for character in characters)}]",
    )


def _font(doc: Any, name: str, base: str, font: EmbeddedFont, characters: tuple[int, ...]) -> Any:
    """The TrueType font of ISO 32000-1, 9.6.3."""
    face, subset = font.face, _subset(font.fontName, characters)
    descriptor = {
        "Type": "/FontDescriptor",
        "FontName": f"/{base}",
        "Flags": face.flags & ~_NONSYMBOLIC | _SYMBOLIC,
        "FontBBox": pdfdoc.PDFArray(face.bbox),
        "ItalicAngle": face.italicAngle,
        "Ascent": face.ascent,
        "Descent": face.descent,
        "CapHeight": face.capHeight,
        "StemV": face.stemV,
        "MissingWidth": face.defaultWidth,
        "FontFile2": doc.Reference(_stream(subset.file, Length1=subset.length), f"{name}.file"),
    }
    return pdfdoc.PDFDictionary(
        {
            "Type": "/Font",
            "Subtype": "/TrueType",
            "Name": f"/{name}",
            "BaseFont": f"/{base}",
            "FirstChar": 0,
            "LastChar": len(characters) - 1,
            "Widths": subset.widths,
            "ToUnicode": doc.Reference(_stream(subset.unicode), f"{name}.unicode"),
            "FontDescriptor": doc.Reference(pdfdoc.PDFDictionary(descriptor), f"{name}.descriptor"),
        }
    )


def _stream(data: bytes, **entries: int) -> Any:
    stream = pdfdoc.PDFStream(content=data)
    stream.dictionary.dict.update(entries, Filter=pdfdoc.PDFName("FlateDecode"))
    return stream
