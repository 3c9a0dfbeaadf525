"""Gradient descent on quadratic functions, and the learning rates at which it is stable."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any, Self

from ...answers import Answer, Integer, Option, Real, SingleChoice, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, dot, printable, transposed
from .quadratic import Marks, Points, latex_product, on_parabola, parabola

RATES = (0.05, 0.1, 0.2, 0.25)
FRIENDLY_RATES = tuple(d * p / 1000 for p in (1, 10, 100, 1000) for d in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8))
LARGEST_PARAMETER = 20
MOST_STEPS = 40
BEHAVIOURS = (
    Option(
        "The distance shrinks, and $w$ stays on the same side of the minimum.",
        why="The distance is multiplied by 1 − ηλ in each step: look at its sign and size.",
        name="monotone",
    ),
    Option(
        "The distance shrinks, and $w$ changes the side with every step.",
        why="The side changes where 1 − ηλ is negative, and the distance shrinks where its size is below 1.",
        name="oscillates",
    ),
    Option(
        "The distance grows, and $w$ changes the side with every step.",
        why="The distance grows only where η is above 2 / λ.",
        name="diverges",
    ),
    Option(
        "The distance grows, and $w$ stays on the same side of the minimum.",
        why="For positive η and λ, the factor 1 − ηλ is below 1: where its size is above 1, it is negative.",
        name="leaves",
    ),
)
"""What may become of the distance from the minimum."""


class GdQuadratic(Question):
    """Steps of gradient descent on a sum of squares a(w − c)².

    At level 1 one step is asked, at level 2 each of several, at level 3 where two coordinates of different
    curvature are after many steps, or how many steps bring the weight near the minimum.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 4.3; Boyd & Vandenberghe 2004, Convex
    Optimization, section 9.3; torch.optim.SGD.
    """

    title = "Gradient descent on a quadratic"
    minutes = {1: 2, 2: 5, 3: 5}

    form: str
    """`table` for the gradient and weight of each step, `coordinates` for two weights after the last step,
    `tolerance` for the number of steps."""
    coefficients: tuple[int, ...]
    """The factor a of each square."""
    minimum: tuple[int, ...]
    start: tuple[int, ...]
    rate: float
    steps: int
    """How many are taken; 0 where this is asked."""
    tolerance: float
    """The distance from the minimum that is near enough; 0 where the steps are given."""
    expanded: bool
    """Whether the square is multiplied out."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        rate = rng.choice(RATES if level < 3 else RATES[:-1])
        expanded = level == 1 and rng.random() < 0.5
        steepest = 5 if level < 3 else min(9, math.ceil(1 / rate) - 1)  # beyond this, steps lead away
        if level == 3 and rng.random() < 0.5:
            coefficients = (rng.randint(1, 2), rng.randint(3, steepest))
            minimum, start = zip(*(rng.sample(range(-4, 5), 2) for _ in coefficients), strict=True)
            return cls("coordinates", coefficients, minimum, start, rate, rng.randint(3, 6), 0.0, expanded)
        minimum, start = ((place,) for place in rng.sample(range(-4, 5), 2))
        coefficient = (rng.randint(1, min(5, steepest)),)
        if level == 3:
            tolerance = rng.choice([0.1, 0.01, 0.001])
            return cls("tolerance", coefficient, minimum, start, rate, 0, tolerance, expanded)
        return cls("table", coefficient, minimum, start, rate, {1: 1, 2: 3}[level], 0.0, expanded)

    def flaw(self) -> str | None:
        if self.form not in {"table", "coordinates", "tolerance"}:
            return "form is table, coordinates or tolerance"
        lengths = {len(self.coefficients), len(self.minimum), len(self.start)}
        if lengths != {2 if self.form == "coordinates" else 1}:
            return "coefficients, minimum and start have two numbers for coordinates, and else one"
        if not all(1 <= a <= LARGEST_PARAMETER for a in self.coefficients):
            return f"coefficients go from 1 to {LARGEST_PARAMETER}"
        if not all(abs(place) <= LARGEST_PARAMETER for place in (*self.minimum, *self.start)):
            return f"minimum and start go from -{LARGEST_PARAMETER} to {LARGEST_PARAMETER}"
        if any(w == c for w, c in zip(self.start, self.minimum, strict=True)):
            return "a coordinate starts at the minimum"
        if not 0.001 <= self.rate <= 1 or abs(self.rate - round(self.rate, 3)) > 1e-12:
            return "the rate goes from 0.001 to 1, with three decimals"
        if any(abs(q) < 1e-9 or abs(abs(q) - 1) < 1e-9 or abs(q) > 2 for q in self.factors):
            return "a step ends at the minimum, or as far from it as before, or more than twice as far"
        if not printable([self.tolerance]):
            return "the tolerance has more than four decimals"
        if self.form == "tolerance":
            return self._tolerance_flaw()
        if not 1 <= self.steps <= (4 if self.form == "table" else 10) or self.tolerance:
            return "one to four steps of a table, or to ten of coordinates, are given, and no tolerance"
        if self.form == "coordinates" and math.isclose(*map(abs, self.factors)):
            return "both coordinates approach the minimum equally fast"
        if self.form == "coordinates" and max(map(abs, self.factors)) > 1:
            return "a coordinate leads away from the minimum"
        return None

    def _tolerance_flaw(self) -> str | None:
        if self.steps or not 1e-4 <= self.tolerance <= 0.5 * self.distance:
            return "steps are not given, and the tolerance goes from 0.0001 to half of the distance"
        if abs(self.factors[0]) > 1:
            return "the steps lead away from the minimum"
        if not 2 <= self.exact_steps <= MOST_STEPS:
            return f"less than 2 or more than {MOST_STEPS} steps are needed"
        if abs(self.exact_steps - round(self.exact_steps)) < 1e-3:
            return "a step ends at the very tolerance"
        return None

    @property
    def factors(self) -> tuple[float, ...]:
        """What a step multiplies the distance from the minimum by, in each coordinate."""
        return tuple(1 - 2 * self.rate * a for a in self.coefficients)

    @property
    def distance(self) -> int:
        """How far the first coordinate starts from the minimum."""
        return abs(self.start[0] - self.minimum[0])

    @property
    def exact_steps(self) -> float:
        """The number of steps that end at the very tolerance, or 0 where none is given."""
        return self._steps_by(abs(self.factors[0])) if self.tolerance else 0.0

    def _steps_by(self, factor: float) -> float:
        if not factor < 1:
            raise ValueError("the distance does not shrink")
        return math.log(self.tolerance / self.distance) / math.log(factor)

    @property
    def rows(self) -> tuple[tuple[float, float, float], ...]:
        """Of each step of a table the weight before it, the gradient, and the weight after it."""
        return tuple(self._walk(Given()))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "coordinates":
            own = given("factors", self.factors)
            return {"factors": Vector(self.factors, 3), "weights": Vector(self._closed(own), 4)}
        if self.form == "tolerance":
            factor = abs(self.factors[0])
            steps = math.ceil(self._steps_by(given("factor", factor)))
            return {"factor": Real(factor, 3), "steps": Integer(steps)}
        answers: dict[str, Answer] = {}
        for time, (_, gradient, weight) in enumerate(self._walk(given), 1):
            key: Answer = Integer(round(gradient)) if self.steps == 1 else Real(gradient, 4)
            answers |= {f"g{time}": key, f"w{time}": Real(weight, 2 if self.steps == 1 else 4)}
        return answers

    def _walk(self, given: Given) -> Iterator[tuple[float, float, float]]:
        weight = float(self.start[0])
        for time in range(1, self.steps + 1):
            gradient = 2 * self.coefficients[0] * (weight - self.minimum[0])
            new = weight - self.rate * given(f"g{time}", gradient)
            yield weight, gradient, new
            weight = given(f"w{time}", new)

    def _closed(self, factors: tuple[float, ...], steps: int | None = None) -> tuple[float, ...]:
        """Where steps with these factors end."""
        exponent = self.steps if steps is None else steps
        places = zip(self.minimum, self.start, factors, strict=True)
        return tuple(c + q**exponent * (w - c) for c, w, q in places)

    def _by_factors(self, factors: tuple[float, ...], slope: float = 2) -> MistakeValues:
        """What steps with wrong factors lead to, where the derivative of w² is taken as `slope` times w."""
        if self.form == "coordinates":
            return self.consequences(factors=factors)
        if self.form == "tolerance":
            return self.consequences(factor=abs(factors[0])) if 0 < abs(factors[0]) < 1 else None
        values: dict[str, float] = {}
        for time in range(1, self.steps + 1):
            (before,), (after,) = self._closed(factors, time - 1), self._closed(factors, time)
            gradient = slope * self.coefficients[0] * (before - self.minimum[0])
            values |= {f"g{time}": gradient, f"w{time}": after}
        return values

    @mistake("The step goes against the gradient: subtract it from the weight.")
    def ascent(self) -> MistakeValues:
        return self._by_factors(tuple(1 + 2 * self.rate * a for a in self.coefficients))

    @mistake("The derivative of a square has the factor 2.")
    def forgets_factor_2(self) -> MistakeValues:
        return self._by_factors(tuple(1 - self.rate * a for a in self.coefficients), slope=1)

    @mistake("Each step takes the gradient at the current weight, not the one at the start again.")
    def reuses_initial_gradient(self) -> MistakeValues:
        amounts = zip(self.coefficients, self.start, self.minimum, strict=True)
        changes = [2 * self.rate * a * (w - c) for a, w, c in amounts]
        if self.form == "coordinates":
            return {"weights": tuple(w - self.steps * d for w, d in zip(self.start, changes, strict=True))}
        first = self.rows[0][1] if self.form == "table" else 0.0
        weights = {f"w{time}": self.start[0] - time * changes[0] for time in range(1, self.steps + 1)}
        return weights | {f"g{time}": first for time in range(2, self.steps + 1)}

    @mistake("Multiply the gradient by the learning rate {rate} before it is subtracted.")
    def forgets_rate(self) -> MistakeValues:
        return self._by_factors(tuple(1 - 2 * a for a in self.coefficients))

    @mistake("The inner part of the square is the distance from the minimum, not the weight alone.")
    def minimum_forgotten(self) -> MistakeValues:
        if self.form == "tolerance":
            start = abs(self.start[0])
            return {"steps": self._rounded_up(math.log(self.tolerance / start))} if start else None
        if self.form == "coordinates":
            places = zip(self.start, self.factors, strict=True)
            return {"weights": tuple(w * q**self.steps for w, q in places)}
        values: dict[str, float] = {}
        for time in range(1, self.steps + 1):
            before = self.start[0] * self.factors[0] ** (time - 1)
            values |= {f"g{time}": 2 * self.coefficients[0] * before, f"w{time}": before * self.factors[0]}
        return values

    @mistake("With fewer steps the weight is still too far away: round the number of steps up.")
    def floor_steps(self) -> MistakeValues:
        return {"steps": math.floor(self.exact_steps)} if self.form == "tolerance" else None

    @mistake("The distance is {distance} at the start, so divide the tolerance by it.")
    def distance_of_one(self) -> MistakeValues:
        return {"steps": self._rounded_up(math.log(self.tolerance))} if self.form == "tolerance" else None

    @mistake("The distance shrinks by a factor in each step, not by the same amount.")
    def equal_steps(self) -> MistakeValues:
        if self.form != "tolerance":
            return None
        change = self.distance * (1 - abs(self.factors[0]))
        return {"steps": math.ceil((self.distance - self.tolerance) / change)}

    def _rounded_up(self, logarithm: float) -> int:
        return math.ceil(logarithm / math.log(abs(self.factors[0])))

    @property
    def square(self) -> str:
        """The function as a sum of squares, in LaTeX."""
        names = "uv" if self.form == "coordinates" else "w"
        parts = zip(self.coefficients, names, self.minimum, strict=True)
        return " + ".join(f"{latex_product(a, name, c)}^2" for a, name, c in parts)

    @property
    def function(self) -> str:
        """The function as it is given, in LaTeX."""
        (a, c), square = (self.coefficients[0], self.minimum[0]), self.square
        if not self.expanded or not c:
            return square
        middle = f"{'-' if c > 0 else '+'} {2 * a * abs(c)}w"
        return f"{latex_product(a, 'w', 0)}^2 {middle} + {a * c**2}"

    @property
    def slope(self) -> str:
        """The derivative with respect to w, in LaTeX."""
        return latex_product(2 * self.coefficients[0], "w", self.minimum[0])

    @property
    def curves(self) -> list[dict[str, Any]]:
        """The loss around the steps of a table; of two coordinates the path, and lines of equal loss."""
        if self.form == "coordinates":
            levels = [self._level_line(point) for point in self.path[:2]]
            return [{"points": points} for points in (self.path, *levels)]
        if self.form == "tolerance":
            last = math.ceil(self.exact_steps)
            return [{"points": [(0, self.tolerance), (last, self.tolerance)], "label": self.tolerance}]
        weights = [mark["x"] for mark in self.marks]
        return [{"points": parabola(self.coefficients[0], self.minimum[0], map(float, weights))}]

    @property
    def path(self) -> Points:
        """The two coordinates after each step, or steps with distances from the minimum."""
        if self.form == "tolerance":
            times = range(math.ceil(self.exact_steps) + 1)
            return [(time, self.distance * abs(self.factors[0]) ** time) for time in times]
        places = [self._closed(self.factors, time) for time in range(self.steps + 1)]
        return [(place[0], place[-1]) for place in places]

    @property
    def marks(self) -> Marks:
        """The weights of a table on the parabola."""
        weights = {f"w_{time}": weight for time, (weight, _) in enumerate(self.path)}
        return on_parabola(self.coefficients[0], self.minimum[0], weights)

    def _level_line(self, point: tuple[float, float]) -> Points:
        """The ellipse of equal loss through a point."""
        triples = list(zip(self.coefficients, point, self.minimum, strict=True))
        loss = sum(a * (w - c) ** 2 for a, w, c in triples)
        (x, y), (p, q) = self.minimum, (math.sqrt(loss / a) for a in self.coefficients)
        angles = [math.tau * i / 80 for i in range(81)]
        return [(x + p * math.cos(angle), y + q * math.sin(angle)) for angle in angles]


