"""Messages between nodes, and readouts of all of them."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix, MultipleChoice, Option, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..losses.probabilities import softmax
from ..numbers import Row, bounded, dot, latex_number, transposed, written_number
from .graphs import Edges, Integers, Numbers, Rows, adjacency, both_ways, drawn_edges, flaw_of_edges
from .sets import MODELS, READOUTS, Model, drawn_collision

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


class ReadoutAndPermutation(Question):
    """Functions of sets: readouts, deep sets, and what becomes of them when the nodes are reordered.

    At level 1 three readouts, at level 2 a deep set or a readout with attention; at level 3 sets that some
    readouts cannot tell apart, a layer on a relabelled graph, or models that are in- or equivariant.

    Source: Zaheer et al. 2017, Deep sets, sections 2 and 3; Xu et al. 2019, How powerful are graph neural
    networks, section 5.2; Hamilton 2020, Graph representation learning, section 5.5.
    """

    title = "Readout and order of nodes"
    minutes = {1: 2, 2: 4, 3: 6}

    form: str
    """`readouts`, `deep set`, `attention`, `collision`, `equivariance` or `models`."""
    items: Rows
    """The embeddings of the nodes, or the numbers of a set as rows of one."""
    others: Rows
    """A second set, of a collision; else none."""
    scores: tuple[str, ...]
    """Of each node, for a readout with attention, such as `ln 3`; else none."""
    edges: Edges
    """Of a graph that is relabelled; else none."""
    order: Integers
    """The new number of each of its nodes; else none."""
    factors: Integers
    """Two of a deep set's output, or that of a layer for the node's own number; else none."""
    wanted: str
    """Which models are asked for, `invariant` or `equivariant`; else empty."""
    models: tuple[str, ...]
    """Names of models; else none."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        forms = {1: ["readouts"], 2: ["deep set", "deep set", "attention"]}
        form = rng.choice(forms.get(level, ["collision", "equivariance", "models"]))
        empty = cls(form, (), (), (), (), (), (), "", ())
        if form == "readouts":
            nodes, width = rng.choice([(3, 3), (3, 2), (4, 2)])
            return replace(empty, items=_drawn_rows(rng, nodes, width))
        if form == "deep set":
            items = _drawn_rows(rng, rng.randint(3, 4), 1)
            return replace(empty, items=items, factors=(rng.randint(1, 3), rng.randint(2, 6)))
        if form == "attention":
            scores = tuple(rng.choice(["0", "ln 2", "ln 3", "ln 4", "ln 5"]) for _ in range(3))
            return replace(empty, items=_drawn_rows(rng, 3, 2), scores=scores)
        if form == "collision":
            items, others = drawn_collision(rng)
            return replace(empty, items=items, others=others)
        if form == "equivariance":
            nodes = rng.randint(3, 4)
            edges, order = drawn_edges(rng, range(nodes), rng.randint(0, 1)), rng.sample(range(nodes), nodes)
            own = (rng.choice([-1, 1, 2, 3]),)
            items = tuple((number,) for number in rng.sample(range(-3, 6), nodes))
            return replace(empty, items=items, edges=edges, order=tuple(order), factors=own)
        wanted = rng.choice(["invariant", "equivariant"])
        right = rng.sample([name for name in MODELS if MODELS[name].symmetry == wanted], rng.randint(1, 3))
        wrong = [name for name in MODELS if MODELS[name].symmetry != wanted]
        names = [*right, *rng.sample(wrong, 5 - len(right))]
        return replace(empty, wanted=wanted, models=tuple(rng.sample(names, 5)))

    def flaw(self) -> str | None:
        needed = {
            "readouts": {"items"},
            "deep set": {"items", "factors"},
            "attention": {"items", "scores"},
            "collision": {"items", "others"},
            "equivariance": {"items", "edges", "order", "factors"},
            "models": {"wanted", "models"},
        }
        if self.form not in needed:
            return f"form is one of {', '.join(needed)}"
        for name in self.field_names()[1:]:
            if bool(getattr(self, name)) != (name in needed[self.form]):
                return f"the form {self.form} needs {', '.join(sorted(needed[self.form]))}, and nothing else"
        if self.form == "models":
            return self._flaw_of_models()
        rows = (*self.items, *self.others)
        if not 2 <= len(self.items) <= 6 or len(self.others) > 6 or not 1 <= len(self.items[0]) <= 4:
            return "a set has two to six items, each of one to four numbers"
        if len({len(row) for row in rows}) > 1:
            return "all items have the same length"
        if not bounded((entry for row in rows for entry in row), LARGEST):
            return f"numbers go from -{LARGEST} to {LARGEST}"
        if self.form in {"deep set", "collision", "equivariance"} and len(self.items[0]) > 1:
            return "the items are single numbers"
        if len(set(self.items)) == 1:
            return "all items are the same"
        checks = {
            "deep set": self._flaw_of_deep_set,
            "attention": self._flaw_of_attention,
            "collision": self._flaw_of_collision,
            "equivariance": self._flaw_of_equivariance,
        }
        return checks[self.form]() if self.form in checks else None

    def _flaw_of_models(self) -> str | None:
        if self.wanted not in {"invariant", "equivariant"} or not set(self.models) <= set(MODELS):
            return f"wanted is invariant or equivariant, and models are among {', '.join(MODELS)}"
        return None if 3 <= len(set(self.models)) == len(self.models) else "there are at least three models"

    def _flaw_of_deep_set(self) -> str | None:
        if len(self.factors) != 2 or not (1 <= self.factors[0] <= 9 and 2 <= self.factors[1] <= 9):
            return "the factors of a deep set are 1 to 9 and 2 to 9"
        return None if sum(self.numbers) else "the numbers add up to zero"

    def _flaw_of_attention(self) -> str | None:
        if len(self.scores) != len(self.items):
            return "each node has a score"
        try:
            if not bounded(self.score_numbers, 5):
                return "scores go from -5 to 5"
        except ValueError:
            return "a score is a number or a logarithm, such as 2, -1 or ln 4"
        return "all scores are the same" if len(set(self.score_numbers)) == 1 else None

    def _flaw_of_collision(self) -> str | None:
        if sorted(self.items) == sorted(self.others):
            return "both sets are the same"
        return None if 0 < len(self.telling) < len(READOUTS) else "all readouts agree, or all differ"

    def _flaw_of_equivariance(self) -> str | None:
        if reason := flaw_of_edges(len(self.items), self.edges):
            return reason
        if len(self.factors) != 1 or not 1 <= abs(self.factors[0]) <= 9:
            return "the factor of the node's own number is 1 to 9, or negative"
        if sorted(self.order) != list(range(len(self.items))):
            return "order gives each node a new number"
        if self._moved_matrix == self.old_matrix or self.moved_numbers == self.numbers:
            return "the new order changes nothing"
        return None

    @property
    def numbers(self) -> Integers:
        """The items that are single numbers."""
        return tuple(row[0] for row in self.items)

    @property
    def other_numbers(self) -> Integers:
        """The second set."""
        return tuple(row[0] for row in self.others)

    @property
    def score_numbers(self) -> tuple[float, ...]:
        """The scores as numbers."""
        return tuple(map(written_number, self.scores))

    @property
    def latex_scores(self) -> tuple[str, ...]:
        """The scores as LaTeX."""
        return tuple(map(latex_number, self.scores))

    @property
    def exponentials(self) -> tuple[float, ...]:
        """Of the scores."""
        return tuple(map(math.exp, self.score_numbers))

    @property
    def columns(self) -> Numbers:
        """The values of each feature."""
        return transposed(self.items)

    @property
    def chosen(self) -> tuple[Model, ...]:
        """The models that are asked about."""
        return tuple(MODELS[name] for name in self.models)

    @property
    def moments(self) -> tuple[int, ...]:
        """The sum of the numbers and that of their squares."""
        return sum(self.numbers), sum(number**2 for number in self.numbers)

    @property
    def telling(self) -> tuple[str, ...]:
        """The readouts that differ between the two sets, if there are two."""
        if not self.others:
            return ()
        return tuple(
            name
            for name, read in READOUTS.items()
            if not math.isclose(read(self.numbers), read(self.other_numbers), abs_tol=1e-9)
        )

    @property
    def old_matrix(self) -> Rows:
        """The adjacency matrix in the old numbers."""
        return adjacency(len(self.items), both_ways(self.edges))

    @property
    def labels(self) -> tuple[str, ...]:
        """The numbers, to stand beside the nodes."""
        return tuple(f"${number}$" for number in self.numbers)

    @property
    def moved_edges(self) -> Edges:
        """The edges in the new numbers, the smaller one first; none without a graph."""
        ends = (sorted((self.order[a], self.order[b])) for a, b in self.edges)
        return tuple(sorted((first, last) for first, last in ends))

    @property
    def _moved_matrix(self) -> Rows:
        return adjacency(len(self.items), both_ways(self.moved_edges))

    @property
    def moved_numbers(self) -> Integers:
        """The numbers in the order of the new nodes."""
        return tuple(self.numbers[self.order.index(node)] for node in range(len(self.order)))

    @property
    def old_output(self) -> tuple[float, ...]:
        """What the layer gives in the old numbers; nothing without a graph."""
        return self._layer(self.old_matrix, self.numbers) if self.edges else ()

    def _layer(self, matrix: Numbers, numbers: Row) -> tuple[float, ...]:
        pairs = zip(matrix, numbers, strict=True)
        return tuple(self.factors[0] * number + dot(row, numbers) for row, number in pairs)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "models":
            return {"models": MultipleChoice(self._options)}
        if self.form == "readouts":
            columns = transposed(self.items)
            means = tuple(sum(column) / len(column) for column in columns)
            return {
                "sum": Vector(tuple(map(sum, columns))),
                "mean": Vector(means, 2),
                "maximum": Vector(tuple(map(max, columns))),
            }
        if self.form == "deep set":
            pooled = given("pooled", self.moments)
            return {
                "pooled": Vector(self.moments),
                "output": Real(self._outer(pooled), 2),
                "twice": Real(self._outer([2 * number for number in pooled]), 2),
            }
        if self.form == "attention":
            weights = softmax(self.score_numbers)
            return {
                "weights": Vector(weights, 3),
                "output": Vector(self._mixed(given("weights", weights)), 2),
            }
        return self._follow_collision() if self.form == "collision" else self._follow_equivariance(given)

    def _follow_collision(self) -> dict[str, Answer]:
        sets = (self.numbers, self.other_numbers)
        sums, means, maxima = (tuple(map(read, sets)) for read in READOUTS.values())
        options = tuple(Option(f"the {name}", name in self.telling, WHY_TELLING, name) for name in READOUTS)
        return {
            "sums": Vector(sums),
            "means": Vector(means, 2),
            "maxima": Vector(maxima),
            "telling": MultipleChoice(options),
        }

    def _follow_equivariance(self, given: Given) -> dict[str, Answer]:
        matrix, numbers = given("matrix", self._moved_matrix), given("features", self.moved_numbers)
        output = self._layer(matrix, numbers)
        return {
            "matrix": Matrix(self._moved_matrix),
            "features": Vector(self.moved_numbers),
            "output": Vector(output),
            "pooled": Integer(round(sum(given("output", output)))),
        }

    @property
    def _options(self) -> tuple[Option, ...]:
        pairs = zip(self.models, self.chosen, strict=True)
        return tuple(
            Option(model.text, model.symmetry == self.wanted, model.why, name) for name, model in pairs
        )

    def _outer(self, pooled: Row) -> float:
        """The function φ that follows the sum."""
        first, second = pooled
        return self.factors[0] * second - first**2 / self.factors[1]

    def _mixed(self, weights: Row) -> tuple[float, ...]:
        return tuple(dot(weights, column) for column in transposed(self.items))

    @mistake("The sum adds all nodes up, and the mean divides this by their number; here they are exchanged.")
    def mean_and_sum_swapped(self) -> MistakeValues:
        if self.form == "readouts":
            means = [sum(column) / len(column) for column in transposed(self.items)]
            whole = all(mean == int(mean) for mean in means)
            return {"mean": tuple(map(sum, transposed(self.items)))} | (
                {"sum": tuple(means)} if whole else {}
            )
        if self.form == "deep set":
            return self.consequences(pooled=tuple(moment / len(self.items) for moment in self.moments))
        if self.form == "collision":
            return {"means": (sum(self.numbers), sum(self.other_numbers))}
        return None

    @mistake("The maximum is the largest number, not the one that lies furthest from zero.")
    def maximum_of_sizes(self) -> MistakeValues:
        if self.form == "readouts":
            return {"maximum": tuple(max(column, key=abs) for column in self.columns)}
        if self.form == "collision":
            return {"maxima": (max(self.numbers, key=abs), max(self.other_numbers, key=abs))}
        return None

    @mistake("A readout pools over the nodes, each feature by itself, not over the features of a node.")
    def pools_features(self) -> MistakeValues:
        if self.form != "readouts" or len(self.items) != len(self.items[0]):
            return None
        return replace(self, items=tuple(zip(*self.items, strict=True))).consequences()

    @mistake("The outer function comes once, after the sum, not for each element.")
    def outer_function_inside(self) -> MistakeValues:
        if self.form != "deep set":
            return None
        return {"output": sum(self._outer((number, number**2)) for number in self.numbers)}

    @mistake("The squares are summed; the square of the sum is something else.")
    def square_of_the_sum(self) -> MistakeValues:
        if self.form != "deep set":
            return None
        return self.consequences(pooled=(self.moments[0], self.moments[0] ** 2))

    @mistake("A sum counts elements as often as they are there: with each of them twice, both sums double.")
    def repetitions_ignored(self) -> MistakeValues:
        return {"twice": self._outer(self.moments)} if self.form == "deep set" else None

    @mistake("Both sums double, but not the output: φ is not linear.")
    def output_doubles(self) -> MistakeValues:
        return {"twice": 2 * self._outer(self.moments)} if self.form == "deep set" else None

    @mistake("The scores decide the weights by a softmax; the nodes do not count alike.")
    def uniform_weights(self) -> MistakeValues:
        if self.form != "attention":
            return None
        return self.consequences(weights=(1 / len(self.items),) * len(self.items))

    @mistake("The exponentials still have to be divided by their sum.")
    def exponentials_as_weights(self) -> MistakeValues:
        return self.consequences(weights=self.exponentials) if self.form == "attention" else None

    @mistake("Repeated elements count: a mean is the sum divided by all of them.")
    def set_without_repetitions(self) -> MistakeValues:
        if self.form != "collision":
            return None
        sets = set(self.numbers), set(self.other_numbers)
        sums = tuple(map(sum, sets))
        return {"sums": sums, "means": tuple(total / len(one) for total, one in zip(sums, sets, strict=True))}

    @mistake("Only the rows were reordered; the columns must be as well: P A P^T, not P A.")
    def rows_only(self) -> MistakeValues:
        if self.form != "equivariance":
            return None
        rows = tuple(self.old_matrix[self.order.index(node)] for node in range(len(self.order)))
        return self.consequences(matrix=rows)

    @mistake("The numbers of the nodes must move along with the nodes.")
    def features_stay(self) -> MistakeValues:
        return self.consequences(features=self.numbers) if self.form == "equivariance" else None

    @mistake("The layer is equivariant: its output is in the new order as well.")
    def output_in_the_old_order(self) -> MistakeValues:
        return {"output": self.old_output} if self.form == "equivariance" else None

    @mistake("The numbering was inverted: the table gives the new number of each old node.")
    def inverse_numbering(self) -> MistakeValues:
        if self.form != "equivariance":
            return None
        inverse = tuple(self.order.index(node) for node in range(len(self.order)))
        return replace(self, order=inverse).consequences()


WHY_TELLING = "A readout tells two sets apart if it gives them different values."


def _drawn_rows(rng: Random, count: int, width: int) -> Rows:
    return tuple(tuple(rng.randint(-3, 5) for _ in range(width)) for _ in range(count))
