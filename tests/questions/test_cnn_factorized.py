"""Stacks of small kernels, depthwise separable and pointwise convolutions."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from quizgrad.generators.cnn.factorized import MOBILENET
from quizgrad.generators.cnn.pointwise import INCEPTIONS
from quizgrad.solvers.architectures.googlenet import Inception
from quizgrad.solvers.architectures.mobilenet import BLOCKS, depthwise_separable

from .support import item, keys, mistakes, question

STACK: dict[str, Any] = {"kernels": ((3, 3),) * 3, "channels": (16, 16), "biased": False, "size": (10, 10)}
SEPARABLE: dict[str, Any] = {
    "channels": (32, 64), "kernel": 3, "stride": 1, "size": (0, 0), "multiplier": 1, "biased": False,
    "normalized": False,
}  # fmt: skip
BOTTLENECK: dict[str, Any] = {
    "image": (256, 14, 14), "branches": (((64, 1), (64, 3), (256, 1)),), "pooled": False, "biased": False,
    "direct": 3, "maps": (), "weights": (), "biases": (),
}  # fmt: skip
INCEPTION: dict[str, Any] = {
    "image": (192, 28, 28), "branches": (((64, 1),), ((96, 1), (128, 3)), ((16, 1), (32, 5)), ((32, 1),)),
    "pooled": True, "biased": True, "direct": 0,
}  # fmt: skip
MIXED: dict[str, Any] = {
    "image": (2, 2, 2), "branches": (((2, 1),),), "biased": True, "direct": 0,
    "maps": (((1, 2), (3, 4)), ((0, -1), (1, 0))), "weights": ((1, 2), (-1, 3)), "biases": (1, 0),
}  # fmt: skip


def test_three_small_kernels_against_a_large_one() -> None:
    found = item("cnn/stacked_small_kernels", **STACK)
    assert (keys(found)["stacked"], keys(found)["single"]) == (6912, 12_544)
    assert keys(found)["kernel"] == (7, 7)
    assert keys(found)["ratio"] == pytest.approx(1 - 0.449, abs=1e-4)
    assert keys(found)["stacked_macs"] == 691_200
    wrong = mistakes(found)
    assert wrong["inverts_the_ratio"]["ratio"] == pytest.approx(1.8148, abs=1e-4)
    assert wrong["gives_the_saving"]["ratio"] == pytest.approx(0.449, abs=1e-4)
    assert wrong["forgets_input_channels"]["stacked"] == 3 * 9 * 16
    assert wrong["adds_sides"]["kernel"] == (9, 9)
    assert wrong["adds_sides"]["single"] == 81 * 256


def test_biases_of_a_stack() -> None:
    found = item("cnn/stacked_small_kernels", **STACK | {"biased": True, "size": ()})
    assert (keys(found)["stacked"], keys(found)["single"]) == (6912 + 48, 12_544 + 16)
    assert mistakes(found)["forgets_biases"]["stacked"] == 6912


@pytest.mark.parametrize(
    ("kernels", "size", "kernel", "stacked"),
    [
        (((1, 7), (7, 1)), (10, 10), (7, 7), 7 * 4 * 8 + 7 * 8 * 8),
        (((3,), (3,), (3,), (3,)), (50,), (9,), 3 * 4 * 8 + 9 * 8 * 8),
        (((5, 5), (3, 3)), (10, 10), (7, 7), 25 * 4 * 8 + 9 * 8 * 8),
    ],
)
def test_flat_and_different_kernels(
    kernels: tuple[tuple[int, ...], ...], size: tuple[int, ...], kernel: tuple[int, ...], stacked: int
) -> None:
    found = item("cnn/stacked_small_kernels", kernels=kernels, channels=(4, 8), biased=False, size=size)
    assert keys(found)["kernel"] == kernel
    assert keys(found)["stacked"] == stacked
    assert mistakes(found)["keeps_the_first_channels"]["stacked"] < stacked


def test_the_single_convolution_follows_from_the_students_kernel() -> None:
    stack = question("cnn/stacked_small_kernels", **STACK)
    assert stack.consequences(kernel=(5, 5))["single"] == 6400
    assert stack.consequences(stacked=12_544)["ratio"] == 1
    with pytest.raises(ZeroDivisionError):
        stack.consequences(single=0)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kernels": ()}, "two to six"),
        ({"kernels": ((3, 3), (3,))}, "one or two sides"),
        ({"kernels": ((2, 2), (3, 3))}, "odd"),
        ({"kernels": ((39, 39), (39, 39))}, "at most 41"),
        ({"kernels": ((1, 1), (3, 3))}, "more than one of its kernels"),
        ({"channels": (0, 4)}, "from 1"),
        ({"size": (10,)}, "axes"),
    ],
)
def test_unfair_stacks_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("cnn/stacked_small_kernels", **STACK | changes).flaw()


def test_a_separable_convolution() -> None:
    found = item("cnn/depthwise_separable", **SEPARABLE)
    assert (keys(found)["separable"], keys(found)["standard"]) == (2336, 18_432)
    assert keys(found)["ratio"] == pytest.approx(0.1267, abs=1e-4)
    wrong = mistakes(found)
    assert wrong["leaves_out_the_pointwise_convolution"]["separable"] == 288
    assert wrong["takes_output_channels_for_the_depthwise_convolution"]["separable"] == 2624
    assert wrong["multiplies_both_steps"]["separable"] == 589_824
    assert wrong["takes_input_channels_in_the_rule"]["ratio"] == pytest.approx(1 / 32 + 1 / 9)


def test_operations_of_a_separable_convolution_with_stride() -> None:
    found = item("cnn/depthwise_separable", **SEPARABLE | {"stride": 2, "size": (7, 10)})
    assert keys(found)["output"] == (4, 5)
    assert (keys(found)["separable"], keys(found)["standard"]) == (20 * 2336, 20 * 18_432)
    assert mistakes(found)["ignores_the_stride"]["separable"] == 70 * 2336


def test_several_filters_for_each_channel() -> None:
    found = item("cnn/depthwise_separable", **SEPARABLE | {"multiplier": 2, "biased": True})
    assert keys(found)["depthwise_1"] == 64 * 9 + 64
    assert keys(found)["pointwise_1"] == 64 * 64 + 64
    assert keys(found)["standard"] == 18_432 + 64
    wrong = mistakes(found)
    assert wrong["forgets_biases"]["separable"] == 64 * 9 + 64 * 64
    assert wrong["forgets_the_multiplier_afterwards"]["pointwise_1"] == 32 * 64 + 64


@pytest.mark.parametrize("first", [0, 5, 11])
def test_blocks_of_mobilenet(first: int) -> None:
    channels = MOBILENET[first : first + 3]
    found = item("cnn/depthwise_separable", **SEPARABLE | {"channels": channels, "normalized": True})
    with torch.device("meta"):
        layers = [layer for block in BLOCKS[first : first + 2] for layer in depthwise_separable(*block)]
    assert keys(found)["separable"] == sum(p.numel() for layer in layers for p in layer.parameters())
    wrong = mistakes(found)
    assert (
        2 * wrong["counts_one_number_for_each_normalized_channel"]["normalization_1"]
        == (keys(found)["normalization_1"])
    )


def test_mobilenets_channels() -> None:
    assert (BLOCKS[0][0], *(filters for _, filters, _ in BLOCKS)) == MOBILENET


def test_sums_follow_from_the_students_parts() -> None:
    block = question("cnn/depthwise_separable", **SEPARABLE)
    assert block.consequences(depthwise_1=0)["separable"] == 2048
    assert block.consequences(separable=18_432)["ratio"] == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"channels": (32,)}, "one to four blocks"),
        ({"channels": (32, 10**6)}, "from 1 to 1024"),
        ({"channels": (1, 8)}, "single channel"),
        ({"kernel": 4}, "odd"),
        ({"stride": 0}, "strides from 1"),
        ({"size": (0, 5)}, "one block"),
        ({"size": (5, 5), "biased": True}, "without biases"),
        ({"biased": True, "normalized": True}, "cancelled"),
    ],
)
def test_unfair_blocks_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("cnn/depthwise_separable", **SEPARABLE | changes).flaw()


def test_a_bottleneck() -> None:
    found = item("cnn/pointwise_bottleneck", **BOTTLENECK)
    assert (keys(found)["total"], keys(found)["direct"]) == (69_632, 589_824)
    assert keys(found)["macs"] == 14 * 14 * 69_632
    assert keys(found)["ratio"] == pytest.approx(0.1181, abs=1e-4)
    wrong = mistakes(found)
    assert wrong["gives_pointwise_kernels_places"]["layer_1"] == 9 * 256 * 64
    assert wrong["leaves_out_the_expansion"]["total"] == 69_632 - 16_384
    assert wrong["halves_the_map"]["output"] == (256, 7, 7)
    assert wrong["ignores_the_reduction"]["layer_2"] == 9 * 256 * 64


@pytest.mark.parametrize("filters", INCEPTIONS)
def test_blocks_of_googlenet(filters: tuple[int, ...]) -> None:
    channels, one, before_three, three, before_five, five, pool = filters
    branches = ((one, 1),), ((before_three, 1), (three, 3)), ((before_five, 1), (five, 5)), ((pool, 1),)
    block = INCEPTION | {"image": (channels, 14, 14), "branches": branches}
    found = keys(item("cnn/pointwise_bottleneck", **BOTTLENECK | block))
    with torch.device("meta"):
        built = Inception(*filters)
    assert found["total"] == sum(parameter.numel() for parameter in built.parameters())
    assert found["output"] == tuple(built(torch.zeros(1, channels, 14, 14, device="meta")).shape[1:])


def test_branches_are_joined() -> None:
    found = item("cnn/pointwise_bottleneck", **BOTTLENECK | INCEPTION)
    assert keys(found)["output"] == (256, 28, 28)
    wrong = mistakes(found)
    assert wrong["takes_the_largest_branch"]["output"] == (128, 28, 28)
    assert wrong["joins_reductions"]["output"] == (368, 28, 28)
    assert wrong["forgets_biases"]["total"] == keys(found)["total"] - 368


def test_a_single_pointwise_convolution() -> None:
    one = {"branches": (((64, 1),),), "biased": True, "direct": 0}
    found = item("cnn/pointwise_bottleneck", **BOTTLENECK | one)
    assert keys(found) == {"output": (64, 14, 14), "weights": 16_384, "biases": 64, "total": 16_448}
    wrong = mistakes(found)
    assert wrong["forgets_biases"] == {"biases": 0, "total": 16_384}
    assert wrong["gives_pointwise_kernels_places"]["total"] == 9 * 16_384 + 64


def test_channels_are_mixed_at_each_place() -> None:
    found = item("cnn/pointwise_bottleneck", **BOTTLENECK | MIXED)
    assert keys(found) == {"map_1": ((2, 1), (6, 5)), "map_2": ((-1, -5), (0, -4))}
    wrong = mistakes(found)
    assert wrong["forgets_biases"] == {"map_1": ((1, 0), (5, 4))}
    assert wrong["takes_the_first_channel"]["map_1"] == ((2, 3), (4, 5))
    assert wrong["takes_columns_of_weights"]["map_1"] == ((2, 4), (3, 5))


def test_totals_follow_from_the_students_layers() -> None:
    bottleneck = question("cnn/pointwise_bottleneck", **BOTTLENECK)
    assert bottleneck.consequences(layer_2=0)["total"] == 32_768
    assert bottleneck.consequences(total=10)["macs"] == 1960
    with pytest.raises(ZeroDivisionError):
        bottleneck.consequences(direct=0)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"branches": ()}, "one to four"),
        ({"branches": ((),)}, "one to four"),
        ({"image": (256, 0, 5)}, "go from 1"),
        ({"branches": (((64, 2), (8, 1)),)}, "odd"),
        ({"pooled": True}, "several branches"),
        ({"direct": 4}, "odd"),
        ({"biased": True}, "compared"),
        ({"direct": 0}, "have biases"),
        (MIXED | {"branches": (((2, 3),),)}, "one pointwise"),
        (MIXED | {"maps": (((1, 2), (3, 4)),)}, "each channel"),
        (MIXED | {"weights": ((1, 2),)}, "row for each filter"),
        (MIXED | {"biases": (1,)}, "each filter"),
        (MIXED | {"weights": ((1, 0), (1, 1))}, "mix"),
        (MIXED | {"weights": ((1, float("nan")), (1, 1))}, "whole numbers"),
        (MIXED | {"maps": (((1, 1), (1, 1)), ((0, -1), (1, 0)))}, "constant"),
    ],
)
def test_unfair_bottlenecks_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("cnn/pointwise_bottleneck", **BOTTLENECK | changes).flaw()
