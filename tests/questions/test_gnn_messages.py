"""Messages between nodes: fixed rules and attention."""

from __future__ import annotations

import math
from typing import Any

import pytest

from .support import BANK, item, keys, mistakes, question

MOLECULE = ((0, 3), (1, 2), (1, 3), (3, 4))


def passing(**changes: Any) -> dict[str, Any]:
    usual = {
        "aggregate": "sum",
        "nodes": 5,
        "edges": MOLECULE,
        "directed": False,
        "features": (1, 2, 3, 4, 5),
    }
    return usual | {"edge_features": (), "own": 1, "other": 1, "rectified": False, "rounds": 1} | changes


def directed(**changes: Any) -> dict[str, Any]:
    usual = {"nodes": 3, "edges": ((0, 1), (2, 1)), "directed": True, "features": (2, -1, -3)}
    return passing(**usual | {"edge_features": (3, -1), "rectified": True, "rounds": 2} | changes)


def test_golden_round_on_the_molecule() -> None:
    drawn = item("gnn/message_passing", **passing())
    assert keys(drawn) == {"aggregated": (4, 7, 2, 8, 4), "round_1": (5, 9, 5, 12, 9)}
    found = mistakes(drawn)
    assert found["sequential_update"] == {"round_1": (5, 9, 12, 23, 28)}
    assert found["no_own"] == {"round_1": (4, 7, 2, 8, 4)}
    mean = drawn.question.mean_for_sum()["round_1"]
    assert mean == pytest.approx((5, 5.5, 5, 20 / 3, 9))
    assert found["includes_itself"] == {"aggregated": (5, 9, 5, 12, 9), "round_1": (6, 11, 8, 16, 14)}


def test_two_rounds_of_means() -> None:
    drawn = item("gnn/message_passing", **passing(aggregate="mean", own=0.5, other=0.5, rounds=2))
    first = (2.5, 2.75, 2.5, 10 / 3, 4.5)
    assert keys(drawn)["round_1"] == pytest.approx(first)
    assert keys(drawn)["round_2"][0] == pytest.approx((2.5 + 10 / 3) / 2)
    found = mistakes(drawn)
    assert found["one_round_only"]["round_2"] == pytest.approx(first)
    assert found["sum_instead"]["aggregated"] == (4, 7, 2, 8, 4)


def test_two_rounds_of_maxima() -> None:
    drawn = item("gnn/message_passing", **passing(aggregate="max", other=-1, rounds=2))
    assert keys(drawn)["aggregated"] == (4, 4, 2, 5, 4)
    assert keys(drawn)["round_1"] == (-3, -2, 1, -1, 1)
    assert keys(drawn)["round_2"] == (-2, -3, 3, -2, 2)
    assert mistakes(drawn)["sum_instead"]["round_1"] == (-3, -5, 1, -4, 1)


def test_arrows_with_features() -> None:
    drawn = item("gnn/message_passing", **directed())
    assert keys(drawn) == {"aggregated": (0, 9, 0), "round_1": (2, 8, 0), "round_2": (2, 14, 0)}
    found = mistakes(drawn)
    assert found["against_the_arrows"]["aggregated"] == (-3, 0, 1)
    assert found["both_directions"]["aggregated"] == (-3, 9, 1)
    assert found["ignores_edge_features"]["aggregated"] == (0, -1, 0)
    assert found["no_activation"] == {"round_1": (2, 8, -3), "round_2": (2, 17, -3)}


@pytest.mark.parametrize(
    ("parameters", "wrong"),
    [
        (passing(), {"aggregated": (4, 6, 2, 8, 4)}),
        (passing(aggregate="max", rounds=2), {"aggregated": (4, 6, 2, 8, 4)}),
        (passing(aggregate="mean", rounds=2), {"round_1": (1.0, 2.0, 3.5, 4.0, 5.0)}),
        (directed(), {"round_1": (1, 1, 3)}),
    ],
)
def test_errors_in_rounds_are_carried(parameters: dict[str, Any], wrong: dict[str, Any]) -> None:
    asked = question("gnn/message_passing", **parameters)
    carried, solved = asked.consequences(**wrong), BANK["gnn/message_passing"].solve(asked, wrong)
    last = list(carried)[-1]
    assert carried[last] == pytest.approx(solved[last])
    assert carried[last] != asked.consequences()[last]


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (passing(aggregate="median"), "aggregate is sum"),
        (passing(nodes=4), "edges are pairs"),
        (passing(features=(1, 2)), "each node has a feature"),
        (passing(edge_features=(1, 2)), "each node has a feature"),
        (passing(features=(1, 2, 3, 4, 50)), "features go from"),
        (passing(own=0), "what is multiplied by"),
        (passing(other=math.nan), "what is multiplied by"),
        (passing(rounds=3), "one or two rounds"),
        (passing(features=(1,) * 5), "the same feature"),
        (passing(rectified=True), "ReLU changes nothing"),
        (directed(features=(-2, -1, -3)), "fewer than half"),
        (passing(nodes=2, edges=((0, 1),), features=(1, 2)), "come out the same"),
    ],
)
def test_refusals_of_message_passing(parameters: dict[str, Any], reason: str) -> None:
    assert reason in (question("gnn/message_passing", **parameters).flaw() or "")


def attention(**changes: Any) -> dict[str, Any]:
    usual = {"scoring": "given", "nodes": 4, "edges": ((0, 2), (1, 2), (0, 3)), "centre": 2}
    usual |= {"with_itself": False, "features": ((4, 0), (0, 4), (8, 8), (1, 5)), "projections": ()}
    usual |= {"given_scores": ("0", "ln 3", "ln 2", "ln 2"), "vectors": (), "averaged": False}
    return usual | changes


