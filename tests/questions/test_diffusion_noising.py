"""Noise schedules and noised images: goldens, the mistakes' values, refusals, carried errors."""

from __future__ import annotations

from typing import Any

import pytest

from .support import item, keys, mistakes, question

LISTED: dict[str, Any] = {
    "betas": (0.1, 0.2, 0.5), "ends": (0, 0), "steps": 0, "asked": 0, "threshold": 0, "inverse": False,
}  # fmt: skip
LINEAR: dict[str, Any] = LISTED | {"betas": (), "ends": (0.1, 0.5), "steps": 5, "asked": 3}
CONSTANT: dict[str, Any] = LISTED | {
    "betas": (), "ends": (0.1, 0.1), "steps": 100, "asked": 2, "threshold": 0.5,
}  # fmt: skip
SAMPLE: dict[str, Any] = {
    "betas": (0.1, 0.2, 0.5), "given_alpha_bar": 0, "image": (2.0,), "noise": (-1.0,), "predicted": (),
    "spread": 0, "asked": "sample",
}  # fmt: skip


def test_a_listed_schedule() -> None:
    found = item("diffusion/alpha_bar", **LISTED)
    assert keys(found)["alpha_bar_3"] == pytest.approx(0.36)
    assert [keys(found)[f"alpha_{step}"] for step in (1, 2, 3)] == pytest.approx([0.9, 0.8, 0.5])
    wrong = mistakes(found)
    assert wrong["multiplies_betas"]["alpha_bar_3"] == pytest.approx(0.01)
    assert wrong["adds_betas"]["alpha_bar_3"] == pytest.approx(0.2)
    assert wrong["takes_the_last_alpha"]["alpha_bar_3"] == 0.5
    assert wrong["leaves_out_the_last_factor"]["alpha_bar_3"] == pytest.approx(0.72)


def test_a_linear_schedule() -> None:
    found = item("diffusion/alpha_bar", **LINEAR)
    assert keys(found)["beta"] == pytest.approx(0.3)
    assert keys(found)["alpha_bar"] == pytest.approx(0.9 * 0.8 * 0.7)
    wrong = mistakes(found)
    assert wrong["forgets_the_roots"] == {"signal": pytest.approx(0.504), "noise": pytest.approx(0.496)}
    assert wrong["counts_increments_from_zero"]["beta"] == pytest.approx(0.34)
    assert wrong["takes_one_factor_too_many"]["alpha_bar"] == pytest.approx(0.9 * 0.8 * 0.7 * 0.6)


def test_the_published_schedule_ends_without_signal() -> None:
    published = LINEAR | {"ends": (1e-4, 0.02), "steps": 1000, "asked": 1000}
    found = item("diffusion/alpha_bar", **published)
    assert keys(found)["alpha_bar"] == pytest.approx(4.0358e-5, rel=1e-4)
    assert keys(found)["beta"] == pytest.approx(0.02)


def test_a_constant_schedule_falls_below_a_threshold() -> None:
    found = item("diffusion/alpha_bar", **CONSTANT)
    assert keys(found)["alpha_bar"] == pytest.approx(0.81)
    assert keys(found)["ratio"] == pytest.approx(0.81 / 0.19)
    assert keys(found)["first"] == 7
    assert 0.9**7 < 0.5 < 0.9**6
    wrong = mistakes(found)
    assert wrong["stops_one_step_early"] == {"first": 6}
    assert wrong["inverts_the_ratio"]["ratio"] == pytest.approx(0.19 / 0.81)
    assert wrong["divides_the_roots"]["ratio"] == pytest.approx((0.81 / 0.19) ** 0.5)


def test_variances_from_alpha_bars() -> None:
    found = item("diffusion/alpha_bar", **LISTED | {"inverse": True})
    assert [keys(found)[f"beta_{step}"] for step in (1, 2, 3)] == pytest.approx([0.1, 0.2, 0.5])
    assert keys(found)["ratio"] == pytest.approx(0.5625)
    wrong = mistakes(found)
    assert wrong["takes_the_rest_of_alpha_bar"]["beta_3"] == pytest.approx(0.64)
    assert wrong["subtracts_alpha_bars"]["beta_3"] == pytest.approx(0.36)
    assert wrong["gives_alphas"]["beta_2"] == pytest.approx(0.8)


