from __future__ import annotations

import pytest
from quizgrad.question import Given
from quizgrad.rendering.prompt import prompt

from .support import item, keys, mistakes, question


def convolution(size, kernel, stride=1, padding=0, dilation=1, channels=1, filters=1):
    def pair(value):
        return value if isinstance(value, tuple) else (value, value)

    height, width = pair(size)
    return {
        "channels": channels,
        "height": height,
        "width": width,
        "filters": filters,
        "kernel": pair(kernel),
        "stride": pair(stride),
        "padding": pair(padding),
        "dilation": pair(dilation),
    }


# Output size of a convolution


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding", "output"),
    [(4, 3, 1, 0, 2), (5, 4, 1, 2, 6), (5, 3, 1, 1, 5), (5, 3, 1, 2, 7), (5, 3, 2, 0, 2), (6, 3, 2, 1, 3)],
    ids=["G09", "G10", "G11", "G12", "G13", "G14"],
)
def test_convolution_sizes_of_the_notes(size, kernel, stride, padding, output):
    shown = item("cnn/conv_output_size", **convolution(size, kernel, stride, padding))
    assert keys(shown) == {"channels": 1, "rows": output, "columns": output}


def test_convolution_with_all_settings():
    settings = convolution((34, 20), (3, 5), (2, 1), (2, 0), (2, 1), channels=3, filters=8)
    shown = item("cnn/conv_output_size", **settings)
    assert keys(shown) == {"channels": 8, "rows": 17, "columns": 16}
    wrong = mistakes(shown)
    assert wrong["ignores_padding"]["rows"] == 15
    assert wrong["rounds_up"]["rows"] == 18
    assert wrong["forgets_plus_one"]["rows"] == 16
    assert wrong["ignores_stride"] == {"rows": 34}
    assert wrong["keeps_input_channels"] == {"channels": 3}
    unchecked = question("cnn/conv_output_size", **settings)
    assert unchecked.ignores_dilation()["rows"] == 18
    assert unchecked.pads_one_side()["rows"] == 16


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (convolution(5, 6), "larger than the padded image"),
        (convolution(5, 3, dilation=3), "larger than the padded image"),
        (convolution(5, 3, padding=3), "padding is as large"),
        (convolution(5, 3, stride=0), "must be positive"),
        (convolution(5, 3, padding=-1), "not negative"),
        (convolution(5, 3, filters=0), "must be positive"),
        (convolution(10**7, 3), "larger than 10000"),
    ],
)
def test_unfair_convolutions_are_refused(settings, reason):
    assert reason in question("cnn/conv_output_size", **settings).flaw()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (convolution(9, 3), "An image with 1 channel, 9 rows and 9 columns"),
        (convolution(9, 3), "1 filter of $3 \\times 3$ pixels, stride $1$ and no padding"),
        (convolution(9, (3, 2), 2, 1), "of $3 \\times 2$ pixels, stride $2$ and zero padding of $1$ on"),
        (convolution(9, 3, (1, 2)), "stride=(1, 2), padding=(0, 0), dilation=(1, 1))"),
        (convolution(9, 3, padding=(1, 0)), "padding=(1, 0)"),
    ],
)
def test_wording_of_a_convolution_shows_all_that_matters(settings, words):
    assert words in prompt(item("cnn/conv_output_size", **settings)).markdown


def test_small_image_is_drawn_with_its_padding():
    small = question("cnn/conv_output_size", **convolution((2, 3), 2, padding=1))
    assert small.padded_image == [
        [0, 0, 0, 0, 0],
        [0, None, None, None, 0],
        [0, None, None, None, 0],
        [0, 0, 0, 0, 0],
    ]
    assert small.first_window == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert question("cnn/conv_output_size", **convolution(28, 3)).padded_image == []


# Output size of a transposed convolution


def transposed(size, kernel, stride=1, padding=0, output_padding=0, dilation=1):
    settings = convolution(size, kernel, stride, padding, dilation)
    del settings["channels"], settings["filters"]
    return settings | {"output_padding": (output_padding, output_padding)}


