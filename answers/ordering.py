"""Answers that bring steps into order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from string import ascii_uppercase
from typing import Any, ClassVar, Self

from .base import POINT, Answer, Notation, Unreadable, Verdict, bounded

MOST_STEPS = 12


@dataclass(frozen=True)
class Ordering(Answer):
    """Steps to be brought into an order that respects their dependencies.

    Every linear extension of the dependencies is right. A wrong order gets a share for the longest part of it
    that some right order also has: the longest common subsequence with the nearest right order.

    Attributes:
        items: the steps as the paper shows them, labelled A, B, ..., in Markdown.
        before: pairs of places in the author's order, the first of which must precede the second. The author
            lists the steps in a right order.
        origins: for each shown step its place in the author's order; empty for the author's order itself.
    """

    kind: ClassVar[str] = "ordering"
    items: tuple[str, ...]
    before: tuple[tuple[int, int], ...]
    origins: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Begin in the author's order."""
        if not self.origins:
            object.__setattr__(self, "origins", tuple(range(len(self.items))))

    @cached_property
    def closure(self) -> frozenset[tuple[int, int]]:
        """All pairs of the author's order that the dependencies imply."""
        return transitive_closure(self.before)

    def shuffled(self, order: Sequence[int]) -> Self:
        """The same steps with the one at place `order[i]` moved to place i."""
        return replace(
            self,
            items=tuple(self.items[place] for place in order),
            origins=tuple(self.origins[place] for place in order),
        )

    def read(self, text: str, notation: Notation = POINT) -> tuple[int, ...]:
        """The steps' letters in the wanted order, such as `C A B D` or `CABD`, as places on the paper."""
        letters = re.sub(r"[\s,;.<>→()-]+", "", bounded(text)).upper()
        allowed = ascii_uppercase[: len(self.items)]
        if not letters or any(letter not in allowed for letter in letters):
            raise Unreadable(f"“{text.strip()[:40]}” is not an order of the letters A to {allowed[-1]}")
        return tuple(allowed.index(letter) for letter in letters)

    def compare(self, reading: tuple[int, ...]) -> Verdict:
        """A cell per step: as many are right as the longest part that some right order shares."""
        if sorted(reading) != list(range(len(self.items))):
            return Verdict((False,) * len(self.items), "each letter was to be used exactly once")
        kept = self._longest_consistent([self.origins[place] for place in reading])
        return Verdict((True,) * kept + (False,) * (len(self.items) - kept))

    def carried(self, reading: tuple[int, ...]) -> Any:
        """An order carries no error forward."""
        raise ValueError("an order carries no error forward")

    def printed(self, notation: Notation = POINT) -> str:
        """The letters in the author's order."""
        return " ".join(ascii_uppercase[self.origins.index(origin)] for origin in range(len(self.items)))

    def latex(self, notation: Notation = POINT) -> str:
        """The letters, upright."""
        return rf"\text{{{self.printed()}}}"

    def spellings(self, notation: Notation = POINT) -> tuple[str, ...]:
        """Without spaces, with commas, in small letters, with arrows."""
        letters = self.printed().split()
        return "".join(letters), ", ".join(letters), " ".join(letters).lower(), " → ".join(letters)

    def outside(self) -> tuple[str, ...]:
        """Two neighbours of the author's order swapped, for each pair that must not be."""
        letters = self.printed().split()
        swapped = []
        for place, pair in enumerate(pairwise(range(len(letters)))):
            if pair in self.closure:
                wrong = letters.copy()
                wrong[place : place + 2] = reversed(wrong[place : place + 2])
                swapped.append(" ".join(wrong))
        return tuple(swapped)

    def agrees(self, executed: Any) -> bool:
        """The solver returns pairs of the author's order that must be kept; they imply the same orders."""
        return transitive_closure(tuple(tuple(pair) for pair in executed)) == self.closure

    def flaw(self) -> str | None:
        """Too many steps, no dependency, or an author's order that is itself wrong."""
        if not 2 <= len(self.items) <= MOST_STEPS:
            return f"an ordering has {len(self.items)} steps"
        if len(set(self.items)) != len(self.items):
            return "two steps read the same"
        if not self.before:
            return "every order is right"
        return (
            "the author's order is wrong" if any(first >= second for first, second in self.closure) else None
        )

    def like(self, value: Any) -> Self:
        """The same steps for which only one order, given in the author's numbers, is right."""
        return _FixedOrder(self.items, tuple(pairwise(value)), self.origins, tuple(value))  # type: ignore[return-value]  # it prints and compares as an Ordering does

    @property
    def width(self) -> int:
        """Two characters per step."""
        return max(8, 2 * len(self.items) + 2)

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`."""
        pairs = tuple((first, second) for first, second in fields["before"])
        return cls(tuple(fields["items"]), pairs, tuple(fields["origins"]))

    def _longest_consistent(self, order: Sequence[int]) -> int:
        """The size of the largest part of the order in which no dependency is broken."""
        best = 0
        chosen: list[int] = []

        def extend(position: int) -> None:
            nonlocal best
            best = max(best, len(chosen))
            if position == len(order) or len(chosen) + len(order) - position <= best:
                return
            if not any((order[position], earlier) in self.closure for earlier in chosen):
                chosen.append(order[position])
                extend(position + 1)
                chosen.pop()
            extend(position + 1)

        extend(0)
        return best


@dataclass(frozen=True)
class _FixedOrder(Ordering):
    order: tuple[int, ...] = ()

    def printed(self, notation: Notation = POINT) -> str:
        return " ".join(ascii_uppercase[self.origins.index(origin)] for origin in self.order)


def transitive_closure(pairs: Sequence[tuple[int, ...]]) -> frozenset[tuple[int, int]]:
    """All pairs that follow from the given ones."""
    closure = {(pair[0], pair[1]) for pair in pairs}
    while True:
        implied = {(a, d) for a, b in closure for c, d in closure if b == c} - closure
        if not implied:
            return frozenset(closure)
        closure |= implied
