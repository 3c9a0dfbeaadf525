"""Eigenvalues: of 2×2 matrices, as signs of a quadratic form, and as squared singular values."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random
from typing import Self

from ...answers import Answer, Matrix, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, determinant, eigenvalues

LARGEST_ENTRY = 60
LARGEST_POWER = 6
LARGEST_RESULT = 1000
SQUARES = tuple(root**2 for root in range(1, 8))
ROTATIONS = ((1, 1), (1, 2), (2, 1))
"""Directions of eigenvectors."""
Rows = Sequence[Row]


class Eigen_2x2(Question):  # noqa: N801  # so that its name keeps 2x2 together
    """Eigenvalues of a 2×2 matrix, and what follows from them.

    At level 1 the matrix is symmetric or triangular, at level 2 eigenvectors are asked as well, at level 3 a
    power of the matrix, its symmetric square root, or a pair of complex eigenvalues.

    Source: Strang 2016, Introduction to Linear Algebra, sections 6.1, 6.2 and 6.4; numpy.linalg.eig.
    """

    title = "Eigenvalues of a 2×2 matrix"
    minutes = {1: 2, 2: 4, 3: 6}

    form: str
    """`eigenvalues`, `eigenvectors`, `power`, `root` or `complex`."""
    matrix: tuple[tuple[int, ...], ...]
    power: int
    """The exponent of the form `power`, and else 0."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        forms = {1: ["eigenvalues"], 2: ["eigenvectors"], 3: ["power", "power", "root", "complex"]}
        form = rng.choice(forms[level])
        if form == "root":
            return cls(form, _drawn_square(rng), 0)
        power = rng.randint(3, 5) if form == "power" else 0
        question = cls(form, _drawn_entries(rng, level), power)
        while question.flaw():
            question = cls(form, _drawn_entries(rng, level), power)
        return question

    def flaw(self) -> str | None:
        if self.form not in {"eigenvalues", "eigenvectors", "power", "root", "complex"}:
            return "form is eigenvalues, eigenvectors, power, root or complex"
        if (
            list(map(len, self.matrix)) != [2, 2]
            or max(abs(e) for row in self.matrix for e in row) > LARGEST_ENTRY
        ):
            return f"two rows of two entries from -{LARGEST_ENTRY} to {LARGEST_ENTRY} are wanted"
        if (self.form == "power" or self.power) and not 2 <= self.power <= LARGEST_POWER:
            return f"the power goes from 2 to {LARGEST_POWER}"
        if self.form != "power" and self.power:
            return "the power is 0 where none is asked"
        (_, b), (c, _) = self.matrix
        if not b and not c:
            return "the matrix is diagonal"
        if self.form == "complex":
            return self._complex_flaw()
        if self.discriminant <= 0 or any(value != round(value) for value in self.eigenvalues):
            return "the eigenvalues are not two different whole numbers"
        return self._form_flaw()

    def _complex_flaw(self) -> str | None:
        if self.discriminant >= 0 or self.imaginary * 2 != round(self.imaginary * 2):
            return "the eigenvalues are not complex with whole or half imaginary parts"
        return "the real part is zero" if self.mean == 0 else None

    def _form_flaw(self) -> str | None:
        (_, b), (c, _) = self.matrix
        high, low = self.eigenvalues
        if self.form == "eigenvectors":
            firsts = self._firsts(self.eigenvalues) if c else (0.0,)
            if not all(firsts) or any(abs(x * 20 - round(x * 20)) > 1e-9 for x in firsts):
                return "an eigenvector has no second entry 1, or a first entry of 0 or more than two decimals"
        if self.form == "power" and max(high, -low) ** self.power > LARGEST_RESULT:
            return f"the powers of the eigenvalues go up to {LARGEST_RESULT}"
        if self.form == "power" and not (b and c and high and low and self.trace):
            return "the matrix is triangular or singular, or its eigenvalues differ only in sign"
        if self.form == "root" and (b != c or not {high, low} <= {*SQUARES}):
            return "the matrix is not symmetric with small squares as eigenvalues"
        return None

    @property
    def trace(self) -> int:
        """The sum of the eigenvalues."""
        return self.matrix[0][0] + self.matrix[1][1]

    @property
    def mean(self) -> float:
        """The mean of the eigenvalues."""
        return self.trace / 2

    @property
    def determinant(self) -> float:
        """The product of the eigenvalues."""
        return determinant(self.matrix)

    @property
    def discriminant(self) -> float:
        """What stands under the root."""
        return self.mean**2 - self.determinant

    @property
    def imaginary(self) -> float:
        """The positive imaginary part of an eigenvalue, or 0."""
        return math.sqrt(max(-self.discriminant, 0))

    @property
    def eigenvalues(self) -> tuple[float, ...]:
        """The eigenvalues, the larger one first; of complex ones, nothing."""
        return eigenvalues(self.matrix) if self.discriminant >= 0 else ()

    def _firsts(self, values: Row) -> tuple[float, ...]:
        """The first entries of the eigenvectors whose second entry is 1."""
        c, d = self.matrix[1]
        return tuple((value - d) / c for value in values)

    @property
    def projections(self) -> tuple[tuple[tuple[float, ...], ...], ...]:
        """The projections onto the eigenvectors, with the eigenvalues the parts of which A is the sum."""
        if not self.eigenvalues:
            return ()
        high, low = self.eigenvalues
        return _combined(self.matrix, 1 / (high - low), -low / (high - low)), _combined(
            self.matrix, -1 / (high - low), high / (high - low)
        )

    @property
    def powers(self) -> tuple[float, ...]:
        """The eigenvalues of the power."""
        return tuple(value**self.power for value in self.eigenvalues)

    @property
    def slope(self) -> float:
        """What A is multiplied by in its power, which is a multiple of A plus a multiple of the identity."""
        if self.form != "power":
            return 0.0
        return (self.powers[0] - self.powers[1]) / (self.eigenvalues[0] - self.eigenvalues[1])

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "complex":
            mean, imaginary = given("mean", self.mean), given("imaginary", self.imaginary)
            return {
                "mean": Real(self.mean, 1),
                "imaginary": Real(self.imaginary, 1),
                "modulus": Real(math.hypot(mean, imaginary), 3),
            }
        decimals = 0 if self.form == "power" else 2
        answers: dict[str, Answer] = {"eigenvalues": Vector(self.eigenvalues, decimals)}
        high, low = given("eigenvalues", self.eigenvalues)
        if self.form == "eigenvectors":
            answers["firsts"] = Vector(self._firsts((high, low)), 2)
        if self.form == "power":
            powers = high**self.power, low**self.power
            answers["powers"] = Vector(powers, _decimals([powers]))
            answers["matrix_power"] = self._function(high, low, *given("powers", powers))
        if self.form == "root":
            answers["matrix_root"] = self._function(high, low, math.sqrt(high), math.sqrt(low))
        return answers

    def _function(self, high: float, low: float, of_high: float, of_low: float) -> Matrix:
        """A function of the matrix, from its values at the eigenvalues."""
        slope = (of_high - of_low) / (high - low)
        rows = _combined(self.matrix, slope, of_high - slope * high)
        return Matrix(rows, _decimals(rows) if self.form == "power" else 2)

    def _with(self, high: float, low: float) -> MistakeValues:
        """What follows from wrong eigenvalues."""
        if self.form == "complex":
            return None
        if self.form == "root" and (high < 0 or low < 0):
            return {"eigenvalues": (high, low)}
        return self.consequences(eigenvalues=(high, low)) if high != low else {"eigenvalues": (high, low)}

    @mistake("The determinant is subtracted from the squared mean of the diagonal, not added to it.")
    def plus_p(self) -> MistakeValues:
        root = math.sqrt(max(self.mean**2 + self.determinant, 0))
        return self._with(self.mean + root, self.mean - root)

    @mistake("The diagonal entries are the eigenvalues only of a triangular matrix.")
    def diagonal_entries(self) -> MistakeValues:
        (a, _), (_, d) = self.matrix
        return self._with(max(a, d), min(a, d))

    @mistake("The square root is missing: the eigenvalues are m ± √(m² − p).")
    def forgets_sqrt(self) -> MistakeValues:
        if self.form == "complex":
            return self.consequences(imaginary=self.imaginary**2)
        return self._with(self.mean + self.discriminant, self.mean - self.discriminant)

    @mistake("In m ± √(m² − p), m is the mean of the diagonal entries: half the trace, not the trace.")
    def trace_as_m(self) -> MistakeValues:
        if self.form == "complex":
            return self.consequences(mean=self.trace)
        root = math.sqrt(max(self.trace**2 - self.determinant, 0))
        return self._with(self.trace + root, self.trace - root)

    @mistake("The characteristic polynomial is λ² − (a + d)λ + (ad − bc): mind the sign of the trace.")
    def signs_turned_round(self) -> MistakeValues:
        if self.form == "complex":
            return self.consequences(mean=-self.mean)
        high, low = self.eigenvalues
        return self._with(-low, -high)

    @mistake("The eigenvectors belong to the eigenvalues in the other order.")
    def eigenvectors_swapped(self) -> MistakeValues:
        return self._eigenvectors(lambda x: x, self.eigenvalues[::-1])

    @mistake("This is an eigenvector of the transposed matrix: b and c are interchanged.")
    def eigenvectors_of_transpose(self) -> MistakeValues:
        (_, b), (c, _) = self.matrix
        return self._eigenvectors(lambda x: x * c / b, self.eigenvalues) if b else None

    @mistake("The entries of the eigenvector are interchanged: here the second one is 1.")
    def entries_interchanged(self) -> MistakeValues:
        return self._eigenvectors(lambda x: 1 / x, self.eigenvalues)

    @mistake("The sign is wrong: the second row of A − λI times the eigenvector must be 0.")
    def eigenvector_sign(self) -> MistakeValues:
        return self._eigenvectors(lambda x: -x, self.eigenvalues)

    def _eigenvectors(self, wrong: Callable[[float], float], values: Row) -> MistakeValues:
        if self.form != "eigenvectors":
            return None
        return {"firsts": tuple(map(wrong, self._firsts(values)))}

    @mistake("A power of a matrix is a product of matrices, not the power of each entry.")
    def elementwise_power(self) -> MistakeValues:
        if self.form != "power":
            return None
        return {"matrix_power": _entrywise(lambda entry: entry**self.power, self.matrix)}

    @mistake("The power multiplies A with itself {power} times; this is {power} times A.")
    def multiple_for_power(self) -> MistakeValues:
        if self.form != "power":
            return None
        return self.consequences(powers=tuple(self.power * value for value in self.eigenvalues))

    @mistake("The eigenvalues of a power are the powers of the eigenvalues.")
    def eigenvalues_kept(self) -> MistakeValues:
        return {"powers": self.eigenvalues} if self.form == "power" else None

    @mistake("An even power of a negative number is positive, and an odd one negative.")
    def sign_of_powers(self) -> MistakeValues:
        if self.form != "power":
            return None
        pairs = zip(self.eigenvalues, self.powers, strict=True)
        return {"powers": tuple(-power if value < 0 else power for value, power in pairs)}

    @mistake("The root of a matrix, times itself, is the matrix: it is not the root of each entry.")
    def elementwise_sqrt(self) -> MistakeValues:
        if self.form != "root" or min(map(min, self.matrix)) < 0:
            return None
        return {"matrix_root": _entrywise(math.sqrt, self.matrix)}

    @mistake("This is half the matrix; its root has the roots of the eigenvalues.")
    def half_for_root(self) -> MistakeValues:
        return (
            {"matrix_root": _entrywise(lambda entry: entry / 2, self.matrix)} if self.form == "root" else None
        )

    @mistake("The roots of the eigenvalues must be turned back: R is U Λ^½ Uᵀ, not Λ^½.")
    def diagonal_root(self) -> MistakeValues:
        if self.form != "root":
            return None
        high, low = map(math.sqrt, self.eigenvalues)
        return {"matrix_root": ((high, 0.0), (0.0, low))}

    @mistake("The imaginary part is half the root of the discriminant of λ² − Tλ + p, not all of it.")
    def imaginary_not_halved(self) -> MistakeValues:
        return self.consequences(imaginary=2 * self.imaginary) if self.form == "complex" else None

    @mistake("The modulus of m + iω is √(m² + ω²): neither i² nor the plus sign changes the squares.")
    def modulus_of_difference(self) -> MistakeValues:
        if self.form != "complex":
            return None
        return {"modulus": math.sqrt(abs(self.mean**2 - self.imaginary**2))}

    @mistake("The modulus is not the sum of the parts: square them, add, and take the root.")
    def modulus_of_sum(self) -> MistakeValues:
        return {"modulus": abs(self.mean) + self.imaginary} if self.form == "complex" else None

    @mistake("This is the squared modulus: take the root.")
    def modulus_squared(self) -> MistakeValues:
        return {"modulus": self.determinant} if self.form == "complex" else None


