"""Linear autoencoders: the best codes of data, and projections by a given decoder."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix, Real, ShortText, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, determinant, dot, eigenvalues, matmul, printable, solved, transposed

FORMS = ("singular values", "eigenvalues", "data")
DIRECTIONS = ((1, 1), (1, -1), (2, 1), (1, 2), (2, -1), (1, -2))
LARGEST = 1000
LARGEST_WEIGHT = 10
MOST_ROWS = 8
YES_OR_NO = ("yes", "no")


class LinearReconstructionError(Question):
    """The least squared error of a linear autoencoder, and what share of the data its code keeps.

    At level 1 the singular values are given, at level 2 they or the eigenvalues tell the share that is
    kept and the size of the code that is needed; at level 3 points in the plane are reconstructed, with or
    without centring.

    Source: Eckart & Young 1936, The approximation of one matrix by another of lower rank; Baldi & Hornik
    1989, Neural networks and principal component analysis: learning from examples without local minima.
    """

    title = "Error of a linear autoencoder"
    minutes = {1: 2, 2: 4, 3: 10}

    form: str
    """What is given: `singular values` of X, `eigenvalues` of XᵀX, or the `data`."""
    values: tuple[int, ...]
    """The singular values or eigenvalues, the largest first."""
    kept: int
    """The size of the code."""
    percent: int
    """The share of the squared length that another code has to keep; 0 if that is not asked."""
    data: tuple[tuple[int, ...], ...]
    """A point of the plane in each row."""
    centred: bool
    """Whether the mean is subtracted first."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 3:
            centred = rng.random() < 0.5
            return cls("data", (), 1, 0, cls._draw_data(rng, centred), centred)
        size = rng.choice([3, 4]) if level == 1 else rng.choice([4, 5])
        form = "singular values" if level == 1 else rng.choice(FORMS[:2])
        largest = 8 if form == "singular values" else 40
        values = tuple(sorted((rng.randint(1, largest) for _ in range(size)), reverse=True))
        percent = rng.choice([60, 70, 75, 80, 85, 90, 95]) if level == 2 else 0
        return cls(form, values, rng.randint(1, size - 1 if level == 1 else 2), percent, (), centred=False)

    @classmethod
    def _draw_data(cls, rng: Random, centred: bool) -> tuple[tuple[int, ...], ...]:
        """Points whose coordinates along two orthogonal directions are orthogonal columns."""
        a, b, c = rng.randint(1, 3), rng.choice([-2, -1, 0, 1, 2]), rng.choice([1, 2])
        along, across = (a, -a, b, -b), (c, c, -c, -c)
        middle = rng.choice([-2, -1, 1, 2]), rng.randint(-3, 3)
        if not centred:
            b = b or 1
            along, across, middle = (a, b, rng.randint(-2, 2), c), (b, -a, 0, 0), (0, 0)
        x, y = rng.choice(DIRECTIONS)
        rows = [
            (t * x - s * y + middle[0], t * y + s * x + middle[1]) for t, s in zip(along, across, strict=True)
        ]
        first = rows.pop(1)
        return first, *rng.sample(rows, len(rows))

    def flaw(self) -> str | None:
        if (
            self.form not in FORMS
            or (self.form == "data") != bool(self.data)
            or bool(self.data) == bool(self.values)
        ):
            return f"form is one of {', '.join(FORMS)}, and either values or data are given"
        return self._flaw_of_data() if self.data else self._flaw_of_values()

    def _flaw_of_values(self) -> str | None:
        if not 2 <= len(self.values) <= 6 or not all(0 < value <= LARGEST for value in self.values):
            return f"two to six positive values of at most {LARGEST} are given"
        if any(before < after for before, after in pairwise(self.values)) or len(set(self.values)) == 1:
            return "the values fall, and are not all the same"
        if not 1 <= self.kept < len(self.values) or not 0 <= self.percent < 100 or self.centred:
            return "the code is smaller than the data, and a share below 100 percent; values are not centred"
        if self.percent in [round(100 * share) for share in self.shares]:
            return "a code keeps just the share that is asked"
        return None

    def _flaw_of_data(self) -> str | None:
        if not 3 <= len(self.data) <= MOST_ROWS or any(len(row) != 2 for row in self.data):
            return f"three to {MOST_ROWS} points of the plane are given"
        if any(abs(value) > LARGEST for row in self.data for value in row):
            return f"a coordinate is larger than {LARGEST}"
        if self.kept != 1 or self.percent:
            return "the code has one number, and no share is asked"
        if not all(_is_whole(entry) for row in self.scatter for entry in row):
            return "XᵀX is not whole"
        first, second = self.spectrum
        if second < 1e-9 or first < 1.05 * second:
            return "the points lie on a line, or no direction stands out"
        try:
            direction = _direction(self.scatter, first)
        except ValueError as reason:
            return str(reason)
        kept = self._projected(direction)
        lost = math.dist(self.points[0], kept)
        return None if min(lost, math.hypot(*kept)) > 1e-6 else "the first point loses nothing or all"

    @property
    def mean(self) -> tuple[float, ...]:
        """What is subtracted from each point."""
        if not self.centred:
            return (0.0, 0.0)
        return tuple(sum(column) / len(self.data) for column in transposed(self.data))

    @property
    def points(self) -> tuple[tuple[float, ...], ...]:
        """The data that the autoencoder works on."""
        moved = [[x - m for x, m in zip(row, self.mean, strict=True)] for row in self.data]
        return _rounded(moved)

    @property
    def scatter(self) -> tuple[tuple[float, ...], ...]:
        """XᵀX of these."""
        return _rounded(matmul(transposed(self.points), self.points)) if self.data else ()

    @property
    def spectrum(self) -> tuple[float, ...]:
        """The squared singular values, the largest first."""
        if self.data:
            return _whole_where_near(eigenvalues(self.scatter))
        return self.values if self.form == "eigenvalues" else tuple(value**2 for value in self.values)

    @property
    def total(self) -> float:
        """The squared length of the data."""
        return sum(self.spectrum)

    def _share(self, kept: int) -> float:
        return sum(self.spectrum[:kept]) / self.total

    @property
    def shares(self) -> list[float]:
        """What codes of one, two, ... numbers keep."""
        return [self._share(kept) for kept in range(1, len(self.spectrum) + 1)]

    def _projected(self, direction: Row) -> tuple[float, ...]:
        """The first of the points, projected on a direction of length 1."""
        length = dot(self.points[0], direction)
        return tuple(length * slope for slope in direction)

    @property
    def marks(self) -> list[dict[str, object]]:
        """The points, and the output for the first of them, for the figure."""
        if not self.data:
            return []
        x, y = self._restored(_direction(self.scatter, self.spectrum[0]))
        points: list[dict[str, object]] = [{"x": row[0], "y": row[1]} for row in self.data]
        return [*points, {"x": x, "y": y, "mark": "circle"}]

    @property
    def line(self) -> list[tuple[float, float]]:
        """The ends of the line on which the points are projected, for the figure."""
        if not self.data:
            return []
        x, y = _direction(self.scatter, self.spectrum[0])
        reach = [dot(point, (x, y)) for point in self.points]
        ends = min(0, *reach) - 0.5, max(0, *reach) + 0.5
        return [(self.mean[0] + end * x, self.mean[1] + end * y) for end in ends]

    def _restored(self, direction: Row) -> tuple[float, ...]:
        """The output for the first row."""
        return tuple(p + m for p, m in zip(self._projected(direction), self.mean, strict=True))

    def follow(self, given: Given) -> dict[str, Answer]:
        if not self.data:
            return self._follow_values(given)
        scatter = given("scatter", self.scatter)
        spectrum = _whole_where_near(eigenvalues(scatter))
        first, second = given("eigenvalues", spectrum)
        direction = _direction(scatter, first)
        restored = self._restored(given("direction", direction))
        return {
            "scatter": Matrix(self.scatter),
            "eigenvalues": Vector(spectrum, _decimals(spectrum)),
            "error": Real(second, 2),
            "share": Real(first / (first + second), 4),
            "direction": Vector(direction, 4),
            "output": Vector(restored, 2),
        }

    def _follow_values(self, given: Given) -> dict[str, Answer]:
        error = sum(self.spectrum[self.kept :])
        keys: dict[str, Answer] = {"total": Integer(int(self.total)), "error": Integer(int(error))}
        if self.percent:
            total = given("total", self.total)
            explained = 1 - given("error", error) / total
            keys["share"] = Real(explained, 4)
            keys["needed"] = Integer(self._needed(self.shares))
        return keys

    def _needed(self, shares: Sequence[float]) -> int:
        return next(
            (kept for kept, share in enumerate(shares, 1) if 100 * share >= self.percent), len(shares)
        )

    def _error(self, error: float) -> MistakeValues:
        if self.data:
            return {"error": error}
        return self.consequences(error=int(error)) if error == int(error) else None

    @property
    def _singular(self) -> tuple[float, ...]:
        return tuple(map(math.sqrt, self.spectrum))

    @mistake("The error is the sum of the squares of the singular values that are left out.")
    def sum_of_singular_values(self) -> MistakeValues:
        return self._error(sum(self._singular[self.kept :]))

    @mistake("The best code keeps the directions of the largest singular values.")
    def keeps_smallest(self) -> MistakeValues:
        return self._error(sum(self.spectrum[: self.kept]))

    @mistake("The error is summed over all points, not averaged.")
    def divides_by_the_number_of_points(self) -> MistakeValues:
        return self._error(self.spectrum[1] / len(self.data)) if self.data else None

    @mistake("The eigenvalues of XᵀX are the squares of the singular values already.")
    def squares_the_eigenvalues(self) -> MistakeValues:
        if self.form != "eigenvalues":
            return None
        squares = [value**2 for value in self.values]
        return self.consequences(total=sum(squares), error=sum(squares[self.kept :]))

    @mistake("The share is that of the squared singular values.")
    def explained_unsquared(self) -> MistakeValues:
        if not self.data and not self.percent:
            return None
        shares = [
            sum(self._singular[:kept]) / sum(self._singular) for kept in range(1, len(self.spectrum) + 1)
        ]
        wrong = {"share": shares[self.kept - 1]}
        return wrong if self.data else {**wrong, "needed": self._needed(shares)}

    @mistake("This is the share that is lost; what is kept is the rest.")
    def takes_the_lost_share(self) -> MistakeValues:
        return {"share": 1 - self._share(self.kept)} if self.data or self.percent else None

    @mistake("With a bias in encoder and decoder, the mean is subtracted first and added at the end.")
    def not_centred(self) -> MistakeValues:
        return self._otherwise_centred() if self.centred else None

    @mistake("Without biases nothing is subtracted: the direction passes through the origin.")
    def centred_nevertheless(self) -> MistakeValues:
        return self._otherwise_centred() if self.data and not self.centred else None

    def _otherwise_centred(self) -> MistakeValues:
        try:
            return replace(self, centred=not self.centred).consequences()
        except (ValueError, ZeroDivisionError):
            return None

    @mistake("The decoder adds the mean again.")
    def forgets_to_add_the_mean(self) -> MistakeValues:
        if not self.centred:
            return None
        return {"output": self._projected(_direction(self.scatter, self.spectrum[0]))}

    @mistake("This direction belongs to the smaller eigenvalue.")
    def takes_the_other_direction(self) -> MistakeValues:
        if not self.data:
            return None
        x, y = _direction(self.scatter, self.spectrum[0])
        return self.consequences(direction=(y, -x) if y > 0 else (-y, x))

    @mistake("The direction has the length 1: divide by its norm before projecting.")
    def does_not_normalize(self) -> MistakeValues:
        if not self.data or not self.scatter[0][1]:
            return None
        x, y = _direction(self.scatter, self.spectrum[0])
        return self.consequences(direction=(1.0, y / x))


