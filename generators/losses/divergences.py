"""Kullback-Leibler divergences."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from random import Random
from statistics import NormalDist
from typing import Any, Self

from ...answers import Answer, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import dot, latex_number, written_number
from .probabilities import drawn_tenths, flaw_of_probabilities

DYADIC = ((1 / 2, 1 / 4, 1 / 8, 1 / 8), (1 / 4, 1 / 4, 1 / 4, 1 / 4))
"""Distributions of powers of two."""


class KlDiscrete(Question):
    """Kullback-Leibler divergence of two distributions over a few outcomes.

    At level 1 it is asked in bits of powers of two, at level 2 in nats in both directions, at level 3 beside
    entropy and cross-entropy, where an outcome is impossible under P.

    Source: Cover & Thomas 2006, Elements of Information Theory, sections 2.1 and 2.3;
    torch.nn.functional.kl_div.
    """

    title = "Kullback–Leibler divergence"
    minutes = {1: 3, 2: 4, 3: 6}

    form: str
    """`bits`, `directions` or `entropies`."""
    target: tuple[float, ...]
    """The probabilities of P."""
    model: tuple[float, ...]
    """The probabilities of Q."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            first, second = (rng.choice(DYADIC) for _ in range(2))
            return cls("bits", tuple(rng.sample(first, len(first))), tuple(rng.sample(second, len(second))))
        if level == 2:
            return cls("directions", drawn_tenths(rng, 3), drawn_tenths(rng, 3))
        target = [*drawn_tenths(rng, 3), 0.0]
        return cls("entropies", tuple(rng.sample(target, 4)), drawn_tenths(rng, 4))

    def flaw(self) -> str | None:
        if self.form not in {"bits", "directions", "entropies"}:
            return "form is bits, directions or entropies"
        if len(self.target) != len(self.model) or not 2 <= len(self.target) <= 6:
            return "P and Q have the same two to six outcomes"
        possible = [p for p in self.target if p != 0]
        if len(possible) < 2 or (self.form == "directions" and len(possible) < len(self.target)):
            return "too few outcomes are possible under P"
        if flaw := flaw_of_probabilities(possible) or flaw_of_probabilities(self.model):
            return flaw
        if abs(self.divergence) < 1e-3:
            return "P and Q are nearly equal"
        if self.form == "directions" and abs(self.divergence - self.reverse) < 1e-3:
            return "both directions give the same divergence"
        return None

    @property
    def terms(self) -> tuple[float, ...]:
        """What each outcome adds to the divergence of P from Q, in nats; 0 where P is 0."""
        pairs = zip(self.target, self.model, strict=True)
        return tuple(p * math.log(p / q) if p else 0.0 for p, q in pairs)

    @property
    def divergence(self) -> float:
        """KL(P‖Q) in nats."""
        return sum(self.terms)

    @property
    def reverse(self) -> float:
        """KL(Q‖P) in nats, or infinity."""
        return (
            replace(self, target=self.model, model=self.target).divergence if all(self.target) else math.inf
        )

    @property
    def entropy(self) -> float:
        """The entropy of P in nats."""
        return -sum(p * math.log(p) for p in self.target if p)

    @property
    def cross_entropy(self) -> float:
        """The cross-entropy of Q under P in nats."""
        return -dot(self.target, tuple(map(math.log, self.model)))

    @property
    def unit(self) -> float:
        """The nats of the unit that is asked for."""
        return math.log(2) if self.form == "bits" else 1.0

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "bits":
            return {"divergence": Real(self.divergence / self.unit, 4)}
        if self.form == "directions":
            divergence = Real(sum(given("terms", self.terms)), 4)
            return {
                "terms": Vector(self.terms, 4),
                "divergence": divergence,
                "reverse": Real(self.reverse, 4),
            }
        difference = given("cross_entropy", self.cross_entropy) - given("entropy", self.entropy)
        return {
            "entropy": Real(self.entropy, 4),
            "cross_entropy": Real(self.cross_entropy, 4),
            "divergence": Real(difference, 4),
        }

    @mistake("P and Q are swapped: KL(P‖Q) weights the logarithms with the probabilities of P.")
    def reversed_direction(self) -> MistakeValues:
        if self.form == "entropies":
            return None
        swapped = {"divergence": self.reverse / self.unit}
        return swapped | ({"reverse": self.divergence} if self.form == "directions" else {})

    @mistake("This is the cross-entropy; the divergence is the cross-entropy minus the entropy of P.")
    def cross_entropy_instead(self) -> MistakeValues:
        return {"divergence": self.cross_entropy / self.unit}

    @mistake("Mind the unit: the natural logarithm gives nats, the logarithm to base 2 bits.")
    def wrong_base(self) -> MistakeValues:
        other = math.log(2) / self.unit**2
        if self.form == "bits":
            return {"divergence": self.divergence}
        if self.form == "directions":
            return {"divergence": self.divergence / other, "reverse": self.reverse / other}
        return self.consequences(entropy=self.entropy / other, cross_entropy=self.cross_entropy / other)

    @mistake("The divergence is a sum weighted by P; it is not divided by the number of outcomes.")
    def divided_by_outcomes(self) -> MistakeValues:
        return {"divergence": self.divergence / self.unit / len(self.target)}

    @mistake("The divergence is not symmetric: each direction has its own value, not the mean of both.")
    def symmetric_average(self) -> MistakeValues:
        if not all(self.target):
            return None
        mean = (self.divergence + self.reverse) / 2 / self.unit
        return {"divergence": mean} | ({"reverse": mean} if self.form == "directions" else {})

    @mistake("A divergence is never negative: the logarithm is that of p/q, not of q/p.")
    def ratio_turned_round(self) -> MistakeValues:
        return {"divergence": -self.divergence / self.unit}

    @mistake("Weight each logarithm with the probability of P.")
    def unweighted(self) -> MistakeValues:
        if not all(self.target):
            return None
        ratios = zip(self.target, self.model, strict=True)
        return {"divergence": sum(math.log(p / q) for p, q in ratios) / self.unit}

    @mistake("The cross-entropy weights the logarithms of Q with the probabilities of P.")
    def cross_entropy_swapped(self) -> MistakeValues:
        return self.consequences(cross_entropy=self._entropy_of_model) if self.form == "entropies" else None

    @mistake("Entropy and cross-entropy are added; the divergence is what the latter exceeds the former by.")
    def adds_the_entropy(self) -> MistakeValues:
        return {"divergence": self.cross_entropy + self.entropy} if self.form == "entropies" else None

    @property
    def _entropy_of_model(self) -> float:
        return -dot(self.model, tuple(map(math.log, self.model)))


