"""AdaGrad and RMSProp; the tests of Adam are in test_optimizers.py."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "optimizers/adagrad_rmsprop_step"
ADAGRAD = {"method": "adagrad", "start": 1, "rate": 0.5, "decay": 0.0, "gradients": [[3, 4]]}
RMSPROP = ADAGRAD | {"method": "rmsprop", "decay": 0.75, "gradients": [[4, 6]]}
BOTH = {"method": "both", "start": 0, "rate": 1.0, "decay": 0.5, "gradients": [[2, 3, 6], [8, 0, 0]]}


def test_golden_steps_of_adagrad() -> None:
    found = item(NAME, **ADAGRAD)
    assert keys(found) == {"s1": 9, "w1": 0.5, "s2": 25, "w2": pytest.approx(0.1)}
    wrong = mistakes(found)
    assert wrong["no_sqrt"]["w2"] == pytest.approx(0.7533, abs=5e-5)
    assert wrong["uses_current_g_only"]["w2"] == pytest.approx(0)
    assert wrong["mean_for_sum"]["w2"] == pytest.approx(0.5 - 2 / 12.5**0.5)
    assert wrong["uses_old_accumulator"]["w2"] == pytest.approx(0.5 - 2 / 3)
    assert (wrong["accumulates_g"]["s1"], wrong["accumulates_g"]["s2"]) == (3, 7)
    assert wrong["climbs"]["w1"] == 1.5


def test_golden_step_of_rmsprop() -> None:
    found = item(NAME, **RMSPROP)
    assert keys(found)["s1"] == 4
    assert keys(found)["w1"] == 0
    assert keys(found)["s2"] == 12
    wrong = mistakes(found)
    assert (wrong["sum_for_mean"]["s1"], wrong["sum_for_mean"]["s2"]) == (16, 48)
    assert (wrong["decays_swapped"]["s1"], wrong["decays_swapped"]["s2"]) == (12, 30)
    assert (wrong["never_forgets"]["s1"], wrong["never_forgets"]["s2"]) == (16, 52)


def test_effective_rates_of_both_methods() -> None:
    found = item(NAME, **BOTH)
    assert keys(found) == {
        "sums": (49, 64),
        "sum_rates": pytest.approx((1 / 7, 1 / 8)),
        "means": (20.75, 8),
        "mean_rates": pytest.approx((20.75**-0.5, 8**-0.5)),
    }
    wrong = mistakes(found)
    assert wrong["no_sqrt"]["sum_rates"] == pytest.approx((1 / 49, 1 / 64))
    assert wrong["accumulates_g"]["sums"] == (11, 8)
    assert wrong["uses_old_accumulator"]["means"] == (5.5, 16)
    assert wrong["uses_current_g_only"]["sums"] == (36, 0)
    assert wrong["sum_for_mean"]["means"] == (41.5, 16)


def test_errors_are_carried_through_accumulators() -> None:
    assert question(NAME, **ADAGRAD).consequences(s1=4)["w1"] == 0.25
    assert question(NAME, **RMSPROP).consequences(s1=16)["s2"] == 21
    assert question(NAME, **BOTH).consequences(sums=(4, 16))["sum_rates"] == (0.5, 0.25)


@pytest.mark.parametrize(
    ("start", "changes", "reason"),
    [
        (ADAGRAD, {"method": "adam"}, "method is adagrad"),
        (ADAGRAD, {"gradients": [[3, 4], [1, 2]]}, "one row of gradients"),
        (BOTH, {"gradients": [[3, 4], [1, 2, 3]]}, "two equally long ones"),
        (ADAGRAD, {"gradients": [[3]]}, "two to four steps"),
        (BOTH, {"gradients": [[2, 3], [0, 8]]}, "of which the first"),
        (ADAGRAD, {"gradients": [[3, 101]]}, "go from -100 to 100"),
        (ADAGRAD, {"gradients": [[3, 0]]}, "a gradient is zero"),
        (ADAGRAD, {"rate": 0.0}, "the rate goes from"),
        (ADAGRAD, {"decay": 0.5}, "is 0 for AdaGrad only"),
        (RMSPROP, {"decay": 0.0}, "is 0 for AdaGrad only"),
        (RMSPROP, {"decay": 1e-300}, "from 0.01 to 0.99"),
        (RMSPROP, {"decay": 1 / 3}, "four decimals"),
        (RMSPROP, {"decay": float("nan")}, "from 0.01 to 0.99"),
        (ADAGRAD, {"gradients": [[3, -3]]}, "the same size"),
    ],
)
def test_refusals(start: dict[str, Any], changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **start | changes).flaw() or "")
