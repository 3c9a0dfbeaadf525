"""What a unit sees of the input, and which settings of a convolution give a wanted size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, count
from math import prod
from random import Random
from typing import Any, NamedTuple, Self

from ...answers import Answer, Integer, MultipleChoice, Option
from ...question import Given, MistakeValues, Question, mistake

WIDEST_FIELD = 500
LARGEST_JUMP = 64
MOST_LAYERS = 8
FARTHEST = 5000
"""The largest field that dilated layers are asked to reach."""
DRAWN_FIELD = 33
"""A wider field is not drawn."""
PLAIN = ((3, 1, 0, 1), (3, 1, 1, 1), (5, 1, 0, 1), (5, 1, 2, 1), (7, 1, 0, 1))
"""Kernel, stride, padding and dilation of convolutions between which maps are pooled."""


class Layer(NamedTuple):
    """A layer that moves a window over a square map."""

    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    pools: bool = False

    @property
    def span(self) -> int:
        """The pixels along a side from the first to the last that the window covers."""
        return self.dilation * (self.kernel - 1) + 1

    def size(self, side: int) -> int:
        """The side of the output."""
        return (side + 2 * self.padding - self.span) // self.stride + 1


class ReceptiveField(Question):
    """How much of the input the units of each layer see, and how far apart their fields lie.

    At level 1 convolutions with stride 1; at level 2 strides and pooling, with padding that does not matter;
    at level 3 dilated kernels and the pixels that one output depends on, or the number of layers of growing
    dilation that a wanted field needs.

    Source: Dumoulin & Visin 2016, A guide to convolution arithmetic for deep learning, chapter 2; Araujo,
    Norris & Sim 2019, Computing receptive fields of convolutional neural networks; van den Oord et al. 2016,
    WaveNet, section 2.1.
    """

    title = "Receptive field"
    minutes = {1: 2, 2: 5, 3: 6}

    kernels: tuple[int, ...]
    strides: tuple[int, ...]
    dilations: tuple[int, ...]
    paddings: tuple[int, ...]
    pools: tuple[bool, ...]
    """Whether each layer pools; the others convolve."""
    unit: int
    """The column of the output whose columns of the input are asked for; -1 if none is."""
    growth: int
    """By which the dilation is multiplied from layer to layer; 0 where the layers are listed."""
    wanted: int
    """The field that layers of growing dilation are to reach; 0 where the layers are listed."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            return cls._of([Layer(rng.choice([2, 3, 3, 5, 7])) for _ in range(rng.choice([2, 3, 3, 4]))])
        if level == 2:
            return cls._of([_drawn_layer(rng) for _ in range(rng.choice([3, 4, 4]))])
        if rng.random() < 0.5:
            growing = cls._of([Layer(rng.choice([2, 2, 3, 5]))])
            return replace(growing, growth=rng.choice([2, 2, 3, 4]), wanted=rng.randrange(20, 1500, 10))
        dilated = Layer(3, dilation=rng.choice([2, 3, 4]), padding=rng.choice([0, 1, 2]))
        layers = [_drawn_layer(rng), _drawn_layer(rng), dilated]
        rng.shuffle(layers)
        return replace(cls._of(layers), unit=rng.randint(3, 12))

    @classmethod
    def _of(cls, layers: Sequence[Layer]) -> Self:
        kernels, strides, paddings, dilations, pools = zip(*layers, strict=True)
        return cls(kernels, strides, dilations, paddings, pools, -1, 0, 0)

    def flaw(self) -> str | None:
        settings = (self.kernels, self.strides, self.dilations, self.paddings, self.pools)
        if len(set(map(len, settings))) > 1 or not 1 <= len(self.kernels) <= MOST_LAYERS:
            return f"one to {MOST_LAYERS} layers each need kernel, stride, dilation, padding and kind"
        if not all(1 <= layer.kernel <= 11 and 1 <= layer.stride <= 4 for layer in self.layers):
            return "kernels are 1 to 11 and strides 1 to 4"
        if not all(
            1 <= layer.dilation <= 64 and 0 <= layer.padding < 8 * layer.span for layer in self.layers
        ):
            return "dilations are 1 to 64, and paddings at most a few kernels"
        if self.growth or self.wanted:
            return self._flaw_of_growth()
        if self.fields[-1] > WIDEST_FIELD or self.jumps[-1] > LARGEST_JUMP:
            return f"the field is wider than {WIDEST_FIELD} or the jump than {LARGEST_JUMP}"
        if self.fields[-1] == 1 or len(self.kernels) < 2:
            return "two layers or more see more than one pixel"
        if self.unit < -1 or self.unit > 50:
            return "the unit is 0 to 50, or -1"
        return "the unit sees the padding" if self.unit >= 0 and self.first < 0 else None

    def _flaw_of_growth(self) -> str | None:
        if len(self.kernels) > 1 or self.layers[0] != Layer(self.kernels[0]) or self.unit != -1:
            return "layers of growing dilation are given by one kernel, and nothing else"
        if not (2 <= self.growth <= 8 and 10 <= self.wanted <= FARTHEST and self.kernels[0] >= 2):
            return f"the dilation grows 2 to 8 times, the kernel is 2 or more, the field 10 to {FARTHEST}"
        return "one layer is enough" if self.depth < 2 else None

    @property
    def layers(self) -> tuple[Layer, ...]:
        """From the input on."""
        settings = (self.kernels, self.strides, self.paddings, self.dilations, self.pools)
        return tuple(Layer(*layer) for layer in zip(*settings, strict=True))

    @property
    def strided(self) -> bool:
        """Whether any layer leaves positions out, so that jumps are worth asking."""
        return max(self.strides) > 1

    @property
    def jumps(self) -> tuple[int, ...]:
        """How many input pixels lie from one unit's field to the next, after each layer."""
        return tuple(accumulate(self.strides, int.__mul__))

    @property
    def fields(self) -> tuple[int, ...]:
        """The side of the field after each layer."""
        steps = zip(self.layers, (1, *self.jumps), strict=False)
        return tuple(accumulate(((layer.span - 1) * jump for layer, jump in steps), initial=1))[1:]

    @property
    def offset(self) -> int:
        """How many pixels of padding lie before the field of the first output."""
        return sum(padding * jump for padding, jump in zip(self.paddings, (1, *self.jumps), strict=False))

    @property
    def first(self) -> int:
        """The first column that the unit depends on."""
        return self.unit * self.jumps[-1] - self.offset

    @property
    def depth(self) -> int:
        """The least number of layers of growing dilation that reach the wanted field."""
        return next(layers for layers in count(1) if self._reach(layers) >= self.wanted)

    def _reach(self, layers: int) -> int:
        """The field of so many layers of growing dilation."""
        dilations: list[int] = [self.growth**layer for layer in range(layers)]
        return 1 + (self.kernels[0] - 1) * sum(dilations)

    @property
    def reaches(self) -> tuple[int, ...]:
        """The field after each layer of growing dilation, up to the wanted one."""
        return tuple(self._reach(layers) for layers in range(1, self.depth + 1))

    @property
    def cone(self) -> dict[str, tuple[int, ...]]:
        """What the figure of the field needs; nothing if it is too wide."""
        if self.growth or self.fields[-1] > DRAWN_FIELD:
            return {}
        return {"kernels": self.kernels, "strides": self.strides, "dilations": self.dilations}

    def follow(self, given: Given) -> dict[str, Answer]:
        return self._deepened(given) if self.growth else self._traced(given)

    def _traced(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {}
        field, jump, offset = 1, 1, 0
        for number, layer in enumerate(self.layers, 1):
            offset += layer.padding * jump
            field += (layer.span - 1) * jump
            keys[f"field_{number}"] = Integer(field)
            field = given(f"field_{number}", field)
            jump *= layer.stride
            if self.strided:
                keys[f"jump_{number}"] = Integer(jump)
                jump = given(f"jump_{number}", jump)
        if self.unit < 0:
            return keys
        first = self.unit * jump - offset
        return keys | {"first": Integer(first), "last": Integer(given("first", first) + field - 1)}

    def _deepened(self, given: Given) -> dict[str, Answer]:
        layers = given("layers", self.depth)
        if not 0 <= layers <= 2 * self.depth:
            raise ValueError("so many layers see too much")
        plain = 1 + layers * (self.kernels[0] - 1)
        return {
            "layers": Integer(self.depth),
            "reach": Integer(self._reach(layers)),
            "undilated": Integer(plain),
        }

    def _with(self, fields: Sequence[int]) -> MistakeValues:
        return None if self.growth else {f"field_{n}": field for n, field in enumerate(fields, 1)}

    @mistake("Neighbouring units share pixels: a kernel of k adds k − 1 to the field, not k.")
    def sum_of_kernels(self) -> MistakeValues:
        return self._with(tuple(accumulate(self.kernels)))

    @mistake("A layer adds to the field, it does not multiply it.")
    def product_of_kernels(self) -> MistakeValues:
        return self._with(tuple(accumulate(self.kernels, int.__mul__)))

    @mistake("Behind a stride, neighbouring units lie several pixels apart: multiply by the jump.")
    def ignores_stride(self) -> MistakeValues:
        return self._with(replace(self, strides=(1,) * len(self.strides)).fields)

    @mistake(
        "The stride of a layer spreads the units behind it; its own kernel still takes the steps before."
    )
    def stride_applied_to_own_layer(self) -> MistakeValues:
        steps = zip(self.layers, self.jumps, strict=True)
        return self._with(
            tuple(accumulate(((layer.span - 1) * jump for layer, jump in steps), initial=1))[1:]
        )

    @mistake("Padding adds zeros around the map, but a kernel sees no more pixels at once.")
    def padding_enlarges(self) -> MistakeValues:
        added = accumulate(2 * padding for padding in self.paddings)
        return self._with([field + more for field, more in zip(self.fields, added, strict=True)])

    @mistake("A dilated kernel spans d(k − 1) + 1 pixels.")
    def ignores_dilation(self) -> MistakeValues:
        return self._with(replace(self, dilations=(1,) * len(self.dilations)).fields)

    @mistake("A pooling layer widens the field as a convolution does.")
    def leaves_pooling_out(self) -> MistakeValues:
        kernels = tuple(1 if layer.pools else layer.kernel for layer in self.layers)
        return self._with(replace(self, kernels=kernels).fields)

    @mistake("The jumps of successive layers multiply.")
    def adds_the_strides(self) -> MistakeValues:
        return self._jumping(tuple(accumulate(self.strides)))

    @mistake("The jump is counted in pixels of the input: multiply the strides of all layers so far.")
    def takes_the_own_stride(self) -> MistakeValues:
        return self._jumping(self.strides)

    def _jumping(self, jumps: Sequence[int]) -> MistakeValues:
        if self.growth or not self.strided:
            return None
        return self.consequences(**{f"jump_{n}": jump for n, jump in enumerate(jumps, 1)})

    @mistake("Padding moves the field of the first unit to before the image.")
    def forgets_the_padding(self) -> MistakeValues:
        return self.consequences(first=self.first + self.offset) if self.unit >= 0 else None

    @mistake("The first column is part of the field: the last one is field − 1 further.")
    def counts_one_column_too_many(self) -> MistakeValues:
        return {"last": self.first + self.fields[-1]} if self.unit >= 0 else None

    @mistake("So many layers do not reach the wanted field yet.")
    def stops_too_early(self) -> MistakeValues:
        return self.consequences(layers=self.depth - 1) if self.growth else None

    @mistake("Without dilation each layer adds only k − 1.")
    def lets_the_plain_field_grow(self) -> MistakeValues:
        return {"undilated": self.kernels[0] ** self.depth} if self.growth else None

    @mistake("The first layer has dilation 1.")
    def dilates_the_first_layer(self) -> MistakeValues:
        if not self.growth:
            return None
        return {"reach": 1 + self.growth * (self._reach(self.depth) - 1)}


def _drawn_layer(rng: Random) -> Layer:
    """A convolution or a pooling layer as networks have them."""
    if rng.random() < 0.4:
        return Layer(rng.choice([2, 2, 3]), 2, pools=True)
    kernel = rng.choice([3, 3, 5, 7])
    return Layer(kernel, rng.choice([1, 1, 2, 3]), rng.choice([0, kernel // 2]))


class ConvDesign(Question):
    """The setting of a convolution that gives a wanted size, or all sizes of images that give one output.

    At level 1 the padding or the kernel of one layer with stride 1; at level 2 a setting of the second of two
    layers with strides; at level 3 all images that a network with a fixed linear layer accepts, or the
    kernels that padding can make keep the size. Every answer is unique: kernels are asked to be odd, and an
    instance that allows two values is drawn again.

    Source: Dumoulin & Visin 2016, A guide to convolution arithmetic for deep learning, chapter 2;
    torch.nn.Conv2d, section Shape.
    """

    title = "Choosing the settings of a convolution"
    minutes = {1: 2, 2: 4, 3: 5}

    form: str
    """`setting`, `inputs` or `same`."""
    size: int
    """The side of the input, of which the outputs follow; not used for `same`."""
    settings: tuple[tuple[int, int, int, int], ...]
    """Kernel, stride, padding and dilation of each layer; for `same`, of the layer to be padded and then of
    the options."""
    pools: tuple[bool, ...]
    """Whether each layer pools."""
    unknown: str
    """The setting of the last layer that is asked for: `kernel`, `stride`, `padding`, or nothing."""
    filters: tuple[int, ...]
    """Of each convolution of a network whose linear layer is given; else none."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            kernel = rng.choice([3, 5, 7, 9, 11])
            padding = rng.choice([kernel // 2, *(rng.randint(0, kernel - 1) for _ in range(2))])
            unknown = rng.choice(["padding", "padding", "kernel"])
            return cls("setting", rng.randint(12, 64), ((kernel, 1, padding, 1),), (False,), unknown, ())
        if level == 2:
            layers = tuple(_drawn_setting(rng) for _ in range(2))
            unknown = rng.choice(["padding", "kernel", "stride"])
            return cls("setting", rng.randint(24, 96), layers, (False, False), unknown, ())
        form = rng.choice(["network", "network", "sizes", "same"])
        if form == "same":
            asked = rng.choice([3, 5, 7]), 1, 0, rng.choice([2, 3, 4])
            options = rng.sample([(k, 1, 0, d) for k in range(2, 8) for d in range(1, 4)], 5)
            return cls("same", 0, (asked, *options), (False,) * 6, "", ())
        if form == "sizes":
            layers = tuple(_drawn_setting(rng) for _ in range(rng.choice([1, 2])))
            return cls("inputs", rng.randint(16, 80), layers, (False,) * len(layers), "", ())
        pool = (2, 2, 0, 1)
        first, second = (rng.choice(PLAIN) for _ in range(2))
        filters = tuple(rng.choice([5, 6, 8, 10, 12, 16, 20]) for _ in range(2))
        return cls("inputs", rng.randint(24, 72), (first, pool, second, pool), (False, True) * 2, "", filters)

    def flaw(self) -> str | None:
        if self.form not in {"setting", "inputs", "same"}:
            return "form is setting, inputs or same"
        if len(self.pools) != len(self.settings) or not 1 <= len(self.settings) <= MOST_LAYERS:
            return f"one to {MOST_LAYERS} layers each need four settings and a kind"
        if not all(
            1 <= k <= 15 and 1 <= s <= 6 and 0 <= p <= 15 and 1 <= d <= 6 for k, s, p, d in self.settings
        ):
            return "kernels are 1 to 15, strides 1 to 6, paddings 0 to 15, dilations 1 to 6"
        if self.form == "same":
            return self._flaw_of_options()
        if not 4 <= self.size <= 300 or min(self.sizes) < 2:
            return "the image has 4 to 300 rows, and no layer leaves fewer than 2"
        if any(layer.padding >= layer.kernel or layer.dilation > 1 for layer in self.layers):
            return "a kernel is dilated, or a padding is as large as its kernel"
        return self._flaw_of_unknown() if self.form == "setting" else self._flaw_of_inputs()

    def _flaw_of_options(self) -> str | None:
        kernels = [(layer.kernel, layer.dilation) for layer in self.layers]
        if not 3 <= len(kernels) <= 7 or len(set(kernels)) < len(kernels):
            return "the layer to be padded and two to six options all differ"
        if self.layers[0].span % 2 == 0 or self.layers[0].span < 3:
            return "the layer to be padded spans an odd number of pixels"
        if self.unknown or self.filters or any(self.pools):
            return "nothing but convolutions is asked for"
        return None

    def _flaw_of_unknown(self) -> str | None:
        if self.unknown not in {"kernel", "stride", "padding"} or self.filters or len(self.settings) > 2:
            return "unknown is kernel, stride or padding, of the last of one or two layers"
        if self.last.kernel % 2 == 0 or any(self.pools):
            return "the layers are convolutions, and the last kernel is odd"
        return None if self._candidates == [getattr(self.last, self.unknown)] else "several values are right"

    def _flaw_of_inputs(self) -> str | None:
        if self.unknown:
            return "either a setting or the inputs are asked for"
        if (self.filters or any(self.pools)) and not 1 <= len(self.filters) == self.pools.count(False):
            return "each convolution needs its filters"
        if any(layer[:3] != (layer.kernel, layer.kernel, 0) for layer in self.layers if layer.pools):
            return "pooling windows neither overlap nor lie on padding"
        if not all(1 <= number <= 512 for number in self.filters):
            return "a convolution has 1 to 512 filters"
        return "only one size is right" if self.smallest == self.largest else None

    @property
    def layers(self) -> tuple[Layer, ...]:
        """From the input on."""
        return tuple(Layer(*setting, pools) for setting, pools in zip(self.settings, self.pools, strict=True))

    @property
    def last(self) -> Layer:
        """The last layer."""
        return self.layers[-1]

    @property
    def sizes(self) -> tuple[int, ...]:
        """The side before and after each layer."""
        return tuple(accumulate(self.layers, lambda side, layer: layer.size(side), initial=self.size))

    @property
    def _candidates(self) -> list[int]:
        """All values of the unknown setting that give the output; kernels are odd."""
        values = {"kernel": range(1, 17, 2), "stride": range(1, self.size), "padding": range(16)}
        before, after = self.sizes[-2:]
        return [value for value in values[self.unknown] if self._last_with(value).size(before) == after]

    def _last_with(self, value: int) -> Layer:
        """The last layer with a value of the unknown setting."""
        changed: dict[str, Any] = {self.unknown: value}
        return self.last._replace(**changed)

    @property
    def features(self) -> int:
        """The inputs of the linear layer."""
        return self.filters[-1] * self.sizes[-1] ** 2 if self.filters else 0

    @property
    def smallest(self) -> int:
        """The smallest image that gives the output."""
        return self.backwards[-1][0]

    @property
    def largest(self) -> int:
        """The largest image that gives the output."""
        return self.backwards[-1][1]

    @property
    def backwards(self) -> list[tuple[int, int]]:
        """The smallest and largest side before each layer, from the output back."""
        return self._backwards(self.sizes[-1])

    def _backwards(self, output: int) -> list[tuple[int, int]]:
        found = [(output, output)]
        for kernel, stride, padding, _ in reversed(self.settings):
            small, large = ((side - 1) * stride + kernel - 2 * padding for side in found[-1])
            found.append((small, large + stride - 1))
        return found

    @property
    def listing(self) -> str:
        """The network in PyTorch, if it has a linear layer."""
        if not self.filters:
            return ""
        channels, lines, filters = 3, [], iter(self.filters)
        for layer in self.layers:
            if layer.pools:
                lines.append(f"    nn.MaxPool2d({layer.kernel}),")
                continue
            number = next(filters)
            stride = f", stride={layer.stride}" * (layer.stride > 1)
            padding = f", padding={layer.padding}" * (layer.padding > 0)
            lines += [
                f"    nn.Conv2d({channels}, {number}, {layer.kernel}{stride}{padding}),",
                "    nn.ReLU(),",
            ]
            channels = number
        ending = [f"    nn.Linear({self.features}, 10),", ")"]
        return "\n".join(["nn.Sequential(", *lines, "    nn.Flatten(),", *ending])

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "same":
            return {"padding": Integer((self.layers[0].span - 1) // 2), "kept": MultipleChoice(self._options)}
        if self.form == "inputs":
            keys: dict[str, Answer] = {}
            side = self.sizes[-1]
            if self.filters:
                keys["side"] = Integer(side)
                side = given("side", side)
            small, large = self._backwards(side)[-1]
            return keys | {"smallest": Integer(small), "largest": Integer(large)}
        if len(self.settings) == 1:
            return {self.unknown: Integer(self._solved(self.size))}
        between = given("between", self.sizes[1])
        return {"between": Integer(self.sizes[1]), self.unknown: Integer(self._solved(between))}

    @property
    def _options(self) -> tuple[Option, ...]:
        return tuple(
            Option(
                f"kernel {layer.kernel}, dilation {layer.dilation}",
                layer.span % 2 == 1,
                f"It spans {layer.span} pixels and so takes {layer.span - 1} from each side: "
                f"{'half of it goes to each border' if layer.span % 2 else 'that cannot be halved'}.",
            )
            for layer in self.layers[1:]
        )

    def _solved(self, before: int) -> int:
        """The unknown setting that leads from one side to the output.

        Raises:
            ValueError: none does.
        """
        layer, after = self.last, self.sizes[-1]
        if self.unknown == "kernel":
            widest = before + 2 * layer.padding - layer.stride * (after - 1)
            found = widest - (widest % 2 == 0)
        elif self.unknown == "stride":
            found = (before + 2 * layer.padding - layer.kernel) // (after - 1)
        else:
            found = max(0, -((before - layer.kernel - layer.stride * (after - 1)) // 2))
        if found < (self.unknown != "padding") or self._last_with(found).size(before) != after:
            raise ValueError(f"no {self.unknown} leads from {before} to {after}")
        return found

    @mistake("The kernel takes k − 1 pixels of a row, of which one half is replaced at each border.")
    def half_kernel(self) -> MistakeValues:
        if self.form == "same":
            return {"padding": (self.layers[0].span + 1) // 2}
        return {"padding": (self.last.kernel + 1) // 2} if self.unknown == "padding" else None

    @mistake("Padding by all but one pixel of the kernel makes the map larger.")
    def full_padding(self) -> MistakeValues:
        if self.form == "same":
            return {"padding": self.layers[0].span - 1}
        return {"padding": self.last.kernel - 1} if self.unknown == "padding" else None

    @mistake("Padding stands at both ends of a row: it counts twice.")
    def counts_padding_once(self) -> MistakeValues:
        if self.form == "inputs":
            once = tuple((k + p, s, p, d) for k, s, p, d in self.settings)
            small, large = replace(self, settings=once)._backwards(self.sizes[-1])[-1]
            return {"smallest": small, "largest": large}
        if self.unknown == "padding":
            return {"padding": 2 * self.last.padding}
        if self.unknown == "kernel":
            return {"kernel": self.last.kernel - self.last.padding}
        return None

    @mistake("A row of o outputs has o − 1 steps between them, not o.")
    def forgets_the_one(self) -> MistakeValues:
        if self.form != "setting":
            return None
        before, after = self.sizes[-2:]
        layer = self.last
        if self.unknown == "stride":
            return {"stride": (before + 2 * layer.padding - layer.kernel) // after}
        if self.unknown == "kernel":
            return {"kernel": max(1, before + 2 * layer.padding - layer.stride * after)}
        return {"padding": max(0, (layer.kernel - before + layer.stride * after) // 2)}

    @mistake("The first layer changes the size of what the second one gets.")
    def skips_the_first_layer(self) -> MistakeValues:
        if self.form != "setting" or len(self.settings) == 1 or self.sizes[0] == self.sizes[1]:
            return None
        try:
            return {"between": self.size, self.unknown: self._solved(self.size)}
        except ValueError:
            return {"between": self.size}

    @mistake("Where a stride leaves pixels over, several sizes give the same output.")
    def unique_input(self) -> MistakeValues:
        return {"largest": self.smallest} if self.form == "inputs" else None

    @mistake("Only strides and pooling divide a size; kernels without padding shorten it too.")
    def multiplies_the_output(self) -> MistakeValues:
        if self.form != "inputs":
            return None
        factor = prod(stride for _, stride, _, _ in self.settings)
        return {"smallest": self.sizes[-1] * factor, "largest": self.sizes[-1] * factor + factor - 1}

    @mistake("Every pooling and every stride leaves pixels over, not only the last one.")
    def leaves_over_once(self) -> MistakeValues:
        return {"largest": self.smallest + self.settings[-1][1] - 1} if self.form == "inputs" else None

    @mistake("The inputs of the linear layer are channels times rows times columns.")
    def forgets_the_channels(self) -> MistakeValues:
        if not self.filters or round(self.features**0.5) ** 2 != self.features:
            return None
        return self.consequences(side=round(self.features**0.5))

    @mistake("A dilated kernel spans d(k − 1) + 1 pixels.")
    def ignores_dilation(self) -> MistakeValues:
        if self.form != "same":
            return None
        odd = {place for place, layer in enumerate(self.layers[1:]) if layer.kernel % 2}
        return {"padding": (self.layers[0].kernel - 1) // 2, "kept": odd}


def _drawn_setting(rng: Random) -> tuple[int, int, int, int]:
    kernel = rng.choice([3, 3, 5, 7])
    return kernel, rng.choice([1, 2, 2, 3]), rng.choice([0, 1, kernel // 2]), 1
