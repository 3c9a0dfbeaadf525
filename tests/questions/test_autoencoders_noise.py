"""Noise in autoencoders: golden inputs and codes, carried errors, refusals."""

from __future__ import annotations

import math
from typing import Any

import pytest

from .support import item, keys, mistakes, question

DENOISING = "autoencoders/denoising"
NOISE: dict[str, Any] = {
    "form": "noise", "clean": (0.2, 0.9, 0.5, 0.0), "noise": (1, 0.5, -2, -1), "factor": 0.4, "output": (), "image": (),
}  # fmt: skip
LOSS = NOISE | {"form": "loss", "output": (0.3, 0.9, 0.4, 0.1)}
COMPARE = LOSS | {"form": "compare"}
MASK = LOSS | {
    "form": "mask", "clean": (0.2, 0.9, 0.5, 0.4), "noise": (0, 1, 0, 1), "factor": 0.75, "image": (28, 28),
}  # fmt: skip


def about(values: Any) -> Any:
    return pytest.approx(values, abs=5e-5)


def test_the_golden_input() -> None:
    found = item(DENOISING, **NOISE)
    assert keys(found) == {"noisy_input": about((0.6, 1, 0, 0))}
    wrong = mistakes(found)
    assert wrong["no_clip"]["noisy_input"] == about((0.6, 1.1, -0.3, -0.4))
    assert wrong["noise_not_scaled"]["noisy_input"] == about((1, 1, 0, 0))
    assert wrong["clips_the_noise"]["noisy_input"] == about((0.6, 1.1, 0.5, 0))


def test_the_golden_loss_has_the_clean_pixels_as_its_target() -> None:
    found = item(DENOISING, **LOSS)
    assert keys(found)["loss"] == about(0.0075)
    wrong = mistakes(found)
    assert wrong["target_is_noisy"] == {"loss": about(0.0675)}
    assert wrong["does_not_divide"] == {"loss": about(0.03)}
    assert wrong["takes_absolute_differences"] == {"loss": about(0.075)}


def test_losses_are_compared() -> None:
    found = item(DENOISING, **COMPARE)
    assert keys(found) == {
        "noisy_input": about((0.6, 1, 0, 0)), "loss": about(0.0075), "noisy_error": about(0.0675),
        "copied_loss": about(0.105), "ratio": about(1.1 / 0.42),
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["ratio_inverted"] == {"ratio": about(0.42 / 1.1)}
    assert wrong["takes_the_noise_before_clipping"]["copied_loss"] == about(0.25)


def test_masked_pixels() -> None:
    found = item(DENOISING, **MASK)
    assert keys(found) == {
        "noisy_input": (0, 0.9, 0, 0.4), "loss": about(0.0275), "masked_loss": about(0.01), "expected": 588,
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["turns_the_mask"] == {"noisy_input": (0.2, 0, 0.5, 0)}
    assert wrong["divides_by_all_pixels"] == {"masked_loss": about(0.005)}
    assert wrong["counts_visible_pixels"] == {"expected": 196}


def test_a_wrong_input_is_carried_forward() -> None:
    carried = question(DENOISING, **COMPARE).consequences(noisy_input=(0.3, 0.9, 0.4, 0.2))
    assert carried["noisy_error"] == about(0.0025)
    assert carried["copied_loss"] == about(0.015)
    assert carried["loss"] == about(0.0075)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (NOISE | {"form": "other"}, "form is one of"),
        (NOISE | {"noise": (1, 2)}, "noise for each"),
        (LOSS | {"output": (0.5,)}, "output for each pixel"),
        (NOISE | {"clean": (0.2, 0.9, 0.5, 1.5)}, "between 0 and 1"),
        (NOISE | {"clean": (0.2, 0.9, 0.5, float("nan"))}, "between 0 and 1"),
        (NOISE | {"factor": 0.0}, "between 0.01"),
        (NOISE | {"noise": (1, 0.5, -2, 1e9)}, "noise is at most"),
        (NOISE | {"clean": (0.2, 0.9, 0.5, 0.123)}, "two decimals"),
        (NOISE | {"noise": (1, 0.5, -2, 1e-9)}, "two decimals"),
        (NOISE | {"image": (4, 4)}, "belongs to masked"),
        (NOISE | {"factor": 0.1, "clean": (0.5, 0.5, 0.5, 0.5)}, "nothing is clipped"),
        (LOSS | {"clean": (1.0, 1.0), "noise": (1, 2), "output": (0.5, 0.5)}, "changes nothing"),
        (NOISE | {"clean": (0.2, 0.9), "noise": (-1, 1)}, "all pixels are clipped"),
        (LOSS | {"output": LOSS["clean"]}, "a loss is zero"),
        (MASK | {"image": (28,)}, "two sides"),
        (MASK | {"image": (28, 10**9)}, "two sides"),
        (MASK | {"noise": (1, 1, 1, 1)}, "some pixels are masked"),
        (MASK | {"image": (3, 3)}, "whole number"),
        (MASK | {"noise": (0, 1, 1, 0), "clean": (0.2, 0.9, 0.5, 0)}, "black already"),
    ],
)
def test_unfair_noise_is_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(DENOISING, **parameters).flaw()


