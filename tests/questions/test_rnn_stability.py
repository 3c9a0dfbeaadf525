"""Vanishing and exploding products: golden examples, mistakes, carried errors and refusals."""

from __future__ import annotations

import math
from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "rnn/vanishing_product"
SCALAR: dict[str, Any] = {"form": "scalar", "weights": (0.9,), "steps": 10, "threshold": 0.0}
DIAGONAL = SCALAR | {"form": "diagonal", "weights": (0.5, 1.2), "steps": 5, "threshold": 0.01}
TRIANGULAR = SCALAR | {"form": "triangular", "weights": (0.5, 0.5, 10.0), "steps": 4}
GATES = SCALAR | {"form": "gates", "weights": (1.2, 0.5, 0.95), "steps": 5, "threshold": 0.1}


def test_the_golden_powers() -> None:
    found = item(NAME, **SCALAR)
    assert keys(found) == {"factor": pytest.approx(0.3487, abs=1e-4), "behaviour": "vanishes"}
    wrong = mistakes(found)
    assert wrong["steps_times_weight"]["factor"] == pytest.approx(9)
    assert wrong["one_step_less"]["factor"] == pytest.approx(0.3874, abs=1e-4)
    assert question(NAME, **SCALAR).consequences(factor=9.0)["behaviour"] == "explodes"


def test_the_golden_number_of_steps() -> None:
    found = item(NAME, **DIAGONAL)
    assert keys(found)["below"] == 7
    assert keys(found)["factors"] == pytest.approx((0.5**5, 1.2**5))
    assert mistakes(found)["last_step_above"] == {"below": 6}


def test_a_matrix_of_large_norm_vanishes() -> None:
    found = item(NAME, **TRIANGULAR)
    assert keys(found)["corner"] == pytest.approx(4 * 10 * 0.5**3)
    assert (keys(found)["radius"], keys(found)["behaviour"]) == (0.5, "vanishes")
    assert math.hypot(0.5, 0.5, 10) == pytest.approx(10.02, abs=0.01)
    wrong = mistakes(found)
    assert wrong["entry_for_radius"] == {"radius": 10, "behaviour": "explodes"}
    assert wrong["powers_of_entries"] == {"corner": 10**4}


def test_a_gate_keeps_more() -> None:
    found = item(NAME, **GATES)
    assert keys(found)["factors"] == pytest.approx((0.6**5, 0.95**5))
    assert (keys(found)["below"], keys(found)["below_gate"]) == (5, 45)
    assert keys(found)["kept"] == pytest.approx((0.95 / 0.6) ** 5)
    assert question(NAME, **GATES).consequences(factors=(0.1, 0.5))["kept"] == 5


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (SCALAR | {"form": "other"}, "form is scalar"),
        (SCALAR | {"weights": (0.9, 0.8)}, "form is scalar"),
        (SCALAR | {"weights": (math.nan,)}, "all weights are positive"),
        (SCALAR | {"weights": (-0.9,)}, "all weights are positive"),
        (SCALAR | {"steps": 10**9}, "2 to 200 steps"),
        (SCALAR | {"threshold": 0.1}, "a threshold"),
        (SCALAR | {"weights": (1.0,)}, "a factor is 1"),
        (DIAGONAL | {"weights": (1.5, 1.2)}, "threshold grows"),
        (GATES | {"weights": (1.2, 0.5, 1.2)}, "between 0 and 1"),
        (DIAGONAL | {"threshold": 0.125}, "close to the threshold"),
        (SCALAR | {"weights": (2.0,)}, "larger than 200"),
        (SCALAR | {"weights": (0.5,)}, "smaller than 0.005"),
    ],
)
def test_unfair_products_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(NAME, **parameters).flaw()
