"""Self-attention by matrices, and masks."""

from __future__ import annotations

import math
from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "attention/self_attention_matrix"
IDENTITY = ((1, 0), (0, 1))
GOLDEN = {
    "form": "projected",
    "inputs": IDENTITY,
    "query_weights": ((1, 0), (0, 2)),
    "key_weights": ((1, 1), (0, 1)),
    "value_weights": ((2, 0), (0, 4)),
    "output_weights": (),
    "order": (),
}
PLAIN = GOLDEN | {"form": "identity", "inputs": ((1, 0), (1, 1)), "query_weights": IDENTITY}
PLAIN |= {"key_weights": IDENTITY, "value_weights": IDENTITY}
PERMUTED = GOLDEN | {"form": "permuted", "inputs": ((1, 0), (0, 1), (1, 1)), "order": (2, 0, 1)}
HEADS = GOLDEN | {"form": "heads", "key_weights": IDENTITY, "output_weights": ((1, 1), (0, 1))}


def near(rows: Any) -> Any:
    """The rows, as far as four decimals tell."""
    return tuple(pytest.approx(row, abs=5e-5) for row in rows)


def test_golden_value() -> None:
    found = keys(item(NAME, **GOLDEN))
    assert found["queries"] == ((1, 0), (0, 2))
    assert found["keys"] == ((1, 1), (0, 1))
    assert found["scores"] == ((1, 0), (2, 2))
    assert found["output"] == near(((1.3395, 1.3210), (1, 2)))


def test_golden_mistakes() -> None:
    wrong = mistakes(item(NAME, **GOLDEN))
    assert wrong["no_scale"]["output"] == near(((1.4621, 1.0758), (1, 2)))
    assert wrong["column_softmax"]["output"] == near(((0.6605, 0.7823), (1.3395, 3.2177)))
    assert wrong["keys_not_transposed"]["scores"] == ((1, 1), (0, 2))
    assert wrong["projections_skipped"]["scores"] == IDENTITY
    assert wrong["roles_swapped"]["scores"] == ((1, 2), (0, 2))
    assert "left_multiplied" not in wrong  # the tokens are the identity


def test_projections_are_multiplied_from_the_right() -> None:
    wrong = mistakes(item(NAME, **GOLDEN | {"inputs": ((1, 1), (0, 1))}))
    assert wrong["left_multiplied"]["queries"] == ((1, 1), (0, 2))
    three = item(NAME, **GOLDEN | {"inputs": ((1, 1), (0, 1), (1, 0))})
    assert {"left_multiplied", "keys_not_transposed"}.isdisjoint(mistakes(three))


def test_without_projections_tokens_are_all_three() -> None:
    found = keys(item(NAME, **PLAIN))
    assert found["scores"] == ((1, 1), (1, 2))
    weight = 1 / (1 + math.exp(-1 / math.sqrt(2)))
    assert found["weights"] == near(((0.5, 0.5), (1 - weight, weight)))
    assert found["output"] == near(((1, 0.5), (1, weight)))
    assert mistakes(item(NAME, **PLAIN))["divides_by_dimension"]["weights"][1] == pytest.approx(
        (0.37754067, 0.62245933)
    )


def test_outputs_move_along_with_tokens() -> None:
    found = keys(item(NAME, **PERMUTED))
    first, second, third = found["output"]
    assert found["permuted_output"] == (third, first, second)
    wrong = mistakes(item(NAME, **PERMUTED))
    assert wrong["order_ignored"]["permuted_output"] == found["output"]
    assert wrong["order_inverted"]["permuted_output"] == (second, third, first)


def test_two_heads_have_scores_of_their_own() -> None:
    found = keys(item(NAME, **HEADS))
    first, second = (1 / (1 + math.exp(-score)) for score in (1, 2))
    assert found["first_weights"] == near(((first, 1 - first), (0.5, 0.5)))
    assert found["second_weights"] == near(((0.5, 0.5), (1 - second, second)))
    assert found["concatenated"] == near(((2 * first, 2), (1, 4 * second)))
    assert found["output"] == near(((2 * first, 2 * first + 2), (1, 1 + 4 * second)))
    wrong = mistakes(item(NAME, **HEADS))
    assert wrong["no_output_projection"]["output"] == found["concatenated"]
    assert wrong["scaled_by_the_model"]["first_weights"][0] == pytest.approx((0.66976, 0.33024), abs=5e-5)


