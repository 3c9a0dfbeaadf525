"""Attention of one query, and why its scores are scaled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import Self

from ...answers import Answer, Integer, Option, Real, SingleChoice, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..losses.probabilities import softmax
from ..numbers import Row, bounded, dot, latex_number, transposed, written_number

Integers = tuple[int, ...]


class ScaledDotProduct(Question):
    """One query attends to a few keys: scaled scores, attention weights, and the weighted mean of the values.

    At level 1 exponentials are whole numbers, at level 2 three scores are computed and scaled, at level 3 a
    key is padding and masked, or the scale is a temperature that goes to its limits.

    Source: Vaswani et al. 2017, Attention is all you need, section 3.2.1, equation 1;
    torch.nn.functional.scaled_dot_product_attention.
    """

    title = "Scaled dot-product attention"
    minutes = {1: 4, 2: 6, 3: 8}

    form: str
    """`attend`, or `temperature` to compare scales."""
    query: tuple[str, ...]
    """Whole numbers or logarithms such as `ln 4`."""
    keys: tuple[Integers, ...]
    values: tuple[Integers, ...]
    masked: tuple[bool, ...]

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            return cls._friendly(rng)
        form = "temperature" if level == 3 and rng.random() < 0.4 else "attend"
        count = 4 if level == 3 and form == "attend" else 3
        size = rng.choice([2, 4]) if count == 3 else rng.choice([2, 3, 4])
        query = _integers(rng, size, -1, 2)
        keys = tuple(_integers(rng, size, -1, 2) for _ in range(count))
        hidden = max(range(count), key=lambda place: dot(query, keys[place])) if count == 4 else None
        values = tuple(_integers(rng, 2, 0, 8) for _ in range(count))
        masked = tuple(place == hidden for place in range(count))
        return cls(form, tuple(map(str, query)), keys, values, masked)

    @classmethod
    def _friendly(cls, rng: Random) -> Self:
        """Two keys with weights of two decimals."""
        while True:
            size = rng.choice([1, 4])
            logarithms = ["ln 2", "ln 3", "ln 4"] if size == 1 else ["0", "ln 4", "ln 9", "ln 16"]
            query = tuple(rng.choice(logarithms) for _ in range(size))
            keys = tuple(_integers(rng, size, 0, 3 if size == 1 else 1) for _ in range(2))
            drawn = cls("attend", query, keys, tuple(_integers(rng, 2, 0, 8) for _ in range(2)), (False,) * 2)
            friendly = all(math.isclose(weight, round(weight, 2)) for weight in drawn.weights)
            if friendly and drawn.flaw() is None:
                return drawn

    def flaw(self) -> str | None:
        if self.form not in {"attend", "temperature"}:
            return "form is attend or temperature"
        if not 1 <= self.size <= 16 or not 2 <= len(self.keys) <= 8:
            return "one to sixteen components and two to eight keys are wanted"
        lengths = {len(self.query), *map(len, self.keys)}
        if len(lengths) > 1 or len({len(self.keys), len(self.values), len(self.masked)}) > 1:
            return "the query, the keys, the values and the mask do not fit together"
        if len({len(value) for value in self.values}) != 1 or not 1 <= len(self.values[0]) <= 8:
            return "the values have different lengths, or none to eight components"
        try:
            numbers = self.query_numbers
        except ValueError:
            return "a component of the query is a number or a logarithm, such as 2, -1 or ln 4"
        if not bounded((*numbers, *(entry for row in (*self.keys, *self.values) for entry in row)), 100):
            return "entries go from -100 to 100"
        return self._flaw_of_scores() or (self._flaw_of_limits() if self.form == "temperature" else None)

    def _flaw_of_scores(self) -> str | None:
        if len(self.visible) < 2:
            return "fewer than two keys can be seen"
        if len({*self.keys}) < len(self.keys):
            return "two keys are equal"
        seen = [self.products[place] for place in self.visible]
        if max(seen) - min(seen) < 1e-9 or max(seen) - min(seen) > 4 * math.sqrt(self.size):
            return "the weights are all equal or saturated"
        if len({self.values[place] for place in self.visible}) == 1:
            return "the values are all equal"
        hidden = [product for product, masked in zip(self.products, self.masked, strict=True) if masked]
        if min(hidden, default=max(seen)) < max(seen) - math.sqrt(self.size):
            return "the mask hides a key that hardly matters"
        return None

    def _flaw_of_limits(self) -> str | None:
        if any(self.masked) or self.size == 1:
            return "to compare scales there is no mask and more than one component"
        if any(product != int(product) for product in self.products):
            return "to compare scales all components of the query are whole numbers"
        return "two keys share the largest score" if self.products.count(max(self.products)) > 1 else None

    @property
    def query_numbers(self) -> tuple[float, ...]:
        """The query as numbers."""
        return tuple(map(written_number, self.query))

    @property
    def latex_query(self) -> tuple[str, ...]:
        """The query as LaTeX."""
        return tuple(map(latex_number, self.query))

    @property
    def size(self) -> int:
        """The dimension of query and keys, d_k."""
        return len(self.query)

    @property
    def visible(self) -> Integers:
        """The places of the keys that the mask leaves."""
        return tuple(place for place, hidden in enumerate(self.masked) if not hidden)

    @property
    def products(self) -> tuple[float, ...]:
        """The dot products of the query with all keys."""
        return tuple(dot(self.query_numbers, key) for key in self.keys)

    @property
    def true_scores(self) -> tuple[float, ...]:
        """The scaled scores of all keys, as if none were masked."""
        return tuple(product / math.sqrt(self.size) for product in self.products)

    @property
    def exponentials(self) -> tuple[float, ...]:
        """The exponentials of the scores; 0 for a masked key."""
        pairs = zip(self.true_scores, self.masked, strict=True)
        return tuple(0.0 if hidden else math.exp(score) for score, hidden in pairs)

    @property
    def weights(self) -> tuple[float, ...]:
        """The attention weights."""
        return self._attend(self.true_scores)

    @property
    def key_names(self) -> tuple[str, ...]:
        """As LaTeX."""
        return tuple(f"k_{number}" for number in range(1, len(self.keys) + 1))

    @property
    def best(self) -> int:
        """The place of the visible key with the largest score."""
        return max(self.visible, key=lambda place: self.products[place])

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "temperature":
            return self._follow_temperatures(given)
        scores = given("scores", self.true_scores)
        weights = self._attend(scores)
        own = given("weights", weights)
        return {
            "scores": Vector(self.true_scores, 3),
            "weights": Vector(weights, 3),
            "output": Vector(self._mixed(own), 2),
        }

    def _follow_temperatures(self, given: Given) -> dict[str, Answer]:
        products = given("products", self.products)
        return {
            "products": Vector(self.products),
            "weights": Vector(softmax([product / math.sqrt(self.size) for product in products]), 3),
            "flat_weights": Vector(softmax([product / self.size for product in products]), 3),
            "coldest": Vector(self.values[products.index(max(products))]),
            "hottest": Vector(self._mixed([1 / len(self.keys)] * len(self.keys)), 2),
        }

    def _attend(self, scores: Row) -> tuple[float, ...]:
        """Softmax over the visible keys; a masked one gets weight 0."""
        pairs = zip(scores, self.masked, strict=True)
        return softmax([-math.inf if hidden else score for score, hidden in pairs])

    def _mixed(self, weights: Row, rows: Sequence[Row] = ()) -> tuple[float, ...]:
        return tuple(dot(weights, column) for column in transposed(rows or self.values))

    @mistake("The scores were not scaled: divide each dot product by the square root of {size}.")
    def no_scale(self) -> MistakeValues:
        if self.form == "temperature":
            return {"weights": softmax(self.products)}
        return self.consequences(scores=self.products)

    @mistake("The scale is the square root of the dimension of the keys, not the dimension itself.")
    def divides_by_dimension(self) -> MistakeValues:
        scores = tuple(product / self.size for product in self.products)
        return self.consequences(scores=scores) if self.form == "attend" else {"weights": softmax(scores)}

    @mistake("At this temperature the dot products are divided by {size} itself, not by its root.")
    def root_for_dimension(self) -> MistakeValues:
        return {"flat_weights": softmax(self.true_scores)} if self.form == "temperature" else None

    @mistake("The scale belongs inside the softmax: weights must sum to 1.")
    def scales_after_softmax(self) -> MistakeValues:
        weights = tuple(weight / math.sqrt(self.size) for weight in self._attend(self.products))
        if self.form == "temperature":
            return {"weights": weights}
        return self.consequences(scores=self.products, weights=weights)

    @mistake("Keys only decide the weights; what is averaged are the values.")
    def uses_keys_as_values(self) -> MistakeValues:
        if self.size != len(self.values[0]):
            return None
        if self.form == "temperature":
            return {"coldest": self.keys[self.best]}
        return {"output": self._mixed(self.weights, self.keys)}

    @mistake(
        "Attention is a soft choice: it averages all values by their weights, it does not pick the best one."
    )
    def picks_the_best(self) -> MistakeValues:
        return {"output": self.values[self.best]} if self.form == "attend" else None

    @mistake("Weights come from the softmax: exponentiate each score before dividing by the sum.")
    def no_exponential(self) -> MistakeValues:
        seen = [0.0 if hidden else score for score, hidden in zip(self.true_scores, self.masked, strict=True)]
        if abs(sum(seen)) < 0.1:
            return None
        weights = tuple(score / sum(seen) for score in seen)
        return self.consequences(weights=weights) if self.form == "attend" else {"weights": weights}

    @mistake("A masked key gets no weight: its score is set to minus infinity before the softmax.")
    def ignores_mask(self) -> MistakeValues:
        return self._unmasked(self.true_scores)

    @mistake("A masked score is minus infinity, not 0: exp(0) = 1 leaves weight on the masked key.")
    def masks_with_zero(self) -> MistakeValues:
        scores = zip(self.true_scores, self.masked, strict=True)
        return self._unmasked(tuple(0.0 if hidden else score for score, hidden in scores))

    def _unmasked(self, scores: Row) -> MistakeValues:
        """What comes out if the mask does not keep a key from being seen."""
        if not any(self.masked):
            return None
        weights = softmax(scores)
        return {"weights": weights, "output": self._mixed(weights)}

    @mistake("The mask goes over the scores: weights set to 0 after the softmax no longer sum to 1.")
    def masks_the_weights(self) -> MistakeValues:
        if not any(self.masked):
            return None
        pairs = zip(softmax(self.true_scores), self.masked, strict=True)
        return self.consequences(weights=tuple(0.0 if hidden else weight for weight, hidden in pairs))

    @mistake("A low temperature sharpens the weights to the best key alone, a high one makes them equal.")
    def limits_swapped(self) -> MistakeValues:
        if self.form == "attend":
            return None
        keys = self.answer()
        return {"coldest": vars(keys["hottest"])["value"], "hottest": vars(keys["coldest"])["value"]}

    @mistake("Equal weights are one over the number of keys each: the output is the mean, not the sum.")
    def sums_the_values(self) -> MistakeValues:
        return {"hottest": tuple(map(sum, transposed(self.values)))} if self.form == "temperature" else None


class ScoreVariance(Question):
    """The variance of a dot product of independent entries, and what scales do to it.

    At level 1 entries have the variance 1, at level 2 variances of their own and two scales, at level 3 the
    scale that makes the variance 1 is asked, or the weights and slopes of a softmax with and without scale.

    Source: Vaswani et al. 2017, Attention is all you need, section 3.2.1, footnote 4.
    """

    title = "Variance of attention scores"
    minutes = {1: 2, 2: 4, 3: 6}

    form: str
    """`unit`, `general`, `scale` or `softmax`."""
    size: int
    """The number of components, d_k."""
    query_variance: float
    key_variance: float
    divisor: str
    """Of the form `scale`, what scores are divided by: `nothing`, `root` or `dimension`; otherwise empty."""
    scores: Integers
    """Dot products, of the form `softmax` only."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        size = rng.choice([4, 9, 16, 25, 36, 49, 64, 100])
        if level == 1:
            return cls("unit", rng.choice([size, 81, 121, 144, 196, 225, 256]), 1, 1, "", ())
        if level == 3 and rng.random() < 0.5:
            best, gap = rng.randint(0, 6), rng.choice([4, 5, 6])
            scores = rng.sample([best, best - gap, best - gap - rng.randint(1, 6)], 3)
            return cls("softmax", rng.choice([4, 9, 16, 25, 36]), 1, 1, "", tuple(scores))
        if level == 3:
            variances = rng.choice([0.25, 1, 4, 9, 16]), rng.choice([0.25, 1, 4, 9, 16])
            return cls("scale", size, *variances, rng.choice([*DIVISORS]), ())
        variances = rng.choice([0.25, 0.5, 1, 2, 3, 4, 9]), rng.choice([0.25, 0.5, 1, 2, 3, 4, 9])
        return cls("general", rng.choice([5, 8, 10, 12, 20, 32, 50, size]), *variances, "", ())

    def flaw(self) -> str | None:
        if self.form not in {"unit", "general", "scale", "softmax"}:
            return "form is unit, general, scale or softmax"
        if not 4 <= self.size <= 1024:
            return "the dimension lies between 4 and 1024"
        variances = (self.query_variance, self.key_variance)
        if not all(0.01 <= variance <= 100 and variance == round(variance, 2) for variance in variances):
            return "variances lie between 0.01 and 100 and have at most two decimals"
        if (self.divisor in DIVISORS) != (self.form == "scale") or (self.divisor and self.form != "scale"):
            return f"only the form scale has a divisor, one of {', '.join(DIVISORS)}"
        if bool(self.scores) != (self.form == "softmax"):
            return "only the form softmax has scores"
        if (variances == (1, 1)) != (self.form in {"unit", "softmax"}):
            return "variances are both 1 for the forms unit and softmax, and only there"
        return self._flaw_of_scores() if self.scores else None

    def _flaw_of_scores(self) -> str | None:
        if not 2 <= len(self.scores) <= 5 or not bounded(self.scores, 100):
            return "two to five scores are wanted, from -100 to 100"
        best, second = sorted(self.scores, reverse=True)[:2]
        if not 3 <= best - second <= 7:
            return "the largest score is 3 to 7 larger than the next one"
        return None

    @property
    def root(self) -> float:
        """Of the dimension."""
        return math.sqrt(self.size)

    @property
    def divided_by(self) -> float:
        """The number that scores of the form `scale` are divided by."""
        return {"root": self.root, "dimension": self.size}.get(self.divisor, 1)

    @property
    def product(self) -> float:
        """The variance of the product of two entries, whose means are 0."""
        return self.query_variance * self.key_variance

    @property
    def variance(self) -> float:
        """The variance of a dot product."""
        return self.size * self.product

    @property
    def scaled_scores(self) -> tuple[float, ...]:
        """The scores over the root of the dimension."""
        return tuple(score / self.root for score in self.scores)

    @property
    def _largest(self) -> int:
        return self.scores.index(max(self.scores))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "softmax":
            return self._follow_weights(given)
        product = given("product", self.product)
        variance = self.size * product
        own = given("variance", variance)
        variances: dict[str, Answer] = {"variance": Real(variance, 2)}
        if self.form == "unit":
            return {
                "mean": Integer(0),
                "variance": Integer(self.size),
                "deviation": Real(math.sqrt(own), 2),
                "scaled": Real(own / self.size, 2),
            }
        if self.form == "general":
            scales = {"scaled": Real(own / self.size, 4), "over_dimension": Real(own / self.size**2, 4)}
            return {"product": Real(self.product, 4)} | variances | scales
        return variances | {
            "right_divisor": Real(math.sqrt(own), 2),
            "divided": Real(own / self.divided_by**2, 4),
            "growth": SingleChoice(tuple(map(self._option, DIVISORS))),
        }

    def _option(self, divisor: str) -> Option:
        right = divisor == self.divisor
        why = "" if right else "Divide d_k times the variance of a product by the square of the divisor."
        return Option(DIVISORS[divisor], right, why, divisor)

    def _follow_weights(self, given: Given) -> dict[str, Answer]:
        weights, scaled = softmax(self.scores), softmax(self.scaled_scores)
        own, own_scaled = given("weights", weights)[self._largest], given("scaled", scaled)[self._largest]
        return {
            "weights": Vector(weights, 4),
            "scaled": Vector(scaled, 4),
            "slope": Real(own * (1 - own), 4),
            "scaled_slope": Real(own_scaled * (1 - own_scaled), 4),
        }

    @mistake("This is the standard deviation; the variance is its square.")
    def deviation_for_variance(self) -> MistakeValues:
        return None if self.scores else self.consequences(variance=math.sqrt(self.variance))

    @mistake("Variances of {size} independent terms add up to {size} times one variance, not {size}² times.")
    def squares_the_dimension(self) -> MistakeValues:
        return None if self.scores else self.consequences(variance=self.size**2 * self.product)

    @mistake("All {size} components contribute: their products are added, and so are the variances.")
    def one_component(self) -> MistakeValues:
        return None if self.scores else self.consequences(variance=self.product)

    @mistake("The variance of a product of independent entries with mean 0 is the product of both variances.")
    def one_variance(self) -> MistakeValues:
        return self._of_product(self.query_variance)

    @mistake("Variances are multiplied for a product; they are added for a sum.")
    def variances_added(self) -> MistakeValues:
        return self._of_product(self.query_variance + self.key_variance)

    def _of_product(self, product: float) -> MistakeValues:
        if self.form == "general":
            return self.consequences(product=product)
        return self.consequences(variance=self.size * product) if self.form == "scale" else None

    @mistake("Dividing by the dimension divides the variance by {size}², which does not make it 1 here.")
    def dimension_gives_one(self) -> MistakeValues:
        return {"over_dimension": 1.0} if self.form == "general" else None

    @mistake("Dividing by the square root of d_k cancels d_k only: the variances of the entries remain.")
    def root_gives_one(self) -> MistakeValues:
        if self.form == "scale":
            return {"right_divisor": self.root} | ({"divided": 1.0} if self.divisor == "root" else {})
        return {"scaled": 1.0} if self.form == "general" else None

    @mistake("Who divides a number by c divides its variance by c².")
    def divides_once(self) -> MistakeValues:
        if self.form == "scale":
            return {"right_divisor": self.variance, "divided": self.variance / self.divided_by}
        if self.form == "general":
            return {"scaled": self.variance / self.root, "over_dimension": self.product}
        return {"scaled": self.root} if self.form == "unit" else None

    @mistake("These are the weights with the other scale: dividing the scores makes the weights more even.")
    def weights_swapped(self) -> MistakeValues:
        if not self.scores:
            return None
        return self.consequences(weights=softmax(self.scaled_scores), scaled=softmax(self.scores))

    @mistake("The scale is the square root of the dimension, not the dimension itself.")
    def divides_by_dimension(self) -> MistakeValues:
        if not self.scores:
            return None
        return self.consequences(scaled=softmax([score / self.size for score in self.scores]))

    @mistake("The slope of a weight for its own score is α(1 − α), not α.")
    def slope_is_the_weight(self) -> MistakeValues:
        if not self.scores:
            return None
        weights, scaled = softmax(self.scores), softmax(self.scaled_scores)
        return {"slope": weights[self._largest], "scaled_slope": scaled[self._largest]}

    @mistake("The slope of a weight for its own score is α(1 − α): the factor α is missing.")
    def slope_is_the_rest(self) -> MistakeValues:
        if not self.scores:
            return None
        weights, scaled = softmax(self.scores), softmax(self.scaled_scores)
        return {"slope": 1 - weights[self._largest], "scaled_slope": 1 - scaled[self._largest]}


DIVISORS = {
    "nothing": "It grows in proportion to $d_k$, and the softmax saturates.",
    "root": "It does not depend on $d_k$.",
    "dimension": "It falls in proportion to $1/d_k$, and all weights come close to each other.",
}
"""What happens to the variance of scores in larger dimensions, by what they are divided by."""


def _integers(rng: Random, length: int, least: int, most: int) -> Integers:
    return tuple(rng.randint(least, most) for _ in range(length))
