"""Batches and epochs, early stopping, gradients of mini-batches, clipping, and search."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

# Epochs, batches and updates

EPOCHS = "optimizers/epochs_iterations_split"
PLAIN = {
    "noun": "images",
    "samples": 1000,
    "shares": (100, 0, 0),
    "copies": 1,
    "replicas": 1,
    "batch": 10,
    "accumulation": 1,
    "epochs": 1,
    "drop_last": False,
}
SPLIT = PLAIN | {"samples": 1100, "shares": (80, 10, 10), "batch": 64, "epochs": 5}
DEALT = SPLIT | {"samples": 2000, "replicas": 2, "accumulation": 4, "drop_last": True}


def test_iterations_of_the_notes() -> None:
    """G07."""
    assert keys(item(EPOCHS, **PLAIN)) == {"iterations": 100, "updates": 100}


def test_golden_split() -> None:
    found = item(EPOCHS, **SPLIT)
    assert keys(found) == {"training": 880, "iterations": 14, "last": 48, "updates": 70}
    wrong = mistakes(found)
    assert wrong["drops_the_last_batch"] == {"iterations": 13, "updates": 65}
    assert wrong["uses_whole_dataset"]["updates"] == 90
    assert wrong["forgets_epochs"] == {"updates": 14}
    assert wrong["last_batch_is_full"] == {"last": 64}
    assert wrong["takes_what_is_missing"] == {"last": 16}
    assert wrong["counts_samples_for_batches"] == {"iterations": 880, "updates": 4400}
    assert wrong["trains_on_validation_set"]["training"] == 990


def test_data_dealt_out_to_gpus_with_accumulated_gradients() -> None:
    found = item(EPOCHS, **DEALT)
    assert keys(found) == {"training": 1600, "iterations": 12, "dropped": 32, "updates": 15}
    wrong = mistakes(found)
    assert wrong["keeps_the_last_batch"] == {"iterations": 13, "updates": 20}
    assert wrong["updates_at_every_batch"] == {"updates": 60}
    assert wrong["forgets_replicas"] == {"iterations": 25, "updates": 35}
    assert wrong["counts_updates_of_each_replica"] == {"updates": 30}


def test_augmented_data_and_an_incomplete_accumulation() -> None:
    found = item(EPOCHS, **SPLIT | {"copies": 3, "accumulation": 4})
    assert keys(found) == {"training": 2640, "iterations": 42, "last": 16, "updates": 55}
    assert mistakes(found)["loses_incomplete_accumulation"] == {"updates": 50}
    assert mistakes(found)["forgets_augmentation"]["training"] == 880


def test_errors_in_counts_are_carried() -> None:
    carried = question(EPOCHS, **SPLIT).consequences(training=1000)
    assert carried == {"training": 1000, "iterations": 16, "last": 40, "updates": 80}
    assert question(EPOCHS, **DEALT).consequences(iterations=10)["updates"] == 15


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"noun": "cats"}, "one of images"),
        ({"batch": 0}, "numbers are positive"),
        ({"epochs": 5000}, "numbers are positive"),
        ({"samples": 10**6}, "at most 100000 samples"),
        ({"shares": (80, 10, 20)}, "add up to 100"),
        ({"shares": (0, 50, 50)}, "add up to 100"),
        ({"samples": 1101}, "no whole number"),
        ({"replicas": 3}, "equally many samples"),
        ({"batch": 500}, "fewer than two batches"),
        ({"batch": 1}, "batches of one sample"),
        ({"batch": 88, "drop_last": True}, "no incomplete batch"),
        ({"accumulation": 20}, "only one update"),
    ],
)
def test_runs_that_make_no_question_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(EPOCHS, **SPLIT | changes).flaw() or "")
