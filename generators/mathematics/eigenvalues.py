"""Eigenvalues: of 2×2 matrices, as signs of a quadratic form, and as squared singular values."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix, Option, Real, SingleChoice, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, determinant, eigenvalues, transposed

LARGEST_ENTRY = 60
LARGEST_POWER = 6
LARGEST_RESULT = 1000
SQUARES = tuple(root**2 for root in range(1, 8))
ROTATIONS = ((1, 1), (1, 2), (2, 1))
"""Directions of eigenvectors."""
VERDICTS = (
    "positive definite",
    "positive semidefinite, but not definite",
    "negative definite",
    "negative semidefinite, but not definite",
    "indefinite",
)
"""What a symmetric matrix may be."""
LARGEST_RIDGE = 100
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


class Definiteness(Question):
    """Whether a symmetric matrix is positive definite, and what makes it so.

    At level 1 the matrix is diagonal, at level 2 trace and determinant decide, of a matrix or of a quadratic
    form, at level 3 the leading principal minors of a 3×3 matrix, or the range of a parameter is asked.

    Source: Boyd & Vandenberghe 2004, Convex Optimization, appendix A.5.2; Strang 2016, Introduction to
    Linear Algebra, section 6.5; numpy.linalg.eigvalsh.
    """

    title = "Definiteness of a symmetric matrix"
    minutes = {1: 1, 2: 3, 3: 5}

    form: str
    """`diagonal`, `symmetric`, `quadratic`, `minors`, `range` or `ridge`."""
    matrix: tuple[tuple[int, ...], ...]
    """Symmetric; in the form `range`, its entries off the diagonal are added to the parameter."""
    ridge: int
    """The multiple of the identity that is added in the form `ridge`, and else 0."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        forms = {1: ["diagonal"], 2: ["symmetric", "quadratic"], 3: ["minors", "range", "ridge"]}
        form = rng.choice(forms[level])
        if form in {"range", "ridge"}:
            question = cls._drawn_with_parameter(rng, form)
            while question.flaw():
                question = cls._drawn_with_parameter(rng, form)
            return question
        wanted = rng.choice([0, 2, 4] if form == "minors" else range(5))
        question = cls(form, _drawn_symmetric(rng, form), 0)
        while question.flaw() or question.verdict != wanted:
            question = cls(form, _drawn_symmetric(rng, form), 0)
        return question

    @classmethod
    def _drawn_with_parameter(cls, rng: Random, form: str) -> Self:
        if form == "range":
            a, d, shift = rng.randint(1, 12), rng.randint(1, 12), rng.randint(-3, 3)
            return cls(form, ((a, shift), (shift, d)), 0)
        return cls(form, _drawn_symmetric(rng, form), rng.randint(2, 12))

    def flaw(self) -> str | None:
        sizes = {"diagonal": (2, 3), "minors": (3,)}.get(self.form, (2,))
        if self.form not in {"diagonal", "symmetric", "quadratic", "minors", "range", "ridge"}:
            return "form is diagonal, symmetric, quadratic, minors, range or ridge"
        if len(self.matrix) not in sizes or {*map(len, self.matrix)} != {len(self.matrix)}:
            return f"a square matrix of {' or '.join(map(str, sizes))} rows is wanted"
        entries = [entry for row in self.matrix for entry in row]
        if max(map(abs, entries)) > LARGEST_ENTRY or transposed(self.matrix) != self.matrix:
            return f"the matrix is symmetric, with entries from -{LARGEST_ENTRY} to {LARGEST_ENTRY}"
        if (self.form == "ridge") != (self.ridge > 0) or not 0 <= self.ridge <= LARGEST_RIDGE:
            return f"the ridge goes from 1 to {LARGEST_RIDGE}, and is 0 in the other forms"
        return self._entries_flaw()

    def _entries_flaw(self) -> str | None:
        off_diagonal = [self.matrix[i][j] for i in range(self.size) for j in range(i)]
        if self.form == "diagonal":
            if any(off_diagonal) or not any(self.diagonal) or len({*self.diagonal}) == 1:
                return "the matrix is not diagonal, or its diagonal entries are equal"
        elif self.form == "range":
            if min(self.diagonal) <= 0:
                return "the diagonal entries are not positive"
        elif not any(off_diagonal):
            return "the matrix is diagonal"
        if self.form == "minors" and not all(self.minors):
            return "a leading principal minor is zero"
        if self.form == "ridge":
            high, low = eigenvalues(self.matrix)
            if low >= 0 or low != int(low) or high != int(high):
                return "the eigenvalues are not whole numbers, or none of them is negative"
            if self.ridge + low <= 0:
                return "the ridge does not make the matrix positive definite"
        return None

    @property
    def size(self) -> int:
        """The number of rows."""
        return len(self.matrix)

    @property
    def diagonal(self) -> tuple[int, ...]:
        """The diagonal entries."""
        return tuple(row[place] for place, row in enumerate(self.matrix))

    @property
    def trace(self) -> int:
        """The sum of the diagonal entries."""
        return sum(self.diagonal)

    @property
    def minors(self) -> tuple[float, ...]:
        """The leading principal minors: determinants of the first rows and columns; the determinant last."""
        return tuple(
            determinant([row[:size] for row in self.matrix[:size]]) for size in range(1, self.size + 1)
        )

    @property
    def corner(self) -> tuple[tuple[int, ...], ...]:
        """The upper left 2×2 corner."""
        return tuple(row[:2] for row in self.matrix[:2])

    @property
    def terms(self) -> str:
        """The quadratic form of a 2×2 matrix in LaTeX."""
        (a, b), (_, d) = self.corner
        signed = [(a, "x_1^2"), (2 * b, "x_1 x_2"), (d, "x_2^2")]
        text = " ".join(f"{'-' if k < 0 else '+'} {abs(k) if abs(k) > 1 else ''}{x}" for k, x in signed if k)
        return text.removeprefix("+ ")

    @property
    def verdict(self) -> int:
        """The place among VERDICTS."""
        if self.form == "diagonal":
            return _verdict_of_signs(self.diagonal)
        if self.form == "minors":
            signs = "".join("+" if minor > 0 else "-" for minor in self.minors)
            return {"+++": 0, "-+-": 2}.get(signs, 4)
        product = self.minors[-1]
        if product < 0:
            return 4
        return (0 if product else 1) if self.trace > 0 else (2 if product else 3)

    @property
    def verdict_text(self) -> str:
        """The verdict in words."""
        return VERDICTS[self.verdict]

    @property
    def eigenvalues(self) -> tuple[float, ...]:
        """The eigenvalues of a 2×2 matrix, the larger one first."""
        return eigenvalues(self.matrix) if self.size == 2 else ()

    @property
    def bounds(self) -> tuple[float, float]:
        """The open interval of the parameter for which the matrix is positive definite."""
        if self.form != "range":
            return 0.0, 0.0
        (a, shift), (_, d) = self.matrix
        return -math.sqrt(a * d) - shift, math.sqrt(a * d) - shift

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "range":
            low, high = self.bounds
            return {"low": Real(low, 3), "high": Real(high, 3)}
        if self.form == "ridge":
            high, low = given("eigenvalues", self.eigenvalues)
            return {
                "eigenvalues": Vector(self.eigenvalues),
                "least": Integer(round(-low)),
                "condition": Real((high + self.ridge) / (low + self.ridge), 3),
            }
        answers: dict[str, Answer] = {}
        if self.form == "symmetric":
            answers = {"trace": Integer(self.trace), "determinant": Integer(round(self.minors[-1]))}
        if self.form == "quadratic":
            own = given("matrix_of_form", self.matrix)
            answers = {"matrix_of_form": Matrix(self.matrix), "determinant": Integer(round(determinant(own)))}
        if self.form == "minors":
            answers = {"minors": Vector(self.minors)}
        return answers | {"verdict": SingleChoice(tuple(map(self._option, range(len(VERDICTS)))))}

    def _option(self, place: int) -> Option:
        right = place == self.verdict
        return Option(VERDICTS[place], right, "" if right else self._reason(place))

    def _reason(self, place: int) -> str:
        """Why a verdict is wrong, for the reason for which it seems right."""
        product = self.minors[-1]
        if place == 0 and self.form != "diagonal" and min(map(min, self.matrix)) > 0:
            return "Positive entries do not make a matrix positive definite: its determinant counts too."
        if place in {0, 2} and product == 0:
            return "The determinant is 0, so that an eigenvalue is 0: the matrix is at most semidefinite."
        if place in {1, 3} and product:
            return "A matrix that is only semidefinite has the eigenvalue 0, and so the determinant 0."
        if place == 0 and self.form != "diagonal" and product > 0:
            return "A positive determinant alone is not enough: two eigenvalues may be negative."
        if place == 0 and self.trace > 0:
            return "A positive trace is not enough: one of the eigenvalues may still be negative."
        if place == 2 and self.form == "minors":
            return "For a negative definite matrix the signs of the minors alternate, beginning with minus."
        return "Look at the signs of the eigenvalues: their product is the determinant, their sum the trace."

    @mistake("The determinant of a 2×2 matrix is ad − b²: the product off the diagonal is subtracted.")
    def determinant_adds(self) -> MistakeValues:
        if self.form not in {"symmetric", "quadratic"}:
            return None
        (a, b), (_, d) = self.matrix
        return {"determinant": a * d + b * b}

    @mistake("The product of the diagonal is the determinant of a diagonal or triangular matrix only.")
    def diagonal_product(self) -> MistakeValues:
        if self.form == "minors":
            return {"minors": tuple(math.prod(self.diagonal[:size]) for size in (1, 2, 3))}
        return {"determinant": math.prod(self.diagonal)} if self.form in {"symmetric", "quadratic"} else None

    @mistake("The minors are determinants of the upper left corners, not the diagonal entries.")
    def diagonal_for_minors(self) -> MistakeValues:
        return {"minors": self.diagonal} if self.form == "minors" else None

    @mistake("The trace is the sum of the diagonal entries; this is the sum of all entries.")
    def sum_of_all_entries(self) -> MistakeValues:
        return {"trace": sum(map(sum, self.matrix))} if self.form == "symmetric" else None

    @mistake("The mixed term of the form stands twice in xᵀMx, so half its coefficient goes to each place.")
    def forgets_half(self) -> MistakeValues:
        if self.form != "quadratic":
            return None
        (a, b), (_, d) = self.matrix
        return self.consequences(matrix_of_form=((a, 2 * b), (2 * b, d)))

    @mistake("The matrix of the form is to be symmetric: share the mixed coefficient between both places.")
    def not_symmetric(self) -> MistakeValues:
        if self.form != "quadratic":
            return None
        (a, b), (_, d) = self.matrix
        return self.consequences(matrix_of_form=((a, 2 * b), (0, d)))

    @mistake("The squared entry must be smaller than the product of the diagonal: take the root of it.")
    def product_for_root(self) -> MistakeValues:
        if self.form != "range":
            return None
        (a, shift), (_, d) = self.matrix
        return {"low": -a * d - shift, "high": a * d - shift}

    @mistake("The bound holds for the whole entry: bring {matrix[0][1]} to the other side.")
    def forgets_shift(self) -> MistakeValues:
        root = math.sqrt(abs(math.prod(self.diagonal)))
        return {"low": -root, "high": root} if self.form == "range" else None

    @mistake("The number beside the parameter changes its sign when it is brought to the other side.")
    def shift_turned_round(self) -> MistakeValues:
        shift = self.matrix[0][1]
        low, high = self.bounds
        return {"low": low + 2 * shift, "high": high + 2 * shift} if self.form == "range" else None

    @mistake("Too large a negative entry spoils it as well: the bound is on its absolute value.")
    def only_positive(self) -> MistakeValues:
        return {"low": 0} if self.form == "range" else None

    @mistake("The smallest eigenvalue is the last to become positive: the ridge must exceed minus it.")
    def largest_decides(self) -> MistakeValues:
        return {"least": abs(self.eigenvalues[0])} if self.form == "ridge" else None

    @mistake("The ridge adds to every eigenvalue: it must be larger than minus the smallest one.")
    def sign_of_threshold(self) -> MistakeValues:
        return {"least": self.eigenvalues[1]} if self.form == "ridge" else None

    @mistake("The condition number is the largest eigenvalue over the smallest one, not the other way round.")
    def condition_turned_round(self) -> MistakeValues:
        if self.form != "ridge":
            return None
        high, low = self.eigenvalues
        return {"condition": (low + self.ridge) / (high + self.ridge)}

    @mistake("The ridge shifts both eigenvalues before they are divided.")
    def condition_without_ridge(self) -> MistakeValues:
        return {"condition": abs(self.eigenvalues[0] / self.eigenvalues[1])} if self.form == "ridge" else None

    @mistake("The diagonal entries are the eigenvalues only of a diagonal or triangular matrix.")
    def diagonal_for_eigenvalues(self) -> MistakeValues:
        if self.form != "ridge":
            return None
        return self.consequences(eigenvalues=tuple(sorted(self.diagonal, reverse=True)))


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


def _drawn_symmetric(rng: Random, form: str) -> tuple[tuple[int, ...], ...]:
    size = {"diagonal": rng.choice([2, 3]), "minors": 3}.get(form, 2)
    rows = [[0] * size for _ in range(size)]
    for i in range(size):
        largest = 9 if form in {"symmetric", "quadratic"} else 5
        rows[i][i] = rng.randint(-largest, largest)
        for j in range(i):
            rows[i][j] = rows[j][i] = 0 if form == "diagonal" else rng.randint(1 - largest, largest - 1)
    return tuple(map(tuple, rows))


def _verdict_of_signs(values: Row) -> int:
    """The place among VERDICTS that eigenvalues lead to."""
    if min(values) < 0 < max(values):
        return 4
    return (0 if min(values) else 1) if max(values) > 0 else (2 if max(values) else 3)
