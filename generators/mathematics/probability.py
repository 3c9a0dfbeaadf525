"""Probability: posteriors by the theorem of Bayes, and the covariance of points."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix, Option, Real, Shape, SingleChoice, Vector
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import Row, dot, eigenvalues, matmul, printable, transposed

STORIES = 3
"""The wordings of each form."""
TOTAL = 20
"""The counts of a joint table add up to it."""
LARGEST_COORDINATE = 50
DIRECTIONS = ((3, 4), (4, 3), (-3, 4), (4, -3), (1, 1), (1, -1))
Rows = Sequence[Row]


class Bayes(Question):
    """Posteriors from priors and likelihoods, or from a joint table.

    At level 1 there are two classes and one observation, at level 2 a test with sensitivity and specificity,
    at level 3 three classes with features that are conditionally independent, or the joint distribution of
    three binary variables.

    Source: Bishop 2006, Pattern Recognition and Machine Learning, sections 1.2 and 8.2; Murphy 2022,
    Probabilistic Machine Learning, sections 2.3 and 9.3.
    """

    title = "Posterior probabilities"
    minutes = {1: 2, 2: 5, 3: 7}

    form: str
    """`classes`, `test`, `naive` or `table`."""
    story: int
    """The wording, from 0."""
    priors: tuple[float, ...]
    """The probability of each class; empty for a table."""
    likelihoods: tuple[tuple[float, ...], ...]
    """For each feature its probability in each class; of a test, its sensitivity and specificity."""
    observed: tuple[bool, ...]
    """Whether each feature of the form `naive` was seen; empty in the other forms."""
    counts: tuple[int, ...]
    """The probabilities of A, B, C = 000, 001, 010, ..., 111 in twentieths; empty but for a table."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        form = {1: "classes", 2: "test", 3: rng.choice(["naive", "table"])}[level]
        story = rng.randrange(STORIES)
        if form == "table":
            return cls(form, 0, (), (), (), _drawn_counts(rng))
        if form == "naive":
            priors = rng.choice([(0.5, 0.3, 0.2), (0.4, 0.4, 0.2), (0.6, 0.3, 0.1), (0.5, 0.25, 0.25)])
            rows = (tuple(k / 10 for k in rng.sample(range(1, 10), 3)) for _ in range(2))
            observed = rng.choice([(True, True), (True, False), (False, True)])
            return cls(form, 0, tuple(rng.sample(priors, 3)), tuple(rows), observed, ())
        if form == "test":
            prior = rng.choice([0.01, 0.02, 0.04, 0.05, 0.08, 0.1, 0.15, 0.2])
            rates = tuple(rng.randint(80, 99) / 100 for _ in range(2))
            return cls(form, story, (prior, round(1 - prior, 2)), (rates,), (), ())
        prior = rng.choice(range(5, 100, 5)) / 100
        rates = tuple(k / 10 for k in rng.sample(range(1, 10), 2))
        return cls(form, story, (prior, round(1 - prior, 2)), (rates,), (), ())

    def flaw(self) -> str | None:
        if self.form not in {"classes", "test", "naive", "table"} or not 0 <= self.story < STORIES:
            return f"form is classes, test, naive or table, and the story from 0 to {STORIES - 1}"
        if self.form == "table":
            return self._table_flaw()
        classes, features = (3, 2) if self.form == "naive" else (2, 1)
        if self.counts or len(self.priors) != classes or len(self.likelihoods) != features:
            return f"{classes} priors, {features} rows of likelihoods and no counts are wanted"
        if len(self.observed) != (features if self.form == "naive" else 0):
            return "each feature of the form naive was seen or not, and there is none in the other forms"
        if {*map(len, self.likelihoods)} != {classes} or abs(sum(self.priors) - 1) > 1e-9:
            return "each feature has a likelihood for each class, and the priors add up to 1"
        if not all(0.001 <= p <= 0.999 for row in (self.priors, *self.likelihoods) for p in row):
            return "probabilities go from 0.001 to 0.999"
        if not printable(p for row in (self.priors, *self.likelihoods) for p in row):
            return "a probability has more than four decimals"
        return self._probabilities_flaw()

    def _probabilities_flaw(self) -> str | None:
        first, second, *_ = sorted(self.joint, reverse=True)
        if self.form == "naive" and second > 0.97 * first:
            return "two classes are nearly equally probable"
        if self.form == "classes" and self.likelihoods[0][0] == self.likelihoods[0][1]:
            return "the observation tells nothing"
        if self.form == "test" and sum(self.likelihoods[0]) < 1.05:
            return "the test is no better than chance"
        return None

    def _table_flaw(self) -> str | None:
        if len(self.counts) != 8 or sum(self.counts) != TOTAL or not all(k >= 0 for k in self.counts):
            return f"a table has eight counts from 0 that add up to {TOTAL}"
        if self.priors or self.likelihoods or self.observed or self.story:
            return "a table has neither priors nor likelihoods nor a story"
        return None if all(self.counts[1::2]) else "a case with C = 1 is impossible"

    @property
    def rates(self) -> tuple[float, ...]:
        """The probability in each class of what was observed, or of a positive test."""
        if self.form == "table":
            return ()
        if self.form == "test":
            return self.likelihoods[0][0], self.false_alarms
        if self.form == "classes":
            return self.likelihoods[0]
        return tuple(math.prod(entries) for entries in zip(*self.factors, strict=True))

    @property
    def false_alarms(self) -> float:
        """The probability of a positive test without what it looks for."""
        return round(1 - self.likelihoods[0][1], 9) if self.form == "test" else 0.0

    @property
    def factors(self) -> tuple[tuple[float, ...], ...]:
        """For each feature the probability in each class of what was observed."""
        pairs = zip(self.likelihoods, self.observed, strict=False)
        return tuple(tuple(p if seen else round(1 - p, 9) for p in row) for row, seen in pairs)

    @property
    def joint(self) -> tuple[float, ...]:
        """Prior times likelihood of each class."""
        return tuple(p * rate for p, rate in zip(self.priors, self.rates, strict=True))

    @property
    def evidence(self) -> float:
        """The probability of the observation."""
        return sum(self.joint)

    @property
    def negatives(self) -> tuple[float, ...]:
        """The joint probabilities of each class with a negative test."""
        return tuple(p * (1 - rate) for p, rate in zip(self.priors, self.rates, strict=True))

    def probability(self, **values: int) -> float:
        """The probability in the table that the variables named `a`, `b`, `c` have these values."""
        wanted = {"abc".index(name): value for name, value in values.items()}
        places = [(i >> 2 & 1, i >> 1 & 1, i & 1) for i in range(len(self.counts))]
        return (
            sum(
                k
                for k, place in zip(self.counts, places, strict=True)
                if all(place[i] == v for i, v in wanted.items())
            )
            / TOTAL
        )

    @property
    def independent(self) -> bool:
        """Whether A and B of a table are independent given C = 1."""
        neither, only_b, only_a, both = self.counts[1::2] or (0, 0, 0, 0)
        return both * neither == only_a * only_b

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "table":
            return self._of_table(given)
        if self.form == "naive":
            own = given("joint", self.joint)
            posterior = tuple(entry / sum(own) for entry in own)
            own_posterior = given("posterior", posterior)
            return {
                "joint": Vector(self.joint, 4),
                "posterior": Vector(posterior, 3),
                "best": Integer(own_posterior.index(max(own_posterior)) + 1),
            }
        own_evidence = given("evidence", self.evidence)
        answers: dict[str, Answer] = {
            "evidence": Real(self.evidence, 4),
            "posterior": Real(self.joint[0] / own_evidence, 4),
        }
        if self.form == "test":
            answers["negative"] = Real(self.negatives[1] / (1 - own_evidence), 4)
        return answers

    def _of_table(self, given: Given) -> dict[str, Answer]:
        marginal = given("marginal", self.probability(c=1))
        alike = self.independent
        why = "Compare P(A = 1 | B = 1, C = 1) with P(A = 1 | C = 1): they are {} here."
        why = why.format("equal" if alike else "different")
        options = (
            Option("independent given $C = 1$", alike, "" if alike else why),
            Option("dependent given $C = 1$", not alike, why if alike else ""),
        )
        together = self.probability(a=1, b=1, c=1) / self.probability(b=1, c=1)
        return {
            "marginal": Real(self.probability(c=1), 3),
            "given_c": Real(self.probability(a=1, c=1) / marginal, 3),
            "given_b_and_c": Real(together, 3),
            "independence": SingleChoice(options),
        }

    @property
    def _is_binary(self) -> bool:
        return self.form in {"classes", "test"}

    @mistake("This is the likelihood: weight it with the prior, and divide by the evidence.")
    def forgets_prior(self) -> MistakeValues:
        if self.form == "naive":
            return self.consequences(joint=self.rates)
        negative = {"negative": self.likelihoods[0][1]} if self.form == "test" else {}
        return {"posterior": self.rates[0]} | negative if self._is_binary else None

    @mistake("This is prior times likelihood; the posterior divides it by the evidence.")
    def inverse_conditional(self) -> MistakeValues:
        if self.form == "naive":
            return {"posterior": self.joint}
        return {"posterior": self.joint[0]} if self._is_binary else None

    @mistake("The evidence adds the observation in all classes, not only in the one that is asked for.")
    def evidence_missing_term(self) -> MistakeValues:
        return self.consequences(evidence=self.joint[0]) if self._is_binary else None

    @mistake("The classes are not equally probable before the observation: use the priors.")
    def equal_priors(self) -> MistakeValues:
        if not self._is_binary:
            return None
        return {"posterior": self.rates[0] / sum(self.rates), "evidence": sum(self.rates) / 2}

    @mistake("The likelihoods must be weighted with the priors before they are added.")
    def likelihoods_added(self) -> MistakeValues:
        return {"evidence": sum(self.rates)} if self._is_binary else None

    @mistake("This is the posterior of the other class.")
    def other_class(self) -> MistakeValues:
        return {"posterior": self.joint[1] / self.evidence} if self._is_binary else None

    @mistake("A false alarm has the probability 1 − specificity; the specificity is that of a true negative.")
    def specificity_for_false_alarms(self) -> MistakeValues:
        if self.form != "test":
            return None
        wrong = self.joint[0] + self.priors[1] * self.likelihoods[0][1]
        return {"evidence": wrong, "posterior": self.joint[0] / wrong}

    @mistake("After a negative test the probabilities of negative results count, not those of positive ones.")
    def complement_after_negative(self) -> MistakeValues:
        return {"negative": self.joint[1] / self.evidence} if self.form == "test" else None

    @mistake("Both features count: multiply their likelihoods.")
    def first_feature_only(self) -> MistakeValues:
        return self._naive(self.factors[0]) if self.form == "naive" else None

    @mistake("Independent likelihoods are multiplied, not added.")
    def likelihoods_of_features_added(self) -> MistakeValues:
        if self.form != "naive":
            return None
        return self._naive(tuple(map(sum, zip(*self.factors, strict=True))))

    @mistake("Where a feature was not seen, its probability is 1 minus the one in the table.")
    def ignores_outcome(self) -> MistakeValues:
        if self.form != "naive":
            return None
        return self._naive(tuple(map(math.prod, zip(*self.likelihoods, strict=True))))

    def _naive(self, rates: Row) -> MistakeValues:
        return self.consequences(joint=tuple(p * rate for p, rate in zip(self.priors, rates, strict=True)))

    @mistake("This class has the largest prior; the posterior decides.")
    def largest_prior(self) -> MistakeValues:
        return {"best": self.priors.index(max(self.priors)) + 1} if self.form == "naive" else None

    @mistake("The classes are numbered from 1.")
    def counts_from_zero(self) -> MistakeValues:
        return {"best": self.joint.index(max(self.joint))} if self.form == "naive" else None

    @mistake("The condition C = 1 is missing: only the cases with C = 1 count.")
    def forgets_condition(self) -> MistakeValues:
        if self.form != "table":
            return None
        together = self.probability(a=1, b=1) / self.probability(b=1)
        return {"given_c": self.probability(a=1), "given_b_and_c": together}

    @mistake("This is a joint probability: divide it by the probability of the condition.")
    def joint_for_conditional(self) -> MistakeValues:
        if self.form != "table":
            return None
        return {"given_c": self.probability(a=1, c=1), "given_b_and_c": self.probability(a=1, b=1, c=1)}

    @mistake("The condition stands behind the bar: divide by its probability, not by that of A.")
    def condition_turned_round(self) -> MistakeValues:
        if self.form != "table" or not self.probability(a=1):
            return None
        both = self.probability(a=1, b=1, c=1)
        return {
            "given_c": self.probability(a=1, c=1) / self.probability(a=1),
            "given_b_and_c": both / self.probability(a=1),
        }

    @mistake("Here B stands behind the bar as well: divide by P(B = 1, C = 1), not by P(C = 1).")
    def divides_by_c_only(self) -> MistakeValues:
        if self.form != "table":
            return None
        return {"given_b_and_c": self.probability(a=1, b=1, c=1) / self.probability(c=1)}

    @mistake("The marginal probability adds all cases with C = 1, over both values of A and B.")
    def one_row_of_marginal(self) -> MistakeValues:
        return self.consequences(marginal=self.probability(a=1, c=1)) if self.form == "table" else None


