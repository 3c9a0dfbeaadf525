"""Deep-learning exams whose every key was executed, and their grading.

    import quizgrad

    bank = quizgrad.Bank()
    item = quizgrad.show(bank["cnn/conv_output_size"], level=2, seed="7")
    item.answers["rows"].judge("24").right

The names below are imported when they are first used, so that `import quizgrad` is instant.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .answers import Answer, Notation, Verdict
    from .bank import Bank, Entry
    from .contract import check
    from .errors import GateError, UserError
    from .exams.build import Order, build
    from .exams.store import load
    from .grading.grade import Result, Settings, grade
    from .grading.policy import Policy
    from .grading.score import score_item
    from .grading.submissions import Submission
    from .models.questions import table_question
    from .preview import drawn as show
    from .question import Given, Mistake, Question, mistake
    from .verify import Item, draw, verified

_HOMES = {
    "Answer": "answers",
    "Notation": "answers",
    "Verdict": "answers",
    "Bank": "bank",
    "Entry": "bank",
    "check": "contract",
    "GateError": "errors",
    "UserError": "errors",
    "Order": "exams.build",
    "build": "exams.build",
    "load": "exams.store",
    "Policy": "grading.policy",
    "Result": "grading.grade",
    "Settings": "grading.grade",
    "Submission": "grading.submissions",
    "grade": "grading.grade",
    "score_item": "grading.score",
    "show": "preview",
    "table_question": "models.questions",
    "Given": "question",
    "Mistake": "question",
    "Question": "question",
    "mistake": "question",
    "Item": "verify",
    "draw": "verify",
    "verified": "verify",
}
_OTHER_NAMES = {"show": "drawn"}

__all__ = [
    "Answer",
    "Bank",
    "Entry",
    "GateError",
    "Given",
    "Item",
    "Mistake",
    "Notation",
    "Order",
    "Policy",
    "Question",
    "Result",
    "Settings",
    "Submission",
    "UserError",
    "Verdict",
    "build",
    "check",
    "draw",
    "grade",
    "load",
    "mistake",
    "score_item",
    "show",
    "table_question",
    "verified",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'quizgrad' has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_HOMES[name]}", __name__), _OTHER_NAMES.get(name, name))
