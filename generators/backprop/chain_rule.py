"""The chain rule along several paths, as formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from random import Random
from typing import Self

from ...answers import Answer, Expression, Integer, Real, Unreadable, algebra
from ...answers.algebra import Negative, Node, Number, Power, Product, Quotient, Sum, Symbol
from ...answers.algebra.syntax import height, symbols_of
from ...question import MistakeValues, Question, mistake
from ..activations.differentiation import derivative, tidy

OUTER = {
    1: ("u*v",),
    2: ("u^2*v", "u*v^2", "u/v", "u^2 + 3*v", "u^2 - v^2"),
    3: ("u*v*w", "u*v + w^2", "u^2 + v*w", "u*v - v*w"),
}
"""The outer functions of each level."""
NAMES = ("u", "v", "w")
LONGEST = 40
LARGEST = 20
HIGHEST = 4


class ChainRuleSymbolic(Question):
    """The derivative of a function of intermediate variables that depend on one: a sum over the paths.

    At level 1 a product, at level 2 powers and quotients of two intermediate variables, at level 3 three.

    Source: Deisenroth, Faisal & Ong 2020, Mathematics for Machine Learning, section 5.2.2, equation 5.51;
    Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.5.2.
    """

    title = "Chain rule along several paths"
    minutes = {1: 3, 2: 4, 3: 6}

    outer: str
    """In u, v and w."""
    inner: tuple[str, ...]
    """The intermediate variables as polynomials in t."""
    at: int
    """The place where the derivative is evaluated."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        outer = rng.choice(OUTER[level])
        degrees = rng.sample([1, 2, 2, 3] if level < 3 else [1, 1, 2], 3 if level == 3 else 2)
        inner = tuple(_polynomial(rng, degree) for degree in degrees)
        return cls(outer, inner, rng.choice([-2, -1, 1, 2]))

    def flaw(self) -> str | None:
        if not 2 <= len(self.inner) <= 3 or not -LARGEST <= self.at <= LARGEST:
            return f"there are two or three intermediate variables, and the place is at most {LARGEST}"
        if max(map(len, (self.outer, *self.inner))) > LONGEST:
            return f"a function has more than {LONGEST} characters"
        try:
            names = self.names
            trees = [algebra.parse(text, ("t",)) for text in self.inner]
            outer = algebra.parse(self.outer, names)
            if max(map(height, (*trees, outer))) > 8:
                return "a function is nested too deeply"
            if max(map(_degree, (*trees, outer))) > HIGHEST or any("/" in text for text in self.inner):
                return f"intermediate variables are polynomials, and no degree is above {HIGHEST}"
            if symbols_of(outer) != {*names} or any("t" not in symbols_of(tree) for tree in trees):
                return "a variable does not occur where it should"
            values = [algebra.evaluate(tree, {"t": self.at}) for tree in trees]
            algebra.evaluate(outer, dict(zip(names, values, strict=True)))
            slope = algebra.evaluate(self.total, {"t": self.at})
        except (Unreadable, algebra.NoValue, ValueError, ArithmeticError) as reason:
            return f"the functions cannot be differentiated there: {reason}"
        if "t" not in symbols_of(self.total):
            return "the derivative is constant"
        return "the derivative is zero or very large there" if not 0.01 < abs(slope) < 1000 else None

    @property
    def names(self) -> tuple[str, ...]:
        """Of the intermediate variables."""
        return NAMES[: len(self.inner)]

    @property
    def graph(self) -> list[dict[str, object]]:
        """The computation, to be drawn."""
        inputs = {name: ["t"] for name in self.names} | {"r": list(self.names)}
        operations: list[dict[str, object]]
        operations = [{"name": name, "label": name, "inputs": before} for name, before in inputs.items()]
        return [{"name": "t"}, *operations]

    @property
    def inner_latex(self) -> tuple[str, ...]:
        """The intermediate variables in LaTeX."""
        return tuple(algebra.to_latex(algebra.parse(text, ("t",))) for text in self.inner)

    @property
    def outer_latex(self) -> str:
        """The outer function in LaTeX."""
        return algebra.to_latex(algebra.parse(self.outer, self.names))

    @property
    def expressions(self) -> tuple[str, ...]:
        """The outer function and the intermediate variables in Python's notation."""
        style = algebra.printer.Style(power="**")
        outer = algebra.to_text(algebra.parse(self.outer, self.names), style=style)
        return outer, *(algebra.to_text(algebra.parse(text, ("t",)), style=style) for text in self.inner)

    @cached_property
    def partials(self) -> tuple[str, ...]:
        """The derivatives of the outer function by each intermediate variable."""
        outer = algebra.parse(self.outer, self.names)
        return tuple(algebra.to_text(derivative(outer, name)) for name in self.names)

    @cached_property
    def slopes(self) -> tuple[str, ...]:
        """The derivatives of the intermediate variables by t."""
        return tuple(algebra.to_text(derivative(algebra.parse(text, ("t",)), "t")) for text in self.inner)

    @property
    def paths(self) -> tuple[tuple[str, str, str], ...]:
        """For each intermediate variable its name, the partial and its own derivative, in LaTeX."""
        return tuple(
            (name, algebra.to_latex(algebra.parse(p, self.names)), algebra.to_latex(algebra.parse(s, ("t",))))
            for name, p, s in zip(self.names, self.partials, self.slopes, strict=True)
        )

    @property
    def substituted(self) -> str:
        """The paths in t, each put in its place and nothing simplified, in LaTeX."""
        pairs = zip(self.partials, self.slopes, strict=True)
        texts = [f"({self._in_t(partial)})*({slope})" for partial, slope in pairs]
        return algebra.to_latex(algebra.parse(" + ".join(texts), ("t",)))

    @cached_property
    def total(self) -> Node:
        """The derivative by t."""
        return self._summed(tuple(zip(self.partials, self.slopes, strict=True)))

    def _summed(self, paths: tuple[tuple[str, str], ...]) -> Node:
        """The sum of products of a partial derivative and a slope, in t."""
        texts = [f"({self._in_t(partial)})*({slope})" for partial, slope in paths]
        return tidy(algebra.parse(" + ".join(texts), ("t",)))

    def _in_t(self, text: str) -> str:
        values: Mapping[str, str] = dict(zip(self.names, self.inner, strict=True))
        return re.sub(r"\b[uvw]\b", lambda match: f"({values[match.group()]})", text)

    def answer(self) -> dict[str, Answer]:
        keys: dict[str, Answer] = {
            f"d{name}": Expression(slope, (("t", "real"),))
            for name, slope in zip(self.names, self.slopes, strict=True)
        }
        keys["total"] = Expression(algebra.to_text(self.total), (("t", "real"),))
        return keys | {"value": self._at(self.total)}

    def _at(self, tree: Node) -> Answer:
        value = float(algebra.evaluate(tree, {"t": self.at}))
        return Real(value, 4) if "/" in self.outer else Integer(round(value))

    def _wrong(self, tree: Node) -> MistakeValues:
        try:
            return {"total": algebra.to_text(tree), "value": vars(self._at(tree))["value"]}
        except (ArithmeticError, ValueError, algebra.NoValue):
            return None

    @mistake("Each intermediate variable depends on t: add the paths through all of them.")
    def takes_one_path(self) -> MistakeValues:
        return self._wrong(self._summed(((self.partials[0], self.slopes[0]),)))

    @mistake("The derivative of a product is not the product of the derivatives.")
    def multiplies_the_slopes(self) -> MistakeValues:
        if not re.fullmatch(r"u(\*[vw])+", self.outer):
            return None
        return self._wrong(tidy(algebra.parse("*".join(f"({slope})" for slope in self.slopes), ("t",))))

    @mistake("Each path has two factors: the derivative of the intermediate variable is missing.")
    def forgets_the_inner_derivatives(self) -> MistakeValues:
        return self._wrong(self._summed(tuple((partial, "1") for partial in self.partials)))

    @mistake("The partial derivatives are multiplied by the inner derivatives, not replaced by them.")
    def adds_the_slopes(self) -> MistakeValues:
        return self._wrong(self._summed(tuple(("1", slope) for slope in self.slopes)))


