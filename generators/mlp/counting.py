"""Fully connected networks: what they have to store and to compute."""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random
from typing import Self

from ...answers import Integer
from ...question import Given, MistakeValues, Question, mistake
from ..layers import Size

LARGEST = 100_000
"""The largest number of inputs or units of a layer."""
LARGEST_OF_NETWORK = 1_000
"""The same in a network that is run."""
BYTES = {"float16": 2, "float32": 4, "float64": 8}
MOST_DRAWN = 24
"""The most applications of hidden layers that are drawn."""


class ParameterCount(Question):
    """Weights and biases of a fully connected network, also of several inputs with frozen layers.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.4; torch.nn.Linear and
    torch.nn.BatchNorm1d, section Variables; Ioffe & Szegedy 2015, Batch Normalization, algorithm 1.
    """

    title = "Parameters of a fully connected network"
    minutes = {1: 2, 2: 3, 3: 5}

    inputs: tuple[Size, ...]
    """The size of each input: its features, or the sides of an image."""
    branches: tuple[int, ...]
    """The units of the layer that reads each input."""
    layers: tuple[int, ...]
    """The units of the layers that follow, which take the outputs of all branches side by side."""
    biases: tuple[bool, ...]
    """Whether each layer has biases, those of the branches first."""
    normalized: bool
    """Whether batch normalization follows the branches."""
    frozen: bool
    """Whether the branches are frozen."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        return (cls._draw_small, cls._draw_image, cls._draw_branches)[level - 1](rng)

    @classmethod
    def _draw_small(cls, rng: Random) -> Self:
        inputs, hidden, outputs = rng.randint(2, 20), rng.randint(2, 20), rng.randint(1, 10)
        return cls(((inputs,),), (hidden,), (outputs,), (True, True), normalized=False, frozen=False)

    @classmethod
    def _draw_image(cls, rng: Random) -> Self:
        image = rng.choice([(8, 8), (16, 16), (28, 28), (3, 8, 8), (3, 16, 16), (3, 20, 20), (3, 32, 32)])
        first, second = rng.choice([50, 64, 100, 128, 200, 256]), rng.choice([10, 16, 20, 25, 30, 32, 40])
        biases = rng.choice([(False, True, True), (True, False, True), (False, False, True)])
        return cls((image,), (first,), (second, rng.randint(2, 10)), biases, normalized=False, frozen=False)

    @classmethod
    def _draw_branches(cls, rng: Random) -> Self:
        """An image and measurements, read by frozen layers."""
        image = rng.choice([(16, 16), (28, 28), (3, 8, 8), (3, 16, 16), (3, 32, 32)])
        branches = rng.choice([32, 50, 64, 100, 128]), rng.choice([8, 10, 16, 20, 25, 30])
        layers = rng.choice([16, 20, 25, 40]), rng.randint(2, 10)
        biases = *(rng.choice([True, False]) for _ in range(3)), True
        return cls((image, (rng.randint(5, 40),)), branches, layers, biases, normalized=True, frozen=True)

    def flaw(self) -> str | None:
        if not 1 <= len(self.inputs) == len(self.branches) <= 4 or len(self.layers) > 6:
            return "one to four inputs each need a layer, and at most six layers follow"
        if len(self.biases) != len(self.branches) + len(self.layers):
            return "each layer needs to say whether it has biases"
        if not all(1 <= len(size) <= 3 for size in self.inputs):
            return "an input has one to three axes"
        widths = (
            *self.features,
            *(side for size in self.inputs for side in size),
            *self.branches,
            *self.layers,
        )
        if min(widths) < 1 or max(widths) > LARGEST:
            return f"the inputs and units of a layer must lie between 1 and {LARGEST}"
        if self.frozen and not (self.layers or self.normalized):
            return "nothing is left to be trained"
        return None

    @property
    def features(self) -> tuple[int, ...]:
        """The features of each input, flattened."""
        return tuple(map(math.prod, self.inputs))

    @property
    def joined(self) -> int:
        """The features of all branches side by side."""
        return sum(self.branches)

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Inputs and units of each linear layer, those of the branches first."""
        widths = (self.joined, *self.layers)
        return [*zip(self.features, self.branches, strict=True), *pairwise(widths)]

    def follow(self, given: Given) -> dict[str, Integer]:
        weights, biases, normalization = self._weights, sum(self._biases), 2 * self.joined
        total = given("weights", weights) + given("biases", biases)
        keys = {"weights": Integer(weights), "biases": Integer(biases)}
        if self.normalized:
            keys["normalization"] = Integer(normalization)
            total += given("normalization", normalization)
        keys["total"] = Integer(total)
        if self.frozen:
            keys["trainable"] = Integer(given("total", total) - self.in_branches)
        return keys

    @property
    def in_branches(self) -> int:
        """The parameters of the branches."""
        branches = len(self.branches)
        weights = sum(before * after for before, after in self.pairs[:branches])
        return weights + sum(self._biases[:branches])

    @property
    def _weights(self) -> int:
        return sum(before * after for before, after in self.pairs)

    @property
    def _biases(self) -> list[int]:
        return [units * bias for (_, units), bias in zip(self.pairs, self.biases, strict=True)]

    @mistake("Every unit of a layer with biases has one beside its weights.")
    def forgets_biases(self) -> MistakeValues:
        return self.consequences(biases=0)

    @mistake("The inputs are no units: they have no biases.")
    def gives_inputs_biases(self) -> MistakeValues:
        return self.consequences(biases=sum(self._biases) + sum(self.features))

    @mistake("A layer has one bias for each of its units, not one in all.")
    def has_one_bias(self) -> MistakeValues:
        return self.consequences(biases=sum(self.biases))

    @mistake("A layer without biases has none to count.")
    def counts_missing_biases(self) -> MistakeValues:
        return self.consequences(biases=sum(units for _, units in self.pairs))

    @mistake("Every unit is joined with every input: multiply the two numbers, do not add them.")
    def adds_sizes(self) -> MistakeValues:
        return self.consequences(weights=sum(before + after for before, after in self.pairs))

    @mistake("A linear layer sees every pixel of the flattened image, not one of its rows.")
    def takes_one_row(self) -> MistakeValues:
        return self._with_features([size[-1] for size in self.inputs])

    @mistake("A flattened image has the pixels of all its channels.")
    def takes_one_channel(self) -> MistakeValues:
        return self._with_features([math.prod(size[-2:]) for size in self.inputs])

    @mistake("Concatenated outputs lie side by side: their numbers add up.")
    def joins_without_adding(self) -> MistakeValues:
        if not self.layers:
            return None
        surplus = (self.joined - max(self.branches)) * self.layers[0]
        return self.consequences(weights=self._weights - surplus)

    @mistake("Batch normalization learns a scale and a shift for each feature: two parameters, not one.")
    def normalization_has_no_shift(self) -> MistakeValues:
        return self.consequences(normalization=self.joined) if self.normalized else None

    @mistake("The running mean and variance are kept, but not learned: they are no parameters.")
    def counts_running_statistics(self) -> MistakeValues:
        return self.consequences(normalization=4 * self.joined) if self.normalized else None

    @mistake("Frozen layers keep their parameters, but train none of them: leave them out.")
    def trains_frozen_layers(self) -> MistakeValues:
        return {"trainable": self.follow(Given())["total"].value} if self.frozen else None

    @mistake("A frozen layer keeps its biases fixed as well as its weights.")
    def trains_frozen_biases(self) -> MistakeValues:
        if not self.frozen:
            return None
        trained = self.follow(Given())["trainable"].value
        return {"trainable": trained + sum(self._biases[: len(self.branches)])}

    def _with_features(self, features: list[int]) -> MistakeValues:
        """What follows from other numbers of inputs of the branches."""
        changes = zip(self.features, features, self.branches, strict=True)
        surplus = sum((true - wrong) * units for true, wrong, units in changes)
        return self.consequences(weights=self._weights - surplus)


