"""Multi-head attention: shapes and learned numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any, Self

from ...answers import Answer, Integer, MultipleChoice, Option, Shape, SingleChoice
from ...question import Given, MistakeValues, Question, mistake

WIDEST = 16_384
RETURNED = (
    Option(
        "the output, a single tensor",
        why="The module returns a tuple; the output is its first entry.",
        name="returns_tensor",
    ),
    Option(
        "a tuple of the output and the attention weights",
        why="With need_weights=False there are no weights: the second entry is None.",
        name="returns_weights",
    ),
    Option(
        "a tuple of the output and `None`",
        why="The weights are returned, unless need_weights=False says otherwise.",
        name="returns_none",
    ),
    Option(
        "a tuple of the attention weights and the output",
        why="The output comes first in the tuple.",
        name="returns_weights_first",
    ),
)
"""What a call of `nn.MultiheadAttention` may be thought to return."""


class MultiheadShapes(Question):
    """The shapes of tensors within and around multi-head attention.

    At level 1 one tensor is split into heads, at level 2 self-attention is followed to its end, at level 3
    queries and keys come from sequences of different lengths, a call of PyTorch's module is read, or
    numbers of heads are tried.

    Source: Vaswani et al. 2017, Attention is all you need, section 3.2.2; torch.nn.MultiheadAttention.
    """

    title = "Shapes in multi-head attention"
    minutes = {1: 2, 2: 5, 3: 5}

    form: str
    """`split`, `self`, `cross`, `call` or `heads`."""
    batch: int
    queries: int
    """The length of the sequence that asks, n."""
    keys: int
    """The length of the sequence that is attended to, m."""
    width: int
    heads: int
    key_width: int
    """Of the form `call`: the entries of a key; otherwise 0, as for the three that follow."""
    value_width: int
    batch_first: bool
    weights: str
    """Which weights the call asks for: `averaged`, `each` or `none`; otherwise empty."""
    candidates: tuple[int, ...]
    """Of the form `heads`: numbers of heads to try; otherwise empty."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        form = {1: "split", 2: "self", 3: rng.choice(["cross", "call", "call", "heads"])}[level]
        sizes = [12, 16, 24, 32, 48, 64] if level == 1 else [64, 96, 128, 192, 256, 384, 512, 768]
        width, heads = rng.choice(sizes), rng.choice([2, 4] if level == 1 else [2, 4, 8, 16])
        taken = {heads, width // heads}
        batch = rng.choice([size for size in range(1, 4 if level == 1 else 33) if size not in taken])
        queries = rng.choice([size for size in range(3, 20) if size not in {batch, *taken}])
        keys = queries if level < 3 else rng.randint(5, 60)
        if form == "heads":
            width = rng.choice([12, 18, 24, 30, 36, 40, 48, 60, 72, 80, 96, 120, 144, 160, 192, 240, 320])
            return cls(form, 1, 1, 1, width, 1, 0, 0, False, "", _drawn_candidates(rng, width))
        if form != "call":
            return cls(form, batch, queries, keys, width, heads, 0, 0, False, "", ())
        of_keys, of_values = rng.sample([16, 24, 32, 40, 48, 80, 100, 300], 2)
        wanted = rng.choice(["averaged", "averaged", "each", "none"])
        first = rng.random() < 0.6
        return cls(form, batch, queries, keys, width, heads, of_keys, of_values, first, wanted, ())

    def flaw(self) -> str | None:
        if self.form not in {"split", "self", "cross", "call", "heads"}:
            return "form is split, self, cross, call or heads"
        if not all(1 <= size <= 4096 for size in (self.batch, self.queries, self.keys)):
            return "batch and lengths lie between 1 and 4096"
        if not 2 <= self.width <= WIDEST or not 1 <= self.heads <= self.width or self.width % self.heads:
            return f"the width goes to {WIDEST} and is a multiple of the number of heads"
        if (self.queries == self.keys) != (self.form in {"split", "self", "heads"}):
            return "the lengths differ for the forms cross and call, and only there"
        widths = (self.key_width, self.value_width)
        if not all(1 <= width <= WIDEST if self.form == "call" else width == 0 for width in widths):
            return f"only the form call has widths of keys and values, up to {WIDEST}"
        if (self.weights in {"averaged", "each", "none"}) != (self.form == "call") or (
            self.form != "call" and (self.weights or self.batch_first)
        ):
            return "only the form call has weights (averaged, each or none) and batch_first"
        return self._flaw_of_heads()

    def _flaw_of_heads(self) -> str | None:
        if self.form != "heads":
            if self.candidates:
                return "only the form heads has candidates"
            sizes = {1, self.batch, self.heads, self.queries, self.head_size}
            if len(sizes) < (5 if self.batch > 1 else 4):
                return "two of batch, heads, tokens and width of a head are equal, or one of them is 1"
            return None
        if not 3 <= len(self.candidates) <= 6 or len({*self.candidates}) < len(self.candidates):
            return "three to six different candidates are wanted"
        if not all(2 <= number <= self.width for number in self.candidates):
            return "a candidate lies between 2 and the width"
        return (
            None
            if 0 < len(self._accepted) < len(self.candidates)
            else "all or no candidates divide the width"
        )

    @property
    def _accepted(self) -> tuple[int, ...]:
        return tuple(number for number in self.candidates if self.width % number == 0)

    @property
    def largest_accepted(self) -> int:
        """The largest candidate that divides the width."""
        return max(self._accepted, default=1)

    @property
    def head_size(self) -> int:
        """The width of a head, d_k."""
        return self.width // self.heads

    @property
    def is_cross(self) -> bool:
        """Whether queries and keys come from two sequences."""
        return self.form == "cross"

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "call":
            return self._of_call()
        if self.form == "heads":
            options = tuple(map(self._option, self.candidates))
            return {
                "accepted": MultipleChoice(options),
                "head_size": Integer(self.width // self.largest_accepted),
            }
        size = given("head_size", self.head_size)
        split = (self.batch, self.heads, self.queries, size)
        answers: dict[str, Answer] = {"head_size": Integer(self.head_size), "split": Shape(split)}
        if self.form == "split":
            return answers
        if self.form == "cross":
            answers["split_keys"] = Shape((self.batch, self.heads, self.keys, size))
        return answers | {
            "scores": Shape((self.batch, self.heads, self.queries, self.keys)),
            "attended": Shape(split),
            "concatenated": Shape((self.batch, self.queries, self.heads * size)),
        }

    def _option(self, number: int) -> Option:
        right = self.width % number == 0
        why = f"{self.width} is {number} · {self.width // number}" + (
            "." if right else f" + {self.width % number}: the width is no multiple."
        )
        return Option(str(number), right, why, f"heads_{number}")

    def _of_call(self) -> dict[str, Answer]:
        right = 2 if self.weights == "none" else 1
        options = tuple(replace(option, right=n == right) for n, option in enumerate(RETURNED))
        answers: dict[str, Answer] = {
            "returned": SingleChoice(options),
            "output": Shape(self._ordered(self.queries, self.width)),
        }
        return (
            answers
            if self.weights == "none"
            else answers | {"weights": Shape(self._weights_of(self.weights))}
        )

    def _ordered(self, length: int, width: int, *, turned: bool = False) -> tuple[int, ...]:
        """Batch, length and width in the order that the call has, or in the other one."""
        if self.batch_first != turned:
            return (self.batch, length, width)
        return (length, self.batch, width)

    def _weights_of(self, weights: str) -> tuple[int, ...]:
        heads = (self.heads,) if weights == "each" else ()
        return (self.batch, *heads, self.queries, self.keys)

    @property
    def listing(self) -> str:
        """The call, in Python."""
        first = ", batch_first=True" if self.batch_first else ""
        extra = {"averaged": "", "each": ", average_attn_weights=False", "none": ", need_weights=False"}
        shapes = {
            "query": self._ordered(self.queries, self.width),
            "key": self._ordered(self.keys, self.key_width),
            "value": self._ordered(self.keys, self.value_width),
        }
        tensors = "\n".join(
            f"{name} = torch.zeros({', '.join(map(str, shape))})" for name, shape in shapes.items()
        )
        return (
            f"attention = nn.MultiheadAttention({self.width}, {self.heads}, kdim={self.key_width}, "
            f"vdim={self.value_width}{first})\n{tensors}\n"
            f"result = attention(query, key, value{extra.get(self.weights, '')})"
        )

    @property
    def _is_inside(self) -> bool:
        return self.form in {"split", "self", "cross"}

    @mistake("The width is shared by the heads: each has {width}/{heads} entries, not all {width}.")
    def each_head_full_width(self) -> MistakeValues:
        return self.consequences(head_size=self.width) if self._is_inside else None

    @mistake("The entries of the heads are divided among them; side by side they make the width again.")
    def heads_multiply_width(self) -> MistakeValues:
        if self.form not in {"self", "cross"}:
            return None
        return {"concatenated": (self.batch, self.queries, self.heads * self.width)}

    @mistake("The heads are put side by side, not added: their widths add up.")
    def heads_added(self) -> MistakeValues:
        if self.form not in {"self", "cross"}:
            return None
        return {"concatenated": (self.batch, self.queries, self.head_size)}

    @mistake("Rows of the scores belong to queries, columns to keys.")
    def lengths_swapped(self) -> MistakeValues:
        if self.form == "cross":
            return {"scores": (self.batch, self.heads, self.keys, self.queries)}
        if self.form != "call" or self.weights == "none":
            return None
        return {"weights": (*self._weights_of(self.weights)[:-2], self.keys, self.queries)}

    @mistake("A score belongs to a pair of query and key; the width of a head is summed over.")
    def scores_by_width(self) -> MistakeValues:
        if self.form not in {"self", "cross"}:
            return None
        return {"scores": (self.batch, self.heads, self.queries, self.head_size)}

    @mistake("Each head has scores of its own: their number is one of the sizes.")
    def one_matrix_of_scores(self) -> MistakeValues:
        if self.form not in {"self", "cross"}:
            return None
        return {"scores": (self.batch, self.queries, self.keys)}

    @mistake("The heads stand before the tokens, so that each head multiplies its own matrices.")
    def heads_after_tokens(self) -> MistakeValues:
        if not self._is_inside:
            return None
        split = (self.batch, self.queries, self.heads, self.head_size)
        if self.form == "split":
            return {"split": split}
        keys = {"split_keys": (self.batch, self.keys, self.heads, self.head_size)} if self.is_cross else {}
        return {"split": split, "attended": split} | keys

    @mistake("There is an output for each query, so the length is that of the queries.")
    def length_of_the_keys(self) -> MistakeValues:
        if self.form == "call":
            return {"output": self._ordered(self.keys, self.width)}
        if self.form != "cross":
            return None
        return {
            "attended": (self.batch, self.heads, self.keys, self.head_size),
            "concatenated": (self.batch, self.keys, self.width),
        }

    @mistake(
        "By default the weights are averaged over the heads; average_attn_weights=False keeps each head's."
    )
    def averaging_confused(self) -> MistakeValues:
        if self.form != "call" or self.weights == "none":
            return None
        return {"weights": self._weights_of("averaged" if self.weights == "each" else "each")}

    @mistake(
        "Without batch_first=True the length comes first and the batch second; with it, the batch is first."
    )
    def batch_order(self) -> MistakeValues:
        if self.form != "call":
            return None
        return {"output": self._ordered(self.queries, self.width, turned=True)}

    @mistake("The output projection brings the values back to the width of the module.")
    def width_of_the_values(self) -> MistakeValues:
        return {"output": self._ordered(self.queries, self.value_width)} if self.form == "call" else None

    @mistake("The heads share the width equally: their number must divide it without a remainder.")
    def any_number_of_heads(self) -> MistakeValues:
        return {"head_size": self.width // max(self.candidates)} if self.form == "heads" else None

    @mistake("The number of heads must divide the width; it need not be a power of two.")
    def powers_of_two_only(self) -> MistakeValues:
        powers = [number for number in self._accepted if number & (number - 1) == 0]
        return {"head_size": self.width // max(powers)} if powers else None

    @mistake("This is the number of heads; each has the width of the module divided by it.")
    def heads_for_width(self) -> MistakeValues:
        return {"head_size": self.largest_accepted} if self.form == "heads" else None


class MultiheadParameterCount(Question):
    """How many numbers multi-head attention learns.

    At level 1 there are no biases, at level 2 biases and the share of a head are counted, at level 3 keys and
    values have widths of their own, tokens are projected twice, or heads share their keys and values.

    Source: Vaswani et al. 2017, Attention is all you need, section 3.2.2; Ainslie et al. 2023, GQA,
    section 2.2; torch.nn.MultiheadAttention.
    """

    title = "Parameters of multi-head attention"
    minutes = {1: 2, 2: 4, 3: 5}

    form: str
    """`plain`, `biased`, `widths`, `double` or `grouped`."""
    width: int
    heads: int
    other_heads: int
    """Of the form `biased`: another number of heads; of `grouped` that of keys and values; otherwise 0."""
    inputs: tuple[int, ...]
    """Of the form `widths` the entries of a key and a value, of `double` those of a token."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            return cls(
                "plain", rng.choice([8, 10, 12, 16, 20, 30, 32, 40, 50, 60, 64, 80, 100]), 2, 0, ()
            )._headed(rng)
        width = 16 * rng.randint(2, 32)
        if level == 2:
            heads, other = rng.sample([2, 4, 8, 16], 2)
            return cls("biased", width, heads, other, ())
        form = rng.choice(["widths", "double", "grouped"])
        if form == "grouped":
            heads, groups = rng.choice([(4, 2), (8, 2), (8, 4), (16, 2), (16, 4), (16, 8)])
            return cls(form, width, heads, groups, ())
        inputs = rng.sample([10, 16, 20, 24, 30, 40, 50, 100, 128, 200, 300], 2 if form == "widths" else 1)
        return cls(form, width, rng.choice([2, 4, 8, 16]), 0, tuple(inputs))

    def _headed(self, rng: Random) -> Self:
        """The same with a number of heads that divides the width."""
        heads = [number for number in (2, 4, 5, 8, 10) if self.width % number == 0]
        return type(self)(self.form, self.width, rng.choice(heads), self.other_heads, self.inputs)

    def flaw(self) -> str | None:
        if self.form not in {"plain", "biased", "widths", "double", "grouped"}:
            return "form is plain, biased, widths, double or grouped"
        if not 4 <= self.width <= WIDEST or not 2 <= self.heads < self.width or self.width % self.heads:
            return f"the width goes to {WIDEST} and is a multiple of the number of heads, two or more"
        wanted = {"widths": 2, "double": 1}.get(self.form, 0)
        if len(self.inputs) != wanted or not all(1 <= width <= WIDEST for width in self.inputs):
            return f"the form widths has two widths of inputs and double one, up to {WIDEST}; others none"
        if self.form == "biased":
            fits = 1 <= self.other_heads < self.width and self.width % self.other_heads == 0
            return (
                None if fits and self.other_heads != self.heads else "the other number of heads does not fit"
            )
        if self.form == "grouped":
            fits = 1 <= self.other_heads < self.heads and self.heads % self.other_heads == 0
            return None if fits else "the heads of keys do not divide those of the queries"
        return None if self.other_heads == 0 else "only the forms biased and grouped have other heads"

    @property
    def head_size(self) -> int:
        """The width of a head."""
        return self.width // self.heads

    @property
    def square(self) -> int:
        """The weights of a projection that keeps the width."""
        return self.width**2

    @property
    def total(self) -> int:
        """The parameters of the usual module with biases, whatever its heads."""
        return 4 * self.width * (self.width + 1)

    def follow(self, given: Given) -> Mapping[str, Answer]:
        follows = {
            "plain": self._of_plain,
            "biased": self._of_biased,
            "widths": self._of_widths,
            "double": self._of_double,
            "grouped": self._of_grouped,
        }
        return {blank: Integer(value) for blank, value in follows[self.form](given).items()}

    def _of_plain(self, given: Given) -> dict[str, int]:
        return {"matrix": self.square, "total": 4 * given("matrix", self.square)}

    def _of_biased(self, given: Given) -> dict[str, int]:
        weights, biases = 4 * self.square, 4 * self.width
        total = given("weights", weights) + given("biases", biases)
        return {
            "weights": weights,
            "biases": biases,
            "total": total,
            "per_head": self.head_size * (self.width + 1),
            "other_total": given("total", total),
        }

    def _of_widths(self, given: Given) -> dict[str, int]:
        key_width, value_width = self.inputs
        matrices = {"key_matrix": self.width * key_width, "value_matrix": self.width * value_width}
        own = sum(given(blank, value) for blank, value in matrices.items())
        biases = 4 * self.width
        return {**matrices, "biases": biases, "total": own + 2 * self.square + given("biases", biases)}

    def _of_double(self, given: Given) -> dict[str, int]:
        front = 3 * self.width * (self.inputs[0] + 1)
        whole = given("front", front) + given("attention", self.total)
        return {"front": front, "attention": self.total, "total": whole}

    def _of_grouped(self, given: Given) -> dict[str, int]:
        shared = self.width * self.other_heads * self.head_size
        total = 2 * self.square + 2 * given("key_matrix", shared)
        saved = 4 * self.square - given("total", total)
        return {"key_matrix": shared, "total": total, "saved": saved}

    def _key(self, blank: str) -> Any:
        return vars(self.answer()[blank])["value"]

    @mistake("The heads share the projections: {heads} heads of {head_size} make the width {width} once.")
    def times_heads(self) -> MistakeValues:
        if self.form == "grouped":
            return {"key_matrix": self.square * self.other_heads}
        if self.form == "double":
            return self.consequences(attention=self.heads * self.total)
        changed = {"other_total": self.other_heads * self.total} if self.form == "biased" else {}
        return {"total": self.heads * self._key("total"), **changed}

    @mistake("The concatenated heads pass an output projection, which is learned too.")
    def no_output_projection(self) -> MistakeValues:
        if self.form == "biased":
            return self.consequences(weights=3 * self.square, biases=3 * self.width)
        if self.form == "double":
            return self.consequences(attention=3 * self.width * (self.width + 1))
        bias = self.width if self.form == "widths" else 0
        return {"total": self._key("total") - self.square - bias}

    @mistake("A head has narrower projections, but there are {heads} of them: together they are not smaller.")
    def divides_by_heads(self) -> MistakeValues:
        if self.form == "double":
            return self.consequences(attention=self.total // self.heads)
        if self.form == "grouped":
            return {"total": self._key("total") / self.heads}
        changed = {"other_total": self.total // self.other_heads} if self.form == "biased" else {}
        return {"total": self._key("total") / self.heads, **changed}

    @mistake("Each projection has a bias, one number for each of its outputs.")
    def forgets_bias(self) -> MistakeValues:
        if self.form in {"biased", "widths"}:
            return {"total": self._key("total") - 4 * self.width}
        if self.form == "double":
            front = 3 * self.width * self.inputs[0]
            return self.consequences(front=front, attention=4 * self.square)
        return None

    @mistake("All four projections have biases, that of the output as well.")
    def three_biases(self) -> MistakeValues:
        return self.consequences(biases=3 * self.width) if self.form in {"biased", "widths"} else None

    @mistake("There are four projections of {width} to {width}: for queries, keys, values and the output.")
    def one_projection(self) -> MistakeValues:
        if self.form == "plain":
            return {"total": self.square}
        return self.consequences(weights=self.square, biases=self.width) if self.form == "biased" else None

    @mistake("More heads are narrower heads: the projections keep their size, whatever the number of heads.")
    def more_heads_more_parameters(self) -> MistakeValues:
        if self.form != "biased":
            return None
        return {"other_total": self.total * self.other_heads / self.heads}

    @mistake("A head has its part of the outputs of a projection, but all {width} inputs.")
    def head_sees_its_part_only(self) -> MistakeValues:
        return {"per_head": self.head_size * (self.head_size + 1)} if self.form == "biased" else None

    @mistake("Keys and values have widths of their own here; their projections lead from these to {width}.")
    def all_widths_equal(self) -> MistakeValues:
        return (
            self.consequences(key_matrix=self.square, value_matrix=self.square)
            if self.form == "widths"
            else None
        )

    @mistake("These projections are swapped: the first of the two widths is that of the keys.")
    def widths_swapped(self) -> MistakeValues:
        if self.form != "widths":
            return None
        keys = self._key("key_matrix"), self._key("value_matrix")
        return self.consequences(key_matrix=keys[1], value_matrix=keys[0])

    @mistake("There are three layers in front, one each for queries, keys and values.")
    def one_layer_in_front(self) -> MistakeValues:
        return self.consequences(front=self.width * (self.inputs[0] + 1)) if self.form == "double" else None

    @mistake("The module projects once more inside, although the layers in front did so already.")
    def projected_once(self) -> MistakeValues:
        return self.consequences(attention=self.width * (self.width + 1)) if self.form == "double" else None

    @mistake("Several heads of queries share one head of keys: there are only {other_heads} such heads.")
    def keys_for_each_head(self) -> MistakeValues:
        return self.consequences(key_matrix=self.square) if self.form == "grouped" else None

    @mistake("There are {other_heads} heads of keys, not a single one for all queries.")
    def single_head_of_keys(self) -> MistakeValues:
        return self.consequences(key_matrix=self.width * self.head_size) if self.form == "grouped" else None

    @mistake("Both keys and values are shared: the saving counts twice.")
    def values_not_shared(self) -> MistakeValues:
        if self.form != "grouped":
            return None
        return self.consequences(total=3 * self.square + self._key("key_matrix"))


def _drawn_candidates(rng: Random, width: int) -> tuple[int, ...]:
    """Numbers of heads, of which two or three divide the width."""
    divisors = [number for number in range(2, 25) if width % number == 0]
    others = [number for number in range(3, 25) if width % number]
    right = rng.choice([2, 3])
    return tuple(sorted(rng.sample(divisors, right) + rng.sample(others, 5 - right)))
