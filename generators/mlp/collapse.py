"""Linear layers that could be one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from itertools import chain, pairwise
from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, dot, matmul

LARGEST_ENTRY = 100
RECTANGLES = [(2, 3, 2), (3, 2, 2), (2, 2, 3), (3, 2, 3), (2, 2, 2)]
"""Inputs and outputs of two layers."""
BOTTLENECKS = [(3, 1, 2, 3), (2, 2, 1, 3), (3, 2, 1, 2), (2, 1, 2, 2), (3, 1, 3, 2), (3, 2, 1, 3)]
"""Those of three layers, with a narrow place."""
Entries = tuple[int, ...]
Rows = tuple[Entries, ...]
Layer = tuple[tuple[tuple[float, ...], ...], tuple[float, ...]]
"""The matrix and the bias of a layer."""


class LinearCollapse(Question):
    """The single linear layer that several of them without activation functions amount to.

    Level 1 has two square matrices, level 2 rectangular ones with biases and an input, level 3 three layers
    with a bottleneck, or batch normalization in between.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.1; Ioffe & Szegedy 2015, Batch
    Normalization, section 3.1, for inference.
    """

    title = "Linear layers as one"
    minutes = {1: 2, 2: 5, 3: 7}

    weights: tuple[Rows, ...]
    """The matrix of each layer, with a row for each output."""
    biases: tuple[Entries, ...]
    """The biases of each layer; none where the layers have none."""
    normalization: tuple[Entries, ...]
    """Mean, variance, scale and shift of a batch normalization after the first layer, if there is one."""
    point: Entries
    """An input whose output is asked, if one is."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        normalized = level == 3 and rng.choice([True, False])
        shapes = [(2, 2, 2)] if level == 1 else BOTTLENECKS if level == 3 and not normalized else RECTANGLES
        widths = rng.choice(shapes)
        weights = tuple(
            tuple(_entries(rng, inputs) for _ in range(outputs)) for inputs, outputs in pairwise(widths)
        )
        if level == 1:
            return cls(weights, (), (), ())
        biases = tuple(_entries(rng, outputs) for outputs in widths[1:])
        point = tuple(rng.choice([-2, -1, 1, 2]) for _ in range(widths[0])) if level == 2 else ()
        return cls(weights, biases, _statistics(rng, widths[1]) if normalized else (), point)

    def flaw(self) -> str | None:
        if not 2 <= len(self.weights) <= 3 or not all(matrix and matrix[0] for matrix in self.weights):
            return "two or three matrices are wanted"
        inputs = zip(self.widths, self.weights, strict=False)
        if max(self.widths) > 4 or any({*map(len, matrix)} != {width} for width, matrix in inputs):
            return "each matrix takes what the one before yields, at most four entries"
        if self.biases and tuple(map(len, self.biases)) != self.widths[1:]:
            return "each output of a layer has a bias, or no layer has any"
        if len(self.weights) > 2 and not self.biases:
            return "three layers have biases"
        if len(self.point) not in {0, self.widths[0]}:
            return "the input has an entry for each column of the first matrix"
        numbers = chain(*chain(*self.weights), *self.biases, *self.normalization, self.point)
        if max(map(abs, numbers)) > LARGEST_ENTRY:
            return f"entries go from -{LARGEST_ENTRY} to {LARGEST_ENTRY}"
        if self.normalization and (reason := self._flaw_of_normalization()):
            return reason
        weight, bias = _composed(self.layers)
        if not any(chain(*weight)) or (self.biases and not any(bias)):
            return "the weights or the biases of all layers together are zero"
        return "the order makes no difference" if weight == self._swapped() else None

    def _flaw_of_normalization(self) -> str | None:
        if not self.biases or len(self.weights) > 2:
            return "a normalization stands between two layers with biases"
        if [*map(len, self.normalization)] != [self.widths[1]] * 4:
            return "a normalization has mean, variance, scale and shift for each output of the first layer"
        _, variances, scales, _ = self.normalization
        for variance, scale in zip(variances, scales, strict=True):
            if variance < 1 or math.isqrt(variance) ** 2 != variance or scale % math.isqrt(variance):
                return "variances are squares, and scales are multiples of their roots"
        return None

    @property
    def widths(self) -> tuple[int, ...]:
        """The inputs, and the outputs of each layer."""
        return len(self.weights[0][0]), *map(len, self.weights)

    @property
    def factors(self) -> tuple[float, ...]:
        """What the normalization multiplies the outputs of the first layer by."""
        if not self.normalization:
            return (1,) * self.widths[1]
        _, variances, scales, _ = self.normalization
        return tuple(scale / math.sqrt(variance) for variance, scale in zip(variances, scales, strict=True))

    @property
    def offsets(self) -> tuple[float, ...]:
        """What it adds then."""
        if not self.normalization:
            return (0,) * self.widths[1]
        means, _, _, shifts = self.normalization
        return tuple(shift - a * mean for a, mean, shift in zip(self.factors, means, shifts, strict=True))

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Matrix and bias of each layer, with the normalization taken into the first."""
        return self._normalized(self.factors, self.offsets)

    @property
    def inner(self) -> Layer:
        """The first two of three layers as one, or the first one with its normalization."""
        return _composed(self.layers[:2]) if len(self.layers) > 2 else self.layers[0]

    @property
    def single(self) -> Layer:
        """The layer that all of them amount to."""
        return _composed(self.layers)

    @property
    def staged(self) -> bool:
        """Whether the inner layer is asked first."""
        return len(self.weights) > 2 or bool(self.normalization)

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {}
        layers = self.layers
        if self.staged:
            weight, bias = self.inner
            keys |= {"inner_weight": Matrix(weight), "inner_bias": Vector(bias)}
            layers = (given("inner_weight", weight), given("inner_bias", bias)), self.layers[-1]
        weight, bias = _composed(layers)
        keys["weight"] = Matrix(weight)
        if self.biases:
            keys["bias"] = Vector(bias)
        if self.point:
            output = _affine((given("weight", weight), given("bias", bias)), self.point)
            keys["output"] = Vector(output)
        if len(self.weights) > 2:
            keys["rank"] = Integer(min(self.widths))
            keys["separate"] = Integer(sum((n + 1) * m for n, m in pairwise(self.widths)))
            keys["together"] = Integer((self.widths[0] + 1) * self.widths[-1])
        return keys

    def _normalized(self, factors: Row, offsets: Row) -> tuple[Layer, ...]:
        biases = self.biases or [(0,) * width for width in self.widths[1:]]
        (weight, bias), *others = zip(self.weights, biases, strict=True)
        scaled = tuple(tuple(a * entry for entry in row) for a, row in zip(factors, weight, strict=True))
        shifted = tuple(a * b + c for a, b, c in zip(factors, bias, offsets, strict=True))
        return (scaled, shifted), *others

    def _swapped(self) -> Rows | tuple[tuple[float, ...], ...] | None:
        """The product of the matrices in the other order, if there is one."""
        try:
            return reduce(matmul, (weight for weight, _ in self.layers))
        except ValueError:
            return None

    @mistake("The layer that acts last stands on the left: the product is taken in the other order.")
    def swaps_order(self) -> MistakeValues:
        swapped = self._swapped()
        return {"weight": swapped} if swapped else None

    @mistake("Matrices are multiplied row by column, not entry by entry.")
    def multiplies_entries(self) -> MistakeValues:
        if len({*self.widths}) > 1:
            return None
        product = zip(*(chain(*weight) for weight, _ in self.layers), strict=True)
        entries = [math.prod(numbers) for numbers in product]
        width = self.widths[0]
        return {"weight": tuple(tuple(entries[row * width : (row + 1) * width]) for row in range(width))}

    @mistake("One layer is applied to what the other yields: the matrices are multiplied, not added.")
    def adds_matrices(self) -> MistakeValues:
        if len({*self.widths}) > 1:
            return None
        rows = zip(*(weight for weight, _ in self.layers), strict=True)
        return {"weight": tuple(tuple(map(sum, zip(*row, strict=True))) for row in rows)}

    @mistake("The biases of the first layers go through the later layers as well.")
    def adds_biases(self) -> MistakeValues:
        if not self.biases or len({*self.widths[1:]}) > 1:
            return None
        biases = (bias for _, bias in self.layers)
        return self.consequences(bias=tuple(map(sum, zip(*biases, strict=True))))

    @mistake("The biases of the first layers do not vanish: the later layers multiply and pass them on.")
    def keeps_last_bias(self) -> MistakeValues:
        return self.consequences(bias=self.biases[-1]) if self.biases else None

    @mistake("The biases of the last layer are added at the end.")
    def forgets_last_bias(self) -> MistakeValues:
        if not self.biases:
            return None
        bias = (a - b for a, b in zip(self.single[1], self.biases[-1], strict=True))
        return self.consequences(bias=tuple(bias))

    @mistake("Batch normalization has to be taken in: it changes the layer before it.")
    def ignores_normalization(self) -> MistakeValues:
        return self._with_normalization((1,) * self.widths[1], (0,) * self.widths[1])

    @mistake("The mean is subtracted before the entry is scaled.")
    def forgets_mean(self) -> MistakeValues:
        return self._with_normalization(self.factors, self.normalization[3]) if self.normalization else None

    @mistake("Divide by the standard deviation, the root of the variance.")
    def divides_by_variance(self) -> MistakeValues:
        if not self.normalization:
            return None
        means, variances, scales, shifts = self.normalization
        factors = tuple(scale / variance for variance, scale in zip(variances, scales, strict=True))
        offsets = (c - a * mean for a, mean, c in zip(factors, means, shifts, strict=True))
        return self._with_normalization(factors, tuple(offsets))

    @mistake("The normalization scales the bias of the layer before it as well.")
    def leaves_bias_unscaled(self) -> MistakeValues:
        if not self.normalization:
            return None
        bias = tuple(map(sum, zip(self.biases[0], self.offsets, strict=True)))
        return self.consequences(inner_bias=bias)

    @mistake("The narrowest place decides: no product has a higher rank than one of its factors.")
    def rank_of_ends(self) -> MistakeValues:
        return {"rank": min(self.widths[0], self.widths[-1])} if len(self.weights) > 2 else None

    @mistake("Each output of a layer has a bias, which is a parameter too.")
    def counts_weights_only(self) -> MistakeValues:
        if len(self.weights) < 3:
            return None
        weights = sum(n * m for n, m in pairwise(self.widths))
        return {"separate": weights, "together": self.widths[0] * self.widths[-1]}

    def _with_normalization(self, factors: Row, offsets: Row) -> MistakeValues:
        if not self.normalization:
            return None
        weight, bias = self._normalized(factors, offsets)[0]
        return self.consequences(inner_weight=weight, inner_bias=bias)


def _affine(layer: Layer, point: Row) -> tuple[float, ...]:
    """What a layer yields."""
    return tuple(dot(row, point) + bias for row, bias in zip(*layer, strict=True))


def _composed(layers: Sequence[Layer]) -> Layer:
    """The layer that others, one after the other, amount to."""
    first, *others = layers
    return reduce(lambda inner, outer: (matmul(outer[0], inner[0]), _affine(outer, inner[1])), others, first)


def _entries(rng: Random, count: int) -> Entries:
    return tuple(rng.randint(-2, 3) for _ in range(count))


def _statistics(rng: Random, count: int) -> tuple[Entries, ...]:
    """Mean, variance, scale and shift of a batch normalization that keeps whole numbers whole."""
    deviations = [rng.choice([1, 2, 3]) for _ in range(count)]
    scales = tuple(deviation * rng.choice([-1, 1, 2]) for deviation in deviations)
    return _entries(rng, count), tuple(d**2 for d in deviations), scales, _entries(rng, count)
