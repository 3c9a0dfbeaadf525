"""Networks forward: layer by layer, and with a weight that is used more than once."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import chain
from random import Random
from typing import Literal, Self

from ...answers import Answer, Integer, SingleChoice, Vector
from ...answers.choice import Option
from ...question import Given, MistakeValues, Question, mistake
from ..activations.functions import sigmoid
from ..losses.probabilities import softmax
from .rows import Rows, affine, as_rows, relu_unit, samples_key, samples_value, scaled

Activation = Literal["relu", "tanh", "step", "linear", "softmax", "sigmoid"]
Layer = tuple[tuple[tuple[int, ...], ...], tuple[float, ...], Activation, int]
"""Weights (a row per unit), biases, activation function, and k: weights and biases count in units of ln k,
or of 1 where k is 1."""

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
"""The inputs of a logical function, in the order of a truth table."""
GATES = {
    "AND": (0, 0, 0, 1),
    "OR": (0, 1, 1, 1),
    "NAND": (1, 1, 1, 0),
    "NOR": (1, 0, 0, 0),
    "XOR": (0, 1, 1, 0),
    "XNOR": (1, 0, 0, 1),
}
THRESHOLD_NETWORKS = (
    "two layers of threshold units, with one output and biases like 0.5 or -1.5, get the corners"
    " (0, 0), (0, 1), (1, 0), (1, 1)"
)
LARGEST_VALUE = 60
LEAST_PROBABILITY = 1 / 20


class MlpForward(Question):
    """Activations of a small network, layer by layer, its output, and what it decides.

    Level 1 has one hidden layer of ReLUs, level 2 a sigmoid or softmax at the end, level 3 a batch through
    three layers, units with tanh, or threshold units that compute a logical function.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, sections 6.1 (learning XOR) and 6.2;
    torch.nn.Linear.
    """

    title = "Forward pass of a small network"
    minutes = {1: 2, 2: 4, 3: 7}

    inputs: tuple[tuple[int, ...], ...]
    """A row per sample."""
    layers: tuple[Layer, ...]

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            return cls(*_through_relus(rng, 2, rng.choice([1, 2]), "linear", 1))
        if level == 2:
            logarithm = rng.choice([2, 2, 3])
            if rng.random() < 1 / 3:
                return cls(*_through_relus(rng, 3, 1, "sigmoid", logarithm))
            return cls(*_through_relus(rng, 3, 2, "softmax", logarithm))
        return cls(*rng.choice([_three_layers, _through_tanh, _gate])(rng))

    def flaw(self) -> str | None:
        if reason := self._shape_flaw():
            return reason
        if self.hidden == "step" and not self.gate:
            return "the network computes none of the logical functions " + ", ".join(GATES)
        values = self.values
        sums = [*chain.from_iterable(rows for blank, rows in values.items() if blank.startswith("z_"))]
        if any(entry == 0 for row in sums for entry in row):
            return "a pre-activation is 0"
        if max(map(abs, chain(*sums))) > LARGEST_VALUE:
            return f"a pre-activation is larger than {LARGEST_VALUE}"
        hidden = chain.from_iterable(rows for blank, rows in values.items() if blank.startswith("h_"))
        if self.hidden != "step" and not all(map(any, hidden)):
            return "no unit of a layer is active"
        if self.hidden == "relu" and values["h_1"] == values["z_1"]:
            return "no ReLU of the first layer is closed"
        return self._output_flaw()

    def _output_flaw(self) -> str | None:
        output = self.values["output"]
        if self.decides and any(len({*row}) < len(row) for row in output):
            return "two outputs tie"
        if self.output in {"softmax", "sigmoid"}:
            least = min(min(p, 1 - p) for p in chain(*output))
            return "a probability is smaller than 1/20" if least < LEAST_PROBABILITY else None
        if len(self.inputs) > 1 and len({*output}) == 1:
            return "all samples have the same output"
        return None

    def _shape_flaw(self) -> str | None:
        if not 1 <= len(self.inputs) <= 4 or not 1 <= len(self.layers) <= 3:
            return "one to four samples and one to three layers are wanted"
        width = len(self.inputs[0])
        if any(len(row) != width for row in self.inputs) or not 1 <= width <= 4:
            return "the samples have not all the same number of inputs, from 1 to 4"
        for weights, biases, activation, logarithm in self.layers:
            if not 1 <= len(weights) <= 4 or len(biases) != len(weights):
                return "a layer has 1 to 4 units, each with a bias"
            if any(len(row) != width for row in weights):
                return f"a unit does not have {width} weights, one for each of its inputs"
            if not 1 <= logarithm <= 9 or (activation == "step" and logarithm > 1):
                return "the logarithm is that of 1 to 9, and of 1 for threshold units"
            if max(map(abs, (*biases, *chain(*weights)))) > LARGEST_VALUE:
                return f"a weight or bias is larger than {LARGEST_VALUE}"
            width = len(weights)
        if max(map(abs, chain(*self.inputs))) > LARGEST_VALUE:
            return f"an input is larger than {LARGEST_VALUE}"
        return self._kind_flaw()

    def _kind_flaw(self) -> str | None:
        *hidden, last = (activation for _, _, activation, _ in self.layers)
        if hidden and set(hidden) == {"step"} and last == "step":
            fits = self.inputs == CORNERS and len(self.layers) == 2 and len(self.layers[1][0]) == 1
            halves = all(bias % 1 == 0.5 for _, biases, _, _ in self.layers for bias in biases)
            return None if fits and halves else THRESHOLD_NETWORKS
        if not hidden or not ({*hidden} == {"relu"} or hidden == ["tanh"]):
            return "there is a hidden layer with tanh, or one or two with ReLU, or threshold units alone"
        outputs = len(self.layers[-1][0])
        if last not in {"linear", "softmax", "sigmoid"} or (last == "softmax" and outputs == 1):
            return "the last layer is linear, sigmoid, or softmax with several units"
        if last == "sigmoid" and outputs > 1:
            return "a sigmoid at the end is wanted of one unit"
        return None

    @property
    def hidden(self) -> str:
        """The activation function of the hidden layers."""
        return self.layers[0][2]

    @property
    def output(self) -> str:
        """The activation function of the last layer."""
        return self.layers[-1][2]

    @property
    def decides(self) -> bool:
        """Whether there are classes to choose from: the largest output tells the class."""
        return self.output == "softmax" or (len(self.inputs) > 1 and len(self.layers[-1][0]) > 1)

    @property
    def names(self) -> list[list[str]]:
        """What a figure writes into the units of each layer."""
        last = "p" if self.output in {"softmax", "sigmoid"} else "y"
        hidden = ["h"] if len(self.layers) == 2 else ["g", "h"]
        sizes = [len(self.inputs[0]), *(len(weights) for weights, *_ in self.layers)]
        return [
            [f"{name}_{number}" for number in range(1, units + 1)] if units > 1 else [name]
            for name, units in zip(["x", *hidden, last], sizes, strict=True)
        ]

    @property
    def values(self) -> dict[str, Rows]:
        """The pre-activations and activations of each layer by their blanks, a row per sample."""
        return _forward(self.inputs, self.layers)

    @property
    def multiples(self) -> dict[str, Rows]:
        """The pre-activations of each layer in its unit ln k."""
        values = self.values
        sources = self.inputs, *(values[_blank(self.layers, place)] for place in range(1, len(self.layers)))
        pairs = zip(sources, self.layers, strict=True)
        return {f"z_{n}": affine(rows, layer[0], layer[1]) for n, (rows, layer) in enumerate(pairs, 1)}

    @property
    def gate(self) -> str:
        """The logical function that threshold units compute, or nothing."""
        table = tuple(row[0] for row in self.values["output"]) if self.hidden == "step" else ()
        return next((name for name, outputs in GATES.items() if outputs == table), "")

    @property
    def asked(self) -> tuple[str, ...]:
        """The blanks with numbers; of a batch only the activations, and of a linear output not both."""
        blanks = [blank for blank in self.values if len(self.inputs) == 1 or not blank.startswith("z_")]
        return tuple(b for b in blanks if b != f"z_{len(self.layers)}" or self.output != "linear")

    def follow(self, given: Given) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}

        def student(blank: str, rows: Rows) -> Rows:
            if blank not in self.asked:
                return rows
            answers[blank] = samples_key(rows)
            return as_rows(given(blank, samples_value(rows)))

        rows: Rows = self.inputs
        for place, layer in enumerate(self.layers, 1):
            z = student(f"z_{place}", _summed(rows, layer))
            rows = student(_blank(self.layers, place), _activated(z, layer))
        if self.decides:
            classes = tuple(row.index(max(row)) + 1 for row in rows)
            answers["class"] = Vector(classes) if len(classes) > 1 else Integer(classes[0])
        if self.gate:
            options = (Option(name, right=name == self.gate, name=name) for name in GATES)
            answers["function"] = SingleChoice(tuple(options))
        return answers

    @mistake("Each hidden unit applies its activation function to w·x + b before it hands the number on.")
    def no_activation(self) -> MistakeValues:
        return self._wrong(lambda rows, layer: (_summed(rows, layer),) * 2)

    @mistake("The biases are missing: a unit computes w·x + b.")
    def forgets_bias(self) -> MistakeValues:
        return self._wrong(_without_bias, _without_bias)

    @mistake("A row of the weight matrix belongs to a unit: multiply the rows by the input, not the columns.")
    def transposed_weights(self) -> MistakeValues:
        square = all(len(weights) == len(weights[0]) for weights, *_ in self.layers[:-1])
        return self._wrong(_with_transposed_weights) if square else None

    @mistake("The bias belongs into the argument of the activation function: it is added before, not after.")
    def bias_after_activation(self) -> MistakeValues:
        return self._wrong(_with_late_bias)

    @mistake("The output of this network is linear: it does not pass through the ReLU.")
    def activation_on_output(self) -> MistakeValues:
        if (self.hidden, self.output) != ("relu", "linear"):
            return None
        return self.consequences(output=samples_value(_relu(self.values["output"])))

    @mistake("The numbers before the softmax are not yet probabilities: exponentials, divided by their sum.")
    def shares_of_logits(self) -> MistakeValues:
        if self.output != "softmax":
            return None
        logits = self.values[f"z_{len(self.layers)}"][0]
        return {"output": tuple(logit / sum(logits) for logit in logits)} if sum(logits) else None

    @mistake("Softmax divides by the sum over all outputs; a sigmoid of each alone does not sum to 1.")
    def sigmoid_of_each(self) -> MistakeValues:
        if self.output != "softmax":
            return None
        return {"output": tuple(map(sigmoid, self.values[f"z_{len(self.layers)}"][0]))}

    @mistake("The sigmoid is 1/(1 + e^(−z)): mind the sign in the exponent.")
    def sign_in_sigmoid(self) -> MistakeValues:
        return {"output": 1 - self.values["output"][0][0]} if self.output == "sigmoid" else None

    @mistake("The hidden units have tanh, which goes from −1 to 1, not the sigmoid.")
    def sigmoid_for_tanh(self) -> MistakeValues:
        if self.hidden != "tanh":
            return None
        return self.consequences(h_1=tuple(map(sigmoid, self.values["z_1"][0])))

    @mistake("A threshold unit that stays below its threshold gives 0, not −1.")
    def signs_for_steps(self) -> MistakeValues:
        if self.hidden != "step":
            return None
        return self._wrong(lambda rows, layer: (_summed(rows, layer), _signs(_summed(rows, layer))))

    @mistake("The class is the place of the largest output.")
    def smallest_output(self) -> MistakeValues:
        if not self.decides:
            return None
        classes = tuple(row.index(min(row)) + 1 for row in self.values["output"])
        return {"class": classes if len(classes) > 1 else classes[0]}

    @mistake("Classes are numbered from 1.")
    def counts_from_zero(self) -> MistakeValues:
        if not self.decides:
            return None
        classes = tuple(row.index(max(row)) for row in self.values["output"])
        return {"class": classes if len(classes) > 1 else classes[0]}

    def _wrong(self, hidden: Step, last: Step | None = None) -> MistakeValues:
        """What the network gives with other hidden layers and perhaps another last one."""
        values = _forward(self.inputs, self.layers, hidden, last or _right)
        return {blank: samples_value(values[blank]) for blank in self.asked}


Step = Callable[[Rows, Layer], tuple[Rows, Rows]]
"""From the inputs of a layer to its pre-activations and activations."""
Parts = tuple[tuple[tuple[int, ...], ...], tuple[Layer, ...]]
"""The inputs and layers of a network."""
_SMALL = (-3, -2, -1, 1, 2, 3)
_TINY = (-2, -1, 1, 2)


def _blank(layers: tuple[Layer, ...], place: int) -> str:
    """The blank for what a layer hands on."""
    return "output" if place == len(layers) else f"h_{place}"


def _summed(rows: Rows, layer: Layer) -> Rows:
    """Wx + b for each sample; a layer in units of 1 keeps whole numbers whole."""
    weights, biases, _, logarithm = layer
    sums = affine(rows, weights, biases)
    return scaled(math.log(logarithm), sums) if logarithm > 1 else sums


def _relu(rows: Rows) -> Rows:
    return tuple(tuple(max(0, entry) for entry in row) for row in rows)


def _signs(rows: Rows) -> Rows:
    return tuple(tuple(1 if entry >= 0 else -1 for entry in row) for row in rows)


_FUNCTIONS: Mapping[Activation, Callable[[Rows], Rows]] = {
    "relu": _relu,
    "tanh": lambda rows: tuple(tuple(map(math.tanh, row)) for row in rows),
    "step": lambda rows: tuple(tuple(int(entry >= 0) for entry in row) for row in rows),
    "linear": lambda rows: rows,
    "softmax": lambda rows: tuple(map(softmax, rows)),
    "sigmoid": lambda rows: tuple(tuple(map(sigmoid, row)) for row in rows),
}


def _activated(rows: Rows, layer: Layer) -> Rows:
    return _FUNCTIONS[layer[2]](rows)


def _right(rows: Rows, layer: Layer) -> tuple[Rows, Rows]:
    sums = _summed(rows, layer)
    return sums, _activated(sums, layer)


def _without_bias(rows: Rows, layer: Layer) -> tuple[Rows, Rows]:
    weights, biases, activation, logarithm = layer
    return _right(rows, (weights, (0,) * len(biases), activation, logarithm))


def _with_late_bias(rows: Rows, layer: Layer) -> tuple[Rows, Rows]:
    sums, activations = _without_bias(rows, layer)
    unit = math.log(layer[3]) if layer[3] > 1 else 1
    offsets = tuple(unit * bias for bias in layer[1])
    return sums, tuple(tuple(map(sum, zip(row, offsets, strict=True))) for row in activations)


def _with_transposed_weights(rows: Rows, layer: Layer) -> tuple[Rows, Rows]:
    weights, biases, activation, logarithm = layer
    turned = tuple(zip(*weights, strict=True))
    return _right(rows, (turned, biases, activation, logarithm))


def _forward(
    inputs: Rows, layers: tuple[Layer, ...], hidden: Step = _right, last: Step = _right
) -> dict[str, Rows]:
    """The pre-activations and activations of each layer by their blanks."""
    values: dict[str, Rows] = {}
    rows = inputs
    for place, layer in enumerate(layers, 1):
        step = last if place == len(layers) else hidden
        values[f"z_{place}"], rows = step(rows, layer)
        values[_blank(layers, place)] = rows
    return values


def _through_relus(rng: Random, units: int, outputs: int, output: Activation, logarithm: int) -> Parts:
    """One sample, and a hidden layer that has both open and closed ReLUs."""
    x = (rng.choice(_SMALL), rng.choice(_SMALL))
    firing = rng.sample([True, False, True][:units], units)
    W1, b1 = zip(*(relu_unit(rng, (x,), (fires,), _SMALL) for fires in firing), strict=True)
    choices = _SMALL if output == "linear" else _TINY
    W2 = tuple(tuple(rng.choice(choices) for _ in firing) for _ in range(outputs))
    b2 = [rng.choice(_SMALL) for _ in W2]
    if output != "linear":
        # The biases bring the logits close to each other, so that no probability is near 0 or 1.
        hidden = _relu(affine((x,), W1, b1))
        (sums,) = affine(hidden, W2, (0,) * outputs)
        b2 = [round(rng.choice(_TINY) - total + sums[0] * (outputs - 1)) for total in sums]
    return (x,), ((W1, b1, "relu", 1), (W2, tuple(b2), output, logarithm))


def _three_layers(rng: Random) -> Parts:
    """Two samples and three layers; the first has a unit that is active for one sample alone."""
    sign = rng.choice([-1, 1])
    inputs = tuple((first * rng.choice([1, 2]), rng.choice(_TINY)) for first in (sign, -sign))
    firing = rng.sample([(True, False), (False, True)], 2)
    W1, b1 = zip(*(relu_unit(rng, inputs, fires, _TINY) for fires in firing), strict=True)
    hidden = _relu(affine(inputs, W1, b1))
    second = [(True, True), rng.choice([(True, False), (False, True)])]
    W2, b2 = zip(*(relu_unit(rng, hidden, fires, _TINY) for fires in rng.sample(second, 2)), strict=True)
    W3 = tuple(tuple(rng.choice(_TINY) for _ in W2) for _ in range(2))
    b3 = tuple(rng.choice(_TINY) for _ in W3)
    return inputs, ((W1, b1, "relu", 1), (W2, b2, "relu", 1), (W3, b3, "linear", 1))


def _through_tanh(rng: Random) -> Parts:
    """Pre-activations of ±ln k and ±2 ln k, for which tanh is a fraction."""
    x = (rng.choice(_TINY), rng.choice(_TINY))
    rows = [(rng.choice(_TINY), rng.choice(_TINY)) for _ in range(2)]
    sums = affine((x,), rows, (0, 0))[0]
    b1 = tuple(int(rng.choice([-2, -1, 1, 2]) - total) for total in sums)
    W2 = (tuple(rng.choice(_SMALL) for _ in rows),)
    return (x,), ((tuple(rows), b1, "tanh", rng.choice([2, 2, 3])), (W2, (rng.choice(_SMALL),), "linear", 1))


def _gate(rng: Random) -> Parts:
    """Threshold units that compute a logical function: others are drawn again."""
    while True:
        W1 = tuple(tuple(rng.choice(_TINY) for _ in range(2)) for _ in range(2))
        W2 = (tuple(rng.choice(_TINY) for _ in range(2)),)
        b1, b2 = (tuple(rng.randint(-3, 2) + 0.5 for _ in rows) for rows in (W1, W2))
        layers: tuple[Layer, ...] = ((W1, b1, "step", 1), (W2, b2, "step", 1))
        values = _forward(CORNERS, layers)
        varied = all(0 < sum(unit) < 4 for unit in zip(*values["h_1"], strict=True))
        if varied and tuple(row[0] for row in values["output"]) in GATES.values():
            return CORNERS, layers
