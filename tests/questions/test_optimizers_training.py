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


# Early stopping

STOPPING = "optimizers/early_stopping"
NOTES = {
    "losses": (5, 4, 3, 3.5, 3.2, 3.4, 3.1, 3.3, 2.9),
    "patience": 3,
    "min_delta": 0.0,
    "rules": ("best", "previous"),
}
SMALL = {"losses": (5, 4, 3.9, 4.1, 3, 2.9), "patience": 2, "min_delta": 0.2, "rules": ("best",)}


def test_golden_rules_differ() -> None:
    """E55: against the best loss training stops at epoch 6, against the previous one it never does."""
    found = item(STOPPING, **NOTES)
    assert keys(found) == {"stop": 6, "best": 3, "stop_previous": 9, "best_previous": 9}
    wrong = mistakes(found)
    assert wrong["compares_with_previous"] == {"stop": 9, "best": 9}
    assert wrong["compares_with_best"] == {"stop_previous": 6, "best_previous": 3}
    assert wrong["stops_one_late"] == {"stop": 7}
    assert wrong["stops_one_early"] == {"stop": 5}
    assert wrong["keeps_last_weights"] == {"best": 6}


def test_one_rule() -> None:
    found = item(STOPPING, **NOTES | {"rules": ("best",)})
    assert keys(found) == {"stop": 6, "best": 3}
    found = item(STOPPING, **NOTES | {"rules": ("previous",), "patience": 2, "losses": (4, 5, 3, 4, 4, 2)})
    assert keys(found) == {"stop": 5, "best": 3}
    wrong = mistakes(found)
    assert wrong["never_resets"] == {"stop": 4}
    assert wrong["best_of_all_epochs"] == {"best": 6}
    wandering = NOTES | {"rules": ("previous",), "patience": 2, "losses": (3, 5, 4, 5, 6)}
    found = item(STOPPING, **wandering)
    assert keys(found) == {"stop": 5, "best": 1}
    assert mistakes(found)["compares_with_best"] == {"stop": 3}
    assert mistakes(found)["goes_back_by_patience"] == {"best": 3}


def test_a_fall_of_exactly_the_least_improvement_does_not_count() -> None:
    found = item(STOPPING, **SMALL)
    assert keys(found) == {"stop": 4, "best": 2}
    assert mistakes(found)["counts_small_improvements"] == {"stop": 6, "best": 6}
    assert mistakes(found)["keeps_least_loss"] == {"best": 3}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"rules": ("previous", "best")}, "rules are best, previous, or both"),
        ({"losses": (3, 2, 3)}, "four to twelve losses"),
        ({"patience": 0}, "patience from 1 to 5"),
        ({"losses": (3, 2, 1.255, 4, 5)}, "at most two decimals"),
        ({"losses": (3, 2, 0, 4, 5)}, "losses are positive"),
        ({"min_delta": -0.1}, "least improvement goes from 0"),
        ({"min_delta": 0.1, "rules": ("previous",)}, "goes with the rule best"),
        ({"losses": (3, 2, 3, 4, 5)}, "both rules lead to the same"),
        ({"rules": ("previous",)}, "not stopped"),
        ({"rules": ("best",), "min_delta": 0.1}, "make no difference"),
    ],
)
def test_runs_without_a_fair_stop_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(STOPPING, **NOTES | changes).flaw() or "")


# Grid search and random search

SEARCH = "optimizers/grid_random_search"
GRID = {
    "axes": (("learning rate", 4), ("batch size", 3), ("dropout rate", 5)),
    "folds": 1,
    "duration": 0,
    "best": 0.0,
    "wanted": 0.0,
}
RANDOM = GRID | {"axes": (("dropout rate", 2), ("batch size", 3)), "best": 0.05, "wanted": 0.95}


def test_golden_grid() -> None:
    found = item(SEARCH, **GRID)
    assert keys(found) == {"settings": 60, "sharing": 15}
    wrong = mistakes(found)
    assert wrong["adds_counts"] == {"settings": 12, "sharing": 3}
    assert wrong["varies_one_at_a_time"] == {"settings": 10}
    assert wrong["adds_other_counts"] == {"sharing": 8}


def test_cross_validated_grid() -> None:
    found = item(SEARCH, **GRID | {"folds": 5, "duration": 12})
    assert keys(found) == {"settings": 60, "trainings": 300, "hours": 60, "distinct": 60}
    wrong = mistakes(found)
    assert wrong["forgets_folds"] == {"trainings": 60, "hours": 12}
    assert wrong["one_fold_less"] == {"trainings": 240, "hours": 48}
    assert wrong["gives_minutes"] == {"hours": 3600}
    assert wrong["tries_values_of_the_grid"] == {"distinct": 4}
    assert wrong["draws_for_each_fold"] == {"distinct": 300}
    assert wrong["adds_counts"] == {"settings": 12, "trainings": 60, "hours": 12, "distinct": 12}


def test_golden_random_search() -> None:
    found = item(SEARCH, **RANDOM)
    assert keys(found) == {"settings": 6, "probability": pytest.approx(1 - 0.95**6), "trials": 59}
    wrong = mistakes(found)
    assert wrong["adds_probabilities"] == {"probability": pytest.approx(0.3), "trials": 19}
    assert wrong["probability_of_missing"] == {"probability": pytest.approx(0.95**6)}
    assert wrong["rounds_trials_down"] == {"trials": 58}


def test_own_numbers_of_settings_are_carried() -> None:
    assert question(SEARCH, **RANDOM).consequences(settings=5)["probability"] == pytest.approx(1 - 0.95**5)
    assert question(SEARCH, **GRID).consequences(settings=80)["sharing"] == 20
    with pytest.raises(ValueError, match="no grid"):
        question(SEARCH, **GRID).consequences(settings=81)
    validated = question(SEARCH, **GRID | {"folds": 5, "duration": 12})
    assert validated.consequences(settings=12)["trainings"] == 60
    assert validated.consequences(trainings=60)["hours"] == 12


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"axes": (("learning rate", 3),)}, "two to four different"),
        ({"axes": (("learning rate", 3), ("luck", 2))}, "two to four different"),
        ({"axes": (("batch size", 3), ("learning rate", 3))}, "first hyperparameter"),
        ({"axes": (("learning rate", 3), ("batch size", 7))}, "two to six values"),
        ({"folds": 5}, "takes folds and a duration"),
        ({"folds": 50, "duration": 1}, "at most 20 folds"),
        ({"best": 0.6, "wanted": 0.9}, "from 0.01 to 0.5"),
        ({"best": 0.1, "wanted": 0.1}, "from 0.5 to 0.999"),
        ({"best": 1 / 30, "wanted": 0.9}, "four decimals"),
        ({"best": 0.5, "wanted": 0.75}, "just reached"),
        ({"best": 0.2, "wanted": 0.8}, "hardly ever misses"),
    ],
)
def test_searches_that_show_nothing_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(SEARCH, **GRID | changes).flaw() or "")
