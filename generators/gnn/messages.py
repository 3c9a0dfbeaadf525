"""Messages between nodes, and readouts of all of them."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Self

from ...answers import Answer, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, bounded
from .graphs import Edges, Integers, both_ways, drawn_edges, flaw_of_edges

LARGEST = 20


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
