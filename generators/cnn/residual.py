"""Residual blocks: what flows back through them, and what they are made of."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from math import prod
from random import Random
from typing import Any, Self

from ...answers import Answer, Integer, Matrix, Real, Shape, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import bounded, dot, matmul, transposed

LARGEST = 100
MOST_BLOCKS = 6
TENTHS = (-0.9, -0.8, -0.6, -0.5, -0.4, -0.3, -0.2, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 0.9)
Rows = Sequence[Sequence[float]]

BRANCHES: Mapping[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "linear": (lambda z: z, lambda z: 1),
    "relu": (lambda z: max(0, z), lambda z: float(z > 0)),
    "sigmoid": (lambda z: (1 + math.tanh(z / 2)) / 2, lambda z: (1 - math.tanh(z / 2) ** 2) / 4),
    "tanh": (math.tanh, lambda z: 1 - math.tanh(z) ** 2),
    "sin": (math.sin, math.cos),
}
"""What a branch does to its weighted input, and its derivative."""
LATEX = {"linear": "", "relu": r"\mathrm{ReLU}", "sigmoid": r"\sigma", "tanh": r"\tanh", "sin": r"\sin"}
SLOPES = {
    "relu": r"\mathrm{ReLU}'",
    "sigmoid": r"\sigma'",
    "tanh": r"\tanh'",
    "sin": r"\cos",
}
"""The derivative of a branch's function."""