class CovarianceTrace(Question):
    """Covariance of points in the plane, and their total variance.

    At level 1 the points are centred already, at level 2 they are centred first, and the variance along a
    direction is asked, at level 3 the axes of the ellipse of the covariance and the share of the first
    principal component, or what the covariance of a large data matrix looks like.

    Source: Bishop 2006, Pattern Recognition and Machine Learning, sections 2.3 and 12.1; numpy.cov.
    """

    title = "Covariance and total variance"
    minutes = {1: 3, 2: 6, 3: 7}

    form: str
    """`centred`, `points`, `axes` or `layout`."""
    points: tuple[tuple[int, ...], ...]
    """The points; empty in the form `layout`."""
    divisor: str
    """What sums of products are divided by: `n` or `n-1`."""
    direction: tuple[int, ...]
    """The direction of the form `points`, not normalised; empty in the other forms."""
    sizes: tuple[int, ...]
    """Samples, features and the sum of squared entries of the form `layout`; empty in the other forms."""
    samples_in: str
    """`rows` or `columns` in the form `layout`, and else empty."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        form = {1: "centred", 2: "points", 3: rng.choice(["axes", "layout"])}[level]
        divisor = rng.choice(["n", "n-1"]) if level == 3 else "n"
        if form == "layout":
            samples, features = rng.sample([4, 5, 6, 8, 10, 11, 20, 21, 25, 40, 50], 2)
            count = samples - (divisor == "n-1")
            sizes = samples, features, count * rng.randint(2, 30)
            return cls(form, (), divisor, (), sizes, rng.choice(["rows", "columns"]))
        direction = rng.choice(DIRECTIONS) if form == "points" else ()
        question = cls(form, _drawn_points(rng, form), divisor, direction, (), "")
        while question.flaw():
            question = cls(form, _drawn_points(rng, form), divisor, direction, (), "")
        return question

    def flaw(self) -> str | None:
        if self.form not in {"centred", "points", "axes", "layout"} or self.divisor not in {"n", "n-1"}:
            return "form is centred, points, axes or layout, and the divisor n or n-1"
        if bool(self.direction) != (self.form == "points") or len(self.direction) not in {0, 2}:
            return "a direction of two numbers belongs to the form points"
        if self.form == "layout":
            return self._layout_flaw()
        if self.sizes or self.samples_in or not 3 <= len(self.points) <= 6 or {*map(len, self.points)} != {2}:
            return "three to six points of two numbers, and neither sizes nor their layout, are wanted"
        if any(
            abs(entry) > LARGEST_COORDINATE for point in (*self.points, self.direction) for entry in point
        ):
            return f"coordinates go from -{LARGEST_COORDINATE} to {LARGEST_COORDINATE}"
        return self._points_flaw()

    def _layout_flaw(self) -> str | None:
        if self.points or len(self.sizes) != 3 or self.samples_in not in {"rows", "columns"}:
            return "samples in rows or columns, features and a sum of squares are given, and no points"
        samples, features, energy = self.sizes
        if not (2 <= samples <= 200 and 2 <= features <= 200 and 1 <= energy <= 100_000):
            return "samples and features go from 2 to 200, and the sum of squares from 1 to 100000"
        return "there are as many samples as features" if samples == features else None

    def _points_flaw(self) -> str | None:
        centred = not any(map(sum, zip(*self.points, strict=True)))
        if centred != (self.form == "centred"):
            return "the points are centred only in the form centred"
        if any(mean != round(mean) for mean in self.mean):
            return "the mean is not whole"
        (a, b), (_, d) = self.scatter
        if not a or not d or a * d == b * b:
            return "the points lie on a line"
        if self.form == "points" and not any(self.direction):
            return "the direction is zero"
        if self.form == "axes" and (not b or eigenvalues(self.scatter)[0] % 1):
            return "the covariance is zero, or the eigenvalues are not friendly"
        return None

    @property
    def count(self) -> int:
        """The number of points or samples."""
        return self.sizes[0] if self.sizes else len(self.points)

    @property
    def divided_by(self) -> int:
        """What sums of products are divided by, as a number."""
        return self.count - (self.divisor == "n-1")

    @property
    def mean(self) -> tuple[float, ...]:
        """The mean of the points."""
        return tuple(sum(column) / self.count for column in zip(*self.points, strict=True))

    @property
    def deviations(self) -> tuple[tuple[float, ...], ...]:
        """The points minus their mean."""
        return self._about(self.mean)

    def _about(self, centre: Row) -> tuple[tuple[float, ...], ...]:
        return tuple(tuple(x - m for x, m in zip(point, centre, strict=True)) for point in self.points)

    @property
    def scatter(self) -> tuple[tuple[float, ...], ...]:
        """The sums of products of the deviations."""
        return _products(self.deviations)

    @property
    def covariance(self) -> tuple[tuple[float, ...], ...]:
        """The covariance matrix."""
        return _scaled(self.scatter, 1 / self.divided_by) if self.points else ()

    @property
    def length(self) -> float:
        """The squared length of the direction."""
        return dot(self.direction, self.direction)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "layout":
            return self._of_layout(given)
        answers: dict[str, Answer] = {}
        covariance = self.covariance
        if self.form == "points":
            answers["mean"] = Vector(self.mean, 3)
            covariance = _scaled(_products(self._about(given("mean", self.mean))), 1 / self.divided_by)
        answers["covariance"] = Matrix(covariance, 3)
        own = given("covariance", covariance)
        if self.form == "axes":
            return answers | self._of_axes(given, own)
        answers["total"] = Real(own[0][0] + own[1][1], 3)
        if self.form == "points":
            answers["along"] = Real(_quadratic(own, self.direction) / self.length, 3)
        return answers

    def _of_axes(self, given: Given, covariance: Rows) -> dict[str, Answer]:
        values = eigenvalues(covariance)
        own = given("eigenvalues", values)
        return {
            "eigenvalues": Vector(values, 3),
            "half_axes": Vector(tuple(map(math.sqrt, own)), 3),
            "share": Real(max(own) / sum(own), 3),
        }

    def _of_layout(self, given: Given) -> dict[str, Answer]:
        samples, features, energy = self.sizes
        shape = (features, features)
        size = min(given("shape", shape))
        total = energy / self.divided_by
        return {
            "shape": Shape(shape),
            "rank": Integer(min(size, samples - 1)),
            "total": Real(total, 3),
            "mean_variance": Real(given("total", total) / features, 3),
        }

    @mistake("The mean must be subtracted from every point before the products are taken.")
    def not_centred(self) -> MistakeValues:
        if self.form not in {"points", "axes"}:
            return None
        return self._with(_scaled(_products(self.points), 1 / self.divided_by))

    @mistake("Mind the divisor: here it is {divisor}.")
    def divides_n_minus_1(self) -> MistakeValues:
        other = self.count - (self.divisor == "n")
        if self.form == "layout":
            return self.consequences(total=self.sizes[2] / other)
        return self._with(_scaled(self.scatter, 1 / other))

    @mistake("These are the sums of products; the covariance divides them by {divisor}.")
    def forgets_division(self) -> MistakeValues:
        if self.form == "layout":
            return self.consequences(total=self.sizes[2])
        return self._with(self.scatter)

    @mistake("The covariance keeps its sign: it is negative where one coordinate falls as the other rises.")
    def covariance_without_sign(self) -> MistakeValues:
        if not self.points:
            return None
        (a, b), (_, d) = self.covariance
        return {"covariance": ((a, -b), (-b, d))}

    def _with(self, covariance: Rows) -> MistakeValues:
        return self.consequences(covariance=covariance) if self.points else None

    @mistake("The total variance adds the variances, not the standard deviations.")
    def std_added(self) -> MistakeValues:
        return self._total(lambda a, _, d: math.sqrt(a) + math.sqrt(d))

    @mistake("The total variance is the trace; the entries off the diagonal do not belong to it.")
    def all_entries_added(self) -> MistakeValues:
        return self._total(lambda a, b, d: a + 2 * b + d)

    @mistake("The total variance is the sum of the variances, not their product or the determinant.")
    def determinant_for_trace(self) -> MistakeValues:
        return self._total(lambda a, b, d: a * d - b * b)

    def _total(self, wrong: Callable[[float, float, float], float]) -> MistakeValues:
        if self.form not in {"centred", "points"}:
            return None
        (a, b), (_, d) = self.covariance
        return {"total": wrong(a, b, d)}

    @mistake("Divide by the squared length of the direction: it is to be a unit vector.")
    def direction_not_normalised(self) -> MistakeValues:
        return {"along": _quadratic(self.covariance, self.direction)} if self.direction else None

    @mistake("The covariance of both coordinates adds to the variance along a slanted direction.")
    def along_without_covariance(self) -> MistakeValues:
        if not self.direction:
            return None
        (a, _), (_, d) = self.covariance
        return {"along": _quadratic(((a, 0), (0, d)), self.direction) / self.length}

    @mistake("This is the standard deviation along the direction; the variance is its square.")
    def deviation_along(self) -> MistakeValues:
        if not self.direction:
            return None
        return {"along": math.sqrt(_quadratic(self.covariance, self.direction) / self.length)}

    @mistake("The variances are the eigenvalues only where the covariance is 0.")
    def diagonal_for_eigenvalues(self) -> MistakeValues:
        if self.form != "axes":
            return None
        (a, _), (_, d) = self.covariance
        return self.consequences(eigenvalues=(max(a, d), min(a, d)))

    @mistake("The half-axes are lengths: the roots of the eigenvalues, which are variances.")
    def axis_without_sqrt(self) -> MistakeValues:
        return {"half_axes": eigenvalues(self.covariance)} if self.form == "axes" else None

    @mistake("The share is of the total variance: add the eigenvalues, not their roots.")
    def share_of_deviations(self) -> MistakeValues:
        return self._share(lambda high, low: math.sqrt(high) / (math.sqrt(high) + math.sqrt(low)))

    @mistake("The share divides by the total variance, not by the other eigenvalue.")
    def ratio_of_eigenvalues(self) -> MistakeValues:
        return self._share(lambda high, low: high / low)

    @mistake("This is the share that is lost; the first component keeps the larger eigenvalue.")
    def share_of_the_second(self) -> MistakeValues:
        return self._share(lambda high, low: low / (high + low))

    def _share(self, wrong: Callable[[float, float], float]) -> MistakeValues:
        return {"share": wrong(*eigenvalues(self.covariance))} if self.form == "axes" else None

    @mistake("The covariance has a row and a column for each feature; this product has one for each sample.")
    def XXt_for_XtX(self) -> MistakeValues:  # noqa: N802  # the name of the product
        return {"shape": (self.sizes[0], self.sizes[0])} if self.form == "layout" else None

    @mistake("Centring takes one dimension away: n centred samples span at most n − 1 of them.")
    def rank_without_centring(self) -> MistakeValues:
        return {"rank": min(self.sizes[:2])} if self.form == "layout" else None

    @mistake("The rank is also bounded by the number of samples.")
    def rank_is_size(self) -> MistakeValues:
        return {"rank": self.sizes[1]} if self.form == "layout" else None

    @mistake("The mean over the features divides the total variance by their number, not by that of samples.")
    def mean_over_samples(self) -> MistakeValues:
        if self.form != "layout":
            return None
        return {"mean_variance": self.sizes[2] / self.divided_by / self.sizes[0]}

    @property
    def ellipse(self) -> tuple[tuple[float, float], ...]:
        """Points on the ellipse of the covariance about the mean, one standard deviation away."""
        if self.form != "axes":
            return ()
        (a, b), _ = self.covariance
        (high, low), (x, y) = eigenvalues(self.covariance), self.mean
        angle = math.atan2(high - a, b)
        turns = (2 * math.pi * step / 60 for step in range(61))
        pairs = [(math.sqrt(high) * math.cos(t), math.sqrt(low) * math.sin(t)) for t in turns]
        cosine, sine = math.cos(angle), math.sin(angle)
        return tuple((x + cosine * u - sine * v, y + sine * u + cosine * v) for u, v in pairs)

    @property
    def frame(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The ranges of both coordinates of a square picture of the points and the ellipse."""
        pairs = [(float(x), float(y)) for x, y in self.points] + list(self.ellipse)
        if not pairs:
            return (0.0, 1.0), (0.0, 1.0)
        xs, ys = zip(*pairs, strict=True)
        reach = max(max(xs) - min(xs), max(ys) - min(ys)) * 0.55
        x, y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
        return (x - 1.6 * reach, x + 1.6 * reach), (y - reach, y + reach)


