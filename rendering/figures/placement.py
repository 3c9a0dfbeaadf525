"""Where a label can stand without covering anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from .curves import Box, Curve

Line = tuple[complex, complex]


class Occupied:
    """What is already drawn: boxes and lines that a label should not touch."""

    def __init__(self) -> None:
        self._boxes: list[Box] = []
        self._lines: list[Line] = []

    def add_box(self, box: Box) -> None:
        """Keep labels off a box."""
        self._boxes.append(box)

    def add_curve(self, curve: Curve) -> None:
        """Keep labels off a curve."""
        self._lines += pairwise(curve.course())

    def covered(self, boxes: Iterable[Box], skip: Curve | None = None) -> list[float]:
        """How much a label in each box would cover, in points; the curve `skip` does not count."""
        own = set(pairwise(skip.course())) if skip else set()
        lines = [line for line in self._lines if line not in own]
        return [self._shared(box) + 4 * _length(lines, box) for box in boxes]

    def freest(self, boxes: Sequence[Box], skip: Curve | None = None) -> int:
        """The number of the first box that covers nothing, or of the one that covers least."""
        costs = self.covered(boxes, skip)
        return costs.index(min(costs))

    def _shared(self, box: Box) -> float:
        return sum(box.shared(other) for other in self._boxes)


def _length(lines: Iterable[Line], box: Box) -> float:
    """How much of the lines lies in a box."""
    left, bottom, right, top = box
    return sum(
        box.covered(start, end)
        for start, end in lines
        if (start.real < right or end.real < right)
        and (start.real > left or end.real > left)
        and (start.imag < top or end.imag < top)
        and (start.imag > bottom or end.imag > bottom)
    )
