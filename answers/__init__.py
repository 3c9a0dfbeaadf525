"""Kinds of answers: each reads what a student typed, compares it with the key, and prints the key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .base import Ambiguous, Answer, Notation, Unreadable, Verdict
from .choice import Choice, MultipleChoice, Option, SingleChoice
from .expression import Expression
from .number import Integer, Number, Real, read_number
from .ordering import Ordering
from .short_text import ShortText
from .tensor import Matrix, Shape, Vector

KINDS: Mapping[str, type[Answer]] = {
    kind.kind: kind
    for kind in (
        Integer,
        Real,
        Shape,
        Vector,
        Matrix,
        Expression,
        SingleChoice,
        MultipleChoice,
        Ordering,
        ShortText,
    )
}


def from_json(data: Mapping[str, Any]) -> Answer:
    """The answer that `Answer.to_json` wrote.

    Raises:
        ValueError: the kind is unknown or a field is missing.
    """
    fields = dict(data)
    kind = fields.pop("kind", None)
    if kind not in KINDS:
        raise ValueError(f"unknown kind of answer {kind!r}; known are {', '.join(KINDS)}")
    return KINDS[kind].from_json(fields)


__all__ = [
    "KINDS",
    "Ambiguous",
    "Answer",
    "Choice",
    "Expression",
    "Integer",
    "Matrix",
    "MultipleChoice",
    "Notation",
    "Number",
    "Option",
    "Ordering",
    "Real",
    "Shape",
    "ShortText",
    "SingleChoice",
    "Unreadable",
    "Vector",
    "Verdict",
    "from_json",
    "read_number",
]