def test_errors_are_carried() -> None:
    carried = question(NAME, **GOLDEN).consequences(keys=((0, 0), (0, 0)), values=((2, 0), (0, 2)))
    assert carried["scores"] == ((0, 0), (0, 0))
    assert carried["output"] == near(((1, 1), (1, 1)))
    carried = question(NAME, **HEADS).consequences(concatenated=((1, 0), (0, 1)))
    assert carried["output"] == ((1, 1), (0, 1))
    carried = question(NAME, **PERMUTED).consequences(output=((1, 2), (3, 4), (5, 6)))
    assert carried["permuted_output"] == ((5, 6), (1, 2), (3, 4))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is identity"),
        ({"inputs": ((1, 0),)}, "two to five tokens"),
        ({"inputs": ((1, 0), (1,))}, "two to five tokens"),
        ({"query_weights": ((1, 0),)}, "2 rows and columns"),
        ({"value_weights": ((1, 0), (1,))}, "2 rows and columns"),
        ({"output_weights": IDENTITY}, "only the form heads"),
        ({"form": "heads"}, "2 rows and columns"),
        ({"inputs": ((1, 0), (0, 10**9))}, "from -20 to 20"),
        ({"form": "identity"}, "identities for the form identity"),
        (PLAIN | {"form": "projected"}, "identities for the form identity"),
        ({"order": (1, 0)}, "only the form permuted"),
        ({"form": "permuted", "order": (0, 1)}, "only the form permuted"),
        ({"form": "permuted", "order": (1, 1)}, "only the form permuted"),
        ({"inputs": ((1, 0), (1, 0))}, "two tokens are equal"),
        ({"value_weights": ((0, 0), (0, 0))}, "weights is zero"),
        ({"query_weights": ((9, 0), (0, 9))}, "saturated"),
        ({"query_weights": ((1, 0), (1, 0)), "key_weights": ((0, 1), (0, 1))}, "equally to all"),
        ({"value_weights": ((1, 1), (1, 1))}, "all values are equal"),
    ],
)
def test_refusals(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **GOLDEN | changes).flaw() or "")


MASK = "attention/causal_mask"
COUNTED: dict[str, Any] = {
    "form": "mask",
    "tokens": 3,
    "length": 10,
    "padding": 0,
    "window": 0,
    "scores": (),
    "values": (),
}
WEIGHTS = COUNTED | {
    "form": "weights",
    "length": 0,
    "scores": (("0", "5", "5"), ("ln 3", "0", "5"), ("0", "ln 2", "0")),
    "values": ((4, 0), (0, 8), (4, 4)),
}
ERRATUM = WEIGHTS | {"scores": (("0", "5", "5"), ("2", "1", "3"), ("0", "ln 2", "0"))}
FOUR = WEIGHTS | {
    "tokens": 4,
    "scores": (
        ("0", "5", "5", "5"),
        ("ln 3", "0", "5", "5"),
        ("0", "ln 2", "0", "5"),
        ("2", "0", "ln 3", "ln 4"),
    ),
    "values": ((4, 0), (0, 8), (4, 4), (2, 0)),
}


def test_golden_count_of_pairs() -> None:
    found = item(MASK, **COUNTED)
    assert keys(found) == {"mask": ((1, 0, 0), (1, 1, 0), (1, 1, 1)), "pairs": 55, "hidden": 45}
    assert sum(map(sum, keys(found)["mask"])) == 6
    wrong = mistakes(found)
    assert wrong["excludes_self"] == {"mask": ((0, 0, 0), (1, 0, 0), (1, 1, 0)), "pairs": 45}
    assert wrong["sees_the_future"]["mask"] == ((1, 1, 1), (0, 1, 1), (0, 0, 1))
    assert wrong["half_of_all_pairs"] == {"pairs": 50}
    assert wrong["pairs_swapped"] == {"pairs": 45, "hidden": 55}


