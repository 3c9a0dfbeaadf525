"""Momentum in its written forms, and Nesterov's look-ahead."""

from __future__ import annotations

from typing import Any

import pytest
from quizgrad import Item

from .support import item, keys, mistakes, question

MOMENTUM = "optimizers/momentum_step"
TABLE = {
    "form": "classical", "momentum": 0.9, "rates": [0.1, 0.1, 0.1], "start": 1, "velocity": 0, "gradients": [],
    "coefficient": 1, "minimum": 0,
}  # fmt: skip
ONCE = TABLE | {"rates": [0.1], "velocity": 2, "gradients": [3], "coefficient": 0}
CHANGE = TABLE | {"form": "change", "rates": [0.1, 0.1, 0.01]}
CONSTANT = TABLE | {"form": "constant", "start": 0, "gradients": [-2], "coefficient": 0}

NESTEROV = "optimizers/nesterov_step"
LOOK_AHEAD = {
    "form": "classical", "momentum": 0.9, "rate": 0.1, "steps": 3, "start": 1, "velocity": 0, "coefficient": 1,
    "minimum": 0,
}  # fmt: skip


def weights(values: dict[str, Any], name: str = "w") -> list[float]:
    return [values[f"{name}{time}"] for time in (1, 2, 3)]


def wrong_weights(found: Item, mistake: str) -> list[float]:
    """The weights that a mistake leads to; one that is right by chance is that of the key."""
    return weights(keys(found) | mistakes(found)[mistake])


@pytest.mark.parametrize("form", ["classical", "buffer"])
def test_golden_steps_of_the_heavy_ball(form: str) -> None:
    found = item(MOMENTUM, **TABLE | {"form": form})
    assert weights(keys(found)) == pytest.approx([0.8, 0.46, 0.062])
    assert wrong_weights(found, "ema_for_heavy_ball") == pytest.approx([0.98, 0.9424, 0.8897], abs=5e-5)
    assert wrong_weights(found, "no_velocity_memory") == pytest.approx([0.8, 0.64, 0.512])
    assert wrong_weights(found, "velocity_after_update") == pytest.approx([1, 0.8, 0.46])


def test_golden_steps_of_the_average() -> None:
    found = item(MOMENTUM, **TABLE | {"form": "average"})
    assert weights(keys(found)) == pytest.approx([0.98, 0.9424, 0.8897], abs=5e-5)
    assert weights(mistakes(found)["heavy_ball_for_ema"]) == pytest.approx([0.8, 0.46, 0.062])


def test_the_average_with_a_larger_rate_is_the_heavy_ball() -> None:
    found = item(MOMENTUM, **TABLE | {"form": "average", "rates": [1.0, 1.0, 1.0]})
    assert weights(keys(found)) == pytest.approx([0.8, 0.46, 0.062])


def test_golden_weights_after_a_change_of_the_rate() -> None:
    found = item(MOMENTUM, **CHANGE)
    assert keys(found) == pytest.approx({"w1": 0.8, "w2": 0.46, "classical": 0.1448, "buffer": 0.4202})
    wrong = mistakes(found)
    assert wrong["forms_swapped"] == pytest.approx({"classical": 0.4202, "buffer": 0.1448})
    assert wrong["keeps_rate"]["buffer"] == pytest.approx(0.062)
    assert wrong["no_velocity_memory"]["classical"] == pytest.approx(0.46 - 0.0092)


def test_velocity_under_a_constant_gradient() -> None:
    found = item(MOMENTUM, **CONSTANT)
    assert keys(found) == pytest.approx({"velocity": 0.2 * 2.71, "limit": 2.0, "effective": 1.0})
    wrong = mistakes(found)
    assert wrong["adds_up"]["velocity"] == pytest.approx(0.6)
    assert wrong["one_step_less"]["velocity"] == pytest.approx(0.38)
    assert wrong["multiplies_by_rest"] == pytest.approx({"limit": 0.02, "effective": 0.01})
    assert wrong["divides_by_momentum"]["limit"] == pytest.approx(0.2 / 0.9)
    assert wrong["ema_for_heavy_ball"]["limit"] == pytest.approx(0.2)
    assert wrong["sign_of_gradient"]["limit"] == pytest.approx(-2)


def test_mistakes_of_one_step() -> None:
    found = item(MOMENTUM, **ONCE)
    assert keys(found) == pytest.approx({"v1": 1.5, "w1": 2.5})
    wrong = {name: values["w1"] for name, values in mistakes(found).items()}
    assert wrong["sign_of_gradient"] == pytest.approx(3.1)
    assert wrong["mu_on_gradient"] == pytest.approx(2.73)
    assert wrong["rate_twice"] == pytest.approx(1.15)
    assert wrong["no_velocity_memory"] == pytest.approx(0.7)
    assert wrong["velocity_after_update"] == pytest.approx(3)
    buffer = mistakes(item(MOMENTUM, **ONCE | {"form": "buffer"}))
    assert buffer["forgets_rate"] == pytest.approx({"w1": -3.8})
    assert buffer["sign_of_gradient"]["w1"] == pytest.approx(1.48)
    average = mistakes(item(MOMENTUM, **ONCE | {"form": "average"}))
    assert average["mu_on_gradient"]["v1"] == pytest.approx(2.9)


