"""Computation graphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from .curves import Curve, Outline, arc, between, line
from .errors import FigureError
from .label import Content, Label
from .layered import Layering, Vertex, layered
from .placement import Occupied
from .sheet import Sheet
from .style import SHADE, SMALL

RADIUS = 10.5
ROW = 32.0
VALUED_ROW = 39.0
GAP = 40.0
"""The distance between the columns' widest nodes."""
NARROWEST_GAP = 22.0


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Node:
    """A quantity or an operation.

    Attributes:
        name: how other nodes refer to it.
        label: what stands in it; by default its name.
        inputs: the names of the nodes that it takes its inputs from.
        value: stands above it.
    """

    name: str
    label: Content | None = None
    inputs: Sequence[str] = ()
    value: Content | None = None


def computation_graph(
    sheet: Sheet, /, *, nodes: Annotated[Sequence[Node], Field(min_length=1, max_length=60)]
) -> None:
    """A computation from left to right: inputs as boxes, operations as circles.

    Args:
        sheet: where to draw.
        nodes: inputs and operations, each with the fields of `Node`.

    Raises:
        FigureError: a name stands twice or is not there, or the nodes feed each other in a circle.
    """
    numbers = {node.name: number for number, node in enumerate(nodes)}
    _check(nodes, numbers)
    inputs = [[numbers[name] for name in node.inputs] for node in nodes]
    layering = layered(inputs)
    outlines, bends = _outlines(nodes, layering, sheet.width)
    taken = Occupied()
    runs = [
        run
        for (source, target), count in Counter(
            (s, t) for t, sources in enumerate(inputs) for s in sources
        ).items()
        for run in _edges(layering.routes[source, target], outlines, bends, count)
    ]
    for run in runs:
        for curve in run:
            taken.add_curve(curve)
    sheet.arrows(runs)
    for node, outline in zip(nodes, outlines, strict=True):
        sheet.outline(outline, SHADE if node.inputs else None)
        sheet.label(_text(node), outline.centre)
        taken.add_box(outline.box)
    _values(sheet, nodes, outlines, taken)


def _check(nodes: Sequence[Node], numbers: Mapping[str, int]) -> None:
    for name, count in Counter(node.name for node in nodes).items():
        if count > 1:
            raise FigureError(f'two nodes have the name "{name}"')
    for node in nodes:
        for name in node.inputs:
            if name not in numbers:
                raise FigureError(f'the node "{node.name}" has the input "{name}", which is no node')


def _text(node: Node) -> Content:
    return node.name if node.label is None else node.label


def _outlines(
    nodes: Sequence[Node], layering: Layering, width: float
) -> tuple[list[Outline], dict[Vertex, complex]]:
    """The border of each node, and the place of each bend."""
    halves: dict[Vertex, float] = {
        number: max(RADIUS, Label(_text(node)).width / 2 + 5.5) for number, node in enumerate(nodes)
    }
    widest = [max(halves.get(vertex, 0.0) for vertex in column) for column in layering.columns]
    gaps = max(1, len(widest) - 1)
    gap = min(GAP, max(NARROWEST_GAP, (width - 2 * sum(widest)) / gaps))
    places: dict[Vertex, complex] = {}
    row = ROW if all(node.value is None for node in nodes) else VALUED_ROW
    x = 0.0
    for half, column in zip(widest, layering.columns, strict=True):
        x += half
        places |= {vertex: complex(x, row * layering.heights[vertex]) for vertex in column}
        x += half + gap
    outlines = [
        Outline(places[number], halves[number], RADIUS, RADIUS if node.inputs else 3.0)
        for number, node in enumerate(nodes)
    ]
    return outlines, places


def _edges(
    route: Sequence[Vertex], outlines: Sequence[Outline], places: Mapping[Vertex, complex], count: int
) -> list[list[Curve]]:
    """The arrows from one node to another; more than one where it is an input twice."""
    start, end = (outlines[vertex] for vertex in (route[0], route[-1]) if isinstance(vertex, int))
    if count > 1:
        bows = [12 * (index - (count - 1) / 2) for index in range(count)]
        return [[between(start, end, arc(start.centre, end.centre, bow))] for bow in bows]
    if len(route) == 2:
        curve = line(start.centre, end.centre)
        for other in outlines:
            if other is not start and other is not end and other.crossed(curve, 3):
                curve = _bend(start.centre + start.half_width, end.centre - end.half_width, 0.5, 0.5)
        return [[between(start, end, curve)]]
    points = [places[vertex] for vertex in route]
    last = len(points) - 2
    run = [
        _bend(a, b, 0.45 if index else 0.0, 0.45 if index < last else 0.0)
        for index, (a, b) in enumerate(pairwise(points))
    ]
    first = between(start, Outline.circle(points[1], 0), run[0])
    return [[first, *run[1:-1], between(Outline.circle(points[-2], 0), end, run[-1])]]


def _bend(start: complex, end: complex, leave: float, arrive: float) -> Curve:
    """A curve that is level at an end where the share of the distance given for it is not 0."""
    across = end.real - start.real
    first = start + leave * across if leave else start + (end - start) / 4
    second = end - arrive * across if arrive else end - (end - start) / 4
    return Curve((start, first, second, end))


def _values(sheet: Sheet, nodes: Sequence[Node], outlines: Sequence[Outline], taken: Occupied) -> None:
    for node, outline in zip(nodes, outlines, strict=True):
        if node.value is None:
            continue
        label = Label(node.value, SMALL)
        spots = [
            (outline.centre + side * (RADIUS + 3.2) + shift * (label.width / 2 + 3), side)
            for side in (1j, -1j)
            for shift in (0, 1, -1)
        ]
        best = taken.freest([label.beside(*spot).box.padded(0.8) for spot in spots])
        taken.add_box(label.beside(*spots[best]).box)
        sheet.place(label)
