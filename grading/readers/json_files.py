"""JSON: one paper, a list of papers, or one paper per line.

A paper is `{"form": "7KQ2", "student_id": "0042", "answers": {"q3": {"rows": "24"}}}`. Numbers keep the text
that they have in the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ...errors import UserError
from ...exams.files import decoded
from ..submissions import Fault
from .papers import Box, Paper

PAPER = 'a paper such as {"form": ..., "student_id": ..., "answers": {"q3": {"rows": "24"}}}'


class _Constant(str):
    """NaN or Infinity, which JSON has not."""


class _Repeated(dict[str, Any]):
    """An object in which a key occurs twice."""


def read(source: str, data: bytes) -> Iterator[Paper | Fault]:
    """The papers of a JSON file.

    Args:
        source: its name, for messages.
        data: JSON in UTF-8 or UTF-16: a list of papers, one paper, or one per line.

    Raises:
        UserError: it cannot be read at all.
    """
    text = decoded(source, data)
    if not text.strip():
        raise UserError(f"it is empty; expected {PAPER}")
    try:
        parsed = _parsed(text)
    except UserError:
        if (
            len([line for line in text.splitlines() if line.startswith("{") and line.rstrip().endswith("}")])
            < 2
        ):
            raise
        yield from read_lines(source, data)
        return
    if not isinstance(parsed, list):
        yield from _papers(source, parsed)
        return
    for number, paper in enumerate(parsed, 1):
        yield from _papers(f"{source}, entry {number}", paper)


def read_lines(source: str, data: bytes) -> Iterator[Paper | Fault]:
    """The papers of a file with one in each line.

    Raises:
        UserError: it is not UTF-8 or UTF-16, or empty.
    """
    text = decoded(source, data)
    if not text.strip():
        raise UserError(f"it is empty; expected {PAPER}")
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            place = f"{source}, line {number}"
            try:
                yield from _papers(place, _parsed(line))
            except UserError as error:
                yield Fault(place, str(error))


def _parsed(text: str) -> Any:
    try:
        return json.loads(
            text, parse_int=str, parse_float=str, parse_constant=_Constant, object_pairs_hook=_object
        )
    except ValueError as error:
        raise UserError(f"this is not JSON: {error}") from error
    except RecursionError as error:
        raise UserError("this JSON is nested too deeply to be a paper") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    return entries if len(entries) == len(pairs) else _Repeated(entries)


def _papers(place: str, paper: Any) -> Iterator[Paper | Fault]:
    """The paper, and before it what was wrong with it."""
    if not isinstance(paper, dict) or not isinstance(paper.get("answers"), dict):
        yield Fault(place, f"expected {PAPER}")
        return
    names = {name: paper.get(name) for name in ("form", "student_id", "received")}
    wrong = [name for name, value in names.items() if not isinstance(value, str | None)]
    if wrong:
        yield Fault(place, f"{' and '.join(wrong)} must be a text")
        return
    if _repeats(paper):
        yield Fault(place, "a name occurs twice in one object; only the last one was read")
    texts: dict[Box, str] = {}
    for item, blanks in paper["answers"].items():
        for blank, value in blanks.items() if isinstance(blanks, dict) else [("", blanks)]:
            try:
                texts |= _boxes(Box(item, blank), value)
            except ValueError as fault:
                yield Fault(place, f"{Box(item, blank)} {fault}")
    yield Paper(place, names["form"] or "", names["student_id"] or "", texts, names["received"] or "")


def _repeats(paper: Mapping[str, Any]) -> bool:
    return any(isinstance(part, _Repeated) for part in (paper, paper["answers"], *paper["answers"].values()))


def _boxes(box: Box, value: Any) -> dict[Box, str]:
    """The texts of a blank: of its cells where it is a list, or a list of rows.

    Raises:
        ValueError: it is something else; the message goes on after the blank's name.
    """
    if not box.blank:
        raise ValueError('holds no blanks; expected an object such as {"rows": "24"}')
    if not isinstance(value, list):
        return {box: _text(value)}
    texts: dict[Box, str] = {}
    for number, entry in enumerate(value, 1):
        if isinstance(entry, list):
            for column, cell in enumerate(entry, 1):
                texts[Box(box.item, box.blank, (number, column))] = _text(cell)
        else:
            texts[Box(box.item, box.blank, (number,))] = _text(entry)
    return texts


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, _Constant):
        raise ValueError(f"is {value}, which is no value in JSON")
    if not isinstance(value, str):
        raise ValueError("holds something that is neither a text nor a number, nor a list or rows of these")
    return value
