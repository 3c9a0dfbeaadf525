"""Activation functions and their derivatives."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from random import Random
from typing import Any, Self

from ...answers import Answer, Expression, Integer, Matrix, Real, Unreadable, Vector, algebra
from ...answers.algebra import (
    Call,
    Domain,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    Symbols,
)
from ...answers.algebra.domains import DOMAINS
from ...answers.algebra.printer import Style
from ...answers.algebra.syntax import children, height, symbols_of
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, dot, latex_number, printable, transposed, written_number
from .differentiation import RULES, derivative, rules_used, tidy
from .functions import (
    FUNCTIONS,
    Function,
    activated,
    flaw_of,
    formula,
    normal_distribution,
    sigmoid,
    slope,
    softplus,
)

LONGEST_FUNCTION = 100
HIGHEST_FUNCTION = 12
LARGEST_NUMBER = 100
MOST_EXTREME_POINT = 6
"""The largest pre-activation: beyond it, functions that saturate differ in no decimal that is asked."""
STEEPEST = 0.25
"""The largest derivative of the sigmoid, which it has at 0."""
SATURATED = 0.02
"""A derivative below it is not asked."""
DIFFERENTIATED = {
    "kinked": {"identity", "relu", "leaky_relu", "prelu"},
    "smooth": {"sigmoid", "tanh"},
    "units": {"sigmoid", "tanh", "silu", "softplus"},
}
"""The functions whose derivatives are asked, by how they are given."""
Rows = tuple[tuple[str, str, str], ...]

NAMES = {
    "product": "product rule $(uv)' = u'v + uv'$",
    "quotient": r"quotient rule $\left(\frac{u}{v}\right)' = \frac{u'v - uv'}{v^2}$",
    "power": "power rule $(u^n)' = n u^{n-1}$",
    "exponential": r"$(a^u)' = a^u \ln a$",
    "exp": r"$(e^u)' = e^u$",
    "ln": r"$(\ln u)' = \frac{1}{u}$",
    "sqrt": r"$(\sqrt{u})' = \frac{1}{2 \sqrt{u}}$",
    "sin": r"$(\sin u)' = \cos u$",
    "cos": r"$(\cos u)' = -\sin u$",
    "tanh": r"$(\tanh u)' = 1 - \tanh^2 u$",
    "sigmoid": r"$\sigma'(u) = \sigma(u) (1 - \sigma(u))$",
    "softplus": r"$\operatorname{softplus}'(u) = \sigma(u)$",
}
"""How the worked solution names a rule."""


class DerivativeSymbolic(Question):
    """Derivative of a function, as a formula.

    Level 1 takes one rule, level 2 a product, a quotient or a chain, level 3 leads through the activation
    functions and losses of a network.

    Source: Deisenroth, Faisal & Ong 2020, Mathematics for Machine Learning, section 5.1.2; Goodfellow,
    Bengio & Courville 2016, Deep Learning, section 3.10.
    """

    title = "Derivative of a function"
    minutes = {1: 1, 2: 3, 3: 5}

    function: str
    """In plain syntax; `ln` is the natural logarithm."""
    symbols: Symbols
    """The variable first, then the constants, each with its domain."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        text = (_one_rule, _two_rules, _through_a_network)[level - 1](rng)
        names = ("z", "y") if "y" in text else ("z",) if level == 3 else ("x",)
        function = algebra.to_text(algebra.parse(text, names))
        return cls(function, tuple((name, _domain(function, name)) for name in names))

    def flaw(self) -> str | None:
        if not 1 <= len(self.symbols) <= 3 or len({*self.names}) < len(self.symbols):
            return "one to three different symbols are wanted, the variable first"
        if not all(re.fullmatch("[a-df-z]", name) for name in self.names):
            return "a symbol is a small letter other than e"
        if not {domain for _, domain in self.symbols} <= {*DOMAINS}:
            return f"a symbol's domain is one of {', '.join(DOMAINS)}"
        if len(self.function) > LONGEST_FUNCTION:
            return f"the function has more than {LONGEST_FUNCTION} characters"
        try:
            tree = self.tree
        except Unreadable as reason:
            return f"the function cannot be read: {reason}"
        if height(tree) > HIGHEST_FUNCTION or not all(number <= LARGEST_NUMBER for number in _numbers(tree)):
            return f"the function is nested too deeply, or has a number above {LARGEST_NUMBER}"
        try:
            slope = self.slope
        except (ValueError, ArithmeticError) as reason:
            return f"the function cannot be differentiated: {reason}"
        if self.variable not in symbols_of(slope):
            return "the derivative is constant"
        return None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the symbols, the variable first."""
        return tuple(name for name, _ in self.symbols)

    @property
    def variable(self) -> str:
        """By what is differentiated."""
        return self.names[0]

    @cached_property
    def tree(self) -> Node:
        """The function as a syntax tree."""
        return algebra.parse(self.function, self.names)

    @cached_property
    def slope(self) -> Node:
        """The derivative as a syntax tree."""
        return derivative(self.tree, self.variable)

    @cached_property
    def _rules(self) -> frozenset[str]:
        """The rules that the derivative takes."""
        return rules_used(self.tree, self.variable)

    @property
    def expression(self) -> str:
        """The function in Python's notation."""
        return algebra.to_text(self.tree, style=Style(power="**"))

    @property
    def latex(self) -> str:
        """The function in LaTeX."""
        return algebra.to_latex(self.tree)

    @property
    def positive(self) -> bool:
        """Whether the variable is positive."""
        return self.symbols[0][1] == "positive"

    @property
    def calls(self) -> frozenset[str]:
        """The functions that occur."""
        return frozenset(node.function for node in _nodes(self.tree) if isinstance(node, Call))

    @property
    def steps(self) -> Rows:
        """The parts of the function from the inside, each with its derivative and the rule for it."""
        rows = [
            (algebra.to_latex(part), algebra.to_latex(derivative(part, self.variable)), name)
            for part in dict.fromkeys(_nodes(self.tree))
            if (name := self._rule(part))
        ]
        return tuple(rows)

    @property
    def terms(self) -> str:
        """The derivatives of the terms in LaTeX, if there are several to be added."""
        terms = self.tree.terms if isinstance(self.tree, Sum) else ()
        slopes = tuple(derivative(term, self.variable) for term in terms if self._varies(term))
        return algebra.to_latex(Sum(slopes)) if len(slopes) > 1 else ""

    def answer(self) -> dict[str, Answer]:
        return {"derivative": Expression(algebra.to_text(self.slope), self.symbols)}

    def _rule(self, part: Node) -> str:
        """The rule that a part needs, or nothing for symbols, constants, sums and constant factors."""
        match part:
            case Product(factors) if sum(self._varies(factor) for factor in factors) > 1:
                return NAMES["product"]
            case Quotient(_, under) if self._varies(under):
                return NAMES["quotient"]
            case Power(base, exponent) if self._varies(base):
                return self._chained("power", base)
            case Power(base, exponent) if self._varies(exponent):
                return self._chained("exponential", exponent)
            case Call(function, (argument,)) if self._varies(argument):
                return self._chained(function, argument)
            case _:
                return ""

    def _chained(self, rule: str, inner: Node) -> str:
        if isinstance(inner, Symbol):
            return NAMES[rule]
        slope = algebra.to_latex(derivative(inner, self.variable))
        return f"{NAMES[rule]}, chain rule with inner derivative ${slope}$"

    def _varies(self, part: Node) -> bool:
        return self.variable in symbols_of(part)

    def _with(self, **wrong: str) -> MistakeValues:
        """What comes out if some rules are wrong."""
        if not self._rules & wrong.keys():
            return None
        try:
            slope = derivative(self.tree, self.variable, {**RULES, **wrong})
        except (ValueError, ArithmeticError):
            return None
        return {"derivative": algebra.to_text(slope)} if slope != self.slope else None

    @mistake("The chain rule multiplies by the derivative of the inner function.")
    def drops_inner_derivative(self) -> MistakeValues:
        return self._with(chain="outer")

    @mistake("The derivative of a product is u'v + uv', not the product of the derivatives.")
    def product_of_derivatives(self) -> MistakeValues:
        return self._with(product="du*dv")

    @mistake("The quotient rule begins with the numerator's derivative: (u'v − uv')/v².")
    def quotient_sign_swapped(self) -> MistakeValues:
        return self._with(quotient="(u*dv - du*v)/v^2")

    @mistake("The quotient rule subtracts: (u'v − uv')/v².")
    def quotient_with_plus(self) -> MistakeValues:
        return self._with(quotient="(du*v + u*dv)/v^2")

    @mistake("The derivative of a quotient is (u'v − uv')/v², not the quotient of the derivatives.")
    def quotient_of_derivatives(self) -> MistakeValues:
        return self._with(quotient="du/dv")

    @mistake("The quotient rule divides by the square of the denominator.")
    def denominator_not_squared(self) -> MistakeValues:
        return self._with(quotient="(du*v - u*dv)/v")

    @mistake(
        "The variable is in the exponent: the power rule is for a variable base and a constant exponent."
    )
    def power_rule_on_exponential(self) -> MistakeValues:
        return self._with(exponential="u*a^(u - 1)", exp="u*exp(u - 1)")

    @mistake("The exponent becomes smaller by 1 when a power is differentiated.")
    def keeps_exponent(self) -> MistakeValues:
        return self._with(power="n*u^n")

    @mistake("The exponent comes down as a factor when a power is differentiated.")
    def forgets_exponent_as_factor(self) -> MistakeValues:
        return self._with(power="u^(n - 1)")

    @mistake("The factor ln a is missing: only the base e has none, since ln e = 1.")
    def forgets_logarithm_of_base(self) -> MistakeValues:
        return self._with(exponential="a^u")

    @mistake("The derivative of the sine is the cosine; that of the cosine is minus the sine.")
    def sign_of_sine(self) -> MistakeValues:
        return self._with(sin="-cos(u)", cos="sin(u)")

    @mistake("The derivative of the square root is 1/(2√u): the factor 1/2 is missing.")
    def forgets_half_of_root(self) -> MistakeValues:
        return self._with(sqrt="1/sqrt(u)")

    @mistake("The derivative of σ is σ(1 − σ), not σ itself.")
    def sigmoid_as_its_derivative(self) -> MistakeValues:
        return self._with(sigmoid="sigmoid(u)")

    @mistake("The derivative of tanh is 1 − tanh²; t(1 − t) belongs to the sigmoid.")
    def tanh_like_sigmoid(self) -> MistakeValues:
        return self._with(tanh="tanh(u)*(1 - tanh(u))")

    @mistake(
        "The derivative of softplus, ln(1 + eᵘ), is eᵘ/(1 + eᵘ) = σ(u): the inner derivative is missing."
    )
    def softplus_without_inner_derivative(self) -> MistakeValues:
        return self._with(softplus="1/(1 + exp(u))")

    @mistake("Look at the sign: this is the negative of the derivative.")
    def loses_the_sign(self) -> MistakeValues:
        return {"derivative": algebra.to_text(tidy(Negative(self.slope)))}


