"""Error measures of a regression."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "losses/regression_errors"
ONE_HOT = {
    "form": "one_hot",
    "targets": ((1, 0, 0),),
    "predictions": ((0.01, 0.97, 0.02),),
    "measures": (),
}
LIST = {
    "form": "list",
    "targets": ((3, -1, 2, 5),),
    "predictions": ((1, -1, 5, 6),),
    "measures": ("sse", "half_sse", "mse", "rmse", "mae", "mbd"),
}
VECTORS = {
    "form": "vectors",
    "targets": ((1, 2, 3), (0, 0, 1)),
    "predictions": ((1, 4, 3), (1, -1, 4)),
    "measures": (),
}


def test_golden_one_hot() -> None:
    found = item(NAME, **ONE_HOT)
    assert keys(found)["squares"] == pytest.approx((0.9801, 0.9409, 0.0004))
    assert keys(found)["total"] == pytest.approx(1.9214)
    assert keys(found)["mean"] == pytest.approx(0.6405, abs=5e-5)
    means = {name: values["mean"] for name, values in mistakes(found).items()}
    expected = {"only_true_class": 0.9801, "sum_not_mean": 1.9214, "half_factor": 0.9607}
    assert {name: means[name] for name in expected} == pytest.approx(expected)


def test_measures_of_a_list() -> None:
    found = item(NAME, **LIST)
    assert keys(found) == {
        "errors": (-2, 0, 3, 1),
        "sse": 14,
        "half_sse": 7,
        "mse": 3.5,
        "rmse": pytest.approx(1.870829, abs=1e-6),
        "mae": 1.5,
        "mbd": 0.5,
    }


def test_vectors_are_reduced_in_two_ways() -> None:
    found = item(NAME, **VECTORS)
    assert keys(found) == {
        "sums": (4, 11),
        "mean_over_samples": 7.5,
        "mean_over_all": pytest.approx(2.5),
    }
    wrong = mistakes(found)
    assert wrong["averages_entries_too"] == {"mean_over_samples": pytest.approx(2.5)}
    assert wrong["sum_not_mean"] == {"mean_over_all": 15}


def test_wrong_errors_are_carried() -> None:
    carried = question(NAME, **LIST).consequences(errors=(2, 0, 3, 1))
    assert (carried["sse"], carried["mae"], carried["mbd"]) == (14, 1.5, 1.5)


@pytest.mark.parametrize(
    ("base", "changes", "reason"),
    [
        (LIST, {"form": "table"}, "form is list"),
        (LIST, {"measures": ("mape",)}, "measures are of"),
        (LIST, {"measures": ()}, "one or more different measures"),
        (VECTORS, {"measures": ("mse",)}, "none of the other forms"),
        (LIST, {"targets": ((1, 2),)}, "equally long"),
        (LIST, {"targets": ((1,),), "predictions": ((2,),)}, "two to eight numbers"),
        (VECTORS, {"targets": ((1, 2),), "predictions": ((2, 4),)}, "two to four rows"),
        (LIST, {"predictions": ((1, -1, 5, 4.5),)}, "whole numbers"),
        (LIST, {"predictions": ((4, 0, 3, 6),)}, "same size"),
        (LIST, {"predictions": ((1, -1, 3, 6),)}, "cancel"),
        (ONE_HOT, {"targets": ((1, 1, 0),)}, "one 1 among zeros"),
        (ONE_HOT, {"predictions": ((0.5, 0.5, 0.5),)}, "add up to 1"),
        (ONE_HOT, {"predictions": ((0.0, 0.5, 0.5),)}, "between 0.001 and 0.999"),
    ],
)
def test_refusals(base: dict[str, Any], changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **base | changes).flaw() or "")
