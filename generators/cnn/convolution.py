"""Convolutional networks: sizes of feature maps, parameters of layers, tables of whole networks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from random import Random
from typing import Any, Self

from ...answers import Answer, Integer, Shape
from ...question import Given, MistakeValues, Question, mistake
from ..layers import (
    AdaptiveAvgPool2d,
    BatchNorm2d,
    Conv2d,
    Convolution,
    Layer,
    LazyLinear,
    MaxPool2d,
    Pair,
    ReLU,
    Size,
    passed,
    sequential,
)

LARGEST = 10_000
"""The largest size, number of channels, or number of filters of a single layer."""
LARGEST_DRAWN = 9
"""The most rows or columns of an image whose pixels are drawn."""
LARGEST_OF_NETWORK = 1_024
"""The same in a network that is run."""
MOST_PRODUCTS = 10**8
"""The most multiplications of a network that is run."""
MOST_VALUES = 10**7
"""The most values of one of its layers."""


class ConvOutputSize(Question):
    """Size of the feature maps that a convolution makes of an image.

    Source: Dumoulin & Visin 2016, A guide to convolution arithmetic for deep learning, relationship 6 and,
    for the dilation, section 5.1; torch.nn.Conv2d, section Shape.
    """

    title = "Output size of a convolution"
    minutes = {1: 1, 2: 2, 3: 3}

    channels: int
    height: int
    width: int
    filters: int
    kernel: Pair
    stride: Pair
    padding: Pair
    dilation: Pair

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        channels, filters = rng.choice([1, 3]), rng.randint(4, 16)
        if level == 1:
            side, kernel = rng.choice([*range(4, 13), 28, 32]), rng.choice([2, 3, 5])
            stride, padding = rng.choice([1, 1, 2]), rng.choice([0, 1, 2])
            return cls(channels, side, side, filters, (kernel,) * 2, (stride,) * 2, (padding,) * 2, (1, 1))
        if level == 2:
            height, width = rng.sample(range(16, 65), 2)
            kernel, stride, padding = rng.randint(2, 7), rng.randint(2, 3), rng.randint(0, 3)
            return cls(channels, height, width, filters, (kernel,) * 2, (stride,) * 2, (padding,) * 2, (1, 1))
        height, width = rng.sample(range(20, 200), 2)
        kernels, strides, paddings = (_pair(rng, *limits) for limits in ((2, 7), (1, 4), (0, 3)))
        dilations = rng.choice([(1, 2), (2, 1), (2, 2), (3, 1), (2, 3)])
        return cls(channels, height, width, filters, kernels, strides, paddings, dilations)

    def flaw(self) -> str | None:
        counts = (self.channels, self.height, self.width, self.filters)
        if min(*counts, *self.kernel, *self.stride, *self.dilation) < 1 or min(self.padding) < 0:
            return "sizes, channels, strides and dilations must be positive and paddings not negative"
        if max(*counts, *self.stride, *self.dilation, *self.extents) > LARGEST:
            return f"a size is larger than {LARGEST}"
        if any(padding >= extent for padding, extent in zip(self.padding, self.extents, strict=True)):
            return "the padding is as large as the kernel"
        if min(self.room) < 0:
            return "the kernel is larger than the padded image"
        return None

    @property
    def extents(self) -> Pair:
        """Rows and columns that the dilated kernel spans."""
        return _each(lambda kernel, dilation: dilation * (kernel - 1) + 1, self.kernel, self.dilation)

    @property
    def room(self) -> Pair:
        """By how many rows and columns the kernel can move in the padded image."""
        return _each(lambda i, p, extent: i + 2 * p - extent, self._image, self.padding, self.extents)

    @property
    def padded_image(self) -> list[list[int | None]]:
        """The cells of a small image, zeros where it is padded; no cells for one too large to be drawn."""
        (height, width), (rows, columns) = self._image, self.padding
        if max(height + 2 * rows, width + 2 * columns) > LARGEST_DRAWN or self.dilation != (1, 1):
            return []
        side: list[int | None] = [0] * columns
        border = [[*side, *[0] * width, *side] for _ in range(rows)]
        return [*border, *([*side, *[None] * width, *side] for _ in range(height)), *border]

    @property
    def first_window(self) -> list[Pair]:
        """The cells of the padded image that the kernel sees first."""
        return [(row, column) for row in range(self.kernel[0]) for column in range(self.kernel[1])]

    def answer(self) -> dict[str, Answer]:
        rows, columns = _each(lambda room, stride: room // stride + 1, self.room, self.stride)
        return {"channels": Integer(self.filters), "rows": Integer(rows), "columns": Integer(columns)}

    @mistake("A window that does not fit any more is dropped: the quotient is rounded down, not up.")
    def rounds_up(self) -> dict[str, int]:
        return _sized(_each(lambda room, stride: -(-room // stride) + 1, self.room, self.stride))

    @mistake("The padding was left out: it adds rows and columns at both borders before the kernel moves.")
    def ignores_padding(self) -> dict[str, int]:
        return self._size_with(padding=(0, 0))

    @mistake("The padding counts twice, once at each border: use i + 2p, not i + p.")
    def pads_one_side(self) -> dict[str, int]:
        return _sized(
            _each(lambda room, p, stride: (room - p) // stride + 1, self.room, self.padding, self.stride)
        )

    @mistake("The first position of the kernel counts too: add 1 to the number of steps.")
    def forgets_plus_one(self) -> dict[str, int]:
        return _sized(_each(lambda room, stride: room // stride, self.room, self.stride))

    @mistake("A dilated kernel spans d(k − 1) + 1 pixels, not k.")
    def ignores_dilation(self) -> dict[str, int]:
        return self._size_with(dilation=(1, 1))

    @mistake("The kernel moves by the stride, not by one pixel: divide by it before rounding down.")
    def ignores_stride(self) -> dict[str, int]:
        return self._size_with(stride=(1, 1))

    @mistake("A convolution makes one map for each filter: the number of input channels does not remain.")
    def keeps_input_channels(self) -> dict[str, int]:
        return {"channels": self.channels}

    @property
    def _image(self) -> Pair:
        return self.height, self.width

    def _size_with(self, **changed: Any) -> dict[str, int]:
        other = replace(self, **changed)
        return _sized(_each(lambda room, stride: room // stride + 1, other.room, other.stride))


class TransposedOutputSize(Question):
    """Size of the feature maps that a transposed convolution makes.

    Source: torch.nn.ConvTranspose2d, section Shape; Dumoulin & Visin 2016, A guide to convolution arithmetic
    for deep learning, chapter 4, relationship 14.
    """

    title = "Output size of a transposed convolution"
    minutes = {1: 1, 2: 2, 3: 3}

    height: int
    width: int
    kernel: Pair
    stride: Pair
    padding: Pair
    output_padding: Pair
    dilation: Pair

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            side, kernel, stride = rng.randint(2, 9), rng.randint(2, 5), rng.randint(1, 3)
            return cls(side, side, (kernel,) * 2, (stride,) * 2, (0, 0), (0, 0), (1, 1))
        height, width = rng.sample(range(7, 65), 2)
        if level == 2:
            kernel, padding, extra = rng.randint(2, 7), rng.randint(0, 3), rng.randint(0, 1)
            return cls(height, width, (kernel,) * 2, (2, 2), (padding,) * 2, (extra,) * 2, (1, 1))
        kernels, strides, paddings = (_pair(rng, *limits) for limits in ((2, 6), (2, 4), (0, 3)))
        dilations = rng.choice([(1, 2), (2, 1), (2, 2), (3, 1), (1, 3)])
        extra_rows, extra_columns = (
            rng.randrange(max(pair)) for pair in zip(strides, dilations, strict=True)
        )
        return cls(height, width, kernels, strides, paddings, (extra_rows, extra_columns), dilations)

    def flaw(self) -> str | None:
        if min(self.height, self.width, *self.kernel, *self.stride, *self.dilation) < 1:
            return "sizes, strides and dilations must be positive"
        if min(*self.padding, *self.output_padding) < 0:
            return "paddings must not be negative"
        strides = zip(self.output_padding, self.stride, self.dilation, strict=True)
        if any(extra >= max(stride, dilation) for extra, stride, dilation in strides):
            return "the output padding must be smaller than the stride or the dilation"
        if any(padding > reach for padding, reach in zip(self.padding, self.reach, strict=True)):
            return "the padding is as large as the kernel"
        if max(self.height, self.width, *self._size) > LARGEST:
            return f"a size is larger than {LARGEST}"
        if min(self._size) < 1:
            return "nothing is left of the output after the padding is cut off"
        return None

    @property
    def reach(self) -> Pair:
        """Rows and columns that the dilated kernel spans beyond its first one."""
        return _each(lambda kernel, dilation: dilation * (kernel - 1), self.kernel, self.dilation)

    def answer(self) -> dict[str, Answer]:
        rows, columns = self._size
        return {"rows": Integer(rows), "columns": Integer(columns)}

    @property
    def _size(self) -> Pair:
        return _each(
            lambda i, s, p, reach, extra: (i - 1) * s - 2 * p + reach + extra + 1,
            (self.height, self.width),
            self.stride,
            self.padding,
            self.reach,
            self.output_padding,
        )

    @mistake("This is the size formula of a convolution. A transposed one goes the other way and enlarges.")
    def uses_convolution_formula(self) -> dict[str, int]:
        return _sized(
            _each(
                lambda i, s, p, reach: (i + 2 * p - reach - 1) // s + 1,
                (self.height, self.width),
                self.stride,
                self.padding,
                self.reach,
            )
        )

    @mistake("The output padding was left out: it adds rows and columns at one side of the output.")
    def ignores_output_padding(self) -> dict[str, int]:
        return self._size_with(output_padding=(0, 0))

    @mistake("The padding of a transposed convolution is cut off its output: subtract 2p, do not add it.")
    def adds_padding(self) -> dict[str, int]:
        return self._grown(4 * self.padding[0], 4 * self.padding[1])

    @mistake("The padding was left out: p rows and columns are cut off each side of the output.")
    def ignores_padding(self) -> dict[str, int]:
        return self._size_with(padding=(0, 0))

    @mistake("One is missing: the last kernel covers d(k − 1) + 1 pixels from its place, not d(k − 1).")
    def forgets_plus_one(self) -> dict[str, int]:
        return self._grown(-1, -1)

    @mistake("The output padding counts once: it is added at one side only.")
    def counts_output_padding_twice(self) -> dict[str, int]:
        return self._grown(*self.output_padding)

    @mistake(
        "The size is not just multiplied by the stride: the kernels overlap and reach beyond the last place."
    )
    def multiplies_by_stride(self) -> dict[str, int]:
        return {"rows": self.height * self.stride[0], "columns": self.width * self.stride[1]}

    @mistake("Between i inputs lie i − 1 steps: multiply the stride by i − 1, not by i.")
    def counts_a_step_too_many(self) -> dict[str, int]:
        return self._grown(*self.stride)

    @mistake("A dilated kernel spans d(k − 1) + 1 pixels, not k.")
    def ignores_dilation(self) -> dict[str, int]:
        return self._size_with(dilation=(1, 1))

    def _size_with(self, **changed: Any) -> dict[str, int]:
        return _sized(replace(self, **changed)._size)

    def _grown(self, rows: int, columns: int) -> dict[str, int]:
        return {"rows": self._size[0] + rows, "columns": self._size[1] + columns}


class ConvParameterCount(Question):
    """Weights and biases of one or more convolutions, also grouped, transposed, or over one or three axes.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 9.5; torch.nn.Conv2d, torch.nn.Conv1d,
    torch.nn.Conv3d and torch.nn.ConvTranspose2d, section Variables.
    """

    title = "Parameters of a convolution"
    minutes = {1: 2, 2: 3, 3: 4}

    image: tuple[int, ...]
    channels: tuple[int, ...]
    kernels: tuple[tuple[int, ...], ...]
    groups: tuple[int, ...]
    biases: tuple[bool, ...]
    transposed: tuple[bool, ...]

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        return (cls._draw_single, cls._draw_pair, cls._draw_grouped)[level - 1](rng)

    @classmethod
    def _draw_single(cls, rng: Random) -> Self:
        side, kernel = rng.choice([16, 20, 28, 32, 64]), rng.choice([3, 5, 7])
        channels = rng.choice([1, 3]), rng.choice([2, 4, 5, 6, 8, 10, 12, 16, 20])
        return cls((side, side), channels, ((kernel, kernel),), (1,), (True,), (False,))

    @classmethod
    def _draw_pair(cls, rng: Random) -> Self:
        """Two layers with rectangular kernels, one of them without biases."""
        image = rng.choice([24, 32, 48, 64]), rng.choice([28, 40, 56, 80])
        channels = rng.choice([1, 3, 4]), rng.choice([5, 6, 8, 10, 12]), rng.choice([8, 16, 20, 24, 32])
        kernels = tuple(rng.choice([(1, 3), (3, 5), (5, 3), (1, 7), (3, 1), (2, 4)]) for _ in range(2))
        biases = rng.choice([(True, False), (False, True)])
        return cls(image, channels, kernels, (1, 1), biases, (False, False))

    @classmethod
    def _draw_grouped(cls, rng: Random) -> Self:
        """A grouped or depthwise convolution over one to three axes, and one more, transposed or not."""
        axes, first = rng.choice([1, 2, 2, 3]), rng.choice([8, 12, 16, 24])
        groups = rng.choice([2, 4, first])
        second = 2 * first if groups == first else rng.choice([16, 24, 32, 48])
        return cls(
            image=tuple(rng.choice([16, 20, 24, 32]) for _ in range(axes)),
            channels=(first, second, rng.choice([8, 10, 20, 32])),
            kernels=((rng.choice([3, 5]),) * axes, (rng.choice([1, 2, 3]),) * axes),
            groups=(groups, 1),
            biases=rng.choice([(True, True), (False, True), (True, False)]),
            transposed=(False, rng.choice([False, True])),
        )

    def flaw(self) -> str | None:
        layers = len(self.kernels)
        if {layers} != {len(self.channels) - 1, *map(len, (self.groups, self.biases, self.transposed))}:
            return "each layer needs a kernel, groups, and whether it has biases and is transposed"
        if not 1 <= layers <= 6:
            return "one to six layers can be asked for"
        axes = {len(self.image), *map(len, self.kernels)}
        if len(axes) > 1 or not axes <= {1, 2, 3}:
            return "image and kernels must have the same axes, one to three"
        numbers = (*self.image, *self.channels, *self.groups, *chain(*self.kernels))
        if min(numbers) < 1 or max(numbers) > LARGEST:
            return f"a size or number of channels or groups is not between 1 and {LARGEST}"
        if any(layer.channels % layer.groups or layer.filters % layer.groups for layer in self.layers):
            return "the groups must divide the input and the output channels"
        try:
            tuple(self._steps)
        except ValueError as reason:
            return str(reason)
        return None

    @property
    def layers(self) -> tuple[Convolution, ...]:
        """The layers in their order."""
        settings = zip(self.kernels, self.groups, self.biases, self.transposed, strict=True)
        return tuple(
            Convolution(before, after, *setting)
            for (before, after), setting in zip(pairwise(self.channels), settings, strict=True)
        )

    @property
    def listing(self) -> str:
        """The network in PyTorch."""
        return sequential(layer.code for layer in self.layers)

    def follow(self, given: Given) -> dict[str, Answer]:
        counts: dict[str, int] = {}
        for number, layer in enumerate(self.layers, 1):
            counts |= {f"weights_{number}": layer.weights(self.image), f"biases_{number}": layer.biases}
        total = sum(given(blank, count) for blank, count in counts.items())
        return {blank: Integer(count) for blank, count in (counts | {"total": total}).items()}

    @mistake("Each filter has a bias beside its weights, unless the layer has bias=False.")
    def forgets_biases(self) -> MistakeValues:
        return self._with("biases", [0 for _ in self.layers])

    @mistake("A filter spans all channels of its input (or of its group): multiply by their number.")
    def forgets_input_channels(self) -> MistakeValues:
        return self._with("weights", [layer.filters * math.prod(layer.kernel) for layer in self.layers])

    @mistake("A filter sums over its input channels and then adds one bias: it has no bias for each channel.")
    def gives_each_kernel_a_bias(self) -> MistakeValues:
        return self._with("biases", [layer.channels * layer.biases for layer in self.layers])

    @mistake("A layer has one bias for each of its filters, not one in all.")
    def has_one_bias(self) -> MistakeValues:
        return self._with("biases", [int(layer.biased) for layer in self.layers])

    @mistake("The kernel is shared by all positions: the size of the image does not enter.")
    def counts_each_position(self) -> MistakeValues:
        steps = self._steps
        return self._with(
            "weights", [layer.weights(size) * math.prod(maps[1:]) for layer, size, maps in steps]
        )

    @mistake("With g groups a filter sees only one g-th of the input channels: divide its weights by g.")
    def ignores_groups(self) -> MistakeValues:
        return self._with("weights", [layer.weights(self.image) * layer.groups for layer in self.layers])

    @mistake("A layer with bias=False has no biases.")
    def counts_missing_biases(self) -> MistakeValues:
        return self._with("biases", [layer.filters for layer in self.layers])

    @mistake("Biases belong to the channels that come out, in a transposed convolution as well.")
    def gives_inputs_the_biases(self) -> MistakeValues:
        return self._with("biases", [layer.channels * layer.biased for layer in self.layers])

    @mistake("The kernel extends over all axes of the input: multiply its sides.")
    def takes_one_side_of_the_kernel(self) -> MistakeValues:
        flat = [replace(layer, kernel=layer.kernel[:1]) for layer in self.layers]
        return self._with("weights", [layer.weights(self.image) for layer in flat])

    @property
    def _steps(self) -> Iterator[tuple[Layer, Size, Size]]:
        return passed((self.channels[0], *self.image), self.layers)

    def _with(self, column: str, counts: Sequence[int]) -> MistakeValues:
        """What follows from other numbers of weights or biases of the layers."""
        return self.consequences(**{f"{column}_{number}": count for number, count in enumerate(counts, 1)})


class SequentialTable(Question):
    """Output size, weights and biases of each layer of a convolutional network.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, sections 9.1 to 9.5; torch.nn.Conv2d,
    torch.nn.MaxPool2d, torch.nn.BatchNorm2d, torch.nn.AdaptiveAvgPool2d, torch.nn.LazyLinear.
    """

    title = "Table of a convolutional network"
    minutes = {1: 5, 2: 9, 3: 13}

    image: tuple[int, int, int]
    filters: tuple[int, ...]
    kernels: tuple[Pair, ...]
    strides: tuple[Pair, ...]
    paddings: tuple[Pair, ...]
    dilations: tuple[Pair, ...]
    pools: tuple[Pair, ...]
    """Window and stride of the pooling after each convolution; a window of 1 for none."""
    normalized: bool
    rectified: bool
    averaged: bool
    """Whether a global average pooling precedes the linear layer."""
    classes: int

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        return (cls._draw_one_block, cls._draw_plain_blocks, cls._draw_modern_blocks)[level - 1](rng)

    @classmethod
    def _draw_one_block(cls, rng: Random) -> Self:
        side, kernel = rng.choice(range(8, 33, 2)), rng.choice([3, 5])
        padding = rng.choice([0, kernel // 2])
        return cls(
            image=(rng.choice([1, 3]), side, side),
            filters=(rng.choice([2, 4, 5, 6, 8, 10]),),
            kernels=((kernel, kernel),),
            strides=((1, 1),),
            paddings=((padding, padding),),
            dilations=((1, 1),),
            pools=((2, 2),),
            normalized=False,
            rectified=True,
            averaged=False,
            classes=rng.choice([2, 3, 4, 5, 10]),
        )

    @classmethod
    def _draw_plain_blocks(cls, rng: Random) -> Self:
        """Three convolutions without, or two with ReLU."""
        blocks = rng.choice([2, 3])
        side = rng.randint(28, 56)
        kernels = [rng.choice([3, 5, 5, 7]), *(rng.choice([2, 3, 4, 5]) for _ in range(blocks - 1))]
        paddings = [rng.choice([0, kernel // 2]) for kernel in kernels]
        filters = rng.choice([4, 5, 6, 8]), rng.choice([8, 10, 12, 16]), rng.choice([12, 16, 20])
        return cls(
            image=(rng.choice([1, 3]), side, side),
            filters=filters[:blocks],
            kernels=_pairs(kernels),
            strides=_pairs([1] * blocks),
            paddings=_pairs(paddings),
            dilations=_pairs([1] * blocks),
            pools=tuple(rng.choice([(2, 2), (2, 2), (3, 2), (3, 3)]) for _ in range(blocks)),
            normalized=False,
            rectified=blocks == 2,
            averaged=False,
            classes=rng.choice([2, 4, 5, 6, 10]),
        )

    @classmethod
    def _draw_modern_blocks(cls, rng: Random) -> Self:
        height, width = rng.sample(range(24, 64), 2)
        averaged = rng.random() < 0.5
        return cls(
            image=(rng.choice([1, 3, 4]), height, width),
            filters=(rng.choice([4, 6, 8, 10]), rng.choice([12, 16, 20, 32])),
            kernels=(rng.choice([(3, 5), (5, 3), (2, 4), (3, 7)]), (3, 3)),
            strides=(rng.choice([(1, 2), (2, 1), (2, 2)]), (1, 1)),
            paddings=(rng.choice([(1, 2), (1, 1), (0, 1)]), rng.choice([(0, 0), (1, 1), (2, 2)])),
            dilations=((1, 1), (2, 2)),
            pools=((1, 1), (1, 1)) if averaged else ((1, 1), rng.choice([(2, 2), (3, 2), (3, 3)])),
            normalized=True,
            rectified=True,
            averaged=averaged,
            classes=rng.choice([3, 5, 7, 10]),
        )

    def flaw(self) -> str | None:
        settings = (self.kernels, self.strides, self.paddings, self.dilations, self.pools)
        if not 1 <= len(self.filters) <= 4 or {len(self.filters)} != set(map(len, settings)):
            return "one to four convolutions each need filters, kernel, stride, padding, dilation and pooling"
        counts = (*self.image, *self.filters, self.classes)
        windows = (*self.kernels, *self.strides, *self.dilations, *self.pools)
        if min(*counts, *map(min, windows)) < 1 or min(map(min, self.paddings)) < 0:
            return "sizes, strides, dilations and windows must be positive and paddings not negative"
        if max(*counts, *map(max, windows), *map(max, self.paddings)) > LARGEST_OF_NETWORK:
            return f"a size is larger than {LARGEST_OF_NETWORK}"
        if any(p >= d * (k - 1) + 1 for p, d, k in self._padded_axes):
            return "a padding is as large as its kernel"
        try:
            steps = self.steps
        except ValueError as reason:
            return str(reason)
        if any(isinstance(layer, BatchNorm2d) and math.prod(size[1:]) == 1 for layer, size, _ in steps):
            return "batch normalization has a single value for each channel"
        products = sum(layer.weights(size) * math.prod(output[1:]) for layer, size, output in steps)
        if products > MOST_PRODUCTS or max(math.prod(output) for _, _, output in steps) > MOST_VALUES:
            return "the network is too large to be run for an exam"
        return None

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The rows of the table: all layers but the flattening."""
        layers: list[Layer] = []
        channels = pairwise((self.image[0], *self.filters))
        settings = zip(self.kernels, self.strides, self.paddings, self.dilations, strict=True)
        blocks = zip(channels, settings, self.pools, strict=True)
        for (before, filters), (kernel, stride, padding, dilation), (window, step) in blocks:
            layers.append(Conv2d(before, filters, kernel, stride=stride, padding=padding, dilation=dilation))
            layers += [BatchNorm2d(filters)] if self.normalized else []
            layers += [ReLU()] if self.rectified else []
            layers += [MaxPool2d(window, step)] if window > 1 else []
        layers += [AdaptiveAvgPool2d()] if self.averaged else []
        return (*layers, LazyLinear(self.classes))

    @property
    def listing(self) -> str:
        """The network in PyTorch."""
        *layers, classifier = (layer.code for layer in self.layers)
        return sequential([*layers, "nn.Flatten()", classifier])

    @property
    def steps(self) -> list[tuple[Layer, Size, Size]]:
        """Each layer with the size that goes in and the size that comes out."""
        return list(passed(self.image, self.layers))

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {}
        size: Size = self.image
        total = 0
        for number, layer in enumerate(self.layers, 1):
            if isinstance(layer, LazyLinear):
                keys["in_features"] = Integer(math.prod(size))
                size = (given("in_features", math.prod(size)),)
            output, weights, biases = layer.output(size), layer.weights(size), layer.biases
            keys[f"size_{number}"] = Shape(output)
            keys[f"weights_{number}"] = Integer(weights)
            keys[f"biases_{number}"] = Integer(biases)
            total += given(f"weights_{number}", weights) + given(f"biases_{number}", biases)
            size = given(f"size_{number}", output)
        return keys | {"total": Integer(total)}

    @mistake("A pooling window that does not fit any more is dropped: round down, not up.")
    def rounds_up_in_pooling(self) -> MistakeValues:
        return self._sizes_with(
            lambda layer: replace(layer, rounded_up=True) if isinstance(layer, MaxPool2d) else layer
        )

    @mistake("The padding of a convolution enlarges its input at both borders before the kernel moves.")
    def ignores_padding(self) -> MistakeValues:
        return self._sizes_of_convolutions(padding=(0, 0))

    @mistake("The kernel of a convolution moves by its stride.")
    def ignores_stride(self) -> MistakeValues:
        return self._sizes_of_convolutions(stride=(1, 1))

    @mistake("A dilated kernel spans d(k − 1) + 1 pixels, not k.")
    def ignores_dilation(self) -> MistakeValues:
        return self._sizes_of_convolutions(dilation=(1, 1))

    @mistake("The linear layer sees every channel: its inputs are channels × rows × columns.")
    def flattens_one_channel(self) -> MistakeValues:
        *_, (_, size, _) = self.steps
        return self.consequences(in_features=math.prod(size[1:]))

    @mistake("A filter spans all channels of its input: multiply by their number.")
    def forgets_input_channels(self) -> MistakeValues:
        return self._weights_with(Conv2d, lambda layer, size: layer.weights(size) // layer.channels)

    @mistake("ReLU has no parameters: it is the same function for every channel.")
    def relu_has_parameters(self) -> MistakeValues:
        return self._weights_with(ReLU, lambda layer, size: size[0])

    @mistake("Max pooling has no parameters: it only picks the largest value of a window.")
    def pooling_has_parameters(self) -> MistakeValues:
        return self._weights_with(MaxPool2d, lambda layer, size: layer.window**2)

    @mistake("A convolution has one bias for each filter, not one in all.")
    def has_one_bias(self) -> MistakeValues:
        return self._biases_with(Conv2d, 1)

    @mistake("Batch normalization learns a scale and a shift for each channel: 2C parameters, not C.")
    def normalization_has_no_shift(self) -> MistakeValues:
        return self._biases_with(BatchNorm2d, 0)

    @property
    def _padded_axes(self) -> list[tuple[int, int, int]]:
        triples = zip(self.paddings, self.dilations, self.kernels, strict=True)
        return [axis for triple in triples for axis in zip(*triple, strict=True)]

    def _weights_with(self, kind: type[Layer], count: Callable[[Any, Size], int]) -> MistakeValues:
        """What follows from another count of the weights in the layers of a kind."""
        steps = [
            (n, layer, size) for n, (layer, size, _) in enumerate(self.steps, 1) if isinstance(layer, kind)
        ]
        return self.consequences(**{f"weights_{n}": count(layer, size) for n, layer, size in steps})

    def _biases_with(self, kind: type[Layer], count: int) -> MistakeValues:
        """What follows from another count of the biases in the layers of a kind."""
        numbered = enumerate(self.layers, 1)
        return self.consequences(**{f"biases_{n}": count for n, layer in numbered if isinstance(layer, kind)})

    def _sizes_of_convolutions(self, **changed: Any) -> MistakeValues:
        return self._sizes_with(
            lambda layer: replace(layer, **changed) if isinstance(layer, Conv2d) else layer
        )

    def _sizes_with(self, change: Callable[[Layer], Layer]) -> MistakeValues:
        """What follows from the sizes that changed layers make."""
        try:
            steps = list(passed(self.image, map(change, self.layers)))
            return self.consequences(
                **{f"size_{number}": output for number, (_, _, output) in enumerate(steps, 1)}
            )
        except ValueError:
            return None


def _pair(rng: Random, least: int, most: int) -> Pair:
    return rng.randint(least, most), rng.randint(least, most)


def _pairs(numbers: Iterable[int]) -> tuple[Pair, ...]:
    return tuple((number, number) for number in numbers)


def _each(function: Callable[..., int], *pairs: Sequence[int]) -> Pair:
    """A function of the rows and of the columns of each pair."""
    rows, columns = (function(*axis) for axis in zip(*pairs, strict=True))
    return rows, columns


def _sized(size: Pair) -> dict[str, int]:
    return dict(zip(("rows", "columns"), size, strict=True))
