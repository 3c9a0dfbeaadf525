"""Softmax, and the cross-entropy of its classes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Self

from ...answers import Answer, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, latex_number, printable, written_number
from .probabilities import drawn_logit, drawn_percentages, flaw_of_probabilities, logsumexp, softmax

IGNORED = -100
"""The label of a sample that PyTorch leaves out."""
LARGEST_LOGIT = 20
LARGEST_WEIGHT = 100


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
            return cls("friendly", tuple(drawn_logit(rng) for _ in range(rng.choice([2, 3]))))
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
        return softmax(self.values)

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
        normalizer = logsumexp(self.values)
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
        probabilities = drawn_percentages(rng, classes)
        if level == 2:
            return cls("convert", probabilities, one_hot, 0.0)
        if rng.random() < 0.6:
            cuts = [0, *sorted(rng.randint(0, 10) for _ in range(classes - 1)), 10]
            return cls("soft", probabilities, tuple((b - a) / 10 for a, b in pairwise(cuts)), 0.0)
        return cls("demand", probabilities, one_hot, rng.randint(1, 20) / 10)

    def flaw(self) -> str | None:
        if self.form not in {"bits", "convert", "soft", "demand"} or not 2 <= len(self.probabilities) <= 6:
            return "form is bits, convert, soft or demand, of two to six classes"
        if flaw := flaw_of_probabilities(self.probabilities):
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
        if not printable([self.largest_loss]):
            return "the largest loss has more than four decimals"
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
        logits = tuple(tuple(drawn_logit(rng) for _ in range(classes)) for _ in range(samples))
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
        return tuple(map(softmax, self.values))

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
        log_normalizer = logsumexp if (criterion or self.criterion) == "cross_entropy" else lambda row: 0.0
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


def _shares(weights: Row) -> tuple[float, ...]:
    total = sum(weights)
    return tuple(weight / total for weight in weights)
