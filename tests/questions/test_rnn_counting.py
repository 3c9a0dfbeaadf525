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
    "hidden_sought": False,
}
GRU = {name: value for name, value in PYTORCH.items() if name != "projection"}
VANILLA = {"inputs": 50, "hidden": 64, "steps": 7, "two_biases": True, "outputs": 0, "vocabulary": 0}
DEEP = {"kind": "GRU", "inputs": 64, "hidden": 256, "layers": 4, "bidirectional": True, "outputs": 0}


def test_vanilla_network_of_the_notes():
    """G34, with the mistakes of its entry."""
    shown = item("rnn/vanilla_parameter_count", **VANILLA)
    assert keys(shown) == {"input_weights": 3200, "recurrent_weights": 4096, "biases": 128, "rnn": 7424}
    wrong = {name: values["rnn"] for name, values in mistakes(shown).items()}
    assert wrong["has_one_bias_vector"] == 7360
    assert wrong["forgets_recurrence"] == 3328
    assert wrong["counts_each_step"] == 51_968
    assert wrong["forgets_biases"] == 7296
    single = item("rnn/vanilla_parameter_count", **VANILLA | {"two_biases": False})
    assert keys(single)["rnn"] == 7360
    assert mistakes(single)["has_two_bias_vectors"]["rnn"] == 7424


def test_vanilla_network_with_a_head_and_a_frozen_embedding():
    shown = item("rnn/vanilla_parameter_count", **VANILLA | {"outputs": 2, "vocabulary": 1000})
    found = keys(shown)
    assert (found["head"], found["total"]) == (130, 7554)
    assert (found["embedding"], found["stored"]) == (50_000, 57_554)
    wrong = mistakes(shown)
    assert wrong["counts_frozen_embedding"] == {"total": 57_554}
    assert wrong["forgets_frozen_embedding"] == {"stored": 7554}
    assert wrong["gives_embedding_biases"] == {"embedding": 50_050, "stored": 57_604}
    assert wrong["forgets_head"] == {"total": 7424}
    assert wrong["forgets_biases_of_head"] == {"head": 128, "total": 7552, "stored": 57_552}
    assert wrong["reads_all_states"]["head"] == 2 * (7 * 64 + 1)


def test_gru_of_the_notes():
    """G35, with the mistakes of its entry."""
    shown = item("rnn/gru_parameter_count", **GRU)
    assert keys(shown)["gru"] == 22_272
    wrong = {name: values["gru"] for name, values in mistakes(shown).items()}
    assert wrong["has_four_gates"] == 29_696
    assert wrong["has_two_gates"] == 14_848
    assert wrong["has_one_bias_vector"] == 22_080
    assert wrong["has_one_gate"] == 7424
    assert wrong["forgets_recurrence"] == 3 * (64 * 50 + 128)


def test_gru_beside_an_lstm():
    shown = item("rnn/gru_parameter_count", **GRU | {"compared": True})
    assert keys(shown)["lstm"] == 29_696
    assert keys(shown)["saving"] == 7424
    assert mistakes(shown)["lstm_has_three_gates"] == {"lstm": 22_272, "saving": 0}


def test_units_of_a_gru_in_place_of_an_lstm():
    shown = item("rnn/gru_parameter_count", **GRU | {"hidden_sought": True})
    assert keys(shown) == {"one_set": 7424, "gru": 22_272, "hidden": 64}
    wrong = mistakes(shown)
    assert wrong["has_two_gates"] == {"gru": 14_848}
    assert wrong["seeks_without_recurrence"] == {"hidden": 143}
    assert wrong["lstm_has_three_gates"] == {"gru": 29_696, "hidden": 77}


def test_units_of_an_lstm():
    shown = item("rnn/lstm_parameter_count", **PYTORCH | {"hidden_sought": True})
    assert keys(shown) == {"one_set": 7424, "hidden": 64}
    assert mistakes(shown)["has_one_gate"] == {"one_set": 29_696, "hidden": 148}
    single = PYTORCH | {"hidden_sought": True, "two_biases": False}
    assert keys(item("rnn/lstm_parameter_count", **single)) == {"one_set": 7360, "hidden": 64}


