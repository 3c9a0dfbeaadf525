"""Derivatives by the rules of the course: each rule is a line of text, and the result is tidied up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import gcd, lcm, prod

from ...answers import algebra
from ...answers.algebra import Call, Constant, Negative, Node, Number, Power, Product, Quotient, Sum, Symbol
from ...answers.algebra.syntax import symbols_of

RULES: Mapping[str, str] = {
    "product": "du*v + u*dv",
    "quotient": "(du*v - u*dv)/v^2",
    "power": "n*u^(n - 1)",
    "exponential": "a^u*ln(a)",
    "chain": "outer*du",
    "exp": "exp(u)",
    "ln": "1/u",
    "sqrt": "1/(2*sqrt(u))",
    "sin": "cos(u)",
    "cos": "-sin(u)",
    "tanh": "1 - tanh(u)^2",
    "sigmoid": "sigmoid(u)*(1 - sigmoid(u))",
    "softplus": "sigmoid(u)",
}
"""The derivatives of products, quotients, powers, exponentials with base a, and functions of u; `chain` says
what becomes of the outer derivative."""
PARTS = ("u", "v", "du", "dv", "n", "a", "outer")
"""The names in rules."""

Factors = Mapping[Node, int]
"""Bases with their exponents."""
Monomial = frozenset[tuple[Node, int]]
Terms = Mapping[Monomial, Fraction]
"""Products with their coefficients."""

MOST_TERMS = 200
"""So many terms or fewer may come of multiplying out."""
SUM_LENGTH = 1.25
"""How much longer a sum counts than a product, which shows more of its structure."""


def derivative(node: Node, variable: str, rules: Mapping[str, str] = RULES) -> Node:
    """The derivative of an expression, tidied up.

    Args:
        node: the expression.
        variable: by what it is differentiated; other symbols are constants.
        rules: the rules; wrong ones model mistakes.

    Raises:
        ValueError: there is no rule for a function or power that occurs.
    """
    return tidy(_Differentiation(variable, rules).of(node))


def rules_used(node: Node, variable: str) -> frozenset[str]:
    """The names of the rules that the derivative of an expression takes.

    Raises:
        ValueError: there is no rule for a function or power that occurs.
    """
    differentiation = _Differentiation(variable, RULES)
    differentiation.of(node)
    return frozenset(differentiation.used)


@lru_cache(maxsize=10_000)
def tidy(node: Node) -> Node:
    """An equal expression without superfluous factors and terms; expanded where that is clearly shorter."""
    factored, expanded = _terms(node, expand=False), _terms(node, expand=True)
    different = (factored,) if expanded == factored else (factored, expanded)
    return _shortest(*(form for terms in different for form in (_sum(terms), _term(*_pulled(terms)))))


class _Differentiation:
    """Applies rules, and notes which."""

    def __init__(self, variable: str, rules: Mapping[str, str]) -> None:
        self._variable = variable
        self._rules = rules
        self.used: set[str] = set()

    def of(self, node: Node) -> Node:
        match node:
            case _ if not self._varies(node):
                return Number(Fraction(0))
            case Negative(argument):
                return Negative(self.of(argument))
            case Sum(terms):
                return Sum(tuple(map(self.of, terms)))
            case Product(factors):
                return self._product(factors)
            case Quotient(over, under) if self._varies(under):
                return self._by("quotient", u=over, v=under, du=self.of(over), dv=self.of(under))
            case Quotient(over, under):
                return Quotient(self.of(over), under)
            case Power(base, exponent) if not self._varies(exponent):
                return self._chain("power", base, n=exponent)
            case Power(base, exponent) if not self._varies(base):
                return self._chain("exponential", exponent, a=base)
            case Call(function, (argument,)) if function in self._rules:
                return self._chain(function, argument)
            case Symbol():
                return Number(Fraction(1))
        raise ValueError(f"there is no rule for {algebra.to_text(node)}")

    def _varies(self, node: Node) -> bool:
        return self._variable in symbols_of(node)

    def _product(self, factors: tuple[Node, ...]) -> Node:
        constants = [factor for factor in factors if not self._varies(factor)]
        first, *others = (factor for factor in factors if self._varies(factor))
        if not others:
            return _product((*constants, self.of(first)))
        rest = _product(others)
        changing = self._by("product", u=first, v=rest, du=self.of(first), dv=self.of(rest))
        return _product((*constants, changing))

    def _chain(self, rule: str, inner: Node, **parts: Node) -> Node:
        outer = self._by(rule, u=inner, **parts)
        return self._by("chain", outer=outer, du=self.of(inner))

    def _by(self, rule: str, **parts: Node) -> Node:
        self.used.add(rule)
        return _filled(_pattern(self._rules[rule]), parts)


@lru_cache(maxsize=1_000)
def _pattern(rule: str) -> Node:
    return algebra.parse(rule, PARTS)


def _filled(pattern: Node, parts: Mapping[str, Node]) -> Node:
    """A rule with expressions in place of its names."""

    def filled(node: Node) -> Node:
        match node:
            case Symbol(name):
                return parts[name]
            case Negative(argument):
                return Negative(filled(argument))
            case Sum(terms):
                return Sum(tuple(map(filled, terms)))
            case Product(factors):
                return Product(tuple(map(filled, factors)))
            case Quotient(over, under):
                return Quotient(filled(over), filled(under))
            case Power(base, exponent):
                return Power(filled(base), filled(exponent))
            case Call(function, arguments):
                return Call(function, tuple(map(filled, arguments)))
            case _:
                return node

    return filled(pattern)


@lru_cache(maxsize=10_000)
def _terms(node: Node, *, expand: bool) -> Terms:
    """An expression as a sum of products with coefficients."""
    total: dict[Monomial, Fraction] = {}
    for term in node.terms if isinstance(node, Sum) else (node,):
        coefficient, factors = _factors(term)
        for number, combined in _expanded(factors) if expand else [(Fraction(1), factors)]:
            key = frozenset(combined.items())
            total[key] = total.get(key, Fraction(0)) + coefficient * number
    return _flattened({key: number for key, number in total.items() if number})


def _flattened(terms: Terms) -> Terms:
    """Sums that are terms of their own give up their brackets."""
    flat: dict[Monomial, Fraction] = {}
    for key, number in terms.items():
        inner = next(iter(key))[0] if {power for _, power in key} == {1} and len(key) == 1 else None
        parts = _terms(inner, expand=False) if isinstance(inner, Sum) else {key: Fraction(1)}
        for part, size in parts.items():
            flat[part] = flat.get(part, Fraction(0)) + number * size
    return {key: number for key, number in flat.items() if number}


@lru_cache(maxsize=10_000)
def _factors(node: Node) -> tuple[Fraction, Factors]:
    """An expression as a coefficient times powers."""
    match node:
        case Number(value):
            return value, {}
        case Negative(argument):
            return _multiplied([(Fraction(-1), {}), _factors(argument)])
        case Product(factors):
            return _multiplied(map(_factors, factors))
        case Quotient(over, under):
            return _multiplied([_factors(over), _raised(_factors(under), -1)])
        case Power(base, exponent) if (whole := _whole(tidy(exponent))) is not None:
            return _raised(_factors(base), whole)
        case Power(base, exponent):
            return Fraction(1), {Power(base, tidy(exponent)): 1}
        case Call(function, arguments):
            return _called(Call(function, tuple(map(tidy, arguments))))
        case Sum():
            return _pulled(_terms(node, expand=False))
        case _:
            return Fraction(1), {node: 1}


def _called(call: Call) -> tuple[Fraction, Factors]:
    """A function's value; the logarithm of e is 1."""
    return (Fraction(1), {}) if call == Call("ln", (Constant("e"),)) else (Fraction(1), {call: 1})


