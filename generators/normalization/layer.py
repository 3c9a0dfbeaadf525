"""Layer normalization, and what the methods of normalization average over."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random
from typing import Any, Self

from ...answers import Answer, Integer, Matrix, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, bounded, printable, transposed
from .samples import drawn_sample, mean, variance

Rows = tuple[tuple[float, ...], ...]
LARGEST = 1000
METHODS = {
    "batch": "batch normalization",
    "layer": "layer normalization over (C, H, W)",
    "instance": "instance normalization",
    "group": "group normalization",
}
MOST_VALUES = 10**7


class Layernorm(Question):
    """Layer normalization of vectors, at level 3 of the sum of an input and what a sublayer made of it.

    Source: Ba, Kiros & Hinton 2016, Layer normalization, equation 4; torch.nn.LayerNorm; Vaswani et al. 2017,
    Attention is all you need, section 3.1, for the residual connection.
    """

    title = "Layer normalization"
    minutes = {1: 3, 2: 5, 3: 6}

    samples: Rows
    """The vectors that are normalized, or the inputs that are added to the outputs of a sublayer."""
    sublayer: Rows
    """What a sublayer made of the inputs; none if there is no residual connection."""
    gamma: tuple[float, ...]
    beta: tuple[float, ...]

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            size = rng.choice([4, 5])
            return cls((drawn_sample(rng, size, -4, 12),), (), (1,) * size, (0,) * size)
        gamma = tuple(rng.choice([0.5, 1, 2, 3]) for _ in range(4))
        beta = tuple(rng.choice([-2, -1, 0, 1, 2]) for _ in range(4))
        sums = tuple(drawn_sample(rng, 4, -6, 14, distinct=3) for _ in range(2 if level == 2 else 1))
        if level == 2:
            return cls(sums, (), gamma, beta)
        sublayer = tuple(tuple(rng.randint(-4, 4) for _ in row) for row in sums)
        inputs = tuple(
            tuple(total - part for total, part in zip(*rows, strict=True))
            for rows in zip(sums, sublayer, strict=True)
        )
        return cls(inputs, sublayer, gamma, beta)

    def flaw(self) -> str | None:
        sizes = {len(row) for row in (*self.samples, *self.sublayer, self.gamma, self.beta)}
        if len(sizes) != 1 or not 3 <= min(sizes) <= 6 or not 1 <= len(self.samples) <= 3:
            return "one to three vectors of three to six entries are normalized, scaled and shifted"
        if self.sublayer and not len(self.sublayer) == len(self.samples) == 1:
            return "one input is added to what the sublayer made of it"
        numbers = (*sum(self.samples + self.sublayer, ()), *self.gamma, *self.beta)
        if not bounded(numbers, LARGEST) or not printable(numbers):
            return f"a number is larger than {LARGEST}, or has more than four decimals"
        if min(map(variance, (*self.normalized, *self.sublayer))) < 0.1:
            return "a vector is nearly constant"
        if any(abs(scale) < 0.01 for scale in self.gamma):
            return "a scale of nearly zero hides the entry"
        return None

    @property
    def normalized(self) -> Rows:
        """The vectors that are normalized."""
        pairs = zip(self.samples, self.sublayer or [(0,) * len(self.gamma)] * len(self.samples), strict=True)
        return tuple(tuple(x + part for x, part in zip(*rows, strict=True)) for rows in pairs)

    @property
    def scaled(self) -> bool:
        """Whether scale and shift do something."""
        return {*self.gamma} != {1} or {*self.beta} != {0}

    @property
    def means(self) -> tuple[float, ...]:
        """Of each vector over its entries."""
        return tuple(map(mean, self.normalized))

    @property
    def variances(self) -> tuple[float, ...]:
        """Of each vector over its entries, divided by their number."""
        return tuple(map(variance, self.normalized))

    def follow(self, given: Given) -> dict[str, Answer]:
        rows, keys = self.normalized, dict[str, Answer]()
        if self.sublayer:
            keys["sum"] = Vector(rows[0], 0 if all(entry == int(entry) for entry in rows[0]) else 3)
            rows = (given("sum", rows[0]),)
        means, variances = tuple(map(mean, rows)), tuple(map(variance, rows))
        if len(rows) == 1:
            keys["mean"], keys["variance"] = Real(means[0], 3), Real(variances[0], 3)
            means, variances = (given("mean", means[0]),), (given("variance", variances[0]),)
            return keys | {"output": Vector(self._outputs(rows, means, variances)[0], 3)}
        keys["means"], keys["variances"] = Vector(means, 3), Vector(variances, 3)
        means, variances = given("means", means), given("variances", variances)
        return keys | {"output": Matrix(self._outputs(rows, means, variances), 3)}

    def _outputs(self, rows: Rows, means: Row, variances: Row) -> Rows:
        return tuple(
            tuple(
                gamma * (value - center) / math.sqrt(spread) + beta
                for value, gamma, beta in zip(row, self.gamma, self.beta, strict=True)
            )
            for row, center, spread in zip(rows, means, variances, strict=True)
        )

    def _wrong(self, outputs: Rows) -> MistakeValues:
        return {"output": outputs[0] if len(outputs) == 1 else outputs}

    @mistake("The variance is divided by the number d of entries, not by d − 1.")
    def unbiased_variance(self) -> MistakeValues:
        unbiased = tuple(variance(row, 1) for row in self.normalized)
        return self.consequences(
            **{"variance": unbiased[0]} if len(unbiased) == 1 else {"variances": unbiased}
        )

    @mistake("The statistics are those of each vector over its entries, not of an entry over the batch.")
    def normalizes_over_the_batch(self) -> MistakeValues:
        columns = transposed(self.normalized)
        if any(variance(column) == 0 for column in columns):
            return None
        parts = list(zip(columns, self.gamma, self.beta, strict=True))
        return self._wrong(
            tuple(
                tuple(
                    gamma * (value - mean(column)) / math.sqrt(variance(column)) + beta
                    for value, (column, gamma, beta) in zip(row, parts, strict=True)
                )
                for row in self.normalized
            )
        )

    @mistake("The normalized entries are multiplied by γ, and β is added.")
    def forgets_scale_and_shift(self) -> MistakeValues:
        plain = replace(self, gamma=(1,) * len(self.gamma), beta=(0,) * len(self.beta))
        return self._wrong(plain._outputs(self.normalized, self.means, self.variances))

    @mistake(
        "Subtract the mean and divide by the standard deviation; this divides by the length of the vector."
    )
    def divides_by_the_length(self) -> MistakeValues:
        squares = [sum(value**2 for value in row) for row in self.normalized]
        return self._wrong(self._outputs(self.normalized, (0,) * len(squares), squares))

    @mistake("Divide by the root of the variance, not by the variance.")
    def forgets_the_root(self) -> MistakeValues:
        return self._wrong(
            self._outputs(self.normalized, self.means, tuple(value**2 for value in self.variances))
        )

    @mistake("The input is added to the output of the sublayer before the sum is normalized.")
    def forgets_the_residual(self) -> MistakeValues:
        return self.consequences(sum=self.sublayer[0]) if self.sublayer else None


class AxesAndParameters(Question):
    """How many statistics a method of normalization computes, over how many values, and what it learns.

    Source: Wu & He 2018, Group normalization, section 3.1 and figure 2; torch.nn.BatchNorm2d, LayerNorm,
    InstanceNorm2d and GroupNorm, sections Parameters and Variables.
    """

    title = "What normalization averages over"
    minutes = {1: 2, 2: 4, 3: 5}

    size: tuple[int, int, int, int]
    """Samples, channels, rows and columns."""
    groups: int
    methods: tuple[str, ...]
    """Of `batch`, `layer`, `instance` and `group`, in the order in which they are asked."""
    learned: bool
    """Whether parameters and buffers are asked, not statistics."""
    affine: bool
    """Whether batch, instance and group normalization have a scale and a shift."""
    tracked: bool
    """Whether batch normalization keeps running statistics."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        channels = rng.choice([4, 6, 8, 12])
        size = rng.randint(2, 8), channels, rng.choice([4, 5, 7]), rng.choice([4, 5, 6, 7, 8])
        groups = rng.choice([g for g in range(2, channels) if channels % g == 0])
        methods = ("batch", "layer") if level == 1 else tuple(METHODS)
        order = tuple(rng.sample(methods, len(methods)))
        if level < 3:
            return cls(size, groups, order, learned=False, affine=True, tracked=True)
        return cls(size, groups, order, True, rng.random() < 0.7, rng.random() < 0.5)

    def flaw(self) -> str | None:
        if min(self.size) < 1 or math.prod(self.size) > MOST_VALUES:
            return f"the tensor has at least one and at most {MOST_VALUES} values"
        if self.groups < 1 or self.size[1] % self.groups:
            return "the groups must divide the channels"
        if not set(self.methods) <= set(METHODS) or len(set(self.methods)) != len(self.methods):
            return f"the methods are some of {', '.join(METHODS)}"
        if len(self.methods) < 2:
            return "at least two methods are compared"
        return None

    @property
    def names(self) -> dict[str, str]:
        """What the table calls each method, or the line that makes it."""
        _, channels, rows, columns = self.size
        if not self.learned:
            groups = f" with {self.groups} group{'s' * (self.groups > 1)}"
            return METHODS | {"group": f"{METHODS['group']}{groups}"}
        plain = "" if self.affine else ", affine=False"
        untracked = "" if self.tracked else ", track_running_stats=False"
        return {
            "batch": f"`nn.BatchNorm2d({channels}{plain}{untracked})`",
            "layer": f"`nn.LayerNorm(({channels}, {rows}, {columns}))`",
            "instance": f"`nn.InstanceNorm2d({channels}{', affine=True' if self.affine else ''})`",
            "group": f"`nn.GroupNorm({self.groups}, {channels}{plain})`",
        }

    @property
    def statistics(self) -> dict[str, int]:
        """How many means each method computes."""
        samples, channels = self.size[:2]
        return {
            "batch": channels,
            "layer": samples,
            "instance": samples * channels,
            "group": samples * self.groups,
        }

    @property
    def parameters_of(self) -> dict[str, int]:
        """How many numbers each layer learns."""
        channels = self.size[1]
        scaled = 2 * channels * self.affine
        return {
            "batch": scaled,
            "layer": 2 * math.prod(self.size[1:]),
            "instance": scaled,
            "group": scaled,
        }

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {}
        if not self.learned:
            for method in self.methods:
                count = self.statistics[method]
                keys[f"{method}_means"] = Integer(count)
                values, left = divmod(math.prod(self.size), given(f"{method}_means", count))
                if left:
                    raise ValueError("the values cannot be shared equally by so many means")
                keys[f"{method}_values"] = Integer(values)
            return keys
        for method in self.methods:
            keys[f"{method}_parameters"] = Integer(self.parameters_of[method])
        total = sum(given(f"{method}_parameters", self.parameters_of[method]) for method in self.methods)
        buffers = 2 * self.size[1] * self.tracked
        return keys | {"total": Integer(total), "running": Integer(buffers)}

    def _counted(self, **means: int) -> MistakeValues:
        """The blanks with other numbers of means, and what is left for each."""
        wrong: dict[str, float] = {f"{method}_means": count for method, count in means.items()}
        wrong |= {f"{method}_values": math.prod(self.size) / count for method, count in means.items()}
        asked = self.follow(Given())
        return {blank: value for blank, value in wrong.items() if blank in asked}

    def _learned(self, **counts: Any) -> MistakeValues:
        wrong = {f"{method}_parameters": count for method, count in counts.items() if method in self.methods}
        return self.consequences(**wrong) if self.learned else None

    @mistake("Batch normalization has a mean for each channel, layer normalization one for each sample.")
    def swaps_batch_and_layer(self) -> MistakeValues:
        return self._counted(batch=self.size[0], layer=self.size[1])

    @mistake("Instance normalization has a mean for each channel of each sample.")
    def shares_instances(self) -> MistakeValues:
        return self._counted(instance=self.size[1])

    @mistake("G is the number of groups: each sample has G means, not one for every G channels.")
    def takes_groups_for_their_size(self) -> MistakeValues:
        return self._counted(group=self.size[0] * self.size[1] // self.groups)

    @mistake("The mean of a channel extends over the samples and over all its rows and columns.")
    def normalizes_each_position(self) -> MistakeValues:
        return self._counted(batch=math.prod(self.size[1:]))

    @mistake("nn.LayerNorm learns a scale and a shift for each entry of the shape that it is given.")
    def layer_norm_learns_nothing(self) -> MistakeValues:
        return self._learned(layer=0)

    @mistake("nn.LayerNorm has its own scale and shift for every channel, row and column.")
    def layer_norm_learns_by_channel(self) -> MistakeValues:
        return self._learned(layer=2 * self.size[1])

    @mistake("There are a scale and a shift: two parameters for each channel.")
    def forgets_the_shift(self) -> MistakeValues:
        return self._learned(
            **{name: count // 2 for name, count in self.parameters_of.items() if name != "layer"}
        )

    @mistake("With affine=False nothing is learned.")
    def ignores_affine(self) -> MistakeValues:
        if self.affine:
            return None
        return self._learned(batch=2 * self.size[1], group=2 * self.size[1])

    @mistake("The running mean and variance are kept, but not learned: they are buffers, no parameters.")
    def counts_buffers(self) -> MistakeValues:
        if not self.tracked:
            return None
        return self._learned(batch=self.parameters_of["batch"] + 2 * self.size[1])

    @mistake("A scale and a shift belong to a channel, not to a group.")
    def learns_by_group(self) -> MistakeValues:
        return self._learned(group=2 * self.groups) if self.affine else None

    @mistake("Without track_running_stats there are no running statistics.")
    def ignores_tracking(self) -> MistakeValues:
        return {"running": 2 * self.size[1]} if self.learned and not self.tracked else None

    @mistake("A running mean and a running variance are kept for each channel.")
    def forgets_the_running_variance(self) -> MistakeValues:
        return {"running": self.size[1]} if self.learned and self.tracked else None
