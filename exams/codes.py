"""How forms are told apart: short codes to read aloud, and the text of the QR code."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and capitals without those that look alike."""
PREFIX = "QG1"
CHANGED_BY_SPREADSHEETS = re.compile(
    r"[0-9]+E[0-9]+|[0-9]*(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[0-9]*|TRUE"
)
"""Codes that a spreadsheet takes for a number, a date or a truth value."""


@dataclass(frozen=True)
class FormName:
    """What identifies a form anywhere: the exam's id and the form's code."""

    exam: str
    form: str

    def payload(self) -> str:
        """The text of the QR code and of the hidden form field, with a check value against misreading."""
        return f"{PREFIX}-{self.exam}-{self.form}-{self._check()}"

    @classmethod
    def parse(cls, payload: str) -> FormName:
        """The inverse of `payload`.

        Raises:
            ValueError: it is no payload, or its check value is wrong.
        """
        parts = payload.strip().split("-")
        if len(parts) != 4 or parts[0] != PREFIX:
            raise ValueError(f"{payload[:60]!r} is not the code of a quizgrad form")
        name = cls(parts[1], parts[2])
        if parts[3] != name._check():
            raise ValueError(f"the check value of form code {payload[:60]!r} is wrong")
        return name

    def _check(self) -> str:
        return hashlib.sha256(f"{self.exam}-{self.form}".encode()).hexdigest()[:4].upper()


def exam_id(secret: bytes) -> str:
    """The exam's id: eight characters that do not betray the secret."""
    return _code(secret, "exam", 8)


def form_codes(secret: bytes, forms: Sequence[str]) -> tuple[str, ...]:
    """A different code for each form."""
    codes: dict[str, None] = {}
    for form in forms:
        attempt = 0
        while (code := _code(secret, f"form {form} {attempt}", 4 + attempt // 10)) in codes or _changes(code):
            attempt += 1
        codes[code] = None
    return tuple(codes)


def _changes(code: str) -> bool:
    return CHANGED_BY_SPREADSHEETS.fullmatch(code) is not None


def _code(secret: bytes, text: str, length: int) -> str:
    digest = hmac.new(secret, text.encode(), hashlib.sha256).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:length])
