"""What a graph is made of: its matrix and degrees, and which nodes a network of some layers can see."""

from __future__ import annotations

from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import matmul, transposed
from .graphs import (
    Adjacency,
    Edges,
    Integers,
    adjacency,
    both_ways,
    drawn_edges,
    flaw_of_edges,
    hops,
)

LARGEST_WEIGHT = 20


class AdjacencyDegree(Question):
    """The adjacency matrix of a graph, and what follows from it.

    At level 1 a drawing is read, at level 2 an edge index with self-loops; at level 3 there are powers that
    count walks, a directed graph with weights, or a relabelled graph.

    Source: Hamilton 2020, Graph representation learning, sections 1.1 and 2.1; torch_geometric.data.Data for
    edge_index; Newman 2010, Networks, section 6.10 for walks.
    """

    title = "Adjacency matrix and degrees"
    minutes = {1: 3, 2: 5, 3: 7}

    form: str
    """`drawing`, `edge index`, `walks`, `directed` or `relabelled`."""
    nodes: int
    edges: Edges
    """Undirected, the smaller number first; of an edge index its columns; of a directed graph (from, to)."""
    weights: Integers
    """Of a directed graph, in the order of the edges; else empty."""
    order: Integers
    """The new number of each node of a relabelled graph; else empty."""
    pair: Integers
    """The ends of the walks to be counted; else empty."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            nodes = rng.randint(3, 5)
            return cls("drawing", nodes, drawn_edges(rng, range(nodes), rng.randint(0, 2)), (), (), ())
        if level == 2:
            nodes = rng.randint(4, 5)
            loops = {(node, node) for node in rng.sample(range(nodes), rng.randint(1, 2))}
            columns = {*both_ways(drawn_edges(rng, range(nodes), rng.randint(0, 1))), *loops}
            return cls("edge index", nodes, tuple(rng.sample(sorted(columns), len(columns))), (), (), ())
        form = rng.choice(["walks", "directed", "relabelled"])
        nodes = 4 if form == "walks" else 5
        edges = drawn_edges(rng, range(nodes), rng.randint(1, 2))
        if form == "walks":
            return cls(form, nodes, edges, (), (), tuple(sorted(rng.sample(range(nodes), 2))))
        if form == "relabelled":
            return cls(form, nodes, edges, (), tuple(rng.sample(range(nodes), nodes)), ())
        arrows = sorted(edge if rng.random() < 0.5 else edge[::-1] for edge in edges)
        return cls(form, nodes, tuple(arrows), tuple(rng.randint(1, 9) for _ in arrows), (), ())

    def flaw(self) -> str | None:
        if self.form not in {"drawing", "edge index", "walks", "directed", "relabelled"}:
            return "form is drawing, edge index, walks, directed or relabelled"
        if len(set(self.edges)) < len(self.edges):
            return "an edge is there twice"
        plain = self.edges
        if self.form == "edge index":
            if any(edge[::-1] not in self.edges for edge in self.edges):
                return "an edge of the edge index lacks its way back"
            plain = tuple(sorted(edge for edge in self.edges if edge[0] < edge[1]))
            if not all(0 <= a < self.nodes for a, b in self.edges if a == b):
                return "a self-loop belongs to no node"
            if len(plain) * 2 == len(self.edges):
                return "there is no self-loop"
        if reason := flaw_of_edges(self.nodes, plain, directed=self.form == "directed"):
            return reason
        return self._flaw_of_the_rest()

    def _flaw_of_the_rest(self) -> str | None:
        wanted = {"weights": len(self.edges) * (self.form == "directed")}
        wanted |= {"order": self.nodes * (self.form == "relabelled"), "pair": 2 * (self.form == "walks")}
        for name, length in wanted.items():
            if len(getattr(self, name)) != length:
                return f"{name} has not {length} entries"
        if any(not 1 <= weight <= LARGEST_WEIGHT for weight in self.weights):
            return f"weights lie between 1 and {LARGEST_WEIGHT}"
        if self.form == "directed":
            return "all edges have the weight 1" if set(self.weights) == {1} else None
        if self.form == "relabelled":
            if sorted(self.order) != list(range(self.nodes)):
                return "order gives each node a new number"
            return "the numbers do not change the matrix" if self._renamed == self.matrix else None
        if self.form == "walks":
            if not 0 <= self.pair[0] < self.pair[1] < self.nodes:
                return "the pair is not one of two nodes, the smaller number first"
            return (
                None if self._cube(self.square) else "there is no walk of three steps between the two nodes"
            )
        return None

    @property
    def arrows(self) -> Edges:
        """The directed edges, two for each undirected one."""
        return self.edges if self.form in {"edge index", "directed"} else both_ways(self.edges)

    @property
    def matrix(self) -> Adjacency:
        """The adjacency matrix in the drawn numbers, with the weights of a directed graph."""
        if not self.weights:
            return adjacency(self.nodes, self.arrows)
        weights = dict(zip(self.edges, self.weights, strict=True))
        return tuple(tuple(weights.get((i, j), 0) for j in range(self.nodes)) for i in range(self.nodes))

    @property
    def square(self) -> Adjacency:
        """The square of the adjacency matrix."""
        return _whole(matmul(self.matrix, self.matrix))

    @property
    def loops(self) -> Integers:
        """The nodes with a self-loop."""
        return tuple(sorted(a for a, b in self.edges if a == b))

    @property
    def plain_edges(self) -> Edges:
        """The edges of an edge index as a drawing has them, self-loops among them."""
        return tuple(sorted(edge for edge in self.edges if edge[0] <= edge[1]))

    @property
    def arrows_in_words(self) -> str:
        """The weighted edges of a directed graph."""
        pairs = zip(self.edges, self.weights, strict=False)
        return ", ".join(f"{a} to {b} with weight {weight}" for (a, b), weight in pairs)

    @property
    def renamed_edges(self) -> Edges:
        """The edges in the new numbers, the smaller one first; none if there are no new numbers."""
        if not self.order:
            return ()
        pairs = ((self.order[a], self.order[b]) for a, b in self.edges)
        return tuple((min(pair), max(pair)) for pair in pairs)

    @property
    def _renamed(self) -> Adjacency:
        return adjacency(self.nodes, both_ways(self.renamed_edges))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "walks":
            square = given("square", self.square)
            return {"square": Matrix(self.square), "walks": Integer(round(self._cube(square)))}
        true_matrix = self._renamed if self.form == "relabelled" else self.matrix
        matrix = given("matrix", true_matrix)
        sums = tuple(map(sum, matrix))
        if self.form == "directed":
            columns = tuple(map(sum, transposed(matrix)))
            return {"matrix": Matrix(true_matrix), "out_degrees": Vector(sums), "in_degrees": Vector(columns)}
        keys: dict[str, Answer] = {"matrix": Matrix(true_matrix), "degrees": Vector(sums)}
        degrees = given("degrees", sums)
        if self.form == "drawing":
            return keys | {"columns": Integer(round(sum(degrees)))}
        if self.form == "edge index":
            diagonal = sum(matrix[node][node] for node in range(self.nodes))
            return keys | {"edges": Integer(round((sum(degrees) - diagonal) / 2))}
        return keys

    def _cube(self, square: Adjacency) -> float:
        """The walks of three steps between the pair: a row of the square times a column of the matrix."""
        first, last = self.pair
        return sum(square[first][node] * self.matrix[node][last] for node in range(self.nodes))

    @mistake("An edge index holds each undirected edge twice, once in each direction.")
    def one_column_per_edge(self) -> MistakeValues:
        if self.form == "drawing":
            return {"columns": len(self.edges)}
        return {"edges": len(self.edges) - len(self.loops)} if self.form == "edge index" else None

    @mistake("A column of the edge index is no edge of its own: two of them make one undirected edge.")
    def columns_as_edges(self) -> MistakeValues:
        return {"edges": len(self.edges)} if self.form == "edge index" else None

    @mistake("Both directions count: the matrix of an undirected graph is symmetric.")
    def one_direction_only(self) -> MistakeValues:
        edges = self.renamed_edges if self.form == "relabelled" else self.edges
        if self.form in {"walks", "directed"}:
            return None
        kept = tuple(edge for edge in edges if edge[0] <= edge[1])
        return {"matrix": adjacency(self.nodes, kept)}

    @mistake("In the row sums of A a self-loop adds 1, not 2.")
    def loop_counts_twice(self) -> MistakeValues:
        if not self.loops:
            return None
        return {"degrees": tuple(sum(row) + (n in self.loops) for n, row in enumerate(self.matrix))}

    @mistake("The self-loops were left out: they stand on the diagonal of A and add 1 to the row sum.")
    def loops_forgotten(self) -> MistakeValues:
        if not self.loops:
            return None
        matrix = adjacency(self.nodes, tuple(edge for edge in self.arrows if edge[0] != edge[1]))
        return {"matrix": matrix, "degrees": tuple(map(sum, matrix))}

    @mistake("A walk may go back: the diagonal of A² holds the degrees, one walk to each neighbour and back.")
    def no_way_back(self) -> MistakeValues:
        if self.form != "walks":
            return None
        square = tuple(
            tuple(0 if i == j else entry for j, entry in enumerate(row)) for i, row in enumerate(self.square)
        )
        return self.consequences(square=square)

    @mistake("A² is a matrix product and counts walks; squaring each entry of A only gives A back.")
    def entrywise_power(self) -> MistakeValues:
        if self.form != "walks":
            return None
        first, last = self.pair
        return {"square": self.matrix, "walks": self.matrix[first][last]}

    @mistake("An entry of A² counts the walks of two steps; it is not the distance of the two nodes.")
    def walks_as_distance(self) -> MistakeValues:
        if self.form != "walks":
            return None
        rows = (hops(self.nodes, self.arrows, node) for node in range(self.nodes))
        return {"square": tuple(tuple(distance or 0 for distance in row) for row in rows)}

    @mistake("These are walks of two steps: for three, multiply by A once more.")
    def one_step_short(self) -> MistakeValues:
        return {"walks": self.square[self.pair[0]][self.pair[1]]} if self.form == "walks" else None

    @mistake("Row i holds the edges that leave node i; here rows and columns are exchanged.")
    def transposed_matrix(self) -> MistakeValues:
        if self.form != "directed":
            return None
        return self.consequences(matrix=_whole(transposed(self.matrix)))

    @mistake("Rows sum to what leaves a node, columns to what comes in.")
    def degrees_swapped(self) -> MistakeValues:
        if self.form != "directed":
            return None
        rows, columns = (tuple(map(sum, matrix)) for matrix in (self.matrix, transposed(self.matrix)))
        return {"out_degrees": columns, "in_degrees": rows}

    @mistake("The entries are the weights of the edges, not 1 for each edge.")
    def weights_ignored(self) -> MistakeValues:
        if self.form != "directed":
            return None
        return self.consequences(matrix=adjacency(self.nodes, self.edges))

    @mistake("An edge counts only in its direction: the matrix of a directed graph need not be symmetric.")
    def made_symmetric(self) -> MistakeValues:
        if self.form != "directed":
            return None
        both = zip(self.matrix, transposed(self.matrix), strict=True)
        return self.consequences(
            matrix=tuple(
                _whole([[a + b for a, b in zip(row, column, strict=True)]])[0] for row, column in both
            )
        )

    @mistake(
        "Row {first_new} of the new matrix belongs to the old node {first_old}: the numbering was inverted."
    )
    def inverse_numbering(self) -> MistakeValues:
        if self.form != "relabelled":
            return None
        there = {(a, b) for a, b in self.arrows}
        matrix = tuple(
            tuple(int((self.order[b], self.order[a]) in there) for a in range(self.nodes))
            for b in range(self.nodes)
        )
        return self.consequences(matrix=matrix)

    @mistake("Only the rows were brought into the new order; the columns must be as well: P A P^T, not P A.")
    def rows_only(self) -> MistakeValues:
        if self.form != "relabelled":
            return None
        return self.consequences(matrix=tuple(self.matrix[self.order.index(n)] for n in range(self.nodes)))

    @mistake("This is the matrix in the old numbers.")
    def old_numbers(self) -> MistakeValues:
        return self.consequences(matrix=self.matrix) if self.form == "relabelled" else None

    @property
    def first_old(self) -> int:
        """The first node whose number changes and does not just change places with another."""
        moved = (node for node, new in enumerate(self.order) if self.order[new] != node)
        return next(moved, 0)

    @property
    def first_new(self) -> int:
        """The new number of that node."""
        return self.order[self.first_old] if self.order else 0


def _whole(matrix: Adjacency | tuple[tuple[float, ...], ...] | list[list[float]]) -> Adjacency:
    return tuple(tuple(int(entry) for entry in row) for row in matrix)
