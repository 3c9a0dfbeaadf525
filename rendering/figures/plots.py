"""Small plots of functions and points."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor, log10
from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from .curves import Box, Curve, Outline, line, spread
from .errors import FigureError
from .label import Content, Label
from .placement import Occupied
from .sheet import Sheet
from .style import BLUE, GREEN, HAIR, INK, RED, SMALL, Pen

WIDTH, HEIGHT = 205.0, 128.0
TICK = 3.0
MARK = 2.1
"""The radius of a point."""

PENS = (
    Pen(BLUE, 1.1),
    Pen(RED, 1.1, (4.5, 2.2)),
    Pen(GREEN, 1.1, (1.3, 1.8)),
    Pen(INK, 0.9, (6, 2, 1.3, 2)),
)
"""Curves differ in colour and in dashes, so that a black-and-white print tells them apart."""

BESIDE_POINT = (0.75 + 0.75j, -0.75 + 0.75j, 0.75 - 0.75j, -0.75 - 0.75j, 1j, -1j, 1 + 0j, -1 + 0j)
BESIDE_END = (1 + 0j, -1 + 0j, 1j, -1j)

Number = Annotated[float, Field(ge=-1e12, le=1e12)]
Point = tuple[Number, Number]
Range = tuple[Number, Number]


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class PlottedCurve:
    """A curve.

    Attributes:
        points: points that are joined by straight lines.
        label: stands beside the curve's end.
    """

    points: Annotated[Sequence[Point], Field(min_length=2, max_length=2000)]
    label: Content = ""


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class PlottedPoint:
    """A point.

    Attributes:
        x: its place along the horizontal axis.
        y: its place along the vertical axis.
        label: stands beside it.
        mark: how it looks; a class of its own for each class of data.
    """

    x: Number
    y: Number
    label: Content = ""
    mark: Literal["dot", "circle", "cross"] = "dot"


def plot(
    sheet: Sheet,
    /,
    *,
    curves: Annotated[Sequence[PlottedCurve], Field(max_length=len(PENS))] = (),
    points: Annotated[Sequence[PlottedPoint | Point], Field(max_length=500)] = (),
    x_label: Content = "",
    y_label: Content = "",
    x_range: Range | None = None,
    y_range: Range | None = None,
) -> None:
    """A small plot with axes.

    Args:
        sheet: where to draw.
        curves: at most four, each with the fields of `PlottedCurve`.
        points: pairs, or points with the fields of `PlottedPoint`.
        x_label: stands at the end of the horizontal axis.
        y_label: stands above the vertical axis.
        x_range: the least and the greatest x that are shown; by default all.
        y_range: the least and the greatest y that are shown; by default all.

    Raises:
        FigureError: there is nothing to show, or a range is empty.
    """
    marks = [point if isinstance(point, PlottedPoint) else PlottedPoint(*point) for point in points]
    shown = [point for curve in curves for point in curve.points] + [(mark.x, mark.y) for mark in marks]
    if not shown:
        raise FigureError("it takes curves or points")
    frame = _Frame(
        _range("x_range", x_range, [x for x, _ in shown]), _range("y_range", y_range, [y for _, y in shown])
    )
    _axes(sheet, frame, x_label, y_label, whole=all(x == int(x) for x, _ in shown))
    taken = Occupied()
    ends: list[tuple[complex, Content, Pen]] = []
    for curve, pen in zip(curves, PENS, strict=False):
        lines = frame.clipped(curve.points)
        sheet.strokes(lines, pen)
        for piece in lines:
            taken.add_curve(piece)
        if lines and curve.label != "":
            ends.append((lines[-1].points[-1], curve.label, pen))
    visible = [mark for mark in marks if frame.box.padded(0.01).contains(frame.place(mark.x, mark.y))]
    for mark in visible:
        _mark(sheet, frame.place(mark.x, mark.y), mark.mark)
        taken.add_box(Box.around(frame.place(mark.x, mark.y), 2 * MARK, 2 * MARK))
    at_the_side = [end for end in ends if end[0].real > 0.9 * WIDTH]
    _curve_labels(sheet, at_the_side)
    inside = [(end, text) for end, text, pen in ends if (end, text, pen) not in at_the_side]
    _labels(sheet, inside, BESIDE_END, taken)
    _labels(
        sheet,
        [(frame.place(mark.x, mark.y), mark.label) for mark in visible if mark.label != ""],
        BESIDE_POINT,
        taken,
    )


class _Frame:
    """The mapping from numbers to the sheet, whose origin is the lower left corner of the axes."""

    def __init__(self, x_range: Range, y_range: Range) -> None:
        self.x_range, self.y_range = x_range, y_range
        self.box = Box(0, 0, WIDTH, HEIGHT)

    def place(self, x: float, y: float) -> complex:
        """Where a pair of numbers stands."""
        (left, right), (bottom, top) = self.x_range, self.y_range
        return complex(WIDTH * (x - left) / (right - left), HEIGHT * (y - bottom) / (top - bottom))

    def clipped(self, points: Sequence[Point]) -> list[Curve]:
        """The lines through points, as far as they lie within the axes."""
        box = self.box.padded(0.01)
        lines = []
        for start, end in pairwise(self.place(x, y) for x, y in points):
            if span := box.clip(start, end):
                lines.append(line(start, end).part(*span) if span != (0.0, 1.0) else line(start, end))
        return lines


def _range(name: str, wanted: Range | None, values: Sequence[float]) -> Range:
    if wanted is not None:
        if not wanted[0] < wanted[1]:
            raise FigureError(f"{name} is {wanted}, but its first number must be the smaller one")
        low, high = wanted
    else:
        low, high = min(values), max(values)
        room = (high - low) * 0.04 or abs(high) or 1.0
        low, high = low - room, high + room
    if high - low < 1e-4 * max(abs(low), abs(high)):
        raise FigureError(f"{name} from {low:g} to {high:g} is too narrow for its numbers to differ")
    return low, high


def ticks(low: float, high: float, most: int = 6, whole: bool = False) -> list[float]:
    """The multiples of 1, 2 or 5 times a power of ten in a range, at most `most` of them.

    Args:
        low: where the range begins.
        high: where it ends.
        most: the greatest number of ticks.
        whole: whether only whole numbers make sense.
    """
    power = 10.0 ** floor(log10((high - low) / most))
    if whole:
        power = max(power, 1.0)
    for factor in (1, 2, 5, 10, 20):
        step = factor * power
        first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
        if last - first < most:
            break
    return [float(f"{index * step:.12g}") for index in range(first, last + 1)]


def _axes(sheet: Sheet, frame: _Frame, x_label: Content, y_label: Content, whole: bool) -> None:
    zeros = []
    if frame.x_range[0] < 0 < frame.x_range[1]:
        x = frame.place(0, 0).real
        zeros.append(line(complex(x, 0), complex(x, HEIGHT)))
    if frame.y_range[0] < 0 < frame.y_range[1]:
        y = frame.place(0, 0).imag
        zeros.append(line(complex(0, y), complex(WIDTH, y)))
    sheet.strokes(zeros, HAIR)
    sheet.strokes([line(1j * HEIGHT, 0j), line(0j, complex(WIDTH))])
    marks = []
    depth = 0.0
    for value in ticks(*frame.x_range, whole=whole):
        point = complex(frame.place(value, 0).real)
        marks.append(line(point, point - 1j * TICK))
        label = sheet.label(value, point - 1j * (TICK + 2.5), -1j, SMALL)
        depth = min(depth, label.box.bottom)
    for value in ticks(*frame.y_range):
        point = 1j * frame.place(0, value).imag
        marks.append(line(point, point - TICK))
        sheet.label(value, point - TICK - 2.5, -1 + 0j, SMALL)
    sheet.strokes(marks)
    if x_label != "":
        sheet.label(x_label, complex(WIDTH / 2, depth - 5), -1j)
    if y_label != "":
        sheet.label(y_label, complex(0, HEIGHT + 7), 1j)


def _mark(sheet: Sheet, point: complex, mark: str) -> None:
    if mark == "cross":
        reach = MARK * (1 + 1j)
        arms = [line(point - arm, point + arm) for arm in (reach, reach.conjugate())]
        sheet.strokes(arms, Pen(INK, 0.9))
    else:
        sheet.outline(Outline.circle(point, MARK), INK if mark == "dot" else None, Pen(INK, 0.8))


def _curve_labels(sheet: Sheet, ends: Sequence[tuple[complex, Content, Pen]]) -> None:
    """Labels to the right of the axes, level with the curves' ends as far as they keep apart."""
    ordered = sorted(ends, key=lambda end: end[0].imag)
    places = spread([end.imag for end, _, _ in ordered], 12.5)
    for place, (_, text, pen) in zip(places, ordered, strict=True):
        start = complex(WIDTH + 6, place)
        sheet.strokes([line(start, start + 15)], pen)
        sheet.label(text, start + 19, 1 + 0j, 9)


def _labels(
    sheet: Sheet, labels: Sequence[tuple[complex, Content]], sides: Sequence[complex], taken: Occupied
) -> None:
    """Labels beside points, on the side where there is room."""
    for point, text in labels:
        label = Label(text, 9)
        spots = [(point + (MARK + 3) * side, complex(round(side.real), round(side.imag))) for side in sides]
        best = taken.freest([label.beside(*spot).box for spot in spots])
        taken.add_box(label.beside(*spots[best]).box)
        sheet.place(label)
