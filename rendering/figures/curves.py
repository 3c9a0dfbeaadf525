"""Plane geometry of figures: points are complex numbers x + iy, with y upwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

STEPS = 12
"""Straight pieces that stand for a bent curve where only its course matters."""


@dataclass(frozen=True)
class Curve:
    """A Bézier curve: two points make a straight line, four a cubic."""

    points: tuple[complex, ...]

    def at(self, t: float) -> complex:
        """The point at parameter t, from 0 (start) to 1 (end)."""
        if len(self.points) == 2:
            start, end = self.points
            return start + t * (end - start)
        a, b, c, d = self.points
        rest = 1 - t
        return rest * rest * (rest * a + 3 * t * b) + t * t * (3 * rest * c + t * d)

    def part(self, start: float, end: float) -> Curve:
        """The piece between two parameters."""
        head = tuple(row[0] for row in _triangle(self.points, end))
        ratio = start / end if end else 0.0
        return Curve(tuple(row[-1] for row in reversed(_triangle(head, ratio))))

    def before_end(self, distance: float) -> float:
        """The parameter of the point that is a distance away from the end, or 0 if the curve is shorter."""
        end = self.points[-1]
        if len(self.points) == 2:
            length = abs(end - self.points[0])
            return max(0.0, 1 - distance / length) if length else 0.0
        return 1 - switch(lambda back: abs(self.at(1 - back) - end) < distance, 0.0, 1.0)

    def course(self) -> tuple[complex, ...]:
        """Points along the curve, close enough to tell what it touches."""
        if len(self.points) == 2:
            return self.points
        return tuple(self.at(step / STEPS) for step in range(STEPS + 1))


def _triangle(points: tuple[complex, ...], t: float) -> list[tuple[complex, ...]]:
    """De Casteljau's scheme: each row halves the distance to the point at t."""
    rows = [points]
    while len(rows[-1]) > 1:
        rows.append(tuple(a + t * (b - a) for a, b in pairwise(rows[-1])))
    return rows


def line(start: complex, end: complex) -> Curve:
    """A straight line."""
    return Curve((start, end))


def arc(start: complex, end: complex, bow: float) -> Curve:
    """A curve that leaves the straight line by `bow` to its left, or to its right where `bow` is negative."""
    if not bow:
        return line(start, end)
    chord = end - start
    lift = 4 / 3 * bow * 1j * chord / abs(chord)
    return Curve((start, start + chord / 4 + lift, end - chord / 4 + lift, end))


def switch(inside: Callable[[float], bool], low: float, high: float) -> float:
    """The parameter between `low` (inside) and `high` (outside) at which a curve crosses a border."""
    for _ in range(16):
        middle = (low + high) / 2
        if inside(middle):
            low = middle
        else:
            high = middle
    return high


class Box(NamedTuple):
    """A rectangle along the axes."""

    left: float
    bottom: float
    right: float
    top: float

    @classmethod
    def around(cls, centre: complex, width: float, height: float) -> Box:
        """The box of a given size about a point."""
        x, y = centre.real, centre.imag
        return cls(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def padded(self, margin: float) -> Box:
        """The box grown on all sides."""
        return Box(self.left - margin, self.bottom - margin, self.right + margin, self.top + margin)

    def contains(self, point: complex) -> bool:
        """Whether the point lies inside."""
        return self.left < point.real < self.right and self.bottom < point.imag < self.top

    def shared(self, other: Box) -> float:
        """The area that two boxes share."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.top, other.top) - max(self.bottom, other.bottom)
        return width * height if width > 0 and height > 0 else 0.0

    def covered(self, start: complex, end: complex) -> float:
        """The length of a straight line that lies inside."""
        span = self.clip(start, end)
        return abs(end - start) * (span[1] - span[0]) if span else 0.0

    def clip(self, start: complex, end: complex) -> tuple[float, float] | None:
        """The parameters between which a straight line lies inside, by Liang and Barsky; None if nowhere."""
        low, high = 0.0, 1.0
        step = end - start
        for delta, room in (
            (-step.real, start.real - self.left),
            (step.real, self.right - start.real),
            (-step.imag, start.imag - self.bottom),
            (step.imag, self.top - start.imag),
        ):
            if delta == 0:
                if room < 0:
                    return None
            elif delta < 0:
                low = max(low, room / delta)
            else:
                high = min(high, room / delta)
        return (low, high) if low < high else None


@dataclass(frozen=True)
class Outline:
    """The border of a drawn node: a rectangle with round corners, or a circle where all three radii agree."""

    centre: complex
    half_width: float
    half_height: float
    corner: float

    @classmethod
    def circle(cls, centre: complex, radius: float) -> Outline:
        """A circle."""
        return cls(centre, radius, radius, radius)

    @property
    def is_circle(self) -> bool:
        """Whether it is a circle."""
        return self.half_width == self.half_height == self.corner

    @property
    def box(self) -> Box:
        """The rectangle around it."""
        return Box.around(self.centre, 2 * self.half_width, 2 * self.half_height)

    def contains(self, point: complex, margin: float = 0.0) -> bool:
        """Whether the point lies inside, or within `margin` of the border."""
        offset = point - self.centre
        beyond = complex(
            max(abs(offset.real) - self.half_width + self.corner, 0.0),
            max(abs(offset.imag) - self.half_height + self.corner, 0.0),
        )
        return abs(beyond) < self.corner + margin

    def crossed(self, curve: Curve, margin: float = 0.0) -> bool:
        """Whether the curve runs through the node or within `margin` of it."""
        box = self.box.padded(margin)
        if not any(box.clip(a, b) for a, b in pairwise(curve.course())):
            return False
        return any(self.contains(curve.at(step / 24), margin) for step in range(1, 24))


def between(start: Outline, end: Outline, curve: Curve) -> Curve:
    """The piece of a curve that runs from the border of one node to the border of another."""
    if len(curve.points) == 2 and start.is_circle and end.is_circle:
        length = abs(end.centre - start.centre)
        return curve.part(start.corner / length, 1 - end.corner / length)
    leave = switch(lambda t: start.contains(curve.at(t)), 0.0, 0.5)
    arrive = 1 - switch(lambda t: end.contains(curve.at(1 - t)), 0.0, 0.5)
    return curve.part(leave, arrive)


def around(curve: Curve, box: Box, t: float) -> Iterator[Curve]:
    """The curve without its stretch inside the box about parameter t: room for a label on the line."""
    if len(curve.points) == 2:
        span = box.clip(*curve.points) or (t, t)
        yield from (curve.part(0.0, span[0]), curve.part(span[1], 1.0))
        return
    before = switch(lambda back: box.contains(curve.at(t - back)), 0.0, t)
    after = switch(lambda ahead: box.contains(curve.at(t + ahead)), 0.0, 1 - t)
    yield curve.part(0.0, t - before)
    yield curve.part(t + after, 1.0)


def spread(wanted: list[float], gap: float) -> list[float]:
    """The places nearest to those wanted, in the same order, at least `gap` apart: least squares.

    Pool-adjacent-violators: places that would come too close move together about their common mean.
    """
    pools: list[tuple[float, int]] = []
    for index, place in enumerate(wanted):
        mean, count = place - index * gap, 1
        while pools and pools[-1][0] > mean:
            other, size = pools.pop()
            mean, count = (other * size + mean * count) / (size + count), size + count
        pools.append((mean, count))
    means = [mean for mean, count in pools for _ in range(count)]
    return [mean + index * gap for index, mean in enumerate(means)]
