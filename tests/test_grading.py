from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quizgrad import Bank, Item, UserError, draw
from quizgrad.answers import MultipleChoice, Option, SingleChoice
from quizgrad.exams.blueprint import parse
from quizgrad.exams.store import StoredExam, StoredForm, StoredItem
from quizgrad.grading import corrections, outputs, policy
from quizgrad.grading.choices import expectation, share
from quizgrad.grading.corrections import Correction
from quizgrad.grading.csv_output import csv_text, neutral
from quizgrad.grading.grade import Settings, grade
from quizgrad.grading.policy import Policy
from quizgrad.grading.score import score_item
from quizgrad.grading.submissions import Submission
from quizgrad.verify import from_parameters, stream_of, verified

from .conftest import SOLVER

BLUEPRINT = parse(
    'title = "T"\nminutes = 9\n[[section]]\n[[section.slot]]\nfrom = "toys/slope"\npoints = 4\n', "test"
)


@pytest.fixture
def slope(toy_bank: Bank) -> Item:
    """w = 3, x = 2: the slope is 12, and the step leads to 0.80."""
    entry = toy_bank["toys/slope"]
    return verified(entry, from_parameters(entry, {"w": 3, "x": 2}), 1)


def exam_of(item: Item) -> StoredExam:
    stored = StoredItem(
        "q1", 1, 0, "A slope", Fraction(4), {"slope": Fraction(2), "step": Fraction(2)}, "", item
    )
    return StoredExam(
        "ID", BLUEPRINT, {code: StoredForm(code, None, (stored,)) for code in ("AAAA", "BBBB")}, {}
    )


def handed_in(form: str = "AAAA", received: str = "", source: str = "row 1", **typed: str) -> Submission:
    return Submission(form, "", source, {"q1": typed}, received)


def states(item: Item, chosen: Policy | None = None, **typed: str) -> list[str]:
    return [score.state for score in score_item(item, typed, chosen).values()]


def test_right_wrong_blank_and_unreadable(slope: Item) -> None:
    assert states(slope, slope="12", step="0.80") == ["right", "right"]
    assert states(slope, slope="11", step="7") == ["wrong", "wrong"]
    assert states(slope, slope=" ") == ["blank", "blank"]
    assert states(slope, slope="twelve", step="1,234") == ["unreadable", "undecided"]


def test_an_item_grades_one_answer_at_a_time(slope: Item) -> None:
    assert slope.grade({"slope": "12"})["slope"].state == "right"
    assert slope.grade({"slope": "6"}, policy=Policy())["slope"].mistake == "forgets_factor"


def test_the_typed_text_is_kept_as_typed(slope: Item) -> None:
    assert score_item(slope, {"slope": "  12.0 "})["slope"].typed == "  12.0 "


def test_an_error_is_carried_forward_with_credit(slope: Item) -> None:
    score = score_item(slope, {"slope": "6", "step": "1.40"})["step"]
    assert (score.state, score.share, score.key) == ("carried", 1, "1.40")
    assert score_item(slope, {"slope": "6", "step": "1.40"}, Policy(carried=Fraction(1, 2)))[
        "step"
    ].share == Fraction(1, 2)


def test_the_true_key_comes_first(slope: Item) -> None:
    assert states(slope, slope="6", step="0.80") == ["wrong", "right"]


def test_nothing_is_carried_from_what_is_blank_or_not_readable(slope: Item) -> None:
    assert states(slope, step="1.40") == ["blank", "wrong"]
    assert states(slope, slope="six", step="1.40") == ["unreadable", "wrong"]


def test_a_carried_key_that_the_solver_does_not_confirm_goes_to_a_person(
    write_bank: Callable[..., Path],
) -> None:
    solver = SOLVER.replace(
        "gradient = point.grad if slope is None else slope", "gradient = point.grad + (slope is not None)"
    )
    entry = Bank([write_bank(solver=solver)])["toys/slope"]
    item = verified(entry, from_parameters(entry, {"w": 3, "x": 2}), 1)
    score = score_item(item, {"slope": "6", "step": "1.40"})["step"]
    assert score.state == "undecided"
    assert "could not be confirmed by the solver" in score.review


def test_a_named_mistake_is_reported_and_may_be_worth_something(slope: Item) -> None:
    score = score_item(slope, {"slope": "6"})["slope"]
    assert score.mistake == "forgets_factor"
    assert score.reason == "The factor 2 of the power rule is missing at x = 2."
    granted = Policy(mistakes={"toys/slope:forgets_factor": Fraction(1, 4)})
    assert score_item(slope, {"slope": "6"}, granted)["slope"].share == Fraction(1, 4)


