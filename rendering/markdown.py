r"""Markdown with LaTeX mathematics, as templates and questions write it, to the document tree.

CommonMark and tables, `$...$` and `$$...$$`, and two markers that templates emit: `[[blank:NAME]]` where an
answer goes, and `[[figure:N]]`, alone in its paragraph, for a drawing. What the tree cannot hold is refused,
never dropped.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NoReturn, TypeGuard, cast

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from .characters import with_apostrophes
from .document import (
    Alignment,
    Blank,
    Block,
    Code,
    DisplayMath,
    Document,
    DocumentError,
    Figure,
    Heading,
    Inline,
    LineBreak,
    Listing,
    Math,
    Paragraph,
    Table,
    Text,
)

_DEEPEST_HEADING = 3
_MARKER = re.compile(r"\[\[(?:blank:(?P<blank>[\w.-]+)|figure:(?P<figure>\d+))\]\]")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_REFUSED = {
    "blockquote_open": "a block quote",
    "hr": "a horizontal rule",
    "html_block": r"raw HTML (write \< for the sign <)",
    "html_inline": r"raw HTML (write \< for the sign <)",
    "image": "an image (use a figure)",
    "link_open": r"a link (write \[ for a bracket)",
    "figure": "a figure within a line; it stands alone in its paragraph",
}


def document(markdown: str, figures: Sequence[Figure] = ()) -> Document:
    """The document tree of a rendered template.

    Args:
        markdown: the text.
        figures: what `[[figure:N]]` stands for, by N.

    Raises:
        DocumentError: the text has something that the tree cannot hold; the message says what and where.
    """
    return Document(_Reader(markdown, figures).blocks())


@functools.lru_cache(maxsize=4096)
def inlines(markdown: str) -> tuple[Inline, ...]:
    """One line of Markdown, e.g. an option or the sentence of a mistake; signs of lists and tables stay text.

    Raises:
        DocumentError: see `document`.
    """
    (token,) = _parser().parseInline(markdown.strip())
    return _line(token)


@functools.cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    # Only fences make listings and only # makes headings, so that neither an indented line nor a line of
    # dashes that a template's loop leaves behind changes the text around it. A link definition would vanish.
    parser.disable(["code", "lheading", "reference"])
    # Escaped characters stay apart from the text, so that \$ is told from a formula that is not closed.
    parser.disable("text_join")
    parser.use(dollarmath_plugin, allow_labels=False, allow_blank_lines=False, double_inline=True)
    parser.inline.ruler.before("link", "marker", _marker)
    return parser


def _marker(state: StateInline, silent: bool) -> bool:
    match = _MARKER.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        kind = cast(str, match.lastgroup)
        state.push(kind, "", 0).content = match[kind]
    state.pos = match.end()
    return True


def _refuse(what: str, where: str) -> NoReturn:
    excerpt = " ".join(where.split())
    if len(excerpt) > 60:
        excerpt = excerpt[:59] + "…"
    raise DocumentError(f"{what}: {excerpt}" if excerpt else what)


class _Reader:
    """Turns the parser's flat run of tokens into nested blocks, taking each token once."""

    def __init__(self, markdown: str, figures: Sequence[Figure]) -> None:
        self._lines = markdown.splitlines()
        self._figures = figures
        self._tokens = iter(_parser().parse(markdown))

    def blocks(self, end: str = "") -> tuple[Block, ...]:
        """The blocks up to a closing token, or all that are left."""
        return tuple(block for token in self._until(end) for block in self._blocks_of(token))

    def _until(self, end: str) -> Iterator[Token]:
        for token in self._tokens:
            if token.type == end:
                return
            yield token

    def _blocks_of(self, token: Token) -> Iterator[Block]:
        match token.type:
            case "paragraph_open":
                (inline,) = self._until("paragraph_close")
                yield from self._paragraph(inline)
            case "heading_open":
                (inline,) = self._until("heading_close")
                yield _heading(int(token.tag[1:]), inline)
            case "fence":
                yield self._code(token)
            case "math_block":
                yield DisplayMath(_formula(token))
            case "bullet_list_open":
                yield Listing(self._items("bullet_list_close"))
            case "ordered_list_open":
                if token.attrGet("start") is not None:
                    _refuse("A numbered list begins with 1", self._source(token))
                yield Listing(self._items("ordered_list_close"), ordered=True)
            case "table_open":
                yield self._table()
            case kind:
                _refuse(f"A text cannot hold {_REFUSED[kind]}", self._source(token))

    def _source(self, token: Token) -> str:
        first, end = token.map or (0, 0)
        return " ".join(self._lines[first:end])

    def _code(self, fence: Token) -> Code:
        _check_no_marker(fence, "a listing")
        first, end = fence.map or (0, 0)
        if end - first < 2 or not self._lines[end - 1].strip().startswith(fence.markup):
            _refuse(f"A listing is not closed with {fence.markup}", self._source(fence))
        language, *_ = fence.info.split() or [""]
        return Code(fence.content.removesuffix("\n"), language)

    def _paragraph(self, inline: Token) -> Iterator[Block]:
        """A paragraph, cut where a display formula stands; a lone figure or blank becomes a block."""
        match inline.children:
            case [Token(type="figure", content=number)]:
                yield self._figure(int(number))
                return
            case [Token(type="blank", content=name)]:
                yield Blank(name)
                return
        for is_formula, run in groupby(_pieces(inline), lambda piece: isinstance(piece, DisplayMath)):
            if is_formula:
                yield from cast(Iterator[DisplayMath], run)
            elif words := _trimmed(cast(Iterator[Inline], run)):
                yield Paragraph(words)

    def _figure(self, number: int) -> Figure:
        if number >= len(self._figures):
            raise DocumentError(f"There is no figure {number}: {len(self._figures)} were given")
        return self._figures[number]

    def _items(self, end: str) -> tuple[tuple[Block, ...], ...]:
        return tuple(self.blocks("list_item_close") for _ in self._until(end))

    def _table(self) -> Table:
        rows: list[list[tuple[Inline, ...]]] = []
        alignments: list[Alignment] = []
        for token in self._until("table_close"):
            match token.type:
                case "tr_open":
                    self._check_row(token, len(alignments))
                    rows.append([])
                case "th_open":
                    alignments.append(_alignment(token))
                case "inline":
                    rows[-1].append(_line(token))
        header, *body = map(tuple, rows)
        return Table(header, tuple(body), tuple(alignments))

    def _check_row(self, row: Token, columns: int) -> None:
        """The parser drops the cells of a row that has more than the header."""
        source = self._source(row).strip()
        cells = len(_CELL_BORDER.split(source.removeprefix("|").removesuffix("|")))
        if columns and cells > columns:
            _refuse(
                rf"A table row has {cells} cells under {columns} headings (\| is a bar within a cell)", source
            )


