"""What an exam is made of, as an instructor writes it in a TOML file."""

from __future__ import annotations

import datetime
import difflib
import json
import math
import re
import tomllib
from bisect import bisect_left
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from ..errors import UserError
from .files import read_text

LARGEST_FILE = 1_000_000
LARGEST_FILE_WITH_LINES = 100_000
"""Characters of a file in which the line of a wrong value is searched; it is parsed again and again."""
MOST_QUESTIONS = 200
LARGEST_NUMBER = 10**15

STATEMENT = re.compile(r"\s*\[|[^#=]*=")
"""How a line starts that may be a key with its value, or the heading of a table."""

Location = tuple[str | int, ...]
"""The keys and indices that lead to a value, such as `("section", 1, "slot", 0, "points")`."""


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _different(values: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(values)) < len(values):
        raise ValueError("repeated")
    return values


def _without_none(value: Any) -> Any:
    return 0 if value == "none" else value


def _constant(value: Any) -> Any:
    """A parameter's value with lists as tuples.

    Raises:
        ValueError: it is, or contains, something else than finite numbers, texts and booleans.
    """
    if isinstance(value, list | tuple):
        return tuple(map(_constant, value))
    if isinstance(value, dict):
        return {name: _constant(entry) for name, entry in value.items()}
    if isinstance(value, str | bool) or (isinstance(value, int) and abs(value) <= LARGEST_NUMBER):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise ValueError("no parameter")


Line = Annotated[str, Field(max_length=200, pattern=r"^\P{Cc}*$")]
Pattern = Annotated[str, Field(max_length=200, pattern=r"^[\w*?!\[\]/-]+$")]
Order = Literal["kept", "shuffled"]


class Table(BaseModel):
    """A table of the file: its keys are those of the model, and every other one is refused.

    The description of a field is what a message tells the user to write.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Slot(Table):
    """A place for one question, or for `pick` of them, with the same level and points on every form.

    Attributes:
        patterns: names and globs of questions, from which each form draws.
        levels: the levels from which each form draws.
        pick: how many different items are drawn.
        points: of each of these items.
        parameters: fixed values of the question's parameters, by name.
        same: whether all forms get the same items.
        asked_as: whether a numeric question is asked as a single choice.
        work_lines: lines of space for work on paper; None leaves it to the minutes of the question.
    """

    patterns: Annotated[
        tuple[Pattern, ...],
        BeforeValidator(_as_tuple),
        Field(
            alias="from",
            min_length=1,
            max_length=100,
            description='a name such as "cnn/conv_output_size", a glob such as "cnn/*", or a list of these',
        ),
    ]
    levels: Annotated[
        tuple[Annotated[int, Field(ge=1, le=9)], ...],
        BeforeValidator(_as_tuple),
        AfterValidator(_different),
        Field(alias="level", min_length=1, description="a level from 1 to 9, or a list of different ones"),
    ] = (2,)
    pick: Annotated[int, Field(ge=1, le=100, description="a whole number from 1 to 100")] = 1
    points: Annotated[
        float,
        Field(gt=0, le=1000, multiple_of=0.5, description="a number above 0, at most 1000, in steps of 0.5"),
    ]
    parameters: Annotated[
        dict[str, Any],
        AfterValidator(_constant),
        Field(alias="set", description="a table of finite numbers, texts, booleans, and lists of these"),
    ] = {}
    same: Annotated[bool, Field(description="true or false")] = False
    asked_as: Annotated[Literal["choice"] | None, Field(alias="as", description='"choice"')] = None
    work_lines: Annotated[
        Annotated[int, Field(ge=0, le=100)] | None,
        BeforeValidator(_without_none),
        Field(alias="work", description='a number of lines from 0 to 100, or "none"'),
    ] = None


class Section(Table):
    """Slots under a common title.

    Attributes:
        title: its heading; may be empty.
        slots: in the order of the file.
    """

    title: Annotated[Line, Field(description="one line of text of at most 200 characters")] = ""
    slots: Annotated[
        tuple[Slot, ...],
        Field(alias="slot", strict=False, min_length=1, description="one or more [[section.slot]] tables"),
    ]


class Blueprint(Table):
    """An exam as it was ordered.

    Attributes:
        title: of the exam.
        course: to which it belongs; may be empty.
        date: on which it is sat, or None.
        minutes: that it lasts.
        instructions: to the students, on the first page; may be empty.
        paper: size of the page.
        large_print: whether it is set for readers with low vision.
        decimal: the decimal sign that is printed and read.
        questions: whether their order within a section differs from form to form.
        options: whether the order of the options of a choice differs from form to form.
        sections: in the order of the file.
    """

    title: Annotated[Line, Field(min_length=1, description="one line of text of 1 to 200 characters")]
    course: Annotated[Line, Field(description="one line of text of at most 200 characters")] = ""
    date: Annotated[
        datetime.date | None, Field(description="a date without quotation marks, such as 2026-11-27")
    ] = None
    minutes: Annotated[int, Field(ge=1, le=1440, description="a whole number from 1 to 1440")]
    instructions: Annotated[
        str,
        Field(max_length=5000, pattern=r"^[\P{Cc}\n\r\t]*$", description="text of at most 5000 characters"),
    ] = ""
    paper: Annotated[Literal["A4", "Letter"], Field(description='"A4" or "Letter"')] = "A4"
    large_print: Annotated[bool, Field(description="true or false")] = False
    decimal: Annotated[Literal[".", ","], Field(description='"." or ","')] = "."
    questions: Annotated[Order, Field(description='"kept" or "shuffled"')] = "kept"
    options: Annotated[Order, Field(description='"kept" or "shuffled"')] = "shuffled"
    sections: Annotated[
        tuple[Section, ...],
        Field(alias="section", strict=False, min_length=1, description="one or more [[section]] tables"),
    ]

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots of all sections."""
        return tuple(slot for section in self.sections for slot in section.slots)

    @property
    def points(self) -> float:
        """The points of the whole exam."""
        return sum(slot.pick * slot.points for slot in self.slots)

    @model_validator(mode="after")
    def _is_bounded(self) -> Self:
        count = sum(slot.pick for slot in self.slots)
        if count > MOST_QUESTIONS:
            raise ValueError(f"the exam has {count} questions; expected at most {MOST_QUESTIONS}")
        return self


