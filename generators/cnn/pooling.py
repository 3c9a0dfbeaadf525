"""Pooling: sizes, values, gradients, and what global pooling saves."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix, Real, Shape, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import bounded, printable
from .feature_maps import Cells, Map, drawn_map, frozen, is_rectangle, pad, pixels, windows

LARGEST = 10_000
LARGEST_PIXEL = 1000
MOST_ROWS = 8


class PoolOutputSize(Question):
    """Size of the maps that pooling layers make, and their parameters.

    At level 1 one window, at level 2 overlapping windows of which some do not fit; at level 3 two layers with
    padding, sizes that are rounded up, or a stride that is not named.

    Source: torch.nn.MaxPool2d, section Shape; Dumoulin & Visin 2016, A guide to convolution arithmetic for
    deep learning, chapter 3.
    """

    title = "Output size of pooling"
    minutes = {1: 1, 2: 2, 3: 3}

    size: tuple[int, int, int]
    """Channels, rows and columns."""
    windows: tuple[int, ...]
    """The side of each layer's window."""
    strides: tuple[int, ...]
    """Of each layer; 0 where it is not named."""
    paddings: tuple[int, ...]
    rounded_up: tuple[bool, ...]
    """Whether each layer has ceil_mode."""
    kind: str
    """`Max` or `Avg`."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        channels, kind = rng.choice([1, 3, 6, 8, 16, 32]), rng.choice(["Max", "Avg"])
        if level == 1:
            side = rng.choice(range(4, 34, 2))
            return cls((channels, side, side), (2,), (2,), (0,), (False,), kind)
        height, width = rng.sample(range(9, 65), 2)
        if level == 2:
            return cls((channels, height, width), (rng.choice([3, 4, 5]),), (2,), (0,), (False,), kind)
        first = rng.choice(
            [(3, 0, 0, False), (3, 2, 1, False), (2, 0, 0, True), (3, 2, 0, True), (5, 2, 2, True)]
        )
        second = rng.choice(
            [(3, 2, 1, True), (2, 0, 0, True), (4, 3, 0, True), (3, 0, 0, False), (3, 1, 1, False)]
        )
        windows, strides, paddings, up = zip(first, second, strict=True)
        return cls((channels, height, width), windows, strides, paddings, tuple(map(bool, up)), kind)

    def flaw(self) -> str | None:
        settings = (self.windows, self.strides, self.paddings, self.rounded_up)
        if (
            self.kind not in {"Max", "Avg"}
            or len(set(map(len, settings))) > 1
            or not 1 <= len(self.windows) <= 3
        ):
            return (
                "kind is Max or Avg, and one to three layers each need window, stride, padding and rounding"
            )
        if min(*self.size, *self.windows) < 1 or min(*self.strides, *self.paddings) < 0:
            return "sizes and windows are positive, strides and paddings not negative"
        if max(*self.size, *self.windows, *self.strides) > LARGEST:
            return f"a size is larger than {LARGEST}"
        if any(padding > window // 2 for padding, window in zip(self.paddings, self.windows, strict=True)):
            return "the padding is at most half the window"
        sides = [self.size[1:], *self.sizes]
        pairs = zip(sides, self.windows, self.paddings, strict=False)
        if any(min(side) + 2 * padding < window for side, window, padding in pairs):
            return "a window is larger than its input"
        return None

    @property
    def lines(self) -> tuple[str, ...]:
        """The layers in PyTorch."""
        return tuple(
            f"nn.{self.kind}Pool2d({window}{f', stride={stride}' * bool(stride)}"
            f"{f', padding={padding}' * bool(padding)}{', ceil_mode=True' * up})"
            for window, stride, padding, up in zip(
                self.windows, self.strides, self.paddings, self.rounded_up, strict=True
            )
        )

    @property
    def steps(self) -> tuple[int, ...]:
        """The stride of each layer, that of the window where none is named."""
        return tuple(stride or window for stride, window in zip(self.strides, self.windows, strict=True))

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """Rows and columns after each layer."""
        return self._sizes(self.size[1:])

    def _sizes(self, size: tuple[int, ...]) -> list[tuple[int, int]]:
        found = []
        for window, step, padding, up in zip(
            self.windows, self.steps, self.paddings, self.rounded_up, strict=True
        ):
            rows, columns = (_positions(side, window, step, padding, up=up) for side in size)
            size = rows, columns
            found.append((rows, columns))
        return found

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {}
        size: tuple[int, ...] = self.size
        for number, _ in enumerate(self.windows):
            rest = replace(
                self,
                windows=self.windows[number : number + 1],
                strides=self.strides[number : number + 1],
                paddings=self.paddings[number : number + 1],
                rounded_up=self.rounded_up[number : number + 1],
            )
            size = (self.size[0], *rest._sizes(size[1:])[0])
            keys[f"size_{number + 1}"] = Shape(size)
            size = given(f"size_{number + 1}", size)
        return keys | {"parameters": Integer(0)}

    def _with(self, sizes: list[tuple[int, int]]) -> MistakeValues:
        return {f"size_{n}": (self.size[0], *size) for n, size in enumerate(sizes, 1) if min(size) > 0}

    @mistake("Without a stride, a pooling window moves by its own side, not by 1.")
    def moves_by_one(self) -> MistakeValues:
        if all(self.strides):
            return None
        return self._with(replace(self, strides=tuple(stride or 1 for stride in self.strides)).sizes)

    @mistake("A window that does not fit any more is dropped: round down.")
    def rounds_up(self) -> MistakeValues:
        return self._with(replace(self, rounded_up=(True,) * len(self.windows)).sizes)

    @mistake("With ceil_mode=True, a window that only partly fits counts too: round up.")
    def rounds_down(self) -> MistakeValues:
        return self._with(replace(self, rounded_up=(False,) * len(self.windows)).sizes)

    @mistake("Pooling halves a map only for a window of 2 with stride 2.")
    def halves(self) -> MistakeValues:
        size, found = self.size[1:], []
        for _ in self.windows:
            size = (size[0] // 2, size[1] // 2)
            found.append(size)
        return self._with(found)

    @mistake("The padding enlarges the map at every border.")
    def ignores_the_padding(self) -> MistakeValues:
        return self._with(replace(self, paddings=(0,) * len(self.windows)).sizes)

    @mistake("Each channel is pooled by itself: their number stays.")
    def pools_channels(self) -> MistakeValues:
        channels = max(1, self.size[0] // self.steps[0])
        return {"size_1": (channels, *self.sizes[0])}

    @mistake("Pooling learns nothing: it has no parameters.")
    def counts_parameters(self) -> MistakeValues:
        return {"parameters": self.size[0] * sum(window**2 for window in self.windows)}


class NumericPooling(Question):
    """Maximum and mean of the windows of a small map, and the gradient that goes back through them.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 9.3; torch.nn.MaxPool2d and
    torch.nn.AvgPool2d.
    """

    title = "Pooling by hand"
    minutes = {1: 2, 2: 4, 3: 5}

    image: Map
    window: int
    stride: int
    padding: int
    upstream: Map
    """The gradient of the loss with respect to the output; none if it is not asked."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            return cls(drawn_map(rng, 4, 4, -3, 9), 2, 2, 0, ())
        if level == 2:
            stride = rng.choice([1, 2])
            side = 4 if stride == 1 else 5
            return cls(drawn_map(rng, side, side, -6, 9), 3, stride, 0, ())
        if rng.random() < 0.5:
            return cls(drawn_map(rng, 4, 4, -9, 3), rng.choice([2, 4]), 2, 1, ())
        image = _without_ties(rng)
        return cls(image, 2, 2, 0, drawn_map(rng, 2, 2, -4, 4))

    def flaw(self) -> str | None:
        if not is_rectangle(self.image, MOST_ROWS) or not bounded(pixels(self.image), LARGEST_PIXEL):
            return f"the map is a rectangle of at most {MOST_ROWS} rows and columns and {LARGEST_PIXEL}"
        if any(pixel != int(pixel) for pixel in pixels(self.image)):
            return "all numbers are whole"
        if (
            not 1 <= self.window <= 5
            or not 1 <= self.stride <= 4
            or not 0 <= self.padding <= self.window // 2
        ):
            return "the window is 1 to 5, the stride 1 to 4, the padding at most half the window"
        if min(len(self.image), len(self.image[0])) + 2 * self.padding < self.window:
            return "the window is larger than the map"
        if len(set(pixels(self.largest))) < 2:
            return "all windows have the same maximum"
        if not self.upstream:
            return None
        if self.padding or [len(row) for row in self.upstream] != [len(row) for row in self.largest]:
            return "the gradient has the size of the output, and there is no padding"
        if not bounded(pixels(self.upstream), LARGEST_PIXEL) or any(
            x != int(x) for x in pixels(self.upstream)
        ):
            return f"the gradient has whole numbers of at most {LARGEST_PIXEL}"
        if any(values.count(max(values)) > 1 for row in self._windows for values in row):
            return "a window has several largest values"
        return None if any(pixels(self.upstream)) else "the gradient is zero"

    @property
    def _windows(self) -> list[list[list[float]]]:
        return windows(pad(self.image, self.padding, -math.inf), self.window, self.stride)

    @property
    def largest(self) -> Map:
        """The maximum of each window."""
        return tuple(tuple(max(values) for values in row) for row in self._windows)

    @property
    def means(self) -> Map:
        """The mean of each window, zeros of the padding included."""
        rows = windows(pad(self.image, self.padding), self.window, self.stride)
        return tuple(tuple(sum(values) / len(values) for values in row) for row in rows)

    @property
    def first_window(self) -> Cells:
        """The cells of the first window that lie on the map."""
        reach = range(self.window - self.padding)
        return [(row, column) for row in reach for column in reach]

    @property
    def first_values(self) -> list[float]:
        """The pixels under the first window, without the padding."""
        return [self.image[row][column] for row, column in self.first_window]

    @property
    def routed(self) -> Map:
        """The gradient of the map through max pooling; none if it is not asked."""
        return self.upstream and self._backward(
            lambda values: [float(value == max(values)) for value in values]
        )

    def _backward(self, share: Callable[[list[float]], list[float]]) -> Map:
        gradient = [[0.0] * len(self.image[0]) for _ in self.image]
        for row, line in enumerate(self._windows):
            for column, values in enumerate(line):
                for place, part in enumerate(share(values)):
                    i, j = divmod(place, self.window)
                    gradient[row * self.stride + i][column * self.stride + j] += (
                        part * self.upstream[row][column]
                    )
        return frozen(gradient)

    def answer(self) -> dict[str, Answer]:
        if self.upstream:
            shared = self._backward(lambda values: [1 / len(values)] * len(values))
            return {
                "largest": Matrix(self.largest),
                "routed": Matrix(self.routed),
                "shared": Matrix(shared, 2),
            }
        return {"largest": Matrix(self.largest), "means": Matrix(self.means, 2)}

    @mistake("Max pooling takes the largest value of a window, not the mean.")
    def takes_means(self) -> MistakeValues:
        return {"largest": self.means}

    @mistake("Average pooling takes the mean of a window, not the largest value.")
    def takes_the_largest(self) -> MistakeValues:
        return None if self.upstream else {"means": self.largest}

    @mistake("Max pooling takes the largest value of a window, not the smallest.")
    def takes_the_smallest(self) -> MistakeValues:
        if self.padding:
            return None
        return {"largest": tuple(tuple(min(values) for values in row) for row in self._windows)}

    @mistake("The largest value counts with its sign: −1 is larger than −5.")
    def compares_sizes(self) -> MistakeValues:
        return {"largest": tuple(tuple(max(values, key=_size) for values in row) for row in self._windows)}

    @mistake("The windows overlap: they move by the stride, not by their side.")
    def moves_by_the_window(self) -> MistakeValues:
        if self.stride == self.window or self.upstream:
            return None
        other = replace(self, stride=self.window)
        return {"largest": other.largest, "means": other.means}

    @mistake("Padding never wins in max pooling: it counts as minus infinity, not as zero.")
    def pads_with_zeros(self) -> MistakeValues:
        if not self.padding:
            return None
        rows = windows(pad(self.image, self.padding), self.window, self.stride)
        return {"largest": tuple(tuple(max(values) for values in row) for row in rows)}

    @mistake("PyTorch divides by the whole window: zeros of the padding count in the mean.")
    def leaves_the_padding_out(self) -> MistakeValues:
        if not self.padding:
            return None
        inside = [[[v for v in values if v > -math.inf] for values in row] for row in self._windows]
        return {"means": tuple(tuple(sum(values) / len(values) for values in row) for row in inside)}

    @mistake("Only the largest value of a window moved the output: it alone gets the gradient.")
    def shares_the_gradient_of_the_maximum(self) -> MistakeValues:
        return {"routed": self._backward(lambda v: [1 / len(v)] * len(v))} if self.upstream else None

    @mistake("Each value of a window gets its share, the gradient divided by the size of the window.")
    def does_not_divide(self) -> MistakeValues:
        return {"shared": self._backward(lambda v: [1] * len(v))} if self.upstream else None