def test_errors_are_carried_with_momentum() -> None:
    carried = question(MOMENTUM, **TABLE).consequences(v1=-0.1)
    assert carried["w1"] == pytest.approx(0.9)
    assert (carried["g2"], carried["v2"]) == (pytest.approx(1.8), pytest.approx(-0.27))
    assert question(MOMENTUM, **CHANGE).consequences(w2=0.5)["classical"] == pytest.approx(0.5 - 0.27 - 0.01)
    assert question(MOMENTUM, **CONSTANT).consequences(limit=1.0)["effective"] == 0.5


@pytest.mark.parametrize(
    ("start", "changes", "reason"),
    [
        (TABLE, {"form": "other"}, "form is one of"),
        (TABLE, {"momentum": 1.0}, "the momentum goes from 0.1"),
        (TABLE, {"rates": [0.1, 0.1, 2.0]}, "rates from 0.001 to 1"),
        (TABLE, {"momentum": 0.12345}, "three decimals"),
        (TABLE, {"start": 21}, "go up to 20"),
        (TABLE, {"coefficient": 0}, "either gradients"),
        (TABLE, {"gradients": [1, 2, 3]}, "either gradients"),
        (TABLE, {"minimum": 1}, "a gradient is zero"),
        (TABLE, {"rates": []}, "one to four steps"),
        (TABLE, {"rates": [0.1, 0.2]}, "all steps have one rate"),
        (TABLE, {"rates": [1.0] * 4, "coefficient": 20}, "too far away"),
        (ONCE, {"rates": [0.1, 0.1]}, "each step has one gradient"),
        (TABLE, {"rates": [0.1]}, "a single step has one"),
        (CONSTANT, {"velocity": 1}, "start and velocity are 0"),
        (CONSTANT, {"rates": [0.1] * 11}, "to ten under"),
        (CHANGE, {"rates": [0.1, 0.1, 0.1]}, "the rate changes before the last"),
        (CHANGE, {"velocity": 1}, "from rest"),
    ],
)
def test_refusals_of_momentum(start: dict[str, Any], changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(MOMENTUM, **start | changes).flaw() or "")


def test_golden_steps_of_nesterov() -> None:
    found = item(NESTEROV, **LOOK_AHEAD)
    assert weights(keys(found)) == pytest.approx([0.8, 0.496, 0.1779], abs=5e-5)
    wrong = mistakes(found)
    assert wrong_weights(found, "gradient_at_theta") == pytest.approx([0.8, 0.46, 0.062])
    assert wrong_weights(found, "pytorch_iterate") == pytest.approx([0.62, 0.2224, -0.1084], abs=5e-5)
    assert wrong["wrong_sign_lookahead"]["p2"] == pytest.approx(0.98)
    assert wrong["lookahead_without_momentum"]["p2"] == pytest.approx(0.6)


def test_golden_steps_of_the_average_form_and_of_a_look_ahead_along_the_gradient() -> None:
    found = item(NESTEROV, **LOOK_AHEAD | {"form": "average", "rate": 1.0})
    assert weights(keys(found)) == pytest.approx([0.8, 0.496, 0.1779], abs=5e-5)
    along = mistakes(found)["lookahead_along_gradient"]
    assert weights(along) == pytest.approx([1.16, 1.49, 2.02], abs=5e-3)


def test_golden_iterates_of_pytorch() -> None:
    found = item(NESTEROV, **LOOK_AHEAD | {"form": "pytorch"})
    assert weights(keys(found), "p") == pytest.approx([0.62, 0.2224, -0.1084], abs=5e-5)
    assert weights(keys(found)) == pytest.approx([0.8, 0.496, 0.1779], abs=5e-5)
    wrong = mistakes(found)
    assert wrong_weights(found, "pytorch_iterate") == pytest.approx([0.62, 0.2224, -0.1084], abs=5e-5)
    assert weights(wrong["plain_buffer"], "p") == pytest.approx([0.8, 0.46, 0.062])
    assert wrong["buffer_in_full"]["p1"] == pytest.approx(0.6)
    assert wrong["goes_on"]["w1"] == pytest.approx(0.62 - 0.18)


def test_errors_are_carried_with_a_look_ahead() -> None:
    once = question(NESTEROV, **LOOK_AHEAD | {"steps": 1, "velocity": 1})
    assert keys(item(NESTEROV, **once.parameters()))["g1"] == pytest.approx(3.8)
    carried = once.consequences(p1=2.0)
    assert (carried["g1"], carried["v1"]) == (4.0, 0.5)
    kept = question(NESTEROV, **LOOK_AHEAD | {"form": "pytorch"}).consequences(p1=0.5)
    assert (kept["w1"], kept["g2"]) == (pytest.approx(0.68), 1.0)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "buffer"}, "form is classical"),
        ({"momentum": 0.0}, "the momentum goes from"),
        ({"rate": 0.0123}, "three decimals"),
        ({"steps": 5}, "one to four steps"),
        ({"coefficient": 0}, "coefficient goes from 1"),
        ({"minimum": 30}, "go up to 20"),
        ({"form": "pytorch", "velocity": 1}, "only the classical form"),
        ({"steps": 1}, "does not look ahead"),
        ({"minimum": 1}, "at the minimum there is no step"),
        ({"velocity": 4, "momentum": 0.5, "minimum": 3}, "a gradient is zero"),
        ({"rate": 1.0, "coefficient": 20}, "too far away"),
    ],
)
def test_refusals_of_nesterov(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NESTEROV, **LOOK_AHEAD | changes).flaw() or "")
