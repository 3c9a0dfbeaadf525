"""Convolutions by hand: goldens, the mistakes' values, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAN = float("nan")
COUNTING = ((0, 1, 2), (3, 4, 5), (6, 7, 8))
CONVOLUTION: dict[str, Any] = {
    "channels": (COUNTING,), "kernels": (((1, 2), (3, 4)),), "bias": 0, "stride": 1, "padding": 0, "dilation": 1,
    "flips": False, "relu": False,
}  # fmt: skip
TRANSPOSED: dict[str, Any] = {
    "channels": (((1, 2), (3, 1)),), "kernels": (((1, -1), (0, 2)),), "stride": 1, "padding": 0, "output_padding": 0,
}  # fmt: skip
GRADIENT: dict[str, Any] = {
    "image": COUNTING, "kernel": ((1, 0), (0, -1)), "upstream": ((1, 0), (2, -1)), "stride": 1, "rate": 0.0, "relu": False,
    "bias": 0,
}  # fmt: skip


def test_the_golden_convolution() -> None:
    found = item("cnn/numeric_convolution", **CONVOLUTION)
    assert keys(found) == {"output": ((27, 37), (57, 67))}
    wrong = {name: values["output"] for name, values in mistakes(found).items()}
    assert wrong == {
        "flips_the_kernel": ((13, 23), (43, 53)),
        "transposes_the_kernel": ((25, 35), (55, 65)),
    }


def test_mathematics_turns_the_kernel() -> None:
    found = item("cnn/numeric_convolution", **CONVOLUTION | {"flips": True})
    assert keys(found) == {"output": ((13, 23), (43, 53))}
    assert mistakes(found)["does_not_flip"] == {"output": ((27, 37), (57, 67))}


def test_channels_bias_and_relu() -> None:
    both = {
        "channels": (COUNTING, COUNTING),
        "kernels": (((1, 0), (0, 0)), ((0, 0), (0, -1))),
        "bias": 6,
        "relu": True,
    }
    found = item(
        "cnn/numeric_convolution",
        **CONVOLUTION | both | {"bias": 5, "channels": (COUNTING, ((0,) * 3, (0, 2, 7), (0, 9, 1)))},
    )
    assert keys(found) == {"output": ((3, 0), (0, 8))}
    wrong = mistakes(found)
    assert wrong["forgets_relu"]["output"] == ((3, -1), (-1, 8))
    assert wrong["takes_the_first_channel"]["output"] == ((5, 6), (8, 9))
    assert wrong["adds_the_bias_per_channel"]["output"] == ((8, 4), (4, 13))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kernels": ()}, "each need a kernel"),
        ({"channels": (((1, 2), (3,)),)}, "rectangles"),
        ({"channels": (((1, 1, 1),) * 3,)}, "constant"),
        ({"padding": 2}, "as large as the kernel"),
        ({"dilation": 4}, "larger than the padded image"),
        ({"stride": 9}, "stride is 1 to 4"),
        ({"channels": (((5000, 1, 2),) * 3,)}, "at most 1000"),
        ({"bias": -60, "relu": True}, "almost nothing"),
        ({"channels": (((0, 1, 2), (3, NAN, 5), (6, 7, 8)),)}, "at most 1000"),
        ({"bias": 10**9}, "at most 1000"),
    ],
)
def test_unfair_convolutions_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("cnn/numeric_convolution", **CONVOLUTION | changes).flaw()


def test_the_golden_transposed_convolution() -> None:
    parameters = TRANSPOSED | {"channels": (((1, 2), (3, 0)),)}
    assert question("cnn/transposed_numeric", **parameters).output == ((1, 1, -2), (3, -1, 4), (0, 6, 0))
    found = item("cnn/transposed_numeric", **TRANSPOSED)
    assert keys(found) == {"output": ((1, 1, -2), (3, 0, 3), (0, 6, 2))}
    wrong = mistakes(found)
    assert wrong["overwrites_the_overlap"]["output"] == ((1, 2, -2), (3, 1, -1), (0, 0, 2))
    assert wrong["repeats_the_pixels"]["output"] == ((1, 3, 2), (4, 7, 3), (3, 4, 1))


def test_padding_crops_and_output_padding_extends() -> None:
    kernel = ((1, 2, 3), (4, 5, 6), (7, 8, 9))
    extended = TRANSPOSED | {"kernels": (kernel,), "stride": 2, "padding": 1, "output_padding": 1}
    found = item("cnn/transposed_numeric", **extended)
    assert len(keys(found)["output"]) == 4
    assert len(mistakes(found)["ignores_the_output_padding"]["output"]) == 3
    assert len(mistakes(found)["crops_one_side"]["output"]) == 5


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"output_padding": 1}, "output padding below the stride"),
        ({"channels": (((1, 2), (3, 0)),)}, "stamps nothing"),
        ({"kernels": (((1, 1), (1, 1)),)}, "constant"),
        ({"kernels": (((1, 2, 3), (1, 2, 2)),)}, "squares"),
        ({"channels": ()}, "each need a kernel"),
        ({"channels": (((1, 2), (3, 5000)),)}, "at most 1000"),
        ({"channels": (((1, 2), (NAN, 1)),)}, "at most 1000"),
        ({"channels": (((5,),),), "padding": 1}, "nothing is left"),
    ],
)
def test_unfair_transposed_convolutions_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("cnn/transposed_numeric", **TRANSPOSED | changes).flaw()


def test_the_golden_gradients() -> None:
    found = item("cnn/kernel_gradient", **GRADIENT)
    assert keys(found) == {
        "kernel_gradient": ((2, 4), (8, 10)),
        "bias_gradient": 2,
        "image_gradient": ((1, 0, 0), (2, -2, 0), (0, -2, 1)),
    }
    wrong = mistakes(found)
    assert wrong["multiplies_the_kernel"] == {"kernel_gradient": ((2, 0), (0, -2))}
    assert wrong["takes_one_position"] == {"kernel_gradient": ((0, 1), (3, 4))}


def test_a_step_follows_from_the_students_gradient() -> None:
    stepping = question("cnn/kernel_gradient", **GRADIENT | {"rate": 0.5})
    assert keys(item("cnn/kernel_gradient", **GRADIENT | {"rate": 0.5}))["new_kernel"] == ((0, -2), (-4, -6))
    assert stepping.consequences(kernel_gradient=((2, 0), (0, -2)))["new_kernel"] == ((0, 0), (0, 0))


def test_relu_lets_no_gradient_through_where_it_is_not_active() -> None:
    image, upstream = ((0, 1, 2), (3, 4, 9), (6, 7, 8)), ((1, 3), (2, -1))
    rectifying = GRADIENT | {"image": image, "upstream": upstream, "relu": True, "bias": 6}
    found = item("cnn/kernel_gradient", **rectifying)
    assert keys(found) == {
        "before": ((2, -2), (2, 2)),
        "kernel_gradient": ((2, 0), (8, 10)),
        "bias_gradient": 2,
        "image_gradient": ((1, 0, 0), (2, -2, 0), (0, -2, 1)),
    }
    assert mistakes(found)["ignores_relu"]["bias_gradient"] == 5
    carried = question("cnn/kernel_gradient", **rectifying).consequences(before=((-1, 2), (2, 2)))
    assert carried["bias_gradient"] == 4


def test_with_a_stride_the_gradients_lie_apart() -> None:
    image = tuple(tuple(range(row, row + 4)) for row in range(4))
    strided = GRADIENT | {"image": image, "stride": 2}
    assert keys(item("cnn/kernel_gradient", **strided))["image_gradient"][0] == (1, 0, 0, 0)


def test_a_kernel_of_one_row_keeps_its_shape() -> None:
    found = item(
        "cnn/kernel_gradient", **GRADIENT | {"kernel": ((1, -2),), "upstream": ((1, 0), (2, -1), (0, 1))}
    )
    assert keys(found)["kernel_gradient"] == ((9, 12),)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"upstream": ((1, 2),)}, "has 2 rows and 2 columns"),
        ({"upstream": ((0, 0), (0, 0))}, "gradient is zero"),
        ({"kernel": ((1, 1), (1, 1))}, "constant"),
        ({"image": ((1,),)}, "larger than the image"),
        ({"stride": 0}, "stride is 1 to 3"),
        ({"upstream": ((0, NAN), (1, 1))}, "at most 1000"),
        ({"rate": NAN}, "0.01 to 1"),
        ({"rate": 1e-9}, "0.01 to 1"),
        ({"bias": 3}, "where ReLU follows"),
        ({"bias": 10**9, "relu": True}, "at most 1000"),
        ({"relu": True, "bias": 4}, "lies at its kink"),
        ({"relu": True, "bias": 100}, "cuts off nothing"),
        ({"rate": 1 / 3}, "two decimals"),
        ({"image": ((1.5, 2, 3),) * 3}, "whole"),
    ],
)
def test_unfair_gradients_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("cnn/kernel_gradient", **GRADIENT | changes).flaw()