class ValueTable(Question):
    """Table of the values of activation functions.

    Level 1 has piecewise linear functions, level 2 the sigmoid and tanh where they are fractions, level 3
    functions that are put together, and slopes and scales that matter.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.3; Hendrycks & Gimpel 2016,
    Gaussian error linear units; Misra 2020, Mish; torch.nn, section Non-linear Activations.
    """

    title = "Values of activation functions"
    minutes = {1: 2, 2: 4, 3: 6}

    points: tuple[str, ...]
    """Pre-activations, such as `-2`, `0.5`, `ln 2` and `-ln 3`."""
    functions: tuple[Function, ...]

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        logarithms = ["0", *(f"{sign}ln {number}" for sign in ("", "-") for number in (2, 3, 4, 5))]
        leaky = ("leaky_relu", rng.choice([0.01, 0.1, 0.2]))
        if level == 1:
            points = [*map(str, rng.sample([-3, -2, -1], 2)), "0", str(rng.randint(1, 3))]
            others = rng.sample([("step", 0.0), ("sign", 0.0), ("relu", 0.0)], 2)
            return cls(tuple(rng.sample(points, 4)), (*others, leaky))
        if level == 2:
            third = rng.choice([("relu", 0.0), leaky, ("softplus", 2.0), ("step", 0.0)])
            return cls(tuple(rng.sample(logarithms, 3)), (("sigmoid", 0.0), ("tanh", 0.0), third))
        smooth = rng.choice(["gelu", "mish"])
        points = ["-1.5", "-1", "-0.5", "0.5", "1", "1.5"] if smooth == "gelu" else logarithms[1:]
        kinked = ("prelu", rng.choice([0.25, 1.5, 2.0]))
        rest = rng.sample([("silu", 0.0), ("softplus", 2.0), kinked], 2)
        return cls(tuple(rng.sample(points, 3)), (*rest, (smooth, 0.0)))

    def flaw(self) -> str | None:
        if not 2 <= len(self.points) <= 6 or not 1 <= len(self.functions) <= 4:
            return "two to six points and one to four functions are wanted"
        if len({name for name, _ in self.functions}) < len(self.functions):
            return "a function comes twice"
        try:
            xs = self.xs
        except ValueError:
            return "a point is a number or a logarithm, such as 0.5, ln 2 or -ln 3"
        if not all(abs(x) <= MOST_EXTREME_POINT for x in xs) or len({*xs}) < len(xs):
            return f"points are different and go from -{MOST_EXTREME_POINT} to {MOST_EXTREME_POINT}"
        return flaw_of(self.functions) or (None if min(xs) < 0 < max(xs) else "all points have the same sign")

    @property
    def xs(self) -> tuple[float, ...]:
        """The points as numbers."""
        return tuple(map(written_number, self.points))

    @property
    def latex_points(self) -> tuple[str, ...]:
        """The points in LaTeX."""
        return tuple(map(latex_number, self.points))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the functions."""
        return tuple(name for name, _ in self.functions)

    @property
    def symbols(self) -> tuple[str, ...]:
        """Each function of x in LaTeX."""
        return tuple(FUNCTIONS[name].latex.format("x") for name in self.names)

    @property
    def given_as(self) -> tuple[str, ...]:
        """The slope or scale of each function in LaTeX, or nothing."""
        return tuple(
            f"{symbol} = {parameter:g}" if (symbol := FUNCTIONS[name].parameter) else ""
            for name, parameter in self.functions
        )

    @property
    def formulas(self) -> tuple[tuple[str, ...], ...]:
        """For each function its definition in LaTeX for x, and then for each point."""
        arguments = ("x", *self.latex_points)
        return tuple(tuple(formula(f, argument) for argument in arguments) for f in self.functions)

    @property
    def curves(self) -> list[dict[str, Any]]:
        """The functions for a plot."""
        reach = max(1.0, *map(abs, self.xs)) * 1.2
        return [
            {"points": _plotted(function, reach), "label": label}
            for function, label in zip(self.functions, self.symbols, strict=True)
        ]

    @property
    def normal_values(self) -> tuple[tuple[float, float], ...]:
        """The sizes of the points with the standard normal distribution function."""
        return tuple((x, normal_distribution(x)) for x in sorted({*map(abs, self.xs)}))

    def answer(self) -> dict[str, Answer]:
        values = {
            f"{function[0]}{place}": activated(function, x)
            for function in self.functions
            for place, x in enumerate(self.xs, 1)
        }
        return {blank: Real(value, 3) for blank, value in values.items()}

    def _row(self, name: str, wrong: Callable[[float, float], float]) -> MistakeValues:
        """What the row of a function becomes by another rule for the point and the slope or scale."""
        parameter = dict(self.functions).get(name)
        if parameter is None:
            return None
        return {f"{name}{place}": wrong(x, parameter) for place, x in enumerate(self.xs, 1)}

    @mistake("The step function is 1 at 0 here: look at the convention in the question.")
    def step_is_zero_at_zero(self) -> MistakeValues:
        return self._row("step", lambda x, _: float(x > 0))

    @mistake("The step function jumps from 0 to 1; the sign has −1 on the left.")
    def step_as_sign(self) -> MistakeValues:
        return self._row("step", lambda x, _: float((x > 0) - (x < 0)))

    @mistake("The sign of a negative number is −1, not 0.")
    def sign_as_step(self) -> MistakeValues:
        return self._row("sign", lambda x, _: float(x > 0))

    @mistake("ReLU makes negative numbers 0; this is the absolute value.")
    def relu_abs(self) -> MistakeValues:
        return self._row("relu", lambda x, _: abs(x))

    @mistake("On the left, LeakyReLU multiplies by the slope that is given, not by another usual one.")
    def leaky_wrong_slope(self) -> MistakeValues:
        return self._row("leaky_relu", lambda x, a: x if x > 0 else x * (0.1 if a == 0.01 else 0.01))

    @mistake("LeakyReLU lets a negative number through, times the slope; ReLU makes it 0.")
    def leaky_as_relu(self) -> MistakeValues:
        return self._row("leaky_relu", lambda x, _: max(x, 0.0))

    @mistake("A negative number times a positive slope stays negative.")
    def leaky_loses_the_sign(self) -> MistakeValues:
        return self._row("leaky_relu", lambda x, a: max(x, -a * x))

    @mistake("PReLU takes ax for every negative x; max(ax, x) is the same only for slopes up to 1.")
    def prelu_as_max(self) -> MistakeValues:
        return self._row("prelu", lambda x, a: max(a * x, x))

    @mistake("The slope of PReLU belongs to the negative side; positive numbers stay as they are.")
    def prelu_slope_on_the_right(self) -> MistakeValues:
        return self._row("prelu", lambda x, a: a * x if x > 0 else x)

    @mistake("The sigmoid has the exponent −x: it is near 1 on the right.")
    def sigmoid_with_wrong_sign(self) -> MistakeValues:
        return self._row("sigmoid", lambda x, _: sigmoid(-x))

    @mistake("This is the sigmoid; tanh goes from −1 to 1 and is 0 at 0.")
    def tanh_as_sigmoid(self) -> MistakeValues:
        return self._row("tanh", lambda x, _: sigmoid(x))

    @mistake("tanh x is 2σ(2x) − 1: the argument is doubled as well.")
    def tanh_of_half(self) -> MistakeValues:
        return self._row("tanh", lambda x, _: 2 * sigmoid(x) - 1)

    @mistake("SoftPlus divides the logarithm by β, so that it comes near ReLU for large x.")
    def softplus_no_beta_division(self) -> MistakeValues:
        return self._row("softplus", lambda x, beta: beta * softplus(x, beta))

    @mistake("The argument of the exponential is βx.")
    def softplus_ignores_beta(self) -> MistakeValues:
        return self._row("softplus", lambda x, _: softplus(x))

    @mistake("SiLU multiplies the sigmoid by x.")
    def silu_is_sigmoid(self) -> MistakeValues:
        return self._row("silu", lambda x, _: sigmoid(x))

    @mistake("GELU multiplies the distribution function Φ(x) by x.")
    def gelu_is_distribution(self) -> MistakeValues:
        return self._row("gelu", lambda x, _: normal_distribution(x))

    @mistake("Φ(−x) is 1 − Φ(x): a table for positive numbers serves negative ones too.")
    def gelu_without_reflection(self) -> MistakeValues:
        return self._row("gelu", lambda x, _: x * normal_distribution(abs(x)))

    @mistake("Mish multiplies by x at the end.")
    def mish_without_factor(self) -> MistakeValues:
        return self._row("mish", lambda x, _: math.tanh(softplus(x)))

    @mistake("Mish takes tanh of SoftPlus(x) before it multiplies by x.")
    def mish_without_tanh(self) -> MistakeValues:
        return self._row("mish", lambda x, _: x * softplus(x))


class DerivativeValue(Question):
    """Derivatives of activation functions at a point.

    Level 1 has functions with a kink, level 2 the sigmoid and tanh, whose derivatives follow from their
    values, level 3 units with weight and bias, where the chain rule adds a factor.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, sections 3.10 and 6.3; torch.nn, section
    Non-linear Activations.
    """

    title = "Derivatives of activation functions"
    minutes = {1: 1, 2: 3, 3: 5}

    given_as: str
    """`kinked` and `smooth` functions at a point, or `units` of an input."""
    functions: tuple[Function, ...]
    points: tuple[str, ...]
    """For each function its pre-activation, or the input of the unit, such as `-2`, `0.5`, `ln 2`."""
    weight: int
    bias: int

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        smooth = [("sigmoid", 0.0), ("tanh", 0.0)]
        if level == 1:
            leaky, prelu = ("leaky_relu", rng.choice([0.01, 0.1, 0.2])), ("prelu", rng.choice([0.25, 2.0]))
            functions = rng.sample([leaky, prelu, ("relu", 0.0), ("identity", 0.0)], 4)
            points = rng.sample([*map(str, range(-4, 5))], 4)
            return cls("kinked", tuple(functions), tuple(points), 1, 0)
        if level == 2:
            logarithms = [f"{sign}ln {number}" for sign in ("", "-") for number in range(2, 9)]
            return cls("smooth", tuple(rng.sample(smooth, 2)), tuple(rng.sample(logarithms, 2)), 1, 0)
        functions = rng.sample([*smooth, ("silu", 0.0), ("softplus", 2.0)], 2)
        points = rng.sample(["-1.2", "-0.8", "-0.6", "-0.4", "0.4", "0.6", "0.8", "1.2"], 2)
        return cls("units", tuple(functions), tuple(points), rng.choice([-3, -2, 2, 3]), _nonzero(rng, 2))

    def flaw(self) -> str | None:
        if self.given_as not in DIFFERENTIATED:
            return f"given_as is one of {', '.join(DIFFERENTIATED)}"
        if not {*self.names} <= DIFFERENTIATED[self.given_as] or len({*self.names}) < len(self.names):
            return f"different functions of {', '.join(sorted(DIFFERENTIATED[self.given_as]))} are wanted"
        if not self.functions or len(self.points) != len(self.functions):
            return "a point is wanted for each function"
        if self.given_as != "units" and (self.weight, self.bias) != (1, 0):
            return "only units have a weight and a bias; they are 1 and 0 for the others"
        try:
            zs = self.zs
        except ValueError:
            return "a point is a number or a logarithm, such as 0.5, ln 2 or -ln 3"
        if not all(abs(z) <= MOST_EXTREME_POINT for z in (*zs, *self.xs)) or self.weight == 0:
            return f"points and pre-activations go from -{MOST_EXTREME_POINT} to {MOST_EXTREME_POINT}"
        if self.given_as != "kinked" and 0 in zs:
            return "smooth functions are not asked at 0"
        if reason := flaw_of(self.functions):
            return reason
        if self.given_as != "kinked" and min(map(abs, self.slopes)) < SATURATED:
            return "a function is saturated"
        return None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the functions."""
        return tuple(name for name, _ in self.functions)

    @property
    def xs(self) -> tuple[float, ...]:
        """The points as numbers."""
        return tuple(map(written_number, self.points))

    @property
    def zs(self) -> tuple[float, ...]:
        """The pre-activations."""
        return tuple(self.weight * x + self.bias for x in self.xs)

    @property
    def values(self) -> tuple[float, ...]:
        """The functions at the pre-activations."""
        return tuple(activated(function, z) for function, z in zip(self.functions, self.zs, strict=True))

    @property
    def slopes(self) -> tuple[float, ...]:
        """The derivatives at the pre-activations."""
        return tuple(slope(function, z) for function, z in zip(self.functions, self.zs, strict=True))

    @property
    def latex_points(self) -> tuple[str, ...]:
        """The points in LaTeX."""
        return tuple(map(latex_number, self.points))

    @property
    def symbols(self) -> tuple[str, ...]:
        """Each function of z in LaTeX, with its slope or scale."""
        return tuple(
            FUNCTIONS[name].latex.format("z") + (f",\\; {FUNCTIONS[name].parameter} = {p:g}" if p else "")
            for name, p in self.functions
        )

    @property
    def curves(self) -> list[dict[str, Any]]:
        """The derivatives for a plot."""
        reach = max(2.0, *map(abs, self.zs)) * 1.2
        xs = [reach * step / 40 for step in range(-40, 41)]
        labels = (FUNCTIONS[name].latex.format("z").replace("(", "'(") for name in self.names)
        return [
            {"points": [(x, slope(function, x)) for x in xs], "label": f"${label}$"}
            for function, label in zip(self.functions, labels, strict=True)
        ]

    @property
    def asked(self) -> tuple[tuple[float, float], ...]:
        """The points of these curves that are asked."""
        return tuple(zip(self.zs, self.slopes, strict=True))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.given_as == "kinked":
            return {"slopes": Vector(self.slopes, 3)}
        keys: dict[str, Answer] = {}
        for place, (function, z) in enumerate(zip(self.functions, self.zs, strict=True), 1):
            if self.given_as == "smooth":
                value = activated(function, z)
                keys[f"value{place}"] = Real(value, 4)
                own_value = given(f"value{place}", value)
                from_value = 1 - own_value**2 if function[0] == "tanh" else own_value * (1 - own_value)
                keys[f"slope{place}"] = Real(from_value, 4)
            else:
                keys[f"z{place}"] = Real(z, 4)
                at_own_z = slope(function, given(f"z{place}", z))
                keys[f"slope{place}"] = Real(at_own_z, 4)
                keys[f"derivative{place}"] = Real(self.weight * given(f"slope{place}", at_own_z), 4)
        return keys

    def _with_slopes(self, *names: str, wrong: Callable[[Function, float], float]) -> MistakeValues:
        """What follows from another rule for the derivatives of these functions."""
        slopes = [
            wrong(function, z) if function[0] in names else right
            for function, z, right in zip(self.functions, self.zs, self.slopes, strict=True)
        ]
        if self.given_as == "kinked":
            return {"slopes": tuple(slopes)}
        return self.consequences(**{f"slope{place}": value for place, value in enumerate(slopes, 1)})

    @mistake("The derivative of ReLU is 1 where ReLU lets the number through, not the number itself.")
    def relu_prime_returns_x(self) -> MistakeValues:
        return self._with_slopes("relu", wrong=activated)

    @mistake("The derivative of the identity is 1 everywhere.")
    def identity_prime_returns_x(self) -> MistakeValues:
        return self._with_slopes("identity", wrong=activated)

    @mistake("On the left the derivative is the slope a, not the value az.")
    def leaky_prime_returns_value(self) -> MistakeValues:
        return self._with_slopes("leaky_relu", "prelu", wrong=lambda f, z: 1.0 if z > 0 else f[1] * z)

    @mistake("On the left a leaky ReLU has the derivative a; that of ReLU is 0.")
    def leaky_as_relu(self) -> MistakeValues:
        return self._with_slopes("leaky_relu", "prelu", wrong=lambda _, z: float(z > 0))

    @mistake("At 0 the derivative from the left is wanted.")
    def derivative_from_the_right(self) -> MistakeValues:
        return self._with_slopes(
            "relu", "leaky_relu", "prelu", wrong=lambda f, z: 1.0 if z == 0 else slope(f, z)
        )

    @mistake("This is the value of σ; its derivative is σ(1 − σ).")
    def sigma_prime_as_sigma(self) -> MistakeValues:
        return self._with_slopes("sigmoid", wrong=activated)

    @mistake("The derivative of tanh is 1 − tanh²; t(1 − t) belongs to the sigmoid.")
    def tanh_like_sigmoid(self) -> MistakeValues:
        return self._with_slopes("tanh", wrong=lambda _, z: math.tanh(z) * (1 - math.tanh(z)))

    @mistake("The derivative of the sigmoid is y(1 − y); 1 − y² belongs to tanh.")
    def sigmoid_like_tanh(self) -> MistakeValues:
        return self._with_slopes("sigmoid", wrong=lambda _, z: 1 - sigmoid(z) ** 2)

    @mistake("The derivative is taken at the pre-activation z; this is it at the activation.")
    def evaluates_at_activation(self) -> MistakeValues:
        return self._with_slopes(
            "sigmoid", "tanh", "silu", "softplus", wrong=lambda f, z: slope(f, activated(f, z))
        )

    @mistake("SiLU is a product: its derivative is σ(z) + zσ′(z), not σ(z) alone.")
    def silu_prime_as_sigmoid(self) -> MistakeValues:
        return self._with_slopes("silu", wrong=lambda _, z: sigmoid(z))

    @mistake("A product is differentiated factor by factor: the term σ(z) is missing.")
    def silu_prime_without_first_term(self) -> MistakeValues:
        return self._with_slopes("silu", wrong=lambda _, z: z * sigmoid(z) * sigmoid(-z))

    @mistake("The factor β of the inner derivative and the division by β cancel: σ(βz) remains.")
    def softplus_keeps_beta(self) -> MistakeValues:
        return self._with_slopes("softplus", wrong=lambda f, z: f[1] * slope(f, z))

    @mistake("The derivative of SoftPlus is the sigmoid of βz, not of z.")
    def softplus_ignores_beta(self) -> MistakeValues:
        return self._with_slopes("softplus", wrong=lambda _, z: sigmoid(z))

    @mistake("Add the bias to the weighted input before the function is applied.")
    def forgets_bias(self) -> MistakeValues:
        return self._with_inputs(lambda x: self.weight * x)

    @mistake("The function is applied to wx + b, so its derivative is taken there, not at x.")
    def evaluates_at_input(self) -> MistakeValues:
        return self._with_inputs(lambda x: x)

    def _with_inputs(self, wrong: Callable[[float], float]) -> MistakeValues:
        if self.given_as != "units":
            return None
        return self.consequences(**{f"z{place}": wrong(x) for place, x in enumerate(self.xs, 1)})

    @mistake("The chain rule multiplies by the derivative of wx + b, which is the weight.")
    def forgets_chain_factor(self) -> MistakeValues:
        return self._with_factors([1.0] * len(self.xs))

    @mistake("The derivative with respect to the input has the factor w; the factor x belongs to that for w.")
    def differentiates_for_the_weight(self) -> MistakeValues:
        return self._with_factors(self.xs)

    def _with_factors(self, factors: Iterable[float]) -> MistakeValues:
        if self.given_as != "units":
            return None
        pairs = enumerate(zip(factors, self.slopes, strict=True), 1)
        return {f"derivative{place}": factor * right for place, (factor, right) in pairs}


