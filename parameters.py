"""Parameters that come from outside: a user's own numbers, and those of a stored exam."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from .errors import UserError
from .question import Question


def validated(name: str, question: type[Question], parameters: Mapping[str, Any]) -> Question:
    """The instance of a question that has these parameters.

    As in PyTorch, a single number stands for all sizes of a pair: `kernel = 5` means `kernel = [5, 5]`.

    Args:
        name: the question's name, for messages.
        question: its class.
        parameters: a value for each field, as Python or JSON types.

    Raises:
        UserError: a parameter is unknown, missing, or has the wrong type.
    """
    fields = question.field_names()
    for parameter in parameters:
        if parameter not in fields:
            near = difflib.get_close_matches(parameter, fields, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; it has {', '.join(fields)}"
            raise UserError(f"question {name} has no parameter {parameter!r}{hint}")
    if missing := [field for field in fields if field not in parameters]:
        raise UserError(f"question {name} needs a value for {', '.join(missing)}")
    hints = _hints(question)
    return question(**{field: _checked(name, field, hints[field], parameters[field]) for field in fields})


def _checked(name: str, field: str, hint: Any, value: Any) -> Any:
    try:
        return _adapter(hint).validate_python(_spread(hint, value))
    except ValidationError as fault:
        expected = fault.errors()[0]["msg"]
        raise UserError(f"parameter {field} of {name} cannot be {value!r}: {expected}") from fault


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
def _hints(question: type[Question]) -> dict[str, Any]:
    return get_type_hints(question)
