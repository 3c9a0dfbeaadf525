"""Verdicts of other systems' graders, where their rule is ours; where it is not, the rows are named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from quizgrad.answers import (
    Integer,
    Matrix,
    MultipleChoice,
    Notation,
    Number,
    Option,
    Ordering,
    Real,
    SingleChoice,
    Unreadable,
    read_number,
)
from quizgrad.grading.choices import ChoiceRule, share
from quizgrad.grading.policy import Policy

NO_NUMBERS = {"(-12.00)", "(00.00)", "-(12.000)"}
"""A number in brackets goes to a person."""
SCIENTIFIC = {"4.320e-3", "0.020e3", "1.00e3", "10.0e1", "0.020E3", "1.00E3", "10.0E1"}
"""STACK counts the places of the mantissa, we those of the number: `4.320e-3` is 0.004320."""


def rows_of(shared: Path, file: str, *tests: str) -> Iterator[dict[str, Any]]:
    """The rows of some tests; with `plain`, STACK marks those that are not in Maxima's syntax."""
    for row in json.loads((shared / "oracles" / f"{file}.json").read_text(encoding="utf-8")):
        if row["test"] in tests and row.get("plain", True):
            yield row


def readable(text: str) -> Number | None:
    try:
        return read_number(text)
    except Unreadable:
        return None


def test_significant_figures_and_decimals_are_counted_as_stack_does(shared: Path) -> None:
    compared = 0
    for row in rows_of(shared, "stack_sigfig_range", "sigfig_range"):
        expected, number = row["expected"], readable(row["answer"])
        if row["answer"] in NO_NUMBERS:
            assert number is None
            continue
        assert number is not None, row
        assert number.figures == (expected["min_sf"], expected["max_sf"]), row
        if row["answer"] not in SCIENTIFIC:
            assert number.decimals == expected["decimal_places"], row
        compared += 1
    assert compared == 31


TOO_SMALL_FOR_PAPER = {"1e-33"}
"""Keys are kept to 15 decimals: the gate refuses one that rounds to zero. The reading is compared alone."""


def test_closed_intervals_are_those_of_stack(shared: Path) -> None:
    compared = 0
    for row in rows_of(shared, "stack_numeric", "NumRelative", "NumAbsolute", "GT", "GTE"):
        answer, key, tolerance = readable(row["answer"]), readable(row["key"]), readable(row["option"] or "0")
        if tolerance is None or row["option"] == "1/0":
            assert row["expected"] in {"error", 0}, row  # a fault of the question, not of the answer
            continue
        assert answer is not None
        assert key is not None
        if row["test"] in {"GT", "GTE"}:
            right = answer.value > key.value or (row["test"] == "GTE" and answer.value == key.value)
        else:
            factor = abs(key.value) if row["test"] == "NumRelative" else 1
            margin = tolerance.value * factor
            right = abs(answer.value - key.value) <= margin
            if row["key"] not in TOO_SMALL_FOR_PAPER:
                real = Real(float(row["key"]), 6, str(margin))
                assert real.judge(row["answer"]).right == bool(row["expected"]), row
        assert right == bool(row["expected"]), row
        compared += 1
    assert compared == 27


def test_decimal_places_are_those_of_stack(shared: Path) -> None:
    compared = 0
    for row in rows_of(shared, "stack_numeric", "NumDecPlaces"):
        if row["expected"] == "error":
            continue
        places = int(row["option"])
        number = read_number(row["answer"])
        verdict = Real(float(row["key"]), places, str(Fraction(1, 2 * 10**places))).judge(row["answer"])
        exactly = number.decimals == places
        assert (verdict.right and exactly) == bool(row["expected"]), row
        if verdict.right and not exactly:  # more decimals than wanted cost nothing, fewer are noted
            assert verdict.coarse == (number.decimals < places and number.value != Fraction(row["key"])), row
        compared += 1
    assert compared == 13


FRACTIONS_FORBIDDEN = {"1/2"}
"""PrairieLearn's author may forbid fractions; here they are always numbers."""
GROUPED_DECIMALS = {"12 345.678 901 2"}
"""Spaces between decimals go to a person."""


