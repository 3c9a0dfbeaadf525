"""How graphs are stored: dense or as lists of edges, alone or in batches."""

from __future__ import annotations

import math
from itertools import accumulate
from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix, Real, Shape, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import bounded
from .graphs import Edges, Integers

BYTES = {"float64": 8, "float32": 4, "float16": 2, "int64": 8, "int32": 4}
"""The bytes of one number."""
MOST_GRAPHS = 6
LARGEST_GRAPH = 2000
LARGEST_FEATURE = 100
GAP = 3.0
"""Between the middles of two graphs in a drawing, where neighbours have the distance 1."""


class DenseSparseStorage(Question):
    """What a graph takes as an adjacency matrix and as an edge index.

    At level 1 numbers are counted, at level 2 bytes and the density; at level 3 a batch of graphs is one
    block-diagonal matrix, or the number of edges is asked up to which the edge index is smaller.

    Source: torch_geometric.data.Data, edge_index; torch.sparse, section COO tensors; Hamilton 2020, Graph
    representation learning, section 1.1.
    """

    title = "Dense and sparse storage of a graph"
    minutes = {1: 2, 2: 4, 3: 5}

    form: str
    """`counts`, `bytes`, `batch` or `break even`."""
    sizes: Integers
    """The nodes of each graph."""
    edges: Integers
    """The undirected edges of each graph; none where their number is asked."""
    entry: str
    """The type of the entries of the matrix, such as float32; empty where no bytes are asked."""
    index: str
    """The type of the numbers of the edge index; empty where no bytes are asked."""
    weighted: bool
    """Whether a weight of the entries' type is stored with each column of the edge index."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            nodes = rng.randint(5, 20)
            return cls("counts", (nodes,), (_drawn_count(rng, nodes),), "", "", False)
        if level == 2:
            nodes = rng.randrange(50, 401, 10)
            types = rng.choice(["float32", "float64"]), rng.choice(["int64", "int32"])
            return cls("bytes", (nodes,), (_drawn_count(rng, nodes),), *types, False)
        if rng.random() < 0.5:
            sizes = tuple(rng.randint(3, 9) for _ in range(rng.randint(3, 5)))
            return cls("batch", sizes, tuple(_drawn_count(rng, nodes) for nodes in sizes), "", "", False)
        types = rng.choice(["float16", "float32", "float64"]), rng.choice(["int64", "int32"])
        return cls("break even", (rng.randrange(10, 201, 2),), (), *types, rng.random() < 0.5)

    def flaw(self) -> str | None:
        if self.form not in {"counts", "bytes", "batch", "break even"}:
            return "form is counts, bytes, batch or break even"
        graphs = range(2, MOST_GRAPHS + 1) if self.form == "batch" else range(1, 2)
        if len(self.sizes) not in graphs:
            return f"a batch has two to {MOST_GRAPHS} graphs; otherwise there is one"
        if len(self.edges) != len(self.sizes) * (self.form != "break even"):
            return "each graph has a number of edges, unless that is asked"
        if not all(2 <= nodes <= LARGEST_GRAPH for nodes in self.sizes):
            return f"a graph has 2 to {LARGEST_GRAPH} nodes"
        pairs = zip(self.sizes, self.edges, strict=bool(self.edges)) if self.edges else ()
        if any(not 1 <= edges <= nodes * (nodes - 1) // 2 for nodes, edges in pairs):
            return "a graph has an edge at least, and at most one for each pair of nodes"
        if self.form in {"counts", "batch"}:
            plain = not (self.entry or self.index or self.weighted)
            return None if plain else "without bytes there are no types and no weights"
        if self.entry not in {"float16", "float32", "float64"} or self.index not in {"int32", "int64"}:
            return "entries are float16, float32 or float64, indices int32 or int64"
        if self.form == "bytes":
            return "weights belong to the form break even" if self.weighted else None
        return None if 1 <= self.most < self.pairs else "one of the two forms always takes less"

    @property
    def nodes(self) -> int:
        """The nodes of all graphs."""
        return sum(self.sizes)

    @property
    def columns(self) -> int:
        """The columns of the edge index, two for each undirected edge."""
        return 2 * sum(self.edges)

    @property
    def pairs(self) -> int:
        """The edges that the graphs could have, taken as one graph."""
        return self.nodes * (self.nodes - 1) // 2

    @property
    def entry_bytes(self) -> int:
        """Of an entry of the matrix; 0 where no bytes are asked."""
        return BYTES.get(self.entry, 0)

    @property
    def index_bytes(self) -> int:
        """Of a number of the edge index; 0 where no bytes are asked."""
        return BYTES.get(self.index, 0)

    @property
    def edge_bytes(self) -> int:
        """What one undirected edge takes: two columns of two numbers, and perhaps two weights."""
        return 4 * self.index_bytes + 2 * self.weighted * self.entry_bytes

    @property
    def cells(self) -> Edges:
        """Rows and columns of the entries inside the blocks."""
        starts = (0, *accumulate(self.sizes))
        blocks = (range(start, start + size) for start, size in zip(starts, self.sizes, strict=False))
        return tuple((i, j) for block in blocks for i in block for j in block)

    @property
    def most(self) -> int:
        """The largest number of undirected edges that take less than the matrix does."""
        return (self.entry_bytes * self.nodes**2 - 1) // self.edge_bytes if self.edge_bytes else 0

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "break even":
            dense = given("dense", self.entry_bytes * self.nodes**2)
            per_edge = given("per_edge", self.edge_bytes)
            return {
                "dense": Integer(self.entry_bytes * self.nodes**2),
                "per_edge": Integer(self.edge_bytes),
                "most": Integer(-int(-dense // per_edge) - 1),
            }
        if self.form == "bytes":
            return self._follow_bytes(given)
        dense, columns = given("dense", self.nodes**2), given("columns", self.columns)
        keys: dict[str, Answer] = {"dense": Integer(self.nodes**2)}
        if self.form == "counts":
            return keys | {"columns": Integer(self.columns), "integers": Integer(round(2 * columns))}
        blocks = sum(nodes**2 for nodes in self.sizes)
        return keys | {
            "inside": Integer(blocks),
            "outside": Integer(round(dense - given("inside", blocks))),
            "columns": Integer(self.columns),
            "filled": Real(columns / dense, 3),
        }

    def _follow_bytes(self, given: Given) -> dict[str, Answer]:
        true_dense, true_sparse = self.entry_bytes * self.nodes**2, 2 * self.columns * self.index_bytes
        dense, sparse = given("dense", true_dense), given("sparse", true_sparse)
        return {
            "dense": Integer(true_dense),
            "sparse": Integer(true_sparse),
            "ratio": Real(dense / sparse, 2),
            "density": Real(sum(self.edges) / self.pairs, 4),
        }

    @mistake("An edge index holds each undirected edge in both directions: two columns for each.")
    def counts_edges_once(self) -> MistakeValues:
        if self.form == "bytes":
            return self.consequences(sparse=self.columns * self.index_bytes)
        if self.form == "break even":
            return self.consequences(per_edge=self.edge_bytes // 2)
        return self.consequences(columns=sum(self.edges))

    @mistake("Each column of an edge index has two numbers, where the edge begins and where it ends.")
    def forgets_the_rows(self) -> MistakeValues:
        if self.form == "batch":
            return None
        if self.form == "break even":
            return self.consequences(per_edge=self.edge_bytes - 2 * self.index_bytes)
        if self.form == "bytes":
            return self.consequences(sparse=self.columns * self.index_bytes)
        return {"integers": self.columns}

    @mistake("Without self-loops the diagonal does not count: N(N - 1)/2 pairs of nodes could be joined.")
    def density_over_all_entries(self) -> MistakeValues:
        return {"density": self.columns / self.nodes**2} if self.form == "bytes" else None

    @mistake(
        "Each pair of nodes counts once: N(N - 1) counts it in both directions, and the edges only once."
    )
    def density_of_directed_pairs(self) -> MistakeValues:
        return {"density": sum(self.edges) / (2 * self.pairs)} if self.form == "bytes" else None

    @mistake("This is the ratio the other way round: how often does the edge index fit into the matrix?")
    def ratio_upside_down(self) -> MistakeValues:
        if self.form != "bytes":
            return None
        return {"ratio": 2 * self.columns * self.index_bytes / (self.entry_bytes * self.nodes**2)}

    @mistake("These are numbers, not bytes: multiply by the bytes of each.")
    def counts_numbers(self) -> MistakeValues:
        if self.form == "bytes":
            return self.consequences(dense=self.nodes**2, sparse=2 * self.columns)
        return {"dense": self.nodes**2} if self.form == "break even" else None

    @mistake(
        "A matrix of all nodes has (N₁ + N₂ + …)² entries; the sum of the squares counts the blocks only."
    )
    def sum_of_squares(self) -> MistakeValues:
        if self.form != "batch":
            return None
        return self.consequences(dense=sum(nodes**2 for nodes in self.sizes))

    @mistake(
        "Half of the matrix mirrors the other half, but dense storage holds it all the same: N² entries."
    )
    def half_the_matrix(self) -> MistakeValues:
        return {"dense": self.pairs} if self.form == "counts" else None

    @mistake("The weights are stored as well, one for each column of the edge index.")
    def forgets_the_weights(self) -> MistakeValues:
        return self.consequences(per_edge=4 * self.index_bytes) if self.weighted else None

    @mistake("With one edge more, the edge index no longer takes less than the matrix.")
    def one_edge_too_many(self) -> MistakeValues:
        return {"most": self.most + 1} if self.form == "break even" else None


class Batching(Question):
    """Several graphs as one: node numbers, batch vector, readout of each graph, shapes.

    At level 1 the batch vector, at level 2 edges are shifted; at level 3 a batch is taken apart again, read
    out for each graph, or its shapes are asked.

    Source: torch_geometric.data.Batch and torch_geometric.loader.DataLoader; PyTorch Geometric, Introduction
    by example, section Mini-batches.
    """

    title = "A batch of graphs"
    minutes = {1: 2, 2: 4, 3: 5}

    form: str
    """`vector`, `shift`, `split`, `readout` or `shapes`."""
    sizes: Integers
    """The nodes of each graph."""
    edges: tuple[Edges, ...]
    """Of each graph the directed edges in its own numbers; none where only sizes matter."""
    features: Integers
    """Of each node of the batch one number, for a readout; else none."""
    chosen: int
    """The graph that is taken out of the batch; else 0."""
    counts: Integers
    """The undirected edges of each graph and last the features of a node, for shapes; else none."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            return cls("vector", tuple(rng.sample(range(1, 6), rng.randint(3, 4))), (), (), 0, ())
        form = "shift" if level == 2 else rng.choice(["split", "readout", "shapes"])
        if form == "shapes":
            sizes = tuple(rng.randint(4, 30) for _ in range(rng.randint(3, 5)))
            counts = tuple(_drawn_count(rng, nodes) for nodes in sizes)
            return cls(form, sizes, (), (), 0, (*counts, rng.choice([3, 7, 16, 21, 32])))
        sizes = tuple(rng.randint(2, 4) for _ in range(3))
        if form == "readout":
            features = tuple(rng.randint(-3, 9) for _ in range(sum(sizes)))
            return cls(form, sizes, (), features, 0, ())
        edges = tuple(_drawn_arrows(rng, nodes, rng.randint(2, 3)) for nodes in sizes)
        return cls(form, sizes, edges, (), rng.randint(1, 2) * (form == "split"), ())

    def flaw(self) -> str | None:
        if self.form not in {"vector", "shift", "split", "readout", "shapes"}:
            return "form is vector, shift, split, readout or shapes"
        if not 2 <= len(self.sizes) <= MOST_GRAPHS:
            return f"a batch has two to {MOST_GRAPHS} graphs"
        if self.form == "shapes":
            return self._flaw_of_shapes()
        if not all(1 <= nodes <= 8 for nodes in self.sizes):
            return "a graph has one to eight nodes"
        if self.counts or bool(self.features) != (self.form == "readout"):
            return "features belong to a readout, counts to shapes"
        if (self.form == "split") != (0 < self.chosen < len(self.sizes)):
            return "a graph that is taken out is one of the batch, but not the first"
        if self.form == "readout":
            return self._flaw_of_features()
        if self.form == "vector":
            return "edges belong to the forms shift and split" if self.edges else None
        return self._flaw_of_edges()

    def _flaw_of_shapes(self) -> str | None:
        if self.edges or self.features or self.chosen:
            return "shapes follow from counts alone"
        if len(self.counts) != len(self.sizes) + 1 or not 1 <= self.counts[-1] <= LARGEST_GRAPH:
            return "counts are the edges of each graph and the features of a node"
        if not all(2 <= nodes <= LARGEST_GRAPH for nodes in self.sizes):
            return f"a graph has 2 to {LARGEST_GRAPH} nodes"
        pairs = zip(self.sizes, self.counts, strict=False)
        if any(not 1 <= edges <= nodes * (nodes - 1) // 2 for nodes, edges in pairs):
            return "a graph has an edge at least, and at most one for each pair of nodes"
        return None

    def _flaw_of_features(self) -> str | None:
        if self.edges or len(self.features) != sum(self.sizes):
            return "a readout has one feature for each node and no edges"
        if not bounded(self.features, LARGEST_FEATURE):
            return f"features go from -{LARGEST_FEATURE} to {LARGEST_FEATURE}"
        return "all graphs have the same sum" if len(set(self.sums)) == 1 else None

    def _flaw_of_edges(self) -> str | None:
        if len(self.edges) != len(self.sizes) or not all(1 <= len(edges) <= 6 for edges in self.edges):
            return "each graph has one to six edges"
        for nodes, edges in zip(self.sizes, self.edges, strict=True):
            if not all(min(edge) >= 0 and max(edge) < nodes and edge[0] != edge[1] for edge in edges):
                return "an edge joins two different nodes of its own graph"
            if len(set(edges)) < len(edges):
                return "an edge is there twice"
        return None

    @property
    def graphs(self) -> range:
        """The numbers of the graphs, from 0."""
        return range(len(self.sizes))

    @property
    def offsets(self) -> Integers:
        """The number of each graph's first node in the batch."""
        return (0, *accumulate(self.sizes))[:-1]

    @property
    def batch(self) -> Integers:
        """For each node of the batch its graph."""
        return tuple(graph for graph in self.graphs for _ in range(self.sizes[graph]))

    @property
    def shifted(self) -> tuple[Integers, ...]:
        """The edge index of the batch, two rows; none without edges."""
        return self._edge_index(self.offsets) if self.edges else ()

    @property
    def parts(self) -> tuple[Integers, ...]:
        """The features of each graph; none without features."""
        pairs = zip(self.offsets, self.sizes, strict=True)
        return tuple(self.features[first : first + size] for first, size in pairs) if self.features else ()

    @property
    def sums(self) -> Integers:
        """The sum of each graph's features."""
        return tuple(map(sum, self.parts))

    @property
    def all_edges(self) -> Edges:
        """The edges of all graphs in the numbers of the batch."""
        return tuple(zip(*self.shifted, strict=True)) if self.edges else ()

    @property
    def own_numbers(self) -> Integers:
        """For each node of the batch its number in its own graph."""
        return tuple(number for size in self.sizes for number in range(size))

    @property
    def positions(self) -> tuple[tuple[float, float], ...]:
        """Where the nodes stand in a drawing: each graph on a circle, one beside the other."""
        return tuple(
            (round(GAP * graph + x, 3), round(y, 3))
            for graph, size in enumerate(self.sizes)
            for x, y in _circle(size)
        )

    def _edge_index(self, offsets: Integers) -> tuple[Integers, ...]:
        pairs = [
            (a + offset, b + offset)
            for offset, edges in zip(offsets, self.edges, strict=True)
            for a, b in edges
        ]
        return tuple(zip(*pairs, strict=True))

    def _local(self, offset: float) -> tuple[tuple[float, ...], ...]:
        """The chosen graph's columns of the batch less an offset."""
        first = self.offsets[self.chosen] - offset
        return tuple(zip(*((a + first, b + first) for a, b in self.edges[self.chosen]), strict=True))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "vector":
            return {"offsets": Vector(self.offsets), "batch": Vector(self.batch)}
        if self.form == "shift":
            offsets = given("offsets", self.offsets)
            return {"offsets": Vector(self.offsets), "edge_index": Matrix(self._edge_index(offsets))}
        if self.form == "shapes":
            return self._shapes(self.nodes, 2 * sum(self.counts[:-1]))
        keys: dict[str, Answer] = {"node_counts": Vector(self.sizes)}
        sizes = given("node_counts", self.sizes)
        if self.form == "split":
            offset = sum(sizes[: self.chosen])
            keys["offset"] = Integer(round(offset))
            return keys | {"edge_index": Matrix(self._local(given("offset", offset)))}
        sums = given("sums", self.sums)
        means = tuple(total / size for total, size in zip(sums, sizes, strict=True))
        return keys | {
            "sums": Vector(self.sums),
            "means": Vector(means, 2),
            "maxima": Vector(tuple(map(max, self.parts))),
        }

    @property
    def nodes(self) -> int:
        """The nodes of all graphs."""
        return sum(self.sizes)

    def _shapes(self, nodes: int, columns: int) -> dict[str, Answer]:
        width = self.counts[-1]
        return {
            "x": Shape((nodes, width)),
            "edge_index": Shape((2, columns)),
            "batch": Shape((nodes,)),
            "readout": Shape((len(self.sizes), width)),
            "adjacency": Shape((nodes, nodes)),
        }

    @mistake("Nodes are numbered through: those of a graph begin after all nodes of the graphs before it.")
    def no_offset(self) -> MistakeValues:
        if self.form == "shift":
            return self.consequences(offsets=(0,) * len(self.sizes))
        return self.consequences(offset=0) if self.form == "split" else None

    @mistake("The offset is the number of all nodes before, not only of those of the graph just before.")
    def offset_of_the_last_graph(self) -> MistakeValues:
        if self.form == "split":
            return self.consequences(offset=self.sizes[self.chosen - 1])
        if self.form not in {"vector", "shift"}:
            return None
        return self.consequences(offsets=(0, *self.sizes[:-1]))

    @mistake("The offset counts the nodes before, not the edges.")
    def offset_by_edges(self) -> MistakeValues:
        counts = tuple(map(len, self.edges))
        if self.form == "split":
            return self.consequences(offset=sum(counts[: self.chosen]))
        return self.consequences(offsets=(0, *accumulate(counts))[:-1]) if self.form == "shift" else None

    @mistake("Counting begins with 0, both for nodes and for graphs.")
    def begins_with_one(self) -> MistakeValues:
        if self.form == "vector":
            return {"batch": tuple(graph + 1 for graph in self.batch)}
        return {"edge_index": self._edge_index(self._from_one())} if self.form == "shift" else None

    def _from_one(self) -> Integers:
        return tuple(offset + 1 for offset in self.offsets)

    @mistake("The batch vector has an entry for each node; here there is one for each graph: its size.")
    def sizes_as_batch_vector(self) -> MistakeValues:
        return {"batch": self.sizes} if self.form == "vector" else None

    @mistake("Each graph has a mean of its own: divide by its own number of nodes, not by that of the batch.")
    def mean_over_the_batch(self) -> MistakeValues:
        if self.form != "readout":
            return None
        return {"means": tuple(total / self.nodes for total in self.sums)}

    @mistake(
        "Each graph has a mean of its own: its sum is divided by its nodes, not by the number of graphs."
    )
    def mean_over_graphs(self) -> MistakeValues:
        if self.form != "readout":
            return None
        return {"means": tuple(total / len(self.sizes) for total in self.sums)}

    @mistake("The readout belongs to each graph: sum over the nodes that the batch vector gives to it alone.")
    def sums_over_the_batch(self) -> MistakeValues:
        if self.form != "readout":
            return None
        return {
            "sums": (sum(self.features),) * len(self.sizes),
            "maxima": (max(self.features),) * len(self.sizes),
        }

    @mistake("An edge index holds each undirected edge in both directions: two columns for each.")
    def one_column_per_edge(self) -> MistakeValues:
        return {"edge_index": (2, sum(self.counts[:-1]))} if self.form == "shapes" else None

    @mistake("The batch vector has an entry for each node, not for each graph or edge.")
    def batch_vector_of_graphs(self) -> MistakeValues:
        return {"batch": (len(self.sizes),)} if self.form == "shapes" else None

    @mistake("A readout has one row for each graph; the rows of the nodes are added up.")
    def readout_of_nodes(self) -> MistakeValues:
        return {"readout": (self.nodes, self.counts[-1])} if self.form == "shapes" else None

    @mistake(
        "Graphs are not stacked along an axis of their own and padded: their nodes are put one after another."
    )
    def padded(self) -> MistakeValues:
        if self.form != "shapes":
            return None
        graphs, most = len(self.sizes), max(self.sizes)
        return {"x": (graphs, most, self.counts[-1]), "adjacency": (graphs, most, most)}


def _circle(size: int) -> list[tuple[float, float]]:
    """Places on a circle whose neighbours have the distance 1."""
    radius = 0.5 / math.sin(math.pi / size) if size > 1 else 0.0
    angles = [2 * math.pi * number / size for number in range(size)]
    return [(-radius * math.cos(angle), radius * math.sin(angle)) for angle in angles]


def _drawn_count(rng: Random, nodes: int) -> int:
    """A number of edges of a sparse connected graph."""
    return rng.randint(nodes - 1, min(3 * nodes, nodes * (nodes - 1) // 2))


def _drawn_arrows(rng: Random, nodes: int, count: int) -> Edges:
    arrows = [(a, b) for a in range(nodes) for b in range(nodes) if a != b]
    return tuple(sorted(rng.sample(arrows, min(count, len(arrows)))))
