"""Graph convolutions: their normalisation and their layers."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random
from typing import Any, Self

from ...answers import Answer, Matrix, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, bounded, matmul, transposed
from .graphs import (
    Edges,
    Integers,
    Numbers,
    Rows,
    adjacency,
    both_ways,
    drawn_edges,
    flaw_of_edges,
    neighbours,
)

Values = dict[str, Any]

LARGEST = 20
REGULAR_GRAPHS: tuple[tuple[int, Edges], ...] = (
    (3, ((0, 1), (0, 2), (1, 2))),
    (4, ((0, 1), (0, 3), (1, 2), (2, 3))),
    (4, ((0, 1), (0, 2), (1, 3), (2, 3))),
    (4, ((0, 2), (0, 3), (1, 2), (1, 3))),
    (4, ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))),
)
"""Small graphs whose nodes all have the same degree, so that normalising divides by a whole number."""


class GcnNormalizedAdjacency(Question):
    """Degrees and normalised adjacency of a graph convolutional layer, with self-loops added first.

    At level 1 one entry, at level 2 the whole matrix; at level 3 edges have weights, or the row sums of the
    symmetric and of the row normalisation are compared, perhaps with a node on its own.

    Source: Kipf & Welling 2017, Semi-supervised classification with graph convolutional networks, equation 2
    and the renormalisation trick of section 2.2.
    """

    title = "Normalised adjacency of a graph convolution"
    minutes = {1: 3, 2: 8, 3: 8}

    nodes: int
    edges: Edges
    weights: Integers
    """Of the edges, in their order; none if all are 1."""
    asked: str
    """`entry`, `matrix` or `row sums`."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        nodes = {1: rng.randint(4, 6), 2: rng.choice([4, 5, 5, 5]), 3: rng.randint(5, 7)}[level]
        if level == 3 and rng.random() < 0.5:
            edges = drawn_edges(rng, range(4), rng.randint(0, 2))
            return cls(4, edges, tuple(rng.randint(1, 4) for _ in edges), "matrix")
        linked = nodes - 1 if level == 3 and rng.random() < 0.5 else nodes
        edges = drawn_edges(rng, rng.sample(range(nodes), linked), rng.randint(0, 3))
        return cls(nodes, edges, (), {1: "entry", 2: "matrix", 3: "row sums"}[level])

    def flaw(self) -> str | None:
        if self.asked not in {"entry", "matrix", "row sums"}:
            return "asked is entry, matrix or row sums"
        if reason := flaw_of_edges(self.nodes, self.edges):
            return reason
        if len(self.weights) not in {0, len(self.edges)} or not all(1 <= w <= LARGEST for w in self.weights):
            return f"each edge has a weight from 1 to {LARGEST}, or none has one"
        if self.weights and set(self.weights) == {1}:
            return "all weights are 1"
        if len(set(self.degrees)) == 1:
            return "all nodes have the same degree, so that every normalisation agrees"
        if self.asked == "entry" and self.degrees[self.pair[0]] == self.degrees[self.pair[1]]:
            return "both nodes of the asked entry have the same degree"
        return None

    @property
    def adjacency(self) -> Rows:
        """The adjacency matrix without self-loops."""
        weights = dict(zip(self.edges, self.weights or (1,) * len(self.edges), strict=True))
        return tuple(
            tuple(weights.get((min(i, j), max(i, j)), 0) for j in range(self.nodes))
            for i in range(self.nodes)
        )

    @property
    def with_identity(self) -> Rows:
        """A + I."""
        return tuple(
            tuple(entry + (i == j) for j, entry in enumerate(row)) for i, row in enumerate(self.adjacency)
        )

    @property
    def degrees(self) -> Integers:
        """The degrees without self-loops, sums of weights."""
        return tuple(map(sum, self.adjacency))

    @property
    def with_loops(self) -> Integers:
        """The degrees with self-loops."""
        return tuple(map(sum, self.with_identity))

    @property
    def pair(self) -> tuple[int, int]:
        """The edge whose entry is asked: that between the most different nodes."""
        return max(self.edges, key=lambda edge: abs(self.degrees[edge[0]] - self.degrees[edge[1]]))

    @property
    def neighbourhoods(self) -> tuple[Integers, ...]:
        """For each node, itself and its neighbours in order."""
        others = neighbours(self.nodes, self.edges)
        return tuple(tuple(sorted((node, *row))) for node, row in enumerate(others))

    def follow(self, given: Given) -> dict[str, Answer]:
        own_degrees = given("degrees", self.with_loops)
        scales = [1 / math.sqrt(degree) for degree in own_degrees]
        matrix = _scaled(self.with_identity, scales, scales)
        degrees = Vector(self.with_loops)
        if self.asked == "entry":
            first, second = self.pair
            return {"degrees": degrees, "entry": Real(matrix[first][second], 4)}
        if self.asked == "matrix":
            return {"degrees": degrees, "matrix": Matrix(matrix, 3)}
        averaging = _scaled(self.with_identity, [scale * scale for scale in scales], [1] * self.nodes)
        return {
            "degrees": degrees,
            "row_sums": Vector(tuple(map(sum, matrix)), 3),
            "other_row_sums": Vector(tuple(map(sum, averaging)), 3),
        }

    def _wrong(self, matrix: Numbers) -> Values:
        """What is asked of another matrix."""
        first, second = self.pair
        named = {"entry": matrix[first][second], "matrix": matrix, "row_sums": tuple(map(sum, matrix))}
        asked = self.asked.replace(" ", "_")
        return {asked: named[asked]}

    @mistake("Self-loops come first: the degrees, and the diagonal, are those of A + I.")
    def no_self_loops(self) -> Values | None:
        return self._from_bare_degrees(self.adjacency)

    @mistake("The self-loops were added to A but not counted in the degrees.")
    def degrees_before_self_loops(self) -> Values | None:
        return self._from_bare_degrees(self.with_identity)

    def _from_bare_degrees(self, matrix: Rows) -> Values | None:
        if 0 in self.degrees:
            return None
        scales = [1 / math.sqrt(degree) for degree in self.degrees]
        return {"degrees": self.degrees, **self._wrong(_scaled(matrix, scales, scales))}

    @mistake("A degree is the sum of the weights in a row of A + I, not the number of edges.")
    def weights_not_in_degrees(self) -> Values | None:
        if not self.weights:
            return None
        return self.consequences(degrees=tuple(map(len, self.neighbourhoods)))

    @mistake("The weights of the edges stay in the numerator: divide the entry of A + I, not 1.")
    def weights_ignored(self) -> Values | None:
        return replace(self, weights=()).consequences() if self.weights else None

    @mistake("This is the row normalisation; the symmetric one takes the square root of both nodes' degrees.")
    def row_normalised(self) -> Values | None:
        if self.asked == "row sums":
            return None
        inverses = [1 / degree for degree in self.with_loops]
        return self._wrong(_scaled(self.with_identity, inverses, [1] * self.nodes))

    @mistake("Divide by the square root of the product of the two degrees, not by the product.")
    def divides_by_product(self) -> Values:
        inverses = [1 / degree for degree in self.with_loops]
        return self._wrong(_scaled(self.with_identity, inverses, inverses))

    @mistake("A self-loop adds 1 to the degree here, as the row sum of A + I has it, not 2.")
    def loops_count_twice(self) -> Values:
        return self.consequences(degrees=tuple(degree + 2 for degree in self.degrees))

    @mistake(
        "Symmetric normalisation does not make rows sum to 1; only dividing by the degree of the row does."
    )
    def rows_sum_to_one(self) -> Values | None:
        return {"row_sums": (1.0,) * self.nodes} if self.asked == "row sums" else None


