"""Layered neural networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from .curves import Curve, Outline, around, between, line
from .errors import FigureError
from .label import Content, Label
from .placement import Occupied
from .sheet import Sheet
from .style import GREY, INK, PEN, SHADE, SIZE, SMALL, Pen

RADIUS = 10.5
MOST_UNITS = 6
"""A layer with more units is drawn with its first three, an ellipsis, and the last one."""
POSITIONS = (0.3, 0.26, 0.34, 0.22, 0.38, 0.18, 0.42, 0.58, 0.62, 0.66, 0.7, 0.74, 0.78, 0.5, 0.46, 0.54)
"""Where along an edge its weight may stand, the best first."""

CLEARANCE = 4.0
"""The distance of weights from each other and from the edges of others."""

Edge = tuple[int, int, int]
"""The layer at its end, and the units at its start and at its end."""
Unit = tuple[int, complex]
"""The number of a drawn unit in its layer, and its centre."""


def network(
    sheet: Sheet,
    /,
    *,
    layers: Annotated[Sequence[Annotated[int, Field(ge=1)]], Field(min_length=2, max_length=10)],
    labels: Sequence[Sequence[Content]] | None = None,
    weights: Sequence[Sequence[Sequence[Content]]] | None = None,
    captions: Sequence[Content] | None = None,
) -> None:
    """A fully connected network, from left to right.

    Args:
        sheet: where to draw.
        layers: the number of units of each layer, inputs first.
        labels: what stands in each unit, layer by layer; an empty list leaves the units of a layer empty.
        weights: what stands on the edges: for each layer but the first the matrix with one row per unit of
            the layer and one column per unit of the layer before, as PyTorch keeps it.
        captions: what stands under each layer; by default the number of units where some are not drawn.

    Raises:
        FigureError: labels, weights or captions do not match the layers.
    """
    _check(layers, labels, weights, captions)
    if captions is None and max(layers) > MOST_UNITS:
        captions = [f"{count} unit{'s' * (count > 1)}" for count in layers]
    places = _places(layers, sheet.width, bool(weights), _widest(captions))
    edges = {
        (layer, source, target): between(
            Outline.circle(start, RADIUS), Outline.circle(end, RADIUS), line(start, end)
        )
        for layer in range(1, len(layers))
        for source, start in places[layer - 1]
        for target, end in places[layer]
    }
    if weights:
        _weighted(sheet, edges, weights)
    else:
        pen = Pen(INK, 0.5) if len(edges) < 40 else Pen(GREY, 0.45)
        sheet.strokes(edges.values(), pen)
    for layer, units in enumerate(places):
        _layer(sheet, units, labels[layer] if labels else (), layer == 0)
    _captions(sheet, places, captions or ())


def _check(
    layers: Sequence[int],
    labels: Sequence[Sequence[Content]] | None,
    weights: Sequence[Sequence[Sequence[Content]]] | None,
    captions: Sequence[Content] | None,
) -> None:
    for name, given, wanted in (
        ("labels", labels, len(layers)),
        ("captions", captions, len(layers)),
        ("weights", weights, len(layers) - 1),
    ):
        if given is not None and len(given) != wanted:
            raise FigureError(f"{name} has {len(given)} entries, but {wanted} belong to {len(layers)} layers")
    for layer, (names, count) in enumerate(zip(labels or (), layers, strict=False)):
        if names and len(names) != count:
            raise FigureError(f"labels[{layer}] has {len(names)} entries, but the layer has {count} units")
    for layer, matrix in enumerate(weights or ()):
        rows, columns = layers[layer + 1], layers[layer]
        if len(matrix) != rows or any(len(row) != columns for row in matrix):
            raise FigureError(f"weights[{layer}] is no matrix of {rows} rows and {columns} columns")
    if weights and max(layers) > MOST_UNITS:
        raise FigureError(f"weights can stand on the edges of layers of at most {MOST_UNITS} units")


def _drawn(count: int) -> list[int | None]:
    """The units of a layer from top to bottom, with None for the ellipsis."""
    return list(range(count)) if count <= MOST_UNITS else [0, 1, 2, None, count - 1]


def _widest(captions: Sequence[Content] | None) -> float:
    return max((Label(caption, SMALL).width for caption in captions or ()), default=0.0)


def _places(layers: Sequence[int], width: float, weighted: bool, widest: float) -> list[list[Unit]]:
    # Weights need the more room, the more edges cross between two layers.
    crossed = min(4, max(min(pair) for pair in pairwise(layers))) if weighted else 0
    across, down = max(widest + 8, (82, 112, 130, 152, 176)[crossed]), (29, 33, 42, 48, 54)[crossed]
    across = min(across, max((width - 2 * RADIUS) / (len(layers) - 1), widest + 8, 50))
    return [
        [
            (unit, complex(index * across, ((len(units) - 1) / 2 - place) * down))
            for place, unit in enumerate(units)
            if unit is not None
        ]
        for index, units in enumerate(map(_drawn, layers))
    ]


def _layer(sheet: Sheet, units: Sequence[Unit], names: Sequence[Content], is_input: bool) -> None:
    labels = [Label(names[unit]) for unit, _ in units] if names else []
    widest = max((label.width for label in labels), default=0.0)
    size = SIZE * min(1.0, (2 * RADIUS - 4.5) / widest) if widest else SIZE
    for index, (unit, centre) in enumerate(units):
        sheet.outline(Outline.circle(centre, RADIUS), None if is_input else SHADE)
        if names:
            sheet.label(names[unit], centre, size=max(size, 6.5))
        if index and unit != units[index - 1][0] + 1:
            _ellipsis(sheet, (centre + units[index - 1][1]) / 2)


def _ellipsis(sheet: Sheet, centre: complex) -> None:
    for step in (-4.5, 0, 4.5):
        sheet.outline(Outline.circle(centre + 1j * step, 0.9), INK, Pen(INK, 0))


def _weighted(
    sheet: Sheet, edges: Mapping[Edge, Curve], weights: Sequence[Sequence[Sequence[Content]]]
) -> None:
    pieces: list[Curve] = []
    for layer, matrix in enumerate(weights, 1):
        pieces += _gapped(
            sheet,
            [
                (curve, Label(matrix[target][source], SMALL))
                for (place, source, target), curve in edges.items()
                if place == layer
            ],
        )
    sheet.strokes(pieces, PEN)


def _gapped(sheet: Sheet, edges: Sequence[tuple[Curve, Label]]) -> list[Curve]:
    """Write the labels of edges, those with the fewest free places first; what is left of the edges."""
    lines, labels = Occupied(), Occupied()
    for curve, _ in edges:
        lines.add_curve(curve)
    choices = []
    for curve, label in edges:
        boxes = [label.beside(curve.at(t)).box.padded(CLEARANCE) for t in POSITIONS]
        choices.append((lines.covered(boxes, curve), boxes))
    pieces: list[Curve] = []
    for index in sorted(range(len(edges)), key=lambda index: choices[index][0].count(0.0)):
        (curve, label), (crossed, boxes) = edges[index], choices[index]
        costs = [a + b for a, b in zip(crossed, labels.covered(boxes), strict=True)]
        best = costs.index(min(costs))
        labels.add_box(boxes[best])
        sheet.place(label.beside(curve.at(POSITIONS[best])))
        pieces += around(curve, label.box.padded(1.6), POSITIONS[best]) if label.width else [curve]
    return pieces


def _captions(sheet: Sheet, layers: Sequence[Sequence[Unit]], captions: Sequence[Content]) -> None:
    if not captions:
        return
    labels = [Label(caption, SMALL) for caption in captions]
    baseline = (
        min(units[-1][1].imag for units in layers)
        - RADIUS
        - 6
        - max(label.setting.ascent for label in labels) * SMALL
    )
    for units, label in zip(layers, labels, strict=True):
        label.beside(units[0][1]).y = baseline
        sheet.place(label)