def load(path: Path) -> Blueprint:
    """The blueprint in a file.

    Raises:
        UserError: the file cannot be read, or see `parse`.
    """
    return parse(read_text(path, LARGEST_FILE), str(path))


def parse(text: str, source: str) -> Blueprint:
    """The blueprint in a text.

    Args:
        text: TOML.
        source: where it is from, for messages.

    Raises:
        UserError: the text is not TOML, or a key or a value is not that of a blueprint.
    """
    text = text.replace("\r\n", "\n")
    try:
        return Blueprint.model_validate(tomllib.loads(text))
    except RecursionError as error:
        raise UserError(f"{source} is nested too deeply for a blueprint") from error
    except tomllib.TOMLDecodeError as error:
        raise UserError(_wrong_syntax(str(error), source)) from error
    except ValidationError as error:
        raise UserError(_wrong_value(error, text, source)) from error
    except ValueError as error:  # Python reads no number of more than some thousand digits
        raise UserError(f"{source} contains a number that is too long to be read") from error


def _wrong_syntax(message: str, source: str) -> str:
    found = re.fullmatch(r"(.*) \(at (.*)\)", message, re.DOTALL)
    fault, place = found.groups() if found else (message, "some place")
    return f"{source}, {place}: this is not TOML, {fault[:1].lower()}{fault[1:]}"


def _wrong_value(error: ValidationError, text: str, source: str) -> str:
    # A misspelled key comes first, as it is the reason why another one is missing.
    fault = min(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
    location = _field(fault["loc"])
    if not location:
        return f"{source}: {fault['ctx']['error']}"
    table, key = location[:-1], str(location[-1])
    missing = fault["type"] == "missing"
    line = _line_of(table if missing else location, text)
    place = f"{source}, line {line}" if line else source
    if fault["type"] == "extra_forbidden":
        return f"{place}: {_name(table)} cannot have the key {key!r}; {_suggestion(key, table)}"
    expected = f"expected {_keys(table)[key]}"
    if missing:
        return f"{place}: {_name(table)} has no {key}; {expected}"
    return f"{place}: {key} of {_name(table)} cannot be {_shown(fault['input'])}; {expected}"


def _field(location: Location) -> Location:
    """The way to the field of a table, without the way on within its value."""
    depth = 0
    for key in ("section", "slot"):
        if location[depth : depth + 1] == (key,) and len(location) > depth + 2:
            depth += 2
    return location[: depth + 1]


def _name(table: Location) -> str:
    """`("section", 1, "slot", 0)` as "section 2, slot 1"."""
    parts = [f"{key} {int(index) + 1}" for key, index in zip(table[::2], table[1::2], strict=True)]
    return ", ".join(parts) or "the exam"


def _keys(table: Location) -> dict[str, str]:
    """The keys of a table as written in the file, with what is expected there."""
    model = (Blueprint, Section, Slot)[len(table) // 2]
    return {field.alias or name: field.description or "" for name, field in model.model_fields.items()}


def _suggestion(key: str, table: Location) -> str:
    near = difflib.get_close_matches(key, _keys(table), n=1)
    return f"did you mean {near[0]!r}?" if near else f"it can have {', '.join(_keys(table))}"


def _shown(value: Any) -> str:
    try:
        shown = json.dumps(value, ensure_ascii=False, default=str)
    except ValueError:  # a number with thousands of digits
        return "such a long number"
    return shown if len(shown) <= 60 else f"{shown[:59]}…"


def _line_of(location: Location, text: str) -> int | None:
    """The line on which a value or a table starts.

    TOML readers do not tell, so the text is cut before each line that may be a statement, and this is the
    last line that is missing where the value is.
    """
    if not location or len(text) > LARGEST_FILE_WITH_LINES:
        return None
    lines = text.split("\n")
    statements = [number for number, line in enumerate(lines) if number and STATEMENT.match(line)]
    cuts = [0, *statements, len(lines)]

    def before(cut: int) -> dict[str, Any] | None:
        try:
            return tomllib.loads("\n".join(lines[: cuts[cut]]))
        except ValueError:
            return None

    def outside_values(cut: int) -> int:
        """The last cut up to this one that does not go through a value of several lines."""
        while before(cut) is None:
            cut -= 1
        return cut

    end = bisect_left(
        range(len(cuts)), True, key=lambda cut: _contains(before(outside_values(cut)), location)
    )
    return cuts[outside_values(end - 1)] + 1


def _contains(document: Any, location: Location) -> bool:
    try:
        for part in location:
            document = document[part]
    except (KeyError, IndexError, TypeError):
        return False
    return True
