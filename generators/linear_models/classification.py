"""Linear classifiers: the perceptron and logistic regression."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from random import Random
from typing import NamedTuple, Self

from ...answers import Answer, Integer, Matrix, Real, ShortText, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, determinant, dot, latex_number, written_number
from .geometry import Values, boundary

LARGEST_COORDINATE = 6
MOST_UPDATES = 12
"""Of a run to convergence that is done by hand."""
MOST_STEPS = 400
"""A run that has neither converged nor come back to old weights by then is not asked about."""
TRIES = 40
"""So many examples are tried until they suit the form."""
CLASSES = 3
YES_NO = ("yes", "no")
Factor = Callable[[int, bool], int]
"""What multiplies an input before it is added to the weights, by its label and whether it is a mistake."""


class Visit(NamedTuple):
    """An example that was looked at, counted from 0, its score, and the weights after it."""

    example: int
    score: float
    updated: bool
    weights: Values


class Rule(NamedTuple):
    """How the perceptron learns: what a score of 0 means, what is added to the weights, and its inputs."""

    tie: str
    factor: Factor
    inputs: tuple[Values, ...]


class PerceptronUpdates(Question):
    """Weights and mistakes of the perceptron algorithm.

    At level 1 there are two examples without a bias, at level 2 one pass through four with a bias, at level 3
    the algorithm runs until it makes no mistake, or it is asked whether it ever stops, or there are three
    classes.

    Source: Rosenblatt 1958, The perceptron; Bishop 2006, Pattern Recognition and Machine Learning, section
    4.1.7; Crammer & Singer 2003, Ultraconservative online algorithms for multiclass problems.
    """

    title = "Perceptron updates"
    minutes = {1: 2, 2: 5, 3: 8}

    form: str
    """`steps` through all examples, `converge`, `stops` for whether it ever does, or `multiclass`."""
    points: tuple[tuple[int, ...], ...]
    """A row for each example, without the constant 1 of the bias."""
    labels: tuple[int, ...]
    """1 and -1, or for `multiclass` classes from 0."""
    bias: bool
    start: tuple[int, ...]
    """The weights at the start, that of the bias first; for several classes they are zero."""
    tie: str
    """Whether a score of 0 is `positive`, or a `mistake` for both labels; for several classes `lowest`."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        form = {1: "steps", 2: "steps", 3: rng.choice(["converge", "stops", "multiclass"])}[level]
        for _ in range(TRIES):
            question = cls._drawn(rng, form, level)
            if question.flaw() is None:
                break
        return question

    @classmethod
    def _drawn(cls, rng: Random, form: str, level: int) -> Self:
        size = (
            2 if level == 1 else 3 if form == "multiclass" else rng.choice([4, 5] if form[0] == "c" else [4])
        )
        bias = level > 1 if form != "multiclass" else rng.random() < 0.5
        points = tuple(tuple(rng.randint(-3, 3) for _ in range(2)) for _ in range(size))
        if form == "multiclass":
            labels = tuple(rng.randrange(CLASSES) for _ in points)
            return cls(form, points, labels, bias, (0,) * (2 + bias), "lowest")
        start = (rng.randint(-2, 2), rng.randint(-2, 2)) if level == 1 else (0, 0, 0)
        labels = tuple(rng.choice([-1, 1]) for _ in points)
        if form == "stops" and rng.random() < 0.6:
            points, labels = _drawn_parallelogram(rng)
        return cls(form, points, labels, bias, start, rng.choice(["positive", "mistake"]))

    def flaw(self) -> str | None:
        sizes = {"steps": (2, 5), "converge": (3, 6), "stops": (4, 4), "multiclass": (2, 4)}
        if self.form not in sizes:
            return f"form is one of {', '.join(sizes)}"
        if self.tie not in ({"lowest"} if self.form == "multiclass" else {"positive", "mistake"}):
            return "tie is positive or mistake, but lowest for several classes"
        least, most = sizes[self.form]
        if not least <= self.size <= most or len(self.labels) != self.size:
            return f"{least} to {most} examples with a label each are wanted"
        if {*map(len, self.points)} != {2} or len(self.start) != 2 + self.bias:
            return "an example has two coordinates, and there is a weight for each, and one for a bias"
        if not all(abs(x) <= LARGEST_COORDINATE for row in (*self.points, self.start) for x in row):
            return f"coordinates and weights go from -{LARGEST_COORDINATE} to {LARGEST_COORDINATE}"
        if len({*self.points}) < self.size or not all(map(any, self.inputs)):
            return "two examples are equal, or one is 0"
        if self.form == "multiclass":
            return self._multiclass_flaw()
        if {*self.labels} != {-1, 1}:
            return "labels are 1 and -1, and both occur"
        if self.form in {"converge", "stops"} and (any(self.start) or not self.bias):
            return "the weights start at 0, and one of them is a bias"
        return self._run_flaw()

    def _run_flaw(self) -> str | None:
        if self.form == "steps":
            changes = sum(visit.updated for visit in self.visits)
            return (
                None if 0 < changes < self.size or self.size == 2 == changes else "all or none are mistakes"
            )
        if self.form == "stops":
            if not any(self._dependence):
                return "all points lie on a line"
            return None if self._ends_soon() else "it takes too long to see whether the algorithm stops"
        if len(self.visits) > MOST_UPDATES * self.size or not 2 <= self.changes <= MOST_UPDATES:
            return f"the algorithm does not stop after 2 to {MOST_UPDATES} updates"
        return None

    def _multiclass_flaw(self) -> str | None:
        if not {*self.labels} <= {*range(CLASSES)} or any(self.start):
            return f"labels are classes from 0 to {CLASSES - 1}, and the weights start at 0"
        wrong = sum(a != b for a, b in zip(self.predicted, self.labels, strict=True))
        if wrong < 2 or len({*self.labels}) == 1:
            return "there are fewer than two mistakes, or all labels are equal"
        return None

    @property
    def size(self) -> int:
        """The number of examples."""
        return len(self.points)

    @property
    def inputs(self) -> tuple[Values, ...]:
        """The examples, with a first coordinate 1 where there is a bias."""
        return tuple((1, *point) if self.bias else point for point in self.points)

    @property
    def _rule(self) -> Rule:
        return Rule(self.tie, _on_mistakes, self.inputs)

    def _visit(self, weights: Values, n: int, rule: Rule) -> Visit:
        x, label = rule.inputs[n], self.labels[n]
        score = dot(weights, x)
        wrong = label == -1 if score == 0 and rule.tie == "positive" else label * score <= 0
        change = rule.factor(label, wrong)
        new = tuple(weight + change * entry for weight, entry in zip(weights, x, strict=True))
        return Visit(n, score, bool(change), new)

    def _pass(self, weights: Values, rule: Rule) -> list[Visit]:
        visits: list[Visit] = []
        for n in range(self.size):
            visits.append(self._visit(visits[-1].weights if visits else weights, n, rule))
        return visits

    def _run(self, rule: Rule) -> list[Visit]:
        """One pass; to convergence, passes until one makes no mistake or they become too many."""
        visits = self._pass(self.start, rule)
        while self.form == "converge" and len(visits) <= MOST_UPDATES * self.size:
            if not any(visit.updated for visit in visits[-self.size :]):
                break
            visits += self._pass(visits[-1].weights, rule)
        return visits

    @property
    def visits(self) -> list[Visit]:
        """The run of two classes."""
        return self._run(self._rule) if self.form != "multiclass" else []

    @property
    def changes(self) -> int:
        """The number of updates of the run."""
        return sum(visit.updated for visit in self.visits)

    @property
    def final(self) -> Values:
        """The weights after the run."""
        return self.visits[-1].weights if self.visits else ()

    @property
    def stops(self) -> bool:
        """Whether a line separates the classes, so that the algorithm stops."""
        if self.form != "stops":
            return True
        signs = {c * label > 0 for c, label in zip(self._dependence, self.labels, strict=True) if c}
        return len(signs) == 2

    @property
    def _dependence(self) -> Values:
        """Factors of four points whose sum, like that of the factors, is zero.

        By Radon's theorem, no line separates the points with positive from those with negative factors, and
        any other classes can be separated.
        """
        rows = [(1, *point) for point in self.points]
        minors = (determinant(rows[:n] + rows[n + 1 :]) for n in range(self.size))
        return tuple((-1) ** n * minor for n, minor in enumerate(minors))

    def _ends_soon(self) -> bool:
        """Whether few passes lead to one without mistakes, or back to weights from before."""
        weights: Values = self.start
        seen: set[Values] = set()
        while weights not in seen and len(seen) * self.size < MOST_STEPS:
            seen.add(weights)
            weights = self._pass(weights, self._rule)[-1].weights
        return weights in seen

    @property
    def predicted(self) -> tuple[int, ...]:
        """The classes that are predicted one after another."""
        return self._predictions(lowest=True)

    def _predictions(self, *, lowest: bool) -> tuple[int, ...]:
        classes: list[int] = []
        while self.form == "multiclass" and len(classes) < self.size:
            scores = [dot(row, self.inputs[len(classes)]) for row in self._matrix(classes)]
            best = [k for k, score in enumerate(scores) if score == max(scores)]
            classes.append(best[0] if lowest else best[-1])
        return tuple(classes)

    def _matrix(self, predicted: Sequence[int], true: int = 1, wrong: int = 1) -> tuple[Values, ...]:
        """The weights of the classes after so many predictions; on a mistake, two rows change."""
        steps = [
            (x, true * (label == k) - wrong * (guess == k), k)
            for x, label, guess in zip(self.inputs, self.labels, predicted, strict=False)
            if guess != label
            for k in range(CLASSES)
        ]
        return tuple(
            tuple(sum(sign * x[j] for x, sign, row in steps if row == k) for j in range(len(self.start)))
            for k in range(CLASSES)
        )

    @property
    def matrices(self) -> tuple[tuple[Values, ...], ...]:
        """The weights of the classes before each example and after the last one."""
        return tuple(self._matrix(self.predicted[:n]) for n in range(len(self.predicted) + 1))

    @property
    def scores(self) -> tuple[Values, ...]:
        """The scores of the classes for each example, with the weights before it."""
        pairs = zip(self.matrices, self.inputs, strict=False)
        return tuple(tuple(dot(row, x) for row in matrix) for matrix, x in pairs)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "multiclass":
            weights = self._matrix(given("predicted", self.predicted))
            return {"predicted": Vector(self.predicted), "weights": Matrix(weights)}
        if self.form == "steps":
            return self._steps(given)
        answers: dict[str, Answer] = {"updates": Integer(self.changes), "weights": Vector(self.final)}
        if self.form == "stops":
            answers["stops"] = ShortText(YES_NO[not self.stops], YES_NO)
        return answers

    def _steps(self, given: Given) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        weights: Values = self.start
        changes = 0
        for n in range(self.size):
            new = self._visit(weights, n, self._rule).weights
            answers[f"weights{n + 1}"] = Vector(new)
            own = given(f"weights{n + 1}", new)
            changes += own != weights
            weights = own
        return answers | ({"updates": Integer(changes)} if self.size > 2 else {})

    def _told(self, visits: Sequence[Visit]) -> MistakeValues:
        """The blanks of a run that went wrong."""
        changes = sum(visit.updated for visit in visits)
        if self.form == "steps":
            weights = {f"weights{visit.example + 1}": visit.weights for visit in visits}
            return weights | ({"updates": changes} if self.size > 2 else {})
        return {"updates": changes, "weights": visits[-1].weights}

    def _by_rule(self, rule: Rule) -> MistakeValues:
        if self.form == "multiclass":
            return None
        visits = self._run(rule)
        stuck = self.form == "converge" and any(visit.updated for visit in visits[-self.size :])
        return None if stuck else self._told(visits)

    @mistake("Mind what is said of a score of 0: it decides whether the first example is a mistake.")
    def tie_rule_swapped(self) -> MistakeValues:
        return self._by_rule(self._rule._replace(tie="mistake" if self.tie == "positive" else "positive"))

    @mistake("The weights change on mistakes only; examples that are classified rightly leave them alone.")
    def updates_on_correct(self) -> MistakeValues:
        return self._by_rule(self._rule._replace(factor=lambda label, wrong: label))

    @mistake("On a mistake, add the label times the input: inputs of the label −1 are subtracted.")
    def adds_x_without_label(self) -> MistakeValues:
        return self._by_rule(self._rule._replace(factor=lambda label, wrong: int(wrong)))

    @mistake("The update adds the label times the input, to turn the weights towards the right side.")
    def update_turned_round(self) -> MistakeValues:
        return self._by_rule(self._rule._replace(factor=lambda label, wrong: -label * wrong))

    @mistake("The 1 in front of each input is part of it: the first weight is updated as well.")
    def forgets_bias_input(self) -> MistakeValues:
        return (
            self._by_rule(self._rule._replace(inputs=tuple((0, *point) for point in self.points)))
            if self.bias
            else None
        )

    @mistake("The algorithm goes on until a whole pass makes no mistake.")
    def one_pass_only(self) -> MistakeValues:
        return self._told(self.visits[: self.size]) if self.form == "converge" else None

    @mistake("Only mistakes are updates; do not count the examples that were classified rightly.")
    def counts_every_example(self) -> MistakeValues:
        if self.form == "multiclass" or self.size == 2:
            return None
        return {"updates": len(self.visits)}

    @mistake("No line separates these classes, so each pass makes a mistake, for ever.")
    def trusts_convergence(self) -> MistakeValues:
        return {"stops": "yes"} if self.form == "stops" and not self.stops else None

    @mistake("A line separates these classes; then the algorithm makes finitely many mistakes.")
    def gives_up(self) -> MistakeValues:
        return {"stops": "no"} if self.form == "stops" and self.stops else None

    @mistake(
        "On a mistake two rows change: the input is also subtracted from the row of the predicted class."
    )
    def only_true_row(self) -> MistakeValues:
        return self._by_matrix(wrong=0)

    @mistake("On a mistake two rows change: the input is also added to the row of the true class.")
    def only_predicted_row(self) -> MistakeValues:
        return self._by_matrix(true=0)

    @mistake("The input is added to the row of the true class and subtracted from that of the predicted one.")
    def rows_interchanged(self) -> MistakeValues:
        return self._by_matrix(true=-1, wrong=-1)

    def _by_matrix(self, **factors: int) -> MistakeValues:
        return {"weights": self._matrix(self.predicted, **factors)} if self.form == "multiclass" else None

    @mistake("Where several scores are largest, the lowest of their classes is predicted.")
    def highest_class(self) -> MistakeValues:
        if self.form != "multiclass":
            return None
        return self.consequences(predicted=self._predictions(lowest=False))

    @mistake("The scores take the weights that the examples before have left, not those of the start.")
    def weights_not_updated(self) -> MistakeValues:
        return self.consequences(predicted=(0,) * self.size) if self.form == "multiclass" else None

    @property
    def updates_shown(self) -> list[Visit]:
        """The examples to be shown in the solution: all of one pass, of several those that are mistakes."""
        return [visit for visit in self.visits if visit.updated or self.form != "converge"]

    @property
    def reach(self) -> int:
        """The largest second coordinate of the figure."""
        return max(abs(x) for point in self.points for x in point) + 1

    @property
    def marks(self) -> list[dict[str, object]]:
        """The examples as points of the figure, dots for the label 1 and circles for −1."""
        marks = zip(self.points, self.labels, strict=True)
        return [{"x": x, "y": y, "mark": "dot" if label == 1 else "circle"} for (x, y), label in marks]

    @property
    def lines(self) -> list[dict[str, object]]:
        """The boundary after the run, where there is one."""
        bias, first, second = self.final if len(self.final) == 3 else (0.0, *(self.final or (0.0, 0.0)))
        if not (first or second):
            return []
        return [{"points": boundary((first, second), bias, self.reach)}]


