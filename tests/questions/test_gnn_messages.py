"""Messages between nodes, and readouts of all of them."""

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
