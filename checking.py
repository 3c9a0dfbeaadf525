"""Many questions against the contract, in several processes, as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

from .bank import Bank, Entry
from .contract import Report
from .contract import check as check_level
from .processes import workers


def check_all(
    entries: Iterable[Entry],
    instances: int,
    jobs: int,
    seed: str,
    banks: Sequence[Path] = (),
    progress: Callable[[Iterable[Report], int], Iterable[Report]] = lambda reports, total: reports,
) -> list[Report]:
    """A report for each level of each question, in their order.

    Args:
        entries: the questions.
        instances: items for each level.
        jobs: processes.
        seed: names the random streams.
        banks: folders of outside questions, for the other processes.
        progress: is given the reports as they come, and their number.
    """
    tasks = [
        (entry.name, level, instances, seed, tuple(banks))
        for entry in entries
        for level in entry.question.levels()
    ]
    if jobs == 1:
        return list(progress(map(_check, tasks), len(tasks)))
    with workers(jobs) as pool:
        return list(progress(pool.map(_check, tasks), len(tasks)))


def _check(task: tuple[str, int, int, str, tuple[Path, ...]]) -> Report:
    name, level, instances, seed, banks = task
    return check_level(_bank(banks)[name], level, instances, seed)


@cache
def _bank(folders: tuple[Path, ...]) -> Bank:
    return Bank(folders)


def summary(reports: Sequence[Report]) -> str:
    """The table, and below it every failure."""
    lines = [("question", "level", "items", "distinct", "redrawn", "ms/item", "contract")]
    lines += [
        (
            report.name,
            str(report.level),
            str(report.instances),
            str(report.distinct),
            _share(report.rejected.total(), report.instances),
            f"{1000 * report.seconds / max(report.instances, 1):.2f}",
            "BROKEN" if report.failures else "kept",
        )
        for report in reports
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    text = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    text += ["", *_reasons(reports)]
    text += [failure for report in reports for failure in report.failures]
    broken = sum(bool(report.failures) for report in reports)
    text.append(f"{len(reports)} levels of questions, {broken} broken")
    return "\n".join(text)


def _share(rejected: int, accepted: int) -> str:
    return f"{rejected / max(rejected + accepted, 1):.0%}"


def _reasons(reports: Sequence[Report]) -> list[str]:
    """Why levels that redraw much do so."""
    often = [report for report in reports if report.rejected.total() > report.instances / 2]
    lines = []
    for report in often:
        reasons = ", ".join(f"{reason} ({count})" for reason, count in report.rejected.most_common(3))
        lines.append(f"{report.name}, level {report.level}, is redrawn often: {reasons}")
    return [*lines, ""] if lines else []
