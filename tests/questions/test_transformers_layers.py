"""Sublayers and positional encodings: golden examples, mistakes, carried errors and refusals."""

from __future__ import annotations

import math
from typing import Any

import pytest

from .support import item, keys, mistakes, question

SUBLAYER, POSITION = "transformers/encoder_sublayer", "transformers/positional_encoding"
RESIDUAL: dict[str, Any] = {
    "form": "residual", "x": (1, 1, 3, 3), "sublayer": (4, 0, 0, 0), "W1": (), "b1": (), "W2": (), "b2": (),
}  # fmt: skip
NETWORK = RESIDUAL | {
    "form": "feed_forward", "x": (2, -1), "sublayer": (), "W1": ((1, 1), (-1, 2), (0, -1)), "b1": (0, 1, 1),
    "W2": ((1, 0, 2), (2, 1, -1)), "b2": (1, 0),
}  # fmt: skip
LAYER = RESIDUAL | {
    "form": "post", "x": (1, 1, 5, 5), "sublayer": (), "W1": ((-1, -1, -1, 1), (1, 1, -1, -1)), "b1": (2, 0),
    "W2": ((0, -1), (-1, -1), (-1, 1), (0, 0)), "b2": (0, -1, 0, 1),
}  # fmt: skip
FIRST: dict[str, Any] = {
    "form": "vector", "position": 1, "dimension": 4, "embedding": (), "offset": 0, "shift": 0, "longest": 0,
}  # fmt: skip
OFFSET = FIRST | {"form": "offset", "position": 3, "offset": 2, "shift": 10, "longest": 512}


def test_the_golden_residual() -> None:
    found = item(SUBLAYER, **RESIDUAL)
    assert keys(found)["sum"] == (5, 1, 3, 3)
    assert keys(found)["output"] == pytest.approx((math.sqrt(2), -math.sqrt(2), 0, 0))
    wrong = mistakes(found)
    assert wrong["normalizes_before_adding"]["output"] == pytest.approx((3, -1, 1, 1))
    assert wrong["no_residual"]["output"] == pytest.approx((1.7321, -0.5774, -0.5774, -0.5774), abs=1e-4)
    carried = question(SUBLAYER, **RESIDUAL).consequences(sum=(1, 1, 3, 3))
    assert carried["output"] == (-1, -1, 1, 1)


def test_a_feed_forward_network() -> None:
    found = item(SUBLAYER, **NETWORK)
    assert keys(found) == {"hidden": (1, 0, 2), "network": (6, 0), "output": (8, -1)}
    wrong = mistakes(found)
    assert wrong["no_inner_relu"] == {"hidden": (1, -3, 2), "network": (6, -3), "output": (8, -4)}
    assert wrong["forgets_biases"]["hidden"] == (1, 0, 1)


def test_layers_with_the_normalization_behind_and_in_front() -> None:
    post = keys(item(SUBLAYER, **LAYER))
    assert post["first"] == (-1, -1, 1, 1)
    assert post["hidden"] == (4, 0)
    deviation = math.sqrt(8.5)
    assert post["output"] == pytest.approx([entry / deviation for entry in (1, -4, -1, 4)])
    pre = keys(item(SUBLAYER, **LAYER | {"form": "pre"}))
    assert pre["first"] == (0, 0, 6, 6)
    assert pre["output"] == (0, -5, 2, 7)


def test_the_golden_encoding() -> None:
    found = item(POSITION, **FIRST)
    assert keys(found)["encoding"] == pytest.approx((0.8415, 0.5403, 0.01, 1), abs=1e-4)
    wrong = mistakes(found)
    assert wrong["sine_and_cosine_swapped"]["encoding"] == pytest.approx((0.5403, 0.8415, 1, 0.01), abs=1e-4)
    assert wrong["exponent_without_two"]["encoding"] == pytest.approx(
        (0.8415, 0.5403, 0.0998, 0.995), abs=1e-4
    )
    total = item(POSITION, **FIRST | {"form": "sum", "embedding": (0.5, -0.5, 0.0, 1.0)})
    assert keys(total)["input"] == pytest.approx((1.3415, 0.0403, 0.01, 2), abs=1e-4)
    assert len(mistakes(total)["concatenates"]["input"]) == 8


def test_only_the_offset_matters() -> None:
    found = item(POSITION, **OFFSET)
    product = math.cos(2) + math.cos(0.02)
    assert keys(found)["product"] == pytest.approx(product)
    assert keys(found)["shifted"] == pytest.approx(product)
    assert keys(found)["rotation"][0] == pytest.approx((math.cos(2), math.sin(2)))
    assert keys(found)["learned"] == 2048
    assert mistakes(found)["one_number_for_each_position"] == {"learned": 512}
    assert question(POSITION, **OFFSET).consequences(product=1.5)["shifted"] == 1.5


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (RESIDUAL | {"form": "other"}, "form is"),
        (RESIDUAL | {"x": (10**9, 1, 1, 1)}, "up to 20"),
        (RESIDUAL | {"sublayer": (1, 2)}, "as many entries"),
        (RESIDUAL | {"sublayer": (0, 0, 0, 0)}, "returns zero"),
        (RESIDUAL | {"sublayer": (2, 2, 0, 0)}, "no spread"),
        (NETWORK | {"b1": ()}, "1 to 4 hidden units"),
        (NETWORK | {"W2": ((1, 0), (2, 1))}, "do not fit"),
        (NETWORK | {"b2": (99, 0)}, "larger than 20"),
        (NETWORK | {"b1": (-1, 1, 1)}, "the input 0"),
        (NETWORK | {"b1": (9, 9, 9)}, "all hidden units"),
        (LAYER | {"x": (2, 2, 2, 2)}, "no spread"),
    ],
)
def test_unfair_sublayers_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(SUBLAYER, **parameters).flaw()


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (FIRST | {"dimension": 3}, "2, 4 or 8 dimensions"),
        (FIRST | {"position": 10**9}, "between 0 and 1000"),
        (FIRST | {"embedding": (1.0,)}, "only the form sum"),
        (FIRST | {"form": "sum", "embedding": (1.0, math.nan, 0.0, 0.0)}, "more than two decimals"),
        (FIRST | {"offset": 2}, "only the form offset"),
        (FIRST | {"position": 0}, "trivial"),
    ],
)
def test_unfair_positions_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(POSITION, **parameters).flaw()
