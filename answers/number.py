"""Numbers as students write them, and the two kinds of answers that are one number."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, ClassVar, Self

from .base import POINT, RIGHT, WRONG, Ambiguous, Answer, Notation, Unreadable, Verdict, bounded

LONGEST_NUMBER = 80
LARGEST_EXPONENT = 400
GATE_TOLERANCE = 1e-9
SLACK = 100
"""The tolerance of a real key is at least so many times the difference of closed form and solver."""
ROUNDING_EDGE = 1e-5
"""A real key that lies nearer to a rounding edge, in units of the last wanted place, is drawn again."""


@dataclass(frozen=True)
class Number:
    """A number as it was typed.

    Attributes:
        value: its exact value.
        decimals: the decimal places that were written, or None for a fraction, which is exact.
        figures: the least and the most significant figures that the notation can mean: trailing zeros of a
            whole number are doubtful.
    """

    value: Fraction
    decimals: int | None
    figures: tuple[int, int]


_SIGNS = str.maketrans({"−": "-", "–": "-", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "’": "'"})
_EXPONENT = (
    r"(?:\s*(?:[eE]|(?:\*|×|·|x|\\times|\\cdot)\s*10\s*(?:\^|\*\*))\s*(?P<exponent>\{?[+-]?[0-9]{1,6}\}?))?"
)
_PLAIN = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<mantissa>[0-9][0-9 '_.,]*|[.,][0-9]+)" + _EXPONENT + r"\s*(?P<percent>\\?%)?"
)
_FRACTION = re.compile(
    r"(?P<sign>[+-]?)\s*(?:\\[dt]?frac\s*\{(?P<top>[^{}]+)\}\s*\{(?P<bottom>[^{}]+)\}|(?P<left>[^/]+)/(?P<right>[^/]+))"
)


def read_number(text: str, notation: Notation = POINT) -> Number:
    """The number that was typed, exactly.

    Accepted are `12`, `-3.5`, `.5`, `1/3`, `2.5e-3`, `2.5*10^-3`, `25%`, digits in groups of three set apart
    by spaces, and a decimal comma where the notation has it.

    Raises:
        Unreadable: it is no number.
        Ambiguous: a comma or point could group thousands or begin the decimals.
    """
    stripped = bounded(text).translate(_SIGNS).removeprefix("=").strip()
    if len(stripped) > LONGEST_NUMBER:
        raise Unreadable(f"a number of {len(stripped)} characters is too long")
    if plain := _PLAIN.fullmatch(stripped):
        return _plain_number(plain, notation)
    if fraction := _FRACTION.fullmatch(stripped):
        return _fraction(fraction, notation)
    raise Unreadable(f"{_shown(stripped)} is not a number")


def _plain_number(match: re.Match[str], notation: Notation) -> Number:
    whole, decimals = _split_mantissa(match["mantissa"].rstrip(), notation)
    exponent = int((match["exponent"] or "0").strip("{}"))
    if abs(exponent) > LARGEST_EXPONENT:
        raise Unreadable(f"the exponent {exponent} is out of range")
    if match["percent"]:
        exponent -= 2
    value = Fraction(int(whole + decimals)) * Fraction(10) ** (exponent - len(decimals))
    places = max(len(decimals) - exponent, 0)
    pointed = notation.decimal in match["mantissa"]
    return Number(
        -value if match["sign"] == "-" else value, places, _figures(whole, decimals, pointed=pointed)
    )


def _fraction(match: re.Match[str], notation: Notation) -> Number:
    top, bottom = match["top"] or match["left"], match["bottom"] or match["right"]
    numerator, denominator = (_PLAIN.fullmatch(part.strip()) for part in (top, bottom))
    if not numerator or not denominator:
        raise Unreadable(f"{_shown(match[0])} is not a fraction of two numbers")
    divisor = _plain_number(denominator, notation).value
    if divisor == 0:
        raise Unreadable(f"{_shown(match[0])} divides by zero")
    value = _plain_number(numerator, notation).value / divisor
    return Number(-value if match["sign"] == "-" else value, None, (1, LONGEST_NUMBER))


def _split_mantissa(mantissa: str, notation: Notation) -> tuple[str, str]:
    """The digits before and after the decimal sign."""
    point, comma = notation.decimal, "," if notation.decimal == "." else "."
    if comma in mantissa:
        mantissa = _without_foreign_sign(mantissa, point, comma)
    if mantissa.count(point) > 1:
        raise Unreadable(f"{_shown(mantissa)} has more than one decimal sign")
    whole, _, decimals = mantissa.partition(point)
    whole = _ungrouped(whole)
    if not decimals.isdigit() and decimals:
        raise Unreadable(f"{_shown(mantissa)} is not a number")
    return whole or "0", decimals


def _without_foreign_sign(mantissa: str, point: str, comma: str) -> str:
    """The mantissa without the other locale's sign, where it can only mean one thing."""
    foreign = re.escape(comma)
    before_point = mantissa.partition(point)[0]
    groups = re.fullmatch(rf"[1-9][0-9]{{0,2}}(?:{foreign}[0-9]{{3}})+", before_point)
    if groups and (point in mantissa or before_point.count(comma) > 1):
        return mantissa.replace(comma, "")
    if comma == "." and not groups and mantissa.count(comma) == 1 and point not in mantissa:
        return mantissa.replace(comma, point)
    raise Ambiguous(
        f"{_shown(mantissa)} has a {'comma' if comma == ',' else 'point'} that may group thousands or begin "
        f"decimals; this exam writes decimals with a {'point' if point == '.' else 'comma'}"
    )


