from __future__ import annotations

import pytest
from quizgrad.question import Given
from quizgrad.rendering.prompt import prompt

from .support import item, keys, mistakes, question

PYTORCH = {
    "inputs": 50,
    "hidden": 64,
    "steps": 7,
    "two_biases": True,
    "outputs": 0,
    "projection": 0,
    "compared": False,
}


def test_lstm_of_the_notes():
    """G35, with the mistakes of its entry."""
    shown = item("rnn/lstm_parameter_count", **PYTORCH)
    assert keys(shown) == {
        "input_weights": 12_800,
        "recurrent_weights": 16_384,
        "biases": 512,
        "lstm": 29_696,
    }
    totals = {name: values["lstm"] for name, values in mistakes(shown).items()}
    assert totals["has_one_bias_vector"] == 29_440
    assert totals["has_three_gates"] == 22_272
    assert totals["has_one_gate"] == 7_424
    assert totals["forgets_recurrence"] == 13_312
    assert totals["counts_cell_state"] == 29_696 + 64
    assert totals["counts_each_step"] == 29_696 * 7
    assert totals["forgets_biases"] == 29_184


def test_lstm_with_one_bias_vector():
    shown = item("rnn/lstm_parameter_count", **PYTORCH | {"two_biases": False})
    assert keys(shown)["lstm"] == 29_440
    assert mistakes(shown)["has_two_bias_vectors"] == {"biases": 512, "lstm": 29_696}


def test_lstm_beside_a_gru():
    shown = item("rnn/lstm_parameter_count", **PYTORCH | {"compared": True})
    assert keys(shown)["gru"] == 22_272
    assert keys(shown)["saving"] == 7_424
    assert mistakes(shown)["gru_has_two_gates"] == {"gru": 14_848, "saving": 14_848}
    single = keys(item("rnn/lstm_parameter_count", **PYTORCH | {"compared": True, "two_biases": False}))
    assert single["gru"] == 22_080


def test_lstm_with_projection_and_head():
    shown = item("rnn/lstm_parameter_count", **PYTORCH | {"projection": 16, "outputs": 3})
    assert keys(shown) == {
        "input_weights": 12_800,
        "recurrent_weights": 4 * 64 * 16,
        "projection_weights": 16 * 64,
        "biases": 512,
        "lstm": 12_800 + 4_096 + 1_024 + 512,
        "head": 51,
        "total": 18_483,
    }
    wrong = mistakes(shown)
    assert wrong["feeds_back_unprojected_state"]["recurrent_weights"] == 16_384
    assert wrong["gives_projection_biases"]["projection_weights"] == 1_040
    assert wrong["reads_unprojected_state"] == {"head": 195, "total": 18_627}
    assert wrong["forgets_biases_of_head"] == {"head": 48, "total": 18_480}
    assert wrong["counts_each_step"] == {"lstm": 129_024, "total": 129_075}


def test_wording_of_an_lstm_names_its_bias_vectors():
    both = prompt(item("rnn/lstm_parameter_count", **PYTORCH | {"projection": 16, "outputs": 1})).markdown
    assert "`nn.LSTM(50, 64, proj_size=16)`" in both
    assert "two bias vectors, as PyTorch keeps them" in both
    assert "maps the last state to 1 output." in both
    single = prompt(item("rnn/lstm_parameter_count", **PYTORCH | {"two_biases": False})).markdown
    assert "has one bias vector." in single
    assert "nn.LSTM" not in single


def test_own_parts_are_carried_to_the_totals():
    followed = question("rnn/lstm_parameter_count", **PYTORCH | {"outputs": 2}).follow(Given({"biases": 256}))
    assert followed["biases"].value == 512
    assert followed["lstm"].value == 29_440
    assert followed["total"].value == 29_440 + 130


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"inputs": 0}, "must be positive"),
        ({"outputs": -1}, "not negative"),
        ({"hidden": 20_000}, "larger than 10000"),
        ({"projection": 64}, "smaller than the hidden state"),
        ({"projection": 8, "two_biases": False}, "two bias vectors"),
    ],
)
def test_unfair_lstms_are_refused(changed, reason):
    assert reason in question("rnn/lstm_parameter_count", **PYTORCH | changed).flaw()
