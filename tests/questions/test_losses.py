"""Losses of classifiers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from quizgrad.bank import Bank
from quizgrad.generators.losses.softmax import IGNORED, CrossEntropyBatch
from quizgrad.verify import verified

ENTRY = Bank()["losses/cross_entropy_batch"]
GOLDEN = CrossEntropyBatch(
    (("1", "2", "0"), ("0", "0", "ln 2")), (1, 2), "mean", (), softmax=False, criterion="cross_entropy"
)
SINGLE = replace(GOLDEN, logits=(("0", "ln 3"),), labels=(1,))


def values(question: CrossEntropyBatch) -> dict[str, Any]:
    """What closed form and solver agree on."""
    item = verified(ENTRY, question, 2)
    return {blank: key.value for blank, key in item.answers.items()}


def test_golden_value_and_mistakes() -> None:
    assert values(GOLDEN)["loss"] == pytest.approx(0.5504, abs=5e-5)
    mistakes = {mistake.name: mistake.values["loss"] for mistake in GOLDEN.mistakes()}
    expected = {
        "double_softmax": 0.8681,
        "no_logarithm": -0.5826,
        "sum_not_mean": 1.1008,
        "mean_over_all_entries": 0.1835,
    }
    assert {name: mistakes[name] for name in expected} == pytest.approx(expected, abs=5e-5)


def test_one_sample() -> None:
    assert values(SINGLE) == {
        "probabilities": pytest.approx((0.25, 0.75)),
        "loss": pytest.approx(0.28768, abs=1e-5),
    }


def test_wrong_pipelines_return_what_the_mistakes_of_the_right_one_are() -> None:
    assert values(replace(GOLDEN, softmax=True))["loss"] == pytest.approx(0.8681, abs=5e-5)
    negative = replace(GOLDEN, softmax=True, criterion="nll_loss")
    assert values(negative)["loss"] == pytest.approx(-0.5826, abs=5e-5)
    assert values(negative)["losses"] == pytest.approx((-0.6652, -0.5), abs=5e-5)
    assert values(GOLDEN)["losses"][0] == pytest.approx(0.4076, abs=5e-5)


def test_class_weights_divide_by_the_weights_that_are_used() -> None:
    weighted = replace(GOLDEN, weights=(5, 1, 3))
    first, second = 0.407606, 0.693147
    found = values(weighted)
    assert found["losses"] == pytest.approx((first, 3 * second), abs=1e-5)
    assert found["loss"] == pytest.approx((first + 3 * second) / 4, abs=1e-5)
    mistakes = {mistake.name: mistake.values["loss"] for mistake in weighted.mistakes()}
    assert mistakes["divides_by_samples"] == pytest.approx((first + 3 * second) / 2, abs=1e-5)
    assert mistakes["divides_by_all_weights"] == pytest.approx((first + 3 * second) / 9, abs=1e-5)


def test_an_ignored_sample_does_not_count() -> None:
    ignoring = CrossEntropyBatch(
        (*GOLDEN.logits, ("0", "ln 5", "0")),
        (1, 2, IGNORED),
        "mean",
        (),
        softmax=False,
        criterion="cross_entropy",
    )
    found = values(ignoring)
    assert found["losses"] == pytest.approx((0.407606, 0.693147, 0), abs=1e-5)
    assert found["loss"] == pytest.approx(0.5504, abs=5e-5)
    mistakes = {mistake.name: mistake.values["loss"] for mistake in ignoring.mistakes()}
    assert mistakes["counts_the_ignored"] == pytest.approx(1.100753 / 3, abs=1e-5)


@pytest.mark.parametrize(
    "question", [GOLDEN, replace(GOLDEN, reduction="sum"), replace(GOLDEN, weights=(5, 1, 3))]
)
def test_wrong_losses_are_carried_by_closed_form_and_solver(question: CrossEntropyBatch) -> None:
    own = (0.5, 2.0)
    carried = question.consequences(losses=own)
    assert carried["loss"] == pytest.approx(2.5 / question.divisor)
    assert ENTRY.solve(question, {"losses": own})["loss"] == pytest.approx(carried["loss"])


def test_wrong_probabilities_are_carried_by_closed_form_and_solver() -> None:
    carried = SINGLE.consequences(probabilities=(0.5, 0.5))
    assert carried["loss"] == pytest.approx(0.693147, abs=1e-6)
    assert ENTRY.solve(SINGLE, {"probabilities": (0.5, 0.5)})["loss"] == pytest.approx(carried["loss"])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"reduction": "median"}, "reduction is mean or sum"),
        ({"criterion": "mse"}, "criterion is cross_entropy or nll_loss"),
        ({"logits": (), "labels": ()}, "one to six samples"),
        ({"logits": (("0",), ("1",))}, "two to six classes"),
        ({"labels": (1,)}, "one label"),
        ({"logits": (("0", "1"), ("0", "1", "2"))}, "a logit for each class"),
        ({"logits": (("0", "1", "one"), ("0", "1", "2"))}, "a logit is a number or a logarithm"),
        ({"logits": (("0", "1", "ln 0"), ("0", "1", "2"))}, "a logit is a number or a logarithm"),
        ({"logits": (("0", "1", "2 ln 2"), ("0", "1", "2"))}, "a logit is a number or a logarithm"),
        ({"logits": (("0", "1", "nan"), ("0", "1", "2"))}, "logits go from"),
        ({"logits": (("0", "1", "900"), ("0", "1", "2"))}, "logits go from"),
        ({"labels": (1, 3)}, "a label is a class"),
        ({"labels": (1, -1)}, "a label is a class"),
        ({"weights": (1, 2)}, "each class needs one weight"),
        ({"weights": (1, 2, 0)}, "each class needs one weight"),
        ({"weights": (1, 2, 2)}, "all weights that are used are equal"),
        ({"weights": (1, 2, 3), "softmax": True}, "one at a time"),
        ({"criterion": "nll_loss"}, "no meaning"),
        ({"labels": (1, IGNORED)}, "fewer than two samples"),
        ({"logits": (("0", "0", "0"), ("0", "1", "2"))}, "equal logits"),
        ({"logits": (("0", "1", "0"), ("0", "0", "1"))}, "all losses are equal"),
    ],
)
def test_refusals(changes: dict[str, object], reason: str) -> None:
    assert GOLDEN.flaw() is None
    assert reason in (replace(GOLDEN, **changes).flaw() or "")
