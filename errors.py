"""What can go wrong, told in one sentence: bad input from outside, and a question that is wrong itself."""


class UserError(Exception):
    """Bad input: the message is one sentence that says what was wrong, where, and what was expected."""


class GateError(Exception):
    """Closed form and solver disagree: the question or its solver is wrong, and the item reaches no page."""
