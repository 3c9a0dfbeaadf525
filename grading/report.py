"""The instructor's report: what the marks say about the exam, as a page and as PDF from one text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from string import ascii_lowercase

from ..rendering.document import (
    Alignment,
    Block,
    Document,
    Figure,
    Heading,
    Inline,
    Listing,
    Math,
    Paragraph,
    Table,
    Text,
)
from ..rendering.markdown import inlines
from .grade import FormResult, Result
from .outputs import number
from .policy import Policy
from .statistics import (
    ChoiceFigures,
    Correlation,
    Guessing,
    ItemFigures,
    OptionFigures,
    Reliability,
    Similarity,
    Statistics,
    Totals,
    VariantTest,
)

Cell = tuple[Inline, ...]
NONE: Cell = (Text("–"),)
LONGEST_LIST = 40
"""So many faults or pairs are listed; review.csv has all faults."""
LONGEST_REASON = 200
MOST_BARS = 26
DISTINGUISHING = 0.0005


def report_pdf(result: Result, statistics: Statistics) -> bytes:
    """The report as PDF, with vector drawings."""
    from ..rendering.pdf import document_pdf

    return document_pdf(_title(result), _report(result, statistics), paper=result.exam.blueprint.paper)


def report_html(result: Result, statistics: Statistics) -> str:
    """The report as a page of its own."""
    from ..rendering.html import fragment, page

    return page(_title(result), fragment(_report(result, statistics), {}))


def _title(result: Result) -> str:
    blueprint = result.exam.blueprint
    return " · ".join(part for part in (blueprint.course, blueprint.title, "report") if part)


def _report(result: Result, statistics: Statistics) -> Document:
    blocks: list[Block] = [*_summary(result, statistics)]
    if statistics.totals:
        blocks += _totals(statistics.totals)
        blocks += _items(statistics.items)
        blocks += _mistakes(statistics)
        blocks += _choices(statistics.choices)
        blocks += _variants(statistics.variants)
        blocks += _similarities(result, statistics.similarities)
    blocks += _review(result)
    blocks += _policy(result.policy)
    return Document(tuple(blocks))


def _summary(result: Result, statistics: Statistics) -> Iterator[Block]:
    exam = result.exam
    graded = f"{len(result.forms)} of {len(exam.forms)} forms were handed in and graded"
    yield _paragraph(f"Exam {exam.id}, {exam.blueprint.date or 'without a date'}. {graded}.")
    if not statistics.totals:
        return
    totals = statistics.totals
    deviation = "" if totals.deviation is None else f", standard deviation {_decimal(totals.deviation)}"
    lower, median, upper = map(_decimal, totals.quartiles)
    facts = [
        f"Mean {_decimal(totals.mean)} of {_decimal(totals.possible)} points{deviation}.",
        f"Median {median}, quartiles {lower} and {upper}, lowest {_decimal(totals.lowest)}, "
        f"highest {_decimal(totals.highest)}.",
        _reliability(statistics.reliability),
    ]
    warned = [item.place for item in statistics.items if item.warnings]
    if warned:
        facts.append(f"Items to look at: {', '.join(warned)}; see the table of items.")
    if any(test.differs for test in statistics.variants):
        facts.append("Some places were easier on some forms than on others; see “Fairness between forms”.")
    if statistics.similarities:
        facts.append("Some students share wrong answers; see “Answers that belong to another form”.")
    yield Listing(tuple((_paragraph(fact),) for fact in facts))


def _reliability(reliability: Reliability | None) -> str:
    if reliability is None:
        return "Cronbach's alpha is undefined for so few students or items, or equal totals."
    interval = reliability.interval
    between = f" (95 % interval {interval.low:.2f} to {interval.high:.2f})" if interval else ""
    counted = f"{reliability.students} students and {reliability.items} items"
    return f"Cronbach's alpha {_signed(reliability.alpha)}{between}, from {counted}."


def _totals(totals: Totals) -> Iterator[Block]:
    yield _heading("Totals")
    described = "; ".join(
        f"{_decimal(bar.low)} to {_decimal(bar.high)}: {bar.count}" for bar in totals.bins if bar.count
    )
    arguments = {
        "heights": [bar.count for bar in totals.bins],
        "edges": [bar.low for bar in totals.bins] + [totals.bins[-1].high],
        "x_label": "total in points",
        "y_label": "students",
    }
    yield Figure("bars", arguments, f"Histogram of totals. Students by points: {described}.")


def _items(items: tuple[ItemFigures, ...]) -> Iterator[Block]:
    yield _heading("Items")
    yield _paragraph(
        "Facility is the mean share of the points that were earned. Discrimination is the correlation of an "
        "item's points with those of the student's other items, with its 95 % interval; below 0.2 an item "
        "should be looked at. Items are named as in the tables of results, whatever their printed number."
    )
    header = ("item", "question", "students", "facility", "discrimination", "blank", "to look at")
    alignments: tuple[Alignment, ...] = ("left", "left", "right", "right", "left", "right", "left")
    yield _table(header, [_item_row(item) for item in items], alignments)
    yield _heading("Blanks", 3)
    header = ("item", "blank", "students", "facility", "answers")
    rows = [
        [
            _text(item.place),
            _text(f"{blank.question}: {blank.blank}"),
            _text(str(blank.count)),
            _text(f"{blank.facility:.2f}"),
            _text(", ".join(f"{count} {state}" for state, count in blank.states.items())),
        ]
        for item in items
        for blank in item.blanks
    ]
    yield _table(header, rows, ("left", "left", "right", "right", "left"))


def _item_row(item: ItemFigures) -> list[Cell]:
    return [
        _text(item.place),
        _text(_titles(item.titles)),
        _text(str(item.count)),
        NONE if item.facility is None else _text(f"{item.facility:.2f}"),
        _correlation(item.discrimination),
        _text(f"{item.left_blank:.0%}") if item.count else NONE,
        _text("; ".join(item.warnings)),
    ]


def _titles(titles: tuple[str, ...]) -> str:
    shown = "; ".join(titles[:2])
    return f"{shown}; {len(titles) - 2} more" if len(titles) > 2 else shown


def _correlation(value: Correlation | None) -> Cell:
    if value is None:
        return NONE
    interval = value.interval
    between = f" ({_signed(interval.low)} to {_signed(interval.high)})" if interval else ""
    return _text(f"{_signed(value.value)}{between}")


def _mistakes(statistics: Statistics) -> Iterator[Block]:
    yield _heading("Mistakes")
    if not statistics.mistakes:
        yield _paragraph("Nobody made a mistake that the questions model.")
        return
    yield _paragraph(
        "Wrong answers that equal a modelled mistake, with the sentence that the students read; numbers in "
        "it are those of one form. “Of” counts the items in which the mistake could be made."
    )
    rows = [
        [
            _text(mistake.title),
            inlines(mistake.sentence) if mistake.sentence else _text(mistake.name.replace("_", " ")),
            _text(str(mistake.made)),
            _text(str(mistake.possible)),
        ]
        for mistake in statistics.mistakes
    ]
    yield _table(("question", "mistake", "made", "of"), rows, ("left", "left", "right", "right"))


def _choices(choices: tuple[ChoiceFigures, ...]) -> Iterator[Block]:
    if not choices:
        return
    yield _heading("Options")
    yield _paragraph(
        "Options are in their author's order, whatever their place on the paper. The mean total is that of "
        "the students who chose the option; that of a wrong option should be the lower one."
    )
    for choice in choices:
        yield Heading(3, (Text(f"{choice.place}: {choice.title}"),))
        yield _paragraph(_guessing(choice.guessing, choice.single))
        if len(choice.options) <= MOST_BARS:
            yield _option_bars(choice)
        rows = [
            _option_row(name, option) for name, option in zip(_names(choice), choice.options, strict=True)
        ]
        header = ("", "option", "right", "shown", "chosen", "mean total")
        yield _table(header, rows, ("left", "left", "center", "right", "right", "right"))


def _names(choice: ChoiceFigures) -> list[str]:
    if len(choice.options) <= MOST_BARS:
        return list(ascii_lowercase[: len(choice.options)])
    return [str(place) for place in range(1, len(choice.options) + 1)]


def _option_bars(choice: ChoiceFigures) -> Figure:
    names = _names(choice)
    shares = [round(100 * option.share) for option in choice.options]
    described = ", ".join(f"{name}: {share} %" for name, share in zip(names, shares, strict=True))
    arguments = {
        "heights": shares,
        "labels": [f"{name})" for name in names],
        "highlight": [place for place, option in enumerate(choice.options) if option.right],
        "y_label": "chosen by so many percent of those who had the option; right ones are dark",
    }
    return Figure("bars", arguments, f"How many students chose each option. {described}.")


def _option_row(name: str, option: OptionFigures) -> list[Cell]:
    varies: Cell = (Text(" (on one of the forms)", italic=True),) if option.varies else ()
    return [
        _text(f"{name})"),
        (*inlines(option.text), *varies),
        _text("yes" if option.right else ""),
        _text(str(option.shown)),
        _text(f"{option.chosen} ({option.share:.0%})"),
        NONE if option.mean_total is None else _text(_decimal(option.mean_total)),
    ]


def _guessing(guessing: Guessing, single: bool) -> str:
    text = (
        f"Expected share of the points: blank {guessing.blank:.2f}, at random {guessing.random:.2f}"
        + ("" if single else f", all ticked {guessing.everything:.2f}")
        + "."
    )
    if guessing.pays:
        text += f" Warning: this is more than chance ({guessing.chance:.2f}); consider a stricter policy."
    return text


def _variants(tests: tuple[VariantTest, ...]) -> Iterator[Block]:
    yield _heading("Fairness between forms")
    if not tests:
        yield _paragraph(
            "Every form had the same question at the same level in each place; they differed in numbers "
            "only, and with one student to a form a difference in difficulty cannot be told from one in "
            "ability."
        )
        return
    yield _paragraph(
        "Where forms drew different questions or levels for a place, students with the same draw are "
        "compared. The advantage is the mean share of points beyond what the students' other items predict. "
        "The probability is that of differences as large by chance alone, adjusted for the number of places; "
        "below 0.05 the draws were probably not equally difficult."
    )
    header = ("item", "drawn", "level", "students", "facility", "advantage", "probability")
    rows = [row for test in tests for row in _variant_rows(test)]
    yield _table(header, rows, ("left", "left", "right", "right", "right", "right", "left"))


def _variant_rows(test: VariantTest) -> Iterator[list[Cell]]:
    for place, variant in enumerate(test.variants):
        yield [
            _text("" if place else test.place),
            _text(variant.question),
            _text(str(variant.level)),
            _text(str(variant.count)),
            _text(f"{variant.facility:.2f}"),
            _text(_signed(variant.advantage)),
            _text("") if place else _verdict(test),
        ]


def _verdict(test: VariantTest) -> Cell:
    if test.adjusted is None:
        return _text("not testable")
    shown = f"{test.adjusted:.3f}" if test.adjusted >= DISTINGUISHING else "< 0.001"
    return (Text(f"{shown}: differs", bold=True),) if test.differs else _text(shown)


def _similarities(result: Result, pairs: tuple[Similarity, ...]) -> Iterator[Block]:
    yield _heading("Answers that belong to another form")
    if not pairs:
        yield _paragraph(
            "No student has more wrong answers that are the keys of another's form than chance explains."
        )
        return
    yield _paragraph(
        "The first student gave answers that are wrong on the own form, but right on the other's. This is a "
        "reason to look at both papers, not a proof: whether somebody copied, and who, or papers were "
        "swapped, only people can find out. Of a hundred exams without copying, about one would have a pair "
        "in this list."
    )
    header = ("student", "has the answers of", "items", "expected", "probability")
    rows = [
        [
            _text(_who(result.forms[pair.student])),
            _text(_who(result.forms[pair.other])),
            _text(f"{len(pair.places)}: {', '.join(pair.places)}"),
            _text(f"{pair.expected:.2f}"),
            _power(pair.probability),
        ]
        for pair in pairs[:LONGEST_LIST]
    ]
    yield _table(header, rows, ("left", "left", "left", "right", "right"))
    if len(pairs) > LONGEST_LIST:
        yield _paragraph(f"{len(pairs) - LONGEST_LIST} more pairs are not listed.")


def _who(form: FormResult) -> str:
    name = form.student.name if form.student else ""
    return ", ".join(part for part in (name, form.student_id, f"form {form.form.code}") if part)


def _power(probability: float) -> Cell:
    mantissa, _, exponent = f"{probability:.0e}".partition("e")
    return (Math(rf"{mantissa} \cdot 10^{{{int(exponent)}}}"),)


def _review(result: Result) -> Iterator[Block]:
    yield _heading("What a person must look at")
    reasons = Counter(
        score.review
        for form in result.forms
        for item in form.items
        for blank, score in item.blanks.items()
        if score.review and blank not in item.decided
    )
    decided = sum(len(item.decided) for form in result.forms for item in form.items)
    yield _paragraph(
        f"{_counted(sum(reasons.values()), 'answer')} and {_counted(len(result.faults), 'fault')} are to be "
        f"looked at; people decided on {_counted(decided, 'answer')}. All of them are in review.csv."
    )
    if reasons:
        rows = [[_text(_short(reason)), _text(str(count))] for reason, count in reasons.most_common(12)]
        yield _table(("most frequent reasons", "answers"), rows, ("left", "right"))
    if result.faults:
        rows = [[_text(fault.source), _text(_short(fault.reason))] for fault in result.faults[:LONGEST_LIST]]
        yield _table(("source", "fault"), rows, ("left", "left"))


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_REASON else f"{text[:LONGEST_REASON]}…"


def _policy(policy: Policy) -> Iterator[Block]:
    yield _heading("Policy")
    cells = "earn their part of the points" if policy.cells else "earn nothing"
    lines = [
        f"Multiple choice: {policy.choices}; the least share of a choice's points is {number(policy.lower)}.",
        f"Right entries of a vector, matrix, shape or order with other wrong ones {cells}.",
        f"A right value with too few decimals earns {_percent(policy.coarse)} of its points.",
        f"What follows correctly from an own earlier error earns {_percent(policy.carried)}.",
        *(f"The mistake {name} earns {_percent(share)}." for name, share in policy.mistakes.items()),
    ]
    yield Listing(tuple((_paragraph(line),) for line in lines))


def _heading(text: str, level: int = 1) -> Heading:
    return Heading(level, (Text(text),))


def _paragraph(text: str) -> Paragraph:
    return Paragraph((Text(text),))


def _text(text: str) -> Cell:
    return (Text(text),)


def _table(header: tuple[str, ...], rows: list[list[Cell]], alignments: tuple[Alignment, ...]) -> Table:
    return Table(tuple(map(_text, header)), tuple(map(tuple, rows)), alignments)


def _decimal(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−")


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _percent(share: Fraction) -> str:
    return f"{number(100 * share)} %"
