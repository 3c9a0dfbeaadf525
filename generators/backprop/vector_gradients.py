"""Gradients with respect to a vector."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Self

from ...answers import Answer, Integer, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, bounded, dot, transposed

Entries = tuple[tuple[int, ...], ...]
SHAPES = {
    "linear": (0, 1),
    "norm": (0, 0),
    "symmetric": (1, 0),
    "quadratic": (1, 0),
    "least_squares": (1, 1),
    "composite": (1, 1),
    "bilinear": (3, 2),
}
"""For each form how many matrices and vectors it has beside x."""
LEVELS = {1: ("linear", "norm", "symmetric"), 2: ("quadratic", "least_squares"), 3: ("composite", "bilinear")}
LARGEST = 20


class VectorGradient(Question):
    """The gradient of a scalar function of a vector, at a point.

    At level 1 a linear function, a squared length or a symmetric quadratic form, at level 2 a quadratic form
    that is not symmetric or a sum of squared residuals; at level 3 a function of Ax, or two affine maps.

    Source: Petersen & Pedersen 2012, The matrix cookbook, equations 69, 81, 84, 131 and 132.
    """

    title = "Gradient by a vector"
    minutes = {1: 2, 2: 3, 3: 6}

    form: str
    x: tuple[int, ...]
    matrices: tuple[Entries, ...]
    """A; of the two affine maps B, C and D."""
    vectors: tuple[tuple[int, ...], ...]
    """b; of two affine maps b and d; of a function of a product its coefficients of u₁², u₁u₂ and u₂²."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        form = rng.choice(LEVELS[level])
        size = 3 if level == 1 and form != "symmetric" else 2
        matrices, vectors = SHAPES[form]
        drawn = [_drawn(rng) for _ in range(matrices)]
        if form == "symmetric":
            (p, q), (_, r) = drawn[0]
            drawn = [((p, q), (q, r))]
        offsets = tuple(_vector(rng, size) for _ in range(vectors))
        if form == "composite":
            offsets = (tuple(rng.choice([-3, -2, 2, 3]) for _ in range(3)),)
        return cls(form, _vector(rng, size), tuple(drawn), offsets)

    def flaw(self) -> str | None:
        if self.form not in SHAPES:
            return f"form is one of {', '.join(SHAPES)}"
        if (len(self.matrices), len(self.vectors)) != SHAPES[self.form] or not 1 <= len(self.x) <= 4:
            return "the form has other matrices and vectors, or x has not one to four entries"
        size = len(self.x)
        if any(len(m) != size or {*map(len, m)} != {size} for m in self.matrices):
            return "the matrices have as many rows and columns as x entries"
        lengths = {3} if self.form == "composite" else {size}
        if any(len(v) not in lengths for v in self.vectors) or (self.form == "composite" and size != 2):
            return "a vector does not fit x"
        numbers = (*self.x, *sum(self.vectors, ()), *(n for m in self.matrices for row in m for n in row))
        if not bounded(numbers, LARGEST):
            return f"an entry is larger than {LARGEST}"
        if self.form == "symmetric" and transposed(self.matrices[0]) != self.matrices[0]:
            return "the matrix is not symmetric"
        if self.form == "symmetric" and not any(n for k, row in enumerate(self.first) for n in row[:k]):
            return "the matrix is diagonal"
        if self.form == "composite" and 0 in self.vectors[0]:
            return "a term of the outer function is missing"
        middle = {"quadratic": 0, "least_squares": 0, "composite": 0, "bilinear": 1}.get(self.form)
        if middle is not None and transposed(self.matrices[middle]) == self.matrices[middle]:
            return "the matrix is symmetric, which hides a transposition"
        return None if any(self.gradient) else "the gradient is zero"

    @property
    def first(self) -> Entries:
        """The only matrix, or the first of three."""
        return self.matrices[0] if self.matrices else ()

    @property
    def inner(self) -> tuple[float, ...]:
        """Ax − b of the residuals, Ax of the function of a product, Bx + b of the affine maps."""
        if self.form == "least_squares":
            return tuple(y - t for y, t in zip(_applied(self.first, self.x), self.vectors[0], strict=True))
        if self.form == "composite":
            return _applied(self.first, self.x)
        if self.form == "bilinear":
            return tuple(y + t for y, t in zip(_applied(self.first, self.x), self.vectors[0], strict=True))
        return ()

    @property
    def right(self) -> tuple[float, ...]:
        """Dx + d of the affine maps."""
        if self.form != "bilinear":
            return ()
        return tuple(y + t for y, t in zip(_applied(self.matrices[2], self.x), self.vectors[1], strict=True))

    @property
    def outer(self) -> tuple[float, ...]:
        """The gradient of the function of a product by that product."""
        return self._outer(self.inner) if self.form == "composite" else ()

    @property
    def terms(self) -> tuple[tuple[float, ...], ...]:
        """The two parts of the gradient of the affine maps, or of a quadratic form."""
        if self.form == "bilinear":
            return self._bilinear_terms(self.inner, self.right)
        if self.form == "quadratic":
            return _applied(self.first, self.x), _applied(transposed(self.first), self.x)
        return ()

    @property
    def gradient(self) -> tuple[float, ...]:
        """At the point."""
        return self._gradient(self.inner, self.right, self.outer)

    def _outer(self, u: Row) -> tuple[float, ...]:
        p, q, r = self.vectors[0]
        return 2 * p * u[0] + q * u[1], q * u[0] + 2 * r * u[1]

    def _bilinear_terms(self, left: Row, right: Row) -> tuple[tuple[float, ...], ...]:
        B, C, D = self.matrices
        first = _applied(transposed(B), _applied(C, right))
        return first, _applied(transposed(D), _applied(transposed(C), left))

    def _gradient(self, inner: Row, right: Row, outer: Row) -> tuple[float, ...]:
        if self.form == "linear":
            return self.vectors[0]
        if self.form == "norm":
            return tuple(2 * entry for entry in self.x)
        if self.form in {"symmetric", "quadratic"}:
            return _summed(_applied(self.first, self.x), _applied(transposed(self.first), self.x))
        if self.form == "least_squares":
            return tuple(2 * g for g in _applied(transposed(self.first), inner))
        if self.form == "composite":
            return _applied(transposed(self.first), outer)
        return _summed(*self._bilinear_terms(inner, right))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form in {"linear", "norm", "symmetric", "quadratic"}:
            met = {"linear": self.vectors[0] if self.vectors else (), "norm": self.x}
            value = dot(self.x, met[self.form] if self.form in met else _applied(self.first, self.x))
            return {"value": Integer(int(value)), "gradient": Vector(self.gradient)}
        keys: dict[str, Answer] = {"inner": Vector(self.inner)}
        inner = given("inner", self.inner)
        if self.form == "least_squares":
            keys["value"] = Integer(int(dot(inner, inner)))
            return keys | {"gradient": Vector(self._gradient(inner, (), ()))}
        if self.form == "composite":
            keys["outer"] = Vector(self._outer(inner))
            outer = given("outer", self._outer(inner))
            return keys | {"gradient": Vector(self._gradient(inner, (), outer))}
        keys["right"] = Vector(self.right)
        right = given("right", self.right)
        keys["value"] = Integer(int(dot(inner, _applied(self.matrices[1], right))))
        return keys | {"gradient": Vector(self._gradient(inner, right, ()))}

    @mistake("Each square, and each product that occurs twice, brings a factor 2.")
    def forgets_the_two(self) -> MistakeValues:
        if self.form == "norm":
            return {"gradient": self.x}
        if self.form == "least_squares":
            return {"gradient": _applied(transposed(self.first), self.inner)}
        return {"gradient": _applied(self.first, self.x)} if self.form == "symmetric" else None

    @mistake("2Ax holds only for a symmetric matrix: in general the gradient is (A + Aᵀ)x.")
    def takes_the_matrix_as_symmetric(self) -> MistakeValues:
        if self.form != "quadratic":
            return None
        return {"gradient": tuple(2 * entry for entry in _applied(self.first, self.x))}

    @mistake("x occurs twice: both terms of the product rule are added.")
    def differentiates_one_factor(self) -> MistakeValues:
        return {"gradient": self.terms[0]} if self.terms else None

    @mistake("x occurs twice, and the transpose is only one of the two terms.")
    def differentiates_the_other_factor(self) -> MistakeValues:
        return {"gradient": self.terms[1]} if self.terms else None

    @mistake("The chain rule multiplies by the transposed matrix from the left.")
    def forgets_the_transpose(self) -> MistakeValues:
        if self.form == "least_squares":
            return {"gradient": tuple(2 * g for g in _applied(self.first, self.inner))}
        if self.form == "composite":
            return {"gradient": _applied(self.first, self.outer)}
        if self.form != "bilinear":
            return None
        B, C, D = self.matrices
        return {
            "gradient": _summed(_applied(B, _applied(C, self.right)), _applied(D, _applied(C, self.inner)))
        }

    @mistake("The inner function u = Ax has a derivative of its own: multiply by Aᵀ.")
    def forgets_the_inner_derivative(self) -> MistakeValues:
        return {"gradient": self.outer} if self.form == "composite" else None

    @mistake("The targets are subtracted before the residuals are squared.")
    def forgets_the_targets(self) -> MistakeValues:
        if self.form != "least_squares":
            return None
        return self.consequences(inner=_applied(self.first, self.x))

    @mistake("The gradient of bᵀx is b, whatever x is.")
    def multiplies_by_the_point(self) -> MistakeValues:
        if self.form != "linear":
            return None
        return {"gradient": tuple(b * x for b, x in zip(self.vectors[0], self.x, strict=True))}

    @mistake("The maps have offsets, which belong to the vectors that meet in the middle.")
    def forgets_the_offsets(self) -> MistakeValues:
        if self.form != "bilinear":
            return None
        B, _, D = self.matrices
        return self.consequences(inner=_applied(B, self.x), right=_applied(D, self.x))


def _drawn(rng: Random) -> Entries:
    return tuple(tuple(rng.randint(-2, 3) for _ in range(2)) for _ in range(2))


def _vector(rng: Random, size: int) -> tuple[int, ...]:
    return tuple(rng.choice([-3, -2, -1, 1, 2, 3]) for _ in range(size))


def _applied(matrix: Sequence[Row], vector: Row) -> tuple[float, ...]:
    return tuple(dot(row, vector) for row in matrix)


def _summed(left: Row, right: Row) -> tuple[float, ...]:
    return tuple(x + y for x, y in zip(left, right, strict=True))
