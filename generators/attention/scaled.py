"""Attention: scores, weights and outputs."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random
from typing import Self

from ...answers import Answer, Vector
from ...question import Given, Question, mistake
from ..numbers import Row, dot


class ScaledDotProduct(Question):
    """One query attends to a few keys: scaled scores, attention weights, and the weighted mean of the values.

    Source: Vaswani et al. 2017, Attention is all you need, section 3.2.1, equation 1.
    """

    title = "Scaled dot-product attention"
    minutes = {1: 4, 2: 6, 3: 8}

    query: tuple[int, ...]
    keys: tuple[tuple[int, ...], ...]
    values: tuple[tuple[int, ...], ...]
    masked: tuple[bool, ...]

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        size, count = {1: (4, 2), 2: (rng.choice([2, 4]), 3), 3: (rng.choice([2, 3, 4]), 4)}[level]

        def vector(length: int, least: int, most: int) -> tuple[int, ...]:
            return tuple(rng.randint(least, most) for _ in range(length))

        query, keys = vector(size, -1, 2), tuple(vector(size, -1, 2) for _ in range(count))
        hidden = max(range(count), key=lambda place: dot(query, keys[place])) if level == 3 else None
        masked = tuple(place == hidden for place in range(count))
        return cls(query, keys, tuple(vector(2, 0, 8) for _ in range(count)), masked)

    def flaw(self) -> str | None:
        if not 1 <= self.size <= 16 or not 2 <= len(self.keys) <= 8:
            return "one to sixteen components and two to eight keys are wanted"
        lengths = {len(self.query), *map(len, self.keys)}
        if len(lengths) > 1 or len({len(self.keys), len(self.values), len(self.masked)}) > 1:
            return "the query, the keys, the values and the mask do not fit together"
        if len({len(value) for value in self.values}) != 1 or not self.values[0]:
            return "the values have different lengths"
        if max(abs(entry) for row in (self.query, *self.keys, *self.values) for entry in row) > 100:
            return "entries go from -100 to 100"
        if len(self.visible) < 2:
            return "fewer than two keys can be seen"
        seen = [self.raw_scores[place] for place in self.visible]
        if len(set(seen)) == 1 or max(seen) - min(seen) > 4 * math.sqrt(self.size):
            return "the weights are all equal or saturated"
        if any(self.masked) and self.raw_scores[self.masked.index(True)] < max(seen) - math.sqrt(self.size):
            return "the mask hides a key that hardly matters"
        return None

    @property
    def size(self) -> int:
        """The dimension of query and keys, d_k."""
        return len(self.query)

    @property
    def visible(self) -> tuple[int, ...]:
        """The places of the keys that the mask leaves."""
        return tuple(place for place, hidden in enumerate(self.masked) if not hidden)

    @property
    def raw_scores(self) -> tuple[float, ...]:
        """The dot products of the query with all keys."""
        return tuple(dot(self.query, key) for key in self.keys)

    @property
    def true_scores(self) -> tuple[float, ...]:
        """The scaled scores of all keys, as if none were masked."""
        return tuple(score / math.sqrt(self.size) for score in self.raw_scores)

    @property
    def exponentials(self) -> tuple[float, ...]:
        """The exponentials of the scores; 0 for a masked key."""
        return self._exponentials(self.true_scores)

    def follow(self, given: Given) -> dict[str, Answer]:
        own_scores = given("scores", self.true_scores)
        weights = self._attend(own_scores)
        own_weights = given("weights", weights)
        output = self._mixed(own_weights)
        return {
            "scores": Vector(self.true_scores, 3),
            "weights": Vector(weights, 3),
            "output": Vector(output, 2),
        }

    def _attend(self, scores: Row) -> tuple[float, ...]:
        """Softmax over the visible keys; a masked one gets weight 0."""
        exponentials = self._exponentials(scores)
        return tuple(exponential / sum(exponentials) for exponential in exponentials)

    def _exponentials(self, scores: Row) -> tuple[float, ...]:
        pairs = zip(scores, self.masked, strict=True)
        return tuple(0.0 if hidden else math.exp(score) for score, hidden in pairs)

    def _mixed(self, weights: Row, rows: tuple[tuple[int, ...], ...] | None = None) -> tuple[float, ...]:
        return tuple(dot(weights, column) for column in zip(*(rows or self.values), strict=True))

    def _from_scores(self, scores: Row) -> dict[str, tuple[float, ...]]:
        weights = self._attend(scores)
        return {"weights": weights, "output": self._mixed(weights)}

    @mistake("The scores were not scaled: divide each dot product by the square root of {size}.")
    def no_scale(self) -> dict[str, tuple[float, ...]]:
        return {"scores": self.raw_scores, **self._from_scores(self.raw_scores)}

    @mistake("The scale is the square root of the dimension of the keys, not the dimension itself.")
    def divides_by_dimension(self) -> dict[str, tuple[float, ...]]:
        scores = tuple(score / self.size for score in self.raw_scores)
        return {"scores": scores, **self._from_scores(scores)}

    @mistake("The scale belongs inside the softmax: weights must sum to 1.")
    def scales_after_softmax(self) -> dict[str, tuple[float, ...]]:
        weights = tuple(weight / math.sqrt(self.size) for weight in self._attend(self.raw_scores))
        return {"scores": self.raw_scores, "weights": weights, "output": self._mixed(weights)}

    @mistake("Keys only decide the weights; what is averaged are the values.")
    def uses_keys_as_values(self) -> dict[str, tuple[float, ...]] | None:
        if self.size != len(self.values[0]):
            return None
        return {"output": self._mixed(self._attend(self.true_scores), self.keys)}

    @mistake(
        "Attention is a soft choice: it averages all values by their weights, it does not pick the best one."
    )
    def picks_the_best(self) -> dict[str, tuple[float, ...]]:
        best = max(self.visible, key=lambda place: self.raw_scores[place])
        return {"output": tuple(map(float, self.values[best]))}

    @mistake("Weights come from the softmax: exponentiate each score before dividing by the sum.")
    def no_exponential(self) -> dict[str, tuple[float, ...]] | None:
        visible = [
            0.0 if hidden else score for score, hidden in zip(self.true_scores, self.masked, strict=True)
        ]
        if abs(sum(visible)) < 0.1:
            return None
        weights = tuple(score / sum(visible) for score in visible)
        return {"weights": weights, "output": self._mixed(weights)}

    @mistake("A masked key gets no weight: its score is set to minus infinity before the softmax.")
    def ignores_mask(self) -> dict[str, tuple[float, ...]] | None:
        return self._unmasked(self.true_scores)

    @mistake("A masked score is minus infinity, not 0: exp(0) = 1 leaves weight on the masked key.")
    def masks_with_zero(self) -> dict[str, tuple[float, ...]] | None:
        scores = zip(self.true_scores, self.masked, strict=True)
        return self._unmasked(tuple(0.0 if hidden else score for score, hidden in scores))

    def _unmasked(self, scores: Row) -> dict[str, tuple[float, ...]] | None:
        """What comes out if the mask does not keep a key from being seen."""
        if not any(self.masked):
            return None
        return replace(self, masked=(False,) * len(self.keys))._from_scores(scores)
