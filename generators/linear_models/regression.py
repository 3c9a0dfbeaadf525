"""Least squares, ridge regression, and the errors of a fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix, Real, ShortText, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, determinant, dot, matmul, solved, transposed

Values = tuple[float, ...]

LARGEST_ENTRY = 20
"""Of features and targets."""
TRIES = 60
"""So many targets are tried until the weights have few decimals."""
POWER_OF_TEN = 10**8
"""A quotient of a whole number by one of its divisors has finitely many decimals."""
LOSSES = ("sum", "half", "mean")
"""The sum of squared errors, half of it, their mean."""


class OlsClosedForm(Question):
    """Least squares in closed form.

    At level 1 a line through the origin is fitted, at level 2 a line with a bias, at level 3 two features and
    a bias by their normal equations, or collinear features, for which there are many solutions.

    Source: Bishop 2006, Pattern Recognition and Machine Learning, section 3.1.1; Hastie, Tibshirani &
    Friedman 2009, The Elements of Statistical Learning, section 3.2; torch.linalg.lstsq.
    """

    title = "Least squares in closed form"
    minutes = {1: 2, 2: 5, 3: 8}

    form: str
    """`origin`, `line`, `plane`, or `collinear` features."""
    features: tuple[tuple[int, ...], ...]
    """A row for each feature; where they are to be collinear, the last value of the second one is missing."""
    targets: tuple[int, ...]
    loss: str
    """What is minimised, named as in LOSSES."""
    fixed: int
    """The second weight that is given where there are many solutions, and else 0."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        form = {1: "origin", 2: "line", 3: rng.choice(["plane", "collinear"])}[level]
        size = {"origin": 3, "line": rng.choice([4, 5]), "plane": 5, "collinear": 4}[form]
        fixed = rng.choice([-2, -1, 1, 2, 3]) if form == "collinear" else 0
        question = cls(form, _drawn_features(rng, form, size), (0,) * size, rng.choice(LOSSES), fixed)
        while POWER_OF_TEN % (determinant(question.gram) or 3):
            question = replace(question, features=_drawn_features(rng, form, size))
        for _ in range(TRIES):
            question = replace(question, targets=drawn_targets(rng, question.design))
            if question.flaw() is None:
                break
        return question

    def flaw(self) -> str | None:
        sizes = {"origin": 1, "line": 1, "plane": 2, "collinear": 2}
        if self.form not in sizes or self.loss not in LOSSES:
            return f"form is one of {', '.join(sizes)}, and loss one of {', '.join(LOSSES)}"
        if len(self.features) != sizes[self.form] or not 3 <= self.size <= 6:
            return "three to six points are wanted, with two features for plane and collinear, and else one"
        lengths = [self.size, self.size - (self.form == "collinear")]
        if list(map(len, self.features)) != lengths[: len(self.features)]:
            return "each feature has a value for each target, but a collinear one lacks its last"
        if not all(abs(entry) <= LARGEST_ENTRY for row in (*self.features, self.targets) for entry in row):
            return f"features and targets go from -{LARGEST_ENTRY} to {LARGEST_ENTRY}"
        if (self.form == "collinear") != bool(self.fixed) or abs(self.fixed) > 5:
            return "a second weight from -5 to 5 is given for collinear features, and else 0"
        return self._fit_flaw()

    def _fit_flaw(self) -> str | None:
        if self.form != "plane" and len({*self.features[0]}) < self.size:
            return "two values of the first feature are equal"
        if self.form == "collinear" and (flaw := self._collinear_flaw()):
            return flaw
        if self.form == "plane" and (any(self.gram[0][1:]) or not self.gram[1][2] or not self.minor):
            return "two features have the mean 0 each, and are neither orthogonal nor collinear"
        weights = self._fitted(self.targets)
        if not all(weights) or not all(abs(w * 20 - round(w * 20)) < 1e-9 for w in weights):
            return "a weight is zero, or has more than two decimals"
        if not any(self._residuals(weights)):
            return "the points lie on the fit"
        return None

    def _collinear_flaw(self) -> str | None:
        bias, slope = self.relation
        known = zip(self.features[0], self.features[1], strict=False)
        if not bias or not slope or any(abs(bias + slope * x - z) > 1e-9 for x, z in known):
            return "the second feature is no first one times a factor plus a constant"
        return None if self.missing == int(self.missing) else "the missing value is not whole"

    @property
    def size(self) -> int:
        """The number of points."""
        return len(self.targets)

    @property
    def design(self) -> tuple[Values, ...]:
        """The matrix X with a row for each point and, but for a line through the origin, a column of ones."""
        known = self.features if self.form == "plane" else self.features[:1]
        ones = () if self.form == "origin" else ((1,) * self.size,)
        return transposed((*ones, *known))

    @property
    def gram(self) -> tuple[Values, ...]:
        """The matrix XᵀX."""
        return matmul(transposed(self.design), self.design)

    @property
    def moments(self) -> Values:
        """The vector Xᵀy."""
        return self._moments(self.targets)

    def _moments(self, targets: Row) -> Values:
        return tuple(dot(column, targets) for column in transposed(self.design))

    def _fitted(self, targets: Row) -> Values:
        """The least-squares weights, the bias first; of collinear features those of the first one alone."""
        return solved(self.gram, self._moments(targets))

    def _residuals(self, weights: Row) -> Values:
        return tuple(y - dot(row, weights) for y, row in zip(self.targets, self.design, strict=True))

    @property
    def weights(self) -> Values:
        """The weights that are asked, the bias first."""
        return self._fitted(self.targets) if self.form != "collinear" else self._beside(self.missing)

    @property
    def relation(self) -> Values:
        """The constant and the factor that make the second of two collinear features from the first."""
        if self.form != "collinear":
            return ()
        (x, other, *_), (z, next_z, *_) = self.features
        slope = (next_z - z) / (other - x)
        return z - slope * x, slope

    @property
    def missing(self) -> float:
        """The value that makes the features collinear."""
        if self.form != "collinear":
            return 0.0
        bias, slope = self.relation
        return bias + slope * self.features[0][-1]

    def remaining(self, missing: float, weight: float) -> Values:
        """What the second feature with this weight leaves of the targets."""
        return tuple(y - weight * z for y, z in zip(self.targets, (*self.features[1], missing), strict=True))

    def _beside(self, missing: float) -> Values:
        """The bias and the first weight if the second weight is fixed."""
        return self._fitted(self.remaining(missing, self.fixed))

    @property
    def means(self) -> tuple[float, float]:
        """The means of the first feature and of the targets."""
        return sum(self.features[0]) / self.size, sum(self.targets) / self.size

    @property
    def deviations(self) -> tuple[Values, Values]:
        """The first feature and the targets minus their means."""
        rows = zip((self.features[0], self.targets), self.means, strict=True)
        x, y = (tuple(entry - mean for entry in row) for row, mean in rows)
        return x, y

    @property
    def slope_parts(self) -> tuple[float, float]:
        """The sum of the products of the deviations, and that of the squared deviations of the feature."""
        x, y = self.deviations
        return dot(x, y), dot(x, x)

    @property
    def alone(self) -> Values:
        """The weights that fit the targets by the first feature alone, the bias first."""
        return self._fitted(self.targets)

    @property
    def minor(self) -> float:
        """The determinant of XᵀX without the bias."""
        return determinant([row[1:] for row in self.gram[1:]])

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "origin":
            return {"w": Real(self.weights[0], 2)}
        if self.form == "line":
            slope = self.weights[1]
            (x, y), own = self.means, given("w", slope)
            return {"w": Real(slope, 2), "b": Real(y - own * x, 2)}
        if self.form == "collinear":
            own_missing = given("missing", self.missing)
            return {"missing": Integer(round(self.missing)), "weights": Vector(self._beside(own_missing), 2)}
        weights = solved(given("gram", self.gram), given("moments", self.moments))
        return {
            "gram": Matrix(self.gram),
            "moments": Vector(self.moments),
            "weights": Vector(weights, 2),
        }

    def _with(self, weights: Row) -> MistakeValues:
        """Wrong weights, the bias first."""
        if self.form == "origin":
            return {"w": weights[0]}
        return {"b": weights[0], "w": weights[1]} if self.form == "line" else {"weights": weights}

    @mistake("Without a column of ones for the bias, this is the slope of the line through the origin.")
    def no_bias_column(self) -> MistakeValues:
        x = self.features[0]
        if self.form == "plane":
            matrix = [row[1:] for row in self.gram[1:]]
            return {"weights": (0.0, *solved(matrix, self.moments[1:]))}
        return self.consequences(w=dot(x, self.targets) / dot(x, x)) if self.form == "line" else None

    @mistake("Xᵀy is only the right-hand side of the normal equations: multiply it by the inverse of XᵀX.")
    def wrong_order(self) -> MistakeValues:
        return self._with(self.moments) if self.form != "collinear" else None

    @mistake("A positive factor in front of the loss does not move its minimum: do not divide the weights.")
    def divides_by_n(self) -> MistakeValues:
        return self._with(tuple(weight / self.size for weight in self.weights))

    @mistake("Divide by the sum of squares of x, not of y: this is the regression of x on y.")
    def swapped_xy(self) -> MistakeValues:
        if self.form == "origin":
            return {"w": dot(self.features[0], self.targets) / dot(self.targets, self.targets)}
        x, y = self.deviations
        return self.consequences(w=dot(x, y) / dot(y, y)) if self.form == "line" else None

    @mistake("The quotient is upside down: the sum of the products xy stands above.")
    def upside_down(self) -> MistakeValues:
        return self.consequences(w=1 / self.weights[-1]) if self.form in {"origin", "line"} else None

    @mistake("The mean of the quotients y/x is not the least-squares slope: points far out count more.")
    def mean_of_ratios(self) -> MistakeValues:
        if self.form != "origin" or 0 in self.features[0]:
            return None
        ratios = [y / x for x, y in zip(self.features[0], self.targets, strict=True)]
        return {"w": sum(ratios) / self.size}

    @mistake("This line has the mean of y at the mean of x, but not the least sum of squares.")
    def ratio_of_means(self) -> MistakeValues:
        x, y = self.means
        return {"w": y / x} if self.form == "origin" and x else None

    @mistake("The slope of least squares takes all points, not only the first and the last.")
    def end_points(self) -> MistakeValues:
        if self.form != "line":
            return None
        x, y = self.features[0], self.targets
        return self.consequences(w=(y[-1] - y[0]) / (x[-1] - x[0]))

    @mistake("Subtract the means before you multiply: the sum of xy is taken about the means as well.")
    def uncentred_products(self) -> MistakeValues:
        x, _ = self.deviations
        products = dot(self.features[0], self.targets)
        return self.consequences(w=products / dot(x, x)) if self.form == "line" else None

    @mistake("The mean of y is the bias only if the mean of x is 0: subtract w times the mean of x.")
    def bias_is_the_mean(self) -> MistakeValues:
        return {"b": self.means[1]} if self.form == "line" else None

    @mistake("The line passes through the means: b is the mean of y minus w times that of x.")
    def bias_turned_round(self) -> MistakeValues:
        return {"b": -self.weights[0]} if self.form == "line" else None

    @mistake("Each point adds a 1 to the first entry of XᵀX, as its row begins with a 1.")
    def counts_the_ones_once(self) -> MistakeValues:
        (_, *first), *others = self.gram
        return self.consequences(gram=((1, *first), *others)) if self.form == "plane" else None

    @mistake("XᵀX is not diagonal here: solve the equations together, not one by one.")
    def diagonal_only(self) -> MistakeValues:
        squares = [row[k] for k, row in enumerate(self.gram)]
        quotients = tuple(m / s for m, s in zip(self.moments, squares, strict=True))
        return {"weights": quotients} if self.form == "plane" else None

    @mistake(
        "The column of ones counts too: the second feature may be the first times a factor plus a constant."
    )
    def only_multiples(self) -> MistakeValues:
        if self.form != "collinear" or not self.features[0][0]:
            return None
        quotient = self.features[1][0] / self.features[0][0]
        return self.consequences(missing=quotient * self.features[0][-1])

    @mistake("These are the weights with the second weight 0; here it is {fixed}.")
    def second_weight_zero(self) -> MistakeValues:
        return {"weights": self._fitted(self.targets)} if self.form == "collinear" else None

    @mistake("What the second feature adds to the prediction is subtracted from the targets, not added.")
    def second_feature_added(self) -> MistakeValues:
        if self.form != "collinear":
            return None
        return {"weights": self._fitted(self.remaining(self.missing, -self.fixed))}

    @mistake("The constant in the second feature moves the bias as well.")
    def bias_kept(self) -> MistakeValues:
        if self.form != "collinear":
            return None
        return {"weights": (self._fitted(self.targets)[0], self.weights[1])}

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """The points of the figure: first feature against target, or against a collinear feature."""
        above = (*self.features[1], self.missing) if self.form == "collinear" else self.targets
        return tuple(zip(self.features[0], above, strict=True))

    @property
    def line(self) -> tuple[tuple[float, float], ...]:
        """The line through these points, from its left to its right end."""
        weights = self.relation if self.form == "collinear" else self.weights
        bias, slope = (0.0, *weights)[-2:]
        left, right = min(0, *self.features[0]), max(0, *self.features[0])
        room = (right - left) * 0.08
        low, high = left - room, right + room
        return (low, bias + slope * low), (high, bias + slope * high)


