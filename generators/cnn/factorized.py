"""What takes the place of a large convolution: stacks of small kernels, depthwise separable ones."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Self

from ...answers import Answer, Integer, Real, Shape
from ...question import Given, MistakeValues, Question, mistake
from ..layers import Size

LARGEST = 1_024
"""The largest size or number of channels."""
LARGEST_FIELD = 41
"""The largest kernel that a stack is compared with."""
MOBILENET = (32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024)
"""The channels between MobileNet's blocks: Howard et al. 2017, table 1."""


class StackedSmallKernels(Question):
    """A stack of small kernels in the place of a large one that sees as much.

    At level 1 two or three equal layers without biases, at level 2 with biases and the ratio of the
    parameters; at level 3 other channels go in than come out, kernels are flat or of different
    sizes, or sequences are read, and multiplications are compared.

    Source: Simonyan & Zisserman 2015, Very deep convolutional networks, section 2.3; Szegedy et al. 2016,
    Rethinking the Inception architecture, sections 3.1 and 3.2.
    """

    title = "Small kernels instead of a large one"
    minutes = {1: 2, 2: 4, 3: 6}

    kernels: tuple[tuple[int, ...], ...]
    """The sides of each layer's kernel: rows and columns, or its length."""
    channels: tuple[int, int]
    """That go in, and that each layer yields."""
    biased: bool
    size: tuple[int, ...]
    """Rows and columns, or the length, for which multiplications are counted; none where they are not."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            channels = rng.choice([*range(2, 21), 24, 30, 32, 40, 50, 64])
            return cls(((3, 3),) * rng.choice([2, 3]), (channels,) * 2, biased=False, size=())
        if level == 2:
            kernels = rng.choice([((3, 3),) * 2, ((3, 3),) * 3, ((3, 3),) * 4, ((5, 5),) * 2, ((5, 5),) * 3])
            return cls(kernels, (rng.randint(4, 64),) * 2, biased=True, size=())
        return rng.choice([cls._draw_sequence, cls._draw_image, cls._draw_image])(rng)

    @classmethod
    def _draw_sequence(cls, rng: Random) -> Self:
        kernel, layers = rng.choice([(3, 3), (3, 4), (5, 2), (5, 3), (7, 2)])
        before, after = rng.sample([4, 8, 10, 12, 16, 20, 24, 32, 40], 2)
        return cls(
            ((kernel,),) * layers, (before, after), rng.choice([False, True]), (rng.choice([50, 100, 200]),)
        )

    @classmethod
    def _draw_image(cls, rng: Random) -> Self:
        side = rng.choice([5, 7, 9])
        flat: tuple[Size, ...] = rng.choice([((1, side), (side, 1)), ((side, 1), (1, side))])
        square: tuple[Size, ...] = rng.choice(
            [((3, 3),) * 2, ((3, 3),) * 3, ((3, 3), (5, 5)), ((5, 5), (3, 3))]
        )
        before, after = rng.sample([4, 8, 10, 12, 16, 20, 24, 32, 40], 2)
        size = (rng.choice([10, 14, 20, 28]),) * 2
        return cls(rng.choice([flat, square]), (before, after), rng.choice([False, True]), size)

    def flaw(self) -> str | None:
        axes = {*map(len, self.kernels)}
        if not 2 <= len(self.kernels) <= 6 or len(axes) > 1 or not axes <= {1, 2}:
            return "two to six kernels have one or two sides each"
        if any(side % 2 == 0 or not 1 <= side < LARGEST_FIELD for kernel in self.kernels for side in kernel):
            return f"the sides of kernels are odd and smaller than {LARGEST_FIELD}"
        if max(self.kernel) > LARGEST_FIELD or self.kernel in self.kernels:
            return f"the stack sees more than one of its kernels, and at most {LARGEST_FIELD}"
        if not all(1 <= number <= LARGEST for number in (*self.channels, *self.size)):
            return f"channels and sizes go from 1 to {LARGEST}"
        return None if not self.size or {len(self.size)} == axes else "the size has the kernels' axes"

    @property
    def kernel(self) -> Size:
        """The sides of the kernel that sees as much as the stack."""
        return tuple(sum(side - 1 for side in sides) + 1 for sides in zip(*self.kernels, strict=True))

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Channels in and out of each layer."""
        return [*pairwise((self.channels[0], *[self.channels[1]] * len(self.kernels)))]

    @property
    def weights(self) -> list[int]:
        """The weights of each layer of the stack."""
        return [
            math.prod(kernel) * before * after
            for kernel, (before, after) in zip(self.kernels, self.pairs, strict=True)
        ]

    def follow(self, given: Given) -> dict[str, Answer]:
        biases = self.channels[1] * self.biased
        stacked = sum(self.weights) + len(self.kernels) * biases
        weights = math.prod(given("kernel", self.kernel)) * math.prod(self.channels)
        keys: dict[str, Answer] = {"kernel": Shape(self.kernel), "stacked": Integer(stacked)}
        keys["single"] = Integer(weights + biases)
        if self.biased or self.size:
            ratio = given("stacked", stacked) / given("single", weights + biases)
            keys["ratio"] = Real(ratio, 3)
        if self.size:
            places = math.prod(self.size)
            keys["stacked_macs"] = Integer(places * sum(self.weights))
            keys["single_macs"] = Integer(places * weights)
        return keys

    @mistake("Each filter spans all channels of its input: multiply by those that go in and by the filters.")
    def forgets_input_channels(self) -> MistakeValues:
        filters = self.channels[1]
        return self.consequences(
            stacked=filters * (sum(map(math.prod, self.kernels)) + len(self.kernels) * self.biased),
            single=filters * (math.prod(self.kernel) + self.biased),
        )

    @mistake("A further layer adds one less than the side of its kernel: neighbouring windows overlap.")
    def adds_sides(self) -> MistakeValues:
        return self.consequences(kernel=tuple(map(sum, zip(*self.kernels, strict=True))))

    @mistake("The sides of stacked kernels do not multiply: windows of neighbouring places overlap.")
    def multiplies_sides(self) -> MistakeValues:
        return self.consequences(kernel=tuple(map(math.prod, zip(*self.kernels, strict=True))))

    @mistake("Each layer has a bias for each of its filters.")
    def forgets_biases(self) -> MistakeValues:
        return self.consequences(
            stacked=sum(self.weights), single=math.prod(self.kernel) * math.prod(self.channels)
        )

    @mistake("All layers of the stack count, not only one.")
    def counts_one_layer(self) -> MistakeValues:
        return self.consequences(stacked=self.weights[0] + self.channels[1] * self.biased)

    @mistake("From the second layer on, {channels[1]} channels go in, those that the layer before has made.")
    def keeps_the_first_channels(self) -> MistakeValues:
        weights = sum(map(math.prod, self.kernels)) * math.prod(self.channels)
        return self.consequences(stacked=weights + len(self.kernels) * self.channels[1] * self.biased)

    @mistake("The parameters of the stack are divided by those of the large kernel, not the other way round.")
    def inverts_the_ratio(self) -> MistakeValues:
        ratio = self.answer().get("ratio")
        return {"ratio": 1 / ratio.value} if isinstance(ratio, Real) else None

    @mistake("The quotient of both numbers is asked, not the part that is saved.")
    def gives_the_saving(self) -> MistakeValues:
        ratio = self.answer().get("ratio")
        return {"ratio": 1 - ratio.value} if isinstance(ratio, Real) and ratio.value < 1 else None

    @mistake("The kernel is applied at each place of the map: multiply its weights by rows and columns.")
    def forgets_the_places(self) -> MistakeValues:
        if not self.size:
            return None
        single = math.prod(self.kernel) * math.prod(self.channels)
        return {"stacked_macs": sum(self.weights), "single_macs": single}


