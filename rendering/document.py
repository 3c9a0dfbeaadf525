"""The document tree between a template's Markdown and every output: paragraphs, tables, figures, blanks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ..errors import TypesettingError

Alignment = Literal["left", "center", "right"]


class DocumentError(TypesettingError):
    """A text that has no document tree, or a tree that cannot be rendered; the message is for its author."""


@dataclass(frozen=True)
class Text:
    """A run of text in one style; `code` is set in the monospaced font."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False


@dataclass(frozen=True)
class Math:
    """An inline formula."""

    latex: str


@dataclass(frozen=True)
class Blank:
    """The place where the answer of a blank goes: inline, in a table cell, or alone as a block."""

    name: str


@dataclass(frozen=True)
class LineBreak:
    """A forced new line within a paragraph."""


Inline = Text | Math | Blank | LineBreak


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True)
class Heading:
    """A heading: of a part of a document at level 1, within a question or solution at levels 2 and 3."""

    level: int
    inlines: tuple[Inline, ...]


@dataclass(frozen=True)
class DisplayMath:
    """A formula on its own line."""

    latex: str


@dataclass(frozen=True)
class Code:
    """A listing."""

    code: str
    language: str


@dataclass(frozen=True)
class Table:
    """A table with one header row; each cell is a run of inlines."""

    header: tuple[tuple[Inline, ...], ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]
    alignments: tuple[Alignment, ...]


@dataclass(frozen=True)
class Listing:
    """A bulleted or numbered list; each item is a run of blocks."""

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False


@dataclass(frozen=True)
class Figure:
    """A drawing: its kind, what it shows, and the words for those who cannot see it."""

    kind: str
    arguments: Mapping[str, Any] = field(hash=False)
    alt: str


Block = Paragraph | Heading | DisplayMath | Code | Table | Listing | Figure | Blank


@dataclass(frozen=True)
class Document:
    """A prompt, a solution or a page of feedback."""

    blocks: tuple[Block, ...]


def blanks_of(document: Document) -> tuple[str, ...]:
    """The names of the blanks, in reading order."""
    return tuple(_blanks(document.blocks))


def with_prefix(document: Document, prefix: str) -> Document:
    """The document with a prefix before the name of each blank, to stand beside others on one sheet."""
    return Document(tuple(_prefixed(block, prefix) for block in document.blocks))


def _prefixed(node: Any, prefix: str) -> Any:
    match node:
        case Blank(name):
            return Blank(prefix + name)
        case Paragraph(inlines) | Heading(_, inlines):
            return replace(node, inlines=_all_prefixed(inlines, prefix))
        case Table(header, rows):
            cells = tuple(tuple(_all_prefixed(cell, prefix) for cell in row) for row in rows)
            return replace(node, header=tuple(_all_prefixed(cell, prefix) for cell in header), rows=cells)
        case Listing(items):
            return replace(node, items=tuple(_all_prefixed(blocks, prefix) for blocks in items))
    return node


def _all_prefixed(nodes: Iterable[Any], prefix: str) -> tuple[Any, ...]:
    return tuple(_prefixed(node, prefix) for node in nodes)


def _blanks(nodes: Iterable[Block | Inline]) -> Iterator[str]:
    for node in nodes:
        match node:
            case Blank(name):
                yield name
            case Paragraph(inlines) | Heading(_, inlines):
                yield from _blanks(inlines)
            case Table(header, rows):
                for cell in (*header, *(cell for row in rows for cell in row)):
                    yield from _blanks(cell)
            case Listing(items):
                for blocks in items:
                    yield from _blanks(blocks)
