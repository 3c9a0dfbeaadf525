"""Other losses of classification: binary cross-entropy, hinge, smoothed labels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random
from typing import Self

from ...answers import Answer, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, dot, latex_number, printable, written_number
from .probabilities import drawn_logit, drawn_percentages, flaw_of_probabilities, softmax


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
        logits = tuple(tuple(drawn_logit(rng) for _ in range(columns)) for _ in range(rows))
        return cls("logits", logits, targets, rng.randint(2, 5) if columns == 1 else 1)

    def flaw(self) -> str | None:
        if self.form not in {"probabilities", "logits"} or not 1 <= self.positive_weight <= 100:
            return "form is probabilities or logits, and the positive weight lies between 1 and 100"
        if self.form == "probabilities" and self.positive_weight != 1:
            return "the positive weight is 1 for probabilities"
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
        if len(values) == 1 and self.form == "logits":
            return "a single input is a probability"
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
        if self.form not in {"loss", "terms", "gradient", "batch"}:
            return "form is loss, terms, gradient or batch"
        if not 0.01 <= self.margin <= 10 or not printable([self.margin], 2):
            return "the margin goes from 0.01 to 10, with two decimals"
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
        probabilities = drawn_percentages(rng, classes) if level == 2 else ()
        logits = tuple(drawn_logit(rng) for _ in range(classes)) if level == 3 else ()
        return cls(smoothing, classes, rng.randrange(classes), probabilities, logits)

    def flaw(self) -> str | None:
        if not 0.01 <= self.smoothing <= 0.9 or abs(self.smoothing - round(self.smoothing, 2)) > 1e-12:
            return "the smoothing goes from 0.01 to 0.9, with two decimals"
        if not 3 <= self.classes <= 20 or not 0 <= self.label < self.classes:
            return "three to twenty classes, and the label of one of them, are wanted"
        if self.probabilities and self.logits:
            return "either probabilities or logits are given"
        if self.probabilities and (flaw := flaw_of_probabilities(self.probabilities)):
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
        return self.probabilities or (softmax(self.values) if self.logits else ())

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


def _drawn_scores(rng: Random, classes: int, label: int, violated: int, margin: float) -> tuple[float, ...]:
    """Scores of which so many wrong ones come nearer to the right one than the margin."""
    right = rng.randint(-2, 8) / 2
    steps = [rng.randint(1, 6) for _ in range(violated)]
    steps += [-rng.randint(1, 6) for _ in range(classes - 1 - violated)]
    rng.shuffle(steps)
    wrong = [right - margin + step / 2 for step in steps]
    return (*wrong[:label], right, *wrong[label:])
