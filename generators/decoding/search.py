"""Search for the most probable sequence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise, product
from random import Random
from typing import Any, Self

from ...answers import Answer, Integer, Matrix, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..losses.probabilities import drawn_tenths, flaw_of_probabilities

FORMS = ("greedy", "beam", "ended")
END = 0
"""The token that ends a sequence, of the form `ended`; the others are numbered from 1."""
MOST_TOKENS = 4
MOST_STEPS = 4

Tokens = tuple[int, ...]


class BeamSearch(Question):
    """Greedy decoding, beam search and the best sequence, for a model that looks back at one token.

    At level 1 two greedy steps miss the best pair, at level 2 a beam of width 2 is followed for three steps,
    at level 3 sequences end at different lengths and are compared by their mean as well.

    Source: Sutskever et al. 2014, Sequence to sequence learning with neural networks, section 3.2; Wu et al.
    2016, Google's neural machine translation system, section 7 (length normalization); Jurafsky & Martin,
    Speech and Language Processing, section 12.4 (beam search).
    """

    title = "Beam search"
    minutes = {1: 3, 2: 7, 3: 8}

    form: str
    """`greedy`, `beam` or `ended`."""
    first: tuple[float, ...]
    """The probabilities of the first token."""
    table: tuple[tuple[float, ...], ...]
    """Those of the next token, a row for each token before it; none for the end."""
    steps: int
    beam: int
    """The hypotheses that are kept; 1 for the form `greedy`."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        form, steps = FORMS[level - 1], 2 if level == 1 else 3
        rows = 3 - (form == "ended")
        while True:  # most tables hold no surprise
            table = tuple(drawn_tenths(rng, 3) for _ in range(rows))
            drawn = cls(form, drawn_tenths(rng, 3), table, steps, 1 if level == 1 else 2)
            if drawn.flaw() is None:
                return drawn

    def flaw(self) -> str | None:
        if self.form not in FORMS or not 2 <= len(self.first) <= MOST_TOKENS:
            return f"form is one of {', '.join(FORMS)}, with 2 to {MOST_TOKENS} tokens"
        count = len(self.first)
        if len(self.table) != count - self.ends or {*map(len, self.table)} != {count}:
            return "each token but the end has a row with the probabilities of all tokens"
        if reason := next(filter(None, map(flaw_of_probabilities, (self.first, *self.table))), None):
            return reason
        if self.steps not in ((2,) if self.form == "greedy" else (3, MOST_STEPS)):
            return f"there are two steps of the form greedy, otherwise 3 or {MOST_STEPS}"
        if not (self.beam == 1 if self.form == "greedy" else 2 <= self.beam <= count):
            return "the beam is 1 wide for the form greedy, otherwise 2 or more, up to the number of tokens"
        return self._flaw_of_search()

    def _flaw_of_search(self) -> str | None:
        prefixes: tuple[Tokens, ...] = ((),)
        for _ in range(self.steps):
            shares = [self.probability(sequence) for sequence in self._ranked(prefixes)[: self.beam + 1]]
            if any(a - b < 1e-9 for a, b in pairwise(shares)):
                return "two hypotheses tie"
            prefixes = self._extended(prefixes)
        ranked = sorted(map(self.probability, self._all()), reverse=True)
        if ranked[0] - ranked[1] < 1e-9:
            return "two sequences are the best"
        if self.ends:
            return self._flaw_of_ends(prefixes)
        if self.probability(self.greedy) > self.probability(prefixes[0]) - 1e-9 and self.form == "beam":
            return "the beam finds nothing better than greedy decoding"
        return "greedy decoding finds the best sequence" if self.greedy == self.best else None

    def _flaw_of_ends(self, hypotheses: Sequence[Tokens]) -> str | None:
        if any(sequence[0] == END for sequence in hypotheses):
            return "an empty sequence is kept"
        if len({*map(_length, hypotheses)}) == 1:
            return "all hypotheses are equally long"
        means = sorted(map(self._mean, hypotheses))
        return "two hypotheses have the same mean" if means[-1] - means[-2] < 0.002 else None

    @property
    def ends(self) -> bool:
        """Whether sequences end with a token."""
        return self.form == "ended"

    @property
    def tokens(self) -> Tokens:
        """The numbers of the tokens, in the order of the probabilities."""
        return tuple(range(not self.ends, len(self.first) + (not self.ends)))

    def _next(self, prefix: Tokens) -> dict[int, float]:
        """The tokens that may follow, with their probabilities."""
        if not prefix:
            row = self.first
        elif self.ends and prefix[-1] == END:
            return {END: 1.0}
        elif 1 <= prefix[-1] <= len(self.table):
            row = self.table[prefix[-1] - 1]
        else:
            raise ValueError(f"there is no token {prefix[-1]}")
        return dict(zip(self.tokens, row, strict=True))

    def probability(self, sequence: Tokens) -> float:
        """Of a sequence, by the chain rule."""
        shares = (self._next(sequence[:place]).get(token, 0.0) for place, token in enumerate(sequence))
        return math.prod(shares)

    def _mean(self, sequence: Tokens) -> float:
        """The log-probability for each token, the end included."""
        return math.log(self.probability(sequence)) / _length(sequence)

    def _ranked(self, prefixes: Sequence[Tokens]) -> list[Tokens]:
        """All hypotheses that are one token longer, the most probable ones first."""
        candidates = [(*prefix, token) for prefix in prefixes for token in self._next(prefix)]
        return sorted(candidates, key=self.probability, reverse=True)

    def _extended(self, prefixes: Sequence[Tokens]) -> tuple[Tokens, ...]:
        return tuple(self._ranked(prefixes)[: self.beam])

    def _all(self) -> list[Tokens]:
        """Every sequence of the steps."""
        sequences = product(self.tokens, repeat=self.steps)
        if not self.ends:
            return list(sequences)
        return [s for s in sequences if all(b == END for a, b in pairwise(s) if a == END)]

    @property
    def kept(self) -> tuple[tuple[Tokens, ...], ...]:
        """The hypotheses that the beam keeps after each step, the most probable ones first."""
        prefixes: tuple[Tokens, ...] = ((),)
        found = []
        for _ in range(self.steps):
            prefixes = self._extended(prefixes)
            found.append(prefixes)
        return tuple(found)

    @property
    def scored(self) -> tuple[tuple[tuple[Tokens, float], ...], ...]:
        """The hypotheses that are compared at each step, with their probabilities."""
        before = (((),), *self.kept[:-1])
        return tuple(tuple((s, self.probability(s)) for s in self._ranked(prefixes)) for prefixes in before)

    @property
    def tree(self) -> dict[str, list[Any]]:
        """The compared hypotheses as a graph that grows downwards from the start."""
        columns: list[list[Tokens]] = [
            [()],
            *(sorted(sequence for sequence, _ in step) for step in self.scored),
        ]
        nodes = [sequence for column in columns for sequence in column]
        edges = [(nodes.index(sequence[:-1]), place) for place, sequence in enumerate(nodes) if sequence]
        across = (place + 0.5 - len(column) / 2 for column in columns for place in range(len(column)))
        return {
            "nodes": ["", *(sequence[-1] for sequence in nodes[1:])],
            "edges": edges,
            "weights": [self._next(nodes[parent])[nodes[child][-1]] for parent, child in edges],
            "positions": [(x, -len(sequence)) for sequence, x in zip(nodes, across, strict=True)],
            "highlight": [
                place for place, sequence in enumerate(nodes) if any(sequence in k for k in self.kept)
            ],
        }

    @property
    def greedy(self) -> Tokens:
        """The sequence of the most probable next tokens."""
        sequence: Tokens = ()
        for _ in range(self.steps):
            following = self._next(sequence)
            sequence = (*sequence, max(following, key=following.__getitem__))
        return sequence

    @property
    def best(self) -> Tokens:
        """The most probable sequence of all."""
        return max(self._all(), key=self.probability)

    @property
    def lengths(self) -> tuple[int, ...]:
        """Of the last hypotheses."""
        return tuple(map(_length, self.kept[-1]))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "greedy":
            return {
                "greedy": Vector(self.greedy),
                "greedy_probability": Real(self.probability(given("greedy", self.greedy)), 2),
                "best": Vector(self.best),
                "best_probability": Real(self.probability(given("best", self.best)), 2),
            }
        keys: dict[str, Answer] = {}
        prefixes = self.kept[0]
        for step in range(2, self.steps + 1):
            prefixes = self._extended(prefixes)
            keys[f"kept_{step}"] = Matrix(prefixes)
            prefixes = given(f"kept_{step}", prefixes)
        return keys | (self._ended(given, prefixes) if self.ends else self._compared(given, prefixes))

    def _compared(self, given: Given, hypotheses: Sequence[Tokens]) -> dict[str, Answer]:
        return {
            "probabilities": Vector(tuple(map(self.probability, hypotheses)), self.steps),
            "greedy": Vector(self.greedy),
            "greedy_probability": Real(self.probability(given("greedy", self.greedy)), self.steps),
            "scored": Integer(self.scored_count),
            "exhaustive": Integer(len(self._all())),
        }

    def _ended(self, given: Given, hypotheses: Sequence[Tokens]) -> dict[str, Answer]:
        scores = tuple(math.log(self.probability(sequence)) for sequence in hypotheses)
        lengths = map(_length, hypotheses)
        pairs = zip(given("scores", scores), lengths, strict=True)
        means = tuple(score / length for score, length in pairs)
        own = given("means", means)
        best = hypotheses[max(range(len(own)), key=own.__getitem__)]
        return {"scores": Vector(scores, 3), "means": Vector(means, 3), "best": Vector(best)}

    @property
    def scored_count(self) -> int:
        """How many hypotheses are scored in all steps of a search without an end."""
        return len(self.tokens) * (1 + (self.steps - 1) * self.beam)

    @mistake("The best first token need not begin the best sequence: compare the products of all sequences.")
    def greedy_answer(self) -> MistakeValues:
        return self.consequences(best=self.greedy) if self.form == "greedy" else None

    @mistake("The second token's probability is the one after the first token, from its row of the table.")
    def multiplies_unconditional(self) -> MistakeValues:
        if self.form != "greedy":
            return None
        shares = dict(zip(self.tokens, self.first, strict=True))
        return {"greedy_probability": math.prod(shares[token] for token in self.greedy)}

    @mistake("Probabilities along a sequence are multiplied, not added.")
    def adds_probabilities(self) -> MistakeValues:
        if self.ends:
            return None
        added = {"greedy_probability": self._sum(self.greedy)}
        if self.form == "beam":
            return added | {"probabilities": tuple(map(self._sum, self.kept[-1]))}
        return added | {"best_probability": self._sum(self.best)}

    def _sum(self, sequence: Tokens) -> float:
        return sum(self._next(sequence[:place])[token] for place, token in enumerate(sequence))

    @mistake("This is the probability of the last token alone; those before it belong to the product.")
    def last_probability_only(self) -> MistakeValues:
        if self.form != "greedy":
            return None
        pairs = (("greedy_probability", self.greedy), ("best_probability", self.best))
        return {blank: self._next(sequence[:-1])[sequence[-1]] for blank, sequence in pairs}

    @mistake("The best hypotheses of all are kept; both may go on from the same one.")
    def best_of_each(self) -> MistakeValues:
        if self.form == "greedy":
            return None
        best = [max(self._ranked([prefix]), key=self.probability) for prefix in self.kept[0]]
        return self._kept_instead(sorted(best, key=self.probability, reverse=True))

    @mistake("Hypotheses are compared by the probability of the whole, not by that of their last token.")
    def compares_last_tokens(self) -> MistakeValues:
        if self.form == "greedy":
            return None
        ranked = sorted(self._ranked(self.kept[0]), key=lambda s: self._next(s[:-1])[s[-1]], reverse=True)
        return self._kept_instead(ranked[: self.beam])

    @mistake("The more probable hypothesis comes first.")
    def lists_worst_first(self) -> MistakeValues:
        return self._kept_instead(self.kept[1][::-1]) if self.form == "beam" else None

    def _kept_instead(self, hypotheses: Sequence[Tokens]) -> dict[str, Any]:
        values = self.consequences(kept_2=tuple(hypotheses))
        return {blank: value for blank, value in values.items() if blank != "best" or self.ends}

    @mistake("At the first step there is only one hypothesis, the empty one, to be extended.")
    def full_beam_at_first_step(self) -> MistakeValues:
        return {"scored": len(self.tokens) * self.steps * self.beam} if self.form == "beam" else None

    @mistake("Each of the steps multiplies the number of sequences by the number of tokens.")
    def sequences_added(self) -> MistakeValues:
        return {"exhaustive": len(self.tokens) * self.steps} if self.form == "beam" else None

    @mistake("The mean is over the tokens up to the end; what only fills the row does not count.")
    def divides_by_all_steps(self) -> MistakeValues:
        if not self.ends:
            return None
        return self.consequences(means=tuple(self._log(s) / self.steps for s in self.kept[-1]))

    @mistake("The end is a token with a probability of its own: it counts in the length.")
    def end_not_counted(self) -> MistakeValues:
        if not self.ends:
            return None
        lengths = (sum(token != END for token in sequence) for sequence in self.kept[-1])
        pairs = zip(self.kept[-1], lengths, strict=True)
        return self.consequences(means=tuple(self._log(sequence) / length for sequence, length in pairs))

    @mistake("The largest mean is wanted, not the largest sum: each further token makes a sum smaller.")
    def no_length_normalization(self) -> MistakeValues:
        return {"best": self.kept[-1][0]} if self.ends else None

    @mistake("The scores are natural logarithms.")
    def other_logarithm(self) -> MistakeValues:
        if not self.ends:
            return None
        return self.consequences(scores=tuple(self._log(s) / math.log(10) for s in self.kept[-1]))

    def _log(self, sequence: Tokens) -> float:
        return math.log(self.probability(sequence))


def _length(sequence: Tokens) -> int:
    """The tokens up to the first end, it included."""
    return sequence.index(END) + 1 if END in sequence else len(sequence)
