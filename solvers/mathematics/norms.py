"""Norms and singular values, from NumPy's linear algebra."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def svd(
    form: str,
    matrix: Sequence[Sequence[int]],
    right: Sequence[int],
    sizes: Sequence[int],
) -> dict[str, Any]:
    """Let NumPy decompose the matrix, or one of the given sizes and rank."""
    if form == "shapes":
        return factors_of(*sizes)
    A = np.array(matrix, dtype=float)
    U, values, Vt = np.linalg.svd(A, full_matrices=False)
    if form == "orthogonal":
        return {"singular_values": values.round(9)}
    if form == "gram":
        gram = A.T @ A
        squares = np.linalg.eigvalsh(gram)[::-1]
        return {"gram": gram, "eigenvalues": squares, "singular_values": values}
    if form == "pseudo_inverse":
        solution = np.linalg.pinv(A) @ np.array(right)
        return {"singular_value": values[0], "solution": solution}
    kept = values[0] * np.outer(U[:, 0], Vt[0])
    error = ((A - kept) ** 2).sum()
    return {"singular_values": values, "rank_one": kept, "error": error}


def factors_of(rows: int, columns: int, rank: int) -> dict[str, Any]:
    """Decompose a matrix of this rank, and see what its factors do."""
    random = np.random.default_rng(0)
    A = random.normal(size=(rows, rank)) @ random.normal(size=(rank, columns))
    U, values, Vt = np.linalg.svd(A)
    reduced, _, _ = np.linalg.svd(A, full_matrices=False)
    kept = values > 1e-9
    parts = U[:, : len(values)][:, kept], values[kept], Vt[: len(values)][kept]
    return {
        "full": U.shape,
        "reduced": reduced.shape,
        "basis": int((abs(A.T @ U) > 1e-9).any(axis=0).sum()),
        "null_basis": int((abs(A @ Vt.T) < 1e-9).all(axis=0).sum()),
        "stored": sum(part.size for part in parts),
    }
