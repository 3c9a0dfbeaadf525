"""Score functions, and attention pooling."""

from __future__ import annotations

import math
from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "attention/score_functions"
W = ((1, 2), (0, -1))
BILINEAR: dict[str, Any] = {
    "form": "bilinear",
    "query": (1, 2),
    "keys": ((3, 1),),
    "matrix": W,
    "network": (),
}
ANGLE = BILINEAR | {"form": "angle", "matrix": ()}
NETWORK = ANGLE | {
    "form": "network",
    "query": (1, 0),
    "keys": ((2, 1),),
    "network": ("ln 2", "0", "0", "ln 3"),
}
RANKING = BILINEAR | {
    "form": "ranking",
    "query": (1, 0),
    "keys": ((1, 0), (3, 4)),
    "matrix": ((1, -1), (0, 1)),
}
RANKING |= {"keys": ((2, 1), (3, 4))}


def test_golden_dot_cosine_and_scaled() -> None:
    found = item(NAME, **ANGLE)
    assert keys(found) == {
        "dot": 5,
        "cosine": pytest.approx(0.70710678),
        "scaled": pytest.approx(3.53553391),
    }
    wrong = mistakes(found)
    assert wrong["scale_by_size"] == {"scaled": 2.5}
    assert wrong["no_norms"] == {"cosine": 5}
    assert wrong["one_norm"] == {"cosine": pytest.approx(math.sqrt(5))}
    assert wrong["squared_norms"] == {"cosine": pytest.approx(0.1)}


def test_golden_bilinear_score() -> None:
    found = item(NAME, **BILINEAR)
    assert keys(found)["product"] == (5, -1)
    assert keys(found)["bilinear"] == 3
    assert keys(found)["reversed_bilinear"] == 13
    wrong = mistakes(found)
    assert wrong["bilinear_transposed"]["bilinear"] == 13
    assert wrong["plain_dot"]["bilinear"] == 5
    assert wrong["assumes_symmetry"] == {"reversed_bilinear": 3}


def test_a_network_reads_the_query_first() -> None:
    found = item(NAME, **NETWORK)
    assert keys(found) == {
        "logit": pytest.approx(math.log(6)),
        "score": pytest.approx(6 / 7),
        "reversed_score": pytest.approx(4 / 5),
    }
    wrong = mistakes(found)
    assert wrong["vectors_added"]["score"] == pytest.approx(8 / 9)
    assert wrong["order_swapped"]["score"] == pytest.approx(4 / 5)
    assert wrong["no_sigmoid"]["score"] == pytest.approx(math.log(6))


def test_scores_disagree_on_the_better_key() -> None:
    found = item(NAME, **RANKING)
    assert keys(found) == {
        "dots": (2, 3),
        "cosines": pytest.approx((2 / math.sqrt(5), 0.6)),
        "bilinears": (1, -1),
        "preferred": (2, 1, 1),
    }
    wrong = mistakes(found)
    assert wrong["prefers_the_smaller"]["preferred"] == (1, 2, 2)
    assert wrong["one_ranking_for_all"]["preferred"] == (2, 2, 2)
    assert wrong["bilinear_transposed"]["bilinears"] == (2, 3)


def test_errors_of_scores_are_carried() -> None:
    assert question(NAME, **ANGLE).consequences(dot=10)["cosine"] == pytest.approx(math.sqrt(2))
    assert question(NAME, **BILINEAR).consequences(product=(1, 1))["bilinear"] == 3
    assert question(NAME, **NETWORK).consequences(logit=0.0)["score"] == 0.5
    assert question(NAME, **RANKING).consequences(dots=(4, 3))["preferred"] == (1, 1, 1)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is angle"),
        ({"keys": ((3, 1), (1, 1))}, "two keys"),
        ({"keys": ((3, 1, 1),)}, "from 2 to 4"),
        ({"query": ()}, "from 2 to 4"),
        ({"matrix": ((1, 2),)}, "as wide as the vectors"),
        ({"matrix": ((1, 2), (1,))}, "as wide as the vectors"),
        ({"form": "angle"}, "as wide as the vectors"),
        ({"network": ("1", "2", "3", "4")}, "only the form network"),
        (NETWORK | {"network": ("1",)}, "only the form network"),
        ({"query": (1, 10**20)}, "from -50 to 50"),
        ({"query": (0, 0)}, "a vector is zero"),
        (NETWORK | {"network": ("one", "0", "0", "1")}, "number or a logarithm"),
        (NETWORK | {"network": ("nan", "0", "0", "1")}, "saturated"),
        (NETWORK | {"network": ("9", "0", "0", "1")}, "saturated"),
        (NETWORK | {"network": ("ln 2", "0", "ln 2", "0")}, "same in both directions"),
        ({"keys": ((2, 4),)}, "parallel"),
        ({"matrix": ((1, 0), (0, 1))}, "same in both directions"),
        (RANKING | {"keys": ((2, 1), (2, -1))}, "nearly the same score"),
        (RANKING | {"keys": ((2, 1), (1, 4))}, "prefer the same key"),
    ],
)
def test_refusals(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **BILINEAR | changes).flaw() or "")


