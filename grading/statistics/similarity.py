"""Pairs of students of whom one gave wrong answers that are the keys of the other's form.

Forms are drawn at random, so which other forms have a student's wrong answers as their keys is an accident
that does not depend on who sits where. For each item with wrong answers, the forms whose keys match most of
them are found; their share among the other forms is the chance that one given form is among them. The sum of
these chances over the items is the number of such items that a pair is expected to have by accident.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...answers import Answer, Choice, Notation
from .distributions import poisson_tail
from .options import chosen_places
from .responses import Response

THRESHOLD = 0.01
"""How many pairs at least as suspicious may be expected by accident in the whole exam."""
FEWEST_ITEMS = 2
MOST_HOLDERS = 20
"""A key that more forms than this have is no evidence against two of them, and not followed up."""
LONGEST_NUMBER = 40

Cell = tuple[str, str, str]
"""Where an answer belongs: place, question and blank."""


@dataclass(frozen=True)
class Similarity:
    """A student whose wrong answers belong to another form.

    Attributes:
        student: the number of the graded form with the wrong answers.
        other: the number of the graded form whose keys they are.
        places: the items concerned.
        expected: how many items a pair with this student is expected to have by accident.
        probability: of so many items by accident, for one pair.
        pairs: how many pairs of the whole exam are expected to be at least as suspicious by accident.
    """

    student: int
    other: int
    places: tuple[str, ...]
    expected: float
    probability: float
    pairs: float


@dataclass(frozen=True)
class Sheet:
    """A student's form for the comparison; answers are in a notation in which equal ones look equal.

    Attributes:
        keys: the key of each blank.
        wrong: the wrong answers.
    """

    keys: Mapping[Cell, str]
    wrong: Mapping[Cell, str]


def sheets_of(responses: Iterable[Response], students: int, notation: Notation) -> list[Sheet]:
    """The forms for the comparison, by student."""
    items: list[list[Response]] = [[] for _ in range(students)]
    for response in responses:
        items[response.student].append(response)
    return [_sheet(responses, notation) for responses in items]


def _sheet(responses: Iterable[Response], notation: Notation) -> Sheet:
    keys: dict[Cell, str] = {}
    wrong: dict[Cell, str] = {}
    for response in responses:
        stored = response.result.stored
        for blank, answer in stored.item.answers.items():
            cell, score = (stored.id, response.question, blank), response.result.blanks[blank]
            keys[cell] = comparable(answer, answer.printed(notation), notation)
            if score.state in {"wrong", "partly"}:
                wrong[cell] = comparable(answer, score.typed, notation)
    return Sheet(keys, wrong)


def comparable(answer: Answer, text: str, notation: Notation) -> str:
    """A text by which equal answers are recognised: options by their places, numbers by their value."""
    if isinstance(answer, Choice):
        return str(sorted(chosen_places(answer, text, notation) or ()))
    compact = "".join(text.split()).lower()
    if len(compact) <= LONGEST_NUMBER:
        try:
            return repr(float(compact.replace(",", ".") if notation.decimal == "," else compact))
        except ValueError:
            pass
    return compact


def similarities(sheets: Sequence[Sheet]) -> tuple[Similarity, ...]:
    """The pairs with more shared answers than chance explains, the most suspicious first.

    The time grows with the number of wrong answers, not with that of the pairs.
    """
    count = len(sheets)
    holders = _holders(sheets)
    found = []
    for student, sheet in enumerate(sheets):
        matching = _matching(student, sheet, holders)
        expected = sum(len(others) for others in matching.values()) / max(count - 1, 1)
        shared = Counter(other for others in matching.values() for other in others)
        for other, items in shared.items():
            if items >= FEWEST_ITEMS:
                probability = poisson_tail(items, expected)
                pairs = count * (count - 1) * probability
                if pairs < THRESHOLD:
                    places = tuple(place for place, others in matching.items() if other in others)
                    found.append(Similarity(student, other, places, expected, probability, pairs))
    return tuple(sorted(found, key=lambda pair: (pair.pairs, pair.student, pair.other)))


def _holders(sheets: Sequence[Sheet]) -> dict[tuple[Cell, str], list[int]]:
    """The students whose form has a key, by blank and key."""
    holders: dict[tuple[Cell, str], list[int]] = {}
    for student, sheet in enumerate(sheets):
        for entry in sheet.keys.items():
            holders.setdefault(entry, []).append(student)
    return holders


def _matching(
    student: int, sheet: Sheet, holders: Mapping[tuple[Cell, str], Sequence[int]]
) -> dict[str, set[int]]:
    """For each place, the students whose keys match most of the wrong answers there.

    Blanks of one item depend on each other, so that an item counts once.
    """
    matches: dict[str, Counter[int]] = {}
    for cell, text in sheet.wrong.items():
        others = holders.get((cell, text), ())
        if len(others) <= MOST_HOLDERS and sheet.keys[cell] != text:
            matches.setdefault(cell[0], Counter()).update(others)
    return {place: _most(counts, student) for place, counts in matches.items()}


def _most(counts: Counter[int], student: int) -> set[int]:
    """The other students with the highest count."""
    del counts[student]
    highest = max(counts.values(), default=0)
    return {other for other, count in counts.items() if count == highest}
