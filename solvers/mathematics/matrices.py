"""Matrices, multiplied without data where only sizes matter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count, pairwise
from typing import Any

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode


def matmul_cost(
    form: str, sizes: Sequence[int], operations: Sequence[str]
) -> dict[str, Any]:
    """Let PyTorch count while it multiplies matrices that have sizes but no data."""
    if form == "operations":
        return {name: entrywise_products(name, *sizes) for name in operations}
    if form == "batch":
        queries, keys, values = (torch.empty(sizes, device="meta") for _ in range(3))
        return {
            "scores": (queries @ keys.mT).shape,
            "left": multiplications(lambda: (queries @ keys.mT) @ values),
            "summary": (keys.mT @ values).shape,
            "right": multiplications(lambda: queries @ (keys.mT @ values)),
        }
    matrices = [torch.empty(shape, device="meta") for shape in pairwise(sizes)]
    if form == "chain":
        A, B, C, D = matrices
        orders: list[Callable[[], Tensor]] = [
            lambda: ((A @ B) @ C) @ D,
            lambda: (A @ (B @ C)) @ D,
            lambda: (A @ B) @ (C @ D),
            lambda: A @ ((B @ C) @ D),
            lambda: A @ (B @ (C @ D)),
        ]
        costs = [multiplications(order) for order in orders]
        return {"best": costs.index(min(costs)), "least": min(costs)}
    A, B = matrices
    once = multiplications(lambda: A @ B)
    if form == "product":
        return {"shape": (A @ B).shape, "multiplications": once}
    v = torch.empty(sizes[-1], 1, device="meta")
    left = multiplications(lambda: (A @ B) @ v)
    right = multiplications(lambda: A @ (B @ v))
    vectors = next(k for k in count(1) if once + k * (left - once) < k * right)
    return {"left": left, "right": right, "vectors": vectors}


def multiplications(product: Callable[[], Tensor]) -> int:
    """The multiplications of matrix products: PyTorch counts as many additions too."""
    with FlopCounterMode(display=False) as counter:
        product()
    return counter.get_total_flops() // 2


def entrywise_products(name: str, rows: int, columns: int) -> int:
    """Lay the products of all pairs of numbers side by side, before they are summed."""
    A = torch.empty(rows, columns, device="meta")
    u, v = torch.empty(rows, device="meta"), torch.empty(columns, device="meta")
    products = {
        "inner": lambda: v * v,
        "outer": lambda: u[:, None] * v,
        "matvec": lambda: A * v,
        "hadamard": lambda: A * A,
        "scaled": lambda: u[:, None] * A,
        "gram": lambda: A[:, :, None] * A[:, None, :],
        "outer_gram": lambda: A[:, None, :] * A[None, :, :],
    }
    return products[name]().numel()


def rank_nullity(
    form: str,
    matrix: Sequence[Sequence[int]],
    first_factor: Sequence[Sequence[int]],
    place: Sequence[int],
    ends: Sequence[int],
) -> dict[str, Any]:
    """Count singular values that are not zero, and solve for the rest of a vector."""
    A = torch.tensor(matrix, dtype=torch.float64)
    found: dict[str, Any] = {}
    if form == "parameter":
        row, column = place
        found["parameter"] = (-1 / torch.linalg.inv(A)[column, row]).round(decimals=9)
        A[row, column] = found["parameter"]
    if form == "factors":
        A = torch.tensor(first_factor, dtype=torch.float64) @ A
    rank = int(torch.linalg.matrix_rank(A))
    if form != "parameter":
        found |= {"rank": rank, "nullity": A.shape[1] - rank}
    if form in {"basis", "factors"}:
        found["left_nullity"] = len(A) - int(torch.linalg.matrix_rank(A.T))
    if ends:
        last = torch.tensor(ends, dtype=torch.float64)
        first = torch.linalg.lstsq(A[:, :rank], -A[:, rank:] @ last[:, None])
        vector = torch.cat([first.solution[:, 0], last])
        found["null_vector"] = vector.round(decimals=9)
    return found
