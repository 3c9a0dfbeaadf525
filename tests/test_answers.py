from __future__ import annotations

import contextlib
import json
import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quizgrad.answers import (
    Ambiguous,
    Answer,
    Integer,
    Matrix,
    MultipleChoice,
    Notation,
    Option,
    Ordering,
    Real,
    Shape,
    ShortText,
    SingleChoice,
    Unreadable,
    Vector,
    from_json,
    read_number,
)
from quizgrad.answers.number import decimal_text, exact
from quizgrad.answers.tensor import joined

COMMA = Notation(",")
STEPS = ("zero", "forward", "loss", "backward", "step")
CHAIN = Ordering(STEPS, ((0, 3), (1, 2), (2, 3), (3, 4)))
OPTIONS = (Option("12", right=True), Option("11"), Option("13"), Option("24"))
ANSWERS = [
    Integer(24),
    Integer(-20100700),
    Real(0.496, 3),
    Real(-0.0004, 3),
    Real(3.0, 2),
    Shape((16, 32, 32)),
    Shape((7,)),
    Vector((1, -2, 3)),
    Vector((0.25, 1 / 3, 2.0), 3),
    Matrix(((1, 2), (3, -4))),
    Matrix(((0.2887, -1.25),), 4),
    SingleChoice(OPTIONS),
    MultipleChoice((*OPTIONS[:2], Option("14", right=True))),
    CHAIN.shuffled((3, 0, 4, 2, 1)),
    ShortText("mini-batch", ("batch", "mini-batch", "online"), (("minibatch SGD", "mini-batch"),)),
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: f"{answer.kind} {answer.printed()}")
@pytest.mark.parametrize("notation", [Notation(), COMMA], ids=["point", "comma"])
def test_what_the_key_prints_is_what_is_accepted_in_every_spelling(
    answer: Answer, notation: Notation
) -> None:
    for text in (answer.printed(notation), *answer.spellings(notation)):
        assert answer.judge(text, notation).right, text


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: f"{answer.kind} {answer.printed()}")
def test_edges_are_right_and_what_lies_outside_is_wrong(answer: Answer) -> None:
    assert all(answer.judge(text).right for text in answer.edges())
    assert answer.outside()
    assert not any(answer.judge(text).right for text in answer.outside())


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: f"{answer.kind} {answer.printed()}")
def test_answers_go_to_json_and_back(answer: Answer) -> None:
    assert from_json(json.loads(json.dumps(answer.to_json()))) == answer


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind of answer 'riddle'; known are integer"):
        from_json({"kind": "riddle"})


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("12", 12, 0),
        ("-3.5", Fraction(-7, 2), 1),
        (" −3.50 ", Fraction(-7, 2), 2),
        (".5", Fraction(1, 2), 1),
        ("5.", 5, 0),
        ("1/3", Fraction(1, 3), None),
        ("-1 / 4", Fraction(-1, 4), None),
        ("2.5e-3", Fraction(1, 400), 4),
        ("2.5 × 10^-3", Fraction(1, 400), 4),
        (r"2.5 \cdot 10^{-3}", Fraction(1, 400), 4),
        ("1E3", 1000, 0),
        ("25%", Fraction(1, 4), 2),
        ("12.5 %", Fraction(1, 8), 3),
        ("= 24", 24, 0),
        ("20 100 700", 20100700, 0),
        ("20'100'700", 20100700, 0),
        ("20,100,700", 20100700, 0),
        ("1,234.5", Fraction(2469, 2), 1),
        (r"\frac{1}{8}", Fraction(1, 8), None),
    ],
)
def test_numbers_are_read_exactly(text: str, value: Fraction, decimals: int | None) -> None:
    number = read_number(text)
    assert (number.value, number.decimals) == (value, decimals)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3,5", Fraction(7, 2)),
        ("1.234,5", Fraction(2469, 2)),
        ("0.125", Fraction(1, 8)),
        ("1,234", Fraction(617, 500)),
    ],
)
def test_a_decimal_comma_is_read_where_the_exam_has_it(text: str, value: Fraction) -> None:
    assert read_number(text, COMMA).value == value


@pytest.mark.parametrize(
    ("text", "notation"), [("1,234", Notation()), ("0,5", Notation()), ("1.234", COMMA), ("12.345", COMMA)]
)
def test_an_ambiguous_separator_is_asked_about(text: str, notation: Notation) -> None:
    with pytest.raises(Ambiguous, match="may group thousands or begin decimals"):
        read_number(text, notation)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "1.2.3",
        "1 2",
        "12 34",
        "--3",
        "1/0",
        "1/2/3",
        "∞",
        "nan",
        "inf",
        "1e999999",
        "9**9**9",
        "0x10",
        "٣",
        "１２",
        "1e",
        "²",
    ],
)
def test_what_is_no_number_is_not_readable(text: str) -> None:
    with pytest.raises(Unreadable):
        read_number(text)


@given(st.text(max_size=60) | st.text("0123456789.,-+/e% x×^*{}[]();'\n", max_size=40))
def test_hostile_text_is_read_or_refused_and_never_crashes(text: str) -> None:
    for answer in ANSWERS:
        for notation in (Notation(), COMMA):
            with contextlib.suppress(Unreadable):
                answer.judge(text, notation)


