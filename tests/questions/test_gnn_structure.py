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


def receptive_field(**changes: Any) -> dict[str, Any]:
    usual = {"form": "hops", "nodes": 5, "edges": MOLECULE, "start": 0, "layers": 3, "degree": 0, "wanted": 0}
    return usual | changes


def growth(**changes: Any) -> dict[str, Any]:
    return receptive_field(**{"form": "tree", "nodes": 0, "edges": (), "degree": 3, "wanted": 40} | changes)


def test_golden_receptive_field_of_the_molecule() -> None:
    drawn = item("gnn/khop_receptive_field", **receptive_field())
    assert keys(drawn) == {"distances": (0, 2, 3, 1, 2), "counts": (2, 4, 5)}
    found = mistakes(drawn)
    assert found["exactly_that_far"] == {"counts": (1, 2, 1)}
    assert found["excludes_itself"] == {"counts": (1, 3, 4)}
    assert found["one_layer_late"] == {"counts": (1, 2, 4)}
    assert found["counts_the_start"] == {"distances": (1, 3, 4, 2, 3), "counts": (1, 2, 4)}
    ring = ((0, 1), (0, 3), (1, 2), (2, 3), (3, 4))
    walks = mistakes(item("gnn/khop_receptive_field", **receptive_field(edges=ring)))
    assert walks["counts_walks"] == {"counts": (2, 5, 9)}


def test_golden_layers_that_the_molecule_needs() -> None:
    drawn = item("gnn/khop_receptive_field", **receptive_field(form="whole graph", start=1, layers=0))
    assert keys(drawn) == {"distances": (2, 0, 1, 1, 2), "eccentricity": 2, "diameter": 3}
    found = mistakes(drawn)
    assert found["diameter_from_the_start"] == {"diameter": 2}
    assert found["one_layer_late"] == {"eccentricity": 3, "diameter": 4}
    assert found["as_many_layers_as_edges"] == {"eccentricity": 4, "diameter": 4}


def test_messages_follow_the_arrows() -> None:
    arrows = ((0, 1), (1, 2), (2, 3), (2, 4))
    drawn = item("gnn/khop_receptive_field", **receptive_field(form="directed", edges=arrows, start=2))
    assert keys(drawn) == {"counts": (2, 3, 3), "never": 2}
    found = mistakes(drawn)
    assert found["against_the_arrows"] == {"counts": (3, 3, 3)}
    assert found["ignores_directions"] == {"counts": (4, 5, 5), "never": 0}


def test_growth_in_a_tree_and_a_grid() -> None:
    tree = item("gnn/khop_receptive_field", **growth())
    assert keys(tree) == {"ring": 12, "size": 22, "needed": 4}
    assert mistakes(tree)["counts_the_way_back"] == {"ring": 27, "size": 40}
    assert mistakes(tree)["grows_linearly"] == {"size": 10}
    grid = item("gnn/khop_receptive_field", **growth(form="grid", degree=0))
    assert keys(grid) == {"ring": 12, "size": 25, "needed": 4}
    assert mistakes(grid)["square_field"] == {"ring": 24, "size": 49}


def test_wrong_distances_and_counts_are_carried() -> None:
    entry = BANK["gnn/khop_receptive_field"]
    asked = question(entry.name, **receptive_field(form="whole graph", layers=0))
    wrong = {"distances": (0, 3, 4, 1, 2)}
    assert asked.consequences(**wrong)["eccentricity"] == entry.solve(asked, wrong)["eccentricity"] == 4
    asked = question(entry.name, **receptive_field())
    assert asked.consequences(**wrong)["counts"] == entry.solve(asked, wrong)["counts"] == (2, 3, 4)
    asked = question(entry.name, **receptive_field(form="directed", start=2))
    assert (
        asked.consequences(counts=(1, 1, 2))["never"]
        == entry.solve(asked, {"counts": (1, 1, 2)})["never"]
        == 3
    )


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (receptive_field(form="path"), "form is hops"),
        (receptive_field(nodes=1), "two to eight nodes"),
        (receptive_field(start=5), "none of the nodes"),
        (receptive_field(degree=3), "degree and wanted"),
        (receptive_field(layers=5), "two to four layers"),
        (receptive_field(form="whole graph"), "two to four layers"),
        (receptive_field(edges=((0, 1), (0, 2), (0, 3), (0, 4))), "one layer already sees"),
        (receptive_field(edges=((0, 1), (1, 2))), "not connected"),
        (receptive_field(form="directed", edges=((1, 0), (2, 1), (3, 2), (4, 3))), "every node is reached"),
        (growth(nodes=5), "no list of nodes"),
        (growth(degree=7), "three to six neighbours"),
        (growth(layers=5), "two to four layers"),
        (growth(form="grid"), "degree is 0"),
        (growth(wanted=501), "nodes are wanted"),
        (growth(wanted=46), "reached exactly"),
    ],
)
def test_refusals_of_receptive_fields(parameters: dict[str, Any], reason: str) -> None:
    assert reason in (question("gnn/khop_receptive_field", **parameters).flaw() or "")
