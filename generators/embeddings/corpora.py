"""What is counted in a text: pairs in a window, n-grams, co-occurrences."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import dot

SLOTS = {
    "subject": "we they students teachers people experts",
    "often": "often sometimes rarely always",
    "verb": "train test compare build read draw",
    "adjective": "deep small large new simple noisy",
    "object": "networks models graphs filters layers decoders",
    "with": "with without despite after",
    "quantity": "many few some several",
    "things": "examples sentences images words tokens",
    "every": "every each",
    "day": "day night week month",
}
LENGTHS = {
    4: "subject verb adjective object",
    5: "subject often verb adjective object",
    6: "subject verb object with quantity things",
    7: "subject verb adjective object with quantity things",
    8: "subject often verb adjective object with quantity things",
    9: "subject verb adjective object with quantity things every day",
    10: "subject often verb adjective object with quantity things every day",
}
MOST_WORDS = 12
LARGEST = 20

Point = tuple[int, ...]


class WindowPairs(Question):
    """Training pairs and examples of word2vec, from a window that slides over a sentence.

    At level 1 the neighbours of one word are listed, at level 2 the pairs of the whole sentence are counted,
    at level 3 frequent words are removed first, and a CBOW example is computed.

    Source: Mikolov et al. 2013, Efficient estimation of word representations in vector space, section 3;
    Mikolov et al. 2013, Distributed representations of words and phrases, section 2.3 (subsampling).
    """

    title = "Pairs in a window"
    minutes = {1: 2, 2: 3, 3: 5}

    words: tuple[str, ...]
    window: int
    centre: int
    """The place of the word whose neighbours are wanted, from 1; 0 if there is none."""
    removed: tuple[int, ...]
    """The places of the words that are removed at first."""
    vectors: tuple[Point, ...]
    """Of the words, for CBOW; otherwise none."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        words = sentence(rng, rng.choice({1: [5, 6, 7], 2: [6, 7, 8], 3: [8, 9, 10]}[level]))
        places = range(1, len(words) + 1)
        if level == 1:
            return cls(words, rng.choice([1, 2, 3]), rng.choice(places), (), ())
        if level == 2:
            return cls(words, rng.choice([2, 3]), 0, (), ())
        removed = sorted(rng.sample(places, 2))
        centre = rng.choice([place for place in places if place not in removed])
        vectors = tuple((rng.randint(-4, 5), rng.randint(-4, 5)) for _ in words)
        return cls(words, 2, centre, tuple(removed), vectors)

    def flaw(self) -> str | None:
        count = len(self.words)
        if reason := flaw_of_words(self.words):
            return reason
        if len({*self.words}) < count:
            return "a word occurs twice"
        if not 1 <= self.window <= 4 or not 0 <= self.centre <= count:
            return "the window reaches 1 to 4 words to each side, and the centre is one of the words or 0"
        if len({*self.removed}) < len(self.removed) or not all(1 <= p <= count for p in self.removed):
            return "a removed word is not one of the sentence, or removed twice"
        if len(self.kept) < 3 or (self.centre and self.centre in self.removed):
            return "the centre is removed, or fewer than three words are kept"
        if self.vectors and (
            len(self.vectors) != count or not self.centre or {*map(len, self.vectors)} != {2}
        ):
            return "a CBOW example has a centre and a vector of two entries for each word"
        if any(abs(entry) > LARGEST for vector in self.vectors for entry in vector):
            return f"an entry of a vector is larger than {LARGEST}"
        if self.removed and not self.vectors:
            return "words are removed only where a CBOW example is wanted"
        if self.vectors and len(self.kept) <= 2 * self.window:
            return "no window is full"
        return None

    @property
    def kept(self) -> tuple[int, ...]:
        """The places of the words that are not removed."""
        return tuple(place for place in range(1, len(self.words) + 1) if place not in self.removed)

    @property
    def kept_words(self) -> tuple[str, ...]:
        """The words that are not removed."""
        return tuple(self.words[place - 1] for place in self.kept)

    def _neighbours(self, centre: int, places: Sequence[int]) -> tuple[int, ...]:
        """The places of the words in the window of a word, among those that are left."""
        index = places.index(centre)
        return (*places[max(0, index - self.window) : index], *places[index + 1 : index + self.window + 1])

    @property
    def neighbours(self) -> tuple[int, ...]:
        """The places of the words in the window of the centre."""
        return self._neighbours(self.centre, self.kept) if self.centre else ()

    @property
    def counts(self) -> tuple[int, ...]:
        """The pairs of each word as the centre."""
        return tuple(len(self._neighbours(place, self.kept)) for place in self.kept)

    @property
    def all_pairs(self) -> int:
        """Each distance d up to the window is found n − d times in either direction."""
        return sum(2 * max(0, len(self.kept) - d) for d in range(1, self.window + 1))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.vectors:
            return {
                "pairs": Integer(self.all_pairs),
                "full_windows": Integer(len(self.kept) - 2 * self.window),
                "mean": Vector(self._mean(self.neighbours), 3),
            }
        if self.centre:
            own = given("neighbours", self.neighbours)
            return {"neighbours": Vector(self.neighbours), "pairs": Integer(len(own))}
        return {"counts": Vector(self.counts), "pairs": Integer(sum(given("counts", self.counts)))}

    def _mean(self, places: Sequence[int]) -> tuple[float, ...]:
        columns = zip(*(self.vectors[place - 1] for place in places), strict=True)
        return tuple(sum(column) / len(places) for column in columns)

    @mistake("At the ends of the sentence the window is cut off: there are fewer neighbours.")
    def ignores_borders(self) -> MistakeValues:
        if self.centre and not self.vectors:
            return {"pairs": 2 * self.window}
        return self._counted(lambda count: 2 * self.window)

    def _counted(self, changed: Callable[[int], int]) -> MistakeValues:
        """The pairs where each word has another number of neighbours."""
        counts = tuple(map(changed, self.counts))
        if self.vectors:
            return {"pairs": sum(counts)}
        return None if self.centre else {"counts": counts, "pairs": sum(counts)}

    @mistake("The window reaches to both sides of the centre.")
    def one_side_only(self) -> MistakeValues:
        if self.centre and not self.vectors:
            later = tuple(place for place in self.neighbours if place > self.centre)
            return {"neighbours": later, "pairs": len(later)} if later else None
        return {"pairs": self.all_pairs // 2}

    @mistake("Near the ends the pairs become fewer, but not all words in the middle have only three.")
    def truncated_to_three(self) -> MistakeValues:
        return self._counted(lambda count: min(3, count)) if self.window > 1 else None

    @mistake("A word is no neighbour of itself.")
    def pairs_with_itself(self) -> MistakeValues:
        if self.centre and not self.vectors:
            own = tuple(sorted((*self.neighbours, self.centre)))
            return {"neighbours": own, "pairs": len(own)}
        return self._counted(lambda count: count + 1)

    @mistake("CBOW has one example for each centre, however many neighbours it has.")
    def cbow_counts_pairs(self) -> MistakeValues:
        if not self.vectors:
            return None
        return {"full_windows": 2 * self.window * (len(self.kept) - 2 * self.window)}

    @mistake("Without a full window on both sides a word is no centre here.")
    def counts_cut_windows(self) -> MistakeValues:
        return {"full_windows": len(self.kept)} if self.vectors else None

    @mistake("The words are removed before the window slides: what is left moves together.")
    def removes_too_late(self) -> MistakeValues:
        if not self.vectors:
            return None
        every = range(1, len(self.words) + 1)
        found = {p: [n for n in self._neighbours(p, every) if n in self.kept] for p in self.kept}
        mean = {"mean": self._mean(found[self.centre])} if found[self.centre] else {}
        return {"pairs": sum(map(len, found.values()))} | mean

    @mistake("The mean is the sum divided by the number of neighbours.")
    def sum_for_mean(self) -> MistakeValues:
        if not self.vectors:
            return None
        count = len(self.neighbours)
        return {"mean": tuple(count * entry for entry in self._mean(self.neighbours))}

    @mistake("The centre is what CBOW predicts: its own vector is not in the mean.")
    def mean_with_centre(self) -> MistakeValues:
        return {"mean": self._mean((*self.neighbours, self.centre))} if self.vectors else None


class KSkipNgrams(Question):
    """The number of n-grams and k-skip-n-grams of a sentence.

    At level 1 neighbours make bigrams, at level 2 words are skipped, at level 3 trigrams are counted, and
    which of them differ if a word occurs twice.

    Source: Guthrie et al. 2006, A closer look at skip-gram modelling, section 2.
    """

    title = "Skip-grams of a sentence"
    minutes = {1: 2, 2: 3, 3: 6}

    words: tuple[str, ...]
    n: int
    k: int
    """The most words that may be skipped in all."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            return cls(sentence(rng, rng.choice([4, 5, 6])), 2, 1)
        if level == 2:
            return cls(sentence(rng, rng.choice([5, 6, 7, 8])), *rng.choice([(2, 2), (3, 1), (2, 3)]))
        while True:  # the repeated word must make n-grams equal
            words = list(sentence(rng, rng.choice([6, 7])))
            first = rng.randrange(len(words) - 2)
            words[first + 2] = words[first]
            drawn = cls(tuple(words), *rng.choice([(2, 2), (3, 1), (3, 2)]))
            if drawn.flaw() is None:
                return drawn

    def flaw(self) -> str | None:
        if reason := flaw_of_words(self.words):
            return reason
        if not 2 <= self.n <= 4 or not 1 <= self.k <= 4:
            return "n is 2 to 4, and 1 to 4 words may be skipped"
        if len(self.words) < self.n + self.k:
            return "the sentence is too short to skip so many words"
        if any(a == b for a, b in pairwise(self.words)):
            return "a word follows itself"
        if self.repeats and len({*self._grams()}) == len([*self._grams()]):
            return "the repeated word makes no two equal n-grams"
        return None

    @property
    def repeats(self) -> bool:
        """Whether a word occurs twice."""
        return len({*self.words}) < len(self.words)

    @property
    def name(self) -> str:
        """Of the n-grams."""
        return {2: "bigrams", 3: "trigrams"}.get(self.n, f"{self.n}-grams")

    @property
    def by_skips(self) -> tuple[int, ...]:
        """How many n-grams skip exactly 0, 1, … words: the skips are shared among n − 1 gaps."""
        places = (len(self.words) - self.n - skips + 1 for skips in range(self.k + 1))
        return tuple(math.comb(self.n - 2 + s, s) * max(0, p) for s, p in enumerate(places))

    def _grams(self) -> Iterator[tuple[str, ...]]:
        """Every n-gram, grown word by word."""

        def grown(start: int, missing: int, skips: int) -> Iterator[tuple[str, ...]]:
            if not missing:
                yield ()
                return
            for skipped in range(skips + 1):
                place = start + skipped
                if place < len(self.words):
                    for rest in grown(place + 1, missing - 1, skips - skipped):
                        yield (self.words[place], *rest)

        for first, word in enumerate(self.words):
            for rest in grown(first + 1, self.n - 1, self.k):
                yield (word, *rest)

    @property
    def equal_grams(self) -> tuple[tuple[str, int], ...]:
        """The n-grams that are found more than once, and how often."""
        counts = Counter(" ".join(gram) for gram in self._grams())
        return tuple((gram, count) for gram, count in counts.items() if count > 1)

    def follow(self, given: Given) -> dict[str, Answer]:
        own = given("by_skips", self.by_skips)
        keys: dict[str, Answer] = {"by_skips": Vector(self.by_skips), "total": Integer(sum(own))}
        return keys | ({"different": Integer(len({*self._grams()}))} if self.repeats else {})

    @mistake("A {k}-skip n-gram may skip fewer words as well, or none.")
    def exactly_k(self) -> MistakeValues:
        return {"total": self.by_skips[-1]}

    @mistake("These are the n-grams of neighbours only; words may be skipped.")
    def no_skip(self) -> MistakeValues:
        return {"total": self.by_skips[0]}

    @mistake("The sentence has fewer places for a longer n-gram: it must fit in with what it skips.")
    def ignores_borders(self) -> MistakeValues:
        counts = tuple(math.comb(self.n - 2 + s, s) * len(self.words) for s in range(self.k + 1))
        return self.consequences(by_skips=counts)

    @mistake("The skipped words may lie in any of the gaps: each way is an n-gram of its own.")
    def one_way_to_skip(self) -> MistakeValues:
        if self.n == 2:
            return None
        places = (len(self.words) - self.n - skips + 1 for skips in range(self.k + 1))
        return self.consequences(by_skips=tuple(max(0, place) for place in places))

    @mistake("At most {k} words are skipped in all, not in each gap.")
    def skips_in_each_gap(self) -> MistakeValues:
        gaps, count = self.n - 1, len(self.words)
        if self.n == 2:
            return None
        spans = [0]
        for _ in range(gaps):
            spans = [span + skipped for span in spans for skipped in range(self.k + 1)]
        return {"total": sum(max(0, count - self.n - span + 1) for span in spans)}

    @mistake("The words keep their order.")
    def unordered(self) -> MistakeValues:
        return {"total": sum(self.by_skips) * math.factorial(self.n)}

    @mistake("Equal n-grams from different places count once here.")
    def counts_places(self) -> MistakeValues:
        return {"different": sum(self.by_skips)} if self.repeats else None


class Cooccurrence(Question):
    """Co-occurrence counts of a small corpus, the probabilities from them, and the loss of GloVe.

    At level 1 two entries are counted, at level 2 the whole matrix, at level 3 far neighbours weigh less, and
    an entry is fitted by vectors.

    Source: Pennington et al. 2014, GloVe: global vectors for word representation, sections 3 and 4.2.
    """

    title = "Co-occurrence matrix"
    minutes = {1: 3, 2: 6, 3: 8}

    sentences: tuple[tuple[str, ...], ...]
    window: int
    asked: str
    """`entries`, `matrix`, or `loss` for that of GloVe, where a neighbour at the distance d counts 1/d."""
    vectors: tuple[Point, ...]
    """Of the first word and, as a context, of the second; none without the loss."""
    biases: tuple[float, ...]

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        vocabulary = "abc" if level == 1 else rng.choice(["abc", "abcd"]) if level == 2 else "abcd"
        sizes = [rng.randint(3, 5) for _ in range(2 if level == 1 else rng.choice([2, 3]))]
        while True:
            texts = tuple(tuple(rng.choice(vocabulary) for _ in range(size)) for size in sizes)
            if level < 3:
                drawn = cls(texts, 1, "entries" if level == 1 else "matrix", (), ())
            else:
                pair = tuple((rng.randint(-2, 2), rng.randint(-2, 2)) for _ in range(2))
                drawn = cls(
                    texts, 2, "loss", pair, (rng.choice([0.5, -0.5, 0.2]), rng.choice([0.1, -0.1, 0.3]))
                )
            if drawn.flaw() is None and len(drawn.vocabulary) == len(vocabulary):
                return drawn

    def flaw(self) -> str | None:
        if self.asked not in {"entries", "matrix", "loss"}:
            return "asked is entries, matrix or loss"
        if not 1 <= len(self.sentences) <= 4 or not all(2 <= len(text) <= 8 for text in self.sentences):
            return "there are 1 to 4 sentences of 2 to 8 words"
        if any(len(word) > 12 or not word.isalpha() for text in self.sentences for word in text):
            return "a word has up to 12 letters"
        if not 3 <= len(self.vocabulary) <= 5 or self.window not in {1, 2}:
            return "there are 3 to 5 different words, and the window reaches 1 or 2 words to each side"
        if any(
            text[p] in text[p + 1 : p + 1 + self.window] for text in self.sentences for p in range(len(text))
        ):
            return "a word is its own neighbour"
        if not self.matrix[0][1] or not self.matrix[0][2]:
            return "the first word does not occur beside the second and the third"
        if not self.weighted:
            return (
                None if not self.vectors and not self.biases else "vectors and biases are for weighted counts"
            )
        sizes = {*map(len, self.vectors)}
        if len(self.vectors) != 2 or len(sizes) != 1 or not 1 <= min(sizes) <= 3 or len(self.biases) != 2:
            return "there are two vectors of the same size, up to 3, and two biases"
        numbers = (*self.vectors[0], *self.vectors[1], *self.biases)
        if not all(abs(number) <= LARGEST and number == round(number, 2) for number in numbers):
            return f"a number is larger than {LARGEST} or has more than two decimals"
        if not all(map(any, self.vectors)):
            return "a vector is zero"
        return "the entry is fitted already" if abs(self.error) < 0.1 else None

    @property
    def weighted(self) -> bool:
        """Whether far neighbours weigh less."""
        return self.asked == "loss"

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """The different words, in the order of the alphabet."""
        return tuple(sorted({word for text in self.sentences for word in text}))

    def _counted(
        self, texts: Sequence[Sequence[str]], window: int, *, backwards: bool = True
    ) -> list[list[float]]:
        words = self.vocabulary
        matrix: list[list[float]] = [[0] * len(words) for _ in words]
        for text in texts:
            for place, word in enumerate(text):
                for distance, other in enumerate(text[place + 1 : place + 1 + window], 1):
                    i, j = words.index(word), words.index(other)
                    matrix[i][j] += 1 / distance if self.weighted else 1
                    if backwards:
                        matrix[j][i] += 1 / distance if self.weighted else 1
        return matrix

    @property
    def matrix(self) -> tuple[tuple[float, ...], ...]:
        """How often each word occurs in the windows of each other one."""
        return tuple(map(tuple, self._counted(self.sentences, self.window)))

    @property
    def error(self) -> float:
        """How far the vectors of the first two words miss the logarithm of their entry."""
        return self.predicted - math.log(self.matrix[0][1])

    @property
    def predicted(self) -> float:
        """What the vectors and biases make of the entry of the first two words."""
        return dot(*self.vectors) + sum(self.biases) if self.vectors else 0.0

    def follow(self, given: Given) -> dict[str, Answer]:
        matrix = self.matrix
        if self.weighted:
            row = given("row", matrix[0])
            first, third = (row[place] / sum(row) for place in (1, 2))
            return {
                "row": Vector(matrix[0], 1),
                "first": Real(first, 3),
                "second": Real(third, 3),
                "ratio": Real(given("first", first) / given("second", third), 3),
                "loss": Real((self.predicted - math.log(row[1])) ** 2, 3),
            }
        if self.asked == "entries":
            return {"entry": Integer(round(matrix[0][1])), "other": Integer(round(matrix[1][2]))}
        own = given("matrix", matrix)
        share = own[0][1] / sum(own[0])
        return {"matrix": Matrix(matrix), "total": Integer(round(sum(own[0]))), "share": Real(share, 3)}

    @mistake("Words count in both directions: as neighbours before and behind.")
    def one_direction(self) -> MistakeValues:
        return self._instead(self._counted(self.sentences, self.window, backwards=False))

    @mistake("A window does not reach beyond the end of its sentence.")
    def counts_across_sentences(self) -> MistakeValues:
        joined = [word for text in self.sentences for word in text]
        return self._instead(self._counted([joined], self.window))

    @mistake("Only words within the window count, not all of the sentence.")
    def window_is_sentence(self) -> MistakeValues:
        return self._instead(self._counted(self.sentences, MOST_WORDS))

    @mistake("A word is not in its own window: the diagonal counts other places only.")
    def counts_itself(self) -> MistakeValues:
        matrix = [list(row) for row in self.matrix]
        for place, word in enumerate(self.vocabulary):
            matrix[place][place] += sum(text.count(word) for text in self.sentences)
        return self._instead(matrix)

    @mistake("A neighbour at the distance 2 counts one half.")
    def equal_weights(self) -> MistakeValues:
        if not self.weighted:
            return None
        words, row = self.vocabulary, [0.0] * len(self.vocabulary)
        for text in self.sentences:
            for place, word in enumerate(text):
                for other in (*text[max(0, place - 2) : place], *text[place + 1 : place + 3]):
                    row[words.index(other)] += word == words[0]
        return self.consequences(row=tuple(row)) if row[1] and row[2] else None

    @mistake("The probability divides by the sum of the row, not by that of the whole matrix.")
    def divides_by_all(self) -> MistakeValues:
        every = sum(map(sum, self.matrix))
        if self.weighted:
            return self.consequences(first=self.matrix[0][1] / every, second=self.matrix[0][2] / every)
        return {"share": self.matrix[0][1] / every} if self.asked == "matrix" else None

    @mistake("GloVe fits the logarithm of the count, not the count.")
    def fits_the_count(self) -> MistakeValues:
        if not self.weighted:
            return None
        return {"loss": (self.predicted - self.matrix[0][1]) ** 2}

    @mistake("The loss is the square of the difference.")
    def not_squared(self) -> MistakeValues:
        return {"loss": self.error} if self.weighted else None

    @mistake("Both biases belong to what the vectors predict.")
    def forgets_biases(self) -> MistakeValues:
        return {"loss": (self.error - sum(self.biases)) ** 2} if self.weighted else None

    def _instead(self, matrix: Sequence[Sequence[float]]) -> MistakeValues:
        if self.weighted:
            return self.consequences(row=tuple(matrix[0])) if matrix[0][1] and matrix[0][2] else None
        if self.asked == "entries":
            return {"entry": matrix[0][1], "other": matrix[1][2]}
        return self.consequences(matrix=tuple(map(tuple, matrix))) if sum(matrix[0]) else None


def sentence(rng: Random, length: int) -> tuple[str, ...]:
    """An English sentence of 4 to 10 words, all different."""
    return tuple(rng.choice(SLOTS[slot].split()) for slot in LENGTHS[length].split())


def flaw_of_words(words: Sequence[str]) -> str | None:
    """Why words make no sentence to be counted in, or None."""
    if not 3 <= len(words) <= MOST_WORDS:
        return f"a sentence has 3 to {MOST_WORDS} words"
    if not all(word.isalpha() and len(word) <= 12 for word in words):
        return "a word has up to 12 letters"
    return None
