"""What becomes of states and gradients over many steps."""

from __future__ import annotations

import math
from random import Random
from typing import Self

from ...answers import Answer, Integer, Real, ShortText, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import bounded, printable

MOST_STEPS = 200
LARGEST_POWER = 200
SMALLEST_POWER = 0.005
BEHAVIOURS = ("vanishes", "explodes")


class VanishingProduct(Question):
    """Powers of recurrent weights: what is left of a state or a gradient after many steps.

    At level 1 a single weight is multiplied, at level 2 a diagonal matrix, and steps are counted; at level 3
    a triangular matrix grows before it vanishes, or the gates of an LSTM are compared with a simple unit.

    Source: Pascanu et al. 2013, On the difficulty of training recurrent neural networks, section 2;
    Hochreiter & Schmidhuber 1997, Long short-term memory, section 3.
    """

    title = "Vanishing and exploding products"
    minutes = {1: 2, 2: 4, 3: 6}

    form: str
    """`scalar`, `diagonal`, `triangular` or `gates`."""
    weights: tuple[float, ...]
    """The weight; the diagonal; the diagonal and the entry above it; or the recurrent weight, the slope of
    tanh, and the forget gate."""
    steps: int
    threshold: float
    """0 of the forms `scalar` and `triangular`."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            return cls(
                "scalar",
                (rng.choice([0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.1, 1.2, 1.5, 2.0]),),
                rng.randint(3, 12),
                0.0,
            )
        threshold = rng.choice([0.1, 0.05, 0.01, 0.001])
        if level == 2:
            small = rng.choice([0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
            return cls(
                "diagonal", (small, rng.choice([1.05, 1.1, 1.2, 1.25, 1.5])), rng.randint(4, 10), threshold
            )
        if rng.random() < 0.5:
            first, second = (rng.choice([0.5, 0.6, 0.7, 0.8, 0.9, 1.1, 1.2]) for _ in range(2))
            return cls(
                "triangular", (first, second, float(rng.choice([2, 5, 10, 20]))), rng.randint(2, 12), 0.0
            )
        weight, slope = rng.choice([0.9, 1.0, 1.1, 1.2, 1.5]), rng.choice([0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
        return cls(
            "gates", (weight, slope, rng.choice([0.9, 0.95, 0.98, 0.99])), rng.randint(4, 9), threshold
        )

    def flaw(self) -> str | None:
        counts = {"scalar": 1, "diagonal": 2, "triangular": 3, "gates": 3}
        if self.form not in counts or len(self.weights) != counts[self.form]:
            return (
                "form is scalar with a weight, diagonal with two, or triangular or gates with three numbers"
            )
        if (
            not bounded(self.weights, 100)
            or not printable(self.weights, 3)
            or not all(w > 0 for w in self.weights)
        ):
            return "all weights are positive, up to 100, with at most three decimals"
        if not 2 <= self.steps <= MOST_STEPS:
            return f"there are 2 to {MOST_STEPS} steps"
        wanted = self.form in {"diagonal", "gates"}
        if not (0.0001 <= self.threshold <= 0.5 if wanted else self.threshold == 0):
            return "a threshold from 0.0001 to 0.5 belongs to the forms diagonal and gates"
        if any(abs(base - 1) < 0.005 for base in self.bases):
            return "a factor is 1, so that nothing vanishes or explodes"
        if wanted and not self.bases[0] < 1:
            return "what shall fall below the threshold grows"
        if self.form == "gates" and not self.bases[1] < 1:
            return "the forget gate lies between 0 and 1"
        if any(abs(math.log(self.threshold, base) % 1) < 0.02 for base in self._falling()):
            return "a power comes very close to the threshold"
        powers = [base**self.steps for base in self.bases]
        corner = self._corner() if self.form == "triangular" else 0
        if max((*powers, corner)) > LARGEST_POWER or min(powers) < SMALLEST_POWER:
            return f"a power is larger than {LARGEST_POWER} or smaller than {SMALLEST_POWER}"
        return (
            "more than 1000 steps are counted"
            if any(self._below(b) > 1000 for b in self._falling())
            else None
        )

    def _falling(self) -> tuple[float, ...]:
        """The factors of which the steps to the threshold are counted."""
        if not self.threshold:
            return ()
        return self.bases[:1] if self.form == "diagonal" else self.bases

    @property
    def bases(self) -> tuple[float, ...]:
        """What is multiplied at each step."""
        if self.form == "gates":
            weight, slope, gate = self.weights
            return weight * slope, gate
        return self.weights[:2]

    def _below(self, base: float) -> int:
        """The first number of steps after which the power is below the threshold."""
        return math.ceil(math.log(self.threshold) / math.log(base))

    def _corner(self) -> float:
        """The entry above the diagonal of the power."""
        first, second, above = self.weights
        return above * sum(first**k * second ** (self.steps - 1 - k) for k in range(self.steps))

    @property
    def radius(self) -> float:
        """The spectral radius of the triangular matrix."""
        return max(self.weights[:2])

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "scalar":
            factor = given("factor", self.weights[0] ** self.steps)
            return {"factor": Real(self.weights[0] ** self.steps, 4), "behaviour": _behaviour(factor)}
        if self.form == "triangular":
            radius = given("radius", self.radius)
            return {
                "diagonal": Vector(tuple(base**self.steps for base in self.bases), 4),
                "corner": Real(self._corner(), 3),
                "radius": Real(self.radius, 2),
                "behaviour": _behaviour(radius),
            }
        factors = tuple(base**self.steps for base in self.bases)
        if self.form == "diagonal":
            return {"factors": Vector(factors, 4), "below": Integer(self._below(self.bases[0]))}
        simple, gated = given("factors", factors)
        return {
            "factors": Vector(factors, 4),
            "below": Integer(self._below(self.bases[0])),
            "below_gate": Integer(self._below(self.bases[1])),
            "kept": Real(gated / simple, 1),
        }

    @mistake("The factor is multiplied once for each step: it is a power, not {steps} times the weight.")
    def steps_times_weight(self) -> MistakeValues:
        values = tuple(self.steps * base for base in self.bases)
        if self.form == "scalar":
            return {"factor": values[0]}
        return {"diagonal" if self.form == "triangular" else "factors": values}

    @mistake("{steps} steps multiply {steps} factors: the exponent is the number of steps.")
    def one_step_less(self) -> MistakeValues:
        values = tuple(base ** (self.steps - 1) for base in self.bases)
        if self.form == "scalar":
            return {"factor": values[0]}
        return {"diagonal" if self.form == "triangular" else "factors": values}

    @mistake("A factor below 1 makes powers vanish, one above 1 makes them explode.")
    def other_behaviour(self) -> MistakeValues:
        if self.threshold:
            return None
        vanishes = (self.bases[0] if self.form == "scalar" else self.radius) < 1
        return {"behaviour": BEHAVIOURS[vanishes]}

    @mistake(
        "The power of a matrix is not the matrix of the powers: rows are multiplied with columns each time."
    )
    def powers_of_entries(self) -> MistakeValues:
        return {"corner": self.weights[2] ** self.steps} if self.form == "triangular" else None

    @mistake("Each of the steps adds to the entry above the diagonal, also the first powers.")
    def corner_once(self) -> MistakeValues:
        if self.form != "triangular":
            return None
        return {"corner": self.weights[2] * self.bases[0] ** (self.steps - 1)}

    @mistake("In the long run the eigenvalues decide, not the largest entry; here they are on the diagonal.")
    def entry_for_radius(self) -> MistakeValues:
        return self.consequences(radius=self.weights[2]) if self.form == "triangular" else None

    @mistake("The last step before the threshold is still above it.")
    def last_step_above(self) -> MistakeValues:
        if not self.threshold:
            return None
        values = {"below": self._below(self.bases[0]) - 1}
        return values | ({"below_gate": self._below(self.bases[1]) - 1} if self.form == "gates" else {})

    @mistake("The gradient of a simple unit has the slope of tanh as a factor at each step, too.")
    def forgets_slope(self) -> MistakeValues:
        if self.form != "gates":
            return None
        return {"factors": (self.weights[0] ** self.steps, self.bases[1] ** self.steps)}

    @mistake("This is the difference; how many times as large is a ratio.")
    def difference_for_ratio(self) -> MistakeValues:
        if self.form != "gates":
            return None
        return {"kept": self.bases[1] ** self.steps - self.bases[0] ** self.steps}


def _behaviour(factor: float) -> ShortText:
    return ShortText(BEHAVIOURS[factor > 1], BEHAVIOURS)
