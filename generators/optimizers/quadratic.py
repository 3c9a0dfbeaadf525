"""Quadratic losses of one weight, as text and as a curve."""

from __future__ import annotations

from collections.abc import Iterable

Points = list[tuple[float, float]]
Marks = list[dict[str, float | str]]
"""Points of a plot with their labels."""


def latex_product(factor: int, name: str, minimum: int) -> str:
    """A factor times the difference of a variable from the minimum, such as 2(w - 3)."""
    shift = f"{'-' if minimum > 0 else '+'} {abs(minimum)}"
    return f"{factor if factor > 1 else ''}{f'({name} {shift})' if minimum else name}"


def parabola(coefficient: float, minimum: float, weights: Iterable[float]) -> Points:
    """Points of a(w - c)² on both sides of the minimum, a little further than the weights reach."""
    reach = 1.15 * max(abs(weight - minimum) for weight in weights)
    places = (minimum + reach * place / 40 for place in range(-40, 41))
    return [(place, coefficient * (place - minimum) ** 2) for place in places]


def on_parabola(coefficient: float, minimum: float, weights: dict[str, float], mark: str = "dot") -> Marks:
    """Named weights as points of a plot."""
    return [
        {"x": weight, "y": coefficient * (weight - minimum) ** 2, "label": name, "mark": mark}
        for name, weight in weights.items()
    ]
