"""Ridge regression: in closed form, as a MAP estimate, and by gradient descent."""

from __future__ import annotations

import math
from random import Random
from typing import Self

from ...answers import Answer, Matrix, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import determinant, dot, matmul, solved, transposed
from .regression import Values, drawn_targets

LARGEST_ENTRY = 10
"""Of features, targets and penalties."""
TRIES = 100
"""So many data are tried until the weights have few decimals or features are orthogonal."""
VARIANCES = (0.25, 0.5, 1.0, 2.0, 4.0)


class RidgeMap(Question):
    """Ridge regression in closed form, and the prior that it stands for.

    At level 1 one feature is given, at level 2 two orthogonal ones with the factors by which their weights
    shrink, at level 3 the variances of noise and prior, features that are not orthogonal, or a bias that is
    not penalised.

    Source: Bishop 2006, Pattern Recognition and Machine Learning, sections 3.1.4 and 3.3.1; Hastie,
    Tibshirani & Friedman 2009, The Elements of Statistical Learning, section 3.4.1.
    """

    title = "Ridge regression"
    minutes = {1: 2, 2: 5, 3: 7}

    form: str
    """`single` feature, `orthogonal` ones, `prior` for orthogonal ones and variances, `full`, or `bias`."""
    features: tuple[tuple[int, ...], ...]
    """A row for each example."""
    targets: tuple[int, ...]
    penalty: int
    """The factor λ of the squared norm of the weights; 0 where it is asked."""
    noise: float
    """The variance of the noise; 0 where λ is given."""
    prior: float
    """The variance of each weight under the prior; 0 where λ is given."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        form = {1: "single", 2: "orthogonal", 3: rng.choice(["prior", "full", "bias"])}[level]
        size = 4 if form == "bias" else 3
        for _ in range(TRIES):
            rows = _drawn_rows(rng, form, size)
            targets = drawn_targets(rng, rows)
            penalty = 0 if form == "prior" else rng.randint(1, 2 + level)
            noise, prior = rng.sample(VARIANCES, 2) if form == "prior" else (0.0, 0.0)
            question = cls(form, rows, targets, penalty, noise, prior)
            if question.is_friendly:
                break
        return question

    @property
    def is_friendly(self) -> bool:
        """Whether the weights have few decimals, or the features are orthogonal."""
        if not all(map(any, self.features)):
            return False
        if self.form in {"orthogonal", "prior"}:
            return self.orthogonal and 0.25 <= self.ratio <= 8
        divisible = {"single": 100, "full": 10**4, "bias": 10**4}[self.form]
        return divisible % self.divisor == 0

    def flaw(self) -> str | None:
        columns = {"single": 1, "orthogonal": 2, "prior": 2, "full": 2, "bias": 1}
        if self.form not in columns:
            return f"form is one of {', '.join(columns)}"
        if not 2 <= self.size <= 5 or {*map(len, self.features)} != {columns[self.form]}:
            return "two to five examples of two features, or of one for single and bias, are wanted"
        if len(self.features) != self.size:
            return "each example needs a target"
        if not all(abs(entry) <= LARGEST_ENTRY for row in (*self.features, self.targets) for entry in row):
            return f"features and targets go from -{LARGEST_ENTRY} to {LARGEST_ENTRY}"
        if self.form == "prior":
            if self.penalty or not {self.noise, self.prior} <= {*VARIANCES}:
                return f"variances are given, each of {', '.join(map(str, VARIANCES))}, and the penalty is 0"
            if not 0.25 <= self.ratio <= 8 or self.ratio == 1:
                return "the variances are equal, or differ too much"
        elif not 1 <= self.penalty <= LARGEST_ENTRY or self.noise or self.prior:
            return f"a penalty from 1 to {LARGEST_ENTRY} is given, and no variances"
        return self._fit_flaw()

    def _fit_flaw(self) -> str | None:
        if not determinant(self.gram):
            return "without a penalty there are many solutions"
        if self.form in {"orthogonal", "prior", "full"} and self.orthogonal == (self.form == "full"):
            return "the features are to be orthogonal, but for full not"
        weights = (*self.unpenalised, *self.weights)
        return "a weight is nearly zero" if min(map(abs, weights)) < 0.05 else None

    @property
    def size(self) -> int:
        """The number of examples."""
        return len(self.targets)

    @property
    def design(self) -> tuple[tuple[int, ...], ...]:
        """The matrix X; where there is a bias, with a first column of ones."""
        return tuple((1, *row) for row in self.features) if self.form == "bias" else self.features

    @property
    def gram(self) -> tuple[Values, ...]:
        """The matrix XᵀX."""
        return matmul(transposed(self.design), self.design)

    @property
    def squares(self) -> Values:
        """The squared norms of the columns of X."""
        return tuple(row[k] for k, row in enumerate(self.gram))

    @property
    def orthogonal(self) -> bool:
        """Whether there are two features with the inner product 0, neither of them 0."""
        return len(self.gram) == 2 and self.gram[0][1] == 0 and all(self.squares)

    @property
    def moments(self) -> Values:
        """The vector Xᵀy."""
        return tuple(dot(column, self.targets) for column in transposed(self.design))

    @property
    def ratio(self) -> float:
        """The factor of the squared norm: given, or the variance of the noise over that of the prior."""
        return self.noise / self.prior if self.prior else float(self.penalty)

    @property
    def divisor(self) -> int:
        """The determinant of the system with the penalty."""
        return round(determinant(self._system(self.penalty)))

    @property
    def system(self) -> tuple[Values, ...]:
        """XᵀX with the penalty on its diagonal, but not on the bias."""
        return self._system(self.ratio)

    def _system(self, penalty: float, of_bias: float = 0) -> tuple[Values, ...]:
        added = [of_bias if self.form == "bias" and k == 0 else penalty for k in range(len(self.gram))]
        return tuple(
            tuple(entry + added[k] * (k == j) for j, entry in enumerate(row))
            for k, row in enumerate(self.gram)
        )

    def _fitted(self, penalty: float, of_bias: float = 0) -> Values:
        return solved(self._system(penalty, of_bias), self.moments)

    @property
    def weights(self) -> Values:
        """The weights of ridge regression, a bias first."""
        return self._fitted(self.ratio)

    @property
    def unpenalised(self) -> Values:
        """The weights of least squares, a bias first."""
        return self._fitted(0)

    @property
    def factors(self) -> Values:
        """What the penalty multiplies each least-squares weight by if features are orthogonal."""
        return self._factors(self.ratio)

    def _factors(self, penalty: float) -> Values:
        return tuple(square / (square + penalty) for square in self.squares)

    @property
    def means(self) -> tuple[float, float]:
        """The means of the first feature and of the targets."""
        return sum(row[0] for row in self.features) / self.size, sum(self.targets) / self.size

    @property
    def centred(self) -> tuple[float, float]:
        """Sums of the products and of the squares of the first feature, about the means."""
        pairs = [(x - self.means[0], y - self.means[1]) for x, y in self.points]
        return sum(x * y for x, y in pairs), sum(x * x for x, _ in pairs)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "single":
            return {"w": Real(self.weights[0], 2)}
        if self.form == "bias":
            slope, (x, y) = self.weights[1], self.means
            return {"w": Real(slope, 3), "b": Real(y - given("w", slope) * x, 3)}
        if self.form == "orthogonal":
            own = zip(given("least_squares", self.unpenalised), given("factors", self.factors), strict=True)
            return {
                "least_squares": Vector(self.unpenalised, 3),
                "factors": Vector(self.factors, 3),
                "weights": Vector(tuple(weight * factor for weight, factor in own), 3),
            }
        if self.form == "prior":
            weights = self._fitted(given("penalty", self.ratio))
            return {"penalty": Real(self.ratio, 3), "weights": Vector(weights, 3)}
        weights = solved(given("system", self.system), given("moments", self.moments))
        return {
            "system": Matrix(tuple(tuple(map(int, row)) for row in self.system)),
            "moments": Vector(self.moments),
            "weights": Vector(weights, 3),
        }

    def _with(self, weights: Values) -> MistakeValues:
        """Wrong weights, a bias first."""
        if self.form == "single":
            return {"w": weights[0]}
        return {"b": weights[0], "w": weights[1]} if self.form == "bias" else {"weights": weights}

    def _by_penalty(self, penalty: float) -> MistakeValues:
        """What another λ leads to."""
        if self.form == "orthogonal":
            return self.consequences(factors=self._factors(penalty))
        if self.form == "full":
            return self.consequences(system=self._system(penalty))
        return self._with(self._fitted(penalty))

    @mistake("These are the weights of least squares: the penalty adds λ to the diagonal of XᵀX.")
    def no_regulariser(self) -> MistakeValues:
        return self._with(self.unpenalised)

    @mistake("The squared errors are added, not averaged: λ is not multiplied by the number of examples.")
    def lambda_times_n(self) -> MistakeValues:
        return self._by_penalty(self.size * self.ratio)

    @mistake("The factor 2 of the derivative belongs to both terms and cancels: add λ, not 2λ.")
    def lambda_doubled(self) -> MistakeValues:
        return self._by_penalty(2 * self.ratio)

    @mistake("λ is added to the diagonal of XᵀX only, not to its other entries.")
    def adds_lambda_to_all_entries(self) -> MistakeValues:
        if len(self.gram) == 1 or self.form == "bias":
            return None
        system = tuple(tuple(entry + self.ratio for entry in row) for row in self.gram)
        if self.form == "full":
            return self.consequences(system=system)
        return {"weights": solved(system, self.moments)}

    @mistake("A weak prior, with a large variance, penalises little: λ is σ²/τ², not τ²/σ².")
    def lambda_inverted(self) -> MistakeValues:
        return self.consequences(penalty=1 / self.ratio) if self.form == "prior" else None

    @mistake("λ is the quotient of the variances, σ²/τ², not their product.")
    def lambda_as_product(self) -> MistakeValues:
        return self.consequences(penalty=self.noise * self.prior) if self.form == "prior" else None

    @mistake("σ² and τ² are the variances already: do not take their roots.")
    def ratio_of_deviations(self) -> MistakeValues:
        return self.consequences(penalty=math.sqrt(self.ratio)) if self.form == "prior" else None

    @mistake("The one half stands in the logarithms of both normal densities, and cancels.")
    def lambda_halved(self) -> MistakeValues:
        return self.consequences(penalty=self.ratio / 2) if self.form == "prior" else None

    @mistake("The penalty shrinks the weights: the factor is d/(d + λ), which is below 1.")
    def factors_upside_down(self) -> MistakeValues:
        if self.form != "orthogonal":
            return None
        return self.consequences(factors=tuple(1 / factor for factor in self.factors))

    @mistake("This is what the penalty takes away from each weight; d/(d + λ) is what is left of it.")
    def factors_complemented(self) -> MistakeValues:
        if self.form != "orthogonal":
            return None
        return self.consequences(factors=tuple(1 - factor for factor in self.factors))

    @mistake("The bias is not penalised: as the weight of a column of ones it would be.")
    def penalises_bias(self) -> MistakeValues:
        return self._with(self._fitted(self.ratio, of_bias=self.ratio)) if self.form == "bias" else None

    @mistake("The slope must be found together with the bias: subtract the means first.")
    def no_bias_column(self) -> MistakeValues:
        if self.form != "bias":
            return None
        return self.consequences(w=self.moments[1] / (self.gram[1][1] + self.ratio))

    @property
    def lines(self) -> tuple[tuple[tuple[float, float], ...], ...]:
        """Of one feature, the lines of ridge regression and of least squares."""
        x = [row[0] for row in self.features]
        low, high = min(0, *x) - 0.5, max(0, *x) + 0.5
        fits = ((0.0, *weights)[-2:] for weights in (self.weights, self.unpenalised))
        return tuple(((low, bias + slope * low), (high, bias + slope * high)) for bias, slope in fits)

    @property
    def points(self) -> tuple[tuple[int, int], ...]:
        """The first feature and the target of each example."""
        return tuple((row[0], target) for row, target in zip(self.features, self.targets, strict=True))


def _drawn_rows(rng: Random, form: str, size: int) -> tuple[tuple[int, ...], ...]:
    if form in {"single", "bias"}:
        return tuple((x,) for x in sorted(rng.sample([x for x in range(-3, 6) if x], size)))
    return tuple((rng.randint(-3, 3), rng.randint(-3, 3)) for _ in range(size))