@given(st.integers(-(10**11), 10**11))
def test_every_integer_key_is_accepted_as_printed(value: int) -> None:
    answer = Integer(value)
    assert all(answer.judge(text).right for text in (answer.printed(), *answer.spellings()))
    assert answer.agrees(value)
    assert not answer.agrees(value + 1)


@given(st.floats(-(10**6), 10**6), st.integers(1, 6))
def test_every_real_key_is_accepted_as_printed_and_at_both_edges(value: float, decimals: int) -> None:
    answer = Real(value, decimals)
    assert all(answer.judge(text).right for text in (answer.printed(), *answer.spellings(), *answer.edges()))
    assert not any(answer.judge(text).right for text in answer.outside())


@given(st.floats(allow_nan=False, allow_infinity=False) | st.floats(-10, 10))
def test_computed_values_are_freed_from_noise_exactly(value: float) -> None:
    rounded = round(Fraction(format(value, ".12g")) * 10**15)
    assert exact(value) == Fraction(rounded, 10**15)


@given(st.fractions(), st.integers(0, 6))
def test_decimals_are_rounded_half_up(value: Fraction, decimals: int) -> None:
    units = math.floor(abs(value) * 10**decimals + Fraction(1, 2))
    text = decimal_text(value, decimals)
    assert abs(Fraction(text)) * 10**decimals == units
    assert text.startswith("-") == (value < 0 and units > 0)


CLOSE = st.integers(-3_000, 3_000).map(lambda thousandths: thousandths / 1_000)


@given(st.lists(st.tuples(CLOSE, CLOSE), min_size=1, max_size=3), st.sampled_from([None, "0.02", "0.4"]))
def test_another_key_is_accepted_exactly_if_its_text_is(
    pairs: list[tuple[float, float]], tolerance: str | None
) -> None:
    first, second = zip(*pairs, strict=True)
    key = Vector(first, 2, tolerance)
    others: list[tuple[Answer, Answer]] = [
        (key, key.like(second)),
        (key, key.like([entry + 0.0101 for entry in first])),
        (key, key.like((*second, 1.0))),
        (Matrix((first, second), 2, tolerance), Matrix((second, first), 2, tolerance)),
        (Matrix((first, second), 2, tolerance), Matrix(tuple(pairs), 2, tolerance)),
        (Real(first[0], 2, tolerance), Real(second[0], 2, tolerance)),
        (Integer(round(first[0])), Integer(round(second[0]))),
    ]
    for answer, other in others:
        assert answer.accepts(other) == answer.judge(other.printed()).right


def test_the_interval_is_closed_and_exact_where_floats_would_fail() -> None:
    answer = Real(1.0, 2, tolerance="0.05")
    assert answer.judge("1.05").right
    assert answer.judge("0.95").right
    assert not answer.judge("1.0500001").right


def test_too_few_decimals_are_right_in_value_and_noted() -> None:
    verdict = Real(0.4996, 3).judge("0.5")
    assert verdict.right
    assert verdict.coarse
    assert not Real(0.5, 3).judge("0.5").coarse


@pytest.mark.parametrize(
    ("value", "decimals", "flaw"),
    [
        (0.125, 2, "rounding edge"),
        (float("nan"), 2, "not finite"),
        (1e9, 2, "larger than"),
        (0.0001, 2, "rounds to zero"),
        (0.125, 3, None),
        (0.0, 3, None),
    ],
)
def test_keys_unfit_for_paper_are_named(value: float, decimals: int, flaw: str | None) -> None:
    found = Real(value, decimals).flaw()
    assert found is None if flaw is None else flaw in (found or "")


def test_a_real_key_needs_the_solver_far_within_its_tolerance() -> None:
    assert Real(0.5, 3).agrees(0.5 + 1e-12)
    assert not Real(0.5, 3).agrees(0.5 + 1e-8)
    assert not Real(0.5, 3).agrees(True)
    assert not Real(0.5, 3).agrees(float("nan"))


def test_a_negative_zero_is_printed_without_sign() -> None:
    assert Real(-0.0004, 3).printed() == "0.000"


@pytest.mark.parametrize(
    "text",
    [
        "16x32x32",
        "16 × 32 × 32",
        "(16, 32, 32)",
        "[16,32,32]",
        "16*32*32",
        "16 by 32 by 32",
        "torch.Size([16, 32, 32])",
        r"16 \times 32 \times 32",
    ],
)
def test_shapes_are_read_as_students_write_them(text: str) -> None:
    assert Shape((16, 32, 32)).judge(text).right


def test_a_wrong_number_of_sizes_is_said() -> None:
    assert Shape((16, 32, 32)).judge("16x32").note == "3 sizes expected, 2 given"


@pytest.mark.parametrize(
    "text",
    [
        "[[1, 2], [3, 4]]",
        "1 2; 3 4",
        "1 2\n3 4",
        "1, 2\n3, 4",
        "((1,2),(3,4))",
        r"\begin{bmatrix}1 & 2\\3 & 4\end{bmatrix}",
        joined([["1", "2"], ["3", "4"]]),
    ],
)
def test_matrices_are_read_as_students_write_them(text: str) -> None:
    assert Matrix(((1, 2), (3, 4))).judge(text).right


