"""Graph convolutions."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from quizgrad.bank import Bank
from quizgrad.generators.gnn.convolution import GcnNormalizedAdjacency
from quizgrad.verify import verified

from .support import BANK, item, keys, mistakes, question

ENTRY = Bank()["gnn/gcn_normalized_adjacency"]
TRIANGLE = ((0, 1), (0, 2), (1, 2))
GOLDEN = GcnNormalizedAdjacency(5, ((0, 3), (1, 2), (1, 3), (3, 4)), (), "entry")


def test_golden_entry_and_mistakes() -> None:
    item = verified(ENTRY, replace(GOLDEN, asked="matrix"), 2)
    assert item.answers["degrees"].value == (2, 3, 2, 4, 2)
    assert item.answers["matrix"].value[1][3] == pytest.approx(1 / math.sqrt(12))
    found = {m.name: m.values["matrix"][1][3] for m in item.question.mistakes() if "matrix" in m.values}
    assert found["no_self_loops"] == pytest.approx(0.4082, abs=5e-5)
    assert found["degrees_before_self_loops"] == pytest.approx(0.4082, abs=5e-5)
    assert found["row_normalised"] == pytest.approx(0.3333, abs=5e-5)
    assert found["divides_by_product"] == pytest.approx(0.0833, abs=5e-5)


def test_golden_row_sums() -> None:
    item = verified(ENTRY, replace(GOLDEN, asked="row sums"), 3)
    assert item.answers["row_sums"].value == pytest.approx((0.8536, 1.0303, 0.9082, 1.2458, 0.8536), abs=5e-5)
    assert item.answers["other_row_sums"].value == pytest.approx((1,) * 5)


def test_golden_largest_eigenvalue() -> None:
    matrix = verified(ENTRY, replace(GOLDEN, asked="matrix"), 2).answers["matrix"].value
    roots = [math.sqrt(degree) for degree in (2, 3, 2, 4, 2)]
    assert [sum(a * x for a, x in zip(row, roots, strict=True)) for row in matrix] == pytest.approx(roots)


def test_weights_count_in_degrees_and_entries() -> None:
    weighted = replace(GOLDEN, nodes=3, edges=((0, 1), (1, 2)), weights=(3, 2), asked="matrix")
    item = verified(ENTRY, weighted, 3)
    assert item.answers["degrees"].value == (4, 6, 3)
    assert item.answers["matrix"].value[0] == pytest.approx((0.25, 3 / math.sqrt(24), 0))
    found = {mistake.name: mistake.values for mistake in item.mistakes}
    assert found["weights_not_in_degrees"]["degrees"] == (2, 3, 2)
    assert found["weights_not_in_degrees"]["matrix"][0] == pytest.approx((0.5, 3 / math.sqrt(6), 0))
    assert found["weights_ignored"]["matrix"][0] == pytest.approx((0.5, 1 / math.sqrt(6), 0))


def test_the_entry_is_that_of_an_edge() -> None:
    item = verified(ENTRY, GOLDEN, 1)
    first, second = GOLDEN.pair
    degrees = item.answers["degrees"].value
    assert GOLDEN.pair in GOLDEN.edges
    assert item.answers["entry"].value == pytest.approx(1 / math.sqrt(degrees[first] * degrees[second]))


def test_an_isolated_node_keeps_its_self_loop() -> None:
    item = verified(ENTRY, GcnNormalizedAdjacency(4, ((0, 1), (1, 2)), (), "matrix"), 3)
    assert item.answers["degrees"].value[3] == 1
    assert item.answers["matrix"].value[3] == (0, 0, 0, 1)
    assert "no_self_loops" not in {mistake.name for mistake in item.question.mistakes()}


@pytest.mark.parametrize("asked", ["entry", "matrix", "row sums"])
def test_wrong_degrees_are_carried_by_closed_form_and_solver(asked: str) -> None:
    question = replace(GOLDEN, asked=asked)
    wrong = (1, 2, 4, 3, 1)
    carried, solved = question.consequences(degrees=wrong), ENTRY.solve(question, {"degrees": wrong})
    for blank in carried.keys() - {"degrees"}:
        if blank == "matrix":
            for row, other in zip(carried[blank], solved[blank], strict=True):
                assert row == pytest.approx(other)
        else:
            assert carried[blank] == pytest.approx(solved[blank])


def test_degrees_of_zero_carry_nothing() -> None:
    with pytest.raises(ZeroDivisionError):
        GOLDEN.consequences(degrees=(0, 2, 2, 3, 1))


def test_claiming_that_rows_sum_to_one_is_a_mistake() -> None:
    names = {m.name: m.values for m in replace(GOLDEN, asked="row sums").mistakes()}
    assert names["rows_sum_to_one"] == {"row_sums": (1.0,) * 5}
    assert "row_normalised" not in names


def test_loops_that_count_twice_change_what_follows() -> None:
    wrong = GOLDEN.loops_count_twice()
    assert wrong["degrees"] == (3, 4, 3, 5, 3)
    first, second = GOLDEN.pair
    assert wrong["entry"] == pytest.approx(1 / math.sqrt(wrong["degrees"][first] * wrong["degrees"][second]))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"nodes": 1}, "two to eight nodes"),
        ({"nodes": 9}, "two to eight nodes"),
        ({"asked": "trace"}, "asked is entry"),
        ({"edges": ()}, "edges are pairs"),
        ({"edges": ((0, 5),)}, "edges are pairs"),
        ({"edges": ((1, 0),)}, "edges are pairs"),
        ({"edges": ((2, 2),)}, "edges are pairs"),
        ({"edges": ((0, 1), (0, 1))}, "an edge is there twice"),
        ({"nodes": 3, "edges": ((0, 1), (0, 2), (1, 2))}, "all nodes have the same degree"),
        ({"nodes": 3, "edges": ((0, 1),)}, "both nodes of the asked entry"),
        ({"weights": (1, 2)}, "each edge has a weight"),
        ({"weights": (1, 2, 0, 1)}, "each edge has a weight"),
        ({"weights": (1, 1, 1, 1)}, "all weights are 1"),
    ],
)
def test_refusals(changes: dict[str, object], reason: str) -> None:
    assert GOLDEN.flaw() is None
    assert reason in (replace(GOLDEN, **changes).flaw() or "")


def layer(**changes: Any) -> dict[str, Any]:
    usual = {"kind": "symmetric", "nodes": 3, "edges": TRIANGLE, "features": ((3, 0), (0, 3), (3, -3))}
    return usual | {"weights": (((1, -1), (1, 1)),), "bias": ()} | changes


def path(**changes: Any) -> dict[str, Any]:
    return layer(**{"edges": ((0, 1), (1, 2))} | changes)


def rows(matrix: Any) -> list[list[float]]:
    return [[round(entry, 4) for entry in row] for row in matrix]


def test_golden_layer_on_a_triangle() -> None:
    drawn = item("gnn/gcn_layer", **layer())
    assert rows(keys(drawn)["output"]) == [[2, 0], [2, 0], [2, 0]]
    assert keys(drawn)["messages"] == ((3, -3), (3, 3), (0, -6))
    found = {name: rows(values["output"]) for name, values in mistakes(drawn).items()}
    assert found["forgets_itself"] == [[1.5, 0], [1.5, 0], [3, 0]]
    assert found["no_normalisation"] == [[6, 0], [6, 0], [6, 0]]
    assert found["no_activation"] == [[2, -2], [2, -2], [2, -2]]


def test_a_sum_over_neighbours() -> None:
    drawn = item("gnn/gcn_layer", **path(kind="sum"))
    assert keys(drawn) == {"messages": ((3, -3), (3, 3), (0, -6)), "output": ((3, 3), (3, 0), (3, 3))}
    found = mistakes(drawn)
    assert found["adds_itself"] == {"output": ((6, 0), (6, 0), (3, 0))}
    assert found["no_activation"] == {"output": ((3, 3), (3, -9), (3, 3))}


def test_a_mean_over_the_neighbourhood() -> None:
    drawn = item("gnn/gcn_layer", **path(kind="mean"))
    assert rows(keys(drawn)["output"]) == [[3, 0], [2, 0], [1.5, 0]]
    found = mistakes(drawn)
    first = 3 / 2 + 3 / math.sqrt(6)
    assert found["symmetric_for_row_mean"]["output"][0][0] == pytest.approx(first)
    assert rows(found["no_normalisation"]["output"]) == [[6, 0], [6, 0], [3, 0]]
    assert rows(found["activation_before_aggregation"]["output"]) == [[3, 1.5], [2, 1], [1.5, 1.5]]


def test_a_bias_is_added_after_the_aggregation() -> None:
    drawn = item("gnn/gcn_layer", **path(bias=(-1, 2)))
    share = 1 / math.sqrt(6)
    assert keys(drawn)["output"][0] == pytest.approx((1.5 + 3 * share - 1, -1.5 + 3 * share + 2))
    found = mistakes(drawn)
    assert found["bias_forgotten"]["output"][0] == pytest.approx((1.5 + 3 * share, 0))
    assert found["bias_in_messages"]["output"][0] == pytest.approx((1 + 2 * share, -0.5 + 5 * share))
    assert found["row_mean_for_symmetric"]["output"][0] == pytest.approx((2, 2))


def test_two_layers() -> None:
    drawn = item("gnn/gcn_layer", **layer(weights=(((1, -1), (1, 1)), ((1, -1), (2, 1)))))
    assert rows(keys(drawn)["hidden"]) == [[2, 0], [2, 0], [2, 0]]
    assert rows(keys(drawn)["output"]) == [[2, -2], [2, -2], [2, -2]]
    found = mistakes(drawn)
    assert rows(found["activation_after_the_last"]["output"]) == [[2, 0], [2, 0], [2, 0]]
    assert rows(found["no_activation"]["output"]) == [[-2, -4], [-2, -4], [-2, -4]]


def test_each_layer_goes_through_the_neighbours() -> None:
    drawn = item("gnn/gcn_layer", **path(weights=(((1, -1), (1, 1)), ((1, -1), (2, 1)))))
    hidden = keys(drawn)["hidden"]
    wrong = mistakes(drawn)["second_layer_without_neighbours"]["output"]
    assert wrong[0] == pytest.approx((hidden[0][0] + 2 * hidden[0][1], -hidden[0][0] + hidden[0][1]))


@pytest.mark.parametrize(
    ("parameters", "wrong"),
    [
        (path(kind="sum"), {"messages": ((1, 2), (-1, 3), (0, 1))}),
        (path(), {"degrees": (1, 2, 1)}),
        (path(bias=(1, 2)), {"degrees": (2, 2, 2), "messages": ((1, 2), (-1, 3), (0, 1))}),
        (path(), {"matrix": ((0.5, 0.5, 0), (0.4, 0.3, 0.3), (0, 0.5, 0.5))}),
        (
            path(weights=(((1, -1), (1, 1)), ((1, -1), (2, 1)))),
            {"degrees": (1, 2, 1), "hidden": ((1.0, 2.0), (0.0, 1.0), (3.0, 0.0))},
        ),
    ],
)
def test_errors_in_layers_are_carried(parameters: dict[str, Any], wrong: dict[str, Any]) -> None:
    asked = question("gnn/gcn_layer", **parameters)
    carried, solved = asked.consequences(**wrong), BANK["gnn/gcn_layer"].solve(asked, wrong)
    right = asked.consequences()
    assert rows(carried["output"]) == rows(solved["output"]) != rows(right["output"])


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (layer(kind="max"), "kind is sum"),
        (layer(nodes=9), "two to eight nodes"),
        (layer(nodes=4), "each of them a neighbour"),
        (layer(weights=()), "one or two layers"),
        (layer(kind="sum", bias=(1, 1)), "one without a bias"),
        (layer(features=((1, 2),)), "a row of features"),
        (layer(features=((1,), (1, 2), (3, 4))), "each the same number"),
        (layer(weights=(((1, 2),),)), "do not fit"),
        (layer(weights=(((1, 2), (1,)),)), "do not fit"),
        (layer(weights=(((1, 2), (1, 0)), ((1,),))), "do not fit"),
        (layer(bias=(1,)), "a bias belongs"),
        (layer(features=((21, 0), (0, 3), (3, -3))), "numbers go from"),
        (layer(features=((0, 0), (0, 3), (3, -3))), "no feature but zeros"),
        (layer(weights=(((1, 0), (1, 0)),)), "a row or column"),
        (layer(kind="mean"), "every normalisation agrees"),
        (layer(features=((1, 2), (1, 3), (1, 2))), "ReLU changes nothing"),
        (layer(weights=(((-1, -1), (-1, -2)),), features=((1, 2), (1, 3), (1, 2))), "ReLU leaves nothing"),
        (
            path(features=((-3, 0), (1, -1), (2, 0)), weights=(((1, 1), (1, 1)), ((1, -1), (-1, 1)))),
            "all outputs are zero",
        ),
    ],
)
def test_refusals_of_layers(parameters: dict[str, Any], reason: str) -> None:
    assert reason in (question("gnn/gcn_layer", **parameters).flaw() or "")
