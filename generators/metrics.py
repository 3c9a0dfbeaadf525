"""Metrics of classifiers."""

from __future__ import annotations

from random import Random
from typing import Self

from ..answers import Answer, Integer, Real
from ..question import Given, MistakeValues, Question, mistake

FRIENDLY = (100, 120, 150, 200, 250)
"""Sizes of a test set."""


class BinaryScores(Question):
    """Accuracy, precision, recall and F1 from the four counts of a binary classifier.

    At level 1 the confusion matrix is given, at level 2 the predictions are counted first, at level 3 the
    counts are recovered from what is known of the data and the classifier.

    Source: Powers 2011, Evaluation: from precision, recall and F-measure to ROC; sklearn.metrics.
    """

    title = "Precision, recall and F1"
    minutes = {1: 4, 2: 6, 3: 7}

    given_as: str
    labels: tuple[int, ...]
    predictions: tuple[int, ...]
    rows_are: str

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        most = {1: 12, 2: 5, 3: 30}[level]
        hits, rejections = rng.sample(range(1, most + 1), 2)
        false_alarms, misses = rng.sample(range(1, most), 2)
        if level == 3:
            rejections = rng.choice(FRIENDLY) - hits - false_alarms - misses
        pairs = [(1, 1)] * hits + [(0, 1)] * false_alarms + [(1, 0)] * misses + [(0, 0)] * rejections
        if level == 2:
            rng.shuffle(pairs)
        labels, predictions = zip(*pairs, strict=True)
        given_as = {1: "matrix", 2: "list", 3: "rates"}[level]
        return cls(given_as, labels, predictions, rng.choice(["actual", "predicted"]))

    def flaw(self) -> str | None:
        if self.given_as not in {"matrix", "list", "rates"} or self.rows_are not in {"actual", "predicted"}:
            return "given_as is matrix, list or rates, and rows_are is actual or predicted"
        if len(self.labels) != len(self.predictions) or not {*self.labels, *self.predictions} <= {0, 1}:
            return "labels and predictions are as many zeros and ones"
        hits, false_alarms, misses, rejections = self.counts
        if min(self.counts) < 1 or len(self.labels) > 400:
            return "each of the four counts must be at least 1, and all together at most 400"
        if self.given_as == "list" and not 8 <= len(self.labels) <= 14:
            return "a list to be counted by hand has 8 to 14 entries"
        if false_alarms == misses or hits == rejections:
            return "swapped cells would not be noticed"
        if self.given_as == "rates" and (rejections < hits or hits * 5 < misses):
            return "the positive class is not the rare one, or is hardly ever found"
        return None

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """True positives, false positives, false negatives, true negatives."""
        pairs = list(zip(self.labels, self.predictions, strict=True))
        return pairs.count((1, 1)), pairs.count((0, 1)), pairs.count((1, 0)), pairs.count((0, 0))

    @property
    def size(self) -> int:
        """The number of samples."""
        return len(self.labels)

    @property
    def positives(self) -> int:
        """The number of samples whose label is 1."""
        return sum(self.labels)

    @property
    def alarms(self) -> int:
        """The number of samples that are predicted positive."""
        return sum(self.predictions)

    @property
    def matrix(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The confusion matrix with the positive class first."""
        hits, false_alarms, misses, rejections = self.counts
        if self.rows_are == "actual":
            return (hits, misses), (false_alarms, rejections)
        return (hits, false_alarms), (misses, rejections)

    def follow(self, given: Given) -> dict[str, Answer]:
        names = ("tp", "fp", "fn", "tn")
        asked = (
            {}
            if self.given_as == "matrix"
            else {n: Integer(c) for n, c in zip(names, self.counts, strict=True)}
        )
        own = [given(name, count) for name, count in zip(names, self.counts, strict=True)]
        accuracy, precision, recall = _scores(*own)
        own_precision, own_recall = given("precision", precision), given("recall", recall)
        f1 = 2 * own_precision * own_recall / (own_precision + own_recall)
        scores = {"accuracy": accuracy, "precision": precision, "recall": recall, "f1": f1}
        return asked | {name: Real(score, 3) for name, score in scores.items()}

    @mistake(
        "Precision divides by everything that was called positive, recall by everything that is positive."
    )
    def swaps_precision_and_recall(self) -> MistakeValues:
        return None if self.given_as == "matrix" else self._swapped

    @mistake(
        "Precision and recall are interchanged: precision is about all that were called positive. "
        "The rows of this matrix stand for the {rows_are} classes."
    )
    def swaps_rows_and_columns(self) -> MistakeValues:
        return self._swapped if self.given_as == "matrix" else None

    @property
    def _swapped(self) -> MistakeValues:
        _, precision, recall = _scores(*self.counts)
        return {"precision": recall, "recall": precision}

    @mistake(
        "False positives are called positive but are negative; false negatives are the missed positives."
    )
    def swaps_errors(self) -> MistakeValues:
        if self.given_as == "matrix":
            return None
        _, false_alarms, misses, _ = self.counts
        return self.consequences(fp=misses, fn=false_alarms)

    @mistake(
        "A true positive is a positive sample that was called positive; a true negative is a negative one."
    )
    def swaps_hits(self) -> MistakeValues:
        if self.given_as == "matrix":
            return None
        hits, _, _, rejections = self.counts
        return self.consequences(tp=rejections, tn=hits)

    @mistake("F1 is the harmonic mean of precision and recall, not their arithmetic mean.")
    def arithmetic_mean(self) -> dict[str, float]:
        _, precision, recall = _scores(*self.counts)
        return {"f1": (precision + recall) / 2}

    @mistake("The harmonic mean of two numbers has a factor 2 in front: F1 = 2PR/(P + R).")
    def half_of_f1(self) -> dict[str, float]:
        _, precision, recall = _scores(*self.counts)
        return {"f1": precision * recall / (precision + recall)}

    @mistake("This is the accuracy; F1 leaves the true negatives out.")
    def accuracy_for_f1(self) -> dict[str, float]:
        return {"f1": _scores(*self.counts)[0]}

    @mistake("Precision is a share of the predicted positives, not of all samples.")
    def precision_over_all(self) -> dict[str, float]:
        return {"precision": self.counts[0] / self.size}

    @mistake("Correctly rejected negatives count as correct too: the true negatives are missing.")
    def accuracy_without_true_negatives(self) -> dict[str, float]:
        hits, false_alarms, misses, _ = self.counts
        return {"accuracy": hits / (hits + false_alarms + misses)}

    @mistake("This is the share of wrong predictions; the accuracy is the share of right ones.")
    def error_rate_for_accuracy(self) -> dict[str, float]:
        return {"accuracy": 1 - _scores(*self.counts)[0]}


def _scores(hits: int, false_alarms: int, misses: int, rejections: int) -> tuple[float, float, float]:
    """Accuracy, precision, recall."""
    every = hits + false_alarms + misses + rejections
    return (hits + rejections) / every, hits / (hits + false_alarms), hits / (hits + misses)
