"""Recurrent layers that read a sequence in both directions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix, Vector
from ...question import Given, MistakeValues, Question, mistake

Cell = tuple[int, int, int]
"""The weights of the input and of the state before, and the bias, of a unit with ReLU."""

MOST_STEPS = 6
LARGEST = 20
LARGEST_STATE = 500


class BidirectionalOutput(Question):
    """The states of a bidirectional layer with one ReLU unit for each direction, and where its last ones are.

    At level 1 inputs are added up from both sides, at level 2 the directions have weights of their own, at
    level 3 the sequence is padded and the directions are added.

    Source: Schuster & Paliwal 1997, Bidirectional recurrent neural networks, section II; torch.nn.RNN
    (bidirectional, output and h_n); torch.nn.utils.rnn.pack_padded_sequence.
    """

    title = "Outputs of a bidirectional layer"
    minutes = {1: 3, 2: 4, 3: 7}

    inputs: tuple[int, ...]
    forward: Cell
    backward: Cell
    padding: int
    """The zeros that are behind the sequence in a batch."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            steps = rng.choice([3, 4])
            return cls(tuple(rng.randint(1, 9) for _ in range(steps)), (1, 1, 0), (1, 1, 0), 0)
        weights = [-2, -1, 1, 2]
        while True:  # the ReLUs must be open and closed, and all ends different
            forward, backward = (
                (rng.choice(weights), rng.choice([-1, 1, 2]), rng.randint(-2, 3)) for _ in range(2)
            )
            inputs = tuple(rng.choice([-3, -2, -1, 1, 2, 3, 4]) for _ in range(rng.choice([3, level + 1])))
            drawn = cls(inputs, forward, backward, 0 if level == 2 else rng.choice([1, 2]))
            if drawn.flaw() is None:
                return drawn

    def flaw(self) -> str | None:
        if not 2 <= len(self.inputs) <= MOST_STEPS or not 0 <= self.padding <= MOST_STEPS:
            return f"a sequence has 2 to {MOST_STEPS} inputs, and up to {MOST_STEPS} zeros behind it"
        if max(map(abs, (*self.inputs, *self.forward, *self.backward))) > LARGEST:
            return f"a number is larger than {LARGEST}"
        if 0 in (*self.forward[:2], *self.backward[:2]):
            return "a weight is zero"
        states = self.states
        if max(map(max, states)) > LARGEST_STATE:
            return f"a state is larger than {LARGEST_STATE}"
        if states[0][-1] == 0 or states[1][0] == 0 or states[0] == states[1]:
            return "a last state is zero, or both directions have the same states"
        if states[1][0] == states[1][-1]:
            return "the first and the last state of the backward direction are equal"
        if self.padding and self.unpacked == states[1][0]:
            return "the padding changes nothing"
        closed = [state == 0 for direction in states for state in direction]
        return "no ReLU is ever closed" if not self.sums_only and not any(closed) else None

    @property
    def sums_only(self) -> bool:
        """Whether both directions just add up positive inputs."""
        return self.forward == self.backward == (1, 1, 0) and min(self.inputs) > 0

    @property
    def states(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The states of the forward and of the backward direction at each position."""
        return _run(self.forward, self.inputs), _run(self.backward, self.inputs[::-1])[::-1]

    @property
    def unpacked(self) -> int:
        """The last state of the backward direction if it reads the padding first."""
        return _run(self.backward, (0,) * self.padding + self.inputs[::-1])[-1]

    @property
    def equations(self) -> tuple[str, str]:
        """What each direction computes, in LaTeX."""
        return _equation(self.forward, "h", "t-1"), _equation(self.backward, "g", "t+1")

    @property
    def positions(self) -> tuple[int, ...]:
        """Of the inputs, from 1."""
        return tuple(range(1, len(self.inputs) + 1))

    def follow(self, given: Given) -> dict[str, Answer]:
        outputs = tuple(zip(*self.states, strict=True))
        own = given("outputs", outputs)
        keys: dict[str, Answer] = {
            "outputs": Matrix(outputs),
            "last": Vector((own[-1][0], own[0][1])),
        }
        if self.padding:
            keys["sums"] = Vector(tuple(map(sum, own)))
            keys["unpacked"] = Integer(self.unpacked)
        return keys

    def _instead(self, forward: Sequence[int], backward: Sequence[int]) -> MistakeValues:
        return self.consequences(outputs=tuple(zip(forward, backward, strict=True)))

    @mistake("The backward direction begins at the last input, not at the first one.")
    def backward_not_reversed(self) -> MistakeValues:
        return self._instead(self.states[0], _run(self.backward, self.inputs))

    @mistake(
        "Each backward state belongs to the input that it has just read: its last one to the first input."
    )
    def backward_in_order_of_reading(self) -> MistakeValues:
        return self._instead(self.states[0], self.states[1][::-1])

    @mistake("The backward state at a position includes the input there.")
    def backward_one_step_late(self) -> MistakeValues:
        return self._instead(self.states[0], (*self.states[1][1:], 0))

    @mistake(
        "The last state of the backward direction is at the first position: there it has read everything."
    )
    def last_position_of_both(self) -> MistakeValues:
        return {"last": (self.states[0][-1], self.states[1][-1])}

    @mistake("The backward direction starts from zero, not from where the forward one has ended.")
    def goes_on_from_forward(self) -> MistakeValues:
        start = self.states[0][-1]
        return self._instead(self.states[0], _run(self.backward, self.inputs[::-1], start)[::-1])

    @mistake("Negative sums become 0 by the ReLU before the next step.")
    def forgets_relu(self) -> MistakeValues:
        if self.sums_only:
            return None
        forward = _run(self.forward, self.inputs, relu=False)
        return self._instead(forward, _run(self.backward, self.inputs[::-1], relu=False)[::-1])

    @mistake("A packed sequence ends at its last input: the backward direction does not read the padding.")
    def reads_the_padding(self) -> MistakeValues:
        if not self.padding:
            return None
        states = _run(self.backward, (0,) * self.padding + self.inputs[::-1])[self.padding :]
        return self._instead(self.states[0], states[::-1])

    @mistake("Without packing, the zeros are inputs: bias and state before still count at these steps.")
    def padding_changes_nothing(self) -> MistakeValues:
        return {"unpacked": self.states[1][0]} if self.padding else None


def _run(cell: Cell, inputs: Sequence[int], start: int = 0, *, relu: bool = True) -> tuple[int, ...]:
    """The states after each input."""
    weight, recurrent, bias = cell
    states = [start]
    for entry in inputs:
        total = weight * entry + recurrent * states[-1] + bias
        states.append(max(0, total) if relu else total)
    return tuple(after for _, after in pairwise(states))


def _equation(cell: Cell, state: str, before: str) -> str:
    weight, recurrent, bias = cell
    terms = [f"{_coefficient(weight)}x_t", f"{_coefficient(recurrent)}{state}_{{{before}}}"]
    total = " + ".join([*terms, str(bias)] if bias else terms).replace("+ -", "- ")
    return rf"{state}_t = \mathrm{{ReLU}}({total})"


def _coefficient(number: int) -> str:
    return {1: "", -1: "-"}.get(number, str(number))
