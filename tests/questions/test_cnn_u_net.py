"""Sizes in U-Nets: goldens, the mistakes' values, refusals, carried errors."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

ORIGINAL: dict[str, Any] = {"size": (1, 572, 572), "width": 64, "depth": 4, "classes": 2, "valid": True}
SMALL = ORIGINAL | {"size": (1, 16, 16), "width": 8, "depth": 1, "valid": False}
TWO = SMALL | {"size": (3, 64, 32), "width": 16, "depth": 2}


def test_the_golden_sizes_of_the_paper() -> None:
    found = item("cnn/unet_shapes", **ORIGINAL)
    values = keys(found)
    assert [values[f"down_{n}"] for n in range(1, 5)] == [
        (64, 568, 568),
        (128, 280, 280),
        (256, 136, 136),
        (512, 64, 64),
    ]
    assert values["bottom"] == (1024, 28, 28)
    assert [values[f"crop_{n}"] for n in range(4, 0, -1)] == [4, 16, 40, 88]
    assert [values[f"joined_{n}"] for n in range(4, 0, -1)] == [
        (1024, 56, 56),
        (512, 104, 104),
        (256, 200, 200),
        (128, 392, 392),
    ]
    assert values["output"] == (2, 388, 388)
    wrong = mistakes(found)
    assert wrong["no_crop"]["joined_1"] == (128, 568, 568)
    assert wrong["cuts_all_from_one_border"]["crop_1"] == 176
    assert wrong["puts_out_the_image_size"]["output"] == (2, 572, 572)


def test_the_golden_level() -> None:
    found = item("cnn/unet_shapes", **SMALL)
    assert keys(found) == {
        "down_1": (8, 16, 16),
        "bottom": (16, 8, 8),
        "joined_1": (16, 16, 16),
        "output": (2, 16, 16),
    }
    wrong = mistakes(found)
    assert wrong["adds_instead_of_concat"] == {"joined_1": (8, 16, 16)}
    assert wrong["channels_not_doubled"] == {"bottom": (8, 8, 8)}
    assert wrong["keeps_channels_going_up"] == {"joined_1": (24, 16, 16)}
    assert wrong["does_not_enlarge"] == {"joined_1": (16, 8, 8)}
    assert wrong["pools_inside_the_box"] == {"down_1": (8, 8, 8)}
    assert wrong["keeps_the_filters_at_the_end"] == {"output": (8, 16, 16)}


def test_two_levels_and_the_convolution_behind_the_copy() -> None:
    found = item("cnn/unet_shapes", **TWO)
    assert keys(found)["joined_2"] == (64, 32, 16)
    assert keys(found)["parameters"] == (9 * 32 + 1) * 16
    assert mistakes(found)["forgets_the_copy"] == {"parameters": (9 * 16 + 1) * 16}
    assert mistakes(found)["forgets_the_biases"] == {"parameters": 9 * 32 * 16}


def test_padding_that_is_forgotten_or_added_changes_all_sizes() -> None:
    padded = mistakes(item("cnn/unet_shapes", **ORIGINAL))["same_for_valid"]
    assert padded["down_2"] == (128, 286, 286)
    wide = TWO | {"size": (3, 64, 64)}
    bare = mistakes(item("cnn/unet_shapes", **wide))["valid_for_same"]
    assert bare["down_2"] == (32, 26, 26)


def test_sizes_go_on_from_the_students_values() -> None:
    two = question("cnn/unet_shapes", **TWO)
    carried = two.consequences(bottom=(32, 16, 8))
    assert (carried["joined_2"], carried["joined_1"]) == ((48, 32, 16), (32, 64, 32))
    assert two.consequences(down_1=(20, 60, 30))["down_2"] == (40, 30, 15)
    with pytest.raises(ValueError, match="no pixels"):
        question("cnn/unet_shapes", **ORIGINAL).consequences(down_1=(64, 4, 4))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"depth": 0}, "1 to 5 levels"),
        ({"depth": 10**9}, "1 to 5 levels"),
        ({"size": (1, 0, 572)}, "rows and columns"),
        ({"size": (1, 10**9, 572)}, "rows and columns"),
        ({"size": (0, 572, 572)}, "channels, filters"),
        ({"width": 10**9}, "channels, filters"),
        ({"width": 7}, "even"),
        ({"size": (1, 570, 572)}, "odd number"),
        ({"size": (1, 124, 124)}, "nothing is left of the output"),
        ({"size": (1, 156, 156)}, "nothing is left of the output"),
        ({"size": (1, 4, 4)}, "pooled"),
    ],
)
def test_unfair_networks_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("cnn/unet_shapes", **ORIGINAL | changes).flaw()
