"""What the classic networks are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise
from random import Random
from typing import NamedTuple, Self

from ...answers import Answer, Integer, MultipleChoice, Option, Ordering, Real, Shape, SingleChoice
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


GOOGLENET, VGG16, RESNET, MOBILENET, UNET = "GoogLeNet", "VGG-16", "ResNet-50", "MobileNet", "U-Net"
NETWORKS = (LENET, ALEXNET, VGG16, GOOGLENET, RESNET, MOBILENET, UNET)


class Fact(NamedTuple):
    """What can be said of networks.

    Attributes:
        says: what those do that have it, as the rest of a sentence.
        networks: of which it is true.
        reason: on whom it is true, as a sentence.
        doubtful: networks that are also built otherwise, of which it is not asked.
    """

    says: str
    networks: tuple[str, ...]
    reason: str
    doubtful: tuple[str, ...] = ()


FACTS: Mapping[str, Fact] = {
    "relu": Fact(
        "has ReLU behind its convolutions",
        (ALEXNET, VGG16, GOOGLENET, RESNET, MOBILENET, UNET),
        "AlexNet made ReLU common; LeNet-5 has tanh.",
    ),
    "tanh": Fact("has tanh as its activation function", (LENET,), "LeNet-5 has tanh, the later ones ReLU."),
    "average_pooling": Fact(
        r"has average pooling of $2 \times 2$ between its convolutions",
        (LENET,),
        "LeNet-5 pools by means; later networks take the maximum or a stride.",
    ),
    "max_pooling": Fact(
        "has max pooling",
        (ALEXNET, VGG16, GOOGLENET, RESNET, UNET),
        "LeNet-5 pools by means, and MobileNet shrinks its maps by strides alone.",
    ),
    "dropout": Fact(
        "has dropout in front of fully connected layers",
        (ALEXNET, VGG16, GOOGLENET),
        "AlexNet, VGG and GoogLeNet have dropout at their end; residual networks have none.",
        (MOBILENET, UNET),
    ),
    "batch_normalization": Fact(
        "has batch normalization",
        (RESNET, MOBILENET),
        "ResNet and MobileNet have it; VGG and GoogLeNet were published before it.",
        (GOOGLENET, UNET),
    ),
    "only_three": Fact(
        r"has convolutions of $3 \times 3$ only",
        (VGG16,),
        "VGG replaces larger kernels by several of 3 × 3 and has nothing else.",
    ),
    "one_by_one": Fact(
        r"has $1 \times 1$ convolutions",
        (GOOGLENET, RESNET, MOBILENET, UNET),
        "GoogLeNet, the bottlenecks of ResNet-50, MobileNet and the end of U-Net mix channels by 1 × 1.",
    ),
    "eleven": Fact(
        r"begins with kernels of $11 \times 11$ and stride 4",
        (ALEXNET,),
        "AlexNet begins like this; the kernels of later networks are smaller.",
    ),
    "seven": Fact(
        r"begins with kernels of $7 \times 7$ and stride 2",
        (GOOGLENET, RESNET),
        "GoogLeNet and ResNet begin in this way.",
    ),
    "inception": Fact(
        r"has blocks with $1 \times 1$, $3 \times 3$ and $5 \times 5$ kernels side by side",
        (GOOGLENET,),
        "These are the Inception blocks of GoogLeNet.",
    ),
    "wide_inception": Fact(
        r"has blocks with $3 \times 3$, $5 \times 5$ and $7 \times 7$ kernels side by side",
        (),
        "The kernels of an Inception block are 1 × 1, 3 × 3 and 5 × 5.",
    ),
    "adds": Fact(
        "adds the input of a block to what its convolutions make of it",
        (RESNET,),
        "These are the skips of residual networks; U-Net and GoogLeNet stack maps instead of adding them.",
    ),
    "stacks": Fact(
        "stacks maps that came different ways along the channels",
        (GOOGLENET, UNET),
        "GoogLeNet stacks the branches of a block, U-Net the copies from its contracting path.",
    ),
    "enlarges": Fact(
        "makes maps larger again by transposed convolutions",
        (UNET,),
        "The expanding path of U-Net doubles the size of its maps at each level.",
    ),
    "depthwise": Fact(
        "filters each channel of a map by itself before it mixes them",
        (MOBILENET,),
        "These are the depthwise separable convolutions of MobileNet.",
    ),
    "global_pooling": Fact(
        "averages each of the last maps to one number",
        (GOOGLENET, RESNET, MOBILENET),
        "Global average pooling replaces hidden fully connected layers in GoogLeNet, ResNet and MobileNet.",
    ),
    "several_linear": Fact(
        "has more than one fully connected layer",
        (LENET, ALEXNET, VGG16),
        "LeNet-5, AlexNet and VGG end with three; later networks have one or none.",
    ),
    "wide_linear": Fact(
        "has fully connected layers with 4096 units",
        (ALEXNET, VGG16),
        "AlexNet and VGG have two of them.",
    ),
    "no_linear": Fact(
        "has no fully connected layer",
        (UNET,),
        "U-Net consists of convolutions, so it takes images of many sizes.",
    ),
    "mostly_linear": Fact(
        "has most of its parameters in fully connected layers",
        (LENET, ALEXNET, VGG16),
        "The first fully connected layer of LeNet-5, AlexNet and VGG takes whole maps.",
    ),
    "over_100_million": Fact(
        "has more than 100 million parameters",
        (VGG16,),
        "VGG-16 has 138 million; AlexNet 61, U-Net 31, ResNet-50 26 million.",
    ),
    "under_10_million": Fact(
        "has fewer than 10 million parameters",
        (LENET, GOOGLENET, MOBILENET),
        "GoogLeNet has 7 million, MobileNet 4 million, LeNet-5 62 thousand.",
    ),
    "over_20_layers": Fact(
        "has more than 20 layers with weights one after another",
        (GOOGLENET, RESNET, MOBILENET, UNET),
        "LeNet-5 has 5, AlexNet 8, VGG-16 16, GoogLeNet 22, U-Net 23, MobileNet 28, ResNet-50 50.",
    ),
    "maps_out": Fact(
        "answers with a map, not with one vector for the whole image",
        (UNET,),
        "U-Net segments images: it classifies every pixel of its output.",
    ),
}


class Numbers(NamedTuple):
    """Parameters, and multiplications for an image of 3 × 224 × 224."""

    parameters: int
    operations: int


SIZES: Mapping[str, Numbers] = {
    MOBILENET: Numbers(4_231_976, 568_740_352),
    GOOGLENET: Numbers(6_998_552, 1_582_671_872),
    "ResNet-18": Numbers(11_689_512, 1_814_073_344),
    "ResNet-34": Numbers(21_797_672, 3_663_761_408),
    RESNET: Numbers(25_557_032, 4_089_184_256),
    "ResNet-152": Numbers(60_192_808, 11_513_626_624),
    ALEXNET: Numbers(61_100_840, 714_188_480),
    "VGG-11": Numbers(132_863_336, 7_609_090_048),
    "VGG-13": Numbers(133_047_848, 11_308_466_176),
    VGG16: Numbers(138_357_544, 15_470_264_320),
    "VGG-19": Numbers(143_667_240, 19_632_062_464),
}
"""With 1000 classes, GoogLeNet without auxiliary classifiers. LeNet-5 and U-Net take other images."""
CLOSEST = 1.2
"""Neighbours of an order differ by this factor at least."""


class ArchitectureFacts(Question):
    """What distinguishes the classic networks.

    At level 1 the network that has a property; at level 2 all that is true of a network; at level 3 networks
    ordered by their parameters or by the multiplications that an image costs.

    Source: the papers of LeCun et al. 1998, Krizhevsky et al. 2012, Simonyan & Zisserman 2015, Szegedy et al.
    2015, He et al. 2016, Howard et al. 2017, and Ronneberger et al. 2015.
    """

    title = "Classic networks"
    minutes = {1: 1, 2: 3, 3: 4}

    form: str
    """`network`, `facts` or `order`."""
    subject: str
    """The fact, the network, or `parameters` or `operations`, that is asked for."""
    options: tuple[str, ...]
    """Networks, or facts."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            name, fact = rng.choice([item for item in FACTS.items() if item[1].networks])
            others = [network for network in NETWORKS if network not in (*fact.networks, *fact.doubtful)]
            options = [rng.choice(fact.networks), *rng.sample(others, min(3, len(others)))]
            return cls("network", name, tuple(rng.sample(options, len(options))))
        if level == 2:
            return cls("facts", rng.choice(NETWORKS), tuple(rng.sample(list(FACTS), 5)))
        criterion = rng.choice(Numbers._fields)
        options = []
        for name in rng.sample(list(SIZES), len(SIZES)):
            ratios = [_number(criterion, name) / _number(criterion, other) for other in options]
            if all(max(ratio, 1 / ratio) >= CLOSEST for ratio in ratios):
                options.append(name)
        return cls("order", criterion, tuple(options[:5]))

    def flaw(self) -> str | None:
        allowed = {
            "network": (FACTS, NETWORKS),
            "facts": (NETWORKS, FACTS),
            "order": (Numbers._fields, SIZES),
        }
        if self.form not in allowed:
            return f"form is {', '.join(allowed)}"
        subjects, options = allowed[self.form]
        if self.subject not in subjects:
            return f"the subject is one of {', '.join(subjects)}"
        if not set(self.options) <= set(options) or len(set(self.options)) < len(self.options):
            return f"the options are different ones of {', '.join(options)}"
        if not 3 <= len(self.options) <= 7:
            return "there are three to seven options"
        return self._flaw_of_order() if self.form == "order" else self._flaw_of_choice()

    def _flaw_of_order(self) -> str | None:
        numbers = [self._number(name) for name in self.listed]
        if any(CLOSEST * small > large for small, large in pairwise(numbers)):
            return "two networks are nearly equal"
        return None

    def _flaw_of_choice(self) -> str | None:
        if any(network in FACTS[fact].doubtful for network, fact in self._pairs):
            return "it depends on the version of a network"
        true = sum(option.right for option in self._choices)
        if self.form == "network":
            return None if true == 1 else "the fact must be true of exactly one network"
        return None if 0 < true < len(self.options) else "all or none of the facts are true"

    @property
    def _pairs(self) -> list[tuple[str, str]]:
        """The network and the fact of each option."""
        if self.form == "network":
            return [(network, self.subject) for network in self.options]
        return [(self.subject, fact) for fact in self.options]

    @property
    def _choices(self) -> tuple[Option, ...]:
        return tuple(
            Option(
                network if self.form == "network" else f"It {FACTS[fact].says}.",
                network in FACTS[fact].networks,
                FACTS[fact].reason,
                name,
            )
            for name, (network, fact) in zip(self.options, self._pairs, strict=True)
        )

    def _number(self, network: str) -> int:
        return _number(self.subject, network)

    @property
    def listed(self) -> tuple[str, ...]:
        """The options; networks to be ordered stand in the right order."""
        return tuple(sorted(self.options, key=self._number)) if self.form == "order" else self.options

    @property
    def says(self) -> str:
        """The fact that is asked for, or nothing."""
        return FACTS[self.subject].says if self.form == "network" else ""

    @property
    def rows(self) -> list[tuple[str, float]]:
        """For an order: each network with millions of what counts."""
        return [(name, self._number(name) / 1e6) for name in self.listed] if self.form == "order" else []

    @property
    def reasons(self) -> list[tuple[str, bool, str]]:
        """For choices: each option with its verdict and the reason."""
        if self.form == "order":
            return []
        return [(option.text, option.right, option.why) for option in self._choices]

    def answer(self) -> dict[str, Answer]:
        if self.form == "network":
            return {"network": SingleChoice(self._choices)}
        if self.form == "facts":
            return {"facts": MultipleChoice(self._choices)}
        return {"order": Ordering(self.listed, tuple(pairwise(range(len(self.listed)))))}

    def _ordered_by(self, numbers: Mapping[str, float]) -> MistakeValues:
        if self.form != "order":
            return None
        return {"order": tuple(sorted(range(len(self.listed)), key=lambda n: numbers[self.listed[n]]))}

    @mistake("Begin with the smallest.")
    def begins_with_the_largest(self) -> MistakeValues:
        return {"order": tuple(reversed(range(len(self.listed))))} if self.form == "order" else None

    @mistake(
        "Parameters and multiplications are two things: a convolution uses each weight at every position."
    )
    def confuses_parameters_and_operations(self) -> MistakeValues:
        if self.subject == "parameters":
            return self._ordered_by({name: numbers.operations for name, numbers in SIZES.items()})
        return self._ordered_by({name: numbers.parameters for name, numbers in SIZES.items()})

    @mistake(
        "A deeper network is not always the larger one: fully connected layers have the most parameters."
    )
    def orders_by_depth(self) -> MistakeValues:
        if self.subject != "parameters":
            return None
        layers = {MOBILENET: 28, GOOGLENET: 22, ALEXNET: 8}
        return self._ordered_by({name: layers.get(name) or int(name.split("-")[1]) for name in SIZES})


def _number(criterion: str, network: str) -> int:
    """What networks are ordered by."""
    return SIZES[network].parameters if criterion == "parameters" else SIZES[network].operations
