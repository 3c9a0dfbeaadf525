"""Single steps of a diffusion model: forward kernels, the way back, and what is trained."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import accumulate
from operator import mul
from random import Random
from typing import Self

from ...answers import Answer, Integer, Option, Real, Shape, SingleChoice, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import bounded

MOST_STEPS = 1_000
LARGEST_VALUE = 100.0
ROOTED = (0.19, 0.36, 0.51, 0.64, 0.75, 0.84)
"""Variances for which 1 − beta has a root with one decimal."""
BOTH_ROOTED = (0.36, 0.64)
"""Variances for which beta has such a root as well."""
KERNELS = (
    r"$\mathcal{N}\!\left(\sqrt{1 - \beta_t}\, x_{t-1},\; \beta_t I\right)$",
    r"$\mathcal{N}\!\left(\sqrt{\beta_t}\, x_{t-1},\; (1 - \beta_t) I\right)$",
    r"$\mathcal{N}\!\left(x_{t-1},\; \beta_t I\right)$",
)
"""The forward process, with its factors exchanged, and without making the image smaller."""


class StepKernel(Question):
    """One or two steps of the forward process, and back.

    At level 1 mean and variance of a step, at level 2 two steps with given noise and both in one jump; at
    level 3 three kernels are compared, or the posterior of the step before is asked.

    Source: Ho, Jain & Abbeel 2020, Denoising diffusion probabilistic models, equations 2, 4, 6 and 7;
    Sohl-Dickstein et al. 2015, Deep unsupervised learning using nonequilibrium thermodynamics, section 2.1.
    """

    title = "Steps of the forward process"
    minutes = {1: 2, 2: 5, 3: 8}

    betas: tuple[float, ...]
    """The variance of each step."""
    image: tuple[float, ...]
    """The values in front of the first step; none where kernels are compared."""
    noise: tuple[float, ...]
    """The standard normal number of each step; none where no sample is made."""
    sample: float
    """The value after two steps, where the posterior is asked; otherwise 0."""
    spread: float
    """The variance of the data, where kernels are compared; otherwise 0."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        betas: tuple[float, ...]
        if level == 1:
            count = rng.choice([1, 2, 3])
            image = tuple(rng.choice([-4, -3, -2, -1, 1, 2, 3, 4, 5]) for _ in range(count))
            return cls((rng.choice(ROOTED),), image, (), 0, 0)
        if level == 2:
            betas = rng.choice(ROOTED), rng.choice(BOTH_ROOTED)
            noise = tuple(rng.choice([-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2]) for _ in range(2))
            return cls(betas, (rng.choice([-4, -3, -2, -1, 1, 2, 3, 4, 5]),), noise, 0, 0)
        if rng.random() < 0.5:
            listed = sorted(rng.sample([0.05, 0.1, 0.2, 0.25, 0.3, 0.4], rng.choice([2, 2, 3])))
            return cls(tuple(listed), (), (), 0, rng.choice([0.25, 0.5, 1.5, 2.0, 3.0, 4.0, 5.0, 9.0]))
        betas = tuple(rng.sample(ROOTED[:4], 2))
        return cls(betas, (rng.choice([-3, -2, -1, 1, 2, 3]),), (), rng.choice([-2, -1, -0.5, 0.5, 1, 2]), 0)

    def flaw(self) -> str | None:
        if not 1 <= len(self.betas) <= 4 or not all(0 < b < 1 and b == round(b, 4) for b in self.betas):
            return "one to four variances lie strictly between 0 and 1 and have at most 4 decimals"
        values = (*self.image, *self.noise, self.sample, self.spread)
        if not bounded(values, LARGEST_VALUE) or any(x != round(x, 3) for x in values):
            return f"values are at most {LARGEST_VALUE:g} and have at most 3 decimals"
        if self.spread:
            if self.image or self.noise or self.sample or len(self.betas) < 2:
                return "kernels are compared on two to four steps, without images"
            return (
                "the variance of the data is positive and not 1"
                if self.spread < 0 or self.spread == 1
                else None
            )
        if not 1 <= len(self.image) <= 4 or not any(self.image):
            return "an image has one to four values, not all of them zero"
        if self.noise:
            fits = len(self.noise) == len(self.betas) == 2 and len(self.image) == 1 and not self.sample
            return None if fits else "two steps of a single value each have a noise"
        if self.sample:
            fits = len(self.betas) == 2 == len({*self.betas}) and len(self.image) == 1
            return None if fits else "the posterior is asked for a single value and two different steps"
        return None if len(self.betas) == 1 else "mean and variance are asked of a single step"

    @property
    def kept(self) -> float:
        """Alpha bar: what all steps keep of the variance."""
        return round(math.prod(1 - beta for beta in self.betas), 12)

    @property
    def kernels(self) -> tuple[str, ...]:
        """The kernels that are compared, in LaTeX."""
        return KERNELS if self.spread else ()

    @property
    def fates(self) -> tuple[tuple[float, float], ...]:
        """The factor of the data and their variance after all steps of each kernel."""
        swapped, added = math.prod(self.betas), sum(self.betas)
        return (
            (math.sqrt(self.kept), 1 + self.kept * (self.spread - 1)),
            (math.sqrt(swapped), 1 + swapped * (self.spread - 1)),
            (1.0, self.spread + added),
        )

    @property
    def roots(self) -> tuple[float, ...]:
        """The factor of each step."""
        return tuple(math.sqrt(1 - beta) for beta in self.betas)

    @property
    def paths(self) -> tuple[tuple[float, ...], ...]:
        """The variance after each step of each kernel."""
        settling = [1 - beta for beta in self.betas], self.betas
        approaching = (
            tuple(1 + kept * (self.spread - 1) for kept in accumulate(part, mul)) for part in settling
        )
        return *approaching, tuple(self.spread + added for added in accumulate(self.betas))

    @property
    def curves(self) -> list[dict[str, object]]:
        """The same from the data on, to be drawn."""
        return [
            {"points": [*enumerate((self.spread, *path))], "label": f"{number}"}
            for number, path in enumerate(self.paths, 1)
        ]

    @property
    def weights(self) -> tuple[float, float]:
        """Of the image and of the noised value in the mean of the posterior."""
        if not self.sample:
            return 0, 0
        first, second = self.betas
        rest = 1 - self.kept
        return math.sqrt(1 - first) * second / rest, math.sqrt(1 - second) * first / rest

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.spread:
            return self._compared()
        if self.sample:
            return self._posterior(given)
        (beta, *_), (start, *_) = self.betas, self.image
        if not self.noise:
            mean = tuple(math.sqrt(1 - beta) * value for value in self.image)
            return {"mean": Vector(mean, 2), "variance": Real(beta, 2)}
        keys: dict[str, Answer] = {}
        for step, (beta, noise) in enumerate(zip(self.betas, self.noise, strict=True), 1):
            value = math.sqrt(1 - beta) * start + math.sqrt(beta) * noise
            keys[f"sample_{step}"] = Real(value, 3)
            start = given(f"sample_{step}", value)
        return keys | {"factor": Real(math.sqrt(self.kept), 3), "variance": Real(1 - self.kept, 4)}

    def _compared(self) -> dict[str, Answer]:
        keys: dict[str, Answer] = {}
        for number, (factor, variance) in enumerate(self.fates, 1):
            keys |= {f"factor_{number}": Real(factor, 3), f"variance_{number}": Real(variance, 4)}
        reasons = (
            "",
            "With a small beta it leaves almost nothing of the value before.",
            "Its variance grows with every step and does not approach 1.",
        )
        options = (Option(text, not why, why) for text, why in zip(KERNELS, reasons, strict=True))
        return keys | {"kernel": SingleChoice(tuple(options))}

    def _posterior(self, given: Given) -> dict[str, Answer]:
        of_image, of_sample = self.weights
        keys: dict[str, Answer] = {"image_weight": Real(of_image, 4), "sample_weight": Real(of_sample, 4)}
        of_image, of_sample = given("image_weight", of_image), given("sample_weight", of_sample)
        keys["mean"] = Real(of_image * self.image[0] + of_sample * self.sample, 3)
        return keys | {"variance": Real(math.prod(self.betas) / (1 - self.kept), 4)}

    @mistake("The factor of the value before is the root of 1 − beta; beta is the variance that is added.")
    def exchanges_the_factors(self) -> MistakeValues:
        if len(self.betas) > 1:
            return None
        return {"mean": self._scaled(math.sqrt(self.betas[0])), "variance": 1 - self.betas[0]}

    @mistake("Before noise is added, the value is made smaller by the root of 1 − beta.")
    def does_not_shrink(self) -> MistakeValues:
        if not self.noise:
            return {"mean": self.image} if len(self.betas) == 1 else None
        return self._walked(lambda beta: (1.0, math.sqrt(beta)))

    @mistake("The kernel multiplies by the root of 1 − beta.")
    def forgets_the_root_of_the_factor(self) -> MistakeValues:
        if not self.noise:
            return {"mean": self._scaled(1 - self.betas[0])} if len(self.betas) == 1 else None
        return self._walked(lambda beta: (1 - beta, math.sqrt(beta))) | {"factor": self.kept}

    @mistake("The kernel names the variance beta; the standard deviation is its root.")
    def takes_the_deviation_for_the_variance(self) -> MistakeValues:
        return {"variance": math.sqrt(self.betas[0])} if len(self.betas) == 1 else None

    @mistake("Beta is a variance: standard normal noise is multiplied by its root.")
    def scales_noise_by_the_variance(self) -> MistakeValues:
        return self._walked(lambda beta: (math.sqrt(1 - beta), beta)) if self.noise else None

    @mistake("Both steps count: the alphas multiply, under the root and in the variance.")
    def takes_the_last_step_for_both(self) -> MistakeValues:
        return {"factor": math.sqrt(1 - self.betas[1]), "variance": self.betas[1]} if self.noise else None

    @mistake("The second step also shrinks the noise of the first: the variances do not just add up.")
    def adds_variances(self) -> MistakeValues:
        if self.spread:
            return {"variance_1": self.kept * self.spread + sum(self.betas)}
        return {"variance": sum(self.betas)} if self.noise else None

    @mistake("What both steps add is 1 − alpha bar; the betas do not multiply.")
    def multiplies_variances(self) -> MistakeValues:
        return {"variance": math.prod(self.betas)} if self.noise else None

    @mistake("Where a kernel does not change the value, the factor stays 1.")
    def shrinks_what_stays(self) -> MistakeValues:
        if not self.spread:
            return None
        factor, variance = self.fates[0]
        return {"factor_3": factor, "variance_3": variance}

    @mistake("A factor enters a variance with its square.")
    def multiplies_the_variance_by_the_factor(self) -> MistakeValues:
        if not self.spread:
            return None
        pairs = enumerate(self.fates[:2], 1)
        return {f"variance_{number}": 1 + factor * self.spread - factor**2 for number, (factor, _) in pairs}

    @mistake("The noise of the steps has a variance of its own, which is added.")
    def forgets_the_noise(self) -> MistakeValues:
        if not self.spread:
            return None
        return {f"variance_{n}": factor**2 * self.spread for n, (factor, _) in enumerate(self.fates, 1)}

    @mistake(
        "The weight of the image has the variance of the second step, that of the sample the first one's."
    )
    def exchanges_the_weights(self) -> MistakeValues:
        if not self.sample:
            return None
        of_image, of_sample = self.weights
        return self.consequences(image_weight=of_sample, sample_weight=of_image)

    @mistake("Both weights are divided by 1 − alpha bar of the second step.")
    def forgets_to_normalize(self) -> MistakeValues:
        if not self.sample:
            return None
        of_image, of_sample = (weight * (1 - self.kept) for weight in self.weights)
        return self.consequences(
            image_weight=of_image, sample_weight=of_sample, variance=math.prod(self.betas)
        )

    @mistake("Dividing by the root of alpha only undoes the shrinking; the known image counts too.")
    def undoes_the_second_step(self) -> MistakeValues:
        if not self.sample:
            return None
        return {"mean": self.sample / math.sqrt(1 - self.betas[1]), "variance": self.betas[1]}

    @mistake("The noised value tells something about the step before: do not leave it out.")
    def ignores_the_sample(self) -> MistakeValues:
        if not self.sample:
            return None
        return {"mean": math.sqrt(1 - self.betas[0]) * self.image[0], "variance": self.betas[0]}

    def _scaled(self, factor: float) -> tuple[float, ...]:
        return tuple(factor * value for value in self.image)

    def _walked(self, factors: Callable[[float], tuple[float, float]]) -> dict[str, float]:
        """The samples with other factors of value and noise for a variance."""
        value, samples = self.image[0], {}
        for step, (beta, noise) in enumerate(zip(self.betas, self.noise, strict=True), 1):
            of_value, of_noise = factors(beta)
            value = of_value * value + of_noise * noise
            samples[f"sample_{step}"] = value
        return samples


