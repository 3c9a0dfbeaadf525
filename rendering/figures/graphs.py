"""Graphs of nodes and edges."""

from __future__ import annotations

from cmath import exp, pi
from collections.abc import Sequence
from itertools import combinations
from math import cos, sin
from typing import Annotated

from pydantic import Field

from .curves import Box, Curve, Outline, arc, around, between, line
from .errors import FigureError
from .label import Content, Label
from .placement import Occupied
from .sheet import Sheet
from .style import ACCENT, PEN, SHADE, SMALL, Pen

MOST_NODES = 40
RADIUS = 10.5
CHORD = 48.0
"""The distance of neighbours on the circle."""
WEIGHTED_CHORD = 66.0
BOW = 8.0
"""How far two edges to and fro are bent apart from the straight line."""
WIDEST_CIRCLE = 15.0
"""Nodes whose labels need a greater radius become capsules."""
SIDES = (1j, -1j, 1 + 0j, -1 + 0j)
"""Where a text beside a node may stand, if not outwards."""

PLACES = (0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72)
"""Where along an edge its weight may stand, the best first."""
LOOP = exp(1j * pi / 6)
"""The turn from the outward direction to the start of a loop."""

Nodes = Annotated[int, Field(ge=1)] | Annotated[Sequence[Content], Field(min_length=1)]
Position = tuple[Annotated[float, Field(ge=-1e6, le=1e6)], Annotated[float, Field(ge=-1e6, le=1e6)]]
Edges = Annotated[Sequence[tuple[int, int]], Field(max_length=400)]


def graph(
    sheet: Sheet,
    /,
    *,
    nodes: Nodes,
    edges: Edges,
    directed: bool = False,
    features: Sequence[Content] | None = None,
    weights: Sequence[Content] | None = None,
    highlight: Sequence[int] = (),
    positions: Sequence[Position] | None = None,
) -> None:
    """A graph, its nodes on a circle unless they have positions.

    Args:
        sheet: where to draw.
        nodes: how many there are, labelled from 0, or their labels.
        edges: pairs of nodes by number, from 0; `(i, i)` is a loop.
        directed: whether edges have arrowheads.
        features: what stands beside each node.
        weights: what stands on each edge.
        highlight: the nodes that stand out.
        positions: where the nodes stand, in any unit, y upwards.

    Raises:
        FigureError: an edge or a highlight names no node, or a list does not match what it labels.
    """
    count = nodes if isinstance(nodes, int) else len(nodes)
    if count > MOST_NODES:
        raise FigureError(f"there are {count} nodes, more than {MOST_NODES}")
    labels = tuple(range(nodes)) if isinstance(nodes, int) else tuple(nodes)
    _check(count, edges, features, weights, highlight, positions)
    halves = _half_widths(labels)
    chord = max(WEIGHTED_CHORD if weights else CHORD, 2 * max(halves) + 22)
    two_way = directed and any(edge[::-1] in edges for edge in edges if edge[0] != edge[1])
    room = RADIUS + 6 + two_way * BOW
    centres = _scaled(positions, chord, sheet.width) if positions else _circle(len(labels), chord, room)
    outlines = [
        Outline(centre, half, min(half, WIDEST_CIRCLE), min(half, WIDEST_CIRCLE))
        for centre, half in zip(centres, halves, strict=True)
    ]
    curves = _curves(edges, outlines, directed)
    taken = Occupied()
    for curve in curves:
        taken.add_curve(curve)
    for outline in outlines:
        taken.add_box(outline.box)
    runs = _weighted(sheet, edges, curves, weights, taken) if weights else [[curve] for curve in curves]
    if directed:
        sheet.strokes(piece for run in runs for piece in run[:-1])
        sheet.arrows(run[-1:] for run in runs)
    else:
        sheet.strokes(piece for run in runs for piece in run)
    for index, (outline, label) in enumerate(zip(outlines, labels, strict=True)):
        chosen = index in highlight
        sheet.outline(outline, ACCENT if chosen else SHADE, Pen(width=1.3) if chosen else PEN)
        sheet.label(label, outline.centre)
    if features:
        _features(sheet, outlines, features, taken)


def _check(
    count: int,
    edges: Edges,
    features: Sequence[Content] | None,
    weights: Sequence[Content] | None,
    highlight: Sequence[int],
    positions: Sequence[Position] | None,
) -> None:
    for name, given, wanted in (
        ("features", features, count),
        ("weights", weights, len(edges)),
        ("positions", positions, count),
    ):
        if given is not None and len(given) != wanted:
            raise FigureError(f"{name} has {len(given)} entries, but there are {wanted} to place")
    for edge in edges:
        if not all(0 <= node < count for node in edge):
            raise FigureError(
                f"the edge {edge} names a node that is not there: they are numbered 0 to {count - 1}"
            )
    for node in highlight:
        if not 0 <= node < count:
            raise FigureError(f"highlight names the node {node}, but they are numbered 0 to {count - 1}")


def _half_widths(labels: Sequence[Content]) -> list[float]:
    """Half the width of each node: circles of one size, unless a label is too long for a circle."""
    needed = [Label(text).width / 2 + 4 for text in labels]
    widest = max(RADIUS, *needed)
    return (
        [widest] * len(labels) if widest <= WIDEST_CIRCLE else [max(half, WIDEST_CIRCLE) for half in needed]
    )


