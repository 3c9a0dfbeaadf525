"""Losses of regressions, classifiers, generative models and representations."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from random import Random
from statistics import NormalDist
from typing import Any, Self

from ...answers import Answer, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, dot, latex_number, written_number

IGNORED = -100
"""The label of a sample that PyTorch leaves out."""
LARGEST_LOGIT = 20
LARGEST_WEIGHT = 100
DYADIC = ((1 / 2, 1 / 4, 1 / 8, 1 / 8), (1 / 4, 1 / 4, 1 / 4, 1 / 4))
"""Distributions of powers of two."""
MEASURES = ("sse", "half_sse", "mse", "rmse", "mae", "mbd")
"""The sum of squared errors, half of it, their mean, its root, the mean absolute error, the mean bias."""


class RegressionErrors(Question):
    """Error measures of predictions: from squared errors to their mean, its root, and what is no square.

    At level 1 the mean squared error of a few numbers is asked, at level 2 the errors and several measures,
    at level 3 vectors with two reductions, or probabilities against a one-hot label.

    Source: Bishop 2006, Pattern Recognition and Machine Learning, section 1.1; torch.nn.MSELoss,
    torch.nn.L1Loss.
    """

    title = "Error measures of a regression"
    minutes = {1: 2, 2: 5, 3: 4}

    form: str
    """`list` for one row of numbers, `vectors` for a row per sample, `one_hot` for a label."""
    targets: tuple[tuple[int, ...], ...]
    predictions: tuple[tuple[float, ...], ...]
    measures: tuple[str, ...]
    """What is asked of a list, named as in MEASURES; of the other forms, nothing is to be chosen."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 3 and rng.random() < 0.5:
            classes = rng.choice([3, 4])
            label = rng.randrange(classes)
            target = tuple(int(place == label) for place in range(classes))
            return cls("one_hot", (target,), (_drawn_percentages(rng, classes),), ())
        rows, columns = {1: (1, 3), 2: (1, rng.choice([4, 5])), 3: rng.choice([(2, 3), (3, 2)])}[level]
        targets = tuple(tuple(rng.randint(-5, 9) for _ in range(columns)) for _ in range(rows))
        predictions = tuple(tuple(entry + rng.randint(-4, 4) for entry in row) for row in targets)
        if level == 3:
            return cls("vectors", targets, predictions, ())
        optional = rng.sample(["half_sse", "rmse", "mae", "mbd"], 3 if level == 2 else 0)
        asked = ["mse", *optional] if level == 1 else ["sse", "mse", *optional]
        return cls("list", targets, predictions, tuple(name for name in MEASURES if name in asked))

    def flaw(self) -> str | None:
        if self.form not in {"list", "vectors", "one_hot"} or not {*self.measures} <= {*MEASURES}:
            return f"form is list, vectors or one_hot, and measures are of {', '.join(MEASURES)}"
        if (self.form == "list") != bool(self.measures) or len({*self.measures}) != len(self.measures):
            return "one or more different measures are asked of a list, and none of the other forms"
        if len(self.targets) != len(self.predictions) or len({*map(len, self._entries)}) != 1:
            return "each target needs one prediction, and all rows are equally long"
        if not 2 <= self.columns <= 8 or not (
            2 <= self.rows <= 4 if self.form == "vectors" else self.rows == 1
        ):
            return "two to eight numbers in one row, or in two to four rows for vectors, are wanted"
        if self.form == "one_hot":
            return self._flaw_of_probabilities()
        if not all(abs(entry) <= 100 and entry == int(entry) for row in self._entries for entry in row):
            return "targets and predictions are whole numbers from -100 to 100"
        if len({abs(error) for error in self.flat_errors}) < 2:
            return "all errors have the same size"
        if "mbd" in self.measures and sum(self.flat_errors) == 0:
            return "the errors cancel"
        return None

    def _flaw_of_probabilities(self) -> str | None:
        if sorted(self.targets[0]) != [0] * (self.columns - 1) + [1]:
            return "the target of a one-hot label is one 1 among zeros"
        return _flaw_of_probabilities(self.predictions[0])

    @property
    def _entries(self) -> tuple[tuple[float, ...], ...]:
        return (*self.targets, *self.predictions)

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.targets)

    @property
    def columns(self) -> int:
        """The number of entries of a row."""
        return len(self.targets[0])

    @property
    def label(self) -> int:
        """The class of a one-hot target."""
        return self.targets[0].index(max(self.targets[0]))

    @property
    def errors(self) -> tuple[tuple[float, ...], ...]:
        """Prediction minus target."""
        pairs = zip(self.predictions, self.targets, strict=True)
        return tuple(tuple(p - t for p, t in zip(*rows, strict=True)) for rows in pairs)

    @property
    def flat_errors(self) -> tuple[float, ...]:
        """The errors of all rows, one after another."""
        return tuple(error for row in self.errors for error in row)

    @property
    def square_sums(self) -> tuple[float, ...]:
        """The sum of the squared errors of each row."""
        return tuple(sum(error**2 for error in row) for row in self.errors)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "vectors":
            sums = given("sums", self.square_sums)
            answers: dict[str, Answer] = {"sums": Vector(tuple(map(int, self.square_sums)))}
            by_sample, by_entry = sum(sums) / self.rows, sum(sums) / self.rows / self.columns
            return answers | {"mean_over_samples": Real(by_sample, 3), "mean_over_all": Real(by_entry, 3)}
        if self.form == "one_hot":
            squares = tuple(error**2 for error in self.errors[0])
            own = given("squares", squares)
            total = sum(own)
            own_total = given("total", total)
            mean = Real(own_total / self.columns, 4)
            return {"squares": Vector(squares, 4), "total": Real(total, 4), "mean": mean}
        return self._measured(given)

    def _measured(self, given: Given) -> dict[str, Answer]:
        errors = given("errors", self.errors[0])
        first = {"errors": Vector(tuple(map(int, self.errors[0])))} if len(self.measures) > 1 else {}
        total = sum(error**2 for error in errors)
        own_total = given("sse", total)
        mean = own_total / self.columns
        values = {
            "sse": total,
            "half_sse": own_total / 2,
            "mse": mean,
            "rmse": math.sqrt(given("mse", mean)),
            "mae": sum(map(abs, errors)) / self.columns,
            "mbd": sum(errors) / self.columns,
        }
        return first | {name: Real(values[name], 3) for name in self.measures}

    @property
    def _mean_square(self) -> str:
        """The blank of the mean over all entries."""
        return {"list": "mse", "vectors": "mean_over_all", "one_hot": "mean"}[self.form]

    def _mean(self, value: float) -> MistakeValues:
        if self.form == "list" and "mse" not in self.measures:
            return None
        return self.consequences(**{self._mean_square: value})

    @mistake("The mean squared error also counts the classes that are not the right one: each has an error.")
    def only_true_class(self) -> MistakeValues:
        return self._mean(self.errors[0][self.label] ** 2) if self.form == "one_hot" else None

    @mistake("This is the sum of the squared errors; the mean divides it by the number of entries.")
    def sum_not_mean(self) -> MistakeValues:
        return self._mean(sum(self.square_sums))

    @mistake("This is half the sum of the squared errors; the mean divides by the number of entries.")
    def half_factor(self) -> MistakeValues:
        return self._mean(sum(self.square_sums) / 2)

    @mistake("The mean squared error divides by the number of entries, not by one less.")
    def divides_by_one_less(self) -> MistakeValues:
        return self._mean(sum(self.square_sums) / (self.rows * self.columns - 1))

    @mistake("This is the mean of the absolute errors; the errors must be squared.")
    def absolute_for_squared(self) -> MistakeValues:
        return self._mean(sum(map(abs, self.flat_errors)) / len(self.flat_errors))

    @mistake("Square each error before you add them: positive and negative errors must not cancel.")
    def squares_the_mean(self) -> MistakeValues:
        return (
            None
            if self.form == "one_hot"
            else self._mean((sum(self.flat_errors) / len(self.flat_errors)) ** 2)
        )

    @mistake("The root mean squared error is the square root of the mean squared error.")
    def no_root(self) -> MistakeValues:
        return {"rmse": sum(self.square_sums) / self.columns} if "rmse" in self.measures else None

    @mistake("Take the mean before the root: this is the root of the sum.")
    def root_of_the_sum(self) -> MistakeValues:
        return {"rmse": math.sqrt(sum(self.square_sums))} if "rmse" in self.measures else None

    @mistake("The bias is prediction minus target: it is positive where predictions are too high.")
    def bias_turned_round(self) -> MistakeValues:
        return {"mbd": -sum(self.flat_errors) / self.columns} if "mbd" in self.measures else None

    @mistake("The mean bias keeps the signs of the errors, so that they may cancel.")
    def bias_without_signs(self) -> MistakeValues:
        return {"mbd": sum(map(abs, self.flat_errors)) / self.columns} if "mbd" in self.measures else None

    @mistake("The mean absolute error takes each error without its sign, so that errors cannot cancel.")
    def absolute_of_the_mean(self) -> MistakeValues:
        return {"mae": abs(sum(self.flat_errors)) / self.columns} if "mae" in self.measures else None

    @mistake("Here only the samples are averaged; the entries of a sample are added.")
    def averages_entries_too(self) -> MistakeValues:
        mean = sum(self.square_sums) / self.rows / self.columns
        return {"mean_over_samples": mean} if self.form == "vectors" else None

    @mistake("The mean over all entries divides by the number of all entries, not of the samples.")
    def averages_samples_only(self) -> MistakeValues:
        return {"mean_over_all": sum(self.square_sums) / self.rows} if self.form == "vectors" else None


