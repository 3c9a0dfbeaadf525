"""Norms of vectors and matrices, and the singular values behind some of them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix, Real, Shape, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, dot, eigenvalues, matmul, transposed

LARGEST_ENTRY = 60
LARGEST_SIZE = 100
ORTHOGONAL = (((3, 4), (-4, 3)), ((1, 2, 2), (2, 1, -2)), ((2, -2, 1), (1, 2, 2)), ((2, 3, 6), (3, -6, 2)))
"""Pairs of orthogonal columns whose lengths are whole."""
DIRECTIONS = ((1, 1), (1, -1), (1, 2), (2, 1), (2, -1), (-1, 2))
"""Of right singular vectors, not normalised."""
WHOLE_LENGTHS = (
    (3, 4), (6, 8), (5, 12), (3, 4, 0), (1, 2, 2), (2, 4, 4), (2, 3, 6), (4, 4, 7), (1, 4, 8), (2, 6, 9),
    (1, 1, 3, 5), (1, 3, 3, 9), (2, 2, 4, 5), (1, 2, 2, 4), (2, 4, 5, 6),
)  # fmt: skip
"""Entries of vectors whose Euclidean length is whole."""


class Norms(Question):
    """Norms of vectors and matrices, distances, and the inequality of Cauchy and Schwarz.

    At level 1 three norms of a vector are asked, at level 2 those of a difference, with its direction, or the
    Frobenius norm by the trace of AᵀA, at level 3 the spectral norm, or how far two vectors are from equality
    in the inequality of Cauchy and Schwarz.

    Source: Golub & Van Loan 2013, Matrix Computations, sections 2.2 and 2.3; torch.linalg.vector_norm,
    torch.linalg.matrix_norm.
    """

    title = "Norms"
    minutes = {1: 2, 2: 4, 3: 5}

    form: str
    """`vector`, `distance`, `matrix`, `spectral` or `cauchy_schwarz`."""
    rows: tuple[tuple[int, ...], ...]
    """The vector, two vectors, or the matrix."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        forms = {1: ["vector"], 2: ["distance", "matrix"], 3: ["spectral", "cauchy_schwarz"]}
        form = rng.choice(forms[level])
        question = cls(form, _drawn_rows(rng, form))
        while question.flaw():
            question = cls(form, _drawn_rows(rng, form))
        return question

    def flaw(self) -> str | None:
        if self.form not in {"vector", "distance", "matrix", "spectral", "cauchy_schwarz"}:
            return "form is vector, distance, matrix, spectral or cauchy_schwarz"
        counts = {"vector": (1,), "matrix": (2, 3)}.get(self.form, (2,))
        lengths = {*map(len, self.rows)}
        if len(self.rows) not in counts or len(lengths) != 1 or not lengths <= {2, 3, 4}:
            counted = " or ".join(map(str, counts))
            return f"the number of rows is {counted}, and each has two to four entries"
        if any(abs(entry) > LARGEST_ENTRY for row in self.rows for entry in row):
            return f"entries go from -{LARGEST_ENTRY} to {LARGEST_ENTRY}"
        if self.form == "matrix":
            fits = self.columns < 4 and all(map(any, self.rows))
            return None if fits else "a row is zero, or longer than three entries"
        if self.form == "spectral":
            return self._spectral_flaw()
        return self._cauchy_schwarz_flaw() if self.form == "cauchy_schwarz" else self._vector_flaw()

    def _vector_flaw(self) -> str | None:
        if _nonzero(self.vector) < 2 or _length(self.vector) != round(_length(self.vector)):
            return "the length is not whole, or all entries but one are zero"
        return "no entry is negative" if min(self.vector) >= 0 else None

    def _spectral_flaw(self) -> str | None:
        if self.columns != 2:
            return "two columns are wanted"
        high, low = self.squares
        if not self.gram[0][1] or low < 0.5 or low != round(low) or high == low:
            return "AᵀA is diagonal, or its eigenvalues are not different whole numbers above 0"
        return None

    def _cauchy_schwarz_flaw(self) -> str | None:
        first, second = self.rows
        pairs = zip(first[:-1], second[:-1], strict=True)
        if not all(first) or any(a * second[0] != b * first[0] for a, b in pairs):
            return "all entries but the last are not proportional, or one is zero"
        if not second[0] or self.equality != round(self.equality) or self.equality == second[-1]:
            return "the entry that brings equality is not whole, or is there already"
        return "the vectors are orthogonal" if dot(first, second) == 0 else None

    @property
    def columns(self) -> int:
        """The entries of a row."""
        return len(self.rows[0])

    @property
    def vector(self) -> tuple[int, ...]:
        """The vector, or the difference of two."""
        if self.form != "distance":
            return self.rows[0]
        return tuple(a - b for a, b in zip(*self.rows, strict=True))

    @property
    def square(self) -> int:
        """The sum of the squared entries of the vector."""
        return sum(entry**2 for entry in self.vector)

    @property
    def gram(self) -> tuple[tuple[float, ...], ...]:
        """The matrix AᵀA of the rows."""
        return matmul(transposed(self.rows), self.rows)

    @property
    def trace(self) -> int:
        """The sum of all squared entries."""
        return sum(entry**2 for row in self.rows for entry in row)

    @property
    def squares(self) -> tuple[float, ...]:
        """The eigenvalues of AᵀA, the largest one first; empty where they are not asked for."""
        return eigenvalues(self.gram) if self.form == "spectral" else ()

    @property
    def inner(self) -> int:
        """The inner product of two vectors."""
        return round(dot(*self.rows)) if self.form == "cauchy_schwarz" else 0

    @property
    def lengths(self) -> tuple[float, ...]:
        """The Euclidean length of each row."""
        return tuple(map(_length, self.rows))

    @property
    def equality(self) -> float:
        """The last entry of the second vector that makes it a multiple of the first one."""
        if self.form != "cauchy_schwarz":
            return 0.0
        return self.rows[1][0] / self.rows[0][0] * self.rows[0][-1]

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "matrix":
            trace = sum(row[place] for place, row in enumerate(given("gram", self.gram)))
            frobenius = Real(math.sqrt(given("trace", trace)), 3)
            return {"gram": Matrix(self.gram), "trace": Integer(round(trace)), "frobenius": frobenius}
        if self.form == "spectral":
            own = given("eigenvalues", self.squares)
            values = {"spectral": math.sqrt(max(own)), "frobenius": math.sqrt(sum(own))}
            return {"eigenvalues": Vector(self.squares)} | {name: Real(v, 4) for name, v in values.items()}
        if self.form == "cauchy_schwarz":
            bound = math.prod(self.lengths)
            cosine = given("inner", self.inner) / given("bound", bound)
            return {
                "inner": Integer(self.inner),
                "bound": Real(bound, 3),
                "cosine": Real(cosine, 3),
                "equality": Integer(round(self.equality)),
            }
        return self._of_vector(given)

    def _of_vector(self, given: Given) -> dict[str, Answer]:
        sizes = tuple(map(abs, self.vector))
        length = math.sqrt(given("square", self.square))
        answers: dict[str, Answer] = {
            "l1": Integer(sum(sizes)),
            "square": Integer(self.square),
            "euclidean_norm": Real(length, 2),
            "maximum": Integer(max(sizes)),
        }
        if self.form == "distance":
            own = given("euclidean_norm", length)
            answers["unit_vector"] = Vector(tuple(entry / own for entry in self.vector), 3)
        return answers

    @property
    def _is_vector(self) -> bool:
        return self.form in {"vector", "distance"}

    @mistake("The 1-norm adds the absolute values: entries of different signs must not cancel.")
    def signed_sum(self) -> MistakeValues:
        return {"l1": sum(self.vector)} if self._is_vector else None

    @mistake("The squares are added, but the square root is missing.")
    def no_sqrt(self) -> MistakeValues:
        if self.form == "spectral":
            return {"spectral": self.squares[0], "frobenius": self.trace}
        if self.form == "matrix":
            return {"frobenius": self.trace}
        if self.form == "cauchy_schwarz":
            return self.consequences(bound=math.prod(self.lengths) ** 2)
        return self.consequences(euclidean_norm=self.square)

    @mistake("The maximum norm is the largest absolute value: a negative entry may have it.")
    def max_signed(self) -> MistakeValues:
        return {"maximum": max(self.vector)} if self._is_vector else None

    @mistake("This counts the entries that are not zero; the 1-norm adds their absolute values.")
    def counts_entries(self) -> MistakeValues:
        return {"l1": _nonzero(self.vector)} if self._is_vector else None

    @mistake("Square each entry before you add them, not their sum.")
    def square_of_sum(self) -> MistakeValues:
        if not self._is_vector or not sum(self.vector):
            return None
        return self.consequences(square=sum(self.vector) ** 2)

    @mistake("The root of a sum of squares is not the sum of the roots: this is the 1-norm.")
    def l1_for_l2(self) -> MistakeValues:
        return self.consequences(euclidean_norm=sum(map(abs, self.vector))) if self._is_vector else None

    @mistake("The distance is the norm of the difference, not the difference of the norms.")
    def difference_of_norms(self) -> MistakeValues:
        if self.form != "distance":
            return None
        sums = [sum(map(abs, row)) for row in self.rows]
        return {"l1": abs(sums[0] - sums[1])}

    @mistake("The direction from v to u is u − v, not the other way round.")
    def direction_turned_round(self) -> MistakeValues:
        return self._direction(-_length(self.vector))

    @mistake("A unit vector is divided by its Euclidean norm, not by its 1-norm.")
    def divided_by_l1(self) -> MistakeValues:
        return self._direction(sum(map(abs, self.vector)))

    @mistake("A unit vector is divided by its norm, not by the square of it.")
    def divided_by_square(self) -> MistakeValues:
        return self._direction(self.square)

    def _direction(self, divisor: float) -> MistakeValues:
        if self.form != "distance":
            return None
        return {"unit_vector": tuple(entry / divisor for entry in self.vector)}

    @mistake("The squared Frobenius norm is the trace of AᵀA, not of A.")
    def trace_of_a(self) -> MistakeValues:
        if self.form != "matrix" or len(self.rows) != self.columns:
            return None
        trace = sum(row[place] for place, row in enumerate(self.rows))
        return self.consequences(trace=trace) if trace > 0 else {"trace": trace}

    @mistake("This is AAᵀ: its trace is the same, but its entries are products of the rows.")
    def outer_gram(self) -> MistakeValues:
        return {"gram": matmul(self.rows, transposed(self.rows))} if self.form == "matrix" else None

    @mistake("The trace is the sum of the diagonal entries only.")
    def sum_of_gram(self) -> MistakeValues:
        return {"trace": sum(map(sum, self.gram))} if self.form == "matrix" else None

    @mistake("The spectral norm is the largest singular value; the Frobenius norm adds all their squares.")
    def frobenius_as_spectral(self) -> MistakeValues:
        return {"spectral": math.sqrt(self.trace)} if self.form == "spectral" else None

    @mistake("The eigenvalues of A itself do not bound the length of Ax; those of AᵀA do.")
    def eigenvalue_as_spectral(self) -> MistakeValues:
        if self.form != "spectral":
            return None
        (a, b), (c, d) = self.rows
        if (a - d) ** 2 + 4 * b * c < 0:
            return None
        return {"spectral": max(map(abs, eigenvalues(self.rows)))}

    @mistake("The squares of the singular values are added before the root is taken.")
    def sum_of_singular_values(self) -> MistakeValues:
        return {"frobenius": sum(map(math.sqrt, self.squares))} if self.form == "spectral" else None

    @mistake("The largest entry is not the spectral norm: the matrix may stretch other directions more.")
    def largest_entry(self) -> MistakeValues:
        entries = [abs(entry) for row in self.rows for entry in row]
        return {"spectral": max(entries)} if self.form == "spectral" else None

    @mistake("The inner product keeps the signs of its terms.")
    def inner_without_signs(self) -> MistakeValues:
        if self.form != "cauchy_schwarz":
            return None
        pairs = zip(*self.rows, strict=True)
        return self.consequences(inner=sum(abs(a * b) for a, b in pairs))

    @mistake("The bound is the product of the two norms, not their sum.")
    def sum_of_norms(self) -> MistakeValues:
        return self.consequences(bound=sum(self.lengths)) if self.form == "cauchy_schwarz" else None

    @mistake("The cosine is the inner product divided by the bound: it lies between −1 and 1.")
    def cosine_turned_round(self) -> MistakeValues:
        if self.form != "cauchy_schwarz":
            return None
        return {"cosine": math.prod(self.lengths) / self.inner}

    @mistake("With this entry the vectors are orthogonal; equality holds where they are parallel.")
    def orthogonal_for_parallel(self) -> MistakeValues:
        if self.form != "cauchy_schwarz":
            return None
        first, second = self.rows
        return {"equality": -dot(first[:-1], second[:-1]) / first[-1]}

    @mistake("The last entry is multiplied by the same factor as the others, with its sign.")
    def equality_sign(self) -> MistakeValues:
        return {"equality": -round(self.equality)} if self.form == "cauchy_schwarz" else None


