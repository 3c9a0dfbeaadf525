"""The gate: runs the solver, compares it with the closed form, and refuses what differs."""

from __future__ import annotations

import hashlib
import hmac
import importlib
import json
import shlex
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from .answers import Answer, Unreadable
from .bank import HOME, Entry
from .errors import GateError, UserError
from .question import Mistake, Question

MOST_ATTEMPTS = 500
LONGEST = 300
"""So many characters of a user's own parameters are repeated in a message."""
CHOICE = "choice"
"""The blank of a numeric question that is asked as a single choice."""


@dataclass(frozen=True)
class Item:
    """One instance of a question that passed the gate.

    Attributes:
        entry: where the question comes from.
        level: the level at which it was drawn.
        question: the instance.
        answers: the key of each blank, in order.
        mistakes: the modelled mistakes that are wrong for this instance and differ from each other.
        executed: what the solver returned.
    """

    entry: Entry
    level: int
    question: Question
    answers: Mapping[str, Answer]
    mistakes: tuple[Mistake, ...]
    executed: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The question's name."""
        return self.entry.name

    def grade(self, typed: Mapping[str, str], **settings: Any) -> Mapping[str, Any]:
        """Mark what was typed into the blanks, as `grading.score.score_item` does.

        Args:
            typed: the texts by blank.
            settings: its policy and notation.
        """
        # Grading stands above the gate and is loaded only for those who ask for it.
        score = importlib.import_module(".grading.score", __package__)
        return dict(score.score_item(self, typed, **settings))


@dataclass
class Draws:
    """How often drawing was repeated, and why."""

    rejected: Counter[str] = field(default_factory=Counter)


def draw(
    entry: Entry,
    level: int,
    stream: Callable[[int], Random],
    fixed: Mapping[str, Any] | None = None,
    draws: Draws | None = None,
) -> Item:
    """A verified item; instances with a flaw are drawn again.

    Args:
        entry: the question.
        level: one of its levels.
        stream: gives the random stream of each attempt.
        fixed: parameters that take the place of the drawn ones.
        draws: counts what was rejected.

    Raises:
        UserError: the question lacks the level, or no instance with the fixed parameters is without flaw.
        GateError: closed form and solver disagree.
    """
    if level not in entry.question.levels():
        levels = ", ".join(map(str, entry.question.levels()))
        raise UserError(f"question {entry.name} has no level {level}; it has {levels}")
    draws = draws or Draws()
    for attempt in range(MOST_ATTEMPTS):
        question = entry.question.draw(stream(attempt), level)
        if fixed:
            question = with_parameters(entry, question, fixed)
        with computing(entry, fixed):
            answers, reason = keys_of(question)
            if reason is None:
                return verified(entry, question, level, answers)
        draws.rejected[reason] += 1
    reason = draws.rejected.most_common(1)[0][0]
    given = f" with {_shown(fixed)}" if fixed else ""
    raise UserError(f"question {entry.name}{given} has no fair instance at level {level}: {reason}")


def keys_of(question: Question) -> tuple[Mapping[str, Answer], str | None]:
    """The key of each blank, and why the instance is no fair question, if it is none."""
    if reason := question.flaw():
        return {}, reason
    answers = question.answer()
    return answers, next(filter(None, (answer.flaw() for answer in answers.values())), None)


@contextmanager
def computing(entry: Entry, fixed: Mapping[str, Any] | None) -> Iterator[None]:
    """Blame the parameters that a user has fixed for what a question raises on them.

    Raises:
        UserError: instead of an error of arithmetic or of a missing entry, if parameters are fixed.
    """
    try:
        yield
    except (ArithmeticError, LookupError, TypeError, ValueError) as fault:
        if not fixed:
            raise
        problem = f"{type(fault).__name__}: {fault}"
        raise UserError(
            f"question {entry.name} cannot be computed with {_shown(fixed)[:LONGEST]} ({problem[:LONGEST]})"
        ) from fault


