"""Scores between two vectors, and words pooled by the softmax of their scores."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from random import Random
from typing import Self

from ...answers import Answer, Integer, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..activations.functions import sigmoid
from ..losses.probabilities import softmax
from ..numbers import Row, bounded, dot, latex_number, matmul, transposed, written_number

Integers = tuple[int, ...]
Rows = tuple[Integers, ...]

WHOLE_LENGTHS = ((3, 4), (4, 3), (-3, 4), (4, -3), (6, 8), (8, 6), (5, 12), (12, 5), (0, 2), (5, 0), (0, -3))
"""Vectors whose Euclidean length is a whole number."""
LARGEST = 50


class ScoreFunctions(Question):
    """How well a key fits a query, by several score functions.

    At level 1 by the dot product and the cosine, at level 2 by a bilinear form too, at level 3 by a small
    network in both directions, or two keys are ranked by three scores that disagree.

    Source: Luong et al. 2015, Effective approaches to attention-based neural machine translation, section
    3.1; Vaswani et al. 2017, Attention is all you need, section 3.2.1; torch.nn.functional.bilinear.
    """

    title = "Score functions of attention"
    minutes = {1: 3, 2: 5, 3: 7}

    form: str
    """`angle`, `bilinear`, `network` or `ranking`."""
    query: Integers
    keys: Rows
    """One key, or two of the form `ranking`."""
    matrix: Rows
    """W of the bilinear form; empty of the forms `angle` and `network`."""
    network: tuple[str, ...]
    """Weights of the form `network`, of the first vector and then of the second; otherwise empty."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            return cls("angle", *_angled(rng), (), ())
        if level == 3 and rng.random() < 0.5:
            vectors = [tuple(rng.randint(0, 2) for _ in range(2)) for _ in range(2)]
            network = tuple(rng.choice(["0", "ln 2", "ln 3", "-ln 2", "-ln 3"]) for _ in range(4))
            return cls("network", vectors[0], (vectors[1],), (), network)
        size = 2 if level == 3 else rng.choice([2, 2, 3])

        while True:  # scores mostly agree on the better key
            query, *keys = (tuple(rng.randint(-2, 3) for _ in range(size)) for _ in range(level))
            matrix = tuple(tuple(rng.randint(-1, 2) for _ in range(size)) for _ in range(size))
            drawn = cls("bilinear" if level == 2 else "ranking", query, tuple(keys), matrix, ())
            if level == 2 or drawn.flaw() is None:
                return drawn

    def flaw(self) -> str | None:
        if self.form not in {"angle", "bilinear", "network", "ranking"}:
            return "form is angle, bilinear, network or ranking"
        if len(self.keys) != (2 if self.form == "ranking" else 1):
            return "there are two keys of the form ranking, otherwise one"
        size = len(self.query)
        if not 2 <= size <= 4 or {*map(len, self.keys)} != {size}:
            return "all vectors have the same number of entries, from 2 to 4"
        sides = size if self.form in {"bilinear", "ranking"} else 0
        if [*map(len, self.matrix)] != [sides] * sides:
            return "only the forms bilinear and ranking have a matrix, as wide as the vectors"
        if len(self.network) != (2 * size if self.form == "network" else 0):
            return "only the form network has weights, two for each entry"
        if not bounded((entry for row in (self.query, *self.keys, *self.matrix) for entry in row), LARGEST):
            return f"entries go from -{LARGEST} to {LARGEST}"
        if not any(self.query) or not all(map(any, self.keys)):
            return "a vector is zero"
        return self._flaw_of_network() if self.network else self._flaw_of_scores()

    def _flaw_of_network(self) -> str | None:
        try:
            weights = self.network_numbers
        except ValueError:
            return "a weight is a number or a logarithm, such as 0.5, ln 2 or -ln 3"
        if not bounded(weights, 20) or not bounded(self.logits, 4):
            return "the network is saturated"
        if abs(self.logits[0] - self.logits[1]) < 1e-9:
            return "the score is the same in both directions"
        return None

    def _flaw_of_scores(self) -> str | None:
        if any(abs(abs(cosine) - 1) < 1e-9 for cosine in self.cosines):
            return "two vectors are parallel"
        if self.form == "bilinear" and self._bilinear(self.query, self.keys[0]) == self._bilinear(
            self.keys[0], self.query
        ):
            return "the bilinear score is the same in both directions"
        if self.form != "ranking":
            return None
        rankings = (self.dots, self.cosines, self.bilinears)
        if any(abs(first - second) < 0.01 for first, second in rankings):
            return "two keys have nearly the same score"
        return "all scores prefer the same key" if len({*map(_better, rankings)}) == 1 else None

    @property
    def size(self) -> int:
        """The number of entries of a vector."""
        return len(self.query)

    @property
    def dots(self) -> tuple[float, ...]:
        """The dot product of the query with each key."""
        return tuple(dot(self.query, key) for key in self.keys)

    @property
    def length(self) -> float:
        """Of the query."""
        return math.hypot(*self.query)

    @property
    def lengths(self) -> tuple[float, ...]:
        """Of the keys."""
        return tuple(math.hypot(*key) for key in self.keys)

    @property
    def cosines(self) -> tuple[float, ...]:
        """The cosine of the angle between the query and each key."""
        return tuple(
            score / (self.length * length) for score, length in zip(self.dots, self.lengths, strict=True)
        )

    @property
    def products(self) -> Rows:
        """W times each key."""
        return tuple(tuple(int(dot(row, key)) for row in self.matrix) for key in self.keys if self.matrix)

    @property
    def bilinears(self) -> tuple[float, ...]:
        """The bilinear score of each key."""
        return tuple(dot(self.query, image) for image in self.products)

    @property
    def mapped_query(self) -> Integers:
        """W times the query."""
        return tuple(int(dot(row, self.query)) for row in self.matrix)

    def _bilinear(self, first: Row, second: Row) -> float:
        return dot(first, [dot(row, second) for row in self.matrix])

    @property
    def network_numbers(self) -> tuple[float, ...]:
        """The weights of the network as numbers."""
        return tuple(map(written_number, self.network))

    @property
    def latex_network(self) -> tuple[str, ...]:
        """The same as LaTeX."""
        return tuple(map(latex_number, self.network))

    @property
    def logits(self) -> tuple[float, ...]:
        """What goes into the sigmoid of the network, for query and key in this order and in the other one."""
        if not self.network:
            return ()
        key = self.keys[0]
        return tuple(dot(self.network_numbers, pair) for pair in ((*self.query, *key), (*key, *self.query)))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "network":
            forward, backward = self.logits
            return {
                "logit": Real(forward, 3),
                "score": Real(sigmoid(given("logit", forward)), 3),
                "reversed_score": Real(sigmoid(backward), 3),
            }
        if self.form == "ranking":
            return self._ranked(given)
        own = given("dot", self.dots[0])
        answers: dict[str, Answer] = {"dot": Integer(int(self.dots[0]))}
        if self.form == "angle":
            cosine = own / (self.length * self.lengths[0])
            return answers | {"cosine": Real(cosine, 3), "scaled": Real(own / math.sqrt(self.size), 3)}
        image = given("product", self.products[0])
        return answers | {
            "scaled": Real(own / math.sqrt(self.size), 3),
            "product": Vector(self.products[0]),
            "bilinear": Integer(int(dot(self.query, image))),
            "reversed_bilinear": Integer(int(self._bilinear(self.keys[0], self.query))),
        }

    def _ranked(self, given: Given) -> dict[str, Answer]:
        scores = {"dots": self.dots, "cosines": self.cosines, "bilinears": self.bilinears}
        return {
            "dots": Vector(self.dots),
            "cosines": Vector(self.cosines, 3),
            "bilinears": Vector(self.bilinears),
            "preferred": Vector(tuple(1 + _better(given(blank, row)) for blank, row in scores.items())),
        }

    @mistake("The bilinear score is qᵀWk, with W between the query at the left and the key at the right.")
    def bilinear_transposed(self) -> MistakeValues:
        if self.form == "bilinear":
            return {
                "product": self.mapped_query,
                "bilinear": self._bilinear(self.keys[0], self.query),
                "reversed_bilinear": self.bilinears[0],
            }
        if self.form != "ranking":
            return None
        return self.consequences(bilinears=tuple(self._bilinear(key, self.query) for key in self.keys))

    @mistake("Without the matrix W this is the plain dot product.")
    def plain_dot(self) -> MistakeValues:
        if self.form == "bilinear":
            return {"bilinear": self.dots[0], "reversed_bilinear": self.dots[0]}
        return self.consequences(bilinears=self.dots) if self.form == "ranking" else None

    @mistake(
        "The bilinear score has a direction: unless W is symmetric, it changes when the vectors are swapped."
    )
    def assumes_symmetry(self) -> MistakeValues:
        if self.form == "bilinear":
            return {"reversed_bilinear": self.bilinears[0]}
        return {"reversed_score": sigmoid(self.logits[0])} if self.form == "network" else None

    @mistake("The cosine divides the dot product by the lengths of both vectors.")
    def no_norms(self) -> MistakeValues:
        if self.form == "angle":
            return {"cosine": self.dots[0]}
        return self.consequences(cosines=self.dots) if self.form == "ranking" else None

    @mistake("The cosine divides by the lengths of both vectors, not by that of one.")
    def one_norm(self) -> MistakeValues:
        wrong = tuple(score / self.length for score in self.dots)
        if self.form == "angle":
            return {"cosine": wrong[0]}
        return self.consequences(cosines=wrong) if self.form == "ranking" else None

    @mistake("The length is the root of the sum of squares: the roots of both vectors divide.")
    def squared_norms(self) -> MistakeValues:
        wrong = tuple(
            score / (self.length * length) ** 2 for score, length in zip(self.dots, self.lengths, strict=True)
        )
        if self.form == "angle":
            return {"cosine": wrong[0]}
        return self.consequences(cosines=wrong) if self.form == "ranking" else None

    @mistake("The scale is the square root of the number of entries, √{size}, not {size} itself.")
    def scale_by_size(self) -> MistakeValues:
        return {"scaled": self.dots[0] / self.size} if self.form in {"angle", "bilinear"} else None

    @mistake(
        "The two vectors stand one after the other, [q; k], each with its own weights; they are not added."
    )
    def vectors_added(self) -> MistakeValues:
        if self.form != "network":
            return None
        total = [q + k for q, k in zip(self.query, self.keys[0], strict=True)]
        return self.consequences(logit=dot(self.network_numbers[: self.size], total))

    @mistake("The query comes first in [q; k], so the first weights are those of the query.")
    def order_swapped(self) -> MistakeValues:
        if self.form != "network":
            return None
        scores = {"score": sigmoid(self.logits[1]), "reversed_score": sigmoid(self.logits[0])}
        return {"logit": self.logits[1], **scores}

    @mistake("The sigmoid is still missing: the score lies between 0 and 1.")
    def no_sigmoid(self) -> MistakeValues:
        if self.form != "network":
            return None
        return {"score": self.logits[0], "reversed_score": self.logits[1]}

    @mistake("A larger score means a better fit: the preferred key is the one with the larger score.")
    def prefers_the_smaller(self) -> MistakeValues:
        if self.form != "ranking":
            return None
        rankings = (self.dots, self.cosines, self.bilinears)
        return {"preferred": tuple(2 - _better(row) for row in rankings)}

    @mistake("The scores rank the keys differently here: decide by each of them on its own.")
    def one_ranking_for_all(self) -> MistakeValues:
        return {"preferred": (1 + _better(self.dots),) * 3} if self.form == "ranking" else None


