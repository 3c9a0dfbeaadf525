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


def definiteness(
    form: str, matrix: Sequence[Sequence[int]], ridge: int
) -> dict[str, Any]:
    """Judge by the signs of the eigenvalues that NumPy finds."""
    M = np.array(matrix, dtype=float)
    values = np.linalg.eigvalsh(M)
    if form == "range":
        shift, roots = M[0, 1], np.diag(np.diag(M) ** -0.5)
        E = np.array([[0.0, 1.0], [1.0, 0.0]])
        low, high = 1 / np.linalg.eigvalsh(roots @ E @ roots)
        return {"low": low - shift, "high": high - shift}
    if form == "ridge":
        condition = np.linalg.cond(M + ridge * np.eye(2))
        whole = values.round(9)
        return {
            "eigenvalues": whole[::-1],
            "least": -whole[0],
            "condition": condition,
        }
    product = round(np.linalg.det(M), 9)
    negative, positive = values[0] < -1e-9, values[-1] > 1e-9
    singular = min(abs(values)) < 1e-9
    verdict = 4 if negative and positive else 2 * negative + singular
    found: dict[str, Any] = {"verdict": int(verdict)}
    if form == "symmetric":
        found |= {"trace": values.sum().round(9), "determinant": product}
    if form == "quadratic":
        found |= {"matrix_of_form": hessian(M) / 2, "determinant": product}
    if form == "minors":
        minors = [np.linalg.det(M[:size, :size]) for size in (1, 2, 3)]
        found["minors"] = np.round(minors, 9)
    return found


def hessian(M: np.ndarray) -> np.ndarray:
    """Second differences of the quadratic form of a matrix."""
    size = len(M)
    points = np.eye(size)
    corners = points[:, None, :] + points[None, :, :]
    values = np.einsum("ijk,kl,ijl->ij", corners, M, corners)
    sides = np.einsum("ik,kl,il->i", points, M, points)
    return values - sides[:, None] - sides[None, :]
