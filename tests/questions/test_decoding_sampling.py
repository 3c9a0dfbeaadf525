"""Temperatures: golden examples, mistakes, carried errors and refusals."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "decoding/temperature_softmax"
GOLDEN: dict[str, Any] = {
    "form": "logits", "logits": ("ln 4", "ln 2", "0"), "probabilities": (), "temperature": 0.5,
    "ratio": 0, "kept": 0, "limit": "",
}  # fmt: skip
SHARES = GOLDEN | {"form": "probabilities", "logits": (), "probabilities": (0.6, 0.3, 0.1)}
CUT = GOLDEN | {"form": "truncated", "logits": ("ln 4", "ln 2", "0", "0"), "kept": 2}
RATIO = GOLDEN | {
    "form": "solve",
    "logits": ("ln 2", "0", "ln 3"),
    "temperature": 0.0,
    "ratio": 4,
    "limit": "zero",
}


def test_the_golden_distribution_and_its_mistakes() -> None:
    found = item(NAME, **GOLDEN)
    assert keys(found)["distribution"] == pytest.approx((16 / 21, 4 / 21, 1 / 21))
    wrong = mistakes(found)
    assert wrong["multiplies_by_temperature"]["distribution"] == pytest.approx(
        (0.4531, 0.3204, 0.2265), abs=1e-4
    )
    assert wrong["no_temperature"]["distribution"] == pytest.approx((0.5714, 0.2857, 0.1429), abs=1e-4)
    assert wrong["divides_after_softmax"]["distribution"] == pytest.approx((8 / 7, 4 / 7, 2 / 7))


def test_powers_of_probabilities() -> None:
    found = item(NAME, **SHARES)
    assert keys(found)["distribution"] == pytest.approx((36 / 46, 9 / 46, 1 / 46))
    wrong = mistakes(found)
    roots = (0.6**0.5, 0.3**0.5, 0.1**0.5)
    assert wrong["raises_to_temperature"]["distribution"] == pytest.approx(
        [root / sum(roots) for root in roots]
    )
    assert wrong["not_normalized"]["distribution"] == pytest.approx((0.36, 0.09, 0.01))
    assert wrong["entropy_in_nats"]["entropy"] == pytest.approx(0.594, abs=1e-3)


def test_the_most_probable_tokens_share_all() -> None:
    found = item(NAME, **CUT)
    assert keys(found)["truncated"] == pytest.approx((0.8, 0.2, 0, 0))
    assert keys(found)["entropy"] == pytest.approx(0.7219, abs=1e-4)
    assert mistakes(found)["truncated_not_normalized"]["truncated"] == pytest.approx((16 / 22, 4 / 22, 0, 0))
    carried = question(NAME, **CUT).consequences(distribution=(0.5, 0.5, 0, 0))
    assert carried["truncated"] == (0.5, 0.5, 0, 0)
    assert carried["entropy"] == 1


def test_the_temperature_of_a_ratio() -> None:
    found = item(NAME, **RATIO)
    assert found.answers["temperature"].value == pytest.approx(0.5)
    assert found.answers["distribution"].value == pytest.approx((4 / 14, 1 / 14, 9 / 14))
    assert mistakes(found)["inverse_temperature"]["temperature"] == pytest.approx(2)
    right = [option.name for option in found.answers["limit"].options if option.right]
    assert right == ["zero"]


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (GOLDEN | {"form": "other"}, "form is one of"),
        (GOLDEN | {"logits": ("ln x", "0")}, "such as 0.5"),
        (GOLDEN | {"logits": ("nan", "0")}, "between -10 and 10"),
        (GOLDEN | {"logits": ("٣", "0")}, "such as 0.5"),
        (GOLDEN | {"temperature": 1 / 6}, "two decimals"),
        (GOLDEN | {"logits": ("0",)}, "2 to 6 logits"),
        (SHARES | {"probabilities": (0.6, 0.6)}, "add up to 1"),
        (SHARES | {"logits": ("0", "1")}, "no logits"),
        (GOLDEN | {"temperature": 1.0}, "not at 1"),
        (GOLDEN | {"temperature": 100.0}, "from 0.1 to 10"),
        (GOLDEN | {"logits": ("0", "0")}, "equally probable"),
        (GOLDEN | {"logits": ("5", "0")}, "less than 0.01"),
        (GOLDEN | {"kept": 2}, "only the form truncated"),
        (CUT | {"kept": 4}, "not all"),
        (CUT | {"kept": 3}, "which tokens are kept"),
        (RATIO | {"logits": ("0", "ln 2", "ln 3")}, "first token is not more probable"),
        (RATIO | {"limit": "one"}, "the limit zero or infinity"),
        (RATIO | {"ratio": 2}, "not at 1"),
    ],
)
def test_unfair_temperatures_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(NAME, **parameters).flaw()
