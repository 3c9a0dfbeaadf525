"""Label smoothing."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "losses/label_smoothing"
GOLDEN = {
    "smoothing": 0.2,
    "classes": 4,
    "label": 0,
    "probabilities": (0.5, 0.25, 0.125, 0.125),
    "logits": (),
}
LOGITS = {"smoothing": 0.3, "classes": 3, "label": 1, "probabilities": (), "logits": ("1", "2", "0")}


def test_golden_target_loss_and_mistakes() -> None:
    found = item(NAME, **GOLDEN)
    assert keys(found)["target"] == pytest.approx((0.85, 0.05, 0.05, 0.05))
    assert keys(found)["loss"] == pytest.approx(0.8664, abs=5e-5)
    wrong = {name: values["loss"] for name, values in mistakes(found).items()}
    expected = {"spread_over_others": 0.9242, "not_normalized": 0.9704, "smoothing_on_others": 1.6636}
    assert {name: wrong[name] for name in expected} == pytest.approx(expected, abs=5e-5)


def test_golden_loss_of_logits() -> None:
    found = item(NAME, **LOGITS)
    assert keys(found)["loss"] == pytest.approx(0.7076, abs=5e-5)
    assert keys(found)["least"] == pytest.approx(0.639032, abs=1e-6)
    assert mistakes(found)["least_is_zero"] == {"least": 0}


def test_target_alone() -> None:
    found = item(NAME, smoothing=0.1, classes=10, label=3, probabilities=(), logits=())
    assert keys(found) == {"right": pytest.approx(0.91), "other": pytest.approx(0.01)}


def test_a_wrong_target_is_carried() -> None:
    carried = question(NAME, **GOLDEN).consequences(target=(1.0, 0.0, 0.0, 0.0))
    assert carried["loss"] == pytest.approx(0.693147, abs=1e-6)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"smoothing": 0.0}, "the smoothing goes from"),
        ({"smoothing": 0.125}, "two decimals"),
        ({"classes": 2}, "three to twenty classes"),
        ({"label": 4}, "the label of one of them"),
        ({"logits": ("0", "1", "2", "3")}, "either probabilities or logits"),
        ({"probabilities": (0.5, 0.25, 0.125, 0.25)}, "add up to 1"),
        ({"probabilities": (0.5, 0.5)}, "one probability or logit for each class"),
        ({"probabilities": (), "logits": ("0", "1", "2", "x")}, "a number or a logarithm"),
        ({"probabilities": (), "logits": ("0", "1", "2", "nan")}, "logits go from"),
        ({"probabilities": (), "logits": ("1",) * 4}, "all logits are equal"),
    ],
)
def test_refusals(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **GOLDEN | changes).flaw() or "")