class SoftmaxJacobian(Question):
    """Jacobian of the softmax, and what it does to a gradient.

    At level 1 a row of the Jacobian is asked for given probabilities, at level 2 the whole of it for given
    logits, at level 3 a gradient is passed back through a softmax with temperature.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.2.2.3; Hinton, Vinyals & Dean 2015,
    Distilling the knowledge in a neural network, section 2.
    """

    title = "Derivatives of the softmax"
    minutes = {1: 2, 2: 4, 3: 5}

    odds: tuple[int, ...]
    """What the probabilities are proportional to; the logits are their logarithms, times the temperature."""
    given_as: str
    """`probabilities`, `logits`, or `gradient`, which has logits as well."""
    row: int
    """The row of the Jacobian that is asked for given probabilities, from 1."""
    offset: int
    """What is added to all logits."""
    temperature: int
    gradient: tuple[int, ...]
    """The gradient of the loss with respect to the probabilities; none where it is not asked."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            odds = rng.sample(range(1, 8), 3)
            return cls(tuple(odds), "probabilities", rng.randint(1, 3), 0, 1, ())
        if level == 2:
            odds = rng.sample(range(1, 9), 3)
            return cls(tuple(odds), "logits", 0, rng.choice([0, 0, 10, 100]), 1, ())
        odds = rng.sample(range(1, 7), rng.choice([3, 3, 4]))
        gradient = tuple(rng.sample(range(-4, 5), len(odds)))
        return cls(tuple(odds), "gradient", 0, 0, rng.choice([2, 3, 4]), gradient)

    def flaw(self) -> str | None:
        if self.given_as not in {"probabilities", "logits", "gradient"}:
            return "given_as is probabilities, logits or gradient"
        if not 2 <= len(self.odds) <= 5 or not all(1 <= part <= 20 for part in self.odds):
            return "two to five odds from 1 to 20 are wanted"
        if len({*self.odds}) < len(self.odds):
            return "two classes are equally probable"
        if self.row not in (range(1, len(self.odds) + 1) if self.given_as == "probabilities" else [0]):
            return "a row is asked for given probabilities, counted from 1, and is 0 otherwise"
        if not 0 <= self.offset <= 1000 or not 1 <= self.temperature <= 10:
            return "the offset goes from 0 to 1000, the temperature from 1 to 10"
        if self.given_as != "gradient" and (self.temperature != 1 or self.gradient):
            return "temperature and gradient belong together"
        if self.given_as == "gradient" and len(self.gradient) != len(self.odds):
            return "the gradient has an entry for each class"
        if self.gradient and (len({*self.gradient}) == 1 or any(abs(g) > 20 for g in self.gradient)):
            return "the gradient's entries are equal, or larger than 20"
        return None

    @property
    def total(self) -> int:
        """The sum of the odds."""
        return sum(self.odds)

    @property
    def probabilities(self) -> tuple[float, ...]:
        """The softmax."""
        return tuple(part / self.total for part in self.odds)

    @property
    def fractions(self) -> tuple[str, ...]:
        """The probabilities in LaTeX."""
        parts = (Fraction(part, self.total) for part in self.odds)
        return tuple(rf"\frac{{{part.numerator}}}{{{part.denominator}}}" for part in parts)

    @property
    def logits(self) -> tuple[float, ...]:
        """The logits as numbers."""
        return tuple(self.offset + self.temperature * math.log(part) for part in self.odds)

    @property
    def latex_logits(self) -> tuple[str, ...]:
        """The logits in LaTeX."""
        factor = str(self.temperature) if self.temperature > 1 else ""
        start = f"{self.offset} + " if self.offset else ""
        return tuple(f"{start}{factor}\\ln {part}" if part > 1 else str(self.offset) for part in self.odds)

    @property
    def inner(self) -> float:
        """The mean of the gradient's entries under the probabilities."""
        return dot(self.probabilities, self.gradient) if self.gradient else 0.0

    @property
    def gradient_z(self) -> tuple[float, ...]:
        """The gradient with respect to the logits, if that with respect to the probabilities is given."""
        shares = zip(self.probabilities[: len(self.gradient)], self.gradient, strict=True)
        return tuple(p * (g - self.inner) / self.temperature for p, g in shares)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.given_as == "probabilities":
            return {"row": Vector(_jacobian(self.probabilities)[self.row - 1], 4)}
        keys: dict[str, Answer] = {"probabilities": Vector(self.probabilities, 4)}
        own = given("probabilities", self.probabilities)
        if self.given_as == "logits":
            return keys | {"jacobian": Matrix(_jacobian(own), 4)}
        mean = dot(own, self.gradient)
        own_mean = given("mean", mean)
        backward = tuple(
            p * (g - own_mean) / self.temperature for p, g in zip(own, self.gradient, strict=True)
        )
        return keys | {"mean": Real(mean, 4), "gradient_z": Vector(backward, 4)}

    def _with(self, entry: Callable[[int, int], float]) -> MistakeValues:
        """What follows from another rule for the entries of the Jacobian, here without the temperature."""
        places = range(len(self.odds))
        jacobian = tuple(tuple(entry(i, j) for j in places) for i in places)
        if self.given_as == "probabilities":
            return {"row": jacobian[self.row - 1]}
        if self.given_as == "logits":
            return {"jacobian": jacobian}
        passed = (dot(column, self.gradient) / self.temperature for column in transposed(jacobian))
        return {"gradient_z": tuple(passed)}

    @mistake("A logit changes the other probabilities too: the entries beside the diagonal are −p_i p_j.")
    def diagonal_only(self) -> MistakeValues:
        p = self.probabilities
        return self._with(lambda i, j: p[i] * (1 - p[i]) if i == j else 0.0)

    @mistake(
        "A larger logit makes the other probabilities smaller: the entries beside the diagonal are negative."
    )
    def sign_off_diagonal(self) -> MistakeValues:
        p = self.probabilities
        return self._with(lambda i, j: p[i] * (1 - p[i]) if i == j else p[i] * p[j])

    @mistake("The formula p_i(1 − p_j) holds on the diagonal only; beside it the entries are −p_i p_j.")
    def diagonal_formula_everywhere(self) -> MistakeValues:
        p = self.probabilities
        return self._with(lambda i, j: p[i] * (1 - p[j]))

    @mistake("On the diagonal p_i is added to −p_i², as the numerator of the softmax depends on z_i as well.")
    def forgets_the_numerator(self) -> MistakeValues:
        p = self.probabilities
        return self._with(lambda i, j: -p[i] * p[j])

    @mistake("The softmax of z/T has the inner derivative 1/T: divide by the temperature.")
    def scaled_by_temperature(self) -> MistakeValues:
        return self._scaled(self.temperature**2)

    @mistake("The logits are divided by the temperature, so the chain rule gives a factor 1/T.")
    def ignores_inner_derivative(self) -> MistakeValues:
        return self._scaled(self.temperature)

    def _scaled(self, factor: float) -> MistakeValues:
        if self.given_as != "gradient":
            return None
        return {"gradient_z": tuple(factor * entry for entry in self.gradient_z)}

    @mistake("The logits are divided by the temperature before the exponential is taken.")
    def softmax_without_temperature(self) -> MistakeValues:
        if self.given_as != "gradient":
            return None
        powers = [part**self.temperature for part in self.odds]
        return self.consequences(probabilities=tuple(power / sum(powers) for power in powers))

    @mistake("The softmax divides the exponentials of the logits by their sum, not the logits themselves.")
    def no_exponential(self) -> MistakeValues:
        if self.given_as == "probabilities":
            return None
        return self.consequences(probabilities=tuple(z / sum(self.logits) for z in self.logits))

    @mistake("The mean weighs each entry of the gradient by its probability.")
    def plain_mean(self) -> MistakeValues:
        if self.given_as != "gradient":
            return None
        return self.consequences(mean=sum(self.gradient) / len(self.gradient))


