"""Norms of vectors and matrices."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "mathematics/norms"
GOLDEN = {"form": "vector", "rows": ((3, -4, 0),)}
DISTANCE = {"form": "distance", "rows": ((4, 1), (1, 5))}
MATRIX = {"form": "matrix", "rows": ((1, 2), (2, 4))}
SPECTRAL = {"form": "spectral", "rows": ((3, 0), (4, 5))}
CAUCHY = {"form": "cauchy_schwarz", "rows": ((1, 2, -2), (2, 4, 1))}


def test_vector_golden() -> None:
    found = item(NAME, **GOLDEN)
    assert keys(found) == {"l1": 7, "square": 25, "euclidean_norm": 5, "maximum": 4}
    wrong = mistakes(found)
    assert wrong["signed_sum"] == {"l1": -1}
    assert wrong["no_sqrt"] == {"euclidean_norm": 25}
    assert wrong["max_signed"] == {"maximum": 3}
    assert wrong["square_of_sum"] == {"square": 1, "euclidean_norm": 1}
    assert wrong["counts_entries"] == {"l1": 2}
    assert wrong["l1_for_l2"] == {"euclidean_norm": 7}


def test_frobenius_golden() -> None:
    found = item(NAME, **MATRIX)
    assert keys(found) == {"gram": ((5, 10), (10, 20)), "trace": 25, "frobenius": 5}
    wrong = mistakes(found)
    assert wrong["trace_of_a"] == {"trace": 5, "frobenius": pytest.approx(5**0.5)}
    assert wrong["no_sqrt"] == {"frobenius": 25}
    assert wrong["sum_of_gram"] == {"trace": 45}


def test_distance() -> None:
    found = item(NAME, **DISTANCE)
    assert keys(found) == {
        "l1": 7,
        "square": 25,
        "euclidean_norm": 5,
        "maximum": 4,
        "unit_vector": (0.6, -0.8),
    }
    wrong = mistakes(found)
    assert wrong["direction_turned_round"] == {"unit_vector": (-0.6, 0.8)}
    assert wrong["divided_by_l1"]["unit_vector"] == pytest.approx((3 / 7, -4 / 7))
    assert wrong["divided_by_square"]["unit_vector"] == pytest.approx((0.12, -0.16))
    assert wrong["difference_of_norms"] == {"l1": 1}


def test_spectral_norm() -> None:
    found = item(NAME, **SPECTRAL)
    assert keys(found) == {
        "eigenvalues": (45, 5),
        "spectral": pytest.approx(45**0.5),
        "frobenius": pytest.approx(50**0.5),
    }
    wrong = mistakes(found)
    assert wrong["frobenius_as_spectral"]["spectral"] == pytest.approx(50**0.5)
    assert wrong["eigenvalue_as_spectral"]["spectral"] == 5
    assert wrong["no_sqrt"] == {"spectral": 45, "frobenius": 50}
    assert wrong["sum_of_singular_values"]["frobenius"] == pytest.approx(45**0.5 + 5**0.5)


def test_cauchy_schwarz() -> None:
    found = item(NAME, **CAUCHY)
    bound = 3 * 21**0.5
    assert keys(found) == {
        "inner": 8,
        "bound": pytest.approx(bound),
        "cosine": pytest.approx(8 / bound),
        "equality": -4,
    }
    wrong = mistakes(found)
    assert wrong["inner_without_signs"] == {"inner": 12, "cosine": pytest.approx(12 / bound)}
    assert wrong["no_sqrt"]["bound"] == pytest.approx(9 * 21)
    assert wrong["sum_of_norms"]["bound"] == pytest.approx(3 + 21**0.5)
    assert wrong["cosine_turned_round"] == {"cosine": pytest.approx(bound / 8)}
    assert wrong["orthogonal_for_parallel"] == {"equality": 5}
    assert wrong["equality_sign"] == {"equality": 4}


def test_own_values_are_carried() -> None:
    assert question(NAME, **DISTANCE).consequences(euclidean_norm=10)["unit_vector"] == (0.3, -0.4)
    assert question(NAME, **GOLDEN).consequences(square=9)["euclidean_norm"] == 3
    assert question(NAME, **MATRIX).consequences(gram=((4, 0), (0, 12)))["trace"] == 16
    assert question(NAME, **MATRIX).consequences(trace=9)["frobenius"] == 3
    assert question(NAME, **SPECTRAL).consequences(eigenvalues=(9, 7))["spectral"] == 3
    assert question(NAME, **CAUCHY).consequences(bound=16)["cosine"] == 0.5


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is vector"),
        ({"rows": ((1, 2), (2, 4))}, "number of rows is 1"),
        ({"rows": ((1, 2, 2, 4, 10),)}, "two to four entries"),
        ({"rows": ((-61, 2),)}, "from -60 to 60"),
        ({"rows": ((-1, 2),)}, "not whole"),
        ({"rows": ((0, -5),)}, "all entries but one are zero"),
        ({"rows": ((3, 4),)}, "no entry is negative"),
        (MATRIX | {"rows": ((1, 2), (0, 0))}, "a row is zero"),
        (MATRIX | {"rows": ((1, 2, 3, 4), (1, 2, 3, 4))}, "longer than three"),
        (SPECTRAL | {"rows": ((1, 2, 3), (1, 1, 1))}, "two columns"),
        (SPECTRAL | {"rows": ((1, 2), (2, 3))}, "not different whole numbers"),
        (SPECTRAL | {"rows": ((1, 0), (0, 3))}, "diagonal"),
        (CAUCHY | {"rows": ((1, 2, 2), (2, 3, 1))}, "not proportional"),
        (CAUCHY | {"rows": ((1, 2, -2), (2, 4, -4))}, "there already"),
        (CAUCHY | {"rows": ((1, 2, -2), (2, 4, 5))}, "orthogonal"),
        (CAUCHY | {"rows": ((2, 2, 1), (1, 1, 4))}, "not whole"),
    ],
)
def test_refusals(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **GOLDEN | changes).flaw() or "")