@pytest.mark.parametrize(
    ("settings", "output"),
    [
        (transposed(60, 5), 64),
        (transposed(64, 5, padding=2), 64),
        (transposed(64, 5, stride=2, padding=2), 127),
        (transposed(64, 5, stride=2, padding=2, output_padding=1), 128),
        (transposed(3, 3, stride=2), 7),
        (transposed(3, 3, stride=2, output_padding=1), 8),
    ],
    ids=["G25", "G26", "G27", "G28", "G29 without", "G29 with"],
)
def test_transposed_sizes_of_the_notes(settings, output):
    assert keys(item("cnn/transposed_output_size", **settings)) == {"rows": output, "columns": output}


def test_mistakes_with_a_transposed_convolution():
    settings = transposed(64, 5, stride=2, padding=2, output_padding=1)
    shown = item("cnn/transposed_output_size", **settings)
    wrong = {name: values["rows"] for name, values in mistakes(shown).items()}
    assert wrong == {
        "uses_convolution_formula": 32,
        "ignores_output_padding": 127,
        "adds_padding": 136,
        "ignores_padding": 132,
        "counts_output_padding_twice": 129,
        "counts_a_step_too_many": 130,
    }
    shown = item("cnn/transposed_output_size", **transposed((5, 7), 3, stride=2, dilation=(2, 1)))
    assert keys(shown) == {"rows": 13, "columns": 15}
    assert mistakes(shown)["ignores_dilation"] == {"rows": 11}
    assert mistakes(shown)["forgets_plus_one"] == {"rows": 12, "columns": 14}
    assert mistakes(shown)["multiplies_by_stride"] == {"rows": 10, "columns": 14}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (transposed(9, 3), "kernel of $3 \\times 3$, stride $1$ and no padding"),
        (transposed(9, 3, 2, 1, 1), "kernel_size=3, stride=2, padding=1, output_padding=1)"),
        (transposed(9, 3, (1, 2)), "stride=(1, 2), padding=(0, 0)"),
        (transposed(9, 3, 2, dilation=2), "dilation=(2, 2)"),
    ],
)
def test_wording_of_a_transposed_convolution_shows_all_that_matters(settings, words):
    assert words in prompt(item("cnn/transposed_output_size", **settings)).markdown


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (transposed(5, 3, stride=2, output_padding=2), "output padding must be smaller"),
        (transposed(5, 3, padding=3), "padding is as large"),
        (transposed(1, 3, padding=2), "nothing is left"),
        (transposed(0, 3), "must be positive"),
        (transposed(5, 3, padding=-1), "must not be negative"),
        (transposed(9000, 3, stride=4), "larger than 10000"),
    ],
)
def test_unfair_transposed_convolutions_are_refused(settings, reason):
    assert reason in question("cnn/transposed_output_size", **settings).flaw()


# Parameters of a convolution


def stack(image, channels, *kernels, groups=None, biases=None, transposed=None):
    layers = len(kernels)
    return {
        "image": image,
        "channels": channels,
        "kernels": kernels,
        "groups": groups or (1,) * layers,
        "biases": biases or (True,) * layers,
        "transposed": transposed or (False,) * layers,
    }


def test_parameters_of_one_convolution():
    shown = item("cnn/conv_parameter_count", **stack((28, 28), (3, 5), (8, 8)))
    assert keys(shown) == {"weights_1": 960, "biases_1": 5, "total": 965}
    totals = {name: values["total"] for name, values in mistakes(shown).items()}
    assert totals["forgets_biases"] == 960
    assert totals["forgets_input_channels"] == 325
    assert totals["gives_each_kernel_a_bias"] == 975
    assert totals["has_one_bias"] == 961
    assert totals["counts_each_position"] == 960 * 21 * 21 + 5


def test_parameters_of_grouped_and_transposed_convolutions():
    shown = item("cnn/conv_parameter_count", **stack((9, 9), (8, 12), (3, 5), groups=(4,)))
    assert keys(shown)["total"] == 372
    assert mistakes(shown)["ignores_groups"]["total"] == 4 * 360 + 12
    flags = {"biases": (False, True), "transposed": (False, True)}
    settings = stack((9, 9, 9), (4, 6, 2), (3, 3, 3), (2, 2, 2), **flags)
    shown = item("cnn/conv_parameter_count", **settings)
    assert keys(shown) == {"weights_1": 648, "biases_1": 0, "weights_2": 96, "biases_2": 2, "total": 746}
    assert mistakes(shown)["counts_missing_biases"] == {"biases_1": 6, "total": 752}
    assert mistakes(shown)["gives_inputs_the_biases"] == {"biases_2": 6, "total": 750}
    assert mistakes(shown)["takes_one_side_of_the_kernel"]["weights_1"] == 72
    assert "nn.ConvTranspose3d(6, 2, 2)" in shown.question.listing
    assert shown.question.listing in prompt(shown).markdown


