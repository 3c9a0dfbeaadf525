"""Eigenvalues and singular values, from NumPy's linear algebra."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def eigen_2x2(form: str, matrix: Sequence[Sequence[int]], power: int) -> dict[str, Any]:
    """Let NumPy find eigenvalues and eigenvectors, and multiply the matrix itself."""
    A = np.array(matrix, dtype=float)
    values, vectors = np.linalg.eig(A)
    if form == "complex":
        value = values[values.imag.argmax()]
        return {"mean": value.real, "imaginary": value.imag, "modulus": abs(value)}
    order = np.argsort(-values)
    found = {"eigenvalues": values[order]}
    if form == "eigenvectors":
        found["firsts"] = (vectors[0] / vectors[1])[order]
    if form == "power":
        product = np.linalg.matrix_power(np.array(matrix), power)
        turned = np.linalg.inv(vectors) @ product @ vectors
        found |= {"matrix_power": product, "powers": np.diag(turned)[order]}
        return {name: entries.round(9) for name, entries in found.items()}
    if form == "root":
        lengths, U = np.linalg.eigh(A)
        found["matrix_root"] = U @ np.diag(np.sqrt(lengths)) @ U.T
    return found
