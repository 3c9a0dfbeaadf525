"""Optimizers that scale the steps of each weight: Adam, AdaGrad and RMSProp."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import NamedTuple, Self

from ...answers import Answer, Integer, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import bounded, printable
from .quadratic import Marks, Points, latex_product, on_parabola, parabola

LETTERS = {
    "gradient": "g",
    "mean": "m",
    "square": "v",
    "mean_hat": "mhat",
    "square_hat": "vhat",
    "weight": "w",
}
SMALL = (-4, -3, -2, -1, 1, 2, 3, 4)
Values = dict[str, float]


class AdamStep(Question):
    """One weight through one to three steps of Adam: moving averages, their corrections, and the weight.

    At levels 1 and 2 the gradients are given; at level 3 they follow from a loss, with or without the
    correction of the averages, or two weights with very different gradients are compared with plain descent.

    Source: Kingma & Ba 2015, Adam: a method for stochastic optimization, algorithm 1; torch.optim.Adam.
    """

    title = "Steps of Adam"
    minutes = {1: 4, 2: 8, 3: 10}

    form: str
    """`given` gradients of each step, `loss` from which they follow, `uncorrected` averages with a loss, or
    `pair` of weights of which each has a gradient."""
    start: float
    rate: float
    betas: tuple[float, float]
    epsilon: float
    gradients: tuple[int, ...]
    curvature: int
    """Of the loss, or 0."""
    minimum: int

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        betas = rng.choice([(0.5, 0.5), (0.5, 0.84), (0.5, 0.75), (0.9, 0.99), (0.9, 0.999)])
        start, rate = float(rng.randint(-4, 4)), rng.choice([0.01, 0.1, 0.5, 1.0])
        if level < 3:
            gradients = tuple(rng.choice([-5, *SMALL, 5]) for _ in range(level))
            return cls("given", start, rate, betas, 1e-8, gradients, 0, 0)
        form, epsilon = rng.choice(["loss", "uncorrected", "pair"]), rng.choice([0.1, 0.5, 1.0])
        rate = rng.choice([0.1, 0.5, 1.0])
        if form == "pair":
            steep = rng.choice([-1, 1]) * rng.randrange(20, 101, 10)
            gradients = tuple(rng.sample([steep, rng.choice(SMALL)], 2))
            return cls(form, start, rate, betas, epsilon, gradients, 0, 0)
        return cls(form, start, rate, betas, epsilon, (), rng.randint(1, 3), rng.randint(-4, 4))

    def flaw(self) -> str | None:
        if self.form not in {"given", "loss", "uncorrected", "pair"}:
            return "form is given, loss, uncorrected or pair"
        if (
            not 0 < self.rate <= 10
            or not 0 < self.epsilon <= 10
            or not all(0 < beta < 1 for beta in self.betas)
        ):
            return "rate and epsilon must be positive and at most 10, and betas lie between 0 and 1"
        if not bounded((self.start, *self.gradients, self.curvature, self.minimum), 100):
            return "start, gradients, curvature and minimum go from -100 to 100"
        if self.form == "given" and self.epsilon > 1e-6:
            return "where gradients are given, epsilon counts as 0 and is at most 0.000001"
        follows = self.form in {"loss", "uncorrected"}
        if (
            len(self.gradients) > 3
            or bool(self.gradients) == follows
            or self.curvature < 0
            or (self.curvature > 0) != follows
        ):
            return "one to three gradients, or else a positive curvature of a loss, are wanted"
        if 0 in self.gradients or (self.start == self.minimum and self.curvature):
            return "a gradient is zero, so that a step does nothing"
        if self.form == "pair" and (len(self.gradients) != 2 or len({*map(abs, self.gradients)}) == 1):
            return "a pair has two gradients of different sizes"
        if len(set(self.gradients)) == 1 < len(self.gradients):
            return "equal gradients hide the bias correction"
        shown = () if self.form == "given" else (self.epsilon,)
        if not printable((self.start, self.rate, *self.betas, *shown)):
            return "start, rate, betas or epsilon have more than four decimals"
        return None

    @property
    def steps(self) -> int:
        """How many steps are asked for."""
        return {"given": len(self.gradients), "pair": 1}.get(self.form, 2)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The values of each step; of a pair, those of each weight."""
        if self.form == "pair":
            alone = (replace(self, form="given", gradients=(gradient,)) for gradient in self.gradients)
            return tuple(row for weight in alone for row in weight.rows)
        return tuple(self._walk(Given()))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "pair":
            return {blank: Vector(value, 4) for blank, value in self._pair(given).items()}
        answers: dict[str, Answer] = {}
        hidden = {"given": {"gradient"}, "uncorrected": {"mean_hat", "square_hat"}}.get(self.form, set())
        for time, row in enumerate(self._walk(given), 1):
            asked = {name: value for name, value in row._asdict().items() if name not in hidden}
            answers |= {f"{LETTERS[name]}{time}": Real(value, 4) for name, value in asked.items()}
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

    def _pair(self, given: Given) -> dict[str, tuple[float, ...]]:
        """The first step of two weights, and where plain gradient descent would take them."""
        first, second = self.betas
        means = tuple((1 - first) * gradient for gradient in self.gradients)
        squares = tuple((1 - second) * gradient**2 for gradient in self.gradients)
        mean_hats = tuple(mean / (1 - first) for mean in given("m1", means))
        square_hats = tuple(square / (1 - second) for square in given("v1", squares))
        own = zip(given("mhat1", mean_hats), given("vhat1", square_hats), strict=True)
        weights = tuple(self.start - self.rate * m / (math.sqrt(v) + self.epsilon) for m, v in own)
        plain = tuple(self.start - self.rate * gradient for gradient in self.gradients)
        return {
            "m1": means,
            "v1": squares,
            "mhat1": mean_hats,
            "vhat1": square_hats,
            "w1": weights,
            "plain": plain,
        }

    def _gradient(self, weight: float, time: int) -> float:
        return self.curvature * (weight - self.minimum) if self.curvature else float(self.gradients[time - 1])

    def _change(self, row: Row, time: int) -> float:
        return self._uncorrected(row, time) if self.form == "uncorrected" else self._corrected(row, time)

    def _corrected(self, row: Row, time: int) -> float:
        return self.rate * row.mean_hat / (math.sqrt(row.square_hat) + self.epsilon)

    def _uncorrected(self, row: Row, time: int) -> float:
        return self.rate * row.mean / (math.sqrt(row.square) + self.epsilon)

    @property
    def _seen(self) -> Callable[[Row], tuple[float, float]]:
        """The averages that the step divides, as they are in this form."""
        if self.form == "uncorrected":
            return lambda row: (row.mean, row.square)
        return lambda row: (row.mean_hat, row.square_hat)

    def _weights(self, rule: Callable[[Row, int], float]) -> MistakeValues:
        """The weights that a wrong rule leads to; what depends on them is left out."""
        if self.form == "pair":
            return {"w1": tuple(self.start - rule(row, 1) for row in self.rows)}
        rows = list(self._walk(Given(), rule))
        return {f"w{time}": row.weight for time, row in enumerate(rows, 1)}

    @mistake("Adam divides by 1 − β to the power t first: without this correction early steps are off.")
    def no_bias_correction(self) -> MistakeValues:
        return self._weights(self._uncorrected) if self.form != "uncorrected" else None

    @mistake("Here the averages are used as they are, without the division by 1 − β to the power t.")
    def corrects(self) -> MistakeValues:
        return self._weights(self._corrected) if self.form == "uncorrected" else None

    @mistake("Divide by the square root of the second moment, not by the moment itself.")
    def no_root(self) -> MistakeValues:
        return self._weights(
            lambda row, _: self.rate * self._seen(row)[0] / (self._seen(row)[1] + self.epsilon)
        )

    @mistake("Epsilon is added outside the square root.")
    def epsilon_inside_root(self) -> MistakeValues:
        return self._weights(
            lambda row, _: self.rate * self._seen(row)[0] / math.sqrt(self._seen(row)[1] + self.epsilon)
        )

    @mistake("Epsilon {epsilon} is not small here: add it to the root.")
    def forgets_epsilon(self) -> MistakeValues:
        return self._weights(lambda row, _: self.rate * self._seen(row)[0] / math.sqrt(self._seen(row)[1]))

    @mistake("The step goes against the gradient: subtract it from the weight.")
    def climbs(self) -> MistakeValues:
        return self._weights(lambda row, time: -self._change(row, time))

    @mistake("This is plain gradient descent; Adam divides by the root of the second moment.")
    def plain_descent(self) -> MistakeValues:
        return self._weights(lambda row, _: self.rate * row.gradient)

    @mistake("The first moment uses the first beta, the second moment the second one.")
    def betas_swapped(self) -> MistakeValues:
        first, second = self.betas
        return self._first_moments(1 - second, 1 - first)

    @mistake("The weight of the new gradient is 1 − β; β weights the past.")
    def weights_the_new_by_beta(self) -> MistakeValues:
        return self._first_moments(*self.betas)

    @mistake("The second moment averages squared gradients.")
    def forgets_square(self) -> MistakeValues:
        return self._first_moments(1 - self.betas[0], 1 - self.betas[1], power=1)

    def _first_moments(self, first: float, second: float, power: int = 2) -> MistakeValues:
        """What follows from wrong moments of the first step."""
        if self.form == "pair":
            means = tuple(first * gradient for gradient in self.gradients)
            squares = tuple(second * abs(gradient) ** power for gradient in self.gradients)
            return self.consequences(m1=means, v1=squares)
        gradient = self._gradient(self.start, 1)
        return self.consequences(m1=first * gradient, v1=second * abs(gradient) ** power)

    @mistake("The power of β counts the steps from 1: it is t, not t − 1, so that it is 2 in step 2.")
    def t_from_zero(self) -> MistakeValues:
        if self.form == "uncorrected" or self.steps < 2:
            return None
        first, second = self.betas
        hats = {f"mhat{t}": row.mean / (1 - first ** (t - 1)) for t, row in enumerate(self.rows[1:], 2)}
        hats |= {f"vhat{t}": row.square / (1 - second ** (t - 1)) for t, row in enumerate(self.rows[1:], 2)}
        return self.consequences(**hats)

    @property
    def slope(self) -> str:
        """The gradient of the loss in LaTeX."""
        product = latex_product(self.curvature, "w", self.minimum)
        return product.strip("()") if self.curvature == 1 else product

    @property
    def curve(self) -> Points:
        """The loss around the steps; empty where gradients are given."""
        weights = [self.start, *(row.weight for row in self.rows)]
        return parabola(self.curvature / 2, self.minimum, weights) if self.curvature else []

    @property
    def marks(self) -> Marks:
        """The weights on the loss."""
        weights = {"w_0": self.start} | {f"w_{t}": row.weight for t, row in enumerate(self.rows, 1)}
        return on_parabola(self.curvature / 2, self.minimum, weights)


