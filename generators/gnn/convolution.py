"""Graph convolutions: their normalisation."""

from __future__ import annotations

import math
from random import Random
from typing import Any, Self

from ...answers import Answer, Matrix, Real, Vector
from ...question import Given, Question, mistake
from ..numbers import Row
from .graphs import Edges, drawn_edges, flaw_of_edges, neighbours

Values = dict[str, Any]


class GcnNormalizedAdjacency(Question):
    """Degrees and normalised adjacency of a graph convolutional layer, with self-loops added first.

    Source: Kipf & Welling 2017, Semi-supervised classification with graph convolutional networks, equation 2
    and the renormalisation trick of section 2.2.
    """

    title = "Normalised adjacency of a graph convolution"
    minutes = {1: 3, 2: 8, 3: 8}

    nodes: int
    edges: Edges
    asked: str

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        nodes = {1: rng.randint(4, 6), 2: rng.choice([4, 5, 5, 5]), 3: rng.randint(5, 7)}[level]
        linked = nodes - 1 if level == 3 and rng.random() < 0.5 else nodes
        edges = drawn_edges(rng, rng.sample(range(nodes), linked), rng.randint(0, 3))
        return cls(nodes, edges, {1: "entry", 2: "matrix", 3: "row sums"}[level])

    def flaw(self) -> str | None:
        if self.asked not in {"entry", "matrix", "row sums"}:
            return "asked is entry, matrix or row sums"
        if reason := flaw_of_edges(self.nodes, self.edges):
            return reason
        if len(set(self.degrees)) == 1:
            return "all nodes have the same degree, so that every normalisation agrees"
        if self.asked == "entry" and self.degrees[self.pair[0]] == self.degrees[self.pair[1]]:
            return "both nodes of the asked entry have the same degree"
        return None

    @property
    def degrees(self) -> tuple[int, ...]:
        """The degrees without self-loops."""
        return tuple(sum(node in edge for edge in self.edges) for node in range(self.nodes))

    @property
    def pair(self) -> tuple[int, int]:
        """The edge whose entry is asked: that between the most different nodes."""
        return max(self.edges, key=lambda edge: abs(self.degrees[edge[0]] - self.degrees[edge[1]]))

    @property
    def with_loops(self) -> tuple[int, ...]:
        """The degrees with self-loops."""
        return tuple(degree + 1 for degree in self.degrees)

    @property
    def neighbourhoods(self) -> tuple[tuple[int, ...], ...]:
        """For each node, itself and its neighbours in order."""
        others = neighbours(self.nodes, self.edges)
        return tuple(tuple(sorted((node, *row))) for node, row in enumerate(others))

    def follow(self, given: Given) -> dict[str, Answer]:
        own_degrees = given("degrees", self.with_loops)
        scales = [1 / math.sqrt(degree) for degree in own_degrees]
        degrees = Vector(self.with_loops)
        if self.asked == "entry":
            first, second = self.pair
            return {"degrees": degrees, "entry": Real(scales[first] * scales[second], 4)}
        matrix = self._scaled(scales, scales)
        if self.asked == "matrix":
            return {"degrees": degrees, "matrix": Matrix(matrix, 3)}
        return {
            "degrees": degrees,
            "row_sums": Vector(tuple(map(sum, matrix)), 3),
            "other_row_sums": Vector(
                tuple(map(sum, self._scaled([s * s for s in scales], [1] * self.nodes))), 3
            ),
        }

    def _scaled(self, left: Row, right: Row, loops: bool = True) -> tuple[tuple[float, ...], ...]:
        """A + I, or A, with row i multiplied by left[i] and column j by right[j]."""
        linked = {
            *self.edges,
            *((b, a) for a, b in self.edges),
            *((n, n) for n in range(self.nodes) if loops),
        }
        return tuple(
            tuple(left[i] * right[j] if (i, j) in linked else 0.0 for j in range(self.nodes))
            for i in range(self.nodes)
        )

    def _wrong(self, left: Row, right: Row, loops: bool = True) -> Values:
        matrix = self._scaled(left, right, loops)
        first, second = self.pair
        named = {"entry": matrix[first][second], "matrix": matrix, "row_sums": tuple(map(sum, matrix))}
        asked = self.asked.replace(" ", "_")
        return {asked: named[asked]}

    @mistake("Self-loops come first: the degrees, and the diagonal, are those of A + I.")
    def no_self_loops(self) -> Values | None:
        if 0 in self.degrees:
            return None
        scales = [1 / math.sqrt(degree) for degree in self.degrees]
        return {"degrees": self.degrees, **self._wrong(scales, scales, loops=False)}

    @mistake("The self-loops were added to A but not counted in the degrees.")
    def degrees_before_self_loops(self) -> Values | None:
        if 0 in self.degrees:
            return None
        scales = [1 / math.sqrt(degree) for degree in self.degrees]
        return {"degrees": self.degrees, **self._wrong(scales, scales)}

    @mistake("This is the row normalisation; the symmetric one takes the square root of both nodes' degrees.")
    def row_normalised(self) -> Values | None:
        if self.asked == "row sums":
            return None
        return self._wrong([1 / degree for degree in self.with_loops], [1] * self.nodes)

    @mistake("Divide by the square root of the product of the two degrees, not by the product.")
    def divides_by_product(self) -> Values:
        inverses = [1 / degree for degree in self.with_loops]
        return self._wrong(inverses, inverses)

    @mistake("A self-loop adds 1 to the degree here, as the row sum of A + I has it, not 2.")
    def loops_count_twice(self) -> Values:
        return self.consequences(degrees=tuple(degree + 2 for degree in self.degrees))

    @mistake(
        "Symmetric normalisation does not make rows sum to 1; only dividing by the degree of the row does."
    )
    def rows_sum_to_one(self) -> Values | None:
        return {"row_sums": (1.0,) * self.nodes} if self.asked == "row sums" else None
