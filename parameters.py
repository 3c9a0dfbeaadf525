"""Parameters that come from outside: a user's own numbers, and those of a stored exam."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from .errors import UserError
from .question import Question


def validated(name: str, question: type[Question], parameters: Mapping[str, Any]) -> Question:
    """The instance of a question that has these parameters.

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
    types = _types(question)
    return question(**{field: _checked(name, field, types[field], parameters[field]) for field in fields})


def _checked(name: str, field: str, adapter: TypeAdapter[Any], value: Any) -> Any:
    try:
        return adapter.validate_python(value)
    except ValidationError as fault:
        expected = fault.errors()[0]["msg"]
        raise UserError(f"parameter {field} of {name} cannot be {value!r}: {expected}") from fault


@cache
def _types(question: type[Question]) -> dict[str, TypeAdapter[Any]]:
    hints = get_type_hints(question)
    return {field: TypeAdapter(hints[field]) for field in question.field_names()}
