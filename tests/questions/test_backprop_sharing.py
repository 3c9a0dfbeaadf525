"""Shared weights: the golden example, tied autoencoders, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "backprop/shared_weight_gradient"
NESTED: dict[str, Any] = {"form": "nested", "weights": ((2,),), "inputs": (3,), "bias": -1, "target": 0}
RECTIFIED = NESTED | {"form": "rectified", "target": 7}
TIED = NESTED | {"form": "tied", "weights": ((1, 1), (0, 2)), "inputs": (1, -1), "bias": 0}


def test_the_golden_weight() -> None:
    found = item(NAME, **NESTED)
    assert keys(found) == {"hidden": 5, "output": 10, "first_use": 6, "second_use": 5, "gradient": 11}
    wrong = {name: values["gradient"] for name, values in mistakes(found).items()}
    assert wrong["takes_the_second_use"] == 5
    assert wrong["takes_the_first_use"] == 6
    assert wrong["multiplies_the_uses"] == 30
    assert wrong["forgets_the_weight_behind"] == 8


def test_the_error_multiplies_both_uses() -> None:
    found = item(NAME, **RECTIFIED)
    assert keys(found) == {"hidden": 5, "output": 10, "first_use": 18, "second_use": 15, "gradient": 33}
    assert mistakes(found)["forgets_the_error"] == {"first_use": 6, "second_use": 5, "gradient": 11}
    assert question(NAME, **RECTIFIED).consequences(hidden=4)["output"] == 8
    assert question(NAME, **RECTIFIED).consequences(first_use=2)["gradient"] == 17


def test_tied_matrices() -> None:
    found = item(NAME, **TIED)
    assert keys(found) == {
        "hidden": (0, -2),
        "output": (0, -4),
        "first_use": ((-4, 4), (-6, 6)),
        "second_use": ((0, 0), (2, 6)),
        "gradient": ((-4, 4), (-4, 12)),
    }
    assert mistakes(found)["transposes_the_second_use"]["gradient"] == ((-4, 6), (-6, 12))


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (NESTED | {"form": "none"}, "form is one of"),
        (NESTED | {"inputs": (1, 2)}, "fits the input"),
        (NESTED | {"inputs": (100,)}, "larger than"),
        (NESTED | {"inputs": (0,)}, "no gradient"),
        (NESTED | {"target": 3}, "no target"),
        (RECTIFIED | {"target": 201}, "target than 200"),
        (RECTIFIED | {"inputs": (-3,)}, "not active"),
        (RECTIFIED | {"target": 10}, "loss is zero"),
        (TIED | {"bias": 1}, "no bias"),
        (TIED | {"weights": ((1, 0), (0, 1))}, "no gradient"),
    ],
)
def test_unfair_instances_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(NAME, **parameters).flaw()