def _whole(node: Node) -> int | None:
    """The whole number that a node stands for, or None."""
    match node:
        case Number(value) if value.denominator == 1:
            return int(value)
        case Negative(Number(value)) if value.denominator == 1:
            return -int(value)
        case _:
            return None


def _multiplied(parts: Iterable[tuple[Fraction, Factors]]) -> tuple[Fraction, Factors]:
    coefficient = Fraction(1)
    powers: dict[Node, int] = {}
    for number, factors in parts:
        coefficient *= number
        for base, exponent in factors.items():
            powers[base] = powers.get(base, 0) + exponent
    return coefficient, {base: exponent for base, exponent in powers.items() if exponent}


def _raised(part: tuple[Fraction, Factors], exponent: int) -> tuple[Fraction, Factors]:
    coefficient, factors = part
    return coefficient**exponent, {base: power * exponent for base, power in factors.items()}


def _pulled(terms: Terms) -> tuple[Fraction, Factors]:
    """A sum as a product of what its terms have in common and of what remains."""
    if len(terms) < 2:
        return next(((number, dict(key)) for key, number in terms.items()), (Fraction(0), {}))
    first, *others = map(dict, terms)
    shared = {
        base: min(power, *(other[base] for other in others))
        for base, power in first.items()
        if all(base in other for other in others)
    }
    numbers = terms.values()
    content = Fraction(gcd(*(n.numerator for n in numbers)), lcm(*(n.denominator for n in numbers)))
    content = -content if max(numbers) < 0 else content
    rest: dict[Monomial, Fraction] = {}
    for key, number in terms.items():
        _, factors = _multiplied([(number, dict(key)), _raised((Fraction(1), shared), -1)])
        rest[frozenset(factors.items())] = number / content
    remaining = _sum(_flattened(rest))
    remaining = _shortest(remaining, _sum(_terms(remaining, expand=True)))
    as_one: Factors = {remaining: 1}
    whole = (Fraction(1), as_one) if isinstance(remaining, Sum) else _factors(remaining)
    return _multiplied([(content, shared), whole])


