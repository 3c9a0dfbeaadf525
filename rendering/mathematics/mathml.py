"""Write a formula as MathML Core, which browsers show without help."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, singledispatch
from html import escape

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

_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_BORDER = "1px solid"
_UPRIGHT_OPERATORS = "|‖/′″‴"
_ATOM_ATTRIBUTES: dict[Atom, str] = {
    "ord": ' stretchy="false" lspace="0" rspace="0"',
    "rel": ' stretchy="false"',
    "open": ' form="prefix" stretchy="false"',
    "close": ' form="postfix" stretchy="false" lspace="0" rspace="0"',
}

# The marks by themselves, which every font has.
_MARKS = {
    "\u0300": "`",
    "\u0301": "´",
    "\u0302": "ˆ",
    "\u0303": "˜",
    "\u0304": "¯",
    "\u0306": "˘",
    "\u0307": "˙",
    "\u0308": "¨",
    "\u030a": "˚",
    "\u030c": "ˇ",
    "\u20d7": "→",
}
_COLUMN_GAPS = {"matrix": 0.5, "small": 0.2, "cases": 0.5, "aligned": 0.0, "gathered": 0.0, "substack": 0.0}


@lru_cache(maxsize=4000)
def mathml(latex: str, display: bool = False) -> str:
    """The formula as a `math` element: well-formed, and safe in a page whatever the formula says.

    Raises:
        MathError: the formula cannot be read.
    """
    shown = ' display="block"' if display else ""
    return f'<math xmlns="{_NAMESPACE}"{shown}>{_contents(parse(latex))}</math>'


def _contents(node: Node) -> str:
    """A node where several elements may stand."""
    if isinstance(node, Row):
        return _row(node.items)
    return _row((node,))


def _row(items: tuple[Node, ...]) -> str:
    """The elements of a row; the spaces that browsers do not know of are written out."""
    written = []
    previous: Atom | None = None
    for item, kind in zip(items, spacing.atoms(items), strict=True):
        if previous is not None and kind is not None and _needs_space(previous, kind):
            written.append(_space(spacing.space(previous, kind, False)))
        written.append(_symbol(item, kind) if isinstance(item, Symbol) else _write(item))
        previous = kind or previous
    return "".join(written)


def _needs_space(left: Atom, right: Atom) -> bool:
    """Whether two neighbours have a space that belongs to no operator between them."""
    spaced = ("bin", "rel", "punct")
    return left not in spaced and right not in spaced and spacing.space(left, right, False) > 0


def _space(width: float) -> str:
    return f'<mspace width="{width:.4g}em"/>'


def _symbol(symbol: Symbol, kind: Atom | None = None) -> str:
    """A symbol, whose kind in its row may be another than its own: a minus sign with no left operand."""
    text = symbol.text if symbol.alphabet == "italic" else symbols.styled(symbol.text, symbol.alphabet)
    text, first = escape(text), symbol.text.lstrip(".")[:1]
    if first.isdigit():
        return f"<mn>{text}</mn>"
    if symbol.limits and first.isalpha():
        return f'<mo movablelimits="true" lspace="0" rspace="0">{text}</mo>'
    if symbol.atom == "bin" and first.isalpha():
        return f'<mo lspace="0.222em" rspace="0.222em">{text}</mo>'
    if first.isalpha() or (symbol.atom in ("ord", "inner") and symbol.text not in _UPRIGHT_OPERATORS):
        normal = ' mathvariant="normal"' if len(symbol.text) == 1 and symbol.alphabet == "upright" else ""
        return f"<mi{normal}>{text}</mi>"
    return f"<mo{_operator_attributes(symbol, kind or symbol.atom)}>{text}</mo>"


def _operator_attributes(symbol: Symbol, kind: Atom) -> str:
    """What the operator dictionary of browsers would get wrong."""
    match symbol.atom, kind:
        case "bin", "bin":
            return ' form="infix"'
        case "bin", _:
            return ' form="prefix"'
        case "op", _:
            return "" if symbol.limits else ' movablelimits="false"'
        case "punct", _ if symbol.text == ":":
            return ' lspace="0" rspace="0.167em"'
        case _:
            return _ATOM_ATTRIBUTES.get(symbol.atom, "")


@singledispatch
def _write(node: Node) -> str:
    """A node as a single element."""
    raise TypeError(type(node))


_write.register(Symbol)(_symbol)


@_write.register
def _(node: Text) -> str:
    text = node.text
    text = ("\xa0" if text.startswith(" ") else "") + text.strip(" ") + ("\xa0" if text.endswith(" ") else "")
    return f"<mtext>{escape(symbols.styled(text, node.alphabet))}</mtext>"


@_write.register
def _(node: Space) -> str:
    return _space(node.width)


@_write.register
def _(node: Row) -> str:
    return f"<mrow>{_row(node.items)}</mrow>"


@_write.register
def _(node: Scripts) -> str:
    tags = ("munder", "mover", "munderover") if node.placement != "beside" else ("msub", "msup", "msubsup")
    base = node.base
    if node.placement == "stacked" and isinstance(base, Symbol):
        base = replace(base, limits=False)
    scripts = [script for script in (node.sub, node.sup) if script is not None]
    tag = tags[2] if len(scripts) == 2 else tags[0] if node.sup is None else tags[1]
    return f"<{tag}>{_write(base)}{''.join(map(_write, scripts))}</{tag}>"


@_write.register
def _(node: Fraction) -> str:
    bar = "" if node.bar else ' linethickness="0"'
    fraction = f"<mfrac{bar}>{_write(node.numerator)}{_write(node.denominator)}</mfrac>"
    if node.display is None:
        return fraction
    return f'<mstyle displaystyle="{str(node.display).lower()}" scriptlevel="0">{fraction}</mstyle>'


@_write.register
def _(node: Root) -> str:
    if node.degree is None:
        return f"<msqrt>{_contents(node.body)}</msqrt>"
    return f"<mroot>{_write(node.body)}{_write(node.degree)}</mroot>"


@_write.register
def _(node: Accent) -> str:
    stretchy = str(node.mark.startswith("wide")).lower()
    mark = escape(_MARKS[symbols.ACCENTS[node.mark]])
    return f'<mover accent="true">{_write(node.body)}<mo stretchy="{stretchy}">{mark}</mo></mover>'


@_write.register
def _(node: Line) -> str:
    side = "bottom" if node.below else "top"
    return f'<mrow style="border-{side}:0.06em solid;padding-{side}:0.15em">{_contents(node.body)}</mrow>'


@_write.register
def _(node: Brace) -> str:
    if node.below:
        return f'<munder>{_write(node.body)}<mo stretchy="true">⏟</mo></munder>'
    return f'<mover>{_write(node.body)}<mo stretchy="true">⏞</mo></mover>'


@_write.register
def _(node: Delimiter) -> str:
    size = f"{node.size:.4g}em"
    form = {"open": "prefix", "close": "postfix"}.get(node.atom, "infix")
    attributes = f'form="{form}" stretchy="true" symmetric="true" minsize="{size}" maxsize="{size}"'
    return f"<mo {attributes}>{escape(node.text)}</mo>"


@_write.register
def _(node: Fenced) -> str:
    left, *middle, right = node.fences
    written = [
        f'<mo form="prefix" fence="true" stretchy="true">{escape(left)}</mo>' if left else "",
        _contents(node.parts[0]),
    ]
    for fence, part in zip(middle, node.parts[1:], strict=True):
        written += [f'<mo stretchy="true" lspace="0" rspace="0">{escape(fence)}</mo>', _contents(part)]
    if right:
        written.append(f'<mo form="postfix" fence="true" stretchy="true">{escape(right)}</mo>')
    return f"<mrow>{''.join(written)}</mrow>"


@_write.register
def _(node: Table) -> str:
    rows = "".join(
        f"<mtr>{''.join(_cell(node, row, column) for column in range(len(node.alignments)))}</mtr>"
        for row in range(len(node.rows))
    )
    display = "true" if node.kind in ("aligned", "gathered") else "false"
    table = f'<mtable displaystyle="{display}">{rows}</mtable>'
    return f'<mstyle scriptlevel="1">{table}</mstyle>' if node.kind == "small" else table


def _cell(table: Table, row: int, column: int) -> str:
    """A cell; MathML Core leaves alignment, gaps and lines to style sheets."""
    gap = _COLUMN_GAPS[table.kind]
    left = 2.0 if table.kind == "aligned" and column and column % 2 == 0 else gap * (column > 0)
    right = gap * (column < len(table.alignments) - 1)
    styles = [f"padding-left:{left:g}em", f"padding-right:{right:g}em"]
    side = table.alignments[column]
    if side != "center":
        styles.append(
            f"text-align:{side};text-align:-webkit-{side}"
        )  # Firefox takes the first, Chromium both
    if column in table.vertical:
        styles.append(f"border-left:{_BORDER}")
    if column + 1 == len(table.alignments) and column + 1 in table.vertical:
        styles.append(f"border-right:{_BORDER}")
    if row in table.horizontal:
        styles.append(f"border-top:{_BORDER}")
    if row + 1 == len(table.rows) and row + 1 in table.horizontal:
        styles.append(f"border-bottom:{_BORDER}")
    return f'<mtd style="{";".join(styles)}">{_contents(table.rows[row][column])}</mtd>'


@_write.register
def _(node: Styled) -> str:
    display = str(node.display).lower()
    return f'<mstyle displaystyle="{display}" scriptlevel="{node.level}">{_contents(node.body)}</mstyle>'


@_write.register
def _(node: Colored) -> str:
    return f'<mstyle style="color:{node.color}">{_contents(node.body)}</mstyle>'


@_write.register
def _(node: Phantom) -> str:
    phantom = f"<mphantom>{_contents(node.body)}</mphantom>"
    if node.width and node.height:
        return phantom
    hidden = 'height="0" depth="0"' if node.width else 'width="0"'
    return f"<mpadded {hidden}>{phantom}</mpadded>"


@_write.register
def _(node: Boxed) -> str:
    return f'<mrow style="border:{_BORDER};padding:0.3em">{_contents(node.body)}</mrow>'