def test_numbers_are_read_as_prairielearn_does(shared: Path) -> None:
    for row in rows_of(shared, "prairielearn_unit_cases", "parse_number"):
        number = readable(row["answer"])
        if row["answer"] in GROUPED_DECIMALS or row["option"]["allow_complex"]:
            assert number is None
        elif row["answer"] in FRACTIONS_FORBIDDEN:
            assert number is not None
            assert number.value == Fraction(1, 2)
        else:
            assert (number and float(number.value)) == (
                None if row["expected"] == "invalid" else row["expected"]
            ), row


SEMICOLONS_WITHIN_A_ROW = {"[[1; 2]]"}
"""The boxes of a matrix's row are joined by semicolons, which stand beside decimal commas too."""


def test_matrices_are_read_and_refused_as_prairielearn_does(shared: Path) -> None:
    matrix = Matrix(((1.0,),), 1)
    for row in rows_of(shared, "prairielearn_unit_cases", "parse_matrix"):
        try:
            cells: Any = matrix.read(row["answer"])
        except Unreadable:
            cells = None
        read = cells and all(isinstance(cell, Number) for line in cells for cell in line)
        if row["answer"] in SEMICOLONS_WITHIN_A_ROW:
            assert [[float(cell.value) for cell in line] for line in cells] == [[1, 2]]
        elif row["expected"] == "invalid" or row["expected"]["dtype"] == "complex128":
            assert not read, row
            assert cells is None or matrix.compare(cells).undecided or len(cells[0]) != 1, row
        else:
            assert [[float(cell.value) for cell in line] for line in cells] == row["expected"]["ndarray"], row


def test_orders_keep_what_prairielearns_longest_common_subsequence_keeps(shared: Path) -> None:
    """Its edit distance removes and inserts a misplaced step, which counts twice; we count it once.

    Rows with groups of steps have another rule. An order that lacks steps is wrong as a whole here.
    """
    compared = 0
    for row in rows_of(shared, "prairielearn_unit_cases", "order_dag_lcs_edit_distance"):
        if "groups" in row["key"]:
            continue
        depends = row["key"]["depends"]
        steps = list(depends)
        before = tuple((steps.index(a), steps.index(b)) for b, needed in depends.items() for a in needed)
        answer = Ordering(tuple(steps), before)
        verdict = answer.compare(tuple(steps.index(step) if step else -1 for step in row["answer"]))
        if sorted(map(str, row["answer"])) != sorted(steps):
            assert verdict.share == 0
            assert row["expected"] > 0
        else:
            assert 2 * (len(steps) - sum(verdict.cells)) == row["expected"], row
            assert verdict.right == (row["expected"] == 0)
        compared += 1
    assert compared == 12


RULES: dict[str | None, ChoiceRule] = {
    "PC": "right minus wrong",
    None: "right minus wrong",
    "EDC": "per statement",
}


def test_checkboxes_earn_what_prairielearn_gives(shared: Path) -> None:
    """Its coverage has no counterpart here. A choice of which all options are right is refused by the gate."""
    compared = 0
    for row in rows_of(shared, "prairielearn_unit_cases", "checkbox_partial_credit"):
        options = row["option"]["all_options"]
        if row["option"]["method"] == "COV":
            continue
        rule = RULES[row["option"]["method"]]
        rule = "all or nothing" if row["option"]["partial_credit"] == "false" else rule
        answer = MultipleChoice(tuple(Option(name, right=name in row["key"]) for name in options))
        chosen = frozenset(options.index(name) for name in row["answer"])
        assert share(answer, chosen, Policy(choices=rule)) == Fraction(row["expected"]), row
        compared += 1
    assert compared == 8


def test_choices_earn_what_numbas_gives(shared: Path) -> None:
    """Rows with different marks for different right options have no counterpart here."""
    compared = 0
    for row in rows_of(shared, "numbas_webwork_parts", "numbas_1_n_2", "numbas_m_n_2"):
        marks = (
            json.loads(row["key"]["matrix"])
            if isinstance(row["key"]["matrix"], str)
            else row["key"]["matrix"]
        )
        marks = [int(mark) for mark in marks]
        chosen = frozenset(place for place, (ticked,) in enumerate(row["answer"]) if ticked)
        if max(marks) > 1:
            continue
        options = tuple(Option(str(place), right=mark > 0) for place, mark in enumerate(marks))
        kind = SingleChoice if row["test"] == "numbas_1_n_2" else MultipleChoice
        assert share(kind(options), chosen, Policy()) == Fraction(row["expected"]), row
        compared += 1
    assert compared == 8