POOLING = "attention/attention_pooling"
GOLDEN: dict[str, Any] = {
    "form": "scores",
    "words": ((4, 0), (0, 4), (8, 8)),
    "scores": ("ln 2", "0", "0"),
    "weights": (),
    "padding": 0,
    "place": 0,
}
LINEAR = GOLDEN | {"form": "linear", "words": ((1, 0), (0, 1), (1, 1)), "scores": (), "weights": (1, 2)}
PADDED = GOLDEN | {"form": "padded", "padding": 1}


def test_golden_pooling() -> None:
    found = item(POOLING, **GOLDEN)
    assert keys(found) == {"alphas": pytest.approx((0.5, 0.25, 0.25)), "pooled": pytest.approx((4, 3))}
    wrong = {name: values["pooled"] for name, values in mistakes(found).items() if "pooled" in values}
    assert wrong["mean_pooling"] == pytest.approx((4, 4))
    assert wrong["no_softmax"] == pytest.approx((2.7726, 0), abs=5e-5)
    assert wrong["max_pooling"] == (4, 0)


def test_a_linear_layer_makes_the_scores() -> None:
    found = item(POOLING, **LINEAR)
    assert keys(found)["scores"] == (1, 2, 3)
    assert keys(found)["alphas"] == pytest.approx((0.09003057, 0.24472847, 0.66524096))
    assert keys(found)["mean"] == pytest.approx((2 / 3, 2 / 3))
    assert mistakes(found)["sum_for_mean"] == {"mean": (2, 2)}
    assert mistakes(found)["no_exponential"]["alphas"] == pytest.approx((1 / 6, 1 / 3, 1 / 2))


def test_padding_has_no_weight_and_a_score_moves_the_pool_to_its_word() -> None:
    found = item(POOLING, **PADDED)
    assert keys(found) == {
        "alphas": pytest.approx((2 / 3, 1 / 3, 0)),
        "pooled": pytest.approx((8 / 3, 4 / 3)),
        "gradient": pytest.approx((8 / 9, -8 / 9)),
    }
    wrong = mistakes(found)
    assert wrong["pad_included"]["alphas"] == pytest.approx((0.5, 0.25, 0.25))
    assert wrong["gradient_of_own_weight_only"]["gradient"] == pytest.approx((8 / 9, 0))
    assert wrong["factor_missing"]["gradient"] == pytest.approx((4 / 3, -4 / 3))
    assert wrong["gradient_turned"]["gradient"] == pytest.approx((-8 / 9, 8 / 9))
    assert "pad_scores_zero" not in wrong  # the padding has the score 0
    sure = mistakes(item(POOLING, **PADDED | {"scores": ("ln 2", "0", "ln 4")}))
    assert sure["pad_scores_zero"]["alphas"] == pytest.approx((0.5, 0.25, 0.25))


def test_errors_of_pooling_are_carried() -> None:
    carried = question(POOLING, **LINEAR).consequences(scores=(0, 0, 0))
    assert carried["pooled"] == pytest.approx((2 / 3, 2 / 3))
    carried = question(POOLING, **PADDED).consequences(alphas=(0.5, 0.5, 0))
    assert carried["pooled"] == pytest.approx((2, 2))
    assert carried["gradient"] == pytest.approx((1, -1))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is scores"),
        ({"words": ((4, 0),)}, "two to six words"),
        ({"words": ((4, 0), (0,), (8, 8))}, "two to six words"),
        ({"scores": ("0",)}, "each word needs a score"),
        ({"form": "linear"}, "each word needs a score"),
        ({"weights": (1, 1)}, "only the form linear"),
        (LINEAR | {"weights": (1,)}, "only the form linear"),
        ({"padding": 1}, "only the form padded"),
        (PADDED | {"padding": 2}, "only the form padded"),
        ({"place": 1}, "the place is that"),
        (PADDED | {"place": 2}, "the place is that"),
        ({"scores": ("one", "0", "0")}, "number or a logarithm"),
        ({"scores": ("inf", "0", "0")}, "from -50 to 50"),
        ({"scores": ("0", "0", "0")}, "equal or saturated"),
        ({"scores": ("9", "0", "0")}, "equal or saturated"),
        ({"words": ((4, 0), (4, 0), (8, 8))}, "two words are equal"),
        (PADDED | {"words": ((1, 0), (0, 0), (8, 8)), "scores": ("4", "0", "0")}, "gradient is nearly zero"),
    ],
)
def test_refusals_of_pooling(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(POOLING, **GOLDEN | changes).flaw() or "")
