"""Binary cross-entropy."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "losses/bce_value"
GOLDEN = {
    "form": "probabilities",
    "inputs": (("0.8",), ("0.25",), ("0.5",)),
    "targets": ((1,), (0,), (1,)),
    "positive_weight": 1,
}
LOGITS = GOLDEN | {"form": "logits", "inputs": (("ln 4",), ("-ln 3",), ("0",))}


@pytest.mark.parametrize("parameters", [GOLDEN, LOGITS])
def test_golden_value_and_mistakes(parameters: dict[str, Any]) -> None:
    found = item(NAME, **parameters)
    assert keys(found)["losses"] == pytest.approx((0.223144, 0.287682, 0.693147), abs=1e-6)
    assert keys(found)["loss"] == pytest.approx(0.4013, abs=5e-5)
    wrong = {name: values["loss"] for name, values in mistakes(found).items() if "loss" in values}
    expected = {
        "positive_term_only": 0.3054,
        "swapped_labels": 1.2296,
        "sum_not_mean": 1.204,
        "sign_dropped": -0.4013,
        "log_base_2": 0.579,
    }
    assert {name: wrong[name] for name in expected} == pytest.approx(expected, abs=6e-5)
    if parameters is GOLDEN:
        assert wrong["applies_sigmoid_to_probability"] == pytest.approx(0.557, abs=5e-5)


def test_one_probability() -> None:
    found = item(NAME, **GOLDEN | {"inputs": (("0.8",),), "targets": ((0,),)})
    assert keys(found) == {"loss": pytest.approx(1.609438, abs=1e-6)}


def test_the_weight_multiplies_positive_samples_only() -> None:
    found = item(NAME, **LOGITS | {"positive_weight": 3})
    total = 3 * 0.223144 + 0.287682 + 3 * 0.693147
    assert keys(found)["loss"] == pytest.approx(total / 3, abs=1e-5)
    wrong = mistakes(found)
    assert wrong["weights_all_samples"]["loss"] == pytest.approx(1.203973, abs=1e-5)
    assert wrong["divides_by_the_weights"]["loss"] == pytest.approx(total / 7, abs=1e-5)


def test_several_labels_are_averaged_over_all_entries() -> None:
    found = item(NAME, **LOGITS | {"inputs": (("ln 4", "-ln 3"), ("0", "0")), "targets": ((1, 0), (1, 1))})
    assert keys(found)["loss"] == pytest.approx(0.474280, abs=1e-5)
    assert mistakes(found)["mean_over_samples_only"]["loss"] == pytest.approx(0.948560, abs=1e-5)


def test_errors_are_carried() -> None:
    logits = question(NAME, **LOGITS)
    assert logits.consequences(probabilities=(0.5, 0.5, 0.5))["loss"] == pytest.approx(0.693147, abs=1e-6)
    assert logits.consequences(losses=(1.0, 2.0, 6.0))["loss"] == 3


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "scores"}, "form is probabilities"),
        ({"positive_weight": 0}, "positive weight lies between"),
        ({"positive_weight": 5}, "is 1 for probabilities"),
        ({"inputs": ()}, "one to six samples"),
        ({"form": "logits", "inputs": (("0",),), "targets": ((0,),)}, "a single input"),
        ({"inputs": (("0.5",) * 4,)}, "one to three labels"),
        ({"targets": ((1,), (0,))}, "as many inputs as targets"),
        ({"targets": ((1,), (0,), (2,))}, "a target is 0 or 1"),
        ({"inputs": (("0.8",), ("half",), ("0.5",))}, "a number or a logarithm"),
        ({"inputs": (("0.8",), ("1.25",), ("0.5",))}, "probabilities go from 0.001 to 0.999"),
        ({"form": "logits", "inputs": (("0.8",), ("nan",), ("0.5",))}, "logits go from -6 to 6"),
        ({"targets": ((1,), (1,), (1,))}, "all targets are equal"),
        ({"inputs": (("0.5",),) * 3}, "all inputs"),
    ],
)
def test_refusals(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **GOLDEN | changes).flaw() or "")