class ProjectionReconstruction(Question):
    """Code, reconstruction and error of a linear decoder with the best encoder.

    At level 1 the code is one number, at level 2 the decoder has two orthogonal columns, at level 3 they
    enclose another angle, and the encoder is compared with tied weights.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, sections 2.9 and 2.12; Strang 2016,
    Introduction to linear algebra, section 4.2.
    """

    title = "Projection by a linear autoencoder"
    minutes = {1: 3, 2: 5, 3: 8}

    decoder: tuple[tuple[float, ...], ...]
    """The matrix B, which has a row for each entry of x and a column for each of the code."""
    point: tuple[float, ...]
    """The input x."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 2 and rng.random() < 0.3:
            return cls._draw_orthonormal(rng)
        first = tuple(rng.randint(-2, 2) for _ in range(3))
        other = rng.choice([(1, 0, 0), (0, 1, 0), (0, 0, 1)])
        second = tuple(rng.randint(-2, 2) for _ in range(3)) if level == 3 else _cross(first, other)
        columns = (first, second)[: 1 if level == 1 else 2]
        normal = _shortest(second if level == 1 else _cross(first, second))
        code = [rng.choice([-3, -2, -1, 1, 2, 3]) for _ in columns]
        away = rng.choice([-2, -1, 1, 2])
        return cls._with_columns(columns, code, [away * entry for entry in normal])

    @classmethod
    def _draw_orthonormal(cls, rng: Random) -> Self:
        third = rng.choice([-3, -2, -1, 1, 2, 3])
        fives = 5 * rng.choice([-2, -1, 1, 2])
        if rng.random() < 0.5:
            columns = ((0.6, 0.8, 0), (-0.8, 0.6, 0))
            return cls._with_columns(columns, (fives, 5 * rng.choice([-2, -1, 1, 2])), (0, 0, third))
        return cls._with_columns(((0.6, 0.8, 0), (0, 0, 1)), (fives, third), (-4, 3, 0))

    @classmethod
    def _with_columns(cls, columns: Sequence[Row], code: Row, residual: Row) -> Self:
        rows = transposed(columns)
        point = (dot(row, code) + left for row, left in zip(rows, residual, strict=True))
        return cls(rows, tuple(round(value, 6) for value in point))

    def flaw(self) -> str | None:
        sides = {len(row) for row in self.decoder}
        if not 2 <= len(self.decoder) <= 4 or len(self.decoder) != len(self.point):
            return "x has two to four entries, with a row of the decoder for each"
        if sides not in ({1}, {2}) or sides == {len(self.decoder)}:
            return "the decoder has one or two columns, fewer than rows"
        if not all(abs(entry) <= LARGEST_WEIGHT for row in self.decoder for entry in row):
            return f"an entry of the decoder is larger than {LARGEST_WEIGHT}"
        if not all(printable(row, 2) for row in self.decoder):
            return "an entry of the decoder has more than two decimals"
        if not all(abs(value) <= LARGEST for value in self.point):
            return f"an entry of x is larger than {LARGEST}"
        if determinant(self.gram) < 1e-6 or any(sum(map(bool, column)) < 2 for column in self._broad):
            return "the columns are dependent, or one of them only copies an entry"
        if not self.is_whole and self.form != "orthogonal":
            return "the entries of the decoder are whole unless its columns are orthogonal"
        if not all(map(_is_whole, (*self.code, *self.reconstruction, *self.point))):
            return "x, its code or its reconstruction is not whole"
        if not all(self.code):
            return "an entry of the code is zero"
        return None if self.error > 1e-6 else "nothing is lost"

    @property
    def columns(self) -> tuple[tuple[float, ...], ...]:
        """Those of the decoder."""
        return transposed(self.decoder)

    @property
    def _broad(self) -> tuple[tuple[float, ...], ...]:
        """The columns that may not be unit vectors: all unless the entries are broken numbers."""
        return self.columns if self.is_whole else self.columns[:1]

    @property
    def is_whole(self) -> bool:
        """Whether all entries of the decoder are whole."""
        return all(_is_whole(entry) for row in self.decoder for entry in row)

    @property
    def gram(self) -> tuple[tuple[float, ...], ...]:
        """The inner products of the decoder's columns."""
        return _rounded(matmul(self.columns, self.decoder))

    @property
    def form(self) -> str:
        """`single`, `orthogonal` or `general` columns."""
        if len(self.gram) == 1:
            return "single"
        return "general" if self.gram[0][1] else "orthogonal"

    @property
    def products(self) -> tuple[float, ...]:
        """Bᵀx."""
        return _rounded([[dot(column, self.point) for column in self.columns]])[0]

    @property
    def code(self) -> tuple[float, ...]:
        """The code of x."""
        return _rounded([solved(self.gram, self.products)])[0]

    @property
    def reconstruction(self) -> tuple[float, ...]:
        """The output for x."""
        return self._decoded(self.code)

    def _decoded(self, code: Row) -> tuple[float, ...]:
        return _rounded([[dot(row, code) for row in self.decoder]])[0]

    def _residual(self, reconstruction: Row) -> tuple[float, ...]:
        return _rounded([[x - y for x, y in zip(self.point, reconstruction, strict=True)]])[0]

    @property
    def residual(self) -> tuple[float, ...]:
        """What is lost of x."""
        return self._residual(self.reconstruction)

    @property
    def error(self) -> float:
        """Its squared length."""
        return dot(self.residual, self.residual)

    @property
    def tied(self) -> tuple[float, ...]:
        """The output for x if the encoder is Bᵀ."""
        return self._decoded(self.products)

    @property
    def input_names(self) -> list[str]:
        """What the figure writes into the inputs."""
        return [f"$x_{number}$" for number in range(1, len(self.point) + 1)]

    @property
    def code_names(self) -> list[str]:
        """What the figure writes into the code."""
        return [f"$z_{number}$" for number in range(1, len(self.columns) + 1)]

    @property
    def output_names(self) -> list[str]:
        """What the figure writes into the outputs."""
        return [rf"$\hat x_{number}$" for number in range(1, len(self.point) + 1)]

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {}
        gram = self.gram
        if self.form == "general":
            keys["gram"] = Matrix(gram)
            gram = given("gram", gram)
        code = _rounded([solved(gram, self.products)])[0]
        if self.form == "single":
            keys["code"] = _number(code[0])
            code = (given("code", code[0]),)
        else:
            keys["code"] = Vector(code, _decimals(code))
            code = given("code", code)
        reconstruction = self._decoded(code)
        keys["reconstruction"] = Vector(reconstruction, _decimals(reconstruction))
        residual = self._residual(given("reconstruction", reconstruction))
        if self.form == "single":
            return keys
        if self.form == "orthogonal":
            keys["residual"] = Vector(residual, _decimals(residual))
            residual = given("residual", residual)
        keys["error"] = _number(dot(residual, residual))
        if self.form == "orthogonal":
            is_identity = all(self.gram[k][k] == 1 for k in range(2))
            return keys | {"same": ShortText(YES_OR_NO[not is_identity], YES_OR_NO)}
        lost = self._residual(self.tied)
        return keys | {"tied_error": Integer(round(dot(lost, lost)))}

    def _code(self, code: Row) -> MistakeValues:
        return self.consequences(code=code[0] if self.form == "single" else tuple(code))

    @mistake("The encoder is not Bᵀ alone: BᵀB must be inverted as well.")
    def encoder_is_transposed(self) -> MistakeValues:
        return self._code(self.products)

    @mistake("BBᵀ projects only if the columns of B are orthogonal and have the length 1.")
    def uses_outer_product(self) -> MistakeValues:
        return {"reconstruction": self.tied}

    @mistake("The code is not the output yet: the decoder multiplies it by B.")
    def drops_the_decoder(self) -> MistakeValues:
        return {"reconstruction": self.code}

    @mistake("This is what gets lost; the output is the rest.")
    def residual_as_output(self) -> MistakeValues:
        return {"reconstruction": self.residual}

    @mistake("Divide by the squared length of a column: once for the direction and once for the decoder.")
    def divides_by_the_length(self) -> MistakeValues:
        if self.form == "general":
            return None
        pairs = zip(self.products, self.gram, range(2), strict=False)
        return self._code([product / math.sqrt(row[k]) for product, row, k in pairs])

    @mistake("The columns are not orthogonal: their inner product belongs into BᵀB.")
    def ignores_the_angle(self) -> MistakeValues:
        if self.form != "general":
            return None
        (a, _), (_, d) = self.gram
        return self.consequences(gram=((a, 0), (0, d)))

    @mistake("The squared length was asked, not the length.")
    def takes_the_root(self) -> MistakeValues:
        return None if self.form == "single" else {"error": math.sqrt(self.error)}


