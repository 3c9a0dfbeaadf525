"""The space between two neighbours in a formula (The TeXbook, chapter 18; appendix G, rules 5, 6 and 20)."""

from __future__ import annotations

from collections.abc import Sequence

from .nodes import Accent, Atom, Colored, Delimiter, Fenced, Node, Row, Scripts, Space, Styled, Symbol

THIN, MEDIUM, THICK = 3 / 18, 4 / 18, 5 / 18

# A row for what stands on the left. 1 is thin, 2 medium, 3 thick; a negative space vanishes in scripts.
_ORDER: tuple[Atom, ...] = ("ord", "op", "bin", "rel", "open", "close", "punct", "inner")
_TABLE = {
    "ord": (0, 1, -2, -3, 0, 0, 0, -1),
    "op": (1, 1, 0, -3, 0, 0, 0, -1),
    "bin": (-2, -2, 0, 0, -2, 0, 0, -2),
    "rel": (-3, -3, 0, 0, -3, 0, 0, -3),
    "open": (0, 0, 0, 0, 0, 0, 0, 0),
    "close": (0, 1, -2, -3, 0, 0, 0, -1),
    "punct": (-1, -1, 0, -1, -1, -1, -1, -1),
    "inner": (-1, 1, -2, -3, -1, 0, -1, -1),
}
_WIDTHS = (0.0, THIN, MEDIUM, THICK)
_SPACES = {(left, right): row[place] for left, row in _TABLE.items() for place, right in enumerate(_ORDER)}


def atom(node: Node) -> Atom | None:
    """The kind of a node; none for a space."""
    kind: Atom | None = "ord"
    match node:
        case Symbol() | Delimiter():
            kind = node.atom
        case Space():
            kind = None
        case Fenced():
            kind = "inner"
        case Scripts(base=Symbol() | Delimiter() | Fenced() | Accent() | Colored()):
            kind = atom(node.base)
        case Colored(body=Symbol()) | Accent(body=Symbol()):
            kind = atom(node.body)
        case Styled(body=Row(items=(first, *_))):
            kind = atom(first)
    return kind


def atoms(nodes: Sequence[Node], after: Atom | None = None) -> list[Atom | None]:
    """The kinds of the nodes of a row: a binary operator without two operands is an ordinary sign."""
    kinds = [atom(node) for node in nodes]
    previous: int | None = None
    for place, kind in enumerate(kinds):
        if kind is None:
            continue
        before = after if previous is None else kinds[previous]
        if kind == "bin" and before in (None, "bin", "op", "rel", "open", "punct"):
            kinds[place] = "ord"
        if kind in ("rel", "close", "punct") and previous is not None and before == "bin":
            kinds[previous] = "ord"
        previous = place
    if previous is not None and kinds[previous] == "bin":
        kinds[previous] = "ord"
    return kinds


def space(left: Atom, right: Atom, in_script: bool) -> float:
    """The space between two kinds in em."""
    width = _SPACES[left, right]
    return 0.0 if width < 0 and in_script else _WIDTHS[abs(width)]
