"""Word vectors compared: distances, nearest neighbours and analogies."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from random import Random
from typing import Self

from ...answers import Answer, Integer, Real, ShortText, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, dot

Point = tuple[int, ...]

WHOLE_LENGTHS = (
    (1, 2, 2),
    (0, 3, 4),
    (2, 3, 6),
    (1, 4, 8),
    (4, 4, 7),
    (2, 4, 4),
    (2, 6, 3),
    (0, 0, 3),
    (6, 6, 3),
)
"""Entries of vectors whose Euclidean length is a whole number."""
PYTHAGOREAN = (
    (3, 4),
    (5, 12),
    (8, 6),
    (4, 3),
    (12, 5),
    (6, 8),
    (8, 15),
    (15, 8),
    (0, 5),
    (5, 0),
    (0, 2),
    (3, 0),
)
LARGEST = 100
CANDIDATES = "ABCDE"
WORDS = "pqrstu"


class Distances(Question):
    """Dot product, Euclidean distance and cosine similarity, and the nearest neighbour by each.

    At level 1 two vectors are compared, at level 2 Euclidean distance and cosine disagree on the nearest of
    three, at level 3 vectors are normalized, and the query is scaled.

    Source: Mikolov et al. 2013, Efficient estimation of word representations in vector space, section 4;
    torch.nn.functional.cosine_similarity.
    """

    title = "Distances of word vectors"
    minutes = {1: 3, 2: 6, 3: 7}

    form: str
    """`pair`, `nearest` or `normalized`."""
    query: Point
    candidates: tuple[Point, ...]
    factor: int
    """What the query is multiplied by at last, of the form `normalized`; otherwise 0."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        def signed(entries: Sequence[int]) -> Point:
            return tuple(rng.choice([-1, 1, 1]) * entry for entry in rng.sample(entries, len(entries)))

        if level == 1:
            return cls("pair", rng.choice(PYTHAGOREAN), (signed(rng.choice(PYTHAGOREAN)),), 0)
        if level == 3:
            query, *others = (signed(rng.choice(WHOLE_LENGTHS)) for _ in range(4))
            return cls("normalized", query, tuple(others), rng.choice([2, 3, 5, 10]))
        while True:  # the two kinds of distance mostly agree
            query, *others = (tuple(rng.randint(-4, 5) for _ in range(3)) for _ in range(4))
            drawn = cls("nearest", query, tuple(others), 0)
            if drawn.flaw() is None:
                return drawn

    def flaw(self) -> str | None:
        wanted = (1,) if self.form == "pair" else range(2, len(CANDIDATES) + 1)
        if self.form not in {"pair", "nearest", "normalized"}:
            return "form is pair, nearest or normalized"
        if len(self.candidates) not in wanted:
            return f"a pair has one candidate; otherwise there are 2 to {len(CANDIDATES)}"
        points = (self.query, *self.candidates)
        if not 2 <= len(self.query) <= 5 or {*map(len, points)} != {len(self.query)}:
            return "all vectors have the same number of entries, from 2 to 5"
        if max(abs(entry) for point in points for entry in point) > LARGEST or not all(map(any, points)):
            return f"no vector is zero, and no entry larger than {LARGEST}"
        if not (2 <= self.factor <= 100 if self.form == "normalized" else self.factor == 0):
            return "only the form normalized has a factor, from 2 to 100"
        if any(abs(cosine) > 0.999 for cosine in self.cosines):
            return "two vectors are parallel"
        if self.form != "nearest" and not self.dots[0]:
            return "the query is orthogonal to the first candidate"
        return None if self.form == "pair" else self._flaw_of_neighbours()

    def _flaw_of_neighbours(self) -> str | None:
        for name, values in (("distances", self.distances), ("cosines", self.cosines)):
            ordered = sorted(values)
            gap = ordered[1] - ordered[0] if name == "distances" else ordered[-1] - ordered[-2]
            if gap < 0.01:
                return "two candidates are equally near"
        by_distance, by_cosine = self._nearest(self.distances), self._nearest(self.cosines, largest=True)
        if self.form == "nearest" and by_distance == by_cosine:
            return "both distances have the same nearest neighbour"
        return None

    @property
    def names(self) -> str:
        """Of the candidates."""
        return CANDIDATES[: len(self.candidates)]

    @property
    def dots(self) -> tuple[float, ...]:
        """The dot product of the query with each candidate."""
        return tuple(dot(self.query, candidate) for candidate in self.candidates)

    @property
    def distances(self) -> tuple[float, ...]:
        """The Euclidean distance of the query from each candidate."""
        return tuple(math.dist(self.query, candidate) for candidate in self.candidates)

    @property
    def cosines(self) -> tuple[float, ...]:
        """The cosine similarity of the query and each candidate."""
        return tuple(dot(self.query, c) / (self.length * math.hypot(*c)) for c in self.candidates)

    @property
    def length(self) -> float:
        """Of the query."""
        return math.hypot(*self.query)

    @property
    def lengths(self) -> tuple[float, ...]:
        """Of the candidates."""
        return tuple(math.hypot(*candidate) for candidate in self.candidates)

    def _nearest(self, values: Row, *, largest: bool = False) -> str:
        best = max(values) if largest else min(values)
        return CANDIDATES[[*values].index(best)]

    def _name(self, name: str) -> ShortText:
        return ShortText(name, tuple(self.names))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "pair":
            product = given("dot", self.dots[0])
            return {
                "dot": Integer(round(self.dots[0])),
                "distance": Real(self.distances[0], 3),
                "cosine": Real(product / (self.length * self.lengths[0]), 3),
            }
        cosines = given("cosines", self.cosines)
        keys: dict[str, Answer] = {"cosines": Vector(self.cosines, 3)}
        if self.form == "nearest":
            distances = given("distances", self.distances)
            return keys | {
                "distances": Vector(self.distances, 3),
                "nearest_distance": self._name(self._nearest(distances)),
                "nearest_cosine": self._name(self._nearest(cosines, largest=True)),
            }
        normalized = tuple(math.sqrt(2 - 2 * cosine) for cosine in cosines)
        own = given("normalized", normalized)
        return keys | {
            "normalized": Vector(normalized, 3),
            "nearest_normalized": self._name(self._nearest(own)),
            "scaled_dot": Integer(round(self.factor * self.dots[0])),
            "scaled_cosine": Real(cosines[0], 3),
        }

    @mistake("The Euclidean distance is the square root of the sum of squares.")
    def no_square_root(self) -> MistakeValues:
        squares = tuple(distance**2 for distance in self.distances)
        if self.form == "pair":
            return {"distance": squares[0]}
        if self.form == "normalized":
            return self.consequences(normalized=tuple(2 - 2 * cosine for cosine in self.cosines))
        return {"distances": squares}

    @mistake("This is the sum of the absolute differences; the Euclidean distance squares them.")
    def sum_of_differences(self) -> MistakeValues:
        sums = tuple(
            float(sum(abs(a - b) for a, b in zip(self.query, candidate, strict=True)))
            for candidate in self.candidates
        )
        if self.form == "normalized":
            return None
        return {"distance": sums[0]} if self.form == "pair" else self.consequences(distances=sums)

    @mistake("The cosine is the dot product divided by both lengths.")
    def dot_for_cosine(self) -> MistakeValues:
        return self._cosines(self.dots)

    @mistake("The dot product is divided by both lengths, not by that of the query alone.")
    def one_length_only(self) -> MistakeValues:
        return self._cosines(tuple(product / self.length for product in self.dots))

    @mistake("This is the cosine distance, 1 minus the similarity: similar vectors have a cosine near 1.")
    def distance_for_similarity(self) -> MistakeValues:
        return self._cosines(tuple(1 - cosine for cosine in self.cosines))

    @mistake("Each length is the square root of the sum of squares.")
    def lengths_squared(self) -> MistakeValues:
        pairs = zip(self.dots, self.lengths, strict=True)
        return self._cosines(tuple(product / (self.length * length) ** 2 for product, length in pairs))

    def _cosines(self, values: Row) -> MistakeValues:
        if self.form == "pair":
            return {"cosine": values[0]}
        if self.form == "normalized" and max(values) > 1:
            return {"cosines": tuple(values)}
        return self.consequences(cosines=tuple(values))

    @mistake("The most similar vector has the largest cosine, not the smallest.")
    def smallest_cosine(self) -> MistakeValues:
        return {"nearest_cosine": self._nearest(self.cosines)} if self.form == "nearest" else None

    @mistake("The nearest vector has the smallest distance, not the largest.")
    def largest_distance(self) -> MistakeValues:
        if self.form == "pair":
            return None
        if self.form == "nearest":
            return {"nearest_distance": self._nearest(self.distances, largest=True)}
        return {"nearest_normalized": self._nearest(self.cosines)}

    @mistake("These are the distances of the given vectors, not of those divided by their lengths.")
    def not_normalized(self) -> MistakeValues:
        return self.consequences(normalized=self.distances) if self.form == "normalized" else None

    @mistake("A factor of the query cancels in the cosine: it stands in the dot product and in the length.")
    def cosine_scales(self) -> MistakeValues:
        return {"scaled_cosine": self.factor * self.cosines[0]} if self.form == "normalized" else None

    @mistake("The dot product grows with the factor of the query.")
    def dot_does_not_scale(self) -> MistakeValues:
        return {"scaled_dot": round(self.dots[0])} if self.form == "normalized" else None


