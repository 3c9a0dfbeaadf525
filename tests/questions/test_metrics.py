"""Metrics of classifiers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from quizgrad.bank import Bank
from quizgrad.generators.metrics import BinaryScores, TopkError
from quizgrad.question import Given
from quizgrad.verify import verified

ENTRY = Bank()["metrics/binary_scores"]
TOPK_ENTRY = Bank()["metrics/topk_error"]


def scored(given_as: str, hits: int, false_alarms: int, misses: int, rejections: int) -> BinaryScores:
    """The question about these counts."""
    labels = (1,) * hits + (0,) * false_alarms + (1,) * misses + (0,) * rejections
    predictions = (1,) * (hits + false_alarms) + (0,) * (misses + rejections)
    return BinaryScores(given_as, labels, predictions, "actual")


GOLDEN = scored("matrix", 6, 2, 4, 8)
LIST = scored("list", 3, 1, 2, 4)


def test_golden_values() -> None:
    item = verified(ENTRY, GOLDEN, 1)
    found = {blank: key.value for blank, key in item.answers.items()}
    assert found == pytest.approx({"accuracy": 0.7, "precision": 0.75, "recall": 0.6, "f1": 2 / 3})


def test_golden_mistakes() -> None:
    mistakes = {mistake.name: mistake.values for mistake in GOLDEN.mistakes()}
    assert mistakes["swaps_rows_and_columns"] == pytest.approx({"precision": 0.6, "recall": 0.75})
    assert mistakes["arithmetic_mean"] == pytest.approx({"f1": 0.675})
    assert mistakes["accuracy_for_f1"] == pytest.approx({"f1": 0.7})
    assert mistakes["precision_over_all"] == pytest.approx({"precision": 0.3})
    assert mistakes["accuracy_without_true_negatives"] == pytest.approx({"accuracy": 0.5})
    assert mistakes["half_of_f1"] == pytest.approx({"f1": 1 / 3})
    assert mistakes["error_rate_for_accuracy"] == pytest.approx({"accuracy": 0.3})


def test_calling_everything_positive_where_positives_are_rare() -> None:
    assert scored("matrix", 5, 95, 0, 0).answer()["f1"].value == pytest.approx(0.0952, abs=5e-5)


def test_the_matrix_is_turned_with_its_rows() -> None:
    assert GOLDEN.matrix == ((6, 4), (2, 8))
    assert replace(GOLDEN, rows_are="predicted").matrix == ((6, 2), (4, 8))
    wrong = {m.name: m.sentence for m in replace(GOLDEN, rows_are="predicted").mistakes()}
    assert "the predicted classes" in wrong["swaps_rows_and_columns"]


def test_counts_are_asked_where_they_are_not_given() -> None:
    assert list(verified(ENTRY, LIST, 2).answers)[:4] == ["tp", "fp", "fn", "tn"]
    assert "tp" not in GOLDEN.answer()


def test_interchanged_errors_are_carried_to_the_scores() -> None:
    wrong = LIST.swaps_errors()
    assert (wrong["fp"], wrong["fn"]) == (2, 1)
    assert (wrong["precision"], wrong["recall"]) == pytest.approx((3 / 5, 3 / 4))
    assert wrong["f1"] == pytest.approx(LIST.answer()["f1"].value)


def test_own_precision_is_carried_to_f1() -> None:
    assert GOLDEN.consequences(precision=0.5, recall=0.5)["f1"] == pytest.approx(0.5)
    with pytest.raises(ZeroDivisionError):
        GOLDEN.consequences(precision=0.0, recall=0.0)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (replace(GOLDEN, given_as="words"), "given_as is"),
        (replace(GOLDEN, rows_are="both"), "rows_are is"),
        (replace(GOLDEN, labels=GOLDEN.labels[1:]), "as many zeros and ones"),
        (replace(GOLDEN, labels=(2, *GOLDEN.labels[1:])), "as many zeros and ones"),
        (scored("matrix", 0, 2, 4, 8), "at least 1"),
        (scored("matrix", 6, 2, 4, 400), "at most 400"),
        (scored("list", 6, 2, 4, 8), "8 to 14 entries"),
        (scored("matrix", 6, 3, 3, 8), "swapped cells"),
        (scored("matrix", 6, 2, 4, 6), "swapped cells"),
        (scored("rates", 8, 2, 4, 6), "not the rare one"),
        (scored("rates", 1, 2, 6, 30), "hardly ever found"),
    ],
)
def test_refusals(question: BinaryScores, reason: str) -> None:
    assert GOLDEN.flaw() is None
    assert reason in (question.flaw() or "")


TOPK = TopkError(((3, 1, 0), (0, 2, 1), (5, 4, 1), (1, 2, 3)), (0, 2, 1, 0), 2, (0, 0))
TIED = replace(TOPK, scores=((1, 3, 3), *TOPK.scores[1:]), labels=(2, 2, 1, 0), earlier=(16, 3))


def test_golden_topk_error() -> None:
    keys = {blank: key.value for blank, key in verified(TOPK_ENTRY, TOPK, 1).answers.items()}
    assert keys == {"ranks": (1, 2, 2, 3), "top1": 0.75, "topk": 0.25}


def test_mistakes_of_topk_error() -> None:
    mistakes = {mistake.name: mistake.values for mistake in TOPK.mistakes()}
    assert mistakes["accuracy_for_error"]["topk"] == 0.75
    assert mistakes["accuracy_for_error"]["top1"] == 0.25
    assert mistakes["uses_top1_for_topk"]["topk"] == 0.75
    assert mistakes["only_place_k"]["topk"] == 0.5
    assert mistakes["lowest_k"]["ranks"] == (3, 2, 2, 1)
    assert mistakes["ranks_from_zero"]["topk"] == 0.0
    sharper = replace(TOPK, scores=tuple((*row, 9) for row in TOPK.scores), k=3)
    assert sharper.strict_rank()["topk"] == 0.75


def test_ties_and_earlier_batches() -> None:
    item = verified(TOPK_ENTRY, TIED, 3)
    assert item.answers["ranks"].value == (2, 2, 2, 3)
    assert item.answers["overall"].value == pytest.approx(4 / 20)
    mistakes = {mistake.name: mistake.values for mistake in TIED.mistakes()}
    assert mistakes["higher_class_wins_ties"]["ranks"] == (1, 2, 2, 3)
    assert mistakes["mean_of_errors"]["overall"] == pytest.approx((3 / 16 + 1 / 4) / 2)
    assert mistakes["divides_by_earlier_samples"]["overall"] == pytest.approx(4 / 16)


def test_own_ranks_are_carried_to_the_errors() -> None:
    theirs = {"ranks": (3, 3, 3, 1)}
    carried, executed = TIED.follow(Given(theirs)), TOPK_ENTRY.solve(TIED, theirs)
    assert carried["topk"].value == 0.75
    assert carried["overall"].value == pytest.approx(6 / 20)
    assert all(carried[blank].agrees(executed[blank]) for blank in carried)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (replace(TOPK, scores=TOPK.scores[:1]), "two to eight samples"),
        (replace(TOPK, labels=(0, 2)), "one label"),
        (replace(TOPK, labels=(0, 2, 1, 3)), "labels are classes"),
        (replace(TOPK, k=3), "k is at least 2"),
        (replace(TOPK, scores=((300, 1, 0), *TOPK.scores[1:])), "from -100 to 100"),
        (replace(TOPK, earlier=(5, 6)), "earlier samples"),
        (replace(TOPK, labels=(0, 1, 0, 2)), "errors are equal"),
        (replace(TOPK, scores=((1, 1, 1), *TOPK.scores[1:])), "more than two classes"),
    ],
)
def test_refusals_of_topk_error(question: TopkError, reason: str) -> None:
    assert TOPK.flaw() is None
    assert reason in (question.flaw() or "")
