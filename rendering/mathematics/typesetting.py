"""Set a formula: the rules of The TeXbook, appendix G, with the measures of an OpenType MATH table."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch

from . import boxes, spacing, stretching, symbols
from .boxes import EMPTY, Box
from .font import math_font
from .nodes import (
    Accent,
    Alphabet,
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
from .source import PLACEHOLDER
from .style import Style
from .tables import typeset_table

_NULL_DELIMITER = 0.12
_DELIMITER_FACTOR = 0.901
_DELIMITER_SHORTFALL = 0.2
_BRACE_GAP = 0.1
_FRAME_GAP = 0.3
_FRAME_RULE = 0.045
_MONOSPACED = 0.6  # the font has monospaced letters and digits, but no punctuation of that width
_WIDTHS_OF_SPACES = {" ": 0.25, "\xa0": 0.25, "\u2009": 3 / 18}
_DOTLESS = {"i": "ı", "j": "ȷ"}


@singledispatch
def typeset(node: Node, style: Style) -> Box:
    """The box of a node in a style.

    Raises:
        NoGlyphError: the font lacks a character.
    """
    raise TypeError(type(node))


# Characters


@typeset.register
def _(node: Symbol, style: Style) -> Box:
    if len(node.text) > 1:
        return _word(node.text, node.alphabet, style)
    if node.large:
        return stretching.operator(node.text, style)
    return _glyph(node.text, node.alphabet, style)


@typeset.register
def _(node: Text, style: Style) -> Box:
    return _word(node.text, node.alphabet, style)


def _word(text: str, alphabet: Alphabet, style: Style) -> Box:
    row = [_glyph(character, alphabet, style) for character in text]
    cell = _MONOSPACED * style.size
    if alphabet == "monospace":
        row = [boxes.pile(cell, [((cell - box.width) / 2, 0.0, box)]) for box in row]
    box = boxes.beside(row)
    return replace(box, simple=True, attachment=None)


def _glyph(plain: str, alphabet: Alphabet, style: Style) -> Box:
    if plain in _WIDTHS_OF_SPACES:
        return boxes.space(_WIDTHS_OF_SPACES[plain] * style.size)
    if alphabet == "upright" and (plain >= PLACEHOLDER or plain in "0123456789"):
        return _digit(plain, style)
    metrics = math_font().glyph(symbols.styled(plain, alphabet), style.level)
    return boxes.character(metrics, plain, style.size)


def _digit(digit: str, style: Style) -> Box:
    """A digit, or the placeholder of one, with the measures of a 0 whatever its value."""
    zero = math_font().glyph("0", style.level)
    box = boxes.character(zero, digit, style.size)
    if digit >= PLACEHOLDER:
        return box
    ((_, _, glyph),) = boxes.character(math_font().glyph(digit, style.level), digit, style.size).parts
    return replace(box, parts=((digit_shift(digit, style.level) * style.size, 0.0, glyph),))


def digit_shift(digit: str, level: int) -> float:
    """How far a digit moves, in em of its size, so that it is centred where a 0 would stand."""
    return (math_font().glyph("0", level).width - math_font().glyph(digit, level).width) / 2


# Rows


@typeset.register
def _(node: Row, style: Style) -> Box:
    if not node.items:
        return EMPTY
    kinds = spacing.atoms(node.items)
    row: list[Box] = []
    previous: Atom | None = None
    for item, kind in zip(node.items, kinds, strict=True):
        if row and row[-1].italic and not _slanted(item):
            row.append(boxes.space(row[-1].italic))
        if previous is not None and kind is not None:
            row.append(boxes.space(spacing.space(previous, kind, style.level > 0) * style.size))
        row.append(typeset(item, style))
        previous = kind or previous
    return boxes.beside(row)


def _slanted(node: Node) -> bool:
    """Whether a node begins with a slanted letter, which needs no room after another one."""
    match node:
        case Symbol():
            return node.alphabet in ("italic", "bold-italic", "script") and node.text[0].isalpha()
        case Scripts(base=body) | Accent(body=body) | Colored(body=body):
            return _slanted(body)
        case _:
            return False


@typeset.register
def _(node: Space, style: Style) -> Box:
    return boxes.space(node.width * style.size)


@typeset.register
def _(node: Styled, style: Style) -> Box:
    return typeset(node.body, Style(node.display, node.level, style.cramped))


@typeset.register
def _(node: Colored, style: Style) -> Box:
    return replace(typeset(node.body, style), color=node.color)


@typeset.register
def _(node: Phantom, style: Style) -> Box:
    box = typeset(node.body, style)
    ascent, descent = (box.ascent, box.descent) if node.height else (0.0, 0.0)
    return Box(box.width if node.width else 0.0, ascent, descent)


# Scripts: rules 13 and 18


@typeset.register
def _(node: Scripts, style: Style) -> Box:
    if node.placement == "stacked" or (node.placement == "display" and style.display):
        return _stacked(node, style)
    base = typeset(node.base, style)
    large = isinstance(node.base, Symbol) and node.base.large
    sup = typeset(node.sup, style.script) if node.sup else None
    sub = typeset(node.sub, style.script.lowered) if node.sub else None
    up = _superscript_height(base, sup, style) if sup else 0.0
    down = _subscript_depth(base, sub, style) if sub else 0.0
    if sup and sub:
        lack = style.measure("SubSuperscriptGapMin") - (up - sup.descent + down - sub.ascent)
        if lack > 0:
            down += lack
            lift = style.measure("SuperscriptBottomMaxWithSubscript") - (up - sup.descent)
            up, down = (up + lift, down - lift) if lift > 0 else (up, down)
    parts = [(0.0, 0.0, base)]
    if sup:
        parts.append((base.width + (0.0 if large else base.italic), up, sup))
    if sub:
        parts.append((base.width - (base.italic if large else 0.0), -down, sub))
    width = max(x + box.width for x, _, box in parts) + style.measure("SpaceAfterScript")
    return boxes.pile(width, parts)


def _superscript_height(base: Box, sup: Box, style: Style) -> float:
    usual = style.measure("SuperscriptShiftUpCramped" if style.cramped else "SuperscriptShiftUp")
    least = 0.0 if base.simple else base.ascent - style.measure("SuperscriptBaselineDropMax")
    return max(usual, least, sup.descent + style.measure("SuperscriptBottomMin"))


def _subscript_depth(base: Box, sub: Box, style: Style) -> float:
    least = 0.0 if base.simple else base.descent + style.measure("SubscriptBaselineDropMin")
    return max(style.measure("SubscriptShiftDown"), least, sub.ascent - style.measure("SubscriptTopMax"))


def _stacked(node: Scripts, style: Style) -> Box:
    base = typeset(node.base, style)
    lean = base.italic / 2 if isinstance(node.base, Symbol) and node.base.large else 0.0
    parts = [(0.0, 0.0, base)]
    if node.sup:
        sup = typeset(node.sup, style.script)
        gap = max(style.measure("UpperLimitGapMin") + sup.descent, style.measure("UpperLimitBaselineRiseMin"))
        parts.append((lean + (base.width - sup.width) / 2, base.ascent + gap, sup))
    if node.sub:
        sub = typeset(node.sub, style.script.lowered)
        gap = max(style.measure("LowerLimitGapMin") + sub.ascent, style.measure("LowerLimitBaselineDropMin"))
        parts.append(((base.width - sub.width) / 2 - lean, -base.descent - gap, sub))
    left = min(x for x, _, _ in parts)
    right = max(x + box.width for x, _, box in parts)
    return boxes.pile(right - left, [(x - left, y, box) for x, y, box in parts])


# Fractions and roots: rules 15 and 11


@typeset.register
def _(node: Fraction, style: Style) -> Box:
    if node.display is not None:
        style = Style(node.display, 0, style.cramped)
    upper = typeset(node.numerator, style.numerator)
    lower = typeset(node.denominator, style.numerator.lowered)
    width = max(upper.width, lower.width)
    parts = [(width - upper.width) / 2, (width - lower.width) / 2]
    up, down = _bar_shifts(upper, lower, style) if node.bar else _stack_shifts(upper, lower, style)
    placed = [(parts[0], up, upper), (parts[1], -down, lower)]
    if not node.bar:
        return boxes.pile(width, placed)
    thickness = style.measure("FractionRuleThickness")
    bar = boxes.rule(width, thickness)
    placed.append((0.0, style.measure("AxisHeight") - thickness / 2, bar))
    margin = _NULL_DELIMITER * style.size
    return boxes.pile(width + 2 * margin, [(x + margin, y, box) for x, y, box in placed])


def _bar_shifts(upper: Box, lower: Box, style: Style) -> tuple[float, float]:
    """How far the numerator goes up and the denominator down, with a bar between them."""
    display, kind = ("DisplayStyle", "DisplayStyle") if style.display else ("", "")
    axis, half = style.measure("AxisHeight"), style.measure("FractionRuleThickness") / 2
    above = style.measure("FractionNumDisplayStyleGapMin" if kind else "FractionNumeratorGapMin")
    below = style.measure("FractionDenomDisplayStyleGapMin" if kind else "FractionDenominatorGapMin")
    return (
        max(style.measure(f"FractionNumerator{display}ShiftUp"), axis + half + above + upper.descent),
        max(style.measure(f"FractionDenominator{display}ShiftDown"), lower.ascent + below + half - axis),
    )


def _stack_shifts(upper: Box, lower: Box, style: Style) -> tuple[float, float]:
    """The same without a bar."""
    display = "DisplayStyle" if style.display else ""
    up = style.measure(f"StackTop{display}ShiftUp")
    down = style.measure(f"StackBottom{display}ShiftDown")
    gap = up - upper.descent - lower.ascent + down
    lack = max(0.0, style.measure(f"Stack{display}GapMin") - gap)
    return up + lack / 2, down + lack / 2


@typeset.register
def _(node: Root, style: Style) -> Box:
    body = typeset(node.body, style.lowered)
    thickness = style.measure("RadicalRuleThickness")
    gap = style.measure("RadicalDisplayStyleVerticalGap" if style.display else "RadicalVerticalGap")
    sign = stretching.radical(body.height + gap + thickness, style)
    gap = max(gap, (gap + sign.height - thickness - body.height) / 2)  # a sign that is too high is shared out
    top = body.ascent + gap + thickness
    parts = [
        (0.0, top - sign.ascent, sign),
        (sign.width, top - thickness, boxes.rule(body.width + body.italic, thickness)),
        (sign.width, 0.0, body),
    ]
    box = boxes.pile(sign.width + body.width + body.italic, parts)
    box = replace(box, ascent=box.ascent + style.measure("RadicalExtraAscender") - thickness)
    return box if node.degree is None else _with_degree(box, node.degree, sign.height, style)


def _with_degree(root: Box, degree: Node, height: float, style: Style) -> Box:
    box = typeset(degree, Style(False, 2, style.cramped))
    before, after = style.measure("RadicalKernBeforeDegree"), style.measure("RadicalKernAfterDegree")
    raise_ = math_font().constant("RadicalDegreeBottomRaisePercent") * height - root.descent
    x = max(0.0, before + box.width + after)
    return boxes.pile(x + root.width, [(before, raise_ + box.descent, box), (x, 0.0, root)])


# Marks over and under: rules 9, 10 and 12


@typeset.register
def _(node: Accent, style: Style) -> Box:
    body = node.body
    if isinstance(body, Symbol) and body.text in _DOTLESS:
        body = replace(body, text=_DOTLESS[body.text])
    base = typeset(body, style.lowered)
    mark, room = symbols.ACCENTS[node.mark], base.width if node.mark.startswith("wide") else 0.0
    accent, middle = stretching.accent(mark, room, style)
    x = (base.width + base.italic) / 2 if base.attachment is None else base.attachment
    lift = max(0.0, base.ascent - style.measure("AccentBaseHeight"))
    parts = ((0.0, 0.0, base), (x - middle, lift, accent))
    return replace(base, ascent=max(base.ascent, lift + accent.ascent), parts=parts, attachment=None)


@typeset.register
def _(node: Line, style: Style) -> Box:
    body = typeset(node.body, style if node.below else style.lowered)
    side = "Underbar" if node.below else "Overbar"
    gap, thickness = style.measure(f"{side}VerticalGap"), style.measure(f"{side}RuleThickness")
    line = boxes.rule(body.width + body.italic, thickness)
    y = -body.descent - gap - thickness if node.below else body.ascent + gap
    return boxes.pile(body.width + body.italic, [(0.0, 0.0, body), (0.0, y, line)])


@typeset.register
def _(node: Brace, style: Style) -> Box:
    body = typeset(node.body, style if node.below else style.lowered)
    brace = stretching.horizontal("⏟" if node.below else "⏞", body.width, style)
    gap = _BRACE_GAP * style.size
    y = -body.descent - gap - brace.ascent if node.below else body.ascent + gap + brace.descent
    width = max(body.width, brace.width)
    return boxes.pile(width, [((width - body.width) / 2, 0.0, body), ((width - brace.width) / 2, y, brace)])


@typeset.register
def _(node: Boxed, style: Style) -> Box:
    body = typeset(node.body, style)
    gap, thickness = _FRAME_GAP * style.size, _FRAME_RULE * style.size
    width, height = body.width + 2 * (gap + thickness), body.height + 2 * (gap + thickness)
    bottom = -body.descent - gap - thickness
    upright, level = boxes.rule(thickness, height), boxes.rule(width, thickness)
    return boxes.pile(
        width,
        [
            (gap + thickness, 0.0, body),
            (0.0, bottom, upright),
            (width - thickness, bottom, upright),
            (0.0, bottom, level),
            (0.0, bottom + height - thickness, level),
        ],
    )


# Brackets and tables: rule 19


@typeset.register
def _(node: Delimiter, style: Style) -> Box:
    return stretching.bracket(node.text, node.size * _DELIMITER_FACTOR * style.size, style)


@typeset.register
def _(node: Fenced, style: Style) -> Box:
    bodies = [typeset(part, style) for part in node.parts]
    axis = style.measure("AxisHeight")
    reach = max(max(body.ascent - axis, body.descent + axis) for body in bodies)
    least = max(2 * reach * _DELIMITER_FACTOR, 2 * reach - _DELIMITER_SHORTFALL * style.size)
    row = [_fence(node.fences[0], least, style)]
    for body, fence in zip(bodies, node.fences[1:], strict=True):
        row += [body, boxes.space(body.italic), _fence(fence, least, style)]
    return boxes.beside(row)


def _fence(character: str, least: float, style: Style) -> Box:
    if not character:
        return boxes.space(_NULL_DELIMITER * style.size)
    return stretching.bracket(character, least, style)


@typeset.register
def _(node: Table, style: Style) -> Box:
    return typeset_table(node, style, typeset)
