"""From the syntax tree to text that the parser reads back, and to LaTeX."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from ..base import POINT, Notation
from .functions import FUNCTIONS
from .syntax import Call, Constant, Negative, Node, Number, Power, Product, Quotient, Sum, Symbol, symbols_of
from .tokens import ACCENTS, GREEK, LARGEST_EXPONENT, MOST_DIGITS

_SUM, _SIGNED, _PRODUCT, _POWER, _ATOM = range(5)
MOST_ZEROS = 8
_EXPONENT_ON_NAME = ("ln", "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth")


@dataclass(frozen=True)
class Style:
    """How plain text is written.

    Attributes:
        power: the sign of a power.
        implicit: whether products are written without a sign where that is clear.
    """

    power: str = "^"
    implicit: bool = False


PLAIN = Style()


def to_text(node: Node, notation: Notation = POINT, style: Style = PLAIN) -> str:
    """The expression in plain syntax, such as `sigmoid(z)*(1 - sigmoid(z))`, which reads back the same."""
    return _writer(notation, style).of(node)


def to_latex(node: Node, notation: Notation = POINT) -> str:
    r"""The expression in LaTeX, such as `\sigma(z) (1 - \sigma(z))`; it reads back with the same value."""
    return _Latex(notation, symbols_of(node)).of(node)


def _binding(node: Node) -> int:
    """How tightly the outermost sign of an expression binds."""
    match node:
        case Sum():
            return _SUM
        case Negative():
            return _SIGNED
        case Product() | Quotient():
            return _PRODUCT
        case Number(value) if _is_scientific(value):
            return _PRODUCT
        case Power():
            return _POWER
        case _:
            return _ATOM


class _Text:
    """Writes plain text; the parts of trees come again and again, so it remembers them."""

    def __init__(self, notation: Notation, style: Style) -> None:
        self._notation = notation
        self._style = style
        self.of = lru_cache(maxsize=10_000)(self._written)

    def _written(self, node: Node) -> str:  # noqa: PLR0911  # one return for each kind of node
        match node:
            case Number(value) if _is_scientific(value):
                return "{}e{}".format(*_scientific(value))
            case Number(value):
                return _decimal(value, self._notation.decimal)
            case Symbol(name) | Constant(name):
                return name
            case Negative(argument):
                return f"-{self._in(argument, _PRODUCT)}"
            case Sum(terms):
                return _signed_terms([self._in(term, _SIGNED) for term in terms])
            case Product(factors):
                return self._product(factors)
            case Quotient(over, under):
                return f"{self._in(over, _PRODUCT)}/{self._in(under, _POWER)}"
            case Power(base, exponent):
                return f"{self._in(base, _ATOM)}{self._style.power}{self._in(exponent, _ATOM)}"
            case Call(function, arguments):
                return f"{function}({self._notation.separator.join(map(self.of, arguments))})"

    def _in(self, node: Node, least: int) -> str:
        """A part, in brackets where it binds less tightly than its place demands."""
        return f"({self.of(node)})" if _binding(node) < least else self.of(node)

    def _product(self, factors: tuple[Node, ...]) -> str:
        written = self._in(factors[0], _PRODUCT)
        for before, factor in pairwise(factors):
            text = self._in(factor, _POWER)
            clear = not text[0].isdigit() and not isinstance(before, Quotient)
            written += (" " if self._style.implicit and clear else "*") + text
        return written


@lru_cache(maxsize=8)
def _writer(notation: Notation, style: Style) -> _Text:
    return _Text(notation, style)


class _Latex:
    """Writes LaTeX."""

    def __init__(self, notation: Notation, symbols: frozenset[str]) -> None:
        self._notation = notation
        self._symbols = symbols

    def of(self, node: Node) -> str:  # noqa: PLR0911  # one return for each kind of node
        match node:
            case Number(value) if _is_scientific(value):
                return r"{} \cdot 10^{{{}}}".format(*_scientific(value))
            case Number(value):
                return _decimal(value, self._notation.decimal).replace(",", "{,}")
            case Symbol(name):
                return _latex_name(name)
            case Constant(name):
                return r"\pi" if name == "pi" else name
            case Negative(argument):
                return f"-{self._in(argument, _PRODUCT)}"
            case Sum(terms):
                return _signed_terms([self._in(term, _SIGNED) for term in terms])
            case Product(factors):
                return self._product(factors)
            case Quotient(over, under):
                return rf"\frac{{{self.of(over)}}}{{{self.of(under)}}}"
            case Power(base, exponent):
                return self._power(base, exponent)
            case Call(function, arguments):
                return self._call(function, arguments)

    def _in(self, node: Node, least: int) -> str:
        return _bracketed(self.of(node)) if _binding(node) < least else self.of(node)

    def _product(self, factors: tuple[Node, ...]) -> str:
        written = self._in(factors[0], _PRODUCT)
        for before, factor in pairwise(factors):
            text = self._in(factor, _PRODUCT)
            numbers = isinstance(before, Number) and text.startswith(r"\frac")
            written += (r" \cdot " if text[0].isdigit() or numbers else " ") + text
        return written

    def _power(self, base: Node, exponent: Node) -> str:
        raised = f"^{{{self._exponent(exponent)}}}"
        if isinstance(base, Call) and base.function in _EXPONENT_ON_NAME and isinstance(exponent, Number):
            return FUNCTIONS[base.function].latex + raised + self._arguments(base.arguments)
        if isinstance(base, Call) and base.function == "exp":
            return _bracketed(self.of(base)) + raised
        return self._in(base, _ATOM) + raised

    def _exponent(self, node: Node) -> str:
        """An exponent, in which a fraction is written on one line."""
        match node:
            case Negative(Quotient() as quotient):
                return f"-{self._exponent(quotient)}"
            case Quotient(over, under):
                return f"{self._in(over, _PRODUCT)}/{self._in(under, _POWER)}"
            case _:
                return self.of(node)

    def _call(self, function: str, arguments: tuple[Node, ...]) -> str:
        match function:
            case "exp" if "e" not in self._symbols:
                return f"e^{{{self._exponent(arguments[0])}}}"
            case "sqrt":
                return rf"\sqrt{{{self.of(arguments[0])}}}"
            case "abs":
                return rf"\left|{self.of(arguments[0])}\right|"
            case "sigmoid" if "sigma" in self._symbols:
                return r"\operatorname{sigmoid}" + self._arguments(arguments)
            case _:
                return FUNCTIONS[function].latex + self._arguments(arguments)

    def _arguments(self, arguments: tuple[Node, ...]) -> str:
        return _bracketed(self._notation.separator.join(map(self.of, arguments)))


def _bracketed(latex: str) -> str:
    """In brackets that grow only where what they hold is tall."""
    tall = any(command in latex for command in (r"\frac", r"\sqrt", "^{"))
    return rf"\left({latex}\right)" if tall else f"({latex})"


def _signed_terms(terms: list[str]) -> str:
    """Terms with plus and minus between them."""
    first, *others = terms
    return first + "".join(f" - {term[1:]}" if term.startswith("-") else f" + {term}" for term in others)


@lru_cache(maxsize=10_000)
def _digits(value: Fraction) -> tuple[str, int]:
    """The digits of a number that can be written in decimals, and how many of them stand behind the point."""
    for places in range(MOST_DIGITS + LARGEST_EXPONENT + 1):
        whole, rest = divmod(value.numerator * 10**places, value.denominator)
        if not rest:
            return str(whole), places
    raise ValueError(f"{value} has no finite decimals; write it as a quotient of two numbers")


@lru_cache(maxsize=10_000)
def _is_scientific(value: Fraction) -> bool:
    """Whether a number is written with a power of ten, since in decimals it would have many zeros."""
    digits, places = _digits(value)
    length = max(len(digits), places)
    return length > MOST_DIGITS or length - len(digits.rstrip("0")) > MOST_ZEROS


def _scientific(value: Fraction) -> tuple[str, int]:
    """A whole number and the power of ten by which it is to be multiplied."""
    digits, places = _digits(value)
    significant = digits.rstrip("0")
    return significant, len(digits) - len(significant) - places


def _decimal(value: Fraction, sign: str) -> str:
    digits, places = _digits(value)
    digits = digits.zfill(places + 1)
    return f"{digits[:-places]}{sign}{digits[-places:]}" if places else digits


def _latex_name(name: str) -> str:
    """A symbol with its Greek letter, accent and subscript: `y_hat`, `theta_12`, `x1`."""
    letters, _, rest = name.partition("_")
    if not rest and letters[-1].isdigit():
        stem = letters.rstrip("0123456789")
        letters, rest = stem, letters[len(stem) :]
    accent, _, below = rest.partition("_")
    if accent not in ACCENTS.values():
        accent, below = "", rest
    letter = f"\\{letters}" if letters in GREEK.values() else letters
    if len(letters) > 1 and letters not in GREEK.values():
        letter = rf"\mathrm{{{letters}}}"
    letter = rf"\{accent}{{{letter}}}" if accent else letter
    return f"{letter}_{{{below}}}" if below else letter
