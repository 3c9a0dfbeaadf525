"""Friendly numbers and the little linear algebra that closed forms need."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

Row = Sequence[float]


def bounded(numbers: Iterable[float], limit: float) -> bool:
    """Whether every number has at most this size; what is not a number has none."""
    return all(abs(number) <= limit for number in numbers)


def printable(numbers: Iterable[float], decimals: int = 4) -> bool:
    """Whether every number stays itself when it is printed with so many decimals."""
    return all(round(number, decimals) == number for number in numbers)


def dot(left: Row, right: Row) -> float:
    """The inner product."""
    return sum(a * b for a, b in zip(left, right, strict=True))


def transposed(matrix: Sequence[Row]) -> tuple[tuple[float, ...], ...]:
    """Rows become columns."""
    return tuple(zip(*matrix, strict=True))


def matmul(left: Sequence[Row], right: Sequence[Row]) -> tuple[tuple[float, ...], ...]:
    """The matrix product."""
    columns = transposed(right)
    return tuple(tuple(dot(row, column) for column in columns) for row in left)


def determinant(matrix: Sequence[Row]) -> float:
    """The determinant of a small square matrix, expanded along its first row."""
    if not matrix:
        return 1
    first, *others = matrix
    minors = ([(*row[:k], *row[k + 1 :]) for row in others] for k in range(len(first)))
    return sum(
        (-entry if k % 2 else entry) * determinant(minor)
        for k, (entry, minor) in enumerate(zip(first, minors, strict=True))
    )


def solved(matrix: Sequence[Row], right: Row) -> tuple[float, ...]:
    """The solution of a small linear system by Cramer's rule.

    Raises:
        ZeroDivisionError: the matrix is singular.
    """
    columns = transposed(matrix)
    whole = determinant(matrix)
    return tuple(determinant((*columns[:k], right, *columns[k + 1 :])) / whole for k in range(len(columns)))


def written_number(text: str) -> float:
    """The number that a text such as `0.5`, `-2`, `ln 3` or `-ln 3` stands for.

    Raises:
        ValueError: it stands for none.
    """
    if not text.isascii():
        raise ValueError("a number has other digits than 0 to 9")
    sign, logarithm, argument = text.rpartition("ln ")
    if not logarithm:
        return float(text)
    if sign not in {"", "-"}:
        raise ValueError(f"{text} is no number")
    return (-1 if sign else 1) * math.log(float(argument))


def latex_number(text: str) -> str:
    """The same text in LaTeX."""
    return text.replace("ln ", r"\ln ")


def eigenvalues(matrix: Sequence[Row]) -> tuple[float, float]:
    """The real eigenvalues of a 2×2 matrix, the larger one first.

    Raises:
        ValueError: they are complex.
    """
    (a, b), (c, d) = matrix
    mean, distance = (a + d) / 2, math.sqrt(((a - d) / 2) ** 2 + b * c)
    return mean + distance, mean - distance
