"""Embedding tables: one-hot vectors, lookups, and sentences made of word vectors."""

from __future__ import annotations

import math
from itertools import chain
from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix, Real, Shape, ShortText, Vector
from ...question import Given, MistakeValues, Question, mistake

Point = tuple[int, ...]

THEMES = (
    "spring summer autumn winter",
    "red green blue black white",
    "cat dog bird fish horse",
    "north east south west",
    "red amber green",
    "copper silver gold",
    "oak pine birch maple ash elm",
    "piano violin flute drum harp horn",
)
LARGEST_ENTRY = 20
MILLION = 1_000_000


class OneHotLookup(Question):
    """One-hot vectors of words, the rows of an embedding table, and what such a table costs.

    At level 1 two words are written as one-hot vectors, at level 2 token numbers pick rows, at level 3 a
    batch goes through a large table with padding, frozen or trained.

    Source: torch.nn.Embedding; torch.nn.functional.one_hot; Mikolov et al. 2013, Efficient estimation of word
    representations in vector space, section 3 (two tables).
    """

    title = "One-hot vectors and embedding tables"
    minutes = {1: 2, 2: 4, 3: 5}

    words: tuple[str, ...]
    """The vocabulary at level 1; otherwise none."""
    table: tuple[Point, ...]
    """A small embedding table at level 2; otherwise none."""
    tokens: tuple[Point, ...]
    """Token numbers from 0, a row for each sequence; at level 1 those of two words."""
    vocabulary: int
    dimension: int
    """Of a large table; 0 at level 1."""
    classes: int
    """Of the linear layer behind the table at level 3; otherwise 0."""
    frozen: bool

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            words = rng.choice(THEMES).split()
            rng.shuffle(words)
            return cls(tuple(words), (), (tuple(rng.sample(range(len(words)), 2)),), 0, 0, 0, False)
        dimension = rng.choice([50, 64, 100, 128, 200, 256, 300])
        if level == 2:
            rows = rng.choice([4, 5])
            width = rng.choice([2, 3])
            table = tuple(tuple(rng.randint(-5, 5) for _ in range(width)) for _ in range(rows))
            tokens = tuple(rng.choice(range(rows)) for _ in range(3))
            return cls(
                (), table, (tokens,), rng.choice([1000, 2000, 5000, 10000, 20000]), dimension, 0, False
            )
        vocabulary = rng.choice([10000, 20000, 30000, 40000, 50000])
        pool = rng.sample(range(1, 100), 4)
        first = tuple(rng.choice(pool) for _ in range(5))
        second = (*(rng.choice(pool) for _ in range(3)), 0, 0)
        return cls((), (), (first, second), vocabulary, dimension, rng.randint(2, 10), rng.random() < 0.5)

    def flaw(self) -> str | None:
        if not 1 <= len(self.tokens) <= 4 or not all(1 <= len(row) <= 8 for row in self.tokens):
            return "there are 1 to 4 sequences of 1 to 8 token numbers"
        if self.words:
            return self._flaw_of_words()
        if not (100 <= self.vocabulary <= 200_000 and 2 <= self.dimension <= 4096):
            return "a large table has 100 to 200000 rows of 2 to 4096 entries"
        return self._flaw_of_table() if self.table else self._flaw_of_batch()

    def _flaw_of_words(self) -> str | None:
        size = len(self.words)
        if not 3 <= size <= 6 or len({*self.words}) < size:
            return "the vocabulary has 3 to 6 different words"
        if not all(word.isalpha() and len(word) <= 12 for word in self.words):
            return "a word has up to 12 letters"
        if [len(row) for row in self.tokens] != [2] or not all(0 <= t < size for t in self.tokens[0]):
            return "two of the words are wanted, by their numbers from 0"
        if self.tokens[0][0] == self.tokens[0][1]:
            return "the two words are the same"
        return "a vocabulary of words has no table" if self.table or self.classes or self.frozen else None

    def _flaw_of_table(self) -> str | None:
        rows, width = len(self.table), len(self.table[0])
        if not 3 <= rows <= 6 or not 2 <= width <= 4 or {*map(len, self.table)} != {width}:
            return "a small table has 3 to 6 rows of 2 to 4 entries"
        if any(abs(entry) > LARGEST_ENTRY for row in self.table for entry in row):
            return f"an entry is larger than {LARGEST_ENTRY}"
        if len({*self.table}) < rows:
            return "two rows of the table are equal"
        if len(self.tokens) > 1 or not all(0 <= token < rows for token in self.tokens[0]):
            return "one sequence of numbers of its rows, from 0, is looked up"
        if len({*self.tokens[0]}) < 2:
            return "all tokens are the same"
        return "a small table has neither classes nor is it frozen" if self.classes or self.frozen else None

    def _flaw_of_batch(self) -> str | None:
        if len({*map(len, self.tokens)}) > 1 or not 2 <= self.classes <= 1000:
            return "the sequences of a batch are equally long, and there are 2 to 1000 classes"
        every = [*chain(*self.tokens)]
        if not all(0 <= token < self.vocabulary for token in every) or not 0 < every.count(0) < len(every):
            return (
                "token numbers go from 0 to the size of the vocabulary, and some but not all are padding (0)"
            )
        return "no token occurs twice" if len({*every}) == len(every) else None

    @property
    def size(self) -> tuple[int, int]:
        """Of the batch: sequences and steps."""
        return len(self.tokens), len(self.tokens[0])

    @property
    def used(self) -> tuple[int, ...]:
        """The different tokens that are no padding."""
        return tuple(sorted({*chain(*self.tokens)} - {0}))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.words:
            first, second = (_one_hot(token, len(self.words)) for token in self.tokens[0])
            own = given("first", first), given("second", second)
            return {
                "first": Vector(first),
                "second": Vector(second),
                "distance": Real(math.dist(*own), 3),
            }
        entries = self.vocabulary * self.dimension
        if self.table:
            rows = tuple(self.table[token] for token in self.tokens[0])
            return {"rows": Matrix(rows), "parameters": Integer(entries), "both": Integer(2 * entries)}
        return {
            "shape": Shape((*self.size, self.dimension)),
            "trained": Integer(self._trained),
            "megabytes": Real(4 * entries / MILLION, 2),
            "changed_rows": Integer(len(self.used)),
        }

    @mistake("The 1 stands at the place of the word in the vocabulary, and all other entries are 0.")
    def next_place(self) -> MistakeValues:
        if not self.words:
            return None
        size = len(self.words)
        return {
            name: _one_hot((token + 1) % size, size)
            for name, token in zip(("first", "second"), self.tokens[0], strict=True)
        }

    @mistake("This is the difference of the words' numbers; all one-hot vectors are equally far apart.")
    def integer_distance(self) -> MistakeValues:
        if not self.words:
            return None
        first, second = self.tokens[0]
        return {"distance": abs(first - second)}

    @mistake("The Euclidean distance is the square root of the sum of squares, 1 + 1.")
    def no_square_root(self) -> MistakeValues:
        return {"distance": 2} if self.words else None

    @mistake("Rows are numbered from 0 here: token 0 is the first one.")
    def counts_from_one(self) -> MistakeValues:
        if not self.table or 0 in self.tokens[0]:
            return None
        return {"rows": tuple(self.table[token - 1] for token in self.tokens[0])}

    @mistake("A token picks its row of the table, not its column.")
    def column_for_row(self) -> MistakeValues:
        if not self.table or max(self.tokens[0]) >= len(self.table[0]):
            return None
        width = len(self.table[0])
        return {"rows": tuple(tuple(row[t] for row in self.table[:width]) for t in self.tokens[0])}

    @mistake("The table has a number for each token in each dimension: the sizes are multiplied.")
    def sum_of_sizes(self) -> MistakeValues:
        return {"parameters": self.vocabulary + self.dimension} if self.table else None

    @mistake("An embedding has no biases.")
    def counts_biases(self) -> MistakeValues:
        if self.words:
            return None
        entries = self.vocabulary * self.dimension
        if self.table:
            return {"parameters": entries + self.dimension}
        return None if self.frozen else {"trained": self._trained + self.dimension}

    @property
    def _trained(self) -> int:
        linear = self.dimension * self.classes + self.classes
        return linear if self.frozen else self.vocabulary * self.dimension + linear

    @mistake("Word2vec has two tables: one for centres and one for contexts.")
    def one_table_only(self) -> MistakeValues:
        return {"both": self.vocabulary * self.dimension} if self.table else None

    @mistake("A frozen table is not trained: it has no share in the trained parameters.")
    def trains_frozen(self) -> MistakeValues:
        return {"trained": self.vocabulary * self.dimension + self._trained} if self.frozen else None

    @mistake("Each token is replaced by its vector: the batch keeps its axes and gets one more.")
    def one_hot_shape(self) -> MistakeValues:
        return {"shape": (*self.size, self.vocabulary)} if self.classes else None

    @mistake("The vectors of a sequence are not joined: they stay rows of their own.")
    def flattened_shape(self) -> MistakeValues:
        return {"shape": (self.size[0], self.size[1] * self.dimension)} if self.classes else None

    @mistake("A float32 number takes 4 bytes, and a megabyte is a million bytes.")
    def numbers_for_bytes(self) -> MistakeValues:
        return {"megabytes": self.vocabulary * self.dimension / MILLION} if self.classes else None

    @mistake("The row of the padding gets no gradient.")
    def padding_is_trained(self) -> MistakeValues:
        return {"changed_rows": len(self.used) + 1} if self.classes else None

    @mistake("A token that occurs several times has one row: its gradients are added.")
    def counts_occurrences(self) -> MistakeValues:
        if not self.classes:
            return None
        return {"changed_rows": sum(token != 0 for token in chain(*self.tokens))}


