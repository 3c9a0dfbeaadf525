"""A grading run on disk: reads the exam and the submissions, writes tables, feedback and report."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..bank import Bank
from ..errors import UserError
from ..exams import store
from ..exams.build import file_name, is_form_file
from ..exams.files import PRIVATE, failure, read_text, write_atomically
from . import corrections, outputs
from .grade import Duplicates, FormResult, Place, Result, Settings, grade
from .policy import Policy, check_mistakes
from .submissions import Fault

DECISIONS = "decisions.json"
TOTALS = "totals.json"
FEEDBACK = "feedback"
REPORT = ("report.html", "report.pdf")
LARGEST_TABLE = 200_000_000
Progress = Callable[[Iterable[Any], int], Iterable[Any]]


@dataclass(frozen=True)
class Job:
    """What to grade and how.

    Attributes:
        exam: the exam folder.
        submissions: files and folders.
        target: the folder of results.
        policy: how partial, coarse and carried answers count.
        duplicates: which of several submissions of one form counts.
        keep_better: whether a total may not fall below that of the former run in the same folder.
        feedback: whether to write a sheet for each student.
        report: whether to write the instructor's report.
    """

    exam: Path
    submissions: tuple[Path, ...]
    target: Path
    policy: Policy
    duplicates: Duplicates = "newest"
    keep_better: bool = False
    feedback: bool = True
    report: bool = True


def run(job: Job, bank: Bank, progress: Progress = lambda steps, total: steps) -> Result:
    """Grade and write the results; every file is replaced as a whole, and decisions of people survive.

    A run that is killed is to be repeated: it loses no decision and no difference to the run before.

    Args:
        job: what to grade and how.
        bank: holds the questions of the exam.
        progress: is given the feedback sheets as they are written, and their number.

    Raises:
        UserError: the exam or a path cannot be read, there is no submission, or a result cannot be written.
    """
    from .readers import read

    exam = store.load(job.exam, bank)
    check_mistakes(job.policy, bank, exam)
    given = decisions(job.target)
    submissions, faults = read(job.submissions, exam)
    if not submissions:
        raise UserError(_nothing_read(job.submissions, faults))
    settings = Settings(job.policy, job.duplicates, corrections.load(job.exam), given)
    result = grade(exam, submissions, settings, faults)
    former = _former_totals(job.target)
    if job.keep_better:
        result = _raised(result, former)
    _write_tables(job.target, result, former, given)
    _remove_outdated(job, result)
    if job.report:
        _write_report(job.target, result)
    if job.feedback:
        _write_feedback(job.target, result, progress)
    _write_totals(job.target, result)
    return result


def _nothing_read(paths: Sequence[Path], faults: Sequence[Fault]) -> str:
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    reason = f", for example {faults[0].source}: {faults[0].reason}" if faults else ""
    return f"nothing was graded or written: no submission could be read from {paths[0]}{more}{reason}"


def _raised(result: Result, former: Mapping[str, Fraction]) -> Result:
    """The result with totals raised to those of the former run where they fell."""
    forms = tuple(replace(form, floor=former.get(form.form.code)) for form in result.forms)
    return replace(result, forms=forms)


def _write_tables(
    target: Path, result: Result, former: Mapping[str, Fraction], given: Mapping[Place, Fraction]
) -> None:
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise failure("made", target, fault) from fault
    tables = {
        DECISIONS: json.dumps([[*place, str(points)] for place, points in given.items()]) + "\n",
        outputs.SCORES: outputs.scores_csv(result),
        outputs.RESPONSES: outputs.responses_csv(result),
        outputs.REVIEW: outputs.review_csv(result),
        outputs.DIFFERENCES: outputs.differences_csv(result, former),
    }
    for name, text in tables.items():
        if text is None:
            (target / name).unlink(missing_ok=True)
        else:
            write_atomically(target / name, text, mode=PRIVATE)


def _write_totals(target: Path, result: Result) -> None:
    """What the next run compares with; it comes last, so that a killed run leaves those of the run before."""
    totals = {form.form.code: str(form.points) for form in result.forms}
    write_atomically(target / TOTALS, json.dumps(totals) + "\n", mode=PRIVATE)


def _remove_outdated(job: Job, result: Result) -> None:
    """Remove what an earlier run wrote and this one does not write again, so that nothing seems current."""
    current = {name for form in result.forms for name in _sheets(form)} if job.feedback else set()
    outdated = [
        path
        for path in (job.target / FEEDBACK).glob("*")
        if is_form_file(path.name) and path.name not in current
    ]
    outdated += [] if job.report else [job.target / name for name in REPORT]
    for path in outdated:
        try:
            path.unlink(missing_ok=True)
        except OSError as fault:
            raise failure("removed", path, fault) from fault


def _write_report(target: Path, result: Result) -> None:
    from .report import report_html, report_pdf
    from .statistics import statistics

    figures = statistics(result)
    page, paper = REPORT
    write_atomically(target / page, report_html(result, figures), mode=PRIVATE)
    write_atomically(target / paper, report_pdf(result, figures), mode=PRIVATE)


def _write_feedback(target: Path, result: Result, progress: Progress) -> None:
    from .feedback import feedback_html, feedback_pdf

    folder = target / FEEDBACK
    folder.mkdir(exist_ok=True)
    for form in progress(result.forms, len(result.forms)):
        paper, page = _sheets(form)
        write_atomically(folder / paper, feedback_pdf(result, form), mode=PRIVATE)
        write_atomically(folder / page, feedback_html(result, form), mode=PRIVATE)


def _sheets(form: FormResult) -> tuple[str, str]:
    """The names of a student's feedback, as PDF and as a page."""
    name = file_name(form.student, form.form.code)
    return name, f"{name.removesuffix('.pdf')}.html"


