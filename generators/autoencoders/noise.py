"""Autoencoders with noise: at the input of a denoising one, in the code of a variational one."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random
from typing import Any, Self

from ...answers import Answer, Integer, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, bounded, dot, printable, written_number

FORMS = ("noise", "loss", "compare", "mask")
PIXELS = (0, 0.1, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.9, 1)
MOST_PIXELS = 6
LARGEST_NOISE = 5
LARGEST_SIDE = 1000
CODE_FORMS = ("deviation", "log variance", "gradients", "interpolation")
LOG_VARIANCES = ("-ln 4", "0", "ln 4", "ln 9")
"""The deviations are 1/2, 1, 2 and 3."""
MOST_ENTRIES = 4
LARGEST = 10


class Denoising(Question):
    """The corrupted input of a denoising autoencoder and its loss, against the right target.

    At level 1 noise is added and clipped, at level 2 the loss of an output follows; at level 3 losses against
    several targets are compared and the noise is measured, or pixels are masked.

    Source: Vincent et al. 2010, Stacked denoising autoencoders, sections 2.3 and 3.3; Goodfellow, Bengio &
    Courville 2016, Deep Learning, section 14.2.2; torch.nn.MSELoss.
    """

    title = "Denoising autoencoder"
    minutes = {1: 2, 2: 4, 3: 7}

    form: str
    """`noise`, `loss`, `compare` or `mask`."""
    clean: tuple[float, ...]
    """The pixels, between 0 and 1."""
    noise: tuple[float, ...]
    """A draw for each pixel; of the form `mask` 0 for a masked pixel and 1 for another."""
    factor: float
    """What the draws are multiplied with; of the form `mask` the share of masked pixels."""
    output: tuple[float, ...]
    """What the network yields; none if no loss is asked."""
    image: tuple[int, ...]
    """Rows and columns of a whole image, of the form `mask` only."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        form = {1: "noise", 2: "loss", 3: rng.choice(FORMS[2:])}[level]
        size = level + 2 if form != "mask" else 6
        clean = tuple(rng.choice(PIXELS) for _ in range(size))
        output = tuple(round(min(max(x + rng.randint(-3, 3) / 10, 0), 1), 1) for x in clean)
        if form == "mask":
            masked = rng.sample(range(size), rng.randint(2, 4))
            keep = tuple(float(pixel not in masked) for pixel in range(size))
            side = rng.choice([8, 12, 16, 20, 24, 28, 32, 40])
            image = side, rng.choice([side, side, 2 * side])
            return cls(form, clean, keep, rng.choice([0.25, 0.5, 0.75]), output, image)
        noise = tuple(rng.choice([-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2]) for _ in clean)
        if level == 1:
            return cls(form, clean, noise, rng.choice([0.2, 0.3, 0.4]), (), ())
        return cls(form, clean, noise, rng.choice([0.1, 0.2, 0.4]), output, ())

    def flaw(self) -> str | None:
        if self.form not in FORMS or not 2 <= len(self.clean) == len(self.noise) <= MOST_PIXELS:
            return f"form is one of {', '.join(FORMS)}, with two to {MOST_PIXELS} pixels and noise for each"
        if len(self.output) != (0 if self.form == "noise" else len(self.clean)):
            return "unless only the noise is asked, there is an output for each pixel"
        if not all(0 <= value <= 1 for value in (*self.clean, *self.output)) or not 0.01 <= self.factor <= 1:
            return "pixels and outputs lie between 0 and 1, and the factor between 0.01 and 1"
        if not bounded(self.noise, LARGEST_NOISE):
            return f"noise is at most {LARGEST_NOISE}"
        if not printable((*self.clean, *self.output, *self.noise, self.factor), 2):
            return "a number has more than two decimals"
        if (self.form == "mask") != bool(self.image):
            return "an image belongs to masked pixels"
        return self._flaw_of_mask() if self.image else self._flaw_of_noise()

    def _flaw_of_noise(self) -> str | None:
        if self.corrupted == self.unclipped:
            return "nothing is clipped"
        if self.corrupted == self.clean:
            return "the noise changes nothing"
        if not any(0 < value < 1 for value in self.corrupted):
            return "all pixels are clipped"
        if self.form == "noise":
            return None
        return None if self._loss(self.clean) and self._loss(self.corrupted) else "a loss is zero"

    def _flaw_of_mask(self) -> str | None:
        if len(self.image) != 2 or not all(1 <= side <= LARGEST_SIDE for side in self.image):
            return f"an image has two sides of at most {LARGEST_SIDE}"
        if set(self.noise) != {0, 1}:
            return "some pixels are masked, others not"
        if self.factor == 1 or round(self.factor * math.prod(self.image), 6) % 1:
            return "the share of the image that is masked is no whole number of pixels"
        if not all(value for value, kept in zip(self.clean, self.noise, strict=True) if not kept):
            return "a masked pixel is black already"
        return (
            None
            if self._masked_loss() and self._loss(self.clean) != self._masked_loss()
            else "a loss is zero"
        )

    def _unclipped(self, factor: float) -> tuple[float, ...]:
        pairs = zip(self.clean, self.noise, strict=True)
        return tuple(round(value + factor * draw, 9) for value, draw in pairs)

    @property
    def unclipped(self) -> tuple[float, ...]:
        """The pixels with noise, before they are clipped."""
        return self._unclipped(self.factor)

    @property
    def corrupted(self) -> tuple[float, ...]:
        """The input of the network."""
        if self.form == "mask":
            return tuple(value * kept for value, kept in zip(self.clean, self.noise, strict=True))
        return tuple(min(max(value, 0.0), 1.0) for value in self.unclipped)

    @property
    def masked(self) -> list[int]:
        """The numbers of the masked pixels, from 0."""
        return [number for number, kept in enumerate(self.noise) if not kept]

    @property
    def pixels(self) -> int:
        """Of a whole image."""
        return math.prod(self.image)

    def _loss(self, target: Row) -> float:
        return _mean_square(self.output, target)

    def _masked_loss(self) -> float:
        return _mean_square([self.output[k] for k in self.masked], [self.clean[k] for k in self.masked])

    @property
    def power(self) -> float:
        """The mean square of the clean pixels."""
        return _mean_square(self.clean, [0] * len(self.clean))

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {"noisy_input": Vector(self.corrupted, 2)}
        corrupted = given("noisy_input", self.corrupted)
        if self.form == "noise":
            return keys
        keys["loss"] = Real(self._loss(self.clean), 4)
        if self.form == "mask":
            expected = round(self.factor * self.pixels)
            return keys | {"masked_loss": Real(self._masked_loss(), 4), "expected": Integer(expected)}
        if self.form == "compare":
            copied = _mean_square(corrupted, self.clean)
            keys["noisy_error"] = Real(self._loss(corrupted), 4)
            keys["copied_loss"] = Real(copied, 4)
            keys["ratio"] = Real(self.power / given("copied_loss", copied), 2)
        return keys

    @mistake("Pixels stay between 0 and 1: clip what lies outside.")
    def no_clip(self) -> MistakeValues:
        return None if self.image else self.consequences(noisy_input=self.unclipped)

    @mistake("The draws are multiplied by the noise factor before they are added.")
    def noise_not_scaled(self) -> MistakeValues:
        return None if self.image else self.consequences(noisy_input=replace(self, factor=1.0).corrupted)

    @mistake("The sum is clipped, not the noise: noise may be negative.")
    def clips_the_noise(self) -> MistakeValues:
        if self.image:
            return None
        pairs = zip(self.clean, self.noise, strict=True)
        wrong = tuple(x + min(max(self.factor * e, 0), 1) for x, e in pairs)
        return {"noisy_input": wrong} if wrong == self.clean else self.consequences(noisy_input=wrong)

    @mistake("The network must restore the clean pixels: they are the target, not its noisy input.")
    def target_is_noisy(self) -> MistakeValues:
        return {"loss": self._loss(self.corrupted)} if self.output else None

    @mistake("MSELoss divides the sum of the squares by the number of pixels.")
    def does_not_divide(self) -> MistakeValues:
        return {"loss": len(self.clean) * self._loss(self.clean)} if self.output else None

    @mistake("MSELoss squares the differences.")
    def takes_absolute_differences(self) -> MistakeValues:
        if not self.output:
            return None
        pairs = zip(self.output, self.clean, strict=True)
        return {"loss": sum(abs(a - b) for a, b in pairs) / len(self.clean)}

    @mistake("The signal stands above, the noise below.")
    def ratio_inverted(self) -> MistakeValues:
        if self.form != "compare":
            return None
        return {"ratio": _mean_square(self.corrupted, self.clean) / self.power}

    @mistake("The noise is what the clipping has left of it: the difference of corrupted and clean pixels.")
    def takes_the_noise_before_clipping(self) -> MistakeValues:
        if self.form != "compare":
            return None
        return self.consequences(copied_loss=_mean_square(self.unclipped, self.clean))

    @mistake("A mask of 0 blackens a pixel, one of 1 keeps it.")
    def turns_the_mask(self) -> MistakeValues:
        if not self.image:
            return None
        pairs = zip(self.clean, self.noise, strict=True)
        return {"noisy_input": tuple(value * (1 - kept) for value, kept in pairs)}

    @mistake("The mean over the masked pixels divides by their number, not by that of all pixels.")
    def divides_by_all_pixels(self) -> MistakeValues:
        if not self.image:
            return None
        return {"masked_loss": self._masked_loss() * len(self.masked) / len(self.clean)}

    @mistake("So many pixels stay visible; the others are masked.")
    def counts_visible_pixels(self) -> MistakeValues:
        return {"expected": round((1 - self.factor) * self.pixels)} if self.image else None


