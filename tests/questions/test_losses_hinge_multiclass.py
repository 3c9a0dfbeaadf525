"""Multiclass hinge loss."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "losses/hinge_multiclass"
GOLDEN = {"form": "gradient", "scores": ((3.0, 2.5, 4.0, 1.0),), "labels": (0,), "margin": 1.0}
BATCH = GOLDEN | {"form": "batch", "scores": ((3.0, 2.5, 4.0, 1.0), (-0.5, 1.0, -3.0, 0.5)), "labels": (0, 1)}


def test_golden_loss_gradient_and_mistakes() -> None:
    found = item(NAME, **GOLDEN)
    assert keys(found) == {"terms": (0, 0.5, 2, 0), "loss": 2.5, "gradient": (-2, 1, 1, 0)}
    wrong = {name: values["loss"] for name, values in mistakes(found).items() if "loss" in values}
    expected = {"includes_true_class": 3.5, "divides_by_classes": 0.625, "max_only": 2, "no_margin": 1}
    assert {name: wrong[name] for name in expected} == expected
    assert wrong["squared"] == 4.25


def test_mistakes_of_the_gradient() -> None:
    wrong = mistakes(item(NAME, **GOLDEN))
    assert wrong["right_class_counted_once"] == {"gradient": (-1, 1, 1, 0)}
    assert wrong["gradient_turned_round"] == {"gradient": (2, -1, -1, 0)}


def test_pytorch_divides_by_the_number_of_classes() -> None:
    found = item(NAME, **BATCH)
    assert keys(found) == {"losses": (2.5, 0.5), "loss": 0.375}
    wrong = mistakes(found)
    assert wrong["undivided"] == {"loss": 1.5}
    assert wrong["divides_by_wrong_classes"] == {"loss": 0.5}
    assert wrong["sum_over_samples"] == {"loss": 0.75}


def test_errors_are_carried() -> None:
    assert question(NAME, **GOLDEN).consequences(terms=(1.0, 0.5, 2.0, 0.0))["loss"] == 3.5
    assert question(NAME, **BATCH).consequences(losses=(3.0, 5.0))["loss"] == 1


def test_gradients_of_five_classes_are_whole() -> None:
    five = {"form": "gradient", "scores": ((0.0, -3.5, 0.0, 1.5, 1.5),), "labels": (2,), "margin": 0.5}
    assert keys(item(NAME, **GOLDEN | five))["gradient"] == (1, 0, -3, 1, 1)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is loss"),
        ({"margin": 0.0}, "margin goes from 0.01"),
        ({"margin": 1e-300}, "margin goes from 0.01"),
        ({"margin": 1 / 3}, "two decimals"),
        ({"scores": ((1.0, 2.0),)}, "three to six scores"),
        ({"scores": ()}, "three to six scores"),
        ({"form": "batch"}, "two to four samples"),
        ({"labels": (4,)}, "a class counted from 0"),
        ({"scores": ((3.0, 2.3, 4.0, 1.0),)}, "quarters"),
        ({"scores": ((3.0, 2.0, 4.0, 1.0),)}, "on the margin"),
        ({"form": "loss"}, "not exactly one class"),
        ({"scores": ((3.0, 2.5, 4.0, 5.0),)}, "none or all"),
        (BATCH | {"scores": ((9.0, 1.0, 1.0, 1.0), (1.0, 9.0, 1.0, 1.0))}, "no class"),
    ],
)
def test_refusals(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **GOLDEN | changes).flaw() or "")
