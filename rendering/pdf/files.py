"""Whole files: one for the printer, and pictures of pages."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

_SHARED_AFTER = 25
"""Files after which equal parts are joined: doing it now and then keeps memory low."""

_GAP = 4
"""Points between pages in a picture of all."""
_BETWEEN = "#b4b4b4"


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
    pages = _pictures(pdf, scale, page)
    if not pages:
        raise IndexError(f"the file has no page {page}")
    return _png(pages[0])


def pages_png(pdf: bytes, scale: float = 2.0) -> bytes:
    """A picture of all pages, one below the other, as PNG.

    Args:
        pdf: the file; its pages have one width.
        scale: picture elements per point.
    """
    from PIL import Image

    pages = _pictures(pdf, scale)
    gap = int(_GAP * scale)
    height = sum(page.height for page in pages) + gap * (len(pages) - 1)
    picture = Image.new("RGB", (pages[0].width, height), _BETWEEN)
    top = 0
    for page in pages:
        picture.paste(page, (0, top))
        top += page.height + gap
    return _png(picture)


def _pictures(pdf: bytes, scale: float, only: int | None = None) -> list[Image]:
    """The pages, or one of them if there is one of that number."""
    from pypdfium2 import PdfDocument  # type: ignore[import-untyped]  # it has no types

    with PdfDocument(pdf) as document:
        document.init_forms()
        numbers = [number for number in range(len(document)) if only in {None, number}]
        return [document[number].render(scale=scale).to_pil() for number in numbers]


def _png(picture: Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
