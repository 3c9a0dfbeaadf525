"""Generative adversarial networks: the losses of both players."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Self

from ..answers import Answer, Real, Vector
from ..question import Given, MistakeValues, Question, mistake
from .losses.probabilities import drawn_logit
from .numbers import Row, latex_number, written_number

MOST_IMAGES = 6
TENTHS = tuple(f"0.{digit}" for digit in range(1, 10))


class DiscriminatorLoss(Question):
    """The loss of a discriminator, its value function, and the gradient for its logits.

    At level 1 there are a real and a generated image, at level 2 batches of them and three conventions of the
    same loss, at level 3 a listing with logits, whose labels may be smoothed or turned round.

    Source: Goodfellow et al. 2014, Generative adversarial nets, equation 1 and section 4.1; Salimans et al.
    2016, Improved techniques for training GANs, section 3.4; torch.nn.BCEWithLogitsLoss.
    """

    title = "Loss of the discriminator"
    minutes = {1: 2, 2: 4, 3: 6}

    form: str
    """`probabilities` are the outputs, or `logits`."""
    real: tuple[str, ...]
    """The outputs for real images: decimal numbers, or logarithms such as `ln 2`."""
    fake: tuple[str, ...]
    """The outputs for generated images."""
    real_label: float
    fake_label: int
    averaged: str
    """`each` batch by itself, before both losses are added, or `all` images together."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            return cls("probabilities", (rng.choice(TENTHS),), (rng.choice(TENTHS),), 1.0, 0, "each")
        size = rng.choice([2, 3])
        if level == 2:
            real, fake = (tuple(rng.choice(TENTHS) for _ in range(size)) for _ in range(2))
            return cls("probabilities", real, fake, 1.0, 0, "each")
        real, fake = (tuple(drawn_logit(rng) for _ in range(size)) for _ in range(2))
        labels = rng.choice([(0.9, 0), (0.8, 0), (0.0, 1)])
        return cls("logits", real, fake, *labels, rng.choice(["each", "all"]))

    def flaw(self) -> str | None:
        if self.form not in {"probabilities", "logits"} or self.averaged not in {"each", "all"}:
            return "form is probabilities or logits, averaged is each or all"
        if not 1 <= len(self.real) == len(self.fake) <= MOST_IMAGES:
            return f"there are 1 to {MOST_IMAGES} real images and as many generated ones"
        if self.form == "probabilities" and (self.averaged, *self.labels) != ("each", 1.0, 0):
            return "probabilities have the labels 1 and 0, and each batch is averaged by itself"
        if self.labels not in {(1.0, 0), (0.9, 0), (0.8, 0), (0.0, 1)}:
            return "the labels of real and generated images are 1, 0.9 or 0.8 and 0, or 0 and 1"
        try:
            values = self.values
        except ValueError:
            return "an output is a number or a logarithm, such as 0.5, ln 2 or -ln 3"
        low, high = (0.001, 0.999) if self.form == "probabilities" else (-6, 6)
        if not all(low <= value <= high for value in values):
            return f"{self.form} go from {low} to {high}"
        if sorted(self.real) == sorted(self.fake):
            return "real and generated images have the same outputs"
        if len(self.real) > 1 and min(len({*self.real}), len({*self.fake})) == 1:
            return "all outputs of a batch are equal"
        return None

    @property
    def labels(self) -> tuple[float, int]:
        """Of real and of generated images."""
        return self.real_label, self.fake_label

    @property
    def count(self) -> int:
        """The images of each batch."""
        return len(self.real)

    @property
    def values(self) -> tuple[float, ...]:
        """The outputs as numbers, those for real images first."""
        return tuple(map(written_number, (*self.real, *self.fake)))

    @property
    def latex_values(self) -> tuple[str, ...]:
        """The outputs as LaTeX, those for real images first."""
        return tuple(map(latex_number, (*self.real, *self.fake)))

    @property
    def targets(self) -> tuple[float, ...]:
        """The label of each image."""
        return (self.real_label,) * self.count + (self.fake_label,) * self.count

    @property
    def probabilities(self) -> tuple[float, ...]:
        """What the discriminator makes of each image."""
        if self.form == "probabilities":
            return self.values
        return tuple(1 / (1 + math.exp(-value)) for value in self.values)

    @property
    def divisor(self) -> int:
        """What each loss is divided by before all of them are added."""
        return self.count * (1 if self.averaged == "each" else 2)

    @property
    def losses(self) -> tuple[float, ...]:
        """The cross-entropy of each image."""
        return self._losses(self.probabilities, self.targets)

    def _losses(self, probabilities: Row, targets: Sequence[float]) -> tuple[float, ...]:
        pairs = zip(probabilities, targets, strict=True)
        return tuple(-y * math.log(p) - (1 - y) * math.log(1 - p) for p, y in pairs)

    @property
    def listing(self) -> str:
        """How the loss of logits is computed."""
        real, fake = f"torch.full(({self.count},), {self.real_label})", f"torch.zeros({self.count})"
        if self.fake_label:
            real, fake = f"torch.zeros({self.count})", f"torch.ones({self.count})"
        lines = ["criterion = nn.BCEWithLogitsLoss()  # takes the mean", f"real_labels = {real}"]
        lines.append(f"fake_labels = {fake}")
        if self.averaged == "each":
            lines.append("loss = criterion(real_logits, real_labels) + criterion(fake_logits, fake_labels)")
        else:
            lines += [
                "logits = torch.cat([real_logits, fake_logits])",
                "labels = torch.cat([real_labels, fake_labels])",
                "loss = criterion(logits, labels)",
            ]
        return "\n".join(lines)

    def follow(self, given: Given) -> dict[str, Answer]:
        losses, count = self.losses, self.count
        if self.form == "probabilities":
            real, fake = sum(losses[:count]) / count, sum(losses[count:]) / count
            loss = given("real_loss", real) + given("fake_loss", fake)
            keys: dict[str, Answer] = {"real_loss": Real(real, 4), "fake_loss": Real(fake, 4)}
            keys |= {"loss": Real(loss, 4)}
            loss = given("loss", loss)
            if count == 1:
                return keys
            return keys | {"value": Real(-loss, 4), "mean_of_all": Real(loss / 2, 4)}
        probabilities = given("probabilities", self.probabilities)
        losses = self._losses(probabilities, self.targets)
        pairs = zip(probabilities, self.targets, strict=True)
        return {
            "probabilities": Vector(self.probabilities, 4),
            "loss": Real(sum(losses) / self.divisor, 4),
            "gradient": Vector(tuple((p - y) / self.divisor for p, y in pairs), 4),
            "undecided": Real(2 * count * math.log(2) / self.divisor, 4),
        }

    def _from_losses(self, losses: Row) -> MistakeValues:
        if self.form == "logits":
            return {"loss": sum(losses) / self.divisor}
        real, fake = sum(losses[: self.count]), sum(losses[self.count :])
        return self.consequences(real_loss=real / self.count, fake_loss=fake / self.count)

    @mistake("Look at what is averaged: each batch by itself with the means added, or all images together.")
    def concatenated_mean(self) -> MistakeValues:
        if self.form == "probabilities":
            loss = sum(self.losses) / self.count
            return {"loss": loss / 2} if self.count == 1 else {"loss": loss / 2, "mean_of_all": loss}
        other = replace(self, averaged="all" if self.averaged == "each" else "each")
        return {name: vars(key)["value"] for name, key in other.answer().items()}

    @mistake("The loss is minimised: it is minus the value function, which the discriminator maximises.")
    def maximised_value_sign(self) -> MistakeValues:
        return self._from_losses(tuple(-loss for loss in self.losses))

    @mistake("The value function is what is maximised, the sum of the mean logarithms: it is negative.")
    def value_is_loss(self) -> MistakeValues:
        if self.form == "logits" or self.count == 1:
            return None
        return {"value": sum(self.losses) / self.count}

    @mistake("Real images have the label {real_label:g}, generated ones {fake_label}.")
    def swapped_labels(self) -> MistakeValues:
        turned = tuple(1 - target if self.form == "probabilities" else target for target in self.targets)
        if self.form == "logits":
            turned = tuple(reversed(self.targets))
            pairs = zip(self.probabilities, turned, strict=True)
            slopes = tuple((p - y) / self.divisor for p, y in pairs)
            return {"loss": sum(self._losses(self.probabilities, turned)) / self.divisor, "gradient": slopes}
        return self._from_losses(self._losses(self.probabilities, turned))

    @mistake("The discriminator learns from real images as well as from generated ones.")
    def generator_term_only(self) -> MistakeValues:
        losses = sum(self.losses[self.count :])
        return {"loss": losses / (self.divisor if self.form == "logits" else self.count)}

    @mistake("The outputs are probabilities already: no sigmoid goes over them.")
    def applies_sigmoid_twice(self) -> MistakeValues:
        if self.form == "logits":
            return None
        squashed = tuple(1 / (1 + math.exp(-value)) for value in self.values)
        return self._from_losses(self._losses(squashed, self.targets))

    @mistake("The label of real images is smoothed: both terms of the cross-entropy count.")
    def forgets_smoothing(self) -> MistakeValues:
        if not 0 < self.real_label < 1:
            return None
        hard = replace(self, real_label=1.0)
        return {name: vars(key)["value"] for name, key in hard.answer().items()}

    @mistake("The loss is a mean: each image's part of the gradient is divided by the number of images.")
    def forgets_the_mean(self) -> MistakeValues:
        if self.form == "probabilities":
            return None
        pairs = zip(self.probabilities, self.targets, strict=True)
        return {"gradient": tuple(p - y for p, y in pairs)}

    @mistake("The gradient for a logit is the probability minus the label, not the label minus it.")
    def residual_turned(self) -> MistakeValues:
        if self.form == "probabilities":
            return None
        pairs = zip(self.probabilities, self.targets, strict=True)
        return {"gradient": tuple((y - p) / self.divisor for p, y in pairs)}

    @mistake("The gradient is that for the logit, which the sigmoid's slope p(1 − p) makes of that for p.")
    def gradient_for_the_probability(self) -> MistakeValues:
        if self.form == "probabilities":
            return None
        pairs = zip(self.probabilities, self.targets, strict=True)
        return {"gradient": tuple((p - y) / (p * (1 - p)) / self.divisor for p, y in pairs)}

    @mistake("Undecided means the probability 1/2 for each image, whose cross-entropy is ln 2, not 0.")
    def undecided_is_zero(self) -> MistakeValues:
        return {"undecided": 0.0} if self.form == "logits" else None
