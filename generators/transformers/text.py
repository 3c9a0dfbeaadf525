"""What transformers cost, and what BERT is trained on."""

from __future__ import annotations

from random import Random
from typing import Self

from ...answers import Answer, Integer, Real, ShortText, Vector
from ...question import Given, MistakeValues, Question, mistake

SHARE = 15
"""The percentage of the tokens that BERT has to predict."""
KINDS = ("self-attention", "recurrent", "convolution", "restricted attention")
MILLION = 1_000_000
MOST_TOKENS = 100_000


class Complexity(Question):
    """Multiplications and sequential steps of layers on sequences, and where their costs are equal.

    At level 1 the multiplications are counted, at level 2 layers are compared, at level 3 the length at which
    the costs are equal, the layers of a dilated convolution and the memory of attention weights are asked.

    Source: Vaswani et al. 2017, Attention is all you need, section 4 and table 1.
    """

    title = "Cost of layers on sequences"
    minutes = {1: 2, 2: 4, 3: 5}

    form: str
    """`count`, `compare` or `limits`."""
    length: int
    dimension: int
    kernel: int
    """The width of the convolution."""
    window: int
    """The neighbours that restricted attention looks at, of the form `compare`; otherwise 0."""
    batch: int
    heads: int
    """Of the form `limits`; otherwise 0."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        kernel = rng.choice([3, 5, 7])
        if level == 1:
            length, dimension = rng.choice(range(10, 101, 5)), rng.choice([16, 20, 32, 48, 50, 64])
            return cls("count", length, dimension, kernel, 0, 0, 0)
        dimension = rng.choice([64, 100, 128, 200, 256, 512])
        if level == 2:
            length = rng.choice([50, 64, 100, 128, 200, 256, 400, 500, 512, 1000, 1024])
            return cls("compare", length, dimension, kernel, rng.choice([5, 8, 10, 16, 20, 32, 64]), 0, 0)
        length, heads = (
            rng.choice([256, 300, 512, 700, 1000, 1024, 2048, 3000, 4096]),
            rng.choice([4, 8, 12, 16]),
        )
        return cls("limits", length, dimension, kernel, 0, rng.choice([1, 2, 4, 8, 16, 32]), heads)

    def flaw(self) -> str | None:
        if self.form not in {"count", "compare", "limits"}:
            return "form is count, compare or limits"
        if not 2 <= self.length <= MOST_TOKENS or not 2 <= self.dimension <= 10_000:
            return f"there are 2 to {MOST_TOKENS} tokens of 2 to 10000 dimensions"
        if self.kernel not in {3, 5, 7, 9} or self.kernel >= self.length:
            return "the kernel is 3, 5, 7 or 9 wide, and shorter than the sequence"
        if not (2 <= self.window < self.length if self.form == "compare" else self.window == 0):
            return "only the form compare has a window, shorter than the sequence"
        sizes = 1 <= self.batch <= 10_000 and 1 <= self.heads <= 100
        if not (sizes if self.form == "limits" else self.batch == self.heads == 0):
            return "only the form limits has a batch of up to 10000 and up to 100 heads"
        costs = self.costs
        return "two layers cost the same" if len({*costs}) < len(costs) else None

    @property
    def costs(self) -> tuple[int, ...]:
        """The multiplications of self-attention, recurrent layer, convolution and restricted attention."""
        n, d = self.length, self.dimension
        plain = n * n * d, n * d * d, self.kernel * n * d * d
        return (*plain, self.window * n * d) if self.window else plain

    @property
    def dilated_layers(self) -> int:
        """The fewest layers whose receptive field, k times larger each time, spans the sequence."""
        layers, reach = 0, 1
        while reach < self.length:
            layers, reach = layers + 1, reach * self.kernel
        return layers

    @property
    def kinds(self) -> tuple[str, ...]:
        """The layers that are compared."""
        return KINDS if self.window else KINDS[:3]

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "limits":
            weights = self.batch * self.heads * self.length**2
            return {
                "crossover": Integer(self.dimension),
                "dilated": Integer(self.dilated_layers),
                "weights": Integer(weights),
                "megabytes": Real(4 * given("weights", weights) / MILLION, 2),
            }
        keys: dict[str, Answer] = dict(
            zip(
                ("attention", "recurrent", "convolution", "restricted"),
                map(Integer, self.costs),
                strict=False,
            )
        )
        own = [given(blank, cost) for blank, cost in zip(keys, self.costs, strict=True)]
        keys["cheapest"] = ShortText(self.kinds[own.index(min(own))], self.kinds)
        if self.form == "compare":
            keys["steps"] = Vector((1, self.length, 1, 1))
        return keys

    @mistake("Attention multiplies all pairs of tokens, each with d numbers: n²d, not nd².")
    def squares_the_dimension(self) -> MistakeValues:
        if self.form == "limits":
            return None
        return self.consequences(attention=self.length * self.dimension**2)

    @mistake("Every token attends to every token: the cost of self-attention is quadratic in the length.")
    def linear_attention(self) -> MistakeValues:
        if self.form == "limits":
            return {"weights": self.batch * self.heads * self.length}
        return self.consequences(attention=self.length * self.dimension)

    @mistake("A recurrent layer multiplies its state by a d × d matrix at each of the n steps.")
    def linear_recurrence(self) -> MistakeValues:
        if self.form == "limits":
            return None
        return self.consequences(recurrent=self.length * self.dimension)

    @mistake("A convolution has a d × d matrix for each of the places in its kernel.")
    def forgets_kernel(self) -> MistakeValues:
        if self.form == "limits":
            return None
        return self.consequences(convolution=self.length * self.dimension**2)

    @mistake("In restricted attention each token looks at the tokens in its window only.")
    def forgets_window(self) -> MistakeValues:
        return self.consequences(restricted=self.length**2 * self.dimension) if self.window else None

    @mistake("A recurrent layer needs the state before: its steps cannot be taken at the same time.")
    def parallel_recurrence(self) -> MistakeValues:
        return {"steps": (1, 1, 1, 1)} if self.form == "compare" else None

    @mistake("Self-attention computes all pairs at the same time: its number of steps does not grow.")
    def sequential_attention(self) -> MistakeValues:
        return {"steps": (self.length, self.length, 1, 1)} if self.form == "compare" else None

    @mistake("n²d = nd² holds for n = d: both sides have a factor nd.")
    def crossover_of_squares(self) -> MistakeValues:
        return {"crossover": self.dimension**2} if self.form == "limits" else None

    @mistake("The reach grows by the factor {kernel} from layer to layer, not by the factor 2.")
    def doubles(self) -> MistakeValues:
        return {"dilated": (self.length - 1).bit_length()} if self.form == "limits" else None

    @mistake("Without growing gaps every layer would add little; here the reach is multiplied each time.")
    def stacks_without_gaps(self) -> MistakeValues:
        return {"dilated": -(-(self.length - 1) // (self.kernel - 1))} if self.form == "limits" else None

    @mistake("Every head has attention weights of its own.")
    def forgets_heads(self) -> MistakeValues:
        if self.form != "limits":
            return None
        return self.consequences(weights=self.batch * self.length**2)

    @mistake("Every sequence of the batch has attention weights of its own.")
    def forgets_batch(self) -> MistakeValues:
        if self.form != "limits":
            return None
        return self.consequences(weights=self.heads * self.length**2)

    @mistake("A number takes 4 bytes, and a megabyte is a million bytes.")
    def numbers_for_bytes(self) -> MistakeValues:
        if self.form != "limits":
            return None
        return {"megabytes": self.batch * self.heads * self.length**2 / MILLION}


class BertMasking(Question):
    """How many tokens BERT has to predict, what they are replaced by, and what its loss averages over.

    At level 1 the selected tokens are counted, at level 2 they are divided among three replacements, at level
    3 pairs of sentences have special tokens, segments and padding, and a loss is averaged.

    Source: Devlin et al. 2019, BERT: pre-training of deep bidirectional transformers for language
    understanding, section 3.1; torch.nn.functional.cross_entropy (ignore_index).
    """

    title = "Masked language modelling"
    minutes = {1: 1, 2: 3, 3: 6}

    tokens: int
    """Of a sequence without special tokens; at level 3 of both sentences together."""
    batch: int
    split: bool
    """Whether selected tokens are replaced in three ways."""
    first: int
    """The tokens of the first sentence at level 3; otherwise 0."""
    padded: int
    """The length to which sequences are filled up at level 3; otherwise 0."""
    losses: tuple[float, ...]
    """Of the places of a short sequence, for the mean; none but at level 3."""
    chosen: tuple[int, ...]
    """The places that were selected there, from 0."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            return cls(
                20 * rng.randint(2, 25), rng.choice([1, 2, 4, 5, 8, 10, 16, 20, 32]), False, 0, 0, (), ()
            )
        if level == 2:
            return cls(20 * rng.randint(4, 25), 10 * rng.randint(1, 16), True, 0, 0, (), ())
        tokens = 20 * rng.randint(2, 20)
        first = rng.randrange(tokens // 4, 3 * tokens // 4)
        padded = rng.choice([size for size in (64, 128, 256, 384, 512) if size > tokens + 3])
        losses = tuple(rng.randint(2, 60) / 10 for _ in range(6))
        chosen = tuple(sorted(rng.sample(range(6), rng.choice([2, 3]))))
        return cls(tokens, 2 * rng.randint(4, 16), False, first, padded, losses, chosen)

    def flaw(self) -> str | None:
        if not 20 <= self.tokens <= 5000 or self.tokens % 20 or not 1 <= self.batch <= 1000:
            return "a sequence has 20 to 5000 tokens, a multiple of 20, and a batch up to 1000 sequences"
        if not self.padded:
            if self.first or self.losses or self.chosen:
                return "sentences and losses come with padding only"
            if self.split and (self.selected % 10 or self.selected < 10):
                return "the selected tokens cannot be divided 80 to 10 to 10"
            return None
        if self.split or not 1 <= self.first < self.tokens:
            return "two sentences, of a token or more each, come without the division in three"
        if not self.tokens + 3 < self.padded <= 10_000:
            return "the padded length is not larger than the sequence, or beyond 10000"
        if not 3 <= len(self.losses) <= 10 or not all(0 < x <= 20 and x == round(x, 2) for x in self.losses):
            return "there are 3 to 10 losses between 0 and 20 with at most two decimals"
        if not 1 <= len({*self.chosen}) == len(self.chosen) < len(self.losses):
            return "some but not all of the places were selected, each once"
        if not all(0 <= place < len(self.losses) for place in self.chosen):
            return "a selected place is not there"
        means = sum(self.losses) / len(self.losses), self.loss
        return "both means of the losses are equal" if abs(means[0] - means[1]) < 0.005 else None

    @property
    def selected(self) -> int:
        """The tokens of a batch that are to be predicted."""
        return self.batch * self.tokens * SHARE // 100

    @property
    def second(self) -> int:
        """The tokens of the second sentence."""
        return self.tokens - self.first

    @property
    def loss(self) -> float:
        """The mean over the selected places."""
        return sum(self.losses[place] for place in self.chosen) / max(1, len(self.chosen))

    @property
    def places(self) -> tuple[int, ...]:
        """The places of the short sequence, from 1."""
        return tuple(range(1, len(self.losses) + 1))

    def follow(self, given: Given) -> dict[str, Answer]:
        keys = {"selected": self.selected}
        if self.split:
            own = given("selected", self.selected)
            keys |= {"masked": own * 8 // 10, "random": own // 10, "kept": own // 10}
        if not self.padded:
            return {blank: Integer(value) for blank, value in keys.items()}
        keys |= {
            "length": self.tokens + 3,
            "first_segment": self.first + 2,
            "second_segment": self.second + 1,
            "padding": self.padded - given("length", self.tokens + 3),
        }
        return {blank: Integer(value) for blank, value in keys.items()} | {"loss": Real(self.loss, 3)}

    @mistake("A share of 15 % of the tokens is selected, not one of 15 tokens.")
    def one_in_fifteen(self) -> MistakeValues:
        return self.consequences(selected=self.batch * self.tokens // 15)

    @mistake("Every sequence of the batch has its selected tokens.")
    def one_sequence_only(self) -> MistakeValues:
        return self.consequences(selected=self.selected // self.batch) if self.batch > 1 else None

    @mistake("Of the selected tokens only 80 % become [MASK].")
    def all_masked(self) -> MistakeValues:
        return {"masked": self.selected, "random": 0, "kept": 0} if self.split else None

    @mistake("The shares 80, 10 and 10 % are those of the selected tokens, not of all.")
    def shares_of_all(self) -> MistakeValues:
        every = self.batch * self.tokens
        return {"masked": every * 8 // 10, "random": every // 10, "kept": every // 10} if self.split else None

    @mistake("Special tokens are never selected: 15 % are taken of the others.")
    def includes_special_tokens(self) -> MistakeValues:
        return {"selected": self.batch * (self.tokens + 3) * SHARE // 100} if self.padded else None

    @mistake("Padding is never selected: 15 % are taken of the tokens of the sentences.")
    def includes_padding(self) -> MistakeValues:
        return {"selected": self.batch * self.padded * SHARE // 100} if self.padded else None

    @mistake("There is one [CLS] in front and a [SEP] behind each sentence: three special tokens.")
    def two_special_tokens(self) -> MistakeValues:
        return self.consequences(length=self.tokens + 2) if self.padded else None

    @mistake("[CLS] and the first [SEP] belong to the first segment, the second [SEP] to the second.")
    def separator_in_second_segment(self) -> MistakeValues:
        if not self.padded:
            return None
        return {"first_segment": self.first + 1, "second_segment": self.second + 2}

    @mistake(
        "Segments count the special tokens, too: [CLS] and one [SEP] in the first, one [SEP] in the second."
    )
    def segments_without_special_tokens(self) -> MistakeValues:
        return {"first_segment": self.first, "second_segment": self.second} if self.padded else None

    @mistake("The loss is about the selected places only; the others are ignored.")
    def mean_over_all(self) -> MistakeValues:
        return {"loss": sum(self.losses) / len(self.losses)} if self.padded else None

    @mistake("The sum over the selected places is divided by their number, not by that of all places.")
    def divides_by_all(self) -> MistakeValues:
        if not self.padded:
            return None
        return {"loss": self.loss * len(self.chosen) / len(self.losses)}
