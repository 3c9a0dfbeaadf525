"""Gradient descent on quadratics, and stable learning rates."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

QUADRATIC = "optimizers/gd_quadratic"
TABLE = {
    "form": "table", "coefficients": [1], "minimum": [3], "start": [1], "rate": 0.1, "steps": 3, "tolerance": 0.0,
    "expanded": False,
}  # fmt: skip
TOLERANCE = TABLE | {"form": "tolerance", "steps": 0, "tolerance": 0.1}
COORDINATES = TABLE | {"form": "coordinates", "coefficients": [1, 8], "minimum": [3, 0], "start": [1, 2]}


def test_golden_steps_on_a_quadratic() -> None:
    found = item(QUADRATIC, **TABLE)
    assert keys(found)["w3"] == pytest.approx(1.976)
    assert keys(found)["g2"] == pytest.approx(-3.2)
    wrong = mistakes(found)
    assert wrong["ascent"]["w3"] == pytest.approx(-0.456)
    assert wrong["forgets_factor_2"]["w3"] == pytest.approx(1.542)
    assert wrong["forgets_factor_2"]["g1"] == pytest.approx(-2)
    assert wrong["reuses_initial_gradient"]["w3"] == pytest.approx(2.2)
    assert wrong["minimum_forgotten"]["w3"] == pytest.approx(0.512)
    assert wrong["forgets_rate"]["w1"] == 5


def test_golden_number_of_steps() -> None:
    found = item(QUADRATIC, **TOLERANCE)
    assert keys(found) == {"factor": pytest.approx(0.8), "steps": 14}
    wrong = mistakes(found)
    assert wrong["floor_steps"] == {"steps": 13}
    assert wrong["minimum_forgotten"] == {"steps": 11}
    far = mistakes(item(QUADRATIC, **TOLERANCE | {"start": [5]}))
    assert far["distance_of_one"] == {"steps": 11}
    assert wrong["equal_steps"] == {"steps": 5}
    assert wrong["forgets_factor_2"]["steps"] == 29


def test_coordinates_descend_by_their_own_factors() -> None:
    found = item(QUADRATIC, **COORDINATES)
    assert keys(found) == {
        "factors": pytest.approx((0.8, -0.6)),
        "weights": pytest.approx((3 - 2 * 0.8**3, -2 * 0.6**3)),
    }
    assert mistakes(found)["reuses_initial_gradient"]["weights"] == pytest.approx((2.2, -7.6))


def test_one_step_of_a_square_that_is_multiplied_out() -> None:
    once = question(QUADRATIC, **TABLE | {"steps": 1, "expanded": True, "coefficients": [2]})
    assert vars(type(once))["function"].fget(once) == "2w^2 - 12w + 18"
    assert keys(item(QUADRATIC, **once.parameters())) == {"g1": -8, "w1": pytest.approx(1.8)}


def test_errors_are_carried_from_step_to_step() -> None:
    carried = question(QUADRATIC, **TABLE).consequences(w1=2.0)
    assert (carried["g2"], carried["w2"]) == (-2.0, pytest.approx(2.2))
    assert question(QUADRATIC, **TOLERANCE).consequences(factor=0.5)["steps"] == 5
    assert question(QUADRATIC, **COORDINATES).consequences(factors=(0.5, 0.5))["weights"] == (2.75, 0.25)
    with pytest.raises(ValueError, match="does not shrink"):
        question(QUADRATIC, **TOLERANCE).consequences(factor=1.2)


@pytest.mark.parametrize(
    ("start", "changes", "reason"),
    [
        (TABLE, {"form": "other"}, "form is table"),
        (TABLE, {"coefficients": [1, 2]}, "and else one"),
        (TABLE, {"coefficients": [0]}, "coefficients go from 1"),
        (TABLE, {"start": [21]}, "minimum and start go from"),
        (TABLE, {"start": [3]}, "starts at the minimum"),
        (TABLE, {"rate": 0.0}, "the rate goes from 0.001"),
        (TABLE, {"rate": 0.5}, "a step ends at the minimum"),
        (TABLE, {"coefficients": [20]}, "more than twice as far"),
        (TABLE, {"steps": 5}, "one to four steps"),
        (TABLE, {"tolerance": 0.1}, "no tolerance"),
        (COORDINATES, {"coefficients": [2, 8]}, "equally fast"),
        (COORDINATES, {"coefficients": [1, 11]}, "leads away"),
        (TOLERANCE, {"steps": 3}, "steps are not given"),
        (TOLERANCE, {"tolerance": 1.5}, "half of the distance"),
        (TOLERANCE, {"coefficients": [11]}, "lead away"),
        (TOLERANCE, {"rate": 0.001}, "more than 40 steps"),
        (TOLERANCE, {"tolerance": 0.5, "rate": 0.25}, "at the very tolerance"),
    ],
)
def test_refusals_of_quadratics(start: dict[str, Any], changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(QUADRATIC, **start | changes).flaw() or "")
