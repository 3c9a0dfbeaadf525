"""Batches of sequences of different lengths."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import Self

from ...answers import Answer, Integer, Real
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import bounded, printable

MOST_SENTENCES = 20
LONGEST = 100


class PaddingWaste(Question):
    """The padding of batches of sentences, unsorted and sorted by length, and a loss that ignores it.

    At level 1 one batch is padded, at level 2 two orders are compared, at level 3 the last batch is small and
    losses are averaged over the tokens that are no padding.

    Source: torch.nn.utils.rnn.pad_sequence; Khomenko et al. 2016, Accelerating recurrent neural network
    training using sequence bucketing, section 3.
    """

    title = "Padding of batches"
    minutes = {1: 2, 2: 4, 3: 6}

    lengths: tuple[int, ...]
    """Of the sentences, in their order."""
    batch: int
    """The sentences of a batch; the last one may have fewer."""
    losses: tuple[float, ...]
    """The sum over the tokens of each sentence, at level 3; otherwise none."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        count, batch = {1: (4, 4), 2: (6, rng.choice([2, 3])), 3: rng.choice([(8, 3), (10, 4), (10, 3)])}[
            level
        ]
        lengths = tuple(rng.randint(2, 12) for _ in range(count))
        losses = tuple(rng.randint(5, 40) / 10 * n for n in lengths) if level == 3 else ()
        return cls(lengths, batch, tuple(round(loss, 1) for loss in losses))

    def flaw(self) -> str | None:
        if not 2 <= len(self.lengths) <= MOST_SENTENCES or not all(1 <= n <= LONGEST for n in self.lengths):
            return f"there are 2 to {MOST_SENTENCES} sentences of 1 to {LONGEST} tokens"
        if not 2 <= self.batch <= len(self.lengths):
            return "a batch has two sentences or more, up to all of them"
        if len(self.losses) not in {0, len(self.lengths)}:
            return "there is a loss for each sentence, or none at all"
        if (
            not bounded(self.losses, 1000)
            or not printable(self.losses, 2)
            or not all(x > 0 for x in self.losses)
        ):
            return "a loss lies between 0 and 1000 and has at most two decimals"
        if self.single:
            return "no sentence is padded" if not self._waste(self.lengths) else None
        unsorted, best = self._waste(self.lengths), self._waste(self.ordered)
        return None if best < unsorted else "sorting does not save any padding"

    @property
    def single(self) -> bool:
        """Whether all sentences are in one batch."""
        return self.batch == len(self.lengths)

    @property
    def ordered(self) -> tuple[int, ...]:
        """The lengths, sorted."""
        return tuple(sorted(self.lengths))

    def _batches(self, lengths: Sequence[int]) -> list[Sequence[int]]:
        return [lengths[start : start + self.batch] for start in range(0, len(lengths), self.batch)]

    def _waste(self, lengths: Sequence[int]) -> int:
        """The padding of all batches in an order of the sentences."""
        return sum(max(batch) * len(batch) - sum(batch) for batch in self._batches(lengths))

    @property
    def batches(self) -> list[Sequence[int]]:
        """The lengths of each batch in the given order."""
        return self._batches(self.lengths)

    @property
    def sorted_batches(self) -> list[Sequence[int]]:
        """The same after sorting."""
        return self._batches(self.ordered)

    @property
    def tokens(self) -> int:
        """Of all sentences."""
        return sum(self.lengths)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.single:
            padding = given("padding", self._waste(self.lengths))
            share = 100 * padding / (padding + self.tokens)
            return {
                "length": Integer(max(self.lengths)),
                "padding": Integer(self._waste(self.lengths)),
                "share": Real(share, 1),
            }
        best = self._waste(self.ordered)
        own = given("sorted", best)
        keys: dict[str, Answer] = {
            "batches": Integer(math.ceil(len(self.lengths) / self.batch)),
            "unsorted": Integer(self._waste(self.lengths)),
            "sorted": Integer(best),
            "share": Real(100 * own / (own + self.tokens), 1),
        }
        return keys | ({"loss": Real(sum(self.losses) / self.tokens, 3)} if self.losses else {})

    @mistake("These are the tokens of the sentences; the padding is what is added to them.")
    def counts_tokens(self) -> MistakeValues:
        if self.single:
            return self.consequences(padding=self.tokens)
        return {"unsorted": self.tokens}

    @mistake("This counts all places of the batch; the padding is what is left without the tokens.")
    def counts_all_places(self) -> MistakeValues:
        if self.single:
            return {"padding": self._waste(self.lengths) + self.tokens}
        return {"unsorted": self._waste(self.lengths) + self.tokens}

    @mistake("Every batch is padded to its own longest sentence, not to the longest of all.")
    def pads_to_longest_of_all(self) -> MistakeValues:
        if self.single:
            return None
        return {"unsorted": max(self.lengths) * len(self.lengths) - self.tokens}

    @mistake("Sorting puts sentences of similar lengths together: less padding is needed.")
    def order_does_not_matter(self) -> MistakeValues:
        return None if self.single else self.consequences(sorted=self._waste(self.lengths))

    @mistake("The last batch has fewer sentences; it is not filled up with empty ones.")
    def fills_last_batch(self) -> MistakeValues:
        missing = -len(self.lengths) % self.batch
        if self.single or not missing:
            return None
        return self.consequences(
            unsorted=self._waste(self.lengths) + missing * max(self.batches[-1]),
            sorted=self._waste(self.ordered) + missing * max(self.sorted_batches[-1]),
        )

    @mistake("The sentences that are left over make a batch, too.")
    def drops_last_batch(self) -> MistakeValues:
        return None if self.single else {"batches": len(self.lengths) // self.batch}

    @mistake("The share is that of all places, tokens and padding.")
    def share_of_tokens(self) -> MistakeValues:
        padding = self._waste(self.lengths if self.single else self.ordered)
        return {"share": 100 * padding / self.tokens}

    @mistake("Padding has no loss and does not count: divide by the number of real tokens.")
    def averages_over_padding(self) -> MistakeValues:
        if not self.losses:
            return None
        return {"loss": sum(self.losses) / (self.tokens + self._waste(self.ordered))}

    @mistake("Long sentences have more tokens: the mean over tokens is not the mean over sentences.")
    def averages_sentences(self) -> MistakeValues:
        if not self.losses:
            return None
        pairs = zip(self.losses, self.lengths, strict=True)
        return {"loss": sum(loss / length for loss, length in pairs) / len(self.lengths)}
