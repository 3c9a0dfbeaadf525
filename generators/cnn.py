"""Convolutional networks: sizes of feature maps, parameters of layers, tables of whole networks."""

from __future__ import annotations

from random import Random
from typing import Self

from ..answers import Answer, Integer
from ..question import Question, mistake


class ConvOutputSize(Question):
    """Size of the feature map that a convolution makes of an image.

    Source: Dumoulin & Visin 2016, A guide to convolution arithmetic for deep learning, relationship 6 and, for
    the dilation, section 5.1; torch.nn.Conv2d, section Shape.
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
            side, kernel, stride, padding = (
                rng.choice(numbers) for numbers in ([*range(4, 13), 28, 32], [2, 3, 5], [1, 1, 2], [0, 1, 2])
            )
            return cls(side, side, (kernel,) * 2, (stride,) * 2, (padding,) * 2, (1, 1))
        if level == 2:
            height, width = rng.sample(range(16, 65), 2)
            return cls(
                height,
                width,
                (rng.randint(2, 7),) * 2,
                (rng.randint(2, 3),) * 2,
                (rng.randint(0, 3),) * 2,
                (1, 1),
            )
        height, width = rng.sample(range(20, 200), 2)
        kernel, stride, padding = (
            (rng.randint(*limits), rng.randint(*limits)) for limits in ((2, 7), (1, 4), (0, 3))
        )
        return cls(
            height, width, kernel, stride, padding, rng.choice([(1, 2), (2, 1), (2, 2), (3, 1), (2, 3)])
        )

    def flaw(self) -> str | None:
        if (
            min(self.height, self.width, *self.kernel, *self.stride, *self.dilation) < 1
            or min(self.padding) < 0
        ):
            return "sizes, strides and dilations must be positive and paddings not negative"
        if max(self.padding) >= min(self.extents):
            return "the padding is as large as the kernel"
        if min(self.room) < 0:
            return "the kernel is larger than the padded image"
        return None

    @property
    def extents(self) -> tuple[int, int]:
        """Rows and columns that the dilated kernel spans."""
        rows, columns = (d * (k - 1) + 1 for d, k in zip(self.dilation, self.kernel, strict=True))
        return rows, columns

    @property
    def room(self) -> tuple[int, int]:
        """By how many rows and columns the kernel can move in the padded image."""
        rows, columns = (
            size + 2 * padding - extent
            for size, padding, extent in zip(
                (self.height, self.width), self.padding, self.extents, strict=True
            )
        )
        return rows, columns

    def answer(self) -> dict[str, Answer]:
        (rows, columns), (down, right) = self.room, self.stride
        return {"rows": Integer(rows // down + 1), "columns": Integer(columns // right + 1)}

    @mistake("A window that does not fit any more is dropped: the quotient is rounded down, not up.")
    def rounds_up(self) -> dict[str, int]:
        (rows, columns), (down, right) = self.room, self.stride
        return {"rows": -(-rows // down) + 1, "columns": -(-columns // right) + 1}

    @mistake("The padding was left out: it adds rows and columns at both borders before the kernel moves.")
    def ignores_padding(self) -> dict[str, int]:
        return self._sizes(padding=(0, 0))

    @mistake("The padding counts twice, once at each border: use i + 2p, not i + p.")
    def pads_one_side(self) -> dict[str, int]:
        (rows, columns), (down, right) = self.room, self.stride
        return {
            "rows": (rows - self.padding[0]) // down + 1,
            "columns": (columns - self.padding[1]) // right + 1,
        }

    @mistake("The first position of the kernel counts too: add 1 to the number of steps.")
    def forgets_plus_one(self) -> dict[str, int]:
        (rows, columns), (down, right) = self.room, self.stride
        return {"rows": rows // down, "columns": columns // right}

    @mistake("A dilated kernel spans d(k − 1) + 1 pixels, not k.")
    def ignores_dilation(self) -> dict[str, int]:
        return self._sizes(dilation=(1, 1))

    def _sizes(self, **changed: tuple[int, int]) -> dict[str, int]:
        other = type(self)(**(self.parameters() | changed))
        (rows, columns), (down, right) = other.room, other.stride
        return {"rows": rows // down + 1, "columns": columns // right + 1}
