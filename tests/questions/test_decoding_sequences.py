"""Teacher forcing and perplexity: golden examples, mistakes, carried errors and refusals."""

from __future__ import annotations

import math
from typing import Any

import pytest

from .support import item, keys, mistakes, question

FORCING, PERPLEXITY = "decoding/teacher_forcing_io", "decoding/sequence_nll_perplexity"
WORD: dict[str, Any] = {"word": "RIGHT", "sequences": (), "following": (), "vocabulary": 0, "batch": 0}
BATCH = WORD | {"word": "", "sequences": ((7, 8), (9, 10, 11))}
MODEL = WORD | {
    "word": "", "sequences": ((3, 4, 5),), "following": (3, 3, 3, 6, 5, 2, 4, 7), "vocabulary": 1000, "batch": 8,
}  # fmt: skip
HALVES: dict[str, Any] = {
    "form": "halves",
    "probabilities": ((0.5, 0.25, 0.125),),
    "unconditional": (),
    "lengths": (),
}
CHAIN = HALVES | {"form": "chain", "probabilities": ((0.5, 0.4, 0.2),), "unconditional": (0.5, 0.1, 0.1)}
PAIR = HALVES | {"form": "compare", "probabilities": ((0.5, 0.5), (0.6, 0.6, 0.6))}
PADDED = HALVES | {"form": "padded", "probabilities": ((0.5, 0.2, 0.9), (0.4, 0.5, 0.5)), "lengths": (2, 3)}


def test_the_golden_word() -> None:
    found = keys(item(FORCING, **WORD))
    assert [found[f"input_{n}"] for n in range(1, 7)] == ["BOS", *"RIGHT"]
    assert [found[f"target_{n}"] for n in range(1, 7)] == [*"RIGHT", "EOS"]
    assert found["terms"] == 6
    wrong = mistakes(item(FORCING, **WORD))
    assert wrong["forgets_the_end"] == {"terms": 5}
    assert wrong["counts_the_start"] == {"terms": 7}
    assert wrong["no_shift"]["target_1"] == "BOS"


def test_a_batch_is_cut_on_both_sides() -> None:
    found = item(FORCING, **BATCH)
    assert keys(found) == {
        "inputs": ((1, 7, 8, 2), (1, 9, 10, 11)),
        "targets": ((7, 8, 2, 0), (9, 10, 11, 2)),
        "terms": 7,
    }
    assert mistakes(found)["counts_padding"] == {"terms": 8}
    assert mistakes(found)["forgets_the_end"] == {"terms": 5}
    carried = question(FORCING, **BATCH).consequences(targets=((7, 8, 0, 0), (9, 10, 11, 2)))
    assert carried["terms"] == 6


def test_a_wrong_prediction_is_fed_back() -> None:
    found = item(FORCING, **MODEL)
    assert keys(found) == {
        "forced": (3, 6, 5, 2), "forced_errors": 1, "free": (3, 6, 4, 5), "free_errors": 3, "logits": (32, 1000),
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["feeds_predictions"] == {"forced": (3, 6, 4, 5), "forced_errors": 3}
    assert wrong["classifies_sequences"] == {"logits": (8, 4000)}
    assert wrong["lists_inputs"]["free"] == (1, 3, 6, 4)


def test_the_golden_perplexity() -> None:
    found = item(PERPLEXITY, **HALVES)
    assert keys(found) == {"bits": 6, "perplexity": pytest.approx(4)}
    wrong = mistakes(found)
    assert wrong["sum_not_mean"]["perplexity"] == pytest.approx(64)
    assert wrong["arithmetic_mean_of_inverse"]["perplexity"] == pytest.approx(14 / 3)
    natural = item(PERPLEXITY, **HALVES | {"form": "chain", "unconditional": (0.5, 0.5, 0.5)})
    assert mistakes(natural)["base_mismatch"]["perplexity"] == pytest.approx(2.6141, abs=1e-4)


def test_the_chain_rule() -> None:
    found = item(PERPLEXITY, **CHAIN)
    assert keys(found)["probability"] == pytest.approx(0.04)
    assert keys(found)["perplexity"] == pytest.approx(0.04 ** (-1 / 3))
    assert mistakes(found)["uses_unconditional"]["probability"] == pytest.approx(0.005)
    assert question(PERPLEXITY, **CHAIN).consequences(total=3.0)["mean"] == 1.0


def test_the_length_decides_between_candidates() -> None:
    found = item(PERPLEXITY, **PAIR)
    assert keys(found)["totals"] == pytest.approx((2 * math.log(2), -3 * math.log(0.6)))
    assert (keys(found)["likelier"], keys(found)["likelier_per_token"]) == ("A", "B")
    assert question(PERPLEXITY, **PAIR).consequences(totals=(2.0, 1.5))["likelier"] == "B"


def test_padding_does_not_count() -> None:
    found = item(PERPLEXITY, **PADDED)
    assert keys(found)["total"] == pytest.approx(-math.log(0.01))
    assert keys(found)["perplexity"] == pytest.approx(0.01 ** (-1 / 5))
    assert mistakes(found)["counts_padding"]["total"] == pytest.approx(-math.log(0.009))
    assert mistakes(found)["divides_by_sequences"]["mean"] == pytest.approx(math.log(10))


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (WORD | {"word": "AB"}, "3 to 6 letters"),
        (WORD | {"word": "AÄB"}, "a word of letters"),
        (BATCH | {"sequences": ((7, 8), (9, 2))}, "from 3 to 999"),
        (BATCH | {"sequences": ((7, 8), ())}, "1 to 4 sequences"),
        (BATCH | {"sequences": ((7, 8), (9, 9))}, "is padded"),
        (MODEL | {"sequences": ((3, 4, 5), (3, 4))}, "on one sequence"),
        (MODEL | {"following": (3, 3, 3, 6, 5, 1, 4, 7)}, "predicts EOS or"),
        (MODEL | {"following": (3, 3, 3, 4, 5, 2, 4, 7)}, "first wrong prediction"),
        (MODEL | {"vocabulary": 5}, "up to 1000000"),
    ],
)
def test_unfair_sequences_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(FORCING, **parameters).flaw()


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (HALVES | {"form": "compare"}, "with two"),
        (HALVES | {"probabilities": ((0.5,),)}, "2 to 8 tokens"),
        (HALVES | {"probabilities": ((0.5, 1.5),)}, "between 0.01"),
        (HALVES | {"probabilities": ((0.5, 0.3),)}, "power of 1/2"),
        (HALVES | {"unconditional": (0.5, 0.5, 0.5)}, "only the form chain"),
        (CHAIN | {"unconditional": (0.5, 0.4, 0.2)}, "independent"),
        (HALVES | {"probabilities": ((0.5, 0.5),)}, "same probability"),
        (HALVES | {"lengths": (1, 2)}, "only the form padded"),
        (PADDED | {"lengths": (2, 4)}, "a length for each"),
        (PADDED | {"lengths": (3, 3)}, "no sequence is padded"),
        (PAIR | {"probabilities": ((0.5, 0.5), (0.5, 0.5))}, "almost equally"),
    ],
)
def test_unfair_likelihoods_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(PERPLEXITY, **parameters).flaw()
