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


# Clipping

CLIPPING = "optimizers/gradient_clipping"
BOTH = {"gradients": ((6, -8),), "limit": 5.0, "bound": 5.0, "weights": (), "rate": 0.0}
GLOBAL = {
    "gradients": ((2, -4), (5, 6)),
    "limit": 4.5,
    "bound": 0.0,
    "weights": ((1, 1), (0, 2)),
    "rate": 0.1,
}


def test_golden_clipping() -> None:
    found = item(CLIPPING, **BOTH)
    assert keys(found) == {"norm": 10, "clipped1": (3, -4), "by_value": (5, -5)}
    wrong = mistakes(found)
    assert wrong["clips_entries"] == {"clipped1": (5, -5)}
    assert wrong["scales_for_value"] == {"by_value": (3, -4)}
    assert wrong["loses_signs"] == {"clipped1": (3, 4), "by_value": (5, 5)}
    assert wrong["makes_unit_norm"] == {"clipped1": pytest.approx((0.6, -0.8))}
    assert wrong["divides_by_threshold"] == {"clipped1": pytest.approx((1.2, -1.6))}
    assert wrong["adds_sizes"] == {"norm": 14, "clipped1": pytest.approx((30 / 14, -40 / 14))}
    assert wrong["forgets_root"]["norm"] == pytest.approx(100)


def test_clipping_of_the_notes() -> None:
    """E56: by norm or by value are two things."""
    found = item(CLIPPING, **BOTH | {"gradients": ((3, 4),), "limit": 1.0, "bound": 1.0})
    assert keys(found) == {"norm": 5, "clipped1": pytest.approx((0.6, 0.8)), "by_value": (1, 1)}


def test_a_small_gradient_stays() -> None:
    found = item(CLIPPING, **BOTH | {"limit": 20.0})
    assert keys(found)["clipped1"] == (6, -8)
    assert mistakes(found)["always_scales"] == {"clipped1": (12, -16)}


def test_global_norm_and_a_step() -> None:
    found = item(CLIPPING, **GLOBAL)
    assert keys(found) == {
        "norm": 9,
        "clipped1": (1, -2),
        "clipped2": (2.5, 3),
        "weights1": pytest.approx((0.9, 1.2)),
        "weights2": pytest.approx((-0.25, 1.7)),
    }
    wrong = mistakes(found)
    assert wrong["clips_each_tensor"]["clipped1"] is not None
    assert wrong["clips_each_tensor"]["clipped2"] == pytest.approx((22.5 / 61**0.5, 27 / 61**0.5))
    assert wrong["adds_norms"]["norm"] == pytest.approx(20**0.5 + 61**0.5)
    assert wrong["steps_by_unclipped_gradient"]["weights1"] == pytest.approx((0.8, 1.4))
    assert wrong["climbs"]["weights2"] == pytest.approx((0.25, 2.3))


def test_own_norm_and_clipped_gradients_are_carried() -> None:
    assert question(CLIPPING, **BOTH).consequences(norm=20.0)["clipped1"] == (1.5, -2)
    assert question(CLIPPING, **GLOBAL).consequences(clipped1=(10, 0))["weights1"] == (0, 1)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"gradients": ((1, 2), (3,), (4,))}, "one or two tensors"),
        ({"gradients": ((1,) * 6,)}, "one to five entries"),
        ({"gradients": ((3, 0),)}, "none of them zero"),
        ({"gradients": ((3,),)}, "two or more entries"),
        ({"limit": 0.0}, "threshold goes from 0.1"),
        ({"rate": 2.0}, "rate to 1"),
        ({"limit": 10.0}, "equals the threshold"),
        ({"bound": 9.0}, "must change it"),
        ({"rate": 0.1}, "takes weights and a learning rate"),
        ({"limit": 1 / 3}, "four decimals"),
        (GLOBAL | {"weights": ((1,), (2,))}, "shapes of the gradients"),
        (GLOBAL | {"weights": ((1, 1), (2, 1000))}, "weights go from"),
    ],
)
def test_gradients_that_cannot_be_clipped_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(CLIPPING, **BOTH | changes).flaw() or "")
