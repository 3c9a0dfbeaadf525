"""The gradient that a step takes: of a mini-batch, or clipped."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from random import Random
from typing import Any, Self

from ...answers import Answer, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, bounded, printable, transposed

FORMS = ("gradients", "updates", "variance")
WHOLE_NORMS = (
    (3, 4), (6, 8), (5, 12), (8, 15), (1, 2, 2), (2, 3, 6), (1, 4, 8), (4, 4, 7), (2, 6, 9), (6, 6, 7),
    (1, 2, 2, 4), (1, 4, 4, 4), (2, 2, 4, 5), (2, 4, 5, 6), (1, 3, 3, 9), (1, 5, 5, 7), (2, 4, 4, 8),
)  # fmt: skip
"""Gradients whose norm is a whole number, up to order and signs."""
LARGEST_ENTRY = 100
Slope = Callable[[float, float, float], float]
"""The derivative of a sample's loss from its x, its y and the weight."""


class MinibatchGradient(Question):
    """Gradients of mini-batches beside that of all samples.

    At level 1 the gradients of the samples are averaged, at level 2 an epoch of mini-batch updates is
    compared with one step of gradient descent, at level 3 the variance of the estimate is asked.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 8.1.3; Bottou, Curtis & Nocedal 2018,
    Optimization methods for large-scale machine learning, section 3.
    """

    title = "Gradients of mini-batches"
    minutes = {1: 2, 2: 5, 3: 6}

    form: str
    samples: tuple[tuple[int, int], ...]
    """The gradient of each sample with respect to two weights, or else its input x and target y."""
    size: int
    """The samples of a mini-batch."""
    start: tuple[float, ...]
    rate: float

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        form = FORMS[level - 1]
        if level == 1:
            samples = [(rng.randint(-6, 6), rng.randint(-6, 6)) for _ in range(rng.choice([4, 5]))]
            start = float(rng.randint(-3, 3)), float(rng.randint(-3, 3))
            return cls(form, tuple(samples), 2, start, rng.choice([0.1, 0.5]))
        many, size = rng.choice([(2, 1), (3, 1), (4, 2)]) if level == 2 else (4, rng.choice([2, 3, 4]))
        weight = rng.randint(-3, 3)
        inputs = [rng.choice([-2, -1, 1, 2] if level == 3 else [-1, 1, 1, 2]) for _ in range(many)]
        samples = [(x, rng.choice([y for y in range(-4, 5) if y != weight * x])) for x in inputs]
        rate = rng.choice([0.2, 0.4] if level == 3 else [0.1, 0.2] if 2 in inputs else [0.1, 0.2, 0.25])
        return cls(form, tuple(samples), size, (float(weight),), rate)

    def flaw(self) -> str | None:
        if self.form not in FORMS:
            return f"the form is one of {', '.join(FORMS)}"
        if not 2 <= len(self.samples) <= 6 or not 1 <= self.size <= (4 if self.form == "variance" else 5):
            return "two to six samples and mini-batches of one to five (for a variance four) are wanted"
        if len(self.start) != (2 if self.form == "gradients" else 1):
            return "the gradients of the samples go with two weights, everything else with one"
        if not 0 < self.rate <= 1 or not bounded((*self.start, *sum(self.samples, ())), 20):
            return "the learning rate lies between 0 and 1, and all other numbers between -20 and 20"
        if not printable((*self.start, self.rate)):
            return "start or rate has more than four decimals"
        if self.form == "gradients":
            means = self._mean(self.samples), self._mean(self.samples[: self.size])
            return "the mini-batch has the same gradient as all samples" if means[0] == means[1] else None
        if self.form == "updates" and (len(self.samples) % self.size or self.size == len(self.samples)):
            return "the samples must make two or more mini-batches of equal size"
        if self.form == "variance":
            differ = len({*self.slopes}) > 1 < self.size and self.start[0].is_integer()
            return None if differ else "gradients or batches do not differ, or the weight is no whole number"
        if not all(self.rate * x**2 < 1 and self._slope(x, y, self.start[0]) for x, y in self.samples):
            return "a gradient is zero at the start, or the updates do not converge"
        return None

    @property
    def batches(self) -> list[tuple[tuple[int, int], ...]]:
        """The samples of each mini-batch."""
        return [self.samples[first : first + self.size] for first in range(0, len(self.samples), self.size)]

    @property
    def slopes(self) -> tuple[float, ...]:
        """The gradient of each sample at the start."""
        return tuple(self._slope(x, y, self.start[0]) for x, y in self.samples)

    @property
    def weights(self) -> tuple[float, ...]:
        """The weight at the start and after each mini-batch."""
        return tuple(self._walk(Given()))

    @property
    def curve(self) -> list[tuple[float, float]]:
        """The mean loss around the weights that occur."""
        reached = (*self.weights, self._descent(self._slope))
        low, high = min(reached), max(reached)
        points = [low - 0.5 + step * (high - low + 1) / 60 for step in range(61)]
        return [(w, self._loss(w)) for w in points]

    @property
    def steps(self) -> list[dict[str, object]]:
        """The weights as points on the mean loss."""
        names = [f"$w_{number}$" for number in range(len(self.weights))]
        points = [*zip(self.weights, names, strict=True), (self._descent(self._slope), r"$w_{\text{GD}}$")]
        marks = ["dot"] * len(names) + ["circle"]
        return [
            {"x": w, "y": self._loss(w), "label": name, "mark": mark}
            for (w, name), mark in zip(points, marks, strict=True)
        ]

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "gradients":
            full, batch = self._mean(self.samples), self._mean(self.samples[: self.size])
            own = given("batch", batch)
            moved = tuple(w - self.rate * g for w, g in zip(self.start, own, strict=True))
            return {"full": Vector(full, 2), "batch": Vector(batch, 2), "weights": Vector(moved, 2)}
        if self.form == "updates":
            weights = {f"w{number}": w for number, w in enumerate(self._walk(given)) if number}
            values = weights | {"descent": self._descent(self._slope)}
            return {blank: Real(value, 3) for blank, value in values.items()}
        own = given("gradients", self.slopes)
        variance = _variance(own) / self.size
        own_variance = given("variance", variance)
        return {
            "gradients": Vector(self.slopes),
            "expectation": Real(sum(own) / len(own), 2),
            "variance": Real(variance, 4),
            "weight_variance": Real(self.rate**2 * own_variance, 4),
        }

    def _walk(self, given: Given, slope: Slope | None = None) -> list[float]:
        """The weight at the start and after each mini-batch, each step from the student's own weight."""
        weights, own = [self.start[0]], self.start[0]
        for number, batch in enumerate(self.batches, 1):
            weights.append(own - self.rate * self._gradient(batch, own, slope or self._slope))
            own = given(f"w{number}", weights[-1])
        return weights

    def _descent(self, slope: Slope) -> float:
        """The weight after one step of gradient descent."""
        return self.start[0] - self.rate * self._gradient(self.samples, self.start[0], slope)

    def _gradient(self, samples: tuple[tuple[int, int], ...], weight: float, slope: Slope) -> float:
        return sum(slope(x, y, weight) for x, y in samples) / len(samples)

    def _slope(self, x: float, y: float, weight: float) -> float:
        return 2 * x * (weight * x - y)

    def _loss(self, weight: float) -> float:
        return sum((weight * x - y) ** 2 for x, y in self.samples) / len(self.samples)

    def _mean(self, gradients: tuple[tuple[int, int], ...]) -> tuple[float, ...]:
        return tuple(sum(column) / len(gradients) for column in transposed(gradients))

    def _updated(self, slope: Slope) -> MistakeValues:
        """What both ways lead to with another derivative."""
        if self.form != "updates":
            return None
        steps = {f"w{number}": w for number, w in enumerate(self._walk(Given(), slope)) if number}
        return steps | {"descent": self._descent(slope)}

    @property
    def _last(self) -> str:
        return f"w{len(self.batches)}"

    @mistake("The loss of a batch is a mean: divide the sum of the gradients by the number of samples.")
    def sums_gradients(self) -> MistakeValues:
        if self.form == "gradients":
            sums = [tuple(map(sum, transposed(part))) for part in (self.samples, self.samples[: self.size])]
            return self.consequences(full=sums[0], batch=sums[1])
        if self.form == "variance":
            return {"expectation": sum(self.slopes)}
        steps = self._updated(lambda x, y, w: self.size * self._slope(x, y, w)) or {}
        return {**steps, "descent": self._descent(lambda x, y, w: len(self.samples) * self._slope(x, y, w))}

    @mistake("Divide by the number of samples in the mini-batch, not by that of all samples.")
    def divides_by_all_samples(self) -> MistakeValues:
        if self.form != "gradients":
            return None
        share = self.size / len(self.samples)
        return self.consequences(batch=tuple(share * g for g in self._mean(self.samples[: self.size])))

    @mistake("A mini-batch step goes by the gradient of the mini-batch, not by that of all samples.")
    def steps_by_full_gradient(self) -> MistakeValues:
        if self.form != "gradients":
            return None
        return {"weights": self.consequences(batch=self._mean(self.samples))["weights"]}

    @mistake("The step goes against the gradient: subtract it.")
    def climbs(self) -> MistakeValues:
        if self.form == "gradients":
            uphill = tuple(-g for g in self._mean(self.samples[: self.size]))
            return {"weights": self.consequences(batch=uphill)["weights"]}
        return self._updated(lambda x, y, w: -self._slope(x, y, w))

    @mistake("The derivative of a square has a factor 2.")
    def forgets_factor_two(self) -> MistakeValues:
        if self.form == "variance":
            return self.consequences(gradients=tuple(slope / 2 for slope in self.slopes))
        return self._updated(lambda x, y, w: self._slope(x, y, w) / 2)

    @mistake("By the chain rule, the inner derivative x is a factor too.")
    def forgets_inner_derivative(self) -> MistakeValues:
        if self.form == "variance":
            errors = tuple(2 * (self.start[0] * x - y) for x, y in self.samples)
            return self.consequences(gradients=errors)
        return self._updated(lambda x, y, w: 2 * (w * x - y))

    @mistake("Several updates are not one step with the mean gradient: the weight changes in between.")
    def takes_one_step_for_all(self) -> MistakeValues:
        return {self._last: self._descent(self._slope)} if self.form == "updates" else None

    @mistake("After an update, the next gradient is taken at the new weight, not at the start.")
    def uses_stale_weights(self) -> MistakeValues:
        if self.form != "updates":
            return None
        weight, values = self.start[0], {}
        for number, batch in enumerate(self.batches, 1):
            weight -= self.rate * self._gradient(batch, self.start[0], self._slope)
            values[f"w{number}"] = weight
        return values

    @mistake("The step of gradient descent begins at the start as well, not where the updates ended.")
    def goes_on_with_descent(self) -> MistakeValues:
        if self.form != "updates":
            return None
        last = self.weights[-1]
        return {"descent": last - self.rate * self._gradient(self.samples, last, self._slope)}

    @mistake("This is the variance of a single sample; a mean of {size} of them varies less.")
    def variance_of_one_sample(self) -> MistakeValues:
        return self._with_variance(_variance(self.slopes))

    @mistake("The variance of a mean of {size} independent samples is divided by {size}, not by its square.")
    def divides_by_squared_size(self) -> MistakeValues:
        return self._with_variance(_variance(self.slopes) / self.size**2)

    @mistake("The samples are all there are: divide by their number, not by one less.")
    def estimates_variance(self) -> MistakeValues:
        every = len(self.slopes)
        return self._with_variance(_variance(self.slopes) / self.size * every / (every - 1))

    @mistake("The mean of the squares is the variance only after the square of the mean is subtracted.")
    def mean_of_squares(self) -> MistakeValues:
        return self._with_variance(sum(s**2 for s in self.slopes) / len(self.slopes) / self.size)

    @mistake("A factor enters a variance squared.")
    def rate_not_squared(self) -> MistakeValues:
        if self.form != "variance":
            return None
        return {"weight_variance": self.rate * _variance(self.slopes) / self.size}

    def _with_variance(self, variance: float) -> MistakeValues:
        return self.consequences(variance=variance) if self.form == "variance" else None


