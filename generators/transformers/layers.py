"""What a transformer layer does to a token: positions, residuals, normalization and feed-forward networks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain
from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, dot

Point = tuple[int, ...]
Weights = tuple[Point, ...]

EVEN = ((1, 1, -1, -1), (2, 2, -2, -2), (3, 3, -3, -3), (5, -1, -1, -3), (-5, 1, 1, 3))
"""Deviations from a mean whose standard deviation is a whole number."""
LARGEST = 20
MOST_DIMENSIONS = 8
BASE = 10_000


class EncoderSublayer(Question):
    """A token through residual connections, layer normalization and the feed-forward network.

    At level 1 a residual is added and normalized, at level 2 the feed-forward network makes the residual, at
    level 3 the token passes a whole layer, with the normalization after or before each sublayer.

    Source: Vaswani et al. 2017, Attention is all you need, sections 3.1 and 3.3; Xiong et al. 2020, On layer
    normalization in the transformer architecture, table 1; torch.nn.TransformerEncoderLayer (norm_first).
    """

    title = "Sublayers of a transformer"
    minutes = {1: 3, 2: 4, 3: 8}

    form: str
    """`residual`, `feed_forward`, `post` or `pre`."""
    x: Point
    """The token."""
    sublayer: Point
    """What the sublayer returns, of the form `residual`; otherwise none."""
    W1: Weights
    b1: Point
    W2: Weights
    b2: Point
    """Of the feed-forward network, a row for each unit; none of the form `residual`."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level > 1:
            while True:  # some of the hidden units must be open, and some closed
                drawn = cls._with_network(rng, level)
                if drawn.flaw() is None:
                    return drawn
        total = _spread(rng)
        x = tuple(rng.randint(-3, 4) for _ in range(4))
        sublayer = tuple(entry - value for entry, value in zip(total, x, strict=True))
        return cls("residual", x, sublayer, (), (), (), ())

    @classmethod
    def _with_network(cls, rng: Random, level: int) -> Self:
        if level == 2:
            small = [-2, -1, 1, 2]
            x = (rng.choice(small), rng.choice([-3, *small, 3]))
            return cls("feed_forward", x, (), *_network(rng, 2, 3, small))
        form = rng.choice(["post", "pre"])
        return cls(form, _spread(rng), (), *_network(rng, 4, 2, [-1, 0, 1]))

    def flaw(self) -> str | None:
        if self.form not in {"residual", "feed_forward", "post", "pre"}:
            return "form is residual, feed_forward, post or pre"
        size = len(self.x)
        if not 2 <= size <= 6 or any(abs(entry) > LARGEST for entry in (*self.x, *self.sublayer)):
            return f"a token has 2 to 6 entries of up to {LARGEST}"
        if self.form == "residual":
            if len(self.sublayer) != size or any(map(len, (self.W1, self.b1, self.W2, self.b2))):
                return "a sublayer returns as many entries as the token has, and there is no network"
            if not any(self.sublayer) or size < 3:
                return "the sublayer returns zero, or there are fewer than three entries to be normalized"
            return "the sum has no spread" if len({*self._sum()}) == 1 else None
        if reason := self._flaw_of_network():
            return reason
        if self.form == "feed_forward":
            return self._flaw_of_hidden(self.x)
        if size < 3 or len({*self.x}) == 1:
            return "the token has no spread to be normalized"
        if len({round(entry, 9) for entry in self._before_second_norm()}) == 1:
            return "the second normalization has nothing to divide by"
        return self._flaw_of_hidden(self._network_input())

    def _flaw_of_network(self) -> str | None:
        size, units = len(self.x), len(self.b1)
        if self.sublayer or not 1 <= units <= 4 or len(self.b2) != size:
            return "the network has 1 to 4 hidden units and returns as many entries as the token has"
        if [*map(len, self.W1)] != [size] * units or [*map(len, self.W2)] != [units] * size:
            return "the matrices of the network do not fit"
        entries = (*chain(*self.W1), *chain(*self.W2), *self.b1, *self.b2)
        return f"a weight is larger than {LARGEST}" if max(map(abs, entries)) > LARGEST else None

    def _flaw_of_hidden(self, entries: Row) -> str | None:
        sums = _affine(self.W1, entries, self.b1)
        if any(abs(entry) < 1e-6 for entry in sums):
            return "a hidden unit has the input 0"
        if not any(entry > 0 for entry in sums) or not any(entry < 0 for entry in sums):
            return "all hidden units are open, or all are closed"
        return None

    def _sum(self) -> tuple[int, ...]:
        return tuple(a + b for a, b in zip(self.x, self.sublayer, strict=True))

    def _network_input(self) -> tuple[float, ...]:
        """What the feed-forward network of a layer is given."""
        first = self._first()
        return first if self.form == "post" else normalized(first)

    def _first(self) -> tuple[float, ...]:
        """After the attention, in which the only token sees itself unchanged."""
        if self.form == "post":
            return normalized(self.x)  # the sum is 2x
        return tuple(a + b for a, b in zip(self.x, normalized(self.x), strict=True))

    def _before_second_norm(self) -> tuple[float, ...]:
        first = self._first()
        return _added(first, self.feed_forward(first)) if self.form == "post" else first

    def feed_forward(self, entries: Row) -> tuple[float, ...]:
        """The feed-forward network."""
        return _affine(self.W2, _relu(_affine(self.W1, entries, self.b1)), self.b2)

    @property
    def second_sum(self) -> tuple[float, ...]:
        """What is normalized at last, of the form `post`."""
        return self._before_second_norm() if self.form == "post" else ()

    @property
    def mean(self) -> float:
        """Of what is normalized first."""
        values = self._sum() if self.form == "residual" else self.x
        return sum(values) / len(values)

    @property
    def deviation(self) -> float:
        """The standard deviation of what is normalized first."""
        values = self._sum() if self.form == "residual" else self.x
        return math.sqrt(sum((value - self.mean) ** 2 for value in values) / len(values))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "residual":
            total = given("sum", self._sum())
            return {"sum": Vector(self._sum()), "output": Vector(normalized(total), 3)}
        if self.form == "feed_forward":
            hidden = _relu(_affine(self.W1, self.x, self.b1))
            network = _affine(self.W2, given("hidden", hidden), self.b2)
            output = _added(self.x, given("network", network))
            return {"hidden": Vector(hidden), "network": Vector(network), "output": Vector(output)}
        first = self._first()
        own = given("first", first)
        source = own if self.form == "post" else normalized(own)
        hidden = _relu(_affine(self.W1, source, self.b1))
        output = _added(own, _affine(self.W2, given("hidden", hidden), self.b2))
        last = normalized(output) if self.form == "post" else output
        return {"first": Vector(first, 3), "hidden": Vector(hidden, 3), "output": Vector(last, 3)}

    @mistake("The residual is added first, and the sum is normalized.")
    def normalizes_before_adding(self) -> MistakeValues:
        if self.form == "residual" and len({*self.x}) > 1:
            return {"output": _added(normalized(self.x), self.sublayer)}
        if self.form == "post":
            return self.consequences(first=_added(self.x, normalized(self.x)))
        return None

    @mistake("The normalization comes first here; what is added is the token itself, not normalized.")
    def normalizes_after_adding(self) -> MistakeValues:
        return self.consequences(first=normalized(self.x)) if self.form == "pre" else None

    @mistake("The residual is missing: the token is added to what the sublayer returns.")
    def no_residual(self) -> MistakeValues:
        if self.form == "residual":
            return self.consequences(sum=self.sublayer) if len({*self.sublayer}) > 1 else None
        if self.form == "feed_forward":
            return {"output": self.feed_forward(self.x)}
        if self.form == "pre":
            return self.consequences(first=normalized(self.x))
        network = self.feed_forward(self._first())
        return {"output": normalized(network)} if len({*network}) > 1 else None

    @mistake("Layer normalization divides by the number of entries, not by one less.")
    def unbiased_variance(self) -> MistakeValues:
        if self.form not in {"residual", "post"}:
            return None
        factor = math.sqrt(1 - 1 / len(self.x))
        if self.form == "residual":
            return {"output": tuple(factor * entry for entry in normalized(self._sum()))}
        return self.consequences(first=tuple(factor * entry for entry in self._first()))

    @mistake("Layer normalization divides by the standard deviation, the root of the variance.")
    def divides_by_variance(self) -> MistakeValues:
        if self.form != "residual":
            return None
        return {"output": tuple(entry / self.deviation for entry in normalized(self._sum()))}

    @mistake("The hidden units have a ReLU: negative sums become 0.")
    def no_inner_relu(self) -> MistakeValues:
        if self.form == "residual":
            return None
        entries = self.x if self.form == "feed_forward" else self._network_input()
        return self._hidden(_affine(self.W1, entries, self.b1))

    def _hidden(self, hidden: Row) -> MistakeValues:
        try:
            return self.consequences(hidden=tuple(hidden))
        except ZeroDivisionError:
            return {"hidden": tuple(hidden)}

    @mistake("The ReLU stands between the two matrices, not behind the second one.")
    def relu_after_second_matrix(self) -> MistakeValues:
        if self.form != "feed_forward":
            return None
        network = _relu(_affine(self.W2, _affine(self.W1, self.x, self.b1), self.b2))
        return self.consequences(network=network)

    @mistake("Both layers of the network have biases.")
    def forgets_biases(self) -> MistakeValues:
        if self.form != "feed_forward":
            return None
        hidden = _relu(_affine(self.W1, self.x, (0,) * len(self.b1)))
        network = _affine(self.W2, hidden, (0,) * len(self.b2))
        return {"hidden": hidden, "network": network, "output": _added(self.x, network)}

    @mistake("After the feed-forward network the sum is normalized once more.")
    def forgets_second_norm(self) -> MistakeValues:
        return {"output": self._before_second_norm()} if self.form == "post" else None

    @mistake("The feed-forward network is given the normalized token, though the sum goes on without that.")
    def network_of_raw_token(self) -> MistakeValues:
        if self.form != "pre":
            return None
        return self._hidden(_relu(_affine(self.W1, self._first(), self.b1)))


