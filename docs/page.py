"""Makes docs/page.png, the picture in the README: `python docs/page.py`."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from click.testing import CliRunner
from PIL import Image
from quizgrad.cli import main
from quizgrad.rendering.pdf import page_png

ROOT = Path(__file__).resolve().parent.parent
PAGE = 0
SCALE = 1.6
COLOURS = 32


def picture() -> bytes:
    """The first page of the first form of the midterm, as PNG of few colours."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "midterm"
        examples = ROOT / "examples"
        arguments = ["exam", str(examples / "midterm.toml"), "--roster", str(examples / "roster.csv")]
        arguments += ["--seed", "picture", "--output", str(target)]
        CliRunner().invoke(main, arguments, catch_exceptions=False)
        page = page_png(min((target / "forms").iterdir()).read_bytes(), PAGE, SCALE)
    buffer = io.BytesIO()
    Image.open(io.BytesIO(page)).convert("RGB").quantize(COLOURS).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


if __name__ == "__main__":
    (ROOT / "docs" / "page.png").write_bytes(picture())
