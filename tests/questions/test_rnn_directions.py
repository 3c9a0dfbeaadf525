"""Bidirectional layers: the golden example, mistakes, carried errors and refusals."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "rnn/bidirectional_output"
GOLDEN: dict[str, Any] = {"inputs": (1, 2, 4), "forward": (1, 1, 0), "backward": (1, 1, 0), "padding": 0}
PADDED = GOLDEN | {"inputs": (-1, 3, -3), "forward": (-2, 2, -1), "backward": (-2, 1, 1), "padding": 2}


def test_the_golden_sequence() -> None:
    found = item(NAME, **GOLDEN)
    assert keys(found) == {"outputs": ((1, 7), (3, 6), (7, 4)), "last": (7, 7)}
    wrong = mistakes(found)
    assert wrong["last_position_of_both"] == {"last": (7, 4)}
    assert wrong["backward_not_reversed"]["outputs"] == ((1, 1), (3, 3), (7, 7))
    assert wrong["backward_in_order_of_reading"]["outputs"] == ((1, 4), (3, 6), (7, 7))
    assert wrong["backward_one_step_late"]["outputs"] == ((1, 6), (3, 4), (7, 0))
    assert question(NAME, **GOLDEN).consequences(outputs=((1, 5), (3, 6), (8, 4)))["last"] == (8, 5)


def test_a_packed_sequence_does_not_read_its_padding() -> None:
    found = item(NAME, **PADDED)
    # Backwards 2·3 + 1 = 7, −2·3 + 7 + 1 = 2, 2 + 2 + 1 = 5; over two zeros the state is 2 before.
    assert keys(found) == {
        "outputs": ((1, 5), (0, 2), (5, 7)),
        "last": (5, 5),
        "sums": (6, 2, 12),
        "unpacked": 7,
    }
    assert mistakes(found)["padding_changes_nothing"] == {"unpacked": 5}
    assert mistakes(found)["reads_the_padding"]["outputs"] == ((1, 7), (0, 4), (5, 9))


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (GOLDEN | {"inputs": (1,)}, "2 to 6 inputs"),
        (GOLDEN | {"inputs": (10**9, 1)}, "larger than 20"),
        (GOLDEN | {"forward": (0, 1, 0)}, "a weight is zero"),
        (GOLDEN | {"inputs": (20, 20, 20), "forward": (20, 20, 0)}, "larger than 500"),
        (GOLDEN | {"inputs": (-1, -2)}, "last state is zero"),
        (GOLDEN | {"padding": 2}, "padding changes nothing"),
        (GOLDEN | {"forward": (1, 1, 1)}, "ever closed"),
    ],
)
def test_unfair_sequences_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(NAME, **parameters).flaw()
