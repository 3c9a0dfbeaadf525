"""Answers that are formulas."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Self

from . import algebra
from .algebra import Node, NoValue, Symbols
from .algebra.domains import DOMAINS
from .algebra.printer import Style
from .base import POINT, RIGHT, Answer, Notation, Unreadable, Verdict, bounded
from .equivalence import equivalent, fewest, prove, samples

LONGEST = 500
"""Characters of a typed formula that are looked at; a longer one is not readable."""
GATE_TOLERANCE = 1e-9
FEWEST_SAMPLES = 3
"""A solver that returns values instead of an expression returns them at so many points or more."""


@dataclass(frozen=True)
class Expression(Answer):
    """A formula in declared symbols; every equal formula is right.

    Attributes:
        value: the key in plain syntax, such as `sigmoid(z)*(1 - sigmoid(z))`; `log` is the natural logarithm.
        symbols: the names that may occur, each with its domain: real, nonzero, positive, unit (from 0 to 1)
            or natural.
    """

    kind: ClassVar[str] = "expression"
    value: str
    symbols: Symbols

    def __post_init__(self) -> None:
        """Refuse a key that could not be compared with anything.

        Raises:
            ValueError: a domain is unknown, a symbol has no readable name, or the key is not readable.
        """
        for name, domain in self.symbols:
            if domain not in DOMAINS:
                raise ValueError(f"the domain {domain!r} of {name} is none of {', '.join(DOMAINS)}")
            if not _is_readable(name):
                raise ValueError(f"{name!r} cannot be the name of a symbol")
        self._tree  # noqa: B018  # reading it is the check

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.symbols)

    @cached_property
    def _tree(self) -> Node:
        return algebra.parse(self.value, self._names)

    def read(self, text: str, notation: Notation = POINT) -> Node:
        """The syntax tree of a formula, perhaps behind a `=`, in plain syntax, LaTeX or typed mathematics."""
        stripped = bounded(text).removeprefix("=")
        if len(stripped) > LONGEST:
            raise Unreadable(f"the formula has {len(stripped)} characters, more than {LONGEST}")
        return algebra.parse(stripped, self._names, notation)

    def compare(self, reading: Node) -> Verdict:
        """Right if equal at points of the domain, or proved equal; undecided where neither is clear."""
        if reading == self._tree:
            return RIGHT
        decision = equivalent(self._tree, reading, self.symbols)
        return Verdict((decision.equal is True,), decision.evidence, undecided=decision.equal is None)

    def carried(self, reading: Node) -> Any:
        """A formula carries no error forward."""
        raise ValueError("a formula carries no error forward")

    def printed(self, notation: Notation = POINT) -> str:
        """The key in plain syntax."""
        return algebra.to_text(self._tree, notation)

    def latex(self, notation: Notation = POINT) -> str:
        """The key with fractions, powers and Greek letters."""
        return algebra.to_latex(self._tree, notation)

    def spellings(self, notation: Notation = POINT) -> tuple[str, ...]:
        """In LaTeX, in Python's notation, with products without sign, with typographic signs."""
        printed = self.printed(notation)
        forms = (
            self.latex(notation),
            algebra.to_text(self._tree, notation, Style(power="**")),
            algebra.to_text(self._tree, notation, Style(implicit=True)),
            printed.replace("*", " · ").replace("-", "−"),
        )
        return tuple(form for form in dict.fromkeys(forms) if form != printed)

    def accepts(self, other: Self) -> bool:
        """Whether the other formula is equal: it reads back the same as it is printed."""
        return self.compare(other._tree).right

    def agrees(self, executed: Any) -> bool:
        """Whether the solver's formula is equal, or whether its values are, to within 1e-9.

        Args:
            executed: a formula as text or as a SymPy expression; or what was computed instead of one, as
                `{"points": [{"x": 0.3}, ...], "values": [...]}`.
        """
        if isinstance(executed, Mapping):
            return self._agrees_at(executed.get("points", ()), executed.get("values", ()))
        try:
            other = algebra.parse(str(executed), self._names)
        except Unreadable:
            return False
        equal = equivalent(self._tree, other, self.symbols).equal is True
        return equal and prove(self._tree, other, self.symbols) is not False

    def _agrees_at(self, points: Any, values: Any) -> bool:
        try:
            return len(points) >= FEWEST_SAMPLES and all(
                math.isclose(algebra.evaluate(self._tree, point), float(value), rel_tol=GATE_TOLERANCE)
                for point, value in zip(points, values, strict=True)
            )
        except (NoValue, KeyError, ValueError):
            return False

    def flaw(self) -> str | None:
        """The key has a value almost nowhere in its domain."""
        found = len(samples(self._tree, self.symbols))
        return f"{self.value} has a value at {found} points only" if found < fewest(self.symbols) else None

    def like(self, value: Any) -> Self:
        """Another formula in the same symbols."""
        return replace(self, value=value)

    @property
    def hint(self) -> str:
        """In which symbols the formula is wanted."""
        *others, last = self._names or ("",)
        return f"in {', '.join(others)} and {last}" if others else f"in {last}" if last else ""

    @property
    def width(self) -> int:
        """Enough for a line."""
        return 32


def _is_readable(name: str) -> bool:
    """Whether a name, typed as it is declared, is read as one symbol."""
    try:
        return algebra.parse(name, (name,)) == algebra.Symbol(name)
    except Unreadable:
        return False
