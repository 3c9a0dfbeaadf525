"""Statements on scores of predictions."""

import numpy as np


def metrics_03() -> bool:
    """Whether F1 is the arithmetic mean of precision 3/4 and recall 3/5."""
    predicted = np.array([1, 1, 1, 1, 0, 0, 0, 0])
    actual = np.array([1, 1, 1, 0, 1, 1, 0, 0])
    hits = (predicted * actual).sum()
    precision, recall = hits / predicted.sum(), hits / actual.sum()
    score = 2 * hits / (predicted.sum() + actual.sum())
    return bool(np.isclose(score, (precision + recall) / 2))


def metrics_04() -> bool:
    """Whether recall never falls while the threshold is lowered step by step."""
    random = np.random.default_rng(0)
    scores, actual = random.random(100), random.integers(2, size=100) == 1
    recalls = [
        (scores[actual] >= threshold).mean() for threshold in np.linspace(1, 0, 101)
    ]
    return bool(np.all(np.diff(recalls) >= 0))


Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def samples() -> tuple[Array, Array]:
    """Scores of 40 samples and which of them are positive, always the same ones."""
    random = np.random.default_rng(0)
    positive = np.arange(40) % 4 == 0
    return random.normal(size=40) + positive, positive.astype(float)


def recall(predicted: Array, actual: Array) -> float:
    """The share of the positives that is found."""
    return float(predicted[actual == 1].mean())


def precision(predicted: Array, actual: Array) -> float:
    """The share of positives among what is called positive."""
    return float(actual[predicted == 1].mean())


def area_under_roc(scores: Array, positive: Array) -> float:
    """The area under the polygon of the rates at all thresholds."""
    ordered = positive[np.argsort(-scores)]
    hits = np.r_[0, ordered.cumsum()] / ordered.sum()
    false_alarms = np.r_[0, (1 - ordered).cumsum()] / (1 - ordered).sum()
    return float(((hits[1:] + hits[:-1]) / 2 * np.diff(false_alarms)).sum())


def metrics_06() -> bool:
    """Whether a classifier that says no to one positive in 100 samples finds it."""
    actual, predicted = np.eye(100)[0], np.zeros(100)
    assert (actual == predicted).mean() == 0.99
    return recall(predicted, actual) >= 0.99


def metrics_07() -> bool:
    """Whether always saying no has a mean recall of one half on 30 against 10."""
    _, actual = samples()
    predicted = np.zeros_like(actual)
    mean = (recall(predicted, actual) + recall(1 - predicted, 1 - actual)) / 2
    return mean == 0.5


def metrics_08() -> bool:
    """Whether the area is the share of the pairs that stand in the right order."""
    scores, positive = samples()
    pairs = scores[positive == 1][:, None] > scores[positive == 0]
    return bool(np.isclose(area_under_roc(scores, positive), pairs.mean()))


def metrics_09() -> bool:
    """Whether the area differs for cubed scores."""
    scores, positive = samples()
    area = area_under_roc(scores, positive)
    return not np.isclose(area_under_roc(scores**3, positive), area)


def metrics_10() -> bool:
    """Whether precision never falls while the threshold passes all scores."""
    scores, positive = samples()
    thresholds = np.sort(scores)
    found = [precision((scores >= t).astype(float), positive) for t in thresholds]
    return bool(np.all(np.diff(found) >= 0))


def metrics_11() -> bool:
    """Whether pooled hits over pooled calls are the accuracy, for three classes."""
    actual = np.array([0, 0, 0, 1, 1, 2])
    predicted = np.array([0, 0, 1, 1, 2, 2])
    hits = sum(((predicted == c) & (actual == c)).sum() for c in range(3))
    calls = sum((predicted == c).sum() for c in range(3))
    return bool(np.isclose(hits / calls, (predicted == actual).mean()))


def metrics_12() -> bool:
    """Whether a miss in the larger class costs more than one in the smaller class."""
    actual = np.array([0] * 9 + [1] * 3)
    costs = []
    for missed in (0, 11):
        right = np.ones(12)
        right[missed] = 0
        costs.append(1 - np.mean([right[actual == c].mean() for c in (0, 1)]))
    return bool(costs[0] > costs[1])


def metrics_13() -> bool:
    """Whether the harmonic mean stays below the arithmetic one on a grid."""
    p, r = np.meshgrid(np.linspace(0.05, 1, 20), np.linspace(0.05, 1, 20))
    return bool(np.all(2 * p * r / (p + r) <= (p + r) / 2 + 1e-12))


def metrics_14() -> bool:
    """Whether that holds for random scores of 50 samples and ten classes."""
    random = np.random.default_rng(0)
    scores, labels = random.normal(size=(50, 10)), random.integers(10, size=50)
    hits = np.argsort(-scores, axis=1) == labels[:, None]
    top1, top5 = (hits[:, :k].any(axis=1) for k in (1, 5))
    return bool(np.all(top5 >= top1) and top5.mean() > top1.mean())


def metrics_15() -> bool:
    """Whether precision is the same for both classes."""
    scores, positive = samples()
    predicted = (scores > 1).astype(float)
    return bool(
        np.isclose(
            precision(predicted, positive), precision(1 - predicted, 1 - positive)
        )
    )


def metrics_16() -> bool:
    """Whether one minus residual over total sum of squares is zero."""
    targets, _ = samples()
    residuals = targets - targets.mean()
    total = len(targets) * targets.var()
    return bool(np.isclose(1 - (residuals**2).sum() / total, 0))
