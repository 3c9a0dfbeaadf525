"""Costs of layers and masked language modelling: golden examples, mistakes, carried errors and refusals."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

COST, MASKING = "transformers/complexity", "transformers/bert_masking"
COMPARED: dict[str, Any] = {
    "form": "compare", "length": 50, "dimension": 512, "kernel": 3, "window": 5, "batch": 0, "heads": 0,
}  # fmt: skip
LIMITS = COMPARED | {"form": "limits", "length": 1000, "window": 0, "batch": 2, "heads": 8}
SEQUENCE: dict[str, Any] = {
    "tokens": 200, "batch": 1, "split": True, "first": 0, "padded": 0, "losses": (), "chosen": (),
}  # fmt: skip
PAIRS = SEQUENCE | {
    "tokens": 20, "batch": 4, "split": False, "first": 12, "padded": 32, "losses": (1.0, 2.0, 6.0), "chosen": (1, 2),
}  # fmt: skip


def test_the_golden_costs() -> None:
    found = item(COST, **COMPARED)
    assert keys(found) == {
        "attention": 1_280_000,
        "recurrent": 13_107_200,
        "convolution": 39_321_600,
        "restricted": 128_000,
        "cheapest": "restricted attention",
        "steps": (1, 50, 1, 1),
    }
    wrong = mistakes(found)
    assert wrong["squares_the_dimension"]["attention"] == 13_107_200
    assert wrong["linear_attention"]["attention"] == 25_600
    assert wrong["parallel_recurrence"] == {"steps": (1, 1, 1, 1)}
    assert question(COST, **COMPARED).consequences(recurrent=100)["cheapest"] == "recurrent"


def test_where_costs_cross_and_what_weights_take() -> None:
    found = item(COST, **LIMITS)
    assert keys(found) == {"crossover": 512, "dilated": 7, "weights": 16_000_000, "megabytes": 64}
    wrong = mistakes(found)
    assert wrong["doubles"] == {"dilated": 10}
    assert wrong["forgets_heads"] == {"weights": 2_000_000, "megabytes": 8}
    assert keys(item(COST, **LIMITS | {"length": 729}))["dilated"] == 6
    assert keys(item(COST, **LIMITS | {"length": 730}))["dilated"] == 7


def test_the_golden_split() -> None:
    found = item(MASKING, **SEQUENCE)
    assert keys(found) == {"selected": 30, "masked": 24, "random": 3, "kept": 3}
    assert mistakes(found)["all_masked"] == {"masked": 30, "random": 0, "kept": 0}
    assert keys(item(MASKING, **SEQUENCE | {"split": False})) == {"selected": 30}


def test_the_golden_segments() -> None:
    answers = question(MASKING, **PAIRS | {"tokens": 9, "first": 5}).answer()
    assert [answers[blank].value for blank in ("length", "first_segment", "second_segment")] == [12, 7, 5]


def test_pairs_of_sentences() -> None:
    found = item(MASKING, **PAIRS)
    assert keys(found) == {
        "selected": 12, "length": 23, "first_segment": 14, "second_segment": 9, "padding": 9, "loss": 4,
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["mean_over_all"] == {"loss": 3}
    assert wrong["divides_by_all"]["loss"] == pytest.approx(8 / 3)
    assert wrong["includes_padding"] == {"selected": 19}
    assert question(MASKING, **PAIRS).consequences(length=22)["padding"] == 10


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (COMPARED | {"form": "other"}, "form is"),
        (COMPARED | {"length": 10**9}, "2 to 100000 tokens"),
        (COMPARED | {"kernel": 4}, "3, 5, 7 or 9"),
        (COMPARED | {"window": 50}, "shorter than the sequence"),
        (COMPARED | {"heads": 2}, "only the form limits"),
        (COMPARED | {"window": 50, "length": 512, "dimension": 512}, "cost the same"),
    ],
)
def test_unfair_costs_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(COST, **parameters).flaw()


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (SEQUENCE | {"tokens": 21}, "multiple of 20"),
        (SEQUENCE | {"first": 3}, "with padding only"),
        (SEQUENCE | {"tokens": 20}, "80 to 10 to 10"),
        (PAIRS | {"padded": 23}, "not larger than the sequence"),
        (PAIRS | {"losses": (1.0, float("nan"), 2.0)}, "two decimals"),
        (PAIRS | {"chosen": (1, 1)}, "each once"),
        (PAIRS | {"chosen": (1, 7)}, "is not there"),
        (PAIRS | {"losses": (2.0, 1.0, 3.0)}, "means of the losses"),
    ],
)
def test_unfair_masks_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(MASKING, **parameters).flaw()
