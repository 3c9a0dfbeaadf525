"""The chain rule by substitution in SymPy, and its value by autograd."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sympy
import torch


def chain_rule_symbolic(expressions: Sequence[str], at: int) -> dict[str, Any]:
    """Substitute first, then differentiate once; evaluate by autograd."""
    names = ("u", "v", "w")[: len(expressions) - 1]
    slopes, total = differentiated(tuple(expressions))
    t = torch.tensor(float(at), dtype=torch.float64, requires_grad=True)
    values = {
        name: eval(text, {"t": t})
        for name, text in zip(names, expressions[1:], strict=True)
    }
    eval(expressions[0], values).backward()
    found = {f"d{name}": slope for name, slope in zip(names, slopes, strict=True)}
    return found | {"total": total, "value": t.grad}


@lru_cache(maxsize=1_000)
def differentiated(expressions: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The derivatives of the intermediate variables and of the whole, as texts."""
    t = sympy.Symbol("t", real=True)
    outer, *inner = (sympy.sympify(text, {"t": t}) for text in expressions)
    places = dict(zip(sympy.symbols("u v w"), inner, strict=False))
    total = sympy.expand(sympy.diff(outer.subs(places), t))
    return tuple(str(sympy.diff(part, t)) for part in inner), str(total)