def test_matrices_are_compared_cell_by_cell() -> None:
    verdict = Matrix(((1, 2), (3, 4))).judge("1 2; 3 5")
    assert verdict.cells == (True, True, True, False)
    assert verdict.share == Fraction(3, 4)


def test_a_wrong_shape_is_said() -> None:
    assert (
        Matrix(((1, 2, 3), (3, 4, 5))).judge("1 2; 3 4; 5 6").note == "a 2 × 3 matrix was expected, not 3 × 2"
    )
    assert Vector((1, 2)).judge("1 2 3").note == "2 entries expected, 3 given"


def test_an_unreadable_cell_is_named_and_needs_a_person() -> None:
    verdict = Vector((1, 2, 3)).judge("1, b, 3")
    assert verdict.undecided
    assert verdict.note.startswith("entry 2: “b” is not a number")
    assert verdict.cells == (True, False, True)


def test_an_empty_cell_is_wrong_and_nothing_more() -> None:
    verdict = Vector((1, 2, 3)).judge(joined([["1", "", "3"]]))
    assert verdict.cells == (True, False, True)
    assert not verdict.undecided


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        ([["1"], [""]], (True, False)),
        ([["1"], ["2"]], (True, True)),
        ([["1,2"], ["2"]], None),
        ([["(1)"], ["2"]], (True, True)),
    ],
)
def test_boxes_of_a_column_stay_cells(rows: list[list[str]], cells: tuple[bool, ...] | None) -> None:
    column = Matrix(((1,), (2,)))
    if cells is None:
        with pytest.raises(Ambiguous):
            column.judge(joined(rows))
    else:
        assert column.judge(joined(rows)).cells == cells


def test_decimal_commas_within_lists() -> None:
    assert Vector((1.5, 2.5), 1).judge("1,5; 2,5", COMMA).right
    assert Matrix(((1.5, 2.5), (3.5, 4.5)), 1).judge("[[1,5; 2,5]; [3,5; 4,5]]", COMMA).right
    assert Matrix(((1.5, 2.5), (3.5, 4.5)), 1).judge("1,5 2,5; 3,5 4,5", COMMA).right


def test_whole_numbers_need_no_decimals_and_others_do() -> None:
    with pytest.raises(ValueError, match="name the wanted decimals"):
        Vector((0.5, 1)).printed()


def test_two_crosses_on_a_single_choice_are_wrong() -> None:
    assert SingleChoice(OPTIONS).judge("a").right
    assert SingleChoice(OPTIONS).judge("a, b").note == "one option was to be chosen"


def test_shuffled_options_keep_their_origin() -> None:
    choice = SingleChoice(OPTIONS).shuffled((2, 0, 3, 1))
    assert choice.printed() == "b"
    assert choice.agrees(0)
    assert [option.origin for option in choice.options] == [2, 0, 3, 1]


def test_a_solver_may_judge_only_the_options_that_it_can_run() -> None:
    choice = MultipleChoice((*OPTIONS[:2], Option("14", right=True)))
    assert choice.agrees({0: True, 1: False})
    assert not choice.agrees({1: True})
    assert choice.agrees((0, 2))
    assert not choice.agrees((0,))


@pytest.mark.parametrize("text", ["e", "a, e", "1", "aa", "both"])
def test_letters_without_an_option_are_not_readable(text: str) -> None:
    with pytest.raises(Unreadable):
        SingleChoice(OPTIONS).judge(text)


def test_none_of_the_options_is_an_answer() -> None:
    assert MultipleChoice(OPTIONS[:2]).judge("none").cells == (False, True)


def test_every_valid_order_is_right() -> None:
    for order in ("A B C D E", "B A C D E", "B C A D E"):
        assert CHAIN.judge(order).right


@pytest.mark.parametrize(("order", "kept"), [("B C D A E", 4), ("E D C B A", 2), ("A B C E D", 4)])
def test_a_wrong_order_gets_its_longest_consistent_part(order: str, kept: int) -> None:
    verdict = CHAIN.judge(order)
    assert not verdict.right
    assert verdict.share == Fraction(kept, 5)


def test_repeated_or_missing_letters_are_said() -> None:
    assert CHAIN.judge("A A B C D").note == "each letter was to be used exactly once"


def test_an_ordering_is_confirmed_by_the_pairs_that_the_solver_found() -> None:
    assert CHAIN.agrees([(0, 3), (1, 2), (2, 3), (3, 4), (1, 4)])
    assert not CHAIN.agrees([(0, 3), (1, 2), (2, 3)])


def test_words_are_read_without_regard_to_case_and_hyphens() -> None:
    answer = ShortText("mini-batch", ("batch", "mini-batch"))
    assert answer.judge("Mini Batch").right
    assert not answer.judge("BATCH").right
    with pytest.raises(Unreadable, match="is none of: batch, mini-batch"):
        answer.judge("stochastic")
