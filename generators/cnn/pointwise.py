"""Pointwise convolutions: what they cost, save and compute."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix, Real, Shape
from ...question import Given, MistakeValues, Question, mistake
from ..layers import Size
from .feature_maps import Map, added, drawn_map, is_rectangle, pixels, scaled, transposed_map

LARGEST = 1_024
"""The largest size or number of channels."""
LARGEST_KERNEL = 41
LARGEST_PIXEL = 1_000
INCEPTIONS = (
    (192, 64, 96, 128, 16, 32, 32),
    (256, 128, 128, 192, 32, 96, 64),
    (480, 192, 96, 208, 16, 48, 64),
    (512, 160, 112, 224, 24, 64, 64),
    (512, 128, 128, 256, 24, 64, 64),
    (528, 256, 160, 320, 32, 128, 128),
    (832, 384, 192, 384, 48, 128, 128),
)
"""Blocks of GoogLeNet: channels in, then filters by branch with reductions; Szegedy et al. 2015, table 1."""


class PointwiseBottleneck(Question):
    """What 1 × 1 convolutions cost and save: alone, as a bottleneck, in an Inception block, and by hand.

    Source: Lin, Chen & Yan 2014, Network in network, section 3; Szegedy et al. 2015, Going deeper with
    convolutions, figure 2b and table 1; He, Zhang, Ren & Sun 2016, Deep residual learning, figure 5.
    """

    title = "Pointwise convolutions"
    minutes = {1: 2, 2: 5, 3: 7}

    image: tuple[int, int, int]
    """Channels, rows and columns."""
    branches: tuple[tuple[tuple[int, int], ...], ...]
    """Filters and side of the kernel of each convolution, by branch; the branches' outputs are joined."""
    pooled: bool
    """Whether the last branch begins with max pooling."""
    biased: bool
    direct: int
    """The side of the kernel that would do without a bottleneck; 0 where nothing is compared."""
    maps: tuple[Map, ...]
    """The channels of an image whose values are given; none where parameters are counted."""
    weights: Map
    """A row for each filter and a column for each channel, where values are given."""
    biases: tuple[int, ...]

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 3:
            return rng.choice([cls._draw_values, cls._draw_inception, cls._draw_inception])(rng)
        return (cls._draw_single, cls._draw_bottleneck)[level - 1](rng)

    @classmethod
    def _draw_single(cls, rng: Random) -> Self:
        before, after = rng.sample([8, 10, 16, 20, 32, 40, 50, 64, 100, 128, 192, 256], 2)
        side = rng.choice([7, 8, 14, 16, 28, 32])
        return cls(
            (before, side, side), (((after, 1),),), False, rng.choice([True, True, False]), 0, (), (), ()
        )

    @classmethod
    def _draw_bottleneck(cls, rng: Random) -> Self:
        channels, middle = rng.choice([64, 80, 100, 128, 160, 192, 200, 256]), rng.choice([8, 10, 16, 20, 32])
        side, kernel = rng.choice([7, 8, 10, 14, 16, 20, 28]), rng.choice([3, 5])
        around = (middle, 1), (middle, kernel), (channels, 1)
        reduced = (middle, 1), (rng.choice([32, 48, 64, 96, 128]), kernel)
        image = channels, side, side
        return cls(image, (rng.choice([around, reduced]),), False, False, kernel, (), (), ())

    @classmethod
    def _draw_inception(cls, rng: Random) -> Self:
        side = rng.choice([7, 14, 28])
        channels, *filters = rng.choice(INCEPTIONS)
        if rng.random() < 0.8:
            channels = rng.choice([32, 64, 96, 100, 128, 160, 192])
            filters = [
                rng.choice(widths)
                for widths in ((16, 32, 64), (8, 16, 24), (32, 48, 64), (4, 8, 10), (16, 20, 24), (8, 16, 32))
            ]
        one, before_three, three, before_five, five, pool = filters
        branches = ((one, 1),), ((before_three, 1), (three, 3)), ((before_five, 1), (five, 5)), ((pool, 1),)
        return cls((channels, side, side), branches, True, True, 0, (), (), ())

    @classmethod
    def _draw_values(cls, rng: Random) -> Self:
        channels, filters = rng.choice([2, 3]), rng.choice([2, 3])
        maps = tuple(drawn_map(rng, 2, 2, -3, 5) for _ in range(channels))
        weights, biases = (
            drawn_map(rng, filters, channels, -2, 3),
            tuple(rng.choices(range(-3, 4), k=filters)),
        )
        return cls((channels, 2, 2), (((filters, 1),),), False, True, 0, maps, weights, biases)

    def flaw(self) -> str | None:
        if not 1 <= len(self.branches) <= 4 or not all(1 <= len(branch) <= 4 for branch in self.branches):
            return "one to four branches have one to four convolutions each"
        numbers = [number for branch in self.branches for layer in branch for number in layer]
        if not all(1 <= number <= LARGEST for number in (*self.image, *numbers)):
            return f"sizes, filters and kernels go from 1 to {LARGEST}"
        kernels = [kernel for branch in self.branches for _, kernel in branch]
        if any(kernel % 2 == 0 or kernel >= LARGEST_KERNEL for kernel in kernels):
            return f"kernels are odd and smaller than {LARGEST_KERNEL}"
        if len(self.branches) == 1 and self.pooled:
            return "pooling is in the last of several branches"
        if not 0 <= self.direct < LARGEST_KERNEL or (self.direct and self.direct % 2 == 0):
            return f"the direct kernel is odd and smaller than {LARGEST_KERNEL}, or 0 for none"
        if self.direct and (self.biased or len(self.branches) > 1 or len(self.branches[0]) < 2):
            return "one branch of several convolutions without biases is compared with the direct one"
        if (len(self.branches) > 1 or len(self.branches[0]) > 1) and not self.biased and not self.direct:
            return "convolutions that are not compared have biases"
        return self._flaw_of_values() if self.maps or self.weights or self.biases else None

    def _flaw_of_values(self) -> str | None:
        channels, *sides = self.image
        ((filters, _), *others), *further = self.branches
        if others or further or max(kernel for branch in self.branches for _, kernel in branch) > 1:
            return "values are given for one pointwise convolution"
        if not self.biased or self.direct:
            return "the convolution of values has biases and is not compared"
        if len(self.maps) != channels or not all(is_rectangle(one, 4) for one in self.maps):
            return "each channel has a map of at most 4 rows and columns"
        if any([len(one), len(one[0])] != sides for one in self.maps):
            return "the maps have the rows and columns of the image"
        if not is_rectangle(self.weights, 4) or (len(self.weights), len(self.weights[0])) != (
            filters,
            channels,
        ):
            return "the weights have a row for each filter and a column for each channel, at most 4 of each"
        if len(self.biases) != filters:
            return "each filter has a bias"
        values = [*self.biases, *pixels(self.weights), *(pixel for one in self.maps for pixel in pixels(one))]
        if not all(abs(value) <= LARGEST_PIXEL and value == int(value) for value in values):
            return f"all values are whole numbers of at most {LARGEST_PIXEL}"
        if any(sum(map(bool, row)) < 2 for row in self.weights):
            return "a filter does not mix channels"
        return None if all(len(set(pixels(one))) > 1 for one in self.maps) else "a map is constant"

    @property
    def output(self) -> Size:
        """The size of what comes out, all branches joined along the channels."""
        return sum(branch[-1][0] for branch in self.branches), *self.image[1:]

    @property
    def counts(self) -> list[list[int]]:
        """The parameters of each convolution of each branch."""
        return [
            [
                filters * (before * kernel**2 + self.biased)
                for before, (filters, kernel) in zip(self._inputs(branch), branch, strict=True)
            ]
            for branch in self.branches
        ]

    def _inputs(self, branch: tuple[tuple[int, int], ...]) -> list[int]:
        return [self.image[0], *(filters for filters, _ in branch[:-1])]

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.maps:
            return {f"map_{number}": Matrix(one) for number, one in enumerate(self.mixed, 1)}
        keys: dict[str, Answer] = {"output": Shape(self.output)}
        counts = self._blanks(self.counts)
        total = sum(given(blank, count) for blank, count in counts.items())
        keys |= {blank: Integer(count) for blank, count in counts.items()} | {"total": Integer(total)}
        if self.direct:
            total = given("total", total)
            places = math.prod(self.image[1:])
            direct = self.image[0] * self.output[0] * self.direct**2
            keys |= {"macs": Integer(places * total), "direct": Integer(direct)}
            keys["ratio"] = Real(total / given("direct", direct), 4)
        return keys

    def _blanks(self, counts: list[list[int]]) -> dict[str, int]:
        """The counts by blank: of branches, of the layers of the only one, or of the only layer's parts."""
        if len(counts) > 1:
            return {f"branch_{number}": sum(layers) for number, layers in enumerate(counts, 1)}
        if len(counts[0]) > 1:
            return {f"layer_{number}": count for number, count in enumerate(counts[0], 1)}
        biases = self.output[0] * self.biased
        return {"weights": counts[0][0] - biases, "biases": biases}

    @property
    def maps_as_grids(self) -> list[dict[str, object]]:
        """The channels, to be drawn."""
        return [{"values": one, "title": f"$C_{number}$"} for number, one in enumerate(self.maps, 1)]

    @property
    def mixed(self) -> tuple[Map, ...]:
        """The maps that come out where values are given."""
        return self._mixed(self.weights, self.biases)

    def _mixed(self, weights: Map, biases: Sequence[float]) -> tuple[Map, ...]:
        return tuple(
            scaled(added(*map(scaled, self.maps, row)), 1, bias)
            for row, bias in zip(weights, biases, strict=True)
        )

    def _maps(self, maps: Sequence[Map]) -> dict[str, Map]:
        return {f"map_{number}": one for number, one in enumerate(maps, 1)}

    @mistake("A pointwise kernel has a single place: it has one weight for each channel.")
    def gives_pointwise_kernels_places(self) -> MistakeValues:
        return self._with(
            lambda before, filters, kernel: filters * (before * max(kernel, 3) ** 2 + self.biased)
        )

    @mistake("A filter spans all channels that go into it: multiply by their number.")
    def forgets_input_channels(self) -> MistakeValues:
        return self._with(lambda before, filters, kernel: filters * (kernel**2 + self.biased))

    @mistake("Behind a reduction, the larger kernel sees only the channels that are left.")
    def ignores_the_reduction(self) -> MistakeValues:
        return self._with(
            lambda before, filters, kernel: (
                filters * ((self.image[0] if kernel > 1 else before) * kernel**2 + self.biased)
            )
        )

    @mistake("Each filter has a bias.")
    def forgets_biases(self) -> MistakeValues:
        if self.maps:
            return self._maps(self._mixed(self.weights, [0] * len(self.biases)))
        if len(self.branches) == len(self.branches[0]) == 1:
            return self.consequences(biases=0)
        return self._with(lambda before, filters, kernel: filters * before * kernel**2)

    @mistake("The last convolution, which brings the channels back, counts too.")
    def leaves_out_the_expansion(self) -> MistakeValues:
        if not self.direct or self.branches[0][-1][1] > 1:
            return None
        return self.consequences(total=sum(self.counts[0][:-1]))

    @mistake("The branches are joined one behind the other: their channels add up.")
    def takes_the_largest_branch(self) -> MistakeValues:
        return self._sized(max(branch[-1][0] for branch in self.branches))

    @mistake("Only what the branches yield is joined, not what lies between their layers.")
    def joins_reductions(self) -> MistakeValues:
        return self._sized(sum(filters for branch in self.branches for filters, _ in branch))

    @mistake("There are as many channels as filters; those that go in do not count.")
    def keeps_the_channels(self) -> MistakeValues:
        return self._sized(self.image[0])

    @mistake("With stride 1 and padding, rows and columns stay as they are.")
    def halves_the_map(self) -> MistakeValues:
        return None if self.maps else {"output": (self.output[0], *(side // 2 for side in self.image[1:]))}

    @mistake("The convolutions are applied at each place of the map: multiply by rows and columns.")
    def forgets_the_places(self) -> MistakeValues:
        return {"macs": sum(self.counts[0])} if self.direct else None

    @mistake("The direct convolution has a kernel of {direct} × {direct} places.")
    def takes_the_direct_kernel_as_pointwise(self) -> MistakeValues:
        return self.consequences(direct=self.image[0] * self.output[0]) if self.direct else None

    @mistake("The bottleneck is divided by the direct convolution, not the other way round.")
    def inverts_the_ratio(self) -> MistakeValues:
        ratio = self.answer().get("ratio")
        return {"ratio": 1 / ratio.value} if isinstance(ratio, Real) else None

    @mistake("The quotient of both numbers is asked, not the part that is saved.")
    def gives_the_saving(self) -> MistakeValues:
        ratio = self.answer().get("ratio")
        return {"ratio": 1 - ratio.value} if isinstance(ratio, Real) and ratio.value < 1 else None

    @mistake("The weighted channels are added, not averaged.")
    def averages_channels(self) -> MistakeValues:
        if not self.maps:
            return None
        shares = tuple(tuple(weight / len(row) for weight in row) for row in self.weights)
        return self._maps(self._mixed(shares, self.biases))

    @mistake("A filter has one bias, not one for each channel.")
    def adds_a_bias_for_each_channel(self) -> MistakeValues:
        return self._maps(self._mixed(self.weights, [len(self.maps) * bias for bias in self.biases]))

    @mistake("A filter takes its row of the weights, not a column.")
    def takes_columns_of_weights(self) -> MistakeValues:
        if len(self.maps) != len(self.weights):
            return None
        return self._maps(self._mixed(transposed_map(self.weights), self.biases))

    @mistake("A filter mixes all channels.")
    def takes_the_first_channel(self) -> MistakeValues:
        first = tuple((row[0], *[0] * (len(row) - 1)) for row in self.weights)
        return self._maps(self._mixed(first, self.biases))

    def _sized(self, channels: int) -> MistakeValues:
        return None if self.maps else {"output": (channels, *self.image[1:])}

    def _with(self, count: Callable[[int, int, int], int]) -> MistakeValues:
        """What follows from another count, made of channels in, filters and kernel, of each layer."""
        if self.maps:
            return None
        counts = [
            [count(before, *layer) for before, layer in zip(self._inputs(branch), branch, strict=True)]
            for branch in self.branches
        ]
        return self.consequences(**self._blanks(counts))