def _former_totals(target: Path) -> dict[str, Fraction]:
    path = target / TOTALS
    if not path.exists():
        return {}
    try:
        return {form: Fraction(points) for form, points in json.loads(read_text(path, LARGEST_TABLE)).items()}
    except (ValueError, AttributeError) as fault:
        raise UserError(
            f"{path} is damaged: {fault}; remove it to grade without the former totals"
        ) from fault


def decisions(target: Path) -> dict[Place, Fraction]:
    """The points that people gave: those kept from former runs, as review.csv now adds to or clears them.

    Raises:
        UserError: a file is damaged, or a decision is no number of points of its blank.
    """
    given: dict[Place, Fraction] = {}
    kept, table = target / DECISIONS, target / outputs.REVIEW
    if kept.exists():
        for form, item, blank, points in json.loads(read_text(kept, LARGEST_TABLE)):
            given[form, item, blank] = Fraction(points)
    for place, decided in (_decided(table) if table.exists() else {}).items():
        if decided is None:
            given.pop(place, None)
        else:
            given[place] = decided
    return given


def _decided(table: Path) -> dict[Place, Fraction | None]:
    """What the table says of each place: the points that a person gave, or None for an empty cell."""
    text = read_text(table, LARGEST_TABLE)
    dialect = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    rows = csv.DictReader(io.StringIO(text), delimiter=dialect)
    if missing := {"form", "item", "blank", "decision"} - set(rows.fieldnames or ()):
        raise UserError(
            f"{table} has no column {', '.join(sorted(missing))}; expected the columns it was written with"
        )
    decisions: dict[Place, Fraction | None] = {}
    for number, row in enumerate(rows, 2):
        decision = (row["decision"] or "").strip().replace(",", ".")
        place = row["form"], row["item"], row["blank"]
        decisions[place] = _points(decision, row, table, number) if decision else None
    return decisions


def _points(decision: str, row: Mapping[str, str], table: Path, number: int) -> Fraction:
    try:
        points, possible = Fraction(decision), Fraction((row.get("of") or "").replace(",", "."))
    except (ValueError, ZeroDivisionError) as fault:
        raise UserError(f"{table}, row {number}: the decision {decision!r} is no number of points") from fault
    if not 0 <= points <= possible:
        raise UserError(
            f"{table}, row {number}: the decision {decision} is not between 0 and {row.get('of')}"
        )
    return points


def summary(result: Result, target: Path) -> str:
    """What was graded, and where to look."""
    review = sum(
        bool(score.review) for form in result.forms for item in form.items for score in item.blanks.values()
    )
    absent = f", {len(result.absent)} absent" if result.absent else ""
    lines = [
        f"graded {len(result.forms)} of {len(result.exam.forms)} forms{absent}",
        f"{review} blanks and {len(result.faults)} faults need a person: {target / outputs.REVIEW}",
        f"scores: {target / outputs.SCORES}",
    ]
    if changed := ", ".join(result.exam.changed):
        lines.append(
            f"not what they were when the exam was made, so graded by their stored keys alone: {changed}; "
            "questions of an outside bank need --bank"
        )
    return "\n".join(lines)
