"""The text fonts, which come with the project, and the choice of a font for every character."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "fonts"

_FILES = {
    "Text": "SourceSerifPro-Regular.ttf",
    "Text-Bold": "SourceSerifPro-Bold.ttf",
    "Text-Italic": "SourceSerifPro-It.ttf",
    "Text-BoldItalic": "SourceSerifPro-BoldIt.ttf",
    "Mono": "DejaVuSansMono.ttf",
    "Mono-Bold": "DejaVuSansMono-Bold.ttf",
    "Fallback": "DejaVuSans.ttf",
    "Fallback-Bold": "DejaVuSans-Bold.ttf",
}

# The cuts to try in turn, by bold and italic: the italics have neither Greek nor Cyrillic nor Vietnamese letters.
_CUTS = {
    (False, False): ("Text", "Fallback"),
    (True, False): ("Text-Bold", "Fallback-Bold"),
    (False, True): ("Text-Italic", "Text", "Fallback"),
    (True, True): ("Text-BoldItalic", "Text-Bold", "Fallback-Bold"),
}

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@cache
def register() -> None:
    """Register the families "Text" and "Mono" and their fallbacks with ReportLab; again is no work."""
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, FOLDER / file))
    pdfmetrics.registerFontFamily("Text", "Text", "Text-Bold", "Text-Italic", "Text-BoldItalic")
    pdfmetrics.registerFontFamily("Mono", "Mono", "Mono-Bold", "Mono", "Mono-Bold")


@lru_cache(maxsize=20_000)
def text_runs(text: str, bold: bool = False, italic: bool = False) -> tuple[tuple[str, str], ...]:
    """Split a text into runs, each with the name of a registered font that has its glyphs.

    Right-to-left writing is put in the order in which it is printed from left to right, so that it must be
    given line by line; Arabic letters are joined. A character that no font has becomes U+FFFD.

    Args:
        text: one line of Unicode text in reading order.
        bold: whether a bold cut is wanted.
        italic: whether an italic cut is wanted; scripts without one are set upright.
    """
    register()
    fonts = _CUTS[bold, italic]
    if text.isascii():
        return ((fonts[0], text),) if text else ()
    text = unicodedata.normalize("NFC", text)
    if any(unicodedata.bidirectional(character) in ("R", "AL") for character in text):
        text = _printed_order(text)
    runs: list[tuple[str, str]] = []
    for cluster in _clusters(text):
        font, shown = _font_for(cluster, fonts, text)
        if runs and runs[-1][0] == font:
            runs[-1] = (font, runs[-1][1] + shown)
        else:
            runs.append((font, shown))
    return tuple(runs)


def _clusters(text: str) -> Iterator[str]:
    """Characters with the combining marks that follow them."""
    cluster = ""
    for character in text:
        if cluster and not unicodedata.combining(character):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _font_for(cluster: str, fonts: tuple[str, ...], text: str) -> tuple[str, str]:
    for font in fonts:
        if all(character in _repertoire(font) for character in cluster):
            return font, cluster
    if _is_east_asian(cluster[0]):
        return _east_asian_font(text), cluster
    return fonts[-1], _REPLACEMENT


@cache
def _repertoire(font: str) -> frozenset[str]:
    return frozenset(map(chr, pdfmetrics.getFont(font).face.charToGlyph))


def _is_east_asian(character: str) -> bool:
    return ord(character) <= 0xFFFF and unicodedata.east_asian_width(character) in ("W", "F", "H")


@cache
def _cid_font(name: str) -> str:
    pdfmetrics.registerFont(UnicodeCIDFont(name))
    return name


def _east_asian_font(text: str) -> str:
    """The font that PDF viewers supply themselves for the language of a text."""
    names = {unicodedata.name(character, "").split()[0] for character in text if not character.isspace()}
    if "HANGUL" in names:
        return _cid_font("HYSMyeongJo-Medium")
    if names & {"HIRAGANA", "KATAKANA", "HALFWIDTH"}:
        return _cid_font("HeiseiMin-W3")
    return _cid_font("STSong-Light")


def _printed_order(text: str) -> str:
    from arabic_reshaper import reshape
    from bidi.algorithm import get_display

    return str(get_display(reshape(text)))
