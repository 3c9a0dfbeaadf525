"""Corrections of the key after the exam: they lie beside the key, which itself is never changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from ..answers import Answer, Matrix, Notation, Real, Unreadable, Vector
from ..errors import UserError
from ..exams.files import PRIVATE, read_text, write_atomically
from ..exams.store import StoredExam, StoredItem
from .score import BlankScore

FILE = "corrections.json"
EVERY_FORM = "*"
LARGEST_FILE = 10_000_000
Action = Literal["accept", "tolerance", "full marks", "drop"]
ACTIONS = ("accept", "tolerance", "full marks", "drop")


@dataclass(frozen=True)
class Correction:
    """One change of the key.

    Attributes:
        item: the item's id, e.g. `q3`.
        action: accept another answer, change the tolerance, give full marks, or drop the item.
        form: the form's code, or `*` for all forms.
        blank: the blank, or empty for all blanks of the item.
        value: the other answer, or the tolerance as decimal text.
        reason: for the record.
    """

    item: str
    action: Action
    form: str = EVERY_FORM
    blank: str = ""
    value: str = ""
    reason: str = ""

    @property
    def drops(self) -> bool:
        """Whether it takes the item out of the exam."""
        return self.action == "drop"

    @property
    def sentence(self) -> str:
        """What it changes, and why."""
        place = f"{self.item}.{self.blank}" if self.blank else self.item
        place += "" if self.form == EVERY_FORM else f" on form {self.form}"
        changes: dict[Action, str] = {
            "accept": f"{self.value} is right too",
            "tolerance": f"values within {self.value} of the key are right",
            "full marks": "everybody gets the points",
            "drop": "dropped",
        }
        return f"{place}: {changes[self.action]}{f' ({self.reason})' if self.reason else ''}."

    def concerns(self, form: str, item: str) -> bool:
        """Whether it changes this item of this form."""
        return self.item == item and self.form in {EVERY_FORM, form}

    def applied(
        self, scores: Mapping[str, BlankScore], stored: StoredItem, notation: Notation
    ) -> dict[str, BlankScore]:
        """The scores after this correction."""
        return {
            blank: self._applied(score, stored.item.answers[blank], notation) if self.meant(blank) else score
            for blank, score in scores.items()
        }

    def meant(self, blank: str) -> bool:
        """Whether it changes this blank of its item."""
        return self.blank in {"", blank}

    def _applied(self, score: BlankScore, answer: Answer, notation: Notation) -> BlankScore:
        full = replace(score, state="right", share=Fraction(1), mistake="", review="")
        if self.action == "full marks":
            return replace(full, reason="Everybody gets the points of this blank.")
        if (
            self.action == "accept"
            and score.state != "blank"
            and self._accepts(score.typed, answer, notation)
        ):
            return replace(full, reason="This answer is accepted too.")
        return score

    def _accepts(self, typed: str, answer: Answer, notation: Notation) -> bool:
        """Whether the typed text is the other answer: as text, or within the tolerance."""
        if typed.strip() == self.value.strip():
            return True
        try:
            other = answer.like(answer.carried(answer.read(self.value, notation)))
            return other.judge(typed, notation).right
        except (Unreadable, ValueError):
            return False


def corrected(stored: StoredItem, corrections: Sequence[Correction]) -> StoredItem:
    """The item with the tolerances that corrections changed."""
    answers = dict(stored.item.answers)
    for change in corrections:
        if change.action == "tolerance":
            for blank, answer in answers.items():
                if change.meant(blank) and isinstance(answer, Real | Vector | Matrix):
                    answers[blank] = replace(answer, tolerance=change.value)
    return replace(stored, item=replace(stored.item, answers=answers))


def load(folder: Path) -> tuple[Correction, ...]:
    """The corrections of an exam folder, oldest first.

    Raises:
        UserError: the file is damaged.
    """
    path = folder / FILE
    if not path.exists():
        return ()
    try:
        return tuple(_checked(Correction(**change)) for change in json.loads(read_text(path, LARGEST_FILE)))
    except (TypeError, ValueError) as fault:
        raise UserError(f"{path} is damaged: {fault}") from fault


def add(folder: Path, changes: Iterable[Correction], exam: StoredExam) -> None:
    """Append corrections to those of an exam folder.

    Raises:
        UserError: a correction names what the exam has not, or the file cannot be written.
    """
    new = [_fitting(change, exam) for change in changes]
    everything: list[Any] = [asdict(change) for change in (*load(folder), *new)]
    write_atomically(folder / FILE, json.dumps(everything, ensure_ascii=False, indent=1) + "\n", PRIVATE)


def chosen_action(
    accept: str | None, tolerance: str | None, *, full_marks: bool, drop: bool
) -> tuple[Action, str]:
    """The one action that a user asked for, with its value.

    Raises:
        UserError: none or several were asked for.
    """
    asked: list[tuple[Action, str]] = []
    if accept is not None:
        asked.append(("accept", accept))
    if tolerance is not None:
        asked.append(("tolerance", tolerance))
    if full_marks:
        asked.append(("full marks", ""))
    if drop:
        asked.append(("drop", ""))
    if len(asked) != 1:
        raise UserError("give exactly one of --accept, --tolerance, --full-marks and --drop")
    return asked[0]


def _fitting(change: Correction, exam: StoredExam) -> Correction:
    if change.form != EVERY_FORM and change.form not in exam.forms:
        raise UserError(f"this exam has no form {change.form!r}; `*` means all forms")
    forms = list(exam.forms.values()) if change.form == EVERY_FORM else [exam.forms[change.form]]
    items = [item for form in forms for item in form.items if item.id == change.item]
    if not items:
        known = sorted((item.id for item in forms[0].items), key=lambda id_: (len(id_), id_))
        raise UserError(f"this exam has no item {change.item!r}; it has {', '.join(known)}")
    if change.blank and not any(change.blank in item.item.answers for item in items):
        raise UserError(
            f"item {change.item} has no blank {change.blank!r}; it has {', '.join(items[0].item.answers)}"
        )
    try:
        _checked(change)
    except ValueError as fault:
        raise UserError(str(fault)) from fault
    if misfit := _misfit(change, items):
        raise UserError(misfit)
    return change


def _misfit(change: Correction, items: Sequence[StoredItem]) -> str:
    """Why a correction would do nothing, or more than its author thinks; else nothing."""
    meant = [answer for item in items for blank, answer in item.item.answers.items() if change.meant(blank)]
    if change.drops and change.blank:
        return (
            "only a whole item can be dropped; for one of its blanks, --full-marks gives everybody its points"
        )
    if change.action == "tolerance" and not any(
        isinstance(answer, Real | Vector | Matrix) for answer in meant
    ):
        return f"no answer of item {change.item} has a tolerance; --accept names another answer that is right"
    if change.action == "accept" and not change.blank and len(meant) > len(items):
        blanks = ", ".join(dict.fromkeys(blank for item in items for blank in item.item.answers))
        return f"item {change.item} has several blanks; name the one that is meant with --blank: {blanks}"
    return ""


def _checked(change: Correction) -> Correction:
    if change.action not in ACTIONS:
        raise ValueError(f"the action {change.action!r} is none of {', '.join(ACTIONS)}")
    if change.action == "tolerance":
        try:
            positive = Fraction(change.value) >= 0
        except (ValueError, ZeroDivisionError):
            positive = False
        if not positive:
            raise ValueError(f"the tolerance {change.value!r} is not a number such as 0.01")
    if change.action == "accept" and not change.value.strip():
        raise ValueError("no answer is named that should be accepted")
    return change
