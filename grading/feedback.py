"""What a student gets back: their answers, the key, what went wrong, and the worked solution."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from ..answers import Answer, Matrix, Notation, Unreadable, Vector
from ..errors import UserError
from ..exams.former import still_computes
from ..exams.store import StoredItem
from ..rendering import prompt as wording
from ..rendering.document import Block, Document, Heading, Inline, Paragraph, Table, Text, with_prefix
from ..rendering.markdown import document, inlines
from ..verify import Item
from .grade import FormResult, ItemResult, Result
from .outputs import number
from .score import BlankScore

LONGEST_SHOWN = 60
LONGEST_WORD = 24
FIGURE = re.compile(r"\[\[figure:\d+\]\]")
NO_FIGURE = "*(The drawing cannot be shown, as the question has changed since.)*"
NO_SOLUTION = "It cannot be shown, as the question has changed since the exam was made."
STATES = {
    "right": "right",
    "carried": "follows from your own earlier value",
    "partly": "partly right",
    "wrong": "wrong",
    "blank": "left blank",
    "unreadable": "not readable; a person will look",
    "undecided": "not decided; a person will look",
}


def feedback_pdf(result: Result, form: FormResult) -> bytes:
    """The student's feedback as PDF."""
    from ..rendering.pdf import document_pdf

    tree, answers, filled = _feedback(result, form)
    blueprint = result.exam.blueprint
    notation = Notation(blueprint.decimal)
    return document_pdf(
        _title(result),
        tree,
        answers,
        filled,
        paper=blueprint.paper,
        notation=notation,
        large_print=blueprint.large_print,
    )


def feedback_html(result: Result, form: FormResult) -> str:
    """The student's feedback as a page of its own."""
    from ..rendering.html import fragment, page

    tree, answers, filled = _feedback(result, form)
    return page(_title(result), fragment(tree, answers, filled))


def _title(result: Result) -> str:
    blueprint = result.exam.blueprint
    return " · ".join(part for part in (blueprint.course, blueprint.title, "feedback") if part)


def _feedback(result: Result, form: FormResult) -> tuple[Document, dict[str, Answer], dict[str, str]]:
    """The text, the answers of its blanks, and what the student wrote in them."""
    notation = Notation(result.exam.blueprint.decimal)
    blocks: list[Block] = [_summary(form, notation)]
    answers: dict[str, Answer] = {}
    filled: dict[str, str] = {}
    for item in form.items:
        prefix = f"{item.stored.id}."
        blocks += _item_blocks(item, prefix, notation)
        for blank, answer in item.stored.item.answers.items():
            answers[prefix + blank] = answer
            filled[prefix + blank] = _readable(answer, item.blanks[blank].typed, notation)
    return Document(tuple(blocks)), answers, filled


def _summary(form: FormResult, notation: Notation) -> Paragraph:
    name = form.student.name if form.student else ""
    who = ", ".join(part for part in (name, form.student_id, f"form {form.form.code}") if part)
    points = f"{_share(form.points, form.possible, notation)} points"
    return Paragraph((Text(f"{who}: "), Text(points, bold=True)))


def _item_blocks(item: ItemResult, prefix: str, notation: Notation) -> Iterator[Block]:
    share = _share(item.points, item.possible, notation)
    points = "dropped" if item.dropped else f"{share} points"
    yield Heading(1, (Text(f"{item.stored.number}. {item.stored.title}: {points}"),))
    yield from with_prefix(_asked(item.stored, notation), prefix).blocks
    yield _table(item, notation)
    yield Heading(3, (Text("Worked solution"),))
    yield from _solution(item.stored.item, notation).blocks


def _asked(stored: StoredItem, notation: Notation) -> Document:
    """The prompt as it was printed; a drawing that cannot be made again is left out."""
    try:
        figures = wording.prompt(stored.item, notation).figures
    except UserError:
        figures = ()
    wanted = FIGURE.findall(stored.prompt)
    if len(wanted) == len(figures):
        return document(stored.prompt, figures)
    return document(FIGURE.sub(NO_FIGURE, stored.prompt))


def _solution(item: Item, notation: Notation) -> Document:
    """The worked solution, where the question still computes what was asked."""
    try:
        if still_computes(item):
            solution = wording.solution(item, notation)
            return document(solution.markdown, solution.figures)
    except UserError:
        pass
    return Document((Paragraph((Text(NO_SOLUTION),)),))


def _share(points: Fraction, possible: Fraction, notation: Notation) -> str:
    return f"{number(points)} of {number(possible)}".replace(".", notation.decimal)


def _table(item: ItemResult, notation: Notation) -> Table:
    header = tuple((Text(title),) for title in ("", "your answer", "key", "points", "what happened"))
    rows = tuple(_row(item, blank, score, notation) for blank, score in item.blanks.items())
    return Table(header, rows, ("left", "center", "center", "center", "left"))


def _row(
    item: ItemResult, blank: str, score: BlankScore, notation: Notation
) -> tuple[tuple[Inline, ...], ...]:
    decided = blank in item.decided
    happened = "a person decided" if decided else STATES[score.state]
    reason = () if decided or not score.reason else (Text(". "), *_reason(score))
    typed = _as_typed(item.stored.item.answers[blank], score.typed)
    points = _share(item.points_of(blank), item.stored.blank_points[blank], notation)
    points = points.replace(" ", "\N{NO-BREAK SPACE}")
    return (
        (Text(blank.replace("_", " ")),),
        (Text(_narrow(_shown(typed))),),
        (Text(score.key),),
        (Text(points),),
        (Text(happened), *reason),
    )


def _reason(score: BlankScore) -> tuple[Inline, ...]:
    """The sentence of a mistake is Markdown; what may quote the student is not."""
    if score.state in {"unreadable", "undecided"}:
        return (Text(_printable(score.reason)),)
    return inlines(score.reason)


def _readable(answer: Answer, typed: str, notation: Notation) -> str:
    """The typed text if it fits the boxes of the prompt; the table shows at least its beginning."""
    try:
        answer.read(typed, notation)
    except Unreadable:
        return ""
    return typed if "\n" in typed or isinstance(answer, Vector | Matrix) else _shown(typed)


def _as_typed(answer: Answer, typed: str) -> str:
    """The typed text; where a reader put together the entries of a vector, without the brackets of a row."""
    row = re.fullmatch(r"\[\[([^][]*)\]\]", typed) if isinstance(answer, Vector) else None
    return f"({row[1]})" if row else typed


def _shown(typed: str) -> str:
    text = _printable(typed[: LONGEST_SHOWN + 1]).strip()
    return f"{text[:LONGEST_SHOWN]}…" if len(typed) > LONGEST_SHOWN else text or "–"


def _narrow(text: str) -> str:
    """The text with words that do not widen the table at the cost of what happened."""
    return re.sub(rf"(\S{{{LONGEST_WORD}}})\S+", r"\1…", text)


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
