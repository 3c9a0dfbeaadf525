"""Attention of all tokens to each other: self-attention, and masks that hide keys."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, permutations, product
from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..losses.probabilities import softmax
from ..numbers import Row, bounded, determinant, latex_number, matmul, transposed, written_number

Integers = tuple[int, ...]
Rows = tuple[Integers, ...]
Numbers = tuple[tuple[float, ...], ...]

WIDTH = 2
"""The entries of a token."""
TOKENS = tuple(pair for pair in product(range(-1, 3), repeat=WIDTH) if 0 < sum(map(abs, pair)) < 3)
SMALL_TOKENS = tuple(pair for pair in TOKENS if max(map(abs, pair)) == 1)
IDENTITY = ((1, 0), (0, 1))
STEEPEST = 4.0
"""Scaled scores of a row that differ by more saturate its weights."""


class SelfAttentionMatrix(Question):
    """Self-attention of a few tokens by matrices.

    At level 1 the projections are identities, at level 2 queries, keys and values are projected, at level 3
    the tokens change places, or two heads are concatenated and projected.

    Source: Vaswani et al. 2017, Attention is all you need, sections 3.2.1 and 3.2.2, equation 1;
    torch.nn.MultiheadAttention.
    """

    title = "Self-attention by matrices"
    minutes = {1: 7, 2: 10, 3: 13}

    form: str
    """`identity`, `projected`, `permuted` or `heads`."""
    inputs: Rows
    """X, a token in each row."""
    query_weights: Rows
    key_weights: Rows
    value_weights: Rows
    output_weights: Rows
    """Of the form `heads`; otherwise empty."""
    order: Integers
    """The old places, from 0, of the tokens of the form `permuted` in their new order; otherwise empty."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        form = {1: "identity", 2: "projected", 3: rng.choice(["permuted", "heads"])}[level]
        count = {"identity": rng.choice([2, 3]), "projected": 2}.get(form, 3)
        inputs = tuple(rng.sample(SMALL_TOKENS if form == "heads" else TOKENS, count))
        order = rng.choice([*permutations(range(count))][1:]) if form == "permuted" else ()
        projections: tuple[Rows, Rows, Rows] = (IDENTITY,) * 3
        if form != "identity":
            projections = _invertible(rng, 1), _invertible(rng, 1), _invertible(rng, 2)
        return cls(form, inputs, *projections, _invertible(rng, 2) if form == "heads" else (), order)

    def flaw(self) -> str | None:
        if self.form not in {"identity", "projected", "permuted", "heads"}:
            return "form is identity, projected, permuted or heads"
        if not 2 <= self.count <= 5 or not all(len(row) == WIDTH for row in self.inputs):
            return f"two to five tokens of {WIDTH} entries are wanted"
        squares = (*self._projections, *((self.output_weights,) if self.form == "heads" else ()))
        if any([*map(len, square)] != [WIDTH] * WIDTH for square in squares):
            return f"a matrix of weights has not {WIDTH} rows and columns"
        if bool(self.output_weights) != (self.form == "heads"):
            return "only the form heads has an output projection"
        if not bounded(chain.from_iterable((*self.inputs, *chain.from_iterable(squares))), 20):
            return "entries go from -20 to 20"
        if (self._projections == (IDENTITY,) * 3) != (self.form == "identity"):
            return "all projections are identities for the form identity, and only there"
        wanted = [*range(self.count)] if self.form == "permuted" else []
        if sorted(self.order) != wanted or (self.order and [*self.order] == wanted):
            return "only the form permuted has an order, which names each token once and moves some"
        return self._flaw_of_scores()

    def _flaw_of_scores(self) -> str | None:
        if len({*self.inputs}) < self.count:
            return "two tokens are equal"
        if any(
            not any(chain.from_iterable(square))
            for square in (*self._projections, self.output_weights or IDENTITY)
        ):
            return "a matrix of weights is zero"
        for scores in self._head_scores if self.form == "heads" else (self._scaled(self.scores),):
            if any(max(row) - min(row) > STEEPEST for row in scores):
                return "the weights of a token are saturated"
            if all(max(row) - min(row) < 1e-9 for row in scores):
                return "all tokens attend equally to all"
        return "all values are equal" if len({*self.values}) == 1 else None

    @property
    def _projections(self) -> tuple[Rows, Rows, Rows]:
        return self.query_weights, self.key_weights, self.value_weights

    @property
    def count(self) -> int:
        """The number of tokens."""
        return len(self.inputs)

    @property
    def queries(self) -> Numbers:
        """XW_Q."""
        return matmul(self.inputs, self.query_weights)

    @property
    def keys(self) -> Numbers:
        """XW_K."""
        return matmul(self.inputs, self.key_weights)

    @property
    def values(self) -> Numbers:
        """XW_V."""
        return matmul(self.inputs, self.value_weights)

    @property
    def scores(self) -> Numbers:
        """The dot products of queries and keys, not scaled."""
        return matmul(self.queries, transposed(self.keys))

    @property
    def scaled_scores(self) -> Numbers:
        """The same over the root of the width."""
        return self._scaled(self.scores)

    @property
    def _head_scores(self) -> tuple[Numbers, ...]:
        """The scores of the heads, each of which has one column of queries and keys."""
        pairs = zip(transposed(self.queries), transposed(self.keys), strict=True)
        return tuple(matmul([(q,) for q in queries], [keys]) for queries, keys in pairs)

    @property
    def order_from_one(self) -> Integers:
        """The order, with the first token as 1."""
        return tuple(place + 1 for place in self.order)

    @property
    def first_scores(self) -> Numbers:
        """The scores of the first head."""
        return self._head_scores[0]

    @property
    def second_scores(self) -> Numbers:
        """The scores of the second head."""
        return self._head_scores[1]

    def _scaled(self, scores: Numbers) -> Numbers:
        return tuple(tuple(score / math.sqrt(WIDTH) for score in row) for row in scores)

    def follow(self, given: Given) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        queries, keys, values = self.queries, self.keys, self.values
        if self.form == "projected":
            answers = {"queries": Matrix(queries), "keys": Matrix(keys), "values": Matrix(values)}
            queries, keys, values = given("queries", queries), given("keys", keys), given("values", values)
        if self.form == "heads":
            return self._follow_heads(given)
        scores = matmul(queries, transposed(keys))
        weights = _row_softmax(self._scaled(given("scores", scores)))
        output = matmul(given("weights", weights), values)
        answers |= {"scores": Matrix(scores), "weights": Matrix(weights, 3), "output": Matrix(output, 2)}
        if self.form == "permuted":
            own = given("output", output)
            answers["permuted_output"] = Matrix(tuple(own[place] for place in self.order), 2)
        return answers

    def _follow_heads(self, given: Given) -> dict[str, Answer]:
        first, second = map(_row_softmax, self._head_scores)
        own = given("first_weights", first), given("second_weights", second)
        columns = zip(own, transposed(self.values), strict=True)
        concatenated = transposed([transposed(matmul(a, [(v,) for v in column]))[0] for a, column in columns])
        output = matmul(given("concatenated", concatenated), self.output_weights)
        return {
            "first_weights": Matrix(first, 3),
            "second_weights": Matrix(second, 3),
            "concatenated": Matrix(concatenated, 3),
            "output": Matrix(output, 2),
        }

    @mistake("The softmax runs along each row, over the keys: the weights of one query sum to 1.")
    def column_softmax(self) -> MistakeValues:
        if self.form == "heads":
            first, second = map(_column_softmax, self._head_scores)
            return self.consequences(first_weights=first, second_weights=second)
        return self.consequences(weights=_column_softmax(self.scaled_scores))

    @mistake("The scores must be divided by √2 before the softmax: keys have two entries.")
    def no_scale(self) -> MistakeValues:
        return None if self.form == "heads" else self.consequences(weights=_row_softmax(self.scores))

    @mistake("The scale is the square root of the width of a key, not the width itself.")
    def divides_by_dimension(self) -> MistakeValues:
        if self.form == "heads":
            return None
        halves = tuple(tuple(score / WIDTH for score in row) for row in self.scores)
        return self.consequences(weights=_row_softmax(halves))

    @mistake("Scores are dot products of rows of Q with rows of K: multiply by the transpose of K.")
    def keys_not_transposed(self) -> MistakeValues:
        if self.form == "heads" or self.count != WIDTH:
            return None
        return self.consequences(scores=matmul(self.queries, self.keys))

    @mistake("Tokens are rows: the projections are XW, not WX.")
    def left_multiplied(self) -> MistakeValues:
        if self.form != "projected" or self.count != WIDTH:
            return None
        queries, keys, values = (matmul(weights, self.inputs) for weights in self._projections)
        return self.consequences(queries=queries, keys=keys, values=values)

    @mistake("Queries and keys are projections of the tokens, not the tokens themselves.")
    def projections_skipped(self) -> MistakeValues:
        if self.form not in {"projected", "permuted"}:
            return None
        return self.consequences(scores=matmul(self.inputs, transposed(self.inputs)))

    @mistake("The weights average the values XW_V, not the tokens themselves.")
    def tokens_as_values(self) -> MistakeValues:
        if self.form not in {"projected", "permuted"}:
            return None
        return {"output": matmul(_row_softmax(self.scaled_scores), self.inputs)}

    @mistake("Row i of the scores belongs to query i: QKᵀ, not KQᵀ.")
    def roles_swapped(self) -> MistakeValues:
        return None if self.form == "heads" else self.consequences(scores=transposed(self.scores))

    @mistake("Self-attention is no sum over tokens: when tokens change places, so do their outputs.")
    def order_ignored(self) -> MistakeValues:
        if self.form != "permuted":
            return None
        return {"permuted_output": vars(self.answer()["output"])["value"]}

    @mistake("The first row now belongs to the token that was moved there, not the other way round.")
    def order_inverted(self) -> MistakeValues:
        if self.form != "permuted":
            return None
        output = vars(self.answer()["output"])["value"]
        return {"permuted_output": tuple(output[self.order.index(place)] for place in range(self.count))}

    @mistake(
        "A head has keys of width 1 here, so that its scale is 1; the width of the model does not matter."
    )
    def scaled_by_the_model(self) -> MistakeValues:
        if self.form != "heads":
            return None
        first, second = (_row_softmax(self._scaled(scores)) for scores in self._head_scores)
        return self.consequences(first_weights=first, second_weights=second)

    @mistake("Each head computes scores from its own column; their sum would be one head of width 2.")
    def single_head(self) -> MistakeValues:
        if self.form != "heads":
            return None
        weights = _row_softmax(self.scaled_scores)
        return self.consequences(first_weights=weights, second_weights=weights)

    @mistake("The concatenated heads are multiplied by the output projection.")
    def no_output_projection(self) -> MistakeValues:
        return {"output": vars(self.answer()["concatenated"])["value"]} if self.form == "heads" else None


