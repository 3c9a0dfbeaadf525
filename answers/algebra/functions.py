"""The functions that an expression may call, each written once for every arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Function:
    """A function of one argument, or of two or more.

    Attributes:
        name: how the plain syntax writes it.
        latex: how a formula writes it.
        value: its value, given elementary functions (real ones or SymPy's, under SymPy's names) and the
            arguments.
        aliases: other names under which it is read.
        several: whether it takes two or more arguments.
    """

    name: str
    latex: str
    value: Callable[..., Any]
    aliases: tuple[str, ...] = ()
    several: bool = False


_TABLE = (
    Function("exp", r"\exp", lambda m, x: m.exp(x)),
    Function("ln", r"\ln", lambda m, x: m.log(x), ("log",)),
    Function("log2", r"\log_{2}", lambda m, x: m.log(x) / m.log(2)),
    Function("log10", r"\log_{10}", lambda m, x: m.log(x) / m.log(10)),
    Function("sqrt", r"\sqrt", lambda m, x: m.sqrt(x)),
    Function("abs", r"\operatorname{abs}", lambda m, x: m.Abs(x)),
    Function("sign", r"\operatorname{sign}", lambda m, x: m.sign(x), ("sgn", "signum")),
    Function("sin", r"\sin", lambda m, x: m.sin(x)),
    Function("cos", r"\cos", lambda m, x: m.cos(x)),
    Function("tan", r"\tan", lambda m, x: m.tan(x)),
    Function("cot", r"\cot", lambda m, x: m.cot(x)),
    Function("sec", r"\sec", lambda m, x: m.sec(x)),
    Function("csc", r"\csc", lambda m, x: m.csc(x), ("cosec",)),
    Function("arcsin", r"\arcsin", lambda m, x: m.asin(x), ("asin",)),
    Function("arccos", r"\arccos", lambda m, x: m.acos(x), ("acos",)),
    Function("arctan", r"\arctan", lambda m, x: m.atan(x), ("atan",)),
    Function("sinh", r"\sinh", lambda m, x: m.sinh(x)),
    Function("cosh", r"\cosh", lambda m, x: m.cosh(x)),
    Function("tanh", r"\tanh", lambda m, x: m.tanh(x)),
    Function("coth", r"\coth", lambda m, x: m.coth(x)),
    Function("sech", r"\operatorname{sech}", lambda m, x: m.sech(x)),
    Function("csch", r"\operatorname{csch}", lambda m, x: m.csch(x), ("cosech",)),
    Function("arsinh", r"\operatorname{arsinh}", lambda m, x: m.asinh(x), ("asinh", "arcsinh")),
    Function("arcosh", r"\operatorname{arcosh}", lambda m, x: m.acosh(x), ("acosh", "arccosh")),
    Function("artanh", r"\operatorname{artanh}", lambda m, x: m.atanh(x), ("atanh", "arctanh")),
    Function("erf", r"\operatorname{erf}", lambda m, x: m.erf(x)),
    Function("sigmoid", r"\sigma", lambda m, x: 1 / (1 + m.exp(-x)), ("sigma", "logistic", "expit")),
    Function("softplus", r"\operatorname{softplus}", lambda m, x: m.log(1 + m.exp(x))),
    Function("relu", r"\operatorname{ReLU}", lambda m, x: m.Max(0, x)),
    Function("heaviside", r"\operatorname{Heaviside}", lambda m, x: m.Heaviside(x)),
    Function("max", r"\max", lambda m, *x: m.Max(*x), several=True),
    Function("min", r"\min", lambda m, *x: m.Min(*x), several=True),
)

FUNCTIONS = {function.name: function for function in _TABLE}

SPELLINGS = {name: function.name for function in _TABLE for name in (function.name, *function.aliases)}
"""Every name under which a function is read; `log` is the natural logarithm."""
