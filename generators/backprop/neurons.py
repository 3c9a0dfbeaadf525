"""The gradient of a single neuron."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from random import Random
from typing import Any, Literal, Self

from ...answers import Answer, Real
from ...question import Given, Question, mistake
from ..activations.functions import sigmoid
from ..numbers import dot
from .rows import (
    DECIMALS,
    scalar_key,
)


class DeltaRule(Question):
    """Gradient of the error of a single neuron, and one step of gradient descent.

    Source: Bishop 2006, Pattern Recognition and Machine Learning, section 5.3.1; for the cross-entropy
    Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.2.2.2.
    """

    title = "Gradient of a single neuron"
    minutes = {1: 3, 2: 5, 3: 7}

    inputs: tuple[int, ...]
    weights: tuple[int, ...]
    bias: int
    logarithm: int
    target: int
    activation: Literal["sigmoid", "tanh", "linear"]
    loss: Literal["squared", "half_squared", "cross_entropy"]
    rate: float

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        inputs, weights = (tuple(rng.choice(_SMALL) for _ in range(level)) for _ in range(2))
        balance = -int(dot(inputs, weights))
        if level == 1:
            return cls(inputs, weights, balance, 1, rng.choice([0, 1]), "sigmoid", "squared", 0.0)
        logarithm, rate = rng.choice([-4, -3, -2, 2, 3, 4]), rng.choice([0.1, 0.5, 1.0])
        if level == 2:
            loss: Literal["squared", "half_squared"] = rng.choice(["squared", "half_squared"])
            return cls(inputs, weights, balance, logarithm, rng.choice([0, 1]), "sigmoid", loss, 0.0)
        kind = rng.choice(["tanh", "linear", "cross_entropy"])
        if kind == "linear":
            bias, target = rng.randint(-3, 3), rng.randint(-5, 5)
            return cls(inputs, weights, bias, 1, target, "linear", "half_squared", rate)
        if kind == "tanh":
            logarithm = rng.choice([-3, -2, 2, 3])
            return cls(inputs, weights, balance, logarithm, rng.choice([-1, 1]), "tanh", "half_squared", rate)
        return cls(inputs, weights, balance, logarithm, rng.choice([0, 1]), "sigmoid", "cross_entropy", rate)

    def flaw(self) -> str | None:
        if not 1 <= len(self.inputs) == len(self.weights) <= 4:
            return "a neuron has 1 to 4 inputs and as many weights"
        if not any(self.inputs):
            return "all inputs are zero, so that no weight has an influence"
        if max(map(abs, (*self.inputs, *self.weights, self.bias, self.target, self.logarithm))) > 30:
            return "a number is larger than 30"
        if self.logarithm == 0:
            return "the logarithm of 0 does not exist"
        if self.loss == "cross_entropy" and (self.activation != "sigmoid" or self.target not in {0, 1}):
            return "the cross-entropy needs a sigmoid and a target of 0 or 1"
        if self.activation != "linear" and abs(self.net_input) > 4:
            return "the neuron is saturated"
        if self.output == self.target:
            return "the output equals the target, so that all gradients are zero"
        return None if 0 <= self.rate <= 1 else "the learning rate lies outside 0 to 1"

    @property
    def log_odds(self) -> float:
        """What is added to the whole bias so that the output is a simple fraction: ln k, or −ln k for −k."""
        return math.copysign(math.log(abs(self.logarithm)), self.logarithm) if abs(self.logarithm) > 1 else 0

    @property
    def net_input(self) -> float:
        """The weighted sum with the bias."""
        return sum(map(int.__mul__, self.inputs, self.weights)) + self.bias + self.log_odds

    @property
    def output(self) -> float:
        """What the neuron gives."""
        return _ACTIVATIONS[self.activation](self.net_input)

    @property
    def simple_output(self) -> tuple[int, int] | None:
        """The output as numerator and denominator, where it is a simple fraction."""
        fraction = Fraction(self.output).limit_denominator(20)
        simple = fraction.denominator > 1 and abs(fraction - Fraction(self.output)) < 1e-12
        return (fraction.numerator, fraction.denominator) if simple else None

    @property
    def input_names(self) -> list[str]:
        """The inputs as a figure names them."""
        return [f"x_{number}" for number in range(1, len(self.inputs) + 1)]

    @property
    def slope(self) -> float:
        """The derivative of the activation, at the output."""
        return _SLOPES[self.activation](self.output)

    @property
    def adjusted(self) -> list[tuple[str, float, int]]:
        """The name of each weight and of the bias, its value, and what it is multiplied by."""
        weights = zip(self.weights, self.inputs, strict=True)
        named = [(f"w{number}", weight, factor) for number, (weight, factor) in enumerate(weights, 1)]
        return [*named, ("b", self.bias + self.log_odds, 1)]

    def follow(self, given: Given) -> dict[str, Answer]:
        answers = {"output": scalar_key(self.output)}
        delta = self._delta(given("output", self.output))
        answers["delta"] = scalar_key(delta)
        delta = given("delta", delta)
        for name, value, factor in self.adjusted:
            answers[f"gradient_{name}"] = scalar_key(delta * factor)
            if self.rate:
                gradient = given(f"gradient_{name}", delta * factor)
                answers[f"new_{name}"] = Real(value - self.rate * gradient, DECIMALS)
        return answers

    def _delta(self, output: float) -> float:
        """The derivative of the error with respect to the net input; sigmoid and cross-entropy cancel."""
        if self.loss == "cross_entropy":
            return output - self.target
        factor = 2 if self.loss == "squared" else 1
        return factor * (output - self.target) * _SLOPES[self.activation](output)

    @mistake("The derivative of (y − t)² brings down the factor 2.")
    def forgets_2(self) -> dict[str, Any] | None:
        return self.consequences(delta=self._delta(self.output) / 2) if self.loss == "squared" else None

    @mistake("The 2 from the square and the 1/2 in front of it cancel: no factor 2 is left.")
    def keeps_2(self) -> dict[str, Any] | None:
        return self.consequences(delta=2 * self._delta(self.output)) if self.loss == "half_squared" else None

    @mistake(
        "The derivative of the activation ({activation}) is missing: the chain rule passes through it too."
    )
    def forgets_activation(self) -> dict[str, Any] | None:
        if self.loss == "cross_entropy" or self.activation == "linear":
            return None
        return self.consequences(delta=self._delta(self.output) / self.slope)

    @mistake("With the cross-entropy the slope y(1 − y) of the sigmoid cancels: only y − t is left.")
    def keeps_sigmoid_slope(self) -> dict[str, Any] | None:
        wrong = self._delta(self.output) * self.slope
        return self.consequences(delta=wrong) if self.loss == "cross_entropy" else None

    @mistake("The sign is wrong: the derivative of the error contains y − t, not t − y.")
    def sign(self) -> dict[str, Any]:
        return self.consequences(delta=-self._delta(self.output))

    @mistake("The slope of the activation is expressed by the output y, not by the net input z.")
    def derivative_at_wrong_point(self) -> dict[str, Any] | None:
        if self.loss == "cross_entropy":
            return None
        at_net_input = _SLOPES[self.activation](self.net_input)
        return self.consequences(delta=self._delta(self.output) / self.slope * at_net_input)

    @mistake("y(1 − y) is the slope of the sigmoid; that of tanh is 1 − y².")
    def sigmoid_slope_for_tanh(self) -> dict[str, Any] | None:
        if self.activation != "tanh":
            return None
        sigmoid_slope = _SLOPES["sigmoid"](self.output)
        return self.consequences(delta=self._delta(self.output) / self.slope * sigmoid_slope)

    @mistake("The gradient of a weight is δ times the input of that weight: the input is missing.")
    def input_left_out(self) -> dict[str, Any]:
        delta = self._delta(self.output)
        return self.consequences(**{f"gradient_{name}": delta for name, *_ in self.adjusted})

    @mistake("Gradient descent goes against the gradient: subtract η times the gradient.")
    def climbs(self) -> dict[str, Any] | None:
        return self._stepped(-self.rate)

    @mistake("The step is the gradient times the learning rate η = {rate}.")
    def forgets_rate(self) -> dict[str, Any] | None:
        return self._stepped(1)

    def _stepped(self, rate: float) -> dict[str, Any] | None:
        delta = self._delta(self.output)
        steps = {f"new_{name}": value - rate * delta * factor for name, value, factor in self.adjusted}
        return steps if self.rate else None


_TINY = (-2, -1, 1, 2)
_SMALL = (-3, *_TINY, 3)
_ACTIVATIONS: Mapping[str, Callable[[float], float]] = {
    "sigmoid": sigmoid,
    "tanh": math.tanh,
    "linear": lambda argument: argument,
}
_SLOPES: Mapping[str, Callable[[float], float]] = {
    "sigmoid": lambda output: output * (1 - output),
    "tanh": lambda output: 1 - output * output,
    "linear": lambda output: 1,
}
"""The derivative of each activation, expressed by its output."""
