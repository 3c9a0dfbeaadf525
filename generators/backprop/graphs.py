"""Derivatives on computation graphs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, Self

from ...answers import Answer
from ...question import Given, Question, mistake
from .computation_graphs import (
    OPERATIONS,
    Partials,
    backward,
    forward,
    random_nodes,
    structural_flaw,
    uses_of,
)
from .computation_graphs import figure as graph_figure
from .rows import (
    scalar_key,
)


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
        answers = {f"value_{name}": scalar_key(value) for name, value in computed.items()}
        return answers | {f"derivative_{name}": scalar_key(value) for name, value in derivatives.items()}

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
