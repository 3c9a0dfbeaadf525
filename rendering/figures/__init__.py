"""Drawings that a person would make beside a question: one drawing serves PDF and SVG.

A template says `{{ figure("graph", nodes=5, edges=[(0, 3), (1, 2)], alt="...") }}`. Each kind is a function
that draws on a `Sheet`; its keyword arguments are what a template may give.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .errors import FigureError

if TYPE_CHECKING:
    from pydantic import ValidationError
    from reportlab.graphics.shapes import Drawing

    from ..document import Figure

__all__ = ["KINDS", "FigureError", "drawing", "svg"]

KINDS = {
    "bars": "bars",
    "computation_graph": "computation_graphs",
    "confusion_matrix": "grids",
    "graph": "graphs",
    "grid": "grids",
    "gru_cell": "recurrent_cells",
    "layer_stack": "layer_stacks",
    "lstm_cell": "recurrent_cells",
    "network": "networks",
    "plot": "plots",
    "receptive_field": "receptive_fields",
    "u_net": "u_nets",
    "recurrent_network": "recurrent_networks",
}
"""The kinds of figures, and the module that has each."""


def drawing(figure: Figure, scale: float = 1.0) -> Drawing:
    """The figure as a drawing of reportlab, at most a text column (160 mm) wide.

    Args:
        figure: its kind and arguments.
        scale: the enlargement of large print.

    Raises:
        FigureError: the kind is unknown, the words for those who cannot see the figure are missing, or an
            argument is missing, unknown or wrong.
    """
    from pydantic import ValidationError
    from reportlab import rl_config

    # Checking every attribute costs more time than drawing; this must precede the import of shapes.
    rl_config.shapeChecking = 0
    from .sheet import Sheet
    from .style import COLUMN

    if not figure.alt.strip():
        raise FigureError(
            f'figure "{figure.kind}": alt is empty, but must say in words what the figure shows'
        )
    kind, sheet = _kind(figure.kind), Sheet(COLUMN / scale)
    try:
        kind(sheet, **figure.arguments)
        return sheet.drawing(scale)
    except ValidationError as error:
        raise FigureError(f'figure "{figure.kind}": {_sentence(error, figure.kind)}') from None
    except FigureError as error:
        raise FigureError(f'figure "{figure.kind}": {error}') from error


def svg(figure: Figure) -> str:
    """The figure as an SVG element that can stand in an HTML page, with `alt` as its title.

    Raises:
        FigureError: see `drawing`.
    """
    from .markup import element

    return element(drawing(figure), figure.alt)


@cache
def _kind(name: str) -> Callable[..., None]:
    from pydantic import ConfigDict, validate_call

    if name not in KINDS:
        near = get_close_matches(name, KINDS, n=3) or sorted(KINDS)
        raise FigureError(f'there is no figure "{name}"; do you mean {_either(near)}?')
    function: Callable[..., None] = getattr(import_module(f".{KINDS[name]}", __name__), name)
    kind: Callable[..., None] = validate_call(
        config=ConfigDict(arbitrary_types_allowed=True, allow_inf_nan=False)
    )(function)
    return kind


def _sentence(error: ValidationError, kind: str) -> str:
    problem: Any = max(error.errors(include_url=False), key=_weight)
    first, *rest = [part for part in problem["loc"] if isinstance(part, int) or _is_argument(part)]
    where = str(first) + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in rest)
    if problem["type"] in ("missing", "missing_keyword_only_argument"):
        return f"the argument {where} is missing"
    if problem["type"] == "unexpected_keyword_argument":
        if rest:
            return f"there is no argument {where}"
        near = get_close_matches(where, _arguments(kind), n=2) or _arguments(kind)
        return f"there is no argument {where}; do you mean {_either(near)}?"
    return f"{where} is {problem['input']!r:.60}: {problem['msg'][0].lower()}{problem['msg'][1:]}"


def _weight(problem: Any) -> tuple[bool, int, bool]:
    """How much a problem tells: an argument of several types has one for each type that it is not."""
    return (
        problem["type"] == "unexpected_keyword_argument",
        len(problem["loc"]),
        problem["type"] not in ("string_type", "is_instance_of", "dataclass_type"),
    )


def _is_argument(part: str) -> bool:
    """Whether a part of a place names an argument rather than one of the types that it may have."""
    return part.isidentifier() and part.islower() and part not in ("str", "int", "float")


def _arguments(kind: str) -> list[str]:
    from inspect import signature

    return [name for name in signature(_kind(kind)).parameters if name != "sheet"]


def _either(names: list[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
