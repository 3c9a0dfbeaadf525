"""What an exam's marker decides once for everybody: how partial, coarse and carried answers count."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, get_args

from ..bank import Bank
from ..errors import UserError
from ..exams.files import read_text
from ..exams.store import StoredExam
from ..question import mistake_methods

LARGEST_FILE = 100_000

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


def load(path: Path) -> Policy:
    """A policy from a TOML file whose keys are the attributes of Policy.

    Shares are numbers, or fractions as text.

    Raises:
        UserError: the file cannot be read, or a key or value is none of a policy.
    """
    try:
        data = tomllib.loads(read_text(path, LARGEST_FILE))
    except tomllib.TOMLDecodeError as fault:
        raise UserError(f"{path} is not TOML: {fault}") from fault
    known = [attribute.name for attribute in fields(Policy)]
    for key in data:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(known)}"
            raise UserError(f"{path}: a policy has no {key!r}; {hint}")
    return Policy(**{key: _value(path, key, value) for key, value in data.items()})


def check_mistakes(policy: Policy, bank: Bank, exam: StoredExam) -> None:
    """See that the mistakes for which a policy grants something are modelled: by the exam, or the bank.

    Raises:
        UserError: a question of the bank has no such mistake, or the bank no such question.
    """
    stored = {
        f"{item.item.name}:{mistake.name}"
        for form in exam.forms.values()
        for item in form.items
        for mistake in item.item.mistakes
    }
    for name in (name for name in policy.mistakes if name not in stored):
        question, _, mistake = name.partition(":")
        known = mistake_methods(bank[question].question)
        if mistake not in known:
            near = difflib.get_close_matches(mistake, known, n=3) or sorted(known)
            hint = f"did you mean {' or '.join(near)}?" if near else "it models none"
            raise UserError(
                f"the policy grants something for {name!r}, but {question} has no such mistake; {hint}"
            )


def _value(path: Path, key: str, value: Any) -> Any:
    if key == "choices":
        if value not in get_args(ChoiceRule):
            raise UserError(
                f"{path}: choices cannot be {value!r}; expected one of {', '.join(get_args(ChoiceRule))}"
            )
        return value
    if key == "cells":
        if not isinstance(value, bool):
            raise UserError(f"{path}: cells cannot be {value!r}; expected true or false")
        return value
    if key == "mistakes":
        if not isinstance(value, Mapping):
            raise UserError(
                f"{path}: mistakes cannot be {value!r}; expected a table of shares by question:mistake"
            )
        return {name: _share(path, f"mistakes of {name}", share, least=0) for name, share in value.items()}
    return _share(path, key, value, least=-1 if key == "lower" else 0, most=0 if key == "lower" else 1)


def _share(path: Path, key: str, value: Any, least: int, most: int = 1) -> Fraction:
    try:
        share = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        share = Fraction(2)
    if isinstance(value, bool) or not least <= share <= most:
        expected = f"a number from {least} to {most}, or a fraction as text"
        raise UserError(f"{path}: {key} cannot be {value!r}; expected {expected}")
    return share
