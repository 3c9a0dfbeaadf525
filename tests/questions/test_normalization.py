"""Normalization: figures worked by hand, and the mistakes' values."""

from __future__ import annotations

from typing import Any

import pytest
from quizgrad.question import Given

from .support import item, keys, mistakes, question

NOTED = (2, 4, 4, 4, 5, 5, 7, 9)
SCORES = {
    "form": "scores", "names": ("age",), "features": (NOTED,), "new": (), "scored": (), "correction": 0,
}  # fmt: skip
TWO = {
    "form": "new", "names": ("age", "income"), "features": ((1, 3), (2, 6)) , "new": ((5, 2), (1, 8)), "scored": (),
    "correction": 0,
}  # fmt: skip


def about(values: Any) -> Any:
    return pytest.approx(values, abs=5e-5)


def standardized(**changes: Any) -> dict[str, Any]:
    return SCORES | changes


# Standardization


def test_standard_scores_of_the_golden_sample() -> None:
    found = item("normalization/standardize", **SCORES)
    assert keys(found)["mean"] == 5
    assert keys(found)["deviation"] == 2
    assert keys(found)["scores"][-1] == 2
    wrong = mistakes(found)
    assert wrong["other_divisor"]["scores"][-1] == about(1.8708)
    assert wrong["divides_by_variance"]["scores"][-1] == 1
    assert wrong["scales_to_the_range"]["scores"][-1] == 1
    assert wrong["does_not_center"]["scores"][-1] == 4.5


NEW = TWO | {"features": ((1, 3, 2), (2, 6, 4))}


def test_new_samples_are_measured_by_the_training_data() -> None:
    found = item("normalization/standardize", **NEW)
    spread = (2 / 3) ** 0.5
    assert keys(found)["scores"] == (about((3 / spread, -2 / (2 * spread))), about((-1 / spread, 2 / spread)))
    wrong = mistakes(found)
    assert wrong["uses_own_statistics"]["scores"] == ((1, -1), (-1, 1))
    assert question("normalization/standardize", **NEW).standardizes_rows()["scores"] == ((1, -1), (-1, 1))


def test_a_score_is_turned_back_and_distances_count_in_deviations() -> None:
    inverse = NEW | {"form": "inverse", "new": ((4, 2),), "scored": (2, -1), "correction": 1}
    found = item("normalization/standardize", **inverse)
    assert keys(found)["deviations"] == (1, 2)
    assert keys(found)["scores"] == (2, -1)
    assert keys(found)["original"] == (4, 2)
    assert keys(found)["distance"] == about(8**0.5)
    assert mistakes(found)["adds_the_mean_first"]["original"] == (4, 6)
    assert mistakes(found)["standardizes_rows"]["scores"] == (1, -1)
    carried = question("normalization/standardize", **inverse).consequences(deviations=(2, 2))
    assert carried["original"] == (6, 2)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"features": ((3, 3, 3),)}, "nearly constant"),
        ({"features": ((3, 4),)}, "three to eight"),
        ({"form": "none"}, "form is"),
        ({"form": "new"}, "do not fit"),
        ({"correction": 2}, "correction 0 or 1"),
        ({"features": ((3, 4, 5000),)}, "larger than 1000"),
        ({"features": ((3, 4, 1 / 3),)}, "more than four decimals"),
        ({"features": ((3, 4, float("nan")),)}, "larger than 1000"),
        ({"names": ("a" * 31,)}, "1 to 30 characters"),
        ({"names": ("a|b",)}, "none of them a bar"),
    ],
)
def test_unfair_data_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("normalization/standardize", **standardized(**changes)).flaw()


def test_new_samples_that_agree_are_refused() -> None:
    assert "agree" in question("normalization/standardize", **NEW | {"new": ((1, 2), (1, 3))}).flaw()
    ragged = NEW | {"features": ((1, 2, 3), (1, 2))}
    assert "missing" in question("normalization/standardize", **ragged).flaw()


# Batch normalization in training

BATCH = {"features": (NOTED,), "gamma": (2,), "beta": (1,), "eps": 0.0, "maps": False}


def test_batch_normalization_of_the_golden_sample() -> None:
    found = item("normalization/batchnorm_forward", **BATCH)
    assert keys(found)["mean"] == 5
    assert keys(found)["variance"] == 4
    assert keys(found)["output"][-1] == 5
    wrong = mistakes(found)
    assert wrong["unbiased_variance"]["output"][-1] == about(4.7417)
    assert wrong["forgets_scale_and_shift"]["output"][-1] == 2
    assert wrong["forgets_the_root"]["output"][-1] == 3
    assert wrong["scales_the_shift"]["output"][-1] == 6


