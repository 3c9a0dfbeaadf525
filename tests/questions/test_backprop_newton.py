"""Hessian matrices and Newton's steps: golden examples, kinds of points, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, mistakes, question

POWER: dict[str, Any] = {"form": "power", "coefficients": (1, 3), "start": (3,), "asks_kind": False}
QUADRATIC: dict[str, Any] = {
    "form": "quadratic", "coefficients": (1, 1, 2, -1, 0), "start": (1, 1), "asks_kind": False,
}  # fmt: skip
POLYNOMIAL: dict[str, Any] = {
    "form": "polynomial", "coefficients": (0, -3, 0, 1), "start": (2,), "asks_kind": False,
}  # fmt: skip


def about(values: Any) -> Any:
    return pytest.approx(values, abs=5e-5)


def values(found: Any) -> dict[str, Any]:
    return {blank: key.value for blank, key in found.answers.items() if hasattr(key, "value")}


def test_the_golden_cube() -> None:
    found = item("backprop/hessian_newton", **POWER)
    assert values(found) == {"first_1": 27, "second_1": 18, "x_1": 1.5}
    wrong = {name: mistake["x_1"] for name, mistake in mistakes(found).items() if "x_1" in mistake}
    assert wrong["multiplies_by_the_hessian"] == -483
    assert wrong["descends_the_gradient"] == -24
    assert wrong["adds_the_step"] == 4.5


def test_one_step_ends_at_the_minimum_of_a_quadratic() -> None:
    found = item("backprop/hessian_newton", **QUADRATIC)
    assert values(found)["hessian"] == ((2, 1), (1, 4))
    assert values(found)["new"] == about((4 / 7, -1 / 7))
    even = item("backprop/hessian_newton", **QUADRATIC | {"coefficients": (2, 2, 2, -1, 0)})
    assert mistakes(even)["halves_the_mixed_derivative"]["hessian"] == ((4, 1), (1, 4))


@pytest.mark.parametrize(
    ("coefficients", "letter"), [((1, 1, 2, -1, 0), "a"), ((-1, 1, -2, -1, 0), "b"), ((1, 3, -2, -1, 0), "c")]
)
def test_newton_finds_any_stationary_point(coefficients: tuple[int, ...], letter: str) -> None:
    found = item("backprop/hessian_newton", **QUADRATIC | {"coefficients": coefficients, "asks_kind": True})
    assert found.answers["kind"].printed() == letter


def test_the_second_step_goes_on_from_the_first() -> None:
    found = item("backprop/hessian_newton", **POLYNOMIAL)
    assert values(found) == about(
        {"first_1": 9, "second_1": 12, "x_1": 1.25, "first_2": 1.6875, "second_2": 7.5, "x_2": 1.025}
    )
    assert question("backprop/hessian_newton", **POLYNOMIAL).consequences(x_1=2.0)["x_2"] == 1.25
    assert mistakes(found)["keeps_the_derivatives"]["x_2"] == 0.5


def test_a_wrong_matrix_that_is_singular_makes_no_mistake() -> None:
    saddle = QUADRATIC | {"coefficients": (1, -4, 1, 5, 6), "start": (2, 0), "asks_kind": True}
    assert "halves_the_mixed_derivative" not in mistakes(item("backprop/hessian_newton", **saddle))


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (POWER | {"start": (0,)}, "none of them zero"),
        (POWER | {"form": "sine"}, "form is one of"),
        (POWER | {"start": (50,)}, "larger than"),
        (QUADRATIC | {"coefficients": (1, 2, 1, 0, 0)}, "singular"),
        (QUADRATIC | {"coefficients": (-1, 1, -2, 0, 0)}, "not convex"),
        (QUADRATIC | {"start": (0, 0), "coefficients": (1, 1, 2, 0, 0)}, "already"),
        (QUADRATIC | {"start": (0,)}, "two numbers"),
        (POLYNOMIAL | {"start": (0,)}, "nearly zero"),
        (POLYNOMIAL | {"start": (1,)}, "stationary"),
        (POLYNOMIAL | {"coefficients": (1, 2)}, "four or five"),
        (POWER | {"asks_kind": True}, "only of a quadratic"),
    ],
)
def test_unfair_functions_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question("backprop/hessian_newton", **parameters).flaw()
