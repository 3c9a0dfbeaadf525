"""Least squares, ridge regression, and the errors of a fit."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

OLS = "linear_models/ols_closed_form"
LINE = {"form": "line", "features": ((0, 1, 2, 3),), "targets": (1, 3, 4, 8), "loss": "mean", "fixed": 0}
ORIGIN = LINE | {"form": "origin", "features": ((1, 2, 3),), "targets": (1, 5, 1)}
PLANE = LINE | {
    "form": "plane",
    "features": ((-2, -1, 0, 1, 2), (-1, -1, 0, 1, 1)),
    "targets": (1, 1, 2, 3, 8),
}
COLLINEAR = LINE | {"form": "collinear", "features": ((0, 1, 2, 3), (1, 3, 5)), "fixed": 1}


def test_line_golden() -> None:
    found = item(OLS, **LINE)
    assert keys(found) == pytest.approx({"w": 2.2, "b": 0.7})
    wrong = mistakes(found)
    assert wrong["no_bias_column"]["w"] == pytest.approx(2.5)
    assert wrong["swapped_xy"]["w"] == pytest.approx(0.4231, abs=5e-5)
    assert wrong["wrong_order"] == {"b": 16, "w": 35}
    assert wrong["divides_by_n"] == pytest.approx({"b": 0.175, "w": 0.55})
    assert wrong["bias_is_the_mean"] == {"b": 4}


def test_factors_of_the_loss_do_not_change_the_weights() -> None:
    found = [keys(item(OLS, **LINE | {"loss": loss})) for loss in ("sum", "half", "mean")]
    assert found[0] == found[1] == found[2]


def test_line_through_the_origin() -> None:
    found = item(OLS, **ORIGIN)
    assert keys(found) == {"w": 1}
    wrong = {name: values["w"] for name, values in mistakes(found).items()}
    assert wrong["wrong_order"] == 14
    assert wrong["swapped_xy"] == pytest.approx(14 / 27)
    assert wrong["mean_of_ratios"] == pytest.approx((1 + 2.5 + 1 / 3) / 3)
    assert wrong["ratio_of_means"] == pytest.approx(7 / 6)


def test_plane_of_two_features() -> None:
    found = item(OLS, **PLANE)
    assert keys(found) == {
        "gram": ((5, 0, 0), (0, 10, 6), (0, 6, 4)),
        "moments": (15, 16, 9),
        "weights": pytest.approx((3, 2.5, -1.5)),
    }
    assert mistakes(found)["diagonal_only"]["weights"] == pytest.approx((3, 1.6, 2.25))


def test_collinear_features() -> None:
    found = item(OLS, **COLLINEAR)
    assert keys(found) == {"missing": 7, "weights": pytest.approx((-0.3, 0.2))}
    wrong = mistakes(found)
    assert wrong["second_weight_zero"]["weights"] == pytest.approx((0.7, 2.2))
    assert wrong["second_feature_added"]["weights"] == pytest.approx((1.7, 4.2))
    assert wrong["bias_kept"]["weights"] == pytest.approx((0.7, 0.2))


def test_errors_in_least_squares_are_carried() -> None:
    assert question(OLS, **LINE).consequences(w=2)["b"] == 1
    own = question(OLS, **PLANE).consequences(gram=((1, 0, 0), (0, 10, 6), (0, 6, 4)))
    assert own["weights"] == pytest.approx((15, 2.5, -1.5))
    assert question(OLS, **COLLINEAR).consequences(missing=5)["weights"] == pytest.approx((-0.7, 0.8))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "cubic"}, "form is one of"),
        ({"loss": "max"}, "loss one of"),
        ({"features": ((0, 1),), "targets": (1, 2)}, "three to six points"),
        ({"features": ((0, 1, 2, 3), (1, 2, 3, 5))}, "two features for plane"),
        ({"features": ((0, 1, 2),)}, "a value for each target"),
        ({"targets": (1, 3, 4, 80)}, "from -20 to 20"),
        ({"fixed": 1}, "and else 0"),
        ({"features": ((0, 1, 1, 3),)}, "values of the first feature are equal"),
        ({"features": ((0, 1, 2, 4),)}, "more than two decimals"),
        ({"targets": (1, 2, 3, 4)}, "lie on the fit"),
        (PLANE | {"features": ((-2, -1, 0, 1, 3), (1, -2, 0, 2, -1))}, "mean 0"),
        (PLANE | {"features": ((-2, -1, 0, 1, 2), (-4, -2, 0, 2, 4))}, "collinear"),
        (COLLINEAR | {"features": ((0, 1, 2, 3), (1, 3, 4))}, "times a factor plus a constant"),
        (COLLINEAR | {"features": ((0, 2, 4, 7), (1, 2, 3))}, "missing value is not whole"),
    ],
)
def test_refusals_of_least_squares(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(OLS, **LINE | changes).flaw() or "")


BIAS = "linear_models/bias_variance"
MODELS = {"form": "models", "truths": (2,), "predictions": ((1, 4, 7),), "noise": 0.5, "errors": ()}
FAMILIES = MODELS | {"form": "families", "predictions": ((1, 4, 7), (5, 6, 7))}
PARTS = MODELS | {"form": "parts", "truths": (1, 4, 7), "predictions": ((6,),)}
DIAGNOSIS = MODELS | {
    "form": "diagnosis",
    "truths": (),
    "predictions": (),
    "noise": 0.0,
    "errors": (12, 13, 2),
}


def test_bias_and_variance_golden() -> None:
    found = item(BIAS, **MODELS)
    assert keys(found) == pytest.approx({"bias1": 4, "variance1": 6, "total1": 10.5})
    wrong = {name: values["total1"] for name, values in mistakes(found).items()}
    assert wrong["drops_noise"] == 10
    assert wrong["sample_variance"] == pytest.approx(13.5)
    assert wrong["bias_not_squared"] == 8.5
    assert mistakes(found)["variance_around_truth"]["variance1"] == 10


def test_comparison_of_families() -> None:
    found = item(BIAS, **FAMILIES)
    assert keys(found) == {
        "bias1": pytest.approx(4),
        "variance1": pytest.approx(6),
        "total1": pytest.approx(10.5),
        "bias2": pytest.approx(16),
        "variance2": pytest.approx(2 / 3),
        "total2": pytest.approx(17 + 1 / 6),
        "better": "A",
    }
    assert mistakes(found)["smaller_variance"] == {"better": "B"}
    assert "smaller_bias" not in mistakes(found)


def test_parts_of_an_error() -> None:
    found = item(BIAS, **PARTS)
    assert keys(found) == pytest.approx(
        {"irreducible": 0.5, "approximation": 6, "estimation": 4, "total": 10.5}
    )
    wrong = mistakes(found)
    assert wrong["estimation_about_truth"] == pytest.approx({"estimation": 10, "total": 16.5})
    assert wrong["parts_interchanged"] == pytest.approx({"approximation": 4, "estimation": 6})


def test_diagnosis() -> None:
    found = item(BIAS, **DIAGNOSIS)
    assert keys(found) == {"bias": 10, "gap": 1, "diagnosis": "underfitting"}
    assert mistakes(found)["gap_from_people"] == {"gap": 11, "diagnosis": "overfitting"}
    assert mistakes(found)["diagnosis_turned_round"] == {"diagnosis": "overfitting"}
    assert keys(item(BIAS, **DIAGNOSIS | {"errors": (3, 13, 2)}))["diagnosis"] == "overfitting"


def test_errors_in_bias_and_variance_are_carried() -> None:
    assert question(BIAS, **MODELS).consequences(bias1=1.0)["total1"] == pytest.approx(7.5)
    own = question(BIAS, **FAMILIES).consequences(variance1=20.0)
    assert (own["total1"], own["better"]) == (24.5, "B")
    assert question(BIAS, **PARTS).consequences(approximation=1.0)["total"] == pytest.approx(5.5)
    assert question(BIAS, **DIAGNOSIS).consequences(gap=12)["diagnosis"] == "overfitting"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is models"),
        ({"errors": (1, 2, 3)}, "only a diagnosis has errors"),
        ({"truths": (40,)}, "from 0 to 20"),
        ({"noise": 0.123}, "two decimals"),
        ({"truths": (2, 3)}, "one truth"),
        (FAMILIES | {"predictions": ((1, 4, 7),)}, "two for families"),
        ({"predictions": ((1, 4),)}, "three to six models"),
        ({"truths": (4,)}, "no bias or no variance"),
        (FAMILIES | {"predictions": ((1, 4, 7), (7, 4, 1))}, "equally good"),
        (PARTS | {"predictions": ((6, 7),)}, "one constant"),
        (PARTS | {"predictions": ((4,),)}, "an error is zero"),
        (DIAGNOSIS | {"noise": 0.5}, "nothing else"),
        (DIAGNOSIS | {"errors": (12, 10, 2)}, "the largest"),
        (DIAGNOSIS | {"errors": (12, 22, 2)}, "nearly equal"),
    ],
)
def test_refusals_of_bias_and_variance(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(BIAS, **MODELS | changes).flaw() or "")
