"""Dropout: goldens, the mistakes' values, and PyTorch's layer at work."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from .support import item, keys, mistakes, question


def about(values: Any) -> Any:
    return pytest.approx(values, abs=5e-5)


LAYER: dict[str, Any] = {
    "form": "layer", "rate": 0.25, "units": (3, -1), "weights": (), "mask": (1, 0), "count": 0,
}  # fmt: skip
UNIT = LAYER | {"form": "unit", "units": (2, -1), "weights": (1, 1)}
RANDOM = UNIT | {"form": "random", "mask": (), "count": 1}
DEPTH = LAYER | {"form": "depth", "rate": 0.5, "units": (), "mask": (), "count": 54}


def test_the_golden_layer() -> None:
    found = item("regularization/dropout", **LAYER)
    assert keys(found) == {"scale": about(4 / 3), "training": about((4, 0)), "inference": (3, -1)}
    wrong = mistakes(found)
    assert wrong["takes_the_rate_for_keeping"]["training"] == (12, 0)
    assert wrong["does_not_scale"]["training"] == (3, 0)
    assert wrong["scales_at_inference_too"]["inference"] == (2.25, -0.75)
    assert wrong["drops_at_inference"]["inference"] == (3, 0)


def test_pytorch_scales_what_it_keeps() -> None:
    torch.manual_seed(0)
    output = nn.Dropout(0.25)(torch.full((1000,), 3.0))
    assert set(output.tolist()) == {0, 4}


def test_both_forms_of_the_golden_sum() -> None:
    found = item("regularization/dropout", **UNIT)
    assert keys(found) == {
        "classic_training": 2, "inverted_training": about(8 / 3), "inverted_inference": 1, "classic_inference": 0.75,
    }  # fmt: skip
    assert mistakes(found)["multiplies_by_the_rate"] == {"classic_inference": 0.25}
    assert (
        question("regularization/dropout", **UNIT).consequences(inverted_inference=2)["classic_inference"]
        == 1.5
    )


def test_all_masks() -> None:
    found = item("regularization/dropout", **RANDOM)
    assert keys(found)["masks"] == 4
    assert keys(found)["probability"] == about(2 * 0.75 * 0.25)
    assert keys(found)["variance"] == about(5 / 3)
    assert mistakes(found)["forgets_the_choices"] == {"probability": about(0.1875)}
    assert mistakes(found)["squares_the_sum"]["variance"] == about(1 / 3)


def test_stochastic_depth_of_the_paper() -> None:
    found = item("regularization/dropout", **DEPTH)
    assert keys(found) == {"survival": 0.75, "expected": 40.25, "saved": about(100 * 13.75 / 54)}
    assert mistakes(found)["takes_the_last_survival"]["expected"] == 27
    assert mistakes(found)["forgets_the_first_block"]["expected"] == 40.5


def test_weights_keep_double_precision() -> None:
    item("regularization/dropout", **RANDOM | {"weights": (0.7, 1)})


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (LAYER | {"rate": 1.0}, "from 0.05 to 0.95"),
        (LAYER | {"rate": 0.123}, "two decimals"),
        (LAYER | {"units": (float("nan"), 1)}, "no number is larger"),
        (LAYER | {"units": (1 / 3, 1)}, "four decimals"),
        (LAYER | {"mask": (1, 1)}, "kept or dropped"),
        (LAYER | {"mask": (1, 2)}, "kept (1) or dropped (0)"),
        (LAYER | {"weights": (1, 1)}, "needs a weight"),
        (LAYER | {"units": (1,)}, "2 to 8 units"),
        (UNIT | {"weights": (1, 2)}, "sum is zero"),
        (RANDOM | {"count": 3}, "than there are"),
        (DEPTH | {"count": 1}, "2 to 200 blocks"),
        (DEPTH | {"count": 55}, "an even number"),
        (DEPTH | {"units": (1, 2)}, "neither units nor a mask"),
    ],
)
def test_unfair_instances_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question("regularization/dropout", **parameters).flaw()
