"""The document tree as HTML with MathML, and whole pages: no script, and typed text never becomes markup."""

from __future__ import annotations

import base64
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from ..answers import Answer
from .characters import printable
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
from .figures import svg
from .hints import unsaid_hints
from .html_fields import Slot, field, needs_block, safe
from .markdown import inlines
from .mathematics import mathml

Words = tuple[Inline, ...]

_SIGNS = frozenset(".,;:?!)")
TEMPLATES = Path(__file__).parent.parent / "templates"


def fragment(
    document: Document,
    answers: Mapping[str, Answer],
    filled: Mapping[str, str] | None = None,
    fields: bool = True,
    prefix: str = "",
) -> str:
    """A document as HTML, well-formed also as XML.

    Args:
        document: the text with its blanks.
        answers: the key of each blank; only its kind, options and notation are shown.
        filled: what stands in a blank instead of an empty field: the key or what a student typed.
        fields: whether empty blanks are fields of a form, or only boxes.
        prefix: what the names of the fields begin with, e.g. the item's id.

    Raises:
        DocumentError: the text has a blank that has no answer.
        MathError: a formula cannot be set.
    """
    writer = _Writer(answers, filled or {}, fields, prefix, unsaid_hints(document, answers))
    return writer.blocks(document.blocks)


def page(title: str, body: str) -> str:
    """A whole page that needs nothing else: readable on a phone, on a desktop, in the dark and on paper.

    Args:
        title: the title as text, which is also the page's first heading.
        body: HTML, e.g. from `fragment`.
    """
    font = mathematics_font() if "<math" in body else ""
    return _frame().render(title=printable(title), body=body, font=font)


@functools.cache
def mathematics_font() -> str:
    """A font with stretching brackets in base 64: few devices have one of their own."""
    return base64.b64encode((TEMPLATES / "fonts" / "mathematics.woff2").read_bytes()).decode()


@functools.cache
def _frame() -> Template:
    loader = FileSystemLoader(TEMPLATES)
    environment = Environment(loader=loader, autoescape=select_autoescape(), undefined=StrictUndefined)
    return environment.get_template("page.html")


@dataclass(frozen=True)
class _Writer:
    """Writes blocks and inlines.

    Attributes:
        answers: the key of each blank.
        filled: what stands in the blanks.
        fields: whether the other blanks are fields of a form.
        prefix: what the names of the fields begin with.
        hints: what to say beside each blank about its notation.
    """

    answers: Mapping[str, Answer]
    filled: Mapping[str, str]
    fields: bool
    prefix: str
    hints: Mapping[str, str]

    def blocks(self, blocks: Iterable[Block]) -> str:
        return "\n".join(map(self._block, blocks))

    def _block(self, block: Block) -> str:
        match block:
            case Paragraph(words):
                tag = "div" if self._has_block(words) else "p"
                html = f'<{tag} class="paragraph">{self._words(words)}</{tag}>'
            case Heading(level, words):
                # The page's title and the question's own take the first two levels.
                html = f"<h{level + 2}>{self._words(words)}</h{level + 2}>"
            case DisplayMath(latex):
                html = f'<div class="formula">{mathml(latex, display=True)}</div>'
            case Code(code, language):
                html = f"<pre><code>{_highlighted(code, language)}</code></pre>"
            case Table():
                html = self._table(block)
            case Listing():
                html = self._listing(block)
            case Figure():
                html = f"<figure>{svg(block)}</figure>"
            case Blank(name):
                html = f'<div class="answer">{self._blank(name)}</div>'
        return html

    def _table(self, table: Table) -> str:
        """A table whose first column names the rows, unless the student fills it in."""
        named = len(table.header) > 1 and not any(_has_blank(row[0]) for row in table.rows)
        head = "".join(
            f'<th scope="col" class="{alignment}">{self._words(cell)}</th>'
            for cell, alignment in zip(table.header, table.alignments, strict=True)
        )
        body = "\n".join(f"<tr>{self._row(row, table.alignments, named)}</tr>" for row in table.rows)
        return (
            f'<div class="table"><table>\n<thead><tr>{head}</tr></thead>\n'
            f"<tbody>\n{body}\n</tbody>\n</table></div>"
        )

    def _row(self, row: Sequence[Words], alignments: Sequence[Alignment], named: bool) -> str:
        cells = zip(row, alignments, strict=True)
        return "".join(
            f'<th scope="row" class="{alignment}">{self._words(cell)}</th>'
            if named and place == 0
            else f'<td class="{alignment}">{self._words(cell)}</td>'
            for place, (cell, alignment) in enumerate(cells)
        )

    def _listing(self, listing: Listing) -> str:
        tag = "ol" if listing.ordered else "ul"
        lines = "\n".join(f"<li>{self._item(item)}</li>" for item in listing.items)
        return f"<{tag}>\n{lines}\n</{tag}>"

    def _item(self, blocks: tuple[Block, ...]) -> str:
        match blocks:
            case (Paragraph(words),):
                return self._words(words)
            case _:
                return self.blocks(blocks)

    def _words(self, words: Words) -> str:
        return "".join(map(self._group, self._groups(words)))

    def _groups(self, words: Words) -> Iterator[Words]:
        """The words in groups within which no line breaks: a formula, its blank, and a sign behind it."""
        rest = list(words)
        while rest:
            match rest:
                case [Math(), Text(" "), Blank() as blank, *_] if not self._has_block((blank,)):
                    size = 3
                case _:
                    size = 1
            group, rest = rest[:size], rest[size:]
            match group[-1], rest:
                case Blank() as blank, [Text(text, code=False) as sign, *_] if text[:1] in _SIGNS:
                    if not self._has_block((blank,)):
                        group.append(replace(sign, text=text[:1]))
                        rest[0] = replace(sign, text=text[1:])
            yield tuple(group)

    def _group(self, group: Words) -> str:
        html = "".join(self._blank(word.name) if isinstance(word, Blank) else _word(word) for word in group)
        return f'<span class="together">{html}</span>' if len(group) > 1 else html

    def _has_block(self, words: Words) -> bool:
        return any(isinstance(word, Blank) and needs_block(self._answer(word.name)) for word in words)

    def _answer(self, name: str) -> Answer:
        if name not in self.answers:
            known = ", ".join(self.answers) or "none"
            raise DocumentError(f"The text has a blank {name}, but the answers are: {known}")
        return self.answers[name]

    def _blank(self, name: str) -> str:
        slot = Slot(
            name=self.prefix + name,
            label=name.replace("_", " "),
            answer=self._answer(name),
            hint=self.hints[name],
            filled=self.filled.get(name),
            live=self.fields,
        )
        return field(slot, _line)


def _has_blank(words: Words) -> bool:
    return any(isinstance(word, Blank) for word in words)


def _line(markdown: str) -> str:
    """One line of Markdown that has no blanks."""
    return "".join(map(_word, inlines(markdown)))


def _word(word: Inline) -> str:
    match word:
        case Text(text, bold, italic, code):
            html = f"<code>{safe(text)}</code>" if code else safe(text)
            html = f"<em>{html}</em>" if italic else html
            return f"<strong>{html}</strong>" if bold else html
        case Math(latex):
            return mathml(latex)
        case LineBreak():
            return "<br />"
        case Blank(name):
            raise DocumentError(f"The blank {name} cannot stand within an option")


@functools.lru_cache(maxsize=1024)
def _highlighted(code: str, language: str) -> str:
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return safe(code)
    html: str = highlight(printable(code), lexer, HtmlFormatter(nowrap=True))
    return html.rstrip("\n")