def test_own_size_of_a_gate_is_carried_to_the_units():
    sought = question("rnn/lstm_parameter_count", **PYTORCH | {"hidden_sought": True})
    assert sought.follow(Given({"one_set": 20 * (50 + 20 + 2)}))["hidden"].value == 20
    with pytest.raises(ValueError, match="no whole number of units"):
        sought.follow(Given({"one_set": 7425}))


def test_deep_bidirectional_network_of_the_notes():
    """G36, with the mistakes of its entry."""
    shown = item("rnn/deep_bidirectional_count", **DEEP)
    found = keys(shown)
    assert found["total"] == 4_042_752
    assert (found["width"], found["first"]) == (512, 2 * found["one_direction"])
    wrong = {name: values["total"] for name, values in mistakes(shown).items()}
    assert wrong["later_layers_use_hidden"] == 2_863_104
    assert wrong["later_layers_use_inputs"] == 1_978_368
    assert wrong["bidirectional_not_doubled"] == 1_431_552
    assert wrong["shared_between_directions"] == 4_042_752 // 2
    assert wrong["has_one_bias_vector"] == 4_042_752 - 2 * 4 * 3 * 256
    assert wrong["has_one_set"] == 4_042_752 // 3


def test_kinds_of_deep_networks():
    total = keys(item("rnn/deep_bidirectional_count", **DEEP))["total"]
    assert keys(item("rnn/deep_bidirectional_count", **DEEP | {"kind": "LSTM"}))["total"] == total // 3 * 4
    assert keys(item("rnn/deep_bidirectional_count", **DEEP | {"kind": "RNN"}))["total"] == total // 3


def test_head_on_both_directions():
    shown = item("rnn/deep_bidirectional_count", **DEEP | {"outputs": 3})
    assert keys(shown)["head"] == 3 * 513
    assert keys(shown)["whole"] == 4_042_752 + 1539
    assert mistakes(shown)["adds_directions"]["head"] == 3 * 257
    assert mistakes(shown)["forgets_biases_of_head"]["head"] == 1536


def test_one_direction_and_one_layer():
    two = keys(item("rnn/deep_bidirectional_count", **DEEP | {"layers": 2, "bidirectional": False}))
    assert two == {"first": 247_296, "width": 256, "later": 394_752, "total": 642_048}
    one = keys(item("rnn/deep_bidirectional_count", **DEEP | {"layers": 1}))
    assert one == {"one_direction": 247_296, "first": 494_592, "width": 512}


def test_own_counts_are_carried_through_the_layers():
    followed = question("rnn/deep_bidirectional_count", **DEEP | {"outputs": 2}).follow(Given({"width": 256}))
    assert followed["later"].value == 2 * 3 * 256 * (256 + 256 + 2)
    assert followed["head"].value == 2 * 257


@pytest.mark.parametrize(
    ("name", "changed", "reason"),
    [
        ("vanilla", {"vocabulary": -1}, "up to 100000 words"),
        ("vanilla", {"vocabulary": 10}, "must be a linear layer"),
        ("vanilla", {"steps": 0}, "must be positive"),
        ("gru", {"hidden_sought": True, "compared": True}, "a layer alone"),
        ("gru", {"hidden": 10**9}, "larger than 10000"),
        ("deep", {"kind": "GRN"}, "kind is one of"),
        ("deep", {"inputs": 0}, "must be positive"),
        ("deep", {"hidden": 10**6}, "larger than"),
        ("deep", {"layers": 9}, "1 to 8 layers"),
        ("deep", {"layers": 1, "bidirectional": False}, "neither deep nor bidirectional"),
    ],
)
def test_unfair_counts_are_refused(name, changed, reason):
    families = {
        "vanilla": ("rnn/vanilla_parameter_count", VANILLA),
        "gru": ("rnn/gru_parameter_count", GRU),
        "deep": ("rnn/deep_bidirectional_count", DEEP),
    }
    family, parameters = families[name]
    assert reason in question(family, **parameters | changed).flaw()


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
    assert keys(shown)["rnn"] == 7_424
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
        ({"projection": -1}, "not negative"),
        ({"hidden_sought": True, "outputs": 2}, "a layer alone"),
        ({"projection": 8, "two_biases": False}, "two bias vectors"),
    ],
)
def test_unfair_lstms_are_refused(changed, reason):
    assert reason in question("rnn/lstm_parameter_count", **PYTORCH | changed).flaw()
