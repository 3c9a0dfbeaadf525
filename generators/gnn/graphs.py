"""Small graphs: how they are drawn, checked, and walked through."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from random import Random

Edge = tuple[int, int]
Edges = tuple[Edge, ...]
Integers = tuple[int, ...]
Rows = tuple[Integers, ...]
Numbers = tuple[tuple[float, ...], ...]
Adjacency = Rows

MOST_NODES = 8


def drawn_edges(rng: Random, nodes: Sequence[int], extra: int) -> Edges:
    """A connected undirected graph on these nodes: a random tree and a few edges more."""
    order = rng.sample(nodes, len(nodes))
    tree = {(rng.choice(order[:place]), node) for place, node in enumerate(order) if place}
    edges = {(min(edge), max(edge)) for edge in tree}
    others = [edge for edge in combinations(sorted(nodes), 2) if edge not in edges]
    return tuple(sorted({*edges, *rng.sample(others, min(extra, len(others)))}))


def flaw_of_edges(nodes: int, edges: Edges, *, directed: bool = False) -> str | None:
    """Why these are not the edges of a small graph without self-loops, or None."""
    if not 2 <= nodes <= MOST_NODES:
        return "a graph has two to eight nodes"
    if not edges or not all(min(edge) >= 0 and max(edge) < nodes and edge[0] != edge[1] for edge in edges):
        return "edges are pairs of different nodes"
    if not directed and not all(a < b for a, b in edges):
        return "edges are pairs of different nodes, the smaller number first"
    return "an edge is there twice" if len(set(edges)) < len(edges) else None


def both_ways(edges: Edges) -> Edges:
    """Each undirected edge as two directed ones, sorted."""
    return tuple(sorted({*edges, *((b, a) for a, b in edges)}))


def adjacency(nodes: int, arrows: Edges) -> Adjacency:
    """The matrix with a 1 in row i and column j for each directed edge from i to j."""
    there = set(arrows)
    return tuple(tuple(int((i, j) in there) for j in range(nodes)) for i in range(nodes))


def neighbours(nodes: int, edges: Edges) -> tuple[Integers, ...]:
    """For each node of an undirected graph its neighbours in order, itself left out."""
    return tuple(
        tuple(sorted({sum(edge) - node for edge in edges if node in edge} - {node})) for node in range(nodes)
    )


def hops(nodes: int, arrows: Edges, start: int) -> tuple[int | None, ...]:
    """How many edges must be followed from the start to each node; None where no way leads."""
    found: dict[int, int] = {start: 0}
    front, distance = {start}, 0
    while front:
        distance += 1
        front = {end for begin, end in arrows if begin in front} - found.keys()
        found |= dict.fromkeys(front, distance)
    return tuple(found.get(node) for node in range(nodes))