class GradientClipping(Question):
    """A gradient clipped by its norm, by value, or by the norm over several tensors before a step.

    Source: Pascanu, Mikolov & Bengio 2013, On the difficulty of training recurrent neural networks,
    algorithm 1; Goodfellow, Bengio & Courville 2016, Deep Learning, section 10.11.1;
    torch.nn.utils.clip_grad_norm_ and clip_grad_value_.
    """

    title = "Gradient clipping"
    minutes = {1: 2, 2: 3, 3: 5}

    gradients: tuple[tuple[int, ...], ...]
    """The gradient of one tensor or of each of two."""
    limit: float
    """The largest norm."""
    bound: float
    """The largest size of an entry; 0 where clipping by value is not asked."""
    weights: tuple[tuple[int, ...], ...]
    """The tensors before a step; none where no step is asked."""
    rate: float
    """The learning rate of the step; 0 where there is none."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        lengths = {1: (2, 3), 2: (3, 4), 3: (3, 4)}[level]
        sizes = rng.choice([sizes for sizes in WHOLE_NORMS if len(sizes) in lengths])
        entries = [rng.choice([-1, 1]) * size for size in rng.sample(sizes, len(sizes))]
        share = rng.choice([0.1, 0.2, 0.25, 0.5] + [1.5, 2.0] * (level == 2))
        limit = round(share * math.hypot(*entries), 4)
        if level == 1:
            return cls((tuple(entries),), limit, 0.0, (), 0.0)
        if level == 2:
            bound = rng.choice([0.5, *range(min(sizes), max(sizes))])
            return cls((tuple(entries),), limit, float(bound), (), 0.0)
        parts = tuple(entries[:2]), tuple(entries[2:])
        weights = tuple(tuple(rng.randint(-3, 3) for _ in part) for part in parts)
        return cls(parts, limit, 0.0, weights, rng.choice([0.1, 0.2, 0.5]))

    def flaw(self) -> str | None:
        entries = [*itertools.chain(*self.gradients)]
        if not 1 <= len(self.gradients) <= 2 or not all(1 <= len(part) <= 5 for part in self.gradients):
            return "one or two tensors of one to five entries are wanted"
        if len(entries) == 1 or 0 in entries or max(map(abs, entries)) > LARGEST_ENTRY:
            return f"two or more entries, at most {LARGEST_ENTRY} in size and none of them zero, are wanted"
        if not 0.1 <= self.limit <= LARGEST_ENTRY or self.bound < 0 or not 0 <= self.rate <= 1:
            return f"the threshold goes from 0.1 to {LARGEST_ENTRY}, bound and rate from 0, the rate to 1"
        if not printable((self.limit, self.bound, self.rate)):
            return "threshold, bound or rate has more than four decimals"
        if abs(self.limit - self.norm) < 0.01:
            return "the norm equals the threshold"
        if self.bound and (len(self.gradients) > 1 or self.bound >= max(map(abs, entries))):
            return "clipping by value goes with one tensor, and must change it"
        if bool(self.weights) != bool(self.rate):
            return "a step takes weights and a learning rate"
        if self.weights and [*map(len, self.weights)] != [*map(len, self.gradients)]:
            return "the weights must have the shapes of the gradients"
        if max(map(abs, itertools.chain(*self.weights)), default=0) > LARGEST_ENTRY:
            return f"weights go from -{LARGEST_ENTRY} to {LARGEST_ENTRY}"
        return None

    @property
    def norm(self) -> float:
        """The Euclidean norm of all entries together."""
        return math.hypot(*itertools.chain(*self.gradients))

    @property
    def squares(self) -> list[int]:
        """The squares that the norm adds up."""
        return [entry**2 for entry in itertools.chain(*self.gradients)]

    @property
    def exceeded(self) -> bool:
        """Whether the norm is above its threshold."""
        return self.norm > self.limit

    def follow(self, given: Given) -> dict[str, Answer]:
        decimals = 3 if self.weights else 2
        factor = min(1.0, self.limit / given("norm", self.norm))
        vectors = {f"clipped{n}": _scaled(factor, g) for n, g in enumerate(self.gradients, 1)}
        for number, weights in enumerate(self.weights, 1):
            step = given(f"clipped{number}", vectors[f"clipped{number}"])
            moved = tuple(w - self.rate * g for w, g in zip(weights, step, strict=True))
            vectors[f"weights{number}"] = moved
        if self.bound:
            vectors["by_value"] = _clamped(self.gradients[0], self.bound)
        clipped = {blank: Vector(vector, decimals) for blank, vector in vectors.items()}
        return {"norm": Real(self.norm, decimals), **clipped}

    def _clipped(self, *clipped: Row) -> dict[str, Any]:
        """What other clipped gradients lead to."""
        return self.consequences(**{f"clipped{number}": part for number, part in enumerate(clipped, 1)})

    def _all_scaled(self, factor: float) -> dict[str, Any]:
        return self._clipped(*(_scaled(factor, gradient) for gradient in self.gradients))

    @mistake("Clipping by norm scales the whole gradient and keeps its direction; this clips each entry.")
    def clips_entries(self) -> MistakeValues:
        return self._clipped(*(_clamped(gradient, self.limit) for gradient in self.gradients))

    @mistake("Clipping by value limits each entry by itself; this scales the whole gradient.")
    def scales_for_value(self) -> MistakeValues:
        if not self.bound:
            return None
        return {"by_value": _scaled(min(1, self.bound / self.norm), self.gradients[0])}

    @mistake("A tensor is not scaled by its own norm: the norm over all tensors decides for both.")
    def clips_each_tensor(self) -> MistakeValues:
        factors = [min(1.0, self.limit / math.hypot(*gradient)) for gradient in self.gradients]
        return self._clipped(*map(_scaled, factors, self.gradients))

    @mistake("The norm is clipped to {limit}, not to 1.")
    def makes_unit_norm(self) -> MistakeValues:
        return self._all_scaled(1 / self.norm)

    @mistake("The norm is below the threshold already: such a gradient stays as it is.")
    def always_scales(self) -> MistakeValues:
        return None if self.exceeded else self._all_scaled(self.limit / self.norm)

    @mistake("The gradient is divided by its norm first, and only then multiplied by the threshold.")
    def divides_by_threshold(self) -> MistakeValues:
        return self._all_scaled(1 / self.limit) if self.exceeded else None

    @mistake("Clipping keeps the signs of the entries.")
    def loses_signs(self) -> MistakeValues:
        factor = min(1.0, self.limit / self.norm)
        values = self._clipped(*(_scaled(factor, [*map(abs, gradient)]) for gradient in self.gradients))
        if self.bound:
            values["by_value"] = tuple(map(abs, _clamped(self.gradients[0], self.bound)))
        return values

    @mistake("The Euclidean norm is the root of the sum of the squares, not the sum of the sizes.")
    def adds_sizes(self) -> MistakeValues:
        return self.consequences(norm=float(sum(map(abs, itertools.chain(*self.gradients)))))

    @mistake("Take the square root of the sum of the squares.")
    def forgets_root(self) -> MistakeValues:
        return self.consequences(norm=self.norm**2)

    @mistake("The norms of the tensors are not added: take the root of the sum of all squares.")
    def adds_norms(self) -> MistakeValues:
        return self.consequences(norm=sum(math.hypot(*gradient) for gradient in self.gradients))

    @mistake("The step goes by the clipped gradient.")
    def steps_by_unclipped_gradient(self) -> MistakeValues:
        return self._stepped(1.0)

    @mistake("The step goes against the gradient: subtract it.")
    def climbs(self) -> MistakeValues:
        return self._stepped(-min(1.0, self.limit / self.norm))

    def _stepped(self, factor: float) -> dict[str, Any]:
        """The weights after a step by scaled gradients."""
        values = self._all_scaled(factor)
        return {blank: value for blank, value in values.items() if blank.startswith("weights")}


def _scaled(factor: float, gradient: Row) -> tuple[float, ...]:
    return tuple(factor * entry for entry in gradient)


def _clamped(gradient: Row, bound: float) -> tuple[float, ...]:
    return tuple(max(-bound, min(bound, entry)) for entry in gradient)


def _variance(values: Row) -> float:
    """The mean squared deviation from the mean."""
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / len(values)
