"""The instructor's report: what the marks say about the exam, as a page and as PDF from one text."""

from __future__ import annotations

from ...rendering.document import Block, Document
from ..grade import Result
from ..statistics import Statistics
from .choices import choices
from .comparisons import similarities, variants
from .items import blanks, items, mistakes
from .overview import corrections, policy, review, summary, totals

__all__ = ["report_html", "report_pdf"]


def report_pdf(result: Result, statistics: Statistics) -> bytes:
    """The report as PDF, with vector drawings."""
    from ...rendering.pdf import document_pdf

    return document_pdf(_title(result), _report(result, statistics), paper=result.exam.blueprint.paper)


def report_html(result: Result, statistics: Statistics) -> str:
    """The report as a page of its own."""
    from ...rendering.html import fragment, page

    return page(_title(result), fragment(_report(result, statistics), {}))


def _title(result: Result) -> str:
    blueprint = result.exam.blueprint
    return " · ".join(part for part in (blueprint.course, blueprint.title, "report") if part)


def _report(result: Result, statistics: Statistics) -> Document:
    blocks: list[Block] = [*summary(result, statistics)]
    if statistics.totals:
        blocks += totals(statistics.totals)
        blocks += items(statistics.items)
        blocks += mistakes(statistics.mistakes)
        blocks += variants(statistics.variants)
        blocks += similarities(result, statistics.similarities)
    blocks += review(result)
    if statistics.totals:
        blocks += blanks(statistics.items)
        blocks += choices(statistics.choices)
    blocks += policy(result.policy)
    blocks += corrections(result.corrections)
    return Document(tuple(blocks))
