"""Many questions against the contract, in several processes, as a table."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from .bank import Bank, Entry
from .contract import Report
from .contract import check as check_level


def check_all(
    entries: Iterable[Entry], instances: int, jobs: int, seed: str, banks: Sequence[Path] = ()
) -> list[Report]:
    """A report for each level of each question, in their order."""
    tasks = [(entry.name, level) for entry in entries for level in entry.question.levels()]
    with _progress() as progress:
        bar = progress.add_task("checking", total=len(tasks))
        if jobs == 1:
            bank = Bank(banks)
            reports = []
            for name, level in tasks:
                reports.append(check_level(bank[name], level, instances, seed))
                progress.advance(bar)
            return reports
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(jobs, mp_context=context) as pool:
            futures = [pool.submit(_check, name, level, instances, seed, banks) for name, level in tasks]
            for _ in as_completed(futures):
                progress.advance(bar)
            return [future.result() for future in futures]


def _check(name: str, level: int, instances: int, seed: str, banks: Sequence[Path]) -> Report:
    return check_level(Bank(banks)[name], level, instances, seed)


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


def _progress():  # type: ignore[no-untyped-def]  # rich is imported only when needed
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    return Progress(*columns, console=Console(stderr=True), transient=True)
