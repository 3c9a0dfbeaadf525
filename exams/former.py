"""Questions that have changed since an exam was made: what was stored still grades it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, ClassVar, Self

from ..answers import Answer, Choice, Ordering
from ..bank import HOME, Bank, Entry
from ..errors import UserError
from ..question import Given, Question
from ..verify import CHOICE, Item, from_parameters


class Former(Question):
    """Takes the place of an instance that its class cannot make any more; it computes nothing."""

    title = "A former question"
    minutes: ClassVar[Mapping[int, float]] = {}

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        """Nothing can be drawn.

        Raises:
            LookupError: always.
        """
        raise LookupError("a former question cannot be drawn")

    def follow(self, given: Given) -> Mapping[str, Answer]:
        """Nothing follows.

        Raises:
            LookupError: always.
        """
        raise LookupError("a former question computes nothing")


@dataclass(frozen=True)
class _Gone(Entry):
    """The entry of a question that the bank has no more."""

    former_name: str = field(default="")

    @property
    def name(self) -> str:
        return self.former_name


def recovered(name: str, parameters: Mapping[str, Any], bank: Bank) -> tuple[Entry, Question, str]:
    """A stored question with its instance, or what can stand for them.

    Returns:
        the entry, the instance, and why it is a `Former` one; empty where it is not.
    """
    try:
        entry = bank[name]
    except UserError as fault:
        return _Gone(name.partition("/")[0], Former, HOME, "", name), Former(), str(fault)
    try:
        return entry, from_parameters(entry, parameters), ""
    except Exception as fault:  # a class may refuse what it took then in any way
        return entry, Former(), str(fault)


def still_computes(item: Item) -> bool:
    """Whether the closed form gives the stored keys: else neither it nor the solver says what was asked."""
    try:
        fresh = item.question.answer()
    except Exception:  # a class may have changed in any way
        return False
    if CHOICE in item.answers:
        return True  # its options say what mistakes led to, and nothing is carried forward
    return fresh.keys() == item.answers.keys() and all(
        _said(fresh[blank]) == _said(answer) for blank, answer in item.answers.items()
    )


def _said(answer: Answer) -> Any:
    """The key, however it was shuffled."""
    if isinstance(answer, Choice):
        return frozenset((option.origin, option.name, option.right) for option in answer.options)
    if isinstance(answer, Ordering):
        return answer.before
    return answer.printed()
