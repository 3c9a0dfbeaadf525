"""Objectives that consist of several parts: the evidence lower bound, contrast, penalties."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from random import Random
from typing import Self

from ...answers import Answer, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, bounded, dot, printable
from .probabilities import drawn_tenths

LARGEST = 100
DIRECTIONS = (
    (1, 0),
    (0, 1),
    (3, 4),
    (4, 3),
    (-3, 4),
    (4, -3),
    (-1, 0),
    (0, -1),
    (-4, 3),
    (3, -4),
    (6, 8),
    (8, -6),
)
"""Vectors of whole lengths."""
PENALTIES = ("squares", "half_squares", "absolute")


class Elbo(Question):
    """The evidence lower bound of a sample, from its parts, of a Gaussian code, or with its gap.

    At level 1 both parts are given, at level 2 they are computed for a Gaussian code and independent pixels,
    at level 3 the code has a few values, so that the evidence is known and the gap with it.

    Source: Kingma & Welling 2014, Auto-encoding variational Bayes, equations 1 to 3 and appendix B; Higgins
    et al. 2017, β-VAE, equation 4.
    """

    title = "Evidence lower bound"
    minutes = {1: 2, 2: 6, 3: 7}

    form: str
    """`parts`, `gaussian` or `discrete`."""
    likelihood: tuple[float, ...]
    """The expected log-likelihood; the decoder's probabilities of a white pixel; or p(x|z) of each code z."""
    pixels: tuple[int, ...]
    """The pixels of x, 1 for white."""
    prior: tuple[float, ...]
    """The probability of each code."""
    posterior: tuple[float, ...]
    """The KL term; the means of the code; or the encoder's probability of each code."""
    deviations: tuple[float, ...]
    """Of the code."""
    beta: float

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            reconstruction, kl = -rng.randint(50, 400) / 10, rng.randint(5, 99) / 10
            return cls("parts", (reconstruction,), (), (), (kl,), (), rng.choice([0.5, 2, 4]))
        if level == 2:
            probabilities = tuple(rng.randint(1, 9) / 10 for _ in range(3))
            pixels = tuple(rng.randint(0, 1) for _ in range(3))
            means = tuple(rng.choice([-2, -1, -0.5, 0, 0.5, 1, 2]) for _ in range(2))
            deviations = tuple(rng.choice([0.5, 1, 2]) for _ in range(2))
            return cls("gaussian", probabilities, pixels, (), means, deviations, 1)
        codes = rng.choice([2, 3])
        likelihood = tuple(rng.randint(1, 9) / 10 for _ in range(codes))
        return cls("discrete", likelihood, (), drawn_tenths(rng, codes), drawn_tenths(rng, codes), (), 1)

    def flaw(self) -> str | None:
        if reason := self._flaw_of_form():
            return reason
        numbers = (*self.likelihood, *self.prior, *self.posterior, *self.deviations, self.beta)
        return None if printable(numbers) else "a number has more than four decimals"

    def _flaw_of_form(self) -> str | None:
        shape = tuple(map(len, (self.likelihood, self.pixels, self.prior, self.posterior, self.deviations)))
        if self.form == "parts":
            if shape != (1, 0, 0, 1, 0) or not -1000 < self.likelihood[0] < 0 < self.posterior[0] < 1000:
                return "a negative log-likelihood and a positive divergence are given"
            return None if 0 < self.beta <= 100 and self.beta != 1 else "β is positive and not 1"
        if any(not 0.0001 <= p <= 0.9999 for p in self.likelihood):
            return "probabilities lie between 0.0001 and 0.9999"
        if self.form == "gaussian":
            if (
                shape[0] != shape[1]
                or shape[3] != shape[4]
                or not (1 <= shape[0] <= 6 and 1 <= shape[3] <= 4)
            ):
                return "each pixel has a probability, and each entry of the code a mean and a deviation"
            if (
                not set(self.pixels) <= {0, 1}
                or not all(0.01 <= deviation <= 100 for deviation in self.deviations)
                or not bounded(self.posterior, 10)
            ):
                return "pixels are 0 or 1, deviations go from 0.01 to 100, and means to 10"
            return None if self.divergence > 0.01 else "the code follows the prior"
        if self.form != "discrete":
            return "form is parts, gaussian or discrete"
        if not shape[0] == shape[2] == shape[3] or not 2 <= shape[0] <= 4:
            return "two to four codes each need a prior, a likelihood and the encoder's probability"
        if not all(abs(sum(row) - 1) < 1e-9 and min(row) > 0.0001 for row in (self.prior, self.posterior)):
            return "the probabilities of the codes are above 0.0001 and sum to 1"
        if self.evidence - self.bound < 5e-4:
            return "the encoder is almost exact: there is no gap"
        return None

    @property
    def reconstruction(self) -> float:
        """The expected log-likelihood."""
        if self.form == "parts":
            return self.likelihood[0]
        if self.form == "gaussian":
            return sum(math.log(p if x else 1 - p) for p, x in zip(self.likelihood, self.pixels, strict=True))
        return dot(self.posterior, tuple(map(math.log, self.likelihood)))

    @property
    def divergence(self) -> float:
        """KL of the encoder's distribution from the prior."""
        if self.form == "parts":
            return self.posterior[0]
        if self.form == "discrete":
            return _divergence(self.posterior, self.prior)
        pairs = zip(self.posterior, self.deviations, strict=True)
        return sum((m**2 + s**2 - 1 - 2 * math.log(s)) / 2 for m, s in pairs)

    @property
    def bound(self) -> float:
        """The evidence lower bound."""
        return self.reconstruction - self.divergence

    @property
    def evidence(self) -> float:
        """The logarithm of p(x), of the discrete form only."""
        return math.log(dot(self.prior, self.likelihood)) if self.prior else math.nan

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "parts":
            loss = (self.beta - 1) * self.divergence - given("elbo", self.bound)
            return {"elbo": Real(self.bound, 2), "loss": Real(loss, 2)}
        parts = {"reconstruction": self.reconstruction, "divergence": self.divergence}
        keys: dict[str, Answer] = {name: Real(value, 4) for name, value in parts.items()}
        own = {name: given(name, value) for name, value in parts.items()}
        bound = own["reconstruction"] - own["divergence"]
        keys["elbo"] = Real(bound, 4)
        if self.form == "gaussian":
            return keys
        keys["evidence"] = Real(self.evidence, 4)
        gap = given("evidence", self.evidence) - given("elbo", bound)
        return keys | {"gap": Real(gap, 4)}

    def _elbo(self, value: float) -> MistakeValues:
        return {"elbo": value} if self.form == "parts" else self.consequences(elbo=value)

    @mistake("The divergence is subtracted: it is the price for a code that differs from the prior.")
    def adds_the_divergence(self) -> MistakeValues:
        wrong = self._elbo(self.reconstruction + self.divergence)
        loss = {"loss": -self.reconstruction - self.beta * self.divergence}
        return {**(wrong or {}), **loss} if self.form == "parts" else wrong

    @mistake("This is the loss that is minimised; the bound has the opposite sign.")
    def takes_the_loss(self) -> MistakeValues:
        return self._elbo(-self.bound)

    @mistake("β multiplies the divergence.")
    def forgets_beta(self) -> MistakeValues:
        return {"loss": -self.bound} if self.form == "parts" else None

    @mistake("β multiplies the divergence, not the reconstruction.")
    def weights_the_reconstruction(self) -> MistakeValues:
        if self.form != "parts":
            return None
        return {"loss": -self.beta * self.reconstruction + self.divergence}

    @mistake("The divergence is an expectation under the encoder: that of its distribution from the prior.")
    def reverses_the_divergence(self) -> MistakeValues:
        if self.form != "discrete":
            return None
        return self.consequences(divergence=_divergence(self.prior, self.posterior))

    @mistake("This is log p(x) itself: the bound lies below it by the gap.")
    def takes_the_evidence(self) -> MistakeValues:
        return self.consequences(elbo=self.evidence) if self.form == "discrete" else None

    @mistake("A black pixel has the probability 1 − p.")
    def takes_all_pixels_as_white(self) -> MistakeValues:
        if self.form != "gaussian":
            return None
        return self.consequences(reconstruction=sum(map(math.log, self.likelihood)))

    @mistake("The divergence of a Gaussian has the factor 1/2.")
    def forgets_the_half(self) -> MistakeValues:
        return self.consequences(divergence=2 * self.divergence) if self.form == "gaussian" else None

    @mistake("The divergence needs the logarithm of the variance, which is twice that of the deviation.")
    def takes_the_log_of_the_deviation(self) -> MistakeValues:
        if self.form != "gaussian":
            return None
        pairs = zip(self.posterior, self.deviations, strict=True)
        return self.consequences(divergence=sum((m**2 + s**2 - 1 - math.log(s)) / 2 for m, s in pairs))

    @mistake("The evidence averages p(x|z) under the prior, not under the encoder.")
    def averages_under_the_encoder(self) -> MistakeValues:
        if self.form != "discrete":
            return None
        return self.consequences(evidence=math.log(dot(self.posterior, self.likelihood)))