def test_too_few_decimals_cost_what_the_policy_says(slope: Item) -> None:
    assert score_item(slope, {"step": "0.8"}, Policy(coarse=Fraction(1, 2)))["step"].share == 1
    near = verified(slope.entry, from_parameters(slope.entry, {"w": 3, "x": 2}), 1)
    key = replace(near, answers={"step": replace(near.answers["step"], value=0.804)})  # type: ignore[type-var]
    assert score_item(key, {"step": "0.8"}, Policy(coarse=Fraction(1, 2)))["step"].share == Fraction(1, 2)


@settings(deadline=None, max_examples=300)
@given(
    st.dictionaries(
        st.sampled_from(["tp", "fp", "fn", "tn", "precision", "recall", "f1"]),
        st.text(max_size=30) | st.sampled_from(["6", "0.8", "1.4", "1e400", "-0", "12"]),
    )
)
def test_any_text_gets_a_state_and_a_share_between_0_and_1(typed: dict[str, str]) -> None:
    item = _session_item()
    for score in score_item(item, typed).values():
        assert 0 <= score.share <= 1
        assert score.share == 0 or score.state in {"right", "carried", "partly"}


@cache
def _session_item() -> Item:
    return draw(Bank()["metrics/binary_scores"], 2, stream_of(b"fixed"))


# Choices: with two of four options right.
OPTIONS = tuple(Option(text, right=text in "ab") for text in "abcd")


@pytest.mark.parametrize(
    ("rule", "chosen", "expected"),
    [
        ("all or nothing", {0, 1}, 1),
        ("all or nothing", {0}, 0),
        ("right minus wrong", {0}, Fraction(1, 2)),
        ("right minus wrong", {0, 1, 2}, Fraction(1, 2)),
        ("right minus wrong", {2, 3}, 0),
        ("per statement", {0}, Fraction(3, 4)),
        ("per statement", set(), 0),
        ("false2", {0, 1, 2}, Fraction(1, 2)),
        ("false", {0, 1, 2, 3}, 0),
        ("true", {0, 2}, 0),
        ("all", {0, 1, 2}, 0),
        ("none", {0, 1, 2, 3}, 1),
    ],
)
def test_partial_credit_by_named_rules(rule: policy.ChoiceRule, chosen: set[int], expected: Fraction) -> None:
    assert share(MultipleChoice(OPTIONS), frozenset(chosen), Policy(choices=rule)) == expected


def test_a_lower_bound_below_zero_lets_marks_be_negative() -> None:
    lowered = Policy(choices="right minus wrong", lower=Fraction(-1))
    assert share(MultipleChoice(OPTIONS), frozenset({2, 3}), lowered) == -1
    single = SingleChoice((Option("a", right=True), Option("b"), Option("c")))
    assert share(single, frozenset({1}), lowered) == Fraction(-1, 2)
    assert share(single, frozenset(), lowered) == 0


def test_what_guessing_pays_is_computed_and_warned_of() -> None:
    generous = expectation(MultipleChoice(OPTIONS), Policy(choices="none"))
    assert generous.everything == 1
    assert generous.pays_for_guessing
    strict = expectation(MultipleChoice(OPTIONS), Policy(choices="all or nothing"))
    assert (strict.blank, strict.random, strict.everything) == (0, Fraction(1, 16), 0)
    assert not strict.pays_for_guessing
    single = expectation(SingleChoice((Option("a", right=True), Option("b"))), Policy())
    assert single.random == single.chance == Fraction(1, 2)


@given(
    st.sets(st.integers(0, 3)),
    st.sampled_from(["right minus wrong", "per statement", "false2", "true", "none"]),
)
def test_one_more_right_option_never_loses_marks(chosen: set[int], rule: policy.ChoiceRule) -> None:
    answer, chosen_policy = MultipleChoice(OPTIONS), Policy(choices=rule)
    before = share(answer, frozenset(chosen), chosen_policy)
    assert share(answer, frozenset(chosen | {0}), chosen_policy) >= before


def test_grading_twice_changes_nothing(slope: Item) -> None:
    exam, submissions = (
        exam_of(slope),
        [handed_in(slope="12", step="1"), handed_in("BBBB", slope="6", step="1.4")],
    )
    first, second = grade(exam, submissions), grade(exam, submissions)
    assert outputs.responses_csv(first) == outputs.responses_csv(second)
    assert [form.points for form in first.forms] == [2, 2]


