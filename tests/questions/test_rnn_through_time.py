"""Recurrent networks step by step, and backpropagation through time."""

from __future__ import annotations

import math
from typing import Any

import pytest
from quizgrad.rendering.prompt import prompt

from .support import item, keys, mistakes, question

STEPS = "rnn/unrolled_steps"
UNIT: dict[str, Any] = {
    "form": "unit", "activation": "relu", "input_weights": [[2]], "recurrent_weights": [[-1]], "biases": [1],
    "second": [], "output_weights": [[2]], "output_biases": [-1], "inputs": [1, 2, 2], "start": [0],
}  # fmt: skip
READER = UNIT | {
    "form": "reader", "input_weights": [[1, 0, 2], [0, 1, -1]], "recurrent_weights": [[1, 2], [0, 1]],
    "biases": [0, 1], "output_weights": [[1, -1], [2, 0], [-1, 2]], "output_biases": [0, 0, 0],
    "inputs": [0, 1, 2], "start": [0, 0],
}  # fmt: skip
DECODER = READER | {
    "form": "decoder", "input_weights": [[1, 1, 0, 2], [1, 0, 1, -1]], "start": [1, 0], "inputs": [2, 0, 1],
}  # fmt: skip
LAYERS = UNIT | {
    "form": "layers", "activation": "tanh", "input_weights": [[0.5]], "recurrent_weights": [[-1.0]],
    "biases": [0.5], "second": [1.0, 0.5, 0.0], "output_weights": [], "output_biases": [],
    "inputs": [1, -1, 2],
}  # fmt: skip

BPTT = "rnn/bptt_gradient"
LINEAR: dict[str, Any] = {
    "activation": "identity", "input_weight": 1, "recurrent_weight": 2, "inputs": [1, 0, 1], "start": 1,
    "targets": [], "reach": 0,
}  # fmt: skip
RELU = LINEAR | {"activation": "relu", "inputs": [1, -1, 2], "targets": [7]}
EACH = LINEAR | {"activation": "relu", "targets": [2, 5, 14]}
TANH = LINEAR | {
    "activation": "tanh", "input_weight": 0.5, "recurrent_weight": -1.0, "inputs": [1, -1], "targets": [0.5],
}  # fmt: skip
TRUNCATED = LINEAR | {"inputs": [1, 1, 2, 1], "targets": [28], "reach": 2}


def states(values: dict[str, Any], name: str = "h") -> list[Any]:
    return [values[blank] for blank in sorted(values) if blank[0] == name and blank[1:].isdigit()]


def test_golden_states_of_a_unit() -> None:
    found = item(STEPS, **UNIT)
    assert states(keys(found)) == [3, 2, 3]
    assert keys(found)["y"] == 5
    assert keys(item(STEPS, **UNIT | {"inputs": [1, 0, 2]}))["h3"] == 5
    wrong = mistakes(found)
    assert states({"h1": 3, **wrong["no_recurrence"]}) == [3, 5, 5]
    assert states(wrong["starts_with_one"]) == [2, 3, 2]
    assert wrong["uses_output_as_state"]["h2"] == 0
    assert wrong["forgets_biases"]["h1"] == 2
    assert "activation_skipped" not in wrong
    closed = mistakes(item(STEPS, **UNIT | {"inputs": [1, -1, 2]}))
    assert closed["activation_skipped"] == {"h2": -4, "h3": 9, "y": 17}


