"""Saliency: the golden example, hidden units, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

GOLDEN: dict[str, Any] = {
    "weights": ((((1, -5), (2, 0)), ((-3, 4), (1, 1))),), "outputs": (), "pre_activations": (), "image": (),
}  # fmt: skip
HIDDEN: dict[str, Any] = {
    "weights": ((((1, 2), (0, 1)),), (((0, 3), (1, -1)),), (((5, 0), (0, 0)),)), "outputs": (2, -1, 3),
    "pre_activations": (1, 2, -4), "image": (),
}  # fmt: skip


def test_the_golden_channels() -> None:
    found = item("backprop/input_saliency", **GOLDEN)
    assert keys(found)["saliency"] == ((3, 5), (2, 1))
    assert (keys(found)["row"], keys(found)["column"]) == (1, 2)
    wrong = mistakes(found)
    assert wrong["adds_the_channels"]["saliency"] == ((4, 9), (3, 1))
    assert wrong["keeps_the_sign"]["saliency"] == ((1, 4), (2, 1))
    even = GOLDEN | {"weights": ((((1, -6), (2, 0)), ((-3, 4), (2, 2))),)}
    assert mistakes(item("backprop/input_saliency", **even))["averages_the_channels"]["saliency"] == (
        (2, 5),
        (2, 1),
    )


def test_pixels_play_no_role_in_a_linear_score() -> None:
    found = item("backprop/input_saliency", **GOLDEN | {"image": (((1, 2), (3, 4)), ((0, 1), (2, 3)))})
    assert keys(found)["saliency"] == ((3, 5), (2, 1))
    wrong = mistakes(found)["multiplies_by_the_pixels"]
    assert wrong["gradient_1"] == ((1, -10), (6, 0))
    assert wrong["saliency"] == ((1, 10), (6, 3))


def test_only_active_units_let_a_gradient_through() -> None:
    found = item("backprop/input_saliency", **HIDDEN)
    assert keys(found)["gradient_1"] == ((2, 1), (-1, 3))
    assert (keys(found)["row"], keys(found)["column"]) == (2, 2)
    wrong = mistakes(found)
    assert wrong["ignores_relu"]["gradient_1"] == ((17, 1), (-1, 3))
    assert wrong["multiplies_by_the_activation"]["gradient_1"] == ((2, -2), (-2, 4))
    assert wrong["forgets_the_output_weights"]["gradient_1"] == ((1, 5), (1, 0))


def test_the_most_salient_pixel_follows_from_the_students_map() -> None:
    carried = question("backprop/input_saliency", **GOLDEN).consequences(saliency=((3, 1), (9, 1)))
    assert (carried["row"], carried["column"]) == (2, 1)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"weights": ()}, "one to four units"),
        ({"weights": ((((1, 2), (2, 1)),),)}, "most salient"),
        ({"weights": ((((1, 2), (2,)),),)}, "one length"),
        ({"outputs": (1, 2), "pre_activations": (1, 2)}, "each hidden unit"),
        ({"outputs": (1,), "pre_activations": (0,)}, "kink"),
        ({"weights": ((((1, 200),),),)}, "larger than"),
        ({"image": (((1, 2), (3, 4)),)}, "pixel for each weight"),
        ({"image": (((1, 2), (3, 4)), ((1, 2), (3,)))}, "pixel for each weight"),
        ({"image": (((1, 2), (3, 4)), ((1, 2), (3, 400)))}, "larger than"),
        ({"weights": (((),),)}, "rectangles of one size"),
        ({"weights": ((((1,),), ((2,),)), (((3,),),))}, "same channels"),
    ],
)
def test_unfair_scores_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("backprop/input_saliency", **GOLDEN | changes).flaw()
