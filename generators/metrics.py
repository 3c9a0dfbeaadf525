"""Metrics of classifiers."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Self

from ..answers import Answer, Integer, Real, Vector
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


class TopkError(Question):
    """Top-1 and top-k error of a classifier from its scores.

    At level 1 the two largest scores count, at level 2 there are more classes and k is 3, at level 3 scores
    are tied and the batch is put together with those before it.

    Source: Russakovsky et al. 2015, ImageNet Large Scale Visual Recognition Challenge, section 4.1;
    torch.topk.
    """

    title = "Top-k error"
    minutes = {1: 2, 2: 4, 3: 5}

    scores: tuple[tuple[int, ...], ...]
    """A row for each sample."""
    labels: tuple[int, ...]
    """The class of each sample, from 0."""
    k: int
    earlier: tuple[int, int]
    """The samples of the batches before, and those of them whose label was not among the k largest."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        samples, classes = {1: (rng.choice([3, 4]), 4), 2: (rng.choice([4, 5]), 5), 3: (5, 5)}[level]
        scores = [rng.sample(range(-5, 10), classes) for _ in range(samples)]
        k = {1: 2, 2: 3, 3: rng.choice([2, 3])}[level]
        ranks = [1, rng.randint(2, k), rng.randint(k + 1, classes)]
        ranks += [rng.randint(1, classes) for _ in range(samples - len(ranks))]
        rng.shuffle(ranks)
        labels = tuple(row.index(sorted(row)[-rank]) for row, rank in zip(scores, ranks, strict=True))
        if level < 3:
            return cls(tuple(map(tuple, scores)), labels, k, (0, 0))
        for tied in rng.sample(range(samples), 2):
            scores[tied][rng.randrange(classes)] = scores[tied][labels[tied]]
        size = rng.choice([15, 20, 35, 45])
        return cls(tuple(map(tuple, scores)), labels, k, (size, rng.randint(2, size // 2)))

    def flaw(self) -> str | None:
        if not 2 <= len(self.scores) <= 8 or not 3 <= self.classes <= 8:
            return "two to eight samples and three to eight classes are wanted"
        if {*map(len, self.scores)} != {self.classes} or len(self.labels) != len(self.scores):
            return "each sample needs one label and a score for each class"
        if not {*self.labels} <= {*range(self.classes)} or not 2 <= self.k < self.classes:
            return "labels are classes, counted from 0, and k is at least 2 and smaller than their number"
        if any(abs(score) > 100 for row in self.scores for score in row):
            return "scores go from -100 to 100"
        if self.earlier != (0, 0) and not 0 < self.earlier[1] < self.earlier[0] <= 1000:
            return "of at most 1000 earlier samples, some are right and some are wrong"
        first, best = self._error(self.ranks, 1), self._error(self.ranks, self.k)
        if not 0 < best < first < 1:
            return "the errors are equal, or all or none of the samples are wrong"
        if any(row.count(row[label]) > 2 for row, label in zip(self.scores, self.labels, strict=True)):
            return "more than two classes are tied"
        return None

    @property
    def classes(self) -> int:
        """The number of classes."""
        return len(self.scores[0])

    @property
    def tied(self) -> bool:
        """Whether a sample has equal scores."""
        return any(len({*row}) < len(row) for row in self.scores)

    @property
    def ranks(self) -> tuple[int, ...]:
        """The place of each label if the classes are sorted by score, the largest first."""
        return tuple(
            1 + sum(score > row[label] for score in row) + row[:label].count(row[label])
            for row, label in zip(self.scores, self.labels, strict=True)
        )

    @property
    def orders(self) -> tuple[tuple[int, ...], ...]:
        """The classes of each sample by score, the largest first."""
        return tuple(tuple(sorted(range(self.classes), key=lambda c: -row[c])) for row in self.scores)

    def follow(self, given: Given) -> dict[str, Answer]:
        own_ranks = given("ranks", self.ranks)
        top1, topk = self._error(own_ranks, 1), self._error(own_ranks, self.k)
        keys = {"ranks": Vector(self.ranks), "top1": Real(top1, 3), "topk": Real(topk, 3)}
        own_topk = given("topk", topk)
        return keys | ({"overall": Real(self._overall(own_topk), 3)} if self.earlier[0] else {})

    def _error(self, ranks: Sequence[int], most: int) -> float:
        """The share of samples whose label comes after so many classes."""
        return sum(rank > most for rank in ranks) / len(ranks)

    def _overall(self, error: float) -> float:
        size, misses = self.earlier
        return (misses + error * len(self.labels)) / (size + len(self.labels))

    @mistake("These are accuracies: the error is the share of samples whose label is not found.")
    def accuracy_for_error(self) -> MistakeValues:
        accuracies = {
            name: 1 - self._error(self.ranks, most) for name, most in (("top1", 1), ("topk", self.k))
        }
        return self.consequences(**accuracies)

    @mistake(
        "This is the top-1 error: for the top-{k} error the label need only be among the {k} largest scores."
    )
    def uses_top1_for_topk(self) -> MistakeValues:
        return self.consequences(topk=self._error(self.ranks, 1))

    @mistake("A label at place {k} is still among the {k} largest scores.")
    def strict_rank(self) -> MistakeValues:
        return self.consequences(topk=self._error(self.ranks, self.k - 1))

    @mistake("The label may be at any of the first {k} places, not only at place {k}.")
    def only_place_k(self) -> MistakeValues:
        return self.consequences(topk=1 - self.ranks.count(self.k) / len(self.ranks))

    @mistake("The classes are ranked from the largest score downwards, not from the smallest upwards.")
    def lowest_k(self) -> MistakeValues:
        return self.consequences(ranks=tuple(self.classes + 1 - rank for rank in self.ranks))

    @mistake("The class with the largest score has rank 1, not 0.")
    def ranks_from_zero(self) -> MistakeValues:
        return self.consequences(ranks=tuple(rank - 1 for rank in self.ranks))

    @mistake("Of two classes with the same score, the one with the lower number comes first.")
    def higher_class_wins_ties(self) -> MistakeValues:
        later = [
            sum(score >= row[label] for score in row) - row[:label].count(row[label])
            for row, label in zip(self.scores, self.labels, strict=True)
        ]
        return self.consequences(ranks=tuple(later))

    @mistake("Errors of batches of different sizes are not averaged: count the wrong samples of both.")
    def mean_of_errors(self) -> MistakeValues:
        size, misses = self.earlier
        return {"overall": (misses / size + self._error(self.ranks, self.k)) / 2} if size else None

    @mistake("The samples of this batch are wanted too: add both the wrong ones and all of them.")
    def divides_by_earlier_samples(self) -> MistakeValues:
        size, misses = self.earlier
        return (
            {"overall": (misses + self._error(self.ranks, self.k) * len(self.labels)) / size}
            if size
            else None
        )


def _scores(hits: int, false_alarms: int, misses: int, rejections: int) -> tuple[float, float, float]:
    """Accuracy, precision, recall."""
    every = hits + false_alarms + misses + rejections
    return (hits + rejections) / every, hits / (hits + false_alarms), hits / (hits + misses)
