"""The cross-entropy of one sample."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "losses/cross_entropy_single"
GOLDEN = {
    "form": "convert",
    "probabilities": (0.01, 0.97, 0.02),
    "target": (1.0, 0.0, 0.0),
    "largest_loss": 0.0,
}
SOFT = GOLDEN | {"form": "soft", "target": (0.5, 0.3, 0.2)}


def test_golden_value_in_nats_and_bits() -> None:
    found = item(NAME, **GOLDEN)
    assert keys(found) == {
        "nats": pytest.approx(4.6052, abs=5e-5),
        "bits": pytest.approx(6.6439, abs=5e-5),
    }
    wrong = {name: values["nats"] for name, values in mistakes(found).items() if "nats" in values}
    expected = {"log_of_1_minus_p": 0.0101, "sums_all_classes": 8.5477, "averages_over_classes": 1.5351}
    assert {name: wrong[name] for name in expected} == pytest.approx(expected, abs=5e-5)


def test_wrong_base() -> None:
    bits = item(NAME, **GOLDEN | {"form": "bits"})
    assert keys(bits)["bits"] == pytest.approx(6.6439, abs=5e-5)
    assert mistakes(bits)["wrong_base"]["bits"] == pytest.approx(4.6052, abs=5e-5)
    demand = item(NAME, **GOLDEN | {"form": "demand", "largest_loss": 0.5})
    assert mistakes(demand)["wrong_base"]["nats"] == pytest.approx(6.6439, abs=5e-5)


def test_soft_target_weights_each_logarithm() -> None:
    found = item(NAME, **SOFT)
    assert keys(found)["terms"] == pytest.approx((2.302585, 0.009138, 0.782405), abs=1e-6)
    assert keys(found)["nats"] == pytest.approx(3.094127, abs=1e-6)
    assert mistakes(found)["hardens_the_target"]["nats"] == pytest.approx(4.60517, abs=1e-5)


def test_the_demanded_probability_has_the_allowed_loss() -> None:
    found = item(NAME, **GOLDEN | {"form": "demand", "largest_loss": 0.5})
    assert keys(found)["smallest"] == pytest.approx(0.606531, abs=1e-6)


def test_errors_are_carried() -> None:
    assert question(NAME, **GOLDEN).consequences(nats=0.6931471805599453)["bits"] == pytest.approx(1)
    assert question(NAME, **SOFT).consequences(terms=(1.0, 2.0, 3.0))["nats"] == 6


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is bits"),
        ({"probabilities": (0.01, 0.97, 0.03)}, "add up to 1"),
        ({"probabilities": (0.00011, 0.97, 0.02989)}, "between 0.001 and 0.999"),
        ({"probabilities": (0.01001, 0.97, 0.01999)}, "four decimals"),
        ({"target": (1.0, 0.0)}, "each class needs a target"),
        ({"target": (0.5, 0.5, 0.0)}, "one of them is 1 unless"),
        ({"form": "soft"}, "one of them is 1 unless"),
        ({"form": "soft", "target": (0.125, 0.375, 0.5)}, "two decimals"),
        ({"largest_loss": 1.0}, "no other, has a largest loss"),
        ({"form": "demand"}, "from 0.1 to 5"),
        ({"form": "demand", "largest_loss": 1 / 3}, "four decimals"),
        ({"form": "demand", "largest_loss": 5.0}, "small enough already"),
    ],
)
def test_refusals(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **GOLDEN | changes).flaw() or "")
