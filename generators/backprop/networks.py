"""Backpropagation: the chain rule on graphs, neurons and small networks, and the order of a training step."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from random import Random
from typing import Any, Literal, Self

from ...answers import Answer, Integer, Matrix, Ordering, Real, Vector
from ...question import Given, Question, mistake
from ..numbers import Row, dot, matmul, transposed
from .computation_graphs import (
    OPERATIONS,
    Partials,
    backward,
    forward,
    random_nodes,
    sigmoid,
    structural_flaw,
    uses_of,
)
from .computation_graphs import figure as graph_figure
from .training_lines import (
    ACCUMULATION_SETUP,
    CLEAR,
    DETACHED,
    STEP,
    accumulation,
    backward_pass,
    effects,
    graph_of,
    is_known,
    number_of_orders,
    training_step,
)

DECIMALS = 3
"""Keys that are no whole numbers are wanted to so many decimals."""


class ScalarGraph(Question):
    """Forward values and derivatives on a small computation graph, by reverse accumulation.

    The derivative with respect to a node is a sum over the nodes that use it: their derivative times the
    local one.

    Source: Baydin et al. 2018, Automatic Differentiation in Machine Learning: a Survey, section 3.2.
    """

    title = "Derivatives on a computation graph"
    minutes = {1: 4, 2: 7, 3: 11}

    inputs: tuple[tuple[str, int], ...]
    nodes: tuple[tuple[str, ...], ...]
    outputs: tuple[tuple[str, int], ...]

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            nodes = random_nodes(rng, [rng.choice("+*"), "*"], [], ["square"])
        elif level == 2:
            reusing = rng.choice([["*", "+"], ["+", "+"], ["+", "+", "+"]])
            nodes = random_nodes(rng, [rng.choice("+*"), "*"], reusing, ["square"])
        else:
            gate, unary = rng.choice([("max", []), ("max", []), ("+", ["relu"])])
            binary, merges = rng.sample(["*", rng.choice("*+"), "+", "+", gate], 5), rng.choice([1, 2])
            unary = [rng.choice(["sigmoid", "sigmoid", "exp"]), *unary]
            nodes = random_nodes(rng, binary[:merges], binary[merges:], unary)
        ends = [name for name, *_ in nodes if not any(name in operands for _, _, *operands in nodes)]
        slopes = [1] if len(ends) == 1 else rng.sample([-2, -1, 2, 3], len(ends))
        sizes = rng.sample([1, 2, 3] if level < 3 else [1, 1, 2, 2, 3], 3)
        inputs = tuple((name, size * rng.choice([-1, 1])) for name, size in zip("xyz", sizes, strict=True))
        return cls(inputs, nodes, tuple(zip(ends, slopes, strict=True)))

    def flaw(self) -> str | None:
        if reason := structural_flaw(self.inputs, self.nodes, self.outputs):
            return reason
        try:
            values, derivatives = self.values, self.derivatives
        except OverflowError:
            return "a value or derivative is larger than 100"
        made_by = {name: operation for name, operation, *_ in self.nodes}
        for _, operation, *operands in self.nodes:
            first, *others = (values[operand] for operand in operands)
            if operation in {"max", "relu"} and first == (others or [0])[0]:
                return "a gate is undecided between two equal values"
            if operation == "relu" and made_by.get(operands[0]) in {"square", "exp", "sigmoid", "relu"}:
                return "a ReLU gets what is never negative"
            if operation in {"sigmoid", "exp"} and abs(first) > 4:
                return f"the argument of {operation} lies outside -4 to 4"
        if max(map(abs, (*values.values(), *derivatives.values()))) > 100:
            return "a value or derivative is larger than 100"
        zeros = [name for name, derivative in derivatives.items() if derivative == 0]
        if 3 * len(zeros) > len(derivatives) or {name for name, _ in self.inputs} <= set(zeros):
            return "too many derivatives are zero"
        return None

    @property
    def target(self) -> str:
        """What is differentiated: the only output, or a loss L that depends on several."""
        (name, slope), *others = self.outputs
        return "L" if others or slope != 1 else name

    @property
    def values(self) -> dict[str, float]:
        """The value of each input and node."""
        return dict(self.inputs) | forward(self.inputs, self.nodes)

    @property
    def derivatives(self) -> dict[str, float]:
        """The derivative with respect to each node and input but the outputs, from the last one back."""
        return backward(self.nodes, self.outputs, self.values)

    @property
    def patterns(self) -> dict[str, str]:
        """What each node computes, as LaTeX with a place `{}` for each operand."""
        return {name: OPERATIONS[operation].latex for name, operation, *_ in self.nodes}

    @property
    def locals(self) -> dict[str, list[tuple[str, str, float]]]:
        """For each node its operands, the derivatives with respect to them as LaTeX, and their values."""
        found: dict[str, list[tuple[str, str, float]]] = {}
        for name, operation, *operands in self.nodes:
            formulas = OPERATIONS[operation].slopes(name, *operands)
            local = (dict(self.uses[operand])[name] for operand in operands)
            found[name] = list(zip(operands, formulas, local, strict=True))
        return found

    @property
    def graph(self) -> list[dict[str, Any]]:
        """The nodes as a figure shows them: the inputs with their values, the operations with their names."""
        return graph_figure(self.inputs, self.nodes)

    @property
    def adjoints(self) -> dict[str, float]:
        """The derivative with respect to each node and input, the outputs included."""
        return dict(self.outputs) | self.derivatives

    @property
    def uses(self) -> dict[str, list[tuple[str, float]]]:
        """For each input and node the nodes that use it, with the local derivatives."""
        values = self.values
        return {name: uses_of(self.nodes, name, values, {}) for name in values}

    def follow(self, given: Given) -> dict[str, Answer]:
        computed = forward(self.inputs, self.nodes, given)
        values = dict(self.inputs) | {name: given(f"value_{name}", value) for name, value in computed.items()}
        derivatives = backward(self.nodes, self.outputs, values, given)
        answers = {f"value_{name}": _scalar(value) for name, value in computed.items()}
        return answers | {f"derivative_{name}": _scalar(value) for name, value in derivatives.items()}

    @mistake("A node that is used more than once gets a term from each use: add them all.")
    def ignores_second_path(self) -> dict[str, float]:
        return self._wrong(combine=lambda terms: terms[0])

    @mistake("The terms from different uses of a node are added; one multiplies only along a single path.")
    def multiplies_paths(self) -> dict[str, float]:
        return self._wrong(combine=math.prod)

    @mistake("A maximum hands its whole derivative to the larger input and nothing to the other: no halves.")
    def max_splits_gradient(self) -> dict[str, float]:
        return self._wrong({"max": lambda value, a, b: (0.5, 0.5)})

    @mistake("A maximum or ReLU hands its derivative only to what it let through in the forward pass.")
    def gate_always_open(self) -> dict[str, float]:
        return self._wrong({"max": lambda value, a, b: (1, 1), "relu": lambda value, a: (1,)})

    @mistake("The derivative of a sum with respect to each summand is 1, not the other summand.")
    def add_node_multiplies(self) -> dict[str, float]:
        return self._wrong({"+": lambda value, a, b: (b, a)})

    @mistake("The derivative of a product with respect to a factor is the other factor, not itself.")
    def keeps_own_factor(self) -> dict[str, float]:
        return self._wrong({"*": lambda value, a, b: (a, b)})

    @mistake("The derivative of a square is twice its argument: the factor 2 is missing.")
    def square_without_factor(self) -> dict[str, float]:
        return self._wrong({"square": lambda value, a: (a,)})

    @mistake("In σ′ = σ(1 − σ) stands the value that comes out of the node, not its argument.")
    def sigmoid_of_argument(self) -> dict[str, float]:
        return self._wrong({"sigmoid": lambda value, a: (a * (1 - a),)})

    @mistake("This is only the local derivative: multiply it by the derivative of the node that it feeds.")
    def local_only(self) -> dict[str, float]:
        return {
            f"derivative_{name}": sum(local for _, local in uses) for name, uses in self.uses.items() if uses
        }

    @mistake("This is the value from the forward pass, not the derivative.")
    def forward_value_as_gradient(self) -> dict[str, float]:
        return {f"derivative_{name}": self.values[name] for name in self.derivatives}

    def _wrong(
        self,
        rules: Mapping[str, Partials] | None = None,
        combine: Callable[[Sequence[float]], float] = sum,
    ) -> dict[str, float]:
        derivatives = backward(self.nodes, self.outputs, self.values, rules=rules, combine=combine)
        return {f"derivative_{name}": value for name, value in derivatives.items()}


class DeltaRule(Question):
    """Gradient of the error of a single neuron, and one step of gradient descent.

    Source: Bishop 2006, Pattern Recognition and Machine Learning, section 5.3.1; for the cross-entropy
    Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.2.2.2.
    """

    title = "Gradient of a single neuron"
    minutes = {1: 3, 2: 5, 3: 7}

    inputs: tuple[int, ...]
    weights: tuple[int, ...]
    bias: int
    logarithm: int
    target: int
    activation: Literal["sigmoid", "tanh", "linear"]
    loss: Literal["squared", "half_squared", "cross_entropy"]
    rate: float

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        inputs, weights = (tuple(rng.choice(_SMALL) for _ in range(level)) for _ in range(2))
        balance = -int(dot(inputs, weights))
        if level == 1:
            return cls(inputs, weights, balance, 1, rng.choice([0, 1]), "sigmoid", "squared", 0.0)
        logarithm, rate = rng.choice([-4, -3, -2, 2, 3, 4]), rng.choice([0.1, 0.5, 1.0])
        if level == 2:
            loss: Literal["squared", "half_squared"] = rng.choice(["squared", "half_squared"])
            return cls(inputs, weights, balance, logarithm, rng.choice([0, 1]), "sigmoid", loss, 0.0)
        kind = rng.choice(["tanh", "linear", "cross_entropy"])
        if kind == "linear":
            bias, target = rng.randint(-3, 3), rng.randint(-5, 5)
            return cls(inputs, weights, bias, 1, target, "linear", "half_squared", rate)
        if kind == "tanh":
            logarithm = rng.choice([-3, -2, 2, 3])
            return cls(inputs, weights, balance, logarithm, rng.choice([-1, 1]), "tanh", "half_squared", rate)
        return cls(inputs, weights, balance, logarithm, rng.choice([0, 1]), "sigmoid", "cross_entropy", rate)

    def flaw(self) -> str | None:
        if not 1 <= len(self.inputs) == len(self.weights) <= 4:
            return "a neuron has 1 to 4 inputs and as many weights"
        if not any(self.inputs):
            return "all inputs are zero, so that no weight has an influence"
        if max(map(abs, (*self.inputs, *self.weights, self.bias, self.target, self.logarithm))) > 30:
            return "a number is larger than 30"
        if self.logarithm == 0:
            return "the logarithm of 0 does not exist"
        if self.loss == "cross_entropy" and (self.activation != "sigmoid" or self.target not in {0, 1}):
            return "the cross-entropy needs a sigmoid and a target of 0 or 1"
        if self.activation != "linear" and abs(self.net_input) > 4:
            return "the neuron is saturated"
        if self.output == self.target:
            return "the output equals the target, so that all gradients are zero"
        return None if 0 <= self.rate <= 1 else "the learning rate lies outside 0 to 1"

    @property
    def log_odds(self) -> float:
        """What is added to the whole bias so that the output is a simple fraction: ln k, or −ln k for −k."""
        return math.copysign(math.log(abs(self.logarithm)), self.logarithm) if abs(self.logarithm) > 1 else 0

    @property
    def net_input(self) -> float:
        """The weighted sum with the bias."""
        return sum(map(int.__mul__, self.inputs, self.weights)) + self.bias + self.log_odds

    @property
    def output(self) -> float:
        """What the neuron gives."""
        return _ACTIVATIONS[self.activation](self.net_input)

    @property
    def simple_output(self) -> tuple[int, int] | None:
        """The output as numerator and denominator, where it is a simple fraction."""
        fraction = Fraction(self.output).limit_denominator(20)
        simple = fraction.denominator > 1 and abs(fraction - Fraction(self.output)) < 1e-12
        return (fraction.numerator, fraction.denominator) if simple else None

    @property
    def input_names(self) -> list[str]:
        """The inputs as a figure names them."""
        return [f"x_{number}" for number in range(1, len(self.inputs) + 1)]

    @property
    def slope(self) -> float:
        """The derivative of the activation, at the output."""
        return _SLOPES[self.activation](self.output)

    @property
    def adjusted(self) -> list[tuple[str, float, int]]:
        """The name of each weight and of the bias, its value, and what it is multiplied by."""
        weights = zip(self.weights, self.inputs, strict=True)
        named = [(f"w{number}", weight, factor) for number, (weight, factor) in enumerate(weights, 1)]
        return [*named, ("b", self.bias + self.log_odds, 1)]

    def follow(self, given: Given) -> dict[str, Answer]:
        answers = {"output": _scalar(self.output)}
        delta = self._delta(given("output", self.output))
        answers["delta"] = _scalar(delta)
        delta = given("delta", delta)
        for name, value, factor in self.adjusted:
            answers[f"gradient_{name}"] = _scalar(delta * factor)
            if self.rate:
                gradient = given(f"gradient_{name}", delta * factor)
                answers[f"new_{name}"] = Real(value - self.rate * gradient, DECIMALS)
        return answers

    def _delta(self, output: float) -> float:
        """The derivative of the error with respect to the net input; sigmoid and cross-entropy cancel."""
        if self.loss == "cross_entropy":
            return output - self.target
        factor = 2 if self.loss == "squared" else 1
        return factor * (output - self.target) * _SLOPES[self.activation](output)

    @mistake("The derivative of (y − t)² brings down the factor 2.")
    def forgets_2(self) -> dict[str, Any] | None:
        return self.consequences(delta=self._delta(self.output) / 2) if self.loss == "squared" else None

    @mistake("The 2 from the square and the 1/2 in front of it cancel: no factor 2 is left.")
    def keeps_2(self) -> dict[str, Any] | None:
        return self.consequences(delta=2 * self._delta(self.output)) if self.loss == "half_squared" else None

    @mistake(
        "The derivative of the activation ({activation}) is missing: the chain rule passes through it too."
    )
    def forgets_activation(self) -> dict[str, Any] | None:
        if self.loss == "cross_entropy" or self.activation == "linear":
            return None
        return self.consequences(delta=self._delta(self.output) / self.slope)

    @mistake("With the cross-entropy the slope y(1 − y) of the sigmoid cancels: only y − t is left.")
    def keeps_sigmoid_slope(self) -> dict[str, Any] | None:
        wrong = self._delta(self.output) * self.slope
        return self.consequences(delta=wrong) if self.loss == "cross_entropy" else None

    @mistake("The sign is wrong: the derivative of the error contains y − t, not t − y.")
    def sign(self) -> dict[str, Any]:
        return self.consequences(delta=-self._delta(self.output))

    @mistake("The slope of the activation is expressed by the output y, not by the net input z.")
    def derivative_at_wrong_point(self) -> dict[str, Any] | None:
        if self.loss == "cross_entropy":
            return None
        at_net_input = _SLOPES[self.activation](self.net_input)
        return self.consequences(delta=self._delta(self.output) / self.slope * at_net_input)

    @mistake("y(1 − y) is the slope of the sigmoid; that of tanh is 1 − y².")
    def sigmoid_slope_for_tanh(self) -> dict[str, Any] | None:
        if self.activation != "tanh":
            return None
        sigmoid_slope = _SLOPES["sigmoid"](self.output)
        return self.consequences(delta=self._delta(self.output) / self.slope * sigmoid_slope)

    @mistake("The gradient of a weight is δ times the input of that weight: the input is missing.")
    def input_left_out(self) -> dict[str, Any]:
        delta = self._delta(self.output)
        return self.consequences(**{f"gradient_{name}": delta for name, *_ in self.adjusted})

    @mistake("Gradient descent goes against the gradient: subtract η times the gradient.")
    def climbs(self) -> dict[str, Any] | None:
        return self._stepped(-self.rate)

    @mistake("The step is the gradient times the learning rate η = {rate}.")
    def forgets_rate(self) -> dict[str, Any] | None:
        return self._stepped(1)

    def _stepped(self, rate: float) -> dict[str, Any] | None:
        delta = self._delta(self.output)
        steps = {f"new_{name}": value - rate * delta * factor for name, value, factor in self.adjusted}
        return steps if self.rate else None


class MlpGradients(Question):
    """Backpropagation through a network with one hidden layer of ReLU units, in matrix form.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.5, algorithm 6.4; rows of the weight
    matrices belong to neurons, as in torch.nn.Linear.
    """

    title = "Backpropagation through a small network"
    minutes = {1: 7, 2: 12, 3: 15}

    inputs: tuple[tuple[int, ...], ...]
    W1: tuple[tuple[int, ...], ...]
    b1: tuple[int, ...]
    W2: tuple[tuple[int, ...], ...]
    b2: tuple[int, ...]
    targets: tuple[tuple[int, ...], ...]
    loss: Literal["half_squared", "cross_entropy"]
    logarithm: int
    rate: float

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 3:
            return cls._batch(rng)
        units, outputs = (2, 1) if level == 1 else (3, 2)
        x = (rng.choice(_TINY), rng.choice(_TINY))
        firing = rng.sample([True, False, True][:units], units)
        W1, b1 = zip(*(_unit(rng, (x,), (fires,), _SMALL) for fires in firing), strict=True)
        W2 = tuple(tuple(rng.choice(_TINY) for _ in range(units)) for _ in range(outputs))
        b2 = (0,) if level == 1 else tuple(rng.randint(-2, 2) for _ in range(outputs))
        rate = 0.0 if level == 1 else rng.choice([0.1, 0.2, 0.5])
        network = cls((x,), W1, b1, W2, b2, ((0,) * outputs,), "half_squared", 1, rate)
        targets = tuple(int(output) + rng.choice(_SMALL) for output in network.output[0])
        return replace(network, targets=(targets,))

    @classmethod
    def _batch(cls, rng: Random) -> Self:
        """Two samples; the logits are multiples of ln 2 or ln 3, so that the probabilities are fractions."""
        # The first features differ in sign, so that a unit can be active for one sample alone.
        sign = rng.choice([-1, 1])
        inputs = tuple((first * rng.choice([1, 2]), rng.choice(_TINY)) for first in (sign, -sign))
        firing = rng.choice([((True, False), (False, True)), ((True, False), (True, True))])
        W1, b1 = zip(*(_unit(rng, inputs, fires, (-1, 1)) for fires in firing), strict=True)
        W2 = tuple(zip(*rng.sample([(1, 0), (0, 1), (0, -1), (-1, 0), (1, -1)], 2), strict=True))
        targets = tuple(rng.choice([(1, 0), (0, 1)]) for _ in range(2))
        network = cls(inputs, W1, b1, W2, (0, 0), targets, "cross_entropy", rng.choice([2, 2, 3]), 0.0)
        leads = [second - first for first, second in _affine(network.hidden, W2, (0, 0))]
        return replace(network, b2=(int(sum(leads)) // 2 + rng.choice([0, 1]), 0))

    def flaw(self) -> str | None:
        if reason := self._shape_flaw():
            return reason
        if any(entry == 0 for row in self.hidden_input for entry in row):
            return "a ReLU has the input 0, where it has no derivative"
        if self.loss == "cross_entropy" and min(map(min, self.output)) < 1 / 20:
            return "a probability is smaller than 1/20"
        if max(abs(entry) for row in (*self.hidden, *self.output) for entry in row) > 60:
            return "a value is larger than 60"
        gradients = (*self.w1_gradient, *self.w2_gradient)
        if not any(map(any, self.w1_gradient)) or not all(map(any, self.output_delta)):
            return "a gradient is zero as a whole"
        return (
            "a derivative is larger than 100" if max(abs(g) for row in gradients for g in row) > 100 else None
        )

    def _shape_flaw(self) -> str | None:
        features, units, outputs = len(self.inputs[:1] and self.inputs[0]), len(self.W1), len(self.W2)
        if not (1 <= len(self.inputs) <= 3 and all(1 <= size <= 4 for size in (features, units, outputs))):
            return "a layer has 1 to 4 units, a batch 1 to 3 samples"
        rows = {"inputs": features, "W1": features, "W2": units, "targets": outputs}
        for name, length in rows.items():
            if any(len(row) != length for row in getattr(self, name)):
                return f"not all rows of {name} have {length} entries"
        if (len(self.b1), len(self.b2), len(self.targets)) != (units, outputs, len(self.inputs)):
            return "there is not one bias per unit and one target per sample"
        entries = [entry for name in rows for row in getattr(self, name) for entry in row]
        if max(map(abs, (*entries, *self.b1, *self.b2))) > 100:
            return "a number is larger than 100"
        if not 0 <= self.rate <= 1 or not 1 <= self.logarithm <= 9:
            return "the learning rate lies outside 0 to 1, or the logarithm is not that of 1 to 9"
        one_hot = [0] * (outputs - 1) + [1]
        if self.loss == "cross_entropy" and any(sorted(row) != one_hot for row in self.targets):
            return "the targets of the cross-entropy are not one-hot"
        return None

    @property
    def scale(self) -> float:
        """What the entries of W2 and b2 are multiplied by: ln k, or 1."""
        return math.log(self.logarithm) if self.logarithm > 1 else 1

    @property
    def hidden_input(self) -> Rows:
        """The pre-activations of the hidden units, a row per sample."""
        return _affine(self.inputs, self.W1, self.b1)

    @property
    def hidden(self) -> Rows:
        """The activations of the hidden units."""
        return tuple(tuple(max(0, entry) for entry in row) for row in self.hidden_input)

    @property
    def names(self) -> list[list[str]]:
        """What a figure writes into the units of each layer."""
        output = "p" if self.loss == "cross_entropy" else "y"
        layers = ("x", len(self.W1[0])), ("h", len(self.W1)), (output, len(self.W2))
        return [
            [f"{name}_{number}" for number in range(1, units + 1)] if units > 1 else [name]
            for name, units in layers
        ]

    @property
    def powers(self) -> Rows:
        """The pre-activations of the outputs in units of the scale."""
        return _affine(self.hidden, self.W2, self.b2)

    @property
    def logits(self) -> Rows:
        """The pre-activations of the outputs."""
        return self._logits(self.hidden)

    @property
    def output(self) -> Rows:
        """What the network gives: the pre-activations, or the probabilities that softmax makes of them."""
        return self._output(self.hidden)

    @property
    def output_delta(self) -> Rows:
        """The derivative of the loss with respect to the pre-activations of the outputs."""
        return self._output_delta(self.output)

    @property
    def back_projected(self) -> Rows:
        """The derivative of the loss with respect to the activations of the hidden units."""
        return self._back_projected(self.output_delta)

    @property
    def hidden_delta(self) -> Rows:
        """The derivative of the loss with respect to the pre-activations of the hidden units."""
        return _masked(self.back_projected, self.hidden)

    @property
    def w1_gradient(self) -> Rows:
        """The derivative of the loss with respect to W1."""
        return matmul(transposed(self.hidden_delta), self.inputs)

    @property
    def w2_gradient(self) -> Rows:
        """The derivative of the loss with respect to W2."""
        return matmul(transposed(self.output_delta), self.hidden)

    def _logits(self, hidden: Rows) -> Rows:
        return tuple(tuple(self.scale * entry for entry in row) for row in _affine(hidden, self.W2, self.b2))

    def _output(self, hidden: Rows) -> Rows:
        logits = self._logits(hidden)
        return tuple(map(_softmax, logits)) if self.loss == "cross_entropy" else logits

    def _output_delta(self, output: Rows) -> Rows:
        """Output minus target; the loss is a mean over the batch."""
        batch = len(self.inputs)
        return tuple(
            tuple(y - t if batch == 1 else (y - t) / batch for y, t in zip(row, target, strict=True))
            for row, target in zip(output, self.targets, strict=True)
        )

    def _back_projected(self, output_delta: Rows) -> Rows:
        return tuple(tuple(self.scale * entry for entry in row) for row in matmul(output_delta, self.W2))

    def follow(self, given: Given) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}

        def student(blank: str, rows: Rows, *, of_samples: bool = True) -> Rows:
            answers[blank] = _samples(rows) if of_samples else _matrix(rows)
            return _as_rows(given(blank, vars(answers[blank])["value"]))

        hidden = student("hidden", self.hidden)
        output = student("output", self._output(hidden))
        output_delta = student("output_delta", self._output_delta(output))
        student("W2_gradient", matmul(transposed(output_delta), hidden), of_samples=False)
        hidden_delta = student("hidden_delta", _masked(self._back_projected(output_delta), hidden))
        gradient = matmul(transposed(hidden_delta), self.inputs)
        gradient = student("W1_gradient", gradient, of_samples=False)
        if len(self.inputs) > 1:
            answers["b1_gradient"] = _samples((tuple(map(sum, transposed(hidden_delta))),))
        if self.rate:
            answers["new_W1"] = Matrix(_descended(self.W1, self.rate, gradient), 2)
        return answers

    @mistake("The bias is missing: a hidden unit computes w·x + b before the ReLU.")
    def forgets_bias(self) -> dict[str, Any]:
        sums = matmul(self.inputs, transposed(self.W1))
        return self._wrong(hidden=tuple(tuple(max(0, entry) for entry in row) for row in sums))

    @mistake("The outputs must still pass through softmax, which makes probabilities of them.")
    def no_softmax(self) -> dict[str, Any] | None:
        return self._wrong(output=self.logits) if self.loss == "cross_entropy" else None

    @mistake("The 2 from the square and the 1/2 in front of it cancel.")
    def half_factor(self) -> dict[str, Any] | None:
        doubled = _scaled(2, self.output_delta)
        return self._wrong(output_delta=doubled) if self.loss == "half_squared" else None

    @mistake("The sign is wrong: it is output minus target, not target minus output.")
    def target_minus_output(self) -> dict[str, Any]:
        return self._wrong(output_delta=_scaled(-1, self.output_delta))

    @mistake("The loss is the mean over the batch: divide by the number of samples.")
    def batch_sum_not_mean(self) -> dict[str, Any]:
        return self._wrong(output_delta=_scaled(len(self.inputs), self.output_delta))

    @mistake("A hidden unit whose ReLU is closed passes no derivative on: its entry is 0.")
    def no_relu_mask(self) -> dict[str, Any]:
        return self._wrong(hidden_delta=self.back_projected)

    @mistake("Back through a layer one multiplies by the transpose of its weight matrix.")
    def transposed_weights(self) -> dict[str, Any] | None:
        if len(self.W2) != len(self.W1):
            return None
        wrong = _scaled(self.scale, matmul(self.output_delta, transposed(self.W2)))
        return self._wrong(hidden_delta=_masked(wrong, self.hidden))

    @mistake("All gradients are taken at the old weights: W2 changes only after the backward pass.")
    def uses_updated_w2(self) -> dict[str, Any] | None:
        if not self.rate:
            return None
        changed = matmul(self.output_delta, _descended(self.W2, self.rate, self.w2_gradient))
        return self.consequences(**self._wrong(hidden_delta=_masked(changed, self.hidden)))

    @mistake("The outer product is transposed: a row of the gradient belongs to a neuron, as in the matrix.")
    def transposed_outer(self) -> dict[str, Any]:
        gradients = {"W1_gradient": self.w1_gradient, "W2_gradient": self.w2_gradient}
        return {blank: transposed(rows) for blank, rows in gradients.items() if len(rows) == len(rows[0])}

    @mistake("Gradient descent goes against the gradient: subtract η times the gradient.")
    def climbs(self) -> dict[str, Any] | None:
        return {"new_W1": _descended(self.W1, -self.rate, self.w1_gradient)} if self.rate else None

    def _wrong(self, **rows: Rows) -> dict[str, Any]:
        """The blank in which the mistake is made; to those that follow from it the error is carried."""
        return {blank: vars(_samples(value))["value"] for blank, value in rows.items()}


class TrainingStepOrder(Question):
    """The lines of a training step in an order that works; with gradient accumulation also what comes out.

    A line must stay before another if it writes what the other reads or writes (Bernstein's conditions);
    additions to a gradient may change places with each other.

    Source: PyTorch tutorial "Optimizing Model Parameters"; torch.Tensor.backward, on accumulation.
    """

    title = "Order of a training step"
    minutes = {1: 2, 2: 5, 3: 8}

    numbers: tuple[tuple[str, float], ...]
    setup: tuple[str, ...]
    lines: tuple[str, ...]

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        drawn = {1: training_step, 2: backward_pass, 3: accumulation}[level]
        return cls(*drawn(rng))

    def flaw(self) -> str | None:
        if not (2 <= len(self.lines) <= 10 and len(self.setup) <= 12 and len(self.numbers) <= 10):
            return "there are not 2 to 10 lines to be ordered, or too many before them"
        for line in (*self.setup, *self.lines):
            if not is_known(line):
                return f"the line {line!r} is not one of those that this question knows"
        if any(abs(number) > 20 for _, number in self.numbers):
            return "a number is larger than 20"
        return self._accumulation_flaw() if self.accumulates else None

    def _accumulation_flaw(self) -> str | None:
        names = {name for name, _ in self.numbers}
        inputs = {f"x_{number}" for number in range(self.backward_calls + 1)}
        if self.setup != ACCUMULATION_SETUP or not inputs | {"rate", "t_0", "t_1"} <= names:
            return "start, rate, or the input or target of a batch is missing"
        if any(number % 1 for name, number in self.numbers if name != "rate"):
            return "the numbers other than the learning rate are not whole"
        terms = [*self.terms, _squared_error_slope(self.start, *self._batch(0))]
        if not all(terms) or not self.gradient:
            return "a gradient is zero"
        return "a gradient is larger than 200" if max(map(abs, (*terms, self.gradient))) > 200 else None

    @property
    def listing(self) -> str:
        """What ran before, as a student reads it."""
        lines = list(self.setup)
        for numbers in (self.numbers[2:], self.numbers[:2]) if self.accumulates else (self.numbers,):
            names, values = zip(*numbers, strict=True) if numbers else ((), ())
            lines[:0] = [f"{', '.join(names)} = {', '.join(map(str, values))}"] if numbers else []
        return "\n".join(lines)

    @property
    def nodes(self) -> tuple[tuple[str, ...], ...]:
        """The graph whose backward pass is to be ordered; empty for other lines."""
        return graph_of(self.setup)

    @property
    def graph(self) -> list[dict[str, Any]]:
        """The graph as a figure shows it."""
        return graph_figure([(name, None) for name, _ in self.numbers], self.nodes)

    def handovers(self) -> list[tuple[str, list[str], list[str]]]:
        """Each derivative that is handed on, the lines that add its terms, and those that read it."""
        does = {line: effects(line) for line in self.lines}
        found = []
        for name in dict.fromkeys(line.split()[0] for line in self.lines):
            adding = [line for line in self.lines if name in does[line].adds]
            reading = [line for line in self.lines if name in does[line].reads]
            found += [(name, adding, reading)] if reading else []
        return found

    def orders(self) -> int:
        """How many orders are right."""
        return number_of_orders(len(self.lines), self._before)

    @property
    def detached(self) -> str | None:
        """The line that makes a target which carries no gradient."""
        return next((line for line in self.lines if line.split(" ")[0] in {"t_2", "with"}), None)

    @property
    def rate(self) -> float:
        """The learning rate; 0 where the lines have no numbers."""
        return dict(self.numbers).get("rate", 0.0)

    @property
    def accumulates(self) -> bool:
        """Whether there are numbers from which the accumulated gradient follows."""
        return "start" in dict(self.numbers)

    @property
    def start(self) -> float:
        """The weight before the step; 0 where the lines have no numbers."""
        return dict(self.numbers).get("start", 0.0)

    @property
    def backward_calls(self) -> int:
        """How often `backward()` is called on the lines to be ordered."""
        return sum(line.endswith(".backward()") for line in self.lines)

    @property
    def batches(self) -> list[tuple[float, float]]:
        """Input and target of each batch whose gradient is accumulated."""
        return [self._batch(number) for number in range(1, self.backward_calls + 1) if self.accumulates]

    @property
    def terms(self) -> list[float]:
        """What each backward call adds to the gradient: the derivative of (wx − t)², which is 2(wx − t)x."""
        return [_squared_error_slope(self.start, x, t) for x, t in self.batches]

    @property
    def gradient(self) -> float:
        """The gradient after all backward calls."""
        return sum(self.terms)

    def _batch(self, number: int) -> tuple[float, float]:
        """Input and target; a target without a number of its own is a prediction that carries no gradient."""
        numbers = dict(self.numbers)
        source = "x_1" if DETACHED in self.lines else "x_3"
        target = numbers.get(f"t_{number}")
        return numbers[f"x_{number}"], self.start * numbers[source] if target is None else target

    def follow(self, given: Given) -> dict[str, Answer]:
        items = tuple(f"`{line}`" for line in self.lines)
        answers: dict[str, Answer] = {"order": Ordering(items, self._before)}
        if self.accumulates:
            answers["gradient"] = Integer(int(self.gradient))
            gradient = given("gradient", self.gradient)
            answers["weight"] = Real(self.start - self.rate * gradient, 2)
        return answers

    @mistake("The optimizer reads the gradients: it can step only after the backward pass has filled them.")
    def step_before_backward(self) -> dict[str, Any] | None:
        return self._moved(STEP, self._first_backward)

    @mistake("Clearing the gradients after the backward pass throws away what it computed: the step is 0.")
    def zero_grad_after_backward(self) -> dict[str, Any] | None:
        return self._moved(CLEAR, len(self.lines) - 2)

    @mistake("The old gradients are still there: clear them before the backward pass, not after the step.")
    def zero_grad_last(self) -> dict[str, Any] | None:
        return self._moved(CLEAR, len(self.lines) - 1)

    @mistake("Backpropagation goes from the output to the inputs, in the reverse of the forward order.")
    def forward_order_for_backprop(self) -> dict[str, Any] | None:
        return {"order": tuple(reversed(range(len(self.lines))))} if self._is_backward_pass else None

    @mistake("A node hands its derivative on only when all its terms have been added, one for each use.")
    def hands_on_too_early(self) -> dict[str, Any] | None:
        targets = [line.split()[0] for line in self.lines]
        late = [line for line, target in zip(self.lines, targets, strict=True) if targets.count(target) > 1]
        return self._moved(late[-1], len(self.lines) - 1) if late and self._is_backward_pass else None

    @mistake(
        "Each backward call adds to `.grad`, which only zero_grad clears: sum the gradients of all calls."
    )
    def no_accumulation(self) -> dict[str, Any] | None:
        return self.consequences(gradient=int(self.terms[-1])) if self.accumulates else None

    @mistake("Gradients that accumulate are added, not averaged.")
    def averages(self) -> dict[str, Any] | None:
        if not self.accumulates or self.gradient % self.backward_calls:
            return None
        return self.consequences(gradient=int(self.gradient) // self.backward_calls)

    @mistake("The gradient of the earlier batch was cleared by zero_grad and does not count.")
    def keeps_old_gradient(self) -> dict[str, Any] | None:
        if not self.accumulates:
            return None
        old = _squared_error_slope(self.start, *self._batch(0))
        return self.consequences(gradient=int(self.gradient + old))

    @mistake("The target t_2 carries no gradient (detach or no_grad): it counts as a constant.")
    def differentiates_target(self) -> dict[str, Any] | None:
        if not self.accumulates or "t_2" in dict(self.numbers):
            return None
        x, t = self._batch(2)
        through_target = -2 * (self.start * x - t) * t / self.start
        return self.consequences(gradient=int(self.gradient + through_target))

    @mistake("The derivative of the square brings down the factor 2.")
    def forgets_2(self) -> dict[str, Any] | None:
        return self.consequences(gradient=int(self.gradient / 2)) if self.accumulates else None

    @mistake("After the step the gradient is still there: the optimizer does not clear it.")
    def step_clears(self) -> dict[str, Any] | None:
        return {"gradient": 0} if self.accumulates else None

    @mistake("Gradient descent subtracts the learning rate times the gradient.")
    def climbs(self) -> dict[str, Any] | None:
        if not self.accumulates:
            return None
        return {"weight": self.start + self.rate * self.gradient}

    @property
    def _before(self) -> tuple[tuple[int, int], ...]:
        """The pairs of lines that must keep their order."""
        does = [effects(line) for line in self.lines]
        pairs = combinations(range(len(self.lines)), 2)
        return tuple((first, second) for first, second in pairs if does[first].conflict(does[second]))

    @property
    def _is_backward_pass(self) -> bool:
        return all(" += " in line for line in self.lines)

    @property
    def _first_backward(self) -> int:
        return next((place for place, line in enumerate(self.lines) if line.endswith(".backward()")), 0)

    def _moved(self, line: str, place: int) -> dict[str, Any] | None:
        """The order in which one line stands at another place."""
        if line not in self.lines:
            return None
        order = [number for number, other in enumerate(self.lines) if other != line]
        order.insert(place, self.lines.index(line))
        return {"order": tuple(order)}


Rows = tuple[tuple[float, ...], ...]
"""A matrix; for activations and their derivatives a row per sample."""
_TINY = (-2, -1, 1, 2)
_SMALL = (-3, *_TINY, 3)
_AS_COMPUTED = Given()


def _scalar(value: float) -> Answer:
    """A whole number stays one; what has passed through a function is a real."""
    return Integer(value) if isinstance(value, int) else Real(value, DECIMALS)


_ACTIVATIONS: Mapping[str, Callable[[float], float]] = {
    "sigmoid": sigmoid,
    "tanh": math.tanh,
    "linear": lambda argument: argument,
}
_SLOPES: Mapping[str, Callable[[float], float]] = {
    "sigmoid": lambda output: output * (1 - output),
    "tanh": lambda output: 1 - output * output,
    "linear": lambda output: 1,
}
"""The derivative of each activation, expressed by its output."""


def _unit(
    rng: Random, inputs: Rows, firing: tuple[bool, ...], choices: Sequence[int]
) -> tuple[tuple[int, ...], int]:
    """Weights and bias of a ReLU unit that is active for the samples marked by `firing` and for no other."""
    while True:
        weights, bias = tuple(rng.choice(choices) for _ in inputs[0]), rng.randint(-2, 2)
        sums = [dot(weights, sample) + bias for sample in inputs]
        if all(sums) and tuple(entry > 0 for entry in sums) == firing:
            return weights, bias


def _affine(samples: Sequence[Row], weights: Sequence[Row], bias: Row) -> Rows:
    """Wx + b for each sample, as rows."""
    return tuple(tuple(map(sum, zip(row, bias, strict=True))) for row in matmul(samples, transposed(weights)))


def _softmax(logits: Row) -> tuple[float, ...]:
    powers = [math.exp(logit - max(logits)) for logit in logits]
    return tuple(power / sum(powers) for power in powers)


def _masked(rows: Rows, activations: Rows) -> Rows:
    """The entries where the ReLU is open, and 0 elsewhere."""
    return tuple(
        tuple(entry if open_ > 0 else 0 for entry, open_ in zip(row, activation, strict=True))
        for row, activation in zip(rows, activations, strict=True)
    )


def _scaled(factor: float, rows: Rows) -> Rows:
    return tuple(tuple(factor * entry for entry in row) for row in rows)


def _descended(weights: Rows, rate: float, gradient: Rows) -> Rows:
    """The weights after a step of gradient descent."""
    return tuple(
        tuple(weight - rate * slope for weight, slope in zip(row, slopes, strict=True))
        for row, slopes in zip(weights, gradient, strict=True)
    )


def _matrix(rows: Rows) -> Matrix:
    whole = all(isinstance(entry, int) for row in rows for entry in row)
    return Matrix(rows, 0 if whole else DECIMALS)


def _samples(rows: Rows) -> Answer:
    """A row per sample; of a single sample a vector, or a number where it has one entry."""
    if len(rows) > 1:
        return _matrix(rows)
    return _scalar(rows[0][0]) if len(rows[0]) == 1 else Vector(rows[0], _matrix(rows).decimals)


def _as_rows(value: Any) -> Rows:
    """The inverse of the value that `_samples` has."""
    row = value if isinstance(value, tuple) else (value,)
    return row if isinstance(row[0], tuple) else (row,)


def _squared_error_slope(weight: float, x: float, target: float) -> float:
    """The derivative of (wx − t)² with respect to w."""
    return 2 * (weight * x - target) * x
