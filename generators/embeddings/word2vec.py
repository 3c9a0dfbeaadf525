"""What word2vec computes for a centre word."""

from __future__ import annotations

import math
from itertools import product
from random import Random
from typing import Self

from ...answers import Answer, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..losses.probabilities import softmax
from ..numbers import Row, dot

Point = tuple[int, ...]

FORMS = ("pair", "softmax", "gradient", "negative")
MOST_WORDS = 5
LARGEST_ENTRY = 9


class SkipgramProbability(Question):
    """The probability that skip-gram gives a context word, its loss and the gradient for the centre word.

    At level 1 the vocabulary has two words, at level 2 three and the loss is wanted, at level 3 the gradient
    of the softmax loss, or negative sampling.

    Source: Mikolov et al. 2013, Distributed representations of words and phrases and their compositionality,
    equations 2 and 4; Goldberg & Levy 2014, word2vec explained, section 2.
    """

    title = "Skip-gram probabilities"
    minutes = {1: 3, 2: 4, 3: 7}

    form: str
    """`pair`, `softmax`, `gradient` or `negative`."""
    centre: Point
    """The vector of the centre word, in units of ln k."""
    outputs: tuple[Point, ...]
    """The output vectors of the words; of the form `negative`, of the context word and the drawn ones."""
    context: int
    """The place of the context word among them, from 0; 0 for the form `negative`."""
    logarithm: int
    """k."""
    inputs: Point
    """The input vector of the context word, which plays no role, in units of ln k."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        form = {1: "pair", 2: "softmax", 3: rng.choice(["gradient", "negative"])}[level]
        words = {"pair": 2, "softmax": 3, "gradient": 3}.get(form) or rng.choice([2, 3])
        centre, inputs = ((rng.choice([-1, 1, 2]), rng.choice([-1, 1, 2])) for _ in range(2))
        near = [point for point in product(range(-2, 3), repeat=2) if abs(dot(point, centre)) <= 2]
        outputs = tuple(rng.sample(near, words))
        context = 0 if form == "negative" else rng.randrange(words)
        return cls(form, centre, outputs, context, rng.choice([2, 2, 3]), inputs)

    def flaw(self) -> str | None:
        if self.form not in FORMS or not 2 <= self.logarithm <= 5:
            return f"form is one of {', '.join(FORMS)}, and the vectors count in units of ln 2 to ln 5"
        if not 2 <= len(self.outputs) <= MOST_WORDS or not 0 <= self.context < len(self.outputs):
            return f"there are 2 to {MOST_WORDS} output vectors, one of which is that of the context word"
        size, points = len(self.centre), (self.centre, self.inputs, *self.outputs)
        if not 1 <= size <= 4 or {*map(len, points)} != {size}:
            return "all vectors have the same number of entries, from 1 to 4"
        if any(abs(entry) > LARGEST_ENTRY for point in points for entry in point) or not any(self.centre):
            return f"the centre is zero, or an entry is larger than {LARGEST_ENTRY}"
        if self.form == "negative" and self.context:
            return "with negative samples the context word comes first"
        if len({*self.outputs}) < len(self.outputs):
            return "two words have the same output vector"
        if max(map(abs, self.dots)) > 4 or len({*self.dots}) == 1:
            return "the dot products are all equal, or one is larger than 4 ln k"
        shares = self.sigmoids if self.form == "negative" else self.probabilities
        if not all(0.02 <= share <= 0.98 for share in shares):
            return "a probability is smaller than 0.02 or larger than 0.98"
        return None

    @property
    def dots(self) -> tuple[int, ...]:
        """The products of the output vectors with the centre, in units of ln k."""
        return tuple(int(dot(output, self.centre)) for output in self.outputs)

    @property
    def logits(self) -> tuple[float, ...]:
        """The same as numbers."""
        return tuple(product * math.log(self.logarithm) for product in self.dots)

    @property
    def powers(self) -> tuple[float, ...]:
        """The exponentials of the logits, powers of k."""
        return tuple(float(self.logarithm) ** product for product in self.dots)

    @property
    def probabilities(self) -> tuple[float, ...]:
        """Of all words."""
        return softmax(self.logits)

    @property
    def sigmoids(self) -> tuple[float, ...]:
        """Of the logits, each by itself."""
        return tuple(power / (1 + power) for power in self.powers)

    @property
    def negatives(self) -> tuple[Point, ...]:
        """The output vectors of the drawn words."""
        return self.outputs[1:]

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "negative":
            sigmoids = given("sigmoids", self.sigmoids)
            loss = -math.log(sigmoids[0]) - sum(math.log(1 - share) for share in sigmoids[1:])
            return {
                "sigmoids": Vector(self.sigmoids, 3),
                "loss": Real(loss, 3),
                "gradient": Vector(self._weighted((sigmoids[0] - 1, *sigmoids[1:])), 3),
            }
        shares = given("probabilities", self.probabilities)
        keys: dict[str, Answer] = {"probabilities": Vector(self.probabilities, 3)}
        if self.form == "pair":
            return keys
        keys["loss"] = Real(-math.log(shares[self.context]), 3)
        if self.form == "gradient":
            keys["gradient"] = Vector(self._slope(shares), 3)
        return keys

    def _slope(self, shares: Row) -> tuple[float, ...]:
        """Of the loss for the centre: the expected output vector minus that of the context word."""
        return self._weighted([share - (place == self.context) for place, share in enumerate(shares)])

    def _weighted(self, weights: Row) -> tuple[float, ...]:
        """The sum of the output vectors with weights."""
        return tuple(dot(weights, column) for column in zip(*self.outputs, strict=True))

    @mistake("The dot products are logits: the softmax takes their exponentials before dividing.")
    def no_exponential(self) -> MistakeValues:
        if self.form == "negative" or not sum(self.dots):
            return None
        shares = tuple(product / sum(self.dots) for product in self.dots)
        return self.consequences(probabilities=shares) if min(shares) > 0 else {"probabilities": shares}

    @mistake("These are sigmoids of the single products; the probabilities of all words add up to 1.")
    def sigmoid_of_each(self) -> MistakeValues:
        return None if self.form == "negative" else self.consequences(probabilities=self.sigmoids)

    @mistake("The softmax is about all words of the vocabulary; here only the sampled ones are in the sum.")
    def softmax_over_sampled_only(self) -> MistakeValues:
        return {"loss": -math.log(self.probabilities[0])} if self.form == "negative" else None

    @mistake("The loss uses σ(−u·v) for the drawn words, to push them away, not σ(u·v).")
    def sign_missing(self) -> MistakeValues:
        return {"loss": -sum(map(math.log, self.sigmoids))} if self.form == "negative" else None

    @mistake("For the context word the loss is −ln σ(u·v): it is pulled towards the centre.")
    def sign_missing_on_context(self) -> MistakeValues:
        if self.form != "negative":
            return None
        return {"loss": -sum(math.log(1 - share) for share in self.sigmoids)}

    @mistake("A context word is met by its output vector; its input vector is for its time as the centre.")
    def uses_input_vector(self) -> MistakeValues:
        outputs = list(self.outputs)
        outputs[self.context] = self.inputs
        logits = [math.log(self.logarithm) * dot(output, self.centre) for output in outputs]
        if self.form == "negative":
            return self.consequences(sigmoids=tuple(1 / (1 + math.exp(-logit)) for logit in logits))
        return self.consequences(probabilities=softmax(logits))

    @mistake("The exponent is the dot product, not the cosine: lengths count.")
    def cosine_for_dot(self) -> MistakeValues:
        if self.form == "negative" or not all(map(any, self.outputs)):
            return None
        length = math.hypot(*self.centre)
        cosines = [dot(u, self.centre) / (length * math.hypot(*u)) for u in self.outputs]
        return self.consequences(probabilities=softmax(cosines))

    @mistake("The loss is the natural logarithm of the probability, with a minus sign.")
    def loss_in_bits(self) -> MistakeValues:
        if self.form not in {"softmax", "gradient"}:
            return None
        return {"loss": -math.log2(self.probabilities[self.context])}

    @mistake("The gradient has the expected output vector as well: Σ p u − u.")
    def gradient_without_expectation(self) -> MistakeValues:
        if self.form != "gradient":
            return None
        return {"gradient": tuple(-float(entry) for entry in self.outputs[self.context])}

    @mistake("This is the gradient of the log-probability; the loss is its negative.")
    def gradient_of_log_probability(self) -> MistakeValues:
        if self.form == "gradient":
            return {"gradient": tuple(-slope for slope in self._slope(self.probabilities))}
        if self.form != "negative":
            return None
        first, *others = self.sigmoids
        return {"gradient": self._weighted((1 - first, *(-share for share in others)))}

    @mistake("The drawn words push the centre away: their output vectors count, too, each times its σ(u·v).")
    def gradient_of_context_only(self) -> MistakeValues:
        if self.form != "negative":
            return None
        weights = (self.sigmoids[0] - 1, *(0.0 for _ in self.negatives))
        return {"gradient": self._weighted(weights)}