class SoftmaxVector(Question):
    """From logits to probabilities, to their logarithms, and back to the logits.

    At level 1 the exponentials are whole numbers or simple fractions, at level 2 they are computed first, at
    level 3 large logits are shifted for the log-softmax, or logits are recovered from probabilities.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, sections 4.1 and 6.2.2.3;
    torch.nn.functional.log_softmax.
    """

    title = "Softmax of logits"
    minutes = {1: 2, 2: 4, 3: 5}

    form: str
    """`friendly` or `steps` for probabilities, `log` for their logarithms, `inverse` for the logits."""
    logits: tuple[str, ...]
    """Decimal numbers and logarithms, such as `0.5`, `ln 2` and `-ln 3`."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            return cls("friendly", tuple(_drawn_logit(rng) for _ in range(rng.choice([2, 3]))))
        if level == 2:
            return cls("steps", tuple(str(rng.randint(-4, 4)) for _ in range(3)))
        if rng.random() < 0.5:
            offset = rng.choice([100, 500, 1000, -200, -1000])
            return cls("log", tuple(str(offset + rng.randint(-3, 3)) for _ in range(4)))
        shares = [rng.randint(1, 8) for _ in range(4)]
        return cls("inverse", tuple("0" if share == 1 else f"ln {share}" for share in shares))

    def flaw(self) -> str | None:
        if self.form not in {"friendly", "steps", "log", "inverse"} or not 2 <= len(self.logits) <= 5:
            return "form is friendly, steps, log or inverse, of two to five logits"
        try:
            values = self.values
        except ValueError:
            return "a logit is a number or a logarithm, such as 0.5, ln 2 or -ln 3"
        largest = 10_000 if self.form == "log" else 5
        if not all(abs(value) <= largest for value in values) or max(values) - min(values) > 10:
            return f"logits go from -{largest} to {largest} and differ by at most 10"
        if len({*values}) < min(3, len(values)):
            return "too many logits are equal"
        if self.form == "inverse" and any(abs(share - round(share)) > 1e-9 for share in self.exponentials):
            return "the exponentials of logits that are to be recovered are whole numbers"
        return None

    @property
    def values(self) -> tuple[float, ...]:
        """The logits as numbers."""
        return tuple(map(written_number, self.logits))

    @property
    def latex_logits(self) -> tuple[str, ...]:
        """The logits as LaTeX."""
        return tuple(map(latex_number, self.logits))

    @property
    def exponentials(self) -> tuple[float, ...]:
        """The exponential of each logit; of large ones, after the largest was subtracted."""
        return tuple(map(math.exp, self.shifted if self.form == "log" else self.values))

    @property
    def shifted(self) -> tuple[float, ...]:
        """Each logit minus the largest one."""
        return tuple(value - max(self.values) for value in self.values)

    @property
    def shares(self) -> tuple[str, ...]:
        """The probabilities of the inverse question, as fractions in lowest terms."""
        if self.form != "inverse":
            return ()
        total = sum(map(round, self.exponentials))
        return tuple(str(Fraction(round(share), total)) for share in self.exponentials)

    @property
    def probabilities(self) -> tuple[float, ...]:
        """The softmax."""
        return _softmax(self.values)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "inverse":
            return {"logits": Vector(tuple(value - self.values[0] for value in self.values[1:]), 4)}
        if self.form == "log":
            own_shifted = given("shifted", self.shifted)
            normalizer = max(self.values) + math.log(sum(map(math.exp, own_shifted)))
            own_normalizer = given("logsumexp", normalizer)
            logarithms = tuple(value - own_normalizer for value in self.values)
            return {
                "shifted": Vector(tuple(map(round, self.shifted))),
                "logsumexp": Real(normalizer, 4),
                "log_probabilities": Vector(logarithms, 4),
            }
        if self.form == "friendly":
            return {"probabilities": Vector(self.probabilities, 4)}
        own = given("exponentials", self.exponentials)
        return {
            "exponentials": Vector(self.exponentials, 4),
            "probabilities": Vector(_shares(own), 4),
        }

    def _weighted(self, weights: tuple[float, ...], *, normalized: bool = True) -> MistakeValues:
        """The values of weights in the place of the exponentials."""
        if self.form not in {"friendly", "steps"}:
            return None
        exponentials = {"exponentials": weights} if self.form == "steps" else {}
        return exponentials | {"probabilities": _shares(weights) if normalized else weights}

    @mistake("The softmax takes the exponential of each logit before it divides by the sum.")
    def no_exponential(self) -> MistakeValues:
        return self._weighted(self.values) if sum(self.values) else None

    @mistake("These are sigmoids of the single logits; the probabilities of a softmax add up to 1.")
    def sigmoid_each(self) -> MistakeValues:
        sigmoids = tuple(1 / (1 + math.exp(-value)) for value in self.values) if self.form != "log" else ()
        values = self._weighted(sigmoids, normalized=False)
        return {"probabilities": values["probabilities"]} if values else None

    @mistake("The base of the exponentials is e, not 2.")
    def base_2(self) -> MistakeValues:
        if self.form == "inverse":
            return {"logits": tuple(value / math.log(2) for value in self.differences)}
        return self._weighted(tuple(2**value for value in self.values)) if self.form != "log" else None

    @mistake("Divide by the sum of the exponentials, not by the largest one.")
    def divides_by_the_largest(self) -> MistakeValues:
        if self.form not in {"friendly", "steps"}:
            return None
        return {"probabilities": tuple(e / max(self.exponentials) for e in self.exponentials)}

    @mistake("The exponential of a negative number is positive: exp(−z) = 1/exp(z).")
    def negative_exponentials(self) -> MistakeValues:
        if min(self.values) >= 0 or self.form == "log":
            return None
        signed = tuple(math.exp(abs(value)) * (-1 if value < 0 else 1) for value in self.values)
        return self._weighted(signed) if abs(sum(signed)) > 0.01 else None

    @mistake("The maximum that was subtracted must be added to the logarithm of the sum again.")
    def forgets_the_maximum(self) -> MistakeValues:
        if self.form != "log":
            return None
        return self.consequences(logsumexp=math.log(sum(self.exponentials)))

    @mistake("This is the largest logit; the logarithm of the sum of the exponentials comes on top of it.")
    def maximum_for_logsumexp(self) -> MistakeValues:
        return self.consequences(logsumexp=max(self.values)) if self.form == "log" else None

    @mistake("Logarithms of probabilities are negative: subtract the log-sum-exp from the logits.")
    def negative_log_probabilities(self) -> MistakeValues:
        normalizer = _logsumexp(self.values)
        negative = tuple(normalizer - value for value in self.values)
        return {"log_probabilities": negative} if self.form == "log" else None

    @mistake("These are the logarithms of the probabilities; shift them all so that the first logit is 0.")
    def logarithms_unshifted(self) -> MistakeValues:
        logarithms = tuple(map(math.log, self.probabilities[1:]))
        return {"logits": logarithms} if self.form == "inverse" else None

    @mistake("A ratio of probabilities is the exponential of a difference of logits: take the logarithm.")
    def ratios_for_logits(self) -> MistakeValues:
        return {"logits": tuple(map(math.exp, self.differences))} if self.form == "inverse" else None

    @mistake("A class that is more probable than the first one has the larger logit.")
    def ratios_turned_round(self) -> MistakeValues:
        return {"logits": tuple(-value for value in self.differences)} if self.form == "inverse" else None

    @property
    def differences(self) -> tuple[float, ...]:
        """The logits after the first one, where that is 0."""
        return tuple(value - self.values[0] for value in self.values[1:])


class CrossEntropySingle(Question):
    """Cross-entropy of one sample, in bits or nats.

    At level 1 the probability is a power of two, at level 2 the loss is converted from nats to bits, at level
    3 the target is soft, or the probability that a loss demands is asked.

    Source: Shannon 1948, A mathematical theory of communication, section 6; Goodfellow, Bengio & Courville
    2016, Deep Learning, section 3.13; torch.nn.CrossEntropyLoss.
    """

    title = "Cross-entropy of one sample"
    minutes = {1: 1, 2: 2, 3: 4}

    form: str
    """`bits`, `convert`, `soft` or `demand`."""
    probabilities: tuple[float, ...]
    target: tuple[float, ...]
    """The target probability of each class: one-hot, unless the form is `soft`."""
    largest_loss: float
    """The loss, in nats, that the form `demand` allows; 0 for the other forms."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        classes = {1: rng.choice([2, 3]), 2: rng.choice([3, 4]), 3: 4}[level]
        label = rng.randrange(classes)
        one_hot = tuple(float(place == label) for place in range(classes))
        if level == 1:
            right = rng.choice([1 / 2, 1 / 4, 1 / 8, 1 / 16])
            rest = rng.randint(1, 9) / 10 if classes == 3 else 1.0
            others = [round((1 - right) * rest, 4), round((1 - right) * (1 - rest), 4)][: classes - 1]
            return cls("bits", (*others[:label], right, *others[label:]), one_hot, 0.0)
        probabilities = _drawn_percentages(rng, classes)
        if level == 2:
            return cls("convert", probabilities, one_hot, 0.0)
        if rng.random() < 0.6:
            cuts = [0, *sorted(rng.randint(0, 10) for _ in range(classes - 1)), 10]
            return cls("soft", probabilities, tuple((b - a) / 10 for a, b in pairwise(cuts)), 0.0)
        return cls("demand", probabilities, one_hot, rng.randint(1, 20) / 10)

    def flaw(self) -> str | None:
        if self.form not in {"bits", "convert", "soft", "demand"} or not 2 <= len(self.probabilities) <= 6:
            return "form is bits, convert, soft or demand, of two to six classes"
        if flaw := _flaw_of_probabilities(self.probabilities):
            return flaw
        target = self.target
        if len(target) != len(self.probabilities) or not all(0 <= share <= 1 for share in target):
            return "each class needs a target from 0 to 1"
        if abs(sum(target) - 1) > 1e-12 or (max(target) == 1) == (self.form == "soft"):
            return "the targets add up to 1, and one of them is 1 unless the form is soft"
        if any(abs(share - round(share, 2)) > 1e-12 for share in target):
            return "a target has at most two decimals"
        if not (0.1 <= self.largest_loss <= 5 if self.form == "demand" else self.largest_loss == 0):
            return "the form demand, and no other, has a largest loss, from 0.1 to 5"
        if self.form == "demand" and self.loss <= self.largest_loss:
            return "the loss is small enough already"
        return None

    @property
    def label(self) -> int:
        """The class of a one-hot target."""
        return self.target.index(max(self.target))

    @property
    def right(self) -> float:
        """The probability of that class."""
        return self.probabilities[self.label]

    @property
    def terms(self) -> tuple[float, ...]:
        """What each class adds to the loss, in nats."""
        pairs = zip(self.target, self.probabilities, strict=True)
        return tuple(-share * math.log(p) if share else 0.0 for share, p in pairs)

    @property
    def loss(self) -> float:
        """The cross-entropy in nats."""
        return sum(self.terms)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "bits":
            return {"bits": Real(self.loss / math.log(2), 2)}
        if self.form == "demand":
            smallest = Real(math.exp(-self.largest_loss), 4)
            return {"nats": Real(self.loss, 4), "smallest": smallest}
        if self.form == "soft":
            own_terms = given("terms", self.terms)
            return {"terms": Vector(self.terms, 4), "nats": Real(sum(own_terms), 4)}
        own_loss = given("nats", self.loss)
        return {"nats": Real(self.loss, 4), "bits": Real(own_loss / math.log(2), 4)}

    def _loss(self, nats: float) -> MistakeValues:
        if self.form == "bits":
            return {"bits": nats / math.log(2)}
        return {"nats": nats} if self.form in {"soft", "demand"} else self.consequences(nats=nats)

    @mistake("One nat is 1/ln 2 bits: the natural logarithm gives nats, the one to base 2 bits.")
    def wrong_base(self) -> MistakeValues:
        if self.form == "convert":
            return {"bits": self.loss * math.log(2)}
        return {"bits": self.loss} if self.form == "bits" else {"nats": self.loss / math.log(2)}

    @mistake("Take the logarithm of the right class's probability itself, not of 1 minus it.")
    def log_of_1_minus_p(self) -> MistakeValues:
        return None if self.form == "soft" else self._loss(-math.log(1 - self.right))

    @mistake("Each logarithm is weighted by the target of its class: a class with target 0 adds nothing.")
    def sums_all_classes(self) -> MistakeValues:
        return self._loss(-sum(map(math.log, self.probabilities)))

    @mistake("The cross-entropy is minus the logarithm, so that it is never negative.")
    def sign_dropped(self) -> MistakeValues:
        return self._loss(-self.loss)

    @mistake("The cross-entropy is a sum over the classes; it is not divided by their number.")
    def averages_over_classes(self) -> MistakeValues:
        return self._loss(self.loss / len(self.probabilities))

    @mistake("A soft target weights all classes, not only the most probable one.")
    def hardens_the_target(self) -> MistakeValues:
        return {"nats": -math.log(self.right)} if self.form == "soft" else None

    @mistake("Target and prediction are swapped: the logarithm is taken of the predicted probabilities.")
    def logarithm_of_the_target(self) -> MistakeValues:
        if self.form != "soft" or not all(self.target):
            return None
        pairs = zip(self.target, self.probabilities, strict=True)
        terms = tuple(-p * math.log(share) for share, p in pairs)
        return {"terms": terms, "nats": sum(terms)}

    @mistake("The loss −ln p is at most L where p is at least exp(−L), not 1 − L or exp(L).")
    def threshold_without_exponential(self) -> MistakeValues:
        return {"smallest": abs(1 - self.largest_loss)} if self.form == "demand" else None

    @mistake("The loss is in nats: undo the natural logarithm, with a power of e and not of 2.")
    def threshold_to_base_2(self) -> MistakeValues:
        return {"smallest": 2**-self.largest_loss} if self.form == "demand" else None


