"""Statements to be judged: true or false, by topic; the statements themselves are data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from random import Random
from typing import ClassVar, Literal, Self

from ..answers import Answer, MultipleChoice, Option, SingleChoice
from ..question import Question

FOLDER = Path(__file__).parent / "statements"
MOST_ATTEMPTS = 200
"""So often statements are drawn until the longest option is right as chance wants: length is no clue."""

Ask = Literal["one true", "one false", "all true", "reason"]
ASKED: Mapping[int, tuple[Ask, ...]] = {1: ("one true", "one false"), 2: ("all true",), 3: ("reason",)}
"""What is asked, by level."""
SIZES: Mapping[Ask, tuple[int, ...]] = {
    "one true": (4,),
    "one false": (4,),
    "all true": (5, 6),
    "reason": (3,),
}
"""How many statements that takes."""

NEAREST = 5
"""The reason of another statement is that of one of so many with the most words in common."""


@dataclass(frozen=True)
class Statement:
    """A statement of the conceptual bank.

    Attributes:
        text: what it says, in Markdown.
        verdict: whether it is true.
        reason: why, in one sentence.
        misconception: the reason given by somebody who judges it wrongly.
        conflicts: ids of statements that decide it or whose reason would fit it, so that they never stand
            beside it.
    """

    text: str
    verdict: bool
    reason: str
    misconception: str
    conflicts: tuple[str, ...] = ()

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the text and the reason that are long enough to tell what it is about."""
        return frozenset(re.findall(r"[a-z]{4,}", f"{self.text} {self.reason}".lower()))


@cache
def statements_on(topic: str) -> Mapping[str, Statement]:
    """The statements of a topic by id, as `statements/<topic>.toml` has them."""
    tables = tomllib.loads((FOLDER / f"{topic}.toml").read_text(encoding="utf-8"))
    return {
        name: Statement(**table | {"conflicts": tuple(table.get("conflicts", ()))})
        for name, table in tables.items()
    }