def test_states_of_a_reader_and_its_prediction() -> None:
    found = item(STEPS, **READER)
    assert keys(found) == {
        "h1": (1, 1), "h2": (3, 3), "h3": (11, 3), "y": (8, 22, -5), "word": "rain",
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["transposes_recurrence"]["h2"] == (1, 5)
    assert wrong["no_recurrence"] == {"h2": (0, 2), "h3": (2, 0), "y": (2, 4, -2)}
    assert wrong["forgets_biases"]["h1"] == (1, 0)


def test_a_decoder_is_fed_its_targets() -> None:
    found = item(STEPS, **DECODER)
    values = keys(found)
    assert states(values) == [(2, 2), (8, 2), (13, 3)]
    assert states(values, "w") == ["rain", "rain", "rain"]
    wrong = mistakes(found)
    assert wrong["feeds_predictions"]["h2"] == (6, 4)
    assert wrong["starts_with_zero"]["h1"] == (1, 2)
    assert "trained with teacher forcing to produce *snow sun rain*" in prompt(found).markdown


def test_two_layers() -> None:
    found = item(STEPS, **LAYERS)
    h1 = math.tanh(1)
    s1 = math.tanh(h1)
    h2 = math.tanh(-h1)
    assert keys(found) == pytest.approx(
        {
            "h1": h1, "s1": s1, "h2": h2, "s2": math.tanh(h2 + 0.5 * s1), "h3": math.tanh(1.5 - h2),
            "s3": math.tanh(math.tanh(1.5 - h2) + 0.5 * math.tanh(h2 + 0.5 * s1)),
        }
    )  # fmt: skip
    wrong = mistakes(found)
    assert wrong["second_layer_reads_input"]["s2"] == pytest.approx(math.tanh(-1 + 0.5 * math.tanh(1)))
    assert wrong["second_layer_reads_past"]["s2"] == pytest.approx(math.tanh(h1))
    assert wrong["activation_skipped"]["h1"] == pytest.approx(1)


def test_own_states_are_carried_on() -> None:
    carried = question(STEPS, **UNIT).consequences(h1=1)
    assert (carried["h2"], carried["h3"], carried["y"]) == (4, 1, 1)
    assert question(STEPS, **READER).consequences(h3=(0, 1))["y"] == (-1, 0, 2)
    assert question(STEPS, **READER).consequences(y=(9, 1, 1))["word"] == "sun"
    assert question(STEPS, **LAYERS).consequences(h1=0.0)["s1"] == 0


@pytest.mark.parametrize(
    ("start", "changes", "reason"),
    [
        (UNIT, {"form": "cell"}, "form is one of"),
        (UNIT, {"activation": "sigmoid"}, "activation is one of"),
        (UNIT, {"input_weights": []}, "do not fit"),
        (UNIT, {"start": [0, 0]}, "do not fit"),
        (READER, {"recurrent_weights": [[1, 2]]}, "do not fit"),
        (UNIT, {"biases": [1e9]}, "go up to 10"),
        (UNIT, {"biases": [math.nan]}, "go up to 10"),
        (UNIT, {"inputs": [1]}, "2 to 6 steps"),
        (UNIT, {"inputs": [1, 10**6]}, "inputs up to 10"),
        (READER, {"inputs": [0, 1, 3]}, "a word has a number"),
        (UNIT, {"activation": "tanh"}, "two layers have tanh"),
        (UNIT, {"biases": [0.5]}, "whole"),
        (UNIT, {"inputs": [-3, -3]}, "brings nothing"),
        (READER, {"output_weights": [[2, 0], [2, 0], [0, 0]]}, "same score"),
        (DECODER, {"inputs": [1, 1, 1]}, "teacher forcing changes nothing"),
        (LAYERS, {"inputs": [10, 1]}, "saturated or zero"),
        (UNIT, {"recurrent_weights": [[10]], "inputs": [9] * 6, "activation": "identity"}, "grow beyond"),
    ],
)
def test_refusals_of_steps(start: dict[str, Any], changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(STEPS, **start | changes).flaw() or "")


def test_golden_gradient_through_time() -> None:
    found = item(BPTT, **LINEAR)
    values = keys(found)
    assert states(values) == [3, 6, 13]
    assert states(values, "d") == [4, 2, 1]
    assert (values["du"], values["dh0"]) == (16, 8)
    wrong = mistakes(found)
    assert wrong["only_last_step"] == {"du": 6}
    assert wrong["forgets_power_factor"]["du"] == 10
    assert wrong["product_instead_of_sum"] == {"du": 4 * 1 * 2 * 3 * 1 * 6}
    assert wrong["uses_new_state"] == {"du": 4 * 3 + 2 * 6 + 13}
    assert wrong["stops_at_first_state"] == {"dh0": 4}


def test_a_loss_at_the_end_of_relu_steps() -> None:
    values = keys(item(BPTT, **RELU))
    assert states(values) == [3, 5, 12]
    assert states(values, "d") == [20, 10, 5]
    assert (values["du"], values["dv"], values["dh0"]) == (20 + 30 + 25, 20 - 10 + 10, 40)
    closed = item(BPTT, **RELU | {"inputs": [-2, 2, 1], "targets": [4]})
    assert states(keys(closed)) == [0, 2, 5]
    assert keys(closed)["dh0"] == 0
    wrong = mistakes(closed)
    assert wrong["ignores_activation_derivative"] == {"du": 6, "dv": -3, "dh0": 8}
    assert wrong["turns_error_round"]["d3"] == -1


def test_a_loss_at_each_step() -> None:
    found = item(BPTT, **EACH)
    values = keys(found)
    assert states(values, "d") == [1 + 2 * (1 + 2 * -1), 1 + 2 * -1, -1]
    assert values["du"] == -1 * 1 - 1 * 3 - 1 * 6
    wrong = mistakes(found)
    assert states({**values, **wrong["only_last_loss"]}, "d") == [-4, -2, -1]
    assert states({**values, **wrong["only_own_losses"]}, "d") == [1, 1, -1]


def test_gradients_pass_the_slope_of_tanh() -> None:
    values = keys(item(BPTT, **TANH))
    h1 = math.tanh(-0.5)
    h2 = math.tanh(-0.5 - h1)
    assert values["d2"] == pytest.approx(h2 - 0.5)
    assert values["d1"] == pytest.approx(-(1 - h2**2) * (h2 - 0.5))
    assert values["du"] == pytest.approx((1 - h2**2) * (h2 - 0.5) * h1 + values["d1"] * (1 - h1**2))
    wrong = mistakes(item(BPTT, **TANH))
    assert wrong["ignores_activation_derivative"]["dh0"] == pytest.approx(h2 - 0.5)


def test_truncated_backpropagation() -> None:
    found = item(BPTT, **TRUNCATED)
    values = keys(found)
    assert states(values) == [3, 7, 16, 33]
    assert states(values, "d") == [40, 20, 10, 5]
    assert values["du"] == 40 + 60 + 70 + 80
    assert values["truncated"] == 70 + 80
    wrong = mistakes(found)
    assert wrong["goes_all_the_way"] == {"truncated": 250}
    assert wrong["goes_one_step_less"] == {"truncated": 80}
    assert wrong["goes_one_step_more"] == {"truncated": 210}


def test_own_states_and_gradients_are_carried_back() -> None:
    carried = question(BPTT, **RELU).consequences(h3=10)
    assert (carried["d3"], carried["d2"], carried["d1"]) == (3, 6, 12)
    assert question(BPTT, **RELU).consequences(d2=1)["d1"] == 2
    assert question(BPTT, **LINEAR).consequences(d1=0)["du"] == 6 + 6


@pytest.mark.parametrize(
    ("start", "changes", "reason"),
    [
        (LINEAR, {"activation": "gelu"}, "activation is one of"),
        (LINEAR, {"inputs": [1]}, "2 to 6 steps"),
        (LINEAR, {"targets": [1.0, 2.0]}, "targets for none"),
        (LINEAR, {"start": 1e12}, "up to 10"),
        (LINEAR, {"recurrent_weight": math.nan}, "up to 10"),
        (RELU, {"targets": [1e9]}, "targets go up to"),
        (LINEAR, {"start": 0.5}, "whole"),
        (TANH, {"start": 0.12345}, "2 decimals"),
        (LINEAR, {"reach": 3}, "fewer steps"),
        (EACH, {"reach": 1}, "fewer steps"),
        (LINEAR, {"recurrent_weight": 1}, "powers do not differ"),
        (LINEAR, {"input_weight": 0}, "a weight is zero"),
        (LINEAR, {"recurrent_weight": 10, "inputs": [9] * 6}, "too large"),
        (TANH, {"inputs": [10, 1]}, "saturated"),
        (RELU, {"inputs": [-3, -2, 1]}, "no gradient flows"),
        (RELU, {"targets": [12]}, "a gradient is zero"),
        (LINEAR, {"inputs": [-2, 1, 1]}, "a state is zero"),
    ],
)
def test_refusals_of_backpropagation_through_time(
    start: dict[str, Any], changes: dict[str, Any], reason: str
) -> None:
    assert reason in (question(BPTT, **start | changes).flaw() or "")