class CrossEntropyBatch(Question):
    """Cross-entropy of a batch of logits, of each sample and in all.

    At level 1 there is one sample and its softmax is asked first, at level 2 the losses of a batch are
    reduced, at level 3 a listing has class weights, an ignored sample, or a softmax where none belongs.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.2.2.3;
    torch.nn.CrossEntropyLoss, torch.nn.NLLLoss.
    """

    title = "Cross-entropy of a batch of logits"
    minutes = {1: 2, 2: 4, 3: 5}

    logits: tuple[tuple[str, ...], ...]
    """A row for each sample, as decimal numbers and logarithms, such as `0.5`, `ln 2` and `-ln 3`."""
    labels: tuple[int, ...]
    """The class of each sample, from 0, or IGNORED."""
    reduction: str
    weights: tuple[int, ...]
    """A weight for each class, or none at all."""
    softmax: bool
    """Whether a softmax goes before the criterion."""
    criterion: str

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        samples, classes = {1: (1, 2), 2: (rng.choice([2, 3]), 3), 3: (3, rng.choice([3, 3, 4]))}[level]
        logits = tuple(tuple(_drawn_logit(rng) for _ in range(classes)) for _ in range(samples))
        labels = tuple(rng.randrange(classes) for _ in range(samples))
        reduction = "mean" if level == 1 else rng.choice(["mean", "sum"])
        plain = cls(logits, labels, reduction, (), softmax=False, criterion="cross_entropy")
        if level < 3:
            return plain
        hidden = rng.randrange(samples)
        return rng.choice(
            [
                replace(plain, reduction="mean", weights=tuple(rng.randint(1, 4) for _ in range(classes))),
                replace(
                    plain,
                    reduction="mean",
                    labels=tuple(IGNORED if n == hidden else label for n, label in enumerate(labels)),
                ),
                replace(plain, softmax=True, logits=logits[:2], labels=labels[:2]),
                replace(plain, softmax=True, criterion="nll_loss"),
            ]
        )

    def flaw(self) -> str | None:
        if self.reduction not in {"mean", "sum"} or self.criterion not in {"cross_entropy", "nll_loss"}:
            return "reduction is mean or sum, and criterion is cross_entropy or nll_loss"
        if not 1 <= len(self.logits) <= 6 or not 2 <= self.classes <= 6:
            return "one to six samples and two to six classes are wanted"
        if {*map(len, self.logits)} != {self.classes} or len(self.labels) != len(self.logits):
            return "each sample needs one label and a logit for each class"
        try:
            scores = self.values
        except ValueError:
            return "a logit is a number or a logarithm, such as 0.5, ln 2 or -ln 3"
        if not all(abs(score) <= LARGEST_LOGIT for row in scores for score in row):
            return f"logits go from -{LARGEST_LOGIT} to {LARGEST_LOGIT}"
        if not {*self.labels} <= {*range(self.classes), IGNORED}:
            return f"a label is a class, counted from 0, or {IGNORED}"
        if self.weights and (
            len(self.weights) != self.classes
            or not all(1 <= weight <= LARGEST_WEIGHT for weight in self.weights)
        ):
            return f"each class needs one weight from 1 to {LARGEST_WEIGHT}"
        return self._dull()

    def _dull(self) -> str | None:
        """Why nothing can be learned from the numbers, or None."""
        if self.criterion == "nll_loss" and not self.softmax:
            return "the negative log-likelihood of bare logits has no meaning"
        special = bool(self.weights) + (IGNORED in self.labels) + self.softmax
        if special and (self.single or special != 1):
            return "weights, an ignored sample and a softmax are asked one at a time, and of a batch"
        if len(self.used) < min(2, len(self.labels)):
            return "fewer than two samples are left"
        if self.weights and len({self.weights[label] for label in self.used}) == 1:
            return "all weights that are used are equal"
        if any(len({*row}) == 1 for row in self.values):
            return "a sample has equal logits"
        if not self.single and len({*self.losses}) == 1:
            return "all losses are equal"
        return None

    @property
    def classes(self) -> int:
        """The number of classes."""
        return len(self.logits[0])

    @property
    def single(self) -> bool:
        """Whether there is one sample, whose softmax is asked."""
        return len(self.logits) == 1

    @property
    def values(self) -> tuple[tuple[float, ...], ...]:
        """The logits as numbers."""
        return tuple(tuple(map(written_number, row)) for row in self.logits)

    @property
    def latex_logits(self) -> tuple[tuple[str, ...], ...]:
        """The logits as LaTeX."""
        return tuple(tuple(map(latex_number, row)) for row in self.logits)

    @property
    def exponentials(self) -> tuple[tuple[float, ...], ...]:
        """The exponential of each logit."""
        return tuple(tuple(map(math.exp, row)) for row in self.values)

    @property
    def probabilities(self) -> tuple[tuple[float, ...], ...]:
        """The softmax of each row of logits."""
        return tuple(map(_softmax, self.values))

    @property
    def used(self) -> tuple[int, ...]:
        """The labels that are not ignored."""
        return tuple(label for label in self.labels if label != IGNORED)

    @property
    def divisor(self) -> int:
        """By what the sum of the losses is divided."""
        if self.reduction == "sum":
            return 1
        return sum(self.weights[label] for label in self.used) if self.weights else len(self.used)

    @property
    def listing(self) -> str:
        """The computation in PyTorch."""
        scores = "probabilities" if self.softmax or self.single else "logits"
        weight = "weight=weight, " if self.weights else ""
        lines = ["probabilities = torch.softmax(logits, dim=1)"] if scores == "probabilities" else []
        if self.single:
            return "\n".join([*lines, f'loss = F.{self.criterion}(logits, labels, reduction="mean")'])
        if self.weights:
            lines.append(f"weight = torch.tensor({list(self.weights)}, dtype=logits.dtype)")
        for name, reduction in (("losses", "none"), ("loss", self.reduction)):
            lines.append(f'{name} = F.{self.criterion}({scores}, labels, {weight}reduction="{reduction}")')
        return "\n".join(lines)

    @property
    def losses(self) -> tuple[float, ...]:
        """The loss of each sample times its weight; 0 for one that is ignored."""
        return self._losses(self.probabilities if self.softmax else self.values)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.single:
            own_probabilities = given("probabilities", self.probabilities[0])
            loss = -math.log(own_probabilities[self.labels[0]])
            return {"probabilities": Vector(self.probabilities[0], 4), "loss": Real(loss, 4)}
        own_losses = given("losses", self.losses)
        return {"losses": Vector(self.losses, 4), "loss": Real(sum(own_losses) / self.divisor, 4)}

    def _losses(self, rows: Iterable[Row], criterion: str = "") -> tuple[float, ...]:
        """The loss of each sample, if the criterion takes these rows."""
        log_normalizer = _logsumexp if (criterion or self.criterion) == "cross_entropy" else lambda row: 0.0
        return tuple(
            0.0
            if label == IGNORED
            else (self.weights[label] if self.weights else 1) * (log_normalizer(row) - row[label])
            for row, label in zip(rows, self.labels, strict=True)
        )

    def _from_losses(self, losses: tuple[float, ...]) -> MistakeValues:
        return {"loss": losses[0]} if self.single else self.consequences(losses=losses)

    @property
    def _logarithms(self) -> tuple[tuple[float, ...], ...]:
        return tuple(tuple(map(math.log, row)) for row in self.probabilities)

    @mistake(
        "F.cross_entropy takes the logits themselves: it contains the softmax, which must not come twice."
    )
    def double_softmax(self) -> MistakeValues:
        return None if self.softmax else self._from_losses(self._losses(self.probabilities))

    @mistake(
        "The cross-entropy is the negative logarithm of the right class's probability, not its negative."
    )
    def no_logarithm(self) -> MistakeValues:
        return None if self.softmax else self._from_losses(self._losses(self.probabilities, "nll_loss"))

    @mistake("The loss is minus the logarithm, so that it is never negative.")
    def drops_the_minus(self) -> MistakeValues:
        if self.criterion == "nll_loss":
            return None
        return self._from_losses(tuple(-loss for loss in self.losses))

    @mistake("F.nll_loss changes the sign of the entry that it picks, here of a probability.")
    def keeps_the_sign(self) -> MistakeValues:
        if self.criterion != "nll_loss":
            return None
        return self._from_losses(tuple(-loss for loss in self.losses))

    @mistake("F.cross_entropy applies a softmax to whatever it is given, to probabilities too.")
    def forgets_the_inner_softmax(self) -> MistakeValues:
        if not self.softmax or self.criterion == "nll_loss":
            return None
        return self._from_losses(self._losses(self._logarithms))

    @mistake("F.nll_loss takes no logarithm: it picks the entry of the right class and changes its sign.")
    def takes_a_logarithm(self) -> MistakeValues:
        return self._from_losses(self._losses(self._logarithms)) if self.criterion == "nll_loss" else None

    @mistake("F.nll_loss contains no softmax, unlike F.cross_entropy.")
    def softmax_in_nll(self) -> MistakeValues:
        if self.criterion != "nll_loss":
            return None
        return self._from_losses(self._losses(self.probabilities, "cross_entropy"))

    @mistake("The logarithm is the natural one, not that to base 2.")
    def log_base_2(self) -> MistakeValues:
        if self.criterion == "nll_loss":
            return None
        return self._from_losses(tuple(loss / math.log(2) for loss in self.losses))

    @mistake("Only the probability of the right class counts; those of the others are not added.")
    def sums_over_all_classes(self) -> MistakeValues:
        if self.softmax:
            return None
        rows = zip(self.labels, self._logarithms, strict=True)
        return self._from_losses(tuple(0.0 if label == IGNORED else -sum(row) for label, row in rows))

    @mistake("The softmax takes the exponential of each logit before it divides by the sum.")
    def no_exponential(self) -> MistakeValues:
        if not self.single or min(self.values[0]) < 0:
            return None
        shares = tuple(value / sum(self.values[0]) for value in self.values[0])
        return self.consequences(probabilities=shares) if all(shares) else {"probabilities": shares}

    @mistake("The labels count the classes from 0.")
    def counts_classes_from_1(self) -> MistakeValues:
        if self.single or min(self.labels) == 0:
            return None
        lower = tuple(label if label == IGNORED else label - 1 for label in self.labels)
        return self._from_losses(replace(self, labels=lower).losses)

    @mistake("The reduction is the mean: divide the sum of the losses.")
    def sum_not_mean(self) -> MistakeValues:
        return None if self.single or self.reduction == "sum" else {"loss": sum(self.losses)}

    @mistake("The reduction is the sum: do not divide by the number of samples.")
    def mean_not_sum(self) -> MistakeValues:
        return {"loss": sum(self.losses) / len(self.labels)} if self.reduction == "sum" else None

    @mistake("The mean is over the samples, which have one loss each, not over all entries of the logits.")
    def mean_over_all_entries(self) -> MistakeValues:
        if self.single:
            return {"loss": -math.log(self.probabilities[0][self.labels[0]]) / self.classes}
        return {"loss": sum(self.losses) / len(self.labels) / self.classes}

    @mistake("With class weights the mean divides by the weights of the samples, not by their number.")
    def divides_by_samples(self) -> MistakeValues:
        return {"loss": sum(self.losses) / len(self.labels)} if self.weights else None

    @mistake(
        "The mean divides by the weights of the right classes of the samples, not by those of all classes."
    )
    def divides_by_all_weights(self) -> MistakeValues:
        return {"loss": sum(self.losses) / sum(self.weights)} if self.weights else None

    @mistake("Each loss is multiplied by the weight of its sample's right class.")
    def ignores_weights(self) -> MistakeValues:
        if not self.weights:
            return None
        plain = replace(self, weights=())
        return {"losses": plain.losses, "loss": sum(plain.losses) / plain.divisor}

    @mistake("The sample labelled −100 is left out of the mean as well: do not count it.")
    def counts_the_ignored(self) -> MistakeValues:
        return {"loss": sum(self.losses) / len(self.labels)} if IGNORED in self.labels else None


