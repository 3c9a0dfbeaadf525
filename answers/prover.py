"""Proves with SymPy that two expressions are equal: the process that `equivalence.prove` starts and may end.

It answers each request, a line of JSON with two expressions and their symbols, with a line of JSON: true,
false, or null where SymPy does not decide. The request null is answered at once, when SymPy is there.
"""

from __future__ import annotations

import contextlib
import json
import sys
from typing import Any

from . import algebra
from .algebra import Node, Symbols

MOST_MEMORY = 2 * 1024**3


def proved(first: Node, second: Node, symbols: Symbols) -> bool | None:
    """Whether SymPy proves two expressions equal (True), or different (False), or neither (None).

    It may take as long as it likes, so call it where it can be ended.
    """
    import sympy

    domains = dict(symbols)
    difference = algebra.to_sympy(first, domains) - algebra.to_sympy(second, domains)
    for simplified in (_numerator, sympy.simplify):
        difference = simplified(difference)
        if difference == 0:
            return True
    return False if difference.is_number and difference.is_zero is False else None


def _numerator(difference: Any) -> Any:
    """The expanded numerator over a common denominator: zero for equal rational functions of exponentials."""
    import sympy

    hyperbolic = (sympy.sinh, sympy.cosh, sympy.tanh, sympy.coth, sympy.sech, sympy.csch)
    rewritten = difference.rewrite(hyperbolic, sympy.exp).rewrite((sympy.Max, sympy.Min), sympy.Abs)
    return sympy.expand(sympy.numer(sympy.together(rewritten)))


def _answer(request: Any) -> bool | None:
    if not request:
        return None
    first, second, symbols = request
    names = tuple(name for name, _ in symbols)
    try:
        return proved(algebra.parse(first, names), algebra.parse(second, names), symbols)
    except Exception:  # SymPy fails in many ways, and none of them says anything about the expressions
        return None


def main() -> None:
    """Answer requests until there are no more."""
    import sympy  # noqa: F401  # imported before the first request, which is the one that may wait for it

    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # not on every system

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
