"""Second derivatives: curvature, and steps of Newton's method."""

from __future__ import annotations

import math
from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix, Option, Real, SingleChoice, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import bounded, determinant, matmul, solved

FORMS = ("power", "quadratic", "polynomial")
LARGEST = 20
KINDS = (
    Option("a minimum", why="All eigenvalues of the Hessian matrix are positive.", name="minimum"),
    Option("a maximum", why="All eigenvalues of the Hessian matrix are negative.", name="maximum"),
    Option("a saddle point", why="The eigenvalues of the Hessian matrix have both signs.", name="saddle"),
)


class HessianNewton(Question):
    """Second derivatives of a function, and a step of Newton's method.

    At level 1 a power of one variable, at level 2 a convex quadratic of two, where one step reaches the
    minimum; at level 3 a quadratic of any kind with the point that the step finds, or two steps on a
    polynomial.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, sections 4.3.1 and 8.6.1, equation 8.27;
    Nocedal & Wright 2006, Numerical Optimization, section 3.3.
    """

    title = "Hessian and Newton's method"
    minutes = {1: 2, 2: 5, 3: 6}

    form: str
    """`power`, `quadratic` or `polynomial`."""
    coefficients: tuple[int, ...]
    """Of a power factor and exponent; or of x², xy, y², x and y; or of a polynomial, the constant first."""
    start: tuple[int, ...]
    asks_kind: bool
    """Whether the kind of the stationary point is asked."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            factor, power = rng.choice([1, 2, 3, -1, -2]), rng.choice([3, 4, 5])
            return cls("power", (factor, power), (rng.choice([-3, -2, -1, 1, 2, 3]),), asks_kind=False)
        if level == 3 and rng.random() < 0.5:
            cubic = (rng.randint(-3, 3), rng.randint(-6, 6), rng.randint(-3, 3), rng.choice([-2, -1, 1, 2]))
            quartic = (rng.choice([0, 0, 1]),)
            return cls("polynomial", (*cubic, *quartic), (rng.choice([-2, -1, 0, 1, 2]),), asks_kind=False)
        low = 1 if level == 2 else -3
        squares = [rng.choice([n for n in range(low, 4) if n]) for _ in range(2)]
        mixed = rng.choice([-3, -2, -1, 1, 2, 3])
        linear = rng.randint(-6, 6), rng.randint(-6, 6)
        start = rng.randint(-3, 3), rng.randint(-3, 3)
        return cls("quadratic", (squares[0], mixed, squares[1], *linear), start, asks_kind=level == 3)

    def flaw(self) -> str | None:
        if self.form not in FORMS or not bounded((*self.coefficients, *self.start), LARGEST):
            return f"form is one of {', '.join(FORMS)}, and no number is larger than {LARGEST}"
        if self.asks_kind and self.form != "quadratic":
            return "the kind of a point is asked only of a quadratic"
        shape = len(self.coefficients), len(self.start)
        if self.form == "power":
            if (
                shape != (2, 1)
                or not 2 <= self.coefficients[1] <= 6
                or 0 in (*self.coefficients, *self.start)
            ):
                return "a factor, a power from 2 to 6 and a start, none of them zero, are given"
            return None
        if self.form == "polynomial":
            if not 4 <= shape[0] <= 5 or shape[1] != 1:
                return "four or five coefficients and a start are given"
            return self._flaw_of_steps()
        if shape != (5, 2):
            return "five coefficients and a start of two numbers are given"
        if not 1 <= abs(self.determinant) <= 40:
            return "the Hessian matrix is singular, or its determinant is large"
        if not self.asks_kind and not (self.determinant > 0 and self.coefficients[0] > 0):
            return "the function is not convex"
        return "the start is the stationary point already" if not any(self.gradient) else None

    def _flaw_of_steps(self) -> str | None:
        x: float = self.start[0]
        for _ in range(2):
            first, second = self._derivatives(x)
            if abs(second) < 0.5:
                return "the second derivative is nearly zero"
            if abs(first) < 1e-6:
                return "a step starts at a stationary point"
            x -= first / second
        return None if abs(x) < 20 else "the steps lead far away"

    @property
    def hessian(self) -> tuple[tuple[int, ...], ...]:
        """Of the quadratic; empty for functions of one variable."""
        if self.form != "quadratic":
            return ()
        a, b, c, *_ = self.coefficients
        return (2 * a, b), (b, 2 * c)

    @property
    def determinant(self) -> int:
        """Of the Hessian matrix of the quadratic."""
        return int(determinant(self.hessian))

    @property
    def gradient(self) -> tuple[float, ...]:
        """At the start."""
        if self.form != "quadratic":
            return (self._derivatives(self.start[0])[0],)
        *_, d, e = self.coefficients
        x, y = self.start
        (h11, h12), (h21, h22) = self.hessian
        return h11 * x + h12 * y + d, h21 * x + h22 * y + e

    @property
    def step(self) -> tuple[float, ...]:
        """Of the quadratic: the inverse Hessian matrix times the gradient."""
        return solved(self.hessian, self.gradient) if self.hessian else ()

    @property
    def second_steps(self) -> list[tuple[float, float, float]]:
        """Of the functions of one variable: place, first and second derivative before each step."""
        if self.form == "quadratic":
            return []
        places: list[tuple[float, float, float]] = []
        x: float = self.start[0]
        for _ in range(1 if self.form == "power" else 2):
            first, second = self._derivatives(x)
            places.append((x, first, second))
            x -= first / second
        return places

    def _derivatives(self, x: float) -> tuple[float, float]:
        """First and second derivative of a function of one variable."""
        if self.form == "power":
            factor, n = self.coefficients
            return factor * n * x ** (n - 1), factor * n * (n - 1) * x ** (n - 2)
        terms = list(enumerate(self.coefficients))
        first = sum(n * c * x ** (n - 1) for n, c in terms if n)
        return first, sum(n * (n - 1) * c * x ** (n - 2) for n, c in terms if n > 1)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "quadratic":
            return self._quadratic(given)
        keys: dict[str, Answer] = {}
        x: float = self.start[0]
        for number in range(1, 1 + len(self.second_steps)):
            derivatives = self._derivatives(x)
            names = f"first_{number}", f"second_{number}"
            keys |= {name: _scalar(value) for name, value in zip(names, derivatives, strict=True)}
            first, second = (given(name, value) for name, value in zip(names, derivatives, strict=True))
            keys[f"x_{number}"] = Real(x - first / second, 4)
            x = given(f"x_{number}", x - first / second)
        return keys

    def _quadratic(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {"gradient": Vector(self.gradient), "hessian": Matrix(self.hessian)}
        step = solved(given("hessian", self.hessian), given("gradient", self.gradient))
        keys["new"] = Vector(tuple(x - part for x, part in zip(self.start, step, strict=True)), 4)
        if not self.asks_kind:
            return keys
        place = 2 if self.determinant < 0 else 0 if self.coefficients[0] > 0 else 1
        options = tuple(
            Option(option.text, number == place, option.why, option.name)
            for number, option in enumerate(KINDS)
        )
        return keys | {"kind": SingleChoice(options)}

    def _moved(self, step: tuple[float, ...]) -> MistakeValues:
        """The new point after another step."""
        new = tuple(x - part for x, part in zip(self.start, step, strict=True))
        if self.form == "quadratic":
            return {"new": new}
        return self._following(x_1=new[0])

    def _following(self, **wrong: float) -> MistakeValues:
        """What follows from wrong values, or these alone where no step can be made from them."""
        try:
            return self.consequences(**wrong)
        except ZeroDivisionError:
            return wrong

    @mistake("This is a step of gradient descent with rate 1: Newton divides by the second derivative.")
    def descends_the_gradient(self) -> MistakeValues:
        return self._moved(self.gradient)

    @mistake("The step divides by the second derivative: the Hessian matrix is inverted, not applied.")
    def multiplies_by_the_hessian(self) -> MistakeValues:
        if self.form != "quadratic":
            first, second = self._derivatives(self.start[0])
            return self._moved((first * second,))
        return self._moved(tuple(row[0] for row in matmul(self.hessian, [(g,) for g in self.gradient])))

    @mistake("The step is subtracted.")
    def adds_the_step(self) -> MistakeValues:
        if self.form != "quadratic":
            first, second = self._derivatives(self.start[0])
            return self._moved((-first / second,))
        return self._moved(tuple(-part for part in self.step))

    @mistake("Both mixed derivatives equal the coefficient of xy: it is not halved.")
    def halves_the_mixed_derivative(self) -> MistakeValues:
        if self.form != "quadratic" or self.hessian[0][1] % 2:
            return None
        (h11, h12), (_, h22) = self.hessian
        wrong = ((h11, h12 // 2), (h12 // 2, h22))
        return self.consequences(hessian=wrong) if determinant(wrong) else None

    @mistake("The second derivative of a square is twice its coefficient.")
    def forgets_the_two_of_squares(self) -> MistakeValues:
        if self.form != "quadratic":
            return None
        (h11, h12), (h21, h22) = self.hessian
        wrong = ((h11 // 2, h12), (h21, h22 // 2))
        return self.consequences(hessian=wrong) if determinant(wrong) else None

    @mistake("Differentiate once more: the first derivative stands here.")
    def repeats_the_first_derivative(self) -> MistakeValues:
        return self._following(second_1=self.gradient[0]) if self.form != "quadratic" else None

    @mistake("The second step starts where the first one ended, with the derivatives there.")
    def keeps_the_derivatives(self) -> MistakeValues:
        if self.form != "polynomial":
            return None
        first, second = self._derivatives(self.start[0])
        x = self.start[0] - 2 * first / second
        return {"first_2": first, "second_2": second, "x_2": x} if math.isfinite(x) else None


def _scalar(value: float) -> Answer:
    """At a whole number the derivatives are whole too."""
    return Integer(value) if isinstance(value, int) else Real(value, 4)