def test_statistics_of_maps_extend_over_batch_and_positions() -> None:
    other = (1, 3, 1, 3, 1, 3, 1, 3)
    maps = {"features": (NOTED, other), "gamma": (2, 1), "beta": (1, 0), "eps": 0.0, "maps": True}
    found = item("normalization/batchnorm_forward", **maps)
    assert keys(found)["means"] == (5, 2)
    assert keys(found)["output"] == ((1, 1), (3, 5))
    wrong = mistakes(found)
    assert wrong["normalizes_each_image"]["output"][0][0] != 1
    assert mistakes(item("normalization/batchnorm_forward", **maps | {"eps": 1.0}))["forgets_eps"]


def test_an_image_of_one_colour_has_no_statistics_of_its_own() -> None:
    plain = {"features": ((2, 4, 6, 8, 5, 5, 5, 5),), "gamma": (1,), "beta": (0,), "eps": 0.0, "maps": True}
    assert "normalizes_each_image" not in mistakes(item("normalization/batchnorm_forward", **plain))


def test_scales_keep_double_precision() -> None:
    item("normalization/batchnorm_forward", **BATCH | {"gamma": (0.7,), "beta": (0.1,)})


def test_errors_of_statistics_are_carried() -> None:
    carried = question("normalization/batchnorm_forward", **BATCH).consequences(mean=3)
    assert carried["output"][-1] == 7
    with pytest.raises(ArithmeticError):
        question("normalization/batchnorm_forward", **BATCH).follow(Given({"variance": 0}))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"gamma": (0,)}, "scale of nearly zero"),
        ({"gamma": (1, 2)}, "each need a scale"),
        ({"gamma": (1 / 3,)}, "more than four decimals"),
        ({"eps": 1 / 3}, "six decimals"),
        ({"features": ((1, 2, float("nan"), 4),)}, "larger than 1000"),
        ({"beta": (float("inf"),)}, "larger than 1000"),
        ({"eps": 1e-300}, "between 0.00001 and 1"),
        ({"eps": float("nan")}, "between 0.00001 and 1"),
        ({"features": ((1, 1, 1, 1),)}, "nearly constant"),
        ({"features": ((1, 2),)}, "three to twelve"),
        ({"features": ((1, 2, 3, 4),), "maps": True}, "batch of one sample"),
        ({"eps": 2.0}, "between 0.00001 and 1"),
    ],
)
def test_unfair_batches_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("normalization/batchnorm_forward", **BATCH | changes).flaw()


# Running statistics

RUNNING = {
    "batches": ((1, 3, 5, 7),),
    "momentum": 0.1,
    "infers": False,
    "value": 0.0,
    "gamma": 1.0,
    "beta": 0.0,
}


def test_running_statistics_of_the_golden_batch() -> None:
    found = item("normalization/batchnorm_running", **RUNNING)
    assert keys(found) == {
        "batch_mean_1": 4, "batch_variance_1": about(6.6667), "mean_1": about(0.4), "variance_1": about(1.5667),
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["biased_running_variance"] == {"batch_variance_1": 5, "variance_1": about(1.4)}
    assert wrong["reverses_the_momentum"]["variance_1"] == about(6.1)
    assert wrong["starts_from_no_variance"] == {"variance_1": about(0.6667)}


def test_cumulative_averages_forget_the_start() -> None:
    cumulative = {
        "batches": ((1, 3, 5, 7), (4, 4, 4, 8)),
        "momentum": 0.0,
        "infers": True,
        "value": 10,
        "gamma": 2.0,
        "beta": 1.0,
    }
    found = item("normalization/batchnorm_running", **cumulative)
    assert keys(found)["mean_2"] == 4.5
    assert keys(found)["variance_2"] == about((20 / 3 + 4) / 2)
    assert keys(found)["output"] == about(1 + 2 * 5.5 / ((20 / 3 + 4) / 2) ** 0.5)
    assert "uses_the_last_batch" in mistakes(found)


def test_the_second_batch_goes_on_from_the_students_value() -> None:
    two = RUNNING | {"batches": ((1, 3, 5, 7), (4, 4, 4, 8))}
    assert question("normalization/batchnorm_running", **two).consequences(mean_1=1)["mean_2"] == about(1.4)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"momentum": 0.0}, "0 stands for the average"),
        ({"momentum": 1.0}, "between 0 and 1"),
        ({"batches": ((1, 1, 1),)}, "nearly constant"),
        ({"batches": ()}, "one to three"),
        ({"gamma": 0.0}, "scale is nearly zero"),
        ({"momentum": float("nan")}, "between 0 and 1"),
        ({"momentum": 1 / 3}, "more than four decimals"),
        ({"value": 1 / 3}, "more than four decimals"),
        ({"momentum": 1e-300}, "between 0 and 1"),
        ({"batches": ((1, 3, float("nan"), 7),)}, "larger than"),
        ({"beta": 5000.0}, "larger than"),
    ],
)
def test_unfair_runs_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("normalization/batchnorm_running", **RUNNING | changes).flaw()


