"""Sampling tokens: the temperature, and what is left of a distribution."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Self

from ...answers import Answer, Option, Real, SingleChoice, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..losses.probabilities import flaw_of_probabilities, softmax
from ..numbers import Row, latex_number, printable, written_number

FORMS = ("logits", "probabilities", "truncated", "solve")
LIMITS = (
    Option("All of it goes to the most probable token.", why="This is the limit T → 0.", name="zero"),
    Option("All tokens become equally probable.", why="This is the limit T → ∞.", name="infinity"),
    Option("It stays as it is without a temperature.", why="This is so at T = 1.", name="unchanged"),
    Option(
        "All of it goes to the least probable token.",
        why="A positive temperature never turns the order of the tokens round.",
        name="least_probable",
    ),
)
"""What becomes of a distribution as the temperature goes to a limit."""
RATIOS = ((2, 4), (3, 9), (4, 2), (9, 3), (8, 2), (4, 8), (8, 4), (16, 2), (9, 27), (2, 8))
"""The ratio of two probabilities without a temperature and with it; both are powers of one number."""
MOST_TOKENS = 6


class TemperatureSoftmax(Question):
    """The distribution over tokens at another temperature, its entropy, and the temperature for a ratio.

    At level 1 logits are divided by the temperature, at level 2 probabilities are given instead of logits, at
    level 3 the distribution is cut to its most probable tokens, or a temperature is wanted.

    Source: Ackley, Hinton & Sejnowski 1985, A learning algorithm for Boltzmann machines, section 2; Hinton et
    al. 2015, Distilling the knowledge in a neural network, equation 1; Fan et al. 2018, Hierarchical neural
    story generation, section 5.4 (top-k sampling).
    """

    title = "Temperature of a softmax"
    minutes = {1: 2, 2: 4, 3: 5}

    form: str
    """`logits`, `probabilities`, `truncated` or `solve`."""
    logits: tuple[str, ...]
    """Numbers and logarithms, such as `1`, `ln 2` and `-ln 3`; none for the form `probabilities`."""
    probabilities: tuple[float, ...]
    """Of the form `probabilities`, without a temperature; otherwise none."""
    temperature: float
    """0 where it is asked for."""
    ratio: int
    """Of the form `solve`: how many times as probable the first token shall be as the second; otherwise 0."""
    kept: int
    """Of the form `truncated`: the tokens that are kept; otherwise 0."""
    limit: str
    """Of the form `solve`: `zero` or `infinity`; otherwise empty."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        temperature = rng.choice([0.5, 2.0])
        if level == 2:
            cuts = [0, *sorted(rng.sample(range(1, 20), rng.choice([2, 3]))), 20]
            shares = tuple((high - low) / 20 for low, high in pairwise(cuts))
            return cls("probabilities", (), shares, rng.choice([0.5, 0.5, 2.0]), 0, 0, "")
        if level == 1:
            numbers = [1, 2, 3, 4, 5] if temperature == 0.5 else [1, 4, 9, 16]
            logits = rng.sample(numbers, rng.choice([2, 3, 3]))
            return cls("logits", tuple(map(_logarithm, logits)), (), temperature, 0, 0, "")
        if rng.random() < 0.5:
            logits = [rng.randint(1, 6) for _ in range(5)]
            return cls("truncated", tuple(map(_logarithm, logits)), (), 0.5, 0, rng.choice([2, 3]), "")
        before, after = rng.choice(RATIOS)
        second, third = rng.choice([1, 1, 2, 3]), rng.randint(1, 9)
        logits = [before * second, second, third]
        limit = rng.choice(["zero", "infinity"])
        return cls("solve", tuple(map(_logarithm, logits)), (), 0.0, after, 0, limit)

    def flaw(self) -> str | None:
        if self.form not in FORMS:
            return f"form is one of {', '.join(FORMS)}"
        if self.form == "probabilities":
            if self.logits or not 2 <= len(self.probabilities) <= MOST_TOKENS:
                return f"there are 2 to {MOST_TOKENS} probabilities, and no logits"
            reason = flaw_of_probabilities(self.probabilities)
        else:
            reason = self._flaw_of_logits()
        return reason or self._flaw_of_form() or self._flaw_of_result()

    def _flaw_of_logits(self) -> str | None:
        if self.probabilities or not 2 <= len(self.logits) <= MOST_TOKENS:
            return f"there are 2 to {MOST_TOKENS} logits, and no probabilities"
        try:
            values = [written_number(logit) for logit in self.logits]
        except ValueError:
            return "a logit is a number or a logarithm, such as 0.5, ln 2 or -ln 3"
        return None if all(abs(value) <= 10 for value in values) else "a logit lies between -10 and 10"

    def _flaw_of_form(self) -> str | None:
        if self.form == "truncated":
            if not 2 <= self.kept < len(self.logits):
                return "two tokens or more are kept, and not all"
        elif self.kept:
            return "only the form truncated keeps some of the tokens"
        if self.form == "solve":
            if not 2 <= self.ratio <= 100 or self.limit not in {"zero", "infinity"} or self.temperature:
                return "the ratio is 2 to 100, the limit zero or infinity, and no temperature is given"
            if self.values[0] <= self.values[1] or len({*self.values}) < len(self.values):
                return "the first token is not more probable than the second, or two are equally probable"
        elif self.ratio or self.limit or not 0.1 <= self.temperature <= 10:
            return "a temperature from 0.1 to 10 is given, and neither a ratio nor a limit"
        if not printable((self.temperature,), 2):
            return "the temperature has at most two decimals"
        return None

    def _flaw_of_result(self) -> str | None:
        if not (0.1 <= self.applied <= 10 and abs(self.applied - 1) > 0.05):
            return "the temperature lies between 0.1 and 10, and not at 1"
        if max(self.values) - min(self.values) < 0.1:
            return "all tokens are equally probable"
        if min(self.distribution) < 0.01:
            return "a token has a probability of less than 0.01"
        if self.kept:
            ordered = sorted(self.values, reverse=True)
            if ordered[self.kept - 1] - ordered[self.kept] < 1e-9:
                return "it is not clear which tokens are kept"
        return None

    @property
    def values(self) -> tuple[float, ...]:
        """The logits as numbers; of probabilities, their logarithms."""
        if self.form == "probabilities":
            return tuple(map(math.log, self.probabilities))
        return tuple(map(written_number, self.logits))

    @property
    def latex_logits(self) -> tuple[str, ...]:
        """The logits as LaTeX."""
        return tuple(map(latex_number, self.logits))

    @property
    def applied(self) -> float:
        """The temperature, given or found."""
        if self.form != "solve":
            return self.temperature
        return (self.values[0] - self.values[1]) / math.log(self.ratio)

    @property
    def powers(self) -> tuple[float, ...]:
        """The exponential of each logit divided by the temperature."""
        return tuple(math.exp(value / self.applied) for value in self.values)

    @property
    def distribution(self) -> tuple[float, ...]:
        """At the temperature."""
        return self._at(self.applied)

    @property
    def places(self) -> tuple[int, ...]:
        """The tokens that are kept, from 0."""
        order = sorted(range(len(self.values)), key=lambda place: -self.values[place])
        return tuple(sorted(order[: self.kept]))

    def _at(self, temperature: float) -> tuple[float, ...]:
        return softmax([value / temperature for value in self.values])

    def _truncated(self, distribution: Row) -> tuple[float, ...]:
        kept = sum(distribution[place] for place in self.places)
        return tuple(
            share / kept if place in self.places else 0.0 for place, share in enumerate(distribution)
        )

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "logits":
            return {"distribution": Vector(self.distribution, 4)}
        if self.form == "solve":
            distribution = self._at(given("temperature", self.applied))
            options = tuple(replace(option, right=option.name == self.limit) for option in LIMITS)
            return {
                "temperature": Real(self.applied, 3),
                "distribution": Vector(distribution, 4),
                "limit": SingleChoice(options),
            }
        keys: dict[str, Answer] = {"distribution": Vector(self.distribution, 4)}
        last = given("distribution", self.distribution)
        if self.form == "truncated":
            keys["truncated"] = Vector(self._truncated(last), 4)
            last = given("truncated", self._truncated(last))
        return keys | {"entropy": Real(entropy(last), 3)}

    @mistake("The logits are divided by the temperature, not multiplied by it.")
    def multiplies_by_temperature(self) -> MistakeValues:
        if self.form in {"probabilities", "solve"}:
            return None
        return self.consequences(distribution=self._at(1 / self.temperature))

    @mistake("The probabilities are raised to the power 1/T, not T: a small T makes the largest one larger.")
    def raises_to_temperature(self) -> MistakeValues:
        if self.form != "probabilities":
            return None
        return self.consequences(distribution=self._at(1 / self.temperature))

    @mistake("This is the softmax without a temperature, at T = 1.")
    def no_temperature(self) -> MistakeValues:
        return None if self.form == "solve" else self.consequences(distribution=self._at(1))

    @mistake("The temperature divides the logits before the softmax, not the probabilities after it.")
    def divides_after_softmax(self) -> MistakeValues:
        if self.form == "solve":
            return None
        return self.consequences(distribution=tuple(share / self.temperature for share in self._at(1)))

    @mistake("After the powers the probabilities must be divided by their sum, to add up to 1 again.")
    def not_normalized(self) -> MistakeValues:
        if self.form != "probabilities":
            return None
        return self.consequences(distribution=self.powers)

    @mistake("The kept probabilities must be divided by their sum, to add up to 1 again.")
    def truncated_not_normalized(self) -> MistakeValues:
        if self.form != "truncated":
            return None
        pairs = enumerate(self.distribution)
        return self.consequences(truncated=tuple(s if place in self.places else 0.0 for place, s in pairs))

    @mistake("An entropy in bits has logarithms to base 2.")
    def entropy_in_nats(self) -> MistakeValues:
        if self.form == "probabilities":
            return {"entropy": entropy(self.distribution) * math.log(2)}
        if self.form == "truncated":
            return {"entropy": entropy(self._truncated(self.distribution)) * math.log(2)}
        return None

    @mistake(
        "The ratio of probabilities is an exponential: T is the difference of the logits over ln {ratio}."
    )
    def divides_by_ratio(self) -> MistakeValues:
        if self.form != "solve":
            return None
        return self.consequences(temperature=(self.values[0] - self.values[1]) / self.ratio)

    @mistake("T is the difference of the logits over ln {ratio}, not the other way round.")
    def inverse_temperature(self) -> MistakeValues:
        return self.consequences(temperature=1 / self.applied) if self.form == "solve" else None


def entropy(distribution: Row) -> float:
    """In bits; what has no probability adds nothing.

    Raises:
        ValueError: a share is negative.
    """
    return -sum(share * math.log2(share) for share in distribution if share)


def _logarithm(number: int) -> str:
    return "0" if number == 1 else f"ln {number}"
