"""Steps of an LSTM and of a GRU."""

from __future__ import annotations

import math
from typing import Any

import pytest

from .support import item, keys, mistakes, question

LSTM = "rnn/lstm_cell_step"
GIVEN: dict[str, Any] = {
    "form": "gates", "gates": ["0.75", "0.5", "0.8", "0.5"], "input_weights": [], "recurrent_weights": [],
    "biases": [], "inputs": [], "hidden": [], "cell": [2.0],
}  # fmt: skip
LOGARITHMS = GIVEN | {"form": "preactivations", "gates": ["ln 3", "0", "ln 3", "0"]}
TWO_STEPS = GIVEN | {
    "form": "weights", "gates": [], "input_weights": [[1.0], [0.5], [-1.0], [1.0]],
    "recurrent_weights": [[0.5], [1.0], [1.0], [-0.5]], "biases": [0.0, 1.0, 0.5, 0.0],
    "inputs": [[1.0], [-2.0]], "hidden": [0.0], "cell": [0.0],
}  # fmt: skip
MATRICES = GIVEN | {
    "form": "matrices", "gates": [], "biases": [0.0] * 8, "inputs": [[1.0, -1.0]], "hidden": [1.0, 2.0],
    "input_weights": [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, -1.0], [0.0, -2.0], [1.0, 0.0], [1.0, 0.0], [0.0, 2.0]],
    "recurrent_weights": [[0.0, 1.0], [1.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [1.0, -1.0], [0.0, 1.0], [0.0, 0.0], [1.0, 0.0]],
    "cell": [-1.0, 2.0],
}  # fmt: skip

GRU = "rnn/gru_cell_step"
UPDATE: dict[str, Any] = {
    "form": "gates", "update_keeps_past": True, "gates": ["0.75", "0.8"], "input_part": [], "input_weights": [],
    "recurrent_weights": [], "input_biases": [], "recurrent_biases": [], "inputs": [], "hidden": [2.0],
}  # fmt: skip
RESET = UPDATE | {
    "form": "preactivations", "gates": ["0", "ln 3"], "input_part": [0.5], "recurrent_weights": [[-1.0]],
}  # fmt: skip
PYTORCH = UPDATE | {
    "form": "weights", "gates": [], "input_weights": [1.0, -0.5, 1.0],
    "recurrent_weights": [[0.5], [1.0], [-1.0]], "input_biases": [0.0, 0.5, 0.0],
    "recurrent_biases": [0.0, 0.0, 1.0], "inputs": [1.0, -1.0], "hidden": [-1.0],
}  # fmt: skip
COMPARED = UPDATE | {
    "form": "compared", "gates": ["0.25", "0.75", "0.5", "0.25"], "input_part": [0.5, -1.0],
    "recurrent_weights": [[1.0, -0.5], [0.5, 1.0]], "hidden": [2.0, -1.0],
}  # fmt: skip


