"""Listings of code, in black and grey: keywords heavy, comments pale."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from .fonts import register
from .lines import text_width
from .pen import Pen
from .strips import NEVER, Column, Drawing, Strip
from .styles import GREY, INK, SHADE, Style

_SIZE = 8.6
_LEADING = 11.4
_PADDING = 6.0
_SMALLEST = 0.8
"""How far a listing shrinks where that saves its lines from being broken."""
_INDENT = 8 * " "
_FONT = "Mono"
_SPLIT = 300.0
_WORSE_SPLIT = 600.0
_FEWEST = 4
"""Lines of a listing that stay together."""
_PYTHON = frozenset({"python", "py", "python3"})
_MARKED = re.compile(
    rf"""(?P<comment>\#.*)
    | (?P<string>\"{{3}}[\s\S]*?\"{{3}} | '{{3}}[\s\S]*?'{{3}} | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*')
    | \b(?P<keyword>{"|".join(keyword.kwlist)})\b""",
    re.VERBOSE,
)

Run = tuple[str, str, str]
"""Text, font, colour."""


def listing(code: str, language: str, style: Style, width: float) -> Column:
    """The lines of a listing on a pale ground."""
    register()
    padding = style.points(_PADDING)
    size, columns = _measure(code, style, width - 2 * padding)
    lines = [part for line in _highlighted(code, language) for part in _wrapped(line, columns)]
    leading, column = size * _LEADING / _SIZE, []
    for place, line in enumerate(lines):
        first, last = place == 0, place == len(lines) - 1
        top = padding * 0.8 if first else 0.0
        height = leading + top + (padding * 0.8 if last else 0.0)
        draw = _line(line, size, width, padding, top, leading)
        column.append(Strip(height, draw, top + 0.75 * leading, penalty=_penalty(lines, place)))
    return column


def _penalty(lines: Sequence[tuple[Run, ...]], place: int) -> float:
    """A page ends best after an empty line; few other places are offered, as each costs time."""
    if place < _FEWEST or len(lines) - place < _FEWEST:
        return NEVER
    if not lines[place - 1]:
        return _SPLIT
    return _WORSE_SPLIT if place % _FEWEST == 0 else NEVER


def _measure(code: str, style: Style, width: float) -> tuple[float, int]:
    """The size at which the longest line fits, if that is not tiny, and the characters of a line."""
    size = style.points(_SIZE)
    character = text_width("m", _FONT, 1)
    longest = max((len(line) for line in code.splitlines()), default=1) or 1
    fitting = width / (longest * character * size)
    size *= fitting if _SMALLEST <= fitting < 1 else 1.0
    return size, max(20, int(width / (character * size)))


def _line(
    line: tuple[Run, ...], size: float, width: float, padding: float, top: float, leading: float
) -> Drawing:
    def draw(pen: Pen, x: float, y: float, height: float) -> None:
        # The grounds of neighbours overlap a little, or viewers show a seam between them.
        pen.rectangle((x, y - height), width, height + (0 if top else 0.4), fill=SHADE)
        left, baseline = x + padding, y - top - 0.75 * leading
        for text, font, color in line:
            if not text.isspace():
                pen.text(left, baseline, text, font, size, color)
            left += text_width(text, font, size)

    return draw


def _wrapped(line: tuple[Run, ...], columns: int) -> Iterator[tuple[Run, ...]]:
    """A line, broken at a space where it is too long; what follows is indented."""
    text = "".join(run[0] for run in line)
    start, indent = 0, ""
    while len(text) - start > columns - len(indent):
        end = start + columns - len(indent)
        end = text.rfind(" ", start + columns // 2, end) + 1 or end
        yield _part(line, start, end, indent)
        start, indent = end, _INDENT
    yield _part(line, start, len(text), indent)


def _part(line: tuple[Run, ...], start: int, end: int, indent: str) -> tuple[Run, ...]:
    """The characters of a line from start to end, indented."""
    parts: list[Run] = [(indent, _FONT, INK)] if indent else []
    for text, font, color in line:
        part = text[max(start, 0) : max(end, 0)]
        parts += [(part, font, color)] if part else []
        start, end = start - len(text), end - len(text)
    return tuple(parts)


@lru_cache(maxsize=1000)
def _highlighted(code: str, language: str) -> tuple[tuple[Run, ...], ...]:
    """The runs of each line."""
    lines: list[list[Run]] = [[]]
    for text, font, color in _runs(code.replace("\t", "    "), language):
        first, *others = text.split("\n")
        for place, part in enumerate([first, *others]):
            if place:
                lines.append([])
            if part:
                _append(lines[-1], (part, font, color))
    return tuple(map(tuple, lines))


def _append(line: list[Run], run: Run) -> None:
    """Add a run, to the one before it where they look the same."""
    if line and (line[-1][1:] == run[1:] or run[0].isspace()):
        line[-1] = (line[-1][0] + run[0], *line[-1][1:])
    else:
        line.append(run)


def _runs(code: str, language: str) -> Iterator[Run]:
    """The parts of a text: Python's keywords and comments, and all the rest.

    A full lexer would take longer than to set the rest of the page, and a listing differs from form to form.
    """
    if language not in _PYTHON:
        yield code, _FONT, INK
        return
    end = 0
    for match in _MARKED.finditer(code):
        yield code[end : match.start()], _FONT, INK
        if match["comment"]:
            yield match[0], _FONT, GREY
        else:
            yield match[0], "Mono-Bold" if match["keyword"] else _FONT, INK
        end = match.end()
    yield code[end:], _FONT, INK
