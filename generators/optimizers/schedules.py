"""Learning rates that change during training."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random
from typing import Self

from ...answers import Answer, Real
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import printable
from .training import validation_losses

LAST_EPOCH = 200


class LrSchedule(Question):
    """The learning rate in some epochs of a schedule.

    At level 1 it falls at milestones, at level 2 it is scaled to the batch size or warmed up and falls step
    by step, at level 3 it falls on plateaus of the validation loss.

    Source: He, Zhang, Ren & Sun 2016, Deep residual learning for image recognition, section 3.4; Goyal et al.
    2017, Accurate, large minibatch SGD, sections 2.1 and 2.2; torch.optim.lr_scheduler.
    """

    title = "Learning rate schedule"
    minutes = {1: 1, 2: 3, 3: 4}

    initial: float
    factor: float
    """By what the rate is multiplied where it falls."""
    milestones: tuple[int, ...]
    """The epochs, from 0, at whose start it falls; none where it falls by the period or on plateaus."""
    period: int
    """It falls at the start of every multiple of this; 0 where there is no such period."""
    batches: tuple[int, int]
    """The batch size for which the initial rate is meant, and the one that is used."""
    warmup: int
    """The epochs of a linear warm-up; 0 where there is none."""
    epochs: tuple[int, ...]
    """The epochs that are asked for, from 0; none with plateaus, where all are."""
    losses: tuple[float, ...]
    """The validation loss of each epoch where the rate falls on plateaus."""
    patience: int
    """The epochs without improvement that a plateau may have."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        initial, factor = rng.choice([0.1, 0.2, 0.5, 1.0]), rng.choice([0.1, 0.5])
        if level == 3:
            patience = rng.choice([1, 2])
            stuck = "+" + rng.choice(["~+", "+~", "++", "~+~+", "+~+"])[: rng.choice([1, 1, 3]) * patience]
            course = rng.choice(["-", "-+-", "--"]) + stuck + rng.choice(["-+-", "+-+", "~-+", "-++"])
            losses = validation_losses(rng, course)
            return cls(initial, factor, (), 0, (1, 1), 0, (), losses, patience)
        if level == 1:
            first, gap = rng.choice([10, 15, 20, 25, 30, 40]), rng.choice([10, 15, 20, 30])
            early, middle, late = (
                rng.randrange(first - 1),
                first + rng.randint(-1, 1),
                rng.choice([-1, 0, 5, 7]),
            )
            epochs = early, middle, first + gap + late
            return cls(initial, factor, (first, first + gap), 0, (1, 1), 0, epochs, (), 0)
        period = rng.choice([10, 15, 20, 30])
        later = period + rng.choice([0, 3, 5, -1]), period * rng.choice([2, 3]) + rng.choice([0, 4, 8, -1])
        if rng.random() < 0.5:
            reference = rng.choice([32, 64, 128, 256])
            batches = reference, int(reference * rng.choice([0.5, 2, 4, 8]))
            return cls(initial, factor, (), period, batches, 0, later, (), 0)
        warmup = rng.choice([4, 5, 8, 10])
        return cls(initial, factor, (), period, (1, 1), warmup, (rng.randint(1, warmup - 2), *later), (), 0)

    def flaw(self) -> str | None:
        if not 1e-4 <= self.initial <= 10 or not 0.05 <= self.factor <= 0.9:
            return "the initial rate goes from 0.0001 to 10, and the factor from 0.05 to 0.9"
        if not printable((self.initial, self.factor)):
            return "initial rate or factor has more than four decimals"
        if [bool(self.milestones), self.period > 0, bool(self.losses)].count(True) != 1:
            return "the rate falls at milestones, by a period, or on plateaus"
        if bool(self.losses) == bool(self.epochs):
            return "with plateaus all epochs are asked, otherwise some"
        return self._flaw_on_plateaus() if self.losses else self._flaw_by_epoch()

    def _flaw_on_plateaus(self) -> str | None:
        if not 5 <= len(self.losses) <= 10 or not 0 <= self.patience <= 4:
            return "five to ten losses and a patience from 0 to 4 are wanted"
        if not all(0 < loss <= 100 and loss == round(loss, 1) for loss in self.losses):
            return "losses are positive, at most 100, and have at most one decimal"
        if self.warmup or self.batches != (1, 1):
            return "with plateaus there is neither a warm-up nor another batch size"
        return None if len({*self.rates}) > 1 else "the rate never falls"

    def _flaw_by_epoch(self) -> str | None:
        marks = (*self.milestones, *self.epochs, self.period)
        if max(marks) > LAST_EPOCH or min(marks) < 0 or len(self.epochs) > 5 or len(self.milestones) > 4:
            return f"epochs go from 0 to {LAST_EPOCH}; at most five are asked and four are milestones"
        if [*self.milestones] != sorted({*self.milestones}) or [*self.epochs] != sorted({*self.epochs}):
            return "milestones and asked epochs are increasing"
        if not all(1 <= size <= 65_536 for size in self.batches):
            return "batch sizes go from 1 to 65536"
        if not printable([self.base], 6):
            return "the scaled rate has more than six decimals"
        if self.warmup and (self.batches != (1, 1) or not 2 <= self.warmup <= 50):
            return "a warm-up takes 2 to 50 epochs and the same batch size"
        if not 1 <= max(map(self._falls, self.epochs)) <= 4:
            return "the rate falls not at all, or too often, until the epochs that are asked"
        return None

    @property
    def scaled(self) -> bool:
        """Whether another batch size is used."""
        return self.batches[0] != self.batches[1]

    @property
    def base(self) -> float:
        """The rate that is scaled to the batch size."""
        return self.initial * self.batches[1] / self.batches[0]

    @property
    def rates(self) -> tuple[float, ...]:
        """The rates that are asked for."""
        return tuple(self._plateaus()) if self.losses else tuple(map(self._rate, self.epochs))

    @property
    def falls(self) -> tuple[int, ...]:
        """How often the rate has fallen by each asked epoch."""
        return tuple(map(self._falls, self.epochs))

    @property
    def waits(self) -> tuple[int, ...]:
        """The epochs in a row without improvement, after each epoch; those after a fall count anew."""
        waits, best, waited = [], math.inf, 0
        for loss in self.losses:
            waited = 0 if loss < best else waited + 1
            waits.append(waited)
            best, waited = min(best, loss), 0 if waited > self.patience else waited
        return tuple(waits)

    @property
    def decimals(self) -> int:
        """One more than the rates need, so that none of them is just a few units of the last place."""
        needed = (d for d in range(2, 6) if all(abs(rate - round(rate, d)) < 1e-9 for rate in self.rates))
        return next(needed, 5) + 1

    @property
    def curve(self) -> list[tuple[float, float]]:
        """The schedule as a line with steps."""
        if self.losses:
            rates = [self.initial, *self.rates]
        else:
            rates = [self._rate(epoch) for epoch in range(self.epochs[-1] + 6)]
        return [(epoch + end, rate) for epoch, rate in enumerate(rates) for end in (0, 1)]

    def follow(self, given: Given) -> dict[str, Answer]:
        rates = {"scaled": self.base} if self.scaled else {}
        own, before = given("scaled", self.base), self.base
        for blank, rate in self._named(self.rates).items():
            rates[blank] = own * rate / before  # from the student's own rate before
            own, before = given(blank, rates[blank]), rate
        return {blank: Real(rate, self.decimals) for blank, rate in rates.items()}

    def _falls(self, epoch: int) -> int:
        return epoch // self.period if self.period else sum(epoch >= start for start in self.milestones)

    def _rate(self, epoch: int) -> float:
        share = min(1.0, (epoch + 1) / self.warmup) if self.warmup else 1.0
        return self.base * share * self.factor ** self._falls(epoch)

    def _plateaus(
        self, patience: int | None = None, restarts: bool = True, against_previous: bool = False
    ) -> list[float]:
        """The rate after each epoch."""
        rates, rate, reference, waited = [], self.initial, math.inf, 0
        for loss in self.losses:
            waited = 0 if loss < reference else waited + 1
            if waited > (self.patience if patience is None else patience):
                rate, waited = rate * self.factor, 0 if restarts else waited
            reference = loss if against_previous else min(loss, reference)
            rates.append(rate)
        return rates

    def _named(self, rates: Sequence[float]) -> dict[str, float]:
        return {f"rate{number}": rate for number, rate in enumerate(rates, 1)}

    def _by_epoch(self, rate: Callable[[int], float]) -> MistakeValues:
        """What another rule for the rate of an epoch leads to."""
        return None if self.losses else self._named([rate(epoch) for epoch in self.epochs])

    def _on_plateaus(self, rates: list[float]) -> MistakeValues:
        return self._named(rates) if self.losses else None

    @mistake("Epochs are counted from 0 here: the rate falls at the start of the named epoch, not before it.")
    def falls_one_early(self) -> MistakeValues:
        return self._by_epoch(lambda epoch: self._with_falls(epoch, self._falls(epoch + 1)))

    @mistake("The rate falls at the start of the named epoch already, not only in the next one.")
    def falls_one_late(self) -> MistakeValues:
        return self._by_epoch(lambda epoch: self._with_falls(epoch, self._falls(max(epoch - 1, 0))))

    @mistake("Before the first period is over, the rate has not fallen yet: round the quotient down.")
    def rounds_periods_up(self) -> MistakeValues:
        if not self.period:
            return None
        return self._by_epoch(lambda epoch: self._with_falls(epoch, -(-epoch // self.period)))

    @mistake("The factor applies once for each time that the rate falls.")
    def falls_once(self) -> MistakeValues:
        return self._by_epoch(lambda epoch: self._with_falls(epoch, min(1, self._falls(epoch))))

    @mistake("The rate is multiplied by {factor} where it falls; nothing is subtracted.")
    def subtracts_factor(self) -> MistakeValues:
        return self._by_epoch(lambda epoch: self.base - self.factor * self._falls(epoch))

    @mistake("Linear scaling multiplies by the ratio of the batch sizes, not by its root.")
    def scales_by_root(self) -> MistakeValues:
        return self._with_base(self.initial * math.sqrt(self.batches[1] / self.batches[0]))

    @mistake("A larger batch gets a larger rate: the ratio is the other way round.")
    def scales_inversely(self) -> MistakeValues:
        return self._with_base(self.initial * self.batches[0] / self.batches[1])

    @mistake("The rate is meant for batches of {batches[0]}; it is to be scaled to {batches[1]}.")
    def forgets_scaling(self) -> MistakeValues:
        return self._with_base(self.initial)

    @mistake("The first epoch has the number 0 and already uses a part of the rate: take e + 1.")
    def warms_up_from_zero(self) -> MistakeValues:
        if not self.warmup:
            return None
        return self._by_epoch(
            lambda epoch: self._rate(epoch) * min(1, epoch / self.warmup) / min(1, (epoch + 1) / self.warmup)
        )

    @mistake("In the first {warmup} epochs the rate is still being warmed up.")
    def forgets_warmup(self) -> MistakeValues:
        if not self.warmup:
            return None
        return self._by_epoch(lambda epoch: self.base * self.factor ** self._falls(epoch))

    @mistake("The epochs of the warm-up count for the period too: it does not begin after them.")
    def starts_period_after_warmup(self) -> MistakeValues:
        if not self.warmup:
            return None
        return self._by_epoch(lambda epoch: self._with_falls(epoch, self._falls(max(epoch - self.warmup, 0))))

    @mistake("The rate falls only when there were more than {patience} epochs in a row without improvement.")
    def falls_too_soon(self) -> MistakeValues:
        return self._on_plateaus(self._plateaus(patience=self.patience - 1)) if self.patience else None

    @mistake("The rate falls with the first epoch beyond the patience of {patience}, not one later.")
    def falls_too_late(self) -> MistakeValues:
        return self._on_plateaus(self._plateaus(patience=self.patience + 1))

    @mistake("Each loss is compared with the smallest so far, not with the one before.")
    def compares_with_previous(self) -> MistakeValues:
        return self._on_plateaus(self._plateaus(against_previous=True))

    @mistake("After the rate has fallen, counting starts anew.")
    def goes_on_counting(self) -> MistakeValues:
        return self._on_plateaus(self._plateaus(restarts=False))

    @mistake("A better loss only resets the count; the rate stays low.")
    def recovers_rate(self) -> MistakeValues:
        if not self.losses:
            return None
        rates, rate, best = [], self.initial, math.inf
        for loss, waited in zip(self.losses, self.waits, strict=True):
            rate = self.initial if loss < best else rate * self.factor if waited > self.patience else rate
            best = min(best, loss)
            rates.append(rate)
        return self._named(rates)

    def _with_falls(self, epoch: int, falls: int) -> float:
        return self._rate(epoch) * self.factor ** (falls - self._falls(epoch))

    def _with_base(self, base: float) -> MistakeValues:
        return self.consequences(scaled=base) if self.scaled else None