class BceValue(Question):
    """Binary cross-entropy of probabilities or logits, of each entry and in all.

    At level 1 there is one probability, at level 2 a batch is averaged, at level 3 the probabilities follow
    from logits, with a weight of the positive class or with several labels of each sample.

    Source: Bishop 2006, Pattern Recognition and Machine Learning, section 4.3.2;
    torch.nn.BCELoss, torch.nn.BCEWithLogitsLoss.
    """

    title = "Binary cross-entropy"
    minutes = {1: 1, 2: 4, 3: 6}

    form: str
    """`probabilities`, or `logits` to which a sigmoid is applied first."""
    inputs: tuple[tuple[str, ...], ...]
    """A row for each sample: decimal numbers, or logarithms such as `ln 2`."""
    targets: tuple[tuple[int, ...], ...]
    positive_weight: int

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        rows, columns = {1: (1, 1), 2: (rng.choice([3, 4]), 1), 3: rng.choice([(3, 1), (2, 2)])}[level]
        friendly = ["0.5", "0.25", "0.8", "0.2", "0.75", "0.4"]
        numbers = friendly if level == 1 else [*friendly, "0.1", "0.6", "0.9", "0.05", "0.95", "0.3", "0.7"]
        targets = tuple(tuple(rng.randint(0, 1) for _ in range(columns)) for _ in range(rows))
        if level < 3:
            chosen = tuple((rng.choice(numbers),) for _ in range(rows))
            return cls("probabilities", chosen, targets, 1)
        logits = tuple(tuple(_drawn_logit(rng) for _ in range(columns)) for _ in range(rows))
        return cls("logits", logits, targets, rng.randint(2, 5) if columns == 1 else 1)

    def flaw(self) -> str | None:
        if self.form not in {"probabilities", "logits"} or not 1 <= self.positive_weight <= 100:
            return "form is probabilities or logits, and the positive weight lies between 1 and 100"
        if not 1 <= len(self.inputs) <= 6 or not {*map(len, self.inputs)} <= {1, 2, 3}:
            return "one to six samples of one to three labels are wanted"
        if [*map(len, self.inputs)] != [self.columns] * len(self.targets) or not all(
            len(row) == self.columns and {*row} <= {0, 1} for row in self.targets
        ):
            return "each sample needs as many inputs as targets, and a target is 0 or 1"
        try:
            values = self.values
        except ValueError:
            return "an input is a number or a logarithm, such as 0.5, ln 2 or -ln 3"
        low, high = (0.001, 0.999) if self.form == "probabilities" else (-6, 6)
        if not all(low <= value <= high for value in values):
            return f"{self.form} go from {low} to {high}"
        if len(values) > 1 and (len({*values}) < 2 or len({*self.flat_targets}) < 2):
            return "all inputs or all targets are equal"
        return None

    @property
    def columns(self) -> int:
        """The number of labels of a sample."""
        return len(self.inputs[0])

    @property
    def values(self) -> tuple[float, ...]:
        """The inputs as numbers, row after row."""
        return tuple(written_number(text) for row in self.inputs for text in row)

    @property
    def latex_inputs(self) -> tuple[tuple[str, ...], ...]:
        """The inputs as LaTeX."""
        return tuple(tuple(map(latex_number, row)) for row in self.inputs)

    @property
    def flat_targets(self) -> tuple[int, ...]:
        """The targets, row after row."""
        return tuple(target for row in self.targets for target in row)

    @property
    def probabilities(self) -> tuple[float, ...]:
        """The probabilities of the positive class, row after row."""
        if self.form == "probabilities":
            return self.values
        return tuple(1 / (1 + math.exp(-value)) for value in self.values)

    @property
    def losses(self) -> tuple[float, ...]:
        """The loss of each entry, row after row."""
        return self._losses(self.probabilities)

    def _losses(self, probabilities: Row, targets: Sequence[int] = ()) -> tuple[float, ...]:
        pairs = zip(probabilities, targets or self.flat_targets, strict=True)
        return tuple(-self.positive_weight * math.log(p) if y else -math.log(1 - p) for p, y in pairs)

    def follow(self, given: Given) -> dict[str, Answer]:
        if len(self.values) == 1:
            return {"loss": Real(self.losses[0], 4)}
        answers: dict[str, Answer] = {}
        probabilities = self.probabilities
        if self.form == "logits":
            answers["probabilities"] = Vector(probabilities, 4)
            probabilities = given("probabilities", probabilities)
        losses = self._losses(probabilities)
        own = given("losses", losses)
        return answers | {"losses": Vector(losses, 4), "loss": Real(sum(own) / len(own), 4)}

    def _from_losses(self, losses: tuple[float, ...]) -> MistakeValues:
        return {"loss": losses[0]} if len(losses) == 1 else self.consequences(losses=losses)

    @mistake("Where the target is 0, the loss is −ln(1 − p), not 0.")
    def positive_term_only(self) -> MistakeValues:
        pairs = zip(self.losses, self.flat_targets, strict=True)
        return self._from_losses(tuple(loss if target else 0.0 for loss, target in pairs))

    @mistake("Where the target is 1, the loss is −ln p; where it is 0, −ln(1 − p).")
    def swapped_labels(self) -> MistakeValues:
        turned = tuple(1 - target for target in self.flat_targets)
        return self._from_losses(self._losses(self.probabilities, turned))

    @mistake("The loss is the mean: divide the sum by the number of entries.")
    def sum_not_mean(self) -> MistakeValues:
        return {"loss": sum(self.losses)}

    @mistake("The mean is over samples and labels: divide by the number of all entries.")
    def mean_over_samples_only(self) -> MistakeValues:
        return {"loss": sum(self.losses) / len(self.inputs)} if self.columns > 1 else None

    @mistake("The loss is minus the logarithm, so that it is never negative.")
    def sign_dropped(self) -> MistakeValues:
        return self._from_losses(tuple(-loss for loss in self.losses))

    @mistake("The logarithm is the natural one, not that to base 2.")
    def log_base_2(self) -> MistakeValues:
        return self._from_losses(tuple(loss / math.log(2) for loss in self.losses))

    @mistake("These are probabilities already: no sigmoid goes over them.")
    def applies_sigmoid_to_probability(self) -> MistakeValues:
        if self.form == "logits":
            return None
        return self._from_losses(self._losses([1 / (1 + math.exp(-value)) for value in self.values]))

    @mistake("The weight of the positive class multiplies the losses of the positive samples.")
    def ignores_the_weight(self) -> MistakeValues:
        if self.positive_weight == 1:
            return None
        return self._from_losses(replace(self, positive_weight=1).losses)

    @mistake("The weight of the positive class does not touch the losses of the negative samples.")
    def weights_all_samples(self) -> MistakeValues:
        if self.positive_weight == 1:
            return None
        plain = replace(self, positive_weight=1).losses
        return self._from_losses(tuple(self.positive_weight * loss for loss in plain))

    @mistake("Despite its weight, a positive sample counts once in the divisor of the mean.")
    def divides_by_the_weights(self) -> MistakeValues:
        weights = [self.positive_weight if target else 1 for target in self.flat_targets]
        return {"loss": sum(self.losses) / sum(weights)} if self.positive_weight > 1 else None


