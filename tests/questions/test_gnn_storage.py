"""Storage of graphs, dense and sparse, and batches of them."""

from __future__ import annotations

from typing import Any

import pytest

from .support import BANK, item, keys, mistakes, question

PAIRS = ((0, 1), (1, 0))


def storage(**changes: Any) -> dict[str, Any]:
    usual = {"form": "counts", "sizes": (5,), "edges": (4,), "entry": "", "index": "", "weighted": False}
    return usual | changes


def in_bytes(**changes: Any) -> dict[str, Any]:
    return storage(**{"form": "bytes", "entry": "float32", "index": "int64"} | changes)


def break_even(**changes: Any) -> dict[str, Any]:
    return in_bytes(**{"form": "break even", "edges": (), "sizes": (10,)} | changes)


def batching(**changes: Any) -> dict[str, Any]:
    usual = {"form": "vector", "sizes": (3, 4, 2), "edges": (), "features": (), "chosen": 0, "counts": ()}
    return usual | changes


def test_golden_molecule_in_numbers() -> None:
    drawn = item("gnn/dense_sparse_storage", **storage())
    assert keys(drawn) == {"dense": 25, "columns": 8, "integers": 16}
    found = mistakes(drawn)
    assert found["counts_edges_once"] == {"columns": 4, "integers": 8}
    assert found["forgets_the_rows"] == {"integers": 8}
    assert found["half_the_matrix"] == {"dense": 10}


def test_golden_density_of_the_molecule() -> None:
    drawn = item("gnn/dense_sparse_storage", **in_bytes())
    assert keys(drawn) == {"dense": 100, "sparse": 128, "ratio": 100 / 128, "density": 0.4}
    found = mistakes(drawn)
    assert found["density_over_all_entries"] == {"density": 8 / 25}
    assert found["density_of_directed_pairs"] == {"density": 0.2}
    assert found["counts_edges_once"] == {"sparse": 64, "ratio": 100 / 64}
    assert found["counts_numbers"] == {"dense": 25, "sparse": 16, "ratio": 25 / 16}
    assert found["ratio_upside_down"] == {"ratio": 1.28}


def test_golden_batch() -> None:
    drawn = item("gnn/dense_sparse_storage", **storage(form="batch", sizes=(3, 4, 2), edges=(2, 4, 1)))
    assert keys(drawn) == {"dense": 81, "inside": 29, "outside": 52, "columns": 14, "filled": 14 / 81}
    found = mistakes(drawn)
    assert found["sum_of_squares"] == {"dense": 29, "outside": 0, "filled": 14 / 29}
    assert found["counts_edges_once"] == {"columns": 7, "filled": 7 / 81}


def test_the_edge_index_is_smaller_up_to_a_number_of_edges() -> None:
    drawn = item("gnn/dense_sparse_storage", **break_even())
    assert keys(drawn) == {"dense": 400, "per_edge": 32, "most": 12}
    assert mistakes(drawn)["counts_edges_once"] == {"per_edge": 16, "most": 24}
    weighted = item("gnn/dense_sparse_storage", **break_even(weighted=True))
    assert keys(weighted) == {"dense": 400, "per_edge": 40, "most": 9}
    assert mistakes(weighted)["forgets_the_weights"] == {"per_edge": 32, "most": 12}
    assert mistakes(weighted)["one_edge_too_many"] == {"most": 10}


@pytest.mark.parametrize(
    ("parameters", "wrong"),
    [
        (storage(), {"columns": 5}),
        (in_bytes(), {"sparse": 64}),
        (in_bytes(), {"dense": 25}),
        (storage(form="batch", sizes=(3, 4), edges=(2, 4)), {"dense": 29, "inside": 20, "columns": 6}),
        (break_even(), {"dense": 100, "per_edge": 16}),
    ],
)
def test_errors_in_storage_are_carried(parameters: dict[str, Any], wrong: dict[str, Any]) -> None:
    asked = question("gnn/dense_sparse_storage", **parameters)
    solved = {**BANK["gnn/dense_sparse_storage"].solve(asked, wrong), **wrong}
    assert solved == pytest.approx(asked.consequences(**wrong))
    assert asked.consequences(**wrong) != {**asked.consequences(), **wrong}


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (storage(form="sparse"), "form is counts"),
        (storage(sizes=(5, 5), edges=(4, 4)), "two to 6 graphs"),
        (storage(form="batch"), "two to 6 graphs"),
        (storage(edges=()), "has a number of edges"),
        (storage(sizes=(1,)), "2 to 2000 nodes"),
        (storage(sizes=(10**9,)), "2 to 2000 nodes"),
        (storage(edges=(11,)), "at most one for each pair"),
        (storage(entry="float32"), "no types"),
        (in_bytes(entry="int8"), "entries are float16"),
        (in_bytes(weighted=True), "weights belong"),
        (break_even(sizes=(2,)), "always takes less"),
        (break_even(entry="float64", index="int32"), "always takes less"),
    ],
)
def test_refusals_of_storage(parameters: dict[str, Any], reason: str) -> None:
    assert reason in (question("gnn/dense_sparse_storage", **parameters).flaw() or "")


def test_golden_batch_vector() -> None:
    drawn = item("gnn/batching", **batching())
    assert keys(drawn) == {"offsets": (0, 3, 7), "batch": (0, 0, 0, 1, 1, 1, 1, 2, 2)}
    found = mistakes(drawn)
    assert found["begins_with_one"] == {"batch": (1, 1, 1, 2, 2, 2, 2, 3, 3)}
    assert found["offset_of_the_last_graph"] == {"offsets": (0, 3, 4)}


