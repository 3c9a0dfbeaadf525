"""Computation graphs of scalars: drawn at random, evaluated, and differentiated in reverse."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from ...question import Given
from ..activations.functions import sigmoid

Partials = Callable[..., tuple[float, ...]]
"""The local derivatives of an operation, from its value and its operands."""
Nodes = tuple[tuple[str, ...], ...]
"""The operations of a graph in forward order: name, operation, operands."""
Named = Sequence[tuple[str, int]]
"""Numbers by name: the inputs, or the derivative with respect to each output."""

AS_COMPUTED = Given()


@dataclass(frozen=True)
class Operation:
    """What a node computes from one or two operands.

    Attributes:
        operands: how many it has.
        value: its value from theirs.
        partials: the local derivatives, from its value and its operands.
        latex: its definition, with a place `{}` for each operand.
        slopes: the local derivatives as LaTeX, from the names; empty where they are the numbers 0 or 1.
        symbol: what a figure writes into the node.
    """

    operands: int
    value: Callable[..., float]
    partials: Partials
    latex: str
    slopes: Callable[..., tuple[str, ...]]
    symbol: str


# Whole numbers stay ints, so that their keys are whole numbers too.
OPERATIONS = {
    "+": Operation(
        2, lambda a, b: a + b, lambda value, a, b: (1, 1), "{} + {}", lambda name, a, b: ("", ""), "$+$"
    ),
    "*": Operation(
        2,
        lambda a, b: a * b,
        lambda value, a, b: (b, a),
        r"{} \cdot {}",
        lambda name, a, b: (b, a),
        r"\times",
    ),
    "max": Operation(
        2,
        max,
        lambda value, a, b: (int(a > b), int(b > a)),
        r"\max({},\, {})",
        lambda name, a, b: ("", ""),
        r"\max",
    ),
    "square": Operation(
        1, lambda a: a * a, lambda value, a: (2 * a,), "{}^2", lambda name, a: (f"2{a}",), r"(\cdot)^2"
    ),
    "exp": Operation(1, math.exp, lambda value, a: (value,), r"\exp({})", lambda name, a: (name,), r"\exp"),
    "sigmoid": Operation(
        1,
        sigmoid,
        lambda value, a: (value * (1 - value),),
        r"\sigma({})",
        lambda name, a: (f"{name}(1 - {name})",),
        r"\sigma",
    ),
    "relu": Operation(
        1,
        lambda a: max(a, 0),
        lambda value, a: (int(a > 0),),
        r"\mathrm{{ReLU}}({})",
        lambda name, a: ("",),
        "ReLU",
    ),
}


def random_nodes(rng: Random, merging: Sequence[str], reusing: Sequence[str], unary: Sequence[str]) -> Nodes:
    """Operations on x, y and z in random order, such that every node leads to an output.

    Args:
        rng: the random stream.
        merging: operations that join two loose ends: two of them leave one output, one leaves two.
        reusing: operations on a loose end and a node that was used before.
        unary: operations on one loose end.
    """
    first, *others = rng.sample([*merging, *unary], len(merging) + len(unary))
    others += [f"{operation} again" for operation in reusing]
    loose, used, nodes = list("xyz"), list[str](), []
    for name, step in zip("abcdfghk", (first, *rng.sample(others, len(others))), strict=False):
        operation, _, again = step.partition(" ")
        operands = rng.sample(loose, 1 if again else OPERATIONS[operation].operands)
        loose = [end for end in loose if end not in operands] + [name]
        if again:
            operands.append(rng.choice(used))
        used += [operand for operand in operands if operand not in used]
        nodes.append((name, operation, *sorted(operands)))
    return tuple(nodes)


def structural_flaw(inputs: Named, nodes: Nodes, outputs: Named) -> str | None:
    """What keeps the nodes from being a graph that leads from the inputs to the outputs."""
    if not (1 <= len(inputs) <= 4 and 1 <= len(nodes) <= 9 and all(len(node) > 2 for node in nodes)):
        return "a graph has 1 to 4 inputs and 1 to 9 nodes, each a name, an operation and its operands"
    known = [name for name, _ in inputs]
    for name, operation, *operands in nodes:
        if operation not in OPERATIONS or len(operands) != OPERATIONS[operation].operands:
            return f"{operation!r} with {len(operands)} operands is none of {', '.join(OPERATIONS)}"
        if not set(operands) <= set(known) or len(set(operands)) < len(operands):
            return f"the operands of {name} are not different nodes that come before it"
        known.append(name)
    if len(set(known)) < len(known) or not all(re.fullmatch("[a-zA-Z]", name) for name in known):
        return "the names of inputs and nodes are not different single letters"
    used = {operand for _, _, *operands in nodes for operand in operands}
    if sorted(set(known) - used) != sorted(name for name, slope in outputs if slope):
        return "the outputs are not exactly the nodes that no other node uses"
    if max(abs(number) for _, number in (*inputs, *outputs)) > 20:
        return "a number is larger than 20"
    return None


def figure(inputs: Sequence[tuple[str, int | None]], nodes: Nodes) -> list[dict[str, Any]]:
    """The nodes for a figure: above the inputs stand their values, above the operations their names."""
    boxes = [{"name": name, "value": value} for name, value in inputs]
    return boxes + [
        {"name": name, "label": OPERATIONS[operation].symbol, "inputs": operands, "value": name}
        for name, operation, *operands in nodes
    ]


def forward(inputs: Named, nodes: Nodes, given: Given = AS_COMPUTED) -> dict[str, float]:
    """The value of each node, computed from those that a student already has for the nodes before it."""
    computed: dict[str, float] = {}
    values: dict[str, float] = dict(inputs)
    for name, operation, *operands in nodes:
        computed[name] = OPERATIONS[operation].value(*(values[operand] for operand in operands))
        values[name] = given(f"value_{name}", computed[name])
    return computed


def backward(
    nodes: Nodes,
    outputs: Named,
    values: dict[str, float],
    given: Given = AS_COMPUTED,
    rules: Mapping[str, Partials] | None = None,
    combine: Callable[[Sequence[float]], float] = sum,
) -> dict[str, float]:
    """The derivative with respect to each node and input but the outputs, from the last one back.

    Args:
        nodes: the operations.
        outputs: the derivative with respect to each output.
        values: the value of each input and node, in forward order.
        given: derivatives that a student already has.
        rules: local derivatives that take the place of the right ones.
        combine: what becomes of the terms from the different uses of a node.
    """
    computed: dict[str, float] = {}
    derivatives: dict[str, float] = dict(outputs)
    for name in reversed(values):
        if name not in derivatives:
            terms = [derivatives[user] * local for user, local in uses_of(nodes, name, values, rules or {})]
            computed[name] = combine(terms)
            derivatives[name] = given(f"derivative_{name}", computed[name])
    return computed


def uses_of(
    nodes: Nodes, name: str, values: Mapping[str, float], rules: Mapping[str, Partials]
) -> list[tuple[str, float]]:
    """The nodes that use a node, each with its local derivative."""
    found = []
    for user, operation, *operands in nodes:
        if name in operands:
            partials = rules.get(operation, OPERATIONS[operation].partials)
            local = partials(values[user], *(values[operand] for operand in operands))
            found.append((user, local[operands.index(name)]))
    return found
