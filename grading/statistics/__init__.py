"""What the marks say about the exam: a pure function of a graded exam. Formulas are in docs/statistics.md."""

from __future__ import annotations

from dataclasses import dataclass

from ...answers import Notation
from ..grade import Result
from .correlation import Correlation, Interval
from .items import DECIDED, BlankFigures, ItemFigures, item_figures
from .mistakes import MistakeFigures, mistake_figures
from .options import ChoiceFigures, Guessing, OptionFigures, choice_figures
from .reliability import Reliability, reliability_of
from .responses import responses_of
from .similarity import Similarity, sheets_of, similarities
from .totals import Bin, Totals, describe
from .variants import Variant, VariantTest, variant_tests

__all__ = [
    "DECIDED",
    "Bin",
    "BlankFigures",
    "ChoiceFigures",
    "Correlation",
    "Guessing",
    "Interval",
    "ItemFigures",
    "MistakeFigures",
    "OptionFigures",
    "Reliability",
    "Similarity",
    "Statistics",
    "Totals",
    "Variant",
    "VariantTest",
    "statistics",
]


@dataclass(frozen=True)
class Statistics:
    """The statistics of a graded exam.

    Attributes:
        totals: their distribution; None where nothing was graded.
        items: each place of the blueprint, in order.
        choices: each choice, by place and question.
        mistakes: those that were made, the most frequent first.
        reliability: of the total; None where it is undefined.
        variants: the places for which forms drew different questions or levels.
        similarities: pairs of students with more shared answers than chance explains.
    """

    totals: Totals | None
    items: tuple[ItemFigures, ...]
    choices: tuple[ChoiceFigures, ...]
    mistakes: tuple[MistakeFigures, ...]
    reliability: Reliability | None
    variants: tuple[VariantTest, ...]
    similarities: tuple[Similarity, ...]


def statistics(result: Result) -> Statistics:
    """The statistics of a graded exam; the same exam always has the same ones."""
    responses = responses_of(result)
    notation = Notation(result.exam.blueprint.decimal)
    sheets = sheets_of(responses.all, len(result.forms), notation)
    return Statistics(
        totals=describe(responses.totals, max(responses.possible, default=0.0)),
        items=tuple(item_figures(place, rows) for place, rows in responses.by_place.items()),
        choices=choice_figures(responses.by_place, result.policy, notation),
        mistakes=mistake_figures(responses.all),
        reliability=reliability_of(responses),
        variants=variant_tests(responses.by_place),
        similarities=similarities(sheets),
    )
