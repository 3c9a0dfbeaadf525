"""The files of an exam folder: what was asked, and, apart from it, the keys."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..answers import Answer, Notation, from_json
from ..bank import Bank, plain
from ..errors import UserError
from ..question import Mistake
from ..rendering import prompt as wording
from ..verify import Item
from .blueprint import Blueprint
from .files import read_text
from .former import recovered
from .forms import Form, PlacedItem
from .roster import Student

EXAM_FILE = "exam.json"
KEY_FILE = "key.json"
FORMAT = 1
LARGEST_FILE = 2_000_000_000


@dataclass(frozen=True)
class StoredItem:
    """An item as the folder keeps it: nothing is drawn again.

    Attributes:
        id: names the item in files and form fields, e.g. `q3`.
        number: as printed.
        section: its section's number, from 0.
        title: the question's title.
        points: what it is worth.
        blank_points: what each blank is worth.
        prompt: the Markdown that was set, without figures.
        item: the verified item.
    """

    id: str
    number: int
    section: int
    title: str
    points: Fraction
    blank_points: Mapping[str, Fraction]
    prompt: str
    item: Item


@dataclass(frozen=True)
class StoredForm:
    """A form as the folder keeps it; items in printed order."""

    code: str
    student: Student | None
    items: tuple[StoredItem, ...]


@dataclass(frozen=True)
class StoredExam:
    """An exam folder that was read.

    Attributes:
        id: the exam's id.
        blueprint: what was ordered.
        forms: by code.
        versions: the versions of quizgrad, Python, PyTorch and NumPy that made it.
        changed: the questions that are not what they were any more, and why, by name.
    """

    id: str
    blueprint: Blueprint
    forms: Mapping[str, StoredForm]
    versions: Mapping[str, str]
    changed: Mapping[str, str] = field(default_factory=dict)


def public(blueprint: Blueprint) -> dict[str, Any]:
    """What was ordered, without the values of `set`: parameters may betray a key."""
    slots = {"sections": {"__all__": {"slots": {"__all__": {"parameters"}}}}}
    return blueprint.model_dump(mode="json", by_alias=True, exclude=slots)


def asked(form: Form, notation: Notation) -> dict[str, Any]:
    """The public record of a form: what was asked, no keys, with numbers as on the paper."""
    return {
        "form": form.code,
        "student": vars(form.student) if form.student else None,
        "items": [_asked_item(placed, notation) for placed in form.items],
    }


def _asked_item(placed: PlacedItem, notation: Notation) -> dict[str, Any]:
    item = placed.item
    return {
        "id": placed.place.id,
        "number": placed.number,
        "section": placed.place.section,
        "title": item.entry.question.title,
        "points": str(placed.points),
        "prompt": wording.prompt(item, notation).markdown,
        "blanks": {blank: _asked_blank(answer) for blank, answer in item.answers.items()},
    }


def _asked_blank(answer: Answer) -> dict[str, Any]:
    """The kind of a blank and what the paper shows of it."""
    blank: dict[str, Any] = {"kind": answer.kind}
    if hasattr(answer, "options"):
        blank["options"] = [option.text for option in answer.options]
    if hasattr(answer, "items"):
        blank["steps"] = list(answer.items)
    return blank


def keys(form: Form) -> dict[str, Any]:
    """The secret record of a form: parameters, keys, mistakes, and what the solvers returned."""
    return {"form": form.code, "items": {placed.place.id: _keys_of(placed) for placed in form.items}}


def _keys_of(placed: PlacedItem) -> dict[str, Any]:
    item = placed.item
    return {
        "question": item.name,
        "level": item.level,
        "parameters": item.question.parameters(),
        "answers": {blank: answer.to_json() for blank, answer in item.answers.items()},
        "points": {blank: str(points) for blank, points in placed.blank_points.items()},
        "mistakes": [vars(mistake) | {"values": dict(mistake.values)} for mistake in item.mistakes],
        "executed": item.executed,
    }


def dumps(data: Any) -> str:
    """JSON text that is the same on every machine."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence | set | frozenset):
        return sorted(value) if isinstance(value, set | frozenset) else list(value)
    raise TypeError(f"{value!r} does not go to JSON")


def load(folder: Path, bank: Bank) -> StoredExam:
    """Read an exam folder.

    Args:
        folder: what `quizgrad exam` made.
        bank: holds the questions that were asked.

    Raises:
        UserError: the folder is no exam, or is damaged.
    """
    exam, key = _read(folder / EXAM_FILE), _read(folder / KEY_FILE)
    try:
        if exam["id"] != key["id"]:
            raise UserError(f"{folder}: {EXAM_FILE} and {KEY_FILE} belong to different exams")
        secrets = {form["form"]: form["items"] for form in key["forms"]}
        changed: dict[str, str] = {}
        forms = [_form(form, secrets[form["form"]], bank, changed) for form in exam["forms"]]
        ordered = key.get("blueprint", exam["blueprint"])  # older folders have it in one file only
        blueprint = Blueprint.model_validate_json(json.dumps(ordered))
        by_code = {form.code: form for form in forms}
        return StoredExam(exam["id"], blueprint, by_code, key["versions"], changed)
    except (KeyError, TypeError, ValueError) as fault:
        raise UserError(f"{folder} is damaged: {EXAM_FILE} or {KEY_FILE} lacks or garbles {fault}") from fault


def _read(path: Path) -> Any:
    try:
        return json.loads(read_text(path, LARGEST_FILE))
    except ValueError as fault:
        raise UserError(f"{path} is not JSON: {fault}") from fault


def _form(
    form: Mapping[str, Any], secrets: Mapping[str, Any], bank: Bank, changed: dict[str, str]
) -> StoredForm:
    student = Student(**form["student"]) if form["student"] else None
    items = (_item(item, secrets[item["id"]], bank, changed) for item in form["items"])
    return StoredForm(form["form"], student, tuple(items))


def _item(
    asked: Mapping[str, Any], secret: Mapping[str, Any], bank: Bank, changed: dict[str, str]
) -> StoredItem:
    entry, question, change = recovered(secret["question"], secret["parameters"], bank)
    if change:
        changed[secret["question"]] = change
    answers = {blank: from_json(answer) for blank, answer in secret["answers"].items()}
    mistakes = tuple(
        Mistake(
            mistake["name"],
            {blank: plain(value) for blank, value in mistake["values"].items()},
            mistake["sentence"],
        )
        for mistake in secret["mistakes"]
    )
    executed = {blank: plain(value) for blank, value in secret["executed"].items()}
    return StoredItem(
        id=asked["id"],
        number=asked["number"],
        section=asked["section"],
        title=asked["title"],
        points=Fraction(asked["points"]),
        blank_points={blank: Fraction(points) for blank, points in secret["points"].items()},
        prompt=asked["prompt"],
        item=Item(entry, secret["level"], question, answers, mistakes, executed),
    )
