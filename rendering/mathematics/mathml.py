"""Write a formula as MathML Core, which browsers show without help."""

from __future__ import annotations

from functools import lru_cache, singledispatch
from html import escape

from . import spacing, symbols
from .latex import parse
from .nodes import (
    Accent,
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

# Spacing marks stretch and are placed as accents; combining ones are not known to every browser's font.
_MARKS = {
    "\u0300": "`",
    "\u0301": "´",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "¯",
    "\u0306": "˘",
    "\u0307": "˙",
    "\u0308": "¨",
    "\u030a": "˚",
    "\u030c": "ˇ",
    "\u20d7": "→",
}
_COLUMN_GAPS = {"matrix": 0.5, "small": 0.2, "cases": 0.5, "aligned": 0.0, "gathered": 0.0, "substack": 0.0}


@lru_cache(maxsize=20_000)
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
    previous: spacing.Atom | None = None
    for item, kind in zip(items, spacing.atoms(items), strict=True):
        if previous is not None and kind is not None and _needs_space(previous, kind):
            written.append(_space(spacing.space(previous, kind, False)))
        written.append(_operator(item, kind) if isinstance(item, Symbol) else _write(item))
        previous = kind or previous
    return "".join(written)


def _needs_space(left: spacing.Atom, right: spacing.Atom) -> bool:
    """Whether two neighbours have a space that belongs to no operator between them."""
    spaced = ("bin", "rel", "punct")
    return left not in spaced and right not in spaced and spacing.space(left, right, False) > 0


def _space(width: float) -> str:
    return f'<mspace width="{width:.4g}em"/>'


def _operator(symbol: Symbol, kind: spacing.Atom | None) -> str:
    """A symbol in its row: a sign that is an operator elsewhere but has no operand here gets no space."""
    form = ' form="prefix"' if symbol.atom == "bin" and kind == "ord" else ""
    if symbol.atom == "bin" and kind == "bin":
        form = ' form="infix"'
    return _symbol(symbol, form)


def _symbol(symbol: Symbol, attributes: str = "") -> str:
    text = escape(symbols.styled(symbol.text, symbol.alphabet) if symbol.alphabet != "italic" else symbol.text)
    if symbol.text[0].isdigit() or (symbol.text[0] == "." and len(symbol.text) > 1):
        return f"<mn>{text}</mn>"
    if symbol.text[0].isalpha() or (symbol.atom == "ord" and symbol.text not in "|‖/′"):
        if symbol.atom in ("op", "bin") and symbol.limits:
            return f'<mo movablelimits="true" lspace="0" rspace="0">{text}</mo>'
        if symbol.atom == "bin":
            return f'<mo lspace="0.222em" rspace="0.222em">{text}</mo>'
        normal = ' mathvariant="normal"' if len(text) == 1 and symbol.alphabet == "upright" else ""
        return f"<mi{normal}>{text}</mi>"
    if symbol.atom in ("open", "close") or symbol.text in "|‖/":
        attributes += ' stretchy="false"'
    if symbol.atom == "ord" and symbol.text in "|‖/" or symbol.text in "!?":
        attributes += ' lspace="0" rspace="0"'
    if symbol.text == ":":
        attributes += ' lspace="0.278em" rspace="0.278em"' if symbol.atom == "rel" else ' lspace="0" rspace="0.167em"'
    return f"<mo{attributes}>{text}</mo>"


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
    base = _write(node.base)
    if node.placement == "stacked":
        base = base.replace("<mo", '<mo movablelimits="false"', 1) if isinstance(node.base, Symbol) else base
    if node.sup is None and node.sub is not None:
        return f"<{tags[0]}>{base}{_write(node.sub)}</{tags[0]}>"
    if node.sub is None and node.sup is not None:
        return f"<{tags[1]}>{base}{_write(node.sup)}</{tags[1]}>"
    assert node.sub is not None and node.sup is not None
    return f"<{tags[2]}>{base}{_write(node.sub)}{_write(node.sup)}</{tags[2]}>"


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
    stretchy = "true" if node.mark.startswith("wide") else "false"
    mark = escape(_MARKS[symbols.ACCENTS[node.mark]])
    return f'<mover accent="true">{_write(node.body)}<mo stretchy="{stretchy}">{mark}</mo></mover>'


@_write.register
def _(node: Line) -> str:
    if node.below:
        return f'<munder accentunder="true">{_write(node.body)}<mo stretchy="true">_</mo></munder>'
    return f'<mover accent="true">{_write(node.body)}<mo stretchy="true">¯</mo></mover>'


@_write.register
def _(node: Brace) -> str:
    if node.below:
        return f'<munder>{_write(node.body)}<mo stretchy="true">⏟</mo></munder>'
    return f'<mover>{_write(node.body)}<mo stretchy="true">⏞</mo></mover>'


@_write.register
def _(node: Delimiter) -> str:
    size = f"{node.size:.4g}em"
    form = {"open": ' form="prefix"', "close": ' form="postfix"'}.get(node.atom, "")
    return f'<mo{form} stretchy="true" symmetric="true" minsize="{size}" maxsize="{size}">{escape(node.text)}</mo>'


@_write.register
def _(node: Fenced) -> str:
    left, *middle, right = node.fences
    written = [f'<mo form="prefix" fence="true" stretchy="true">{escape(left)}</mo>' if left else "", _contents(node.parts[0])]
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
    styles = [f"text-align:{table.alignments[column]}", f"padding-left:{left:g}em", f"padding-right:{right:g}em"]
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
