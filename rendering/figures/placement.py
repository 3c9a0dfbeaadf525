"""Where a label can stand without covering anything."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from .curves import Box, Curve


class Occupied:
    """What is already drawn: boxes and lines that a label should not touch."""

    def __init__(self) -> None:
        self._boxes: list[Box] = []
        self._lines: list[tuple[complex, complex]] = []

    def add_box(self, box: Box) -> None:
        """Keep labels off a box."""
        self._boxes.append(box)

    def add_curve(self, curve: Curve) -> None:
        """Keep labels off a curve."""
        self._lines += pairwise(curve.course())

    def covered(self, box: Box, skip: Curve | None = None) -> float:
        """How much a label in this box would cover, in points; the curve `skip` does not count."""
        area = sum(box.shared(other) for other in self._boxes)
        own = set(pairwise(skip.course())) if skip else set()
        lines = sum(box.covered(*line) for line in self._lines if line not in own)
        return area + 4 * lines

    def freest(self, boxes: Iterable[Box], skip: Curve | None = None) -> int:
        """The number of the first box that covers nothing, or of the one that covers least."""
        costs = []
        for index, box in enumerate(boxes):
            cost = self.covered(box, skip)
            if not cost:
                return index
            costs.append(cost)
        return costs.index(min(costs))
