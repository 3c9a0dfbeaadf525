"""Covariance of points and their total variance."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "mathematics/covariance_trace"
GOLDEN = {
    "form": "points",
    "points": ((1, 1), (3, 1), (3, 5), (1, 5)),
    "divisor": "n",
    "direction": (3, 4),
    "sizes": (),
    "samples_in": "",
}
CENTRED = GOLDEN | {"form": "centred", "points": ((-1, 0), (-1, -2), (2, 2)), "direction": ()}
AXES = GOLDEN | {"form": "axes", "points": ((3, 3), (-1, -1), (2, 0), (0, 2)), "direction": ()}
LAYOUT = GOLDEN | {
    "form": "layout",
    "points": (),
    "direction": (),
    "sizes": (10, 4, 60),
    "samples_in": "rows",
}


def test_points_golden() -> None:
    found = item(NAME, **GOLDEN)
    assert keys(found) == {
        "mean": (2, 3),
        "covariance": ((1, 0), (0, 4)),
        "total": 5,
        "along": pytest.approx((9 * 1 + 16 * 4) / 25),
    }
    wrong = mistakes(found)
    assert wrong["divides_n_minus_1"]["total"] == pytest.approx(6.6667, abs=5e-5)
    assert wrong["not_centred"]["total"] == pytest.approx(18)
    assert wrong["std_added"] == {"total": 3}
    assert wrong["determinant_for_trace"] == {"total": 4}
    assert wrong["forgets_division"]["covariance"] == ((4, 0), (0, 16))
    assert wrong["direction_not_normalised"] == {"along": 73}
    assert wrong["deviation_along"]["along"] == pytest.approx((73 / 25) ** 0.5)


def test_the_divisor_may_be_n_minus_1() -> None:
    found = item(NAME, **GOLDEN | {"divisor": "n-1"})
    assert keys(found)["total"] == pytest.approx(20 / 3)
    assert mistakes(found)["divides_n_minus_1"]["total"] == pytest.approx(5)


def test_centred_points() -> None:
    found = item(NAME, **CENTRED)
    assert keys(found) == {
        "covariance": (pytest.approx((2, 2)), pytest.approx((2, 8 / 3))),
        "total": pytest.approx(14 / 3),
    }
    wrong = mistakes(found)
    assert wrong["all_entries_added"]["total"] == pytest.approx(26 / 3)
    assert wrong["covariance_without_sign"]["covariance"][0] == pytest.approx((2, -2))


def test_axes_of_the_ellipse() -> None:
    found = item(NAME, **AXES)
    assert keys(found) == {
        "covariance": ((2.5, 1.5), (1.5, 2.5)),
        "eigenvalues": (4, 1),
        "half_axes": (2, 1),
        "share": 0.8,
    }
    wrong = mistakes(found)
    assert wrong["axis_without_sqrt"] == {"half_axes": (4, 1)}
    assert wrong["ratio_of_eigenvalues"] == {"share": 4}
    assert wrong["share_of_the_second"] == {"share": 0.2}
    assert wrong["share_of_deviations"] == {"share": pytest.approx(2 / 3)}
    ellipse = question(NAME, **AXES).ellipse
    assert max(((x - 1) ** 2 + (y - 1) ** 2) ** 0.5 for x, y in ellipse) == pytest.approx(2)
    x, y = ellipse[0]
    assert (x, y) == pytest.approx((1 + 2**0.5, 1 + 2**0.5))


@pytest.mark.parametrize("samples_in", ["rows", "columns"])
def test_the_covariance_belongs_to_the_features(samples_in: str) -> None:
    """The notes print XXᵀ/n for X of n×d: that is n×n, only the traces agree."""
    found = item(NAME, **LAYOUT | {"samples_in": samples_in})
    assert keys(found) == {"shape": (4, 4), "rank": 4, "total": 6, "mean_variance": 1.5}
    wrong = mistakes(found)
    assert wrong["XXt_for_XtX"] == {"shape": (10, 10)}
    assert wrong["mean_over_samples"] == {"mean_variance": 0.6}
    assert wrong["divides_n_minus_1"]["total"] == pytest.approx(60 / 9)


def test_centring_costs_a_rank() -> None:
    found = item(NAME, **LAYOUT | {"sizes": (4, 10, 60)})
    assert keys(found)["rank"] == 3
    wrong = mistakes(found)
    assert wrong["rank_without_centring"] == {"rank": 4}
    assert wrong["rank_is_size"] == {"rank": 10}


def test_own_values_are_carried() -> None:
    own = question(NAME, **GOLDEN).consequences(mean=(2, 1))
    assert own["covariance"] == ((1, 0), (0, 8))
    assert own["total"] == 9
    assert question(NAME, **AXES).consequences(eigenvalues=(9, 3))["share"] == 0.75
    assert question(NAME, **AXES).consequences(covariance=((5, 0), (0, 4)))["eigenvalues"] == (5, 4)
    assert question(NAME, **LAYOUT).consequences(total=10)["mean_variance"] == 2.5


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is centred"),
        ({"divisor": "n+1"}, "n or n-1"),
        ({"direction": ()}, "belongs to the form points"),
        (CENTRED | {"direction": (1, 1)}, "belongs to the form points"),
        ({"points": ((1, 1), (2, 3))}, "three to six points"),
        ({"sizes": (3, 2, 1)}, "neither sizes"),
        ({"points": ((1, 1), (2, 3), (51, 2))}, "from -50 to 50"),
        ({"points": ((-1, 0), (-1, -2), (2, 2))}, "only in the form centred"),
        (CENTRED | {"points": ((1, 1), (3, 1), (3, 5))}, "only in the form centred"),
        ({"points": ((1, 1), (3, 1), (3, 5))}, "mean is not whole"),
        ({"points": ((1, 1), (2, 2), (3, 3))}, "on a line"),
        ({"direction": (0, 0)}, "direction is zero"),
        (AXES | {"points": ((1, 1), (3, 1), (3, 5), (1, 5))}, "covariance is zero"),
        (AXES | {"points": ((1, 0), (0, 1), (2, 5))}, "not friendly"),
        (LAYOUT | {"samples_in": ""}, "samples in rows or columns"),
        (LAYOUT | {"sizes": (1, 4, 60)}, "from 2 to 200"),
        (LAYOUT | {"sizes": (4, 4, 60)}, "as many samples as features"),
    ],
)
def test_refusals(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **GOLDEN | changes).flaw() or "")
