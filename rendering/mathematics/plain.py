"""Write a formula as one line of text, as for a terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache, singledispatch

from . import spacing, symbols
from .latex import parse
from .nodes import (
    Accent,
    Atom,
    Boxed,
    Brace,
    Colored,
    Delimiter,
    Fenced,
    Fraction,
    Line,
    Node,
    Phantom,
    Root,
    Row,
    Scripts,
    Space,
    Styled,
    Symbol,
    Table,
    Text,
)

_SUPERSCRIPTS = dict(
    zip(
        "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθιφχ′⊤",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᶥᵠᵡ′ᵀ",
        strict=True,
    )
)
_SUBSCRIPTS = dict(
    zip("0123456789+−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True)
)
_ROOTS = {"": "√", "3": "∛", "4": "∜"}
_DIFFERENTIALS = "∂dΔ"
_SPACED_SIGN = re.compile(r" ?([^\w\s.,;()\[\]{}|′]) ?")
_READABLE_ALPHABETS = ("script", "fraktur", "double-struck")


@lru_cache(maxsize=4000)
def plain(latex: str) -> str:
    """The formula as text: x₁², a/(b + c), √(x), [1, 2; 3, 4].

    Raises:
        MathError: the formula cannot be read.
    """
    return " ".join(_write(parse(latex)).split())


@singledispatch
def _write(node: Node) -> str:
    raise TypeError(type(node))


@_write.register
def _(node: Symbol) -> str:
    if node.alphabet in _READABLE_ALPHABETS:
        return symbols.styled(node.text, node.alphabet)
    return node.text.replace("\u2009", " ")


@_write.register
def _(node: Text) -> str:
    return node.text


@_write.register
def _(node: Space) -> str:
    return " " if node.width > 0.1 else ""


@_write.register
def _(node: Row) -> str:
    words = []
    kinds = spacing.atoms(node.items)
    previous: Atom | None = None
    for place, (item, kind) in enumerate(zip(node.items, kinds, strict=True)):
        if (
            previous is not None
            and kind is not None
            and _is_apart(previous, kind, node.items[place - 1], item)
        ):
            words.append(" ")
        words.append(_write(item))
        previous = kind or previous
    return "".join(words)


def _is_apart(left: Atom, right: Atom, before: Node, item: Node) -> bool:
    """Whether two neighbours have a space in text: as in print, but not after a sign or before a bracket."""
    is_sign = left == "ord" and isinstance(before, Symbol) and before.atom == "bin"
    if is_sign or right == "punct":
        return False
    if right == "inner" and isinstance(item, Fenced):
        return left in ("bin", "rel", "punct")
    return spacing.space(left, right, False) > 0


@_write.register
def _(node: Scripts) -> str:
    base = _operand(node.base)
    if isinstance(node.base, Brace) or (node.placement == "stacked" and not isinstance(node.base, Symbol)):
        notes = [_write(script) for script in (node.sub, node.sup) if script is not None]
        return f"{base} [{', '.join(notes)}]"
    sub = "" if node.sub is None else _script(node.sub, "_", _SUBSCRIPTS)
    sup = "" if node.sup is None else _script(node.sup, "^", _SUPERSCRIPTS)
    return base + sub + sup


def _script(node: Node, sign: str, small: dict[str, str]) -> str:
    """A script in small characters where Unicode has them all, else after its sign."""
    text = _SPACED_SIGN.sub(r"\1", _write(node).strip())
    if text and all(character in small for character in text):
        return "".join(small[character] for character in text)
    if len(text) == 1 or (text.isalnum() and sign == "_"):
        return sign + text
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        return sign + text
    return f"{sign}({text})"


@_write.register
def _(node: Fraction) -> str:
    if not node.bar:
        return f"{_write(node.numerator)} choose {_write(node.denominator)}"
    return f"{_operand(node.numerator)}/{_operand(node.denominator, below=True)}"


def _operand(node: Node, *, below: bool = False) -> str:
    """A part in brackets where it would be read wrongly without them."""
    text = _write(node)
    if isinstance(node, Fraction) and node.bar:
        return f"({text})"
    if not isinstance(node, Row) or len(node.items) < 2:
        return text
    kinds = list(_outer_kinds(node))
    if kinds and kinds[0] == "ord" and text[0] in _DIFFERENTIALS:
        kinds = kinds[1:]
    factors = sum(kind in ("ord", "inner") for kind in kinds)
    parted = any(kind in ("bin", "rel", "punct", "op") for kind in kinds)
    return f"({text})" if parted or (below and factors > 1) else text


def _outer_kinds(row: Row) -> Iterator[Atom]:
    """The kinds of the items that stand in no brackets."""
    depth = 0
    for kind in spacing.atoms(row.items):
        depth += (kind == "open") - (kind == "close")
        if kind is not None and not depth and kind not in ("open", "close"):
            yield kind


@_write.register
def _(node: Root) -> str:
    degree = "" if node.degree is None else _write(node.degree)
    sign = _ROOTS.get(degree) or f"root[{degree}]"
    return f"{sign}({_write(node.body)})"


@_write.register
def _(node: Accent) -> str:
    text = _write(node.body)
    if len(text) == 1:
        return unicodedata.normalize("NFC", text + symbols.ACCENTS[node.mark])
    return f"{node.mark.removeprefix('wide')}({text})"


@_write.register
def _(node: Line) -> str:
    body = _write(node.body)
    if not body.strip():
        return "____"
    return body if node.below else f"overline({body})"


@_write.register
def _(node: Brace) -> str:
    return _write(node.body)


@_write.register
def _(node: Delimiter) -> str:
    return node.text


@_write.register
def _(node: Fenced) -> str:
    if len(node.parts) == 1 and isinstance(node.parts[0], Table):
        return _fenced_table(node.fences[0], node.parts[0], node.fences[-1])
    written = [node.fences[0]]
    for part, fence in zip(node.parts, node.fences[1:], strict=True):
        written += [_write(part), fence]
    return "".join(written)


def _fenced_table(left: str, table: Table, right: str) -> str:
    inside = _write(table).removeprefix("[").removesuffix("]")
    if table.kind == "cases":
        return f"{{{inside}}}"
    return f"{left}{inside}{right}"


@_write.register
def _(node: Table) -> str:
    between = {"matrix": ", ", "small": ", ", "cases": " ", "aligned": " "}.get(node.kind, " ")
    rows = [between.join(_write(cell).strip() for cell in row).strip() for row in node.rows]
    if node.kind in ("matrix", "small"):
        return f"[{'; '.join(rows)}]"
    return {"substack": ", "}.get(node.kind, "; ").join(rows)


@_write.register
def _(node: Styled) -> str:
    return _write(node.body)


@_write.register
def _(node: Colored) -> str:
    return _write(node.body)


@_write.register
def _(node: Phantom) -> str:
    return ""


@_write.register
def _(node: Boxed) -> str:
    return f"[{_write(node.body)}]"
