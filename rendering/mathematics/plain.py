"""LaTeX to readable Unicode text."""

from __future__ import annotations


def plain(latex: str) -> str:
    """The formula as text."""
    return latex
