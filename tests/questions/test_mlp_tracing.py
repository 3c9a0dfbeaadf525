"""Shapes in a forward pass."""

from __future__ import annotations

from typing import Any

import pytest
from quizgrad.question import Given

from .support import item, keys, mistakes, question

TRACE = "mlp/shape_trace"
LINEAR = {"shape": (7, 3, 20), "operations": (("linear", (20, 10)),)}
MOVED = {
    "shape": (2, 3, 4, 5),
    "operations": (
        ("flatten", (2,)),
        ("transpose", (1, 2)),
        ("linear", (3, 8)),
        ("mean", (1,)),
        ("unsqueeze", (1,)),
        ("add", (6, 1)),
        ("cat", (2,)),
        ("view", (-1, 16)),
    ),
}
FAILING = {
    "shape": (4, 3, 5),
    "operations": (("linear", (5, 8)), ("relu", ()), ("flatten", (1,)), ("linear", (8, 2)), ("relu", ())),
}


def test_golden_shapes() -> None:
    found = item(TRACE, **LINEAR)
    assert keys(found) == {"shape1": (7, 3, 10), "weight": (10, 20)}
    wrong = mistakes(found)
    assert wrong["weight_transposed"] == {"weight": (20, 10)}
    assert wrong["linear_flattens"] == {"shape1": (7, 10)}
    assert wrong["drops_batch"] == {"shape1": (3, 10)}


def test_a_batch_of_columns_fails() -> None:
    """E02: nn.Linear(20, 10) takes rows of 20 features; an input of the shape (20, 7) raises an error."""
    assert keys(item(TRACE, **LINEAR | {"shape": (7, 20)}))["shape1"] == (7, 10)
    assert mistakes(item(TRACE, **LINEAR | {"shape": (7, 20)}))["batch_last"] == {"shape1": (10, 7)}
    failing = keys(item(TRACE, **LINEAR | {"shape": (20, 7)}))
    assert failing == {"failing": 1, "before": (20, 7), "features": 7, "output": (20, 10)}


def test_layers_of_the_notes_cannot_be_chained() -> None:
    """E03: Linear(16, 100) and Linear(32, 100) are parallel branches."""
    chained = {"shape": (1, 16), "operations": (("linear", (16, 100)), ("linear", (32, 100)))}
    assert keys(item(TRACE, **chained)) == {
        "failing": 2,
        "before": (1, 100),
        "features": 100,
        "output": (1, 100),
    }


def test_operations_that_move_axes() -> None:
    found = item(TRACE, **MOVED)
    assert keys(found) == {
        "shape1": (2, 3, 20),
        "shape2": (2, 20, 3),
        "shape3": (2, 20, 8),
        "shape4": (2, 8),
        "shape5": (2, 1, 8),
        "shape6": (2, 6, 8),
        "shape7": (2, 6, 16),
        "shape8": (12, 16),
        "weight": (8, 3),
    }
    wrong = mistakes(found)
    assert wrong["flatten_merges_batch"] == {"shape1": (120,)}
    assert wrong["transpose_changes_nothing"]["shape2"] == (2, 3, 20)
    assert wrong["mean_keeps_axis"]["shape4"] == (2, 1, 8)
    assert wrong["unsqueeze_at_end"]["shape5"] == (2, 8, 1)
    assert wrong["add_changes_nothing"]["shape6"] == (2, 1, 8)
    assert wrong["cat_stacks"]["shape7"] == (2, 6, 2, 8)
    assert wrong["cat_counts_from_one"]["shape7"] == (2, 12, 8)


def test_a_layer_that_does_not_fit() -> None:
    found = item(TRACE, **FAILING)
    assert keys(found) == {"failing": 4, "before": (4, 24), "features": 24, "output": (4, 2)}
    wrong = mistakes(found)
    assert wrong["blames_line_before"] == {"failing": 3}
    assert wrong["blames_line_after"] == {"failing": 5}
    assert wrong["trusts_layer"] == {"before": (4, 8), "features": 8}
    assert wrong["multiplies_batch"] == {"features": 96}
    assert wrong["drops_batch"] == {"before": (24,), "output": (2,)}
    found = item(TRACE, **FAILING | {"operations": (("linear", (15, 2)),)})
    assert mistakes(found)["flattens_for_features"] == {"features": 15}


def test_own_shapes_are_carried() -> None:
    followed = question(TRACE, **MOVED).follow(Given({"shape3": (2, 30, 8)}))
    assert followed["shape4"].value == (2, 8)
    followed = question(TRACE, **MOVED).follow(Given({"shape2": (2, 21, 3)}))
    assert followed["shape3"].value == (2, 21, 8)
    assert question(TRACE, **FAILING).consequences(before=(4, 12))["features"] == 12


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"operations": ()}, "one to eight operations"),
        ({"shape": (5,)}, "two to four axes"),
        ({"operations": (("softmax", (1,)),)}, "one of linear"),
        ({"operations": (("linear", (5,)),)}, "one of linear"),
        ({"operations": (("linear", (3, 5000)),)}, "at most 4096"),
        ({"shape": (0, 3)}, "sizes go from 1"),
        ({"operations": (("linear", (5, -7)),)}, "one of linear"),
        ({"operations": (("flatten", (4,)), ("linear", (5, 2)))}, "names axis 4"),
        ({"operations": (("view", (7, -1)), ("linear", (5, 2)))}, "another number of values"),
        ({"operations": (("view", (-1, -1)), ("linear", (5, 2)))}, "another number of values"),
        ({"operations": (("add", (2, 3, 3, 5)), ("linear", (5, 2)))}, "by broadcasting"),
        (
            {"operations": (("unsqueeze", (0,)), ("unsqueeze", (0,)), ("linear", (5, 2)))},
            "more than five axes",
        ),
        ({"operations": (("linear", (5, 4096)), ("add", (4096, 1, 1, 1, 1)))}, "values"),
        ({"operations": (("relu", ()),)}, "must be a linear layer"),
        ({"operations": (("linear", (4, 2)), ("linear", (3, 1)))}, "at most one that does not fit"),
    ],
)
def test_passes_that_make_no_question_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(TRACE, **MOVED | changes).flaw() or "")
