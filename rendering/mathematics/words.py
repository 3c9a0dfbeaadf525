"""Words within a formula: LaTeX's way of writing accented letters."""

from __future__ import annotations

import re
import unicodedata

_MARKS = {
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    '"': "\u0308",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "c": "\u0327",
    "v": "\u030c",
    "u": "\u0306",
    "H": "\u030b",
    "r": "\u030a",
    "k": "\u0328",
}
_LETTERS = {
    "ss": "ß",
    "o": "ø",
    "O": "Ø",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "aa": "å",
    "AA": "Å",
    "l": "ł",
    "L": "Ł",
    "ldots": "…",
    "dots": "…",
}
_ACCENTED = re.compile(
    r"""\\(?:(?P<sign>['`^"~=.])\s*|(?P<name>[cvuHrk])(?:\s+|(?=\{)))"""
    r"""(?:\{\\?(?P<braced>[A-Za-z])\}|\\?(?P<bare>[A-Za-z]))"""
)
_LETTER = re.compile(rf"\\({'|'.join(_LETTERS)})(?![A-Za-z])\s*")
_UNKNOWN = re.compile(r"\\(?![%$&#_{} ])(?:[A-Za-z]+|.?)")


def words(text: str) -> str:
    r"""The text that LaTeX would print: `gr\"o\ss e` is größe.

    Raises:
        ValueError: it has a command that is no accent or letter; the message is the command.
    """
    text = _ACCENTED.sub(_accented, text)
    text = _LETTER.sub(lambda match: _LETTERS[match[1]], text)
    if unknown := _UNKNOWN.search(text):
        raise ValueError(unknown.group())
    text = re.sub(r"(?<!\\)[{}]", "", text)
    text = re.sub(r"\s+", " ", text.replace("~", "\xa0")).replace("'", "’")
    return re.sub(r"\\(.)", r"\1", text)


def _accented(match: re.Match[str]) -> str:
    letter = match["braced"] or match["bare"]
    return unicodedata.normalize("NFC", letter + _MARKS[match["sign"] or match["name"]])
