"""Norms and singular values, from NumPy's linear algebra."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch


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


def norms(form: str, rows: Sequence[Sequence[int]]) -> dict[str, Any]:
    """Take every norm from torch.linalg."""
    A = torch.tensor(rows, dtype=torch.float64)
    if form == "matrix":
        frobenius = torch.linalg.matrix_norm(A)
        return {"gram": A.T @ A, "trace": (A.T @ A).trace(), "frobenius": frobenius}
    if form == "spectral":
        return {
            "eigenvalues": torch.linalg.eigvalsh(A.T @ A).flip(0).round(decimals=9),
            "spectral": torch.linalg.matrix_norm(A, 2),
            "frobenius": torch.linalg.matrix_norm(A, "fro"),
        }
    if form == "cauchy_schwarz":
        u, v = A
        factor = torch.linalg.lstsq(u[:-1, None], v[:-1, None]).solution
        return {
            "inner": torch.dot(u, v),
            "bound": u.norm() * v.norm(),
            "cosine": torch.cosine_similarity(u, v, dim=0),
            "equality": (factor * u[-1]).round(decimals=9)[0, 0],
        }
    vector = A[0] - A[1] if form == "distance" else A[0]
    orders = {"l1": 1, "euclidean_norm": 2, "maximum": float("inf")}
    found = {
        name: torch.linalg.vector_norm(vector, order) for name, order in orders.items()
    }
    found["square"] = vector @ vector
    if form == "distance":
        found["unit_vector"] = torch.nn.functional.normalize(vector, dim=0)
    return found
