"""Networks forward: golden examples, logical functions, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from quizgrad.solvers.backprop.forward import mlp_forward

from .support import item, mistakes, question

NAME = "backprop/mlp_forward"
CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))


def golden(x: tuple[int, int], **changes: Any) -> dict[str, Any]:
    layers = ((((1, 2), (-1, 1)), (0, 1), "relu", 1), (((2, -3),), (1,), "linear", 1))
    return {"inputs": (x,), "layers": layers} | changes


def gate(first: Any, second: Any) -> dict[str, Any]:
    return {"inputs": CORNERS, "layers": ((*first, "step", 1), (*second, "step", 1))}


XOR = gate((((1, 1), (1, 1)), (-0.5, -1.5)), (((1, -1),), (-0.5,)))


def keys(parameters: dict[str, Any]) -> dict[str, Any]:
    """The keys of an instance, which may have a flaw; the solver must agree."""
    found = question(NAME, **parameters)
    executed = mlp_forward(found.inputs, found.layers)
    answers = {b: key.value for b, key in found.answer().items() if hasattr(key, "value")}
    for blank, value in answers.items():
        assert np.array(executed[blank]) == pytest.approx(np.array(value))
    return answers


def test_the_golden_network() -> None:
    assert keys(golden((2, 1))) == {"z_1": (4, 0), "h_1": (4, 0), "output": 9}
    assert keys(golden((1, -1)))["output"] == 1


def test_its_mistakes() -> None:
    other = question(NAME, **golden((2, 1)))
    assert other.transposed_weights()["output"] == -15
    assert other.forgets_bias()["output"] == 8
    assert question(NAME, **golden((1, -1))).no_activation()["output"] == 2


def test_xor_by_threshold_units() -> None:
    found = item(NAME, **XOR)
    assert keys(XOR)["h_1"] == ((0, 0), (1, 0), (1, 0), (1, 1))
    assert [row[0] for row in keys(XOR)["output"]] == [0, 1, 1, 0]
    function = found.answers["function"]
    assert [option.name for option in function.options if option.right] == ["XOR"]
    assert "signs_for_steps" in mistakes(found)


def test_softmax_tanh_and_carried_errors() -> None:
    layers = ((((1, 2), (-1, 1)), (0, 3), "relu", 1), (((1, 0), (0, -1)), (-3, 0), "softmax", 2))
    found = keys({"inputs": ((2, 1),), "layers": layers})
    assert found["h_1"] == (4, 2)
    assert found["output"] == pytest.approx((8 / 9, 1 / 9), abs=1e-3)
    assert found["class"] == 1
    carried = question(NAME, inputs=((2, 1),), layers=layers).consequences(h_1=(3, 0))
    assert carried["output"] == pytest.approx((0.5, 0.5))


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (golden((2, 1), inputs=()), "one to four samples"),
        (golden((0, 0)), "pre-activation is 0"),
        (golden((500, 1)), "an input is larger"),
        (golden((2, 1), layers=((((1, 2),), (0, 1), "relu", 1),)), "1 to 4 units"),
        (golden((2, 1), layers=((((1, 2), (1, 1)), (0, 1), "relu", 1),)), "hidden layer"),
        (
            golden((5, -1), layers=((((1, 2), (1, 1)), (1, 1), "relu", 1), (((1, 1),), (1,), "linear", 1))),
            "closed",
        ),
        (gate((((1, 1), (1, 1)), (-0.5, -0.5)), (((1, 1),), (2.5,))), "logical functions"),
    ],
)
def test_unfair_networks_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(NAME, **parameters).flaw()
