"""Weight decay, in gradient descent and in Adam."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import Self

from ...answers import Answer, Integer, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import printable
from .quadratic import Points

SMALL = (-4, -3, -2, -1, 1, 2, 3, 4)


class WeightDecayStep(Question):
    """Weight decay: as a penalty in one step, alone in many, and inside or beside Adam's scaling.

    At level 1 a step of gradient descent with a squared or an absolute penalty is asked, at level 2 how
    weights shrink where the gradient of the loss is zero, at level 3 the first step of Adam with the penalty
    in its gradient, and of AdamW, which keeps the decay apart.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, sections 7.1.1 and 7.1.2; Loshchilov & Hutter
    2019, Decoupled weight decay regularization; torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW.
    """

    title = "Weight decay"
    minutes = {1: 2, 2: 5, 3: 6}

    form: str
    """`squared` or `absolute` penalty in one step, `shrink` without gradients, or `adam`."""
    weights: tuple[int, ...]
    gradients: tuple[int, ...]
    """Of the loss without penalty; none where it is zero."""
    rate: float
    decay: float
    """The factor α of the penalty."""
    steps: int
    fraction: float
    """The share of the weights that is to be reached, or 0."""
    epsilon: int
    """Adam's ε, 0 or 1."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        rate, decay = rng.choice([0.1, 0.2, 0.5]), rng.choice([0.1, 0.2, 0.5])
        if level == 1:
            form = rng.choice(["squared", "squared", "absolute"])
            return cls(form, (rng.choice(SMALL),), (rng.choice(SMALL),), rate, decay, 1, 0.0, 0)
        if level == 2:
            weights = tuple(rng.choice(SMALL) for _ in range(rng.choice([2, 3])))
            return cls("shrink", weights, (), rate, decay, rng.randint(2, 4), rng.choice([0.5, 0.1]), 0)
        weights, gradients = tuple(rng.choices(SMALL, k=2)), tuple(rng.choices(SMALL, k=2))
        return cls("adam", weights, gradients, rate, decay, 1, 0.0, rng.choice([0, 1, 1]))

    def flaw(self) -> str | None:
        if self.form not in {"squared", "absolute", "shrink", "adam"}:
            return "form is squared, absolute, shrink or adam"
        lengths = {"squared": (1, 1), "absolute": (1, 1), "adam": (2, 2)}
        if self.form == "shrink" and not (2 <= len(self.weights) <= 4 and not self.gradients):
            return "two to four weights shrink, without gradients"
        if lengths.get(self.form, (len(self.weights), 0)) != (len(self.weights), len(self.gradients)):
            return "each weight has a gradient: one of each, or two of each for Adam"
        if not all(1 <= abs(number) <= 100 for number in (*self.weights, *self.gradients)):
            return "weights and gradients are not zero and go up to 100"
        if not 0.001 <= self.rate <= 1 or not 0.001 <= self.decay <= 1:
            return "rate and decay go from 0.001 to 1"
        if any(abs(number - round(number, 3)) > 1e-12 for number in (self.rate, self.decay)):
            return "rate and decay have at most three decimals"
        if not printable([self.fraction]):
            return "the share to be reached has more than four decimals"
        if self.epsilon not in ({0, 1} if self.form == "adam" else {0}):
            return "epsilon is 0 or, for Adam, also 1"
        if self.form == "shrink":
            return self._shrink_flaw()
        if self.steps != 1 or self.fraction:
            return "one step is taken, and no share is to be reached"
        if any(min(abs(g + p), abs(g + 2 * p)) < 1e-9 for g, p in self._slopes):
            return "the penalty, or twice the penalty, cancels the gradient of the loss"
        return None

    def _shrink_flaw(self) -> str | None:
        if not 2 <= self.steps <= 10 or not 0.01 <= self.fraction < 1 or self.factor == 0:
            return "two to ten steps are taken, and the share goes from 0.01 to below 1"
        exact = math.log(self.fraction) / math.log(self.factor)
        if not 2 <= exact <= 100 or abs(exact - round(exact)) < 1e-3:
            return "the share is reached in less than 2 or more than 100 steps, or exactly"
        return None

    @property
    def factor(self) -> float:
        """What a step multiplies weights without gradient by."""
        return 1 - self.rate * self.decay

    @property
    def exact_steps(self) -> float:
        """The number of steps after which exactly the share is left; 0 where there is none."""
        return math.log(self.fraction) / math.log(self.factor) if self.fraction else 0.0

    @property
    def penalty_gradients(self) -> tuple[float, ...]:
        """The derivative of the penalty for each weight."""
        if self.form == "absolute":
            return tuple(math.copysign(self.decay, weight) for weight in self.weights)
        return tuple(self.decay * weight for weight in self.weights)

    @property
    def coupled(self) -> tuple[float, ...]:
        """The derivative of loss and penalty for each weight; none where weights only shrink."""
        return tuple(g + p for g, p in self._slopes)

    @property
    def _slopes(self) -> tuple[tuple[float, float], ...]:
        """The derivatives of loss and penalty for each weight that has both."""
        return tuple(zip(self.gradients, self.penalty_gradients, strict=False))

    @property
    def penalty(self) -> float:
        """The squared penalty."""
        return self.decay / 2 * sum(weight**2 for weight in self.weights)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "shrink":
            return self._shrinking(given)
        if self.form == "adam":
            adam = self._scaled(self.weights, given("coupled", self.coupled))
            kept = tuple(self.factor * weight for weight in self.weights)
            adamw = self._scaled(kept, self.gradients)
            return {"coupled": Vector(self.coupled, 2), "adam": Vector(adam, 4), "adamw": Vector(adamw, 4)}
        own = given("penalty", self.penalty_gradients[0])
        weight = self.weights[0] - self.rate * (self.gradients[0] + own)
        return {"penalty": Real(self.penalty_gradients[0], 2), "w": Real(weight, 3)}

    def _shrinking(self, given: Given) -> dict[str, Answer]:
        own = given("factor", self.factor)
        if not 0 < own < 1:
            raise ValueError("the weights do not shrink")
        return {
            "penalty": Real(self.penalty, 3),
            "factor": Real(self.factor, 3),
            "weights": Vector(tuple(own**self.steps * weight for weight in self.weights), 4),
            "steps": Integer(math.ceil(math.log(self.fraction) / math.log(own))),
        }

    def _scaled(self, weights: Sequence[float], gradients: Sequence[float]) -> tuple[float, ...]:
        """The first step of Adam, whose corrected moments are the gradient and its square."""
        pairs = zip(weights, gradients, strict=True)
        return tuple(weight - self.rate * g / (abs(g) + self.epsilon) for weight, g in pairs)

    def _step(self, penalty: float) -> MistakeValues:
        """What follows from a wrong derivative of the penalty in one step."""
        return self.consequences(penalty=penalty) if self.form in {"squared", "absolute"} else None

    @mistake("The penalty has the factor one half, which cancels the 2 of the derivative.")
    def double_factor(self) -> MistakeValues:
        if self.form == "adam":
            return self.consequences(coupled=tuple(g + 2 * p for g, p in self._slopes))
        if self.form == "shrink":
            return self.consequences(factor=1 - 2 * self.rate * self.decay)
        return self._step(2 * self.decay * self.weights[0]) if self.form == "squared" else None

    @mistake("The penalty is part of what is differentiated: its gradient is multiplied by the rate too.")
    def decay_not_scaled_by_lr(self) -> MistakeValues:
        if self.form == "shrink":
            return self.consequences(factor=1 - self.decay)
        if self.form == "adam":
            kept = tuple((1 - self.decay) * weight for weight in self.weights)
            return {"adamw": self._scaled(kept, self.gradients)}
        return {"w": self.weights[0] - self.penalty_gradients[0] - self.rate * self.gradients[0]}

    @mistake("The old weight decays, not the one after the step.")
    def decays_after_step(self) -> MistakeValues:
        if self.form == "adam":
            return {"adamw": tuple(self.factor * w for w in self._scaled(self.weights, self.gradients))}
        if self.form == "squared":
            return {"w": self.factor * (self.weights[0] - self.rate * self.gradients[0])}
        return None

    @mistake("The derivative of a squared penalty is proportional to the weight: αw, not α times its sign.")
    def l2_as_l1(self) -> MistakeValues:
        return self._step(math.copysign(self.decay, self.weights[0])) if self.form == "squared" else None

    @mistake("The derivative of an absolute penalty is α times the sign of the weight, whatever its size.")
    def l1_as_l2(self) -> MistakeValues:
        return self._step(self.decay * self.weights[0]) if self.form == "absolute" else None

    @mistake("The penalty pulls the weight towards 0: its derivative has the sign of the weight.")
    def sign_of_weight_forgotten(self) -> MistakeValues:
        return self._step(-self.penalty_gradients[0])

    @mistake("This is the penalty itself; the step takes its derivative.")
    def value_for_derivative(self) -> MistakeValues:
        value = self.penalty if self.form == "squared" else self.decay * abs(self.weights[0])
        return self._step(value)

    @mistake("AdamW keeps the decay out of the gradient, so that it is not scaled: (1 − ηα)w comes first.")
    def coupled_for_decoupled(self) -> MistakeValues:
        return {"adamw": self._scaled(self.weights, self.coupled)} if self.form == "adam" else None

    @mistake("This is the step without weight decay.")
    def forgets_decay(self) -> MistakeValues:
        if self.form == "adam":
            plain = self._scaled(self.weights, self.gradients)
            return {"adam": plain, "adamw": plain}
        return {"w": self.weights[0] - self.rate * self.gradients[0]} if self.gradients else None

    @mistake("Adam with a penalty adds αw to the gradient before it is scaled; the decay apart is AdamW.")
    def decoupled_for_coupled(self) -> MistakeValues:
        kept = tuple(self.factor * weight for weight in self.weights)
        return {"adam": self._scaled(kept, self.gradients)} if self.form == "adam" else None

    @mistake("The decay acts once: in AdamW the gradient has no penalty in it.")
    def decays_twice(self) -> MistakeValues:
        kept = tuple(self.factor * weight for weight in self.weights)
        return {"adamw": self._scaled(kept, self.coupled)} if self.form == "adam" else None

    @mistake("This is a step of plain gradient descent; Adam divides by the root of the second moment.")
    def unscaled_step(self) -> MistakeValues:
        if self.form != "adam":
            return None
        pairs = zip(self.weights, self.coupled, strict=True)
        return {"adam": tuple(weight - self.rate * g for weight, g in pairs)}

    @mistake("The weights shrink by the same factor in each step, not by the same amount.")
    def linear_shrink(self) -> MistakeValues:
        if self.form != "shrink":
            return None
        left = 1 - self.steps * self.rate * self.decay
        steps = math.ceil((1 - self.fraction) / (self.rate * self.decay))
        return {"weights": tuple(left * weight for weight in self.weights), "steps": steps}

    @mistake("The penalty squares each weight before they are added.")
    def penalty_of_sum(self) -> MistakeValues:
        return {"penalty": self.decay / 2 * sum(self.weights)} if self.form == "shrink" else None

    @mistake("The squared norm of the weights is multiplied by α / 2.")
    def penalty_without_half(self) -> MistakeValues:
        return {"penalty": 2 * self.penalty} if self.form == "shrink" else None

    @mistake("The penalty has the squared norm of the weights, not the norm.")
    def penalty_of_norm(self) -> MistakeValues:
        return {"penalty": self.decay / 2 * math.hypot(*self.weights)} if self.form == "shrink" else None

    @mistake("With fewer steps more than the share is left: round the number of steps up.")
    def floor_steps(self) -> MistakeValues:
        return {"steps": math.floor(self.exact_steps)} if self.form == "shrink" else None

    @property
    def path(self) -> Points:
        """The share of shrinking weights that is left after each step."""
        return [(float(time), self.factor**time) for time in range(math.ceil(self.exact_steps) + 1)]
