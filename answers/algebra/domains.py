"""Where the symbols of an expression live, and the points of it at which expressions are compared."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import cycle
from random import Random
from typing import Literal, get_args

Domain = Literal["real", "nonzero", "positive", "unit", "natural"]
"""All reals; those but zero; those above zero; the open interval from 0 to 1; the integers from 1."""

Symbols = tuple[tuple[str, Domain], ...]
"""The names that may occur in an expression, each with its domain."""

DOMAINS: tuple[str, ...] = get_args(Domain)

ASSUMPTIONS: Mapping[Domain, Mapping[str, bool]] = {
    "real": {"real": True},
    "nonzero": {"real": True, "nonzero": True},
    "positive": {"positive": True},
    "unit": {"positive": True},
    "natural": {"integer": True, "positive": True},
}
"""What SymPy is told about a symbol."""

_BLOCK = 16
_CLASSES = _BLOCK // 2
_SIGN_MASKS = (1, 2, 4, 8, 15, 7, 11, 13, 14, 3, 5, 6, 9, 10, 12)


@lru_cache(maxsize=1_000)
def points(symbols: Symbols, blocks: int = 4) -> tuple[Mapping[str, Fraction], ...]:
    """Points of the domain: always the same ones, spread so that no region of it is left out.

    They come in blocks of 16. In each block, the magnitudes of a symbol fall into 8 classes from 0.1 to 12,
    with a positive and a negative point in each, so that functions that bend at 1 or at 6 are seen on both
    sides. The signs are columns of an orthogonal array: any four symbols take all combinations of signs.

    Args:
        symbols: the names with their domains; without any there is one point, which is empty.
        blocks: how many blocks.
    """
    if not symbols:
        return ({},)
    random = Random("points of the domain")
    found: list[dict[str, Fraction]] = []
    for _ in range(blocks):
        block: list[dict[str, Fraction]] = [{} for _ in range(_BLOCK)]
        for (name, domain), mask in zip(symbols, cycle(_SIGN_MASKS)):
            classes = {negative: random.sample(range(_CLASSES), _CLASSES) for negative in (False, True)}
            for row, point in enumerate(block):
                negative = (row & mask).bit_count() % 2 == 1
                share = (classes[negative].pop() + random.random()) / _CLASSES
                point[name] = _coordinate(domain, share, negative)
        found += block
    return tuple(found)


def _coordinate(domain: Domain, share: float, negative: bool) -> Fraction:
    """The element of a domain that lies at a share, from 0 to 1, of its way outwards; in thousandths."""
    match domain:
        case "natural":
            return Fraction(1 + int(_CLASSES * share))
        case "unit":
            return Fraction(round(1_000 * (0.02 + 0.96 * share)), 1_000)
        case _:
            magnitude = Fraction(round(100 * 120**share), 1_000)
            return -magnitude if negative and domain != "positive" else magnitude