class StableLearningRate(Question):
    """Learning rates at which gradient descent on a least-squares loss or another quadratic converges.

    At level 1 there is one weight, and the behaviour at a given rate is asked too; at level 2 two singular
    values or curvatures; at level 3 a data matrix, and the rate at which the descent is fastest.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 4.3.1; Nesterov 2018, Lectures on
    Convex Optimization, section 2.1.5.
    """

    title = "Stable learning rates"
    minutes = {1: 3, 2: 5, 3: 8}

    form: str
    """`inputs` of one weight, `singular_values` of the data, `diagonal` of a quadratic, or data `matrix`."""
    matrix: tuple[tuple[int, ...], ...]
    """The rows of the data matrix; in the other forms one row of numbers."""
    scaling: str
    """The factor of the squared errors: `half`, `sum` for 1, `mean` for 1 / number of examples."""
    ridge: int
    """The factor λ of the squared norm of the weights, which is halved where the errors are."""
    rate: float
    """A rate that is judged; 0 where the best one is asked."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        scaling = rng.choice(["half", "sum", "mean"] if level != 2 else ["half", "sum"])
        if level == 3:
            return cls("matrix", _drawn_data(rng), scaling, rng.choice([0, 1, 2, 3]), 0.0)
        if level == 2:
            form = rng.choice(["singular_values", "diagonal"])
            row = tuple(sorted(rng.sample(range(1, 7 if form[0] == "s" else 13), 2), reverse=True))
            unjudged = cls(form, (row,), scaling, 0, 0.0)
            stable = [rate for rate in FRIENDLY_RATES if 0.3 < rate * unjudged.steepest < 2]
            return replace(unjudged, rate=rng.choice(stable))
        inputs = tuple(rng.randint(1, 5) for _ in range(2 if scaling == "mean" else rng.choice([2, 3])))
        unjudged = cls("inputs", (inputs,), scaling, 0, 0.0)
        low, high = rng.choice([(0.1, 1.0), (1.0, 2.0), (2.0, 4.0)])
        return replace(
            unjudged, rate=rng.choice([r for r in FRIENDLY_RATES if low < r * unjudged.steepest < high])
        )

    def flaw(self) -> str | None:
        if self.form not in {"inputs", "singular_values", "diagonal", "matrix"}:
            return "form is inputs, singular_values, diagonal or matrix"
        if flaw := self._matrix_flaw():
            return flaw
        if self.scaling not in {"half", "sum", "mean"} or (self.scaling == "mean" and not self.examples):
            return "scaling is half, sum, or for inputs and a matrix also mean"
        if not 0 <= self.ridge <= 10 or (self.ridge and self.form in {"inputs", "diagonal"}):
            return "ridge goes from 0 to 10, and is 0 for inputs and a diagonal"
        if (self.rate == 0) != (self.form == "matrix") or not 0 <= self.rate <= 4:
            return "the rate goes from 0 to 4, and is 0 only for a matrix"
        if any(abs(self.rate * self.steepest - edge) < 0.05 for edge in (1, 2)):
            return "the rate is too near to an edge"
        if not printable([self.rate]):
            return "the rate has more than four decimals"
        if self.rate and self.rate * self.steepest < 0.05:
            return "the rate is so small that the weights hardly move"
        if self.form != "inputs" and self.rate * self.steepest > 2:
            return "the rate is not stable"
        return None

    def _matrix_flaw(self) -> str | None:
        entries = [entry for row in self.matrix for entry in row]
        if not all(abs(entry) <= LARGEST_PARAMETER for entry in entries):
            return f"entries go up to {LARGEST_PARAMETER}"
        if self.form == "matrix":
            if not 2 <= len(self.matrix) <= 4 or any(len(row) != 2 for row in self.matrix):
                return "a data matrix has two to four rows of two entries"
            if not self.gram[0][1] or any(abs(g - round(g)) > 1e-9 or g < 0.5 for g in self.squares):
                return "the Gram matrix is diagonal, or its eigenvalues are not positive whole numbers"
        elif len(self.matrix) != 1 or not 1 <= len(entries) <= 4 or min(entries) < 1:
            return "one row of one to four positive numbers is given"
        elif self.form != "inputs" and (len(entries) != 2 or entries[0] <= entries[1]):
            return "two different numbers, the larger one first, are given"
        return "the eigenvalues are equal" if len(self.squares) > len({*self.squares}) else None

    @property
    def examples(self) -> int:
        """The number of examples, or 0 where it is unknown."""
        return {"inputs": len(self.matrix[0]), "matrix": len(self.matrix)}.get(self.form, 0)

    @property
    def gram(self) -> tuple[tuple[float, ...], ...]:
        """The data matrix times itself, transposed first."""
        columns = transposed(self.matrix)
        return tuple(tuple(dot(left, right) for right in columns) for left in columns)

    @property
    def squares(self) -> tuple[float, ...]:
        """The eigenvalues of the Gram matrix, that is, squared singular values; the largest one first."""
        row = self.matrix[0]
        if self.form == "matrix":
            (a, b), (_, d) = self.gram
            root = math.sqrt((a - d) ** 2 + 4 * b**2)
            return (a + d + root) / 2, (a + d - root) / 2
        if self.form == "inputs":
            return (dot(row, row),)
        return row if self.form == "diagonal" else tuple(s**2 for s in row)

    @property
    def eigenvalues(self) -> tuple[float, ...]:
        """The eigenvalues of the Hessian matrix, the largest one first."""
        return self._curvatures(self.squares, self.ridge)

    def _curvatures(self, squares: Row, ridge: float) -> tuple[float, ...]:
        factor = {"half": 1, "sum": 2, "mean": 2 / (self.examples or 1)}[self.scaling]
        return tuple(factor * g + (1 if self.scaling == "half" else 2) * ridge for g in squares)

    @property
    def steepest(self) -> float:
        """The largest eigenvalue."""
        return self.eigenvalues[0]

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "inputs":
            bound = Real(2 / given("curvature", self.steepest), 4)
            return {"curvature": Real(self.steepest, 2), "bound": bound, "behaviour": self._behaviour()}
        own = given("eigenvalues", self.eigenvalues)
        high, low = max(own), min(own)
        answers: dict[str, Answer] = {
            "eigenvalues": Vector(self.eigenvalues, 2),
            "bound": Real(2 / high, 4),
        }
        if self.form == "matrix":
            best = 2 / (high + low)
            rate = given("best", best)
            answers["best"] = Real(best, 4)
        else:
            rate = self.rate
        return answers | {"factor": Real(max(abs(1 - rate * high), abs(1 - rate * low)), 4)}

    def _behaviour(self) -> SingleChoice:
        place = 0 if self.rate * self.steepest < 1 else 1 if self.rate * self.steepest < 2 else 2
        return SingleChoice(tuple(replace(o, right=i == place) for i, o in enumerate(BEHAVIOURS)))

    def _with(self, eigenvalues: Row) -> MistakeValues:
        """What follows from other eigenvalues."""
        if self.form == "inputs":
            return self.consequences(curvature=eigenvalues[0])
        return self.consequences(eigenvalues=tuple(eigenvalues))

    @mistake("The steepest direction decides: the bound is 2 divided by the largest eigenvalue.")
    def uses_smin(self) -> MistakeValues:
        return {"bound": 2 / self.eigenvalues[-1]}

    @mistake(
        "The Hessian matrix contains the square of the data: its eigenvalues are squared singular values."
    )
    def forgets_square(self) -> MistakeValues:
        if self.form == "diagonal":
            return None
        return self._with(self._curvatures(tuple(map(math.sqrt, self.squares)), self.ridge))

    @mistake("Mind the factor before the squares: their second derivative has a factor 2 that ½ cancels.")
    def wrong_loss_scaling(self) -> MistakeValues:
        factor = 2 if self.scaling == "half" else 0.5
        return self._with(tuple(factor * value for value in self.eigenvalues))

    @mistake("The squared errors are divided by the number of examples, and so are their second derivatives.")
    def sum_for_mean(self) -> MistakeValues:
        if self.scaling != "mean":
            return None
        return self._with(tuple(2 * g + 2 * self.ridge for g in self.squares))

    @mistake("Each eigenvalue bounds the rate by itself: take the largest one, not their sum.")
    def sum_of_eigenvalues(self) -> MistakeValues:
        return {"bound": 2 / sum(self.eigenvalues)}

    @mistake("The ridge penalty adds its own curvature to every eigenvalue.")
    def ridge_shift_forgotten(self) -> MistakeValues:
        return self._with(self._curvatures(self.squares, 0)) if self.ridge else None

    @mistake("At 1 / λ the step ends at the minimum; steps up to twice as long still come nearer to it.")
    def stops_at_one(self) -> MistakeValues:
        return {"bound": 1 / self.steepest}

    @mistake("The diagonal entries are eigenvalues only where the other entries are zero.")
    def diagonal_for_eigenvalues(self) -> MistakeValues:
        if self.form != "matrix":
            return None
        diagonal = sorted((row[place] for place, row in enumerate(self.gram)), reverse=True)
        return self._with(self._curvatures(diagonal, self.ridge))

    @mistake("This rate suits the steepest direction only; the best one balances it with the flattest.")
    def best_for_steepest(self) -> MistakeValues:
        return self.consequences(best=1 / self.steepest) if self.form == "matrix" else None

    @mistake("The slowest direction decides how fast the descent is: take the factor nearest to 1 in size.")
    def fastest_direction(self) -> MistakeValues:
        if self.form in {"inputs", "matrix"}:
            return None
        return {"factor": min(abs(1 - self.rate * value) for value in self.eigenvalues)}

    @property
    def loss(self) -> str:
        """The loss in LaTeX."""
        factor = {"half": r"\tfrac{1}{2} ", "sum": "", "mean": rf"\tfrac{{1}}{{{self.examples}}} "}[
            self.scaling
        ]
        if self.form == "diagonal":
            squares = " + ".join(
                f"{a if a > 1 else ''}w_{place}^2" for place, a in enumerate(self.matrix[0], 1)
            )
            return f"{factor}({squares})" if factor else squares
        if self.form == "inputs":
            return factor + r"\sum_i (w x_i - y_i)^2"
        penalty = "" if self.ridge == 1 else self.ridge
        penalty = rf" + {factor if self.scaling == 'half' else ''}{penalty}\|w\|^2" if self.ridge else ""
        return rf"{factor}\|Xw - y\|^2{penalty}"

    @property
    def factor_text(self) -> str:
        """What the squares are multiplied by in the second derivative, in LaTeX."""
        return {"half": "", "sum": "2", "mean": rf"\tfrac{{2}}{{{self.examples}}}"}[self.scaling]

    @property
    def second(self) -> str:
        """The second derivative in LaTeX."""
        if self.form == "inputs":
            return rf"{self.factor_text}\sum_i x_i^2"
        if self.form == "diagonal":
            entries = ",\\; ".join(f"{value:g}" for value in self.eigenvalues)
            return rf"\operatorname{{diag}}({entries})"
        ridge = f" + {self.ridge * (1 if self.scaling == 'half' else 2)}I" if self.ridge else ""
        return rf"{self.factor_text}X^\top X{ridge}"

    @property
    def path(self) -> Points:
        """Of one weight, steps with the distance from the minimum as a share of that at the start."""
        return [(float(time), (1 - self.rate * self.steepest) ** time) for time in range(7)]

    @property
    def factor_curves(self) -> list[dict[str, Any]]:
        """The size of the factor of each direction, up to beyond the stable rates."""
        rates = sorted({place * 2.4 / self.steepest / 40 for place in range(41)} | {1 / self.steepest})
        return [
            {"points": [(rate, abs(1 - rate * value)) for rate in rates], "label": rf"\lambda_{place}"}
            for place, value in enumerate(self.eigenvalues, 1)
        ]

    @property
    def marked_rates(self) -> list[dict[str, float | str]]:
        """The bound, and the rate that is judged or best, with the factor of the slowest direction."""
        rates = {r"\eta_{\max}": 2 / self.steepest}
        if self.form == "matrix":
            rates[r"\eta^*"] = 2 / (self.eigenvalues[0] + self.eigenvalues[1])
        else:
            rates[r"\eta"] = self.rate
        return [
            {"x": rate, "y": max(abs(1 - rate * value) for value in self.eigenvalues), "label": name}
            for name, rate in rates.items()
        ]


def _drawn_data(rng: Random) -> tuple[tuple[int, ...], ...]:
    """A small data matrix whose Gram matrix has different positive whole eigenvalues."""
    while True:
        rows = tuple((rng.randint(-2, 3), rng.randint(-2, 3)) for _ in range(rng.choice([2, 3])))
        if not StableLearningRate("matrix", rows, "sum", 0, 0.0).flaw():
            return rows
