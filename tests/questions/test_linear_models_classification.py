"""The perceptron and logistic regression."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

PERCEPTRON = "linear_models/perceptron_updates"
CONVERGE = {
    "form": "converge",
    "points": ((2, 0), (0, 2), (3, 1), (1, 3)),
    "labels": (1, -1, 1, -1),
    "bias": True,
    "start": (0, 0, 0),
    "tie": "positive",
}
STEPS = CONVERGE | {"form": "steps"}
XOR = CONVERGE | {"form": "stops", "points": ((0, 0), (0, 1), (1, 0), (1, 1)), "labels": (-1, 1, 1, -1)}
MULTICLASS = CONVERGE | {
    "form": "multiclass",
    "points": ((1, 2), (2, 1), (-1, 1)),
    "labels": (1, 2, 0),
    "bias": False,
    "start": (0, 0),
    "tie": "lowest",
}


def test_perceptron_golden_where_zero_is_positive() -> None:
    found = item(PERCEPTRON, **CONVERGE)
    assert keys(found) == {"updates": 3, "weights": (-1, 2, -4)}
    assert mistakes(found)["tie_rule_swapped"] == {"updates": 2, "weights": (0, 2, -2)}


def test_perceptron_golden_where_zero_is_a_mistake() -> None:
    found = item(PERCEPTRON, **CONVERGE | {"tie": "mistake"})
    assert keys(found) == {"updates": 2, "weights": (0, 2, -2)}
    assert mistakes(found)["tie_rule_swapped"] == {"updates": 3, "weights": (-1, 2, -4)}


def test_each_step_of_a_pass() -> None:
    found = item(PERCEPTRON, **STEPS)
    assert keys(found) == {
        "weights1": (0, 0, 0),
        "weights2": (-1, 0, -2),
        "weights3": (0, 3, -1),
        "weights4": (-1, 2, -4),
        "updates": 3,
    }
    wrong = mistakes(found)
    assert wrong["updates_on_correct"]["weights4"] == (0, 4, -4)
    assert wrong["adds_x_without_label"]["weights2"] == (1, 0, 2)
    assert wrong["forgets_bias_input"]["weights4"] == (0, 2, -4)


def test_xor_never_converges() -> None:
    found = item(PERCEPTRON, **XOR)
    assert keys(found)["stops"] == "no"
    assert mistakes(found)["trusts_convergence"] == {"stops": "yes"}
    conjunction = item(PERCEPTRON, **XOR | {"labels": (-1, -1, -1, 1)})
    assert keys(conjunction)["stops"] == "yes"
    assert mistakes(conjunction)["gives_up"] == {"stops": "no"}


def test_a_point_within_a_triangle_of_the_other_class() -> None:
    inside = XOR | {"points": ((0, 0), (3, 0), (0, 3), (1, 1)), "labels": (1, 1, 1, -1)}
    assert keys(item(PERCEPTRON, **inside))["stops"] == "no"


def test_several_classes() -> None:
    found = item(PERCEPTRON, **MULTICLASS)
    assert keys(found) == {"predicted": (0, 1, 1), "weights": ((-2, -1), (0, 0), (2, 1))}
    assert mistakes(found)["only_true_row"]["weights"] == ((-1, 1), (1, 2), (2, 1))
    assert mistakes(found)["highest_class"]["predicted"][0] == 2


def test_errors_in_perceptron_updates_are_carried() -> None:
    own = question(PERCEPTRON, **STEPS).consequences(weights1=(1, 2, 0))
    assert own["weights2"] == (0, 2, -2)
    assert (own["weights4"], own["updates"]) == ((0, 2, -2), 2)
    own = question(PERCEPTRON, **MULTICLASS).consequences(predicted=(0, 2, 0))
    assert own["weights"] == ((-1, -2), (1, 2), (0, 0))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is one of"),
        ({"tie": "lowest"}, "tie is positive or mistake"),
        ({"labels": (1, -1)}, "a label each"),
        ({"start": (0, 0)}, "a weight for each"),
        ({"points": ((2, 0), (0, 2), (3, 1), (1, 30))}, "from -6 to 6"),
        ({"points": ((2, 0), (2, 0), (3, 1), (1, 3))}, "two examples are equal"),
        ({"labels": (1, 1, 1, 1)}, "both occur"),
        ({"start": (1, 0, 0)}, "start at 0"),
        (XOR | {"form": "converge"}, "does not stop after 2 to 12 updates"),
        (XOR | {"points": ((0, 0), (1, 1), (2, 2), (3, 3))}, "on a line"),
        (STEPS | {"start": (0, 2, -2)}, "all or none are mistakes"),
        (MULTICLASS | {"labels": (0, 1, 3)}, "from 0 to 2"),
        (MULTICLASS | {"labels": (0, 0, 1)}, "fewer than two mistakes"),
    ],
)
def test_refusals_of_the_perceptron(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(PERCEPTRON, **CONVERGE | changes).flaw() or "")


LOGISTIC = "linear_models/logistic_sgd_step"
STEP = {
    "form": "step",
    "weights": ("ln 3", "0"),
    "bias": "0",
    "points": ((1, 2),),
    "labels": (0,),
    "rate": 0.4,
    "probability": "",
}
ZERO = STEP | {"form": "zero", "weights": ("2",), "bias": "-6", "points": ((3,),), "labels": (1,)}
BATCH = STEP | {"form": "batch", "points": ((1, 2), (-1, 0)), "labels": (0, 1)}
INVERSE = ZERO | {"form": "inverse", "points": (), "labels": (), "rate": 0.0, "probability": "3/4"}


def test_logistic_step_golden() -> None:
    found = item(LOGISTIC, **STEP)
    assert keys(found) == {
        "probability": pytest.approx(0.75),
        "loss": pytest.approx(1.386294, abs=1e-6),
        "w": pytest.approx((0.798612, -0.6), abs=1e-6),
        "b": pytest.approx(-0.3),
    }
    wrong = {name: values["w"] for name, values in mistakes(found).items() if "w" in values}
    assert wrong["mse_gradient"] == pytest.approx((0.9861, -0.225), abs=5e-5)
    assert wrong["sign_flip"] == pytest.approx((1.3986, 0.6), abs=5e-5)
    assert wrong["probability_of_zero"] == pytest.approx((0.9986, -0.2), abs=5e-5)
    assert mistakes(found)["forgets_bias_update"] == {"b": 0}
    assert mistakes(found)["loss_of_other_label"]["loss"] == pytest.approx(0.287682, abs=1e-6)


def test_score_zero() -> None:
    found = item(LOGISTIC, **ZERO)
    assert keys(found) == pytest.approx({"probability": 0.5, "w": 2.6, "b": -5.8})
    assert mistakes(found)["forgets_input"] == {"w": pytest.approx(2.2)}


def test_batch_takes_the_mean() -> None:
    found = item(LOGISTIC, **BATCH)
    assert keys(found) == {
        "probabilities": pytest.approx((0.75, 0.25)),
        "loss": pytest.approx(1.386294, abs=1e-6),
        "w": pytest.approx((1.098612 - 0.3, -0.3), abs=1e-6),
        "b": pytest.approx(0),
    }
    assert mistakes(found)["batch_sum_not_mean"]["w"] == pytest.approx((0.498612, -0.6), abs=1e-6)
    assert mistakes(found)["sum_of_losses"]["loss"] == pytest.approx(2.772589, abs=1e-6)


def test_input_of_a_given_probability() -> None:
    found = item(LOGISTIC, **INVERSE)
    assert keys(found) == pytest.approx({"middle": 3, "score": 1.098612, "x": 3.549306}, abs=1e-6)
    wrong = mistakes(found)
    assert wrong["odds_without_logarithm"] == pytest.approx({"score": 3, "x": 4.5})
    assert wrong["odds_turned_round"]["score"] == pytest.approx(-1.098612, abs=1e-6)
    assert wrong["bias_left_out"] == pytest.approx({"middle": 0, "x": 0.549306}, abs=1e-6)


def test_errors_in_logistic_regression_are_carried() -> None:
    own = question(LOGISTIC, **STEP).consequences(probability=0.5)
    assert own["loss"] == pytest.approx(0.693147, abs=1e-6)
    assert own["w"] == pytest.approx((0.898612, -0.4), abs=1e-6)
    assert question(LOGISTIC, **BATCH).consequences(probabilities=(0.5, 0.5))["b"] == 0
    assert question(LOGISTIC, **INVERSE).consequences(score=2.0)["x"] == 4
    with pytest.raises(ValueError, match="math domain"):
        question(LOGISTIC, **STEP).consequences(probability=2.0)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is zero"),
        ({"weights": ("ln x", "0")}, "numbers or logarithms"),
        ({"weights": ("ln 3",)}, "two weights"),
        ({"weights": ("0", "0")}, "not all weights are 0"),
        ({"weights": ("11", "0")}, "from -10 to 10"),
        ({"labels": (0, 1)}, "one example with a label"),
        ({"points": ((1,),)}, "a feature for each weight"),
        ({"labels": (2,)}, "the label 0 or 1"),
        ({"points": ((0, 0),)}, "not all are 0"),
        ({"rate": 2.0}, "the rate goes"),
        ({"points": ((0, 2),)}, "the score is 0 in another form"),
        ({"weights": ("5", "0")}, "too near to 0 or 1"),
        (BATCH | {"points": ((1, 2), (1, 2))}, "two examples are equal"),
        (BATCH | {"points": ((1, 2), (1, -2)), "labels": (1, 1), "weights": ("3.8", "0")}, "nearly zero"),
        (INVERSE | {"rate": 0.1}, "no examples and no rate"),
        (INVERSE | {"probability": "many"}, "a fraction such as 3/4"),
        (INVERSE | {"probability": "99/100"}, "between 0.02 and 0.98"),
        (INVERSE | {"probability": "1/2"}, "the probability is 1/2"),
    ],
)
def test_refusals_of_logistic_regression(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(LOGISTIC, **STEP | changes).flaw() or "")
