"""Friendly numbers and the little linear algebra that closed forms need."""

from __future__ import annotations

from collections.abc import Sequence

Row = Sequence[float]


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
