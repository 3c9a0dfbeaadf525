"""Questions on a network: as entries at once, or as a module of an outside bank."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from ..bank import HOME, Entry, snake_case
from ..errors import UserError
from ..exams.files import write_atomically
from ..generators.networks import LayerTable, ParameterTotals, Row, RowsOfNetwork
from ..generators.torch_layers import Size

if TYPE_CHECKING:
    from torch import nn

    from .networks import Network

FORMS: dict[str, tuple[type[RowsOfNetwork], str]] = {
    "table": (LayerTable, "Layers of {}"),
    "totals": (ParameterTotals, "Parameters of {}"),
}


def table_question(
    module: nn.Module,
    input_shape: Size,
    *,
    name: str | None = None,
    form: str = "table",
    rows: tuple[int, int] | None = None,
    words: bool = False,
) -> Entry:
    """A question on a module, to be drawn, shown and checked like those of the bank.

    Args:
        module: it is copied, run once without data, and left as it is.
        input_shape: of one input, without the batch.
        name: what students read; its class if not given.
        form: `table` for sizes, weights and biases row by row, `totals` for the numbers of parameters.
        rows: first and last layer; all if not given. Of a large network an item shows some that follow each
            other.
        words: whether the input consists of whole numbers.

    Raises:
        UserError: the network fails, in its own words.
    """
    from .networks import of_module

    return entry(of_module(module, name), input_shape, form=form, rows=rows, words=words)


def entry(
    network: Network,
    size: Size,
    *,
    form: str = "table",
    rows: tuple[int, int] | None = None,
    words: bool = False,
) -> Entry:
    """See `table_question`.

    Raises:
        UserError: the network fails, or there are no such rows.
    """
    from .tracing import trace

    traced = chosen(trace(network, size, words=words), rows, network.name)
    base, title = FORMS[form]
    values = {"title": title.format(network.name), "network": network.name, "all_rows": traced}
    question = type(
        f"{_class_name(network.name)}{base.__name__}", (base,), {**values, "__module__": __name__}
    )
    return Entry("networks", question, HOME, __package__.partition(".")[0])


def chosen(rows: tuple[Row, ...], wanted: tuple[int, int] | None, name: str) -> tuple[Row, ...]:
    """The rows from the first to the last that is wanted; what they refer to outside is spelled out.

    Raises:
        UserError: there are no such rows.
    """
    if wanted is None:
        return rows
    first, last = wanted
    if not 1 <= first <= last <= len(rows):
        raise UserError(f"{name} has the rows 1 to {len(rows)}, not {first} to {last}")
    return tuple(
        row._replace(
            source=row.source - first + 1 if row.source >= first else min(row.source, 0),
            first=row.first - first + 1 if row.first >= first else 0,
            shares=max(row.shares - first + 1, 0),
        )
        for row in rows[first - 1 : last]
    )


def write_bank(
    network: Network,
    size: Size,
    folder: Path,
    *,
    rows: tuple[int, int] | None = None,
    words: bool = False,
) -> tuple[Path, list[str]]:
    """Write the questions on a network as a module of an outside bank.

    Returns:
        the file, and the names of the questions.

    Raises:
        UserError: the network fails, or the file exists already.
    """
    from .tracing import trace

    topic = snake_case(_class_name(network.name))
    path = folder / "generators" / f"{topic}.py"
    if path.exists():
        raise UserError(f"{path} exists already; choose another folder")
    traced = chosen(trace(network, size, words=words), rows, network.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, _module(network.name, traced))
    return path, [f"{topic}/{snake_case(base.__name__)}" for base, _ in FORMS.values()]


def _class_name(name: str) -> str:
    """A name for classes: `my_net` as `MyNet`."""
    parts = re.findall(r"[A-Za-z0-9]+", name)
    return "".join(part[0].upper() + part[1:] for part in parts) or "Network"


def _module(name: str, rows: tuple[Row, ...]) -> str:
    """A module of generators: the rows as they ran, and a class for each form of question."""
    lines = [
        f'"""Questions on {name}, from its layers as they ran; made by `quizgrad from-model`."""\n',
        "from quizgrad.generators import networks",
        "from quizgrad.generators.networks import Row\n",
        "ROWS = (",
        *(f"    {_row(row)}," for row in rows),
        ")",
    ]
    for base, title in FORMS.values():
        lines += [
            f"\n\nclass {base.__name__}(networks.{base.__name__}):",
            f'    """{title.format(name)}. Source: its code, and the documentation of torch.nn."""\n',
            f"    title = {title.format(name)!r}",
            f"    network = {name!r}",
            "    all_rows = ROWS",
        ]
    return "\n".join(lines) + "\n"


def _row(row: Row) -> str:
    values = [repr(value) for value in row[:4]]
    values += [f"first={row.first}"] * bool(row.first) + [f"known={row.known}"] * (row.known is not None)
    values += [f"shares={row.shares}"] * bool(row.shares)
    return f"Row({', '.join(values)})"