def test_an_own_count_of_weights_is_carried_to_the_total():
    shown = question("cnn/conv_parameter_count", **stack((28, 28), (3, 5), (8, 8)))
    assert shown.follow(Given({"weights_1": 320}))["total"].value == 325
    assert shown.follow(Given({"weights_1": 320}))["weights_1"].value == 960


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (stack((9, 9), (8, 12), (3, 3), groups=(5,)), "groups must divide"),
        (stack((9, 9), (8,), (3, 3)), "each layer needs"),
        (stack((9, 9), (8,)), "one to six layers"),
        (stack((9,), (8, 12), (3, 3)), "same axes"),
        (stack((2, 9), (8, 12), (3, 3)), "larger than its input"),
        (stack((9, 9), (0, 12), (3, 3)), "between 1 and 10000"),
    ],
)
def test_unfair_stacks_are_refused(settings, reason):
    assert reason in question("cnn/conv_parameter_count", **settings).flaw()


# Table of a network

PLAIN = {
    "image": (1, 192, 256),
    "filters": (5, 10, 20),
    "kernels": ((3, 3), (5, 5), (2, 2)),
    "strides": ((1, 1), (1, 1), (2, 2)),
    "paddings": ((1, 1), (0, 0), (0, 0)),
    "dilations": ((1, 1), (1, 1), (1, 1)),
    "pools": ((2, 2), (2, 2), (5, 2)),
    "normalized": False,
    "rectified": False,
    "averaged": False,
    "classes": 6,
}
UNPADDED = {"paddings": ((0, 0),) * 3}
MODERN = PLAIN | {
    "image": (3, 20, 30),
    "filters": (4, 8),
    "kernels": ((3, 5), (3, 3)),
    "strides": ((2, 1), (1, 1)),
    "paddings": ((1, 2), (2, 2)),
    "dilations": ((1, 1), (2, 2)),
    "pools": ((1, 1), (3, 2)),
    "normalized": True,
    "rectified": True,
    "averaged": True,
}


def rows(shown):
    values = keys(shown)
    count = sum(blank.startswith("size_") for blank in values)
    columns = ("size", "weights", "biases")
    return [tuple(values[f"{column}_{row}"] for column in columns) for row in range(1, count + 1)]


def test_table_of_the_notes():
    """G46 to G53; the third convolution has stride 2."""
    shown = item("cnn/sequential_table", **PLAIN)
    assert rows(shown) == [
        ((5, 192, 256), 45, 5),
        ((5, 96, 128), 0, 0),
        ((10, 92, 124), 1250, 10),
        ((10, 46, 62), 0, 0),
        ((20, 23, 31), 800, 20),
        ((20, 10, 14), 0, 0),
        ((6,), 16800, 6),
    ]
    assert keys(shown)["in_features"] == 2800
    assert keys(shown)["total"] == 18936


def test_table_with_normalization_dilation_and_global_average():
    shown = item("cnn/sequential_table", **MODERN)
    assert rows(shown) == [
        ((4, 10, 30), 180, 4),
        ((4, 10, 30), 4, 4),
        ((4, 10, 30), 0, 0),
        ((8, 10, 30), 288, 8),
        ((8, 10, 30), 8, 8),
        ((8, 10, 30), 0, 0),
        ((8, 4, 14), 0, 0),
        ((8, 1, 1), 0, 0),
        ((6,), 48, 6),
    ]
    assert shown.question.listing.splitlines() == [
        "model = nn.Sequential(",
        "    nn.Conv2d(3, 4, (3, 5), stride=(2, 1), padding=(1, 2)),",
        "    nn.BatchNorm2d(4),",
        "    nn.ReLU(),",
        "    nn.Conv2d(4, 8, 3, padding=2, dilation=2),",
        "    nn.BatchNorm2d(8),",
        "    nn.ReLU(),",
        "    nn.MaxPool2d(3, stride=2),",
        "    nn.AdaptiveAvgPool2d(1),",
        "    nn.Flatten(),",
        "    nn.LazyLinear(6),",
        ")",
    ]
    assert shown.question.listing in prompt(shown).markdown


