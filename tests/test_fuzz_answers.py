"""Any text at all through the marking of real items; benchmarks/fuzz.py tries 200,000 more."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quizgrad import Bank, Item, draw
from quizgrad.answers import KINDS, Notation, ShortText
from quizgrad.grading.score import score_item
from quizgrad.verify import stream_of

NAMES = {
    "expression": "activations/derivative_symbolic",
    "integer": "cnn/conv_output_size",
    "matrix": "gnn/gcn_normalized_adjacency",
    "multiple choice": "concepts/losses",
    "ordering": "backprop/training_step_order",
    "real": "optimizers/adam_step",
    "shape": "cnn/sequential_table",
    "single choice": "concepts/gnn",
    "vector": "attention/scaled_dot_product",
}
FRAGMENTS = (
    "9**9**9", "1e999999", "NaN", "-inf", "null", "__import__('os')", ".__class__", "=1+1", "@SUM(A1)", "1/0",
    "\\frac{1}{0}", "((", "]]", ";", ",", "1,234", "٣", "½", "\u202e", "\x00", "\ud800", "z", "^", "e", "a", "B",
)  # fmt: skip
HOSTILE = st.text(max_size=60) | st.lists(st.sampled_from(FRAGMENTS), max_size=8).map("".join)
HUGE = [
    "1" * 1_000_000,
    "(" * 1_000_000,
    "z^" * 500_000,
    "-" * 1_999 + "1",
    "9**" * 160 + "9",
    "(" * 240 + "z" + ")" * 240,
    "exp(" * 100 + "z" + ")" * 100,
    "[1," * 600,
    "1; " * 600,
    "\\frac{1}{" * 40 + "z" + "}" * 40,
    "1e400",
    "z^99999999999",
    "A" * 1_999,
    "\n" * 1_999 + "1",
    " ," * 900 + "1",
]


@cache
def item_of(kind: str) -> Item:
    """A real item that asks for a kind of answer; no question of the bank asks for a word."""
    if kind == "short text":
        word = ShortText("mini-batch", ("batch", "mini-batch"))
        return replace(item_of("integer"), answers={"word": word})
    entry = Bank()[NAMES[kind]]
    drawn = (
        draw(entry, level, stream_of(b"fuzz", str(level), str(n))) for n in range(9) for level in (1, 2, 3)
    )
    return next(item for item in drawn if kind in {answer.kind for answer in item.answers.values()})


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_any_text_is_marked_and_kept(kind: str, data: st.DataObject) -> None:
    item = item_of(kind)
    typed = {blank: data.draw(HOSTILE) for blank in item.answers}
    notation = Notation(data.draw(st.sampled_from([".", ","])))
    scores = score_item(item, typed, notation=notation)
    for blank, score in scores.items():
        assert 0 <= score.share <= 1
        assert score.typed == typed[blank]
        assert bool(score.review) == (score.state in {"unreadable", "undecided"})
        assert bool(score.share) <= (score.state in {"right", "carried", "partly", "undecided"})


@pytest.mark.parametrize("kind", KINDS)
def test_huge_and_deep_texts_earn_nothing(kind: str) -> None:
    item = item_of(kind)
    for text in HUGE:
        for blank in item.answers:
            assert score_item(item, {blank: text})[blank].share == 0, text[:40]


@pytest.mark.parametrize("kind", ["vector", "matrix"])
@pytest.mark.parametrize("text", ["see the other side", "(1, two, 3, 4, 5, 6, 7)", "not; computed"])
def test_words_in_place_of_entries_go_to_a_person(kind: str, text: str) -> None:
    item = item_of(kind)
    blank = next(blank for blank, answer in item.answers.items() if answer.kind == kind)
    score = score_item(item, {blank: text})[blank]
    assert (score.state, score.share) == ("undecided", 0)
    assert score.review
