"""Evidence lower bounds, contrast and penalties: figures of worked examples, and the mistakes' values."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question


def about(values: Any) -> Any:
    return pytest.approx(values, abs=5e-5)


# Evidence lower bound

ELBO: dict[str, Any] = {
    "form": "discrete", "likelihood": (0.8, 0.2), "pixels": (), "prior": (0.5, 0.5), "posterior": (0.75, 0.25),
    "deviations": (), "beta": 1.0,
}  # fmt: skip
PARTS = ELBO | {"form": "parts", "likelihood": (-20.0,), "prior": (), "posterior": (3.0,), "beta": 4.0}
GAUSSIAN = ELBO | {
    "form": "gaussian", "likelihood": (0.8, 0.4), "pixels": (1, 0), "prior": (), "posterior": (1.0, 0.0),
    "deviations": (1.0, 2.0),
}  # fmt: skip


def test_bound_evidence_and_gap_of_the_golden_example() -> None:
    found = item("losses/elbo", **ELBO)
    assert keys(found)["elbo"] == about(-0.7005)
    assert keys(found)["evidence"] == about(-0.6931)
    assert keys(found)["gap"] == about(0.0074)
    wrong = {name: values["elbo"] for name, values in mistakes(found).items() if "elbo" in values}
    assert wrong["adds_the_divergence"] == about(-0.4389)
    assert wrong["takes_the_loss"] == about(0.7005)
    assert wrong["takes_the_evidence"] == about(-0.6931)
    assert "reverses_the_divergence" in wrong


def test_beta_weights_the_divergence() -> None:
    found = item("losses/elbo", **PARTS)
    assert keys(found) == {"elbo": -23, "loss": 32}
    assert mistakes(found)["forgets_beta"] == {"loss": 23}
    assert mistakes(found)["weights_the_reconstruction"] == {"loss": 83}


def test_parts_of_a_gaussian_code() -> None:
    found = item("losses/elbo", **GAUSSIAN)
    assert keys(found)["reconstruction"] == about(-0.7340)
    assert keys(found)["divergence"] == about(0.5 + 0.8069)
    assert mistakes(found)["takes_all_pixels_as_white"]["reconstruction"] == about(-1.1394)
    assert question("losses/elbo", **GAUSSIAN).consequences(divergence=1.0)["elbo"] == about(-1.7340)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (PARTS | {"likelihood": (2.0,)}, "negative log-likelihood"),
        (PARTS | {"beta": 1.0}, "not 1"),
        (ELBO | {"likelihood": (1.0, 0.2)}, "between 0.0001 and"),
        (GAUSSIAN | {"likelihood": (1e-300, 0.2)}, "between 0.0001 and"),
        (GAUSSIAN | {"deviations": (1e300, 1.0)}, "deviations go from"),
        (GAUSSIAN | {"posterior": (1.0, float("nan"))}, "means to 10"),
        (ELBO | {"prior": (0.5, 0.6)}, "sum to 1"),
        (ELBO | {"posterior": (0.8, 0.2)}, "no gap"),
        (ELBO | {"prior": (1.0,)}, "two to four codes"),
        (ELBO | {"prior": (float("nan"), 0.5)}, "sum to 1"),
        (ELBO | {"form": "none"}, "form is"),
        (PARTS | {"beta": 1 / 3}, "four decimals"),
        (GAUSSIAN | {"pixels": (1, 2)}, "pixels are 0 or 1"),
        (GAUSSIAN | {"pixels": (1,)}, "each pixel"),
        (GAUSSIAN | {"posterior": (0.0, 0.0), "deviations": (1.0, 1.0)}, "follows the prior"),
    ],
)
def test_unfair_bounds_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question("losses/elbo", **parameters).flaw()


# Contrast

CONTRAST: dict[str, Any] = {"similarities": (0.8, 0.2, -0.4), "views": (), "temperature": 0.5}
VIEWS: dict[str, Any] = {"similarities": (), "views": ((1, 0), (3, 4), (0, 1), (4, 3)), "temperature": 1.0}


def test_contrast_of_the_golden_similarities() -> None:
    found = item("losses/contrastive_ntxent", **CONTRAST)
    assert keys(found)["loss"] == about(0.3307)
    wrong = {name: values["loss"] for name, values in mistakes(found).items()}
    assert wrong["includes_the_anchor"] == about(1.0591)
    assert wrong["multiplies_by_the_temperature"] == about(0.8284)
    assert wrong["forgets_the_temperature"] == about(0.6152)
    assert wrong["leaves_the_positive_out"] == about(-0.9367)


def test_a_batch_of_views() -> None:
    found = item("losses/contrastive_ntxent", **VIEWS)
    assert keys(found)["similarities"] == about((0.6, 0, 0.8))
    assert keys(found)["mean"] == about(sum(keys(found)["losses"]) / 4)
    assert mistakes(found)["takes_inner_products"]["similarities"] == (3, 0, 4)
    assert mistakes(found)["divides_by_the_samples"]["mean"] == about(sum(keys(found)["losses"]) / 2)
    carried = question("losses/contrastive_ntxent", **VIEWS).consequences(similarities=(0.0, 0.0, 0.0))
    assert carried["losses"][0] == about(1.0986)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (CONTRAST | {"temperature": 0.0}, "temperature lies"),
        (CONTRAST | {"temperature": 1 / 3}, "four decimals"),
        (CONTRAST | {"similarities": (0.5, 2.0)}, "between −1 and 1"),
        (CONTRAST | {"similarities": (0.5, 0.5)}, "equal"),
        (CONTRAST | {"similarities": (1.0, -1.0), "temperature": 0.1}, "saturated"),
        (CONTRAST | {"views": ((1, 0),) * 4}, "either"),
        (VIEWS | {"views": ((1, 0),) * 3}, "two views each"),
        (VIEWS | {"views": ((1, 0),) * 4}, "same loss"),
        (VIEWS | {"views": ((1, 0), (0, 1), (1, 1), (500, 1))}, "larger than"),
    ],
)
def test_unfair_contrasts_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question("losses/contrastive_ntxent", **parameters).flaw()


# Penalties

RIDGE: dict[str, Any] = {
    "loss": 1.0, "weights": ((3, -4),), "bias": (), "penalties": ("half_squares",), "strengths": (0.1,), "code": (),
    "code_strength": 0.0, "auxiliary": (), "auxiliary_weight": 0.0,
}  # fmt: skip


def test_penalties_of_the_golden_weights() -> None:
    found = item("losses/regularized_objective", **RIDGE)
    assert keys(found)["total"] == about(2.25)
    wrong = {name: values["total"] for name, values in mistakes(found).items()}
    assert wrong["adds_the_weights"] == about(0.95)
    assert wrong["takes_the_length"] == about(1.25)
    assert wrong["forgets_the_half"] == about(3.5)
    lasso = item("losses/regularized_objective", **RIDGE | {"penalties": ("absolute",)})
    assert keys(lasso)["total"] == about(1.7)


def test_all_parts_together() -> None:
    parts = {
        "bias": (2,),
        "code": (1.0, -2.0),
        "code_strength": 0.5,
        "auxiliary": (1.0, 2.0),
        "auxiliary_weight": 0.3,
    }
    found = item("losses/regularized_objective", **RIDGE | parts)
    assert keys(found) == about(
        {"half_squares": 1.25, "code_penalty": 2.5, "auxiliary_loss": 0.9, "total": 5.65}
    )
    wrong = mistakes(found)
    assert wrong["penalizes_the_biases"]["half_squares"] == about(1.45)
    assert wrong["forgets_the_auxiliary_weight"]["total"] == about(7.75)
    assert (
        question("losses/regularized_objective", **RIDGE | parts).consequences(half_squares=2.5)["total"]
        == 6.9
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"penalties": ("cubes",)}, "penalties are some of"),
        ({"penalties": (), "strengths": ()}, "at least one"),
        ({"weights": ((0, 0),)}, "all weights are zero"),
        ({"weights": ()}, "one to three rows"),
        ({"strengths": (-0.1,)}, "not negative"),
        ({"code": (1.0,)}, "need a weight"),
        ({"weights": ((300, 1),)}, "larger than"),
        ({"weights": ((1,), (2, 3))}, "one length"),
        ({"bias": (1, 2, 3)}, "has a bias"),
        ({"code": (1.0,) * 50, "code_strength": 1.0}, "at most four"),
        ({"loss": float("nan")}, "not negative"),
        ({"loss": 1 / 3}, "four decimals"),
        ({"strengths": (float("nan"),)}, "not negative"),
    ],
)
def test_unfair_objectives_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("losses/regularized_objective", **RIDGE | changes).flaw()
