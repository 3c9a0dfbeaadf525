"""Sizes of autoencoders: the golden networks, carried errors, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

SIZE = "autoencoders/compression_and_parameters"
PLAIN: dict[str, Any] = {"form": "plain", "image": (784,), "hidden": (32,), "percent": 0, "wanted": 0}
TIED = PLAIN | {"form": "tied"}
SPARSE = PLAIN | {"form": "sparse", "image": (1, 8, 8), "hidden": (200,), "percent": 5}
CONVOLUTIONAL = PLAIN | {"form": "convolutional", "image": (3, 16, 16), "hidden": (8, 4), "wanted": 10}


def test_the_golden_autoencoder() -> None:
    found = item(SIZE, **PLAIN)
    assert keys(found) == {"ratio": 24.5, "encoder": 25_120, "decoder": 25_872, "total": 50_992}
    wrong = mistakes(found)
    assert wrong["decoder_bias_forgotten"] == {"decoder": 25_088, "total": 50_208}
    assert wrong["ratio_inverted"] == {"ratio": 1 / 24.5}
    assert wrong["one_side_only"] == {"total": 25_120}
    assert wrong["mirrored_is_equal"] == {"decoder": 25_120, "total": 50_240}


def test_the_golden_tied_autoencoder() -> None:
    found = item(SIZE, **TIED)
    assert keys(found) == {"ratio": 24.5, "encoder": 25_120, "decoder": 784, "total": 25_904, "saved": 25_088}
    assert mistakes(found)["tied_counted_twice"] == {"decoder": 25_872, "total": 50_992}


def test_a_stack_for_images() -> None:
    found = item(SIZE, **PLAIN | {"image": (3, 8, 8), "hidden": (50, 10)})
    assert keys(found) == {
        "inputs": 192, "ratio": 19.2, "encoder": 192 * 50 + 50 + 510, "decoder": 550 + 50 * 192 + 192, "total": 20_502,
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["takes_one_channel"]["inputs"] == 64
    assert wrong["takes_one_channel"]["encoder"] == 64 * 50 + 50 + 510
    assert wrong["compares_with_the_first_layer"] == {"ratio": 3.84}


def test_a_sparse_code_is_smaller_than_it_looks() -> None:
    found = item(SIZE, **SPARSE)
    assert keys(found) == {
        "inputs": 64, "active": 10, "stored": 20, "ratio": 3.2, "encoder": 13_000, "decoder": 12_864, "total": 25_864,
    }  # fmt: skip
    assert mistakes(found)["stores_all_units"] == {"stored": 200, "ratio": 0.32}
    assert mistakes(found)["forgets_positions"] == {"stored": 10, "ratio": 6.4}


def test_a_convolutional_encoder() -> None:
    found = item(SIZE, **CONVOLUTIONAL)
    assert keys(found) == {
        "code_shape": (4, 4, 4), "numbers": 64, "ratio": 12, "encoder": 28 * 8 + 73 * 4, "most_channels": 4,
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["code_size_without_channels"] == {"numbers": 16, "ratio": 48}
    assert wrong["halves_once"]["code_shape"] == (4, 8, 8)
    assert wrong["filters_of_one_channel"] == {"encoder": 120}
    assert wrong["rounds_up"] == {"most_channels": 5}


def test_errors_are_carried_forward() -> None:
    assert question(SIZE, **PLAIN).consequences(encoder=100)["total"] == 25_972
    assert question(SIZE, **SPARSE).consequences(active=5)["ratio"] == 6.4
    assert question(SIZE, **CONVOLUTIONAL).consequences(code_shape=(4, 2, 2))["most_channels"] == 19


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (PLAIN | {"form": "other"}, "form is one of"),
        (PLAIN | {"hidden": ()}, "one to four layers"),
        (PLAIN | {"image": (0,)}, "sizes lie between"),
        (PLAIN | {"hidden": (10**9,)}, "sizes lie between"),
        (PLAIN | {"percent": 5}, "belongs to a sparse code"),
        (PLAIN | {"hidden": (800,)}, "smaller than the one before"),
        (PLAIN | {"hidden": (700,)}, "hardly smaller"),
        (SPARSE | {"hidden": (60,)}, "larger than the input"),
        (SPARSE | {"percent": 80}, "between 1 and 50"),
        (SPARSE | {"hidden": (210,)}, "whole number"),
        (SPARSE | {"percent": 20}, "as much room"),
        (CONVOLUTIONAL | {"image": (3, 18, 16)}, "multiples of 4"),
        (CONVOLUTIONAL | {"image": (768,)}, "three axes"),
        (CONVOLUTIONAL | {"wanted": 500}, "within reach"),
        (CONVOLUTIONAL | {"hidden": (8, 48)}, "no smaller"),
    ],
)
def test_unfair_sizes_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(SIZE, **parameters).flaw()


SHAPES = "autoencoders/conv_autoencoder_shapes"
GOLDEN: dict[str, Any] = {
    "image": (1, 28, 28), "channels": (16, 32, 64), "kernels": (3, 3, 7), "strides": (2, 2, 1),
    "paddings": (1, 1, 0), "extras": (0, 1, 1),
}  # fmt: skip
PAIR: dict[str, Any] = {
    "image": (1, 8, 8), "channels": (4,), "kernels": (3,), "strides": (2,), "paddings": (0,), "extras": (0,),
}  # fmt: skip
UNKNOWN = GOLDEN | {
    "image": (1, 29, 40), "channels": (8, 16), "kernels": (3, 5), "strides": (2, 2), "paddings": (1, 2), "extras": (),
}  # fmt: skip


def test_the_golden_convolutional_autoencoder() -> None:
    found = item(SHAPES, **GOLDEN)
    assert keys(found) == {
        "size_1": (16, 14, 14), "size_2": (32, 7, 7), "size_3": (64, 1, 1), "numbers": 64,
        "size_4": (32, 7, 7), "size_5": (16, 14, 14), "size_6": (1, 28, 28),
        "encoder": 105_216, "decoder": 105_153, "total": 210_369,
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["ignores_output_padding"] == {"size_5": (16, 13, 13), "size_6": (1, 25, 25)}
    assert wrong["mirrored_params_equal"] == {"decoder": 105_216, "total": 210_432}
    assert wrong["code_size_without_channels"] == {"numbers": 1}
    assert wrong["forgets_biases"]["total"] == 2 * 105_104


def test_without_output_padding_the_golden_autoencoder_ends_too_small() -> None:
    found = item(SHAPES, **GOLDEN | {"extras": (0, 0, 0)})
    assert keys(found)["size_6"] == (1, 25, 25)
    assert mistakes(found)["assumes_the_input_size"]["size_6"] == (1, 28, 28)


@pytest.mark.parametrize(("side", "extra"), [(7, 0), (8, 1)])
def test_the_output_padding_tells_seven_from_eight(side: int, extra: int) -> None:
    found = item(SHAPES, **PAIR | {"image": (1, side, side), "extras": (extra,)})
    assert keys(found) == {"size_1": (4, 3, 3), "numbers": 36, "size_2": (1, side, side)}
    assert mistakes(found)["uses_conv_formula"] == {"size_2": (1, 1, 1)}
    assert mistakes(found)["multiplies_by_the_stride"] == {"size_2": (1, 6, 6)}


def test_a_transposed_layer_from_16_to_8_channels_has_3208_parameters() -> None:
    settings = {"image": (1, 64, 64), "channels": (8, 16), "kernels": (5, 5), "strides": (1, 1)}
    found = item(SHAPES, **GOLDEN | settings | {"paddings": (0, 2), "extras": (0, 0)})
    assert keys(found)["size_1"] == (8, 60, 60)
    assert keys(found)["size_4"] == (1, 64, 64)
    assert keys(found)["decoder"] == 3_208 + 201


def test_output_paddings_are_found() -> None:
    found = item(SHAPES, **UNKNOWN)
    assert keys(found) == {
        "size_1": (8, 15, 20), "size_2": (16, 8, 10), "without": (1, 29, 37), "padding_1": (0, 1), "padding_2": (0, 1),
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["always_pads"] == {"padding_1": (1, 1), "padding_2": (1, 1)}
    assert wrong["assumes_the_input_size"] == {"without": (1, 29, 40)}
    assert wrong["ignores_the_padding"]["size_1"] == (8, 14, 19)


def test_wrong_sizes_are_carried_forward() -> None:
    carried = question(SHAPES, **GOLDEN).consequences(size_3=(64, 2, 2))
    assert carried["numbers"] == 256
    assert carried["size_4"] == (32, 8, 8)
    assert question(SHAPES, **UNKNOWN).consequences(size_2=(16, 7, 10))["padding_1"] == (2, 1)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (PAIR | {"image": (8, 8)}, "three axes"),
        (PAIR | {"channels": ()}, "one to four convolutions"),
        (PAIR | {"strides": (2, 2)}, "need filters"),
        (PAIR | {"channels": (0,)}, "lie between 1 and"),
        (PAIR | {"image": (1, 10**9, 8)}, "lie between 1 and"),
        (PAIR | {"kernels": (0,)}, "kernels lie between"),
        (PAIR | {"strides": (9,)}, "strides between"),
        (PAIR | {"paddings": (2,)}, "half its kernel"),
        (PAIR | {"image": (1, 2, 8)}, "larger than its input"),
        (PAIR | {"image": (1, 7, 7), "extras": ()}, "no output padding is needed"),
        (PAIR | {"extras": (0, 0)}, "needs an output padding"),
        (PAIR | {"extras": (2,)}, "less than its stride"),
    ],
)
def test_unfair_shapes_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(SHAPES, **parameters).flaw()