def test_golden_weights() -> None:
    found = item(MASK, **WEIGHTS)
    assert keys(found)["weights"][1] == pytest.approx((0.75, 0.25, 0))
    assert keys(found)["output"][1] == pytest.approx((3, 2))
    wrong = {name: values["weights"][1] for name, values in mistakes(found).items() if "weights" in values}
    assert wrong["score_zero"] == pytest.approx((0.6, 0.2, 0.2))
    assert wrong["zero_after_softmax"] == pytest.approx((0.0197, 0.0066, 0), abs=5e-5)
    assert wrong["excludes_self"] == (1, 0, 0)


def test_a_score_of_zero_hides_nothing() -> None:
    found = item(MASK, **ERRATUM)
    assert keys(found)["weights"][1] == pytest.approx((0.731, 0.269, 0), abs=5e-4)
    assert mistakes(found)["score_zero"]["weights"][1] == pytest.approx((0.665, 0.245, 0.090), abs=5e-4)
    leaking = item(MASK, **ERRATUM | {"form": "leak"})
    assert keys(leaking)["leaks"] == pytest.approx((2 / 3, 0.0900306, 0))
    assert mistakes(leaking)["keeps_the_rest"]["leaks"] == pytest.approx((1 / 3, 0.9099694, 1))
    assert mistakes(leaking)["counts_hidden_keys"]["leaks"] == pytest.approx((2 / 3, 1 / 3, 0))


def test_padding_is_hidden_from_all() -> None:
    found = item(MASK, **FOUR | {"form": "padded", "padding": 1})
    assert keys(found)["pairs"] == 6
    assert keys(found)["weights"] == near(((0, 1, 0, 0), (0, 2 / 3, 1 / 3, 0), (0, 1 / 8, 3 / 8, 4 / 8)))
    wrong = mistakes(found)["ignores_padding"]
    assert wrong["pairs"] == 9
    assert wrong["weights"][0] == pytest.approx((0.75, 0.25, 0, 0))


def test_a_window_reaches_back_a_few_tokens() -> None:
    found = item(MASK, **FOUR | {"form": "window", "window": 2})
    assert keys(found)["pairs"] == 7
    assert keys(found)["weights"][3] == pytest.approx((0, 0, 3 / 7, 4 / 7))
    wrong = mistakes(found)
    assert wrong["window_without_itself"]["pairs"] == 9
    assert wrong["ignores_window"]["pairs"] == 10


def test_errors_of_weights_are_carried() -> None:
    carried = question(MASK, **WEIGHTS).consequences(weights=((0, 1, 0), (0, 0, 1), (1, 0, 0)))
    assert carried["output"] == ((0, 8), (4, 4), (4, 0))
    assert question(MASK, **COUNTED).consequences(pairs=45)["hidden"] == 55


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is mask"),
        ({"tokens": 10**9}, "three to six tokens"),
        ({"length": 20}, "only the form mask"),
        (COUNTED | {"length": 10**9}, "only the form mask"),
        (COUNTED | {"scores": (("0",),)}, "none for the form mask"),
        ({"padding": 1}, "only the form padded"),
        ({"form": "padded", "padding": 2}, "only the form padded"),
        ({"window": 2}, "only the form window"),
        ({"form": "window", "window": 3}, "only the form window"),
        ({"scores": (("0", "5", "5"), ("0", "0"), ("0",))}, "each pair of tokens"),
        ({"values": ((4, 0), (0, 8), (4,))}, "each pair of tokens"),
        ({"scores": (("0", "5", "5"), ("many", "0", "5"), ("0", "0", "0"))}, "number or a logarithm"),
        ({"scores": (("0", "5", "5"), ("nan", "0", "5"), ("0", "0", "0"))}, "from -20 to 20"),
        ({"values": ((4, 0), (4, 0), (4, 0))}, "all values are equal"),
        ({"scores": (("0", "5", "5"), ("0", "0", "5"), ("0", "0", "0"))}, "visible scores"),
        ({"scores": (("0", "5", "5"), ("5", "0", "5"), ("0", "0", "0"))}, "saturated"),
        ({"scores": (("0", "0", "0"), ("1", "0", "0"), ("0", "0", "0"))}, "hidden scores are 0"),
    ],
)
def test_refusals_of_masks(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(MASK, **WEIGHTS | changes).flaw() or "")
