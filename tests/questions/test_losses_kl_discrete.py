"""Kullback-Leibler divergence of discrete distributions."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

NAME = "losses/kl_discrete"
GOLDEN = {"form": "bits", "target": (0.5, 0.25, 0.25), "model": (0.25, 0.25, 0.5)}
COIN = {"form": "directions", "target": (0.5, 0.5), "model": (0.25, 0.75)}
ENTROPIES = {"form": "entropies", "target": (0.5, 0.5, 0.0), "model": (0.25, 0.25, 0.5)}


def test_golden_value_in_bits() -> None:
    found = item(NAME, **GOLDEN)
    assert keys(found) == {"divergence": pytest.approx(0.25)}
    wrong = {name: values["divergence"] for name, values in mistakes(found).items()}
    assert wrong["cross_entropy_instead"] == pytest.approx(1.75)
    assert wrong["wrong_base"] == pytest.approx(0.1733, abs=5e-5)
    assert wrong["divided_by_outcomes"] == pytest.approx(0.25 / 3)
    assert "reversed_direction" not in wrong  # symmetric pair


def test_golden_value_in_nats() -> None:
    found = item(NAME, **GOLDEN | {"form": "entropies"})
    assert keys(found)["divergence"] == pytest.approx(0.1733, abs=5e-5)
    wrong = {name: values["divergence"] for name, values in mistakes(found).items() if "divergence" in values}
    assert wrong["cross_entropy_instead"] == pytest.approx(1.2130, abs=5e-5)
    assert wrong["divided_by_outcomes"] == pytest.approx(0.0578, abs=5e-5)


def test_directions_differ() -> None:
    found = item(NAME, **COIN)
    assert keys(found) == {
        "terms": pytest.approx((0.346574, -0.202733), abs=1e-6),
        "divergence": pytest.approx(0.1438, abs=5e-5),
        "reverse": pytest.approx(0.1308, abs=5e-5),
    }
    assert mistakes(found)["reversed_direction"]["divergence"] == pytest.approx(0.1308, abs=5e-5)


def test_an_impossible_outcome_adds_nothing() -> None:
    found = item(NAME, **ENTROPIES)
    assert keys(found) == {
        "entropy": pytest.approx(0.693147, abs=1e-6),
        "cross_entropy": pytest.approx(1.386294, abs=1e-6),
        "divergence": pytest.approx(0.693147, abs=1e-6),
    }


def test_errors_are_carried() -> None:
    carried = question(NAME, **ENTROPIES).consequences(entropy=0.5, cross_entropy=2.0)
    assert carried["divergence"] == 1.5
    assert question(NAME, **COIN).consequences(terms=(0.5, -0.25))["divergence"] == 0.25


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"form": "other"}, "form is bits"),
        ({"model": (0.5, 0.5)}, "same two to six outcomes"),
        ({"target": (1.0, 0.0, 0.0)}, "too few outcomes"),
        ({"form": "directions", "target": (0.5, 0.5, 0.0)}, "too few outcomes"),
        ({"model": (0.5, 0.5, 0.0)}, "between 0.001 and 0.999"),
        ({"model": (0.5, 0.5, 0.5)}, "add up to 1"),
        ({"model": (0.5, 0.25, 0.25)}, "nearly equal"),
        ({"form": "directions"}, "both directions give the same"),
    ],
)
def test_refusals(changes: dict[str, Any], reason: str) -> None:
    assert reason in (question(NAME, **GOLDEN | changes).flaw() or "")
