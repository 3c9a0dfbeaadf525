"""Recurrent networks: how many parameters they have."""

from __future__ import annotations

from random import Random
from typing import Self

from ..answers import Integer
from ..question import Given, MistakeValues, Question, mistake

LARGEST = 10_000
"""The largest number of inputs, units or steps."""


class LSTMParameterCount(Question):
    """Weights and biases of an LSTM, also with a projected state, a linear head, or beside a GRU.

    Source: Hochreiter & Schmidhuber 1997, Long short-term memory, with the forget gate of Gers, Schmidhuber &
    Cummins 2000; Sak, Senior & Beaufays 2014 for the projection; torch.nn.LSTM and torch.nn.GRU, section
    Variables.
    """

    title = "Parameters of an LSTM"
    minutes = {1: 3, 2: 3, 3: 4}

    inputs: int
    hidden: int
    steps: int
    """The length of the sequences, which does not matter."""
    two_biases: bool
    """Whether each gate has two bias vectors, as in PyTorch, or one."""
    outputs: int
    """The outputs of a linear layer on the last state; 0 for none."""
    projection: int
    """The size to which the state is projected; 0 for none."""
    compared: bool
    """Whether the parameters of a GRU of the same size are asked for too."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            inputs, hidden = rng.randint(2, 10), rng.randint(2, 10)
            return cls(inputs, hidden, rng.randint(5, 20), False, 0, 0, compared=False)
        if level == 2:
            inputs, hidden = rng.choice(range(10, 101, 10)), rng.choice([16, 20, 25, 32, 50, 64, 100, 128])
            return cls(inputs, hidden, rng.randint(5, 50), True, rng.randint(2, 10), 0, compared=False)
        inputs, hidden = rng.choice([50, 64, 80, 100, 128, 200, 256]), rng.choice([64, 100, 128, 200, 256])
        steps = rng.randint(20, 100)
        if rng.random() < 0.5:
            return cls(inputs, hidden, steps, rng.choice([True, False]), 0, 0, compared=True)
        projection = rng.choice([size for size in (16, 20, 32, 40, 50, 64) if size < hidden])
        return cls(inputs, hidden, steps, True, rng.randint(2, 10), projection, compared=False)

    def flaw(self) -> str | None:
        if min(self.inputs, self.hidden, self.steps) < 1 or min(self.outputs, self.projection) < 0:
            return "inputs, hidden units and steps must be positive, outputs and projection not negative"
        if max(self.inputs, self.hidden, self.steps, self.outputs) > LARGEST:
            return f"a size is larger than {LARGEST}"
        if self.projection >= self.hidden:
            return "a projection must be smaller than the hidden state"
        if self.projection and not self.two_biases:
            return "a projection is asked for only as PyTorch has it, with two bias vectors"
        return None

    @property
    def state(self) -> int:
        """The size of the state that goes to the next step and to the linear layer."""
        return self.projection or self.hidden

    @property
    def vectors(self) -> int:
        """The bias vectors of each gate."""
        return 2 if self.two_biases else 1

    def follow(self, given: Given) -> dict[str, Integer]:
        parts = {
            "input_weights": 4 * self.hidden * self.inputs,
            "recurrent_weights": 4 * self.hidden * self.state,
            "biases": 4 * self.hidden * self.vectors,
        }
        if self.projection:
            parts["projection_weights"] = self.projection * self.hidden
        lstm = sum(given(part, count) for part, count in parts.items())
        counts = parts | {"lstm": lstm}
        if self.outputs:
            counts["head"] = self.outputs * (self.state + 1)
            counts["total"] = given("lstm", lstm) + given("head", counts["head"])
        if self.compared:
            counts["gru"] = 3 * self.hidden * (self.inputs + self.hidden + self.vectors)
            counts["saving"] = given("lstm", lstm) - given("gru", counts["gru"])
        return {blank: Integer(count) for blank, count in counts.items()}

    @mistake(
        "An LSTM has four sets of weights: input, forget and output gate, and the candidate for the cell."
    )
    def has_three_gates(self) -> MistakeValues:
        return self._scaled(3)

    @mistake("A simple recurrent layer has one set of weights; an LSTM has four.")
    def has_one_gate(self) -> MistakeValues:
        return self._scaled(1)

    @mistake("PyTorch keeps two bias vectors for each gate, one beside each weight matrix.")
    def has_one_bias_vector(self) -> MistakeValues:
        return self.consequences(biases=4 * self.hidden) if self.two_biases else None

    @mistake("Here each gate has one bias vector; only PyTorch keeps two.")
    def has_two_bias_vectors(self) -> MistakeValues:
        return None if self.two_biases else self.consequences(biases=8 * self.hidden)

    @mistake("Each gate has biases beside its weights.")
    def forgets_biases(self) -> MistakeValues:
        return self.consequences(biases=0)

    @mistake("Each gate also sees the last state: its weights are missing.")
    def forgets_recurrence(self) -> MistakeValues:
        return self.consequences(recurrent_weights=0)

    @mistake("The cell state is a value, not a parameter: it starts at zero and is not learned.")
    def counts_cell_state(self) -> MistakeValues:
        lstm = self.follow(Given())["lstm"].value
        return self.consequences(lstm=lstm + self.hidden)

    @mistake("The same weights serve all {steps} steps: the length does not enter.")
    def counts_each_step(self) -> MistakeValues:
        lstm = self.follow(Given())["lstm"].value
        return self.consequences(lstm=lstm * self.steps)

    @mistake("The gates see the projected state, which has {projection} entries.")
    def feeds_back_unprojected_state(self) -> MistakeValues:
        return self.consequences(recurrent_weights=4 * self.hidden**2) if self.projection else None

    @mistake("The projection is a matrix of its own; it has no biases.")
    def gives_projection_biases(self) -> MistakeValues:
        if not self.projection:
            return None
        return self.consequences(projection_weights=self.projection * (self.hidden + 1))

    @mistake("The linear layer has one bias for each output.")
    def forgets_biases_of_head(self) -> MistakeValues:
        return self.consequences(head=self.outputs * self.state) if self.outputs else None

    @mistake("The linear layer sees the projected state, which has {projection} entries.")
    def reads_unprojected_state(self) -> MistakeValues:
        return (
            self.consequences(head=self.outputs * (self.hidden + 1))
            if self.projection and self.outputs
            else None
        )

    @mistake("A GRU has three sets of weights: reset and update gate, and the candidate for the state.")
    def gru_has_two_gates(self) -> MistakeValues:
        return self.consequences(gru=self.follow(Given())["gru"].value * 2 // 3) if self.compared else None

    def _scaled(self, gates: int) -> MistakeValues:
        """What follows from another number of sets of weights."""
        keys = self.follow(Given())
        parts = ("input_weights", "recurrent_weights", "biases")
        return self.consequences(**{part: keys[part].value // 4 * gates for part in parts})
