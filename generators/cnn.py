"""Convolutional networks: sizes, parameters, tables of layers."""

from __future__ import annotations

from random import Random
from typing import Self

from ..answers import Answer, Integer
from ..question import Question, mistake


class ConvOutputSize(Question):
    """Size of the feature map that a convolution makes of an image.

    Source: Dumoulin & Visin 2016, A guide to convolution arithmetic for deep learning, relationship 6;
    torch.nn.Conv2d, section Shape, for the dilation.
    """

    title = "Output size of a convolution"
    minutes = {1: 1, 2: 2, 3: 3}

    height: int
    width: int
    kernel: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]
    dilation: tuple[int, int]

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            side = rng.choice([*range(4, 13), 28, 32])
            kernel = rng.choice([2, 3, 5])
            return cls(side, side, (kernel,) * 2, (rng.choice([1, 1, 2]),) * 2, (rng.randint(0, 2),) * 2, (1, 1))
        if level == 2:
            kernel = rng.randint(2, 7)
            stride, padding = rng.randint(2, 3), rng.randint(0, 3)
            height, width = rng.sample(range(16, 65), 2)
            return cls(height, width, (kernel,) * 2, (stride,) * 2, (padding,) * 2, (1, 1))
        pair = lambda least, most: (rng.randint(least, most), rng.randint(least, most))  # noqa: E731
        height, width = rng.sample(range(20, 200), 2)
        return cls(height, width, pair(2, 7), pair(1, 4), pair(0, 3), rng.choice([(1, 2), (2, 1), (2, 2), (3, 1), (2, 3)]))

    def flaw(self) -> str | None:
        if min(self.height, self.width, *self.kernel, *self.stride, *self.dilation) < 1 or min(self.padding) < 0:
            return "sizes, strides and dilations are positive and paddings not negative"
        if any(extent > size + 2 * padding for size, extent, padding in zip((self.height, self.width), self.extents, self.padding)):
            return "the kernel is larger than the padded image"
        return None

    @property
    def extents(self) -> tuple[int, int]:
        """Rows and columns that the dilated kernel spans."""
        return tuple(dilation * (kernel - 1) + 1 for kernel, dilation in zip(self.kernel, self.dilation))

    def answer(self) -> dict[str, Answer]:
        return {"rows": Integer(self._size(0)), "columns": Integer(self._size(1))}

    def _size(self, axis: int) -> int:
        return self._room(axis) // self.stride[axis] + 1

    def _room(self, axis: int) -> int:
        return (self.height, self.width)[axis] + 2 * self.padding[axis] - self.extents[axis]

    @mistake("A window that does not fit is dropped: the quotient is rounded down, never up.")
    def rounds_up(self) -> dict[str, int]:
        return {"rows": -(-self._room(0) // self.stride[0]) + 1, "columns": -(-self._room(1) // self.stride[1]) + 1}
