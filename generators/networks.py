"""Questions on a network of one's own: its rows come from a network that was run, see `quizgrad from-model`.

These classes have no network and no title: a subclass names them, in a bank that `from-model` writes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from random import Random
from typing import ClassVar, NamedTuple, Self

from ..answers import Answer, Integer, Shape
from ..question import Given, MistakeValues, Question, mistake
from .torch_layers import Products, Size, TorchLayer, count_working, layer_of, size_working

ROWS = {1: 4, 2: 6, 3: 10}
"""How many layers of a large network an item shows, by level."""
MOST_ROWS = 40
RECURRENT = {"RNN", "LSTM", "GRU"}
NETWORK_INPUT = 0
ELSEWHERE = -1


class Row(NamedTuple):
    """A layer in the order in which a network runs.

    Attributes:
        name: where it is in the network, such as `features.0`.
        line: what makes it, such as `nn.Linear(400, 120)`; or its class, where PyTorch has no such layer.
        size: what goes in, without the batch.
        source: the row whose output goes in; 0 for the network's input, -1 for what was computed in between.
        first: the row where the same parameters were used before; 0 if this is the first time.
        known: output size, new weights and new biases of a row that is not asked.
        shares: the row with which it shares some, but not all, of its parameters; 0 for none.
    """

    name: str
    line: str
    size: Size
    source: int
    first: int = 0
    known: tuple[Size, int, int] | None = None
    shares: int = 0


class RowsOfNetwork(Question):
    """Some rows of a network, one after another."""

    network: ClassVar[str]
    all_rows: ClassVar[tuple[Row, ...]]

    first: int
    """The number of the first row that is shown."""
    rows: tuple[Row, ...]

    def flaw(self) -> str | None:
        if not 1 <= len(self.rows) <= MOST_ROWS:
            return f"a table holds 1 to {MOST_ROWS} layers"
        if not self.asked:
            return "none of these layers is known here"
        try:
            for number, layer in self.asked.items():
                layer.output(self.row(number).size)
        except (ValueError, TypeError) as reason:
            return str(reason)
        return None

    @property
    def numbered(self) -> list[tuple[int, Row]]:
        """The rows with their numbers in the network."""
        return list(enumerate(self.rows, self.first))

    def row(self, number: int) -> Row:
        """A row by its number in the network."""
        return self.rows[number - self.first]

    @cached_property
    def asked(self) -> Mapping[int, TorchLayer]:
        """The layers that a student can compute, by the number of their row."""
        return {number: layer_of(row.line) for number, row in self.numbered if row.known is None}

    @property
    def calls(self) -> tuple[tuple[int, str, Size], ...]:
        """What the solver builds and runs: the number of the row, its line, and the size that goes in."""
        return tuple((number, self.row(number).line, self.row(number).size) for number in self.asked)

    @property
    def counted(self) -> tuple[tuple[int, int, int], ...]:
        """Number of the row, weights and biases of what is given and counts for the total."""
        return tuple((number, *row.known[1:]) for number, row in self.numbered if row.known and not row.first)

    @property
    def repeated(self) -> tuple[int, ...]:
        """The rows whose parameters were counted before."""
        return tuple(number for number, row in self.numbered if row.first)

    @property
    def has_normalization(self) -> bool:
        """Whether the text must say what a scale and a shift count as."""
        return any(layer.is_normalization for layer in self.asked.values())

    @property
    def has_recurrence(self) -> bool:
        """Whether the text must say how many biases there are."""
        return any(layer.kind in RECURRENT for layer in self.asked.values())

    @property
    def workings(self) -> list[tuple[int, str]]:
        """The number of each row that has something to work out, and how that goes."""
        lines = {number: "; ".join(filter(None, self._parts(number))) for number in self.asked}
        return [(number, f"{line}.") for number, line in lines.items() if line]

    def _parts(self, number: int) -> Iterator[str]:
        """What there is to say of a row."""
        yield from self._count_parts(number)

    def _count_parts(self, number: int) -> Iterator[str]:
        layer = self.asked[number]
        if first := self.row(number).first:
            yield f"the layer of row {first} again, without new parameters"
        elif layer.weights or layer.biases:
            yield f"weights {count_working(layer.weights)}"
            yield f"biases {count_working(layer.biases)}"
        else:
            yield "no parameters"

    def counts(self, number: int) -> tuple[int, int]:
        """The weights and biases that a row adds."""
        row = self.row(number)
        if row.first:
            return 0, 0
        if row.known:
            return row.known[1:]
        layer = self.asked[number]
        return total(layer.weights), total(layer.biases)


class LayerTable(RowsOfNetwork):
    """Output size, weights and biases of layers of a given network, row by row.

    Source: the documentation of each layer in torch.nn, sections Shape and Variables.
    """

    minutes = {1: 4, 2: 8, 3: 12}

    counting: bool
    """Whether weights and biases are asked beside the sizes."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        count = min(ROWS[level], len(cls.all_rows))
        first = rng.randint(1, len(cls.all_rows) - count + 1)
        return cls(first, cls.all_rows[first - 1 : first - 1 + count], counting=level > 1)

    def _parts(self, number: int) -> Iterator[str]:
        layer, size = self.asked[number], self.row(number).size
        yield size_working(layer, size)
        yield f"size ${size_text(layer.output(size))}$"
        if self.counting:
            yield from self._count_parts(number)

    @property
    def inside(self) -> range:
        """The numbers of the rows that are shown."""
        return range(self.first, self.first + len(self.rows))

    @property
    def countable(self) -> tuple[int, ...]:
        """The rows whose weights and biases are asked."""
        return tuple(number for number in self.asked if not self.row(number).first) if self.counting else ()

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {}
        sizes: dict[int, Size] = {}
        sums = [0, 0]
        for number, row in self.numbered:
            size = sizes.get(row.source, row.size)
            output = self.asked[number].output(size) if number in self.asked else row.known[0]  # type: ignore[index]  # a row that is not asked is known
            counts = list(self.counts(number))
            if number in self.asked:
                keys[f"size_{number}"] = Shape(output)
                output = given(f"size_{number}", output)
            if number in self.countable:
                for place, column in enumerate(("weights", "biases")):
                    keys[f"{column}_{number}"] = Integer(counts[place])
                    counts[place] = given(f"{column}_{number}", counts[place])
            sizes[number] = output
            sums = [before + more for before, more in zip(sums, counts, strict=True)]
        return keys | ({"total": Integer(sum(sums))} if self.counting else {})

    @mistake("A window that does not fit any more is dropped: round down, not up.")
    def rounds_up(self) -> MistakeValues:
        return self._sizes_with(lambda layer: layer.is_pooling, ceil_mode=True)

    @mistake("Padding enlarges the input at both borders before the window moves.")
    def ignores_padding(self) -> MistakeValues:
        return self._sizes_with(lambda layer: layer.is_convolution or layer.is_pooling, padding=0)

    @mistake("A window moves by its stride.")
    def ignores_stride(self) -> MistakeValues:
        return self._sizes_with(lambda layer: layer.is_convolution or layer.is_pooling, stride=1)

    @mistake("A dilated kernel spans d(k − 1) + 1 places, not k.")
    def ignores_dilation(self) -> MistakeValues:
        return self._sizes_with(lambda layer: layer.is_convolution, dilation=1)

    @mistake("The output of a convolution has as many channels as there are filters.")
    def keeps_channels(self) -> MistakeValues:
        return self.consequences(
            **{
                f"size_{number}": (self.row(number).size[0], *layer.output(self.row(number).size)[1:])
                for number, layer in self.asked.items()
                if layer.is_convolution
            }
        )

    @mistake("A filter spans all channels of its input: multiply by their number.")
    def forgets_input_channels(self) -> MistakeValues:
        return self._counts_with("weights", lambda layer: layer.is_convolution, _without_channels)

    @mistake("A layer has one bias for each of its outputs, not one in all.")
    def has_one_bias(self) -> MistakeValues:
        return self._counts_with(
            "biases", lambda layer: layer.is_convolution or layer.kind == "Linear", lambda products: 1
        )

    @mistake("Normalization learns a scale and a shift.")
    def normalization_has_no_shift(self) -> MistakeValues:
        return self._counts_with("biases", lambda layer: layer.is_normalization, lambda products: 0)

    @mistake("PyTorch keeps two vectors of biases in a recurrent layer: for the input and for the state.")
    def has_one_recurrent_bias(self) -> MistakeValues:
        return self._counts_with(
            "biases",
            lambda layer: layer.kind in RECURRENT,
            lambda products: total(products) // 2,
        )

    @mistake("A layer that is used again brings no new parameters.")
    def counts_shared_layers_again(self) -> MistakeValues:
        return _counted_again(self) if self.counting else None

    def _sizes_with(self, concerned: Callable[[TorchLayer], bool], **settings: object) -> MistakeValues:
        """What follows from sizes that layers with other settings make."""
        sizes: dict[int, Size] = {}
        try:
            for number, row in self.numbered:
                size = sizes.get(row.source, row.size)
                layer = self.asked.get(number)
                if layer is None:
                    continue
                known = {name: value for name, value in settings.items() if name in layer.settings}
                changed = layer.changed(**known) if concerned(layer) else layer
                sizes[number] = changed.output(size)
        except ValueError:
            return None
        return self.consequences(**{f"size_{number}": size for number, size in sizes.items()})

    def _counts_with(
        self, column: str, concerned: Callable[[TorchLayer], bool], count: Callable[[Products], int]
    ) -> MistakeValues:
        """What follows from another count in the layers concerned."""
        layers = {number: self.asked[number] for number in self.countable}
        return self.consequences(
            **{
                f"{column}_{number}": count(getattr(layer, column))
                for number, layer in layers.items()
                if concerned(layer) and getattr(layer, column)
            }
        )