def _heading(level: int, inline: Token) -> Heading:
    if level > _DEEPEST_HEADING:
        _refuse(f"A heading has level 1 to {_DEEPEST_HEADING}, not {level}", inline.content)
    return Heading(level, _line(inline))


def _formula(token: Token) -> str:
    _check_no_marker(token, "a formula")
    if "$$" in token.content:
        _refuse("Two display formulas stand on one line", token.content)
    return token.content.strip()


def _check_no_marker(token: Token, where: str) -> None:
    if _MARKER.search(token.content):
        _refuse(f"A blank or a figure cannot stand within {where}", token.content)


def _alignment(cell: Token) -> Alignment:
    style = cell.attrGet("style")
    return cast(Alignment, str(style).removeprefix("text-align:")) if style else "left"


def _line(inline: Token) -> tuple[Inline, ...]:
    """The inlines of a heading, a table cell or an option, where no formula may need its own line."""
    pieces = tuple(_pieces(inline))
    if any(isinstance(piece, DisplayMath) for piece in pieces):
        _refuse("A display formula needs a paragraph: write $...$ here", inline.content)
    return _trimmed(cast(tuple[Inline, ...], pieces))


def _pieces(inline: Token) -> Iterator[Inline | DisplayMath]:
    """The parts of a text; neighbours of one style are one run."""
    for style, run in groupby(_single_pieces(inline), _style):
        if style is None:
            yield from run
        else:
            words = cast(list[Text], list(run))
            yield replace(words[0], text="".join(word.text for word in words)) if len(words) > 1 else words[0]


def _style(piece: Inline | DisplayMath) -> tuple[bool, ...] | None:
    return (piece.bold, piece.italic, piece.code) if isinstance(piece, Text) else None


def _single_pieces(inline: Token) -> Iterator[Inline | DisplayMath]:
    bold = italic = 0
    for token in inline.children or ():
        if token.tag == "strong":
            bold += token.nesting
        elif token.tag == "em":
            italic += token.nesting
        else:
            piece = _piece(token, inline.content)
            if isinstance(piece, Text) and (bold or italic):
                piece = replace(piece, bold=bold > 0, italic=italic > 0)
            yield piece


def _piece(token: Token, source: str) -> Inline | DisplayMath:
    make = _PIECES.get(token.type)
    if make is None:
        _refuse(f"A text cannot hold {_REFUSED[token.type]}", source)
    return make(token)


def _words(token: Token) -> Text:
    """The text, if it has no sign of a formula or a marker that went wrong."""
    if "$" in token.content:
        _refuse(r"A formula is not closed (write \$ for a dollar sign)", token.content)
    if "[[blank:" in token.content or "[[figure:" in token.content:
        _refuse("A blank's name has letters, digits and . _ - only, a figure's number digits", token.content)
    return Text(with_apostrophes(token.content))


def _code_words(token: Token) -> Text:
    _check_no_marker(token, "code")
    return Text(token.content, code=True)


_PIECES: Mapping[str, Callable[[Token], Inline | DisplayMath]] = {
    "text": _words,
    "text_special": lambda token: Text(token.content),
    "softbreak": lambda token: Text(" "),
    "hardbreak": lambda token: LineBreak(),
    "code_inline": _code_words,
    "math_inline": lambda token: Math(_formula(token)),
    "math_inline_double": lambda token: DisplayMath(_formula(token)),
    "blank": lambda token: Blank(token.content),
}


def _trimmed(inlines: Iterable[Inline]) -> tuple[Inline, ...]:
    """The inlines without white space and line breaks at both ends."""
    kept = list(inlines)
    while kept and _is_space(kept[0]):
        del kept[0]
    while kept and _is_space(kept[-1]):
        del kept[-1]
    if kept and _is_words(kept[0]):
        kept[0] = replace(kept[0], text=kept[0].text.lstrip())
    if kept and _is_words(kept[-1]):
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip())
    return tuple(kept)


def _is_space(piece: Inline) -> bool:
    return isinstance(piece, LineBreak) or (_is_words(piece) and not piece.text.strip())


def _is_words(piece: Inline) -> TypeGuard[Text]:
    return isinstance(piece, Text) and not piece.code
