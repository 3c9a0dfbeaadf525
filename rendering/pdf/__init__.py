"""Pages as PDF."""

from .files import merged, page_png, pages_png
from .sheet import document_pdf, exam_pdf, key_pdf

__all__ = ["document_pdf", "exam_pdf", "key_pdf", "merged", "page_png", "pages_png"]
