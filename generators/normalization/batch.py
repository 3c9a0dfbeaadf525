"""Batch normalization, in training and at inference."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random
from typing import Self

from ...answers import Answer, Matrix, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, bounded, printable, transposed
from .samples import drawn_sample, mean, variance

Rows = tuple[tuple[float, ...], ...]
SIDE = 2
"""Rows and columns of the feature maps of level 3."""
LARGEST = 1000


class BatchnormForward(Question):
    """What batch normalization makes of a mini-batch in training.

    At level 1 of one feature without scale and shift, at level 2 of two features, at level 3 of feature maps,
    whose statistics extend over the samples and all positions.

    Source: Ioffe & Szegedy 2015, Batch normalization, algorithm 1 and section 3.2; torch.nn.BatchNorm2d.
    """

    title = "Batch normalization in training"
    minutes = {1: 3, 2: 5, 3: 7}

    features: Rows
    """The values of each feature: of all samples; or of all positions of the first sample, then the next."""
    gamma: tuple[float, ...]
    beta: tuple[float, ...]
    eps: float
    maps: bool
    """Whether the features are channels of 2 × 2 maps."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            return cls((drawn_sample(rng, rng.choice([4, 5]), 0, 16),), (1,), (0,), 0.0, maps=False)
        gamma = tuple(rng.choice([0.5, 1.5, 2, 3]) for _ in range(2))
        beta = tuple(rng.choice([-2, -1, 1, 2, 3]) for _ in range(2))
        if level == 2:
            features = tuple(drawn_sample(rng, 4, -6, 12) for _ in range(2))
            return cls(features, gamma, beta, 0.0, maps=False)
        eps = rng.choice([0, 1])
        features = tuple(drawn_sample(rng, 8, 0, 9, eps=eps) for _ in range(2))
        return cls(features, gamma, beta, float(eps), maps=True)

    def flaw(self) -> str | None:
        counts = {len(values) for values in self.features}
        if not 1 <= len(self.features) == len(self.gamma) == len(self.beta) <= 3 or len(counts) != 1:
            return "one to three features each need a scale, a shift and a value for each sample"
        if not 3 <= min(counts) <= 12 or (self.maps and min(counts) % SIDE**2):
            return "a batch has three to twelve values for each feature, four for each sample of a map"
        if self.maps and min(counts) < 2 * SIDE**2:
            return "a batch of one sample shows no difference between batch and sample"
        numbers = (*sum(self.features, ()), *self.gamma, *self.beta)
        if not bounded(numbers, LARGEST) or not printable(numbers):
            return f"a number is larger than {LARGEST}, or has more than four decimals"
        if not printable([self.eps], 6) or (self.eps and not 1e-5 <= self.eps <= 1):
            return "eps is 0, or lies between 0.00001 and 1, with six decimals"
        if any(variance(values) < 0.1 for values in self.features):
            return "a feature is nearly constant in the batch"
        if any(abs(scale) < 0.01 for scale in self.gamma):
            return "a scale of nearly zero hides the feature"
        return None

    @property
    def samples(self) -> int:
        """The size of the batch."""
        return len(self.features[0]) // (SIDE**2 if self.maps else 1)

    @property
    def scaled(self) -> bool:
        """Whether scale and shift do something."""
        return {*self.gamma} != {1} or {*self.beta} != {0}

    @property
    def means(self) -> tuple[float, ...]:
        """Of each feature over the batch."""
        return tuple(map(mean, self.features))

    @property
    def variances(self) -> tuple[float, ...]:
        """Of each feature over the batch, divided by the number of values."""
        return tuple(map(variance, self.features))

    @property
    def images(self) -> tuple[tuple[Rows, ...], ...]:
        """For each sample the maps of its channels, row by row."""
        return tuple(
            tuple(_as_map(values[n * SIDE**2 : (n + 1) * SIDE**2]) for values in self.features)
            for n in range(self.samples)
        )

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer]
        means: Row
        variances: Row
        if len(self.features) == 1:
            mean_of_all, spread = self.means[0], self.variances[0]
            keys = {"mean": Real(mean_of_all, 3), "variance": Real(spread, 3)}
            means, variances = (given("mean", mean_of_all),), (given("variance", spread),)
        else:
            keys = {"means": Vector(self.means, 3), "variances": Vector(self.variances, 3)}
            means, variances = given("means", self.means), given("variances", self.variances)
        return keys | {"output": self._asked(self._outputs(means, variances))}

    def _outputs(self, means: Row, variances: Row) -> Rows:
        """Each feature normalized, scaled and shifted."""
        roots = [math.sqrt(value + self.eps) for value in variances]
        return tuple(
            tuple(gamma * (value - center) / root + beta for value in values)
            for values, center, root, gamma, beta in zip(
                self.features, means, roots, self.gamma, self.beta, strict=True
            )
        )

    def _asked(self, outputs: Rows) -> Answer:
        """All values, with several features a row for each sample; or the last sample's first channel."""
        if self.maps:
            return Matrix(_as_map(outputs[0][-(SIDE**2) :]), 3)
        return Vector(outputs[0], 3) if len(outputs) == 1 else Matrix(transposed(outputs), 3)

    def _wrong(self, outputs: Rows) -> MistakeValues:
        return {"output": vars(self._asked(outputs))["value"]}

    @mistake("In training the variance is divided by the number of values m, not by m − 1.")
    def unbiased_variance(self) -> MistakeValues:
        unbiased = tuple(variance(values, 1) for values in self.features)
        if len(unbiased) == 1:
            return self.consequences(variance=unbiased[0])
        return self.consequences(variances=unbiased)

    @mistake("Divide by the root of the variance, not by the variance.")
    def forgets_the_root(self) -> MistakeValues:
        return self._wrong(
            self._outputs(self.means, tuple((v + self.eps) ** 2 - self.eps for v in self.variances))
        )

    @mistake("The normalized value is multiplied by γ, and β is added.")
    def forgets_scale_and_shift(self) -> MistakeValues:
        ones, zeros = (1,) * len(self.gamma), (0,) * len(self.beta)
        plain = replace(self, gamma=ones, beta=zeros)
        return self._wrong(plain._outputs(self.means, self.variances))

    @mistake("β is added at the end; only the normalized value is multiplied by γ.")
    def scales_the_shift(self) -> MistakeValues:
        beta = tuple(g * b for g, b in zip(self.gamma, self.beta, strict=True))
        return self._wrong(replace(self, beta=beta)._outputs(self.means, self.variances))

    @mistake(
        "The statistics are those of a feature over the batch; layer normalization has those of a sample."
    )
    def normalizes_samples(self) -> MistakeValues:
        if self.maps or any(variance(row) == 0 for row in transposed(self.features)):
            return None
        rows = [(row, mean(row), math.sqrt(variance(row) + self.eps)) for row in transposed(self.features)]
        parts = list(zip(self.gamma, self.beta, strict=True))
        return {
            "output": tuple(
                tuple(g * (value - center) / root + b for value, (g, b) in zip(row, parts, strict=True))
                for row, center, root in rows
            )
        }

    @mistake("The statistics of a channel extend over all samples of the batch, not over one image.")
    def normalizes_each_image(self) -> MistakeValues:
        last = tuple(values[-(SIDE**2) :] for values in self.features)
        if not self.maps or any(variance(values) + self.eps == 0 for values in last):
            return None
        return self._wrong(self._outputs(tuple(map(mean, last)), tuple(map(variance, last))))

    @mistake("ε is added to the variance under the root.")
    def forgets_eps(self) -> MistakeValues:
        return self._wrong(replace(self, eps=0.0)._outputs(self.means, self.variances)) if self.eps else None


