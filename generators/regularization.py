"""Dropout, in both of its forms, and layers that are dropped as a whole."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random
from typing import Self

from ..answers import Answer, Integer, Real, Vector
from ..question import Given, MistakeValues, Question, mistake
from .numbers import dot, printable

FORMS = ("layer", "unit", "random", "depth")
LARGEST = 100
MOST_UNITS = 8
MOST_BLOCKS = 200


class Dropout(Question):
    """Outputs of dropout for a given mask, their mean and variance over all masks, or stochastic depth.

    At level 1 a layer of PyTorch is followed in training and at inference, at level 2 inverted and classic
    dropout are compared in a weighted sum, at level 3 all masks are considered, or whole blocks are dropped.

    Source: Srivastava et al. 2014, Dropout: a simple way to prevent neural networks from overfitting,
    sections 4 and 10; torch.nn.Dropout; Huang et al. 2016, Deep networks with stochastic depth, equations 4
    and 5.
    """

    title = "Dropout"
    minutes = {1: 2, 2: 4, 3: 6}

    form: str
    """`layer`, `unit`, `random` or `depth`."""
    rate: float
    """The probability that a unit is dropped; of stochastic depth, that the last block is."""
    units: tuple[float, ...]
    weights: tuple[float, ...]
    """Of the unit that adds the others up."""
    mask: tuple[int, ...]
    """1 for the units that are kept."""
    count: int
    """The number of kept units whose probability is asked; of stochastic depth the number of blocks."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        size = {1: 4, 2: 3, 3: 4}[level]
        units = tuple(rng.choice([-4, -3, -2, -1, 1, 2, 3, 4]) for _ in range(size))
        mask = [0, *(1 for _ in range(size - 2)), rng.randint(0, 1)]
        shuffled = tuple(rng.sample(mask, size))
        if level == 1:
            return cls("layer", rng.choice([0.2, 0.5, 0.75]), units, (), shuffled, 0)
        weights = tuple(rng.choice([-3, -2, -1, 1, 2, 3]) for _ in range(size))
        if level == 2:
            return cls("unit", rng.choice([0.2, 0.25, 0.5, 0.75]), units, weights, shuffled, 0)
        if rng.random() < 0.3:
            return cls("depth", rng.choice([0.2, 0.4, 0.5, 0.6]), (), (), (), rng.randrange(10, 100, 2))
        return cls("random", rng.choice([0.1, 0.2, 0.25, 0.5]), units, weights, (), rng.randint(1, 3))

    def flaw(self) -> str | None:
        if self.form not in FORMS or not 0.05 <= self.rate <= 0.95 or self.rate != round(self.rate, 2):
            return "form is layer, unit, random or depth, and the rate has two decimals from 0.05 to 0.95"
        if self.form == "depth":
            return self._flaw_of_depth()
        size = len(self.units)
        if not 2 <= size <= MOST_UNITS or not all(abs(x) <= LARGEST for x in (*self.units, *self.weights)):
            return f"there are 2 to {MOST_UNITS} units, and no number is larger than {LARGEST}"
        if not printable((*self.units, *self.weights)):
            return "a unit or weight has more than four decimals"
        if len(self.weights) != (0 if self.form == "layer" else size):
            return "each unit needs a weight where they are added up"
        if self.form == "random":
            return None if 0 <= self.count <= size else "more units are kept than there are"
        if len(self.mask) != size or not set(self.mask) <= {0, 1}:
            return "each unit is kept (1) or dropped (0)"
        if len(set(self.mask)) < 2:
            return "all units are kept or dropped"
        if self.form == "unit" and not dot(self.weights, self.units):
            return "the sum is zero"
        return None

    def _flaw_of_depth(self) -> str | None:
        if self.units or self.weights or self.mask:
            return "stochastic depth has neither units nor a mask"
        if not 2 <= self.count <= MOST_BLOCKS or self.count % 2:
            return f"there are 2 to {MOST_BLOCKS} blocks, an even number, so that one ends the first half"
        return None

    @property
    def keep(self) -> float:
        """The probability that a unit is kept."""
        return 1 - self.rate

    @property
    def kept(self) -> tuple[float, ...]:
        """The units after the mask, not scaled."""
        return tuple(unit * bit for unit, bit in zip(self.units, self.mask, strict=False))

    @property
    def terms(self) -> tuple[float, ...]:
        """What each unit adds to the sum."""
        return tuple(weight * unit for weight, unit in zip(self.weights, self.units, strict=False))

    @property
    def survival(self) -> float:
        """Of stochastic depth: the probability that the last block of the first half survives."""
        return 1 - self.rate / 2

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "layer":
            scale = 1 / self.keep
            output = tuple(given("scale", scale) * unit for unit in self.kept)
            return {
                "scale": Real(scale, 3),
                "training": Vector(output, 3),
                "inference": Vector(self.units, 3),
            }
        if self.form == "unit":
            masked, whole = dot(self.weights, self.kept), dot(self.weights, self.units)
            return {
                "classic_training": Real(masked, 3),
                "inverted_training": Real(given("classic_training", masked) / self.keep, 3),
                "inverted_inference": Real(whole, 3),
                "classic_inference": Real(given("inverted_inference", whole) * self.keep, 3),
            }
        if self.form == "depth":
            expected = self.count - self.rate * (self.count + 1) / 2
            saved = 1 - given("expected", expected) / self.count
            return {
                "survival": Real(self.survival, 3),
                "expected": Real(expected, 2),
                "saved": Real(100 * saved, 2),
            }
        size = len(self.units)
        variance = dot(self.terms, self.terms) * self.rate / self.keep
        return {
            "masks": Integer(2**size),
            "probability": Real(self._probability(self.keep), 4),
            "mean": Real(sum(self.terms), 3),
            "variance": Real(variance, 3),
            "deviation": Real(math.sqrt(given("variance", variance)), 3),
        }

    def _probability(self, keep: float) -> float:
        """That exactly so many units are kept."""
        size = len(self.units)
        return math.comb(size, self.count) * keep**self.count * (1 - keep) ** (size - self.count)

    @mistake("p is the probability of being dropped: kept units are divided by 1 − p, not by p.")
    def takes_the_rate_for_keeping(self) -> MistakeValues:
        other = replace(self, rate=self.keep)
        if self.form == "layer":
            return self.consequences(scale=1 / self.rate)
        return {name: vars(key)["value"] for name, key in other.follow(Given()).items()}

    @mistake("Units that are kept in training are divided by 1 − p, so that their mean stays the same.")
    def does_not_scale(self) -> MistakeValues:
        if self.form == "layer":
            return self.consequences(scale=1.0)
        if self.form == "unit":
            return {"inverted_training": dot(self.weights, self.kept)}
        variance = dot(self.terms, self.terms) * self.rate * self.keep
        return self.consequences(mean=self.keep * sum(self.terms), variance=variance) if self.terms else None

    @mistake("With inverted dropout nothing is left to do at inference: the units pass unchanged.")
    def scales_at_inference_too(self) -> MistakeValues:
        if self.form == "layer":
            return {"inference": tuple(self.keep * unit for unit in self.units)}
        if self.form != "unit":
            return None
        return {"inverted_inference": self.keep * dot(self.weights, self.units)}

    @mistake("No unit is dropped at inference.")
    def drops_at_inference(self) -> MistakeValues:
        if self.form == "layer":
            return {"inference": self.kept}
        if self.form != "unit":
            return None
        masked = dot(self.weights, self.kept)
        return {"inverted_inference": masked, "classic_inference": self.keep * masked}

    @mistake("At inference the classic form multiplies by the probability of being kept, 1 − p.")
    def multiplies_by_the_rate(self) -> MistakeValues:
        if self.form != "unit":
            return None
        return {"classic_inference": self.rate * dot(self.weights, self.units)}

    @mistake("The classic form multiplies by 1 − p at inference, as in training only some units are there.")
    def forgets_the_classic_scaling(self) -> MistakeValues:
        return {"classic_inference": dot(self.weights, self.units)} if self.form == "unit" else None

    @mistake("Each unit is kept or dropped: the number of masks doubles with every unit.")
    def counts_units_for_masks(self) -> MistakeValues:
        return {"masks": len(self.units)} if self.form == "random" else None

    @mistake("The kept units can be chosen in several ways: multiply by the binomial coefficient.")
    def forgets_the_choices(self) -> MistakeValues:
        if self.form != "random":
            return None
        ways = math.comb(len(self.units), self.count)
        return {"probability": self._probability(self.keep) / ways}

    @mistake("The variances of independent units add up: square each term, not the sum.")
    def squares_the_sum(self) -> MistakeValues:
        if self.form != "random":
            return None
        return self.consequences(variance=sum(self.terms) ** 2 * self.rate / self.keep)

    @mistake("The survival falls linearly from block to block; it is not the last one's for all.")
    def takes_the_last_survival(self) -> MistakeValues:
        return (
            self.consequences(survival=self.keep, expected=self.count * self.keep)
            if self.form == "depth"
            else None
        )

    @mistake("The mean of the survival runs from block 1 to block L: L − p(L + 1)/2 blocks are expected.")
    def forgets_the_first_block(self) -> MistakeValues:
        return self.consequences(expected=self.count * (1 - self.rate / 2)) if self.form == "depth" else None
