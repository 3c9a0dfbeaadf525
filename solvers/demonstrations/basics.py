"""Statements on learning and its evaluation."""

import itertools

import numpy as np


def basics_01() -> bool:
    """Whether the best of 100 guessers scores no more than its true one half."""
    random = np.random.default_rng(0)
    labels = random.integers(2, size=200)
    guesses = random.integers(2, size=(100, 200))
    best = (guesses == labels).mean(axis=1).max()
    return bool(best <= 0.5)


def basics_02() -> bool:
    """Whether cubics have less bias and more variance than lines."""
    random = np.random.default_rng(0)
    x = np.linspace(-1, 1, 12)
    truth = 4 * x**3 - 2 * x
    samples = truth + random.normal(size=(200, 12))
    bias, variance = [], []
    for degree in (1, 3):
        basis = np.vander(x, degree + 1)
        fits = samples @ (basis @ np.linalg.pinv(basis)).T
        bias.append(((fits.mean(axis=0) - truth) ** 2).mean())
        variance.append(fits.var(axis=0).mean())
    return bool(bias[1] < bias[0] and variance[1] > variance[0])


def basics_03() -> bool:
    """Whether one predictor beats another over all labellings of three points."""
    labellings = list(itertools.product((0, 1), repeat=3))
    averages = [
        np.mean([np.equal(predicted, true) for true in labellings])
        for predicted in labellings
    ]
    return bool(max(averages) > min(averages))


def basics_07() -> bool:
    """Whether many data bring the squared error below the noise's variance 1."""
    random = np.random.default_rng(0)
    x = random.normal(size=20_000)
    y = 2 * x + random.normal(size=20_000)
    fit = np.polyfit(x, y, 1)
    return bool(np.mean((np.polyval(fit, x) - y) ** 2) < 0.9)


def basics_09() -> bool:
    """Whether predicting the majority of 95 against 5 is right in 95 % of the cases."""
    labels = np.array([0] * 95 + [1] * 5)
    return bool(np.mean(labels == 0) == 0.95)


def basics_10() -> bool:
    """Whether nine random points have more values of one axis than a grid."""
    random = np.random.default_rng(0)
    grid = list(itertools.product(np.linspace(0, 1, 3), repeat=2))
    points = random.random((9, 2))
    return len({x for x, _ in points}) > len({x for x, _ in grid})