class BiasVariance(Question):
    """Expected error of trained models and the parts that it has.

    At level 1 predictions without noise are given, at level 2 there is noise, or errors of training and
    validation tell what is wrong with a model; at level 3 two families are compared, or the error of a
    constant is taken apart into irreducible, approximation and estimation error.

    Source: Hastie, Tibshirani & Friedman 2009, The Elements of Statistical Learning, section 7.3; Bottou &
    Bousquet 2008, The tradeoffs of large scale learning, section 2.
    """

    title = "Bias and variance"
    minutes = {1: 3, 2: 4, 3: 7}

    form: str
    """`models` of one family, `families` of two, `parts` of the error of a constant, or `diagnosis`."""
    truths: tuple[int, ...]
    """What is to be predicted, without noise: one value, or for `parts` one for each input."""
    predictions: tuple[tuple[int, ...], ...]
    """A row for each family with the predictions of its models; for `parts` the constant."""
    noise: float
    """The variance of the noise."""
    errors: tuple[int, ...]
    """For `diagnosis` the errors in training, in validation, and of people, in per cent."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 2 and rng.random() < 0.3:
            people, training, validation = sorted(rng.sample(range(1, 26), 3))
            return cls("diagnosis", (), (), 0.0, (training, validation, people))
        noise = rng.choice({1: [0.0], 2: [0.25, 0.5], 3: [0.1, 0.2, 0.3, 0.4, 0.5, 1.0]}[level])
        if level == 3 and rng.random() < 0.5:
            truths = tuple(rng.randint(0, 9) for _ in range(rng.choice([4, 5])))
            return cls("parts", truths, ((rng.randint(0, 9),),), noise, ())
        form, families = ("families", 2) if level == 3 else ("models", 1)
        models = rng.choice([3, 4]) if level == 2 else 3
        rows = tuple(_drawn_predictions(rng, models) for _ in range(families))
        return cls(form, (rng.randint(1, 8),), rows, noise, ())

    def flaw(self) -> str | None:
        if self.form == "diagnosis":
            return self._diagnosis_flaw()
        if self.form not in {"models", "families", "parts"} or self.errors:
            return "form is models, families, parts or diagnosis, and only a diagnosis has errors"
        if not all(0 <= value <= 20 for row in (*self.predictions, self.truths) for value in row):
            return "truths and predictions go from 0 to 20"
        if not 0 <= self.noise <= 4 or abs(self.noise - round(self.noise, 2)) > 1e-12:
            return "the variance of the noise goes from 0 to 4, with two decimals"
        if self.form == "parts":
            return self._parts_flaw()
        if len(self.truths) != 1 or len(self.predictions) != {"models": 1, "families": 2}[self.form]:
            return "one truth is given, and one row of predictions, or two for families"
        if not all(3 <= len(row) <= 6 for row in self.predictions):
            return "each family has three to six models"
        if min(*self.biases, *self.variances, 1) < 0.05:
            return "a family has no bias or no variance"
        if self.form == "families" and abs(self.totals[0] - self.totals[1]) < 0.1:
            return "both families are equally good"
        return None

    def _parts_flaw(self) -> str | None:
        if not 3 <= len(self.truths) <= 6 or list(map(len, self.predictions)) != [1]:
            return "three to six inputs and one constant are wanted"
        if not self.noise or min(self.parts) < 0.05:
            return "an error is zero"
        return None

    def _diagnosis_flaw(self) -> str | None:
        if self.truths or self.predictions or self.noise or len(self.errors) != 3:
            return "a diagnosis has three errors, and nothing else"
        training, validation, people = self.errors
        if not 0 < people < training < validation <= 50:
            return "the error of people is the smallest, that in validation the largest, at most 50 per cent"
        if abs((training - people) - (validation - training)) < 2:
            return "both differences are nearly equal"
        return None

    @property
    def means(self) -> Values:
        """The mean prediction of each family; for `parts` the mean of the truths."""
        rows = (self.truths,) if self.form == "parts" else self.predictions
        return tuple(sum(row) / len(row) for row in rows)

    @property
    def biases(self) -> Values:
        """The squared bias of each family."""
        return tuple((mean - self.truths[0]) ** 2 for mean in self.means)

    @property
    def variances(self) -> Values:
        """The variance of each family's predictions, over its models."""
        pairs = zip(self.predictions, self.means, strict=True)
        return tuple(sum((value - mean) ** 2 for value in row) / len(row) for row, mean in pairs)

    @property
    def totals(self) -> Values:
        """The expected squared error of each family."""
        return tuple(b + v + self.noise for b, v in zip(self.biases, self.variances, strict=True))

    @property
    def parts(self) -> Values:
        """The irreducible error of a constant, its approximation and its estimation error."""
        if self.form != "parts":
            return ()
        (mean,), ((constant,),) = self.means, self.predictions
        spread = sum((truth - mean) ** 2 for truth in self.truths) / len(self.truths)
        return self.noise, spread, (constant - mean) ** 2

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "diagnosis":
            return self._diagnosed(given)
        if self.form == "parts":
            names = ("irreducible", "approximation", "estimation")
            own = [given(name, part) for name, part in zip(names, self.parts, strict=True)]
            keys = {name: Real(part, 2) for name, part in zip(names, self.parts, strict=True)}
            return {**keys, "total": Real(sum(own), 2)}
        answers: dict[str, Answer] = {}
        totals = []
        for n, (bias, variance) in enumerate(zip(self.biases, self.variances, strict=True), 1):
            total = given(f"bias{n}", bias) + given(f"variance{n}", variance) + self.noise
            answers |= {f"bias{n}": Real(bias, 2), f"variance{n}": Real(variance, 2)}
            answers[f"total{n}"] = Real(total, 2)
            totals.append(given(f"total{n}", total))
        if self.form == "families":
            answers["better"] = ShortText("A" if totals[0] < totals[1] else "B", ("A", "B"))
        return answers

    def _diagnosed(self, given: Given) -> dict[str, Answer]:
        training, validation, people = self.errors
        bias, gap = training - people, validation - training
        words = ("underfitting", "overfitting")
        word = words[0] if given("bias", bias) > given("gap", gap) else words[1]
        return {"bias": Integer(bias), "gap": Integer(gap), "diagnosis": ShortText(word, words)}

    def _wrong(self, blank: str, values: Sequence[float]) -> MistakeValues:
        """What wrong values of a blank of each family lead to."""
        if self.form not in {"models", "families"}:
            return None
        return self.consequences(**{f"{blank}{n}": value for n, value in enumerate(values, 1)})

    @mistake("The bias enters squared: it is the square of the mean prediction minus the truth.")
    def bias_not_squared(self) -> MistakeValues:
        return self._wrong("bias", [bias**0.5 for bias in self.biases])

    @mistake("These models are all there are: divide by their number, not by one less.")
    def sample_variance(self) -> MistakeValues:
        pairs = zip(self.variances, map(len, self.predictions), strict=self.form != "parts")
        return self._wrong("variance", [v * size / (size - 1) for v, size in pairs if size > 1])

    @mistake("The noise of the targets adds its variance to the expected squared error.")
    def drops_noise(self) -> MistakeValues:
        if self.form == "parts":
            return {"total": sum(self.parts[1:])}
        return self._wrong("total", [total - self.noise for total in self.totals])

    @mistake("The variance is about the mean prediction, not about the truth.")
    def variance_around_truth(self) -> MistakeValues:
        return self._wrong("variance", [b + v for b, v in zip(self.biases, self.variances, strict=True)])

    @mistake("This is the mean of the squared predictions; subtract the square of their mean.")
    def mean_of_squares(self) -> MistakeValues:
        return self._wrong("variance", [sum(v * v for v in row) / len(row) for row in self.predictions])

    @mistake("This is the standard deviation; the variance is its square.")
    def standard_deviation(self) -> MistakeValues:
        return self._wrong("variance", [variance**0.5 for variance in self.variances])

    @mistake("The number {noise} is the variance of the noise already: do not square it.")
    def squares_the_noise(self) -> MistakeValues:
        if self.form == "parts":
            return self.consequences(irreducible=self.noise**2)
        return self._wrong("total", [total - self.noise + self.noise**2 for total in self.totals])

    @mistake("Choose the family of the smaller expected error, not of the smaller bias.")
    def smaller_bias(self) -> MistakeValues:
        if self.form != "families":
            return None
        return {"better": "A" if self.biases[0] < self.biases[1] else "B"}

    @mistake("Choose the family of the smaller expected error, not of the smaller variance.")
    def smaller_variance(self) -> MistakeValues:
        if self.form != "families":
            return None
        return {"better": "A" if self.variances[0] < self.variances[1] else "B"}

    @mistake("This is all of the constant's error but the noise; compare it with the best constant only.")
    def estimation_about_truth(self) -> MistakeValues:
        return self.consequences(estimation=sum(self.parts[1:])) if self.form == "parts" else None

    @mistake("These are interchanged: the best member of the family has the approximation error.")
    def parts_interchanged(self) -> MistakeValues:
        if self.form != "parts":
            return None
        _, approximation, estimation = self.parts
        return {"approximation": estimation, "estimation": approximation}

    @mistake("The errors are squared ones: square the distance from the best constant.")
    def estimation_not_squared(self) -> MistakeValues:
        return self.consequences(estimation=self.parts[2] ** 0.5) if self.form == "parts" else None

    @mistake("The gap is between validation and training, not between validation and people.")
    def gap_from_people(self) -> MistakeValues:
        if self.form != "diagnosis":
            return None
        return self.consequences(gap=self.errors[1] - self.errors[2])

    @mistake("People make errors as well: what a model could avoid is its training error minus theirs.")
    def training_error_as_bias(self) -> MistakeValues:
        return self.consequences(bias=self.errors[0]) if self.form == "diagnosis" else None

    @mistake("A model that overfits does well in training; one that underfits does not even do so.")
    def diagnosis_turned_round(self) -> MistakeValues:
        if self.form != "diagnosis":
            return None
        training, validation, people = self.errors
        return {"diagnosis": "overfitting" if 2 * training > validation + people else "underfitting"}

    @property
    def plotted(self) -> tuple[tuple[int, int], ...]:
        """The points of the figure: predictions by model, or truths by input."""
        row = self.truths if self.form == "parts" else (*self.predictions, ())[0]
        return tuple(enumerate(row, 1))

    @property
    def levels_drawn(self) -> tuple[dict[str, object], ...]:
        """The horizontal lines of the figure: the truth or constant, and the mean."""
        if self.form == "diagnosis":
            return ()
        constant = self.form == "parts"
        lines = {
            "learned constant" if constant else "truth": (self.predictions[0] if constant else self.truths)[
                0
            ],
            "best constant" if constant else "mean prediction": self.means[0],
        }
        reach = len(self.plotted) + 0.5
        return tuple(
            {"points": ((0.5, level), (reach, level)), "label": label} for label, level in lines.items()
        )


