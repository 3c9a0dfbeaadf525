"""Statements to be judged: true or false, by topic; the statements themselves are data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import ClassVar, Self

from ..answers import Answer, MultipleChoice, Option, SingleChoice
from ..question import Question

FOLDER = Path(__file__).parent / "statements"
SIZES = {1: 4, 2: 5, 3: 6}
"""How many statements an item has, by level."""
MOST_ATTEMPTS = 200
"""So often statements are drawn until the longest is true or false as chance wants it: length is no clue."""


@dataclass(frozen=True)
class Statement:
    """A statement of the conceptual bank.

    Attributes:
        text: what it says, in Markdown.
        verdict: whether it is true.
        reason: why, in one sentence.
        conflicts: ids of statements that decide it, so that they never stand beside it.
    """

    text: str
    verdict: bool
    reason: str
    conflicts: tuple[str, ...] = ()


@cache
def statements_on(topic: str) -> Mapping[str, Statement]:
    """The statements of a topic by id, as `statements/<topic>.toml` has them."""
    tables = tomllib.loads((FOLDER / f"{topic}.toml").read_text(encoding="utf-8"))
    return {
        name: Statement(table["text"], table["verdict"], table["reason"], tuple(table.get("conflicts", ())))
        for name, table in tables.items()
    }


class TrueStatements(Question):
    """Which statements of a topic are true: the only one of four, or all true ones of five or six.

    A subclass names its topic, a file of statements.
    """

    minutes = {1: 2, 2: 3, 3: 4}
    topic: ClassVar[str]

    statements: tuple[str, ...]

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        size, bank = SIZES[level], statements_on(cls.topic)
        true = [name for name, statement in bank.items() if statement.verdict]
        false = [name for name, statement in bank.items() if not statement.verdict]
        fewest, most = max(1, size - len(false)), min(size - 1, len(true))
        count = 1 if level == 1 else rng.randint(fewest, most)
        longest_is_true = rng.random() < count / size
        for _ in range(MOST_ATTEMPTS):
            names = rng.sample(true, count) + rng.sample(false, size - count)
            longest = max(names, key=lambda name: len(bank[name].text))
            item = cls(tuple(sorted(names)))
            if bank[longest].verdict == longest_is_true and not item.flaw():
                break
        return item

    def flaw(self) -> str | None:
        bank, size = statements_on(self.topic), len(self.statements)
        if size not in SIZES.values():
            return f"there are {size} statements, not {min(SIZES.values())} to {max(SIZES.values())}"
        if unknown := [name for name in self.statements if name not in bank]:
            return f"the topic has no statement {unknown[0]}"
        if len(set(self.statements)) < size:
            return "a statement is repeated"
        true = sum(bank[name].verdict for name in self.statements)
        if self.single and true != 1:
            return f"{true} statements are true where exactly one is asked for"
        if true in (0, size):
            return "all or none of the statements are true"
        if clash := self._clash():
            return f"statement {clash[0]} decides statement {clash[1]}"
        return None

    @property
    def single(self) -> bool:
        """Whether exactly one statement is true, and the student is told so."""
        return len(self.statements) == SIZES[1]

    def answer(self) -> dict[str, Answer]:
        bank = statements_on(self.topic)
        options = tuple(
            Option(bank[name].text, bank[name].verdict, bank[name].reason, name) for name in self.statements
        )
        return {"true": SingleChoice(options) if self.single else MultipleChoice(options)}

    def _clash(self) -> tuple[str, str] | None:
        bank = statements_on(self.topic)
        pairs = ((name, other) for name in self.statements for other in bank[name].conflicts)
        return next((pair for pair in pairs if pair[1] in self.statements), None)


class Basics(TrueStatements):
    """Capacity, generalisation, and the selection of models.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, chapter 5; Bergstra & Bengio 2012, Random
    search for hyper-parameter optimization.
    """

    title = "Statements on learning and its evaluation"
    topic = "basics"


class Metrics(TrueStatements):
    """Scores of classifiers and of regressions.

    Source: Bishop & Bishop 2024, Deep Learning, section 5.2; Fawcett 2006, An introduction to ROC analysis.
    """

    title = "Statements on scores of predictions"
    topic = "metrics"


class LinearModels(TrueStatements):
    """Least squares, ridge, perceptron, logistic regression.

    Source: Bishop 2006, Pattern Recognition and Machine Learning, chapters 3 and 4.
    """

    title = "Statements on linear models"
    topic = "linear_models"


class Activations(TrueStatements):
    """Activation functions, their slopes, and the softmax.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.3; torch.nn, non-linear
    activations.
    """

    title = "Statements on activation functions"
    topic = "activations"


class Losses(TrueStatements):
    """Losses of classification and regression, and divergences.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, sections 3.13 and 6.2; torch.nn, loss
    functions.
    """

    title = "Statements on losses"
    topic = "losses"


class Backprop(TrueStatements):
    """Gradients in computation graphs, autograd, and initialisation.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.5; torch.autograd.
    """

    title = "Statements on backpropagation"
    topic = "backprop"


class Optimizers(TrueStatements):
    """Gradient descent, momentum, Adam, weight decay, and schedules.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, chapter 8; Kingma & Ba 2015, Adam.
    """

    title = "Statements on optimisers"
    topic = "optimizers"


class Normalization(TrueStatements):
    """Batch and layer normalisation, dropout, penalties, augmentation.

    Source: Ioffe & Szegedy 2015, Batch Normalization; Ba et al. 2016, Layer Normalization; Srivastava et
    al. 2014, Dropout.
    """

    title = "Statements on normalisation and regularisation"
    topic = "normalization"


class Cnn(TrueStatements):
    """Convolution, pooling, equivariance, and known architectures.

    Source: Dumoulin & Visin 2016, A guide to convolution arithmetic for deep learning; Goodfellow,
    Bengio & Courville 2016, Deep Learning, chapter 9.
    """

    title = "Statements on convolutional networks"
    topic = "cnn"


class GenerativeModels(TrueStatements):
    """Autoencoders, contrastive learning, GANs.

    Source: Kingma & Welling 2014, Auto-Encoding Variational Bayes; Goodfellow et al. 2014, Generative
    Adversarial Nets; Chen et al. 2020, A Simple Framework for Contrastive Learning of Visual Representations.
    """

    title = "Statements on generative and self-supervised models"
    topic = "generative_models"


class Diffusion(TrueStatements):
    """The forward process, its closed form, and sampling.

    Source: Ho et al. 2020, Denoising Diffusion Probabilistic Models; Song et al. 2021, Denoising Diffusion
    Implicit Models; Ho & Salimans 2022, Classifier-Free Diffusion Guidance.
    """

    title = "Statements on diffusion models"
    topic = "diffusion"


class Adversarial(TrueStatements):
    """Perturbations of the input that mislead a network.

    Source: Goodfellow et al. 2015, Explaining and Harnessing Adversarial Examples; Madry et al. 2018,
    Towards Deep Learning Models Resistant to Adversarial Attacks.
    """

    title = "Statements on adversarial examples"
    topic = "adversarial"


class Rnn(TrueStatements):
    """Recurrent layers, their gates and their gradients.

    Source: Goodfellow, Bengio & Courville 2016, Deep Learning, chapter 10; torch.nn, recurrent layers.
    """

    title = "Statements on recurrent networks"
    topic = "rnn"


class Decoding(TrueStatements):
    """Teacher forcing, searches for sequences, sampling, and perplexity.

    Source: Jurafsky & Martin 2025, Speech and Language Processing, chapters on language models; Holtzman et
    al. 2020, The Curious Case of Neural Text Degeneration.
    """

    title = "Statements on the decoding of sequences"
    topic = "decoding"


class Embeddings(TrueStatements):
    """Word vectors, similarity, and transfer between tasks.

    Source: Mikolov et al. 2013, Efficient Estimation of Word Representations in Vector Space; Houlsby et
    al. 2019, Parameter-Efficient Transfer Learning for NLP.
    """

    title = "Statements on embeddings and transfer"
    topic = "embeddings"


class Attention(TrueStatements):
    """Scores and weights of attention, masks, and heads.

    Source: Vaswani et al. 2017, Attention Is All You Need, section 3.2; torch.nn.MultiheadAttention.
    """

    title = "Statements on attention"
    topic = "attention"


class Transformers(TrueStatements):
    """The blocks of transformers, positions, and the variants for texts and images.

    Source: Vaswani et al. 2017, Attention Is All You Need; Dosovitskiy et al. 2021, An Image is Worth
    16x16 Words.
    """

    title = "Statements on transformers"
    topic = "transformers"


class Gnn(TrueStatements):
    """Graph convolution, aggregation, readout, and batching.

    Source: Kipf & Welling 2017, Semi-Supervised Classification with Graph Convolutional Networks; Xu et
    al. 2019, How Powerful are Graph Neural Networks?
    """

    title = "Statements on graph neural networks"
    topic = "gnn"


class Mathematics(TrueStatements):
    """Matrices, their eigenvalues and singular values, and independence.

    Source: Deisenroth, Faisal & Ong 2020, Mathematics for Machine Learning, chapters 2 to 6.
    """

    title = "Statements on linear algebra and probability"
    topic = "mathematics"
