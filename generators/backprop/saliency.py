"""Gradients with respect to the input: which pixels move a score most."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import bounded

Channel = tuple[tuple[int, ...], ...]
Reduction = Callable[[list[int]], int]
LARGEST = 100
MOST_ROWS = 4


class InputSaliency(Question):
    """The gradient of a class score with respect to an image, and its saliency map.

    At level 1 the score is linear in one channel, at level 2 in three; at level 3 a ReLU layer lies between,
    whose units are active or not.

    Source: Simonyan, Vedaldi & Zisserman 2014, Deep inside convolutional networks, section 3.
    """

    title = "Saliency of pixels"
    minutes = {1: 2, 2: 4, 3: 6}

    weights: tuple[tuple[Channel, ...], ...]
    """For each hidden unit, or for the score itself, the weights of each channel's pixels."""
    outputs: tuple[int, ...]
    """The weights of the hidden units in the score; none if the score is linear."""
    pre_activations: tuple[int, ...]
    """Of the hidden units for this image."""
    image: tuple[Channel, ...]
    """The pixels of each channel; none if they are not shown."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level < 3:
            channels, rows, columns = (1, 2, 3) if level == 1 else (3, 2, 2)
            largest = rng.sample(range(3, 10), rows * columns)
            unit = _with_largest(rng, largest, channels, columns)
            image = tuple(tuple(tuple(rng.randint(0, 4) for _ in row) for row in part) for part in unit)
            return cls((unit,), (), (), image)
        outputs = tuple(rng.choice([-2, -1, 1, 2, 3]) for _ in range(3))
        signs = rng.sample([1, 1, -1], 3)
        units = tuple(tuple(_drawn(rng) for _ in range(2)) for _ in range(3))
        return cls(units, outputs, tuple(sign * rng.randint(1, 6) for sign in signs), ())

    def flaw(self) -> str | None:
        if not 1 <= len(self.weights) <= 4 or not 1 <= len({len(unit) for unit in self.weights}) <= 1:
            return "one to four units see the same channels"
        shapes = {(len(part), *map(len, part)) for unit in self.weights for part in unit}
        if len(shapes) != 1 or not all(1 <= side <= MOST_ROWS for side in min(shapes)):
            return f"all channels are rectangles of one size, of at most {MOST_ROWS} rows and columns"
        if len({len(row) for unit in self.weights for part in unit for row in part}) > 1:
            return "all rows have one length"
        counts = (len(self.outputs), len(self.pre_activations))
        if counts not in {(0, 0), (len(self.weights), len(self.weights))} or (
            not counts[0] and len(self.weights) > 1
        ):
            return "each hidden unit has a weight in the score and a pre-activation"
        if self.image and [[*map(len, part)] for part in self.image] != [
            [*map(len, part)] for part in self.weights[0]
        ]:
            return "the image has a pixel for each weight"
        numbers = [w for unit in (*self.weights, self.image) for part in unit for row in part for w in row]
        if not bounded((*numbers, *self.outputs, *self.pre_activations), LARGEST):
            return f"a number is larger than {LARGEST}"
        if 0 in self.pre_activations or 0 in self.outputs:
            return "a unit lies at the kink of ReLU or has no weight"
        ranked = sorted((value for row in self.saliency for value in row), reverse=True)
        if ranked[0] == 0 or (len(ranked) > 1 and ranked[0] == ranked[1]):
            return "no pixel is the most salient"
        return None

    @property
    def weights_as_grids(self) -> list[list[dict[str, object]]]:
        """For each unit the weights of its channels, to be drawn."""
        many = len(self.weights) > 1
        return [_grids(unit, [f"unit {k}"] * many) for k, unit in enumerate(self.weights, 1)]

    @property
    def image_as_grids(self) -> list[dict[str, object]]:
        """The pixels of each channel, to be drawn."""
        return _grids(self.image, [])

    @property
    def active(self) -> tuple[int, ...]:
        """The hidden units, by number from 1, that let a gradient through."""
        return tuple(number for number, z in enumerate(self.pre_activations, 1) if z > 0)

    @property
    def gradients(self) -> tuple[Channel, ...]:
        """Of the score with respect to each channel."""
        return self._gradients([float(z > 0) for z in self.pre_activations])

    @property
    def saliency(self) -> Channel:
        """The largest absolute gradient of each pixel over the channels."""
        return self._reduced(self.gradients, lambda values: max(map(abs, values)))

    def _gradients(self, slopes: list[float]) -> tuple[Channel, ...]:
        factors = [int(v * s) for v, s in zip(self.outputs, slopes, strict=True)] or [1]
        units = list(zip(factors, self.weights, strict=True))
        return tuple(
            tuple(
                tuple(sum(f * unit[channel][i][j] for f, unit in units) for j in range(len(row)))
                for i, row in enumerate(part)
            )
            for channel, part in enumerate(self.weights[0])
        )

    def _reduced(self, gradients: tuple[Channel, ...], reduce: Reduction) -> Channel:
        rows, columns = range(len(gradients[0])), range(len(gradients[0][0]))
        return tuple(tuple(reduce([part[i][j] for part in gradients]) for j in columns) for i in rows)

    def _position(self, saliency: Channel) -> tuple[int, int]:
        cells = [(value, -i, -j) for i, row in enumerate(saliency) for j, value in enumerate(row)]
        _, i, j = max(cells)
        return 1 - i, 1 - j

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {}
        own = []
        for number, part in enumerate(self.gradients, 1):
            keys[f"gradient_{number}"] = Matrix(part)
            own.append(given(f"gradient_{number}", part))
        saliency = self._reduced(tuple(own), lambda values: max(map(abs, values)))
        keys["saliency"] = Matrix(saliency)
        row, column = self._position(given("saliency", saliency))
        return keys | {"row": Integer(row), "column": Integer(column)}

    def _saliency(self, reduce: Reduction) -> MistakeValues:
        return self.consequences(saliency=self._reduced(self.gradients, reduce))

    @mistake("The channels are not added up: the largest of them counts.")
    def adds_the_channels(self) -> MistakeValues:
        return self._saliency(lambda values: sum(map(abs, values)))

    @mistake("Take absolute values first: a pixel that lowers the score is as salient as one that raises it.")
    def keeps_the_sign(self) -> MistakeValues:
        return self._saliency(max)

    @mistake("The largest channel counts, not the mean over the channels.")
    def averages_the_channels(self) -> MistakeValues:
        count = len(self.gradients)
        if any(sum(map(abs, v)) % count for v in self._columns()):
            return None
        return self._saliency(lambda values: sum(map(abs, values)) // count)

    @mistake("A unit whose pre-activation is negative is cut off by ReLU: it lets no gradient through.")
    def ignores_relu(self) -> MistakeValues:
        if not self.outputs:
            return None
        return self._with(self._gradients([1.0] * len(self.outputs)))

    @mistake("The gradient of an active unit is 1, not its pre-activation.")
    def multiplies_by_the_activation(self) -> MistakeValues:
        if not self.outputs:
            return None
        return self._with(self._gradients([float(max(0, z)) for z in self.pre_activations]))

    @mistake("Each hidden unit counts with its weight in the score.")
    def forgets_the_output_weights(self) -> MistakeValues:
        if not self.outputs:
            return None
        slopes = [float(z > 0) / v for z, v in zip(self.pre_activations, self.outputs, strict=True)]
        return self._with(self._gradients(slopes))

    @mistake(
        "The derivative of weight times pixel by the pixel is the weight: the pixel itself plays no role."
    )
    def multiplies_by_the_pixels(self) -> MistakeValues:
        if not self.image:
            return None
        pairs = zip(self.gradients, self.image, strict=True)
        return self._with(
            tuple(
                tuple(tuple(g * x for g, x in zip(*rows, strict=True)) for rows in zip(*parts, strict=True))
                for parts in pairs
            )
        )

    def _columns(self) -> list[list[int]]:
        rows, columns = range(len(self.gradients[0])), range(len(self.gradients[0][0]))
        return [[part[i][j] for part in self.gradients] for i in rows for j in columns]

    def _with(self, gradients: tuple[Channel, ...]) -> MistakeValues:
        return self.consequences(**{f"gradient_{n}": part for n, part in enumerate(gradients, 1)})


def _grids(channels: tuple[Channel, ...], owner: list[str]) -> list[dict[str, object]]:
    several = len(channels) > 1
    return [
        {"values": part, "title": ", ".join([*owner, *[f"channel {number}"] * several])}
        for number, part in enumerate(channels, 1)
    ]


def _drawn(rng: Random) -> Channel:
    return tuple(tuple(rng.randint(-5, 5) for _ in range(2)) for _ in range(2))


def _with_largest(rng: Random, largest: list[int], channels: int, columns: int) -> tuple[Channel, ...]:
    """Channels in which each pixel has its largest absolute value somewhere."""
    pixels = []
    for value in largest:
        entries = [
            rng.choice([-1, 1]) * value,
            *(rng.randint(1 - value, value - 1) for _ in range(channels - 1)),
        ]
        pixels.append(rng.sample(entries, channels))
    flat = [[pixel[channel] for pixel in pixels] for channel in range(channels)]
    return tuple(
        tuple(tuple(part[start : start + columns]) for start in range(0, len(part), columns)) for part in flat
    )
