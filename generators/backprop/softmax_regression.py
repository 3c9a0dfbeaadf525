"""The gradient of the cross-entropy with respect to logits, weights and biases."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random
from typing import Any, Self

from ...answers import Answer, Matrix, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import bounded, matmul, printable, transposed

Rows = tuple[tuple[float, ...], ...]
LARGEST = 20


class SoftmaxRegressionGradient(Question):
    """Gradients of softmax regression: of the logits, of the weights with a step, of a whole batch.

    At level 1 the gradient of the logits of one sample, at level 2 also of the weights, with a step of
    gradient descent; at level 3 of a mean over a batch, perhaps with smoothed labels.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.2.2.3; Bishop 2006, Pattern
    Recognition and Machine Learning, equation 4.109; torch.nn.CrossEntropyLoss.
    """

    title = "Gradient of softmax regression"
    minutes = {1: 2, 2: 5, 3: 7}

    exponentials: tuple[tuple[int, ...], ...]
    """For each sample the whole numbers k whose logarithms are the logits."""
    labels: tuple[int, ...]
    """The right classes, from 1."""
    inputs: tuple[tuple[int, ...], ...]
    """Of each sample; none if only the logits are asked."""
    weights: tuple[tuple[int, ...], ...]
    """A row for each class; none without a step."""
    rate: float
    smoothing: float
    """The share of the target that is spread over all classes."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        samples, classes = (1, 3) if level < 3 else (2, rng.choice([2, 3]))
        exponentials = tuple(
            tuple(rng.choice([1, 2, 3, 4, 5, 6]) for _ in range(classes)) for _ in range(samples)
        )
        labels = tuple(rng.randint(1, classes) for _ in range(samples))
        if level == 1:
            return cls(exponentials, labels, (), (), 0, 0)
        inputs = tuple(tuple(rng.choice([-3, -2, -1, 1, 2, 3]) for _ in range(2)) for _ in range(samples))
        if level == 3:
            return cls(exponentials, labels, inputs, (), 0, rng.choice([0, 0, 0.1, 0.2, 0.3]))
        weights = tuple(tuple(rng.randint(-2, 2) for _ in range(2)) for _ in range(classes))
        return cls(exponentials, labels, inputs, weights, rng.choice([0.1, 0.2, 0.5]), 0)

    def flaw(self) -> str | None:
        classes = {len(row) for row in self.exponentials}
        if (
            not 1 <= len(self.exponentials) == len(self.labels) <= 4
            or len(classes) != 1
            or not 2 <= min(classes) <= 5
        ):
            return "one to four samples have a label and two to five logits each"
        if min(map(min, self.exponentials)) < 1 or max(map(max, self.exponentials)) > LARGEST:
            return f"the exponentials of the logits are 1 to {LARGEST}"
        if not all(1 <= label <= min(classes) for label in self.labels):
            return "a label is no class"
        widths = {*map(len, self.inputs)}
        if self.inputs and (len(self.inputs) != len(self.labels) or widths not in [{1}, {2}, {3}, {4}]):
            return "each sample has one to four inputs"
        if len(self.labels) > 1 and not self.inputs:
            return "a batch needs inputs"
        if bool(self.weights) != bool(self.rate) or (self.rate and not 0.001 <= self.rate <= 1):
            return "a step needs weights and a learning rate of 0.001 to 1"
        if self.weights and (len(self.weights) != min(classes) or len(self.labels) > 1):
            return "one sample has weights for each class"
        if self.weights and (not self.inputs or {*map(len, self.weights)} != {len(self.inputs[0])}):
            return "each class has a weight for each input"
        if not bounded((*sum(self.inputs, ()), *sum(self.weights, ())), LARGEST) or (
            self.inputs and not all(map(any, self.inputs))
        ):
            return f"an input or weight is larger than {LARGEST}, or a sample is zero"
        smooths = 0.01 <= self.smoothing <= 0.5 and len(self.labels) > 1
        if (self.smoothing and not smooths) or not printable((self.rate, self.smoothing)):
            return "labels are smoothed by 0.01 to 0.5, in a batch, and four decimals are enough"
        if len({*zip(self.exponentials, self.labels, strict=True)}) < len(self.labels):
            return "two samples have the same logits and the same class"
        if any(len(set(row)) == 1 for row in self.exponentials):
            return "all logits of a sample are equal"
        return None if all(map(any, self.of_logits)) else "a gradient is zero"

    @property
    def probabilities(self) -> Rows:
        """Of the classes, for each sample."""
        return tuple(tuple(k / sum(row) for k in row) for row in self.exponentials)

    @property
    def targets(self) -> Rows:
        """Of the classes, for each sample."""
        count = len(self.exponentials[0])
        share = self.smoothing / count
        return tuple(
            tuple((1 - self.smoothing) * (k == label) + share for k in range(1, count + 1))
            for label in self.labels
        )

    @property
    def of_logits(self) -> Rows:
        """The gradient of the mean loss with respect to the logits of each sample."""
        return self._of_logits(self.probabilities)

    def _of_logits(self, probabilities: Rows) -> Rows:
        count = len(self.labels)
        return tuple(
            tuple((p - t) / count for p, t in zip(*rows, strict=True))
            for rows in zip(probabilities, self.targets, strict=True)
        )

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {"probabilities": _rows(self.probabilities)}
        logits = self._of_logits(_given_rows(given, "probabilities", self.probabilities))
        keys["logits_gradient"] = _rows(logits)
        if not self.inputs:
            return keys
        logits = _given_rows(given, "logits_gradient", logits)
        of_weights = matmul(transposed(logits), self.inputs)
        keys["weights_gradient"] = Matrix(of_weights, 4)
        if not self.weights:
            return keys | {"bias_gradient": Vector(tuple(map(sum, transposed(logits))), 4)}
        step = given("weights_gradient", of_weights)
        new = tuple(
            tuple(w - self.rate * g for w, g in zip(*rows, strict=True))
            for rows in zip(self.weights, step, strict=True)
        )
        return keys | {"new_weights": Matrix(new, 4)}

    def _with(self, logits: Rows) -> MistakeValues:
        return self.consequences(logits_gradient=logits[0] if len(logits) == 1 else logits)

    @mistake("The gradient is probability minus target: the right class has a negative entry.")
    def turns_the_sign(self) -> MistakeValues:
        return self._with(tuple(tuple(-g for g in row) for row in self.of_logits))

    @mistake("Wrong classes have a gradient as well: their probability.")
    def takes_only_the_right_class(self) -> MistakeValues:
        pairs = zip(self.of_logits, self.labels, strict=True)
        return self._with(tuple(tuple(g * (k == y) for k, g in enumerate(row, 1)) for row, y in pairs))

    @mistake("The softmax comes first: targets are subtracted from probabilities, not from logits.")
    def forgets_the_softmax(self) -> MistakeValues:
        return self._with(self._of_logits(tuple(tuple(map(math.log, row)) for row in self.exponentials)))

    @mistake("The derivative of the softmax is part of p − y already: no factor p(1 − p) is left.")
    def multiplies_by_a_slope(self) -> MistakeValues:
        pairs = zip(self.of_logits, self.probabilities, strict=True)
        return self._with(tuple(tuple(g * p * (1 - p) for g, p in zip(*rows, strict=True)) for rows in pairs))

    @mistake("The loss is a mean over the batch: divide by the number of samples.")
    def forgets_to_divide(self) -> MistakeValues:
        if len(self.labels) == 1:
            return None
        return self._with(tuple(tuple(g * len(self.labels) for g in row) for row in self.of_logits))

    @mistake("The labels are smoothed: a part of each target goes to all classes.")
    def forgets_the_smoothing(self) -> MistakeValues:
        return self._with(replace(self, smoothing=0).of_logits) if self.smoothing else None

    @mistake("The gradient has the shape of W: a row for each class, a column for each input.")
    def transposes_the_gradient(self) -> MistakeValues:
        if not self.inputs or len(self.inputs[0]) != len(self.exponentials[0]):
            return None
        return self.consequences(weights_gradient=transposed(matmul(transposed(self.of_logits), self.inputs)))

    @mistake("Gradient descent subtracts the gradient.")
    def climbs(self) -> MistakeValues:
        if not self.weights:
            return None
        new = self.follow(Given())["new_weights"]
        pairs = zip(self.weights, vars(new)["value"], strict=True)
        return {"new_weights": tuple(tuple(2 * w - n for w, n in zip(*rows, strict=True)) for rows in pairs)}


def _given_rows(given: Given, blank: str, rows: Rows) -> Rows:
    """The student's rows, of which a single one is a vector."""
    own: Any = given(blank, rows[0] if len(rows) == 1 else rows)
    return (own,) if len(rows) == 1 else own


def _rows(rows: Rows) -> Answer:
    """One row as a vector, several as a matrix."""
    return Vector(rows[0], 4) if len(rows) == 1 else Matrix(rows, 4)
