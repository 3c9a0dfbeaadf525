"""Backpropagation through networks of layers, in matrix form."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random
from typing import Any, Literal, Self

from ...answers import Answer, Matrix
from ...question import Given, Question, mistake
from ..losses.probabilities import softmax
from ..numbers import matmul, transposed
from .rows import (
    Rows,
    affine,
    as_rows,
    matrix_key,
    relu_unit,
    samples_key,
    samples_value,
    scaled,
)


class MlpGradients(Question):
    """Backpropagation through a network with one hidden layer of ReLU units, in matrix form.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.5, algorithm 6.4; rows of the weight
    matrices belong to neurons, as in torch.nn.Linear.
    """

    title = "Backpropagation through a small network"
    minutes = {1: 7, 2: 12, 3: 15}

    inputs: tuple[tuple[int, ...], ...]
    W1: tuple[tuple[int, ...], ...]
    b1: tuple[int, ...]
    W2: tuple[tuple[int, ...], ...]
    b2: tuple[int, ...]
    targets: tuple[tuple[int, ...], ...]
    loss: Literal["half_squared", "cross_entropy"]
    logarithm: int
    rate: float

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 3:
            return cls._batch(rng)
        units, outputs = (2, 1) if level == 1 else (3, 2)
        x = (rng.choice(_TINY), rng.choice(_TINY))
        firing = rng.sample([True, False, True][:units], units)
        W1, b1 = zip(*(relu_unit(rng, (x,), (fires,), _SMALL) for fires in firing), strict=True)
        W2 = tuple(tuple(rng.choice(_TINY) for _ in range(units)) for _ in range(outputs))
        b2 = (0,) if level == 1 else tuple(rng.randint(-2, 2) for _ in range(outputs))
        rate = 0.0 if level == 1 else rng.choice([0.1, 0.2, 0.5])
        network = cls((x,), W1, b1, W2, b2, ((0,) * outputs,), "half_squared", 1, rate)
        targets = tuple(int(output) + rng.choice(_SMALL) for output in network.output[0])
        return replace(network, targets=(targets,))

    @classmethod
    def _batch(cls, rng: Random) -> Self:
        """Two samples; the logits are multiples of ln 2 or ln 3, so that the probabilities are fractions."""
        # The first features differ in sign, so that a unit can be active for one sample alone.
        sign = rng.choice([-1, 1])
        inputs = tuple((first * rng.choice([1, 2]), rng.choice(_TINY)) for first in (sign, -sign))
        firing = rng.choice([((True, False), (False, True)), ((True, False), (True, True))])
        W1, b1 = zip(*(relu_unit(rng, inputs, fires, (-1, 1)) for fires in firing), strict=True)
        W2 = tuple(zip(*rng.sample([(1, 0), (0, 1), (0, -1), (-1, 0), (1, -1)], 2), strict=True))
        targets = tuple(rng.choice([(1, 0), (0, 1)]) for _ in range(2))
        network = cls(inputs, W1, b1, W2, (0, 0), targets, "cross_entropy", rng.choice([2, 2, 3]), 0.0)
        leads = [second - first for first, second in affine(network.hidden, W2, (0, 0))]
        return replace(network, b2=(int(sum(leads)) // 2 + rng.choice([0, 1]), 0))

    def flaw(self) -> str | None:
        if reason := self._shape_flaw():
            return reason
        if any(entry == 0 for row in self.hidden_input for entry in row):
            return "a ReLU has the input 0, where it has no derivative"
        if self.loss == "cross_entropy" and min(map(min, self.output)) < 1 / 20:
            return "a probability is smaller than 1/20"
        if max(abs(entry) for row in (*self.hidden, *self.output) for entry in row) > 60:
            return "a value is larger than 60"
        gradients = (*self.w1_gradient, *self.w2_gradient)
        if not any(map(any, self.w1_gradient)) or not all(map(any, self.output_delta)):
            return "a gradient is zero as a whole"
        return (
            "a derivative is larger than 100" if max(abs(g) for row in gradients for g in row) > 100 else None
        )

    def _shape_flaw(self) -> str | None:
        features, units, outputs = len(self.inputs[:1] and self.inputs[0]), len(self.W1), len(self.W2)
        if not (1 <= len(self.inputs) <= 3 and all(1 <= size <= 4 for size in (features, units, outputs))):
            return "a layer has 1 to 4 units, a batch 1 to 3 samples"
        rows = {"inputs": features, "W1": features, "W2": units, "targets": outputs}
        for name, length in rows.items():
            if any(len(row) != length for row in getattr(self, name)):
                return f"not all rows of {name} have {length} entries"
        if (len(self.b1), len(self.b2), len(self.targets)) != (units, outputs, len(self.inputs)):
            return "there is not one bias per unit and one target per sample"
        entries = [entry for name in rows for row in getattr(self, name) for entry in row]
        if max(map(abs, (*entries, *self.b1, *self.b2))) > 100:
            return "a number is larger than 100"
        if not 0 <= self.rate <= 1 or not 1 <= self.logarithm <= 9:
            return "the learning rate lies outside 0 to 1, or the logarithm is not that of 1 to 9"
        one_hot = [0] * (outputs - 1) + [1]
        if self.loss == "cross_entropy" and any(sorted(row) != one_hot for row in self.targets):
            return "the targets of the cross-entropy are not one-hot"
        return None

    @property
    def scale(self) -> float:
        """What the entries of W2 and b2 are multiplied by: ln k, or 1."""
        return math.log(self.logarithm) if self.logarithm > 1 else 1

    @property
    def hidden_input(self) -> Rows:
        """The pre-activations of the hidden units, a row per sample."""
        return affine(self.inputs, self.W1, self.b1)

    @property
    def hidden(self) -> Rows:
        """The activations of the hidden units."""
        return tuple(tuple(max(0, entry) for entry in row) for row in self.hidden_input)

    @property
    def names(self) -> list[list[str]]:
        """What a figure writes into the units of each layer."""
        output = "p" if self.loss == "cross_entropy" else "y"
        layers = ("x", len(self.W1[0])), ("h", len(self.W1)), (output, len(self.W2))
        return [
            [f"{name}_{number}" for number in range(1, units + 1)] if units > 1 else [name]
            for name, units in layers
        ]

    @property
    def powers(self) -> Rows:
        """The pre-activations of the outputs in units of the scale."""
        return affine(self.hidden, self.W2, self.b2)

    @property
    def logits(self) -> Rows:
        """The pre-activations of the outputs."""
        return self._logits(self.hidden)

    @property
    def output(self) -> Rows:
        """What the network gives: the pre-activations, or the probabilities that softmax makes of them."""
        return self._output(self.hidden)

    @property
    def output_delta(self) -> Rows:
        """The derivative of the loss with respect to the pre-activations of the outputs."""
        return self._output_delta(self.output)

    @property
    def back_projected(self) -> Rows:
        """The derivative of the loss with respect to the activations of the hidden units."""
        return self._back_projected(self.output_delta)

    @property
    def hidden_delta(self) -> Rows:
        """The derivative of the loss with respect to the pre-activations of the hidden units."""
        return _masked(self.back_projected, self.hidden)

    @property
    def w1_gradient(self) -> Rows:
        """The derivative of the loss with respect to W1."""
        return matmul(transposed(self.hidden_delta), self.inputs)

    @property
    def w2_gradient(self) -> Rows:
        """The derivative of the loss with respect to W2."""
        return matmul(transposed(self.output_delta), self.hidden)

    def _logits(self, hidden: Rows) -> Rows:
        return tuple(tuple(self.scale * entry for entry in row) for row in affine(hidden, self.W2, self.b2))

    def _output(self, hidden: Rows) -> Rows:
        logits = self._logits(hidden)
        return tuple(map(softmax, logits)) if self.loss == "cross_entropy" else logits

    def _output_delta(self, output: Rows) -> Rows:
        """Output minus target; the loss is a mean over the batch."""
        batch = len(self.inputs)
        return tuple(
            tuple(y - t if batch == 1 else (y - t) / batch for y, t in zip(row, target, strict=True))
            for row, target in zip(output, self.targets, strict=True)
        )

    def _back_projected(self, output_delta: Rows) -> Rows:
        return tuple(tuple(self.scale * entry for entry in row) for row in matmul(output_delta, self.W2))

    def follow(self, given: Given) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}

        def student(blank: str, rows: Rows, *, of_samples: bool = True) -> Rows:
            answers[blank] = samples_key(rows) if of_samples else matrix_key(rows)
            return as_rows(given(blank, vars(answers[blank])["value"]))

        hidden = student("hidden", self.hidden)
        output = student("output", self._output(hidden))
        output_delta = student("output_delta", self._output_delta(output))
        student("W2_gradient", matmul(transposed(output_delta), hidden), of_samples=False)
        hidden_delta = student("hidden_delta", _masked(self._back_projected(output_delta), hidden))
        gradient = matmul(transposed(hidden_delta), self.inputs)
        gradient = student("W1_gradient", gradient, of_samples=False)
        if len(self.inputs) > 1:
            answers["b1_gradient"] = samples_key((tuple(map(sum, transposed(hidden_delta))),))
        if self.rate:
            answers["new_W1"] = Matrix(_descended(self.W1, self.rate, gradient), 2)
        return answers

    @mistake("The bias is missing: a hidden unit computes w·x + b before the ReLU.")
    def forgets_bias(self) -> dict[str, Any]:
        sums = matmul(self.inputs, transposed(self.W1))
        return self._wrong(hidden=tuple(tuple(max(0, entry) for entry in row) for row in sums))

    @mistake("The outputs must still pass through softmax, which makes probabilities of them.")
    def no_softmax(self) -> dict[str, Any] | None:
        return self._wrong(output=self.logits) if self.loss == "cross_entropy" else None

    @mistake("The 2 from the square and the 1/2 in front of it cancel.")
    def half_factor(self) -> dict[str, Any] | None:
        doubled = scaled(2, self.output_delta)
        return self._wrong(output_delta=doubled) if self.loss == "half_squared" else None

    @mistake("The sign is wrong: it is output minus target, not target minus output.")
    def target_minus_output(self) -> dict[str, Any]:
        return self._wrong(output_delta=scaled(-1, self.output_delta))

    @mistake("The loss is the mean over the batch: divide by the number of samples.")
    def batch_sum_not_mean(self) -> dict[str, Any]:
        return self._wrong(output_delta=scaled(len(self.inputs), self.output_delta))

    @mistake("A hidden unit whose ReLU is closed passes no derivative on: its entry is 0.")
    def no_relu_mask(self) -> dict[str, Any]:
        return self._wrong(hidden_delta=self.back_projected)

    @mistake("Back through a layer one multiplies by the transpose of its weight matrix.")
    def transposed_weights(self) -> dict[str, Any] | None:
        if len(self.W2) != len(self.W1):
            return None
        wrong = scaled(self.scale, matmul(self.output_delta, transposed(self.W2)))
        return self._wrong(hidden_delta=_masked(wrong, self.hidden))

    @mistake("All gradients are taken at the old weights: W2 changes only after the backward pass.")
    def uses_updated_w2(self) -> dict[str, Any] | None:
        if not self.rate:
            return None
        changed = matmul(self.output_delta, _descended(self.W2, self.rate, self.w2_gradient))
        return self.consequences(**self._wrong(hidden_delta=_masked(changed, self.hidden)))

    @mistake("The outer product is transposed: a row of the gradient belongs to a neuron, as in the matrix.")
    def transposed_outer(self) -> dict[str, Any]:
        gradients = {"W1_gradient": self.w1_gradient, "W2_gradient": self.w2_gradient}
        return {blank: transposed(rows) for blank, rows in gradients.items() if len(rows) == len(rows[0])}

    @mistake("Gradient descent goes against the gradient: subtract η times the gradient.")
    def climbs(self) -> dict[str, Any] | None:
        return {"new_W1": _descended(self.W1, -self.rate, self.w1_gradient)} if self.rate else None

    def _wrong(self, **rows: Rows) -> dict[str, Any]:
        """The blank in which the mistake is made; to those that follow from it the error is carried."""
        return {blank: samples_value(value) for blank, value in rows.items()}


_TINY = (-2, -1, 1, 2)
_SMALL = (-3, *_TINY, 3)
_AS_COMPUTED = Given()


def _masked(rows: Rows, activations: Rows) -> Rows:
    """The entries where the ReLU is open, and 0 elsewhere."""
    return tuple(
        tuple(entry if open_ > 0 else 0 for entry, open_ in zip(row, activation, strict=True))
        for row, activation in zip(rows, activations, strict=True)
    )


def _descended(weights: Rows, rate: float, gradient: Rows) -> Rows:
    """The weights after a step of gradient descent."""
    return tuple(
        tuple(weight - rate * slope for weight, slope in zip(row, slopes, strict=True))
        for row, slopes in zip(weights, gradient, strict=True)
    )
