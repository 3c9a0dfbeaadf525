"""Distances and analogies: golden examples, mistakes, carried errors and refusals."""

from __future__ import annotations

import math
from typing import Any

import pytest

from .support import item, keys, mistakes, question

DISTANCES, ANALOGY = "embeddings/distances", "embeddings/analogy"
PAIR: dict[str, Any] = {"form": "pair", "query": (3, 4), "candidates": ((4, 3),), "factor": 0}
NEAREST = PAIR | {"form": "nearest", "query": (1, 1, 0), "candidates": ((5, 5, 1), (1, 0, 0), (0, 0, 3))}
NORMALIZED = PAIR | {
    "form": "normalized",
    "query": (1, 2, 2),
    "candidates": ((2, 1, 2), (3, 0, 4)),
    "factor": 5,
}
ROYAL: dict[str, Any] = {
    "given_words": ((4, 1), (5, 4), (4, 2)), "others": ((3, -1), (5, 5), (-2, 4)), "compares": False,
}  # fmt: skip
CLOSE: dict[str, Any] = {
    "given_words": ((0, 4, 2), (-3, 1, -1), (-1, -2, -2)), "others": ((5, 2, -3), (4, -3, -2), (2, -4, 1)),
    "compares": True,
}  # fmt: skip


def test_the_golden_pair() -> None:
    found = item(DISTANCES, **PAIR)
    assert keys(found) == {"dot": 24, "distance": pytest.approx(math.sqrt(2)), "cosine": pytest.approx(0.96)}
    wrong = mistakes(found)
    assert wrong["dot_for_cosine"] == {"cosine": 24}
    assert wrong["one_length_only"]["cosine"] == pytest.approx(4.8)
    assert wrong["distance_for_similarity"]["cosine"] == pytest.approx(0.04)
    assert wrong["no_square_root"]["distance"] == pytest.approx(2)


def test_distance_and_cosine_disagree() -> None:
    found = item(DISTANCES, **NEAREST)
    assert (keys(found)["nearest_distance"], keys(found)["nearest_cosine"]) == ("B", "A")
    carried = question(DISTANCES, **NEAREST).consequences(cosines=(0.5, 0.7, 0.0))
    assert carried["nearest_cosine"] == "B"


def test_normalized_vectors_and_a_scaled_query() -> None:
    found = item(DISTANCES, **NORMALIZED)
    assert keys(found)["cosines"] == pytest.approx((8 / 9, 11 / 15))
    assert keys(found)["normalized"] == pytest.approx((math.sqrt(2 / 9), math.sqrt(8 / 15)))
    assert (keys(found)["scaled_dot"], keys(found)["scaled_cosine"]) == (40, pytest.approx(8 / 9))
    wrong = mistakes(found)
    assert wrong["cosine_scales"]["scaled_cosine"] == pytest.approx(40 / 9)
    assert wrong["dot_does_not_scale"] == {"scaled_dot": 8}


def test_the_golden_analogy() -> None:
    found = item(ANALOGY, **ROYAL)
    assert keys(found) == {"target": (5, 5), "word": "q"}
    assert mistakes(found)["a_minus_b"] == {"target": (3, -1), "word": "p"}
    assert question(ANALOGY, **ROYAL).consequences(target=(-2, 5))["word"] == "r"


def test_given_words_are_near() -> None:
    found = item(ANALOGY, **CLOSE)
    assert keys(found)["target"] == (-4, -5, -5)
    assert (keys(found)["word"], keys(found)["word_by_cosine"], keys(found)["without_exclusion"]) == (
        "r",
        "q",
        "c",
    )


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (PAIR | {"form": "other"}, "form is pair"),
        (PAIR | {"candidates": ()}, "one candidate"),
        (PAIR | {"candidates": ((1, 2, 3),)}, "same number of entries"),
        (PAIR | {"query": (0, 0)}, "no vector is zero"),
        (PAIR | {"candidates": ((10**9, 1),)}, "larger than 100"),
        (PAIR | {"factor": 2}, "only the form normalized"),
        (PAIR | {"candidates": ((6, 8),)}, "parallel"),
        (PAIR | {"candidates": ((4, -3),)}, "orthogonal"),
        (NEAREST | {"candidates": ((1, 0, 0), (0, 1, 0), (3, 0, 1))}, "equally near"),
        (NEAREST | {"candidates": ((2, 1, 0), (3, 0, 1), (0, -3, 0))}, "same nearest neighbour"),
    ],
)
def test_unfair_distances_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(DISTANCES, **parameters).flaw()


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (ROYAL | {"others": ((3, -1),)}, "2 to 6 words"),
        (ROYAL | {"others": ((3, -1, 2), (5, 5))}, "same number of entries"),
        (ROYAL | {"others": ((0, 0), (5, 5))}, "no vector is zero"),
        (ROYAL | {"others": ((5, 5), (5, 5))}, "same vector"),
        (ROYAL | {"others": ((5, 6), (5, 4))}, "same vector"),
        (ROYAL | {"others": ((5, 6), (6, 5))}, "equally near"),
        (ROYAL | {"compares": True}, "same nearest word"),
        (ROYAL | {"given_words": ((-90, 1), (90, 4), (4, 2))}, "leads beyond"),
    ],
)
def test_unfair_analogies_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(ANALOGY, **parameters).flaw()
