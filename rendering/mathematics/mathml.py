"""LaTeX to MathML."""

from __future__ import annotations

import html
import xml.etree.ElementTree as ET
from functools import lru_cache

from .latex import MathError




def element(latex: str, display: bool = False) -> ET.Element:
    """The MathML tree of a formula."""
    from latex2mathml.converter import Converter

    latex = latex.replace("{aligned}", "{align*}")
    try:
        root = Converter(display="block" if display else "inline").convert_to_element(latex)
    except Exception as error:
        raise MathError(f"{type(error).__name__} in the formula {latex!r}") from error
    for node in root.iter():
        node.text = html.unescape(node.text or "") or None
    return root


@lru_cache(maxsize=20_000)
def mathml(latex: str, display: bool = False) -> str:
    """The MathML text of a formula."""
    return ET.tostring(element(latex, display), encoding="unicode")
