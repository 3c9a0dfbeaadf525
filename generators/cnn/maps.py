"""Convolutions worked out by hand: forward, backward, and transposed."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import bounded, printable
from .feature_maps import (
    Cells,
    Map,
    added,
    correlated,
    cropped,
    drawn_map,
    frozen,
    is_rectangle,
    pad,
    pixels,
    rectified,
    rotated,
    scaled,
    spread,
    stamped,
    transposed_map,
    window_cells,
)

LARGEST = 1000
MOST_ROWS = 9
FAMOUS = (
    ((1, 0, -1), (1, 0, -1), (1, 0, -1)),
    ((1, 1, 1), (0, 0, 0), (-1, -1, -1)),
    ((0, -1, 0), (-1, 4, -1), (0, -1, 0)),
    ((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
    ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
    ((1, 2, 1), (0, 0, 0), (-1, -2, -1)),
    ((1, 1, 1), (1, 1, 1), (1, 1, 1)),
)
"""Kernels that find edges, spots, sharpen and blur."""


class NumericConvolution(Question):
    """The output of a convolution of a small image, as a network computes it or as mathematics defines it.

    At level 1 one kernel moves over one channel, at level 2 with padding or a stride; at level 3 there are
    two channels with bias and ReLU, a dilated kernel, or a mathematical convolution.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 9.1, equations 9.5 and 9.6;
    torch.nn.Conv2d.
    """

    title = "Convolution by hand"
    minutes = {1: 3, 2: 5, 3: 7}

    channels: tuple[Map, ...]
    kernels: tuple[Map, ...]
    """One for each channel."""
    bias: int
    stride: int
    padding: int
    dilation: int
    flips: bool
    """Whether the kernel is turned, as in a mathematical convolution."""
    relu: bool

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            side = rng.choice([2, 3])
            image, kernel = drawn_map(rng, 4, 4, -1, 4), drawn_map(rng, side, side, -2, 2)
            return cls((image,), (kernel,), 0, 1, 0, 1, flips=False, relu=False)
        if level == 2:
            stride, padding = rng.choice([(1, 1), (2, 0), (2, 1)])
            side = 4 if padding and stride == 1 else 5
            image = drawn_map(rng, side, side, 0, rng.choice([1, 4]))
            return cls((image,), (rng.choice(FAMOUS),), 0, stride, padding, 1, flips=False, relu=False)
        form = rng.choice(["channels", "dilation", "flip"])
        if form == "channels":
            channels = tuple(drawn_map(rng, 3, 3, -2, 4) for _ in range(2))
            kernels = tuple(drawn_map(rng, 2, 2, -2, 2) for _ in range(2))
            return cls(channels, kernels, rng.choice([-3, -2, -1, 1, 2, 3]), 1, 0, 1, flips=False, relu=True)
        if form == "dilation":
            image, kernel = drawn_map(rng, 5, 5, -2, 4), drawn_map(rng, 2, 2, -2, 3)
            return cls(
                (image,), (kernel,), rng.randint(-3, 3), 1, 0, rng.choice([2, 3]), False, rng.random() < 0.5
            )
        image, kernel = drawn_map(rng, 4, 4, -1, 4), drawn_map(rng, 2, 3, -2, 3)
        return cls((image,), (kernel,), 0, 1, rng.choice([0, 0, 1]), 1, flips=True, relu=False)

    def flaw(self) -> str | None:
        if not 1 <= len(self.channels) == len(self.kernels) <= 3:
            return "one to three channels each need a kernel"
        if not all(is_rectangle(part, MOST_ROWS) for part in (*self.channels, *self.kernels)):
            return f"images and kernels are rectangles of at most {MOST_ROWS} rows and columns"
        if len({(len(image), len(image[0])) for image in self.channels}) > 1:
            return "all channels have one size"
        if len({(len(kernel), len(kernel[0])) for kernel in self.kernels}) > 1:
            return "all kernels have one size"
        numbers = [x for part in (*self.channels, *self.kernels) for x in pixels(part)]
        if not bounded((*numbers, self.bias), LARGEST) or any(x != int(x) for x in numbers):
            return f"all numbers are whole and at most {LARGEST}"
        if not (1 <= self.stride <= 4 and 0 <= self.padding <= 3 and 1 <= self.dilation <= 4):
            return "the stride is 1 to 4, the padding 0 to 3, the dilation 1 to 4"
        if self.padding >= min(self.spans):
            return "the padding is as large as the kernel"
        sides = len(self.channels[0]), len(self.channels[0][0])
        if any(side + 2 * self.padding < span for side, span in zip(sides, self.spans, strict=True)):
            return "the kernel is larger than the padded image"
        output = pixels(self.output)
        if len(output) == 1 or len(set(output)) < 2:
            return "the output is constant"
        if any(len(set(pixels(kernel))) == 1 and len(pixels(kernel)) > 9 for kernel in self.kernels):
            return "the kernel is constant"
        return "ReLU leaves almost nothing" if self.relu and output.count(0) > len(output) / 2 else None

    @property
    def spans(self) -> tuple[int, int]:
        """Rows and columns that the dilated kernel covers."""
        rows, columns = len(self.kernels[0]), len(self.kernels[0][0])
        return self.dilation * (rows - 1) + 1, self.dilation * (columns - 1) + 1

    @property
    def applied(self) -> tuple[Map, ...]:
        """The kernels as they lie on the image."""
        return tuple(map(rotated, self.kernels)) if self.flips else self.kernels

    @property
    def padded(self) -> tuple[Map, ...]:
        """The channels with their border of zeros."""
        return tuple(pad(image, self.padding) for image in self.channels)

    @property
    def output(self) -> Map:
        """The feature map."""
        return self._output(self.applied)

    @property
    def before(self) -> Map:
        """The feature map without ReLU."""
        return replace(self, relu=False).output

    @property
    def window(self) -> Cells:
        """The cells that the kernel covers first."""
        rows, columns = len(self.kernels[0]), len(self.kernels[0][0])
        return [(self.dilation * i, self.dilation * j) for i in range(rows) for j in range(columns)]

    @property
    def products(self) -> list[list[tuple[float, float]]]:
        """For each channel the pairs of pixel and weight that meet at the first position."""
        return [
            [
                (image[self.dilation * i][self.dilation * j], kernel[i][j])
                for i in range(len(kernel))
                for j in range(len(kernel[0]))
            ]
            for image, kernel in zip(self.padded, self.applied, strict=True)
        ]

    def _output(self, kernels: tuple[Map, ...], padding: int | None = None) -> Map:
        border = self.padding if padding is None else padding
        pairs = zip(self.channels, kernels, strict=True)
        maps = [correlated(image, kernel, self.stride, border, self.dilation) for image, kernel in pairs]
        total = scaled(added(*maps), 1, self.bias)
        return rectified(total) if self.relu else total

    def answer(self) -> dict[str, Answer]:
        return {"output": Matrix(self.output)}

    @mistake("Networks do not turn the kernel; only the mathematical convolution does.")
    def flips_the_kernel(self) -> MistakeValues:
        return None if self.flips else {"output": self._output(tuple(map(rotated, self.kernels)))}

    @mistake("A mathematical convolution turns the kernel by 180 degrees before it moves.")
    def does_not_flip(self) -> MistakeValues:
        return {"output": self._output(self.kernels)} if self.flips else None

    @mistake("The rows of the kernel lie on the rows of the image.")
    def transposes_the_kernel(self) -> MistakeValues:
        if len(self.kernels[0]) != len(self.kernels[0][0]):
            return None
        return {"output": self._output(tuple(map(transposed_map, self.applied)))}

    @mistake("A border of zeros is put around the image before the kernel moves.")
    def ignores_the_padding(self) -> MistakeValues:
        sides = len(self.channels[0]), len(self.channels[0][0])
        if not self.padding or any(side < span for side, span in zip(sides, self.spans, strict=True)):
            return None
        return {"output": self._output(self.applied, padding=0)}

    @mistake("The kernel moves by the stride.")
    def ignores_the_stride(self) -> MistakeValues:
        return {"output": replace(self, stride=1).output} if self.stride > 1 else None

    @mistake("The kernel's weights lie d pixels apart.")
    def ignores_the_dilation(self) -> MistakeValues:
        return {"output": replace(self, dilation=1).output} if self.dilation > 1 else None

    @mistake("The products of all channels are added up to one map.")
    def takes_the_first_channel(self) -> MistakeValues:
        if len(self.channels) == 1:
            return None
        return {"output": replace(self, channels=self.channels[:1], kernels=self.kernels[:1]).output}

    @mistake("The bias is added once, after all channels are summed.")
    def adds_the_bias_per_channel(self) -> MistakeValues:
        return {"output": replace(self, bias=len(self.channels) * self.bias).output}

    @mistake("The bias is added to every sum.")
    def forgets_the_bias(self) -> MistakeValues:
        return {"output": replace(self, bias=0).output}

    @mistake("ReLU sets negative values to zero at the end.")
    def forgets_relu(self) -> MistakeValues:
        return {"output": self.before} if self.relu else None


class TransposedNumeric(Question):
    """The output of a transposed convolution of a small map: each pixel stamps the kernel.

    At level 1 the stamps lie side by side, at level 2 they overlap, at level 3 the border is cropped, the
    output padded, or two channels added.

    Source: Dumoulin & Visin 2016, A guide to convolution arithmetic for deep learning, chapter 4;
    torch.nn.ConvTranspose2d.
    """

    title = "Transposed convolution by hand"
    minutes = {1: 2, 2: 4, 3: 6}

    channels: tuple[Map, ...]
    kernels: tuple[Map, ...]
    """One for each channel."""
    stride: int
    padding: int
    output_padding: int

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        image = _without_zeros(rng)
        if level == 1:
            return cls((image,), (drawn_map(rng, 2, 2, -2, 3),), 2, 0, 0)
        if level == 2:
            side = rng.choice([2, 3])
            return cls((image,), (drawn_map(rng, side, side, -2, 3),), side - 1, 0, 0)
        form = rng.choice(["crop", "extra", "channels"])
        if form == "channels":
            other = _without_zeros(rng)
            kernels = tuple(drawn_map(rng, 2, 2, -2, 2) for _ in range(2))
            return cls((image, other), kernels, 1, 0, 0)
        return cls((image,), (drawn_map(rng, 3, 3, -2, 3),), 2, 1, int(form == "extra"))

    def flaw(self) -> str | None:
        if not 1 <= len(self.channels) == len(self.kernels) <= 3:
            return "one to three channels each need a kernel"
        if not all(is_rectangle(part, 4) for part in (*self.channels, *self.kernels)):
            return "maps and kernels are rectangles of at most 4 rows and columns"
        if len({len(kernel) for kernel in self.kernels} | {len(kernel[0]) for kernel in self.kernels}) > 1:
            return "the kernels are squares of one size"
        if len({(len(image), len(image[0])) for image in self.channels}) > 1:
            return "all channels have one size"
        numbers = [x for part in (*self.channels, *self.kernels) for x in pixels(part)]
        if not bounded(numbers, LARGEST) or any(x != int(x) for x in numbers):
            return f"all numbers are whole and at most {LARGEST}"
        if (
            not 1 <= self.stride <= 4
            or not 0 <= self.padding < self.side
            or not 0 <= self.output_padding < self.stride
        ):
            return "the stride is 1 to 4, the padding below the kernel, the output padding below the stride"
        if min(len(self.whole), len(self.whole[0])) <= 2 * self.padding:
            return "nothing is left of the output"
        if any(len(set(pixels(part))) < 2 for part in (*self.channels, *self.kernels)):
            return "a map or kernel is constant"
        return (
            "a pixel of zero stamps nothing" if any(0 in pixels(image) for image in self.channels) else None
        )

    @property
    def side(self) -> int:
        """The rows of the kernel."""
        return len(self.kernels[0])

    @property
    def whole(self) -> Map:
        """The sum of all stamps."""
        pairs = zip(self.channels, self.kernels, strict=True)
        return frozen(added(*(stamped(image, kernel, self.stride) for image, kernel in pairs)))

    @property
    def output(self) -> Map:
        """The sum, with rows and columns of zeros for the output padding, and cropped."""
        return self._finished(self.whole)

    @property
    def stamps(self) -> list[tuple[float, Map, int, int]]:
        """For each pixel of the first channel: its value, its stamp, and the row and column of that."""
        image, kernel = self.channels[0], self.kernels[0]
        return [
            (
                image[row][column],
                frozen(scaled(kernel, image[row][column])),
                row * self.stride,
                column * self.stride,
            )
            for row in range(len(image))
            for column in range(len(image[0]))
        ]

    def _finished(self, whole: Map) -> Map:
        extra = (0,) * self.output_padding
        enlarged = tuple((*row, *extra) for row in whole)
        enlarged += ((0,) * len(enlarged[0]),) * self.output_padding
        return frozen(cropped(enlarged, self.padding, self.padding))

    def answer(self) -> dict[str, Answer]:
        return {"output": Matrix(self.output)}

    @mistake("Where stamps overlap, their values are added, not replaced.")
    def overwrites_the_overlap(self) -> MistakeValues:
        whole = [[0.0] * len(self.whole[0]) for _ in self.whole]
        for image, kernel in zip(self.channels, self.kernels, strict=True):
            for value, stamp, top, left in replace(self, channels=(image,), kernels=(kernel,)).stamps:
                del value
                for i, j in window_cells(0, 0, self.side):
                    whole[top + i][left + j] = stamp[i][j]
        return {"output": self._finished(frozen(whole))}

    @mistake("Each pixel is multiplied by the whole kernel; it is not just repeated.")
    def repeats_the_pixels(self) -> MistakeValues:
        ones = ((1,) * self.side,) * self.side
        return {"output": replace(self, kernels=(ones,) * len(self.kernels)).output}

    @mistake("The stamp is the kernel as it is: it is not turned.")
    def flips_the_kernel(self) -> MistakeValues:
        return {"output": replace(self, kernels=tuple(map(rotated, self.kernels))).output}

    @mistake("The padding is cropped at every border.")
    def crops_one_side(self) -> MistakeValues:
        if not self.padding:
            return None
        return {"output": cropped(replace(self, padding=0).output, self.padding, 0)}

    @mistake("The padding of a transposed convolution is cropped from the output.")
    def ignores_the_padding(self) -> MistakeValues:
        return {"output": replace(self, padding=0).output} if self.padding else None

    @mistake("The output padding leaves one more row and column at the end.")
    def ignores_the_output_padding(self) -> MistakeValues:
        return {"output": replace(self, output_padding=0).output} if self.output_padding else None

    @mistake("The stamps of neighbouring pixels lie the stride apart.")
    def ignores_the_stride(self) -> MistakeValues:
        if self.stride == 1 or self.output_padding:
            return None
        return (
            {"output": replace(self, stride=1).output}
            if len(stamped(self.channels[0], self.kernels[0])) > 2 * self.padding
            else None
        )

    @mistake("The stamps of all channels are added.")
    def takes_the_first_channel(self) -> MistakeValues:
        if len(self.channels) == 1:
            return None
        return {"output": replace(self, channels=self.channels[:1], kernels=self.kernels[:1]).output}


class KernelGradient(Question):
    """Gradients of a convolution: of its kernel, its bias and its input, and a step of the kernel.

    At level 1 the gradient of the output is 1 everywhere, at level 2 any numbers; at level 3 the kernel has a
    stride and makes a step, or ReLU follows.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 9.5, equations 9.11 to 9.13; Dumoulin
    & Visin 2016, chapter 4.
    """

    title = "Gradients of a convolution"
    minutes = {1: 4, 2: 6, 3: 8}

    image: Map
    kernel: Map
    upstream: Map
    """The gradient of the loss with respect to the output."""
    stride: int
    rate: float
    """Of a step of gradient descent; 0 for none."""
    relu: bool
    """Whether ReLU follows; the upstream gradient is then that of its output."""
    bias: int
    """Of the convolution, where ReLU follows."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level < 3:
            upstream = ((1, 1), (1, 1)) if level == 1 else drawn_map(rng, 2, 2, -2, 3)
            return cls(drawn_map(rng, 3, 3, -2, 4), drawn_map(rng, 2, 2, -2, 3), upstream, 1, 0, False, 0)
        kernel, upstream = drawn_map(rng, 2, 2, -3, 3), drawn_map(rng, 2, 2, -2, 3)
        if rng.random() < 0.5:
            return cls(drawn_map(rng, 3, 3, -2, 4), kernel, upstream, 1, 0, True, rng.randint(-3, 3))
        return cls(drawn_map(rng, 4, 4, -2, 4), kernel, upstream, 2, rng.choice([0.1, 0.2, 0.5]), False, 0)

    def flaw(self) -> str | None:
        if not all(is_rectangle(part, 6) for part in (self.image, self.kernel, self.upstream)):
            return "image, kernel and gradient are rectangles of at most 6 rows and columns"
        numbers = [x for part in (self.image, self.kernel, self.upstream) for x in pixels(part)]
        if not bounded(numbers, LARGEST) or any(x != int(x) for x in numbers):
            return f"all numbers are whole and at most {LARGEST}"
        if not 1 <= self.stride <= 3 or (self.rate and not 0.01 <= self.rate <= 1):
            return "the stride is 1 to 3, the learning rate 0.01 to 1, or 0 for no step"
        if not printable([self.rate], 2):
            return "the learning rate has more than two decimals"
        if min(len(self.image) - len(self.kernel), len(self.image[0]) - len(self.kernel[0])) < 0:
            return "the kernel is larger than the image"
        output = correlated(self.image, self.kernel, self.stride)
        if (len(output), len(output[0])) != (len(self.upstream), len(self.upstream[0])):
            return f"the gradient of the output has {len(output)} rows and {len(output[0])} columns"
        if any(len(set(pixels(part))) < 2 for part in (self.image, self.kernel)):
            return "image or kernel is constant"
        if reason := self._flaw_of_relu():
            return reason
        gradients = (self.of_kernel, self.of_image)
        return "a gradient is zero" if not all(any(pixels(part)) for part in gradients) else None

    def _flaw_of_relu(self) -> str | None:
        if abs(self.bias) > LARGEST or (self.bias and not self.relu):
            return f"a bias of at most {LARGEST} is given where ReLU follows"
        if self.relu and (0 in pixels(self.before) or self.passed == self.upstream):
            return "ReLU lies at its kink, or cuts off nothing"
        return None

    @property
    def before(self) -> Map:
        """The output before ReLU; of no interest where none follows."""
        return scaled(correlated(self.image, self.kernel, self.stride), 1, self.bias)

    @property
    def passed(self) -> Map:
        """The gradient of the convolution's own output: what ReLU lets through."""
        return self._passed(self.before)

    def _passed(self, before: Map) -> Map:
        if not self.relu:
            return self.upstream
        pairs = zip(self.upstream, before, strict=True)
        return tuple(tuple(g if z > 0 else 0 for g, z in zip(*rows, strict=True)) for rows in pairs)

    @property
    def spread_upstream(self) -> Map:
        """The gradient of the output with zeros where the kernel never stood."""
        return self._spread(self.passed)

    def _spread(self, passed: Map) -> Map:
        rows = len(self.image) - len(self.kernel) + 1
        columns = len(self.image[0]) - len(self.kernel[0]) + 1
        return spread(passed, self.stride, rows, columns)

    @property
    def of_kernel(self) -> Map:
        """The gradient of the kernel."""
        return correlated(self.image, self.spread_upstream)

    @property
    def stamps(self) -> list[tuple[float, Map, int, int]]:
        """For each entry of the gradient of the output: itself, what it stamps, and where, from 1."""
        return [
            (g, frozen(scaled(self.kernel, g)), row * self.stride + 1, column * self.stride + 1)
            for row, line in enumerate(self.passed)
            for column, g in enumerate(line)
        ]

    @property
    def of_image(self) -> Map:
        """The gradient of the image."""
        return self._of_image(self.kernel, self.passed)

    def _of_image(self, kernel: Map, passed: Map) -> Map:
        whole = frozen(stamped(passed, kernel, self.stride))
        rows, columns = len(self.image) - len(whole), len(self.image[0]) - len(whole[0])
        return *((*row, *(0,) * columns) for row in whole), *((0,) * len(self.image[0]),) * rows

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {"before": Matrix(self.before)} if self.relu else {}
        passed = self._passed(given("before", self.before)) if self.relu else self.upstream
        of_kernel = correlated(self.image, self._spread(passed))
        keys |= {
            "kernel_gradient": Matrix(of_kernel),
            "bias_gradient": Integer(int(sum(pixels(passed)))),
            "image_gradient": Matrix(self._of_image(self.kernel, passed)),
        }
        if not self.rate:
            return keys
        step = scaled(given("kernel_gradient", of_kernel), -self.rate)
        return keys | {"new_kernel": Matrix(added(self.kernel, step), 1)}

    @mistake("Where ReLU was not active, it lets no gradient through.")
    def ignores_relu(self) -> MistakeValues:
        if not self.relu:
            return None
        plain = replace(self, relu=False)
        return {blank: vars(key)["value"] for blank, key in plain.follow(Given()).items()}

    @mistake("Each weight meets other pixels: its gradient is a sum of these pixels, not of the kernel.")
    def multiplies_the_kernel(self) -> MistakeValues:
        total = sum(pixels(self.passed))
        return self.consequences(kernel_gradient=frozen(scaled(self.kernel, total)))

    @mistake("The kernel stood at every position: add the products of all of them.")
    def takes_one_position(self) -> MistakeValues:
        rows, columns = len(self.kernel), len(self.kernel[0])
        first = tuple(tuple(row[:columns]) for row in self.image[:rows])
        return self.consequences(kernel_gradient=frozen(scaled(first, self.passed[0][0])))

    @mistake("The gradients of all positions are added; they are not averaged.")
    def averages(self) -> MistakeValues:
        count = len(pixels(self.passed))
        values = scaled(self.of_kernel, 1 / count)
        wrong = {"kernel_gradient": values, "bias_gradient": sum(pixels(self.passed)) / count}
        return wrong if all(x == int(x) for x in pixels(values)) else None

    @mistake("A pixel is reached by each weight where it lay: stamp the kernel as it is, or slide it turned.")
    def slides_the_kernel(self) -> MistakeValues:
        return {"image_gradient": self._of_image(rotated(self.kernel), self.passed)}

    @mistake("With a stride, the gradients of the output lie that far apart on the image.")
    def ignores_the_stride(self) -> MistakeValues:
        if self.stride == 1:
            return None
        rows, columns = len(self.kernel), len(self.kernel[0])
        near = correlated(self.image, self.passed)
        return self.consequences(kernel_gradient=tuple(row[:columns] for row in near[:rows]))

    @mistake("Gradient descent subtracts the gradient.")
    def climbs(self) -> MistakeValues:
        if not self.rate:
            return None
        return {"new_kernel": added(self.kernel, scaled(self.of_kernel, self.rate))}


def _without_zeros(rng: Random) -> Map:
    return tuple(tuple(rng.choice([-2, -1, 1, 2, 3, 4]) for _ in range(2)) for _ in range(2))
