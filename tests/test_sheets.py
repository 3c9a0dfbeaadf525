from __future__ import annotations

import pytest
from quizgrad import Bank, Item, draw
from quizgrad.answers import Integer, Real, ShortText, Vector
from quizgrad.exams import blueprint as blueprints
from quizgrad.exams.forms import draw_form, places
from quizgrad.exams.sheets import executed_lines, sheet
from quizgrad.rendering.prompt import wanted_notation
from quizgrad.rendering.sheet import KeyNotes
from quizgrad.rendering.snippet import snippet
from quizgrad.verify import stream_of

BANK = Bank()
SLOT = '[[section]]\n[[section.slot]]\nfrom = "{name}"\npoints = 1\n{more}'


def item(name: str) -> Item:
    return draw(BANK[name], 2, stream_of(b"secret", name))


def key_of(name: str, more: str = "") -> KeyNotes:
    text = f'title = "Quiz"\nminutes = 5\n{SLOT.format(name=name, more=more)}'
    blueprint = blueprints.parse(text, "quiz.toml")
    form = draw_form(blueprint, places(blueprint, BANK), b"secret", "1", "AAAA", None)
    key = sheet(blueprint, form, "EXAM").items[0].key
    assert key is not None
    return key


@pytest.mark.parametrize(
    ("name", "tool"),
    [
        ("cnn/conv_output_size", "PyTorch"),
        ("metrics/topk_error", "NumPy"),
        ("activations/derivative_symbolic", "SymPy"),
    ],
)
def test_the_key_names_what_ran(name: str, tool: str) -> None:
    first, *_ = executed_lines(item(name), snippet(item(name)))
    assert first.startswith(f"run with {tool} ")


def test_the_key_says_once_why_a_statement_is_true_or_false() -> None:
    assert key_of("concepts/losses").mistakes == ()


def test_the_key_says_why_an_option_that_stands_for_a_mistake_is_wrong() -> None:
    letters = [letter for letter, _ in key_of("cnn/conv_parameter_count", 'as = "choice"').mistakes]
    assert len(letters) >= 2
    assert set(letters) <= {"(a)", "(b)", "(c)", "(d)", "(e)"}


def test_decimals_are_asked_for_in_few_words() -> None:
    answers = {"scores": Real(0.5, 3), "all_weights": Real(0.5, 3), "output": Real(0.5, 2)}
    assert wanted_notation(answers) == "Give scores and all weights to 3 decimals, output to 2 decimals."
    assert wanted_notation({"scores": Real(0.5, 3), "weights": Real(0.5, 3)}) == "Give numbers to 3 decimals."


def test_no_decimals_are_asked_for_where_answers_are_whole() -> None:
    asked = "Give numbers that are not whole to 3 decimals."
    assert wanted_notation({"count": Integer(2), "share": Real(0.5, 3)}) == asked
    assert wanted_notation({"ranks": Vector((1, 2)), "share": Real(0.5, 3)}) == asked
    assert wanted_notation({"word": ShortText("ab", ("ab", "cd")), "share": Real(0.5, 3)}) == (
        "Give numbers to 3 decimals. Write one of: ab, cd."
    )
    assert wanted_notation({"count": Integer(2)}) == ""
