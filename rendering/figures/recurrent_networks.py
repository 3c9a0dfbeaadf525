"""Recurrent networks, unrolled in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Annotated, NamedTuple

from pydantic import Field

from .curves import Curve, Outline, between, line
from .errors import FigureError
from .label import Content, Label
from .sheet import Sheet
from .style import SHADE, SMALL, Tint

RADIUS = 11.5
GAP = 30.0
"""The least distance between the states of two steps."""
ROW = 42.0
CORNER = 3.0

Steps = Annotated[Sequence[Content], Field(max_length=8)]
Pairs = list[tuple[Outline, Outline]]


def recurrent_network(
    sheet: Sheet,
    /,
    *,
    inputs: Annotated[Steps, Field(min_length=1)],
    states: Annotated[Sequence[Steps], Field(min_length=1, max_length=4)],
    backward: Steps = (),
    outputs: Steps = (),
    initial: Sequence[Content] = (),
    input_weight: Content = "",
    recurrent_weight: Content = "",
    output_weight: Content = "",
) -> None:
    """A recurrent network with its steps from left to right: inputs below, outputs above.

    Args:
        sheet: where to draw.
        inputs: the label of each step's input.
        states: for each layer from below, the label of each step's state.
        backward: the states of a second direction, which runs from the last step to the first.
        outputs: the label of each step's output; an empty one leaves it out.
        initial: the label of each layer's state before the first step, and of the second direction's.
        input_weight: stands beside the arrows from the inputs.
        recurrent_weight: stands above the arrows from step to step.
        output_weight: stands beside the arrows to the outputs.

    Raises:
        FigureError: a row has another number of steps than the inputs, or a second direction meets several
            layers.
    """
    _check_rows(inputs, states, backward, outputs, initial)
    rows = [*states, *([backward] if backward else [])]
    grid = _grid(inputs, rows, outputs, Label(recurrent_weight, SMALL).width, bool(backward))
    below, *nodes, above = grid.rows
    ends = [(step, above[step]) for step, label in enumerate(outputs) if label != ""]
    floors = [(below, row) for row in nodes] if backward else pairwise([below, *nodes])
    feeds = [pair for floor in floors for pair in zip(*floor, strict=True)]
    yields = [(row[step], end) for step, end in ends for row in (nodes if backward else nodes[-1:])]
    times = [*_along(nodes, len(states)), *_starts(sheet, nodes, initial, len(states), grid.pitch)]
    sheet.arrows([_arrow(*pair)] for pair in (*feeds, *yields, *times))
    for outline, label in zip(below, inputs, strict=True):
        _node(sheet, outline, label)
    for outlines, labels in zip(nodes, rows, strict=True):
        for outline, label in zip(outlines, labels, strict=True):
            _node(sheet, outline, label, SHADE)
    for step, outline in ends:
        _node(sheet, outline, outputs[step])
    _upward_weights(sheet, feeds, input_weight)
    _upward_weights(sheet, yields, output_weight)
    for source, target in times:
        sheet.label(recurrent_weight, (source.centre + target.centre) / 2 + 3j, 1j, SMALL)


class _Grid(NamedTuple):
    """The outlines of inputs, of each row of states, and of outputs, and the distance between two steps."""

    rows: list[list[Outline]]
    pitch: float


def _grid(inputs: Steps, rows: Sequence[Steps], outputs: Steps, weight: float, two_directions: bool) -> _Grid:
    """Where everything stands; two directions stand apart, so that arrows pass between them."""
    labels = [label for row in (inputs, *rows, outputs) for label in row]
    half = max(RADIUS, *(Label(label).width / 2 + 5 for label in labels))
    shift = RADIUS + 3 if two_directions else 0.0
    pitch = 2 * half + 2 * shift + max(GAP - shift, weight + 14)

    def row(number: int, aside: float, corner: float) -> list[Outline]:
        return [
            Outline(complex(pitch * step + aside, ROW * number), half, RADIUS, corner)
            for step in range(len(inputs))
        ]

    states = [
        row(number, shift if two_directions and number == len(rows) else -shift, RADIUS)
        for number in range(1, len(rows) + 1)
    ]
    return _Grid([row(0, 0, CORNER), *states, row(len(rows) + 1, 0, CORNER)], pitch)


def _check_rows(
    inputs: Steps, states: Sequence[Steps], backward: Steps, outputs: Steps, initial: Sequence[Content]
) -> None:
    if any(len(row) != len(inputs) for row in (*states, *filter(None, (backward, outputs)))):
        raise FigureError(f"every row must have {len(inputs)} labels, as the inputs have")
    if backward and len(states) > 1:
        raise FigureError("a second direction is drawn for one layer only")
    if initial and len(initial) != len(states) + bool(backward):
        raise FigureError("there must be one initial state for each row of states")


def _along(nodes: Sequence[Sequence[Outline]], forward: int) -> Pairs:
    """From each state to the next one in its direction."""
    ahead = [pair for row in nodes[:forward] for pair in pairwise(row)]
    return ahead + [(right, left) for row in nodes[forward:] for left, right in pairwise(row)]


def _starts(
    sheet: Sheet, nodes: Sequence[Sequence[Outline]], initial: Sequence[Content], forward: int, pitch: float
) -> Iterator[tuple[Outline, Outline]]:
    """The arrows that bring the initial states, which have no border."""
    for number, (row, label) in enumerate(zip(nodes, initial, strict=False)):
        first, side = (row[0], -1) if number < forward else (row[-1], 1)
        if label == "":
            continue
        half = Label(label).width / 2 + 3
        reach = max(0.75 * pitch, half + first.half_width + 22)
        place = Outline(first.centre + side * reach, half, RADIUS, CORNER)
        sheet.label(label, place.centre)
        yield place, first


def _arrow(source: Outline, target: Outline) -> Curve:
    return between(source, target, line(source.centre, target.centre))


def _node(sheet: Sheet, outline: Outline, label: Content, fill: Tint | None = None) -> None:
    sheet.outline(outline, fill)
    sheet.label(label, outline.centre)


def _upward_weights(sheet: Sheet, pairs: Pairs, label: Content) -> None:
    """A label beside each arrow that leads upwards, on the side to which the arrow does not lean."""
    for source, target in pairs:
        side = -1 if target.centre.real < source.centre.real else 1
        sheet.label(label, (source.centre + target.centre) / 2 + 3.5 * side, complex(side), SMALL)
