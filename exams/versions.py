"""The versions that made an exam."""

from __future__ import annotations

import importlib.metadata
import platform
from functools import cache

PACKAGES = ("quizgrad", "torch", "numpy", "sympy", "networkx", "reportlab")


@cache
def versions() -> dict[str, str]:
    """The versions of quizgrad, of what it computes and sets with, and of Python."""
    return {name: importlib.metadata.version(name) for name in PACKAGES} | {
        "python": platform.python_version()
    }