class DepthwiseSeparable(Question):
    """A depthwise and a pointwise convolution in the place of an ordinary one.

    At level 1 the weights of one block, at level 2 its multiply-accumulates; at level 3 blocks with batch
    normalization one after the other, some of them as in MobileNet, or several depthwise filters for each
    channel, with biases.

    Source: Howard et al. 2017, MobileNets, sections 3.1 to 3.3 and table 1; Chollet 2017, Xception, section
    1.2; torch.nn.Conv2d, on groups.
    """

    title = "Depthwise separable convolution"
    minutes = {1: 2, 2: 4, 3: 7}

    channels: tuple[int, ...]
    """That go in, and that come out of each block."""
    kernel: int
    stride: int
    size: tuple[int, int]
    """Rows and columns for which multiply-accumulates are counted; zeros where parameters are."""
    multiplier: int
    """The depthwise filters for each channel."""
    biased: bool
    normalized: bool
    """Whether batch normalization follows each convolution."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 3:
            return rng.choice([cls._draw_multiplied, cls._draw_blocks])(rng)
        widths = [4, 8, 10, 16, 20, 32, 40, 50, 64, 100, 128]
        channels = rng.choice(widths), rng.choice(widths)
        if level == 1:
            return cls(channels, rng.choice([3, 5]), 1, (0, 0), 1, biased=False, normalized=False)
        side, stride = rng.choice([8, 10, 12, 14, 16, 20, 28, 32]), rng.choice([1, 2])
        size = side, rng.choice([side, side + 4])
        return cls(channels, rng.choice([3, 5, 7]), stride, size, 1, biased=False, normalized=False)

    @classmethod
    def _draw_multiplied(cls, rng: Random) -> Self:
        channels = rng.choice([3, 4, 6, 8, 10, 16]), rng.choice([8, 12, 16, 20, 24, 32, 64])
        kernel, multiplier = rng.choice([3, 5]), rng.choice([2, 3, 4])
        return cls(channels, kernel, 1, (0, 0), multiplier, biased=True, normalized=False)

    @classmethod
    def _draw_blocks(cls, rng: Random) -> Self:
        first = rng.randrange(len(MOBILENET) - 2)
        thinner = tuple(width // rng.choice([2, 4]) for width in MOBILENET[first : first + 3])
        small = rng.choice([8, 10, 12, 16]), rng.choice([16, 20, 24, 32]), rng.choice([32, 40, 48, 64])
        channels, kernel = rng.choice(
            [(MOBILENET[first : first + 3], 3), (thinner, 3), (small, 3), (small, 5)]
        )
        return cls(channels, kernel, 1, (0, 0), 1, biased=False, normalized=True)

    def flaw(self) -> str | None:
        if not 2 <= len(self.channels) <= 5 or not all(1 <= width <= LARGEST for width in self.channels):
            return f"one to four blocks have from 1 to {LARGEST} channels"
        if self.kernel % 2 == 0 or not 3 <= self.kernel < LARGEST_FIELD or not 1 <= self.multiplier <= 16:
            return f"the kernel is odd, from 3 to {LARGEST_FIELD - 2}, and the multiplier from 1 to 16"
        if min(self.channels[:-1]) == 1:
            return "a single channel makes a depthwise convolution an ordinary one"
        if not all(0 <= side <= LARGEST for side in self.size) or not 1 <= self.stride <= 4:
            return f"sides go up to {LARGEST}, and strides from 1 to 4"
        if any(self.size) and (not all(self.size) or self.biased or self.normalized or self.blocks > 1):
            return "multiply-accumulates are counted for one block without biases and normalization"
        return "biases are cancelled by batch normalization" if self.biased and self.normalized else None

    @property
    def blocks(self) -> int:
        """How many there are."""
        return len(self.channels) - 1

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Channels in and out of each block."""
        return [*pairwise(self.channels)]

    @property
    def output(self) -> Size:
        """Rows and columns that come out where multiply-accumulates are counted, with padding (k − 1) / 2."""
        return tuple((side - 1) // self.stride + 1 for side in self.size if side)

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {"output": Shape(self.output)} if self.output else {}
        places = math.prod(given("output", self.output))
        counts = self._counts(places)
        separable = sum(given(blank, count) for blank, count in counts.items())
        standard = places * self.kernel**2 * sum(before * after for before, after in self.pairs)
        standard += sum(self.channels[1:]) * (self.biased + 2 * self.normalized)
        keys |= {blank: Integer(count) for blank, count in counts.items()}
        keys |= {"separable": Integer(separable), "standard": Integer(standard)}
        ratio = given("separable", separable) / given("standard", standard)
        return keys | {"ratio": Real(ratio, 4)}

    def _counts(self, places: int) -> dict[str, int]:
        """What each convolution and normalization takes."""
        counts = {}
        for number, (before, after) in enumerate(self.pairs, 1):
            middle = before * self.multiplier
            counts[f"depthwise_{number}"] = places * middle * self.kernel**2 + middle * self.biased
            counts[f"pointwise_{number}"] = places * middle * after + after * self.biased
            if self.normalized:
                counts[f"normalization_{number}"] = 2 * (middle + after)
        return counts

    @mistake("The pointwise convolution, which mixes the channels, counts too.")
    def leaves_out_the_pointwise_convolution(self) -> MistakeValues:
        counts = self._counts(math.prod(self.output))
        return self.consequences(separable=sum(n for name, n in counts.items() if "point" not in name))

    @mistake("A depthwise filter sees one of the channels that go in: there are as many filters as these.")
    def takes_output_channels_for_the_depthwise_convolution(self) -> MistakeValues:
        return self._with("depthwise", lambda before, after: after * self.kernel**2 + after * self.biased)

    @mistake("A depthwise filter sees a single channel, not all of them.")
    def lets_depthwise_filters_see_all_channels(self) -> MistakeValues:
        return self._with(
            "depthwise",
            lambda before, after: before * self.multiplier * (before * self.kernel**2 + self.biased),
        )

    @mistake("A pointwise kernel has a single place: it has one weight for each channel.")
    def gives_pointwise_kernels_places(self) -> MistakeValues:
        return self._with(
            "pointwise",
            lambda before, after: after * (before * self.multiplier * self.kernel**2 + self.biased),
        )

    @mistake("One step follows the other: their numbers are added, not multiplied.")
    def multiplies_both_steps(self) -> MistakeValues:
        if self.blocks > 1:
            return None
        counts = self._counts(math.prod(self.output))
        return self.consequences(separable=counts["depthwise_1"] * counts["pointwise_1"])

    @mistake("Without biases the quotient is 1/C_out + 1/k²: the channels that come out count.")
    def takes_input_channels_in_the_rule(self) -> MistakeValues:
        if self.blocks > 1 or self.biased or self.multiplier > 1:
            return None
        return {"ratio": 1 / self.channels[0] + 1 / self.kernel**2}

    @mistake("The separable convolution is divided by the ordinary one, not the other way round.")
    def inverts_the_ratio(self) -> MistakeValues:
        ratio = self.answer()["ratio"]
        return {"ratio": 1 / ratio.value} if isinstance(ratio, Real) else None

    @mistake(
        "The stride makes the output smaller, and a kernel is applied once for each place of the output."
    )
    def ignores_the_stride(self) -> MistakeValues:
        return self.consequences(output=self.size) if self.output else None

    @mistake(
        "The pointwise convolution sees what all depthwise filters make, {multiplier} maps for each channel."
    )
    def forgets_the_multiplier_afterwards(self) -> MistakeValues:
        return self._with("pointwise", lambda before, after: after * (before + self.biased))

    @mistake("Each filter has a bias, the depthwise ones as well.")
    def forgets_biases(self) -> MistakeValues:
        return replace(self, biased=False)._all_counts() if self.biased else None

    @mistake("Batch normalization learns a scale and a shift for each channel.")
    def counts_one_number_for_each_normalized_channel(self) -> MistakeValues:
        return self._with("normalization", lambda before, after: before * self.multiplier + after)

    @mistake("Batch normalization follows the depthwise convolution too.")
    def normalizes_only_the_output(self) -> MistakeValues:
        return self._with("normalization", lambda before, after: 2 * after)

    def _all_counts(self) -> MistakeValues:
        return {blank: vars(key)["value"] for blank, key in self.answer().items()}

    def _with(self, part: str, count: Callable[[int, int], int]) -> MistakeValues:
        """What follows from another count of a part at each place."""
        places = math.prod(self.output)
        pairs = enumerate(self.pairs, 1)
        return self.consequences(**{f"{part}_{number}": places * count(*pair) for number, pair in pairs})
