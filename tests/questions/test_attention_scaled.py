"""Attention."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from quizgrad.bank import Bank
from quizgrad.generators.attention.scaled import ScaledDotProduct
from quizgrad.verify import verified

ENTRY = Bank()["attention/scaled_dot_product"]
TWO_LN_3 = 2 * math.log(3)
GOLDEN = ScaledDotProduct((TWO_LN_3, 0, 0, 0), ((1, 0, 0, 0), (0, 0, 0, 0)), ((4, 0), (0, 8)), (False, False))
MASKED = ScaledDotProduct((1, 1), ((1, 1), (1, 0), (0, 0)), ((3, 6), (1, 0), (8, 2)), (True, False, False))


def test_golden_value() -> None:
    item = verified(ENTRY, GOLDEN, 1)
    assert item.answers["scores"].value == pytest.approx((math.log(3), 0))
    assert item.answers["weights"].value == pytest.approx((0.75, 0.25))
    assert item.answers["output"].value == pytest.approx((3, 2))


def test_golden_mistakes() -> None:
    outputs = {mistake.name: mistake.values["output"] for mistake in GOLDEN.mistakes()}
    assert outputs["no_scale"] == pytest.approx((3.6, 0.8))
    assert outputs["divides_by_dimension"] == pytest.approx((2.5359, 2.9282), abs=5e-5)
    assert outputs["picks_the_best"] == (4, 0)
    assert outputs["scales_after_softmax"] == pytest.approx((1.8, 0.4))


def test_keys_are_averaged_only_where_they_have_the_length_of_values() -> None:
    assert GOLDEN.uses_keys_as_values() is None
    small = replace(GOLDEN, query=(2, 0), keys=((1, 0), (0, 1)))
    weight = 1 / (1 + math.exp(-math.sqrt(2)))
    assert small.uses_keys_as_values() == {"output": pytest.approx((weight, 1 - weight))}


def test_a_masked_key_has_a_score_but_no_weight() -> None:
    item = verified(ENTRY, MASKED, 3)
    assert item.answers["scores"].value == pytest.approx((math.sqrt(2), math.sqrt(0.5), 0))
    assert item.answers["weights"].value[0] == 0
    assert sum(item.answers["weights"].value) == pytest.approx(1)


def test_mistakes_about_the_mask() -> None:
    first, second, third = math.exp(math.sqrt(2)), math.exp(math.sqrt(0.5)), 1.0
    weights = {mistake.name: mistake.values.get("weights") for mistake in MASKED.mistakes()}
    assert weights["ignores_mask"][0] == pytest.approx(first / (first + second + third))
    assert weights["masks_with_zero"][0] == pytest.approx(1 / (1 + second + third))
    assert {"ignores_mask", "masks_with_zero"}.isdisjoint(mistake.name for mistake in GOLDEN.mistakes())


@pytest.mark.parametrize("wrong", [{"scores": (1.0, 0.5, 2.0)}, {"weights": (0.2, 0.3, 0.5)}])
def test_errors_are_carried_by_closed_form_and_solver(wrong: dict[str, tuple[float, ...]]) -> None:
    carried = MASKED.consequences(**wrong)
    solved = ENTRY.solve(MASKED, wrong)
    assert carried["output"] == pytest.approx(solved["output"])
    assert carried["output"] != pytest.approx(MASKED.answer()["output"].value)
    if "scores" in wrong:
        assert carried["weights"] == pytest.approx(solved["weights"])
    else:
        assert carried["output"] == pytest.approx((0.2 * 3 + 0.3 + 4, 1.2 + 1))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"query": ()}, "one to sixteen components"),
        ({"keys": ((1, 1),)}, "two to eight keys"),
        ({"query": (1, 1, 1)}, "do not fit together"),
        ({"values": ((3, 6), (1, 0))}, "do not fit together"),
        ({"masked": (True, False)}, "do not fit together"),
        ({"values": ((3, 6), (1, 0), (8,))}, "different lengths"),
        ({"values": ((), (), ())}, "different lengths"),
        ({"values": ((3, 6), (1, 0), (8, 1000))}, "entries go from"),
        ({"masked": (True, True, False)}, "fewer than two keys"),
        ({"keys": ((1, 1), (1, 0), (0, 1))}, "all equal or saturated"),
        ({"keys": ((9, 9), (9, 0), (0, 0))}, "all equal or saturated"),
        ({"keys": ((-5, -5), (1, 0), (0, 0))}, "hardly matters"),
    ],
)
def test_refusals(changes: dict[str, object], reason: str) -> None:
    assert MASKED.flaw() is None
    assert reason in (replace(MASKED, **changes).flaw() or "")
