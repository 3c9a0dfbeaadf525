"""States and gradients that are carried through many steps, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch


def vanishing_product(
    form: str,
    weights: Sequence[float],
    steps: int,
    threshold: float,
) -> dict[str, Any]:
    """Differentiate the last state by the first, or take powers of a matrix."""
    if form == "triangular":
        return triangular(weights, steps)
    if form == "gates":
        weight, slope, gate = weights
        bases = [weight * slope, gate]
    else:
        bases = list(weights)
    factors = [gradient(base, steps) for base in bases]
    if form == "scalar":
        behaviour = "explodes" if factors[0] > 1 else "vanishes"
        return {"factor": factors[0], "behaviour": behaviour}
    found: dict[str, Any] = {"factors": factors, "below": below(bases[0], threshold)}
    if form == "gates":
        found["below_gate"] = below(bases[1], threshold)
        found["kept"] = factors[1] / factors[0]
    return found


def gradient(base: float, steps: int) -> float:
    """The slope of a linear unit's last state for its first one."""
    start = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    state = start
    for _ in range(steps):
        state = base * state
    return torch.autograd.grad(state, start)[0].item()


def below(base: float, threshold: float) -> int:
    """Steps until the product is below the threshold."""
    product, steps = 1.0, 0
    while product >= threshold:
        product, steps = base * product, steps + 1
    return steps


def triangular(weights: Sequence[float], steps: int) -> dict[str, Any]:
    """The power of the matrix and its eigenvalues."""
    first, second, above = weights
    W = np.array([[first, above], [0.0, second]])
    power = np.linalg.matrix_power(W, steps)
    radius = np.abs(np.linalg.eigvals(W)).max()
    return {
        "diagonal": np.diag(power),
        "corner": power[0, 1],
        "radius": radius,
        "behaviour": "explodes" if growth(W) > 0 else "vanishes",
    }


def growth(W: np.ndarray) -> float:
    """The logarithm of the largest entry of the power 4096, by squaring."""
    power, logarithm = W, 0.0
    for _ in range(12):
        power = power @ power
        largest = np.abs(power).max()
        power, logarithm = power / largest, 2 * logarithm + np.log(largest)
    return logarithm
