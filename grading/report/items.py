"""The report's tables of items, blanks and mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from ...rendering.document import Alignment, Block, Listing, Paragraph, Text
from ...rendering.markdown import inlines
from ..statistics import DECIDED, Correlation, ItemFigures, MistakeFigures
from .words import NONE, Cell, between, cell, heading, hundredths, paragraph, table, whole_percent

STATES = ("right", "carried", "partly", "wrong", "blank", "unreadable", "undecided", DECIDED)


def items(figures: Sequence[ItemFigures]) -> Iterator[Block]:
    """The table of items, and what to look at."""
    yield heading("Items")
    yield paragraph(
        "Facility is the mean share of the points that was earned. Discrimination is the correlation of an "
        "item's points with those of the student's other items, with its 95 % interval. Items are named as "
        "in the tables of results, whatever their printed number."
    )
    columns: dict[str, Alignment] = {"item": "left", "question": "left", "students": "right"}
    columns |= dict.fromkeys(("facility", "discrimination", "95 % interval", "left blank"), "right")
    yield table(columns, [_item(item) for item in figures])
    warned = [item for item in figures if item.warnings]
    if warned:
        yield paragraph("To look at:")
        yield Listing(tuple((_warning(item),) for item in warned))


def _warning(item: ItemFigures) -> Paragraph:
    return Paragraph((Text(item.place, bold=True), Text(f": {'; '.join(item.warnings)}.")))


def _item(item: ItemFigures) -> list[Cell]:
    return [
        cell(item.place),
        cell(_titles(item.titles)),
        cell(item.count),
        NONE if item.facility is None else cell(hundredths(item.facility)),
        *_correlation(item.discrimination),
        cell(whole_percent(item.left_blank)) if item.count else NONE,
    ]


def _titles(titles: tuple[str, ...]) -> str:
    shown = "; ".join(titles[:2])
    return f"{shown}; {len(titles) - 2} more" if len(titles) > 2 else shown


def _correlation(value: Correlation | None) -> list[Cell]:
    if value is None:
        return [NONE, NONE]
    return [cell(hundredths(value.value)), cell(between(value.interval)) if value.interval else NONE]


def blanks(figures: Sequence[ItemFigures]) -> Iterator[Block]:
    """The table of blanks below their questions, with a column for each state that occurs."""
    found = {state for item in figures for blank in item.blanks for state in blank.states}
    states = [state for state in STATES if state in found]
    yield heading("Blanks")
    columns: dict[str, Alignment] = {"item": "left", "blank": "left", "facility": "right"}
    columns |= {("left blank" if state == "blank" else state): "right" for state in states}
    rows = [row for item in figures for row in _blanks(item, states)]
    yield table(columns, rows)


def _blanks(item: ItemFigures, states: Sequence[str]) -> Iterator[list[Cell]]:
    """A row for each question of a place, and below it one for each of its blanks."""
    for question, blanks in groupby(item.blanks, key=lambda blank: blank.question):
        yield [cell(item.place), cell(question), *[cell("")] * (1 + len(states))]
        for blank in blanks:
            counts = (cell(blank.states.get(state, "")) for state in states)
            name = 3 * "\N{NO-BREAK SPACE}" + blank.blank.replace("_", " ")
            yield [cell(""), cell(name), cell(hundredths(blank.facility)), *counts]


def mistakes(figures: Sequence[MistakeFigures]) -> Iterator[Block]:
    """The table of mistakes."""
    yield heading("Mistakes")
    if not figures:
        yield paragraph("Nobody made a mistake that the questions model.")
        return
    yield paragraph(
        "Wrong answers that equal a modelled mistake, with the sentence that the students read; numbers in "
        "it are those of one form. “Of” counts the items in which the mistake could be made."
    )
    yield table(
        {"question": "left", "mistake": "left", "made": "right", "of": "right"},
        [_mistake(mistake) for mistake in figures],
    )


def _mistake(mistake: MistakeFigures) -> list[Cell]:
    return [cell(mistake.title), inlines(mistake.sentence), cell(mistake.made), cell(mistake.possible)]
