"""Derivatives with respect to a matrix."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, bounded, dot, matmul, transposed

Entries = tuple[tuple[int, ...], ...]
Rows = tuple[tuple[float, ...], ...]
LEVELS = {
    1: ("bilinear", "bilinear_transposed", "squares"),
    2: ("gram", "trace"),
    3: ("weighted_gram", "affine", "entry"),
}
"""The forms of each level."""
FORMS = tuple(form for forms in LEVELS.values() for form in forms)
LARGEST = 20


class MatrixDerivative(Question):
    """The derivative of a scalar with respect to a matrix, or of a matrix with respect to one entry.

    At level 1 the scalar is linear in the matrix or its squared norm, at level 2 a quadratic form or a trace;
    at level 3 another matrix stands in the middle, the matrix maps affinely, or a product is differentiated
    by one entry.

    Source: Petersen & Pedersen 2012, The matrix cookbook, equations 70, 71, 77, 78, 80, 81, 82, 100 and 115.
    """

    title = "Derivative by a matrix"
    minutes = {1: 2, 2: 4, 3: 6}

    form: str
    X: Entries
    A: Entries
    """The other matrix; empty where there is none."""
    a: tuple[int, ...]
    """The vector on the left; empty where there is none."""
    b: tuple[int, ...]
    """The vector on the right, or the offset of an affine map."""
    place: tuple[int, int]
    """Row and column of the entry that is varied, from 1."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        form = rng.choice(LEVELS[level])
        columns = 3 if level == 1 and rng.random() < 0.5 else 2
        X, A = _drawn(rng, 2, columns), _drawn(rng, 2, 2)
        left, right = _vector(rng, 2), _vector(rng, columns)
        if form == "bilinear_transposed":
            left, right = right, left
        vectors = ((), ()) if form in {"squares", "trace", "entry"} else (left, right)
        matrix = A if form in {"trace", "weighted_gram", "affine", "entry"} else ()
        place = (rng.randint(1, 2), rng.randint(1, 2)) if form == "entry" else (1, 1)
        return cls(form, X, matrix, *vectors, place)

    def flaw(self) -> str | None:
        if self.form not in FORMS:
            return f"form is one of {', '.join(FORMS)}"
        if (
            not 1 <= len(self.X) <= 3
            or len({len(row) for row in self.X}) != 1
            or not 1 <= len(self.X[0]) <= 3
        ):
            return "X has one to three rows and columns"
        rows, columns = len(self.X), len(self.X[0])
        left, right, square = {
            "bilinear": (rows, columns, 0),
            "bilinear_transposed": (columns, rows, 0),
            "squares": (0, 0, 0),
            "gram": (columns, columns, 0),
            "trace": (0, 0, columns),
            "weighted_gram": (columns, columns, rows),
            "affine": (columns, rows, rows),
            "entry": (0, 0, rows),
        }[self.form]
        width = rows if self.form == "trace" else square
        if (len(self.a), len(self.b)) != (left, right) or [len(row) for row in self.A] != [width] * square:
            return "a vector or matrix does not fit X"
        numbers = (*sum(self.X, ()), *sum(self.A, ()), *self.a, *self.b)
        if not bounded(numbers, LARGEST):
            return f"an entry is larger than {LARGEST}"
        if not (1 <= self.place[0] <= rows and 1 <= self.place[1] <= columns):
            return "X has no such entry"
        if self.A and transposed(self.A) == self.A:
            return "the matrix in the middle is symmetric, which hides a transposition"
        return None if any(map(any, self.gradient)) else "the derivative is zero"

    @property
    def mapped(self) -> tuple[float, ...]:
        """Xa + b of the affine form."""
        if self.form != "affine":
            return ()
        return tuple(dot(row, self.a) + offset for row, offset in zip(self.X, self.b, strict=True))

    @property
    def gradient(self) -> Rows:
        """The derivative."""
        return self._gradient(self.mapped)

    @property
    def terms(self) -> tuple[Rows, ...]:
        """The two terms of the product rule where A stands in the middle; of the affine form A + Aᵀ."""
        if self.form == "weighted_gram":
            first = _outer(_applied(transposed(self.A), _applied(self.X, self.a)), self.b)
            return first, _outer(_applied(self.A, _applied(self.X, self.b)), self.a)
        if self.form == "entry":
            unit = self._unit(self.place)
            first = matmul(matmul(transposed(unit), self.A), self.X)
            return first, matmul(matmul(transposed(self.X), self.A), unit)
        return (_added(self.A, transposed(self.A)),) if self.form == "affine" else ()

    @property
    def value(self) -> int:
        """Of the scalar."""
        X, a, b = self.X, self.a, self.b
        if self.form == "trace":
            return int(sum(dot(row, column) for row, column in zip(self.A, transposed(X), strict=True)))
        if self.form == "squares":
            return int(sum(dot(row, row) for row in X))
        if self.form == "gram":
            return int(dot(_applied(X, a), _applied(X, b)))
        if self.form == "weighted_gram":
            return int(dot(_applied(X, a), _applied(self.A, _applied(X, b))))
        if self.form == "affine":
            return int(dot(self.mapped, _applied(self.A, self.mapped)))
        if self.form == "entry":
            return 0
        return int(dot(a, _applied(X, b)) if self.form == "bilinear" else dot(b, _applied(X, a)))

    def _gradient(self, mapped: Row) -> Rows:
        X, A, a, b = self.X, self.A, self.a, self.b
        if self.form == "bilinear":
            return _outer(a, b)
        if self.form == "bilinear_transposed":
            return _outer(b, a)
        if self.form == "squares":
            return _added(X, X)
        if self.form == "trace":
            return transposed(A)
        if self.form == "gram":
            return matmul(X, _added(_outer(a, b), _outer(b, a)))
        if self.form == "weighted_gram":
            first = _outer(_applied(transposed(A), _applied(X, a)), b)
            return _added(first, _outer(_applied(A, _applied(X, b)), a))
        if self.form == "affine":
            return _outer(_applied(_added(A, transposed(A)), mapped), a)
        return self._by_entry(self.place[::-1])

    def _by_entry(self, first: tuple[int, int]) -> Rows:
        """The two terms of the product rule, the second with its single one at another place."""
        unit, other = self._unit(self.place), transposed(self._unit(first[::-1]))
        left = matmul(matmul(transposed(self.X), self.A), unit)
        return _added(left, matmul(matmul(other, self.A), self.X))

    def _unit(self, place: tuple[int, int]) -> Rows:
        """The matrix of X's size with a single one."""
        rows, columns = range(1, len(self.X) + 1), range(1, len(self.X[0]) + 1)
        return tuple(tuple(int((i, j) == place) for j in columns) for i in rows)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "entry":
            return {"gradient": Matrix(self.gradient)}
        if self.form != "affine":
            return {"value": Integer(self.value), "gradient": Matrix(self.gradient)}
        mapped = given("mapped", self.mapped)
        value = dot(mapped, _applied(self.A, mapped))
        return {
            "mapped": Vector(self.mapped),
            "value": Integer(int(value)),
            "gradient": Matrix(self._gradient(mapped)),
        }

    def _wrong(self, gradient: Rows) -> MistakeValues:
        return {"gradient": gradient}

    @mistake(
        "The derivative has the shape of X: its entry in row i, column j belongs to the entry of X there."
    )
    def transposes_the_derivative(self) -> MistakeValues:
        rows = transposed(self.gradient)
        hidden = self.form in {"trace", "entry"} or len(rows) != len(self.X)
        return None if hidden else self._wrong(rows)

    @mistake("Each entry is squared, which brings a factor 2.")
    def forgets_the_two(self) -> MistakeValues:
        return self._wrong(self.X) if self.form == "squares" else None

    @mistake("X occurs twice: differentiate by each of them and add both terms.")
    def differentiates_one_factor(self) -> MistakeValues:
        if self.form == "gram":
            return self._wrong(matmul(self.X, _outer(self.a, self.b)))
        if self.form == "weighted_gram":
            return self._wrong(_outer(_applied(self.A, _applied(self.X, self.b)), self.a))
        if self.form == "affine":
            return self._wrong(_outer(_applied(self.A, self.mapped), self.a))
        if self.form == "entry":
            left = matmul(transposed(self.X), self.A)
            return self._wrong(matmul(left, self._unit(self.place)))
        return None

    @mistake("The matrix in the middle is not symmetric: one of the terms has its transpose.")
    def takes_the_middle_as_symmetric(self) -> MistakeValues:
        if self.form == "weighted_gram":
            both = _added(_outer(self.a, self.b), _outer(self.b, self.a))
            return self._wrong(matmul(matmul(self.A, self.X), both))
        if self.form == "affine":
            return self._wrong(_outer(tuple(2 * v for v in _applied(self.A, self.mapped)), self.a))
        return None

    @mistake("The outer products are multiplied from the right: X comes first.")
    def swaps_the_order(self) -> MistakeValues:
        if self.form != "gram" or len(self.X) != len(self.X[0]):
            return None
        return self._wrong(matmul(_added(_outer(self.a, self.b), _outer(self.b, self.a)), self.X))

    @mistake("The entry of A that meets an entry of X in the trace stands at the transposed place.")
    def does_not_transpose_a(self) -> MistakeValues:
        return self._wrong(self.A) if self.form == "trace" and len(self.A) == len(self.A[0]) else None

    @mistake(
        "The transposed factor varies at the transposed place: its single one stands in row j, column i."
    )
    def varies_the_same_place_twice(self) -> MistakeValues:
        if self.form != "entry" or len(self.X) != len(self.X[0]):
            return None
        return self._wrong(self._by_entry(self.place))

    @mistake("The map has an offset: the gradient takes Xa + b, not only Xa.")
    def forgets_the_offset(self) -> MistakeValues:
        if self.form != "affine":
            return None
        return self.consequences(mapped=replace(self, b=(0,) * len(self.b)).mapped)


def _drawn(rng: Random, rows: int, columns: int) -> Entries:
    return tuple(tuple(rng.randint(-2, 3) for _ in range(columns)) for _ in range(rows))


def _vector(rng: Random, size: int) -> tuple[int, ...]:
    return tuple(rng.choice([-2, -1, 1, 2, 3]) for _ in range(size))


def _outer(left: Row, right: Row) -> Rows:
    return tuple(tuple(x * y for y in right) for x in left)


def _added(left: Rows, right: Rows) -> Rows:
    return tuple(tuple(x + y for x, y in zip(*rows, strict=True)) for rows in zip(left, right, strict=True))


def _applied(matrix: Rows, vector: Row) -> tuple[float, ...]:
    return tuple(dot(row, vector) for row in matrix)