class CausalMask(Question):
    """Attention weights under a causal mask.

    At level 1 the mask is written down and its pairs are counted, at level 2 weights and outputs follow from
    scores, at level 3 the first tokens are padding, or the view is a window, or it is asked how much leaks
    through a mask that sets scores to 0.

    Source: Vaswani et al. 2017, Attention is all you need, section 3.2.3; Beltagy et al. 2020, Longformer,
    section 3.1 (windows); torch.nn.functional.scaled_dot_product_attention.
    """

    title = "Causal mask"
    minutes = {1: 3, 2: 6, 3: 9}

    form: str
    """`mask`, `weights`, `padded`, `window` or `leak`."""
    tokens: int
    length: int
    """Of the form `mask`: the tokens of a longer sequence whose pairs are counted; otherwise 0."""
    padding: int
    """Of the form `padded`: the number of padding tokens at the start; otherwise 0."""
    window: int
    """Of the form `window`: how many tokens each sees, itself included; otherwise 0."""
    scores: tuple[tuple[str, ...], ...]
    """Scaled scores by query and key, numbers or logarithms such as `ln 2`; empty of the form `mask`."""
    values: Rows

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        form = {1: "mask", 2: "weights", 3: rng.choice(["padded", "window", "leak"])}[level]
        tokens = {1: rng.choice([3, 4, 5]), 2: rng.choice([3, 3, 4]), 3: 4}[level]
        if form == "mask":
            return cls(form, tokens, rng.randint(6, 60), 0, 0, (), ())
        padding = 1 if form == "padded" else 0
        empty = cls(form, tokens, 0, padding, rng.choice([2, 3]) if form == "window" else 0, (), ())
        logarithms, decoys = ["0", "0", "ln 2", "ln 3", "ln 4"], ["2", "3", "5", "0", "ln 5"]
        scores = tuple(
            tuple(rng.choice(logarithms if seen else decoys) for seen in row) for row in empty.pattern
        )
        return replace(empty, scores=scores, values=_drawn(rng, tokens, 0, 9))

    def flaw(self) -> str | None:
        if self.form not in {"mask", "weights", "padded", "window", "leak"}:
            return "form is mask, weights, padded, window or leak"
        if not 3 <= self.tokens <= 6:
            return "three to six tokens are wanted"
        if not (self.tokens < self.length <= 10_000 if self.form == "mask" else self.length == 0):
            return "only the form mask has a length, larger than the number of tokens and at most 10000"
        if not (1 <= self.padding <= self.tokens - 2 if self.form == "padded" else self.padding == 0):
            return "only the form padded has padding, and at least two other tokens"
        if not (1 < self.window < self.tokens if self.form == "window" else self.window == 0):
            return "only the form window has a window, larger than 1 and smaller than the number of tokens"
        return self._flaw_of_scores()

    def _flaw_of_scores(self) -> str | None:
        wanted = 0 if self.form == "mask" else self.tokens
        if [*map(len, self.scores)] != [wanted] * wanted or [*map(len, self.values)] != [WIDTH] * wanted:
            return (
                f"each pair of tokens needs a score and each token {WIDTH} values, but none for the form mask"
            )
        try:
            numbers = self.numbers
        except ValueError:
            return "a score is a number or a logarithm, such as 5 or ln 2"
        if not bounded(chain.from_iterable((*numbers, *self.values)), 20):
            return "scores and values go from -20 to 20"
        if self.form == "mask":
            return None
        if len({*self.values[self.padding :]}) == 1:
            return "all values are equal"
        if all(len({*self._seen(row, pattern)}) == 1 for row, pattern in self._rows):
            return "all visible scores of each row are equal"
        if any(max(seen) - min(seen) > STEEPEST for seen in (self._seen(*pair) for pair in self._rows)):
            return "the weights of a token are saturated"
        hidden = [self._seen(row, [not seen for seen in pattern]) for row, pattern in self._rows]
        return None if any(map(any, hidden)) else "all hidden scores are 0"

    @staticmethod
    def _seen(row: Row, pattern: Sequence[bool]) -> list[float]:
        return [score for score, seen in zip(row, pattern, strict=True) if seen]

    @property
    def pattern(self) -> tuple[tuple[bool, ...], ...]:
        """For each query, padding too, the keys that it sees."""
        reach = self.window or self.tokens
        return tuple(
            tuple(self.padding <= key <= query < key + reach for key in range(self.tokens))
            for query in range(self.tokens)
        )

    @property
    def mask(self) -> Rows:
        """The pattern of the queries that are no padding, as ones and zeros."""
        return tuple(tuple(map(int, row)) for row in self.pattern[self.padding :])

    @property
    def numbers(self) -> Numbers:
        """The scores as numbers."""
        return tuple(tuple(map(written_number, row)) for row in self.scores)

    @property
    def latex_scores(self) -> tuple[tuple[str, ...], ...]:
        """The scores as LaTeX."""
        return tuple(tuple(map(latex_number, row)) for row in self.scores)

    @property
    def _rows(self) -> list[tuple[tuple[float, ...], tuple[bool, ...]]]:
        """Scores and pattern of each query that is no padding."""
        return [*zip(self.numbers, self.pattern, strict=False)][self.padding :]  # the form mask has no scores

    @property
    def weights(self) -> Numbers:
        """Of each query that is no padding."""
        return tuple(softmax(_hidden(row, pattern, -math.inf)) for row, pattern in self._rows)

    @property
    def exponentials(self) -> Numbers:
        """Of the scores, 0 for those that are hidden."""
        return tuple(tuple(map(math.exp, _hidden(row, seen, -math.inf))) for row, seen in self._rows)

    @property
    def zeroed(self) -> Numbers:
        """The weights if hidden scores are set to 0."""
        return tuple(softmax(_hidden(row, pattern, 0.0)) for row, pattern in self._rows)

    @property
    def leaks(self) -> tuple[float, ...]:
        """The weight on hidden keys that this leaves to each query."""
        return self._on_hidden(self.zeroed)

    def _on_hidden(self, weights: Numbers) -> tuple[float, ...]:
        patterns = ([not seen for seen in pattern] for _, pattern in self._rows)
        return tuple(sum(self._seen(*pair)) for pair in zip(weights, patterns, strict=True))

    @property
    def row_names(self) -> tuple[str, ...]:
        """The queries that are no padding, for a figure."""
        return tuple(f"query {number}" for number in range(self.padding + 1, self.tokens + 1))

    @property
    def column_names(self) -> tuple[str, ...]:
        """The keys, for a figure."""
        return tuple(f"key {number}" for number in range(1, self.tokens + 1))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "mask":
            pairs = self._triangle(self.length)
            hidden = self.length**2 - given("pairs", pairs)
            return {"mask": Matrix(self.mask), "pairs": Integer(pairs), "hidden": Integer(hidden)}
        if self.form == "leak":
            return {"weights": Matrix(self.weights, 3), "leaks": Vector(self.leaks, 3)}
        output = matmul(given("weights", self.weights), self.values)
        answers: dict[str, Answer] = {"weights": Matrix(self.weights, 3), "output": Matrix(output, 2)}
        if self.form == "weights":
            return answers
        return {"pairs": Integer(sum(map(sum, self.mask))), **answers}

    def _weighed(self, weights: Numbers) -> MistakeValues:
        return None if self.form == "mask" else self.consequences(weights=weights)

    def _patterned(self, pattern: Sequence[Sequence[bool]]) -> MistakeValues:
        """What comes out by another pattern of the queries that are no padding; its rows may be empty."""
        if self.form == "mask":
            return {"mask": tuple(tuple(map(int, row)) for row in pattern)}
        rows = zip(self.numbers[self.padding :], pattern, strict=True)
        nothing = (0.0,) * self.tokens
        weights = tuple(
            softmax(_hidden(row, seen, -math.inf)) if any(seen) else nothing for row, seen in rows
        )
        counted = {"pairs": sum(map(sum, pattern))} if self.form in {"padded", "window"} else {}
        return self.consequences(weights=weights) | counted

    @mistake("A hidden score is set to minus infinity, not 0: exp(0) = 1 leaves weight on the key.")
    def score_zero(self) -> MistakeValues:
        return self._weighed(self.zeroed)

    @mistake("The mask comes before the softmax: weights set to 0 afterwards no longer sum to 1.")
    def zero_after_softmax(self) -> MistakeValues:
        rows = (zip(softmax(row), pattern, strict=True) for row, pattern in self._rows)
        return self._weighed(tuple(tuple(weight if seen else 0.0 for weight, seen in row) for row in rows))

    @mistake("A token sees itself: the diagonal belongs to what is allowed.")
    def excludes_self(self) -> MistakeValues:
        pattern = [
            [seen and key != query for key, seen in enumerate(row)] for query, row in enumerate(self.pattern)
        ]
        found = self._patterned(pattern[self.padding :]) or {}
        return {**found, "pairs": self._triangle(self.length - 1)} if self.form == "mask" else found

    @staticmethod
    def _triangle(rows: int) -> int:
        return rows * (rows + 1) // 2

    @mistake("A token sees those before it, not those after it: keep what is on and below the diagonal.")
    def sees_the_future(self) -> MistakeValues:
        return None if self.padding else self._patterned([*zip(*self.pattern, strict=True)])

    @mistake("The keys after a token must be hidden from it: these are weights without a mask.")
    def no_mask(self) -> MistakeValues:
        return self._weighed(tuple(softmax(row) for row, _ in self._rows))

    @mistake("The softmax runs over the keys, along a row: each row sums to 1.")
    def column_softmax(self) -> MistakeValues:
        columns = transposed(self.exponentials)
        if not all(map(sum, columns)):
            return None
        return self._weighed(transposed([[entry / sum(column) for entry in column] for column in columns]))

    @mistake("1 marks the keys that a token may see, 0 those that are hidden.")
    def mask_inverted(self) -> MistakeValues:
        if self.form != "mask":
            return None
        return {"mask": tuple(tuple(1 - entry for entry in row) for row in self.mask)}

    @mistake("Half of all pairs would count only half of the diagonal, which is allowed as a whole.")
    def half_of_all_pairs(self) -> MistakeValues:
        return {"pairs": self.length**2 / 2} if self.form == "mask" else None

    @mistake("Each token sees only those up to itself: not all pairs are allowed.")
    def all_pairs(self) -> MistakeValues:
        return {"pairs": self.length**2} if self.form == "mask" else None

    @mistake("These are the pairs that are hidden; those that are allowed include the diagonal.")
    def pairs_swapped(self) -> MistakeValues:
        hidden = self._triangle(self.length - 1)
        return {"pairs": hidden, "hidden": self.length**2 - hidden} if self.form == "mask" else None

    @mistake("The padding is hidden from all tokens: its columns are 0.")
    def ignores_padding(self) -> MistakeValues:
        if self.form != "padded":
            return None
        return self._patterned(replace(self, padding=0).pattern[self.padding :])

    @mistake("Tokens further back than the window are hidden as well.")
    def ignores_window(self) -> MistakeValues:
        return self._with_window(self.tokens)

    @mistake("The token itself is one of the {window} that it sees.")
    def window_without_itself(self) -> MistakeValues:
        return self._with_window(self.window + 1)

    def _with_window(self, window: int) -> MistakeValues:
        if self.form != "window":
            return None
        return self._patterned(replace(self, window=window).pattern)

    @mistake("A hidden score is set to 0 first: its exponential is 1, whatever the score was.")
    def leaks_as_without_mask(self) -> MistakeValues:
        if self.form != "leak":
            return None
        return {"leaks": self._on_hidden(tuple(softmax(row) for row, _ in self._rows))}

    @mistake("This counts the hidden keys: weigh them by their exponentials of 1 against the others.")
    def counts_hidden_keys(self) -> MistakeValues:
        return (
            {"leaks": tuple(1 - sum(row) / self.tokens for row in self.mask)} if self.form == "leak" else None
        )

    @mistake("This is the weight that stays on the visible keys.")
    def keeps_the_rest(self) -> MistakeValues:
        return {"leaks": tuple(1 - leak for leak in self.leaks)} if self.form == "leak" else None


def _drawn(rng: Random, rows: int, least: int, most: int) -> Rows:
    """Rows of whole numbers."""
    return tuple(tuple(rng.randint(least, most) for _ in range(WIDTH)) for _ in range(rows))


def _invertible(rng: Random, most: int) -> Rows:
    """A matrix of weights that loses nothing."""
    while not determinant(drawn := _drawn(rng, WIDTH, -1, most)):
        pass
    return drawn


def _row_softmax(scores: Sequence[Row]) -> Numbers:
    return tuple(map(softmax, scores))


def _column_softmax(scores: Sequence[Row]) -> Numbers:
    return transposed(_row_softmax(transposed(scores)))


def _hidden(row: Row, pattern: Sequence[bool], instead: float) -> list[float]:
    """The scores, with another number for those that are hidden."""
    return [score if seen else instead for score, seen in zip(row, pattern, strict=True)]