class Analogy(Question):
    """The word that an analogy leads to: which one is to c as b is to a.

    At level 1 a word stands exactly there, at level 2 the nearest one is wanted, at level 3 Euclidean
    distance and cosine disagree and one of the three given words is nearer than all others.

    Source: Mikolov et al. 2013, Linguistic regularities in continuous space word representations, section 4;
    Levy & Goldberg 2014, Linguistic regularities in sparse and explicit word representations, section 3.
    """

    title = "Analogy of word vectors"
    minutes = {1: 2, 2: 4, 3: 7}

    given_words: tuple[Point, Point, Point]
    """The vectors of a, b and c."""
    others: tuple[Point, ...]
    """The rest of the vocabulary."""
    compares: bool
    """Whether the words are compared by cosine as well, and with the given ones."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        size = 2 if level == 1 else 3
        while True:
            points = [tuple(rng.randint(-4, 5) for _ in range(size)) for _ in range(7 if level < 3 else 6)]
            a, b, c, *others = points
            if level == 1:
                others[0] = tuple(q - p + r for p, q, r in zip(a, b, c, strict=True))
                rng.shuffle(others)
            drawn = cls((a, b, c), tuple(others), level == 3)
            if drawn.flaw() is None and drawn.exact == (level == 1):
                return drawn

    def flaw(self) -> str | None:
        points = (*self.given_words, *self.others)
        if not 2 <= len(self.others) <= len(WORDS):
            return f"there are 2 to {len(WORDS)} words besides the given ones"
        if not 2 <= len(points[0]) <= 4 or {*map(len, points)} != {len(points[0])}:
            return "all vectors have the same number of entries, from 2 to 4"
        if max(abs(entry) for point in points for entry in point) > LARGEST or not all(map(any, points)):
            return f"no vector is zero, and no entry larger than {LARGEST}"
        if len({*points}) < len(points) or not any(self.target):
            return "two words have the same vector, or the analogy leads to zero"
        if _gap(self.distances) < 0.01 or _gap([-cosine for cosine in self.cosines]) < 0.01:
            return "two words are equally near"
        if max(map(abs, self.target)) > LARGEST:
            return f"the analogy leads beyond {LARGEST}"
        if not self.compares:
            return None
        if self._nearest(self.distances) == self._nearest([-cosine for cosine in self.cosines]):
            return "distance and cosine have the same nearest word"
        if min(self.given_distances) > min(self.distances) - 0.01 or _gap(self._distances_of_all()) < 0.01:
            return "no given word is nearer than all others"
        return None

    @property
    def exact(self) -> bool:
        """Whether a word stands exactly where the analogy leads."""
        return self.target in self.others

    @property
    def target(self) -> Point:
        """B − a + c."""
        return self._combined(-1, 1, 1)

    def _combined(self, *signs: int) -> Point:
        columns = zip(*self.given_words, strict=True)
        return tuple(sum(s * entry for s, entry in zip(signs, column, strict=True)) for column in columns)

    @property
    def names(self) -> str:
        """Of the words besides the given ones."""
        return WORDS[: len(self.others)]

    @property
    def vocabulary(self) -> Mapping[str, Point]:
        """All words with their vectors."""
        return dict(zip("abc" + self.names, (*self.given_words, *self.others), strict=True))

    @property
    def distances(self) -> tuple[float, ...]:
        """The Euclidean distance of each of the other words from the target."""
        return tuple(math.dist(self.target, word) for word in self.others)

    @property
    def given_distances(self) -> tuple[float, ...]:
        """The same of the given words."""
        return tuple(math.dist(self.target, word) for word in self.given_words)

    @property
    def cosines(self) -> tuple[float, ...]:
        """The cosine similarity of each of the other words and the target."""
        return _cosines(self.target, self.others)

    def _distances_of_all(self) -> list[float]:
        return [*self.given_distances, *self.distances]

    def _nearest(self, values: Row) -> str:
        return WORDS[[*values].index(min(values))]

    def _nearest_of_all(self) -> str:
        distances = self._distances_of_all()
        return [*self.vocabulary][distances.index(min(distances))]

    def follow(self, given: Given) -> dict[str, Answer]:
        target = given("target", self.target)
        distances = tuple(math.dist(target, word) for word in self.others)
        keys: dict[str, Answer] = {"target": Vector(self.target)}
        if self.exact:
            return keys | {"word": ShortText(self._nearest(distances), tuple(self.names))}
        own = given("distances", distances)
        keys |= {"distances": Vector(distances, 3), "word": ShortText(self._nearest(own), tuple(self.names))}
        if not self.compares:
            return keys
        cosines = _cosines(target, self.others)
        own_cosines = given("cosines", cosines)
        by_cosine = self._nearest([-cosine for cosine in own_cosines])
        return keys | {
            "cosines": Vector(cosines, 3),
            "word_by_cosine": ShortText(by_cosine, tuple(self.names)),
            "without_exclusion": ShortText(self._nearest_of_all(), tuple(self.vocabulary)),
        }

    @mistake("What is added to c is the step from a to b, b − a, not the step back.")
    def a_minus_b(self) -> MistakeValues:
        return self._leading_to(self._combined(1, -1, 1))

    @mistake("a is subtracted: only the step from a to b is added to c.")
    def sum_only(self) -> MistakeValues:
        return self._leading_to(self._combined(0, 1, 1))

    @mistake("This takes a + b − c: a and c are interchanged.")
    def c_subtracted(self) -> MistakeValues:
        return self._leading_to(self._combined(1, 1, -1))

    def _leading_to(self, target: Point) -> MistakeValues:
        return self.consequences(target=target) if any(target) else None

    @mistake("This is the word nearest to c; first the step from a to b must be added.")
    def nearest_to_c(self) -> MistakeValues:
        c = self.given_words[2]
        return {"word": self._nearest([math.dist(c, word) for word in self.others])}

    @mistake("A Euclidean distance is the square root of the sum of squares.")
    def no_square_root(self) -> MistakeValues:
        return None if self.exact else {"distances": tuple(distance**2 for distance in self.distances)}

    @mistake("The most similar word has the largest cosine.")
    def smallest_cosine(self) -> MistakeValues:
        return {"word_by_cosine": self._nearest(self.cosines)} if self.compares else None

    @mistake("Here the given words are candidates, too, and one of them is nearer.")
    def excludes_anyway(self) -> MistakeValues:
        return {"without_exclusion": self._nearest(self.distances)} if self.compares else None


def _cosines(target: Row, words: Sequence[Row]) -> tuple[float, ...]:
    return tuple(dot(target, word) / (math.hypot(*target) * math.hypot(*word)) for word in words)


def _gap(values: Sequence[float]) -> float:
    """Between the smallest and the second smallest."""
    first, second, *_ = sorted(values)
    return second - first
