"""Parameters that come from outside: a user's own numbers, and those of a stored exam."""

from __future__ import annotations

import dataclasses
import difflib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from .errors import UserError
from .question import Question


def validated(name: str, question: type[Question], parameters: Mapping[str, Any]) -> Question:
    """The instance of a question that has these parameters.

    Args:
        name: the question's name, for messages.
        question: its class.
        parameters: a value for each field that has no default, as Python or JSON types.

    Raises:
        UserError: a parameter is unknown, missing, or has the wrong type.
    """
    values = checked(name, question, parameters)
    if missing := [field for field in _needed(question) if field not in values]:
        raise UserError(f"question {name} needs a value for {', '.join(missing)}")
    return question(**values)


def checked(name: str, question: type[Question], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Values of some parameters of a question, as its fields have them.

    As in PyTorch, a single number stands for all sizes of a pair: `kernel = 5` means `kernel = [5, 5]`.

    Args:
        name: the question's name, for messages.
        question: its class.
        parameters: values of fields, as Python or JSON types.

    Raises:
        UserError: a parameter is unknown, or has the wrong type.
    """
    fields = question.field_names()
    for parameter in parameters:
        if parameter not in fields:
            near = difflib.get_close_matches(parameter, fields, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; it has {', '.join(fields)}"
            raise UserError(f"question {name} has no parameter {parameter!r}{hint}")
    hints = _hints(question)
    return {field: _checked(name, field, hints[field], value) for field, value in parameters.items()}


def _checked(name: str, field: str, hint: Any, value: Any) -> Any:
    try:
        read = _adapter(hint).validate_python(given := _spread(hint, value))
    except ValidationError:
        read = given = None
    if read is None or not _alike(given, read):
        shown = json.dumps(value, default=str, ensure_ascii=False)
        raise UserError(f"parameter {field} of {name} cannot be {shown}; expected {_expected(hint)}")
    return read


def _alike(given: Any, read: Any) -> bool:
    """Whether a value was read as what it is: no truth value and no text as a number."""
    if isinstance(read, tuple):
        return all(map(_alike, given, read))
    return all(isinstance(given, kind) is isinstance(read, kind) for kind in (bool, str))


def _expected(hint: Any) -> str:
    words = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}
    parts = get_args(hint)
    if get_origin(hint) is tuple:
        return f"[{', '.join('...' if part is Ellipsis else _expected(part) for part in parts)}]"
    if get_origin(hint) is Literal:
        return " or ".join(map(json.dumps, parts))
    return words.get(hint, str(hint))


def _spread(hint: Any, value: Any) -> Any:
    """A single number as often as a tuple of fixed length wants it."""
    places = get_args(hint) if get_origin(hint) is tuple else ()
    if isinstance(value, int | float) and places and Ellipsis not in places:
        return (value,) * len(places)
    return value


@cache
def _adapter(hint: Any) -> TypeAdapter[Any]:
    return TypeAdapter(hint)


@cache
def _needed(question: type[Question]) -> tuple[str, ...]:
    """The fields without a default; the others may be missing in an exam that is older than they are."""
    fields = dataclasses.fields(question)  # type: ignore[arg-type]  # a subclass is a dataclass
    return tuple(field.name for field in fields if field.default is dataclasses.MISSING)


@cache
def _hints(question: type[Question]) -> dict[str, Any]:
    return get_type_hints(question)