def sigma(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def test_golden_step_of_an_lstm() -> None:
    found = item(LSTM, **GIVEN)
    assert keys(found) == pytest.approx({"c": 1.6, "h": 0.46083}, abs=1e-5)
    wrong = mistakes(found)
    assert wrong["gates_swapped"]["c"] == pytest.approx(1.9)
    assert wrong["tanh_missing_on_cell"] == pytest.approx({"h": 0.8})
    assert wrong["multiplies_instead_of_adds"]["c"] == pytest.approx(2 * 0.5 * 0.75 * 0.8)
    assert wrong["shows_past_cell"]["h"] == pytest.approx(0.5 * math.tanh(2))
    assert wrong["output_gate_inside_tanh"]["h"] == pytest.approx(math.tanh(0.8))
    assert wrong["forgets_input_gate"]["c"] == pytest.approx(1.8)
    assert "candidate_uses_sigmoid" not in wrong


def test_the_past_that_is_forgotten_by_the_gate() -> None:
    found = mistakes(item(LSTM, **GIVEN | {"gates": ["0.75", "0.25", "0.8", "0.5"]}))
    assert found["forgets_by_gate"]["c"] == pytest.approx(0.75 * 2 + 0.6)


def test_golden_step_from_preactivations() -> None:
    found = item(LSTM, **LOGARITHMS)
    expected = {"i": 0.75, "f": 0.5, "g": 0.8, "o": 0.5, "c": 1.6, "h": 0.46083, "slope": 0.5}
    assert keys(found) == pytest.approx(expected, abs=1e-5)
    wrong = mistakes(found)
    assert wrong["candidate_uses_sigmoid"]["c"] == pytest.approx(1.5625)
    assert wrong["gates_use_tanh"]["i"] == pytest.approx(0.8)
    assert wrong["slope_of_sigmoid"] == pytest.approx({"slope": 0.25})
    assert wrong["slope_is_input_gate"] == pytest.approx({"slope": 0.75})
    assert wrong["slope_is_one"] == {"slope": 1.0}


def test_two_steps_of_one_unit() -> None:
    found = item(LSTM, **TWO_STEPS)
    values = keys(found)
    assert values["i1"] == pytest.approx(sigma(1))
    assert values["f1"] == pytest.approx(sigma(1.5))
    assert values["c1"] == pytest.approx(sigma(1) * math.tanh(-0.5))
    assert values["o2"] == pytest.approx(sigma(-2 - 0.5 * values["h1"]))
    assert values["c2"] == pytest.approx(values["f2"] * values["c1"] + values["i2"] * values["g2"])
    wrong = mistakes(found)
    assert wrong["forgets_recurrence"]["i2"] == pytest.approx(sigma(-2))
    assert wrong["gates_swapped"]["c1"] == pytest.approx(sigma(1.5) * math.tanh(-0.5))


def test_rows_of_pytorch() -> None:
    """E88: the rows have the order i, f, g, o."""
    found = item(LSTM, **MATRICES)
    values = keys(found)
    assert values["i"] == pytest.approx((sigma(3), sigma(0)))
    assert values["f"] == pytest.approx((sigma(1), sigma(1)))
    assert values["g"] == pytest.approx((math.tanh(1), math.tanh(3)))
    assert values["o"] == pytest.approx((sigma(1), sigma(-1)))
    assert values["c"][0] == pytest.approx(-sigma(1) + sigma(3) * math.tanh(1))
    wrong = mistakes(found)
    assert wrong["candidate_last"]["g"] == pytest.approx((math.tanh(1), math.tanh(-1)))
    assert wrong["forget_gate_first"]["i"] == pytest.approx((sigma(1), sigma(1)))
    assert wrong["forgets_recurrence"]["i"] == pytest.approx((sigma(1), sigma(-1)))


def test_own_gates_are_carried_to_the_states() -> None:
    carried = question(LSTM, **LOGARITHMS).consequences(f=1.0)
    assert carried["c"] == pytest.approx(2.6)
    assert carried["h"] == pytest.approx(0.5 * math.tanh(2.6))
    assert carried["slope"] == 1.0
    later = question(LSTM, **TWO_STEPS).consequences(h1=0.0)
    assert later["i2"] == pytest.approx(sigma(-2))
    vectors = question(LSTM, **MATRICES).consequences(o=(1.0, 0.0))
    assert vectors["h"] == pytest.approx((math.tanh(vectors["c"][0]), 0.0))


@pytest.mark.parametrize(
    ("start", "changes", "reason"),
    [
        (GIVEN, {"form": "peephole"}, "form is gates"),
        (GIVEN, {"cell": [1.0, 2.0]}, "the cell state has 1"),
        (GIVEN, {"cell": [math.nan]}, "the cell state has 1"),
        (GIVEN, {"inputs": [[1.0]]}, "no weights"),
        (GIVEN, {"gates": ["1.5", "0.5", "0.8", "0.5"]}, "strictly between"),
        (GIVEN, {"gates": ["0.5", "0.5", "0", "0.5"]}, "not at 0"),
        (GIVEN, {"gates": ["0.5", "0.123", "0.8", "0.5"]}, "2 decimals"),
        (GIVEN, {"gates": ["0.5", "0.5", "0.8"]}, "four gates"),
        (GIVEN, {"gates": ["a", "0.5", "0.8", "0.5"]}, "four gates"),
        (LOGARITHMS, {"gates": ["9", "0", "ln 3", "0"]}, "saturated"),
        (LOGARITHMS, {"gates": ["nan", "0", "ln 3", "0"]}, "saturated"),
        (TWO_STEPS, {"gates": ["0.5"]}, "not given"),
        (TWO_STEPS, {"inputs": [[1.0]]}, "do not fit"),
        (TWO_STEPS, {"biases": [0.0]}, "do not fit"),
        (TWO_STEPS, {"inputs": [[1.0], [1e9]]}, "go up to 10"),
        (TWO_STEPS, {"inputs": [[10.0], [1.0]]}, "saturated"),
        (TWO_STEPS, {"inputs": [[0.5], [1.0]]}, "almost zero"),
        (MATRICES, {"recurrent_weights": [[1.0]] * 8}, "do not fit"),
    ],
)
def test_refusals_of_an_lstm(start: dict[str, Any], changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(LSTM, **start | changes).flaw() or "")


@pytest.mark.parametrize(("keeps", "state", "other"), [(True, 1.7, 1.1), (False, 1.1, 1.7)])
def test_golden_step_of_a_gru_in_both_conventions(keeps: bool, state: float, other: float) -> None:
    found = item(GRU, **UPDATE | {"update_keeps_past": keeps})
    assert keys(found) == pytest.approx({"h": state})
    wrong = mistakes(found)
    assert wrong["convention_swapped"]["h"] == pytest.approx(other)
    assert wrong["sum_without_weights"]["h"] == pytest.approx(2.8)
    assert wrong["update_gate_on_both"]["h"] == pytest.approx(2.1)


def test_step_of_a_gru_from_preactivations() -> None:
    found = item(GRU, **RESET)
    n = math.tanh(0.5 - 0.5 * 2)
    assert keys(found) == pytest.approx({"r": 0.5, "z": 0.75, "n": n, "h": 0.25 * n + 1.5})
    wrong = {name: values["n"] for name, values in mistakes(found).items() if "n" in values}
    assert wrong["no_reset"] == pytest.approx(math.tanh(-1.5))
    assert wrong["candidate_with_sigmoid"] == pytest.approx(sigma(-0.5))
    assert wrong["resets_input_too"] == pytest.approx(math.tanh(-0.75))
    assert wrong["gates_exchanged"] == pytest.approx(math.tanh(0.5 - 1.5))
    reversed_ = mistakes(item(GRU, **RESET | {"gates": ["ln 4", "0"]}))["reset_reversed"]
    assert reversed_["n"] == pytest.approx(math.tanh(0.5 - 0.2 * 2))


def test_two_steps_as_in_pytorch() -> None:
    found = item(GRU, **PYTORCH)
    values = keys(found)
    assert values["r1"] == pytest.approx(sigma(0.5))
    assert values["z1"] == pytest.approx(sigma(-1))
    assert values["n1"] == pytest.approx(math.tanh(1 + sigma(0.5) * 2))
    assert values["h1"] == pytest.approx(-values["z1"] + (1 - values["z1"]) * values["n1"])
    wrong = mistakes(found)
    assert wrong["bias_outside_reset"]["n1"] == pytest.approx(math.tanh(1 + sigma(0.5) + 1))
    assert wrong["gates_exchanged"]["r1"] == pytest.approx(sigma(-1))


def test_resets_before_and_after_the_matrix_differ() -> None:
    """E87."""
    found = item(GRU, **COMPARED)
    values = keys(found)
    product = (2 + 0.5, 1 - 1)
    after = [math.tanh(p + r * q) for p, r, q in zip((0.5, -1), (0.25, 0.75), product, strict=True)]
    assert values["n_after"] == pytest.approx(after)
    assert values["n_before"] == pytest.approx((math.tanh(0.5 + 0.5 + 0.375), math.tanh(-1 + 0.25 - 0.75)))
    assert values["h_before"][0] == pytest.approx(0.5 * 2 + 0.5 * values["n_before"][0])
    wrong = mistakes(found)
    assert wrong["resets_exchanged"]["n_after"] == pytest.approx(values["n_before"])
    assert wrong["no_reset"]["n_before"] == pytest.approx((math.tanh(3), math.tanh(-1)))
    assert wrong["convention_swapped"]["h_after"][1] == pytest.approx(0.25 * values["n_after"][1] - 0.75)


def test_own_gates_are_carried_to_the_candidate() -> None:
    carried = question(GRU, **RESET).consequences(r=1.0, z=0.5)
    assert carried["n"] == pytest.approx(math.tanh(-1.5))
    assert carried["h"] == pytest.approx(0.5 * math.tanh(-1.5) + 1)
    later = question(GRU, **PYTORCH).consequences(h1=0.0)
    assert later["r2"] == pytest.approx(sigma(-1))
    both = question(GRU, **COMPARED).consequences(n_after=(1.0, 0.0))
    assert both["h_after"] == pytest.approx((1.5, -0.25))


@pytest.mark.parametrize(
    ("start", "changes", "reason"),
    [
        (UPDATE, {"form": "other"}, "form is gates"),
        (UPDATE, {"gates": []}, "do not fit"),
        (UPDATE, {"hidden": []}, "do not fit"),
        (UPDATE, {"hidden": [math.inf]}, "go up to 10"),
        (UPDATE, {"gates": ["0", "0.8"]}, "strictly between"),
        (UPDATE, {"gates": ["0.5", "1"]}, "strictly between"),
        (UPDATE, {"gates": ["x", "0.5"]}, "numbers such as"),
        (UPDATE, {"gates": ["0.5", "0"]}, "almost zero"),
        (RESET, {"gates": ["ln 100000", "0"]}, "saturated"),
        (RESET, {"input_part": [1.0]}, "almost zero"),
        (RESET, {"recurrent_weights": [[1.0, 2.0]]}, "an entry for each unit"),
        (PYTORCH, {"update_keeps_past": False}, "as in PyTorch"),
        (PYTORCH, {"recurrent_biases": []}, "do not fit"),
        (PYTORCH, {"inputs": [10.0, 1.0]}, "saturated"),
        (COMPARED, {"input_part": [9.0, 1.0]}, "saturated"),
    ],
)
def test_refusals_of_a_gru(start: dict[str, Any], changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(GRU, **start | changes).flaw() or "")