def _circle(count: int, chord: float, room: float) -> list[complex]:
    """Places on a circle, clockwise from the top, or from the left of a flat top where the number is even.

    Args:
        count: how many there are.
        chord: the least distance of neighbours.
        room: how far an edge between the neighbours of a node must stay away from its centre.
    """
    if count == 1:
        return [0j]
    distance = chord / (2 * sin(pi / count))
    if count > 4:
        distance = max(distance, room / (1 - cos(2 * pi / count)))
    start = {0: -0.5 / count, 1: 0.0}[count % 2] if count > 2 else -0.25
    return [distance * exp(2j * pi * (0.25 - start - index / count)) for index in range(count)]


def _scaled(positions: Sequence[Position], chord: float, width: float) -> list[complex]:
    """Positions in points: the closest pair stands as far apart as on a circle, if the width allows."""
    points = [complex(*position) for position in positions]
    closest, a, b = min(
        ((abs(p - q), a, b) for (a, p), (b, q) in combinations(enumerate(points), 2)), default=(1.0, 0, 0)
    )
    span = max(point.real for point in points) - min(point.real for point in points)
    room = width - 100
    if closest * room < RADIUS * 2.5 * span or closest < 1e-9:
        raise FigureError(f"the nodes {a} and {b} stand too close together for the width of the whole")
    scale = min(chord / closest, room / span) if span else chord / closest
    return [point * scale for point in points]


def _curves(edges: Edges, nodes: Sequence[Outline], directed: bool) -> list[Curve]:
    """The edges: straight, or bent where there is a way back or a node stands between; bends take turns."""
    curves: list[Curve] = []
    side = 1.0
    for index, end in edges:
        start, target = nodes[index], nodes[end]
        if index == end:
            curves.append(_loop(start, nodes))
        elif directed and (end, index) in edges:
            curves.append(between(start, target, arc(start.centre, target.centre, BOW)))
        else:
            others = [node for node in nodes if node is not start and node is not target]
            curve = _past(others, start.centre, target.centre, side)
            side = -side if len(curve.points) > 2 else side
            curves.append(between(start, target, curve))
    return curves


def _past(others: Sequence[Outline], start: complex, end: complex, side: float) -> Curve:
    """The straightest curve that keeps off the other nodes, bent to the preferred side if it can choose."""
    straight = line(start, end)
    length = abs(end - start)
    for bow in (0.0, 0.18, -0.18, 0.3, -0.3, 0.42, -0.42):
        curve = arc(start, end, side * bow * length)
        if not any(node.crossed(curve, 3) for node in others):
            return curve
    return straight


def _outwards(node: Outline, nodes: Sequence[Outline]) -> complex:
    """The direction from the middle of the graph to a node."""
    away = node.centre - sum(other.centre for other in nodes) / len(nodes)
    return away / abs(away) if abs(away) > 1 else 1j


def _loop(node: Outline, nodes: Sequence[Outline]) -> Curve:
    out = _outwards(node, nodes) * node.half_height
    return Curve(
        tuple(node.centre + out * step for step in (LOOP, 4.2 * LOOP**1.3, 4.2 / LOOP**1.3, 1 / LOOP)),
    )


def _weighted(
    sheet: Sheet, edges: Edges, curves: Sequence[Curve], weights: Sequence[Content], taken: Occupied
) -> list[list[Curve]]:
    """Write the weights, each in a gap of its edge or beside its loop; what is left of the edges."""
    runs = []
    for edge, curve, text in zip(edges, curves, weights, strict=True):
        label = Label(text, SMALL)
        if edge[0] == edge[1]:
            away = curve.at(0.5) - (curve.points[0] + curve.points[-1]) / 2
            taken.add_box(label.beside(curve.at(0.5) + 3 * away / abs(away), away / abs(away)).box)
            runs.append([curve])
        else:
            boxes = [label.beside(curve.at(t)).box.padded(1.8) for t in PLACES]
            best = taken.freest(boxes, curve)
            taken.add_box(boxes[best])
            label.beside(curve.at(PLACES[best]))
            runs.append(list(around(curve, boxes[best], PLACES[best])))
        sheet.place(label)
    return runs


def _features(sheet: Sheet, nodes: Sequence[Outline], features: Sequence[Content], taken: Occupied) -> None:
    for node, text in zip(nodes, features, strict=True):
        label = Label(text, 9)
        sides = (_outer_side(node, nodes), *SIDES)
        best = taken.freest([_beside(label, node, side) for side in sides])
        taken.add_box(_beside(label, node, sides[best]))
        sheet.place(label)


def _outer_side(node: Outline, nodes: Sequence[Outline]) -> complex:
    out = _outwards(node, nodes)
    if abs(out.real) > 0.35:
        return complex(1 if out.real > 0 else -1)
    return 1j if out.imag > 0 else -1j


def _beside(label: Label, node: Outline, side: complex) -> Box:
    """Put a label to a side of a node, 3 points away."""
    return label.beside(
        node.centre + (node.half_width * abs(side.real) + node.half_height * abs(side.imag) + 3) * side, side
    ).box
