"""Initial weights by torch.nn.init, and second moments carried through layers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from unittest.mock import patch

import numpy as np
import torch
from torch import nn
from torch.distributions import Uniform

RULES: dict[str, Any] = {
    "he": partial(nn.init.kaiming_uniform_, nonlinearity="relu"),
    "inputs": partial(nn.init.kaiming_uniform_, nonlinearity="linear"),
    "glorot": nn.init.xavier_uniform_,
    "default": lambda w: nn.Linear(w.shape[1], w.shape[0], device="meta"),
}


def xavier_he(
    channels: int, filters: int, kernel: int, rules: Sequence[str]
) -> dict[str, Any]:
    """Let torch.nn.init find fans, and look at the range that it draws weights from."""
    shape = (filters, channels, kernel, kernel) if kernel else (filters, channels)
    weight = torch.empty(shape, device="meta")
    fan_in, fan_out = nn.init._calculate_fan_in_and_fan_out(weight)
    found: dict[str, Any] = {"fan_in": fan_in, "fan_out": fan_out} if kernel else {}
    for rule in rules:
        bound = bound_of(rule, weight)
        drawn = Uniform(-bound, bound, validate_args=False)
        found |= {f"{rule}_variance": drawn.variance, f"{rule}_deviation": drawn.stddev}
        if rule == "glorot":
            found["glorot_bound"] = bound
    return found


def bound_of(rule: str, weight: torch.Tensor) -> torch.Tensor:
    """The bound of the uniform distribution that PyTorch would draw weights from."""
    bounds: list[float] = []

    def seen(_: torch.Tensor, low: float, high: float, **_options: Any) -> None:
        bounds.append(high)

    with patch.object(torch.Tensor, "uniform_", seen):
        RULES[rule](weight)
    return torch.tensor(bounds[0], dtype=torch.float64)


def variance_propagation(
    width: int,
    weight_variance: float,
    variance: float,
    layers: int,
    rectified: bool,
) -> dict[str, Any]:
    """Carry second moments through the layers by a matrix of the weights' variances."""
    variances = torch.full((width, width), weight_variance, dtype=torch.float64)
    moments = torch.full((width,), variance, dtype=torch.float64)
    kept = rectified_share() if rectified else 1.0
    after = []
    for _ in range(layers):
        moments = kept * (variances @ moments)
        after.append(moments[0])
    if layers == 1:
        return {"variance_after": after[0], "deviation_after": after[0].sqrt()}
    factor = after[1] / after[0]
    found = {"factor": factor, "after": torch.stack(after)}
    if rectified:
        return found | {"keeping": weight_variance / factor}
    steady = torch.isclose(factor, torch.ones_like(factor), rtol=1e-9)
    return found | {"behaviour": 1 if steady else 0 if factor < 1 else 2}


def rectified_share() -> float:
    """The share of a normal distribution's second moment that ReLU lets through."""
    points, weights = np.polynomial.hermite_e.hermegauss(20)
    return float(np.maximum(points, 0) ** 2 @ weights / (points**2 @ weights))
