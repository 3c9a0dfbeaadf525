"""The chain rule along several paths: the golden example, other spellings, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, mistakes, question

NAME = "backprop/chain_rule_symbolic"
GOLDEN: dict[str, Any] = {"outer": "u*v", "inner": ("t^2", "3*t + 1"), "at": 2}


def test_the_golden_product() -> None:
    found = item(NAME, **GOLDEN)
    assert found.answers["total"].judge("9t^2 + 2t").right
    assert found.answers["total"].judge("2t(3t+1) + 3t^2").right
    assert found.answers["value"].value == 40
    wrong = {name: values["value"] for name, values in mistakes(found).items()}
    assert wrong["takes_one_path"] == 28
    assert wrong["multiplies_the_slopes"] == 12
    assert wrong["forgets_the_inner_derivatives"] == 11
    assert wrong["adds_the_slopes"] == 7


def test_three_paths_and_quotients() -> None:
    three = item(NAME, outer="u*v*w", inner=("t", "t + 1", "t^2"), at=1)
    assert three.answers["total"].judge("4t^3 + 3t^2").right
    assert three.answers["value"].value == 7
    quotient = item(NAME, outer="u/v", inner=("t^2", "t + 1"), at=1)
    assert quotient.answers["value"].value == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"inner": ("t",)}, "two or three"),
        ({"outer": "u*"}, "cannot be differentiated"),
        ({"outer": "u*sin(q)"}, "cannot be differentiated"),
        ({"outer": "u^2"}, "does not occur"),
        ({"outer": "u + v", "inner": ("t", "2*t")}, "constant"),
        ({"inner": ("t^2", "t^2"), "outer": "u - v"}, "constant"),
        ({"at": 0}, "zero or very large"),
        ({"at": 500}, "place is at most"),
        ({"outer": "u*v" + "*u" * 30}, "more than 40"),
        ({"outer": "((u^9)^9)^9*v"}, "degree is above 4"),
        ({"outer": "sin(u)*v"}, "no polynomial"),
        ({"outer": "u*v*e"}, "no polynomial"),
        ({"outer": "u^v"}, "no polynomial"),
        ({"inner": ("t^2", "exp(t)")}, "no polynomial"),
        ({"inner": ("0.5*t", "t")}, "no polynomial"),
        ({"inner": ("t^2000000000", "t")}, "degree is above 4"),
        ({"inner": ("1/t", "t + 2")}, "intermediate variables are polynomials"),
        ({"inner": ("2", "t")}, "does not occur"),
        ({"outer": "u/v", "inner": ("t^2 - t", "t"), "at": 0}, "cannot be differentiated"),
        ({"outer": "u/v", "inner": ("t", "t - 2")}, "cannot be differentiated"),
    ],
)
def test_unfair_functions_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question(NAME, **GOLDEN | changes).flaw()
