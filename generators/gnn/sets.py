"""Functions of sets: readouts, and models of which some do not care about the order."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from .graphs import Integers, Rows


class Model(NamedTuple):
    """A model that takes a list of embeddings, and of graph layers also an adjacency matrix.

    Attributes:
        text: what it computes, in Markdown.
        symmetry: `invariant`, `equivariant`, or `neither`.
        why: the reason.
    """

    text: str
    symmetry: str
    why: str


MODELS = {
    "sum": Model("the sum of all embeddings", "invariant", "A sum does not depend on the order."),
    "maximum": Model(
        "the largest value of each feature over all nodes",
        "invariant",
        "A maximum does not depend on the order.",
    ),
    "variance": Model(
        "the variance of each feature over all nodes",
        "invariant",
        "It is made of sums over the nodes, which do not depend on the order.",
    ),
    "deep set": Model(
        r"$\varphi\bigl(\sum_i \psi(x_i)\bigr)$ with two MLPs $\varphi$ and $\psi$",
        "invariant",
        "The sum forgets the order before φ sees it.",
    ),
    "pooled attention": Model(
        "self-attention without positional encodings, then the mean of its outputs",
        "invariant",
        "Outputs of self-attention move along with their inputs, and their mean forgets the order.",
    ),
    "attention": Model(
        "self-attention without positional encodings, one output for each embedding",
        "equivariant",
        "Each output stays with its embedding, so that the outputs are reordered along with the inputs.",
    ),
    "each alone": Model(
        "the same MLP applied to each embedding by itself",
        "equivariant",
        "Each output depends on its own embedding only, and moves along with it.",
    ),
    "centred": Model(
        "each embedding minus the mean of all",
        "equivariant",
        "The mean stays, and each difference moves along with its embedding.",
    ),
    "convolution": Model(
        "a graph convolution whose adjacency matrix is reordered along with the nodes",
        "equivariant",
        "Neighbours remain neighbours, so that each output moves along with its node.",
    ),
    "fixed convolution": Model(
        "a graph convolution whose adjacency matrix stays in the old order",
        "neither",
        "The nodes then get other neighbours: rows and columns of the matrix must move along.",
    ),
    "concatenation": Model(
        "an MLP on the concatenation of all embeddings",
        "neither",
        "Each place of the concatenation has weights of its own.",
    ),
    "recurrent": Model(
        "the last state of a recurrent network that reads the embeddings one after another",
        "neither",
        "What is read last has been transformed least: the state depends on the order.",
    ),
    "positions": Model(
        "self-attention with positional encodings, one output for each embedding",
        "neither",
        "The encodings stay at their places while the embeddings move.",
    ),
    "sequence convolution": Model(
        "a convolution of width 3 along the list of embeddings, zero padding, one output for each",
        "neither",
        "It mixes what stands side by side in the list, and another order brings others together.",
    ),
}

READOUTS: dict[str, Callable[[Integers], float]] = {
    "sum": sum,
    "mean": lambda numbers: sum(numbers) / len(numbers),
    "maximum": max,
}


def drawn_collision(rng: Random) -> list[Rows]:
    """Two sets that agree in some of sum, mean and maximum."""
    first = rng.sample(range(-2, 8), 3)
    kind = rng.choice(["repeated", "moved", "moved", "lower", "lower"])
    if kind == "repeated":
        first = first[:2]
        second = [*first, *first]
    elif kind == "moved":
        second = [first[0] + 1, first[1] - 1, first[2]]
    else:
        least, *others = sorted(first)
        second = [least - rng.randint(1, 3), *others]
    mixed = [rng.sample(numbers, len(numbers)) for numbers in (first, second)]
    return [tuple((number,) for number in numbers) for numbers in rng.sample(mixed, 2)]