class GcnLayer(Question):
    """The output of graph convolutions for given features and weights.

    At level 1 neighbours are summed; at level 2 self-loops are added and the sum is normalised by friendly
    degrees; at level 3 degrees differ, and there is a bias or a second layer.

    Source: Kipf & Welling 2017, Semi-supervised classification with graph convolutional networks, equations 2
    and 9.
    """

    title = "Layer of a graph convolutional network"
    minutes = {1: 5, 2: 9, 3: 14}

    kind: str
    """`sum` over neighbours, `mean` over them and the node itself, or `symmetric` normalisation."""
    nodes: int
    edges: Edges
    features: Rows
    """A row for each node."""
    weights: tuple[Rows, ...]
    """A matrix for each of one or two layers."""
    bias: Integers
    """Of a single layer; none if it has no bias."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        kind = {1: "sum", 2: rng.choice(["mean", "symmetric"]), 3: "symmetric"}[level]
        while True:
            drawn = cls._drawn(rng, level, kind)
            columns = transposed(drawn._output_of_first(drawn.true_matrix))
            if drawn.flaw() is None and all(map(any, columns)) and not (level == 3 and drawn.is_regular):
                return drawn

    @classmethod
    def _drawn(cls, rng: Random, level: int, kind: str) -> Self:
        layers = 2 if level == 3 and rng.random() < 0.5 else 1
        nodes = 3 if layers == 2 else rng.choice([3, 4]) if level == 1 else 4
        edges = drawn_edges(rng, range(nodes), rng.randint(0, nodes - 3))
        if level == 2 and kind == "symmetric":
            nodes, edges = rng.choice(REGULAR_GRAPHS)
        most = 3 if layers == 1 else 2
        weights = tuple(_drawn_rows(rng, 2, 2, -2, 2) for _ in range(layers))
        bias = tuple(rng.choice([-2, -1, 1, 2]) for _ in range(2)) if level == 3 and layers == 1 else ()
        return cls(kind, nodes, edges, _drawn_rows(rng, nodes, 2, -most, most), weights, bias)

    def flaw(self) -> str | None:
        if self.kind not in {"sum", "mean", "symmetric"}:
            return "kind is sum, mean or symmetric"
        if reason := flaw_of_edges(self.nodes, self.edges):
            return reason
        if self.nodes > 6 or not all(self.degrees):
            return "a graph has at most six nodes, and each of them a neighbour"
        if not 1 <= len(self.weights) <= 2 or (self.kind == "sum" and len(self.weights) + len(self.bias) > 1):
            return "there are one or two layers; with sums over neighbours, one without a bias"
        if reason := self._flaw_of_sizes():
            return reason
        entries = [x for rows in (self.features, *self.weights, (self.bias,)) for row in rows for x in row]
        if not bounded(entries, LARGEST):
            return f"numbers go from -{LARGEST} to {LARGEST}"
        if not all(map(any, self.features)):
            return "a node has no feature but zeros"
        if not all(all(map(any, matrix)) and all(map(any, transposed(matrix))) for matrix in self.weights):
            return "a row or column of the weights is zero"
        if self.kind == "mean" and self.is_regular:
            return "all nodes have the same degree, so that every normalisation agrees"
        before = self._before_activation(self.true_matrix)
        if not any(entry < -0.01 for row in before for entry in row):
            return "ReLU changes nothing"
        if not any(entry > 0.01 for row in before for entry in row):
            return "ReLU leaves nothing"
        return None if any(map(any, self._output(self.true_matrix))) else "all outputs are zero"

    def _flaw_of_sizes(self) -> str | None:
        if len(self.features) != self.nodes:
            return "each node has a row of features"
        width = len(self.features[0])
        if not 1 <= width <= 4 or any(len(row) != width for row in self.features):
            return "a node has one to four features, each the same number"
        for matrix in self.weights:
            if len(matrix) != width or len({len(row) for row in matrix}) != 1 or not 1 <= len(matrix[0]) <= 4:
                return "the weights do not fit to the features"
            width = len(matrix[0])
        if self.bias and (len(self.weights) > 1 or len(self.bias) != width):
            return "a bias belongs to a single layer, and has an entry for each of its outputs"
        return None

    @property
    def degrees(self) -> Integers:
        """The degrees without self-loops."""
        return tuple(map(len, neighbours(self.nodes, self.edges)))

    @property
    def with_loops(self) -> Integers:
        """The degrees with self-loops."""
        return tuple(degree + 1 for degree in self.degrees)

    @property
    def is_regular(self) -> bool:
        """Whether all nodes have the same degree."""
        return len(set(self.degrees)) == 1

    @property
    def true_matrix(self) -> Numbers:
        """What multiplies the features from the left."""
        return self._matrix(self.with_loops)

    @property
    def labels(self) -> tuple[str, ...]:
        """The features of each node, to stand beside it."""
        rows = (r",\; ".join(map(str, row)) for row in self.features)
        return tuple(f"$({row})$" for row in rows)

    @property
    def messages(self) -> Numbers:
        """The features times the first weights."""
        return matmul(self.features, self.weights[0])

    @property
    def second_messages(self) -> Numbers:
        """The output of the first layer times the weights of the second, if there is one."""
        if len(self.weights) == 1:
            return ()
        return matmul(self._output_of_first(self.true_matrix), self.weights[1])

    @property
    def before_activation(self) -> Numbers:
        """What ReLU is applied to in the first layer."""
        return self._before_activation(self.true_matrix)

    def _matrix(self, degrees: Row, loops: int = 1) -> Numbers:
        linked = adjacency(self.nodes, both_ways(self.edges))
        if self.kind == "sum":
            return linked
        left, right = (1.0, 0.0) if self.kind == "mean" else (0.5, 0.5)
        return tuple(
            tuple(
                (linked[i][j] + loops * (i == j)) / (degrees[i] ** left * degrees[j] ** right)
                for j in range(self.nodes)
            )
            for i in range(self.nodes)
        )

    def _before_activation(self, matrix: Numbers, messages: Numbers = ()) -> Numbers:
        rows = matmul(matrix, messages or self.messages)
        shift = self.bias or (0,) * len(rows[0])
        return tuple(tuple(entry + b for entry, b in zip(row, shift, strict=True)) for row in rows)

    def _output(self, matrix: Numbers, messages: Numbers = (), hidden: Numbers = ()) -> Numbers:
        first = hidden or _relu(self._before_activation(matrix, messages))
        if len(self.weights) == 1:
            return first
        return matmul(matrix, matmul(first, self.weights[1]))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.kind == "sum":
            messages = given("messages", self.messages)
            output = self._output(self.true_matrix, messages)
            return {"messages": Matrix(self.messages), "output": Matrix(output)}
        true_matrix = self._matrix(given("degrees", self.with_loops))
        matrix = given("matrix", true_matrix)
        keys: dict[str, Answer] = {"degrees": Vector(self.with_loops), "matrix": Matrix(true_matrix, 3)}
        if len(self.weights) == 1:
            output = self._output(matrix, given("messages", self.messages))
            return keys | {"messages": Matrix(self.messages), "output": Matrix(output, 3)}
        true_hidden = self._output_of_first(matrix)
        output = self._output(matrix, hidden=given("hidden", true_hidden))
        return keys | {"hidden": Matrix(true_hidden, 3), "output": Matrix(output, 3)}

    def _output_of_first(self, matrix: Numbers) -> Numbers:
        return _relu(self._before_activation(matrix))

    def _with(self, matrix: Numbers) -> MistakeValues:
        """What comes out with another matrix in both layers."""
        return self.consequences(matrix=matrix) if self.kind != "sum" else {"output": self._output(matrix)}

    @mistake("The self-loops are missing: a node's own features go into its new ones.")
    def forgets_itself(self) -> MistakeValues:
        if self.kind == "sum":
            return None
        return {**self.consequences(matrix=self._matrix(self.degrees, loops=0)), "degrees": self.degrees}

    @mistake("Here only the neighbours are summed; without self-loops a node's own features stay out.")
    def adds_itself(self) -> MistakeValues:
        return self._with(self._sums_with_loops()) if self.kind == "sum" else None

    @mistake("The sum over the neighbourhood was not normalised by the degrees.")
    def no_normalisation(self) -> MistakeValues:
        return self._with(self._sums_with_loops()) if self.kind != "sum" else None

    def _sums_with_loops(self) -> Numbers:
        linked = adjacency(self.nodes, both_ways(self.edges))
        return tuple(tuple(entry + (i == j) for j, entry in enumerate(row)) for i, row in enumerate(linked))

    @mistake("This divides each row by its degree; the symmetric form divides by the roots of both degrees.")
    def row_mean_for_symmetric(self) -> MistakeValues:
        if self.kind != "symmetric":
            return None
        rows = zip(self._sums_with_loops(), self.with_loops, strict=True)
        return self._with(tuple(tuple(entry / degree for entry in row) for row, degree in rows))

    @mistake("This is the symmetric form; the mean divides each row by the degree of its own node.")
    def symmetric_for_row_mean(self) -> MistakeValues:
        if self.kind != "mean":
            return None
        roots = [math.sqrt(degree) for degree in self.with_loops]
        rows = enumerate(self._sums_with_loops())
        return self._with(
            tuple(tuple(entry / (roots[i] * roots[j]) for j, entry in enumerate(row)) for i, row in rows)
        )

    @mistake("Each row of the features is multiplied by the columns of the weights, not by their rows.")
    def weights_transposed(self) -> MistakeValues:
        if any(len(matrix) != len(matrix[0]) for matrix in self.weights):
            return None
        turned = tuple(transposed(matrix) for matrix in self.weights)
        messages = matmul(self.features, turned[0])
        first = _relu(self._before_activation(self.true_matrix, messages))
        if len(self.weights) == 1:
            return {"messages": messages, "output": first}
        return {"hidden": first, "output": matmul(self.true_matrix, matmul(first, turned[1]))}

    @mistake("ReLU sets negative entries to 0.")
    def no_activation(self) -> MistakeValues:
        if len(self.weights) == 2:
            return self.consequences(hidden=self.before_activation)
        return {"output": self.before_activation}

    @mistake("ReLU comes after the aggregation: negative messages count, too.")
    def activation_before_aggregation(self) -> MistakeValues:
        if len(self.weights) == 2:
            return self.consequences(hidden=self._output_of_first_from(_relu(self.messages)))
        return {"output": self._output_of_first_from(_relu(self.messages))}

    def _output_of_first_from(self, messages: Numbers) -> Numbers:
        return _relu(self._before_activation(self.true_matrix, messages))

    @mistake("The bias was left out.")
    def bias_forgotten(self) -> MistakeValues:
        if not self.bias:
            return None
        return {"output": _relu(matmul(self.true_matrix, self.messages))}

    @mistake("The bias is added once to each node after the aggregation, not to every message.")
    def bias_in_messages(self) -> MistakeValues:
        if not self.bias:
            return None
        shifted = tuple(
            tuple(entry + b for entry, b in zip(row, self.bias, strict=True)) for row in self.messages
        )
        return {"output": _relu(matmul(self.true_matrix, shifted))}

    @mistake("The second layer aggregates once more: its messages also go through the normalised matrix.")
    def second_layer_without_neighbours(self) -> MistakeValues:
        if len(self.weights) == 1:
            return None
        return {"output": matmul(self._output_of_first(self.true_matrix), self.weights[1])}

    @mistake("The last layer has no activation: negative outputs stay.")
    def activation_after_the_last(self) -> MistakeValues:
        return {"output": _relu(self._output(self.true_matrix))} if len(self.weights) == 2 else None


def _scaled(matrix: Rows, left: Row, right: Row) -> Numbers:
    """The matrix with row i multiplied by left[i] and column j by right[j]."""
    return tuple(
        tuple(entry * scale * other for entry, other in zip(row, right, strict=True))
        for row, scale in zip(matrix, left, strict=True)
    )


def _relu(rows: Numbers) -> Numbers:
    return tuple(tuple(max(entry, 0) for entry in row) for row in rows)


def _drawn_rows(rng: Random, rows: int, columns: int, least: int, most: int) -> Rows:
    return tuple(tuple(rng.randint(least, most) for _ in range(columns)) for _ in range(rows))
