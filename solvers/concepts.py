"""True or false statements, decided by running the demonstrations that they have."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import torch

from .demonstrations import (
    activations,
    adversarial,
    attention,
    backprop,
    basics,
    cnn,
    decoding,
    diffusion,
    embeddings,
    generative_models,
    gnn,
    linear_models,
    losses,
    mathematics,
    metrics,
    normalization,
    optimizers,
    rnn,
    transformers,
)

MODULES = (
    activations,
    adversarial,
    attention,
    backprop,
    basics,
    cnn,
    decoding,
    diffusion,
    embeddings,
    generative_models,
    gnn,
    linear_models,
    losses,
    mathematics,
    metrics,
    normalization,
    optimizers,
    rnn,
    transformers,
)
DEMONSTRATIONS: dict[str, Callable[[], bool]] = {
    name: function
    for module in MODULES
    for name, function in vars(module).items()
    if re.fullmatch(r"[a-z]+_\d\d", name)
}
"""By the id of the statement. A statement without one was reviewed, not executed."""


def true_statements(statements: tuple[str, ...]) -> dict[str, dict[int, bool]]:
    """The verdict on each statement that can be executed, by its place."""
    return {
        "true": {
            place: verdict(name)
            for place, name in enumerate(statements)
            if name in DEMONSTRATIONS
        }
    }


def true_statements_parts(
    statements: tuple[str, ...],
) -> tuple[Callable[[], bool], ...]:
    """The demonstrations that these statements have."""
    return tuple(DEMONSTRATIONS[name] for name in statements if name in DEMONSTRATIONS)


@cache
def verdict(statement: str) -> bool:
    """What a demonstration finds; it always finds the same, so it runs once.

    Demonstrations seed PyTorch's generator; whoever else draws from it keeps its state.
    """
    with torch.random.fork_rng(devices=[]):
        return DEMONSTRATIONS[statement]()
