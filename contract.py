"""The contract that every question keeps, tried on many instances."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .answers import Answer, Choice, Notation, SingleChoice, Unreadable
from .bank import Entry
from .errors import GateError, UserError
from .presentation import shuffled
from .question import Mistake
from .verify import Draws, Item, draw, repeat_command, stream_of

NOTATIONS = (Notation("."), Notation(","))
NONSENSE = ("", "   ", "?", "nonsense ☃", "__import__('os')", "\x00", "9" * 500)
RENDERED_FIRST = 30
"""So many instances are set in every format, and then each twentieth; all are worded."""
LONGEST_PROMPT = 6_000


@dataclass
class Report:
    """What trying a question at one level found.

    Attributes:
        name: the question.
        level: the level.
        instances: how many were drawn.
        distinct: how many different parameters there were.
        rejected: how often drawing was repeated, by reason.
        seconds: drawing and verifying, without rendering.
        failures: what broke the contract, with the command that repeats it.
    """

    name: str
    level: int
    instances: int = 0
    distinct: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)
    first_places: Counter[int] = field(default_factory=Counter)
    longest_is_right: Counter[bool] = field(default_factory=Counter)


def check(entry: Entry, level: int, instances: int, seed: str = "check", most_failures: int = 3) -> Report:
    """Draw instances of a question at a level, and try each against the contract.

    Args:
        entry: the question.
        level: one of its levels.
        instances: how many to draw.
        seed: names the random streams; the same seed gives the same instances.
        most_failures: stop after so many.
    """
    report = Report(entry.name, level)
    draws = Draws(report.rejected)
    seen = set()
    for number in range(instances):
        started = time.perf_counter()
        try:
            item = draw(
                entry, level, stream_of(seed.encode(), entry.name, str(level), str(number)), draws=draws
            )
        except (GateError, UserError) as fault:
            report.failures.append(str(fault))
            return report
        report.seconds += time.perf_counter() - started
        report.instances += 1
        seen.add(item.question)
        item = shuffled(item, stream_of(seed.encode(), "shuffle", str(number))(0))
        _count_patterns(item, report)
        rendered = number < RENDERED_FIRST or number % 20 == 0
        again = repeat_command(entry, level, item.question)
        for failure in _failures(item, rendered=rendered):
            report.failures.append(f"{entry.name}, level {level}: {failure}; repeat with: {again}")
            if len(report.failures) >= most_failures:
                return report
    report.distinct = len(seen)
    report.failures += [f"{entry.name}, level {level}: {pattern}" for pattern in _patterns(report)]
    return report


def _failures(item: Item, *, rendered: bool) -> Iterator[str]:
    for blank, answer in item.answers.items():
        for notation in NOTATIONS:
            yield from (f"blank {blank}: {failure}" for failure in _answer_failures(answer, notation))
    for mistake in item.mistakes:
        yield from _mistake_failures(mistake, item.answers)
    for notation in NOTATIONS if rendered else NOTATIONS[:1]:
        yield from _rendering_failures(item, notation, rendered=rendered)


def _answer_failures(answer: Answer, notation: Notation) -> Iterator[str]:
    for text in (answer.printed(notation), *answer.spellings(notation)):
        try:
            if not answer.judge(text, notation).right:
                yield f"the key, typed as {text!r}, is marked wrong"
        except Unreadable as fault:
            yield f"the key, typed as {text!r}, is not readable: {fault}"
    if notation.decimal == ".":
        yield from (
            f"{text!r} lies on the edge and is marked wrong"
            for text in answer.edges()
            if not answer.judge(text).right
        )
        yield from (
            f"{text!r} lies outside and is marked right"
            for text in answer.outside()
            if answer.judge(text).right
        )
    for text in NONSENSE:
        try:
            if answer.judge(text, notation).right:
                yield f"{text!r} is marked right"
        except Unreadable:
            pass


def _mistake_failures(mistake: Mistake, answers: Mapping[str, Answer]) -> Iterator[str]:
    wrong = [
        blank
        for blank, value in mistake.values.items()
        if not answers[blank].judge(answers[blank].like(value).printed()).right
    ]
    if not wrong:
        yield f"mistake {mistake.name} gets full marks"
    if not mistake.sentence or mistake.sentence[-1] not in ".?!":
        yield f"mistake {mistake.name} has no full sentence"


def _rendering_failures(item: Item, notation: Notation, *, rendered: bool) -> Iterator[str]:
    from .rendering import prompt as wording
    from .rendering.document import blanks_of
    from .rendering.html import fragment
    from .rendering.markdown import document
    from .rendering.pdf import document_pdf
    from .rendering.text import text

    try:
        prompt, solution = wording.prompt(item, notation), wording.solution(item, notation)
        if not rendered:
            return
        if len(prompt.markdown) > LONGEST_PROMPT:
            yield f"the prompt has {len(prompt.markdown)} characters"
        asked = document(prompt.markdown, prompt.figures)
        if sorted(blanks_of(asked)) != sorted(item.answers):
            yield f"the prompt has the blanks {blanks_of(asked)}, the key {list(item.answers)}"
        keys = {blank: answer.printed(notation) for blank, answer in item.answers.items()}
        for tree in (asked, document(solution.markdown, solution.figures)):
            fragment(tree, item.answers, keys)
            text(tree, item.answers, keys)
            document_pdf(item.entry.question.title, tree, item.answers)
    except (UserError, ValueError) as fault:
        yield f"cannot be set: {fault}"


def _count_patterns(item: Item, report: Report) -> None:
    for answer in item.answers.values():
        if isinstance(answer, SingleChoice):
            report.first_places.update(answer.right_places)
        if isinstance(answer, Choice):
            longest = max(answer.options, key=lambda option: len(option.text))
            report.longest_is_right[longest.right] += 1


def _patterns(report: Report) -> Iterator[str]:
    """What a student could learn about right options without reading them."""
    total = sum(report.first_places.values())
    if total >= 200:
        expected = total / len(report.first_places)
        if max(abs(count - expected) for count in report.first_places.values()) > 6 * expected**0.5:
            yield f"the right option's place is not uniform: {dict(report.first_places)}"
    longest = report.longest_is_right
    if sum(longest.values()) >= 200 and longest[True] > 0.75 * sum(longest.values()):
        share = longest[True] / sum(longest.values())
        yield f"the longest option is right in {share:.0%} of the instances"
