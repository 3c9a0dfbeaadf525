"""Activation functions: derivatives by SymPy."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import sympy


def derivative_symbolic(expression: str, names: Sequence[str]) -> dict[str, str]:
    """Differentiate by the first symbol."""
    return {"derivative": differentiated(expression, tuple(names))}


@lru_cache(maxsize=10_000)
def differentiated(expression: str, names: tuple[str, ...]) -> str:
    """The derivative as text; the same functions come again and again."""
    known = {
        "e": sympy.E,
        "sigmoid": lambda u: 1 / (1 + sympy.exp(-u)),
        "softplus": lambda u: sympy.log(1 + sympy.exp(u)),
    }
    symbols = {name: sympy.Symbol(name, real=True) for name in names}
    function = sympy.sympify(expression, known | symbols)
    return str(sympy.diff(function, symbols[names[0]]))
