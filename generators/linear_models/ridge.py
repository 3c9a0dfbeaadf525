"""Ridge regression: in closed form, as a MAP estimate, and by gradient descent."""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random
from typing import Self

from ...answers import Answer, Matrix, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, determinant, dot, matmul, solved, transposed
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


class RidgeGdStep(Question):
    """Gradient descent on the objective of ridge regression.

    At level 1 there is one weight and one example, at level 2 there are two of each, at level 3 two steps are
    taken, or the squared errors are averaged while the penalty is not.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, sections 4.5 and 7.1.1; torch.optim.SGD.
    """

    title = "Gradient descent on ridge regression"
    minutes = {1: 2, 2: 5, 3: 8}

    features: tuple[tuple[int, ...], ...]
    """A row for each example."""
    targets: tuple[int, ...]
    start: tuple[float, ...]
    """The weights before the first step, in halves."""
    rate: float
    penalty: int
    """The factor λ of the squared norm of the weights."""
    averaged: bool
    """Whether the squared errors are averaged over the examples."""
    steps: int

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        averaged = level == 3 and rng.random() < 0.5
        steps, most = (2, 2) if level == 3 and not averaged else (1, 3)
        width, size = {1: (1, 1), 2: (2, 2), 3: (2, 3 if averaged else 2)}[level]
        places = [entry for entry in range(-most, most + 1) if entry or level > 1]
        rows = tuple(tuple(rng.choice(places) for _ in range(width)) for _ in range(size))
        targets = tuple(rng.randint(-3, 3) for _ in range(size))
        start = tuple(rng.choice([w / 2 for w in range(-4, 5) if w or level > 1]) for _ in range(width))
        rate = rng.choice([0.025, 0.05] if level == 2 else [0.05, 0.1])
        penalty = rng.choice({1: [0, 1, 1, 2], 2: [1, 2], 3: [1, 2, 3]}[level])
        return cls(rows, targets, start, rate, penalty, averaged, steps)

    def flaw(self) -> str | None:
        if not 1 <= self.size <= 4 or len(self.features) != self.size or not 1 <= self.width <= 2:
            return "one to four examples with a target each, and one or two weights are wanted"
        if {*map(len, self.features)} != {self.width}:
            return "each example has a feature for each weight"
        if not all(abs(entry) <= LARGEST_ENTRY for row in (*self.features, self.targets) for entry in row):
            return f"features and targets go from -{LARGEST_ENTRY} to {LARGEST_ENTRY}"
        if not all(abs(weight) <= 5 and weight * 2 == round(weight * 2) for weight in self.start):
            return "the weights start at halves from -5 to 5"
        if not 0.001 <= self.rate <= 1 or abs(self.rate - round(self.rate, 3)) > 1e-12:
            return "the rate goes from 0.001 to 1, with three decimals"
        if not 0 <= self.penalty <= LARGEST_ENTRY or not 1 <= self.steps <= 3:
            return f"the penalty goes from 0 to {LARGEST_ENTRY}, and there are one to three steps"
        if not all(map(any, self.features)) or not any(self.start):
            return "an example has no feature but 0, or all weights start at 0"
        if self.averaged and self.size == 1:
            return "an average takes two examples"
        if self.width == 2 and not determinant(self.hessian):
            return "the objective has many minima"
        return self._walk_flaw()

    def _walk_flaw(self) -> str | None:
        gradients = [gradient for _, gradient, _ in self.walk]
        if any(abs(entry) < 0.1 for gradient in gradients for entry in gradient):
            return "an entry of a gradient is nearly zero"
        heights = [self._excess(weights) for weights in self.path]
        if self.width == 2 and min(heights) < 1e-6:
            return "a step ends at the minimum"
        if any(after > before + 1e-9 for before, after in pairwise(heights)):
            return "a step raises the objective"
        return None

    @property
    def size(self) -> int:
        """The number of examples."""
        return len(self.targets)

    @property
    def width(self) -> int:
        """The number of weights."""
        return len(self.start)

    @property
    def scale(self) -> float:
        """The factor of the squared errors."""
        return 1 / self.size if self.averaged else 1

    @property
    def hessian(self) -> tuple[Values, ...]:
        """The second derivatives of the objective."""
        gram = matmul(transposed(self.features), self.features)
        return tuple(
            tuple(2 * self.scale * entry + 2 * self.penalty * (k == j) for j, entry in enumerate(row))
            for k, row in enumerate(gram)
        )

    @property
    def minimum(self) -> Values:
        """The weights of the least objective."""
        moments = (dot(column, self.targets) for column in transposed(self.features))
        return solved(self.hessian, tuple(2 * self.scale * moment for moment in moments))

    def residuals(self, weights: Row) -> Values:
        """The targets minus the predictions."""
        return tuple(y - dot(row, weights) for row, y in zip(self.features, self.targets, strict=True))

    def _gradient(self, weights: Row, data: float = 1, penalty: float = 1) -> Values:
        """The gradient, or a wrong one with other factors of its two terms."""
        products = (dot(column, self.residuals(weights)) for column in transposed(self.features))
        return tuple(
            -2 * self.scale * data * product + 2 * self.penalty * penalty * weight
            for product, weight in zip(products, weights, strict=True)
        )

    def _stepped(self, weights: Row, gradient: Row, rate: float) -> Values:
        return tuple(weight - rate * slope for weight, slope in zip(weights, gradient, strict=True))

    @property
    def walk(self) -> tuple[tuple[Values, Values, Values], ...]:
        """Of each step the weights before it, the gradient, and the weights after it."""
        steps: list[tuple[Values, Values, Values]] = []
        weights = self.start
        for _ in range(self.steps):
            gradient = self._gradient(weights)
            steps.append((weights, gradient, self._stepped(weights, gradient, self.rate)))
            weights = steps[-1][2]
        return tuple(steps)

    def follow(self, given: Given) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        weights = self.start
        for step in range(1, self.steps + 1):
            gradient = self._gradient(weights)
            own = _row(given(f"gradient{step}", _entry(gradient)))
            new = self._stepped(weights, own, self.rate)
            answers |= {f"gradient{step}": _key(gradient), f"weights{step}": _key(new)}
            weights = _row(given(f"weights{step}", _entry(new)))
        return answers

    def _descended(self, data: float = 1, penalty: float = 1, rate: float | None = None) -> MistakeValues:
        """All blanks for a wrong gradient or rate."""
        values: dict[str, Values | float] = {}
        weights = self.start
        for step in range(1, self.steps + 1):
            gradient = self._gradient(weights, data, penalty)
            weights = self._stepped(weights, gradient, self.rate if rate is None else rate)
            values |= {f"gradient{step}": _entry(gradient), f"weights{step}": _entry(weights)}
        return values

    @mistake(
        "The residuals are y − Xβ, so that their squares have the derivative −2Xᵀ(y − Xβ), with a minus."
    )
    def sign_flip(self) -> MistakeValues:
        return self._descended(data=-1)

    @mistake("The derivative of a square has the factor 2, in the errors and in the penalty.")
    def drops_factor_2(self) -> MistakeValues:
        return self._descended(data=0.5, penalty=0.5)

    @mistake("The penalty has a gradient too, 2λβ, which shrinks the weights in each step.")
    def forgets_shrink(self) -> MistakeValues:
        return self._descended(penalty=0)

    @mistake("The derivative of λβ² is 2λβ, with the factor 2.")
    def penalty_without_2(self) -> MistakeValues:
        return self._descended(penalty=0.5)

    @mistake("The gradient of the penalty is taken at the weights before the step, not after it.")
    def decay_after(self) -> MistakeValues:
        gradient = self._gradient(self.start, penalty=0)
        moved = self._stepped(self.start, gradient, self.rate)
        shrunk = tuple((1 - 2 * self.rate * self.penalty) * weight for weight in moved)
        return self.consequences(weights1=_entry(shrunk))

    @mistake("A step goes against the gradient: subtract it.")
    def ascent(self) -> MistakeValues:
        return self._descended(rate=-self.rate)

    @mistake("Multiply the gradient by the learning rate {rate} before it is subtracted.")
    def forgets_rate(self) -> MistakeValues:
        return self._descended(rate=1)

    @mistake("The squared errors are averaged: divide their sum by the {size} examples.")
    def sum_not_mean(self) -> MistakeValues:
        return self._descended(data=self.size) if self.averaged else None

    @mistake("Only the squared errors are averaged, not the penalty.")
    def penalty_averaged(self) -> MistakeValues:
        return self._descended(penalty=1 / self.size) if self.averaged else None

    @mistake("The second step takes the gradient at the new weights.")
    def reuses_gradient(self) -> MistakeValues:
        if self.steps == 1:
            return None
        first = self.walk[0][1]
        return self.consequences(gradient2=_entry(first))

    @property
    def curves(self) -> tuple[tuple[tuple[float, float], ...], ...]:
        """The objective of one weight, or ellipses of equal objective through the weights of two."""
        if self.width == 1:
            (middle,), weights = self.minimum, [before[0] for before in self.path]
            reach = 1.3 * max(abs(weight - middle) for weight in weights)
            places = [middle + reach * k / 30 for k in range(-30, 31)]
            return (tuple((place, self.objective((place,))) for place in places),)
        return tuple(self._ellipse(self._excess(weights)) for weights in self.path[:3])

    @property
    def drawn_curves(self) -> list[dict[str, object]]:
        """The curves of the figure, for two weights with the path."""
        path = [self.path] if self.width == 2 else []
        return [{"points": points} for points in (*path, *self.curves)]

    @property
    def transposed_features(self) -> tuple[Values, ...]:
        """The matrix Xᵀ."""
        return transposed(self.features)

    @property
    def remaining(self) -> tuple[Values, ...]:
        """The residuals before each step."""
        return tuple(self.residuals(before) for before, _, _ in self.walk)

    @property
    def path(self) -> tuple[Values, ...]:
        """The weights from the start to the last step."""
        return (self.start, *(after for _, _, after in self.walk))

    @property
    def marks(self) -> tuple[dict[str, float | str], ...]:
        """The path as labelled points of the figure."""
        places = self.path if self.width == 2 else [(w, self.objective((w,))) for (w,) in self.path]
        return tuple({"x": x, "y": y, "label": f"$\\beta_{k}$"} for k, (x, y) in enumerate(places))

    def objective(self, weights: Row) -> float:
        """The squared errors and the penalty."""
        residuals = self.residuals(weights)
        return self.scale * dot(residuals, residuals) + self.penalty * dot(weights, weights)

    def _excess(self, weights: Row) -> float:
        return self.objective(weights) - self.objective(self.minimum)

    def _ellipse(self, excess: float) -> tuple[tuple[float, float], ...]:
        """Where the objective exceeds its minimum by so much, by the Cholesky factors of the Hessian."""
        (a, b), (_, d) = self.hessian
        long = math.sqrt(a)
        short = math.sqrt(d - b * b / a)
        points = []
        for k in range(81):
            angle, radius = math.tau * k / 80, math.sqrt(2 * excess)
            second = radius * math.sin(angle) / short
            first = (radius * math.cos(angle) - b / long * second) / long
            points.append((self.minimum[0] + first, self.minimum[1] + second))
        return tuple(points)


def _drawn_rows(rng: Random, form: str, size: int) -> tuple[tuple[int, ...], ...]:
    if form in {"single", "bias"}:
        return tuple((x,) for x in sorted(rng.sample([x for x in range(-3, 6) if x], size)))
    return tuple((rng.randint(-3, 3), rng.randint(-3, 3)) for _ in range(size))


def _key(values: Values) -> Answer:
    """A number for one weight, a vector for several."""
    return Vector(values, 3) if len(values) > 1 else Real(values[0], 3)


def _entry(values: Values) -> Values | float:
    return values if len(values) > 1 else values[0]


def _row(entry: Values | float) -> Values:
    return entry if isinstance(entry, tuple) else (entry,)
