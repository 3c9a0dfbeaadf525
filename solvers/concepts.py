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


def judgement(
    statements: tuple[str, ...], ask: str, claims: tuple[bool, ...]
) -> dict[str, dict[int, bool]]:
    """Whether each option that can be executed is to be chosen, by its place."""
    found = {
        place: verdict(name)
        for place, name in enumerate(statements)
        if name in DEMONSTRATIONS
    }
    if ask == "reason":
        return {"verdict": _refuted(claims, found.get(0))}
    if ask == "one false":
        return {"false": {place: not true for place, true in found.items()}}
    return {"true": found}


def _refuted(claims: tuple[bool, ...], true: bool | None) -> dict[int, bool]:
    """The options whose verdict is not the executed one; reasons are not executed."""
    wrong = (
        () if true is None else (place for place, c in enumerate(claims) if c != true)
    )
    return dict.fromkeys(wrong, False)


def judgement_parts(
    statements: tuple[str, ...], ask: str, claims: tuple[bool, ...]
) -> tuple[Callable[[], bool], ...]:
    """The demonstrations that the judged statements have."""
    judged = statements[:1] if ask == "reason" else statements
    return tuple(DEMONSTRATIONS[name] for name in judged if name in DEMONSTRATIONS)


@cache
def verdict(statement: str) -> bool:
    """What a demonstration finds; it always finds the same, so it runs once.

    Demonstrations seed PyTorch's generator; whoever else draws from it keeps its state.
    """
    with torch.random.fork_rng(devices=[]):
        return DEMONSTRATIONS[statement]()
