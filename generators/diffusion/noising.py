"""The forward process of a diffusion model: its noise schedule, and samples in one jump."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from operator import mul
from random import Random
from typing import Self

from ...answers import Answer, Integer, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import bounded

MOST_STEPS = 1_000
MOST_LISTED = 6
LARGEST_VALUE = 100.0
TENTHS = tuple(k / 10 for k in range(1, 7))
HUNDREDTHS = (0.04, 0.05, 0.1, 0.15, 0.19, 0.2, 0.25, 0.3, 0.36, 0.4, 0.51)
FRIENDLY = (
    (0.1, 0.2, 0.5),
    (0.2, 0.5, 0.1),
    (0.5, 0.1, 0.2),
    (0.1, 0.6),
    (0.4, 0.4),
    (0.2, 0.55),
    (0.2, 0.2),
)
"""Schedules whose alpha bar and its rest, 0.36 and 0.64 or the other way round, have simple roots."""


class AlphaBar(Question):
    """What a noise schedule leaves of the image after some steps.

    At level 1 the schedule is a list, at level 2 it is linear and the factors of image and noise are asked;
    at level 3 it is constant with a step to be found, or it is read off from its alpha bars.

    Source: Ho, Jain & Abbeel 2020, Denoising diffusion probabilistic models, section 2, equation 4, and
    section 4; Kingma et al. 2021, Variational diffusion models, section 3.1, for the signal-to-noise ratio.
    """

    title = "Noise schedule"
    minutes = {1: 3, 2: 4, 3: 5}

    betas: tuple[float, ...]
    """The variances of a listed schedule; none of a linear or constant one."""
    ends: tuple[float, float]
    """The first and the last variance of a linear or constant schedule; zeros of a listed one."""
    steps: int
    """Of a linear or constant schedule; 0 of a listed one."""
    asked: int
    """The step that is asked for; 0 of a listed schedule, where all are."""
    threshold: float
    """Below which alpha bar falls at the step that is to be found; 0 where none is."""
    inverse: bool
    """Whether the alpha bars of a listed schedule are given."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            betas = rng.sample(TENTHS, 3) if rng.random() < 0.4 else rng.sample(HUNDREDTHS, 2)
            return cls(tuple(sorted(betas)), (0, 0), 0, 0, 0, inverse=False)
        if level == 2:
            steps, first, slope = rng.randint(4, 11), rng.randint(1, 10), rng.choice([1, 2, 3, 4, 5])
            ends = first / 100, (first + slope * (steps - 1)) / 100
            return cls((), ends, steps, rng.choice([3, 3, 4]), 0, inverse=False)
        if rng.random() < 0.5:
            betas = sorted(rng.choices(TENTHS, k=rng.choice([3, 4])))
            return cls(tuple(betas), (0, 0), 0, 0, 0, inverse=True)
        beta = rng.choice([0.01, 0.02, 0.03, 0.04, 0.05, 0.1, 0.2])
        threshold = rng.choice([0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5])
        asked = round(math.log(rng.uniform(0.25, 0.8)) / math.log(1 - beta))
        return cls((), (beta, beta), 1000, max(2, asked), threshold, inverse=False)

    def flaw(self) -> str | None:
        if self.betas:
            if not 2 <= len(self.betas) <= MOST_LISTED or self.ends != (0, 0) or self.steps or self.asked:
                return f"a listed schedule has 2 to {MOST_LISTED} variances and nothing else"
            rest = self.betas
        else:
            if self.inverse or not 3 <= self.steps <= MOST_STEPS or not 2 <= self.asked <= self.steps:
                return f"a schedule has 3 to {MOST_STEPS} steps, of which one from the second on is asked"
            rest = self.ends
        if not all(0 < beta < 1 and beta == round(beta, 4) for beta in rest):
            return "variances lie strictly between 0 and 1 and have at most 4 decimals"
        if self.inverse and any(a == b for a, b in pairwise(self.betas)) and len({*self.betas}) == 1:
            return "all variances are equal"
        if self.betas or not self.constant:
            return "only a constant schedule has a threshold" if self.threshold else None
        if not 0 < self.threshold < 1 or self.alpha_bars[-1] >= self.threshold:
            return "alpha bar does not fall below the threshold, which lies between 0 and 1"
        nearest = min(abs(bar / self.threshold - 1) for bar in self.alpha_bars)
        if nearest < 1e-9:
            return "alpha bar hits the threshold exactly"
        return None if self.first > 1 else "alpha bar is below the threshold at once"

    @property
    def constant(self) -> bool:
        """Whether all variances are equal, without being listed."""
        return not self.betas and self.ends[0] == self.ends[1]

    @property
    def schedule(self) -> tuple[float, ...]:
        """The variance of each step."""
        if self.betas:
            return self.betas
        start, end = self.ends
        return tuple(start + step * (end - start) / (self.steps - 1) for step in range(self.steps))

    @property
    def alphas(self) -> tuple[float, ...]:
        """What each step keeps of the variance."""
        return tuple(1 - beta for beta in self.schedule)

    @property
    def alpha_bars(self) -> tuple[float, ...]:
        """What is kept from the first step on."""
        return tuple(accumulate(self.alphas, mul))

    @property
    def first(self) -> int:
        """The step at which alpha bar falls below the threshold of a constant schedule."""
        return math.floor(self.quotient) + 1

    @property
    def decimals(self) -> int:
        """That alpha bars of a listed schedule need, at most 4."""
        return min(4, len(self.betas) * (1 if all(beta == round(beta, 1) for beta in self.betas) else 2))

    @property
    def quotient(self) -> float:
        """The steps, not rounded, until alpha bar of a constant schedule is at the threshold; or 0."""
        return math.log(self.threshold) / math.log(1 - self.ends[0]) if self.threshold else 0

    @property
    def curve(self) -> list[tuple[float, float]]:
        """Alpha bar as a function of the step."""
        last = min(self.steps, 2 * max(self.first, self.asked)) if self.threshold else len(self.schedule)
        return [(0.0, 1.0), *((step, bar) for step, bar in enumerate(self.alpha_bars[:last], 1))]

    @property
    def curves(self) -> list[dict[str, object]]:
        """The same with the threshold, to be drawn."""
        falling: dict[str, object] = {"points": self.curve}
        level = [(0.0, self.threshold), (self.curve[-1][0], self.threshold)]
        return [falling, {"points": level, "label": f"{self.threshold}"}] if self.threshold else [falling]

    @property
    def marks(self) -> list[tuple[float, float]]:
        """What is asked, as points of the drawing."""
        if self.betas:
            return self.curve
        return [self.curve[step] for step in (self.asked, *[self.first] * (self.threshold > 0))]

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.inverse:
            return self._read_off(given)
        if self.betas:
            return self._listed(given)
        return self._constant(given) if self.threshold else self._linear(given)

    def _listed(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {}
        bar = 1.0
        for step, alpha in enumerate(self.alphas, 1):
            bar *= given(f"alpha_{step}", alpha)
            keys[f"alpha_{step}"] = Real(alpha, 2)
            keys[f"alpha_bar_{step}"] = Real(bar, self.decimals)
            bar = given(f"alpha_bar_{step}", bar)
        return keys

    def _linear(self, given: Given) -> dict[str, Answer]:
        beta = self.schedule[self.asked - 1]
        bar = math.prod(self.alphas[: self.asked - 1]) * (1 - given("beta", beta))
        keys: dict[str, Answer] = {"beta": Real(beta, 3), "alpha_bar": Real(bar, 4)}
        bar = given("alpha_bar", bar)
        return keys | {"signal": Real(math.sqrt(bar), 3), "noise": Real(math.sqrt(1 - bar), 3)}

    def _constant(self, given: Given) -> dict[str, Answer]:
        bar = (1 - self.ends[0]) ** self.asked
        own = given("alpha_bar", bar)
        return {
            "alpha_bar": Real(bar, 4),
            "ratio": Real(own / (1 - own), 2),
            "first": Integer(self.first),
        }

    def _read_off(self, given: Given) -> dict[str, Answer]:
        bars = self.alpha_bars
        betas = {f"beta_{step}": Real(beta, 2) for step, beta in enumerate(self.betas, 1)}
        return {**betas, "ratio": Real(bars[-1] / (1 - bars[-1]), 3)}

    @mistake("Variances do not multiply: alpha bar is the product of the alphas, 1 − beta each.")
    def multiplies_betas(self) -> MistakeValues:
        return self._with_bars(math.prod)

    @mistake("Each step keeps a part of what is left: the alphas multiply, the betas do not add up.")
    def adds_betas(self) -> MistakeValues:
        return self._with_bars(lambda betas: 1 - sum(betas))

    @mistake("Alpha bar collects all steps from the first on, not only the last one.")
    def takes_the_last_alpha(self) -> MistakeValues:
        return self._with_bars(lambda betas: 1 - betas[-1])

    @mistake("Alpha bar of step t has t factors: the last one, alpha of step t, is missing.")
    def leaves_out_the_last_factor(self) -> MistakeValues:
        return self._with_bars(lambda betas: math.prod(1 - beta for beta in betas[:-1]))

    @mistake("Alpha bar of step t has t factors: this is one too many.")
    def takes_one_factor_too_many(self) -> MistakeValues:
        if self.betas or self.asked == self.steps:
            return None
        return self.consequences(alpha_bar=self.alpha_bars[self.asked])

    @mistake("Image and noise are multiplied by roots: alpha bar and 1 − alpha bar are variances.")
    def forgets_the_roots(self) -> MistakeValues:
        if self.betas or self.threshold:
            return None
        bar = self.alpha_bars[self.asked - 1]
        return {"signal": bar, "noise": 1 - bar}

    @mistake(
        "From the first to the last step there are T − 1 equal increments: step t has made t − 1 of them."
    )
    def counts_increments_from_zero(self) -> MistakeValues:
        if self.betas or self.threshold:
            return None
        start, end = self.ends
        betas = [start + step * (end - start) / self.steps for step in range(1, self.asked + 1)]
        return self.consequences(beta=betas[-1], alpha_bar=math.prod(1 - beta for beta in betas))

    @mistake("The ratio is of variances: alpha bar, divided by 1 − alpha bar.")
    def divides_the_roots(self) -> MistakeValues:
        return {"ratio": math.sqrt(self._ratio)} if self._ratio else None

    @mistake("The signal is divided by the noise, not the other way round.")
    def inverts_the_ratio(self) -> MistakeValues:
        return {"ratio": 1 / self._ratio} if self._ratio else None

    @mistake("The ratio compares alpha bar with 1 − alpha bar, not with 1.")
    def takes_alpha_bar_as_the_ratio(self) -> MistakeValues:
        return {"ratio": self._ratio / (1 + self._ratio)} if self._ratio else None

    @mistake("After so many steps alpha bar is not yet below the threshold: the quotient is rounded up.")
    def stops_one_step_early(self) -> MistakeValues:
        return {"first": self.first - 1} if self.threshold else None

    @mistake("Alpha bar falls by a factor in each step, not by the same amount.")
    def falls_by_the_same_amount(self) -> MistakeValues:
        if not self.threshold:
            return None
        return {"first": math.floor((1 - self.threshold) / self.ends[0]) + 1}

    @mistake("1 − alpha bar collects the noise of all steps; beta is what the last one adds: divide first.")
    def takes_the_rest_of_alpha_bar(self) -> MistakeValues:
        return self._with_betas(lambda before, bar: 1 - bar)

    @mistake("A step keeps a share of what was left: divide the alpha bars, do not subtract them.")
    def subtracts_alpha_bars(self) -> MistakeValues:
        return self._with_betas(lambda before, bar: before - bar)

    @mistake("The quotient of two alpha bars is alpha; beta is what is missing to 1.")
    def gives_alphas(self) -> MistakeValues:
        return self._with_betas(lambda before, bar: bar / before)

    @property
    def _ratio(self) -> float:
        """The signal-to-noise ratio where it is asked."""
        ratio = self.answer().get("ratio")
        return ratio.value if isinstance(ratio, Real) else 0

    def _with_bars(self, bar: Callable[[Sequence[float]], float]) -> MistakeValues:
        """What follows from another rule for alpha bar, given the variances up to a step."""
        if self.inverse:
            return None
        if not self.betas:
            wrong = bar(self.schedule[: self.asked])
            return self.consequences(alpha_bar=wrong) if 0 < wrong < 1 else {"alpha_bar": wrong}
        steps = range(1, len(self.betas) + 1)
        return {f"alpha_bar_{step}": bar(self.betas[:step]) for step in steps}

    def _with_betas(self, beta: Callable[[float, float], float]) -> MistakeValues:
        """What another rule makes of the alpha bars before and after each step."""
        if not self.inverse:
            return None
        pairs = pairwise((1.0, *self.alpha_bars))
        return {f"beta_{step}": beta(*pair) for step, pair in enumerate(pairs, 1)}


class ForwardSample(Question):
    """A noised image in one jump, and what can be found from it.

    At level 1 alpha bar is given, at level 2 the variances of the steps; at level 3 the image is estimated
    from a predicted noise, or the noise or the variance of noised data is asked.

    Source: Ho, Jain & Abbeel 2020, Denoising diffusion probabilistic models, equations 4, 9, 14 and 15.
    """

    title = "Noised image in one jump"
    minutes = {1: 3, 2: 5, 3: 6}

    betas: tuple[float, ...]
    """The variance of each step; none where alpha bar is given."""
    given_alpha_bar: float
    """0 where the variances of the steps are given."""
    image: tuple[float, ...]
    """The values of the image, or the mean of the data."""
    noise: tuple[float, ...]
    """From a standard normal distribution; none where the variance of data is asked."""
    predicted: tuple[float, ...]
    """The noise that a network predicts, where the image is estimated."""
    spread: float
    """The variance of the data, where that of noised data is asked."""
    asked: str
    """`sample`, `estimate`, `noise` or `variance`."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        count = rng.choice([2, 2, 3])
        image = tuple(rng.choice([-3, -2, -1, 0, 1, 2, 3]) for _ in range(count))
        noise = tuple(rng.choice([-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2]) for _ in range(count))
        if level == 1:
            return cls((), rng.choice([0.36, 0.64, 0.9216]), image, noise, (), 0, "sample")
        if level == 2:
            betas = tuple(sorted(rng.sample(TENTHS[:5], 3)))
            return cls(betas, 0, image, noise, (), 0, "sample")
        asked, betas = rng.choice(["estimate", "noise", "variance"]), rng.choice(FRIENDLY)
        if asked == "noise":
            return cls(betas, 0, image, noise, (), 0, asked)
        if asked == "estimate":
            predicted = tuple(value + rng.choice([-1, -0.5, 0.5, 1]) for value in noise)
            return cls(betas, 0, image, noise, predicted, 0, asked)
        betas = tuple(sorted(rng.sample(TENTHS, rng.choice([2, 3]))))
        spread = rng.choice([0.25, 0.5, 2.0, 3.0, 4.0, 5.0, 9.0])
        return cls(betas, 0, (rng.choice([-4, -2, -1, 1, 2, 3, 5]),), (), (), spread, asked)

    def flaw(self) -> str | None:
        if self.asked not in {"sample", "estimate", "noise", "variance"}:
            return "asked is sample, estimate, noise or variance"
        if bool(self.betas) == bool(self.given_alpha_bar) or len(self.betas) > MOST_LISTED:
            return f"alpha bar or one to {MOST_LISTED} variances are given"
        shares = self.betas or (self.given_alpha_bar,)
        if not all(0 < share < 1 and share == round(share, 4) for share in shares):
            return "variances and alpha bar lie strictly between 0 and 1 and have at most 4 decimals"
        if not 1 <= len(self.image) <= 4 or not bounded(
            (*self.image, *self.noise, *self.predicted), LARGEST_VALUE
        ):
            return f"an image has one to four values of at most {LARGEST_VALUE:g}"
        if any(value != round(value, 2) for value in (*self.image, *self.noise, *self.predicted)):
            return "values have at most 2 decimals"
        wanted = (
            0 if self.asked == "variance" else len(self.image),
            len(self.image) * (self.asked == "estimate"),
        )
        if (len(self.noise), len(self.predicted)) != wanted:
            return "each value of the image has a noise, and a predicted one where the image is estimated"
        if (self.asked == "variance") != bool(self.spread) or not 0 <= self.spread <= LARGEST_VALUE:
            return "the variance of the data is positive where it is asked, and otherwise not given"
        if self.asked in {"estimate", "noise"} and self.sample != tuple(round(x, 4) for x in self.sample):
            return "the noised image has more than 4 decimals"
        if self.asked == "variance":
            return "noising leaves a variance of 1" if self.spread == 1 else None
        if self.predicted == self.noise or not any(self.image):
            return "the prediction is perfect, or the image is zero"
        return None

    @property
    def alpha_bar(self) -> float:
        """What is kept of the variance in all steps."""
        return _clean(self.given_alpha_bar or math.prod(1 - beta for beta in self.betas))

    @property
    def signal(self) -> float:
        """The factor of the image."""
        return _clean(math.sqrt(self.alpha_bar))

    @property
    def scale(self) -> float:
        """The factor of the noise."""
        return _clean(math.sqrt(1 - self.alpha_bar))

    @property
    def sample(self) -> tuple[float, ...]:
        """The noised image."""
        if self.asked == "variance":
            return ()
        return tuple(_clean(x) for x in _mixed(self.signal, self.image, self.scale, self.noise))

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {"alpha_bar": Real(self.alpha_bar, 4)} if self.betas else {}
        bar = given("alpha_bar", self.alpha_bar)
        signal, scale = math.sqrt(bar), math.sqrt(1 - bar)
        if self.asked == "variance":
            mean, variance = signal * self.image[0], bar * self.spread + 1 - bar
            return keys | {"mean": Real(mean, 3), "variance": Real(variance, 4)}
        if self.asked == "sample":
            decimals = 3 if self.betas else 2
            keys |= {"signal": Real(signal, decimals), "scale": Real(scale, decimals)}
            signal, scale = given("signal", signal), given("scale", scale)
        keys[self.asked] = Vector(self._outcome(signal, scale), 3 if self.asked == "estimate" else 2)
        return keys | ({"loss": Real(sum(self.squares) / len(self.squares), 3)} if self.predicted else {})

    def _outcome(self, signal: float, scale: float) -> tuple[float, ...]:
        """The wanted values by the factors of image and noise."""
        if self.asked == "estimate":
            return _mixed(1 / signal, self.sample, -scale / signal, self.predicted)
        if self.asked == "noise":
            return _mixed(1 / scale, self.sample, -signal / scale, self.image)
        return _mixed(signal, self.image, scale, self.noise)

    @property
    def squares(self) -> tuple[float, ...]:
        """The squared errors of the predicted noise."""
        return tuple((true - guess) ** 2 for true, guess in zip(self.noise, self.predicted, strict=False))

    @mistake(
        "Image and noise are multiplied by the roots of alpha bar and 1 − alpha bar, which are variances."
    )
    def forgets_the_roots(self) -> MistakeValues:
        return self._with(self.alpha_bar, 1 - self.alpha_bar)

    @mistake("The root of alpha bar belongs to the image, that of 1 − alpha bar to the noise.")
    def swaps_the_factors(self) -> MistakeValues:
        return self._with(self.scale, self.signal)

    @mistake("The jump collects all steps: take alpha bar, not the alpha of the last step.")
    def takes_the_last_step(self) -> MistakeValues:
        return self.consequences(alpha_bar=1 - self.betas[-1]) if self.betas else None

    @mistake("The alphas of all steps multiply; the betas do not add up.")
    def adds_betas(self) -> MistakeValues:
        return self.consequences(alpha_bar=1 - sum(self.betas)) if 0 < sum(self.betas) < 1 else None

    @mistake("Alpha bar is the product of the alphas, 1 − beta each, not of the betas.")
    def multiplies_betas(self) -> MistakeValues:
        return self.consequences(alpha_bar=math.prod(self.betas)) if self.betas else None

    @mistake("The noise is scaled too, by the root of 1 − alpha bar.")
    def leaves_the_noise_unscaled(self) -> MistakeValues:
        return self._with(self.signal, 1) if self.asked != "noise" else None

    @mistake("After the noise is subtracted, what is left is still scaled: divide by its factor.")
    def forgets_to_divide(self) -> MistakeValues:
        if self.asked == "estimate":
            return {"estimate": _mixed(1, self.sample, -self.scale, self.predicted)}
        return {"noise": _mixed(1, self.sample, -self.signal, self.image)} if self.asked == "noise" else None

    @mistake("The scaled noise was added; to find the image, subtract it.")
    def adds_the_noise_once_more(self) -> MistakeValues:
        if self.asked != "estimate":
            return None
        return {"estimate": _mixed(1 / self.signal, self.sample, self.scale / self.signal, self.predicted)}

    @mistake("The estimate takes the predicted noise; the true one would give the image itself.")
    def takes_the_true_noise(self) -> MistakeValues:
        return {"estimate": self.image} if self.asked == "estimate" else None

    @mistake("The loss is the mean of the squared errors: divide their sum by their number.")
    def sums_squared_errors(self) -> MistakeValues:
        return {"loss": sum(self.squares)} if self.predicted else None

    @mistake("The loss is the mean squared error, without a root.")
    def takes_the_root_of_the_loss(self) -> MistakeValues:
        return {"loss": math.sqrt(sum(self.squares) / len(self.squares))} if self.predicted else None

    @mistake("The noise adds its own variance, 1 − alpha bar.")
    def forgets_the_variance_of_noise(self) -> MistakeValues:
        return {"variance": self.alpha_bar * self.spread} if self.spread else None

    @mistake(
        "A factor enters a variance with its square: the variance of the data is multiplied by alpha bar."
    )
    def multiplies_variances_by_factors(self) -> MistakeValues:
        return {"variance": self.signal * self.spread + self.scale} if self.spread else None

    @mistake("Only data of variance 1 keep their variance.")
    def expects_unit_variance(self) -> MistakeValues:
        return {"variance": 1.0} if self.spread else None

    @mistake("The noise has mean 0, but the image is made smaller by the root of alpha bar.")
    def keeps_the_mean(self) -> MistakeValues:
        return {"mean": self.image[0]} if self.spread else None

    def _with(self, signal: float, scale: float) -> MistakeValues:
        """What follows from other factors of image and noise."""
        if self.asked == "variance":
            return {"mean": signal * self.image[0]}
        if self.asked == "sample":
            return self.consequences(signal=signal, scale=scale)
        return {self.asked: self._outcome(signal, scale)}


def _mixed(a: float, left: Sequence[float], b: float, right: Sequence[float]) -> tuple[float, ...]:
    """The sum of two vectors, each multiplied by a factor."""
    return tuple(a * x + b * y for x, y in zip(left, right, strict=True))


def _clean(number: float) -> float:
    """Without the noise of floating point, for what is printed exactly."""
    return round(number, 12)
