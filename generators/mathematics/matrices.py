"""Matrices: what their products cost, and what they keep of a space."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import prod
from random import Random
from typing import Any, Self

from ...answers import Answer, Integer, Option, Shape, SingleChoice, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, determinant, dot, matmul

LARGEST_SIZE = 1000
MOST_VECTORS = 100
MOST_ROWS = 6
LARGEST_PARAMETER = 20
ROUND_SIZES = (5, 10, 20, 25, 30, 40, 50, 60, 80, 100)
OPERATIONS = {
    "inner": ("v^\\top v", "M"),
    "outer": ("u v^\\top", "NM"),
    "matvec": ("Av", "NM"),
    "hadamard": ("A \\odot B", "NM"),
    "scaled": ("\\operatorname{diag}(u)\\,A", "NM"),
    "gram": ("A^\\top A", "NMM"),
    "outer_gram": ("A A^\\top", "NNM"),
}
"""What is computed of matrices A and B of N×M and vectors u of N and v of M, and a factor for each size."""
ORDERS = ("((AB)C)D", "(A(BC))D", "(AB)(CD)", "A((BC)D)", "A(B(CD))")
FORMS = {"product": 3, "vector": 3, "operations": 2, "chain": 5, "batch": 3}
"""The number of sizes of each form."""


class MatmulCost(Question):
    """Multiplications of numbers that products of matrices need.

    At level 1 one product is counted, at level 2 two orders of a product with a vector are compared, or
    several operations counted, at level 3 the best order of four matrices is found, or a batch of products is
    counted in two orders.

    Source: Golub & Van Loan 2013, Matrix Computations, section 1.1; Cormen et al. 2022, Introduction to
    Algorithms, section 14.2; torch.linalg.multi_dot.
    """

    title = "Cost of matrix products"
    minutes = {1: 1, 2: 4, 3: 5}

    form: str
    """`product`, `vector`, `operations`, `chain` or `batch`."""
    sizes: tuple[int, ...]
    """Rows of the first matrix and columns of each; N and M of operations; samples, tokens and features."""
    operations: tuple[str, ...]
    """What is counted of OPERATIONS, and nothing in the other forms."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        forms = {1: ["product"], 2: ["vector", "operations"], 3: ["chain", "batch"]}[level]
        form = rng.choice(forms)
        if form == "batch":
            return cls(form, (rng.choice([4, 5, 8, 10]), *rng.sample(ROUND_SIZES, 2)), ())
        choices = {1: range(2, 11), 2: range(5, 51), 3: ROUND_SIZES}[level]
        if form == "vector":
            choices = range(10, 51, 5)
        sizes = tuple(rng.choices(choices, k=FORMS[form]))
        if form != "operations":
            return cls(form, sizes, ())
        chosen = rng.sample([name for name in OPERATIONS if "gram" not in name], 3)
        return cls(form, sizes, (*chosen, rng.choice(["gram", "outer_gram"])))

    def flaw(self) -> str | None:
        if self.form not in FORMS or len(self.sizes) != FORMS[self.form]:
            return f"form is one of {', '.join(FORMS)}, with {', '.join(map(str, FORMS.values()))} sizes"
        if not all(2 <= size <= LARGEST_SIZE for size in self.sizes):
            return f"sizes go from 2 to {LARGEST_SIZE}"
        if (self.form == "operations") != bool(self.operations) or not {*self.operations} <= {*OPERATIONS}:
            return f"operations are counted only in the form of that name, and are of {', '.join(OPERATIONS)}"
        if len({*self.operations}) != len(self.operations):
            return "an operation is counted twice"
        if self.form == "chain" and sorted(self.costs)[1] < 1.05 * min(self.costs):
            return "two orders are nearly equally good"
        if self.form in {"operations", "batch"} and self.sizes[-1] == self.sizes[-2]:
            return "two sizes are equal, so that mistakes would not be noticed"
        return self._vector_flaw() if self.form == "vector" else None

    def _vector_flaw(self) -> str | None:
        _, at_once = self.orders_of_vector
        once = prod(self.sizes)
        each = self.sizes[0] * self.sizes[2]
        if at_once <= each or once / (at_once - each) > MOST_VECTORS:
            return f"forming the product first does not pay within {MOST_VECTORS} vectors"
        return None

    @property
    def orders_of_vector(self) -> tuple[int, int]:
        """The multiplications of (AB)v and of A(Bv)."""
        rows, inner, columns = self.sizes[:3] if self.form == "vector" else (1, 1, 1)
        return rows * inner * columns + rows * columns, inner * columns + rows * inner

    @property
    def costs(self) -> tuple[int, ...]:
        """The multiplications of each order of four matrices."""
        if self.form != "chain":
            return ()
        a, b, c, d, e = self.sizes
        return (
            a * b * c + a * c * d + a * d * e,
            b * c * d + a * b * d + a * d * e,
            a * b * c + c * d * e + a * c * e,
            b * c * d + b * d * e + a * b * e,
            c * d * e + b * c * e + a * b * e,
        )

    @property
    def factors(self) -> dict[str, tuple[int, ...]]:
        """The sizes whose product is the count of each operation."""
        if self.form != "operations":
            return {}
        values = dict(zip("NM", self.sizes, strict=True))
        return {name: tuple(values[letter] for letter in OPERATIONS[name][1]) for name in self.operations}

    @property
    def labels(self) -> dict[str, str]:
        """The operations in LaTeX."""
        return {name: OPERATIONS[name][0] for name in self.operations}

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "operations":
            return {name: Integer(prod(sizes)) for name, sizes in self.factors.items()}
        if self.form == "chain":
            return {"best": SingleChoice(self._options), "least": Integer(min(self.costs))}
        if self.form == "vector":
            return self._compared(given)
        if self.form == "product":
            rows, inner, columns = self.sizes
            entries = prod(given("shape", (rows, columns)))
            return {"shape": Shape((rows, columns)), "multiplications": Integer(entries * inner)}
        return self._batched(given)

    def _batched(self, given: Given) -> dict[str, Answer]:
        batch, tokens, features = self.sizes
        scores, summary = (batch, tokens, tokens), (batch, features, features)
        return {
            "scores": Shape(scores),
            "left": Integer(2 * prod(given("scores", scores)) * features),
            "summary": Shape(summary),
            "right": Integer(2 * prod(given("summary", summary)) * tokens),
        }

    @property
    def _orders(self) -> list[tuple[str, int]]:
        return list(zip(ORDERS, self.costs, strict=True))

    @property
    def _options(self) -> tuple[Option, ...]:
        least = min(self.costs)
        why = "This order takes {} multiplications, and another one only {}."
        return tuple(
            Option(f"${order}$", cost == least, "" if cost == least else why.format(cost, least))
            for order, cost in self._orders
        )

    @property
    def best_order(self) -> str:
        """The order of four matrices that takes the fewest multiplications."""
        return min(self._orders, key=lambda order: order[1])[0] if self.costs else ""

    def _compared(self, given: Given) -> dict[str, Answer]:
        left, right = self.orders_of_vector
        each = self.sizes[0] * self.sizes[2]
        own_left, own_right = given("left", left), given("right", right)
        if own_right <= each:
            raise ValueError("forming the product first never pays")
        vectors = (own_left - each) // (own_right - each) + 1
        return {"left": Integer(left), "right": Integer(right), "vectors": Integer(vectors)}

    @property
    def _single_count(self) -> str | None:
        """The blank of the count that mistakes of a single product change."""
        return {"product": "multiplications", "vector": "right"}.get(self.form)

    @mistake("Each entry of the result takes as many multiplications as the inner size: multiply all sizes.")
    def adds_dimensions(self) -> MistakeValues:
        return {blank: sum(self.sizes)} if (blank := self._single_count) else None

    @mistake("This is the number of entries of the result; each of them is a sum of several products.")
    def output_only(self) -> MistakeValues:
        if self.form == "operations":
            return {name: sizes[0] * sizes[1] for name, sizes in self._grams.items()}
        return {blank: self.sizes[0] * self.sizes[-1]} if (blank := self._single_count) else None

    @property
    def _grams(self) -> dict[str, tuple[int, int]]:
        """The rows and columns of the results of products of A with itself."""
        rows, columns = self.sizes
        shapes = {"gram": (columns, columns), "outer_gram": (rows, rows)}
        return {name: shape for name, shape in shapes.items() if name in self.operations}

    @mistake("The cube of one size holds only for square matrices; here each size counts once.")
    def cubic_assumed(self) -> MistakeValues:
        if self.form == "operations":
            return {name: max(self.sizes) ** 3 for name in self._grams}
        return {blank: max(self.sizes) ** 3} if (blank := self._single_count) else None

    @mistake("Only multiplications are counted here, not the additions.")
    def counts_additions(self) -> MistakeValues:
        return {"multiplications": 2 * prod(self.sizes)} if self.form == "product" else None

    @mistake("The result has the rows of the first matrix and the columns of the second one.")
    def result_turned_round(self) -> MistakeValues:
        return {"shape": (self.sizes[2], self.sizes[0])} if self.form == "product" else None

    @mistake("The inner size is summed over and does not remain in the result.")
    def keeps_inner_size(self) -> MistakeValues:
        return self.consequences(shape=self.sizes[:2]) if self.form == "product" else None

    @mistake("The order matters for the cost: with the brackets around Bv, only vectors are computed.")
    def ignores_order(self) -> MistakeValues:
        if self.form == "batch":
            return {"right": 2 * prod(self.sizes) * self.sizes[1]}
        left, _ = self.orders_of_vector
        return {"right": left} if self.form == "vector" else None

    @mistake("There are two products: what AB costs, and its product with the vector on top.")
    def forgets_the_vector(self) -> MistakeValues:
        return {"left": prod(self.sizes)} if self.form == "vector" else None

    @mistake("This is the cost of the first product alone: the second one comes on top of it.")
    def first_product_only(self) -> MistakeValues:
        if self.form == "batch":
            return {blank: key["value"] // 2 for blank, key in self._batch_counts.items()}
        return {"right": self.sizes[1] * self.sizes[2]} if self.form == "vector" else None

    @property
    def _batch_counts(self) -> dict[str, Any]:
        return {blank: vars(key) for blank, key in self.answer().items() if isinstance(key, Integer)}

    @mistake("The product AB is formed only once, and every vector then costs only its own product.")
    def forms_product_each_time(self) -> MistakeValues:
        if self.form != "vector":
            return None
        left, right = self.orders_of_vector
        return {"vectors": left // right + 1}

    @mistake("This is the last number of vectors for which it does not cost less; one more is needed.")
    def one_vector_too_few(self) -> MistakeValues:
        keys = self.answer() if self.form == "vector" else {}
        return {"vectors": vars(keys["vectors"])["value"] - 1} if keys else None

    @mistake("Each entry of an elementwise product is one multiplication: no sum is taken.")
    def elementwise_as_matrix_product(self) -> MistakeValues:
        rows, columns = self.sizes[:2]
        return self._operations(hadamard=rows * columns * columns)

    @mistake("The outer product multiplies every entry of u with every one of v.")
    def outer_as_inner(self) -> MistakeValues:
        return self._operations(outer=max(self.sizes))

    @mistake("An inner product multiplies entries that stand at the same place: one product for each.")
    def inner_as_outer(self) -> MistakeValues:
        return self._operations(inner=self.sizes[1] ** 2)

    @mistake("A diagonal matrix only scales the rows: its zeros need not be multiplied.")
    def diagonal_as_full(self) -> MistakeValues:
        return self._operations(scaled=self.sizes[0] ** 2 * self.sizes[1])

    @mistake("A product of A with itself sums over the size that both factors share: mind which one it is.")
    def gram_turned_round(self) -> MistakeValues:
        rows, columns = self.sizes[:2]
        return self._operations(gram=rows * rows * columns, outer_gram=rows * columns * columns)

    def _operations(self, **wrong: int) -> MistakeValues:
        return {name: value for name, value in wrong.items() if name in self.operations}

    @mistake("Multiplying from left to right is not the cheapest order here.")
    def left_to_right(self) -> MistakeValues:
        return self._ordered(0)

    @mistake("Multiplying from right to left is not the cheapest order here.")
    def right_to_left(self) -> MistakeValues:
        return self._ordered(4)

    @mistake("Beginning with the cheapest product does not lead to the least cost: compare all five orders.")
    def cheapest_first(self) -> MistakeValues:
        if self.form != "chain":
            return None
        firsts = [a * b * c for (a, b), (_, c) in pairwise(pairwise(self.sizes))]
        followers = ((0, 2), (1, 3), (2, 4))[firsts.index(min(firsts))]
        return self._ordered(min(followers, key=lambda place: self.costs[place]))

    def _ordered(self, place: int) -> MistakeValues:
        return {"least": self.costs[place]} if self.form == "chain" else None

    @mistake("The products of all {sizes[0]} samples of the batch count.")
    def forgets_batch(self) -> MistakeValues:
        if self.form != "batch":
            return None
        return {blank: key["value"] // self.sizes[0] for blank, key in self._batch_counts.items()}

    @mistake("QKᵀ sums over the features and KᵀV over the tokens: the other size remains, twice.")
    def shapes_turned_round(self) -> MistakeValues:
        if self.form != "batch":
            return None
        batch, tokens, features = self.sizes
        return self.consequences(scores=(batch, features, features), summary=(batch, tokens, tokens))


class RankNullity(Question):
    """Rank of a matrix, and the space of what it maps to zero.

    At level 1 rank and nullity of a matrix with dependent rows are asked, at level 2 also the null space of
    the transpose and a vector of the null space, at level 3 the parameter that makes a matrix singular, or
    the rank of data that are a product of two factors.

    Source: Strang 2016, Introduction to Linear Algebra, sections 3.2 and 3.5; numpy.linalg.matrix_rank.
    """

    title = "Rank and null space"
    minutes = {1: 2, 2: 5, 3: 5}

    form: str
    """`rank`, `basis`, `parameter` or `factors`."""
    matrix: tuple[tuple[int, ...], ...]
    """The matrix, with 0 in the place of a parameter; of factors, the second one."""
    first_factor: tuple[tuple[int, ...], ...]
    """The first of two factors; empty in the other forms."""
    place: tuple[int, ...]
    """Row and column of the parameter, from 0; empty in the other forms."""
    ends: tuple[int, ...]
    """The last entries of the vector of the null space that is asked for; empty where none is."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        form = {1: "rank", 2: "basis", 3: rng.choice(["parameter", "factors"])}[level]
        if form == "rank":
            return cls(form, _drawn_dependent_rows(rng), (), (), ())
        if form == "factors":
            return cls(form, *_drawn_factors(rng), (), ())
        if form == "basis":
            columns = rng.choice([4, 4, 5])
            free = rng.randrange(2, columns)
            ends = tuple(int(column == free) for column in range(2, columns))
            return cls(form, _drawn_dependent_columns(rng, rng.choice([3, 4]), columns), (), (), ends)
        rows = _drawn_dependent_columns(rng, 3, 3)
        i, j = rng.randrange(3), rng.randrange(3)
        known = tuple(tuple(0 if (r, c) == (i, j) else rows[r][c] for c in range(3)) for r in range(3))
        return cls(form, known, (), (i, j), (1,))

    def flaw(self) -> str | None:
        if self.form not in {"rank", "basis", "parameter", "factors"}:
            return "form is rank, basis, parameter or factors"
        if not all(map(_is_small_matrix, [self.matrix, self.first_factor or self.matrix])):
            return f"matrices have up to {MOST_ROWS} equally long rows and entries up to {LARGEST_PARAMETER}"
        parts = bool(self.first_factor), bool(self.place)
        if parts != (self.form == "factors", self.form == "parameter"):
            return "a first factor belongs to factors, and the place of a parameter to a parameter"
        if self.form == "factors":
            return self._factors_flaw()
        if self.form == "parameter" and (flaw := self._parameter_flaw()):
            return flaw
        if not any(map(any, self.matrix)) or self.rank == self.columns:
            return "the matrix is zero, or its columns are independent"
        if self.form == "rank":
            return "a vector is not asked for in the form rank" if self.ends else None
        return self._vector_flaw()

    def _factors_flaw(self) -> str | None:
        if len(self.first_factor[0]) != len(self.matrix):
            return "the factors do not fit"
        if self.ends or not self.rank:
            return "the product is zero, or a vector is asked for"
        return "the product has as many rows as columns" if self.rows == self.columns else None

    def _parameter_flaw(self) -> str | None:
        if self.rows != 3 or self.columns != 3 or not {*self.place} <= {0, 1, 2} or len(self.place) != 2:
            return "a parameter stands in a matrix of three rows and columns, counted from 0"
        if self.matrix[self.place[0]][self.place[1]] != 0:
            return "there is a 0 in the place of the parameter"
        if not self.cofactor or self.base % self.cofactor or not self.parameter:
            return "no whole number other than 0 makes the matrix singular"
        return "the parameter is too large" if abs(self.parameter) > LARGEST_PARAMETER else None

    def _vector_flaw(self) -> str | None:
        if len(self.ends) != self.columns - self.rank or not any(self.ends):
            return "the entries that are given of the vector are not as many as the null space has dimensions"
        if max(map(abs, self.ends)) > LARGEST_PARAMETER:
            return f"given entries of the vector go from -{LARGEST_PARAMETER} to {LARGEST_PARAMETER}"
        if self.pivots != tuple(range(self.rank)):
            return "the first columns are dependent"
        if not all(entry.denominator == 1 for entry in self._solution) or not any(self._solution):
            return "the vector of the null space has entries that are not whole, or is given already"
        return None

    @property
    def rows(self) -> int:
        """The rows of the matrix, or of the product."""
        return len(self.first_factor or self.matrix)

    @property
    def columns(self) -> int:
        """The columns of the matrix, or of the product."""
        return len(self.matrix[0])

    @property
    def cofactor(self) -> float:
        """What the determinant gains if the parameter grows by one."""
        return determinant(self._with_parameter(1)) - self.base if self.place else 0

    @property
    def parameter(self) -> int:
        """The value that makes the matrix singular."""
        return round(-self.base / self.cofactor) if self.place else 0

    @property
    def base(self) -> float:
        """The determinant with 0 in the place of the parameter, or 0."""
        return determinant(self.matrix) if self.place else 0

    @property
    def nullity(self) -> int:
        """The dimension of the null space."""
        return self.columns - self.rank

    def _with_parameter(self, value: int) -> tuple[tuple[int, ...], ...]:
        rows = [list(row) for row in self.matrix]
        rows[self.place[0]][self.place[1]] = value
        return tuple(map(tuple, rows))

    @property
    def whole(self) -> tuple[tuple[float, ...], ...]:
        """The matrix, with the parameter that makes it singular, or the product of the factors."""
        if self.form == "parameter":
            return self._with_parameter(self.parameter)
        return matmul(self.first_factor, self.matrix) if self.first_factor else self.matrix

    @property
    def echelon(self) -> tuple[tuple[str, ...], ...]:
        """The reduced row echelon form in LaTeX."""
        return tuple(tuple(map(_latex_fraction, row)) for row in _reduced(self.whole))

    @property
    def pivots(self) -> tuple[int, ...]:
        """The columns, from 0, in which a row of the reduced row echelon form begins."""
        return tuple(row.index(Fraction(1)) for row in _reduced(self.whole) if any(row))

    @property
    def rank(self) -> int:
        """The rank of the matrix, or of the product."""
        return len(self.pivots)

    @property
    def first_rank(self) -> int:
        """The rank of the first factor."""
        return sum(map(any, _reduced(self.first_factor))) if self.first_factor else 0

    @property
    def second_rank(self) -> int:
        """The rank of the second factor."""
        return sum(map(any, _reduced(self.matrix)))

    @property
    def _solution(self) -> tuple[Fraction, ...]:
        """The first entries of the vector of the null space."""
        free = (row[self.rank :] for row in _reduced(self.whole)[: self.rank])
        return tuple(-sum((a * b for a, b in zip(row, self.ends, strict=True)), Fraction()) for row in free)

    @property
    def null_vector(self) -> tuple[int, ...]:
        """The vector of the null space that is asked for."""
        return (*map(int, self._solution), *self.ends) if self.ends else ()

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "parameter":
            return {"parameter": Integer(self.parameter), "null_vector": Vector(self.null_vector)}
        own = given("rank", self.rank)
        answers: dict[str, Answer] = {"rank": Integer(self.rank), "nullity": Integer(self.columns - own)}
        if self.form != "rank":
            answers["left_nullity"] = Integer(self.rows - own)
        return answers | ({"null_vector": Vector(self.null_vector)} if self.ends else {})

    @mistake("The rank is at most the smaller size; dependent rows and columns make it smaller.")
    def rank_is_min_dim(self) -> MistakeValues:
        if self.form == "parameter":
            return None
        return self.consequences(rank=min(self.rows, self.columns))

    @mistake("The rank of a product is at most the size in between; a factor of smaller rank lowers it.")
    def rank_is_inner_size(self) -> MistakeValues:
        return self.consequences(rank=len(self.matrix)) if self.form == "factors" else None

    @mistake("Rank and nullity add up to the number of columns: the null space is a space of inputs.")
    def nullity_from_rows(self) -> MistakeValues:
        if self.form == "parameter":
            return None
        left = {} if self.form == "rank" else {"left_nullity": self.columns - self.rank}
        return {"nullity": self.rows - self.rank} | left

    @mistake("This is the dimension of the row space; the null space is its orthogonal complement.")
    def row_space_is_null_space(self) -> MistakeValues:
        vector = {"null_vector": self.whole[0]} if self.ends else {}
        return ({"nullity": self.rank} if self.form != "parameter" else {}) | vector

    @mistake("The transposed matrix has the same rank; its nullity is the number of rows minus this rank.")
    def left_nullity_is_rank(self) -> MistakeValues:
        return {"left_nullity": self.rank} if self.form in {"basis", "factors"} else None

    @mistake("The columns must add up to zero: what is brought to the other side changes its sign.")
    def signs_turned_round(self) -> MistakeValues:
        first = tuple(-int(entry) for entry in self._solution) if self.ends else ()
        return {"null_vector": (*first, *self.ends)} if self.ends else None

    @mistake("The vector must be zero under every row: the dot product with each of them is 0.")
    def one_row_only(self) -> MistakeValues:
        if not self.ends or not self.whole[0][0]:
            return None
        quotient = -dot(self.whole[0][self.rank :], self.ends) / self.whole[0][0]
        return {"null_vector": (quotient, *[0] * (self.rank - 1), *self.ends)}

    @mistake("The determinant must be 0: mind the sign when you solve for the parameter.")
    def parameter_sign(self) -> MistakeValues:
        return {"parameter": -self.parameter} if self.place else None

    @mistake("This is the determinant without the parameter; divide it by what multiplies the parameter.")
    def determinant_for_parameter(self) -> MistakeValues:
        return {"parameter": -self.base} if self.place else None


def _reduced(matrix: Sequence[Row]) -> list[list[Fraction]]:
    """The reduced row echelon form, with its zero rows."""
    rows = [[Fraction(entry) for entry in row] for row in matrix]
    done = 0
    for column in range(len(rows[0])):
        pivot = next((r for r in range(done, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        rows[done] = [entry / rows[done][column] for entry in rows[done]]
        for r, row in enumerate(rows):
            if r != done:
                rows[r] = [a - row[column] * b for a, b in zip(row, rows[done], strict=True)]
        done += 1
    return rows


def _latex_fraction(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value)
    sign = "-" if value < 0 else ""
    return rf"{sign}\tfrac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def _is_small_matrix(matrix: Sequence[Sequence[int]]) -> bool:
    lengths = {*map(len, matrix)}
    return (
        1 <= len(matrix) <= MOST_ROWS
        and len(lengths) == 1
        and 1 <= min(lengths) <= MOST_ROWS
        and all(abs(entry) <= LARGEST_PARAMETER for row in matrix for entry in row)
    )


def _drawn_row(rng: Random, size: int) -> tuple[int, ...]:
    row = (0,) * size
    while not any(row):
        row = tuple(rng.randint(-3, 4) for _ in range(size))
    return row


def _sum(*terms: tuple[int, Sequence[int]]) -> tuple[int, ...]:
    """A linear combination of rows."""
    columns = zip(*(row for _, row in terms), strict=True)
    factors = [factor for factor, _ in terms]
    return tuple(sum(k * entry for k, entry in zip(factors, column, strict=True)) for column in columns)


def _drawn_dependent_rows(rng: Random) -> tuple[tuple[int, ...], ...]:
    count, size = rng.choice([(2, 3), (2, 4), (3, 4), (3, 4), (3, 5)])
    first, second = _drawn_row(rng, size), _drawn_row(rng, size)
    rows = [first, _sum((rng.choice([-2, -1, 2, 3]), first))]
    if count == 3:
        rows = [first, second, _sum((rng.choice([-1, 1, 2]), first), (rng.choice([-1, 0, 1, 2]), second))]
    return tuple(rng.sample(rows, count))


def _drawn_dependent_columns(rng: Random, rows: int, size: int) -> tuple[tuple[int, ...], ...]:
    """The first two columns make the others."""
    first, second = _drawn_row(rng, rows), _drawn_row(rng, rows)
    columns = [first, second]
    while len(columns) < size:
        columns.append(_sum((rng.choice([-2, -1, 1, 2]), first), (rng.choice([-2, -1, 1, 2]), second)))
    return tuple(zip(*columns, strict=True))


def _drawn_factors(rng: Random) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]:
    """A matrix of two rows, and one of two columns; in most cases one of them has the rank 1."""
    rows, columns = rng.sample([3, 4, 5], 2)
    deficient = rng.choice([0, 1, 2])
    factors = []
    for number, size in enumerate((columns, rows)):
        first = _drawn_row(rng, size)
        multiple = _sum((rng.choice([-2, -1, 2, 3]), first))
        factors.append((first, multiple if number == deficient else _drawn_row(rng, size)))
    return factors[0], tuple(zip(*factors[1], strict=True))
