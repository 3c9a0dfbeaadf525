"""What an author subclasses: a question, its mistakes, and the thread from one blank to the next."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any, ClassVar, Self, TypeVar, dataclass_transform

from .answers import Answer

Value = TypeVar("Value")
MistakeValues = Mapping[str, Any] | None
MistakeMethod = TypeVar("MistakeMethod", bound=Callable[[Any], MistakeValues])


@dataclass(frozen=True)
class Mistake:
    """A wrong road that students take.

    Attributes:
        name: the name of the method that models it.
        values: what the road leads to, for the blanks that it changes.
        sentence: what the student is told.
    """

    name: str
    values: Mapping[str, Any]
    sentence: str


def mistake(sentence: str) -> Callable[[MistakeMethod], MistakeMethod]:
    """Mark a method of a question as the model of a mistake.

    The method returns the wrong values of the blanks that the mistake changes, or None where it cannot be
    made. A value that the grader would accept, or that another mistake already has, is left out by the gate,
    so that the method needs no check of its own.

    Args:
        sentence: what the student is told; `{field}` inserts a parameter of the question.
    """

    def mark(method: MistakeMethod) -> MistakeMethod:
        method.__dict__["sentence"] = sentence
        return method

    return mark


class Given:
    """What a student already has: each value is theirs where they gave one, and true otherwise."""

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        self._values = dict(values or {})

    def __call__(self, blank: str, value: Value) -> Value:
        """The student's value of a blank, or the true one."""
        theirs: Value = self._values.get(blank, value)
        return theirs


@dataclass_transform(frozen_default=True)
class Question(ABC):
    """A question family; its instances are immutable values whose fields are the parameters.

    A subclass names its parameters as typed fields, draws them, and knows the answer by a closed form. A
    solver and a template of the same name belong to it. Fields are ints, floats, strings, booleans and
    tuples of these, so that they go to JSON and back.

    An author writes `answer`, or, where a later blank follows from an earlier one, `follow`.
    """

    title: ClassVar[str]
    """What the question is about, in a few words."""
    minutes: ClassVar[Mapping[int, float]]
    """The minutes that a prepared student needs, by level."""

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True)(cls)

    @classmethod
    @abstractmethod
    def draw(cls, rng: Random, level: int) -> Self:
        """An instance of a level; one that has a flaw is drawn again."""

    def answer(self) -> Mapping[str, Answer]:
        """The key of each blank by a closed form, in the order in which the blanks are filled."""
        return self.follow(Given())

    def follow(self, given: Given) -> Mapping[str, Answer]:
        """The key of each blank, following from the values that a student already has.

        Each step that has a blank passes its value through `given`, which replaces it by the student's own
        one: `scores = given("scores", ...)`. The key of the blank itself is made from the value before it
        is replaced, so errors are carried forward by the closed form itself.
        """
        return self.answer()

    def consequences(self, **wrong: Any) -> dict[str, Any]:
        """What the blanks come to where some have a wrong value and the error is carried forward.

        It is what a mistake in the middle of a computation returns: the gate leaves out the blanks that stay
        right.
        """
        keys = self.follow(Given(wrong))
        return {
            blank: wrong[blank] if blank in wrong else vars(key)["value"]
            for blank, key in keys.items()
            if "value" in vars(key)
        }

    def flaw(self) -> str | None:
        """Why these parameters make no fair question, as a clause, or None.

        A drawn instance with a flaw is drawn again; parameters that a user set are refused with it.
        """
        return None

    @classmethod
    def levels(cls) -> tuple[int, ...]:
        """The levels that can be drawn."""
        return tuple(sorted(cls.minutes))

    @classmethod
    def carries_errors(cls) -> bool:
        """Whether a later blank follows from an earlier one."""
        return cls.follow is not Question.follow

    @classmethod
    def field_names(cls) -> tuple[str, ...]:
        """The names of the parameters."""
        return tuple(field.name for field in dataclasses.fields(cls))  # type: ignore[arg-type]  # a subclass is a dataclass

    def parameters(self) -> dict[str, Any]:
        """The fields by name."""
        return {name: getattr(self, name) for name in self.field_names()}

    def mistakes(self) -> Iterator[Mistake]:
        """Every modelled mistake that this instance allows, as its author wrote it, unchecked."""
        for name, method in mistake_methods(type(self)).items():
            values = method(self)
            if values:
                yield Mistake(name, values, _filled(method.__dict__["sentence"], self))


@cache
def mistake_methods(question: type[Question]) -> Mapping[str, Callable[[Question], MistakeValues]]:
    """The methods marked by `mistake`, in the order of the class body, inherited ones first."""
    return {
        name: attribute
        for base in reversed(question.__mro__)
        for name, attribute in vars(base).items()
        if callable(attribute) and "sentence" in getattr(attribute, "__dict__", {})
    }


def _filled(sentence: str, question: Question) -> str:
    return sentence.format_map(_Attributes(question)) if "{" in sentence else sentence


class _Attributes(dict[str, Any]):
    def __init__(self, question: Question) -> None:
        super().__init__()
        self._question = question

    def __missing__(self, name: str) -> object:
        return getattr(self._question, name)
