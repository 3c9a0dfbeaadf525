"""The syntax tree of an expression: immutable nodes that hold their parts and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal


@dataclass(frozen=True, slots=True)
class Number:
    """A number without sign, exactly as written: one that has finite decimals."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Constant:
    """A number that has a name."""

    name: Literal["e", "pi"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A declared name."""

    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    """Minus something."""

    argument: Node


@dataclass(frozen=True, slots=True)
class Sum:
    """Two or more terms; a subtracted one is a `Negative`."""

    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """Two or more factors."""

    factors: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Quotient:
    """One expression over another."""

    over: Node
    under: Node


@dataclass(frozen=True, slots=True)
class Power:
    """A base to an exponent."""

    base: Node
    exponent: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function of `functions.FUNCTIONS`, by name, with its arguments."""

    function: str
    arguments: tuple[Node, ...]


Node = Number | Constant | Symbol | Negative | Sum | Product | Quotient | Power | Call


def children(node: Node) -> tuple[Node, ...]:
    """The parts of a node, in the order in which they are written."""
    match node:
        case Negative(argument):
            return (argument,)
        case Sum(parts) | Product(parts) | Call(_, parts):
            return parts
        case Quotient(first, second) | Power(first, second):
            return first, second
        case _:
            return ()


def height(node: Node) -> int:
    """How many nodes lie on the longest way down."""
    return 1 + max(map(height, children(node)), default=0)


def symbols_of(node: Node) -> frozenset[str]:
    """The names of the symbols that occur."""
    if isinstance(node, Symbol):
        return frozenset((node.name,))
    return frozenset[str]().union(*map(symbols_of, children(node)))
