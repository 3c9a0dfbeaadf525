"""Whole files: one for the printer, and pictures of pages."""

from __future__ import annotations

import io
from collections.abc import Iterable

_SHARED_AFTER = 25
"""Files after which equal parts are joined: doing it now and then keeps memory low."""


def merged(pdfs: Iterable[bytes], duplex: bool = True) -> bytes:
    """One file of many, in order; what they share, such as fonts, is in it once.

    Args:
        pdfs: the files.
        duplex: whether an empty page follows a file of odd length, so that each begins a sheet of paper.
    """
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    for count, data in enumerate(pdfs, 1):
        reader = PdfReader(io.BytesIO(data))
        writer.append(reader, import_outline=False)
        if duplex and len(reader.pages) % 2:
            writer.add_blank_page()
        if count % _SHARED_AFTER == 0:
            writer.compress_identical_objects()
    writer.compress_identical_objects()
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def page_png(pdf: bytes, page: int = 0, scale: float = 2.0) -> bytes:
    """A picture of a page, as PNG.

    Args:
        pdf: the file.
        page: its number from 0.
        scale: picture elements per point.

    Raises:
        IndexError: the file has no such page.
    """
    from pypdfium2 import PdfDocument  # type: ignore[import-untyped]  # it has no types

    with PdfDocument(pdf) as document:
        if not 0 <= page < len(document):
            raise IndexError(f"there is no page {page}: the file has {len(document)}")
        document.init_forms()
        buffer = io.BytesIO()
        document[page].render(scale=scale).to_pil().save(buffer, "PNG")
    return buffer.getvalue()
