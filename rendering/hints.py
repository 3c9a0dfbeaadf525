"""What a page says once about the notation of several answers."""

from __future__ import annotations

from collections.abc import Container, Mapping

from ..answers import Answer
from .document import Document, Table, blanks_of


def shared_hint(table: Table, answers: Mapping[str, Answer], filled: Container[str] = ()) -> str:
    """The hint that the open blanks of a table share, to be said once below it; empty where they differ."""
    names = [name for name in blanks_of(Document((table,))) if name in answers and name not in filled]
    hints = {answers[name].hint for name in names}
    return hints.pop() if len(names) > 1 and len(hints) == 1 else ""
