"""Windows, skip-grams and co-occurrences: golden examples, mistakes, carried errors and refusals."""

from __future__ import annotations

import math
from typing import Any

import pytest

from .support import item, keys, mistakes, question

WINDOW, GRAMS, COUNTS = "embeddings/window_pairs", "embeddings/k_skip_ngrams", "embeddings/cooccurrence"
BREAKFAST = ("I", "will", "have", "orange", "juice", "and", "eggs", "for", "breakfast")
PAIRS: dict[str, Any] = {"words": BREAKFAST, "window": 2, "centre": 0, "removed": (), "vectors": ()}
CBOW = PAIRS | {
    "words": ("we", "read", "the", "long", "books"), "window": 1, "centre": 4, "removed": (3,),
    "vectors": ((1, 0), (2, 4), (9, 9), (5, 5), (1, 2)),
}  # fmt: skip
SIX = ("we", "train", "deep", "networks", "every", "day")
SMALL: dict[str, Any] = {
    "sentences": (tuple("abac"), tuple("bca")), "window": 1, "asked": "matrix", "vectors": (), "biases": (),
}  # fmt: skip
GLOVE = SMALL | {
    "sentences": (tuple("abc"), tuple("bac")), "window": 2, "asked": "loss", "vectors": ((1, 1), (1, 0)), "biases": (0.5, -0.1),
}  # fmt: skip


def test_the_golden_sentence_has_thirty_pairs() -> None:
    found = item(WINDOW, **PAIRS)
    assert keys(found) == {"counts": (2, 3, 4, 4, 4, 4, 4, 3, 2), "pairs": 30}
    wrong = mistakes(found)
    assert wrong["ignores_borders"]["pairs"] == 36
    assert wrong["one_side_only"] == {"pairs": 15}
    assert wrong["truncated_to_three"]["pairs"] == 25
    assert question(WINDOW, **PAIRS).consequences(counts=(2,) * 9)["pairs"] == 18


def test_the_neighbours_of_a_centre() -> None:
    found = item(WINDOW, **PAIRS | {"centre": 2})
    assert keys(found) == {"neighbours": (1, 3, 4), "pairs": 3}
    assert mistakes(found)["pairs_with_itself"]["neighbours"] == (1, 2, 3, 4)
    assert mistakes(found)["one_side_only"] == {"neighbours": (3, 4), "pairs": 2}


def test_words_are_removed_before_the_window_slides() -> None:
    found = item(WINDOW, **CBOW)
    assert keys(found) == {"pairs": 6, "full_windows": 2, "mean": (1.5, 3)}
    wrong = mistakes(found)
    assert wrong["removes_too_late"] == {"pairs": 4, "mean": (1, 2)}
    assert wrong["sum_for_mean"]["mean"] == (3, 6)


@pytest.mark.parametrize(
    ("n", "k", "skips", "total"),
    [(2, 1, (5, 4), 9), (2, 2, (5, 4, 3), 12), (3, 1, (4, 6), 10)],
)
def test_the_golden_skip_grams_of_six_words(n: int, k: int, skips: tuple[int, ...], total: int) -> None:
    found = item(GRAMS, words=SIX, n=n, k=k)
    assert keys(found) == {"by_skips": skips, "total": total}
    assert mistakes(found)["no_skip"] == {"total": skips[0]}
    assert mistakes(found)["exactly_k"] == {"total": skips[-1]}


def test_equal_skip_grams_count_once() -> None:
    found = item(GRAMS, words=("a", "b", "c", "b"), n=2, k=2)
    assert keys(found) == {"by_skips": (3, 2, 1), "total": 6, "different": 5}
    assert mistakes(found)["counts_places"] == {"different": 6}


def test_the_golden_corpus() -> None:
    found = item(COUNTS, **SMALL)
    assert keys(found)["matrix"] == ((0, 2, 2), (2, 0, 1), (2, 1, 0))
    assert keys(found)["share"] == pytest.approx(0.5)
    assert mistakes(found)["one_direction"]["matrix"][0][1] == 1
    assert mistakes(found)["counts_across_sentences"]["matrix"][1][2] == 2
    entries = item(COUNTS, **SMALL | {"asked": "entries"})
    assert keys(entries) == {"entry": 2, "other": 1}


def test_far_neighbours_weigh_less() -> None:
    found = item(COUNTS, **GLOVE)
    assert keys(found)["row"] == (0, 2, 1.5)
    assert keys(found)["ratio"] == pytest.approx(4 / 3)
    assert keys(found)["loss"] == pytest.approx((1.4 - math.log(2)) ** 2)
    wrong = mistakes(found)
    assert question(COUNTS, **GLOVE).equal_weights()["row"] == (0, 2, 2)
    assert wrong["fits_the_count"]["loss"] == pytest.approx(0.36)
    assert question(COUNTS, **GLOVE).consequences(row=(0.0, 1.0, 1.0))["loss"] == pytest.approx(1.96)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (PAIRS | {"words": ("a", "b")}, "3 to 12 words"),
        (PAIRS | {"words": ("a", "b", "2")}, "up to 12 letters"),
        (PAIRS | {"words": ("a", "b", "a")}, "occurs twice"),
        (PAIRS | {"window": 9}, "1 to 4 words"),
        (CBOW | {"removed": (3, 3)}, "removed twice"),
        (CBOW | {"removed": (4,)}, "the centre is removed"),
        (CBOW | {"vectors": ((1, 2),)}, "two entries for each word"),
        (CBOW | {"vectors": ((99, 2), (1, 1), (1, 1), (1, 1), (1, 1))}, "larger than 20"),
        (PAIRS | {"removed": (1,)}, "only where"),
        (CBOW | {"window": 2}, "no window is full"),
    ],
)
def test_unfair_windows_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(WINDOW, **parameters).flaw()


@pytest.mark.parametrize(
    ("words", "n", "k", "reason"),
    [
        (("a",), 2, 1, "3 to 12 words"),
        (SIX, 7, 1, "n is 2 to 4"),
        (SIX[:4], 4, 1, "too short"),
        (("a", "a", "b"), 2, 1, "follows itself"),
        (("a", "b", "c", "d", "e", "a"), 2, 1, "no two equal"),
    ],
)
def test_unfair_grams_are_refused(words: tuple[str, ...], n: int, k: int, reason: str) -> None:
    assert reason in question(GRAMS, words=words, n=n, k=k).flaw()


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (SMALL | {"asked": "all"}, "asked is"),
        (SMALL | {"sentences": ()}, "1 to 4 sentences"),
        (SMALL | {"sentences": (("a", "b", "c1"),)}, "12 letters"),
        (SMALL | {"window": 5}, "1 or 2 words"),
        (SMALL | {"sentences": (tuple("aabc"),)}, "its own neighbour"),
        (SMALL | {"sentences": (tuple("abc"),)}, "does not occur beside"),
        (SMALL | {"biases": (0.1, 0.2)}, "for weighted counts"),
        (GLOVE | {"biases": (0.1,)}, "two biases"),
        (GLOVE | {"biases": (math.nan, 0.1)}, "more than two decimals"),
        (GLOVE | {"vectors": ((0, 0), (1, 1))}, "zero"),
        (GLOVE | {"biases": (0.0, -0.3)}, "fitted already"),
    ],
)
def test_unfair_corpora_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(COUNTS, **parameters).flaw()