def _ungrouped(whole: str) -> str:
    if whole.isdigit() or not whole:
        return whole
    if re.fullmatch(r"[0-9]{1,3}(?:([ '_])[0-9]{3})(?:\1[0-9]{3})*", whole):
        return re.sub("[ '_]", "", whole)
    raise Unreadable(f"{_shown(whole)} is not a number")


def _figures(whole: str, decimals: str, *, pointed: bool) -> tuple[int, int]:
    digits = (whole + decimals).lstrip("0")
    if not digits:
        return max(len(decimals), 1), max(len(decimals), 1)
    if pointed:
        return len(digits), len(digits)
    return len(digits.rstrip("0")), len(digits)


def _shown(text: str) -> str:
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"


def exact(value: float) -> Fraction:
    """A computed value without the noise of floating point: 12 significant figures, at most 15 decimals."""
    if isinstance(value, int):
        return Fraction(value)
    return Fraction(round(Decimal(format(value, ".12g")).scaleb(15)), 10**15)


def decimal_text(value: Fraction, decimals: int, notation: Notation = POINT) -> str:
    """The value rounded half up (away from zero) to a number of decimals, without a negative zero."""
    units = _units(value, decimals)
    digits = str(abs(units)).rjust(decimals + 1, "0")
    whole, places = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    sign = "-" if units < 0 else ""
    return f"{sign}{whole}{notation.decimal}{places}" if decimals else sign + whole


def _units(value: Fraction, decimals: int) -> int:
    """The value in units of a decimal place, rounded half up (away from zero)."""
    over, under = value.numerator, value.denominator
    units: int = (2 * abs(over) * 10**decimals + under) // (2 * under)
    return -units if over < 0 else units


@lru_cache(maxsize=1_000)
def _margin(tolerance: str | None, decimals: int) -> Fraction:
    return Fraction(tolerance) if tolerance else Fraction(1, 10**decimals)


def exact_text(value: Fraction) -> str:
    """A fraction whose denominator divides a power of ten, as a finite decimal."""
    places = 0
    while (value * 10**places).denominator != 1 and places < 40:
        places += 1
    return decimal_text(value, places)


