"""Tails and quantiles of distributions, in plain Python; docs/statistics.md has the sources."""

from __future__ import annotations

from math import erfc, exp, lgamma, log, log1p, sqrt

MOST_STEPS = 10_000
PRECISION = 1e-14


def poisson_tail(count: int, mean: float) -> float:
    """The probability of at least `count` events where `mean` are expected."""
    if count <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    term = exp(count * log(mean) - mean - lgamma(count + 1))
    total, number = 0.0, count
    while term > PRECISION * total or number <= mean:
        total += term
        number += 1
        term *= mean / number
    return min(total, 1.0)


def chi_square_tail(value: float, freedom: int) -> float:
    """The probability that chi-square with whole degrees of freedom is at least `value`."""
    half = value / 2
    if half <= 0:
        return 1.0
    order, tail = (1.0, exp(-half)) if freedom % 2 == 0 else (0.5, erfc(sqrt(half)))
    while order < freedom / 2:
        tail += exp(order * log(half) - half - lgamma(order + 1))
        order += 1
    return min(tail, 1.0)


def f_quantile(probability: float, above: float, below: float) -> float:
    """The value under which F with these degrees of freedom lies with a probability between 0 and 1."""
    low, high = 0.0, 1.0
    while high - low > PRECISION:
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        if incomplete_beta(middle, above / 2, below / 2) < probability:
            low = middle
        else:
            high = middle
    share = (low + high) / 2
    return below * share / (above * (1 - share))


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function for x from 0 to 1."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    return front / (a * _beta_fraction(x, a, b))


def _beta_fraction(x: float, a: float, b: float) -> float:
    """The continued fraction 1 + d1/(1 + d2/(1 + ...)), by the modified algorithm of Lentz."""
    value, top, bottom = 1.0, 1.0, 0.0
    for step in range(1, MOST_STEPS):
        half = step // 2
        if step % 2:
            part = -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        else:
            part = half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
        bottom = 1 / (1 + part * bottom)
        top = 1 + part / top
        value *= top * bottom
        if abs(top * bottom - 1) < PRECISION:
            break
    return value
