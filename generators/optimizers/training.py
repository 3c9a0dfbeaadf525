"""How training is organised: batches and epochs, when it stops, clipped gradients, search for settings."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random
from typing import Any, Self

from ...answers import Answer, Integer, Real
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import printable

LARGEST_DATASET = 100_000
NOUNS = ("images", "sentences", "recordings", "measurements")
RULES = ("best", "previous")
HYPERPARAMETERS = {
    "learning rate": (0.1, 0.03, 0.01, 0.003, 0.001, 0.0003),
    "batch size": (32, 64, 128, 256, 512, 1024),
    "hidden layers": (1, 2, 3, 4, 5, 6),
    "units per layer": (32, 64, 128, 256, 512, 1024),
    "dropout rate": (0, 0.1, 0.2, 0.3, 0.4, 0.5),
    "weight decay": (0, 0.0001, 0.0003, 0.001, 0.003, 0.01),
}
CONTINUOUS = ("learning rate", "dropout rate", "weight decay")
"""Those that random search draws from an interval."""


class EpochsIterationsSplit(Question):
    """Batches of an epoch and updates of a training run.

    At level 1 the batches divide the data, at level 2 a rest is left, at level 3 the data are split first,
    and augmentation, accumulated gradients or several GPUs come in.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 8.1.3; torch.utils.data.DataLoader and
    DistributedSampler.
    """

    title = "Epochs, batches and updates"
    minutes = {1: 1, 2: 2, 3: 4}

    noun: str
    samples: int
    shares: tuple[int, int, int]
    """The parts for training, validation and test in per cent."""
    copies: int
    """How many versions of each training sample there are after augmentation."""
    replicas: int
    """The number of GPUs."""
    batch: int
    """The batch size of each GPU."""
    accumulation: int
    """Over how many batches gradients are added up before an update."""
    epochs: int
    drop_last: bool

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        noun, epochs = rng.choice(NOUNS), rng.choice([5, 8, 10, 12, 15, 20, 25, 30, 40, 50])
        batch = rng.choice([10, 16, 20, 25, 32, 40, 50, 64, 100])
        if level == 1:
            samples = batch * rng.randint(5, 50)
            return cls(noun, samples, (100, 0, 0), 1, 1, batch, 1, epochs, drop_last=False)
        if level == 2:
            samples, batch = 50 * rng.randint(10, 120), rng.choice([16, 32, 48, 64, 96, 128])
            drop_last = rng.choice([True, False])
            return cls(noun, samples, (100, 0, 0), 1, 1, batch, 1, epochs, drop_last)
        shares = rng.choice([(60, 20, 20), (80, 10, 10), (70, 15, 15), (50, 25, 25)])
        factors = rng.choice([(3, 1, 4), (2, 1, 2), (4, 1, 2), (1, 2, 4), (1, 4, 2), (2, 4, 1), (3, 2, 1)])
        samples, batch = 200 * rng.randint(5, 25), rng.choice([16, 32, 64])
        return cls(noun, samples, shares, *factors[:2], batch, factors[2], epochs, rng.choice([True, False]))

    def flaw(self) -> str | None:
        counts = (self.samples, self.copies, self.replicas, self.batch, self.accumulation, self.epochs)
        if self.noun not in NOUNS:
            return f"the samples are one of {', '.join(NOUNS)}"
        if min(counts) < 1 or self.samples * self.copies > LARGEST_DATASET or max(counts[1:]) > 1_000:
            return f"numbers are positive, at most {LARGEST_DATASET} samples and at most 1000 of the others"
        if sum(self.shares) != 100 or min(self.shares) < 0 or not self.shares[0]:
            return "the shares add up to 100 per cent, some of it for training"
        if any(self.samples * share % 100 for share in self.shares):
            return "a share of the samples is no whole number"
        if self.training % self.replicas:
            return "the GPUs cannot have equally many samples"
        if self.per_replica < 2 * self.batch or self.batch == 1:
            return "a GPU has fewer than two batches, or batches of one sample"
        if self.drop_last and not self.rest:
            return "there is no incomplete batch to drop"
        return None if self.per_epoch > 1 else "there is only one update in an epoch"

    @property
    def split(self) -> bool:
        """Whether some samples are kept for validation or test."""
        return self.shares[0] < 100

    @property
    def kept(self) -> int:
        """The samples of the training set before augmentation."""
        return self.samples * self.shares[0] // 100

    @property
    def training(self) -> int:
        """The samples of an epoch."""
        return self.kept * self.copies

    @property
    def per_replica(self) -> int:
        """The samples that a GPU sees in an epoch."""
        return self.training // self.replicas

    @property
    def rest(self) -> int:
        """The samples that are left after the last full batch."""
        return self.per_replica % self.batch

    @property
    def per_epoch(self) -> int:
        """Updates in an epoch."""
        return _ceil(self._iterations(self.training), self.accumulation)

    def follow(self, given: Given) -> dict[str, Answer]:
        training = given("training", self.training)
        iterations, rest = self._iterations(training), _ceil(training, self.replicas) % self.batch
        own_iterations = given("iterations", iterations)
        keys: dict[str, Answer] = {"training": Integer(self.training)} if self.split else {}
        keys["iterations"] = Integer(iterations)
        if self.rest:
            name = "dropped" if self.drop_last else "last"
            keys[name] = Integer(rest if self.drop_last else rest or self.batch)
        keys["updates"] = Integer(self.epochs * _ceil(own_iterations, self.accumulation))
        return keys

    def _iterations(self, training: int) -> int:
        """The batches of an epoch on each GPU."""
        share = _ceil(training, self.replicas)
        return share // self.batch if self.drop_last else _ceil(share, self.batch)

    @mistake("The last, smaller batch is used too: round the number of batches up.")
    def drops_the_last_batch(self) -> MistakeValues:
        return None if self.drop_last else self.consequences(iterations=self.per_replica // self.batch)

    @mistake("The incomplete batch is dropped: round the number of batches down.")
    def keeps_the_last_batch(self) -> MistakeValues:
        return self.consequences(iterations=_ceil(self.per_replica, self.batch)) if self.drop_last else None

    @mistake("Only the training set goes through the network in an epoch, not all {samples} {noun}.")
    def uses_whole_dataset(self) -> MistakeValues:
        return self.consequences(training=self.samples * self.copies) if self.split else None

    @mistake("The validation set is not trained on: only the first share counts.")
    def trains_on_validation_set(self) -> MistakeValues:
        return self._with_training(self.samples * sum(self.shares[:2]) // 100 * self.copies)

    @mistake("Augmentation makes {copies} versions of each training sample: the training set grows.")
    def forgets_augmentation(self) -> MistakeValues:
        return self._with_training(self.kept)

    @mistake("This is one epoch; there are {epochs} of them.")
    def forgets_epochs(self) -> MistakeValues:
        return {"updates": self.per_epoch}

    @mistake("An iteration takes a whole batch, not a single sample.")
    def counts_samples_for_batches(self) -> MistakeValues:
        return self.consequences(iterations=self.per_replica)

    @mistake("The last batch has only what is left after the full ones.")
    def last_batch_is_full(self) -> MistakeValues:
        return {"last": self.batch} if self.rest and not self.drop_last else None

    @mistake("This completes the last batch: the samples that are left are the remainder of the division.")
    def takes_what_is_missing(self) -> MistakeValues:
        return {"dropped" if self.drop_last else "last": self.batch - self.rest} if self.rest else None

    @mistake("An update comes only after every {accumulation} batches: there are fewer updates than batches.")
    def updates_at_every_batch(self) -> MistakeValues:
        return {"updates": self.epochs * self._iterations(self.training)}

    @mistake("The last batches of an epoch make an update too, even if they are fewer than {accumulation}.")
    def loses_incomplete_accumulation(self) -> MistakeValues:
        return {"updates": self.epochs * (self._iterations(self.training) // self.accumulation)}

    @mistake("The GPUs share the data: each has only one {replicas}th of the samples of an epoch.")
    def forgets_replicas(self) -> MistakeValues:
        iterations = self.training // self.batch if self.drop_last else _ceil(self.training, self.batch)
        return self.consequences(iterations=iterations)

    @mistake("All GPUs make each update together: it counts once.")
    def counts_updates_of_each_replica(self) -> MistakeValues:
        return {"updates": self.epochs * self.per_epoch * self.replicas}

    def _with_training(self, training: int) -> MistakeValues:
        return self.consequences(training=training) if self.split else None


class EarlyStopping(Question):
    """Where early stopping ends a training run, and the epoch whose weights are kept.

    At level 1 the loss rises once, at level 2 it recovers in between, at level 3 small improvements do not
    count, or the two usual rules are compared.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, algorithm 7.1; Prechelt 1998, Early stopping -
    but when?, section 2, for rules that compare with the epoch before.
    """

    title = "Early stopping"
    minutes = {1: 2, 2: 3, 3: 5}

    losses: tuple[float, ...]
    """The validation loss of each epoch, with at most two decimals."""
    patience: int
    min_delta: float
    """By more than this a loss must fall below the best one to count as an improvement."""
    rules: tuple[str, ...]
    """Whether a loss is compared with the best one, with the previous one, or both rules are asked."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        """Draw the course of the losses first: falling, rising, or recovering above the best."""
        if level == 1:
            patience = rng.choice([1, 2])
            course = "-" * rng.randint(1, 3) + "+" * patience + rng.choice(["-", "+", "+-", "~"])
            return cls(validation_losses(rng, course), patience, 0.0, ("best",))
        if level == 2:
            patience, rule = rng.choice([2, 3]), rng.choice(RULES)
            blip = rng.choice(["+", "+~"]) if patience == 3 else "+"
            stop = "+" * patience if rule == "previous" else rng.choice(["+~+", "++~", "+++"])[:patience]
            rest = "~" if rule == "previous" else "-"
            course = rng.choice(["-", "--"]) + blip + rest + stop + rng.choice(["-", "+", "-+"])
            return cls(validation_losses(rng, course), patience, 0.0, (rule,))
        if rng.random() < 0.5:
            small, patience = rng.randint(1, 3), rng.choice([2, 3])
            course = rng.choice(["--.+.", "-.-+.", "--+..", "-..-."]) + rng.choice([".--", "+..", "-.-"])
            return cls(validation_losses(rng, course, small), patience, small / 10, ("best",))
        patience = rng.choice([2, 3])
        course = rng.choice(["-", "--"]) + rng.choice(["+~+~+~", "+~++~+", "+~-+~+", "+~+~++"])
        return cls(validation_losses(rng, course + rng.choice(["-", "+", "+-"])), patience, 0.0, RULES)

    def flaw(self) -> str | None:
        if self.rules not in {("best",), ("previous",), RULES}:
            return "the rules are best, previous, or both in this order"
        if not 4 <= len(self.losses) <= 12 or not 1 <= self.patience <= 5:
            return "four to twelve losses and a patience from 1 to 5 are wanted"
        if not all(0 < loss <= 100 and loss == round(loss, 2) for loss in self.losses):
            return "losses are positive, at most 100, and have at most two decimals"
        if not 0 <= self.min_delta <= 10 or self.min_delta != round(self.min_delta, 2):
            return "the least improvement goes from 0 to 10 and has at most two decimals"
        if self.min_delta and self.rules != ("best",):
            return "a least improvement goes with the rule best only"
        ends = [self._end(rule) for rule in self.rules]
        if len({*ends}) < len(ends):
            return "both rules lead to the same"
        if self._counters(self.rules[0])[-1] < self.patience:
            return "training is not stopped"
        if self.min_delta and ends[0] == replace(self, min_delta=0.0)._end("best"):
            return "small improvements make no difference"
        return None

    @property
    def counters(self) -> tuple[tuple[int, ...], ...]:
        """For each rule the counter after each epoch until training ends."""
        return tuple(map(self._counters, self.rules))

    @property
    def decimals(self) -> int:
        """The decimals that the losses are written with."""
        return 1 if all(loss == round(loss, 1) for loss in self.losses) else 2

    @property
    def curve(self) -> list[tuple[int, float]]:
        """The losses for a plot."""
        return list(enumerate(self.losses, 1))

    @property
    def marks(self) -> list[dict[str, object]]:
        """The epochs asked for, as points of a plot."""
        points: list[dict[str, object]] = []
        for rule, name in zip(self.rules, (" (B)", " (P)") if len(self.rules) > 1 else ("",), strict=True):
            stop, best = self._end(rule)
            points.append({"x": best, "y": self.losses[best - 1], "label": f"restored{name}"})
            points.append({"x": stop, "y": self.losses[stop - 1], "label": f"stop{name}", "mark": "cross"})
        return points

    def answer(self) -> dict[str, Answer]:
        keys: dict[str, Answer] = {}
        for rule, suffix in zip(self.rules, ("", "_previous"), strict=False):
            stop, best = self._end(rule)
            keys |= {f"stop{suffix}": Integer(stop), f"best{suffix}": Integer(best)}
        return keys

    def _counters(self, rule: str, resets: bool = True) -> tuple[int, ...]:
        """The epochs in a row without improvement, after each epoch until they use up the patience."""
        counters = [0]
        reference = _hundredths(self.losses[0])
        for loss in map(_hundredths, self.losses[1:]):
            better = loss < reference - _hundredths(self.min_delta)
            counters.append(counters[-1] + 1 if not better else 0 if resets else counters[-1])
            reference = loss if better or rule == "previous" else reference
            if counters[-1] == self.patience:
                break
        return tuple(counters)

    def _end(self, rule: str, resets: bool = True) -> tuple[int, int]:
        """The last epoch of the training, and the one whose weights are restored."""
        losses = self.losses[: len(self._counters(rule, resets))]
        best = 0
        for epoch, loss in enumerate(losses):
            if _hundredths(loss) < _hundredths(losses[best]) - _hundredths(self.min_delta):
                best = epoch
        return len(losses), best + 1

    def _with(self, rule: str = "", resets: bool = True, **changed: Any) -> dict[str, int]:
        """What another rule, patience or least improvement leads to."""
        stop, best = replace(self, **changed)._end(rule or self.rules[0], resets)
        return {"stop": stop, "best": best}

    @mistake("Training stops here, but the weights are those of the best epoch before.")
    def keeps_last_weights(self) -> MistakeValues:
        return {"best": self._end(self.rules[0])[0]}

    @mistake("Each loss is to be compared with the best one so far, not with the epoch before.")
    def compares_with_previous(self) -> MistakeValues:
        return self._with("previous") if self.rules[0] == "best" else None

    @mistake("By this rule each loss is compared with the epoch before, not with the best one so far.")
    def compares_with_best(self) -> MistakeValues:
        stop, best = self._end("best")
        if len(self.rules) > 1:
            return {"stop_previous": stop, "best_previous": best}
        return {"stop": stop, "best": best} if self.rules == ("previous",) else None

    @mistake("The counter stops the training as soon as it reaches {patience}, not one epoch later.")
    def stops_one_late(self) -> MistakeValues:
        return self._with(patience=self.patience + 1)

    @mistake("Training goes on until there were {patience} epochs in a row without improvement.")
    def stops_one_early(self) -> MistakeValues:
        return self._with(patience=self.patience - 1) if self.patience > 1 else None

    @mistake("An improvement sets the counter back to 0: only epochs in a row count.")
    def never_resets(self) -> MistakeValues:
        return self._with(resets=False)

    @mistake("A fall by {min_delta} or less does not count as an improvement.")
    def counts_small_improvements(self) -> MistakeValues:
        return self._with(min_delta=0.0) if self.min_delta else None

    @mistake("Epochs after the stop never happen: their losses are not known.")
    def best_of_all_epochs(self) -> MistakeValues:
        return {"best": self.losses.index(min(self.losses)) + 1}

    @mistake("The least loss is kept only where it was an improvement by more than {min_delta}.")
    def keeps_least_loss(self) -> MistakeValues:
        losses = self.losses[: self._end(self.rules[0])[0]]
        return {"best": losses.index(min(losses)) + 1} if self.min_delta else None

    @mistake("The best epoch need not lie {patience} epochs back: look for the smallest loss.")
    def goes_back_by_patience(self) -> MistakeValues:
        return {"best": self._end(self.rules[0])[0] - self.patience} if self.rules[0] == "previous" else None


class GridRandomSearch(Question):
    """The trainings of a grid search, and what random search reaches with as many.

    At level 1 the settings of a grid are counted, at level 2 they are cross-validated, at level 3 random
    search is to hit the best part of the search space.

    Source: Bergstra & Bengio 2012, Random search for hyper-parameter optimization, sections 1 and 2.2;
    Goodfellow, Bengio & Courville 2016, Deep Learning, section 11.4.
    """

    title = "Grid search and random search"
    minutes = {1: 1, 2: 3, 3: 4}

    axes: tuple[tuple[str, int], ...]
    """Each hyperparameter with the number of values that are tried; the first one is continuous."""
    folds: int
    """Of the cross-validation; 1 where there is none."""
    duration: int
    """Minutes of one training; 0 where time is not asked."""
    best: float
    """The part of the search space that random search is to hit; 0 where that is not asked."""
    wanted: float
    """The probability with which it is to be hit."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        first = rng.choice(CONTINUOUS)
        others = [name for name in HYPERPARAMETERS if name != first]
        names = [first, *rng.sample(others, 2 if level == 2 else rng.choice([1, 2]))]
        axes = tuple((name, rng.randint(2, 7 - level)) for name in names)
        if level == 1:
            return cls(axes, 1, 0, 0.0, 0.0)
        if level == 2:
            return cls(axes, rng.choice([3, 4, 5, 10]), rng.choice([3, 6, 9, 12, 15, 24, 30, 45]), 0.0, 0.0)
        return cls(axes, 1, 0, rng.choice([0.02, 0.05, 0.1, 0.2]), rng.choice([0.8, 0.9, 0.95, 0.99]))

    def flaw(self) -> str | None:
        names = [name for name, _ in self.axes]
        if not 2 <= len(names) <= 4 or not {*names} <= {*HYPERPARAMETERS} or len({*names}) < len(names):
            return f"two to four different ones of {', '.join(HYPERPARAMETERS)} are wanted"
        if names[0] not in CONTINUOUS:
            return f"the first hyperparameter is one of {', '.join(CONTINUOUS)}"
        if not all(2 <= count <= 6 for _, count in self.axes):
            return "each hyperparameter has two to six values"
        if bool(self.duration) != (self.folds > 1):
            return "cross-validation takes folds and a duration"
        if not 1 <= self.folds <= 20 or not 0 <= self.duration <= 600:
            return "there are at most 20 folds, and a training takes at most 600 minutes"
        if not printable((self.best, self.wanted)):
            return "the shares have more than four decimals"
        if not self.best:
            return None
        if self.duration or not 0.01 <= self.best <= 0.5 or not 0.5 <= self.wanted <= 0.999:
            return "the best part goes from 0.01 to 0.5 and the probability from 0.5 to 0.999, without folds"
        if abs((1 - self.best) ** self._trials - (1 - self.wanted)) < 1e-6 or self._trials == self.settings:
            return "the wanted probability is just reached, or by the grid's number of settings"
        return "random search hardly ever misses" if self._hit(self.settings) > 0.995 else None

    @property
    def values(self) -> tuple[tuple[float, ...], ...]:
        """The values of each hyperparameter."""
        return tuple(HYPERPARAMETERS[name][:count] for name, count in self.axes)

    @property
    def counts(self) -> tuple[int, ...]:
        """The number of values of each hyperparameter."""
        return tuple(count for _, count in self.axes)

    @property
    def settings(self) -> int:
        """The points of the grid."""
        return math.prod(self.counts)

    @property
    def exact_trials(self) -> float:
        """The number of trials at which the wanted probability would be reached exactly."""
        return math.log(1 - self.wanted) / math.log(1 - self.best) if self.best else 0.0

    def follow(self, given: Given) -> dict[str, Answer]:
        settings = given("settings", self.settings)
        keys: dict[str, Answer] = {"settings": Integer(self.settings)}
        if self.best:
            return keys | {"probability": Real(self._hit(settings), 3), "trials": Integer(self._trials)}
        if self.folds == 1:
            if settings % self.counts[0]:
                raise ValueError("so many settings are no grid")
            return keys | {"sharing": Integer(settings // self.counts[0])}
        own_trainings = given("trainings", self.folds * settings)
        hours = Real(own_trainings * self.duration / 60, 2)
        return keys | {
            "trainings": Integer(self.folds * settings),
            "hours": hours,
            "distinct": Integer(settings),
        }

    def _hit(self, trials: int) -> float:
        """The probability that one of so many trials is among the best."""
        return 1 - (1 - self.best) ** trials

    @property
    def _trials(self) -> int:
        return math.ceil(self.exact_trials)

    @mistake("Every value of one hyperparameter is combined with every value of the others: multiply.")
    def adds_counts(self) -> MistakeValues:
        return self._with_settings(sum(self.counts))

    @mistake("All hyperparameters are varied together, not one while the others stay fixed.")
    def varies_one_at_a_time(self) -> MistakeValues:
        return self._with_settings(1 + sum(count - 1 for count in self.counts))

    def _with_settings(self, settings: int) -> MistakeValues:
        follows = self.best or self.duration or settings % self.counts[0] == 0
        return self.consequences(settings=settings) if follows else {"settings": settings}

    @mistake("One value is fixed: only the values of the other hyperparameters are combined.")
    def adds_other_counts(self) -> MistakeValues:
        return {"sharing": sum(self.counts[1:])} if self.folds == 1 and not self.best else None

    @mistake("Every setting is trained once for each of the {folds} folds.")
    def forgets_folds(self) -> MistakeValues:
        return self.consequences(trainings=self.settings) if self.duration else None

    @mistake("Each of the {folds} folds is left out once: a setting takes {folds} trainings.")
    def one_fold_less(self) -> MistakeValues:
        return self.consequences(trainings=(self.folds - 1) * self.settings) if self.duration else None

    @mistake("These are minutes: divide by 60.")
    def gives_minutes(self) -> MistakeValues:
        return {"hours": self.folds * self.settings * self.duration} if self.duration else None

    @mistake("A grid tries the same few values again and again; random search draws a new one each time.")
    def tries_values_of_the_grid(self) -> MistakeValues:
        return {"distinct": self.counts[0]} if self.duration else None

    @mistake("Folds of a setting share its hyperparameters: a new value is drawn for each setting only.")
    def draws_for_each_fold(self) -> MistakeValues:
        return {"distinct": self.folds * self.settings} if self.duration else None

    @mistake("Probabilities of hits do not add up: take one minus the probability that all trials miss.")
    def adds_probabilities(self) -> MistakeValues:
        if not self.best:
            return None
        trials = math.ceil(round(self.wanted / self.best, 6))
        return {"probability": min(1.0, self.settings * self.best), "trials": trials}

    @mistake("This is the probability that all trials miss; at least one hit is the opposite.")
    def probability_of_missing(self) -> MistakeValues:
        return {"probability": 1 - self._hit(self.settings)} if self.best else None

    @mistake("This is the probability that every trial hits; one of them is enough.")
    def all_trials_hit(self) -> MistakeValues:
        return {"probability": self.best**self.settings} if self.best else None

    @mistake("With fewer trials the probability is still too small: round up.")
    def rounds_trials_down(self) -> MistakeValues:
        return {"trials": math.floor(self.exact_trials)} if self.best else None


def _ceil(amount: int, size: int) -> int:
    """How many portions of a size it takes."""
    return -(-amount // size)


def validation_losses(rng: Random, course: str, small: int = 1) -> tuple[float, ...]:
    """Losses with one decimal that start high and then take a course.

    Each falls below the best one (-), by only so many tenths (.), stays above the best (~), or rises (+).
    """
    tenths = [rng.randint(55, 90)]
    for step in course:
        last, best = tenths[-1], min(tenths)
        new = {
            "-": best - rng.randint(3, 8),
            ".": best - rng.randint(1, small),
            "+": last + rng.randint(1, 5),
            "~": rng.randint(best, max(best, last - 1)),
        }
        tenths.append(new[step])
    return tuple(loss / 10 for loss in tenths)


def _hundredths(loss: float) -> int:
    """A loss in units that are compared exactly."""
    return round(100 * loss)
