"""Padding of batches: the golden example, mistakes, carried errors and refusals."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "rnn/padding_waste"
GOLDEN: dict[str, Any] = {"lengths": (3, 9, 4, 10, 2, 8), "batch": 2, "losses": ()}
ONE: dict[str, Any] = {"lengths": (2, 5, 3), "batch": 3, "losses": ()}
SMALL_END: dict[str, Any] = {"lengths": (2, 6, 3, 6, 1), "batch": 2, "losses": (2.0, 6.0, 3.0, 12.0, 2.0)}


def test_the_golden_sentences() -> None:
    found = item(NAME, **GOLDEN)
    assert keys(found) == {
        "batches": 3, "unsorted": 18, "sorted": 6, "share": pytest.approx(100 * 6 / 42),
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["pads_to_longest_of_all"] == {"unsorted": 24}
    assert wrong["order_does_not_matter"]["sorted"] == 18
    assert wrong["counts_tokens"] == {"unsorted": 36}
    assert question(NAME, **GOLDEN).consequences(sorted=4)["share"] == 10


def test_one_batch() -> None:
    found = item(NAME, **ONE)
    assert keys(found) == {"length": 5, "padding": 5, "share": pytest.approx(100 / 3)}
    assert mistakes(found)["counts_all_places"] == {"padding": 15}
    assert mistakes(found)["share_of_tokens"] == {"share": 50}


def test_a_small_last_batch_and_a_masked_loss() -> None:
    found = item(NAME, **SMALL_END)
    assert keys(found) == {
        "batches": 3, "unsorted": 7, "sorted": 4, "share": pytest.approx(100 * 4 / 22), "loss": pytest.approx(25 / 18),
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["fills_last_batch"]["unsorted"] == 8
    assert wrong["drops_last_batch"] == {"batches": 2}
    assert wrong["averages_over_padding"]["loss"] == pytest.approx(25 / 22)
    assert wrong["averages_sentences"]["loss"] == pytest.approx((1 + 1 + 1 + 2 + 2) / 5)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (GOLDEN | {"lengths": ()}, "2 to 20 sentences"),
        (GOLDEN | {"lengths": (3, 10**9)}, "1 to 100 tokens"),
        (GOLDEN | {"batch": 1}, "two sentences or more"),
        (GOLDEN | {"losses": (1.0,)}, "a loss for each sentence"),
        (ONE | {"losses": (1.0, float("nan"), 2.0)}, "at most two decimals"),
        (ONE | {"lengths": (4, 4, 4)}, "no sentence is padded"),
        (GOLDEN | {"lengths": (2, 3, 4, 5, 6, 7)}, "does not save"),
    ],
)
def test_unfair_batches_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(NAME, **parameters).flaw()
