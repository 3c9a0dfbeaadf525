"""Residual blocks: goldens, the mistakes' values, refusals, carried errors."""

from __future__ import annotations

import math
from typing import Any

import pytest

from .support import item, keys, mistakes, question

DEEP: dict[str, Any] = {
    "start": (1,), "weights": (0.5, -0.2, 0.1), "matrix": (), "function": "linear", "skip": 1, "upstream": (1,),
}  # fmt: skip
ONE = DEEP | {"start": (2,), "weights": (0.3,), "upstream": (-3,)}
TWO = DEEP | {"start": (1.5,), "weights": (0.5, -1), "function": "tanh", "skip": 2, "upstream": (2,)}
VECTORS = DEEP | {"start": (1, -2), "weights": (), "matrix": ((1, 2), (-1, 2)), "upstream": (3, 1), "skip": 2}


def test_the_golden_chain_of_three_blocks() -> None:
    found = item("cnn/residual_gradient", **DEEP)
    assert keys(found) == pytest.approx({"output": 1.32, "gradient": 1.32, "without": -0.01})
    wrong = mistakes(found)
    assert wrong["drops_skip"]["gradient"] == pytest.approx(-0.01)
    assert wrong["sum_over_blocks"]["gradient"] == pytest.approx(3.4)
    assert wrong["puts_out_the_branch"]["output"] == pytest.approx(-0.01)


def test_the_golden_derivative_of_a_sine_and_half_its_input() -> None:
    sine = ONE | {"start": (1.2,), "weights": (1,), "function": "sin", "skip": 0.5, "upstream": (1,)}
    found = item("cnn/residual_gradient", **sine)
    assert keys(found)["slope_1"] == pytest.approx(0.862358, abs=1e-6)
    wrong = mistakes(found)
    assert wrong["adds_one"]["slope_1"] == pytest.approx(1.362358, abs=1e-6)
    assert wrong["multiplies"]["gradient"] == pytest.approx(0.181179, abs=1e-6)
    assert wrong["adds_the_input_as_it_is"]["output_1"] == pytest.approx(math.sin(1.2) + 1.2)


def test_one_linear_block() -> None:
    found = item("cnn/residual_gradient", **ONE)
    assert keys(found) == pytest.approx({"output_1": 2.6, "slope_1": 1.3, "gradient": -3.9})
    assert mistakes(found)["drops_skip"] == pytest.approx({"slope_1": 0.3, "gradient": -0.9})
    assert mistakes(found)["forgets_the_upstream"]["gradient"] == pytest.approx(1.3)


def test_errors_are_carried_from_block_to_block() -> None:
    two = question("cnn/residual_gradient", **TWO)
    carried = two.consequences(output_1=1.0)
    assert carried["slope_2"] == pytest.approx(2 - 1 / math.cosh(1) ** 2)
    assert two.consequences(slope_1=3.0, slope_2=2.0)["gradient"] == 12
    assert mistakes(item("cnn/residual_gradient", **TWO))["stops_at_the_last_block"][
        "gradient"
    ] == pytest.approx(2 * two.slopes[1])


def test_the_jacobian_of_vectors_has_the_skip_on_its_diagonal() -> None:
    found = item("cnn/residual_gradient", **VECTORS | {"start": (2, -1)})
    assert keys(found) == {
        "sums": (4, -6),
        "output": (4, 0),
        "jacobian": ((3, 2), (0, 0)),
        "gradient": (9, 6),
    }
    wrong = mistakes(found)
    assert wrong["drops_skip"]["gradient"] == (3, 6)
    assert wrong["adds_one"]["jacobian"] == ((2, 2), (0, 0))
    assert wrong["adds_the_skip_everywhere"]["jacobian"] == ((3, 4), (0, 0))
    assert wrong["forgets_the_relu"]["jacobian"] == ((3, 2), (-1, 4))
    assert wrong["forgets_to_transpose"] == {"gradient": (11, 0)}
    assert wrong["puts_out_the_branch"]["sums"] == (0, -4)
    assert found.question.consequences(sums=(-4.0, 6.0))["jacobian"] == ((0, 0), (-1, 4))


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (DEEP | {"function": "softmax"}, "one of"),
        (DEEP | {"start": ()}, "one to three numbers"),
        (DEEP | {"skip": float("nan")}, "at most 3 decimals"),
        (DEEP | {"weights": (1e9, 1)}, "at most 3 decimals"),
        (DEEP | {"weights": (0.1234,)}, "at most 3 decimals"),
        (DEEP | {"skip": 0}, "not zero"),
        (DEEP | {"weights": ()}, "one to 6 blocks"),
        (DEEP | {"weights": (0, 1, 1)}, "a weight is zero"),
        (DEEP | {"function": "tanh"}, "linear"),
        (DEEP | {"weights": (-1, 0.5, 0.5)}, "no gradient"),
        (TWO | {"start": (50,)}, "saturated"),
        (ONE | {"function": "relu", "weights": (-0.5,)}, "dead"),
        (VECTORS | {"matrix": ((1, 2),)}, "square"),
        (VECTORS | {"weights": (1,)}, "one matrix"),
        (VECTORS | {"skip": 0.5}, "whole"),
        (TWO | {"function": "sigmoid", "weights": (-100, 100), "start": (100,)}, "saturated"),
        (VECTORS | {"matrix": ((1, 0), (0, -9))}, "all or nothing"),
    ],
)
def test_unfair_blocks_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question("cnn/residual_gradient", **parameters).flaw()