class VanishingChain(Question):
    """Gradient that reaches the first of several layers of one unit each.

    Level 1 asks for a bound and the depth at which it vanishes, level 2 for the product of the derivatives,
    level 3 for layers of different kinds, with and without residual connections.

    Source: Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural networks;
    Goodfellow, Bengio & Courville 2016, Deep Learning, section 8.2.5; He et al. 2016, Identity mappings in
    deep residual networks, section 2.
    """

    title = "Gradient through many layers"
    minutes = {1: 2, 2: 4, 3: 6}

    given_as: str
    """`bound` for sigmoid layers with unknown pre-activations, `layers`, or `residual` layers."""
    functions: tuple[Function, ...]
    weights: tuple[float, ...]
    points: tuple[str, ...]
    """The pre-activations, such as `0`, `0.5` and `-ln 3`; none where a bound is asked."""
    power: int
    """The bound is to fall below 10 to the minus this power; 0 where it is not asked."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        sigmoid_layer, tanh_layer, relu_layer = ("sigmoid", 0.0), ("tanh", 0.0), ("relu", 0.0)
        if level == 1:
            depth, weight = rng.randint(2, 4), rng.choice([0.5, 0.8, 1, 1.2, 1.6, 2, 2.4, 3, -1, -2, -3])
            return cls("bound", (sigmoid_layer,) * depth, (weight,) * depth, (), rng.randint(2, 5))
        logarithms = ["0", *(f"{sign}ln {number}" for sign in ("", "-") for number in (2, 3, 4))]
        if level == 2:
            function = rng.choice([sigmoid_layer, tanh_layer])
            weights = tuple(rng.choice([-4, -3, -2, 2, 3, 4]) for _ in range(3))
            return cls("layers", (function,) * 3, weights, tuple(rng.choices(logarithms, k=3)), 0)
        layers = [*zip((sigmoid_layer, tanh_layer), rng.sample(logarithms, 2), strict=True)]
        layers.append((relu_layer, f"ln {rng.randint(2, 4)}"))
        functions, points = zip(*rng.sample(layers, 3), strict=True)
        weights = tuple(rng.choice([-3, -2, -1, 1, 2, 3]) for _ in functions)
        return cls("residual", functions, weights, points, 0)

    def flaw(self) -> str | None:
        if self.given_as not in {"bound", "layers", "residual"}:
            return "given_as is bound, layers or residual"
        if not 2 <= len(self.weights) <= 6 or len(self.functions) != len(self.weights):
            return "two to six layers are wanted, each with a function and a weight"
        if not all(0.1 <= abs(weight) <= 10 for weight in self.weights):
            return "weights have sizes from 0.1 to 10"
        if not printable(self.weights):
            return "a weight has more than four decimals"
        if reason := flaw_of(self.functions):
            return reason
        if not {name for name, _ in self.functions} <= {"sigmoid", "tanh", "relu"}:
            return "the functions are sigmoid, tanh and relu"
        return self._bound_flaw() if self.given_as == "bound" else self._layers_flaw()

    def _bound_flaw(self) -> str | None:
        if {*self.functions} != {("sigmoid", 0.0)} or len({*self.weights}) > 1 or self.points:
            return "a bound is asked of sigmoid layers with one weight and no pre-activations"
        if not 1 <= self.power <= 9 or abs(self.weights[0]) > 3.5:
            return "the power goes from 1 to 9, and the weight to 3.5"
        if self._depth(STEEPEST) == len(self.weights):
            return "the depth that is asked is the given one"
        return None

    def _layers_flaw(self) -> str | None:
        try:
            zs = self.zs
        except ValueError:
            return "a pre-activation is a number or a logarithm, such as 0.5, ln 2 or -ln 3"
        if len(zs) != len(self.weights) or not all(abs(z) <= MOST_EXTREME_POINT for z in zs) or self.power:
            return f"each layer has a pre-activation up to {MOST_EXTREME_POINT}, and no power is given"
        if any(f[0] == "relu" and z <= 0 for f, z in zip(self.functions, zs, strict=True)):
            return "a ReLU is not active"
        gradients = [self._product(self.slopes)]
        if self.given_as == "residual":
            gradients.append(self._product(self.slopes, skip=1))
        if min(map(abs, gradients)) < SATURATED:
            return "the gradient has vanished altogether"
        return None

    @property
    def depth(self) -> int:
        """The number of layers."""
        return len(self.weights)

    @property
    def zs(self) -> tuple[float, ...]:
        """The pre-activations as numbers."""
        return tuple(map(written_number, self.points))

    @property
    def latex_points(self) -> tuple[str, ...]:
        """The pre-activations in LaTeX."""
        return tuple(map(latex_number, self.points))

    @property
    def symbols(self) -> tuple[str, ...]:
        """The function of each layer in LaTeX."""
        return tuple(FUNCTIONS[name].latex.format("z") for name, _ in self.functions)

    @property
    def slopes(self) -> tuple[float, ...]:
        """The derivative of each layer's function."""
        if self.given_as == "bound":
            return (STEEPEST,) * self.depth
        return tuple(slope(function, z) for function, z in zip(self.functions, self.zs, strict=True))

    @property
    def activations(self) -> tuple[float, ...]:
        """The value of each layer's function, where pre-activations are given."""
        functions = self.functions if self.points else ()
        return tuple(activated(function, z) for function, z in zip(functions, self.zs, strict=True))

    @property
    def exact_depth(self) -> float:
        """The number of layers at which the bound would reach the wanted power."""
        return -self.power / math.log10(abs(self.factors[0])) if self.power else 0.0

    @property
    def factors(self) -> tuple[float, ...]:
        """Each layer's factor, its weight times the derivative."""
        return tuple(weight * s for weight, s in zip(self.weights, self.slopes, strict=True))

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.given_as == "bound":
            own_slope = given("slope", STEEPEST)
            bound = abs(own_slope * self.weights[0]) ** self.depth
            return {
                "slope": Real(STEEPEST, 4),
                "bound": Real(bound, 4),
                "depth": Integer(self._depth(own_slope)),
            }
        own_slopes = given("slopes", self.slopes)
        keys = {"slopes": Vector(self.slopes, 4), "gradient": Real(self._product(own_slopes), 4)}
        if self.given_as == "residual":
            keys["residual"] = Real(self._product(own_slopes, skip=1), 4)
        return keys

    def _product(self, slopes: Iterable[float], skip: int = 0) -> float:
        """The gradient if each layer has such a derivative, with the skip's 1 added or not."""
        return math.prod(skip + weight * s for weight, s in zip(self.weights, slopes, strict=True))

    def _depth(self, steepest: float) -> int:
        """The smallest number of layers for which the bound is below the wanted power.

        Raises:
            ValueError: the bound does not become smaller.
        """
        factor = abs(steepest * self.weights[0])
        if not 0 < factor < 0.99:
            raise ValueError("the bound does not become smaller from layer to layer")
        return math.floor(-self.power / math.log10(factor)) + 1

    def _with_slopes(self, slopes: Iterable[float]) -> MistakeValues:
        if self.given_as == "bound":
            return None
        return self.consequences(slopes=tuple(slopes))

    @mistake("The chain rule multiplies the factors of the layers; it does not add them.")
    def sum_not_product(self) -> MistakeValues:
        total = sum(self.factors)
        return {"bound": abs(total)} if self.given_as == "bound" else {"gradient": total}

    @mistake("Each layer contributes its weight as well as the derivative of its function.")
    def forgets_weights(self) -> MistakeValues:
        product = math.prod(self.slopes)
        return {"bound": product} if self.given_as == "bound" else {"gradient": product}

    @mistake("The derivatives of the functions are multiplied, not their values.")
    def uses_activation_not_derivative(self) -> MistakeValues:
        if self.given_as == "bound":
            return None
        return self._with_slopes(self.activations)

    @mistake("The derivative of the sigmoid is σ(1 − σ): at 0, where it is largest, it is 1/4, not 1/2.")
    def bound_half(self) -> MistakeValues:
        if self.given_as != "bound":
            return None
        return {"slope": 0.5, "bound": abs(0.5 * self.weights[0]) ** self.depth}

    @mistake("There is a factor for each layer, also for the last one.")
    def forgets_a_layer(self) -> MistakeValues:
        if self.given_as != "bound":
            return None
        return {"bound": abs(self.factors[0]) ** (self.depth - 1)}

    @mistake("With so many layers the bound is not yet below the wanted number: round up.")
    def rounds_depth_down(self) -> MistakeValues:
        return {"depth": self._depth(STEEPEST) - 1} if self.given_as == "bound" else None

    @mistake("The derivative of tanh is 1 − tanh²; t(1 − t) belongs to the sigmoid.")
    def tanh_like_sigmoid(self) -> MistakeValues:
        if ("tanh", 0.0) not in self.functions:
            return None
        return self._with_slopes(
            math.tanh(z) * (1 - math.tanh(z)) if f[0] == "tanh" else slope(f, z)
            for f, z in zip(self.functions, self.zs, strict=True)
        )

    @mistake("Mind the signs of the weights.")
    def loses_signs(self) -> MistakeValues:
        return None if self.given_as == "bound" else {"gradient": abs(self._product(self.slopes))}

    @mistake("A residual connection adds 1 to the factor of each layer, before the factors are multiplied.")
    def adds_one_to_the_product(self) -> MistakeValues:
        return {"residual": 1 + self._product(self.slopes)} if self.given_as == "residual" else None

    @mistake("The 1 of the residual connection is added to w f′(z), not to f′(z).")
    def weights_the_skip(self) -> MistakeValues:
        if self.given_as != "residual":
            return None
        return {"residual": self._product(1 + s for s in self.slopes)}