class Judgement(Question):
    """Which statement on a topic is true, which is false, which all are true; or a verdict with its reason.

    The verdict with its reason is a choice of four: either verdict with two reasons each, the right reason,
    the misconception of whoever judges wrongly, and the reasons of the two further statements. Of these, the
    first has the verdict of the judged statement, and the second the other one, so that all reasons fit the
    verdicts that they are given for.

    A subclass names its topic, a file of statements.
    """

    minutes = {1: 2, 2: 4, 3: 2}
    topic: ClassVar[str]

    statements: tuple[str, ...]
    ask: Ask = "all true"

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        ask = rng.choice(ASKED[level])
        size = rng.choice(SIZES[ask])
        true = {"one true": 1, "one false": size - 1}.get(ask) or cls._number_of_true(rng, size)
        longest_is_right: bool | None = None
        for _ in range(MOST_ATTEMPTS):
            names = cls._reasons(rng) if ask == "reason" else sorted(cls._mixture(rng, size, true))
            item = cls(tuple(names), ask)
            options = item._options()
            if longest_is_right is None:
                longest_is_right = rng.random() < sum(option.right for option in options) / len(options)
            longest = max(options, key=lambda option: len(option.text))
            if longest.right == longest_is_right and not item.flaw():
                break
        return item

    @classmethod
    def _number_of_true(cls, rng: Random, size: int) -> int:
        """At least one true and one false, and no more of either than there are."""
        true = sum(statement.verdict for statement in statements_on(cls.topic).values())
        false = len(statements_on(cls.topic)) - true
        return rng.randint(max(1, size - false), min(size - 1, true))

    @classmethod
    def _mixture(cls, rng: Random, size: int, true: int) -> list[str]:
        return rng.sample(cls._judged(verdict=True), true) + rng.sample(
            cls._judged(verdict=False), size - true
        )

    @classmethod
    def _reasons(cls, rng: Random) -> list[str]:
        """A statement, and near ones of its own and of the other verdict."""
        bank = statements_on(cls.topic)
        judged = rng.choice(list(bank))
        verdict = bank[judged].verdict
        alike = [name for name in cls._judged(verdict=verdict) if name != judged]
        unlike = cls._judged(verdict=not verdict)
        return [judged, *(rng.choice(cls._nearest(judged, others)) for others in (alike, unlike))]

    @classmethod
    def _nearest(cls, judged: str, others: list[str]) -> list[str]:
        """The statements that share the largest part of their words with one."""
        bank = statements_on(cls.topic)
        words = bank[judged].words
        shared = {name: len(words & bank[name].words) / len(words | bank[name].words) for name in others}
        return sorted(others, key=lambda name: -shared[name])[:NEAREST]

    @classmethod
    def _judged(cls, *, verdict: bool) -> list[str]:
        return [name for name, statement in statements_on(cls.topic).items() if statement.verdict == verdict]

    def flaw(self) -> str | None:
        bank, sizes = statements_on(self.topic), SIZES[self.ask]
        if (size := len(self.statements)) not in sizes:
            return f"there are {size} statements, not {' or '.join(map(str, sizes))}"
        if unknown := [name for name in self.statements if name not in bank]:
            return f"the topic has no statement {unknown[0]}"
        if len(set(self.statements)) < size:
            return "a statement is repeated"
        if clash := next(self._clashes(), None):
            return f"statement {clash[0]} decides statement {clash[1]}"
        return self._unfair([bank[name].verdict for name in self.statements])

    def _unfair(self, verdicts: Sequence[bool]) -> str | None:
        """Why such verdicts do not fit what is asked."""
        true = sum(verdicts)
        if self.ask == "one true" and true != 1:
            return f"{true} statements are true where exactly one is asked for"
        if self.ask == "one false" and len(verdicts) - true != 1:
            return f"{len(verdicts) - true} statements are false where exactly one is asked for"
        if true in (0, len(verdicts)):
            return "all or none of the statements are true"
        if self.ask == "reason" and verdicts[0] != verdicts[1]:
            return "the second statement does not have the verdict of the first"
        return None

    @property
    def judged(self) -> Statement:
        """The first statement, whose verdict and reason are asked for."""
        return statements_on(self.topic)[self.statements[0]]

    @property
    def claims(self) -> tuple[bool, ...]:
        """The verdict on the first statement that each option with a reason begins with."""
        verdict = self.judged.verdict
        return (verdict, verdict, not verdict, not verdict) if self.ask == "reason" else ()

    def answer(self) -> dict[str, Answer]:
        if self.ask == "all true":
            return {"true": MultipleChoice(self._options())}
        blank = {"one true": "true", "one false": "false", "reason": "verdict"}[self.ask]
        return {blank: SingleChoice(self._options())}

    def _options(self) -> tuple[Option, ...]:
        bank = statements_on(self.topic)
        if self.ask == "reason":
            return tuple(self._justified())
        asked_for = self.ask != "one false"
        return tuple(
            Option(bank[name].text, bank[name].verdict == asked_for, bank[name].reason, name)
            for name in self.statements
        )

    def _justified(self) -> Iterator[Option]:
        """The verdicts with their reasons, the right one first."""
        bank, judged = statements_on(self.topic), self.judged
        name, alike, unlike = self.statements
        reasons = (judged.reason, bank[alike].reason, judged.misconception, bank[unlike].reason)
        for claim, reason, source in zip(
            self.claims, reasons, (name, alike, "misconception", unlike), strict=True
        ):
            no_reason = "The verdict is right, but not for this reason: " if claim == judged.verdict else ""
            yield Option(
                f"{'True' if claim else 'False'}. {reason}",
                right=source == name,
                why=judged.reason if source == name else no_reason + judged.reason,
                name=source,
            )

    def _clashes(self) -> Iterator[tuple[str, str]]:
        """Pairs of which the one decides the other."""
        bank = statements_on(self.topic)
        pairs = ((name, other) for name in self.statements for other in bank[name].conflicts)
        return (pair for pair in pairs if pair[1] in self.statements)


class Basics(Judgement):
    """Capacity, generalisation, and the selection of models.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, chapter 5; Bergstra & Bengio 2012, Random
    search for hyper-parameter optimization.
    """

    title = "Statements on learning and its evaluation"
    topic = "basics"


class Metrics(Judgement):
    """Scores of classifiers and of regressions.

    Source: Bishop & Bishop 2024, Deep Learning, section 5.2; Fawcett 2006, An introduction to ROC analysis.
    """

    title = "Statements on scores of predictions"
    topic = "metrics"


class LinearModels(Judgement):
    """Least squares, ridge, perceptron, logistic regression.

    Source: Bishop 2006, Pattern Recognition and Machine Learning, chapters 3 and 4.
    """

    title = "Statements on linear models"
    topic = "linear_models"


class Activations(Judgement):
    """Activation functions, their slopes, and the softmax.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.3; torch.nn, non-linear
    activations.
    """

    title = "Statements on activation functions"
    topic = "activations"