# Layer normalization

ROWS = {"samples": ((1, 3, 5, 7), (2, 2, 4, 4)), "sublayer": (), "gamma": (1,) * 4, "beta": (0,) * 4}


def test_layer_normalization_of_the_golden_rows() -> None:
    found = item("normalization/layernorm", **ROWS)
    assert keys(found)["output"] == (about((-1.3416, -0.4472, 0.4472, 1.3416)), (-1, -1, 1, 1))
    wrong = mistakes(found)
    assert wrong["normalizes_over_the_batch"]["output"][0] == (-1, 1, 1, 1)
    assert wrong["unbiased_variance"]["output"][0] == about((-1.1619, -0.3873, 0.3873, 1.1619))
    assert wrong["divides_by_the_length"]["output"][0] == about((0.1091, 0.3273, 0.5455, 0.7638))


def test_the_input_is_added_before_the_normalization() -> None:
    residual = {"samples": ((1, 1, 2, 4),), "sublayer": ((0, 2, 3, 3),), "gamma": (1,) * 4, "beta": (0,) * 4}
    found = item("normalization/layernorm", **residual)
    assert keys(found)["sum"] == (1, 3, 5, 7)
    assert keys(found)["output"] == about((-1.3416, -0.4472, 0.4472, 1.3416))
    assert mistakes(found)["forgets_the_residual"]["mean"] == 2


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"gamma": (1, 1, 0, 1)}, "scale of nearly zero"),
        ({"gamma": (1, 1, 1 / 3, 1)}, "more than four decimals"),
        ({"samples": ((1, 3, 5, float("nan")), (2, 2, 4, 4))}, "larger than"),
        ({"samples": ((1, 1, 1, 1), (2, 2, 4, 4))}, "nearly constant"),
        ({"samples": ((1, 2, 3),)}, "normalized, scaled and shifted"),
        ({"sublayer": ((1, 2, 3, 4),)}, "one input"),
        ({"beta": (0, 0, 0, 2000)}, "larger than"),
    ],
)
def test_unfair_vectors_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("normalization/layernorm", **ROWS | changes).flaw()


# What is averaged over, and what is learned

TENSOR = {
    "size": (4, 6, 5, 5), "groups": 3, "methods": ("batch", "layer", "instance", "group"), "learned": False,
    "affine": True, "tracked": True,
}  # fmt: skip


def test_means_of_the_golden_tensor() -> None:
    assert keys(item("normalization/axes_and_parameters", **TENSOR)) == {
        "batch_means": 6, "batch_values": 100, "layer_means": 4, "layer_values": 150,
        "instance_means": 24, "instance_values": 25, "group_means": 12, "group_values": 50,
    }  # fmt: skip


def test_parameters_and_buffers_of_the_golden_tensor() -> None:
    found = item("normalization/axes_and_parameters", **TENSOR | {"learned": True})
    assert keys(found) == {
        "batch_parameters": 12, "layer_parameters": 300, "instance_parameters": 12, "group_parameters": 12,
        "total": 336, "running": 12,
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["counts_buffers"] == {"batch_parameters": 24, "total": 348}
    assert wrong["layer_norm_learns_nothing"] == {"layer_parameters": 0, "total": 36}
    bare = item(
        "normalization/axes_and_parameters", **TENSOR | {"learned": True, "affine": False, "tracked": False}
    )
    assert keys(bare)["total"] == 300
    assert keys(bare)["running"] == 0
    assert "counts_buffers" not in mistakes(bare)


def test_a_single_group_is_named() -> None:
    one = question("normalization/axes_and_parameters", **TENSOR | {"groups": 1})
    assert one.names["group"] == "group normalization with 1 group"
    assert one.statistics["group"] == one.statistics["layer"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"groups": 4}, "must divide"),
        ({"size": (4, 0, 5, 5)}, "at least one"),
        ({"size": (400, 600, 50, 50)}, "at most"),
        ({"methods": ("batch", "weight")}, "methods are some of"),
        ({"methods": ("batch",)}, "at least two"),
    ],
)
def test_unfair_tensors_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("normalization/axes_and_parameters", **TENSOR | changes).flaw()
