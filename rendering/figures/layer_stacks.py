"""Layers of a network as boxes in a row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, NamedTuple

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from .curves import Curve, Outline, line
from .label import DESCENT, Content, Label
from .sheet import Sheet
from .style import SHADE, SMALL

HEIGHT = 22.0
LEAST_WIDTH = 34.0
ARROW = 17.0
SIZE_GAP = 4.0
ROW_GAP = 26.0
CORNER = 5.0
"""The radius of the turns of the arrow from one row to the next."""


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Layer:
    """A layer.

    Attributes:
        label: stands in its box.
        size: the size of what it yields, which stands under its box.
    """

    label: Content
    size: Content = ""


class _Placed(NamedTuple):
    layer: Layer
    box: Outline


def layer_stack(
    sheet: Sheet, /, *, layers: Annotated[Sequence[Layer], Field(min_length=1, max_length=60)]
) -> None:
    """Layers from left to right, in as many rows as they need.

    Args:
        sheet: where to draw.
        layers: what the data passes through, each with the fields of `Layer`.
    """
    rows = _rows(layers, sheet.width)
    placed = [box for row in rows for box in row]
    runs: list[list[Curve]] = []
    for row in rows:
        runs += [
            [line(left.box.centre + left.box.half_width, right.box.centre - right.box.half_width)]
            for left, right in pairwise(row)
        ]
    right = max(box.box.box.right for box in placed)
    sheet.arrows(runs + [_turn(above, below, right) for above, below in pairwise(rows)])
    for one in placed:
        sheet.outline(one.box, SHADE)
        sheet.label(one.layer.label, one.box.centre)
        sheet.label(one.layer.size, one.box.centre - 1j * (HEIGHT / 2 + SIZE_GAP), -1j, SMALL)


def _rows(layers: Sequence[Layer], width: float) -> list[list[_Placed]]:
    rows: list[list[_Placed]] = []
    sized = any(layer.size != "" for layer in layers)
    step = HEIGHT + ROW_GAP + (SIZE_GAP + SMALL * (1 - DESCENT)) * sized
    x = width
    for layer in layers:
        box = max(LEAST_WIDTH, Label(layer.label).width + 13, Label(layer.size, SMALL).width + 4)
        if not rows or x + ARROW + box > width - 2 * (CORNER + 4):
            rows.append([])
            x = -ARROW
        x += ARROW + box
        centre = complex(x - box / 2, -step * (len(rows) - 1))
        rows[-1].append(_Placed(layer, Outline(centre, box / 2, HEIGHT / 2, 3.0)))
    return rows


def _turn(above: Sequence[_Placed], below: Sequence[_Placed], right: float) -> list[Curve]:
    """The arrow from the end of a row round to the start of the next."""
    start = above[-1].box.centre + above[-1].box.half_width
    end = below[0].box.centre - below[0].box.half_width
    level = below[0].box.box.top + ROW_GAP / 2 - 1
    out, back = right + CORNER + 4, below[0].box.box.left - CORNER - HEIGHT / 2
    corners = [
        start,
        complex(out, start.imag),
        complex(out, level),
        complex(back, level),
        complex(back, end.imag),
        end,
    ]
    return _rounded(corners)


def _rounded(corners: Sequence[complex]) -> list[Curve]:
    """A run of lines with its corners rounded."""
    curves: list[Curve] = []
    here = corners[0]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        enter = corner + CORNER * _unit(before - corner)
        leave = corner + CORNER * _unit(after - corner)
        curves += [
            line(here, enter),
            Curve((enter, (enter + 2 * corner) / 3, (leave + 2 * corner) / 3, leave)),
        ]
        here = leave
    return [*curves, line(here, corners[-1])]


def _unit(vector: complex) -> complex:
    return vector / abs(vector)
