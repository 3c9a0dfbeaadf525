"""One item on its own, for an author or a student: terminal text, a page, HTML, or JSON."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from .answers import Answer, Real
from .answers.base import POINT, Notation
from .bank import Entry
from .errors import UserError
from .presentation import shuffled
from .rendering import prompt as wording
from .rendering.document import Code, Document, Heading, Text
from .rendering.markdown import document
from .rendering.snippet import snippet
from .verify import Item, computing, draw, from_parameters, keys_of, stream_of, verified


def drawn(entry: Entry, level: int | None, seed: str | None, fixed: Mapping[str, Any] | None = None) -> Item:
    """A verified item of a question, with shuffled options.

    Args:
        entry: the question.
        level: one of its levels; None for 2, or the nearest that it has.
        seed: names the random streams; None for fresh randomness.
        fixed: the user's own parameters.

    Raises:
        UserError: the level or a parameter does not fit.
        GateError: closed form and solver disagree.
    """
    if level is None:
        level = min(entry.question.levels(), key=lambda known: abs(known - 2))
    secret = seed.encode() if seed is not None else secrets.token_bytes(32)
    if fixed and set(entry.question.field_names()) <= set(fixed):
        item = _own(entry, level, fixed)
    else:
        item = draw(entry, level, stream_of(secret, entry.name, str(level)), fixed)
    return shuffled(item, stream_of(secret, entry.name, str(level), "shuffle")(0))


def _own(entry: Entry, level: int, parameters: Mapping[str, Any]) -> Item:
    """The item of exactly these parameters."""
    question = from_parameters(entry, parameters)
    with computing(entry, parameters):
        answers, reason = keys_of(question)
        if reason:
            raise UserError(f"question {entry.name} with these parameters is no fair question: {reason}")
        return verified(entry, question, level, answers)


def asked(item: Item, notation: Notation = POINT) -> Document:
    """The prompt."""
    prose = wording.prompt(item, notation)
    return document(prose.markdown, prose.figures)


def worked(item: Item, notation: Notation = POINT) -> Document:
    """The worked solution, the mistakes that students make, and the executed snippet."""
    prose = wording.solution(item, notation)
    solution = document(prose.markdown, prose.figures)
    if not (code := snippet(item).rstrip()):
        return solution
    return Document((*solution.blocks, Heading(3, (Text("Check it yourself"),)), Code(code, "python")))


def printed_keys(item: Item, notation: Notation = POINT) -> dict[str, str]:
    """The key of each blank as text."""
    return {blank: answer.printed(notation) for blank, answer in item.answers.items()}


def as_text(item: Item, *, solution: bool, width: int = 80) -> str:
    """For the terminal."""
    from .rendering.text import text

    parts = [
        f"{item.entry.question.title} ({item.name}, level {item.level})",
        text(asked(item), item.answers, width=width),
    ]
    if solution:
        keys = "\n".join(f"  {blank}: {key}" for blank, key in printed_keys(item).items())
        parts += [f"Key\n{keys}", "Worked solution", text(worked(item), item.answers, width=width)]
    return "\n\n".join(parts)


def as_html(item: Item, *, solution: bool) -> str:
    """A page of its own, with MathML and without JavaScript."""
    from .rendering.html import fragment, page

    title = item.entry.question.title
    body = fragment(asked(item), item.answers, printed_keys(item) if solution else None)
    if solution:
        body += fragment(worked(item), item.answers)
    return page(title, body)


def as_pdf(item: Item, *, solution: bool) -> bytes:
    """A PDF of its own."""
    from .rendering.pdf import document_pdf

    blocks = asked(item)
    if solution:
        blocks = Document((*blocks.blocks, Heading(1, (Text("Worked solution"),)), *worked(item).blocks))
    return document_pdf(
        item.entry.question.title, blocks, item.answers, printed_keys(item) if solution else None
    )


def as_png(item: Item, *, solution: bool) -> bytes:
    """The pages of the PDF as one picture, below each other."""
    from .rendering.pdf import pages_png

    return pages_png(as_pdf(item, solution=solution))


def as_json(item: Item) -> str:
    """Everything that is known of the item."""
    data = {
        "question": item.name,
        "title": item.entry.question.title,
        "level": item.level,
        "minutes": item.entry.question.minutes[item.level],
        "parameters": item.question.parameters(),
        "prompt": wording.prompt(item).markdown,
        "blanks": {blank: _described(answer) for blank, answer in item.answers.items()},
        "executed": item.executed,
        "mistakes": [
            {"name": mistake.name, "values": mistake.values, "sentence": mistake.sentence}
            for mistake in item.mistakes
        ],
        "solution": wording.solution(item).markdown,
        "snippet": snippet(item),
    }
    return json.dumps(data, indent=2, ensure_ascii=False, default=list)


def _described(answer: Answer) -> dict[str, Any]:
    tolerance = {"tolerance": str(float(answer.margin))} if isinstance(answer, Real) else {}
    return answer.to_json() | {"printed": answer.printed(), "accepted": answer.spellings()} | tolerance
