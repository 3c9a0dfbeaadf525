"""Steps of a diffusion model, its loss and its calls: goldens, the mistakes' values, refusals, carried errors."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

STEP: dict[str, Any] = {"betas": (0.19,), "image": (2.0,), "noise": (), "sample": 0, "spread": 0}
TWO: dict[str, Any] = STEP | {"betas": (0.19, 0.36), "noise": (1.0, -1.0)}
POSTERIOR: dict[str, Any] = STEP | {"betas": (0.19, 0.36), "sample": 1.0}
COMPARED: dict[str, Any] = STEP | {"betas": (0.1, 0.2), "image": (), "spread": 4.0}
TERMS: dict[str, Any] = {
    "steps": 1000, "size": (3, 32, 32), "images": 8, "batch": 8, "term": "denoising", "target": (),
    "predicted": (), "deviation": 0, "alpha_bar": 0,
}  # fmt: skip
MEANS: dict[str, Any] = TERMS | {
    "steps": 0, "term": "", "target": (1.0, 2.0), "predicted": (0.0, 0.0), "deviation": 4.0,
}  # fmt: skip
NOISE: dict[str, Any] = TERMS | {
    "images": 20, "term": "", "target": (1.0, -1.0), "predicted": (0.5, -2.0), "alpha_bar": 0.2,
}  # fmt: skip


def test_one_step() -> None:
    found = item("diffusion/step_kernel", **STEP)
    assert keys(found) == {"mean": pytest.approx((1.8,)), "variance": 0.19}
    wrong = mistakes(found)
    assert wrong["exchanges_the_factors"]["mean"] == pytest.approx((0.8718,), abs=1e-4)
    assert wrong["exchanges_the_factors"]["variance"] == pytest.approx(0.81)
    assert wrong["does_not_shrink"] == {"mean": (2.0,)}
    assert wrong["takes_the_deviation_for_the_variance"]["variance"] == pytest.approx(0.19**0.5)


def test_two_steps_and_both_in_one() -> None:
    found = item("diffusion/step_kernel", **TWO)
    assert keys(found)["factor"] == pytest.approx(0.72)
    assert keys(found)["variance"] == pytest.approx(0.4816)
    first = 1.8 + 0.19**0.5
    assert keys(found)["sample_1"] == pytest.approx(first)
    assert keys(found)["sample_2"] == pytest.approx(0.8 * first - 0.6)
    wrong = mistakes(found)
    assert wrong["takes_the_last_step_for_both"] == {"factor": pytest.approx(0.8), "variance": 0.36}
    assert wrong["adds_variances"]["variance"] == pytest.approx(0.55)
    assert wrong["scales_noise_by_the_variance"]["sample_1"] == pytest.approx(1.99)


def test_the_second_sample_follows_from_the_students_first() -> None:
    assert question("diffusion/step_kernel", **TWO).consequences(sample_1=1)["sample_2"] == pytest.approx(0.2)


def test_three_kernels() -> None:
    found = item("diffusion/step_kernel", **COMPARED)
    values = {blank: vars(answer).get("value") for blank, answer in found.answers.items()}
    assert values["factor_1"] == pytest.approx(0.72**0.5)
    assert values["variance_1"] == pytest.approx(0.8 * (0.9 * 4 + 0.1) + 0.2)
    assert values["factor_2"] == pytest.approx(0.02**0.5)
    assert values["variance_2"] == pytest.approx(0.2 * (0.1 * 4 + 0.9) + 0.8)
    assert (values["factor_3"], values["variance_3"]) == (1, pytest.approx(4.3))
    assert found.executed["kernel"] == 0


def test_the_exchanged_kernel_loses_the_image_at_once() -> None:
    published = question("diffusion/step_kernel", **COMPARED | {"betas": (1e-4, 1.2e-4)})
    (_, _), (factor, _), (_, _) = published.fates
    assert factor**2 == pytest.approx(1.2e-8)
    assert published.paths[1][0] == pytest.approx(1 + 3e-4)


def test_the_posterior_of_the_first_step() -> None:
    found = item("diffusion/step_kernel", **POSTERIOR)
    assert keys(found)["image_weight"] == pytest.approx(0.9 * 0.36 / 0.4816)
    assert keys(found)["sample_weight"] == pytest.approx(0.8 * 0.19 / 0.4816)
    assert keys(found)["variance"] == pytest.approx(0.19 * 0.36 / 0.4816)
    wrong = mistakes(found)
    assert wrong["undoes_the_second_step"] == {"mean": pytest.approx(1.25), "variance": 0.36}
    assert wrong["ignores_the_sample"]["mean"] == pytest.approx(1.8)


def test_the_posterior_mean_follows_from_the_students_weights() -> None:
    posterior = question("diffusion/step_kernel", **POSTERIOR)
    assert posterior.consequences(image_weight=1, sample_weight=1)["mean"] == 3


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"betas": ()}, "one to four variances"),
        ({"betas": (1.0,)}, "strictly between"),
        ({"betas": (0.1, 0.2)}, "single step"),
        ({"image": (float("nan"),)}, "at most 100"),
        ({"image": (0.12345,)}, "at most 3 decimals"),
        ({"image": ()}, "one to four values"),
        ({"image": (0.0,)}, "not all of them zero"),
        ({"noise": (1.0,)}, "each have a noise"),
        ({"sample": 1.0}, "two different steps"),
        ({"spread": 2.0}, "without images"),
        (COMPARED | {"spread": 1.0}, "not 1"),
        (COMPARED | {"spread": -2.0}, "positive"),
    ],
)
def test_unfair_steps_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("diffusion/step_kernel", **STEP | changes).flaw()


@pytest.mark.parametrize(("term", "place"), [("prior", 0), ("denoising", 1), ("reconstruction", 2)])
def test_terms_and_calls(term: str, place: int) -> None:
    found = item("diffusion/markov_and_loss", **TERMS | {"term": term})
    assert found.executed["term"] == place
    assert found.answers["term"].right_origins == {place}
    assert found.answers["divergences"].value == 999
    assert found.answers["output"].value == (8, 3, 32, 32)
    assert found.answers["calls"].value == 1000
    wrong = mistakes(found)
    assert wrong["samples_in_one_call"] == {"calls": 1}
    assert wrong["calls_for_each_image"] == {"calls": 8000}
    assert wrong["counts_a_divergence_for_each_step"] == {"divergences": 1000}


def test_the_divergence_of_equal_variances() -> None:
    found = item("diffusion/markov_and_loss", **MEANS)
    assert keys(found)["distance"] == 5
    assert keys(found)["divergence"] == 0.15625
    assert keys(found)["gradient"] == (-1 / 16, -2 / 16)
    wrong = mistakes(found)
    assert wrong["forgets_the_half"]["divergence"] == 0.3125
    assert wrong["divides_by_the_deviation"]["divergence"] == 0.625
    assert wrong["turns_the_gradient_round"]["gradient"] == (1 / 16, 2 / 16)


def test_the_loss_of_noise_and_of_the_image() -> None:
    found = item("diffusion/markov_and_loss", **NOISE)
    assert keys(found)["loss"] == 0.625
    assert keys(found)["factor"] == pytest.approx(2)
    assert keys(found)["image_loss"] == pytest.approx(2.5)
    assert keys(found)["calls"] == 3000
    wrong = mistakes(found)
    assert wrong["sums_the_squares"]["loss"] == 1.25
    assert wrong["inverts_the_factor"]["factor"] == pytest.approx(0.5)
    assert wrong["drops_the_last_batch"] == {"calls": 2000}


def test_later_blanks_follow_from_the_students_values() -> None:
    assert question("diffusion/markov_and_loss", **MEANS).consequences(distance=8)["divergence"] == 0.25
    noise = question("diffusion/markov_and_loss", **NOISE)
    assert noise.consequences(factor=3, loss=1)["image_loss"] == 9


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (TERMS | {"size": (0, 2, 2)}, "go from 1"),
        (TERMS | {"images": 10**9}, "go from 1"),
        (TERMS | {"batch": 9}, "at most all images"),
        (TERMS | {"term": "noise"}, "one of prior"),
        (TERMS | {"steps": 2}, "3 steps"),
        (MEANS | {"target": ()}, "two to six"),
        (MEANS | {"predicted": (1.0,)}, "two to six"),
        (MEANS | {"target": (1.0, float("inf"))}, "at most 100"),
        (MEANS | {"predicted": (1.0, 2.0)}, "perfect"),
        (MEANS | {"predicted": (0.5, 2.0)}, "whole numbers"),
        (MEANS | {"deviation": 1.0}, "not 1"),
        (NOISE | {"alpha_bar": 0.5}, "not a half"),
        (NOISE | {"alpha_bar": float("nan")}, "not a half"),
        (NOISE | {"steps": 0}, "3 steps"),
    ],
)
def test_unfair_losses_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("diffusion/markov_and_loss", **changes).flaw()
