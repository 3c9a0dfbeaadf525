"""Sizes of generative adversarial networks: goldens, published networks, mistakes and refusals."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from quizgrad.solvers.architectures import dcgan

from .support import item, keys, mistakes, question

NAME = "gan/network_parameters"
LINEAR: dict[str, Any] = {
    "form": "linear", "widths": (784, 300, 100, 1), "side": 0, "noise": 0, "classes": 0, "batch": 0, "schedule": (),
}  # fmt: skip
CONDITIONAL = LINEAR | {
    "form": "conditional", "widths": (300, 128), "side": 28, "noise": 100, "classes": 10, "batch": 5,
}  # fmt: skip
TRANSPOSED = LINEAR | {"form": "transposed", "widths": (100, 512, 256, 128, 64, 3)}
CYCLE = LINEAR | {"form": "cycle", "widths": (20, 10), "side": 8, "batch": 4, "schedule": (25, 3, 2)}


def test_the_golden_discriminator_and_generator() -> None:
    discriminator = item(NAME, **LINEAR)
    assert keys(discriminator) == {"weights": 265300, "biases": 401, "total": 265701}
    wrong = mistakes(discriminator)
    assert wrong["forgets_output_bias"] == {"biases": 400, "total": 265700}
    assert wrong["leakyrelu_counted"] == {"total": 265703}
    generator = item(NAME, **LINEAR | {"widths": (100, 300, 784)})
    assert keys(generator)["total"] == 266284
    assert mistakes(generator)["noise_excluded"]["total"] == 236284


def test_the_golden_conditional_generator() -> None:
    found = item(NAME, **CONDITIONAL)
    assert found.answers["generator"].value == 269284
    assert found.answers["discriminator"].value == 794 * 128 + 128 + 129
    assert mistakes(found)["conditional_ignored"]["generator"] == 266284
    assert mistakes(found)["class_is_one_number"]["generator"] == 266584


def test_the_output_of_a_batch_cannot_be_viewed_as_one_number_for_each_image() -> None:
    found = item(NAME, **CONDITIONAL)
    assert found.answers["elements"].value == 3920
    assert found.answers["reshape"].right_origins == {1}
    with pytest.raises(RuntimeError):
        torch.zeros(5, 784).view(5)


def test_the_generator_of_dcgan() -> None:
    with torch.device("meta"):
        published = sum(parameter.numel() for parameter in dcgan.generator().parameters())
    found = item(NAME, **TRANSPOSED)
    assert keys(found) == {
        "sides": (4, 8, 16, 32, 64), "weights": 3574784, "normalization": 1920, "total": published,
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["normalization_has_no_shift"]["total"] == published - 960
    assert wrong["counts_running_statistics"]["total"] == published + 1920
    assert wrong["doubles_the_first_pixel"] == {"sides": (2, 4, 8, 16, 32)}
    assert wrong["counts_missing_biases"]["weights"] == 3574784 + 963


def test_two_generators_and_two_discriminators() -> None:
    found = item(NAME, **CYCLE)
    assert keys(found) == {
        "generator": 2644, "discriminator": 661, "total": 6610, "generator_steps": 150, "discriminator_steps": 300,
    }  # fmt: skip
    wrong = mistakes(found)
    assert wrong["counts_one_pair"] == {"total": 3305, "generator_steps": 75, "discriminator_steps": 150}
    assert wrong["forgets_the_steps"] == {"discriminator_steps": 150}
    assert wrong["steps_for_each_image"]["generator_steps"] == 600


def test_errors_are_carried_forward() -> None:
    assert question(NAME, **LINEAR).consequences(biases=400)["total"] == 265700
    carried = question(NAME, **CYCLE).consequences(generator=2580, generator_steps=100)
    assert (carried["total"], carried["discriminator_steps"]) == (6482, 200)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (LINEAR | {"form": "other"}, "form is one of"),
        (LINEAR | {"widths": (784, 0, 1)}, "all widths"),
        (LINEAR | {"widths": (784,)}, "2 to 7 widths"),
        (CONDITIONAL | {"widths": (300, 200, 100)}, "the hidden units of each"),
        (TRANSPOSED | {"widths": (100, 3)}, "two of them or more"),
        (CONDITIONAL | {"side": 100}, "2 to 64 pixels"),
        (LINEAR | {"batch": 5}, "networks alone"),
        (CONDITIONAL | {"classes": 1}, "classes are 2 to 100"),
        (CYCLE | {"noise": 5}, "if the networks are conditional"),
        (CYCLE | {"schedule": (25, 3)}, "three numbers"),
        (CYCLE | {"schedule": (25, 0, 2)}, "between 1 and 100000"),
        (CYCLE | {"schedule": (25, 3, 1)}, "one step only"),
    ],
)
def test_unfair_networks_are_refused(parameters: dict[str, Any], reason: str) -> None:
    assert reason in question(NAME, **parameters).flaw()
