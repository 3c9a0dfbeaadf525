"""Generative adversarial networks: the losses of both players, and their size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Self

from ..answers import Answer, Integer, Option, Real, SingleChoice, Vector
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
NETWORKS = ("linear", "conditional", "transposed", "cycle")
LARGEST = 4096
KERNEL = 4
"""The side of the kernels of transposed convolutions, as in DCGAN."""


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
        if self.form == "probabilities":
            return ""
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


class NetworkParameters(Question):
    """The parameters of generators and discriminators, their outputs, and the steps of training them.

    At level 1 linear layers are listed, at level 2 both networks are given the class as well, at level 3 a
    generator has transposed convolutions, or two generators and two discriminators are trained.

    Source: Goodfellow et al. 2014, Generative adversarial nets, algorithm 1; Mirza & Osindero 2014,
    Conditional generative adversarial nets, section 3; Radford et al. 2016, Unsupervised representation
    learning with deep convolutional generative adversarial networks, section 3; Zhu et al. 2017, Unpaired
    image-to-image translation using cycle-consistent adversarial networks, section 3.
    """

    title = "Parameters of generator and discriminator"
    minutes = {1: 2, 2: 5, 3: 5}

    form: str
    """`linear`, `conditional`, `transposed` or `cycle`."""
    widths: tuple[int, ...]
    """The sizes from input to output of the form `linear`; the channels from the noise to the image of the
    form `transposed`; otherwise the hidden units of the generator and of the discriminator."""
    side: int
    """Of square images with one channel; 0 for `linear` and `transposed`."""
    noise: int
    """The entries of the noise, and the classes, of the form `conditional`; otherwise both are 0."""
    classes: int
    batch: int
    """The images of a batch of the forms `conditional` and `cycle`; otherwise 0."""
    schedule: tuple[int, ...]
    """Of the form `cycle`: iterations of an epoch, epochs, steps of each discriminator in an iteration."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        hidden = [16, 20, 32, 50, 64, 100, 128, 200, 256, 300]
        side = rng.choice([8, 10, 12, 16, 20, 28, 32])
        if level == 1:
            middle = sorted(rng.sample(hidden, 2), reverse=True)
            discriminator = (side**2, *middle, 1)
            generator = (rng.choice([10, 16, 20, 32, 50, 64, 100]), middle[0], side**2)
            return cls("linear", rng.choice([discriminator, generator]), 0, 0, 0, 0, ())
        widths = (rng.choice(hidden), rng.choice(hidden))
        batch = rng.choice([4, 5, 8, 10, 16, 20, 25, 32, 50, 64])
        if level == 2:
            noise, classes = rng.choice([10, 16, 20, 32, 50, 64, 100]), rng.randint(2, 10)
            return cls("conditional", widths, side, noise, classes, batch, ())
        if rng.random() < 0.5:
            schedule = (rng.randrange(20, 400, 10), rng.randint(2, 20), rng.randint(2, 5))
            return cls("cycle", widths, side, 0, 0, batch, schedule)
        largest, layers = rng.choice([64, 48, 32, 128]), rng.choice([2, 3])
        halved = [largest // 2**number for number in range(layers)]
        channels = (rng.choice([10, 16, 20, 32, 50, 64, 100]), *halved, rng.choice([1, 3]))
        return cls("transposed", channels, 0, 0, 0, 0, ())

    def flaw(self) -> str | None:
        if self.form not in NETWORKS or not all(1 <= width <= LARGEST for width in self.widths):
            return f"form is one of {', '.join(NETWORKS)}, and all widths lie between 1 and {LARGEST}"
        images = self.form in {"conditional", "cycle"}
        if (images and len(self.widths) != 2) or not 2 <= len(self.widths) <= 7:
            return "there are 2 to 7 widths; of two networks it is the hidden units of each"
        if self.form == "transposed" and len(self.widths) < 3:
            return "a generator of transposed convolutions has two of them or more"
        if not (2 <= self.side <= 64 and 2 <= self.batch <= 1000 if images else self.side == self.batch == 0):
            return "images have 2 to 64 pixels a side and batches of 2 to 1000; networks alone have neither"
        conditional = 2 <= self.noise <= LARGEST and 2 <= self.classes <= 100
        if not (conditional if self.form == "conditional" else self.noise == self.classes == 0):
            return (
                f"noise has 2 to {LARGEST} entries and classes are 2 to 100 if the networks are conditional"
            )
        if len(self.schedule) != (3 if self.form == "cycle" else 0):
            return "two pairs of networks have a schedule of three numbers, others have none"
        if self.schedule and not (1 <= min(self.schedule) <= max(self.schedule) <= 100_000):
            return "the numbers of the schedule lie between 1 and 100000"
        return "each discriminator takes one step only" if self.schedule and self.schedule[2] == 1 else None

    @property
    def pixels(self) -> int:
        """Of an image."""
        return self.side**2

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """The inputs and outputs of each layer in a list."""
        return tuple(pairwise(self.widths))

    @property
    def generator_widths(self) -> tuple[int, int, int]:
        """From input to output."""
        inputs = self.noise + self.classes if self.form == "conditional" else self.pixels
        return inputs, self.widths[0], self.pixels

    @property
    def discriminator_widths(self) -> tuple[int, int, int]:
        """From input to output."""
        return self.pixels + self.classes, self.widths[1], 1

    @property
    def sides(self) -> tuple[int, ...]:
        """Of the maps after each transposed convolution: the first makes a kernel's area of a pixel."""
        return tuple(KERNEL * 2**number for number in range(len(self.pairs)))

    @property
    def listing(self) -> str:
        """The layers of the forms `linear` and `transposed`."""
        if self.form not in {"linear", "transposed"}:
            return ""
        lines = []
        for number, (before, after) in enumerate(self.pairs):
            last = number == len(self.pairs) - 1
            if self.form == "linear":
                lines += [f"nn.Linear({before}, {after}),"] + ["nn.LeakyReLU(0.2),"] * (not last)
                continue
            placed = "stride=2, padding=1" if number else "stride=1, padding=0"
            lines.append(f"nn.ConvTranspose2d({before}, {after}, {KERNEL}, {placed}, bias=False),")
            lines += ["nn.Tanh(),"] if last else [f"nn.BatchNorm2d({after}),", "nn.ReLU(),"]
        return "\n".join(["network = nn.Sequential(", *(f"    {line}" for line in lines), ")"])

    @property
    def reshapes(self) -> tuple[str, ...]:
        """Lines of code of which the second makes images of the conditional generator's output."""
        if self.form != "conditional":
            return ()
        side = self.side
        channel_last, image = f"x.size(0), {side}, {side}, 1", f"1, {side}, {side}"
        shapes = ("x.size(0)", f"x.size(0), {image}", channel_last, image, f"x.size(0), {side}")
        return tuple(f"out.view({shape})" for shape in shapes)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form in {"linear", "transposed"}:
            return self._follow_one_network(given)
        generator, discriminator = _linear(self.generator_widths), _linear(self.discriminator_widths)
        keys: dict[str, Answer] = {"generator": Integer(generator), "discriminator": Integer(discriminator)}
        if self.form == "conditional":
            options = tuple(Option(f"`{line}`", right=n == 1) for n, line in enumerate(self.reshapes))
            return keys | {"elements": Integer(self.batch * self.pixels), "reshape": SingleChoice(options)}
        total = 2 * (given("generator", generator) + given("discriminator", discriminator))
        iterations, epochs, steps = self.schedule
        generator_steps = 2 * iterations * epochs
        return keys | {
            "total": Integer(total),
            "generator_steps": Integer(generator_steps),
            "discriminator_steps": Integer(given("generator_steps", generator_steps) * steps),
        }

    def _follow_one_network(self, given: Given) -> dict[str, Answer]:
        if self.form == "linear":
            weights, biases = sum(before * after for before, after in self.pairs), sum(self.widths[1:])
            total = given("weights", weights) + given("biases", biases)
            return {"weights": Integer(weights), "biases": Integer(biases), "total": Integer(total)}
        weights = KERNEL**2 * sum(before * after for before, after in self.pairs)
        normalization = 2 * sum(self.widths[1:-1])
        total = given("weights", weights) + given("normalization", normalization)
        return {
            "sides": Vector(self.sides, 0),
            "weights": Integer(weights),
            "normalization": Integer(normalization),
            "total": Integer(total),
        }

    @mistake("The output layer has biases, too.")
    def forgets_output_bias(self) -> MistakeValues:
        if self.form == "transposed":
            return None
        if self.form == "linear":
            return self.consequences(biases=sum(self.widths[1:-1]))
        generator = _linear(self.generator_widths) - self.pixels
        discriminator = _linear(self.discriminator_widths) - 1
        return self._of_networks(generator, discriminator)

    def _of_networks(self, generator: int, discriminator: int) -> MistakeValues:
        if self.form == "conditional":
            return {"generator": generator, "discriminator": discriminator}
        return self.consequences(generator=generator, discriminator=discriminator)

    @mistake(
        "The class is an input, too: its one-hot vector has a weight to each hidden unit for each class."
    )
    def conditional_ignored(self) -> MistakeValues:
        return self._with_class_inputs(0)

    @mistake("The one-hot vector of the class has an entry for each class, not one entry.")
    def class_is_one_number(self) -> MistakeValues:
        return self._with_class_inputs(1)

    def _with_class_inputs(self, count: int) -> MistakeValues:
        if self.form != "conditional":
            return None
        generator = _linear((self.noise + count, *self.generator_widths[1:]))
        return self._of_networks(generator, _linear((self.pixels + count, *self.discriminator_widths[1:])))

    @mistake("LeakyReLU has a fixed slope: nothing in it is learned.")
    def leakyrelu_counted(self) -> MistakeValues:
        total = sum(before * after + after for before, after in self.pairs)
        return {"total": total + len(self.pairs) - 1} if self.form == "linear" else None

    @mistake("The noise is the input of the generator: its weights to the first layer count.")
    def noise_excluded(self) -> MistakeValues:
        if self.form == "conditional":
            return {"generator": _linear((self.classes, *self.generator_widths[1:]))}
        if self.form == "cycle" or self.widths[-1] == 1:
            return None
        first = self.widths[0] * self.widths[1] * (KERNEL**2 if self.form == "transposed" else 1)
        return self.consequences(weights=vars(self.answer()["weights"])["value"] - first)

    @mistake("Each image of the batch has all of its pixels.")
    def forgets_batch(self) -> MistakeValues:
        return {"elements": self.pixels} if self.form == "conditional" else None

    @mistake("The layers have no biases: `bias=False`.")
    def counts_missing_biases(self) -> MistakeValues:
        if self.form != "transposed":
            return None
        weights = vars(self.answer()["weights"])["value"]
        return self.consequences(weights=weights + sum(self.widths[1:]))

    @mistake("Batch normalization learns a scale and a shift for each channel.")
    def normalization_has_no_shift(self) -> MistakeValues:
        return self._normalization(sum(self.widths[1:-1]))

    @mistake("The running means and variances are not learned by gradients: they are no parameters.")
    def counts_running_statistics(self) -> MistakeValues:
        return self._normalization(4 * sum(self.widths[1:-1]))

    def _normalization(self, count: int) -> MistakeValues:
        return self.consequences(normalization=count) if self.form == "transposed" else None

    @mistake("The first layer makes 4 × 4 pixels of one: (1 − 1) · 1 − 2 · 0 + 4 = 4.")
    def doubles_the_first_pixel(self) -> MistakeValues:
        return {"sides": tuple(side // 2 for side in self.sides)} if self.form == "transposed" else None

    @mistake("There are two generators and two discriminators, one of each for either domain.")
    def counts_one_pair(self) -> MistakeValues:
        if self.form != "cycle":
            return None
        total = _linear(self.generator_widths) + _linear(self.discriminator_widths)
        iterations, epochs, _ = self.schedule
        return self.consequences(generator_steps=iterations * epochs) | {"total": total}

    @mistake("The discriminators take several steps in each iteration.")
    def forgets_the_steps(self) -> MistakeValues:
        if self.form != "cycle":
            return None
        iterations, epochs, _ = self.schedule
        return {"discriminator_steps": 2 * iterations * epochs}

    @mistake("An epoch has as many iterations as there are batches, not as there are images.")
    def steps_for_each_image(self) -> MistakeValues:
        if self.form != "cycle":
            return None
        iterations, epochs, _ = self.schedule
        return self.consequences(generator_steps=2 * iterations * self.batch * epochs)


def _generator_losses(real: Row) -> tuple[float, float]:
    """Minimax and non-saturating, both averaged, of the probabilities of being real."""
    count = len(real)
    return sum(math.log(1 - p) for p in real) / count, -sum(map(math.log, real)) / count


def _linear(widths: Sequence[int]) -> int:
    """The parameters of linear layers with biases."""
    return sum(before * after + after for before, after in pairwise(widths))
