"""Derivatives by a matrix, by autograd entry for entry."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def matrix_derivative(
    form: str,
    X: Sequence[Sequence[int]],
    A: Sequence[Sequence[int]],
    a: Sequence[int],
    b: Sequence[int],
    place: tuple[int, int],
) -> dict[str, Tensor]:
    """Let autograd differentiate the expression as it is written."""
    x = torch.tensor(X, dtype=torch.float64, requires_grad=True)
    m, left, right = (torch.tensor(part, dtype=torch.float64) for part in (A, a, b))
    if form == "entry":
        jacobian = torch.autograd.functional.jacobian(lambda t: t.T @ m @ t, x)
        return {"gradient": jacobian[:, :, place[0] - 1, place[1] - 1]}
    if form == "squares":
        value = torch.trace(x.T @ x)
    elif form == "trace":
        value = torch.trace(m @ x)
    elif form == "bilinear":
        value = left @ x @ right
    elif form == "bilinear_transposed":
        value = left @ x.T @ right
    elif form == "gram":
        value = left @ x.T @ x @ right
    elif form == "weighted_gram":
        value = left @ x.T @ m @ x @ right
    else:
        mapped = x @ left + right
        value = mapped @ m @ mapped
    (gradient,) = torch.autograd.grad(value, x)
    found = {"value": value, "gradient": gradient}
    return found | ({"mapped": mapped} if form == "affine" else {})
