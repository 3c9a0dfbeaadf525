"""Tensors on their way through a network: the shape after each line."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Self

from ...answers import Answer, Integer, Shape
from ...question import Given, MistakeValues, Question, mistake
from ..layers import Size

LARGEST = 4096
"""The largest size of an axis."""
MOST_VALUES = 10**7
"""The most values of a tensor."""
ARGUMENTS = {
    "linear": 2,
    "relu": 0,
    "flatten": 1,
    "unsqueeze": 1,
    "transpose": 2,
    "cat": 1,
    "mean": 1,
    "view": None,
    "add": None,
}
"""The operations, with the number of their arguments; view and add take sizes, as many as wanted."""
Operation = tuple[str, tuple[int, ...]]

WORKING = (
    "b c m n: flatten 1, linear cmn h, relu, unsqueeze 1, cat 1",
    "b c m n: view b c -1, transpose 1 2, linear c h, mean 1, linear h o",
    "b c m n: mean 3, linear m h, flatten 1, linear ch o, relu",
    "b m n: linear n h, transpose 1 2, flatten 1, linear mh o, unsqueeze 1",
    "b m n: linear n h, relu, cat 2, mean 1, linear 2h o",
    "b m n: transpose 1 2, linear m h, view b -1, linear nh o, unsqueeze 0",
    "b n: cat 1, linear 2n h, unsqueeze 1, add c 1, mean 2",
    "b n: linear n h, relu, unsqueeze 0, add c 1 1, transpose 0 1",
)
"""Forward passes whose layers fit, from the shape of the input on; letters stand for sizes."""
FAILING = (
    "b c m n: flatten 1, linear mn h, relu, linear h o, unsqueeze 1, add n 1",
    "b c m n: view b c -1, linear m h, relu, mean 1, linear h o, unsqueeze 1",
    "b m n: linear n h, relu, flatten 1, linear h o, unsqueeze 1, cat 1",
    "b m n: linear n h, cat 2, relu, linear h o, transpose 1 2, mean 2",
    "b m n: linear n h, relu, transpose 1 2, linear h o, flatten 1, relu",
    "b m n: transpose 1 2, linear n h, relu, flatten 1, linear nh o, relu",
    "b n: linear n h, unsqueeze 1, cat 1, flatten 1, linear h o, relu",
    "b n: linear n h, relu, cat 0, unsqueeze 2, linear h o, mean 1",
)
"""Forward passes with a layer that does not fit."""


class ShapeTrace(Question):
    """Shapes of a tensor after each line of a forward pass, or the line that fails and its repair.

    Level 1 has linear layers on a batch of vectors, level 2 operations that move and merge axes, level 3 a
    layer that does not fit.

    Source: torch.nn.Linear, section Shape; torch.flatten, torch.Tensor.view, torch.cat; PyTorch's notes on
    broadcasting semantics.
    """

    title = "Shapes in a forward pass"
    minutes = {1: 2, 2: 4, 3: 5}

    shape: Size
    """Of the input, the batch first."""
    operations: tuple[Operation, ...]
    """What is done with the tensor, with its arguments: for a linear layer, its inputs and outputs."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            batch, inputs, hidden, outputs = rng.sample(range(2, 65), 4)
            layers = ("linear", (inputs, hidden)), ("relu", ()), ("linear", (hidden, outputs))
            return cls((batch, inputs), layers)
        few, many = rng.sample(range(2, 9), 4), rng.sample([10, 12, 15, 16, 20, 24, 32, 40, 50, 64], 2)
        sizes = dict(zip("bcmnho", few + many, strict=True))
        return cls(*_filled(rng.choice(WORKING if level == 2 else FAILING), sizes))

    def flaw(self) -> str | None:
        if not 1 <= len(self.operations) <= 8 or not 2 <= len(self.shape) <= 4:
            return "one to eight operations on an input of two to four axes are wanted"
        if not all(_known(*operation) for operation in self.operations):
            return f"an operation is one of {', '.join(ARGUMENTS)}, with its arguments of at most {LARGEST}"
        if not all(1 <= size <= LARGEST for size in self.shape):
            return f"sizes go from 1 to {LARGEST}"
        try:
            shapes = self.shapes
        except ValueError as reason:
            return str(reason)
        if any(math.prod(shape) > MOST_VALUES or not 1 <= len(shape) <= 5 for shape in shapes):
            return f"a tensor has no or more than five axes, or more than {MOST_VALUES} values"
        misfits = [line for line, (inputs, _), before in self._lines("linear") if before[-1] != inputs]
        if not self.layers or len(misfits) > 1:
            return "there must be a linear layer, and at most one that does not fit"
        return None

    @property
    def shapes(self) -> tuple[Size, ...]:
        """The shape after each line, if every layer took the features that it gets."""
        shape, shapes = self.shape, []
        for operation in self.operations:
            shape = _after(operation, shape)
            shapes.append(shape)
        return tuple(shapes)

    @property
    def failing(self) -> int:
        """The line whose layer takes other features than it gets; 0 if there is none."""
        fits = self._lines("linear")
        return next((line for line, (inputs, _), before in fits if before[-1] != inputs), 0)

    @property
    def before(self) -> Size:
        """The shape before the line that fails."""
        return (self.shape, *self.shapes)[max(self.failing, 1) - 1]

    @property
    def layers(self) -> tuple[str, ...]:
        """The lines that make the linear layers."""
        sizes = (arguments for name, arguments in self.operations if name == "linear")
        return tuple(f"fc{number} = nn.Linear({i}, {o})" for number, (i, o) in enumerate(sizes, 1))

    @property
    def names(self) -> tuple[str, ...]:
        """The operations, and the linear layers by their names."""
        numbers = iter(range(1, len(self.operations) + 1))
        return tuple(f"fc{next(numbers)}" if name == "linear" else name for name, _ in self.operations)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the forward pass."""
        return tuple(
            f"x = {_code(name, arguments)}"
            for name, (_, arguments) in zip(self.names, self.operations, strict=True)
        )

    @property
    def stack(self) -> list[dict[str, str]]:
        """The operations with the shapes that they yield, for a figure."""
        return [
            {"label": label, "size": "×".join(map(str, shape))}
            for label, shape in zip(("input", *self.names), (self.shape, *self.shapes), strict=True)
        ]

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.failing:
            return {
                "failing": Integer(self.failing),
                "before": Shape(self.before),
                "features": Integer(given("before", self.before)[-1]),
                "output": Shape(self.shapes[-1]),
            }
        keys, shape = {}, self.shape
        for line, operation in enumerate(self.operations, 1):
            after = _after(operation, shape)
            keys[f"shape{line}"] = Shape(after)
            shape = given(f"shape{line}", after)
        _, (inputs, outputs), _ = next(self._lines("linear"))
        return {**keys, "weight": Shape((outputs, inputs))}

    def _lines(self, name: str) -> Iterator[tuple[int, tuple[int, ...], Size]]:
        """The lines of an operation, with its arguments and the shape before it."""
        before = (self.shape, *self.shapes)
        for line, (other, arguments) in enumerate(self.operations, 1):
            if other == name:
                yield line, arguments, before[line - 1]

    def _wrong(self, line: int, shape: Size) -> MistakeValues:
        """What follows from a wrong shape after a line, if the rest can be done with it."""
        if self.failing:
            return None
        try:
            return self.consequences(**{f"shape{line}": shape})
        except ValueError:
            return {f"shape{line}": shape}

    def _at(self, name: str, wrong: Callable[[tuple[int, ...], Size], Size]) -> MistakeValues:
        """What a wrong rule for an operation makes of its first line."""
        found = next(self._lines(name), None)
        if found is None:
            return None
        line, arguments, before = found
        return self._wrong(line, wrong(arguments, before))

    @mistake("The first axis is the batch: a sample is a row, and its features come last.")
    def batch_last(self) -> MistakeValues:
        if self.failing or {*map(len, self.shapes)} != {2}:
            return None
        return {f"shape{line}": shape[::-1] for line, shape in enumerate(self.shapes, 1)}

    @mistake("The batch goes through the whole network: it remains the first axis.")
    def drops_batch(self) -> MistakeValues:
        if self.failing:
            wrong = {"before": self.before[1:], "output": self.shapes[-1][1:]}
        else:
            wrong = {f"shape{line}": shape[1:] for line, shape in enumerate(self.shapes, 1)}
        return {blank: shape for blank, shape in wrong.items() if shape}

    @mistake("PyTorch stores the weight with a row for each output: outputs × inputs.")
    def weight_transposed(self) -> MistakeValues:
        if self.failing:
            return None
        _, arguments, _ = next(self._lines("linear"))
        return {"weight": arguments}

    @mistake("A linear layer acts on the last axis only and leaves all axes before it as they are.")
    def linear_flattens(self) -> MistakeValues:
        return self._at("linear", lambda arguments, before: (before[0], arguments[1]))

    @mistake("Flattening from axis 1 on leaves the batch as it is.")
    def flatten_merges_batch(self) -> MistakeValues:
        return self._at("flatten", lambda _, before: (math.prod(before),))

    @mistake("Concatenating makes an axis longer; only stacking adds a new one.")
    def cat_stacks(self) -> MistakeValues:
        return self._at("cat", lambda arguments, before: _inserted(before, arguments[0], 2))

    @mistake("Axes are counted from 0: this makes another axis longer.")
    def cat_counts_from_one(self) -> MistakeValues:
        return self._at("cat", lambda arguments, before: _after(("cat", (max(arguments[0] - 1, 0),)), before))

    @mistake("The mean takes its axis away; only with keepdim=True would it stay, with size 1.")
    def mean_keeps_axis(self) -> MistakeValues:
        return self._at("mean", lambda axes, before: (*before[: axes[0]], 1, *before[axes[0] + 1 :]))

    @mistake("The new axis stands at the named place, counted from 0.")
    def unsqueeze_at_end(self) -> MistakeValues:
        return self._at("unsqueeze", lambda _, before: (*before, 1))

    @mistake("transpose exchanges two axes.")
    def transpose_changes_nothing(self) -> MistakeValues:
        return self._at("transpose", lambda _, before: before)

    @mistake("By broadcasting, an axis of size 1 takes the size of the other tensor's axis.")
    def add_changes_nothing(self) -> MistakeValues:
        return self._at("add", lambda _, before: before)

    @mistake("This line still runs; what it returns does not fit the layer of a later one.")
    def blames_line_before(self) -> MistakeValues:
        return {"failing": self.failing - 1} if self.failing > 1 else None

    @mistake("An earlier line fails already: compare what each layer takes with the last axis that it gets.")
    def blames_line_after(self) -> MistakeValues:
        return {"failing": self.failing + 1} if 0 < self.failing < len(self.operations) else None

    @mistake("This is what the layer expects now; it needs the size of the last axis that it gets.")
    def trusts_layer(self) -> MistakeValues:
        if not self.failing:
            return None
        inputs = self.operations[self.failing - 1][1][0]
        return self.consequences(before=(*self.before[:-1], inputs))

    @mistake("A linear layer takes the last axis only, not all axes after the batch.")
    def flattens_for_features(self) -> MistakeValues:
        return {"features": math.prod(self.before[1:])} if self.failing else None

    @mistake("The batch is no feature: the layer does not know its size.")
    def multiplies_batch(self) -> MistakeValues:
        return {"features": self.before[0] * self.before[-1]} if self.failing else None


def _known(name: str, arguments: tuple[int, ...]) -> bool:
    """Whether an operation has this many arguments of a size that makes sense."""
    count = ARGUMENTS.get(name, -1)
    least = 1 if name == "linear" else -1
    return count in {len(arguments), None} and all(least <= number <= LARGEST for number in arguments)


def _after(operation: Operation, shape: Size) -> Size:
    """The shape that an operation makes of another; a linear layer is taken to fit.

    Raises:
        ValueError: the operation cannot take this shape.
    """
    name, arguments = operation
    match name:
        case "linear":
            return *shape[:-1], arguments[1]
        case "relu":
            return shape
        case "view":
            return _viewed(shape, arguments)
        case "add":
            return _broadcast(shape, arguments)
    first, *others = (_axis(number, len(shape) + (name == "unsqueeze")) for number in arguments)
    match name:
        case "flatten":
            return *shape[:first], math.prod(shape[first:])
        case "unsqueeze":
            return _inserted(shape, first, 1)
        case "cat":
            return *shape[:first], 2 * shape[first], *shape[first + 1 :]
        case "mean":
            return *shape[:first], *shape[first + 1 :]
    exchanged = list(shape)
    exchanged[first], exchanged[others[0]] = shape[others[0]], shape[first]
    return tuple(exchanged)


def _axis(number: int, axes: int) -> int:
    if not 0 <= number < axes:
        raise ValueError(f"an operation names axis {number} of a tensor of {axes} axes")
    return number


def _inserted(shape: Size, axis: int, size: int) -> Size:
    return *shape[:axis], size, *shape[axis:]


def _viewed(shape: Size, sizes: tuple[int, ...]) -> Size:
    """The sizes of a view; one of them may be −1, which stands for what is left."""
    known = math.prod(size for size in sizes if size != -1)
    rest, left = divmod(math.prod(shape), known) if known > 0 else (0, 1)
    if min(sizes, default=0) < -1 or left or sizes.count(-1) > 1 or (-1 not in sizes and rest != 1):
        raise ValueError("a view has another number of values than its tensor")
    return tuple(rest if size == -1 else size for size in sizes)


def _broadcast(shape: Size, other: Size) -> Size:
    """The shape of the sum of two tensors.

    Raises:
        ValueError: two axes of different sizes meet, neither of which is 1.
    """
    axes = max(len(shape), len(other))
    pairs = [*zip((1,) * (axes - len(shape)) + shape, (1,) * (axes - len(other)) + other, strict=True)]
    if any(right < 1 or (left != right and 1 not in {left, right}) for left, right in pairs):
        raise ValueError("two tensors cannot be added by broadcasting")
    return tuple(map(max, pairs))


def _code(name: str, arguments: tuple[int, ...]) -> str:
    """An operation on x in PyTorch."""
    numbers = ", ".join(map(str, arguments))
    match name:
        case "cat":
            return f"torch.cat([x, x], dim={numbers})"
        case "mean":
            return f"x.mean(dim={numbers})"
        case "add":
            return f"x + torch.ones({numbers})"
        case _ if name in ARGUMENTS:
            return f"x.{name}({numbers})"
    return f"{name}(x)"


def _filled(recipe: str, sizes: Mapping[str, int]) -> tuple[Size, tuple[Operation, ...]]:
    """The input and the operations of a recipe, with sizes for its letters; letters side by side multiply."""
    shape, *operations = (
        (name, tuple(_number(word, sizes) for word in words))
        for name, *words in map(str.split, re.split("[:,]", f"input {recipe}"))
    )
    return shape[1], tuple(operations)


def _number(word: str, sizes: Mapping[str, int]) -> int:
    if word.lstrip("-").isdigit():
        return int(word)
    return math.prod(int(letter) if letter.isdigit() else sizes[letter] for letter in word)
