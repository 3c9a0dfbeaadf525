"""How training is organised: batches and epochs, when it stops, clipped gradients, search for settings."""

from __future__ import annotations

from random import Random
from typing import Self

from ...answers import Answer, Integer
from ...question import Given, MistakeValues, Question, mistake

LARGEST_DATASET = 100_000
NOUNS = ("images", "sentences", "recordings", "measurements")


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


def _ceil(amount: int, size: int) -> int:
    """How many portions of a size it takes."""
    return -(-amount // size)
