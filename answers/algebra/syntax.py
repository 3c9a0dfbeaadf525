"""The syntax tree of an expression: immutable nodes that hold their parts and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal, TypeVar, dataclass_transform

Class = TypeVar("Class")


@dataclass_transform(frozen_default=True)
def _node(declared: type[Class]) -> type[Class]:
    """An immutable class whose instances compute their hash once: trees are looked up in many caches."""
    made = dataclass(frozen=True, slots=True)(declared)
    computed = made.__hash__

    def remembered(node: Class) -> int:
        try:
            return node._hash  # type: ignore[attr-defined,no-any-return]  # the slot of _Remembered
        except AttributeError:
            object.__setattr__(node, "_hash", computed(node))
            return remembered(node)

    made.__hash__ = remembered  # type: ignore[assignment,method-assign]  # takes the place of the generated one
    return made


class _Remembered:
    __slots__ = ("_hash",)


@_node
class Number(_Remembered):
    """A number without sign, exactly as written: one that has finite decimals."""

    value: Fraction


@_node
class Constant(_Remembered):
    """A number that has a name."""

    name: Literal["e", "pi"]


@_node
class Symbol(_Remembered):
    """A declared name."""

    name: str


@_node
class Negative(_Remembered):
    """Minus something."""

    argument: Node


@_node
class Sum(_Remembered):
    """Two or more terms; a subtracted one is a `Negative`."""

    terms: tuple[Node, ...]


@_node
class Product(_Remembered):
    """Two or more factors."""

    factors: tuple[Node, ...]


@_node
class Quotient(_Remembered):
    """One expression over another."""

    over: Node
    under: Node


@_node
class Power(_Remembered):
    """A base to an exponent."""

    base: Node
    exponent: Node


@_node
class Call(_Remembered):
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


@lru_cache(maxsize=10_000)
def symbols_of(node: Node) -> frozenset[str]:
    """The names of the symbols that occur."""
    if isinstance(node, Symbol):
        return frozenset((node.name,))
    return frozenset[str]().union(*map(symbols_of, children(node)))
