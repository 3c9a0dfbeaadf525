"""Skip-gram probabilities: golden examples, mistakes, carried errors and refusals."""

from __future__ import annotations

import math
from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "embeddings/skipgram_probability"
GOLDEN: dict[str, Any] = {
    "form": "softmax", "centre": (1, 0), "outputs": ((1, 1), (0, 1), (0, 2)), "context": 0, "logarithm": 3,
    "inputs": (2, 1),
}  # fmt: skip
NEGATIVE = GOLDEN | {"form": "negative", "outputs": ((1, 1), (0, 1))}


def test_the_golden_probability() -> None:
    found = item(NAME, **GOLDEN)
    assert keys(found)["probabilities"] == pytest.approx((0.6, 0.2, 0.2))
    assert keys(found)["loss"] == pytest.approx(0.5108, abs=1e-4)
    wrong = mistakes(found)
    assert wrong["uses_input_vector"]["probabilities"] == pytest.approx((9 / 11, 1 / 11, 1 / 11))
    assert wrong["no_exponential"]["probabilities"] == (1, 0, 0)
    assert question(NAME, **GOLDEN).consequences(probabilities=(0.5, 0.25, 0.25))["loss"] == pytest.approx(
        math.log(2)
    )


def test_negative_sampling() -> None:
    found = item(NAME, **NEGATIVE)
    assert keys(found)["loss"] == pytest.approx(0.9808, abs=1e-4)
    assert keys(found)["gradient"] == pytest.approx((-0.25, 0.25))
    wrong = mistakes(found)
    assert wrong["sign_missing_on_context"]["loss"] == pytest.approx(2.0794, abs=1e-4)
    assert wrong["softmax_over_sampled_only"]["loss"] == pytest.approx(-math.log(0.75))
    assert wrong["gradient_of_context_only"]["gradient"] == pytest.approx((-0.25, -0.25))


def test_the_gradient_is_the_expected_vector_minus_that_of_the_context() -> None:
    found = item(NAME, **GOLDEN | {"form": "gradient"})
    assert keys(found)["gradient"] == pytest.approx((-0.4, 0.2))
    assert mistakes(found)["gradient_without_expectation"]["gradient"] == (-1, -1)
    assert mistakes(found)["gradient_of_log_probability"]["gradient"] == pytest.approx((0.4, -0.2))


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (GOLDEN | {"form": "cbow"}, "form is one of"),
        (GOLDEN | {"logarithm": 1}, "ln 2 to ln 5"),
        (GOLDEN | {"context": 3}, "one of which"),
        (GOLDEN | {"inputs": (1, 2, 3)}, "same number of entries"),
        (GOLDEN | {"centre": (0, 0)}, "centre is zero"),
        (GOLDEN | {"centre": (10**9, 0)}, "larger than 9"),
        (NEGATIVE | {"context": 1}, "comes first"),
        (GOLDEN | {"outputs": ((1, 1), (1, 1))}, "same output vector"),
        (GOLDEN | {"outputs": ((1, 1), (1, 2))}, "all equal"),
        (GOLDEN | {"outputs": ((4, 1), (0, 2))}, "smaller than 0.02"),
    ],
)
def test_unfair_words_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(NAME, **parameters).flaw()