class SharedLayerCount(Question):
    """Parameters, applications and multiplications of a network that uses a layer more than once.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 7.9 (parameter sharing); Press & Wolf
    2017, Using the output embedding to improve language models, for tied weights; torch.nn.Module.parameters.
    """

    title = "Parameters of shared layers"
    minutes = {1: 3, 2: 4, 3: 6}

    inputs: int
    """Features of an input, or words of the vocabulary where the weights are tied."""
    hidden: int
    outputs: int
    body: tuple[int, ...]
    """The hidden layers, by number from 0, in the order in which they are applied."""
    rounds: int
    """How often that order is gone through."""
    biased: bool
    """Whether the hidden layers have biases."""
    tied: bool
    """Whether an embedding takes the place of the first layer and shares its weight with the last one."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            inputs, hidden, outputs = (
                rng.choice([5, 8, 12, 15, 20, 30]),
                rng.randint(4, 12),
                rng.randint(1, 5),
            )
            return cls(inputs, hidden, outputs, (0, 0), 1, biased=True, tied=False)
        if level == 2:
            inputs, hidden = rng.choice([20, 25, 50, 64, 100, 784]), rng.choice([8, 10, 16, 20, 32, 50, 64])
            outputs, rounds = rng.randint(2, 10), rng.randint(3, 8)
            return cls(inputs, hidden, outputs, (0,), rounds, biased=rng.choice([True, False]), tied=False)
        words, hidden = rng.choice([100, 200, 250, 400, 500, 1000]), rng.choice([8, 10, 16, 20, 32, 40, 50])
        body = rng.choice([(0, 1), (0, 1, 0), (0, 0, 1), (0, 1, 1), (0, 1, 2)])
        return cls(words, hidden, words, body, rng.randint(2, 5), biased=rng.choice([True, False]), tied=True)

    def flaw(self) -> str | None:
        widths = (self.inputs, self.hidden, self.outputs)
        if min(widths) < 1 or max(widths) > LARGEST_OF_NETWORK:
            return f"inputs, hidden units and outputs must lie between 1 and {LARGEST_OF_NETWORK}"
        fits = 1 <= len(self.body) <= 6 and max(self.body) < 6
        if not fits or sorted(set(self.body)) != list(range(self.layers)):
            return "the order must name one to six hidden layers, numbered from 0 without a gap"
        if not 1 <= self.rounds <= 50 or len(self.body) * self.rounds == self.layers:
            return "a layer must be used more than once, in at most 50 rounds"
        if self.tied and self.inputs != self.outputs:
            return "tied weights need as many outputs as inputs"
        return None

    @property
    def layers(self) -> int:
        """The number of hidden layers."""
        return max(self.body, default=-1) + 1

    @property
    def names(self) -> tuple[str, ...]:
        """The hidden layers as the listing calls them."""
        return (
            ("middle",) if self.layers == 1 else tuple(f"middle{number + 1}" for number in range(self.layers))
        )

    @property
    def listing(self) -> str:
        """The network in PyTorch."""
        first = f"nn.{'Embedding' if self.tied else 'Linear'}({self.inputs}, {self.hidden})"
        middle = f"nn.Linear({self.hidden}, {self.hidden}{', bias=False' * (not self.biased)})"
        made = [
            f"self.first = {first}",
            *(f"self.{name} = {middle}" for name in self.names),
            f"self.last = nn.Linear({self.hidden}, {self.outputs})",
            *["self.last.weight = self.first.weight"] * self.tied,
        ]
        applied = [f"x = self.{self.names[number]}(x).relu()" for number in self.body]
        if self.rounds > 1:
            applied = [f"for _ in range({self.rounds}):", *("    " + line for line in applied)]
        start = "x = self.first(x)" if self.tied else "x = self.first(x).relu()"
        return "\n".join(
            [
                "class Network(nn.Module):",
                "    def __init__(self):",
                "        super().__init__()",
                *("        " + line for line in made),
                "",
                "    def forward(self, x):",
                *("        " + line for line in (start, *applied, "return self.last(x)")),
            ]
        )

    @property
    def calls(self) -> int:
        """How often hidden layers are applied."""
        return len(self.body) * self.rounds

    @property
    def stack(self) -> list[dict[str, str]]:
        """The layers in the order in which they are applied, with their units; none if they are too many."""
        if self.calls > MOST_DRAWN:
            return []
        middle = [(self.names[number], self.hidden) for number in self.body * self.rounds]
        applied = [("first", self.hidden), *middle, ("last", self.outputs)]
        return [{"label": name, "size": str(units)} for name, units in applied]

    @property
    def in_first(self) -> int:
        """Parameters of the first layer or of the embedding."""
        return self.inputs * self.hidden + self.hidden * (not self.tied)

    @property
    def in_middle(self) -> int:
        """Parameters of one hidden layer."""
        return self.hidden**2 + self.hidden * self.biased

    @property
    def in_last(self) -> int:
        """Parameters of the last layer that are its own."""
        return self.outputs + self.hidden * self.outputs * (not self.tied)

    def answer(self) -> dict[str, Integer]:
        first = self.inputs * self.hidden * (not self.tied)
        return {
            "parameters": Integer(self._parameters),
            "applications": Integer(self.calls + 1 + (not self.tied)),
            "multiplications": Integer(first + self.calls * self.hidden**2 + self.hidden * self.outputs),
        }

    @property
    def _parameters(self) -> int:
        return self.in_first + self.layers * self.in_middle + self.in_last

    @mistake("A layer that is used twice is still one layer: its parameters count once.")
    def counts_shared_layer_twice(self) -> dict[str, int]:
        return {"parameters": self._parameters + self.in_middle}

    @mistake("Parameters belong to the layer, not to its use: count each layer that __init__ makes once.")
    def counts_each_use(self) -> dict[str, int]:
        return {"parameters": self._parameters + (self.calls - self.layers) * self.in_middle}

    @mistake("A tied weight is one tensor with two names: it counts once.")
    def counts_tied_weight_twice(self) -> MistakeValues:
        return {"parameters": self._parameters + self.hidden * self.outputs} if self.tied else None

    @mistake("Only the weight is tied: the last layer still has biases of its own.")
    def ties_biases(self) -> MistakeValues:
        return {"parameters": self._parameters - self.outputs} if self.tied else None

    @mistake("The shared layer has biases too, one for each unit.")
    def drops_shared_biases(self) -> MistakeValues:
        return {"parameters": self._parameters - self.layers * self.hidden} if self.biased else None

    @mistake("These layers say bias=False: they have no biases.")
    def counts_missing_biases(self) -> MistakeValues:
        return None if self.biased else {"parameters": self._parameters + self.layers * self.hidden}

    @mistake("This is the number of layers that __init__ makes; what counts here is each use in forward.")
    def counts_layers_for_applications(self) -> dict[str, int]:
        return {"applications": self.layers + 1 + (not self.tied)}

    @mistake("The loop runs {rounds} times, and applies its layers each time.")
    def goes_round_once(self) -> dict[str, int]:
        return self._with_calls(len(self.body))

    @mistake("Sharing saves parameters, not work: every use multiplies again.")
    def multiplies_once(self) -> dict[str, int]:
        return {"multiplications": self._with_calls(self.layers)["multiplications"]}

    @mistake("Adding a bias is no multiplication: count the weights only.")
    def multiplies_biases(self) -> dict[str, int]:
        keys = self.answer()
        added = self.hidden * (not self.tied) + self.calls * self.hidden * self.biased + self.outputs
        return {"multiplications": keys["multiplications"].value + added}

    @mistake("An embedding only looks up a row: it is no linear layer and multiplies nothing.")
    def multiplies_in_embedding(self) -> MistakeValues:
        if not self.tied:
            return None
        keys = self.answer()
        return {
            "applications": keys["applications"].value + 1,
            "multiplications": keys["multiplications"].value + self.inputs * self.hidden,
        }

    def _with_calls(self, calls: int) -> dict[str, int]:
        keys, difference = self.answer(), calls - self.calls
        return {
            "applications": keys["applications"].value + difference,
            "multiplications": keys["multiplications"].value + difference * self.hidden**2,
        }


class FlopsMemory(Question):
    """Multiply-accumulates, floating-point operations, parameters, their bytes, and activations.

    At level 1 one layer computes, at level 2 a network with a batch, at level 3 a layer is compared with its
    factorization into two of low rank.

    Source: torch.utils.flop_counter.FlopCounterMode; Goodfellow, Bengio & Courville 2016, Deep Learning,
    section 6.5.7; Denil et al. 2013, Predicting parameters in deep learning, section 3, for low rank.
    """

    title = "Operations and memory of a forward pass"
    minutes = {1: 1, 2: 4, 3: 5}

    widths: tuple[int, ...]
    """The inputs, and the units of each layer."""
    batch: int
    biased: bool
    precision: str
    """The type of the parameters; empty where memory is not asked."""
    rank: int
    """The units between the two layers that replace the only one; 0 where none do."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            inputs, outputs = rng.choice([16, 20, 25, 30, 40, 50, 64, 100, 128]), rng.randint(4, 40)
            return cls((inputs, outputs), 1, biased=True, precision="", rank=0)
        batch, precision = rng.choice([4, 5, 8, 10, 16, 20, 32]), rng.choice(["float16", "float32"])
        if level == 2:
            hidden = rng.choice([16, 20, 25, 32, 40, 50, 64])
            between = rng.choice([(), (10,), (16,), (20,), (32,)])
            widths = rng.choice([64, 100, 128, 200, 256, 784]), hidden, *between, rng.randint(2, 10)
            return cls(widths, batch, rng.choice([True, False]), precision, rank=0)
        inputs, outputs = rng.sample([100, 128, 200, 256, 300, 400, 500, 512, 600, 800, 1000], 2)
        rank = rng.choice([5, 8, 10, 16, 20, 25, 32, 40])
        return cls((inputs, outputs), batch, biased=False, precision=precision, rank=rank)

    def flaw(self) -> str | None:
        if not 2 <= len(self.widths) <= 6 or min(self.widths) < 2 or max(self.widths) > LARGEST:
            return f"two to six widths from 2 to {LARGEST} are wanted"
        if not 1 <= self.batch <= LARGEST_OF_NETWORK or self.precision not in {"", *BYTES}:
            return (
                f"batches go from 1 to {LARGEST_OF_NETWORK}, and the precision is one of {', '.join(BYTES)}"
            )
        if self.rank and (len(self.widths) > 2 or self.biased or not self.precision):
            return "a factorization takes one layer without biases, and a precision"
        if self.rank and not 1 <= self.rank <= self.largest_rank:
            return "the factorization does not save weights"
        return None

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Inputs and units of each layer."""
        return [*pairwise(self.widths)]

    @property
    def weights(self) -> int:
        """The weights of all layers."""
        return sum(before * after for before, after in self.pairs)

    @property
    def biases(self) -> int:
        """The biases of all layers."""
        return sum(self.widths[1:]) * self.biased

    @property
    def size(self) -> int:
        """The bytes of a parameter."""
        return BYTES.get(self.precision, 0)

    @property
    def largest_rank(self) -> int:
        """The largest rank with fewer weights than the layer has."""
        before, after = self.widths[0], self.widths[-1]
        return (before * after - 1) // (before + after)

    def follow(self, given: Given) -> dict[str, Integer]:
        if self.rank:
            return self._compared(given)
        macs = self.batch * self.weights
        keys = {"macs": macs, "flops": 2 * given("macs", macs)}
        if self.precision:
            parameters = self.weights + self.biases
            keys |= {"parameters": parameters, "bytes": self.size * given("parameters", parameters)}
            keys["activations"] = self.batch * sum(self.widths[1:])
        return {blank: Integer(value) for blank, value in keys.items()}

    def _compared(self, given: Given) -> dict[str, Integer]:
        low = self.rank * sum(self.widths)
        keys: dict[str, int] = {}
        for name, weights in ("", self.weights), ("low_", low):
            own = given(f"{name}weights", weights)
            keys |= {
                f"{name}weights": weights,
                f"{name}flops": 2 * self.batch * own,
                f"{name}bytes": self.size * own,
            }
        return {blank: Integer(value) for blank, value in (keys | {"rank": self.largest_rank}).items()}

    @mistake("A multiply-accumulate is two operations: a multiplication and an addition.")
    def macs_for_flops(self) -> MistakeValues:
        if self.rank:
            low = self.batch * self.rank * sum(self.widths)
            return {"flops": self.batch * self.weights, "low_flops": low}
        return {"flops": self.batch * self.weights}

    @mistake("This counts multiplications and additions; a multiply-accumulate is one of each.")
    def flops_for_macs(self) -> MistakeValues:
        return None if self.rank else {"macs": 2 * self.batch * self.weights}

    @mistake("Each of the {batch} samples of the batch goes through the network.")
    def forgets_batch(self) -> MistakeValues:
        if self.rank:
            return {"flops": 2 * self.weights, "low_flops": 2 * self.rank * sum(self.widths)}
        wrong = self.consequences(macs=self.weights)
        return wrong | ({"activations": sum(self.widths[1:])} if self.precision else {})

    @mistake("Biases are left out of this count; only weights multiply.")
    def multiplies_biases(self) -> MistakeValues:
        if self.rank:
            return None
        return self.consequences(macs=self.batch * (self.weights + sum(self.widths[1:])))

    @mistake("Every unit is joined with every input: multiply their numbers, do not add them.")
    def adds_widths(self) -> MistakeValues:
        added = sum(map(sum, self.pairs))
        return self.consequences(weights=added) if self.rank else self.consequences(macs=self.batch * added)

    @mistake("The layers of the network have biases, which are stored as well.")
    def forgets_biases(self) -> MistakeValues:
        return self.consequences(parameters=self.weights) if self.precision and self.biased else None

    @mistake("These layers have no biases.")
    def counts_missing_biases(self) -> MistakeValues:
        if not self.precision or self.biased:
            return None
        if self.rank:
            return self.consequences(weights=self.weights + self.widths[-1])
        return self.consequences(parameters=self.weights + sum(self.widths[1:]))

    @mistake("All samples of a batch share the parameters: they are stored once.")
    def stores_parameters_for_each_sample(self) -> MistakeValues:
        if not self.precision or self.rank:
            return None
        return self.consequences(parameters=self.batch * (self.weights + self.biases))

    @mistake("These are bits; eight of them make a byte.")
    def bits_for_bytes(self) -> MistakeValues:
        return self._with_size(8 * self.size)

    @mistake("A number of type {precision} takes {size} bytes.")
    def other_precision(self) -> MistakeValues:
        return self._with_size(6 - self.size if self.size < 8 else 4)

    @mistake("The inputs are given: only what the layers yield is counted here.")
    def counts_inputs(self) -> MistakeValues:
        if not self.precision or self.rank:
            return None
        return {"activations": self.batch * sum(self.widths)}

    @mistake("What the hidden layers yield is counted too, not only the outputs of the last one.")
    def counts_last_layer(self) -> MistakeValues:
        if not self.precision or self.rank:
            return None
        return {"activations": self.batch * self.widths[-1]}

    @mistake("The factors lie one after the other: their weights add up.")
    def multiplies_factors(self) -> MistakeValues:
        return self.consequences(low_weights=self.weights * self.rank) if self.rank else None

    @mistake("This is one of the two factors; there is also the one from the {rank} units to the outputs.")
    def forgets_second_factor(self) -> MistakeValues:
        return self.consequences(low_weights=self.widths[0] * self.rank) if self.rank else None

    @mistake("With this rank, the factors have at least as many weights as the layer: round down.")
    def rounds_rank_up(self) -> MistakeValues:
        return {"rank": self.largest_rank + 1} if self.rank else None

    @mistake("The rank may be as large as this, but then the factors have more weights than the layer.")
    def takes_full_rank(self) -> MistakeValues:
        return {"rank": min(self.widths)} if self.rank else None

    def _with_size(self, size: int) -> MistakeValues:
        if not self.precision:
            return None
        if self.rank:
            return {"bytes": size * self.weights, "low_bytes": size * self.rank * sum(self.widths)}
        return {"bytes": size * (self.weights + self.biases)}