CODE = "autoencoders/vae_reparameterisation"
LOG: dict[str, Any] = {
    "form": "log variance", "means": ((1.0,),), "spreads": (("ln 4",),), "noise": ((0.5,),), "weights": (),
    "target": 0, "share": 0,
}  # fmt: skip
DEVIATION = LOG | {"form": "deviation", "spreads": (("2",),)}
GRADIENTS = LOG | {
    "form": "gradients", "means": ((1.0, -0.5),), "spreads": (("ln 4", "-ln 4"),), "noise": ((0.5, -1.0),),
    "weights": (2, -1), "target": 3,
}  # fmt: skip
INTERPOLATION = LOG | {
    "form": "interpolation", "means": ((1.0, 0.0), (-1.0, 2.0)), "spreads": (("ln 4", "0"), ("-ln 4", "ln 9")),
    "noise": ((0.5, -1.0), (2.0, 1.0)), "share": 0.2,
}  # fmt: skip


def test_the_golden_code() -> None:
    found = item(CODE, **LOG)
    assert keys(found) == {"deviation": (2,), "code": (2,), "derivatives": (0.5,)}
    wrong = mistakes(found)
    assert wrong["exp_logvar_as_sigma"]["code"] == (3,)
    assert wrong["logvar_as_sigma"]["code"] == about((1 + math.log(4) / 2,))
    assert wrong["forgets_mu"]["code"] == (1,)
    assert wrong["adds_variance"]["code"] == (5.5,)
    assert wrong["dz_dlogvar_no_half"] == {"derivatives": (1,)}


def test_a_code_from_the_deviation() -> None:
    found = item(CODE, **DEVIATION)
    assert keys(found) == {"code": (2,)}
    assert mistakes(found)["variance_as_sigma"] == {"code": (3,)}


def test_gradients_pass_through_the_sample() -> None:
    found = item(CODE, **GRADIENTS)
    assert keys(found) == {
        "code": (2, -1), "output": 5, "mean_gradient": (8, -4), "variance_gradient": (4, 1),
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["dz_dlogvar_no_half"] == {"variance_gradient": (8, 2)}
    assert wrong["derivative_by_the_deviation"] == {"variance_gradient": (4, 4)}
    assert wrong["forgets_the_two"]["mean_gradient"] == (4, -2)
    assert wrong["turns_the_difference"]["mean_gradient"] == (-8, 4)
    assert wrong["forgets_the_decoder"]["mean_gradient"] == (4, 4)


def test_codes_are_interpolated_and_generated() -> None:
    found = item(CODE, **INTERPOLATION)
    assert keys(found) == {
        "first": (2, -1), "second": (0, 5), "between": about((1.6, 0.2)), "generated": (0.5, -1),
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["swaps_the_codes"] == {"between": about((0.4, 3.8))}
    assert wrong["interpolates_the_means"] == {"between": about((0.6, 0.4))}
    assert wrong["generates_with_the_encoder"] == {"generated": (2, -1)}


def test_wrong_codes_are_carried_forward() -> None:
    carried = question(CODE, **LOG).consequences(deviation=(4,))
    assert (carried["code"], carried["derivatives"]) == ((3,), (1,))
    assert question(CODE, **GRADIENTS).consequences(code=(1, 0))["mean_gradient"] == (-4, 2)
    assert question(CODE, **INTERPOLATION).consequences(first=(0, 0))["between"] == (0, 1)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (LOG | {"form": "other"}, "form is one of"),
        (LOG | {"means": ()}, "have 1 rows"),
        (LOG | {"noise": ((0.5, 1.0),)}, "same one to"),
        (INTERPOLATION | {"means": ((1.0, 0.0),)}, "have 2 rows"),
        (LOG | {"form": "interpolation", "means": ((1.0,),) * 2, "spreads": (("0",),) * 2, "noise": ((1.0,),) * 2},
         "two entries"),
        (LOG | {"means": ((1e9,),)}, "larger than"),
        (LOG | {"means": ((float("nan"),),)}, "larger than"),
        (LOG | {"means": ((0.123,),)}, "two decimals"),
        (LOG | {"spreads": (("ln 5",),)}, "spreads are of"),
        (DEVIATION | {"spreads": (("-2",),)}, "spreads are of"),
        (LOG | {"noise": ((0.0,),)}, "all noise is zero"),
        (LOG | {"spreads": (("0",),)}, "deviations are one"),
        (LOG | {"weights": (1,)}, "belongs to gradients"),
        (GRADIENTS | {"weights": (0, 1)}, "a weight or the gradient"),
        (GRADIENTS | {"target": 5}, "a weight or the gradient"),
        (INTERPOLATION | {"share": 0}, "a share between"),
        (INTERPOLATION | {"share": 1e-9}, "two decimals"),
        (INTERPOLATION | {"means": ((1.0, 0.0),) * 2, "spreads": (("ln 4", "0"),) * 2, "noise": ((1.0, 1.0),) * 2},
         "both codes are the same"),
    ],
)  # fmt: skip
def test_unfair_codes_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(CODE, **parameters).flaw()
