"""Recurrent layers: how many parameters they have."""

from __future__ import annotations

import math
from random import Random
from typing import ClassVar, Self

from ...answers import Integer
from ...question import Given, MistakeValues, Question, mistake

LARGEST = 10_000
"""The largest number of inputs, units, outputs or steps."""
LARGEST_VOCABULARY = 100_000
MOST_LAYERS = 8
SETS = {"RNN": 1, "LSTM": 4, "GRU": 3}
"""The sets of weights of each kind of layer: those of its gates and of its candidate."""
SIZES = (64, 100, 128, 200, 256, 300, 400, 512)
Counts = dict[str, int]


class RecurrentLayerCount(Question):
    """What the counts of one recurrent layer have in common: parts, their sum, and a head on the last state.

    Source: torch.nn.RNN, torch.nn.LSTM and torch.nn.GRU, section Variables.
    """

    kind: ClassVar[str]
    """The name of the layer in PyTorch."""

    inputs: int
    hidden: int
    steps: int
    """The length of the sequences, which does not matter."""
    two_biases: bool
    """Whether each set of weights has two bias vectors, as in PyTorch, or one."""
    outputs: int
    """The outputs of a linear layer on the last state; 0 for none."""

    def flaw(self) -> str | None:
        if min(self.inputs, self.hidden, self.steps) < 1 or self.outputs < 0:
            return "inputs, hidden units and steps must be positive, outputs not negative"
        if max(self.inputs, self.hidden, self.steps, self.outputs) > LARGEST:
            return f"a size is larger than {LARGEST}"
        return None

    @property
    def sets(self) -> int:
        """The sets of weights, each of which maps input and last state to the units."""
        return SETS[self.kind]

    @property
    def state(self) -> int:
        """The size of the state that goes to the next step and to the linear layer."""
        return self.hidden

    @property
    def vectors(self) -> int:
        """The bias vectors of each set of weights."""
        return 2 if self.two_biases else 1

    @property
    def layer(self) -> str:
        """The blank of the whole layer."""
        return self.kind.lower()

    @property
    def parts(self) -> Counts:
        """The parameters of each part of the layer."""
        return {
            "input_weights": self.sets * self.hidden * self.inputs,
            "recurrent_weights": self.sets * self.hidden * self.state,
            "biases": self.sets * self.hidden * self.vectors,
        }

    @property
    def size(self) -> int:
        """The parameters of the layer."""
        return sum(self.parts.values())

    def follow(self, given: Given) -> dict[str, Integer]:
        return {blank: Integer(count) for blank, count in self._counts(given).items()}

    def _counts(self, given: Given) -> Counts:
        whole = sum(given(part, count) for part, count in self.parts.items())
        counts = self.parts | {self.layer: whole}
        if self.outputs:
            counts["head"] = self.outputs * (self.state + 1)
            counts["total"] = given(self.layer, whole) + given("head", counts["head"])
        return counts

    def _of_other_kind(self, kind: str) -> int:
        """The parameters of another kind of layer with the same sizes."""
        return SETS[kind] * self.hidden * (self.inputs + self.hidden + self.vectors)

    def _with(self, **wrong: int) -> MistakeValues:
        """What follows from wrong values, if these blanks are asked."""
        return self.consequences(**wrong) if wrong.keys() <= self.answer().keys() else None

    def _with_sets(self, sets: int) -> MistakeValues:
        """What follows from another number of sets of weights."""
        return self._with(
            **{part: self.parts[part] // self.sets * sets for part in ("input_weights", "recurrent_weights")},
            biases=self.parts["biases"] // self.sets * sets,
        )

    @mistake("PyTorch keeps two bias vectors for each set of weights, one beside each of its matrices.")
    def has_one_bias_vector(self) -> MistakeValues:
        return self._with(biases=self.sets * self.hidden) if self.two_biases else None

    @mistake("Here there is one bias vector for each set of weights; only PyTorch keeps two.")
    def has_two_bias_vectors(self) -> MistakeValues:
        return None if self.two_biases else self._with(biases=2 * self.sets * self.hidden)

    @mistake("Biases stand beside the weights.")
    def forgets_biases(self) -> MistakeValues:
        return self._with(biases=0)

    @mistake("The layer also sees its own last state: these weights are missing.")
    def forgets_recurrence(self) -> MistakeValues:
        return self._with(recurrent_weights=0)

    @mistake("The same weights serve all {steps} steps: the length does not enter.")
    def counts_each_step(self) -> MistakeValues:
        return self._with(**{self.layer: self.size * self.steps})

    @mistake("The linear layer has one bias for each output.")
    def forgets_biases_of_head(self) -> MistakeValues:
        return self._with(head=self.outputs * self.state)

    @mistake("The linear layer belongs to the network too.")
    def forgets_head(self) -> MistakeValues:
        return {"total": self.size} if self.outputs else None

    @mistake("The linear layer reads the last state only, not those of all {steps} steps.")
    def reads_all_states(self) -> MistakeValues:
        return self._with(head=self.outputs * (self.steps * self.state + 1))


class VanillaParameterCount(RecurrentLayerCount):
    """Weights and biases of a simple recurrent network, with an output layer or a frozen embedding.

    Level 1 has the recurrent layer alone, level 2 an output layer, level 3 a classifier of PyTorch layers
    after a frozen embedding.

    Source: Elman 1990, Finding structure in time; Goodfellow, Bengio & Courville 2016, Deep Learning, section
    10.2; torch.nn.RNN, section Variables; torch.nn.Embedding.from_pretrained.
    """

    title = "Parameters of a recurrent network"
    minutes = {1: 2, 2: 3, 3: 4}
    kind = "RNN"

    vocabulary: int
    """The words of a frozen embedding with `inputs` entries each; 0 for none."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            return cls(rng.randint(2, 10), rng.randint(2, 10), rng.randint(5, 20), False, 0, 0)
        outputs = rng.randint(2, 10)
        if level == 2:
            inputs, hidden = rng.choice(range(10, 101, 10)), rng.choice([16, 20, 25, 32, 50, 64, 100, 128])
            return cls(inputs, hidden, rng.randint(5, 50), False, outputs, 0)
        inputs, hidden = rng.choice([50, *SIZES]), rng.choice(SIZES)
        vocabulary = rng.choice([1000, 2000, 2500, 4000, 5000, 8000, 10_000])
        return cls(inputs, hidden, rng.randint(20, 100), True, outputs, vocabulary)

    def flaw(self) -> str | None:
        if not 0 <= self.vocabulary <= LARGEST_VOCABULARY:
            return f"a vocabulary has up to {LARGEST_VOCABULARY} words"
        if self.vocabulary and not self.outputs:
            return "after an embedding there must be a linear layer"
        return super().flaw()

    def _counts(self, given: Given) -> Counts:
        counts = super()._counts(given)
        if self.vocabulary:
            counts["embedding"] = self.vocabulary * self.inputs
            counts["stored"] = given("total", counts["total"]) + given("embedding", counts["embedding"])
        return counts

    @mistake("The embedding is frozen: its entries are kept, but not trained.")
    def counts_frozen_embedding(self) -> MistakeValues:
        return {"total": self._counts(Given())["stored"]} if self.vocabulary else None

    @mistake("Frozen entries are not trained, but they are parameters and must be kept.")
    def forgets_frozen_embedding(self) -> MistakeValues:
        return {"stored": self._counts(Given())["total"]} if self.vocabulary else None

    @mistake("An embedding has no biases: it only looks up a row.")
    def gives_embedding_biases(self) -> MistakeValues:
        return self._with(embedding=self.vocabulary * self.inputs + self.inputs) if self.vocabulary else None


class LSTMParameterCount(RecurrentLayerCount):
    """Weights and biases of an LSTM, its size beside other kinds of layers, or its units from their number.

    Level 1 has one bias vector for each gate, level 2 PyTorch's two and a linear layer, level 3 a projected
    state, a comparison with a GRU and a simple layer, or the number of units that is sought.

    Source: Hochreiter & Schmidhuber 1997, Long short-term memory, with the forget gate of Gers, Schmidhuber &
    Cummins 2000; Sak, Senior & Beaufays 2014 for the projection; torch.nn.LSTM and torch.nn.GRU, section
    Variables.
    """

    title = "Parameters of an LSTM"
    minutes = {1: 3, 2: 3, 3: 4}
    kind = "LSTM"

    projection: int
    """The size to which the state is projected; 0 for none."""
    compared: bool
    """Whether the parameters of other layers of the same size are asked for too."""
    hidden_sought: bool
    """Whether the number of parameters is given and that of units is asked."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            inputs, hidden = rng.randint(2, 10), rng.randint(2, 10)
            return cls(inputs, hidden, rng.randint(5, 20), False, 0, 0, False, hidden_sought=False)
        if level == 2:
            inputs, hidden = rng.choice(range(10, 101, 10)), rng.choice([16, 20, 25, 32, 50, 64, 100, 128])
            outputs = rng.randint(2, 10)
            return cls(inputs, hidden, rng.randint(5, 50), True, outputs, 0, False, hidden_sought=False)
        inputs, hidden, steps = rng.choice([50, 80, *SIZES]), rng.choice(SIZES), rng.randint(20, 100)
        form = rng.choice(["compared", "projected", "sought"])
        if form == "projected":
            projection = rng.choice([size for size in (16, 20, 32, 40, 50, 64) if size < hidden])
            outputs = rng.randint(2, 10)
            return cls(inputs, hidden, steps, True, outputs, projection, False, hidden_sought=False)
        if form == "sought":
            inputs, hidden = rng.choice(range(10, 101, 10)), rng.choice(range(10, 101, 2))
        two_biases, compared = rng.choice([True, False]), form == "compared"
        return cls(inputs, hidden, steps, two_biases, 0, 0, compared, hidden_sought=not compared)

    def flaw(self) -> str | None:
        if self.projection < 0 or self.projection >= max(self.hidden, 1):
            return "a projection must be smaller than the hidden state, and not negative"
        if self.projection and not self.two_biases:
            return "a projection is asked for only as PyTorch has it, with two bias vectors"
        if self.hidden_sought and (self.outputs or self.projection or self.compared):
            return "units are sought for a layer alone"
        return super().flaw()

    @property
    def state(self) -> int:
        """The size of the state, which may be projected."""
        return self.projection or self.hidden

    @property
    def parts(self) -> Counts:
        """Also the projection."""
        parts = super().parts
        return parts | {"projection_weights": self.projection * self.hidden} if self.projection else parts

    def _counts(self, given: Given) -> Counts:
        if self.hidden_sought:
            return _units_of_set(self.size // self.sets, self.inputs, self.vectors, given)
        counts = super()._counts(given)
        if self.compared:
            counts["gru"] = self._of_other_kind("GRU")
            counts["saving"] = given("lstm", counts["lstm"]) - given("gru", counts["gru"])
            counts["rnn"] = self._of_other_kind("RNN")
        return counts

    @mistake(
        "An LSTM has four sets of weights: input, forget and output gate, and the candidate for the cell."
    )
    def has_three_gates(self) -> MistakeValues:
        return self._sought_with(self.size / 3) if self.hidden_sought else self._with_sets(3)

    @mistake("A simple recurrent layer has one set of weights; an LSTM has four.")
    def has_one_gate(self) -> MistakeValues:
        return self._sought_with(self.size) if self.hidden_sought else self._with_sets(1)

    @mistake("The cell state is a value, not a parameter: it starts at zero and is not learned.")
    def counts_cell_state(self) -> MistakeValues:
        return self._with(lstm=self.size + self.hidden)

    @mistake("The gates see the projected state, which has {projection} entries.")
    def feeds_back_unprojected_state(self) -> MistakeValues:
        return self._with(recurrent_weights=4 * self.hidden**2) if self.projection else None

    @mistake("The projection is a matrix of its own; it has no biases.")
    def gives_projection_biases(self) -> MistakeValues:
        return self._with(projection_weights=self.projection * (self.hidden + 1))

    @mistake("The linear layer sees the projected state, which has {projection} entries.")
    def reads_unprojected_state(self) -> MistakeValues:
        return self._with(head=self.outputs * (self.hidden + 1)) if self.projection else None

    @mistake("A GRU has three sets of weights: reset and update gate, and the candidate for the state.")
    def gru_has_two_gates(self) -> MistakeValues:
        return self._with(gru=self._of_other_kind("GRU") // 3 * 2)

    @mistake("Each unit of a gate also sees the states of the step before: the equation is quadratic.")
    def seeks_without_recurrence(self) -> MistakeValues:
        if not self.hidden_sought:
            return None
        return {"hidden": round(self.size / self.sets / (self.inputs + self.vectors))}

    def _sought_with(self, parameters: float) -> MistakeValues:
        """What follows from other parameters of one set, where these are whole numbers."""
        return _nearest_units(parameters, self.inputs, self.vectors)


class GRUParameterCount(RecurrentLayerCount):
    """Weights and biases of a GRU, what it saves over an LSTM, or its units from the size of an LSTM.

    Level 1 has one bias vector for each gate, level 2 PyTorch's two and a linear layer, level 3 an LSTM of
    the same size beside it, whose parameters are asked for or given.

    Source: Cho et al. 2014, Learning phrase representations using RNN encoder–decoder, section 2.3;
    torch.nn.GRU and torch.nn.LSTM, section Variables.
    """

    title = "Parameters of a GRU"
    minutes = {1: 3, 2: 3, 3: 4}
    kind = "GRU"

    compared: bool
    """Whether the parameters of an LSTM of the same size are asked for too."""
    hidden_sought: bool
    """Whether the number of parameters of such an LSTM is given and that of units is asked."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            inputs, hidden = rng.randint(2, 10), rng.randint(2, 10)
            return cls(inputs, hidden, rng.randint(5, 20), False, 0, False, hidden_sought=False)
        if level == 2:
            inputs, hidden = rng.choice(range(10, 101, 10)), rng.choice([16, 20, 25, 32, 50, 64, 100, 128])
            return cls(
                inputs, hidden, rng.randint(5, 50), True, rng.randint(2, 10), False, hidden_sought=False
            )
        steps, two_biases, compared = rng.randint(20, 100), rng.choice([True, False]), rng.random() < 0.5
        if compared:
            inputs, hidden = rng.choice([50, 80, *SIZES]), rng.choice(SIZES)
        else:
            inputs, hidden = rng.choice(range(10, 101, 10)), rng.choice(range(10, 101, 2))
        return cls(inputs, hidden, steps, two_biases, 0, compared, hidden_sought=not compared)

    def flaw(self) -> str | None:
        if self.hidden_sought and (self.outputs or self.compared):
            return "units are sought for a layer alone"
        return super().flaw()

    @property
    def lstm_size(self) -> int:
        """The parameters of an LSTM with the same inputs and units."""
        return self._of_other_kind("LSTM")

    def _counts(self, given: Given) -> Counts:
        if self.hidden_sought:
            one_set = self.lstm_size // 4
            gru = 3 * given("one_set", one_set)
            units = _units_of_set(one_set, self.inputs, self.vectors, given)
            return {"one_set": one_set, "gru": gru, "hidden": units["hidden"]}
        counts = super()._counts(given)
        if self.compared:
            counts["lstm"] = self.lstm_size
            counts["saving"] = given("lstm", counts["lstm"]) - given("gru", counts["gru"])
        return counts

    @mistake("A GRU has three sets of weights, one fewer than an LSTM: it has no output gate.")
    def has_four_gates(self) -> MistakeValues:
        return {"gru": self.lstm_size} if self.hidden_sought else self._with_sets(4)

    @mistake("A GRU has a candidate for the state beside its two gates, with weights of its own.")
    def has_two_gates(self) -> MistakeValues:
        return {"gru": self.lstm_size // 2} if self.hidden_sought else self._with_sets(2)

    @mistake("A simple recurrent layer has one set of weights; a GRU has three.")
    def has_one_gate(self) -> MistakeValues:
        return {"gru": self.lstm_size // 4} if self.hidden_sought else self._with_sets(1)

    @mistake("An LSTM has four sets of weights: those of three gates and of the candidate for the cell.")
    def lstm_has_three_gates(self) -> MistakeValues:
        if not self.hidden_sought:
            return self._with(lstm=self.lstm_size // 4 * 3)
        wrong = _nearest_units(self.lstm_size / 3, self.inputs, self.vectors)
        return {**wrong, "gru": self.lstm_size}

    @mistake("Each unit of a gate also sees the states of the step before: the equation is quadratic.")
    def seeks_without_recurrence(self) -> MistakeValues:
        if not self.hidden_sought:
            return None
        return {"hidden": round(self.lstm_size / 4 / (self.inputs + self.vectors))}


class DeepBidirectionalCount(Question):
    """Parameters of several recurrent layers, or of one that reads in both directions, or of both at once.

    Level 1 has two layers in one direction, level 2 one layer in both, level 3 several layers in both with a
    linear layer on the last states.

    Source: Schuster & Paliwal 1997, Bidirectional recurrent neural networks; Graves, Mohamed & Hinton 2013,
    Speech recognition with deep recurrent neural networks, section 2; torch.nn.GRU, section Variables.
    """

    title = "Parameters of deep and bidirectional layers"
    minutes = {1: 3, 2: 3, 3: 6}

    kind: str
    """`RNN`, `LSTM` or `GRU`."""
    inputs: int
    hidden: int
    layers: int
    bidirectional: bool
    outputs: int
    """The outputs of a linear layer on the last states of both directions; 0 for none."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        kind = rng.choice([*SETS])
        if level == 1:
            inputs, hidden = rng.sample(range(2, 13), 2)
            return cls(kind, inputs, hidden, 2, bidirectional=False, outputs=0)
        if level == 2:
            inputs, hidden = rng.sample([10, 16, 20, 24, 30, 32, 40, 50, 60, 64, 80, 100, 120, 128], 2)
            return cls(kind, inputs, hidden, 1, bidirectional=True, outputs=0)
        inputs, hidden = rng.sample([50, *SIZES], 2)
        return cls(kind, inputs, hidden, rng.randint(2, 4), bidirectional=True, outputs=rng.randint(2, 10))

    def flaw(self) -> str | None:
        if self.kind not in SETS:
            return f"kind is one of {', '.join(SETS)}"
        if min(self.inputs, self.hidden) < 1 or self.outputs < 0:
            return "inputs and hidden units must be positive, outputs not negative"
        if max(self.inputs, self.hidden, self.outputs) > LARGEST:
            return f"a size is larger than {LARGEST}"
        if not 1 <= self.layers <= MOST_LAYERS:
            return f"there are 1 to {MOST_LAYERS} layers"
        if self.layers == 1 and not self.bidirectional:
            return "a single layer in one direction is neither deep nor bidirectional"
        return None

    @property
    def sets(self) -> int:
        """The sets of weights of a layer."""
        return SETS[self.kind]

    @property
    def directions(self) -> int:
        """The directions in which the sequence is read."""
        return 2 if self.bidirectional else 1

    @property
    def width(self) -> int:
        """The entries that a layer gives to the next one at each step."""
        return self.directions * self.hidden

    def follow(self, given: Given) -> dict[str, Integer]:
        counts: Counts = {"one_direction": self._one_direction(self.inputs)}
        own = given("one_direction", counts["one_direction"])
        counts["first"] = self.directions * own
        if not self.bidirectional:
            del counts["one_direction"]
        counts["width"] = self.width
        if self.layers > 1:
            counts["later"] = self.directions * self._one_direction(given("width", self.width))
            later = given("later", counts["later"])
            counts["total"] = given("first", counts["first"]) + (self.layers - 1) * later
        if self.outputs:
            counts["head"] = self.outputs * (given("width", self.width) + 1)
            counts["whole"] = given("total", counts.get("total", counts["first"])) + given(
                "head", counts["head"]
            )
        return {blank: Integer(count) for blank, count in counts.items()}

    def _one_direction(self, inputs: int) -> int:
        """The parameters of one direction of a layer."""
        return self.sets * self.hidden * (inputs + self.hidden + 2)

    def _with(self, **wrong: int) -> MistakeValues:
        """What follows from wrong values, if these blanks are asked."""
        return self.consequences(**wrong) if wrong.keys() <= self.answer().keys() else None

    @mistake("The later layers see both directions of the layer below: {width} entries.")
    def later_layers_use_hidden(self) -> MistakeValues:
        return self._with(later=self.directions * self._one_direction(self.hidden))

    @mistake("The later layers see the states of the layer below, not the {inputs} entries of the input.")
    def later_layers_use_inputs(self) -> MistakeValues:
        return self._with(later=self.directions * self._one_direction(self.inputs))

    @mistake("Each direction has a layer of its own: there are two of them.")
    def bidirectional_not_doubled(self) -> MistakeValues:
        if not self.bidirectional:
            return None
        if self.layers == 1:
            return {"first": self._one_direction(self.inputs), "width": self.hidden}
        return self.consequences(
            first=self._one_direction(self.inputs),
            width=self.hidden,
            later=self._one_direction(self.hidden),
        )

    @mistake("The two directions do not share their weights.")
    def shared_between_directions(self) -> MistakeValues:
        if not self.bidirectional:
            return None
        halves = {"first": self._one_direction(self.inputs), "later": self._one_direction(self.width)}
        return self.consequences(**{part: half for part, half in halves.items() if part in self.answer()})

    @mistake("PyTorch keeps two bias vectors for each set of weights.")
    def has_one_bias_vector(self) -> MistakeValues:
        less = self.sets * self.hidden
        keys = {blank: key.value for blank, key in self.follow(Given()).items()}
        if self.bidirectional:
            wrong = {"one_direction": keys["one_direction"] - less}
        else:
            wrong = {"first": keys["first"] - less}
        if self.layers > 1:
            wrong["later"] = keys["later"] - self.directions * less
        return self.consequences(**wrong)

    @mistake("This layer has {sets} sets of weights: one for each gate and one for the candidate.")
    def has_one_set(self) -> MistakeValues:
        if self.sets == 1:
            return None
        keys = {blank: key.value for blank, key in self.follow(Given()).items()}
        start = "one_direction" if self.bidirectional else "first"
        return self.consequences(
            **{part: keys[part] // self.sets for part in (start, "later") if part in keys}
        )

    @mistake("The states of both directions are put one after the other: {width} entries, not {hidden}.")
    def adds_directions(self) -> MistakeValues:
        return self.consequences(width=self.hidden) if self.bidirectional else None

    @mistake("The linear layer has one bias for each output.")
    def forgets_biases_of_head(self) -> MistakeValues:
        return self._with(head=self.outputs * self.width)


def _units_of_set(one_set: int, inputs: int, vectors: int, given: Given) -> Counts:
    """The units of a layer from the parameters of one set of its weights, which has h(i + h + b).

    Raises:
        ValueError: no whole number of units has so many.
    """
    units = _units(given("one_set", one_set), inputs, vectors)
    if abs(units - round(units)) > 1e-9:
        raise ValueError("no whole number of units has so many parameters")
    return {"one_set": one_set, "hidden": round(units)}


def _nearest_units(one_set: float, inputs: int, vectors: int) -> dict[str, int]:
    """The nearest units that a set of another size has, with this size where it is whole."""
    hidden = {"hidden": round(_units(one_set, inputs, vectors))}
    return {"one_set": round(one_set), **hidden} if one_set == round(one_set) else hidden


def _units(one_set: float, inputs: int, vectors: int) -> float:
    """The positive solution of h² + h(i + b) = s."""
    half = (inputs + vectors) / 2
    return math.sqrt(half**2 + one_set) - half
