"""The tables of a grading run: gradebook, every response, and what a person must look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from ..exams.store import StoredForm
from .csv_output import csv_text
from .grade import FormResult, ItemResult, Result

SCORES = "scores.csv"
RESPONSES = "responses.csv"
REVIEW = "review.csv"
DIFFERENCES = "differences.csv"
ABSENT = "absent"
"""What stands for the total of a student who handed in nothing."""

REVIEW_HEADER = (
    "form",
    "student_id",
    "name",
    "item",
    "blank",
    "typed",
    "key",
    "points",
    "of",
    "why",
    "decision",
)


def number(value: Fraction) -> str:
    """Points as people write them: at most three decimals."""
    return f"{float(value):.3f}".rstrip("0").rstrip(".")


def scores_csv(result: Result) -> str:
    """The gradebook: a row for each graded form and each absent student, and a column for each item."""
    items = sorted({item.id for form in result.exam.forms.values() for item in form.items}, key=_item_order)
    rows = {form.form.code: _score_row(form, items) for form in result.forms}
    rows |= {form.code: [*_whose(form), ABSENT] for form in result.absent}
    in_order = (rows[code] for code in result.exam.forms if code in rows)
    return csv_text(["student_id", "name", "form", "total", "of", *items], in_order)


def _whose(form: StoredForm) -> list[str]:
    return [*((form.student.id, form.student.name) if form.student else ("", "")), form.code]


def _item_order(item: str) -> tuple[int, str]:
    digits = "".join(filter(str.isdigit, item))
    return int(digits or 0), item


def _score_row(form: FormResult, items: list[str]) -> list[str]:
    points = {item.stored.id: item for item in form.items}
    cells = ["dropped" if points[item].dropped else number(points[item].points) for item in items]
    return [form.student_id, _name(form), form.form.code, number(form.points), number(form.possible), *cells]


def responses_csv(result: Result) -> str:
    """Every blank of every form: what was typed, what became of it, and why."""
    header = [
        "form", "student_id", "item", "question", "level", "blank", "typed", "key", "verdict", "points", "of",
        "reason", "mistake",
    ]  # fmt: skip
    return csv_text(
        header, (row for form in result.forms for item in form.items for row in _response_rows(form, item))
    )


def _response_rows(form: FormResult, item: ItemResult) -> Iterator[list[str]]:
    stored = item.stored
    for blank, score in item.blanks.items():
        verdict = "decided by a person" if blank in item.decided else score.state
        yield [
            form.form.code,
            form.student_id,
            stored.id,
            stored.item.name,
            str(stored.item.level),
            blank,
            score.typed,
            score.key,
            verdict,
            number(item.points_of(blank)),
            number(stored.blank_points[blank]),
            score.reason,
            score.mistake,
        ]


def review_csv(result: Result) -> str:
    """What a person must look at, with an empty column for the points that they decide on."""
    rows = [row for form in result.forms for item in form.items for row in _review_rows(form, item)]
    rows += [
        ["", "", "", "", "", "", "", "", "", f"{fault.source}: {fault.reason}", ""] for fault in result.faults
    ]
    return csv_text(REVIEW_HEADER, rows)


def _review_rows(form: FormResult, item: ItemResult) -> Iterator[list[str]]:
    for blank, score in item.blanks.items():
        if score.review or blank in item.decided:
            decision = number(item.decided[blank]) if blank in item.decided else ""
            yield [
                form.form.code,
                form.student_id,
                _name(form),
                item.stored.id,
                blank,
                score.typed,
                score.key,
                number(score.share * item.stored.blank_points[blank]),
                number(item.stored.blank_points[blank]),
                score.review,
                decision,
            ]


def differences_csv(result: Result, former: Mapping[str, Fraction]) -> str | None:
    """Whose total changed since the former run, or None if nobody's did."""
    rows = [
        [
            form.student_id,
            _name(form),
            form.form.code,
            number(old),
            number(form.points),
            number(form.points - old),
        ]
        for form in result.forms
        if (old := former.get(form.form.code)) is not None and abs(old - form.points) >= Fraction(1, 2000)
    ]
    rows += [
        [*_whose(form), number(former[form.code]), ABSENT] for form in result.absent if form.code in former
    ]
    return csv_text(["student_id", "name", "form", "before", "now", "change"], rows) if rows else None


def _name(form: FormResult) -> str:
    return form.student.name if form.student else ""