class KlGaussianVae(Question):
    """Kullback-Leibler divergence of the code of a variational autoencoder from the standard normal prior.

    At level 1 there is one dimension, at level 2 there are several, whose contributions are added, at level 3
    the logarithms of the variances are given for a batch that is averaged.

    Source: Kingma & Welling 2014, Auto-encoding variational Bayes, appendix B; torch.distributions.
    """

    title = "KL term of a variational autoencoder"
    minutes = {1: 2, 2: 4, 3: 6}

    means: tuple[tuple[float, ...], ...]
    """A row for each sample, an entry for each dimension of the code."""
    spreads: tuple[tuple[str, ...], ...]
    """Standard deviations as decimal numbers; for a batch, logarithms of variances, such as `ln 4`."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        rows, columns = {1: (1, 1), 2: (1, rng.choice([2, 3])), 3: (2, 2)}[level]
        choices = {
            1: ["0.5", "1", "2"],
            2: ["0.5", "1", "2", "0.25"],
            3: ["0", "ln 4", "-ln 4", "ln 2", "ln 3"],
        }
        means = tuple(tuple(rng.randint(-4, 4) / 2 for _ in range(columns)) for _ in range(rows))
        spreads = tuple(tuple(rng.choice(choices[level]) for _ in range(columns)) for _ in range(rows))
        return cls(means, spreads)

    def flaw(self) -> str | None:
        if len(self.means) != len(self.spreads) or not 1 <= len(self.means) <= 4:
            return "one to four samples, with means and spreads, are wanted"
        if {*map(len, self.means), *map(len, self.spreads)} not in [{1}, {2}, {3}, {4}]:
            return "each sample has the same one to four means and spreads"
        try:
            deviations = self.deviations
        except (ValueError, OverflowError):
            return "a spread is a positive number, or the logarithm of a variance such as ln 4 in a batch"
        if not all(0.05 <= deviation <= 20 for row in deviations for deviation in row):
            return "standard deviations go from 0.05 to 20"
        if not all(abs(mean) <= 20 and mean * 4 % 1 == 0 for row in self.means for mean in row):
            return "means are quarters from -20 to 20"
        if not all(divergence > 0.01 for divergence in self.divergences):
            return "a code equals the prior"
        return None

    @property
    def batch(self) -> bool:
        """Whether there is more than one sample, and logarithms of variances are given."""
        return len(self.means) > 1

    @property
    def deviations(self) -> tuple[tuple[float, ...], ...]:
        """The standard deviations."""
        numbers = (tuple(map(written_number, row)) for row in self.spreads)
        return tuple(tuple(math.exp(v / 2) for v in row) if self.batch else row for row in numbers)

    @property
    def latex_spreads(self) -> tuple[tuple[str, ...], ...]:
        """The spreads as LaTeX."""
        return tuple(tuple(map(latex_number, row)) for row in self.spreads)

    @property
    def terms(self) -> tuple[tuple[float, ...], ...]:
        """The divergence of each dimension of each sample, in nats."""
        return self._terms(lambda mean, s: (mean**2 + s**2 - 1 - 2 * math.log(s)) / 2)

    def _terms(self, rule: Callable[[float, float], float]) -> tuple[tuple[float, ...], ...]:
        rows = zip(self.means, self.deviations, strict=True)
        return tuple(tuple(rule(*pair) for pair in zip(*row, strict=True)) for row in rows)

    @property
    def densities(self) -> tuple[dict[str, Any], ...]:
        """The first dimension of the code and the prior as curves."""
        code, prior = NormalDist(self.means[0][0], self.deviations[0][0]), NormalDist()
        places = [step / 10 for step in range(-50, 51)]
        return tuple(
            {"points": [(place, curve.pdf(place)) for place in places], "label": label}
            for curve, label in ((prior, "prior"), (code, "code"))
        )

    @property
    def divergences(self) -> tuple[float, ...]:
        """The divergence of each sample, in nats."""
        return tuple(map(sum, self.terms))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.batch:
            own_divergences = given("divergences", self.divergences)
            mean = Real(sum(own_divergences) / len(own_divergences), 4)
            return {"divergences": Vector(self.divergences, 4), "mean": mean}
        if len(self.terms[0]) == 1:
            return {"divergence": Real(self.divergences[0], 4)}
        own_terms = given("terms", self.terms[0])
        return {"terms": Vector(self.terms[0], 4), "divergence": Real(sum(own_terms), 4)}

    def _with(self, rule: Callable[[float, float], float]) -> MistakeValues:
        """What follows from another divergence of each dimension."""
        terms = self._terms(rule)
        if self.batch:
            return self.consequences(divergences=tuple(map(sum, terms)))
        return {"divergence": terms[0][0]} if len(terms[0]) == 1 else self.consequences(terms=terms[0])

    @mistake("The formula has the variance σ², not the standard deviation σ.")
    def sigma_for_variance(self) -> MistakeValues:
        return self._with(lambda mean, s: (mean**2 + s - 1 - math.log(s)) / 2)

    @mistake("The factor 1/2 is missing.")
    def no_half(self) -> MistakeValues:
        return self._with(lambda mean, s: mean**2 + s**2 - 1 - 2 * math.log(s))

    @mistake("The logarithm is that of the variance: ln σ² = 2 ln σ.")
    def log_sigma_not_squared(self) -> MistakeValues:
        return self._with(lambda mean, s: (mean**2 + s**2 - 1 - math.log(s)) / 2)

    @mistake("The −1 is missing, without which the divergence of the prior from itself would not be 0.")
    def forgets_minus_1(self) -> MistakeValues:
        return self._with(lambda mean, s: (mean**2 + s**2 - 2 * math.log(s)) / 2)

    @mistake("The mean is squared.")
    def mean_not_squared(self) -> MistakeValues:
        return self._with(lambda mean, s: (abs(mean) + s**2 - 1 - 2 * math.log(s)) / 2)

    @mistake("The logarithm is subtracted: a narrow code must cost more, not less.")
    def adds_the_logarithm(self) -> MistakeValues:
        return self._with(lambda mean, s: (mean**2 + s**2 - 1 + 2 * math.log(s)) / 2)

    @mistake("The given numbers are logarithms of variances: the variance is their exponential.")
    def logarithm_for_variance(self) -> MistakeValues:
        return self._with(lambda mean, s: (mean**2 - 1) / 2) if self.batch else None

    @mistake("The dimensions of a code are added, not averaged.")
    def averages_dimensions(self) -> MistakeValues:
        size = len(self.means[0])
        if self.batch:
            return self.consequences(divergences=tuple(value / size for value in self.divergences))
        return {"divergence": self.divergences[0] / size}

    @mistake("The loss of the batch is the mean over its samples, not the sum.")
    def sums_the_batch(self) -> MistakeValues:
        return {"mean": sum(self.divergences)} if self.batch else None
