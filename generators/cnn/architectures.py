"""What the classic networks are made of: LeNet, AlexNet, VGG, GoogLeNet, ResNet, MobileNet, U-Net."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from random import Random
from typing import NamedTuple, Self

from ...answers import Answer, Integer, Real, Shape
from ...question import Given, MistakeValues, Question, mistake

LENET, ALEXNET = "LeNet-5", "AlexNet"
VGG_WIDTHS = (64, 128, 256, 512, 512)
VGG_CONVOLUTIONS: Mapping[str, tuple[int, ...]] = {
    "VGG-11": (1, 1, 2, 2, 2),
    "VGG-13": (2, 2, 2, 2, 2),
    "VGG-16": (2, 2, 3, 3, 3),
    "VGG-19": (2, 2, 4, 4, 4),
}
"""The convolutions of each block."""
HIDDEN = 4096
CLASSES = (2, 5, 10, 20, 37, 47, 50, 62, 100, 101, 102, 120, 196, 200, 257, 365, 397, 1000)
"""Of well-known collections of images."""
MOST_CLASSES = 20_000


class Counted(NamedTuple):
    """A layer with weights; a linear layer has a kernel of 1."""

    kernel: int
    inputs: int
    outputs: int

    @property
    def weights(self) -> int:
        """Its weights."""
        return self.kernel**2 * self.inputs * self.outputs

    @property
    def parameters(self) -> int:
        """Its weights and biases."""
        return self.weights + self.outputs


ALEXNET_CONVOLUTIONS = (
    Counted(11, 3, 64),
    Counted(5, 64, 192),
    Counted(3, 192, 384),
    Counted(3, 384, 256),
    Counted(3, 256, 256),
)


class ClassicTotals(Question):
    """Parameters of a classic network, of all layers or of a part of it.

    At level 1 the layers of LeNet-5; at level 2 a block of a VGG network, or its linear layers for images of
    another size; at level 3 a whole VGG network or AlexNet, and the share of its linear layers.

    Source: LeCun et al. 1998, Gradient-based learning applied to document recognition, section II.B;
    Krizhevsky 2014, One weird trick for parallelizing convolutional neural networks; Simonyan & Zisserman
    2015, Very deep convolutional networks for large-scale image recognition, tables 1 and 2.
    """

    title = "Parameters of a classic network"
    minutes = {1: 4, 2: 4, 3: 10}

    network: str
    """`LeNet-5`, `AlexNet`, or `VGG-` and its layers."""
    part: str
    """`layers`, `block`, `head` or `whole`."""
    block: int
    """The place of a VGG network's block, from 0."""
    side: int
    """Rows and columns of the image."""
    classes: int

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        classes, vgg = rng.choice(CLASSES), rng.choice(list(VGG_CONVOLUTIONS))
        if level == 1:
            return cls(LENET, "layers", 0, 32, rng.choice([5, 10, 20, 26, 36, 47, 50, 62, 100]))
        side = rng.randrange(64, 385, 32)
        if level == 2 and rng.random() < 0.5:
            return cls(vgg, "block", rng.randrange(5), side, 1000)
        if level == 2:
            return cls(vgg, "head", 0, side, classes)
        return (
            cls(ALEXNET, "whole", 0, 224, classes)
            if rng.random() < 0.1
            else cls(vgg, "whole", 0, side, classes)
        )

    def flaw(self) -> str | None:
        if self.part not in {"layers", "block", "head", "whole"}:
            return "part is layers, block, head or whole"
        if not 2 <= self.classes <= MOST_CLASSES:
            return f"there are 2 to {MOST_CLASSES} classes"
        if self.network == LENET or self.part == "layers":
            fits = (self.network, self.part, self.side) == (LENET, "layers", 32)
            return None if fits else "the layers are those of LeNet-5 for 32 rows and columns"
        if self.network == ALEXNET:
            fits = (self.part, self.side) == ("whole", 224)
            return None if fits else "AlexNet is asked for as a whole, for 224 rows and columns"
        if self.network not in VGG_CONVOLUTIONS:
            return f"the network is {LENET}, {ALEXNET}, {' or '.join(VGG_CONVOLUTIONS)}"
        if self.side % 32 or not 32 <= self.side <= 1024:
            return "rows and columns are a multiple of 32, at most 1024"
        if not 0 <= self.block < 5:
            return "the block is 0 to 4"
        return "the block has one convolution only" if len(self.asked) == 1 else None

    @property
    def convolutions(self) -> tuple[Counted, ...]:
        """The convolutions of the network, from the image on."""
        if self.network == LENET:
            return Counted(5, 1, 6), Counted(5, 6, 16)
        if self.network == ALEXNET:
            return ALEXNET_CONVOLUTIONS
        return tuple(layer for block in self.blocks for layer in block)

    @property
    def blocks(self) -> tuple[tuple[Counted, ...], ...]:
        """The convolutions of a VGG network by block; none for other networks."""
        counts = VGG_CONVOLUTIONS.get(self.network, ())
        before = (3, *VGG_WIDTHS)
        return tuple(
            (Counted(3, channels, width), *[Counted(3, width, width)] * (count - 1))
            for channels, width, count in zip(before, VGG_WIDTHS, counts, strict=False)
        )

    @property
    def maps(self) -> tuple[int, int, int]:
        """Channels, rows and columns in front of the first linear layer."""
        side = {LENET: 5, ALEXNET: 6}.get(self.network, self.side // 32)
        return self.convolutions[-1].outputs, side, side

    @property
    def features(self) -> int:
        """The inputs of the first linear layer."""
        return self.maps[0] * self.maps[1] ** 2

    @property
    def linear(self) -> tuple[Counted, ...]:
        """The linear layers."""
        return self._linear(self.features)

    def _linear(self, features: int) -> tuple[Counted, ...]:
        first, second = (120, 84) if self.network == LENET else (HIDDEN, HIDDEN)
        return Counted(1, features, first), Counted(1, first, second), Counted(1, second, self.classes)

    @property
    def asked(self) -> tuple[Counted, ...]:
        """The convolutions of the block that is asked for; none where no block is."""
        return self.blocks[self.block] if self.part == "block" else ()

    @property
    def runs(self) -> list[tuple[Counted, int]]:
        """The convolutions, with how many equal ones follow each other."""
        return [(layer, len(list(equal))) for layer, equal in groupby(self.convolutions)]

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.part == "layers":
            counts = [layer.parameters for layer in (*self.convolutions, *self.linear)]
            return _added({f"layer_{n}": count for n, count in enumerate(counts, 1)}, given)
        if self.part == "block":
            return self._follow_block(given)
        if self.part == "head":
            features = given("features", self.features)
            counts = [layer.parameters for layer in self._linear(features)]
            keys: dict[str, Answer] = {"features": Integer(self.features)}
            return keys | _added({f"layer_{n}": count for n, count in enumerate(counts, 1)}, given)
        parts = {"convolutions": _sum(self.convolutions), "linear": _sum(self.linear)}
        keys = _added(parts, given)
        total = given("total", sum(given(blank, part) for blank, part in parts.items()))
        return keys | {"share": Real(100 * given("linear", parts["linear"]) / total, 1)}

    def _follow_block(self, given: Given) -> dict[str, Answer]:
        first, other = (layer.parameters for layer in self.asked[:2])
        total = given("first", first) + (len(self.asked) - 1) * given("other", other)
        side = self.side // 2 ** (self.block + 1)
        return {
            "first": Integer(first),
            "other": Integer(other),
            "total": Integer(total),
            "size": Shape((self.asked[0].outputs, side, side)),
        }

    def _with_linear(self, features: int) -> MistakeValues:
        """What another number of inputs of the first linear layer leads to."""
        layers = self._linear(features)
        if self.part == "head":
            return self.consequences(features=features)
        if self.part == "layers":
            return self.consequences(layer_3=layers[0].parameters)
        return self.consequences(linear=_sum(layers)) if self.part == "whole" else None

    @mistake("Every filter and every unit has a bias of its own.")
    def forgets_bias(self) -> MistakeValues:
        if self.part == "whole":
            counts = [sum(layer.weights for layer in part) for part in (self.convolutions, self.linear)]
            return self.consequences(convolutions=counts[0], linear=counts[1])
        if self.part == "block":
            return self.consequences(first=self.asked[0].weights, other=self.asked[1].weights)
        layers = (*self.convolutions, *self.linear) if self.part == "layers" else self.linear
        return self.consequences(**{f"layer_{n}": layer.weights for n, layer in enumerate(layers, 1)})

    @mistake("The maps of all channels go into the first linear layer.")
    def forgets_the_channels_of_the_maps(self) -> MistakeValues:
        return self._with_linear(self.maps[1] ** 2)

    @mistake("Each of the poolings halves the maps in front of the first linear layer, the last one too.")
    def forgets_the_last_pooling(self) -> MistakeValues:
        if self.network == ALEXNET:
            return None
        return self._with_linear(4 * self.features)

    @mistake("The first linear layer takes the maps in front of it, not the image.")
    def flattens_the_image(self) -> MistakeValues:
        return self._with_linear((1 if self.network == LENET else 3) * self.side**2)

    @mistake("A filter has weights for every channel that it sees.")
    def forgets_the_channels_of_a_filter(self) -> MistakeValues:
        flat = [layer._replace(inputs=1).parameters for layer in self.convolutions]
        if self.part == "layers":
            return self.consequences(layer_2=flat[1])
        if self.part == "whole":
            return self.consequences(convolutions=sum(flat))
        if self.part == "head":
            return None
        one = self.asked[0]._replace(inputs=1).parameters
        return self.consequences(first=one, other=one)

    @mistake("Only the first convolution of a block takes the channels of the block before.")
    def repeats_the_first_convolution(self) -> MistakeValues:
        return self.consequences(other=self.asked[0].parameters) if self.part == "block" else None

    @mistake("The pooling at its end halves rows and columns.")
    def forgets_the_pooling_of_the_block(self) -> MistakeValues:
        if self.part != "block":
            return None
        side = self.side // 2**self.block
        return {"size": (self.asked[0].outputs, side, side)}

    @mistake("The poolings of the blocks before have halved rows and columns too.")
    def halves_the_image_once(self) -> MistakeValues:
        if self.part != "block":
            return None
        return {"size": (self.asked[0].outputs, self.side // 2, self.side // 2)}

    @mistake("The share is the linear part of all parameters, not of the convolutions.")
    def divides_by_the_convolutions(self) -> MistakeValues:
        if self.part != "whole":
            return None
        return {"share": 100 * _sum(self.linear) / _sum(self.convolutions)}

    @mistake("This is the share of the convolutions; the linear layers have the rest.")
    def takes_the_other_share(self) -> MistakeValues:
        if self.part != "whole":
            return None
        return {"share": 100 * _sum(self.convolutions) / _sum((*self.convolutions, *self.linear))}


def _sum(layers: Sequence[Counted]) -> int:
    return sum(layer.parameters for layer in layers)


def _added(parts: Mapping[str, int], given: Given) -> dict[str, Answer]:
    """A blank for each part, and their sum."""
    keys: dict[str, Answer] = {blank: Integer(part) for blank, part in parts.items()}
    return keys | {"total": Integer(sum(given(blank, part) for blank, part in parts.items()))}
