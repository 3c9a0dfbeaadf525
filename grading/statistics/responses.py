"""A graded exam as plain rows: what each student earned at each place of the blueprint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ..grade import FormResult, ItemResult, Result


@dataclass(frozen=True)
class Response:
    """What one student gave to one item.

    Attributes:
        student: the number of the form among the graded ones.
        points: what the item earned.
        total: what the whole form earned.
        rest: what its other items earned together.
        result: the item with its blanks.
    """

    student: int
    points: float
    total: float
    rest: float
    result: ItemResult

    @property
    def question(self) -> str:
        """The name of the question."""
        return self.result.stored.item.name

    @property
    def level(self) -> int:
        """The level at which it was drawn."""
        return self.result.stored.item.level


@dataclass(frozen=True)
class Responses:
    """All responses of a graded exam.

    Attributes:
        totals: of each graded form.
        possible: what each graded form was worth.
        by_place: the responses to the items of a place that were not dropped, in the order of the blueprint.
    """

    totals: tuple[float, ...]
    possible: tuple[float, ...]
    by_place: Mapping[str, tuple[Response, ...]]

    @cached_property
    def all(self) -> tuple[Response, ...]:
        """The responses of all places."""
        return tuple(response for responses in self.by_place.values() for response in responses)


def responses_of(result: Result) -> Responses:
    """The rows of a graded exam."""
    totals, possible = [], []
    by_place: dict[str, list[Response]] = {}
    for student, form in enumerate(result.forms):
        points = [float(item.points) for item in form.items]
        total = _total(form, points)
        totals.append(total)
        possible.append(float(form.possible))
        for item, earned in zip(form.items, points, strict=True):
            row = Response(student, earned, total, sum(points) - earned, item)
            by_place.setdefault(item.stored.id, [])
            if not item.dropped:
                by_place[item.stored.id].append(row)
    ordered = {place: tuple(by_place[place]) for place in sorted(by_place, key=place_order)}
    return Responses(tuple(totals), tuple(possible), ordered)


def place_order(place: str) -> tuple[int, str]:
    """The key that sorts places as the blueprint has them: q2 before q10."""
    return int("".join(filter(str.isdecimal, place)) or 0), place


def _total(form: FormResult, points: list[float]) -> float:
    """The total; its items are not added up again as fractions, which takes longer than all else."""
    return sum(points) if form.floor is None else max(sum(points), float(form.floor))
