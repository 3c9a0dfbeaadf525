"""Derivatives by a matrix: golden examples, the notes' wrong identity, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

X = ((1, 0), (2, 1))
A = ((1, 2), (0, 3))
BILINEAR: dict[str, Any] = {"form": "bilinear", "X": X, "A": (), "a": (1, 2), "b": (3, -1), "place": (1, 1)}
MIDDLE = BILINEAR | {"form": "weighted_gram", "A": A}
ENTRY = BILINEAR | {"form": "entry", "A": A, "a": (), "b": (), "place": (1, 2)}


def test_the_golden_bilinear_form() -> None:
    found = item("backprop/matrix_derivative", **BILINEAR)
    assert keys(found) == {"value": 13, "gradient": ((3, -1), (6, -2))}
    assert mistakes(found)["transposes_the_derivative"] == {"gradient": ((3, 6), (-1, -2))}


def test_the_golden_gram_form() -> None:
    found = item("backprop/matrix_derivative", **BILINEAR | {"form": "gram"})
    assert keys(found)["gradient"] == ((6, 5), (17, 6))
    wrong = mistakes(found)
    assert wrong["differentiates_one_factor"] == {"gradient": ((3, -1), (12, -4))}
    assert "swaps_the_order" in wrong


def test_squares_bring_a_factor_two() -> None:
    squares = BILINEAR | {"form": "squares", "a": (), "b": ()}
    found = item("backprop/matrix_derivative", **squares)
    assert keys(found) == {"value": 6, "gradient": ((2, 0), (4, 2))}
    assert mistakes(found)["forgets_the_two"] == {"gradient": X}


def test_the_trace_meets_entries_at_transposed_places() -> None:
    trace = BILINEAR | {"form": "trace", "A": A, "a": (), "b": ()}
    found = item("backprop/matrix_derivative", **trace)
    assert keys(found) == {"value": 8, "gradient": ((1, 0), (2, 3))}
    assert mistakes(found)["does_not_transpose_a"] == {"gradient": A}


def test_a_matrix_in_the_middle_is_not_symmetric() -> None:
    found = item("backprop/matrix_derivative", **MIDDLE)
    assert mistakes(found).keys() >= {"takes_the_middle_as_symmetric", "differentiates_one_factor"}


def test_the_affine_form_goes_on_from_the_students_vector() -> None:
    affine = BILINEAR | {"form": "affine", "A": A, "b": (1, -1)}
    found = item("backprop/matrix_derivative", **affine)
    assert keys(found)["mapped"] == (2, 3)
    assert keys(found)["gradient"] == ((10, 20), (22, 44))
    carried = question("backprop/matrix_derivative", **affine).consequences(mapped=(1, 0))
    assert carried == {"mapped": (1, 0), "value": 1, "gradient": ((2, 4), (2, 4))}


def test_one_place_twice_is_a_mistake() -> None:
    found = item("backprop/matrix_derivative", **ENTRY)
    assert mistakes(found)["varies_the_same_place_twice"]["gradient"] != keys(found)["gradient"]


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (BILINEAR | {"form": "cubic"}, "form is one of"),
        (BILINEAR | {"a": (1, 2, 3)}, "does not fit"),
        (BILINEAR | {"X": ((1, 2), (3,))}, "one to three rows"),
        (BILINEAR | {"a": (0, 0)}, "derivative is zero"),
        (BILINEAR | {"b": (300, 1)}, "larger than"),
        (BILINEAR | {"X": ()}, "one to three rows"),
        (BILINEAR | {"X": ((), ())}, "one to three rows"),
        (MIDDLE | {"A": ((1, 2), (3,))}, "does not fit"),
        (BILINEAR | {"form": "squares", "X": ((0, 0), (0, 0)), "a": (), "b": ()}, "derivative is zero"),
        (MIDDLE | {"A": ((1, 2), (2, 3))}, "symmetric"),
        (ENTRY | {"place": (3, 1)}, "no such entry"),
    ],
)
def test_unfair_instances_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question("backprop/matrix_derivative", **parameters).flaw()
