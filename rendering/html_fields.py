"""The place of an answer in HTML: an input, a grid of inputs, options to choose, or what was filled in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from string import ascii_lowercase

from ..answers import Answer, Choice, Matrix, Ordering, SingleChoice, Unreadable, Vector
from .characters import printable

NO_BREAK = "\N{NO-BREAK SPACE}"
Words = Callable[[str], str]
"""Turns one line of Markdown, e.g. an option, into HTML."""


@dataclass(frozen=True)
class Slot:
    """One blank on the page.

    Attributes:
        name: names the field in the form, the same on every page.
        label: says what the field is for, to those who cannot see what is around it.
        answer: the kind of answer, with its options.
        hint: what to say beside it about the notation.
        filled: what stands there already, or None.
        live: whether an empty slot is a field of a form, or only a box.
    """

    name: str
    label: str
    answer: Answer
    hint: str
    filled: str | None
    live: bool


def field(slot: Slot, words: Words) -> str:
    """The HTML of a slot."""
    match slot.answer:
        case Choice() as choice:
            return _choice(slot, choice, words)
        case Ordering() as ordering:
            return _ordering(slot, ordering, words)
        case Vector() as vector if slot.filled is None:
            return _grid(slot, 1, len(vector.value))
        case Matrix() as matrix if slot.filled is None:
            return _grid(slot, *matrix.shape)
        case _:
            return _line(slot)


def needs_block(answer: Answer) -> bool:
    """Whether the field of an answer has lines of its own, so that it cannot stand within a paragraph."""
    return isinstance(answer, Choice | Ordering)


def safe(text: str) -> str:
    """Text as HTML that shows it and does nothing."""
    return escape(printable(text))


def _line(slot: Slot) -> str:
    if slot.filled is not None:
        return _filled(slot.filled)
    return _empty(slot, slot.name, _label(slot)) + _hint(slot)


def _empty(slot: Slot, name: str, label: str) -> str:
    """An empty field or box."""
    width = slot.answer.width
    return _input(name, label, width) if slot.live else f'<span class="box">{NO_BREAK * width}</span>'


def _filled(text: str) -> str:
    """What was typed, set apart from the direction of the text around it."""
    return f'<bdi class="filled">{safe(text.strip()) or "—"}</bdi>'


def _input(name: str, label: str, width: int) -> str:
    return (
        f'<input type="text" name="{safe(name)}" size="{width}" aria-label="{safe(label)}"'
        ' autocomplete="off" autocapitalize="off" spellcheck="false" />'
    )


def _label(slot: Slot) -> str:
    return ", ".join(filter(None, (slot.label, slot.answer.hint)))


def _hint(slot: Slot) -> str:
    return f' <small class="hint">{safe(slot.hint)}</small>' if slot.hint else ""


def _grid(slot: Slot, rows: int, columns: int) -> str:
    """One input per entry, named `name[row,column]` from 0 on, between the brackets of a matrix."""
    lines = (
        "".join(f"<span>{_entry(slot, row, column)}</span>" for column in range(columns))
        for row in range(rows)
    )
    grid = "".join(f"<span>{line}</span>" for line in lines)
    return f'<span class="grid" role="group" aria-label="{safe(_label(slot))}">{grid}</span>{_hint(slot)}'


def _entry(slot: Slot, row: int, column: int) -> str:
    label = f"{slot.label}, row {row + 1}, column {column + 1}"
    return _empty(slot, f"{slot.name}[{row},{column}]", label)


def _choice(slot: Slot, choice: Choice, words: Words) -> str:
    single = isinstance(choice, SingleChoice)
    texts = [words(option.text) for option in choice.options]
    if slot.live and slot.filled is None:
        return _option_fields(slot, "radio" if single else "checkbox", texts)
    chosen = _chosen(choice, slot.filled)
    off, on = "○●" if single else "☐☑"
    lines = "".join(
        f'<li class="chosen"><span>{on}</span> {option}</li>'
        if place in chosen
        else f"<li><span>{off}</span> {option}</li>"
        for place, option in enumerate(_labelled(texts))
    )
    answer = "" if slot.filled is None else f"<p>Answer: {_filled(slot.filled)}</p>"
    return f'<div class="choice"><ul>{lines}</ul>{answer}</div>'


def _option_fields(slot: Slot, control: str, texts: Sequence[str]) -> str:
    legend = "Choose one." if control == "radio" else "Choose all that apply."
    lines = "".join(
        f'<label><input type="{control}" name="{safe(slot.name)}" value="{letter}" /> {option}</label>'
        for letter, option in zip(ascii_lowercase, _labelled(texts), strict=False)
    )
    return f'<fieldset class="choice"><legend>{legend}</legend>{lines}</fieldset>'


def _labelled(texts: Sequence[str]) -> list[str]:
    letters = ascii_lowercase[: len(texts)]
    return [
        f"<span>({letter})</span> <span>{text}</span>" for letter, text in zip(letters, texts, strict=True)
    ]


def _chosen(choice: Choice, text: str | None) -> frozenset[int]:
    """The chosen places, none where the text cannot be read: it is shown beside the options anyway."""
    try:
        return choice.read(text or "")
    except Unreadable:
        return frozenset()


def _ordering(slot: Slot, ordering: Ordering, words: Words) -> str:
    steps = "".join(f"<li>{words(item)}</li>" for item in ordering.items)
    return f'<div class="ordering"><ol type="A">{steps}</ol><p>Order: {_line(slot)}</p></div>'