class SentencePooling(Question):
    """A vector for a sentence, from those of its words: sums and means, and what keeps their order.

    At level 1 the vectors are added and averaged, at level 2 unknown words are left out and two sentences are
    compared, at level 3 the inputs of a network are counted for concatenation, mean and a convolution.

    Source: Iyyer et al. 2015, Deep unordered composition rivals syntactic methods for text classification,
    section 2; Kim 2014, Convolutional neural networks for sentence classification, section 2;
    torch.nn.EmbeddingBag.
    """

    title = "Vector of a sentence"
    minutes = {1: 2, 2: 4, 3: 5}

    vectors: tuple[Point, ...]
    """Of the words a, b, c, …; none at level 3."""
    sentences: tuple[str, ...]
    """Words are letters; those without a vector are unknown."""
    sizes: tuple[int, ...]
    """At level 3: words, dimensions, hidden units, filters and their width."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 3:
            words, dimension = rng.choice([10, 12, 15, 20, 30]), rng.choice([50, 64, 100, 128, 200, 300])
            hidden, filters = rng.choice([16, 20, 32, 50, 64]), rng.choice([16, 20, 32, 50, 64, 100])
            return cls((), (), (words, dimension, hidden, filters, rng.choice([2, 3, 4, 5])))
        size = rng.choice([3, 4])
        vectors = tuple(tuple(rng.randint(-4, 5) for _ in range(level + 1)) for _ in range(4))
        first = [rng.choice("abcd") for _ in range(size)]
        if level == 1:
            return cls(vectors, ("".join(first),), ())
        first = [*rng.sample("abcd", 3), rng.choice("abcd"), rng.choice("xyz")]
        rng.shuffle(first)
        second = rng.sample(first, len(first))
        chance = rng.random()
        if chance < 0.3:  # the unknown word moves, the others stay
            unknown = next(word for word in first if word in "xyz")
            second = [word for word in first if word != unknown]
            second.insert(rng.randrange(len(first)), unknown)
        elif chance < 0.65:
            place = rng.choice([n for n, word in enumerate(second) if word in "abcd"])
            second[place] = rng.choice([word for word in "abcd" if word != second[place]])
        return cls(vectors, ("".join(first), "".join(second)), ())

    def flaw(self) -> str | None:
        if self.sizes:
            return self._flaw_of_sizes()
        if not 2 <= len(self.vectors) <= 6 or not 1 <= len(self.sentences) <= 2:
            return "there are 2 to 6 words with vectors, and one sentence or two"
        width = len(self.vectors[0])
        if not 1 <= width <= 4 or {*map(len, self.vectors)} != {width}:
            return "all vectors have the same number of entries, up to 4"
        if any(abs(entry) > LARGEST_ENTRY for vector in self.vectors for entry in vector):
            return f"an entry is larger than {LARGEST_ENTRY}"
        if len({*self.vectors}) < len(self.vectors):
            return "two words have the same vector"
        if not all(2 <= len(s) <= 8 and s.isascii() and s.islower() and s.isalpha() for s in self.sentences):
            return "a sentence is written as 2 to 8 small letters"
        if not all(len({*self._known(s)}) > 1 for s in self.sentences):
            return "a sentence has fewer than two different known words"
        if len(self.sentences) == 1:
            return "a word of a single sentence is unknown" if self._unknown(self.sentences[0]) else None
        first, second = self.sentences
        if first == second or not self._unknown(first) or len(first) != len(second):
            return "the sentences are the same, differ in length, or have no unknown word"
        if sorted(first) != sorted(second) and self._mean(first) == self._mean(second):
            return "sentences of different words have the same mean"
        return None

    def _flaw_of_sizes(self) -> str | None:
        if self.vectors or self.sentences or len(self.sizes) != 5:
            return "five sizes come without vectors and sentences"
        if not all(1 <= size <= 4096 for size in self.sizes):
            return "a size is 1 to 4096"
        return (
            None
            if 2 <= self.sizes[4] < self.sizes[0]
            else "the filters are 2 words wide or more, and shorter than the text"
        )

    def _known(self, sentence: str) -> str:
        return "".join(word for word in sentence if word in self.letters)

    def _unknown(self, sentence: str) -> int:
        return len(sentence) - len(self._known(sentence))

    @property
    def letters(self) -> str:
        """The words that have vectors."""
        return "abcdef"[: len(self.vectors)]

    @property
    def known(self) -> tuple[str, ...]:
        """The sentences without unknown words."""
        return tuple(map(self._known, self.sentences))

    def _vectors(self, sentence: str) -> list[Point]:
        return [self.vectors[self.letters.index(word)] for word in self._known(sentence)]

    def _sum(self, sentence: str) -> Point:
        return tuple(map(sum, zip(*self._vectors(sentence), strict=True)))

    def _mean(self, sentence: str) -> tuple[float, ...]:
        return tuple(entry / len(self._known(sentence)) for entry in self._sum(sentence))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.sizes:
            return self._follow_sizes(given)
        first = self.sentences[0]
        if len(self.sentences) == 1:
            own = given("sum", self._sum(first))
            mean = tuple(entry / len(first) for entry in own)
            return {"sum": Vector(self._sum(first)), "mean": Vector(mean, 3)}
        second = self.sentences[1]
        means = self._mean(first), self._mean(second)
        same = given("first", means[0]) == given("second", means[1])
        joined = self.known[0] == self.known[1]
        return {
            "first": Vector(means[0], 3),
            "second": Vector(means[1], 3),
            "same_mean": _yes(same),
            "same_concatenation": _yes(joined),
        }

    def _follow_sizes(self, given: Given) -> dict[str, Answer]:
        words, dimension, hidden, filters, width = self.sizes
        inputs = given("inputs", words * dimension)
        return {
            "inputs": Integer(words * dimension),
            "concatenation": Integer(inputs * hidden + hidden),
            "mean_layer": Integer(dimension * hidden + hidden),
            "length": Integer(words - width + 1),
            "convolution": Integer(width * dimension * filters + filters),
        }

    @mistake("The sum is not divided yet: the mean divides by the number of words.")
    def sum_for_mean(self) -> MistakeValues:
        if self.sizes:
            return None
        if len(self.sentences) == 1:
            return {"mean": self._sum(self.sentences[0])}
        return self.consequences(first=self._sum(self.sentences[0]), second=self._sum(self.sentences[1]))

    @mistake("The mean divides by the number of words, not by the number of entries.")
    def divides_by_dimension(self) -> MistakeValues:
        if len(self.sentences) != 1:
            return None
        return {"mean": tuple(entry / len(self.vectors[0]) for entry in self._sum(self.sentences[0]))}

    @mistake("A word that occurs twice counts twice.")
    def counts_words_once(self) -> MistakeValues:
        if len(self.sentences) != 1 or len({*self.sentences[0]}) == len(self.sentences[0]):
            return None
        return self.consequences(sum=self._sum("".join(sorted({*self.sentences[0]}))))

    @mistake("Unknown words are left out: neither are they added nor do they count.")
    def counts_unknown_words(self) -> MistakeValues:
        if len(self.sentences) != 2:
            return None
        means = (tuple(entry / len(s) for entry in self._sum(s)) for s in self.sentences)
        return self.consequences(**dict(zip(("first", "second"), means, strict=True)))

    @mistake("A sum does not depend on the order of its terms.")
    def order_changes_mean(self) -> MistakeValues:
        if len(self.sentences) != 2 or sorted(self.known[0]) != sorted(self.known[1]):
            return None
        return {"same_mean": "no"}

    @mistake("A concatenation keeps the order: other words at a place are other numbers.")
    def concatenation_without_order(self) -> MistakeValues:
        return {"same_concatenation": "yes"} if len(self.sentences) == 2 else None

    @mistake("A concatenation has the entries of all words: words times dimensions.")
    def concatenation_of_one(self) -> MistakeValues:
        return self.consequences(inputs=self.sizes[1]) if self.sizes else None

    @mistake("Each of the hidden units has a bias.")
    def forgets_biases(self) -> MistakeValues:
        if not self.sizes:
            return None
        words, dimension, hidden, filters, width = self.sizes
        return {
            "concatenation": words * dimension * hidden,
            "mean_layer": dimension * hidden,
            "convolution": width * dimension * filters,
        }

    @mistake("The mean has as many entries as one word: the number of words does not matter.")
    def mean_grows(self) -> MistakeValues:
        if not self.sizes:
            return None
        words, dimension, hidden, *_ = self.sizes
        return {"mean_layer": words * dimension * hidden + hidden}

    @mistake("A window of {width} words fits in at n − {width} + 1 places.")
    def one_place_less(self) -> MistakeValues:
        return {"length": self.sizes[0] - self.width} if self.sizes else None

    @mistake("A filter looks at all dimensions of each of its words.")
    def filter_of_one_dimension(self) -> MistakeValues:
        return {"convolution": self.width * self.sizes[3] + self.sizes[3]} if self.sizes else None

    @property
    def width(self) -> int:
        """Of the filters at level 3; otherwise 0."""
        return self.sizes[4] if len(self.sizes) == 5 else 0


def _one_hot(place: int, size: int) -> Point:
    return tuple(int(number == place) for number in range(size))


def _yes(truth: bool) -> ShortText:
    return ShortText("yes" if truth else "no", ("yes", "no"))
