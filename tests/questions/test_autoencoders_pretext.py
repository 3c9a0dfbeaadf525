"""Self-supervised tasks: golden counts and rotations, carried errors, refusals."""

from __future__ import annotations

import math
from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "autoencoders/pretext_counts"
VIEWS: dict[str, Any] = {
    "form": "views", "images": 4, "anchor": 0, "alternating": False, "picture": (), "turns": (), "size": (), "patch": 0,
    "percent": 0,
}  # fmt: skip
MATRIX = VIEWS | {"form": "matrix", "anchor": 1}
ROTATIONS = VIEWS | {"form": "rotations", "picture": ((1, 2), (3, 4)), "turns": (1, 2), "images": 1000}
PATCHES = VIEWS | {"form": "patches", "size": (3, 224, 224), "patch": 16, "percent": 75, "images": 1}


def about(values: Any) -> Any:
    return pytest.approx(values, abs=5e-5)


def test_the_golden_batch() -> None:
    found = item(NAME, **VIEWS)
    assert keys(found) == {"views": 8, "negatives": 6, "pairs": 4}
    wrong = mistakes(found)
    assert wrong["one_negative_per_image"] == {"negatives": 3}
    assert wrong["counts_the_positive"] == {"negatives": 7}
    assert wrong["counts_self"] == {"negatives": 8}
    assert wrong["has_one_view"] == {"views": 4, "negatives": 2}
    assert wrong["counts_ordered_pairs"] == {"pairs": 8}


def test_the_similarity_matrix() -> None:
    found = item(NAME, **MATRIX)
    assert keys(found) == {
        "entries": 64, "positives": 8, "negatives": 48, "column": 5, "loss": about(math.log(7)),
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["counts_pairs_once"] == {"positives": 4, "negatives": 52}
    assert wrong["counts_the_diagonal"] == {"negatives": 56}
    assert wrong["takes_the_other_order"] == {"column": 0}
    assert wrong["chance_among_images"] == {"loss": about(math.log(4))}


@pytest.mark.parametrize(("anchor", "column"), [(0, 1), (1, 0), (6, 7), (7, 6)])
def test_views_that_alternate(anchor: int, column: int) -> None:
    assert keys(item(NAME, **MATRIX | {"alternating": True, "anchor": anchor}))["column"] == column


def test_the_golden_rotation() -> None:
    found = item(NAME, **ROTATIONS)
    assert keys(found) == {
        "rotated": ((2, 4), (1, 3)), "turns_seen": 2, "samples": 4000, "loss": about(1.3863),
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["rotates_clockwise"] == {"rotated": ((3, 1), (4, 2))}
    assert wrong["transposes"] == {"rotated": ((1, 3), (2, 4))}
    assert wrong["forgets_the_original"] == {"samples": 3000}
    seen = mistakes(item(NAME, **ROTATIONS | {"turns": (2, 3)}))
    assert seen["rotates_clockwise"] == {"turns_seen": 1}


def test_masked_patches() -> None:
    found = item(NAME, **PATCHES)
    assert keys(found) == {
        "patches": 196, "masked": 147, "visible": 49, "targets": 147 * 256 * 3, "share": 0.0625,
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["takes_masked_as_visible"] == {"visible": 147, "share": 0.5625}
    assert wrong["targets_of_one_channel"] == {"targets": 147 * 256}
    assert wrong["targets_all_patches"] == {"targets": 3 * 224 * 224}
    assert wrong["share_not_squared"] == {"share": 0.25}


def test_errors_are_carried_forward() -> None:
    assert question(NAME, **VIEWS).consequences(views=10)["negatives"] == 8
    assert question(NAME, **MATRIX).consequences(entries=100)["negatives"] == 84
    carried = question(NAME, **PATCHES).consequences(masked=96)
    assert (carried["visible"], carried["targets"]) == (100, 96 * 256 * 3)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (VIEWS | {"form": "other"}, "form is one of"),
        (VIEWS | {"picture": ((1, 2), (3, 4))}, "belongs to rotations"),
        (VIEWS | {"images": 1}, "a batch has"),
        (MATRIX | {"images": 10**9}, "a batch has"),
        (MATRIX | {"anchor": 8}, "one of their views"),
        (MATRIX | {"anchor": -1}, "one of their views"),
        (ROTATIONS | {"picture": ((1, 2), (3,))}, "a square"),
        (ROTATIONS | {"picture": ((1, 2), (3, 400))}, "between 0 and 255"),
        (ROTATIONS | {"turns": (1, 4)}, "two different rotations"),
        (ROTATIONS | {"turns": (1, 1)}, "two different rotations"),
        (ROTATIONS | {"picture": ((1, 2), (2, 1))}, "looks the same"),
        (ROTATIONS | {"images": 10**9}, "there are one to"),
        (PATCHES | {"size": (224, 224)}, "channels, rows and columns"),
        (PATCHES | {"size": (3, 10**9, 224)}, "at most"),
        (PATCHES | {"patch": 15}, "whole patches"),
        (PATCHES | {"patch": 0}, "whole patches"),
        (PATCHES | {"images": 0}, "one image"),
        (PATCHES | {"percent": 40}, "a whole number"),
        (PATCHES | {"percent": 100}, "a part of the patches"),
    ],
)
def test_unfair_counts_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(NAME, **parameters).flaw()
