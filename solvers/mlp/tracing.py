"""Forward passes, run line by line on tensors without memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn


def shape_trace(
    shape: tuple[int, ...], layers: Sequence[str], lines: Sequence[str]
) -> dict[str, Any]:
    """Run the lines; let PyTorch find the features of a layer that does not fit."""
    names: dict[str, Any] = {"torch": torch, "nn": nn}
    shapes: dict[str, tuple[int, ...]] = {}
    repair: dict[str, Any] = {}
    with torch.device("meta"):
        exec("\n".join(layers), names)
        names["x"] = torch.zeros(shape)
        for number, line in enumerate(lines, 1):
            try:
                exec(line, names)
            except RuntimeError:
                repair = {"failing": number, "before": tuple(names["x"].shape)}
                name = line.removeprefix("x = ").removesuffix("(x)")
                names[name] = nn.LazyLinear(names[name].out_features)
                exec(line, names)
                repair["features"] = names[name].in_features
            shapes[f"shape{number}"] = tuple(names["x"].shape)
    if repair:
        return repair | {"output": shapes[f"shape{len(lines)}"]}
    return shapes | {"weight": tuple(names["fc1"].weight.shape)}
