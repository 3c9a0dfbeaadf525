"""What happens inside the cell of an LSTM and of a GRU."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from .curves import Curve, Outline, line
from .errors import FigureError
from .label import Content, Label
from .sheet import Sheet
from .style import HAIR, INK, SHADE, SMALL

RADIUS = 7.5
"""Of an operation on the entries of vectors."""
HALF_WIDTH = 17.0
HALF_HEIGHT = 9.5
DOT = 1.5
LEFT = 8.0
"""Where the frame begins."""
INPUT = 24.0
"""Where the input comes from below."""
REACH = 20.0
"""How far the lines of the states go beyond the frame."""
LSTM_LABELS = {
    "c_before": "c_{t-1}",
    "h_before": "h_{t-1}",
    "x": "x_t",
    "f": "f_t",
    "i": "i_t",
    "g": "g_t",
    "o": "o_t",
    "c": "c_t",
    "h": "h_t",
}
GRU_LABELS = {"h_before": "h_{t-1}", "x": "x_t", "r": "r_t", "n": "n_t", "z": "z_t", "h": "h_t"}

Labels = Mapping[str, Content]


@dataclass
class _Plan:
    """What a cell is made of, by the places of the centres."""

    arrows: list[list[Curve]] = field(default_factory=list)
    functions: dict[complex, Content] = field(default_factory=dict)
    """Gates and activations, which are boxes."""
    operations: dict[complex, Content] = field(default_factory=dict)
    """What is done entry by entry, which are circles."""
    dots: list[complex] = field(default_factory=list)
    """Where lines branch, unlike where they only cross."""

    def arrow(self, *corners: complex) -> None:
        """Add an arrow of straight lines from corner to corner."""
        self.arrows.append([line(start, end) for start, end in pairwise(corners)])

    def draw(self, sheet: Sheet, right: float, top: float) -> None:
        """Draw all of it in its frame, with the input from below."""
        frame = Outline(complex((LEFT + right) / 2, top / 2), (right - LEFT) / 2, top / 2 + 15, 8.0)
        sheet.outline(frame, None, HAIR)
        sheet.strokes([line(complex(INPUT, -30), complex(INPUT, 0))])
        sheet.arrows(self.arrows)
        for place in self.dots:
            sheet.outline(Outline.circle(place, DOT), INK)
        for place, name in self.functions.items():
            sheet.outline(Outline(place, HALF_WIDTH, HALF_HEIGHT, 3.0), SHADE)
            sheet.label(name, place, size=SMALL)
        for place, sign in self.operations.items():
            sheet.outline(Outline.circle(place, RADIUS))
            sheet.label(sign, place, size=SMALL)


def lstm_cell(sheet: Sheet, /, *, labels: Labels | None = None) -> None:
    """A cell of an LSTM: the cell state runs along the top, and the gates act on it entry by entry.

    Args:
        sheet: where to draw.
        labels: what stands at `c_before`, `h_before`, `x`, `f`, `i`, `g`, `o`, `c` and `h` in place of the
            symbols with t.

    Raises:
        FigureError: another name is given.
    """
    shown = _labels(LSTM_LABELS, labels)
    gap = max(54.0, _widest(shown, "fig") + 20)
    forget, admit, candidate, reveal = (50 + gap * number for number in range(4))
    end = reveal + HALF_WIDTH + max(30.0, Label(shown["o"], SMALL).width + RADIUS + 14)
    gates, middle, top = 30.0, 66.0, 108.0
    right = end + 26
    plan = _Plan()
    plan.functions = {
        **{complex(x, gates): r"\sigma" for x in (forget, admit, reveal)},
        complex(candidate, gates): "tanh",
        complex(end, middle): "tanh",
    }
    plan.operations = {
        complex(forget, top): r"\times",
        complex(candidate, top): "+",
        complex(candidate, middle): r"\times",
        complex(end, gates): r"\times",
    }
    plan.dots = [*(complex(x, 0) for x in (INPUT, forget, admit, candidate)), complex(end, top)]
    _lstm_arrows(plan, (forget, admit, candidate, reveal, end), (gates, middle, top))
    plan.draw(sheet, right, top)
    for name, x in (("f", forget), ("i", admit), ("g", candidate)):
        sheet.label(shown[name], complex(x + 3.5, gates + HALF_HEIGHT + 8), 1 + 0j, SMALL)
    sheet.label(shown["o"], complex((reveal + HALF_WIDTH + end - RADIUS - 4) / 2, gates + 3), 1j, SMALL)
    for name, height in (("c", top), ("h", 0.0)):
        sheet.label(shown[f"{name}_before"], complex(LEFT - REACH - 2, height), -1 + 0j)
        sheet.label(shown[name], complex(right + REACH + 2, height), 1 + 0j)
    sheet.label(shown["x"], complex(INPUT, -32), -1j)


def _lstm_arrows(plan: _Plan, columns: tuple[float, ...], rows: tuple[float, ...]) -> None:
    forget, admit, candidate, reveal, end = columns
    gates, middle, top = rows
    right = end + 26 + REACH
    plan.arrow(complex(LEFT - REACH, top), complex(forget - RADIUS, top))
    plan.arrow(complex(forget + RADIUS, top), complex(candidate - RADIUS, top))
    plan.arrow(complex(candidate + RADIUS, top), complex(right, top))
    for x in (forget, admit, candidate):
        plan.arrow(complex(x, 0), complex(x, gates - HALF_HEIGHT))
    plan.arrow(complex(LEFT - REACH, 0), complex(reveal, 0), complex(reveal, gates - HALF_HEIGHT))
    above = gates + HALF_HEIGHT
    plan.arrow(complex(forget, above), complex(forget, top - RADIUS))
    plan.arrow(complex(admit, above), complex(admit, middle), complex(candidate - RADIUS, middle))
    plan.arrow(complex(candidate, above), complex(candidate, middle - RADIUS))
    plan.arrow(complex(candidate, middle + RADIUS), complex(candidate, top - RADIUS))
    plan.arrow(complex(reveal + HALF_WIDTH, gates), complex(end - RADIUS, gates))
    plan.arrow(complex(end, top), complex(end, middle + HALF_HEIGHT))
    plan.arrow(complex(end, middle - HALF_HEIGHT), complex(end, gates + RADIUS))
    plan.arrow(complex(end, gates - RADIUS), complex(end, 0), complex(right, 0))


def gru_cell(
    sheet: Sheet, /, *, update_keeps_past: bool, reset_after: bool = False, labels: Labels | None = None
) -> None:
    """A cell of a GRU: the state runs along the top and is mixed with a candidate.

    Args:
        sheet: where to draw.
        update_keeps_past: whether the update gate z multiplies the past, as in PyTorch, or the candidate.
        reset_after: whether the reset gate multiplies the product of the recurrent weights with the state,
            as in PyTorch, or the state itself.
        labels: what stands at `h_before`, `x`, `r`, `n`, `z` and `h` in place of the symbols with t.

    Raises:
        FigureError: another name is given.
    """
    shown = _labels(GRU_LABELS, labels)
    gap = max(70.0, 2 * Label(shown["r"], SMALL).width + 16, _widest(shown, "nz") + 20)
    reset, candidate, update = (54 + gap * number for number in range(3))
    mix = update + max(50.0, Label(shown["z"], SMALL).width + 22)
    gates, middle, top = 42.0, 94.0, 152.0
    plan = _Plan()
    plan.functions = {
        complex(reset, gates): r"\sigma",
        complex(candidate, gates): "tanh",
        complex(update, gates): r"\sigma",
    }
    plan.operations = {
        complex(reset, middle): r"\times",
        complex(update, top): r"\times",
        complex(mix, middle): r"\times",
        complex(mix, top): "+",
    }
    _gates_of_gru(plan, (reset, candidate, update), gates, top)
    _candidate_of_gru(plan, (reset, candidate, mix), (gates, middle, top), reset_after)
    _mixture_of_gru(plan, (update, mix), (gates, middle, top), update_keeps_past)
    plan.draw(sheet, mix + 26, top)
    for name, x in (("r", reset), ("n", candidate), ("z", update)):
        sheet.label(shown[name], complex(x + 3.5, gates + HALF_HEIGHT + 7), 1 + 0j, SMALL)
    sheet.label(shown["h_before"], complex(LEFT - REACH - 2, top), -1 + 0j)
    sheet.label(shown["h"], complex(mix + 26 + REACH + 2, top), 1 + 0j)
    sheet.label(shown["x"], complex(INPUT, -32), -1j)


def _gates_of_gru(plan: _Plan, columns: tuple[float, ...], gates: float, top: float) -> None:
    """What brings the input to all three functions, and the state to both gates."""
    reset, candidate, update = columns
    into, bus, aside, down = gates - HALF_HEIGHT, 12.0, 7.0, LEFT + 8
    for x in (reset, candidate):
        plan.arrow(complex(x + aside, 0), complex(x + aside, into))
    plan.arrow(complex(INPUT, 0), complex(update + aside, 0), complex(update + aside, into))
    plan.arrow(complex(reset - aside, bus), complex(reset - aside, into))
    plan.arrow(
        complex(down, top), complex(down, bus), complex(update - aside, bus), complex(update - aside, into)
    )
    plan.dots += [complex(reset + aside, 0), complex(candidate + aside, 0)]
    plan.dots += [complex(down, top), complex(reset - aside, bus)]


def _candidate_of_gru(
    plan: _Plan, columns: tuple[float, ...], rows: tuple[float, ...], reset_after: bool
) -> None:
    """What the reset gate does on the way from the state to the candidate."""
    reset, candidate, mix = columns
    gates, middle, top = rows
    turn = (reset + candidate) / 2
    plan.arrow(complex(reset, gates + HALF_HEIGHT), complex(reset, middle - RADIUS))
    plan.arrow(
        complex(reset + RADIUS, middle),
        complex(turn, middle),
        complex(turn, gates),
        complex(candidate - HALF_WIDTH, gates),
    )
    plan.arrow(
        complex(candidate, gates + HALF_HEIGHT), complex(candidate, middle), complex(mix - RADIUS, middle)
    )
    plan.dots.append(complex(reset, top))
    start = complex(reset, top)
    if reset_after:
        linear = complex(reset, (middle + top) / 2)
        plan.functions[linear] = "linear"
        plan.arrow(start, linear + 1j * HALF_HEIGHT)
        start = linear - 1j * HALF_HEIGHT
    plan.arrow(start, complex(reset, middle + RADIUS))


def _mixture_of_gru(
    plan: _Plan, columns: tuple[float, ...], rows: tuple[float, ...], update_keeps_past: bool
) -> None:
    """How past and candidate are mixed: one by the update gate, the other by what it leaves."""
    update, mix = columns
    gates, middle, top = rows
    past, chosen, gate = complex(update, top), complex(mix, middle), complex(update, gates + HALF_HEIGHT)
    branch = complex(update, gates + 22)
    corner = complex(mix, branch.imag)
    rest = corner if update_keeps_past else complex(update, (middle + top) / 2)
    plan.arrow(complex(LEFT - REACH, top), past - RADIUS)
    plan.arrow(past + RADIUS, complex(mix - RADIUS, top))
    plan.arrow(complex(mix + RADIUS, top), complex(mix + 26 + REACH, top))
    plan.arrow(chosen + 1j * RADIUS, complex(mix, top - RADIUS))
    plan.dots.append(branch)
    plan.operations[rest] = "1 −"
    if update_keeps_past:
        plan.arrow(gate, past - 1j * RADIUS)
        plan.arrow(branch, rest - RADIUS)
        plan.arrow(rest + 1j * RADIUS, chosen - 1j * RADIUS)
    else:
        plan.arrow(gate, rest - 1j * RADIUS)
        plan.arrow(rest + 1j * RADIUS, past - 1j * RADIUS)
        plan.arrow(branch, corner, chosen - 1j * RADIUS)


def _labels(known: Labels, given: Labels | None) -> dict[str, Content]:
    if unknown := sorted((given or {}).keys() - known.keys()):
        raise FigureError(f'there is no place "{unknown[0]}" for a label; there are {", ".join(known)}')
    return {**known, **(given or {})}


def _widest(shown: Labels, names: str) -> float:
    return max(Label(shown[name], SMALL).width for name in names)
