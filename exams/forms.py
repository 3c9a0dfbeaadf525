"""Drawing the forms of an exam: which questions, at which levels, with which parameters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from ..answers import Notation
from ..bank import Bank, Entry
from ..errors import UserError
from ..parameters import checked
from ..presentation import TooFewOptions, as_choice, in_notation, shuffled
from ..verify import Item, draw, stream_of
from .blueprint import Blueprint, Slot
from .roster import Student

EVERY_FORM = "*"
MOST_TRIES = 60


@dataclass(frozen=True)
class Place:
    """One question's place on every form.

    Attributes:
        id: names it in files and form fields, e.g. `q3`; it does not depend on the printed order.
        where: its place in the blueprint, for messages.
        section: the number of its section, from 0.
        slot: what the blueprint says.
        pick: its number among the picks of its slot, from 0.
        entries: the questions from which it is drawn.
    """

    id: str
    where: str
    section: int
    slot: Slot
    pick: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class PlacedItem:
    """An item on a form.

    Attributes:
        place: where the blueprint has it.
        number: its printed number, from 1.
        item: with its options in printed order.
    """

    place: Place
    number: int
    item: Item

    @property
    def points(self) -> Fraction:
        """What the item is worth."""
        return Fraction(self.place.slot.points)

    @property
    def blank_points(self) -> dict[str, Fraction]:
        """What each blank is worth: equal parts."""
        return dict.fromkeys(self.item.answers, self.points / len(self.item.answers))


@dataclass(frozen=True)
class Form:
    """One version of the exam, usually one student's; items in printed order."""

    code: str
    student: Student | None
    items: tuple[PlacedItem, ...]


def places(blueprint: Blueprint, bank: Bank) -> tuple[Place, ...]:
    """The places of an exam, with the questions that fit them.

    Raises:
        UserError: a name is unknown, a question lacks the level or a fixed parameter, or there are too few.
    """
    found: list[Place] = []
    for section_number, section in enumerate(blueprint.sections):
        for slot_number, slot in enumerate(section.slots, 1):
            where = f"section {section_number + 1}, slot {slot_number}"
            with _placing(where):
                entries = _entries(slot, bank)
            for pick in range(slot.pick):
                found.append(Place(f"q{len(found) + 1}", where, section_number, slot, pick, entries))
    return tuple(found)


@contextmanager
def _placing(where: str) -> Iterator[None]:
    """Say which slot of the blueprint asks for what there is not."""
    try:
        yield
    except UserError as fault:
        raise UserError(f"{where}: {fault}") from fault


def _entries(slot: Slot, bank: Bank) -> tuple[Entry, ...]:
    entries: dict[str, Entry] = {}
    for pattern in slot.patterns:
        matching = bank.matching(pattern)
        fitting = [entry for entry in matching if set(slot.levels) & set(entry.question.levels())]
        if not fitting:
            known = sorted({level for entry in matching for level in entry.question.levels()})
            raise UserError(
                f"{pattern} has no level {' or '.join(map(str, slot.levels))}; "
                f"it has {', '.join(map(str, known))}"
            )
        entries |= {entry.name: entry for entry in fitting}
    levels = {level for entry in entries.values() for level in entry.question.levels()}
    if missing := sorted(set(slot.levels) - levels):
        raise UserError(f"none of its questions has level {' or '.join(map(str, missing))}")
    for entry in entries.values():
        checked(entry.name, entry.question, slot.parameters)
    return tuple(entries.values())


def draw_form(
    blueprint: Blueprint,
    where: tuple[Place, ...],
    secret: bytes,
    key: str,
    code: str,
    student: Student | None,
) -> Form:
    """One form; the same secret and key give the same form.

    Args:
        blueprint: the exam.
        where: its places.
        secret: from which all random streams come.
        key: what makes this form different from the others, e.g. the student's id.
        code: the form's printed code.
        student: whose form it is, if it is somebody's.

    Raises:
        UserError: a place has no fair item.
        GateError: a question is wrong.
    """
    drawn: dict[str, Item] = {}
    for place in where:
        with _placing(place.where):
            whose = EVERY_FORM if place.slot.same else key
            item = _draw(place, blueprint, secret, whose, tuple(drawn.values()))
        # Kept options have one order on all forms, but not the author's, in which the key comes first.
        whose = key if blueprint.options == "shuffled" else EVERY_FORM
        item = shuffled(item, stream_of(secret, whose, place.id, "options")(0))
        drawn[place.id] = in_notation(item, Notation(blueprint.decimal))
    order = _printed_order(blueprint, where, stream_of(secret, key, "order")(0))
    placed = (PlacedItem(place, number, drawn[place.id]) for number, place in enumerate(order, 1))
    return Form(code, student, tuple(placed))


def _draw(place: Place, blueprint: Blueprint, secret: bytes, key: str, earlier: tuple[Item, ...]) -> Item:
    """An item for a place that is not on the form yet."""
    taken = {(item.name, item.question) for item in earlier}
    entry = _chosen_entry(place, stream_of(secret, key, _slot_name(place))(0))
    for again in range(MOST_TRIES):
        rng = stream_of(secret, key, place.id, "choice")(again)
        level = rng.choice(sorted(set(place.slot.levels) & set(entry.question.levels())))
        item = draw(entry, level, stream_of(secret, key, place.id, str(again)), place.slot.parameters)
        try:
            item = as_choice(item, rng, Notation(blueprint.decimal)) if place.slot.asked_as else item
        except TooFewOptions:
            continue
        if (item.name, item.question) not in taken or again == MOST_TRIES - 1:
            return item
    raise UserError(f"question {entry.name} has too few modelled mistakes to be asked as a choice")


def _chosen_entry(place: Place, rng: Random) -> Entry:
    """The question for a pick of a slot; picks of one slot differ as long as there are questions."""
    order = rng.sample(place.entries, len(place.entries))
    return order[place.pick % len(order)]


def _slot_name(place: Place) -> str:
    """The same for all picks of a slot."""
    return f"slot of {int(place.id[1:]) - place.pick}"


def _printed_order(blueprint: Blueprint, where: tuple[Place, ...], rng: Random) -> Iterator[Place]:
    for section in range(len(blueprint.sections)):
        inside = [place for place in where if place.section == section]
        yield from rng.sample(inside, len(inside)) if blueprint.questions == "shuffled" else inside
