"""Whether two expressions are equal: refuted at points of their domain, equal at all of them, or proved.

Both are evaluated to 60 digits at 16 fixed points; a difference that is only rounding shows at 400.
That needs no symbolic algebra, and decides forms on which SymPy gives up. A proof by SymPy is asked for where
the points leave it open, and by whoever wants both. It runs in a process of its own that is ended when its
time is over.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from threading import Lock, Timer
from typing import Any

from . import algebra
from .algebra import Node, NoValue, Symbols
from .algebra.arithmetic import DIGITS, precise_value
from .algebra.domains import points

POINTS = 16
FEWEST_POINTS = 5
"""Where the key has a value at fewer points, they decide nothing."""
AGREEMENT = 1e-25
"""Values of 60 digits that differ relatively by less are equal beyond doubt."""
MORE_DIGITS = 400
"""The digits to which a difference is computed again, to tell it from rounding."""
STABLE = 1e-3
"""A difference is real if computing it again changes it relatively by less."""
NEXT_TO_NOTHING = 1e-300
"""Smaller values may be lost in rounding even so, as those of 1 - tanh(x^3) are."""
PROOF_SECONDS = 2.0
START_SECONDS = 60.0
"""What a process may take to import SymPy."""

Point = Mapping[str, Fraction]


@dataclass(frozen=True)
class Decision:
    """What a comparison of two expressions found.

    Attributes:
        equal: whether they are equal, or None where that is not decided.
        evidence: on what grounds, as a clause.
    """

    equal: bool | None
    evidence: str


def equivalent(key: Node, answer: Node, symbols: Symbols) -> Decision:
    """Compare an answer with the key as `decide` does; where that is open, try to prove that they are equal.

    The proof decides for `exp(ln(x))` beside `x`, say: the same function, but without real value on the way
    where x is negative.
    """
    decision = decide(key, answer, symbols)
    if decision.equal is None and prove(key, answer, symbols):
        return Decision(True, "proved equal to the key")
    return decision


@lru_cache(maxsize=20_000)
def decide(key: Node, answer: Node, symbols: Symbols) -> Decision:
    """Compare an answer with the key at points at which the key has a value.

    An answer that agrees wherever it has a value, but lacks one at some of the points, as `2 ln(x)` does
    beside `ln(x^2)`, is not decided.

    Args:
        key: the right expression.
        answer: the one to judge.
        symbols: the symbols of both, with their domains.
    """
    if key == answer:
        return Decision(True, "the same as the key")
    found = samples(key, symbols)
    if len(found) < fewest(symbols):
        return Decision(None, f"the key has a value at only {len(found)} points")
    lacking = []
    telling = 0
    for point, wanted in found:
        try:
            value = precise_value(answer, point)
            differ = _differ(key, answer, point, value, wanted)
        except NoValue:
            lacking.append(point)
            continue
        if differ:
            return Decision(False, _contrast(point, value, wanted))
        telling += differ is not None
    if lacking:
        evidence = f"{_at(lacking[0])}it has no value, unlike the key"
        return Decision(None if len(lacking) < len(found) else False, evidence)
    if telling < fewest(symbols):
        return Decision(None, f"only {telling} points tell whether it is equal to the key")
    where = f" at {telling} points" if symbols else ""
    return Decision(True, f"equal to the key{where} to {DIGITS} digits")


@lru_cache(maxsize=20_000)
def prove(first: Node, second: Node, symbols: Symbols, seconds: float = PROOF_SECONDS) -> bool | None:
    """Whether SymPy proves two expressions equal (True) or different (False), or neither in time (None)."""
    request = json.dumps([algebra.to_text(first), algebra.to_text(second), symbols])
    return _PROVER.answer(request, seconds)


@lru_cache(maxsize=2_000)
def samples(key: Node, symbols: Symbols) -> tuple[tuple[Point, Any], ...]:
    """The first points of the domain at which an expression has a value, with its values to 60 digits."""
    found: list[tuple[Point, Any]] = []
    for point in points(symbols):
        try:
            found.append((point, precise_value(key, point)))
        except NoValue:
            continue
        if len(found) == POINTS:
            break
    return tuple(found)


def fewest(symbols: Symbols) -> int:
    """At how many points a key must have a value; without symbols there is only one."""
    return FEWEST_POINTS if symbols else 1


def _differ(key: Node, answer: Node, point: Point, value: Any, wanted: Any) -> bool | None:
    """Whether two expressions with these values to 60 digits differ at a point; None if it does not tell."""
    difference = value - wanted
    if abs(difference) <= AGREEMENT * max(abs(value), abs(wanted)):
        return False
    value, wanted = (precise_value(tree, point, MORE_DIGITS) for tree in (answer, key))
    precise = value - wanted
    if abs(precise) <= AGREEMENT * abs(difference):
        return False
    unsure = abs(precise - difference) > STABLE * abs(precise)
    return None if unsure or max(abs(value), abs(wanted)) < NEXT_TO_NOTHING else True


def _contrast(point: Point, value: Any, wanted: Any) -> str:
    """A point at which two expressions differ, with both values in as many digits as it takes to see it."""
    from mpmath import nstr

    for digits in (6, 12, 20, DIGITS):
        texts = nstr(value, digits), nstr(wanted, digits)
        if texts[0] != texts[1]:
            break
    return f"{_at(point)}its value is {texts[0]}, that of the key {texts[1]}"


def _at(point: Point) -> str:
    return (
        "at " + ", ".join(f"{name} = {float(value):g}" for name, value in point.items()) + " "
        if point
        else ""
    )


class _Prover:
    """A process that runs `prover`: started for the first request, and again after it had to be ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._owner = 0
        self._lock = Lock()

    def answer(self, request: str, seconds: float) -> bool | None:
        """What the process answers to a request, or None where it fails or takes longer."""
        with self._lock:
            try:
                found = json.loads(self._exchange(self._running(), request, seconds))
            except (OSError, ValueError):
                self.end()
                return None
            return found if isinstance(found, bool) else None

    def end(self) -> None:
        """End the process, unless it belongs to the process from which this one was forked."""
        process, self._process = self._process, None
        if process and self._owner == os.getpid():
            process.kill()
            process.communicate()

    def _running(self) -> subprocess.Popen[str]:
        if not self._process or self._owner != os.getpid() or self._process.poll() is not None:
            self.end()
            self._owner = os.getpid()
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", f"{__package__}.prover"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            self._exchange(self._process, "null", START_SECONDS)
        return self._process

    @staticmethod
    def _exchange(process: subprocess.Popen[str], request: str, seconds: float) -> str:
        """Send a line and wait for a line, which is empty if the process had to be killed."""
        assert process.stdin is not None
        assert process.stdout is not None
        timer = Timer(seconds, process.kill)
        timer.start()
        try:
            process.stdin.write(request + "\n")
            process.stdin.flush()
            return process.stdout.readline()
        finally:
            timer.cancel()


_PROVER = _Prover()
atexit.register(_PROVER.end)
