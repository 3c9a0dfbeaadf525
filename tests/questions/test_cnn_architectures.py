"""Classic networks: published numbers of parameters, the mistakes' values, refusals, carried errors."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

LENET: dict[str, Any] = {"network": "LeNet-5", "part": "layers", "block": 0, "side": 32, "classes": 10}
VGG = {"network": "VGG-16", "part": "whole", "block": 0, "side": 224, "classes": 1000}
ALEXNET = VGG | {"network": "AlexNet"}


def test_the_golden_layers_of_lenet() -> None:
    found = item("cnn/classic_totals", **LENET)
    assert list(keys(found).values()) == [156, 2416, 48_120, 10_164, 850, 61_706]
    wrong = mistakes(found)
    assert wrong["forgets_the_channels_of_the_maps"]["layer_3"] == 25 * 120 + 120
    assert wrong["forgets_the_channels_of_a_filter"] == {"layer_2": 416, "total": 59_706}
    assert wrong["forgets_bias"]["total"] == 61_706 - 236
    assert wrong["flattens_the_image"]["layer_3"] == 1025 * 120


def test_the_golden_total_of_vgg_and_its_share() -> None:
    found = item("cnn/classic_totals", **VGG)
    assert keys(found) == {
        "convolutions": 14_714_688,
        "linear": 123_642_856,
        "total": 138_357_544,
        "share": pytest.approx(89.4, abs=0.05),
    }
    wrong = mistakes(found)
    assert wrong["takes_the_other_share"]["share"] == pytest.approx(10.6, abs=0.05)
    assert wrong["forgets_the_last_pooling"]["linear"] == 123_642_856 + 3 * 25_088 * 4096


@pytest.mark.parametrize(
    ("parameters", "total"),
    [
        (ALEXNET, 61_100_840),
        (VGG | {"network": "VGG-11"}, 132_863_336),
        (VGG | {"network": "VGG-13"}, 133_047_848),
        (VGG | {"network": "VGG-19"}, 143_667_240),
    ],
)
def test_published_totals(parameters: dict[str, Any], total: int) -> None:
    assert keys(item("cnn/classic_totals", **parameters))["total"] == total


def test_alexnet_is_a_thousand_times_lenet() -> None:
    large, small = (keys(item("cnn/classic_totals", **p))["total"] for p in (ALEXNET, LENET))
    assert round(large / small) == 990


def test_a_block_of_vgg() -> None:
    found = item("cnn/classic_totals", **VGG | {"part": "block", "block": 2})
    assert keys(found) == {
        "first": 295_168,
        "other": 590_080,
        "total": 295_168 + 2 * 590_080,
        "size": (256, 28, 28),
    }
    wrong = mistakes(found)
    assert wrong["repeats_the_first_convolution"]["total"] == 3 * 295_168
    assert wrong["forgets_the_pooling_of_the_block"]["size"] == (256, 56, 56)
    assert wrong["halves_the_image_once"]["size"] == (256, 112, 112)
    assert wrong["forgets_the_channels_of_a_filter"]["first"] == 2560


def test_linear_layers_follow_from_the_students_inputs() -> None:
    head = question("cnn/classic_totals", **VGG | {"part": "head"})
    assert head.answer()["features"].value == 25_088
    assert head.answer()["total"].value == 123_642_856
    assert head.consequences(features=100)["layer_1"] == 101 * 4096
    whole = question("cnn/classic_totals", **VGG).consequences(convolutions=100, linear=300)
    assert (whole["total"], whole["share"]) == (400, 75)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (VGG | {"part": "tail"}, "part is"),
        (VGG | {"classes": 10**9}, "2 to 20000 classes"),
        (VGG | {"network": "VGG-12"}, "the network is"),
        (VGG | {"side": 100}, "multiple of 32"),
        (VGG | {"side": 32 * 10**6}, "multiple of 32"),
        (VGG | {"block": 5, "part": "block"}, "0 to 4"),
        (VGG | {"network": "VGG-11", "part": "block"}, "one convolution only"),
        (ALEXNET | {"side": 32}, "as a whole"),
        (ALEXNET | {"part": "head"}, "as a whole"),
        (LENET | {"part": "whole"}, "layers are those"),
        (LENET | {"side": 28}, "layers are those"),
        (VGG | {"part": "layers"}, "layers are those"),
    ],
)
def test_unfair_parts_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question("cnn/classic_totals", **parameters).flaw()
