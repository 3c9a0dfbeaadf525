"""LaTeX to MathML, to positioned glyphs, and to readable plain text."""

from .layout import Glyph, Layout, Rule, layout
from .mathml import MathError, mathml
from .plain import plain

__all__ = ["Glyph", "Layout", "MathError", "Rule", "layout", "mathml", "plain"]
