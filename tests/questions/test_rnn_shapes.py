"""Shapes of recurrent layers."""

from __future__ import annotations

from typing import Any

import pytest
from quizgrad.rendering.prompt import prompt

from .support import item, keys, mistakes, question

SHAPES = "rnn/output_shapes"
NOTES: dict[str, Any] = {
    "kind": "LSTM", "inputs": 64, "hidden": 256, "layers": 4, "bidirectional": True, "batch": 3, "steps": 5,
    "batch_first": True, "projection": 0, "classes": 0, "located": False,
}  # fmt: skip


def shapes(found: Any) -> dict[str, Any]:
    return {blank: answer.value for blank, answer in found.answers.items() if blank != "place"}


def test_shapes_of_the_notes() -> None:
    found = item(SHAPES, **NOTES)
    assert keys(found) == {"output": (3, 5, 512), "h_n": (8, 3, 256), "c_n": (8, 3, 256), "last": (3, 512)}
    wrong = mistakes(found)
    assert wrong["states_have_batch_first"] == {"h_n": (3, 8, 256), "c_n": (3, 8, 256)}
    assert wrong["output_has_layers"] == {"output": (3, 5, 2048), "last": (3, 2048)}
    assert wrong["forgets_second_direction"]["output"] == (3, 5, 256)
    assert wrong["forgets_second_direction"]["h_n"] == (4, 3, 256)
    assert wrong["states_of_all_steps"]["h_n"] == (10, 3, 256)
    assert wrong["states_side_by_side"]["c_n"] == (4, 3, 512)
    assert wrong["states_of_last_layer"]["h_n"] == (2, 3, 256)
    assert wrong["output_of_last_step"] == {"output": (3, 512)}
    assert wrong["swaps_batch_and_time"] == {"output": (5, 3, 512)}
    assert wrong["last_keeps_axis"] == {"last": (3, 1, 512)}


def test_one_layer_of_the_notes() -> None:
    """G34."""
    one = NOTES | {"kind": "RNN", "inputs": 50, "hidden": 64, "layers": 1, "bidirectional": False}
    assert keys(item(SHAPES, **one)) == {"output": (3, 5, 64), "h_n": (1, 3, 64), "last": (3, 64)}


def test_time_first_with_a_classifier() -> None:
    found = item(SHAPES, **NOTES | {"kind": "GRU", "batch_first": False, "classes": 2, "located": True})
    assert shapes(found) == {
        "output": (5, 3, 512), "h_n": (8, 3, 256), "last": (3, 512), "features": 512,
    }  # fmt: skip
    place = next(option for option in found.answers["place"].options if option.right)
    assert place.text == "`output[0, :, s:]`"
    wrong = mistakes(found)
    assert wrong["last_keeps_axis"] == {"last": (1, 3, 512)}
    assert wrong["forgets_second_direction"]["features"] == 256


def test_a_single_sequence_has_no_batch() -> None:
    found = item(SHAPES, **NOTES | {"batch": 0, "batch_first": False, "classes": 2, "located": True})
    assert shapes(found) == {
        "output": (5, 512), "h_n": (8, 256), "c_n": (8, 256), "last": (512,), "features": 512,
    }  # fmt: skip
    assert mistakes(found)["adds_batch_of_one"]["output"] == (5, 1, 512)
    assert "without an axis for a batch" in prompt(found).markdown


def test_a_projection_leaves_the_cell_as_it_is() -> None:
    found = item(SHAPES, **NOTES | {"projection": 16, "located": True})
    assert shapes(found) == {"output": (3, 5, 32), "h_n": (8, 3, 16), "c_n": (8, 3, 256), "last": (3, 32)}
    place = next(option for option in found.answers["place"].options if option.right)
    assert place.text == "`output[:, 0, s:]`"
    wrong = mistakes(found)
    assert wrong["forgets_projection"]["output"] == (3, 5, 512)
    assert wrong["projects_cell"] == {"c_n": (8, 3, 16)}


def test_own_output_is_carried_to_the_classifier() -> None:
    carried = question(SHAPES, **NOTES | {"classes": 2}).consequences(output=(3, 5, 256))
    assert carried["last"] == (3, 256)
    assert carried["features"] == 256


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": "CNN"}, "kind is one of"),
        ({"steps": 0}, "must be positive"),
        ({"hidden": 10**6}, "larger than 512"),
        ({"layers": 7}, "1 to 6 layers"),
        ({"kind": "GRU", "projection": 8}, "only an LSTM projects"),
        ({"projection": 256}, "only an LSTM projects"),
        ({"projection": -1}, "only an LSTM projects"),
        ({"batch": 512, "steps": 511}, "too many states"),
        ({"batch": 0}, "nothing to be first"),
        ({"bidirectional": False, "located": True}, "with two directions"),
        ({"batch": 5}, "same size"),
        ({"steps": 8}, "same size"),
    ],
)
def test_refusals_of_shapes(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(SHAPES, **NOTES | changes).flaw() or "")
