"""Activation functions as numbers: values, derivatives, and how they are written."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..numbers import printable

Function = tuple[str, float]
"""A name of FUNCTIONS, and the slope or scale that belongs to it; 0 where there is none."""


def sigmoid(x: float) -> float:
    """The logistic function."""
    return 1 / (1 + math.exp(-x))


def normal_distribution(x: float) -> float:
    """The distribution function of the standard normal distribution."""
    return (1 + math.erf(x / math.sqrt(2))) / 2


def normal_density(x: float) -> float:
    """The density of the standard normal distribution."""
    return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def softplus(x: float, beta: float = 1) -> float:
    """A smooth ReLU; the larger beta is, the nearer it comes."""
    return math.log(1 + math.exp(beta * x)) / beta


def _silu_slope(x: float, _: float) -> float:
    return sigmoid(x) * (1 + x * (1 - sigmoid(x)))


def _mish_slope(x: float, _: float) -> float:
    inner = math.tanh(softplus(x))
    return inner + x * (1 - inner**2) * sigmoid(x)


@dataclass(frozen=True)
class Activation:
    """A function of a number and of the slope or scale that belongs to it.

    Attributes:
        value: the function.
        derivative: its derivative; at a kink that of PyTorch, which takes the slope on the left.
        latex: its name in LaTeX, where `{}` is the argument.
        formula: its definition in LaTeX, with `?` for the argument, `@` for the argument as a factor, and
            `#` for the slope or scale.
        parameter: the symbol of the slope or scale, or nothing.
    """

    value: Callable[[float, float], float]
    derivative: Callable[[float, float], float]
    latex: str
    formula: str
    parameter: str = ""


_LEAKY = r"\max(0, ?) + # \cdot \min(0, ?)"

FUNCTIONS = {
    "step": Activation(
        lambda x, _: float(x >= 0), lambda x, _: 0.0, "H({})", r"1 \text{ if } ? \ge 0, \text{ else } 0"
    ),
    "sign": Activation(
        lambda x, _: float((x > 0) - (x < 0)),
        lambda x, _: 0.0,
        r"\operatorname{{sign}}({})",
        r"\text{sign of } {?}",
    ),
    "identity": Activation(lambda x, _: x, lambda x, _: 1.0, r"\text{{identity}}({})", "?"),
    "relu": Activation(
        lambda x, _: max(x, 0.0), lambda x, _: float(x > 0), r"\operatorname{{ReLU}}({})", r"\max(0, ?)"
    ),
    "leaky_relu": Activation(
        lambda x, a: x if x > 0 else a * x,
        lambda x, a: 1.0 if x > 0 else a,
        r"\operatorname{{LeakyReLU}}({})",
        _LEAKY,
        "a",
    ),
    "prelu": Activation(
        lambda x, a: x if x > 0 else a * x,
        lambda x, a: 1.0 if x > 0 else a,
        r"\operatorname{{PReLU}}({})",
        _LEAKY,
        "a",
    ),
    "sigmoid": Activation(
        lambda x, _: sigmoid(x),
        lambda x, _: sigmoid(x) * (1 - sigmoid(x)),
        r"\sigma({})",
        r"\frac{1}{1 + e^{-@}}",
    ),
    "tanh": Activation(
        lambda x, _: math.tanh(x),
        lambda x, _: 1 - math.tanh(x) ** 2,
        r"\tanh({})",
        r"\frac{e^{?} - e^{-@}}{e^{?} + e^{-@}}",
    ),
    "softplus": Activation(
        softplus,
        lambda x, beta: sigmoid(beta * x),
        r"\operatorname{{SoftPlus}}({})",
        r"\frac{1}{#} \ln(1 + e^{# \cdot @})",
        r"\beta",
    ),
    "silu": Activation(
        lambda x, _: x * sigmoid(x), _silu_slope, r"\operatorname{{SiLU}}({})", r"@ \cdot \sigma(?)"
    ),
    "mish": Activation(
        lambda x, _: x * math.tanh(softplus(x)),
        _mish_slope,
        r"\operatorname{{Mish}}({})",
        r"@ \cdot \tanh(\operatorname{SoftPlus}(?))",
    ),
    "gelu": Activation(
        lambda x, _: x * normal_distribution(x),
        lambda x, _: normal_distribution(x) + x * normal_density(x),
        r"\operatorname{{GELU}}({})",
        r"@ \cdot \Phi(?)",
    ),
}
"""All functions by PyTorch's name for them."""


def activated(function: Function, x: float) -> float:
    """The value of a function."""
    name, parameter = function
    return FUNCTIONS[name].value(x, parameter)


def slope(function: Function, x: float) -> float:
    """The derivative of a function."""
    name, parameter = function
    return FUNCTIONS[name].derivative(x, parameter)


def formula(function: Function, argument: str = "x") -> str:
    """The definition of a function in LaTeX, with an argument and the slope or scale in place."""
    name, parameter = function
    factor = f"({argument})" if argument.startswith("-") else argument
    text = FUNCTIONS[name].formula.replace("#", f"{parameter:g}")
    return text.replace("?", argument).replace("@", factor)


def flaw_of(functions: Iterable[Function]) -> str | None:
    """Why these are no functions, or None."""
    for name, parameter in functions:
        if name not in FUNCTIONS:
            return f"a function is one of {', '.join(FUNCTIONS)}"
        if FUNCTIONS[name].parameter and not 0 < parameter <= 10:
            return "slopes and scales are positive and at most 10"
        if not printable([parameter]):
            return "a slope or scale has more than four decimals"
        if not FUNCTIONS[name].parameter and parameter != 0:
            return "only leaky_relu, prelu and softplus have a parameter; it is 0 for the others"
    return None
