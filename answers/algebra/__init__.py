"""Expressions as students type them: read without executing anything, evaluated, and written again."""

from .arithmetic import NoValue, evaluate, to_sympy
from .domains import Domain, Symbols
from .parser import parse
from .printer import to_latex, to_text
from .syntax import Call, Constant, Negative, Node, Number, Power, Product, Quotient, Sum, Symbol

__all__ = [
    "Call",
    "Constant",
    "Domain",
    "Negative",
    "NoValue",
    "Node",
    "Number",
    "Power",
    "Product",
    "Quotient",
    "Sum",
    "Symbol",
    "Symbols",
    "evaluate",
    "parse",
    "to_latex",
    "to_sympy",
    "to_text",
]
