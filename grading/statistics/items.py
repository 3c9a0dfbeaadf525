"""How hard each item was, and whether it tells students apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from .correlation import Correlation, correlation
from .responses import Response

DECIDED = "decided by a person"
EASY, HARD = 0.95, 0.2
WEAK = 0.2
"""Below this discrimination, textbooks advise to revise or remove an item."""
MANY = 0.25
"""The share of blank or unreadable answers from which a warning is given."""


@dataclass(frozen=True)
class BlankFigures:
    """One blank of a question at a place, over all forms that asked it there.

    Attributes:
        question: the question's name.
        blank: the blank's name.
        count: the number of students who were asked.
        facility: the mean share of its points that they earned.
        states: how many answers were right, wrong, blank and so on; what a person decided counts apart.
    """

    question: str
    blank: str
    count: int
    facility: float
    states: Mapping[str, int]


@dataclass(frozen=True)
class ItemFigures:
    """The item of a place, over all forms.

    Attributes:
        place: its id, e.g. `q3`.
        titles: the titles of the questions that were drawn for it.
        count: the number of students who were asked; 0 where the item was dropped.
        facility: earned points over possible ones; None where nobody was asked.
        discrimination: the correlation of the item's points with those of the student's other items.
        left_blank: the share of blanks that were left blank.
        unreadable: the share of blanks that could not be read.
        blanks: each blank.
    """

    place: str
    titles: tuple[str, ...]
    count: int
    facility: float | None
    discrimination: Correlation | None
    left_blank: float
    unreadable: float
    blanks: tuple[BlankFigures, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What an instructor should look at, in words."""
        return tuple(self._warnings())

    def _warnings(self) -> Iterable[str]:
        if self.facility is None:
            yield "dropped"
            return
        if self.facility > EASY:
            yield "nearly everybody is right"
        elif self.facility < HARD:
            yield "very hard"
        if self.discrimination and self.discrimination.value < 0:
            yield "students who did better elsewhere did worse here: check key and wording" + self._doubt()
        elif self.discrimination and self.discrimination.value < WEAK:
            yield "hardly tells strong from weak students" + self._doubt()
        if self.left_blank > MANY:
            yield f"{100 * self.left_blank:.0f} % left blank"
        if self.unreadable > MANY:
            yield f"{100 * self.unreadable:.0f} % not readable (is the wanted notation clear?)"

    def _doubt(self) -> str:
        interval = self.discrimination.interval if self.discrimination else None
        return "" if interval and interval.high < WEAK else " (uncertain with so few students)"


def item_figures(place: str, responses: Sequence[Response]) -> ItemFigures:
    """The figures of a place.

    Args:
        place: its id.
        responses: to its items that were not dropped.
    """
    points = [response.points for response in responses]
    possible = float(sum(response.result.possible for response in responses))
    blanks = tuple(_blanks(responses))
    answers = sum(blank.count for blank in blanks) or 1
    return ItemFigures(
        place=place,
        titles=tuple(sorted({response.result.stored.title for response in responses})),
        count=len(responses),
        facility=sum(points) / possible if possible else None,
        discrimination=correlation(points, [response.rest for response in responses]),
        left_blank=sum(blank.states.get("blank", 0) for blank in blanks) / answers,
        unreadable=sum(blank.states.get("unreadable", 0) for blank in blanks) / answers,
        blanks=blanks,
    )


def _blanks(responses: Sequence[Response]) -> Iterable[BlankFigures]:
    shares: dict[tuple[str, str], list[float]] = {}
    states: dict[tuple[str, str], Counter[str]] = {}
    for response in responses:
        item = response.result
        for blank, score in item.blanks.items():
            key = response.question, blank
            decided = blank in item.decided
            share = item.decided[blank] / item.stored.blank_points[blank] if decided else score.share
            shares.setdefault(key, []).append(float(share))
            states.setdefault(key, Counter())[DECIDED if decided else score.state] += 1
    for key, earned in sorted(shares.items()):
        yield BlankFigures(*key, len(earned), fmean(earned), dict(states[key].most_common()))
