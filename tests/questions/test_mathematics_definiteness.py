"""Definiteness of symmetric matrices."""

from __future__ import annotations

from typing import Any

import pytest
from quizgrad.answers import SingleChoice

from .support import item, keys, mistakes, question

NAME = "mathematics/definiteness"
GOLDEN = {"form": "symmetric", "matrix": ((1, 2), (2, 1)), "ridge": 0}
DIAGONAL = GOLDEN | {"form": "diagonal", "matrix": ((3, 0), (0, 1))}
QUADRATIC = GOLDEN | {"form": "quadratic", "matrix": ((1, 2), (2, 3))}
MINORS = GOLDEN | {"form": "minors", "matrix": ((2, 1, 0), (1, 2, 1), (0, 1, 2))}
RANGE = GOLDEN | {"form": "range", "matrix": ((2, 0), (0, 8))}
RIDGE = GOLDEN | {"form": "ridge", "ridge": 2}
POSITIVE, POSITIVE_SEMI, NEGATIVE, NEGATIVE_SEMI, INDEFINITE = range(5)


def verdict(**parameters: Any) -> int:
    """The right option, on which closed form and solver agree."""
    answer = item(NAME, **parameters).answers["verdict"]
    assert isinstance(answer, SingleChoice)
    return min(answer.right_origins)


def reason(option: int, **parameters: Any) -> str:
    """What is told who chooses a wrong option."""
    answer = item(NAME, **parameters).answers["verdict"]
    assert isinstance(answer, SingleChoice)
    return answer.options[option].why


def test_golden_values() -> None:
    assert verdict(**GOLDEN) == INDEFINITE
    assert verdict(**GOLDEN | {"matrix": ((1, 2), (2, 4))}) == POSITIVE_SEMI
    assert keys(item(NAME, **RANGE)) == {"low": -4, "high": 4}
    assert keys(item(NAME, **RIDGE)) == {"eigenvalues": (3, -1), "least": 1, "condition": 5}


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        (((3, 0), (0, 1)), POSITIVE),
        (((3, 0), (0, 0)), POSITIVE_SEMI),
        (((-3, 0, 0), (0, -2, 0), (0, 0, -1)), NEGATIVE),
        (((-3, 0, 0), (0, 0, 0), (0, 0, 0)), NEGATIVE_SEMI),
        (((-3, 0, 0), (0, 0, 0), (0, 0, 1)), INDEFINITE),
    ],
)
def test_diagonal_matrices(matrix: tuple[tuple[int, ...], ...], expected: int) -> None:
    assert verdict(**DIAGONAL | {"matrix": matrix}) == expected


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        (((2, 1), (1, 2)), POSITIVE),
        (((-2, 1), (1, -2)), NEGATIVE),
        (((-1, 2), (2, -4)), NEGATIVE_SEMI),
        (((2, 3), (3, -1)), INDEFINITE),
    ],
)
def test_trace_and_determinant(matrix: tuple[tuple[int, ...], ...], expected: int) -> None:
    assert verdict(**GOLDEN | {"matrix": matrix}) == expected


def test_minors() -> None:
    found = item(NAME, **MINORS)
    assert vars(found.answers["minors"])["value"] == (2, 3, 4)
    assert verdict(**MINORS) == POSITIVE
    assert verdict(**MINORS | {"matrix": ((-2, 1, 0), (1, -2, 1), (0, 1, -2))}) == NEGATIVE
    assert verdict(**MINORS | {"matrix": ((1, 2, 0), (2, 1, 1), (0, 1, 2))}) == INDEFINITE
    wrong = mistakes(found)
    assert wrong["diagonal_for_minors"] == {"minors": (2, 2, 2)}
    assert wrong["diagonal_product"] == {"minors": (2, 4, 8)}


def test_quadratic_form() -> None:
    found = item(NAME, **QUADRATIC)
    assert vars(found.answers["matrix_of_form"])["value"] == ((1, 2), (2, 3))
    assert vars(found.answers["determinant"])["value"] == -1
    wrong = mistakes(found)
    assert wrong["forgets_half"] == {"matrix_of_form": ((1, 4), (4, 3)), "determinant": -13}
    assert wrong["not_symmetric"] == {"matrix_of_form": ((1, 4), (0, 3)), "determinant": 3}
    assert question(NAME, **QUADRATIC | {"matrix": ((-1, -2), (-2, 1))}).terms == "- x_1^2 - 4x_1 x_2 + x_2^2"


def test_reasons_name_what_seems_right() -> None:
    assert "Positive entries" in reason(POSITIVE, **GOLDEN)
    assert "positive determinant" in reason(POSITIVE, **GOLDEN | {"matrix": ((-2, 1), (1, -2))})
    assert "positive trace" in reason(POSITIVE, **GOLDEN | {"matrix": ((4, -3), (-3, -1))})
    assert "eigenvalue is 0" in reason(POSITIVE, **GOLDEN | {"matrix": ((1, -2), (-2, 4))})
    assert "determinant 0" in reason(POSITIVE_SEMI, **GOLDEN)


def test_mistakes_in_ranges() -> None:
    wrong = mistakes(item(NAME, **RANGE | {"matrix": ((2, 1), (1, 8))}))
    assert wrong["product_for_root"] == {"low": -17, "high": 15}
    assert wrong["forgets_shift"] == {"low": -4, "high": 4}
    assert wrong["shift_turned_round"] == {"low": -3, "high": 5}
    wrong = mistakes(item(NAME, **RIDGE))
    assert wrong["largest_decides"] == {"least": 3}
    assert wrong["sign_of_threshold"] == {"least": -1}
    assert wrong["condition_turned_round"] == {"condition": 0.2}
    assert wrong["condition_without_ridge"] == {"condition": 3}
    assert question(NAME, **RIDGE).consequences(eigenvalues=(4, -1))["condition"] == 6


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"form": "other"}, "form is diagonal"),
        ({"matrix": ((1, 2, 3), (2, 1, 3), (3, 3, 1))}, "2 rows"),
        (MINORS | {"matrix": ((1, 2), (2, 1))}, "3 rows"),
        ({"matrix": ((1, 2), (3, 1))}, "symmetric"),
        ({"matrix": ((61, 2), (2, 1))}, "from -60 to 60"),
        ({"ridge": 1}, "0 in the other forms"),
        (RIDGE | {"ridge": 0}, "from 1 to 100"),
        ({"matrix": ((1, 0), (0, 2))}, "is diagonal"),
        (DIAGONAL | {"matrix": ((2, 0), (0, 2))}, "are equal"),
        (DIAGONAL | {"matrix": ((2, 1), (1, 3))}, "not diagonal"),
        (RANGE | {"matrix": ((2, 0), (0, 0))}, "not positive"),
        (MINORS | {"matrix": ((0, 1, 0), (1, 2, 1), (0, 1, 2))}, "minor is zero"),
        (RIDGE | {"matrix": ((2, 1), (1, 2))}, "none of them is negative"),
        (RIDGE | {"matrix": ((1, 2), (2, 2))}, "not whole numbers"),
        (RIDGE | {"matrix": ((-1, 3), (3, -1))}, "does not make"),
    ],
)
def test_refusals(changes: dict[str, Any], why: str) -> None:
    assert why in (question(NAME, **GOLDEN | changes).flaw() or "")
