"""The report's comparisons: of questions drawn for the same place, and of students."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...rendering.document import Block, Text
from ..grade import FormResult, Result
from ..statistics import Similarity, VariantTest
from .words import Cell, cell, heading, hundredths, paragraph, power, table

LONGEST_LIST = 40
SMALLEST_SHOWN = 0.001


def variants(tests: Sequence[VariantTest]) -> Iterator[Block]:
    """The questions that were drawn for the same place, and whether they were equally difficult."""
    yield heading("Fairness between forms")
    if not tests:
        yield paragraph(
            "Every form had the same question at the same level in each place. They differed in numbers "
            "only, and with one student to a form a difficult form cannot be told from a weak student."
        )
        return
    yield paragraph(
        "Where forms drew different questions or levels for a place, the students with one draw are "
        "compared with those with another. Advantage is the mean share of points beyond what the students' "
        "other items predict. The probability is that of differences as large by chance alone, adjusted for "
        "the number of places; below 0.05 the draws were probably not equally difficult. Forms that differ "
        "in numbers only cannot be compared."
    )
    yield table(
        {
            "item": "left",
            "drawn": "left",
            "level": "right",
            "students": "right",
            "facility": "right",
            "advantage": "right",
            "probability": "left",
        },
        [row for test in tests for row in _variants(test)],
    )


def _variants(test: VariantTest) -> Iterator[list[Cell]]:
    for place, variant in enumerate(test.variants):
        yield [
            cell("" if place else test.place),
            cell(variant.question),
            cell(variant.level),
            cell(variant.count),
            cell(hundredths(variant.facility)),
            cell(hundredths(variant.advantage)),
            cell("") if place else _verdict(test),
        ]


def _verdict(test: VariantTest) -> Cell:
    if test.adjusted is None:
        return cell("not testable")
    shown = f"< {SMALLEST_SHOWN}" if test.adjusted < SMALLEST_SHOWN else f"{test.adjusted:.3f}"
    return (Text(f"{shown}: differs", bold=True),) if test.differs else cell(shown)


def similarities(result: Result, pairs: Sequence[Similarity]) -> Iterator[Block]:
    """The students whose wrong answers belong to another form."""
    yield heading("Answers of another form")
    if not pairs:
        yield paragraph(
            "No student has more wrong answers that are the keys of another's form than chance explains."
        )
        return
    yield paragraph(
        "These students gave answers that are wrong on their own form, but right on another's. This is a "
        "reason to look at both papers, not a proof: whether somebody copied, and who, or papers were "
        "swapped, only people can find out. Of a hundred exams without copying, at most about one has a "
        "student in this list."
    )
    yield table(
        {
            "student": "left",
            "has answers of": "left",
            "items": "left",
            "expected by chance": "right",
            "probability": "right",
        },
        [_pair(result, pair) for pair in pairs[:LONGEST_LIST]],
    )
    if len(pairs) > LONGEST_LIST:
        yield paragraph(f"{len(pairs) - LONGEST_LIST} more are not listed.")


def _pair(result: Result, pair: Similarity) -> list[Cell]:
    return [
        cell(_who(result.forms[pair.student])),
        cell(_who(result.forms[pair.other])),
        cell(f"{len(pair.places)}: {', '.join(pair.places)}"),
        cell(hundredths(pair.expected)),
        power(pair.probability),
    ]


def _who(form: FormResult) -> str:
    name = form.student.name if form.student else ""
    return ", ".join(part for part in (name, form.student_id, f"form {form.form.code}") if part)