def projected(**changes: Any) -> dict[str, Any]:
    usual = {"scoring": "additive", "features": ((1, 0), (0, 1), (1, 1), (2, 1)), "given_scores": ()}
    usual |= {"projections": (((1, 1), (0, -1)),), "vectors": ((0, -1, -1, 2),)}
    return attention(**usual | changes)


def two_heads(**changes: Any) -> dict[str, Any]:
    matrices = (((1, 1), (0, -1)), ((1, 0), (0, 1)))
    return projected(**{"projections": matrices, "vectors": ((0, -1, -1, 2), (1, 0, -1, -2))} | changes)


def test_golden_weights_of_two_neighbours() -> None:
    drawn = item("gnn/gat_attention", **attention())
    assert keys(drawn)["weights"] == pytest.approx((0.25, 0.75, 0, 0))
    assert keys(drawn)["output"] == pytest.approx((1, 3))
    found = mistakes(drawn)
    assert found["uniform"]["output"] == (2, 2)
    assert found["softmax_over_all_nodes"]["weights"] == pytest.approx((1 / 8, 3 / 8, 2 / 8, 2 / 8))
    assert found["softmax_over_all_nodes"]["output"] == pytest.approx((22 / 8, 38 / 8))
    assert found["no_softmax"]["output"] == pytest.approx((0, 4 * math.log(3)))
    assert found["picks_the_best"] == {"output": (0, 4)}


def test_the_node_itself_may_be_in_its_neighbourhood() -> None:
    drawn = item("gnn/gat_attention", **attention(with_itself=True))
    assert keys(drawn)["weights"] == pytest.approx((1 / 6, 1 / 2, 1 / 3, 0))


def test_additive_scores() -> None:
    drawn = item("gnn/gat_attention", **projected())
    assert keys(drawn)["scores"] == pytest.approx((0, -0.4))
    total = 1 + math.exp(-0.4)
    weights = (1 / total, math.exp(-0.4) / total)
    assert keys(drawn)["weights"] == pytest.approx(weights)
    assert keys(drawn)["output"] == pytest.approx((1, -weights[1]))
    found = mistakes(drawn)
    assert found["no_leaky_relu"]["scores"] == (0, -2)
    assert found["relu_for_leaky_relu"]["scores"] == (0, 0)
    assert found["projection_forgotten"]["output"] == pytest.approx(weights)
    assert found["halves_exchanged"]["scores"] == pytest.approx((-0.8, -0.6))


def test_dot_products() -> None:
    drawn = item("gnn/gat_attention", **projected(scoring="dot", vectors=()))
    assert keys(drawn)["scores"] == (2, 3)
    assert "no_leaky_relu" not in mistakes(drawn)


def test_heads_are_concatenated_or_averaged() -> None:
    joined = keys(item("gnn/gat_attention", **two_heads()))
    first, second = joined["output"][:2], joined["output"][2:]
    assert joined["scores_2"] == pytest.approx((0, -0.2))
    share = 1 / (1 + math.exp(-0.2))
    assert second == pytest.approx((share, 1 - share))
    drawn = item("gnn/gat_attention", **two_heads(averaged=True))
    assert keys(drawn)["output"] == pytest.approx([(a + b) / 2 for a, b in zip(first, second, strict=True)])
    wrong = mistakes(drawn)["heads_summed"]["output"]
    assert wrong == pytest.approx([a + b for a, b in zip(first, second, strict=True)])


@pytest.mark.parametrize(
    ("parameters", "wrong"),
    [
        (attention(), {"weights": (0.5, 0.25, 0.25, 0)}),
        (projected(), {"scores": (1, 0.5)}),
        (projected(), {"scores": (1, 0.5), "weights": (0.3, 0.7)}),
    ],
)
def test_errors_in_attention_are_carried(parameters: dict[str, Any], wrong: dict[str, Any]) -> None:
    asked = question("gnn/gat_attention", **parameters)
    carried, solved = asked.consequences(**wrong), BANK["gnn/gat_attention"].solve(asked, wrong)
    assert carried["output"] == pytest.approx(solved["output"])
    assert carried["output"] != pytest.approx(asked.consequences()["output"])


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (attention(scoring="cosine"), "scoring is given"),
        (attention(nodes=1), "two to eight nodes"),
        (attention(centre=4), "a neighbourhood of two to four"),
        (attention(centre=3), "a neighbourhood of two to four"),
        (attention(features=((1, 2),)), "two features"),
        (attention(features=((4, 0), (0, 4), (8, 8), (1, 50))), "features go from"),
        (attention(projections=(((1, 0), (0, 1)),)), "no matrix where scores are given"),
        (projected(vectors=()), "an attention vector if"),
        (projected(averaged=True), "only two heads"),
        (attention(given_scores=("0",)), "each node has a score"),
        (projected(projections=(((1, 0),),)), "two rows of two"),
        (projected(vectors=((1, 2),)), "has four entries"),
        (projected(vectors=((1, 2, 3, 99),)), "numbers go from"),
        (attention(given_scores=("0", "ln 0", "0", "0")), "a score is a number"),
        (attention(given_scores=("0", "99", "0", "0")), "scores go from"),
        (projected(projections=(((1, 1), (1, 1)),)), "singular"),
        (attention(given_scores=("0", "0", "ln 2", "0")), "all equal"),
        (attention(given_scores=("0", "9", "ln 2", "0")), "saturated"),
        (projected(vectors=((1, -2, 1, 0),), features=((1, 0), (2, 1), (1, 1), (2, 1))), "LeakyReLU changes"),
        (attention(features=((4, 0), (4, 0), (8, 8), (1, 5))), "are alike"),
    ],
)
def test_refusals_of_attention(parameters: dict[str, Any], reason: str) -> None:
    assert reason in (question("gnn/gat_attention", **parameters).flaw() or "")