class Losses(Judgement):
    """Losses of classification and regression, and divergences.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, sections 3.13 and 6.2; torch.nn, loss
    functions.
    """

    title = "Statements on losses"
    topic = "losses"


class Backprop(Judgement):
    """Gradients in computation graphs, autograd, and initialisation.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.5; torch.autograd.
    """

    title = "Statements on backpropagation"
    topic = "backprop"


class Optimizers(Judgement):
    """Gradient descent, momentum, Adam, weight decay, and schedules.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, chapter 8; Kingma & Ba 2015, Adam.
    """

    title = "Statements on optimisers"
    topic = "optimizers"


class Normalization(Judgement):
    """Batch and layer normalisation, dropout, penalties, augmentation.

    Source: Ioffe & Szegedy 2015, Batch Normalization; Ba et al. 2016, Layer Normalization; Srivastava et
    al. 2014, Dropout.
    """

    title = "Statements on normalisation and regularisation"
    topic = "normalization"


class Cnn(Judgement):
    """Convolution, pooling, equivariance, and known architectures.

    Source: Dumoulin & Visin 2016, A guide to convolution arithmetic for deep learning; Goodfellow,
    Bengio & Courville 2016, Deep Learning, chapter 9.
    """

    title = "Statements on convolutional networks"
    topic = "cnn"


class GenerativeModels(Judgement):
    """Autoencoders, contrastive learning, GANs.

    Source: Kingma & Welling 2014, Auto-Encoding Variational Bayes; Goodfellow et al. 2014, Generative
    Adversarial Nets; Chen et al. 2020, A Simple Framework for Contrastive Learning of Visual Representations.
    """

    title = "Statements on generative and self-supervised models"
    topic = "generative_models"


class Diffusion(Judgement):
    """The forward process, its closed form, and sampling.

    Source: Ho et al. 2020, Denoising Diffusion Probabilistic Models; Song et al. 2021, Denoising Diffusion
    Implicit Models; Ho & Salimans 2022, Classifier-Free Diffusion Guidance.
    """

    title = "Statements on diffusion models"
    topic = "diffusion"


class Adversarial(Judgement):
    """Perturbations of the input that mislead a network.

    Source: Goodfellow et al. 2015, Explaining and Harnessing Adversarial Examples; Madry et al. 2018,
    Towards Deep Learning Models Resistant to Adversarial Attacks.
    """

    title = "Statements on adversarial examples"
    topic = "adversarial"


class Rnn(Judgement):
    """Recurrent layers, their gates and their gradients.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, chapter 10; torch.nn, recurrent layers.
    """

    title = "Statements on recurrent networks"
    topic = "rnn"


class Decoding(Judgement):
    """Teacher forcing, searches for sequences, sampling, and perplexity.

    Source: Jurafsky & Martin 2025, Speech and Language Processing, chapters on language models; Holtzman et
    al. 2020, The Curious Case of Neural Text Degeneration.
    """

    title = "Statements on the decoding of sequences"
    topic = "decoding"


class Embeddings(Judgement):
    """Word vectors, similarity, and transfer between tasks.

    Source: Mikolov et al. 2013, Efficient Estimation of Word Representations in Vector Space; Houlsby et
    al. 2019, Parameter-Efficient Transfer Learning for NLP.
    """

    title = "Statements on embeddings and transfer"
    topic = "embeddings"


class Attention(Judgement):
    """Scores and weights of attention, masks, and heads.

    Source: Vaswani et al. 2017, Attention Is All You Need, section 3.2; torch.nn.MultiheadAttention.
    """

    title = "Statements on attention"
    topic = "attention"


class Transformers(Judgement):
    """The blocks of transformers, positions, and the variants for texts and images.

    Source: Vaswani et al. 2017, Attention Is All You Need; Dosovitskiy et al. 2021, An Image is Worth
    16x16 Words.
    """

    title = "Statements on transformers"
    topic = "transformers"


class Gnn(Judgement):
    """Graph convolution, aggregation, readout, and batching.

    Source: Kipf & Welling 2017, Semi-Supervised Classification with Graph Convolutional Networks; Xu et
    al. 2019, How Powerful are Graph Neural Networks?
    """

    title = "Statements on graph neural networks"
    topic = "gnn"


class Mathematics(Judgement):
    """Matrices, their eigenvalues and singular values, and independence.

    Source: Deisenroth, Faisal & Ong 2020, Mathematics for Machine Learning, chapters 2 to 6.
    """

    title = "Statements on linear algebra and probability"
    topic = "mathematics"
