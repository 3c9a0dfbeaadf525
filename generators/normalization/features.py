"""Features on one scale: standardization by the statistics of the training data."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random
from typing import Self

from ...answers import Answer, Matrix, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, bounded, printable, transposed
from .samples import deviation, drawn_sample, mean

CONTEXTS = (
    ("living area", "rooms"),
    ("age", "income"),
    ("length", "weight"),
    ("temperature", "pressure"),
    ("height", "distance"),
)
FORMS = ("scores", "new", "inverse")
LONGEST_NAME = 30


class Standardize(Question):
    """Standard scores of features, for new samples by the statistics of the training data.

    At level 1 one feature is standardized, at level 2 two new samples by the statistics of the training data;
    at level 3 a standardized sample is also turned back, and a distance measured.

    Source: LeCun, Bottou, Orr & Müller 1998, Efficient BackProp, section 4.3; Hastie, Tibshirani & Friedman
    2009, The Elements of Statistical Learning, section 14.3.3.
    """

    title = "Standardizing features"
    minutes = {1: 3, 2: 5, 3: 7}

    form: str
    """`scores`, `new` or `inverse`."""
    names: tuple[str, ...]
    features: tuple[tuple[float, ...], ...]
    """The training data, a tuple for each feature."""
    new: tuple[tuple[float, ...], ...]
    """New samples: values for all features."""
    scored: tuple[float, ...]
    """A standardized sample that is turned back."""
    correction: int
    """1 if the variance divides by one less than the number of samples, otherwise 0."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        names = rng.choice(CONTEXTS)
        if level == 1:
            values = drawn_sample(rng, rng.choice([4, 5]), 0, 20)
            return cls("scores", (rng.choice(names),), (values,), (), (), 0)
        correction = rng.choice([0, 1]) if level == 3 else 0
        features = tuple(drawn_sample(rng, 5, 1, 20, correction=correction) for _ in range(2))
        new = tuple(tuple(rng.randint(0, 24) for _ in range(2)) for _ in range(4 - level))
        if level == 2:
            return cls("new", names, features, new, (), 0)
        scored = tuple(rng.choice([-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2]) for _ in range(2))
        return cls("inverse", names, features, new, scored, correction)

    def flaw(self) -> str | None:
        if self.form not in FORMS or self.correction not in {0, 1}:
            return "form is scores, new or inverse, and the correction 0 or 1"
        counts = {"scores": (1, 0, 0), "new": (2, 2, 0), "inverse": (2, 1, 2)}[self.form]
        if (len(self.names), len(self.new), len(self.scored)) != counts or len(self.features) != counts[0]:
            return "features, names and samples do not fit the form"
        if any(len(values) != len(self.features[0]) for values in self.features):
            return "a value is missing"
        if not 3 <= len(self.features[0]) <= 8 or any(len(sample) != 2 for sample in self.new):
            return "there are three to eight training samples, and new ones have a value for each feature"
        if any(not 1 <= len(name) <= LONGEST_NAME or "|" in name for name in self.names):
            return f"the name of a feature has 1 to {LONGEST_NAME} characters, none of them a bar"
        values = (*sum(self.features, ()), *sum(self.new, ()), *self.scored)
        if not bounded(values, 1000) or not printable(values):
            return "a value is larger than 1000, or has more than four decimals"
        if any(deviation(values) < 0.1 for values in self.features):
            return "a feature is nearly constant"
        if any(len(set(values)) < 2 for values in transposed(self.new)) and self.form == "new":
            return "the new samples agree in a feature"
        return None

    @property
    def samples(self) -> tuple[tuple[float, ...], ...]:
        """The training data, a tuple for each sample."""
        return transposed(self.features)

    @property
    def divisor(self) -> int:
        """What the sum of squared deviations is divided by."""
        return len(self.features[0]) - self.correction

    @property
    def means(self) -> tuple[float, ...]:
        """Of each feature."""
        return tuple(map(mean, self.features))

    @property
    def deviations(self) -> tuple[float, ...]:
        """The standard deviation of each feature."""
        return tuple(deviation(values, self.correction) for values in self.features)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "scores":
            center, spread = given("mean", self.means[0]), given("deviation", self.deviations[0])
            return {
                "mean": Real(self.means[0], 2),
                "deviation": Real(self.deviations[0], 2),
                "scores": Vector(tuple((value - center) / spread for value in self.features[0]), 2),
            }
        means, deviations = given("means", self.means), given("deviations", self.deviations)
        scores = tuple(_scores(sample, means, deviations) for sample in self.new)
        keys: dict[str, Answer] = {"means": Vector(self.means, 2), "deviations": Vector(self.deviations, 2)}
        if self.form == "new":
            return keys | {"scores": Matrix(scores, 2)}
        turned_back = tuple(
            z * spread + center for z, spread, center in zip(self.scored, deviations, means, strict=True)
        )
        distance = math.dist(*(_scores(sample, means, deviations) for sample in self.samples[:2]))
        return keys | {
            "scores": Vector(scores[0], 2),
            "original": Vector(turned_back, 2),
            "distance": Real(distance, 2),
        }

    @mistake("Mind what the squared deviations are divided by: n or n − 1, as the question says.")
    def other_divisor(self) -> MistakeValues:
        other = replace(self, correction=1 - self.correction)
        if self.form == "scores":
            return self.consequences(deviation=other.deviations[0])
        return self.consequences(deviations=other.deviations)

    @mistake("Divide by the standard deviation, not by the variance: take the root first.")
    def divides_by_variance(self) -> MistakeValues:
        squared = tuple(spread**2 for spread in self.deviations)
        if self.form == "scores":
            return self.consequences(deviation=squared[0])
        return self.consequences(deviations=squared)

    @mistake("This scales to the range from 0 to 1; a standard score measures in standard deviations.")
    def scales_to_the_range(self) -> MistakeValues:
        def scaled(value: float, values: Row) -> float:
            return (value - min(values)) / (max(values) - min(values))

        if self.form == "scores":
            return {"scores": tuple(scaled(value, self.features[0]) for value in self.features[0])}
        rows = tuple(tuple(map(scaled, sample, self.features)) for sample in self.new)
        return {"scores": rows if self.form == "new" else rows[0]}

    @mistake("The mean is subtracted before the division.")
    def does_not_center(self) -> MistakeValues:
        if self.form == "scores":
            return {"scores": tuple(value / self.deviations[0] for value in self.features[0])}
        zeros = (0.0,) * len(self.features)
        rows = tuple(_scores(sample, zeros, self.deviations) for sample in self.new)
        return {"scores": rows if self.form == "new" else rows[0]}

    @mistake("New samples are standardized by the training data's mean and deviation, not by their own.")
    def uses_own_statistics(self) -> MistakeValues:
        if self.form != "new":
            return None
        columns = transposed(self.new)
        means, deviations = tuple(map(mean, columns)), tuple(map(deviation, columns))
        return {"scores": tuple(_scores(sample, means, deviations) for sample in self.new)}

    @mistake("Mean and deviation are those of a feature over all samples, not of a sample over its features.")
    def standardizes_rows(self) -> MistakeValues:
        if self.form == "scores" or any(deviation(sample) < 0.1 for sample in self.new):
            return None
        rows = tuple(
            tuple((value - mean(sample)) / deviation(sample) for value in sample) for sample in self.new
        )
        return {"scores": rows if self.form == "new" else rows[0]}

    @mistake("To turn a score back, multiply by the deviation first, then add the mean.")
    def adds_the_mean_first(self) -> MistakeValues:
        if self.form != "inverse":
            return None
        parts = zip(self.scored, self.means, self.deviations, strict=True)
        return {"original": tuple((z + center) * spread for z, center, spread in parts)}

    @mistake("Each difference is divided by its feature's deviation before it enters the distance.")
    def distance_of_raw_values(self) -> MistakeValues:
        return {"distance": math.dist(*self.samples[:2])} if self.form == "inverse" else None


def _scores(sample: Row, means: Row, deviations: Row) -> tuple[float, ...]:
    parts = zip(sample, means, deviations, strict=True)
    return tuple((value - center) / spread for value, center, spread in parts)
