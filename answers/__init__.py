"""Kinds of answers."""
from .base import Answer
__all__ = ["Answer"]
