"""What convolutional networks hold and compute: flattened features, multiplications, memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any, Self

from ...answers import Answer, Integer, Real, Shape
from ...question import Given, MistakeValues, Question, mistake
from ..layers import Conv2d, Layer, MaxPool2d, ReLU, Size, passed, sequential

LARGEST = 1_000
"""The largest size, number of channels or of units."""
MOST_LAYERS = 4


class FlattenFeatures(Question):
    """How many inputs the first linear layer has behind convolutions.

    At level 1 the number alone, at level 2 the part of the parameters that the linear layers hold; at level 3
    a batch of images of another size, which `view` cuts into the wrong number of rows.

    Source: LeCun, Bottou, Bengio & Haffner 1998, Gradient-based learning applied to document recognition,
    section II.B; torch.nn.Flatten; torch.Tensor.view.
    """

    title = "Inputs of the first linear layer"
    minutes = {1: 2, 2: 5, 3: 6}

    image: tuple[int, int, int]
    """Channels, rows and columns."""
    filters: tuple[int, ...]
    kernels: tuple[int, ...]
    strides: tuple[int, ...]
    paddings: tuple[int, ...]
    pools: tuple[int, ...]
    """The window of the max pooling behind each convolution; 1 for none."""
    units: tuple[int, ...]
    """The outputs of each linear layer; none where these are not counted."""
    batch: int
    """The images of another size that arrive; 0 where none do."""
    other: tuple[int, int]
    """The rows and columns of these."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        return (cls._draw_one, cls._draw_with_linear_layers, cls._draw_with_batch)[level - 1](rng)

    @classmethod
    def _draw_one(cls, rng: Random) -> Self:
        side, kernel = rng.choice([12, 14, 16, 20, 22, 24, 28, 32]), rng.choice([3, 5])
        image, filters = (rng.choice([1, 3]), side, side), rng.choice([4, 5, 6, 8, 10, 16])
        return cls(image, (filters,), (kernel,), (1,), (rng.choice([0, kernel // 2]),), (2,), (), 0, (0, 0))

    @classmethod
    def _draw_with_linear_layers(cls, rng: Random) -> Self:
        side, kernels = rng.randint(28, 48), (rng.choice([3, 5, 7]), rng.choice([3, 5]))
        paddings = rng.choice([0, kernels[0] // 2]), rng.choice([0, kernels[1] // 2])
        image, filters = (
            (rng.choice([1, 3]), side, side),
            (rng.choice([4, 5, 6, 8]), rng.choice([10, 16, 20])),
        )
        pools = rng.choice([(2, 2), (2, 2), (2, 3), (3, 2)])
        units = rng.choice([32, 50, 64, 84, 100, 120]), rng.randint(2, 10)
        return cls(image, filters, kernels, (1, 1), paddings, pools, units, 0, (0, 0))

    @classmethod
    def _draw_with_batch(cls, rng: Random) -> Self:
        image = rng.choice([1, 3]), rng.randint(20, 48), rng.randint(20, 48)
        kernels, paddings = (rng.choice([3, 5]), 3), (rng.randint(0, 1), rng.randint(0, 1))
        filters, strides = (rng.choice([6, 8, 10]), rng.choice([12, 16, 20])), rng.choice([(2, 1), (2, 2)])
        network = cls(image, filters, kernels, strides, paddings, (1, 2), (), 0, (0, 0))
        return network._with_batch(rng)

    def _with_batch(self, rng: Random) -> Self:
        """Images of another size, mostly as many as fill whole rows."""
        other = rng.randint(20, 48), rng.randint(20, 48)
        features = math.prod(self.maps)
        fitting = features // math.gcd(features, math.prod(self._maps(other)))
        multiple = fitting * rng.choice([1, 2, 3])
        return replace(self, other=other, batch=multiple if multiple <= 64 else rng.randint(2, 40))

    def flaw(self) -> str | None:
        settings = (self.kernels, self.strides, self.paddings, self.pools)
        if not 1 <= len(self.filters) <= MOST_LAYERS or {*map(len, settings)} != {len(self.filters)}:
            return f"one to {MOST_LAYERS} convolutions each need filters, kernel, stride, padding and pooling"
        positive = (*self.image, *self.filters, *self.kernels, *self.strides, *self.pools, *self.units)
        if min(positive) < 1 or min(*self.paddings, self.batch, *self.other) < 0 or len(self.units) > 3:
            return "sizes are positive, paddings not negative, and at most three linear layers follow"
        if max(*positive, *self.paddings, self.batch, *self.other) > LARGEST:
            return f"a number is larger than {LARGEST}"
        if any(padding >= kernel for padding, kernel in zip(self.paddings, self.kernels, strict=True)):
            return "a padding is as large as its kernel"
        if bool(self.batch) != all(self.other) or (self.batch and self.units):
            return "images of another size come in a batch, and then no linear layers are counted"
        try:
            sizes = [math.prod(self._maps(sides)) for sides in (self.image[1:], self.other) if all(sides)]
        except ValueError as reason:
            return str(reason)
        return "images of the other size give as many features" if len({*sizes}) < len(sizes) else None

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The convolutions, each with ReLU and its pooling."""
        channels = (self.image[0], *self.filters)
        convolutions = _convolutions(channels, self.kernels, self.strides, self.paddings)
        return tuple(
            layer
            for convolution, window in zip(convolutions, self.pools, strict=True)
            for layer in (convolution, ReLU(), *[MaxPool2d(window, window)] * (window > 1))
        )

    @property
    def listing(self) -> str:
        """The layers up to flattening in PyTorch."""
        return sequential(layer.code for layer in self.layers)

    @property
    def maps(self) -> Size:
        """The size of what comes out of the last of these layers."""
        return self._maps(self.image[1:])

    @property
    def steps(self) -> list[tuple[Layer, Size, Size]]:
        """Each layer with the size that goes in and the size that comes out."""
        return list(passed(self.image, self.layers))

    @property
    def other_steps(self) -> list[tuple[Layer, Size, Size]]:
        """The same with images of the other size."""
        return list(passed((self.image[0], *self.other), self.layers)) if self.batch else []

    def _maps(self, sides: Sequence[int], change: Callable[[Layer], Layer] = lambda layer: layer) -> Size:
        *_, (_, _, maps) = passed((self.image[0], *sides), map(change, self.layers))
        return maps

    def follow(self, given: Given) -> dict[str, Answer]:
        maps = given("maps", self.maps)
        keys: dict[str, Answer] = {"maps": Shape(self.maps), "features": Integer(math.prod(maps))}
        features = given("features", math.prod(maps))
        if self.units:
            linear = sum((before + 1) * after for before, after in pairwise((features, *self.units)))
            share = self._share(given("convolutional", self.convolutional), given("linear", linear))
            keys |= {"convolutional": Integer(self.convolutional), "linear": Integer(linear)}
            keys |= {"share": Real(share, 3)}
        if self.batch:
            other = self._maps(self.other)
            values = self.batch * math.prod(given("other_maps", other))
            rows, rest = divmod(values, features)
            keys |= {"other_maps": Shape(other), "rows": Integer(0 if rest else rows)}
        return keys

    @property
    def convolutional(self) -> int:
        """The parameters of the convolutions."""
        return sum(layer.weights(size) + layer.biases for layer, size, _ in self.steps)

    def _share(self, convolutional: int, linear: int) -> float:
        return linear / (convolutional + linear)

    @mistake("Flattening keeps all channels: multiply rows and columns by their number.")
    def flattens_one_channel(self) -> MistakeValues:
        return self.consequences(features=math.prod(self.maps[1:]))

    @mistake("The last convolution makes as many channels as it has filters, not as many as go in.")
    def takes_channels_of_the_input(self) -> MistakeValues:
        before = (self.image[0], *self.filters)[-2]
        return self.consequences(maps=(before, *self.maps[1:]))

    @mistake("The last pooling comes before the flattening: it makes the maps smaller once more.")
    def forgets_the_last_pooling(self) -> MistakeValues:
        layer, size, _ = self.steps[-1]
        return self.consequences(maps=size) if isinstance(layer, MaxPool2d) else None

    @mistake("The padding enlarges the input of a convolution at every border.")
    def ignores_padding(self) -> MistakeValues:
        return self._with_convolutions(padding=(0, 0))

    @mistake("A convolution moves by its stride.")
    def ignores_stride(self) -> MistakeValues:
        return self._with_convolutions(stride=(1, 1))

    @mistake("Without enough padding, a convolution loses rows and columns at the border.")
    def keeps_the_size(self) -> MistakeValues:
        return self._with(
            lambda layer: (
                replace(layer, padding=(layer.kernel[0] // 2,) * 2) if isinstance(layer, Conv2d) else layer
            )
        )

    @mistake("A window that does not fit any more is dropped: round down, not up.")
    def rounds_up(self) -> MistakeValues:
        return self._with(
            lambda layer: replace(layer, rounded_up=True) if isinstance(layer, MaxPool2d) else layer
        )

    @mistake("All linear layers count, not only the first one.")
    def counts_the_first_linear_layer(self) -> MistakeValues:
        features = math.prod(self.maps)
        return self.consequences(linear=(features + 1) * self.units[0]) if self.units else None

    @mistake("Each unit of a linear layer has a bias beside its weights.")
    def forgets_biases(self) -> MistakeValues:
        if not self.units:
            return None
        return self.consequences(
            linear=sum(a * b for a, b in pairwise((math.prod(self.maps), *self.units))),
            convolutional=self.convolutional - sum(self.filters),
        )

    @mistake("The share is of all parameters, those of the linear layers included.")
    def compares_with_the_rest(self) -> MistakeValues:
        if not self.units:
            return None
        linear = sum((a + 1) * b for a, b in pairwise((math.prod(self.maps), *self.units)))
        return {"share": linear / self.convolutional}

    @mistake("view(-1, …) does not know the batch: it cuts all numbers, one after another, into rows.")
    def keeps_the_batch(self) -> MistakeValues:
        return {"rows": self.batch} if self.batch else None

    @mistake("view looks only at how many numbers there are: if these fill whole rows, it raises no error.")
    def expects_an_error(self) -> MistakeValues:
        return {"rows": 0} if self.batch else None

    @mistake("Numbers that fill no whole row are not dropped: view raises an error.")
    def drops_the_rest(self) -> MistakeValues:
        if not self.batch:
            return None
        return {"rows": self.batch * math.prod(self._maps(self.other)) // math.prod(self.maps)}

    def _with_convolutions(self, **changed: Any) -> MistakeValues:
        return self._with(lambda layer: replace(layer, **changed) if isinstance(layer, Conv2d) else layer)

    def _with(self, change: Callable[[Layer], Layer]) -> MistakeValues:
        """What follows from the maps that changed layers make."""
        try:
            wrong = {"maps": self._maps(self.image[1:], change)}
            wrong |= {"other_maps": self._maps(self.other, change)} if self.batch else {}
        except ValueError:
            return None
        return self.consequences(**wrong)


class ConvFlops(Question):
    """Multiplications, floating-point operations and activation memory of convolutions.

    At level 1 one layer, at level 2 two layers with a batch and the memory of their outputs; at level 3 a
    comparison with a fully connected layer, or with a convolution without stride and groups.

    Source: torch.utils.flop_counter.FlopCounterMode; Goodfellow, Bengio & Courville 2016, Deep Learning,
    section 9.2; Sze, Chen, Yang & Emer 2017, Efficient processing of deep neural networks, section III.
    """

    title = "Operations of a convolution"
    minutes = {1: 2, 2: 5, 3: 6}

    image: tuple[int, int, int]
    """Channels, rows and columns."""
    batch: int
    filters: tuple[int, ...]
    kernels: tuple[int, ...]
    strides: tuple[int, ...]
    paddings: tuple[int, ...]
    groups: tuple[int, ...]
    compared: str
    """`linear`, `plain` (stride 1, one group), or empty."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 3:
            return rng.choice([cls._draw_against_linear, cls._draw_against_plain])(rng)
        return (cls._draw_one, cls._draw_two)[level - 1](rng)

    @classmethod
    def _draw_one(cls, rng: Random) -> Self:
        side, kernel = rng.choice([8, 10, 12, 16, 20, 24, 32]), rng.choice([3, 5])
        image, filters = (rng.choice([1, 2, 3, 4]), side, side), rng.choice([2, 4, 5, 6, 8, 10])
        return cls(image, 1, (filters,), (kernel,), (1,), (rng.choice([0, kernel // 2]),), (1,), "")

    @classmethod
    def _draw_two(cls, rng: Random) -> Self:
        side, kernels = rng.choice([16, 20, 24, 28, 32]), (rng.choice([3, 5]), rng.choice([1, 3]))
        image, filters = (
            (rng.choice([1, 3]), side, side),
            (rng.choice([4, 5, 8, 10]), rng.choice([8, 10, 16])),
        )
        strides, paddings = (1, rng.choice([1, 2])), (rng.choice([0, kernels[0] // 2]), 0)
        return cls(image, rng.choice([2, 4, 5, 8, 10]), filters, kernels, strides, paddings, (1, 1), "")

    @classmethod
    def _draw_against_linear(cls, rng: Random) -> Self:
        side, kernel, stride = rng.choice([8, 10, 12, 14, 15, 16]), rng.choice([3, 5]), rng.choice([1, 2])
        image, filters = (rng.choice([1, 3, 4]), side, side), rng.choice([4, 5, 6, 8])
        paddings = (rng.choice([0, kernel // 2]),)
        return cls(image, 1, (filters,), (kernel,), (stride,), paddings, (1,), "linear")

    @classmethod
    def _draw_against_plain(cls, rng: Random) -> Self:
        side, kernel, stride = rng.choice([16, 20, 24, 28, 30, 32]), rng.choice([3, 5]), rng.choice([2, 3])
        image, filters = (rng.choice([8, 12, 16]), side, side), rng.choice([8, 16, 20, 24])
        paddings, groups = (rng.choice([0, kernel // 2]),), (rng.choice([1, 2, 4]),)
        batch = rng.choice([2, 4, 5, 10])
        return cls(image, batch, (filters,), (kernel,), (stride,), paddings, groups, "plain")

    def flaw(self) -> str | None:
        settings = (self.kernels, self.strides, self.paddings, self.groups)
        if not 1 <= len(self.filters) <= MOST_LAYERS or {*map(len, settings)} != {len(self.filters)}:
            return f"one to {MOST_LAYERS} convolutions each need filters, kernel, stride, padding and groups"
        positive = (*self.image, self.batch, *self.filters, *self.kernels, *self.strides, *self.groups)
        if min(positive) < 1 or min(self.paddings) < 0:
            return "sizes, strides and groups are positive, paddings not negative"
        if max(*positive, *self.paddings) > LARGEST:
            return f"a number is larger than {LARGEST}"
        if any(padding >= kernel for padding, kernel in zip(self.paddings, self.kernels, strict=True)):
            return "a padding is as large as its kernel"
        if any(layer.channels % layer.groups or layer.filters % layer.groups for layer in self.layers):
            return "the groups divide the input and the output channels"
        if self.compared not in {"", "linear", "plain"} or (self.compared and len(self.filters) > 1):
            return "one convolution is compared with linear or plain"
        if self.compared == "linear" and self.batch > 1:
            return "a linear layer is compared for one image"
        if self.compared == "plain" and self.plain == self.layers[0]:
            return "the convolution has neither stride nor groups"
        try:
            list(passed(self.image, self.layers))
        except ValueError as reason:
            return str(reason)
        return None

    @property
    def layers(self) -> tuple[Conv2d, ...]:
        """The convolutions."""
        channels = (self.image[0], *self.filters)
        return tuple(_convolutions(channels, self.kernels, self.strides, self.paddings, self.groups))

    @property
    def plain(self) -> Conv2d:
        """The first convolution without stride and groups."""
        return replace(self.layers[0], stride=(1, 1), groups=1)

    @property
    def listing(self) -> str:
        """The convolutions in PyTorch."""
        return sequential(layer.code for layer in self.layers)

    @property
    def steps(self) -> list[tuple[Conv2d, Size, Size]]:
        """Each layer with the size that goes in and the size that comes out."""
        sizes = passed(self.image, self.layers)
        return [(layer, *step[1:]) for layer, step in zip(self.layers, sizes, strict=True)]

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {}
        size: Size = self.image
        macs = numbers = 0
        for number, layer in enumerate(self.layers, 1):
            keys[f"size_{number}"] = Shape(layer.output(size))
            size = given(f"size_{number}", layer.output(size))
            own = self.batch * math.prod(size) * cost(layer)
            keys[f"macs_{number}"] = Integer(own)
            macs += given(f"macs_{number}", own)
            numbers += self.batch * math.prod(size)
        if self.compared == "linear":
            return keys | self._linear(given, size)
        if self.compared:
            return keys | self._plain(given, macs)
        return keys | ({"flops": Integer(2 * macs), "bytes": Integer(4 * numbers)} if self.batch > 1 else {})

    def _linear(self, given: Given, size: Size) -> dict[str, Answer]:
        parameters = self.layers[0].weights(self.image) + self.layers[0].biases
        linear = (math.prod(self.image) + 1) * math.prod(size)
        ratio = given("linear", linear) / given("parameters", parameters)
        return {"parameters": Integer(parameters), "linear": Integer(linear), "ratio": Real(ratio, 1)}

    def _plain(self, given: Given, macs: int) -> dict[str, Answer]:
        size = self.plain.output(self.image)
        plain = self.batch * math.prod(given("plain_size", size)) * cost(self.plain)
        ratio = given("plain_macs", plain) / macs
        return {"plain_size": Shape(size), "plain_macs": Integer(plain), "ratio": Real(ratio, 2)}

    @mistake("A kernel is applied once for each place of the output, not of the input.")
    def counts_places_of_the_input(self) -> MistakeValues:
        return self._with(
            lambda layer, size, output: self.batch * layer.filters * math.prod(size[1:]) * cost(layer)
        )

    @mistake("A kernel spans all input channels of its group: multiply by their number.")
    def forgets_input_channels(self) -> MistakeValues:
        return self._with(
            lambda layer, size, output: self.batch * math.prod(output) * math.prod(layer.kernel)
        )

    @mistake("Every filter makes a map of its own: multiply by their number.")
    def counts_one_filter(self) -> MistakeValues:
        return self._with(lambda layer, size, output: self.batch * math.prod(output[1:]) * cost(layer))

    @mistake("A multiply-accumulate counts once; only as FLOPs does it count twice.")
    def doubles_multiply_accumulates(self) -> MistakeValues:
        return {f"macs_{n}": 2 * self._macs(*step) for n, step in enumerate(self.steps, 1)}

    @mistake("A multiply-accumulate is two floating-point operations: a multiplication and an addition.")
    def forgets_additions(self) -> MistakeValues:
        if self.compared or self.batch == 1:
            return None
        return {"flops": sum(self._macs(*step) for step in self.steps)}

    @mistake("Adding a bias is no multiply-accumulate, and is not counted here.")
    def counts_biases(self) -> MistakeValues:
        return self._with(
            lambda layer, size, output: self._macs(layer, size, output) + self.batch * math.prod(output)
        )

    @mistake("Every image of the batch is convolved: multiply by their number.")
    def forgets_the_batch(self) -> MistakeValues:
        numbers = sum(math.prod(output) for _, _, output in self.steps)
        return self._with(lambda layer, size, output: math.prod(output) * cost(layer), bytes=4 * numbers)

    @mistake("With g groups a kernel spans only one g-th of the input channels.")
    def ignores_groups(self) -> MistakeValues:
        return self._with(lambda layer, size, output: self._macs(layer, size, output) * layer.groups)

    @mistake("A number of type float32 takes 4 bytes.")
    def takes_a_byte_for_each_number(self) -> MistakeValues:
        if self.compared or self.batch == 1:
            return None
        return {"bytes": self.batch * sum(math.prod(output) for _, _, output in self.steps)}

    @mistake("The linear layer connects all channels: its inputs and outputs are channels × rows × columns.")
    def connects_single_maps(self) -> MistakeValues:
        if self.compared != "linear":
            return None
        places = math.prod(self.steps[0][2][1:])
        return self.consequences(linear=(math.prod(self.image[1:]) + 1) * places)

    @mistake("Each output of the linear layer has a bias of its own beside its weights.")
    def forgets_biases_of_the_linear_layer(self) -> MistakeValues:
        if self.compared != "linear":
            return None
        return self.consequences(linear=math.prod(self.image) * math.prod(self.steps[0][2]))

    @mistake("The stride acts along rows and along columns: it saves about its square.")
    def applies_stride_once(self) -> MistakeValues:
        if self.compared != "plain":
            return None
        return {"ratio": float(self.strides[0] * self.groups[0])}

    @mistake("How many times as many means: divide the larger count by the smaller one.")
    def inverts_the_ratio(self) -> MistakeValues:
        ratio = self.answer().get("ratio")
        return {"ratio": 1 / ratio.value} if isinstance(ratio, Real) else None

    def _macs(self, layer: Conv2d, size: Size, output: Size) -> int:
        return self.batch * math.prod(output) * cost(layer)

    def _with(self, macs: Callable[[Conv2d, Size, Size], int], **others: int) -> MistakeValues:
        """What follows from another count of multiplications."""
        counts = {f"macs_{n}": macs(*step) for n, step in enumerate(self.steps, 1)}
        return self.consequences(**counts, **others)


def cost(layer: Conv2d) -> int:
    """The multiplications for one number that comes out of a convolution."""
    return layer.channels // layer.groups * math.prod(layer.kernel)


def _convolutions(
    channels: Sequence[int],
    kernels: Iterable[int],
    strides: Iterable[int],
    paddings: Iterable[int],
    groups: Iterable[int] = (),
) -> list[Conv2d]:
    """Convolutions with square kernels."""
    settings = zip(pairwise(channels), kernels, strides, paddings, strict=True)
    divided = [*groups] or [1] * (len(channels) - 1)
    return [
        Conv2d(
            before,
            after,
            (kernel, kernel),
            number,
            stride=(stride, stride),
            padding=(padding, padding),
            dilation=(1, 1),
        )
        for ((before, after), kernel, stride, padding), number in zip(settings, divided, strict=True)
    ]