def _drawn_features(rng: Random, form: str, size: int) -> tuple[tuple[int, ...], ...]:
    """Whole numbers; two features that are not to be collinear have the mean 0."""
    if form == "plane":
        halves = ([rng.randint(-3, 3) for _ in range(size - 1)] for _ in range(2))
        return tuple((*half, -sum(half)) for half in halves)
    places = [x for x in range(-4, 7) if x or form != "origin"]
    first = tuple(sorted(rng.sample(places, size)))
    if form != "collinear":
        return (first,)
    bias, slope = rng.choice([-3, -2, -1, 1, 2, 3, 4, 5]), rng.choice([-3, -2, 2, 3])
    return first, tuple(bias + slope * x for x in first[:-1])


def drawn_targets(rng: Random, design: Sequence[Row]) -> tuple[int, ...]:
    """Whole numbers not far from a linear function."""
    weights = [rng.choice([-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2]) for _ in design[0]]
    return tuple(round(dot(row, weights)) + rng.randint(-2, 2) for row in design)


def _drawn_predictions(rng: Random, models: int) -> tuple[int, ...]:
    """Whole numbers whose mean has at most one decimal."""
    first = [rng.randint(0, 9) for _ in range(models - 1)]
    return *first, rng.choice([last for last in range(10) if (sum(first) + last) * 2 % models == 0])
