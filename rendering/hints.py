"""What a page says once about the notation of several answers."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from ..answers import Answer
from .document import Blank, Table


def shared_hint(table: Table, answers: Mapping[str, Answer], filled: Container[str] = ()) -> str:
    """The hint that the open blanks of a table share, to be said once below it; empty where they differ."""
    hints = [answers[name].hint for name in _blanks(table) if name in answers and name not in filled]
    return hints[0] if len(hints) > 1 and len(set(hints)) == 1 else ""


def _blanks(table: Table) -> Iterator[str]:
    cells = (cell for row in (table.header, *table.rows) for cell in row)
    return (word.name for cell in cells for word in cell if isinstance(word, Blank))
