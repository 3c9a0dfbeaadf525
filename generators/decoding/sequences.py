"""Sequences that a decoder is trained on, and how probable it finds them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain, pairwise
from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix, Real, Shape, ShortText, Vector
from ...question import Given, MistakeValues, Question, mistake

PAD, BOS, EOS = 0, 1, 2
"""The numbers of the special tokens."""
WORDS = (
    "RIGHT LEFT DEEP LAYER LOSS TOKEN MODEL EPOCH GRAPH NODE BATCH INPUT LEARN STEP GATE MASK HEAD "
    "BEAM POOL TRAIN NOISE IMAGE PIXEL LOGIT SHIFT SCALE QUERY VALUE MERGE SPLIT CLASS LABEL POINT "
    "CURVE PLANE SPACE CHAIN STATE CELL UNIT RANK NORM GRID EDGE PATH TREE WORD TEXT CODE DATA"
)
MOST_STEPS = 8


class TeacherForcingIo(Question):
    """What a decoder is given and what it has to predict, with teacher forcing and without.

    At level 1 the letters of a word are shifted by hand, at level 2 a batch of token numbers has padding, at
    level 3 a model that always predicts the same after a token is run both ways.

    Source: Williams & Zipser 1989, A learning algorithm for continually running fully recurrent neural
    networks, section 4 (teacher forcing); Sutskever et al. 2014, Sequence to sequence learning with neural
    networks, section 2; torch.nn.functional.cross_entropy (ignore_index).
    """

    title = "Teacher forcing"
    minutes = {1: 3, 2: 4, 3: 6}

    word: str
    """At level 1; otherwise empty."""
    sequences: tuple[tuple[int, ...], ...]
    """The targets in token numbers, without special tokens; none at level 1."""
    following: tuple[int, ...]
    """What the model predicts after each token number, from 0; at level 3 only."""
    vocabulary: int
    """The number of tokens at level 3, and sequences in the batch to which the loss is extended."""
    batch: int

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            return cls(rng.choice(WORDS.split()), (), (), 0, 0)
        if level == 2:
            lengths = rng.choice([(4, 2), (2, 4), (3, 5), (5, 3), (4, 3), (3, 4), (5, 2), (2, 5)])
            tokens = rng.sample(range(3, 100), sum(lengths))
            return cls("", (tuple(tokens[: lengths[0]]), tuple(tokens[lengths[0] :])), (), 0, 0)
        tokens = list(range(3, 8))
        target = tuple(rng.sample(tokens, 4))
        steps = [BOS, *target, EOS]
        wrong = rng.randrange(0, 3)
        following = {token: rng.choice([EOS, *tokens]) for token in (PAD, EOS, *tokens)}
        following |= dict(pairwise(steps))
        following[steps[wrong]] = rng.choice([token for token in tokens if token != steps[wrong + 1]])
        table = tuple(following[token] for token in range(8))
        return cls(
            "", (target,), table, rng.choice([1000, 5000, 8000, 10000, 32000]), rng.choice([8, 16, 32, 64])
        )

    def flaw(self) -> str | None:
        if self.word:
            if self.sequences or self.following or not (self.word.isascii() and self.word.isalpha()):
                return "a word of letters comes without token numbers"
            return None if 3 <= len(self.word) <= 6 else "a word has 3 to 6 letters"
        if not 1 <= len(self.sequences) <= 4 or not all(1 <= len(s) < MOST_STEPS for s in self.sequences):
            return f"there is a word, or 1 to 4 sequences of 1 to {MOST_STEPS - 1} tokens"
        if not all(EOS < token < 1000 for token in chain(*self.sequences)):
            return f"a token has a number from {EOS + 1} to 999"
        if not self.following:
            lengths = {len(sequence) for sequence in self.sequences}
            return None if len(lengths) > 1 else "no sequence of the batch is padded"
        return self._flaw_of_model()

    def _flaw_of_model(self) -> str | None:
        tokens = len(self.following)
        if len(self.sequences) > 1 or len(self.sequences[0]) < 2 or not EOS < tokens <= 20:
            return "a model of at most 20 tokens is run on one sequence of two tokens or more"
        if not all(BOS < token < tokens for token in (*self.following, *self.sequences[0])):
            return "the model predicts EOS or one of its tokens, and the sequence has such tokens only"
        if not tokens <= self.vocabulary <= 1_000_000 or not 2 <= self.batch <= 1000:
            return "the vocabulary has up to 1000000 tokens, and the batch 2 to 1000 sequences"
        forced, free = self._errors(self.forced), self._errors(self.free)
        return None if 0 < forced < free else "the first wrong prediction does not lead to others"

    @property
    def steps(self) -> int:
        """Of the decoder for the longest sequence."""
        return max(map(len, (self.word,) if self.word else self.sequences)) + 1

    @property
    def padded(self) -> tuple[tuple[int, ...], ...]:
        """The sequences with BOS, EOS and padding."""
        rows = ((BOS, *sequence, EOS) for sequence in self.sequences)
        return tuple(row + (PAD,) * (self.steps + 1 - len(row)) for row in rows)

    @property
    def inputs(self) -> tuple[tuple[int, ...], ...]:
        """Of the decoder with teacher forcing."""
        return tuple(row[:-1] for row in self.padded)

    @property
    def targets(self) -> tuple[tuple[int, ...], ...]:
        """What the decoder has to predict."""
        return tuple(row[1:] for row in self.padded)

    @property
    def forced(self) -> tuple[int, ...]:
        """What the model predicts with teacher forcing."""
        if not self.following:
            return ()
        return tuple(self.following[token] for token in self.inputs[0])

    @property
    def free(self) -> tuple[int, ...]:
        """What the model predicts if it is given its own predictions."""
        if not self.following:
            return ()
        predictions = [BOS]
        for _ in range(self.steps):
            predictions.append(self.following[predictions[-1]])
        return tuple(predictions[1:])

    def _errors(self, predictions: Sequence[int]) -> int:
        return sum(a != b for a, b in zip(predictions, self.targets[0], strict=True))

    @property
    def letters(self) -> tuple[str, ...]:
        """The tokens that a word is made of, in the order of the alphabet."""
        return ("BOS", "EOS", *sorted({*self.word}))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.word:
            sources, targets = ["BOS", *self.word], [*self.word, "EOS"]
            cells = self._cells("input", sources) | self._cells("target", targets)
            return cells | {"terms": Integer(self.steps)}
        if not self.following:
            terms = sum(token != PAD for token in chain(*given("targets", self.targets)))
            return {"inputs": Matrix(self.inputs), "targets": Matrix(self.targets), "terms": Integer(terms)}
        own_forced, own_free = given("forced", self.forced), given("free", self.free)
        return {
            "forced": Vector(self.forced),
            "forced_errors": Integer(self._errors(own_forced)),
            "free": Vector(self.free),
            "free_errors": Integer(self._errors(own_free)),
            "logits": Shape((self.batch * self.steps, self.vocabulary)),
        }

    def _cells(self, name: str, tokens: Sequence[str]) -> dict[str, Answer]:
        return {f"{name}_{n}": ShortText(token, self.letters) for n, token in enumerate(tokens, 1)}

    def _wrong_cells(self, name: str, tokens: Sequence[str]) -> MistakeValues:
        return {f"{name}_{number}": token for number, token in enumerate(tokens, 1)} if self.word else None

    @mistake("The targets are one step ahead: the decoder predicts the next token, not the one it is given.")
    def no_shift(self) -> MistakeValues:
        if self.following:
            return None
        if not self.word:
            return self.consequences(targets=self.inputs)
        return self._wrong_cells("target", ["BOS", *self.word])

    @mistake("The inputs start with BOS; the decoder is never given the token that it has to predict.")
    def inputs_not_delayed(self) -> MistakeValues:
        if self.following:
            return None
        return self._wrong_cells("input", [*self.word, "EOS"]) if self.word else {"inputs": self.targets}

    @mistake("The end is to be predicted, too: EOS has a term in the loss.")
    def forgets_the_end(self) -> MistakeValues:
        if self.following:
            return None
        return {"terms": self.steps - 1 if self.word else sum(map(len, self.sequences))}

    @mistake("BOS is given, not predicted: it has no term in the loss.")
    def counts_the_start(self) -> MistakeValues:
        if self.following:
            return None
        return {
            "terms": self.steps + 1 if self.word else sum(len(sequence) + 2 for sequence in self.sequences)
        }

    @mistake("Padding is ignored: it has no terms in the loss.")
    def counts_padding(self) -> MistakeValues:
        return {"terms": len(self.sequences) * self.steps} if self.sequences and not self.following else None

    @mistake("With teacher forcing each step is given the right token before, not what was predicted.")
    def feeds_predictions(self) -> MistakeValues:
        return self.consequences(forced=self.free) if self.following else None

    @mistake("Free running means that each step is given the prediction before it, be it right or wrong.")
    def feeds_targets(self) -> MistakeValues:
        return self.consequences(free=self.forced) if self.following else None

    @mistake("The model predicts what the table says after the token; BOS itself is no prediction.")
    def lists_inputs(self) -> MistakeValues:
        return (
            self.consequences(forced=self.inputs[0], free=(BOS, *self.free[:-1])) if self.following else None
        )

    @mistake("Every token of every sequence is one case to be classified: batch times steps rows.")
    def classifies_sequences(self) -> MistakeValues:
        return {"logits": (self.batch, self.steps * self.vocabulary)} if self.following else None

    @mistake("The classes come last: one column for each token of the vocabulary.")
    def vocabulary_in_rows(self) -> MistakeValues:
        return {"logits": (self.batch * self.vocabulary, self.steps)} if self.following else None


class SequenceNllPerplexity(Question):
    """Probability, negative log-likelihood and perplexity of a sequence, token by token.

    At level 1 all probabilities are powers of 1/2, at level 2 the chain rule picks conditional ones, at
    level 3 sequences of different lengths are compared, or padding is left out of a batch.

    Source: Jelinek et al. 1977, Perplexity: a measure of the difficulty of speech recognition tasks; Jurafsky
    & Martin, Speech and Language Processing, sections 3.1 and 3.3; torch.nn.functional.nll_loss.
    """

    title = "Perplexity of a sequence"
    minutes = {1: 2, 2: 4, 3: 6}

    form: str
    """`halves`, `chain`, `compare` or `padded`."""
    probabilities: tuple[tuple[float, ...], ...]
    """Of each right token after those before it, a row for each sequence."""
    unconditional: tuple[float, ...]
    """Of the tokens by themselves, at level 2."""
    lengths: tuple[int, ...]
    """Of the form `padded`: the tokens of each sequence that are no padding."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        tenths = [number / 10 for number in range(1, 10)]
        if level == 1:
            return cls(
                "halves", (tuple(2.0 ** -rng.randint(1, 4) for _ in range(rng.choice([3, 4]))),), (), ()
            )
        if level == 2:
            size = rng.choice([3, 4])
            row = tuple(rng.choice(tenths) for _ in range(size))
            single = (row[0], *(round(rng.randint(1, 30) / 100, 2) for _ in range(size - 1)))
            return cls("chain", (row,), single, ())
        hundredths = [number / 20 for number in range(2, 19)]
        if rng.random() < 0.5:
            sizes = rng.choice([(3, 4), (3, 5), (4, 3), (5, 3), (4, 5), (5, 4)])
            return cls("compare", tuple(tuple(rng.choice(tenths) for _ in range(n)) for n in sizes), (), ())
        rows = tuple(tuple(rng.choice(hundredths) for _ in range(4)) for _ in range(2))
        return cls("padded", rows, (), rng.choice([(4, 2), (2, 4), (4, 3), (3, 4), (3, 2), (2, 3)]))

    def flaw(self) -> str | None:
        rows = 1 if self.form in {"halves", "chain"} else 2
        if self.form not in {"halves", "chain", "compare", "padded"} or len(self.probabilities) != rows:
            return "form is halves or chain with one sequence, or compare or padded with two"
        if not all(2 <= len(row) <= MOST_STEPS for row in self.probabilities):
            return f"a sequence has 2 to {MOST_STEPS} tokens"
        shown = (*chain(*self.probabilities), *self.unconditional)
        if not all(0.01 <= share <= 0.99 and share == round(share, 4) for share in shown):
            return "a probability lies between 0.01 and 0.99 and has at most four decimals"
        if self.form == "halves" and not all(math.log2(share) % 1 == 0 for share in shown):
            return "a probability is not a power of 1/2"
        if len(self.unconditional) != (len(self.probabilities[0]) if self.form == "chain" else 0):
            return "only the form chain has a probability of each token by itself"
        if self.unconditional and self.unconditional == self.probabilities[0]:
            return "all tokens are independent"
        if self.form == "padded":
            sizes = zip(self.lengths, self.probabilities, strict=False)
            if len(self.lengths) != 2 or not all(1 <= n <= len(row) for n, row in sizes):
                return "the form padded has a length for each of its sequences"
            if len({*map(len, self.probabilities)}) > 1 or sum(self.lengths) == 2 * len(
                self.probabilities[0]
            ):
                return "no sequence is padded, or they are not padded to the same length"
        elif self.lengths:
            return "only the form padded has lengths"
        if self.form == "compare":
            gap = [abs(a - b) for a, b in (self.totals, self.means)]
            return "the sequences are almost equally probable" if min(gap) < 0.02 else None
        return "all tokens have the same probability" if len({*self.counted}) == 1 else None

    @property
    def counted(self) -> tuple[float, ...]:
        """The probabilities of all tokens that are no padding."""
        if self.form != "padded":
            return tuple(chain(*self.probabilities))
        pairs = zip(self.probabilities, self.lengths, strict=True)
        return tuple(chain(*(row[:length] for row, length in pairs)))

    @property
    def bits(self) -> tuple[int, ...]:
        """The negative logarithms to base 2 of the form `halves`."""
        return tuple(round(-math.log2(share)) for share in self.counted)

    @property
    def totals(self) -> tuple[float, ...]:
        """The negative log-likelihood of each sequence in nats."""
        return tuple(map(_nats, self.probabilities))

    @property
    def means(self) -> tuple[float, ...]:
        """The same for each token."""
        return tuple(total / len(row) for total, row in zip(self.totals, self.probabilities, strict=True))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "compare":
            return self._follow_comparison(given)
        tokens = len(self.counted)
        if self.form == "halves":
            bits = given("bits", sum(self.bits))
            return {"bits": Integer(sum(self.bits)), "perplexity": Real(2 ** (bits / tokens), 3)}
        nats = _nats(self.counted)
        own = given("total", nats)
        keys: dict[str, Answer] = {} if self.form == "padded" else {"probability": Real(math.exp(-nats), 4)}
        keys |= {"total": Real(nats, 3), "mean": Real(own / tokens, 3)}
        return keys | {"perplexity": Real(math.exp(given("mean", own / tokens)), 3)}

    def _follow_comparison(self, given: Given) -> dict[str, Answer]:
        totals = given("totals", self.totals)
        means = tuple(total / len(row) for total, row in zip(totals, self.probabilities, strict=True))
        own = given("means", means)
        return {
            "totals": Vector(self.totals, 3),
            "means": Vector(means, 3),
            "likelier": _sequence(totals),
            "likelier_per_token": _sequence(own),
        }

    @mistake("The perplexity is e to the power of the mean over the tokens, not of the sum: that is 1/P.")
    def sum_not_mean(self) -> MistakeValues:
        return None if self.form == "compare" else {"perplexity": math.exp(_nats(self.counted))}

    @mistake("The perplexity is the geometric mean of the inverse probabilities, not the arithmetic one.")
    def arithmetic_mean_of_inverse(self) -> MistakeValues:
        if self.form == "compare":
            return None
        return {"perplexity": sum(1 / share for share in self.counted) / len(self.counted)}

    @mistake("A logarithm and the power that undoes it have the same base: 2 for bits, e for nats.")
    def base_mismatch(self) -> MistakeValues:
        if self.form == "compare":
            return None
        mean = _nats(self.counted) / len(self.counted)
        return {"perplexity": math.exp(mean / math.log(2)) if self.form == "halves" else 2**mean}

    @mistake("The chain rule multiplies the probabilities of the tokens given those before them.")
    def uses_unconditional(self) -> MistakeValues:
        if self.form != "chain":
            return None
        nats = _nats(self.unconditional)
        return self.consequences(total=nats) | {"probability": math.exp(-nats)}

    @mistake("The probabilities of the tokens are multiplied; this is their mean.")
    def adds_probabilities(self) -> MistakeValues:
        if self.form != "chain":
            return None
        total = sum(self.counted)
        return {"probability": total / len(self.counted)}

    @mistake("Padding is left out: neither its logarithms nor its number count.")
    def counts_padding(self) -> MistakeValues:
        if self.form != "padded":
            return None
        return self.consequences(total=_nats(tuple(chain(*self.probabilities))))

    @mistake("The mean is over the tokens that count, not over all places of the batch.")
    def divides_by_all_places(self) -> MistakeValues:
        if self.form != "padded":
            return None
        places = sum(map(len, self.probabilities))
        return self.consequences(mean=_nats(self.counted) / places)

    @mistake("The mean is over tokens, not over sequences.")
    def divides_by_sequences(self) -> MistakeValues:
        return self.consequences(mean=_nats(self.counted) / 2) if self.form == "padded" else None

    @mistake("The smaller the negative log-likelihood, the more probable is the sequence.")
    def prefers_larger_loss(self) -> MistakeValues:
        if self.form != "compare":
            return None
        pairs = (("likelier", self.totals), ("likelier_per_token", self.means))
        return {blank: "B" if losses[0] < losses[1] else "A" for blank, losses in pairs}

    @mistake("The logarithms are natural ones.")
    def other_base(self) -> MistakeValues:
        if self.form != "compare":
            return None
        return self.consequences(totals=tuple(total / math.log(2) for total in self.totals))


def _nats(probabilities: Sequence[float]) -> float:
    """The negative log-likelihood of tokens."""
    return -sum(map(math.log, probabilities))


def _sequence(losses: Sequence[float]) -> ShortText:
    """The sequence with the smaller loss."""
    return ShortText("A" if losses[0] < losses[1] else "B", ("A", "B"))
