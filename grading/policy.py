"""What an exam's marker decides once for everybody: how partial, coarse and carried answers count."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

ChoiceRule = Literal[
    "all or nothing", "right minus wrong", "per statement", "false2", "false", "true", "all", "none"
]


@dataclass(frozen=True)
class Policy:
    """Settings of a grading run; the paper and the report name them.

    Attributes:
        choices: how a multiple choice is marked, see `choices.share`.
        lower: the least share of a choice's points, 0 or negative.
        cells: whether the right entries of a vector, matrix, shape or order count when others are wrong.
        coarse: the share that is left when a right value has too few decimals.
        carried: the share for what follows correctly from an own earlier error.
        mistakes: shares granted for modelled mistakes, by `question:mistake`.
    """

    choices: ChoiceRule = "right minus wrong"
    lower: Fraction = Fraction(0)
    cells: bool = True
    coarse: Fraction = Fraction(1)
    carried: Fraction = Fraction(1)
    mistakes: dict[str, Fraction] = field(default_factory=dict)
