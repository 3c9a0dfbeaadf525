"""What an autoencoder consists of: the sizes of its layers and codes, and its parameters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Self

from ...answers import Answer, Integer, Real, Shape, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..layers import Size, positions

Stage = tuple[int, int, int]
"""Kernel, stride and padding."""

FORMS = ("plain", "tied", "sparse", "convolutional")
IMAGES = ((1, 8, 8), (1, 12, 12), (1, 16, 16), (1, 28, 28), (3, 6, 6), (3, 8, 8), (3, 10, 10), (3, 16, 16))
LARGEST = 10_000
LARGEST_OF_IMAGE = 1024
HALVING = ((3, 2, 1), (3, 2, 1), (5, 2, 2), (4, 2, 1), (2, 2, 0))
"""Convolutions that halve even sides."""
STRIDED = ((3, 2, 1), (5, 2, 2), (3, 2, 0), (4, 2, 1), (3, 3, 1), (5, 3, 2))


class CompressionAndParameters(Question):
    """How far an autoencoder compresses, and how many parameters it has.

    At level 1 there is one hidden layer, at level 2 a stack for flattened images; at level 3 encoder and
    decoder share their weights, the code is larger than the input but sparse, or the encoder is
    convolutional.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, sections 14.1 to 14.3; Vincent et al. 2010,
    Stacked denoising autoencoders, section 2.2, for tied weights; torch.nn.Linear and torch.nn.Conv2d.
    """

    title = "Size of an autoencoder"
    minutes = {1: 2, 2: 4, 3: 5}

    form: str
    """`plain`, `tied`, `sparse` or `convolutional`."""
    image: Size
    """The number of features, or channels, rows and columns."""
    hidden: tuple[int, ...]
    """The units of the encoder's layers, the code last; of the form `convolutional` their channels."""
    percent: int
    """The active units of a sparse code; otherwise 0."""
    wanted: int
    """The compression that is asked of a convolutional encoder; otherwise 0."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            inputs = rng.choice([16, 20, 36, 40, 48, 50, 60, 64, 80, 100, 120, 144, 196, 256, 400, 784])
            codes = [code for code in range(2, 65) if 100 * inputs % code == 0 and 2 * code <= inputs]
            return cls("plain", (inputs,), (rng.choice(codes),), 0, 0)
        if level == 2:
            return cls("plain", rng.choice(IMAGES), cls._draw_hidden(rng), 0, 0)
        form = rng.choice(FORMS[1:])
        if form == "tied":
            return cls(form, rng.choice(IMAGES), cls._draw_hidden(rng), 0, 0)
        if form == "sparse":
            image = rng.choice([(1, 8, 8), (1, 10, 10), (1, 12, 12), (3, 6, 6), (3, 8, 8)])
            units = rng.choice([200, 300, 400, 500, 600, 800, 1000])
            return cls(form, image, (units,), rng.choice([1, 2, 3, 4, 5, 6, 8, 10]), 0)
        side, channels = rng.choice([16, 24, 32, 40, 48, 64]), rng.choice([8, 12, 16, 20])
        hidden = (channels, rng.choice([2, 4, 6, 8]), rng.choice([2, 4, 6, 8]))[: rng.choice([2, 3])]
        return cls(form, (rng.choice([1, 3]), side, side), hidden, 0, rng.choice([4, 6, 8, 10, 12, 20]))

    @classmethod
    def _draw_hidden(cls, rng: Random) -> tuple[int, ...]:
        first, second = rng.choice([50, 60, 64, 80, 100, 128, 256]), rng.choice([16, 20, 25, 30, 32, 40])
        return (first, second, rng.choice([2, 4, 5, 8, 10, 12]))[: rng.choice([2, 3])]

    def flaw(self) -> str | None:
        if self.form not in FORMS or len(self.image) not in {1, 3} or not 1 <= len(self.hidden) <= 4:
            forms = ", ".join(FORMS)
            return f"form is one of {forms}, the input has one or three axes, the encoder one to four layers"
        if not all(1 <= size <= LARGEST for size in (*self.image, *self.hidden)):
            return f"sizes lie between 1 and {LARGEST}"
        if (self.form == "sparse") != bool(self.percent) or (self.form == "convolutional") != bool(
            self.wanted
        ):
            return (
                "a percentage belongs to a sparse code, and a wanted compression to a convolutional encoder"
            )
        if self.form == "sparse":
            return self._flaw_of_sparse()
        if self.form == "convolutional":
            return self._flaw_of_convolutional()
        if any(before <= after for before, after in pairwise(self.widths)):
            return "each layer of the encoder is smaller than the one before"
        return None if self.inputs >= 2 * self.code else "the code is hardly smaller than the input"

    def _flaw_of_sparse(self) -> str | None:
        if len(self.hidden) != 1 or self.code <= self.inputs:
            return "a sparse autoencoder has one hidden layer that is larger than the input"
        if not 1 <= self.percent <= 50 or self.code * self.percent % 100:
            return "between 1 and 50 percent of the units are active, a whole number of them"
        return None if 2 * self.active < self.inputs else "the active units need as much room as the input"

    def _flaw_of_convolutional(self) -> str | None:
        shrinks = 2 ** len(self.hidden)
        if len(self.image) != 3 or any(side % shrinks for side in self.image[1:]):
            return f"an image has three axes, and its sides are multiples of {shrinks}"
        if not 2 <= self.wanted <= 1000 or not 1 <= self._most_channels(self.code_shape) <= 1000:
            return "the wanted compression lies between 2 and 1000 and within reach of the encoder"
        return None if self.inputs > math.prod(self.code_shape) else "the code is no smaller than the image"

    @property
    def inputs(self) -> int:
        """The values of an input, which are also those of the output."""
        return math.prod(self.image)

    @property
    def code(self) -> int:
        """The units or channels of the code."""
        return self.hidden[-1]

    @property
    def widths(self) -> tuple[int, ...]:
        """The sizes of the encoder's layers, the input first."""
        return (self.inputs, *self.hidden)

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """The inputs and units of each layer of the encoder; in convolutions their channels."""
        first = self.image[0] if self.form == "convolutional" else self.inputs
        return list(pairwise((first, *self.hidden)))

    @property
    def active(self) -> int:
        """The active units of a sparse code."""
        return self.code * self.percent // 100

    @property
    def code_shape(self) -> Size:
        """Channels, rows and columns of a convolutional code."""
        return self.code, *(side // 2 ** len(self.hidden) for side in self.image[1:])

    def _most_channels(self, shape: Size) -> int:
        """The most channels that a code of these rows and columns may have."""
        return self.inputs // (self.wanted * math.prod(shape[1:]))

    @property
    def weights(self) -> int:
        """Of the encoder without biases."""
        size = 9 if self.form == "convolutional" else 1
        return size * sum(before * after for before, after in self.pairs)

    def _sides(self, inputs: int) -> tuple[int, int]:
        """The parameters of encoder and decoder of fully connected layers."""
        widths = (inputs, *self.hidden)
        weights = sum(before * after for before, after in pairwise(widths))
        own = 0 if self.form == "tied" else weights
        return weights + sum(widths[1:]), own + sum(widths[:-1])

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "convolutional":
            return self._follow_convolutional(given)
        keys: dict[str, Answer] = {}
        inputs = self.inputs
        if len(self.image) > 1:
            keys["inputs"] = Integer(inputs)
            inputs = given("inputs", inputs)
        if self.form == "sparse":
            active = given("active", self.active)
            stored = given("stored", 2 * active)
            keys |= {
                "active": Integer(self.active),
                "stored": Integer(2 * active),
                "ratio": Real(inputs / stored, 2),
            }
        else:
            keys["ratio"] = Real(inputs / self.code, 2)
        encoder, decoder = self._sides(inputs)
        total = given("encoder", encoder) + given("decoder", decoder)
        keys |= {"encoder": Integer(encoder), "decoder": Integer(decoder), "total": Integer(total)}
        if self.form == "tied":
            keys["saved"] = Integer(sum(self._untied(inputs)) - given("total", total))
        return keys

    def _untied(self, inputs: int) -> tuple[int, int]:
        encoder, decoder = self._sides(inputs)
        return encoder, decoder + encoder - sum(self.hidden)

    def _follow_convolutional(self, given: Given) -> dict[str, Answer]:
        shape = given("code_shape", self.code_shape)
        numbers = math.prod(shape)
        return {
            "code_shape": Shape(self.code_shape),
            "numbers": Integer(numbers),
            "ratio": Real(self.inputs / given("numbers", numbers), 2),
            "encoder": Integer(self.weights + sum(self.hidden)),
            "most_channels": Integer(self._most_channels(shape)),
        }

    @mistake("The decoder uses the encoder's weights: they are stored, and counted, only once.")
    def tied_counted_twice(self) -> MistakeValues:
        if self.form != "tied":
            return None
        encoder, decoder = self._untied(self.inputs)
        return {"decoder": decoder, "total": encoder + decoder}

    @mistake("The decoder has biases of its own, one for each of its units, the outputs included.")
    def decoder_bias_forgotten(self) -> MistakeValues:
        if self.form == "convolutional":
            return None
        return self.consequences(decoder=self._sides(self.inputs)[1] - sum(self.widths[:-1]))

    @mistake("Every hidden unit has a bias beside its weights.")
    def encoder_bias_forgotten(self) -> MistakeValues:
        return self.consequences(encoder=self.weights)

    @mistake("The ratio compares the input with the code, not the code with the input.")
    def ratio_inverted(self) -> MistakeValues:
        return {"ratio": 1 / self.consequences()["ratio"]}

    @mistake("The network consists of the encoder and the decoder.")
    def one_side_only(self) -> MistakeValues:
        return None if self.form == "convolutional" else {"total": self._sides(self.inputs)[0]}

    @mistake("The decoder mirrors the weights, but its biases belong to its own outputs.")
    def mirrored_is_equal(self) -> MistakeValues:
        return (
            self.consequences(decoder=self._sides(self.inputs)[0])
            if self.form in {"plain", "sparse"}
            else None
        )

    @mistake("The code is the narrowest layer, not the first hidden one.")
    def compares_with_the_first_layer(self) -> MistakeValues:
        return None if self.form in {"sparse", "convolutional"} else {"ratio": self.inputs / self.hidden[0]}

    @mistake("A flattened image has the pixels of all its channels.")
    def takes_one_channel(self) -> MistakeValues:
        if len(self.image) == 1 or self.form == "convolutional":
            return None
        return self.consequences(inputs=math.prod(self.image[1:]))

    @mistake("Only the units that are not zero need to be stored.")
    def stores_all_units(self) -> MistakeValues:
        return self.consequences(stored=self.code) if self.form == "sparse" else None

    @mistake("Without its position, the value of an active unit cannot be put back into the code.")
    def forgets_positions(self) -> MistakeValues:
        return self.consequences(stored=self.active) if self.form == "sparse" else None

    @mistake("The code has its rows and columns in each of its channels.")
    def code_size_without_channels(self) -> MistakeValues:
        if self.form != "convolutional":
            return None
        return self.consequences(numbers=math.prod(self.code_shape[1:]))

    @mistake("Each of the convolutions halves rows and columns, not only the first.")
    def halves_once(self) -> MistakeValues:
        if self.form != "convolutional":
            return None
        return self.consequences(code_shape=(self.code, *(side // 2 for side in self.image[1:])))

    @mistake("A filter reads all channels of its input: it has 3·3 weights for each of them.")
    def filters_of_one_channel(self) -> MistakeValues:
        if self.form != "convolutional":
            return None
        return {"encoder": 10 * sum(self.hidden)}

    @mistake("One channel more than fits makes the code too large: round down.")
    def rounds_up(self) -> MistakeValues:
        if self.form != "convolutional":
            return None
        return {"most_channels": self._most_channels(self.code_shape) + 1}


class ConvAutoencoderShapes(Question):
    """Shapes and parameters of a convolutional autoencoder, and the output padding that it needs.

    At level 1 one convolution and its counterpart, at level 2 a table of two or three of each with
    parameters; at level 3 the sides are odd or differ, and the output paddings are to be found.

    Source: torch.nn.Conv2d and torch.nn.ConvTranspose2d, section Shape; Dumoulin & Visin 2016, A guide to
    convolution arithmetic for deep learning, sections 4.5 and 4.6.
    """

    title = "Shapes of a convolutional autoencoder"
    minutes = {1: 3, 2: 8, 3: 8}

    image: Size
    """Channels, rows and columns."""
    channels: tuple[int, ...]
    """The filters of each convolution."""
    kernels: tuple[int, ...]
    strides: tuple[int, ...]
    paddings: tuple[int, ...]
    extras: tuple[int, ...]
    """The output padding of each transposed convolution, in their order; none if they are to be found."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        stages = [rng.choice(HALVING) for _ in range(level if level < 3 else 2)]
        channels = tuple(sorted(rng.sample([4, 8, 16, 32, 64], 3)))[: len(stages)]
        if level == 3:
            stages = [rng.choice(STRIDED) for _ in range(2)]
            return cls((rng.choice([1, 3]), *rng.sample(range(27, 66), 2)), channels, *_columns(stages), ())
        side = 2 * rng.randint(4, 32) if level == 1 else 4 * rng.randint(3, 12)
        if level == 2 and side <= 32 and rng.random() < 0.5:
            stages, channels = [*stages, (side // 4, 1, 0)], (*channels, 2 * channels[-1])
        image = rng.choice([1, 3]), side, side
        found = cls(image, channels, *_columns(stages), ())
        needed = tuple(rows for rows, _ in found.needed)
        return replace(found, extras=needed if rng.random() < 0.5 else (0,) * len(stages))

    def flaw(self) -> str | None:
        settings = (self.channels, self.kernels, self.strides, self.paddings)
        if len(self.image) != 3 or not 1 <= len(self.channels) <= 4 or len(set(map(len, settings))) > 1:
            return (
                "an image has three axes; one to four convolutions need filters, kernel, stride and padding"
            )
        if not all(1 <= size <= LARGEST_OF_IMAGE for size in (*self.image, *self.channels)):
            return f"sizes and filters lie between 1 and {LARGEST_OF_IMAGE}"
        if not all(1 <= kernel <= 16 for kernel in self.kernels) or not all(
            1 <= s <= 4 for s in self.strides
        ):
            return "kernels lie between 1 and 16, strides between 1 and 4"
        if not all(0 <= 2 * p < k for p, k in zip(self.paddings, self.kernels, strict=True)):
            return "a padding is less than half its kernel"
        try:
            needed = self.needed
        except ValueError as reason:
            return str(reason)
        if not self.extras:
            return None if any(map(any, needed)) else "no output padding is needed"
        if len(self.extras) != len(self.channels):
            return "each transposed convolution needs an output padding"
        if not all(
            0 <= extra < stride for extra, stride in zip(self.extras, self.strides[::-1], strict=True)
        ):
            return "an output padding is less than its stride"
        return None

    @property
    def stages(self) -> list[Stage]:
        """Kernel, stride and padding of each convolution."""
        return list(zip(self.kernels, self.strides, self.paddings, strict=True))

    @property
    def count(self) -> int:
        """The number of convolutions."""
        return len(self.channels)

    @property
    def outputs(self) -> tuple[int, ...]:
        """The channels that each transposed convolution yields."""
        return (*self.channels[-2::-1], self.image[0])

    @property
    def encoder(self) -> list[Size]:
        """The sizes from the image to the code."""
        sizes = [self.image]
        for filters, stage in zip(self.channels, self.stages, strict=True):
            sizes.append(_down(sizes[-1], filters, stage))
        return sizes

    @property
    def needed(self) -> list[tuple[int, ...]]:
        """The output paddings of rows and columns that undo each convolution, in the decoder's order."""
        pairs = zip(self.encoder, self.stages, strict=False)
        return [tuple((side + 2 * p - k) % s for side in size[1:]) for size, (k, s, p) in pairs][::-1]

    def _decoder(self, code: Size, extras: Sequence[int]) -> list[Size]:
        """The sizes that the transposed convolutions yield."""
        sizes = [code]
        for channels, stage, extra in zip(self.outputs, self.stages[::-1], extras, strict=True):
            sizes.append(_up(sizes[-1], channels, stage, extra))
        return sizes[1:]

    @property
    def decoder(self) -> list[Size]:
        """The same of this network; without output padding where it is to be found."""
        return self._decoder(self.encoder[-1], self.extras or (0,) * self.count)

    @property
    def lines(self) -> tuple[str, ...]:
        """The layers in PyTorch."""
        pairs = pairwise((self.image[0], *self.channels))
        settings = [
            f"{before}, {after}, kernel_size={kernel}, stride={stride}, padding={padding}"
            for (before, after), (kernel, stride, padding) in zip(pairs, self.stages, strict=True)
        ]
        back = pairwise((*self.channels[::-1], self.image[0]))
        mirrored = [
            f"{before}, {after}, kernel_size={kernel}, stride={stride}, padding={padding}"
            + (f", output_padding={extra}" if extra else "")
            for (before, after), (kernel, stride, padding), extra in zip(
                back, self.stages[::-1], self.extras or (0,) * self.count, strict=True
            )
        ]
        return *(f"nn.Conv2d({one})" for one in settings), *(f"nn.ConvTranspose2d({one})" for one in mirrored)

    @property
    def shown_layers(self) -> list[dict[str, str]]:
        """The layers with their sizes, for the figure."""
        names = ["convolution"] * self.count + ["transposed"] * self.count
        sizes = [*self.encoder[1:], *self.decoder]
        return [{"label": n, "size": "×".join(map(str, size))} for n, size in zip(names, sizes, strict=True)]

    @property
    def weights(self) -> int:
        """Of the encoder, and of the decoder, without biases."""
        pairs = pairwise((self.image[0], *self.channels))
        return sum(a * b * kernel**2 for (a, b), kernel in zip(pairs, self.kernels, strict=True))

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {}
        sizes = [self.image]
        for number, (filters, stage) in enumerate(zip(self.channels, self.stages, strict=True), 1):
            size = _down(sizes[-1], filters, stage)
            keys[f"size_{number}"] = Shape(size)
            sizes.append(given(f"size_{number}", size))
        if not self.extras:
            return keys | self._follow_unknown(sizes)
        size = sizes[-1]
        keys["numbers"] = Integer(math.prod(size))
        backwards = zip(self.outputs, self.stages[::-1], self.extras, strict=True)
        for number, (channels, stage, extra) in enumerate(backwards, self.count + 1):
            size = _up(size, channels, stage, extra)
            keys[f"size_{number}"] = Shape(size)
            size = given(f"size_{number}", size)
        return keys | self._follow_parameters(given) if self.count > 1 else keys

    def _follow_parameters(self, given: Given) -> dict[str, Answer]:
        encoder, decoder = self.weights + sum(self.channels), self.weights + sum(self.outputs)
        total = given("encoder", encoder) + given("decoder", decoder)
        return {"encoder": Integer(encoder), "decoder": Integer(decoder), "total": Integer(total)}

    def _follow_unknown(self, sizes: list[Size]) -> dict[str, Answer]:
        keys: dict[str, Answer] = {"without": Shape(self._decoder(sizes[-1], (0,) * self.count)[-1])}
        steps = zip(pairwise(sizes[::-1]), self.outputs, self.stages[::-1], strict=True)
        for number, ((size, wanted), channels, stage) in enumerate(steps, 1):
            plain = _up(size, channels, stage, 0)
            missing = tuple(want - got for want, got in zip(wanted[1:], plain[1:], strict=True))
            keys[f"padding_{number}"] = Vector(missing)
        return keys

    def _sizes(self, sizes: Sequence[Size], first: int) -> dict[str, Size]:
        return {f"size_{number}": size for number, size in enumerate(sizes, first) if min(size) > 0}

    @mistake("The output padding adds rows and columns on one side of the output.")
    def ignores_output_padding(self) -> MistakeValues:
        if not any(self.extras):
            return None
        return self._sizes(self._decoder(self.encoder[-1], (0,) * self.count), self.count + 1)

    @mistake("The decoder has no output padding, so that the rows and columns rounded away do not come back.")
    def assumes_the_input_size(self) -> MistakeValues:
        if not self.extras:
            return {"without": self.image}
        return None if any(self.extras) else self._sizes(self.encoder[-2::-1], self.count + 1)

    @mistake(
        "A transposed convolution enlarges: its formula is that of the convolution, solved for the input."
    )
    def uses_conv_formula(self) -> MistakeValues:
        if not self.extras:
            return None
        sizes = [self.encoder[-1]]
        try:
            for channels, stage in zip(self.outputs, self.stages[::-1], strict=True):
                sizes.append(_down(sizes[-1], channels, stage))
        except ValueError:
            return None
        return self._sizes(sizes[1:], self.count + 1)

    @mistake("The decoder multiplies by the stride only if kernel, padding and output padding fit.")
    def multiplies_by_the_stride(self) -> MistakeValues:
        if not self.extras:
            return None
        sizes = [self.encoder[-1]]
        for channels, stride in zip(self.outputs, self.strides[::-1], strict=True):
            sizes.append((channels, *(stride * side for side in sizes[-1][1:])))
        return self._sizes(sizes[1:], self.count + 1)

    @mistake("The padding enlarges the image at every border before the kernel moves over it.")
    def ignores_the_padding(self) -> MistakeValues:
        if not any(self.paddings):
            return None
        try:
            return self._sizes(replace(self, paddings=(0,) * self.count).encoder[1:], 1)
        except ValueError:
            return None

    @mistake("A code has its rows and columns in each of its channels.")
    def code_size_without_channels(self) -> MistakeValues:
        return {"numbers": math.prod(self.encoder[-1][1:])} if self.extras else None

    @mistake("The decoder mirrors the weights, but has a bias for each of the channels that it yields.")
    def mirrored_params_equal(self) -> MistakeValues:
        if not self.extras or self.count == 1:
            return None
        return self.consequences(decoder=self.weights + sum(self.channels))

    @mistake("Every filter has a bias beside its weights.")
    def forgets_biases(self) -> MistakeValues:
        if not self.extras or self.count == 1:
            return None
        return self.consequences(encoder=self.weights, decoder=self.weights)

    @mistake("An output padding makes up for what the floor dropped, no more.")
    def always_pads(self) -> MistakeValues:
        if self.extras:
            return None
        pairs = enumerate(self.strides[::-1], 1)
        return {f"padding_{number}": (stride - 1, stride - 1) for number, stride in pairs}

    @mistake("The decoder goes the way back: its first layer undoes the last convolution.")
    def pads_in_the_order_of_the_encoder(self) -> MistakeValues:
        if self.extras:
            return None
        return {f"padding_{number}": pair for number, pair in enumerate(self.needed[::-1], 1)}


def _columns(stages: Sequence[Stage]) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    kernels, strides, paddings = zip(*stages, strict=True)
    return kernels, strides, paddings


def _down(size: Size, filters: int, stage: Stage) -> Size:
    """The size behind a convolution."""
    return filters, *(positions(side, *stage) for side in size[1:])


def _up(size: Size, channels: int, stage: Stage, extra: int) -> Size:
    """The size behind a transposed convolution."""
    kernel, stride, padding = stage
    return channels, *((side - 1) * stride - 2 * padding + kernel + extra for side in size[1:])
