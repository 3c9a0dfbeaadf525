"""Probabilities: how they are drawn, checked, and made of logits."""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random

from ..numbers import Row


def drawn_logit(rng: Random) -> str:
    """A logit whose exponential is a small whole number or one over it."""
    number = rng.choice([1, 1, 2, 3, 4, 5, 6, -2, -3])
    return "0" if number == 1 else f"ln {number}" if number > 0 else f"-ln {-number}"


def logsumexp(row: Row) -> float:
    """The logarithm of the sum of exponentials."""
    largest = max(row)
    return largest + math.log(sum(math.exp(entry - largest) for entry in row))


def softmax(row: Row) -> tuple[float, ...]:
    """The probabilities of logits."""
    return tuple(math.exp(entry - logsumexp(row)) for entry in row)


def drawn_percentages(rng: Random, classes: int) -> tuple[float, ...]:
    """Probabilities of two decimals with the sum 1, none of which is 0."""
    cuts = [0, *sorted(rng.sample(range(1, 100), classes - 1)), 100]
    return tuple((high - low) / 100 for low, high in pairwise(cuts))


def drawn_tenths(rng: Random, outcomes: int) -> tuple[float, ...]:
    """Probabilities of one decimal with the sum 1, none of which is 0."""
    cuts = [0, *sorted(rng.sample(range(1, 10), outcomes - 1)), 10]
    return tuple((high - low) / 10 for low, high in pairwise(cuts))


def flaw_of_probabilities(probabilities: Row) -> str | None:
    """Why numbers are no probabilities that can be printed and have logarithms, or None."""
    if not all(0.001 <= probability <= 0.999 for probability in probabilities):
        return "a probability lies between 0.001 and 0.999"
    if abs(sum(probabilities) - 1) > 1e-12:
        return "the probabilities do not add up to 1"
    if any(abs(probability - round(probability, 4)) > 1e-12 for probability in probabilities):
        return "a probability has at most four decimals"
    return None
