"""Hyperplanes, and the linear pieces of networks of ReLU units."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

PLANE = "linear_models/hyperplane_geometry"
SIDE = {"form": "side", "normal": (3, 4), "bias": -5, "point": (2, 6), "distance": 0.0}
SPACE = SIDE | {"form": "space", "normal": (1, -2, 2), "bias": 6, "point": (1, 2, -6)}
FOOT = SIDE | {"form": "foot"}
THROUGH = SIDE | {"form": "through", "bias": 0}
OFFSET = THROUGH | {"form": "offset", "distance": 1.0}


def test_line_golden() -> None:
    found = item(PLANE, **SIDE)
    assert keys(found) == {"distance": 5, "side": "positive", "origin": 1}
    wrong = {name: values["distance"] for name, values in mistakes(found).items() if "distance" in values}
    assert wrong["no_norm"] == 25
    assert wrong["forgets_bias"] == 6
    assert wrong["norm_squared"] == 1
    assert wrong["l1_norm"] == pytest.approx(3.5714, abs=5e-5)
    assert mistakes(found)["origin_without_norm"] == {"origin": 5}


def test_plane_in_space() -> None:
    found = item(PLANE, **SPACE)
    assert keys(found) == pytest.approx({"norm": 3, "distance": -3, "origin": 2})
    wrong = mistakes(found)
    assert wrong["norm_squared"] == pytest.approx({"norm": 9, "distance": -1, "origin": 6 / 9})
    assert wrong["l1_norm"] == pytest.approx({"norm": 5, "distance": -1.8, "origin": 1.2})
    assert wrong["distance_without_sign"] == {"distance": 3}


def test_nearest_point() -> None:
    found = item(PLANE, **FOOT)
    assert keys(found) == {"distance": pytest.approx(5), "foot": pytest.approx((-1, 2))}
    assert mistakes(found)["foot_on_other_side"]["foot"] == pytest.approx((5, 10))
    assert mistakes(found)["normal_not_normalised"]["foot"] == pytest.approx((-13, -14))


def test_boundary_through_a_point() -> None:
    found = item(PLANE, **THROUGH)
    assert keys(found) == {
        "bias": -30,
        "origin": pytest.approx(6),
        "intercepts": pytest.approx((10, 7.5)),
    }
    assert mistakes(found)["bias_turned_round"] == {"bias": 30, "intercepts": pytest.approx((-10, -7.5))}
    assert mistakes(found)["intercepts_upside_down"]["intercepts"] == pytest.approx((0.1, 4 / 30))


def test_biases_at_a_distance() -> None:
    found = item(PLANE, **OFFSET)
    assert keys(found) == {"biases": (-35, -25)}
    assert mistakes(found)["no_norm"]["biases"] == (-31, -29)
    assert mistakes(found)["bias_turned_round"]["biases"] == (25, 35)


def test_errors_in_distances_are_carried() -> None:
    assert question(PLANE, **SIDE).consequences(distance=-2.0)["side"] == "negative"
    own = question(PLANE, **SPACE).consequences(norm=6)
    assert (own["distance"], own["origin"]) == (-1.5, 1)
    assert question(PLANE, **FOOT).consequences(distance=10.0)["foot"] == pytest.approx((-4, -2))
    own = question(PLANE, **THROUGH).consequences(bias=-15)
    assert own["origin"] == 3
    assert own["intercepts"] == pytest.approx((5, 3.75))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is one of"),
        ({"normal": (3, 4, 5)}, "two entries"),
        ({"point": (2, 60)}, "from -12 to 12"),
        ({"normal": (3, 0)}, "a weight is 0"),
        ({"point": (0, 0)}, "the origin"),
        ({"bias": 0}, "does not pass through the origin"),
        ({"distance": 1.0}, "no distance is given"),
        ({"bias": -6, "point": (2, 0)}, "on the boundary"),
        (THROUGH | {"bias": 1}, "the bias is 0"),
        (THROUGH | {"point": (4, -3)}, "the bias that is asked is 0"),
        (THROUGH | {"point": (0, 6)}, "on an axis"),
        (OFFSET | {"distance": 1.3}, "in halves"),
        (OFFSET | {"normal": (1, 2)}, "not whole"),
        (OFFSET | {"distance": 6.0}, "a bias is 0"),
    ],
)
def test_refusals_of_hyperplanes(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(PLANE, **SIDE | changes).flaw() or "")


RELU = "linear_models/relu_elbow"
UNITS = {
    "form": "units",
    "weights": (1, 2, -1),
    "biases": (0, -4, 3),
    "outputs": (1, -1, 2),
    "constant": 0,
    "x": 1.0,
}
UNIT = UNITS | {"form": "unit", "weights": (-2,), "biases": (6,), "outputs": (3,)}
PIECES = UNITS | {
    "form": "pieces",
    "weights": (1, -2, 3),
    "biases": (-1, 2, 3),
    "outputs": (2, -1, 1),
    "constant": 4,
    "x": 2.0,
}
INVERSE = UNITS | {"form": "inverse", "weights": (1, 1, 1), "biases": (1, -1, -2), "constant": 3, "x": 0.0}


def test_units_golden() -> None:
    found = item(RELU, **UNITS)
    assert keys(found) == {"elbows": (0, 2, 3), "slopes": (-2, -1, -3, -1), "value": 5}
    wrong = {name: values["slopes"] for name, values in mistakes(found).items() if "slopes" in values}
    assert wrong["all_units_active"] == (-3, -3, -3, -3)
    assert wrong["slope_ignores_output_weight"] == (-1, 0, 2, 3)
    assert wrong["slope_ignores_input_weight"] == (2, 3, 2, 0)
    assert wrong["orientation_ignored"] == (0, 1, -1, -3)
    assert mistakes(found)["elbow_plus"]["elbows"] == (0, -2, -3)
    assert mistakes(found)["elbow_is_b"]["elbows"] == (0, -4, 3)
    assert mistakes(found)["value_without_relu"] == {"value": 7}


def test_one_unit() -> None:
    found = item(RELU, **UNIT)
    assert keys(found) == {"elbow": 3, "slopes": (-6, 0), "value": 12}
    assert mistakes(found)["orientation_ignored"]["slopes"] == (0, -6)


def test_bends_that_cancel_make_no_piece() -> None:
    found = item(RELU, **PIECES)
    assert keys(found) == {"elbows": (1, 1, -1), "slopes": (2, 5, 5), "value": 15, "pieces": 2}
    wrong = mistakes(found)
    assert wrong["a_piece_for_each_unit"] == {"pieces": 4}
    assert wrong["a_piece_for_each_interval"] == {"pieces": 3}
    assert wrong["value_without_constant"] == {"value": 11}


def test_units_from_values() -> None:
    found = item(RELU, **INVERSE)
    assert keys(found) == {"elbows": (-1, 1, 2), "outputs": (1, -1, 2), "constant": 3}
    wrong = mistakes(found)
    assert wrong["slopes_for_changes"] == {"outputs": (1, 0, 2)}
    assert wrong["constant_at_zero"] == {"constant": 4}
    assert wrong["elbow_plus"] == {"elbows": (1, -1, -2)}


def test_errors_in_elbows_are_carried() -> None:
    own = question(RELU, **UNIT).consequences(elbow=2)
    assert (own["slopes"], own["value"]) == ((-6, 0), 6)
    assert question(RELU, **UNIT).consequences(slopes=(-2, 0))["value"] == 4
    own = question(RELU, **UNITS).consequences(elbows=(0, 3, 2))
    assert own["slopes"] == (-2, -1, 1, -1)
    assert question(RELU, **PIECES).consequences(slopes=(2, 5, 3))["pieces"] == 3
    with pytest.raises(ValueError, match="another number of intervals"):
        question(RELU, **UNITS).consequences(elbows=(0, 2, 2))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is one of"),
        ({"weights": (1, 2)}, "2 to 4 units"),
        ({"weights": (1, 0, -1)}, "are not 0"),
        ({"biases": (0, -3, 3)}, "divides its bias"),
        ({"biases": (0, -14, 3)}, "from -6 to 6"),
        ({"constant": 2}, "is 0 for unit and units"),
        ({"x": 2.0}, "is no elbow"),
        ({"x": 0.3}, "in halves"),
        ({"x": float("nan")}, "from -9 to 9"),
        ({"biases": (2, -2, 3), "weights": (1, 2, 1), "x": -4.0}, "no unit is active"),
        ({"biases": (0, -4, 2)}, "two elbows are equal"),
        (PIECES | {"outputs": (2, -1, 1), "weights": (1, -2, 1), "biases": (-1, 2, -1)}, None),
        (PIECES | {"outputs": (2, -1, -1), "weights": (1, 1, -1), "biases": (-1, -1, 1)}, "has no elbow"),
        (INVERSE | {"x": 1.0}, "x is 0"),
        (INVERSE | {"biases": (-1, 1, -2)}, "elbows ascend"),
        (INVERSE | {"biases": (5, -1, -5)}, "too wide"),
    ],
)
def test_refusals_of_relu_units(changes: dict[str, Any], reason: str | None) -> None:
    flaw = question(RELU, **UNITS | changes).flaw()
    assert flaw is None if reason is None else reason in (flaw or "")
