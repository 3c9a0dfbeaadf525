"""Flattened features and operations of convolutions: goldens, the mistakes' values, refusals, carried errors."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

LENET: dict[str, Any] = {
    "image": (1, 32, 32), "filters": (6, 16), "kernels": (5, 5), "strides": (1, 1), "paddings": (0, 0),
    "pools": (2, 2), "units": (), "batch": 0, "other": (0, 0),
}  # fmt: skip
CONVOLUTION: dict[str, Any] = {
    "image": (3, 32, 32), "batch": 1, "filters": (6,), "kernels": (5,), "strides": (2,), "paddings": (0,),
    "groups": (1,), "compared": "linear",
}  # fmt: skip


def test_lenet_flattens_400_features() -> None:
    found = item("cnn/flatten_features", **LENET)
    assert keys(found) == {"maps": (16, 5, 5), "features": 400}
    wrong = mistakes(found)
    assert wrong["flattens_one_channel"] == {"features": 25}
    assert wrong["forgets_the_last_pooling"]["features"] == 1600
    assert wrong["takes_channels_of_the_input"]["features"] == 150


def test_lenet_keeps_most_parameters_in_its_linear_layers() -> None:
    found = item("cnn/flatten_features", **LENET | {"units": (120, 84, 10)})
    assert keys(found)["convolutional"] == 156 + 2416
    assert keys(found)["linear"] == 48_120 + 10_164 + 850
    assert keys(found)["share"] == pytest.approx(59_134 / 61_706)
    assert mistakes(found)["counts_the_first_linear_layer"]["linear"] == 48_120


def test_the_large_net_has_250_inputs() -> None:
    large = {"image": (3, 32, 32), "filters": (5, 10), "units": (32, 10)}
    found = keys(item("cnn/flatten_features", **LENET | large))
    assert found["features"] == 250
    assert found["convolutional"] + found["linear"] == 10_002


def test_a_view_cuts_smaller_images_into_fewer_rows() -> None:
    found = item("cnn/flatten_features", **LENET | {"batch": 25, "other": (28, 28)})
    assert keys(found) == {"maps": (16, 5, 5), "features": 400, "other_maps": (16, 4, 4), "rows": 16}
    assert mistakes(found)["keeps_the_batch"] == {"rows": 25}
    assert mistakes(found)["expects_an_error"] == {"rows": 0}


def test_a_view_of_one_smaller_image_raises() -> None:
    found = item("cnn/flatten_features", **LENET | {"batch": 3, "other": (28, 28)})
    assert keys(found)["rows"] == 0
    assert mistakes(found)["drops_the_rest"] == {"rows": 1}


def test_features_and_rows_follow_from_the_students_maps() -> None:
    batch = question("cnn/flatten_features", **LENET | {"batch": 25, "other": (28, 28)})
    assert batch.consequences(maps=(16, 4, 5))["features"] == 320
    assert batch.consequences(features=160)["rows"] == 40
    with pytest.raises(ZeroDivisionError):
        batch.consequences(features=0)
    head = question("cnn/flatten_features", **LENET | {"units": (10,)})
    assert head.consequences(features=25)["linear"] == 260
    assert head.consequences(linear=2572)["share"] == 0.5


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kernels": (5,)}, "each need"),
        ({"filters": (), "kernels": (), "strides": (), "paddings": (), "pools": ()}, "one to 4"),
        ({"filters": (6, 0)}, "positive"),
        ({"filters": (6, 10**9)}, "larger than 1000"),
        ({"paddings": (5, 0)}, "as large as its kernel"),
        ({"image": (1, 8, 8)}, "larger than its input"),
        ({"batch": 25}, "another size"),
        ({"batch": 25, "other": (28, 28), "units": (10,)}, "no linear layers"),
        ({"batch": 25, "other": (33, 33)}, "as many features"),
        ({"batch": 25, "other": (6, 6)}, "larger than its input"),
    ],
)
def test_unfair_networks_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("cnn/flatten_features", **LENET | changes).flaw()


def test_a_convolution_against_a_linear_layer() -> None:
    found = item("cnn/conv_flops", **CONVOLUTION)
    assert keys(found)["size_1"] == (6, 14, 14)
    assert keys(found)["macs_1"] == 88_200
    assert (keys(found)["parameters"], keys(found)["linear"]) == (456, 3_613_848)
    wrong = mistakes(found)
    assert wrong["counts_places_of_the_input"]["macs_1"] == 460_800
    assert wrong["forgets_input_channels"]["macs_1"] == 29_400
    assert wrong["doubles_multiply_accumulates"]["macs_1"] == 176_400
    assert wrong["counts_biases"]["macs_1"] == 88_200 + 6 * 14 * 14
    assert wrong["connects_single_maps"]["linear"] == (32 * 32 + 1) * 14 * 14


def test_two_convolutions_of_a_batch() -> None:
    two = {"filters": (6, 4), "kernels": (5, 1), "strides": (2, 1), "paddings": (0, 0), "groups": (1, 1)}
    found = item("cnn/conv_flops", **CONVOLUTION | two | {"batch": 2, "compared": ""})
    macs = 2 * 88_200, 2 * 14 * 14 * 4 * 6
    assert (keys(found)["macs_1"], keys(found)["macs_2"]) == macs
    assert keys(found)["flops"] == 2 * sum(macs)
    assert keys(found)["bytes"] == 4 * 2 * 14 * 14 * (6 + 4)
    wrong = mistakes(found)
    assert wrong["forgets_additions"] == {"flops": sum(macs)}
    assert wrong["takes_a_byte_for_each_number"] == {"bytes": 2 * 14 * 14 * 10}
    assert wrong["forgets_the_batch"]["flops"] == sum(macs)


def test_stride_and_groups_save() -> None:
    grouped = {"image": (4, 32, 32), "filters": (6,), "groups": (2,), "paddings": (2,), "compared": "plain"}
    found = item("cnn/conv_flops", **CONVOLUTION | grouped)
    assert keys(found)["macs_1"] == 6 * 16 * 16 * 2 * 25
    assert keys(found)["plain_macs"] == 6 * 32 * 32 * 4 * 25
    assert keys(found)["ratio"] == 8
    assert mistakes(found)["applies_stride_once"] == {"ratio": 4}
    assert mistakes(found)["ignores_groups"]["macs_1"] == 6 * 16 * 16 * 4 * 25


def test_operations_follow_from_the_students_size() -> None:
    one = question("cnn/conv_flops", **CONVOLUTION)
    assert one.consequences(size_1=(6, 10, 10))["macs_1"] == 600 * 75
    assert one.consequences(size_1=(6, 10, 10))["linear"] == 3073 * 600
    assert one.consequences(linear=912)["ratio"] == 2


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"groups": ()}, "each need"),
        ({"batch": 0}, "positive"),
        ({"image": (3, 10**6, 5)}, "larger than 1000"),
        ({"paddings": (9,)}, "as large as its kernel"),
        ({"groups": (2,)}, "groups divide"),
        ({"compared": "pooling"}, "linear or plain"),
        ({"batch": 2}, "for one image"),
        ({"strides": (1,), "compared": "plain"}, "neither stride nor groups"),
        ({"kernels": (33,)}, "larger than its input"),
    ],
)
def test_unfair_convolutions_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("cnn/conv_flops", **CONVOLUTION | changes).flaw()
