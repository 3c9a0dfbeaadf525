"""The memory that training takes."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Self

from ...answers import Answer, Integer, Real
from ...question import Given, MistakeValues, Question, mistake

BUFFERS = {"sgd": 0, "momentum": 1, "adam": 2}
"""The values that an optimizer keeps for each trainable parameter."""
INPUTS = (50, 64, 100, 128, 200, 256, 300, 400, 784)
WIDE = (100, 128, 150, 200, 256, 300)
HIDDEN = (20, 32, 40, 50, 64, 80, 100, 128)
LARGEST_WIDTH = 4096
MOST_PARAMETERS = 1_000_000


class StateMemory(Question):
    """What training a small network keeps in memory: parameters, gradients, and the optimizer's state.

    At level 1 values of one layer are counted, at level 2 megabytes of two layers, at level 3 bytes of three
    layers, either in mixed precision with frozen layers, or with the activations of a batch.

    Source: Kingma & Ba 2015, Adam: a method for stochastic optimization, algorithm 1; Rajbhandari et al.
    2020, ZeRO: memory optimizations toward training trillion parameter models, section 3.1; torch.optim.SGD.
    """

    title = "Memory for training"
    minutes = {1: 2, 2: 4, 3: 6}

    form: str
    """`values`, `megabytes`, `mixed` precision, or `activations`."""
    optimizer: str
    """`sgd`, `momentum` or `adam`."""
    widths: tuple[int, ...]
    """The inputs of the first layer, and the outputs of each."""
    frozen: int
    """So many of the first layers are not trained."""
    batch: int
    """The size of the batch whose activations count, or 0."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        optimizer, outputs = rng.choice([*BUFFERS, "momentum", "adam"]), rng.randint(2, 10)
        if level == 1:
            return cls("values", optimizer, (rng.randint(5, 60), rng.randint(3, 40)), 0, 0)
        if level == 2:
            return cls("megabytes", optimizer, (rng.choice(INPUTS), rng.choice(WIDE), outputs), 0, 0)
        widths = (rng.choice(INPUTS), *sorted(rng.choices(HIDDEN, k=2), reverse=True), outputs)
        if rng.random() < 0.5:
            return cls("mixed", optimizer, widths, rng.randint(1, 2), 0)
        return cls("activations", optimizer, widths, 0, rng.choice([16, 32, 64, 100, 128]))

    def flaw(self) -> str | None:
        if self.form not in {"values", "megabytes", "mixed", "activations"} or self.optimizer not in BUFFERS:
            return "form is values, megabytes, mixed or activations, and optimizer sgd, momentum or adam"
        if not 2 <= len(self.widths) <= 5 or not all(1 <= width <= LARGEST_WIDTH for width in self.widths):
            return f"a network has one to four layers of 1 to {LARGEST_WIDTH} units"
        if self.parameter_count > MOST_PARAMETERS:
            return "the network has more than a million parameters"
        if not (1 <= self.frozen < self.layers if self.form == "mixed" else self.frozen == 0):
            return "some layers, but not all, are frozen in mixed precision, and else none"
        if not (2 <= self.batch <= 1024 if self.form == "activations" else self.batch == 0):
            return "a batch of 2 to 1024 is given for activations, and else none"
        return None

    @property
    def layers(self) -> int:
        """The number of layers."""
        return len(self.widths) - 1

    @property
    def layer_parameters(self) -> tuple[int, ...]:
        """The weights and biases of each layer."""
        return tuple(inputs * outputs + outputs for inputs, outputs in pairwise(self.widths))

    @property
    def parameter_count(self) -> int:
        """All weights and biases."""
        return sum(self.layer_parameters)

    @property
    def trainable(self) -> int:
        """Those of layers that are not frozen."""
        return sum(self.layer_parameters[self.frozen :])

    @property
    def buffers(self) -> int:
        """The values that the optimizer keeps for each trainable parameter."""
        return BUFFERS[self.optimizer]

    @property
    def optimizer_name(self) -> str:
        """The optimizer in words."""
        names = {"sgd": "SGD without momentum", "momentum": "SGD with momentum", "adam": "Adam"}
        return names[self.optimizer]

    @property
    def activations(self) -> int:
        """The inputs of all layers for the whole batch."""
        return self.batch * sum(self.widths[:-1])

    def follow(self, given: Given) -> dict[str, Answer]:
        own = given("parameters", self.parameter_count)
        answers: dict[str, Answer] = {"parameters": Integer(self.parameter_count)}
        if self.form == "mixed":
            trained = given("trainable", self.trainable)
            kept = trained * 4 * (1 + self.buffers)
            total = 2 * own + 2 * trained + given("kept", kept)
            answers |= {"trainable": Integer(self.trainable), "kept": Integer(kept)}
            return answers | {"total": Integer(total)}
        if self.form == "activations":
            values = (2 + self.buffers) * own + given("activations", self.activations)
            return answers | {"activations": Integer(self.activations), "total": Integer(4 * values)}
        state = self.buffers * own
        total = 2 * own + given("state", state)
        answers["state"] = Integer(state)
        return answers | (
            {"total": Integer(total)} if self.form == "values" else {"megabytes": Real(4 * total / 1e6, 4)}
        )

    def _totalled(self, values: float, size: float = 4) -> MistakeValues:
        """A wrong total of values, each of `size` bytes; of mixed precision, of bytes."""
        if self.form == "megabytes":
            return {"megabytes": size * values / 1e6}
        return {"total": round(size * values) if self.form == "activations" else round(values)}

    @property
    def _all(self) -> int:
        """The right total, in values, or in bytes of mixed precision."""
        if self.form == "mixed":
            return 2 * self.parameter_count + self.trainable * (6 + 4 * self.buffers)
        return (2 + self.buffers) * self.parameter_count + self.activations

    def _with_buffers(self, buffers: int) -> MistakeValues:
        """What follows where the optimizer keeps so many values for each parameter."""
        if self.form == "mixed":
            return self.consequences(kept=4 * (1 + buffers) * self.trainable)
        if self.form == "activations":
            return self._totalled((2 + buffers) * self.parameter_count + self.activations)
        return self.consequences(state=buffers * self.parameter_count)

    @mistake("Each layer has a bias for every output.")
    def forgets_bias(self) -> MistakeValues:
        weights = [inputs * outputs for inputs, outputs in pairwise(self.widths)]
        trained = {"trainable": sum(weights[self.frozen :])} if self.form == "mixed" else {}
        return self.consequences(parameters=sum(weights), **trained)

    @mistake("Adam keeps two values for each parameter: the averages of gradients and of their squares.")
    def adam_one_buffer(self) -> MistakeValues:
        return self._with_buffers(1) if self.optimizer == "adam" else None

    @mistake("Momentum keeps a velocity for each parameter.")
    def momentum_zero(self) -> MistakeValues:
        return self._with_buffers(0) if self.optimizer == "momentum" else None

    @mistake("Plain SGD keeps nothing: only momentum needs a value for each parameter.")
    def sgd_keeps_velocity(self) -> MistakeValues:
        return self._with_buffers(1) if self.optimizer == "sgd" else None

    @mistake("The gradients are kept beside the state: one value for each trainable parameter.")
    def forgets_gradients(self) -> MistakeValues:
        size = 2 * self.trainable if self.form == "mixed" else self.parameter_count
        return self._totalled(self._all - size)

    @mistake("The parameters themselves are in memory too.")
    def forgets_parameters(self) -> MistakeValues:
        size = 2 * self.parameter_count if self.form == "mixed" else self.parameter_count
        return self._totalled(self._all - size)

    @mistake("A value of 32 bits has 4 bytes.")
    def bits_for_bytes(self) -> MistakeValues:
        return self._totalled(self._all, size=32) if self.form in {"megabytes", "activations"} else None

    @mistake("A megabyte is declared as a million bytes here, not as 2 to the power 20.")
    def binary_megabytes(self) -> MistakeValues:
        return {"megabytes": 4 * self._all / 2**20} if self.form == "megabytes" else None

    @mistake("Frozen layers are not trained: they have no gradients, copies or state.")
    def counts_frozen(self) -> MistakeValues:
        return self.consequences(trainable=self.parameter_count) if self.form == "mixed" else None

    @mistake("Frozen layers are still in memory: their parameters count.")
    def leaves_frozen_out(self) -> MistakeValues:
        return (
            {"total": self._all - 2 * (self.parameter_count - self.trainable)}
            if self.form == "mixed"
            else None
        )

    @mistake("In mixed precision the optimizer works on a copy of the parameters of 4 bytes each.")
    def forgets_copy(self) -> MistakeValues:
        return self.consequences(kept=4 * self.buffers * self.trainable) if self.form == "mixed" else None

    @mistake("The optimizer's state has 4 bytes for each value, as its copy of the parameters has.")
    def state_in_half_precision(self) -> MistakeValues:
        kept = (4 + 2 * self.buffers) * self.trainable
        return self.consequences(kept=kept) if self.form == "mixed" else None

    @mistake("Activations are kept for each example of the batch.")
    def forgets_batch(self) -> MistakeValues:
        values = sum(self.widths[:-1])
        return self.consequences(activations=values) if self.form == "activations" else None

    @mistake("The input of a layer is kept, for the gradient of its weights; the last output is no input.")
    def counts_outputs(self) -> MistakeValues:
        values = self.batch * sum(self.widths[1:])
        return self.consequences(activations=values) if self.form == "activations" else None
