"""The memory that training takes."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "optimizers/state_memory"
VALUES = {"form": "values", "optimizer": "adam", "widths": [20, 10], "frozen": 0, "batch": 0}
MEGABYTES = VALUES | {"form": "megabytes", "widths": [100, 200, 10]}
MIXED = VALUES | {"form": "mixed", "widths": [20, 10, 5], "frozen": 1}
ACTIVATIONS = VALUES | {"form": "activations", "optimizer": "sgd", "widths": [20, 10, 5], "batch": 32}


@pytest.mark.parametrize(("optimizer", "state"), [("sgd", 0), ("momentum", 210), ("adam", 420)])
def test_golden_state(optimizer: str, state: int) -> None:
    found = item(NAME, **VALUES | {"optimizer": optimizer})
    assert keys(found) == {"parameters": 210, "state": state, "total": 420 + state}


def test_mistakes_in_values() -> None:
    wrong = mistakes(item(NAME, **VALUES))
    assert wrong["adam_one_buffer"] == {"state": 210, "total": 630}
    assert wrong["forgets_gradients"] == {"total": 630}
    assert wrong["forgets_bias"] == {"parameters": 200, "state": 400, "total": 800}
    momentum = mistakes(item(NAME, **VALUES | {"optimizer": "momentum"}))
    assert momentum["momentum_zero"] == {"state": 0, "total": 420}
    plain = mistakes(item(NAME, **VALUES | {"optimizer": "sgd"}))
    assert plain["sgd_keeps_velocity"] == {"state": 210, "total": 630}


def test_megabytes_are_millions_of_bytes() -> None:
    found = item(NAME, **MEGABYTES)
    assert keys(found) == {"parameters": 22210, "state": 44420, "megabytes": pytest.approx(0.35536)}
    wrong = {name: values.get("megabytes") for name, values in mistakes(found).items()}
    assert wrong["bits_for_bytes"] == pytest.approx(8 * 0.35536)
    assert wrong["binary_megabytes"] == pytest.approx(0.35536e6 / 2**20)


def test_frozen_layers_keep_their_parameters_only() -> None:
    found = item(NAME, **MIXED)
    kept = 55 * (4 + 8)
    assert keys(found) == {"parameters": 265, "trainable": 55, "kept": kept, "total": 2 * (265 + 55) + kept}
    wrong = mistakes(found)
    assert wrong["counts_frozen"] == {"trainable": 265, "kept": 265 * 12, "total": 265 * 16}
    assert wrong["leaves_frozen_out"] == {"total": 55 * 16}
    momentum = mistakes(item(NAME, **MIXED | {"optimizer": "momentum"}))
    assert momentum["state_in_half_precision"]["kept"] == 55 * 6
    plain = mistakes(item(NAME, **MIXED | {"optimizer": "sgd"}))
    assert plain["forgets_copy"] == {"kept": 0, "total": 2 * 320}


def test_activations_are_those_that_autograd_saves() -> None:
    found = item(NAME, **ACTIVATIONS)
    assert keys(found) == {"parameters": 265, "activations": 960, "total": 4 * (530 + 960)}
    wrong = mistakes(found)
    assert wrong["forgets_batch"] == {"activations": 30, "total": 4 * 560}
    assert wrong["counts_outputs"] == {"activations": 480, "total": 4 * 1010}
    assert wrong["bits_for_bytes"] == {"total": 32 * 1490}


def test_errors_are_carried_into_totals() -> None:
    assert question(NAME, **VALUES).consequences(parameters=200, state=200)["total"] == 600
    assert question(NAME, **MIXED).consequences(trainable=100)["kept"] == 1200
    assert question(NAME, **ACTIVATIONS).consequences(activations=0)["total"] == 2120


@pytest.mark.parametrize(
    ("start", "changes", "reason"),
    [
        (VALUES, {"form": "other"}, "form is values"),
        (VALUES, {"optimizer": "lion"}, "optimizer sgd"),
        (VALUES, {"widths": [20]}, "one to four layers"),
        (VALUES, {"widths": [20, 0]}, "one to four layers"),
        (VALUES, {"widths": [4000, 4000]}, "more than a million"),
        (VALUES, {"frozen": 1}, "some layers, but not all"),
        (MIXED, {"frozen": 2}, "some layers, but not all"),
        (VALUES, {"batch": 4}, "a batch of 2 to 1024"),
        (ACTIVATIONS, {"batch": 0}, "a batch of 2 to 1024"),
    ],
)
def test_refusals(start: dict[str, Any], changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **start | changes).flaw() or "")
