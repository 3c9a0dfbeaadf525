"""Classic networks: published numbers of parameters, the mistakes' values, refusals, carried errors."""

from __future__ import annotations

from typing import Any

import pytest
from quizgrad.generators.cnn.architectures import FACTS, SIZES
from quizgrad.rendering.snippet import snippet
from quizgrad.solvers.cnn.architectures import NETWORKS, architecture_facts

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


FACT: dict[str, Any] = {
    "form": "network",
    "subject": "adds",
    "options": ("GoogLeNet", "ResNet-50", "U-Net", "VGG-16"),
}
FACTS_ON_GOOGLENET = FACT | {
    "form": "facts",
    "subject": "GoogLeNet",
    "options": ("inception", "wide_inception", "one_by_one", "adds", "wide_linear"),
}
ORDER = FACT | {
    "form": "order",
    "subject": "parameters",
    "options": ("VGG-16", "AlexNet", "ResNet-18", "ResNet-50", "GoogLeNet"),
}

COSTS = ORDER | {"subject": "operations", "options": ("VGG-16", "AlexNet", "ResNet-50", "GoogLeNet")}


@pytest.mark.parametrize(
    ("fact", "network"),
    [
        ("adds", "ResNet-50"),
        ("only_three", "VGG-16"),
        ("inception", "GoogLeNet"),
        ("enlarges", "U-Net"),
        ("maps_out", "U-Net"),
        ("over_100_million", "VGG-16"),
    ],
)
def test_the_network_that_has_a_property(fact: str, network: str) -> None:
    found = item("cnn/architecture_facts", **FACT | {"subject": fact})
    (right,) = found.answers["network"].right_origins
    assert FACT["options"][right] == network


def test_every_fact_that_is_not_doubtful_is_seen_in_the_networks() -> None:
    names = ("LeNet-5", "AlexNet", "VGG-16", "GoogLeNet", "ResNet-50", "MobileNet", "U-Net")
    for network in names:
        known = [name for name, fact in FACTS.items() if network not in fact.doubtful]
        seen = architecture_facts("facts", network, known)["facts"]
        assert {known[n] for n, true in seen.items() if true} == {
            name for name in known if network in FACTS[name].networks
        }


def test_every_size_is_counted() -> None:
    for name, numbers in SIZES.items():
        counted = NETWORKS[name]()
        assert (counted["parameters"], counted["operations"]) == numbers


@pytest.mark.parametrize(
    ("network", "layers"),
    [("GoogLeNet", 22), ("U-Net", 23), ("MobileNet", 28), ("ResNet-152", 152), ("LeNet-5", 5)],
)
def test_layers_in_a_row_are_those_of_the_papers(network: str, layers: int) -> None:
    assert NETWORKS[network]()["layers in a row"] == layers


def test_all_that_is_true_of_a_network() -> None:
    assert item("cnn/architecture_facts", **FACTS_ON_GOOGLENET).answers["facts"].right_origins == {0, 2}


def test_the_golden_order_by_parameters() -> None:
    found = item("cnn/architecture_facts", **ORDER)
    assert found.answers["order"].items == ("GoogLeNet", "ResNet-18", "ResNet-50", "AlexNet", "VGG-16")
    wrong = mistakes(found)
    assert wrong["begins_with_the_largest"] == {"order": (4, 3, 2, 1, 0)}
    assert wrong["confuses_parameters_and_operations"] == {"order": (3, 0, 1, 2, 4)}
    assert wrong["orders_by_depth"] == {"order": (3, 4, 1, 0, 2)}


def test_alexnet_has_many_parameters_and_few_multiplications() -> None:
    found = item("cnn/architecture_facts", **COSTS)
    assert found.answers["order"].items == ("AlexNet", "GoogLeNet", "ResNet-50", "VGG-16")
    assert mistakes(found)["confuses_parameters_and_operations"] == {"order": (1, 2, 0, 3)}


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (FACT | {"form": "other"}, "form is"),
        (FACT | {"subject": "VGG-16"}, "the subject is one of"),
        (FACT | {"options": ("relu",)}, "options are different ones"),
        (FACT | {"options": ("U-Net", "U-Net", "VGG-16")}, "options are different ones"),
        (FACT | {"options": ("U-Net", "ResNet-50")}, "three to seven"),
        (FACT | {"subject": "relu"}, "exactly one network"),
        (FACT | {"subject": "dropout"}, "depends on the version"),
        (FACTS_ON_GOOGLENET | {"options": ("adds", "tanh", "eleven")}, "all or none"),
        (ORDER | {"options": ("VGG-16", "VGG-19", "AlexNet")}, "nearly equal"),
        (ORDER | {"options": ("LeNet-5", "VGG-19", "AlexNet")}, "options are different ones"),
    ],
)
def test_unfair_facts_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question("cnn/architecture_facts", **parameters).flaw()


@pytest.mark.parametrize(
    "networks", [("MobileNet", "ResNet-50", "VGG-16", "GoogLeNet"), ("VGG-11", "AlexNet", "ResNet-34")]
)
def test_the_printed_check_of_several_networks_runs(
    networks: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    exec(snippet(item("cnn/architecture_facts", **ORDER | {"options": networks})), {})
    printed = capsys.readouterr().out
    assert all(f"'parameters': {SIZES[name].parameters}," in printed for name in networks)
