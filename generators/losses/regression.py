"""Losses of regression."""

from __future__ import annotations

import math
from random import Random
from typing import Self

from ...answers import Answer, Real, Vector
from ...question import Given, MistakeValues, Question, mistake
from .probabilities import drawn_percentages, flaw_of_probabilities

MEASURES = ("sse", "half_sse", "mse", "rmse", "mae", "mbd")
"""The sum of squared errors, half of it, their mean, its root, the mean absolute error, the mean bias."""


class RegressionErrors(Question):
    """Error measures of predictions: from squared errors to their mean, its root, and what is no square.

    At level 1 the mean squared error of a few numbers is asked, at level 2 the errors and several measures,
    at level 3 vectors with two reductions, or probabilities against a one-hot label.

    Source: Bishop 2006, Pattern Recognition and Machine Learning, section 1.1; torch.nn.MSELoss,
    torch.nn.L1Loss.
    """

    title = "Error measures of a regression"
    minutes = {1: 2, 2: 5, 3: 4}

    form: str
    """`list` for one row of numbers, `vectors` for a row per sample, `one_hot` for a label."""
    targets: tuple[tuple[int, ...], ...]
    predictions: tuple[tuple[float, ...], ...]
    measures: tuple[str, ...]
    """What is asked of a list, named as in MEASURES; of the other forms, nothing is to be chosen."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 3 and rng.random() < 0.5:
            classes = rng.choice([3, 4])
            label = rng.randrange(classes)
            target = tuple(int(place == label) for place in range(classes))
            return cls("one_hot", (target,), (drawn_percentages(rng, classes),), ())
        rows, columns = {1: (1, 3), 2: (1, rng.choice([4, 5])), 3: rng.choice([(2, 3), (3, 2)])}[level]
        targets = tuple(tuple(rng.randint(-5, 9) for _ in range(columns)) for _ in range(rows))
        predictions = tuple(tuple(entry + rng.randint(-4, 4) for entry in row) for row in targets)
        if level == 3:
            return cls("vectors", targets, predictions, ())
        optional = rng.sample(["half_sse", "rmse", "mae", "mbd"], 3 if level == 2 else 0)
        asked = ["mse", *optional] if level == 1 else ["sse", "mse", *optional]
        return cls("list", targets, predictions, tuple(name for name in MEASURES if name in asked))

    def flaw(self) -> str | None:
        if self.form not in {"list", "vectors", "one_hot"} or not {*self.measures} <= {*MEASURES}:
            return f"form is list, vectors or one_hot, and measures are of {', '.join(MEASURES)}"
        if (self.form == "list") != bool(self.measures) or len({*self.measures}) != len(self.measures):
            return "one or more different measures are asked of a list, and none of the other forms"
        if len(self.targets) != len(self.predictions) or len({*map(len, self._entries)}) != 1:
            return "each target needs one prediction, and all rows are equally long"
        if not 2 <= self.columns <= 8 or not (
            2 <= self.rows <= 4 if self.form == "vectors" else self.rows == 1
        ):
            return "two to eight numbers in one row, or in two to four rows for vectors, are wanted"
        if self.form == "one_hot":
            return self._flaw_of_probabilities()
        if not all(abs(entry) <= 100 and entry == int(entry) for row in self._entries for entry in row):
            return "targets and predictions are whole numbers from -100 to 100"
        if len({abs(error) for error in self.flat_errors}) < 2:
            return "all errors have the same size"
        if "mbd" in self.measures and sum(self.flat_errors) == 0:
            return "the errors cancel"
        return None

    def _flaw_of_probabilities(self) -> str | None:
        if sorted(self.targets[0]) != [0] * (self.columns - 1) + [1]:
            return "the target of a one-hot label is one 1 among zeros"
        return flaw_of_probabilities(self.predictions[0])

    @property
    def _entries(self) -> tuple[tuple[float, ...], ...]:
        return (*self.targets, *self.predictions)

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.targets)

    @property
    def columns(self) -> int:
        """The number of entries of a row."""
        return len(self.targets[0])

    @property
    def label(self) -> int:
        """The class of a one-hot target."""
        return self.targets[0].index(max(self.targets[0]))

    @property
    def errors(self) -> tuple[tuple[float, ...], ...]:
        """Prediction minus target."""
        pairs = zip(self.predictions, self.targets, strict=True)
        return tuple(tuple(p - t for p, t in zip(*rows, strict=True)) for rows in pairs)

    @property
    def flat_errors(self) -> tuple[float, ...]:
        """The errors of all rows, one after another."""
        return tuple(error for row in self.errors for error in row)

    @property
    def square_sums(self) -> tuple[float, ...]:
        """The sum of the squared errors of each row."""
        return tuple(sum(error**2 for error in row) for row in self.errors)

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "vectors":
            sums = given("sums", self.square_sums)
            answers: dict[str, Answer] = {"sums": Vector(tuple(map(int, self.square_sums)))}
            by_sample, by_entry = sum(sums) / self.rows, sum(sums) / self.rows / self.columns
            return answers | {"mean_over_samples": Real(by_sample, 3), "mean_over_all": Real(by_entry, 3)}
        if self.form == "one_hot":
            squares = tuple(error**2 for error in self.errors[0])
            own = given("squares", squares)
            total = sum(own)
            own_total = given("total", total)
            mean = Real(own_total / self.columns, 4)
            return {"squares": Vector(squares, 4), "total": Real(total, 4), "mean": mean}
        return self._measured(given)

    def _measured(self, given: Given) -> dict[str, Answer]:
        errors = given("errors", self.errors[0])
        first = {"errors": Vector(tuple(map(int, self.errors[0])))} if len(self.measures) > 1 else {}
        total = sum(error**2 for error in errors)
        own_total = given("sse", total)
        mean = own_total / self.columns
        values = {
            "sse": total,
            "half_sse": own_total / 2,
            "mse": mean,
            "rmse": math.sqrt(given("mse", mean)),
            "mae": sum(map(abs, errors)) / self.columns,
            "mbd": sum(errors) / self.columns,
        }
        return first | {name: Real(values[name], 3) for name in self.measures}

    @property
    def _mean_square(self) -> str:
        """The blank of the mean over all entries."""
        return {"list": "mse", "vectors": "mean_over_all", "one_hot": "mean"}[self.form]

    def _mean(self, value: float) -> MistakeValues:
        if self.form == "list" and "mse" not in self.measures:
            return None
        return self.consequences(**{self._mean_square: value})

    @mistake("The mean squared error also counts the classes that are not the right one: each has an error.")
    def only_true_class(self) -> MistakeValues:
        return self._mean(self.errors[0][self.label] ** 2) if self.form == "one_hot" else None

    @mistake("This is the sum of the squared errors; the mean divides it by the number of entries.")
    def sum_not_mean(self) -> MistakeValues:
        return self._mean(sum(self.square_sums))

    @mistake("This is half the sum of the squared errors; the mean divides by the number of entries.")
    def half_factor(self) -> MistakeValues:
        return self._mean(sum(self.square_sums) / 2)

    @mistake("The mean squared error divides by the number of entries, not by one less.")
    def divides_by_one_less(self) -> MistakeValues:
        return self._mean(sum(self.square_sums) / (self.rows * self.columns - 1))

    @mistake("This is the mean of the absolute errors; the errors must be squared.")
    def absolute_for_squared(self) -> MistakeValues:
        return self._mean(sum(map(abs, self.flat_errors)) / len(self.flat_errors))

    @mistake("Square each error before you add them: positive and negative errors must not cancel.")
    def squares_the_mean(self) -> MistakeValues:
        return (
            None
            if self.form == "one_hot"
            else self._mean((sum(self.flat_errors) / len(self.flat_errors)) ** 2)
        )

    @mistake("The root mean squared error is the square root of the mean squared error.")
    def no_root(self) -> MistakeValues:
        return {"rmse": sum(self.square_sums) / self.columns} if "rmse" in self.measures else None

    @mistake("Take the mean before the root: this is the root of the sum.")
    def root_of_the_sum(self) -> MistakeValues:
        return {"rmse": math.sqrt(sum(self.square_sums))} if "rmse" in self.measures else None

    @mistake("The bias is prediction minus target: it is positive where predictions are too high.")
    def bias_turned_round(self) -> MistakeValues:
        return {"mbd": -sum(self.flat_errors) / self.columns} if "mbd" in self.measures else None

    @mistake("The mean bias keeps the signs of the errors, so that they may cancel.")
    def bias_without_signs(self) -> MistakeValues:
        return {"mbd": sum(map(abs, self.flat_errors)) / self.columns} if "mbd" in self.measures else None

    @mistake("The mean absolute error takes each error without its sign, so that errors cannot cancel.")
    def absolute_of_the_mean(self) -> MistakeValues:
        return {"mae": abs(sum(self.flat_errors)) / self.columns} if "mae" in self.measures else None

    @mistake("Here only the samples are averaged; the entries of a sample are added.")
    def averages_entries_too(self) -> MistakeValues:
        mean = sum(self.square_sums) / self.rows / self.columns
        return {"mean_over_samples": mean} if self.form == "vectors" else None

    @mistake("The mean over all entries divides by the number of all entries, not of the samples.")
    def averages_samples_only(self) -> MistakeValues:
        return {"mean_over_all": sum(self.square_sums) / self.rows} if self.form == "vectors" else None
