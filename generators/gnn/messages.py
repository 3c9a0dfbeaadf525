"""Messages between nodes: aggregated by a fixed rule, or weighted by attention."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random
from typing import Self

from ...answers import Answer, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..losses.probabilities import softmax
from ..numbers import Row, bounded, dot, latex_number, transposed, written_number
from .graphs import Edges, Integers, both_ways, drawn_edges, flaw_of_edges, neighbours

Rows = tuple[Integers, ...]
Numbers = tuple[tuple[float, ...], ...]

LARGEST = 20
LEAK = 0.2
"""The slope of LeakyReLU for negative numbers."""


class MessagePassing(Question):
    """Embeddings of nodes after one or two synchronous rounds of messages.

    At level 1 each node adds its neighbours' numbers, at level 2 means or maxima are weighted against the
    node's own number in two rounds, at level 3 edges have directions and features, and there is ReLU.

    Source: Gilmer et al. 2017, Neural message passing for quantum chemistry, section 2; Hamilton 2020, Graph
    representation learning, section 5.1.
    """

    title = "Message passing"
    minutes = {1: 3, 2: 6, 3: 7}

    aggregate: str
    """`sum`, `mean` or `max`."""
    nodes: int
    edges: Edges
    """Undirected, the smaller number first; or directed (from, to)."""
    directed: bool
    features: Integers
    """One number for each node."""
    edge_features: Integers
    """What each edge multiplies its message by; none if messages stay as they are."""
    own: float
    """What the node's own number is multiplied by."""
    other: float
    """What the aggregate is multiplied by."""
    rectified: bool
    """Whether ReLU follows."""
    rounds: int

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        nodes = rng.randint(3, 4) + (level > 1)
        edges = drawn_edges(rng, range(nodes), rng.randint(0, nodes - 3))
        if level == 1:
            features = tuple(rng.randint(1, 9) for _ in range(nodes))
            return cls("sum", nodes, edges, False, features, (), 1, 1, False, 1)
        features = tuple(rng.choice([-4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7]) for _ in range(nodes))
        if level == 2:
            own, other = rng.choice([(1, 1), (1, 2), (2, 1), (0.5, 0.5), (2, -1), (1, -1)])
            return cls(rng.choice(["mean", "max"]), nodes, edges, False, features, (), own, other, False, 2)
        aggregate, own = rng.choice(["sum", "sum", "max"]), rng.choice([1, 2])
        while True:
            arrows = tuple(sorted(edge if rng.random() < 0.5 else edge[::-1] for edge in edges))
            factors = tuple(rng.choice([-2, -1, 1, 2, 2, 3]) for _ in arrows)
            drawn = cls(aggregate, nodes, arrows, True, features, factors, own, 1, True, 2)
            if drawn.flaw() is None:
                return drawn
            features = tuple(rng.sample(range(-4, 8), nodes))

    def flaw(self) -> str | None:
        if self.aggregate not in {"sum", "mean", "max"}:
            return "aggregate is sum, mean or max"
        if reason := flaw_of_edges(self.nodes, self.edges, directed=self.directed):
            return reason
        if len(self.features) != self.nodes or len(self.edge_features) not in {0, len(self.edges)}:
            return "each node has a feature, and each edge or none"
        if not bounded((*self.features, *self.edge_features), LARGEST):
            return f"features go from -{LARGEST} to {LARGEST}"
        if not all(0.1 <= abs(share) <= 5 and share == round(share, 1) for share in (self.own, self.other)):
            return "what is multiplied by lies between 0.1 and 5, positive or negative, with one decimal"
        if not 1 <= self.rounds <= 2:
            return "there are one or two rounds"
        if len(set(self.features)) == 1 and not self.edge_features:
            return "all nodes have the same feature"
        if self.rectified and not any(x < 0 for x in self._linear(self.features, self.aggregates)):
            return "ReLU changes nothing"
        states = self._after(self.rounds)
        if self.rectified and sum(state > 0 for state in states) * 2 < self.nodes:
            return "ReLU leaves fewer than half of the embeddings"
        return None if len(set(states)) > 1 else "all embeddings come out the same"

    @property
    def senders(self) -> tuple[tuple[Integers, ...], ...]:
        """For each node the pairs of a node that sends to it and what the edge multiplies by."""
        factors = self.edge_features or (1,) * len(self.edges)
        found: list[list[tuple[int, int]]] = [[] for _ in range(self.nodes)]
        for (a, b), factor in zip(self.edges, factors, strict=True):
            found[b].append((a, factor))
            if not self.directed:
                found[a].append((b, factor))
        return tuple(tuple(sorted(pairs)) for pairs in found)

    @property
    def decimals(self) -> int:
        """How many the answers need."""
        return 0 if self.aggregate != "mean" and self.own % 1 == self.other % 1 == 0 else 3

    @property
    def shown(self) -> int:
        """The node whose update is shown: that with the most messages."""
        return max(range(self.nodes), key=lambda node: len(self.senders[node]))

    @property
    def arriving(self) -> tuple[int, ...]:
        """The messages that arrive at that node."""
        return tuple(factor * self.features[sender] for sender, factor in self.senders[self.shown])

    @property
    def into_shown(self) -> Edges:
        """The directed edges that end at that node."""
        return tuple((sender, self.shown) for sender, _ in self.senders[self.shown])

    @property
    def lonely(self) -> bool:
        """Whether a node gets no message."""
        return not all(self.senders)

    @property
    def labels(self) -> tuple[str, ...]:
        """The features, to stand beside the nodes."""
        return tuple(f"${feature}$" for feature in self.features)

    @property
    def aggregates(self) -> tuple[float, ...]:
        """What each node collects in the first round."""
        return self._aggregates(self.features, self.aggregate)

    @property
    def second_aggregates(self) -> tuple[float, ...]:
        """What each node collects in the second round."""
        return self._aggregates(self._after(1), self.aggregate)

    def _collect(self, messages: Row, aggregate: str) -> float:
        if not messages:
            return 0
        if aggregate == "max":
            return max(messages)
        return sum(messages) / (len(messages) if aggregate == "mean" else 1)

    def _aggregates(self, states: Row, aggregate: str) -> tuple[float, ...]:
        messages = ([factor * states[sender] for sender, factor in row] for row in self.senders)
        return tuple(self._collect(row, aggregate) for row in messages)

    def _linear(self, states: Row, collected: Row) -> tuple[float, ...]:
        pairs = zip(states, collected, strict=True)
        return tuple(self.own * state + self.other * more for state, more in pairs)

    def _updated(self, states: Row, collected: Row) -> tuple[float, ...]:
        values = self._linear(states, collected)
        return tuple(max(value, 0) for value in values) if self.rectified else values

    def _after(self, rounds: int) -> tuple[float, ...]:
        states: tuple[float, ...] = self.features
        for _ in range(rounds):
            states = self._updated(states, self._aggregates(states, self.aggregate))
        return states

    def follow(self, given: Given) -> dict[str, Answer]:
        first = self._updated(self.features, given("aggregated", self.aggregates))
        keys: dict[str, Answer] = {
            "aggregated": Vector(self.aggregates, self.decimals),
            "round_1": Vector(first, self.decimals),
        }
        if self.rounds == 1:
            return keys
        states = given("round_1", first)
        second = self._updated(states, self._aggregates(states, self.aggregate))
        return keys | {"round_2": Vector(second, self.decimals)}

    @mistake("All nodes are updated at once, from the numbers before the round, not from new ones.")
    def sequential_update(self) -> MistakeValues:
        states: list[float] = list(self.features)
        values = {}
        for number in range(1, self.rounds + 1):
            for node in range(self.nodes):
                states[node] = self._updated(states, self._aggregates(states, self.aggregate))[node]
            values[f"round_{number}"] = tuple(states)
        return values

    @mistake("The node's own number belongs into the update, besides what it collects.")
    def no_own(self) -> MistakeValues:
        collected = tuple(self.other * value for value in self.aggregates)
        return self.consequences(
            round_1=tuple(max(value, 0) for value in collected) if self.rectified else collected
        )

    @mistake("The messages were averaged; here they are added up.")
    def mean_for_sum(self) -> MistakeValues:
        return self._with("mean") if self.aggregate == "sum" else None

    @mistake("The messages were added up: a mean divides by their number, a maximum takes the largest one.")
    def sum_instead(self) -> MistakeValues:
        return self._with("sum") if self.aggregate != "sum" else None

    def _with(self, aggregate: str) -> MistakeValues:
        collected = self._aggregates(self.features, aggregate)
        first = self._updated(self.features, collected)
        second = self._updated(first, self._aggregates(first, aggregate))
        values = {"aggregated": collected, "round_1": first, "round_2": second}
        return {blank: values[blank] for blank in self.consequences()}

    @mistake("These are the numbers after one round: the second round begins with them.")
    def one_round_only(self) -> MistakeValues:
        return {"round_2": self._after(1)} if self.rounds == 2 else None

    @mistake("A node sends no message to itself: its own number is not among what it aggregates.")
    def includes_itself(self) -> MistakeValues:
        collected = []
        for node, row in enumerate(self.senders):
            messages = [self.features[node], *(factor * self.features[sender] for sender, factor in row)]
            collected.append(self._collect(messages, self.aggregate))
        return self.consequences(aggregated=tuple(collected))

    @mistake("Messages go along the arrows: a node collects from those whose arrows point to it.")
    def against_the_arrows(self) -> MistakeValues:
        if not self.directed:
            return None
        turned = replace(self, edges=tuple(edge[::-1] for edge in self.edges))
        return turned.consequences()

    @mistake("An arrow carries a message in its own direction only.")
    def both_directions(self) -> MistakeValues:
        if not self.directed or len(self.edges) * 2 != len(both_ways(self.edges)):
            return None
        return replace(self, directed=False).consequences()

    @mistake("The number on an edge multiplies the message that passes along it.")
    def ignores_edge_features(self) -> MistakeValues:
        if not self.edge_features:
            return None
        return replace(self, edge_features=()).consequences()

    @mistake("ReLU sets negative numbers to 0 after each round.")
    def no_activation(self) -> MistakeValues:
        if not self.rectified:
            return None
        return replace(self, rectified=False).consequences()


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


def _drawn(rng: Random, length: int, least: int, most: int) -> Integers:
    return tuple(rng.randint(least, most) for _ in range(length))
