"""Singular values."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "mathematics/svd"
GOLDEN = {"form": "gram", "matrix": ((3, 0), (4, 5)), "right": (), "sizes": ()}
TRUNCATE = GOLDEN | {"form": "truncate"}
ORTHOGONAL = GOLDEN | {"form": "orthogonal", "matrix": ((0, -5), (3, 0))}
PSEUDO_INVERSE = GOLDEN | {"form": "pseudo_inverse", "matrix": ((1, 2), (2, 4), (0, 0)), "right": (5, 10, 7)}
SHAPES = GOLDEN | {"form": "shapes", "matrix": (), "sizes": (5, 4, 2)}


def test_golden_singular_values() -> None:
    found = item(NAME, **GOLDEN)
    values = keys(found)
    assert values["gram"] == ((25, 20), (20, 25))
    assert values["eigenvalues"] == (45, 5)
    assert values["singular_values"] == pytest.approx((6.7082, 2.2361), abs=5e-5)
    wrong = {
        name: values["singular_values"]
        for name, values in mistakes(found).items()
        if "singular_values" in values
    }
    assert wrong["no_sqrt"] == (45, 5)
    assert wrong["eigenvalues_of_A"] == (5, 3)
    assert wrong["unsorted"] == pytest.approx((5**0.5, 45**0.5))
    assert mistakes(found)["outer_gram"] == {"gram": ((9, 12), (12, 41))}
    assert mistakes(found)["squared_entries"] == {"gram": ((9, 0), (16, 25))}


def test_golden_error_of_rank_one() -> None:
    found = item(NAME, **TRUNCATE)
    assert keys(found)["rank_one"] == ((1.5, 1.5), (4.5, 4.5))
    assert keys(found)["error"] == pytest.approx(5)
    wrong = mistakes(found)
    assert wrong["error_not_squared"]["error"] == pytest.approx(5**0.5)
    assert wrong["uses_largest"]["error"] == pytest.approx(45)
    assert wrong["keeps_the_smaller"]["rank_one"] == ((1.5, -1.5), (-0.5, 0.5))
    assert wrong["not_normalised"]["rank_one"] == ((3, 3), (9, 9))
    assert wrong["drops_a_column"]["rank_one"] == ((3, 0), (4, 0))


def test_orthogonal_columns() -> None:
    found = item(NAME, **ORTHOGONAL)
    assert keys(found) == {"singular_values": (5, 3)}
    wrong = {name: values["singular_values"] for name, values in mistakes(found).items()}
    assert wrong["no_sqrt"] == (25, 9)
    assert wrong["unsorted"] == (3, 5)
    diagonal = item(NAME, **ORTHOGONAL | {"matrix": ((2, 0), (0, -7))})
    assert mistakes(diagonal)["keeps_signs"] == {"singular_values": (-7, 2)}


def test_pseudo_inverse() -> None:
    found = item(NAME, **PSEUDO_INVERSE)
    assert keys(found) == {"singular_value": pytest.approx(5), "solution": pytest.approx((1, 2))}
    wrong = mistakes(found)
    assert wrong["no_sqrt"]["singular_value"] == 25
    assert wrong["transpose_for_inverse"]["solution"] == (25, 50)
    assert wrong["divides_once"]["solution"] == pytest.approx((5, 10))
    assert wrong["sum_of_entries"]["singular_value"] == 9


def test_only_the_first_columns_of_u_are_a_basis() -> None:
    """The notes call all columns of U a basis of R(A); the first ones are, as many as the rank."""
    found = item(NAME, **SHAPES)
    assert keys(found) == {"full": (5, 5), "reduced": (5, 4), "basis": 2, "null_basis": 2, "stored": 20}
    wrong = mistakes(found)
    assert wrong["all_columns_of_u"] == {"basis": 5, "null_basis": -1, "stored": 50}
    assert wrong["basis_of_smaller_size"] == {"basis": 4, "null_basis": 0, "stored": 40}
    assert wrong["null_space_of_rows"] == {"null_basis": 3}
    assert wrong["forgets_singular_values"] == {"stored": 18}
    assert wrong["reduced_as_matrix"] == {"reduced": (5, 5)}
    assert wrong["full_turned_round"] == {"full": (4, 4)}


def test_own_values_are_carried() -> None:
    assert question(NAME, **GOLDEN).consequences(eigenvalues=(16, 4))["singular_values"] == (4, 2)
    assert question(NAME, **GOLDEN).consequences(gram=((25, 0), (0, 9)))["eigenvalues"] == (25, 9)
    assert question(NAME, **TRUNCATE).consequences(singular_values=(7, 3))["error"] == 9
    assert question(NAME, **PSEUDO_INVERSE).consequences(singular_value=1)["solution"] == (25, 50)
    assert question(NAME, **SHAPES).consequences(basis=3)["stored"] == 30


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is orthogonal"),
        ({"matrix": ()}, "sizes without a matrix"),
        ({"sizes": (2, 2, 1)}, "sizes without a matrix"),
        ({"right": (1, 2)}, "right-hand side belongs"),
        ({"matrix": ((1, 2), (3,))}, "rows of two or three"),
        ({"matrix": ((61, 2), (3, 1))}, "from -60 to 60"),
        ({"matrix": ((1, 2), (2, 1), (0, 3))}, "in the form gram two rows"),
        ({"matrix": ((1, 0), (0, 2))}, "is diagonal"),
        ({"matrix": ((1, 2), (2, 3))}, "not different whole numbers"),
        ({"matrix": ((1, 2), (2, 4))}, "above 0"),
        (TRUNCATE | {"matrix": ((1, 2, 3), (2, 4, 1))}, "two columns"),
        (ORTHOGONAL | {"matrix": ((1, 2), (2, 1))}, "not orthogonal"),
        (ORTHOGONAL | {"matrix": ((1, 1), (1, -1))}, "whole numbers"),
        (ORTHOGONAL | {"matrix": ((2, 0), (0, -2))}, "not different"),
        (PSEUDO_INVERSE | {"matrix": ((1, 2), (2, 5), (0, 0))}, "not 1"),
        (PSEUDO_INVERSE | {"right": (1, 2)}, "as many entries"),
        (PSEUDO_INVERSE | {"right": (2, -1, 0)}, "solution is zero"),
        (SHAPES | {"sizes": (5, 4)}, "from 1 to 100"),
        (SHAPES | {"sizes": (101, 4, 2)}, "from 1 to 100"),
        (SHAPES | {"sizes": (4, 4, 2)}, "as many rows as columns"),
        (SHAPES | {"sizes": (5, 4, 4)}, "not smaller"),
    ],
)
def test_refusals(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **GOLDEN | changes).flaw() or "")