def _products(rows: Rows) -> tuple[tuple[float, ...], ...]:
    """The sums of products of two columns."""
    return matmul(transposed(rows), rows)


def _scaled(matrix: Rows, factor: float) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(factor * entry for entry in row) for row in matrix)


def _quadratic(matrix: Rows, vector: Row) -> float:
    return dot(vector, tuple(dot(row, vector) for row in matrix))


def _drawn_points(rng: Random, form: str) -> tuple[tuple[int, ...], ...]:
    """Points with a whole mean, which is zero only where they are to be centred."""
    count = {"centred": rng.choice([3, 4]), "points": 4, "axes": rng.choice([4, 5])}[form]
    columns = []
    for _ in range(2):
        column = [rng.randint(-3, 3) for _ in range(count - 1)]
        mean = 0 if form == "centred" else rng.randint(-2, 4)
        columns.append([entry + mean for entry in (*column, -sum(column))])
    return tuple(zip(*columns, strict=True))


def _drawn_counts(rng: Random) -> tuple[int, ...]:
    """Twentieths; in half of the tables A and B are independent given C = 1."""
    a, b = rng.sample([(1, 1), (1, 2), (2, 1), (1, 3), (3, 1)], 2)
    known = [x * y for x in a for y in b]
    if sum(known) > TOTAL - 4 or rng.random() < 0.5:
        known = [rng.randint(1, 4) for _ in range(4)]
    cuts = sorted(rng.randint(0, TOTAL - sum(known)) for _ in range(3))
    others = [high - low for low, high in zip([0, *cuts], [*cuts, TOTAL - sum(known)], strict=True)]
    return tuple(count for pair in zip(others, known, strict=True) for count in pair)