class ResidualGradient(Question):
    """The output of residual blocks, and the gradient that comes back through them.

    A block adds its input, times a number, to what its branch makes of it. At level 1 one linear block; at
    level 2 two blocks with a non-linear branch; at level 3 many blocks compared with the same layers without
    their skips, or the Jacobian matrix of a block of vectors with ReLU behind the addition.

    Source: He et al. 2016, Identity mappings in deep residual networks, section 2, equations 3 to 5, and
    section 3, equation 8.
    """

    title = "Gradient through residual blocks"
    minutes = {1: 2, 2: 6, 3: 6}

    start: tuple[float, ...]
    """What goes into the first block: one number, or a vector."""
    weights: tuple[float, ...]
    """Of the branch of each block of numbers."""
    matrix: tuple[tuple[float, ...], ...]
    """The weights of a block of vectors; none where the blocks are of numbers."""
    function: str
    """Of the branch: `linear`, `relu`, `sigmoid`, `tanh` or `sin`."""
    skip: float
    """By which the input is multiplied before it is added."""
    upstream: tuple[float, ...]
    """The gradient of the loss with respect to the last output."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        gradient = (rng.choice([-4, -3, -2, 2, 3, 4]),)
        if level == 1:
            return cls((rng.choice([1, 2, 3, 4, 5]),), (rng.choice(TENTHS),), (), "linear", 1, gradient)
        if level == 2:
            weights = tuple(rng.sample([-1.5, -1, -0.5, 0.5, 1, 1.5, 2], 2))
            function = rng.choice(["relu", "sigmoid", "tanh"])
            start = (rng.choice([-1.5, -1, -0.5, 0.5, 1, 1.5, 2]),)
            return cls(start, weights, (), function, rng.choice([0.5, 2, 1]), gradient)
        if rng.random() < 0.5:
            weights = tuple(rng.choice(TENTHS) for _ in range(rng.choice([3, 4, 5])))
            return cls(
                (rng.choice([1, 2, 5, 10]),), weights, (), "linear", rng.choice([1, 1, 0.5, 2]), gradient
            )
        size = range(rng.choice([2, 2, 3]))
        matrix = tuple(tuple(rng.randint(-2, 2) for _ in size) for _ in size)
        x, arriving = (tuple(rng.choice([-3, -2, -1, 1, 2, 3]) for _ in size) for _ in range(2))
        return cls(x, (), matrix, "linear", rng.choice([1, 1, 2]), arriving)

    def flaw(self) -> str | None:
        if self.function not in BRANCHES:
            return f"the function is one of {', '.join(BRANCHES)}"
        if len(self.start) != len(self.upstream) or not 1 <= len(self.start) <= 3:
            return "input and gradient are one to three numbers each"
        if not bounded(self._numbers, LARGEST) or any(round(number, 3) != number for number in self._numbers):
            return f"all numbers have at most 3 decimals and are at most {LARGEST}"
        if not (self.skip and any(self.upstream) and all(self.start)):
            return "input, gradient and skip are not zero"
        return self._flaw_of_vectors() if self.matrix else self._flaw_of_blocks()

    @property
    def _numbers(self) -> tuple[float, ...]:
        entries = [entry for row in self.matrix for entry in row]
        return (*self.start, *self.weights, *entries, self.skip, *self.upstream)

    def _flaw_of_vectors(self) -> str | None:
        if any(len(row) != len(self.matrix) for row in self.matrix) or len(self.matrix) != len(self.start):
            return "the matrix is square and as large as the input"
        if self.weights or self.function != "linear" or len(self.start) < 2:
            return "a block of vectors has one matrix, and ReLU only behind the addition"
        if any(number != int(number) for number in self._numbers):
            return "the numbers of a block of vectors are whole"
        if 0 in self.sums or len({total > 0 for total in self.sums}) < 2:
            return "ReLU passes all or nothing on, or stands at its kink"
        return None if any(self.returned) else "no gradient comes back"

    def _flaw_of_blocks(self) -> str | None:
        if len(self.start) != 1 or not 1 <= len(self.weights) <= MOST_BLOCKS:
            return f"one to {MOST_BLOCKS} blocks take one number"
        if len(self.weights) > 2 and self.function != "linear":
            return "more than two blocks are linear"
        if not all(self.weights):
            return "a weight is zero"
        points = [weight * x for weight, x in zip(self.weights, self.states, strict=False)]
        if self.function != "linear" and not all(0.05 <= abs(point) <= 4 for point in points):
            return "a branch stands at a kink or is saturated"
        if self.function == "relu" and all(point < 0 for point in points):
            return "all branches are dead"
        return "no gradient comes back" if abs(prod(self.slopes)) < 1e-3 else None

    @property
    def deep(self) -> bool:
        """Whether only the whole chain is asked for, and compared with one without skips."""
        return len(self.weights) > 2

    @property
    def decimals(self) -> int:
        """The decimals that are asked for."""
        return 2 if len(self.weights) == 1 and self.function == "linear" else 4

    @property
    def states(self) -> tuple[float, ...]:
        """The input and the output of each block of numbers."""
        states = [self.start[0]]
        for weight in self.weights:
            states.append(self._output(weight, states[-1]))
        return tuple(states)

    @property
    def slopes(self) -> tuple[float, ...]:
        """The derivative of each block's output with respect to its input."""
        return tuple(self._slope(weight, x) for weight, x in zip(self.weights, self.states, strict=False))

    @property
    def branch_slopes(self) -> tuple[float, ...]:
        """The same of the branches alone."""
        return tuple(slope - self.skip for slope in self.slopes)

    @property
    def sums(self) -> tuple[float, ...]:
        """What comes out of the addition of vectors."""
        return tuple(
            dot(row, self.start) + self.skip * x for row, x in zip(self.matrix, self.start, strict=False)
        )

    @property
    def widened(self) -> tuple[tuple[float, ...], ...]:
        """The matrix with the skip on its diagonal."""
        return tuple(
            tuple(entry + self.skip * (i == j) for j, entry in enumerate(row))
            for i, row in enumerate(self.matrix)
        )

    @property
    def jacobian(self) -> tuple[tuple[float, ...], ...]:
        """The Jacobian matrix of the block of vectors."""
        return self._behind_relu(self.widened, self.sums)

    @property
    def returned(self) -> tuple[float, ...]:
        """The gradient with respect to the input vector."""
        return _times(self.upstream, self.jacobian)

    @property
    def function_latex(self) -> str:
        """The branch's function, and what it does to its argument."""
        return LATEX[self.function]

    @property
    def slope_latex(self) -> str:
        """The derivative of the branch's function."""
        return SLOPES.get(self.function, "")

    @property
    def diagram(self) -> list[dict[str, Any]]:
        """One block as a computation graph."""
        through = "x" if self.skip == 1 else "skip"
        scaled = [{"name": "skip", "label": rf"\times {self.skip:g}", "inputs": ["x"]}] * (self.skip != 1)
        last = [{"name": "relu", "label": "ReLU", "inputs": ["sum"]}] * bool(self.matrix)
        return [
            {"name": "x"},
            {"name": "F", "label": "branch F", "inputs": ["x"]},
            *scaled,
            {"name": "sum", "label": "+", "inputs": ["F", through]},
            *last,
        ]

    def _output(self, weight: float, x: float) -> float:
        return BRANCHES[self.function][0](weight * x) + self.skip * x

    def _slope(self, weight: float, x: float) -> float:
        return BRANCHES[self.function][1](weight * x) * weight + self.skip

    @staticmethod
    def _behind_relu(matrix: Rows, sums: Sequence[float]) -> tuple[tuple[float, ...], ...]:
        return tuple(
            tuple(entry * (total > 0) for entry in row) for row, total in zip(matrix, sums, strict=True)
        )

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.matrix:
            return self._follow_vectors(given)
        if self.deep:
            chain, alone = prod(self.slopes), prod(self.branch_slopes)
            gradient = self.upstream[0]
            return {
                "output": Real(self.states[-1], self.decimals),
                "gradient": Real(gradient * chain, self.decimals),
                "without": Real(gradient * alone, self.decimals),
            }
        keys: dict[str, Answer] = {}
        x, chain = self.start[0], 1.0
        for number, weight in enumerate(self.weights, 1):
            slope = self._slope(weight, x)
            keys[f"output_{number}"] = Real(self._output(weight, x), self.decimals)
            x = given(f"output_{number}", self._output(weight, x))
            keys[f"slope_{number}"] = Real(slope, self.decimals)
            chain *= given(f"slope_{number}", slope)
        return keys | {"gradient": Real(self.upstream[0] * chain, self.decimals)}

    def _follow_vectors(self, given: Given) -> dict[str, Answer]:
        sums = given("sums", self.sums)
        jacobian = self._behind_relu(self.widened, sums)
        return {
            "sums": Vector(self.sums),
            "output": Vector(tuple(max(0, total) for total in sums)),
            "jacobian": Matrix(jacobian),
            "gradient": Vector(_times(self.upstream, given("jacobian", jacobian))),
        }

    def _with_slopes(self, slopes: Sequence[float]) -> MistakeValues:
        """What other derivatives of the blocks lead to."""
        if self.deep:
            return {"gradient": self.upstream[0] * prod(slopes)}
        return self.consequences(**{f"slope_{n}": slope for n, slope in enumerate(slopes, 1)})

    @mistake("The skip lets the gradient pass too: add its factor to the derivative of the branch.")
    def drops_skip(self) -> MistakeValues:
        if self.matrix:
            return self.consequences(jacobian=self._behind_relu(self.matrix, self.sums))
        return self._with_slopes(self.branch_slopes)

    @mistake(
        "The skip is added to the branch, so its factor adds to the derivative and does not multiply it."
    )
    def multiplies(self) -> MistakeValues:
        if self.matrix:
            return None
        return self._with_slopes([self.skip * slope for slope in self.branch_slopes])

    @mistake("The skip is multiplied by {skip:g}, and so is its derivative: it is not 1.")
    def adds_one(self) -> MistakeValues:
        if self.skip == 1:
            return None
        if self.matrix:
            ones = tuple(tuple(x + (i == j) for j, x in enumerate(row)) for i, row in enumerate(self.matrix))
            return self.consequences(jacobian=self._behind_relu(ones, self.sums))
        return self._with_slopes([1 + slope for slope in self.branch_slopes])

    @mistake("The derivatives of blocks that follow each other multiply.")
    def sum_over_blocks(self) -> MistakeValues:
        return None if self.matrix else {"gradient": self.upstream[0] * sum(self.slopes)}

    @mistake("The gradient goes on through all blocks down to the input.")
    def stops_at_the_last_block(self) -> MistakeValues:
        return None if self.matrix else {"gradient": self.upstream[0] * self.slopes[-1]}

    @mistake("The gradient of the loss that arrives at the output is a factor too.")
    def forgets_the_upstream(self) -> MistakeValues:
        return None if self.matrix else {"gradient": prod(self.slopes)}

    @mistake("The weight inside the branch is a factor of its derivative.")
    def forgets_the_inner_weight(self) -> MistakeValues:
        if self.matrix or self.function == "linear":
            return None
        parts = zip(self.branch_slopes, self.weights, strict=True)
        return self._with_slopes([slope / weight + self.skip for slope, weight in parts])

    @mistake("What went into the block is added to the output of its branch.")
    def puts_out_the_branch(self) -> MistakeValues:
        if self.matrix:
            return self.consequences(sums=tuple(dot(row, self.start) for row in self.matrix))
        if self.deep:
            return {"output": self.start[0] * prod(self.branch_slopes)}
        return {"output_1": self.states[1] - self.skip * self.start[0]}

    @mistake("The input is multiplied by {skip:g} before it is added.")
    def adds_the_input_as_it_is(self) -> MistakeValues:
        if self.skip == 1 or self.deep:
            return None
        if self.matrix:
            missing = [(1 - self.skip) * x for x in self.start]
            return self.consequences(sums=tuple(a + b for a, b in zip(self.sums, missing, strict=True)))
        return {"output_1": self.states[1] + (1 - self.skip) * self.start[0]}

    @mistake("Each number is added to its own place only: the skip stands on the diagonal.")
    def adds_the_skip_everywhere(self) -> MistakeValues:
        if not self.matrix:
            return None
        full = tuple(tuple(entry + self.skip for entry in row) for row in self.matrix)
        return self.consequences(jacobian=self._behind_relu(full, self.sums))

    @mistake("ReLU stops the gradient where the sum is negative.")
    def forgets_the_relu(self) -> MistakeValues:
        return self.consequences(jacobian=self.widened) if self.matrix else None

    @mistake("Backwards the transposed Jacobian matrix is multiplied by the gradient.")
    def forgets_to_transpose(self) -> MistakeValues:
        return {"gradient": _times(self.upstream, transposed(self.jacobian))} if self.matrix else None


