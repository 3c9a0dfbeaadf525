"""From a verified item to Markdown: the prompt and the worked solution."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import jinja2

from ..answers import Answer, Integer, Notation
from ..answers.base import POINT
from ..answers.number import decimal_text, exact, exact_text
from ..errors import UserError
from ..presentation import with_decimal_sign
from ..question import Question
from ..verify import CHOICE, Item
from .document import Figure

PLACE = "……"
"""What stands for a blank in the text of a question that is asked as a choice."""
MOST_DECIMALS = 6
"""A number in a text that needs more decimals than this must be rounded by its template."""


@dataclass(frozen=True)
class Prose:
    """Markdown with the figures that it places."""

    markdown: str
    figures: tuple[Figure, ...] = ()


def prompt(item: Item, notation: Notation = POINT) -> Prose:
    """What the student reads, with `[[blank:name]]` where answers go.

    Raises:
        UserError: the template cannot be rendered; names it and the line.
    """
    prose = _render(item, "prompt", notation)
    parts = [prose.markdown.strip()]
    if CHOICE in item.answers:
        parts = [_without_places(parts[0])]
        parts += [] if f"[[blank:{CHOICE}]]" in parts[0] else [f"[[blank:{CHOICE}]]"]
    elif hint := wanted_notation(item.answers):
        parts.append(f"*{hint}*")
    return Prose("\n\n".join(parts), prose.figures)


def _without_places(markdown: str) -> str:
    """The text without the lines that only say where to write, now that options take their place."""
    paragraphs = markdown.split("\n\n")
    return "\n\n".join(part for part in paragraphs if PLACE not in part or part.lstrip().startswith("|"))


def solution(item: Item, notation: Notation = POINT) -> Prose:
    """The worked solution with this instance's numbers.

    Raises:
        UserError: see `prompt`.
    """
    return _render(item, "solution", notation)


def wanted_notation(answers: Mapping[str, Answer]) -> str:
    """On the decimals that are wanted and the words that may be used; empty if there is no need."""
    hints = {blank: answer.hint for blank, answer in answers.items() if answer.hint}
    decimals: dict[str, list[str]] = {}
    for blank, hint in hints.items():
        if hint.endswith(("decimal", "decimals")):
            decimals.setdefault(hint, []).append(blank.replace("_", " "))
    sentences = []
    if len(decimals) == 1:
        which = "numbers that are not whole" if any(map(_is_whole, answers.values())) else "numbers"
        sentences.append(f"Give {which} to {next(iter(decimals))}.")
    elif decimals:
        parts = [f"{_listed(blanks)} to {hint}" for hint, blanks in decimals.items()]
        sentences.append(f"Give {', '.join(parts)}.")
    sentences += [f"Write {hint}." for hint in dict.fromkeys(hints.values()) if hint.startswith("one of")]
    return " ".join(sentences)


def _is_whole(answer: Answer) -> bool:
    """Whether whole numbers are asked for: nobody is to wonder how many decimals these need."""
    return answer.kind in {"integer", "vector", "matrix"} and not answer.hint


def _listed(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def _render(item: Item, block: str, notation: Notation) -> Prose:
    figures: list[Figure] = []
    try:
        template = _template(item.entry.template, notation)
        if block not in template.blocks:
            raise UserError(f"template {item.entry.template} has no block {block!r}")
        context = template.new_context(_variables(item, notation, figures))
        markdown = with_decimal_sign("".join(template.blocks[block](context)), notation)
        return Prose(markdown, tuple(figures))
    except jinja2.TemplateSyntaxError as fault:
        raise UserError(f"template {item.entry.template}, line {fault.lineno}: {fault.message}") from fault
    except (
        jinja2.TemplateError,
        TypeError,
        ValueError,
        ArithmeticError,
        LookupError,
        AttributeError,
    ) as fault:
        line = _template_line(fault, item.entry.template, notation)
        raise UserError(f"template {item.entry.template}, {line}block {block}: {fault}") from fault


def _variables(item: Item, notation: Notation, figures: list[Figure]) -> dict[str, Any]:
    def blank(name: str) -> str:
        if name in item.answers:
            return f"[[blank:{name}]]"
        if CHOICE in item.answers:
            return PLACE
        raise LookupError(f"the question has no blank {name!r}; it has {', '.join(item.answers)}")

    def figure(kind: str, *, alt: str, **arguments: Any) -> str:
        figures.append(Figure(kind, arguments, alt))
        return f"\n\n[[figure:{len(figures) - 1}]]\n\n"

    def key(name: str) -> str:
        return keys[name].latex(notation)

    keys = item.question.answer() if CHOICE in item.answers else item.answers
    names = _template_names(type(item.question))
    values = {name: getattr(item.question, name) for name in names}
    return values | {
        "blank": blank,
        "figure": figure,
        "key": key,
        "keys": keys,
        "level": item.level,
        "question": item.question,
    }


@cache
def _template_names(question: type[Question]) -> tuple[str, ...]:
    properties = [
        name
        for name, value in inspect.getmembers(question)
        if isinstance(value, property | cached_property) and name[0] != "_"
    ]
    return (*question.field_names(), *properties)


def _template_line(fault: BaseException, path: Path, notation: Notation) -> str:
    """The last line of the template that was reached; frames tell that of the code which Jinja made of it."""
    frames = inspect.getinnerframes(fault.__traceback__) if fault.__traceback__ else []
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    return f"line {_template(path, notation).get_corresponding_lineno(lines[-1])}, " if lines else ""


@cache
def _template(path: Path, notation: Notation) -> jinja2.Template:
    return _environment(path.parent.parent, notation).get_template(f"{path.parent.name}/{path.name}")


@cache
def _environment(folder: Path, notation: Notation) -> jinja2.Environment:
    environment = jinja2.Environment(  # Markdown, not HTML: the renderers escape
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.filters |= filters(notation)
    return environment


def filters(notation: Notation) -> dict[str, Callable[..., str]]:
    """What templates write numbers with: each yields LaTeX.

    `tex` sets a number (a long whole one in groups of three digits), a tuple as a vector in round brackets,
    or a tuple of tuples as a matrix; `column` and `row` set a tuple as a matrix of one column or row;
    `signed` gives the number with its sign, for sums; `factor` puts brackets around a negative number, for
    products; `size` joins a shape with times signs; `text` writes a number without LaTeX. A first argument
    rounds to so many decimals.
    """

    def text(value: Any, decimals: int | None = None) -> str:
        return _number(value, decimals, notation)

    def tex(value: Any, decimals: int | None = None) -> str:
        if isinstance(value, int) and not isinstance(value, bool) and decimals is None:
            return Integer(value).latex(notation)
        if not isinstance(value, list | tuple):
            return text(value, decimals).replace(",", "{,}") if not isinstance(value, str) else value
        if value and isinstance(value[0], list | tuple):
            return _matrix([[tex(entry, decimals) for entry in row] for row in value])
        separator = r",\; " if notation.decimal == "." else r";\; "
        return f"({separator.join(tex(entry, decimals) for entry in value)})"

    def column(value: Sequence[Any], decimals: int | None = None) -> str:
        return _matrix([[tex(entry, decimals)] for entry in value])

    def row(value: Sequence[Any], decimals: int | None = None) -> str:
        return _matrix([[tex(entry, decimals) for entry in value]])

    def signed(value: Any, decimals: int | None = None) -> str:
        return f"- {tex(-value, decimals)}" if value < 0 else f"+ {tex(value, decimals)}"

    def factor(value: Any, decimals: int | None = None) -> str:
        return f"({tex(value, decimals)})" if value < 0 else tex(value, decimals)

    def rounded(value: Any, decimals: int) -> str:
        text = _number(value, decimals, POINT)
        return tex(float(text)) if "." in text else tex(int(text))

    def size(value: Sequence[int]) -> str:
        return r" \times ".join(map(str, value))

    made = (tex, column, row, signed, factor, rounded, size, text)
    return {function.__name__: function for function in made}


def _matrix(rows: Sequence[Sequence[str]]) -> str:
    return r"\begin{bmatrix}" + r" \\ ".join(" & ".join(row) for row in rows) + r"\end{bmatrix}"


def _number(value: Any, decimals: int | None, notation: Notation) -> str:
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        raise TypeError(f"{value!r} is not a number")
    if decimals is not None:
        return decimal_text(exact(value), decimals, notation)
    text = exact_text(exact(value))
    if len(text.partition(".")[2]) > MOST_DECIMALS:
        raise ValueError(
            f"{value!r} has more than {MOST_DECIMALS} decimals: round it, as in {{{{ x | tex(3) }}}}"
        )
    return text.replace(".", notation.decimal)
