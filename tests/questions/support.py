"""What tests of questions share: items of given parameters that passed the gate."""

from __future__ import annotations

from typing import Any

from quizgrad import Bank
from quizgrad.question import Question
from quizgrad.verify import Item, from_parameters, verified

BANK = Bank()


def question(name: str, **parameters: Any) -> Question:
    """An instance, fair or not."""
    return from_parameters(BANK[name], parameters)


def item(name: str, **parameters: Any) -> Item:
    """An instance without a flaw whose solver agrees with its closed form."""
    instance = question(name, **parameters)
    assert instance.flaw() is None
    return verified(BANK[name], instance, level=1)


def keys(item: Item) -> dict[str, Any]:
    """The value of each blank."""
    return {blank: answer.value for blank, answer in item.answers.items()}


def mistakes(item: Item) -> dict[str, dict[str, Any]]:
    """The wrong values of each mistake that the gate let through."""
    return {mistake.name: dict(mistake.values) for mistake in item.mistakes}