class ContrastiveNtxent(Question):
    """The NT-Xent loss of an anchor, from similarities or from embeddings of a whole batch.

    At level 1 the temperature is 1, at level 2 it sharpens the softmax, at level 3 embeddings are compared
    and every view of two images is an anchor.

    Source: Chen et al. 2020, A simple framework for contrastive learning of visual representations,
    equation 1.
    """

    title = "NT-Xent loss"
    minutes = {1: 3, 2: 4, 3: 9}

    similarities: tuple[float, ...]
    """Of the anchor with its positive, then with the negatives."""
    views: tuple[tuple[int, int], ...]
    """Embeddings of both views of the first sample, then of the second; none if similarities are given."""
    temperature: float

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 3:
            alike = [(a, b) for a, b in permutations(DIRECTIONS, 2) if dot(a, b) > 0]
            return cls((), (*rng.choice(alike), *rng.choice(alike)), rng.choice([0.5, 1]))
        negatives = 2 if level == 1 else 3
        positive = rng.choice([0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
        others = tuple(rng.randint(-8, 8) / 10 for _ in range(negatives))
        return cls((positive, *others), (), 1 if level == 1 else rng.choice([0.1, 0.2, 0.25, 0.5]))

    def flaw(self) -> str | None:
        if bool(self.similarities) == bool(self.views):
            return "either similarities or views are given"
        if not 0.05 <= self.temperature <= 10:
            return "the temperature lies between 0.05 and 10"
        if not printable((self.temperature, *self.similarities)):
            return "temperature or similarities have more than four decimals"
        if self.views:
            if len(self.views) != 4 or any(view == (0, 0) for view in self.views):
                return "two samples have two views each, none of them zero"
            if max(max(map(abs, view)) for view in self.views) > LARGEST:
                return f"an entry is larger than {LARGEST}"
            if len(set(self.losses)) < 2:
                return "all anchors have the same loss"
            return None
        if not 2 <= len(self.similarities) <= 8 or max(map(abs, self.similarities)) > 1:
            return "two to eight similarities lie between −1 and 1"
        if len(set(self.similarities)) < 2:
            return "all similarities are equal"
        return None if 0.005 < self.probability < 0.995 else "the softmax is saturated"

    @property
    def scaled(self) -> tuple[float, ...]:
        """The given similarities divided by the temperature."""
        return tuple(similarity / self.temperature for similarity in self.similarities)

    def scaled_row(self, number: int) -> tuple[float, ...]:
        """The similarities of a view divided by the temperature."""
        return tuple(similarity / self.temperature for similarity in self.row(number))

    @property
    def anchor(self) -> tuple[float, ...]:
        """Of the first anchor: the similarity with the positive, then with the negatives."""
        return self.similarities or self.row(0)

    def row(self, number: int) -> tuple[float, ...]:
        """The similarities of a view with its partner, then with the views of the other sample."""
        partner = number ^ 1
        others = [place for place in range(4) if place not in {number, partner}]
        return tuple(_cosine(self.views[number], self.views[place]) for place in (partner, *others))

    @property
    def cosines(self) -> tuple[tuple[float, ...], ...]:
        """The similarity of each view with each."""
        return tuple(tuple(_cosine(left, right) for right in self.views) for left in self.views)

    @property
    def probability(self) -> float:
        """The share of the positive in the softmax."""
        return math.exp(-self.loss_of(self.anchor))

    def loss_of(self, similarities: Row) -> float:
        """The loss of an anchor."""
        exponentials = [math.exp(similarity / self.temperature) for similarity in similarities]
        return -math.log(exponentials[0] / sum(exponentials))

    @property
    def losses(self) -> tuple[float, ...]:
        """Of all four anchors."""
        return tuple(self.loss_of(self.row(number)) for number in range(len(self.views)))

    def follow(self, given: Given) -> dict[str, Answer]:
        if not self.views:
            probability = given("probability", self.probability)
            loss = -math.log(probability)
            return {"probability": Real(self.probability, 4), "loss": Real(loss, 4)}
        similarities = given("similarities", self.anchor)
        first = self.loss_of(similarities)
        losses = (first, *self.losses[1:])
        keys: dict[str, Answer] = {"similarities": Vector(self.anchor, 2), "losses": Vector(losses, 4)}
        return keys | {"mean": Real(sum(given("losses", losses)) / 4, 4)}

    def _losses(self, loss_of: Callable[[Row], float]) -> MistakeValues:
        """The blanks with another loss of an anchor."""
        if self.views:
            return self.consequences(losses=tuple(loss_of(self.row(number)) for number in range(4)))
        loss = loss_of(self.anchor)
        return {"probability": math.exp(-loss), "loss": loss}

    @mistake("The denominator has the positive beside all negatives.")
    def leaves_the_positive_out(self) -> MistakeValues:
        def loss(row: Row) -> float:
            return -math.log(
                math.exp(row[0] / self.temperature) / sum(math.exp(s / self.temperature) for s in row[1:])
            )

        return self._losses(loss)

    @mistake("The anchor is not compared with itself: its own similarity 1 has no place in the denominator.")
    def includes_the_anchor(self) -> MistakeValues:
        def loss(row: Row) -> float:
            total = sum(math.exp(s / self.temperature) for s in (*row, 1.0))
            return -math.log(math.exp(row[0] / self.temperature) / total)

        return self._losses(loss)

    @mistake("Similarities are divided by the temperature, not multiplied by it.")
    def multiplies_by_the_temperature(self) -> MistakeValues:
        return self._losses(replace(self, temperature=1 / self.temperature).loss_of)

    @mistake("Similarities are divided by the temperature before the exponential.")
    def forgets_the_temperature(self) -> MistakeValues:
        return self._losses(replace(self, temperature=1.0).loss_of)

    @mistake("Embeddings are divided by their lengths: the similarity is the cosine.")
    def takes_inner_products(self) -> MistakeValues:
        if not self.views:
            return None
        partner, *others = (dot(self.views[0], view) for view in self.views[1:])
        return {"similarities": (partner, *others)}

    @mistake("The mean extends over all 2N anchors, not over the N samples.")
    def divides_by_the_samples(self) -> MistakeValues:
        return {"mean": sum(self.losses) / 2} if self.views else None


class RegularizedObjective(Question):
    """A loss with penalties: of squares, of absolute values, of a code, and with auxiliary losses.

    At level 1 one penalty of a vector is added, at level 2 two of a matrix with biases, at level 3 that of
    the weights, that of a code, and auxiliary losses.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, sections 7.1 and 14.2; Szegedy et al. 2015,
    Going deeper with convolutions, section 5, for the auxiliary losses.
    """

    title = "Loss with penalties"
    minutes = {1: 2, 2: 4, 3: 6}

    loss: float
    weights: tuple[tuple[int, ...], ...]
    """The rows of a weight matrix; one row for a vector."""
    bias: tuple[int, ...]
    """Not penalized."""
    penalties: tuple[str, ...]
    """Of `squares`, `half_squares` and `absolute`."""
    strengths: tuple[float, ...]
    """One for each penalty."""
    code: tuple[float, ...]
    """The hidden code whose squared length is penalized."""
    code_strength: float
    auxiliary: tuple[float, ...]
    """Auxiliary losses, all of the same weight."""
    auxiliary_weight: float

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        loss = rng.randint(3, 30) / 10
        strengths = [0.1, 0.01, 0.5, 0.05, 0.2, 0.02]
        if level == 1:
            vector = _entries(rng, rng.choice([2, 3]))
            return cls(loss, (vector,), (), (rng.choice(PENALTIES),), (rng.choice(strengths),), (), 0, (), 0)
        weights = tuple(_entries(rng, 2) for _ in range(2))
        bias = tuple(rng.choice([-2, -1, 1, 2, 3]) for _ in range(2))
        first, second = rng.sample(strengths, 2)
        if level == 2:
            squares = rng.choice(PENALTIES[:2])
            return cls(loss, weights, bias, ("absolute", squares), (first, second), (), 0, (), 0)
        code = tuple(rng.choice([-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2]) for _ in range(3))
        auxiliary = tuple(rng.randint(5, 40) / 10 for _ in range(2))
        share = rng.choice([0.2, 0.3, 0.5])
        return cls(loss, weights, bias, ("half_squares",), (first,), code, second, auxiliary, share)

    def flaw(self) -> str | None:
        if not set(self.penalties) <= set(PENALTIES) or len(self.penalties) != len(self.strengths):
            return f"penalties are some of {', '.join(PENALTIES)}, each with a strength"
        if len(set(self.penalties)) != len(self.penalties) or not self.penalties:
            return "there is at least one penalty, and none twice"
        if not 1 <= len(self.weights) <= 3 or not all(1 <= len(row) <= 4 for row in self.weights):
            return "the weights are one to three rows of one to four entries"
        if len({*map(len, self.weights)}) > 1 or len(self.bias) not in {0, len(self.weights)}:
            return "all rows of weights have one length, and each has a bias, or none has"
        if len(self.code) > 4 or len(self.auxiliary) > 4:
            return "a code has at most four entries, and there are at most four auxiliary losses"
        if not all(0 < strength <= LARGEST for strength in self.strengths) or not all(
            0 <= number <= LARGEST
            for number in (self.loss, self.code_strength, self.auxiliary_weight, *self.auxiliary)
        ):
            return f"losses and the weights of penalties are not negative, and at most {LARGEST}"
        if bool(self.code) != bool(self.code_strength) or bool(self.auxiliary) != bool(self.auxiliary_weight):
            return "a code and auxiliary losses need a weight"
        if not all(abs(number) <= LARGEST for number in (*self.entries, *self.bias, *self.code)):
            return f"a number is larger than {LARGEST}"
        strengths = (*self.strengths, self.code_strength, self.auxiliary_weight)
        if not printable((self.loss, *strengths, *self.code, *self.auxiliary)):
            return "a number has more than four decimals"
        return None if any(self.entries) else "all weights are zero"

    @property
    def entries(self) -> tuple[int, ...]:
        """All weights."""
        return sum(self.weights, ())

    def penalty(self, kind: str, entries: Row) -> float:
        """A penalty before it is multiplied by its strength."""
        if kind == "absolute":
            return float(sum(map(abs, entries)))
        return sum(entry**2 for entry in entries) / (2 if kind == "half_squares" else 1)

    @property
    def parts(self) -> dict[str, float]:
        """What is added to the loss, by the name of its blank."""
        weighted = zip(self.penalties, self.strengths, strict=True)
        parts = {kind: strength * self.penalty(kind, self.entries) for kind, strength in weighted}
        if self.code:
            parts["code_penalty"] = self.code_strength * dot(self.code, self.code)
        if self.auxiliary:
            parts["auxiliary_loss"] = self.auxiliary_weight * sum(self.auxiliary)
        return parts

    def follow(self, given: Given) -> dict[str, Answer]:
        decimals = 4 if self.code else 3
        keys: dict[str, Answer] = {name: Real(value, decimals) for name, value in self.parts.items()}
        added = sum(given(name, value) for name, value in self.parts.items())
        return keys | {"total": Real(self.loss + added, decimals)}

    def _weighted(self, values: dict[str, float]) -> MistakeValues:
        """The blanks with other penalties, given before they are multiplied by their strengths."""
        strengths = dict(zip(self.penalties, self.strengths, strict=True))
        return self.consequences(**{kind: strengths[kind] * value for kind, value in values.items()})

    @property
    def _squares(self) -> list[str]:
        return [kind for kind in self.penalties if kind != "absolute"]

    @mistake("Each weight is squared, or its absolute value taken, before they are added.")
    def adds_the_weights(self) -> MistakeValues:
        total = float(sum(self.entries))
        return self._weighted({k: total / (2 if k == "half_squares" else 1) for k in self.penalties})

    @mistake("The penalty has the squared length of the weights, not the length.")
    def takes_the_length(self) -> MistakeValues:
        length = math.hypot(*self.entries)
        return self._weighted({k: length / (2 if k == "half_squares" else 1) for k in self._squares})

    @mistake("The penalty has the factor 1/2.")
    def forgets_the_half(self) -> MistakeValues:
        if "half_squares" not in self.penalties:
            return None
        return self._weighted({"half_squares": self.penalty("squares", self.entries)})

    @mistake("Here the penalty has no factor 1/2.")
    def halves_the_squares(self) -> MistakeValues:
        if "squares" not in self.penalties:
            return None
        return self._weighted({"squares": self.penalty("half_squares", self.entries)})

    @mistake("The biases are not penalized.")
    def penalizes_the_biases(self) -> MistakeValues:
        everything = (*self.entries, *self.bias)
        return self._weighted({kind: self.penalty(kind, everything) for kind in self.penalties})

    @mistake("The auxiliary losses are multiplied by their weight.")
    def forgets_the_auxiliary_weight(self) -> MistakeValues:
        return self.consequences(auxiliary_loss=sum(self.auxiliary)) if self.auxiliary else None

    @mistake("The penalties are multiplied by their strengths.")
    def forgets_the_strengths(self) -> MistakeValues:
        return self.consequences(**{kind: self.penalty(kind, self.entries) for kind in self.penalties})

    @mistake("The penalty of the code has its squared length.")
    def takes_the_length_of_the_code(self) -> MistakeValues:
        length = math.hypot(*self.code)
        return self.consequences(code_penalty=self.code_strength * length) if self.code else None

    @mistake("Penalties are added to the loss.")
    def forgets_the_loss(self) -> MistakeValues:
        return {"total": sum(self.parts.values())}


def _divergence(first: Row, second: Row) -> float:
    return sum(p * math.log(p / q) for p, q in zip(first, second, strict=True))


def _cosine(left: Row, right: Row) -> float:
    return dot(left, right) / math.sqrt(dot(left, left) * dot(right, right))


def _entries(rng: Random, count: int) -> tuple[int, ...]:
    return tuple(rng.choice([-4, -3, -2, -1, 1, 2, 3, 4]) for _ in range(count))
