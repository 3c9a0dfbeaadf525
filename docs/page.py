"""Makes docs/page.png, the picture in the README: `python docs/page.py`."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from click.testing import CliRunner
from PIL import Image, ImageOps
from quizgrad.cli import main
from quizgrad.rendering.pdf import page_png

ROOT = Path(__file__).resolve().parent.parent
PAGES = (0, 3)
SCALE = 1.6
COLOURS = 32
EDGE = "#b0b0b0"


def picture() -> bytes:
    """Two pages of the first form of the midterm, side by side, as PNG of few colours."""
    pages = [ImageOps.expand(page, 1, EDGE) for page in _pages()]
    whole = Image.new("RGB", (sum(page.width for page in pages), pages[0].height))
    for number, page in enumerate(pages):
        whole.paste(page, (number * page.width, 0))
    buffer = io.BytesIO()
    whole.quantize(COLOURS).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _pages() -> list[Image.Image]:
    examples = ROOT / "examples"
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "midterm"
        arguments = ["exam", str(examples / "midterm.toml"), "--roster", str(examples / "roster.csv")]
        arguments += ["--seed", "picture", "--output", str(target)]
        if CliRunner().invoke(main, arguments, catch_exceptions=False).exit_code:
            raise SystemExit(f"the exam was not made: quizgrad {' '.join(arguments)}")
        form = min((target / "forms").iterdir()).read_bytes()
    return [Image.open(io.BytesIO(page_png(form, page, SCALE))).convert("RGB") for page in PAGES]


if __name__ == "__main__":
    (ROOT / "docs" / "page.png").write_bytes(picture())