class LogisticSgdStep(Question):
    """Logistic regression: probabilities, their loss, and a step of gradient descent.

    At level 1 the probability is 1/2, at level 2 there are two features and the loss, at level 3 a batch, or
    the input is sought that has a given probability.

    Source: Bishop 2006, Pattern Recognition and Machine Learning, sections 4.3.2 and 3.1.3;
    torch.nn.BCEWithLogitsLoss.
    """

    title = "Logistic regression"
    minutes = {1: 2, 2: 5, 3: 7}

    form: str
    """`zero` for one feature and the score 0, `step` for one example, `batch`, or `inverse`."""
    weights: tuple[str, ...]
    """Numbers and logarithms, such as `0.5` and `-ln 3`."""
    bias: str
    points: tuple[tuple[int, ...], ...]
    labels: tuple[int, ...]
    rate: float
    probability: str
    """A fraction such as `3/4`, whose input is sought; empty in the other forms."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        form = {1: "zero", 2: "step", 3: rng.choice(["batch", "batch", "inverse"])}[level]
        if form == "inverse":
            weight, bias = rng.choice([-4, -2, -1, -0.5, 0.5, 1, 2, 4, 5]), rng.randint(-6, 6) / 2
            odds = rng.choice([2, 3, 4, 9])
            fraction = f"{rng.choice([1, odds])}/{odds + 1}"
            return cls(form, (f"{weight:g}",), f"{bias:g}", (), (), 0.0, fraction)
        rate = rng.choice([0.1, 0.2, 0.4, 0.5])
        if form == "zero":
            weight, x = (rng.choice([-3, -2, -1, 1, 2, 3]) for _ in range(2))
            return cls(form, (f"{weight}",), f"{-weight * x}", ((x,),), (rng.randrange(2),), rate, "")
        first = rng.choice(["ln 2", "ln 3", "ln 4", "-ln 2", "-ln 3", "-ln 4"])
        if form == "step" and rng.random() < 0.6:
            second, x = rng.choice([-3, -2, -1, 1, 2, 3]) / 2, rng.randint(-3, 3)
            point = (rng.choice([-1, 1]), x)
            return cls(
                form, (first, f"{second:g}"), f"{-second * x:g}", (point,), (rng.randrange(2),), rate, ""
            )
        weights = (first, rng.choice(["0", "ln 2", "ln 3", "-ln 2", "-ln 3"]))
        size = 1 if form == "step" else rng.choice([2, 3])
        points = tuple((rng.randint(-2, 2), rng.randint(-2, 2)) for _ in range(size))
        labels = tuple(rng.randrange(2) for _ in points)
        return cls(form, weights, rng.choice(["0", "0", "ln 2", "-ln 2"]), points, labels, rate, "")

    def flaw(self) -> str | None:
        if self.form not in {"zero", "step", "batch", "inverse"}:
            return "form is zero, step, batch or inverse"
        try:
            values = (*self.values, self.offset)
        except ValueError:
            return "weights and bias are numbers or logarithms, such as 0.5, ln 2 or -ln 3"
        if len(self.weights) != (1 if self.form in {"zero", "inverse"} else 2):
            return "there are two weights, but one for zero and inverse"
        if not all(abs(value) <= 10 for value in values) or not any(self.values):
            return "weights and bias go from -10 to 10, and not all weights are 0"
        return self._inverse_flaw() if self.form == "inverse" else self._step_flaw()

    def _inverse_flaw(self) -> str | None:
        if self.points or self.labels or self.rate:
            return "for inverse there are no examples and no rate"
        try:
            share = Fraction(self.probability)
        except (ValueError, ZeroDivisionError):
            return "the probability is a fraction such as 3/4"
        if not Fraction(1, 50) <= share <= Fraction(49, 50) or share.denominator > 50:
            return "the probability lies between 0.02 and 0.98, and its denominator is at most 50"
        return "the probability is 1/2" if share == Fraction(1, 2) else None

    def _step_flaw(self) -> str | None:
        sizes = {"zero": [1], "step": [1], "batch": [2, 3, 4]}[self.form]
        if self.probability or len(self.points) not in sizes or len(self.labels) != len(self.points):
            return "one example with a label is given, for batch two to four, and no probability"
        if {*map(len, self.points)} != {len(self.weights)} or not {*self.labels} <= {0, 1}:
            return "an example has a feature for each weight and the label 0 or 1"
        if not all(abs(x) <= 10 for point in self.points for x in point) or not all(map(any, self.points)):
            return "features go from -10 to 10, and not all are 0"
        if not 0.001 <= self.rate <= 1 or abs(self.rate - round(self.rate, 3)) > 1e-12:
            return "the rate goes from 0.001 to 1, with three decimals"
        if len({*self.points}) < len(self.points) or (self.form == "zero") != (self.scores == (0,)):
            return "two examples are equal, or the score is 0 in another form than zero, or not 0 there"
        if not all(0.02 < p < 0.98 for p in self.probabilities):
            return "a probability is too near to 0 or 1"
        gradient = (*self._gradient(self.probabilities), self._bias_gradient(self.probabilities))
        return "the gradient is nearly zero" if max(map(abs, gradient)) < 0.05 else None

    @property
    def values(self) -> Values:
        """The weights as numbers."""
        return tuple(map(written_number, self.weights))

    @property
    def offset(self) -> float:
        """The bias as a number."""
        return written_number(self.bias)

    @property
    def latex_weights(self) -> tuple[str, ...]:
        """The weights in LaTeX."""
        return tuple(map(latex_number, self.weights))

    @property
    def latex_bias(self) -> str:
        """The bias in LaTeX."""
        return latex_number(self.bias)

    @property
    def scores(self) -> Values:
        """The score of each example."""
        scores = (dot(self.values, point) + self.offset for point in self.points)
        return tuple(0 if abs(score) < 1e-12 else score for score in scores)

    @property
    def probabilities(self) -> Values:
        """The probability of the label 1 for each example."""
        return tuple(1 / (1 + math.exp(-score)) for score in self.scores)

    @property
    def share(self) -> float:
        """The given probability."""
        return float(Fraction(self.probability)) if self.probability else 0.0

    @property
    def size(self) -> int:
        """The number of examples."""
        return len(self.points)

    def losses(self, probabilities: Row) -> Values:
        """The binary cross-entropy of each example in nats."""
        return tuple(
            -math.log(p if label else 1 - p) for p, label in zip(probabilities, self.labels, strict=True)
        )

    def _errors(self, probabilities: Row) -> Values:
        return tuple(p - label for p, label in zip(probabilities, self.labels, strict=True))

    def _gradient(self, probabilities: Row) -> Values:
        """The mean gradient with respect to the weights."""
        errors = self._errors(probabilities)
        return tuple(dot(errors, column) / self.size for column in zip(*self.points, strict=True))

    def _bias_gradient(self, probabilities: Row) -> float:
        return sum(self._errors(probabilities)) / self.size

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "inverse":
            score, (weight,) = math.log(self.share / (1 - self.share)), self.values
            x = (given("score", score) - self.offset) / weight
            return {"middle": Real(-self.offset / weight, 4), "score": Real(score, 4), "x": Real(x, 4)}
        if self.form == "batch":
            answers: dict[str, Answer] = {"probabilities": Vector(self.probabilities, 4)}
            own = given("probabilities", self.probabilities)
        else:
            answers = {"probability": Real(self.probabilities[0], 4 if self.form == "step" else 2)}
            own = (given("probability", self.probabilities[0]),)
        weights, bias = self._stepped(self._gradient(own), self._bias_gradient(own))
        if self.form == "zero":
            return answers | {"w": Real(weights[0], 2), "b": Real(bias, 2)}
        answers["loss"] = Real(sum(self.losses(own)) / self.size, 4)
        return answers | {"w": Vector(weights, 4), "b": Real(bias, 4)}

    def _stepped(self, gradient: Row, of_bias: float) -> tuple[Values, float]:
        weights = zip(self.values, gradient, strict=True)
        return tuple(w - self.rate * g for w, g in weights), self.offset - self.rate * of_bias

    def _by_factors(self, *factors: float, inputs: bool = True) -> MistakeValues:
        """Weights and bias where the error of each example is multiplied by a factor."""
        if self.form == "inverse":
            return None
        errors = zip(self._errors(self.probabilities), factors * (self.size // len(factors)), strict=True)
        wrong = tuple(error * factor / self.size for error, factor in errors)
        points = self.points if inputs else [(1,) * len(self.weights)] * self.size
        gradient = tuple(dot(wrong, column) for column in zip(*points, strict=True))
        weights, bias = self._stepped(gradient, sum(wrong))
        return {"w": weights if len(weights) > 1 else weights[0], "b": bias}

    @mistake("This is the gradient of the squared error; that of the cross-entropy has no factor 2p(1 − p).")
    def mse_gradient(self) -> MistakeValues:
        return self._by_factors(*(2 * p * (1 - p) for p in self.probabilities))

    @mistake("The derivative p(1 − p) of the sigmoid cancels against that of the logarithm.")
    def keeps_sigmoid_slope(self) -> MistakeValues:
        return self._by_factors(*(p * (1 - p) for p in self.probabilities))

    @mistake("The step goes against the gradient: subtract η(p − y)x.")
    def sign_flip(self) -> MistakeValues:
        return self._by_factors(-1)

    @mistake("Multiply the error p − y by the input.")
    def forgets_input(self) -> MistakeValues:
        return self._by_factors(1, inputs=False)

    @mistake("The gradient of a batch is the mean over its {size} examples, not the sum.")
    def batch_sum_not_mean(self) -> MistakeValues:
        return self._by_factors(self.size) if self.form == "batch" else None

    @mistake("The loss of a batch is the mean over its {size} examples, not the sum.")
    def sum_of_losses(self) -> MistakeValues:
        return {"loss": sum(self.losses(self.probabilities))} if self.form == "batch" else None

    @mistake("The bias is learned as well: its gradient is p − y.")
    def forgets_bias_update(self) -> MistakeValues:
        return {"b": self.offset} if self.form != "inverse" else None

    @mistake("The probability of the label 1 is 1/(1 + exp(−z)), with a minus in the exponent.")
    def probability_of_zero(self) -> MistakeValues:
        return self._by_probabilities(1 - p for p in self.probabilities)

    @mistake("The bias belongs to the score: z is the product of weights and features plus the bias.")
    def score_without_bias(self) -> MistakeValues:
        return self._by_probabilities(1 / (1 + math.exp(self.offset - score)) for score in self.scores)

    def _by_probabilities(self, probabilities: Iterable[float]) -> MistakeValues:
        wrong = tuple(probabilities)
        if self.form == "inverse":
            return None
        if self.form == "batch":
            return self.consequences(probabilities=wrong)
        return self.consequences(probability=wrong[0])

    @mistake("Of the label 1 the loss is −ln p, of the label 0 it is −ln(1 − p).")
    def loss_of_other_label(self) -> MistakeValues:
        if self.form not in {"step", "batch"}:
            return None
        others = (
            -math.log(1 - p if label else p) for p, label in zip(self.probabilities, self.labels, strict=True)
        )
        return {"loss": sum(others) / self.size}

    @mistake("The loss is wanted in nats: take the natural logarithm, not that to base 2.")
    def loss_in_bits(self) -> MistakeValues:
        if self.form not in {"step", "batch"}:
            return None
        return {"loss": sum(self.losses(self.probabilities)) / self.size / math.log(2)}

    @mistake("The inverse of the sigmoid is the logarithm of the odds p/(1 − p), not the odds.")
    def odds_without_logarithm(self) -> MistakeValues:
        return self._by_score(self.share / (1 - self.share))

    @mistake("The odds are p/(1 − p); turned round, the logarithm has the wrong sign.")
    def odds_turned_round(self) -> MistakeValues:
        return self._by_score(math.log(1 / self.share - 1)) if self.share else None

    @mistake("The inverse of the sigmoid is the logarithm of the odds p/(1 − p), not that of p.")
    def logarithm_of_probability(self) -> MistakeValues:
        return self._by_score(math.log(self.share)) if self.share else None

    def _by_score(self, score: float) -> MistakeValues:
        return self.consequences(score=score) if self.form == "inverse" else None

    @mistake("Solve wx + b = z for x: subtract the bias before you divide by the weight.")
    def bias_left_out(self) -> MistakeValues:
        if self.form != "inverse":
            return None
        return {"middle": 0.0, "x": math.log(self.share / (1 - self.share)) / self.values[0]}

    @mistake("Solve wx + b = z for x: the bias is subtracted, not added.")
    def bias_added(self) -> MistakeValues:
        if self.form != "inverse":
            return None
        score = math.log(self.share / (1 - self.share))
        return {"middle": self.offset / self.values[0], "x": (score + self.offset) / self.values[0]}

    @property
    def fraction(self) -> str:
        """The given probability in LaTeX."""
        return _latex_fraction(Fraction(self.probability)) if self.probability else ""

    @property
    def odds(self) -> str:
        """The odds of the given probability in LaTeX."""
        share = Fraction(self.probability or 0)
        return _latex_fraction(share / (1 - share))

    @property
    def sigmoid(self) -> tuple[tuple[float, float], ...]:
        """Of one feature, the probability around the middle and the given example."""
        if len(self.weights) > 1:
            return ()
        weight = self.values[0]
        middle, reach = -self.offset / weight, 5 / abs(weight)
        places = [middle + reach * k / 30 for k in range(-30, 31)]
        return tuple((x, 1 / (1 + math.exp(-weight * x - self.offset))) for x in places)

    @property
    def reach(self) -> float:
        """The largest second coordinate of the figure of two features."""
        return max([2, *(abs(x) for point in self.points for x in point)]) + 1

    @property
    def marks(self) -> list[dict[str, object]]:
        """Examples of two features as points, dots for the label 1 and circles for 0."""
        marks = [
            (point, label) for point, label in zip(self.points, self.labels, strict=True) if len(point) == 2
        ]
        return [{"x": x, "y": y, "mark": "dot" if label else "circle"} for (x, y), label in marks]

    @property
    def lines(self) -> list[dict[str, object]]:
        """The boundaries of two features before and after the step."""
        if len(self.weights) == 1:
            return []
        own = self.probabilities
        weights, bias = self._stepped(self._gradient(own), self._bias_gradient(own))
        pairs = [("before", self.values, self.offset), ("after", weights, bias)]
        return [
            {"points": boundary((first, second), constant, self.reach), "label": name}
            for name, (first, second), constant in pairs
        ]


def _on_mistakes(label: int, wrong: bool) -> int:
    return label if wrong else 0


def _drawn_parallelogram(rng: Random) -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]:
    """Four corners, where mostly those of a diagonal have the same label."""
    x, y, right, up, slant = (rng.randint(*ends) for ends in [(-3, 0), (-3, 0), (1, 3), (1, 3), (-1, 1)])
    corners = [(x, y), (x + right, y + slant), (x, y + up), (x + right, y + slant + up)]
    sign = rng.choice([-1, 1])
    labels = (sign, -sign, -sign, sign) if rng.random() < 0.75 else (sign, sign, -sign, -sign)
    order = rng.sample(range(4), 4)
    return tuple(corners[n] for n in order), tuple(labels[n] for n in order)


def _latex_fraction(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else rf"\frac{{{value.numerator}}}{{{value.denominator}}}"