def _times(row: Sequence[float], matrix: Rows) -> tuple[float, ...]:
    """A row vector times a matrix."""
    return matmul((row,), matrix)[0]


BASIC, BOTTLENECK = "basic", "bottleneck"
EXPANSION = {BASIC: 1, BOTTLENECK: 4}
"""The output of a block has so many times the channels inside."""
LARGEST_SIZE = 4096


class ResidualBlockParameters(Question):
    """The parameters and the output of a residual block, or of a stage of a residual network.

    At level 1 a basic block that keeps its shape; at level 2 a basic block whose shortcut needs a projection;
    at level 3 a bottleneck block, or all blocks of a stage and the layers of the network.

    Source: He et al. 2016, Deep residual learning for image recognition, section 3.3, figure 5 and table 1.
    """

    title = "Parameters of residual blocks"
    minutes = {1: 3, 2: 4, 3: 6}

    kind: str
    """`basic` or `bottleneck`."""
    size: tuple[int, int, int]
    """Channels, rows and columns that go in."""
    width: int
    """The channels inside a block."""
    stride: int
    """Of the first block's first 3 × 3 convolution."""
    stages: tuple[int, ...]
    """The blocks of each stage of the network; none where one block is asked for."""
    stage: int
    """The place of the stage that is asked for, from 0."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        side, width = rng.choice([8, 14, 16, 28, 32, 56]), rng.choice([16, 24, 32, 48, 64, 96, 128])
        if level == 1:
            return cls(BASIC, (width, side, side), width, 1, (), 0)
        if level == 2:
            channels, stride = rng.choice([(width // 2, 2), (width // 4, 2), (width // 2, 1), (width, 2)])
            rows, columns = rng.sample([8, 14, 16, 28, 32, 56], 2)
            return cls(BASIC, (channels, rows, columns), width, stride, (), 0)
        if rng.random() < 0.4:
            channels = rng.choice([4 * width, 2 * width, width])
            return cls(BOTTLENECK, (channels, side, side), width, 2 if channels == 2 * width else 1, (), 0)
        kind, stem = rng.choice([BASIC, BOTTLENECK]), rng.choice([16, 32, 64])
        stages = tuple(rng.randint(2, 8) for _ in range(rng.choice([3, 4])))
        stage = rng.randrange(len(stages))
        width = stem * 2**stage
        channels = EXPANSION[kind] * width // 2 if stage else stem
        side = rng.choice([16, 32, 56])
        return cls(kind, (channels, side, side), width, 2 if stage else 1, stages, stage)

    def flaw(self) -> str | None:
        if self.kind not in EXPANSION:
            return "kind is basic or bottleneck"
        if not all(1 <= number <= LARGEST_SIZE for number in (*self.size, self.width)):
            return f"channels, rows and columns are 1 to {LARGEST_SIZE}"
        if self.stride not in {1, 2} or (self.stride == 2 and any(side % 2 for side in self.size[1:])):
            return "the stride is 1, or 2 for even rows and columns"
        if not self.stages:
            return None if self.stage == 0 else "there is no such stage"
        if len(self.stages) > 6 or not 0 <= self.stage < len(self.stages):
            return "the stage is one of at most six"
        if not all(1 <= blocks <= 50 for blocks in self.stages):
            return "a stage has 1 to 50 blocks"
        return None if self.blocks > 1 else "the stage has only one block"

    @property
    def blocks(self) -> int:
        """The blocks that are asked for."""
        return self.stages[self.stage] if self.stages else 1

    @property
    def outputs(self) -> int:
        """The channels that come out."""
        return EXPANSION[self.kind] * self.width

    @property
    def projects(self) -> bool:
        """Whether the first block's shortcut needs a projection."""
        return self.stride > 1 or self.size[0] != self.outputs

    @property
    def output(self) -> tuple[int, int, int]:
        """The size that comes out."""
        return self.outputs, self.size[1] // self.stride, self.size[2] // self.stride

    @property
    def branch(self) -> tuple[tuple[int, int, int], ...]:
        """Kernel, channels in and channels out of the convolutions of the first block's branch."""
        return self._branch(self.size[0])

    @property
    def further_branch(self) -> tuple[tuple[int, int, int], ...]:
        """The same of each further block."""
        return self._branch(self.outputs)

    def _branch(self, channels: int) -> tuple[tuple[int, int, int], ...]:
        if self.kind == BASIC:
            return (3, channels, self.width), (3, self.width, self.width)
        return (1, channels, self.width), (3, self.width, self.width), (1, self.width, self.outputs)

    @property
    def diagram(self) -> list[dict[str, Any]]:
        """The first block as a computation graph."""
        names = [f"{kernel}×{kernel}, {filters}" for kernel, _, filters in self.branch]
        shortcut = [{"name": "short", "label": "shortcut", "inputs": ["x"]}]
        nodes: list[dict[str, Any]] = [{"name": "x"}]
        for place, name in enumerate(names):
            nodes.append({"name": f"c{place}", "label": name, "inputs": [f"c{place - 1}" if place else "x"]})
        ends = [f"c{len(names) - 1}", "short"]
        added = {"name": "sum", "label": "+", "inputs": ends}
        return [*nodes, *shortcut, added, {"name": "relu", "label": "ReLU", "inputs": ["sum"]}]

    @property
    def convolutions(self) -> int:
        """The weights of the first block's branch."""
        return _weights(self.branch)

    @property
    def normalizations(self) -> int:
        """The parameters of batch normalization in a branch."""
        return sum(2 * filters for _, _, filters in self.branch)

    @property
    def projection(self) -> int:
        """The parameters of the first block's shortcut."""
        return (self.size[0] + 2) * self.outputs if self.projects else 0

    @property
    def first(self) -> int:
        """The parameters of the first block."""
        return self.convolutions + self.normalizations + self.projection

    @property
    def other(self) -> int:
        """The parameters of each further block of the stage."""
        return _weights(self.further_branch) + self.normalizations

    @property
    def layers(self) -> int:
        """The layers with weights of the network, shortcuts left out."""
        return len(self.branch) * sum(self.stages) + 2

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {}
        if self.stages:
            keys |= {"first": Integer(self.first), "other": Integer(self.other)}
            total = given("first", self.first) + (self.blocks - 1) * given("other", self.other)
            return keys | {
                "total": Integer(total),
                "size": Shape(self.output),
                "layers": Integer(self.layers),
            }
        parts = {"convolutions": self.convolutions, "normalizations": self.normalizations}
        if self.projects:
            parts["projection"] = self.projection
        keys |= {blank: Integer(part) for blank, part in parts.items()}
        total = sum(given(blank, part) for blank, part in parts.items())
        return keys | {"total": Integer(total), "size": Shape(self.output)}

    def _wrong(self, convolutions: int = 0, normalizations: int = 0, projection: int = 0) -> MistakeValues:
        """What comes of these numbers too many in the first block; they stand in each block of a stage."""
        if self.stages:
            branches = convolutions + normalizations
            return self.consequences(first=self.first + branches + projection, other=self.other + branches)
        parts = {
            "convolutions": self.convolutions + convolutions,
            "normalizations": self.normalizations + normalizations,
        }
        if self.projects:
            parts["projection"] = self.projection + projection
        return self.consequences(**parts)

    @mistake("Batch normalization has a scale and a shift for each channel.")
    def forgets_bn(self) -> MistakeValues:
        return self._wrong(0, -self.normalizations, -2 * self.outputs)

    @mistake("Batch normalization has two parameters for each channel, a scale and a shift.")
    def one_parameter_per_channel(self) -> MistakeValues:
        return self._wrong(0, -self.normalizations // 2, -self.outputs)

    @mistake("These convolutions have no biases.")
    def conv_biases_counted(self) -> MistakeValues:
        return self._wrong(self.normalizations // 2, 0, self.outputs)

    @mistake("Where the shapes differ, the shortcut is a convolution with parameters of its own.")
    def no_projection(self) -> MistakeValues:
        if not self.projects:
            return None
        if self.stages:
            return self.consequences(first=self.first - self.projection)
        return {"total": self.first - self.projection}

    @mistake("The projection is a 1 × 1 convolution.")
    def projection_3x3(self) -> MistakeValues:
        return self._wrong(0, 0, 8 * self.size[0] * self.outputs) if self.projects else None

    @mistake("The second convolution of a basic block works on the channels that the first one made.")
    def keeps_the_input_channels(self) -> MistakeValues:
        if self.kind == BOTTLENECK or self.stages:
            return None
        return self.consequences(convolutions=2 * 9 * self.size[0] * self.width)

    @mistake("The last 1 × 1 convolution of a bottleneck makes four times as many channels.")
    def no_expansion(self) -> MistakeValues:
        if self.kind == BASIC or self.stages:
            return None
        narrow = _weights((*self.branch[:2], (1, self.width, self.width)))
        return self.consequences(convolutions=narrow) | {"size": (self.width, *self.output[1:])}

    @mistake("Only the middle convolution of a bottleneck is 3 × 3; the others are 1 × 1.")
    def three_by_three_everywhere(self) -> MistakeValues:
        if self.kind == BASIC or self.stages:
            return None
        return self.consequences(convolutions=9 * sum(before * after for _, before, after in self.branch))

    @mistake("The shortcut is added, not stacked: the channels stay those of the branch.")
    def concatenates_channels(self) -> MistakeValues:
        return {"size": (self.outputs + (self.outputs if self.projects else self.size[0]), *self.output[1:])}

    @mistake("Stride 2 halves rows and columns.")
    def ignores_the_stride(self) -> MistakeValues:
        return {"size": (self.outputs, *self.size[1:])}

    @mistake("Only the first block of a stage changes the channels; the others take what it puts out.")
    def repeats_the_first_block(self) -> MistakeValues:
        return self.consequences(other=self.first) if self.stages else None

    @mistake("Each block has {convolutions_per_block} layers with weights.")
    def counts_blocks(self) -> MistakeValues:
        return {"layers": sum(self.stages) + 2} if self.stages else None

    @mistake("The first convolution and the last linear layer have weights too.")
    def forgets_both_ends(self) -> MistakeValues:
        return {"layers": self.layers - 2} if self.stages else None

    @property
    def convolutions_per_block(self) -> int:
        """The convolutions of a branch."""
        return len(self.branch)


def _weights(convolutions: Sequence[tuple[int, int, int]]) -> int:
    return sum(kernel**2 * before * after for kernel, before, after in convolutions)
