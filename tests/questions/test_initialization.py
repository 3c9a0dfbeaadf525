"""Initial weights: goldens, the mistakes' values, and a simulation."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from .support import item, keys, mistakes, question


def about(values: Any) -> Any:
    return pytest.approx(values, abs=5e-5)


CONV: dict[str, Any] = {"channels": 8, "filters": 64, "kernel": 5, "rules": ("he", "glorot")}
SIGNAL: dict[str, Any] = {
    "width": 1000, "gain": 2.0, "variance": 1.0, "layers": 3, "rectified": False,
}  # fmt: skip


def test_deviations_of_the_golden_convolution() -> None:
    found = item("initialization/xavier_he", **CONV)
    assert keys(found)["fan_in"] == 200
    assert keys(found)["he_deviation"] == about(0.1)
    wrong = {name: values.get("he_deviation") for name, values in mistakes(found).items()}
    assert wrong["forgets_the_two_of_relu"] == about(0.0707)
    assert wrong["forgets_the_kernel"] == about(0.5)
    assert wrong["takes_the_variance"] == about(0.01)
    assert wrong["takes_the_outputs"] == about(0.0354)


def test_both_rules_of_the_name_xavier() -> None:
    linear = {"channels": 400, "filters": 100, "kernel": 0, "rules": ("inputs", "glorot")}
    found = item("initialization/xavier_he", **linear)
    assert keys(found)["inputs_variance"] == about(0.0025)
    assert keys(found)["glorot_variance"] == about(0.004)
    assert mistakes(found)["forgets_the_root_of_three"]["glorot_bound"] == about(0.0632)
    weights = nn.init.xavier_uniform_(torch.empty(100, 400))
    assert float(weights.abs().max()) <= keys(found)["glorot_bound"]
    assert float(weights.var()) == pytest.approx(keys(found)["glorot_variance"], rel=0.05)


def test_the_default_of_linear_layers() -> None:
    linear = {"channels": 400, "filters": 100, "kernel": 0, "rules": ("default", "he")}
    found = item("initialization/xavier_he", **linear)
    assert keys(found)["default_variance"] == pytest.approx(1 / 1200)
    assert keys(found)["he_variance"] == about(0.005)
    assert mistakes(found)["squares_the_bound"]["default_variance"] == about(0.0025)
    assert nn.Linear(400, 100).weight.var().item() == pytest.approx(1 / 1200, rel=0.05)


def test_errors_of_fans_are_carried() -> None:
    carried = question("initialization/xavier_he", **CONV).consequences(fan_in=50)
    assert carried["he_deviation"] == about(0.2)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"channels": 0}, "at least one input"),
        ({"channels": 10**6}, "at most"),
        ({"rules": ("lecun",)}, "rules here are he and glorot"),
        ({"kernel": 0, "rules": ("he", "he")}, "or default and he"),
        ({"kernel": 1}, "one pixel"),
        ({"channels": 64}, "equally many"),
    ],
)
def test_unfair_layers_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("initialization/xavier_he", **CONV | changes).flaw()


def test_three_linear_layers_of_the_golden_example() -> None:
    found = item("initialization/variance_propagation", **SIGNAL)
    assert found.answers["after"].value == (2, 4, 8)
    assert found.answers["behaviour"].printed() == "c"
    assert mistakes(found)["adds_the_changes"]["after"] == (2, 3, 4)
    assert mistakes(found)["takes_the_deviation"]["factor"] == about(44.7214)


def test_relu_halves_the_second_moment() -> None:
    rectified = SIGNAL | {"rectified": True, "gain": 4.0}
    found = item("initialization/variance_propagation", **rectified)
    assert keys(found)["after"] == (2, 4, 8)
    assert keys(found)["keeping"] == 0.002
    assert mistakes(found)["forgets_relu"]["after"] == (4, 16, 64)
    assert mistakes(found)["keeps_linear_layers"] == {"keeping": 0.001}


def test_a_simulation_comes_to_the_same() -> None:
    torch.manual_seed(0)
    signal = torch.randn(500, 1000)
    for _ in range(3):
        signal = torch.relu(signal @ (torch.randn(1000, 1000) * (4 / 1000) ** 0.5))
    assert float(signal.square().mean()) == pytest.approx(8, rel=0.2)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"width": 0}, "1 to 1000 units"),
        ({"gain": 20.0}, "gain lies"),
        ({"gain": 2 / 3}, "four decimals"),
        ({"layers": 10, "gain": 4.0}, "beyond all bounds"),
        ({"layers": 11}, "1 to 10 layers"),
        ({"layers": 1, "rectified": True}, "two layers or more"),
    ],
)
def test_unfair_signals_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("initialization/variance_propagation", **SIGNAL | changes).flaw()
