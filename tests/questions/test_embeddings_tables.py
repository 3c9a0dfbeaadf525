"""Embedding tables and sentence vectors: golden examples, mistakes, carried errors and refusals."""

from __future__ import annotations

import math
from typing import Any

import pytest

from .support import item, keys, mistakes, question

TABLE, SENTENCE = "embeddings/one_hot_lookup", "embeddings/sentence_pooling"
SEASONS: dict[str, Any] = {
    "words": ("fall", "winter", "summer"), "table": (), "tokens": ((0, 2),), "vocabulary": 0, "dimension": 0,
    "classes": 0, "frozen": False,
}  # fmt: skip
LOOKUP = SEASONS | {
    "words": (), "table": ((1, 2, 3), (4, 5, 6), (7, 8, 9)), "tokens": ((2, 1),), "vocabulary": 10000, "dimension": 50,
}  # fmt: skip
BATCH = LOOKUP | {"table": (), "tokens": ((7, 8, 7), (9, 0, 0)), "classes": 4}
POOLED: dict[str, Any] = {"vectors": ((1, 0), (0, 2), (3, 1)), "sentences": ("abc",), "sizes": ()}
PAIR = POOLED | {"sentences": ("abcx", "cbxa")}
LAYERS = POOLED | {"vectors": (), "sentences": (), "sizes": (10, 50, 16, 20, 3)}


def test_the_golden_seasons() -> None:
    found = item(TABLE, **SEASONS)
    assert keys(found) == {"first": (1, 0, 0), "second": (0, 0, 1), "distance": pytest.approx(math.sqrt(2))}
    assert mistakes(found)["next_place"] == {"first": (0, 1, 0), "second": (1, 0, 0)}
    assert mistakes(found)["integer_distance"] == {"distance": 2}
    assert question(TABLE, **SEASONS).consequences(second=(1, 1, 0))["distance"] == 1


def test_the_golden_table() -> None:
    found = item(TABLE, **LOOKUP)
    assert keys(found) == {"rows": ((7, 8, 9), (4, 5, 6)), "parameters": 500_000, "both": 1_000_000}
    wrong = mistakes(found)
    assert wrong["sum_of_sizes"] == {"parameters": 10050}
    assert wrong["one_table_only"] == {"both": 500_000}
    assert wrong["counts_from_one"] == {"rows": ((4, 5, 6), (1, 2, 3))}
    assert wrong["column_for_row"] == {"rows": ((3, 6, 9), (2, 5, 8))}


@pytest.mark.parametrize(("frozen", "trained"), [(True, 204), (False, 500_204)])
def test_a_batch_goes_through_a_table(frozen: bool, trained: int) -> None:
    found = item(TABLE, **BATCH | {"frozen": frozen})
    assert keys(found) == {"shape": (2, 3, 50), "trained": trained, "megabytes": 2, "changed_rows": 3}
    wrong = mistakes(found)
    assert wrong["padding_is_trained"] == {"changed_rows": 4}
    assert wrong["one_hot_shape"] == {"shape": (2, 3, 10000)}
    assert wrong["numbers_for_bytes"] == {"megabytes": 0.5}


def test_the_golden_sentence() -> None:
    found = item(SENTENCE, **POOLED)
    assert keys(found) == {"sum": (4, 3), "mean": (pytest.approx(4 / 3), 1)}
    assert mistakes(found)["sum_for_mean"] == {"mean": (4, 3)}
    assert mistakes(found)["divides_by_dimension"] == {"mean": (2, 1.5)}
    assert question(SENTENCE, **POOLED).consequences(sum=(6, 3))["mean"] == (2, 1)


@pytest.mark.parametrize(
    ("second", "mean", "concatenation"), [("cbxa", "yes", "no"), ("xabc", "yes", "yes"), ("abbx", "no", "no")]
)
def test_two_sentences_are_compared(second: str, mean: str, concatenation: str) -> None:
    found = keys(item(SENTENCE, **PAIR | {"sentences": ("abcx", second)}))
    assert (found["same_mean"], found["same_concatenation"]) == (mean, concatenation)


def test_unknown_words_do_not_count() -> None:
    wrong = mistakes(item(SENTENCE, **PAIR))
    assert wrong["counts_unknown_words"]["first"] == (1, 0.75)
    assert wrong["order_changes_mean"] == {"same_mean": "no"}


def test_first_layers_of_three_networks() -> None:
    found = item(SENTENCE, **LAYERS)
    assert keys(found) == {
        "inputs": 500, "concatenation": 8016, "mean_layer": 816, "length": 8, "convolution": 3020,
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["concatenation_of_one"] == {"inputs": 50, "concatenation": 816}
    assert wrong["one_place_less"] == {"length": 7}


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (SEASONS | {"tokens": ()}, "1 to 4 sequences"),
        (SEASONS | {"words": ("a", "a", "b")}, "different words"),
        (SEASONS | {"words": ("a", "<b>", "c")}, "up to 12 letters"),
        (SEASONS | {"tokens": ((0, 3),)}, "by their numbers"),
        (SEASONS | {"tokens": ((1, 1),)}, "are the same"),
        (SEASONS | {"classes": 3}, "has no table"),
        (LOOKUP | {"vocabulary": 10**9}, "100 to 200000 rows"),
        (LOOKUP | {"table": ((1, 2), (3,), (4, 5))}, "2 to 4 entries"),
        (LOOKUP | {"table": ((1, 2), (1, 2), (4, 5))}, "equal"),
        (LOOKUP | {"table": ((99, 2), (1, 2), (4, 5))}, "larger than 20"),
        (LOOKUP | {"tokens": ((3, 1),)}, "numbers of its rows"),
        (LOOKUP | {"tokens": ((1, 1),)}, "all tokens"),
        (LOOKUP | {"frozen": True}, "nor is it frozen"),
        (BATCH | {"tokens": ((7, 8), (9,))}, "equally long"),
        (BATCH | {"tokens": ((7, 8), (9, 7))}, "are padding"),
        (BATCH | {"tokens": ((7, 8), (9, 0))}, "occurs twice"),
    ],
)
def test_unfair_tables_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(TABLE, **parameters).flaw()


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (POOLED | {"vectors": ()}, "2 to 6 words"),
        (POOLED | {"vectors": ((1, 0), (0,))}, "same number of entries"),
        (POOLED | {"vectors": ((1, 0), (99, 0))}, "larger than 20"),
        (POOLED | {"vectors": ((1, 0), (1, 0))}, "same vector"),
        (POOLED | {"sentences": ("aB",)}, "small letters"),
        (POOLED | {"sentences": ("aaa",)}, "fewer than two"),
        (POOLED | {"sentences": ("abz",)}, "is unknown"),
        (PAIR | {"sentences": ("abx", "abx")}, "the same"),
        (PAIR | {"vectors": ((1, 0), (3, 0), (2, 0)), "sentences": ("abx", "ccx")}, "fewer than two"),
        (
            PAIR | {"vectors": ((1, 0), (3, 0), (2, 0)), "sentences": ("abcx", "abxc", "ab")},
            "one sentence or two",
        ),
        (LAYERS | {"sizes": (1, 2)}, "five sizes"),
        (LAYERS | {"sizes": (10, 50, 16, 20, 10)}, "shorter than the text"),
        (LAYERS | {"sizes": (10, 0, 16, 20, 3)}, "1 to 4096"),
    ],
)
def test_unfair_sentences_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(SENTENCE, **parameters).flaw()