class HingeMulticlass(Question):
    """Multiclass hinge loss of scores, and its gradient.

    At level 1 one class violates the margin, at level 2 the margins of all classes are written down, at level
    3 the gradient is asked as well, or the mean of a batch as PyTorch scales it.

    Source: Weston & Watkins 1999, Support vector machines for multi-class pattern recognition;
    torch.nn.MultiMarginLoss.
    """

    title = "Multiclass hinge loss"
    minutes = {1: 1, 2: 3, 3: 5}

    form: str
    """`loss`, `terms`, `gradient`, or `batch` for PyTorch's scaling."""
    scores: tuple[tuple[float, ...], ...]
    labels: tuple[int, ...]
    margin: float

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        form = {1: "loss", 2: "terms", 3: rng.choice(["gradient", "batch"])}[level]
        rows, classes = rng.choice([2, 3]) if form == "batch" else 1, 3 if level == 1 else 4
        margin = 1.0 if level < 3 else rng.choice([0.5, 1.0, 2.0])
        violated = [1] * rows if form == "loss" else [rng.choice([1, 2, 2]) for _ in range(rows)]
        labels = tuple(rng.randrange(classes) for _ in range(rows))
        scores = (
            _drawn_scores(rng, classes, *sample, margin) for sample in zip(labels, violated, strict=True)
        )
        return cls(form, tuple(scores), labels, margin)

    def flaw(self) -> str | None:
        if self.form not in {"loss", "terms", "gradient", "batch"} or not 0 < self.margin <= 10:
            return "form is loss, terms, gradient or batch, and the margin is positive and at most 10"
        if not 3 <= self.classes <= 6 or {*map(len, self.scores)} != {self.classes}:
            return "three to six scores for each sample are wanted"
        if len(self.scores) not in ({2, 3, 4} if self.form == "batch" else {1}):
            return "a batch has two to four samples, and the other forms have one"
        if len(self.labels) != len(self.scores) or not {*self.labels} <= {*range(self.classes)}:
            return "each sample needs one label, a class counted from 0"
        if not all(
            abs(score) <= 100 and score * 4 == round(score * 4) for row in self.scores for score in row
        ):
            return "scores are quarters from -100 to 100"
        if any(difference == 0 for row in self.differences for difference in row):
            return "a class lies exactly on the margin, where the loss has a kink"
        violated = [sum(term > 0 for term in row) for row in self.terms]
        if self.form == "loss" and violated != [1]:
            return "not exactly one class violates the margin"
        if self.form != "batch" and violated[0] in {0, self.classes - 1}:
            return "none or all of the wrong classes violate the margin"
        if not any(violated):
            return "no class violates the margin"
        return None

    @property
    def classes(self) -> int:
        """The number of classes."""
        return len(self.scores[0]) if self.scores else 0

    @property
    def differences(self) -> tuple[tuple[float, ...], ...]:
        """Of each class, its score minus that of the right class plus the margin."""
        pairs = zip(self.scores, self.labels, strict=True)
        return tuple(tuple(score - row[label] + self.margin for score in row) for row, label in pairs)

    @property
    def terms(self) -> tuple[tuple[float, ...], ...]:
        """What each class adds to the loss; the right class adds nothing."""
        pairs = zip(self.differences, self.labels, strict=True)
        return tuple(
            tuple(0.0 if k == label else max(0.0, value) for k, value in enumerate(row))
            for row, label in pairs
        )

    @property
    def hinges(self) -> tuple[dict[str, float | str], ...]:
        """The wrong classes of the first sample as points: difference of the scores, and term."""
        pairs = zip(self.differences[0], self.terms[0], strict=True)
        return tuple(
            {"x": difference - self.margin, "y": term, "label": str(k)}
            for k, (difference, term) in enumerate(pairs)
            if k != self.labels[0]
        )

    @property
    def losses(self) -> tuple[float, ...]:
        """The loss of each sample, before PyTorch divides it by the number of classes."""
        return tuple(map(sum, self.terms))

    @property
    def gradient(self) -> tuple[int, ...]:
        """The derivatives of the first sample's loss with respect to its scores."""
        violated = [int(term > 0) for term in self.terms[0]]
        return tuple(-sum(violated) if k == self.labels[0] else sign for k, sign in enumerate(violated))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "loss":
            return {"loss": Real(self.losses[0], 2)}
        if self.form == "batch":
            own_losses = given("losses", self.losses)
            loss = Real(sum(own_losses) / len(own_losses) / self.classes, 4)
            return {"losses": Vector(self.losses, 4), "loss": loss}
        own = given("terms", self.terms[0])
        answers = {"terms": Vector(self.terms[0], 2), "loss": Real(sum(own), 2)}
        return answers | ({"gradient": Vector(self.gradient)} if self.form == "gradient" else {})

    def _from_terms(self, terms: Iterable[Iterable[float]]) -> MistakeValues:
        rows = tuple(map(tuple, terms))
        if self.form == "loss":
            return {"loss": sum(rows[0])}
        return self.consequences(
            **({"losses": tuple(map(sum, rows))} if self.form == "batch" else {"terms": rows[0]})
        )

    @mistake("The sum leaves out the right class, which would add the margin.")
    def includes_true_class(self) -> MistakeValues:
        return self._from_terms((max(0.0, value) for value in row) for row in self.differences)

    @mistake("The loss as it is defined here is the sum; it is not divided by the number of classes.")
    def divides_by_classes(self) -> MistakeValues:
        return {"loss": self.losses[0] / self.classes} if self.form != "batch" else None

    @mistake("PyTorch divides the sum of each sample by the number of classes.")
    def undivided(self) -> MistakeValues:
        return {"loss": sum(self.losses) / len(self.losses)} if self.form == "batch" else None

    @mistake("PyTorch divides by the number of all classes, the right one included.")
    def divides_by_wrong_classes(self) -> MistakeValues:
        mean = sum(self.losses) / len(self.losses)
        return {"loss": mean / (self.classes - 1)} if self.form == "batch" else None

    @mistake("The loss of the batch is the mean over its samples, not the sum.")
    def sum_over_samples(self) -> MistakeValues:
        return {"loss": sum(self.losses) / self.classes} if self.form == "batch" else None

    @mistake("All classes that violate the margin count, not only the worst one.")
    def max_only(self) -> MistakeValues:
        worst = tuple(map(max, self.terms))
        return (
            {"losses": worst, **self.consequences(losses=worst)}
            if self.form == "batch"
            else {"loss": worst[0]}
        )

    @mistake("The right score must win by the margin: add the margin to each difference.")
    def no_margin(self) -> MistakeValues:
        return self._from_terms((max(0.0, value - self.margin) for value in row) for row in self.differences)

    @mistake("This hinge loss is not squared.")
    def squared(self) -> MistakeValues:
        return self._from_terms((term**2 for term in row) for row in self.terms)

    @mistake("A class that keeps the margin adds 0: negative differences are cut off.")
    def no_cut(self) -> MistakeValues:
        rows = zip(self.differences, self.labels, strict=True)
        return self._from_terms(
            (0.0 if k == label else value for k, value in enumerate(row)) for row, label in rows
        )

    @mistake("The difference is the score of the wrong class minus that of the right one.")
    def differences_turned_round(self) -> MistakeValues:
        rows = zip(self.differences, self.labels, strict=True)
        return self._from_terms(
            (0.0 if k == label else max(0.0, 2 * self.margin - value) for k, value in enumerate(row))
            for row, label in rows
        )

    @mistake("The right score appears in each violated term, so that its derivative counts all of them.")
    def right_class_counted_once(self) -> MistakeValues:
        once = tuple(-1 if k == self.labels[0] else sign for k, sign in enumerate(self.gradient))
        return {"gradient": once} if self.form == "gradient" else None

    @mistake("Raising a wrong score raises the loss, raising the right one lowers it: the signs are swapped.")
    def gradient_turned_round(self) -> MistakeValues:
        return {"gradient": tuple(-sign for sign in self.gradient)} if self.form == "gradient" else None

    @mistake("The derivative of a violated term is 1, however large the term is.")
    def terms_for_gradient(self) -> MistakeValues:
        signed = (-self.losses[0] if k == self.labels[0] else t for k, t in enumerate(self.terms[0]))
        return {"gradient": tuple(signed)} if self.form == "gradient" else None