def _one_rule(rng: Random) -> str:
    """A multiple of an elementary function, perhaps with a constant beside it."""
    function = rng.choice(
        [
            f"x^{rng.randint(2, 7)}",
            f"1/x^{rng.randint(2, 4)}",
            f"{rng.choice([2, 3, 5, 10])}^x",
            *(f"{name}(x)" for name in ("sqrt", "exp", "ln", "sin", "cos", "sigmoid", "tanh")),
        ]
    )
    factor, constant = _nonzero(rng, 9), rng.choice([0, 0, _nonzero(rng, 9)])
    product = f"{factor}/{function[2:]}" if function.startswith("1/") else _times(factor, function)
    return _plus(product, constant)


def _two_rules(rng: Random) -> str:
    """A product, a quotient, or one function in another."""
    name = rng.choice(["exp", "sin", "cos", "tanh", "sigmoid"])
    smooth = rng.choice(["exp", "sin", "cos"])
    scaled = _times(_nonzero(rng, 4) if name == "exp" else rng.randint(1, 4), "x")
    step = f"{name}({scaled})"
    return rng.choice(
        [
            f"{_times(rng.choice([1, 1, -1, 2, 3]), _power(rng, 4))}*{step}",
            f"({_linear(rng, 'x')})*{step}",
            f"{_power(rng, 3)}*ln({_times(rng.randint(1, 5), 'x')})",
            f"{_power(rng, 4)}*exp({_linear(rng, 'x')})",
            f"({_linear(rng, 'x')})/(x^2 + {rng.randint(1, 9)})",
            f"{step}/{_power(rng, 3)}",
            f"{_times(rng.randint(1, 5), 'ln(x)')}/{_power(rng, 4)}",
            f"({_linear(rng, 'x')})^{rng.randint(3, 6)}",
            f"{smooth}({_plus(_times(_nonzero(rng, 3), 'x^2'), _nonzero(rng, 5))})",
            f"{rng.choice(['ln', 'sqrt'])}({_plus(_times(rng.randint(1, 4), 'x^2'), rng.randint(1, 9))})",
        ]
    )