@dataclass(frozen=True)
class Integer(Answer):
    """A whole number; the answer is exact."""

    kind: ClassVar[str] = "integer"
    value: int

    def read(self, text: str, notation: Notation = POINT) -> Number:
        """The typed number."""
        return read_number(text, notation)

    def compare(self, reading: Number) -> Verdict:
        """Right only if equal."""
        return RIGHT if reading.value == self.value else WRONG

    def carried(self, reading: Number) -> int:
        """The typed number if it is whole."""
        if reading.value.denominator != 1:
            raise ValueError("the answer is not a whole number")
        return int(reading.value)

    def printed(self, notation: Notation = POINT) -> str:
        """The digits without grouping."""
        return str(self.value)

    def latex(self, notation: Notation = POINT) -> str:
        """The digits in groups of three from five digits on."""
        digits = str(self.value)
        return f"{self.value:,}".replace(",", r"\,") if len(digits.lstrip("-")) > 4 else digits

    def spellings(self, notation: Notation = POINT) -> tuple[str, ...]:
        """With grouped digits, a plus sign, a fraction of one, the typographic minus."""
        text = str(self.value)
        forms = [f"{self.value:,}".replace(",", " "), f"{text}/1", f" {text} ", f"{text}{notation.decimal}0"]
        forms.append(text.replace("-", "−") if self.value < 0 else f"+{text}")
        return tuple(forms)

    def edges(self) -> tuple[str, ...]:
        """There is no tolerance."""
        return (str(self.value),)

    def outside(self) -> tuple[str, ...]:
        """The neighbours."""
        return (str(self.value - 1), str(self.value + 1), f"{self.value}.001")

    def accepts(self, other: Self) -> bool:
        """Equal."""
        return other.value == self.value

    def agrees(self, executed: Any) -> bool:
        """Equal, and a whole number."""
        return bool(executed == self.value)

    def impossible(self) -> str | None:
        """A number of more than 12 digits is not for paper."""
        return "an answer has more than 12 digits" if abs(self.value) >= 10**12 else None

    def like(self, value: Any) -> Self:
        """Another whole number.

        Raises:
            ValueError: it is not whole.
        """
        if value != int(value):
            raise ValueError(f"{value} is not a whole number")
        return type(self)(int(value))

    @property
    def width(self) -> int:
        """At least 8 characters, and more in steps of 4."""
        return max(8, -4 * (-(len(str(self.value)) + 1) // 4))


@dataclass(frozen=True)
class Real(Answer):
    """A real number, wanted to some decimals.

    Attributes:
        value: the key, in full precision.
        decimals: the decimals that the paper asks for, at least 1.
        tolerance: half the width of the accepted interval, as decimal text; None for one unit of the last
            wanted place. The interval is closed.
    """

    kind: ClassVar[str] = "real"
    value: float
    decimals: int
    tolerance: str | None = None

    @cached_property
    def key(self) -> Fraction:
        """The exact key."""
        return exact(self.value)

    @property
    def margin(self) -> Fraction:
        """How far from the key an answer may lie."""
        return _margin(self.tolerance, self.decimals)

    def read(self, text: str, notation: Notation = POINT) -> Number:
        """The typed number."""
        return read_number(text, notation)

    def compare(self, reading: Number) -> Verdict:
        """Right within the closed interval around the key, by exact arithmetic."""
        if abs(reading.value - self.key) > self.margin:
            return WRONG
        written = reading.decimals
        coarse = written is not None and written < self.decimals and reading.value != self.key
        return Verdict((True,), f"{self.decimals} decimals were wanted", coarse=True) if coarse else RIGHT

    def carried(self, reading: Number) -> float:
        """The typed number in float64, if it is in its range."""
        try:
            return float(reading.value)
        except OverflowError as fault:
            raise ValueError("the number is too large to be carried forward") from fault

    def printed(self, notation: Notation = POINT) -> str:
        """The key with the wanted decimals, rounded half up."""
        return decimal_text(self.key, self.decimals, notation)

    def latex(self, notation: Notation = POINT) -> str:
        """The same, with a decimal comma that is set without space."""
        return self.printed(notation).replace(",", "{,}")

    def spellings(self, notation: Notation = POINT) -> tuple[str, ...]:
        """One more decimal, scientific notation, per cent, a fraction, without the leading zero."""
        places = self.decimals
        digits = decimal_text(self.key * 10**places, 0)
        forms = [
            decimal_text(self.key, places + 1, notation),
            f"{digits}e-{places}",
            f"{digits}/{10**places}",
            f"{digits} × 10^-{places}",
            f"{decimal_text(self.key * 100, max(places - 2, 0), notation)}%",
        ]
        text = self.printed(notation)
        if text.lstrip("-").startswith("0"):
            forms.append(text.replace("0", "", 1))
        if text.startswith("-"):
            forms.append(text.replace("-", "−"))
        return tuple(forms)

    def edges(self) -> tuple[str, ...]:
        """Both ends of the closed interval."""
        return exact_text(self.key - self.margin), exact_text(self.key + self.margin)

    def outside(self) -> tuple[str, ...]:
        """A thousandth of the margin beyond either end."""
        reach = self.margin * Fraction(1001, 1000)
        return exact_text(self.key - reach), exact_text(self.key + reach)

    def accepts(self, other: Self) -> bool:
        """Whether the other key, rounded to the decimals that it is printed with, is within the margin."""
        key, margin, place = self.key, self.margin, 10**other.decimals
        distance = abs(_units(other.key, other.decimals) * key.denominator - key.numerator * place)
        return bool(distance * margin.denominator <= margin.numerator * key.denominator * place)

    def agrees(self, executed: Any) -> bool:
        """Within 1e-9 relative (to at least 1), and with a hundredfold slack to the tolerance."""
        if isinstance(executed, bool) or not isinstance(executed, int | float) or not math.isfinite(executed):
            return False
        difference = abs(executed - self.value)
        return difference <= GATE_TOLERANCE * max(1, abs(self.value)) and SLACK * difference <= self.margin

    def impossible(self) -> str | None:
        """Not finite, or of absurd magnitude."""
        if not math.isfinite(self.value):
            return "an answer is not finite"
        return "an answer is larger than ten million" if abs(self.value) >= 10**7 else None

    def flaw(self) -> str | None:
        """Also: invisible at the wanted decimals, or on a rounding edge."""
        if impossible := self.impossible():
            return impossible
        if self.value and not _units(self.key, self.decimals):
            return "an answer rounds to zero without being zero"
        position = self.key.numerator * 10**self.decimals % self.key.denominator / self.key.denominator
        if abs(position - 0.5) < ROUNDING_EDGE:
            return "an answer lies on a rounding edge"
        return None

    def like(self, value: Any) -> Self:
        """Another number, wanted to the same decimals."""
        return type(self)(float(value), self.decimals, self.tolerance)

    @property
    def hint(self) -> str:
        """The wanted decimals."""
        return f"{self.decimals} decimal{'s' if self.decimals > 1 else ''}"

    @property
    def width(self) -> int:
        """Room for the wanted decimals and five more characters, in steps of 4."""
        return max(8, -4 * (-(self.decimals + 5) // 4))