class BatchnormRunning(Question):
    """Running statistics of batch normalization, and what it makes of a value at inference.

    At level 1 one batch, at level 2 two; at level 3 a value is normalized at inference, and the averages may
    be cumulative.

    Source: torch.nn.BatchNorm1d, parameters momentum and track_running_stats; Ioffe & Szegedy 2015, Batch
    normalization, algorithm 2.
    """

    title = "Running statistics of batch normalization"
    minutes = {1: 3, 2: 5, 3: 7}

    batches: Rows
    momentum: float
    """The weight of the new batch; 0 for the plain average of all batches."""
    infers: bool
    """Whether a value is normalized at inference."""
    value: float
    gamma: float
    beta: float

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        batches = tuple(_drawn_batch(rng) for _ in range(1 if level == 1 else 2))
        if level < 3:
            return cls(batches, rng.choice([0.1, 0.2, 0.3, 0.5]), False, 0, 1, 0)
        gamma, beta = rng.choice([0.5, 2, 3]), rng.choice([-2, -1, 1, 2])
        return cls(batches, rng.choice([0.0, 0.1, 0.2, 0.5]), True, rng.randint(-5, 20), gamma, beta)

    def flaw(self) -> str | None:
        if not 1 <= len(self.batches) <= 3 or not all(2 <= len(batch) <= 8 for batch in self.batches):
            return "there are one to three batches of two to eight values"
        if (self.momentum and not 0.001 <= self.momentum < 1) or (
            self.momentum == 0 and len(self.batches) == 1
        ):
            return "the momentum lies between 0 and 1; 0 stands for the average of several batches"
        numbers = (*sum(self.batches, ()), self.value, self.gamma, self.beta)
        if not bounded(numbers, LARGEST) or not printable((*numbers, self.momentum)):
            return f"a number is larger than {LARGEST}, or has more than four decimals"
        if abs(self.gamma) < 0.01 or any(variance(batch) < 0.1 for batch in self.batches):
            return "a batch is nearly constant, or the scale is nearly zero"
        return None

    @property
    def means(self) -> tuple[float, ...]:
        """Of each batch."""
        return tuple(map(mean, self.batches))

    @property
    def variances(self) -> tuple[float, ...]:
        """The unbiased variance of each batch."""
        return tuple(variance(batch, 1) for batch in self.batches)

    def weight(self, number: int) -> float:
        """The weight of a batch, by its number from 1, when the running statistics take it in."""
        return self.momentum or 1 / number

    def running(self, statistics: Row, start: float) -> list[float]:
        """The running statistic after each batch."""
        values = [start]
        for number, statistic in enumerate(statistics, 1):
            weight = self.weight(number)
            values.append((1 - weight) * values[-1] + weight * statistic)
        return values[1:]

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {}
        center, spread = 0.0, 1.0
        for number, statistics in enumerate(zip(self.means, self.variances, strict=True), 1):
            names = f"batch_mean_{number}", f"batch_variance_{number}"
            keys |= {name: Real(value, 4) for name, value in zip(names, statistics, strict=True)}
            seen = [given(name, value) for name, value in zip(names, statistics, strict=True)]
            weight = self.weight(number)
            center = (1 - weight) * center + weight * seen[0]
            spread = (1 - weight) * spread + weight * seen[1]
            keys[f"mean_{number}"], keys[f"variance_{number}"] = Real(center, 4), Real(spread, 4)
            center, spread = given(f"mean_{number}", center), given(f"variance_{number}", spread)
        if not self.infers:
            return keys
        return keys | {"output": Real(self._inferred(self.value, center, spread), 4)}

    def _inferred(self, value: float, center: float, spread: float) -> float:
        return self.gamma * (value - center) / math.sqrt(spread) + self.beta

    def _with(self, means: Row, variances: Row) -> MistakeValues:
        """The blanks with other running statistics."""
        values = {f"mean_{n}": value for n, value in enumerate(means, 1)}
        values |= {f"variance_{n}": value for n, value in enumerate(variances, 1)}
        return self.consequences(**values)

    @mistake("What enters the running variance is divided by m − 1, not by m.")
    def biased_running_variance(self) -> MistakeValues:
        biased = {f"batch_variance_{n}": variance(batch) for n, batch in enumerate(self.batches, 1)}
        return self.consequences(**biased)

    @mistake("In PyTorch the momentum is the weight of the new batch, not that of the past.")
    def reverses_the_momentum(self) -> MistakeValues:
        if self.momentum == 0:
            return None
        other = replace(self, momentum=1 - self.momentum)
        return self._with(other.running(self.means, 0.0), other.running(self.variances, 1.0))

    @mistake("The running variance starts from 1.")
    def starts_from_no_variance(self) -> MistakeValues:
        if self.momentum == 0:
            return None
        return self._with(self.running(self.means, 0.0), self.running(self.variances, 0.0))

    @mistake(
        "With a momentum, later batches weigh more and the start still counts: this is the plain average."
    )
    def averages_all_batches(self) -> MistakeValues:
        if self.momentum == 0:
            return None
        plain = replace(self, momentum=0.0)
        return self._with(plain.running(self.means, 0.0), plain.running(self.variances, 1.0))

    @mistake("At inference the running statistics are used, not those of the last batch.")
    def uses_the_last_batch(self) -> MistakeValues:
        if not self.infers:
            return None
        return {"output": self._inferred(self.value, self.means[-1], variance(self.batches[-1]))}

    @mistake("Divide by the root of the running variance.")
    def forgets_the_root(self) -> MistakeValues:
        if not self.infers:
            return None
        center, spread = self.running(self.means, 0.0)[-1], self.running(self.variances, 1.0)[-1]
        return {"output": self._inferred(self.value, center, spread**2)}

    @mistake("Scale and shift are applied at inference as well.")
    def forgets_scale_and_shift(self) -> MistakeValues:
        if not self.infers:
            return None
        plain = replace(self, gamma=1, beta=0)
        return {"output": vars(plain.follow(Given())["output"])["value"]}


def _drawn_batch(rng: Random) -> tuple[int, ...]:
    """Four numbers with a whole mean and a whole unbiased variance."""
    while True:
        values = tuple(rng.randint(0, 12) for _ in range(4))
        if sum(values) % 4 == 0 and variance(values, 1) % 1 == 0 and variance(values) > 0:
            return values


def _as_map(values: Row) -> Rows:
    return tuple(tuple(values[row * SIDE : (row + 1) * SIDE]) for row in range(SIDE))
