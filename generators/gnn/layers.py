"""Attention layers on graphs, and the parameters of all kinds of layers."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random
from typing import Self

from ...answers import Answer, Integer, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..losses.probabilities import softmax
from ..numbers import Row, bounded, dot, latex_number, transposed, written_number
from .graphs import Edges, Integers, Numbers, Rows, drawn_edges, flaw_of_edges, neighbours

LARGEST = 20
LEAK = 0.2
"""The slope of LeakyReLU for negative numbers."""


class GatAttention(Question):
    """Attention weights of one node over its neighbourhood, and its new embedding.

    At level 1 scores are given, at level 2 they are computed from projected features by a dot product or by a
    learned vector with LeakyReLU; at level 3 two heads are concatenated or averaged.

    Source: Veličković et al. 2018, Graph attention networks, section 2.1, equations 1 to 6.
    """

    title = "Attention over neighbours"
    minutes = {1: 4, 2: 8, 3: 14}

    scoring: str
    """`given`, `dot` or `additive`."""
    nodes: int
    edges: Edges
    centre: int
    """The node that is updated."""
    with_itself: bool
    """Whether the node is part of its own neighbourhood."""
    features: Rows
    """A row for each node; with given scores already projected."""
    given_scores: tuple[str, ...]
    """Scores of all nodes with the centre, whole numbers or logarithms such as `ln 3`; else none."""
    projections: tuple[Rows, ...]
    """The matrix of each head; none with given scores."""
    vectors: Rows
    """The attention vector of each head with additive scoring; else none."""
    averaged: bool
    """Whether two heads are averaged rather than concatenated."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        while True:
            drawn = cls._given(rng) if level == 1 else cls._projected(rng, level)
            fewest, most = {1: (2, 3), 2: (3, 4), 3: (2, 3)}[level]
            if drawn.flaw() is None and fewest <= len(drawn.members) <= most:
                return drawn

    @classmethod
    def _given(cls, rng: Random) -> Self:
        nodes = rng.randint(4, 5)
        edges, centre = drawn_edges(rng, range(nodes), rng.randint(0, 2)), rng.randrange(nodes)
        scores = tuple(rng.choice(["0", "0", "ln 2", "ln 3", "ln 4", "ln 5"]) for _ in range(nodes))
        features = tuple((rng.randint(0, 8), rng.randint(0, 8)) for _ in range(nodes))
        with_itself = rng.random() < 0.5
        drawn = cls("given", nodes, edges, centre, with_itself, features, scores, (), (), False)
        friendly = len(drawn.members) > 1 and all(
            math.isclose(weight, round(weight, 2)) for weight in drawn.weights[0]
        )
        return drawn if friendly else cls._given(rng)

    @classmethod
    def _projected(cls, rng: Random, level: int) -> Self:
        nodes = rng.randint(4, 5)
        edges, centre = drawn_edges(rng, range(nodes), 1), rng.randrange(nodes)
        features = tuple((rng.randint(-1, 2), rng.randint(-1, 2)) for _ in range(nodes))
        scoring = rng.choice(["dot", "additive"]) if level == 2 else "additive"
        heads = level - 1
        matrices = tuple(tuple(_drawn(rng, 2, -1, 2) for _ in range(2)) for _ in range(heads))
        vectors = tuple(_drawn(rng, 4, -1, 1) for _ in range(heads)) if scoring == "additive" else ()
        averaged = level == 3 and rng.random() < 0.5
        return cls(
            scoring, nodes, edges, centre, rng.random() < 0.6, features, (), matrices, vectors, averaged
        )

    def flaw(self) -> str | None:
        if self.scoring not in {"given", "dot", "additive"}:
            return "scoring is given, dot or additive"
        if reason := flaw_of_edges(self.nodes, self.edges):
            return reason
        if not 0 <= self.centre < self.nodes or not 2 <= len(self.members) <= 4:
            return "the node has a neighbourhood of two to four nodes"
        if len(self.features) != self.nodes or any(len(row) != 2 for row in self.features):
            return "each node has two features"
        if not bounded((entry for row in self.features for entry in row), LARGEST):
            return f"features go from -{LARGEST} to {LARGEST}"
        return self._flaw_of_heads() or self._flaw_of_scores()

    def _flaw_of_heads(self) -> str | None:
        heads = len(self.projections)
        if heads not in ({0} if self.scoring == "given" else {1, 2}):
            return "there are one or two heads, and no matrix where scores are given"
        if len(self.vectors) != heads * (self.scoring == "additive"):
            return "each head has an attention vector if scoring is additive"
        if heads == 2 and self.scoring == "dot":
            return "two heads have additive scores"
        if self.averaged and heads != 2:
            return "only two heads are averaged"
        if len(self.given_scores) != self.nodes * (self.scoring == "given"):
            return "each node has a score where scores are given"
        if any(len(rows) != 2 or any(len(row) != 2 for row in rows) for rows in self.projections):
            return "a matrix has two rows of two entries"
        if any(len(vector) != 4 for vector in self.vectors):
            return "an attention vector has four entries"
        entries = [x for rows in (*self.projections, self.vectors) for row in rows for x in row]
        return None if bounded(entries, LARGEST) else f"numbers go from -{LARGEST} to {LARGEST}"

    def _flaw_of_scores(self) -> str | None:
        try:
            if not bounded(self.score_numbers, LARGEST):
                return f"scores go from -{LARGEST} to {LARGEST}"
        except ValueError:
            return "a score is a number or a logarithm, such as 2, -1 or ln 4"
        if any(rows[0][0] * rows[1][1] == rows[0][1] * rows[1][0] for rows in self.projections):
            return "a matrix is singular"
        if not all(max(scores) - min(scores) > 0.1 for scores in self.true_scores):
            return "the weights are all equal"
        if any(max(scores) - min(scores) > 4 for scores in self.true_scores):
            return "the weights are saturated"
        if self.vectors and not any(x < 0 for scores in self.true_scores for x in scores):
            return "LeakyReLU changes nothing"
        rows = {self.features[node] for node in self.members}
        return None if len(rows) == len(self.members) else "two nodes of the neighbourhood are alike"

    @property
    def members(self) -> Integers:
        """The neighbourhood of the node, in the order of the nodes."""
        around = neighbours(self.nodes, self.edges)[self.centre]
        return tuple(sorted((*around, self.centre))) if self.with_itself else around

    @property
    def heads(self) -> range:
        """The numbers of the heads from 0."""
        return range(max(1, len(self.projections)))

    @property
    def labels(self) -> tuple[str, ...]:
        """The features, to stand beside the nodes."""
        return tuple(rf"$({a},\; {b})$" for a, b in self.features)

    @property
    def score_numbers(self) -> tuple[float, ...]:
        """The given scores as numbers."""
        return tuple(map(written_number, self.given_scores))

    @property
    def latex_scores(self) -> tuple[str, ...]:
        """The given scores."""
        return tuple(map(latex_number, self.given_scores))

    @property
    def rows_to_project(self) -> Integers:
        """The nodes whose projected features are needed, in their order."""
        return tuple(sorted({*self.members, self.centre}))

    @property
    def arrows_in(self) -> Edges:
        """The directed edges from the neighbourhood to the node, with its self-loop if it has one."""
        return tuple((node, self.centre) for node in self.members)

    @property
    def shown_weights(self) -> tuple[str, ...]:
        """The weights of the first head, to stand on these edges."""
        return tuple(f"{weight:.2f}" for weight in self.weights[0])

    def row_of(self, head: int, node: int) -> tuple[float, ...]:
        """The projected features of a node."""
        if not self.projections:
            return self.features[node]
        return tuple(dot(row, self.features[node]) for row in self.projections[head])

    @property
    def projected(self) -> tuple[Numbers, ...]:
        """For each head the projected features of the nodes that are needed."""
        return tuple(tuple(self.row_of(head, node) for node in self.rows_to_project) for head in self.heads)

    def _raw_score(self, head: int, node: int) -> float:
        if self.given_scores:
            return self.score_numbers[node]
        mine, theirs = self.row_of(head, self.centre), self.row_of(head, node)
        return dot(self.vectors[head], (*mine, *theirs)) if self.vectors else dot(mine, theirs)

    @property
    def raw_scores(self) -> Numbers:
        """For each head the scores of the neighbourhood before LeakyReLU."""
        return tuple(tuple(self._raw_score(head, node) for node in self.members) for head in self.heads)

    @property
    def true_scores(self) -> Numbers:
        """For each head the scores that go into the softmax."""
        return tuple(tuple(map(self._rectified, scores)) for scores in self.raw_scores)

    def _rectified(self, score: float) -> float:
        return LEAK * score if self.vectors and score < 0 else score

    @property
    def exponentials(self) -> Numbers:
        """For each head the exponentials of the scores."""
        return tuple(tuple(map(math.exp, scores)) for scores in self.true_scores)

    @property
    def weights(self) -> Numbers:
        """For each head the attention weights of the neighbourhood."""
        return tuple(softmax(scores) for scores in self.true_scores)

    @property
    def mixtures(self) -> Numbers:
        """For each head the weighted sum."""
        return tuple(self._mixed(head, self._asked(self.weights[head])) for head in self.heads)

    @property
    def weighed(self) -> Integers:
        """The nodes whose weights are asked: all of them where scores of all are given."""
        return tuple(range(self.nodes)) if self.given_scores else self.members

    def _asked(self, weights: Row) -> tuple[float, ...]:
        """The weights of the neighbourhood among those that are asked; a node outside has the weight 0."""
        by_node = dict(zip(self.members, weights, strict=True))
        return tuple(by_node.get(node, 0.0) for node in self.weighed)

    def _mixed(self, head: int, weights: Row) -> tuple[float, ...]:
        """The sum of the projected features by the weights that are asked."""
        rows = [self.row_of(head, node) for node in self.weighed]
        return tuple(dot(weights, column) for column in transposed(rows))

    def _joined(self, outputs: list[tuple[float, ...]]) -> tuple[float, ...]:
        if self.averaged:
            return tuple(sum(column) / len(outputs) for column in zip(*outputs, strict=True))
        return tuple(entry for output in outputs for entry in output)

    def _names(self, name: str) -> list[str]:
        return [f"{name}_{head + 1}" for head in self.heads] if len(self.heads) > 1 else [name]

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {}
        outputs = []
        for head, (scored, weighed) in enumerate(
            zip(self._names("scores"), self._names("weights"), strict=True)
        ):
            scores = self.true_scores[head]
            if not self.given_scores:
                keys[scored] = Vector(scores, 2)
                scores = given(scored, scores)
            weights = softmax(scores)
            asked = self._asked(weights)
            keys[weighed] = Vector(asked, 2 if self.given_scores else 3)
            outputs.append(self._mixed(head, given(weighed, asked)))
        return keys | {"output": Vector(self._joined(outputs), 2)}

    def _from_weights(self, weights: Numbers) -> MistakeValues:
        """What follows from other weights of the neighbourhood in each head."""
        return self._from_asked(tuple(map(self._asked, weights)))

    def _from_asked(self, weights: Numbers) -> MistakeValues:
        return self.consequences(**dict(zip(self._names("weights"), weights, strict=True)))

    @mistake("Only nodes of the neighbourhood take part in the softmax; the others are masked.")
    def softmax_over_all_nodes(self) -> MistakeValues:
        if len(self.members) == self.nodes:
            return None
        found = []
        for head in self.heads:
            scores = [self._rectified(self._raw_score(head, node)) for node in range(self.nodes)]
            weights = softmax(scores)
            found.append(tuple(weights[node] for node in self.weighed))
        return self._from_asked(tuple(found))

    @mistake("Attention does not weigh all neighbours alike: the scores go through a softmax.")
    def uniform(self) -> MistakeValues:
        return self._from_weights(((1 / len(self.members),) * len(self.members),) * len(self.heads))

    @mistake("The weighted sum is one of projected features W h, not of the features themselves.")
    def projection_forgotten(self) -> MistakeValues:
        if not self.projections:
            return None
        rows = transposed([self.features[node] for node in self.members])
        outputs = [tuple(dot(weights, column) for column in rows) for weights in self.weights]
        return {"output": self._joined(outputs)}

    @mistake("LeakyReLU multiplies a negative score by 0.2 before the softmax.")
    def no_leaky_relu(self) -> MistakeValues:
        return self._from_scores(self.raw_scores) if self.vectors else None

    @mistake("LeakyReLU does not set negative scores to 0: it multiplies them by 0.2.")
    def relu_for_leaky_relu(self) -> MistakeValues:
        if not self.vectors:
            return None
        return self._from_scores(tuple(tuple(max(x, 0) for x in scores) for scores in self.raw_scores))

    def _from_scores(self, scores: Numbers) -> MistakeValues:
        return self.consequences(**dict(zip(self._names("scores"), scores, strict=True)))

    @mistake("The attention vector meets the node itself first and then its neighbour, not the other way.")
    def halves_exchanged(self) -> MistakeValues:
        if not self.vectors:
            return None
        turned = tuple((*vector[2:], *vector[:2]) for vector in self.vectors)
        other = replace(self, vectors=turned)
        return self._from_scores(other.true_scores)

    @mistake("The scores themselves are no weights: the softmax makes them positive with the sum 1.")
    def no_softmax(self) -> MistakeValues:
        return self._from_weights(self.true_scores)

    @mistake("Weights come from the exponentials of the scores, not from their shares of the sum.")
    def no_exponential(self) -> MistakeValues:
        if any(abs(sum(scores)) < 0.1 for scores in self.true_scores):
            return None
        return self._from_weights(
            tuple(tuple(x / sum(scores) for x in scores) for scores in self.true_scores)
        )

    @mistake("The largest weight does not take all: every neighbour contributes its share.")
    def picks_the_best(self) -> MistakeValues:
        best = (max(self.members, key=lambda node: self._raw_score(head, node)) for head in self.heads)
        return {"output": self._joined([self.row_of(head, node) for head, node in enumerate(best)])}

    @mistake("The outputs of the heads are averaged: divide their sum by the number of heads.")
    def heads_summed(self) -> MistakeValues:
        if not self.averaged:
            return None
        return {"output": tuple(map(sum, zip(*self.mixtures, strict=True)))}