def test_alpha_bars_follow_from_the_students_alphas() -> None:
    listed = question("diffusion/alpha_bar", **LISTED)
    assert listed.consequences(alpha_2=0.5)["alpha_bar_3"] == pytest.approx(0.225)
    linear = question("diffusion/alpha_bar", **LINEAR)
    assert linear.consequences(beta=0.5)["alpha_bar"] == pytest.approx(0.36)
    assert linear.consequences(alpha_bar=0.36)["noise"] == 0.8
    with pytest.raises(ValueError, match="math domain"):
        linear.consequences(alpha_bar=-1)
    with pytest.raises(ZeroDivisionError):
        question("diffusion/alpha_bar", **CONSTANT).consequences(alpha_bar=1)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (LISTED | {"betas": (0.1,)}, "2 to 6 variances"),
        (LISTED | {"steps": 5}, "nothing else"),
        (LISTED | {"betas": (0.1, 1.5)}, "strictly between"),
        (LISTED | {"betas": (0.1, float("nan"))}, "strictly between"),
        (LISTED | {"betas": (0.1, 0.12345)}, "at most 4 decimals"),
        (LISTED | {"threshold": 0.5}, "only a constant"),
        (LISTED | {"betas": (0.1, 0.1), "inverse": True}, "all variances are equal"),
        (LINEAR | {"steps": 10**9}, "3 to 1000 steps"),
        (LINEAR | {"asked": 6}, "is asked"),
        (CONSTANT | {"threshold": 0}, "does not fall"),
        (CONSTANT | {"threshold": 1e-9}, "does not fall"),
        (CONSTANT | {"threshold": 0.95}, "at once"),
        (CONSTANT | {"threshold": 0.81}, "exactly"),
    ],
)
def test_unfair_schedules_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("diffusion/alpha_bar", **changes).flaw()


def test_a_noised_image() -> None:
    found = item("diffusion/forward_sample", **SAMPLE)
    assert keys(found)["alpha_bar"] == pytest.approx(0.36)
    assert keys(found)["signal"] == pytest.approx(0.6)
    assert keys(found)["scale"] == pytest.approx(0.8)
    assert keys(found)["sample"] == pytest.approx((0.4,))
    wrong = mistakes(found)
    assert wrong["forgets_the_roots"]["sample"] == pytest.approx((0.08,))
    assert wrong["swaps_the_factors"]["sample"] == pytest.approx((1.0,))
    assert wrong["takes_the_last_step"]["sample"] == pytest.approx((0.5**0.5,))
    assert wrong["leaves_the_noise_unscaled"]["sample"] == pytest.approx((0.2,))


def test_a_given_alpha_bar() -> None:
    found = keys(item("diffusion/forward_sample", **SAMPLE | {"betas": (), "given_alpha_bar": 0.36}))
    assert "alpha_bar" not in found
    assert found["sample"] == pytest.approx((0.4,))


def test_the_image_is_recovered_and_estimated() -> None:
    estimate = SAMPLE | {"predicted": (-0.5,), "asked": "estimate"}
    found = item("diffusion/forward_sample", **estimate)
    assert keys(found)["estimate"] == pytest.approx(((0.4 + 0.4) / 0.6,))
    assert keys(found)["loss"] == 0.25
    wrong = mistakes(found)
    assert question("diffusion/forward_sample", **estimate).takes_the_true_noise() == {"estimate": (2.0,)}
    assert wrong["forgets_to_divide"]["estimate"] == pytest.approx((0.8,))
    assert wrong["adds_the_noise_once_more"]["estimate"] == pytest.approx((0.0,))


def test_the_noise_is_found() -> None:
    found = item("diffusion/forward_sample", **SAMPLE | {"asked": "noise"})
    assert keys(found)["noise"] == pytest.approx((-1.0,))
    assert mistakes(found)["forgets_to_divide"]["noise"] == pytest.approx((-0.8,))


def test_the_variance_of_noised_data() -> None:
    data = SAMPLE | {"noise": (), "spread": 4.0, "asked": "variance"}
    found = item("diffusion/forward_sample", **data)
    assert keys(found)["mean"] == pytest.approx(1.2)
    assert keys(found)["variance"] == pytest.approx(0.36 * 4 + 0.64)
    wrong = mistakes(found)
    assert wrong["forgets_the_variance_of_noise"]["variance"] == pytest.approx(1.44)
    assert wrong["expects_unit_variance"] == {"variance": 1.0}
    assert wrong["keeps_the_mean"] == {"mean": 2.0}


def test_the_sample_follows_from_the_students_factors() -> None:
    one = question("diffusion/forward_sample", **SAMPLE)
    assert one.consequences(alpha_bar=0.64)["sample"] == pytest.approx((1.0,))
    assert one.consequences(signal=1)["sample"] == pytest.approx((1.2,))
    with pytest.raises(ValueError, match="math domain"):
        one.consequences(alpha_bar=2)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"asked": "loss"}, "asked is"),
        ({"given_alpha_bar": 0.5}, "are given"),
        ({"betas": ()}, "are given"),
        ({"betas": (0.0, 0.5)}, "strictly between"),
        ({"image": ()}, "one to four values"),
        ({"image": (float("inf"),)}, "at most 100"),
        ({"image": (0.123,)}, "at most 2 decimals"),
        ({"noise": ()}, "has a noise"),
        ({"predicted": (1.0,)}, "has a noise"),
        ({"spread": 2.0}, "variance of the data"),
        ({"asked": "noise", "betas": (0.1,)}, "more than 4 decimals"),
        ({"noise": (), "asked": "variance", "spread": 1.0}, "variance of 1"),
        ({"predicted": (-1.0,), "asked": "estimate"}, "perfect"),
        ({"image": (0.0,)}, "is zero"),
    ],
)
def test_unfair_samples_are_refused(changes: dict[str, Any], reason: str) -> None:
    assert reason in question("diffusion/forward_sample", **SAMPLE | changes).flaw()
