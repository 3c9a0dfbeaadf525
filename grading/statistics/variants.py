"""Whether the questions that forms drew for the same place were equally difficult.

Usually each form has one student, so forms cannot be compared one by one. What can be compared are the
students who drew the same question at the same level for a place. Who draws which is random, so under the
hypothesis that it makes no difference every assignment of the draws to the students is equally likely.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum
from random import Random
from statistics import fmean

from .correlation import ROUNDING, deviations
from .distributions import chi_square_tail
from .responses import Response

SIGNIFICANT = 0.05
MOST_SHUFFLES = 4999
ENOUGH = 30
"""Shuffling stops after so many results that are at least as extreme."""
MANY_STUDENTS = 200
"""From here on the distribution over all shuffles is taken as chi-square."""


@dataclass(frozen=True)
class Variant:
    """The students who drew the same question at the same level.

    Attributes:
        question: the question's name.
        level: the level.
        count: the number of students.
        facility: the mean share of the points that they earned.
        advantage: the mean of that share beyond what the students' other items predict.
    """

    question: str
    level: int
    count: int
    facility: float
    advantage: float


@dataclass(frozen=True)
class VariantTest:
    """A place for which forms drew different questions or levels.

    Attributes:
        place: its id.
        variants: the easiest first.
        probability: of differences at least as large where the variants are equally difficult; None where
            there is nothing to compare.
        adjusted: the same, adjusted for the number of places that were tested (Holm).
    """

    place: str
    variants: tuple[Variant, ...]
    probability: float | None
    adjusted: float | None = None

    @property
    def differs(self) -> bool:
        """Whether the variants differ by more than chance explains."""
        return self.adjusted is not None and self.adjusted < SIGNIFICANT


def variant_tests(by_place: Mapping[str, Sequence[Response]]) -> tuple[VariantTest, ...]:
    """The tests of all places with more than one variant."""
    tests = [test for place, responses in by_place.items() if (test := _test(place, responses))]
    adjusted = iter(holm([test.probability for test in tests if test.probability is not None]))
    return tuple(
        test if test.probability is None else replace(test, adjusted=next(adjusted)) for test in tests
    )


def _test(place: str, responses: Sequence[Response]) -> VariantTest | None:
    drawn = [(response.question, response.level) for response in responses]
    if len(set(drawn)) < 2:
        return None
    shares = [response.points / float(response.result.possible) for response in responses]
    extra = residuals(shares, [response.rest for response in responses])
    probability = group_test(drawn, extra, Random(f"variants of {place}"))
    variants = sorted(_variants(drawn, shares, extra), key=lambda variant: -variant.advantage)
    return VariantTest(place, tuple(variants), probability)


def _variants(
    drawn: Sequence[tuple[str, int]], shares: Sequence[float], extra: Sequence[float]
) -> Iterable[Variant]:
    for question, level in sorted(set(drawn)):
        students = [student for student, draw in enumerate(drawn) if draw == (question, level)]
        facility = fmean(shares[student] for student in students)
        advantage = fmean(extra[student] for student in students)
        yield Variant(question, level, len(students), facility, advantage)


def residuals(values: Sequence[float], predictor: Sequence[float]) -> list[float]:
    """What a linear regression on a predictor leaves of values; where that is constant, their deviations."""
    rest, known = deviations(values), deviations(predictor)
    squares = fsum(x * x for x in known)
    if squares <= ROUNDING * fsum(x * x for x in predictor):
        return rest
    slope = fsum(x * y for x, y in zip(known, rest, strict=True)) / squares
    return [y - slope * x for x, y in zip(known, rest, strict=True)]


def group_test(groups: Sequence[Hashable], values: Sequence[float], rng: Random) -> float | None:
    """How likely groups differ in their means at least as much where groups are drawn at random.

    Args:
        groups: the group of each value.
        values: the values.
        rng: shuffles them.

    Returns:
        a probability, or None for fewer than two groups, without a repeated group, or for equal values.
    """
    number = {group: index for index, group in enumerate(dict.fromkeys(groups))}
    labels = [number[group] for group in groups]
    centred = deviations(values) if values else []
    squares = fsum(value * value for value in centred)
    if not 1 < len(number) < len(values) or squares <= ROUNDING:
        return None
    sizes = [labels.count(label) for label in range(len(number))]
    observed = _between(labels, centred, sizes)
    if len(values) >= MANY_STUDENTS:
        return chi_square_tail((len(values) - 1) * observed / squares, len(number) - 1)
    return _shuffled_tail(labels, centred, sizes, observed, rng)


def _shuffled_tail(
    labels: list[int], values: list[float], sizes: Sequence[int], observed: float, rng: Random
) -> float:
    """The share of shuffles that are at least as extreme; clear cases of no difference stop early."""
    extreme, limit, shuffled = 0, observed * (1 - 1e-9), list(labels)
    for tried in range(1, MOST_SHUFFLES + 1):
        rng.shuffle(shuffled)
        extreme += _between(shuffled, values, sizes) >= limit
        if extreme == ENOUGH:
            return extreme / tried
    return (extreme + 1) / (MOST_SHUFFLES + 1)


def _between(labels: Sequence[int], values: Sequence[float], sizes: Sequence[int]) -> float:
    """The sum of squares between groups."""
    sums = [0.0] * len(sizes)
    for label, value in zip(labels, values, strict=True):
        sums[label] += value
    return sum(total * total / size for total, size in zip(sums, sizes, strict=True))


def holm(probabilities: Sequence[float]) -> list[float]:
    """The probabilities adjusted for their number, in the same order."""
    adjusted, least = [0.0] * len(probabilities), 0.0
    order = sorted(range(len(probabilities)), key=probabilities.__getitem__)
    for rank, place in enumerate(order):
        least = max(least, min(1.0, (len(order) - rank) * probabilities[place]))
        adjusted[place] = least
    return adjusted
