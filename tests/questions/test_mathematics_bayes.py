"""Posterior probabilities."""

from __future__ import annotations

from typing import Any

import pytest
from quizgrad.answers import SingleChoice

from .support import item, keys, mistakes, question

NAME = "mathematics/bayes"
GOLDEN = {
    "form": "classes",
    "story": 2,
    "priors": (0.01, 0.99),
    "likelihoods": ((0.9, 0.1),),
    "observed": (),
    "counts": (),
}
TEST = GOLDEN | {"form": "test", "likelihoods": ((0.9, 0.9),)}
NAIVE = GOLDEN | {
    "form": "naive",
    "story": 0,
    "priors": (0.5, 0.3, 0.2),
    "likelihoods": ((0.2, 0.5, 0.9), (0.4, 0.6, 0.5)),
    "observed": (True, False),
}
TABLE = GOLDEN | {
    "form": "table",
    "story": 0,
    "priors": (),
    "likelihoods": (),
    "counts": (5, 1, 2, 2, 0, 2, 2, 6),
}


def test_posterior_golden() -> None:
    found = item(NAME, **GOLDEN)
    assert keys(found) == {"evidence": pytest.approx(0.108), "posterior": pytest.approx(0.0833, abs=5e-5)}
    wrong = {name: values["posterior"] for name, values in mistakes(found).items() if "posterior" in values}
    assert wrong["forgets_prior"] == 0.9
    assert wrong["inverse_conditional"] == pytest.approx(0.009)
    assert wrong["evidence_missing_term"] == 1
    assert wrong["other_class"] == pytest.approx(0.9167, abs=5e-5)
    assert mistakes(found)["likelihoods_added"] == {"evidence": 1}


def test_equal_priors() -> None:
    wrong = mistakes(item(NAME, **GOLDEN | {"likelihoods": ((0.9, 0.3),)}))
    assert wrong["equal_priors"] == {"posterior": pytest.approx(0.75), "evidence": pytest.approx(0.6)}


def test_golden_as_a_test_with_sensitivity_and_specificity() -> None:
    found = item(NAME, **TEST)
    assert keys(found) == {
        "evidence": pytest.approx(0.108),
        "posterior": pytest.approx(1 / 12),
        "negative": pytest.approx(0.891 / 0.892),
    }
    wrong = mistakes(item(NAME, **TEST | {"likelihoods": ((0.8, 0.9),)}))
    assert wrong["specificity_for_false_alarms"]["evidence"] == pytest.approx(0.008 + 0.891)
    assert wrong["forgets_prior"] == {"posterior": 0.8, "negative": 0.9}
    assert wrong["complement_after_negative"]["negative"] == pytest.approx(0.099 / 0.107)


def test_naive_bayes() -> None:
    found = item(NAME, **NAIVE)
    assert keys(found) == {
        "joint": pytest.approx((0.06, 0.06, 0.09)),
        "posterior": pytest.approx((2 / 7, 2 / 7, 3 / 7)),
        "best": 3,
    }
    wrong = mistakes(found)
    assert wrong["forgets_prior"]["joint"] == pytest.approx((0.12, 0.2, 0.45))
    assert wrong["ignores_outcome"]["joint"] == pytest.approx((0.04, 0.09, 0.09))
    assert wrong["first_feature_only"]["joint"] == pytest.approx((0.1, 0.15, 0.18))
    assert wrong["inverse_conditional"]["posterior"] == pytest.approx((0.06, 0.06, 0.09))
    assert wrong["largest_prior"] == {"best": 1}
    assert wrong["counts_from_zero"] == {"best": 2}


def test_joint_table() -> None:
    found = item(NAME, **TABLE)
    answers = found.answers
    values = {name: vars(answers[name])["value"] for name in ("marginal", "given_c", "given_b_and_c")}
    assert values == pytest.approx({"marginal": 11 / 20, "given_c": 8 / 11, "given_b_and_c": 6 / 8})
    assert found.executed["independence"] == 1
    wrong = mistakes(found)
    assert wrong["forgets_condition"] == pytest.approx({"given_c": 0.5, "given_b_and_c": 8 / 12})
    assert wrong["joint_for_conditional"] == pytest.approx({"given_c": 0.4, "given_b_and_c": 0.3})
    assert wrong["condition_turned_round"]["given_b_and_c"] == pytest.approx(0.6)
    assert wrong["divides_by_c_only"]["given_b_and_c"] == pytest.approx(6 / 11)


def test_conditional_independence_is_not_independence() -> None:
    """Given C = 1 the variables are independent, over all cases they are not."""
    found = question(NAME, **TABLE | {"counts": (6, 1, 0, 2, 0, 2, 5, 4)})
    assert found.flaw() is None
    assert item(NAME, **found.parameters()).executed["independence"] == 0
    answer = found.answer()["independence"]
    assert isinstance(answer, SingleChoice)
    assert answer.right_origins == {0}
    assert "equal" in answer.options[1].why


def test_own_values_are_carried() -> None:
    assert question(NAME, **GOLDEN).consequences(evidence=0.018)["posterior"] == pytest.approx(0.5)
    own = question(NAME, **NAIVE).consequences(joint=(0.3, 0.1, 0.1))
    assert own["posterior"] == pytest.approx((0.6, 0.2, 0.2))
    assert own["best"] == 1
    assert question(NAME, **TABLE).consequences(marginal=0.8)["given_c"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is classes"),
        ({"story": 3}, "story from 0 to 2"),
        ({"priors": (0.2, 0.3, 0.5)}, "2 priors"),
        ({"counts": (1, 2)}, "no counts"),
        ({"observed": (True,)}, "none in the other forms"),
        (NAIVE | {"observed": (True,)}, "seen or not"),
        ({"likelihoods": ((0.1, 0.2, 0.3),)}, "a likelihood for each class"),
        ({"priors": (0.3, 0.6)}, "add up to 1"),
        ({"priors": (0.0, 1.0)}, "from 0.001"),
        ({"likelihoods": ((0.5, 0.5),)}, "tells nothing"),
        (TEST | {"likelihoods": ((0.3, 0.7),)}, "better than chance"),
        (NAIVE | {"likelihoods": ((0.2, 0.5, 0.6), (0.4, 0.6, 0.5))}, "nearly equally"),
        (TABLE | {"counts": (1, 1, 1, 1)}, "eight counts"),
        (TABLE | {"counts": (8, 1, 2, 2, 1, 2, 2, 6)}, "add up to 20"),
        (TABLE | {"story": 1}, "nor a story"),
        ({"likelihoods": ((1 / 3, 0.5),)}, "four decimals"),
        (TABLE | {"counts": (5, 0, 2, 2, 1, 2, 2, 6)}, "is impossible"),
    ],
)
def test_refusals(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **GOLDEN | changes).flaw() or "")
