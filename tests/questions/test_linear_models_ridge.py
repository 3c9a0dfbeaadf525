"""Ridge regression in closed form, as a MAP estimate, and by gradient descent."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

MAP = "linear_models/ridge_map"
ORTHOGONAL = {
    "form": "orthogonal",
    "features": ((1, 0), (0, 2), (1, 0)),
    "targets": (2, 4, 4),
    "penalty": 2,
    "noise": 0.0,
    "prior": 0.0,
}
PRIOR = ORTHOGONAL | {"form": "prior", "penalty": 0, "noise": 0.5, "prior": 0.25}
FULL = ORTHOGONAL | {"form": "full", "features": ((1, 1), (0, 2), (1, 0))}
SINGLE = ORTHOGONAL | {"form": "single", "features": ((1,), (2,), (-1,))}
BIAS = ORTHOGONAL | {
    "form": "bias",
    "features": ((0,), (1,), (2,), (3,)),
    "targets": (1, 3, 4, 8),
    "penalty": 5,
}


def test_ridge_golden() -> None:
    found = item(MAP, **ORTHOGONAL)
    assert keys(found) == {
        "least_squares": pytest.approx((3, 2)),
        "factors": pytest.approx((1 / 2, 2 / 3)),
        "weights": pytest.approx((1.5, 4 / 3)),
    }
    wrong = {name: values["weights"] for name, values in mistakes(found).items()}
    assert wrong["no_regulariser"] == pytest.approx((3, 2))
    assert wrong["lambda_times_n"] == pytest.approx((0.75, 0.8))
    assert wrong["adds_lambda_to_all_entries"] == pytest.approx((1, 1))


def test_prior_golden() -> None:
    found = item(MAP, **PRIOR)
    assert keys(found) == {"penalty": 2, "weights": pytest.approx((1.5, 4 / 3))}
    wrong = mistakes(found)
    assert wrong["lambda_inverted"]["penalty"] == 0.5
    assert wrong["lambda_inverted"]["weights"] == pytest.approx((6 / 2.5, 8 / 4.5))
    assert wrong["lambda_as_product"]["penalty"] == 0.125
    assert wrong["ratio_of_deviations"]["penalty"] == pytest.approx(2**0.5)


def test_features_that_are_not_orthogonal() -> None:
    found = item(MAP, **FULL)
    assert keys(found) == {
        "system": ((4, 1), (1, 7)),
        "moments": (6, 10),
        "weights": pytest.approx((32 / 27, 34 / 27)),
    }
    assert mistakes(found)["adds_lambda_to_all_entries"]["system"] == ((4, 3), (3, 7))
    assert mistakes(found)["no_regulariser"]["weights"] == pytest.approx((20 / 9, 14 / 9))


def test_one_feature() -> None:
    found = item(MAP, **SINGLE)
    assert keys(found) == {"w": 0.75}
    assert mistakes(found)["no_regulariser"]["w"] == 1
    assert mistakes(found)["lambda_times_n"]["w"] == 0.5


def test_the_bias_is_not_penalised() -> None:
    found = item(MAP, **BIAS)
    assert keys(found) == pytest.approx({"w": 1.1, "b": 2.35})
    wrong = mistakes(found)
    assert wrong["penalises_bias"] == pytest.approx({"b": 94 / 135, "w": 219 / 135})
    assert wrong["no_regulariser"] == pytest.approx({"b": 0.7, "w": 2.2})
    assert wrong["no_bias_column"]["w"] == pytest.approx(35 / 19)


def test_errors_in_ridge_regression_are_carried() -> None:
    own = question(MAP, **ORTHOGONAL).consequences(least_squares=(4.0, 2.0), factors=(0.25, 0.5))
    assert own["weights"] == (1, 1)
    assert question(MAP, **PRIOR).consequences(penalty=1.0)["weights"] == pytest.approx((2, 1.6))
    assert question(MAP, **FULL).consequences(system=((1, 0), (0, 2)))["weights"] == (6, 5)
    assert question(MAP, **BIAS).consequences(w=2.0)["b"] == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "lasso"}, "form is one of"),
        ({"features": ((1,), (0,), (1,))}, "two features"),
        ({"features": ((1, 0), (0, 2))}, "each example needs a target"),
        ({"targets": (2, 4, 40)}, "from -10 to 10"),
        ({"penalty": 0}, "a penalty from 1 to 10"),
        ({"prior": 1.0}, "no variances"),
        ({"features": ((1, 0), (0, 0), (1, 0))}, "many solutions"),
        ({"features": ((1, 1), (0, 2), (1, 0))}, "are to be orthogonal"),
        ({"features": ((1, 0), (0, 2), (1, 0)), "form": "full"}, "but for full not"),
        ({"targets": (2, 0, 4)}, "a weight is nearly zero"),
        (PRIOR | {"penalty": 2}, "variances are given"),
        (PRIOR | {"noise": 0.3}, "variances are given"),
        (PRIOR | {"noise": 0.25}, "variances are equal"),
        (PRIOR | {"noise": 4.0}, "differ too much"),
    ],
)
def test_refusals_of_ridge_regression(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(MAP, **ORTHOGONAL | changes).flaw() or "")
