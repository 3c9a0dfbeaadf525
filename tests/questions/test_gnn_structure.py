"""Structure of graphs: matrix and degrees, receptive fields, storage."""

from __future__ import annotations

from typing import Any

import pytest

from .support import BANK, item, keys, mistakes, question

MOLECULE = ((0, 3), (1, 2), (1, 3), (3, 4))


def adjacency_degree(**changes: Any) -> dict[str, Any]:
    usual = {"form": "drawing", "nodes": 5, "edges": MOLECULE, "weights": (), "order": (), "pair": ()}
    return usual | changes


def test_golden_molecule() -> None:
    drawn = item("gnn/adjacency_degree", **adjacency_degree())
    assert keys(drawn)["degrees"] == (1, 2, 1, 3, 1)
    assert keys(drawn)["columns"] == 8
    assert sum(map(len, keys(drawn)["matrix"])) == 25
    found = mistakes(drawn)
    assert found["one_column_per_edge"] == {"columns": 4}
    assert found["one_direction_only"]["matrix"][3] == (0, 0, 0, 0, 1)


def test_golden_square_of_the_molecule() -> None:
    drawn = item("gnn/adjacency_degree", **adjacency_degree(form="walks", pair=(0, 3)))
    square = keys(drawn)["square"]
    assert square[0][1] == 1
    assert tuple(square[node][node] for node in range(5)) == (1, 2, 1, 3, 1)
    assert keys(drawn)["walks"] == 3
    found = mistakes(drawn)
    assert found["no_way_back"]["walks"] == 2
    assert found["walks_as_distance"]["square"][0] == (0, 2, 3, 1, 2)
    assert found["entrywise_power"]["walks"] == 1
    assert found["one_step_short"]["walks"] == 0


def test_an_edge_index_with_a_self_loop() -> None:
    columns = ((1, 0), (2, 2), (0, 1), (1, 2), (2, 1))
    drawn = item("gnn/adjacency_degree", **adjacency_degree(form="edge index", nodes=3, edges=columns))
    assert keys(drawn) == {"matrix": ((0, 1, 0), (1, 0, 1), (0, 1, 1)), "degrees": (1, 2, 2), "edges": 2}
    found = mistakes(drawn)
    assert found["loop_counts_twice"] == {"degrees": (1, 2, 3)}
    assert found["columns_as_edges"] == {"edges": 5}
    assert found["one_column_per_edge"] == {"edges": 4}
    assert found["loops_forgotten"]["degrees"] == (1, 2, 1)


def test_weights_of_a_directed_graph_stand_in_the_row_of_their_start() -> None:
    given = adjacency_degree(form="directed", nodes=3, edges=((0, 1), (1, 2), (2, 1)), weights=(4, 2, 3))
    drawn = item("gnn/adjacency_degree", **given)
    assert keys(drawn)["matrix"] == ((0, 4, 0), (0, 0, 2), (0, 3, 0))
    assert keys(drawn)["out_degrees"] == (4, 2, 3)
    assert keys(drawn)["in_degrees"] == (0, 7, 2)
    found = mistakes(drawn)
    assert found["transposed_matrix"]["out_degrees"] == (0, 7, 2)
    assert found["weights_ignored"]["in_degrees"] == (0, 2, 1)
    assert found["made_symmetric"]["matrix"] == ((0, 4, 0), (4, 0, 5), (0, 5, 0))


def test_a_relabelled_graph() -> None:
    given = adjacency_degree(form="relabelled", nodes=3, edges=((0, 1),), order=(1, 2, 0))
    drawn = item("gnn/adjacency_degree", **given)
    assert keys(drawn)["matrix"] == ((0, 0, 0), (0, 0, 1), (0, 1, 0))
    found = mistakes(drawn)
    assert found["inverse_numbering"]["matrix"] == ((0, 0, 1), (0, 0, 0), (1, 0, 0))
    assert found["rows_only"]["matrix"] == ((0, 0, 0), (0, 1, 0), (1, 0, 0))
    assert found["old_numbers"]["matrix"] == ((0, 1, 0), (1, 0, 0), (0, 0, 0))


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ("drawing", {"matrix": ((0, 1, 0), (1, 0, 0), (0, 0, 0))}),
        ("drawing", {"degrees": (2, 2, 3)}),
        ("walks", {"square": ((1, 1, 1), (0, 2, 0), (1, 0, 2))}),
    ],
)
def test_errors_are_carried_by_closed_form_and_solver(form: str, wrong: dict[str, Any]) -> None:
    pair = (0, 1) if form == "walks" else ()
    asked = question(
        "gnn/adjacency_degree", **adjacency_degree(form=form, nodes=3, edges=((0, 1), (1, 2)), pair=pair)
    )
    carried = asked.consequences(**wrong)
    assert {**BANK["gnn/adjacency_degree"].solve(asked, wrong), **wrong} == carried
    assert carried != asked.consequences()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "graph"}, "form is drawing"),
        ({"nodes": 9}, "two to eight nodes"),
        ({"nodes": 4}, "edges are pairs"),
        ({"edges": ()}, "edges are pairs"),
        ({"edges": (*MOLECULE, (0, 3))}, "an edge is there twice"),
        ({"form": "edge index"}, "lacks its way back"),
        ({"form": "edge index", "edges": ((0, 1), (1, 0))}, "no self-loop"),
        ({"form": "edge index", "edges": ((0, 1), (1, 0), (7, 7))}, "belongs to no node"),
        ({"weights": (1, 2, 3, 4)}, "weights has not 0 entries"),
        ({"form": "directed", "weights": (1, 2, 3)}, "weights has not 4 entries"),
        ({"form": "directed", "weights": (1, 2, 3, 0)}, "weights lie between"),
        ({"form": "directed", "weights": (1, 1, 1, 1)}, "all edges have the weight 1"),
        ({"form": "relabelled", "order": (0, 1, 2, 3, 3)}, "a new number"),
        ({"form": "relabelled", "order": (0, 1, 2, 3, 4)}, "do not change the matrix"),
        ({"form": "walks", "pair": (3, 0)}, "the pair is not"),
        ({"form": "walks", "pair": (0, 1)}, "no walk of three steps"),
    ],
)
def test_refusals_of_adjacency_degree(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question("gnn/adjacency_degree", **adjacency_degree(**changes)).flaw() or "")
