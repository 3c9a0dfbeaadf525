"""KL term of a variational autoencoder."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "losses/kl_gaussian_vae"
GOLDEN = {"means": ((1.0, 2.0),), "spreads": (("0.5", "1"),)}
BATCH = {"means": ((1.0, -0.5), (0.0, 2.0)), "spreads": (("-ln 4", "ln 4"), ("ln 2", "0"))}


def test_golden_value_and_mistakes() -> None:
    found = item(NAME, **GOLDEN)
    assert keys(found)["terms"] == pytest.approx((0.818147, 2), abs=1e-6)
    assert keys(found)["divergence"] == pytest.approx(2.8181, abs=5e-5)
    wrong = {name: values["divergence"] for name, values in mistakes(found).items() if "divergence" in values}
    expected = {
        "sigma_for_variance": 2.5966,
        "no_half": 5.6363,
        "log_sigma_not_squared": 2.4716,
        "forgets_minus_1": 3.8181,
    }
    assert {name: wrong[name] for name in expected} == pytest.approx(expected, abs=6e-5)


def test_golden_value_without_logarithm() -> None:
    found = item(NAME, means=((1.0, -0.5),), spreads=(("0.5", "2"),))
    assert keys(found)["divergence"] == pytest.approx(1.75)


def test_one_dimension_of_unit_deviation_is_half_the_squared_mean() -> None:
    assert keys(item(NAME, means=((2.0,),), spreads=(("1",),))) == {"divergence": pytest.approx(2)}


def test_a_batch_is_averaged_over_samples() -> None:
    found = item(NAME, **BATCH)
    second = (2 - 1 - 0.693147) / 2 + 2
    assert keys(found)["divergences"] == pytest.approx((1.75, second), abs=1e-6)
    assert keys(found)["mean"] == pytest.approx((1.75 + second) / 2, abs=1e-6)
    assert mistakes(found)["sums_the_batch"]["mean"] == pytest.approx(1.75 + second, abs=1e-6)


def test_errors_are_carried() -> None:
    assert question(NAME, **GOLDEN).consequences(terms=(1.0, 2.5))["divergence"] == 3.5
    assert question(NAME, **BATCH).consequences(divergences=(1.0, 2.5))["mean"] == 1.75


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"means": ()}, "one to four samples"),
        ({"means": ((1.0,),)}, "same one to four means and spreads"),
        ({"spreads": (("0.5", "one"),)}, "a positive number"),
        ({"spreads": (("0.5", "0"),)}, "from 0.05 to 20"),
        ({"spreads": (("0.5", "nan"),)}, "from 0.05 to 20"),
        (BATCH | {"spreads": (("9999", "0"), ("0", "0"))}, "a positive number"),
        ({"means": ((1.0, 0.3),)}, "quarters"),
        ({"means": ((0.0, 0.0),), "spreads": (("1", "1"),)}, "equals the prior"),
    ],
)
def test_refusals(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **GOLDEN | changes).flaw() or "")
