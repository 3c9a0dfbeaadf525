"""Activations of a layer, a row per sample, and the blanks that ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from ...answers import Answer, Integer, Matrix, Real, Vector
from ..numbers import Row, dot, matmul, transposed

Rows = tuple[tuple[float, ...], ...]
"""A matrix; for activations and their derivatives a row per sample."""
DECIMALS = 3
"""Keys that are no whole numbers are wanted to so many decimals."""


def affine(samples: Sequence[Row], weights: Sequence[Row], bias: Row) -> Rows:
    """Wx + b for each sample, as rows."""
    return tuple(tuple(map(sum, zip(row, bias, strict=True))) for row in matmul(samples, transposed(weights)))


def scaled(factor: float, rows: Rows) -> Rows:
    """Each entry times a factor."""
    return tuple(tuple(factor * entry for entry in row) for row in rows)


def relu_unit(
    rng: Random, inputs: Rows, firing: tuple[bool, ...], choices: Sequence[int]
) -> tuple[tuple[int, ...], int]:
    """Weights and bias of a ReLU unit that is active for the samples marked by `firing` and for no other."""
    while True:
        weights, bias = tuple(rng.choice(choices) for _ in inputs[0]), rng.randint(-2, 2)
        sums = [dot(weights, sample) + bias for sample in inputs]
        if all(sums) and tuple(entry > 0 for entry in sums) == firing:
            return weights, bias


def scalar_key(value: float) -> Answer:
    """A whole number stays one; what has passed through a function is a real."""
    return Integer(value) if isinstance(value, int) else Real(value, DECIMALS)


def matrix_key(rows: Rows) -> Matrix:
    """A matrix of whole numbers stays one."""
    whole = all(isinstance(entry, int) for row in rows for entry in row)
    return Matrix(rows, 0 if whole else DECIMALS)


def samples_key(rows: Rows) -> Answer:
    """A row per sample; of a single sample a vector, or a number where it has one entry."""
    if len(rows) > 1:
        return matrix_key(rows)
    return scalar_key(rows[0][0]) if len(rows[0]) == 1 else Vector(rows[0], matrix_key(rows).decimals)


def samples_value(rows: Rows) -> Any:
    """The value that the key of these rows has."""
    return vars(samples_key(rows))["value"]


def as_rows(value: Any) -> Rows:
    """The inverse of `samples_value`."""
    row = value if isinstance(value, tuple) else (value,)
    return row if isinstance(row[0], tuple) else (row,)