@pytest.mark.parametrize(
    ("submission", "reason"),
    [
        (Submission("ZZZZ", "", "row 9", {}), "this exam has no form 'ZZZZ'"),
        (Submission("", "", "row 9", {}), "neither a form code nor a student id is given"),
        (Submission("", "4711", "row 9", {}), "no student of this exam has the id '4711'"),
        (Submission("AAAA", "", "row 9", {"q9": {"slope": "1"}}), "form AAAA has no blank 'q9.slope'"),
    ],
)
def test_what_does_not_belong_to_the_exam_is_named_and_the_rest_graded(
    slope: Item, submission: Submission, reason: str
) -> None:
    result = grade(exam_of(slope), [submission, handed_in("BBBB", slope="12")])
    assert [(fault.source, fault.reason) for fault in result.faults] == [("row 9", reason)]
    assert result.forms[-1].points == 2


@pytest.mark.parametrize(("rule", "points"), [("newest", 2), ("first", 0), ("best", 4)])
def test_of_several_submissions_one_counts_and_the_others_are_named(
    slope: Item, rule: str, points: int
) -> None:
    submissions = [
        handed_in(received="2026-11-27 09:00", source="first", slope="1"),
        handed_in(received="2026-11-27 09:30", source="second", slope="12", step="0.8"),
        handed_in(received="2026-11-27 10:00", source="third", slope="12"),
    ]
    result = grade(exam_of(slope), submissions, Settings(duplicates=rule))  # type: ignore[arg-type]
    assert result.forms[0].points == points
    assert len(result.faults) == 2


@pytest.mark.parametrize("rule", ["newest", "first", "best"])
def test_an_empty_submission_never_takes_the_place_of_answers(slope: Item, rule: str) -> None:
    submissions = [
        handed_in(received="2026-11-27 09:00", source="empty", slope=" "),
        handed_in(received="2026-11-27 09:30", source="good", slope="12"),
        handed_in(received="2026-11-27 10:00", source="emptier"),
    ]
    result = grade(exam_of(slope), submissions, Settings(duplicates=rule))  # type: ignore[arg-type]
    assert result.forms[0].submission.source == "good"
    assert [fault.source for fault in result.faults] == ["empty", "emptier"]
    assert "here without an answer; good counts instead" in result.faults[0].reason


def test_of_empty_submissions_the_newest_counts(slope: Item) -> None:
    submissions = [handed_in(received="2", source="late"), handed_in(received="1", source="early")]
    assert grade(exam_of(slope), submissions).forms[0].submission.source == "late"


def test_decisions_of_people_take_the_place_of_computed_points_within_bounds(slope: Item) -> None:
    decisions = {("AAAA", "q1", "slope"): Fraction(3, 2), ("AAAA", "q1", "step"): Fraction(99)}
    result = grade(exam_of(slope), [handed_in(slope="twelve")], Settings(decisions=decisions))
    assert result.forms[0].points == Fraction(7, 2)


@pytest.mark.parametrize(
    ("change", "typed", "points"),
    [
        (Correction("q1", "accept", blank="slope", value="11"), "11", 2),
        (Correction("q1", "accept", blank="slope", value="eleven"), "eleven", 2),
        (Correction("q1", "accept", form="BBBB", blank="slope", value="11"), "11", 0),
        (Correction("q1", "full marks", blank="slope"), "", 2),
        (Correction("q1", "full marks"), "nonsense", 4),
        (Correction("q1", "drop"), "12", 0),
    ],
)
def test_corrections_of_the_key(slope: Item, change: Correction, typed: str, points: int) -> None:
    result = grade(exam_of(slope), [handed_in(slope=typed)], Settings(corrections=[change]))
    assert result.forms[0].points == points
    assert result.forms[0].possible == (0 if change.drops else 4)


def test_a_changed_tolerance(slope: Item) -> None:
    change = Correction("q1", "tolerance", blank="step", value="0.1")
    assert grade(exam_of(slope), [handed_in(step="0.9")]).forms[0].points == 0
    assert grade(exam_of(slope), [handed_in(step="0.9")], Settings(corrections=[change])).forms[0].points == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (Correction("q7", "drop"), "this exam has no item 'q7'; it has q1"),
        (Correction("q1", "drop", form="CCCC"), "this exam has no form 'CCCC'"),
        (Correction("q1", "full marks", blank="slop"), "item q1 has no blank 'slop'; it has slope, step"),
        (Correction("q1", "tolerance", value="much"), "the tolerance 'much' is not a number"),
        (Correction("q1", "accept"), "no answer is named"),
        (Correction("q1", "accept", value="3"), "item q1 has several blanks; name the one .* slope, step"),
        (Correction("q1", "tolerance", blank="slope", value="1"), "no answer of item q1 has a tolerance"),
        (Correction("q1", "drop", blank="slope"), "only a whole item can be dropped"),
    ],
)
def test_a_correction_that_does_not_fit_is_refused(
    slope: Item, tmp_path: Path, change: Correction, sentence: str
) -> None:
    with pytest.raises(UserError, match=sentence):
        corrections.add(tmp_path, [change], exam_of(slope))
    assert not (tmp_path / corrections.FILE).exists()


