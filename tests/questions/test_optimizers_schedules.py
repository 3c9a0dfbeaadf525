"""Learning rate schedules."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "optimizers/lr_schedule"
STEPS = {
    "initial": 0.1,
    "factor": 0.1,
    "milestones": (),
    "period": 30,
    "batches": (1, 1),
    "warmup": 0,
    "epochs": (65,),
    "losses": (),
    "patience": 0,
}
PLATEAU = STEPS | {
    "initial": 1.0,
    "factor": 0.5,
    "period": 0,
    "epochs": (),
    "losses": (5, 4, 4, 4, 4, 3),
    "patience": 1,
}


def close(*rates: float) -> Any:
    return pytest.approx({f"rate{number}": rate for number, rate in enumerate(rates, 1)})


def test_golden_steps() -> None:
    found = item(NAME, **STEPS)
    assert keys(found) == close(0.001)
    wrong = mistakes(found)
    assert wrong["rounds_periods_up"] == close(0.0001)
    assert wrong["falls_once"] == close(0.01)
    assert wrong["subtracts_factor"] == close(-0.1)


def test_golden_plateau() -> None:
    found = item(NAME, **PLATEAU)
    assert keys(found) == close(1, 1, 1, 0.5, 0.5, 0.5)
    wrong = mistakes(found)
    assert wrong["falls_too_soon"] == pytest.approx(
        {"rate3": 0.5, "rate4": 0.25, "rate5": 0.125, "rate6": 0.125}
    )
    assert wrong["falls_too_late"] == {"rate4": 1}
    assert wrong["goes_on_counting"] == {"rate5": 0.25, "rate6": 0.25}
    assert wrong["recovers_rate"] == {"rate6": 1}


def test_losses_are_compared_with_the_smallest() -> None:
    found = item(NAME, **PLATEAU | {"losses": (5, 4, 6, 5, 4.5, 4)})
    assert keys(found) == close(1, 1, 1, 0.5, 0.5, 0.25)
    assert mistakes(found)["compares_with_previous"] == {"rate4": 1, "rate5": 1, "rate6": 1}


def test_the_rate_falls_at_the_start_of_a_milestone() -> None:
    found = item(NAME, **STEPS | {"period": 0, "milestones": (30, 60), "epochs": (29, 30, 60)})
    assert keys(found) == close(0.1, 0.01, 0.001)
    assert mistakes(found)["falls_one_early"] == pytest.approx({"rate1": 0.01})
    assert mistakes(found)["falls_one_late"] == pytest.approx({"rate2": 0.1, "rate3": 0.01})


def test_scaling_to_the_batch_size() -> None:
    found = item(NAME, **STEPS | {"batches": (256, 1024), "epochs": (29, 30)})
    assert keys(found) == pytest.approx({"scaled": 0.4, "rate1": 0.4, "rate2": 0.04})
    wrong = mistakes(found)
    assert wrong["scales_by_root"] == pytest.approx({"scaled": 0.2, "rate1": 0.2, "rate2": 0.02})
    assert wrong["scales_inversely"]["scaled"] == pytest.approx(0.025)
    assert wrong["forgets_scaling"]["rate2"] == pytest.approx(0.01)


def test_linear_warm_up() -> None:
    found = item(NAME, **STEPS | {"period": 10, "warmup": 5, "epochs": (1, 4, 12)})
    assert keys(found) == close(0.04, 0.1, 0.01)
    wrong = mistakes(found)
    assert wrong["warms_up_from_zero"] == pytest.approx({"rate1": 0.02, "rate2": 0.08})
    assert wrong["forgets_warmup"] == pytest.approx({"rate1": 0.1})
    assert wrong["starts_period_after_warmup"] == pytest.approx({"rate3": 0.1})


def test_own_rates_are_carried() -> None:
    scaled = question(NAME, **STEPS | {"batches": (256, 1024), "epochs": (29, 30)})
    assert scaled.consequences(scaled=0.2)["rate2"] == pytest.approx(0.02)
    assert question(NAME, **PLATEAU).consequences(rate3=0.5)["rate4"] == 0.25


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"initial": 0.0}, "initial rate goes from"),
        ({"factor": 1.0}, "factor from 0.05"),
        ({"milestones": (30,)}, "at milestones, by a period, or on plateaus"),
        ({"epochs": ()}, "otherwise some"),
        ({"epochs": (500,)}, "epochs go from 0 to 200"),
        ({"epochs": (65, 35)}, "are increasing"),
        ({"period": 0, "milestones": (30, 30)}, "are increasing"),
        ({"batches": (0, 5)}, "batch sizes"),
        ({"warmup": 1}, "warm-up takes"),
        ({"warmup": 5, "batches": (1, 2)}, "same batch size"),
        ({"epochs": (20,)}, "falls not at all"),
        ({"period": 1}, "too often"),
        (PLATEAU | {"losses": (3, 2, 1)}, "five to ten losses"),
        (PLATEAU | {"losses": (3, 2, 1, 2, 2.25)}, "at most one decimal"),
        (PLATEAU | {"warmup": 5}, "neither a warm-up"),
        ({"initial": 1 / 3}, "four decimals"),
        ({"initial": 0.5, "batches": (3, 1)}, "six decimals"),
        (PLATEAU | {"patience": 4}, "never falls"),
    ],
)
def test_schedules_that_make_no_question_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **STEPS | changes).flaw() or "")
