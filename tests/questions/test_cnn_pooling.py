"""Pooling: goldens, the mistakes' values, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

SIZE: dict[str, Any] = {
    "size": (16, 23, 31), "windows": (5,), "strides": (2,), "paddings": (0,), "rounded_up": (False,), "kind": "Max",
}  # fmt: skip
IMAGE = ((1, -2, 3, 0), (4, 0, -1, 2), (0, 1, 5, -6), (-3, 2, 7, 8))
POOLING: dict[str, Any] = {"image": IMAGE, "window": 2, "stride": 2, "padding": 0, "upstream": ()}
MAPS: dict[str, Any] = {
    "maps": (((1, 3), (5, 7)), ((0, -2), (2, 4))), "size": (2, 2, 2), "classes": 0, "weights": (), "side": 1,
}  # fmt: skip
HEADS: dict[str, Any] = {"maps": (), "size": (512, 7, 7), "classes": 10, "weights": (), "side": 1}


def test_the_golden_window() -> None:
    found = item("cnn/pool_output_size", **SIZE)
    assert keys(found) == {"size_1": (16, 10, 14), "parameters": 0}
    wrong = mistakes(found)
    assert wrong["halves"]["size_1"] == (16, 11, 15)
    assert wrong["counts_parameters"] == {"parameters": 400}
    unnamed = question("cnn/pool_output_size", **SIZE | {"strides": (0,)})
    assert unnamed.moves_by_one() == {"size_1": (16, 19, 27)}


@pytest.mark.parametrize(
    ("side", "window", "stride", "padding", "up", "output"),
    [(8, 3, 0, 0, False, 2), (8, 3, 2, 0, True, 4), (9, 2, 2, 1, True, 5), (12, 3, 2, 1, True, 7)],
)
def test_strides_that_are_not_named_and_rounding_up(
    side: int, window: int, stride: int, padding: int, up: bool, output: int
) -> None:
    settings = {"windows": (window,), "strides": (stride,), "paddings": (padding,), "rounded_up": (up,)}
    found = item("cnn/pool_output_size", **SIZE | settings | {"size": (1, side, side)})
    assert keys(found)["size_1"] == (1, output, output)


def test_the_second_layer_goes_on_from_the_students_size() -> None:
    two = {"windows": (2, 2), "strides": (2, 2), "paddings": (0, 0), "rounded_up": (False, False)}
    assert question("cnn/pool_output_size", **SIZE | two).consequences(size_1=(16, 20, 20))["size_2"] == (
        16,
        10,
        10,
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": "Min"}, "kind is Max or Avg"),
        ({"windows": (40,)}, "larger than its input"),
        ({"paddings": (3,)}, "half the window"),
        ({"windows": (0,)}, "positive"),
        ({"size": (1, 10**6, 5)}, "larger than 10000"),
    ],
)
def test_unfair_layers_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("cnn/pool_output_size", **SIZE | changes).flaw()


def test_the_golden_map() -> None:
    found = item("cnn/numeric_pooling", **POOLING)
    assert keys(found) == {"largest": ((4, 3), (2, 8)), "means": ((0.75, 1), (0, 3.5))}
    assert mistakes(found)["compares_sizes"]["largest"] == ((4, 3), (-3, 8))
    assert mistakes(found)["takes_the_smallest"]["largest"] == ((-2, -1), (-3, -6))


def test_padding_never_wins_but_counts_in_the_mean() -> None:
    negative = {"image": ((-1, -2), (-3, -4)), "window": 2, "stride": 1, "padding": 1}
    found = item("cnn/numeric_pooling", **POOLING | negative)
    assert keys(found)["largest"][0] == (-1, -1, -2)
    assert keys(found)["means"][0] == (-0.25, -0.75, -0.5)
    wrong = mistakes(found)
    assert wrong["pads_with_zeros"]["largest"][0] == (0, 0, 0)
    assert wrong["leaves_the_padding_out"]["means"][0] == (-1, -1.5, -2)


def test_gradients_go_to_the_largest_or_to_all() -> None:
    found = item("cnn/numeric_pooling", **POOLING | {"upstream": ((4, 8), (-4, 12))})
    assert keys(found)["routed"] == ((0, 0, 8, 0), (4, 0, 0, 0), (0, 0, 0, 0), (0, -4, 0, 12))
    assert keys(found)["shared"][0] == (1, 1, 2, 2)
    wrong = mistakes(found)
    assert wrong["shares_the_gradient_of_the_maximum"]["routed"][0] == (1, 1, 2, 2)
    assert wrong["does_not_divide"]["shared"][0] == (4, 4, 8, 8)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"image": ((1, 2), (3,))}, "rectangle"),
        ({"image": ((1.5, 2), (3, 4))}, "whole"),
        ({"window": 5}, "larger than the map"),
        ({"padding": 2}, "half the window"),
        ({"image": ((1,) * 4,) * 4}, "same maximum"),
        ({"upstream": ((1, 2),)}, "size of the output"),
        ({"upstream": ((0, 0), (0, 0))}, "gradient is zero"),
        ({"upstream": ((0, float("nan")), (0, 0))}, "whole numbers"),
        ({"image": ((1, 2), (float("nan"), 4))}, "rectangle"),
        ({"image": ((4, 4, 1, 2), *IMAGE[1:]), "upstream": ((1, 2), (3, 4))}, "several largest"),
    ],
)
def test_unfair_maps_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("cnn/numeric_pooling", **POOLING | changes).flaw()


def test_golden_means_and_heads() -> None:
    small = item("cnn/global_average_pooling", **MAPS)
    assert keys(small) == {"means": (4, 1)}
    assert mistakes(small)["pools_over_channels"] == {"means": (0.5, 0.5, 3.5, 5.5)}
    found = item("cnn/global_average_pooling", **HEADS)
    assert keys(found) == {"pooled": 5130, "flattened": 250_890, "saved": 245_760}
    assert mistakes(found)["keeps_the_pixels"]["saved"] == 0
    assert mistakes(found)["forgets_the_biases"]["pooled"] == 5120


BLOCKS = MAPS | {"maps": (IMAGE,), "size": (1, 4, 4), "classes": 3, "side": 2}


def test_adaptive_pooling_leaves_blocks() -> None:
    found = item("cnn/global_average_pooling", **BLOCKS)
    assert keys(found) == {"pooled_1": ((0.75, 1), (0, 3.5)), "head": 15}
    wrong = mistakes(found)
    assert wrong["pools_globally"] == {"head": 6}
    assert wrong["flattens_before_pooling"] == {"head": 51}
    assert wrong["forgets_the_biases"] == {"head": 12}
    assert wrong["takes_the_largest"] == {"pooled_1": ((4, 3), (2, 8))}
    assert wrong["takes_the_sum"] == {"pooled_1": ((3, 4), (0, 14))}


def test_a_pixel_has_its_share_in_the_logit() -> None:
    found = item("cnn/global_average_pooling", **MAPS | {"classes": 1, "weights": ((2, -1),)})
    assert keys(found) == {"means": (4, 1), "logits": (7,), "gradient": 0.5}
    assert mistakes(found)["forgets_the_share"] == {"gradient": 2}
    assert mistakes(found)["takes_the_sum"]["logits"] == (28,)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (HEADS | {"classes": 0}, "classes are counted"),
        (HEADS | {"size": (0, 7, 7)}, "sizes are 1"),
        (HEADS | {"side": 2}, "pooling is global"),
        (BLOCKS | {"side": 3}, "2 × 2 blocks"),
        (BLOCKS | {"side": 0}, "2 × 2 blocks"),
        (BLOCKS | {"classes": 0}, "in front of some classes"),
        (BLOCKS | {"maps": (((1, 2, 1, 2), (3, 4, 3, 4)) * 2,)}, "have one mean"),
        (MAPS | {"size": (3, 2, 2)}, "each have a map"),
        (MAPS | {"size": (2, 3, 3)}, "rows and columns of the size"),
        (MAPS | {"classes": 2}, "need weights"),
        (MAPS | {"classes": 1, "weights": ((1,),)}, "row for each class"),
        (MAPS | {"classes": 1, "weights": ((0, 0),)}, "no weights"),
        (MAPS | {"classes": 1, "weights": ((10**9, 0),)}, "larger than"),
        (MAPS | {"maps": (((1, 1 / 3), (5, 7)), ((0, -2), (2, 4)))}, "four decimals"),
        (MAPS | {"maps": (((1, float("nan")), (5, 7)), ((0, -2), (2, 4)))}, "larger than"),
        (HEADS | {"classes": 10**9}, "sizes are 1"),
        (MAPS | {"maps": (((1, 1), (1, 1)), ((1, 2), (3, 4)))}, "constant"),
    ],
)
def test_unfair_heads_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question("cnn/global_average_pooling", **parameters).flaw()
