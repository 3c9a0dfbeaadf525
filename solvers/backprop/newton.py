"""Second derivatives by autograd, and Newton's steps by linear systems."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor


def hessian_newton(
    form: str, coefficients: Sequence[int], start: Sequence[int], asks_kind: bool
) -> dict[str, Any]:
    """Let autograd differentiate twice, and PyTorch solve for the step."""
    function = function_of(form, coefficients)
    point = torch.tensor(start, dtype=torch.float64)
    found: dict[str, Any] = {}
    for number in range(1, 3 if form == "polynomial" else 2):
        gradient, hessian = differentiated(function, point)
        point = point - torch.linalg.solve(hessian, gradient)
        found[f"first_{number}"], found[f"second_{number}"] = gradient[0], hessian[0, 0]
        found[f"x_{number}"] = point[0]
    if form != "quadratic":
        return found
    found = {"gradient": gradient, "hessian": hessian, "new": point}
    if asks_kind:
        signs = torch.linalg.eigvalsh(hessian) > 0
        found["kind"] = 0 if signs.all() else 2 if signs.any() else 1
    return found


def function_of(form: str, coefficients: Sequence[int]) -> Callable[[Tensor], Tensor]:
    """The function of a point that is asked about."""
    if form == "power":
        factor, power = coefficients
        return lambda point: factor * point[0] ** power
    if form == "polynomial":
        return lambda point: sum(
            (c * point[0] ** n for n, c in enumerate(coefficients)), torch.zeros(())
        )
    a, b, c, d, e = coefficients

    def quadratic(point: Tensor) -> Tensor:
        x, y = point
        return a * x**2 + b * x * y + c * y**2 + d * x + e * y

    return quadratic


def differentiated(
    function: Callable[[Tensor], Tensor], point: Tensor
) -> tuple[Tensor, Tensor]:
    """The gradient at a point, and the gradients of its entries."""
    x = point.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(function(x), x, create_graph=True)
    rows = [torch.autograd.grad(g, x, retain_graph=True)[0] for g in gradient]
    return gradient.detach(), torch.stack(rows)
