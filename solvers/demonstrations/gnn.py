"""Statements on graph neural networks."""

import torch
from torch import Tensor


def house_with_self_loops() -> Tensor:
    """The adjacency matrix of a square with a roof, plus the identity."""
    A = torch.eye(5, dtype=torch.float64)
    for i, j in ((0, 1), (1, 2), (2, 3), (3, 0), (3, 4), (4, 0)):
        A[i, j] = A[j, i] = 1
    return A


def symmetrically_normalised(A: Tensor) -> Tensor:
    """The matrix between inverse square roots of its degrees."""
    scale = A.sum(dim=1).rsqrt()
    return scale[:, None] * A * scale


def gnn_01() -> bool:
    """Whether the rows of such a matrix sum to one."""
    sums = symmetrically_normalised(house_with_self_loops()).sum(dim=1)
    return torch.allclose(sums, torch.ones_like(sums))


def gnn_02() -> bool:
    """Whether the largest eigenvalue of such a matrix is one."""
    largest = torch.linalg.eigvalsh(symmetrically_normalised(house_with_self_loops()))[
        -1
    ]
    return abs(largest.item() - 1) < 1e-12


def gnn_08() -> bool:
    """Whether the means of the two multisets differ."""
    return (
        torch.tensor([1.0, 2.0]).mean().item()
        != torch.tensor([1.0, 1.0, 2.0, 2.0]).mean().item()
    )
