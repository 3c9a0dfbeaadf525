"""Statements on mathematics."""

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode


def math_01() -> bool:
    """Whether a matrix of ones and twos has positive eigenvalues only."""
    return bool(np.linalg.eigvalsh([[1, 2], [2, 1]]).min() > 0)


def math_02() -> bool:
    """Whether no eigenvalue is negative, for 20 random matrices of several shapes."""
    random = np.random.default_rng(0)
    matrices = [random.normal(size=random.integers(1, 6, size=2)) for _ in range(20)]
    return all(np.linalg.eigvalsh(X.T @ X).min() > -1e-12 for X in matrices)


def math_05() -> bool:
    """Whether PyTorch counts the same operations for both orders."""
    A, B, v = (
        torch.empty(shape, device="meta") for shape in ((10, 10), (10, 10), (10, 1))
    )
    with FlopCounterMode(display=False) as left:
        (A @ B) @ v
    with FlopCounterMode(display=False) as right:
        A @ (B @ v)
    return left.get_total_flops() == right.get_total_flops()


def math_06() -> bool:
    """Whether the traces of both products of a 2x3 and a 3x2 matrix agree."""
    random = np.random.default_rng(0)
    A, B = random.normal(size=(2, 3)), random.normal(size=(3, 2))
    return bool(np.isclose(np.trace(A @ B), np.trace(B @ A)))


def math_08() -> bool:
    """Whether squared singular values are the eigenvalues."""
    A = np.random.default_rng(0).normal(size=(4, 3))
    return np.allclose(
        np.linalg.svd(A, compute_uv=False)[::-1] ** 2, np.linalg.eigvalsh(A.T @ A)
    )


def math_09() -> bool:
    """Whether the squares of the entries sum to those of the singular values."""
    A = np.random.default_rng(0).normal(size=(4, 3))
    return bool(
        np.isclose((A**2).sum(), (np.linalg.svd(A, compute_uv=False) ** 2).sum())
    )


def math_10() -> bool:
    """Whether the determinant of I + I is that of I, twice, in two dimensions."""
    identity = np.eye(2)
    total = np.linalg.det(identity) + np.linalg.det(identity)
    return bool(np.isclose(np.linalg.det(identity + identity), total))


def math_11() -> bool:
    """Whether a step above the diagonal is such a matrix."""
    A = np.array([[0.0, 1.0], [0.0, 0.0]])
    return bool(np.linalg.matrix_rank(A) == 1 and np.all(np.linalg.eigvals(A) == 0))


def math_12() -> bool:
    """Whether (-1, 0, 1) and its squares, uncorrelated, are independent."""
    x = np.array([-1.0, 0.0, 1.0])
    assert np.cov(x, x**2)[0, 1] == 0
    joint = np.mean((x == 1) & (x**2 == 1))
    return bool(np.isclose(joint, np.mean(x == 1) * np.mean(x**2 == 1)))
