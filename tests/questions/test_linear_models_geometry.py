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