EXTRA_DECIMALS = {"0.1000", "0.330", "0.100", "3.140", "1.20", "1.22", "1.27"}
"""Numbas refuses, or marks down, more decimals than were wanted; here only their value counts."""
EXACT = {"0.1", "1.2"}
"""Fewer decimals than were wanted cost nothing here where they are the exact value."""
OTHER_NOTATIONS = {"1/3", "2/6", "12/14", "123"}
"""Numbas may forbid fractions, ask for lowest terms, or ask for scientific notation; here any will do."""


def test_numbers_are_marked_as_numbas_marks_them(shared: Path) -> None:
    compared = 0
    for row in rows_of(shared, "numbas_webwork_parts", "numbas_numberentry"):
        key = row["key"] if isinstance(row["key"], dict) else {"minValue": row["key"][0]} | row["option"]
        if key.get("precisionType") == "sigfig" or int(key.get("precision", 0)) > 9:
            continue  # significant figures cannot be wanted, and a key has 12 figures at most
        comma = "si-fr" in key.get("notationStyles", ())
        verdict = _numbas_verdict(key, row["answer"], Notation("," if comma else "."))
        strictly = verdict is not None and verdict.right and not verdict.coarse
        if row["expected"] != 1 and row["answer"] in EXTRA_DECIMALS | EXACT | OTHER_NOTATIONS:
            assert strictly, row
        elif not key.get("strictPrecision") and verdict is not None and verdict.coarse:
            assert row["expected"] == 1  # we note fewer decimals even if nothing is lost by them
        else:
            assert strictly == bool(row["expected"]), row
        compared += 1
    assert compared == 33


def _numbas_verdict(key: dict[str, Any], typed: str, notation: Notation) -> Any:
    values = {"pi": 3.141592653589793, "sqrt2": 2**0.5, "round(4^7.9,1)": round(4**7.9, 1)}
    text = key["minValue"]
    value = values.get(text) or float(Fraction(text))
    places = int(key.get("precision", 0))
    answer = Real(value, places or 12, str(Fraction(1, 2 * 10**places)) if places else None)
    if not places and value == int(value):
        answer = Integer(int(value))  # type: ignore[assignment]  # both judge numbers
    try:
        return answer.judge(typed, notation)
    except Unreadable:
        return None


def test_matrices_are_marked_as_numbas_marks_them(shared: Path) -> None:
    keys = {
        "id(2)/3": ((1 / 3, 0), (0, 1 / 3)),
        "matrix([5,2],[4,1])/7": ((5 / 7, 2 / 7), (4 / 7, 1 / 7)),
    }
    compared = 0
    for row in rows_of(shared, "numbas_webwork_parts", "numbas_matrix"):
        settings = row["key"]
        text = settings["correctAnswer"]
        value = keys.get(text) or json.loads(f"[{text.removeprefix('matrix(').removesuffix(')')}]")
        places = int(settings.get("precision", 9))
        matrix = Matrix(value, places, str(settings["tolerance"] or Fraction(1, 2 * 10**places)))
        verdict = matrix.judge("\n".join(" ".join(line) for line in row["answer"]))
        expected = Fraction(row["expected"])
        assert (verdict.share if settings["markPerCell"] else Fraction(verdict.right)) == expected, row
        compared += 1
    assert compared == 10


FURTHER_DIGITS = {"3.141", "3.143", "3.1415"}
"""WeBWorK also checks the digits beyond the wanted ones; here they only have to lie in the interval."""


def test_pi_to_two_decimals_is_marked_as_webwork_marks_it(shared: Path) -> None:
    pi = Real(3.141592653589793, 2, "0.005")
    for row in rows_of(shared, "numbas_webwork_parts", "webwork_digits"):
        if not row["option"]["tolTruncation"]:
            right = pi.judge(row["answer"]).right
            assert right == (bool(row["expected"]) or row["answer"] in FURTHER_DIGITS), row


@pytest.mark.parametrize("typed", ["1.05", "0.95"])
def test_the_edge_at_which_floating_point_fails_is_right(typed: str) -> None:
    assert abs(float(typed) - 1) > 0.05
    assert Real(1.0, 2, "0.05").judge(typed).right
