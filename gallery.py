"""A static site with one item of every question at every level."""

from __future__ import annotations

import base64
import hashlib
import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from . import preview
from .answers.base import POINT
from .bank import Entry
from .errors import naming
from .exams.unfinished import UnfinishedFolder, digest
from .rendering import prompt as wording
from .rendering.document import Code, Document
from .rendering.html import TEMPLATES, fragment, mathematics_font
from .rendering.markdown import document
from .rendering.snippet import snippet
from .verify import Item

STYLES = "gallery.css"


@dataclass(frozen=True)
class Shown:
    """What a page has of one level.

    Attributes:
        level: its number.
        minutes: that a prepared student needs.
        kinds: the kinds of answers.
        prompt: as HTML, with empty boxes.
        keys: the name of each blank and its key, as text.
        mistakes: what a student is told, and the wrong values by blank.
        solution: as HTML.
        code: the executed snippet as HTML; empty if nothing runs.
    """

    level: int
    minutes: float
    kinds: tuple[str, ...]
    prompt: str
    keys: tuple[tuple[str, str], ...]
    mistakes: tuple[tuple[str, str], ...]
    solution: str
    code: str


@dataclass(frozen=True)
class Page:
    """A question's own page.

    Attributes:
        name: of the question.
        title: in a few words.
        about: paragraphs that say what it asks, and from which source.
        levels: what is shown of each.
    """

    name: str
    title: str
    about: tuple[str, ...]
    levels: tuple[Shown, ...]

    @property
    def topic(self) -> str:
        """The first part of the name."""
        return self.name.partition("/")[0]

    @property
    def kinds(self) -> str:
        """The kinds of answers at all levels."""
        return ", ".join(dict.fromkeys(kind for shown in self.levels for kind in shown.kinds))


def build(
    entries: Sequence[Entry],
    target: Path,
    *,
    seed: str = "gallery",
    force: bool = False,
    progress: Callable[[Iterable[Entry], int], Iterable[Entry]] = lambda steps, total: steps,
) -> int:
    """Make the site; a run that was stopped goes on.

    Args:
        entries: the questions.
        target: the folder to make.
        seed: names the random streams, so that the same items are shown each time.
        force: replace an existing gallery.
        progress: is given the questions as they are done, and their number.

    Returns:
        How many pages of questions there are.

    Raises:
        UserError: a question cannot be shown, or the folder cannot be made.
        GateError: closed form and solver of a question disagree.
    """
    inputs = {"seed": seed, "questions": digest("\n".join(entry.name for entry in entries))}
    with UnfinishedFolder(target, inputs=inputs, contains=STYLES, force=force) as folder:
        pages = []
        for entry in progress(entries, len(entries)):
            page = page_of(entry, seed)
            pages.append(page)
            if (name := f"{page.name}.html") not in folder:
                folder.write(name, _render("question.html", page=page))
        if STYLES not in folder:
            folder.write(STYLES, styles())
        if "index.html" not in folder:
            folder.write("index.html", index(pages))
    return len(pages)


def page_of(entry: Entry, seed: str) -> Page:
    """The page of a question, with an item of each level.

    Raises:
        UserError: a text of it cannot be set.
        GateError: closed form and solver disagree.
    """
    with naming(f"question {entry.name}"):
        levels = tuple(_shown(preview.drawn(entry, level, seed)) for level in entry.question.levels())
    about = (inspect.getdoc(entry.question) or "").split("\n\n")
    return Page(entry.name, entry.question.title, tuple(" ".join(part.split()) for part in about), levels)


def _shown(item: Item) -> Shown:
    prose = wording.solution(item)
    code = snippet(item).rstrip()
    return Shown(
        level=item.level,
        minutes=item.entry.question.minutes[item.level],
        kinds=tuple(dict.fromkeys(answer.kind for answer in item.answers.values())),
        prompt=fragment(preview.asked(item), item.answers, fields=False),
        keys=tuple(preview.printed_keys(item).items()),
        mistakes=tuple((mistake.sentence, _values(item, mistake.values)) for mistake in item.mistakes),
        solution=fragment(document(prose.markdown, prose.figures), item.answers),
        code=fragment(Document((Code(code, "python"),)), {}) if code else "",
    )


def _values(item: Item, values: Any) -> str:
    """Wrong values as a student would type them."""
    return "; ".join(
        f"{blank.replace('_', ' ')}: {item.answers[blank].like(value).printed(POINT)}"
        for blank, value in values.items()
    )


def index(pages: Sequence[Page]) -> str:
    """The first page: all questions by topic, and a box to search them."""
    topics: dict[str, list[Page]] = {}
    for page in pages:
        topics.setdefault(page.topic, []).append(page)
    script = (TEMPLATES / "gallery" / "search.js").read_text(encoding="utf-8")
    checksum = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    levels = sum(len(page.levels) for page in pages)
    return _render(
        "index.html", topics=topics, questions=len(pages), levels=levels, script=script, checksum=checksum
    )


def styles() -> str:
    """The style sheet of all pages, with the font of formulas in it."""
    font = f"url(data:font/woff2;base64,{mathematics_font()})"
    face = f'@font-face {{ font-family: "Page Mathematics"; src: {font}; }}'
    sheets = (TEMPLATES / "page.css", TEMPLATES / "gallery" / "gallery.css")
    return "\n".join([face, *(sheet.read_text(encoding="utf-8") for sheet in sheets)])


def _render(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(TEMPLATES / "gallery")
    environment = Environment(
        loader=loader,
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["words"] = lambda name: name.replace("_", " ")
    return environment
