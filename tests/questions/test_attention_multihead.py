"""Multi-head attention: shapes and counts."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "attention/multihead_shapes"
CROSS: dict[str, Any] = {
    "form": "cross",
    "batch": 2,
    "queries": 5,
    "keys": 7,
    "width": 64,
    "heads": 4,
    "key_width": 0,
    "value_width": 0,
    "batch_first": False,
    "weights": "",
    "candidates": (),
}
SELF = CROSS | {"form": "self", "keys": 5}
CALL = CROSS | {
    "form": "call",
    "key_width": 32,
    "value_width": 16,
    "batch_first": True,
    "weights": "averaged",
}
HEADS = CROSS | {"form": "heads", "keys": 5, "width": 65, "heads": 1, "candidates": (4, 5, 8, 13)}


def test_golden_shapes_of_cross_attention() -> None:
    found = item(NAME, **CROSS)
    assert keys(found) == {
        "head_size": 16,
        "split": (2, 4, 5, 16),
        "split_keys": (2, 4, 7, 16),
        "scores": (2, 4, 5, 7),
        "attended": (2, 4, 5, 16),
        "concatenated": (2, 5, 64),
    }
    wrong = mistakes(found)
    assert wrong["each_head_full_width"]["split"] == (2, 4, 5, 64)
    assert wrong["heads_multiply_width"]["concatenated"] == (2, 5, 256)
    assert wrong["lengths_swapped"]["scores"] == (2, 4, 7, 5)
    assert wrong["scores_by_width"]["scores"] == (2, 4, 5, 16)
    assert wrong["length_of_the_keys"]["concatenated"] == (2, 7, 64)


def test_self_attention_has_one_length() -> None:
    found = item(NAME, **SELF)
    assert keys(found)["scores"] == (2, 4, 5, 5)
    assert mistakes(found)["heads_after_tokens"]["split"] == (2, 5, 4, 16)
    assert mistakes(found)["heads_added"]["concatenated"] == (2, 5, 16)


def test_a_call_returns_a_tuple_with_averaged_weights() -> None:
    found = item(NAME, **CALL)
    assert found.executed == {"returned": 1, "output": (2, 5, 64), "weights": (2, 5, 7)}
    wrong = mistakes(found)
    assert wrong["averaging_confused"]["weights"] == (2, 4, 5, 7)
    assert wrong["batch_order"]["output"] == (5, 2, 64)
    assert wrong["width_of_the_values"]["output"] == (2, 5, 16)


def test_without_batch_first_only_the_output_is_turned() -> None:
    found = item(NAME, **CALL | {"batch_first": False, "weights": "each"})
    assert found.executed == {"returned": 1, "output": (5, 2, 64), "weights": (2, 4, 5, 7)}


def test_weights_can_be_left_out() -> None:
    assert item(NAME, **CALL | {"weights": "none"}).executed == {"returned": 2, "output": (2, 5, 64)}


def test_golden_width_that_heads_do_not_divide() -> None:
    found = item(NAME, **HEADS)
    assert found.executed == {"accepted": (1, 3), "head_size": 5}
    assert found.answers["accepted"].right_origins == {1, 3}
    assert mistakes(found)["heads_for_width"] == {"head_size": 13}
    wider = mistakes(item(NAME, **HEADS | {"width": 60, "candidates": (4, 5, 8, 23)}))
    assert wider["any_number_of_heads"] == {"head_size": 2}
    assert wider["powers_of_two_only"] == {"head_size": 15}


def test_errors_of_shapes_are_carried() -> None:
    carried = question(NAME, **CROSS).consequences(head_size=8)
    assert (carried["split_keys"], carried["concatenated"]) == ((2, 4, 7, 8), (2, 5, 32))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is split"),
        ({"batch": 0}, "between 1 and 4096"),
        ({"width": 65}, "multiple of the number of heads"),
        ({"heads": 0}, "multiple of the number of heads"),
        ({"width": 2**40}, "multiple of the number of heads"),
        ({"keys": 5}, "lengths differ"),
        ({"form": "self"}, "lengths differ"),
        ({"key_width": 3}, "only the form call"),
        (CALL | {"value_width": 0}, "only the form call"),
        ({"weights": "each"}, "only the form call"),
        ({"weights": "all"}, "only the form call"),
        (CALL | {"weights": ""}, "only the form call"),
        ({"batch_first": True}, "only the form call"),
        ({"candidates": (2, 3, 4)}, "only the form heads"),
        ({"heads": 1}, "are equal"),
        ({"batch": 4}, "are equal"),
        (HEADS | {"candidates": (4, 5)}, "three to six"),
        (HEADS | {"candidates": (4, 5, 5)}, "three to six"),
        (HEADS | {"candidates": (1, 4, 5)}, "between 2 and the width"),
        (HEADS | {"candidates": (2, 3, 4)}, "all or no candidates"),
    ],
)
def test_refusals(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **CROSS | changes).flaw() or "")


COUNT = "attention/multihead_parameter_count"
BIASED: dict[str, Any] = {"form": "biased", "width": 64, "heads": 4, "other_heads": 8, "inputs": ()}
PLAIN = BIASED | {"form": "plain", "other_heads": 0}
WIDTHS = PLAIN | {"form": "widths", "inputs": (32, 16)}
DOUBLE = PLAIN | {"form": "double", "inputs": (50,)}
GROUPED = BIASED | {"form": "grouped", "other_heads": 2}


def test_golden_count() -> None:
    found = item(COUNT, **BIASED)
    assert keys(found)["total"] == keys(found)["other_total"] == 16_640
    assert keys(found)["per_head"] == 16 * 65
    wrong = {name: values["total"] for name, values in mistakes(found).items() if "total" in values}
    assert wrong["times_heads"] == 66_560
    assert wrong["no_output_projection"] == 12_480
    assert wrong["forgets_bias"] == 16_384
    assert wrong["divides_by_heads"] == 4_160
    assert mistakes(found)["more_heads_more_parameters"] == {"other_total": 33_280}


def test_without_biases_four_squares() -> None:
    found = item(COUNT, **PLAIN)
    assert keys(found) == {"matrix": 4096, "total": 16_384}
    assert mistakes(found)["no_output_projection"] == {"total": 12_288}
    assert mistakes(found)["divides_by_heads"] == {"total": 4096}


def test_golden_widths_of_keys_and_values() -> None:
    found = item(COUNT, **WIDTHS)
    assert keys(found) == {"key_matrix": 2048, "value_matrix": 1024, "biases": 256, "total": 11_520}
    assert mistakes(found)["all_widths_equal"]["total"] == 16_640
    assert mistakes(found)["no_output_projection"] == {"total": 11_520 - 4096 - 64}


def test_projections_in_front_come_on_top() -> None:
    found = item(COUNT, **DOUBLE)
    assert keys(found) == {"front": 9_792, "attention": 16_640, "total": 26_432}
    assert mistakes(found)["divides_by_heads"]["attention"] == 4_160
    assert mistakes(found)["one_layer_in_front"]["total"] == 3_264 + 16_640


def test_one_of_four_projections() -> None:
    assert mistakes(item(COUNT, **PLAIN | {"heads": 8}))["one_projection"] == {"total": 4096}
    assert mistakes(item(COUNT, **DOUBLE | {"heads": 8}))["projected_once"]["attention"] == 4_160


def test_groups_share_keys_and_values() -> None:
    found = item(COUNT, **GROUPED)
    assert keys(found) == {"key_matrix": 2048, "total": 12_288, "saved": 4096}
    wrong = mistakes(found)
    assert wrong["keys_for_each_head"]["total"] == 16_384
    assert wrong["single_head_of_keys"]["key_matrix"] == 1024
    assert wrong["values_not_shared"]["total"] == 3 * 4096 + 2048


def test_errors_of_counts_are_carried() -> None:
    assert question(COUNT, **BIASED).consequences(biases=64)["total"] == 16_448
    assert question(COUNT, **DOUBLE).consequences(front=100)["total"] == 16_740
    assert question(COUNT, **GROUPED).consequences(key_matrix=4096)["saved"] == 0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is plain"),
        ({"width": 65}, "multiple of the number of heads"),
        ({"heads": 1}, "multiple of the number of heads"),
        ({"width": 2**50}, "multiple of the number of heads"),
        ({"inputs": (3,)}, "others none"),
        ({"form": "widths"}, "others none"),
        ({"form": "double", "inputs": (-1,)}, "others none"),
        ({"other_heads": 5}, "does not fit"),
        ({"other_heads": 4}, "does not fit"),
        ({"other_heads": 0}, "does not fit"),
        ({"form": "grouped", "other_heads": 3}, "do not divide"),
        ({"form": "grouped", "other_heads": 0}, "do not divide"),
        ({"form": "plain"}, "only the forms biased and grouped"),
    ],
)
def test_refusals_of_counts(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(COUNT, **BIASED | changes).flaw() or "")