def _expanded(factors: Factors) -> Iterator[tuple[Fraction, Factors]]:
    """The products that come of multiplying out sums."""
    sums = [base for base, power in factors.items() if isinstance(base, Sum) and power > 0]
    sums = [base for base in sums for _ in range(factors[base])]
    rest = {base: power for base, power in factors.items() if base not in sums}
    if prod(len(base.terms) for base in sums if isinstance(base, Sum)) > MOST_TERMS:
        yield Fraction(1), factors
        return
    for choice in product(*(base.terms for base in sums if isinstance(base, Sum))):
        yield _multiplied([(Fraction(1), rest), *map(_factors, choice)])


def _sum(terms: Terms) -> Node:
    """The expression that terms stand for: numbers after what is added, subtracted terms last.

    A polynomial whose highest power is added is written by falling powers.
    """
    powers = _powers(terms)
    if powers and terms[max(terms, key=lambda monomial: powers[monomial])] > 0:
        terms = dict(sorted(terms.items(), key=lambda term: -powers[term[0]]))
        return _summed([_term(number, dict(factors)) for factors, number in terms.items()])
    nodes = [_term(number, dict(factors)) for factors, number in terms.items()]
    nodes.sort(key=lambda node: (isinstance(node, Negative), isinstance(node, Number)))
    return _summed(nodes)


def _powers(terms: Terms) -> Mapping[Monomial, int]:
    """The exponent of each term of a polynomial in one symbol; none of another sum."""
    bases = {base for monomial in terms for base, _ in monomial}
    if len(bases) != 1 or not all(isinstance(base, Symbol) for base in bases):
        return {}
    return {monomial: sum(power for _, power in monomial) for monomial in terms}


def _summed(nodes: Sequence[Node]) -> Node:
    return Sum(tuple(nodes)) if len(nodes) > 1 else nodes[0] if nodes else Number(Fraction(0))


def _term(number: Fraction, factors: Factors) -> Node:
    ordered = sorted(factors.items(), key=lambda item: (_rank(item[0]), algebra.to_text(item[0])))
    over = [_power(base, power) for base, power in ordered if power > 0]
    under = [_power(base, -power) for base, power in ordered if power < 0]
    size = abs(number)
    if size.numerator != 1 or not over:
        over.insert(0, Number(Fraction(size.numerator)))
    if size.denominator != 1:
        under.insert(0, Number(Fraction(size.denominator)))
    node = Quotient(_product(over), _product(under)) if under else _product(over)
    return Negative(node) if number < 0 else node


def _rank(node: Node) -> int:
    """Symbols come before functions, and sums last."""
    return 0 if isinstance(node, Symbol | Constant) else 2 if isinstance(node, Sum) else 1


def _shortest(*forms: Node) -> Node:
    """The form with the shortest text; a product may be a little longer than a sum."""
    return min(
        forms, key=lambda form: len(algebra.to_text(form)) * (SUM_LENGTH if isinstance(form, Sum) else 1)
    )


def _power(base: Node, exponent: int) -> Node:
    return base if exponent == 1 else Power(base, Number(Fraction(exponent)))


def _product(factors: Iterable[Node]) -> Node:
    nodes = tuple(factors)
    return nodes[0] if len(nodes) == 1 else Product(nodes)
