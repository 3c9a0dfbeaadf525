"""Graded exams made by hand: toy questions, so that every figure of the statistics can be foretold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any, ClassVar, Self

from quizgrad.answers import Answer, Integer
from quizgrad.bank import Entry
from quizgrad.exams import blueprint
from quizgrad.exams.roster import Student
from quizgrad.exams.store import StoredExam, StoredForm, StoredItem
from quizgrad.grading.grade import Result, Settings, grade
from quizgrad.grading.submissions import Fault, Submission
from quizgrad.question import Mistake, Question
from quizgrad.verify import Item


class Doubling(Question):
    """A toy whose answers a test sets."""

    title = "Doubling"
    minutes: ClassVar[Mapping[int, float]] = {1: 1, 2: 2}
    number: int

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        return cls(rng.randrange(1000))

    def answer(self) -> dict[str, Answer]:
        return {"value": Integer(2 * self.number)}


class Halving(Doubling):
    """Another question for the same place."""

    title = "Halving"


def item(
    place: str,
    answers: Mapping[str, Answer],
    mistakes: Sequence[Mistake] = (),
    question: type[Question] = Doubling,
    level: int = 1,
    points: int = 1,
) -> StoredItem:
    entry = Entry("toys", question, Path(), "")
    verified = Item(entry, level, question(1), answers, tuple(mistakes), {})
    each = dict.fromkeys(answers, Fraction(points, len(answers)))
    return StoredItem(place, int(place[1:]), 0, question.title, Fraction(points), each, "", verified)


def integers(place: str, *keys: int, **details: Any) -> StoredItem:
    """An item with one blank for each key: a, b, and so on."""
    answers = {"abcdefgh"[number]: Integer(key) for number, key in enumerate(keys)}
    return item(place, answers, **details)


def exam(forms: Sequence[Sequence[StoredItem]], title: str = "Quiz") -> StoredExam:
    places = max((len(items) for items in forms), default=1)
    text = f'title = "{title}"\nminutes = 10\n[[section]]\n[[section.slot]]\n'
    ordered = blueprint.parse(f'{text}from = "toys/doubling"\npick = {places}\npoints = 1\n', "quiz.toml")
    stored = {
        f"F{number}": StoredForm(f"F{number}", Student(f"id{number}", f"Name {number}"), tuple(items))
        for number, items in enumerate(forms)
    }
    return StoredExam("E1", ordered, stored, {})


def graded(
    forms: Sequence[Sequence[StoredItem]],
    typed: Sequence[Mapping[str, Mapping[str, str]]],
    settings: Settings | None = None,
    faults: Sequence[Fault] = (),
    title: str = "Quiz",
) -> Result:
    """What was typed on each form, graded."""
    submissions = [Submission(f"F{number}", "", "answers.csv", texts) for number, texts in enumerate(typed)]
    return grade(exam(forms, title), submissions, settings, faults)
