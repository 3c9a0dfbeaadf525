"""Greedy decoding and beam search: the golden example, mistakes, carried errors and refusals."""

from __future__ import annotations

import math
from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "decoding/beam_search"
GOLDEN: dict[str, Any] = {
    "form": "greedy",
    "first": (0.5, 0.4, 0.1),
    "table": ((0.4, 0.3, 0.3), (0.9, 0.05, 0.05), (0.5, 0.3, 0.2)),
    "steps": 2,
    "beam": 1,
}
BEAM = GOLDEN | {
    "form": "beam", "first": (0.2, 0.3, 0.5), "table": ((0.5, 0.1, 0.4), (0.2, 0.7, 0.1), (0.5, 0.3, 0.2)),
    "steps": 3, "beam": 2,
}  # fmt: skip
ENDED = BEAM | {"form": "ended", "first": (0.1, 0.7, 0.2), "table": ((0.4, 0.5, 0.1), (0.3, 0.4, 0.3))}


def test_the_golden_pair() -> None:
    found = item(NAME, **GOLDEN)
    assert keys(found) == {
        "greedy": (1, 1), "greedy_probability": pytest.approx(0.2), "best": (2, 1), "best_probability": pytest.approx(0.36),
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["greedy_answer"] == {"best": (1, 1), "best_probability": pytest.approx(0.2)}
    assert wrong["multiplies_unconditional"]["greedy_probability"] == pytest.approx(0.25)
    assert wrong["adds_probabilities"]["best_probability"] == pytest.approx(1.3)
    assert wrong["last_probability_only"]["best_probability"] == pytest.approx(0.9)
    assert question(NAME, **GOLDEN | {"beam": 2}).scored_count == 9


def test_a_beam_of_two() -> None:
    found = item(NAME, **BEAM)
    assert keys(found) == {
        "kept_2": ((3, 1), (2, 2)),
        "kept_3": ((2, 2, 2), (3, 1, 1)),
        "probabilities": pytest.approx((0.147, 0.125)),
        "greedy": (3, 1, 1),
        "greedy_probability": pytest.approx(0.125),
        "scored": 15,
        "exhaustive": 27,
    }
    wrong = mistakes(found)
    assert wrong["full_beam_at_first_step"] == {"scored": 18}
    assert wrong["sequences_added"] == {"exhaustive": 9}
    assert wrong["compares_last_tokens"]["kept_2"] == ((2, 2), (3, 1))
    assert (
        wrong["compares_last_tokens"]["kept_2"] == ((2, 2), (3, 1))
        if "compares_last_tokens" in wrong
        else True
    )


def test_a_wrong_hypothesis_is_carried_forward() -> None:
    carried = question(NAME, **BEAM).consequences(kept_2=((3, 1), (3, 2)))
    assert carried["kept_3"] == ((3, 1, 1), (3, 2, 2))
    assert carried["probabilities"] == pytest.approx((0.125, 0.105))
    with pytest.raises(ValueError, match="no token 7"):
        question(NAME, **BEAM).consequences(kept_2=((3, 7), (3, 2)))


def test_the_mean_prefers_the_longer_hypothesis() -> None:
    found = item(NAME, **ENDED)
    assert keys(found)["kept_3"] == ((1, 0, 0), (1, 1, 1))
    assert keys(found)["scores"] == pytest.approx((math.log(0.28), math.log(0.175)))
    assert keys(found)["means"] == pytest.approx((math.log(0.28) / 2, math.log(0.175) / 3))
    assert keys(found)["best"] == (1, 1, 1)
    wrong = mistakes(found)
    assert wrong["no_length_normalization"] == {"best": (1, 0, 0)}
    assert wrong["end_not_counted"]["means"] == pytest.approx((math.log(0.28), math.log(0.175) / 3))
    assert wrong["divides_by_all_steps"]["best"] == (1, 0, 0)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (GOLDEN | {"form": "best"}, "form is one of"),
        (GOLDEN | {"table": ((0.5, 0.5),)}, "a row with the probabilities"),
        (GOLDEN | {"first": (0.5, 0.4, 0.2)}, "add up to 1"),
        (GOLDEN | {"first": (math.nan, 0.4, 0.2)}, "between 0.001"),
        (GOLDEN | {"steps": 3}, "two steps"),
        (BEAM | {"steps": 9}, "3 or 4"),
        (BEAM | {"beam": 4}, "up to the number of tokens"),
        (GOLDEN | {"first": (0.4, 0.4, 0.2)}, "two hypotheses tie"),
        (GOLDEN | {"first": (0.8, 0.1, 0.1), "table": ((0.6, 0.3, 0.1),) * 3}, "greedy decoding finds"),
        (BEAM | {"first": (0.1, 0.7, 0.2)}, "nothing better than greedy"),
        (ENDED | {"first": (0.7, 0.2, 0.1)}, "an empty sequence"),
        (ENDED | {"table": ((0.1, 0.7, 0.2), (0.1, 0.4, 0.5))}, "equally long"),
    ],
)
def test_unfair_searches_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(NAME, **parameters).flaw()
