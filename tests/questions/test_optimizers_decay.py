"""Weight decay."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "optimizers/weight_decay_step"
STEP = {
    "form": "squared", "weights": [2], "gradients": [3], "rate": 0.1, "decay": 0.5, "steps": 1, "fraction": 0.0,
    "epsilon": 0,
}  # fmt: skip
ABSOLUTE = STEP | {"form": "absolute"}
SHRINK = STEP | {"form": "shrink", "weights": [2, -4], "gradients": [], "steps": 3, "fraction": 0.5}
ADAM = STEP | {"form": "adam", "weights": [1, -2], "gradients": [2, 3]}


def test_golden_step_with_a_squared_penalty() -> None:
    found = item(NAME, **STEP)
    assert keys(found) == {"penalty": 1, "w": pytest.approx(1.6)}
    wrong = {name: values.get("w") for name, values in mistakes(found).items()}
    assert wrong["double_factor"] == pytest.approx(1.5)
    assert wrong["decay_not_scaled_by_lr"] == pytest.approx(0.7)
    assert wrong["decays_after_step"] == pytest.approx(1.615)
    assert wrong["l2_as_l1"] == pytest.approx(1.65)
    assert wrong["forgets_decay"] == pytest.approx(1.7)
    assert wrong["sign_of_weight_forgotten"] == pytest.approx(1.8)


def test_an_absolute_penalty_has_a_derivative_of_constant_size() -> None:
    found = item(NAME, **ABSOLUTE | {"weights": [-3]})
    assert keys(found) == {"penalty": -0.5, "w": pytest.approx(-3.25)}
    assert mistakes(found)["l1_as_l2"]["penalty"] == -1.5
    assert mistakes(found)["value_for_derivative"]["penalty"] == 1.5


def test_weights_shrink_by_a_factor() -> None:
    found = item(NAME, **SHRINK)
    assert keys(found) == {
        "penalty": 5,
        "factor": pytest.approx(0.95),
        "weights": pytest.approx((2 * 0.95**3, -4 * 0.95**3)),
        "steps": 14,
    }
    wrong = mistakes(found)
    assert wrong["floor_steps"]["steps"] == 13
    assert wrong["linear_shrink"]["weights"] == pytest.approx((1.7, -3.4))
    assert wrong["linear_shrink"]["steps"] == 10
    assert wrong["penalty_of_sum"]["penalty"] == -0.5
    assert wrong["penalty_without_half"]["penalty"] == 10
    assert wrong["decay_not_scaled_by_lr"]["factor"] == 0.5


def test_golden_first_steps_of_adam_and_adamw() -> None:
    found = item(NAME, **ADAM)
    assert keys(found) == {
        "coupled": (2.5, 2),
        "adam": pytest.approx((0.9, -2.1)),
        "adamw": pytest.approx((0.85, -2.0)),
    }
    wrong = mistakes(found)
    assert wrong["coupled_for_decoupled"]["adamw"] == pytest.approx((0.9, -2.1))
    assert wrong["decoupled_for_coupled"]["adam"] == pytest.approx((0.85, -2.0))
    assert wrong["decay_not_scaled_by_lr"]["adamw"] == pytest.approx((0.4, -1.1))
    assert wrong["unscaled_step"]["adam"] == pytest.approx((0.75, -2.2))


def test_a_large_epsilon_shows_the_size_of_the_gradient() -> None:
    values = keys(item(NAME, **ADAM | {"epsilon": 1}))
    assert values["adam"] == pytest.approx((1 - 0.1 * 2.5 / 3.5, -2 - 0.1 * 2 / 3))


def test_errors_are_carried_with_decay() -> None:
    assert question(NAME, **STEP).consequences(penalty=2.0)["w"] == 1.5
    assert question(NAME, **SHRINK).consequences(factor=0.5)["steps"] == 1
    assert question(NAME, **ADAM).consequences(coupled=(-1.0, 2.0))["adam"] == pytest.approx((1.1, -2.1))
    with pytest.raises(ValueError, match="do not shrink"):
        question(NAME, **SHRINK).consequences(factor=1.05)


@pytest.mark.parametrize(
    ("start", "changes", "reason"),
    [
        (STEP, {"form": "other"}, "form is squared"),
        (STEP, {"weights": [2, 3]}, "one of each"),
        (ADAM, {"gradients": [2]}, "two of each for Adam"),
        (SHRINK, {"gradients": [1, 1]}, "without gradients"),
        (STEP, {"weights": [0]}, "are not zero"),
        (STEP, {"rate": 2.0}, "rate and decay go from"),
        (STEP, {"decay": 0.1234}, "three decimals"),
        (STEP, {"epsilon": 1}, "epsilon is 0"),
        (STEP, {"steps": 2}, "one step is taken"),
        (STEP, {"weights": [-6]}, "cancels"),
        (SHRINK, {"steps": 1}, "two to ten steps"),
        (SHRINK, {"rate": 1.0, "decay": 1.0}, "two to ten steps"),
        (SHRINK, {"fraction": 0.9025}, "or exactly"),
        (SHRINK, {"fraction": 1 / 3}, "four decimals"),
        (SHRINK, {"rate": 0.01, "decay": 0.1}, "more than 100 steps"),
    ],
)
def test_refusals(start: dict[str, Any], changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **start | changes).flaw() or "")
