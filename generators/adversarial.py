"""Attacks that change the inputs of a classifier by little and its decision by much."""

from __future__ import annotations

import math
from random import Random
from typing import Self

from ..answers import Answer, Real, Vector
from ..question import Given, MistakeValues, Question, mistake
from .activations.functions import sigmoid
from .numbers import Row, dot

FORMS = ("score", "sign", "ball", "iterated")
WHOLE_NORMS = (
    (1, 1, 1, 1),
    (1, 1, 3, 5),
    (1, 2, 2, 4),
    (1, 4, 4, 4),
    (2, 2, 2, 2),
    (2, 2, 4, 5),
    (3, 3, 3, 3),
)
"""Weights whose Euclidean norm is a whole number."""
BUDGETS = ((0.25, 0.2), (0.3, 0.2), (0.15, 0.1), (0.5, 0.3), (0.25, 0.15))
"""Pairs of the largest change and the step of an iterated attack."""
MOST_INPUTS = 6
LARGEST = 10
STEPS = 2


class PerturbationStep(Question):
    """An adversarial example for a linear or logistic classifier, and the smallest change that flips it.

    At level 1 each input of a linear score is changed by the same amount, at level 2 the fast gradient sign
    method attacks logistic regression, at level 3 a step has a Euclidean length, or a targeted attack is
    iterated and clipped.

    Source: Goodfellow et al. 2015, Explaining and harnessing adversarial examples, sections 3 to 5;
    Kurakin et al. 2017, Adversarial examples in the physical world, section 2; Madry et al. 2018, Towards
    deep learning models resistant to adversarial attacks, section 2.1.
    """

    title = "Adversarial perturbation"
    minutes = {1: 3, 2: 5, 3: 6}

    form: str
    """`score`, `sign`, `ball` or `iterated`."""
    weights: tuple[int, ...]
    bias: float
    inputs: tuple[float, ...]
    epsilon: float
    """The largest change of each input; of the form `ball` the Euclidean length of the whole change."""
    step: float
    """The change of each input in one of the iterated steps; otherwise 0."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        size = level + 1
        weights = tuple(rng.choice([-3, -2, -1, 1, 2, 3]) for _ in range(size))
        inputs = tuple(rng.choice([0, 0.5, 1]) for _ in range(size))
        score = rng.choice([-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2])
        form, epsilon, step = {1: "score", 2: "sign", 3: "ball"}[level], rng.choice([0.1, 0.25, 0.5]), 0.0
        if level == 3 and rng.random() < 0.4:
            weights = tuple(rng.choice([-1, 1]) * w for w in rng.sample(rng.choice(WHOLE_NORMS), size))
            epsilon = rng.choice([0.1, 0.2, 0.3, 0.5, 0.6])
        elif level == 3:
            form, (epsilon, step) = "iterated", rng.choice(BUDGETS)
            inputs = tuple(rng.choice([0, 0.1, 0.2, 0.4, 0.5, 0.6, 0.8, 0.9, 1]) for _ in range(size))
        bias = round(score - dot(weights, inputs), 1)
        return cls(form, weights, bias, inputs, epsilon, step)

    def flaw(self) -> str | None:
        if self.form not in FORMS or not 2 <= len(self.weights) == len(self.inputs) <= MOST_INPUTS:
            return f"form is one of {', '.join(FORMS)}, with 2 to {MOST_INPUTS} inputs and a weight for each"
        if not all(0 < abs(number) <= LARGEST for number in (*self.weights, self.bias)):
            return f"neither a weight nor the bias is 0 or larger than {LARGEST}"
        if not all(0 <= value <= 1 for value in self.inputs) or not 0.01 <= self.epsilon <= 1:
            return "inputs lie between 0 and 1, and epsilon between 0.01 and 1"
        if not any(self.inputs):
            return "all inputs are 0"
        exact = (self.bias, self.epsilon, self.step, *self.inputs)
        if any(value != round(value, 2) for value in exact):
            return "a number has more than two decimals"
        if not 0.2 <= abs(self.score) <= 4:
            return "the classifier is undecided or too sure: the score lies between 0.2 and 4, or -4 and -0.2"
        if self.form != "iterated":
            return (
                self._flaw_of_score(self._moved(self.gradient)) if not self.step else "there is one step only"
            )
        if not self.step < self.epsilon < STEPS * self.step:
            return "the second step must be cut short by epsilon"
        last = self.path[-1]
        if last == self._clipped_to_ball(self._step(self.path[0], self.gradient)):
            return "no input is cut to the range from 0 to 1"
        return self._flaw_of_score(last)

    def _flaw_of_score(self, inputs: Row) -> str | None:
        score = self._score(inputs)
        return None if 0.05 <= abs(score) <= 6 else "the attacked score is nearly 0 or beyond 6"

    def _score(self, inputs: Row) -> float:
        return dot(self.weights, inputs) + self.bias

    @property
    def score(self) -> float:
        """Before the attack."""
        return self._score(self.inputs)

    @property
    def label(self) -> int:
        """The class of the input, which the classifier gets right before the attack."""
        return int(self.score > 0)

    @property
    def target(self) -> int:
        """The other class."""
        return 1 - self.label

    @property
    def probability(self) -> float:
        """Of class 1, before the attack."""
        return sigmoid(self.score)

    @property
    def gradient(self) -> tuple[float, ...]:
        """Of the cross-entropy for the inputs: that of the target if iterated, of the label otherwise."""
        wanted = self.target if self.form == "iterated" else self.label
        return tuple((self.probability - wanted) * weight for weight in self.weights)

    @property
    def signs(self) -> tuple[int, ...]:
        """Of the gradient."""
        return tuple(_sign(slope) for slope in self.gradient)

    @property
    def total(self) -> int:
        """The sum of the weights' absolute values."""
        return sum(map(abs, self.weights))

    @property
    def length(self) -> float:
        """The Euclidean norm of the weights."""
        return math.hypot(*self.weights)

    def _moved(self, gradient: Row) -> tuple[float, ...]:
        """The inputs after a single step that raises the loss."""
        if self.form == "ball":
            length = math.hypot(*gradient)
            return self._along(tuple(slope / length for slope in gradient))
        return self._along(tuple(map(_sign, gradient)))

    def _along(self, direction: Row) -> tuple[float, ...]:
        pairs = zip(self.inputs, direction, strict=True)
        return tuple(value + self.epsilon * slope for value, slope in pairs)

    def _step(self, inputs: Row, gradient: Row) -> tuple[float, ...]:
        """The inputs after one of the iterated steps, which lowers the loss of the target, unclipped."""
        pairs = zip(inputs, gradient, strict=True)
        return tuple(round(value - self.step * _sign(slope), 9) for value, slope in pairs)

    def _clipped_to_ball(self, inputs: Row) -> tuple[float, ...]:
        pairs = zip(inputs, self.inputs, strict=True)
        nearest = (min(max(value, start - self.epsilon), start + self.epsilon) for value, start in pairs)
        return tuple(round(value, 9) for value in nearest)

    def _next(self, inputs: Row, gradient: Row) -> tuple[float, ...]:
        """The inputs after one of the iterated steps."""
        ball = self._clipped_to_ball(self._step(inputs, gradient))
        return tuple(min(max(value, 0.0), 1.0) for value in ball)

    @property
    def path(self) -> tuple[tuple[float, ...], ...]:
        """The inputs after each of the iterated steps."""
        first = self._next(self.inputs, self.gradient)
        return first, self._next(first, self.gradient)

    @property
    def unclipped(self) -> tuple[tuple[float, ...], ...]:
        """The same before they are clipped."""
        return tuple(self._step(inputs, self.gradient) for inputs in (self.inputs, self.path[0]))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "iterated":
            first, second = self.path
            second = self._next(given("first", first), self.gradient)
            score = self._score(given("second", second))
            probability = sigmoid(given("new_score", score))
            return {
                "first": Vector(first, 2),
                "second": Vector(second, 2),
                "new_score": Real(score, 3),
                "new_probability": Real(probability, 4),
            }
        if self.form == "sign":
            moved = self._moved(given("gradient", self.gradient))
            score = self._score(given("perturbed", moved))
            probability = sigmoid(given("new_score", score))
            return {
                "gradient": Vector(self.gradient, 4),
                "perturbed": Vector(moved, 2),
                "new_score": Real(score, 3),
                "new_probability": Real(probability, 4),
                "smallest": Real(abs(self.score) / self.total, 4),
            }
        moved = self._moved(self.gradient)
        score = self._score(given("perturbed", moved))
        if self.form == "score":
            return {
                "score": Real(self.score, 3),
                "perturbed": Vector(moved, 2),
                "new_score": Real(score, 3),
            }
        return {
            "perturbed": Vector(moved, 4),
            "new_score": Real(score, 3),
            "smallest": Real(abs(self.score) / self.total, 4),
            "smallest_length": Real(abs(self.score) / self.length, 4),
        }

    def _perturbed(self, inputs: Row) -> MistakeValues:
        return self.consequences(perturbed=tuple(inputs))

    @mistake("Only the sign of the gradient counts: every input moves by the same amount.")
    def gradient_not_sign(self) -> MistakeValues:
        if self.form == "score":
            turn = 1 if self.target else -1
            return self._perturbed(self._along(tuple(turn * weight for weight in self.weights)))
        return self._perturbed(self._along(self.gradient)) if self.form == "sign" else None

    @mistake("The step has the Euclidean length ε: divide the gradient by its norm first.")
    def does_not_normalize(self) -> MistakeValues:
        return self._perturbed(self._along(self.gradient)) if self.form == "ball" else None

    @mistake("Here the whole change has the length ε; it is not the change of each input.")
    def moves_each_input(self) -> MistakeValues:
        return self._perturbed(self._along(self.signs)) if self.form == "ball" else None

    @mistake("This attack raises the loss of class {label}: it adds the step, away from that class.")
    def minus_for_nontargeted(self) -> MistakeValues:
        if self.form == "iterated":
            return None
        return self._perturbed(self._moved(tuple(-slope for slope in self.gradient)))

    @mistake("A targeted attack lowers the loss of the target: it subtracts the step.")
    def targeted_sign_swapped(self) -> MistakeValues:
        if self.form != "iterated":
            return None
        turned = tuple(-slope for slope in self.gradient)
        first = self._next(self.inputs, turned)
        return self.consequences(first=first, second=self._next(first, turned))

    @mistake("The attack changes the inputs; the weights of the classifier stay as they are.")
    def perturbs_weights(self) -> MistakeValues:
        if self.form not in {"score", "sign"}:
            return None
        pairs = zip(self.weights, self.inputs, strict=True)
        return {"perturbed": tuple(weight + self.epsilon * value for weight, value in pairs)}

    @mistake("If each input may change by ε, the score changes by ε‖w‖₁: divide by the sum of the |wᵢ|.")
    def l2_norm_in_min_eps(self) -> MistakeValues:
        return {"smallest": abs(self.score) / self.length} if self.form in {"sign", "ball"} else None

    @mistake("The nearest point of the boundary lies at the distance |s|/‖w‖₂.")
    def sum_for_length(self) -> MistakeValues:
        return {"smallest_length": abs(self.score) / self.total} if self.form == "ball" else None

    @mistake("The score changes by ε times the weight for every input, not by ε once.")
    def changes_score_by_epsilon(self) -> MistakeValues:
        if self.form not in {"score", "sign"}:
            return None
        change = self.epsilon if self.target else -self.epsilon
        return self.consequences(new_score=self.score + change)

    @mistake("The gradient of the loss is (p − y)w, not (y − p)w.")
    def residual_turned(self) -> MistakeValues:
        turned = tuple(-slope for slope in self.gradient)
        return self.consequences(gradient=turned) if self.form == "sign" else None

    @mistake("This is the gradient with respect to the inputs: (p − y) times the weights, not times x.")
    def gradient_of_the_weights(self) -> MistakeValues:
        if self.form != "sign":
            return None
        return self.consequences(gradient=tuple((self.probability - self.label) * x for x in self.inputs))

    @mistake("Pixels stay between 0 and 1: clip them after each step.")
    def forgets_the_range(self) -> MistakeValues:
        if self.form != "iterated":
            return None
        first = self._clipped_to_ball(self._step(self.inputs, self.gradient))
        second = self._clipped_to_ball(self._step(first, self.gradient))
        return self.consequences(first=first, second=second)

    @mistake("After all steps together no pixel may be further than ε from where it was at the beginning.")
    def forgets_the_budget(self) -> MistakeValues:
        if self.form != "iterated":
            return None
        second = self._step(self.path[0], self.gradient)
        return self.consequences(second=tuple(min(max(value, 0.0), 1.0) for value in second))

    @mistake("Each of the two steps has the size α; ε only limits the whole change.")
    def steps_by_epsilon(self) -> MistakeValues:
        if self.form != "iterated":
            return None
        whole = tuple(min(max(value, 0.0), 1.0) for value in self._along([-sign for sign in self.signs]))
        return self.consequences(first=whole, second=whole)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
