"""LaTeX to MathML, to positioned glyphs, and to readable plain text."""

from .boxes import Glyph, Rule
from .layout import Layout, layout
from .mathml import mathml
from .plain import plain
from .source import MathError

__all__ = ["Glyph", "Layout", "MathError", "Rule", "layout", "mathml", "plain"]
