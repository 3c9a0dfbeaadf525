"""The report's options: which ones students chose, and what guessing would have earned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import ascii_lowercase

from ...rendering.document import Alignment, Block, Figure, Text
from ...rendering.markdown import inlines
from ..statistics import ChoiceFigures, Guessing, OptionFigures
from .words import NONE, Cell, cell, heading, hundredths, paragraph, table, whole_percent

MOST_BARS = len(ascii_lowercase)
FEWEST_ANSWERS = 10
"""The shares of fewer answers are not drawn: the table says it all."""
COLUMNS: dict[str, Alignment] = {
    "": "left",
    "option": "left",
    "right": "center",
    "answers": "right",
    "chosen": "right",
    "share": "right",
    "mean total": "right",
}


def choices(figures: Sequence[ChoiceFigures]) -> Iterator[Block]:
    """A table for each choice, and a drawing where enough students answered."""
    if not figures:
        return
    yield heading("Options")
    yield paragraph(
        "Options are mapped back through each form's shuffle. “Answers” counts the readable answers of "
        "students who had the option on their form. The mean total is that of the students who chose it; for "
        "a wrong option it should be the lower one."
    )
    for choice in figures:
        yield heading(f"{choice.place}: {choice.title}", 3)
        yield paragraph(_guessing(choice.guessing, choice.single))
        names = _names(len(choice.options))
        answers = max((option.answered for option in choice.options), default=0)
        if answers >= FEWEST_ANSWERS and len(choice.options) <= MOST_BARS:
            yield _bars(choice, names)
        varies = any(option.varies for option in choice.options)
        rows = zip(names, choice.options, strict=True)
        yield table(COLUMNS, [_option(name, option, varies=varies) for name, option in rows])


def _names(count: int) -> list[str]:
    return [ascii_lowercase[place] if count <= MOST_BARS else str(place + 1) for place in range(count)]


def _bars(choice: ChoiceFigures, names: Sequence[str]) -> Figure:
    shares = [round(100 * option.share) for option in choice.options]
    described = ", ".join(f"{name}: {share} %" for name, share in zip(names, shares, strict=True))
    arguments = {
        "heights": shares,
        "labels": [f"{name})" for name in names],
        "highlight": [place for place, option in enumerate(choice.options) if option.right],
        "y_label": "percent of the students who had the option and chose it; right options are dark",
    }
    return Figure("bars", arguments, f"How many students chose each option. {described}.")


def _option(name: str, option: OptionFigures, *, varies: bool) -> list[Cell]:
    return [
        cell(f"{name})"),
        _text(option) if varies else inlines(option.text),
        cell("yes" if option.right else ""),
        cell(option.answered),
        cell(option.chosen),
        cell(whole_percent(option.share)),
        NONE if option.mean_total is None else cell(f"{option.mean_total:.1f}"),
    ]


def _text(option: OptionFigures) -> Cell:
    """What is behind an option of a choice whose options say something else on each form."""
    if option.right:
        return (Text("the key", italic=True),)
    note = Text("on one form: ", italic=True)
    return inlines(option.why) if option.why else (note, *inlines(option.text))


def _guessing(guessing: Guessing, single: bool) -> str:
    everything = "" if single else f", all ticked {hundredths(guessing.everything)}"
    expected = f"blank {hundredths(guessing.blank)}, at random {hundredths(guessing.random)}{everything}"
    chance = hundredths(guessing.chance)
    warning = f" Warning: more than chance, {chance}; consider a stricter policy." if guessing.pays else ""
    return f"Expected share of the points: {expected}.{warning}"