DOWN: dict[str, Any] = {
    "kind": "basic", "size": (64, 56, 56), "width": 128, "stride": 2, "stages": (), "stage": 0,
}  # fmt: skip
STAGE = DOWN | {"kind": "bottleneck", "width": 64, "stride": 1, "stages": (3, 8, 36, 3)}


def test_the_golden_block_that_halves_the_size() -> None:
    found = item("cnn/residual_block_parameters", **DOWN)
    assert keys(found) == {
        "convolutions": 221_184,
        "normalizations": 512,
        "projection": 8448,
        "total": 230_144,
        "size": (128, 28, 28),
    }
    wrong = mistakes(found)
    assert wrong["forgets_bn"]["total"] == 229_376
    assert wrong["projection_3x3"]["total"] == 295_680
    assert wrong["no_projection"]["total"] == 221_696
    assert wrong["conv_biases_counted"]["total"] == 230_144 + 3 * 128
    assert wrong["concatenates_channels"]["size"] == (256, 28, 28)
    assert wrong["ignores_the_stride"]["size"] == (128, 56, 56)


def test_a_block_that_keeps_its_shape_has_no_projection() -> None:
    found = item("cnn/residual_block_parameters", **DOWN | {"width": 64, "stride": 1})
    assert keys(found) == {
        "convolutions": 18 * 64**2,
        "normalizations": 256,
        "total": 18 * 64**2 + 256,
        "size": (64, 56, 56),
    }


def test_a_bottleneck_widens_only_at_its_end() -> None:
    found = item("cnn/residual_block_parameters", **DOWN | {"kind": "bottleneck", "width": 64, "stride": 1})
    assert keys(found)["convolutions"] == 64 * 64 + 9 * 64 * 64 + 64 * 256
    wrong = mistakes(found)
    assert wrong["no_expansion"]["convolutions"] == 11 * 64**2
    assert wrong["no_expansion"]["size"] == (64, 56, 56)
    assert wrong["three_by_three_everywhere"]["convolutions"] == 9 * (2 * 64**2 + 64 * 256)


def test_a_block_takes_single_pixels() -> None:
    assert keys(item("cnn/residual_block_parameters", **DOWN | {"size": (64, 2, 2)}))["size"] == (128, 1, 1)


def test_the_first_stage_and_the_152_layers_of_resnet() -> None:
    found = item("cnn/residual_block_parameters", **STAGE)
    assert keys(found) == {
        "first": 75_008,
        "other": 70_400,
        "total": 215_808,
        "size": (256, 56, 56),
        "layers": 152,
    }
    wrong = mistakes(found)
    assert wrong["counts_blocks"] == {"layers": 52}
    assert wrong["forgets_both_ends"] == {"layers": 150}
    assert wrong["repeats_the_first_block"] == {"other": 75_008, "total": 225_024}
    assert found.question.consequences(first=100)["total"] == 140_900


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": "inverted"}, "kind is"),
        ({"size": (0, 8, 8)}, "are 1 to"),
        ({"width": 10**9}, "are 1 to"),
        ({"stride": 3}, "stride is"),
        ({"size": (64, 7, 7)}, "even rows"),
        ({"stage": 1}, "no such stage"),
        (STAGE | {"stage": 4}, "at most six"),
        (STAGE | {"stage": -1}, "at most six"),
        (STAGE | {"stages": (3, 0)}, "1 to 50 blocks"),
        (STAGE | {"stages": (1, 3)}, "only one block"),
    ],
)
def test_unfair_parameters_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("cnn/residual_block_parameters", **DOWN | changes).flaw()
