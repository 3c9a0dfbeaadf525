"""How a verified item is put to a student: shuffled options, the decimal sign, a number asked as a choice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from random import Random

from .answers import Answer, Choice, Notation, Option, Ordering, SingleChoice
from .answers.base import POINT
from .verify import CHOICE, Item

CODE_FORMULA_OR_NUMBER = re.compile(
    r"(?P<code>```.*?```|`[^`]*`)"
    r"|(?P<formula>(?<!\\)\$\$.*?\$\$|(?<!\\)\$(?:\\.|[^$\\])*\$)"
    r"|(?<![\w.,])[0-9]+\.[0-9]+(?!\w|\.[0-9])",
    re.DOTALL,
)
DECIMAL_POINT = re.compile(r"(?<=[0-9])\.(?=[0-9])")
FEWEST_OPTIONS = 3
MOST_OPTIONS = 5


class TooFewOptions(Exception):
    """An item has not enough different mistakes to be asked as a choice: it is drawn again."""


def shuffled(item: Item, rng: Random) -> Item:
    """The item with the options of its choices and the steps of its orderings in random order."""
    return replace(item, answers={blank: _shuffled(answer, rng) for blank, answer in item.answers.items()})


def _shuffled(answer: Answer, rng: Random) -> Answer:
    if isinstance(answer, Choice):
        return answer.shuffled(rng.sample(range(len(answer.options)), len(answer.options)))
    if isinstance(answer, Ordering):
        return _scrambled(answer, rng)
    return answer


def _scrambled(answer: Ordering, rng: Random) -> Ordering:
    """The steps in an order that is not already right."""
    places = range(len(answer.items))
    while True:
        scrambled = answer.shuffled(rng.sample(places, len(places)))
        if not scrambled.compare(tuple(places)).right:
            return scrambled


def in_notation(item: Item, notation: Notation) -> Item:
    """The item with the exam's decimal sign in its options, its steps, and what is said about mistakes."""
    if notation == POINT:
        return item
    answers = {blank: _in_notation(answer, notation) for blank, answer in item.answers.items()}
    mistakes = tuple(
        replace(mistake, sentence=with_decimal_sign(mistake.sentence, notation)) for mistake in item.mistakes
    )
    return replace(item, answers=answers, mistakes=mistakes)


def _in_notation(answer: Answer, notation: Notation) -> Answer:
    if isinstance(answer, Choice):
        options = (
            replace(
                option,
                text=with_decimal_sign(option.text, notation),
                why=with_decimal_sign(option.why, notation),
            )
            for option in answer.options
        )
        return replace(answer, options=tuple(options))
    if isinstance(answer, Ordering):
        return replace(answer, items=tuple(with_decimal_sign(step, notation) for step in answer.items))
    return answer


def with_decimal_sign(markdown: str, notation: Notation) -> str:
    """The text with the exam's decimal sign in its numbers and formulas; code keeps the point.

    Templates and authors may write a number of their own, such as `$0.5$`, without a filter.
    """
    if notation == POINT:
        return markdown

    def sign(found: re.Match[str]) -> str:
        if found["code"]:
            return found[0]
        comma = f"{{{notation.decimal}}}" if found["formula"] else notation.decimal
        return DECIMAL_POINT.sub(comma, found[0])

    return CODE_FORMULA_OR_NUMBER.sub(sign, markdown)


def as_choice(item: Item, rng: Random, notation: Notation = POINT) -> Item:
    """The item as a single choice between its key and what its modelled mistakes lead to.

    Options keep the author's order (the key first); `shuffled` mixes them.

    Raises:
        TooFewOptions: fewer than two mistakes lead elsewhere.
    """
    right = Option(_stated(item.answers, {}, notation), right=True, name="key")
    wrong = [
        Option(_stated(item.answers, mistake.values, notation), why=mistake.sentence, name=mistake.name)
        for mistake in item.mistakes
    ]
    distinct = list({option.text: option for option in wrong if option.text != right.text}.values())
    if len(distinct) < FEWEST_OPTIONS - 1:
        raise TooFewOptions(f"only {len(distinct)} mistakes lead to another answer")
    chosen = rng.sample(distinct, min(len(distinct), MOST_OPTIONS - 1))
    return replace(item, answers={CHOICE: SingleChoice((right, *chosen))})


def _stated(answers: Mapping[str, Answer], wrong: Mapping[str, object], notation: Notation) -> str:
    """What an option says: the values of all blanks, in Markdown."""
    keys = {blank: key.like(wrong[blank]) if blank in wrong else key for blank, key in answers.items()}
    if len(keys) == 1:
        return f"${next(iter(keys.values())).latex(notation)}$"
    return ", ".join(f"{blank.replace('_', ' ')}: ${key.latex(notation)}$" for blank, key in keys.items())