class Svd(Question):
    """Singular values, and what a matrix of low rank keeps of a matrix.

    At level 1 the columns are orthogonal, at level 2 the singular values follow from the eigenvalues of AᵀA,
    at level 3 the best approximation of rank 1, the solution by a pseudo-inverse, or the sizes of the factors
    are asked.

    Source: Golub & Van Loan 2013, Matrix Computations, sections 2.4 and 5.5; Eckart & Young 1936, The
    approximation of one matrix by another of lower rank; numpy.linalg.svd.
    """

    title = "Singular values"
    minutes = {1: 2, 2: 5, 3: 7}

    form: str
    """`orthogonal`, `gram`, `truncate`, `pseudo_inverse` or `shapes`."""
    matrix: tuple[tuple[int, ...], ...]
    """The matrix; empty where only sizes are given."""
    right: tuple[int, ...]
    """The right-hand side of the form `pseudo_inverse`; empty in the other forms."""
    sizes: tuple[int, ...]
    """Rows, columns and rank of the form `shapes`; empty in the other forms."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        form = {1: "orthogonal", 2: "gram", 3: rng.choice(["truncate", "pseudo_inverse", "shapes"])}[level]
        if form == "shapes":
            columns, rows = sorted(rng.sample(range(4, 21), 2))
            return cls(form, (), (), (rows, columns, rng.randint(2, columns - 1)))
        if form == "pseudo_inverse":
            left, right = (_drawn_vector(rng, size) for size in rng.choice([(2, 2), (3, 2), (2, 3)]))
            matrix = tuple(tuple(a * b for b in right) for a in left)
            return cls(form, matrix, tuple(rng.randint(-6, 9) for _ in left), ())
        if form == "orthogonal":
            return cls(form, _drawn_orthogonal(rng), (), ())
        size = 2 if form == "gram" else rng.choice([2, 3])
        question = cls(form, _drawn_of_singular_vectors(rng, size), (), ())
        while question.flaw():
            question = cls(form, _drawn_of_singular_vectors(rng, size), (), ())
        return question

    def flaw(self) -> str | None:
        if self.form not in {"orthogonal", "gram", "truncate", "pseudo_inverse", "shapes"}:
            return "form is orthogonal, gram, truncate, pseudo_inverse or shapes"
        if bool(self.matrix) == (self.form == "shapes") or bool(self.sizes) != (self.form == "shapes"):
            return "sizes without a matrix belong to the form shapes, and a matrix to the others"
        if bool(self.right) != (self.form == "pseudo_inverse"):
            return "a right-hand side belongs to the form pseudo_inverse"
        return self._shapes_flaw() if self.form == "shapes" else self._matrix_flaw()

    def _shapes_flaw(self) -> str | None:
        if len(self.sizes) != 3 or not all(1 <= size <= LARGEST_SIZE for size in self.sizes):
            return f"rows, columns and rank go from 1 to {LARGEST_SIZE}"
        rows, columns, rank = self.sizes
        if rows == columns or rank >= min(rows, columns):
            return "there are as many rows as columns, or the rank is not smaller than both"
        return None

    def _matrix_flaw(self) -> str | None:
        lengths = {*map(len, self.matrix)}
        if len(lengths) != 1 or not {len(self.matrix), *lengths} <= {2, 3}:
            return "two or three rows of two or three entries are wanted"
        if any(abs(entry) > LARGEST_ENTRY for row in (*self.matrix, self.right) for entry in row):
            return f"entries go from -{LARGEST_ENTRY} to {LARGEST_ENTRY}"
        if self.form == "orthogonal":
            return self._orthogonal_flaw()
        if self.form == "pseudo_inverse":
            return self._pseudo_inverse_flaw()
        if len(self.gram) != 2 or (self.form == "gram" and len(self.matrix) != 2):
            return "two columns are wanted, and in the form gram two rows"
        high, low = eigenvalues(self.gram)
        if not self.gram[0][1] or low < 0.5 or low != round(low) or high - low < 0.5:
            return "AᵀA is diagonal, or its eigenvalues are not different whole numbers above 0"
        if self.form == "truncate" and any(_is_long(entry) for row in self.rank_one for entry in row):
            return "an entry of the approximation has more than two decimals"
        return None

    def _orthogonal_flaw(self) -> str | None:
        off_diagonal = [entry for i, row in enumerate(self.gram) for entry in row[:i]]
        lengths = self.column_lengths
        if any(off_diagonal) or not all(lengths):
            return "the columns are not orthogonal, or one is zero"
        if any(length != round(length) for length in lengths) or len({*lengths}) < len(lengths):
            return "the lengths of the columns are not different whole numbers"
        return None

    def _pseudo_inverse_flaw(self) -> str | None:
        if len(self.right) != len(self.matrix):
            return "the right-hand side has as many entries as the matrix has rows"
        first = next((row for row in self.matrix if any(row)), None)
        if first is None or any(_differ(row, first) for row in self.matrix):
            return "the rank of the matrix is not 1"
        return None if any(self.projected) else "the solution is zero"

    @property
    def gram(self) -> tuple[tuple[float, ...], ...]:
        """The matrix AᵀA."""
        return matmul(transposed(self.matrix), self.matrix) if self.matrix else ()

    @property
    def column_lengths(self) -> tuple[float, ...]:
        """The length of each column."""
        return tuple(math.sqrt(row[place]) for place, row in enumerate(self.gram))

    @property
    def squares(self) -> tuple[float, ...]:
        """The squared singular values, the largest one first."""
        if self.form in {"gram", "truncate"}:
            return eigenvalues(self.gram)
        if self.form == "pseudo_inverse":
            return (sum(row[place] for place, row in enumerate(self.gram)),)
        return tuple(sorted((length**2 for length in self.column_lengths), reverse=True))

    @property
    def singular_values(self) -> tuple[float, ...]:
        """The singular values that are not zero, the largest one first."""
        return tuple(map(math.sqrt, self.squares))

    @property
    def direction(self) -> tuple[int, ...]:
        """The first right singular vector as whole numbers, not normalised; empty where none is asked for."""
        if self.form != "truncate":
            return ()
        (first, off), _ = self.gram
        second = round(self.squares[0] - first)
        divisor = math.gcd(round(off), second)
        return round(off) // divisor, second // divisor

    @property
    def image(self) -> tuple[float, ...]:
        """The matrix times this vector."""
        return tuple(dot(row, self.direction) for row in self.matrix) if self.direction else ()

    @property
    def rank_one(self) -> tuple[tuple[float, ...], ...]:
        """The best approximation of rank 1."""
        length = dot(self.direction, self.direction)
        return tuple(tuple(a * v / length for v in self.direction) for a in self.image)

    @property
    def projected(self) -> tuple[float, ...]:
        """The vector Aᵀb."""
        return tuple(dot(column, self.right) for column in transposed(self.matrix)) if self.right else ()

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "shapes":
            return self._factors(given)
        if self.form == "orthogonal":
            return {"singular_values": Vector(tuple(map(round, self.singular_values)))}
        if self.form == "pseudo_inverse":
            own = given("singular_value", self.singular_values[0])
            solution = tuple(entry / own**2 for entry in self.projected)
            return {"singular_value": Real(self.singular_values[0], 4), "solution": Vector(solution, 3)}
        if self.form == "truncate":
            own_values = given("singular_values", self.singular_values)
            return {
                "singular_values": Vector(self.singular_values, 4),
                "rank_one": Matrix(self.rank_one, 2),
                "error": Real(own_values[1] ** 2, 2),
            }
        squares = eigenvalues(given("gram", self.gram))
        values = tuple(map(math.sqrt, given("eigenvalues", squares)))
        return {
            "gram": Matrix(self.gram),
            "eigenvalues": Vector(squares, 2),
            "singular_values": Vector(values, 4),
        }

    def _factors(self, given: Given) -> dict[str, Answer]:
        rows, columns, rank = self.sizes
        own = given("basis", rank)
        return {
            "full": Shape((rows, rows)),
            "reduced": Shape((rows, min(rows, columns))),
            "basis": Integer(rank),
            "null_basis": Integer(columns - own),
            "stored": Integer(own * (rows + columns + 1)),
        }

    @mistake("These are the eigenvalues of AᵀA: the singular values are their roots.")
    def no_sqrt(self) -> MistakeValues:
        if self.form == "shapes":
            return None
        if self.form == "pseudo_inverse":
            return self.consequences(singular_value=self.squares[0])
        return self.consequences(singular_values=self.squares)

    @mistake("These are the eigenvalues of A itself; the singular values are the roots of those of AᵀA.")
    def eigenvalues_of_A(self) -> MistakeValues:  # noqa: N802  # the matrix keeps its capital
        if len(self.matrix) != 2 or len(self.gram) != 2 or self.form == "pseudo_inverse":
            return None
        (a, b), (c, d) = self.matrix
        if (a - d) ** 2 + 4 * b * c < 0:
            return None
        return self.consequences(singular_values=eigenvalues(self.matrix))

    @mistake("Singular values are listed by size: the largest one comes first.")
    def unsorted(self) -> MistakeValues:
        if self.form == "orthogonal":
            return {"singular_values": self.column_lengths}
        return {"singular_values": self.singular_values[::-1]} if self.form == "gram" else None

    @mistake("Singular values are lengths and never negative.")
    def keeps_signs(self) -> MistakeValues:
        diagonal = [row[place] for place, row in enumerate(self.matrix[: len(self.gram)])]
        if self.form != "orthogonal" or sorted(map(abs, diagonal)) != sorted(self.column_lengths):
            return None
        return {"singular_values": tuple(sorted(diagonal, key=abs, reverse=True))}

    @mistake("The length of a column is the root of the sum of its squares, not the sum of its entries.")
    def sums_of_columns(self) -> MistakeValues:
        if self.form != "orthogonal":
            return None
        return {"singular_values": _descending(sum(map(abs, column)) for column in transposed(self.matrix))}

    @mistake("This is AAᵀ: its eigenvalues are the same, but the matrix is another one.")
    def outer_gram(self) -> MistakeValues:
        return {"gram": matmul(self.matrix, transposed(self.matrix))} if self.form == "gram" else None

    @mistake("The product AᵀA takes rows times columns; these are the squares of the entries.")
    def squared_entries(self) -> MistakeValues:
        if self.form != "gram":
            return None
        return {"gram": tuple(tuple(entry**2 for entry in row) for row in self.matrix)}

    @mistake("The diagonal entries of AᵀA are its eigenvalues only if the columns of A are orthogonal.")
    def diagonal_for_eigenvalues(self) -> MistakeValues:
        if self.form != "gram":
            return None
        return self.consequences(eigenvalues=_descending(row[place] for place, row in enumerate(self.gram)))

    @mistake("The squared error is the square of the singular value that is left out.")
    def error_not_squared(self) -> MistakeValues:
        return {"error": self.singular_values[1]} if self.form == "truncate" else None

    @mistake("The approximation keeps the largest singular value; the error consists of the ones left out.")
    def uses_largest(self) -> MistakeValues:
        return {"error": self.squares[0]} if self.form == "truncate" else None

    @mistake("This is the part of the smaller singular value; the best approximation keeps the larger one.")
    def keeps_the_smaller(self) -> MistakeValues:
        if self.form != "truncate":
            return None
        pairs = zip(self.matrix, self.rank_one, strict=True)
        return {"rank_one": tuple(tuple(a - b for a, b in zip(*rows, strict=True)) for rows in pairs)}

    @mistake("Divide by the squared length of the right singular vector: it is to be normalised.")
    def not_normalised(self) -> MistakeValues:
        if self.form != "truncate":
            return None
        return {"rank_one": tuple(tuple(a * v for v in self.direction) for a in self.image)}

    @mistake("A matrix with a column of zeros has the rank 1 too, but there is one that is nearer to A.")
    def drops_a_column(self) -> MistakeValues:
        return {"rank_one": tuple((row[0], 0) for row in self.matrix)} if self.form == "truncate" else None

    @mistake("The pseudo-inverse of this matrix is its transpose divided by the squared singular value.")
    def transpose_for_inverse(self) -> MistakeValues:
        return {"solution": self.projected} if self.form == "pseudo_inverse" else None

    @mistake("Divide by the square of the singular value: one comes from A, one from its inverse.")
    def divides_once(self) -> MistakeValues:
        if self.form != "pseudo_inverse":
            return None
        return {"solution": tuple(entry / self.singular_values[0] for entry in self.projected)}

    @mistake("The singular value of a matrix of rank 1 is the root of the sum of its squared entries.")
    def sum_of_entries(self) -> MistakeValues:
        if self.form != "pseudo_inverse":
            return None
        return self.consequences(singular_value=sum(map(abs, (e for row in self.matrix for e in row))))

    @mistake("All columns of U are an orthonormal basis of the whole space; only the first ones reach R(A).")
    def all_columns_of_u(self) -> MistakeValues:
        return self.consequences(basis=self.sizes[0]) if self.form == "shapes" else None

    @mistake("A singular value of zero adds nothing: the rank counts, not the smaller size.")
    def basis_of_smaller_size(self) -> MistakeValues:
        return self.consequences(basis=min(self.sizes[:2])) if self.form == "shapes" else None

    @mistake("The null space lies in the space of the inputs: subtract the rank from the columns.")
    def null_space_of_rows(self) -> MistakeValues:
        return {"null_basis": self.sizes[0] - self.sizes[2]} if self.form == "shapes" else None

    @mistake("The reduced U keeps as many columns as the smaller size of the matrix.")
    def reduced_as_matrix(self) -> MistakeValues:
        return {"reduced": (self.sizes[0], max(self.sizes[:2]))} if self.form == "shapes" else None

    @mistake("U is square with the rows of the matrix; V has the columns.")
    def full_turned_round(self) -> MistakeValues:
        return {"full": (self.sizes[1], self.sizes[1])} if self.form == "shapes" else None

    @mistake("Each term has a vector for the rows, one for the columns, and a singular value.")
    def forgets_singular_values(self) -> MistakeValues:
        if self.form != "shapes":
            return None
        rows, columns, rank = self.sizes
        return {"stored": rank * (rows + columns)}


def _differ(row: Row, other: Row) -> bool:
    """Whether two rows are no multiples of each other."""
    return dot(row, other) ** 2 != dot(row, row) * dot(other, other)


def _is_long(value: float) -> bool:
    """Whether a number has more than two decimals."""
    return abs(value * 100 - round(value * 100)) > 1e-9


def _descending(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(sorted(values, reverse=True))


def _drawn_vector(rng: Random, size: int) -> tuple[int, ...]:
    vector = (0,) * size
    while sum(map(bool, vector)) < 2:
        vector = tuple(rng.randint(-3, 4) for _ in range(size))
    return vector


def _drawn_orthogonal(rng: Random) -> tuple[tuple[int, ...], ...]:
    """A matrix with orthogonal columns of whole lengths."""
    if rng.random() < 0.5:
        size = rng.choice([2, 3])
        lengths = rng.sample(range(1, 10), size)
        places = rng.sample(range(size), size)
        signed = [rng.choice([-1, 1]) * length for length in lengths]
        return tuple(tuple(signed[i] * (places[i] == j) for j in range(size)) for i in range(size))
    factors = rng.sample([-2, -1, 1, 2, 3], 2)
    pairs = zip(*rng.sample(rng.choice(ORTHOGONAL), 2), strict=True)
    rows = [(factors[0] * first, factors[1] * second) for first, second in pairs]
    return tuple(rng.sample(rows, len(rows)))


def _drawn_of_singular_vectors(rng: Random, size: int) -> tuple[tuple[int, ...], ...]:
    """A matrix with two columns, made of orthogonal vectors on both sides."""
    p, q = rng.choice(DIRECTIONS)
    left = other = (0,) * size
    while dot(left, other) or not any(left) or not any(other):
        left, other = (tuple(rng.randint(-4, 4) for _ in range(size)) for _ in range(2))
    rows = [(a * p - b * q, a * q + b * p) for a, b in zip(left, other, strict=True)]
    divisor = math.gcd(*(entry for row in rows for entry in row), 2)
    return tuple((a // divisor, b // divisor) for a, b in rows)


def _nonzero(row: Row) -> int:
    """How many entries are not zero."""
    return sum(map(bool, row))


def _length(row: Row) -> float:
    """The Euclidean norm."""
    return math.sqrt(dot(row, row))


def _drawn_whole(rng: Random) -> tuple[int, ...]:
    """A vector of whole length, in any order and with any signs."""
    entries = rng.choice(WHOLE_LENGTHS)
    return tuple(rng.choice([-1, 1]) * entry for entry in rng.sample(entries, len(entries)))


def _drawn_rows(rng: Random, form: str) -> tuple[tuple[int, ...], ...]:
    vector = _drawn_whole(rng)
    if form == "distance":
        start = tuple(rng.randint(-5, 5) for _ in vector)
        return tuple(a + b for a, b in zip(vector, start, strict=True)), start
    if form == "cauchy_schwarz":
        factor = rng.choice([-2, -1, 2, 3])
        return vector, (*(factor * entry for entry in vector[:-1]), rng.randint(-9, 9))
    if form == "spectral":
        return _drawn_of_singular_vectors(rng, 2)
    if form == "matrix":
        rows, columns = rng.choice([(2, 2), (2, 2), (2, 3), (3, 2)])
        return tuple(tuple(rng.randint(-6, 6) for _ in range(columns)) for _ in range(rows))
    return (vector,)
