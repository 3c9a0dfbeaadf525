"""Bad input from outside, told in one sentence."""


class UserError(Exception):
    """Bad input: the message is one sentence that says what was wrong, where, and what was expected."""