class PositionalEncoding(Question):
    """Sinusoidal positional encodings, added to an embedding, and how they depend on the offset.

    At level 1 the encoding of a position is written down, at level 2 it is added to an embedding, at level 3
    encodings are multiplied and rotated.

    Source: Vaswani et al. 2017, Attention is all you need, section 3.5.
    """

    title = "Positional encoding"
    minutes = {1: 2, 2: 4, 3: 7}

    form: str
    """`vector`, `sum` or `offset`."""
    position: int
    dimension: int
    embedding: tuple[float, ...]
    """Of the token, of the form `sum`; otherwise none."""
    offset: int
    """To a later position; 0 but for the form `offset`."""
    shift: int
    """Of both positions at last; 0 but for the form `offset`."""
    longest: int
    """Positions of a learned table; 0 but for the form `offset`."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            return cls("vector", rng.randint(1, 30), rng.choice([2, 4]), (), 0, 0, 0)
        if level == 2:
            embedding = tuple(rng.randint(-9, 9) / 10 for _ in range(rng.choice([4, 4, 8])))
            return cls("sum", rng.randint(1, 40), len(embedding), embedding, 0, 0, 0)
        longest = rng.choice([128, 256, 512, 1024, 2048])
        return cls(
            "offset",
            rng.randint(0, 30),
            rng.choice([4, 8]),
            (),
            rng.randint(1, 10),
            rng.randint(5, 50),
            longest,
        )

    def flaw(self) -> str | None:
        if self.form not in {"vector", "sum", "offset"} or self.dimension not in {2, 4, 8}:
            return "form is vector, sum or offset, in 2, 4 or 8 dimensions"
        if not 0 <= self.position <= 1000:
            return "the position lies between 0 and 1000"
        if len(self.embedding) != (self.dimension if self.form == "sum" else 0):
            return "only the form sum has an embedding, with an entry for each dimension"
        if not all(abs(entry) <= 10 and entry == round(entry, 2) for entry in self.embedding):
            return "an entry is larger than 10 or has more than two decimals"
        offset = 1 <= self.offset <= 100 and 1 <= self.shift <= 1000 and 2 <= self.longest <= 100_000
        if not (offset if self.form == "offset" else self.offset == self.shift == self.longest == 0):
            return "only the form offset has an offset up to 100, a shift up to 1000 and a longest sequence"
        return (
            "the encoding of position 0 is trivial" if not self.position and self.form != "offset" else None
        )

    @property
    def frequencies(self) -> tuple[float, ...]:
        """The angle by which each pair of entries turns from one position to the next."""
        return tuple(BASE ** (-2 * pair / self.dimension) for pair in range(self.dimension // 2))

    @property
    def pairs(self) -> tuple[int, ...]:
        """The numbers of the pairs."""
        return tuple(range(self.dimension // 2))

    def encoded(self, position: float, angles: Sequence[float] = ()) -> tuple[float, ...]:
        """The encoding of a position."""
        angles = angles or [position * frequency for frequency in self.frequencies]
        return tuple(chain(*((math.sin(angle), math.cos(angle)) for angle in angles)))

    @property
    def encoding(self) -> tuple[float, ...]:
        """Of the position."""
        return self.encoded(self.position)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "offset":
            product = dot(self.encoding, self.encoded(self.position + self.offset))
            sine, cosine = math.sin(self.offset), math.cos(self.offset)
            return {
                "product": Real(product, 3),
                "shifted": Real(given("product", product), 3),
                "rotation": Matrix(((cosine, sine), (-sine, cosine)), 3),
                "learned": Integer(self.longest * self.dimension),
            }
        keys: dict[str, Answer] = {"encoding": Vector(self.encoding, 4)}
        if self.form == "sum":
            keys["input"] = Vector(_added(self.embedding, given("encoding", self.encoding)), 4)
        return keys

    @mistake("Even entries (from 0) have the sine, odd ones the cosine.")
    def sine_and_cosine_swapped(self) -> MistakeValues:
        swapped = chain(*zip(self.encoding[1::2], self.encoding[::2], strict=True))
        return self._encoded(tuple(swapped))

    @mistake("The exponent is 2i/d, not i/d: the angles fall faster from pair to pair.")
    def exponent_without_two(self) -> MistakeValues:
        angles = [self.position * BASE ** (-pair / self.dimension) for pair in self.pairs]
        return self._encoded(self.encoded(self.position, angles))

    @mistake("The angles are in radians, not in degrees.")
    def degrees(self) -> MistakeValues:
        if self.form == "offset":
            angle = math.radians(self.offset)
            sine, cosine = math.sin(angle), math.cos(angle)
            return {"rotation": ((cosine, sine), (-sine, cosine))}
        return self._encoded(self.encoded(math.radians(self.position)))

    @mistake("This is the encoding of the next position: positions are given as they are used.")
    def starts_at_one(self) -> MistakeValues:
        return self._encoded(self.encoded(self.position + 1))

    def _encoded(self, encoding: tuple[float, ...]) -> MistakeValues:
        return None if self.form == "offset" else self.consequences(encoding=encoding)

    @mistake("The encoding is added to the embedding, not multiplied with it.")
    def multiplies(self) -> MistakeValues:
        if self.form != "sum":
            return None
        pairs = zip(self.embedding, self.encoding, strict=True)
        return {"input": tuple(entry * code for entry, code in pairs)}

    @mistake("The encoding is added to the embedding entry by entry, not appended to it.")
    def concatenates(self) -> MistakeValues:
        return {"input": (*self.embedding, *self.encoding)} if self.form == "sum" else None

    @mistake("Only the offset of the two positions matters: the product stays the same.")
    def product_changes(self) -> MistakeValues:
        if self.form != "offset":
            return None
        return {"shifted": dot(self.encoding, self.encoded(self.position + self.offset + self.shift))}

    @mistake("This is the product of an encoding with itself, which is half the dimension.")
    def product_with_itself(self) -> MistakeValues:
        return self.consequences(product=self.dimension / 2) if self.form == "offset" else None

    @mistake("The matrix turns the other way: it goes from the later position to the earlier one.")
    def turns_backwards(self) -> MistakeValues:
        if self.form != "offset":
            return None
        sine, cosine = math.sin(self.offset), math.cos(self.offset)
        return {"rotation": ((cosine, -sine), (sine, cosine))}

    @mistake("A learned table has a vector for each position.")
    def one_number_for_each_position(self) -> MistakeValues:
        return {"learned": self.longest} if self.form == "offset" else None


def normalized(entries: Row) -> tuple[float, ...]:
    """Layer normalization without scale, shift and epsilon.

    Raises:
        ZeroDivisionError: all entries are equal.
    """
    mean = sum(entries) / len(entries)
    deviation = math.sqrt(sum((entry - mean) ** 2 for entry in entries) / len(entries))
    return tuple((entry - mean) / deviation for entry in entries)


def _affine(weights: Sequence[Row], entries: Row, bias: Row) -> tuple[float, ...]:
    return tuple(dot(row, entries) + shift for row, shift in zip(weights, bias, strict=True))


def _relu(entries: Row) -> tuple[float, ...]:
    return tuple(max(0, entry) for entry in entries)


def _added(left: Row, right: Row) -> tuple[float, ...]:
    return tuple(a + b for a, b in zip(left, right, strict=True))


def _spread(rng: Random) -> Point:
    """Four entries whose standard deviation is a whole number."""
    mean, deviations = rng.randint(-2, 3), list(rng.choice(EVEN))
    rng.shuffle(deviations)
    return tuple(mean + deviation for deviation in deviations)


def _network(rng: Random, size: int, units: int, weights: list[int]) -> tuple[Weights, Point, Weights, Point]:
    """The matrices and biases of a small network that returns as many entries as it is given."""
    W1 = tuple(tuple(rng.choice(weights) for _ in range(size)) for _ in range(units))
    W2 = tuple(tuple(rng.choice(weights) for _ in range(units)) for _ in range(size))
    b1 = tuple(rng.randint(-2, 2) for _ in range(units))
    return W1, b1, W2, tuple(rng.randint(-1, 1) for _ in range(size))
