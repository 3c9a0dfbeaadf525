"""Layered layout of directed acyclic graphs, after Sugiyama, Tagawa and Toda (1981).

Nodes stand in columns by depth. An edge that spans several columns is given a bend in each column between;
bends are placed like nodes, so that the edge passes between the nodes instead of through them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .curves import spread
from .errors import FigureError

SWEEPS = 8

Vertex = int | tuple[int, int, int]
"""A node by number, or the bend of the edge (input, node) in a column: (input, node, column)."""


@dataclass
class Layering:
    """Nodes and bends in their places.

    Attributes:
        columns: nodes and bends of each column, from top to bottom.
        heights: the vertical place of each, in rows, upwards.
        routes: for each edge (input, node) what it passes, from its start to its end.
    """

    columns: list[list[Vertex]]
    routes: dict[tuple[int, int], list[Vertex]]
    heights: dict[Vertex, float] = field(default_factory=dict)


def layered(inputs: Sequence[Sequence[int]]) -> Layering:
    """Lay out a graph, given for each node the nodes that it takes its inputs from.

    Raises:
        FigureError: the graph has a cycle.
    """
    depths = _depths(inputs)
    routes: dict[tuple[int, int], list[Vertex]] = {
        (source, node): [
            source,
            *((source, node, depth) for depth in range(depths[source] + 1, depths[node])),
            node,
        ]
        for node, sources in enumerate(inputs)
        for source in sources
    }
    columns = _first_order(inputs, depths, routes)
    neighbours = _neighbours(routes)
    layering = Layering(_ordered(columns, routes, neighbours), routes)
    layering.heights = _heights(layering.columns, neighbours)
    return layering


def _depths(inputs: Sequence[Sequence[int]]) -> list[int]:
    """The column of each node: one after its inputs; what has no inputs stands right before its first use."""
    depths = [0] * len(inputs)
    for _ in inputs:
        before = list(depths)
        for node, sources in enumerate(inputs):
            depths[node] = 1 + max((depths[source] for source in sources), default=-1)
        if depths == before:
            break
    else:
        if inputs:
            raise FigureError("the nodes feed each other in a circle")
    for node, sources in enumerate(inputs):
        uses = [depths[user] for user, given in enumerate(inputs) if node in given]
        if not sources and uses:
            depths[node] = min(uses) - 1
    return depths


def _first_order(
    inputs: Sequence[Sequence[int]], depths: Sequence[int], routes: Mapping[tuple[int, int], Sequence[Vertex]]
) -> list[list[Vertex]]:
    """The order in which a walk back from the results meets the nodes: the first input stands uppermost."""
    columns: list[list[Vertex]] = [[] for _ in range(max(depths) + 1)]
    used = {source for sources in inputs for source in sources}
    waiting: list[tuple[Vertex, int]] = [
        (node, depths[node]) for node in range(len(inputs)) if node not in used
    ]
    waiting.reverse()
    met: set[Vertex] = set()
    while waiting:
        vertex, column = waiting.pop()
        if vertex in met:
            continue
        met.add(vertex)
        columns[column].append(vertex)
        if isinstance(vertex, int):
            for source in reversed(inputs[vertex]):
                route = routes[source, vertex][:-1]
                waiting += zip(route, range(depths[source], depths[vertex]), strict=True)
    return columns


def _neighbours(
    routes: Mapping[tuple[int, int], Sequence[Vertex]],
) -> dict[Vertex, tuple[list[Vertex], list[Vertex]]]:
    """What is joined to each node or bend in the column before and in the one after."""
    found: dict[Vertex, tuple[list[Vertex], list[Vertex]]] = defaultdict(lambda: ([], []))
    for route in routes.values():
        for left, right in pairwise(route):
            found[left][1].append(right)
            found[right][0].append(left)
    return found


def _ordered(
    columns: list[list[Vertex]],
    routes: Mapping[tuple[int, int], Sequence[Vertex]],
    neighbours: Mapping[Vertex, tuple[list[Vertex], list[Vertex]]],
) -> list[list[Vertex]]:
    """The order with the fewest crossings that sweeps find, each sorting by the mean of the neighbours."""
    best, fewest = [list(column) for column in columns], _crossings(columns, routes)
    for sweep in range(SWEEPS):
        side = sweep % 2
        order = range(1, len(columns)) if side == 0 else range(len(columns) - 2, -1, -1)
        for index in order:
            places = {
                vertex: place for place, vertex in enumerate(columns[index - 1 if side == 0 else index + 1])
            }
            own = {vertex: place for place, vertex in enumerate(columns[index])}
            columns[index].sort(key=lambda vertex: _mean(neighbours[vertex][side], places, own[vertex]))
        count = _crossings(columns, routes)
        if count < fewest:
            best, fewest = [list(column) for column in columns], count
    return best


def _mean(vertices: Sequence[Vertex], places: Mapping[Vertex, float], otherwise: float) -> float:
    return sum(places[vertex] for vertex in vertices) / len(vertices) if vertices else otherwise


def _crossings(
    columns: Sequence[Sequence[Vertex]], routes: Mapping[tuple[int, int], Sequence[Vertex]]
) -> int:
    place = {vertex: index for column in columns for index, vertex in enumerate(column)}
    column_of = {vertex: index for index, column in enumerate(columns) for vertex in column}
    steps: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for route in routes.values():
        for left, right in pairwise(route):
            steps[column_of[left]].append((place[left], place[right]))
    return sum(
        (a[0] - b[0]) * (a[1] - b[1]) < 0
        for pairs in steps.values()
        for index, a in enumerate(pairs)
        for b in pairs[:index]
    )


def _heights(
    columns: Sequence[Sequence[Vertex]], neighbours: Mapping[Vertex, tuple[list[Vertex], list[Vertex]]]
) -> dict[Vertex, float]:
    """Rows, upwards: nodes stand as near to the mean of their inputs as the order and a distance of 1 allow.

    Sweeps back gather the inputs about what uses them; the last sweep goes forth, so that chains run level.
    """
    heights = {
        vertex: (len(column) - 1) / 2 - place for column in columns for place, vertex in enumerate(column)
    }
    for sweep in range(SWEEPS):
        side = 1 - sweep % 2
        for column in columns if side == 0 else reversed(columns):
            wanted = [-_mean(neighbours[vertex][side], heights, heights[vertex]) for vertex in column]
            heights |= zip(column, (-height for height in spread(wanted, 1.0)), strict=True)
    return heights
