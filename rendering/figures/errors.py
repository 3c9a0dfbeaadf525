"""What goes wrong with a figure."""

from ...errors import TypesettingError


class FigureError(TypesettingError):
    """A figure cannot be drawn; the sentence says which one, what was wrong, and what was expected."""
