"""Losses of generative adversarial networks: goldens, mistakes, carried errors and refusals."""

from __future__ import annotations

from math import log
from typing import Any

import pytest
import torch
from torch import nn

from .support import item, keys, mistakes, question

DISCRIMINATOR: dict[str, Any] = {
    "form": "probabilities", "real": ("0.8", "0.6"), "fake": ("0.3", "0.1"), "real_label": 1.0, "fake_label": 0,
    "averaged": "each",
}  # fmt: skip
LOGITS = DISCRIMINATOR | {
    "form": "logits", "real": ("ln 3", "0"), "fake": ("-ln 3", "ln 2"), "real_label": 0.0, "fake_label": 1,
}  # fmt: skip

GENERATOR: dict[str, Any] = {
    "form": "probabilities", "fake": ("0.1",), "real": (), "real_label": 1, "sure": "generated",
}  # fmt: skip
BATCH = GENERATOR | {"fake": ("0.1", "0.4"), "real": ("0.8", "0.5"), "real_label": 0}
GRADIENTS = GENERATOR | {"form": "logits", "fake": ("-ln 9", "-ln 99")}


def about(values: Any) -> Any:
    return pytest.approx(values, abs=5e-5)


def test_the_golden_loss_of_a_discriminator() -> None:
    found = item("gan/discriminator_loss", **DISCRIMINATOR)
    loss = -(log(0.8) + log(0.6) + log(0.7) + log(0.9)) / 2
    assert loss == pytest.approx(0.598, abs=5e-4)
    assert keys(found)["loss"] == about(loss)
    assert keys(found)["value"] == about(-loss)
    assert keys(found)["mean_of_all"] == about(loss / 2)
    wrong = mistakes(found)
    assert wrong["concatenated_mean"]["loss"] == about(0.2990)
    assert wrong["maximised_value_sign"]["loss"] == about(-loss)
    assert wrong["swapped_labels"]["loss"] == about(3.0161)
    assert wrong["generator_term_only"] == {"loss": about(-(log(0.7) + log(0.9)) / 2)}


def test_labels_of_code_that_calls_real_images_0() -> None:
    found = item("gan/discriminator_loss", **LOGITS)
    assert keys(found)["probabilities"] == about((0.75, 0.5, 0.25, 2 / 3))
    assert keys(found)["gradient"] == about((0.375, 0.25, -0.375, -1 / 6))
    assert keys(found)["loss"] == about((2 * log(4) + log(2) + log(1.5)) / 2)
    assert keys(found)["undecided"] == about(2 * log(2))
    assert mistakes(found)["forgets_the_mean"]["gradient"] == about((0.75, 0.5, -0.75, -1 / 3))


def test_smoothed_labels_and_a_mean_over_all_images() -> None:
    smooth = LOGITS | {"real_label": 0.9, "fake_label": 0, "averaged": "all"}
    found = item("gan/discriminator_loss", **smooth)
    assert keys(found)["undecided"] == about(log(2))
    assert keys(found)["gradient"] == about((-0.0375, -0.1, 0.0625, 1 / 6))
    assert mistakes(found)["forgets_smoothing"]["gradient"][0] == about(-0.0625)


def test_probabilities_are_no_logits() -> None:
    with pytest.raises(RuntimeError):
        nn.BCELoss()(torch.tensor([1.5]), torch.ones(1))


