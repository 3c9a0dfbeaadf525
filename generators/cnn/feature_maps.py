"""Feature maps as nested tuples, and what kernels and windows do to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

Map = tuple[tuple[float, ...], ...]
Cells = list[tuple[int, int]]


def correlated(image: Map, kernel: Map, stride: int = 1, padding: int = 0, dilation: int = 1) -> Map:
    """The sums of products over each position of a kernel: a convolution as networks have it.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, equation 9.6.
    """
    padded = pad(image, padding)
    span = dilation * (len(kernel) - 1) + 1
    rows = range(0, len(padded) - span + 1, stride)
    columns = range(0, len(padded[0]) - dilation * (len(kernel[0]) - 1), stride)
    places = list(cells(kernel))
    return tuple(
        tuple(
            sum(kernel[i][j] * padded[row + dilation * i][column + dilation * j] for i, j in places)
            for column in columns
        )
        for row in rows
    )


def stamped(image: Map, kernel: Map, stride: int = 1) -> Map:
    """What a transposed convolution adds up before anything is cropped: a kernel for each pixel.

    Source: Dumoulin & Visin 2016, A guide to convolution arithmetic for deep learning, chapter 4.
    """
    rows, columns = (
        (len(part) - 1) * stride + len(side) for part, side in ((image, kernel), (image[0], kernel[0]))
    )
    output = [[0.0] * columns for _ in range(rows)]
    for row, column in cells(image):
        for i, j in cells(kernel):
            output[row * stride + i][column * stride + j] += image[row][column] * kernel[i][j]
    return frozen(output)


def windows(image: Map, side: int, stride: int) -> list[list[list[float]]]:
    """The values under each position of a square window, row by row of positions."""
    return [
        [
            [image[row + i][column + j] for i in range(side) for j in range(side)]
            for column in range(0, len(image[0]) - side + 1, stride)
        ]
        for row in range(0, len(image) - side + 1, stride)
    ]


def pad(image: Map, padding: int, value: float = 0) -> Map:
    """A border on every side."""
    if not padding:
        return image
    border = ((value,) * (len(image[0]) + 2 * padding),) * padding
    side = (value,) * padding
    return *border, *((*side, *row, *side) for row in image), *border


def cropped(image: Map, before: int, after: int) -> Map:
    """The map without so many rows and columns at its beginning and at its end."""
    return tuple(row[before : len(row) - after] for row in image[before : len(image) - after])


def rotated(kernel: Map) -> Map:
    """A kernel turned by 180 degrees."""
    return tuple(row[::-1] for row in kernel[::-1])


def spread(image: Map, stride: int, rows: int, columns: int) -> Map:
    """The pixels of a map in so many rows and columns, set apart by the stride, zeros between."""
    return tuple(
        tuple(
            image[row // stride][column // stride]
            if row % stride == column % stride == 0
            and row // stride < len(image)
            and column // stride < len(image[0])
            else 0
            for column in range(columns)
        )
        for row in range(rows)
    )


def added(*maps: Map) -> Map:
    """The sum of maps of one size."""
    return tuple(tuple(map(sum, zip(*rows, strict=True))) for rows in zip(*maps, strict=True))


def scaled(image: Map, factor: float, offset: float = 0) -> Map:
    """Each pixel multiplied, and an offset added."""
    return tuple(tuple(factor * pixel + offset for pixel in row) for row in image)


def rectified(image: Map) -> Map:
    """Negative pixels become zero."""
    return tuple(tuple(max(0, pixel) for pixel in row) for row in image)


def transposed_map(image: Map) -> Map:
    """Rows become columns."""
    return tuple(zip(*image, strict=True))


def frozen(rows: Sequence[Sequence[float]]) -> Map:
    """Rows as tuples, whole numbers as such."""
    return tuple(tuple(int(x) if x == int(x) else x for x in row) for row in rows)


def cells(image: Map) -> Iterator[tuple[int, int]]:
    """All rows and columns."""
    return ((row, column) for row in range(len(image)) for column in range(len(image[0])))


def pixels(image: Map) -> list[float]:
    """All values."""
    return [pixel for row in image for pixel in row]


def is_rectangle(image: Map, most: int) -> bool:
    """Whether a map has rows of one length and at most so many of each."""
    return (
        bool(image)
        and 1 <= len(image) <= most
        and {len(row) for row in image} <= {*range(1, most + 1)}
        and (len({len(row) for row in image}) == 1)
    )


def drawn_map(rng: Random, rows: int, columns: int, low: int, high: int) -> tuple[tuple[int, ...], ...]:
    """Whole numbers."""
    return tuple(tuple(rng.randint(low, high) for _ in range(columns)) for _ in range(rows))


def window_cells(row: int, column: int, side: int, dilation: int = 1) -> Cells:
    """The cells under a window."""
    return [(row + dilation * i, column + dilation * j) for i in range(side) for j in range(side)]
