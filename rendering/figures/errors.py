"""What goes wrong with a figure."""


class FigureError(ValueError):
    """A figure cannot be drawn; the sentence says which one, what was wrong, and what was expected."""
