"""CSV files that spreadsheets open without running anything in them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]+)?")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutral(cell: str) -> str:
    """The cell as text that no spreadsheet takes for a formula: a leading apostrophe is put before it.

    Source: OWASP, CSV injection.
    """
    text = cell.replace("\x00", "�")
    if text.lstrip().startswith(FORMULA_STARTS) and not PLAIN_NUMBER.fullmatch(text.strip()):
        return f"'{text}"
    return text


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A CSV file with a byte order mark, by which Excel knows the encoding; short rows are filled up."""
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([*map(neutral, row), *[""] * (len(header) - len(row))] for row in rows)
    return "\ufeff" + output.getvalue()
