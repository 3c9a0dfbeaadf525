"""Parameters of transformers: golden examples, mistakes, carried errors and refusals."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

COUNT, PATCHES, TRAINED = (
    "transformers/encoder_parameter_count", "transformers/vit_patches", "transformers/trainable_parameters",
)  # fmt: skip
LAYER: dict[str, Any] = {
    "form": "layer", "width": 64, "inner": 256, "heads": 4, "layers": 2, "vocabulary": 0, "positions": 0, "shared": False,
}  # fmt: skip
BERT = LAYER | {
    "form": "stack", "width": 768, "inner": 3072, "heads": 12, "layers": 12, "vocabulary": 30522, "positions": 512,
    "shared": True,
}  # fmt: skip
PHOTO: dict[str, Any] = {
    "height": 224, "width": 224, "channels": 3, "patch": 16, "stride": 16, "dimension": 768, "growth": 0,
}  # fmt: skip
PROBE: dict[str, Any] = {"form": "probe", "width": 512, "classes": 10, "layers": 1, "size": 0, "per_layer": 0}
ADAPTER = PROBE | {"form": "adapter", "layers": 4, "size": 16, "per_layer": 1}
BLOCKS = PROBE | {"form": "unfrozen", "width": 16, "layers": 3, "size": 3}


def test_the_golden_encoder_layer() -> None:
    found = item(COUNT, **LAYER)
    assert keys(found) == {
        "attention": 16640, "feed_forward": 33088, "norms": 256, "layer": 49984, "total": 99968,
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["one_normalization"]["layer"] == 49856
    assert wrong["one_matrix_in_feed_forward"]["layer"] == 49984 - 64 * 256 - 64
    assert wrong["forgets_biases"]["layer"] == 49152 + 256
    assert wrong["times_heads"]["attention"] == 4 * 16640
    assert question(COUNT, **LAYER).consequences(norms=128)["total"] == 2 * 49856


def test_other_layers() -> None:
    assert keys(item(COUNT, **LAYER | {"form": "decoder"}))["layer"] == 66752
    shared = item(COUNT, **LAYER | {"shared": True})
    assert keys(shared)["layer"] == 49984 - 128
    assert mistakes(shared)["counts_shared_twice"]["layer"] == 49984
    matrices = item(COUNT, **LAYER | {"form": "matrices", "layers": 1})
    assert keys(matrices) == {"attention": 16384, "feed_forward": 32768, "layer": 49152}


@pytest.mark.parametrize(("tied", "total"), [(True, 108_888_576), (False, 132_329_472)])
def test_a_stack_of_the_size_of_bert(tied: bool, total: int) -> None:
    # BERT base has 109,482,240: with two segments, a normalization of the embeddings and a pooler besides.
    assert total == 109_482_240 - (2 * 768 + 2 * 768 + 768 * 768 + 768) + (0 if tied else 30522 * 768)
    found = item(COUNT, **BERT | {"shared": tied})
    assert keys(found)["total"] == total
    name = "counts_tied_twice" if tied else "forgets_output_layer"
    assert abs(mistakes(found)[name]["total"] - total) == 30522 * 768


def test_the_golden_patches() -> None:
    found = item(PATCHES, **PHOTO)
    assert keys(found) == {
        "patches": 196, "values": 768, "length": 197, "projection": 590_592, "positions": 151_296,
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["counts_one_row"]["patches"] == 14
    assert wrong["forgets_class_token"] == {"length": 196, "positions": 196 * 768}
    assert wrong["forgets_channels"]["values"] == 256
    assert wrong["slides_by_one"]["patches"] == 209**2


def test_an_enlarged_image_and_overlapping_patches() -> None:
    grown = item(PATCHES, **PHOTO | {"height": 64, "width": 96, "growth": 2})
    assert (keys(grown)["pairs"], keys(grown)["grown_pairs"]) == (25**2, 97**2)
    overlapping = item(PATCHES, **PHOTO | {"height": 32, "width": 48, "stride": 8})
    assert keys(overlapping)["patches"] == 3 * 5
    assert mistakes(overlapping)["ignores_overlap"]["patches"] == 6


def test_the_golden_probe() -> None:
    found = item(TRAINED, **PROBE)
    assert keys(found) == {"head": 5130, "share": pytest.approx(100 * 5130 / 267_786)}
    wrong = mistakes(found)
    assert wrong["counts_frozen"] == {"head": 267_786}
    assert wrong["forgets_bias"]["head"] == 5120


def test_adapters_prompts_and_low_rank_updates() -> None:
    adapters = item(TRAINED, **ADAPTER)
    assert keys(adapters)["added"] == 4 * 16912
    assert mistakes(adapters)["adapter_one_matrix"]["added"] == 4 * (512 * 16 + 16)
    prompt = item(TRAINED, **ADAPTER | {"form": "prompt", "size": 20, "per_layer": 0})
    assert keys(prompt)["added"] == 20 * 512
    assert mistakes(prompt)["prompt_in_each_layer"]["added"] == 4 * 20 * 512
    update = item(TRAINED, **ADAPTER | {"form": "lora", "size": 8, "per_layer": 2})
    assert keys(update)["added"] == 4 * 2 * 2 * 8 * 512
    assert question(TRAINED, **ADAPTER).consequences(head=5120)["trained"] == 5120 + 4 * 16912


def test_an_unfrozen_block() -> None:
    found = item(TRAINED, **BLOCKS)
    assert keys(found)["added"] == 9 * 256 + 32
    assert keys(found)["buffers"] == 96
    assert mistakes(found)["statistics_are_frozen"] == {"buffers": 32}


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (LAYER | {"form": "other"}, "form is"),
        (LAYER | {"width": 10**9}, "4 to 8192"),
        (LAYER | {"heads": 5}, "do not divide"),
        (LAYER | {"layers": 1}, "2 to 200"),
        (LAYER | {"vocabulary": 10}, "others have none"),
        (LAYER | {"form": "decoder", "shared": True}, "nothing is shared"),
    ],
)
def test_unfair_layers_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(COUNT, **parameters).flaw()


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (PHOTO | {"height": 10**6}, "4 to 2048"),
        (PHOTO | {"patch": 200}, "two patches"),
        (PHOTO | {"stride": 17}, "not larger than the patch"),
        (PHOTO | {"height": 225}, "do not fit"),
        (PHOTO | {"patch": 2, "stride": 2}, "more than 5000"),
        (PHOTO | {"dimension": 1}, "2 to 8192"),
        (PHOTO | {"dimension": 0, "growth": 2}, "only if there are tokens"),
        (PHOTO | {"dimension": 0, "stride": 8}, "only if there are tokens"),
    ],
)
def test_unfair_patches_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(PATCHES, **parameters).flaw()


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (PROBE | {"form": "other"}, "form is"),
        (PROBE | {"classes": 1}, "2 to 1000 classes"),
        (PROBE | {"layers": 11}, "up to 10"),
        (PROBE | {"size": 4}, "neither size"),
        (ADAPTER | {"size": 512}, "smaller than the width"),
        (ADAPTER | {"per_layer": 3}, "up to 2 adapters"),
        (BLOCKS | {"size": 4}, "1, 3, 5 or 7"),
    ],
)
def test_unfair_adaptations_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(TRAINED, **parameters).flaw()
