"""From a drawn form to the sheet that is set on paper."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from string import ascii_lowercase
from typing import Any

from ..answers import Answer, Choice, Notation, Ordering
from ..errors import UserError, naming
from ..rendering import prompt as wording
from ..rendering.document import Document, blanks_of
from ..rendering.markdown import document
from ..rendering.sheet import KeyNotes, Sheet, SheetItem, SheetSection
from ..rendering.snippet import snippet
from ..verify import CHOICE, Item
from .blueprint import Blueprint
from .codes import FormName
from .forms import Form, PlacedItem
from .versions import versions

TOOLS = {"torch": "PyTorch", "numpy": "NumPy", "sympy": "SymPy", "networkx": "NetworkX"}
LONGEST_WRONG_TEXT = 40
"""A longer wrong answer, such as a matrix, is not written out among the common mistakes."""


def sheet(blueprint: Blueprint, form: Form, exam: str, *, keys: bool = True, snippets: bool = True) -> Sheet:
    """The form with its texts worded and its numbers in the exam's notation.

    Args:
        blueprint: the exam.
        form: one of its forms.
        exam: the exam's id.
        keys: whether the key sheet will be set too.
        snippets: whether it has code to paste.

    Raises:
        UserError: a template cannot be rendered, or has no place for an answer.
    """
    notation = Notation(blueprint.decimal)
    sections = tuple(
        SheetSection(
            section.title,
            tuple(
                _item(placed, notation, _key_notes(placed.item, notation, snippets) if keys else None)
                for placed in form.items
                if placed.place.section == number
            ),
        )
        for number, section in enumerate(blueprint.sections)
    )
    return Sheet(
        title=blueprint.title,
        course=blueprint.course,
        date=_date(blueprint.date),
        minutes=blueprint.minutes,
        instructions=blueprint.instructions,
        student=form.student.name if form.student else None,
        student_id=form.student.id if form.student else None,
        form=form.code,
        qr=FormName(exam, form.code).payload(),
        sections=sections,
        paper=blueprint.paper,
        large_print=blueprint.large_print,
        notation=notation,
    )


def _item(placed: PlacedItem, notation: Notation, key: KeyNotes | None) -> SheetItem:
    item = placed.item
    return SheetItem(
        number=placed.number,
        id=placed.place.id,
        title=item.entry.question.title,
        points=placed.points,
        minutes=item.entry.question.minutes[item.level],
        prompt=_asked(item, notation),
        answers=item.answers,
        blank_points=placed.blank_points,
        work_lines=_work_lines(placed),
        key=key,
    )


def _work_lines(placed: PlacedItem) -> int | None:
    """What the blueprint says; else none for statements, which need no computing, or as the minutes tell."""
    wanted = placed.place.slot.work_lines
    answers = placed.item.answers
    judged = all(isinstance(answer, Choice) for answer in answers.values()) and CHOICE not in answers
    return 0 if wanted is None and judged else wanted


def _key_notes(item: Item, notation: Notation, snippets: bool) -> KeyNotes:
    solution, code = wording.solution(item, notation), snippet(item).rstrip()
    return KeyNotes(
        question=item.name,
        level=item.level,
        solution=_tree(item, solution),
        executed=tuple(executed_lines(item, code)),
        snippet=code if snippets else "",
        mistakes=(*_wrong_roads(item, notation), *_wrong_options(item, solution.markdown)),
    )


def executed_lines(item: Item, code: str) -> Iterator[str]:
    """What ran, and what it returned: one line per blank, or per option that was judged.

    Args:
        item: the verified item.
        code: its snippet.
    """
    if item.executed:
        yield f"run with {_tools(code)}"
    for blank, value in item.executed.items():
        answer = item.answers.get(blank)
        if isinstance(answer, Choice) and isinstance(value, Mapping):
            yield from _judged_options(answer, value)
        elif isinstance(answer, Ordering):
            yield f"{len(value)} dependencies found by running the steps in other orders"
        else:
            yield f"{blank.replace('_', ' ')} = {_shown(value)}"


def _tools(code: str) -> str:
    """The libraries that the code imports, with their versions."""
    imported = set(re.findall(r"^(?:import|from) (\w+)", code, re.MULTILINE))
    used = [f"{name} {versions()[package]}" for package, name in TOOLS.items() if package in imported]
    return ", ".join(used) or f"Python {versions()['python']}"


def _judged_options(answer: Choice, verdicts: Mapping[Any, bool]) -> Iterator[str]:
    known = {int(origin): verdict for origin, verdict in verdicts.items()}
    for place, option in enumerate(answer.options):
        verdict = known.get(option.origin)
        said = "reviewed, not executed" if verdict is None else f"executed: {'right' if verdict else 'wrong'}"
        yield f"({ascii_lowercase[place]}) {said}"


def _wrong_roads(item: Item, notation: Notation) -> Iterator[tuple[str, str]]:
    for mistake in item.mistakes:
        if any(blank not in item.answers for blank in mistake.values):
            continue  # asked as a choice: the options themselves carry the sentences
        texts = (
            _wrong_text(blank, item.answers[blank].like(value), notation, item)
            for blank, value in mistake.values.items()
        )
        yield ", ".join(texts), mistake.sentence


def _wrong_options(item: Item, solution: str) -> Iterator[tuple[str, str]]:
    """What the options of a choice say to those who decide wrongly on them, where the solution does not."""
    for answer in item.answers.values():
        if isinstance(answer, Choice):
            for letter, option in zip(ascii_lowercase, answer.options, strict=False):
                if option.why and option.why not in solution:
                    yield f"({letter})", option.why


def _wrong_text(blank: str, answer: Answer, notation: Notation, item: Item) -> str:
    text = answer.printed(notation)
    text = text if len(text) <= LONGEST_WRONG_TEXT else "…"
    return text if len(item.answers) == 1 else f"{blank.replace('_', ' ')} {text}"


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return format(value, ".10g")
    if isinstance(value, tuple):
        return f"({', '.join(map(_shown, value))}{',' if len(value) == 1 else ''})"
    return str(value)


def _asked(item: Item, notation: Notation) -> Document:
    """The prompt, which has a place for each answer."""
    prompt = _tree(item, wording.prompt(item, notation))
    if sorted(blanks_of(prompt)) != sorted(item.answers):
        wanted, found = ", ".join(item.answers), ", ".join(blanks_of(prompt)) or "none"
        raise UserError(
            f"question {item.name} needs one place for each of the blanks {wanted}; its prompt has {found}"
        )
    return prompt


def _tree(item: Item, prose: wording.Prose) -> Document:
    with naming(f"question {item.name}"):
        return document(prose.markdown, prose.figures)


def _date(date: datetime.date | None) -> str:
    return f"{date.day} {date:%B %Y}" if date else ""
