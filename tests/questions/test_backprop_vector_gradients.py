"""Gradients by a vector: golden examples, the forms, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

A = ((1, 2), (0, 3))
QUADRATIC: dict[str, Any] = {"form": "quadratic", "x": (1, 2), "matrices": (A,), "vectors": ()}
RESIDUALS = QUADRATIC | {"form": "least_squares", "vectors": ((4, 5),)}
COMPOSITE = QUADRATIC | {"form": "composite", "vectors": ((1, 1, 2),)}
BILINEAR = QUADRATIC | {"form": "bilinear", "matrices": (A, A, A), "vectors": ((1, 0), (0, 1))}


def test_the_golden_quadratic_form() -> None:
    found = item("backprop/vector_gradient", **QUADRATIC)
    assert keys(found) == {"value": 17, "gradient": (6, 14)}
    wrong = {name: values["gradient"] for name, values in mistakes(found).items()}
    assert wrong == {
        "takes_the_matrix_as_symmetric": (10, 12),
        "differentiates_one_factor": (5, 6),
        "differentiates_the_other_factor": (1, 8),
    }


@pytest.mark.parametrize(
    ("form", "matrices", "vectors", "value", "gradient"),
    [
        ("linear", (), ((3, -1),), 1, (3, -1)),
        ("norm", (), (), 5, (2, 4)),
        ("symmetric", (((1, 2), (2, 3)),), (), 21, (10, 16)),
    ],
)
def test_simple_functions(
    form: str, matrices: Any, vectors: Any, value: int, gradient: tuple[int, ...]
) -> None:
    found = item("backprop/vector_gradient", form=form, x=(1, 2), matrices=matrices, vectors=vectors)
    assert keys(found) == {"value": value, "gradient": gradient}


def test_residuals_go_back_through_the_transpose() -> None:
    found = item("backprop/vector_gradient", **RESIDUALS)
    assert keys(found) == {"inner": (1, 1), "value": 2, "gradient": (2, 10)}
    assert mistakes(found)["forgets_the_transpose"] == {"gradient": (6, 6)}
    assert mistakes(found)["forgets_the_targets"]["inner"] == (5, 6)
    assert question("backprop/vector_gradient", **RESIDUALS).consequences(inner=(0, 1))["gradient"] == (0, 6)


def test_the_chain_rule() -> None:
    found = item("backprop/vector_gradient", **COMPOSITE)
    assert keys(found) == {"inner": (5, 6), "outer": (16, 29), "gradient": (16, 119)}
    assert mistakes(found)["forgets_the_inner_derivative"] == {"gradient": (16, 29)}
    assert question("backprop/vector_gradient", **COMPOSITE).consequences(outer=(1, 0))["gradient"] == (1, 2)


def test_both_affine_maps_contribute() -> None:
    found = item("backprop/vector_gradient", **BILINEAR)
    assert keys(found)["inner"] == (6, 6)
    assert keys(found)["right"] == (5, 7)
    assert keys(found)["gradient"] == (19 + 6, 101 + 102)
    assert mistakes(found)["differentiates_one_factor"] == {"gradient": (19, 101)}


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (QUADRATIC | {"form": "cubic"}, "form is one of"),
        (QUADRATIC | {"matrices": ()}, "other matrices"),
        (QUADRATIC | {"matrices": (((1, 2),),)}, "rows and columns"),
        (QUADRATIC | {"matrices": (((1, 2), (2, 3)),)}, "hides a transposition"),
        (QUADRATIC | {"form": "symmetric"}, "not symmetric"),
        (QUADRATIC | {"form": "symmetric", "matrices": (((2, 0), (0, 3)),)}, "diagonal"),
        (COMPOSITE | {"vectors": ((1, 0, 2),)}, "missing"),
        (COMPOSITE | {"x": (1, 2, 3)}, "rows and columns"),
        (QUADRATIC | {"x": (0, 0)}, "gradient is zero"),
        (QUADRATIC | {"x": (100, 1)}, "larger than"),
        (RESIDUALS | {"vectors": ((1,),)}, "does not fit"),
    ],
)
def test_unfair_functions_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question("backprop/vector_gradient", **parameters).flaw()
