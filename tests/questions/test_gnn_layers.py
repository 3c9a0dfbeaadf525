"""Attention on graphs, and the parameters of graph layers."""

from __future__ import annotations

import math
from typing import Any

import pytest

from .support import BANK, item, keys, mistakes, question


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
        (two_heads(scoring="dot", vectors=()), "two heads have additive"),
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


def network(**changes: Any) -> dict[str, Any]:
    usual = {"kind": "gcn", "nodes": 5, "edges": 4, "widths": (3, 32, 64), "heads": (), "outputs": 1}
    return usual | changes


def test_golden_parameters_of_the_notes_network() -> None:
    drawn = item("gnn/gcn_parameter_count", **network())
    assert keys(drawn) == {"layer_1": 128, "layer_2": 2112, "classifier": 65, "total": 2305}
    found = mistakes(drawn)
    assert found["times_nodes"] == {"total": 11525}
    assert found["times_edges"] == {"total": 9220}
    assert found["forgets_the_biases"] == {"layer_1": 96, "layer_2": 2048, "classifier": 64, "total": 2208}


def test_golden_attention_layer() -> None:
    drawn = item("gnn/gcn_parameter_count", **network(kind="gat", widths=(3, 8), heads=(2,), outputs=0))
    assert keys(drawn) == {"layer_1": 96, "total": 96, "larger": 96}
    found = mistakes(drawn)
    assert found["heads_ignored"]["total"] == 3 * 8 + 2 * 8 + 8
    assert found["attention_vectors_forgotten"]["total"] == 96 - 32
    assert found["layers_grow_with_the_graph"] == {"larger": 192}


def test_heads_are_concatenated() -> None:
    drawn = item("gnn/gcn_parameter_count", **network(kind="gat", widths=(3, 8, 4), heads=(2, 1), outputs=0))
    assert keys(drawn)["layer_2"] == 16 * 4 + 2 * 4 + 4
    assert mistakes(drawn)["heads_not_concatenated"]["layer_2"] == 8 * 4 + 2 * 4 + 4


def test_two_matrices_and_embeddings() -> None:
    drawn = item("gnn/gcn_parameter_count", **network(kind="sage", widths=(3, 8), outputs=0))
    assert keys(drawn)["total"] == 2 * 24 + 8
    assert mistakes(drawn)["one_matrix_only"]["total"] == 32
    drawn = item("gnn/gcn_parameter_count", **network(kind="embedding", widths=(16, 8), outputs=0))
    assert keys(drawn) == {"embedding": 80, "layer_1": 136, "total": 216, "larger": 296}
    assert mistakes(drawn)["embeddings_forgotten"] == {"total": 136}
    assert mistakes(drawn)["embeddings_do_not_grow"] == {"larger": 216}


def test_one_layer() -> None:
    drawn = item("gnn/gcn_parameter_count", **network(widths=(3, 4), outputs=0))
    assert keys(drawn) == {"weights": 12, "biases": 4, "total": 16}
    assert mistakes(drawn)["forgets_the_biases"] == {"total": 12}


@pytest.mark.parametrize(
    ("parameters", "wrong", "carried"),
    [
        (network(), {"layer_1": 100}, {"total": 2277}),
        (network(widths=(3, 4), outputs=0), {"weights": 10}, {"total": 14}),
        (network(kind="sage"), {"total": 5}, {"larger": 5}),
        (
            network(kind="embedding", widths=(16, 8), outputs=0),
            {"embedding": 100},
            {"total": 236, "larger": 336},
        ),
    ],
)
def test_errors_in_counts_are_carried(
    parameters: dict[str, Any], wrong: dict[str, Any], carried: dict[str, Any]
) -> None:
    found = question("gnn/gcn_parameter_count", **parameters).consequences(**wrong)
    assert {blank: found[blank] for blank in carried} == carried


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (network(kind="gin"), "kind is gcn"),
        (network(nodes=1), "2 to 10000 nodes"),
        (network(edges=0), "1 to 100000 edges"),
        (network(widths=(3,)), "one to three layers"),
        (network(widths=(3, 2000)), "1 to 1024 features"),
        (network(heads=(2, 2)), "each attention layer"),
        (network(kind="gat"), "each attention layer"),
        (network(kind="gat", heads=(0, 1)), "1 to 16 heads"),
        (network(outputs=-1), "at most 1024 outputs"),
    ],
)
def test_refusals_of_counts(parameters: dict[str, Any], reason: str) -> None:
    assert reason in (question("gnn/gcn_parameter_count", **parameters).flaw() or "")
