"""What can go wrong, told in one sentence: bad input from outside, and a question that is wrong itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class UserError(Exception):
    """Bad input: the message is one sentence that says what was wrong, where, and what was expected."""


class TypesettingError(UserError):
    """A text, a formula or a figure that cannot be set: the message says what is wrong in it."""


class GateError(Exception):
    """Closed form and solver disagree: the question or its solver is wrong, and the item reaches no page."""


@contextmanager
def naming(text: str) -> Iterator[None]:
    """Say which text it is that cannot be set.

    Raises:
        UserError: instead of what the block raises of a text.
    """
    try:
        yield
    except TypesettingError as fault:
        raise UserError(f"{text} cannot be set: {fault}") from fault
