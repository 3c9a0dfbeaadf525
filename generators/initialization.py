"""Initial weights: their variance, and what becomes of signals that pass through layers."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random
from typing import Self

from ..answers import Answer, Integer, Option, Real, SingleChoice, Vector
from ..question import Given, MistakeValues, Question, mistake
from .numbers import printable

LARGEST = 2_000
"""The most inputs or outputs for which five decimals tell a variance."""
FRIENDLY_FANS = (8, 18, 32, 50, 72, 98, 128, 162, 200, 242, 288, 392, 450, 512, 800, 1250)
"""Twice a square, so that He's standard deviation is a fraction."""
RULES_OF_LINEAR = (("he",), ("inputs", "glorot"), ("default", "he"))
RULES_OF_CONVOLUTION = (("he", "glorot"),)
WIDTHS = (50, 64, 100, 128, 200, 250, 256, 400, 500)
MOST_LAYERS = 10
BEHAVIOURS = (
    Option("It vanishes with depth.", why="Each layer multiplies it by a factor below 1.", name="vanishes"),
    Option("It stays the same at every depth.", why="Each layer multiplies it by 1.", name="stays"),
    Option("It explodes with depth.", why="Each layer multiplies it by a factor above 1.", name="explodes"),
)


class XavierHe(Question):
    """Variance, standard deviation and range of initial weights by the rules of He and of Glorot and Bengio.

    At level 1 a linear layer is initialized by He's rule, at level 2 two rules are compared, at level 3 the
    fans of a convolution come first.

    Source: Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural networks,
    equation 16; He et al. 2015, Delving deep into rectifiers, equation 10; torch.nn.init,
    torch.nn.Linear.
    """

    title = "Initialization by Xavier and He"
    minutes = {1: 2, 2: 3, 3: 5}

    channels: int
    """Inputs of a linear layer, or channels that enter a convolution."""
    filters: int
    """Outputs of a linear layer, or filters of a convolution."""
    kernel: int
    """The side of a convolution's kernel; 0 for a linear layer."""
    rules: tuple[str, ...]
    """Of `he`, `inputs` (the variance 1/n of the inputs), `glorot`, and `default`, that of nn.Linear."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            return cls(rng.choice(FRIENDLY_FANS), rng.choice([10, 20, 40, 64, 100, 256]), 0, ("he",))
        if level == 2:
            if rng.random() < 0.5:
                return cls(rng.choice(FRIENDLY_FANS[:-4]), rng.randrange(10, 300, 2), 0, ("default", "he"))
            total = rng.choice(FRIENDLY_FANS[4:])
            inputs = rng.randrange(10, total - 8, 2)
            return cls(inputs, total - inputs, 0, ("inputs", "glorot"))
        channels, filters = rng.choice([2, 3, 8, 16, 18, 32, 50, 64]), rng.randrange(4, 82, 2)
        return cls(channels, filters, rng.choice([2, 3, 5]), RULES_OF_CONVOLUTION[0])

    def flaw(self) -> str | None:
        if min(self.channels, self.filters) < 1 or self.kernel < 0:
            return "a layer has at least one input and one output"
        if max(self.fan_in, self.fan_out) > LARGEST:
            return f"a layer has at most {LARGEST} inputs and outputs"
        if self.kernel == 1:
            return "a kernel of one pixel is a linear layer"
        if self.rules not in (allowed := RULES_OF_CONVOLUTION if self.kernel else RULES_OF_LINEAR):
            return f"the rules here are {' or '.join(' and '.join(rules) for rules in allowed)}"
        if self.channels == self.filters and "glorot" in self.rules:
            return "inputs and outputs are equally many, so that some rules agree"
        return None

    @property
    def fan_in(self) -> int:
        """The inputs of each output."""
        return self.channels * max(1, self.kernel) ** 2

    @property
    def fan_out(self) -> int:
        """The outputs that each input takes part in."""
        return self.filters * max(1, self.kernel) ** 2

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {}
        fan_in, fan_out = self.fan_in, self.fan_out
        if self.kernel:
            keys |= {"fan_in": Integer(fan_in), "fan_out": Integer(fan_out)}
            fan_in, fan_out = given("fan_in", fan_in), given("fan_out", fan_out)
        for rule in self.rules:
            variance = {
                "he": 2 / fan_in,
                "inputs": 1 / fan_in,
                "glorot": 2 / (fan_in + fan_out),
                "default": 1 / (3 * fan_in),
            }[rule]
            keys[f"{rule}_variance"] = Real(variance, 5)
            variance = given(f"{rule}_variance", variance)
            keys[f"{rule}_deviation"] = Real(math.sqrt(variance), 5)
            if rule == "glorot":
                keys["glorot_bound"] = Real(math.sqrt(3 * variance), 5)
        return keys

    def _variances(self, **variances: float) -> MistakeValues:
        wrong = {f"{rule}_variance": value for rule, value in variances.items() if rule in self.rules}
        return self.consequences(**wrong)

    @mistake("He's rule has the variance 2/n: half of the signal is lost in ReLU. 1/n is for linear units.")
    def forgets_the_two_of_relu(self) -> MistakeValues:
        return self._variances(he=1 / self.fan_in)

    @mistake("The variance 1/n has no factor 2: that one is for layers with ReLU.")
    def doubles_for_linear_units(self) -> MistakeValues:
        return self._variances(inputs=2 / self.fan_in)

    @mistake("Glorot and Bengio divide 2 by the sum of inputs and outputs.")
    def forgets_the_two_of_the_mean(self) -> MistakeValues:
        return self._variances(glorot=1 / (self.fan_in + self.fan_out))

    @mistake("The rule takes the inputs of the layer, not its outputs.")
    def takes_the_outputs(self) -> MistakeValues:
        fan = self.fan_out
        return self._variances(he=2 / fan, inputs=1 / fan, default=1 / (3 * fan))

    @mistake("A uniform distribution on (−a, a) has the variance a²/3, not a².")
    def squares_the_bound(self) -> MistakeValues:
        return self._variances(default=1 / self.fan_in)

    @mistake("A filter sees all pixels of its kernel: the fan is channels times kernel area.")
    def forgets_the_kernel(self) -> MistakeValues:
        return self.consequences(fan_in=self.channels, fan_out=self.filters) if self.kernel else None

    @mistake("The standard deviation is the root of the variance.")
    def takes_the_variance(self) -> MistakeValues:
        keys = self.follow(Given())
        variances = {rule: vars(keys[f"{rule}_variance"])["value"] for rule in self.rules}
        return {f"{rule}_deviation": value for rule, value in variances.items()}

    @mistake("A uniform distribution on (−a, a) has the variance a²/3: its bound is √3 standard deviations.")
    def forgets_the_root_of_three(self) -> MistakeValues:
        if "glorot" not in self.rules:
            return None
        return {"glorot_bound": math.sqrt(2 / (self.fan_in + self.fan_out))}


class VariancePropagation(Question):
    """The variance of signals through layers with random weights, and the weights that keep it.

    At level 1 there is one linear layer, at level 2 there are several, at level 3 ReLU follows each of them.

    Source: He et al. 2015, Delving deep into rectifiers, equations 6 to 10; Glorot & Bengio 2010, equation 5.
    """

    title = "Variance through layers"
    minutes = {1: 2, 2: 4, 3: 5}

    width: int
    """The units of each layer."""
    gain: float
    """The width times the variance of a weight."""
    variance: float
    """Of each input."""
    layers: int
    rectified: bool
    """Whether ReLU follows each layer, and the variance of weights that keeps the signal is asked."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        width, variance = rng.choice(WIDTHS), rng.choice([0.5, 1, 1.5, 2, 3, 4])
        if level == 1:
            return cls(width, rng.choice([0.5, 1.5, 2, 3, 4]), variance, 1, rectified=False)
        if level == 2:
            gain = rng.choice([0.5, 1, 1.5, 2, 3])
            return cls(width, gain, variance, rng.choice([3, 4]), rectified=False)
        gain = rng.choice([1, 1.5, 2, 3, 4, 5, 6])
        return cls(width, gain, variance, rng.choice([3, 4]), rectified=True)

    def flaw(self) -> str | None:
        if not 1 <= self.width <= 1000 or not 1 <= self.layers <= MOST_LAYERS:
            return f"there are 1 to {MOST_LAYERS} layers of 1 to 1000 units"
        if not 0.1 <= self.gain <= 10 or not 0.01 <= self.variance <= 100:
            return "the gain lies between 0.1 and 10, the variance of the inputs between 0.01 and 100"
        if not printable((self.gain, self.variance)):
            return "gain or variance has more than four decimals"
        if self.rectified and self.layers == 1:
            return "ReLU is asked of two layers or more"
        if self.layers > 1 and not 0.05 <= self.variances[-1] <= 10_000:
            return "the signal is lost or grows beyond all bounds"
        return None

    @property
    def factor(self) -> float:
        """What each layer multiplies the signal by."""
        return self.gain / 2 if self.rectified else self.gain

    @property
    def weight_variance(self) -> float:
        """The variance of a weight."""
        return self.gain / self.width

    @property
    def variances(self) -> tuple[float, ...]:
        """After each layer: the variance, or with ReLU the second moment."""
        return self._with_factor(self.factor)

    def _with_factor(self, factor: float) -> tuple[float, ...]:
        return tuple(self.variance * factor**number for number in range(1, self.layers + 1))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.layers == 1:
            deviation = math.sqrt(given("variance_after", self.variances[0]))
            return {"variance_after": Real(self.variances[0], 3), "deviation_after": Real(deviation, 3)}
        factor = given("factor", self.factor)
        keys: dict[str, Answer] = {
            "factor": Real(self.factor, 4),
            "after": Vector(self._with_factor(factor), 4),
        }
        if self.rectified:
            return keys | {"keeping": Real(2 / self.width, 5)}
        place = 0 if self.factor < 1 else 1 if self.factor == 1 else 2
        options = tuple(replace(option, right=n == place) for n, option in enumerate(BEHAVIOURS))
        return keys | {"behaviour": SingleChoice(options)}

    def _factor(self, factor: float) -> MistakeValues:
        """The blanks with another factor for each layer."""
        if self.layers == 1:
            return self.consequences(variance_after=self.variance * factor)
        return self.consequences(factor=factor)

    @mistake("The variances of all n products add up: multiply by the number of inputs.")
    def forgets_the_inputs(self) -> MistakeValues:
        return self._factor(self.weight_variance)

    @mistake("Each layer multiplies by n times the variance of a weight, not by n times its deviation.")
    def takes_the_deviation(self) -> MistakeValues:
        return self._factor(self.width * math.sqrt(self.weight_variance))

    @mistake("ReLU sets half of the signal to zero: the second moment is halved in each layer.")
    def forgets_relu(self) -> MistakeValues:
        return self._factor(self.gain) if self.rectified else None

    @mistake("The layers multiply: the changes do not add up.")
    def adds_the_changes(self) -> MistakeValues:
        if self.layers == 1:
            return None
        steps = range(1, self.layers + 1)
        return {"after": tuple(self.variance * (1 + number * (self.factor - 1)) for number in steps)}

    @mistake("The variance of the inputs is multiplied as well.")
    def forgets_the_variance_of_the_inputs(self) -> MistakeValues:
        plain = replace(self, variance=1.0)
        if self.layers == 1:
            return self.consequences(variance_after=plain.variances[0])
        return {"after": plain.variances}

    @mistake("ReLU halves the second moment: the weights need the variance 2/n to make up for it.")
    def keeps_linear_layers(self) -> MistakeValues:
        return {"keeping": 1 / self.width} if self.rectified else None
