"""Linear layers that amount to one."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "mlp/linear_collapse"
GOLDEN = {
    "weights": (((1, 2), (0, 1)), ((2, 0), (1, 1))),
    "biases": ((1, -1), (0, 3)),
    "normalization": (),
    "point": (1, 2),
}
THREE = {
    "weights": (((1, 2, 0),), ((1,), (-1,)), ((2, 1), (0, 3))),
    "biases": ((1,), (0, 2), (1, 1)),
    "normalization": (),
    "point": (),
}
NORMALIZED = GOLDEN | {"normalization": ((1, 2), (4, 9), (4, -3), (1, 0)), "point": ()}


def test_golden_collapse() -> None:
    found = item(NAME, **GOLDEN)
    assert keys(found) == {"weight": ((2, 4), (1, 3)), "bias": (2, 3), "output": (12, 10)}
    wrong = mistakes(found)
    assert wrong["swaps_order"] == {"weight": ((4, 2), (1, 1))}
    assert wrong["multiplies_entries"] == {"weight": ((2, 0), (0, 1))}
    assert wrong["adds_matrices"] == {"weight": ((3, 2), (1, 2))}
    assert wrong["adds_biases"] == {"bias": (1, 2), "output": (11, 9)}
    assert wrong["keeps_last_bias"] == {"bias": (0, 3), "output": (10, 10)}
    assert wrong["forgets_last_bias"] == {"bias": (2, 0), "output": (12, 7)}


def test_layers_without_biases() -> None:
    found = item(NAME, **GOLDEN | {"biases": (), "point": ()})
    assert keys(found) == {"weight": ((2, 4), (1, 3))}


def test_rectangular_layers() -> None:
    weights = ((1, 2), (0, 1), (1, 0)), ((1, 0, 2), (0, 1, 0))
    found = item(NAME, **GOLDEN | {"weights": weights, "biases": ((1, 0, 1), (2, 1))})
    assert keys(found) == {"weight": ((3, 2), (0, 1)), "bias": (5, 1), "output": (12, 3)}
    assert mistakes(found)["swaps_order"] == {"weight": ((1, 2, 2), (0, 1, 0), (1, 0, 2))}


def test_three_layers_with_a_bottleneck() -> None:
    found = item(NAME, **THREE)
    assert keys(found) == {
        "inner_weight": ((1, 2, 0), (-1, -2, 0)),
        "inner_bias": (1, 1),
        "weight": ((1, 2, 0), (-3, -6, 0)),
        "bias": (4, 4),
        "rank": 1,
        "separate": 4 + 4 + 6,
        "together": 8,
    }
    wrong = mistakes(found)
    assert wrong["rank_of_ends"] == {"rank": 2}
    assert wrong["counts_weights_only"] == {"separate": 9, "together": 6}


def test_normalization_between_the_layers() -> None:
    """Its factors are 2 and -1, its offsets -1 and 2."""
    found = item(NAME, **NORMALIZED)
    assert keys(found) == {
        "inner_weight": ((2, 4), (0, -1)),
        "inner_bias": (1, 3),
        "weight": ((4, 8), (2, 3)),
        "bias": (2, 7),
    }
    wrong = mistakes(found)
    assert wrong["ignores_normalization"]["inner_weight"] == ((1, 2), (0, 1))
    assert wrong["forgets_mean"]["inner_bias"] == (3, 1)
    assert wrong["leaves_bias_unscaled"]["inner_bias"] == (0, 1)
    assert "inner_weight" not in wrong.get("divides_by_variance", {})  # no whole numbers


def test_own_inner_layers_are_carried() -> None:
    carried = question(NAME, **THREE).consequences(inner_weight=((1, 0, 0), (0, 1, 0)), inner_bias=(0, 0))
    assert carried["weight"] == ((2, 1, 0), (0, 3, 0))
    assert carried["bias"] == (1, 1)
    assert question(NAME, **GOLDEN).consequences(bias=(0, 0))["output"] == (10, 7)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"weights": (((1, 2),),)}, "two or three matrices"),
        ({"weights": (((1, 2),), ())}, "two or three matrices"),
        ({"weights": (((1, 2), (0, 1)), ((2, 0, 1), (1, 1, 1)))}, "takes what the one before yields"),
        ({"weights": (((1, 2), (0,)), ((2, 0), (1, 1)))}, "takes what the one before yields"),
        ({"biases": ((1, 2),)}, "each output of a layer has a bias"),
        (THREE | {"biases": ()}, "three layers have biases"),
        ({"point": (1,)}, "an entry for each column"),
        ({"biases": ((1, -1), (0, 300))}, "from -100 to 100"),
        ({"weights": (((1, 2), (0, 1)), ((0, 0), (0, 0)))}, "are zero"),
        ({"weights": (((1, 0), (0, 1)), ((2, 0), (1, 1)))}, "order makes no difference"),
        (THREE | {"normalization": ((1,), (1,), (1,), (1,))}, "between two layers"),
        (NORMALIZED | {"normalization": ((1, 2), (4, 9))}, "mean, variance, scale and shift"),
        (NORMALIZED | {"normalization": ((1, 2), (4, 8), (4, -3), (1, 0))}, "variances are squares"),
        (NORMALIZED | {"normalization": ((1, 2), (4, 9), (3, -3), (1, 0))}, "variances are squares"),
    ],
)
def test_layers_that_make_no_question_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **GOLDEN | changes).flaw() or "")
