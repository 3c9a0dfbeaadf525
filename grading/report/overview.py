"""The report's summary, histogram, review and policy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ...rendering.document import Block, Figure, Listing, Paragraph
from ..corrections import Correction
from ..grade import Result
from ..outputs import number
from ..policy import Policy
from ..statistics import Reliability, Statistics, Totals
from .words import between, cell, counted, decimal, heading, hundredths, paragraph, percent, table

LONGEST_LIST = 40
"""So many faults are listed; review.csv has all of them."""
MOST_REASONS = 12
LONGEST_REASON = 200


def summary(result: Result, statistics: Statistics) -> Iterator[Block]:
    """What was graded, and the figures that matter most."""
    exam = result.exam
    day = exam.blueprint.date or "without a date"
    graded = f"{len(result.forms)} of {counted(len(exam.forms), 'form')} graded"
    yield paragraph(f"Exam {exam.id}, {day}; {graded}.{_absent(result)}{_received(result)}")
    if statistics.totals:
        facts = [*_distribution(statistics.totals), _reliability(statistics.reliability)]
        facts += _warnings(statistics)
        yield Listing(tuple((paragraph(fact),) for fact in facts))


def _absent(result: Result) -> str:
    count = len(result.absent)
    return f" {counted(count, 'student')} handed in nothing and are in no figure." if count else ""


def _received(result: Result) -> str:
    times = sorted(form.submission.received for form in result.forms if form.submission.received)
    return f" Handed in from {times[0]} to {times[-1]}." if times else ""


def _distribution(totals: Totals) -> Iterator[str]:
    deviation = "" if totals.deviation is None else f", standard deviation {decimal(totals.deviation)}"
    yield f"Mean {decimal(totals.mean)} of {decimal(totals.possible)} points{deviation}."
    lower, median, upper = map(decimal, totals.quartiles)
    extremes = f"lowest {decimal(totals.lowest)}, highest {decimal(totals.highest)}"
    yield f"Median {median}, quartiles {lower} and {upper}, {extremes}."


def _reliability(reliability: Reliability | None) -> str:
    if reliability is None:
        return "Cronbach's alpha is undefined: there are too few students or items, or all totals are equal."
    interval = reliability.interval
    known_to = f" (95 % interval {between(interval)})" if interval else ""
    counts = f"{counted(reliability.students, 'student')} and {counted(reliability.items, 'item')}"
    return f"Cronbach's alpha {hundredths(reliability.alpha)}{known_to}, from {counts}."


def _warnings(statistics: Statistics) -> Iterator[str]:
    if warned := [item.place for item in statistics.items if item.warnings]:
        yield f"Items to look at: {', '.join(warned)}; the reasons are below the table of items."
    if paying := sorted({choice.place for choice in statistics.choices if choice.guessing.pays}):
        yield f"Guessing pays in {', '.join(paying)}; see “Options”."
    if unfair := [test.place for test in statistics.variants if test.differs]:
        yield f"Easier on some forms than on others: {', '.join(unfair)}; see “Fairness between forms”."
    if statistics.similarities:
        yield "Some wrong answers belong to other students' forms; see “Answers of another form”."


def totals(figures: Totals) -> Iterator[Block]:
    """The histogram."""
    yield heading("Totals")
    described = "; ".join(
        f"{decimal(bar.low)} to {decimal(bar.high)}: {bar.count}" for bar in figures.bins if bar.count
    )
    arguments = {
        "heights": [bar.count for bar in figures.bins],
        "edges": [bar.low for bar in figures.bins] + [figures.bins[-1].high],
        "x_label": "total in points",
        "y_label": "students",
    }
    yield Figure("bars", arguments, f"Histogram of totals. Students by points: {described}.")


def review(result: Result) -> Iterator[Block]:
    """What people must look at, and what they have decided."""
    yield heading("What a person must look at")
    reasons = Counter(
        score.review
        for form in result.forms
        for item in form.items
        for blank, score in item.blanks.items()
        if score.review and blank not in item.decided
    )
    decided = sum(len(item.decided) for form in result.forms for item in form.items)
    yield paragraph(
        f"{counted(sum(reasons.values()), 'answer')} and {counted(len(result.faults), 'fault')} to be looked "
        f"at, {counted(decided, 'answer')} decided by people; review.csv has all of them."
    )
    if reasons:
        rows = [[cell(_short(reason)), cell(count)] for reason, count in reasons.most_common(MOST_REASONS)]
        yield table({"most frequent reasons": "left", "answers": "right"}, rows)
    if result.faults:
        rows = [[cell(fault.source), cell(_short(fault.reason))] for fault in result.faults[:LONGEST_LIST]]
        yield table({"source": "left", "fault": "left"}, rows)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_REASON else f"{text[:LONGEST_REASON]}…"


def corrections(changes: Sequence[Correction]) -> Iterator[Block]:
    """What was changed in the key after the exam."""
    if changes:
        yield heading("Corrections of the key")
        yield Listing(tuple((Paragraph(cell(change.sentence)),) for change in changes))


def policy(settings: Policy) -> Iterator[Block]:
    """How the answers were marked."""
    yield heading("Policy")
    cells = "earn their part of the points" if settings.cells else "earn nothing"
    lower = number(settings.lower).replace("-", "−")
    lines = [
        f"Multiple choice: {settings.choices}; the least share of a choice's points is {lower}.",
        f"Right entries of a vector, matrix, shape or order with other wrong ones {cells}.",
        f"A right value with too few decimals earns {percent(settings.coarse)} of its points.",
        f"What follows correctly from an own earlier error earns {percent(settings.carried)}.",
        *(f"The mistake {name} earns {percent(share)}." for name, share in settings.mistakes.items()),
    ]
    yield Listing(tuple((paragraph(line),) for line in lines))
