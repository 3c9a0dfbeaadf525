"""Gradients of mini-batches, and clipped gradients."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

# Gradients of mini-batches

BATCHES = "optimizers/minibatch_gradient"
MEANS = {
    "form": "gradients",
    "samples": ((2, -1), (4, 3), (-2, 5), (0, 1)),
    "size": 2,
    "start": (1.0, 2.0),
    "rate": 0.5,
}
GOLDEN = {"form": "updates", "samples": ((1, 1), (1, 3)), "size": 1, "start": (0.0,), "rate": 0.25}
RANDOM = {"form": "variance", "samples": ((1, 1), (2, 0), (-1, 2)), "size": 2, "start": (1.0,), "rate": 0.5}


def test_means_of_gradients() -> None:
    found = item(BATCHES, **MEANS)
    assert keys(found) == {"full": (1, 2), "batch": (3, 1), "weights": (-0.5, 1.5)}
    wrong = mistakes(found)
    assert wrong["sums_gradients"] == {"full": (4, 8), "batch": (6, 2), "weights": (-2, 1)}
    assert wrong["divides_by_all_samples"]["batch"] == (1.5, 0.5)
    assert wrong["steps_by_full_gradient"] == {"weights": (0.5, 1)}
    assert wrong["climbs"] == {"weights": (2.5, 2.5)}


def test_golden_updates() -> None:
    found = item(BATCHES, **GOLDEN)
    assert keys(found) == {"w1": 0.5, "w2": 1.75, "descent": 1}
    wrong = mistakes(found)
    assert wrong["takes_one_step_for_all"] == {"w2": 1}
    assert wrong["uses_stale_weights"] == {"w2": 2}
    assert wrong["sums_gradients"] == {"descent": 2}
    assert wrong["forgets_factor_two"] == pytest.approx({"w1": 0.25, "w2": 0.9375, "descent": 0.5})
    assert wrong["climbs"]["w1"] == -0.5
    assert wrong["goes_on_with_descent"] == {"descent": 1.875}


def test_updates_by_mini_batches() -> None:
    found = item(BATCHES, **GOLDEN | {"samples": ((1, 1), (1, 3), (-1, 1), (1, -2)), "size": 2})
    assert keys(found) == {"w1": 1, "w2": -0.25, "descent": 0.125}
    assert mistakes(found)["sums_gradients"] == {"w1": 2, "w2": -1.5, "descent": 0.5}
    halves = GOLDEN | {"samples": ((-1, 1), (1, 3))}
    assert mistakes(item(BATCHES, **halves))["forgets_inner_derivative"]["w1"] == 0.5


def test_variance_of_a_mini_batch() -> None:
    """The gradients 0, 8 and 6 have the mean 14/3 and the variance 104/9."""
    found = item(BATCHES, **RANDOM)
    assert keys(found) == {
        "gradients": (0, 8, 6),
        "expectation": pytest.approx(14 / 3),
        "variance": pytest.approx(104 / 18),
        "weight_variance": pytest.approx(104 / 72),
    }
    wrong = mistakes(found)
    assert wrong["variance_of_one_sample"]["variance"] == pytest.approx(104 / 9)
    assert wrong["divides_by_squared_size"]["variance"] == pytest.approx(104 / 36)
    assert wrong["estimates_variance"]["variance"] == pytest.approx(104 / 12)
    assert wrong["mean_of_squares"]["variance"] == pytest.approx(100 / 6)
    assert wrong["rate_not_squared"] == {"weight_variance": pytest.approx(104 / 36)}
    assert wrong["forgets_factor_two"]["gradients"] == (0, 4, 3)
    assert wrong["forgets_inner_derivative"]["gradients"] == (0, 4, -6)
    assert wrong["sums_gradients"] == {"expectation": 14}


def test_own_gradients_and_weights_are_carried() -> None:
    assert question(BATCHES, **GOLDEN).consequences(w1=1.0)["w2"] == 2
    assert question(BATCHES, **MEANS).consequences(batch=(2, 2))["weights"] == (0, 1)
    carried = question(BATCHES, **RANDOM).consequences(gradients=(0, 4, 2))
    assert carried["variance"] == pytest.approx(8 / 6)
    assert question(BATCHES, **RANDOM).consequences(variance=4.0)["weight_variance"] == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is one of"),
        ({"size": 0}, "two to six samples"),
        ({"samples": ((1, 1),)}, "two to six samples"),
        ({"start": (1.0, 2.0)}, "two weights"),
        ({"rate": 2.0}, "between 0 and 1"),
        ({"samples": ((1, 1), (1, 30))}, "between -20 and 20"),
        ({"samples": ((1, 1), (1, 3), (1, 2)), "size": 2}, "mini-batches of equal size"),
        ({"samples": ((1, 1), (2, 3))}, "do not converge"),
        ({"samples": ((1, 1), (1, 0))}, "a gradient is zero"),
        (RANDOM | {"size": 1}, "do not differ"),
        (RANDOM | {"start": (0.5,)}, "no whole number"),
        (MEANS | {"samples": ((1, 1),) * 4}, "same gradient as all"),
    ],
)
def test_batches_that_show_nothing_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(BATCHES, **GOLDEN | changes).flaw() or "")
