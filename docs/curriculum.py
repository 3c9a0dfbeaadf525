"""Makes docs/curriculum.md, what the questions cover: `python docs/curriculum.py`."""

from __future__ import annotations

import inspect
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from quizgrad import Bank
from quizgrad.bank import Entry
from quizgrad.generators.concepts import FOLDER
from quizgrad.overview import rows
from quizgrad.solvers.concepts import DEMONSTRATIONS

DOCS = Path(__file__).resolve().parent
OPEN = "*open*"
HEAD = """# What the questions cover

Made by `python docs/curriculum.py` from the bank and `docs/curriculum.toml`; a test compares them.

Every key is executed before it is shown; the table of questions says what runs. A statement with ✓ is decided
by a demonstration that runs; the others were reviewed, not executed, and keys say so.
"""


def page() -> str:
    """The whole document, Markdown."""
    entries = {entry.name: entry for entry in Bank() if entry.topic != "concepts"}
    notes = tomllib.loads((DOCS / "curriculum.toml").read_text(encoding="utf-8"))
    names = {name for sections in notes.values() for covers in sections.values() for name in covers.split()}
    later = sorted(name for name in names if "/" in name and name not in entries)
    beyond = sorted(set(entries) - names)
    statements = _statements()
    parts = [HEAD, _figures(entries, statements)]
    parts += ["## The sections of the notes\n"]
    parts += [_note(title, sections, entries) for title, sections in notes.items()]
    parts += ["## The questions\n", _questions(entries.values())]
    parts += ["## Open\n", _open(notes, entries)]
    parts += [f"- Not asked yet: {_listed(later)}.\n"] if later else []
    parts += [f"## Beyond the notes\n\n{_listed(beyond)}\n"] if beyond else []
    return "\n".join(parts)


def _statements() -> list[str]:
    return [name for path in sorted(FOLDER.glob("*.toml")) for name in tomllib.loads(path.read_text("utf-8"))]


def _figures(entries: Mapping[str, Entry], statements: list[str]) -> str:
    executed = sum(name in DEMONSTRATIONS for name in statements)
    return (
        f"{len(entries)} questions on {len({entry.topic for entry in entries.values()})} topics, and "
        f"{len(statements)} statements to judge, {executed} of them by execution.\n"
    )


def _note(title: str, sections: Mapping[str, str], entries: Mapping[str, Entry]) -> str:
    lines = [f"### {title}\n", "| section | questions | statements |", "|---|---|---|"]
    for section, covers in sections.items():
        names = covers.split()
        questions = _listed(name for name in names if name in entries)
        judged = ", ".join(_marked(name) for name in names if "/" not in name)
        lines.append(f"| {section} | {questions or ('' if judged else OPEN)} | {judged} |")
    return "\n".join(lines) + "\n"


def _marked(statement: str) -> str:
    return f"{statement} ✓" if statement in DEMONSTRATIONS else statement


def _questions(entries: Iterable[Entry]) -> str:
    entries = list(entries)
    lines = ["| question | levels | answers | what is executed |", "|---|---|---|---|"]
    for entry, row in zip(entries, rows(entries), strict=True):
        levels = ", ".join(map(str, entry.question.levels()))
        lines.append(f"| `{entry.name}` | {levels} | {', '.join(row.kinds)} | {_execution(entry)} |")
    return "\n".join(lines) + "\n"


def _execution(entry: Entry) -> str:
    """The first sentence of the solver's docstring."""
    text = inspect.getdoc(entry.solver)
    if not text:
        raise SystemExit(f"the solver of {entry.name} has no docstring")
    return re.sub(r"\s+", " ", text.partition("\n\n")[0]).replace("|", r"\|")


def _open(notes: Mapping[str, Mapping[str, str]], entries: Mapping[str, Entry]) -> str:
    return "\n".join(
        f"- Not covered: {title}, {section}."
        for title, sections in notes.items()
        for section, covers in sections.items()
        if not any(name in entries or "/" not in name for name in covers.split())
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    (DOCS / "curriculum.md").write_text(page(), encoding="utf-8")
