"""The units on which a unit of a convolutional network depends, layer by layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from pydantic import Field

from .curves import Box, Curve, line
from .errors import FigureError
from .label import Label
from .sheet import Sheet
from .style import ACCENT, GREY, PEN, SMALL, Pen

CELL = 12.0
"""The largest side of a unit."""
PITCH = 17.0
"""The largest distance from one unit of the input to the next."""
ROW = 38.0
LABEL_GAP = 10.0
MOST_UNITS = 64
THREAD = Pen(GREY, 0.4)

Settings = Annotated[Sequence[Annotated[int, Field(ge=1, le=64)]], Field(min_length=1, max_length=8)]


class _Row(NamedTuple):
    """The units of a layer: those that are used, by number, where the first stands, and how far apart."""

    used: frozenset[int]
    start: float
    jump: int

    def position(self, unit: int) -> float:
        """Where a unit stands, in columns of the input."""
        return self.start + unit * self.jump


def receptive_field(sheet: Sheet, /, *, kernels: Settings, strides: Settings, dilations: Settings) -> None:
    """One unit of the last layer above all that it depends on, down to the input, along one side.

    Args:
        sheet: where to draw.
        kernels: the side of each layer's kernel, from the input on.
        strides: of each layer.
        dilations: of each layer.

    Raises:
        FigureError: the settings differ in number, or the field is too wide to draw.
    """
    if not len(kernels) == len(strides) == len(dilations):
        raise FigureError("kernels, strides and dilations must be as many")
    rows = _rows(kernels, strides, dilations)
    columns = max(rows[0].used) + 1
    if columns > MOST_UNITS:
        raise FigureError(f"the field has {columns} columns, more than {MOST_UNITS}")
    names = ["input", *(f"layer {number}" for number in range(1, len(rows)))]
    room = sheet.width - LABEL_GAP - max(Label(name, SMALL).width for name in names)
    pitch = min(PITCH, room / columns)
    cell = min(CELL, 0.75 * pitch)
    sheet.strokes(_threads(rows, kernels, strides, dilations, pitch, cell), THREAD)
    for number, (row, name) in enumerate(zip(rows, names, strict=True)):
        for unit in range(min(row.used), max(row.used) + 1):
            box = Box.around(complex(pitch * row.position(unit), ROW * number), cell, cell)
            if unit in row.used:
                sheet.area(box, ACCENT)
            sheet.frame(box, PEN)
        sheet.label(name, complex(-cell / 2 - LABEL_GAP, ROW * number), -1 + 0j, SMALL)


def _rows(kernels: Sequence[int], strides: Sequence[int], dilations: Sequence[int]) -> list[_Row]:
    """From the input up to the one unit at the top."""
    used = [frozenset([0])]
    for kernel, stride, dilation in zip(kernels[::-1], strides[::-1], dilations[::-1], strict=True):
        used.append(frozenset(unit * stride + dilation * tap for unit in used[-1] for tap in range(kernel)))
    starts, jumps = [0.0], [1]
    for kernel, stride, dilation in zip(kernels, strides, dilations, strict=True):
        starts.append(starts[-1] + dilation * (kernel - 1) * jumps[-1] / 2)
        jumps.append(jumps[-1] * stride)
    return [_Row(*row) for row in zip(used[::-1], starts, jumps, strict=True)]


def _threads(
    rows: Sequence[_Row],
    kernels: Sequence[int],
    strides: Sequence[int],
    dilations: Sequence[int],
    pitch: float,
    cell: float,
) -> list[Curve]:
    """A line from each unit to each one that its kernel joins."""
    return [
        line(
            complex(pitch * above.position(unit), ROW * number + ROW - cell / 2),
            complex(pitch * below.position(unit * stride + dilation * tap), ROW * number + cell / 2),
        )
        for number, (below, above, kernel, stride, dilation) in enumerate(
            zip(rows, rows[1:], kernels, strides, dilations, strict=False)
        )
        for unit in above.used
        for tap in range(kernel)
    ]
