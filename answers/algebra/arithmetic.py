"""The value of an expression: a real number to many digits, or a SymPy expression."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache, reduce
from operator import mul
from types import SimpleNamespace
from typing import Any, Protocol

from .domains import ASSUMPTIONS, Domain
from .functions import FUNCTIONS
from .syntax import Call, Constant, Negative, Node, Number, Power, Product, Quotient, Sum, Symbol, symbols_of

DIGITS = 60
LARGEST_ARGUMENT = 64
"""Arguments of functions, and exponents, stay below two to this power: 60 digits are enough for them."""
LARGEST_SYMBOLIC_POWER = 100_000
"""Binary digits of a power or a root of a number that SymPy may write out."""


class NoValue(ArithmeticError):
    """An expression has no real value at a point, or one beyond all bounds."""


class Arithmetic(Protocol):
    """Numbers that nodes can be turned into; sums, products and quotients are Python's operators."""

    functions: Any
    """Holds the elementary functions under SymPy's names."""

    def number(self, value: Fraction) -> Any:
        """An exact number."""

    def constant(self, name: str) -> Any:
        """The number e or pi."""

    def power(self, base: Any, exponent: Any) -> Any:
        """A power, refused where it would be too large."""


def value_of(node: Node, arithmetic: Arithmetic, symbols: Mapping[str, Any]) -> Any:
    """What a tree stands for.

    Args:
        node: the tree.
        arithmetic: the numbers to compute with.
        symbols: the value of each symbol in that arithmetic.

    Raises:
        ArithmeticError: there is no such value.
    """

    def value(node: Node) -> Any:  # noqa: PLR0911  # one return for each kind of node
        match node:
            case Number(exact):
                return arithmetic.number(exact)
            case Symbol(name):
                return symbols[name]
            case Product(factors):
                return reduce(mul, map(value, factors))
            case Call(function, arguments):
                return FUNCTIONS[function].value(arithmetic.functions, *map(value, arguments))
            case Sum(terms):
                return sum(map(value, terms))
            case Power(base, exponent):
                return arithmetic.power(value(base), value(exponent))
            case Negative(argument):
                return -value(argument)
            case Quotient(over, under):
                return value(over) / value(under)
            case Constant(name):
                return arithmetic.constant(name)

    return value(node)


def evaluate(node: Node, symbols: Mapping[str, float]) -> float:
    """The value of an expression at a point, correctly rounded.

    Raises:
        NoValue: it has no real value there, or one beyond the range of floats.
        KeyError: a symbol has no value.
    """
    value = float(precise_value(node, {name: Fraction(float(at)) for name, at in symbols.items()}))
    if math.isinf(value):
        raise NoValue("the value is beyond the range of floats")
    return value


def precise_value(node: Node, symbols: Mapping[str, Fraction], digits: int = DIGITS) -> Any:
    """The value of an expression at a point, as an mpmath number computed with so many digits.

    Raises:
        NoValue: it has no real value there, or one beyond all bounds.
        KeyError: a symbol has no value.
    """
    reals = _reals(digits)
    try:
        return value_of(node, reals, {name: reals.number(at) for name, at in symbols.items()})
    except (ZeroDivisionError, OverflowError, ValueError) as fault:
        raise NoValue("the expression has no value there") from fault


def to_sympy(node: Node, domains: Mapping[str, Domain]) -> Any:
    """The expression in SymPy, built node by node; a symbol without a domain is taken as real.

    Raises:
        NoValue: a power of numbers in it is too large to be written out.
    """
    import sympy

    names = {name: sympy.Symbol(name, **ASSUMPTIONS[domains.get(name, "real")]) for name in symbols_of(node)}
    return value_of(node, _Symbolic(), names)


@lru_cache(maxsize=8)
def _reals(digits: int) -> _Reals:
    return _Reals(digits)


class _Reals:
    """Real numbers of a fixed number of digits; whatever leaves them raises `NoValue`.

    All work is bounded: numbers that would take long to compute with are refused before they arise.
    """

    def __init__(self, digits: int) -> None:
        from mpmath.ctx_mp import MPContext

        self._context = MPContext()
        self._context.dps = digits
        elementary = (
            "exp sin cos tan cot sec csc asin acos atan sinh cosh tanh coth sech csch asinh acosh atanh erf"
        )
        self.functions = SimpleNamespace(
            **{name: self._guarded(getattr(self._context, name)) for name in elementary.split()},
            log=self._log,
            sqrt=self._sqrt,
            sign=self._context.sign,
            Abs=abs,
            Max=max,
            Min=min,
            Heaviside=lambda x: (1 + self._context.sign(x)) / 2,
        )

    def number(self, value: Fraction) -> Any:
        number = self._context.mpf(value.numerator)
        return number if value.denominator == 1 else number / value.denominator

    def constant(self, name: str) -> Any:
        return +(self._context.e if name == "e" else self._context.pi)

    def power(self, base: Any, exponent: Any) -> Any:
        if base == 0:
            if exponent < 0:
                raise NoValue("zero has no negative power")
            return self._context.mpf(exponent == 0)
        size = abs(exponent) * (abs(self._context.mag(base)) + 1)
        if exponent and max(self._context.mag(exponent), self._context.mag(size) - 2) > LARGEST_ARGUMENT:
            raise NoValue("the power is too large")
        if self._context.isint(exponent):
            return base ** int(exponent)
        if base < 0:
            raise NoValue("a negative number has no real power with a broken exponent")
        return self._context.power(base, exponent)

    def _guarded(self, function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        context = self._context

        def value(argument: Any) -> Any:
            if argument and context.mag(argument) > LARGEST_ARGUMENT:
                raise NoValue("the argument of a function is too large")
            found = function(argument)
            if not isinstance(found, context.mpf) or not context.isfinite(found):
                raise NoValue("a function has no real value there")
            return found

        return value

    def _log(self, argument: Any) -> Any:
        if argument <= 0:
            raise NoValue("only a positive number has a logarithm")
        return self._context.log(argument)

    def _sqrt(self, argument: Any) -> Any:
        if argument < 0:
            raise NoValue("a negative number has no real square root")
        return self._context.sqrt(argument)


class _Symbolic:
    """SymPy's expressions."""

    def __init__(self) -> None:
        import sympy

        self.functions = sympy

    def number(self, value: Fraction) -> Any:
        return self.functions.Rational(value.numerator, value.denominator)

    def constant(self, name: str) -> Any:
        return self.functions.E if name == "e" else self.functions.pi

    def power(self, base: Any, exponent: Any) -> Any:
        if base.is_Rational and exponent.is_Rational:
            digits = max(base.p.bit_length(), base.q.bit_length())
            if (abs(exponent) + exponent.q) * digits > LARGEST_SYMBOLIC_POWER:
                raise NoValue("the power is too large to be written out")
        return base**exponent
