"""Attention of one query, and the variance of its scores."""

from __future__ import annotations

import math
from typing import Any

import pytest

from .support import BANK, item, keys, mistakes, question

NAME = "attention/scaled_dot_product"
GOLDEN = {
    "form": "attend",
    "query": ("ln 9", "0", "0", "0"),
    "keys": ((1, 0, 0, 0), (0, 0, 0, 0)),
    "values": ((4, 0), (0, 8)),
    "masked": (False, False),
}
MASKED = {
    "form": "attend",
    "query": ("1", "1"),
    "keys": ((1, 1), (1, 0), (0, 0)),
    "values": ((3, 6), (1, 0), (8, 2)),
    "masked": (True, False, False),
}
TEMPERATURE = MASKED | {"form": "temperature", "query": ("2", "0"), "masked": (False, False, False)}
TEMPERATURE |= {"keys": ((2, 1), (1, 0), (0, 0))}


def test_golden_value() -> None:
    assert keys(item(NAME, **GOLDEN)) == {
        "scores": pytest.approx((math.log(3), 0)),
        "weights": pytest.approx((0.75, 0.25)),
        "output": pytest.approx((3, 2)),
    }


def test_golden_mistakes() -> None:
    found = mistakes(item(NAME, **GOLDEN))
    assert found["no_scale"]["output"] == pytest.approx((3.6, 0.8))
    assert found["divides_by_dimension"]["output"] == pytest.approx((2.5359, 2.9282), abs=5e-5)
    assert found["picks_the_best"]["output"] == (4, 0)
    assert found["scales_after_softmax"]["output"] == pytest.approx((1.8, 0.4))


def test_keys_are_averaged_only_where_they_have_the_length_of_values() -> None:
    assert "uses_keys_as_values" not in mistakes(item(NAME, **GOLDEN))
    small = item(NAME, **GOLDEN | {"query": ("2", "0"), "keys": ((1, 0), (0, 1))})
    weight = 1 / (1 + math.exp(-math.sqrt(2)))
    assert mistakes(small)["uses_keys_as_values"]["output"] == pytest.approx((weight, 1 - weight))


def test_a_masked_key_has_a_score_but_no_weight() -> None:
    found = keys(item(NAME, **MASKED))
    assert found["scores"] == pytest.approx((math.sqrt(2), math.sqrt(0.5), 0))
    assert found["weights"][0] == 0
    assert sum(found["weights"]) == pytest.approx(1)


def test_mistakes_about_the_mask() -> None:
    first, second, third = math.exp(math.sqrt(2)), math.exp(math.sqrt(0.5)), 1.0
    found = mistakes(item(NAME, **MASKED))
    assert found["ignores_mask"]["weights"][0] == pytest.approx(first / (first + second + third))
    assert found["masks_with_zero"]["weights"][0] == pytest.approx(1 / (1 + second + third))
    assert sum(found["masks_the_weights"]["weights"]) == pytest.approx(
        (second + third) / (first + second + third)
    )
    assert {"ignores_mask", "masks_with_zero"}.isdisjoint(mistakes(item(NAME, **GOLDEN)))


def test_a_temperature_sharpens_and_evens_out() -> None:
    found = keys(item(NAME, **TEMPERATURE))
    assert found["products"] == (4, 2, 0)
    assert found["weights"][0] > found["flat_weights"][0] > 1 / 3
    assert found["coldest"] == (3, 6)
    assert found["hottest"] == pytest.approx((4, 8 / 3))
    wrong = mistakes(item(NAME, **TEMPERATURE))
    assert wrong["limits_swapped"]["hottest"] == (3, 6)
    assert wrong["sums_the_values"]["hottest"] == (12, 8)
    assert wrong["uses_keys_as_values"]["coldest"] == (2, 1)
    assert wrong["divides_by_dimension"]["weights"] == pytest.approx(found["flat_weights"])
    assert wrong["root_for_dimension"]["flat_weights"] == pytest.approx(found["weights"])


@pytest.mark.parametrize("wrong", [{"scores": (1.0, 0.5, 2.0)}, {"weights": (0.2, 0.3, 0.5)}])
def test_errors_are_carried_by_closed_form_and_solver(wrong: dict[str, tuple[float, ...]]) -> None:
    masked = question(NAME, **MASKED)
    carried, solved = masked.consequences(**wrong), BANK[NAME].solve(masked, wrong)
    assert carried["output"] == pytest.approx(solved["output"])
    assert carried["output"] != pytest.approx(keys(item(NAME, **MASKED))["output"])
    if "scores" in wrong:
        assert carried["weights"] == pytest.approx(solved["weights"])
    else:
        assert carried["output"] == pytest.approx((0.2 * 3 + 0.3 + 4, 1.2 + 1))