def _combined(matrix: Rows, factor: float, shift: float) -> tuple[tuple[float, ...], ...]:
    """The matrix times a factor, plus the identity times a shift."""
    (a, b), (c, d) = matrix
    return (factor * a + shift, factor * b), (factor * c, factor * d + shift)


def _decimals(rows: Rows) -> int:
    """None for whole numbers; a student's own values may lead to others."""
    return 0 if all(entry == round(entry) for row in rows for entry in row) else 2


def _entrywise(function: Callable[[float], float], matrix: Rows) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(map(function, row)) for row in matrix)


def _drawn_entries(rng: Random, level: int) -> tuple[tuple[int, ...], ...]:
    """A symmetric or triangular matrix at level 1, and else any."""
    a, b, c, d = (rng.randint(-5, 5) for _ in range(4))
    if level == 1:
        b, c = rng.choice([(b, b), (b, 0), (0, c)])
    return (a, b), (c, d)


def _drawn_square(rng: Random) -> tuple[tuple[int, ...], ...]:
    """The square of a symmetric matrix of whole numbers with positive eigenvalues."""
    while True:
        p, q = rng.choice(ROTATIONS)
        high, low = rng.sample(range(1, 8), 2)
        length = p * p + q * q
        if (high - low) % length:
            continue
        unit = (high * high - low * low) // length
        return (low**2 + unit * p * p, unit * p * q), (unit * p * q, low**2 + unit * q * q)