class VaeReparameterisation(Question):
    """Codes of a variational autoencoder by the reparameterisation trick, and what it is good for.

    At level 1 the deviations are given, at level 2 the logarithms of the variances; at level 3 gradients flow
    through a decoder to the encoder's outputs, or codes are interpolated and generated.

    Source: Kingma & Welling 2014, Auto-encoding variational Bayes, sections 2.4 and 3.
    """

    title = "Reparameterisation trick"
    minutes = {1: 2, 2: 4, 3: 7}

    form: str
    """`deviation`, `log variance`, `gradients` or `interpolation`."""
    means: tuple[tuple[float, ...], ...]
    """Of the code, a row for each image."""
    spreads: tuple[tuple[str, ...], ...]
    """The deviations in the form `deviation`, otherwise the logarithms of the variances, as `ln 4`."""
    noise: tuple[tuple[float, ...], ...]
    """The standard normal draws."""
    weights: tuple[int, ...]
    """Of a linear decoder; none unless gradients are asked."""
    target: float
    """What the decoder should yield."""
    share: float
    """Of the second image in the interpolation, otherwise 0."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        form = CODE_FORMS[level - 1] if level < 3 else rng.choice(CODE_FORMS[2:])
        size = 2 if form in {"deviation", "interpolation"} else rng.choice([2, 3])
        rows = 2 if form == "interpolation" else 1
        spreads = ["0.5", "1", "2"] if form == "deviation" else LOG_VARIANCES
        weights = tuple(rng.choice([-2, -1, 1, 2, 3]) for _ in range(size)) if form == "gradients" else ()
        return cls(
            form,
            tuple(tuple(rng.randint(-4, 4) / 2 for _ in range(size)) for _ in range(rows)),
            tuple(tuple(rng.choice(spreads) for _ in range(size)) for _ in range(rows)),
            tuple(tuple(rng.randint(-4, 4) / 2 for _ in range(size)) for _ in range(rows)),
            weights,
            rng.randint(-6, 6) / 2 if weights else 0,
            rng.choice([0.2, 0.4, 0.6, 0.8]) if rows == 2 else 0,
        )

    def flaw(self) -> str | None:
        if self.form not in CODE_FORMS:
            return f"form is one of {', '.join(CODE_FORMS)}"
        rows, lengths = (2 if self.form == "interpolation" else 1), set()
        for table in (self.means, self.spreads, self.noise):
            lengths |= {len(row) for row in table}
            if len(table) != rows or len(lengths) != 1 or not lengths <= set(range(1, MOST_ENTRIES + 1)):
                return f"means, spreads and noise have {rows} rows of the same one to {MOST_ENTRIES} entries"
        if self.form == "interpolation" and lengths != {2}:
            return "codes to be interpolated have two entries"
        numbers = [value for row in (*self.means, *self.noise) for value in row]
        if not bounded((*numbers, *self.weights, self.target), LARGEST):
            return f"a number is larger than {LARGEST}"
        if not printable((*numbers, self.target, self.share), 2):
            return "a number has more than two decimals"
        if not {text for row in self.spreads for text in row} <= self._allowed:
            return f"spreads are of {', '.join(sorted(self._allowed))}"
        if not all(any(row) for row in self.noise) or all(s == 1 for row in self.deviations for s in row):
            return "all noise is zero, or all deviations are one"
        if len(self.weights) != (len(self.means[0]) if self.form == "gradients" else 0):
            return "a decoder with a weight for each entry belongs to gradients"
        if self.weights and not (all(self.weights) and self.slope):
            return "a weight or the gradient of the loss is zero"
        if bool(self.share) != (rows == 2) or not 0 <= self.share < 1:
            return "a share between 0 and 1 belongs to an interpolation"
        return None if rows == 1 or self.codes[0] != self.codes[1] else "both codes are the same"

    @property
    def _allowed(self) -> set[str]:
        return {"0.5", "1", "1.5", "2", "3"} if self.form == "deviation" else set(LOG_VARIANCES)

    @property
    def spread_numbers(self) -> tuple[tuple[float, ...], ...]:
        """The spreads as numbers."""
        return tuple(tuple(map(written_number, row)) for row in self.spreads)

    @property
    def deviations(self) -> tuple[tuple[float, ...], ...]:
        """The standard deviations of the codes."""
        if self.form == "deviation":
            return self.spread_numbers
        return tuple(tuple(round(math.exp(s / 2), 9) for s in row) for row in self.spread_numbers)

    def _code(self, row: int, deviations: Row) -> tuple[float, ...]:
        triples = zip(self.means[row], deviations, self.noise[row], strict=True)
        return tuple(round(mean + deviation * draw, 9) for mean, deviation, draw in triples)

    @property
    def codes(self) -> tuple[tuple[float, ...], ...]:
        """The sampled code of each image."""
        return tuple(self._code(row, deviations) for row, deviations in enumerate(self.deviations))

    def _between(self, first: Row, second: Row) -> tuple[float, ...]:
        return tuple((1 - self.share) * a + self.share * b for a, b in zip(first, second, strict=True))

    @property
    def output(self) -> float:
        """What the decoder yields."""
        return dot(self.weights, self.codes[0]) if self.weights else 0

    @property
    def slope(self) -> float:
        """The derivative of the squared error by the output."""
        return 2 * (self.output - self.target)

    @property
    def halves(self) -> tuple[float, ...]:
        """The derivatives of the first code by the logarithms of its variances."""
        pairs = zip(self.noise[0], self.deviations[0], strict=True)
        return tuple(draw * deviation / 2 for draw, deviation in pairs)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "deviation":
            return {"code": Vector(self.codes[0], 2)}
        if self.form == "log variance":
            code = self._code(0, given("deviation", self.deviations[0]))
            own = given("deviation", self.deviations[0])
            slopes = tuple(draw * deviation / 2 for draw, deviation in zip(self.noise[0], own, strict=True))
            return {
                "deviation": Vector(self.deviations[0], 1),
                "code": Vector(code, 2),
                "derivatives": Vector(slopes, 3),
            }
        return self._follow_gradients(given) if self.weights else self._follow_interpolation(given)

    def _follow_gradients(self, given: Given) -> dict[str, Answer]:
        output = dot(self.weights, given("code", self.codes[0]))
        slope = 2 * (given("output", output) - self.target)
        means = tuple(slope * weight for weight in self.weights)
        own = given("mean_gradient", means)
        variances = tuple(g * half for g, half in zip(own, self.halves, strict=True))
        return {
            "code": Vector(self.codes[0], 2),
            "output": Real(output, 2),
            "mean_gradient": Vector(means, 2),
            "variance_gradient": Vector(variances, 3),
        }

    def _follow_interpolation(self, given: Given) -> dict[str, Answer]:
        first, second = self.codes
        between = self._between(given("first", first), given("second", second))
        return {
            "first": Vector(first, 2),
            "second": Vector(second, 2),
            "between": Vector(between, 2),
            "generated": Vector(self.noise[0], 2),
        }

    @property
    def marks(self) -> list[dict[str, Any]]:
        """The plane of the codes, for the figure."""
        if not self.share:
            return []
        places = {"$z_1$": self.codes[0], "$z_2$": self.codes[1], "between": self._between(*self.codes)}
        marks: list[dict[str, Any]] = [{"x": x, "y": y, "label": n} for n, (x, y) in places.items()]
        x, y = self.noise[0]
        return [*marks, {"x": x, "y": y, "label": "generated", "mark": "circle"}]

    @property
    def frame(self) -> list[tuple[float, float]]:
        """The ranges of the axes that leave room for labels."""
        columns = zip(*((mark["x"], mark["y"]) for mark in self.marks), strict=True)
        return [(min(column) - 1, max(column) + 1) for column in columns]

    def _with_codes(self, codes: list[tuple[float, ...]]) -> MistakeValues:
        if self.form == "interpolation":
            return self.consequences(first=codes[0], second=codes[1])
        return self.consequences(code=codes[0])

    def _with_deviations(self, deviations: list[list[float]]) -> MistakeValues:
        if self.form == "log variance":
            return self.consequences(deviation=tuple(deviations[0]))
        return self._with_codes([self._code(row, values) for row, values in enumerate(deviations)])

    @mistake("The exponential of the logarithm is the variance; the deviation is its root, exp(ln σ² / 2).")
    def exp_logvar_as_sigma(self) -> MistakeValues:
        if self.form == "deviation":
            return None
        return self._with_deviations([[s**2 for s in row] for row in self.deviations])

    @mistake("The noise is multiplied by the deviation σ, not by the variance.")
    def variance_as_sigma(self) -> MistakeValues:
        if self.form != "deviation":
            return None
        return self._with_deviations([[s**2 for s in row] for row in self.deviations])

    @mistake("The encoder yields the logarithm of the variance: take the exponential of its half first.")
    def logvar_as_sigma(self) -> MistakeValues:
        return (
            None
            if self.form == "deviation"
            else self._with_deviations([list(r) for r in self.spread_numbers])
        )

    @mistake("The code lies around the mean μ: add it.")
    def forgets_mu(self) -> MistakeValues:
        pairs = zip(self.noise, self.deviations, strict=True)
        return self._with_codes([tuple(e * s for e, s in zip(*pair, strict=True)) for pair in pairs])

    @mistake("The deviation multiplies the noise; variance and noise are not added.")
    def adds_variance(self) -> MistakeValues:
        rows = zip(self.means, self.deviations, self.noise, strict=True)
        return self._with_codes([tuple(m + s**2 + e for m, s, e in zip(*row, strict=True)) for row in rows])

    @mistake("σ = exp(ln σ² / 2), so the derivative of σ by ln σ² is σ/2: the half is missing.")
    def dz_dlogvar_no_half(self) -> MistakeValues:
        doubled = tuple(2 * half for half in self.halves)
        if self.form == "log variance":
            return {"derivatives": doubled}
        if not self.weights:
            return None
        return {
            "variance_gradient": tuple(self.slope * w * d for w, d in zip(self.weights, doubled, strict=True))
        }

    @mistake("This is the derivative by σ; the chain rule goes on to ln σ².")
    def derivative_by_the_deviation(self) -> MistakeValues:
        if self.form == "log variance":
            return {"derivatives": self.noise[0]}
        if not self.weights:
            return None
        pairs = zip(self.weights, self.noise[0], strict=True)
        return {"variance_gradient": tuple(self.slope * weight * draw for weight, draw in pairs)}

    @mistake("The derivative of the squared error is twice the difference.")
    def forgets_the_two(self) -> MistakeValues:
        return self._with_slope(self.slope / 2)

    @mistake("The difference is output minus target.")
    def turns_the_difference(self) -> MistakeValues:
        return self._with_slope(-self.slope)

    def _with_slope(self, slope: float) -> MistakeValues:
        if not self.weights:
            return None
        return self.consequences(mean_gradient=tuple(slope * weight for weight in self.weights))

    @mistake("The gradient passes through the decoder: it is multiplied by its weights.")
    def forgets_the_decoder(self) -> MistakeValues:
        if not self.weights:
            return None
        return self.consequences(mean_gradient=(self.slope,) * len(self.weights))

    @mistake("At α = 0 the interpolation is the first code: it has the weight 1 − α.")
    def swaps_the_codes(self) -> MistakeValues:
        return {"between": self._between(*self.codes[::-1])} if self.share else None

    @mistake("The sampled codes are interpolated, not their means.")
    def interpolates_the_means(self) -> MistakeValues:
        return {"between": self._between(*self.means)} if self.share else None

    @mistake("A new image needs no encoder: its code comes from the prior, with mean 0 and deviation 1.")
    def generates_with_the_encoder(self) -> MistakeValues:
        return {"generated": self.codes[0]} if self.share else None


def _mean_square(left: Row, right: Row) -> float:
    return sum((a - b) ** 2 for a, b in zip(left, right, strict=True)) / len(left)
