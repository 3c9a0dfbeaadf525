"""Graph convolutions."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from quizgrad.bank import Bank
from quizgrad.generators.gnn.convolution import GcnNormalizedAdjacency
from quizgrad.verify import verified

ENTRY = Bank()["gnn/gcn_normalized_adjacency"]
GOLDEN = GcnNormalizedAdjacency(5, ((0, 3), (1, 2), (1, 3), (3, 4)), "entry")


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


def test_the_entry_is_that_of_an_edge() -> None:
    item = verified(ENTRY, GOLDEN, 1)
    first, second = GOLDEN.pair
    degrees = item.answers["degrees"].value
    assert GOLDEN.pair in GOLDEN.edges
    assert item.answers["entry"].value == pytest.approx(1 / math.sqrt(degrees[first] * degrees[second]))


def test_an_isolated_node_keeps_its_self_loop() -> None:
    item = verified(ENTRY, GcnNormalizedAdjacency(4, ((0, 1), (1, 2)), "matrix"), 3)
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
    ],
)
def test_refusals(changes: dict[str, object], reason: str) -> None:
    assert GOLDEN.flaw() is None
    assert reason in (replace(GOLDEN, **changes).flaw() or "")
