"""Hyperplanes by projection, networks of ReLU units by running them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor


def hyperplane_geometry(
    form: str,
    normal: Sequence[int],
    bias: int,
    point: Sequence[int],
    distance: float,
) -> dict[str, Any]:
    """Let torch.linalg.lstsq find the shortest way from a point to the hyperplane."""
    w = torch.tensor([normal], dtype=torch.float64)
    x = torch.tensor(point, dtype=torch.float64)
    origin = torch.zeros_like(x)
    if form == "through":
        found = -(w @ x)
        axes = torch.diag(w[0])
        nearest = shortest_way(w, found, origin)
        return {
            "bias": round(found.item()),
            "origin": nearest.norm(),
            "intercepts": torch.linalg.solve(axes, -found.expand(2)),
        }
    if form == "offset":
        unit = torch.nn.functional.normalize(w)[0]
        places = torch.stack([x + distance * unit, x - distance * unit])
        return {"biases": -(places @ w[0])}
    b = torch.tensor([bias], dtype=torch.float64)
    way = shortest_way(w, b, x)
    signed = torch.sign(w[0] @ x + bias) * way.norm()
    away = shortest_way(w, b, origin).norm()
    if form == "side":
        side = "positive" if signed > 0 else "negative"
        return {"distance": signed, "side": side, "origin": away}
    if form == "foot":
        return {"distance": signed, "foot": x + way}
    return {"norm": torch.linalg.norm(w), "distance": signed, "origin": away}


def relu_elbow(
    form: str,
    weights: Sequence[int],
    biases: Sequence[int],
    outputs: Sequence[int],
    constant: int,
    x: float,
    values: Sequence[tuple[int, int]],
) -> dict[str, Any]:
    """Find bends by second differences of values, and slopes by autograd."""
    if form == "inverse":
        places, heights = torch.tensor(values).T
        bends = heights.diff(n=2)
        elbows = places[1:-1][bends != 0]
        first = heights[0].item()
        return {"elbows": elbows, "outputs": bends[bends != 0], "constant": first}
    w, b, a = torch.tensor([weights, biases, outputs], dtype=torch.float64)

    def network(z: Tensor) -> Tensor:
        return torch.relu(z[:, None] * w + b) @ a + constant

    grid = torch.arange(-10.0, 11.0, dtype=torch.float64)
    units = torch.relu(grid[:, None] * w + b).diff(n=2, dim=0)
    elbows = (units != 0).int().argmax(dim=0) - 9
    corners = elbows.unique().double()
    ends = torch.cat([corners[:1] - 2, corners, corners[-1:] + 2])
    middles = ((ends[1:] + ends[:-1]) / 2).requires_grad_()
    (slopes,) = torch.autograd.grad(network(middles).sum(), middles)
    found = {"slopes": slopes, "value": network(torch.tensor([x]).double())[0]}
    if form == "unit":
        return {"elbow": elbows[0], **found}
    if form == "pieces":
        found["pieces"] = network(grid).diff(n=2).count_nonzero() + 1
    return {"elbows": elbows, **found}


def shortest_way(w: Tensor, b: Tensor, x: Tensor) -> Tensor:
    """The shortest vector that leads from x to where the score is 0."""
    score = w @ x + b
    return torch.linalg.lstsq(w, -score[:, None], driver="gelsd").solution[:, 0]
