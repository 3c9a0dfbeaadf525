"""Softmax regression: the golden gradient, a step, a batch, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "backprop/softmax_regression_gradient"
ONE: dict[str, Any] = {
    "exponentials": ((3, 2, 1),), "labels": (2,), "inputs": (), "weights": (), "rate": 0.0, "smoothing": 0.0,
}  # fmt: skip
STEP = ONE | {"inputs": ((1, -2),), "weights": ((1, 0), (0, 1), (1, 1)), "rate": 0.5}
BATCH = ONE | {
    "exponentials": ((3, 1), (1, 1), (1, 4)),
    "labels": (1, 2, 1),
    "inputs": ((1, 0), (0, 2), (1, 1)),
}


def about(values: Any) -> Any:
    return pytest.approx(values, abs=5e-5)


def test_the_golden_logits() -> None:
    found = item(NAME, **ONE)
    assert keys(found)["probabilities"] == about((0.5, 0.3333, 0.1667))
    assert keys(found)["logits_gradient"] == about((0.5, -0.6667, 0.1667))
    wrong = {name: values["logits_gradient"] for name, values in mistakes(found).items()}
    assert wrong["turns_the_sign"] == about((-0.5, 0.6667, -0.1667))
    assert wrong["takes_only_the_right_class"] == about((0, -0.6667, 0))
    assert wrong["multiplies_by_a_slope"] == about((0.125, -0.1481, 0.0231))


def test_the_golden_weights_and_a_step() -> None:
    found = item(NAME, **STEP)
    rows = keys(found)["weights_gradient"]
    assert [about(row) for row in rows] == [(0.5, -1), (-0.6667, 1.3333), (0.1667, -0.3333)]
    assert keys(found)["new_weights"][0] == about((0.75, 0.5))
    assert mistakes(found)["climbs"]["new_weights"][0] == about((1.25, -0.5))
    carried = question(NAME, **STEP).consequences(logits_gradient=(1, 0, 0))
    assert carried["weights_gradient"] == ((1, -2), (0, 0), (0, 0))


def test_a_batch_with_smoothed_labels() -> None:
    two = BATCH | {"exponentials": ((3, 1), (1, 4)), "labels": (1, 2), "inputs": ((1, 0), (0, 2))}
    plain = item(NAME, **two)
    assert keys(plain)["logits_gradient"] == (about((-0.125, 0.125)), about((0.1, -0.1)))
    assert keys(plain)["bias_gradient"] == about((-0.025, 0.025))
    assert mistakes(plain)["forgets_to_divide"]["logits_gradient"][0] == about((-0.25, 0.25))
    smooth = item(NAME, **two | {"smoothing": 0.2})
    assert keys(smooth)["logits_gradient"][0] == about((-0.075, 0.075))
    assert mistakes(smooth)["forgets_the_smoothing"]["logits_gradient"][0] == about((-0.125, 0.125))


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (BATCH, "are equal"),
        (ONE | {"labels": (4,)}, "no class"),
        (ONE | {"exponentials": ((0, 1),)}, "exponentials"),
        (ONE | {"smoothing": 0.1}, "in a batch"),
        (ONE | {"rate": 0.5}, "needs weights"),
        (STEP | {"weights": ((1, 0),)}, "weights for each class"),
        (STEP | {"weights": ((1,), (0,), (1,))}, "weight for each input"),
        (STEP | {"inputs": ((0, 0),)}, "sample is zero"),
        (BATCH | {"inputs": ()}, "needs inputs"),
        (BATCH | {"exponentials": ((3, 1),) * 3}, "the same class"),
        (BATCH | {"inputs": ((1,),)}, "each sample"),
        (STEP | {"inputs": ((1,) * 50,)}, "one to four inputs"),
        (STEP | {"inputs": ((),)}, "one to four inputs"),
        (STEP | {"rate": float("nan")}, "learning rate"),
        (STEP | {"rate": 1 / 3}, "four decimals"),
        (STEP | {"weights": ((100, 0), (0, 1), (1, 1))}, "larger than"),
        (BATCH | {"smoothing": float("nan")}, "smoothed by"),
        (ONE | {"labels": ()}, "one to four samples"),
        (
            ONE | {"exponentials": ((4, 1),), "labels": (1,), "inputs": ((1,),), "smoothing": 0.4},
            "in a batch",
        ),
    ],
)
def test_unfair_batches_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(NAME, **parameters).flaw()
