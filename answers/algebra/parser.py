"""From tokens to the syntax tree, by the precedence of operators.

What has two readings in practice is not guessed at: `1/2x`, `e^2x`, `sin x y`, `sin^-1 x`, `x2` and `0,5`
(where decimals have a point) are `Ambiguous`. Otherwise the usual rules hold: a product without a sign binds
as a written one, powers bind tighter and from the right, `-x^2` is minus a square, and a function without
brackets takes a single factor with its coefficient, as in `sin 2x cos 2x` or `ln x / x`.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from ..base import POINT, Ambiguous, Notation, Unreadable, bounded
from .functions import FUNCTIONS
from .names import names
from .syntax import (
    Call,
    Constant,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    height,
    symbols_of,
)
from .tokens import Token, tokens

DEEPEST = 50
"""How deep brackets, exponents and quotients may be nested."""

_CLOSING = {"(": ")", "[": "]", "{": "}", "|": "|", "<|": "|>"}
_BARS = ("|", "<|")
_BRACKETS = ("(", "[", "{")
_NAMES = ("symbol", "constant", "function")
_FACTOR_STARTS = (*_NAMES, *_BRACKETS, *_BARS, "number", "frac")
_FACTOR_ENDS = ("symbol", "constant", "number")
_TOO_DEEP = f"the expression is nested more than {DEEPEST} deep"
_WRITE = "write brackets or the sign *"


@lru_cache(maxsize=2_000)
def parse(text: str, symbols: tuple[str, ...], notation: Notation = POINT) -> Node:
    """The tree of an expression as a student types it, in plain syntax, Unicode mathematics or LaTeX.

    Args:
        text: what was typed.
        symbols: the names that may occur besides functions and the constants e and pi.
        notation: how numbers are written.

    Raises:
        Unreadable: it is no expression in these symbols; the message says what is wrong, and where.
        Ambiguous: it has two readings.
    """
    known = names(symbols)
    resolved: list[Token] = []
    for token in tokens(bounded(text), notation):
        resolved += known.resolved(token) if token.kind in ("word", "name") else (token,)
    tree = _Parser(resolved).whole()
    if height(tree) > DEEPEST:
        raise Unreadable(_TOO_DEEP)
    return tree


class _Parser:
    """Walks through resolved tokens once; each method reads one construct and stops behind it."""

    def __init__(self, resolved: list[Token]) -> None:
        self._tokens = resolved
        self._index = 0
        self._depth = 0
        self._open: list[Token] = []

    def whole(self) -> Node:
        tree = self._sum()
        if self._here.kind != "end":
            raise self._misplaced()
        return tree

    @property
    def _here(self) -> Token:
        return self._tokens[self._index]

    @property
    def _last(self) -> Token:
        return self._tokens[self._index - 1]

    def _accept(self, kind: str) -> bool:
        accepted = self._here.kind == kind
        self._index += accepted
        return accepted

    def _at_factor(self) -> bool:
        """Whether a factor begins here, rather than an operator or an end; a bar may be either."""
        if self._here.kind == "|":
            return not (self._open and self._open[-1].kind == "|")
        return self._here.kind in _FACTOR_STARTS

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Unreadable(_TOO_DEEP)

    def _leave(self) -> None:
        self._depth -= 1

    def _sum(self) -> Node:
        terms = [_signed(self._minus(), self._product())]
        while self._here.kind in ("+", "-"):
            terms.append(_signed(self._minus(), self._product()))
        return terms[0] if len(terms) == 1 else Sum(tuple(terms))

    def _minus(self) -> bool:
        """Whether the signs that stand here, if any, make a minus."""
        minus = False
        while self._here.kind in ("+", "-"):
            minus ^= self._here.kind == "-"
            self._index += 1
        return minus

    def _product(self) -> Node:
        factors = [self._operand()]
        slash: Token | None = None
        while True:
            sign = self._here
            if self._accept("*"):
                factors.append(self._operand())
                slash = None
            elif self._accept("/"):
                factors = [Quotient(_product_of(factors), self._operand())]
                slash = sign
            elif self._at_factor():
                if slash and not (_is_plain_fraction(factors[0]) and sign.spaced):
                    raise Ambiguous(
                        f"where the denominator behind “/” {slash.place} ends is not clear; {_WRITE}"
                    )
                self._refuse_number()
                factors.append(self._power())
                slash = None
            else:
                return _product_of(factors)

    def _refuse_number(self) -> None:
        """A number right behind a factor is a slip, or a raised exponent that was lost."""
        if self._here.kind != "number":
            return
        if self._last.kind == "number":
            raise Unreadable(f"two numbers stand side by side {self._here.place}")
        raise Ambiguous(f"the number {self._here.place} may be a factor or an exponent; write * or ^")

    def _operand(self) -> Node:
        return _signed(self._minus(), self._power())

    def _power(self) -> Node:
        self._enter()
        node = self._primary()
        if self._accept("^"):
            exponent = _signed(self._minus(), self._power())
            self._refuse_unclear_exponent(node)
            node = Power(node, exponent)
        self._leave()
        return node

    def _refuse_unclear_exponent(self, base: Node) -> None:
        """`e^2x` and `a^xy` do not say where the exponent ends; `x^2y`, `e^x(1+x)` and `e^x y` do."""
        if self._here.spaced or not self._at_factor():
            return
        names_run_on = self._last.kind in _NAMES and self._here.kind in _NAMES
        number_runs_on = self._last.kind == "number" and isinstance(base, Number | Constant)
        if names_run_on or number_runs_on:
            raise Ambiguous(
                f"it is not clear whether “{self._here.text}” {self._here.place} is in the exponent; {_WRITE}"
            )

    def _primary(self) -> Node:
        token = self._here
        if token.kind in _CLOSING:
            (inner,) = self._bracketed()
            return Call("abs", (inner,)) if token.kind in _BARS else inner
        if token.kind not in _FACTOR_STARTS:
            raise self._misplaced()
        self._index += 1
        match token.kind:
            case "number":
                return Number(token.value)
            case "symbol":
                return Symbol(token.text)
            case "constant":
                return Constant("e" if token.text == "e" else "pi")
            case "frac":
                return Quotient(self._braced(token), self._braced(token))
            case _:
                return self._call(token)

    def _braced(self, command: Token) -> Node:
        if self._here.kind != "{":
            raise Unreadable(f"the LaTeX fraction {command.place} needs two parts in braces")
        return self._bracketed()[0]

    def _bracketed(self, several: bool = False) -> tuple[Node, ...]:
        """What stands in brackets or bars: one expression, or several between commas."""
        opening = self._here
        self._open.append(opening)
        self._index += 1
        parts = [self._sum()]
        while several and self._accept(","):
            parts.append(self._sum())
        if self._here.kind == "end":
            raise Unreadable(f"“{opening.text}” {opening.place} is not closed")
        if not self._accept(_CLOSING[opening.kind]):
            raise self._misplaced()
        self._open.pop()
        return tuple(parts)

    def _call(self, function: Token) -> Node:
        """A call of the function whose name stands before this place."""
        exponent = self._function_exponent(function)
        if self._here.kind in _BRACKETS:
            bracket = self._here.kind
            arguments = self._bracketed(several=True)
            if function.text == "sqrt" and (bracket, self._here.kind) == ("[", "{"):
                return Power(self._bracketed()[0], Quotient(Number(Fraction(1)), arguments[0]))
        else:
            arguments = (self._bare_argument(function),)
        if FUNCTIONS[function.text].several != (len(arguments) > 1):
            wanted = "two arguments or more" if FUNCTIONS[function.text].several else "one argument"
            raise Unreadable(f"{function.text} {function.place} takes {wanted}, not {len(arguments)}")
        call = Call(function.text, arguments)
        return Power(call, exponent) if exponent else call

    def _function_exponent(self, function: Token) -> Node | None:
        """The exponent in `sin^2 x`, if there is one."""
        if not self._accept("^"):
            return None
        exponent = _signed(self._minus(), self._primary())
        if isinstance(exponent, Negative):
            raise Ambiguous(
                f"{function.text}^-1 {function.place} may be the inverse function or one over {function.text}"
            )
        return exponent

    def _bare_argument(self, function: Token) -> Node:
        """The factor behind a function that has no brackets, such as `x`, `2x` or `2 pi x^2`."""
        if self._here.kind not in _FACTOR_STARTS:
            raise Unreadable(f"{function.text} {function.place} needs an argument in brackets")
        self._enter()
        argument = self._primary() if function.text == "sqrt" else self._factor_with_coefficient()
        self._leave()
        if not self._argument_ends(function, argument):
            raise Ambiguous(
                f"where the argument of {function.text} {function.place} ends is not clear; {_WRITE}"
            )
        return argument

    def _factor_with_coefficient(self) -> Node:
        factors = [self._power()]
        while isinstance(factors[-1], Number | Constant) and self._here.kind in (
            "symbol",
            "constant",
            "frac",
        ):
            factors.append(self._power())
        return _product_of(factors)

    def _argument_ends(self, function: Token, argument: Node) -> bool:
        """Whether an argument without brackets clearly ends here."""
        here = self._here
        if function.text == "sqrt":
            return here.kind != "^" and (here.spaced or not self._at_factor())
        if here.kind in ("*", "/"):
            return here.spaced or self._tokens[self._index + 1].kind == "function"
        if self._at_factor():
            return here.kind == "function" and bool(symbols_of(argument))
        return True

    def _misplaced(self) -> Unreadable:
        """What is wrong with the token at this place, which fits nowhere."""
        here, last = self._here, self._last if self._index else None
        if here.kind == "end":
            return Unreadable("the expression ends where a number, a name or a bracket is missing")
        if here.kind == ",":
            following = self._tokens[self._index + 1]
            if last and last.kind == following.kind == "number" and not following.spaced:
                return Ambiguous(
                    f"the comma {here.place} may begin decimals, which are written with a point here"
                )
            return Unreadable(f"the comma {here.place} does not stand between the arguments of a function")
        if here.kind in _CLOSING.values() and last and last.kind in (*_FACTOR_ENDS, *_CLOSING.values()):
            if not self._open:
                return Unreadable(f"“{here.text}” {here.place} has no opening bracket")
            opening = self._open[-1]
            return Unreadable(f"“{here.text}” {here.place} does not close “{opening.text}” {opening.place}")
        return Unreadable(f"a number, a name or a bracket is missing before “{here.text}” {here.place}")


def _signed(minus: bool, node: Node) -> Node:
    return Negative(node) if minus else node


def _product_of(factors: list[Node]) -> Node:
    return factors[0] if len(factors) == 1 else Product(tuple(factors))


def _is_plain_fraction(node: Node) -> bool:
    """Whether it is a number over a number: in `1/2 x` the blank makes it a coefficient."""
    return isinstance(node, Quotient) and isinstance(node.over, Number) and isinstance(node.under, Number)
