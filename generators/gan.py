"""Generative adversarial networks: the losses of both players."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Self

from ..answers import Answer, Option, Real, SingleChoice, Vector
from ..question import Given, MistakeValues, Question, mistake
from .losses.probabilities import drawn_logit
from .numbers import Row, latex_number, written_number

MOST_IMAGES = 6
TENTHS = tuple(f"0.{digit}" for digit in range(1, 10))
LOGITS = ("-ln 99", "-ln 49", "-ln 24", "-ln 19", "-ln 9", "-ln 4", "-ln 3", "0", "ln 3", "ln 4", "ln 9")
"""Logits whose probabilities have two decimals."""
VANISHING = (
    Option(
        "Only that of the minimax loss.", why="Its size is the probability D of being real.", name="minimax"
    ),
    Option(
        "Only that of the non-saturating loss.",
        why="Its size is the probability of being generated.",
        name="non_saturating",
    ),
    Option("Those of both losses.", why="Their sizes add up to 1.", name="both"),
    Option("Neither of them.", why="One of them is close to 1, and their sizes add up to 1.", name="neither"),
)


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

    @mistake("The sigmoid is 1/(1 + exp(−a)): it grows with the logit.")
    def sigmoid_turned(self) -> MistakeValues:
        if self.form == "probabilities":
            return None
        return self.consequences(probabilities=tuple(1 - p for p in self.probabilities))

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


class GeneratorLoss(Question):
    """The minimax and the non-saturating loss of a generator, and their gradients for the logits.

    At level 1 there is one generated image, at level 2 a batch beside real images, at level 3 the gradients
    follow from logits, and with them the loss whose gradient vanishes.

    Source: Goodfellow et al. 2014, Generative adversarial nets, equation 1 and the end of section 3;
    Goodfellow 2016, NIPS 2016 tutorial: Generative adversarial networks, section 3.2.3.
    """

    title = "Losses of the generator"
    minutes = {1: 1, 2: 3, 3: 5}

    form: str
    """`probabilities` are the outputs of the discriminator, or `logits`."""
    fake: tuple[str, ...]
    """The outputs for generated images: decimal numbers, or logarithms such as `ln 2`."""
    real: tuple[str, ...]
    """The outputs for real images, on which neither loss depends."""
    real_label: int
    """1 if the discriminator returns the probability of being real, 0 if that of being generated."""
    sure: str
    """What the discriminator takes the images for when a gradient vanishes: `real` or `generated`."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            return cls("probabilities", (rng.choice(TENTHS),), (), rng.randint(0, 1), "generated")
        if level == 2:
            size, label = rng.choice([2, 3]), rng.randint(0, 1)
            fake, real = (tuple(rng.choice(TENTHS) for _ in range(size)) for _ in range(2))
            return cls("probabilities", fake, real, label, "generated")
        fake = tuple(rng.sample(LOGITS, rng.choice([3, 4])))
        return cls("logits", fake, (), rng.randint(0, 1), rng.choice(["generated", "real"]))

    def flaw(self) -> str | None:
        if self.form not in {"probabilities", "logits"} or self.sure not in {"real", "generated"}:
            return "form is probabilities or logits, and the discriminator is sure of real or generated"
        if not 1 <= len(self.fake) <= MOST_IMAGES or self.real_label not in {0, 1}:
            return f"there are 1 to {MOST_IMAGES} generated images, and the label of real ones is 0 or 1"
        if len(self.real) != (len(self.fake) if self.form == "probabilities" and len(self.fake) > 1 else 0):
            return "a batch of probabilities has as many real images as generated ones, otherwise none"
        try:
            values = (*self.values, *map(written_number, self.real))
        except ValueError:
            return "an output is a number or a logarithm, such as 0.5, ln 2 or -ln 3"
        low, high = (0.001, 0.999) if self.form == "probabilities" else (-6, 6)
        if not all(low <= value <= high for value in values):
            return f"{self.form} go from {low} to {high}"
        if len(self.fake) > 1 and len({*self.fake}) == 1:
            return "all outputs are equal"
        return "real and generated images have the same outputs" if {*self.real} == {*self.fake} else None

    @property
    def values(self) -> tuple[float, ...]:
        """The outputs for generated images as numbers."""
        return tuple(map(written_number, self.fake))

    @property
    def latex_values(self) -> tuple[str, ...]:
        """The same as LaTeX."""
        return tuple(map(latex_number, self.fake))

    @property
    def probabilities(self) -> tuple[float, ...]:
        """The sigmoid of the logits; or the outputs, which are probabilities already."""
        if self.form == "probabilities":
            return self.values
        return tuple(1 / (1 + math.exp(-value)) for value in self.values)

    def _as_real(self, outputs: Row) -> tuple[float, ...]:
        """The probabilities of being real."""
        return tuple(output if self.real_label else 1 - output for output in outputs)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "probabilities":
            minimax, non_saturating = _generator_losses(self._as_real(self.values))
            return {"minimax": Real(minimax, 4), "non_saturating": Real(non_saturating, 4)}
        outputs = given("probabilities", self.probabilities)
        turn = 1 if self.real_label else -1
        real = self._as_real(outputs)
        place = 0 if self.sure == "generated" else 1
        return {
            "probabilities": Vector(self.probabilities, 2),
            "minimax_gradient": Vector(tuple(-turn * p for p in real), 2),
            "non_saturating_gradient": Vector(tuple(turn * (p - 1) for p in real), 2),
            "vanishing": SingleChoice(
                tuple(replace(option, right=n == place) for n, option in enumerate(VANISHING))
            ),
        }

    def _of_losses(self, outputs: Row) -> MistakeValues:
        minimax, non_saturating = _generator_losses(self._as_real(outputs))
        return {"minimax": minimax, "non_saturating": non_saturating}

    @mistake("The minimax loss is ln(1 − D), the non-saturating one −ln D, with D that the image is real.")
    def forms_swapped(self) -> MistakeValues:
        blanks = ("minimax", "non_saturating")
        if self.form == "logits":
            blanks = ("minimax_gradient", "non_saturating_gradient")
        keys = self.answer()
        first, second = (vars(keys[blank])["value"] for blank in blanks)
        return dict(zip(blanks, (second, first), strict=True))

    @mistake("The minimax loss ln(1 − D) is minimised as it is; only −ln D has the minus.")
    def sign(self) -> MistakeValues:
        if self.form == "logits":
            return None
        minimax, non_saturating = _generator_losses(self._as_real(self.values))
        return {"minimax": -minimax, "non_saturating": -non_saturating}

    @mistake("The generator has no part in what the discriminator says of real images.")
    def uses_real_samples(self) -> MistakeValues:
        return self._of_losses(tuple(map(written_number, self.real))) if self.real else None

    @mistake("Look at what the discriminator returns: the probability of being real, or of being generated.")
    def turns_the_labels(self) -> MistakeValues:
        other = replace(self, real_label=1 - self.real_label)
        if self.form == "probabilities":
            return other._of_losses(self.values)
        keys = other.answer()
        return {blank: vars(keys[blank])["value"] for blank in keys if blank.endswith("gradient")}

    @mistake("The loss of a batch is the mean, not the sum.")
    def sums(self) -> MistakeValues:
        if self.form == "logits":
            return None
        return {blank: vars(key)["value"] * len(self.fake) for blank, key in self.answer().items()}

    @mistake("Take the logarithm of each output first, then the mean.")
    def logarithm_of_the_mean(self) -> MistakeValues:
        if self.form == "logits":
            return None
        return self._of_losses((sum(self.values) / len(self.values),))

    @mistake("The gradient is that for the logit: the slope of the sigmoid is a factor of it.")
    def gradient_wrt_probability(self) -> MistakeValues:
        if self.form == "probabilities":
            return None
        turn, real = (1 if self.real_label else -1), self._as_real(self.probabilities)
        return {
            "minimax_gradient": tuple(-turn / (1 - p) for p in real),
            "non_saturating_gradient": tuple(-turn / p for p in real),
        }

    @mistake("Mind the sign: both losses fall while the probability of being real grows.")
    def gradient_turned(self) -> MistakeValues:
        if self.form == "probabilities":
            return None
        keys = self.answer()
        blanks = ("minimax_gradient", "non_saturating_gradient")
        return {blank: tuple(-slope for slope in vars(keys[blank])["value"]) for blank in blanks}


def _generator_losses(real: Row) -> tuple[float, float]:
    """Minimax and non-saturating, both averaged, of the probabilities of being real."""
    count = len(real)
    return sum(math.log(1 - p) for p in real) / count, -sum(map(math.log, real)) / count
