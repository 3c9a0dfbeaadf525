"""The softmax of a vector of logits."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "losses/softmax_vector"
GOLDEN = {"form": "friendly", "logits": ("ln 2", "ln 3", "0")}


def test_golden_probabilities_and_mistakes() -> None:
    found = item(NAME, **GOLDEN)
    assert keys(found) == {"probabilities": pytest.approx((1 / 3, 1 / 2, 1 / 6))}
    wrong = {name: values["probabilities"] for name, values in mistakes(found).items()}
    assert wrong["no_exponential"] == pytest.approx((0.3869, 0.6131, 0), abs=5e-5)
    assert wrong["sigmoid_each"] == pytest.approx((2 / 3, 0.75, 0.5))
    assert wrong["base_2"] == pytest.approx((0.3398, 0.4501, 0.2102), abs=1e-4)
    assert wrong["divides_by_the_largest"] == pytest.approx((2 / 3, 1, 1 / 3))


def test_large_logits_differ_from_small_ones_by_the_offset() -> None:
    small = keys(item(NAME, form="log", logits=("0", "1", "-1", "3")))
    large = keys(item(NAME, form="log", logits=("1000", "1001", "999", "1003")))
    assert large["logsumexp"] == pytest.approx(small["logsumexp"] + 1000)
    assert large["log_probabilities"] == pytest.approx(small["log_probabilities"])
    assert large["shifted"] == small["shifted"] == (-3, -2, -4, 0)


def test_logits_are_recovered() -> None:
    found = item(NAME, form="inverse", logits=("ln 2", "ln 6", "0"))
    assert found.question.shares == ("2/9", "2/3", "1/9")
    assert keys(found)["logits"] == pytest.approx((1.098612, -0.693147), abs=1e-6)
    wrong = {name: values["logits"] for name, values in mistakes(found).items()}
    assert wrong["ratios_for_logits"] == pytest.approx((3, 0.5))
    assert wrong["logarithms_unshifted"] == pytest.approx((-0.405465, -2.197225), abs=1e-6)


def test_errors_are_carried() -> None:
    steps = question(NAME, form="steps", logits=("1", "0", "-1"))
    assert steps.consequences(exponentials=(3.0, 1.0, 1.0))["probabilities"] == pytest.approx((0.6, 0.2, 0.2))
    log = question(NAME, form="log", logits=("100", "101", "99"))
    assert log.consequences(logsumexp=102.0)["log_probabilities"] == (-2, -1, -3)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is friendly"),
        ({"logits": ("0",)}, "two to five logits"),
        ({"logits": ("0", "one")}, "a number or a logarithm"),
        ({"logits": ("0", "nan")}, "logits go from"),
        ({"logits": ("0", "6")}, "logits go from -5 to 5"),
        ({"form": "log", "logits": ("0", "1000")}, "differ by at most 10"),
        ({"logits": ("0", "0", "ln 2")}, "too many logits are equal"),
        ({"form": "inverse", "logits": ("0", "0.5")}, "whole numbers"),
    ],
)
def test_refusals(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **GOLDEN | changes).flaw() or "")