def _through_a_network(rng: Random) -> str:
    """An activation function or the loss of a unit with weight and bias."""
    unit = rng.choice(["z", _linear(rng, "z"), _linear(rng, "z"), _linear(rng, "z")])
    scaled = _times(rng.randint(1, 6), "z")
    weight = rng.choice([1, 2, 3, 4])
    return rng.choice(
        [
            f"{_times(-weight, 'y')}*ln(sigmoid({unit})) - (1 - y)*ln(1 - sigmoid({unit}))",
            f"(sigmoid({unit}) - y)^2/2",
            f"(tanh({unit}) - y)^2/2",
            f"softplus({unit}) - y*({unit})",
            f"z*sigmoid({unit})",
            f"{_times(_nonzero(rng, 4), 'z')}*sigmoid({scaled})",
            f"ln(sigmoid({unit}))",
            f"-ln(1 - sigmoid({unit}))",
            f"softplus({unit})^2",
            f"z*tanh({unit})",
            f"z*softplus({unit})",
            f"tanh({unit})^{rng.randint(2, 4)}",
            f"sigmoid({unit})^{rng.randint(2, 4)}",
            f"z*tanh(softplus({scaled}))",
            f"tanh({_times(weight, 'z')})*sigmoid({scaled})",
            f"ln(1 + exp({unit}) + exp({scaled}))",
        ]
    )


