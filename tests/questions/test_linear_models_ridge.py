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


STEP = "linear_models/ridge_gd_step"
ONE_STEP = {
    "features": ((1, 2), (3, -1)),
    "targets": (1, 2),
    "start": (0.5, 0.0),
    "rate": 0.05,
    "penalty": 1,
    "averaged": False,
    "steps": 1,
}
SCALAR = ONE_STEP | {"features": ((2,),), "targets": (3,), "start": (0.5,), "rate": 0.1}


def test_ridge_step_golden() -> None:
    found = item(STEP, **ONE_STEP)
    assert keys(found) == {
        "gradient1": pytest.approx((-3, -1)),
        "weights1": pytest.approx((0.65, 0.05)),
    }
    wrong = {name: values["weights1"] for name, values in mistakes(found).items()}
    assert wrong["drops_factor_2"] == pytest.approx((0.575, 0.025))
    assert wrong["forgets_shrink"] == pytest.approx((0.7, 0.05))
    assert wrong["decay_after"] == pytest.approx((0.63, 0.045))
    assert wrong["sign_flip"] == pytest.approx((0.25, -0.05))
    assert wrong["ascent"] == pytest.approx((0.35, -0.05))


def test_one_weight() -> None:
    assert keys(item(STEP, **SCALAR)) == pytest.approx({"gradient1": -7, "weights1": 1.2})


def test_averaged_errors() -> None:
    found = item(STEP, **ONE_STEP | {"averaged": True})
    assert keys(found)["weights1"] == pytest.approx((0.55, 0.025))
    wrong = {name: values["weights1"] for name, values in mistakes(found).items()}
    assert wrong["sum_not_mean"] == pytest.approx((0.65, 0.05))
    assert wrong["penalty_without_2"] == pytest.approx((0.575, 0.025))


def test_two_steps() -> None:
    found = item(STEP, **ONE_STEP | {"steps": 2})
    assert keys(found)["gradient2"] == pytest.approx((0.2, -0.7))
    assert keys(found)["weights2"] == pytest.approx((0.64, 0.085))
    assert mistakes(found)["reuses_gradient"] == {
        "gradient2": pytest.approx((-3, -1)),
        "weights2": pytest.approx((0.8, 0.1)),
    }


def test_errors_in_ridge_steps_are_carried() -> None:
    own = question(STEP, **ONE_STEP | {"steps": 2}).consequences(gradient1=(10.0, 0.0))
    assert own["weights1"] == (0, 0)
    assert own["gradient2"] == (-14, 0)
    assert own["weights2"] == pytest.approx((0.7, 0))
    assert question(STEP, **SCALAR).consequences(gradient1=5.0)["weights1"] == 0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"targets": (1,)}, "a target each"),
        ({"features": ((1, 2), (3,))}, "a feature for each weight"),
        ({"features": ((1, 2), (30, -1))}, "from -10 to 10"),
        ({"start": (0.25, 0.0)}, "halves"),
        ({"rate": 0.0123}, "three decimals"),
        ({"penalty": -1}, "the penalty goes from 0"),
        ({"steps": 4}, "one to three steps"),
        ({"features": ((0, 0), (3, -1))}, "no feature but 0"),
        ({"start": (0.0, 0.0)}, "all weights start at 0"),
        (SCALAR | {"averaged": True}, "takes two examples"),
        ({"features": ((1, 2), (2, 4)), "penalty": 0}, "many minima"),
        ({"start": (-1.0, 0.5), "targets": (0, -4)}, "nearly zero"),
        ({"rate": 0.5}, "raises the objective"),
        (
            {"features": ((0, -3), (-3, 0)), "targets": (2, 0), "start": (-1.0, 2.0)},
            "ends at the minimum",
        ),
    ],
)
def test_refusals_of_ridge_steps(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(STEP, **ONE_STEP | changes).flaw() or "")