def test_mistakes_in_a_table_change_all_that_follows():
    wrong = mistakes(item("cnn/sequential_table", **MODERN | {"averaged": False}))
    assert wrong["rounds_up_in_pooling"] == {
        "size_7": (8, 5, 15),
        "in_features": 600,
        "weights_8": 3600,
        "total": 504 + 3606,
    }
    assert wrong["flattens_one_channel"] == {"in_features": 56, "weights_8": 336, "total": 504 + 342}
    assert wrong["relu_has_parameters"]["weights_6"] == 8
    assert wrong["pooling_has_parameters"]["weights_7"] == 9
    assert wrong["normalization_has_no_shift"] == {"biases_2": 0, "biases_5": 0, "total": 504 + 2694 - 12}
    assert wrong["has_one_bias"] == {"biases_1": 1, "biases_4": 1, "total": 504 + 2694 - 10}
    assert wrong["forgets_input_channels"]["weights_4"] == 72
    assert wrong["ignores_dilation"]["size_4"] == (8, 12, 32)
    assert wrong["ignores_stride"]["size_1"] == (4, 20, 30)
    assert wrong["ignores_padding"]["size_4"] == (8, 5, 22)


def test_a_mistake_that_leaves_no_room_for_a_window_is_not_modelled():
    settings = {
        "image": (1, 4, 4),
        "filters": (2, 2),
        "kernels": ((3, 3), (3, 3)),
        "strides": ((1, 1),) * 2,
        "paddings": ((1, 1),) * 2,
        "dilations": ((1, 1),) * 2,
        "pools": ((2, 2), (2, 2)),
    }
    shown = item("cnn/sequential_table", **PLAIN | settings)
    assert "ignores_padding" not in mistakes(shown)


def test_own_size_in_a_table_is_carried_forward():
    table = question("cnn/sequential_table", **PLAIN)
    followed = table.follow(Given({"size_5": (20, 24, 32)}))
    assert followed["size_5"].value == (20, 23, 31)
    assert followed["size_6"].value == (20, 10, 14)
    followed = table.follow(Given({"size_6": (20, 11, 15), "in_features": 3300, "weights_7": 19800}))
    assert followed["in_features"].value == 3300
    assert followed["weights_7"].value == 19800
    assert followed["total"].value == 18936 + 3000
    with pytest.raises(ValueError, match="larger than its input"):
        table.follow(Given({"size_1": (5, 1, 1)}))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"filters": (5, 10)}, "each need"),
        ({"filters": ()}, "one to four"),
        ({"classes": 0}, "must be positive"),
        ({"image": (1, 2000, 20)}, "larger than 1024"),
        ({"image": (1, 12, 12)}, "larger than its input"),
        ({"paddings": ((3, 3), (0, 0), (0, 0))}, "padding is as large"),
        ({"paddings": ((-1, 1), (0, 0), (0, 0))}, "not negative"),
        ({"image": (1, 1000, 1000), "filters": (900, 900, 900)}, "too large"),
        ({"image": (1, 500, 500), "filters": (50, 1, 1), "kernels": ((1, 1),) * 3, **UNPADDED}, "too large"),
    ],
)
def test_unfair_tables_are_refused(changed, reason):
    assert reason in question("cnn/sequential_table", **PLAIN | changed).flaw()


def test_normalizing_one_value_is_refused():
    tiny = MODERN | {"image": (3, 3, 3), "kernels": ((3, 3),) * 2, "strides": ((1, 1),) * 2}
    tiny |= {"paddings": ((0, 0), (2, 2)), "pools": ((1, 1),) * 2}
    assert "single value" in question("cnn/sequential_table", **tiny).flaw()


def test_output_size_bounds_the_dilation_of_a_single_cell() -> None:
    asked = question(
        "cnn/conv_output_size",
        channels=1,
        height=8,
        width=8,
        filters=4,
        kernel=(1, 1),
        stride=(1, 1),
        padding=(0, 0),
        dilation=(10**30, 1),
    )
    assert "larger than" in (asked.flaw() or "")