class AdagradRmspropStep(Question):
    """Accumulated squared gradients and the weights, step by step, by AdaGrad or RMSProp.

    At level 1 AdaGrad takes two steps whose accumulators are squares, at level 2 RMSProp two or three, at
    level 3 the effective learning rates of both are compared for a weight that often has a gradient and one
    that seldom has.

    Source: Duchi, Hazan & Singer 2011, Adaptive subgradient methods for online learning and stochastic
    optimization; Tieleman & Hinton 2012, RMSProp, Neural Networks for Machine Learning, lecture 6.5;
    torch.optim.Adagrad, torch.optim.RMSprop.
    """

    title = "AdaGrad and RMSProp"
    minutes = {1: 4, 2: 6, 3: 7}

    method: str
    """`adagrad`, `rmsprop`, or `both`."""
    start: int
    rate: float
    decay: float
    """The factor ρ of the past in RMSProp; 0 where there is none."""
    gradients: tuple[tuple[int, ...], ...]
    """The gradients of a weight, step by step; a row for each of two weights where both methods are asked."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        start, rate, decay = rng.randint(-4, 4), rng.choice([0.1, 0.2, 0.5, 1.0]), rng.choice([0.5, 0.75])
        if level == 3:
            often = rng.choice([(1, 2, 2), (2, 4, 4), (2, 3, 6), (1, 4, 8), (4, 4, 7), (2, 6, 9), (3, 6, 6)])
            seldom = rng.choice(
                [(3, 0, 4), (4, 0, 3), (6, 0, 0), (8, 0, 0), (2, 0, 0), (5, 0, 12), (8, 6, 0)]
            )
            rows = (tuple(rng.sample(often, 3)), seldom)
            signed = tuple(tuple(rng.choice([-1, 1]) * g for g in row) for row in rows)
            return cls("both", 0, rate, decay, signed)
        if level == 2:
            row = tuple(
                rng.choice([-1, 1]) * rng.choice([1, 2, 3, 4, 6, 8]) for _ in range(rng.choice([2, 3]))
            )
            return cls("rmsprop", start, rate, decay, (row,))
        size, pair = rng.randint(1, 5), rng.sample([3, 4], 2)
        return cls("adagrad", start, rate, 0.0, (tuple(rng.choice([-1, 1]) * size * g for g in pair),))

    def flaw(self) -> str | None:
        if self.method not in {"adagrad", "rmsprop", "both"}:
            return "method is adagrad, rmsprop or both"
        if len(self.gradients) != (2 if self.method == "both" else 1) or len({*map(len, self.gradients)}) > 1:
            return "one row of gradients is given, or two equally long ones for both methods"
        if not 2 <= len(self.gradients[0]) <= 4 or not all(row[0] for row in self.gradients):
            return "two to four steps are taken, of which the first has a gradient that is not zero"
        if max(abs(number) for row in (*self.gradients, (self.start,)) for number in row) > 100:
            return "start and gradients go from -100 to 100"
        if self.method != "both" and 0 in self.gradients[0]:
            return "a gradient is zero"
        if not 0.001 <= self.rate <= 10 or abs(self.rate - round(self.rate, 3)) > 1e-12:
            return "the rate goes from 0.001 to 10, with three decimals"
        if (self.decay == 0) != (self.method == "adagrad") or (self.decay and not 0.01 <= self.decay <= 0.99):
            return "the decay goes from 0.01 to 0.99, and is 0 for AdaGrad only"
        if not printable([self.decay]):
            return "the decay has more than four decimals"
        if len({abs(gradient) for row in self.gradients for gradient in row}) == 1:
            return "all gradients have the same size"
        return None

    @property
    def steps(self) -> int:
        """The number of steps."""
        return len(self.gradients[0])

    def _accumulators(self, row: Sequence[int], past: float, new: float, power: int = 2) -> list[float]:
        """After each step, `past` times the accumulator and `new` times the power of the gradient."""
        accumulators = [0.0]
        for gradient in row:
            accumulators.append(past * accumulators[-1] + new * abs(gradient) ** power)
        return accumulators[1:]

    @property
    def _amounts(self) -> tuple[float, float]:
        return (1, 1) if self.method == "adagrad" else (self.decay, 1 - self.decay)

    @property
    def rows(self) -> tuple[tuple[int, float, float], ...]:
        """Gradient, accumulator and weight of each step of one method."""
        keys = {blank: vars(key)["value"] for blank, key in self._single(Given()).items()}
        return tuple((g, keys[f"s{t}"], keys[f"w{t}"]) for t, g in enumerate(self.gradients[0], 1))

    @property
    def sums(self) -> tuple[int, ...]:
        """The last accumulator of AdaGrad for each weight."""
        return tuple(sum(g**2 for g in row) for row in self.gradients)

    @property
    def means(self) -> tuple[tuple[float, ...], ...]:
        """The accumulators of RMSProp for each weight, step by step."""
        return tuple(tuple(self._accumulators(row, self.decay, 1 - self.decay)) for row in self.gradients)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.method != "both":
            return self._single(given)
        means = tuple(row[-1] for row in self.means)
        return {
            "sums": Vector(self.sums),
            "sum_rates": Vector(self._effective(given("sums", self.sums)), 4),
            "means": Vector(means, 4),
            "mean_rates": Vector(self._effective(given("means", means)), 4),
        }

    def _effective(self, accumulators: Sequence[float]) -> tuple[float, ...]:
        return tuple(self.rate / math.sqrt(accumulator) for accumulator in accumulators)

    def _single(self, given: Given) -> dict[str, Answer]:
        past, new = self._amounts
        weight, accumulator, answers = float(self.start), 0.0, dict[str, Answer]()
        for time, gradient in enumerate(self.gradients[0], 1):
            accumulator = past * accumulator + new * gradient**2
            whole = self.method == "adagrad"
            answers[f"s{time}"] = Integer(round(accumulator)) if whole else Real(accumulator, 4)
            accumulator = given(f"s{time}", accumulator)
            weight -= self.rate * gradient / math.sqrt(accumulator)
            answers[f"w{time}"] = Real(weight, 3 if whole else 4)
            weight = given(f"w{time}", weight)
        return answers

    def _with(self, accumulators: Sequence[float], root: float = 0.5, sign: int = 1) -> MistakeValues:
        """What one method comes to with wrong accumulators, or another root of them."""
        if self.method == "both":
            return None
        weight, values = float(self.start), Values()
        steps = zip(self.gradients[0], accumulators, strict=True)
        for time, (gradient, accumulator) in enumerate(steps, 1):
            weight -= sign * self.rate * gradient / accumulator**root
            values |= {f"s{time}": accumulator, f"w{time}": weight}
        return values

    @property
    def _true(self) -> list[float]:
        return self._accumulators(self.gradients[0], *self._amounts)

    @mistake("Divide by the square root of the accumulator, not by the accumulator itself.")
    def no_sqrt(self) -> MistakeValues:
        if self.method != "both":
            return self._with(self._true, root=1)
        return {
            "sum_rates": tuple(self.rate / s for s in self.sums),
            "mean_rates": tuple(self.rate / row[-1] for row in self.means),
        }

    @mistake("RMSProp takes a moving average: the squared gradient is multiplied by 1 − ρ.")
    def sum_for_mean(self) -> MistakeValues:
        return self._average(self.decay, 1)

    @mistake("In RMSProp ρ weights the past, and 1 − ρ the new squared gradient.")
    def decays_swapped(self) -> MistakeValues:
        return self._average(1 - self.decay, self.decay)

    @mistake("RMSProp forgets: the past is multiplied by ρ before the new squared gradient is added.")
    def never_forgets(self) -> MistakeValues:
        return self._average(1, 1)

    def _average(self, past: float, new: float) -> MistakeValues:
        """What RMSProp comes to with other factors of the past and of the new squared gradient."""
        if self.method == "adagrad":
            return None
        if self.method == "rmsprop":
            return self._with(self._accumulators(self.gradients[0], past, new))
        return self.consequences(
            means=tuple(self._accumulators(row, past, new)[-1] for row in self.gradients)
        )

    @mistake("AdaGrad adds the squared gradients up; it does not divide by the number of steps.")
    def mean_for_sum(self) -> MistakeValues:
        if self.method == "both":
            return self.consequences(sums=tuple(s / self.steps for s in self.sums))
        shares = [s / time for time, s in enumerate(self._true, 1)]
        return self._with(shares) if self.method == "adagrad" else None

    @mistake("The accumulator takes in the new gradient before the step divides by its root.")
    def uses_old_accumulator(self) -> MistakeValues:
        if self.method == "both":
            return self.consequences(means=tuple(row[-2] for row in self.means))
        weight, values = self.rows[0][2], Values()  # the first step would divide by zero
        for time, (gradient, old) in enumerate(zip(self.gradients[0][1:], self._true, strict=False), 2):
            weight -= self.rate * gradient / math.sqrt(old)
            values[f"w{time}"] = weight
        return values

    @mistake("The accumulator collects squared gradients, not gradients.")
    def accumulates_g(self) -> MistakeValues:
        if self.method != "both":
            return self._with(self._accumulators(self.gradients[0], *self._amounts, power=1))
        sums = tuple(sum(map(abs, row)) for row in self.gradients)
        means = (self._accumulators(row, self.decay, 1 - self.decay, power=1)[-1] for row in self.gradients)
        return self.consequences(sums=sums, means=tuple(means))

    @mistake("The accumulator remembers all steps so far, not only the last one.")
    def uses_current_g_only(self) -> MistakeValues:
        if self.method != "both":
            return self._with([gradient**2 for gradient in self.gradients[0]])
        last = tuple(row[-1] ** 2 for row in self.gradients)
        return {"sums": last} if 0 in last else self.consequences(sums=last)

    @mistake("The step goes against the gradient: subtract it from the weight.")
    def climbs(self) -> MistakeValues:
        return self._with(self._true, sign=-1)


class Row(NamedTuple):
    """What Adam has after one step."""

    gradient: float
    mean: float
    square: float
    mean_hat: float
    square_hat: float
    weight: float