def verified(
    entry: Entry, question: Question, level: int, answers: Mapping[str, Answer] | None = None
) -> Item:
    """Pass an instance through the gate.

    Raises:
        GateError: the solver fails or disagrees; names question, parameters, both values, and the command
            that repeats it.
    """
    answers = answers or question.answer()
    try:
        executed = entry.solve(question)
    except Exception as fault:
        raise GateError(
            _refusal(entry, question, level, f"the solver raised {type(fault).__name__}: {fault}")
        ) from fault
    if missing := set(answers) ^ set(executed):
        blanks = ", ".join(sorted(missing))
        raise GateError(
            _refusal(entry, question, level, f"closed form and solver differ in their blanks: {blanks}")
        )
    for blank, answer in answers.items():
        if not answer.agrees(executed[blank]):
            difference = f"blank {blank}: closed form {answer.printed()}, solver {executed[blank]!r}"
            if hasattr(answer, "value"):
                difference = f"blank {blank}: closed form {answer.value!r}, solver {executed[blank]!r}"
            raise GateError(_refusal(entry, question, level, difference))
    return Item(entry, level, question, answers, tuple(_real_mistakes(question, answers)), executed)


def _real_mistakes(question: Question, answers: Mapping[str, Answer]) -> Iterator[Mistake]:
    """The mistakes that the grader would mark wrong and can tell from each other."""
    seen: list[dict[str, str]] = []
    for mistake in question.mistakes():
        values = {}
        texts: dict[str, str] = {}
        for blank, value in mistake.values.items():
            text = _wrong_text(answers[blank], value)
            if text is not None:
                values[blank], texts[blank] = value, text
        if values and texts not in seen:
            seen.append(texts)
            yield replace(mistake, values=values)


def _wrong_text(answer: Answer, value: Any) -> str | None:
    """The mistake as a student would write it, or None where that is right or cannot be written."""
    if value == getattr(answer, "value", None):
        return None
    try:
        wrong = answer.like(value)
        return None if answer.accepts(wrong) else wrong.printed()
    except (Unreadable, ValueError, ArithmeticError, TypeError):
        return None


def with_parameters(entry: Entry, question: Question, fixed: Mapping[str, Any]) -> Question:
    """The instance with some parameters replaced by a user's own, validated against the fields' types.

    Raises:
        UserError: a parameter is unknown or has the wrong type.
    """
    return from_parameters(entry, question.parameters() | dict(fixed))


def from_parameters(entry: Entry, parameters: Mapping[str, Any]) -> Question:
    """The instance that has these parameters, validated against the fields' types.

    Raises:
        UserError: a parameter is unknown, missing, or has the wrong type.
    """
    from .parameters import validated  # pydantic is needed only for parameters from outside

    return validated(entry.name, entry.question, parameters)


def stream_of(secret: bytes, *place: str) -> Callable[[int], Random]:
    """The random streams of a place, one for each attempt: HMAC-SHA256 of the place under the secret.

    Nobody without the secret can draw another form's items again.
    """

    def stream(attempt: int) -> Random:
        message = json.dumps([*place, attempt]).encode()
        return Random(int.from_bytes(hmac.new(secret, message, hashlib.sha256).digest()))

    return stream


def repeat_command(entry: Entry, level: int, question: Question) -> str:
    """The command that shows an instance again, with the bank of a question from outside."""
    bank = "" if entry.root == HOME else f"--bank {shlex.quote(str(entry.root))} "
    settings = (
        f"--set {name}={shlex.quote(json.dumps(value))}" for name, value in question.parameters().items()
    )
    return " ".join([f"quizgrad {bank}show {entry.name} --level {level}", *settings])


def _refusal(entry: Entry, question: Question, level: int, difference: str) -> str:
    return (
        f"{entry.name} is refused: {difference}; parameters {_shown(question.parameters())}; "
        f"repeat with: {repeat_command(entry, level, question)}"
    )


def _shown(parameters: Mapping[str, Any] | None) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in (parameters or {}).items())