def test_corrections_are_kept_in_order(slope: Item, tmp_path: Path) -> None:
    first, second = Correction("q1", "drop"), Correction("q1", "full marks", reason="typo in the stem")
    corrections.add(tmp_path, [first], exam_of(slope))
    corrections.add(tmp_path, [second], exam_of(slope))
    assert corrections.load(tmp_path) == (first, second)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1", "  =HYPERLINK()"]
)
def test_cells_that_spreadsheets_would_run_are_neutralised(cell: str) -> None:
    assert neutral(cell).startswith("'")


@pytest.mark.parametrize("cell", ["-3.5", "+2", "0.25", "-1e-3", "text", "1 2; 3 4", ""])
def test_plain_cells_stay_as_they_are(cell: str) -> None:
    assert neutral(cell) == cell


def test_csv_files_carry_a_byte_order_mark_and_quotes() -> None:
    assert csv_text(["a"], [['x"y,z']]) == '\ufeffa\r\n"x""y,z"\r\n'


def test_every_table_names_form_item_and_blank(slope: Item) -> None:
    result = grade(exam_of(slope), [handed_in(slope="=12", step="abc")])
    assert "AAAA,,q1,toys/slope,1,slope,'=12" in outputs.responses_csv(result).replace("\ufeff", "")
    review = outputs.review_csv(result).splitlines()
    assert review[0].endswith("why,decision")
    assert any("step" in line and "is not a number" in line for line in review)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("carryed = 1", "a policy has no 'carryed'; did you mean carried"),
        ("carried = 2", "carried cannot be 2; expected a number from 0 to 1"),
        ("lower = 0.5", "lower cannot be 0.5; expected a number from -1 to 0"),
        ('choices = "kind"', "choices cannot be 'kind'; expected one of all or nothing"),
        ("cells = 1", "cells cannot be 1; expected true or false"),
        ("mistakes = 1", "mistakes cannot be 1; expected a table"),
        ("carried =", "is not TOML"),
    ],
)
def test_a_wrong_policy_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "policy.toml").write_text(text)
    with pytest.raises(UserError, match=sentence):
        policy.load(tmp_path / "policy.toml")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("toys/slope:forgets_facto", "toys/slope has no such mistake; did you mean forgets_factor"),
        ("toys/slop:climbs", "there is no question 'toys/slop'"),
    ],
)
def test_a_share_for_a_mistake_that_is_not_modelled_is_refused(
    toy_bank: Bank, name: str, sentence: str
) -> None:
    exam = StoredExam("ID", BLUEPRINT, {}, {})
    policy.check_mistakes(Policy(mistakes={"toys/slope:climbs": Fraction(1, 2)}), toy_bank, exam)
    with pytest.raises(UserError, match=sentence):
        policy.check_mistakes(Policy(mistakes={name: Fraction(1, 2)}), toy_bank, exam)


def test_a_policy_is_read(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(
        'choices = "false2"\nlower = -0.5\ncells = false\ncarried = "1/2"\n[mistakes]\n"toys/slope:climbs" = 0.25\n'
    )
    assert policy.load(tmp_path / "policy.toml") == Policy(
        "false2", Fraction(-1, 2), False, Fraction(1), Fraction(1, 2), {"toys/slope:climbs": Fraction(1, 4)}
    )


def test_a_decision_can_be_given_changed_and_taken_back(slope: Item, tmp_path: Path) -> None:
    from quizgrad.grading import run

    table = tmp_path / outputs.REVIEW
    head = "form,item,blank,of,decision\r\n"
    for cell, expected in (("1.5", {("AAAA", "q1", "slope"): Fraction(3, 2)}), ("", {})):
        table.write_text(f"{head}AAAA,q1,slope,2,{cell}\r\n", encoding="utf-8")
        (tmp_path / run.DECISIONS).write_text('[["AAAA", "q1", "slope", "1"]]', encoding="utf-8")
        assert run.decisions(tmp_path) == expected


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("AAAA,q1,slope,2,3", "row 2: the decision 3 is not between 0 and 2"),
        ("AAAA,q1,slope,2,half", "row 2: the decision 'half' is no number of points"),
    ],
)
def test_a_decision_that_is_none_is_refused(tmp_path: Path, row: str, sentence: str) -> None:
    from quizgrad.grading import run

    (tmp_path / outputs.REVIEW).write_text(f"form,item,blank,of,decision\r\n{row}\r\n", encoding="utf-8")
    with pytest.raises(UserError, match=sentence):
        run.decisions(tmp_path)
