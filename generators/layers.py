"""Layers as values: what each makes of a size, how many parameters it has, and its line in a listing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Pair = tuple[int, int]
Size = tuple[int, ...]
"""Channels, rows, columns; or the number of features after flattening."""


def positions(size: int, kernel: int, stride: int, padding: int = 0, dilation: int = 1) -> int:
    """How many positions a window takes along one axis: those beyond the border are dropped.

    Source: Dumoulin & Visin 2016, relationship 6 and, for the dilation, section 5.1.

    Raises:
        ValueError: the window is larger than the padded axis.
    """
    room = size + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError("a window is larger than its input")
    return room // stride + 1


@dataclass(frozen=True)
class Layer:
    """What all layers share: by default a layer keeps the size and has no parameters."""

    @property
    def name(self) -> str:
        """Its class in torch.nn; ours has the same name."""
        return type(self).__name__

    @property
    def code(self) -> str:
        """The line that makes it in PyTorch."""
        return f"nn.{self.name}()"

    def output(self, size: Size) -> Size:
        """The size that comes out.

        Raises:
            ValueError: the layer cannot take this size.
        """
        return size

    def weights(self, size: Size) -> int:
        """The number of weights, given the size that goes in."""
        return 0

    @property
    def biases(self) -> int:
        """The number of biases."""
        return 0


@dataclass(frozen=True)
class ReLU(Layer):
    """Negative values become zero."""


@dataclass(frozen=True)
class Convolution(Layer):
    """A convolution over one to three axes, or a transposed one, with stride 1 and without padding."""

    channels: int
    filters: int
    kernel: tuple[int, ...]
    groups: int = 1
    biased: bool = True
    transposed: bool = False

    @property
    def name(self) -> str:
        """Its class in torch.nn."""
        return f"Conv{'Transpose' * self.transposed}{len(self.kernel)}d"

    @property
    def code(self) -> str:
        """With the settings that differ from PyTorch's defaults."""
        arguments = [str(self.channels), str(self.filters), short(self.kernel), *self._settings]
        return f"nn.{self.name}({', '.join(arguments)})"

    @property
    def _settings(self) -> list[str]:
        return [f"groups={self.groups}"] * (self.groups > 1) + ["bias=False"] * (not self.biased)

    def output(self, size: Size) -> Size:
        """As many maps as filters; a transposed kernel makes them larger, another one smaller."""
        if self.transposed:
            return self.filters, *(i + k - 1 for i, k in zip(size[1:], self.kernel, strict=True))
        return self.filters, *(positions(i, k, 1) for i, k in zip(size[1:], self.kernel, strict=True))

    def weights(self, size: Size) -> int:
        """A filter has a kernel for each input channel of its group."""
        return self.filters * (self.channels // self.groups) * math.prod(self.kernel)

    @property
    def biases(self) -> int:
        """One for each filter."""
        return self.filters * self.biased


@dataclass(frozen=True, kw_only=True)
class Conv2d(Convolution):
    """A convolution of images; kernel, stride, padding and dilation go by rows and columns."""

    stride: Pair
    padding: Pair
    dilation: Pair

    @property
    def _settings(self) -> list[str]:
        pairs = {"stride": (self.stride, 1), "padding": (self.padding, 0), "dilation": (self.dilation, 1)}
        given = [f"{name}={short(pair)}" for name, (pair, usual) in pairs.items() if pair != (usual, usual)]
        return [*given, *super()._settings]

    def output(self, size: Size) -> Size:
        """As many maps as filters."""
        return self.filters, *map(positions, size[1:], self.kernel, self.stride, self.padding, self.dilation)


@dataclass(frozen=True)
class MaxPool2d(Layer):
    """The largest value of each square window that fits; of others too where sizes are rounded up."""

    window: int
    stride: int
    rounded_up: bool = False

    @property
    def code(self) -> str:
        """The stride is named only where it differs from the window."""
        return f"nn.{self.name}({self.window}{f', stride={self.stride}' * (self.stride != self.window)})"

    def output(self, size: Size) -> Size:
        """The channels stay."""
        extra = self.stride - 1 if self.rounded_up else 0
        return size[0], *(positions(axis + extra, self.window, self.stride) for axis in size[1:])


@dataclass(frozen=True)
class AdaptiveAvgPool2d(Layer):
    """Global average pooling: the mean of each channel."""

    @property
    def code(self) -> str:
        """The sides of its output."""
        return f"nn.{self.name}(1)"

    def output(self, size: Size) -> Size:
        """One number for each channel."""
        return size[0], 1, 1


@dataclass(frozen=True)
class BatchNorm2d(Layer):
    """Batch normalization with a learned scale and shift for each channel."""

    channels: int

    @property
    def code(self) -> str:
        """With its channels."""
        return f"nn.{self.name}({self.channels})"

    def weights(self, size: Size) -> int:
        """The scales."""
        return self.channels

    @property
    def biases(self) -> int:
        """The shifts."""
        return self.channels


@dataclass(frozen=True)
class LazyLinear(Layer):
    """A linear layer that takes all that comes in, flattened."""

    units: int

    @property
    def code(self) -> str:
        """PyTorch finds the number of inputs when data arrive."""
        return f"nn.{self.name}({self.units})"

    def output(self, size: Size) -> Size:
        """One number for each unit."""
        return (self.units,)

    def weights(self, size: Size) -> int:
        """Every unit sees every input."""
        return math.prod(size) * self.units

    @property
    def biases(self) -> int:
        """One for each unit."""
        return self.units


def passed(size: Size, layers: Iterable[Layer]) -> Iterator[tuple[Layer, Size, Size]]:
    """Each layer with the size that goes in and the size that comes out.

    Raises:
        ValueError: a window is larger than its input.
    """
    for layer in layers:
        output = layer.output(size)
        yield layer, size, output
        size = output


def sequential(layers: Iterable[str]) -> str:
    """A listing that makes `model` of the lines of its layers."""
    lines = "".join(f"    {layer},\n" for layer in layers)
    return f"model = nn.Sequential(\n{lines})"


def short(sides: tuple[int, ...]) -> str:
    """Equal numbers as one, as PyTorch takes them."""
    return str(sides[0]) if len(set(sides)) == 1 else str(sides)
