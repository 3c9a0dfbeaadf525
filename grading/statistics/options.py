"""Which options students chose, mapped back through each form's shuffle, and what guessing would earn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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
        why: what a student was told who decided wrongly on it.
        right: whether it is to be chosen.
        answered: the number of students who had it on their form and gave a readable answer.
        chosen: how many of them chose it.
        mean_total: the mean total of those who chose it; None if nobody did.
    """

    text: str
    varies: bool
    why: str
    right: bool
    answered: int
    chosen: int
    mean_total: float | None

    @property
    def share(self) -> float:
        """The share of students who chose it among those who had it."""
        return self.chosen / self.answered if self.answered else 0.0


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


@dataclass(frozen=True)
class _Seen:
    """An option on one form; `chosen` is None where the answer could not be read."""

    option: Option
    chosen: bool | None
    total: float


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
    answers = [answer for response in responses if isinstance(answer := _answer(response, blank), Choice)]
    seen: dict[Name, list[_Seen]] = {}
    for response, answer in zip(responses, answers, strict=True):
        places = chosen_places(answer, response.result.blanks[blank].typed, notation)
        for number, option in enumerate(answer.options):
            chosen = None if places is None else number in places
            name = (option.right, option.name or str(option.origin))
            seen.setdefault(name, []).append(_Seen(option, chosen, response.total))
    ordered = sorted(seen.values(), key=lambda group: (group[0].option.origin, group[0].option.name))
    return ChoiceFigures(
        place=place,
        question=question,
        title=responses[0].result.stored.title,
        blank=blank,
        single=isinstance(answers[0], SingleChoice),
        options=tuple(map(_option, ordered)),
        guessing=_guessing(answers, policy),
    )


def _answer(response: Response, blank: str) -> object:
    return response.result.stored.item.answers[blank]


def _option(seen: list[_Seen]) -> OptionFigures:
    option = seen[0].option
    totals = [one.total for one in seen if one.chosen]
    return OptionFigures(
        text=option.text,
        varies=any(one.option.text != option.text for one in seen),
        why=option.why,
        right=option.right,
        answered=sum(one.chosen is not None for one in seen),
        chosen=len(totals),
        mean_total=fmean(totals) if totals else None,
    )


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