TERMS = (
    r"$D_\text{KL}\!\left(q(x_T \mid x_0) \,\Vert\, p(x_T)\right)$",
    r"$\sum_{t=2}^T D_\text{KL}\!\left(q(x_{t-1} \mid x_t, x_0) \,\Vert\, p_\theta(x_{t-1} \mid x_t)\right)$",
    r"$-\log p_\theta(x_0 \mid x_1)$",
)
"""The terms of the variational bound: prior, denoising, reconstruction."""
ASKED_TERMS = {
    "prior": "has no learned parameters, so that training leaves it out",
    "denoising": "teaches the network every step back but the last one, to the image itself",
    "reconstruction": "says how well the image itself is made in the last step back",
}


class MarkovAndLoss(Question):
    """What is trained in a diffusion model, and how often the network is called.

    At level 1 the terms of the variational bound and the calls, at level 2 the divergence of two normal
    distributions with its gradient; at level 3 the loss of predicted noise, what it means for the image, and
    the calls for many images.

    Source: Ho, Jain & Abbeel 2020, Denoising diffusion probabilistic models, equations 3, 5, 8, 9 and 14,
    algorithms 1 and 2; Sohl-Dickstein et al. 2015, section 2.4.
    """

    title = "Training and sampling of a diffusion model"
    minutes = {1: 3, 2: 4, 3: 6}

    steps: int
    """How many steps the chain has; 0 where they do not matter."""
    size: tuple[int, int, int]
    """Channels, rows and columns of an image."""
    images: int
    """How many images are made."""
    batch: int
    """How many of them at once."""
    term: str
    """Which term of the bound is asked for; empty for none."""
    target: tuple[float, ...]
    """The mean of the posterior, or the noise."""
    predicted: tuple[float, ...]
    """The mean or noise that the network predicts."""
    deviation: float
    """The standard deviation of both normal distributions; 0 where noise is predicted."""
    alpha_bar: float
    """Of the noised image; 0 where means are predicted."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        target: tuple[float, ...]
        predicted: tuple[float, ...]
        steps, side = rng.choice([50, 100, 200, 250, 400, 500, 1000]), rng.choice([8, 16, 28, 32, 64])
        size, batch = (rng.choice([1, 3, 4]), side, side), rng.choice([2, 4, 5, 8, 10, 16])
        if level == 1:
            return cls(steps, size, batch, batch, rng.choice([*ASKED_TERMS]), (), (), 0, 0)
        if level == 2:
            count = rng.choice([2, 3])
            target = tuple(rng.randint(-3, 4) for _ in range(count))
            predicted = tuple(value + rng.choice([-3, -2, -1, 0, 1, 2, 3]) for value in target)
            deviation = rng.choice([0.5, 2.0, 3.0, 4.0, 5.0])
            return cls(0, size, 1, 1, "", target, predicted, deviation, 0)
        target = tuple(rng.choice([-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2]) for _ in range(rng.choice([3, 4])))
        predicted = tuple(value + rng.choice([-1, -0.5, 0, 0.5, 1]) for value in target)
        images = batch * rng.randint(2, 12) + rng.choice([0, 1, batch // 2])
        return cls(
            steps,
            size,
            images,
            batch,
            "",
            target,
            predicted,
            0,
            rng.choice([0.1, 0.2, 0.36, 0.4, 0.64, 0.8, 0.9]),
        )

    def flaw(self) -> str | None:
        if min(self.size) < 1 or not all(1 <= n <= MOST_STEPS for n in (*self.size, self.images, self.batch)):
            return f"sizes, images and batches go from 1 to {MOST_STEPS}"
        if self.batch > self.images or not 0 <= self.steps <= MOST_STEPS:
            return f"a batch has at most all images, and a chain at most {MOST_STEPS} steps"
        if self.term:
            known = self.term in ASKED_TERMS and self.steps >= 3 and self.images == self.batch
            empty = not (self.target or self.predicted or self.deviation or self.alpha_bar)
            return (
                None if known and empty else f"a term is one of {', '.join(ASKED_TERMS)}, in 3 steps or more"
            )
        if not 2 <= len(self.target) <= 6 or len(self.predicted) != len(self.target):
            return "two to six true and as many predicted values are wanted"
        values = (*self.target, *self.predicted)
        if not bounded(values, LARGEST_VALUE) or any(x != round(x, 2) for x in values):
            return f"values are at most {LARGEST_VALUE:g} and have at most 2 decimals"
        if self.target == self.predicted:
            return "the prediction is perfect"
        if self.deviation and any(x != int(x) for x in values):
            return "means are whole numbers"
        if self.deviation:
            fits = 0.1 <= self.deviation <= LARGEST_VALUE and self.deviation != 1
            return (
                None
                if fits and not self.alpha_bar
                else "the deviation is 0.1 to 100 and not 1, without alpha bar"
            )
        if not 0.01 <= self.alpha_bar <= 0.99 or self.alpha_bar == 0.5:
            return "alpha bar is 0.01 to 0.99 and not a half"
        return None if self.steps >= 3 else "a chain has 3 steps or more"

    @property
    def errors(self) -> tuple[float, ...]:
        """Predicted minus true values."""
        return tuple(b - a for a, b in zip(self.target, self.predicted, strict=True))

    @property
    def squares(self) -> tuple[float, ...]:
        """Their squares."""
        return tuple(error**2 for error in self.errors)

    @property
    def batches(self) -> int:
        """How many batches all images take."""
        return math.ceil(self.images / self.batch)

    @property
    def asked_term(self) -> str:
        """What distinguishes the term that is asked for."""
        return ASKED_TERMS.get(self.term, "")

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms of the bound in LaTeX."""
        return TERMS if self.term else ()

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.term:
            return self._counted()
        if self.deviation:
            return self._diverged(given)
        loss = sum(self.squares) / len(self.squares)
        factor = math.sqrt((1 - self.alpha_bar) / self.alpha_bar)
        keys: dict[str, Answer] = {"loss": Real(loss, 4), "factor": Real(factor, 3)}
        keys["image_loss"] = Real(given("factor", factor) ** 2 * given("loss", loss), 4)
        return keys | {"calls": Integer(self.steps * self.batches)}

    def _counted(self) -> dict[str, Answer]:
        options = (
            Option(text, name == self.term, "" if name == self.term else f"This term {meaning}.")
            for text, (name, meaning) in zip(TERMS, ASKED_TERMS.items(), strict=True)
        )
        return {
            "term": SingleChoice(tuple(options)),
            "divergences": Integer(self.steps - 1),
            "output": Shape((self.batch, *self.size)),
            "calls": Integer(self.steps),
        }

    def _diverged(self, given: Given) -> dict[str, Answer]:
        distance = int(sum(self.squares))
        variance = self.deviation**2
        return {
            "distance": Integer(distance),
            "divergence": Real(given("distance", distance) / (2 * variance), 4),
            "gradient": Vector(tuple(error / variance for error in self.errors), 4),
        }

    @mistake("The network is called once for each step back, not once for an image.")
    def samples_in_one_call(self) -> MistakeValues:
        return {"calls": 1} if self.term else {"calls": self.batches} if self.steps else None

    @mistake("All images of a batch pass through the network in one call.")
    def calls_for_each_image(self) -> MistakeValues:
        return {"calls": self.steps * self.images} if self.steps else None

    @mistake("A batch that is not full needs as many calls as a full one.")
    def drops_the_last_batch(self) -> MistakeValues:
        return {"calls": self.steps * (self.images // self.batch)} if self.alpha_bar else None

    @mistake("The sum begins with t = 2: the step to the image itself has a term of its own.")
    def counts_a_divergence_for_each_step(self) -> MistakeValues:
        return {"divergences": self.steps} if self.term else None

    @mistake("Every pixel of every image has its own noise: the batch belongs to the size.")
    def leaves_out_the_batch(self) -> MistakeValues:
        return {"output": (1, *self.size)} if self.term else None

    @mistake(
        "Two normal distributions of one variance differ by half the squared distance over the variance."
    )
    def forgets_the_half(self) -> MistakeValues:
        return {"divergence": sum(self.squares) / self.deviation**2} if self.deviation else None

    @mistake("The squared distance is divided by the variance, not by the standard deviation.")
    def divides_by_the_deviation(self) -> MistakeValues:
        if not self.deviation:
            return None
        gradient = tuple(error / self.deviation for error in self.errors)
        return {"divergence": sum(self.squares) / (2 * self.deviation), "gradient": gradient}

    @mistake("The squares of the differences are added, without a root.")
    def takes_the_root_of_the_distance(self) -> MistakeValues:
        return self.consequences(distance=math.sqrt(sum(self.squares))) if self.deviation else None

    @mistake("The gradient points to where the divergence grows: away from the true mean.")
    def turns_the_gradient_round(self) -> MistakeValues:
        if not self.deviation:
            return None
        return {"gradient": tuple(-error / self.deviation**2 for error in self.errors)}

    @mistake("The derivative of a square is twice the difference, which cancels the half.")
    def halves_the_gradient(self) -> MistakeValues:
        if not self.deviation:
            return None
        return {"gradient": tuple(error / (2 * self.deviation**2) for error in self.errors)}

    @mistake("The mean squared error is the sum of the squares, divided by their number.")
    def sums_the_squares(self) -> MistakeValues:
        return self.consequences(loss=sum(self.squares)) if self.alpha_bar else None

    @mistake(
        "The error of the noise is multiplied by the root of 1 − alpha bar and divided by that of alpha bar."
    )
    def inverts_the_factor(self) -> MistakeValues:
        if not self.alpha_bar:
            return None
        return self.consequences(factor=math.sqrt(self.alpha_bar / (1 - self.alpha_bar)))

    @mistake("Errors scale by the roots: alpha bar and 1 − alpha bar are variances.")
    def forgets_the_roots(self) -> MistakeValues:
        return self.consequences(factor=(1 - self.alpha_bar) / self.alpha_bar) if self.alpha_bar else None

    @mistake("A squared error is multiplied by the square of the factor.")
    def multiplies_by_the_factor_once(self) -> MistakeValues:
        if not self.alpha_bar:
            return None
        loss = sum(self.squares) / len(self.squares)
        return {"image_loss": math.sqrt((1 - self.alpha_bar) / self.alpha_bar) * loss}