class LabelSmoothing(Question):
    """The smoothed target of a sample, and the cross-entropy with it.

    At level 1 the target is asked, at level 2 the loss of given probabilities as well, at level 3 the loss of
    logits and the least loss that any probabilities reach, the entropy of the target.

    Source: Szegedy et al. 2016, Rethinking the Inception architecture for computer vision, section 7;
    torch.nn.CrossEntropyLoss.
    """

    title = "Label smoothing"
    minutes = {1: 1, 2: 3, 3: 5}

    smoothing: float
    classes: int
    label: int
    probabilities: tuple[float, ...]
    """Of the classes, or none where the target alone is asked or logits are given."""
    logits: tuple[str, ...]
    """Decimal numbers and logarithms, or none."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        classes = {1: rng.choice([4, 5, 8, 10, 20]), 2: rng.choice([4, 5]), 3: rng.choice([3, 4])}[level]
        smoothing = rng.choice([0.1, 0.2, 0.3, 0.4])
        probabilities = _drawn_percentages(rng, classes) if level == 2 else ()
        logits = tuple(_drawn_logit(rng) for _ in range(classes)) if level == 3 else ()
        return cls(smoothing, classes, rng.randrange(classes), probabilities, logits)

    def flaw(self) -> str | None:
        if not 0.01 <= self.smoothing <= 0.9 or abs(self.smoothing - round(self.smoothing, 2)) > 1e-12:
            return "the smoothing goes from 0.01 to 0.9, with two decimals"
        if not 3 <= self.classes <= 20 or not 0 <= self.label < self.classes:
            return "three to twenty classes, and the label of one of them, are wanted"
        if self.probabilities and self.logits:
            return "either probabilities or logits are given"
        if self.probabilities and (flaw := _flaw_of_probabilities(self.probabilities)):
            return flaw
        if len(self.probabilities or self.logits) not in {0, self.classes} or (
            self.classes > 6 and (self.probabilities or self.logits)
        ):
            return "there is one probability or logit for each class, of at most six"
        try:
            values = tuple(map(written_number, self.logits))
        except ValueError:
            return "a logit is a number or a logarithm, such as 0.5, ln 2 or -ln 3"
        if not all(abs(value) <= 10 for value in values):
            return "logits go from -10 to 10"
        if values and len({*values}) == 1:
            return "all logits are equal"
        return None

    @property
    def form(self) -> str:
        """What is asked: the target, the loss too, or also its least value."""
        return "least" if self.logits else "loss" if self.probabilities else "target"

    @property
    def values(self) -> tuple[float, ...]:
        """The logits, or the logarithms of the probabilities, as numbers."""
        return tuple(map(written_number, self.logits)) or tuple(map(math.log, self.probabilities))

    @property
    def latex_logits(self) -> tuple[str, ...]:
        """The logits as LaTeX."""
        return tuple(map(latex_number, self.logits))

    @property
    def predicted(self) -> tuple[float, ...]:
        """The probabilities, given or by the softmax."""
        return self.probabilities or (_softmax(self.values) if self.logits else ())

    @property
    def target(self) -> tuple[float, ...]:
        """The smoothed target of each class."""
        other = self.smoothing / self.classes
        return self._targets(1 - self.smoothing + other, other)

    def _targets(self, right: float, other: float) -> tuple[float, ...]:
        return tuple(right if k == self.label else other for k in range(self.classes))

    def follow(self, given: Given) -> dict[str, Answer]:
        if not self.predicted:
            other = self.smoothing / self.classes
            right = 1 - (self.classes - 1) * given("other", other)
            return {"other": Real(other, 4), "right": Real(right, 4)}
        own = given("target", self.target)
        loss = -dot(own, tuple(map(math.log, self.predicted)))
        answers: dict[str, Answer] = {"target": Vector(self.target, 4), "loss": Real(loss, 4)}
        if self.logits:
            answers["least"] = Real(-dot(own, tuple(map(math.log, own))), 4)
        return answers

    def _with(self, right: float, other: float) -> MistakeValues:
        """What follows from another target."""
        if not self.predicted:
            return {"other": other, "right": right}
        return self.consequences(target=self._targets(right, other))

    @mistake("The smoothing is spread over all classes, so that the right one keeps its share of it.")
    def spread_over_others(self) -> MistakeValues:
        return self._with(1 - self.smoothing, self.smoothing / (self.classes - 1))

    @mistake("What the other classes get is taken from the right one: the targets add up to 1.")
    def not_normalized(self) -> MistakeValues:
        return self._with(1, self.smoothing / self.classes)

    @mistake("The smoothing is shared out: each class gets α divided by the number of classes.")
    def smoothing_on_others(self) -> MistakeValues:
        return self._with(1 - self.smoothing, self.smoothing)

    @mistake("The right class gets α divided by the number of classes on top of 1 − α.")
    def right_class_without_share(self) -> MistakeValues:
        return self._with(1 - self.smoothing, self.smoothing / self.classes)

    @mistake("The right class keeps most: the smoothed target is 1 − α plus its share of α.")
    def smoothing_for_confidence(self) -> MistakeValues:
        return self._with(
            self.smoothing + (1 - self.smoothing) / self.classes, (1 - self.smoothing) / self.classes
        )

    @mistake("This is the loss with the one-hot target; here all classes count.")
    def unsmoothed_loss(self) -> MistakeValues:
        return {"loss": -math.log(self.predicted[self.label])} if self.predicted else None

    @mistake("With a smoothed target the loss cannot fall to 0: its least value is the target's entropy.")
    def least_is_zero(self) -> MistakeValues:
        return {"least": 0.0} if self.logits else None

    @mistake("The least loss uses the natural logarithm, as the loss does.")
    def least_in_bits(self) -> MistakeValues:
        entropy = -dot(self.target, tuple(map(math.log, self.target)))
        return {"least": entropy / math.log(2)} if self.logits else None


class KlDiscrete(Question):
    """Kullback-Leibler divergence of two distributions over a few outcomes.

    At level 1 it is asked in bits of powers of two, at level 2 in nats in both directions, at level 3 beside
    entropy and cross-entropy, where an outcome is impossible under P.

    Source: Cover & Thomas 2006, Elements of Information Theory, sections 2.1 and 2.3;
    torch.nn.functional.kl_div.
    """

    title = "Kullback–Leibler divergence"
    minutes = {1: 3, 2: 4, 3: 6}

    form: str
    """`bits`, `directions` or `entropies`."""
    target: tuple[float, ...]
    """The probabilities of P."""
    model: tuple[float, ...]
    """The probabilities of Q."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            first, second = (rng.choice(DYADIC) for _ in range(2))
            return cls("bits", tuple(rng.sample(first, len(first))), tuple(rng.sample(second, len(second))))
        if level == 2:
            return cls("directions", _drawn_tenths(rng, 3), _drawn_tenths(rng, 3))
        target = [*_drawn_tenths(rng, 3), 0.0]
        return cls("entropies", tuple(rng.sample(target, 4)), _drawn_tenths(rng, 4))

    def flaw(self) -> str | None:
        if self.form not in {"bits", "directions", "entropies"}:
            return "form is bits, directions or entropies"
        if len(self.target) != len(self.model) or not 2 <= len(self.target) <= 6:
            return "P and Q have the same two to six outcomes"
        possible = [p for p in self.target if p != 0]
        if len(possible) < 2 or (self.form == "directions" and len(possible) < len(self.target)):
            return "too few outcomes are possible under P"
        if flaw := _flaw_of_probabilities(possible) or _flaw_of_probabilities(self.model):
            return flaw
        if abs(self.divergence) < 1e-3:
            return "P and Q are nearly equal"
        if self.form == "directions" and abs(self.divergence - self.reverse) < 1e-3:
            return "both directions give the same divergence"
        return None

    @property
    def terms(self) -> tuple[float, ...]:
        """What each outcome adds to the divergence of P from Q, in nats; 0 where P is 0."""
        pairs = zip(self.target, self.model, strict=True)
        return tuple(p * math.log(p / q) if p else 0.0 for p, q in pairs)

    @property
    def divergence(self) -> float:
        """KL(P‖Q) in nats."""
        return sum(self.terms)

    @property
    def reverse(self) -> float:
        """KL(Q‖P) in nats, or infinity."""
        return (
            replace(self, target=self.model, model=self.target).divergence if all(self.target) else math.inf
        )

    @property
    def entropy(self) -> float:
        """The entropy of P in nats."""
        return -sum(p * math.log(p) for p in self.target if p)

    @property
    def cross_entropy(self) -> float:
        """The cross-entropy of Q under P in nats."""
        return -dot(self.target, tuple(map(math.log, self.model)))

    @property
    def unit(self) -> float:
        """The nats of the unit that is asked for."""
        return math.log(2) if self.form == "bits" else 1.0

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "bits":
            return {"divergence": Real(self.divergence / self.unit, 4)}
        if self.form == "directions":
            divergence = Real(sum(given("terms", self.terms)), 4)
            return {
                "terms": Vector(self.terms, 4),
                "divergence": divergence,
                "reverse": Real(self.reverse, 4),
            }
        difference = given("cross_entropy", self.cross_entropy) - given("entropy", self.entropy)
        return {
            "entropy": Real(self.entropy, 4),
            "cross_entropy": Real(self.cross_entropy, 4),
            "divergence": Real(difference, 4),
        }

    @mistake("P and Q are swapped: KL(P‖Q) weights the logarithms with the probabilities of P.")
    def reversed_direction(self) -> MistakeValues:
        if self.form == "entropies":
            return None
        swapped = {"divergence": self.reverse / self.unit}
        return swapped | ({"reverse": self.divergence} if self.form == "directions" else {})

    @mistake("This is the cross-entropy; the divergence is the cross-entropy minus the entropy of P.")
    def cross_entropy_instead(self) -> MistakeValues:
        return {"divergence": self.cross_entropy / self.unit}

    @mistake("Mind the unit: the natural logarithm gives nats, the logarithm to base 2 bits.")
    def wrong_base(self) -> MistakeValues:
        other = math.log(2) / self.unit**2
        if self.form == "bits":
            return {"divergence": self.divergence}
        if self.form == "directions":
            return {"divergence": self.divergence / other, "reverse": self.reverse / other}
        return self.consequences(entropy=self.entropy / other, cross_entropy=self.cross_entropy / other)

    @mistake("The divergence is a sum weighted by P; it is not divided by the number of outcomes.")
    def divided_by_outcomes(self) -> MistakeValues:
        return {"divergence": self.divergence / self.unit / len(self.target)}

    @mistake("The divergence is not symmetric: each direction has its own value, not the mean of both.")
    def symmetric_average(self) -> MistakeValues:
        if not all(self.target):
            return None
        mean = (self.divergence + self.reverse) / 2 / self.unit
        return {"divergence": mean} | ({"reverse": mean} if self.form == "directions" else {})

    @mistake("A divergence is never negative: the logarithm is that of p/q, not of q/p.")
    def ratio_turned_round(self) -> MistakeValues:
        return {"divergence": -self.divergence / self.unit}

    @mistake("Weight each logarithm with the probability of P.")
    def unweighted(self) -> MistakeValues:
        if not all(self.target):
            return None
        ratios = zip(self.target, self.model, strict=True)
        return {"divergence": sum(math.log(p / q) for p, q in ratios) / self.unit}

    @mistake("The cross-entropy weights the logarithms of Q with the probabilities of P.")
    def cross_entropy_swapped(self) -> MistakeValues:
        return self.consequences(cross_entropy=self._entropy_of_model) if self.form == "entropies" else None

    @mistake("Entropy and cross-entropy are added; the divergence is what the latter exceeds the former by.")
    def adds_the_entropy(self) -> MistakeValues:
        return {"divergence": self.cross_entropy + self.entropy} if self.form == "entropies" else None

    @property
    def _entropy_of_model(self) -> float:
        return -dot(self.model, tuple(map(math.log, self.model)))


