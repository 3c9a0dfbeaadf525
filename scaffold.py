"""The three pieces of a new question, and a test, ready to be changed."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Mapping
from pathlib import Path

import jinja2

from .bank import HOME, Bank
from .errors import UserError
from .exams.files import failure, write_atomically

NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
GENERATOR_IMPORTS = {
    "Random": "from random import Random",
    "Self": "from typing import Self",
    "Answer": "from quizgrad.answers import Answer, Integer",
    "Question": "from quizgrad.question import Question, mistake",
}
SOLVER_IMPORTS = {"nn": "from torch import nn"}


def new_question(name: str, folder: Path) -> tuple[Path, ...]:
    """Write a question that passes its contract at once.

    Args:
        name: topic and question, e.g. `cnn/blur_kernel`.
        folder: the bank; its three folders are made if need be.

    Returns:
        the files, in the order in which to read them.

    Raises:
        UserError: the name is none, or is taken.
    """
    topic, slash, short = name.partition("/")
    if not slash or not _fit(topic) or not _fit(short):
        raise UserError(
            f"{name!r} is no name for a question: expected topic/name in small letters, e.g. cnn/blur_kernel"
        )
    if name in (entry.name for entry in Bank()):
        raise UserError(f"another bank has a question {name} already; choose another name")
    generator, solver = folder / "generators" / f"{topic}.py", folder / "solvers" / f"{topic}.py"
    template = folder / "templates" / "questions" / topic / f"{short}.md"
    test = folder / "tests" / f"test_{topic}_{short}.py"
    words = {
        "topic": topic,
        "name": short,
        "class_name": "".join(part.capitalize() for part in short.split("_")),
        "title": short.replace("_", " ").capitalize(),
    }
    for path in (template, test):
        if path.exists():
            raise UserError(f"{path} exists already; choose another name")
    _refuse_taken(generator, words["class_name"])
    _refuse_taken(solver, short)
    _write(
        generator,
        _extended(generator, f"Questions on {topic}.", GENERATOR_IMPORTS, _rendered("generator.py", words)),
    )
    _write(
        solver,
        _extended(
            solver, f"Questions on {topic}, built and run.", SOLVER_IMPORTS, _rendered("solver.py", words)
        ),
    )
    _write(template, _rendered("template.md", words))
    _write(test, _rendered("test.py", words))
    return generator, solver, template, test


def _fit(part: str) -> bool:
    """Whether it can name a module and a function."""
    return bool(NAME.fullmatch(part)) and not keyword.iskeyword(part)


def _refuse_taken(path: Path, name: str) -> None:
    if path.exists() and name in _defined(path):
        raise UserError(f"{path} has {name} already; choose another name")


def _defined(path: Path) -> set[str]:
    try:
        body = ast.parse(path.read_text(encoding="utf-8")).body
    except (SyntaxError, UnicodeDecodeError) as fault:
        raise UserError(f"{path} is not Python: {fault}") from fault
    names = {node.name for node in body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    imports = (node for node in body if isinstance(node, ast.Import | ast.ImportFrom))
    return names | {alias.asname or alias.name for node in imports for alias in node.names}


def _extended(path: Path, docstring: str, imports: Mapping[str, str], code: str) -> str:
    """The module with the code at its end and the imports that it needs."""
    if not path.exists():
        head = "\n".join(sorted(imports.values(), key=lambda line: ("quizgrad" in line, line)))
        head = head.replace("\nfrom quizgrad", "\n\nfrom quizgrad", 1)
        return f'"""{docstring}"""\n\nfrom __future__ import annotations\n\n{head}\n\n\n{code}'
    text = path.read_text(encoding="utf-8")
    missing = [line for name, line in imports.items() if name not in _defined(path)]
    lines = text.rstrip().split("\n")
    body = ast.parse(text).body
    ends = [node.end_lineno or 0 for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    lines[max(ends, default=0) : max(ends, default=0)] = missing
    return "\n".join(lines) + f"\n\n\n{code}"


def _rendered(name: str, words: Mapping[str, str]) -> str:
    """A piece from templates/new; Python and Markdown, not HTML, so that nothing is escaped."""
    text = (HOME / "templates" / "new" / f"{name}.jinja").read_text(encoding="utf-8")
    return jinja2.Environment(keep_trailing_newline=True).from_string(text).render(words)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise failure("made", path.parent, fault) from fault
    write_atomically(path, text)
