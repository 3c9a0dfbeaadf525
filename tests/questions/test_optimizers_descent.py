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


STABLE = "optimizers/stable_learning_rate"
SINGULAR = {"form": "singular_values", "matrix": [[3, 1]], "scaling": "sum", "ridge": 0, "rate": 0.05}
INPUTS = {"form": "inputs", "matrix": [[3, 4]], "scaling": "half", "ridge": 0, "rate": 0.05}
MATRIX = {"form": "matrix", "matrix": [[2, 2], [-1, 1]], "scaling": "sum", "ridge": 0, "rate": 0.0}


def test_golden_bound_from_singular_values() -> None:
    found = item(STABLE, **SINGULAR)
    assert keys(found) == {
        "eigenvalues": (18, 2),
        "bound": pytest.approx(0.1111, abs=5e-5),
        "factor": pytest.approx(0.9),
    }
    wrong = {name: values.get("bound") for name, values in mistakes(found).items()}
    assert wrong["wrong_loss_scaling"] == pytest.approx(0.2222, abs=5e-5)
    assert wrong["uses_smin"] == pytest.approx(1)
    assert wrong["forgets_square"] == pytest.approx(0.3333, abs=5e-5)
    assert wrong["sum_of_eigenvalues"] == pytest.approx(0.1)
    assert mistakes(found)["fastest_direction"]["factor"] == pytest.approx(0.1)


def test_the_halved_loss_has_twice_the_bound() -> None:
    assert keys(item(STABLE, **SINGULAR | {"scaling": "half"}))["bound"] == pytest.approx(2 / 9)


def test_the_ridge_shifts_the_eigenvalues() -> None:
    found = item(STABLE, **SINGULAR | {"ridge": 1, "rate": 0.02})
    assert keys(found)["bound"] == pytest.approx(0.1)
    assert mistakes(found)["ridge_shift_forgotten"]["bound"] == pytest.approx(1 / 9)


@pytest.mark.parametrize(
    ("rate", "behaviour"), [(0.02, "monotone"), (0.05, "oscillates"), (0.06, "oscillates"), (0.1, "diverges")]
)
def test_behaviour_of_one_weight(rate: float, behaviour: str) -> None:
    answers = item(STABLE, **INPUTS | {"rate": rate}).answers
    right = [option.name for option in vars(answers["behaviour"])["options"] if option.right]
    assert right == [behaviour]
    assert vars(answers["bound"])["value"] == pytest.approx(0.08)


def test_a_mean_loss_divides_by_the_examples() -> None:
    found = item(STABLE, **INPUTS | {"scaling": "mean"})
    assert vars(found.answers["curvature"])["value"] == 25
    assert mistakes(found)["sum_for_mean"] == {"curvature": 50, "bound": pytest.approx(0.04)}


def test_the_best_rate_balances_the_directions_of_a_data_matrix() -> None:
    found = item(STABLE, **MATRIX)
    assert keys(found) == {
        "eigenvalues": pytest.approx((16, 4)),
        "bound": pytest.approx(0.125),
        "best": pytest.approx(0.1),
        "factor": pytest.approx(0.6),
    }
    wrong = mistakes(found)
    assert wrong["diagonal_for_eigenvalues"]["bound"] == pytest.approx(0.2)
    assert wrong["best_for_steepest"]["best"] == pytest.approx(1 / 16)
    assert wrong["best_for_steepest"]["factor"] == pytest.approx(0.75)


def test_errors_in_eigenvalues_are_carried() -> None:
    carried = question(STABLE, **MATRIX).consequences(eigenvalues=(8, 2))
    assert (carried["bound"], carried["best"], carried["factor"]) == (0.25, 0.2, pytest.approx(0.6))
    assert question(STABLE, **INPUTS).consequences(curvature=50)["bound"] == 0.04


@pytest.mark.parametrize(
    ("start", "changes", "reason"),
    [
        (INPUTS, {"form": "other"}, "form is inputs"),
        (SINGULAR, {"scaling": "mean"}, "scaling is half, sum"),
        (SINGULAR, {"ridge": 11}, "ridge goes from 0 to 10"),
        (INPUTS, {"ridge": 1}, "is 0 for inputs"),
        (INPUTS, {"matrix": [[3, 21]]}, "entries go up to"),
        (INPUTS, {"matrix": []}, "one row of one to four positive"),
        (INPUTS, {"matrix": [[0, 4]]}, "one row of one to four positive"),
        (INPUTS, {"rate": 0.04}, "too near to an edge"),
        (INPUTS, {"rate": 0.0}, "is 0 only for a matrix"),
        (INPUTS, {"rate": 0.0001}, "hardly move"),
        (INPUTS, {"rate": float("nan")}, "from 0 to 4"),
        (INPUTS, {"rate": 1 / 30}, "four decimals"),
        (SINGULAR, {"matrix": [[1, 3]]}, "the larger one first"),
        (SINGULAR, {"rate": 0.2}, "not stable"),
        (MATRIX, {"rate": 0.1}, "is 0 only for a matrix"),
        (MATRIX, {"matrix": [[1, 2]]}, "two to four rows"),
        (MATRIX, {"matrix": [[1, 0], [0, 2]]}, "Gram matrix is diagonal"),
        (MATRIX, {"matrix": [[1, 1], [0, 1]]}, "not positive whole numbers"),
    ],
)
def test_refusals_of_rates(start: dict[str, Any], changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(STABLE, **start | changes).flaw() or "")
