"""Hyperplanes, and the linear pieces of networks of ReLU units."""

from __future__ import annotations

Values = tuple[float, ...]
Line = tuple[tuple[float, float], tuple[float, float]]

PLOT_RATIO = 1.6
"""The width of a plot over its height: with ranges in this ratio, right angles look right."""


def boundary(normal: Values, bias: float, reach: float) -> Line:
    """Where a linear function of two coordinates is zero, from edge to edge of a plot.

    Args:
        normal: its two weights, not both 0.
        bias: its constant.
        reach: the largest second coordinate that is shown.
    """
    u, v = normal
    if abs(u) > PLOT_RATIO * abs(v):
        return (-(bias - v * reach) / u, -reach), (-(bias + v * reach) / u, reach)
    wide = PLOT_RATIO * reach
    return (-wide, -(bias - u * wide) / v), (wide, -(bias + u * wide) / v)
