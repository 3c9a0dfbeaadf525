"""What text may hold before it is shown."""

from __future__ import annotations

import re

_OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters except tab and line feed
    "\u202a-\u202e\u2066-\u2069"  # overrides of the writing direction
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"  # halves of pairs, and what is no character
)
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=(?:s|t)\b)|(?<=s)'(?!\w)")


def printable(text: str) -> str:
    """The text with U+FFFD for characters that a terminal would obey or that XML cannot hold."""
    return _OBEYED.sub("\ufffd", text.replace("\r\n", "\n"))


def with_apostrophes(text: str) -> str:
    """The text with the typeset sign for the apostrophe of words; a prime, as in u'v, stays."""
    return _APOSTROPHE.sub("\N{RIGHT SINGLE QUOTATION MARK}", text)