class ParameterTotals(RowsOfNetwork):
    """Weights, biases and all parameters of layers of a given network, also with frozen layers.

    Source: torch.nn.Module.parameters; the documentation of each layer in torch.nn, section Variables.
    """

    minutes = {1: 3, 2: 5, 3: 8}

    frozen: int
    """The last row that is frozen; 0 for none."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        count = min(ROWS[level], len(cls.all_rows))
        first = rng.randint(1, len(cls.all_rows) - count + 1)
        frozen = rng.randint(first, first + count - 2) if level == 3 and count > 1 else 0
        return cls(first, cls.all_rows[first - 1 : first - 1 + count], frozen)

    def flaw(self) -> str | None:
        if reason := super().flaw():
            return reason
        sums = self._sums()
        if sum(sums) == 0:
            return "none of the layers has parameters"
        if self.frozen and not 0 < self._trainable() < sum(sums):
            return "freezing changes nothing, or leaves nothing to be trained"
        if self.frozen and any(0 < row.first <= self.frozen < number for number, row in self.numbered):
            return "a frozen layer is used again where layers are trained"
        return None

    def follow(self, given: Given) -> dict[str, Answer]:
        weights, biases = self._sums()
        keys: dict[str, Answer] = {"weights": Integer(weights), "biases": Integer(biases)}
        all_of_them = given("weights", weights) + given("biases", biases)
        keys["total"] = Integer(all_of_them)
        if self.frozen:
            frozen = weights + biases - self._trainable()
            keys["trainable"] = Integer(given("total", all_of_them) - frozen)
        return keys

    @mistake("A filter spans all channels of its input: multiply by their number.")
    def forgets_input_channels(self) -> MistakeValues:
        convolutions = [layer for number, layer in self._counted_layers() if layer.is_convolution]
        surplus = sum(total(layer.weights) - _without_channels(layer.weights) for layer in convolutions)
        return self.consequences(weights=self._sums()[0] - surplus)

    @mistake("The layers have biases beside their weights.")
    def forgets_biases(self) -> MistakeValues:
        return self.consequences(biases=0)

    @mistake("Normalization learns a scale and a shift.")
    def normalization_has_no_shift(self) -> MistakeValues:
        shifts = sum(total(layer.biases) for _, layer in self._counted_layers() if layer.is_normalization)
        return self.consequences(biases=self._sums()[1] - shifts)

    @mistake("A layer that is used again brings no new parameters.")
    def counts_shared_layers_again(self) -> MistakeValues:
        return _counted_again(self)

    @mistake("Frozen layers keep their parameters, but train none of them: leave them out.")
    def trains_frozen_layers(self) -> MistakeValues:
        return {"trainable": sum(self._sums())} if self.frozen else None

    def _counted_layers(self) -> list[tuple[int, TorchLayer]]:
        return [(number, layer) for number, layer in self.asked.items() if not self.row(number).first]

    def _sums(self) -> tuple[int, int]:
        weights, biases = zip(*(self.counts(number) for number, _ in self.numbered), strict=True)
        return sum(weights), sum(biases)

    def _trainable(self) -> int:
        return sum(sum(self.counts(number)) for number, _ in self.numbered if number > self.frozen)


def size_text(size: Size) -> str:
    """A size in LaTeX."""
    return r" \times ".join(map(str, size))


def total(products: Products) -> int:
    """The value of a sum of products."""
    return sum(map(math.prod, products))


def _without_channels(products: Products) -> int:
    return total(tuple((filters, *kernel) for filters, _, *kernel in products))


def _counted_again(question: RowsOfNetwork) -> MistakeValues:
    repeated = [layer_of(question.row(n).line) for n in question.repeated if n in question.asked]
    extra = sum(total(layer.weights) + total(layer.biases) for layer in repeated)
    true = question.follow(Given())["total"]
    return question.consequences(total=vars(true)["value"] + extra)
