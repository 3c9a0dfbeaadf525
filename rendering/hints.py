"""What is said about the notation of answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..answers import Answer
from .document import Block, Document, Heading, Inline, Listing, Paragraph, Table, Text


def unsaid_hints(document: Document, answers: Mapping[str, Answer]) -> dict[str, str]:
    """What to say beside each blank about its notation: nothing where the text says it in the same words."""
    said = " ".join(_texts(document.blocks))
    return {name: "" if answer.hint in said else answer.hint for name, answer in answers.items()}


def _texts(nodes: Iterable[Block | Inline]) -> Iterator[str]:
    for node in nodes:
        match node:
            case Text(text):
                yield text
            case Paragraph(words) | Heading(_, words):
                yield from _texts(words)
            case Table(header, rows):
                for cell in (*header, *(cell for row in rows for cell in row)):
                    yield from _texts(cell)
            case Listing(items):
                for blocks in items:
                    yield from _texts(blocks)