def _power(rng: Random, most: int) -> str:
    exponent = rng.randint(1, most)
    return "x" if exponent == 1 else f"x^{exponent}"


def _nonzero(rng: Random, most: int) -> int:
    return rng.choice([-1, 1]) * rng.randint(1, most)


def _times(factor: int, text: str) -> str:
    return text if factor == 1 else f"-{text}" if factor == -1 else f"{factor}*{text}"


def _plus(text: str, constant: int) -> str:
    if text.startswith("-") and constant > 0:
        return f"{constant} - {text[1:]}"
    return text if constant == 0 else f"{text} {'-' if constant < 0 else '+'} {abs(constant)}"


def _linear(rng: Random, variable: str) -> str:
    """A weight times the variable, and a bias."""
    return _plus(_times(_nonzero(rng, 4), variable), _nonzero(rng, 5))


def _domain(function: str, name: str) -> Domain:
    """Where a drawn function has a value."""
    if name == "y":
        return "unit"
    if re.search(rf"(ln|sqrt)\(([0-9]+\*)?{name}\)", function):
        return "positive"
    return "nonzero" if f"/{name}" in function else "real"


def _nodes(tree: Node) -> Iterator[Node]:
    """All parts of a tree, the inner ones first."""
    for child in children(tree):
        yield from _nodes(child)
    yield tree


def _numbers(tree: Node) -> list[Fraction]:
    return [node.value for node in _nodes(tree) if isinstance(node, Number)]


def _plotted(function: Function, reach: float) -> list[tuple[float, float]]:
    """Points of a function from -reach to reach, with the two sides of 0 close together."""
    xs = [reach * step / 40 for step in range(-40, 41) if step]
    near = [-1e-6, 1e-6]
    return [(x, activated(function, x)) for x in sorted([*xs, *near])]


def _jacobian(probabilities: Row) -> tuple[tuple[float, ...], ...]:
    """The derivatives of the softmax, a row for each probability."""
    return tuple(
        tuple(p * ((i == j) - q) for j, q in enumerate(probabilities)) for i, p in enumerate(probabilities)
    )