class GlobalAveragePooling(Question):
    """The vector that global average pooling makes of maps, and what it saves in the layer behind it.

    At level 1 the vector alone, at level 2 the parameters of the layer behind; at level 3 logits and a
    gradient, or adaptive pooling to more than one number for each channel.

    Source: Lin, Chen & Yan 2014, Network in network, section 3.2; torch.nn.AdaptiveAvgPool2d.
    """

    title = "Global average pooling"
    minutes = {1: 2, 2: 3, 3: 5}

    maps: tuple[Map, ...]
    """Small maps; none if only sizes are asked."""
    size: tuple[int, int, int]
    """Channels, rows and columns."""
    classes: int
    """Outputs of the linear layer behind; 0 for none."""
    weights: tuple[tuple[int, ...], ...]
    """Of the linear layer, a row for each class; none if it is not applied."""
    side: int
    """Rows and columns of the pooled maps; 1 for global pooling."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            channels = rng.choice([2, 3])
            return cls(
                tuple(drawn_map(rng, 2, 2, -4, 9) for _ in range(channels)), (channels, 2, 2), 0, (), 1
            )
        if level == 2:
            side = rng.randint(3, 8)
            size = rng.choice([16, 32, 64, 128, 256, 512]), side, rng.choice([side, side + 1])
            return cls((), size, rng.choice([5, 10, 20, 50, 100]), (), 1)
        if rng.random() < 0.5:
            maps = tuple(drawn_map(rng, 4, 4, -4, 8) for _ in range(2))
            return cls(maps, (2, 4, 4), rng.choice([3, 5, 10]), (), 2)
        maps = tuple(drawn_map(rng, 2, 2, -4, 8) for _ in range(2))
        return cls(maps, (2, 2, 2), 2, drawn_map(rng, 2, 2, -2, 3), 1)

    def flaw(self) -> str | None:
        if min(self.size) < 1 or max(*self.size, self.classes) > LARGEST or self.classes < 0:
            return f"sizes are 1 to {LARGEST}"
        if not self.maps:
            fits = self.classes and not self.weights and self.side == 1
            return None if fits else "without maps, the classes are counted, and pooling is global"
        if (
            len(self.maps) != self.size[0]
            or len(self.maps) > 6
            or not all(is_rectangle(m, 4) for m in self.maps)
        ):
            return "one to six channels each have a map of at most 4 rows and columns"
        if any((len(m), len(m[0])) != self.size[1:] for m in self.maps):
            return "the maps have the rows and columns of the size"
        if not all(bounded(pixels(one), LARGEST_PIXEL) for one in (*self.maps, self.weights)) or not all(
            printable(pixels(one)) for one in self.maps
        ):
            return f"a pixel or weight is larger than {LARGEST_PIXEL}, or has more than four decimals"
        if self.weights and (
            len(self.weights) != self.classes or {*map(len, self.weights)} != {len(self.maps)}
        ):
            return "the linear layer has a row for each class and a column for each channel"
        if self.side != 1:
            return self._flaw_of_blocks()
        if bool(self.weights) != bool(self.classes):
            return "classes need weights"
        if any(len(set(pixels(one))) < 2 for one in self.maps):
            return "a map is constant"
        return None if not self.weights or all(any(row) for row in self.weights) else "a class has no weights"

    def _flaw_of_blocks(self) -> str | None:
        rows, columns = self.size[1:]
        if self.side != 2 or rows % 2 or columns % 2 or self.weights or not self.classes:
            return "adaptive pooling makes 2 × 2 blocks of maps that can be halved, in front of some classes"
        if any(len(set(pixels(one))) < 2 for one in self.blocks):
            return "all blocks of a map have one mean"
        return None

    @property
    def blocks(self) -> tuple[Map, ...]:
        """The means of each map's blocks; none for global pooling."""
        return self._blocks(lambda values: sum(values) / len(values))

    def _blocks(self, reduce: Callable[[list[float]], float]) -> tuple[Map, ...]:
        if self.side == 1:
            return ()
        rows, columns = self.size[1] // 2, self.size[2] // 2
        return tuple(
            tuple(
                tuple(
                    reduce(pixels(tuple(row[left : left + columns] for row in one[top : top + rows])))
                    for left in (0, columns)
                )
                for top in (0, rows)
            )
            for one in self.maps
        )

    def _named(self, blocks: tuple[Map, ...]) -> dict[str, Map]:
        return {f"pooled_{number}": one for number, one in enumerate(blocks, 1)}

    @property
    def maps_as_grids(self) -> list[dict[str, object]]:
        """The maps, to be drawn."""
        return [{"values": one, "title": f"$C_{number}$"} for number, one in enumerate(self.maps, 1)]

    @property
    def means(self) -> tuple[float, ...]:
        """Of each channel."""
        return tuple(sum(pixels(one)) / len(pixels(one)) for one in self.maps)

    def follow(self, given: Given) -> dict[str, Answer]:
        channels, rows, columns = self.size
        if not self.maps:
            pooled = Integer(channels * self.classes + self.classes)
            flattened = Integer(channels * rows * columns * self.classes + self.classes)
            saved = given("flattened", flattened.value) - given("pooled", pooled.value)
            return {"pooled": pooled, "flattened": flattened, "saved": Integer(saved)}
        if self.blocks:
            head = Integer(channels * self.side**2 * self.classes + self.classes)
            return {name: Matrix(one, 2) for name, one in self._named(self.blocks).items()} | {"head": head}
        keys: dict[str, Answer] = {"means": Vector(self.means, 2)}
        if not self.weights:
            return keys
        means = given("means", self.means)
        logits = tuple(sum(w * m for w, m in zip(row, means, strict=True)) for row in self.weights)
        gradient = self.weights[0][0] / (rows * columns)
        return keys | {"logits": Vector(logits, 2), "gradient": Real(gradient, 3)}

    @mistake("Each channel has its own mean; the channels are not mixed.")
    def pools_over_channels(self) -> MistakeValues:
        if len(self.maps) != 2 or self.blocks:
            return None
        first, second = (pixels(one) for one in self.maps)
        return {"means": tuple((a + b) / 2 for a, b in zip(first, second, strict=True))}

    @mistake("The mean divides the sum by the number of pixels.")
    def takes_the_sum(self) -> MistakeValues:
        if not self.maps or self.blocks:
            return self._named(self._blocks(sum))
        return self.consequences(means=tuple(float(sum(pixels(one))) for one in self.maps))

    @mistake("Average pooling takes the mean, not the largest value.")
    def takes_the_largest(self) -> MistakeValues:
        if not self.maps or self.blocks:
            return self._named(self._blocks(max))
        return self.consequences(means=tuple(float(max(pixels(one))) for one in self.maps))

    @mistake("After global pooling each channel is one number: the layer has as many inputs as channels.")
    def keeps_the_pixels(self) -> MistakeValues:
        if self.maps:
            return None
        return self.consequences(pooled=math.prod(self.size) * self.classes + self.classes)

    @mistake("Adaptive pooling to 2 × 2 leaves four numbers for each channel, not one.")
    def pools_globally(self) -> MistakeValues:
        if not self.blocks:
            return None
        return {"head": self.size[0] * self.classes + self.classes}

    @mistake(
        "The layer stands behind the pooling: it has an input for each pooled number, not for each pixel."
    )
    def flattens_before_pooling(self) -> MistakeValues:
        return {"head": math.prod(self.size) * self.classes + self.classes} if self.blocks else None

    @mistake("Flattening keeps all pixels of all channels.")
    def flattens_one_channel(self) -> MistakeValues:
        if self.maps:
            return None
        return self.consequences(flattened=self.size[1] * self.size[2] * self.classes + self.classes)

    @mistake("The linear layer has a bias for each class.")
    def forgets_the_biases(self) -> MistakeValues:
        if self.blocks:
            return {"head": self.size[0] * self.side**2 * self.classes}
        if self.maps:
            return None
        channels, rows, columns = self.size
        return self.consequences(
            pooled=channels * self.classes, flattened=channels * rows * columns * self.classes
        )

    @mistake("Each pixel has only its share in the mean: divide the weight by the number of pixels.")
    def forgets_the_share(self) -> MistakeValues:
        return {"gradient": float(self.weights[0][0])} if self.weights else None


def _positions(side: int, window: int, step: int, padding: int, *, up: bool) -> int:
    """How many windows there are along one side.

    Source: torch.nn.MaxPool2d: with ceil_mode, windows that would start in the right padding are ignored.
    """
    room = side + 2 * padding - window
    if not up:
        return room // step + 1
    steps = -(-room // step)
    return steps + 1 if steps * step < side + padding else steps


def _size(value: float) -> float:
    return abs(value) if value > -math.inf else -1


def _without_ties(rng: Random) -> Map:
    """A map of different pixels."""
    values = rng.sample(range(-9, 10), 16)
    return tuple(tuple(values[row * 4 : row * 4 + 4]) for row in range(4))