class AttentionPooling(Question):
    """Words are pooled to one vector, weighted by the softmax of one score for each word.

    At level 1 the scores are given, at level 2 a linear layer makes them, and the mean is compared, at
    level 3 the last words are padding, and the gradient of the pooled vector for a score is asked.

    Source: Yang et al. 2016, Hierarchical attention networks for document classification, section 2.2;
    Bahdanau et al. 2015, Neural machine translation by jointly learning to align and translate, section 3.1.
    """

    title = "Attention pooling"
    minutes = {1: 3, 2: 5, 3: 8}

    form: str
    """`scores`, `linear` or `padded`."""
    words: Rows
    """A vector for each word."""
    scores: tuple[str, ...]
    """Numbers or logarithms such as `ln 2`; empty of the form `linear`."""
    weights: Integers
    """Of the linear layer of the form `linear`; otherwise empty."""
    padding: int
    """How many words at the end are padding."""
    place: int
    """Of the form `padded`: the number, from 0, of the score for which is differentiated; otherwise 0."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        count = {1: rng.choice([2, 3]), 2: 3, 3: 4}[level]
        pairs = [*product(range(3 if level == 2 else 9), repeat=2)]
        words = tuple(rng.sample(pairs, count))
        if level == 2:
            return cls("linear", words, (), tuple(rng.choice([-1, 1, 1, 2]) for _ in range(2)), 0, 0)
        scores = tuple(rng.choice(["0", "0", "ln 2", "ln 3", "ln 4"]) for _ in range(count))
        if level == 1:
            return cls("scores", words, scores, (), 0, 0)
        padding = rng.choice([1, 1, 2])
        return cls("padded", words, scores, (), padding, rng.randrange(count - padding))

    def flaw(self) -> str | None:
        if self.form not in {"scores", "linear", "padded"}:
            return "form is scores, linear or padded"
        count = len(self.words)
        if not 2 <= count <= 6 or {*map(len, self.words)} not in ({1}, {2}, {3}):
            return "two to six words of one to three entries are wanted"
        if len(self.scores) != (0 if self.form == "linear" else count):
            return "each word needs a score, but none of the form linear"
        if len(self.weights) != (len(self.words[0]) if self.form == "linear" else 0):
            return "only the form linear has weights, one for each entry"
        if not (1 <= self.padding <= count - 2 if self.form == "padded" else self.padding == 0):
            return "only the form padded has padding, and at least two other words"
        if not (0 <= self.place < count - self.padding if self.form == "padded" else self.place == 0):
            return "the place is that of a word that is no padding, and 0 unless the form is padded"
        try:
            numbers = tuple(map(written_number, self.scores))
        except ValueError:
            return "a score is a number or a logarithm, such as 1 or ln 2"
        if not bounded((*numbers, *self.weights, *(entry for word in self.words for entry in word)), LARGEST):
            return f"scores, weights and entries go from -{LARGEST} to {LARGEST}"
        return self._flaw_of_scores()

    def _flaw_of_scores(self) -> str | None:
        seen = self.numbers[: self.visible]
        if max(seen) - min(seen) < 1e-9 or max(seen) - min(seen) > 4:
            return "the weights are all equal or saturated"
        if len({*self.words}) < len(self.words):
            return "two words are equal"
        if self.form == "padded" and max(map(abs, self._gradient(self.alphas))) < 0.05:
            return "the gradient is nearly zero"
        return None

    @property
    def visible(self) -> int:
        """The number of words that are no padding."""
        return len(self.words) - self.padding

    @property
    def numbers(self) -> tuple[float, ...]:
        """The scores as numbers."""
        if self.form == "linear":
            return tuple(dot(self.weights, word) for word in self.words)
        return tuple(map(written_number, self.scores))

    @property
    def latex_scores(self) -> tuple[str, ...]:
        """The given scores as LaTeX."""
        return tuple(map(latex_number, self.scores))

    @property
    def exponentials(self) -> tuple[float, ...]:
        """Of the scores, 0 for padding."""
        return tuple(math.exp(score) for score in self.numbers[: self.visible]) + (0.0,) * self.padding

    @property
    def alphas(self) -> tuple[float, ...]:
        """The weights of all words."""
        return self._softmax(self.numbers)

    @property
    def mean(self) -> tuple[float, ...]:
        """Of the words that are no padding."""
        return _mixed([1 / self.visible] * self.visible, self.words[: self.visible])

    @property
    def names(self) -> tuple[str, ...]:
        """Of the words, for a figure."""
        return tuple(f"h_{number}" for number in range(1, len(self.words) + 1))

    def _softmax(self, scores: Row) -> tuple[float, ...]:
        return softmax(scores[: self.visible]) + (0.0,) * self.padding

    def _gradient(self, alphas: Row) -> tuple[float, ...]:
        pooled = _mixed(alphas, self.words)
        pairs = zip(self.words[self.place], pooled, strict=True)
        return tuple(alphas[self.place] * (entry - mean) for entry, mean in pairs)

    def follow(self, given: Given) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        scores = self.numbers
        if self.form == "linear":
            answers["scores"] = Vector(scores)
            scores = given("scores", scores)
        alphas = self._softmax(scores)
        own = given("alphas", alphas)
        pooled = _mixed(own, self.words)
        answers |= {"alphas": Vector(alphas, 3), "pooled": Vector(pooled, 3)}
        if self.form == "linear":
            answers["mean"] = Vector(self.mean, 3)
        if self.form == "padded":
            center, alpha = given("pooled", pooled), own[self.place]
            pairs = zip(self.words[self.place], center, strict=True)
            answers["gradient"] = Vector(tuple(alpha * (entry - mean) for entry, mean in pairs), 3)
        return answers

    @mistake("The scores must pass the softmax first: weights are positive and sum to 1.")
    def no_softmax(self) -> MistakeValues:
        return self.consequences(alphas=self.numbers[: self.visible] + (0.0,) * self.padding)

    @mistake("The mean gives all words the same weight; here the softmax of the scores decides.")
    def mean_pooling(self) -> MistakeValues:
        return {"pooled": self.mean}

    @mistake("The sum of the words is not their mean: divide by their number.")
    def sum_for_mean(self) -> MistakeValues:
        return {"mean": tuple(map(sum, transposed(self.words)))} if self.form == "linear" else None

    @mistake("Pooling by attention averages all words by their weights, it does not pick the best one.")
    def max_pooling(self) -> MistakeValues:
        best = max(range(self.visible), key=lambda place: self.numbers[place])
        return {"pooled": self.words[best]}

    @mistake("Weights come from the exponentials of the scores, not from the scores themselves.")
    def no_exponential(self) -> MistakeValues:
        seen = self.numbers[: self.visible]
        if abs(sum(seen)) < 0.1:
            return None
        return self.consequences(alphas=tuple(score / sum(seen) for score in seen) + (0.0,) * self.padding)

    @mistake("Padding is left out of the softmax, so that its weight is 0.")
    def pad_included(self) -> MistakeValues:
        return self.consequences(alphas=softmax(self.numbers)) if self.padding else None

    @mistake("The scores of the padding are set to minus infinity, not to 0: exp(0) = 1.")
    def pad_scores_zero(self) -> MistakeValues:
        if not self.padding:
            return None
        return self.consequences(alphas=softmax((*self.numbers[: self.visible], *[0.0] * self.padding)))

    @mistake("A score changes all weights: its own grows at the cost of the others, which brings in −c.")
    def gradient_of_own_weight_only(self) -> MistakeValues:
        if self.form != "padded":
            return None
        alpha = self.alphas[self.place]
        return {"gradient": tuple(alpha * (1 - alpha) * entry for entry in self.words[self.place])}

    @mistake("This is the gradient for the weight; the score stands inside the softmax.")
    def gradient_for_the_weight(self) -> MistakeValues:
        return {"gradient": self.words[self.place]} if self.form == "padded" else None

    @mistake("The distance of the word from the pooled vector is still to be multiplied by its weight.")
    def factor_missing(self) -> MistakeValues:
        if self.form != "padded":
            return None
        pooled = _mixed(self.alphas, self.words)
        return {"gradient": tuple(h - c for h, c in zip(self.words[self.place], pooled, strict=True))}

    @mistake("Mind the sign: with a larger score the pooled vector moves towards the word.")
    def gradient_turned(self) -> MistakeValues:
        if self.form != "padded":
            return None
        return {"gradient": tuple(-entry for entry in self._gradient(self.alphas))}


def _angled(rng: Random) -> tuple[Integers, Rows]:
    """Two vectors with whole lengths."""
    first, second = rng.sample(WHOLE_LENGTHS, 2)
    return first, (second,)


def _better(scores: Sequence[float]) -> int:
    """The place of the larger score."""
    return int(scores[1] > scores[0])


def _mixed(weights: Row, rows: Sequence[Row]) -> tuple[float, ...]:
    """The sum of the rows, weighted."""
    return matmul([weights], rows)[0]
