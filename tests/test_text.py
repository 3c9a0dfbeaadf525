import pytest
from hypothesis import given
from hypothesis import strategies as st
from quizgrad.answers import (
    Integer,
    Matrix,
    MultipleChoice,
    Option,
    Ordering,
    Real,
    ShortText,
    SingleChoice,
    Vector,
)
from quizgrad.rendering.characters import printable
from quizgrad.rendering.document import Blank, Code, Document, DocumentError, Figure, Paragraph, Text
from quizgrad.rendering.markdown import document
from quizgrad.rendering.mathematics import plain
from quizgrad.rendering.text import text

ANSWERS = {
    "n": Integer(3),
    "r": Real(0.125, 3),
    "s": Real(0.5, 3),
    "v": Vector((1.0, 2.0, 3.0)),
    "m": Matrix(((1.0, 2.0), (3.0, 4.0), (5.0, 6.0)), 2),
    "one": SingleChoice((Option("yes", right=True), Option("a much longer option that must be wrapped"))),
    "all": MultipleChoice((Option("$x$", right=True), Option("`y`"), Option("z", right=True))),
    "order": Ordering(("`a()`", "`b()`", "`c()`"), ((0, 1), (1, 2))),
    "word": ShortText("tanh", ("tanh", "ReLU")),
}


def lines(markdown: str, *figures: Figure, **options) -> list[str]:
    return text(document(markdown, figures), ANSWERS, **options).split("\n")


def test_paragraphs_are_wrapped_and_set_apart():
    shown = lines("one two three four five\n\n*six* **seven**", width=20)
    assert shown == ["one two three four", "five", "", "six seven"]


def test_a_hard_break_begins_a_line():
    assert lines("one\\\ntwo") == ["one", "two"]


def test_no_line_breaks_within_short_code():
    assert lines("a long beginning and `f(x, y)` end", width=22) == ["a long beginning and", "`f(x, y)` end"]


def test_headings_are_underlined():
    assert lines("# One\n\n## Two") == ["One", "===", "", "Two", "---"]


def test_an_empty_heading_and_a_deep_list_can_be_shown():
    assert lines("#") == [""]
    deep = "\n".join("  " * depth + f"- {depth}" for depth in range(9))
    assert lines(deep, width=20)[-1] == "  " * 8 + "- 8"


def test_a_display_formula_stands_on_its_own_line():
    assert lines("so $$y = x$$ holds") == ["so", "", f"    {plain('y = x')}", "", "holds"]


def test_code_is_indented_and_never_wrapped():
    code = "value = function(argument, another)\n\nif value:\n    pass"
    assert lines(f"```python\n{code}\n```", width=20) == [
        "    value = function(argument, another)",
        "",
        "    if value:",
        "        pass",
    ]


def test_lists_hang():
    assert lines("1. one two three four five\n2. six\n   - seven", width=20) == [
        "1. one two three",
        "   four five",
        "2. six",
        "   - seven",
    ]


def test_a_table_is_drawn_with_alignments():
    assert lines("| Layer | Count |\n|---|--:|\n| conv | 1 |\n| x | [[blank:n]] |") == [
        "┌───────┬────────────┐",
        "│ Layer │      Count │",
        "├───────┼────────────┤",
        "│ conv  │          1 │",
        "│ x     │ [________] │",
        "└───────┴────────────┘",
    ]


def test_a_hint_that_the_text_says_is_not_repeated():
    assert lines("[[blank:r]]\n\n*Give numbers to 3 decimals.*")[0] == "[________]"


def test_a_wide_table_fits_the_terminal():
    cells = " | ".join(["a few words in each cell"] * 4)
    shown = lines(f"| {cells} |\n|{'---|' * 4}\n| {cells} |", width=50)
    assert max(map(len, shown)) <= 50
    assert "\n".join(shown).count("words") == 8


def test_a_figure_is_its_words():
    assert lines("[[figure:0]]", Figure("network", {}, "a network of two layers"), width=20) == [
        "[Figure: a network",
        "of two layers]",
    ]


@pytest.mark.parametrize(
    ("blank", "shown"),
    [
        ("n", "[________]"),
        ("r", "[________] (3 decimals)"),
        ("v", "[______] (vector of 3 entries)"),
        ("m", "[______] (3 × 2 matrix, 2 decimals)"),
        ("word", "[________] (one of: tanh, ReLU)"),
    ],
)
def test_a_blank_is_a_box_with_its_notation(blank, shown):
    assert lines(f"So: [[blank:{blank}]]!") == [f"So: {shown}!"]
    assert lines(f"[[blank:{blank}]]") == [shown]


def test_options_are_boxes_to_tick():
    assert lines("Choose: [[blank:one]]", width=30) == [
        "Choose:",
        "( ) (a) yes",
        "( ) (b) a much longer option",
        "        that must be wrapped",
    ]
    assert lines("[[blank:all]]") == ["[ ] (a) " + plain("x"), "[ ] (b) `y`", "[ ] (c) z"]


def test_chosen_options_are_ticked():
    assert lines("[[blank:all]]", filled={"all": "c A"}) == [
        "[x] (a) " + plain("x"),
        "[ ] (b) `y`",
        "[x] (c) z",
        "Answer: c A",
    ]
    assert lines("[[blank:one]]", filled={"one": "no idea"})[-1] == "Answer: no idea"
    assert "(x)" not in text(document("[[blank:one]]"), ANSWERS, filled={"one": "no idea"})


def test_an_ordering_lists_its_steps():
    steps = ["A. `a()`", "B. `b()`", "C. `c()`"]
    assert lines("[[blank:order]]") == [*steps, "Order: [________]"]
    assert lines("[[blank:order]]", filled={"order": "B A C"}) == [*steps, "Order: B A C"]


def test_what_is_filled_in_stands_instead_of_the_box():
    assert lines("It is [[blank:n]], not [[blank:r]].", filled={"n": " 12\n", "r": ""}) == [
        "It is 12, not —."
    ]


def test_a_blank_without_an_answer_is_an_error_that_names_both():
    with pytest.raises(DocumentError, match="blank lost, but the answers are: n, r"):
        lines("[[blank:lost]]")


def test_a_terminal_is_given_nothing_to_obey():
    hostile = "\x1b]0;title\x07\x1b[31mred\x9b2J\u202egnp\x00\r"
    shown = text(
        Document((Paragraph((Text(hostile), Blank("n"))), Code(hostile, ""), Figure("grid", {}, hostile))),
        ANSWERS,
        filled={"n": hostile},
    )
    assert not set(shown) & set("\x1b\x07\x9b\u202e\x00\r")
    assert shown.count("red") == 4


@given(st.text())
def test_printable_text_changes_nothing_else(typed):
    shown = printable(typed)
    assert printable(shown) == shown
    shown.encode()
    assert all(new in {old, "\ufffd"} for old, new in zip(typed.replace("\r\n", "\n"), shown, strict=True))


@given(st.text(alphabet="ab ", min_size=1), st.integers(20, 60))
def test_no_word_is_lost_and_no_line_too_long(words, width):
    shown = text(Document((Paragraph((Text(words),)),)), {}, width=width)
    assert shown.split() == words.split() or max(map(len, words.split())) > width
    assert all(len(line) <= width for line in shown.split("\n"))
