"""Layered neural networks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from .curves import Curve, Outline, around, between, line
from .errors import FigureError
from .label import Content, Label, shown
from .placement import Occupied
from .sheet import Sheet
from .style import GREY, INK, PEN, SHADE, SIZE, SMALL, Pen

RADIUS = 10.5
MOST_UNITS = 6
"""A layer with more units is drawn with its first three, an ellipsis, and the last one."""
POSITIONS = (0.3, 0.24, 0.36, 0.42, 0.48, 0.54, 0.6, 0.66, 0.72, 0.78)
"""Where along an edge its weight may stand, the best first."""

Unit = tuple[int, complex]
"""The number of a drawn unit in its layer, and its centre."""


def network(
    sheet: Sheet,
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
    shown_layers = _places(layers, sheet.width, bool(weights), _widest(captions))
    edges = {
        (layer, source, target): between(Outline.circle(start, RADIUS), Outline.circle(end, RADIUS), line(start, end))
        for layer in range(1, len(layers))
        for source, start in shown_layers[layer - 1]
        for target, end in shown_layers[layer]
    }
    if weights:
        _weighted(sheet, edges, weights)
    else:
        pen = Pen(INK, 0.5) if len(edges) < 40 else Pen(GREY, 0.45)
        sheet.strokes(edges.values(), pen)
    for layer, units in enumerate(shown_layers):
        _layer(sheet, units, labels[layer] if labels else (), layer in (0,))
    _captions(sheet, shown_layers, captions or ())


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
    across = max(widest + 8, 118 if weighted else 82)
    across = min(across, max((width - 2 * RADIUS) / (len(layers) - 1), widest + 8, 50))
    down = 44 if weighted else 29
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
    for step in (-5, 0, 5):
        sheet.outline(Outline.circle(centre + 1j * step, 1), INK, Pen(INK, 0))


def _weighted(sheet: Sheet, edges: dict[tuple[int, int, int], Curve], weights: Sequence[Sequence[Sequence[Content]]]) -> None:
    taken = Occupied()
    for edge in edges.values():
        taken.add_curve(edge)
    pieces: list[Curve] = []
    for (layer, source, target), edge in edges.items():
        text = weights[layer - 1][target][source]
        if shown(text) == "":
            pieces.append(edge)
            continue
        boxes = [Label(text, SMALL).beside(edge.at(t)).box.padded(1.6) for t in POSITIONS]
        best = taken.freest(boxes, edge)
        taken.add_box(boxes[best])
        sheet.label(text, edge.at(POSITIONS[best]), size=SMALL)
        pieces += around(edge, boxes[best], POSITIONS[best])
    sheet.strokes(pieces, PEN)


def _captions(sheet: Sheet, layers: Sequence[Sequence[Unit]], captions: Sequence[Content]) -> None:
    if not captions:
        return
    labels = [Label(caption, SMALL) for caption in captions]
    baseline = min(units[-1][1].imag for units in layers) - RADIUS - 6 - max(l.setting.ascent for l in labels) * SMALL
    for units, label in zip(layers, labels, strict=True):
        label.beside(units[0][1]).y = baseline
        sheet.place(label)
