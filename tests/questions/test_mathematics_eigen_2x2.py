"""Eigenvalues of a 2×2 matrix."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "mathematics/eigen_2x2"
GOLDEN = {"form": "eigenvalues", "matrix": ((4, 1), (2, 3)), "power": 0}
ROOT = GOLDEN | {"form": "root", "matrix": ((5, 4), (4, 5))}
POWER = GOLDEN | {"form": "power", "matrix": ((1, 2), (1, 0)), "power": 3}
COMPLEX = GOLDEN | {"form": "complex", "matrix": ((3, -2), (4, -1))}


def test_eigenvalues_golden() -> None:
    found = item(NAME, **GOLDEN)
    assert keys(found) == {"eigenvalues": (5, 2)}
    wrong = {name: values["eigenvalues"] for name, values in mistakes(found).items()}
    assert wrong["diagonal_entries"] == (4, 3)
    assert wrong["plus_p"] == pytest.approx((8.217, -1.217), abs=5e-4)
    assert wrong["forgets_sqrt"] == (5.75, 1.25)
    assert wrong["trace_as_m"] == pytest.approx((7 + 39**0.5, 7 - 39**0.5))
    assert wrong["signs_turned_round"] == (-2, -5)


def test_eigenvectors() -> None:
    found = item(NAME, **GOLDEN | {"form": "eigenvectors"})
    assert keys(found) == {"eigenvalues": (5, 2), "firsts": (1, -0.5)}
    wrong = mistakes(found)
    assert wrong["eigenvectors_swapped"] == {"firsts": (-0.5, 1)}
    assert wrong["eigenvectors_of_transpose"] == {"firsts": (2, -1)}
    assert wrong["entries_interchanged"] == {"firsts": (1, -2)}
    assert wrong["eigenvector_sign"] == {"firsts": (-1, 0.5)}


def test_root_golden() -> None:
    found = item(NAME, **ROOT)
    assert keys(found) == {"eigenvalues": (9, 1), "matrix_root": ((2, 1), (1, 2))}
    wrong = mistakes(found)
    assert wrong["elementwise_sqrt"]["matrix_root"][0] == pytest.approx((5**0.5, 2))
    assert wrong["diagonal_root"] == {"matrix_root": ((3, 0), (0, 1))}
    assert wrong["half_for_root"] == {"matrix_root": ((2.5, 2), (2, 2.5))}


def test_power() -> None:
    found = item(NAME, **POWER)
    assert keys(found) == {"eigenvalues": (2, -1), "powers": (8, -1), "matrix_power": ((5, 6), (3, 2))}
    wrong = mistakes(found)
    assert wrong["elementwise_power"] == {"matrix_power": ((1, 8), (1, 0))}
    assert wrong["multiple_for_power"] == {"powers": (6, -3), "matrix_power": ((3, 6), (3, 0))}
    assert wrong["sign_of_powers"] == {"powers": (8, 1)}


def test_complex_eigenvalues() -> None:
    found = item(NAME, **COMPLEX)
    assert keys(found) == {"mean": 1, "imaginary": 2, "modulus": pytest.approx(5**0.5)}
    wrong = mistakes(found)
    assert wrong["trace_as_m"]["mean"] == 2
    assert wrong["forgets_sqrt"]["imaginary"] == 4
    assert wrong["modulus_squared"] == {"modulus": 5}
    assert wrong["modulus_of_sum"] == {"modulus": 3}
    assert wrong["modulus_of_difference"] == {"modulus": pytest.approx(3**0.5)}


def test_own_eigenvalues_are_carried() -> None:
    assert question(NAME, **GOLDEN | {"form": "eigenvectors"}).consequences(eigenvalues=(7, 1))["firsts"] == (
        2,
        -1,
    )
    assert question(NAME, **POWER).consequences(eigenvalues=(2, 1))["powers"] == (8, 1)
    assert question(NAME, **POWER).consequences(powers=(10, 1))["matrix_power"] == ((7, 6), (3, 4))
    assert question(NAME, **ROOT).consequences(eigenvalues=(4, 1))["matrix_root"][0] == pytest.approx(
        (7 / 3, 4 / 3)
    )
    assert question(NAME, **COMPLEX).consequences(mean=0)["modulus"] == 2


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is eigenvalues"),
        ({"matrix": ((1, 2), (3, 4), (5, 6))}, "two rows of two entries"),
        ({"matrix": ((61, 1), (1, 1))}, "from -60 to 60"),
        ({"power": 2}, "0 where none is asked"),
        ({"power": 7}, "from 2 to 6"),
        (POWER | {"power": 0}, "from 2 to 6"),
        ({"matrix": ((2, 0), (0, 1))}, "diagonal"),
        ({"matrix": ((1, 1), (1, 2))}, "whole numbers"),
        ({"matrix": ((2, 1), (0, 2))}, "two different"),
        ({"matrix": ((1, -2), (2, 1))}, "two different"),
        ({"form": "eigenvectors", "matrix": ((1, 1), (0, 3))}, "no second entry 1"),
        ({"form": "eigenvectors", "matrix": ((1, 1), (3, 3))}, "more than two decimals"),
        (POWER | {"matrix": ((10, 2), (1, 9))}, "go up to 1000"),
        (POWER | {"matrix": ((1, 2), (0, 3))}, "triangular or singular"),
        (POWER | {"matrix": ((1, 1), (3, -1))}, "differ only in sign"),
        (ROOT | {"matrix": ((4, 1), (2, 3))}, "not symmetric"),
        (ROOT | {"matrix": ((2, 1), (1, 2))}, "small squares"),
        (COMPLEX | {"matrix": ((4, 1), (2, 3))}, "not complex"),
        (COMPLEX | {"matrix": ((1, -1), (3, 2))}, "not complex with whole or half"),
        (COMPLEX | {"matrix": ((1, -2), (1, -1))}, "real part is zero"),
    ],
)
def test_refusals(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **GOLDEN | changes).flaw() or "")
