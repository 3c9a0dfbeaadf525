"""Every question at every level: what the key prints is right, and so is who computes from it.

QUIZGRAD_INSTANCES sets the number of instances of each level.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from quizgrad import Bank, Item, draw
from quizgrad.answers import Answer, Matrix, Notation, Shape, Vector
from quizgrad.grading.score import BlankScore, score_item
from quizgrad.presentation import shuffled
from quizgrad.question import Given
from quizgrad.verify import stream_of

INSTANCES = int(os.environ.get("QUIZGRAD_INSTANCES", "8"))
POINT, COMMA = Notation("."), Notation(",")
BANK = Bank()
EVERY_LEVEL = [(entry.name, level) for entry in BANK for level in entry.question.levels()]
CARRYING = [(name, level) for name, level in EVERY_LEVEL if BANK[name].question.carries_errors()]
every_level = pytest.mark.parametrize(("name", "level"), EVERY_LEVEL)
carrying = pytest.mark.parametrize(("name", "level"), CARRYING)


@cache
def items(name: str, level: int) -> tuple[Item, ...]:
    streams = (stream_of(b"every question", name, str(level), str(number)) for number in range(INSTANCES))
    return tuple(shuffled(draw(BANK[name], level, stream), stream(-1)) for stream in streams)


def marked(item: Item, typed: Mapping[str, str], notation: Notation = POINT) -> dict[str, BlankScore]:
    return score_item(item, typed, notation=notation)


def printed(item: Item, notation: Notation = POINT) -> dict[str, str]:
    return {blank: answer.printed(notation) for blank, answer in item.answers.items()}


def told(item: Item, typed: Mapping[str, str], scores: Mapping[str, BlankScore]) -> str:
    """What to repeat when a test fails."""
    return f"{item.question}\ntyped {typed}\nscores {scores}"


@every_level
def test_the_printed_key_is_right_in_every_spelling(name: str, level: int) -> None:
    for item in items(name, level):
        for notation in (POINT, COMMA):
            for typed in _spelt(item, notation):
                scores = marked(item, typed, notation)
                assert all(score.state == "right" for score in scores.values()), told(item, typed, scores)
                assert all(score.share == 1 for score in scores.values()), told(item, typed, scores)


def _spelt(item: Item, notation: Notation) -> Iterator[dict[str, str]]:
    """The key as printed, then every blank in its first other spelling, in its second, and so on."""
    spellings = {
        blank: (answer.printed(notation), *answer.spellings(notation))
        for blank, answer in item.answers.items()
    }
    for turn in range(max(map(len, spellings.values()))):
        yield {blank: texts[min(turn, len(texts) - 1)] for blank, texts in spellings.items()}


@every_level
def test_the_edges_are_right_and_what_lies_outside_is_not(name: str, level: int) -> None:
    for item in items(name, level):
        for blank, answer in item.answers.items():
            for text in answer.edges():
                score = marked(item, {blank: text})[blank]
                assert (score.state, score.share) == ("right", 1), told(item, {blank: text}, {blank: score})
            for text in answer.outside():
                score = marked(item, {blank: text})[blank]
                assert score.state in {"wrong", "partly"}, told(item, {blank: text}, {blank: score})
                assert score.share < 1, told(item, {blank: text}, {blank: score})


@every_level
def test_each_mistake_is_wrong_and_named(name: str, level: int) -> None:
    for item in items(name, level):
        for mistake in item.mistakes:
            texts = {
                blank: item.answers[blank].like(value).printed() for blank, value in mistake.values.items()
            }
            for blank, text in texts.items():
                score = marked(item, {blank: text})[blank]
                assert score.share < 1, told(item, {blank: text}, {blank: score})
                assert score.mistake in _leading_to(item, blank, text), told(
                    item, {blank: text}, {blank: score}
                )
                assert score.reason, told(item, {blank: text}, {blank: score})


def _leading_to(item: Item, blank: str, text: str) -> set[str]:
    """The mistakes that lead to an answer: several may share the value of one blank."""
    answer = item.answers[blank]
    return {
        mistake.name
        for mistake in item.mistakes
        if blank in mistake.values and answer.like(mistake.values[blank]).judge(text).right
    }


@carrying
def test_who_computes_from_the_printed_values_is_right(name: str, level: int) -> None:
    for item in items(name, level):
        typed = _carried_through(item, {})
        scores = marked(item, typed)
        assert all(score.state == "right" for score in scores.values()), told(item, typed, scores)
        assert all(score.share == 1 for score in scores.values()), told(item, typed, scores)


def _carried_through(item: Item, start: Mapping[str, str]) -> dict[str, str]:
    """What is typed by somebody who goes on from the printed form of every value they have."""
    typed: dict[str, str] = {}
    own: dict[str, Any] = {}
    for blank, answer in item.answers.items():
        if not hasattr(answer, "value"):  # a choice or an order: it follows from nothing
            typed[blank] = answer.printed()
            continue
        key = item.question.follow(Given(own))[blank]
        if absurd := key.impossible():
            raise ValueError(absurd)
        typed[blank] = start.get(blank) or key.printed()
        own[blank] = answer.carried(answer.read(typed[blank]))
    return typed


@carrying
def test_an_error_in_any_blank_is_carried_through_all_later_ones(name: str, level: int) -> None:
    carried = changed = 0
    for item in items(name, level):
        for start in _errors(item):
            try:
                typed = _carried_through(item, start)
            except (ArithmeticError, ValueError, LookupError, TypeError):
                continue  # the problem has no solution for this value
            scores = marked(item, typed)
            for blank, score in scores.items():
                assert blank in start or score.state in {"right", "carried"}, told(item, typed, scores)
                carried += score.state == "carried"
                changed += blank not in start and typed[blank] != item.answers[blank].printed()
    assert carried or not changed


def _valued(item: Item) -> dict[str, Any]:
    """The keys of all blanks but choices and orders."""
    return {blank: answer for blank, answer in item.answers.items() if hasattr(answer, "value")}


def _errors(item: Item) -> Iterator[dict[str, str]]:
    """A wrong answer to one blank: those of the mistakes, and one that is off by 3.

    By the printed values of the blanks before it, one that is off by two units may still be right.

    A zero that no mistake explains is left out: what is zero because of it earns nothing.
    """
    for blank, answer in _valued(item).items():
        for mistake in item.mistakes:
            if blank in mistake.values:
                yield {blank: answer.like(mistake.values[blank]).printed()}
        off = answer.like(_raised(answer.value)).printed()
        if re.search("[1-9]", off):
            yield {blank: off}


def _raised(value: Any) -> Any:
    """A number, or the first entry of a vector or matrix, raised by 3; a word stays as it is."""
    if isinstance(value, str):
        return value
    return (_raised(value[0]), *value[1:]) if isinstance(value, tuple) else value + 3


@carrying
def test_zeros_in_all_blanks_earn_only_where_zero_is_the_key(name: str, level: int) -> None:
    for item in items(name, level):
        typed = {blank: _zeros(answer) for blank, answer in _valued(item).items()}
        scores = marked(item, typed)
        if not any(score.mistake for score in scores.values()):
            assert all(score.state != "carried" for score in scores.values()), told(item, typed, scores)


def _zeros(answer: Answer) -> str:
    if isinstance(answer, Matrix):
        return "; ".join(" ".join("0" * len(row)) for row in answer.value)
    return " ".join("0" * len(answer.value)) if isinstance(answer, Shape | Vector) else "0"
