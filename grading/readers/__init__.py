"""Reads what students handed in: tables, JSON, filled PDFs, and folders and zip files of these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from ...errors import UserError
from ...exams.store import StoredExam
from ..submissions import Fault, Submission
from . import json_files, tables
from .papers import Desk, Paper
from .sources import Source, gathered

MOST_PAPERS = 100_000
"""Papers and faults that are taken from one file."""

Reader = Callable[[str, bytes], Iterator[Paper | Fault]]


def read(paths: Iterable[Path], exam: StoredExam) -> tuple[list[Submission], list[Fault]]:
    """Everything that was handed in; what cannot be read is named, and the rest is read.

    Args:
        paths: files and folders; see `READERS` for the types of files.
        exam: what was asked.

    Returns:
        the submissions, with the texts exactly as they were typed, and the faults; both in the order of the
        paths, and by name within folders.

    Raises:
        UserError: one of the paths themselves cannot be read.
    """
    desk = Desk(exam)
    submissions: list[Submission] = []
    faults: list[Fault] = []
    for source in gathered(paths, READERS):
        for paper in _papers(source):
            if isinstance(paper, Fault):
                faults.append(paper)
                continue
            submission, found = desk.take(paper)
            submissions += [submission] if submission else []
            faults += found
    return submissions, faults


def _papers(source: Source | Fault) -> Iterator[Paper | Fault]:
    if isinstance(source, Fault):
        yield source
        return
    try:
        papers = READERS[source.suffix](source.name, source.data)
        yield from islice(papers, MOST_PAPERS)
        if next(papers, None):
            yield Fault(source.name, f"it holds more than {MOST_PAPERS:,} papers; the others were not read")
    except UserError as error:
        yield Fault(source.name, str(error).removeprefix(source.name).lstrip(" ,:"))


def _pdf(source: str, data: bytes) -> Iterator[Paper | Fault]:
    from . import pdf_files

    return pdf_files.read(source, data)


READERS: dict[str, Reader] = {
    ".csv": tables.read,
    ".tsv": tables.read,
    ".txt": tables.read,
    ".json": json_files.read,
    ".jsonl": json_files.read_lines,
    ".ndjson": json_files.read_lines,
    ".pdf": _pdf,
}
"""How each type of file is read."""
