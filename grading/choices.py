"""Partial credit for choices by named rules, and what guessing would earn.

With c right options, w wrong ones, h right ones ticked and f wrong ones ticked (R/exams, `exams_eval`;
PrairieLearn, `pl-checkbox`):

- `all or nothing`: 1 if h = c and f = 0, else 0
- `right minus wrong`: (h - f) / c
- `per statement`: 1 - (f + c - h) / (c + w), and 0 for a blank answer
- `false2`: h / c - f / max(w, 2); `false`: h / c - f / w; `true`: h / c - f / c; `all`: h / c - f;
  `none`: h / c

A share below the lower bound is raised to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from ..answers import Choice, MultipleChoice
from .policy import ChoiceRule, Policy


@dataclass(frozen=True)
class Expectation:
    """The mean share of a choice's points that an answer without knowledge earns."""

    blank: Fraction
    random: Fraction
    everything: Fraction
    chance: Fraction
    """What random answering earns under all or nothing: the measure for the warning."""

    @property
    def pays_for_guessing(self) -> bool:
        """Whether one of them earns more than chance."""
        return max(self.blank, self.random, self.everything) > self.chance


def share(answer: Choice, chosen: frozenset[int], policy: Policy) -> Fraction:
    """The share of the points for the chosen places; between the lower bound and 1."""
    right, count = answer.right_places, len(answer.options)
    if not isinstance(answer, MultipleChoice):
        penalty = max(policy.lower, -Fraction(1, count - 1)) if chosen and policy.lower < 0 else Fraction(0)
        return Fraction(1) if chosen == right else penalty
    return max(
        policy.lower,
        _raw_share(policy.choices, len(right), count - len(right), len(chosen & right), len(chosen - right)),
    )


def _raw_share(rule: ChoiceRule, right: int, wrong: int, hits: int, false: int) -> Fraction:
    if rule == "all or nothing":
        return Fraction(hits == right and false == 0)
    if rule == "right minus wrong":
        return Fraction(hits - false, right)
    if rule == "per statement":
        return 1 - Fraction(false + right - hits, right + wrong) if hits + false else Fraction(0)
    penalties = {
        "false2": Fraction(1, max(wrong, 2)),
        "false": Fraction(1, wrong),
        "true": Fraction(1, right),
        "all": Fraction(1),
    }
    return Fraction(hits, right) - false * penalties.get(rule, Fraction(0))


def expectation(answer: Choice, policy: Policy) -> Expectation:
    """What a blank, a random and an all-ticked answer earn on average."""
    count = len(answer.options)
    places = frozenset(range(count))
    blank = share(answer, frozenset(), policy)
    if not isinstance(answer, MultipleChoice):
        single = [share(answer, frozenset([place]), policy) for place in range(count)]
        return Expectation(Fraction(0), _mean(single), Fraction(0), Fraction(1, count))
    return Expectation(blank, _at_random(answer, policy), share(answer, places, policy), Fraction(1, 4))


def _at_random(answer: Choice, policy: Policy) -> Fraction:
    """The mean share over all sets of options, counted by how many right and wrong ones they have."""
    count, right = len(answer.options), len(answer.right_places)
    total = Fraction(0)
    for hits in range(right + 1):
        for false in range(count - right + 1):
            raw = _raw_share(policy.choices, right, count - right, hits, false)
            total += comb(right, hits) * comb(count - right, false) * max(policy.lower, raw)
    return total / Fraction(2**count)


def _mean(shares: Iterable[Fraction]) -> Fraction:
    values = list(shares)
    return sum(values, Fraction(0)) / len(values)
