"""Cost of matrix products."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "mathematics/matmul_cost"
PRODUCT = {"form": "product", "sizes": (10, 20, 30), "operations": ()}
VECTOR = PRODUCT | {"form": "vector"}
OPERATIONS = {
    "form": "operations",
    "sizes": (5, 3),
    "operations": ("inner", "outer", "matvec", "hadamard", "scaled", "gram", "outer_gram"),
}
CHAIN = PRODUCT | {"form": "chain", "sizes": (10, 100, 5, 50, 20)}
BATCH = PRODUCT | {"form": "batch", "sizes": (3, 10, 4)}


def test_product_golden() -> None:
    found = item(NAME, **PRODUCT)
    assert keys(found) == {"shape": (10, 30), "multiplications": 6000}
    wrong = mistakes(found)
    assert wrong["adds_dimensions"] == {"multiplications": 60}
    assert wrong["output_only"] == {"multiplications": 300}
    assert wrong["cubic_assumed"] == {"multiplications": 27000}
    assert wrong["counts_additions"] == {"multiplications": 12000}
    assert wrong["result_turned_round"] == {"shape": (30, 10)}
    assert wrong["keeps_inner_size"] == {"shape": (10, 20), "multiplications": 4000}


def test_orders_golden() -> None:
    found = item(NAME, **VECTOR)
    assert keys(found) == {"left": 6300, "right": 800, "vectors": 13}
    wrong = mistakes(found)
    assert wrong["ignores_order"] == {"right": 6300}
    assert wrong["adds_dimensions"] == {"right": 60}
    assert wrong["forgets_the_vector"] == {"left": 6000}
    assert wrong["first_product_only"] == {"right": 600}
    assert wrong["one_vector_too_few"] == {"vectors": 12}
    assert 6000 + 12 * 300 == 12 * 800  # equally expensive: 13 is the first that is cheaper


def test_operations() -> None:
    found = item(NAME, **OPERATIONS)
    assert keys(found) == {
        "inner": 3,
        "outer": 15,
        "matvec": 15,
        "hadamard": 15,
        "scaled": 15,
        "gram": 45,
        "outer_gram": 75,
    }
    wrong = mistakes(found)
    assert wrong["gram_turned_round"] == {"gram": 75, "outer_gram": 45}
    assert wrong["output_only"] == {"gram": 9, "outer_gram": 25}
    assert wrong["diagonal_as_full"] == {"scaled": 75}
    assert wrong["elementwise_as_matrix_product"] == {"hadamard": 45}


def test_chain_of_four_matrices() -> None:
    found = item(NAME, **CHAIN)
    assert vars(found.answers["least"])["value"] == 10 * 100 * 5 + 5 * 50 * 20 + 10 * 5 * 20
    assert found.executed["best"] == 2
    wrong = mistakes(found)
    assert wrong["left_to_right"] == {"least": 5000 + 2500 + 10000}
    assert wrong["right_to_left"] == {"least": 10 * 100 * 20 + 100 * 5 * 20 + 5 * 50 * 20}


def test_batch_in_two_orders() -> None:
    found = item(NAME, **BATCH)
    assert keys(found) == {"scores": (3, 10, 10), "left": 2400, "summary": (3, 4, 4), "right": 960}
    wrong = mistakes(found)
    assert wrong["forgets_batch"] == {"left": 800, "right": 320}
    assert wrong["first_product_only"] == {"left": 1200, "right": 480}
    assert wrong["ignores_order"] == {"right": 2400}
    assert wrong["shapes_turned_round"] == {
        "scores": (3, 4, 4),
        "left": 2 * 3 * 4 * 4 * 4,
        "summary": (3, 10, 10),
        "right": 2 * 3 * 10 * 10 * 10,
    }


def test_own_shapes_and_costs_are_carried() -> None:
    assert question(NAME, **PRODUCT).consequences(shape=(30, 30))["multiplications"] == 18000
    assert question(NAME, **BATCH).consequences(scores=(3, 10, 4))["left"] == 2 * 3 * 10 * 4 * 4
    assert question(NAME, **VECTOR).consequences(left=6000)["vectors"] == 5700 // 500 + 1
    with pytest.raises(ValueError, match="never pays"):
        question(NAME, **VECTOR).consequences(right=300)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is one of"),
        ({"sizes": (10, 20)}, "with 3, 3, 2, 5, 3 sizes"),
        ({"sizes": (10, 20, 1)}, "from 2 to 1000"),
        ({"sizes": (10, 20, 1001)}, "from 2 to 1000"),
        ({"operations": ("inner",)}, "only in the form of that name"),
        (OPERATIONS | {"operations": ()}, "only in the form of that name"),
        (OPERATIONS | {"operations": ("sum",)}, "are of inner"),
        (OPERATIONS | {"operations": ("inner", "inner")}, "twice"),
        (OPERATIONS | {"sizes": (5, 5)}, "two sizes are equal"),
        (BATCH | {"sizes": (2, 10, 10)}, "two sizes are equal"),
        (CHAIN | {"sizes": (10, 10, 10, 10, 10)}, "nearly equally good"),
        (VECTOR | {"sizes": (50, 5, 50)}, "does not pay"),
    ],
)
def test_refusals(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **PRODUCT | changes).flaw() or "")