class KlGaussianVae(Question):
    """Kullback-Leibler divergence of the code of a variational autoencoder from the standard normal prior.

    At level 1 there is one dimension, at level 2 there are several, whose contributions are added, at level 3
    the logarithms of the variances are given for a batch that is averaged.

    Source: Kingma & Welling 2014, Auto-encoding variational Bayes, appendix B; torch.distributions.
    """

    title = "KL term of a variational autoencoder"
    minutes = {1: 2, 2: 4, 3: 6}

    means: tuple[tuple[float, ...], ...]
    """A row for each sample, an entry for each dimension of the code."""
    spreads: tuple[tuple[str, ...], ...]
    """Standard deviations as decimal numbers; for a batch, logarithms of variances, such as `ln 4`."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        rows, columns = {1: (1, 1), 2: (1, rng.choice([2, 3])), 3: (2, 2)}[level]
        choices = {
            1: ["0.5", "1", "2"],
            2: ["0.5", "1", "2", "0.25"],
            3: ["0", "ln 4", "-ln 4", "ln 2", "ln 3"],
        }
        means = tuple(tuple(rng.randint(-4, 4) / 2 for _ in range(columns)) for _ in range(rows))
        spreads = tuple(tuple(rng.choice(choices[level]) for _ in range(columns)) for _ in range(rows))
        return cls(means, spreads)

    def flaw(self) -> str | None:
        if len(self.means) != len(self.spreads) or not 1 <= len(self.means) <= 4:
            return "one to four samples, with means and spreads, are wanted"
        if {*map(len, self.means), *map(len, self.spreads)} not in [{1}, {2}, {3}, {4}]:
            return "each sample has the same one to four means and spreads"
        try:
            deviations = self.deviations
        except (ValueError, OverflowError):
            return "a spread is a positive number, or the logarithm of a variance such as ln 4 in a batch"
        if not all(0.05 <= deviation <= 20 for row in deviations for deviation in row):
            return "standard deviations go from 0.05 to 20"
        if not all(abs(mean) <= 20 and mean * 4 % 1 == 0 for row in self.means for mean in row):
            return "means are quarters from -20 to 20"
        if not all(divergence > 0.01 for divergence in self.divergences):
            return "a code equals the prior"
        return None

    @property
    def batch(self) -> bool:
        """Whether there is more than one sample, and logarithms of variances are given."""
        return len(self.means) > 1

    @property
    def deviations(self) -> tuple[tuple[float, ...], ...]:
        """The standard deviations."""
        numbers = (tuple(map(written_number, row)) for row in self.spreads)
        return tuple(tuple(math.exp(v / 2) for v in row) if self.batch else row for row in numbers)

    @property
    def latex_spreads(self) -> tuple[tuple[str, ...], ...]:
        """The spreads as LaTeX."""
        return tuple(tuple(map(latex_number, row)) for row in self.spreads)

    @property
    def terms(self) -> tuple[tuple[float, ...], ...]:
        """The divergence of each dimension of each sample, in nats."""
        return self._terms(lambda mean, s: (mean**2 + s**2 - 1 - 2 * math.log(s)) / 2)

    def _terms(self, rule: Callable[[float, float], float]) -> tuple[tuple[float, ...], ...]:
        rows = zip(self.means, self.deviations, strict=True)
        return tuple(tuple(rule(*pair) for pair in zip(*row, strict=True)) for row in rows)

    @property
    def densities(self) -> tuple[dict[str, Any], ...]:
        """The first dimension of the code and the prior as curves."""
        code, prior = NormalDist(self.means[0][0], self.deviations[0][0]), NormalDist()
        places = [step / 10 for step in range(-50, 51)]
        return tuple(
            {"points": [(place, curve.pdf(place)) for place in places], "label": label}
            for curve, label in ((prior, "prior"), (code, "code"))
        )

    @property
    def divergences(self) -> tuple[float, ...]:
        """The divergence of each sample, in nats."""
        return tuple(map(sum, self.terms))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.batch:
            own_divergences = given("divergences", self.divergences)
            mean = Real(sum(own_divergences) / len(own_divergences), 4)
            return {"divergences": Vector(self.divergences, 4), "mean": mean}
        if len(self.terms[0]) == 1:
            return {"divergence": Real(self.divergences[0], 4)}
        own_terms = given("terms", self.terms[0])
        return {"terms": Vector(self.terms[0], 4), "divergence": Real(sum(own_terms), 4)}

    def _with(self, rule: Callable[[float, float], float]) -> MistakeValues:
        """What follows from another divergence of each dimension."""
        terms = self._terms(rule)
        if self.batch:
            return self.consequences(divergences=tuple(map(sum, terms)))
        return {"divergence": terms[0][0]} if len(terms[0]) == 1 else self.consequences(terms=terms[0])

    @mistake("The formula has the variance σ², not the standard deviation σ.")
    def sigma_for_variance(self) -> MistakeValues:
        return self._with(lambda mean, s: (mean**2 + s - 1 - math.log(s)) / 2)

    @mistake("The factor 1/2 is missing.")
    def no_half(self) -> MistakeValues:
        return self._with(lambda mean, s: mean**2 + s**2 - 1 - 2 * math.log(s))

    @mistake("The logarithm is that of the variance: ln σ² = 2 ln σ.")
    def log_sigma_not_squared(self) -> MistakeValues:
        return self._with(lambda mean, s: (mean**2 + s**2 - 1 - math.log(s)) / 2)

    @mistake("The −1 is missing, without which the divergence of the prior from itself would not be 0.")
    def forgets_minus_1(self) -> MistakeValues:
        return self._with(lambda mean, s: (mean**2 + s**2 - 2 * math.log(s)) / 2)

    @mistake("The mean is squared.")
    def mean_not_squared(self) -> MistakeValues:
        return self._with(lambda mean, s: (abs(mean) + s**2 - 1 - 2 * math.log(s)) / 2)

    @mistake("The logarithm is subtracted: a narrow code must cost more, not less.")
    def adds_the_logarithm(self) -> MistakeValues:
        return self._with(lambda mean, s: (mean**2 + s**2 - 1 + 2 * math.log(s)) / 2)

    @mistake("The given numbers are logarithms of variances: the variance is their exponential.")
    def logarithm_for_variance(self) -> MistakeValues:
        return self._with(lambda mean, s: (mean**2 - 1) / 2) if self.batch else None

    @mistake("The dimensions of a code are added, not averaged.")
    def averages_dimensions(self) -> MistakeValues:
        size = len(self.means[0])
        if self.batch:
            return self.consequences(divergences=tuple(value / size for value in self.divergences))
        return {"divergence": self.divergences[0] / size}

    @mistake("The loss of the batch is the mean over its samples, not the sum.")
    def sums_the_batch(self) -> MistakeValues:
        return {"mean": sum(self.divergences)} if self.batch else None


def _drawn_logit(rng: Random) -> str:
    number = rng.choice([1, 1, 2, 3, 4, 5, 6, -2, -3])
    return "0" if number == 1 else f"ln {number}" if number > 0 else f"-ln {-number}"


def _logsumexp(row: Row) -> float:
    largest = max(row)
    return largest + math.log(sum(math.exp(entry - largest) for entry in row))


def _softmax(row: Row) -> tuple[float, ...]:
    return tuple(math.exp(entry - _logsumexp(row)) for entry in row)


def _shares(weights: Row) -> tuple[float, ...]:
    total = sum(weights)
    return tuple(weight / total for weight in weights)


def _drawn_scores(rng: Random, classes: int, label: int, violated: int, margin: float) -> tuple[float, ...]:
    """Scores of which so many wrong ones come nearer to the right one than the margin."""
    right = rng.randint(-2, 8) / 2
    steps = [rng.randint(1, 6) for _ in range(violated)]
    steps += [-rng.randint(1, 6) for _ in range(classes - 1 - violated)]
    rng.shuffle(steps)
    wrong = [right - margin + step / 2 for step in steps]
    return (*wrong[:label], right, *wrong[label:])


def _drawn_percentages(rng: Random, classes: int) -> tuple[float, ...]:
    """Probabilities of two decimals with the sum 1, none of which is 0."""
    cuts = [0, *sorted(rng.sample(range(1, 100), classes - 1)), 100]
    return tuple((high - low) / 100 for low, high in pairwise(cuts))


def _drawn_tenths(rng: Random, outcomes: int) -> tuple[float, ...]:
    """Probabilities of one decimal with the sum 1, none of which is 0."""
    cuts = [0, *sorted(rng.sample(range(1, 10), outcomes - 1)), 10]
    return tuple((high - low) / 10 for low, high in pairwise(cuts))


def _flaw_of_probabilities(probabilities: Row) -> str | None:
    """Why numbers are no probabilities that can be printed and have logarithms, or None."""
    if not all(0.001 <= probability <= 0.999 for probability in probabilities):
        return "a probability lies between 0.001 and 0.999"
    if abs(sum(probabilities) - 1) > 1e-12:
        return "the probabilities do not add up to 1"
    if any(abs(probability - round(probability, 4)) > 1e-12 for probability in probabilities):
        return "a probability has at most four decimals"
    return None