def _degree(node: Node) -> int:
    """The degree of an expression of whole numbers and symbols, of a quotient the higher one.

    Raises:
        ValueError: something else occurs in it.
    """
    match node:
        case Number(value) if value.denominator == 1:
            return 0
        case Symbol():
            return 1
        case Negative(argument):
            return _degree(argument)
        case Sum(terms):
            return max(map(_degree, terms))
        case Product(factors):
            return sum(map(_degree, factors))
        case Power(base, Number(exponent)) if exponent.denominator == 1:
            return _degree(base) * int(exponent)
        case Quotient(over, under):
            return max(_degree(over), _degree(under))
    raise ValueError(f"{algebra.to_text(node)} is no polynomial with whole coefficients")


def _polynomial(rng: Random, degree: int) -> str:
    """Two terms, of which the first has the degree."""
    factor, other = rng.choice([1, 1, 2, 3, -1, -2]), rng.choice([-3, -2, -1, 1, 2, 3])
    lower = "t" if degree > 1 and rng.random() < 0.5 else ""
    power = {1: "t", 2: "t^2", 3: "t^3"}[degree]
    first = power if factor == 1 else f"-{power}" if factor == -1 else f"{factor}*{power}"
    if not lower:
        return f"{first} {'+' if other > 0 else '-'} {abs(other)}"
    return f"{first} {'+' if other > 0 else '-'} {'' if abs(other) == 1 else f'{abs(other)}*'}{lower}"
