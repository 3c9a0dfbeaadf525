"""Gradients by a vector, by autograd."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def vector_gradient(
    form: str,
    x: Sequence[int],
    matrices: Sequence[Sequence[Sequence[int]]],
    vectors: Sequence[Sequence[int]],
) -> dict[str, Tensor]:
    """Write the function down and let autograd differentiate it."""
    point = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    m = [torch.tensor(matrix, dtype=torch.float64) for matrix in matrices]
    v = [torch.tensor(vector, dtype=torch.float64) for vector in vectors]
    found: dict[str, Tensor] = {}
    if form == "linear":
        value = v[0] @ point
    elif form == "norm":
        value = point.square().sum()
    elif form in {"symmetric", "quadratic"}:
        value = point @ m[0] @ point
    elif form == "least_squares":
        found["inner"] = m[0] @ point - v[0]
        value = found["inner"].square().sum()
    elif form == "composite":
        found["inner"] = u = m[0] @ point
        p, q, r = v[0]
        value = p * u[0] ** 2 + q * u[0] * u[1] + r * u[1] ** 2
        (found["outer"],) = torch.autograd.grad(value, u, retain_graph=True)
    else:
        found["inner"], found["right"] = m[0] @ point + v[0], m[2] @ point + v[1]
        value = found["inner"] @ m[1] @ found["right"]
    (found["gradient"],) = torch.autograd.grad(value, point)
    return found if form == "composite" else found | {"value": value}
