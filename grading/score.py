"""Marking one item: a pure function of what was typed, the key, and the policy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

from ..answers import Ambiguous, Answer, Choice, Notation, SingleChoice, Unreadable, Verdict
from ..answers.base import POINT
from ..exams.former import still_computes
from ..question import Given, Mistake
from ..verify import Item
from . import choices
from .policy import Policy

CHANGED = (
    "the question has changed since the exam was made, so that it could not be seen whether this follows "
    "from an own earlier error"
)
State = Literal["right", "carried", "partly", "wrong", "blank", "unreadable", "undecided"]


@dataclass(frozen=True)
class BlankScore:
    """What became of one blank.

    Attributes:
        typed: the text exactly as it was typed.
        state: right; carried: follows from an own earlier error; partly; wrong; blank; unreadable; undecided.
        share: the part of the blank's points, before a person looks.
        reason: one sentence for the student; empty where there is nothing to say.
        mistake: the name of the modelled mistake that leads to this answer, or empty.
        key: the key, or the one that follows from the student's own earlier values, as printed.
        review: why a person must look, or empty.
    """

    typed: str
    state: State
    share: Fraction
    reason: str = ""
    mistake: str = ""
    key: str = ""
    review: str = ""


def score_item(
    item: Item, typed: Mapping[str, str], policy: Policy | None = None, notation: Notation = POINT
) -> dict[str, BlankScore]:
    """Mark the blanks of an item, carrying errors forward where the question can.

    Args:
        item: the verified item.
        typed: the texts by blank; missing ones were left blank.
        policy: how partial, coarse and carried answers count.
        notation: the exam's decimal sign.

    Returns:
        a score for each blank, in order.
    """
    marker = _Marker(item, policy or Policy(), notation)
    return {blank: marker.mark(blank, answer, typed.get(blank, "")) for blank, answer in item.answers.items()}


class _Marker:
    """Goes through the blanks of one item in order and remembers what the student has.

    After a wrong zero that no modelled mistake explains, zeros that follow earn nothing: otherwise zeros in
    all blanks, which are no work, would earn most of the points.
    """

    def __init__(self, item: Item, policy: Policy, notation: Notation) -> None:
        self._item, self._policy, self._notation = item, policy, notation
        self._own: dict[str, Any] = {}
        self._erred = self._zeroed = False

    def mark(self, blank: str, answer: Answer, typed: str) -> BlankScore:
        key = answer.printed(self._notation)
        if not typed.strip():
            return BlankScore(typed, "blank", Fraction(0), key=key)
        try:
            reading = answer.read(typed, self._notation)
        except Ambiguous as fault:
            return BlankScore(typed, "undecided", Fraction(0), _sentence(fault), key=key, review=str(fault))
        except Unreadable as fault:
            return BlankScore(typed, "unreadable", Fraction(0), _sentence(fault), key=key, review=str(fault))
        score = self._decided(blank, answer, reading, BlankScore(typed, "wrong", Fraction(0), key=key))
        self._remember(blank, answer, reading, score)
        return score

    def _decided(self, blank: str, answer: Answer, reading: Any, score: BlankScore) -> BlankScore:
        if isinstance(answer, Choice):
            return self._chosen(answer, reading, score)
        verdict = answer.compare(reading)
        if verdict.right:
            return self._right(verdict, score)
        if verdict.undecided:
            share = self._partial(verdict)
            return replace(
                score, state="undecided", share=share, reason=_sentence(verdict.note), review=verdict.note
            )
        carried = self._carried(blank, answer, reading, score)
        if carried is not None:
            return carried
        wrong = self._wrong(blank, answer, reading, verdict, score)
        return replace(wrong, review=CHANGED) if self._erred and self._has_changed else wrong

    def _right(self, verdict: Verdict, score: BlankScore) -> BlankScore:
        if verdict.coarse:
            return replace(score, state="right", share=self._policy.coarse, reason=_sentence(verdict.note))
        return replace(score, state="right", share=Fraction(1))

    def _carried(self, blank: str, answer: Answer, reading: Any, score: BlankScore) -> BlankScore | None:
        """The score by the key that follows from the student's own earlier values, if that is fair."""
        key = self._following(blank)
        if key is None or not (verdict := key.compare(reading)).right:
            return None
        text = key.printed(self._notation)
        if self._zeroed and _is_zero(text):
            return None
        if not self._confirmed(blank, key):
            note = "the key that follows from the student's own values could not be confirmed by the solver"
            return replace(score, state="undecided", key=text, review=note)
        if not self._erred:
            return self._right(verdict, replace(score, key=text))
        reason = "This follows correctly from your own earlier value."
        return replace(score, state="carried", share=self._policy.carried, reason=reason, key=text)

    def _following(self, blank: str) -> Answer | None:
        question = self._item.question
        if not self._own or not question.carries_errors() or self._has_changed:
            return None
        try:
            key = question.follow(Given(self._own)).get(blank)
            return key if key is not None and key.impossible() is None else None
        except (ArithmeticError, ValueError, LookupError, TypeError):
            return None

    @cached_property
    def _has_changed(self) -> bool:
        """Whether errors were carried forward when the exam was made, but cannot be any more."""
        return self._item.entry.question.carries_errors() and not still_computes(self._item)

    def _confirmed(self, blank: str, key: Answer) -> bool:
        """Whether the solver, run on the student's own values, agrees; true where it takes none of them."""
        entry = self._item.entry
        if not set(self._own) <= entry.carried_inputs:
            return True
        try:
            return key.agrees(entry.solve(self._item.question, self._own)[blank])
        except Exception:  # whatever the student's values do to the solver needs a person
            return False

    def _wrong(
        self, blank: str, answer: Answer, reading: Any, verdict: Verdict, score: BlankScore
    ) -> BlankScore:
        share = self._partial(verdict)
        mistake = self._mistake(blank, answer, reading)
        if mistake is None:
            return replace(
                score, state="partly" if share else "wrong", share=share, reason=_sentence(verdict.note)
            )
        granted = self._policy.mistakes.get(f"{self._item.name}:{mistake.name}", Fraction(0))
        share = max(share, granted)
        state: State = "partly" if share else "wrong"
        return replace(score, state=state, share=share, reason=mistake.sentence, mistake=mistake.name)

    def _mistake(self, blank: str, answer: Answer, reading: Any) -> Mistake | None:
        for mistake in self._item.mistakes:
            if blank in mistake.values and answer.like(mistake.values[blank]).compare(reading).right:
                return mistake
        return None

    def _chosen(self, answer: Choice, reading: frozenset[int], score: BlankScore) -> BlankScore:
        share = choices.share(answer, reading, self._policy)
        if reading == answer.right_places:
            return replace(score, state="right", share=share)
        wrong = [answer.options[place] for place in sorted(reading ^ answer.right_places)]
        reason = " ".join(dict.fromkeys(option.why for option in wrong if option.why))
        chosen = [answer.options[place].name for place in reading]
        name = chosen[0] if isinstance(answer, SingleChoice) and len(chosen) == 1 else ""
        return replace(
            score, state="partly" if share > 0 else "wrong", share=share, reason=reason, mistake=name
        )

    def _partial(self, verdict: Verdict) -> Fraction:
        return verdict.share if self._policy.cells and len(verdict.cells) > 1 else Fraction(0)

    def _remember(self, blank: str, answer: Answer, reading: Any, score: BlankScore) -> None:
        try:
            self._own[blank] = answer.carried(reading)
        except ValueError:
            return
        if score.state not in {"right", "carried"}:
            self._erred = True
            if not score.mistake and _is_zero(answer.like(self._own[blank]).printed()):
                self._zeroed = True


def _is_zero(text: str) -> bool:
    """Whether a printed number, or every entry of a printed vector or matrix, is zero."""
    return "0" in text and not re.search(r"[^0\s.,;()\[\]-]", text)


def _sentence(note: object) -> str:
    text = str(note)
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!')) else '.'}" if text else ""
