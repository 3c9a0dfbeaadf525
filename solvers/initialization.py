"""Initial weights by torch.nn.init, and second moments carried through layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import nn


def xavier_he(
    channels: int, filters: int, kernel: int, rules: Sequence[str]
) -> dict[str, Any]:
    """Let torch.nn.init find fans and gains, and fill weights to see their range."""
    shape = (filters, channels, kernel, kernel) if kernel else (filters, channels)
    fan_in, fan_out = nn.init._calculate_fan_in_and_fan_out(
        torch.empty(shape, device="meta")
    )
    found: dict[str, Any] = {"fan_in": fan_in, "fan_out": fan_out} if kernel else {}
    deviations = {
        "he": nn.init.calculate_gain("relu") * fan_in**-0.5,
        "inputs": nn.init.calculate_gain("linear") * fan_in**-0.5,
        "glorot": ((fan_in + fan_out) / 2) ** -0.5,
    }
    for rule in rules:
        found[f"{rule}_deviation"] = deviations[rule]
        found[f"{rule}_variance"] = deviations[rule] ** 2
    if "glorot" in rules:
        found["glorot_bound"] = bound_of_xavier_uniform(shape)
    return found


def bound_of_xavier_uniform(shape: tuple[int, ...]) -> float:
    """The bound that torch.nn.init.xavier_uniform_ hands to uniform_."""

    class Recorder(torch.Tensor):
        """A tensor that keeps the bounds of its distribution."""

        bounds = (0.0, 0.0)

        def uniform_(
            self, from_: float = 0, to: float = 1, *, generator: Any = None
        ) -> torch.Tensor:
            """Remember, and fill nothing."""
            Recorder.bounds = (from_, to)
            return self

    nn.init.xavier_uniform_(torch.empty(shape, device="meta").as_subclass(Recorder))
    return Recorder.bounds[1]


def variance_propagation(
    width: int,
    weight_variance: float,
    variance: float,
    layers: int,
    rectified: bool,
    solves: bool,
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
    if solves:
        return found | {"keeping": weight_variance / factor}
    steady = torch.isclose(factor, torch.ones_like(factor), rtol=1e-9)
    return found | {"behaviour": 1 if steady else 0 if factor < 1 else 2}


def rectified_share() -> float:
    """The share of a normal distribution's second moment that ReLU lets through."""
    points, weights = np.polynomial.hermite_e.hermegauss(20)
    return float(np.maximum(points, 0) ** 2 @ weights / (points**2 @ weights))
