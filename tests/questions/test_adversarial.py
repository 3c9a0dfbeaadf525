"""Adversarial steps: goldens, the mistakes' values, carried errors and refusals."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "adversarial/perturbation_step"
SCORE: dict[str, Any] = {
    "form": "score", "weights": (2, -1, 3), "bias": -1.0, "inputs": (1.0, 1.0, 0.5), "epsilon": 0.5, "step": 0.0,
}  # fmt: skip
SIGN = SCORE | {"form": "sign"}
BALL = SCORE | {"form": "ball", "weights": (1, -2, 2), "bias": 1.0, "epsilon": 0.6}
ITERATED = SCORE | {
    "form": "iterated", "weights": (2, -1), "bias": 1.0, "inputs": (0.5, 0.9), "epsilon": 0.25, "step": 0.2,
}  # fmt: skip


def about(values: Any) -> Any:
    return pytest.approx(values, abs=5e-5)


def test_the_golden_score() -> None:
    assert keys(item(NAME, **SCORE)) == {"score": 1.5, "perturbed": (0.5, 1.5, 0), "new_score": -1.5}


def test_the_golden_fast_gradient_sign_step() -> None:
    found = item(NAME, **SIGN)
    assert keys(found) == {
        "gradient": about((-0.3649, 0.1824, -0.5473)),
        "perturbed": (0.5, 1.5, 0),
        "new_score": -1.5,
        "new_probability": about(0.1824),
        "smallest": 0.25,
    }
    wrong = mistakes(found)
    assert wrong["gradient_not_sign"]["perturbed"] == about((0.8176, 1.0912, 0.2264))
    assert wrong["minus_for_nontargeted"]["perturbed"] == (1.5, 0.5, 1)
    assert wrong["l2_norm_in_min_eps"] == {"smallest": about(1.5 / 14**0.5)}
    assert wrong["perturbs_weights"] == {"perturbed": (2.5, -0.5, 3.25)}
    assert wrong["changes_score_by_epsilon"]["new_score"] == 1


def test_a_step_of_a_euclidean_length() -> None:
    found = item(NAME, **BALL)
    assert keys(found) == {
        "perturbed": about((0.8, 1.4, 0.1)), "new_score": about(-0.8), "smallest": about(0.2), "smallest_length": about(1 / 3),
    }  # fmt: skip
    assert mistakes(found)["moves_each_input"]["perturbed"] == about((0.4, 1.6, -0.1))


def test_iterated_steps_are_clipped_to_both_ranges() -> None:
    found = item(NAME, **ITERATED)
    assert keys(found) == {
        "first": about((0.3, 1)), "second": about((0.25, 1)), "new_score": about(0.5), "new_probability": about(0.6225),
    }  # fmt: skip


def test_mistakes_of_iterated_steps() -> None:
    found = mistakes(item(NAME, **ITERATED))
    assert found["targeted_sign_swapped"]["second"] == about((0.75, 0.65))
    assert found["forgets_the_range"]["second"] == about((0.25, 1.15))
    assert found["forgets_the_budget"]["second"] == about((0.1, 1))
    assert found["steps_by_epsilon"]["first"] == about((0.25, 1))


def test_errors_are_carried_forward() -> None:
    carried = question(NAME, **SIGN).consequences(gradient=(1, 1, 1))
    assert carried["perturbed"] == (1.5, 1.5, 1)
    assert carried["new_score"] == 3.5


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (SCORE | {"form": "other"}, "form is one of"),
        (SCORE | {"inputs": (1.0, 1.0)}, "a weight for each"),
        (SCORE | {"weights": (2, 0, 3)}, "neither a weight"),
        (SCORE | {"inputs": (1.0, 1.5, 0.5)}, "between 0 and 1"),
        (SCORE | {"inputs": (0.0, 0.0, 0.0)}, "all inputs are 0"),
        (SCORE | {"epsilon": 0.0}, "epsilon between"),
        (SCORE | {"epsilon": 0.123}, "two decimals"),
        (SCORE | {"bias": float("nan")}, "nor the bias is 0"),
        (SCORE | {"bias": -2.5}, "undecided"),
        (SCORE | {"epsilon": 0.25}, "nearly 0"),
        (SCORE | {"step": 0.1}, "one step only"),
        (ITERATED | {"step": 0.1}, "cut short"),
        (ITERATED | {"inputs": (0.5, 0.5)}, "no input is cut"),
        (ITERATED | {"bias": 0.5}, "nearly 0"),
    ],
)
def test_unfair_instances_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(NAME, **parameters).flaw()