def test_a_wrong_product_changes_weights_and_the_best_key() -> None:
    carried = question(NAME, **TEMPERATURE).consequences(products=(1, 2, 0))
    assert carried["coldest"] == (1, 0)
    assert carried["weights"][1] == pytest.approx(0.5760, abs=5e-5)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "attend or temperature"),
        ({"query": ()}, "one to sixteen components"),
        ({"keys": ((1, 1),)}, "two to eight keys"),
        ({"query": ("1", "1", "1")}, "do not fit together"),
        ({"values": ((3, 6), (1, 0))}, "do not fit together"),
        ({"masked": (True, False)}, "do not fit together"),
        ({"values": ((3, 6), (1, 0), (8,))}, "different lengths"),
        ({"values": ((), (), ())}, "different lengths"),
        ({"query": ("1", "one")}, "number or a logarithm"),
        ({"query": ("1", "nan")}, "entries go from"),
        ({"query": ("1", "inf")}, "entries go from"),
        ({"values": ((3, 6), (1, 0), (8, 1000))}, "entries go from"),
        ({"masked": (True, True, False)}, "fewer than two keys"),
        ({"keys": ((1, 1), (1, 0), (0, 1))}, "all equal or saturated"),
        ({"keys": ((1, 1), (1, 0), (1, 0))}, "two keys are equal"),
        ({"keys": ((9, 9), (9, 0), (0, 0))}, "all equal or saturated"),
        ({"keys": ((-5, -5), (1, 0), (0, 0))}, "hardly matters"),
        ({"values": ((3, 6), (1, 0), (1, 0))}, "values are all equal"),
        ({"form": "temperature"}, "there is no mask"),
        ({"form": "temperature", "masked": (False,) * 3, "query": ("0.5", "1")}, "whole numbers"),
        ({"form": "temperature", "masked": (False,) * 3, "keys": ((1, 0), (0, 1), (0, 0))}, "two keys share"),
    ],
)
def test_refusals(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **MASKED | changes).flaw() or "")


VARIANCE = "attention/score_variance"
UNIT = {"form": "unit", "size": 4, "query_variance": 1, "key_variance": 1, "divisor": "", "scores": ()}
GENERAL = UNIT | {"form": "general", "query_variance": 4, "key_variance": 0.5}
SCALE = UNIT | {"form": "scale", "query_variance": 4, "key_variance": 0.25, "size": 9, "divisor": "dimension"}
SOFTMAX = UNIT | {"form": "softmax", "scores": (4, 0)}


def test_golden_variance_of_unit_entries() -> None:
    found = item(VARIANCE, **UNIT)
    assert keys(found) == {"mean": 0, "variance": 4, "deviation": 2, "scaled": 1}
    assert mistakes(found)["deviation_for_variance"]["variance"] == 2
    assert mistakes(found)["squares_the_dimension"]["variance"] == 16


def test_variances_of_entries_multiply() -> None:
    found = item(VARIANCE, **GENERAL)
    assert keys(found) == {"product": 2, "variance": 8, "scaled": 2, "over_dimension": 0.5}
    wrong = mistakes(found)
    assert wrong["one_variance"]["product"] == 4
    assert wrong["variances_added"]["product"] == 4.5
    assert wrong["dimension_gives_one"] == {"over_dimension": 1}
    assert wrong["divides_once"] == {"scaled": 4, "over_dimension": 2}


def test_golden_quarter_by_the_dimension() -> None:
    found = keys(item(VARIANCE, **GENERAL | {"query_variance": 2}))  # the golden's product of variances is 1
    assert found == {"product": 1, "variance": 4, "scaled": 1, "over_dimension": 0.25}


@pytest.mark.parametrize(
    ("divisor", "variance", "growth"), [("nothing", 9, 0), ("root", 1, 1), ("dimension", 1 / 9, 2)]
)
def test_what_divisors_do(divisor: str, variance: float, growth: int) -> None:
    found = item(VARIANCE, **SCALE | {"divisor": divisor})
    assert found.answers["right_divisor"].value == 3
    assert found.answers["divided"].value == pytest.approx(variance)
    assert found.executed["growth"] == growth
    assert found.answers["growth"].agrees(growth)


def test_a_softmax_without_scale_saturates() -> None:
    found = item(VARIANCE, **SOFTMAX)
    assert keys(found) == {
        "weights": pytest.approx((0.98201379, 0.01798621)),
        "scaled": pytest.approx((0.88079708, 0.11920292)),
        "slope": pytest.approx(0.01766271),
        "scaled_slope": pytest.approx(0.10499359),
    }
    assert mistakes(found)["weights_swapped"]["scaled_slope"] == pytest.approx(0.01766271)
    assert mistakes(found)["slope_is_the_weight"]["slope"] == pytest.approx(0.98201379)


def test_errors_in_variances_are_carried() -> None:
    assert question(VARIANCE, **UNIT).consequences(variance=16)["deviation"] == 4
    assert question(VARIANCE, **GENERAL).consequences(product=3)["variance"] == 12
    assert question(VARIANCE, **SCALE).consequences(variance=16)["right_divisor"] == 4
    assert question(VARIANCE, **SOFTMAX).consequences(weights=(0.9, 0.1))["slope"] == pytest.approx(0.09)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is unit"),
        ({"size": 10**9}, "between 4 and 1024"),
        ({"query_variance": math.nan}, "at most two decimals"),
        ({"query_variance": 0.125}, "at most two decimals"),
        ({"key_variance": -1.0}, "between 0.01 and 100"),
        ({"divisor": "cube"}, "only the form scale"),
        ({"divisor": "root"}, "only the form scale"),
        ({"form": "scale"}, "only the form scale"),
        ({"scores": (1, 2)}, "only the form softmax"),
        ({"query_variance": 2.0}, "both 1"),
        ({"form": "general"}, "both 1"),
        ({"form": "softmax", "scores": (1,)}, "two to five scores"),
        ({"form": "softmax", "scores": (1, 10**30)}, "two to five scores"),
        ({"form": "softmax", "scores": (1, 2)}, "3 to 7 larger"),
    ],
)
def test_refusals_of_variances(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(VARIANCE, **UNIT | changes).flaw() or "")
