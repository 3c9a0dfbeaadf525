"""Lines of training steps: drawn at random, and what each of them reads and writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random

from .computation_graphs import Nodes, random_nodes

Numbers = tuple[tuple[str, float], ...]
Lines = tuple[str, ...]

CLEAR = "optimizer.zero_grad()"
STEP = "optimizer.step()"
ACCUMULATION_SETUP = (
    "w = torch.tensor(start, dtype=torch.float64, requires_grad=True)",
    "optimizer = torch.optim.SGD([w], lr=rate)",
    "((w * x_0 - t_0) ** 2).backward()",
)
DETACHED = "t_2 = prediction_1.detach()"
NO_GRAD = "with torch.no_grad(): t_2 = w * x_3"

_MODELS = (
    ("nn.Linear(3, 1)", "nn.MSELoss()", "torch.randn(8, 3)", "torch.randn(8, 1)"),
    ("nn.Linear(4, 3)", "nn.CrossEntropyLoss()", "torch.randn(8, 4)", "torch.randint(3, (8,))"),
    ("nn.Linear(2, 1)", "nn.BCEWithLogitsLoss()", "torch.randn(8, 2)", "torch.rand(8, 1)"),
)
"""A model, its criterion, and a batch of inputs and targets for them."""
_OPTIMIZERS = (
    "torch.optim.SGD(model.parameters(), lr=0.1)",
    "torch.optim.Adam(model.parameters(), lr=0.01)",
)


def training_step(rng: Random) -> tuple[Numbers, Lines, Lines]:
    """What ran before, and the five lines of a step in a right order."""
    model, criterion, inputs, targets = rng.choice(_MODELS)
    x, t = rng.choice([("inputs", "targets"), ("inputs", "labels"), ("features", "targets"), ("x", "t")])
    y = rng.choice(["prediction", "output"])
    setup = (
        "torch.manual_seed(0)",
        f"model = {model}",
        f"criterion = {criterion}",
        f"optimizer = {rng.choice(_OPTIMIZERS)}",
        f"criterion(model({inputs}), {targets}).backward()",
        f"{x}, {t} = {inputs}, {targets}",
    )
    lines = (CLEAR, f"{y} = model({x})", f"loss = criterion({y}, {t})", "loss.backward()", STEP)
    return (), setup, lines


def backward_pass(rng: Random) -> tuple[Numbers, Lines, Lines]:
    """The terms of reverse accumulation on a graph whose forward pass ran before; a node is used twice."""
    tree = random_nodes(rng, rng.choice([["+", "*"], ["*", "*"]]), [], rng.choice([[], ["square"]]))
    *inner, top = (name for name, *_ in tree)
    nodes = (*tree, ("g", rng.choice("+*"), top, rng.choice(inner)))
    numbers = tuple((name, float(rng.choice([-3, -2, 2, 3, 4, 5]))) for name in "xyz")
    *names, output = [*"xyz", *(name for name, *_ in nodes)]
    forward = (f"{name} = {_FORMULAS[operation](*operands)}" for name, operation, *operands in nodes)
    zeros = f"{' = '.join(f'grad_{name}' for name in names)} = 0"
    lines = (
        f"grad_{operand} += grad_{name}{factor}"
        for name, operation, *operands in reversed(nodes)
        for operand, factor in zip(operands, _LOCAL_FACTORS[operation](*operands), strict=True)
    )
    return numbers, (*forward, zeros, f"grad_{output} = 1"), tuple(lines)


def accumulation(rng: Random) -> tuple[Numbers, Lines, Lines]:
    """Several backward calls before one step, perhaps with a target that carries no gradient."""
    kind = rng.choice(["two batches", "three batches", DETACHED, NO_GRAD])
    if kind == "three batches":
        batches = [[f"loss_{i} = (w * x_{i} - t_{i}) ** 2", f"loss_{i}.backward()"] for i in (1, 2, 3)]
    else:
        batches = [
            [
                f"prediction_{i} = w * x_{i}",
                f"loss_{i} = (prediction_{i} - t_{i}) ** 2",
                f"loss_{i}.backward()",
            ]
            for i in (1, 2)
        ]
    if kind in {DETACHED, NO_GRAD}:
        batches[1].insert(1, kind)
    lines = (CLEAR, *(line for batch in batches for line in batch), STEP)
    names = set(re.findall(r"\b[xt]_\d\b", " ".join((*ACCUMULATION_SETUP, *lines))))
    names -= {"t_2"} if kind in {DETACHED, NO_GRAD} else set()
    start = rng.choice([-2, -1, 1, 2, 3])
    numbers: dict[str, float] = {"start": float(start), "rate": rng.choice([0.1, 0.25, 0.5])}
    for name in sorted(names, key=lambda name: (name[-1], name[0] == "t")):
        number = rng.choice([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0])
        # A target is the prediction less an error, so that no gradient is zero.
        numbers[name] = number if name[0] == "x" else start * numbers[f"x_{name[-1]}"] - number
    return tuple(numbers.items()), ACCUMULATION_SETUP, lines


def number_of_orders(count: int, before: Collection[tuple[int, int]]) -> int:
    """How many orders of so many lines keep all pairs in order."""
    first_lines = {second: {first for first, last in before if last == second} for second in range(count)}

    @cache
    def ways(done: frozenset[int]) -> int:
        following = [line for line in range(count) if line not in done and first_lines[line] <= done]
        return sum(ways(done | {line}) for line in following) if following else 1

    return ways(frozenset())


def is_known(line: str) -> bool:
    """Whether a line may be executed: no other text is ever run."""
    return _KNOWN.fullmatch(line) is not None


def graph_of(setup: Lines) -> Nodes:
    """The nodes that the assignments of a forward pass compute."""
    nodes = []
    for line in setup:
        if match := _ASSIGNMENT.fullmatch(line):
            name, first, operation, second = match.groups()
            nodes.append((name, operation, first, second) if second else (name, "square", first))
    return tuple(nodes)


@dataclass(frozen=True)
class Effects:
    """What a line does: the names that it reads, writes, and adds to."""

    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    adds: frozenset[str] = frozenset()

    def conflict(self, other: Effects) -> bool:
        """Whether the order of two lines matters; additions to the same name may change places."""
        changes, other_changes = self.writes | self.adds, other.writes | other.adds
        clashes = (
            self.reads & other_changes,
            changes & other.reads,
            self.writes & other_changes,
            self.adds & other.writes,
        )
        return any(clashes)


def effects(line: str) -> Effects:
    """What a known line reads, writes and adds to; the gradients and the weights are one name each."""
    if line == CLEAR:
        return Effects(writes=frozenset({"gradients"}))
    if line == STEP:
        return Effects(reads=frozenset({"gradients"}), writes=frozenset({"model", "w"}))
    if line.endswith(".backward()"):
        return Effects(reads=frozenset({line.removesuffix(".backward()")}), adds=frozenset({"gradients"}))
    target, sign, expression = re.split(r" (\+?=) ", line.removeprefix("with torch.no_grad(): "))
    reads, changes = frozenset(re.findall(r"[a-z]\w*", expression)), frozenset({target})
    return Effects(reads, adds=changes) if sign == "+=" else Effects(reads, writes=changes)


_ASSIGNMENT = re.compile(r"([a-z]) = ([a-z]) (?:\*\* 2|([+*]) ([a-z]))")
_FORMULAS: Mapping[str, Callable[..., str]] = {
    "+": lambda a, b: f"{a} + {b}",
    "*": lambda a, b: f"{a} * {b}",
    "square": lambda a: f"{a} ** 2",
}
_LOCAL_FACTORS: Mapping[str, Callable[..., tuple[str, ...]]] = {
    "+": lambda a, b: ("", ""),
    "*": lambda a, b: (f" * {b}", f" * {a}"),
    "square": lambda a: (f" * 2 * {a}",),
}
"""What the derivative of a node is multiplied by on its way to each operand."""


def _one_of(texts: Iterable[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, texts))})"


_NAME = "(?:[a-z]|[a-z]{4,10}|[a-z]{1,10}_[0-9a-z])"
_BATCH = _one_of(text for _, _, *batch in _MODELS for text in batch)
_KNOWN = re.compile(
    "|".join(
        (
            _one_of((*ACCUMULATION_SETUP, CLEAR, STEP, "torch.manual_seed(0)")),
            f"model = {_one_of(model for model, *_ in _MODELS)}",
            f"criterion = {_one_of(criterion for _, criterion, *_ in _MODELS)}",
            f"optimizer = {_one_of(_OPTIMIZERS)}",
            rf"criterion\(model\({_BATCH}\), {_BATCH}\)\.backward\(\)",
            f"{_NAME}, {_NAME} = {_BATCH}, {_BATCH}",
            rf"{_NAME} = model\({_NAME}\)",
            rf"{_NAME} = criterion\({_NAME}, {_NAME}\)",
            rf"{_NAME}\.backward\(\)",
            rf"(?:with torch\.no_grad\(\): )?{_NAME} = w \* {_NAME}",
            rf"{_NAME} = {_NAME}\.detach\(\)",
            rf"{_NAME} = \({_NAME}(?: \* {_NAME})? - {_NAME}\) \*\* 2",
            rf"{_NAME} = {_NAME} (?:[+*] {_NAME}|\*\* 2)",
            f"(?:{_NAME} = )+[01]",
            rf"{_NAME} \+= {_NAME}(?: \* 2)?(?: \* {_NAME})?",
        )
    )
)
