from __future__ import annotations

import pytest
from quizgrad import Bank, Given, Item, UserError
from quizgrad.preview import drawn
from quizgrad.verify import from_parameters, verified

ENTRY = Bank()["optimizers/adam_step"]


def adam(**changes: object) -> Item:
    """The golden instance: w = 1, gradients 2 and 4, rate 0.1, betas 0.5 and 0.84."""
    golden = {
        "start": 1.0, "rate": 0.1, "betas": [0.5, 0.84], "epsilon": 1e-8, "gradients": [2, 4], "curvature": 0,
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
    item = adam(gradients=[], curvature=2, minimum=-1, epsilon=0.5)
    assert item.answers["g1"].printed() == "4.0000"
    carried = item.question.follow(Given({"w1": 0.0}))
    assert carried["g2"].printed() == "2.0000"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"rate": 0.0}, "rate and epsilon must be positive"),
        ({"betas": [0.5, 1.0]}, "betas lie between 0 and 1"),
        ({"gradients": [0]}, "a gradient is zero"),
        ({"gradients": [2, 2]}, "equal gradients hide"),
        ({"gradients": []}, "one to three gradients, or else a positive curvature"),
        ({"gradients": [2], "curvature": 1}, "one to three gradients, or else a positive curvature"),
        ({"gradients": [101]}, "go from -100 to 100"),
    ],
)
def test_unfair_parameters_are_refused(changes: dict[str, object], reason: str) -> None:
    parameters = adam().question.parameters() | changes
    with pytest.raises(UserError, match=reason):
        drawn(ENTRY, 2, None, parameters)
