"""Rank and null space."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "mathematics/rank_nullity"
GOLDEN = {"form": "rank", "matrix": ((1, 2, 3), (2, 4, 6)), "first_factor": (), "place": (), "ends": ()}
BASIS = GOLDEN | {"form": "basis", "matrix": ((1, 0, 2, 1), (0, 1, -1, 3), (1, 1, 1, 4)), "ends": (1, 0)}
PARAMETER = GOLDEN | {
    "form": "parameter",
    "matrix": ((1, 2, 0), (0, 1, -1), (1, 3, 2)),
    "place": (0, 2),
    "ends": (1,),
}
FACTORS = GOLDEN | {
    "form": "factors",
    "first_factor": ((1, 0), (0, 1), (1, 1), (2, 1)),
    "matrix": ((1, 2, 3), (2, 4, 6)),
}


def test_rank_golden() -> None:
    found = item(NAME, **GOLDEN)
    assert keys(found) == {"rank": 1, "nullity": 2}
    wrong = mistakes(found)
    assert wrong["nullity_from_rows"] == {"nullity": 1}
    assert wrong["rank_is_min_dim"] == {"rank": 2, "nullity": 1}


def test_the_row_space_is_not_the_null_space() -> None:
    """The notes print R(Aᵀ) = N(A); it is the orthogonal complement."""
    found = item(NAME, **BASIS)
    assert keys(found) == {"rank": 2, "nullity": 2, "left_nullity": 1, "null_vector": (-2, 1, 1, 0)}
    wrong = mistakes(found)
    assert wrong["row_space_is_null_space"] == {"null_vector": (1, 0, 2, 1)}
    assert wrong["signs_turned_round"] == {"null_vector": (2, -1, 1, 0)}
    assert wrong["one_row_only"] == {"null_vector": (-2, 0, 1, 0)}
    assert wrong["rank_is_min_dim"] == {"rank": 3, "nullity": 1, "left_nullity": 0}
    assert all(sum(a * x for a, x in zip(row, (-2, 1, 1, 0), strict=True)) == 0 for row in BASIS["matrix"])


def test_parameter() -> None:
    found = item(NAME, **PARAMETER)
    assert keys(found) == {"parameter": 3, "null_vector": (-5, 1, 1)}
    wrong = mistakes(found)
    assert wrong["parameter_sign"] == {"parameter": -3}
    assert wrong["signs_turned_round"] == {"null_vector": (5, -1, 1)}


def test_factors() -> None:
    found = item(NAME, **FACTORS)
    assert keys(found) == {"rank": 1, "nullity": 2, "left_nullity": 3}
    wrong = mistakes(found)
    assert wrong["rank_is_inner_size"] == {"rank": 2, "nullity": 1, "left_nullity": 2}
    assert wrong["rank_is_min_dim"] == {"rank": 3, "nullity": 0, "left_nullity": 1}
    assert wrong["nullity_from_rows"] == {"nullity": 3, "left_nullity": 2}
    whole = item(NAME, **FACTORS | {"matrix": ((1, 2, 3), (0, 1, 1))})
    assert keys(whole) == {"rank": 2, "nullity": 1, "left_nullity": 2}


def test_own_rank_is_carried() -> None:
    assert question(NAME, **GOLDEN).consequences(rank=2)["nullity"] == 1
    assert question(NAME, **BASIS).consequences(rank=1)["left_nullity"] == 2


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is rank"),
        ({"matrix": ((1, 2), (1,))}, "equally long rows"),
        ({"matrix": ((1, 2, 21),)}, "entries up to 20"),
        ({"matrix": ((1, 2, 3),) * 7}, "up to 6"),
        ({"first_factor": ((1, 2),)}, "belongs to factors"),
        ({"place": (0, 0)}, "belongs to factors"),
        ({"matrix": ((0, 0), (0, 0))}, "is zero"),
        ({"matrix": ((1, 0), (0, 1))}, "columns are independent"),
        ({"ends": (1,)}, "not asked for"),
        (BASIS | {"ends": (1,)}, "not as many"),
        (BASIS | {"ends": (0, 0)}, "not as many"),
        (BASIS | {"ends": (1, 21)}, "from -20 to 20"),
        (BASIS | {"matrix": ((1, 2, 0, 1), (2, 4, 1, 3), (0, 0, 1, 1))}, "first columns are dependent"),
        (BASIS | {"matrix": ((2, 0, 1, 1), (0, 1, -1, 3))}, "not whole"),
        (FACTORS | {"first_factor": ((1, 0, 1), (0, 1, 1))}, "do not fit"),
        (FACTORS | {"first_factor": ((0, 0), (0, 0))}, "product is zero"),
        (FACTORS | {"first_factor": ((1, 0), (0, 1), (1, 1))}, "as many rows as columns"),
        (PARAMETER | {"matrix": ((1, 2, 5), (0, 1, -1), (1, 3, 2))}, "0 in the place"),
        (PARAMETER | {"matrix": ((1, 2, 0), (0, 1, -1))}, "three rows and columns"),
        (PARAMETER | {"matrix": ((1, 2, 0), (1, 1, -1), (1, 1, 2))}, "no whole number"),
    ],
)
def test_refusals(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **GOLDEN | changes).flaw() or "")
