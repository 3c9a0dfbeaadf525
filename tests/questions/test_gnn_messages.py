"""Messages between nodes, and readouts of all of them."""

from __future__ import annotations

import math
from typing import Any

import pytest
from quizgrad.generators.gnn.sets import MODELS

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


def readout(form: str, **changes: Any) -> dict[str, Any]:
    empty = {"items": (), "others": (), "scores": (), "edges": (), "order": (), "factors": ()}
    return {"form": form, **empty, "wanted": "", "models": ()} | changes


def deep_set(**changes: Any) -> dict[str, Any]:
    return readout("deep set", **{"items": ((1,), (2,), (4,)), "factors": (1, 3)} | changes)


def collision(**changes: Any) -> dict[str, Any]:
    return readout("collision", **{"items": ((1,), (1,), (2,), (2,)), "others": ((1,), (2,))} | changes)


def relabelled(**changes: Any) -> dict[str, Any]:
    usual = {"items": ((5,), (1,), (-2,)), "edges": ((0, 1),), "order": (1, 2, 0), "factors": (2,)}
    return readout("equivariance", **usual | changes)


def models(*names: str, wanted: str = "invariant") -> dict[str, Any]:
    return readout("models", wanted=wanted, models=names)


def chosen(drawn: Any) -> set[str]:
    return {option.name for option in drawn.answers["models"].options if option.right}


def test_three_readouts() -> None:
    drawn = item("gnn/readout_and_permutation", **readout("readouts", items=((1, 2), (3, -1), (5, 2))))
    assert keys(drawn) == {"sum": (9, 3), "mean": (3, 1), "maximum": (5, 2)}
    assert mistakes(drawn)["mean_and_sum_swapped"] == {"mean": (9, 3), "sum": (3, 1)}
    negative = item("gnn/readout_and_permutation", **readout("readouts", items=((1, -2), (-3, 1), (2, 0))))
    assert mistakes(negative)["maximum_of_sizes"] == {"maximum": (-3, -2)}
    square = item("gnn/readout_and_permutation", **readout("readouts", items=((1, 2), (4, -1))))
    assert mistakes(square)["pools_features"]["sum"] == (3, 3)


def test_golden_deep_set() -> None:
    drawn = item("gnn/readout_and_permutation", **deep_set())
    assert keys(drawn)["pooled"] == (7, 21)
    assert keys(drawn)["output"] == pytest.approx(4.6667, abs=5e-5)
    assert keys(drawn)["twice"] == pytest.approx(42 - 196 / 3)
    found = mistakes(drawn)
    assert found["outer_function_inside"]["output"] == pytest.approx(14)
    assert found["square_of_the_sum"]["output"] == pytest.approx(49 - 49 / 3)
    assert found["output_doubles"]["twice"] == pytest.approx(28 / 3)
    assert found["repetitions_ignored"]["twice"] == pytest.approx(14 / 3)


def test_a_readout_with_attention() -> None:
    given = readout("attention", items=((4, 0), (0, 4)), scores=("0", "ln 3"))
    drawn = item("gnn/readout_and_permutation", **given)
    assert keys(drawn)["weights"] == pytest.approx((0.25, 0.75))
    assert keys(drawn)["output"] == pytest.approx((1, 3))
    assert mistakes(drawn)["uniform_weights"]["output"] == (2, 2)
    assert mistakes(drawn)["exponentials_as_weights"]["output"] == pytest.approx((4, 12))


def test_golden_collision() -> None:
    drawn = item("gnn/readout_and_permutation", **collision())
    assert drawn.answers["sums"].value == (6, 3)
    assert drawn.answers["means"].value == (1.5, 1.5)
    assert drawn.answers["maxima"].value == (2, 2)
    assert drawn.question.telling == ("sum",)
    assert mistakes(drawn)["set_without_repetitions"]["sums"] == (3, 3)
    assert mistakes(drawn)["mean_and_sum_swapped"] == {"means": (6, 3)}