def _direction(scatter: Sequence[Row], largest: float) -> tuple[float, float]:
    """The eigenvector of length 1 whose first entry is positive.

    Raises:
        ValueError: there is none.
    """
    (a, b), (_, d) = scatter
    if abs(b) < 1e-9 and a <= d:
        raise ValueError("the first entry of the direction is zero")
    x, y = (b, largest - a) if abs(b) >= 1e-9 else (1, 0)
    length = math.copysign(math.hypot(x, y), x)
    return x / length, y / length


def _cross(left: Row, right: Row) -> tuple[float, ...]:
    """The cross product, which is orthogonal to both."""
    (a, b, c), (d, e, f) = left, right
    return b * f - c * e, c * d - a * f, a * e - b * d


def _shortest(vector: Row) -> list[int]:
    """The shortest whole vector of the same direction."""
    whole = [round(entry) for entry in vector]
    divisor = math.gcd(*whole) or 1
    return [entry // divisor for entry in whole]


def _number(value: float) -> Answer:
    """An integer where the number is whole."""
    near = round(value, 9)
    return Integer(round(near)) if _is_whole(near) else Real(value, 2)


def _decimals(values: Row) -> int:
    """With which numbers are asked: whole ones without."""
    return 0 if all(map(_is_whole, values)) else 2


def _is_whole(value: float) -> bool:
    return math.isfinite(value) and value == round(value)


def _whole_where_near(values: Row) -> tuple[float, ...]:
    """Without the noise of roots that are whole; others keep all their digits."""
    return tuple(round(value) if abs(value - round(value)) < 1e-9 else value for value in values)


def _rounded(rows: Sequence[Row]) -> tuple[tuple[float, ...], ...]:
    """Without the noise of broken numbers such as 0.6; whole numbers become integers."""
    near = [[round(entry, 9) for entry in row] for row in rows]
    return tuple(tuple(int(entry) if entry == int(entry) else entry for entry in row) for row in near)
