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
MOST_WANTED = 500


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
        return tuple(sorted((min(pair), max(pair)) for pair in pairs))

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
        return self.consequences(matrix=adjacency(self.nodes, kept))

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


class KhopReceptiveField(Question):
    """How far a graph network of some layers sees.

    At level 1 the nodes within one and two hops, at level 2 the layers that a node and the whole graph need;
    at level 3 a directed graph, or how fast a receptive field grows in a regular tree or a grid.

    Source: Hamilton 2020, Graph representation learning, section 5.1.2; Xu et al. 2018, Representation
    learning on graphs with jumping knowledge networks, section 3.
    """

    title = "Receptive field of a graph network"
    minutes = {1: 3, 2: 4, 3: 5}

    form: str
    """`hops`, `whole graph`, `directed`, `tree` or `grid`."""
    nodes: int
    """How many there are; 0 for a tree or a grid, which have no end."""
    edges: Edges
    """Undirected, the smaller number first; of a directed graph (from, to)."""
    start: int
    """The node whose receptive field is asked."""
    layers: int
    """Up to how many layers; 0 where the whole graph is asked about."""
    degree: int
    """The neighbours of each node of a tree; else 0."""
    wanted: int
    """The nodes that a receptive field in a tree or grid shall have; else 0."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            nodes = rng.randint(5, 6)
            edges = drawn_edges(rng, range(nodes), rng.randint(0, 1))
            return cls("hops", nodes, edges, rng.randrange(nodes), 2, 0, 0)
        if level == 2:
            nodes = rng.randint(6, 8)
            edges = drawn_edges(rng, range(nodes), rng.randint(0, 2))
            return cls("whole graph", nodes, edges, rng.randrange(nodes), 0, 0, 0)
        form = rng.choice(["directed", "directed", "tree", "grid"])
        if form == "directed":
            nodes = rng.randint(6, 7)
            edges = drawn_edges(rng, range(nodes), rng.randint(1, 3))
            arrows = sorted(edge if rng.random() < 0.5 else edge[::-1] for edge in edges)
            drawn = [cls(form, nodes, tuple(arrows), start, 3, 0, 0) for start in range(nodes)]
            return rng.choice([one for one in drawn if one.flaw() is None] or drawn)
        degree = rng.randint(3, 6) if form == "tree" else 0
        return cls(form, 0, (), 0, rng.randint(2, 4 if degree else 9), degree, rng.randint(40, MOST_WANTED))

    def flaw(self) -> str | None:
        if self.form in {"tree", "grid"}:
            return self._flaw_of_growth()
        if self.form not in {"hops", "whole graph", "directed"}:
            return "form is hops, whole graph, directed, tree or grid"
        if reason := flaw_of_edges(self.nodes, self.edges, directed=self.form == "directed"):
            return reason
        if not 0 <= self.start < self.nodes:
            return "the start is none of the nodes"
        if (self.degree, self.wanted) != (0, 0):
            return "degree and wanted belong to trees and grids"
        if self.layers not in ({0} if self.form == "whole graph" else {2, 3, 4}):
            return "there are two to four layers, or 0 where the whole graph is asked about"
        known = [distance for distance in self.distances if distance is not None]
        if max(known) < 2:
            return "one layer already sees all that can be seen"
        if self.form == "directed":
            if len(known) == self.nodes or max(known) > self.layers:
                return "every node is reached, or more layers are needed than are asked about"
            return None
        return None if len(known) == self.nodes else "the graph is not connected"

    def _flaw_of_growth(self) -> str | None:
        if self.nodes or self.edges or self.start:
            return "a tree or grid without end has no list of nodes and edges"
        if not (3 <= self.degree <= 6 if self.form == "tree" else self.degree == 0):
            return "a node of a tree has three to six neighbours; of a grid, degree is 0"
        if not 2 <= self.layers <= (4 if self.form == "tree" else 10):
            return "there are two to four layers on a tree, two to ten on a grid"
        if not 10 <= self.wanted <= MOST_WANTED:
            return f"between 10 and {MOST_WANTED} nodes are wanted"
        return "the wanted number is reached exactly" if self._size(self._needed) == self.wanted else None

    @property
    def arrows(self) -> Edges:
        """The ways that messages take."""
        return self.edges if self.form == "directed" else both_ways(self.edges)

    @property
    def distances(self) -> tuple[int | None, ...]:
        """How many layers each node's message takes to the start; None where it never arrives."""
        return hops(self.nodes, tuple((b, a) for a, b in self.arrows), self.start)

    @property
    def rings(self) -> tuple[Integers, ...]:
        """The nodes whose messages arrive after exactly 0, 1, 2, ... layers."""
        last = max(distance or 0 for distance in self.distances) if self.nodes else 0
        return tuple(
            tuple(node for node, distance in enumerate(self.distances) if distance == ring)
            for ring in range(last + 1)
        )

    @property
    def eccentricities(self) -> Integers:
        """For each node of a connected graph the layers after which it sees all nodes."""
        rows = (hops(self.nodes, self.arrows, node) for node in range(self.nodes))
        return tuple(max(distance or 0 for distance in row) for row in rows)

    def ring(self, layers: int) -> int:
        """How many nodes of a tree or grid are exactly so many edges away, at least one."""
        return self.degree * (self.degree - 1) ** (layers - 1) if self.degree else 4 * layers

    def _size(self, layers: int) -> int:
        d = self.degree
        return 1 + d * ((d - 1) ** layers - 1) // (d - 2) if d else 1 + 2 * layers * (layers + 1)

    @property
    def sizes(self) -> Integers:
        """The receptive field in a tree or grid after 1, 2, ... layers, until it is as large as wanted."""
        return tuple(self._size(layers) for layers in range(1, self._needed + 1)) if self.wanted else ()

    @property
    def _needed(self) -> int:
        layers = 1
        while self._size(layers) < self.wanted:
            layers += 1
        return layers

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.wanted:
            return {
                "ring": Integer(self.ring(self.layers)),
                "size": Integer(self._size(self.layers)),
                "needed": Integer(self._needed),
            }
        if self.form == "directed":
            counts = self._counts(1)
            last = given("counts", counts)[-1]
            return {"counts": Vector(counts), "never": Integer(round(self.nodes - last))}
        true_distances = tuple(distance or 0 for distance in self.distances)
        distances = given("distances", true_distances)
        keys: dict[str, Answer] = {"distances": Vector(true_distances)}
        if self.form == "whole graph":
            eccentricity = Integer(round(max(distances)))
            return keys | {"eccentricity": eccentricity, "diameter": Integer(max(self.eccentricities))}
        counts = tuple(sum(d <= layers for d in distances) for layers in range(1, self.layers + 1))
        return keys | {"counts": Vector(counts)}

    def _counts(self, first: int, distances: tuple[int | None, ...] = ()) -> Integers:
        """The nodes at a distance up to `first`, `first + 1` and so on, for each number of layers."""
        return tuple(
            sum(d is not None and d <= reach for d in distances or self.distances)
            for reach in range(first, first + self.layers)
        )

    @mistake("The receptive field holds all nodes up to that distance, not only those exactly that far away.")
    def exactly_that_far(self) -> MistakeValues:
        if self.wanted:
            return {"size": self.ring(self.layers)}
        if not self.layers:
            return None
        return {"counts": tuple(self.distances.count(layers) for layers in range(1, self.layers + 1))}

    @mistake("A node's own features stay in its update: it belongs to its own receptive field.")
    def excludes_itself(self) -> MistakeValues:
        if self.wanted:
            return {"size": self._size(self.layers) - 1}
        return {"counts": tuple(count - 1 for count in self._counts(1))} if self.layers else None

    @mistake("Each layer reaches one edge further, the first one already the neighbours.")
    def one_layer_late(self) -> MistakeValues:
        if self.wanted:
            return {"size": self._size(self.layers - 1), "needed": self._needed + 1}
        if self.layers:
            return {"counts": self._counts(0)}
        return {"eccentricity": len(self.rings), "diameter": max(self.eccentricities) + 1}

    @mistake("A node has the distance 0 from itself: count the edges of a way, not its nodes.")
    def counts_the_start(self) -> MistakeValues:
        if self.form not in {"hops", "whole graph"}:
            return None
        return self.consequences(distances=tuple((distance or 0) + 1 for distance in self.distances))

    @mistake("Count nodes, not walks: a node that can be reached on several ways counts once.")
    def counts_walks(self) -> MistakeValues:
        if self.form != "hops":
            return None
        row, counts = tuple(int(node == self.start) for node in range(self.nodes)), []
        for _ in range(self.layers):
            (row,) = _whole(matmul([row], adjacency(self.nodes, self.arrows)))
            counts.append(sum(row))
        return {"counts": tuple(counts)}

    @mistake("Messages flow along the arrows: what counts are the nodes from which arrows lead to the node.")
    def against_the_arrows(self) -> MistakeValues:
        if self.form != "directed":
            return None
        return self.consequences(counts=self._counts(1, hops(self.nodes, self.arrows, self.start)))

    @mistake("An arrow carries messages in one direction only.")
    def ignores_directions(self) -> MistakeValues:
        if self.form != "directed":
            return None
        return self.consequences(counts=self._counts(1, hops(self.nodes, both_ways(self.edges), self.start)))

    @mistake("This is what node {start} needs; the diameter is the longest distance of any two nodes.")
    def diameter_from_the_start(self) -> MistakeValues:
        if self.form != "whole graph":
            return None
        return {"diameter": self.eccentricities[self.start]}

    @mistake("Not every pair of nodes lies that far apart: distances are those of the shortest ways.")
    def as_many_layers_as_edges(self) -> MistakeValues:
        if self.form != "whole graph":
            return None
        return {"eccentricity": self.nodes - 1, "diameter": self.nodes - 1}

    @mistake("One neighbour of each node is that from which the walk came: only {degree} - 1 are new.")
    def counts_the_way_back(self) -> MistakeValues:
        if not self.degree:
            return None
        powers = [self.degree**layers for layers in range(self.layers + 1)]
        return {"ring": powers[-1], "size": sum(powers)}

    @mistake("In a tree each node passes the message on to several new ones: the field grows as a power.")
    def grows_linearly(self) -> MistakeValues:
        return {"size": 1 + self.degree * self.layers} if self.degree else None

    @mistake("Diagonal neighbours are two edges away: the field has the shape of a diamond, not of a square.")
    def square_field(self) -> MistakeValues:
        if self.form != "grid":
            return None
        return {"ring": 8 * self.layers, "size": (2 * self.layers + 1) ** 2}


def _whole(matrix: Adjacency | tuple[tuple[float, ...], ...] | list[list[float]]) -> Adjacency:
    return tuple(tuple(int(entry) for entry in row) for row in matrix)
