"""Optimizers, step by step."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple, Self

from ...answers import Answer, Real
from ...question import Given, Question, mistake

LETTERS = {
    "gradient": "g",
    "mean": "m",
    "square": "v",
    "mean_hat": "mhat",
    "square_hat": "vhat",
    "weight": "w",
}
Values = dict[str, float]


class AdamStep(Question):
    """One weight through one to three steps of Adam: moving averages, their corrections, and the weight.

    At levels 1 and 2 the gradients are given; at level 3 they follow from a loss at the current weight.

    Source: Kingma & Ba 2015, Adam: a method for stochastic optimization, algorithm 1; torch.optim.Adam.
    """

    title = "Steps of Adam"
    minutes = {1: 4, 2: 8, 3: 10}

    start: float
    rate: float
    betas: tuple[float, float]
    epsilon: float
    gradients: tuple[int, ...]
    curvature: int
    minimum: int

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        betas = rng.choice([(0.5, 0.5), (0.5, 0.84), (0.5, 0.75), (0.9, 0.99), (0.9, 0.999)])
        start, rate = float(rng.randint(-4, 4)), rng.choice([0.01, 0.1, 0.5, 1.0])
        gradients = tuple(rng.choice([-5, -4, -3, -2, -1, 1, 2, 3, 4, 5]) for _ in range(min(level, 2)))
        if level < 3:
            return cls(start, rate, betas, 1e-8, gradients, 0, 0)
        epsilon = rng.choice([0.1, 0.5, 1.0])
        return cls(
            start, rng.choice([0.1, 0.5, 1.0]), betas, epsilon, (), rng.randint(1, 3), rng.randint(-4, 4)
        )

    def flaw(self) -> str | None:
        if (
            not 0 < self.rate <= 10
            or not 0 < self.epsilon <= 10
            or not all(0 < beta < 1 for beta in self.betas)
        ):
            return "rate and epsilon must be positive and at most 10, and betas lie between 0 and 1"
        if max(map(abs, (self.start, *self.gradients, self.curvature, self.minimum))) > 100:
            return "start, gradients, curvature and minimum go from -100 to 100"
        if len(self.gradients) > 3 or bool(self.gradients) == bool(self.curvature) or self.curvature < 0:
            return "one to three gradients, or else a positive curvature, are wanted"
        if 0 in self.gradients or (self.start == self.minimum and self.curvature):
            return "a gradient is zero, so that a step does nothing"
        if len(set(self.gradients)) == 1 < len(self.gradients):
            return "equal gradients hide the bias correction"
        return None

    @property
    def steps(self) -> int:
        """How many steps are asked for."""
        return len(self.gradients) or 2

    @property
    def rows(self) -> tuple[Row, ...]:
        """The values of each step."""
        return tuple(self._walk(Given()))

    def follow(self, given: Given) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        for time, row in enumerate(self._walk(given), 1):
            asked = row._asdict() if self.curvature else row._asdict() | {"gradient": None}
            named = {f"{LETTERS[name]}{time}": value for name, value in asked.items() if value is not None}
            answers |= {blank: Real(value, 4) for blank, value in named.items()}
        return answers

    def _walk(self, given: Given, rule: Callable[[Row, int], float] | None = None) -> Iterator[Row]:
        """The steps, each from the values that the student has; `rule` makes the change of the weight."""
        weight, mean, square = self.start, 0.0, 0.0
        (first, second), change = self.betas, rule or self._change
        for time in range(1, self.steps + 1):
            gradient = self._gradient(weight, time)
            own_gradient = given(f"g{time}", gradient)
            new_mean = first * mean + (1 - first) * own_gradient
            new_square = second * square + (1 - second) * own_gradient**2
            mean, square = given(f"m{time}", new_mean), given(f"v{time}", new_square)
            mean_hat, square_hat = mean / (1 - first**time), square / (1 - second**time)
            own = Row(
                own_gradient,
                mean,
                square,
                given(f"mhat{time}", mean_hat),
                given(f"vhat{time}", square_hat),
                weight,
            )
            weight -= change(own, time)
            yield Row(gradient, new_mean, new_square, mean_hat, square_hat, weight)
            weight = given(f"w{time}", weight)

    def _gradient(self, weight: float, time: int) -> float:
        return self.curvature * (weight - self.minimum) if self.curvature else float(self.gradients[time - 1])

    def _change(self, row: Row, time: int) -> float:
        return self.rate * row.mean_hat / (math.sqrt(row.square_hat) + self.epsilon)

    def _weights(self, rule: Callable[[Row, int], float]) -> Values:
        """The weights that a wrong rule leads to; what depends on them is left out."""
        rows = list(self._walk(Given(), rule))
        return {f"w{time}": row.weight for time, row in enumerate(rows, 1)}

    @mistake("Adam divides by 1 − β to the power t first: without this correction early steps are off.")
    def no_bias_correction(self) -> Values:
        return self._weights(lambda row, _: self.rate * row.mean / (math.sqrt(row.square) + self.epsilon))

    @mistake("Divide by the square root of the corrected second moment, not by the moment itself.")
    def no_root(self) -> Values:
        return self._weights(lambda row, _: self.rate * row.mean_hat / (row.square_hat + self.epsilon))

    @mistake("Epsilon is added outside the square root.")
    def epsilon_inside_root(self) -> Values:
        return self._weights(
            lambda row, _: self.rate * row.mean_hat / math.sqrt(row.square_hat + self.epsilon)
        )

    @mistake("The step goes against the gradient: subtract it from the weight.")
    def climbs(self) -> Values:
        return self._weights(lambda row, time: -self._change(row, time))

    @mistake("This is plain gradient descent; Adam divides by the root of the second moment.")
    def plain_descent(self) -> Values:
        return self._weights(lambda row, _: self.rate * row.gradient)

    @mistake("The first moment uses the first beta, the second moment the second one.")
    def betas_swapped(self) -> Values:
        first, second = self.betas
        gradient = self._gradient(self.start, 1)
        return {"m1": (1 - second) * gradient, "v1": (1 - first) * gradient**2}

    @mistake("The weight of the new gradient is 1 − β; β weights the past.")
    def weights_the_new_by_beta(self) -> Values:
        gradient = self._gradient(self.start, 1)
        return {"m1": self.betas[0] * gradient, "v1": self.betas[1] * gradient**2}

    @mistake("The second moment averages squared gradients.")
    def forgets_square(self) -> Values:
        return {"v1": (1 - self.betas[1]) * abs(self._gradient(self.start, 1))}

    @mistake("The correction divides by 1 − β to the power t; in step 2 the power is 2.")
    def correction_without_power(self) -> Values | None:
        if self.steps < 2:
            return None
        second = self.rows[1]
        return {"mhat2": second.mean / (1 - self.betas[0]), "vhat2": second.square / (1 - self.betas[1])}


class Row(NamedTuple):
    """What Adam has after one step."""

    gradient: float
    mean: float
    square: float
    mean_hat: float
    square_hat: float
    weight: float
