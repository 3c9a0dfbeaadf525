"""Which options students chose, mapped back through each form's shuffle, and what guessing would earn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from statistics import fmean

from ...answers import Choice, MultipleChoice, Notation, Option, SingleChoice, Unreadable
from ..choices import Expectation, expectation
from ..policy import Policy
from .responses import Response

Name = tuple[bool, str]
"""Whether an option is right, and its lasting name, or else its place in the author's order."""


@dataclass(frozen=True)
class OptionFigures:
    """One option of a choice.

    Attributes:
        text: what it says; where it differs from form to form, its text on one of them.
        varies: whether it does.
        right: whether it is to be chosen.
        shown: the number of students who had it on their form and gave a readable answer.
        chosen: how many of them chose it.
        mean_total: the mean total of those who chose it; None if nobody did.
    """

    text: str
    varies: bool
    right: bool
    shown: int
    chosen: int
    mean_total: float | None

    @property
    def share(self) -> float:
        """The share of students who chose it among those who had it."""
        return self.chosen / self.shown if self.shown else 0.0


@dataclass(frozen=True)
class Guessing:
    """The mean share of the points that answers without knowledge earn, over the forms.

    Attributes:
        blank: a blank answer.
        random: options ticked at random; for a single choice, one of them.
        everything: all options ticked.
        chance: what random answers earn under all or nothing.
        pays: whether one of them earns more than chance on some form.
    """

    blank: float
    random: float
    everything: float
    chance: float
    pays: bool


@dataclass(frozen=True)
class ChoiceFigures:
    """One choice at a place.

    Attributes:
        place: the item's id.
        question: the question's name.
        title: the question's title.
        blank: the blank's name.
        single: whether exactly one option is to be chosen.
        options: in the author's order.
        guessing: what answers without knowledge earn.
    """

    place: str
    question: str
    title: str
    blank: str
    single: bool
    options: tuple[OptionFigures, ...]
    guessing: Guessing


@dataclass
class _Tally:
    texts: set[str] = field(default_factory=set)
    text: str = ""
    origin: int = 0
    shown: int = 0
    totals: list[float] = field(default_factory=list)


def choice_figures(
    by_place: Mapping[str, Iterable[Response]], policy: Policy, notation: Notation
) -> tuple[ChoiceFigures, ...]:
    """The choices of all places.

    Args:
        by_place: the responses.
        policy: how choices are marked.
        notation: in which the answers were typed.
    """
    return tuple(
        _figures(place, *key, group, policy, notation)
        for place, responses in by_place.items()
        for key, group in _choices(responses).items()
    )


def chosen_places(answer: Choice, typed: str, notation: Notation) -> frozenset[int] | None:
    """The chosen places on the paper, or None where nothing readable was written."""
    try:
        return answer.read(typed, notation)
    except Unreadable:
        return None


def _choices(responses: Iterable[Response]) -> dict[tuple[str, str], list[Response]]:
    """The responses with choices, by question and blank."""
    found: dict[tuple[str, str], list[Response]] = {}
    for response in responses:
        for blank, answer in response.result.stored.item.answers.items():
            if isinstance(answer, Choice):
                found.setdefault((response.question, blank), []).append(response)
    return found


def _figures(
    place: str, question: str, blank: str, responses: list[Response], policy: Policy, notation: Notation
) -> ChoiceFigures:
    tallies: dict[Name, _Tally] = {}
    answers = [answer for response in responses if isinstance(answer := _answer(response, blank), Choice)]
    for response, answer in zip(responses, answers, strict=True):
        places = chosen_places(answer, response.result.blanks[blank].typed, notation)
        for number, option in enumerate(answer.options):
            tally = tallies.setdefault((option.right, option.name or str(option.origin)), _Tally())
            _count(tally, option, response, places, number)
    ordered = sorted(tallies.items(), key=lambda entry: (entry[1].origin, not entry[0][0], entry[0][1]))
    return ChoiceFigures(
        place=place,
        question=question,
        title=responses[0].result.stored.title,
        blank=blank,
        single=isinstance(answers[0], SingleChoice),
        options=tuple(_option(right, tally) for (right, _), tally in ordered),
        guessing=_guessing(answers, policy),
    )


def _answer(response: Response, blank: str) -> object:
    return response.result.stored.item.answers[blank]


def _count(
    tally: _Tally, option: Option, response: Response, places: frozenset[int] | None, number: int
) -> None:
    if not tally.texts:
        tally.text, tally.origin = option.text, option.origin
    tally.texts.add(option.text)
    if places is not None:
        tally.shown += 1
        if number in places:
            tally.totals.append(response.total)


def _option(right: bool, tally: _Tally) -> OptionFigures:
    mean_total = fmean(tally.totals) if tally.totals else None
    return OptionFigures(tally.text, len(tally.texts) > 1, right, tally.shown, len(tally.totals), mean_total)


def _guessing(answers: Iterable[Choice], policy: Policy) -> Guessing:
    expected = list(_expectations(answers, policy))
    return Guessing(
        blank=fmean(float(found.blank) for found in expected),
        random=fmean(float(found.random) for found in expected),
        everything=fmean(float(found.everything) for found in expected),
        chance=fmean(float(found.chance) for found in expected),
        pays=any(found.pays_for_guessing for found in expected),
    )


def _expectations(answers: Iterable[Choice], policy: Policy) -> Iterator[Expectation]:
    """What guessing earns on each form; it depends only on the numbers of right and wrong options."""

    @cache
    def of_counts(kind: type[Choice], right: int, count: int) -> Expectation:
        return expectation(kind(tuple(Option(str(place), place < right) for place in range(count))), policy)

    for answer in answers:
        kind = MultipleChoice if isinstance(answer, MultipleChoice) else SingleChoice
        yield of_counts(kind, len(answer.right_places), len(answer.options))
