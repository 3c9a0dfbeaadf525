"""Shapes that go into recurrent layers and come out of them."""

from __future__ import annotations

from random import Random
from typing import Self

from ...answers import Answer, Integer, Option, Shape, SingleChoice
from ...question import Given, MistakeValues, Question, mistake

KINDS = ("RNN", "LSTM", "GRU")
LARGEST = 512
"""The largest size of an axis."""
MOST_LAYERS = 6
MOST_NUMBERS = 10**6
"""The most numbers of an output."""
Size = tuple[int, ...]


class OutputShapes(Question):
    """Shapes of the output and of the final states of recurrent layers, and where the one is in the other.

    Level 1 has one layer, level 2 several in both directions with a classifier, level 3 another layout of the
    input or a projected state, and asks where the final state of the backward direction stands.

    Source: torch.nn.RNN, torch.nn.LSTM and torch.nn.GRU, sections Inputs and Outputs.
    """

    title = "Shapes of recurrent layers"
    minutes = {1: 2, 2: 4, 3: 5}

    kind: str
    """`RNN`, `LSTM` or `GRU`."""
    inputs: int
    hidden: int
    layers: int
    bidirectional: bool
    batch: int
    """Sequences in the batch; 0 for a single sequence without an axis for the batch."""
    steps: int
    batch_first: bool
    projection: int
    """The size to which an LSTM projects its hidden state; 0 for none."""
    classes: int
    """The outputs of a linear layer on the last step; 0 for none."""
    located: bool
    """Whether it is asked where the last entry of h_n stands in the output."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        kind, steps = rng.choice(KINDS), rng.choice([5, 7, 9, 11, 13, 15])
        inputs, hidden = rng.sample([10, 12, 16, 20, 24, 32, 40, 48, 50, 64], 2)
        batch = rng.choice([2, 3, 4, 6, 8])
        if level == 1:
            return cls(kind, inputs, hidden, 1, False, batch, steps, True, 0, 0, located=False)
        layers, classes = rng.randint(2, 4), rng.choice([2, 3, 5, 7, 9, 11])
        if level == 2:
            return cls(kind, inputs, hidden, layers, True, batch, steps, True, 0, classes, located=False)
        form = rng.choice(["time first", "unbatched", "projected"])
        if form == "unbatched":
            return cls(kind, inputs, hidden, layers, True, 0, steps, False, 0, classes, located=True)
        if form == "time first":
            return cls(kind, inputs, hidden, layers, True, batch, steps, False, 0, classes, located=True)
        hidden, projection = rng.choice([24, 32, 40, 48, 50, 64]), rng.choice([5, 10, 15, 18])
        order = rng.choice([True, False])
        return cls(
            "LSTM", inputs, hidden, layers, True, batch, steps, order, projection, classes, located=True
        )

    def flaw(self) -> str | None:
        if self.kind not in KINDS:
            return f"kind is one of {', '.join(KINDS)}"
        if min(self.inputs, self.hidden, self.steps) < 1 or min(self.batch, self.classes) < 0:
            return "inputs, hidden units and steps must be positive, batch and classes not negative"
        if max(self.inputs, self.hidden, self.steps, self.batch, self.classes) > LARGEST:
            return f"a size is larger than {LARGEST}"
        if not 1 <= self.layers <= MOST_LAYERS:
            return f"there are 1 to {MOST_LAYERS} layers"
        if self.projection and (self.kind != "LSTM" or not 0 < self.projection < self.hidden):
            return "only an LSTM projects its state, to fewer entries than it has"
        if max(self.batch, 1) * self.steps * self.hidden * self.layers > MOST_NUMBERS:
            return "there are too many states"
        if self.batch_first and not self.batch:
            return "without an axis for the batch there is nothing to be first"
        if self.located and not self.bidirectional:
            return "where the last state of h_n stands is asked with two directions"
        if len({self.inputs, self.state, self.steps, self.batch}) < 4 or self.steps == self.rows:
            return "two axes have the same size"
        return None

    @property
    def directions(self) -> int:
        """The directions in which the sequence is read."""
        return 2 if self.bidirectional else 1

    @property
    def rows(self) -> int:
        """The states that h_n stacks: one for each layer and direction."""
        return self.directions * self.layers

    @property
    def state(self) -> int:
        """The size of a hidden state."""
        return self.projection or self.hidden

    @property
    def x(self) -> Size:
        """The shape of the input."""
        return self._sequence(self.inputs)

    @property
    def last_step(self) -> str:
        """The code for the output of the last step."""
        return "output[:, -1]" if self.batch_first else "output[-1]"

    @property
    def arguments(self) -> str:
        """The arguments of the layer, as code."""
        named = {
            "num_layers": self.layers if self.layers > 1 else None,
            "bidirectional": self.bidirectional or None,
            "batch_first": self.batch_first or None,
            "proj_size": self.projection or None,
        }
        given = [f"{name}={value}" for name, value in named.items() if value is not None]
        return ", ".join([str(self.inputs), str(self.hidden), *given])

    @property
    def places(self) -> tuple[str, ...]:
        """Where the final state of the last layer's backward direction might stand."""
        before = ":, " if self.batch_first else ""
        after = ", :" if self.batch and not self.batch_first else ""
        return tuple(
            f"output[{before}{step}{after}, {half}]" for half in ("s:", ":s") for step in ("0", "-1")
        )

    def follow(self, given: Given) -> dict[str, Answer]:
        width = self.directions * self.state
        output = self._sequence(width)
        answers: dict[str, Answer] = {
            "output": Shape(output),
            "h_n": Shape(self._states(self.rows, self.state)),
        }
        if self.kind == "LSTM":
            answers["c_n"] = Shape(self._states(self.rows, self.hidden))
        own = given("output", output)
        last = (own[0], own[2]) if self.batch_first else own[1:]
        answers["last"] = Shape(last)
        if self.classes:
            answers["features"] = Integer(given("last", last)[-1])
        if self.located:
            answers["place"] = SingleChoice(self._options())
        return answers

    def _sequence(self, entries: int) -> Size:
        """The shape of a sequence of vectors."""
        if not self.batch:
            return self.steps, entries
        return (self.batch, self.steps, entries) if self.batch_first else (self.steps, self.batch, entries)

    def _states(self, rows: int, entries: int) -> Size:
        """The shape of stacked states."""
        return (rows, self.batch, entries) if self.batch else (rows, entries)

    def _options(self) -> tuple[Option, ...]:
        reasons = (
            "",
            "At the last step, the backward direction has read one step only.",
            "The first entries are those of the forward direction, which has read one step only.",
            "This is the final state of the forward direction, h_n[-2].",
        )
        return tuple(
            Option(f"`{place}`", right=not why, why=why)
            for place, why in zip(self.places, reasons, strict=True)
        )

    def _both_states(self, shape: Size) -> dict[str, Size]:
        """The same wrong shape for all final states."""
        return {"h_n": shape, "c_n": shape} if self.kind == "LSTM" else {"h_n": shape}

    @mistake("The states keep the axis of layers and directions first, also with batch_first=True.")
    def states_have_batch_first(self) -> MistakeValues:
        if not self.batch:
            return None
        return {
            blank: (shape[1], shape[0], shape[2])
            for blank, key in self.follow(Given()).items()
            if blank in {"h_n", "c_n"} and isinstance(key, Shape)
            for shape in [key.value]
        }

    @mistake("The output shows the last layer only: its width has no factor for the layers.")
    def output_has_layers(self) -> MistakeValues:
        wide = self._sequence(self.rows * self.state)
        return self.consequences(output=wide) if self.layers > 1 else None

    @mistake("Both directions count: the output has their states side by side, h_n one after the other.")
    def forgets_second_direction(self) -> MistakeValues:
        if not self.bidirectional:
            return None
        states = {"h_n": self._states(self.layers, self.state)}
        if self.kind == "LSTM":
            states["c_n"] = self._states(self.layers, self.hidden)
        return self.consequences(output=self._sequence(self.state), **states)

    @mistake("In h_n the directions are stacked on the first axis; only the output has them side by side.")
    def states_side_by_side(self) -> MistakeValues:
        if not self.bidirectional:
            return None
        return self._both_states(self._states(self.layers, 2 * self.state))

    @mistake("h_n has the states after the last step only: the length of the sequence is no factor.")
    def states_of_all_steps(self) -> MistakeValues:
        return self._both_states(self._states(self.directions * self.steps, self.state))

    @mistake("h_n has a state of every layer, not of the last one only.")
    def states_of_last_layer(self) -> MistakeValues:
        return self._both_states(self._states(self.directions, self.state)) if self.layers > 1 else None

    @mistake("The output has a vector for each step, not for the last one only.")
    def output_of_last_step(self) -> MistakeValues:
        output = self._sequence(self.directions * self.state)
        return {"output": tuple(size for size in output if size != self.steps)}

    @mistake("The axes of batch and time stay in the order that the input has.")
    def swaps_batch_and_time(self) -> MistakeValues:
        width = self.directions * self.state
        output = (self.steps, self.batch) if self.batch_first else (self.batch, self.steps)
        return {"output": (*output, width)} if self.batch else None

    @mistake("Choosing the last step takes the axis of time away.")
    def last_keeps_axis(self) -> MistakeValues:
        width = self.directions * self.state
        if not self.batch:
            return {"last": (1, width)}
        return {"last": (self.batch, 1, width) if self.batch_first else (1, self.batch, width)}

    @mistake("A single sequence is taken without a batch, and no axis is added.")
    def adds_batch_of_one(self) -> MistakeValues:
        if self.batch:
            return None
        width = self.directions * self.state
        return {"output": (self.steps, 1, width), **self._both_states((self.rows, 1, self.state))}

    @mistake("The hidden state is projected to {projection} entries, and so is the output.")
    def forgets_projection(self) -> MistakeValues:
        if not self.projection:
            return None
        output = self._sequence(self.directions * self.hidden)
        return self.consequences(output=output, h_n=self._states(self.rows, self.hidden))

    @mistake("Only the hidden state is projected; the cell state keeps {hidden} entries.")
    def projects_cell(self) -> MistakeValues:
        return {"c_n": self._states(self.rows, self.projection)} if self.projection else None
