"""Bar charts: histograms of numbers, and counts or shares of named things."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from .curves import Box, line
from .errors import FigureError
from .label import Content, Label
from .plots import ticks
from .sheet import Sheet
from .style import BLUE, GREY, INK, SHADE, SMALL, Pen

WIDTH, HEIGHT = 380.0, 120.0
WIDEST_BAR = 56.0
FILL = 0.68
"""The share of its room that a bar fills, unless it is part of a histogram."""
TICK = 3.0
MOST_BARS = 60
MOST_VALUES = 26
"""So many bars at most have their value above them."""
EDGE = Pen(INK, 0.5)

Height = Annotated[float, Field(ge=0, le=1e12)]
Edge = Annotated[float, Field(ge=-1e12, le=1e12)]


def bars(
    sheet: Sheet,
    /,
    *,
    heights: Annotated[Sequence[Height], Field(min_length=1, max_length=MOST_BARS)],
    edges: Sequence[Edge] = (),
    labels: Sequence[Content] = (),
    highlight: Sequence[int] = (),
    x_label: Content = "",
    y_label: Content = "",
) -> None:
    """Bars side by side on a common base line.

    Args:
        sheet: where to draw.
        heights: of the bars, which also stand above them.
        edges: for a histogram: the numbers between which the bars stand, one more than there are bars.
        labels: for separate bars: a label below each.
        highlight: the bars that are filled darkly, by place.
        x_label: stands below the base line.
        y_label: stands above the vertical axis.

    Raises:
        FigureError: there are neither edges nor labels, or both, or too few or many, or edges do not ascend.
    """
    _check(len(heights), edges, labels, highlight)
    top = _top(heights)
    boxes = _histogram(edges) if edges else _separate(len(heights))
    _scale(sheet, top)
    for place, (box, height) in enumerate(zip(boxes, heights, strict=True)):
        _bar(sheet, box, HEIGHT * height / top, dark=place in highlight)
        if len(heights) <= MOST_VALUES and (height or labels):
            middle = complex((box.left + box.right) / 2, HEIGHT * height / top + 3)
            sheet.label(height, middle, 1j, SMALL)
    sheet.strokes([line(0j, complex(WIDTH))])
    depth = _edge_labels(sheet, edges) if edges else _bar_labels(sheet, boxes, labels)
    if x_label != "":
        sheet.label(x_label, complex(WIDTH / 2, depth - 5), -1j)
    if y_label != "":
        sheet.label(y_label, complex(-12, HEIGHT + 18), 1 + 1j)


def _check(count: int, edges: Sequence[float], labels: Sequence[Content], highlight: Sequence[int]) -> None:
    if bool(edges) == bool(labels):
        raise FigureError("it takes either edges, for a histogram, or labels")
    if edges and len(edges) != count + 1:
        raise FigureError(f"there are {len(edges)} edges, but {count} bars stand between {count + 1}")
    if labels and len(labels) != count:
        raise FigureError(f"there are {len(labels)} labels for {count} bars")
    if any(low >= high for low, high in pairwise(edges)):
        raise FigureError("edges must ascend")
    if wrong := [place for place in highlight if not 0 <= place < count]:
        raise FigureError(f"highlight names bar {wrong[0]}, but there are bars 0 to {count - 1}")


def _top(heights: Sequence[float]) -> float:
    """The end of the vertical axis: the tick at or above the highest bar."""
    highest = max(heights) or 1.0
    steps = ticks(0, highest, most=5, whole=_whole(heights))
    return steps[-1] if steps[-1] >= highest else 2 * steps[-1] - steps[-2]


def _whole(heights: Sequence[float]) -> bool:
    return all(float(height).is_integer() for height in heights)


def _histogram(edges: Sequence[float]) -> list[Box]:
    places = [WIDTH * (edge - edges[0]) / (edges[-1] - edges[0]) for edge in edges]
    return [Box(left, 0, right, HEIGHT) for left, right in pairwise(places)]


def _separate(count: int) -> list[Box]:
    room = WIDTH / count
    half = min(FILL * room, WIDEST_BAR) / 2
    return [
        Box((place + 0.5) * room - half, 0, (place + 0.5) * room + half, HEIGHT) for place in range(count)
    ]


def _bar(sheet: Sheet, box: Box, height: float, *, dark: bool) -> None:
    if height > 0:
        bar = Box(box.left, 0, box.right, height)
        sheet.area(bar, BLUE if dark else SHADE)
        sheet.frame(bar, EDGE)


def _scale(sheet: Sheet, top: float) -> None:
    """Faint lines across, with their numbers at the left."""
    for value in ticks(0, top, most=6, whole=top >= 5):
        level = 1j * HEIGHT * value / top
        sheet.label(value, level - 5, -1 + 0j, SMALL)
        if value:
            sheet.strokes([line(level, level + WIDTH)], Pen(GREY, 0.3, (1, 2)))


def _edge_labels(sheet: Sheet, edges: Sequence[float]) -> float:
    """Ticks at the edges, with a number at as many as there is room for; their lowest point."""
    depth, right = 0.0, float("-inf")
    for edge in edges:
        point = complex(WIDTH * (edge - edges[0]) / (edges[-1] - edges[0]))
        sheet.strokes([line(point, point - 1j * TICK)])
        label = Label(edge, SMALL).beside(point - 1j * (TICK + 2.5), -1j)
        if label.box.left > right:
            sheet.place(label)
            depth, right = min(depth, label.box.bottom), label.box.right + 4
    return depth


def _bar_labels(sheet: Sheet, boxes: Sequence[Box], labels: Sequence[Content]) -> float:
    """A label below each bar; their lowest point."""
    placed = [
        sheet.label(text, complex((box.left + box.right) / 2, -5), -1j, SMALL)
        for box, text in zip(boxes, labels, strict=True)
    ]
    return min(label.box.bottom for label in placed)