class GcnParameterCount(Question):
    """The parameters of layers on graphs, and what they depend on.

    At level 1 one convolution, at level 2 a stack with a classifier; at level 3 attention heads, weights
    of the node and of its neighbours, or learned embeddings, and a larger graph.

    Source: Kipf & Welling 2017, equation 2; Veličković et al. 2018, Graph attention networks, section 2.1;
    Hamilton et al. 2017, Inductive representation learning on large graphs, section 3; the layers GCNConv,
    GATConv and SAGEConv of torch_geometric.nn.
    """

    title = "Parameters of a graph network"
    minutes = {1: 2, 2: 3, 3: 5}

    kind: str
    """`gcn`, `gat`, `sage`, or `embedding` for convolutions on learned embeddings of the nodes."""
    nodes: int
    edges: int
    """How many undirected ones there are."""
    widths: Integers
    """The features of a node before the first layer and after each; of an attention layer those of a head."""
    heads: Integers
    """Of each attention layer; else none."""
    outputs: int
    """Of a linear layer at the end; 0 if there is none."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        kind = "gcn" if level < 3 else rng.choice(["gat", "sage", "embedding"])
        nodes = rng.randint(5, 30) if level < 3 else rng.randrange(40, 500, 20)
        edges = rng.randint(nodes - 1, 2 * nodes)
        if level == 1:
            return cls(kind, nodes, edges, (rng.randint(2, 8), rng.randint(2, 8)), (), 0)
        middle = [8, 16, 32, 64] if kind != "gat" else [4, 8, 16]
        widths = (rng.randint(3, 20), rng.choice(middle), rng.choice(middle))
        if kind == "embedding":
            widths = (rng.choice([8, 16, 32]), *widths[1:])
        heads = (rng.choice([2, 4, 8]), 1) if kind == "gat" else ()
        return cls(kind, nodes, edges, widths, heads, rng.randint(1, 10))

    def flaw(self) -> str | None:
        if self.kind not in {"gcn", "gat", "sage", "embedding"}:
            return "kind is gcn, gat, sage or embedding"
        if not 2 <= self.nodes <= 10_000 or not 1 <= self.edges <= 100_000:
            return "a graph has 2 to 10000 nodes and 1 to 100000 edges"
        if not 2 <= len(self.widths) <= 4 or not all(1 <= width <= 1024 for width in self.widths):
            return "there are one to three layers with 1 to 1024 features"
        if len(self.heads) != (len(self.widths) - 1) * (self.kind == "gat"):
            return "each attention layer, and no other one, has a number of heads"
        if not all(1 <= count <= 16 for count in self.heads) or not 0 <= self.outputs <= 1024:
            return "an attention layer has 1 to 16 heads, the linear layer at most 1024 outputs"
        return None

    @property
    def head_counts(self) -> Integers:
        """Of each layer; 1 without attention."""
        return self.heads or (1,) * (len(self.widths) - 1)

    @property
    def inputs(self) -> Integers:
        """The features that go into each layer: the heads of the one before are concatenated."""
        return tuple(width * heads for width, heads in zip(self.widths, (1, *self.head_counts), strict=True))

    @property
    def layer_numbers(self) -> range:
        """From 1."""
        return range(1, len(self.widths))

    def _layer(self, number: int, *, bias: bool = True, attention: bool = True, both: bool = True) -> int:
        """The parameters of a layer, or of parts of it."""
        into, out, heads = self.inputs[number - 1], self.widths[number], self.head_counts[number - 1]
        matrices = 2 if self.kind == "sage" and both else 1
        vectors = 2 * heads * out if self.kind == "gat" and attention else 0
        return matrices * into * heads * out + vectors + heads * out * bias

    @property
    def _embedding(self) -> int:
        return self.nodes * self.widths[0] if self.kind == "embedding" else 0

    def _classifier(self, *, bias: bool = True) -> int:
        return (self.inputs[-1] + bias) * self.outputs

    @property
    def is_single(self) -> bool:
        """Whether it is one convolution, whose weights and biases are asked."""
        return len(self.widths) == 2 and not self.outputs and self.kind == "gcn"

    @property
    def part_sizes(self) -> Integers:
        """The parameters of each part."""
        return tuple(self._parts().values())

    def _parts(self, **changes: bool) -> dict[str, int]:
        parts = {"embedding": self._embedding} if self._embedding else {}
        parts |= {f"layer_{number}": self._layer(number, **changes) for number in self.layer_numbers}
        if self.outputs:
            parts["classifier"] = self._classifier(bias=changes.get("bias", True))
        return parts

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.is_single:
            weights, biases = self.widths[0] * self.widths[1], self.widths[1]
            total = given("weights", weights) + given("biases", biases)
            return {"weights": Integer(weights), "biases": Integer(biases), "total": Integer(round(total))}
        parts = self._parts()
        keys: dict[str, Answer] = {name: Integer(count) for name, count in parts.items()}
        total = round(sum(given(name, count) for name, count in parts.items()))
        keys["total"] = Integer(total)
        if self.kind == "gcn":
            return keys
        more = given("embedding", self._embedding) if self._embedding else 0
        return keys | {"larger": Integer(round(given("total", total) + more))}

    @mistake("All nodes share the same weights: their number does not enter.")
    def times_nodes(self) -> MistakeValues:
        return {"total": self.nodes * self._total}

    @mistake("All edges share the same weights: their number does not enter.")
    def times_edges(self) -> MistakeValues:
        return {"total": self.edges * self._total}

    @property
    def _total(self) -> int:
        return sum(self.part_sizes)

    def _counted(self, **changes: bool) -> MistakeValues:
        return self.consequences(**self._parts(**changes))

    @mistake("The biases were left out: one for each output feature.")
    def forgets_the_biases(self) -> MistakeValues:
        return {"total": self.widths[0] * self.widths[1]} if self.is_single else self._counted(bias=False)

    @mistake("Each head has weights of its own, and the next layer sees the outputs of all heads together.")
    def heads_ignored(self) -> MistakeValues:
        if self.kind != "gat":
            return None
        return self.consequences(
            **{f"layer_{n}": (self.widths[n - 1] + 3) * self.widths[n] for n in self.layer_numbers}
        )

    @mistake("The outputs of the heads are concatenated: the next layer has all of them as inputs.")
    def heads_not_concatenated(self) -> MistakeValues:
        if self.kind != "gat" or len(self.widths) == 2:
            return None
        second = self.head_counts[1] * self.widths[2] * (self.widths[1] + 3)
        return self.consequences(layer_2=second)

    @mistake("The attention vectors are learned as well: two times the features of a head, for each head.")
    def attention_vectors_forgotten(self) -> MistakeValues:
        return self._counted(attention=False) if self.kind == "gat" else None

    @mistake("The node itself has a matrix of its own, besides that of its neighbours.")
    def one_matrix_only(self) -> MistakeValues:
        return self._counted(both=False) if self.kind == "sage" else None

    @mistake("Embeddings are parameters: one vector for each node.")
    def embeddings_forgotten(self) -> MistakeValues:
        return {"total": self._total - self._embedding} if self._embedding else None

    @mistake("Layers do not grow with the graph: nodes and edges only share their weights.")
    def layers_grow_with_the_graph(self) -> MistakeValues:
        return {"larger": 2 * self._total} if self.kind != "gcn" else None

    @mistake("Each new node needs an embedding of its own.")
    def embeddings_do_not_grow(self) -> MistakeValues:
        return {"larger": self._total} if self._embedding else None


def _drawn(rng: Random, length: int, least: int, most: int) -> Integers:
    return tuple(rng.randint(least, most) for _ in range(length))
