"""LaTeX to MathML, and MathML to positioned glyphs."""