def test_golden_shift() -> None:
    drawn = item("gnn/batching", **batching(form="shift", edges=(((0, 2),), ((3, 1), (0, 1)), PAIRS)))
    assert keys(drawn) == {"offsets": (0, 3, 7), "edge_index": ((0, 6, 3, 7, 8), (2, 4, 4, 8, 7))}
    found = mistakes(drawn)
    assert found["no_offset"]["edge_index"] == ((0, 3, 0, 0, 1), (2, 1, 1, 1, 0))
    assert found["offset_by_edges"]["offsets"] == (0, 1, 3)
    assert found["begins_with_one"] == {"edge_index": ((1, 7, 4, 8, 9), (3, 5, 5, 9, 8))}


def test_golden_readout() -> None:
    drawn = item("gnn/batching", **batching(form="readout", features=tuple(range(9))))
    assert keys(drawn)["sums"] == (3, 18, 15)
    assert keys(drawn)["means"] == (1, 4.5, 7.5)
    assert keys(drawn)["maxima"] == (2, 6, 8)
    found = mistakes(drawn)
    assert found["mean_over_the_batch"] == {"means": (3 / 9, 2, 15 / 9)}
    assert found["mean_over_graphs"] == {"means": (1, 6, 5)}
    assert found["sums_over_the_batch"]["sums"] == (36, 36, 36)


def test_a_graph_is_taken_out_of_the_batch() -> None:
    edges = (((0, 1),), ((0, 1), (1, 2)), ((0, 1),))
    drawn = item("gnn/batching", **batching(form="split", edges=edges, chosen=2))
    assert keys(drawn) == {"node_counts": (3, 4, 2), "offset": 7, "edge_index": ((0,), (1,))}
    found = mistakes(drawn)
    assert found["no_offset"] == {"offset": 0, "edge_index": ((7,), (8,))}
    assert found["offset_of_the_last_graph"] == {"offset": 4, "edge_index": ((3,), (4,))}
    assert found["offset_by_edges"]["offset"] == 3


def test_shapes_of_a_batch() -> None:
    drawn = item("gnn/batching", **batching(form="shapes", counts=(2, 4, 1, 16)))
    assert keys(drawn) == {
        "x": (9, 16),
        "edge_index": (2, 14),
        "batch": (9,),
        "readout": (3, 16),
        "adjacency": (9, 9),
    }
    found = mistakes(drawn)
    assert found["one_column_per_edge"] == {"edge_index": (2, 7)}
    assert found["batch_vector_of_graphs"] == {"batch": (3,)}
    assert found["readout_of_nodes"] == {"readout": (9, 16)}
    assert found["padded"] == {"x": (3, 4, 16), "adjacency": (3, 4, 4)}


@pytest.mark.parametrize(
    ("parameters", "wrong"),
    [
        (batching(form="shift", edges=(PAIRS, PAIRS, PAIRS)), {"offsets": (0, 3, 4)}),
        (batching(form="split", edges=(PAIRS, PAIRS, PAIRS), chosen=1), {"node_counts": (2, 4, 3)}),
        (batching(form="split", edges=(PAIRS, PAIRS, PAIRS), chosen=1), {"offset": 2}),
        (batching(form="readout", features=tuple(range(9))), {"node_counts": (2, 4, 3)}),
        (batching(form="readout", features=tuple(range(9))), {"sums": (3, 8, 15)}),
    ],
)
def test_errors_in_a_batch_are_carried(parameters: dict[str, Any], wrong: dict[str, Any]) -> None:
    asked = question("gnn/batching", **parameters)
    carried, solved = asked.consequences(**wrong), BANK["gnn/batching"].solve(asked, wrong)
    for blank in carried.keys() - wrong.keys():
        assert solved[blank] == carried[blank]
    assert carried != {**asked.consequences(), **wrong}


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (batching(form="merge"), "form is vector"),
        (batching(sizes=(3,)), "two to 6 graphs"),
        (batching(sizes=(3, 9)), "one to eight nodes"),
        (batching(features=(1, 2)), "features belong"),
        (batching(form="split", edges=(PAIRS, PAIRS, PAIRS)), "not the first"),
        (batching(form="split", edges=(PAIRS, PAIRS, PAIRS), chosen=3), "not the first"),
        (batching(edges=(PAIRS, PAIRS, PAIRS)), "edges belong"),
        (batching(form="readout", features=(1, 2)), "one feature for each node"),
        (batching(form="readout", features=(101,) * 9), "features go from"),
        (batching(form="readout", sizes=(1, 1), features=(4, 4)), "the same sum"),
        (batching(form="shift"), "one to six edges"),
        (batching(form="shift", edges=(PAIRS, PAIRS, ((0, 2),))), "of its own graph"),
        (batching(form="shift", edges=(PAIRS, PAIRS, ((0, 1), (0, 1)))), "an edge is there twice"),
        (batching(form="shapes"), "counts are the edges"),
        (batching(form="shapes", counts=(2, 4, 1, 16), chosen=1), "from counts alone"),
        (batching(form="shapes", sizes=(1, 4), counts=(1, 2, 3)), "2 to 2000 nodes"),
        (batching(form="shapes", counts=(2, 7, 1, 16)), "at most one for each pair"),
    ],
)
def test_refusals_of_batching(parameters: dict[str, Any], reason: str) -> None:
    assert reason in (question("gnn/batching", **parameters).flaw() or "")
