"""Receptive fields and wanted sizes: goldens, the mistakes' values, refusals, carried errors."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

STACK: dict[str, Any] = {
    "kernels": (3, 2, 3, 3), "strides": (1, 2, 1, 2), "dilations": (1, 1, 1, 2), "paddings": (0, 0, 1, 0),
    "pools": (False, True, False, False), "unit": -1, "growth": 0, "wanted": 0,
}  # fmt: skip
PLAIN = STACK | {
    "kernels": (3, 3), "strides": (1, 1), "dilations": (1, 1), "paddings": (0, 0), "pools": (False, False),
}  # fmt: skip
GROWING = {
    "kernels": (2,), "strides": (1,), "dilations": (1,), "paddings": (0,), "pools": (False,), "unit": -1,
    "growth": 2, "wanted": 1000,
}  # fmt: skip


def test_the_golden_stack() -> None:
    found = item("cnn/receptive_field", **STACK)
    fields = [keys(found)[f"field_{n}"] for n in range(1, 5)]
    assert fields == [3, 4, 8, 16]
    assert [keys(found)[f"jump_{n}"] for n in range(1, 5)] == [1, 2, 2, 4]
    wrong = mistakes(found)
    assert wrong["ignores_stride"]["field_4"] == 10
    assert wrong["sum_of_kernels"]["field_4"] == 11
    assert wrong["stride_applied_to_own_layer"]["field_4"] == 25
    assert wrong["product_of_kernels"]["field_4"] == 54
    assert wrong["ignores_dilation"]["field_4"] == 12
    assert wrong["padding_enlarges"]["field_4"] == 18
    assert wrong["leaves_pooling_out"]["field_4"] == 15
    assert wrong["takes_the_own_stride"]["jump_3"] == 1


@pytest.mark.parametrize(("stride", "fields"), [(1, (3, 5, 7, 9)), (2, (3, 7, 15, 31))])
def test_fields_grow_linearly_without_and_exponentially_with_strides(
    stride: int, fields: tuple[int, ...]
) -> None:
    four = {"kernels": (3,) * 4, "strides": (stride,) * 4, "dilations": (1,) * 4, "pools": (False,) * 4}
    for padding in (0, 1):
        found = keys(item("cnn/receptive_field", **PLAIN | four | {"paddings": (padding,) * 4}))
        assert tuple(found[f"field_{n}"] for n in range(1, 5)) == fields


def test_two_small_kernels_see_as_much_as_a_large_one() -> None:
    assert keys(item("cnn/receptive_field", **PLAIN)) == {"field_1": 3, "field_2": 5}


def test_a_unit_sees_columns_that_padding_moves() -> None:
    found = item("cnn/receptive_field", **STACK | {"unit": 5})
    assert (keys(found)["first"], keys(found)["last"]) == (18, 33)
    wrong = mistakes(found)
    assert wrong["forgets_the_padding"] == {"first": 20, "last": 35}
    assert wrong["counts_one_column_too_many"] == {"last": 34}


def test_dilation_that_doubles_reaches_far_with_few_layers() -> None:
    found = item("cnn/receptive_field", **GROWING)
    assert keys(found) == {"layers": 10, "reach": 1024, "undilated": 11}
    assert mistakes(found)["stops_too_early"] == {"layers": 9, "reach": 512, "undilated": 10}
    assert mistakes(found)["dilates_the_first_layer"] == {"reach": 2047}


def test_fields_go_on_from_the_students_jump() -> None:
    carried = question("cnn/receptive_field", **STACK).consequences(jump_2=3, field_2=5)
    assert (carried["field_3"], carried["jump_3"], carried["field_4"]) == (11, 3, 23)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kernels": ()}, "each need kernel"),
        ({"kernels": (3,)}, "each need kernel"),
        ({"kernels": (0, 2, 3, 3)}, "kernels are 1 to 11"),
        ({"strides": (9, 2, 1, 2)}, "strides 1 to 4"),
        ({"strides": (4, 4, 4, 4)}, "wider than 500 or the jump"),
        ({"dilations": (99, 1, 1, 1)}, "dilations are 1 to 64"),
        ({"paddings": (-1, 0, 0, 0)}, "paddings"),
        ({"kernels": (1, 1, 1, 1)}, "more than one pixel"),
        ({"unit": 0}, "sees the padding"),
        ({"unit": 10**9}, "unit is 0 to 50"),
        ({"growth": 2}, "given by one kernel"),
        (GROWING | {"wanted": 10**9}, "field 10 to"),
        (GROWING | {"kernels": (1,)}, "kernel is 2 or more"),
        (GROWING | {"kernels": (11,), "wanted": 10}, "one layer is enough"),
    ],
)
def test_unfair_stacks_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("cnn/receptive_field", **STACK | changes).flaw()


ONE: dict[str, Any] = {
    "form": "setting", "size": 32, "settings": ((5, 1, 2, 1),), "pools": (False,), "unknown": "padding",
    "filters": (),
}  # fmt: skip
SMALL = ONE | {"form": "inputs", "size": 7, "settings": ((3, 2, 0, 1),), "unknown": ""}
NETWORK = ONE | {
    "form": "inputs", "unknown": "", "settings": ((5, 1, 0, 1), (2, 2, 0, 1)) * 2, "pools": (False, True) * 2,
    "filters": (5, 10),
}  # fmt: skip
SAME = ONE | {
    "form": "same", "size": 0, "unknown": "", "pools": (False,) * 5,
    "settings": ((5, 1, 0, 3), (3, 1, 0, 1), (4, 1, 0, 1), (4, 1, 0, 2), (2, 1, 0, 3)),
}  # fmt: skip


@pytest.mark.parametrize(
    ("size", "setting", "unknown", "value"),
    [
        (32, (5, 1, 2, 1), "padding", 2),
        (5, (3, 1, 1, 1), "padding", 1),
        (5, (3, 1, 2, 1), "padding", 2),
        (6, (3, 2, 1, 1), "padding", 1),
        (64, (5, 1, 0, 1), "kernel", 5),
        (28, (3, 1, 1, 1), "kernel", 3),
        (33, (5, 2, 1, 1), "kernel", 5),
        (33, (5, 2, 1, 1), "stride", 2),
    ],
)
def test_golden_settings(size: int, setting: tuple[int, ...], unknown: str, value: int) -> None:
    found = item("cnn/conv_design", **ONE | {"size": size, "settings": (setting,), "unknown": unknown})
    assert keys(found) == {unknown: value}


def test_padding_that_keeps_the_size_is_half_of_what_the_kernel_takes() -> None:
    wrong = mistakes(item("cnn/conv_design", **ONE))
    assert wrong["half_kernel"] == {"padding": 3}
    assert wrong["full_padding"] == {"padding": 4}


def test_seven_and_eight_rows_give_three() -> None:
    found = item("cnn/conv_design", **SMALL)
    assert keys(found) == {"smallest": 7, "largest": 8}
    assert mistakes(found)["unique_input"] == {"largest": 7}
    assert mistakes(found)["multiplies_the_output"] == {"smallest": 6, "largest": 7}


def test_a_linear_layer_of_250_inputs_accepts_four_sizes() -> None:
    found = item("cnn/conv_design", **NETWORK)
    assert keys(found) == {"side": 5, "smallest": 32, "largest": 35}
    assert mistakes(found)["leaves_over_once"] == {"largest": 33}
    assert question("cnn/conv_design", **NETWORK).consequences(side=6)["smallest"] == 36


def test_even_kernels_keep_the_size_if_their_dilation_is_even() -> None:
    found = item("cnn/conv_design", **SAME)
    assert found.answers["padding"].value == 6
    assert found.answers["kept"].right_origins == {0, 2}
    assert mistakes(found)["ignores_dilation"] == {"padding": 2, "kept": {0}}


def test_the_setting_follows_from_the_students_size_between() -> None:
    two = question(
        "cnn/conv_design", **ONE | {"settings": ((5, 2, 0, 1), (3, 1, 1, 1)), "pools": (False,) * 2}
    )
    assert {blank: key.value for blank, key in two.answer().items()} == {"between": 14, "padding": 1}
    assert two.consequences(between=12)["padding"] == 2
    with pytest.raises(ValueError, match="no padding"):
        two.consequences(between=30)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (ONE | {"form": "other"}, "form is"),
        (ONE | {"settings": ()}, "each need four settings"),
        (ONE | {"settings": ((0, 1, 0, 1),)}, "kernels are 1 to 15"),
        (ONE | {"size": 10**9}, "4 to 300 rows"),
        (ONE | {"size": 4, "settings": ((9, 1, 0, 1),)}, "fewer than 2"),
        (ONE | {"settings": ((3, 1, 3, 1),)}, "as large as its kernel"),
        (ONE | {"settings": ((3, 1, 1, 2),)}, "dilated"),
        (ONE | {"unknown": "dilation"}, "unknown is"),
        (ONE | {"settings": ((4, 1, 1, 1),)}, "odd"),
        (ONE | {"settings": ((5, 3, 1, 1),), "unknown": "kernel", "size": 30}, "several values"),
        (SMALL | {"unknown": "stride"}, "either a setting"),
        (SMALL | {"settings": ((3, 1, 0, 1),)}, "only one size"),
        (SMALL | {"pools": (True,), "settings": ((2, 2, 0, 1),)}, "needs its filters"),
        (NETWORK | {"filters": (5,)}, "needs its filters"),
        (NETWORK | {"filters": (0, 0)}, "1 to 512"),
        (NETWORK | {"settings": ((5, 1, 0, 1), (3, 2, 0, 1)) * 2}, "neither overlap"),
        (SAME | {"settings": ((5, 1, 0, 3),) * 5}, "all differ"),
        (
            SAME | {"settings": ((4, 1, 0, 1), *SAME["settings"][1:2], *SAME["settings"][3:5], (7, 1, 0, 1))},
            "odd",
        ),
        (SAME | {"filters": (3,)}, "nothing but convolutions"),
    ],
)
def test_unfair_designs_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question("cnn/conv_design", **parameters).flaw()