def test_a_layer_is_equivariant() -> None:
    drawn = item("gnn/readout_and_permutation", **relabelled())
    assert keys(drawn)["matrix"] == ((0, 0, 0), (0, 0, 1), (0, 1, 0))
    assert keys(drawn)["features"] == (-2, 5, 1)
    assert keys(drawn)["output"] == (-4, 11, 7)
    assert keys(drawn)["pooled"] == 14
    found = mistakes(drawn)
    assert found["rows_only"]["matrix"] == ((0, 0, 0), (0, 1, 0), (1, 0, 0))
    assert found["output_in_the_old_order"] == {"output": (11, 7, -4)}
    assert found["features_stay"] == {"features": (5, 1, -2), "output": (10, 0, -3), "pooled": 7}
    assert found["inverse_numbering"]["features"] == (1, -2, 5)


def test_golden_symmetries() -> None:
    names = ("attention", "pooled attention", "concatenation", "sum", "convolution", "recurrent", "positions")
    drawn = item("gnn/readout_and_permutation", **models(*names))
    assert chosen(drawn) == {"pooled attention", "sum"}
    drawn = item("gnn/readout_and_permutation", **models(*names, wanted="equivariant"))
    assert chosen(drawn) == {"attention", "convolution"}


@pytest.mark.parametrize("wanted", ["invariant", "equivariant"])
def test_every_model_has_the_symmetry_that_it_is_said_to_have(wanted: str) -> None:
    asked = question("gnn/readout_and_permutation", **models(*MODELS, wanted=wanted))
    run = BANK["gnn/readout_and_permutation"].solve(asked)["models"]
    assert run == {n: model.symmetry == wanted for n, model in enumerate(MODELS.values())}


@pytest.mark.parametrize(
    ("parameters", "wrong"),
    [
        (deep_set(), {"pooled": (6, 20)}),
        (readout("attention", items=((4, 0), (0, 4)), scores=("0", "ln 3")), {"weights": (0.4, 0.6)}),
        (relabelled(), {"features": (1, 2, 3)}),
        (relabelled(), {"matrix": ((0, 1, 0), (0, 0, 1), (0, 1, 0)), "features": (1, 2, 3)}),
        (relabelled(), {"output": (1, 2, 3)}),
    ],
)
def test_errors_in_readouts_are_carried(parameters: dict[str, Any], wrong: dict[str, Any]) -> None:
    asked = question("gnn/readout_and_permutation", **parameters)
    carried = asked.consequences(**wrong)
    solved = BANK["gnn/readout_and_permutation"].solve(asked, wrong)
    last = list(carried)[-1]
    assert carried[last] == pytest.approx(solved[last])
    assert carried[last] != asked.consequences()[last]


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (readout("maximum"), "form is one of"),
        (readout("readouts"), "needs items"),
        (deep_set(edges=((0, 1),)), "and nothing else"),
        (deep_set(items=((1,),)), "two to six items"),
        (deep_set(items=((1,), ())), "the same length"),
        (deep_set(items=((1,), (99,))), "numbers go from"),
        (deep_set(items=((1, 2), (2, 3))), "single numbers"),
        (deep_set(items=((1,), (1,))), "all items are the same"),
        (deep_set(factors=(1, 1)), "the factors"),
        (deep_set(items=((1,), (-1,))), "add up to zero"),
        (readout("attention", items=((1,), (2,)), scores=("0",)), "each node has a score"),
        (readout("attention", items=((1,), (2,)), scores=("0", "many")), "a score is a number"),
        (readout("attention", items=((1,), (2,)), scores=("0", "9")), "scores go from"),
        (readout("attention", items=((1,), (2,)), scores=("0", "0")), "all scores are the same"),
        (collision(others=((2,), (1,), (2,), (1,))), "both sets are the same"),
        (collision(others=((5,), (2,))), "all readouts agree, or all differ"),
        (relabelled(edges=((0, 5),)), "edges are pairs"),
        (relabelled(factors=(0,)), "the factor of"),
        (relabelled(order=(0, 0, 1)), "a new number"),
        (relabelled(order=(0, 1, 2)), "changes nothing"),
        (models("sum", "median", "recurrent"), "models are among"),
        (models("sum", "sum", "recurrent"), "at least three"),
    ],
)
def test_refusals_of_readouts(parameters: dict[str, Any], reason: str) -> None:
    assert reason in (question("gnn/readout_and_permutation", **parameters).flaw() or "")
