"""The text fonts, which come with the project, and the choice of a font for every character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics

from .embedding import EmbeddedFont

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

# The fonts to try in turn, by bold and italic: the italics have no Greek, Cyrillic or Vietnamese letters.
_CHOICES = {
    (False, False): ("Text", "Fallback"),
    (True, False): ("Text-Bold", "Fallback-Bold"),
    (False, True): ("Text-Italic", "Text", "Fallback"),
    (True, True): ("Text-BoldItalic", "Text-Bold", "Fallback-Bold"),
}

# The fonts whose combining marks need no further placing.
_MARKING = ("Fallback", "Fallback-Bold")

_EAST_ASIAN = "DroidSansFallback.ttf"


@cache
def register() -> None:
    """Register the families "Text" and "Mono" and their fallbacks with ReportLab; again is no work."""
    for name, file in _FILES.items():
        pdfmetrics.registerFont(EmbeddedFont(name, FOLDER / file))
    pdfmetrics.registerFontFamily("Text", "Text", "Text-Bold", "Text-Italic", "Text-BoldItalic")
    pdfmetrics.registerFontFamily("Mono", "Mono", "Mono-Bold", "Mono", "Mono-Bold")


@lru_cache(maxsize=20_000)
def text_runs(text: str, bold: bool = False, italic: bool = False) -> tuple[tuple[str, str], ...]:
    """Split a text into runs, each with the name of a registered font that has its glyphs.

    Right-to-left writing is put in the order in which it is printed from the left, so it must be given line
    by line; Arabic letters are joined. What is written in a script of which no font is at hand is
    transliterated into Latin letters.

    Args:
        text: one line of Unicode text in reading order.
        bold: whether a bold cut is wanted.
        italic: whether an italic cut is wanted; scripts without one are set upright.
    """
    register()
    fonts = _CHOICES[bold, italic]
    if text.isascii() and text.isprintable():
        return ((fonts[0], text),) if text else ()
    text = _ordered(text)
    runs: list[tuple[str, str]] = []
    for part in re.split("( +)", text):
        for font, shown in _word_runs(part, fonts):
            if runs and (runs[-1][0] == font or shown.isspace()):
                runs[-1] = (runs[-1][0], runs[-1][1] + shown)
            elif shown:
                runs.append((font, shown))
    return tuple(runs)


def lacks_script(text: str) -> bool:
    """Whether some of the text is in a script of which no font is at hand, so that it is transliterated."""
    register()
    fonts = _CHOICES[True, False]
    return not text.isascii() and any(
        _font_of(cluster, fonts) is None for cluster in _clusters(_ordered(text))
    )


def _ordered(text: str) -> str:
    """The characters as they are printed from the left, without those that only control the layout."""
    text = "".join(_printable(unicodedata.normalize("NFC", text)))
    if any(unicodedata.bidirectional(character) in ("R", "AL") for character in text):
        return _as_printed(text)
    return text


def _printable(text: str) -> Iterator[str]:
    """The characters without those that only control the layout."""
    for character in text:
        if unicodedata.category(character) not in ("Cc", "Cf"):
            yield character
        elif character.isspace():
            yield " "


def _word_runs(word: str, fonts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """A word in the first font that has all its characters, else in pieces."""
    for font in fonts:
        if _can_set(font, word):
            yield font, word
            return
    for cluster in _clusters(word):
        yield _set(cluster, fonts)


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


def _set(cluster: str, fonts: tuple[str, ...]) -> tuple[str, str]:
    """The font of a cluster, and what is printed of it."""
    font = _font_of(cluster, fonts)
    return (font, cluster) if font else (fonts[0], _transliterated(cluster))


def _font_of(cluster: str, fonts: tuple[str, ...]) -> str | None:
    """The first font that has a cluster."""
    for font in fonts:
        if _can_set(font, cluster):
            return font
    return _east_asian() if _can_set(_east_asian(), cluster) else None


@cache
def _east_asian() -> str:
    """The large font of Chinese, Japanese and Korean signs, read only when one is met."""
    pdfmetrics.registerFont(EmbeddedFont("EastAsian", FOLDER / _EAST_ASIAN))
    return "EastAsian"


def _can_set(font: str, text: str) -> bool:
    """Whether a font has the characters, and draws combining marks over the letter before them."""
    if font not in _MARKING and any(map(unicodedata.combining, text)):
        return False
    return _repertoire(font).issuperset(text)


@cache
def _repertoire(font: str) -> frozenset[str]:
    return frozenset(map(chr, pdfmetrics.getFont(font).face.charToGlyph))


def _as_printed(text: str) -> str:
    from bidi.algorithm import get_display

    return str(get_display(_joining().reshape(text)))


@cache
def _joining() -> Any:
    """Joins Arabic letters, but not those of the name of God into one sign, which no font here has."""
    from arabic_reshaper import ArabicReshaper

    return ArabicReshaper({"ARABIC LIGATURE ALLAH": False})


def _transliterated(cluster: str) -> str:
    from anyascii import anyascii

    return anyascii(cluster)