def test_errors_of_a_discriminator_are_carried_forward() -> None:
    carried = question("gan/discriminator_loss", **DISCRIMINATOR).consequences(real_loss=1.0, fake_loss=0.5)
    assert (carried["loss"], carried["value"], carried["mean_of_all"]) == (1.5, -1.5, 0.75)
    logits = question("gan/discriminator_loss", **LOGITS).consequences(probabilities=(0.5, 0.5, 0.5, 0.5))
    assert logits["gradient"] == (0.25, 0.25, -0.25, -0.25)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (DISCRIMINATOR | {"form": "other"}, "form is probabilities"),
        (DISCRIMINATOR | {"real": ("0.8",)}, "as many generated"),
        (DISCRIMINATOR | {"real_label": 0.9}, "labels 1 and 0"),
        (LOGITS | {"real_label": 0.5}, "the labels of real"),
        (LOGITS | {"real": ("ln 3", "two")}, "a number or a logarithm"),
        (LOGITS | {"real": ("ln 3", "9")}, "logits go from"),
        (DISCRIMINATOR | {"real": ("0.8", "1")}, "probabilities go from"),
        (DISCRIMINATOR | {"real": ("0.1", "0.3")}, "the same outputs"),
        (DISCRIMINATOR | {"real": ("0.8", "0.8")}, "of a batch are equal"),
    ],
)
def test_unfair_losses_of_a_discriminator_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question("gan/discriminator_loss", **parameters).flaw()


def test_the_golden_losses_of_a_generator() -> None:
    found = item("gan/generator_loss", **GENERATOR)
    assert keys(found) == {"minimax": about(-0.1054), "non_saturating": about(2.3026)}
    wrong = mistakes(found)
    assert wrong["forms_swapped"]["minimax"] == about(2.3026)
    assert wrong["sign"]["minimax"] == about(0.1054)


def test_losses_of_a_batch_with_turned_labels() -> None:
    found = item("gan/generator_loss", **BATCH)
    assert keys(found) == {
        "minimax": about((log(0.1) + log(0.4)) / 2), "non_saturating": about(-(log(0.9) + log(0.6)) / 2),
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["uses_real_samples"]["minimax"] == about((log(0.8) + log(0.5)) / 2)
    assert wrong["turns_the_labels"]["minimax"] == about((log(0.9) + log(0.6)) / 2)
    assert wrong["sums"]["minimax"] == about(log(0.04))
    assert wrong["logarithm_of_the_mean"]["minimax"] == about(log(0.25))


def test_gradients_of_both_losses_at_small_probabilities() -> None:
    found = item("gan/generator_loss", **GRADIENTS)
    answers = found.answers
    assert answers["minimax_gradient"].value == about((-0.1, -0.01))
    assert answers["non_saturating_gradient"].value == about((-0.9, -0.99))
    assert answers["vanishing"].right_origins == {0}
    assert mistakes(found)["gradient_wrt_probability"]["minimax_gradient"] == about((-1 / 0.9, -1 / 0.99))


def test_which_gradient_vanishes_depends_on_what_the_discriminator_is_sure_of() -> None:
    found = item("gan/generator_loss", **GRADIENTS | {"sure": "real", "real_label": 0})
    assert found.answers["vanishing"].right_origins == {1}
    assert found.answers["minimax_gradient"].value == about((0.9, 0.99))


def test_errors_of_a_generator_are_carried_forward() -> None:
    carried = question("gan/generator_loss", **GRADIENTS).consequences(probabilities=(0.5, 0.25))
    assert carried["minimax_gradient"] == (-0.5, -0.25)
    assert carried["non_saturating_gradient"] == (-0.5, -0.75)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (GENERATOR | {"form": "other"}, "form is probabilities"),
        (GENERATOR | {"fake": ()}, "1 to 6 generated"),
        (GENERATOR | {"real": ("0.5",)}, "otherwise none"),
        (BATCH | {"real": ()}, "as many real images"),
        (BATCH | {"fake": ("0.1", "ln")}, "a number or a logarithm"),
        (BATCH | {"fake": ("0.1", "1")}, "probabilities go from"),
        (BATCH | {"fake": ("0.1", "0.1")}, "are equal"),
        (BATCH | {"fake": ("0.5", "0.8")}, "the same outputs"),
    ],
)
def test_unfair_losses_of_a_generator_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question("gan/generator_loss", **parameters).flaw()
