from __future__ import annotations

import pytest
from quizgrad import Bank, Given, Item, UserError
from quizgrad.preview import drawn
from quizgrad.verify import from_parameters, verified

ENTRY = Bank()["optimizers/adam_step"]


def adam(**changes: object) -> Item:
    """The golden instance: w = 1, gradients 2 and 4, rate 0.1, betas 0.5 and 0.84."""
    golden = {
        "form": "given", "start": 1.0, "rate": 0.1, "betas": [0.5, 0.84], "epsilon": 1e-8, "gradients": [2, 4], "curvature": 0,
        "minimum": 0,
    }  # fmt: skip
    return verified(ENTRY, from_parameters(ENTRY, golden | changes), 2)


def test_the_golden_steps() -> None:
    item = adam()
    printed = {blank: answer.printed() for blank, answer in item.answers.items()}
    assert printed["m1"] == "1.0000"
    assert printed["m2"] == "2.5000"
    assert printed["v1"] == "0.6400"
    assert printed["v2"] == "3.0976"
    assert printed["w1"] == "0.9000"
    assert printed["w2"] == "0.7972"
    assert item.executed["w2"] == pytest.approx(0.7972, abs=5e-5)


def test_the_golden_mistake() -> None:
    values = {mistake.name: mistake.values for mistake in adam().mistakes}["no_bias_correction"]
    assert [values["w1"], values["w2"]] == pytest.approx([0.875, 0.733], abs=5e-4)


def test_the_first_step_has_the_size_of_the_rate_whatever_the_gradient() -> None:
    steps = {adam(gradients=[gradient]).answers["w1"].printed() for gradient in (1, 3, 50)}
    assert steps == {"0.9000"}


def test_errors_are_carried_through_the_averages_to_the_weight() -> None:
    carried = adam().question.follow(Given({"m1": 2.0}))
    assert carried["mhat1"].printed() == "4.0000"
    assert carried["m2"].printed() == "3.0000"
    assert carried["m1"].printed() == "1.0000"


def test_at_level_3_gradients_follow_from_the_own_weight() -> None:
    item = adam(form="loss", gradients=[], curvature=2, minimum=-1, epsilon=0.5)
    assert item.answers["g1"].printed() == "4.0000"
    carried = item.question.follow(Given({"w1": 0.0}))
    assert carried["g2"].printed() == "2.0000"


def test_steps_without_bias_correction_are_those_of_the_mistake_and_the_other_way_round() -> None:
    loss = {"gradients": [], "curvature": 2, "minimum": -1, "epsilon": 0.5}
    corrected, uncorrected = adam(form="loss", **loss), adam(form="uncorrected", **loss)
    assert "mhat1" not in uncorrected.answers
    for item, other, name in (
        (corrected, uncorrected, "no_bias_correction"),
        (uncorrected, corrected, "corrects"),
    ):
        wrong = {mistake.name: mistake.values for mistake in item.mistakes}[name]
        assert wrong == {blank: vars(other.answers[blank])["value"] for blank in ("w1", "w2")}
    assert uncorrected.answers["w1"].printed() == "0.9048"  # 1 - 0.1 * 2 / (1.6 + 0.5)


def test_a_pair_of_weights_takes_steps_of_similar_size() -> None:
    item = adam(form="pair", start=0.0, gradients=[2, -50], epsilon=0.5)
    assert vars(item.answers["m1"])["value"] == (1.0, -25.0)
    assert vars(item.answers["mhat1"])["value"] == (2.0, -50.0)
    assert vars(item.answers["w1"])["value"] == pytest.approx((-0.08, 0.1 * 50 / 50.5))
    assert vars(item.answers["plain"])["value"] == pytest.approx((-0.2, 5.0))
    wrong = {mistake.name: mistake.values for mistake in item.mistakes}
    assert wrong["plain_descent"]["w1"] == pytest.approx((-0.2, 5.0))
    assert wrong["forgets_epsilon"]["w1"] == pytest.approx((-0.1, 0.1))
    assert wrong["betas_swapped"]["m1"] == pytest.approx((0.32, -8.0))
    carried = item.question.follow(Given({"m1": (2.0, -25.0)}))
    assert carried["mhat1"].printed() == "(4.0000, -50.0000)"


def test_a_count_from_zero_corrects_too_much_in_the_second_step() -> None:
    wrong = {mistake.name: mistake.values for mistake in adam().mistakes}["t_from_zero"]
    assert (wrong["mhat2"], wrong["vhat2"]) == pytest.approx((5.0, 19.36))
    assert "t_from_zero" not in {mistake.name for mistake in adam(gradients=[2]).mistakes}


def test_swapped_betas_lead_to_other_moments_and_a_right_first_weight() -> None:
    wrong = {mistake.name: mistake.values for mistake in adam().mistakes}["betas_swapped"]
    assert (wrong["m1"], wrong["v1"]) == pytest.approx((0.32, 2.0))
    assert wrong["w1"] == pytest.approx(1 - 0.1 * 0.64 / 12.5**0.5)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is given"),
        ({"rate": 0.0}, "rate and epsilon must be positive"),
        ({"betas": [0.5, 1.0]}, "betas lie between 0 and 1"),
        ({"gradients": [0]}, "a gradient is zero"),
        ({"gradients": [2, 2]}, "equal gradients hide"),
        ({"gradients": []}, "one to three gradients, or else a positive curvature"),
        ({"gradients": [2], "curvature": 1}, "one to three gradients, or else a positive curvature"),
        ({"gradients": [101]}, "go from -100 to 100"),
        ({"start": float("nan")}, "go from -100 to 100"),
        ({"start": 1 / 3}, "four decimals"),
        ({"epsilon": 0.5}, "epsilon counts as 0"),
        ({"curvature": -1}, "or else a positive curvature"),
        ({"form": "loss"}, "or else a positive curvature"),
        ({"form": "pair", "gradients": [3]}, "a pair has two gradients"),
        ({"form": "pair", "gradients": [3, -3]}, "of different sizes"),
    ],
)
def test_unfair_parameters_are_refused(changes: dict[str, object], reason: str) -> None:
    parameters = adam().question.parameters() | changes
    with pytest.raises(UserError, match=reason):
        drawn(ENTRY, 2, None, parameters)
