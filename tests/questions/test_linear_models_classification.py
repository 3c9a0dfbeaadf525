"""The perceptron and logistic regression."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

PERCEPTRON = "linear_models/perceptron_updates"
CONVERGE = {
    "form": "converge",
    "points": ((2, 0), (0, 2), (3, 1), (1, 3)),
    "labels": (1, -1, 1, -1),
    "bias": True,
    "start": (0, 0, 0),
    "tie": "positive",
}
STEPS = CONVERGE | {"form": "steps"}
XOR = CONVERGE | {"form": "stops", "points": ((0, 0), (0, 1), (1, 0), (1, 1)), "labels": (-1, 1, 1, -1)}
MULTICLASS = CONVERGE | {
    "form": "multiclass",
    "points": ((1, 2), (2, 1), (-1, 1)),
    "labels": (1, 2, 0),
    "bias": False,
    "start": (0, 0),
    "tie": "lowest",
}


def test_perceptron_golden_where_zero_is_positive() -> None:
    found = item(PERCEPTRON, **CONVERGE)
    assert keys(found) == {"updates": 3, "weights": (-1, 2, -4)}
    assert mistakes(found)["tie_rule_swapped"] == {"updates": 2, "weights": (0, 2, -2)}


def test_perceptron_golden_where_zero_is_a_mistake() -> None:
    found = item(PERCEPTRON, **CONVERGE | {"tie": "mistake"})
    assert keys(found) == {"updates": 2, "weights": (0, 2, -2)}
    assert mistakes(found)["tie_rule_swapped"] == {"updates": 3, "weights": (-1, 2, -4)}


def test_each_step_of_a_pass() -> None:
    found = item(PERCEPTRON, **STEPS)
    assert keys(found) == {
        "weights1": (0, 0, 0),
        "weights2": (-1, 0, -2),
        "weights3": (0, 3, -1),
        "weights4": (-1, 2, -4),
        "updates": 3,
    }
    wrong = mistakes(found)
    assert wrong["updates_on_correct"]["weights4"] == (0, 4, -4)
    assert wrong["adds_x_without_label"]["weights2"] == (1, 0, 2)
    assert wrong["forgets_bias_input"]["weights4"] == (0, 2, -4)


def test_xor_never_converges() -> None:
    found = item(PERCEPTRON, **XOR)
    assert keys(found)["stops"] == "no"
    assert mistakes(found)["trusts_convergence"] == {"stops": "yes"}
    conjunction = item(PERCEPTRON, **XOR | {"labels": (-1, -1, -1, 1)})
    assert keys(conjunction)["stops"] == "yes"
    assert mistakes(conjunction)["gives_up"] == {"stops": "no"}


def test_a_point_within_a_triangle_of_the_other_class() -> None:
    inside = XOR | {"points": ((0, 0), (3, 0), (0, 3), (1, 1)), "labels": (1, 1, 1, -1)}
    assert keys(item(PERCEPTRON, **inside))["stops"] == "no"


def test_several_classes() -> None:
    found = item(PERCEPTRON, **MULTICLASS)
    assert keys(found) == {"predicted": (0, 1, 1), "weights": ((-2, -1), (0, 0), (2, 1))}
    assert mistakes(found)["only_true_row"]["weights"] == ((-1, 1), (1, 2), (2, 1))
    assert mistakes(found)["highest_class"]["predicted"][0] == 2


def test_errors_in_perceptron_updates_are_carried() -> None:
    own = question(PERCEPTRON, **STEPS).consequences(weights1=(1, 2, 0))
    assert own["weights2"] == (0, 2, -2)
    assert (own["weights4"], own["updates"]) == ((0, 2, -2), 2)
    own = question(PERCEPTRON, **MULTICLASS).consequences(predicted=(0, 2, 0))
    assert own["weights"] == ((-1, -2), (1, 2), (0, 0))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is one of"),
        ({"tie": "lowest"}, "tie is positive or mistake"),
        ({"labels": (1, -1)}, "a label each"),
        ({"start": (0, 0)}, "a weight for each"),
        ({"points": ((2, 0), (0, 2), (3, 1), (1, 30))}, "from -6 to 6"),
        ({"points": ((2, 0), (2, 0), (3, 1), (1, 3))}, "two examples are equal"),
        ({"labels": (1, 1, 1, 1)}, "both occur"),
        ({"start": (1, 0, 0)}, "start at 0"),
        (XOR | {"form": "converge"}, "does not stop after 2 to 12 updates"),
        (XOR | {"points": ((0, 0), (1, 1), (2, 2), (3, 3))}, "on a line"),
        (STEPS | {"start": (0, 2, -2)}, "all or none are mistakes"),
        (MULTICLASS | {"labels": (0, 1, 3)}, "from 0 to 2"),
        (MULTICLASS | {"labels": (0, 0, 1)}, "fewer than two mistakes"),
    ],
)
def test_refusals_of_the_perceptron(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(PERCEPTRON, **CONVERGE | changes).flaw() or "")
